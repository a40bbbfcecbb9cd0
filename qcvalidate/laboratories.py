"""Holds the laboratories behind the papers to the specification: whose, accredited, approved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from qcvalidate.documents import Document, Page, Word
from qcvalidate.folding import key
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Place, Record, Severity, State
from qcvalidate.specification import LaboratoryNeeds, Specification

# What a paper prints that has each accreditation.
_ACCREDITATIONS = {
    "iso_17025": re.compile(r"\b17025\b"),
    "gmp": re.compile(r"\bc?GMP\b|good manufacturing practice", re.IGNORECASE),
    "clia": re.compile(r"\bCLIA\b|\b\d{2}D\d{7}\b"),
    "fda": re.compile(r"\bFEI\b|\bFDA[- ](?:registered|reg\b)", re.IGNORECASE),
}
_WORDS_OF = {"iso_17025": "ISO/IEC 17025", "gmp": "GMP", "clia": "CLIA", "fda": "FDA registration"}
_NOT_COVERED = LazyPattern(
    r"(?:not|outside)(?: \w+){0,3} (?:scope|accredited|accreditation)|non[- ]accredited"
    r"|nicht akkreditiert|hors (?:du )?(?:champ|port[ée]e|accr[ée]ditation)|no acreditado"
    r"|non accreditat[oa]|n[ãa]o acreditado|subcontracted|fremdvergabe|sous-trait[ée]",
    re.IGNORECASE,
)
_IS_LABORATORY = re.compile(
    r"laborat|\blabors?\b|\blabs?\b|institut|diagnosti|testing|prüf|analy|microbiol|mikrobiol"
    r"|patholog|assay|\b17025\b|\bCLIA\b",
    re.IGNORECASE,
)
_LEGAL_FORMS = re.compile(
    r"\b(?:inc|llc|ltd|limited|gmbh|ag|sa|sas|sarl|srl|spa|bv|plc|corp|corporation|co|kg|mbh)\b"
)
_IS_TITLE = re.compile(
    r"report|certificate|bericht|zertifikat|rapport|informe|page \d", re.IGNORECASE
)
# The part of the first page above this is the letterhead.
_LETTERHEAD = 0.15
_REVOKED = re.compile(r"\b610\.30\b")


@dataclass(frozen=True)
class Paper:
    """A paper with results of this lot, and the words on its pages ("" where it has none)."""

    record: Record
    rows: tuple[Observation, ...]
    letterhead: str
    text: str


def paper_of(record: Record, document: Document | None, rows: Sequence[Observation]) -> Paper:
    """Put a paper together with those of the lot's counting results that stand on it."""
    own = tuple(row for row in rows if row.source == record.source.path)
    pages = document.pages if document else ()
    words = [word for page in pages for word in page.words if word.visible and not word.struck]
    text = " ".join(word.text for word in words)
    top = [word.text for word in words if _in_letterhead(word, pages[0], record)]
    return Paper(record, own, " ".join(top), text)


def _in_letterhead(word: Word, page: Page, record: Record) -> bool:
    """Say whether a word stands at the top of the first page, and is not the client's name."""
    if word.page != page.number or word.bbox[3] > page.height * _LETTERHEAD:
        return False
    client = record.header.get("client")
    if client is None or client.place.page != page.number or not client.place.region:
        return True
    edges = [float(edge) for edge in re.findall(r"-?[0-9.]+", client.place.region)]
    middle = (word.bbox[0] + word.bbox[2]) / 2, (word.bbox[1] + word.bbox[3]) / 2
    within = (
        len(edges) == len(word.bbox)
        and edges[0] <= middle[0] <= edges[2]
        and edges[1] <= middle[1] <= edges[3]
    )
    return not within


def name_of_laboratory(record: Record, document: Document | None) -> str | None:
    """Give the laboratory's name as its paper states it, or as the first line heads it.

    None where neither does for certain: a first line may be a title or a client, too.
    """
    stated = record.stated("laboratory")
    if stated is not None or document is None or not document.pages:
        return stated
    page = document.pages[0]
    words = [word for word in page.words if word.visible and word.upright and not word.struck]
    top = min(words, key=lambda word: word.bbox[1], default=None)
    if top is None or not _in_letterhead(top, page, record):
        return None
    line = [word for word in words if _beside(word, top)]
    text = " ".join(word.text for word in line)
    named = _IS_LABORATORY.search(text) or _LEGAL_FORMS.search(key(text))
    sure = all(word.state is State.CONFIRMED for word in line)
    return text if named and sure and not _IS_TITLE.search(text) else None


