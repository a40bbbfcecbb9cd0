"""Finds results that stand under a heading: a test's name, and below it what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qcvalidate.readers.certificates.header import chosen
from qcvalidate.readers.certificates.keyvalues import KeyValue
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.wording import key

_LONGEST = 6
# A result stands this many line heights under its heading, and as far to its right.
_BELOW = 1.2
_INDENTED = 4.0
# What hospitals call the culture that the whole paper is about.
_CULTURES = frozenset(("culture", "cultures", "culture result", "culture results", "kultur"))
_NUMBER = re.compile(r"[<>≤≥=]? ?\d[\d.,' ]*(?:[x×*·] ?10\^?\d+)? ?(?P<unit>.+)")


def is_heading_of_test(text: str, book: Phrasebook) -> bool:
    """Say whether a line is nothing but the name of a test, and no result in itself.

    `Bacterial endotoxins` over a block tells of no bacteria.
    """
    name = bare_name(text.rstrip(":"))
    if len(name.split()) > _LONGEST or book.subject(name) is None:
        return False
    return book.vocabulary.result(text).kind == "unknown" and book.verdict(text) is None


def is_culture(label: str) -> bool:
    """Say whether a heading is `Culture`, which says which test only where the paper does."""
    return key(label) in _CULTURES


def heading_of(line: Line, book: Phrasebook) -> Block | None:
    """Give the one block of a line that is a heading of a test."""
    alone = line.blocks[0] if len(line.blocks) == 1 else None
    return alone if alone is not None and is_heading_of_test(alone.text, book) else None


def under_headings(
    lines: Sequence[Line], pairs: Sequence[KeyValue], book: Phrasebook
) -> Iterator[KeyValue]:
    """Give the headings of tests with the result on the line below: a wording that is known.

    A result that goes on over a second line is none: what follows might take it back.
    """
    taken = {
        id(word)
        for pair in pairs
        for block in (pair.label, chosen(pair))
        if block is not None
        for word in block.words
    }
    for at, (above, below) in enumerate(pairwise(lines)):
        heading, value = above.blocks[0], below.blocks[0]
        if len(above.blocks) > 1 or len(below.blocks) > 1 or not _is_under(heading, value):
            continue
        if any(id(word) in taken for word in (*heading.words, *value.words)):
            continue
        named = book.subject(bare_name(heading.text))
        if not is_culture(heading.text) and not is_heading_of_test(heading.text, book):
            continue
        whole = _first_sentence(value)
        after = lines[at + 2] if at + 2 < len(lines) else None
        if whole is value and after is not None and _goes_on(value, after):
            continue
        if _is_known(whole.text, named.test if named else "sterility", book):
            yield KeyValue(None, heading, (whole,))


def _is_under(heading: Block, value: Block) -> bool:
    if heading.page != value.page or heading.cell != value.cell:
        return False
    near = 0 <= value.box[1] - heading.box[3] + heading.height / 2 <= _BELOW * heading.height
    return near and -2 <= value.box[0] - heading.box[0] <= _INDENTED * heading.height


def _first_sentence(value: Block) -> Block:
    """Give the words up to the first full stop: `No growth to date. Incubation continues.`"""
    ends = (i for i, word in enumerate(value.words[:-1], 1) if word.text.endswith("."))
    first = next(ends, None)
    return value if first is None else Block(value.words[:first], value.cell)


def _goes_on(value: Block, after: Line) -> bool:
    below = after.blocks[0]
    near = below.page == value.page and below.box[1] - value.box[3] <= value.height
    return near and not value.text.endswith(".") and below.text[:1].islower()


def _is_known(text: str, test: str, book: Phrasebook) -> bool:
    if book.vocabulary.tests[test].kind == "qualitative":
        return book.vocabulary.result(text, test).kind != "unknown"
    number = _NUMBER.fullmatch(text)
    return number is not None and book.vocabulary.unit(number["unit"]) is not None
