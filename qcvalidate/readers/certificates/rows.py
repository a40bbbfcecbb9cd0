"""Gives the rows of a table of results by the meaning of their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qcvalidate.readers.certificates.bilingual import twice
from qcvalidate.readers.certificates.controls import is_about_controls, is_material
from qcvalidate.readers.certificates.daygrid import DAY_COLUMN, Look, blank_last_day, looks, seen
from qcvalidate.readers.certificates.lines import Block, joined
from qcvalidate.readers.certificates.marks import ticked
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.resulttable import ResultTable
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.readers.certificates.ticks import (
    are_ranges,
    is_question,
    is_range,
    offers_signs,
    said_by_tick,
)
from qcvalidate.readers.certificates.verdictrow import verdicts_below
from qcvalidate.wording import key


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
    # Other rows of its table have a result, and this one has only a verdict.
    lacks_result: bool = False
    # The heading above it across its table.
    section: str = ""
    # Its verdict by a tick, or by a "yes" under "Complies".
    said: str | None = None
    # What was seen day by day, where days have columns.
    looks: tuple[Look, ...] = ()
    # The last of these days, where nothing was entered for it.
    unread_day: int | None = None

    def text(self, meaning: str) -> str:
        """The text of one cell, "" when it is blank."""
        return self.cells[meaning].text if meaning in self.cells else ""


def rows_of(
    table: ResultTable, phrasebook: Phrasebook, signs: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """Give a row for each result of the table; tests side by side give one row each.

    `signs` are the document's own: `NG` for no growth.
    """
    meanings = _meanings(table, phrasebook)
    found = list(_all_rows(table, meanings, phrasebook, signs or {}))
    yield from _last_days(found, phrasebook, signs or {}) if "day" in meanings else found


def _all_rows(
    table: ResultTable,
    meanings: Sequence[str | None],
    phrasebook: Phrasebook,
    signs: Mapping[str, str],
) -> Iterator[Row]:
    answers = [i for i, meaning in enumerate(meanings) if meaning == "result"]
    units = [phrasebook.split_unit(table.columns[i].heading)[1] for i in answers]
    tests = [i for i, meaning in enumerate(meanings) if meaning == "test_column"]
    if (
        "part" in meanings
        and tests
        and not any(_is_read_by_eye(table, i, phrasebook) for i in tests)
    ):
        # Media with their lots and volumes: `Volume` is none of the product's.
        return
    judged = any(
        block is not None
        for blocks in table.rows
        for block, meaning in zip(blocks, meanings, strict=True)
        if meaning == "verdict"
    )
    answered = any(blocks[i] is not None for blocks in table.rows for i in answers)
    control: Block | None = None
    below = verdicts_below(table, meanings, phrasebook)
    for blocks, section in _in_sections(table, meanings, phrasebook):
        if below and blocks is table.rows[-1]:
            continue
        filled = [block for block in blocks if block is not None]
        cells = _cells(meanings, blocks)
        cells = _with_whole_name(cells, meanings, blocks, phrasebook)
        if "role" in meanings and is_about_controls(_heading_of("role", table, meanings)):
            # What is named once holds for the lines below it, too: none of them is the sample's.
            control = cells.get("role", control)
            cells = {**cells, "role": control} if control is not None else cells
        cells, material = _material_apart(cells, table, meanings, phrasebook)
        row = Row(
            subject=_subject(cells, phrasebook),
            part=cells["part"].text if "part" in cells else "",
            answers=tuple(_chosen(block) for i in answers if (block := blocks[i]) is not None),
            block=joined(filled),
            cells=cells,
            others=(*material, *_others(table, meanings, blocks)),
            unit=units[0] if len(units) == 1 else None,
            names_lots="lot" in meanings,
            lacks_verdict=judged and "verdict" not in cells and _is_judged(cells, meanings),
            lacks_result=answered
            and "verdict" in cells
            and all(blocks[i] is None for i in answers),
            section=section,
            said=said_by_tick(table, meanings, blocks),
            looks=tuple(looks(table.columns, blocks, phrasebook, signs)),
            unread_day=blank_last_day(table.columns, blocks, phrasebook, signs),
        )
        if not tests:
            yield row
            continue
        for i in tests:
            heading = table.columns[i].heading
            name, unit = phrasebook.split_unit(heading)
            subject = heading if phrasebook.subject(heading) else name
            cell = blocks[i]
            # What stands under RESULT beside several tests is about all of them together.
            answer = (_chosen(cell),) if cell else ()
            judged_by = below.get(i)
            yield replace(
                row,
                block=joined([row.block, judged_by]) if judged_by else row.block,
                subject=subject,
                part="",
                answers=answer,
                unit=unit,
                lacks_verdict=False,
                cells={
                    **_of_test(i, meanings, blocks, cells),
                    **({"verdict": judged_by} if judged_by else {}),
                },
            )


_OF_SAMPLE = re.compile(
    r"\b(?:sample|specimen|material|matrix|prob\w*|echantillon|muestra|campione|amostra)"
)


def _material_apart(
    cells: Mapping[str, Block],
    table: ResultTable,
    meanings: Sequence[str | None],
    phrasebook: Phrasebook,
) -> tuple[Mapping[str, Block], tuple[tuple[str, Block], ...]]:
    """Take out of the roles what only says what a sample is made of, under `Sample type`."""
    if "role" not in cells:
        return cells, ()
    heading = _heading_of("role", table, meanings)
    if not _OF_SAMPLE.search(key(heading)):
        return cells, ()
    if not is_material(cells["role"].text, phrasebook.vocabulary.role):
        return cells, ()
    kept = {meaning: block for meaning, block in cells.items() if meaning != "role"}
    return kept, ((heading, cells["role"]),)


def _is_read_by_eye(table: ResultTable, index: int, phrasebook: Phrasebook) -> bool:
    found = phrasebook.subject(table.columns[index].heading)
    return found is None or phrasebook.vocabulary.tests[found.test].kind == "qualitative"


def _subject(cells: Mapping[str, Block], phrasebook: Phrasebook) -> str:
    """Give what a row is about; the name of the sample itself is no test."""
    if "test" in cells:
        return cells["test"].text
    name = cells["named"].text if "named" in cells else ""
    return "" if phrasebook.vocabulary.role(name) == "sample" or _SAMPLE.match(name) else name


_SAMPLE = re.compile(
    r"(?:test )?(?:sample|specimen|probe|muestra|échantillon|campione|amostra)\b(?! control)",
    re.IGNORECASE,
)


def _of_test(
    index: int,
    meanings: Sequence[str | None],
    blocks: Sequence[Block | None],
    cells: Mapping[str, Block],
) -> Mapping[str, Block]:
    """Leave a test that stands beside others only the limit at its right."""
    if [*meanings].count("test_column") == 1 or "specification" not in cells:
        return cells
    after = index + 1
    own = blocks[after] if after < len(meanings) and meanings[after] == "specification" else None
    kept = {meaning: block for meaning, block in cells.items() if meaning != "specification"}
    return kept | ({"specification": own} if own is not None else {})


def _in_sections(
    table: ResultTable, meanings: Sequence[str | None], phrasebook: Phrasebook
) -> Iterator[tuple[tuple[Block | None, ...], str]]:
    """Give the rows, each with the heading of its section; rows that are headings are left out.

    A test's name with nothing beside it is a heading where its parts stand below it; else it is
    a test without a result.
    """
    rows = [
        (blocks, section)
        for blocks, section in zip(table.rows, table.sections, strict=True)
        if any(block is not None for block in blocks)
    ]
    own = above = ""
    for at, (blocks, section) in enumerate(rows):
        if section != above:
            own, above = "", section
        lone = _lone(blocks, meanings)
        if lone is not None:
            own = lone.text
            below = rows[at + 1][0] if at + 1 < len(rows) else ()
            if _is_part(below, own, meanings, phrasebook):
                continue
        yield blocks, own if lone is None and own else section


def _lone(blocks: Sequence[Block | None], meanings: Sequence[str | None]) -> Block | None:
    """Give the one filled cell of a row, when it is its first and names something."""
    first = blocks[0]
    alone = first is not None and not any(block is not None for block in blocks[1:])
    return first if alone and meanings[0] in ("test", "part") else None


def _is_part(
    blocks: Sequence[Block | None],
    section: str,
    meanings: Sequence[str | None],
    phrasebook: Phrasebook,
) -> bool:
    """Say whether a row is about a medium or a bottle of the test above it, and no other test."""
    above = phrasebook.subject(section)
    first = blocks[0] if blocks else None
    if above is None or first is None or _lone(blocks, meanings) is not None:
        return False
    name = bare_name(first.text)
    named = phrasebook.subject(name)
    if named is not None:
        cultures = ("sterility", "in_process_culture")
        same = named.test == above.test or (named.test in cultures and above.test in cultures)
        # "Endotoxin, repeat" is no part of the "Endotoxin" above it, whose result is blank.
        is_again = phrasebook.subject(first.text) is None and named.part is None
        return same and not is_again and (named.part is not None or key(name) != key(section))
    return phrasebook.vocabulary.part(name) in phrasebook.vocabulary.tests[above.test].parts


def _cells(meanings: Sequence[str | None], blocks: Sequence[Block | None]) -> Mapping[str, Block]:
    return {
        meaning: _chosen(block)
        for meaning, block in zip(meanings, blocks, strict=True)
        if block is not None and meaning is not None and meaning not in _NO_CELLS
    }


def _with_whole_name(
    cells: Mapping[str, Block],
    meanings: Sequence[str | None],
    blocks: Sequence[Block | None],
    phrasebook: Phrasebook,
) -> Mapping[str, Block]:
    """Put the name of a test together that stands in two columns: `Mycoplasma`, `DNA`."""
    names = [b for b, meaning in zip(blocks, meanings, strict=True) if b and meaning == "test"]
    if len(names) < 2 or phrasebook.subject(bare_name(names[-1].text)) is not None:
        return cells
    whole = joined(names)
    return {**cells, "test": whole} if phrasebook.subject(whole.text) is not None else cells


_NO_CELLS = ("test_column", "result", DAY_COLUMN, "passes", "fails")


def _chosen(block: Block) -> Block:
    """Give what is ticked in a cell; one that is not clear keeps its boxes, and is no reading."""
    return ticked(block) or block


def _others(
    table: ResultTable, meanings: Sequence[str | None], blocks: Sequence[Block | None]
) -> tuple[tuple[str, Block], ...]:
    return tuple(
        (column.heading, block)
        for column, meaning, block in zip(table.columns, meanings, blocks, strict=True)
        if block is not None and meaning is None
    )


def _heading_of(meaning: str, table: ResultTable, meanings: Sequence[str | None]) -> str:
    return table.columns[meanings.index(meaning)].heading


def _is_judged(cells: Mapping[str, Block], meanings: Sequence[str | None]) -> bool:
    """Say whether a row has something to be judged by: a limit, where its table prints limits."""
    return "specification" in cells or "specification" not in meanings


# --- what columns mean by what stands in them -------------------------------------------------


def _meanings(table: ResultTable, phrasebook: Phrasebook) -> list[str | None]:
    """Tell apart two columns for results: OBSERVATION has the finding, RESULT its P or F."""
    meanings = [column.meaning for column in table.columns]
    if are_ranges(column.heading for column in table.columns):
        return [
            "result" if is_range(column.heading) else meaning
            for column, meaning in zip(table.columns, meanings, strict=True)
        ]
    results = [i for i, meaning in enumerate(meanings) if meaning == "result"]
    if len(results) > 1:
        verdicts = [i for i in results if _is_verdicts(table, i, phrasebook)]
        if 0 < len(verdicts) < len(results) and "verdict" not in meanings:
            for i in verdicts:
                meanings[i] = "verdict"
    verdicts = [i for i, meaning in enumerate(meanings) if meaning == "verdict"]
    if (
        not results
        and len(verdicts) == 1
        and not is_question(table.columns[verdicts[0]].heading)
        and not _is_verdicts(table, verdicts[0], phrasebook)
    ):
        # `Esito` is the verdict beside a result, and the result where it stands alone.
        meanings[verdicts[0]] = "result"
    unnamed = [i for i, column in enumerate(table.columns) if not column.heading]
    if "verdict" not in meanings:
        for i in unnamed:
            meanings[i] = "verdict" if _is_verdicts(table, i, phrasebook) else None
        for i, column in enumerate(table.columns):
            if meanings[i] is None and offers_signs(column.heading):
                meanings[i] = "verdict"
    _name_roles(table, meanings, phrasebook)
    _name_ticks(table, meanings, phrasebook)
    _name_media(table, meanings, phrasebook)
    return meanings


def _name_roles(table: ResultTable, meanings: list[str | None], phrasebook: Phrasebook) -> None:
    """Know the column `Control`, whose cells say which: its rows are never the sample's."""
    if "role" in meanings:
        return
    for i, column in enumerate(table.columns):
        if meanings[i] not in (None, "named"):
            continue
        texts = [bare_name(text) for text in _texts(table, i)]
        known = [phrasebook.vocabulary.role(text) for text in texts]
        is_first = i == 0 and is_about_controls(column.heading)
        named = meanings[i] is None and any(map(phrasebook.role, texts))
        if is_first or named or (known and all(known)):
            meanings[i] = "role"
            return


