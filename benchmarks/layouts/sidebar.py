"""A narrow column of facts on the left, the results on the right of the same lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, logo, number
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    concentration,
    endotoxin,
    fill,
    gram_stain,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d02}-{Mon}-{y}"
_NAMES = {
    "sterility": "Sterility (USP <71>)",
    "gram_stain": "Gram stain",
    "endotoxin": "Endotoxin (USP <85>)",
    "mycoplasma": "Mycoplasma (PCR)",
    "viability": "Cell viability",
    "viable_cell_concentration": "Viable cell density",
}


def compose(rng: Random) -> Truth:
    """Invent six tests and a sample number."""
    truth = begin(
        rng,
        "Juniper Flats Laboratory",
        "JFL{yy}-{n:05d}",
        ("sampled", "received", "started", "completed", "issued"),
    )
    lines = [
        *sterility(rng, (None,)),
        gram_stain(rng),
        endotoxin(rng),
        mycoplasma(rng),
        viability(rng),
        concentration(rng),
    ]
    return replace(fill(truth, lines), sample_id=f"{rng.randrange(100_000, 999_999)}-01")


def draw(truth: Truth, path: Path) -> None:
    """Print the page; the two columns share their base lines."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFillColor(colors.HexColor("#eef1e6"))
    canvas.rect(0, 0, 190, 792, stroke=0, fill=1)
    canvas.setFillColor(colors.black)
    logo(canvas, 24, 730, 34, "#55702c")
    canvas.setFont("Helvetica-Bold", 17)
    canvas.drawString(215, 745, "CERTIFICATE OF ANALYSIS")
    facts = (
        ("CERTIFICATE NO.", truth.report_number),
        ("LOT NO.", truth.lot),
        ("SAMPLE ID", truth.sample_id),
        ("PRODUCT", truth.product),
        ("CLIENT", truth.client),
        ("DATE SAMPLED", day(truth.date_sampled, _DATE)),
        ("DATE RECEIVED", day(truth.date_received, _DATE)),
        ("TEST START", day(truth.date_started, _DATE)),
        ("TEST END", day(truth.date_completed, _DATE)),
        ("DATE ISSUED", day(truth.date_issued, _DATE)),
        ("APPROVED BY", truth.signed_by),
    )
    y = 700.0
    for label, value in facts:
        canvas.setFont("Helvetica-Bold", 6.5)
        canvas.drawString(24, y, label)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(24, y - 11, (value or "")[:38])
        y -= 30
    columns = ((215, "Test"), (340, "Result"), (435, "Specification"), (535, "P/F"))
    canvas.setFont("Helvetica-Bold", 8.5)
    for x, name in columns:
        canvas.drawString(x, 700, name)
    canvas.line(215, 695, 585, 695)
    canvas.setFont("Helvetica", 8.5)
    y = 679.0
    for line in truth.lines:
        result, limit = _told(line)
        told = (_NAMES[line.test], result, limit, "Pass" if line.verdict == "pass" else "Fail")
        for (x, _), text in zip(columns, told, strict=True):
            canvas.drawString(x, y, text)
        y -= 20
    canvas.setFont("Helvetica", 7)
    canvas.drawString(215, 60, "Juniper Flats Laboratory, 12 Mesa Road, Juniper Flats, NM 87999")
    canvas.drawString(215, 50, "Results apply to the sample as received.")
    canvas.save()


def _told(line: Line) -> tuple[str, str]:
    if line.amount is None or line.limit is None:
        words = {
            "sterility": ("No growth", "Growth"),
            "gram_stain": ("Negative", "Positive"),
            "mycoplasma": ("Not detected", "Detected"),
        }[line.test]
        return words[line.reading == "positive"], words[0]
    power = " x10^"
    return (
        f"{number(line.amount, power=power)} {line.unit}",
        f"{number(line.limit, power=power)} {line.unit}".replace("≤", "NMT").replace("≥", "NLT"),
    )
