"""A Portuguese laboratory: label cells shaded beside value cells, a heading bar for each test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, number, vera
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

_DATE = "{d02}-{m02}-{y}"


def compose(rng: Random) -> Truth:
    """Invent a Portuguese bulletin, a block for each test."""
    truth = begin(rng, "Laboratório Monte Alvo", "BA-{y}-{n:05d}")
    lines = [*sterility(rng, (None,)), endotoxin(rng), mycoplasma(rng), viability(rng, limit="80")]
    return replace(fill(truth, lines), sample_id=f"A{rng.randrange(100_000, 999_999)}")


def draw(truth: Truth, path: Path) -> None:
    """Print the bulletin."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont(bold, 14)
    canvas.drawString(45, 800, "BOLETIM DE ANÁLISE")
    canvas.setFont(plain, 8)
    canvas.drawRightString(550, 803, "Laboratório Monte Alvo, Lda.")
    y = 770.0
    for row in (
        (("Boletim n.º", truth.report_number), ("Cliente", truth.client)),
        (("Lote", truth.lot), ("Amostra n.º", truth.sample_id)),
        (
            ("Data de receção", day(truth.date_received, _DATE)),
            ("Data de emissão", day(truth.date_issued, _DATE)),
        ),
        (
            ("Início da análise", day(truth.date_started, _DATE)),
            ("Fim da análise", day(truth.date_completed, _DATE)),
        ),
    ):
        for at, (label, value) in enumerate(row):
            _cell(canvas, 45 + at * 252, y, 95, label, shade=True)
            _cell(canvas, 140 + at * 252, y, 157, value or "")
        y -= 20
    for line in truth.lines:
        y = _block(canvas, line, y - 16)
    canvas.setFont(bold, 9)
    told = "não cumpre" if truth.failed else "cumpre"
    canvas.drawString(45, y - 24, f"Parecer: a amostra {told} os requisitos.")
    canvas.setFont(plain, 8)
    canvas.drawString(45, y - 60, f"Aprovado por: {truth.signed_by}")
    canvas.drawCentredString(
        297, 30, "Página 1 de 1 – Este boletim só pode ser reproduzido na íntegra."
    )
    canvas.save()


def _cell(
    canvas: Canvas, x: float, y: float, width: float, text: str, *, shade: bool = False
) -> None:
    plain, bold = vera()
    canvas.setFillColor(colors.HexColor("#d9e4da") if shade else colors.white)
    canvas.rect(x, y, width, 20, fill=1)
    canvas.setFillColor(colors.black)
    canvas.setFont(bold if shade else plain, 8)
    canvas.drawString(x + 4, y + 6, text)


def _block(canvas: Canvas, line: Line, y: float) -> float:
    bold = vera()[1]
    name = {
        "sterility": "Ensaio de esterilidade",
        "endotoxin": "Endotoxinas bacterianas",
        "mycoplasma": "Pesquisa de micoplasma",
        "viability": "Viabilidade celular",
    }[line.test]
    canvas.setFillColor(colors.HexColor("#35593a"))
    canvas.rect(45, y, 504, 16, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont(bold, 9)
    canvas.drawString(49, y + 4, name)
    canvas.setFillColor(colors.black)
    result, limit = _told(line)
    verdict = "Conforme" if line.verdict == "pass" else "Não conforme"
    for label, text in (("Especificação", limit), ("Resultado", result), ("Avaliação", verdict)):
        y -= 18
        _cell(canvas, 45, y, 120, label, shade=True)
        _cell(canvas, 165, y, 384, text)
    return y


def _told(line: Line) -> tuple[str, str]:
    if line.amount is None or line.limit is None:
        words = ("Ausência de crescimento", "Crescimento microbiano")
        if line.test == "mycoplasma":
            words = ("Não detetado", "Detetado")
        return words[line.reading == "positive"], words[0]
    unit = {"EU/mL": "UE/mL"}.get(line.unit or "", line.unit or "")
    return f"{number(line.amount, comma=True)} {unit}", f"{number(line.limit, comma=True)} {unit}"
