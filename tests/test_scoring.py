"""The score of the readings itself: a wrong value must never be counted as a refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from qcvalidate.frames.observations import Observation, observations
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source, State

layouts = pytest.importorskip("benchmarks.layouts", reason="runs in a checkout only")
scoring = pytest.importorskip("benchmarks.scoring", reason="runs in a checkout only")
truth = pytest.importorskip("benchmarks.layouts.truth", reason="runs in a checkout only")

NEGATIVE = truth.Line(test="sterility", reading="negative", verdict="pass")
SAID = truth.Truth(
    laboratory="A",
    report_number="R-1",
    lot="L-1",
    client="C",
    product="P",
    date_started=dt.date(2026, 3, 5),
    lines=(
        NEGATIVE,
        truth.Line(test="endotoxin", amount=truth.Amount("0.05", "<"), unit="EU/mL"),
    ),
)
STERILITY = Observation(test="sterility", result="No growth", source="a.pdf", reading="negative")
ENDOTOXIN = Observation(
    test="endotoxin",
    result="< 0.05",
    source="a.pdf",
    lower=Decimal("-Infinity"),
    upper=Decimal("0.05"),
    lower_closed=False,
    upper_closed=False,
    unit="EU/mL",
)
HEADER = {"lot": "L-1", "report_number": "R-1", "date_started": "2026-03-05"}


def read(*rows: Observation, findings: tuple[Finding, ...] = (), **header: str) -> Record:
    place = Place("a.pdf", 1, "10,10,50,20")
    fields = {name: Field(value, value, place) for name, value in {**HEADER, **header}.items()}
    return Record(Source("a.pdf", "", "pages", "x"), fields, observations(rows), findings)


def outcomes(record: Record) -> dict[str, str]:
    return {mark.field: mark.outcome for mark in scoring.score(record, SAID).marks}


def test_what_the_certificate_says_is_right() -> None:
    assert set(outcomes(read(STERILITY, ENDOTOXIN)).values()) == {"right"}


def test_a_row_that_is_absent_is_refused() -> None:
    found = outcomes(read(STERILITY))

    assert found["endotoxin result"] == "refused"


def test_an_open_bound_read_as_a_number_is_wrong() -> None:
    row = replace(ENDOTOXIN, lower=Decimal("0.05"), lower_closed=True, upper_closed=True)

    assert outcomes(read(STERILITY, row))["endotoxin result"] == "wrong"


def test_a_bound_read_as_closed_is_wrong() -> None:
    row = replace(ENDOTOXIN, upper_closed=True)

    assert outcomes(read(STERILITY, row))["endotoxin result"] == "wrong"


def test_a_value_that_is_not_confirmed_is_refused() -> None:
    row = replace(STERILITY, reading="positive", state=State.CONFLICT.value)

    assert outcomes(read(row, ENDOTOXIN))["sterility result"] == "refused"


def test_another_lot_is_wrong() -> None:
    assert outcomes(read(STERILITY, ENDOTOXIN, lot="L-2"))["lot"] == "wrong"


def test_a_finding_at_its_place_turns_wrong_into_refused() -> None:
    held = Finding("x", Severity.HOLD, "look here", Place("a.pdf", 1, "0,0,60,60"))

    assert outcomes(read(STERILITY, ENDOTOXIN, findings=(held,), lot="L-2"))["lot"] == "refused"


def test_a_finding_elsewhere_does_not() -> None:
    held = Finding("x", Severity.HOLD, "look here", Place("a.pdf", 1, "100,100,160,160"))

    assert outcomes(read(STERILITY, ENDOTOXIN, findings=(held,), lot="L-2"))["lot"] == "wrong"


def test_a_control_given_as_the_sample_s_is_wrong() -> None:
    control = replace(STERILITY, result="Growth", reading="positive", part="aerobic")

    assert outcomes(read(STERILITY, ENDOTOXIN, control))["sterility aerobic (sample)"] == "wrong"


def test_the_same_said_twice_is_no_mistake() -> None:
    assert set(outcomes(read(STERILITY, ENDOTOXIN, STERILITY)).values()) == {"right"}


def test_a_header_field_that_nobody_printed_is_wrong() -> None:
    assert outcomes(read(STERILITY, ENDOTOXIN, status="final"))["status"] == "wrong"


def test_a_failure_left_out_without_a_word_is_wrong() -> None:
    grown = replace(SAID, lines=(replace(NEGATIVE, reading="positive", verdict="fail"),))

    found = scoring.score(read(), grown)

    assert [mark.field for mark in found.marks if mark.outcome == "wrong"] == ["sterility unseen"]
    assert found.silent


@pytest.mark.parametrize("name", layouts.families())
def test_a_family_invents_the_same_from_the_same_seed(name: str) -> None:
    family = layouts.families()[name]

    assert family.compose(Random(7)) == family.compose(Random(7))  # noqa: S311


@pytest.mark.parametrize("name", layouts.families())
def test_a_family_tells_its_dates_in_order(name: str) -> None:
    for seed in range(20):
        said = layouts.families()[name].compose(Random(seed))  # noqa: S311
        names = ("sampled", "received", "started", "completed", "issued")
        dates = [getattr(said, f"date_{day}") for day in names]
        told = [date for date in dates if date is not None]

        assert told == sorted(told)
