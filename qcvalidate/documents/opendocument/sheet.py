"""Reads one sheet of an ODS workbook: its cells, and which of them are not as they seem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from qcvalidate.documents.document import Cell
from qcvalidate.documents.opendocument.styles import Styles
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_SHEET_CELLS = 1_000_000

COMMENT = "office.annotation"

_GROUPS = ("table.table-row-group", "table.table-header-rows", "table.table-rows")
_COLUMN_GROUPS = ("table.table-column-group", "table.table-header-columns", "table.table-columns")
_LONGEST = 80


@dataclass(frozen=True)
class _Look:
    """What a style does to a cell; `odd` when it shows something else than its number."""

    struck: bool
    hidden: bool
    odd: bool
    rules: tuple[str, ...]


@dataclass
class Sheet:
    """A sheet while it is read: its rows, and the cells that are not as they seem."""

    name: str
    styles: Styles
    file: str
    hidden: bool = False
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    _hides: list[str] = field(default_factory=list)
    _told: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _columns: list[tuple[str | None, bool]] = field(default_factory=list)
    _cells: int = 0
    _looks: dict[str | None, _Look] = field(default_factory=dict)

    def read(self, table: Element) -> None:
        """Read a `table:table`."""
        self.hidden = self.styles.hides_table(table.get("table.style-name"))
        self._read_columns(table)
        self._read_rows(table, hidden=False)
        while self.rows and not any(cell.text.strip() for cell in self.rows[-1]):
            self.rows.pop()
        width = max(map(len, self.rows), default=0)
        for number, row in enumerate(self.rows, start=1):
            # Each row is as wide as its sheet, as in other workbooks.
            blank = range(len(row), width)
            row += [Cell("", f"{self.name}!{_letters(at)}{number}") for at in blank]
        for rule in table.iter("calcext.condition"):
            self._judge_rule(rule.get("calcext.apply-style-name"), self.name)

    def findings(self) -> Iterator[Finding]:
        """Tell what is hidden, and what is shown otherwise than it is stored."""
        name = self.file
        place = Place(name, region=self.name)
        if self.hidden:
            if self.rows:
                yield Finding(
                    "cells-hidden",
                    Severity.HOLD,
                    f"{name}: the sheet {self.name} is hidden; show it, and send the file again",
                    place,
                )
            return
        if self._hides:
            more = " and more" if len(self._hides) > 5 else ""
            yield Finding(
                "cells-hidden",
                Severity.HOLD,
                f"{name}: the sheet {self.name} hides {', '.join(self._hides[:5])}{more}; show "
                "it, and send the file again",
                place,
            )
        for (slug, what), cells in self._told.items():
            more = f" (and {len(cells) - 5} more cells)" if len(cells) > 5 else ""
            yield Finding(
                slug,
                Severity.HOLD,
                f"{name} {', '.join(cells[:5])}{more}: {what}",
                Place(name, region=cells[0]),
            )

    def _tell(self, slug: str, what: str, region: str) -> None:
        self._told.setdefault((slug, what), []).append(region)

    def _read_columns(self, element: Element, *, hidden: bool = False) -> None:
        for child in element:
            if child.tag in _COLUMN_GROUPS:
                shut = hidden or child.get("table.display") == "false"
                self._read_columns(child, hidden=shut)
            elif child.tag == "table.table-column":
                flat = self.styles.is_flat("table-column", child.get("table.style-name"))
                shut = hidden or flat or child.get("table.visibility", "visible") != "visible"
                times = min(_repeated(child, "columns"), 16_384 - len(self._columns))
                self._columns += [(child.get("table.default-cell-style-name"), shut)] * times

    def _read_rows(self, element: Element, *, hidden: bool) -> None:
        for child in element:
            if child.tag in _GROUPS:
                self._read_rows(child, hidden=hidden or child.get("table.display") == "false")
            elif child.tag == "table.table-row":
                flat = self.styles.is_flat("table-row", child.get("table.style-name"))
                shut = hidden or flat or child.get("table.visibility", "visible") != "visible"
                self._read_row(child, hidden=shut)

    def _read_row(self, row: Element, *, hidden: bool) -> None:
        times = _repeated(row, "rows")
        if not any(_is_filled(cell) for cell in row):
            # A sheet ends in a million blank rows; those between others are as many as they are.
            self._count(times if times < LARGEST_SHEET_CELLS // 2 else 0)
            self.rows += [[] for _ in range(times if times < LARGEST_SHEET_CELLS // 2 else 0)]
            return
        self._count(times * sum(_repeated(cell, "columns") for cell in _cells_in(row)))
        for _ in range(times):
            number = len(self.rows)
            self.rows.append(self._cells_of(row, number))
            if hidden:
                self._hides.append(f"row {number + 1}")

    def _count(self, more: int) -> None:
        self._cells += more
        if self._cells > LARGEST_SHEET_CELLS:
            raise DocumentError(
                f"{self.file}: the sheet {self.name} holds more than {LARGEST_SHEET_CELLS:,} "
                "cells; so many are not read",
                slug="document-too-large",
            )

    def _cells_of(self, row: Element, number: int) -> list[Cell]:
        cells: list[Cell] = []
        for element in _cells_in(row):
            for _ in range(_repeated(element, "columns")):
                cells.append(self._cell(element, row, number, len(cells)))
        return cells

    def _cell(self, element: Element, row: Element, number: int, column: int) -> Cell:
        region = f"{self.name}!{_letters(column)}{number + 1}"
        usual, hidden = self._columns[column] if column < len(self._columns) else (None, False)
        style = element.get("table.style-name") or row.get("table.default-cell-style-name") or usual
        rows = int(_digits(element.get("table.number-rows-spanned")) or 1)
        columns = int(_digits(element.get("table.number-columns-spanned")) or 1)
        if rows > 1 or columns > 1:
            self.merged.append((number, column, rows, columns))
        for note in element.findall(COMMENT):
            said = excerpt(" ".join(_text(p) for p in note.findall("text.p")))
            self._tell("cells-hidden", f"has a comment, which was not read: “{said}”", region)
        for other in element:
            if other.tag not in ("text.p", COMMENT) and any(True for _ in other.iter("text.p")):
                self._tell(
                    "page-unread", "holds text in a frame or list, which was not read", region
                )
        text, is_number = self._value(element, style, region)
        if text.strip():
            if hidden and f"column {_letters(column)}" not in self._hides:
                self._hides.append(f"column {_letters(column)}")
            if element.tag == "table.covered-table-cell":
                self._tell("cells-hidden", "is covered by a merged cell; show it", region)
            self._judge_look(element, style, region)
        return Cell(text, region, is_number)

    def _judge_look(self, element: Element, style: str | None, region: str) -> None:
        look = self._look(style)
        spans = [e.get("text.style-name") for e in element.iter("text.span")]
        if look.struck or any(self.styles.strikes("text", span) for span in spans):
            self._tell("text-struck", "is struck through; ask for an amended file", region)
        if look.hidden or any(self.styles.hides("text", span) for span in spans):
            self._tell("cells-hidden", "is written so that it is not seen; show it", region)
        for rule in look.rules:
            self._judge_rule(rule, region)

    def _look(self, style: str | None) -> _Look:
        if style not in self._looks:
            self._looks[style] = _Look(
                self.styles.strikes("table-cell", style),
                self.styles.hides("table-cell", style),
                self.styles.shows_otherwise(style),
                tuple(self.styles.maps(style)),
            )
        return self._looks[style]

    def _judge_rule(self, style: str | None, region: str) -> None:
        look = self._look(style)
        if look.hidden or look.struck or look.odd:
            what = "a rule hides, strikes or changes how it is shown; take the rule out"
            self._tell("cells-hidden", what, region)

    def _value(self, element: Element, style: str | None, region: str) -> tuple[str, bool]:
        """Give a cell's text, and whether the file stores it as a number."""
        shown = "\n".join(_text(p) for p in element.findall("text.p"))
        kind = element.get("office.value-type") or element.get("calcext.value-type") or ""
        if element.get("table.formula") is not None and not (kind or shown):
            self._tell(
                "formula-without-value",
                "holds a formula whose value was never computed; open the workbook in its "
                "program, save it, and send it again",
                region,
            )
        if kind in ("float", "percentage", "currency"):
            return self._number(element, kind, shown, style, region)
        stored = {
            "date": element.get("office.date-value"),
            "boolean": element.get("office.boolean-value"),
            "string": element.get("office.string-value"),
        }.get(kind)
        if kind == "boolean":
            return (stored or shown).upper(), False
        if kind == "date" and stored is not None:
            if not _is_same_date(stored, shown):
                self._odd(region)
            return stored.removesuffix("T00:00:00").replace("T", " "), False
        if self._look(style).odd and shown:
            self._odd(region)
        if stored is not None and shown and stored.split() != shown.split():
            self._odd(region)
        return (shown if shown or stored is None else stored), False

    def _odd(self, region: str) -> None:
        what = "shows by its number format what it does not hold; show it as it is"
        self._tell("document-dishonest", what, region)

    def _number(
        self, element: Element, kind: str, shown: str, style: str | None, region: str
    ) -> tuple[str, bool]:
        try:
            value = Decimal(element.get("office.value", ""))
        except InvalidOperation:
            self._odd(region)
            return shown, False
        if kind == "percentage":
            value *= 100
        if not shows(value, shown) or self._look(style).odd:
            self._odd(region)
        digits = f"{Decimal(f'{value:.15g}').normalize():f}"
        return (f"{digits}%" if kind == "percentage" else digits), True


