"""Tells what stands on a sheet beside its table: a remark under it, a note to its right."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.documents.document import Cell, Table
from qcvalidate.record import Finding, Place, Severity

# Of two columns, one with text alone is no sign of a remark.
_NARROWEST = 3
_LONGEST = 80


def beside_findings(table: Table, name: str) -> Iterator[Finding]:
    """Report rows under the header that hold one cell alone, and cells beyond a blank column.

    Neither belongs to the table, and no reader takes either for a result.
    """
    widths = [sum(map(_is_filled, row)) for row in table.rows]
    width = max(widths, default=0)
    if width < _NARROWEST:
        return
    header = widths.index(width)
    # Of a header's many columns no row may fill half, and a remark fills few of what rows do.
    few = max(widths[header + 1 :], default=0) // 2
    alone: list[Cell] = []
    after_blank = False
    for row, filled in zip(table.rows[header + 1 :], widths[header + 1 :], strict=True):
        if filled == 1 or (after_blank and 0 < filled <= few):
            alone += [cell for cell in row if _is_filled(cell)]
        after_blank = filled == 0 or (after_blank and filled <= few)
    yield from _told(alone, "stands under the table", name)
    yield from _told(_to_the_right(table), "stands apart from the table", name)


def _told(cells: list[Cell], what: str, name: str) -> Iterator[Finding]:
    if cells:
        text = " ".join(" ".join(cell.text.split()) for cell in cells)
        text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        yield Finding(
            "table-header-unknown",
            Severity.HOLD,
            f"{name} {cells[0].region}: “{text}” {what} and was not read; look at it, and take "
            "it out or put it into a column of its own",
            Place(name, region=cells[0].region),
        )


def _to_the_right(table: Table) -> list[Cell]:
    """Give the cells of columns that a blank one parts from a fuller table."""
    columns = [
        {number for number, row in enumerate(table.rows) if len(row) > at and _is_filled(row[at])}
        for at in range(max(map(len, table.rows), default=0))
    ]
    groups: list[list[int]] = [[]]
    for at, filled in enumerate(columns):
        if filled:
            groups[-1].append(at)
        elif groups[-1]:
            groups.append([])
    rows = [set().union(*(columns[at] for at in group)) for group in groups]
    most = max(map(len, rows))
    return [
        row[at]
        for group, filled in zip(groups, rows, strict=True)
        if len(filled) <= most // 2
        for at in group
        for row in table.rows
        if len(row) > at and _is_filled(row[at])
    ]


def _is_filled(cell: Cell) -> bool:
    return bool(cell.text.strip())
