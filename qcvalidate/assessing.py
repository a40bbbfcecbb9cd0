"""The whole road for one lot: open, read, gate, gather, check, judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from qcvalidate import timings
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
from qcvalidate.documents.signatures import (
    BROKEN,
    NOBODY,
    Trust,
    load_trust,
    missing_signature,
)
from qcvalidate.donors import label_findings, page_findings, person_findings
from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.files import Looks, looks
from qcvalidate.frames import rows
from qcvalidate.labels import misfit_findings
from qcvalidate.laboratories import laboratory_findings, name_of_laboratory, paper_of
from qcvalidate.labs import LabProfile, load_profiles
from qcvalidate.lot import Gathered, gather
from qcvalidate.manifest import MANIFEST, WAIVERS, Manifest
from qcvalidate.mappings import ColumnMapping, load_mappings
from qcvalidate.masking import patients, without_patients
from qcvalidate.papers import (
    Paper,
    analysed,
    control_findings,
    is_control,
    open_papers,
    screened,
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
from qcvalidate.readers import Context
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Finding, Place, Severity, Source
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
from qcvalidate.submission import Submission
from qcvalidate.vocabulary import Vocabulary, load_vocabulary
from qcvalidate.waivers import (
    Judged,
    days_of,
    families_of,
    read_waivers,
    waived,
)


@dataclass(frozen=True)
class Options:
    """How lots are checked.

    `as_of` stands for today in place of each lot's own `judged_on`; `today` where neither is.
    `specification` is an id or a path, in place of the manifest's product. `plots` draws the
    gates. `show_identifiers` leaves those of patients as they are printed. `jobs` is the number
    of processes that may work at once; a program of one's own that asks for more than one must
    guard its beginning with `if __name__ == "__main__":`. `scheduler` is the address of a Dask
    scheduler whose workers judge in their place, or `local`.
    """

    today: dt.date
    as_of: dt.date | None = None
    specification: str | None = None
    scope: Scope = Scope.LOT
    plots: bool = True
    show_identifiers: bool = False
    jobs: int = 1
    scheduler: str | None = None

    def day_of(self, manifest: Manifest) -> dt.date:
        """Give the day that stands for today when a lot is judged."""
        return self.as_of or manifest.judged_on or self.today


@dataclass(frozen=True)
class Laboratory:
    """What every document of a run is read with: the schemas, and whose signatures count."""

    catalogue: Catalogue
    trust: Trust = NOBODY

    @cached_property
    def looks(self) -> Looks:
        """Say how the schemas look, once for a run: before the first of them is read."""
        return looks(self.catalogue.judges())

    def looks_now(self) -> Looks:
        """Say how the schemas look by now."""
        return looks(self.catalogue.judges())

    @cached_property
    def judged_by(self) -> str | None:
        """Give the hash of the schemas; None where they are no longer those that were read."""
        from qcvalidate.fingerprints import hash_of_judges  # noqa: PLC0415 - with a cache alone

        before = self.looks
        found = hash_of_judges(self.catalogue.judges())
        return found if before == self.looks_now() else None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Load the vocabulary, once for a run."""
        _ = self.looks
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


def assess_submission(
    submission: Submission, laboratory: Laboratory, options: Options
) -> Assessment:
    """Assess one lot: the road from its files to its verdict."""
    as_of = options.day_of(submission.manifest)
    if submission.problem is not None:
        problem = Finding("manifest-unusable", Severity.HOLD, submission.problem, Place(MANIFEST))
        return _unusable(submission, problem, options.scope, as_of)
    product = submission.manifest.product
    # A vocabulary or profile that cannot be used is every lot's, and so no finding of this one.
    with timings.stage("schemas"):
        _ = laboratory.profiles, laboratory.mappings
    try:
        with timings.stage("schemas"):
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


def lost(submission: Submission, options: Options, told: str | None = None) -> Assessment:
    """Hold a lot whose assessment ended with the process that made it, or for what is told."""
    as_of = options.day_of(submission.manifest)
    told = told or (
        "the process that judged this lot was ended from outside or ran out of memory; nothing of "
        "it was judged. See that the machine has memory free, and check it again with --jobs 1"
    )
    problem = Finding("lot-unjudged", Severity.HOLD, told, Place(MANIFEST))
    held = _unusable(submission, problem, options.scope, as_of)
    return replace(held, exit_status=ExitStatus.UNREAD)


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
    with timings.stage("gather"):
        gathered = _gathered(papers, manifest, specification, laboratory, as_of)
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
    with timings.stage("judge"):
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
        with timings.stage("draw"):
            assessment = _with_crops(
                assessment, papers, None if options.show_identifiers else known
            )
    return assessment if options.show_identifiers else without_patients(assessment, known)


def _gathered(
    papers: Sequence[Paper],
    manifest: Manifest,
    specification: Specification,
    laboratory: Laboratory,
    as_of: dt.date,
) -> Gathered:
    return gather(
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
        of_cells=laboratory.vocabulary.of_cells,
    )


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
