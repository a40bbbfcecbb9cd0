"""Asks many points at once whether they lie in a polygon.

A table of cells over the polygon's bounding box says "inside", "outside", "beside this edge" or
"near several". Beside one edge its side tells; only points near several edges, or so near to one
that rounding might tell the side, are tested exactly. The answers are those of `gates.in_polygon`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.gates import Mask, PolygonGate, Values, edges_of, in_polygon

_CELLS = 128
# The table has a border of its own cells, so that what lies beside the box falls into it.
_SIDE = _CELLS + 2
# From `_BESIDE` on a cell lies beside one edge: twice its number, and 1 where left of it is inside.
_OUTSIDE, _INSIDE, _NEAR, _BESIDE = 0, 1, 2, 3
_MOST_EDGES = 10_000
# Farther from an edge than this share of the terms, no rounding changes its side.
_DOUBT = 1e-9
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
    cells: npt.NDArray[np.int16] = field(repr=False)

    def holds(self, x: Values, y: Values, within: Mask | None) -> Mask:
        """Say which of the points `within` lie in the polygon or on its edge.

        No coordinate may be NaN.
        """
        place = np.floor(self._place(y, 1))
        place *= _SIDE
        place += np.floor(self._place(x, 0))
        known = self.cells[place.astype(np.intp)]
        inside: Mask = known == _INSIDE
        near: Mask = known >= _NEAR
        if within is not None:
            inside &= within
            near &= within
        places = np.flatnonzero(near)
        if places.size:
            inside[places] = self._beside(x[places], y[places], known[places])
        return inside

    def _place(self, values: Values, dimension: int) -> Values:
        place = values * self.per_unit[dimension]
        place += self.shift[dimension]
        np.maximum(place, 0.0, out=place)
        np.minimum(place, _SIDE - 1.0, out=place)
        return place

    def _beside(self, x: Values, y: Values, known: npt.NDArray[np.int16]) -> Mask:
        """Ask each point about its own edge alone, where there is one."""
        x0, y0, x1, y1 = (ends[:, 0] for ends in edges_of(self.vertices))
        one = np.maximum(known - _BESIDE, 0)
        edge = one >> 1
        upward = (x1 - x0)[edge] * (y - y0[edge])
        sideward = (x - x0[edge]) * (y1 - y0)[edge]
        side = upward - sideward
        inside: Mask = (side > 0) == (one & 1 == 1)
        unsure = np.abs(side) <= _DOUBT * (np.abs(upward) + np.abs(sideward))
        unsure |= known == _NEAR
        places = np.flatnonzero(unsure)
        if places.size:
            inside[places] = in_polygon(x[places], y[places], self.vertices)
        return inside


def polygon_table(gate: PolygonGate) -> PolygonTable | None:
    """Make the table of a polygon; None for one too thin to have cells."""
    corners = np.array(gate.vertices)
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide = high - low
    if not (wide > _THINNEST * np.maximum(np.abs(low), np.abs(high))).all():
        return None
    per_unit = _CELLS / wide
    if not np.isfinite(per_unit).all() or len(corners) > _MOST_EDGES:
        return None
    shift = 1.0 - low * per_unit
    cells = _parity((corners - low) * per_unit + 1.0)
    edges = _edges_nearby((corners - low) * per_unit + 1.0)
    cells[edges == _SEVERAL] = _NEAR
    rows, columns = np.nonzero(edges >= 0)
    if rows.size:
        edges = edges[rows, columns]
        x, y = (columns - 1.0) / per_unit[0] + low[0], (rows - 1.0) / per_unit[1] + low[1]
        cells[rows, columns] = _beside_edge(gate, edges, (x, y), 1.0 / per_unit)
    return PolygonTable(
        gate.vertices,
        (float(per_unit[0]), float(per_unit[1])),
        (float(shift[0]), float(shift[1])),
        cells.ravel(),
    )


_NO_EDGE, _SEVERAL = -1, -2


def _parity(corners: Values) -> npt.NDArray[np.int16]:
    """Say of the centre of each cell whether it is inside, row by row; corners are in cells.

    Of a centre beside an edge this may be wrong.
    """
    centres = np.arange(_SIDE) + 0.5
    inside = np.zeros((_SIDE, _SIDE), bool)
    for (x0, y0), (x1, y1) in zip(np.roll(corners, 1, axis=0), corners, strict=True):
        rows = np.flatnonzero((y0 <= centres) != (y1 <= centres))
        if rows.size:
            crossings = x0 + (centres[rows] - y0) * ((x1 - x0) / (y1 - y0))
            inside[rows] ^= centres < crossings[:, None]
    return inside.astype(np.int16)


def _edges_nearby(corners: Values) -> npt.NDArray[np.int16]:
    """Give the edge that comes within a sixth of a cell of each cell; corners are in cells.

    An edge is followed in steps of at most a quarter of a cell, so each of its points lies
    within an eighth of a step's; every step marks the cells up to 0.3 away.
    """
    near = np.full((_SIDE, _SIDE), _NO_EDGE, np.int16)
    steps = np.linspace(0.0, 1.0, 6 * _CELLS)[:, None]
    for number, (one, other) in enumerate(zip(np.roll(corners, 1, axis=0), corners, strict=True)):
        places = one + (other - one) * steps
        mine = np.zeros((_SIDE, _SIDE), bool)
        for shift in itertools.product((-0.3, 0.3), repeat=2):
            column, row = np.clip(places + np.array(shift), 0, _SIDE - 1).astype(int).T
            mine[row, column] = True
        near[mine] = np.where(near[mine] == _NO_EDGE, number, _SEVERAL)
    return near


def _beside_edge(
    gate: PolygonGate, edges: npt.NDArray[np.int16], cells: tuple[Values, Values], size: Values
) -> npt.NDArray[np.int16]:
    """Say on which side of its edge each cell is inside: as its corner farthest from it is.

    `cells` are their lower left corners.
    """
    x0, y0, x1, y1 = (ends[edges, 0] for ends in edges_of(gate.vertices))
    x, y, side = (np.zeros(len(edges)) for _ in range(3))
    for right, up in itertools.product((0.02, 0.98), repeat=2):
        there_x, there_y = cells[0] + right * size[0], cells[1] + up * size[1]
        found = (x1 - x0) * (there_y - y0) - (there_x - x0) * (y1 - y0)
        farther = np.abs(found) > np.abs(side)
        x, y = np.where(farther, there_x, x), np.where(farther, there_y, y)
        side = np.where(farther, found, side)
    left_is_inside = in_polygon(x, y, gate.vertices) == (side > 0)
    told: npt.NDArray[np.int16] = (_BESIDE + 2 * edges + left_is_inside).astype(np.int16)
    return told
