"""Quantiles with their exact intervals: tables and simulated coverage, not our own output."""

from __future__ import annotations

import numpy as np
import pytest

from qcvalidate.cytometry.controls import quantile


def test_the_interval_of_the_median_has_the_ranks_of_the_tables() -> None:
    # Conover, Practical Nonparametric Statistics, 3.2: n = 20, median: ranks 6 and 15 (95.9 %).
    found = quantile(np.arange(1.0, 21.0), 0.5)

    assert (found.low, found.high) == (6.0, 15.0)
    assert found.value == 10.0


def test_a_small_sample_has_no_upper_end() -> None:
    # 0.99 ** 300 = 0.049 and 0.99 ** 368 = 0.0248: only from 368 values on is there an end.
    assert quantile(np.arange(367.0), 0.99).high is None
    assert quantile(np.arange(368.0), 0.99).high == 367.0


def test_one_value_has_no_interval() -> None:
    found = quantile(np.array([7.0]), 0.5)

    assert (found.value, found.low, found.high) == (7.0, None, None)


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_the_interval_holds_the_true_quantile_in_at_least_95_percent(share: float) -> None:
    random = np.random.default_rng(11)
    hits = 0
    for _ in range(1000):
        found = quantile(random.random(1000), share)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= share <= found.high

    # Exact intervals hold 95 % or a little more; 1000 tries waver by 1.4 % (two sigma).
    assert hits >= 936
