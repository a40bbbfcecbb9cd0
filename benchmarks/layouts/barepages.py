"""A table of several containers that goes on over pages without its head, in narrow print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, number
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    recovery,
    sterility,
    viability,
)

_DATE = "{d02}.{Mon}.{y}"
_COLUMNS = (36, 190, 330, 430, 520)


def compose(rng: Random) -> Truth:
    """Invent five containers of one lot, each with its tests; controls stand after them."""
    truth = begin(rng, "Harrow Vale Laboratories", "HV{n:06d}/{yy}")
    lines: list[Line] = []
    for at in range(1, 6):
        own = [*sterility(rng, growth=0.06), endotoxin(rng), viability(rng)]
        lines += [replace(line, sample_id=f"HV-{at:02d}") for line in own]
    lines += [
        replace(mycoplasma(rng), sample_id="HV-01"),
        replace(recovery(rng), sample_id="HV-01"),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate on as many pages as it takes."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(36, 805, "HARROW VALE LABORATORIES")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(36, 793, "CERTIFICATE OF TEST")
    y = 770.0
    for left, value, right, other in (
        ("Certificate no", truth.report_number, "Date received", day(truth.date_received, _DATE)),
        ("Customer", truth.client, "Date started", day(truth.date_started, _DATE)),
        ("Material", truth.product, "Date finished", day(truth.date_completed, _DATE)),
        ("Batch no", truth.lot, "Date issued", day(truth.date_issued, _DATE)),
    ):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(36, y, f"{left}:")
        canvas.drawString(330, y, f"{right}:")
        canvas.drawString(110, y, value or "")
        canvas.drawString(410, y, other)
        y -= 12
    y -= 18
    canvas.setFont("Helvetica-Bold", 8)
    for x, name in zip(_COLUMNS, ("Sample", "Test", "Limit", "Result", "P/F"), strict=True):
        canvas.drawString(x, y, name)
    canvas.line(36, y - 4, 560, y - 4)
    page = 1
    for line in truth.lines:
        y -= 28
        if y < (560, 480, 0)[page - 1]:
            _foot(canvas, page)
            page, y = page + 1, 790.0
        canvas.setFont("Helvetica", 8)
        for x, text in zip(_COLUMNS, _row(line), strict=True):
            canvas.drawString(x, y, text)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(36, y - 40, "P = pass, F = fail, ND = not detected.")
    canvas.drawString(36, y - 70, f"Signed by: {truth.signed_by}, Head of Testing")
    _foot(canvas, page)
    canvas.save()


def _foot(canvas: Canvas, page: int) -> None:
    canvas.setFont("Helvetica", 6.5)
    canvas.drawString(
        36,
        30,
        "Accredited testing laboratory No. 0000. Opinions are outside the scope of accreditation.",
    )
    canvas.drawRightString(560, 30, f"Page {page} of 3")
    canvas.showPage()


def _row(line: Line) -> tuple[str, ...]:
    mark = "P" if line.verdict == "pass" else "F"
    if line.test == "sterility":
        medium = {"anaerobic": "FTM", "aerobic": "TSB"}[line.part or ""]
        found = "No growth" if line.reading == "negative" else "Growth"
        return (line.sample_id or "", f"Sterility ({medium})", "No growth", found, mark)
    if line.amount is None:
        return (
            line.sample_id or "",
            "Mycoplasma PCR",
            "ND",
            "ND" if line.reading == "negative" else "Detected",
            mark,
        )
    name = {"endotoxin": "Endotoxin", "endotoxin_ppc": "PPC recovery", "viability": "Viability"}[
        line.test
    ]
    limit = "50 to 200 %"
    if line.limit is not None:
        limit = f"{'NMT' if line.limit.sign == '≤' else 'NLT'} {line.limit.digits} {line.unit}"
    return (line.sample_id or "", name, limit, f"{number(line.amount, gap='')} {line.unit}", mark)
