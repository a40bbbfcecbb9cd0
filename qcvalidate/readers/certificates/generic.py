"""Reads a certificate of any laboratory by its geometry and the words of the vocabulary.

Words are laid out to lines and cells; labels give the header, tables and sentences give the
results; then what the document says is held against itself. What is not understood is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qcvalidate.documents import Box, Document, Page
from qcvalidate.errors import DocumentError
from qcvalidate.frames import observations
from qcvalidate.labs import LabProfile
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context
from qcvalidate.readers.certificates import profiles
from qcvalidate.readers.certificates.agreement import state_by_vocabulary, unconfirmed
from qcvalidate.readers.certificates.bilingual import TwoTongues, twice
from qcvalidate.readers.certificates.crosschecks import conclude, crosschecks
from qcvalidate.readers.certificates.doubts import doubtful_text
from qcvalidate.readers.certificates.header import (
    Found,
    candidates,
    chosen,
    place,
    settle,
    signatures,
)
from qcvalidate.readers.certificates.keyvalues import (
    KeyValue,
    Labels,
    key_values,
    plain,
    starts_with_label,
)
from qcvalidate.readers.certificates.leftovers import leftovers, missing_pages, tested_person
from qcvalidate.readers.certificates.letters import found_in_prose
from qcvalidate.readers.certificates.lines import Block, Line, joined, lines
from qcvalidate.readers.certificates.phrasebook import Phrasebook, phrasebook
from qcvalidate.readers.certificates.prose import Prose, read_prose, sentences
from qcvalidate.readers.certificates.results import Reported, report_row, report_statement
from qcvalidate.readers.certificates.resulttable import ResultTable
from qcvalidate.readers.certificates.rows import Row, rows_of
from qcvalidate.readers.certificates.setting import Setting
from qcvalidate.readers.certificates.standing import report_status
from qcvalidate.readers.certificates.tables import tables
from qcvalidate.readers.certificates.titles import headlines, title_of
from qcvalidate.readers.certificates.whatfor import (
    is_other,
    keep_to_product,
    other_lots,
    purpose,
)
from qcvalidate.record import Field, Finding, Record, Severity, Source, State
from qcvalidate.vocabulary import TestName

# Asked only where no reader of a certain laboratory, software or format claims the document.
LAST_RESORT = True


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001
    """Take whatever has pages for a certificate; one without a result is refused in reading."""
    return document.kind == "pages"


def read(document: Document, context: Context) -> Record:
    """Say what a certificate says; raise `DocumentError` when it holds no test result."""
    profile, book, layout = _understood(document, context)
    setting, header, findings = _header(document, layout, context.locale, book, profile)
    reported = Reported()
    for table in layout.tables:
        for row in rows_of(table, book):
            report_row(row, setting, reported)
        findings += (_muddled(document.name, block) for block in table.muddled)
    for row in _labelled_results(layout, setting):
        report_row(row, setting, reported)
    for statement in layout.prose.statements:
        report_statement(statement, setting, reported)
    if reported.observations:
        layout.prose.unclear += [s.sentence for s in layout.prose.bare if s.reading != "negative"]
    else:
        for statement in layout.prose.bare:
            report_statement(statement, setting, reported)
    reported.name_organisms(layout.prose.organisms)
    findings += reported.findings
    title = title_of(layout.lines, document.pages[0].height)
    findings += leftovers(document.name, layout.pairs, title, setting.status, book)
    findings += doubtful_text(document.name, layout.loose)
    findings += missing_pages(document.name, document.pages, layout.lines)
    findings += tested_person(document.name, layout.lines)
    findings += other_lots(document.name, layout.lines, layout.pairs, layout.tables, header)
    heads = headlines(layout.lines, document.pages[0].height)
    said = purpose(title, heads, layout.pairs)
    findings += keep_to_product(document.name, said, reported)
    findings += _unknown_types(document.name, layout.pairs, book)
    findings += crosschecks(
        document.name, layout.prose, layout.pairs, header, reported, setting.status
    )
    if not reported.observations and said.other is None:
        raise _nothing_found(document, findings)
    return Record(
        source=Source(document.name, document.sha256, document.kind, "certificates.generic"),
        header=header,
        observations=observations(reported.observations),
        findings=tuple(dict.fromkeys((*document.findings, *findings))),
    )


def read_header(document: Document, context: Context) -> dict[str, Field]:
    """Say only what the header of a document says, whether or not it holds results."""
    profile, book, layout = _understood(document, context)
    return _header(document, layout, context.locale, book, profile)[1]


def _understood(
    document: Document, context: Context
) -> tuple[LabProfile | None, Phrasebook, _Layout]:
    """Lay a document out; once more with a lab profile's words where one knows the paper."""
    book = phrasebook(context.vocabulary)
    layout = _lay_out(document.pages, book)
    profile = profiles.recognised(document, layout.lines, layout.pairs, context)
    if profile is not None:
        book = profiles.phrasebook_with(profile, context)
        layout = _lay_out(document.pages, book)
        profiles.without_harmless(profile, layout.prose)
    return profile, book, layout


