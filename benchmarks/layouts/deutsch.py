"""A German contract laboratory: Prüfbericht with a two-column block and a ruled table."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import choose, day, grouped, logo, number, para, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    concentration,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d02}.{m02}.{y}"
_NAMES = {
    ("sterility", "anaerobic"): "Sterilität, Thioglykolat-Bouillon (32,5 °C)",
    ("sterility", "aerobic"): "Sterilität, Caso-Bouillon (22,5 °C)",
    ("endotoxin", None): "Bakterien-Endotoxine, kinetisch-chromogen",
    ("mycoplasma", None): "Mykoplasmen (real-time PCR)",
    ("viability", None): "Vitalität",
    ("viable_cell_concentration", None): "Lebendzellzahl",
}


def compose(rng: Random) -> Truth:
    """Invent a German report; `pH` and the like are left to other families."""
    truth = begin(rng, "Labor Birkenau GmbH", "PB-{yy}-{n:05d}")
    lines = [
        *sterility(rng, method="Ph. Eur. 2.6.1"),
        endotoxin(rng, method="Ph. Eur. 2.6.14"),
        mycoplasma(rng, method="Ph. Eur. 2.6.7"),
        viability(rng, limit="80", method="Trypanblau"),
        concentration(rng, method="NC-202"),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = vera()
    block = [
        ["Auftraggeber:", truth.client, "Probeneingang:", day(truth.date_received, _DATE)],
        ["Produkt:", truth.product, "Prüfbeginn:", day(truth.date_started, _DATE)],
        [
            choose(truth, "Ch.-B.:", "Charge:", "Chargen-Nr.:", "Chargenbezeichnung:"),
            truth.lot or "",
            "Prüfende:",
            day(truth.date_completed, _DATE),
        ],
        [
            "Prüfbericht-Nr.:",
            truth.report_number,
            choose(truth, "Ausstellungsdatum:", "Berichtsdatum:", "Datum des Prüfberichts:"),
            day(truth.date_issued, _DATE),
        ],
    ]
    about = Table(
        [
            [para(cell, bold if at % 2 == 0 else plain, 8) for at, cell in enumerate(row)]
            for row in block
        ],
        colWidths=(112, 165, 112, 100),
    )
    table = Table(
        [
            ["Prüfparameter", "Methode", "Sollwert", "Istwert", "Einheit", "Bewertung"],
            *[_row(truth, line, plain) for line in truth.lines],
        ],
        colWidths=(150, 75, 80, 80, 50, 70),
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("FONT", (0, 0), (-1, 0), bold, 8),
                ("FONT", (0, 1), (-1, -1), plain, 8),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#dde6ee")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
    ending = (
        "Gesamtbeurteilung: Die Probe entspricht nicht den Anforderungen."
        if truth.failed
        else "Gesamtbeurteilung: Die Probe entspricht den Anforderungen."
    )
    story = [
        Spacer(1, 40),
        para("Prüfbericht", bold, 16),
        Spacer(1, 12),
        about,
        Spacer(1, 14),
        table,
        Spacer(1, 12),
        para(ending, bold, 9),
        Spacer(1, 26),
        para(f"Freigegeben von: {truth.signed_by}", plain, 9),
        Paragraph("Die Ergebnisse beziehen sich ausschließlich auf die geprüften Gegenstände."),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=45, rightMargin=40).build(
        story, onFirstPage=_stationery, onLaterPages=_stationery
    )


def _stationery(canvas: Canvas, _: object) -> None:
    plain, bold = vera()
    logo(canvas, 500, 770, 36)
    canvas.setFont(bold, 12)
    canvas.drawString(45, 795, "Labor Birkenau GmbH")
    canvas.setFont(plain, 7)
    canvas.drawString(
        45, 784, "Institut für mikrobiologische Prüfungen · Am Anger 12 · 99999 Birkenau"
    )
    canvas.drawCentredString(
        297, 40, "Akkreditiert nach DIN EN ISO/IEC 17025:2018 · D-PL-99999-01-00"
    )
    canvas.drawRightString(555, 30, "Seite 1 von 1")


def _row(truth: Truth, line: Line, font: str) -> list[object]:
    name = para(_NAMES[line.test, line.part], font, 8)
    words = choose(
        truth, "entspricht|entspricht nicht", "erfüllt|nicht erfüllt", "konform|nicht konform"
    )
    verdict = para(words.split("|")[line.verdict != "pass"], font, 8)
    if line.amount is None or line.limit is None:
        words = choose(
            truth, "kein Wachstum|Wachstum", "steril|nicht steril", "ohne Wachstum|Wachstum"
        )
        if line.test == "mycoplasma":
            words = choose(truth, "nicht nachweisbar|nachweisbar", "negativ|positiv")
        good, bad = words.split("|")
        found = good if line.reading == "negative" else bad
        return [name, line.method, para(good, font, 8), para(found, font, 8), "-", verdict]
    if line.test == "viable_cell_concentration":
        return [
            name,
            line.method,
            f"≥ {grouped(line.limit, '.')}",
            grouped(line.amount, "."),
            "Zellen/ml",
            verdict,
        ]
    unit = {"EU/mL": "I.E./ml"}.get(line.unit or "", line.unit)
    return [
        name,
        line.method,
        number(line.limit, comma=True),
        number(line.amount, comma=True),
        unit,
        verdict,
    ]