def _name_ticks(table: ResultTable, meanings: list[str | None], phrasebook: Phrasebook) -> None:
    """Know the two columns `Pass` and `Fail`, of which one is ticked."""
    named = {
        verdict: i
        for i, column in enumerate(table.columns)
        if meanings[i] is None
        and (verdict := phrasebook.vocabulary.verdict(column.heading)) is not None
    }
    if set(named) == {"pass", "fail"}:
        meanings[named["pass"]], meanings[named["fail"]] = "passes", "fails"


def _name_media(table: ResultTable, meanings: list[str | None], phrasebook: Phrasebook) -> None:
    """Know a column of media by its cells; the one called `Bottle` then only counts them."""
    part = meanings.index("part") if "part" in meanings else None
    if part is not None and not _all(table, part, str.isdigit):
        return
    for i, meaning in enumerate(meanings):
        if meaning is None and _all(
            table, i, lambda text: phrasebook.vocabulary.part(text) is not None
        ):
            meanings[i] = "part"
            if part is not None:
                meanings[part] = "container"
            return


def _all(table: ResultTable, index: int, holds: Callable[[str], bool]) -> bool:
    texts = _texts(table, index)
    return bool(texts) and all(map(holds, texts))


def _texts(table: ResultTable, index: int) -> list[str]:
    return [block.text for row in table.rows if (block := row[index]) is not None]


