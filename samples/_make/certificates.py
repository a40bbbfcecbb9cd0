"""Draws certificates in three layouts, as contract laboratories print them; all fictitious.

`us_form`: boxes with the label inside, a table of media and a legend. `european_report`: two
columns of key and value above a ruled table. `plain_columns`: a print-out without any rule.
The pages are not compressed, so that the bytes do not depend on a version of zlib.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

SIMULATED = "Simulated document for testing qcvalidate - not a real certificate"
ONLY_ITEMS = (
    "The results relate only to the items tested, as received. Lot and sample data were supplied "
    "by the client. This report shall not be reproduced except in full."
)

Pairs = Sequence[tuple[str, str]]
Row = Sequence[str]
GREY = Color(0.90, 0.92, 0.94)
BLUE = Color(0.13, 0.25, 0.42)


@dataclass(frozen=True)
class Laboratory:
    """A laboratory that does not exist, with its address and its accreditation."""

    name: str
    address: str
    accreditation: str


@dataclass(frozen=True)
class Certificate:
    """What every layout prints; `boxes` are the header's fields in the laboratory's order."""

    laboratory: Laboratory
    title: str
    report_number: str
    boxes: Pairs
    columns: Row
    rows: Sequence[Row]
    remarks: Sequence[str]
    signatures: Sequence[Pairs]


def us_form(certificate: Certificate) -> bytes:
    """Draw the American form: `boxes` fill rows of two cells, `LABEL: value` in each."""
    page = _Page(certificate, LETTER)
    page.centred(certificate.laboratory.name.upper(), "Helvetica-Bold", 14, 20)
    page.centred(certificate.laboratory.address, "Helvetica", 8, 12)
    page.centred(certificate.laboratory.accreditation, "Helvetica", 8, 22)
    page.centred(certificate.title.upper(), "Helvetica-Bold", 13, 14)
    width = page.width - 2 * page.margin
    for first, second in zip(certificate.boxes[::2], certificate.boxes[1::2], strict=True):
        cells = [f"{label}: {value}" for label, value in (first, second)]
        page.ruled_row(cells, (width * 0.56, width * 0.44), 9)
    page.y -= 20
    shares = [width * share for share in (0.40, 0.13, 0.33, 0.14)]
    page.ruled_row(certificate.columns, shares, 9, fonts=["Helvetica-Bold"] * 4, fill=GREY)
    for row in certificate.rows:
        page.ruled_row(row, shares, 9, fonts=["Helvetica-Bold", *["Helvetica"] * 3])
    page.y -= 16
    page.paragraphs(certificate.remarks, "Helvetica", 8.5)
    page.signatures(certificate.signatures, "Helvetica", 9)
    return page.finish("Helvetica")


def european_report(certificate: Certificate) -> bytes:
    """Draw the European report: `boxes` are set in two columns, left then right."""
    page = _Page(certificate, A4)
    page.banner()
    page.y -= 8
    page.text(page.margin, certificate.title, "Times-Bold", 15)
    page.y -= 26
    middle = page.width / 2 + 34
    for left, right in zip(certificate.boxes[::2], certificate.boxes[1::2], strict=True):
        for x, (label, value) in ((page.margin, left), (middle, right)):
            page.text(x, f"{label}:" if label else "", "Times-Bold", 10)
            page.text(x + 84, value, "Times-Roman", 10)
        page.y -= 15
    page.y -= 12
    width = page.width - 2 * page.margin
    shares = [width * share for share in (0.31, 0.17, 0.17, 0.21, 0.14)]
    page.ruled_row(certificate.columns, shares, 10, fonts=["Times-Bold"] * 5, fill=GREY)
    for row in certificate.rows:
        page.ruled_row(row, shares, 10, fonts=["Times-Roman"] * 5)
    page.y -= 18
    page.paragraphs(certificate.remarks, "Times-Roman", 10)
    page.signatures(certificate.signatures, "Times-Roman", 10)
    return page.finish("Times-Roman")


def plain_columns(certificate: Certificate) -> bytes:
    """Draw the print-out: one field a line, then columns held apart by white space only."""
    page = _Page(certificate, A4)
    page.text(page.margin, certificate.laboratory.name, "Courier-Bold", 12)
    page.y -= 13
    for line in (certificate.laboratory.address, certificate.laboratory.accreditation):
        page.text(page.margin, line, "Courier", 8)
        page.y -= 11
    page.y -= 12
    page.text(page.margin, certificate.title, "Courier-Bold", 12)
    page.y -= 20
    for label, value in certificate.boxes:
        page.text(page.margin, f"{label}:", "Courier", 9)
        page.text(page.margin + 130, value, "Courier", 9)
        page.y -= 12
    page.y -= 14
    starts = [page.margin + offset for offset in (0, 165, 275, 390, 437)]
    for row, font in (
        (certificate.columns, "Courier-Bold"),
        *((r, "Courier") for r in certificate.rows),
    ):
        for x, cell in zip(starts, row, strict=True):
            page.text(x, cell, font, 8.5)
        page.y -= 15
    page.y -= 10
    page.paragraphs(certificate.remarks, "Courier", 8)
    page.signatures(certificate.signatures, "Courier", 8.5)
    return page.finish("Courier")


class _Page:
    """One page, written from the top down; `y` is the base line of what comes next."""

    margin = 48.0

    def __init__(self, certificate: Certificate, size: tuple[float, float]) -> None:
        self._certificate = certificate
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=size, pageCompression=0, invariant=1)
        self._canvas.setTitle(f"{certificate.title} {certificate.report_number}")
        self._canvas.setAuthor(certificate.laboratory.name)
        self._canvas.setSubject(SIMULATED)
        self._canvas.setCreator("qcvalidate samples")
        self.width, height = size
        self.y = height - 56

    def text(self, x: float, text: str, font: str, size: float) -> None:
        """Write one line; the comparison signs, which these fonts lack, come from Symbol."""
        for part in _runs(text):
            name = "Symbol" if part in _SYMBOLS else font
            self._canvas.setFont(name, size)
            self._canvas.drawString(x, self.y, part)
            x += stringWidth(part, name, size)

    def centred(self, text: str, font: str, size: float, advance: float) -> None:
        self._canvas.setFont(font, size)
        self._canvas.drawCentredString(self.width / 2, self.y, text)
        self.y -= advance

    def banner(self) -> None:
        laboratory = self._certificate.laboratory
        self._canvas.setFillColor(BLUE)
        self._canvas.rect(
            self.margin, self.y - 6, self.width - 2 * self.margin, 24, stroke=0, fill=1
        )
        self._canvas.setFillColor(white)
        self.text(self.margin + 8, laboratory.name, "Times-Bold", 13)
        self._canvas.setFillColor(black)
        self.y -= 20
        self.text(self.margin, laboratory.address, "Times-Roman", 8.5)
        self.y -= 11
        self.text(self.margin, laboratory.accreditation, "Times-Roman", 8.5)
        self.y -= 22

    def ruled_row(
        self,
        cells: Row,
        widths: Sequence[float],
        size: float,
        *,
        fonts: Sequence[str] | None = None,
        fill: Color | None = None,
    ) -> None:
        """Draw a row of boxes whose height fits the longest cell; `y` is the row's top edge."""
        fonts = fonts or ["Helvetica"] * len(cells)
        lines = [
            _wrapped(cell, font, size, width - 10)
            for cell, font, width in zip(cells, fonts, widths, strict=True)
        ]
        leading = size * 1.2
        height = leading * max(len(cell) for cell in lines) + 8
        top, x = self.y, self.margin
        for cell, font, width in zip(lines, fonts, widths, strict=True):
            if fill is not None:
                self._canvas.setFillColor(fill)
                self._canvas.rect(x, top - height, width, height, stroke=0, fill=1)
                self._canvas.setFillColor(black)
            self._canvas.setLineWidth(0.7)
            self._canvas.rect(x, top - height, width, height)
            self.y = top - 4 - size * 0.9
            for line in cell:
                self.text(x + 5, line, font, size)
                self.y -= leading
            x += width
        self.y = top - height

    def paragraphs(self, texts: Sequence[str], font: str, size: float) -> None:
        for text in texts:
            for line in _wrapped(text, font, size, self.width - 2 * self.margin):
                self.text(self.margin, line, font, size)
                self.y -= size * 1.3
            self.y -= size * 0.4

    def signatures(self, signatures: Sequence[Pairs], font: str, size: float) -> None:
        self.y -= 16
        top, step = self.y, (self.width - 2 * self.margin) / 2
        for place, signature in enumerate(signatures):
            self.y = top
            for label, value in signature:
                self.text(self.margin + place * step, f"{label}: {value}", font, size)
                self.y -= size * 1.6
        self.y -= 10
        self.text(self.margin, "*** End of report ***", font, size)

    def finish(self, font: str) -> bytes:
        self.y = 62.0
        self.paragraphs([ONLY_ITEMS], font, 6.5)
        self.y = 34.0
        self.text(self.margin, SIMULATED, font, 7)
        number = f"{self._certificate.report_number}   Page 1 of 1"
        self.text(self.width - self.margin - stringWidth(number, font, 7), number, font, 7)
        self._canvas.showPage()
        self._canvas.save()
        return self._bytes.getvalue()


_SYMBOLS = "≤≥"


def _runs(text: str) -> list[str]:
    """Split a text before and after each sign that only the Symbol font has."""
    parts = [""]
    for character in text:
        if character in _SYMBOLS:
            parts += [character, ""]
        else:
            parts[-1] += character
    return [part for part in parts if part]


def _wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and stringWidth(longer, font, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
