"""A group of laboratories: analytical report from a LIMS, one block of text for each test code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, number
from benchmarks.layouts.truth import Line, Truth, begin, endotoxin, fill, mycoplasma, sterility

_DATE = "{d02}{Mon}{y}"


def compose(rng: Random) -> Truth:
    """Invent a report of two or three tests; now and then an amended one."""
    truth = begin(
        rng,
        "Grantley Scientific Group",
        "AR-{yy}-GS-{n:06d}-01",
        ("received", "started", "completed", "issued"),
    )
    truth = replace(
        truth,
        sample_id=f"771-{truth.date_received.year}-{rng.randrange(10000000, 99999999)}"
        if truth.date_received
        else None,
    )
    lines = [*sterility(rng, ("anaerobic", "aerobic"), method="USP <71>", growth=0.12)]
    lines.append(endotoxin(rng, limit="1.0", method="USP <85>"))
    if rng.random() < 0.6:
        lines.append(mycoplasma(rng, method="USP <63>"))
    if rng.random() < 0.15:
        old = truth.report_number or ""
        truth = replace(truth, status="amended", replaces=old, report_number=f"{old[:-2]}02")
    control = Line(test="sterility", role="negative_control", reading="negative")
    return replace(fill(truth, lines), also=(control,))


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the report over two pages."""
    canvas = Canvas(str(path), pagesize=letter)
    page = 0
    y = 0.0
    teal = colors.HexColor("#00717a")

    def text(
        x: float, words: str, size: float = 8.5, bold: bool = False, italic: bool = False
    ) -> None:
        canvas.setFont(
            "Helvetica-Bold" if bold else "Helvetica-Oblique" if italic else "Helvetica", size
        )
        canvas.drawString(x, y, words)

    def leaf() -> None:
        nonlocal page, y
        if page:
            canvas.showPage()
        page += 1
        canvas.setFont("Helvetica-Bold", 16)
        canvas.setFillColor(teal)
        canvas.drawString(40, 748, "grantley scientific")
        canvas.setFillColor(colors.black)
        canvas.setFont("Helvetica", 7.5)
        for at, words in enumerate(
            ("Grantley Scientific Group", "2425 Old Foundry Pike, Grantley Mills, PA 17999")
        ):
            canvas.drawRightString(572, 756 - 9 * at, words)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(
            40,
            46,
            "All results relate only to the items tested. This report shall not be reproduced "
            "except in full without written approval of Grantley Scientific Group.",
        )
        canvas.drawString(
            40, 37, "* Test not within the ISO/IEC 17025:2017 scope of accreditation."
        )
        canvas.drawRightString(572, 28, f"{truth.report_number}   Page {page} of 2")
        y = 704

    leaf()
    text(40, f"{'Amended ' if truth.replaces else ''}Analytical Report", 15, True)
    y -= 22
    pairs = [
        ("Report Number:", truth.report_number, "Report Date:", day(truth.date_issued, _DATE)),
        ("Sample Code:", truth.sample_id, "Reception Date:", day(truth.date_received, _DATE)),
        ("Client:", truth.client, "Analysis Started:", day(truth.date_started, _DATE)),
        ("Sample Name:", truth.product, "Analysis Ended:", day(truth.date_completed, _DATE)),
        (choose(truth, "Lot Number:", "Batch/Lot:"), truth.lot, "Sample Condition:", "Frozen"),
    ]
    for a, b, c, d in pairs:
        text(40, a, bold=True)
        text(118, b or "")
        text(375, c, bold=True)
        text(465, d or "")
        y -= 13
    y -= 4
    canvas.line(40, y, 572, y)
    y -= 16
    if truth.status == "amended":
        text(
            40,
            f"This report replaces report {truth.replaces}. Reason: correction of the client "
            "address. Results are unchanged.",
            8.5,
            italic=True,
        )
        y -= 18
    yes, no = choose(truth, "Pass|Fail", "Within specification|Out of specification").split("|")

    def heading(code: str, name: str, method: str) -> None:
        nonlocal y
        canvas.setFillColor(colors.HexColor("#e3f0f1"))
        canvas.rect(40, y - 4, 532, 15, stroke=0, fill=1)
        canvas.setFillColor(colors.black)
        text(44, code, bold=True)
        text(92, name, bold=True)
        text(400, f"Method: {method}")
        y -= 16
        for x, words in (
            (92, "Parameter"),
            (270, "Result"),
            (375, "Specification"),
            (480, "Assessment"),
        ):
            text(x, words, 7.5, italic=True)
        y -= 12

    def row(name: str, result: str, limit: str, line: Line) -> None:
        nonlocal y
        text(92, name)
        text(270, result, bold=True)
        text(375, limit)
        text(480, yes if line.verdict == "pass" else no, bold=line.verdict == "fail")
        y -= 13

    heading("GS4K1", "Sterility Test, Direct Inoculation", "USP <71>")
    for line in truth.lines[:2]:
        medium = {
            "anaerobic": "Fluid Thioglycollate Medium",
            "aerobic": "Soybean Casein Digest Broth",
        }[line.part or ""]
        row(medium, "No Growth" if line.reading == "negative" else "Growth", "No Growth", line)
    text(
        92,
        "Incubated 14 days at 30-35 C (FTM) and 20-25 C (SCDB). Negative control: no growth.",
        7.5,
    )
    y -= 11
    isolate = next((line for line in truth.lines if line.organism), None)
    if isolate:
        text(
            92,
            f"Growth first observed on day {isolate.day}. Identification: {isolate.organism}.",
            7.5,
        )
        y -= 11
    y -= 12
    toxin = truth.lines[2]
    heading("GS2E7", "Bacterial Endotoxin, Kinetic Turbidimetric", "USP <85>")
    gap = choose(truth, "", " ")
    row(
        "Endotoxin",
        f"{number(toxin.found, gap=gap)} EU/mL",
        f"{number(toxin.allowed, gap=gap)} EU/mL",
        toxin,
    )
    text(92, "Spike recovery was within 50-200 %. Result is corrected for dilution.", 7.5)
    y -= 23
    for line in truth.lines[3:]:
        heading("GS9M2*", "Mycoplasma, Real-Time PCR", "USP <63>")
        said = choose(truth, "Not Detected|Detected", "Negative|Positive").split("|")
        row("Mycoplasma DNA", said[line.reading == "positive"], said[0], line)
        text(92, "Limit of detection: 10 genome copies per mL.", 7.5)
        y -= 23
    text(40, "See page 2 for authorization and explanatory notes.", 8, italic=True)
    leaf()
    text(40, "Explanatory notes", 11, True)
    for words in (
        "Specifications were provided by the client. Assessment is by simple acceptance, without "
        "allowance for measurement uncertainty.",
        "Lot number and sample name are as stated by the client on the sample submission form.",
        "Samples are retained for 30 days after the report date unless other arrangements have "
        "been made.",
        "Estimates of measurement uncertainty are available on request.",
    ):
        y -= 15
        text(48, "- " + words)
    y -= 34
    text(40, "Results authorized by", 9.5, True)
    y -= 16
    text(40, f"{truth.signed_by}", 9.5)
    y -= 13
    text(40, "Manager, Microbiology Department")
    y -= 24
    text(
        40,
        "This document has been electronically authorized in accordance with 21 CFR Part 11.",
        8,
        italic=True,
    )
    y -= 30
    canvas.setFont("Helvetica", 8.5)
    canvas.drawCentredString(306, y, "- End of report -")
    canvas.save()
