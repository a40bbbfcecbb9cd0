"""Lists what was not evaluated: a reader must not take it for something that was met."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.assessment import Assessment, Outcome, Scope
from qcvalidate.reports._matters import of_result

NOTHING_LEFT_OUT = (
    "Nothing was left out: every criterion has its outcome, and every document was read."
)

# Outcomes that say that a criterion was not held against a result.
_WITHOUT_RESULT = (
    Outcome.MISSING,
    Outcome.PENDING,
    Outcome.INDETERMINATE,
    Outcome.NOT_APPLICABLE,
)


def not_evaluated(assessment: Assessment) -> list[tuple[str, str]]:
    """List everything that no outcome rests on: what, and why; none is `NOTHING_LEFT_OUT`."""
    return [
        *_out_of_scope(assessment),
        *_unread(assessment),
        *_without_result(assessment),
        *_without_events(assessment),
    ]


def _out_of_scope(assessment: Assessment) -> Iterator[tuple[str, str]]:
    if assessment.scope is Scope.DOCUMENT:
        yield "Every criterion that this document does not answer", "one document was judged"
    if not assessment.results:
        yield "Every criterion", "no specification was applied, or nothing could be judged"


def _unread(assessment: Assessment) -> Iterator[tuple[str, str]]:
    for source in assessment.inputs:
        if source.kind == "unread":
            yield source.path, "the document could not be read; the findings say why"
        elif not source.sha256:
            yield source.path, "the document was not opened"
    for finding in assessment.findings:
        if finding.slug == "file-ignored":
            yield "A file that lot.yaml ignores", finding.message


def _without_result(assessment: Assessment) -> Iterator[tuple[str, str]]:
    for result in assessment.results:
        if result.outcome in _WITHOUT_RESULT:
            matter = of_result(result)
            yield matter.subject, f"{matter.word.lower()}: {matter.reason or 'no reason is given'}"


def _without_events(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Tell of counts, gates and qualities of list-mode files that have no number."""
    for count in assessment.cell_counts:
        if count.refused:
            yield f"{count.test} in {count.path}", count.refused
    for plot in assessment.plots:
        if not plot.parent_count:
            yield f"gate {plot.population} in {plot.path}", "its parent holds no events"
    for one in assessment.acquisitions:
        for what, why in one.not_evaluated.items():
            yield f"{what} of {one.path}", why
