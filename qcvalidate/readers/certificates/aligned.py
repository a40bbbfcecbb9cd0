"""Reads tables without rulings: columns that line up under a known heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, zip_longest
from statistics import median

from qcvalidate.documents import Box
from qcvalidate.readers.certificates.daygrid import with_days
from qcvalidate.readers.certificates.lines import Block, Line, around, joined
from qcvalidate.readers.certificates.margins import between_margins
from qcvalidate.readers.certificates.resulttable import (
    ANSWERS,
    SUBJECTS,
    Column,
    Meaning,
    ResultTable,
    is_heading,
    same_columns,
    with_names,
)
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.readers.certificates.transposed import with_facts

# How far, in points, edges and middles may be off and still line up.
_ALIGNED = 4.0
# A wrapped piece stands within this many line heights of the row that it belongs to.
_WRAPPED = 1.4
# Where one row alone does not tell the pitch, a row may follow within this many line heights.
_NEAR = 6.0
# A column without a heading has at least so many cells.
_FEWEST_UNNAMED = 2
# Lines whose middles are nearer than this share of a line's height would overlap.
_SAME_ROW = 0.85
# A line of so many words that ends in a full stop is prose, and no cell.
_SENTENCE = 5
_MIDWAY = 0.15
_BRACKETED = re.compile(r"[(\[][^()\[\]]+[)\]]")
# A space is about a quarter of a line's height.
_WIDER_THAN_A_SPACE = 0.33


def aligned_tables(
    lines: Sequence[Line], meaning: Meaning, open_table: ResultTable | None
) -> list[ResultTable]:
    """Read columns that line up under a heading line, to the next heading or the page's end."""
    heads = list(_headings(lines, meaning))
    found: list[ResultTable] = []
    if open_table and not open_table.ruled:
        first = heads[0].first if heads else len(lines)
        _add_rows(open_table, lines[:first], meaning, continued=True)
    for head, below in zip_longest(heads, heads[1:]):
        end = below.first if below else len(lines)
        last = open_table if not found and open_table and not open_table.ruled else None
        if found and same_columns(found[-1].columns, head.columns):
            table = found[-1]
        elif last is not None and same_columns(last.columns, head.columns):
            table = last
        else:
            below_it = lines[head.after : end]
            unnamed = _unnamed(below_it, head.columns)
            columns = with_facts((*head.columns, *unnamed), partial(_left_of, below_it))
            table = ResultTable(columns, ruled=False)
            found.append(table)
        for line in lines[head.first : head.after]:
            table.take(iter(line.blocks))
        _add_rows(table, lines[head.after : end], meaning, continued=False)
    return found


def end_of_heading(lines: Sequence[Line], meaning: Meaning) -> int | None:
    """Give the place after the first heading of a table of results; None where there is none."""
    return next((head.after for head in _headings(lines, meaning)), None)


# --- headings, over one line or several ----------------------------------------------------------


@dataclass(frozen=True)
class _Heading:
    """A heading and the lines that it stands on: from `first` to before `after`."""

    columns: tuple[Column, ...]
    first: int
    after: int


def _headings(lines: Sequence[Line], meaning: Meaning) -> Iterator[_Heading]:
    at = 0
    while at < len(lines):
        heading = _heading_at(lines, at, meaning)
        if heading is not None:
            yield heading
        at = heading.after if heading is not None else at + 1


def _heading_at(lines: Sequence[Line], at: int, meaning: Meaning) -> _Heading | None:
    """Give the heading that begins on this line: with the lines that overlap it, or follow it."""
    level = at + 1
    while level < len(lines) and _overlaps(lines[level - 1], lines[level]):
        level += 1
    if sum(len(line.blocks) for line in lines[at:level]) == 1:
        # One cell heads no table; most lines of a page are such.
        return None
    columns = _columns(lines[at:level], meaning)
    after = level
    # The second line of its longest cells: it makes known what was not.
    if level < len(lines) and _is_second(lines[level], lines[level - 1], columns):
        longer = _columns(lines[at : level + 1], meaning)
        gained = [one.meaning is None for one in columns].count(True)
        left = [one.meaning is None for one in longer].count(True)
        kept = all(
            new.meaning is not None
            for old, new in zip(columns, longer, strict=False)
            if old.meaning is not None
        )
        if len(longer) == len(columns) and kept and (left < gained or _are_units(lines[level])):
            columns, after = longer, level + 1
    columns = columns if is_heading(columns) else with_names(columns)
    return _Heading(columns, at, after) if is_heading(columns) else None


def _are_units(line: Line) -> bool:
    """Say whether a line is nothing but what stands in brackets: `(%)`, `(EU/mL)`."""
    return all(_BRACKETED.fullmatch(block.text) for block in line.blocks)


def _overlaps(above: Line, below: Line) -> bool:
    """Say whether lines stand too close to be two rows: cells of one row, centred."""
    if above.blocks[0].page != below.blocks[0].page:
        return False
    height = min(above.blocks[0].height, below.blocks[0].height)
    return abs(_middle(below) - _middle(above)) <= _SAME_ROW * height


def _is_second(line: Line, above: Line, columns: Sequence[Column]) -> bool:
    near = _middle(line) - _middle(above) <= _WRAPPED * above.blocks[0].height
    under = [_column_of(block.box, columns) for block in line.blocks]
    fewest = len(columns) + 1 if _are_units(line) else len(columns)
    return near and None not in under and len(set(under)) == len(under) < fewest


