"""Exact intervals of proportions; the numbers are published or from other programs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry.proportions import (
    clopper_pearson,
    incomplete_beta,
    incomplete_gamma,
    poisson,
    wilson,
)


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


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        # Garwood 1936, table; the first end by hand: -ln 0.025.
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (10, 4.795, 18.390),
        (30, 20.241, 42.827),
        (100, 81.364, 121.627),
        (400, 361.76, 441.18),
    ],
)
def test_known_intervals_of_counts(count: int, low: float, high: float) -> None:
    assert poisson(count) == pytest.approx((low, high), rel=1e-4, abs=5e-4)


@given(st.integers(0, 200_000))
def test_the_interval_of_a_count_holds_it_and_grows_with_it(count: int) -> None:
    low, high = poisson(count)
    above = poisson(count + 1)

    assert low <= count <= high
    assert low < above[0]
    assert high < above[1]


@given(count=st.integers(1, 60), x=st.floats(0.01, 120.0))
def test_the_incomplete_gamma_is_a_poisson_tail(count: int, x: float) -> None:
    below = sum(math.exp(k * math.log(x) - x - math.lgamma(k + 1)) for k in range(count))

    assert incomplete_gamma(count, x) == pytest.approx(1.0 - below, abs=1e-12)


def test_a_negative_count_is_an_error() -> None:
    with pytest.raises(ValueError, match="no count"):
        poisson(-1)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # Newcombe, Statist. Med. 17:857-872 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_known_intervals_of_wilson(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_holds_its_proportion_and_mirrors(pair: tuple[int, int]) -> None:
    count, total = pair

    low, high = wilson(count, total)
    mirrored = wilson(total - count, total)

    assert 0.0 <= low <= count / total + 1e-15
    assert count / total - 1e-15 <= high <= 1.0
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-10)


@given(st.integers(2, 3000).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_exact_intervals_grow_with_the_count(pair: tuple[int, int]) -> None:
    count, total = pair

    assert clopper_pearson(count, total)[0] < clopper_pearson(count + 1, total)[0]
    assert clopper_pearson(count, total)[1] < clopper_pearson(count + 1, total)[1] or (
        count + 1 == total
    )


@pytest.mark.parametrize(("count", "total"), [(3, 2), (-1, 2), (0, 0)])
def test_wilson_refuses_what_is_no_proportion(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(count, total)
