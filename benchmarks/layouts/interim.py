"""An interim report: the rapid tests are done and the culture is not; a status for each row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    gram_stain,
    mycoplasma,
    sterility,
)

_DATE = "{MON} {d02}, {y}"
_NAMES = {
    "gram_stain": "Gram Stain",
    "endotoxin": "Endotoxin (LAL)",
    "mycoplasma": "Mycoplasma PCR",
    "sterility": "Sterility Culture",
}


def compose(rng: Random) -> Truth:
    """Invent a report of the first days, its culture still in the incubator."""
    truth = begin(
        rng,
        "Cobalt Creek Release Testing",
        "CCR{n:06d}-P",
        ("sampled", "received"),
        status="preliminary",
    )
    lines = [gram_stain(rng), endotoxin(rng), mycoplasma(rng)]
    lines += sterility(rng, (None,), pending=1.0)
    # No verdict is printed, but the limit is, and a result that misses it has failed.
    silent = tuple(replace(line, verdict=None) for line in lines)
    return replace(
        fill(truth, lines), lines=silent, sample_id=f"CC-{rng.randrange(10_000, 99_999)}"
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    canvas = Canvas(str(path), pagesize=letter)
    logo(canvas, 50, 730, 36, "#1f6f78")
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(100, 745, "PRELIMINARY REPORT")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        100, 733, "Cobalt Creek Release Testing, Inc. · 300 Smelter Avenue · Cobalt Creek, ID 83999"
    )
    y = 700.0
    for label, value in (
        ("Report No:", truth.report_number),
        ("Report Status:", "Preliminary"),
        ("Client:", truth.client),
        ("Product:", truth.product),
        ("Lot No:", truth.lot),
        ("Sample ID:", truth.sample_id),
        ("Collected:", day(truth.date_sampled, _DATE)),
        ("Received:", day(truth.date_received, _DATE)),
    ):
        canvas.setFont("Helvetica-Bold", 9.5)
        canvas.drawString(50, y, label)
        canvas.setFont("Helvetica", 9.5)
        canvas.drawString(150, y, value or "")
        y -= 14
    table = Table(
        [["Test", "Result", "Specification", "Status"], *[_row(line) for line in truth.lines]],
        colWidths=(150, 140, 130, 90),
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#1f6f78")),
                ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9.5),
                ("FONT", (0, 1), (-1, -1), "Helvetica", 9.5),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey),
            ]
        ),
    )
    table.wrapOn(canvas, 510, 200)
    table.drawOn(canvas, 50, y - 110)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(
        50, y - 130, "A final report will follow when the 14-day culture is complete."
    )
    canvas.drawString(50, y - 170, f"Reviewed by: {truth.signed_by}")
    canvas.save()


def _row(line: Line) -> list[str]:
    name = _NAMES[line.test]
    if line.reading == "pending":
        return [name, "Pending", "No growth", "In progress"]
    if line.amount is not None:
        return [name, f"{number(line.amount, gap='')} EU/mL", "NMT 0.50 EU/mL", "Complete"]
    good, bad = ("No organisms seen", "Gram-negative rods seen")
    if line.test == "mycoplasma":
        good, bad = ("Not detected", "Detected")
    return [name, bad if line.reading == "positive" else good, good, "Complete"]
