"""Holds what stands on a certificate and was read as nothing, where it may speak of the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.documents import Page
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.header import place
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.naming import without_tests
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.telling import says_none, telling
from qcvalidate.record import Finding, Place, Severity, Status

_PAGE_OF = re.compile(
    r"\b(?:page|seite|página|pagina|p\.?)\s*:?\s*(\d{1,3})\s*(?:of|von|de|sur|di|/)\s*(\d{1,3})\b",
    re.IGNORECASE,
)
_KEPT_TEXTS = ("product", "method", "sample_id")
_DONORS = ("donor", "birth mother", "mother", "maternal", "spender", "donneur")


def leftovers(
    name: str,
    pairs: Sequence[KeyValue],
    title: Block | None,
    status: Status,
    book: Phrasebook,
) -> Iterator[Finding]:
    """Give the answers of labels and the words of the title that nobody understood."""
    is_preliminary = status is Status.PRELIMINARY
    bare = without_tests(_without_status(title.text, book), book) if title is not None else ""
    if title is not None and telling(bare, is_preliminary=True):
        yield _unread(name, title, title.text)
    for pair in pairs:
        label = plain(pair.label.text)
        if not pair.values or _is_read(label, pair, book):
            continue
        value = pair.values[0]
        alone = telling(value.text, is_preliminary=is_preliminary)
        labelled = telling(f"{label}: {value.text}", is_preliminary=is_preliminary)
        told = alone if pair.field in _KEPT_TEXTS else labelled
        if (told and not says_none(value.text)) or (labelled and pair.field is None):
            yield _unread(name, value, f"{label}: {value.text}")


def _is_read(label: str, pair: KeyValue, book: Phrasebook) -> bool:
    """Say whether a pair is read elsewhere: a header field with a shape, a result, a legend."""
    if pair.field is not None:
        return pair.field not in _KEPT_TEXTS
    column = book.vocabulary.column(label)
    if column == "specification":
        # "Requirements: not met" says what came out, and not what was required.
        return not _is_failure(pair.values[0].text, book)
    if column in ("result", "part"):
        return True
    return book.subject(label) is not None and not book.vocabulary.is_label(label)


def _is_failure(text: str, book: Phrasebook) -> bool:
    parts = [text, *re.split(r"\s+/\s+|[;,]", text)]
    failed = any(book.verdict(part.strip(" .")) == "fail" for part in parts)
    return failed or any(found.search(text.strip()) for found in (_EXCEEDED, _NOT_MET))


_EXCEEDED = LazyPattern(
    r"^(?:(?:is|was|were|has been|have been|wurde|est|été|a été|fue|è stato|foi) )?"
    r"(?:exceeded|überschritten|dépassée?s?|superad[oa]s?|superat[oai]|excedid[oa]s?)[.!]?$",
    re.IGNORECASE,
)


_NOT_MET = LazyPattern(
    r"\b(?:not|nicht|non|pas|no|não) (?:been )?(?:met\b|fulfil|satisf|respect|complied|erfüllt"
    r"|eingehalten|rempli|cumpl|soddisf|rispett|atendid)",
    re.IGNORECASE,
)


def _without_status(text: str, book: Phrasebook) -> str:
    """Take known words of standing out of a title: its status has been read from them."""
    return " ".join(word for word in text.split() if book.status(word.strip(".,:;()-")) is None)


def _unread(name: str, block: Block, text: str) -> Finding:
    where = place(name, block)
    return Finding(
        "result-wording-unknown",
        Severity.HOLD,
        f"{where}: this may speak of the outcome and was not understood: “{text[:200]}”; "
        "ask the laboratory",
        where,
    )


def missing_pages(name: str, pages: Sequence[Page], lines: Sequence[Line]) -> Iterator[Finding]:
    """Hold a document that numbers more pages than it has."""
    for line in lines:
        for match in _PAGE_OF.finditer(line.text):
            if int(match[2]) > len(pages):
                where = Place(name, line.blocks[0].page)
                yield Finding(
                    "page-unread",
                    Severity.HOLD,
                    f"{where}: is “{match[0]}”, and the document has {len(pages)}; ask the "
                    "laboratory for the others",
                    where,
                )
                return


def tested_person(name: str, lines: Sequence[Line]) -> Iterator[Finding]:
    """Hold a donor's paper that says that it tested somebody else."""
    for line in lines:
        found = re.search(r"\bperson tested ?: ?(.+)", line.text, re.IGNORECASE)
        if found and not found[1].casefold().startswith(_DONORS):
            yield _unread(name, line.blocks[0], line.text)
