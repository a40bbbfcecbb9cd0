"""Lays the words of a page out: words to lines, lines to blocks, blocks into ruled cells.

Only words that a person can see, that no line strikes through and that stand upright come in.
Dotted leaders (`Lot No. ........ A12`) are gaps that are drawn, and no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from statistics import median

from qcvalidate.documents import Box, Page, Word

# A gap of more than one font height separates two columns; a space is a quarter of it.
_COLUMN_GAP = 1.0
# Rulings of one line may be drawn piece by piece, a hair apart.
_TOUCHING = 2.0
# A frame round most of a page is no cell.
_LARGEST_CELL = 0.4
# So many pieces on one line of a frame are columns.
_FEWEST_IN_BAND = 3
# Three dots are an ellipsis; a leader is longer.
_LEADER = re.compile(r"([.·•]{4,}|…{2,})")
_DOTS = re.compile(r"[.·•…]+")
_SPACED_DOTS = 4
# A ruling line of a printer that has only letters.
_RULE = re.compile(r"[-=~*+|─━═–—]{6,}")
# Boxes to tick are words of their own.
_BOXES = re.compile("([☒☑✓✔🗹🗸■●◉☐□❏❐❑❒○◯])")


@dataclass(frozen=True)
class Block:
    """Words that belong together: one piece of a line, or all the lines of a cell.

    `cell` is the box of the ruled cell around it, None when there is none.
    """

    words: tuple[Word, ...]
    cell: Box | None = None

    @cached_property
    def text(self) -> str:
        """The words in reading order, with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def page(self) -> int:
        """The page, counted from 1."""
        return self.words[0].page

    @cached_property
    def box(self) -> Box:
        """The bounds of the words."""
        return around(word.bbox for word in self.words)

    @property
    def region(self) -> str:
        """The bounds as a `Place` wants them, or the name of the place where it has one."""
        if self.words[0].region is not None:
            return self.words[0].region
        return ",".join(f"{edge:g}" for edge in self.box)

    @cached_property
    def height(self) -> float:
        """The height of one line of it, in points."""
        return median(word.bbox[3] - word.bbox[1] for word in self.words)


@dataclass(frozen=True)
class Line:
    """Blocks that stand on one line of a page, from left to right."""

    blocks: tuple[Block, ...]

    @cached_property
    def box(self) -> Box:
        """The bounds of the line."""
        return around(block.box for block in self.blocks)

    @cached_property
    def text(self) -> str:
        """The whole line."""
        return " ".join(block.text for block in self.blocks)


def around(boxes: Iterable[Box]) -> Box:
    """Give the smallest box that holds all of these."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def joined(blocks: Sequence[Block]) -> Block:
    """Make one block of several, in the order given."""
    return Block(tuple(word for block in blocks for word in block.words), blocks[0].cell)


def lines(page: Page) -> list[Line]:
    """Give the lines of a page from top to bottom, cut into blocks at wide gaps and rulings."""
    words = [
        piece
        for word in page.words
        if word.visible and word.upright and not word.struck
        for piece in _cut_word(word)
    ]
    grid = _Grid(page)
    rows = _with_raised(_rows(words))
    laid = [blocks for row in rows if (blocks := _blocks(row, grid))]
    bands = _bands(laid)
    return [
        Line(tuple(replace(b, cell=None) if b.cell in bands else b for b in blocks))
        for blocks in laid
    ]


def _bands(laid: Sequence[Sequence[Block]]) -> set[Box]:
    """Give the frames that hold whole rows: a table may be ruled between its rows alone."""
    bands = set()
    for blocks in laid:
        for cell in {block.cell for block in blocks if block.cell is not None}:
            if sum(block.cell == cell for block in blocks) >= _FEWEST_IN_BAND:
                bands.add(cell)
    return bands


def rows_of_words(block: Block) -> list[Block]:
    """Give the lines of a block apart, from the top: what stands in a cell one above the other."""
    rows = _rows(list(block.words))
    return [Block(tuple(row), block.cell) for row in rows]


def _cut_word(word: Word) -> Iterator[Word]:
    """Cut `Lot.......A12` at its dots and `☒Pass` at its box; a ruling of dashes is no word."""
    if _RULE.fullmatch(word.text):
        return
    pattern = _LEADER if _LEADER.search(word.text) else _BOXES
    if word.text.isascii() and pattern is _BOXES:
        yield word
        return
    x0, y0, x1, y1 = word.bbox
    step = (x1 - x0) / len(word.text)
    at = 0
    for piece in pattern.split(word.text):
        if piece == word.text:
            yield word
        elif piece:
            box = (x0 + at * step, y0, x0 + (at + len(piece)) * step, y1)
            yield replace(word, text=piece, bbox=box)
        at += len(piece)


def _rows(words: list[Word]) -> list[list[Word]]:
    """Group words whose middles lie within each other's height."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.bbox[1] + w.bbox[3], w.bbox[0])):
        middle = (word.bbox[1] + word.bbox[3]) / 2
        for row in reversed(rows[-4:]):
            first = row[0].bbox
            reach = 0.35 * min(first[3] - first[1], word.bbox[3] - word.bbox[1])
            if abs((first[1] + first[3]) / 2 - middle) <= reach:
                row.append(word)
                break
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.bbox[0]) for row in rows]


