"""A Spanish laboratory's certificate of analysis: framed header, ruled table, day before month."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer

from benchmarks.layouts.drawing import (
    SANS,
    build,
    choose,
    day,
    facts,
    headed,
    logo,
    number,
    padded,
    para,
)
from benchmarks.layouts.truth import Amount, Line, Truth, course, lot_number
from qcvalidate.locale import Locale

LOCALE = Locale(dates="DMY")
_DATE = "{d02}/{m02}/{y}"
_BLUE = colors.HexColor("#1f4e79")
_CLIENTS = ("Clínica Valdehierro", "Instituto Celular Monteclaro", "Centro Médico Las Jarillas")
_PRODUCTS = (
    "Células mesenquimales de tejido adiposo",
    "Concentrado de médula ósea",
    "Fracción vascular estromal (FVE)",
)
_PEOPLE = (
    "Dra. Pilar Oncala Ruano",
    "D. Andrés Villamuelas",
    "Dra. Nuria Castroviejo",
    "Dr. Joaquín Berdún",
)


def compose(rng: Random) -> Truth:
    """Invent the usual tests of a clinic's product."""
    work = course(rng)
    fate = rng.random()
    pending = 0.9 < fate <= 0.96
    amended = fate > 0.96
    fault = {0: "sterility", 1: "endotoxin", 2: "mycoplasma", 3: "viability"}.get(
        int(fate * 30), ""
    )
    bad = rng.choice(("aerobic", "anaerobic")) if fault == "sterility" else None
    tenths = rng.randrange(610, 695) if fault == "viability" else rng.randrange(782, 981)
    lines = [
        Line(
            test="viability",
            amount=Amount(f"{tenths / 10:.1f}"),
            unit="%",
            limit=Amount("70", "≥"),
            verdict="fail" if fault == "viability" else "pass",
        ),
        Line(
            test="cell_concentration",
            amount=Amount(f"{rng.randrange(11, 95) / 10:.1f}", exponent=6),
            unit="cells/mL",
            limit=Amount("1.0", "≥", 6),
            verdict="pass",
        ),
        *(
            Line(
                test="sterility",
                part=part,
                reading="pending" if pending else "positive" if part == bad else "negative",
                verdict=None if pending else "fail" if part == bad else "pass",
            )
            for part in ("anaerobic", "aerobic")
        ),
        Line(
            test="endotoxin",
            amount=Amount(f"0.{rng.randrange(61, 98)}")
            if fault == "endotoxin"
            else Amount(rng.choice(("0.05", "0.10", "0.25")), "<"),
            unit="EU/mL",
            limit=Amount("0.5", "≤"),
            verdict="fail" if fault == "endotoxin" else "pass",
        ),
        Line(
            test="mycoplasma",
            reading="positive" if fault == "mycoplasma" else "negative",
            verdict="fail" if fault == "mycoplasma" else "pass",
        ),
    ]
    first = f"CA-{rng.randrange(100, 9999):04d}/{work.issued.year % 100}"
    return Truth(
        laboratory="Laboratorios Almedra, S.L.",
        report_number=f"{first}-R1" if amended else first,
        replaces=first if amended else None,
        status="preliminary" if pending else "amended" if amended else None,
        lot=lot_number(rng, work.sampled),
        client=rng.choice(_CLIENTS),
        product=rng.choice(_PRODUCTS),
        date_sampled=work.sampled,
        date_received=work.received,
        date_started=work.started,
        date_completed=None if pending else work.completed,
        date_issued=work.started + dt.timedelta(days=6) if pending else work.issued,
        signed_by=rng.choice(_PEOPLE),
        lines=tuple(lines),
        deserved=frozenset({"laboratory-verdict-failed"} if fault else ()),
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    title = "CERTIFICADO DE ANÁLISIS"
    if truth.status == "preliminary":
        title += " PRELIMINAR"
    about = (
        ("Cliente:", truth.client, "N.º de certificado:", truth.report_number),
        ("Producto:", truth.product, "Fecha de toma de muestra:", day(truth.date_sampled, _DATE)),
        (
            choose(truth, "Lote:", "N.º de lote:"),
            truth.lot,
            "Fecha de recepción:",
            day(truth.date_received, _DATE),
        ),
        (
            "Envase:",
            choose(truth, "Criovial 1 mL", "Jeringa estéril", "Tubo estéril"),
            "Fecha de inicio:",
            day(truth.date_started, _DATE),
        ),
        (
            "Conservación:",
            choose(truth, "2-8 °C", "Temperatura ambiente"),
            "Fecha de finalización:",
            day(truth.date_completed, _DATE) or "Pendiente",
        ),
        ("", "", "Fecha de emisión:", day(truth.date_issued, _DATE)),
    )
    head = facts(
        about,
        (78, 184, 124, 109),
        SANS,
        9.5,
        ("BOX", (0, 0), (-1, -1), 0.8, _BLUE),
        ("LINEAFTER", (1, 0), (1, -1), 0.5, _BLUE),
        *padded(2, 3),
    )
    titles = ("ENSAYO", "MÉTODO", "ESPECIFICACIÓN", "RESULTADO", "CONCLUSIÓN")
    rows = [[f"<font color=white>{title}</font>" for title in titles]]
    rows += [_row(truth, line) for line in truth.lines]
    table = headed(
        rows,
        (137, 88, 94, 94, 82),
        SANS,
        9.5,
        ("GRID", (0, 0), (-1, -1), 0.5, _BLUE),
        ("BACKGROUND", (0, 0), (-1, 0), _BLUE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    )
    if truth.status == "preliminary":
        said = "Ensayo de esterilidad en curso. Se emitirá un certificado definitivo."
    elif truth.failed:
        said = "El lote analizado NO CUMPLE las especificaciones."
    else:
        said = "El lote analizado CUMPLE las especificaciones."
    story = [para(title, "Helvetica-Bold", 15, alignment=1), Spacer(1, 4)]
    if truth.replaces:
        amended = f"Certificado modificado. Sustituye y anula al certificado {truth.replaces}."
        story.append(para(amended, "Helvetica", 9.5, alignment=1))
    story += [
        Spacer(1, 12),
        head,
        Spacer(1, 16),
        table,
        Spacer(1, 12),
        para(said, "Helvetica-Bold", 10),
        Spacer(1, 50),
        para(f"{truth.signed_by}, Director(a) Técnico(a)", "Helvetica", 9.5, alignment=2),
        para(f"Fecha: {day(truth.date_issued, _DATE)}", "Helvetica", 9.5, alignment=2),
    ]
    build(path, story, _stationery, A4, (50, 50, 105, 72))


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 52, 770, 36, "#1f4e79")
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(100, 790, "Laboratorios Almedra, S.L.")
    canvas.setFont("Helvetica", 9)
    canvas.drawString(
        100, 777, "Control de calidad farmacéutico · C/ del Olmo 00, 00000 Almedra (España)"
    )
    canvas.setFont("Helvetica", 8)
    canvas.drawString(52, 50, "Los resultados se refieren únicamente a la muestra analizada.")
    canvas.drawString(
        52, 40, "Prohibida la reproducción parcial sin autorización escrita del laboratorio."
    )
    canvas.drawRightString(543, 40, "Página 1 de 1")


def _row(truth: Truth, line: Line) -> list[str]:
    said = {"pass": "Cumple", "fail": "No cumple", None: "Pendiente"}[line.verdict]
    if line.test == "sterility":
        name = {"anaerobic": "anaerobios (TGC)", "aerobic": "aerobios (TSB)"}[line.part or ""]
        good, bad = choose(
            truth, "Sin crecimiento|Crecimiento", "Ausencia de crecimiento|Crecimiento"
        ).split("|")
        found = {"negative": good, "positive": bad, "pending": "En curso"}[line.reading or ""]
        return [f"Esterilidad, {name}", "Ph. Eur. 2.6.1", good, found, said]
    if line.test == "mycoplasma":
        good, bad = choose(truth, "No detectado|Detectado", "Negativo|Positivo").split("|")
        return ["Micoplasma", "PCR", good, good if line.reading == "negative" else bad, said]
    value = number(line.found, comma=True).replace("<", "&lt;")
    asked = number(line.allowed, comma=True)
    name, method, unit = {
        "viability": ("Viabilidad celular", "Azul de tripano", "%"),
        "cell_concentration": ("Concentración celular", "Contador automático", "células/mL"),
        "endotoxin": ("Endotoxinas bacterianas", "Ph. Eur. 2.6.14 (LAL)", "UE/mL"),
    }[line.test]
    return [name, method, f"{asked} {unit}", f"{value} {unit}", said]
