"""Asks many points at once whether they lie in a polygon.

A table of cells over the polygon's bounding box says "inside", "outside" or "near an edge"; only
points near an edge are tested exactly, so that the answers are those of `gates.in_polygon`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.gates import Mask, PolygonGate, Values, in_polygon

_CELLS = 128
# The table has a border of its own cells, so that what lies beside the box falls into it.
_SIDE = _CELLS + 2
_OUTSIDE, _INSIDE, _NEAR = 0, 1, 2
# A box this thin beside its distance from zero leaves no digits to tell its cells apart.
_THINNEST = 1e-7


@dataclass(frozen=True, eq=False)
class PolygonTable:
    """A polygon, and what is known about the cells over its bounding box.

    A value lies in the cell `value * per_unit + shift`, in either dimension.
    """

    vertices: tuple[tuple[float, float], ...]
    per_unit: tuple[float, float]
    shift: tuple[float, float]
    cells: npt.NDArray[np.uint8] = field(repr=False)

    def holds(self, x: Values, y: Values, within: Mask | None) -> Mask:
        """Say which of the points `within` lie in the polygon or on its edge.

        No coordinate may be NaN.
        """
        cell = self._cell(y, 1)
        cell *= _SIDE
        cell += self._cell(x, 0)
        known = self.cells[cell]
        inside: Mask = known == _INSIDE
        near: Mask = known == _NEAR
        if within is not None:
            inside &= within
            near &= within
        places = np.flatnonzero(near)
        if places.size:
            inside[places] = in_polygon(x[places], y[places], self.vertices)
        return inside

    def _cell(self, values: Values, dimension: int) -> npt.NDArray[np.intp]:
        place = values * self.per_unit[dimension]
        place += self.shift[dimension]
        np.maximum(place, 0.0, out=place)
        np.minimum(place, _SIDE - 1.0, out=place)
        return place.astype(np.intp)


def polygon_table(gate: PolygonGate) -> PolygonTable | None:
    """Make the table of a polygon; None for one too thin to have cells."""
    corners = np.array(gate.vertices)
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide = high - low
    if not (wide > _THINNEST * np.maximum(np.abs(low), np.abs(high))).all():
        return None
    per_unit = _CELLS / wide
    if not np.isfinite(per_unit).all():
        return None
    centres = (np.arange(_SIDE) - 0.5)[:, None] / per_unit + low
    x, y = np.meshgrid(centres[:, 0], centres[:, 1])
    cells = in_polygon(x.ravel(), y.ravel(), gate.vertices).astype(np.uint8).reshape(x.shape)
    cells[_near_an_edge((corners - low) * per_unit + 1.0)] = _NEAR
    shift = 1.0 - low * per_unit
    return PolygonTable(
        gate.vertices,
        (float(per_unit[0]), float(per_unit[1])),
        (float(shift[0]), float(shift[1])),
        cells.ravel(),
    )


def _near_an_edge(corners: Values) -> Mask:
    """Mark every cell that an edge comes within a sixth of a cell of; corners are in cells.

    An edge is followed in steps of at most a quarter of a cell, so each of its points lies
    within an eighth of a step's; every step marks the cells up to 0.3 away.
    """
    near = np.zeros((_SIDE, _SIDE), bool)
    steps = np.linspace(0.0, 1.0, 6 * _CELLS)[:, None]
    for one, other in zip(corners, np.roll(corners, 1, axis=0), strict=True):
        places = one + (other - one) * steps
        for shift in itertools.product((-0.3, 0.3), repeat=2):
            column, row = np.clip(places + np.array(shift), 0, _SIDE - 1).astype(int).T
            near[row, column] = True
    return near
