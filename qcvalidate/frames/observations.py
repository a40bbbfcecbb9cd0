"""The observations frame: one row is one result of one test by one method on one sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context

from qcvalidate.record import Role, State, Status

READINGS = ("negative", "positive", "invalid", "pending", "unknown")
TURBIDITIES = ("clear", "turbid")
# Whose specimen a donor's test was made on: of a newborn's cells, the birth mother's counts.
PERSONS = ("donor", "birth_mother")


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One row of the frame.

    `result` is the text as printed ("" when the cell is blank). `lower` and `upper` are our
    reading of a number: `< 0.05` is (-Infinity, 0.05), open; both None when the result is
    qualitative or could not be read. `reading` is the class of a qualitative result, one of
    `READINGS`, None for a number. `day` is the day of incubation that the result names;
    `turbidity` is what the laboratory saw in the medium, one of `TURBIDITIES`. `sampled` is when
    the specimen was taken, `specimen_of` whose it is, one of `PERSONS`. Of an endotoxin test,
    `dilution` is how many times the sample was diluted, `valid_dilution` the paper's own MVD, and
    `sensitivity` the least that its lysate sees (λ), in EU/mL.
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
    sampled: dt.date | None = None
    specimen_of: str | None = None
    dilution: Decimal | None = None
    sensitivity: Decimal | None = None
    valid_dilution: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    page: int | None = None
    region: str | None = None
    state: str = State.CONFIRMED.value


COLUMNS = tuple(field.name for field in fields(Observation))


@dataclass(frozen=True)
class _Kind:
    """What the cells of a column may hold."""

    type: type
    nullable: bool = True
    allowed: tuple[str, ...] = ()

    def fits(self, cell: object) -> bool:
        """Say whether a cell is of this kind; an absent one is where it may be."""
        if cell is None:
            return self.nullable
        if not isinstance(cell, self.type) or (self.type is int and isinstance(cell, bool)):
            return False
        if isinstance(cell, Decimal) and cell.is_nan():
            return False
        return not self.allowed or cell in self.allowed


# Every column holds Python objects: pandas' own types would turn a lot into a number,
# a missing text into a float and a decimal into its nearest binary fraction.
_TEXT, _NAME, _WHOLE, _REAL = _Kind(str), _Kind(str, nullable=False), _Kind(int), _Kind(float)
_BOUND, _DAY = _Kind(Decimal), _Kind(dt.date)
_FLAG = _Kind(bool, nullable=False)
_KINDS = {
    "test": _NAME,
    "result": _NAME,
    "source": _NAME,
    "lot": _TEXT,
    "sample_id": _TEXT,
    "part": _TEXT,
    "role": _Kind(str, nullable=False, allowed=tuple(Role)),
    "method": _TEXT,
    "reading": _Kind(str, allowed=READINGS),
    "organism": _TEXT,
    "day": _WHOLE,
    "turbidity": _Kind(str, allowed=TURBIDITIES),
    "lower": _BOUND,
    "upper": _BOUND,
    "lower_closed": _FLAG,
    "upper_closed": _FLAG,
    "unit": _TEXT,
    "status": _Kind(str, nullable=False, allowed=tuple(Status)),
    "started": _DAY,
    "ended": _DAY,
    "measured_at": _Kind(dt.datetime),
    "sampled": _DAY,
    "specimen_of": _Kind(str, allowed=PERSONS),
    "dilution": _BOUND,
    "sensitivity": _BOUND,
    "valid_dilution": _BOUND,
    "numerator": _WHOLE,
    "denominator": _WHOLE,
    "ci_low": _REAL,
    "ci_high": _REAL,
    "page": _WHOLE,
    "region": _TEXT,
    "state": _Kind(str, nullable=False, allowed=tuple(State)),
}
TYPES = {name: kind.type for name, kind in _KINDS.items()}


def _of_their_kinds(frame: pd.DataFrame) -> pd.Series[bool] | bool:
    """Say of each row whether every cell is of its kind; False where the columns are not ours.

    pandera's own checks, one for each column, take ten times as long; and in a frame of answers it
    searches column by column for what failed.
    """
    if tuple(frame.columns) != COLUMNS:
        return False
    kinds = [_KINDS[name] for name in COLUMNS]
    return pd.Series(
        [
            all(kind.fits(cell) for kind, cell in zip(kinds, cells, strict=True))
            for cells in frame.to_numpy(dtype=object)
        ],
        index=frame.index,
        dtype=bool,
    )


def _bounded(frame: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether it has no bounds, or two in their order."""
    fits = [
        low is None and high is None
        if low is None or high is None
        else isinstance(low, Decimal) and isinstance(high, Decimal) and bool(low <= high)
        for low, high in zip(frame["lower"], frame["upper"], strict=True)
    ]
    return pd.Series(fits, index=frame.index, dtype=bool)


SHAPE = pa.DataFrameSchema(
    checks=[
        # Without ignore_na=False pandera would pass every row that has a cell absent.
        pa.Check(_of_their_kinds, name="our columns, and cells of their kinds", ignore_na=False),
        pa.Check(_bounded, name="both bounds or none, in order", ignore_na=False),
    ],
    name="Observations",
)


def observations(rows: Iterable[Observation]) -> pd.DataFrame:
    """Make the frame of these rows; no rows give an empty frame.

    `checked` holds a frame to its shape, once for all documents of a lot.
    """
    held = list(rows)
    # One array of objects: asdict copies every value deeply, and a series for each column costs
    # a small lot ten times as much.
    cells = np.empty((len(held), len(COLUMNS)), dtype=object)
    for at, row in enumerate(held):
        cells[at] = [getattr(row, name) for name in COLUMNS]
    return pd.DataFrame(cells, columns=list(COLUMNS), dtype=object)


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Hold a frame to its shape; a reader that broke it is a bug, and raises."""
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        return SHAPE.validate(frame)


def rows(frame: pd.DataFrame) -> list[Observation]:
    """Give the frame's rows back as values, in order."""
    # Every cell is an object, so that one array of them keeps each as it is; to take the columns
    # one by one was a sixth of the time of a small lot.
    cells = frame.to_numpy(dtype=object)
    names = tuple(frame.columns)
    if names != COLUMNS:
        raise ValueError(f"the frame's columns are {names}, and not those of observations")
    return [Observation(**dict(zip(COLUMNS, row, strict=True))) for row in cells]
