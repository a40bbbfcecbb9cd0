"""Several samples in one report, a block with its own small table for each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number, para
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    lot_number,
    mycoplasma,
    sterility,
)

_DATE = "{Mon} {d}, {y}"


def compose(rng: Random) -> Truth:
    """Invent three or four samples, each of its own lot."""
    truth = begin(rng, "Bluegate BioAnalytical", "BGB-{n:05d}-FR", status="final")
    assert truth.date_received is not None
    lots: list[str] = []
    while len(lots) < rng.choice((3, 4)):
        lot = lot_number(rng, truth.date_received)
        lots += [lot] if lot not in lots else []
    lines: list[Line] = []
    for at, lot in enumerate(lots, start=1):
        own = [*sterility(rng, growth=0.1), endotoxin(rng), mycoplasma(rng)]
        lines += [
            replace(line, lot=lot, sample_id=f"{truth.report_number[4:9]}.{at:02d}") for line in own
        ]
    return replace(fill(truth, lines), lot=None)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    font, bold = "Helvetica", "Helvetica-Bold"
    story: list[object] = [
        Spacer(1, 20),
        para("Final Report", bold, 18),
        para("Microbiological quality control of cell products", font, 11),
        Spacer(1, 10),
        para(f"Report No. {truth.report_number}", bold, 10),
        para(f"Prepared for {truth.client}", font, 10),
        para(f"Samples received {day(truth.date_received, _DATE)}", font, 10),
        para(
            f"Testing period {day(truth.date_started, _DATE)} "
            f"to {day(truth.date_completed, _DATE)}",
            font,
            10,
        ),
        para(f"Report date {day(truth.date_issued, _DATE)}", font, 10),
        Spacer(1, 14),
    ]
    for sample in dict.fromkeys(line.sample_id for line in truth.lines):
        lines = [line for line in truth.lines if line.sample_id == sample]
        table = Table(
            [["Test", "Medium / Method", "Result", "Requirement"], *[_row(line) for line in lines]],
            colWidths=(120, 150, 120, 110),
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, 0), bold, 9),
                    ("FONT", (0, 1), (-1, -1), font, 9),
                    ("INNERGRID", (0, 0), (-1, -1), 0.3, colors.grey),
                    ("BOX", (0, 0), (-1, -1), 0.8, colors.black),
                ]
            ),
        )
        name = f"Sample {sample} &nbsp; Lot {lines[0].lot}"
        story.append(KeepTogether([para(name, bold, 10.5), Spacer(1, 4), table, Spacer(1, 14)]))
    story.append(para(f"Approved: {truth.signed_by}, Study Director", font, 10))
    SimpleDocTemplate(str(path), pagesize=letter).build(
        story, onFirstPage=_stationery, onLaterPages=_stationery
    )


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 72, 735, 30)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        110, 745, "Bluegate BioAnalytical LLC · 77 Ferry Street · Port Calder, WA 98999"
    )
    canvas.drawRightString(540, 30, f"Page {canvas.getPageNumber()}")


def _row(line: Line) -> list[str]:
    if line.test == "sterility":
        medium = {"anaerobic": "Thioglycollate (FTM)", "aerobic": "Soybean-casein digest (TSB)"}[
            line.part or ""
        ]
        found = "No growth" if line.reading == "negative" else f"Growth (day {line.day})"
        return ["Sterility", medium, found, "No growth"]
    if line.amount is None:
        found = "Negative" if line.reading == "negative" else "POSITIVE"
        return ["Mycoplasma", "Real-time PCR", found, "Negative"]
    return [
        "Endotoxin",
        "Kinetic turbidimetric LAL",
        f"{number(line.amount, gap='')} EU/mL",
        "NMT 0.50 EU/mL",
    ]