def _is_verdicts(table: ResultTable, index: int, phrasebook: Phrasebook) -> bool:
    texts = _texts(table, index)
    return bool(texts) and all(
        twice(text, phrasebook.vocabulary.verdict) or phrasebook.is_pending(text) for text in texts
    )


# --- a row for each day -----------------------------------------------------------------------


def _last_days(
    found: Sequence[Row], phrasebook: Phrasebook, signs: Mapping[str, str]
) -> Iterator[Row]:
    """Leave out the clean looks of the days before the last one; growth and doubts stay."""
    days: dict[tuple[str, ...], list[int]] = {}
    for row in found:
        if row.text("day").isdigit():
            days.setdefault(_what(row), []).append(int(row.text("day")))
    for row in found:
        day = row.text("day")
        known = days.get(_what(row), [])
        # A day that comes twice is of two containers, and each of them has its own last day.
        early = day.isdigit() and len(set(known)) == len(known) and int(day) < max(known)
        if not (early and _is_clean(row, phrasebook, signs)):
            yield row


def _is_clean(row: Row, phrasebook: Phrasebook, signs: Mapping[str, str]) -> bool:
    return (
        all(seen(answer.text, phrasebook, signs) == "negative" for answer in row.answers)
        and row.said in (None, "pass")
        and phrasebook.row_verdict(row.text("verdict")) != "fail"
        and not any(telling(f"{heading}: {block.text}") for heading, block in row.others)
        and not any(telling(row.text(meaning)) for meaning in ("turbidity", "organism", "status"))
    )


def _what(row: Row) -> tuple[str, ...]:
    named = ("container", "sample_id", "lot", "role")
    return (row.subject, row.part, row.section, *(row.text(name) for name in named))
