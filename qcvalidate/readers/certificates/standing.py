"""Says how far a certificate has come: final, preliminary, amended or withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qcvalidate.documents import Page
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.bilingual import twice
from qcvalidate.readers.certificates.keyvalues import KeyValue
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.marks import has_boxes
from qcvalidate.readers.certificates.naming import is_title_of
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Finding, Place, Severity, Status

# The worst that a paper says of itself counts.
_WORST_FIRST = (Status.CANCELLED, Status.PRELIMINARY, Status.AMENDED, Status.FINAL)
_LONGEST_PHRASE = 3
_BAD = ("preliminary", "cancelled")
# Marks that only a stamp or a watermark bears.
_STAMPS = LazyPattern(
    r"\b(?:copy|kopie|copie|c[oó]pia|specimen|spécimen|sample report|muster|example|beispiel"
    r"|exemple|ejemplo|esempio|exemplo|fac-?simile)\b",
    re.I,
)
# A line in the head of a paper that is no sentence.
_LONGEST_HEADLINE = 8
_HEAD = 0.3
_ANNOUNCES = re.compile(
    r"\b(?:this|the present) (?:is an?|report is|report is an?|certificate is)\b"
    r"|\b(?:dies ist ein|dieser (?:prüf)?bericht ist|(?:ce|le présent) (?:rapport|certificat) est"
    r"|(?:este|el presente) (?:informe|certificado) es"
    r"|(?:questo|il presente) (?:rapporto|certificato) è"
    r"|(?:este|o presente) (?:relatório|certificado|laudo) é)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Standing:
    """How far a paper has come, and where it says so (None: final for want of another word).

    `is_sure` is False where the words are not known, and only count as not final.
    """

    status: Status
    block: Block | None = None
    is_sure: bool = True
    findings: tuple[Finding, ...] = ()


def report_status(
    pages: Sequence[Page],
    lines: Sequence[Line],
    pairs: Sequence[KeyValue],
    title: Block | None,
    phrasebook: Phrasebook,
    name: str,
) -> Standing:
    """Say how far a paper has come by its own words, the worst of them."""
    said: list[tuple[Status, Block]] = []
    guessed: list[Block] = []
    findings: list[Finding] = []
    for block in _headlines(pages, lines, pairs, title, phrasebook):
        said += [
            (status, block)
            for status in _statuses_in(block.text, phrasebook)
            if status is not Status.FINAL or _is_title(block.text, phrasebook)
        ]
    for pair in pairs:
        value = pair.values[0] if pair.values else None
        if value is not None and pair.field == "title" and _is_status(value.text, phrasebook):
            # "Report type: Final report"
            said += [(status, value) for status in _statuses_in(value.text, phrasebook)]
        if pair.field == "status" and value is not None:
            known = [(status, value) for status in _statuses_in(value.text, phrasebook)]
            whole = twice(value.text, phrasebook.status)
            if has_boxes(value) or not (whole or _is_status(value.text, phrasebook)):
                # What we do not know is not final.
                findings.append(_unknown_status(name, value))
                known = [(s, b) for s, b in known if s is not Status.FINAL]
                if not known:
                    guessed.append(value)
                    known = [(Status.PRELIMINARY, value)]
            said += known
    findings += _slanted(pages, phrasebook, name)
    for page in pages:
        slanted = [word for word in page.words if word.visible and not word.upright]
        if slanted:
            block = Block(tuple(slanted))
            said += [(status, block) for status in _statuses_in(block.text, phrasebook)]
    for status in _WORST_FIRST:
        for found, block in said:
            if found is status:
                is_sure = not any(block is guess for guess in guessed)
                return Standing(status, block, is_sure, tuple(findings))
    return Standing(Status.FINAL, findings=tuple(findings))


def _is_title(text: str, phrasebook: Phrasebook) -> bool:
    """Say whether a line calls the paper final, and not its reading, its product or a date."""
    if phrasebook.status(text.strip(" .:*")) is not None:
        return True
    return _PAPER.search(text) is not None and is_title_of(text, phrasebook)


_PAPER = LazyPattern(
    r"\b(?:report|certificate|certificat|certificado|certificato|rapport|informe|bulletin|rapporto"
    r"|relatório|boletim)\b|bericht|zertifikat",
    re.IGNORECASE,
)


def _is_status(text: str, phrasebook: Phrasebook) -> bool:
    """Say whether a text is a known status, perhaps with the number of a revision."""
    bare = _REVISION.sub("", text).strip(" ,;()")
    return phrasebook.status(bare) is not None


_REVISION = re.compile(r"[,;(]?\s*\b(?:rev(?:ision)?|version|v|no)\.? ?\d+\)?$|\s\d{1,2}$", re.I)


def _unknown_status(name: str, value: Block) -> Finding:
    where = Place(name, value.page, value.region)
    return Finding(
        "field-unreadable",
        Severity.HOLD,
        f"{where}: the status “{value.text}” is not one that we know; it does not count as final",
        where,
    )


def _headlines(
    pages: Sequence[Page],
    lines: Sequence[Line],
    pairs: Sequence[KeyValue],
    title: Block | None,
    phrasebook: Phrasebook,
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
            # "DRAFT" across a page, alone on its line.
            is_mark = len(block.words) <= _LONGEST_PHRASE and phrasebook.status(block.text) in _BAD
            short = in_head and len(block.words) <= _LONGEST_HEADLINE
            if short or is_mark or _ANNOUNCES.search(block.text):
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
        tells = telling(text) is not None or _STAMPS.search(text) is not None
        tells = tells or any(
            phrasebook.verdict(word.text) == "fail" or phrasebook.reading(word.text) is not None
            for word in words
        )
        known = list(_statuses_in(text, phrasebook))
        if Status.PRELIMINARY in known and telling(text, is_preliminary=True) is None:
            # It has been read as the status of the paper.
            tells = False
        severity = Severity.HOLD if tells else Severity.WARNING
        yield Finding(
            "page-unread",
            severity,
            f"{name} page {page.number}: text at an angle was not read as a result: “{text[:80]}”",
            Place(name, page.number),
        )
