"""Gives the rows of a table of results by the meaning of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qcvalidate.readers.certificates.lines import Block, joined
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.resulttable import ResultTable


@dataclass(frozen=True)
class Row:
    """One result with what stands beside it.

    `subject` and `part` are the test and the medium as printed ("" when the table has no such
    cell). `answers` are the cells under headings for results: none when blank, several when the
    table has several such headings. `others` are cells under headings that we do not know.
    """

    subject: str
    part: str
    answers: tuple[Block, ...]
    block: Block
    cells: Mapping[str, Block] = field(default_factory=dict)
    others: tuple[tuple[str, Block], ...] = ()
    unit: str | None = None
    names_lots: bool = False
    # Other rows of its table have a verdict, and this one has none.
    lacks_verdict: bool = False

    def text(self, meaning: str) -> str:
        """The text of one cell, "" when it is blank."""
        return self.cells[meaning].text if meaning in self.cells else ""


def rows_of(table: ResultTable, phrasebook: Phrasebook) -> Iterator[Row]:
    """Give a row for each result of the table; tests side by side give one row each."""
    meanings = _meanings(table, phrasebook)
    tests = [i for i, meaning in enumerate(meanings) if meaning == "test_column"]
    answers = [i for i, meaning in enumerate(meanings) if meaning == "result"]
    units = [phrasebook.split_unit(table.columns[i].heading)[1] for i in answers]
    judged = any(
        block is not None
        for blocks in table.rows
        for block, meaning in zip(blocks, meanings, strict=True)
        if meaning == "verdict"
    )
    for blocks in table.rows:
        filled = [block for block in blocks if block is not None]
        if not filled:
            continue
        cells = {
            meaning: block
            for meaning, block in zip(meanings, blocks, strict=True)
            if block is not None and meaning not in (None, "test_column", "result")
        }
        others = tuple(
            (column.heading, block)
            for column, meaning, block in zip(table.columns, meanings, blocks, strict=True)
            if block is not None and meaning is None
        )
        found = tuple(block for i in answers if (block := blocks[i]) is not None)
        whole = joined(filled)
        names_lots = "lot" in meanings
        lacks = judged and "verdict" not in cells and _is_judged(cells, meanings)
        if not tests:
            subject, part = (cells[m].text if m in cells else "" for m in ("test", "part"))
            unit = units[0] if len(units) == 1 else None
            yield Row(subject, part, found, whole, cells, others, unit, names_lots, lacks)
            continue
        for i in tests:
            heading = table.columns[i].heading
            name, unit = phrasebook.split_unit(heading)
            subject = heading if phrasebook.subject(heading) else name
            cell = blocks[i]
            # What stands under RESULT beside several tests is about all of them together.
            answer = (cell,) if cell else ()
            yield Row(subject, "", answer, whole, cells, others, unit, names_lots)


def _is_judged(cells: Mapping[str, Block], meanings: list[str | None]) -> bool:
    """Say whether a row has something to be judged by: a limit, where its table prints limits."""
    return "specification" in cells or "specification" not in meanings


def _meanings(table: ResultTable, phrasebook: Phrasebook) -> list[str | None]:
    """Tell apart two columns for results: OBSERVATION has the finding, RESULT its P or F."""
    meanings = [column.meaning for column in table.columns]
    results = [i for i, meaning in enumerate(meanings) if meaning == "result"]
    if len(results) > 1:
        verdicts = [i for i in results if _is_verdicts(table, i, phrasebook)]
        if 0 < len(verdicts) < len(results) and "verdict" not in meanings:
            for i in verdicts:
                meanings[i] = "verdict"
    return meanings


def _is_verdicts(table: ResultTable, index: int, phrasebook: Phrasebook) -> bool:
    texts = [block.text for row in table.rows if (block := row[index]) is not None]
    return bool(texts) and all(
        phrasebook.vocabulary.verdict(text) or phrasebook.is_pending(text) for text in texts
    )
