"""A modern dashboard: a tile for each test, its result large, its limit small below."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, number, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d} {Mon} {y}"
_NAMES = {
    "sterility": "Sterility",
    "endotoxin": "Endotoxin",
    "mycoplasma": "Mycoplasma",
    "viability": "Viability",
}


def compose(rng: Random) -> Truth:
    """Invent four tests."""
    truth = begin(
        rng,
        "Fathom QC",
        "FQ-{n:06d}",
        ("received", "started", "completed", "issued"),
        status="final",
    )
    return fill(truth, [*sterility(rng, (None,)), endotoxin(rng), mycoplasma(rng), viability(rng)])


def draw(truth: Truth, path: Path) -> None:
    """Print the page of tiles."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFillColor(colors.HexColor("#102a43"))
    canvas.rect(0, 770, 595, 72, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont(bold, 18)
    canvas.drawString(40, 808, "Certificate of Analysis")
    canvas.setFont(plain, 9)
    canvas.drawString(40, 788, f"{truth.report_number}  ·  Final  ·  Fathom QC Ltd")
    canvas.setFillColor(colors.black)
    facts = (
        ("Batch", truth.lot),
        ("Product", truth.product),
        ("Customer", truth.client),
        ("Received", day(truth.date_received, _DATE)),
        ("Testing started", day(truth.date_started, _DATE)),
        ("Testing completed", day(truth.date_completed, _DATE)),
        ("Issued", day(truth.date_issued, _DATE)),
    )
    for at, (label, value) in enumerate(facts):
        y = 740 - 16 * at
        canvas.setFont(plain, 9)
        canvas.drawString(40, y, label)
        canvas.setFont(bold, 9)
        canvas.drawString(150, y, value or "")
    for at, line in enumerate(truth.lines):
        _tile(canvas, line, 40 + (at % 2) * 262, 490 - (at // 2) * 130)
    canvas.setFont(plain, 8)
    canvas.drawString(40, 320, f"Released by {truth.signed_by}")
    canvas.drawString(40, 40, "Methods: USP <71>, USP <85>, Ph. Eur. 2.6.7, NC-202. Page 1 of 1.")
    canvas.save()


def _tile(canvas: Canvas, line: Line, x: float, y: float) -> None:
    plain, bold = vera()
    good = line.verdict == "pass"
    canvas.setFillColor(colors.HexColor("#e3f9e5" if good else "#ffe3e3"))
    canvas.roundRect(x, y, 250, 116, 8, stroke=0, fill=1)
    canvas.setFillColor(colors.black)
    canvas.setFont(plain, 10)
    canvas.drawString(x + 14, y + 92, _NAMES[line.test])
    result, limit = _told(line)
    canvas.setFont(bold, 18)
    canvas.drawString(x + 14, y + 58, result)
    canvas.setFont(plain, 8)
    canvas.drawString(x + 14, y + 32, f"Limit: {limit}")
    canvas.setFont(bold, 9)
    canvas.drawString(x + 14, y + 14, "PASS" if good else "FAIL")


def _told(line: Line) -> tuple[str, str]:
    if line.amount is None or line.limit is None:
        words = ("No growth", "Growth") if line.test == "sterility" else ("Negative", "Positive")
        return words[line.reading == "positive"], words[0]
    return f"{number(line.amount)} {line.unit}", f"{number(line.limit)} {line.unit}"