def _beside(word: Word, other: Word) -> bool:
    return word.bbox[1] < other.bbox[3] - 1 and other.bbox[1] < word.bbox[3] - 1


def laboratory_findings(
    papers: Sequence[Paper],
    specification: Specification,
    manifest: Manifest,
    sterility: Collection[str],
) -> Iterator[Finding]:
    """Look at the laboratory of each paper; `sterility` are the tests of that family."""
    for paper in papers:
        yield from _always(paper, sterility)
        needs = specification.laboratory
        if needs is not None and any(row.test in needs.tests for row in paper.rows):
            yield from _needed(paper, needs, manifest)


def _always(paper: Paper, sterility: Collection[str]) -> Iterator[Finding]:
    path = paper.record.source.path
    if paper.rows and _REVOKED.search(_said(paper)):
        message = (
            f"{path} cites 21 CFR 610.30, which was revoked on 2020-09-21; ask which method for "
            "mycoplasma was used (USP <63>, Ph. Eur. 2.6.7)"
        )
        yield paper.record.finding("reference-revoked", Severity.WARNING, message)
    if any(row.test in sterility for row in paper.rows):
        held = {name for name, pattern in _ACCREDITATIONS.items() if pattern.search(_said(paper))}
        if held == {"clia"}:
            message = (
                f"{path} names CLIA alone, which covers tests of patients; a product's sterility "
                "is tested under GMP or ISO/IEC 17025"
            )
            yield paper.record.finding("laboratory-clia-only", Severity.WARNING, message)


def _said(paper: Paper) -> str:
    fields = [field.text for field in paper.record.header.values()]
    return " ".join([*fields, *(row.method or "" for row in paper.rows), paper.text])


def _needed(paper: Paper, needs: LaboratoryNeeds, manifest: Manifest) -> Iterator[Finding]:
    record = paper.record
    path, name = record.source.path, record.stated("laboratory")
    place = Place(path)
    shown = name or paper.letterhead
    if needs.independent:
        fault = _dependence(shown, named=name is not None, clinic=manifest.clinic)
        if fault is not None:
            yield Finding("laboratory-not-independent", Severity.HOLD, f"{path}: {fault}", place)
    if needs.approved and not any(_bears(shown, one) for one in needs.approved):
        message = (
            f"{path} names no laboratory of the approved list ({', '.join(needs.approved)}); it "
            f"shows {_quoted(shown)}"
        )
        yield Finding("laboratory-not-approved", Severity.HOLD, message, place)
    yield from _accreditation(paper, needs)


def _dependence(shown: str, *, named: bool, clinic: str | None) -> str | None:
    """Say what keeps a laboratory from being shown to be another than the clinic."""
    if clinic is None:
        return "an independent laboratory is asked for, and lot.yaml does not name the clinic"
    if _bears(shown, clinic):
        return f"the laboratory {_quoted(shown)} is the clinic itself; a third party is asked for"
    if not named and not _IS_LABORATORY.search(shown):
        return "it does not say which laboratory tested; a third party is asked for"
    return None


def _accreditation(paper: Paper, needs: LaboratoryNeeds) -> Iterator[Finding]:
    if not needs.accreditation:
        return
    path, said = paper.record.source.path, _said(paper)
    wanted = " or ".join(_WORDS_OF[name] for name in needs.accreditation)
    if not any(_ACCREDITATIONS[name].search(said) for name in needs.accreditation):
        message = f"{path} shows no accreditation; {wanted} is asked for"
        yield paper.record.finding("laboratory-not-accredited", Severity.HOLD, message)
        return
    outside = _NOT_COVERED.search(said)
    if outside is not None:
        message = (
            f"{path} says “{outside[0]}”: part of it is not covered by the accreditation ({wanted})"
            " that is asked for; ask the laboratory which test that is"
        )
        yield paper.record.finding("laboratory-not-accredited", Severity.HOLD, message)


def _bears(text: str, name: str) -> bool:
    """Say whether a text bears a name as whole words, whatever its legal form."""
    wanted, found = _plain(name), _plain(text)
    return bool(wanted) and f" {wanted} " in f" {found} "


def _plain(text: str) -> str:
    return " ".join(_LEGAL_FORMS.sub(" ", key(text)).split())


def _quoted(text: str) -> str:
    return f"“{text[:80]}”" if text.strip() else "none"
