"""Unsafe changes of replicates and of results near a guarded limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.kinds import UNSAFE, cells, one_of, row_changed, with_rows
from benchmarks.mutants.lots import Lot, Row, Sheet

_REPEATED = ("viability", "viable_cell_concentration")


def _own(lot: Lot) -> bool:
    return lot.product == oracle.OWN_MSC


def _of(test: str) -> Callable[[Row], bool]:
    return lambda row: row["test"] == test


@UNSAFE("replicates: one too few")
def _too_few(lot: Lot, random: Random) -> Lot | None:
    found = [(name, place) for name, place, row in cells(lot) if row["test"] in _REPEATED]
    chosen = one_of(random, found) if _own(lot) else None
    if chosen is None:
        return None
    name, place = chosen
    rows = lot.of(Sheet)[name].rows
    return with_rows(lot, name, [*rows[:place], *rows[place + 1 :]])


@UNSAFE("replicates: too far apart, each within its limit")
def _apart(lot: Lot, random: Random) -> Lot | None:
    """One at 74.5 to 77 % beside two of 93 to 96 %: more than 10 % (CV)."""
    if not _own(lot):
        return None
    text = f"{random.uniform(74.5, 77):.1f}"
    return row_changed(lot, random, _of("viability"), lambda row: {**row, "result": text})


@UNSAFE("replicates: one of them not on the paper of the others")
def _elsewhere(lot: Lot, random: Random) -> Lot | None:
    found = [
        (name, place)
        for name, place, row in cells(lot)
        if row["test"] in _REPEATED and lot.of(Sheet)[name].form in ("csv", "xlsx", "json")
    ]
    chosen = one_of(random, found) if _own(lot) else None
    if chosen is None:
        return None
    name, place = chosen
    sheet = lot.of(Sheet)[name]
    made = with_rows(lot, name, [*sheet.rows[:place], *sheet.rows[place + 1 :]])
    return made.with_file(f"second-{name}", replace(sheet, rows=(sheet.rows[place],)))


@UNSAFE("guarded: each result within the guard band")
def _all_in_band(lot: Lot, random: Random) -> Lot | None:
    """From 70 to 74 % the limit is met, and not for certain."""
    for name, sheet in lot.of(Sheet).items():
        if _own(lot):
            rows = [
                {**row, "result": f"{random.uniform(70, 73.9):.1f}"}
                if _of("viability")(row)
                else row
                for row in sheet.rows
            ]
            return with_rows(lot, name, rows)
    return None


@UNSAFE("guarded: one result within the guard band")
def _one_in_band(lot: Lot, random: Random) -> Lot | None:
    if not _own(lot):
        return None
    text = f"{random.uniform(70, 73.9):.1f}"
    return row_changed(lot, random, _of("viability"), lambda row: {**row, "result": text})


@UNSAFE("row: a dose above its upper limit")
def _too_many(lot: Lot, random: Random) -> Lot | None:
    """More than 3e8 cells in 20 mL; at most one replicate of them, so that no mean hides it."""
    if not _own(lot):
        return None
    text = f"{random.uniform(1.6, 8):.1f}e7"
    wanted = _of("viable_cell_concentration")
    return row_changed(lot, random, wanted, lambda row: {**row, "result": text})
