"""Puts an assessment into words: what needs attention, in order, and what the verdict means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from qcvalidate.assessment import (
    MET,
    Assessment,
    CriterionResult,
    Importance,
    Outcome,
    Run,
    Scope,
    Verdict,
)
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.reports._layout import shorten, visible
from qcvalidate.rules import rule

DISCLAIMER = "Computed; release requires an authorised person."
DOCUMENT_SCOPE = "document scope: only what this document can answer was judged, not the lot"

# Why a lot is held that has nothing against it, and nothing for it.
NOTHING_SHOWN = "nothing shows that a required criterion is met"

# A cell of a hostile table may hold a book; the JSON report keeps all of it. Names and values are
# short by nature, reasons and messages less so.
LONGEST = 400
SHORT = 120

WORDS = {outcome: outcome.value.replace("_", " ") for outcome in Outcome}

# What decides the verdict comes first, whether a criterion or a finding says it, and a document
# that cannot be used before the results that are missing for it; what the verdict does not wait
# for comes after all that it does.
_RANKS: tuple[object, ...] = (
    Outcome.FAIL,
    Severity.FAIL,
    Severity.HOLD,
    Outcome.INVALID,
    Outcome.INDETERMINATE,
    Outcome.MISSING,
    Outcome.PENDING,
    "not required",
    Outcome.ALERT,
    Severity.WARNING,
    Outcome.WAIVED,
    Severity.WAIVED,
    Severity.INFORMATION,
)


@dataclass(frozen=True)
class Matter:
    """One thing that a reader of the report must know, in words that are safe to show.

    `word` is an outcome's or a severity's; `subject` is what it is about; `observed`, `limit`
    and `reason` are empty where there is nothing to say; `mark` is one ASCII character. `at` are
    the places themselves, `id` is a criterion's. `computed` is the result in the unit of its limit,
    where the paper prints another.
    """

    word: str
    mark: str
    code: int
    slug: str
    subject: str
    observed: str
    limit: str
    place: str
    reason: str
    required: bool = True
    finding: bool = False
    at: tuple[Place, ...] = ()
    id: str = ""
    computed: str = ""

    @property
    def about(self) -> str:
        """Say in a line what the matter is about: a criterion's result, a finding's message."""
        if self.finding:
            return self.reason or self.subject
        computed = f" ({self.computed})" if self.computed else ""
        return f"{self.subject}: {self.observed or 'no result'}{computed}"

    @property
    def where(self) -> str:
        """Name the place, unless the reason already does."""
        return "" if self.place in self.reason else self.place


def matters(assessment: Assessment) -> list[Matter]:
    """List what needs attention, worst first, each kind in its own order."""
    return [matter_of(one) for one in ranked(assessment)]


def ranked(assessment: Assessment) -> list[CriterionResult | Finding]:
    """List the outcomes and findings that need attention, worst first."""
    results = [result for result in assessment.results if result.outcome in _RANKS]
    return sorted([*results, *assessment.findings], key=_rank)


def _rank(one: CriterionResult | Finding) -> int:
    if isinstance(one, Finding):
        return _RANKS.index(one.severity)
    rank = _RANKS.index(one.outcome)
    return rank if one.required else max(rank, _RANKS.index("not required"))


def matter_of(one: CriterionResult | Finding) -> Matter:
    """Say an outcome or a finding in words."""
    return of_finding(one) if isinstance(one, Finding) else of_result(one)


def of_result(result: CriterionResult) -> Matter:
    """Say one criterion's outcome in words."""
    return Matter(
        word=WORDS[result.outcome],
        mark=mark(result.outcome),
        code=result.code,
        slug=result.slug,
        subject=said(result.title, SHORT),
        observed=said(result.observed or "", SHORT),
        limit=said(result.limit, SHORT),
        place=places(result),
        reason=_reason(result),
        required=result.required,
        at=tuple(evidence.place for evidence in result.evidence),
        id=result.id,
        computed=computed(result),
    )


