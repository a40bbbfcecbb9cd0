"""Gates, and which points they hold.

Rectangles, ranges and quadrants are [min, max). A point on the edge of a polygon or ellipsoid is
inside; a polygon that crosses itself is read even-odd (Gating-ML 2.0, clause 5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.transforms import Ratio, Transformation

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]

UNCOMPENSATED = "uncompensated"
FILE_COMPENSATION = "FCS"
# What the detector gave, before its amplification: Gating-ML 1.5 gates that.
CHANNELS = "raw channels"
# Points are tested in blocks that stay in the processor's cache.
_BLOCK = 16_384


@dataclass(frozen=True)
class Axis:
    """What is measured along one dimension: a parameter or fluorochrome, or a ratio of two.

    `compensation` is `"uncompensated"`, `"raw channels"`, `"FCS"` or a spectrum matrix's id.
    """

    name: str
    compensation: str = UNCOMPENSATED
    transformation: Transformation | None = None
    ratio: Ratio | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters or fluorochromes that are looked at: two for a ratio."""
        if self.ratio is None:
            return (self.name,)
        return (self.ratio.numerator, self.ratio.denominator)


@dataclass(frozen=True)
class Range:
    """One dimension of a rectangle: [minimum, maximum) in axis values; None is unbounded."""

    axis: Axis
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class RectangleGate:
    """A box in any number of dimensions; `quadrant_of` names the quadrant gate it is part of."""

    id: str
    parent: str | None
    ranges: tuple[Range, ...]
    quadrant_of: str | None = None

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes, in order."""
        return tuple(one.axis for one in self.ranges)


@dataclass(frozen=True)
class PolygonGate:
    """A polygon in two dimensions; its vertices are in axis values and need not be closed."""

    id: str
    parent: str | None
    axes: tuple[Axis, ...]
    vertices: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class EllipsoidGate:
    """Points whose squared Mahalanobis distance from `mean` is at most `distance_square`."""

    id: str
    parent: str | None
    axes: tuple[Axis, ...]
    mean: Values = field(repr=False)
    covariance: Values = field(repr=False)
    distance_square: float


@dataclass(frozen=True)
class Reference:
    """A gate that a boolean gate combines, or its complement."""

    gate: str
    complement: bool = False


@dataclass(frozen=True)
class BooleanGate:
    """The `and`, `or` or `not` of other gates, each taken with its parents."""

    id: str
    parent: str | None
    operator: str
    references: tuple[Reference, ...]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """A boolean gate has no axes of its own."""
        return ()


Gate: TypeAlias = RectangleGate | PolygonGate | EllipsoidGate | BooleanGate


def in_range(values: Values, minimum: float | None, maximum: float | None) -> Mask:
    """Say which values lie in [minimum, maximum); NaN lies in none, even in an unbounded one."""
    if minimum is None and maximum is None:
        return ~np.isnan(values)
    inside = np.ones(len(values), bool)
    if minimum is not None:
        inside &= values >= minimum
    if maximum is not None:
        inside &= values < maximum
    return inside


def in_polygon(x: Values, y: Values, vertices: tuple[tuple[float, float], ...]) -> Mask:
    """Say which points lie in the polygon or on its edge, even-odd where it crosses itself."""
    inside = np.zeros(len(x), bool)
    # A block's points and edges make arrays that stay in the processor's cache.
    size = max(_BLOCK // len(vertices), 1)
    for start in range(0, len(x), size):
        block = slice(start, start + size)
        inside[block] = _in_polygon(x[block], y[block], vertices)
    return inside


def in_ellipsoid(points: tuple[Values, ...], gate: EllipsoidGate) -> Mask:
    """Say which points lie in the ellipsoid or on its edge, in any number of dimensions."""
    inverse = np.linalg.inv(gate.covariance)
    inside = np.zeros(len(points[0]), bool)
    for start in range(0, len(inside), _BLOCK):
        block = slice(start, start + _BLOCK)
        apart = [values[block] - centre for values, centre in zip(points, gate.mean, strict=True)]
        distance = np.zeros(len(apart[0]))
        for i, row in enumerate(inverse):
            for j, weight in enumerate(row):
                distance += weight * apart[i] * apart[j]
        inside[block] = distance <= gate.distance_square
    return inside


def bounding_box(gate: PolygonGate | EllipsoidGate) -> list[tuple[float, float]]:
    """Give the least and greatest value of a gate in each dimension, in axis values."""
    if isinstance(gate, PolygonGate):
        return [(min(values), max(values)) for values in zip(*gate.vertices, strict=True)]
    # A hair wider than exact: rounding must not cut an edge off.
    reach = np.sqrt(np.diag(gate.covariance) * gate.distance_square) * (1 + 1e-9)
    slack = reach + np.abs(gate.mean) * 1e-12
    return [(float(m - r), float(m + r)) for m, r in zip(gate.mean, slack, strict=True)]


@lru_cache(maxsize=256)
def edges_of(
    vertices: tuple[tuple[float, float], ...],
) -> tuple[Values, Values, Values, Values]:
    """Give the edges of a polygon as columns: x and y where each begins, and where it ends."""
    ends = np.array(vertices)
    starts = np.roll(ends, 1, axis=0)
    return starts[:, :1], starts[:, 1:], ends[:, :1], ends[:, 1:]


def _in_polygon(x: Values, y: Values, vertices: tuple[tuple[float, float], ...]) -> Mask:
    """Ask all points (columns) about all edges (rows) at once."""
    x0, y0, x1, y1 = edges_of(vertices)
    # Where an edge passes a point's height, `side` tells on which side of it the point lies.
    side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    crosses = (y0 <= y) != (y1 <= y)
    crosses &= (side > 0) == (y1 > y0)
    inside: Mask = np.logical_xor.reduce(crosses, axis=0)
    edges, points = np.nonzero(side == 0)
    if points.size:
        on_x = _between(x[points], x0[edges, 0], x1[edges, 0])
        on_y = _between(y[points], y0[edges, 0], y1[edges, 0])
        inside[points[on_x & on_y]] = True
    # NaN is beside every edge, and so in no polygon.
    inside &= ~np.isnan(x + y)
    return inside


def _between(values: Values, one: Values, other: Values) -> Mask:
    held: Mask = (values >= np.minimum(one, other)) & (values <= np.maximum(one, other))
    return held
