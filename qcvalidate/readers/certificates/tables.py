"""Finds tables of results: ruled cells first, else columns that line up under a known heading.

A heading is a row of which the vocabulary knows at least two columns, one of them for results.
A row keeps one block for each column, None where the cell is blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from qcvalidate.documents import Box
from qcvalidate.readers.certificates.lines import Block, Line, around, joined

# How far, in points, edges and middles may be off and still line up.
_ALIGNED = 4.0
_SAME_EDGE = 3.0
# A wrapped piece stands within this many line heights of the row that it belongs to.
_WRAPPED = 1.4

# Where one row alone does not tell the pitch, a row may follow within this many line heights.
_NEAR = 6.0
# A space is about a quarter of a line's height.
_WIDER_THAN_A_SPACE = 0.33

# Says what a heading means; None for one that is not known.
Meaning = Callable[[str], str | None]
# Says whether a line is something else than a row: a signature, a header field.
Foreign = Callable[[Line], bool]


@dataclass(frozen=True)
class Column:
    """One column: its heading, what the heading means, and where it stands (points)."""

    heading: str
    meaning: str | None
    left: float
    right: float


@dataclass
class ResultTable:
    """A table of results; it may go on over several pages.

    `muddled` are lines within the table that do not fit its columns: nothing is read from them.
    """

    columns: tuple[Column, ...]
    ruled: bool
    rows: list[tuple[Block | None, ...]] = field(default_factory=list)
    muddled: list[Block] = field(default_factory=list)
    words: set[int] = field(default_factory=set)  # ids of all the words that it holds

    def add(self, cells: Sequence[Block | None]) -> None:
        """Add a row."""
        self.rows.append(tuple(cells))
        self.take(cell for cell in cells if cell)

    def leave(self, block: Block) -> None:
        """Note a line that does not fit."""
        self.muddled.append(block)
        self.take(iter([block]))

    def take(self, blocks: Iterator[Block]) -> None:
        """Note that these words are in the table."""
        self.words |= {id(word) for block in blocks for word in block.words}


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
        found += _unruled(
            [line for line in loose if line is not None and not foreign(line)],
            meaning,
            open_table if not new else None,
        )
    return found


def headings(columns: Sequence[Column]) -> set[str]:
    """Give the known meanings among these columns."""
    return {column.meaning for column in columns if column.meaning}


def _is_heading(columns: Sequence[Column]) -> bool:
    known = headings(columns)
    subject = known.intersection(_SUBJECTS)
    answer = known.intersection(_ANSWERS)
    return bool(subject and answer) and len([c for c in columns if c.meaning]) >= 2


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
        columns = tuple(
            Column(cell.text, meaning(cell.text), _cell(cell)[0], _cell(cell)[2]) for cell in row
        )
        if _is_heading(columns):
            if table is None or not _same_columns(table.columns, columns):
                table = ResultTable(columns, ruled=True)
                yield table
            table.take(iter(row))
            bottom = _cell(row[0])[3]
        elif table is not None:
            inside = [cell for cell in row if _is_within(cell, table.columns)]
            follows = bottom is not None and inside and _cell(inside[0])[1] - bottom <= _SAME_EDGE
            if _add_ruled(table, inside, follows=bool(follows)):
                bottom = min(_cell(cell)[3] for cell in inside)


def _is_within(cell: Block, columns: Sequence[Column]) -> bool:
    left, _, right, _ = _cell(cell)
    return left >= columns[0].left - _SAME_EDGE and right <= columns[-1].right + _SAME_EDGE


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
            b_top >= top - _SAME_EDGE and b_bottom <= bottom + _SAME_EDGE
            for b_top, b_bottom in bands
        ):
            bands.append((top, bottom))
    for top, bottom in sorted(bands):
        middle = (top + bottom) / 2
        row = [cell for cell in cells if _cell(cell)[1] <= middle <= _cell(cell)[3]]
        yield sorted(row, key=lambda c: _cell(c)[0])


def _same_columns(ours: Sequence[Column], theirs: Sequence[Column]) -> bool:
    return len(ours) == len(theirs) and all(
        one.heading == other.heading and abs(one.left - other.left) <= _SAME_EDGE
        for one, other in zip(ours, theirs, strict=True)
    )


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
            abs(_cell(cell)[0] - column.left) <= _SAME_EDGE
            and abs(_cell(cell)[2] - column.right) <= _SAME_EDGE
            for column in columns
        )
        for cell in row
    )


def _without(line: Line, taken: set[int]) -> Line | None:
    blocks = tuple(b for b in line.blocks if not any(id(word) in taken for word in b.words))
    return Line(blocks) if blocks else None


# --- without rulings -----------------------------------------------------------------------


def _unruled(
    lines: Sequence[Line], meaning: Meaning, open_table: ResultTable | None
) -> list[ResultTable]:
    """Read columns that line up under a heading line, to the next heading or the page's end."""
    starts = [index for index, line in enumerate(lines) if _heading_of(line, meaning)]
    found: list[ResultTable] = []
    if open_table and not open_table.ruled:
        first = starts[0] if starts else len(lines)
        _add_rows(open_table, lines[:first], continued=True)
    for start, end in pairwise([*starts, len(lines)]):
        columns = _heading_of(lines[start], meaning)
        assert columns is not None  # noqa: S101  that is how starts were chosen
        last = open_table if not found and open_table and not open_table.ruled else None
        if found and _same_columns(found[-1].columns, columns):
            table = found[-1]
        elif last is not None and _same_columns(last.columns, columns):
            table = last
        else:
            table = ResultTable(columns, ruled=False)
            found.append(table)
        table.take(iter(lines[start].blocks))
        _add_rows(table, lines[start + 1 : end], continued=False)
    return found


