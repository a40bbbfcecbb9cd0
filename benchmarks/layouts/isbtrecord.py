"""A hospital's ISBT 128 product record: a label of four quadrants, its quality control beneath."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, vera
from benchmarks.layouts.truth import (
    Amount,
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    gram_stain,
    sterility,
    viability,
)

_DATE = "{d02} {MON} {y}"
_NAMES = {
    ("volume", None): "Product volume",
    ("total_nucleated_cells", None): "Total nucleated cells (TNC)",
    ("cd34_dose_per_kg", None): "Viable CD34+ dose",
    ("viability", None): "Viability, 7-AAD",
    ("gram_stain", None): "Gram stain",
    ("sterility", "aerobic"): "Sterility culture, aerobic bottle",
    ("sterility", "anaerobic"): "Sterility culture, anaerobic bottle",
    ("endotoxin", None): "Endotoxin, cartridge LAL",
}


def compose(rng: Random) -> Truth:
    """Invent a collected product with counts and safety tests."""
    truth = begin(
        rng,
        "Larkmoor Regional Hospital",
        "CTP-{yy}{n:05d}",
        ("sampled", "received", "completed", "issued"),
        status="final",
    )
    lines = [
        Line(
            test="volume", amount=Amount(f"{rng.randrange(60, 310)}.{rng.randrange(10)}"), unit="mL"
        ),
        Line(
            test="total_nucleated_cells",
            amount=Amount(f"{rng.randrange(20, 400)}.{rng.randrange(10)}", exponent=8),
            unit="cells",
        ),
        Line(
            test="cd34_dose_per_kg",
            amount=Amount(f"{rng.randrange(2, 9)}.{rng.randrange(10, 99)}", exponent=6),
            unit="cells/kg",
            limit=Amount("2.0", "≥", 6),
            verdict="pass",
        ),
        viability(rng),
        gram_stain(rng),
        *sterility(rng, ("aerobic", "anaerobic")),
        endotoxin(rng),
    ]
    return replace(fill(truth, lines), sample_id=f"CPL{rng.randrange(100_000, 999_999)}")


def draw(truth: Truth, path: Path) -> None:
    """Print the record."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont(bold, 11)
    canvas.drawString(42, 752, "LARKMOOR REGIONAL HOSPITAL")
    canvas.setFont(plain, 8)
    canvas.drawString(42, 741, "Cell Processing Laboratory - FEI 0000000000 - Larkmoor, OH 43999")
    canvas.setFont(bold, 11)
    canvas.drawRightString(570, 752, "PRODUCT RECORD / QC SUMMARY")
    canvas.setFont(plain, 8)
    canvas.drawRightString(570, 741, f"Record No. {truth.report_number}    FINAL")
    _label(canvas, truth)
    y = 470.0
    facts = (
        ("Processing lot", truth.lot, "Specimen ID", truth.sample_id),
        (
            "Collected",
            f"{day(truth.date_sampled, _DATE)} 08:40",
            "Received in lab",
            f"{day(truth.date_received, _DATE)} 11:15",
        ),
        (
            "Testing completed",
            day(truth.date_completed, _DATE),
            "Report date",
            day(truth.date_issued, _DATE),
        ),
        ("Ordering facility", truth.client, "Recipient", "On file"),
    )
    for label, value, other, second in facts:
        canvas.setFont(bold, 8)
        canvas.drawString(42, y, label)
        canvas.drawString(350, y, other)
        canvas.setFont(plain, 8)
        canvas.drawString(135, y, value or "")
        canvas.drawString(440, y, second or "")
        y -= 14
    y -= 12
    columns = (42, 245, 345, 415, 535)
    canvas.setFont(bold, 8)
    for x, name in zip(columns, ("Assay", "Result", "Units", "Criterion", "Accept"), strict=True):
        canvas.drawString(x, y, name)
    canvas.setLineWidth(1.2)
    canvas.line(42, y - 4, 570, y - 4)
    y -= 18
    for line in truth.lines:
        canvas.setFont(plain, 8)
        for x, text in zip(columns, (_NAMES[line.test, line.part], *_told(line)), strict=True):
            canvas.drawString(x, y, text)
        y -= 15
    canvas.line(42, y + 6, 570, y + 6)
    grown = [line for line in truth.lines if line.organism]
    canvas.setFont(plain, 7.5)
    for line in grown:
        canvas.drawString(42, y - 6, f"Isolate: {line.organism}, detected on day {line.day}.")
        y -= 12
    canvas.drawString(
        42, y - 6, "Y = meets criterion; N = does not meet criterion; -- = for information only."
    )
    canvas.drawString(42, y - 40, f"Reviewed by: {truth.signed_by}, Laboratory Director")
    canvas.drawString(42, 36, "CPL-FRM-214 rev 06")
    canvas.drawRightString(570, 36, "Page 1 of 1")
    canvas.save()


