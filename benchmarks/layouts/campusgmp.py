"""A university's GMP facility: its own certificate of analysis of an MSC lot, made in Word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Spacer

from benchmarks.layouts.drawing import (
    SERIF,
    build,
    choose,
    day,
    facts,
    headed,
    padded,
    para,
    power,
)
from benchmarks.layouts.truth import (
    Amount,
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    gram_stain,
    marker,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d02}{MON}{y}"
_NAMES = {
    "cd105_positive": "CD105",
    "cd73_positive": "CD73",
    "cd90_positive": "CD90",
    "cd45_positive": "CD45",
    "cd34_positive": "CD34",
    "cd14_positive": "CD14",
    "cd19_positive": "CD19",
    "hla_dr_positive": "HLA-DR",
}


def compose(rng: Random) -> Truth:
    """Invent a lot's certificate with all its release tests."""
    truth = begin(
        rng, "Wexcombe University Cell Manufacturing Facility", "COA-{yy}-{n:04d}", ("issued",)
    )
    truth = replace(
        truth,
        client="",
        product=rng.choice(
            (
                "Human umbilical cord-derived mesenchymal stromal cells (hUC-MSC)",
                "Human bone marrow-derived mesenchymal stromal cells (hBM-MSC)",
                "Autologous adipose-derived mesenchymal stromal cells (aMSC)",
            )
        ),
    )
    volume = rng.choice((10, 15, 20, 25, 50))
    dose = Decimal(rng.randrange(80, 140)) * 1_000_000
    lines = [
        Line(test="appearance", reading="negative", verdict="pass"),
        Line(test="volume", amount=Amount(str(volume)), unit="mL", verdict="pass"),
        viability(rng),
        Line(
            test="viable_cell_count",
            amount=Amount(f"{dose / 10**8:.2f}", exponent=8),
            unit="cells",
            limit=Amount("0.80", "≥", 8),
            verdict="pass",
        ),
        *(
            marker(rng, name, positive=name in ("cd105_positive", "cd73_positive", "cd90_positive"))
            for name in _NAMES
        ),
        gram_stain(rng),
        endotoxin(rng, limit="1.0"),
        mycoplasma(rng),
    ]
    culture = sterility(rng, (None,), growth=0.06, pending=0.06)
    return fill(truth, [*lines, *culture])


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""

    def p(text: str | None, size: float = 10, font: str = "Times-Roman", **more: Any) -> Paragraph:
        return para(text, font, size, **more)

    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *padded(1.5, 2.5),
    ]
    assert truth.date_issued is not None
    made = truth.date_issued - dt.timedelta(days=23)
    expires = dt.date(made.year + 2, made.month, min(made.day, 28))
    about = [
        ("Product Name", truth.product, "Certificate No.", truth.report_number),
        ("Lot Number", truth.lot, "Date of Manufacture", day(made, _DATE)),
        ("Passage", choose(truth, "P3", "P4", "P5"), "Expiration Date", day(expires, _DATE)),
        ("Storage", "≤ -150 °C (LN2 vapor phase)", "IND Number", "99999"),
    ]
    rows = [["Test", "Method", "Acceptance Criteria", "Result", "Pass/Fail"]]
    for line in truth.lines:
        verdict = {"pass": "Pass", "fail": "<b>Fail</b>", None: "N/A"}[line.verdict]
        rows.append([*_words(line), verdict])
    pending = any(line.reading == "pending" for line in truth.lines)
    if truth.failed:
        end = (
            "The lot identified above does <b>NOT</b> meet all acceptance criteria. Disposition: "
            "Rejected / Quarantine"
        )
    elif pending:
        end = (
            "All results available to date meet the acceptance criteria. The certificate will be "
            "re-issued when the final sterility result is available."
        )
    else:
        end = (
            "The lot identified above was manufactured in compliance with current Good "
            "Manufacturing Practice and meets all acceptance criteria."
        )
    signed = day(truth.date_issued, _DATE)
    story = [
        p("CERTIFICATE OF ANALYSIS", 16, "Times-Bold", alignment=1),
        Spacer(1, 12),
        facts(about, (80, 205, 105, 118), SERIF, 9.5, *grid),
        Spacer(1, 12),
        headed(rows, (122, 120, 112, 104, 50), SERIF, 9.5, *grid),
        Spacer(1, 4),
        p(
            "Abbreviations: FTM, fluid thioglycollate medium; TSB, tryptic soy broth; LAL, "
            "limulus amebocyte lysate. Sterility, endotoxin and mycoplasma testing performed on "
            "final product.",
            8,
        ),
        Spacer(1, 10),
        p(end, 10),
        Spacer(1, 14),
        facts(
            [
                ("Prepared by (QC)", "R. Okonjo-Hale", "Date", signed),
                ("Approved by (QA)", truth.signed_by, "Date of Issue", signed),
            ],
            (110, 180, 90, 128),
            SERIF,
            9.5,
            *grid,
        ),
    ]

    def page(canvas: Canvas, _: object) -> None:
        canvas.setFont("Times-Bold", 11)
        canvas.drawString(52, 748, "Wexcombe University")
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(52, 736, "Cell Manufacturing Facility, School of Medicine")
        canvas.setFont("Times-Roman", 8.5)
        canvas.drawRightString(560, 748, "Form QC-F-031, Rev. 04")
        canvas.drawRightString(560, 737, "Effective: 01JUL2024")
        canvas.line(52, 731, 560, 731)
        canvas.drawCentredString(
            306,
            36,
            f"Confidential - Wexcombe University CMF          Page {canvas.getPageNumber()}",
        )

    build(path, story, page, letter, (46, 46, 74, 54))


def _words(line: Line) -> tuple[str, str, str, str]:
    shown = power(line.found) if line.amount else ""
    limit = power(line.allowed) if line.limit else ""
    if line.test == "appearance":
        said = "Off-white cell suspension, free of visible clumps"
        return "Appearance", "Visual inspection", said, said
    if line.test == "volume":
        return "Fill volume", "Gravimetric", f"{shown} ± 1 mL", f"{shown} mL"
    if line.test == "viability":
        return "Viability (post-thaw)", "Trypan blue exclusion", f"{limit}%", f"{shown}%"
    if line.test == "viable_cell_count":
        return "Total viable cells per bag", "Cell counter", f"{limit} cells", f"{shown} cells"
    if line.test in _NAMES:
        name = f"Identity/purity: {_NAMES[line.test]}"
        return name, "Flow cytometry", f"{limit}% positive", f"{shown}%"
    if line.test == "gram_stain":
        clear = "No organisms seen"
        found = clear if line.reading == "negative" else "Gram positive cocci seen"
        return "Gram stain", "SOP QC-018", clear, found
    if line.test == "endotoxin":
        method = "Kinetic chromogenic LAL, USP &lt;85&gt;"
        return "Endotoxin", method, f"{limit} EU/mL", f"{shown} EU/mL"
    if line.test == "mycoplasma":
        found = "Not detected" if line.reading == "negative" else "Detected"
        return "Mycoplasma", "PCR (validated to USP &lt;63&gt;)", "Not detected", found
    found = {
        "negative": "No growth",
        "positive": f"Growth ({line.organism}, day {line.day})",
        "pending": "Pending (no growth at day 7)",
    }[line.reading or ""]
    return "Sterility (FTM and TSB)", "USP &lt;71&gt;, 14 days", "No growth", found
