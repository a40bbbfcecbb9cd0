"""Groups the characters of a PDF page into words, and turns its space the way a person reads it.

What pdfium says comes in through `raw`, which is `pypdfium2.raw`.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from qcvalidate.documents.document import Box

# How far letters go under and over their baseline, in font sizes.
_DESCENT, _ASCENT = 0.22, 0.85
# By how many degrees a page may lie askew.
_ASKEW = 8
# A gap that is no space even at two points.
_TOUCHING = 0.3
# pdfium's stand-ins for a hyphen at the end of a line.
_HYPHENS = (0x02, 0xFFFE)
_SPACES = frozenset({0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)})
# Characters without a shape: a lot number with one inside looks just like one without.
_SHAPELESS = frozenset({0x00, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF})


@dataclass(frozen=True)
class Run:
    """Characters in reading order without white space; the box is in the page's own space."""

    text: str
    box: Box  # left, bottom, right, top
    indices: range
    angle: int | None  # clockwise degrees, None when between two quarters
    em: float  # height of the font, in points; 0 when unknown


def runs_of(raw: Any, text: Any) -> list[Run]:
    """Group a page's characters into runs, in the order of pdfium."""
    page = _Characters(raw, text)
    runs: list[Run] = []
    letters: list[str] = []
    first = 0
    left = bottom = right = top = 0.0  # of the run
    last = (0.0, 0.0, 0.0, 0.0)  # of its last character

    def end(after: int) -> None:
        if letters:
            box = (left, bottom, right, top)
            runs.append(_run(page, "".join(letters), box, range(first, after)))
            letters.clear()

    for index, (code, box) in enumerate(zip(page.codes, page.boxes, strict=True)):
        if code in _SPACES:
            end(index)
            continue
        if code in _SHAPELESS:
            continue
        # Most letters follow one another on their baseline; the rest are looked at closely.
        follows = box[1] == last[1] and -1.0 < box[0] - last[2] < _TOUCHING
        if letters and not follows and _apart(last, box):
            end(index)
        if not letters:
            first = index
            left, bottom, right, top = box
        else:
            if box[1] != last[1] and _is_raised(page, index):
                letters.append("^")
            left, bottom = min(left, box[0]), min(bottom, box[1])
            right, top = max(right, box[2]), max(top, box[3])
        last = box
        letters.append(_LETTERS.get(code) or _letter(code))
    end(len(page.codes))
    return runs


class _Characters:
    """What pdfium says of the characters of one page: `codes` and loose `boxes` of each."""

    def __init__(self, raw: Any, text: Any) -> None:
        count = raw.FPDFText_CountChars(text)
        self._address = ctypes.cast(text, ctypes.c_void_p).value
        # In the order of the fields of FS_RECTF: left, top, right, bottom.
        edges = (ctypes.c_float * (4 * count))()
        start = ctypes.addressof(edges)
        every, places = repeat(self._address), range(count)
        self.codes = list(map(_bare(raw.FPDFText_GetUnicode), every, places))
        rects = range(start, start + 16 * count, 16)
        deque(map(_bare(raw.FPDFText_GetLooseCharBox), every, places, rects), maxlen=0)
        told = edges[:]
        self.boxes: list[Box] = list(
            zip(told[0::4], told[3::4], told[2::4], told[1::4], strict=True)
        )
        self._get_matrix = _bare(raw.FPDFText_GetMatrix)
        self._get_origin = _bare(raw.FPDFText_GetCharOrigin)
        self._get_size = _bare(raw.FPDFText_GetFontSize)
        self._matrix = (ctypes.c_float * 6)()
        self._origin = (ctypes.c_double * 2)()

    def matrix(self, index: int) -> tuple[float, float, float, float]:
        """Give a, b, c and d of a character's matrix."""
        self._get_matrix(self._address, index, ctypes.addressof(self._matrix))
        a, b, c, d = self._matrix[:4]
        return a, b, c, d

    def size(self, index: int) -> float:
        """Give a character's font size before its matrix."""
        size: float = self._get_size(self._address, index)
        return size

    def origin(self, index: int) -> tuple[float, float]:
        """Give the point of the baseline from which a character is drawn."""
        start = ctypes.addressof(self._origin)
        self._get_origin(self._address, index, start, start + 8)
        x, y = self._origin
        return x, y


