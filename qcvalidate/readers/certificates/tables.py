"""Finds tables of results: ruled cells first, else columns that line up under a known heading.

A heading is a row of which the vocabulary knows at least two columns, one of them for results.
A row keeps one block for each column, None where the cell is blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from qcvalidate.documents import Box
from qcvalidate.readers.certificates.aligned import aligned_tables
from qcvalidate.readers.certificates.daygrid import with_days
from qcvalidate.readers.certificates.lines import Block, Line, joined
from qcvalidate.readers.certificates.resulttable import (
    SAME_EDGE,
    Column,
    Foreign,
    Meaning,
    ResultTable,
    is_heading,
    same_columns,
    with_names,
)
from qcvalidate.readers.certificates.transposed import named_facts, upright, with_facts


def tables(
    pages: Sequence[Sequence[Line]], meaning: Meaning, foreign: Foreign
) -> list[ResultTable]:
    """Find the tables of results of a document, whose pages come as lines."""
    found: list[ResultTable] = []
    for lines in pages:
        # A table may go on from the page before until another one begins.
        open_table = found[-1] if found else None
        new = list(_ruled(_cells(lines), meaning, open_table))
        loose = [_without(line, {w for t in [*new, *found] for w in t.words}) for line in lines]
        found += new
        found += aligned_tables(
            [line for line in loose if line is not None and not foreign(line)],
            meaning,
            open_table if not new else None,
        )
    return [named_facts(upright(table, meaning)) for table in found]


def _cells(lines: Sequence[Line]) -> list[Block]:
    """Gather the blocks of each ruled cell into one."""
    cells: dict[Box, list[Block]] = {}
    for line in lines:
        for block in line.blocks:
            if block.cell:
                cells.setdefault(block.cell, []).append(block)
    return [joined(blocks) for blocks in cells.values()]


def _ruled(
    cells: Sequence[Block], meaning: Meaning, open_table: ResultTable | None
) -> Iterator[ResultTable]:
    """Read rows of cells; they go to the table whose column edges they share."""
    table = open_table if open_table and open_table.ruled else None
    bottom: float | None = None
    for row in _bands(cells):
        columns = with_days(
            [
                Column(cell.text, meaning(cell.text), _cell(cell)[0], _cell(cell)[2], cell)
                for cell in row
            ]
        )
        columns = columns if is_heading(columns) else with_names(columns)
        if is_heading(columns):
            columns = with_facts(columns, partial(_left_of, cells, _cell(row[0])[3]))
            if table is None or not same_columns(table.columns, columns):
                table = ResultTable(columns, ruled=True)
                yield table
            table.take(iter(row))
            bottom = _cell(row[0])[3]
        elif table is not None:
            inside = [cell for cell in row if _is_within(cell, table.columns)]
            follows = bottom is not None and inside and _cell(inside[0])[1] - bottom <= SAME_EDGE
            if _add_ruled(table, inside, follows=bool(follows)):
                bottom = min(_cell(cell)[3] for cell in inside)


def _left_of(cells: Sequence[Block], top: float, edge: float) -> tuple[float, float] | None:
    """Give the edges of the cells that touch this edge from the left, under a heading."""
    for cell in cells:
        left, cell_top, right, _ = _cell(cell)
        if abs(right - edge) <= SAME_EDGE and abs(cell_top - top) <= SAME_EDGE:
            return left, right
    return None


def _is_within(cell: Block, columns: Sequence[Column]) -> bool:
    left, _, right, _ = _cell(cell)
    return left >= columns[0].left - SAME_EDGE and right <= columns[-1].right + SAME_EDGE


def _add_ruled(table: ResultTable, row: Sequence[Block], *, follows: bool) -> bool:
    """Add a row of cells when they fit the columns; `follows` says that it touches the table."""
    by_column = [_in_column(row, column) for column in table.columns]
    filled = [id(cell) for cell in by_column if cell]
    merged = len(filled) > len(set(filled))
    fits = len(row) > 1 and len(set(filled)) == len(row) and not merged
    if fits or (row and _fits_exactly(row, table.columns)):
        table.add(by_column)
        return True
    # One cell across the table is the heading of a section; more cells are a row we cannot read.
    if follows and len(row) == 1:
        table.section = row[0].text
        return True
    if follows and len(row) > 1:
        table.leave(joined(row))
        return True
    return False


def _cell(block: Block) -> Box:
    assert block.cell is not None  # noqa: S101  only blocks of cells come here
    return block.cell


def _bands(cells: Sequence[Block]) -> Iterator[list[Block]]:
    """Group cells into rows, from the top; a cell over several rows is in each of them."""
    bands: list[tuple[float, float]] = []
    for cell in sorted(cells, key=lambda c: (_cell(c)[3] - _cell(c)[1], _cell(c)[1])):
        _, top, _, bottom = _cell(cell)
        # Taller cells come later: one that holds known bands spans them.
        if not any(
            b_top >= top - SAME_EDGE and b_bottom <= bottom + SAME_EDGE for b_top, b_bottom in bands
        ):
            bands.append((top, bottom))
    for top, bottom in sorted(bands):
        middle = (top + bottom) / 2
        row = [cell for cell in cells if _cell(cell)[1] <= middle <= _cell(cell)[3]]
        yield sorted(row, key=lambda c: _cell(c)[0])


def _in_column(row: Sequence[Block], column: Column) -> Block | None:
    for cell in row:
        left, _, right, _ = _cell(cell)
        shared = min(right, column.right) - max(left, column.left)
        if shared > 0.6 * (column.right - column.left):
            return cell
    return None


def _fits_exactly(row: Sequence[Block], columns: Sequence[Column]) -> bool:
    """Say whether every cell has a column's own edges: so a row with one filled cell is a row."""
    return all(
        any(
            abs(_cell(cell)[0] - column.left) <= SAME_EDGE
            and abs(_cell(cell)[2] - column.right) <= SAME_EDGE
            for column in columns
        )
        for cell in row
    )


def _without(line: Line, taken: set[int]) -> Line | None:
    blocks = tuple(b for b in line.blocks if not any(id(word) in taken for word in b.words))
    return Line(blocks) if blocks else None
