"""Fonts, dates, numbers and small ornaments that several families share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from benchmarks.layouts.truth import Amount, Truth

SANS = ("Helvetica", "Helvetica-Bold")
SERIF = ("Times-Roman", "Times-Bold")
Rows = Sequence[Sequence[str | None]]
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}


@cache
def vera() -> tuple[str, str]:
    """Register the fonts of reportlab that know ≤ and µ; give the plain and the bold one."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    pdfmetrics.registerFont(TTFont("VeraBd", "VeraBd.ttf"))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd")
    return "Vera", "VeraBd"


def day(when: dt.date | None, pattern: str, language: str = "en") -> str:
    """Print a date: `{d} {d02} {m02} {y} {Mon} {MON} {Month}` in a pattern; nothing for None."""
    if when is None:
        return ""
    month = MONTHS[language].split()[when.month - 1]
    return pattern.format(
        d=when.day,
        d02=f"{when.day:02d}",
        m=when.month,
        m02=f"{when.month:02d}",
        y=when.year,
        Mon=month[:3],
        MON=month[:3].upper(),
        Month=month,
    )


def choose(truth: Truth, *options: str) -> str:
    """Choose one of a laboratory's ways to say a thing; a certificate always says it the same."""
    return options[sum(map(ord, truth.report_number or "")) % len(options)]


def number(amount: Amount, *, comma: bool = False, power: str = " x 10^", gap: str = " ") -> str:
    """Print an amount: with a decimal comma, a power of ten, a gap after its sign."""
    digits = amount.digits.replace(".", ",") if comma else amount.digits
    raised = f"{power}{amount.exponent}" if amount.exponent else ""
    return f"{amount.sign}{gap if amount.sign else ''}{digits}{raised}"


def grouped(amount: Amount, mark: str = ",") -> str:
    """Print a large amount in full, its thousands apart."""
    return f"{int(amount.number):,}".replace(",", mark)


def style(font: str, size: float, **more: Any) -> ParagraphStyle:
    """Give a paragraph style with leading to match."""
    return ParagraphStyle(f"{font}{size}", fontName=font, fontSize=size, leading=size * 1.2, **more)


def para(text: str | None, font: str, size: float, **more: Any) -> Paragraph:
    """Make a paragraph, so that a cell wraps; an empty one for None."""
    return Paragraph(text or "", style(font, size, **more))


def logo(canvas: Canvas, x: float, y: float, size: float = 28, tint: str = "#1d5f8a") -> None:
    """Draw a made emblem: rings and a bar, no letters."""
    canvas.saveState()
    canvas.setStrokeColor(colors.HexColor(tint))
    canvas.setFillColor(colors.HexColor(tint))
    canvas.setLineWidth(2)
    canvas.circle(x + size / 2, y + size / 2, size / 2)
    canvas.circle(x + size / 2, y + size / 2, size / 3.2)
    canvas.rect(x + size * 0.15, y + size * 0.45, size * 0.7, size * 0.1, stroke=0, fill=1)
    canvas.restoreState()


def power(amount: Amount, **how: Any) -> str:
    """Print an amount for a paragraph, its power of ten raised."""
    shown = number(replace(amount, exponent=0), **how).replace("<", "&lt;").replace(">", "&gt;")
    raised = f" × 10<super>{amount.exponent}</super>" if amount.exponent else ""
    return shown + raised


def padded(top: float, bottom: float) -> list[tuple[Any, ...]]:
    """Set the cells of a whole table closer than reportlab does, or wider."""
    whole = (0, 0), (-1, -1)
    return [("TOPPADDING", *whole, top), ("BOTTOMPADDING", *whole, bottom)]


def facts(
    rows: Rows, widths: Sequence[float], fonts: tuple[str, str], size: float, *look: Any
) -> Table:
    """Lay out what a certificate is about: labels in bold and their values, in turns."""
    cells = [[para(cell, fonts[at % 2 == 0], size) for at, cell in enumerate(row)] for row in rows]
    return Table(cells, colWidths=widths, style=TableStyle(look))


def headed(
    rows: Rows, widths: Sequence[float], fonts: tuple[str, str], size: float, *look: Any
) -> Table:
    """Lay out a table whose first row is its head, in bold."""
    cells = [[para(cell, fonts[at == 0], size) for cell in row] for at, row in enumerate(rows)]
    return Table(cells, colWidths=widths, style=TableStyle(look), repeatRows=1)


def build(
    path: Path,
    story: Sequence[Flowable],
    page: Callable[[Canvas, object], None],
    size: tuple[float, float],
    margins: tuple[float, float, float, float],
) -> None:
    """Print a story; `page` draws what is on every sheet, margins are left, right, top, bottom."""
    left, right, top, bottom = margins
    SimpleDocTemplate(
        str(path),
        pagesize=size,
        leftMargin=left,
        rightMargin=right,
        topMargin=top,
        bottomMargin=bottom,
    ).build(list(story), onFirstPage=page, onLaterPages=page)
