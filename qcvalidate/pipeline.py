"""The whole road for one lot: open, read, gate, gather, check, judge."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qcvalidate.assessment import (
    Assessment,
    CriterionResult,
    ExitStatus,
    Outcome,
    Scope,
    Verdict,
    due,
    verdict,
)
from qcvalidate.catalogue import Catalogue, open_catalogue
from qcvalidate.checking import check, unasked_findings
from qcvalidate.concordance import Concordance, concordance
from qcvalidate.countings import count_findings
from qcvalidate.documents import Document, open_document
from qcvalidate.documents.signatures import (
    BROKEN,
    NOBODY,
    Trust,
    load_trust,
    missing_signature,
)
from qcvalidate.donors import label_findings, page_findings, person_findings
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import DocumentError, SpecificationError, UsageError
from qcvalidate.frames import checked, observations, rows
from qcvalidate.labels import misfit_findings
from qcvalidate.laboratories import laboratory_findings, name_of_laboratory, paper_of
from qcvalidate.labs import LabProfile, load_profiles
from qcvalidate.lot import gather
from qcvalidate.manifest import MANIFEST, WAIVERS, Manifest
from qcvalidate.mappings import ColumnMapping, load_mappings
from qcvalidate.masking import patients, without_patients
from qcvalidate.papers import (
    Paper,
    analysed,
    control_findings,
    is_control,
    open_papers,
    refusal_finding,
    screened,
    source_of,
    told_apart,
    unread_source,
    with_lot,
)
from qcvalidate.particulars import particulars
from qcvalidate.products import (
    delivery_findings,
    dose_findings,
    product_facts,
    refusal,
)
from qcvalidate.ratios import ratio_findings
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Finding, Place, Record, Severity, Source
from qcvalidate.redcells import red_cell_findings
from qcvalidate.repeats import results_told, with_repeats, without_words
from qcvalidate.routing import (
    chosen_specification,
    departure_findings,
    unfit_findings,
    unknown_product,
)
from qcvalidate.specification import (
    Specification,
)
from qcvalidate.standing import administered_findings
from qcvalidate.submission import Submission, find_submissions
from qcvalidate.vocabulary import Vocabulary, load_vocabulary
from qcvalidate.waivers import (
    Judged,
    days_of,
    families_of,
    read_waivers,
    waived,
)

if TYPE_CHECKING:
    from qcvalidate.cytometry import GatingStrategy


# Families of tests that are made of the lot's own cells, and never of its donor.
_OF_CELLS = ("viability", "count", "dose", "phenotype")


@dataclass(frozen=True)
class Options:
    """How lots are checked.

    `as_of` stands for today in place of each lot's own `judged_on`; `today` where neither is.
    `specification` is an id or a path, in place of the manifest's product. `plots` draws the
    gates. `show_identifiers` leaves those of patients as they are printed. `jobs` is the number
    of processes that may work at once; a program of one's own that asks for more than one must
    guard its beginning with `if __name__ == "__main__":`.
    """

    today: dt.date
    as_of: dt.date | None = None
    specification: str | None = None
    scope: Scope = Scope.LOT
    plots: bool = True
    show_identifiers: bool = False
    jobs: int = 1


@dataclass(frozen=True)
class Laboratory:
    """What every document of a run is read with: the schemas, and whose signatures count."""

    catalogue: Catalogue
    trust: Trust = NOBODY

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Load the vocabulary, once for a run."""
        return load_vocabulary(self.catalogue)

    @cached_property
    def profiles(self) -> tuple[LabProfile, ...]:
        """Load the profiles of laboratories, once for a run."""
        return load_profiles(self.catalogue, self.vocabulary, telling)

    @cached_property
    def mappings(self) -> tuple[ColumnMapping, ...]:
        """Load the column mappings of exports, once for a run."""
        return load_mappings(self.catalogue, self.vocabulary)

    def context(self, manifest: Manifest) -> Context:
        """Give what the documents of one lot are read with."""
        return Context(self.vocabulary, manifest.locale, self.profiles, self.mappings)


