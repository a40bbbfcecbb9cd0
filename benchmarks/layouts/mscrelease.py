"""A cell manufacturer's release certificate of two pages: bands of tests in one ruled table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import (
    SANS,
    build,
    choose,
    day,
    facts,
    headed,
    logo,
    padded,
    para,
    power,
)
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    concentration,
    endotoxin,
    fill,
    marker,
    mycoplasma,
    sterility,
    viability,
)

_CODES = {
    "CD73": "cd73_positive",
    "CD90": "cd90_positive",
    "CD105": "cd105_positive",
    "CD34": "cd34_positive",
    "CD45": "cd45_positive",
    "HLA-DR": "hla_dr_positive",
}
_SHOWN = {code: name for name, code in _CODES.items()}
_DARK = colors.HexColor("#0b3c49")


def _date(when: dt.date | None) -> str:
    return day(when, "{d02}{MON}{y}")


def compose(rng: Random) -> Truth:
    """Invent a release certificate; now and then sterility is still pending."""
    truth = begin(rng, "Lindenmere Cell Works", "COA-{y}-{n:05d}", ("issued",))
    truth = replace(
        truth, product=rng.choice(("Umbilical cord MSC, cryopreserved", "Allogeneic MSC"))
    )
    pending = rng.random() < 0.15
    lines = [
        Line(test="appearance", reading="negative", verdict="pass", method="Visual inspection"),
        viability(rng, limit="70", method="AO/DAPI"),
        concentration(rng, method="AO/DAPI"),
    ]
    lines += [
        marker(rng, _CODES[name], positive=True, method="Flow cytometry")
        for name in ("CD73", "CD90", "CD105")
    ]
    lines += [
        marker(rng, _CODES[name], positive=False, method="Flow cytometry")
        for name in ("CD34", "CD45", "HLA-DR")
    ]
    lines += list(sterility(rng, method="USP <71>", growth=0.06, pending=1.0 if pending else 0.0))
    lines += [endotoxin(rng, method="USP <85>"), mycoplasma(rng, method="USP <63>, qPCR")]
    return fill(replace(truth, status="preliminary" if pending else None), lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    plain, bold = SANS
    early = "PRELIMINARY " if truth.status == "preliminary" else ""
    yes, no = choose(truth, "Pass|Fail", "PASS|FAIL", "Conforms|Does Not Conform").split("|")

    titles = ["Test", "Test Method", "Acceptance Criteria", "Result", "Pass/Fail"]

    def table(*bands: tuple[str, Sequence[Line]]) -> Table:
        rows, look = [titles], []
        for title, lines in bands:
            band = (0, len(rows)), (-1, len(rows))
            look += [("SPAN", *band), ("BACKGROUND", *band, colors.HexColor("#dcebee"))]
            rows.append([f"<b>{title}</b>", "", "", "", ""])
            for line in lines:
                name, limit, result = _printed(line)
                verdict = {"pass": yes, "fail": f"<b>{no}</b>", None: "-"}[line.verdict]
                rows.append([name, line.method or "", limit, result, verdict])
        return headed(
            rows,
            (140, 100, 115, 100, 65),
            SANS,
            9,
            ("GRID", (0, 0), (-1, -1), 0.5, _DARK),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, 0), 1.5, _DARK),
            *padded(6, 6),
            *look,
        )

    lines = truth.lines
    info = [
        ("Product Name", truth.product, "Lot Number", truth.lot),
        ("Certificate No.", truth.report_number, "Date of Issue", _date(truth.date_issued)),
        ("Customer", truth.client, "Passage", "P4"),
        ("Container", "CryoStor bag, 20 mL", "Storage", "Vapor phase LN2, ≤ -150 °C"),
    ]
    about = facts(
        info,
        (85, 195, 85, 155),
        (plain, bold),
        9,
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    )
    one = [
        para(f"{early}CERTIFICATE OF ANALYSIS", bold, 15, textColor=_DARK, alignment=1),
        Spacer(1, 12),
        about,
        Spacer(1, 14),
        table(
            ("APPEARANCE", lines[:1]),
            ("CELL COUNT AND VIABILITY", lines[1:3]),
            ("IDENTITY", lines[3:6]),
            ("PURITY", lines[6:9]),
        ),
        Spacer(1, 10),
        para("Continued on next page.", plain, 8),
    ]
    if early:
        disposition = (
            "The sterility test is in progress; this certificate will be replaced when it is "
            "completed. Lot disposition: Quarantine."
        )
    elif truth.failed:
        disposition = "The lot does not meet all acceptance criteria. Lot disposition: Rejected."
    else:
        disposition = "The lot meets all acceptance criteria. Lot disposition: Released."
    two = [
        PageBreak(),
        para(f"Certificate of Analysis (continued) - Lot {truth.lot}", bold, 11, textColor=_DARK),
        Spacer(1, 10),
        table(("SAFETY", lines[9:])),
        Spacer(1, 12),
        para(f"<b>Disposition:</b> {disposition}", plain, 9),
        Spacer(1, 10),
        para(
            "<b>Notes:</b> Tests were performed on the final container after formulation. The "
            "master cell bank was tested for adventitious agents; results are on file.",
            plain,
            8.5,
        ),
        Spacer(1, 30),
        Table(
            [
                ["Prepared by:", "Gwendolyn Stroud", "QC Analyst", _date(truth.date_issued)],
                ["Approved by:", truth.signed_by, "Quality Assurance", _date(truth.date_issued)],
            ],
            colWidths=(80, 190, 130, 120),
            rowHeights=28,
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, -1), plain, 9),
                    ("FONT", (0, 0), (0, -1), bold, 9),
                    ("LINEBELOW", (1, 0), (1, -1), 0.5, colors.black),
                    ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ]
            ),
        ),
    ]

    def stationery(canvas: Canvas, _: object) -> None:
        logo(canvas, 46, 728, 32, "#0b3c49")
        canvas.setFont(bold, 13)
        canvas.drawString(88, 745, "Lindenmere Cell Works, Inc.")
        canvas.setFont(plain, 8)
        canvas.drawString(88, 733, "9 Mill Race Court, Lindenmere, NC 27999")
        canvas.setFont(plain, 7)
        canvas.drawString(46, 38, "QA-FRM-0231 v4.0   CONFIDENTIAL")
        canvas.drawRightString(
            566, 38, f"{truth.report_number}   Page {canvas.getPageNumber()} of 2"
        )

    build(path, one + two, stationery, letter, (46, 46, 86, 56))


def _printed(line: Line) -> tuple[str, str, str]:
    if line.test == "appearance":
        said = "Off-white suspension, free of clumps"
        return "Appearance", said, said
    if line.test == "mycoplasma":
        said = "Not detected" if line.reading == "negative" else "Detected"
        return "Mycoplasma", "Not detected", said
    if line.test == "sterility":
        name = {"anaerobic": "FTM (30-35 °C)", "aerobic": "TSB (20-25 °C)"}[line.part or ""]
        grown = {"negative": "No growth", "positive": "Growth", "pending": "Pending"}
        return f"Sterility, {name}", "No growth, 14 days", grown[line.reading or ""]
    if line.test in _SHOWN:
        name, unit = f"{_SHOWN[line.test]} expression", "%"
    else:
        name, unit = {
            "viability": ("Cell Viability", "%"),
            "viable_cell_concentration": ("Viable Cell Concentration", "cells/mL"),
            "endotoxin": ("Bacterial Endotoxin", "EU/mL"),
        }[line.test]
    return name, f"{power(line.allowed)} {unit}", f"{power(line.found)} {unit}"
