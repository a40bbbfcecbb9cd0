"""A sterility record with an observation for each day of incubation, sideways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_DATE = "{d02} {Mon} {y}"
_ROWS = (
    ("sample", "anaerobic", "FTM, sample"),
    ("sample", "aerobic", "TSB, sample"),
    ("negative_control", "anaerobic", "FTM, negative control"),
    ("negative_control", "aerobic", "TSB, negative control"),
)


def compose(rng: Random) -> Truth:
    """Invent a record of fourteen days in two media, with their negative controls."""
    truth = begin(
        rng,
        "Sable Ridge BioSafety Testing",
        "SRB-{n:06d}",
        ("received", "started", "completed", "issued"),
    )
    # A control that grows voids its test, whatever the sample did.
    spoilt = rng.random() < 0.15
    controls = [
        Line(
            test="sterility",
            part=part,
            role="negative_control",
            reading="positive" if spoilt and part == "aerobic" else "negative",
            day=4 if spoilt and part == "aerobic" else None,
        )
        for part in ("anaerobic", "aerobic")
    ]
    found = fill(truth, [*sterility(rng), *controls])
    return replace(found, sample_id=f"SR{rng.randrange(100_000, 999_999)}-1")


def draw(truth: Truth, path: Path) -> None:
    """Print the record."""
    canvas = Canvas(str(path), pagesize=landscape(letter))
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(40, 565, "Sterility Test Record")
    canvas.setFont("Helvetica", 10)
    canvas.drawRightString(752, 568, truth.laboratory)
    canvas.line(40, 555, 752, 555)
    pairs = (
        ("Report Number", truth.report_number, "Date Received", day(truth.date_received, _DATE)),
        ("Lot Number", truth.lot, "Date of Inoculation", day(truth.date_started, _DATE)),
        ("Sample ID", truth.sample_id, "Date of Final Reading", day(truth.date_completed, _DATE)),
        ("Sponsor", truth.client, "Report Date", day(truth.date_issued, _DATE)),
    )
    y = 535
    for left, value, right, other in pairs:
        canvas.setFont("Helvetica-Bold", 9)
        canvas.drawString(40, y, left)
        canvas.drawString(420, y, right)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(140, y, value or "")
        canvas.drawString(540, y, other)
        y -= 16
    table = _grid(truth)
    table.wrapOn(canvas, 712, 300)
    table.drawOn(canvas, 40, y - 150)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        40, y - 170, "Key:  – no turbidity (no growth)    + turbid (growth)    W weekend, not read"
    )
    ending = (
        "FAIL: growth of microorganisms was found."
        if truth.failed
        else "PASS: no evidence of microbial growth was found."
    )
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(40, y - 195, f"Conclusion: {ending}")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(40, y - 225, f"Approved by: {truth.signed_by}")
    canvas.drawString(420, y - 225, f"Date: {day(truth.date_issued, _DATE)}")
    canvas.setFont("Helvetica", 7)
    canvas.drawString(40, 30, "FRM-1180 v4 · Test method: USP <71>, membrane filtration")
    canvas.drawRightString(752, 30, "Page 1 of 1")
    canvas.save()


def _grid(truth: Truth) -> Table:
    head = ["Medium", *(str(number) for number in range(1, 15)), "Result"]
    body = []
    for role, part, name in _ROWS:
        line = next(line for line in truth.lines if (line.role, line.part) == (role, part))
        seen = [
            "+" if line.day is not None and number >= line.day else "W" if number in (6, 7) else "–"
            for number in range(1, 15)
        ]
        body.append([name, *seen, "Growth" if line.reading == "positive" else "No growth"])
    above = ["", "Day of incubation", *[""] * 13, ""]
    return Table(
        [above, head, *body],
        colWidths=(150, *[34] * 14, 80),
        rowHeights=24,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
                ("SPAN", (1, 0), (14, 0)),
                ("ALIGN", (1, 0), (-1, -1), "CENTER"),
                ("FONT", (0, 0), (-1, 1), "Helvetica-Bold", 9),
                ("FONT", (0, 2), (-1, -1), "Helvetica", 9),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