def open_laboratory(schemas: Path | None = None, trust: Sequence[Path] = ()) -> Laboratory:
    """Open the schemas, the user's own folder in front of ours.

    `trust` are files and folders of root certificates, besides the `trust/` of that folder.
    """
    catalogue = open_catalogue(schemas)
    own = [folder / "trust" for folder in catalogue.folders[:-1] if (folder / "trust").is_dir()]
    return Laboratory(catalogue, load_trust([*trust, *own]))


def read(path: Path, laboratory: Laboratory, manifest: Manifest | None = None) -> Record:
    """Read one document: what it says, with every value's place, and no verdict."""
    seen = inspect(path, laboratory, manifest)
    if seen.refusal is not None:
        raise seen.refusal
    return seen.record


@dataclass(frozen=True)
class Inspection:
    """A document with what was read of it; a refused one has no values, and says why.

    `document` is None where it could not even be opened.
    """

    document: Document | None
    record: Record
    refusal: DocumentError | None


def inspect(path: Path, laboratory: Laboratory, manifest: Manifest | None = None) -> Inspection:
    """Read one document for a person to compare with its pages, whether or not it is refused."""
    context = laboratory.context(manifest or Manifest())
    document = None
    try:
        document = open_document(path, trust=laboratory.trust)
        record = read_document(document, context)
    except DocumentError as error:
        told = (*(document.findings if document else ()), refusal_finding(error, path.name))
        record = Record(unread_source(path, path.name), {}, observations([]), told)
        return Inspection(document, record, error)
    # A person who reads one export wants to know of all its samples.
    of_samples = [said for found in (record.samples or {}).values() for said in found]
    findings = tuple(dict.fromkeys([*document.findings, *record.findings, *of_samples]))
    record = replace(record, observations=checked(record.observations), findings=findings)
    return Inspection(document, record, None)


def gate(path: Path, strategy: Path) -> tuple[Source, GatingStrategy, pd.DataFrame, list[Finding]]:
    """Count the events of a list-mode file in each gate of a Gating-ML file.

    The findings say who stands behind the strategy, and what of it was not read.
    """
    from qcvalidate.cytometry import data_set_for  # noqa: PLC0415 - for list-mode files alone
    from qcvalidate.cytometry import gate as count_gates  # noqa: PLC0415
    from qcvalidate.gating import strategy_findings  # noqa: PLC0415

    document, gates = open_document(path), open_document(strategy)
    if document.kind != "listmode":
        raise DocumentError(f"{path}: is no list-mode file", slug="fcs-magic")
    if gates.strategy is None:
        raise DocumentError(f"{strategy}: is no gating strategy", slug="strategy-unreadable")
    listmode = data_set_for(document.listmode, gates.strategy)
    populations = count_gates(listmode, gates.strategy)
    findings = strategy_findings(gates.strategy)
    return source_of(document, "exports.listmode"), gates.strategy, populations, findings


def assess_paths(
    paths: Sequence[Path], laboratory: Laboratory, options: Options
) -> Iterator[Assessment]:
    """Assess every lot that these paths hold, in order; a path without lots is a `UsageError`."""
    return assess_submissions(find_submissions(paths, laboratory.catalogue), laboratory, options)


def assess_submissions(
    submissions: Sequence[Submission], laboratory: Laboratory, options: Options
) -> Iterator[Assessment]:
    """Assess these lots, in order."""
    refuse_disabled_checks(os.environ)
    for submission in submissions:
        assessment = assess_submission(submission, laboratory, options)
        yield replace(assessment, folder=_folder(submission.place))


