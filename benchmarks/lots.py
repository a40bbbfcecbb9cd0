"""Makes tables of results of very many lots, as a laboratory's system would write them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

SPECIFICATION = """
id: many-lots
version: 1.0.0
title: A product of which there are very many lots
applies_to: {relation: [allogeneic]}
criteria:
  - {id: viability, title: Viability after thaw, test: viability, unit: "%",
     accept: {at_least: "70"}, alert: {at_least: "75"},
     evidence: {max_hours_after_thaw: "2", after_harvest: "true"},
     reference: SOP 1, severity: blocking}
  - {id: dose, title: Dose, test: [viable_dose_per_kg, viable_cell_concentration], unit: cells/kg,
     accept: {at_least: "1.0e6"}, evidence: {after_harvest: "true"},
     reference: SOP 1, severity: blocking}
  - {id: cd105, title: CD105, test: cd105_positive, unit: "%", accept: {at_least: "95"},
     alert: {at_least: "96"}, reference: SOP 1, severity: blocking}
  - {id: cd73, title: CD73, test: cd73_positive, unit: "%", accept: {at_least: "95"},
     alert: {at_least: "96"}, reference: SOP 1, severity: blocking}
  - {id: cd90, title: CD90, test: cd90_positive, unit: "%", accept: {at_least: "95"},
     alert: {at_least: "96"}, reference: SOP 1, severity: blocking}
  - {id: cd45, title: CD45, test: cd45_positive, unit: "%", accept: {at_most: "2"},
     reference: SOP 1, severity: blocking}
  - {id: cd34, title: CD34, test: cd34_positive, unit: "%", accept: {at_most: "2"},
     reference: SOP 1, severity: blocking}
  - {id: sterility, title: Sterility, test: sterility, accept: {one_of: [negative]},
     evidence: {parts: [aerobic, anaerobic], min_days: "14", after_harvest: "true"},
     reference: SOP 1, severity: blocking}
  - {id: endotoxin, title: Endotoxin, test: endotoxin, unit: EU/kg, accept: {at_most: "5"},
     applies_when: {route: [intravenous]}, evidence: {within_mvd: "true", per_hour: "true"},
     reference: SOP 1, severity: blocking}
  - {id: mycoplasma, title: Mycoplasma, test: mycoplasma, accept: {one_of: [negative]},
     reference: SOP 1, severity: blocking}
"""
RESULTS = ("Lot", "Test", "Result", "Unit", "Method", "Status", "Started", "Ended", "Measured at")
FACTS = (
    "lot", "donor.relation", "manufacture.harvested", "manufacture.thawed", "dose.route",
    "dose.recipient_weight_kg", "dose.volume_mL",
)  # fmt: skip
AS_OF = dt.date(2026, 6, 1)
_FIRST = dt.date(2016, 1, 4)


def results_of(
    lot: str, chance: random.Random, harvested: dt.date, *, by_dose: bool = False
) -> Iterator[tuple[str, ...]]:
    """Give the rows of one lot: of a hundred lots some four fail, and some five are odd.

    `by_dose` states the cells and the endotoxin of a millilitre, to be turned into what a
    recipient is given by each lot's own weight and volume.
    """
    measured = f"{harvested} {chance.randint(10, 11)}:{chance.randint(0, 59):02d}"
    begun, done = harvested, harvested + dt.timedelta(days=chance.choice((14, 14, 14, 15, 16)))

    def number(test: str, value: str, unit: str = "%", by: str = "flow") -> tuple[str, ...]:
        return (lot, test, value, unit, by, "final", "", "", measured)

    def culture(test: str, words: str, method: str) -> tuple[str, ...]:
        return (lot, test, words, "", method, "final", str(begun), str(done), "")

    share = lambda low, high: f"{chance.uniform(low, high):.1f}"  # noqa: E731
    rows = [
        number("Viability (%)", share(76, 97)),
        number("Viable cell concentration", f"{chance.uniform(2, 4):.2f}e6", "cells/mL")
        if by_dose
        else number("Viable dose per kg", f"{chance.uniform(1.2, 4):.2f}e6", "cells/kg"),
        number("CD105 positive", share(96.1, 99.9)),
        number("CD73 positive", share(96.1, 99.9)),
        number("CD90 positive", share(96.1, 99.9)),
        number("CD45 positive", share(0, 1.8)),
        number("CD34 positive", share(0, 1.8)),
        culture("Sterility (aerobic)", "no growth", "USP <71>"),
        culture("Sterility (anaerobic)", "no growth", "USP <71>"),
        number("Endotoxin", chance.choice(("< 0.05", "0.06", "0.08", "0.11")), "EU/mL", "LAL")
        if by_dose
        else number("Endotoxin", f"{chance.uniform(0.01, 2):.2f}", "EU/kg", "LAL"),
        culture("Mycoplasma", "not detected", "PCR"),
    ]
    fate = chance.randint(0, 99)
    at = chance.randrange(len(rows))
    odd = list(rows[at])
    if fate < 4:
        odd[2] = (
            "growth" if "Sterility" in odd[1] else "detected" if odd[1] == "Mycoplasma" else odd[2]
        )
        rows[at] = tuple(odd)
        rows[0] = number("Viability (%)", share(40, 69))
    elif fate < 6:
        del rows[at]
    elif fate < 9:
        odd[2], odd[5] = chance.choice(
            (("pending", "preliminary"), ("> 60", "final"), ("see report", "final"), ("", "final"))
        )
        rows[at] = tuple(odd)
    yield from rows


def facts_of(lot: str, chance: random.Random, harvested: dt.date) -> tuple[str, ...]:
    """Give the facts of one lot."""
    weight, volume = str(chance.randint(40, 110)), chance.choice(("50", "100", "150"))
    return (lot, "allogeneic", str(harvested), f"{harvested} 10:00", "intravenous", weight, volume)


def lots(count: int, first: int = 0) -> Iterator[tuple[str, random.Random, dt.date]]:
    """Name lots, each with a source of chance and a harvest of its own."""
    for number in range(first, first + count):
        chance = random.Random(number)
        yield f"MSC-{number:07d}", chance, _FIRST + dt.timedelta(days=chance.randrange(3700))


def write_csv(folder: Path, count: int, *, by_dose: bool = False) -> tuple[Path, Path]:
    """Write a table of results and one of facts, of so many lots."""
    results, facts = folder / f"results-{count}.csv", folder / f"lots-{count}.csv"
    with results.open("w", encoding="utf-8") as rows, facts.open("w", encoding="utf-8") as stated:
        rows.write(",".join(RESULTS) + "\n")
        stated.write(",".join(FACTS) + "\n")
        for lot, chance, harvested in lots(count):
            stated.write(",".join(facts_of(lot, chance, harvested)) + "\n")
            told = results_of(lot, chance, harvested, by_dose=by_dose)
            rows.writelines(",".join(row) + "\n" for row in told)
    return results, facts
