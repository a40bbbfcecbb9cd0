"""The shape of the observations frame: what a reader's bug could break is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors

from qcvalidate.frames import COLUMNS, Observation, checked, observations, rows

WHOLE = Observation(
    test="viability",
    result="93.2 %",
    source="counts.csv",
    lot="0012",
    lower=Decimal("93.2"),
    upper=Decimal("93.2"),
    unit="%",
    started=dt.date(2026, 3, 17),
    measured_at=dt.datetime(2026, 3, 17, 9, 30),
    numerator=932,
    denominator=1000,
    ci_low=91.5,
    ci_high=94.7,
    page=1,
)
BARE = Observation(test="sterility", result="", source="a.pdf")


def test_rows_come_back_as_they_went_in() -> None:
    assert rows(checked(observations([WHOLE, BARE]))) == [WHOLE, BARE]


def test_no_rows_give_an_empty_frame_with_every_column() -> None:
    frame = checked(observations([]))

    assert frame.empty
    assert tuple(frame.columns) == COLUMNS


@pytest.mark.parametrize(
    "wrong",
    [
        {"test": None},
        {"lot": 12},
        {"role": "patient"},
        {"status": "done"},
        {"state": "sure"},
        {"reading": "fine"},
        {"lower": 93.2},
        {"lower": Decimal("NaN")},
        {"lower": None},
        {"lower": Decimal(95)},  # above its upper bound
        {"started": "2026-03-17"},
        {"page": "1"},
        {"numerator": 932.0},
    ],
)
def test_a_frame_of_another_shape_is_refused(wrong: dict[str, object]) -> None:
    frame = observations([WHOLE])
    ((name, value),) = wrong.items()
    frame[name] = pd.Series([value], dtype=object)

    with pytest.raises(SchemaError):
        checked(frame)


def test_a_column_too_many_or_too_few_is_refused() -> None:
    with pytest.raises((SchemaError, SchemaErrors)):
        checked(observations([WHOLE]).drop(columns="lot"))
    with pytest.raises((SchemaError, SchemaErrors)):
        checked(observations([WHOLE]).assign(limit="70"))


def test_a_frame_without_rows_needs_its_columns_too() -> None:
    with pytest.raises(SchemaError):
        checked(observations([]).drop(columns="lot"))


def test_columns_in_another_order_are_refused() -> None:
    with pytest.raises(SchemaError):
        checked(observations([WHOLE])[list(reversed(COLUMNS))])