def _folder(place: Path | None) -> str | None:
    """Say where a lot lies seen from the folder that the program runs in, if it lies in it."""
    if place is None:
        return None
    folder = place if place.is_dir() else place.parent
    try:
        return Path(os.path.abspath(folder)).relative_to(Path.cwd()).as_posix()  # noqa: PTH100
    except (OSError, ValueError):
        return None


def assess_submission(
    submission: Submission, laboratory: Laboratory, options: Options
) -> Assessment:
    """Assess one lot: the road from its files to its verdict."""
    as_of = options.as_of or submission.manifest.judged_on or options.today
    if submission.problem is not None:
        problem = Finding("manifest-unusable", Severity.HOLD, submission.problem, Place(MANIFEST))
        return _unusable(submission, problem, options.scope, as_of)
    product = submission.manifest.product
    # A vocabulary or profile that cannot be used is every lot's, and so no finding of this one.
    _ = laboratory.profiles, laboratory.mappings
    try:
        specification = chosen_specification(
            product, options.specification, laboratory.catalogue, laboratory.vocabulary
        )
    except SpecificationError as error:
        if options.specification is not None:
            # The user's own word: without it no lot of the run can be judged.
            raise
        problem = Finding("specification-unusable", Severity.HOLD, str(error), Place(MANIFEST))
        return _unusable(submission, problem, options.scope, as_of)
    if specification is None:
        problem = unknown_product(submission.manifest, laboratory.catalogue)
        return _unusable(submission, problem, options.scope, as_of)
    return _assess(submission, specification, laboratory, options, as_of)


def _assess(
    submission: Submission,
    specification: Specification,
    laboratory: Laboratory,
    options: Options,
    as_of: dt.date,
) -> Assessment:
    context = laboratory.context(submission.manifest)
    # Certificates must hold on the day of the check; so a run can be repeated.
    trust = replace(laboratory.trust, day=as_of)
    papers = open_papers(
        submission, context, trust, specification, plots=options.plots, jobs=options.jobs
    )
    manifest = with_lot(submission.manifest, papers)
    refused = refusal([p.record for p in papers if p.record], specification, manifest)
    if refused is not None:
        return replace(
            _unusable(submission, refused, options.scope, as_of),
            specification=specification.identity,
            inputs=tuple(paper.source for paper in papers),
            exit_status=ExitStatus.OPEN,
        )
    papers = [analysed(paper, specification) for paper in papers]
    papers = [told_apart(screened(paper, specification)) for paper in papers]
    gathered = gather(
        [paper.record for paper in papers if paper.record and not is_control(paper, manifest)],
        manifest,
        as_of=as_of,
        signature_required=specification.signature_required,
        final={
            test
            for criterion in specification.criteria
            if criterion.needs.after_harvest
            for test in criterion.tests
        },
        of_cells={
            test.id for test in laboratory.vocabulary.tests.values() if test.family in _OF_CELLS
        },
    )
    observations, unpaired = _on_two_platforms(gathered.observations, specification)
    records = {paper.source.path: paper.record for paper in papers if paper.record}
    repeated = with_repeats(observations, specification, manifest, records, as_of)
    observations = repeated.observations
    found = [finding for paper in papers for finding in paper.findings]
    found += [finding for record in records.values() for finding in record.findings]
    found = without_words(found, repeated.entry, records, laboratory.vocabulary)
    found += [
        *gathered.findings,
        *unpaired,
        *repeated.findings,
        *unfit_findings(specification, submission.manifest, options.scope),
        *_ignored(manifest),
    ]
    found += departure_findings(specification)
    found += count_findings(rows(gathered.observations), manifest)
    found += label_findings(specification, manifest)
    found += _missing_signatures(papers, observations, specification)
    compared = _concordance(papers, gathered.observations, manifest, specification, laboratory)
    found += compared.findings
    found += control_findings(papers, manifest, specification)
    found += _described(papers, specification, manifest, gathered.observations, laboratory)
    results = check(
        specification,
        observations,
        manifest,
        laboratory.vocabulary,
        as_of=as_of,
        beside=compared.beside,
        unread=[one for paper in papers if paper.record for one in paper.record.unread],
    )
    results = results_told(results, repeated.entry)
    asked = (results, specification, observations, manifest, laboratory.vocabulary)
    found += unasked_findings(*asked)
    found += administered_findings(results, specification, manifest)
    # Every finding is here before the verdict is made; one that came later could not hold.
    findings = tuple(dict.fromkeys([*found, *submission.findings]))
    families = families_of(specification, laboratory.vocabulary)
    made = days_of([paper.record for paper in papers if paper.record])
    held = Judged(results, findings, families, *made, as_of)
    held, waivers_read = _waived(submission, held, laboratory.catalogue)
    results, findings = held.results, held.findings
    if options.scope is Scope.DOCUMENT:
        results = _answered(results, specification, observations)
    judged = verdict(results, findings)
    assessment = Assessment(
        lot=manifest.lot,
        path=submission.name,
        specification=specification.identity,
        verdict=judged,
        scope=options.scope,
        results=results,
        findings=findings,
        inputs=(*(paper.source for paper in papers), *waivers_read),
        as_of=as_of,
        due=due(results),
        exit_status=_exit_status(judged, findings, unread=any(paper.unread for paper in papers)),
        plots=tuple(plot for paper in papers if paper.record for plot in paper.record.plots),
        acquisitions=tuple(
            paper.record.acquisition
            for paper in papers
            if paper.record and paper.record.acquisition is not None
        ),
        cell_counts=tuple(
            one for paper in papers if paper.record for one in paper.record.cell_counts
        ),
        observations=tuple(rows(observations)),
        facts=product_facts(
            specification,
            [
                (one.record, name_of_laboratory(one.record, one.document))
                for one in papers
                if one.record
            ],
            rows(observations),
            manifest,
            laboratory.vocabulary,
        ),
        particulars=particulars(
            [(p.source, p.record) for p in papers if not p.document or p.document.kind != "gating"],
            manifest,
        ),
    )
    own = manifest.identifiers.get("patient")
    known = patients(paper.record for paper in papers if paper.record) | ({own} if own else set())
    if options.plots:
        assessment = _with_crops(assessment, papers, None if options.show_identifiers else known)
    return assessment if options.show_identifiers else without_patients(assessment, known)


