"""A pharmaceutical sterility report: media lots, growth promotion, controls and a legend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, para
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_DATE = "{d02}-{MON}-{y}"
_MEDIA = {"anaerobic": "FTM", "aerobic": "SCDM"}
_STRAINS = (
    ("S. aureus ATCC 6538", "anaerobic"),
    ("C. sporogenes ATCC 11437", "anaerobic"),
    ("B. subtilis ATCC 6633", "aerobic"),
    ("C. albicans ATCC 10231", "aerobic"),
)


def compose(rng: Random) -> Truth:
    """Invent a report whose controls all did as they should."""
    truth = begin(
        rng,
        "Stonebridge Pharma Micro",
        "SPM-STR-{n:05d}",
        ("received", "started", "completed", "issued"),
    )
    also = tuple(
        Line(test="sterility", part=part, role=role, reading=reading)
        for part in (None, "anaerobic", "aerobic")
        for role, reading in (("negative_control", "negative"), ("positive_control", "positive"))
    )
    return replace(fill(truth, sterility(rng)), also=also)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    bold, plain = "Helvetica-Bold", "Helvetica"
    about = [
        ("Report number", truth.report_number),
        ("Sponsor", truth.client),
        ("Test article", truth.product),
        ("Lot number", truth.lot),
        ("Date of receipt", day(truth.date_received, _DATE)),
        ("Date test initiated", day(truth.date_started, _DATE)),
        ("Date test completed", day(truth.date_completed, _DATE)),
        ("Test method", "USP <71>, membrane filtration, closed system"),
    ]
    results = [["Medium", "Medium lot", "Incubation", "Containers tested", "Result"]]
    for at, line in enumerate(truth.lines):
        found = "No growth" if line.reading == "negative" else f"Growth, day {line.day}"
        results.append([_MEDIA[line.part or ""], f"ML{4411 + at}", "14 days", "2 of 2", found])
    controls = [["Control", "Medium", "Challenge organism", "Observation"]]
    controls += [["Negative control", name, "none", "No growth"] for name in _MEDIA.values()]
    controls += [
        ["Growth promotion", _MEDIA[part], strain, "Growth within 3 days"]
        for strain, part in _STRAINS
    ]
    story: list[object] = [
        para("STERILITY TEST REPORT", bold, 14),
        para("Stonebridge Pharma Micro · 9 Quarry Bank · Stonebridge, NC 27999", plain, 8),
        Spacer(1, 10),
        Table(
            [[para(name, bold, 9), value] for name, value in about],
            colWidths=(120, 370),
            style=TableStyle(
                [
                    ("FONTSIZE", (0, 0), (-1, -1), 9),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.2, colors.grey),
                ]
            ),
        ),
        Spacer(1, 12),
        para("1. Test results", bold, 10),
        Spacer(1, 4),
        _ruled(results, (80, 90, 90, 110, 120)),
        Spacer(1, 12),
        para("2. Controls", bold, 10),
        Spacer(1, 4),
        _ruled(controls, (110, 80, 160, 140)),
        Spacer(1, 10),
        para("3. Method suitability", bold, 10),
        para(
            "The method was shown to be suitable for this product (report SPM-VAL-0093).", plain, 9
        ),
        Spacer(1, 10),
        para("4. Conclusion", bold, 10),
        para(
            "The test article does not meet the requirements of USP &lt;71&gt;."
            if truth.failed
            else "The test article meets the requirements of USP &lt;71&gt;.",
            plain,
            9,
        ),
        Spacer(1, 22),
        para(f"Reviewed by: {truth.signed_by}", plain, 9),
        para(f"Report date: {day(truth.date_issued, _DATE)}", plain, 9),
        Spacer(1, 12),
        para(
            "FTM: fluid thioglycollate medium. SCDM: soybean-casein digest medium. "
            "ATCC: type culture collection.",
            plain,
            7,
        ),
    ]
    SimpleDocTemplate(str(path), pagesize=letter, topMargin=50).build(story)


def _ruled(rows: list[list[str]], widths: tuple[int, ...]) -> Table:
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
    ]
    return Table(rows, colWidths=widths, style=TableStyle(style))
