"""Holds what both engines read against the ink: points, commas, raised digits.

Two engines can make the same mistake where the picture is poor or both were taught alike: a speck
becomes a decimal point, a comma a point, and 10 with a raised 6 becomes 106.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from qcvalidate.documents.ocr.glyphs import PixelBox

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qcvalidate.documents.ocr.picture import Grey, Mask

    Boxes = npt.NDArray[np.int32]

# Of 255: print, and the thin parts of letters that a scan shows grey.
_DARK, _FAINT = 150, 205
# Of the height of a capital letter or a digit:
_DOT = 0.42  # what is lower is a dot, a comma or a speck
_SPECK = 0.12  # what is lower and narrower is dust
_LOW = 0.5  # how far above the line a dot's middle may stand
# How far under the line a point may reach and how high it may be, and what a comma must reach in
# one of the two. Of 180 points in scans of 150 to 200 dots an inch, 175 are within the first; of
# 105 commas, 4 are.
_POINT_DEPTH, _POINT_HEIGHT = 0.045, 0.225
_COMMA_DEPTH, _COMMA_HEIGHT = 0.08, 0.26
_RAISED = 0.26  # what ends higher above the line is raised
_SMALL_DIGIT = (0.4, 0.9)

_DOTS = ".,:;!?…"
# Signs that stand high, or have a part that does.
_HIGH = re.compile(r"[%‰°*^'\"²³®™ªº½¼¾“”‘’]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Pieces:
    """The connected pieces of a page's ink, each a row of (x0, y0, x1, y1).

    The neck of a 2 is printed so thin that a scan shows it grey: `whole` are pieces with what is
    grey about them, `dark` those of dark ink alone, in which dots keep their shape.
    """

    dark: Boxes
    whole: Boxes


def inside(boxes: Boxes, box: PixelBox) -> Boxes:
    """Give the pieces whose middle lies in a box, from left to right."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    found = boxes[(x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])]
    return cast("Boxes", found[found[:, 0].argsort()])


@dataclass(frozen=True)
class Measures:
    """Where a line of text stands and how high its capitals are, in pixels."""

    base: float
    height: float


def pieces_of(grey: Grey, rulings: Mask) -> Pieces:
    """Find the connected pieces of ink of a page without its rulings."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    found = []
    dark = (grey < _DARK) & ~rulings
    for ink in (dark, (grey < _FAINT) & ~rulings):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            ink.astype(np.uint8), connectivity=8
        )
        kept = np.zeros(count, bool)
        kept[labels[dark]] = True
        x, y, width, height = (stats[kept, column] for column in range(4))
        found.append(np.stack([x, y, x + width, y + height], axis=1).astype(np.int32))
    return Pieces(*found)


def measured(pieces: Pieces, strip: PixelBox) -> Measures | None:
    """Measure a line by its larger pieces; None where there are none."""
    import numpy as np  # noqa: PLC0415

    found = inside(pieces.whole, strip)
    if not len(found):
        return None
    heights = found[:, 3] - found[:, 1]
    high = float(np.percentile(heights, 90))
    large = heights >= 0.5 * high
    if high < 4 or not large.any():
        return None
    height = float(np.percentile(heights[large], 75))
    return Measures(float(np.median(found[large, 3])), height)


def doubt(text: str, box: PixelBox, pieces: Pieces, line: Measures | None) -> str | None:
    """Give what the ink says against a text on which both engines agree; None for nothing.

    The answer is what may stand there instead; "" where the ink does not say.
    """
    if line is None:
        return "" if _DIGIT.search(text) else None
    around = (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
    other = _marks(text, inside(pieces.dark, around), line)
    return _raised(text, inside(pieces.whole, around), line) if other is None else other


def _marks(text: str, found: Boxes, line: Measures) -> str | None:
    """Compare the points and commas of a text with the dots that stand on the line."""
    heights, widths = found[:, 3] - found[:, 1], found[:, 2] - found[:, 0]
    middles = (found[:, 1] + found[:, 3]) / 2
    small = (heights <= _DOT * line.height) & (widths <= _DOT * line.height)
    dust = (heights < _SPECK * line.height) & (widths < _SPECK * line.height)
    low = (middles >= line.base - _LOW * 0.5 * line.height) & small & ~dust
    dots = found[low]
    expected = [letter for letter in text if letter in _DOTS]
    if len(dots) != len(expected):
        # In a word without digits a dot may have run into a letter.
        return "" if _DIGIT.search(text) else None
    for letter, dot in zip(expected, dots, strict=True):
        depth = float(dot[3] - line.base) / line.height
        high = float(dot[3] - dot[1]) / line.height
        if letter == "." and (depth > _POINT_DEPTH or high > _POINT_HEIGHT):
            return text.replace(".", ",")
        if letter == "," and depth < _COMMA_DEPTH and high < _COMMA_HEIGHT:
            return text.replace(",", ".")
    return None


def _raised(text: str, found: Boxes, line: Measures) -> str | None:
    """Find a digit that stands above the line where the text has none raised."""
    if not _DIGIT.search(text) or _HIGH.search(text):
        return None
    least, most = (share * line.height for share in _SMALL_DIGIT)
    tall = [piece for piece in found if piece[3] - piece[1] >= least]
    for index, (_, top, _, bottom) in enumerate(tall):
        if bottom < line.base - _RAISED * line.height and bottom - top <= most:
            if len(tall) == len(text):
                return f"{text[:index]}^{text[index:]}"
            return ""
    return None
