"""The observations frame: one row is one result of one test by one method on one sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context

from qcvalidate.record import Role, State, Status

READINGS = ("negative", "positive", "invalid", "pending", "unknown")
TURBIDITIES = ("clear", "turbid")


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One row of the frame.

    `result` is the text as printed ("" when the cell is blank). `lower` and `upper` are our
    reading of a number: `< 0.05` is (-Infinity, 0.05), open; both None when the result is
    qualitative or could not be read. `reading` is the class of a qualitative result, one of
    `READINGS`, None for a number. `day` is the day of incubation that the result names;
    `turbidity` is what the laboratory saw in the medium, one of `TURBIDITIES`.
    """

    test: str
    result: str
    source: str
    lot: str | None = None
    sample_id: str | None = None
    part: str | None = None
    role: str = Role.SAMPLE.value
    method: str | None = None
    reading: str | None = None
    organism: str | None = None
    day: int | None = None
    turbidity: str | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_closed: bool = True
    upper_closed: bool = True
    unit: str | None = None
    status: str = Status.FINAL.value
    started: dt.date | None = None
    ended: dt.date | None = None
    measured_at: dt.datetime | None = None
    numerator: int | None = None
    denominator: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    page: int | None = None
    region: str | None = None
    state: str = State.CONFIRMED.value


COLUMNS = tuple(field.name for field in fields(Observation))


def _text(*, nullable: bool = True, allowed: Iterable[str] | None = None) -> Any:
    checks = [pa.Check(_is_text, element_wise=True, name="text", ignore_na=True)]
    if allowed is not None:
        checks.append(pa.Check.isin(list(allowed)))
    return pa.Column(object, checks, nullable=nullable)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _kind(kind: type, *, nullable: bool = True) -> Any:
    def is_kind(value: object) -> bool:
        return isinstance(value, kind)

    check = pa.Check(is_kind, element_wise=True, name=kind.__name__, ignore_na=True)
    return pa.Column(object, check, nullable=nullable)


def _not_nan(value: Decimal) -> bool:
    return not value.is_nan()


def _bound() -> Any:
    checks = [
        pa.Check(lambda value: isinstance(value, Decimal), element_wise=True, name="Decimal"),
        pa.Check(_not_nan, element_wise=True, name="not NaN"),
    ]
    return pa.Column(object, checks, nullable=True)


def _ordered(frame: pd.DataFrame) -> pd.Series[bool]:
    known = frame["lower"].notna() & frame["upper"].notna()
    return ~known | (frame["lower"].where(known, 0) <= frame["upper"].where(known, 0))


def _both_or_none(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["lower"].isna() == frame["upper"].isna()


# Every column holds Python objects: pandas' own types would turn a lot into a number,
# a missing text into a float and a decimal into its nearest binary fraction.
SHAPE = pa.DataFrameSchema(
    {
        "test": _text(nullable=False),
        "result": _text(nullable=False),
        "source": _text(nullable=False),
        "lot": _text(),
        "sample_id": _text(),
        "part": _text(),
        "role": _text(nullable=False, allowed=[role.value for role in Role]),
        "method": _text(),
        "reading": _text(allowed=READINGS),
        "organism": _text(),
        "day": _kind(int),
        "turbidity": _text(allowed=TURBIDITIES),
        "lower": _bound(),
        "upper": _bound(),
        "lower_closed": _kind(bool, nullable=False),
        "upper_closed": _kind(bool, nullable=False),
        "unit": _text(),
        "status": _text(nullable=False, allowed=[status.value for status in Status]),
        "started": _kind(dt.date),
        "ended": _kind(dt.date),
        "measured_at": _kind(dt.datetime),
        "numerator": _kind(int),
        "denominator": _kind(int),
        "ci_low": _kind(float),
        "ci_high": _kind(float),
        "page": _kind(int),
        "region": _text(),
        "state": _text(nullable=False, allowed=[state.value for state in State]),
    },
    checks=[
        pa.Check(_both_or_none, name="both bounds or none"),
        pa.Check(_ordered, name="lower is not above upper"),
    ],
    strict=True,
    ordered=True,
    name="Observations",
)


def observations(rows: Iterable[Observation]) -> pd.DataFrame:
    """Make the frame of these rows; no rows give an empty frame.

    `checked` holds a frame to its shape, once for all documents of a lot.
    """
    held = list(rows)
    # asdict copies every value deeply, which took longer than reading a table of results.
    return pd.DataFrame(
        {name: pd.Series([getattr(row, name) for row in held], dtype=object) for name in COLUMNS}
    )


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Hold a frame to its shape; a reader that broke it is a bug, and raises."""
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        return SHAPE.validate(frame)


def rows(frame: pd.DataFrame) -> list[Observation]:
    """Give the frame's rows back as values, in order."""
    columns = [frame[name] for name in COLUMNS]
    return [
        Observation(**dict(zip(COLUMNS, values, strict=True)))
        for values in zip(*columns, strict=True)
    ]
