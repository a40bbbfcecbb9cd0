"""A Brazilian university's laudo: a sentence of results, then tables with units in the head."""

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
    concentration,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)
from qcvalidate.locale import Locale

LOCALE = Locale(dates="DMY", decimal=",")
_DATE = "{d02}/{m02}/{y}"
_LONG = "{d} de {Month} de {y}"


def compose(rng: Random) -> Truth:
    """Invent cultures, mycoplasma, and three measured tests."""
    truth = begin(
        rng,
        "Centro de Tecnologia Celular, Universidade do Planalto Verde",
        "{n:05d}/{y}",
        ("sampled", "received", "started", "completed", "issued"),
    )
    lines = [
        *sterility(rng),
        mycoplasma(rng),
        viability(rng),
        concentration(rng),
        endotoxin(rng),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the laudo."""
    plain, bold = vera()
    facts = (
        ("Solicitante", truth.client),
        ("Amostra", truth.product),
        ("Lote", truth.lot or ""),
        ("Data da coleta", day(truth.date_sampled, _DATE)),
        ("Data de recebimento", day(truth.date_received, _DATE)),
        ("Início do ensaio", day(truth.date_started, _DATE)),
        ("Término do ensaio", day(truth.date_completed, _DATE)),
    )
    cultures, measured = truth.lines[:3], truth.lines[3:]
    story: list[object] = [
        para(f"LAUDO DE ANÁLISE Nº {truth.report_number}", bold, 13, alignment=1),
        Spacer(1, 14),
        *(para(f"<b>{label}:</b> {value}", plain, 9) for label, value in facts),
        Spacer(1, 12),
        para(_sentence(truth), plain, 9),
        Spacer(1, 12),
        para("Tabela 1 – Ensaios microbiológicos", bold, 8),
        Spacer(1, 3),
        _cultures(cultures),
        Spacer(1, 12),
        para("Tabela 2 – Ensaios quantitativos", bold, 8),
        Spacer(1, 3),
        _measured(measured),
        Spacer(1, 14),
        para(f"<b>Conclusão:</b> amostra {'reprovada' if truth.failed else 'aprovada'}.", plain, 9),
        Spacer(1, 20),
        para(f"Planalto Verde, {day(truth.date_issued, _LONG, 'pt')}.", plain, 9, alignment=2),
        Spacer(1, 34),
        para(f"{truth.signed_by}<br/>Responsável técnico", plain, 9, alignment=1),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=60, rightMargin=60, topMargin=105).build(
        story, onFirstPage=_stationery, onLaterPages=_stationery
    )


def _sentence(truth: Truth) -> str:
    grown = [line for line in truth.lines if line.organism]
    told = (
        f"Houve crescimento de <i>{grown[0].organism}</i> no {grown[0].day}º dia de incubação"
        if grown
        else "Não houve crescimento microbiano após 14 dias de incubação"
    )
    return (
        f"{told} (Farmacopeia Brasileira, método 5.5.3.2.1). Os demais resultados da amostra "
        "encontram-se nas tabelas a seguir."
    )


def _cultures(lines: tuple[Line, ...]) -> Table:
    plain, bold = vera()
    anaerobic, aerobic, myco = lines
    grown = ("Ausência de crescimento", "Presença de crescimento")
    found = ("Não detectado", "Detectado")
    rows = [
        ["Ensaio", "Especificação", "Resultado", "Situação"],
        ["Esterilidade", "", "", ""],
        ["    Caldo tioglicolato (FTM)", grown[0], _word(grown, anaerobic), _situation(anaerobic)],
        ["    Caldo caseína-soja (TSB)", grown[0], _word(grown, aerobic), _situation(aerobic)],
        ["Micoplasma (PCR)", found[0], _word(found, myco), _situation(myco)],
    ]
    return Table(rows, colWidths=(150, 130, 130, 65), style=_style(plain, bold, "LEFT"))


def _measured(lines: tuple[Line, ...]) -> Table:
    plain, bold = vera()
    rows = [
        ["", "Viabilidade\n(%)", "Células viáveis\n(x 10^6/mL)", "Endotoxina bacteriana\n(UE/mL)"],
        ["Resultado", *(_bare(line, "amount") for line in lines)],
        ["Especificação", *(_bare(line, "limit") for line in lines)],
        ["Situação", *(_situation(line) for line in lines)],
    ]
    return Table(rows, colWidths=(95, 115, 125, 140), style=_style(plain, bold, "CENTER"))


def _style(plain: str, bold: str, align: str) -> TableStyle:
    return TableStyle(
        [
            ("FONT", (0, 0), (-1, 0), bold, 8),
            ("FONT", (0, 1), (-1, -1), plain, 8),
            ("ALIGN", (1, 0), (-1, -1), align),
            ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ]
    )


def _word(words: tuple[str, str], line: Line) -> str:
    return words[line.reading == "positive"]


def _situation(line: Line) -> str:
    return "Conforme" if line.verdict == "pass" else "Não conforme"


def _bare(line: Line, name: str) -> str:
    """Print a number without its unit and without the power of ten, which the head has."""
    amount = getattr(line, name)
    assert amount is not None
    return number(type(amount)(amount.digits, amount.sign), comma=True)


def _stationery(canvas: Canvas, _: object) -> None:
    plain, bold = vera()
    logo(canvas, 60, 768, 36, "#1f6b3a")
    canvas.setFont(bold, 10)
    canvas.drawCentredString(310, 796, "UNIVERSIDADE DO PLANALTO VERDE")
    canvas.setFont(plain, 8.5)
    canvas.drawCentredString(310, 783, "Centro de Tecnologia Celular – Laboratório de Controle")
    canvas.drawCentredString(310, 771, "Rua das Araucárias, 99 – Planalto Verde – PR")
    canvas.setLineWidth(0.6)
    canvas.line(60, 758, 535, 758)
    canvas.setFont(plain, 7)
    canvas.drawCentredString(
        297, 35, "Os resultados referem-se somente à amostra recebida. Página 1 de 1"
    )
