"""A Spanish laboratory: section rows across the table, its limits in two columns, a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import choose, day, logo, number, para
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

_DATE = "{d} de {Month} de {y}"
_NAMES = {
    ("sterility", "anaerobic"): "Medio tioglicolato",
    ("sterility", "aerobic"): "Caldo triptona soja",
    ("endotoxin", None): "Endotoxinas bacterianas",
    ("mycoplasma", None): "Micoplasma (PCR en tiempo real)",
    ("viability", None): "Viabilidad celular",
}
_SECTIONS = (
    ("ENSAYO DE ESTERILIDAD (Ph. Eur. 2.6.1)", ("sterility",)),
    ("ENDOTOXINAS Y MICOPLASMA", ("endotoxin", "mycoplasma")),
    ("CARACTERIZACIÓN CELULAR", ("viability",)),
)


def compose(rng: Random) -> Truth:
    """Invent a Spanish certificate."""
    truth = begin(rng, "Laboratorios Peñalba", "IE-{n:05d}/{yy}")
    lines = [*sterility(rng), endotoxin(rng), mycoplasma(rng), viability(rng)]
    return replace(fill(truth, lines), sample_id=f"M{rng.randrange(10_000, 99_999)}")


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    pairs = [
        ("Cliente", truth.client),
        ("Producto", truth.product),
        (choose(truth, "Nº de lote", "Lote", "Número de lote"), truth.lot),
        ("Nº de muestra", truth.sample_id),
        ("Fecha de recepción", day(truth.date_received, _DATE, "es")),
        ("Inicio del ensayo", day(truth.date_started, _DATE, "es")),
        ("Fin del ensayo", day(truth.date_completed, _DATE, "es")),
    ]
    about = Table(
        [[para(f"<b>{label}</b>", "Helvetica", 9), value] for label, value in pairs],
        colWidths=(130, 360),
        style=TableStyle(
            [("BOX", (0, 0), (-1, -1), 0.8, colors.black), ("FONTSIZE", (0, 0), (-1, -1), 9)]
        ),
    )
    rows: list[list[object]] = [
        ["Determinación", "Mín.", "Máx.", "Resultado", "Unidades", "Dictamen"]
    ]
    spans = []
    for title, tests in _SECTIONS:
        spans.append(len(rows))
        rows.append([title, "", "", "", "", ""])
        rows += [_row(truth, line) for line in truth.lines if line.test in tests]
    table = Table(
        rows,
        colWidths=(170, 45, 45, 100, 55, 85),
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
                ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
                *[("SPAN", (0, at), (-1, at)) for at in spans],
                *[("BACKGROUND", (0, at), (-1, at), colors.HexColor("#efe6d2")) for at in spans],
            ]
        ),
    )
    told = "NO CUMPLE" if truth.failed else "CUMPLE"
    story = [
        Spacer(1, 30),
        para(f"INFORME DE ENSAYO Nº {truth.report_number}", "Helvetica-Bold", 14),
        Spacer(1, 12),
        about,
        Spacer(1, 12),
        table,
        Spacer(1, 12),
        para(f"Conclusión: la muestra {told} las especificaciones establecidas.", "Helvetica", 10),
        Spacer(1, 30),
        para(
            f"Firmado por: {truth.signed_by}<br/>"
            f"Fecha de emisión: {day(truth.date_issued, _DATE, 'es')}",
            "Helvetica",
            9,
        ),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=48, rightMargin=48).build(
        story, onFirstPage=_stationery
    )


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 48, 775, 38, "#b5651d")
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(96, 795, "Laboratorios Peñalba, S.L.")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(96, 783, "Polígono Las Eras 7, 99999 Peñalba")
    canvas.drawCentredString(
        297, 30, "Página 1 de 1 · Prohibida la reproducción parcial de este informe"
    )


def _row(truth: Truth, line: Line) -> list[object]:
    verdict = "Cumple" if line.verdict == "pass" else "No cumple"
    name = _NAMES[line.test, line.part]
    if line.amount is None:
        told = choose(
            truth,
            "Ausencia de crecimiento|Crecimiento",
            "Sin crecimiento|Con crecimiento",
            "No se observa crecimiento|Se observa crecimiento",
        )
        if line.test == "mycoplasma":
            told = choose(
                truth, "No detectado|Detectado", "Negativo|Positivo", "Ausencia|Presencia"
            )
        words = told.split("|")
        found = words[line.reading == "positive"]
        return [name, "-", "-", para(found, "Helvetica", 9), "-", verdict]
    assert line.limit is not None
    limit = line.limit.digits.replace(".", ",")
    low, high = ("-", limit) if line.limit.sign == "≤" else (limit, "-")
    unit = {"EU/mL": "UE/ml"}.get(line.unit or "", line.unit)
    return [name, low, high, number(line.amount, comma=True, gap=""), unit, verdict]
