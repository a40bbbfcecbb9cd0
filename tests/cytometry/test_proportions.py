"""Exact intervals of proportions; the numbers are published or from other programs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry.proportions import clopper_pearson, incomplete_beta


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (95, 100, 0.887165, 0.983568),
        (1100, 1160, 0.933919, 0.960300),
        (0, 10000, 0.0, 0.000369),
        (10000, 10000, 0.999631, 1.0),
        # By hand: with no success in n, the upper end is 1 - 0.025^(1/n).
        (0, 1, 0.0, 0.975),
        (1, 1, 0.025, 1.0),
        (0, 10, 0.0, 1 - 0.025 ** (1 / 10)),
    ],
)
def test_known_intervals(count: int, total: int, low: float, high: float) -> None:
    assert clopper_pearson(count, total) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_proportion_and_mirrors(pair: tuple[int, int]) -> None:
    count, total = pair

    low, high = clopper_pearson(count, total)
    mirrored = clopper_pearson(total - count, total)

    assert 0.0 <= low <= count / total <= high <= 1.0
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-10)


@given(total=st.integers(1, 60), count=st.integers(0, 60), x=st.floats(0.001, 0.999))
def test_the_incomplete_beta_is_a_binomial_tail(total: int, count: int, x: float) -> None:
    count = min(count, total - 1) + 1
    tail = sum(math.comb(total, k) * x**k * (1 - x) ** (total - k) for k in range(count, total + 1))

    assert incomplete_beta(x, count, total - count + 1) == pytest.approx(tail, rel=1e-9)


@pytest.mark.parametrize(("count", "total"), [(3, 2), (-1, 2), (0, 0)])
def test_what_is_no_proportion_is_an_error(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        clopper_pearson(count, total)


def test_a_million_events_converge() -> None:
    low, high = clopper_pearson(500_000, 1_000_000)

    # The normal approximation is good to six digits here.
    assert low == pytest.approx(0.5 - 1.959964 * 0.0005, abs=1e-6)
    assert high == pytest.approx(0.5 + 1.959964 * 0.0005, abs=1e-6)
