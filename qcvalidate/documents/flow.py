"""Lays text that has no pages of its own out on made ones, for readers that go by geometry.

What a word processor, a sheet or a text file holds becomes words with boxes: a tab or a column is
a wide gap, paragraphs stand apart, and the cells of a table have rulings round them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qcvalidate.documents.document import Box, Cell, Document, Page, Table, Word

# The size of ordinary text, in points.
USUAL_SIZE = 10.0
WORKBOOKS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
# A sheet that holds more is a listing and no certificate.
MOST_CELLS = 50_000

_WIDTH, _HEIGHT, _MARGIN = 612.0, 792.0, 36.0
# Shares of the size: how wide a letter and a space are, and how far apart lines of a paragraph
# and paragraphs stand. Readers join lines nearer than 0.9 of it, and cut at gaps wider than 1.
_LETTER, _SPACE, _LEADING, _APART = 0.5, 0.3, 1.2, 2.0
_TAB = 36.0
# Around the text of a cell, in points.
_PADDING = 4.0
_RULE = 0.5


@dataclass(frozen=True)
class Run:
    """Text of one look; a tab and a line's end stand in it as `\\t` and `\\n`. Size in points.

    `upright` is False for what stands across the page, `faint` says that it is hardly seen.
    """

    text: str
    size: float = USUAL_SIZE
    visible: bool = True
    struck: bool = False
    upright: bool = True
    faint: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Runs that follow one another, and the human name of the place (`"paragraph 12"`).

    `stops` are the tab stops in points from the left edge.
    """

    runs: tuple[Run, ...]
    region: str
    stops: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """What a person sees of it."""
        return "".join(run.text for run in self.runs if run.visible)


@dataclass(frozen=True)
class GridCell:
    """A cell of a table: where it begins, counted from 0, how far it spans, what is in it."""

    row: int
    column: int
    content: tuple[Paragraph | Grid, ...]
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """A table of a document."""

    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class PageBreak:
    """Where a new page begins."""


Flow = Sequence[Paragraph | Grid | PageBreak]


def pages_of(flow: Flow, engine: str) -> tuple[Page, ...]:
    """Lay a document out; each paragraph's line is one line, however long it is.

    `engine` names who read the file. A page is as large as what stands on it.
    """
    pages: list[Page] = []
    sheet = _Sheet(1, engine)
    y = _MARGIN
    for part in flow:
        if isinstance(part, PageBreak):
            pages.append(sheet.page(y))
            sheet, y = _Sheet(sheet.number + 1, engine), _MARGIN
        elif isinstance(part, Grid):
            y = sheet.grid(part, _MARGIN, y) + 2 * USUAL_SIZE
        else:
            y = sheet.paragraph(part, _MARGIN, y)
    pages.append(sheet.page(y))
    return tuple(pages)


def words_in(text: str) -> Iterator[tuple[str, str]]:
    """Cut text into words, each with the blanks before it; the last may be blanks alone.

    >>> list(words_in("No growth\\t"))
    [('', 'No'), (' ', 'growth'), ('\\t', '')]
    """
    return ((blank, word) for blank, word in _WORD.findall(text) if blank or word)


_WORD = re.compile(r"(\s*)(\S*)")


