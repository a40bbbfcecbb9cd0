"""Draws certificates in the layouts that laboratories use, in memory, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
LEFT = 50.0
FONT = "Helvetica"

Rows = Sequence[Sequence[str]]

STERILITY_PAIRS = (
    ("Client", "Meridian Clinic"),
    ("Report No.", "R-26-118"),
    ("Lot No.", "MSC-26-014"),
    ("Sample ID", "S-4471"),
    ("Date received", "2026-03-04"),
    ("Date started", "2026-03-05"),
    ("Date completed", "2026-03-19"),
)
STERILITY_HEADER = ("Test", "Method", "Specification", "Result", "Evaluation")
STERILITY_ROWS = (
    ("Sterility, FTM", "USP <71>", "No growth", "No growth", "Pass"),
    ("Sterility, TSB", "USP <71>", "No growth", "No growth", "Pass"),
    ("Endotoxin", "USP <85>", "<= 5.0 EU/mL", "< 0.05 EU/mL", "Pass"),
)


class Paper:
    """A canvas that counts from the top and keeps its place."""

    def __init__(self, size: tuple[float, float] = (WIDTH, HEIGHT)) -> None:
        self._bytes = io.BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=size, invariant=True)
        self.height = size[1]
        self.y = 60.0

    def text(self, x: float, words: str, *, size: float = 10, font: str = FONT) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - self.y, words)

    def line(self, words: str, *, size: float = 10, x: float = LEFT, step: float = 16) -> None:
        self.text(x, words, size=size)
        self.y += step

    def title(self, words: str) -> None:
        self.line(words, size=16, x=160, step=34)

    def pairs(self, pairs: Rows, *, columns: int = 1, colon: bool = True) -> None:
        for start in range(0, len(pairs), columns):
            for column, (label, value) in enumerate(pairs[start : start + columns]):
                x = LEFT + column * 250
                self.text(x, label + (":" if colon else ""))
                self.text(x + 105, value)
            self.y += 16
        self.y += 14

    def boxed_pairs(self, rows: Sequence[Rows]) -> None:
        """Draw a form: each cell holds its label and its value."""
        for row in rows:
            width = 495 / len(row)
            for column, (label, value) in enumerate(row):
                self.rect(LEFT + column * width, self.y - 13, width, 20)
                self.text(LEFT + column * width + 5, f"{label}: {value}")
            self.y += 20
        self.y += 20

    def rect(self, x: float, top: float, width: float, height: float) -> None:
        self.canvas.rect(x, self.height - top - height, width, height)

    def table(self, rows: Rows, widths: Sequence[float], *, ruled: bool, pitch: float = 18) -> None:
        """Draw rows; a cell with line breaks is wrapped, and its row as high as its lines."""
        for row in rows:
            most = max(cell.count("\n") + 1 for cell in row)
            height = pitch + (most - 1) * 12
            x = LEFT
            for cell, width in zip(row, widths, strict=True):
                if ruled:
                    self.rect(x, self.y - 12, width, height)
                pieces = cell.split("\n")
                # Cells are centred between the rules of their row.
                offset = (most - len(pieces)) * 6
                for number, piece in enumerate(pieces):
                    self.canvas.setFont(FONT, 10)
                    down = self.y + offset + number * 12
                    self.canvas.drawString(x + 4, self.height - down, piece)
                x += width
            self.y += height
        self.y += 16

    def new_page(self) -> None:
        self.canvas.showPage()
        self.y = 60.0

    def done(self) -> bytes:
        self.canvas.save()
        return self._bytes.getvalue()


WIDTHS = (130, 75, 95, 130, 65)


def ruled(
    *,
    title: str = "Certificate of Analysis",
    pairs: Rows = STERILITY_PAIRS,
    header: Sequence[str] = STERILITY_HEADER,
    rows: Rows = STERILITY_ROWS,
    notes: Sequence[str] = (),
    widths: Sequence[float] = WIDTHS,
    is_ruled: bool = True,
    columns: int = 1,
) -> bytes:
    """Draw a header of labels and values, a table and some sentences."""
    paper = Paper()
    paper.title(title)
    paper.pairs(pairs, columns=columns)
    paper.table([header, *rows], widths, ruled=is_ruled)
    for note in notes:
        paper.line(note)
    return paper.done()


def changed(pairs: Rows, **changes: str) -> list[tuple[str, str]]:
    """Give the pairs with other values; a label's spaces are underscores, its dots left out."""
    named = {name.replace("_", " "): value for name, value in changes.items()}
    kept = [(label, named.pop(label.rstrip("."), value)) for label, value in pairs]
    return [*kept, *named.items()]
