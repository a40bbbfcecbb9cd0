"""A molecular laboratory's mycoplasma report: one sample, its controls, its conclusion."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SERIF, build, choose, day, facts, logo, padded, para
from benchmarks.layouts.truth import Line, Truth, lot_number

_DATE = "{d} {Month} {y}"
_CLIENTS = (
    "Ashdown Cell Therapies Ltd",
    "The Merrow Clinic",
    "Westering Biobank",
    "Calder Tissue Services",
)
_PRODUCTS = (
    "MSC culture supernatant",
    "MSC suspension, passage 4",
    "Adipose MSC, pre-harvest culture",
)
_PEOPLE = ("Dr Fiona Brackwell", "Dr Colm Hegarty-Lyle", "Joanne Sedgemoor", "Dr A. Tamsin")


def compose(rng: Random) -> Truth:
    """Invent one sample; now and then it is contaminated."""
    received = dt.date(2025, 1, 6) + dt.timedelta(days=rng.randrange(700))
    started = received + dt.timedelta(days=rng.randrange(1, 4))
    ended = started + dt.timedelta(days=rng.randrange(2))
    fate = rng.random()
    found, amended = fate < 0.12, fate > 0.92
    number = f"MYC{received.year % 100}/{rng.randrange(100, 9999):04d}"
    return Truth(
        laboratory="Pinnock Molecular Diagnostics Ltd",
        report_number=f"{number}-R2" if amended else number,
        replaces=number if amended else None,
        status="amended" if amended else None,
        lot=lot_number(rng, received),
        client=rng.choice(_CLIENTS),
        product=rng.choice(_PRODUCTS),
        sample_id=f"PMD-{rng.randrange(10_000, 99_999)}",
        date_received=received,
        date_started=started,
        date_completed=ended,
        date_issued=ended + dt.timedelta(days=rng.randrange(3)),
        signed_by=rng.choice(_PEOPLE),
        lines=(
            Line(
                test="mycoplasma",
                reading="positive" if found else "negative",
                method="qPCR, Ph. Eur. 2.6.7",
            ),
        ),
        also=(
            Line(test="mycoplasma", role="positive_control", reading="positive"),
            Line(test="mycoplasma", role="negative_control", reading="negative"),
        ),
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    about = (
        ("Report number", truth.report_number),
        ("Customer", truth.client),
        ("Sample ID", truth.sample_id),
        ("Sample description", truth.product),
        (choose(truth, "Batch number", "Lot number", "Customer batch no."), truth.lot),
        ("Date received", day(truth.date_received, _DATE)),
        ("Test started", day(truth.date_started, _DATE)),
        ("Test completed", day(truth.date_completed, _DATE)),
        ("Date of report", day(truth.date_issued, _DATE)),
        ("Method", "Real-time PCR, validated according to Ph. Eur. 2.6.7"),
    )
    block = facts(about, (130, 360), SERIF, 10, *padded(1.5, 2))
    found = truth.lines[0].reading == "positive"
    results = Table(
        [
            ["", "Mycoplasma DNA"],
            [f"Sample {truth.sample_id}", "DETECTED" if found else "Not detected"],
            ["Positive control", "Detected"],
            ["Negative control", "Not detected"],
        ],
        colWidths=(240, 250),
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), "Times-Bold", 10.5),
                ("FONT", (0, 1), (-1, -1), "Times-Roman", 10.5),
                ("FONT", (1, 1), (1, 1), "Times-Bold", 10.5),
                ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
            ]
        ),
    )
    said = (
        "Mycoplasma DNA was detected in the sample."
        if found
        else "No mycoplasma DNA was detected in the sample."
    )
    story = [
        para("Mycoplasma Test Report", "Times-Bold", 17),
        Spacer(1, 4),
    ]
    if truth.replaces:
        story += [
            para(
                f"AMENDED REPORT - replaces report {truth.replaces} (customer name corrected)",
                "Times-Bold",
                10,
            ),
        ]
    story += [
        Spacer(1, 12),
        block,
        Spacer(1, 16),
        para("Results", "Times-Bold", 12),
        Spacer(1, 6),
        results,
        Spacer(1, 14),
        para(f"<b>Conclusion:</b> {said}", "Times-Roman", 10.5),
        Spacer(1, 6),
        para(
            "The controls met the acceptance criteria and the test is valid.", "Times-Roman", 10.5
        ),
        Spacer(1, 44),
        para(f"<i>{truth.signed_by}</i>", "Times-Roman", 14),
        Spacer(1, 3),
        para(f"Authorised by: {truth.signed_by}, Laboratory Manager", "Times-Roman", 10),
    ]
    build(path, story, _stationery, A4, (50, 50, 105, 72))


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 505, 775, 38, "#6a4c93")
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(56, 797, "Pinnock Molecular Diagnostics Ltd")
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(56, 784, "Unit 5, Saltmarsh Science Park, Pinnock, ZZ1 1ZZ")
    canvas.line(56, 768, 543, 768)
    canvas.setFont("Times-Roman", 8)
    canvas.drawCentredString(
        297,
        48,
        "The results relate only to the sample tested. This report may be reproduced only in full.",
    )
    canvas.drawCentredString(297, 37, "Page 1 of 1")
