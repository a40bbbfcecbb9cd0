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


# --- FlowJo's own, at points of the tables that FlowKit 1.3 makes -------------------------------


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (
            Transformation("B", "biex", 262144, 4.418539922, -10, 0),
            [0, 0, 0.113037109375, 0.29111547656441883, 0.7869541260311187, 1],
        ),
        (
            Transformation("B", "biex", 262144, 4.418539922, -100, 0),
            [0, 0.1350285494566452, 0.226318359375, 0.2734022760055594, 0.7831485817193125, 1],
        ),
        (
            Transformation("B", "biex", 262144, 4.5, -100, 1),
            [0, 0.27639245334597135, 0.363525390625, 0.4090987222688956, 0.826408023444333, 1],
        ),
        (
            Transformation("B", "biex", 4194304, 4.9, -1000, 0.5),
            [0, 0.3674077977965972, 0.370361328125, 0.37183812625582335, 0.5254736644173338, 1],
        ),
        (
            Transformation("B", "biex", 262144, 4.418539922, -1, 0),
            [0, 0, 0, 0.31661465988333504, 0.7871310800446123, 1],
        ),
    ],
)
def test_the_biexponential_of_flowjo(one: Transformation, expected: list[float]) -> None:
    values = [-1e9, -500.0, 0.0, 250.0, 30000.0, 1e9]

    assert [at(one, value) for value in values] == pytest.approx(expected, abs=1e-12)


def test_the_logarithm_of_flowjo_begins_at_its_offset() -> None:
    one = Transformation("G", "log", 100_000, 4, 10)

    found = [at(one, value) for value in (-5, 0, 5, 10, 1000, 1e6)]

    assert found == pytest.approx([0, 0, 0, 0, 0.5, 1.25])


def test_the_biexponential_of_flowjo_is_no_logicle() -> None:
    # Half of FlowJo's axis lies at 1711, half of the logicle of the same dials at 1561.
    biexponential = Transformation("B", "biex", 262144, 4.418539922, -10, 0)
    logicle = Transformation("L", "logicle", 262144, 4.5, 0.5, 0)

    assert at(biexponential, 1711) == pytest.approx(0.5, abs=1e-3)
    assert at(logicle, 1561) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("kind", ["biex", "log"])
def test_nan_stays_nan_on_scales_of_flowjo(kind: str) -> None:
    one = Transformation("B", kind, 1000, 4.5, -10 if kind == "biex" else 1.0, 0)

    assert math.isnan(at(one, math.nan))
