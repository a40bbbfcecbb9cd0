"""A Dutch cleanroom's form in English: every field has its number, results are boxes to cross."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, number, vera
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
from qcvalidate.locale import Locale

LOCALE = Locale(dates="DMY", decimal=",")
_DATE = "{d02}-{m02}-{y}"


def compose(rng: Random) -> Truth:
    """Invent a release form with its five tests."""
    truth = begin(
        rng,
        "Cleanroom Facility Waterlinie",
        "QC{yy}.{n:05d}",
        ("sampled", "received", "started", "completed", "issued"),
    )
    lines = [
        *sterility(rng, ("aerobic", "anaerobic")),
        endotoxin(rng, limit="0.50"),
        mycoplasma(rng),
        viability(rng, limit="80"),
        concentration(rng),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the form."""
    plain, bold = vera()
    aerobic, anaerobic, toxin, myco, viable, count = truth.lines
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont(bold, 13)
    canvas.drawString(50, 795, "Quality control of cell products: result form")
    canvas.setFont(plain, 8)
    canvas.drawString(50, 780, "Cleanroom Facility Waterlinie, Vestingkade 7, 9999 ZZ Waterlinie")
    canvas.drawRightString(545, 815, "Form F-QC-031, version 7")
    growth = ("no growth", "growth")
    fields: tuple[tuple[str, str, str], ...] = (
        ("1", "Report number", truth.report_number or ""),
        ("2", "Applicant", truth.client),
        ("3", "Product", truth.product),
        ("4", "Batch number", truth.lot or ""),
        ("5", "Date of sampling", day(truth.date_sampled, _DATE)),
        ("6", "Date of receipt", day(truth.date_received, _DATE)),
        ("7", "Sterility (Ph. Eur. 2.6.27)", ""),
        ("7.1", "Start of incubation", day(truth.date_started, _DATE)),
        ("7.2", "End of incubation", day(truth.date_completed, _DATE)),
        ("7.3", "Result aerobic bottle", _boxes(growth, aerobic)),
        ("7.4", "Result anaerobic bottle", _boxes(growth, anaerobic)),
        ("7.5", "Identification, if growth", _isolate(truth)),
        ("8", "Bacterial endotoxins (Ph. Eur. 2.6.14)", ""),
        ("8.1", "Requirement", _limit(toxin)),
        ("8.2", "Result", _amount(toxin)),
        ("9", "Mycoplasma (Ph. Eur. 2.6.7, PCR)", ""),
        ("9.1", "Result", _boxes(("not detected", "detected"), myco)),
        ("10", "Viability", ""),
        ("10.1", "Requirement", _limit(viable)),
        ("10.2", "Result", _amount(viable)),
        ("11", "Viable cell concentration", ""),
        ("11.1", "Requirement", _limit(count)),
        ("11.2", "Result", _amount(count)),
        ("12", "Conclusion", _mark(("complies", "does not comply"), int(truth.failed))),
        ("13", "Name of analyst", truth.signed_by or ""),
        ("14", "Date of report", day(truth.date_issued, _DATE)),
    )
    y = 752.0
    for code, label, value in fields:
        section = code in ("7", "8", "9", "10", "11")
        y -= 4 if section else 0
        canvas.setFont(bold if section else plain, 8.5)
        canvas.drawString(50, y, f"{code}.")
        canvas.drawString(82, y, label)
        if not section:
            canvas.setFont(plain, 8.5)
            canvas.drawString(255, y, value)
            canvas.setLineWidth(0.3)
            canvas.setDash(1, 2)
            canvas.line(253, y - 3, 545, y - 3)
            canvas.setDash()
        y -= 20
    canvas.setFont(plain, 7)
    canvas.drawString(50, 45, "Cross what applies. This form is part of the batch record.")
    canvas.drawRightString(545, 45, "Page 1 of 1")
    canvas.save()


def _mark(words: tuple[str, str], chosen: int) -> str:
    boxes = [f"[{'X' if at == chosen else ' '}] {word}" for at, word in enumerate(words)]
    return "     ".join(boxes)


def _boxes(words: tuple[str, str], line: Line) -> str:
    return _mark(words, int(line.reading == "positive"))


def _isolate(truth: Truth) -> str:
    found = [f"{line.organism}, day {line.day}" for line in truth.lines if line.organism]
    return found[0] if found else "n/a"


def _amount(line: Line) -> str:
    assert line.amount is not None
    return f"{number(line.amount, comma=True)} {(line.unit or '').replace('mL', 'ml')}"


def _limit(line: Line) -> str:
    assert line.limit is not None
    return f"{number(line.limit, comma=True)} {(line.unit or '').replace('mL', 'ml')}"
