"""An American contract laboratory's final report: label/value header, prose, an unruled table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SERIF, build, choose, day, padded, para
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_DATE = "{d02} {Mon} {y}"


def compose(rng: Random) -> Truth:
    """Invent a sterility study; one in seven is an amended final report."""
    truth = begin(
        rng,
        "Sandoval Ridge Laboratories",
        "{n:07d}-S01",
        ("received", "started", "completed", "issued"),
        status="final",
    )
    if rng.random() < 0.15:
        old = truth.report_number or ""
        truth = replace(truth, report_number=f"{old[:-1]}2", replaces=old, status="amended")
    truth = fill(truth, sterility(rng, growth=0.2))
    also = [
        Line(test="sterility", part=part, role=role, reading=reading)
        for part in ("anaerobic", "aerobic", None)
        for role, reading in (
            ("negative_control", "negative"),
            ("positive_control", "positive"),
            ("growth_promotion", "positive"),
        )
    ]
    return replace(truth, also=tuple(also))


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SERIF

    def p(text: str | None, size: float = 10, font: str = plain, **more: Any) -> Paragraph:
        return para(text, font, size, **more)

    def date(when: dt.date | None) -> str:
        return day(when, _DATE)

    title = (
        f"Sterility Test (Direct Inoculation) {'Amended ' if truth.replaces else ''}Final Report"
    )
    rows = [
        ("Test Article:", truth.product),
        ("Lot Number:", truth.lot),
        ("Study Number:", truth.report_number),
        ("Study Received Date:", date(truth.date_received)),
        ("Test Initiation Date:", date(truth.date_started)),
        ("Test Completion Date:", date(truth.date_completed)),
        ("Testing Facility:", "Sandoval Ridge Laboratories, LLC<br/>Ridgeview, UT 99990 U.S.A."),
        ("Test Procedure(s):", f"STP Number: {choose(truth, 'STP0077 Rev 18', 'STP0077 Rev 19')}"),
        ("Deviation(s):", "None"),
    ]
    story = [
        Spacer(1, 8),
        p(f"Sponsor:<br/>Quality Manager<br/>{truth.client}<br/>1 Sample Parkway", 10),
        Spacer(1, 14),
        p(title, 15, bold, alignment=1),
        Spacer(1, 14),
        Table(
            [[p(a, 10, bold, alignment=2), p(b)] for a, b in rows],
            colWidths=(150, 330),
            style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *padded(1, 1)]),
        ),
        Spacer(1, 12),
    ]
    if truth.replaces:
        story += [
            p(
                f"<b>Amendment:</b> This report supersedes Study Number {truth.replaces}. The "
                "sponsor's address was corrected at the sponsor's request. No results were "
                "changed."
            ),
            Spacer(1, 8),
        ]
    story += [
        p(
            "<b>Summary:</b> The test article was evaluated for the presence of viable aerobic "
            "and anaerobic microorganisms by direct inoculation into Fluid Thioglycollate Medium "
            "(FTM) and Soybean-Casein Digest Medium (SCDM) as described in the current <i>United "
            "States Pharmacopeia</i> &lt;71&gt;. All test method acceptance criteria were met. "
            "Testing was performed in compliance with US FDA good manufacturing practice (GMP) "
            "regulations 21 CFR Parts 210, 211 and 820."
        ),
        Spacer(1, 10),
        p("<b>Results:</b>"),
        Spacer(1, 4),
    ]
    titles = ["Medium", "Incubation", "Volume per\nVessel", "Number\nTested"]
    cells = [[*titles, "Test Article\nResult", "Negative\nControl"]]
    for line in truth.lines:
        found = f"Growth, Day {line.day}" if line.reading == "positive" else "No Growth"
        medium = ["SCDM", "14 days, 20-25°C"]
        if line.part == "anaerobic":
            medium = ["FTM", "14 days, 30-35°C"]
        cells.append([*medium, "1.0 mL", "1", found, "No Growth"])
    story.append(
        Table(
            cells,
            colWidths=(60, 110, 75, 60, 95, 75),
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, 0), bold, 10),
                    ("FONT", (0, 1), (-1, -1), plain, 10),
                    ("ALIGN", (0, 0), (-1, -1), "CENTER"),
                    ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                    ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ]
            ),
        )
    )
    story.append(Spacer(1, 10))
    bad = [line for line in truth.lines if line.reading == "positive"]
    if bad:
        story.append(
            p(
                "Turbidity was confirmed by Gram stain and subculture; the isolate was "
                f"identified as <i>{bad[0].organism}</i>. The test article <b>does not meet</b> "
                "the requirements of the test for sterility."
            )
        )
    else:
        story.append(p("The test article <b>meets</b> the requirements of the test for sterility."))
    story += [
        Spacer(1, 10),
        p(
            "<b>Test Method Acceptance Criteria:</b> Growth promotion of each lot of medium must "
            "show growth of the indicator organisms within the specified time at an inoculum of "
            "not more than 100 CFU. Negative controls must remain free of growth. The suitability "
            "of the method must have been established for the test article."
        ),
        PageBreak(),
        p(
            "<b>Procedure:</b> The test article was removed from its container aseptically in an "
            "ISO Class 5 environment. The stated volume was transferred to 100 mL vessels of FTM "
            "and SCDM. Vessels were incubated for a minimum of 14 days and examined visually on "
            "days 3, 5, 7, 10 and 14. Where the test article renders the medium turbid, a portion "
            "is transferred to fresh medium and incubated for at least a further 4 days."
        ),
        Spacer(1, 8),
        p("<b>Growth Promotion:</b>"),
        Spacer(1, 3),
    ]
    organisms = [
        ("FTM", "Staphylococcus aureus", "ATCC 6538"),
        ("FTM", "Clostridium sporogenes", "ATCC 11437"),
        ("SCDM", "Bacillus subtilis", "ATCC 6633"),
        ("SCDM", "Candida albicans", "ATCC 10231"),
        ("SCDM", "Aspergillus brasiliensis", "ATCC 16404"),
    ]
    story.append(
        Table(
            [
                ["Medium", "Organism", "Strain", "Result"],
                *[[m, o, s, "Growth"] for m, o, s in organisms],
            ],
            colWidths=(70, 170, 100, 80),
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, 0), bold, 9),
                    ("FONT", (0, 1), (-1, -1), plain, 9),
                    ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors.black),
                    *padded(1, 1),
                ]
            ),
        )
    )
    story += [
        Spacer(1, 34),
        Table(
            [
                ["_" * 40, "_" * 24],
                [f"Study Director: {truth.signed_by}", f"Report Date: {date(truth.date_issued)}"],
            ],
            colWidths=(290, 190),
            style=TableStyle([("FONT", (0, 0), (-1, -1), plain, 10)]),
        ),
    ]

    def page(canvas: Canvas, _: object) -> None:
        canvas.setFont("Times-BoldItalic", 18)
        canvas.setFillColor(colors.HexColor("#7a3b12"))
        canvas.drawString(60, 745, "Sandoval Ridge")
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(60, 733, "L A B O R A T O R I E S")
        canvas.setFillColor(colors.black)
        canvas.setFont("Times-Roman", 7)
        canvas.drawString(
            60,
            50,
            "These results relate only to the test article listed in this report. Reports may "
            "not be reproduced except in their entirety. Subject to terms and conditions.",
        )
        canvas.drawString(60, 40, f"FRT0077-0001 Rev 9   {truth.report_number}")
        canvas.drawRightString(552, 40, f"Page {canvas.getPageNumber()} of 2")

    build(path, story, page, letter, (60, 60, 72, 66))
