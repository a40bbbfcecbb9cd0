"""A table of results: its columns by meaning, its rows, and what did not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.telling import telling

# Says what a heading means; None for one that is not known.
Meaning = Callable[[str], str | None]
# Says whether a line is something else than a row: a signature, a header field.
Foreign = Callable[[Line], bool]

# What a row is about, and what it says of it.
SUBJECTS = ("test", "part", "sample_id", "lot", "named")
ANSWERS = ("result", "verdict", "test_column", "day_column")
SAME_EDGE = 3.0  # points


@dataclass(frozen=True)
class Column:
    """One column: its heading, what the heading means, and where it stands (points).

    `block` is the heading on the paper, None where it has none.
    """

    heading: str
    meaning: str | None
    left: float
    right: float
    block: Block | None = field(default=None, compare=False)


@dataclass
class ResultTable:
    """A table of results; it may go on over several pages.

    `muddled` are lines within the table that do not fit its columns: nothing is read from them.
    `sections` has for each row the heading that stands above it, across the table ("" for none).
    """

    columns: tuple[Column, ...]
    ruled: bool
    rows: list[tuple[Block | None, ...]] = field(default_factory=list)
    muddled: list[Block] = field(default_factory=list)
    words: set[int] = field(default_factory=set)  # ids of all the words that it holds
    sections: list[str] = field(default_factory=list)
    section: str = ""

    def add(self, cells: Sequence[Block | None]) -> None:
        """Add a row."""
        self.rows.append(tuple(cells))
        self.sections.append(self.section)
        self.take(cell for cell in cells if cell)

    def leave(self, block: Block) -> None:
        """Note a line that does not fit."""
        self.muddled.append(block)
        self.take(iter([block]))

    def take(self, blocks: Iterator[Block]) -> None:
        """Note that these words are in the table."""
        self.words |= {id(word) for block in blocks for word in block.words}


def headings(columns: Sequence[Column]) -> set[str]:
    """Give the known meanings among these columns."""
    return {column.meaning for column in columns if column.meaning}


def is_heading(columns: Sequence[Column]) -> bool:
    """Say whether these are a table's headings: what its rows are about, and what they say."""
    known = headings(columns)
    if len(columns) > 1 and all(column.meaning == "test_column" for column in columns):
        # FTM | TSB, with the results below.
        return True
    if "test_column" in known and not known.intersection((*SUBJECTS, "result", "day")):
        # Endotoxin (EU/mL) | Limit | PPC recovery (%): the results stand under their tests.
        # A row of results has no heading for limits in it: `Sterility | FTM | No growth`.
        return "specification" in known and columns[0].meaning != "test_column"
    if {"result", "specification"} <= known and len(columns) > _FEWEST_FACTS:
        # What the rows are about stands over the table.
        return True
    if known <= _OF_WHOM and any(c.meaning is None and telling(c.heading) for c in columns):
        # `Sample | Not detected | complies` is a row.
        return False
    # Rows may be days, under the media.
    subject = known.intersection((*SUBJECTS, "day")) or ("test_column" in known and "day" in known)
    answer = known.intersection(ANSWERS)
    if "day" in known and not known.intersection(SUBJECTS) and "test_column" not in known:
        return False
    return bool(subject and answer) and len([c for c in columns if c.meaning]) >= 2


_FEWEST = 3
_FEWEST_FACTS = 2
# What a row of results may begin and end with, as a heading may.
_OF_WHOM = frozenset(("sample_id", "lot", "verdict"))


def with_names(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Take the first column for names where its heading is not known and another has results."""
    known = headings(columns)
    if len(columns) < _FEWEST or columns[0].meaning or not columns[0].heading.strip():
        return tuple(columns)
    if "result" not in known or known.intersection(SUBJECTS) or "test_column" in known:
        return tuple(columns)
    return (replace(columns[0], meaning="named"), *columns[1:])


def same_columns(ours: Sequence[Column], theirs: Sequence[Column]) -> bool:
    """Say whether two headings are one that is repeated on the next page."""
    return len(ours) == len(theirs) and all(
        one.heading == other.heading and abs(one.left - other.left) <= SAME_EDGE
        for one, other in zip(ours, theirs, strict=True)
    )
