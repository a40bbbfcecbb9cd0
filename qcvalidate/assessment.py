"""Judges a lot: criterion outcomes and findings go in, the one verdict comes out.

This is the only place where a verdict is made. It computes; a person with the authority
releases the lot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from qcvalidate.facts import Clinic, Facts
from qcvalidate.record import (
    AcquisitionQuality,
    CellCount,
    Finding,
    GatePlot,
    Place,
    Severity,
    Source,
    Waiver,
)

if TYPE_CHECKING:
    from qcvalidate.frames import Observation


class Outcome(StrEnum):
    """How one criterion came out."""

    PASS = "PASS"
    ALERT = "ALERT"  # met, but near the limit
    FAIL = "FAIL"
    PENDING = "PENDING"  # the test is running, or its result is preliminary
    INVALID = "INVALID"  # the test itself is void
    INDETERMINATE = "INDETERMINATE"  # the bound or the reading does not settle it
    MISSING = "MISSING"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    WAIVED = "WAIVED"


class Importance(StrEnum):
    """What a criterion's outcome may do to the verdict, as its specification says."""

    BLOCKING = "blocking"
    PENDING_ALLOWED = "pending_allowed"  # may still run at release under the staged plan
    WARNING = "warning"
    INFORMATION = "information"


class Verdict(StrEnum):
    """Whether the evidence for a lot meets its specification."""

    PASS = "PASS"
    FAIL = "FAIL"
    CONDITIONAL = "CONDITIONAL"
    HOLD = "HOLD"


class Scope(StrEnum):
    """Whether the whole specification is judged, or only what a single document answers."""

    LOT = "lot"
    DOCUMENT = "document"


class ExitStatus(IntEnum):
    """The exit statuses of the program; the worst of a run counts, in `_WORST_FIRST`."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    OPEN = 3  # CONDITIONAL or HOLD
    UNREAD = 4
    INTEGRITY = 5
    BUG = 70


_WORST_FIRST = (
    ExitStatus.BUG,
    ExitStatus.USAGE,
    ExitStatus.INTEGRITY,
    ExitStatus.UNREAD,
    ExitStatus.FAIL,
    ExitStatus.OPEN,
    ExitStatus.PASS,
)

WORST_VERDICT_FIRST = (Verdict.FAIL, Verdict.HOLD, Verdict.CONDITIONAL, Verdict.PASS)
MET = (Outcome.PASS, Outcome.ALERT, Outcome.NOT_APPLICABLE, Outcome.WAIVED)
REQUIRED = (Importance.BLOCKING, Importance.PENDING_ALLOWED)


@dataclass(frozen=True)
class Evidence:
    """One place that a criterion's outcome rests on, with the text as printed there."""

    place: Place
    text: str


@dataclass(frozen=True)
class CriterionResult:
    """One line of the report.

    `code` and `slug` name the rule to explain; `observed` is the result as printed (or
    computed, then the reason says how), `reading` what it was taken for, in the criterion's unit,
    and `rounded` the value that was held against the limit, empty where nothing was rounded;
    `limit` is the limit in words (`at least 70 %`); `reason` says why the outcome is what it is;
    `reference` is the source of the limit.

    Of a failed one, `failing` are the results that miss the limit, and `besides` the reasons for
    which it would be open all the same; a waiver lets neither be unseen. A waived one says with
    `waiver` by what, and with `original` how it came out. `tests` are the tests of which any may
    answer it.
    """

    id: str
    code: int
    slug: str
    title: str
    outcome: Outcome
    importance: Importance
    observed: str | None
    limit: str
    unit: str | None
    reason: str
    reference: str
    evidence: tuple[Evidence, ...] = ()
    due: dt.date | None = None
    failing: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    waiver: Waiver | None = None
    original: Outcome | None = None
    tests: tuple[str, ...] = ()
    reading: str = ""
    rounded: str = ""

    @property
    def required(self) -> bool:
        """Say whether the verdict waits for this criterion."""
        return self.importance in REQUIRED


class Agreement(StrEnum):
    """How what a paper says of itself stands to lot.yaml."""

    SAME = "same"
    DIFFERS = "differs"
    UNREAD = "unread"  # there, and not read for certain
    ALONE = "alone"  # lot.yaml states nothing that it could be held against


@dataclass(frozen=True)
class Stated:
    """One thing that a paper says of itself: a header field's name, the text, and how it stands."""

    name: str
    text: str
    agreement: Agreement
    place: Place


@dataclass(frozen=True)
class Particulars:
    """What one paper says it is about; `read` is False where it could not be asked."""

    path: str
    stated: tuple[Stated, ...] = ()
    read: bool = True


