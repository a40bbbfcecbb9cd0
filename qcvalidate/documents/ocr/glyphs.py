"""The characters that an engine read in a picture, with their places in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PixelBox = tuple[float, float, float, float]  # x0, y0, x1, y1 from the picture's top left


@dataclass(frozen=True)
class Glyph:
    """One character where an engine saw it; `starts` says that a word begins with it.

    `confidence` runs from 0 to 1 and is the engine's own opinion.
    """

    text: str
    box: PixelBox
    confidence: float
    starts: bool = False

    @property
    def middle(self) -> float:
        """Give the middle from left to right."""
        return (self.box[0] + self.box[2]) / 2


@dataclass(frozen=True)
class Run:
    """What an engine read in one go, left to right: a line or a word."""

    glyphs: tuple[Glyph, ...]
    box: PixelBox


# One sign that says what others say in several. Superscript digits are left as they are: 10⁶
# would become 106.
_SPELT = {
    "℃": "°C", "℉": "°F", "㎎": "mg", "㎏": "kg", "㎍": "µg", "㎖": "mL", "㏄": "cc", "㎜": "mm",
    "㎝": "cm", "㎡": "m²", "№": "No", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl",
    "…": "...", "、": ",", "。": ".", "【": "[", "】": "]", "〈": "<", "〉": ">", "《": "<<",
    "》": ">>", "一": "-", "ー": "-", "﹣": "-", "丨": "|", "￥": "¥", "㎛": "µm", "％": "%",
}  # fmt: skip


def spelt(text: str) -> str:
    """Write a character as a Western keyboard has it: full width, ligatures and units."""
    if "！" <= text <= "～":
        return chr(ord(text) - 0xFEE0)
    return _SPELT.get(text, text)


def spread(text: str, box: PixelBox, confidence: float, starts: bool) -> Iterator[Glyph]:
    """Give the characters of a text that an engine placed only as a whole."""
    letters = [letter for whole in text for letter in spelt(whole) if not letter.isspace()]
    if not letters:
        return
    weights = [_WIDTHS.get(letter, 1.0) for letter in letters]
    scale = (box[2] - box[0]) / sum(weights)
    left = box[0]
    for index, (letter, weight) in enumerate(zip(letters, weights, strict=True)):
        right = left + weight * scale
        place = (left, box[1], right, box[3])
        yield Glyph(letter, place, confidence, starts and index == 0)
        left = right


# Of an ordinary letter's width.
_WIDTHS = (
    dict.fromkeys("iljtfrI.,:;'|!()[]", 0.5)
    | dict.fromkeys("mwMW%@", 1.5)
    | dict.fromkeys("-/°²³", 0.6)
)