def _heading_of(line: Line, meaning: Meaning) -> tuple[Column, ...] | None:
    columns = tuple(
        Column(block.text, meaning(block.text), block.box[0], block.box[2]) for block in line.blocks
    )
    return columns if _is_heading(columns) else None


@dataclass
class _Row:
    middle: float
    height: float
    cells: list[list[Block]]

    def has(self, columns: Sequence[int]) -> bool:
        return any(self.cells[index] for index in columns)

    def takes(self, piece: _Row) -> None:
        for mine, added in zip(self.cells, piece.cells, strict=True):
            mine.extend(added)


def _add_rows(table: ResultTable, lines: Sequence[Line], *, continued: bool) -> None:
    """Sort lines into rows; what does not line up is left alone.

    Prose between rows does not end the table: a later row must not be lost.
    """
    found: list[_Row] = []
    unfit: list[Line] = []
    for line in lines:
        cells = _cells_of(line, table.columns)
        if cells is not None:
            found.append(_Row(_middle(line), line.blocks[0].height, cells))
        else:
            unfit.append(line)
    rows = list(_rows_of(found, table, continued=continued))
    for row in rows:
        table.add([_one(blocks) for blocks in row.cells])
    _leave_unfit(table, unfit, rows)


def _leave_unfit(table: ResultTable, unfit: Sequence[Line], rows: Sequence[_Row]) -> None:
    """Note the lines among the rows, and near under them, that do not fit the columns.

    They may be rows whose cells run into each other; lines far below are something else.
    """
    answers = [i for i, column in enumerate(table.columns) if column.meaning in _ANSWERS]
    answered = [row for row in rows if row.has(answers)]
    last = max((row.middle for row in answered), default=0.0)
    pitch = _pitch(answered)
    for line in unfit:
        reach = _NEAR * line.blocks[0].height if pitch == float("inf") else 1.5 * pitch
        if _middle(line) <= last:
            table.leave(joined(line.blocks))
        elif len(line.blocks) > 1 and (not answered or _middle(line) <= last + reach):
            table.leave(joined(line.blocks))
            last = max(last, _middle(line)) if answered else last


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _rows_of(found: Sequence[_Row], table: ResultTable, *, continued: bool) -> Iterator[_Row]:
    """Put lines that stand close together into one row, unless each of them is a row."""
    meanings = [column.meaning for column in table.columns]
    subjects = [i for i, m in enumerate(meanings) if i == 0 or m in _SUBJECTS]
    answers = [i for i, m in enumerate(meanings) if m in _ANSWERS]
    for cluster in _clusters(found):
        whole = [line for line in cluster if line.has(subjects) and line.has(answers)]
        if not whole:
            if any(line.has(subjects) for line in cluster) and any(
                line.has(answers) for line in cluster
            ):
                # Cells of different heights, centred: no one line has it all.
                for line in cluster[1:]:
                    cluster[0].takes(line)
                yield cluster[0]
                continue
            named = not continued and meanings[0] in ("test", "part")
            yield from _kept(cluster, table, answers, named=named)
            continue
        pitch = _pitch(whole)
        alone = [
            line
            for line in cluster
            if not any(line is row for row in whole) and not _attach(line, whole, pitch)
        ]
        whole += _kept(alone, table, answers, named=meanings[0] in ("test", "part"))
        yield from sorted(whole, key=lambda row: row.middle)