@dataclass(frozen=True)
class Crop:
    """The line of a page on which a value stands, as a PNG picture.

    `size` is that of the picture on paper and `marked` the value's box in it, both in points.
    Where it may not be shown, `withheld` says why, and there is no picture.
    """

    place: Place
    png: bytes = b""
    size: tuple[float, float] = (0.0, 0.0)
    marked: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    withheld: str = ""


@dataclass(frozen=True)
class SpecificationIdentity:
    """Which specification was applied: its id, version, title and the SHA-256 of its file.

    `extends` is the specification that a clinic's own copy leans on.
    """

    id: str
    version: str
    title: str
    sha256: str
    extends: SpecificationIdentity | None = None


@dataclass(frozen=True)
class Assessment:
    """What the papers of one lot are worth against its specification.

    `lot` is None when no document and no manifest names one; `specification` is None when the
    lot's product is unknown or its manifest cannot be used. `path` is where the lot was found,
    and every `Place` inside is relative to it. `as_of` is the day that stood for today. `due` is
    the day on which the last pending result is expected. `folder` is where the papers lie seen
    from where the program ran, None where they lie elsewhere: a pipeline looks for them there.
    `observations` are the rows that the criteria were held against. `facts` is None where the
    lot's papers were not read. `particulars` are lot.yaml's first, then those of each paper;
    `crops` show where values stand.
    """

    lot: str | None
    path: str
    specification: SpecificationIdentity | None
    verdict: Verdict
    scope: Scope
    results: tuple[CriterionResult, ...]
    findings: tuple[Finding, ...]
    inputs: tuple[Source, ...]
    as_of: dt.date | None = None
    due: dt.date | None = None
    exit_status: ExitStatus = ExitStatus.OPEN
    plots: tuple[GatePlot, ...] = field(default=(), compare=False)
    acquisitions: tuple[AcquisitionQuality, ...] = ()
    cell_counts: tuple[CellCount, ...] = ()
    folder: str | None = field(default=None, compare=False)
    observations: tuple[Observation, ...] = field(default=(), compare=False, repr=False)
    facts: Facts | None = field(default=None, compare=False)
    particulars: tuple[Particulars, ...] = ()
    crops: tuple[Crop, ...] = field(default=(), compare=False)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """List the waivers that the verdict leans on, in the order of waivers.yaml."""
        named = [*(one.waiver for one in self.results), *(one.waiver for one in self.findings)]
        used = {waiver for waiver in named if waiver is not None}
        return tuple(
            sorted(used, key=lambda one: (len(one.place.region or ""), one.place.region or ""))
        )


@dataclass(frozen=True)
class Run:
    """All assessments of one call of the program, with the date that stood for today.

    `clinic` is who gives out the papers, None where no clinic.yaml says it.
    """

    as_of: dt.date
    version: str
    assessments: tuple[Assessment, ...]
    clinic: Clinic | None = None

    @property
    def verdict(self) -> Verdict:
        """Give the worst verdict; a run without lots is never a pass."""
        found = {assessment.verdict for assessment in self.assessments}
        return next((verdict for verdict in WORST_VERDICT_FIRST if verdict in found), Verdict.HOLD)


def verdict(results: Sequence[CriterionResult], findings: Sequence[Finding]) -> Verdict:
    """Judge one lot.

    FAIL beats HOLD; CONDITIONAL needs every open criterion to be pending, allowed to be, and
    to have a due date; PASS needs at least one required criterion and every one of them met.
    """
    required = [result for result in results if result.required]
    severities = {finding.severity for finding in findings}
    if Severity.FAIL in severities or any(r.outcome is Outcome.FAIL for r in required):
        return Verdict.FAIL
    # NOT_APPLICABLE alone shows nothing about the lot.
    shown = [r for r in required if r.outcome in (Outcome.PASS, Outcome.ALERT, Outcome.WAIVED)]
    if Severity.HOLD in severities or not shown:
        return Verdict.HOLD
    still_open = [result for result in required if result.outcome not in MET]
    if not still_open:
        return Verdict.PASS
    if all(_may_follow(result) for result in still_open):
        return Verdict.CONDITIONAL
    return Verdict.HOLD


def _may_follow(result: CriterionResult) -> bool:
    return (
        result.outcome is Outcome.PENDING
        and result.importance is Importance.PENDING_ALLOWED
        and result.due is not None
    )


def due(results: Sequence[CriterionResult]) -> dt.date | None:
    """Give the day on which the last pending result is expected; None when nothing pends."""
    days = [r.due for r in results if r.outcome is Outcome.PENDING and r.due and r.required]
    return max(days, default=None)


def worst(statuses: Sequence[ExitStatus]) -> ExitStatus:
    """Give the exit status of a run from those of its lots; no lots found is a usage error."""
    return min(statuses, key=_WORST_FIRST.index, default=ExitStatus.USAGE)
