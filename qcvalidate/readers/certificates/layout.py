"""Sorts the text of a certificate: tables, labels with their values, sentences, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from qcvalidate.documents import Page, Word
from qcvalidate.readers.certificates.bilingual import twice, two_tongues
from qcvalidate.readers.certificates.controls import is_about_controls
from qcvalidate.readers.certificates.daygrid import DAY_COLUMN, day_of
from qcvalidate.readers.certificates.footnotes import is_harmless, notes
from qcvalidate.readers.certificates.headed import heading_of, is_heading_of_test, under_headings
from qcvalidate.readers.certificates.header import chosen, is_lot, is_name
from qcvalidate.readers.certificates.keyvalues import (
    KeyValue,
    Labels,
    key_values,
    names_sample,
    plain,
    signer,
    starts_with_label,
)
from qcvalidate.readers.certificates.legend import (
    is_abbreviations,
    is_definition,
    is_key,
    signs,
    verdict_key,
)
from qcvalidate.readers.certificates.lines import Block, Line, lines
from qcvalidate.readers.certificates.listed import listed_rows, not_of_results
from qcvalidate.readers.certificates.listed import names_sample as is_sample
from qcvalidate.readers.certificates.marks import has_boxes, ticked
from qcvalidate.readers.certificates.naming import bare_name, is_title_of_test
from qcvalidate.readers.certificates.numbering import without_numbers
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.prose import Prose, Sentence, read_prose, sentences, verdict_in
from qcvalidate.readers.certificates.resulttable import ResultTable
from qcvalidate.readers.certificates.rows import Row, rows_of
from qcvalidate.readers.certificates.rowtests import role_in
from qcvalidate.readers.certificates.sidebars import without_bars
from qcvalidate.readers.certificates.stamps import is_end
from qcvalidate.readers.certificates.tables import tables
from qcvalidate.readers.certificates.telling import says_none, telling

# A verdict of so many words is a sentence, and no cell.
_SENTENCE = 4


@dataclass(frozen=True)
class Layout:
    """A document's text, sorted by what it is."""

    pages: tuple[Page, ...]
    lines: tuple[Line, ...]
    tables: tuple[ResultTable, ...]
    pairs: tuple[KeyValue, ...]
    prose: Prose
    # What no table and no label took.
    loose: tuple[Block, ...]
    rows: tuple[Row, ...] = ()
    # What its own signs and the marks of its footnotes stand for.
    signs: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    # Lines that are nothing but the name of a test, over what was found of it.
    headings: tuple[Block, ...] = ()
    # The words that stand under a heading of what is required, or was before.
    aside: frozenset[int] = frozenset()


def lay_out(pages: Sequence[Page], book: Phrasebook) -> Layout:
    """Lay the pages of a document out with the words of a vocabulary."""
    labels = two_tongues(book)
    apart = [
        without_bars(found, labels, lambda heading: _meaning(heading, book), book)
        for found in without_numbers([lines(page) for page in pages])
    ]
    by_page = [page_lines for page_lines, _ in apart]
    barred = {id(block) for _, bar in apart for line in bar for block in line.blocks}
    heights = {page.number: page.height for page in pages}
    found = tables(
        by_page,
        lambda heading: _meaning(heading, book),
        lambda line: id(line.blocks[0]) in barred or _is_foreign(line, labels, heights),
    )
    in_tables = {word for table in found for word in table.words}
    pairs: list[KeyValue] = []
    outside: list[Line] = []
    offered: set[int] = set()
    for page_lines in by_page:
        free = [line for line in (_without(line, in_tables) for line in page_lines) if line]
        labelled = [
            pair
            for pair in key_values(free, labels)
            if not (_heads_column(pair, free, book) or _heads_list(pair, book))
        ]
        offered |= {id(word) for pair in labelled for word in _offered(pair)}
        pairs += (_concluding(_chosen(pair), book) for pair in labelled)
        pairs += (pair for line in free for pair in _headed(line))
        pairs += under_headings(free, pairs, book)
        outside += free
    told = {
        id(word)
        for pair in pairs
        if pair.field != "conclusion" and (value := chosen(pair)) is not None
        for block in (pair.label, value)
        for word in block.words
    } | {id(word) for pair in pairs if not pair.values for word in pair.label.words}
    aside = not_of_results(outside, told)
    listed = [*listed_rows(outside, told, aside, book)]
    told |= offered | {id(word) for row in listed for word in row.block.words}
    told |= {
        id(word) for line in outside if _says_none(line) for b in line.blocks for word in b.words
    }
    loose = [line for line in (_without(line, told) for line in outside) if line]
    every = tuple(line for page_lines in by_page for line in page_lines)
    meant = signs(every, book)
    above = _headings_over(every, in_tables)
    return Layout(
        pages=tuple(pages),
        lines=every,
        tables=tuple(found),
        pairs=tuple(pairs),
        prose=_prose(loose, pairs, book),
        loose=tuple(block for line in loose for block in line.blocks),
        rows=(
            *(
                _under_heading(row, above, book)
                for table in found
                for row in rows_of(table, book, meant)
            ),
            *listed,
        ),
        signs=meant,
        notes=notes(every),
        headings=tuple(heading for line in loose if (heading := heading_of(line, book))),
        aside=frozenset(aside),
    )


