"""Says which judgements stand: what a final result overtakes, what is withdrawn, what is staged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from qcvalidate.assessment import CriterionResult, Importance, Outcome
from qcvalidate.frames import Observation
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.record import Finding, Place, Severity, Status
from qcvalidate.specification import Specification
from qcvalidate.sufficiency import Judgement

# What tells of organisms that a recipient was given.
_ORGANISMS = ("growth-found", "organisms-seen", "mycoplasma-detected")
_FINAL = (Status.FINAL, Status.AMENDED)


def without_overtaken(findings: list[Judgement]) -> list[Judgement]:
    """Set a pending row aside where the same part of the same test has a final result.

    A preliminary paper that arrives after the final one does not replace it, either. What a final
    paper itself calls pending beside another result is another assay: HBsAg to follow is not
    settled by the NAT.
    """
    final = {
        (_about(finding.row), finding.row.source)
        for finding in findings
        if finding.row
        and finding.row.status in _FINAL
        and finding.outcome in (Outcome.PASS, Outcome.ALERT)
    }

    def is_overtaken(row: Observation) -> bool:
        # A table may tell how a result came about, a certificate's page and a final row do not.
        history = row.page is None and row.status == Status.PRELIMINARY
        own_paper = history or row.reading != "pending"
        return any(
            about == _about(row) and (own_paper or source != row.source) for about, source in final
        )

    return [
        finding
        for finding in findings
        if finding.row is None
        or (finding.outcome is not Outcome.PENDING and finding.row.reading != "pending")
        or not is_overtaken(finding.row)
    ]


def with_fit_specimens(findings: list[Judgement]) -> list[Judgement]:
    """Set a specimen that may not count aside where another one answers the criterion.

    A newborn may be tested beside the mother, and a donor be bled again nearer to the recovery.
    """
    if not any(found.outcome is Outcome.PASS for found in findings):
        return findings
    unfit = ("specimen-of-wrong-person", "specimen-outside-window", "donor-test-diagnostic")
    return [found for found in findings if found.kind not in unfit]


def without_beside(findings: list[Judgement], beside: Collection[Observation]) -> list[Judgement]:
    """Let the recomputed rows judge; a reported one that agrees with them still may fail."""
    kept = [
        one
        for one in findings
        if one.row is None
        or one.row not in beside
        or one.outcome in (Outcome.FAIL, Outcome.INVALID)
    ]
    # A row only stands beside another one, which is the last to be left out.
    return kept or findings


def withdrawn(row: Observation) -> Judgement:
    """A bad result does not go away by being cancelled; somebody must say why it was."""
    reason = f"“{row.result}” was cancelled; ask the laboratory why"
    return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)


def staged(
    result: CriterionResult, specification: Specification, results: Iterable[CriterionResult]
) -> CriterionResult:
    """Take the due date from a pending result whose staged plan is not fulfilled.

    Without its due date a pending result holds the lot.
    """
    plan = specification.staged
    if result.outcome is not Outcome.PENDING or not result.required:
        return result
    if result.importance is not Importance.PENDING_ALLOWED or plan is None:
        waits = "this product has no staged plan, so the lot waits for the final result"
        return replace(result, reason=f"{result.reason}; {waits}")
    unmet_ids = [
        other.id
        for other in results
        if other.id in plan.requires and other.outcome not in (Outcome.PASS, Outcome.ALERT)
    ]
    if not unmet_ids:
        call = f"{result.reason}; if it turns positive, call {plan.call}"
        return replace(result, reason=call)
    reason = f"{result.reason}; the staged plan wants {', '.join(unmet_ids)} to be met first"
    return replace(result, due=None, reason=reason)


def administered_findings(
    results: Iterable[CriterionResult], specification: Specification, manifest: Manifest
) -> Iterator[Finding]:
    """Say whom to call when what was given turns out to hold organisms."""
    if manifest.administered is None:
        return
    plan = specification.staged
    call = plan.call if plan else "the treating physician, then the patient"
    for result in results:
        if result.outcome is Outcome.FAIL and result.slug in _ORGANISMS:
            message = (
                f"{result.title} is positive, and the dose was given {manifest.administered}: call "
                f"{call}; have the organism identified with its susceptibilities, and report (a "
                "deviation within 45 days, a serious reaction within 15, 21 CFR 1271.350)"
            )
            place = Place(MANIFEST, region="dose.administered")
            yield Finding("positive-after-administration", Severity.FAIL, message, place)


def _about(row: Observation) -> tuple[str, str | None, str | None]:
    return row.test, row.part, row.sample_id
