"""A hospital's microbiology report: blocks of text from the record system, no table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day
from benchmarks.layouts.truth import Line, Truth, begin, fill, gram_stain, sterility
from qcvalidate.locale import Locale

# Its dates are too near to one another to prove their order.
LOCALE = Locale(dates="MDY")
_DATE = "{m}/{d}/{y}"


def compose(rng: Random) -> Truth:
    """Invent a culture with its stain; some are preliminary."""
    preliminary = rng.random() < 0.25
    truth = begin(
        rng,
        "St. Aldwyn Medical Center",
        "M{n:05d}",
        ("sampled", "received", "issued"),
        status="preliminary" if preliminary else "final",
    )
    found = sterility(rng, (None,))
    lines: list[Line] = [gram_stain(rng), *found]
    if preliminary:
        lines[1] = Line(test="sterility", reading="pending")
        return fill(truth, lines)
    return fill(truth, [replace(line, verdict=None) for line in lines])


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    stain, culture = truth.lines
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(
        45, 750, "St. Aldwyn Medical Center - Department of Pathology and Laboratory Medicine"
    )
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        45,
        739,
        "100 Infirmary Road, Aldwyn, PA 19999   CLIA# 99D9999999   Director: R. Quillfeather, MD",
    )
    canvas.line(45, 733, 567, 733)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(45, 712, "Culture, Sterility, Stem Cell Product")
    canvas.setFont("Helvetica", 9)
    about = (
        (
            f"Accession #: {truth.report_number}",
            f"Collected: {day(truth.date_sampled, _DATE)} 0915",
        ),
        (f"Product lot #: {truth.lot}", f"Received: {day(truth.date_received, _DATE)} 1102"),
        (f"Ordered by: {truth.client}", f"Reported: {day(truth.date_issued, _DATE)} 1437"),
        (
            f"Specimen: {truth.product}",
            f"Status: {'Preliminary result' if truth.status == 'preliminary' else 'Final result'}",
        ),
    )
    y = 694.0
    for left, right in about:
        canvas.drawString(45, y, left)
        canvas.drawString(360, y, right)
        y -= 13
    stained = (
        "No organisms seen" if stain.reading == "negative" else "Gram positive cocci in clusters"
    )
    if culture.reading == "pending":
        grown = "No growth to date. Culture in progress, incubation continues to 14 days."
    elif culture.reading == "positive":
        grown = f"Growth of {culture.organism} detected on day {culture.day}"
    else:
        grown = "No growth after 14 days"
    for title, lines in (
        ("GRAM STAIN", [stained]),
        ("CULTURE", [grown]),
        (
            "COMMENT",
            [
                "Aerobic and anaerobic bottles inoculated.",
                "This product is not intended for diagnosis.",
            ],
        ),
    ):
        y -= 12
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(45, y, title)
        canvas.setFont("Helvetica", 9)
        for text in lines:
            y -= 12
            canvas.drawString(63, y, text)
        y -= 6
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        45,
        y - 24,
        f"Electronically signed by {truth.signed_by} on {day(truth.date_issued, _DATE)} at 2:37 PM",
    )
    canvas.drawString(45, 40, "Printed from the electronic record. Confidential.")
    canvas.save()
