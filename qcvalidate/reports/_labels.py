"""Puts labels beside boxes on a page where they cover neither text nor one another.

All lengths are in points, from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qcvalidate.documents import Box

# The mean width of a bold letter, in font sizes.
_LETTER = 0.6
# How much of a word's box, at its top and at its bottom, holds no ink of most words.
_EASE = 0.18


@dataclass(frozen=True)
class Label:
    """A label's text and box; `baseline` is where its text stands."""

    text: str
    box: Box
    size: float

    @property
    def baseline(self) -> float:
        """Give the y of the text's baseline."""
        return self.box[3] - 0.3 * self.size


def place_labels(
    wanted: Iterable[tuple[Box, tuple[str, ...]]],
    words: Iterable[Box],
    width: float,
    height: float,
) -> list[Label]:
    """Place one label for each box: the first of its texts, the longest first, that has room.

    Where none has, the last one goes over the box's own corner.
    """
    size = min(10.0, max(5.5, width / 82))
    asked = list(wanted)
    taken = [_eased(box) for box in words] + [box for box, _ in asked]
    placed: list[Label] = []
    for box, texts in asked:
        label = next(
            (
                Label(text, spot, size)
                for text in texts
                for spot in _spots(box, _length(text, size), 1.3 * size)
                if _is_on_page(spot, width, height) and not _meets(spot, taken, box)
            ),
            None,
        )
        if label is None:
            label = _over_corner(box, texts[-1], size)
        placed.append(label)
        taken.append(label.box)
    return placed


def _length(text: str, size: float) -> float:
    return (_LETTER * len(text) + 0.8) * size


def _spots(box: Box, long: float, high: float) -> Iterator[Box]:
    """Give the places beside a box, the best first: right, above, below, left."""
    x0, y0, x1, y1 = box
    middle = (y0 + y1 - high) / 2
    yield x1 + 2, middle, x1 + 2 + long, middle + high
    yield x0, y0 - high - 0.5, x0 + long, y0 - 0.5
    yield x0, y1 + 0.5, x0 + long, y1 + 0.5 + high
    yield x0 - 2 - long, middle, x0 - 2, middle + high


def _over_corner(box: Box, text: str, size: float) -> Label:
    long, high = _length(text, size), 1.3 * size
    right, top = max(long, box[0] + 1), max(0.0, box[1] - high / 2)
    return Label(text, (right - long, top, right, top + high), size)


def _eased(box: Box) -> Box:
    ease = _EASE * (box[3] - box[1])
    return box[0], box[1] + ease, box[2], box[3] - ease


def _is_on_page(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _meets(spot: Box, taken: Iterable[Box], own: Box) -> bool:
    return any(
        box != own
        and min(spot[2], box[2]) > max(spot[0], box[0])
        and min(spot[3], box[3]) > max(spot[1], box[1])
        for box in taken
    )
