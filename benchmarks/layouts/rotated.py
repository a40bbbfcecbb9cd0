"""A page that was turned on its side in the file, with one line of results for a batch."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, number
from benchmarks.layouts.truth import Truth, begin, endotoxin, fill, mycoplasma, sterility, viability

_DATE = "{y}-{m02}-{d02}"


def compose(rng: Random) -> Truth:
    """Invent one batch with four results in one line."""
    truth = begin(rng, "Ostrava Road Cell Testing", "ORC-{y}-{n:04d}")
    return fill(truth, [*sterility(rng, (None,)), endotoxin(rng), mycoplasma(rng), viability(rng)])


def draw(truth: Truth, path: Path) -> None:
    """Print the page, and have the file turn it by 90 degrees."""
    canvas = Canvas(str(path), pagesize=landscape(A4))
    canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.translate(0, -A4[0])
    culture, toxin, myco, cells = truth.lines
    assert toxin.amount is not None
    assert cells.amount is not None
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(50, 540, "Batch Release Test Certificate")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(50, 524, "Ostrava Road Cell Testing")
    pairs = (
        ("Certificate No:", truth.report_number),
        ("Customer:", truth.client),
        ("Date received:", day(truth.date_received, _DATE)),
        ("Date started:", day(truth.date_started, _DATE)),
        ("Date completed:", day(truth.date_completed, _DATE)),
        ("Date issued:", day(truth.date_issued, _DATE)),
    )
    for at, (label, value) in enumerate(pairs):
        canvas.drawString(50, 495 - 14 * at, label)
        canvas.drawString(140, 495 - 14 * at, value or "")
    table = Table(
        [
            ["Batch number", "Sterility", "Endotoxin", "Mycoplasma", "Viability"],
            ["Limit", "No growth", "NMT 0.50 EU/mL", "Negative", "NLT 70 %"],
            [
                truth.lot,
                "No growth" if culture.reading == "negative" else "Growth",
                f"{number(toxin.amount)} EU/mL",
                "Negative" if myco.reading == "negative" else "Positive",
                f"{number(cells.amount)} %",
            ],
        ],
        colWidths=(150, 130, 130, 130, 130),
        rowHeights=26,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10),
                ("FONT", (0, 1), (-1, -1), "Helvetica", 10),
                ("FONT", (0, 1), (-1, 1), "Helvetica-Oblique", 9),
            ]
        ),
    )
    table.wrapOn(canvas, 700, 200)
    table.drawOn(canvas, 50, 310)
    canvas.setFont("Helvetica", 10)
    told = "FAIL" if truth.failed else "PASS"
    canvas.drawString(50, 280, f"Conclusion: {told}")
    canvas.drawString(50, 250, f"Approved by: {truth.signed_by}")
    canvas.save()