def _bare(function: Any) -> Any:
    """Give a function of pdfium that takes addresses for pointers, and keeps Python's lock.

    Checking pointers and handing the lock over cost more than these functions themselves, which
    only look something up; they are asked thousands of times a page.
    """
    kinds = [ctypes.c_void_p if hasattr(kind, "contents") else kind for kind in function.argtypes]
    address = ctypes.cast(function, ctypes.c_void_p).value
    if address is None:
        raise AssertionError("pdfium's functions are loaded")
    return ctypes.PYFUNCTYPE(function.restype, *kinds)(address)


# The characters of nearly every certificate.
_LETTERS = {code: chr(code) for code in range(0x21, 0x7F)}


def _run(page: _Characters, letters: str, box: Box, indices: range) -> Run:
    """Make one run; its height is taken from its baseline and font size.

    The loose boxes of some embedded fonts are twice as high as their letters.
    """
    a, b, c, d = page.matrix(indices[0])
    # A slanted font leans its letters (c) and not its line (b).
    degrees = math.degrees(math.atan2(-b, a)) if b else 180.0 if a < 0 else 0.0
    angle = _quarter(degrees)
    x, y = page.origin(indices[0])
    em = page.size(indices[0]) * math.hypot(c, d)
    left, bottom, right, top = box
    if angle is not None and em > 0:
        below, above = _DESCENT * em, _ASCENT * em
        if angle == 0:
            bottom, top = y - below, y + above
        elif angle == 180:
            bottom, top = y - above, y + below
        elif angle == 90:
            left, right = x - below, x + above
        else:
            left, right = x - above, x + below
    return Run(letters, (left, bottom, right, top), indices, angle, em)


def _is_raised(page: _Characters, index: int) -> bool:
    """Say whether a character is an exponent of the one before: smaller, and higher.

    Without this, 10 to the 6th reads as 106.
    """
    size, (_, y) = page.size(index), page.origin(index)
    size_before, (_, y_before) = page.size(index - 1), page.origin(index - 1)
    return 0 < size < 0.9 * size_before and y - y_before > 0.15 * size_before


def _letter(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    letter = chr(code)
    # A control character could rewrite a terminal; it is kept visible as unreadable.
    return "\ufffd" if code < 0x20 or unicodedata.category(letter) in ("Cc", "Cn") else letter


def _apart(one: Box, other: Box) -> bool:
    """Say whether two neighbours stand too far apart, in any direction, to be one word."""
    gap = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
    # A loose box is about 1.15 em high (or wide, when the text runs upwards).
    return gap > 0.25 * min(one[3] - one[1], one[2] - one[0] + other[2] - other[0])


def _quarter(degrees: float) -> int | None:
    """Give the quarter turn (clockwise degrees) that text runs at; None when between two.

    A page that was scanned askew is taken for straight; a note written at a slant is not.
    """
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) <= _ASKEW else None


@dataclass(frozen=True)
class Turn:
    """Turns a page's own space clockwise, and counts points from the top left."""

    frame: Box
    degrees: int

    @property
    def width(self) -> float:
        """The width of the page as it is read, in points."""
        left, bottom, right, top = self.frame
        return right - left if self.degrees in (0, 180) else top - bottom

    @property
    def height(self) -> float:
        """The height of the page as it is read, in points."""
        left, bottom, right, top = self.frame
        return top - bottom if self.degrees in (0, 180) else right - left

    def box(self, box: Box) -> Box:
        """Turn one box; the result has its corners in order, rounded to 0.01 pt."""
        if self.degrees == 0:
            # Nearly every page; a box has its corners in order.
            left, _, _, top = self.frame
            x0, y0, x1, y1 = box[0] - left, top - box[3], box[2] - left, top - box[1]
        else:
            x0, y0 = self._point(box[0], box[1])
            x1, y1 = self._point(box[2], box[3])
        return (
            round(min(x0, x1), 2),
            round(min(y0, y1), 2),
            round(max(x0, x1), 2),
            round(max(y0, y1), 2),
        )

    def _point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.frame
        if self.degrees == 0:
            return x - left, top - y
        if self.degrees == 90:
            return y - bottom, x - left
        if self.degrees == 180:
            return right - x, y - bottom
        return top - y, right - x
