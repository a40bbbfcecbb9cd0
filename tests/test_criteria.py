"""Compiled limits: intervals, rounding, and the traps of pandera."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from qcvalidate.criteria import Settled, compile_limit, failing_rows
from qcvalidate.specification import Acceptance

MET, NOT_MET, OPEN = Settled.MET, Settled.NOT_MET, Settled.OPEN


def evidence(*intervals: str) -> pd.DataFrame:
    """Write intervals as the field does: `70`, `<70`, `<=70`, `>70`, `>=70`, `60..80`."""
    rows = []
    for text in intervals:
        low, high, closed = "-Infinity", "Infinity", "=" in text
        number = text.strip("<>=")
        if text.startswith("<"):
            high = number
        elif text.startswith(">"):
            low = number
        else:
            low, _, high = text.partition("..")
            high, closed = high or low, True
        rows.append((Decimal(low), closed, Decimal(high), closed))
    columns = list(zip(*rows, strict=True))
    return pd.DataFrame(
        {
            "low": pd.Series(columns[0], dtype=object),
            "low_closed": list(columns[1]),
            "high": pd.Series(columns[2], dtype=object),
            "high_closed": list(columns[3]),
            "reading": pd.Series([None] * len(rows), dtype=object),
        }
    )


def readings(*values: str | None) -> pd.DataFrame:
    return pd.DataFrame({"reading": pd.Series(values, dtype=object)})


# domain facts 6.1, the two tables, and the censored results of 6.2.
@pytest.mark.parametrize(
    ("verb", "limit", "value", "expected"),
    [
        ("at_least", "98.0", "97.96", MET),
        ("at_least", "98.0", "97.95", MET),
        ("at_least", "98.0", "97.92", NOT_MET),
        ("at_most", "101.5", "101.46", MET),
        ("at_most", "101.5", "101.55", NOT_MET),
        ("at_most", "0.02", "0.015", MET),
        ("at_most", "0.02", "0.025", NOT_MET),
        ("at_least", "70", "69.5", MET),
        ("at_least", "70", "69.49", NOT_MET),
        ("at_least", "70.0", "69.5", NOT_MET),
        ("at_least", "70.0", "69.95", MET),
        ("at_least", "70.0", "69.94", NOT_MET),
        ("more_than", "70", "70.4", NOT_MET),
        ("at_most", "2", "2.4", MET),
        ("at_most", "2", "2.5", NOT_MET),
        ("at_most", "2.0", "2.05", NOT_MET),
        ("at_least", "95", "94.5", MET),
        ("at_most", "5", "5.49", MET),
        ("at_most", "5", "5.50", NOT_MET),
        ("at_most", "0.2", "0.245", MET),
        ("at_most", "0.2", "0.25", NOT_MET),
        ("at_least", "5 x 10^8", "4.96e8", MET),
        ("at_least", "5.0 x 10^8", "4.96e8", MET),
        ("at_least", "5.0 x 10^8", "4.94e8", NOT_MET),
        ("at_most", "0.5", "<0.5", MET),
        ("at_most", "0.5", "<1.0", OPEN),
        ("at_least", "95", ">95", MET),
        ("at_least", "95", ">90", OPEN),
        ("at_least", "70", "<70", NOT_MET),
        ("more_than", "70", ">70", MET),
        ("less_than", "5", "<5", MET),
        ("less_than", "5", "<=5", OPEN),
        ("more_than", "70", "<=70", NOT_MET),
        ("at_most", "5", ">5", NOT_MET),
        ("at_least", "70", "60..80", OPEN),
    ],
)
def test_a_value_against_its_limit(verb: str, limit: str, value: str, expected: Settled) -> None:
    compiled = compile_limit(Acceptance(verb, (limit,)), "usp")

    assert compiled.settle(evidence(value)) == [expected]


def test_strict_and_non_strict_limits_differ_at_the_limit() -> None:  # T3
    value = evidence("95.0")

    assert compile_limit(Acceptance("at_least", ("95",)), "usp").settle(value) == [MET]
    assert compile_limit(Acceptance("more_than", ("95",)), "usp").settle(value) == [NOT_MET]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("180", MET), ("220", MET), ("179", NOT_MET), ("221", NOT_MET), ("100..200", OPEN)],
)
def test_both_sides_of_a_range_count(value: str, expected: Settled) -> None:
    compiled = compile_limit(Acceptance("within", ("180", "220")), "usp")

    assert compiled.settle(evidence(value)) == [expected]


def test_european_rounding_keeps_significant_figures() -> None:
    value = evidence("101.46")

    assert compile_limit(Acceptance("at_most", ("101",)), "usp").settle(value) == [MET]
    assert compile_limit(Acceptance("at_most", ("101.4",)), "ph_eur").settle(value) == [NOT_MET]


def test_each_row_is_settled_by_itself_and_in_order() -> None:
    compiled = compile_limit(Acceptance("at_least", ("70",)), "usp")

    assert compiled.settle(evidence("80", "60", ">60")) == [MET, NOT_MET, OPEN]


def test_readings_are_held_against_the_accepted_ones() -> None:
    compiled = compile_limit(Acceptance("one_of", ("negative",)), "usp")

    assert compiled.settle(readings("negative", "positive")) == [MET, NOT_MET]


def test_no_evidence_is_not_a_pass() -> None:
    compiled = compile_limit(Acceptance("one_of", ("negative",)), "usp")

    with pytest.raises(ValueError, match="no evidence"):
        compiled.settle(readings())


def test_a_row_without_a_value_is_an_error_and_not_a_pass() -> None:
    frame = evidence("80")
    frame["low"] = pd.Series([None], dtype=object)

    with pytest.raises(SchemaErrors):
        compile_limit(Acceptance("at_least", ("70",)), "usp").settle(frame)


def test_a_frame_without_a_column_is_an_error_and_not_a_pass() -> None:
    with pytest.raises(SchemaErrors):
        compile_limit(Acceptance("at_least", ("70",)), "usp").settle(
            evidence("80").drop(columns="low")
        )


@pytest.mark.parametrize(("verb", "value"), [("at_least", "Infinity"), ("at_most", "-Infinity")])
def test_an_infinite_value_meets_no_limit(verb: str, value: str) -> None:
    infinite = evidence(f"{value}..{value}")

    assert compile_limit(Acceptance(verb, ("70",)), "usp").settle(infinite) == [NOT_MET]


def test_nulls_in_the_reading_are_an_error_and_not_a_pass() -> None:
    with pytest.raises(SchemaErrors):
        compile_limit(Acceptance("one_of", ("negative",)), "usp").settle(readings(None))


def test_a_check_that_crashes_is_raised_and_not_a_failing_row() -> None:
    def crash(frame: pd.DataFrame) -> bool:
        raise RuntimeError(f"a bug over {len(frame)} rows")

    schema = pa.DataFrameSchema({"reading": pa.Column(object)}, checks=[pa.Check(crash)])

    with pytest.raises(SchemaErrors):
        failing_rows(schema, readings("negative"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("PANDERA_VALIDATION_ENABLED", "False"), ("PANDERA_VALIDATION_DEPTH", "SCHEMA_ONLY")],
)
def test_a_disabled_pandera_still_judges(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pandera.config import CONFIG, ValidationDepth  # noqa: PLC0415

    monkeypatch.setenv(name, value)
    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    monkeypatch.setattr(CONFIG, "validation_depth", ValidationDepth.SCHEMA_ONLY)

    compiled = compile_limit(Acceptance("at_least", ("70",)), "usp")

    assert compiled.settle(evidence("60")) == [NOT_MET]


numbers = st.decimals(min_value=0, max_value=1000, places=3)


@given(value=numbers, limit=st.integers(min_value=0, max_value=1000))
def test_minimum_and_maximum_at_one_limit_share_only_the_limit(value: Decimal, limit: int) -> None:
    frame = evidence(str(value))
    low = compile_limit(Acceptance("at_least", (str(limit),)), "none").settle(frame)
    high = compile_limit(Acceptance("at_most", (str(limit),)), "none").settle(frame)

    assert (low == [MET]) == (value >= limit)
    assert (high == [MET]) == (value <= limit)


@given(low=numbers, width=numbers, limit=st.integers(min_value=0, max_value=1000))
def test_an_interval_meets_a_limit_only_when_both_its_ends_do(
    low: Decimal, width: Decimal, limit: int
) -> None:
    compiled = compile_limit(Acceptance("at_least", (str(limit),)), "usp")
    whole, first, last = compiled.settle(
        evidence(f"{low}..{low + width}", str(low), str(low + width))
    )

    assert (whole is MET) == (first is MET and last is MET)
    assert (whole is NOT_MET) == (first is NOT_MET and last is NOT_MET)
