"""A small US contract laboratory's sterility test report: a plain block and one small table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import choose, day, para
from benchmarks.layouts.truth import ORGANISMS, Line, Truth, course, lot_number
from qcvalidate.locale import Locale

LOCALE = Locale(dates="MDY")
_DATE = "{m02}/{d02}/{y}"
_CLIENTS = (
    "Cedar Bluff Orthobiologics",
    "Palmetto Spine & Joint Clinic",
    "Northgate Regenerative Center",
    "Mesa Verdana Cell Processing",
)
_PRODUCTS = (
    "Bone marrow concentrate",
    "Adipose SVF, autologous",
    "Cultured MSC, cryopreserved vial",
    "Bone marrow aspirate concentrate (BMAC)",
)
_PEOPLE = ("Dana Whitlock", "R. Okonjo-Bell", "Maria T. Fenner", "Glenn Ashworth, Ph.D.")


def compose(rng: Random) -> Truth:
    """Invent a test of two media; now and then growth, or a report at seven days."""
    work = course(rng)
    number = f"ST{work.issued.year % 100:02d}-{rng.randrange(100, 9999):04d}"
    fate = rng.random()
    pending, amended = fate < 0.08, 0.08 <= fate < 0.13
    bad = rng.choice(("aerobic", "anaerobic")) if fate > 0.91 else None
    lines = tuple(
        Line(
            test="sterility",
            part=part,
            reading="pending" if pending else "positive" if part == bad else "negative",
            verdict=None if pending else "fail" if part == bad else "pass",
            method="USP <71>",
            organism=rng.choice(ORGANISMS) if part == bad else None,
            day=rng.randrange(3, 9) if part == bad else None,
        )
        for part in ("anaerobic", "aerobic")
    )
    also = tuple(
        Line(test="sterility", part=part, role="negative_control", reading="negative")
        for part in ("anaerobic", "aerobic")
    )
    return Truth(
        laboratory="Corvane Analytical Labs, LLC",
        report_number=f"{number}-A" if amended else number,
        replaces=number if amended else None,
        lot=lot_number(rng, work.sampled),
        client=rng.choice(_CLIENTS),
        product=rng.choice(_PRODUCTS),
        sample_id=f"{rng.randrange(100_000, 999_999)}",
        date_received=work.received,
        date_started=work.started,
        date_completed=None if pending else work.completed,
        date_issued=work.started + dt.timedelta(days=7) if pending else work.issued,
        status="preliminary" if pending else "amended" if amended else "final",
        signed_by=rng.choice(_PEOPLE),
        lines=lines,
        also=() if pending else also,
        deserved=frozenset({"laboratory-verdict-failed"} if bad else ()),
    )


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the report."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawCentredString(306, 742, truth.laboratory)
    canvas.setFont("Helvetica", 8.5)
    canvas.drawCentredString(
        306, 729, "4410 Millrace Road, Suite B, Corvane, OH 40000  |  Phone (555) 010-0142"
    )
    canvas.setLineWidth(1.2)
    canvas.line(54, 720, 558, 720)
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawCentredString(306, 696, "STERILITY TEST REPORT")
    y = 670
    finished = day(truth.date_completed, _DATE) or "In progress"
    status = {"final": "Final", "preliminary": "Preliminary", "amended": "Amended"}[
        truth.status or ""
    ]
    for left, right in (
        (("Client:", truth.client), ("Report Number:", truth.report_number)),
        (("Sample:", truth.product), ("Report Date:", day(truth.date_issued, _DATE))),
        (
            (choose(truth, "Lot Number:", "Lot #:", "Batch/Lot No.:"), truth.lot),
            ("Report Status:", status),
        ),
        (("Sample ID:", truth.sample_id), ("Date Received:", day(truth.date_received, _DATE))),
        (
            ("Test Method:", "USP <71>, Direct Inoc."),
            ("Test Start Date:", day(truth.date_started, _DATE)),
        ),
        (("Amount Tested:", "1 mL per medium"), ("Test End Date:", finished)),
    ):
        for x, (label, value) in ((54, left), (330, right)):
            canvas.setFont("Helvetica-Bold", 9.5)
            canvas.drawString(x, y, label)
            canvas.setFont("Helvetica", 9.5)
            canvas.drawString(x + (84 if x == 54 else 92), y, value or "")
        y -= 17
    rows = [
        ["Culture Medium", "Incubation\nTemperature", "Days\nIncubated", "Observation", "Result"]
    ]
    names = {
        "anaerobic": ("Fluid Thioglycollate Medium (FTM)", "30-35 °C"),
        "aerobic": ("Tryptic Soy Broth (TSB)", "20-25 °C"),
    }
    for line in truth.lines:
        name, warm = names[line.part or ""]
        if line.reading == "pending":
            rows.append([name, warm, "7", "No growth to date", "Pending"])
        elif line.reading == "positive":
            rows.append([name, warm, "14", f"Growth (day {line.day})", "FAIL"])
        else:
            rows.append([name, warm, "14", "No growth", "PASS"])
    for line in truth.also:
        name, warm = names[line.part or ""]
        short = "FTM" if line.part == "anaerobic" else "TSB"
        rows.append([f"Negative Control - {short}", warm, "14", "No growth", "PASS"])
    table = Table(rows, colWidths=(190, 82, 64, 100, 68))
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
                ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
                ("ALIGN", (1, 0), (-1, -1), "CENTER"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    _, high = table.wrapOn(canvas, 504, 400)
    table.drawOn(canvas, 54, y - 10 - high)
    y -= 10 + high + 24
    found = [line for line in truth.lines if line.reading == "positive"]
    notes = []
    if truth.replaces:
        notes.append(
            f"This amended report replaces report {truth.replaces}. Reason for amendment: client "
            "address corrected. Test results are unchanged."
        )
    if found:
        notes.append(f"<b>Comments:</b> Isolate identified as <i>{found[0].organism}</i>.")
        notes.append(
            "<b>Conclusion:</b> The sample does not meet the requirements of USP &lt;71&gt;."
        )
    elif truth.status == "preliminary":
        notes.append(
            "<b>Comments:</b> Incubation continues to 14 days. A final report will be issued upon "
            "completion of the test."
        )
    else:
        notes.append("<b>Conclusion:</b> The sample meets the requirements of USP &lt;71&gt;.")
    for note in notes:
        block = para(note, "Helvetica", 9.5)
        _, high = block.wrapOn(canvas, 504, 100)
        block.drawOn(canvas, 54, y - high)
        y -= high + 8
    y -= 40
    canvas.setLineWidth(0.6)
    canvas.setFont("Helvetica", 9)
    canvas.line(54, y, 270, y)
    canvas.line(330, y, 470, y)
    canvas.setFont("Times-Italic", 14)
    canvas.drawString(62, y + 4, (truth.signed_by or "").split(",")[0])
    canvas.setFont("Helvetica", 9)
    canvas.drawString(338, y + 4, day(truth.date_issued, _DATE))
    canvas.drawString(54, y - 12, f"Reviewed and approved by: {truth.signed_by}")
    canvas.drawString(330, y - 12, "Date")
    canvas.setFont("Helvetica", 7.5)
    canvas.drawCentredString(306, 52, "Results relate only to the sample as received and tested.")
    canvas.drawCentredString(
        306, 42, "This report shall not be reproduced except in full without written approval."
    )
    canvas.drawCentredString(306, 30, "Page 1 of 1")
    canvas.save()