def _label(canvas: Canvas, truth: Truth) -> None:
    """Draw the four quadrants of the product label, with bars instead of a true code."""
    plain, bold = vera()
    assert truth.date_sampled is not None
    assert truth.sample_id is not None
    serial = truth.sample_id[-6:]
    canvas.setLineWidth(0.8)
    canvas.rect(42, 500, 528, 225)
    canvas.line(306, 500, 306, 725)
    canvas.line(42, 612, 570, 612)
    for left, top in ((52, 690), (316, 690), (52, 580), (316, 580)):
        for at in range(34):
            canvas.setLineWidth((0.5, 1.2, 2.0)[(at * 7 + int(serial)) % 3])
            canvas.line(left + at * 4, top, left + at * 4, top + 20)
    canvas.setFont(bold, 10)
    canvas.drawString(52, 676, f"W9999 {truth.date_sampled.year % 100:02d} {serial} 0 T")
    canvas.setFont(plain, 7.5)
    canvas.drawString(52, 660, f"Collection {day(truth.date_sampled, _DATE)}")
    canvas.drawString(52, 648, "Larkmoor Regional Hospital, Larkmoor, OH")
    canvas.drawString(52, 636, "Approx. 10 mL ACD-A per 100 mL")
    canvas.setFont(bold, 12)
    canvas.drawString(316, 674, "A  Rh POSITIVE")
    canvas.setFont(plain, 7.5)
    canvas.drawString(316, 658, "AUTOLOGOUS USE ONLY")
    canvas.drawString(316, 646, "NOT EVALUATED FOR INFECTIOUS SUBSTANCES")
    canvas.setFont(bold, 9)
    canvas.drawString(52, 566, f"S{int(serial) % 9000 + 1000}100")
    canvas.setFont(plain, 8)
    canvas.drawString(52, 551, truth.product)
    canvas.drawString(52, 539, "Citrate / XX / <=-150C")
    canvas.drawString(52, 527, "DMSO 10 %")
    canvas.setFont(bold, 9)
    expiry = truth.date_sampled.replace(year=truth.date_sampled.year + 5, day=1)
    canvas.drawString(316, 566, f"Expires {day(expiry, _DATE)} 23:59")
    canvas.setFont(plain, 7.5)
    canvas.drawString(316, 551, "Properly identify intended recipient and product")
    canvas.drawString(316, 539, "Do not irradiate. Do not use leukoreduction filters.")


def _told(line: Line) -> tuple[str, str, str, str]:
    accept = {"pass": "Y", "fail": "N", None: "--"}[line.verdict]
    if line.amount is None:
        words = (
            ("No growth 14 d", "GROWTH") if line.test == "sterility" else ("Negative", "POSITIVE")
        )
        wanted = ("No growth", "Negative")[line.test != "sterility"]
        return words[line.reading == "positive"], "", wanted, accept
    unit = {
        "total_nucleated_cells": "x 10^8 cells",
        "cd34_dose_per_kg": "x 10^6/kg",
    }.get(line.test, line.unit or "")
    wanted = f"{line.limit.sign} {line.limit.digits}" if line.limit else "--"
    return f"{line.amount.sign}{line.amount.digits}", unit, wanted, accept
