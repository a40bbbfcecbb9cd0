"""Unsafe changes of how something was tested: a method that the specification does not allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.dates import moved
from benchmarks.mutants.kinds import UNSAFE, one_of, with_rows
from benchmarks.mutants.lots import Form, Lot, Row, Sheet
from benchmarks.mutants.papers import date_read, forms, redrawn, test_of

_HOSPITAL = ("Clinical blood culture, 5 days", "Routine blood culture, 5 days")
_RAPID = ("Rapid sterility, ATP bioluminescence", "Rapid method, 6 days", "16S PCR, rapid")
_LABELS = ("TEST METHOD", "Method", "Test method")
_STARTS = ("DATE STARTED", "Test start", "Test started")
_ENDS = ("DATE COMPLETED", "Test end", "Test completed")


def _cultured(row: Row) -> bool:
    return row["test"] == "sterility" and not row.get("role")


def _every_culture(lot: Lot, change: Callable[[Row], Row]) -> Lot | None:
    """Change both media of the final culture, where one table holds them."""
    for name, sheet in lot.of(Sheet).items():
        if sheet.carries("method") and any(
            _cultured(row) and row.get("ended") for row in sheet.rows
        ):
            rows = [change(row) if _cultured(row) else row for row in sheet.rows]
            return with_rows(lot, name, rows)
    return None


@UNSAFE("method: a hospital's culture of five days")
def _hospital(lot: Lot, random: Random) -> Lot | None:
    text = random.choice(_HOSPITAL)
    return _every_culture(
        lot, lambda row: {**row, "method": text, "ended": moved(row["started"], 5)}
    )


@UNSAFE("method: a hospital's culture of five days, beside dates of fourteen")
def _hospital_long(lot: Lot, random: Random) -> Lot | None:
    """Which of the two is true nobody can tell."""
    text = random.choice(_HOSPITAL)
    return _every_culture(lot, lambda row: {**row, "method": text})


@UNSAFE("method: rapid, of fewer days, that nobody validated")
def _rapid(lot: Lot, random: Random) -> Lot | None:
    text, days = random.choice(_RAPID), random.randint(1, 6)
    return _every_culture(
        lot, lambda row: {**row, "method": text, "ended": moved(row["started"], days)}
    )


@UNSAFE("method: another than the one that was validated for seven days")
def _unvalidated(lot: Lot, random: Random) -> Lot | None:
    texts = ("BACTEC FX", "USP <71>, direct inoculation", "", "BacT", "Bactalertum", "VersaTREK")
    if lot.product != oracle.OWN_MSC:
        return None
    text = random.choice(texts)
    return _every_culture(lot, lambda row: {**row, "method": text})


@UNSAFE("method: the validated one, read too early")
def _early(lot: Lot, random: Random) -> Lot | None:
    if lot.product != oracle.OWN_MSC:
        return None
    days = random.randint(1, 6)
    return _every_culture(lot, lambda row: {**row, "ended": moved(row["started"], days)})


def _with_method(lot: Lot, name: str, text: str, days: int | None) -> Lot:
    """Put a method into a certificate's box, or its rows, and the end of its test beside it."""
    said = lot.of(Form)[name].said
    boxes = [(label, text if label in _LABELS else value) for label, value in said.boxes]
    start = next((date_read(v) for label, v in said.boxes if label in _STARTS), None)
    if start is not None and days is not None:
        end = f"{start[0] + dt.timedelta(days):{start[1]}}"
        boxes = [(label, end if label in _ENDS else value) for label, value in boxes]
    heads = [head.casefold() for head in said.columns]
    rows = [list(row) for row in said.rows]
    if "method" in heads:
        for row in rows:
            if test_of(row) == "sterility":
                row[heads.index("method")] = text
    return redrawn(lot, name, boxes=boxes, rows=rows)


def _finished(lot: Lot, random: Random) -> str | None:
    found = [
        name
        for name, form in forms(lot)
        if any(test_of(row) == "sterility" for row in form.said.rows)
        and any(label in _ENDS for label, _ in form.said.boxes)
    ]
    return one_of(random, found)


@UNSAFE("method: a paper of a hospital's culture of five days")
def _paper_hospital(lot: Lot, random: Random) -> Lot | None:
    name = _finished(lot, random)
    return None if name is None else _with_method(lot, name, random.choice(_HOSPITAL), 5)


@UNSAFE("method: a paper of a hospital's culture of five days, beside dates of fourteen")
def _paper_hospital_long(lot: Lot, random: Random) -> Lot | None:
    name = _finished(lot, random)
    return None if name is None else _with_method(lot, name, random.choice(_HOSPITAL), None)


@UNSAFE("method: a paper of a rapid method of fewer days")
def _paper_rapid(lot: Lot, random: Random) -> Lot | None:
    name = _finished(lot, random)
    text, days = random.choice(_RAPID), random.randint(1, 6)
    return None if name is None else _with_method(lot, name, text, days)
