"""A Spanish laboratory for export: each label in Spanish, its English below it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number, para, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
)

_DATE = "{d02}/{m02}/{y}"
_NAMES = {
    ("sterility", "anaerobic"): "Esterilidad (anaerobios)<br/><i>Sterility (anaerobic)</i>",
    ("sterility", "aerobic"): "Esterilidad (aerobios)<br/><i>Sterility (aerobic)</i>",
    ("endotoxin", None): "Endotoxinas bacterianas<br/><i>Bacterial endotoxins</i>",
    ("mycoplasma", None): "Micoplasma<br/><i>Mycoplasma</i>",
}


def compose(rng: Random) -> Truth:
    """Invent a certificate in two languages."""
    truth = begin(rng, "Biocontrol Sierra Honda", "{yy}{n:06d}")
    return fill(truth, [*sterility(rng), endotoxin(rng), mycoplasma(rng)])


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    plain, bold = vera()
    pairs = (
        ("Nº de certificado", "Certificate number", truth.report_number),
        ("Cliente", "Customer", truth.client),
        ("Lote", "Batch", truth.lot),
        ("Fecha de recepción", "Date received", day(truth.date_received, _DATE)),
        ("Fecha de inicio", "Start date", day(truth.date_started, _DATE)),
        ("Fecha de finalización", "End date", day(truth.date_completed, _DATE)),
        ("Fecha de emisión", "Date of issue", day(truth.date_issued, _DATE)),
    )
    about = Table(
        [
            [para(f"{spanish}<br/><i>{english}</i>", bold, 8), para(value or "", plain, 9)]
            for spanish, english, value in pairs
        ],
        colWidths=(150, 340),
        style=TableStyle(
            [("GRID", (0, 0), (-1, -1), 0.3, colors.grey), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        ),
    )
    head = [
        para(f"{spanish}<br/><i>{english}</i>", bold, 8)
        for spanish, english in (
            ("Ensayo", "Test"),
            ("Método", "Method"),
            ("Especificación", "Specification"),
            ("Resultado", "Result"),
            ("Conclusión", "Conclusion"),
        )
    ]
    table = Table(
        [head, *[_row(line, plain) for line in truth.lines]],
        colWidths=(150, 75, 95, 95, 75),
        style=TableStyle(
            [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        ),
    )
    story = [
        Spacer(1, 20),
        para("CERTIFICADO DE ANÁLISIS<br/><i>CERTIFICATE OF ANALYSIS</i>", bold, 13),
        Spacer(1, 12),
        about,
        Spacer(1, 14),
        table,
        Spacer(1, 24),
        para(f"Aprobado por / <i>Approved by</i>: {truth.signed_by}", plain, 9),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=50).build(story, onFirstPage=_stationery)


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 500, 780, 34, "#8a2f1d")
    canvas.setFont("Helvetica", 7)
    canvas.drawCentredString(297, 30, "Biocontrol Sierra Honda, S.A. · Página / Page 1 de / of 1")


def _row(line: Line, font: str) -> list[object]:
    method = {"sterility": "Ph. Eur. 2.6.1", "endotoxin": "Ph. Eur. 2.6.14"}.get(
        line.test, "Ph. Eur. 2.6.7"
    )
    if line.amount is None or line.limit is None:
        words = ("Sin crecimiento<br/><i>No growth</i>", "Crecimiento<br/><i>Growth</i>")
        if line.test == "mycoplasma":
            words = ("Negativo<br/><i>Negative</i>", "Positivo<br/><i>Positive</i>")
        limit, result = words[0], words[line.reading == "positive"]
    else:
        limit, result = (f"{number(a, comma=True)} UE/ml" for a in (line.limit, line.amount))
        result = result.replace("<", "&lt;")
    good = line.verdict == "pass"
    told = "Conforme<br/><i>Complies</i>" if good else "No conforme<br/><i>Does not comply</i>"
    return [
        para(text, font, 8) for text in (_NAMES[line.test, line.part], method, limit, result, told)
    ]