def _with_raised(rows: list[list[Word]]) -> list[list[Word]]:
    """Put small raised marks into the line of the notes that they begin: `1 Ph. Eur. 2.6.1.`

    Each must open the line or follow a full stop, so that none becomes the digit of a number.
    """
    kept: list[list[Word]] = []
    for row in rows:
        marks = kept[-1] if kept else []
        if marks and all(_RAISED.fullmatch(mark.text) for mark in marks):
            whole = sorted([*marks, *row], key=lambda word: word.bbox[0])
            if _open_notes(marks, row, whole):
                kept[-1] = whole
                continue
        kept.append(row)
    return kept


def _open_notes(marks: list[Word], row: list[Word], whole: list[Word]) -> bool:
    for mark in marks:
        at = whole.index(mark)
        before = whole[at - 1] if at else None
        after = whole[at + 1] if at + 1 < len(whole) else None
        if after is None or not after.text[:1].isalpha() or any(after is m for m in marks):
            return False
        if before is not None and not before.text.endswith((".", ";")):
            return False
        is_small = mark.bbox[3] - mark.bbox[1] < _SMALL * (after.bbox[3] - after.bbox[1])
        is_near = 0 <= after.bbox[0] - mark.bbox[2] + 1 <= after.bbox[3] - after.bbox[1]
        overlaps = after.bbox[1] < mark.bbox[3] <= after.bbox[3]
        if not (is_small and is_near and overlaps):
            return False
    return bool(row)


_RAISED = re.compile(r"\d|\*{1,3}|[a-z]\)?")
_SMALL = 0.85


def _blocks(row: list[Word], grid: _Grid) -> list[Block]:
    blocks: list[Block] = []
    here: list[Word] = []
    for words, is_leader in _by_leaders(row):
        for word in words:
            if here and (is_leader or _is_cut(here[-1], word, grid)):
                blocks.append(grid.block(here))
                here = []
            if not is_leader:
                here.append(word)
    if here:
        blocks.append(grid.block(here))
    return blocks


def _by_leaders(row: list[Word]) -> Iterator[tuple[list[Word], bool]]:
    """Give the runs of words of a line, and whether each is a leader: `......` or `. . . . .`."""
    for is_dots, run in groupby(row, key=lambda word: _DOTS.fullmatch(word.text) is not None):
        words = list(run)
        dots = sum(len(word.text) for word in words)
        yield words, is_dots and (dots >= _SPACED_DOTS or any(len(w.text) > 3 for w in words))


def _is_cut(one: Word, other: Word, grid: _Grid) -> bool:
    gap = other.bbox[0] - one.bbox[2]
    em = min(one.bbox[3] - one.bbox[1], other.bbox[3] - other.bbox[1])
    return gap > _COLUMN_GAP * em or grid.is_crossed(one.bbox, other.bbox)


class _Grid:
    """The ruling lines of a page, asked for the cell around a place."""

    def __init__(self, page: Page) -> None:
        self._largest = _LARGEST_CELL * page.width * page.height
        self._across = _merged(r for r in page.rulings if r[2] - r[0] >= r[3] - r[1])
        upright = ((r[1], r[0], r[3], r[2]) for r in page.rulings if r[2] - r[0] < r[3] - r[1])
        self._down = _merged(upright)

    def is_crossed(self, one: Box, other: Box) -> bool:
        """Say whether a vertical ruling stands between two words of a line."""
        middle = (one[1] + one[3]) / 2
        return any(
            top <= middle <= bottom and one[2] - 1 <= x <= other[0] + 1
            for top, bottom, x in self._down
        )

    def block(self, words: list[Word]) -> Block:
        """Make a block that knows its cell."""
        box = around(word.bbox for word in words)
        return Block(tuple(words), self._cell(box))

    def _cell(self, box: Box) -> Box | None:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        above = [at for start, end, at in self._across if start - 1 <= x <= end + 1 and at <= y]
        below = [at for start, end, at in self._across if start - 1 <= x <= end + 1 and at > y]
        left = [at for start, end, at in self._down if start - 1 <= y <= end + 1 and at <= x]
        right = [at for start, end, at in self._down if start - 1 <= y <= end + 1 and at > x]
        if not (above and below and left and right):
            return None
        cell = (max(left), max(above), min(right), min(below))
        if (cell[2] - cell[0]) * (cell[3] - cell[1]) > self._largest:
            return None
        return cell


def _merged(rulings: Iterable[Box]) -> list[tuple[float, float, float]]:
    """Join the pieces of each line; gives (start, end, at), where `at` is across the line.

    Takes boxes whose long side is (x0, x1): vertical ones come with x and y exchanged.
    """
    pieces = sorted(((r[1] + r[3]) / 2, r[0], r[2]) for r in rulings)
    merged: list[list[float]] = []
    for at, start, end in pieces:
        for line in reversed(merged):
            if at - line[2] > _TOUCHING / 2:
                merged.append([start, end, at])
                break
            if start <= line[1] + _TOUCHING and end >= line[0] - _TOUCHING:
                line[0], line[1] = min(line[0], start), max(line[1], end)
                break
        else:
            merged.append([start, end, at])
    return [(start, end, at) for start, end, at in merged]
