"""Makes tables of results of random lots, with much that is odd, for the tests of stacking."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from qcvalidate.catalogue import open_catalogue
from qcvalidate.recheck.lottable import LotTable, read_lots
from qcvalidate.recheck.partitions import Partition, read_texts
from qcvalidate.recheck.resultrows import ResultRows, read_rows
from qcvalidate.recheck.tablelots import Course, TableLots, put_together
from qcvalidate.specification import Specification, load_specification
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
VOCABULARY = load_vocabulary(CATALOGUE)
TODAY = dt.date(2026, 6, 1)
HEADER = (
    "Lot", "Sample ID", "Test", "Part", "Role", "Method", "Result", "Unit", "Status", "Started",
    "Ended", "Measured at", "Sampled", "Remark", "State",
)  # fmt: skip
FACTS = (
    "lot", "donor.relation", "donor.tissue", "donor.recovered", "donor.specimen_of",
    "donor.age_days", "manufacture.harvested", "manufacture.thawed", "manufacture.expires",
    "dose.route", "dose.recipient_weight_kg", "dose.volume_mL", "dose.infusion_hours", "judged_on",
    "delivery.guidance", "findings",
)  # fmt: skip

SPECIFICATION = """
id: stacked
version: 1.0.0
title: A product
decision_rule: simple
applies_to: {relation: [allogeneic, autologous]}
staged_release:
  {plan: wait, requires: [gram_stain], call: the physician, reference: SOP 1}
criteria:
  - {id: viability, title: Viability, test: viability, unit: "%", accept: {at_least: "70"},
     alert: {at_least: "75"}, evidence: {after_harvest: "true"}, reference: SOP 1,
     severity: blocking}
  - {id: thawed, title: Viability after thaw, test: viability, unit: "%", accept: {at_least: "70"},
     evidence: {max_hours_after_thaw: "2"}, reference: SOP 1, severity: blocking}
  - {id: sterility, title: Sterility, test: sterility, accept: {one_of: [negative]},
     evidence: {parts: [aerobic, anaerobic], min_days: "14", after_harvest: "true"},
     reference: SOP 1, severity: pending_allowed}
  - {id: in_process, title: In process, test: in_process_culture, accept: {one_of: [negative]},
     evidence: {min_days: "2", before_harvest: "true", hours_before_harvest: ["48", "72"],
     interim: "true"}, presence: when_reported, reference: SOP 1, severity: blocking}
  - {id: gram_stain, title: Gram stain, test: gram_stain, accept: {one_of: [negative]},
     reference: SOP 1, severity: blocking}
  - {id: endotoxin, title: Endotoxin, test: endotoxin, unit: EU/kg, accept: {at_most: "5"},
     evidence: {within_mvd: "true", per_hour: "true"},
     applies_when: {route: [intravenous]}, reference: SOP 1, severity: blocking}
  - {id: ppc, title: PPC, test: endotoxin_ppc, unit: "%", accept: {within: ["50", "200"]},
     when_not_met: INVALID, presence: when_reported, reference: SOP 1, severity: blocking}
  - {id: dose, title: Dose, test: [viable_dose_per_kg, viable_cell_concentration], unit: cells/kg,
     accept: {at_least: "1.0e6"}, reference: SOP 1, severity: blocking}
  - {id: cd34, title: CD34, test: cd34_positive, unit: "%", accept: {at_most: "2"},
     uncertainty: {standard: "0.1", coverage: "2", source: SOP 2},
     reference: SOP 1, severity: warning}
  - {id: mycoplasma, title: Mycoplasma, test: mycoplasma, accept: {one_of: [negative]},
     evidence: {max_lod_cfu_per_ml: "10", culture: {names: [culture], apart: [cell culture],
     min_days: "28"}}, reference: SOP 1, severity: blocking}
