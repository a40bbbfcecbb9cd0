"""Sets a bar of facts apart that stands beside a table: labels with their values, line by line.

Its words share lines with the rows of the table and belong to none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from qcvalidate.readers.certificates.aligned import end_of_heading
from qcvalidate.readers.certificates.bilingual import twice
from qcvalidate.readers.certificates.keyvalues import Labels, key_values, plain
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.resulttable import Meaning

# An edge that so many lines share is a column's.
_FEWEST_AT_EDGE = 3
# A bar has so many known labels with their values, ...
_FEWEST_FACTS = 3
# ... and has so many lines at the height of the table's rows.
_FEWEST_BESIDE = 2
# Between the bar and the table there is this much room, in points.
_GUTTER = 8.0
_EDGE = 2.0
# Two of these in one bar are two samples, each beside its own rows.
_WHOSE = ("lot", "sample_id", "product")
# What only a column of the table can be headed.
_OF_COLUMNS = ("part", "result", "verdict", "specification", "unit", "test_column", "day_column")


def without_bars(
    lines: Sequence[Line], labels: Labels, meaning: Meaning, book: Phrasebook
) -> tuple[list[Line], list[Line]]:
    """Give the lines of a page with those of a side bar apart, and the bar's own lines.

    The bar must hold its labels' values itself and name no test and no result: else it may be a
    column of the table, and stays where it is.
    """
    for edge in _edges(lines):
        at = 0
        for crossed, run in groupby(lines, key=lambda line: _is_crossed(line, edge)):
            here = list(run)
            start, at = at, at + len(here)
            if crossed:
                continue
            left = _part(here, edge, is_left=True)
            right = _part(here, edge, is_left=False)
            for bar, rest in ((left, right), (right, left)):
                if not _may_be_bar(bar, rest) or not _stands_beside(bar, rest, meaning):
                    continue
                others = [*lines[:start], *rest, *lines[at:]]
                if _is_bar(bar, labels, meaning, book) and not _name_samples(others, labels):
                    return [*lines[:start], *bar, *rest, *lines[at:]], bar
    return list(lines), []


def _edges(lines: Sequence[Line]) -> Iterator[float]:
    """Give the left edges that several lines share, from the left."""
    lefts = sorted(block.box[0] for line in lines for block in line.blocks)
    counted = Counter(round(left) for left in lefts)
    for edge, count in sorted(counted.items()):
        if count >= _FEWEST_AT_EDGE:
            yield float(edge)


def _is_crossed(line: Line, edge: float) -> bool:
    return any(
        block.box[0] < edge - _EDGE and block.box[2] > edge - _GUTTER for block in line.blocks
    )


def _part(lines: Sequence[Line], edge: float, *, is_left: bool) -> list[Line]:
    parts = (
        tuple(block for block in line.blocks if (block.box[2] < edge) == is_left) for line in lines
    )
    return [Line(blocks) for blocks in parts if blocks]


def _may_be_bar(bar: Sequence[Line], rest: Sequence[Line]) -> bool:
    """Say at a glance whether lines could be a bar, and the rest a table: most edges have none."""
    if len(bar) < _FEWEST_BESIDE or len({block.cell for line in bar for block in line.blocks}) > 1:
        return False
    return any(len(line.blocks) > 1 for line in rest)


def _stands_beside(bar: Sequence[Line], rest: Sequence[Line], meaning: Meaning) -> bool:
    """Say whether lines stand at the height of the rows of a table, under its heading."""
    after = end_of_heading(rest, meaning)
    rows = [line for line in rest[after:] if len(line.blocks) > 1] if after else []
    if not rows:
        return False
    top, bottom = rows[0].box[1], rows[-1].box[3]
    return sum(top <= line.box[3] and line.box[1] <= bottom for line in bar) >= _FEWEST_BESIDE


def _is_bar(bar: Sequence[Line], labels: Labels, meaning: Meaning, book: Phrasebook) -> bool:
    """Say whether lines are labels with their values and nothing that a table would hold."""
    blocks = [block for line in bar for block in line.blocks]
    if len({block.cell for block in blocks}) > 1 or any(_is_of_table(b, book) for b in blocks):
        return False
    if any(meaning(plain(block.text)) in _OF_COLUMNS for block in blocks):
        return False
    pairs = list(key_values(bar, labels))
    if any(_is_of_table(pair.label, book) for pair in pairs if pair.field is None):
        return False
    known = Counter(pair.field for pair in pairs if pair.field is not None and pair.values)
    if any(known[field] > 1 for field in _WHOSE):
        return False
    blank = sum(not pair.values for pair in pairs)
    return len(known) >= _FEWEST_FACTS and blank < known.total()


def _name_samples(lines: Sequence[Line], labels: Labels) -> bool:
    """Say whether what stands outside the bar says whose it is: then the bar's word is not all."""
    return any(pair.field in _WHOSE[:2] and pair.values for pair in key_values(lines, labels))


def _is_of_table(block: Block, book: Phrasebook) -> bool:
    """Say whether a text names a test, a result or a verdict, or heads a column of them."""
    name = plain(block.text)
    if book.subject(bare_name(name)) is not None and not book.vocabulary.is_label(name):
        return True
    if twice(name, book.verdict) is not None:
        return True
    if book.vocabulary.role(name) not in (None, "sample"):
        return True
    if book.vocabulary.part(name) is not None:
        return True
    return book.vocabulary.result(name).kind != "unknown" and not _has_digit(name)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
