"""A stem cell laboratory's graft assessment: counts and doses in a small grid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, vera
from benchmarks.layouts.truth import Amount, Line, Truth, begin, fill, viability

_DATE = "{d02}/{Mon}/{y}"


def compose(rng: Random) -> Truth:
    """Invent a graft: volume, nucleated cells, CD34+ cells and their viability."""
    truth = begin(
        rng,
        "Cell Processing Laboratory, Northgate Infirmary",
        "G{yy}-{n:04d}",
        ("sampled", "issued"),
        days=0,
    )
    lines = [
        Line(test="volume", amount=Amount(str(rng.randrange(80, 320))), unit="mL"),
        Line(
            test="total_nucleated_cells",
            amount=Amount(f"{rng.randrange(10, 60)}.{rng.randrange(10)}", exponent=9),
            unit="cells",
        ),
        Line(test="cd34_absolute", amount=Amount(str(rng.randrange(210, 4200))), unit="cells/uL"),
        Line(
            test="cd34_dose_per_kg",
            amount=Amount(f"{rng.randrange(2, 9)}.{rng.randrange(10, 99)}", exponent=6),
            unit="cells/kg",
        ),
        replace(viability(rng), verdict=None),
    ]
    return replace(fill(truth, lines), lot=None, sample_id=f"A{rng.randrange(10_000, 99_999)}")


def draw(truth: Truth, path: Path) -> None:
    """Print the assessment."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont(bold, 13)
    canvas.drawString(50, 800, "GRAFT ASSESSMENT REPORT")
    canvas.setFont(plain, 8.5)
    canvas.drawString(50, 786, truth.laboratory)
    for at, (label, value) in enumerate(
        (
            ("Report no.", truth.report_number),
            ("Sample no.", truth.sample_id),
            ("Product", "HPC, Apheresis"),
            ("Collection date", day(truth.date_sampled, _DATE)),
            ("Report date", day(truth.date_issued, _DATE)),
        )
    ):
        canvas.setFont(bold, 9)
        canvas.drawString(50, 755 - 15 * at, f"{label}")
        canvas.setFont(plain, 9)
        canvas.drawString(160, 755 - 15 * at, value or "")
    volume, tnc, cd34, dose, viable = (line.amount for line in truth.lines)
    assert volume is not None
    assert tnc is not None
    assert cd34 is not None
    assert dose is not None
    assert viable is not None
    rows = [
        ["Measurement", "Value", "Unit"],
        ["Volume", volume.digits, "mL"],
        ["Total nucleated cells", f"{tnc.digits} x 10^9", "cells"],
        ["CD34+ cells, absolute count", cd34.digits, "cells/µL"],
        ["Viable CD34+ cells per kg recipient", f"{dose.digits} x 10^6", "cells/kg"],
        ["Viability (7-AAD)", viable.digits, "%"],
    ]
    table = Table(
        rows,
        colWidths=(230, 120, 90),
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), bold, 9),
                ("FONT", (0, 1), (-1, -1), plain, 9),
                ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
                ("ALIGN", (1, 1), (1, -1), "RIGHT"),
            ]
        ),
    )
    table.wrapOn(canvas, 500, 300)
    table.drawOn(canvas, 50, 540)
    canvas.setFont(plain, 9)
    canvas.drawString(50, 500, f"Authorised by: {truth.signed_by}")
    canvas.save()