# Laboratories print the same cells again and again; half of a text is asked for, too.
@lru_cache(maxsize=50_000)
def _meaning(heading: str, book: Phrasebook) -> str | None:
    if day_of(heading) is not None:
        return DAY_COLUMN
    return twice(heading, book.meaning)


def _heads_column(pair: KeyValue, free: Sequence[Line], book: Phrasebook) -> bool:
    """Say whether `Method` stands over a column of a table that was not seen as one."""
    if pair.field != "method" or pair.label.text.endswith((":", "：")):
        return False
    return any(
        book.vocabulary.column(block.text) in _HEADED
        for line in free
        if any(block.words[0] is pair.label.words[0] for block in line.blocks)
        for block in line.blocks
    )


def _heads_list(pair: KeyValue, book: Phrasebook) -> bool:
    """Say whether `Results` stands over a list of tests, the first of which is no result."""
    label = pair.label.text
    if pair.field is not None or label.endswith((":", "：")) or not pair.values:
        return False
    name = bare_name(pair.values[0].text)
    begins = book.subject(name) is not None or is_sample(pair.values[0].text)
    return book.vocabulary.column(label) == "result" and begins


_HEADED = ("specification", "result", "test", "verdict", "unit")


def _chosen(pair: KeyValue) -> KeyValue:
    """Leave of an answer with boxes what is ticked; one that is not clear keeps its boxes."""
    if not any(map(has_boxes, pair.values)):
        return pair
    return replace(pair, values=tuple(ticked(value) or value for value in pair.values))


def _offered(pair: KeyValue) -> tuple[Word, ...]:
    """Give the words of the options that an answer with boxes did not take, where that is clear."""
    value = next((value for value in pair.values if has_boxes(value)), None)
    taken = ticked(value) if value is not None else None
    if value is None or taken is None:
        return ()
    kept = {id(word) for word in taken.words}
    return tuple(word for word in value.words if id(word) not in kept)


_OF_SAMPLE = re.compile(
    r"(?P<sample>sample|specimen|probe|échantillon|muestra|campione|amostra)\s+(?P<id>\S+?),?\s+"
    r"[-–·(]?\s*(?P<lot>lot|batch|charge|lote|lotto)\s+(?:n(?:o|r)?\.?[°º]?\s+)?(?P<number>\S+?)\)?",
    re.IGNORECASE,
)


def _headed(line: Line) -> Iterator[KeyValue]:
    """Read `Sample 99681.01  Lot CT26-0447`, alone on its line, as the heading of a sample."""
    match = _OF_SAMPLE.fullmatch(line.text)
    if match is None or not (is_lot(match["id"]) and is_lot(match["number"])):
        return
    words = {word.text.strip("(),:"): word for block in line.blocks for word in block.words}
    for name, label, value in (("sample_id", "sample", "id"), ("lot", "lot", "number")):
        at, said = words.get(match[label]), words.get(match[value])
        if at is not None and said is not None:
            bare = replace(said, text=match[value])
            yield KeyValue(name, Block((at,)), (Block((bare,)),))


def _concluding(pair: KeyValue, book: Phrasebook) -> KeyValue:
    """Know a conclusion that stands at `Result:`, where it is a sentence."""
    at_result = pair.field is None and book.vocabulary.column(plain(pair.label.text)) == "result"
    if not at_result or not pair.values or len(pair.values[0].words) < _SENTENCE:
        return pair
    if verdict_in(pair.values[0].text, book) is None:
        return pair
    return replace(pair, field="conclusion")


def _prose(loose: Sequence[Line], pairs: Sequence[KeyValue], book: Phrasebook) -> Prose:
    said = [
        Line(kept)
        for line in loose
        if not is_key(line, book)
        and (kept := tuple(b for b in line.blocks if not _explains(b.text, book)))
    ]
    labels = {id(word) for pair in pairs if pair.field == "conclusion" for word in pair.label.words}
    every = [*sentences(said)]
    keyed = verdict_key([sentence.text for sentence in every], book)
    found = [
        _after_label(sentence, labels)
        for sentence in every
        if not (
            sentence.text in keyed
            or is_definition(sentence.text, book)
            or is_abbreviations(sentence.text)
            or is_harmless(sentence.text)
        )
    ]
    plain = [sentence for sentence in map(_without_boxes, found) if sentence is not None]
    prose = read_prose(plain, book)
    # Of options without one tick nothing is read; what they speak of must be looked at.
    prose.unclear += [s for s in found if _without_boxes(s) is None and telling(s.text)]
    concluded = {
        id(word)
        for pair in pairs
        if pair.field == "conclusion"
        for block in (pair.label, *pair.values[:1])
        for word in block.words
    }
    # A conclusion at its label is judged with the label.
    prose.unclear = [
        sentence
        for sentence in prose.unclear
        if not all(id(word) in concluded for word in sentence.words)
    ]
    return prose


