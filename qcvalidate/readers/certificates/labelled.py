"""Reads results that stand at labels: `Endotoxin: < 0.05 EU/mL`, `Result: No growth`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qcvalidate.documents import Box
from qcvalidate.organisms import is_organism
from qcvalidate.readers.certificates.headed import is_culture
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.layout import Layout
from qcvalidate.readers.certificates.legend import spells
from qcvalidate.readers.certificates.lines import Block, joined
from qcvalidate.readers.certificates.listed import is_good, is_method
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.segments import Scope, Segment
from qcvalidate.wording import key


def is_result(pair: KeyValue, book: Phrasebook) -> bool:
    """Say whether a label is the name of a test, or asks for the result."""
    label = plain(pair.label.text)
    if pair.field is not None or not pair.values or not label:
        return False
    if spells(label.split()[-1], pair.values[0].text):
        # "PPC: positive product control" explains the word and reports nothing.
        return False
    return _is_test(label, book) or is_culture(label) or book.vocabulary.column(label) == "result"


def _is_test(label: str, book: Phrasebook) -> bool:
    return book.subject(label) is not None and not book.vocabulary.is_label(label)


def labelled_results(layout: Layout, scope: Scope) -> Iterator[Row]:
    """Give `Endotoxin: < 0.05 EU/mL` as a row, and `Result: No growth` of the document's test."""
    book = scope.whole.phrasebook
    for pair in layout.pairs:
        if not is_result(pair, book):
            continue
        if any(id(word) in layout.aside for word in pair.label.words) and is_good(
            pair.values[0], book
        ):
            # What is required, or was before, is no result; what is bad is told wherever it stands.
            continue
        label, value = plain(pair.label.text), pair.values[0]
        if _is_test(label, book) and is_method(value):
            # `Sterility: automated method, 14 days, Ph. Eur. 2.6.27.` in a footer.
            continue
        test = scope.at(pair.label).test
        more = _at_result(value, layout.loose)
        verdict = next((block for block in more if book.verdict(block.text)), None)
        extra = [block for block in more if block is not verdict]
        value = joined([value, *extra]) if extra else value
        whole = Block((*pair.label.words, *value.words))
        cells = _beside(scope.part_at(pair.label), book)
        if verdict is not None:
            cells["verdict"] = verdict
        subject = label
        if not _is_test(label, book) and test is not None:
            subject = book.vocabulary.tests[test.test].title
        yield Row(subject, "", (value,), whole, cells)


def named_organisms(pairs: Sequence[KeyValue]) -> list[tuple[KeyValue, Block]]:
    """Give the species that stand at labels such as `Organism ID`."""
    return [
        (pair, pair.values[0])
        for pair in pairs
        if pair.field is None
        and pair.values
        and key(plain(pair.label.text)) in _ORGANISM_LABELS
        and is_organism(pair.values[0].text, ())
    ]


_ORGANISM_LABELS = frozenset(
    key(label)
    for label in (
        *("organism", "organism id", "organism identification", "organism identified", "isolate"),
        *("identification", "identified as", "keim", "organismus", "isolat", "germe", "organisme"),
        *("organismo", "aislado", "microorganismo", "isolato", "isolado"),
    )
)


def is_told(pair: KeyValue, rows: Sequence[Row]) -> bool:
    """Say whether a label and its value are in one of these rows, as its result or beside it."""
    if not pair.values:
        return False
    value = pair.values[0]
    return any(any(value is block for block in (*row.cells.values(), *row.answers)) for row in rows)


_BESIDE = ("specification", "unit", "verdict", "method")


def _beside(part: Segment | None, book: Phrasebook) -> dict[str, Block]:
    """Give the limit, the unit and the method at their labels, in the part of one test."""
    if part is None or part.names.field is not None:
        return {}
    if sum(is_result(pair, book) for pair in part.pairs) != 1:
        return {}
    return {
        meaning: pair.values[0]
        for pair in part.pairs
        if pair.values
        and (meaning := book.vocabulary.column(plain(pair.label.text))) in _BESIDE
        and meaning is not None
    }


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
