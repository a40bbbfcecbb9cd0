"""A Spanish contract laboratory: informe de ensayo with a ruled table and ENAC sentences."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, choose, day, facts, logo, number, padded, para
from benchmarks.layouts.truth import Truth, begin, endotoxin, fill, mycoplasma, sterility
from qcvalidate.locale import Locale

LOCALE = Locale(dates="DMY")
_DATE = "{d02}/{m02}/{y}"


def compose(rng: Random) -> Truth:
    """Invent a Spanish report of sterility, endotoxin and, mostly, mycoplasma."""
    truth = begin(rng, "Laboratorios Peñaserena", "IE-{y}/{n:05d}")
    lines = [*sterility(rng, method="Ph. Eur. 2.6.1"), endotoxin(rng, method="Ph. Eur. 2.6.14")]
    if rng.random() < 0.7:
        lines.append(mycoplasma(rng, method="Ph. Eur. 2.6.7"))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SANS
    good, bad = choose(truth, "CUMPLE|NO CUMPLE", "Conforme|No conforme", "Cumple|No cumple").split(
        "|"
    )
    clean, grown = choose(
        truth, "Ausencia de crecimiento|Crecimiento microbiano", "Sin crecimiento|Con crecimiento"
    ).split("|")
    absent, found = choose(truth, "No detectado|Detectado", "Ausencia|Presencia").split("|")

    def cell(text: str | None, font: str = plain) -> Paragraph:
        return para(text, font, 8.5)

    rows = [
        [cell(t, bold) for t in ("Ensayo", "Método", "Especificación", "Resultado", "Dictamen")]
    ]
    names = {
        ("sterility", "anaerobic"): "Esterilidad - Medio tioglicolato (30-35 °C, 14 días)",
        ("sterility", "aerobic"): "Esterilidad - Medio soja-caseína (20-25 °C, 14 días)",
        ("endotoxin", None): "Endotoxinas bacterianas (LAL cromogénico cinético)",
        ("mycoplasma", None): "Micoplasmas (PCR)",
    }
    for line in truth.lines:
        if line.amount and line.limit:
            limit, result = (
                f"{number(line.allowed, comma=True)} UE/mL",
                f"{number(line.found, comma=True)} UE/mL",
            )
        elif line.test == "mycoplasma":
            limit, result = absent, absent if line.reading == "negative" else found
        else:
            limit, result = clean, clean if line.reading == "negative" else grown
        rows.append(
            [
                cell(names[line.test, line.part]),
                cell(line.method),
                cell(limit),
                cell(result),
                cell(good if line.verdict == "pass" else bad, bold),
            ]
        )
    table = Table(
        rows,
        colWidths=(165, 78, 95, 95, 70),
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#7a7a7a")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f3e3cf")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
    block = [
        ("Cliente:", truth.client, "Informe n.º:", truth.report_number),
        ("Muestra:", truth.product, "Fecha de recepción:", day(truth.date_received, _DATE)),
        (
            choose(truth, "Lote:", "N.º de lote:"),
            truth.lot,
            "Inicio de análisis:",
            day(truth.date_started, _DATE),
        ),
        (
            "Muestreo:",
            "Realizado por el cliente",
            "Fin de análisis:",
            day(truth.date_completed, _DATE),
        ),
        ("Estado de la muestra:", "Correcto", "Fecha de emisión:", day(truth.date_issued, _DATE)),
    ]
    about = facts(
        block,
        (100, 178, 100, 125),
        (plain, bold),
        8.5,
        ("BOX", (0, 0), (-1, -1), 0.8, colors.black),
        ("LINEBEFORE", (2, 0), (2, -1), 0.8, colors.black),
        *padded(2, 2),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    )
    isolate = next((line.organism for line in truth.lines if line.organism), None)
    story = [
        para("INFORME DE ENSAYO", bold, 15, alignment=1),
        Spacer(1, 12),
        about,
        Spacer(1, 16),
        para("Resultados", bold, 10.5),
        Spacer(1, 5),
        table,
        Spacer(1, 10),
    ]
    if isolate:
        story += [
            para(
                f"Observaciones: microorganismo aislado e identificado por MALDI-TOF: {isolate}.",
                plain,
                8.5,
            ),
            Spacer(1, 6),
        ]
    story += [
        para(
            "<b>Conclusión:</b> la muestra analizada "
            + ("no cumple" if truth.failed else "cumple")
            + " las especificaciones indicadas por el cliente para los ensayos realizados.",
            plain,
            9,
        ),
        Spacer(1, 34),
        Table(
            [
                [cell(truth.signed_by), cell("Fdo.: Dra. Remedios Alcaraz-Font")],
                [cell("Responsable Técnico de Microbiología"), cell("Directora de Calidad")],
            ],
            colWidths=(260, 243),
            style=TableStyle([*padded(1, 1)]),
        ),
        Spacer(1, 24),
        para(
            "Los resultados se refieren únicamente a la muestra recibida y analizada. Queda "
            "prohibida la reproducción parcial de este "
            "informe sin la autorización por escrito del laboratorio. Las incertidumbres están a "
            "disposición del cliente. La regla de "
            "decisión aplicada es la aceptación simple.",
            plain,
            7,
        ),
    ]

    def stationery(canvas: Canvas, _: object) -> None:
        logo(canvas, 46, 778, 34, "#a85f1c")
        canvas.setFont(bold, 14)
        canvas.drawString(90, 795, "Laboratorios Peñaserena, S.L.")
        canvas.setFont(plain, 7.5)
        canvas.drawString(
            90,
            783,
            "Polígono El Almendral, nave 14 · 99999 Villaserena (España) · Tel. +34 900 000 000",
        )
        canvas.setFont(plain, 7)
        canvas.drawString(
            46,
            40,
            "Ensayos amparados por la acreditación ENAC n.º 9999/LE9999 según UNE-EN ISO/IEC 17025",
        )
        canvas.drawRightString(549, 40, "Página 1 de 1")
        canvas.drawString(46, 30, "PNT-MIC-FOR-021 Ed. 5")

    build(path, story, stationery, A4, (46, 46, 92, 60))
