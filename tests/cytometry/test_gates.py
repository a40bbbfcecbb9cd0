"""Which points a gate holds, at its edges above all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry.gates import (
    Axis,
    EllipsoidGate,
    in_ellipsoid,
    in_polygon,
    in_range,
)

AXES = (Axis("FS"), Axis("SS"))
SMALL = st.integers(-20, 20).map(float)
POINT = st.tuples(SMALL, SMALL)


def holds(point: tuple[float, float], vertices: list[tuple[float, float]]) -> bool:
    return bool(in_polygon(np.array([point[0]]), np.array([point[1]]), tuple(vertices))[0])


def _bound(text: str | None) -> float | None:
    return None if text is None else float(text)


@pytest.mark.parametrize(
    ("value", "inside"), [(0.0, False), (1.0, True), (1.5, True), (2.0, False), (math.nan, False)]
)
def test_a_range_holds_its_minimum_and_not_its_maximum(value: float, inside: bool) -> None:
    assert in_range(np.array([value]), 1.0, 2.0)[0] == inside


@pytest.mark.parametrize("bounds", [(None, None), (0.0, None), (None, 5.0)])
def test_nan_lies_in_no_range(bounds: tuple[float | None, float | None]) -> None:
    assert in_range(np.array([math.nan, 1.0]), *bounds).tolist() == [False, True]


@given(point=POINT, low=POINT, size=st.tuples(st.integers(1, 20), st.integers(1, 20)))
def test_a_polygon_that_is_a_rectangle_holds_its_points_and_edges(
    point: tuple[float, float], low: tuple[float, float], size: tuple[int, int]
) -> None:
    (x0, y0), (x1, y1) = low, (low[0] + size[0], low[1] + size[1])

    inside = holds(point, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    assert inside == (x0 <= point[0] <= x1 and y0 <= point[1] <= y1)


@given(vertices=st.lists(POINT, min_size=3, max_size=9), point=POINT)
def test_a_polygon_is_the_same_from_any_vertex_in_either_direction(
    vertices: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    expected = holds(point, vertices)

    assert holds(point, vertices[1:] + vertices[:1]) == expected
    assert holds(point, vertices[::-1]) == expected
    assert holds(point, [*vertices, vertices[0]]) == expected


@given(vertices=st.lists(POINT, min_size=3, max_size=9))
def test_a_polygon_holds_its_vertices(vertices: list[tuple[float, float]]) -> None:
    assert all(holds(vertex, vertices) for vertex in vertices)


@given(a=POINT, b=POINT, c=POINT, point=POINT)
def test_a_triangle_holds_what_lies_on_one_side_of_its_edges(
    a: tuple[float, float],
    b: tuple[float, float],
    c: tuple[float, float],
    point: tuple[float, float],
) -> None:
    def side(p: tuple[float, float], q: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0])

    sides = [side(a, b), side(b, c), side(c, a)]
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    if area:
        expected = all(s >= 0 for s in sides) or all(s <= 0 for s in sides)

        assert holds(point, [a, b, c]) == expected


def test_a_polygon_that_crosses_itself_is_even_odd() -> None:
    # A pentagram: its middle is wound around twice, and so outside.
    star = [(math.sin(4 * math.pi * i / 5), math.cos(4 * math.pi * i / 5)) for i in range(5)]

    assert not holds((0.0, 0.0), star)
    assert holds((0.0, 0.8), star)


def test_a_nan_point_lies_in_no_polygon() -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    points = np.array([math.nan, 0.5, math.nan]), np.array([0.5, math.nan, math.nan])

    assert not in_polygon(*points, square).any()


def test_many_points_are_asked_in_blocks() -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    x = np.tile([0.5, 1.5], 50_000)

    assert in_polygon(x, np.full(100_000, 0.5), square).tolist() == [True, False] * 50_000


def test_an_ellipse_holds_its_edge() -> None:
    gate = EllipsoidGate("E", None, AXES, np.array([1.0, 2.0]), np.diag([4.0, 9.0]), 1.0)
    points = np.array([3.0, 3.0 + 1e-9, 1.0, 1.0, math.nan]), np.array([2.0, 2.0, 5.0, 5.1, 2.0])

    assert in_ellipsoid(points, gate).tolist() == [True, False, True, False, False]


def test_an_ellipsoid_may_have_three_dimensions() -> None:
    axes = (*AXES, Axis("FL1"))
    gate = EllipsoidGate("E", None, axes, np.zeros(3), np.eye(3), 3.0)

    one, root = np.array([1.0, 1.0]), np.array([1.0, 1.001])
    assert in_ellipsoid((one, one, root), gate).tolist() == [True, False]