def _muddled(name: str, block: Block) -> Finding:
    where = place(name, block)
    return Finding(
        "result-wording-unknown",
        Severity.HOLD,
        f"{where}: this row does not fit the columns of its table, and was not read: "
        f"“{block.text[:120]}”",
        where,
    )


def _nothing_found(document: Document, findings: Sequence[Finding]) -> DocumentError:
    # The error takes the place of the findings, so the gravest of them are told in it.
    held = [finding for finding in findings if finding.severity is Severity.HOLD]
    said = [finding.message for finding in (*document.findings, *held)][:3]
    beside = f" ({'; '.join(said)})" if said else ""
    return DocumentError(
        f"{document.name}: no test result was found on it; if it is a certificate, enter its "
        f"results by hand and ask for its layout to be added{beside}",
        slug="document-unclaimed",
    )


@dataclass(frozen=True)
class _Layout:
    """A document's text, sorted by what it is."""

    pages: tuple[Page, ...]
    lines: tuple[Line, ...]
    tables: tuple[ResultTable, ...]
    pairs: tuple[KeyValue, ...]
    prose: Prose
    # What no table and no label took.
    loose: tuple[Block, ...]


def _lay_out(pages: Sequence[Page], book: Phrasebook) -> _Layout:
    by_page = [lines(page) for page in pages]
    labels = TwoTongues(book)
    found = tables(
        by_page,
        lambda heading: twice(heading, book.meaning),
        lambda line: _is_foreign(line, labels),
    )
    in_tables = {word for table in found for word in table.words}
    pairs: list[KeyValue] = []
    outside: list[Line] = []
    for page_lines in by_page:
        free = [line for line in (_without(line, in_tables) for line in page_lines) if line]
        pairs += key_values(free, labels)
        outside += free
    told = {
        id(word)
        for pair in pairs
        if pair.field != "conclusion" and (value := chosen(pair)) is not None
        for block in (pair.label, value)
        for word in block.words
    } | {id(word) for pair in pairs if not pair.values for word in pair.label.words}
    loose = [line for line in (_without(line, told) for line in outside) if line]
    prose = read_prose(list(sentences(loose)), book)
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
    return _Layout(
        tuple(pages),
        tuple(line for page_lines in by_page for line in page_lines),
        tuple(found),
        tuple(pairs),
        prose,
        tuple(block for line in loose for block in line.blocks),
    )


_PAGE_NUMBER = re.compile(
    r"\b(?:page|seite|página|p\.?)\s*:?\s*\d+\s*(?:of|von|de|sur|/)\s*\d+", re.I
)


def _is_foreign(line: Line, labels: Labels) -> bool:
    """Say whether a line cannot be a row of a table: a header field, or a page's number."""
    return starts_with_label(line, labels) or _PAGE_NUMBER.search(line.text) is not None


def _without(line: Line, taken: set[int]) -> Line | None:
    blocks = tuple(b for b in line.blocks if not any(id(word) in taken for word in b.words))
    return Line(blocks) if blocks else None


# --- header --------------------------------------------------------------------------------


def _header(
    document: Document,
    layout: _Layout,
    declared: Locale,
    book: Phrasebook,
    profile: LabProfile | None,
) -> tuple[Setting, dict[str, Field], list[Finding]]:
    name = document.name
    loose = [block for line in layout.lines for block in line.blocks]
    found = [*candidates([p for p in layout.pairs if p.field not in _APART])]
    found += signatures(layout.pairs, loose)
    if not any(candidate.field == "method" for candidate in found):
        found += _method_in_type_of_test(layout.pairs)
    found += found_in_prose(layout.lines, found, book)
    locale, odd = profiles.settled(
        declared, profile, dates=_dates(loose), numbers=_numbers(layout, book), name=name
    )
    if profile is not None:
        placed, misfits = profiles.learnt_places(document, profile, layout.lines, layout.pairs)
        found += placed
        odd += [*misfits, *profiles.told_at_labels(name, profile, layout.pairs)]
        odd += profiles.used(document, profile)
    settled = settle(found, locale, name)
    header = dict(settled.fields)
    title = title_of(layout.lines, document.pages[0].height)
    if title is not None:
        header["title"] = Field(title.text, title.text, place(name, title))
    status, block, said = report_status(layout.pages, layout.lines, layout.pairs, title, book, name)
    if block is not None:
        state = state_by_vocabulary(block, book.status)
        header["status"] = Field(block.text, status.value, place(name, block), state)
        if state is not State.CONFIRMED:
            said = [*said, unconfirmed(name, "the status", block, Severity.HOLD)]
    conclusion, unclear = conclude(layout.pairs, layout.prose, status, book, name)
    if conclusion is not None:
        header["conclusion"] = conclusion
    test = _test_of_document(title, layout.pairs, book)
    setting = Setting.of(name, locale, book, test, header, status)
    return setting, header, [*odd, *settled.findings, *said, *unclear]


