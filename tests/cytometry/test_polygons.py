"""The table of a polygon answers as the polygon itself does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry.gates import Axis, PolygonGate, in_polygon
from qcvalidate.cytometry.polygons import polygon_table

AXES = (Axis("X"), Axis("Y"))
COORDINATE = st.one_of(st.integers(-20, 20).map(float), st.floats(-1e6, 1e6, width=32))
POINT = st.tuples(COORDINATE, COORDINATE)


def answers_alike(vertices: tuple[tuple[float, float], ...], x: np.ndarray, y: np.ndarray) -> bool:
    table = polygon_table(PolygonGate("P", None, AXES, vertices))
    if table is None:
        return True
    within = np.arange(len(x)) % 3 > 0
    expected = in_polygon(x, y, vertices)
    return np.array_equal(table.holds(x, y, None), expected) and np.array_equal(
        table.holds(x, y, within), expected & within
    )


@given(
    vertices=st.lists(POINT, min_size=3, max_size=10).map(tuple),
    points=st.lists(POINT, min_size=1, max_size=30),
)
def test_any_polygon(
    vertices: tuple[tuple[float, float], ...], points: list[tuple[float, float]]
) -> None:
    corners = np.array(vertices)
    middles = (corners + np.roll(corners, 1, axis=0)) / 2
    x, y = np.vstack([np.array(points), corners, middles]).T

    assert answers_alike(vertices, x, y)


@given(vertices=st.lists(POINT, min_size=3, max_size=8).map(tuple), seed=st.integers(0, 2**32 - 1))
def test_points_along_every_edge_and_all_over_the_box(
    vertices: tuple[tuple[float, float], ...], seed: int
) -> None:
    random = np.random.default_rng(seed)
    corners = np.array(vertices)
    low, high = corners.min(axis=0), corners.max(axis=0)
    everywhere = random.uniform(low - 0.1 * (high - low), high + 0.1 * (high - low), (500, 2))
    share = random.uniform(0, 1, (50, 1, 1))
    edges = (corners * share + np.roll(corners, 1, axis=0) * (1 - share)).reshape(-1, 2)
    beside = edges + random.normal(0, 1e-4, edges.shape) * (high - low)
    x, y = np.vstack([everywhere, edges, beside]).T

    assert answers_alike(vertices, x, y)


def test_far_away_is_outside() -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    far = np.array([-1e300, 1e300, 1e18, 0.5])

    table = polygon_table(PolygonGate("P", None, AXES, square))

    assert table is not None
    assert table.holds(far, np.full(4, 0.5), None).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    "vertices",
    [
        ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0)),
        ((1e9, 0.0), (1e9 + 1e-6, 0.0), (1e9, 1.0)),
        ((0.0, 0.0), (5e-324, 0.0), (0.0, 1.0)),
    ],
)
def test_a_polygon_too_thin_has_no_table(vertices: tuple[tuple[float, float], ...]) -> None:
    with np.errstate(over="ignore"):
        assert polygon_table(PolygonGate("P", None, AXES, vertices)) is None


def test_most_of_a_ring_needs_no_exact_test() -> None:
    ring = tuple((math.cos(math.pi * i / 6), math.sin(math.pi * i / 6)) for i in range(12))

    table = polygon_table(PolygonGate("P", None, AXES, ring))

    assert table is not None
    assert (table.cells == 2).mean() < 0.06
