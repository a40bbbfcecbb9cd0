"""The tables of a DOCX: their rows and cells, merged ones, and how their styles colour them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcvalidate.documents.word.look import Around, Looks
from qcvalidate.documents.word.package import switched_on, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Twentieths of a point: a column or row of less than 5 points shows nothing of its text.
_LEAST = 100
_AROUND = ("w.sdt", "w.sdtContent", "w.customXml", "w.ins", "w.moveTo")


@dataclass(frozen=True)
class TableCell:
    """A cell (`w:tc`) with its row and column, counted from 0, and what it stands in.

    `goes_on` says that it is merged with the cell above, `control` is the content control
    around it.
    """

    element: Element
    row: int
    column: int
    columns: int
    around: Around
    goes_on: bool = False
    control: Element | None = None


@dataclass(frozen=True)
class TableRow:
    """A row (`w:tr`) with its cells; `change` is `"ins"` or `"del"` where somebody tracked it."""

    element: Element
    cells: tuple[TableCell, ...]
    change: str | None
    height: float | None  # points, where the row is exactly so high


def rows_of(table: Element, looks: Looks, around: Around) -> Iterator[TableRow]:
    """Give the rows of a `w:tbl` with the looks of their cells."""
    properties = table.find("w.tblPr")
    rows = [row for row, _ in _inside(table, "w.tr")]
    grid = [_twips(column.get("w.w")) for column in table.findall("w.tblGrid/w.gridCol")]
    fixed = properties is not None and (value(properties.find("w.tblLayout"), "w.type") == "fixed")
    style = _Style(properties, looks, len(rows))
    for at, row in enumerate(rows):
        found = row.find("w.trPr")
        hidden = (
            "in a hidden row" if found is not None and switched_on(found.find("w.hidden")) else None
        )
        height = None if found is None else found.find("w.trHeight")
        exact = value(height, "w.hRule") == "exact"
        high = _twips(value(height)) if exact else None
        if high is not None and high < _LEAST:
            hidden = "in a row without height"
        cells = list(_inside(row, "w.tc"))
        column = _count(None if found is None else value(found.find("w.gridBefore")), 0)
        made: list[TableCell] = []
        merged_into: TableCell | None = None
        for number, (cell, control) in enumerate(cells):
            inner = cell.find("w.tcPr")
            columns = _count(_of(inner, "w.gridSpan"), 1)
            width = sum(grid[column : column + columns]) if column + columns <= len(grid) else None
            narrow = fixed and width is not None and width < _LEAST
            across = inner is not None and inner.find("w.hMerge") is not None
            goes_across = across and _of(inner, "w.hMerge") != "restart" and merged_into is not None
            reason = hidden or ("in a column without width" if narrow else None)
            if goes_across:
                reason = "in a cell that another one covers"
            made.append(
                TableCell(
                    cell,
                    at,
                    column,
                    columns,
                    style.around(around, at, number, len(cells), inner, reason),
                    goes_on=inner is not None
                    and inner.find("w.vMerge") is not None
                    and _of(inner, "w.vMerge") != "restart",
                    control=control,
                )
            )
            merged_into = made[-1] if across or merged_into is None else merged_into
            column += columns
        yield TableRow(row, tuple(made), _change(found), None if high is None else high / 20)


def _inside(
    element: Element, tag: str, control: Element | None = None
) -> Iterator[tuple[Element, Element | None]]:
    """Give the rows or cells, also those within content controls, with the nearest control."""
    for child in element:
        if child.tag == tag:
            yield child, control
        elif child.tag in _AROUND:
            yield from _inside(child, tag, child if child.tag == "w.sdt" else control)


def _change(properties: Element | None) -> str | None:
    if properties is None:
        return None
    return next((kind for kind in ("ins", "del") if properties.find(f"w.{kind}") is not None), None)


def _of(properties: Element | None, tag: str) -> str | None:
    return None if properties is None else value(properties.find(tag))


def _count(text: str | None, otherwise: int) -> int:
    # Word has at most 63 columns.
    return min(int(text), 63) if text and re.fullmatch(r"\d{1,4}", text) else otherwise


def _twips(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"-?\d+(\.\d+)?", text) else float(_LEAST)


class _Style:
    """How a table's style shows its cells, by their place (ECMA-376 part 1, 17.7.6)."""

    def __init__(self, properties: Element | None, looks: Looks, rows: int) -> None:
        self._chain = looks.style("table", _of(properties, "w.tblStyle"))
        self._own = [] if properties is None else properties.findall("w.shd")
        self._rows = rows
        look = None if properties is None else properties.find("w.tblLook")
        bits = value(look) or "04A0"
        mask = int(bits, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", bits) else 0
        self._flags = {
            name: (stated in ("1", "true", "on") if stated is not None else bool(mask & bit))
            for name, bit in (
                ("firstRow", 0x20),
                ("lastRow", 0x40),
                ("firstColumn", 0x80),
                ("lastColumn", 0x100),
                ("noHBand", 0x200),
                ("noVBand", 0x400),
            )
            for stated in [value(look, f"w.{name}")]
        }

    def around(
        self,
        outer: Around,
        row: int,
        column: int,
        columns: int,
        cell: Element | None,
        hidden: str | None,
    ) -> Around:
        kinds = list(self._kinds(row, column, columns))
        properties = list(outer.properties)
        grounds = list(outer.grounds)
        for style in self._chain:
            properties += style.findall("w.rPr")
            grounds += [*style.findall("w.tblPr/w.shd"), *style.findall("w.tcPr/w.shd")]
        grounds += self._own
        for kind in kinds:
            for style in self._chain:
                for part in style.findall("w.tblStylePr"):
                    if part.get("w.type") == kind:
                        properties += part.findall("w.rPr")
                        grounds += part.findall("w.tcPr/w.shd")
        grounds += [] if cell is None else cell.findall("w.shd")
        return Around(tuple(properties), tuple(grounds), outer.hidden or hidden)

    def _kinds(self, row: int, column: int, columns: int) -> Iterator[str]:
        """Give the kinds of cell that this is, those that count most last."""
        head, left = self._flags["firstRow"], self._flags["firstColumn"]
        yield "wholeTable"
        if not self._flags["noVBand"]:
            yield "band1Vert" if (column - left) % 2 == 0 else "band2Vert"
        if not self._flags["noHBand"]:
            yield "band1Horz" if (row - head) % 2 == 0 else "band2Horz"
        if left and column == 0:
            yield "firstCol"
        if self._flags["lastColumn"] and column == columns - 1:
            yield "lastCol"
        if head and row == 0:
            yield "firstRow"
        if self._flags["lastRow"] and row == self._rows - 1:
            yield "lastRow"
