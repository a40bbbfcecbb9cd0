"""The tables of domain-facts 6.1: USP General Notices 7.20, Ph. Eur. 1.4, and computed vectors."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.rounding import limit_value, rounded


@pytest.mark.parametrize(
    ("limit", "raw", "expected"),
    [
        ("98.0", "97.96", "98.0"),
        ("98.0", "97.95", "98.0"),
        ("98.0", "97.92", "97.9"),
        ("101.5", "101.46", "101.5"),
        ("101.5", "101.55", "101.6"),
        ("0.02", "0.015", "0.02"),
        ("0.02", "0.025", "0.03"),
        ("3", "3.5", "4"),
        ("3", "2.8", "3"),
        ("70", "69.5", "70"),
        ("70", "69.49", "69"),
        ("70.0", "69.5", "69.5"),
        ("70.0", "69.95", "70.0"),
        ("70.0", "69.94", "69.9"),
        ("70", "70.4", "70"),
        ("2", "2.4", "2"),
        ("2", "2.5", "3"),
        ("2.0", "2.05", "2.1"),
        ("95", "94.5", "95"),
        ("5", "5.49", "5"),
        ("5", "5.50", "6"),
        ("0.2", "0.245", "0.2"),
        ("0.2", "0.25", "0.3"),
        ("5 x 10^8", "4.96E8", "5E8"),
        ("5.0 x 10^8", "4.96E8", "5.0E8"),
        ("5.0e8", "4.94E8", "4.9E8"),
    ],
)
def test_usp_rounds_to_the_decimal_places_of_the_limit(limit: str, raw: str, expected: str) -> None:
    assert rounded(Decimal(raw), limit, "usp") == Decimal(expected)


def test_the_two_pharmacopoeias_differ_below_a_hundred() -> None:
    raw = Decimal("98.28568")

    assert rounded(raw, "100.0", "ph_eur") == Decimal("98.29")
    assert rounded(raw, "100.0", "usp") == Decimal("98.3")


def test_no_rule_leaves_the_result_alone() -> None:
    assert rounded(Decimal("69.49"), "70", "none") == Decimal("69.49")


@pytest.mark.parametrize("rule", ["usp", "ph_eur"])
def test_an_infinite_bound_stays_infinite(rule: str) -> None:
    assert rounded(Decimal("-Infinity"), "5", rule) == Decimal("-Infinity")


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="bankers"):
        rounded(Decimal(1), "1", "bankers")


def test_a_limit_keeps_the_digits_that_it_is_written_with() -> None:
    assert str(limit_value("70.0")) == "70.0"
    assert str(limit_value("5.0 × 10⁸")) == "5.0E+8"


LIMITS = st.sampled_from(["70", "70.0", "0.2", "5 x 10^8", "5.0e8", "100.0"])
RULES = st.sampled_from(["usp", "ph_eur", "none"])
VALUES = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False)


@given(VALUES, LIMITS, RULES)
def test_rounding_twice_changes_nothing(value: Decimal, limit: str, rule: str) -> None:
    once = rounded(value, limit, rule)

    assert rounded(once, limit, rule) == once


@given(VALUES, VALUES, LIMITS, RULES)
def test_rounding_keeps_the_order(first: Decimal, second: Decimal, limit: str, rule: str) -> None:
    low, high = sorted((first, second))

    assert rounded(low, limit, rule) <= rounded(high, limit, rule)


@pytest.mark.parametrize("rule", ["usp", "ph_eur", "none"])
@pytest.mark.parametrize("value", ["1E+999999", "-1E+999999", "1E+90", "1E-999999", "0E+9999"])
def test_no_number_is_too_large_or_too_small_to_round(rule: str, value: str) -> None:
    number = Decimal(value)

    # Rounding changes no comparison with a limit of this size.
    assert (rounded(number, "70.0", rule) > 70) == (number > 70)