def computed(result: CriterionResult) -> str:
    """Give a result in the unit of its limit, where it is printed in another; else nothing.

    `< 0.50 EU/mL` beside `at most 5 EU/kg` can be compared by no reader.
    """
    if not result.unit or not result.observed or not result.reading.endswith(f" {result.unit}"):
        return ""
    same = re.search(rf"(?<![\w/]){re.escape(result.unit)}(?![\w/])", result.observed)
    return "" if same else said(result.reading, SHORT)


def of_finding(finding: Finding) -> Matter:
    """Say one finding in words."""
    known = rule(finding.slug)
    return Matter(
        word=finding.severity.value.upper(),
        mark=mark(finding.severity),
        code=known.code,
        slug=known.slug,
        subject=known.title,
        observed="",
        limit="",
        place=said(str(finding.place), SHORT),
        reason=said(finding.message),
        required=finding.severity in (Severity.FAIL, Severity.HOLD),
        finding=True,
        at=(finding.place,),
    )


def mark(kind: Outcome | Severity) -> str:
    """Give the ASCII mark of an outcome or a severity."""
    return _MARKS.get(kind, "!")


_MARKS: dict[Outcome | Severity, str] = {
    Outcome.FAIL: "x",
    Severity.FAIL: "x",
    Outcome.PENDING: ".",
    Outcome.ALERT: "~",
    Outcome.WAIVED: "~",
    Severity.WARNING: "~",
    Severity.WAIVED: "~",
    Outcome.PASS: "+",
    Outcome.NOT_APPLICABLE: "-",
    Severity.INFORMATION: "-",
}


def said(text: str, most: int = LONGEST) -> str:
    """Make a text from a document safe to show and short enough to read."""
    return shorten(visible(text), most)


def places(result: CriterionResult) -> str:
    """Name the first place that an outcome rests on, and count the others."""
    named = list(dict.fromkeys(said(str(evidence.place), SHORT) for evidence in result.evidence))
    if len(named) < 2:
        return "".join(named)
    return f"{named[0]} and {len(named) - 1} more"


def _reason(result: CriterionResult) -> str:
    reason = said(result.reason)
    if result.due is not None and result.due.isoformat() not in reason:
        reason = f"{reason}{'; ' if reason else ''}due {result.due.isoformat()}"
    if not result.required and result.outcome not in MET:
        kind = "warning" if result.importance is Importance.WARNING else "information"
        aside = f"the verdict does not wait for it ({kind} only)"
        reason = f"{reason}{'; ' if reason else ''}{aside}"
    return reason


def says_more(matter: Matter) -> bool:
    """Say whether the reason has a word that `about` and the limit do not."""
    told = _tokens(f"{matter.about} {matter.limit}")
    return bool(_tokens(matter.reason) - told)


def _tokens(text: str) -> set[str]:
    words = {word.strip(".") for word in re.findall(r"[\w.]+", text.casefold())}
    return words - _EMPTY_WORDS


# "no document reports Mycoplasma" says no more than "Mycoplasma: no result".
_EMPTY_WORDS = {"", "is", "the", "a", "of", "to", "and", "or", "no", "document", "reports"}


def name_of(assessment: Assessment) -> str:
    """Name the lot, or say that nothing names it."""
    return said(assessment.lot or "", SHORT) or "lot not stated"


def verdict_of(assessment: Assessment) -> str:
    """Say the verdict with the waivers that it leans on: `PASS with 1 waiver`."""
    number = len(assessment.waivers)
    waivers = f" with {plural(number, 'waiver', 'waivers')}" if number else ""
    return assessment.verdict.value + waivers


def specification_of(assessment: Assessment) -> str:
    """Name the specification with its version and the beginning of its hash, and the day."""
    identity = assessment.specification
    words = "no specification was applied"
    if identity is not None:
        words = said(f"{identity.id} {identity.version} ({identity.sha256[:8]})")
        parent = identity.extends
        if parent is not None:
            words += said(f", extends {parent.id} {parent.version} ({parent.sha256[:8]})")
    return f"{words}, as of {assessment.as_of.isoformat()}" if assessment.as_of else words


