"""Says how far a certificate has come: final, preliminary, amended or withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.documents import Page
from qcvalidate.readers.certificates.keyvalues import KeyValue
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.record import Finding, Place, Severity, Status

# The worst that a paper says of itself counts.
_WORST_FIRST = (Status.CANCELLED, Status.PRELIMINARY, Status.AMENDED, Status.FINAL)
_LONGEST_PHRASE = 3
# A line in the head of a paper that is no sentence.
_LONGEST_HEADLINE = 8
_HEAD = 0.3
_ANNOUNCES = re.compile(
    r"\b(?:this|the present) (?:is an?|report is|report is an?|certificate is)\b"
    r"|\b(?:dies ist ein|dieser bericht ist|ce rapport est)\b",
    re.IGNORECASE,
)


def report_status(
    pages: Sequence[Page],
    lines: Sequence[Line],
    pairs: Sequence[KeyValue],
    title: Block | None,
    phrasebook: Phrasebook,
    name: str,
) -> tuple[Status, Block | None, list[Finding]]:
    """Give the status, where it is said (None when it is final for want of another word)."""
    said: list[tuple[Status, Block]] = []
    for block in _headlines(pages, lines, pairs, title):
        said += [(status, block) for status in _statuses_in(block.text, phrasebook)]
    for pair in pairs:
        if pair.field == "status" and pair.values:
            value = pair.values[0]
            said += [(status, value) for status in _statuses_in(value.text, phrasebook)]
    findings = list(_slanted(pages, phrasebook, name))
    for page in pages:
        slanted = [word for word in page.words if word.visible and not word.upright]
        if slanted:
            block = Block(tuple(slanted))
            said += [(status, block) for status in _statuses_in(block.text, phrasebook)]
    for status in _WORST_FIRST:
        for found, block in said:
            if found is status:
                return status, block, findings
    return Status.FINAL, None, findings


def _headlines(
    pages: Sequence[Page], lines: Sequence[Line], pairs: Sequence[KeyValue], title: Block | None
) -> Iterator[Block]:
    if title is not None:
        yield title
    taken = {
        id(word) for pair in pairs for block in (pair.label, *pair.values) for word in block.words
    }
    heights = {page.number: page.height for page in pages}
    for line in lines:
        for block in line.blocks:
            if any(id(word) in taken for word in block.words):
                continue
            in_head = block.page == 1 and block.box[3] <= _HEAD * heights[1]
            if (in_head and len(block.words) <= _LONGEST_HEADLINE) or _ANNOUNCES.search(block.text):
                yield block


def _statuses_in(text: str, phrasebook: Phrasebook) -> Iterator[Status]:
    words = [word.strip(".,:;()*-–[]") for word in text.split()]
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST_PHRASE) + 1):
            status = phrasebook.status(" ".join(words[start:end]))
            if status is not None:
                yield Status(status)


def _slanted(pages: Sequence[Page], phrasebook: Phrasebook, name: str) -> Iterator[Finding]:
    """Report text at another angle: a note in the margin is harmless, a stamp may not be."""
    for page in pages:
        words = [word for word in page.words if word.visible and not word.upright]
        if not words:
            continue
        text = " ".join(word.text for word in words)
        telling = any(
            phrasebook.verdict(word.text) == "fail" or phrasebook.reading(word.text) is not None
            for word in words
        )
        severity = Severity.HOLD if telling else Severity.WARNING
        yield Finding(
            "page-unread",
            severity,
            f"{name} page {page.number}: text at an angle was not read as a result: “{text[:80]}”",
            Place(name, page.number),
        )
