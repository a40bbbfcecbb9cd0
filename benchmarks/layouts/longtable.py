"""A release certificate of many rows in small print, over pages that repeat the table's head."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import choose, day, logo, number, para, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    concentration,
    endotoxin,
    fill,
    gram_stain,
    marker,
    mycoplasma,
    recovery,
    sterility,
    viability,
)

_DATE = "{d02}-{Mon}-{y}"
_POSITIVE = ("cd73_positive", "cd90_positive", "cd105_positive", "cd44_positive", "cd29_positive")
_NEGATIVE = ("cd45_positive", "cd34_positive", "cd14_positive", "cd19_positive", "hla_dr_positive")
_NAMES = {
    "endotoxin": "Bacterial endotoxins",
    "endotoxin_ppc": "Endotoxin spike recovery (PPC)",
    "mycoplasma": "Mycoplasma, nucleic acid amplification",
    "gram_stain": "Gram stain",
    "viability": "Cell viability",
    "viable_cell_concentration": "Viable cell concentration",
    "hla_dr_positive": "HLA-DR positive cells",
}
_PARTS = {"anaerobic": "Sterility, FTM", "aerobic": "Sterility, TSB"}
_PURPOSE = {
    "safety": "Safety: performed on the final container after filling, two "
    "containers for each medium, as described in the validation report",
    "identity": "Identity and purity: percentage of viable single cells, acquired "
    "on a three laser instrument, 20,000 events, isotype subtracted",
}


def compose(rng: Random) -> Truth:
    """Invent a full panel: safety, count and ten markers."""
    truth = begin(
        rng,
        "Veldkamp Cell Analytics",
        "VCA-COA-{n:06d}",
        ("sampled", "received", "started", "completed", "issued"),
    )
    lines = [
        *sterility(rng, method="USP <71>"),
        gram_stain(rng, method="SOP-118"),
        endotoxin(rng, method="USP <85>"),
        recovery(rng, method="USP <85>"),
        mycoplasma(rng, method="USP <63>"),
        viability(rng, method="SOP-201"),
        concentration(rng, method="SOP-201"),
        *(marker(rng, test, positive=True, method="SOP-305") for test in _POSITIVE),
        *(marker(rng, test, positive=False, method="SOP-305") for test in _NEGATIVE),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate; each row is tall, so that the table needs three pages."""
    plain, bold = vera()
    head = [
        "No.",
        "Test",
        "Purpose and remarks",
        "Method",
        "Acceptance criterion",
        "Result",
        "Pass/Fail",
    ]
    body = [[str(at), *_row(truth, line, plain)] for at, line in enumerate(truth.lines, start=1)]
    table = LongTable(
        [[para(cell, bold, 7) for cell in head], *body],
        colWidths=(24, 96, 140, 58, 88, 78, 50),
        rowHeights=[22, *[66] * len(body)],
        repeatRows=1,
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#888888")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e8e8f4")),
                ("FONT", (0, 1), (-1, -1), plain, 7),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        ),
    )
    about = Table(
        [
            [para(cell, plain, 7) for cell in row]
            for row in (
                (
                    "<b>Certificate No.</b>",
                    truth.report_number or "",
                    "<b>Date of sampling</b>",
                    day(truth.date_sampled, _DATE),
                ),
                (
                    "<b>Product</b>",
                    truth.product,
                    "<b>Date of receipt</b>",
                    day(truth.date_received, _DATE),
                ),
                (
                    choose(truth, "<b>Batch number</b>", "<b>Batch No.</b>", "<b>Lot</b>"),
                    truth.lot or "",
                    "<b>Testing started</b>",
                    day(truth.date_started, _DATE),
                ),
                (
                    "<b>Customer</b>",
                    truth.client,
                    "<b>Testing completed</b>",
                    day(truth.date_completed, _DATE),
                ),
            )
        ],
        colWidths=(80, 190, 90, 170),
    )
    ending = "does not comply" if truth.failed else "complies"
    story = [
        Spacer(1, 20),
        para("CERTIFICATE OF ANALYSIS", bold, 13),
        Spacer(1, 8),
        about,
        Spacer(1, 8),
        table,
        Spacer(1, 8),
        para(f"Conclusion: the batch {ending} with the specification.", bold, 8),
        Spacer(1, 14),
        para(f"Authorised by: {truth.signed_by}", plain, 8),
        para(f"Date of issue: {day(truth.date_issued, _DATE)}", plain, 8),
    ]
    SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=28, rightMargin=28, topMargin=50, bottomMargin=60
    ).build(story, onFirstPage=_stationery, onLaterPages=_stationery)


def _row(truth: Truth, line: Line, font: str) -> list[object]:
    found = _told(line)
    purpose = "identity" if line.test.endswith("_positive") else "safety"
    name = _PARTS.get(line.part or "") or _NAMES.get(line.test)
    cluster = line.test.removesuffix("_positive").upper()
    name = name or choose(truth, f"{cluster} positive cells", f"{cluster}+ cells", f"% {cluster}+")
    verdict = "Pass" if line.verdict == "pass" else "FAIL"
    cells = (name, _PURPOSE[purpose], line.method or "", found[0], found[1], verdict)
    return [para(cell.replace("<", "&lt;"), font, 7) for cell in cells]


def _told(line: Line) -> tuple[str, str]:
    if line.amount is None:
        words = {
            "sterility": ("No growth", "Growth"),
            "gram_stain": ("No organisms seen", "Gram-positive cocci seen"),
            "mycoplasma": ("Not detected", "Detected"),
        }[line.test]
        return words[0], words[line.reading == "positive"]
    unit = f" {line.unit}"
    result = number(line.amount, power=" × 10^", gap="") + unit
    if line.limit is None:
        return "50 - 200 %", result
    return number(line.limit, power=" × 10^") + unit, result


def _stationery(canvas: Canvas, _: object) -> None:
    plain = vera()[0]
    logo(canvas, 520, 796, 26, "#3d3d99")
    canvas.setFont(plain, 7)
    canvas.drawString(28, 806, "Veldkamp Cell Analytics B.V.")
    canvas.drawString(
        28,
        40,
        "The laboratory is accredited to ISO/IEC 17025 under number L 999; "
        "tests marked Q are within its scope.",
    )
    canvas.drawString(
        28,
        31,
        "This certificate shall not be reproduced except in full. "
        "Results relate to the items tested.",
    )
    canvas.drawRightString(567, 31, f"Page {canvas.getPageNumber()}")
