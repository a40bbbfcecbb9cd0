"""A printout of an open laboratory system: grey zebra rows, no rulings, a mark if out of range."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, logo, vera
from benchmarks.layouts.truth import (
    Amount,
    Line,
    Truth,
    begin,
    concentration,
    endotoxin,
    fill,
    marker,
    mycoplasma,
    recovery,
    sterility,
    viability,
)

_DATE = "{y}-{m02}-{d02}"
_NAMES = {
    "sterility": "Sterility (membrane filtration)",
    "mycoplasma": "Mycoplasma (qPCR)",
    "endotoxin": "Bacterial endotoxin",
    "endotoxin_ppc": "Endotoxin PPC recovery",
    "viability": "Cell viability",
    "viable_cell_concentration": "Viable cell concentration",
    "cd73_positive": "CD73+",
    "cd90_positive": "CD90+",
    "cd45_positive": "CD45+",
    "hla_dr_positive": "HLA-DR+",
}
_GROUPS = (
    ("Microbiology", ("sterility", "mycoplasma")),
    ("Endotoxin", ("endotoxin", "endotoxin_ppc")),
    ("Cell counting", ("viability", "viable_cell_concentration")),
    ("Flow cytometry", ("cd73_positive", "cd90_positive", "cd45_positive", "hla_dr_positive")),
)


def compose(rng: Random) -> Truth:
    """Invent ten analyses of one sample; only what is out of range is marked."""
    truth = begin(
        rng,
        "Tarnbeck Analytics",
        "CT-{n:05d}-COA-01",
        ("sampled", "received", "completed", "issued"),
    )
    lines = [
        *sterility(rng, (None,)),
        mycoplasma(rng),
        endotoxin(rng),
        recovery(rng),
        viability(rng),
        concentration(rng),
        marker(rng, "cd73_positive", positive=True),
        marker(rng, "cd90_positive", positive=True),
        marker(rng, "cd45_positive", positive=False),
        marker(rng, "hla_dr_positive", positive=False),
    ]
    marked = [replace(line, verdict="fail" if line.verdict == "fail" else None) for line in lines]
    return replace(
        fill(truth, marked), sample_id=(truth.report_number or "").removesuffix("-COA-01") + "-R01"
    )


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the page."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    logo(canvas, 48, 780, 30, "#3a7d44")
    canvas.setFont(plain, 8)
    for at, text in enumerate(
        ("Tarnbeck Analytics", "4 Weir Lane, Tarnbeck", "lab@tarnbeck.example")
    ):
        canvas.drawRightString(548, 806 - 10 * at, text)
    canvas.setFont(bold, 14)
    canvas.drawString(48, 750, f"Analysis report {truth.report_number}")
    facts = (
        ("Client", truth.client),
        ("Sample ID", truth.sample_id),
        ("Batch ID", truth.lot),
        ("Sample type", truth.product),
        ("Date sampled", f"{day(truth.date_sampled, _DATE)} 09:15"),
        ("Date received", f"{day(truth.date_received, _DATE)} 13:02"),
        ("Date completed", f"{day(truth.date_completed, _DATE)} 10:31"),
        ("Date published", f"{day(truth.date_issued, _DATE)} 16:48"),
    )
    y = 728.0
    for at, (label, value) in enumerate(facts):
        _stripe(canvas, y, at)
        canvas.setFont(bold, 8)
        canvas.drawString(54, y, label)
        canvas.setFont(plain, 8)
        canvas.drawString(190, y, value or "")
        y -= 15
    y -= 16
    canvas.setFont(bold, 11)
    canvas.drawString(48, y, "Results")
    y -= 18
    canvas.setFont(bold, 8)
    canvas.drawString(54, y, "Analysis")
    canvas.drawRightString(345, y, "Result")
    canvas.drawString(360, y, "Unit")
    canvas.drawString(440, y, "Specs")
    y -= 15
    at = 0
    for title, tests in _GROUPS:
        canvas.setFont(bold, 8)
        canvas.drawString(48, y, title)
        y -= 15
        for line in truth.lines:
            if line.test not in tests:
                continue
            _stripe(canvas, y, at)
            at += 1
            result, unit, specs = _told(line)
            canvas.setFont(plain, 8)
            canvas.drawString(60, y, _NAMES[line.test])
            canvas.drawRightString(345, y, result)
            canvas.drawString(360, y, unit)
            canvas.drawString(440, y, specs)
            if line.verdict == "fail":
                canvas.setFont(bold, 8)
                canvas.drawString(530, y, "!")
            y -= 15
    canvas.setFont(plain, 7)
    canvas.drawString(48, y - 10, "! Result out of range")
    canvas.setFont(plain, 8)
    canvas.drawString(48, y - 40, f"Verified and published by {truth.signed_by}")
    canvas.setFont(plain, 7)
    canvas.drawString(48, 40, f"{truth.report_number}")
    canvas.drawRightString(548, 40, "Page 1 of 1")
    canvas.save()


def _stripe(canvas: Canvas, y: float, at: int) -> None:
    if at % 2:
        return
    canvas.setFillColor(colors.HexColor("#ececec"))
    canvas.rect(48, y - 4, 500, 15, stroke=0, fill=1)
    canvas.setFillColor(colors.black)


def _told(line: Line) -> tuple[str, str, str]:
    if line.amount is None:
        clear, bad = (
            ("No growth", "Growth") if line.test == "sterility" else ("Negative", "Positive")
        )
        return (bad if line.reading == "positive" else clear), "", clear
    if line.test == "endotoxin_ppc":
        return _plain(line.amount), "%", "50 - 200"
    assert line.limit is not None
    return _plain(line.amount), line.unit or "", _plain(line.limit)


def _plain(amount: Amount) -> str:
    power = f"e{amount.exponent}" if amount.exponent else ""
    return f"{amount.sign} {amount.digits}{power}".strip()
