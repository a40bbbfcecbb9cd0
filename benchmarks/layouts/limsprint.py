"""A printout of a laboratory information system: fixed pitch, sections, a status for each line."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, number
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    concentration,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d02}-{MON}-{y}"
_NAMES = {
    "sterility": "Sterility",
    "endotoxin": "Bacterial Endotoxin",
    "mycoplasma": "Mycoplasma (PCR)",
    "viability": "Viability",
    "viable_cell_concentration": "Viable Cell Concentration",
}
_SECTIONS = (
    ("MICROBIOLOGY", ("sterility", "endotoxin", "mycoplasma")),
    ("CELL ANALYSIS", ("viability", "viable_cell_concentration")),
)


def compose(rng: Random) -> Truth:
    """Invent a release panel as the system prints it."""
    truth = begin(
        rng,
        "Core Analytical Laboratory",
        "R{y}{n:06d}",
        ("sampled", "received", "started", "completed", "issued"),
        status="final",
    )
    lines = [
        *sterility(rng, (None,), method="USP <71>"),
        endotoxin(rng, method="USP <85>"),
        mycoplasma(rng, method="EP 2.6.7"),
        viability(rng, method="SOP-CA-011"),
        concentration(rng, method="SOP-CA-011"),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the listing."""
    canvas = Canvas(str(path), pagesize=A4)
    text = canvas.beginText(40, 800)
    text.setFont("Courier", 8.5)
    text.setLeading(11)
    for line in _listing(truth):
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()


def _listing(truth: Truth) -> list[str]:
    rule = "-" * 98
    head = [
        f"{truth.laboratory:<60}{f'Report: {truth.report_number}':>38}",
        f"{'ANALYSIS REPORT':<60}{'Page: 1 of 1':>38}",
        "=" * 98,
        _pair("Batch", truth.lot or "", "Customer", truth.client[:30]),
        _pair("Material", truth.product, "Sampled", day(truth.date_sampled, _DATE)),
        _pair(
            "Received", day(truth.date_received, _DATE), "Started", day(truth.date_started, _DATE)
        ),
        _pair(
            "Completed",
            day(truth.date_completed, _DATE),
            "Reported",
            day(truth.date_issued, _DATE),
        ),
        _pair("Report Status", "FINAL", "", ""),
        rule,
        f"{'Analysis':<28}{'Method':<13}{'Result':<22}{'Unit':<11}{'Range':<16}{'Status':<8}",
        rule,
    ]
    body = []
    for title, tests in _SECTIONS:
        body.append(f"*** {title} ***")
        body += [_row(truth, line) for line in truth.lines if line.test in tests]
        body.append("")
    return [
        *head,
        *body,
        rule,
        f"Authorised: {truth.signed_by}   {day(truth.date_issued, _DATE)}",
        "*** END OF REPORT ***",
    ]


def _pair(left: str, value: str, right: str, other: str) -> str:
    second = f"{right:<12}: {other}" if right else ""
    return f"{left:<14}: {value:<38}{second}"


def _row(truth: Truth, line: Line) -> str:
    if line.amount is None:
        clear = choose(truth, "No growth", "No Growth Detected", "Negative")
        result = "Growth" if line.reading == "positive" else clear
        limit = "No growth"
        if line.test == "mycoplasma":
            result = "Detected" if line.reading == "positive" else "Not detected"
            limit = "Not detected"
        unit = ""
    else:
        result = number(line.amount, power="E+0", gap="")
        unit = {"%": "%", "EU/mL": "EU/mL", "cells/mL": "cells/mL"}[line.unit or ""]
        assert line.limit is not None
        sign = {"≤": "<=", "≥": ">="}[line.limit.sign]
        limit = f"{sign} {number(line.limit, power='E+0').removeprefix(line.limit.sign).strip()}"
    good, bad = choose(truth, "OK OOS", "Pass Fail", "Passed Failed", "PASS FAIL").split()
    status = good if line.verdict == "pass" else bad
    name = f"{_NAMES[line.test]:<28}{line.method or '':<13}"
    return f"{name}{result:<22}{unit:<11}{limit:<16}{status:<8}"