def tally(results: Sequence[CriterionResult]) -> str:
    """Count the criteria by outcome: `3 criteria: 1 pass, 2 fail (1 not required)`."""
    found = Counter(result.outcome for result in results)
    aside = Counter(r.outcome for r in results if not r.required and r.outcome not in MET)
    parts = [
        f"{found[kind]} {WORDS[kind].lower()}"
        + (f" ({aside[kind]} not required)" if aside[kind] else "")
        for kind in Outcome
        if found[kind]
    ]
    return f"{plural(len(results), 'criterion', 'criteria')}: {', '.join(parts) or 'none'}"


def verdicts(run: Run) -> str:
    """Count the lots by verdict: `3 lots: 1 pass, 2 hold`."""
    found = Counter(assessment.verdict for assessment in run.assessments)
    leaning = Counter(assessment.verdict for assessment in run.assessments if assessment.waivers)
    parts = [
        f"{found[kind]} {kind.value.lower()}"
        + (f" ({leaning[kind]} with waivers)" if leaning[kind] else "")
        for kind in Verdict
        if found[kind]
    ]
    return f"{plural(len(run.assessments), 'lot', 'lots')}: {', '.join(parts) or 'none'}"


def plural(number: int, one: str, many: str) -> str:
    """Count things: `1 document`, `2 documents`."""
    return f"{number} {one if number == 1 else many}"


def meaning(assessment: Assessment) -> str:
    """Say the verdict in a sentence."""
    sentence = _MEANINGS[assessment.verdict]
    if assessment.verdict is Verdict.PASS and assessment.waivers:
        sentence = "The evidence meets the specification but for what was waived."
    if assessment.verdict is Verdict.CONDITIONAL and assessment.due is not None:
        sentence += f" The last result is due on {assessment.due.isoformat()}."
    if assessment.scope is Scope.DOCUMENT:
        sentence += " " + DOCUMENT_SCOPE[0].upper() + DOCUMENT_SCOPE[1:] + "."
    return sentence


_MEANINGS = {
    Verdict.PASS: "The evidence meets the specification.",
    Verdict.FAIL: "The evidence does not meet the specification.",
    Verdict.CONDITIONAL: "Nothing fails, but results that the specification lets follow are open.",
    Verdict.HOLD: "The evidence does not settle whether the lot meets the specification.",
}


def decisive(assessment: Assessment) -> Matter | None:
    """Give the first of the matters that the verdict waits for, None when there is none."""
    met = (Outcome.ALERT.value, Outcome.WAIVED.value)
    open_ = (m for m in matters(assessment) if m.required and m.word not in met)
    return next(open_, None)


def first_reason(assessment: Assessment) -> str:
    """Say in a line what decided the verdict; empty when all is well."""
    if assessment.verdict is Verdict.PASS:
        return ""
    matter = decisive(assessment)
    if matter is None:
        return NOTHING_SHOWN
    if matter.finding:
        return f"{matter.code} {matter.about}"
    if matter.observed:
        return f"{matter.code} {matter.about}, wanted {matter.limit}"
    return f"{matter.code} {matter.subject}: {matter.reason}".removesuffix(": ")


def located(assessment: Assessment, path: str) -> str:
    """Give a document's path as "<lot folder>/<name>", the one form in machine-read reports.

    A document that was checked by itself is its own lot, and has its own path.
    """
    if "://" in assessment.path:
        # A lot in an object store; its address is no path of this system.
        return f"{assessment.path}/{path}"
    alone = [source.path for source in assessment.inputs] == [path]
    if alone and PurePath(assessment.path).name == path:
        return PurePath(assessment.path).as_posix()
    return PurePath(assessment.path, path).as_posix()