donor_panel: us-hctp
"""


@dataclass(frozen=True)
class Made:
    """A random table of lots: the rows of its results, and of its facts."""

    rows: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, ...], ...]


def specification(folder: Path, text: str = SPECIFICATION) -> Specification:
    """Load a specification that asks for most of what evidence can bring."""
    path = folder / "stacked.yaml"
    path.write_text(text, encoding="utf-8")
    return load_specification(path, CATALOGUE, VOCABULARY)


def csv_file(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a table as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([header, *rows])
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def results_of(path: Path) -> ResultRows:
    """Read a table of results."""
    return read_rows(read_texts(Partition(path, path.name)), VOCABULARY)


def facts_of(path: Path) -> LotTable:
    """Read a table of lots."""
    return read_lots(read_texts(Partition(path, path.name)), CATALOGUE)


def lots_of(made: Made, folder: Path, course: Course | None = None) -> TableLots:
    """Write a made table, and read it again."""
    rows = results_of(csv_file(folder / "results.csv", HEADER, made.rows))
    facts = facts_of(csv_file(folder / "lots.csv", FACTS, made.facts))
    return put_together(rows, facts, course or Course(TODAY))


def passing(count: int) -> Made:
    """Make lots that meet every criterion, each harvested on a day of its own."""
    rows, facts = [], []
    for number in range(count):
        lot, harvest = f"MSC-2026-{number:04d}", DAY
        ended = str(harvest + dt.timedelta(days=14))
        for test, result, unit in (
            ("Viability", "91.2", "%"),
            ("Sterility", "no growth", ""),
            ("Sterility", "no growth", ""),
            ("Gram stain", "negative", ""),
            ("Endotoxin", "< 0.05", "EU/mL"),
            ("Viable cell concentration", "1.2e6", "cells/mL"),
            ("CD34 positive", "0.4", "%"),
            ("Mycoplasma", "not detected", ""),
            *((test, "non-reactive", "") for test in _DONORS),
        ):
            part = ("aerobic", "anaerobic")[test == rows[-1][2]] if test == "Sterility" else ""
            incubated = test == "Sterility"
            rows.append(
                (
                    lot, "", test, part, "", "PCR" if test == "Mycoplasma" else "", result, unit,
                    "final", str(harvest) if incubated else "", ended if incubated else "",
                    f"{harvest} 10:30" if test == "Viability" else "",
                    "2026-02-19" if test in _DONORS else "", "", "",
                )
            )  # fmt: skip
        facts.append(
            (
                lot, "allogeneic", "bone_marrow", "2026-02-20", "", "", str(harvest),
                f"{harvest} 10:00", "2028-01-01", "intravenous", "70", "100", "", "", "", "",
            )
        )  # fmt: skip
    return Made(tuple(rows), tuple(facts))


# --- random lots ---------------------------------------------------------------------------

DAY = dt.date(2026, 3, 16)


def _mostly(usual: str, *odd: str) -> st.SearchStrategy[str]:
    return st.sampled_from([usual] * (9 * len(odd)) + list(odd))


_DONORS = (
    "HIV-1/2 antibody", "HIV/HBV/HCV NAT", "Hepatitis B surface antigen",
    "Hepatitis B core antibody", "Hepatitis C antibody", "Syphilis",
)  # fmt: skip
_RESULTS = {
    "Viability": (["91.2", "91.2", "91.4", "74.6", "69.4", "69.5", "> 60", "101", "n.d."], "%"),
    "Sterility": (["no growth"] * 6 + ["growth", "pending", "negative to date", "fine"], ""),
    "In-process culture": (["no growth", "no growth to date", "pending", "growth"], ""),
    "Gram stain": (["negative"] * 4 + ["positive", "invalid"], ""),
    "Endotoxin": (["< 0.05", "0.12", "2.9", "4.9", "< 5", "8"], "EU/mL"),
    "Endotoxin PPC": (["98", "40", "210"], "%"),
    "Viable cell concentration": (["1.2e6", "0.9e6", "900"], "cells/mL"),
    "Viable dose per kg": (["1.2e6", "0.9e6"], "cells/kg"),
    "Cell concentration": (["1.32e6", "1.0e6", "2.4e6", "> 1e6"], "cells/mL"),
    "Viable dose": (["1.2e8", "1.2e7", "0"], "cells"),
    "Volume": (["100", "40"], "mL"),
    "CD34 positive": (["0.4", "1.7", "1.9", "2.1", "3.0"], "%"),
    "Mycoplasma": (["not detected"] * 4 + ["detected", "pending"], ""),
    "Negative cocktail positive": (["0.4"], "%"),
    **{test: (["non-reactive"] * 12 + ["reactive", "invalid"], "") for test in _DONORS},
    "Colour of the vial": (["red", "7"], ""),
}
_RARE = (
    "In-process culture", "Endotoxin PPC", "Negative cocktail positive", "Viable dose per kg",
    "Cell concentration", "Viable dose", "Volume",
)  # fmt: skip
_USUAL = [name for name in _RESULTS if name not in (*_RARE, "Colour of the vial")]
# What may stand in a column in place of what is usual.
_ODD = {
    "Lot": ("msc-2026-0000", " MSC-2026-0001 "),
    "Sample ID": ("MSC-2026-0000", "MSC-2026-0001-2", "Negative control", "X-1", "maternal serum"),
    "Part": ("aerobic", "anaerobic", ""),
    "Role": ("sample", "negative control", "positive control", "spare"),
    "Method": ("PCR", "culture", "historical", "PCR, LOD 5 CFU/mL", "PCR, LOD 50 CFU/mL"),
    "Result": ("", "see report", "< 1"),
    "Unit": ("", "mL", "%"),
    "Status": ("preliminary", "cancelled", "amended", "odd", ""),
    "Started": ("", "31.02.2026", "2026-03-10", "2026-06-20"),
    "Ended": ("", "2027-01-01", "2026-03-10"),
    "Measured at": ("", "2026-03-16", "2026-03-16 12:30", "2026-02-01 08:00"),
    "Sampled": ("", "2026-01-01", "2026-03-01"),
    "Remark": ("repeated", "contaminated"),
    "State": ("confirmed", "ambiguous", "single_source"),
}


@st.composite
def _row(draw: Any, lot: str, test: str, part: str, harvest: dt.date) -> tuple[str, ...]:
    results, unit = _RESULTS[test]
    started = harvest + dt.timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 1, -2])))
    if test == "In-process culture":
        started = harvest - dt.timedelta(days=draw(st.sampled_from([2, 3, 2, 1])))
    ended = started + dt.timedelta(days=draw(st.sampled_from([14, 14, 14, 15, 28, 13, 2])))
    minutes = draw(st.sampled_from([30, 30, 45, 119, 120, 121, -1, 0]))
    measured = dt.datetime.combine(harvest, dt.time(10)) + dt.timedelta(minutes=minutes)
    incubated = test in ("Sterility", "In-process culture", "Mycoplasma")
    method = {"Mycoplasma": "PCR", "Viability": "AO/PI"}.get(test, "")
    row = dict.fromkeys(HEADER, "") | {
        "Lot": lot,
        "Test": test,
        "Part": part,
        "Method": method,
        "Result": draw(st.sampled_from(results)),
        "Unit": unit,
        "Status": "final",
        "Started": str(started) if incubated else "",
        "Ended": str(ended) if incubated else "",
        "Measured at": f"{measured:%Y-%m-%d %H:%M}" if test == "Viability" else "",
        "Sampled": draw(_mostly("2026-02-19", "2026-02-20")) if test in _DONORS else "",
    }
    for _ in range(draw(st.sampled_from([0] * 12 + [1, 1, 2]))):
        column = draw(st.sampled_from(sorted(_ODD)))
        row[column] = draw(st.sampled_from(_ODD[column]))
    return tuple(row.values())


@st.composite
def made_tables(draw: Any) -> Made:
    """Make a table of a few lots that mostly say the same, and sometimes do not."""
    rows: list[tuple[str, ...]] = []
    facts: list[tuple[str, ...]] = []
    for number in range(draw(st.integers(1, 6))):
        lot = f"MSC-2026-00{number:02d}"
        harvest = DAY + dt.timedelta(days=draw(st.integers(0, 3)))
        rare = [test for test in _RARE if draw(st.integers(0, 3)) == 0]
        odd = ["Colour of the vial"] if draw(st.integers(0, 9)) == 0 else []
        for test in (*_USUAL, *rare, *odd):
            parts = ("aerobic", "anaerobic") if test == "Sterility" else ("",)
            for _ in range(draw(st.sampled_from([1] * 12 + [2, 0, 3]))):
                rows += [draw(_row(lot, test, part, harvest)) for part in parts]
        stated = (
            lot,
            draw(_mostly("allogeneic", "autologous", "", "other")),
            draw(_mostly("bone_marrow", "cord_blood", "")),
            draw(_mostly("2026-02-20", "", "2026-03-30")),
            draw(_mostly("", "birth_mother")),
            draw(_mostly("", "12")),
            draw(_mostly(harvest.isoformat(), f"{harvest} 08:00", "")),
            draw(_mostly(f"{harvest} 10:00", "")),
            draw(_mostly("", "2028-01-01", "2026-05-01")),
            draw(_mostly("intravenous", "intrathecal", "")),
            draw(_mostly("70", "35", "")),
            draw(_mostly("100", "50", "")),
            draw(_mostly("", "2")),
            draw(_mostly("", "2026-05-20", "2026-03-20")),
            draw(_mostly("", "ultrasound")),
            draw(_mostly("", "804 unsigned", "FAIL 140")),
        )
        facts += [stated] * draw(st.sampled_from([1] * 9 + [0, 2]))
    return Made(tuple(draw(st.permutations(rows))), tuple(facts))
