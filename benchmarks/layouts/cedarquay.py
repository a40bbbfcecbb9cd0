"""A US contract laboratory for devices and biologics: 'Sterility Test Final Report', one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import HRFlowable, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, choose, day, facts, logo, padded, para
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_DATE = "{d02} {Mon} {y}"


def compose(rng: Random) -> Truth:
    """Invent a direct inoculation test; now and then the report is amended."""
    truth = begin(rng, "Cedar Quay Laboratories", "1{n:05d}7-S01", status="final")
    lines = sterility(rng, method="USP <71>", growth=0.25)
    if rng.random() < 0.15:
        first = truth.report_number or ""
        truth = replace(truth, status="amended", replaces=first, report_number=f"{first}-A1")
    controls = (
        Line(test="sterility", role="negative_control", reading="negative"),
        Line(test="sterility", role="positive_control", reading="positive"),
    )
    return replace(fill(truth, lines), also=controls)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SANS
    amended = truth.status == "amended"
    about = [
        ("Test Article:", truth.product),
        (choose(truth, "Lot Number:", "Lot/Batch #:", "Test Article Lot:"), truth.lot),
        ("Purchase Order:", f"PO-{sum(map(ord, truth.report_number or '')) * 37 % 90000 + 10000}"),
        ("Study Number:", truth.report_number),
        ("Study Received Date:", day(truth.date_received, _DATE)),
        (
            "Testing Facility:",
            "Cedar Quay Laboratories, 4100 Tidewater Loop, Quayport, UT 84999 U.S.A.",
        ),
        ("Test Procedure(s):", "Standard Test Protocol (STP) Number: STP0097 Rev 14"),
        ("Deviation(s):", "None"),
    ]
    header = facts(about, (125, 375), (plain, bold), 9, *padded(1, 1))
    rows = [["Media", "Incubation", "Number\nTested", "Number\nPositive", "Result"]]
    names = {
        "anaerobic": ("Fluid Thioglycollate Medium (FTM)", "30-35°C, 14 days"),
        "aerobic": ("Soybean-Casein Digest Medium (SCDM)", "20-25°C, 14 days"),
    }
    for line in truth.lines:
        name, kept = names[line.part or ""]
        grown = line.reading == "positive"
        rows.append(
            [
                name,
                kept,
                "2",
                "1" if grown else "0",
                f"Growth (Day {line.day})"
                if grown
                else choose(truth, "No Growth", "No growth observed"),
            ]
        )
    table = Table(
        rows,
        colWidths=(190, 95, 55, 55, 105),
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), bold, 9),
                ("FONT", (0, 1), (-1, -1), plain, 9),
                ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
                ("ALIGN", (2, 0), (3, -1), "CENTER"),
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
            ]
        ),
    )
    bad = next((line for line in truth.lines if line.reading == "positive"), None)
    ending = (
        "The test article did not meet the requirements of the USP <71> sterility test."
        if bad
        else "The test article met the requirements of the USP <71> sterility test."
    )
    story = [
        para(("Amended " if amended else "") + "Sterility Test Final Report", bold, 15),
        Spacer(1, 10),
        header,
        Spacer(1, 10),
        HRFlowable(width="100%", thickness=0.8, color=colors.HexColor("#2b5d4b")),
        Spacer(1, 8),
    ]
    if amended:
        story += [
            para(
                f"<b>Amendment:</b> This report supersedes final report {truth.replaces}. Reason "
                "for "
                "amendment: the purchase order number was corrected at the sponsor's request. "
                "The test results are unchanged.",
                plain,
                9,
            ),
            Spacer(1, 8),
        ]
    story += [
        para(
            "<b>Summary:</b> The direct inoculation procedure was used to determine whether the "
            "test "
            "article contained viable microorganisms. Aliquots of the test article were "
            "aseptically "
            "transferred into the media listed below, incubated, and scored for growth. All test "
            "method acceptance criteria were met. Testing was performed in compliance with US FDA "
            "good manufacturing practice (GMP) regulations 21 CFR Parts 210, 211 and 820.",
            plain,
            9,
        ),
        Spacer(1, 8),
        Table(
            [
                [
                    para("<b>Date Test Initiated:</b> " + day(truth.date_started, _DATE), plain, 9),
                    para(
                        "<b>Date Test Completed:</b> " + day(truth.date_completed, _DATE), plain, 9
                    ),
                ]
            ],
            colWidths=(250, 250),
        ),
        Spacer(1, 8),
        para("Results:", bold, 10),
        Spacer(1, 4),
        table,
        Spacer(1, 8),
        para(
            "The negative controls showed no growth. The positive controls showed growth within "
            "the "
            "time specified.",
            plain,
            9,
        ),
        Spacer(1, 6),
        para(ending, bold, 9),
        Spacer(1, 6),
    ]
    if bad:
        story += [
            para(
                f"<b>Comments:</b> The isolate was identified by MALDI-TOF as {bad.organism}. "
                "The sponsor was notified by telephone on the day of observation.",
                plain,
                9,
            ),
            Spacer(1, 6),
        ]
    story += [
        Spacer(1, 34),
        Table(
            [
                ["________________________________", "____________________"],
                [truth.signed_by, day(truth.date_issued, _DATE)],
                ["Study Director", "Report Date"],
            ],
            colWidths=(280, 220),
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, -1), plain, 9),
                    *padded(1, 1),
                ]
            ),
        ),
    ]

    def stationery(canvas: Canvas, _: object) -> None:
        logo(canvas, 56, 727, 30, "#2b5d4b")
        canvas.setFont(bold, 13)
        canvas.drawString(95, 743, "Cedar Quay Laboratories")
        canvas.setFont(plain, 8)
        canvas.drawString(95, 732, "Science you can moor to")
        canvas.drawRightString(556, 743, f"Sponsor: {truth.client}")
        canvas.drawRightString(556, 732, "Attn: Quality Assurance")
        canvas.setFont(plain, 6.5)
        canvas.drawString(
            56,
            52,
            "These results relate only to the test article listed in this report. Reports may not "
            "be "
            "reproduced except in their entirety. Subject to terms and conditions at",
        )
        canvas.drawString(56, 44, "www.cedarquay.example. FRT0097-0001 Rev 6")
        canvas.drawRightString(556, 44, "Page 1 of 1")
        canvas.drawCentredString(
            306,
            34,
            "4100 Tidewater Loop  •  Quayport, UT 84999  •  801-555-0144  •  "
            "sales@cedarquay.example",
        )

    build(path, story, stationery, letter, (56, 56, 82, 64))