@dataclass
class _Sheet:
    """A page in the making."""

    number: int
    engine: str
    words: list[Word] = field(default_factory=list)
    rulings: list[Box] = field(default_factory=list)
    width: float = _WIDTH

    def page(self, bottom: float) -> Page:
        return Page(
            self.number,
            self.width + _MARGIN,
            max(_HEIGHT, bottom + _MARGIN),
            tuple(self.words),
            tuple(self.rulings),
        )

    def paragraph(self, paragraph: Paragraph, x: float, y: float) -> float:
        """Write a paragraph from a place on; give where the next one begins."""
        placed, width, height = _set(paragraph)
        for (x0, y0, x1, y1), text, run in placed:
            box = (x + x0, y + y0, x + x1, y + y1)
            self.words.append(
                Word(
                    text,
                    self.number,
                    tuple(round(edge, 2) for edge in box),  # type: ignore[arg-type]
                    engine=self.engine,
                    visible=run.visible,
                    struck=run.struck,
                    upright=run.upright,
                    region=paragraph.region,
                    faint=run.faint,
                )
            )
        self.width = max(self.width, x + width)
        return y + height

    def grid(self, grid: Grid, x: float, y: float) -> float:
        """Draw a table with its rulings; give its bottom."""
        lefts, tops = _measured(grid)
        for cell in grid.cells:
            box = (
                x + lefts[cell.column],
                y + tops[cell.row],
                x + lefts[cell.column + cell.columns],
                y + tops[cell.row + cell.rows],
            )
            self._rule(box)
            inner = box[1] + _PADDING
            for part in cell.content:
                if isinstance(part, Grid):
                    inner = self.grid(part, box[0] + _PADDING, inner) + _PADDING
                else:
                    inner = self.paragraph(_close(part), box[0] + _PADDING, inner)
        self.width = max(self.width, x + lefts[-1])
        return y + tops[-1]

    def _rule(self, box: Box) -> None:
        x0, y0, x1, y1 = box
        self.rulings += [
            (x0, y0, x1, y0 + _RULE),
            (x0, y1, x1, y1 + _RULE),
            (x0, y0, x0 + _RULE, y1),
            (x1, y0, x1 + _RULE, y1),
        ]


_Placed = list[tuple[Box, str, Run]]


def _set(paragraph: Paragraph) -> tuple[_Placed, float, float]:
    """Set a paragraph's words from (0, 0); give them with its width and the next one's top."""
    lines: list[_Placed] = [[]]
    x = widest = 0.0
    joined = False
    for run in paragraph.runs:
        for blank, text in words_in(run.text):
            for sign in blank:
                if sign in "\n\v\f\r":
                    lines.append([])
                    x = 0.0
                elif sign == "\t":
                    x = _next_stop(x, run.size, paragraph.stops)
                else:
                    x += _SPACE * run.size
            glued = joined and not blank and bool(lines[-1])
            joined = bool(text)
            if not text:
                continue
            end = x + _LETTER * run.size * len(text)
            last = lines[-1][-1] if glued else None
            if last is not None and _same_look(last[2], run):
                # A word whose letters differ in look is one word.
                (x0, _, _, _), begun, first = last
                lines[-1][-1] = ((x0, 0.0, end, 0.0), begun + text, first)
            else:
                lines[-1].append(((x, 0.0, end, 0.0), text, run))
            x = end
            widest = max(widest, x)
    placed: _Placed = []
    y = 0.0
    for line in lines:
        size = max((run.size for _, _, run in line), default=_size_of(paragraph))
        for (x0, _, x1, _), text, run in line:
            # Letters of all sizes stand on one middle.
            top = y + (size - run.size) / 2
            placed.append(((x0, top, x1, top + run.size), text, run))
        y += _LEADING * size
    last_size = max((run.size for run in paragraph.runs), default=USUAL_SIZE)
    return placed, widest, y + (_APART - _LEADING) * last_size


def _size_of(paragraph: Paragraph) -> float:
    return paragraph.runs[0].size if paragraph.runs else USUAL_SIZE


def _same_look(one: Run, other: Run) -> bool:
    first, second = ((run.visible, run.struck, run.upright, run.faint) for run in (one, other))
    return first == second


