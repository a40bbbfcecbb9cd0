"""Unsafe changes of a donor's tests: whose specimen, taken when, by which test (21 CFR 1271.80)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.dates import moved
from benchmarks.mutants.kinds import UNSAFE, Change, one_of, row_changed, with_rows
from benchmarks.mutants.lots import Form, Lot, Row, Sheet
from benchmarks.mutants.papers import date_read, redrawn

# Days before the recovery that a specimen may be taken at the earliest.
_BEFORE = {oracle.ALLOGENEIC: 30, oracle.APHERESIS: 30, oracle.CORD: 7}
_PAIRS = {"hiv": ("hiv_antibody", "hiv_nat"), "hcv": ("hcv_antibody", "hcv_nat"),
          "hbv": ("hbs_antigen", "hbc_antibody", "hbv_nat")}  # fmt: skip


def _asked(row: Row) -> bool:
    # CMV excludes no donor.
    return "specimen_of" in row and row["test"] != "cmv"


def _one(name: str, change: Callable[[Lot, Row, Random], Row | None]) -> None:
    """Change one line of the panel, in a table."""

    @UNSAFE(f"donor: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        if lot.product not in _BEFORE:
            return None
        return row_changed(lot, random, _asked, lambda row: change(lot, row, random))


def _early(lot: Lot, row: Row, random: Random) -> Row:
    days = _BEFORE[lot.product] + random.randint(1, 300)
    return {**row, "sampled": moved(row["sampled"], -days)}


_one("specimen taken too early", _early)
_one(
    "specimen taken too late",
    lambda _, row, random: {**row, "sampled": moved(row["sampled"], random.randint(8, 17))},
)
_one("specimen without its day", lambda lot, row, random: {**row, "sampled": ""})
_one(
    "a diagnostic test",
    lambda lot, row, random: {
        **row,
        "method": random.choice(
            ("diagnostic test, CMIA", "CMIA, not for donor screening", "Diagnostic assay")
        ),
    },
)


def _wrong_person(lot: Lot, row: Row, random: Random) -> Row | None:
    if lot.product == oracle.CORD:
        texts: Sequence[str] = ("newborn donor", "infant", "cord blood", "donor")
    else:
        texts = ("birth mother", "mother of the donor")
    return {**row, "specimen_of": random.choice(texts)}


_one("specimen of another person", _wrong_person)
_one(
    "nobody says whose specimen",
    lambda lot, row, random: {**row, "specimen_of": ""} if lot.product == oracle.CORD else None,
)


def _whole(change: Change) -> Change:
    def changed(lot: Lot, random: Random) -> Lot | None:
        has = any(_asked(row) for sheet in lot.of(Sheet).values() for row in sheet.rows)
        return change(lot, random) if has and lot.product in _BEFORE else None

    return changed


@UNSAFE("donor: a virus and not which test of it")
@_whole
def _general(lot: Lot, random: Random) -> Lot | None:
    """ "HIV: negative" answers neither the antibodies nor the NAT."""
    general = random.choice(sorted(_PAIRS))
    for name, sheet in lot.of(Sheet).items():
        own = [row for row in sheet.rows if row["test"] in _PAIRS[general]]
        if own:
            rows = [row for row in sheet.rows if row not in own]
            return with_rows(lot, name, [*rows, {**own[0], "test": general}])
    return None


@UNSAFE("donor: a virus reactive, and not by which test")
@_whole
def _general_bad(lot: Lot, random: Random) -> Lot | None:
    for name, sheet in lot.of(Sheet).items():
        own = [row for row in sheet.rows if _asked(row)]
        if own:
            bad = {**own[0], "test": random.choice(sorted(_PAIRS)), "result": "Reactive"}
            return with_rows(lot, name, [*sheet.rows, bad])
    return None


@UNSAFE("donor: the recovery was another day")
@_whole
def _recovered(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.stated("donor", "recovered")), random.choice((-90, -40, -12, 50, 200)))
    return lot.stating("donor", recovered=day)


@UNSAFE("donor: the day of the recovery is not stated")
@_whole
def _unrecovered(lot: Lot, random: Random) -> Lot | None:
    return lot.stating("donor", recovered=None)


def _boxed(name: str, label: str, change: Callable[[Lot, str, Random], str | None]) -> None:
    """Change a box of a donor's certificate."""

    @UNSAFE(f"donor: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        found = [
            (path, form)
            for path, form in lot.of(Form).items()
            if any(box == "Person tested" for box, _ in form.said.boxes)
        ]
        chosen = one_of(random, found) if lot.product in _BEFORE else None
        if chosen is None:
            return None
        path, form = chosen
        boxes = list(form.said.boxes)
        place = next(n for n, (box, _) in enumerate(boxes) if box == label)
        text = change(lot, boxes[place][1], random)
        if text is None:
            return None
        boxes[place] = (label, text)
        return redrawn(lot, path, boxes=boxes)


def _paper_early(lot: Lot, text: str, random: Random) -> str | None:
    found = date_read(text)
    if found is None:
        return None
    days = _BEFORE[lot.product] + random.randint(60, 300)
    return f"{found[0] - dt.timedelta(days):{found[1]}}"


_boxed("a paper's specimen taken too early", "Date sampled", _paper_early)
_boxed(
    "a paper's specimen of another person",
    "Person tested",
    lambda lot, text, random: (
        random.choice(("Newborn donor", "Infant")) if lot.product == oracle.CORD else "Birth mother"
    ),
)
