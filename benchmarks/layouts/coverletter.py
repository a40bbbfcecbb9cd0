"""A letter on the first page and the results as an annex on the second, with raised footnotes."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, number, para, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d} {Month} {y}"
_NAMES = {
    ("sterility", "anaerobic"): "Sterility, thioglycollate broth<super>1</super>",
    ("sterility", "aerobic"): "Sterility, tryptone soya broth<super>1</super>",
    ("endotoxin", None): "Bacterial endotoxins<super>2</super>",
    ("mycoplasma", None): "Mycoplasma<super>3,*</super>",
    ("viability", None): "Viability",
}


def compose(rng: Random) -> Truth:
    """Invent a letter with its annex."""
    truth = begin(rng, "Corrie Biosafety", "CB/{yy}/{n:05d}")
    return fill(truth, [*sterility(rng), endotoxin(rng), mycoplasma(rng), viability(rng)])


def draw(truth: Truth, path: Path) -> None:
    """Print both pages."""
    plain, bold = vera()
    table = Table(
        [
            ["Test", "Specification", "Result", "Complies"],
            *[_row(line) for line in truth.lines],
        ],
        colWidths=(210, 100, 100, 70),
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), bold, 9),
                ("FONT", (0, 1), (-1, -1), plain, 9),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
    story = [
        Spacer(1, 60),
        para(truth.client, plain, 10),
        Spacer(1, 20),
        para(day(truth.date_issued, _DATE), plain, 10),
        Spacer(1, 20),
        para(f"Our report {truth.report_number}", bold, 10),
        Spacer(1, 10),
        para(
            "Dear client, thank you for entrusting us with your sample. You will find the results "
            "in the annex to this letter. Please do not hesitate to call us with your questions.",
            plain,
            10,
        ),
        Spacer(1, 30),
        para(f"Yours sincerely<br/><br/><br/>{truth.signed_by}<br/>Laboratory manager", plain, 10),
        PageBreak(),
        para("Annex: results of analysis", bold, 13),
        Spacer(1, 10),
        para(f"Report number: {truth.report_number}", plain, 9),
        para(f"Product: {truth.product}", plain, 9),
        para(f"Batch number: {truth.lot}", plain, 9),
        para(f"Date received: {day(truth.date_received, _DATE)}", plain, 9),
        para(f"Start of test: {day(truth.date_started, _DATE)}", plain, 9),
        para(f"End of test: {day(truth.date_completed, _DATE)}", plain, 9),
        para(f"Date of report: {day(truth.date_issued, _DATE)}", plain, 9),
        Spacer(1, 14),
        table,
        Spacer(1, 8),
        para(
            "<super>1</super> Ph. Eur. 2.6.1, 14 days. <super>2</super> Ph. Eur. 2.6.14. "
            "<super>3</super> Ph. Eur. 2.6.7.",
            plain,
            7,
        ),
        para("* subcontracted to an accredited laboratory", plain, 7),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=60).build(
        story, onFirstPage=_stationery, onLaterPages=_stationery
    )


def _stationery(canvas: Canvas, _: object) -> None:
    canvas.setFont("Times-Bold", 16)
    canvas.drawString(60, 800, "Corrie Biosafety")
    canvas.setFont("Times-Roman", 8)
    canvas.drawString(
        60, 30, "Corrie Biosafety Ltd · 2 Glen View · Corrie KA99 9ZZ · VAT 000 0000 00"
    )
    canvas.drawRightString(535, 30, f"Page {canvas.getPageNumber()} of 2")


def _row(line: Line) -> list[object]:
    name = para(_NAMES[line.test, line.part], "Vera", 9)
    complies = "yes" if line.verdict == "pass" else "no"
    if line.amount is None or line.limit is None:
        words = ("Sterile", "Not sterile") if line.test == "sterility" else ("Absent", "Present")
        return [name, words[0], words[line.reading == "positive"], complies]
    word = "max." if line.limit.sign == "≤" else "min."
    return [
        name,
        f"{word} {line.limit.digits} {line.unit}",
        f"{number(line.amount)} {line.unit}",
        complies,
    ]
