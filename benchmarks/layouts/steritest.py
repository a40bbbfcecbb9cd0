"""A pharmaceutical microbiology laboratory: membrane filtration, day by day, of two busy pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, Spacer

from benchmarks.layouts.drawing import SANS, build, choose, day, facts, headed, padded, para
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_DATE = "{y}-{m02}-{d02}"
_DAYS = (3, 5, 7, 10, 12, 14)


def compose(rng: Random) -> Truth:
    """Invent a sterility test with its controls."""
    truth = begin(rng, "Northmoor Pharma Microbiology", "NPM-ST-{yy}-{n:05d}")
    truth = replace(truth, sample_id=f"S{rng.randrange(100000, 999999)}")
    lines = sterility(rng, method="Ph. Eur. 2.6.1 / USP <71>", growth=0.25)
    controls = (
        *(
            Line(test="sterility", part=part, role="negative_control", reading="negative")
            for part in ("anaerobic", "aerobic")
        ),
        *(
            Line(test="sterility", part=part, role="positive_control", reading="positive")
            for part in ("anaerobic", "aerobic")
        ),
    )
    return replace(fill(truth, lines), also=controls)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SANS
    seed = sum(map(ord, truth.report_number or ""))
    none, some = choose(
        truth, "No growth|Growth", "No turbidity / no growth|Turbid / growth"
    ).split("|")
    yes, no = choose(truth, "Complies|Does not comply", "PASS|FAIL").split("|")

    def cell(text: str | None, font: str = plain, size: float = 8) -> Paragraph:
        return para(text, font, size)

    blue, pale = colors.HexColor("#24476b"), colors.HexColor("#e8eef5")
    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, blue),
        ("BACKGROUND", (0, 0), (-1, 0), pale),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    about = facts(
        (
            ("Customer", truth.client, "Report No.", truth.report_number),
            ("Product", truth.product, "Sample No.", truth.sample_id),
            ("Batch No.", truth.lot, "Date received", day(truth.date_received, _DATE)),
            ("Quantity", "4 x 5 mL satellites", "Test start", day(truth.date_started, _DATE)),
            ("Method", "Membrane filtration", "Test end", day(truth.date_completed, _DATE)),
            (
                "Method reference",
                "Ph. Eur. 2.6.1 / USP &lt;71&gt;",
                "Report date",
                day(truth.date_issued, _DATE),
            ),
        ),
        (85, 190, 85, 145),
        (plain, bold),
        8,
        ("GRID", (0, 0), (-1, -1), 0.5, blue),
        ("BACKGROUND", (0, 0), (0, -1), pale),
        ("BACKGROUND", (2, 0), (2, -1), pale),
    )
    fluid, broth = f"F{seed * 7 % 9000 + 1000}", f"T{seed * 11 % 9000 + 1000}"
    media = headed(
        [
            ["Medium", "Medium lot", "Expiry", "Volume", "Incubation"],
            ["Fluid thioglycollate medium (FTM)", fluid, "2027-09-30", "100 mL", "32.5 ± 2.5 °C"],
            ["Tryptic soy broth (TSB)", broth, "2027-08-31", "100 mL", "22.5 ± 2.5 °C"],
        ],
        (185, 80, 80, 70, 90),
        SANS,
        8,
        *grid,
    )
    rows = [["Medium", *(f"Day {d}" for d in _DAYS), "Result"]]
    for line in truth.lines:
        seen = ["+" if line.day is not None and d >= line.day else "-" for d in _DAYS]
        medium = {"anaerobic": "FTM", "aerobic": "TSB"}[line.part or ""]
        rows.append([medium, *seen, f"<b>{some if line.reading == 'positive' else none}</b>"])
    table = headed(rows, (60, *(50,) * 6, 145), SANS, 8, *grid)
    controls = headed(
        [
            ["Control", "Medium", "Requirement", "Observed"],
            ["Negative control (rinse fluid)", "FTM", "No growth, 14 days", "No growth"],
            ["Negative control (rinse fluid)", "TSB", "No growth, 14 days", "No growth"],
            ["Positive control, C. sporogenes", "FTM", "Growth within 3 days", "Growth, day 2"],
            ["Positive control, C. albicans", "TSB", "Growth within 5 days", "Growth, day 3"],
        ],
        (200, 65, 125, 115),
        SANS,
        8,
        *grid,
    )
    signed = day(truth.date_issued, _DATE)
    bad = next((line for line in truth.lines if line.organism), None)
    story = [
        para("STERILITY TEST REPORT", bold, 15, textColor=blue),
        Spacer(1, 8),
        about,
        Spacer(1, 12),
        para("Media", bold, 10),
        Spacer(1, 4),
        media,
        Spacer(1, 12),
        para("Observation of the product", bold, 10),
        Spacer(1, 4),
        table,
        Spacer(1, 4),
        cell("Key: - no growth visible; + growth visible.", size=7),
        Spacer(1, 12),
        para("Controls", bold, 10),
        Spacer(1, 4),
        controls,
        Spacer(1, 10),
        cell(
            "Growth promotion of each media lot was verified on receipt with the six compendial "
            "strains (not more than 100 CFU). Method suitability: study MS-0412, passed."
        ),
        PageBreak(),
        para(f"Sterility test report {truth.report_number} - conclusion", bold, 11, textColor=blue),
        Spacer(1, 10),
        facts(
            [
                ("Requirement", "No evidence of microbial growth after 14 days of incubation"),
                ("Conclusion", f"<b>Sterility: {no if truth.failed else yes}</b>"),
            ],
            (110, 395),
            SANS,
            9,
            ("BOX", (0, 0), (-1, -1), 1, blue),
        ),
        Spacer(1, 12),
    ]
    if bad:
        story += [
            cell(
                f"Identification of the isolate (MALDI-TOF MS): {bad.organism}. The "
                "out-of-specification investigation found no laboratory error; the test is valid "
                "and was not repeated.",
                size=9,
            ),
            Spacer(1, 12),
        ]
    story += [
        headed(
            [
                ["", "Name", "Function", "Date"],
                ["Prepared", "L. Brannigan", "Microbiologist", signed],
                ["Approved", truth.signed_by, "Head of Sterility Testing", signed],
            ],
            (70, 170, 155, 110),
            SANS,
            8,
            *grid,
            *padded(6, 6),
        ),
        Spacer(1, 14),
        cell(
            "The results refer exclusively to the sample submitted. Batch number and product name "
            "as stated by the customer. This report may be copied only in full.",
            size=7,
        ),
    ]

    def stationery(canvas: Canvas, _: object) -> None:
        canvas.setFillColor(blue)
        canvas.rect(0, 806, 595, 36, stroke=0, fill=1)
        canvas.setFillColor(colors.white)
        canvas.setFont(bold, 13)
        canvas.drawString(45, 819, "Northmoor Pharma Microbiology Ltd")
        canvas.setFillColor(colors.black)
        canvas.setFont(plain, 7)
        canvas.drawString(
            45, 34, "F-M-044/3 effective 2024-02-01 · Moor Gate Works, Northmoor NE99 9ZZ"
        )
        canvas.drawRightString(550, 34, f"Page {canvas.getPageNumber()} of 2")

    build(path, story, stationery, A4, (45, 45, 58, 54))
