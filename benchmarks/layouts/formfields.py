"""A form that was filled in by typing: the values are form fields over printed labels."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day
from benchmarks.layouts.truth import Truth, begin, fill, sterility

_DATE = "{d02} {MON} {y}"


def compose(rng: Random) -> Truth:
    """Invent a sterility form."""
    truth = begin(rng, "Harbor Cell Lab", "HCL-{n:05d}", ("received", "started", "completed"))
    # Values that anyone can change hold a lot, and rightly.
    return fill(truth, sterility(rng), "form-field")


def draw(truth: Truth, path: Path) -> None:
    """Print the form with its fields."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(50, 745, "Harbor Cell Lab - Sterility Test Report Form")
    pairs = (
        ("Report No.", truth.report_number),
        ("Client", truth.client),
        ("Product", truth.product),
        ("Lot No.", truth.lot),
        ("Date received", day(truth.date_received, _DATE)),
        ("Test started", day(truth.date_started, _DATE)),
        ("Test completed", day(truth.date_completed, _DATE)),
    )
    y = 705.0
    for at, (label, value) in enumerate(pairs):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, y + 5, label)
        _entry(canvas, f"header{at}", value or "", 160, y, 300)
        y -= 26
    y -= 20
    canvas.setFont("Helvetica-Bold", 10)
    for x, name in ((50, "Medium"), (250, "Result after 14 days"), (420, "Pass/Fail")):
        canvas.drawString(x, y, name)
    names = {"anaerobic": "Fluid Thioglycollate Medium", "aerobic": "Tryptic Soy Broth"}
    for line in truth.lines:
        y -= 28
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, y + 5, names[line.part or ""])
        grown = line.reading == "positive"
        _entry(canvas, f"{line.part}_result", "Growth" if grown else "No growth", 250, y, 140)
        _entry(canvas, f"{line.part}_verdict", "Fail" if grown else "Pass", 420, y, 80)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, y - 45, "Reviewed by")
    _entry(canvas, "reviewer", truth.signed_by or "", 160, y - 50, 300)
    canvas.save()


def _entry(canvas: Canvas, name: str, value: str, x: float, y: float, width: float) -> None:
    canvas.acroForm.textfield(
        name=name, value=value, x=x, y=y, width=width, height=18, fontSize=10, borderWidth=1
    )