def _columns(lines: Sequence[Line], meaning: Meaning) -> tuple[Column, ...]:
    """Make columns of the blocks of a heading; those that stand over one another are one."""
    stacks: list[list[Block]] = []
    for block in sorted((b for line in lines for b in line.blocks), key=lambda b: b.box[1]):
        for stack in stacks if len(lines) > 1 else ():
            box = around(piece.box for piece in stack)
            if min(box[2], block.box[2]) > max(box[0], block.box[0]):
                stack.append(block)
                break
        else:
            stacks.append([block])
    columns = []
    for stack in sorted(stacks, key=lambda stack: min(block.box[0] for block in stack)):
        block = stack[0] if len(stack) == 1 else joined(stack)
        box, text = block.box, block.text
        columns.append(Column(text, meaning(text), box[0], box[2], block))
    return with_days(columns)


def _unnamed(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[Column, ...]:
    """Give the last column where it has cells and no heading: the verdicts, as a rule."""
    edge = max(column.right for column in columns)
    beyond = [
        line.blocks[-1]
        for line in lines
        if len(line.blocks) > 1
        and line.blocks[-1].box[0] > edge
        and _column_of(line.blocks[-1].box, columns) is None
        and _column_of(line.blocks[0].box, columns) == 0
    ]
    if len(beyond) < _FEWEST_UNNAMED:
        return ()
    left = min(block.box[0] for block in beyond)
    aligned = all(block.box[0] - left <= _ALIGNED for block in beyond)
    return (Column("", None, left, max(b.box[2] for b in beyond)),) if aligned else ()


def _left_of(lines: Sequence[Line], edge: float) -> tuple[float, float] | None:
    """Give the edges of what stands left of the tests, in lines that begin at one edge."""
    firsts = [
        line.blocks[0] for line in lines if len(line.blocks) > 1 and line.blocks[0].box[2] < edge
    ]
    left = min((block.box[0] for block in firsts), default=0.0)
    names = [block for block in firsts if block.box[0] - left <= _ALIGNED]
    if len(names) < _FEWEST_UNNAMED:
        return None
    return left, max(block.box[2] for block in names)


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


def _add_rows(
    table: ResultTable, lines: Sequence[Line], meaning: Meaning, *, continued: bool
) -> None:
    """Sort lines into rows; what does not line up is left alone.

    Prose between rows does not end the table: a later row must not be lost.
    """
    found: list[_Row] = []
    unfit: list[Line] = []
    for line in between_margins(lines, meaning, continued=continued):
        if _is_sentence(line):
            continue
        cells = _cells_of(line, table.columns)
        if cells is not None:
            found.append(_Row(_middle(line), line.blocks[0].height, cells))
        else:
            unfit.append(line)
    rows = list(_rows_of(_without_overlaps(found), table, continued=continued))
    for row in rows:
        table.add([_one(blocks) for blocks in row.cells])
    _leave_unfit(table, unfit, rows)


def _without_overlaps(found: Sequence[_Row]) -> list[_Row]:
    """Put lines that stand too close to be rows of their own into one: cells of two lines, centred.

    The middle of what comes of it is that of the line that has the most.
    """
    merged: list[list[_Row]] = []
    for row in sorted(found, key=lambda row: row.middle):
        above = merged[-1][-1] if merged else None
        near = above is not None and row.middle - above.middle <= _SAME_ROW * min(
            row.height, above.height
        )
        if near and above is not None and _is_apart(above, row):
            merged[-1].append(row)
        else:
            merged.append([row])
    rows = []
    for group in merged:
        fullest = max(group, key=lambda row: sum(map(bool, row.cells)))
        whole = _Row(fullest.middle, fullest.height, [list(cells) for cells in group[0].cells])
        for row in group[1:]:
            whole.takes(row)
        rows.append(whole)
    return rows


def _is_apart(above: _Row, below: _Row) -> bool:
    """Say whether two lines have no column in common, as lines that overlap cannot have."""
    return not any(one and other for one, other in zip(above.cells, below.cells, strict=True))


def _is_sentence(line: Line) -> bool:
    """Say whether a line under a table is the end of a sentence: it is read as one."""
    words = line.blocks[0].words
    return len(line.blocks) == 1 and len(words) >= _SENTENCE and words[-1].text.endswith(".")


def _leave_unfit(table: ResultTable, unfit: Sequence[Line], rows: Sequence[_Row]) -> None:
    """Note the lines among the rows, and near under them, that do not fit the columns.

    They may be rows whose cells run into each other; lines far below are something else.
    """
    answers = [i for i, column in enumerate(table.columns) if column.meaning in ANSWERS]
    answered = [row for row in rows if row.has(answers)]
    last = max((row.middle for row in answered), default=0.0)
    pitch = _pitch(answered)
    for line in unfit:
        if len(line.blocks) == 1 and _is_plain(line):
            # The heading of a section, as long as two columns are wide.
            continue
        reach = _NEAR * line.blocks[0].height if pitch == float("inf") else 1.5 * pitch
        if _middle(line) <= last:
            table.leave(joined(line.blocks))
        elif len(line.blocks) > 1 and (not answered or _middle(line) <= last + reach):
            table.leave(joined(line.blocks))
            last = max(last, _middle(line)) if answered else last


def _is_plain(line: Line) -> bool:
    has_digit = any(character.isdigit() for character in line.text)
    return not has_digit and telling(line.text) is None


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _rows_of(found: Sequence[_Row], table: ResultTable, *, continued: bool) -> Iterator[_Row]:
    """Put lines that stand close together into one row, unless each of them is a row."""
    meanings = [column.meaning for column in table.columns]
    subjects = [i for i, m in enumerate(meanings) if i == 0 or m in SUBJECTS]
    answers = [i for i, m in enumerate(meanings) if m in ANSWERS]
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
    # Midway between two rows, a piece goes on from the one above.
    step = _MIDWAY * piece.height
    row = min(
        near,
        key=lambda row: (round(abs(row.middle - piece.middle) / step), row.middle > piece.middle),
    )
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
