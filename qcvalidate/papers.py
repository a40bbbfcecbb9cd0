"""Opens and reads the files of one lot, and gates those that hold events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from qcvalidate import timings
from qcvalidate.dilutions import with_dilution
from qcvalidate.documents import Document, holds_events, open_document
from qcvalidate.documents.signatures import Trust
from qcvalidate.donors import with_screening
from qcvalidate.errors import DocumentError
from qcvalidate.files import sha256_of
from qcvalidate.identity import identity_key
from qcvalidate.laboratories import paper_of
from qcvalidate.manifest import Manifest
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Finding, Place, Record, Severity, Source
from qcvalidate.redcells import with_red_cells
from qcvalidate.specification import Specification
from qcvalidate.stated import with_detection_limit, with_uncertainty
from qcvalidate.submission import Submission
from qcvalidate.workers import in_processes

# Below this many bytes of list-mode files, processes take longer to start than they save.
_WORTH_PROCESSES = 60_000_000


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


@dataclass(frozen=True)
class _Gating:
    """What the list-mode files of one lot are opened and gated with."""

    context: Context
    trust: Trust
    others: tuple[Paper, ...]
    manifest: Manifest
    specification: Specification
    plots: bool
    tubes: tuple[str, ...]


def open_papers(
    submission: Submission,
    context: Context,
    trust: Trust,
    specification: Specification,
    *,
    plots: bool,
    jobs: int = 1,
) -> list[Paper]:
    """Open and read every file, in the lot's order; list-mode files last, `jobs` of them at once.

    They want the strategies, and are large: a file's events are let go as soon as it is gated, so
    that no more files are in memory than are worked on.
    """
    manifest = submission.manifest
    read = {
        name: _opened(path, name, context, trust, submission.manifest.labels)
        for path, name in submission.files
        if not holds_events(path)
    }
    waiting = [(path, name) for path, name in submission.files if name not in read]
    gates = tuple(one for one in read.values() if one.document is None or _is_strategy(one))
    tubes = tuple(name for _, name in waiting)
    gating = _Gating(context, trust, gates, manifest, specification, plots, tubes)
    controls = {control.file for control in manifest.controls}
    # A control is gated once more, beside the gate that it is for; its events stay here.
    apart = [file for file in waiting if file[1] not in controls]
    if jobs > 1 and len(apart) > 1 and sum(_size(path) for path, _ in apart) >= _WORTH_PROCESSES:
        jobs = min(jobs, len(apart))
        done = in_processes(_gated, gating, apart, jobs, loaded="qcvalidate.gating")
        read |= {file[1]: paper or _lost(*file) for file, paper in zip(apart, done, strict=True)}
    read |= {file[1]: _gated(gating, file) for file in waiting if file[1] not in read}
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
    gated = [p.record for p in papers if p.record and not is_control(p, manifest)]
    days = {one.acquired.day for one in gated if one.acquired is not None and one.acquired.day}
    yield from compared_controls(
        documents, manifest, specification, _unread_strategies(papers), days
    )


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
    record = with_red_cells(record, chain([("", text)], _cells_of(paper.document)))
    return replace(paper, record=record)


def _cells_of(document: Document) -> Iterator[tuple[str, str]]:
    """Give every text of a table or message, each with the heading that it stands under."""
    for table in document.tables:
        headings = [cell.text for cell in table.rows[0]] if table.rows else []
        for row in table.rows[1:]:
            yield from zip(headings, (cell.text for cell in row), strict=False)
    if document.kind == "structured":
        from qcvalidate.documents.structured import Structured  # noqa: PLC0415 - messages alone

        assert isinstance(document.content, Structured)  # noqa: S101 - its opener's
        yield from (("", node.text) for node in document.content.root.walk() if node.text)


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
        digest = sha256_of(path)
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
        with timings.stage("open", name):
            document = open_document(path, name, trust)
        if document.kind == "gating":
            return Paper(
                source_of(document, "cytometry.strategy"), document, None, document.findings
            )
        if name in labels:
            return Paper(*_label(document, context))
        with timings.stage("read", name):
            record = read_document(document, context)
    except DocumentError as error:
        finding = refusal_finding(error, name)
        findings = document.findings if document else ()
        return Paper(unread_source(path, name), document, None, (*findings, finding))
    return Paper(record.source, document, record, document.findings)


def _gated(gating: _Gating, file: tuple[Path, str]) -> Paper:
    """Open a list-mode file and gate it; without its strategy, or with an unfit one, it holds."""
    paper = _opened(*file, gating.context, gating.trust)
    document = paper.document
    if document is None or is_control(paper, gating.manifest):
        return paper
    without_events = replace(document, listmode=())
    if paper.record is None or document.kind != "listmode":
        return replace(paper, document=without_events)
    from qcvalidate.gating import choose_strategy, gate_record  # noqa: PLC0415 - flow alone

    strategies = [one.document for one in gating.others if one.document]
    try:
        unread = _unread_strategies(gating.others)
        strategy = choose_strategy(document, strategies, gating.manifest, unread, gating.tubes)
        with timings.stage("gate", document.name):
            record = gate_record(
                paper.record,
                document,
                strategy,
                gating.specification,
                gating.manifest,
                plots=gating.plots,
            )
    except DocumentError as error:
        findings = (*paper.findings, refusal_finding(error, document.name))
        return replace(paper, document=without_events, findings=findings)
    return replace(paper, document=without_events, record=record)


def _lost(path: Path, name: str) -> Paper:
    """Hold a lot for a file whose reading ended with the process that did it, twice."""
    error = DocumentError(
        f"{name}: the process that read it was ended from outside or ran out of memory, twice; "
        "see that the machine has three times the file's size of memory free, and check again",
        slug="document-unreadable",
    )
    return Paper(unread_source(path, name), findings=(refusal_finding(error, name),))


def _is_strategy(paper: Paper) -> bool:
    return paper.document is not None and paper.document.kind == "gating"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _unread_strategies(papers: Sequence[Paper]) -> tuple[str, ...]:
    """Name the files that might hold a gating strategy, were they readable."""
    names = (paper.source.path for paper in papers if paper.document is None)
    return tuple(name for name in names if name.lower().endswith((".xml", ".gatingml")))
