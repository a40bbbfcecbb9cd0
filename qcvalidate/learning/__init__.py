"""Drafts a lab profile from one certificate and the values that a person confirms on it.

Nothing is guessed into a profile: a label or a place is taken only when the reader, told of it,
reads the confirmed value there, and reads everything else as it did before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qcvalidate.documents import Document, open_document
from qcvalidate.errors import DocumentError, SpecificationError, UsageError
from qcvalidate.labs import LabProfile, load_profile
from qcvalidate.learning.comparing import Reading, differences, faults, read_with
from qcvalidate.learning.confirmed import Confirmed
from qcvalidate.learning.finding import Learnt, learnt_field, proved_order
from qcvalidate.learning.marks import marks_of
from qcvalidate.learning.writing import profile_text
from qcvalidate.locale import UNDECLARED, Locale
from qcvalidate.pipeline import Laboratory
from qcvalidate.readers import Context
from qcvalidate.readers.certificates.lines import Line, lines
from qcvalidate.readers.certificates.profiles import recognised
from qcvalidate.readers.certificates.telling import telling

__all__ = ["Confirmed", "Lesson", "Paper", "learn", "look_at"]


@dataclass(frozen=True)
class Paper:
    """A certificate as it is read before anything is learnt.

    `names` and `forms` are what it may be recognised by, the likeliest first.
    """

    document: Document
    lines: tuple[Line, ...]
    reading: Reading
    names: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """What was learnt: the profile's text, what it changes, and why it must not be used.

    `text` is empty where nothing could be drafted; `faults` is empty for a draft that reads all
    that was confirmed and changes nothing else.
    """

    text: str
    changes: tuple[str, ...]
    faults: tuple[str, ...]


def look_at(path: Path, laboratory: Laboratory, *, without: str | None = None) -> Paper:
    """Open a certificate and read it; `without` is the id of a profile that is to be replaced.

    Raises `UsageError` for what has no pages, and for a paper that a profile knows already.
    """
    document = open_document(path)
    if document.kind != "pages":
        raise UsageError(
            f"{path}: is no certificate with pages; a profile is learnt from a certificate"
        )
    profiles = tuple(profile for profile in laboratory.profiles if profile.id != without)
    reading = read_with(document, laboratory, profiles)
    used = next((f for f in reading.findings if f.slug == "lab-profile-used"), None)
    if used is not None:
        raise UsageError(
            f"{used.message}; change that profile's file, or give it as --output with --force"
        )
    laid_out = tuple(line for page in document.pages for line in lines(page))
    names, forms = marks_of(document, laid_out, reading, laboratory.vocabulary)
    return Paper(document, laid_out, reading, names, forms)


def learn(paper: Paper, confirmed: Confirmed, laboratory: Laboratory) -> Lesson:
    """Draft a profile with what was confirmed, and read the paper again with it."""
    profile = _began(paper, confirmed)
    notes: list[Learnt] = []
    missed: list[str] = []
    for field, value in confirmed.fields.items():
        known = paper.reading.header.get(field)
        if known is not None and known.value == value:
            continue
        named = confirmed.labels.get(field, ())
        found = learnt_field(field, value, paper.document, paper.lines, profile, laboratory, named)
        if isinstance(found, str):
            missed.append(found)
            continue
        notes.append(found)
        profile = found.added_to(profile)
    text = profile_text(profile, notes, paper.document)
    try:
        profile = _linted(text, profile.id, laboratory)
    except SpecificationError as error:
        return Lesson(text, (), (*missed, *str(error).splitlines()))
    try:
        after = read_with(paper.document, laboratory, (*_others(laboratory, profile), profile))
    except DocumentError as error:
        return Lesson(text, (), (*missed, str(error)))
    unread = faults(paper.reading, after, confirmed, laboratory.vocabulary)
    if recognised(paper.document, paper.lines, (), _context(laboratory, profile)) is None:
        missed.append(_not_recognised(profile))
    changes = [*differences(paper.reading, after), *_doubts(notes)]
    return Lesson(text, tuple(changes), tuple(dict.fromkeys([*missed, *unread])))


def _doubts(notes: Sequence[Learnt]) -> Iterator[str]:
    """Say which values stand at several places, so that another one may be meant."""
    for found in notes:
        if found.times > 1:
            at = f"“{found.label}” stands {found.where} it" if found.label else "it has no label"
            yield (
                f"look at {found.field}: “{found.printed}” stands {found.times} times, and "
                f"was learnt on page {found.page}, where {at}"
            )


def _context(laboratory: Laboratory, profile: LabProfile) -> Context:
    return Context(laboratory.vocabulary, UNDECLARED, (profile,))


def _began(paper: Paper, confirmed: Confirmed) -> LabProfile:
    """Begin a profile with what needs no search."""
    order = confirmed.dates or proved_order(confirmed.fields, paper.lines)
    return LabProfile(
        id=confirmed.id,
        version="0.1.0",
        laboratory=(*confirmed.names, *confirmed.forms, confirmed.id)[0],
        sha256="",
        names=confirmed.names,
        forms=confirmed.forms,
        locale=Locale(order, confirmed.decimal),
        columns=confirmed.columns,
        tests=confirmed.tests,
        results=confirmed.wordings,
        harmless=confirmed.harmless,
    )


def _others(laboratory: Laboratory, profile: LabProfile) -> Iterator[LabProfile]:
    return (other for other in laboratory.profiles if other.id != profile.id)


def _linted(text: str, name: str, laboratory: Laboratory) -> LabProfile:
    """Read the draft as it will be read from its file; raises `SpecificationError`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_profile(path, laboratory.catalogue, laboratory.vocabulary, telling)
        except SpecificationError as error:
            raise SpecificationError(str(error).replace(f"{path}: ", "")) from error


def _not_recognised(profile: LabProfile) -> str:
    marks = " and ".join(f"“{mark}”" for mark in (*profile.names, *profile.forms))
    return (
        f"{marks} does not stand on this paper where a laboratory names itself (the upper third of "
        "page 1, the foot of a page) or its form is numbered; give it as it is printed"
    )