# These need more than their label.
_APART = ("signed_by", "signed_on", "title", "status", "conclusion")
_DATE_LIKE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")


def _dates(blocks: Sequence[Block]) -> Iterator[str]:
    """Give all that looks like a date anywhere: one 27/02/2026 proves the order for all."""
    for block in blocks:
        yield from _DATE_LIKE.findall(block.text)


def _numbers(layout: _Layout, book: Phrasebook) -> Iterator[str]:
    """Give the results and the limits, which may prove the decimal mark."""
    for table in layout.tables:
        for row in rows_of(table, book):
            yield from (answer.text for answer in row.answers)
            yield row.text("specification")


def _test_of_document(
    title: Block | None, pairs: Sequence[KeyValue], book: Phrasebook
) -> TestName | None:
    """Find the one test that the whole document is about, from its title or its type of test."""
    texts = [title.text] if title else []
    texts += [
        value.text
        for pair in pairs
        if plain(pair.label.text).casefold() in _TYPE_OF_TEST
        for value in pair.values[:1]
    ]
    tests = {test.test: test for text in texts for test in _tests_in(text, book)}
    if len(tests) != 1:
        return None
    return TestName(next(iter(tests)))


def _unknown_types(name: str, pairs: Sequence[KeyValue], book: Phrasebook) -> Iterator[Finding]:
    """Hold a document whose type of test is one that we do not know."""
    for pair in pairs:
        label = plain(pair.label.text).casefold()
        if label not in ("type of test", "test type", "prüfart", "type d'essai") or not pair.values:
            continue
        value = pair.values[0]
        if not any(True for _ in _tests_in(value.text, book)) and not is_other(value.text):
            where = place(name, value)
            message = f"{where}: “{value.text}” is no type of test that we know"
            yield Finding("test-unknown", Severity.HOLD, message, where)


_COMPENDIAL = re.compile(r"(?:USP|Ph\. ?Eur\.|EP|JP) (?:<\d+>|\d+(?:\.\d+)+)")


def _method_in_type_of_test(pairs: Sequence[KeyValue]) -> Iterator[Found]:
    """Give the chapter of a pharmacopoeia that stands in `Type of test: Sterility USP <71>`."""
    for pair in pairs:
        if plain(pair.label.text).casefold() not in _TYPE_OF_TEST:
            continue
        for value in pair.values[:1]:
            for start in range(len(value.words)):
                chapter = Block(value.words[start:], value.cell)
                if _COMPENDIAL.fullmatch(chapter.text):
                    yield Found("method", chapter, plain(pair.label.text))


_TYPE_OF_TEST = {
    "type of test",
    "test type",
    "test",
    "tests",
    "prüfart",
    "type d'essai",
    "test name",
}


def _tests_in(text: str, book: Phrasebook) -> Iterator[TestName]:
    words = text.split()
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + 6), start, -1):
            found = book.subject(" ".join(words[start:end]))
            if found is not None:
                yield found
                start = end
                break
        else:
            start += 1


# --- results that stand at labels -------------------------------------------------------------


def _labelled_results(layout: _Layout, setting: Setting) -> Iterator[Row]:
    """Give `Endotoxin: < 0.05 EU/mL` as a row, and `Result: No growth` of the document's test."""
    book = setting.phrasebook
    for pair in layout.pairs:
        label = plain(pair.label.text)
        if pair.field is not None or not pair.values:
            continue
        is_test = book.subject(label) is not None and not book.vocabulary.is_label(label)
        is_result = book.vocabulary.column(label) == "result"
        if not (is_test or is_result):
            continue
        value = pair.values[0]
        more = _at_result(value, layout.loose)
        verdict = next((block for block in more if book.verdict(block.text)), None)
        extra = [block for block in more if block is not verdict]
        value = joined([value, *extra])
        whole = Block((*pair.label.words, *value.words))
        cells = {"verdict": verdict} if verdict is not None else {}
        subject = label if is_test else ""
        if is_result and setting.test is not None:
            subject = book.vocabulary.tests[setting.test.test].title
        yield Row(subject or label, "", (value,), whole, cells)


def _at_result(value: Block, loose: Sequence[Block]) -> list[Block]:
    """Give what stands right of a result at a label, or close below it: it belongs to it."""
    return [
        block
        for block in loose
        if block.page == value.page and block.cell == value.cell and _belongs(value.box, block.box)
    ]


def _belongs(value: Box, other: Box) -> bool:
    height = value[3] - value[1]
    middle = (other[1] + other[3]) / 2
    beside = value[1] <= middle <= value[3] and other[0] >= value[2]
    below = 0 <= middle - value[3] <= height and abs(other[0] - value[0]) <= height / 2
    return beside or below