def _headings_over(every: Sequence[Line], in_tables: set[int]) -> Mapping[int, str]:
    """Give for each word of a table the last short line above it that is in no table."""
    over: dict[int, str] = {}
    heading = ""
    for line in every:
        words = [word for block in line.blocks for word in block.words]
        if any(id(word) in in_tables for word in words):
            over |= {id(word): heading for word in words}
        elif len(words) > _LONGEST_HEADING or len(line.blocks) > 1:
            # A sentence under a heading is still of its part.
            heading = heading if line.text.endswith((".", ":")) else ""
        elif not (line.text.endswith(".") and len(words) > 1):
            heading = line.text.rstrip(":")
    return over


_LONGEST_HEADING = 8


def _under_heading(row: Row, over: Mapping[int, str], book: Phrasebook) -> Row:
    """Put a row into the section that the line above its table names: a test, or the controls."""
    heading = over.get(id(row.block.words[0]), "")
    if row.section or not heading:
        return row
    name = bare_name(heading)
    tells = is_about_controls(heading) or role_in(name, book) or book.subject(name)
    return replace(row, section=name) if tells else row


def _explains(text: str, book: Phrasebook) -> bool:
    """Say whether a text only explains the paper's own words and signs, or is its title."""
    explains = is_definition(text, book) or is_abbreviations(text)
    return explains or is_title_of_test(text, book) or is_heading_of_test(text, book)


def _after_label(sentence: Sentence, labels: set[int]) -> Sentence:
    """Give what a sentence says after the label of the conclusion: `Conclusion: it complies.`"""
    words = tuple(word for word in sentence.words if id(word) not in labels)
    return Sentence(words) if words and len(words) < len(sentence.words) else sentence


def _without_boxes(sentence: Sentence) -> Sentence | None:
    if not has_boxes(sentence.block):
        return sentence
    said = ticked(sentence.block)
    return Sentence(said.words) if said is not None else None


def _says_none(line: Line) -> bool:
    """Say whether a line is a label and a value that says that there is nothing.

    `Identification, if growth   n/a` is as harmless as it is with a colon.
    """
    if len(line.blocks) != 2:
        return False
    label, value = (block.text for block in line.blocks)
    return says_none(value) and telling(f"{label.rstrip(':')}: {value}") is None


_PAGE_NUMBER = re.compile(
    r"\b(?:page|seite|página|pagina|p\.?)\s*:?\s*\d+\s*(?:of|von|de|di|sur|/)\s*\d+", re.I
)
# In the margin at the foot of a page, these are its number.
_BARE_NUMBER = re.compile(
    r"(?:page|seite|página|pagina)?\s*[-–—]?\s*\d{1,3}"
    r"(?:\s*(?:/|of|von|de|di|sur)\s*\d{1,3})?\s*[-–—]?",
    re.I,
)
_FOOT = 0.91


def _is_foreign(line: Line, labels: Labels, heights: Mapping[int, float]) -> bool:
    """Say whether a line cannot be a row of a table: a header field, or a page's number.

    `Sample 99681.02 Lot 000263` between two rows is whose the rows below it are.
    """
    if is_end(line.text) or any(True for _ in _headed(line)) or names_sample(line, labels):
        return True
    name = signer(line, labels)
    if name is not None and is_name(name) and not telling(name):
        return True
    if starts_with_label(line, labels) or _PAGE_NUMBER.search(line.text) is not None:
        return True
    if _names_its_method(line, labels):
        return True
    last = line.blocks[-1]
    in_foot = line.box[1] > _FOOT * heights[last.page]
    return in_foot and _BARE_NUMBER.fullmatch(last.text) is not None


def _names_its_method(line: Line, labels: Labels) -> bool:
    """Say whether a line names a test and, behind a label, how it is done: the title of a part.

    `GS4K1   Sterility Test, Direct Inoculation   Method: USP <71>` has no result.
    """
    at_labels = [block for block in line.blocks[1:] if starts_with_label(Line((block,)), labels)]
    return bool(at_labels) and all(
        telling(block.text) is None and not _COMPARES.search(block.text) for block in line.blocks
    )


_COMPARES = re.compile(r"[≤≥=%]|[<>] ?\d+[.,]\d")


def _without(line: Line, taken: set[int]) -> Line | None:
    blocks = tuple(b for b in line.blocks if not any(id(word) in taken for word in b.words))
    return Line(blocks) if blocks else None
