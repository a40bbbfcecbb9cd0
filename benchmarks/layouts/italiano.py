"""An Italian institute: a certificate with the limit and outcome as columns, serif, thin rules."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number, para
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

_DATE = "{d02}/{m02}/{y}"
_NAMES = {
    "sterility": "Saggio di sterilità",
    "endotoxin": "Endotossine batteriche",
    "mycoplasma": "Ricerca micoplasmi (PCR)",
    "viability": "Vitalità cellulare",
}


def compose(rng: Random) -> Truth:
    """Invent an Italian certificate."""
    truth = begin(rng, "Istituto di Analisi Valdarena", "CA {n:04d}/{y}")
    lines = [
        *sterility(rng, (None,), method="Ph. Eur. 2.6.1"),
        endotoxin(rng, method="Ph. Eur. 2.6.14"),
        mycoplasma(rng, method="Ph. Eur. 2.6.7"),
        viability(rng, method="Esclusione del Trypan blue"),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    serif = "Times-Roman"
    about = [
        f"<b>Committente:</b> {truth.client}",
        f"<b>Descrizione del campione:</b> {truth.product}",
        f"<b>Lotto n.:</b> {truth.lot}",
        f"<b>Data ricevimento campione:</b> {day(truth.date_received, _DATE)} &nbsp;&nbsp;&nbsp; "
        f"<b>Data inizio prova:</b> {day(truth.date_started, _DATE)} &nbsp;&nbsp;&nbsp; "
        f"<b>Data fine prova:</b> {day(truth.date_completed, _DATE)}",
    ]
    table = Table(
        [
            ["Prova", "Metodo", "U.M.", "Risultato", "Limiti", "Esito"],
            *[_row(line) for line in truth.lines],
        ],
        colWidths=(120, 100, 45, 90, 80, 65),
        style=TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 0), (-1, 0), 0.4, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 0.8, colors.black),
                ("FONT", (0, 0), (-1, 0), "Times-BoldItalic", 10),
                ("FONT", (0, 1), (-1, -1), serif, 10),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        ),
    )
    word = "NON CONFORME" if truth.failed else "CONFORME"
    story = [
        Spacer(1, 36),
        para(
            f"Certificato di analisi n. {truth.report_number} del {day(truth.date_issued, _DATE)}",
            "Times-Bold",
            14,
        ),
        Spacer(1, 14),
        *[para(text, serif, 10.5, spaceAfter=4) for text in about],
        Spacer(1, 12),
        table,
        Spacer(1, 12),
        para(f"Giudizio complessivo: <b>{word}</b>", serif, 11),
        Spacer(1, 30),
        para(f"Il Direttore del laboratorio<br/><i>{truth.signed_by}</i>", serif, 10.5),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=50, rightMargin=45).build(
        story, onFirstPage=_stationery
    )


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 270, 780, 40, "#0b6b5a")
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(
        297, 766, "ISTITUTO DI ANALISI VALDARENA S.r.l. – Via dei Mulini 2 – 99999 Valdarena"
    )
    canvas.setFont("Times-Italic", 8)
    canvas.drawString(
        50, 38, "I risultati si riferiscono esclusivamente al campione sottoposto a prova."
    )
    canvas.drawRightString(545, 38, "Pagina 1 di 1")


def _row(line: Line) -> list[object]:
    outcome = "Conforme" if line.verdict == "pass" else "Non conforme"
    name, method = _NAMES[line.test], para(line.method or "", "Times-Roman", 10)
    if line.amount is None:
        words = {
            "sterility": ("Assenza di crescita", "Presenza di crescita", "Sterile"),
            "mycoplasma": ("Non rilevato", "Rilevato", "Assente"),
        }[line.test]
        return [name, method, "", words[line.reading == "positive"], words[2], outcome]
    assert line.limit is not None
    unit = {"EU/mL": "UI/ml"}.get(line.unit or "", line.unit)
    limit = f"{'max' if line.limit.sign == '≤' else 'min'} {line.limit.digits.replace('.', ',')}"
    return [name, method, unit, number(line.amount, comma=True), limit, outcome]
