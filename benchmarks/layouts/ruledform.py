"""A form of a small sterility laboratory: everything in ruled cells, a legend at its foot."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, logo
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_MEDIA = {
    "anaerobic": "Fluid Thioglycollate Medium",
    "aerobic": "Soybean-Casein Digest Medium",
}
_US = "{m02}/{d02}/{y}"


def compose(rng: Random) -> Truth:
    """Invent a sterility form with its two controls."""
    truth = begin(
        rng, "Tallgrass Microbial Services", "{yy}-{n:05d}", ("received", "started", "completed")
    )
    lines = sterility(rng)
    controls = (
        Line(test="sterility", role="negative_control", reading="negative"),
        Line(test="sterility", role="positive_control", reading="positive"),
    )
    return fill(truth, [*lines, *controls])


def draw(truth: Truth, path: Path) -> None:
    """Print the form."""
    canvas = Canvas(str(path), pagesize=letter)
    logo(canvas, 50, 715, 34, "#444444")
    canvas.setFont("Times-Bold", 15)
    canvas.drawCentredString(306, 735, truth.laboratory.upper())
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(306, 722, "4410 Mill Pond Parkway, Dunmore, OH 43999   (555) 013-7700")
    canvas.setFont("Times-Bold", 13)
    canvas.drawCentredString(306, 694, "STERILITY TEST REPORT")
    cells = [
        [("CLIENT", truth.client, 260), ("LAB NO.", truth.report_number, 250)],
        [("PRODUCT", truth.product, 510)],
        [
            (
                choose(truth, "LOT NUMBER", "LOT #", "BATCH/LOT NO.", "LOT NO."),
                truth.lot or "",
                260,
            ),
            ("SAMPLE SIZE", "2 x 5 mL", 250),
        ],
        [
            (choose(truth, "DATE RECEIVED", "RECEIVED"), day(truth.date_received, _US), 170),
            ("TEST INITIATED", day(truth.date_started, _US), 170),
            ("TEST COMPLETED", day(truth.date_completed, _US), 170),
        ],
        [("METHOD", "USP <71> Direct Inoculation", 510)],
    ]
    y = 660.0
    for row in cells:
        x = 51.0
        for label, value, width in row:
            canvas.rect(x, y, width, 24)
            canvas.setFont("Helvetica-Bold", 8)
            canvas.drawString(x + 4, y + 9, f"{label}:")
            canvas.setFont("Helvetica", 10)
            canvas.drawString(x + 84, y + 8, value)
            x += width
        y -= 24
    _media(canvas, truth, y - 14)
    canvas.save()


def _media(canvas: Canvas, truth: Truth, top: float) -> None:
    columns = (
        (51, 200, "MEDIUM"),
        (251, 110, "TEMP."),
        (361, 120, "OBSERVATION"),
        (481, 80, "RESULT"),
    )
    y = top
    canvas.setFont("Helvetica-Bold", 9)
    for x, width, name in columns:
        canvas.rect(x, y, width, 20)
        canvas.drawCentredString(x + width / 2, y + 6, name)
    canvas.setFont("Helvetica", 10)
    for line in truth.lines:
        if line.role != "sample":
            continue
        y -= 22
        grown = line.reading == "positive"
        told = (
            _MEDIA[line.part or ""],
            "30-35 °C" if line.part == "anaerobic" else "20-25 °C",
            f"Growth, day {line.day}"
            if grown
            else choose(
                truth, "No growth", "No Growth Detected", "No turbidity; no growth", "Negative"
            ),
            "FAIL" if grown else "PASS",
        )
        for (x, width, _), text in zip(columns, told, strict=True):
            canvas.rect(x, y, width, 22)
            canvas.drawString(x + 5, y + 7, text)
    canvas.setFont("Helvetica", 8.5)
    foot = (
        "Incubation: 14 days. Negative control: No growth. Positive control: Growth.",
        "PASS = no growth in either medium  FAIL = growth in one or both media   NT = not tested",
        "This report relates only to the sample submitted.",
    )
    for text in foot:
        y -= 16
        canvas.drawString(53, y, text)
    canvas.drawString(53, y - 40, f"Reviewed by: {truth.signed_by}")
    canvas.drawString(350, y - 40, f"Date: {day(truth.date_completed, _US)}")
    canvas.setFont("Helvetica-Oblique", 7)
    canvas.drawString(53, 40, "Form MB-014 rev. 6")
    canvas.drawRightString(561, 40, "Page 1 of 1")
