"""What is drawn on a page of a PDF besides its text: ruling lines, fills and pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qcvalidate.documents.document import Box

# Lines and thin rectangles up to this thickness, in points, are rulings.
_THIN = 2.5
# A shorter mark is a dot of a code or a chart's tick.
_SHORTEST = 4.0
# A chart or a two-dimensional code; its lines are no table's.
_MOST_SEGMENTS = 2000
# Form objects may hold each other; real ones are two or three deep.
_DEEPEST = 8

# What overlaps a word by less, in points, is its neighbour.
_TOUCH = 0.5

Colour = tuple[int, int, int, int]
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Drawing:
    """The drawn part of one page, in the page's own space (left, bottom, right, top).

    `largest_image` is a share of the page; `texts` and `pictures` are the objects themselves.
    """

    rulings: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    texts: list[Any] = field(default_factory=list)
    pictures: list[Any] = field(default_factory=list)
    largest_image: float = 0.0
    empty: bool = True
    # By their place in the order of painting.
    _fills: list[tuple[int, Box]] = field(default_factory=list)
    _texts: dict[int | None, int] = field(default_factory=dict)

    @cached_property
    def has_late_fills(self) -> bool:
        """Say whether anything opaque was painted after the first text."""
        first = min(self._texts.values(), default=0)
        return bool(self._fills) and self._fills[-1][0] > first

    def large_images(self, frame: Box, least: float = 0.25) -> list[Box]:
        """Give the pictures that cover this share of the page."""
        area = max(1.0, (frame[2] - frame[0]) * (frame[3] - frame[1]))
        return [box for box in self.images if _shared(box, frame) >= least * area]

    def is_laid_over(self, text: int | None, box: Box) -> bool:
        """Say whether something opaque was painted after this text object and touches a box."""
        if text not in self._texts:
            return False
        order = self._texts[text]
        left, bottom, right, top = box
        return any(
            fill_order > order
            and min(right, x1) - max(left, x0) > _TOUCH
            and min(top, y1) - max(bottom, y0) > _TOUCH
            for fill_order, (x0, y0, x1, y1) in self._fills
        )


def look_at(raw: Any, page: Any, frame: Box) -> Drawing:
    """Walk the objects of a page, those inside form objects too; `raw` is `pypdfium2.raw`."""
    drawing = Drawing()
    area = max(1.0, (frame[2] - frame[0]) * (frame[3] - frame[1]))
    for order, (item, kind, matrix) in enumerate(_walk(raw, page)):
        drawing.empty = False
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            drawing.texts.append(item)
            drawing._texts[ctypes.cast(item, ctypes.c_void_p).value] = order
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _add_path(raw, drawing, order, item, matrix)
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            box = _bounds(raw, item, matrix)
            drawing.pictures.append(item)
            if kind == raw.FPDF_PAGEOBJ_IMAGE:
                drawing.images.append(box)
                share = _shared(box, frame) / area
                drawing.largest_image = max(drawing.largest_image, share)
            drawing._fills.append((order, box))
    return drawing


def _shared(box: Box, frame: Box) -> float:
    width = min(box[2], frame[2]) - max(box[0], frame[0])
    height = min(box[3], frame[3]) - max(box[1], frame[1])
    return max(0.0, width) * max(0.0, height)


def _walk(raw: Any, page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _inside(raw, raw.FPDFPage_GetObject(page, index), _IDENTITY, 0)


def _inside(raw: Any, item: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind != raw.FPDF_PAGEOBJ_FORM:
        yield item, kind, matrix
        return
    if depth == _DEEPEST:
        return
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, own)
    inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
    for index in range(raw.FPDFFormObj_CountObjects(item)):
        yield from _inside(raw, raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _times(m: Matrix, n: Matrix) -> Matrix:
    """Give the matrix that applies `m` first and `n` then."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _colour(get: Any, item: Any) -> Colour | None:
    """Give a fill or stroke colour; None for a pattern."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get(item, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def _bounds(raw: Any, item: Any, matrix: Matrix) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return _box(_apply(matrix, left.value, bottom.value), _apply(matrix, right.value, top.value))


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return x0, y0, x1, y1


def _add_path(raw: Any, drawing: Drawing, order: int, item: Any, matrix: Matrix) -> None:
    """Take a path's rulings, and its fill when text may stand on it."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    box = _bounds(raw, item, matrix)
    width, height = box[2] - box[0], box[3] - box[1]
    if max(width, height) < _SHORTEST or not (fill.value or stroke.value):
        return
    if min(width, height) <= _THIN:
        drawing.rulings.append(box)
        return
    if fill.value:
        colour = _colour(raw.FPDFPageObj_GetFillColor, item)
        if colour is None or colour[3] >= 128:
            drawing._fills.append((order, box))
    if stroke.value:
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, own)
        whole = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        drawing.rulings += _sides(raw, item, whole)


def _sides(raw: Any, path: Any, matrix: Matrix) -> Iterator[Box]:
    """Give the straight horizontal and vertical sides of a stroked path."""
    count = raw.FPDFPath_CountSegments(path)
    if count > _MOST_SEGMENTS:
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    start = here = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        there = _apply(matrix, x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = there
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _ruling(here, there)
        here = there
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _ruling(here, start)
            here = start


def _ruling(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Box]:
    box = _box(one, other)
    width, height = box[2] - box[0], box[3] - box[1]
    if min(width, height) <= 1.0 and max(width, height) >= _SHORTEST:
        yield box