def _next_stop(x: float, size: float, stops: Sequence[float]) -> float:
    """Give the next tab stop that leaves a gap which no reader takes for a space."""
    least = x + 1.5 * size if x else 0.0
    further = [stop for stop in stops if stop > x + 0.5 * size]
    if further:
        return max(least, min(further))
    return max(least, (x // _TAB + 1) * _TAB)


def _close(paragraph: Paragraph) -> Paragraph:
    return replace(paragraph, stops=())


def _measured(grid: Grid) -> tuple[list[float], list[float]]:
    """Give the edges of a table's columns and rows; each cell is measured once."""
    columns: list[tuple[int, int, float]] = []
    rows: list[tuple[int, int, float]] = []
    for cell in grid.cells:
        width = height = 0.0
        for part in cell.content:
            if isinstance(part, Grid):
                lefts, tops = _measured(part)
                width, height = max(width, lefts[-1]), height + tops[-1] + _PADDING
            else:
                _, wide, high = _set(_close(part))
                width, height = max(width, wide), height + high
        columns.append((cell.column, cell.columns, width + 2 * _PADDING))
        rows.append((cell.row, cell.rows, height + 2 * _PADDING))
    return _edges(columns, 2 * USUAL_SIZE), _edges(rows, USUAL_SIZE + 2 * _PADDING)


def _edges(spans: Sequence[tuple[int, int, float]], least: float) -> list[float]:
    """Give the edges of rows or columns, from 0, so that what spans them finds room."""
    count = max((start + length for start, length, _ in spans), default=1)
    sizes = [least] * count
    for start, length, wanted in sorted(spans, key=lambda span: span[1]):
        lacking = wanted - sum(sizes[start : start + length])
        if lacking > 0:
            sizes[start + length - 1] += lacking
    edges = [0.0]
    for size in sizes:
        edges.append(edges[-1] + size)
    return edges


# --- sheets ---------------------------------------------------------------------------------


def is_laid_out(document: Document) -> bool:
    """Say whether a document has pages, or is a workbook that can be given some.

    Delimited text and JSON are tables and nothing else.
    """
    cells = sum(len(row) for table in document.tables for row in table.rows)
    is_workbook = document.kind == "table" and document.media_type in WORKBOOKS
    return document.kind == "pages" or (is_workbook and 0 < cells <= MOST_CELLS)


def laid_out(document: Document) -> Document:
    """Give a document with pages: its own, or those that its sheets would be printed on."""
    if document.kind == "pages":
        return document
    return replace(document, kind="pages", pages=pages_of_tables(document.tables))


def pages_of_tables(tables: Sequence[Table]) -> tuple[Page, ...]:
    """Lay out each sheet on a page: what stands in a column has one left edge.

    Without rulings, for a sheet has cells everywhere and its blank ones mean nothing. A cell
    merged over rows stands in each of them.
    """
    return tuple(_page_of_sheet(table, number) for number, table in enumerate(tables, start=1))


def _page_of_sheet(table: Table, number: int) -> Page:
    sheet = _Sheet(number, "cells")
    lefts = _sheet_columns(table)
    over = {(row, column): rows for row, column, rows, _ in table.merged}
    y = _MARGIN
    tops: list[float] = []
    for row in table.rows:
        tops.append(y)
        y += max((_set(_paragraph(cell))[2] for cell in row), default=0)
        y += 0.0 if row else _APART * USUAL_SIZE
    for at, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            for top in tops[at : at + over.get((at, column), 1)]:
                sheet.paragraph(_paragraph(cell), lefts[column], top)
    return sheet.page(y)


def _paragraph(cell: Cell) -> Paragraph:
    # A stored number's point is its decimal mark, also where the texts around it use a comma:
    # with a fourth decimal it cannot be taken for a mark of thousands.
    text = _THREE_DECIMALS.sub(r"\g<0>0", cell.text) if cell.number else cell.text
    return Paragraph((Run(text),), cell.region)


_THREE_DECIMALS = re.compile(r"\.\d{3}(?!\d)")


def _sheet_columns(table: Table) -> list[float]:
    """Give the columns' left edges; text that has only blanks to its right flows over them."""
    widths = [0.0] * max(map(len, table.rows), default=0)
    for row in table.rows:
        filled = [column for column, cell in enumerate(row) if cell.text.strip()]
        for column in filled:
            if column == filled[-1] and len(row[column].text) > _FLOWS_OVER:
                continue
            widths[column] = max(widths[column], _set(_paragraph(row[column]))[1])
    lefts = [_MARGIN]
    for width in widths:
        # A blank column takes next to no room: what stands beside it is beside its neighbour.
        lefts.append(lefts[-1] + (width + 2.5 * USUAL_SIZE if width else 1.0))
    return lefts


# Letters: a longer text at a row's end is a remark, and makes no column wider.
_FLOWS_OVER = 40
