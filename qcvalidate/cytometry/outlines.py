"""Draws the outlines of gates: what of them lies in the window of a plot."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

import numpy as np

from qcvalidate.cytometry.gates import (
    Axis,
    EllipsoidGate,
    PolygonGate,
    Range,
    RectangleGate,
    bounding_box,
)
from qcvalidate.cytometry.ticks import Span

Point = tuple[float, float]
Outline = tuple[Point, ...]
Drawable = RectangleGate | PolygonGate | EllipsoidGate

_ELLIPSE_POINTS = 96
# A gate may make the window so many times wider than its events are; what reaches further, such
# as an end at a thousand million, runs out of the picture.
_WIDEST = 4.0


def ends(gate: Drawable, axis: Axis) -> list[float]:
    """Give where a gate begins and ends along an axis, and a polygon's corners between."""
    if isinstance(gate, RectangleGate):
        found = [
            end for one in gate.ranges if one.axis == axis for end in (one.minimum, one.maximum)
        ]
        return [end for end in found if end is not None]
    if axis not in gate.axes:
        return []
    at = gate.axes.index(axis)
    if isinstance(gate, PolygonGate):
        return [corner[at] for corner in gate.vertices]
    return list(bounding_box(gate)[at])


def stretched(events: Span, found: Sequence[float]) -> Span:
    """Widen the events' span for the gates' ends, for none so far that the events shrink away.

    Where all ends lie on one side of the events, the nearest is shown however far it is.
    """
    low, high = events
    finite = sorted(end for end in found if math.isfinite(end))
    if not finite:
        return low, high
    if finite[0] > high:
        high = finite[0]
    elif finite[-1] < low:
        low = finite[-1]
    room = _WIDEST * (high - low) or math.inf
    low = min([low, *(end for end in finite if high - end <= room)])
    return low, max([high, *(end for end in finite if end - low <= room)])


def outline(gate: Drawable, axes: Sequence[Axis], spans: Sequence[Span]) -> Outline:
    """Draw a gate in places from 0 to 1; a range on its one axis is a band. Cut at the window."""
    if isinstance(gate, PolygonGate):
        points = gate.vertices
    elif isinstance(gate, EllipsoidGate):
        points = _ellipse(gate)
    else:
        points = _box(gate, axes, spans)
    (x0, x1), (y0, y1) = spans
    unit = [((x - x0) / (x1 - x0), (y - y0) / (y1 - y0)) for x, y in points]
    return _cut(unit)


def _box(gate: RectangleGate, axes: Sequence[Axis], spans: Sequence[Span]) -> Outline:
    by_axis = {one.axis: one for one in gate.ranges}
    sides = [_drawn(by_axis.get(axis), span) for axis, span in zip(axes, spans, strict=False)]
    (x0, x1), (y0, y1) = sides if len(sides) == 2 else (sides[0], spans[1])
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _drawn(one: Range | None, span: Span) -> Span:
    if one is None:
        return span
    low = span[0] if one.minimum is None else one.minimum
    return low, span[1] if one.maximum is None else one.maximum


def _ellipse(gate: EllipsoidGate) -> Outline:
    """Draw the ellipsoid's shadow on its first two dimensions."""
    covariance = gate.covariance[:2, :2] * gate.distance_square
    root = np.linalg.cholesky(covariance)
    angles = np.linspace(0.0, 2.0 * math.pi, _ELLIPSE_POINTS, endpoint=False)
    points = root @ np.vstack([np.cos(angles), np.sin(angles)]) + gate.mean[:2, None]
    return tuple((float(x), float(y)) for x, y in points.T)


def _cut(points: list[Point]) -> Outline:
    """Cut a polygon at the unit square, side by side (Sutherland and Hodgman 1974)."""
    for axis in (0, 1):
        points = _cut_at(points, axis, 0.0, operator.ge)
        points = _cut_at(points, axis, 1.0, operator.le)
    return tuple(points)


def _cut_at(
    points: list[Point], axis: int, edge: float, within: Callable[[float, float], bool]
) -> list[Point]:
    kept: list[Point] = []
    for before, after in zip([*points[-1:], *points], points, strict=False):
        if within(before[axis], edge) != within(after[axis], edge):
            share = (edge - before[axis]) / (after[axis] - before[axis])
            other = before[1 - axis] + share * (after[1 - axis] - before[1 - axis])
            kept.append((edge, other) if axis == 0 else (other, edge))
        if within(after[axis], edge):
            kept.append(after)
    return kept
