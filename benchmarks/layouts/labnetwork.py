"""A nationwide American clinical laboratory: test, in range, out of range, reference range."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, logo, number
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    gram_stain,
    sterility,
    viability,
)
from qcvalidate.locale import Locale

LOCALE = Locale(dates="MDY")
_DATE = "{m02}/{d02}/{y}"
_X = (36, 214, 344, 460, 556)


def compose(rng: Random) -> Truth:
    """Invent a sterility culture with stain, endotoxin and sometimes viability."""
    preliminary = rng.random() < 0.08
    truth = begin(
        rng,
        "Harrowgate Diagnostics",
        "HG{n:06d}K",
        ("sampled", "received", "issued"),
        status="preliminary" if preliminary else "final",
    )
    culture = sterility(rng, ("aerobic", "anaerobic"), growth=0.07)
    if preliminary:
        culture = tuple(
            Line(test="sterility", part=part, reading="pending")
            for part in ("aerobic", "anaerobic")
        )
    lines = [gram_stain(rng), *culture, endotoxin(rng)]
    if rng.random() < 0.6:
        lines.append(viability(rng))
    # Only what stands in the out-of-range column is judged.
    return fill(
        truth, [replace(one, verdict="fail" if one.verdict == "fail" else None) for one in lines]
    )


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the report."""
    c = Canvas(str(path), pagesize=letter)
    logo(c, 36, 738, 26, "#2f6b3a")
    c.setFont("Helvetica-Bold", 15)
    c.drawString(70, 746, "Harrowgate Diagnostics")
    c.setFont("Helvetica-Bold", 9)
    word = "PRELIMINARY" if truth.status == "preliminary" else "FINAL"
    c.drawRightString(576, 750, f"Report Status: {word}")
    c.setFont("Helvetica", 7.5)
    c.drawRightString(576, 740, "Page 1 of 1")
    c.setLineWidth(0.7)
    c.rect(36, 640, 540, 90)
    c.line(216, 640, 216, 730)
    c.line(396, 640, 396, 730)
    initials = "".join(w[0] for w in truth.client.split())[:3].upper()
    blocks = (
        (
            "Product Information",
            (f"{truth.product}", f"LOT: {truth.lot}", "DOB: N/A      SEX: N/A", "Fasting: N/A"),
        ),
        (
            "Specimen Information",
            (
                f"Accession: {truth.report_number}",
                f"Requisition: {int((truth.report_number or '')[2:8]) * 7 % 9999999:07d}",
                f"Collected: {day(truth.date_sampled, _DATE)} / 08:40 EST",
                f"Received: {day(truth.date_received, _DATE)} / 19:17 EST",
                f"Reported: {day(truth.date_issued, _DATE)} / 16:05 EST",
            ),
        ),
        (
            "Client Information",
            (
                f"Client #: 4410{len(truth.client)}  {initials}-STAT",
                *_wrap(truth.client, 32),
                "Attn: QUALITY UNIT",
            ),
        ),
    )
    for at, (title, rows) in enumerate(blocks):
        x = 42 + at * 180
        c.setFont("Helvetica-Bold", 8)
        c.drawString(x, 718, title)
        c.setFont("Helvetica", 8)
        for down, row in enumerate(rows):
            c.drawString(x, 704 - down * 12, row)
    y = 618.0
    c.setFillColor(colors.HexColor("#e5efe6"))
    c.rect(36, y - 4, 540, 15, stroke=0, fill=1)
    c.setFillColor(colors.black)
    c.setFont("Helvetica-Bold", 8)
    for x, head in zip(
        _X, ("Test Name", "In Range", "Out Of Range", "Reference Range", "Lab"), strict=True
    ):
        c.drawString(x + 4 if x == 36 else x, y, head)
    section = ""
    for line in truth.lines:
        title = {
            "gram_stain": "CULTURE, STERILITY, CELL/TISSUE PRODUCT W/ GRAM STAIN",
            "endotoxin": "BACTERIAL ENDOTOXIN (LAL)",
            "viability": "CELL VIABILITY, 7-AAD, FLOW CYTOMETRY",
        }.get(line.test, section)
        if title != section:
            section = title
            y -= 20
            c.setFont("Helvetica-Bold", 8)
            c.drawString(40, y, title)
        y -= 13
        name, found, reference = _words(line)
        out = line.verdict == "fail"
        c.setFont("Helvetica", 8)
        c.drawString(50, y, name)
        c.drawString(_X[3], y, reference)
        c.drawString(_X[4], y, "EZ")
        c.setFont("Helvetica-Bold" if out else "Helvetica", 8)
        for piece in _wrap(found, 20 if out else 24):
            c.drawString(_X[2] if out else _X[1], y, piece)
            y -= 10
        y += 10
        if line.reading == "positive" and line.organism:
            hours = (line.day or 0) * 24 - 5
            c.setFont("Helvetica", 8)
            y -= 12
            c.drawString(
                62,
                y,
                f"ORGANISM 1: {line.organism.upper()}   (positive at {hours} hours)",
            )
    c.setFont("Helvetica", 7.5)
    y -= 26
    for text in (
        "Sterility culture performed in an automated blood culture system, 32.5 C, 14 days.",
        "This test was developed and its analytical performance characteristics have been "
        "determined by Harrowgate",
        "Diagnostics. It has not been cleared or approved by the FDA. This assay has been "
        "validated pursuant to the",
        "CLIA regulations and is used for clinical purposes.",
    ):
        c.drawString(40, y, text)
        y -= 10
    y -= 16
    c.setFont("Helvetica-Bold", 7.5)
    c.drawString(36, y, "PERFORMING SITE:")
    c.setFont("Helvetica", 7)
    c.drawString(
        36,
        y - 11,
        "EZ  HARROWGATE DIAGNOSTICS/OLD MILL, 33608 QUARRY ROAD, OLD MILL, CA 99990-1234  "
        "Laboratory Director: P. QUIMBY-ASHE, MD, CLIA: 99D8888888",
    )
    c.drawString(36, y - 24, f"Released by: {truth.signed_by}")
    c.line(36, 40, 576, 40)
    c.drawString(
        36,
        30,
        f"CLIENT SERVICES: 555.010.0199      ACCESSION: {truth.report_number}      "
        "Harrowgate and the associated logo are trademarks of Harrowgate Diagnostics.",
    )
    c.save()


def _wrap(text: str, width: int) -> list[str]:
    rows = [""]
    for word in text.split():
        if rows[-1] and len(rows[-1]) + len(word) + 1 > width:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows


def _words(line: Line) -> tuple[str, str, str]:
    if line.test == "gram_stain":
        found = "NO ORGANISMS SEEN" if line.reading == "negative" else "GRAM POSITIVE COCCI SEEN"
        return "GRAM STAIN", found, "NO ORGANISMS SEEN"
    if line.test == "sterility":
        found = {
            "negative": "NO GROWTH AFTER 14 DAYS",
            "positive": "GROWTH",
            "pending": "NO GROWTH TO DATE, CULTURE CONTINUES",
        }[line.reading or ""]
        return f"{(line.part or '').upper()} BOTTLE", found, "NO GROWTH"
    if line.test == "endotoxin":
        return (
            "ENDOTOXIN, KINETIC TURBIDIMETRIC",
            f"{number(line.found, gap='')} EU/mL",
            f"< OR = {line.allowed.digits} EU/mL",
        )
    return "VIABLE CELLS", f"{line.found.digits} %", f"> OR = {line.allowed.digits} %"
