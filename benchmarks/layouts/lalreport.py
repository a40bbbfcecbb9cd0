"""A report of one endotoxin assay: standards, blank and sample with its spike, from the reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, number
from benchmarks.layouts.truth import Amount, Line, Truth, begin, endotoxin, fill, recovery

_DATE = "{y}-{m02}-{d02}"
_STANDARDS = (("5.0", "812"), ("0.5", "1204"), ("0.05", "1796"), ("0.005", "2715"))


def compose(rng: Random) -> Truth:
    """Invent one assay of one sample."""
    truth = begin(
        rng,
        "Pinewater Endotoxin Testing",
        "E-{y}-{n:05d}",
        ("received", "started", "issued"),
        days=0,
    )
    standards = tuple(
        Line(test="endotoxin", role="standard", amount=Amount(level), unit="EU/mL")
        for level, _ in _STANDARDS
    )
    return replace(fill(truth, [endotoxin(rng), recovery(rng)]), also=standards)


def draw(truth: Truth, path: Path) -> None:
    """Print the report: values under their labels in a sheet of fixed places."""
    toxin, spike = truth.lines
    assert isinstance(toxin.amount, Amount)
    assert isinstance(spike.amount, Amount)
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(54, 740, "Bacterial Endotoxin Test - Certificate of Results")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(54, 726, "Pinewater Endotoxin Testing · 18 Resin Court · Pinewater, ME 04999")
    y = 695.0
    for row in (
        (("Certificate number", truth.report_number), ("Client", truth.client)),
        (("Product", truth.product), ("Product lot", truth.lot)),
        (
            ("Date received", day(truth.date_received, _DATE)),
            ("Date tested", day(truth.date_started, _DATE)),
        ),
        (
            ("Method", "USP <85>, kinetic chromogenic"),
            ("Date reported", day(truth.date_issued, _DATE)),
        ),
        (("Lysate lot", "LY2217"), ("CSE lot", "CS0415")),
    ):
        for at, (label, value) in enumerate(row):
            canvas.setFont("Helvetica-Oblique", 7.5)
            canvas.drawString(54 + at * 270, y, label)
            canvas.setFont("Helvetica", 10)
            canvas.drawString(54 + at * 270, y - 12, value or "")
        y -= 32
    y = _standards(canvas, y - 6)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(54, y, "Sample")
    columns = (
        (54, "Dilution"),
        (150, "Endotoxin (EU/mL)"),
        (290, "Limit (EU/mL)"),
        (400, "PPC recovery (%)"),
    )
    values = ("1:50", number(toxin.amount, gap=""), "NMT 0.50", number(spike.amount))
    for (x, name), value in zip(columns, values, strict=True):
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(x, y - 16, name)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(x, y - 32, value)
    good, bad = "The sample meets the endotoxin limit.", "FAIL: the endotoxin limit is exceeded."
    canvas.drawString(54, y - 60, bad if truth.failed else good)
    canvas.drawString(54, y - 95, f"Authorized by: {truth.signed_by}")
    canvas.setFont("Helvetica", 7)
    canvas.drawString(
        54,
        36,
        "PPC: positive product control, 50 to 200 % accepted. CSE: control standard endotoxin.",
    )
    canvas.save()


def _standards(canvas: Canvas, top: float) -> float:
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(54, top, "Standard curve (r = -0.999)")
    y = top - 16
    for x, name in ((54, "Standard (EU/mL)"), (170, "Onset time (s)"), (270, "CV (%)")):
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(x, y, name)
    canvas.setFont("Helvetica", 9)
    for level, onset in _STANDARDS:
        y -= 13
        for x, text in ((54, level), (170, onset), (270, "1.2")):
            canvas.drawString(x, y, text)
    canvas.drawString(54, y - 13, "Negative control: no reaction within 3600 s")
    return y - 42
