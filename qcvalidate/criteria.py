"""Compiles acceptance criteria to pandera schemas: limits come from YAML, meaning from here.

Every limit becomes two schemas over the same evidence. A row that fails `possible` cannot
meet the limit whatever the true value is; a row that passes `meets` meets it for certain; one
between the two is a bound that does not settle it. Rounding stands inside the checks, so that
whoever runs a schema on the same frame gets the same answer: `portable` writes the source of
what stands here into a program that needs pandas and pandera alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason, SchemaErrors

from qcvalidate.rounding import limit_value, rounded_to
from qcvalidate.specification import Acceptance

# The evidence of one criterion, a row for each observation: the interval of its value in the
# criterion's unit, or its reading.
EVIDENCE_COLUMNS = ("low", "low_closed", "high", "high_closed", "reading")


class Settled(StrEnum):
    """What a row of evidence says about a limit."""

    MET = "met"
    NOT_MET = "not met"
    OPEN = "open"


@dataclass(frozen=True)
class Limit:
    """An acceptance limit, compiled."""

    meets: pa.DataFrameSchema
    possible: pa.DataFrameSchema

    def settle(self, evidence: pd.DataFrame) -> list[Settled]:
        """Say of each row of evidence (columns `EVIDENCE_COLUMNS`) what it says about the limit.

        An empty frame would satisfy any schema, so that there must be a row.
        """
        return settled(self.meets, self.possible, evidence)


def compile_limit(acceptance: Acceptance, rounding: str) -> Limit:
    """Compile one acceptance limit; `rounding` is the specification's rule."""
    words = acceptance.words(None)
    if acceptance.verb == "one_of":
        allowed = reading_schema(list(acceptance.limits), words)
        return Limit(allowed, allowed)
    limits = [limit_value(limit) for limit in acceptance.limits]
    return Limit(*interval_schemas(acceptance.verb, limits, rounding, words))


def settled(
    meets: pa.DataFrameSchema, possible: pa.DataFrameSchema, evidence: pd.DataFrame
) -> list[Settled]:
    """Say of each row of evidence what the two schemas of a limit make of it."""
    if evidence.empty:
        raise ValueError("no evidence: absence is decided before a limit is asked")
    unmet = failing_rows(meets, evidence)
    # What meets the limit for certain can meet it; most evidence does.
    impossible = failing_rows(possible, evidence) if unmet else set()
    return [
        Settled.NOT_MET if row in impossible else Settled.OPEN if row in unmet else Settled.MET
        for row in evidence.index
    ]


def failing_rows(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> set[object]:
    """Give the index of every row that fails the schema.

    A check that crashed, or a frame of the wrong shape, is a bug and is raised: pandera reports
    both like failing rows. The environment cannot switch the checks off.
    """
    depth = ValidationDepth.SCHEMA_AND_DATA
    with config_context(validation_enabled=True, validation_depth=depth):
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as errors:
            for error in errors.schema_errors:
                if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
                    raise
            return set(errors.failure_cases["index"])
    return set()


Bound = tuple[Decimal, bool]  # a value, and whether it belongs to the interval itself
Holds = Callable[[Bound, Bound], bool]


def reading_schema(accepted: list[str], name: str) -> pa.DataFrameSchema:
    """Compile the accepted readings of a qualitative test."""
    accepted_reading = pa.Check.isin(accepted, ignore_na=False)
    return pa.DataFrameSchema({"reading": pa.Column(object, accepted_reading)}, name=name)


def interval_schemas(
    verb: str, limits: list[Decimal], rounding: str, name: str
) -> tuple[pa.DataFrameSchema, pa.DataFrameSchema]:
    """Compile a quantitative limit: what meets it for certain, and what possibly can."""
    verbs = ["at_least", "at_most"] if verb == "within" else [verb]
    if len(verbs) != len(limits):
        raise ValueError(f"{verb} wants {len(verbs)} limits")
    sides = [_holding(one, limit) for one, limit in zip(verbs, limits, strict=True)]
    meets, possible = (
        [
            _check(side[kind], limit, rounding, f"{one} {limit}")
            for one, limit, side in zip(verbs, limits, sides, strict=True)
        ]
        for kind in (0, 1)
    )
    return _schema(name, meets), _schema(name, possible)


def _holding(verb: str, wanted: Decimal) -> tuple[Holds, Holds]:
    """For each verb: does the worst value of the interval meet it, and could its best?"""
    meanings: dict[str, tuple[Holds, Holds]] = {
        "at_least": (
            lambda low, _: low[0] >= wanted,
            lambda _, high: high[0] > wanted or high == (wanted, True),
        ),
        "more_than": (
            lambda low, _: low[0] > wanted or low == (wanted, False),
            lambda _, high: high[0] > wanted,
        ),
        "at_most": (
            lambda _, high: high[0] <= wanted,
            lambda low, _: low[0] < wanted or low == (wanted, True),
        ),
        "less_than": (
            lambda _, high: high[0] < wanted or high == (wanted, False),
            lambda low, _: low[0] < wanted,
        ),
    }
    return meanings[verb]


def _check(holds: Holds, limit: Decimal, rounding: str, name: str) -> pa.Check:
    def check(frame: pd.DataFrame) -> pd.Series[bool]:
        bounds = zip(
            frame["low"], frame["low_closed"], frame["high"], frame["high_closed"], strict=True
        )
        return pd.Series(
            [
                holds(
                    _rounded_bound(low, low_closed, limit, rounding),
                    _rounded_bound(high, high_closed, limit, rounding),
                )
                for low, low_closed, high, high_closed in bounds
            ],
            index=frame.index,
            dtype=bool,
        )

    # Without ignore_na=False pandera would pass every row that has a cell absent.
    return pa.Check(check, name=name, ignore_na=False)


def _rounded_bound(value: Decimal, closed: bool, limit: Decimal, rounding: str) -> Bound:
    """Round a bound as a result is rounded.

    `< 70.4` against a limit of 70 becomes 70 itself: values just below 70.4 round to it. Only a
    bound that rounding leaves alone stays open.
    """
    result = rounded_to(value, limit, rounding)
    return result, closed or result != value


def _schema(name: str, checks: list[pa.Check]) -> pa.DataFrameSchema:
    # An infinite value satisfies any minimum; only the far end of a bound may be without end.
    bounds = {
        end: pa.Check(
            lambda value, never=never: (
                isinstance(value, Decimal) and not value.is_nan() and value != Decimal(never)
            ),
            element_wise=True,
        )
        for end, never in (("low", "Infinity"), ("high", "-Infinity"))
    }
    return pa.DataFrameSchema(
        {
            "low": pa.Column(object, bounds["low"], nullable=False),
            "low_closed": pa.Column(bool, nullable=False),
            "high": pa.Column(object, bounds["high"], nullable=False),
            "high_closed": pa.Column(bool, nullable=False),
        },
        checks=checks,
        name=name,
    )