def _with_crops(
    assessment: Assessment, papers: Sequence[Paper], secret: set[str] | None
) -> Assessment:
    """Add pictures of the lines on which values stand; text documents have none."""
    pages = [
        (paper.document, paper.record)
        for paper in papers
        if paper.document and paper.record and paper.document.pages
    ]
    if not pages:
        return assessment
    from qcvalidate.crops import crops  # noqa: PLC0415 - pictures alone

    cut = crops(assessment.results, assessment.findings, pages, secret)
    return replace(assessment, crops=cut)


def _waived(
    submission: Submission, judged: Judged, catalogue: Catalogue
) -> tuple[Judged, tuple[Source, ...]]:
    """Apply the lot's waivers.yaml, where it has one; an unusable file holds the lot."""
    if submission.waivers is None:
        return judged, ()
    try:
        waivers, digest = read_waivers(submission.waivers, catalogue)
    except UsageError as error:
        told = str(error).replace(str(submission.waivers), WAIVERS)
        unusable = Finding("waivers-unusable", Severity.HOLD, told, Place(WAIVERS))
        findings = (*judged.findings, unusable)
        return replace(judged, findings=findings), (unread_source(submission.waivers, WAIVERS),)
    return waived(waivers, judged), (Source(WAIVERS, digest, "waivers", "waivers"),)


def _on_two_platforms(
    observations: pd.DataFrame, specification: Specification
) -> tuple[pd.DataFrame, list[Finding]]:
    """Put percentages and concentrations together where the specification counts so."""
    if not specification.absolute_counts:
        return observations, []
    from qcvalidate.dual_platform import put_together  # noqa: PLC0415 - flow alone

    return put_together(observations, specification)