def _kept(
    lines: Sequence[_Row], table: ResultTable, answers: Sequence[int], *, named: bool
) -> Iterator[_Row]:
    """Keep the lines that name something; an answer to nothing is noted, and never lost."""
    for line in lines:
        if named and line.cells[0]:
            yield line
        elif line.has(answers):
            table.leave(joined([block for blocks in line.cells for block in blocks]))


_SUBJECTS = ("test", "part", "sample_id", "lot")
_ANSWERS = ("result", "verdict", "test_column")


def _clusters(lines: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Cut lines into groups at every gap that is too wide for one row."""
    here: list[_Row] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if here and line.middle - here[-1].middle > _WRAPPED * max(line.height, here[-1].height):
            yield here
            here = []
        here.append(line)
    if here:
        yield here


def _one(blocks: Sequence[Block]) -> Block | None:
    if not blocks:
        return None
    return joined(sorted(blocks, key=lambda b: (b.box[1] + b.box[3], b.box[0])))


def _pitch(rows: Sequence[_Row]) -> float:
    """Give the distance from row to row, in points; infinite for a single row."""
    middles = sorted(row.middle for row in rows)
    steps = [below - above for above, below in pairwise(middles)]
    return median(steps) if steps else float("inf")


def _attach(piece: _Row, rows: Sequence[_Row], pitch: float) -> bool:
    """Give a wrapped piece to the row that it stands nearest to; say whether there is one.

    A piece in the first column as far from its neighbours as they are from each other is a
    row of its own, with a blank result.
    """
    near = [row for row in rows if abs(row.middle - piece.middle) <= _WRAPPED * piece.height]
    if not near:
        return False
    row = min(near, key=lambda row: (abs(row.middle - piece.middle), row.middle > piece.middle))
    if piece.cells[0] and abs(row.middle - piece.middle) > 0.9 * pitch:
        return False
    row.takes(piece)
    return True


def _cells_of(line: Line, columns: Sequence[Column]) -> list[list[Block]] | None:
    """Put each block of a line under its column; None when one stands under none, or two."""
    cells: list[list[Block]] = [[] for _ in columns]
    for block in line.blocks:
        index = _column_of(block.box, columns)
        pieces = [block] if index is not None else _pieces(block)
        for piece in pieces:
            index = _column_of(piece.box, columns)
            if index is None:
                return None
            cells[index].append(piece)
    return cells


def _pieces(block: Block) -> list[Block]:
    """Cut a block at every gap that is wider than a space, where two columns stand close."""
    pieces = [[block.words[0]]]
    for one, other in pairwise(block.words):
        if other.bbox[0] - one.bbox[2] > _WIDER_THAN_A_SPACE * block.height:
            pieces.append([])
        pieces[-1].append(other)
    return [Block(tuple(words), block.cell) for words in pieces]


def _column_of(box: Box, columns: Sequence[Column]) -> int | None:
    under = [i for i, c in enumerate(columns) if min(box[2], c.right) > max(box[0], c.left)]
    if len(under) == 1:
        return under[0]
    if len(under) > 1:
        return None
    aligned = [
        i
        for i, c in enumerate(columns)
        if abs(box[0] - c.left) <= _ALIGNED
        or abs(box[2] - c.right) <= _ALIGNED
        or abs((box[0] + box[2]) - (c.left + c.right)) <= 2 * _ALIGNED
    ]
    return aligned[0] if len(aligned) == 1 else None


def bounds(blocks: Sequence[Block | None]) -> Box:
    """Give the box around the filled cells of a row."""
    return around(block.box for block in blocks if block)
