"""Cuts the lines out of certificates on which values stand, for a person to see them.

A line that bears a patient's identifier is not shown unless the report may print it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qcvalidate.assessment import CriterionResult, Crop
from qcvalidate.documents import Box, Document, Page
from qcvalidate.documents.rendering import page_strips
from qcvalidate.identity import identity_key
from qcvalidate.masking import patients, shortener
from qcvalidate.record import Finding, Place, Record, Severity

# Of one criterion so many values are shown; a donor's panel may rest on dozens.
_MOST = 4
# Around a line, in points: what shows that no letter is cut off.
_EDGE = 2.0
_SIDE = 6.0
_TOLD = (Severity.FAIL, Severity.HOLD, Severity.WARNING)
_WITHHELD = "the line may bear a patient's identifier, which this report does not print"
# Who a person is may stand beside such a word in a form that nobody has read.
_OF_PERSONS = re.compile(r"(?<![a-z])(?:patient|pazient|pacient|mrn(?![a-z]))", re.I)
# A shorter identifier stands in many a number.
_LONG_ENOUGH = 4


@dataclass(frozen=True)
class _Line:
    """A place on a page, its box there, and the box of its line."""

    place: Place
    box: Box
    line: Box


def crops(
    results: Iterable[CriterionResult],
    findings: Iterable[Finding],
    papers: Sequence[tuple[Document, Record]],
    secret: Collection[str] | None,
) -> tuple[Crop, ...]:
    """Cut out what outcomes and findings rest on, as far as it stands on pages with pictures.

    `secret` are the identifiers of patients that may not be seen; None where they may.
    """
    wanted: dict[str, list[Place]] = {}
    for place in _places(results, findings):
        wanted.setdefault(place.path, []).append(place)
    found: dict[Place, Crop] = {}
    for document, record in papers:
        for crop in _cut(document, record, wanted.get(document.name, ()), secret):
            found[crop.place] = crop
    return tuple(found[place] for places in wanted.values() for place in places if place in found)


def _places(results: Iterable[CriterionResult], findings: Iterable[Finding]) -> list[Place]:
    places = [one.place for result in results for one in result.evidence[:_MOST]]
    places += [finding.place for finding in findings if finding.severity in _TOLD]
    return list(dict.fromkeys(place for place in places if place.page and place.box))


def _cut(
    document: Document, record: Record, places: Sequence[Place], secret: Collection[str] | None
) -> Iterator[Crop]:
    pages = {page.number: page for page in document.pages}
    lines = [line for place in places if (line := _line(place, pages)) is not None]
    hidden = {
        line.place
        for line in lines
        if secret is not None and _is_secret(line, record, pages, secret)
    }
    for line in lines:
        if line.place in hidden:
            yield Crop(line.place, withheld=_WITHHELD)
    shown = [line for line in lines if line.place not in hidden]
    if not shown or not _is_as_read(document):
        return
    parts = [(line.place.page or 0, line.line) for line in shown]
    strips = page_strips(document.path, parts, document)
    for line, part in zip(shown, parts, strict=True):
        if part in strips:
            left, top, right, bottom = line.line
            x0, y0, x1, y1 = line.box
            yield Crop(
                line.place,
                strips[part],
                (right - left, bottom - top),
                (x0 - left, y0 - top, x1 - left, y1 - top),
            )


def _line(place: Place, pages: Mapping[int, Page]) -> _Line | None:
    """Find the line of a page that holds a place: from its first word to its last."""
    page, box = pages.get(place.page or 0), place.box
    if page is None or box is None:
        return None
    x0, y0, x1, y1 = box
    beside = [word.bbox for word in page.words if y0 < (word.bbox[1] + word.bbox[3]) / 2 < y1]
    left = min([x0, *(one[0] for one in beside)]) - _SIDE
    right = max([x1, *(one[2] for one in beside)]) + _SIDE
    high, low = max(0.0, y0 - _EDGE), min(page.height, y1 + _EDGE)
    line = max(0.0, left), high, min(page.width, right), low
    return _Line(place, box, line) if line[0] < line[2] and high < low else None


def _is_secret(
    line: _Line, record: Record, pages: Mapping[int, Page], secret: Collection[str]
) -> bool:
    """Say whether a patient's identifier stands on a line, or reaches into its picture."""
    field = record.header.get("patient_id")
    if field and field.place.page == line.place.page:
        box = field.place.box
        if box is None or _overlaps(box, line.line):
            return True
    words = [w for w in pages[line.place.page or 0].words if _overlaps(w.bbox, line.line)]
    text = " ".join(word.text for word in words)
    known = {*secret, *patients([record])}
    pressed = identity_key(text)
    keys = [key for key in map(identity_key, known) if len(key) >= _LONG_ENOUGH]
    return (
        bool(_OF_PERSONS.search(text))
        or shortener(known)(text) != text
        or any(key in pressed for key in keys)
    )


def _overlaps(one: Box, other: Box) -> bool:
    return one[1] < other[3] and other[1] < one[3]


def _is_as_read(document: Document) -> bool:
    """Say whether the file still holds the bytes that were read."""
    try:
        with document.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == document.sha256
    except OSError:
        return False
