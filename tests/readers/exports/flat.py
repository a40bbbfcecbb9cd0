"""Writes exports that name gates and not their parents, after the headings of real ones.

The real ones are a CytExpert table with semicolons and decimal commas, and the headings of Kaluza,
MACSQuantify and NovoExpress that others read. Names and numbers are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
from lots import assess, criterion, manifest, specification, write_lot

from qcvalidate.assessment import Assessment, Outcome
from qcvalidate.pipeline import open_laboratory, read
from qcvalidate.record import Record, Reported, Severity

LABORATORY = open_laboratory()
SPEC = (
    specification(criterion("viability", "at_least: '70'", "%"))
    + "populations:\n"
    + "  viability: {of: [Cells, Singlets], is: [Cells, Singlets, Viable]}\n"
)
VIABLE = ("Cells", "Singlets", "Viable")

CYTEXPERT_HEAD = (
    "Tube Name:;Sample ID:;All Events Events;Cells Events;Cells % Parent;Cells % Total;"
    "Singlets Events;Singlets % Parent;Viable Events;Viable % Parent;Viable Events/μL(V);"
    "Viable Median PE-A"
)
CYTEXPERT_ROW = "L-1;;10000;8000;80,00;80,00;7500;93,75;7125;95,00;1424,87;297,3"


def cytexpert(*rows: str, head: str = CYTEXPERT_HEAD) -> str:
    blanks = ";" * (head.count(";") - 1)
    return "\n".join([f"Experiment Name:;E 1{blanks}", f";{blanks}", head, *rows]) + "\n"


NOVO_HEAD = (
    "Specimen No.,Specimen,Well ID,Sample,Run Time,All Count,Cells Count,Cells % Parent,"
    "Singlets Count,Singlets % Parent,Viable Count,Viable % Parent,Viable Abs. Count"
)
NOVO_ROW = "1,L-1,A1,L-1,00:01:12,10000,8000,80.00%,7500,93.75%,7125,95.00%,1424.87"


def novo(*rows: str, head: str = NOVO_HEAD) -> str:
    return "\ufeff" + "\n".join([head, *rows]) + "\n"


KALUZA_HEAD = "Data Set,Gate,Number,%Total,%Gated,X-Med,X-AMean,X-GMean"
KALUZA_ROWS = (
    "L-1,All,10000,100.00,100.00,5,5,5",
    "L-1,Cells,8000,80.00,80.00,5,5,5",
    "L-1,All,8000,80.00,100.00,5,5,5",
    "L-1,Singlets,7500,75.00,93.75,5,5,5",
    "L-1,Viable,7125,71.25,95.00,5,5,5",
)


def kaluza(rows: Sequence[str] = KALUZA_ROWS, head: str = KALUZA_HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


Value = str | float | int | None
MACS_HEAD: tuple[Value, ...] = ("Full path", "WID", "%-#", "Count/mL")
MACS_ROWS: tuple[tuple[Value, ...], ...] = (
    ("L-1.0001", "---", "---", "2000000,0"),
    ("L-1.0001\\Cells", "A1", "80,00", "1600000,0"),
    ("L-1.0001\\Cells\\Singlets", "A1", "93,75", "1500000,0"),
    ("L-1.0001\\Cells\\Singlets\\Viable", "A1", "95,00", "1425000,0"),
)


def macs(
    path: Path,
    rows: Sequence[Sequence[Value]] = MACS_ROWS,
    head: Sequence[Value] = MACS_HEAD,
    more: Sequence[Sequence[Value]] = (),
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(list(row))
    if more:
        second = book.create_sheet("Second")
        for row in more:
            second.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path.read_bytes()


# --- what is made of them ------------------------------------------------------------------


def record_of(folder: Path, content: str | bytes, name: str) -> Record:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(folder / name, LABORATORY)


def populations(record: Record) -> dict[tuple[str, tuple[str, ...]], Reported]:
    found = {(one.sample, one.path): one for one in record.reported}
    assert len(found) == len(record.reported)
    return found


def judged(
    folder: Path, content: str | bytes, name: str, more: str = "", spec: str = SPEC
) -> Assessment:
    return assess(write_lot(folder / "lot", {name: content}, manifest() + more), spec)


def outcome(assessment: Assessment) -> Outcome:
    return assessment.results[0].outcome


def held(assessment: Assessment) -> set[str]:
    return {one.slug for one in assessment.findings if one.severity is Severity.HOLD}


def told(assessment: Assessment, slug: str) -> str:
    return " ".join(one.message for one in assessment.findings if one.slug == slug)
