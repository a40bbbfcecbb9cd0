"""The transformations of Gating-ML 2.0, at points that its definitions give."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qcvalidate.cytometry.transforms import Transformation


def at(one: Transformation, value: float) -> float:
    return float(one(np.array([value]))[0])


LOGICLE = Transformation("L", "logicle", 10000, 4.5, 0.5, 0)
HYPERLOG = Transformation("H", "hyperlog", 10000, 4.5, 1.0, 0)
ASINH = Transformation("A", "fasinh", 10000, 4, 0, 1)
LINEAR = Transformation("I", "flin", 10000, 0, 0, 500)
LOG = Transformation("G", "flog", 10000, 5)
ALL = [LOGICLE, HYPERLOG, ASINH, LINEAR, LOG]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
def test_the_top_of_scale_lies_at_one(one: Transformation) -> None:
    assert at(one, 10000) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
def test_nan_stays_nan(one: Transformation) -> None:
    assert math.isnan(at(one, math.nan))


@pytest.mark.parametrize("one", [LOGICLE, HYPERLOG], ids=lambda one: one.kind)
@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinity_is_not_negative(one: Transformation, value: float) -> None:
    assert math.isnan(at(one, value))


@pytest.mark.parametrize(
    ("one", "value", "expected"),
    [
        # Zero lies at (W + A) / (M + A) of logicle and hyperlog, A / (M + A) of asinh.
        (LOGICLE, 0, 0.5 / 4.5),
        (HYPERLOG, 0, 1 / 4.5),
        (ASINH, 0, 1 / 5),
        (LINEAR, 0, 500 / 10500),
        (LINEAR, -500, 0),
        (LOG, 10, 2 / 5),
        (LOG, 1000, 4 / 5),
    ],
)
def test_a_known_point(one: Transformation, value: float, expected: float) -> None:
    assert at(one, value) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_a_logarithm_is_undefined_at_zero_and_below(value: float) -> None:
    assert math.isnan(at(LOG, value))


def test_bounds_clip() -> None:
    one = Transformation("G", "flog", 10000, 5, bound_min=0.25, bound_max=0.75)

    assert [at(one, value) for value in (0.001, 1000, 10000)] == [0.25, 0.75, 0.75]