def _concordance(
    papers: Sequence[Paper],
    supporting: pd.DataFrame,
    manifest: Manifest,
    specification: Specification,
    laboratory: Laboratory,
) -> Concordance:
    """Hold what is reported of list-mode files against what their events give."""
    records = [paper.record for paper in papers if paper.record]
    if not any(record.acquired for record in records):
        return Concordance()
    return concordance(records, rows(supporting), manifest, specification, laboratory.vocabulary)


def _missing_signatures(
    papers: Sequence[Paper], supporting: pd.DataFrame, specification: Specification
) -> list[Finding]:
    """Hold each certificate that supports a result without the digital signature it must have."""
    if not specification.digital_signature_required:
        return []
    counted = set(supporting["source"])
    missing = (
        missing_signature(paper.document, paper.document.findings, "the specification")
        for paper in papers
        if paper.document and paper.document.kind == "pages" and paper.source.path in counted
    )
    return [finding for finding in missing if finding is not None]


def _described(
    papers: Sequence[Paper],
    specification: Specification,
    manifest: Manifest,
    counting: pd.DataFrame,
    laboratory: Laboratory,
) -> Iterator[Finding]:
    """Look at who tested, what kind of dose it is and how it is delivered."""
    own = rows(counting)
    tested = [paper_of(one.record, one.document, own) for one in papers if one.record]
    tests = laboratory.vocabulary.tests.values()
    sterility = {test.id for test in tests if test.family == "sterility"}
    bands = {test.id: test.ratio for test in tests if test.ratio is not None}
    yield from laboratory_findings(tested, specification, manifest, sterility)
    for paper in tested:
        said = (paper.record, paper.rows, paper.text, specification)
        yield from page_findings(*said)
        yield from person_findings(*said, manifest)
        yield from misfit_findings(paper.record, paper.text, manifest)
        yield from ratio_findings(paper.record, paper.rows, paper.text, bands)
    yield from red_cell_findings(specification, own)
    yield from dose_findings(specification, own, manifest)
    yield from delivery_findings(specification, manifest)


def _ignored(manifest: Manifest) -> list[Finding]:
    return [
        Finding(
            "file-ignored",
            Severity.INFORMATION,
            f"{name} is ignored because lot.yaml says so, and was not read",
            Place(MANIFEST, region="ignore"),
        )
        for name in manifest.ignore
    ]


def _answered(
    results: Sequence[CriterionResult], specification: Specification, found: pd.DataFrame
) -> tuple[CriterionResult, ...]:
    """Keep the criteria that the document speaks of; the verdict line says that it is no more."""
    tests = set(found["test"])
    return tuple(
        result
        for criterion, result in zip(specification.criteria, results, strict=True)
        if tests & criterion.heard and result.outcome is not Outcome.NOT_APPLICABLE
    )


def _unusable(submission: Submission, problem: Finding, scope: Scope, as_of: dt.date) -> Assessment:
    """Hold a lot whose manifest or specification cannot be used, without looking further."""
    return Assessment(
        lot=submission.manifest.lot,
        path=submission.name,
        specification=None,
        verdict=Verdict.HOLD,
        scope=scope,
        results=(),
        findings=(problem,),
        inputs=(),
        as_of=as_of,
        exit_status=ExitStatus.USAGE,
    )


def _exit_status(judged: Verdict, findings: Sequence[Finding], *, unread: bool) -> ExitStatus:
    if any(finding.slug in (*BROKEN, "waivers-unusable") for finding in findings):
        return ExitStatus.INTEGRITY
    if unread:
        return ExitStatus.UNREAD
    by_verdict = {Verdict.PASS: ExitStatus.PASS, Verdict.FAIL: ExitStatus.FAIL}
    return by_verdict.get(judged, ExitStatus.OPEN)
