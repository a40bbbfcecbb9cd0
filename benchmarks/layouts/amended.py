"""An amended report: what it replaces, a reason in a box, ticks instead of words for its marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number
from benchmarks.layouts.truth import Line, Truth, begin, endotoxin, fill, mycoplasma, sterility

_DATE = "{d02} {Month} {y}"


def compose(rng: Random) -> Truth:
    """Invent a second issue of a report."""
    truth = begin(
        rng,
        "Pendle Moor Sterility Unit",
        "PMS/{yy}/{n:04d}",
        ("sampled", "received", "started", "completed", "issued"),
        status="amended",
    )
    lines = [*sterility(rng, growth=0.1), endotoxin(rng, limit="0.25"), mycoplasma(rng)]
    first = truth.report_number or ""
    return replace(fill(truth, lines), report_number=f"{first}-A1", replaces=first)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    canvas = Canvas(str(path), pagesize=A4)
    logo(canvas, 505, 780, 40, "#5a3d7a")
    canvas.setFont("Times-Bold", 17)
    canvas.drawString(50, 795, "AMENDED REPORT OF ANALYSIS")
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(50, 780, "Pendle Moor Sterility Unit, Moor Lane, Pendle, ZZ99 9ZZ")
    canvas.setStrokeColor(colors.HexColor("#5a3d7a"))
    canvas.rect(50, 728, 495, 36)
    canvas.drawString(
        56, 750, f"This report supersedes report {truth.replaces}, which must be destroyed."
    )
    canvas.drawString(
        56, 736, "Reason for amendment: client name corrected. No result has changed."
    )
    y = 704.0
    for label, value in (
        ("Report reference", truth.report_number),
        ("Client", truth.client),
        ("Product description", truth.product),
        ("Batch reference", truth.lot),
        ("Date sampled", day(truth.date_sampled, _DATE)),
        ("Date received", day(truth.date_received, _DATE)),
        ("Date test commenced", day(truth.date_started, _DATE)),
        ("Date test completed", day(truth.date_completed, _DATE)),
        ("Date of this report", day(truth.date_issued, _DATE)),
    ):
        canvas.setFont("Times-Roman", 10.5)
        canvas.drawRightString(180, y, label)
        canvas.setFont("Times-Bold", 10.5)
        canvas.drawString(192, y, value or "")
        y -= 16
    table = Table(
        [["Test", "Result", "Limit", "Pass", "Fail"], *[_row(line) for line in truth.lines]],
        colWidths=(200, 125, 90, 40, 40),
        rowHeights=24,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("FONT", (0, 0), (-1, 0), "Times-Bold", 10),
                ("FONT", (0, 1), (2, -1), "Times-Roman", 10),
                ("FONT", (3, 1), (-1, -1), "ZapfDingbats", 11),
                ("ALIGN", (3, 0), (-1, -1), "CENTER"),
            ]
        ),
    )
    table.wrapOn(canvas, 495, 300)
    table.drawOn(canvas, 50, y - 24 * (len(truth.lines) + 1) - 10)
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(50, 260, f"Authorised signatory: {truth.signed_by}")
    canvas.setFont("Times-Roman", 8)
    canvas.drawString(
        50, 40, "Controls: all positive and negative controls gave the expected results."
    )
    canvas.drawRightString(545, 40, "Page 1 of 1")
    canvas.save()


def _row(line: Line) -> list[object]:
    ticks = ["\u2714", ""] if line.verdict == "pass" else ["", "\u2714"]
    if line.test == "sterility":
        medium = {"anaerobic": "fluid thioglycollate medium", "aerobic": "tryptone soya broth"}[
            line.part or ""
        ]
        found = (
            "No growth at 14 days" if line.reading == "negative" else f"Growth at day {line.day}"
        )
        return [f"Sterility: {medium}", found, "No growth", *ticks]
    if line.amount is None:
        return [
            "Mycoplasma DNA (PCR)",
            "Not detected" if line.reading == "negative" else "Detected",
            "Not detected",
            *ticks,
        ]
    return ["Bacterial endotoxins", f"{number(line.amount)} IU/mL", "max 0.25 IU/mL", *ticks]
