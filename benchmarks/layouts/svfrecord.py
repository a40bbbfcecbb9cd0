"""A clinic's own certificate for a batch of SVF: counts, viability, and sterility often pending."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, headed, number, padded, para, vera
from benchmarks.layouts.truth import Amount, Line, Truth
from qcvalidate.locale import Locale

LOCALE = Locale(dates="MDY")
_DATE = "{m}/{d}/{y}"
_PEOPLE = ("Carla Munro", "Devin Ashgrove", "Tess Ballantyne, RN", "Omar Kettleby")
_DOCTORS = ("Dr. Wayne Holloway-Pike", "Dr. Selma Ortt", "Dr. Iris Fontaine-Budd")


def _power(value: Decimal) -> Amount:
    """Give three figures and a power of ten."""
    exponent = value.adjusted()
    return Amount(f"{value.scaleb(-exponent):.2f}", exponent=exponent)


def compose(rng: Random) -> Truth:
    """Invent a batch: what was counted agrees with itself."""
    made = dt.date(2025, 1, 6) + dt.timedelta(days=rng.randrange(700))
    fate = rng.random()
    pending = fate < 0.15
    dead, grown, warm = 0.15 <= fate < 0.2, 0.2 <= fate < 0.24, 0.24 <= fate < 0.27
    volume = Decimal(rng.choice(("5.0", "8.0", "10.0", "12.0", "6.5")))
    strength = _power(Decimal(rng.randrange(105, 980)).scaleb(4))
    total = _power(strength.number * volume)
    tenths = rng.randrange(560, 690) if dead else rng.randrange(745, 968)
    alive = Amount(f"{tenths // 10}.{tenths % 10}")
    viable = _power(total.number * Decimal(tenths) / 1000)
    endotoxin = (
        Amount(f"{rng.randrange(52, 88) / 10:.1f}")
        if warm
        else Amount(rng.choice(("0.5", "0.10", "0.05", "1.0")), "<")
    )
    lines = [
        Line(test="volume", amount=Amount(str(volume)), unit="mL", verdict="pass"),
        Line(test="nucleated_cell_concentration", amount=strength, unit="cells/mL", verdict="pass"),
        Line(test="total_nucleated_cells", amount=total, unit="cells", verdict="pass"),
        Line(
            test="viability",
            amount=alive,
            unit="%",
            limit=Amount("70", "≥"),
            verdict="fail" if dead else "pass",
        ),
        Line(test="viable_cell_count", amount=viable, unit="cells", verdict="pass"),
        Line(test="gram_stain", reading="negative", verdict="pass"),
        Line(
            test="endotoxin",
            amount=endotoxin,
            unit="EU/mL",
            limit=Amount("5.0", "<"),
            verdict="fail" if warm else "pass",
        ),
        Line(
            test="sterility",
            reading="pending" if pending else "positive" if grown else "negative",
            verdict=None if pending else "fail" if grown else "pass",
        ),
    ]
    serial = rng.randrange(2, 460)
    return Truth(
        laboratory="Larkmoor Regenerative Clinic",
        report_number=f"BR-{made.year}-{serial:03d}",
        lot=f"SVF-{made:%y%m%d}-{rng.randrange(1, 5):02d}",
        client="Larkmoor Regenerative Clinic",
        product="Autologous stromal vascular fraction (SVF)",
        date_sampled=made,
        date_issued=made if pending else made + dt.timedelta(days=rng.randrange(15, 19)),
        status="preliminary" if pending else "final",
        signed_by=rng.choice(_PEOPLE),
        lines=tuple(lines),
        deserved=frozenset({"laboratory-verdict-failed"} if dead or grown or warm else ()),
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the record."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFillColor(colors.HexColor("#34607a"))
    canvas.rect(0, 738, 612, 54, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont(bold, 15)
    canvas.drawString(50, 764, truth.laboratory)
    canvas.setFont(plain, 9)
    canvas.drawString(50, 749, "Cell Processing Laboratory")
    canvas.drawRightString(562, 764, "900 Heathbank Avenue, Larkmoor, FL 00000")
    canvas.setFillColor(colors.black)
    canvas.setFont(bold, 12)
    canvas.drawString(50, 712, "Batch Record Summary / Certificate of Analysis")
    doctor = choose(truth, *_DOCTORS)
    about = (
        (("Record No.", truth.report_number), ("Batch No.", truth.lot)),
        (
            ("Product", truth.product),
            (choose(truth, "Date collected", "Collection date"), day(truth.date_sampled, _DATE)),
        ),
        (
            ("Patient ID", f"P-{sum(map(ord, truth.lot or '')):05d}"),
            ("Date issued", day(truth.date_issued, _DATE)),
        ),
        (
            ("Physician", doctor),
            ("Certificate status", "FINAL" if truth.status == "final" else "PRELIMINARY"),
        ),
        (
            ("Starting material", "Lipoaspirate, enzymatic digestion"),
            ("Route", "Autologous use only"),
        ),
    )
    y = 690
    for row in about:
        for x, (label, value), wide in ((50, row[0], 92), (366, row[1], 100)):
            canvas.setFont(bold, 8)
            canvas.drawString(x, y, f"{label}:")
            canvas.setFont(plain, 8)
            canvas.drawString(x + wide, y, str(value))
        y -= 16
    body = [["Test", "Method", "Acceptance criterion", "Result", "Status"]]
    body += [_row(line) for line in truth.lines]
    table = headed(
        body,
        (130, 112, 100, 112, 58),
        (plain, bold),
        8,
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#d9e5ec")),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor("#f4f7f9")]),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#9fb4c0")),
        ("BOX", (0, 0), (-1, -1), 0.7, colors.HexColor("#34607a")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *padded(4, 5),
    )
    _, high = table.wrapOn(canvas, 512, 500)
    y -= 8 + high
    table.drawOn(canvas, 50, y)
    if truth.status == "preliminary":
        said = (
            "Released for same-day autologous use on the basis of rapid tests. Sterility culture "
            "in "
            "progress; the physician will be notified immediately of any positive result."
        )
    elif truth.failed:
        said = "Batch does not meet all acceptance criteria. Deviation report opened."
    else:
        said = "Batch meets all acceptance criteria."
    block = para(f"<b>Disposition:</b> {said}", plain, 8.5)
    _, high = block.wrapOn(canvas, 512, 100)
    y -= 16 + high
    block.drawOn(canvas, 50, y)
    y -= 58
    for x, label, who in (
        (50, "Prepared by (Laboratory)", "J. Tindale"),
        (320, "Approved by (Quality)", truth.signed_by),
    ):
        canvas.setFont("Times-Italic", 14)
        canvas.drawString(x + 8, y + 4, str(who).split(",")[0])
        canvas.line(x, y, x + 220, y)
        canvas.setFont(plain, 8)
        canvas.drawString(x, y - 12, f"{label}: {who}")
        canvas.drawString(x, y - 24, f"Date: {day(truth.date_issued, _DATE)}")
    canvas.setFont(plain, 7)
    canvas.drawString(50, 40, "FOR AUTOLOGOUS USE ONLY. Not evaluated for infectious substances.")
    canvas.drawRightString(562, 40, "Form CPL-07, version 3 - Page 1 of 1")
    canvas.save()


def _row(line: Line) -> list[str]:
    said = {"pass": "Pass", "fail": "Fail", None: "Pending"}[line.verdict]
    if line.amount is None:
        if line.test == "gram_stain":
            return ["Gram stain", "Microscopy", "No organisms seen", "No organisms seen", said]
        found = {
            "pending": "Pending (14 days)",
            "positive": "Growth detected",
            "negative": "No growth at 14 days",
        }[line.reading or ""]
        return ["Sterility culture", "Contract laboratory", "No growth", found, said]
    value = number(line.found).replace("<", "&lt;")
    name, method, asked = {
        "volume": ("Final volume", "Weight", "5.0 - 12.0 mL"),
        "nucleated_cell_concentration": (
            "Nucleated cells per mL",
            "Cell counter",
            "≥ 1.0 x 10^6 cells/mL",
        ),
        "total_nucleated_cells": ("Total nucleated cells", "Calculated", "≥ 5.0 x 10^6 cells"),
        "viability": ("Viability", "AO/DAPI", "≥ 70 %"),
        "viable_cell_count": ("Total viable cells", "Calculated", "≥ 2.0 x 10^6 cells"),
        "endotoxin": ("Endotoxin", "LAL cartridge", "&lt; 5.0 EU/mL"),
    }[line.test]
    return [name, method, asked, f"{value} {line.unit}", said]
