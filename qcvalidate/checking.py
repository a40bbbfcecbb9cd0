"""Asks each criterion for its evidence: observations and a specification in, outcomes out.

We walk the criteria, never the errors: what has no evidence is missing, and an empty frame
passes nothing. Which rows are asked is decided here; `judging` judges each, and `standing` says
which judgements stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

import pandas as pd

from qcvalidate.assessment import CriterionResult, Evidence, Outcome
from qcvalidate.frames import Observation, rows
from qcvalidate.judging import Judge, Settle, settled_by_pandera, shown_result
from qcvalidate.manifest import Manifest, stated_under
from qcvalidate.record import Finding, Role, Severity, Status, UnreadResult
from qcvalidate.replication import unrepeatable
from qcvalidate.rules import OUTCOMES, outcome_rule, rule
from qcvalidate.settlements import Settlements
from qcvalidate.specification import UPPER_LIMITS, Criterion, Specification, unmet
from qcvalidate.standing import (
    staged,
    with_fit_specimens,
    withdrawn,
    without_beside,
    without_overtaken,
)
from qcvalidate.sufficiency import Judgement, place_of
from qcvalidate.vocabulary import Vocabulary, key

# The worst row of a criterion decides it.
_WORST_FIRST = (
    Outcome.FAIL,
    Outcome.INVALID,
    Outcome.INDETERMINATE,
    Outcome.MISSING,
    Outcome.PENDING,
    Outcome.ALERT,
    Outcome.PASS,
)
_MOST_NAMED = 3
_COCKTAIL = "negative_cocktail_positive"


def check(
    specification: Specification,
    observations: pd.DataFrame,
    manifest: Manifest,
    vocabulary: Vocabulary,
    *,
    as_of: dt.date,
    beside: Collection[Observation] = (),
    unread: Sequence[UnreadResult] = (),
) -> tuple[CriterionResult, ...]:
    """Give one result for each criterion of the specification, in its order, always.

    `observations` are those of this lot alone. `as_of` stands for today: a pending result is
    overdue after its due date. The rows `beside` were recomputed from the raw events, and agree:
    they may fail a criterion, and need not bring what the recomputed ones bring. `unread` are
    results under names that nobody knows, one of which may be what a criterion misses.
    """
    found = rows(observations)
    second = frozenset(beside)
    # A dozen infectious diseases are all to be negative: pandera is asked once.
    settle = Settlements()
    asked = (specification, found, manifest, vocabulary, as_of, second, tuple(unread), settle)
    results = [_Check(criterion, *asked).result() for criterion in specification.criteria]
    return tuple(staged(result, specification, results) for result in results)


def criterion_result(  # noqa: PLR0913 - what `check` is given, and what settles values
    criterion: Criterion,
    specification: Specification,
    found: Sequence[Observation],
    manifest: Manifest,
    vocabulary: Vocabulary,
    *,
    as_of: dt.date,
    unread: Sequence[UnreadResult] = (),
    settle: Settle = settled_by_pandera,
) -> CriterionResult:
    """Give the result of one criterion as `check` does, but for the staged plan."""
    asked = (criterion, specification, found, manifest, vocabulary, as_of)
    return _Check(*asked, unread=tuple(unread), settle=settle).result()


def unasked_findings(
    results: Sequence[CriterionResult],
    specification: Specification,
    observations: pd.DataFrame,
    manifest: Manifest,
    vocabulary: Vocabulary,
) -> Iterator[Finding]:
    """Tell of each bad result that no criterion looked at: it must not pass unseen.

    An autologous donor's own infection excludes nobody (21 CFR 1271.90); it is a warning.
    """
    yield from unasked_rows(results, specification, rows(observations), manifest, vocabulary)


def unasked_rows(
    results: Sequence[CriterionResult],
    specification: Specification,
    found: Sequence[Observation],
    manifest: Manifest,
    vocabulary: Vocabulary,
) -> Iterator[Finding]:
    """Tell as `unasked_findings` does of rows that are no frame."""
    looked_at = {
        test
        for criterion, result in zip(specification.criteria, results, strict=True)
        if result.outcome is not Outcome.NOT_APPLICABLE
        for test in criterion.heard
    }
    for row in found:
        bad = row.reading == "positive" and row.role == Role.SAMPLE
        if not bad or row.test in looked_at:
            continue
        test = vocabulary.tests[row.test]
        own = test.family == "donor" and manifest.facts.get("relation") == "autologous"
        message = (
            f"{test.title} “{row.result}” in {place_of(row)}; no criterion of "
            f"{specification.identity.id} asks for it"
        )
        severity = Severity.WARNING if own else Severity.HOLD
        yield Finding("result-unasked", severity, message, place_of(row))


@dataclass(frozen=True)
class _Check:
    """One criterion before its evidence."""

    criterion: Criterion
    specification: Specification
    observations: Sequence[Observation]
    manifest: Manifest
    vocabulary: Vocabulary
    as_of: dt.date
    beside: frozenset[Observation] = frozenset()
    unread: tuple[UnreadResult, ...] = ()
    settle: Settle = settled_by_pandera

    @cached_property
    def judge(self) -> Judge:
        """Make what judges the criterion's rows."""
        rounding = self.specification.rounding
        return Judge(
            self.criterion, rounding, self.manifest, self.vocabulary, self.as_of, self.settle
        )

    def result(self) -> CriterionResult:
        """Walk from applicability over evidence to the worst row."""
        named = [row for row in self.observations if self._heard(row)]
        samples = [row for row in named if row.role == Role.SAMPLE]
        applicability = self._applicability()
        if applicability is not None:
            return self._report(applicability, samples)
        controls = self.judge.controls([row for row in named if row.role != Role.SAMPLE])
        live = [row for row in samples if row.status != Status.CANCELLED]
        taken_back = [row for row in samples if row not in live and row.reading == "positive"]
        if not live and not taken_back:
            return self._report(self._absence(samples), samples)
        judged = with_fit_specimens(without_overtaken(self.judge.samples(live))) if live else []
        judged += self._absent_parts(live) if live else []
        judged += [withdrawn(row) for row in taken_back]
        judged = without_beside(judged, self.beside)
        repeated = unrepeatable(live, self.criterion.needs) if live else None
        judged += [repeated] if repeated else []
        every = [*judged, *controls]
        # Of two that wait, the one that nobody knows the day of holds the lot.
        worst = min(every, key=lambda one: (_WORST_FIRST.index(one.outcome), one.due is not None))
        result = self._report(worst, [*live, *taken_back])
        if worst.outcome is not Outcome.FAIL:
            return result
        return replace(result, failing=_failing(every), besides=_besides(every))

    def _heard(self, row: Observation) -> bool:
        """Say whether a row is about this criterion; of the general test the bad ones alone."""
        general = row.test == self.criterion.general and row.reading == "positive"
        return general or row.test in self.criterion.tests

    def _applicability(self) -> Judgement | None:
        """Decide whether the criterion applies; what lot.yaml does not state, we cannot tell."""
        unstated = [fact for fact in self.criterion.applies_when if fact not in self.manifest.facts]
        if unstated:
            facts = " and ".join(fact.replace("_", " ") for fact in unstated)
            keys = " and ".join(f"`{stated_under(fact)}`" for fact in unstated)
            reason = (
                f"lot.yaml does not state the {facts} ({keys}), which decides whether this applies"
            )
            return Judgement(Outcome.MISSING, "missing", reason)
        different = unmet(self.criterion.applies_when, self.manifest)
        if different:
            reason = f"applies to {'; '.join(different)}"
            return Judgement(Outcome.NOT_APPLICABLE, "fail", reason)
        return None

    def _absence(self, cancelled: Sequence[Observation]) -> Judgement:
        tests = self.criterion.tests
        named = " or ".join(self.vocabulary.tests[test].title for test in tests)
        wanted = f"{named} ({', '.join(tests)})"
        if cancelled:
            reason = f"the only result for {wanted} was cancelled"
            return Judgement(Outcome.MISSING, "missing", reason, cancelled[0])
        if not self.criterion.required_presence:
            reason = f"judged when reported; no document reports {wanted}"
            return Judgement(Outcome.NOT_APPLICABLE, "fail", reason)
        reason = f"no document reports {wanted}{self._perhaps_meant()}"
        cocktail = [row for row in self.observations if row.test == _COCKTAIL]
        family = self.vocabulary.tests[tests[0]].family
        if cocktail and family == "phenotype" and self.criterion.accept.verb in UPPER_LIMITS:
            reason += (
                f"; {place_of(cocktail[0])} reports a cocktail, which is one result and not that "
                "of each marker in it"
            )
        unsaid = [row for row in self.observations if row.test == self.criterion.general]
        if not unsaid:
            return Judgement(Outcome.MISSING, "missing", reason)
        named = self.vocabulary.tests[unsaid[0].test].title
        reason += (
            f"; {place_of(unsaid[0])} gives “{unsaid[0].result}” for {named} and does not say by "
            "which test: ask the laboratory"
        )
        return Judgement(Outcome.MISSING, "missing", reason, unsaid[0])

    def _perhaps_meant(self) -> str:
        """Name the results of no test we know that may be the one that is missing."""
        test = self.vocabulary.tests[self.criterion.tests[0]]
        is_number = test.kind == "quantitative"

        def likeness(found: UnreadResult) -> float:
            return SequenceMatcher(None, key(found.name), key(test.title)).ratio()

        fitting = [found for found in self.unread if found.is_number is is_number]
        nearest = sorted(fitting, key=likeness, reverse=True)[:_MOST_NAMED]
        if not nearest:
            return ""
        named = " or ".join(f"“{found.name}” in {found.place.path}" for found in nearest)
        return f"; {named} was not read, because no test is called so: is it meant?"

    def _absent_parts(self, live: Sequence[Observation]) -> list[Judgement]:
        there = {row.part for row in live}
        absent = [part for part in self.criterion.needs.parts if part not in there]
        if not absent:
            return []
        shown = ", ".join(sorted(part for part in there if part)) or "none by its name"
        reason = (
            f"no result for the {' and the '.join(absent)} part; documents report {shown}. A "
            "certificate names the medium; a table has a column “part”"
        )
        return [Judgement(Outcome.MISSING, "incomplete", reason, live[0])]

    def _report(self, finding: Judgement, evidence: Sequence[Observation]) -> CriterionResult:
        family = self.vocabulary.tests[self.criterion.tests[0]].family
        own = finding.kind not in OUTCOMES
        named = rule(finding.kind) if own else outcome_rule(family, finding.kind)
        first = [finding.row] if finding.row else []
        rest = [row for row in evidence if row is not finding.row]
        return CriterionResult(
            id=self.criterion.id,
            code=named.code,
            slug=named.slug,
            title=self.criterion.title,
            outcome=finding.outcome,
            importance=self.criterion.importance,
            observed=shown_result(finding.row) if finding.row else None,
            limit=self.criterion.limit,
            unit=self.criterion.unit,
            reason=finding.reason,
            reference=self.criterion.reference,
            evidence=tuple(Evidence(place_of(row), row.result) for row in [*first, *rest]),
            due=finding.due,
            tests=self.criterion.tests,
            reading=self.judge.reading(finding.row) if finding.row else "",
            rounded=self.judge.rounded(finding.row) if finding.row else "",
        )


def _failing(every: Sequence[Judgement]) -> tuple[str, ...]:
    """Give each result that misses its limit, once."""
    failed = [one.row for one in every if one.outcome is Outcome.FAIL and one.row]
    return tuple(dict.fromkeys(shown_result(row) for row in failed))


def _besides(every: Sequence[Judgement]) -> tuple[str, ...]:
    """Tell for which other reasons a failed criterion is open, were its limit waived."""
    met = (Outcome.FAIL, Outcome.PASS, Outcome.ALERT)
    others = [one.reason for one in every if one.outcome not in met]
    doubts = [doubt for one in every if one.outcome is Outcome.FAIL for doubt in one.besides]
    return tuple(dict.fromkeys([*doubts, *others]))
