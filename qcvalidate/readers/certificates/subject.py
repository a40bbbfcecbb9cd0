"""Finds the one test that a whole document is about, in its title or at its type of test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from qcvalidate.readers.certificates.header import Found, place
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.layout import Layout
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.whatfor import (
    ASKING_FOR_A_TEST,
    TYPES_OF_TEST,
    is_other,
)
from qcvalidate.record import Finding, Severity
from qcvalidate.vocabulary import TestName

# A heading is in the upper part of the first page, larger than the text, and short.
_HEAD = 0.35
_LARGER = 1.15
_LONGEST = 10


def headings(layout: Layout) -> Iterator[Block]:
    """Give the large lines in the head of page 1, which may name the test: `Sterility test`."""
    blocks = [block for line in layout.lines for block in line.blocks if block.page == 1]
    usual = median([block.height for block in blocks]) if blocks else 0.0
    taken = {id(word) for pair in layout.pairs for word in pair.label.words}
    for block in blocks:
        in_head = block.box[3] <= _HEAD * layout.pages[0].height
        large = block.height >= _LARGER * usual and len(block.words) <= _LONGEST
        if in_head and large and not any(id(word) in taken for word in block.words):
            yield block


def test_of_document(
    titles: Sequence[Block | None], pairs: Sequence[KeyValue], book: Phrasebook
) -> TestName | None:
    """Find the one test that the whole document is about, from its title or its type of test."""
    texts = [title.text for title in titles if title]
    texts += [
        value.text
        for pair in pairs
        if plain(pair.label.text).casefold() in TYPES_OF_TEST
        for value in pair.values[:1]
    ]
    tests = {test.test: test for text in texts for test in tests_in(text, book)}
    if len(tests) != 1:
        return None
    return TestName(next(iter(tests)))


def unknown_types(name: str, pairs: Sequence[KeyValue], book: Phrasebook) -> Iterator[Finding]:
    """Hold a document whose type of test is one that we do not know."""
    for pair in pairs:
        label = plain(pair.label.text).casefold()
        if label not in ASKING_FOR_A_TEST or not pair.values:
            continue
        value = pair.values[0]
        if not any(True for _ in tests_in(value.text, book)) and not is_other(value.text):
            where = place(name, value)
            message = f"{where}: “{value.text}” is no type of test that we know"
            yield Finding("test-unknown", Severity.HOLD, message, where)


_COMPENDIAL = re.compile(r"(?:USP|Ph\. ?Eur\.|EP|JP) (?:<\d+>|\d+(?:\.\d+)+)")


def method_in_type_of_test(pairs: Sequence[KeyValue]) -> Iterator[Found]:
    """Give the chapter of a pharmacopoeia that stands in `Type of test: Sterility USP <71>`."""
    for pair in pairs:
        if plain(pair.label.text).casefold() not in TYPES_OF_TEST:
            continue
        for value in pair.values[:1]:
            for start in range(len(value.words)):
                chapter = Block(value.words[start:], value.cell)
                if _COMPENDIAL.fullmatch(chapter.text):
                    yield Found("method", chapter, plain(pair.label.text))


def tests_in(text: str, book: Phrasebook) -> Iterator[TestName]:
    """Give the tests that a text names, from the left."""
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
