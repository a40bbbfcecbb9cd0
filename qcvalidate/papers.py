"""Opens and reads the files of one lot, and gates those that hold events."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from qcvalidate.dilutions import with_dilution
from qcvalidate.documents import Document, holds_events, open_document
from qcvalidate.documents.signatures import Trust
from qcvalidate.donors import with_screening
from qcvalidate.errors import DocumentError
from qcvalidate.files import regular_size
from qcvalidate.identity import identity_key
from qcvalidate.laboratories import paper_of
from qcvalidate.manifest import Manifest
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Finding, Place, Record, Severity, Source
from qcvalidate.specification import Specification
from qcvalidate.stated import with_detection_limit, with_uncertainty
from qcvalidate.submission import Submission

# List-mode files that are gated at once: each takes up to three times its size of memory.
_MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Paper:
    """One file of a lot, as far as it could be read."""

    source: Source
    document: Document | None = None
    record: Record | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def unread(self) -> bool:
        """Say whether the file could not be read, so that its lot cannot pass."""
        return self.record is None and (self.document is None or self.document.kind != "gating")


def open_papers(
    submission: Submission,
    context: Context,
    trust: Trust,
    specification: Specification,
    *,
    plots: bool,
) -> list[Paper]:
    """Open and read every file, in the lot's order; list-mode files last, and several at once.

    They want the strategies, and are large: a file's events are let go as soon as it is gated, so
    that no more files are in memory than are worked on.
    """
    read = {
        name: _opened(path, name, context, trust, submission.manifest.labels)
        for path, name in submission.files
        if not holds_events(path)
    }
    others = list(read.values())

    def gated(file: tuple[Path, str]) -> Paper:
        paper = _opened(*file, context, trust)
        paper = _gated(paper, others, submission.manifest, specification, plots=plots)
        events = paper.document
        if events is None or is_control(paper, submission.manifest):
            # A control is gated once more, beside the gate that it is for.
            return paper
        return replace(paper, document=replace(events, listmode=()))

    waiting = [(path, name) for path, name in submission.files if name not in read]
    if len(waiting) > 1:
        with ThreadPoolExecutor(min(_MOST_AT_ONCE, os.cpu_count() or 1)) as workers:
            found = list(workers.map(gated, waiting))
    else:
        found = [gated(file) for file in waiting]
    read |= {name: paper for (_, name), paper in zip(waiting, found, strict=True)}
    return [read[name] for _, name in submission.files]


def is_control(paper: Paper, manifest: Manifest) -> bool:
    """Say whether a list-mode file is a control tube of the lot, whose events are no sample's."""
    declared = {control.file for control in manifest.controls}
    is_listmode = paper.document is not None and paper.document.kind == "listmode"
    return is_listmode and paper.source.path in declared


def control_findings(
    papers: Sequence[Paper], manifest: Manifest, specification: Specification
) -> Iterator[Finding]:
    """Hold the control tubes that lot.yaml declares beside their gates."""
    if not manifest.controls:
        return
    from qcvalidate.gating import compared_controls  # noqa: PLC0415 - flow alone

    documents = {paper.source.path: paper.document for paper in papers}
    yield from compared_controls(documents, manifest, specification, _unread_strategies(papers))


def analysed(paper: Paper, specification: Specification) -> Paper:
    """Let the populations of an analysed export answer the tests that they are mapped to."""
    if paper.record is None or not paper.record.reported:
        return paper
    from qcvalidate.analysed import answered  # noqa: PLC0415 - flow alone

    return replace(paper, record=answered(paper.record, specification))


def told_apart(paper: Paper) -> Paper:
    """Let a paper say anywhere on its pages how its test was diluted, or how uncertain it is."""
    if paper.record is None or paper.document is None:
        return paper
    text = paper_of(paper.record, paper.document, ()).text
    record = paper.record
    for told in (with_dilution, with_uncertainty, with_detection_limit):
        record = told(record, text)
    return replace(paper, record=record)


def screened(paper: Paper, specification: Specification) -> Paper:
    """Let a donor's paper say anywhere on its pages that its tests are for screening."""
    needs = [c.needs.specimen for c in specification.criteria]
    if paper.record is None or not any(need and need.screening_stated for need in needs):
        return paper
    text = paper_of(paper.record, paper.document, ()).text
    return replace(paper, record=with_screening(paper.record, text))


def with_lot(manifest: Manifest, papers: Sequence[Paper]) -> Manifest:
    """A single document without a manifest is judged as the lot that it names itself."""
    if manifest.lot is not None:
        return manifest
    lots = {}
    for paper in papers:
        if paper.record is None:
            continue
        header = paper.record.stated("lot")
        if header is not None:
            lots[identity_key(header)] = header
        for lot in paper.record.observations["lot"].dropna():
            lots[identity_key(lot)] = lot
    return replace(manifest, lot=next(iter(lots.values()))) if len(lots) == 1 else manifest


def unread_source(path: Path, name: str) -> Source:
    """Name the bytes that could not be read, where they can be had at all."""
    try:
        regular_size(path)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        digest = ""
    return Source(name, digest, "unread", "none")


def source_of(document: Document, reader: str) -> Source:
    """Name a document as a source, with what read it."""
    return Source(document.name, document.sha256, document.kind, reader)


def refusal_finding(error: DocumentError, name: str) -> Finding:
    """Hold a lot for a document that was refused."""
    return Finding(error.slug, Severity.HOLD, str(error), Place(name, error.page))


def _label(
    document: Document, context: Context
) -> tuple[Source, Document, Record, tuple[Finding, ...]]:
    from qcvalidate.labels import read_label  # noqa: PLC0415 - few lots have one

    record = read_label(document, context)
    return record.source, document, record, document.findings


def _opened(
    path: Path, name: str, context: Context, trust: Trust, labels: Collection[str] = ()
) -> Paper:
    """Open and read one file; what cannot be read holds the lot, and the next gets its turn."""
    document = None
    try:
        document = open_document(path, name, trust)
        if document.kind == "gating":
            return Paper(
                source_of(document, "cytometry.strategy"), document, None, document.findings
            )
        if name in labels:
            return Paper(*_label(document, context))
        record = read_document(document, context)
    except DocumentError as error:
        finding = refusal_finding(error, name)
        findings = document.findings if document else ()
        return Paper(unread_source(path, name), document, None, (*findings, finding))
    return Paper(record.source, document, record, document.findings)


def _gated(
    paper: Paper,
    papers: Sequence[Paper],
    manifest: Manifest,
    specification: Specification,
    *,
    plots: bool,
) -> Paper:
    """Gate a list-mode file; without its strategy, or with an unfit one, it holds the lot."""
    document = paper.document
    if document is None or paper.record is None or document.kind != "listmode":
        return paper
    if is_control(paper, manifest):
        return paper
    from qcvalidate.gating import choose_strategy, gate_record  # noqa: PLC0415 - flow alone

    strategies = [
        other.document for other in papers if other.document and other.document.kind == "gating"
    ]
    try:
        strategy = choose_strategy(document, strategies, manifest, _unread_strategies(papers))
        record = gate_record(paper.record, document, strategy, specification, manifest, plots=plots)
    except DocumentError as error:
        return replace(paper, findings=(*paper.findings, refusal_finding(error, document.name)))
    return replace(paper, record=record)


def _unread_strategies(papers: Sequence[Paper]) -> tuple[str, ...]:
    """Name the files that might hold a gating strategy, were they readable."""
    names = (paper.source.path for paper in papers if paper.document is None)
    return tuple(name for name in names if name.lower().endswith((".xml", ".gatingml")))
