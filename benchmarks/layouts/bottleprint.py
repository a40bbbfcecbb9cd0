"""A hospital's print of a sterility culture in blood culture bottles, in typewriter letters."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day
from benchmarks.layouts.truth import ORGANISMS, Line, Truth
from qcvalidate.locale import Locale

LOCALE = Locale(dates="MDY")
_DATE = "{m02}/{d02}/{y}"
_CLIENTS = ("CELL PROCESSING LAB", "ORTHOPEDIC SURGERY CLINIC", "BMT PROCESSING FACILITY")
_PRODUCTS = ("BONE MARROW CONCENTRATE", "STEM CELL PRODUCT, MARROW", "CELL PRODUCT, ADIPOSE")
_PEOPLE = ("B. Landry, MLS", "T. Whitcombe, MLS", "A. Nakai-Ross, MT")


def compose(rng: Random) -> Truth:
    """Invent a culture of two bottles, held fourteen days."""
    drawn = dt.date(2025, 1, 6) + dt.timedelta(days=rng.randrange(700))
    received = drawn + dt.timedelta(days=rng.randrange(2))
    fate = rng.random()
    pending = fate < 0.1
    bad = rng.choice(("aerobic", "anaerobic")) if 0.1 <= fate < 0.2 else None
    caught = rng.randrange(2, 6)
    lines = tuple(
        Line(
            test="sterility",
            part=part,
            reading="pending" if pending else "positive" if part == bad else "negative",
            organism=rng.choice(ORGANISMS[:4]) if part == bad else None,
            day=caught if part == bad else None,
        )
        for part in ("aerobic", "anaerobic")
    )
    return Truth(
        laboratory="Harrow Vale Regional Hospital",
        report_number=f"M-{drawn.year % 100}-{rng.randrange(1000, 99999):06d}",
        lot=f"{rng.choice(('BMC', 'CP', 'W'))}{drawn:%y}{rng.randrange(100, 9999):05d}",
        client=rng.choice(_CLIENTS),
        product=rng.choice(_PRODUCTS),
        date_sampled=drawn,
        date_received=received,
        date_issued=received + dt.timedelta(days=5 if pending else 14 + rng.randrange(2)),
        status="preliminary" if pending else "final",
        signed_by=rng.choice(_PEOPLE),
        lines=lines,
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Courier-Bold", 11)
    canvas.drawString(50, 748, "HARROW VALE REGIONAL HOSPITAL")
    canvas.setFont("Courier", 9)
    canvas.drawString(50, 735, "MICROBIOLOGY LABORATORY    CLIA 99D0000000")
    canvas.drawString(50, 723, "1 Harrow Vale Drive, Harrow Vale, IN 00000")
    canvas.drawRightString(562, 748, "PAGE 1 OF 1")
    report = "FINAL REPORT" if truth.status == "final" else "PRELIMINARY REPORT"
    rule = "-" * 85
    hours = f"{(len(truth.lot or '') * 7 + ord((truth.lot or '0')[-1])) % 9 + 8:02d}"
    text = [
        rule,
        f"{'ACCESSION NO:':<16}{truth.report_number or '':<30}{'COLLECTED:':<13}"
        f"{day(truth.date_sampled, _DATE)} {hours}:25",
        f"{'PRODUCT LOT:':<16}{truth.lot or '':<30}{'RECEIVED:':<13}"
        f"{day(truth.date_received, _DATE)} 17:40",
        f"{'LOCATION:':<16}{truth.client:<30}{'REPORTED:':<13}{day(truth.date_issued, _DATE)} "
        "18:02",
        f"{'SPECIMEN:':<16}{truth.product:<30}{'STATUS:':<13}"
        f"{'FINAL' if truth.status == 'final' else 'PRELIMINARY'}",
        rule,
        "",
        "PROCEDURE:  STERILITY CULTURE, CELL PRODUCT (BLOOD CULTURE BOTTLES)",
        "",
    ]
    for line in truth.lines:
        name = "AEROBIC BOTTLE" if line.part == "aerobic" else "ANAEROBIC BOTTLE"
        if line.reading == "pending":
            found = "NO GROWTH TO DATE (5 DAYS)"
        elif line.reading == "positive":
            found = f"POSITIVE - {(line.organism or '').upper()}"
        else:
            found = "NO GROWTH AT 14 DAYS"
        text.append(f"  {name:<22}{found}")
    grown = [line for line in truth.lines if line.reading == "positive"]
    text.append("")
    if grown:
        text += [
            f"  Bottle flagged positive on day {grown[0].day}. Called to cell processing, read "
            "back.",
            "",
        ]
    if truth.status == "preliminary":
        text += ["  Bottles will be held for 14 days.", ""]
    text += [
        "COMMENT:",
        "  Automated continuously monitored system, 35 C. 1 mL inoculated per bottle.",
        "",
        rule,
        f"VERIFIED BY: {truth.signed_by}   {day(truth.date_issued, _DATE)} 18:02",
        "",
        f"*** {report} ***",
    ]
    y = 702.0
    for row in text:
        canvas.setFont("Courier-Bold" if row.startswith(("***", "PROC")) else "Courier", 10)
        canvas.drawString(50, y, row)
        y -= 13.5
    canvas.setFont("Courier", 8)
    canvas.drawString(50, 36, "CONFIDENTIAL - If received in error please notify the laboratory.")
    canvas.save()
