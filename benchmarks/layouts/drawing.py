"""Fonts, dates, numbers and small ornaments that several families share."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from benchmarks.layouts.truth import Amount, Truth

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


def para(text: str, font: str, size: float, **more: Any) -> Paragraph:
    """Make a paragraph, so that a cell wraps."""
    return Paragraph(text, style(font, size, **more))


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
