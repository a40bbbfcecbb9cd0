"""A laboratory's summary sheet: tests across, facts of each downwards."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, number, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d02}{MON}{y}"
_NAMES = {
    "sterility": "Sterility",
    "endotoxin": "Endotoxin",
    "mycoplasma": "Mycoplasma",
    "viability": "Viability",
}


def compose(rng: Random) -> Truth:
    """Invent a sheet of four tests."""
    truth = begin(
        rng,
        "Old Quay Translational Lab",
        "OQ-{n:06d}",
        ("received", "started", "completed", "issued"),
    )
    return fill(truth, [*sterility(rng, (None,)), endotoxin(rng), mycoplasma(rng), viability(rng)])


def draw(truth: Truth, path: Path) -> None:
    """Print the sheet."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=landscape(A4))
    canvas.setFont(bold, 14)
    canvas.drawString(40, 550, "QC Summary Sheet")
    canvas.setFont(plain, 9)
    canvas.drawString(
        40,
        532,
        f"Sheet ID: {truth.report_number}     Batch: {truth.lot}     Customer: {truth.client}",
    )
    canvas.drawString(
        40,
        518,
        f"Received: {day(truth.date_received, _DATE)}     "
        f"Testing started: {day(truth.date_started, _DATE)}     "
        f"Testing completed: {day(truth.date_completed, _DATE)}     "
        f"Issued: {day(truth.date_issued, _DATE)}",
    )
    rows: list[list[str]] = [["", *[_NAMES[line.test] for line in truth.lines]]]
    told = [_told(line) for line in truth.lines]
    rows.append(["Method", "USP <71>", "USP <85>", "PCR", "Trypan blue"])
    rows.append(["Acceptance criterion", *[limit for _, limit in told]])
    rows.append(["Result", *[result for result, _ in told]])
    rows.append(
        ["Pass / Fail", *["Pass" if line.verdict == "pass" else "Fail" for line in truth.lines]]
    )
    table = Table(
        rows,
        colWidths=(140, 140, 140, 140, 140),
        rowHeights=28,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("FONT", (0, 0), (-1, -1), plain, 9),
                ("FONT", (0, 0), (-1, 0), bold, 9),
                ("FONT", (0, 0), (0, -1), bold, 9),
                ("BACKGROUND", (0, 0), (0, -1), colors.HexColor("#eeeeee")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
    table.wrapOn(canvas, 700, 300)
    table.drawOn(canvas, 40, 350)
    canvas.drawString(40, 320, f"Reviewed by: {truth.signed_by}")
    canvas.save()


def _told(line: Line) -> tuple[str, str]:
    if line.amount is None or line.limit is None:
        words = ("No growth", "Growth") if line.test == "sterility" else ("Negative", "Positive")
        return words[line.reading == "positive"], words[0]
    return f"{number(line.amount)} {line.unit}", f"{number(line.limit)} {line.unit}"