def shows(value: Decimal, shown: str) -> bool:
    """Say whether a text is a number, or a rounding of it, in any locale.

    >>> shows(Decimal("0.0512"), "0,05 EU/mL"), shows(Decimal("5"), "No growth")
    (True, False)
    """
    found = re.search(r"[-−(]?\d[\d.,'\s’]*(?:[Ee][+-]?\d+)?", shown)
    if found is None:
        return False
    text = re.sub(r"[\s'’]", "", found[0]).replace("−", "-").replace("(", "-")
    readings = {text.replace(",", ""), text.replace(".", "").replace(",", ".")}
    for reading in readings:
        try:
            number = Decimal(reading.rstrip("."))
        except InvalidOperation:
            continue
        exponent = number.as_tuple().exponent
        step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
        if abs(number - value) <= step / 2:
            return True
    return False


def _is_same_date(stored: str, shown: str) -> bool:
    """Say whether what is shown has the day, and the year or month, of what is stored."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", stored)
    numbers = {int(number) for number in re.findall(r"\d+", shown)}
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    return day in numbers and bool({year, year % 100, month} & numbers)


def _text(element: Element) -> str:
    """Give a paragraph's text; blanks, tabs and line ends stand in it as elements."""
    said = [element.text or ""]
    for child in element:
        if child.tag == "text.s":
            said.append(" " * int(_digits(child.get("text.c")) or 1))
        elif child.tag in ("text.tab", "text.line-break"):
            said.append({"text.tab": "\t", "text.line-break": "\n"}[str(child.tag)])
        elif child.tag != COMMENT:
            said.append(_text(child))
        said.append(child.tail or "")
    return "".join(said)


def _cells_in(row: Element) -> list[Element]:
    """Give the cells of a row up to the last one that holds something."""
    cells = [e for e in row if e.tag in ("table.table-cell", "table.covered-table-cell")]
    while cells and not _is_filled(cells[-1]):
        cells.pop()
    return cells


def _is_filled(cell: Element) -> bool:
    return (
        cell.find("text.p") is not None
        or cell.get("office.value-type") is not None
        or cell.get("table.formula") is not None
        or cell.find(COMMENT) is not None
    )


def _repeated(element: Element, what: str) -> int:
    return int(_digits(element.get(f"table.number-{what}-repeated")) or 1)


def _digits(text: str | None) -> str | None:
    return text if text is not None and re.fullmatch(r"\d{1,7}", text) else None


def _letters(column: int) -> str:
    """Name a column, counted from 0: A, B, ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def excerpt(text: str) -> str:
    """Give the beginning of a text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
