"""Lays the papers of a lot side by side: what each says it is about, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qcvalidate.assessment import Agreement, Assessment, Outcome, Particulars, Scope, Stated
from qcvalidate.record import Severity
from qcvalidate.reports._matters import of_result
from qcvalidate.rules import rule

# The columns: how each is called, and the facts that stand in it.
COLUMNS = (
    ("Lot", ("lot",)),
    ("Sample", ("sample_id",)),
    ("Donation", ("din",)),
    ("Patient", ("patient_id",)),
    ("Product", ("product",)),
    (
        "Dates",
        (
            "recovered",
            "harvested",
            "thawed",
            "expires",
            "date_sampled",
            "date_received",
            "date_started",
            "date_completed",
            "date_issued",
        ),
    ),
)
_WORDS = {Agreement.SAME: "same", Agreement.DIFFERS: "DIFFERS", Agreement.UNREAD: "NOT CERTAIN"}
_OBJECTING = (Severity.FAIL, Severity.HOLD, Severity.WARNING, Severity.WAIVED)


@dataclass(frozen=True)
class Told:
    """One fact as the table shows it: `name` says which date it is, `word` how it stands."""

    name: str
    text: str
    word: str
    rules: tuple[str, ...]


def cells(assessment: Assessment, paper: Particulars) -> list[tuple[str, list[Told]]]:
    """Give the cells of a paper's row, each with its column; an empty one is not stated."""
    return [
        (column, [_told(assessment, one) for one in paper.stated if one.name in names])
        for column, names in COLUMNS
    ]


def _told(assessment: Assessment, one: Stated) -> Told:
    dated = one.name not in ("lot", "sample_id", "din", "patient_id", "product")
    found = [
        finding
        for finding in assessment.findings
        if one.place.region and finding.place == one.place and finding.severity in _OBJECTING
    ]
    rules = dict.fromkeys(
        f"rule {rule(finding.slug).code}" + (" (waived)" if finding.waiver else "")
        for finding in found
    )
    name = one.name.removeprefix("date_") if dated else ""
    return Told(name, one.text, _WORDS.get(one.agreement, ""), tuple(rules))


def not_evaluated(assessment: Assessment) -> list[tuple[str, str]]:
    """List everything that this report did not look at, or could not: what, and why."""
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
    for finding in assessment.findings:
        if finding.slug == "file-ignored":
            yield "A file that lot.yaml ignores", finding.message


def _without_result(assessment: Assessment) -> Iterator[tuple[str, str]]:
    for result in assessment.results:
        if result.outcome in (Outcome.MISSING, Outcome.NOT_APPLICABLE):
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
