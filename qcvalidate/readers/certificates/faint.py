"""Holds what a person may overlook on a paper: pale grey or tiny words that say something.

Laboratories set their addresses and conditions so, which is honest; never a result or a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from qcvalidate.documents import Word
from qcvalidate.readers.certificates.layout import Layout
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Finding, Place, Severity

_LONGEST = 80
# Fields on which no verdict rests.
_HARMLESS = ("client", "product", "laboratory", "title", "method", "remark")
_LONGEST_PHRASE = 6


def faint_words(name: str, layout: Layout, book: Phrasebook) -> Iterator[Finding]:
    """Hold faint words that were read as part of a result, or that tell; name the others once."""
    pages = [word for page in layout.pages for word in page.words if word.faint]
    if not pages:
        return
    read = _read(layout)
    harmless: list[Word] = []
    for line in layout.lines:
        for is_faint, run in groupby(_words(line), key=lambda word: word.faint):
            words = tuple(run)
            if not is_faint:
                continue
            if any(id(word) in read for word in words) or _tells(words, line, book):
                yield _finding(name, words, Severity.HOLD)
            else:
                harmless += words
    if harmless:
        yield _finding(name, tuple(harmless), Severity.INFORMATION)


def _words(line: Line) -> Iterator[Word]:
    return (word for block in line.blocks for word in block.words)


def _read(layout: Layout) -> set[int]:
    """Give the words that a result, or a field that matters, was read from."""
    blocks = [row.block for row in layout.rows]
    blocks += [
        block
        for pair in layout.pairs
        if pair.field is not None and pair.field not in _HARMLESS
        for block in (pair.label, *pair.values)
    ]
    said = (*layout.prose.statements, *layout.prose.bare)
    blocks += [statement.sentence.block for statement in said]
    blocks += [sentence.block for _, sentence in layout.prose.conclusions]
    return {id(word) for block in blocks for word in block.words}


def _tells(words: tuple[Word, ...], line: Line, book: Phrasebook) -> bool:
    """Say whether faint words speak of the outcome, by themselves or in their line."""
    text = Block(words).text
    if telling(text) is not None or telling(line.text) is not None:
        return True
    plain = text.strip(" .,:;()*")
    short = len(words) <= _LONGEST_PHRASE
    return short and (book.verdict(plain) is not None or book.reading(plain) is not None)


def _finding(name: str, words: tuple[Word, ...], severity: Severity) -> Finding:
    text = " ".join(word.text for word in words)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    first = words[0]
    region = first.region or ",".join(f"{edge:g}" for edge in first.bbox)
    place = Place(name, first.page, region)
    end = "; look at it, and ask the laboratory" if severity is Severity.HOLD else ""
    message = f"{place}: “{text}” is so pale or so small that it is easily overlooked{end}"
    return Finding("text-faint", severity, message, place)
