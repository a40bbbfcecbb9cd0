"""Asks each criterion for its evidence: observations and a specification in, outcomes out.

We walk the criteria, never the errors: what has no evidence is missing, and an empty frame
passes nothing. pandera judges each row against the compiled limits; what a row must bring
besides its value (days of incubation, both media, hours after thaw) is decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property

import pandas as pd

from qcvalidate.assessment import CriterionResult, Evidence, Importance, Outcome
from qcvalidate.criteria import Limit, Settled, compile_limit
from qcvalidate.figures import interval, plain
from qcvalidate.frames import Observation, rows
from qcvalidate.manifest import Manifest
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Finding, Role, Severity, State, Status
from qcvalidate.replication import unrepeatable
from qcvalidate.rounding import rounded
from qcvalidate.rules import OUTCOMES, outcome_rule, rule
from qcvalidate.specification import UPPER_LIMITS, Criterion, Specification, unmet
from qcvalidate.sufficiency import Judgement, lacking, pending, place_of
from qcvalidate.vocabulary import Vocabulary

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
_FINAL = (Status.FINAL, Status.AMENDED)
# A millilitre packed with the smallest nucleated cells (5 um across) holds 1.5e10 of them.
_MOST_CELLS_PER_ML = Decimal("1.5e10")
# A share of cells has its ceiling; the recovery of a control has none.
_SHARES = ("viability", "phenotype")
_COCKTAIL = "negative_cocktail_positive"


def check(
    specification: Specification,
    observations: pd.DataFrame,
    manifest: Manifest,
    vocabulary: Vocabulary,
    *,
    as_of: dt.date,
    beside: Collection[Observation] = (),
) -> tuple[CriterionResult, ...]:
    """Give one result for each criterion of the specification, in its order, always.

    `observations` are those of this lot alone. `as_of` stands for today: a pending result is
    overdue after its due date. The rows `beside` were recomputed from the raw events, and agree:
    they may fail a criterion, and need not bring what the recomputed ones bring.
    """
    found = rows(observations)
    second = frozenset(beside)
    results = [
        _Check(criterion, specification, found, manifest, vocabulary, as_of, second).result()
        for criterion in specification.criteria
    ]
    return tuple(_staged(result, specification, results) for result in results)


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
    looked_at = {
        test
        for criterion, result in zip(specification.criteria, results, strict=True)
        if result.outcome is not Outcome.NOT_APPLICABLE
        for test in criterion.heard
    }
    for row in rows(observations):
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

    def result(self) -> CriterionResult:
        """Walk from applicability over evidence to the worst row."""
        named = [row for row in self.observations if self._heard(row)]
        samples = [row for row in named if row.role == Role.SAMPLE]
        applicability = self._applicability()
        if applicability is not None:
            return self._report(applicability, samples)
        controls = self._controls([row for row in named if row.role != Role.SAMPLE])
        live = [row for row in samples if row.status != Status.CANCELLED]
        withdrawn = [row for row in samples if row not in live and row.reading == "positive"]
        if not live and not withdrawn:
            return self._report(self._absence(samples), samples)
        judged = _with_fit_specimens(_without_overtaken(self._judge(live))) if live else []
        judged += self._absent_parts(live) if live else []
        judged += [_withdrawn(row) for row in withdrawn]
        judged = self._without_beside(judged)
        repeated = unrepeatable(live, self.criterion.needs) if live else None
        judged += [repeated] if repeated else []
        every = [*judged, *controls]
        # Of two that wait, the one that nobody knows the day of holds the lot.
        worst = min(every, key=lambda one: (_WORST_FIRST.index(one.outcome), one.due is not None))
        result = self._report(worst, [*live, *withdrawn])
        if worst.outcome is not Outcome.FAIL:
            return result
        return replace(result, failing=_failing(every), besides=_besides(every))

    def _without_beside(self, judged: list[Judgement]) -> list[Judgement]:
        """Let the recomputed rows judge; a reported one that agrees with them still may fail."""
        kept = [
            one
            for one in judged
            if one.row is None
            or one.row not in self.beside
            or one.outcome in (Outcome.FAIL, Outcome.INVALID)
        ]
        # A row only stands beside another one, which is the last to be left out.
        return kept or judged

    def _heard(self, row: Observation) -> bool:
        """Say whether a row is about this criterion; of the general test the bad ones alone."""
        general = row.test == self.criterion.general and row.reading == "positive"
        return general or row.test in self.criterion.tests

    def _applicability(self) -> Judgement | None:
        """Decide whether the criterion applies; what lot.yaml does not state, we cannot tell."""
        unstated = [fact for fact in self.criterion.applies_when if fact not in self.manifest.facts]
        if unstated:
            facts = " and ".join(fact.replace("_", " ") for fact in unstated)
            reason = f"lot.yaml does not state the {facts}, which decides whether this applies"
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
        reason = f"no document reports {wanted}"
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

    def _controls(self, controls: Sequence[Observation]) -> list[Judgement]:
        """A control that misbehaved voids the test; its growth is never the sample's."""
        wrong = {
            Role.NEGATIVE_CONTROL: ("positive", "the negative control grew"),
            Role.BLANK: ("positive", "the blank grew"),
            Role.POSITIVE_CONTROL: ("negative", "the positive control did not grow"),
        }
        found = []
        for row in controls:
            reading, words = wrong.get(Role(row.role), ("invalid", "a control is invalid"))
            if row.reading == "invalid":
                words = "a control is invalid"
            elif row.reading in ("pending", "unknown"):
                reason = f"the result of a control is open: “{row.result}”"
                found.append(Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row))
                continue
            elif row.reading != reading and not self._exceeds(row):
                continue
            text = f"{words} (“{row.result}”), so the test is void"
            found.append(Judgement(Outcome.INVALID, "invalid", text, row))
        return found

    def _exceeds(self, row: Observation) -> bool:
        """Say whether a blank or negative control itself misses a quantitative limit."""
        if self.criterion.accept.verb == "one_of" or row.lower is None or row.upper is None:
            return False
        if row.role not in (Role.NEGATIVE_CONTROL, Role.BLANK):
            return False
        value = self._converted(row, row.lower, row.upper)
        if isinstance(value, Judgement):
            return True
        return self._limit.settle(_evidence([(row, value[0])])) != [Settled.MET]

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

    def _judge(self, live: Sequence[Observation]) -> list[Judgement]:
        """Judge each row, all those that have a value by pandera in one frame."""
        judge = self._qualitative if self.criterion.accept.verb == "one_of" else self._quantity
        readable: list[tuple[Observation, Quantity | None]] = []
        findings: list[Judgement] = []
        for row in live:
            found = judge(row)
            if isinstance(found, Judgement):
                findings.append(found)
            else:
                readable.append((row, found[0]))
        if readable:
            findings += self._settle(readable)
        return findings

    def _without_result(self, row: Observation) -> Judgement | None:
        """Give the judgement of a row whose test is blank, void or still running."""
        if row.reading is None and not row.result.strip():
            return Judgement(Outcome.MISSING, "missing", f"{place_of(row)} is blank", row)
        if row.reading == "invalid":
            return Judgement(Outcome.INVALID, "invalid", f"the test is void: “{row.result}”", row)
        return self._pending(row) if row.reading == "pending" else None

    def _qualitative(self, row: Observation) -> Judgement | tuple[None]:
        """Give the finding of a row that has no reading to be held against the limit."""
        absent = self._without_result(row)
        if absent is not None:
            return absent
        if row.reading not in ("negative", "positive"):
            reason = f"“{row.result}” is not a result that we know; expected a closed wording"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        return (None,)

    def _quantity(self, row: Observation) -> Judgement | tuple[Quantity]:
        """Give the row's value in the criterion's unit, or the finding that there is none."""
        if row.lower is None or row.upper is None:
            absent = self._without_result(row)
            if absent is not None:
                return absent
            how = "can be read in two ways" if row.state == State.AMBIGUOUS else "is not a number"
            reason = f"“{row.result}” {how}"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        family = self.vocabulary.tests[row.test].family
        if row.unit == "%" and family in _SHARES and row.lower > 100:
            reason = f"“{row.result}” is more than all cells; a share is at most 100 %"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        per_ml = {"cells/mL": row.lower, "cells/uL": row.lower * 1000}.get(row.unit or "")
        if per_ml is not None and per_ml > _MOST_CELLS_PER_ML:
            reason = f"“{row.result}” {row.unit} is more cells than a millilitre can hold"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        return self._converted(row, row.lower, row.upper)

    def _converted(
        self, row: Observation, lower: Decimal, upper: Decimal
    ) -> Judgement | tuple[Quantity]:
        quantity = Quantity(lower, upper, row.lower_closed, row.upper_closed, row.unit, row.result)
        unit = self.criterion.unit
        if unit is None:
            raise AssertionError(f"{self.criterion.id}: a quantitative criterion has a unit")
        try:
            return (
                convert(
                    quantity,
                    unit,
                    volume_mL=self.manifest.volume_mL,
                    weight_kg=self.manifest.recipient_weight_kg,
                ),
            )
        except NotConvertible as error:
            return Judgement(Outcome.INDETERMINATE, "indeterminate", str(error), row)

    def _settle(self, readable: Sequence[tuple[Observation, Quantity | None]]) -> list[Judgement]:
        evidence = _evidence(readable)
        settled = self._limit.settle(evidence)
        alerted = self._alert.settle(evidence) if self._alert else settled
        widened = [(row, self._widened(row, quantity)) for row, quantity in readable]
        certain = settled if widened == readable else self._limit.settle(_evidence(widened))
        banded = self._band.settle(evidence) if self._band else settled
        return [
            self._row(row, quantity, settled=one, alerted=other, certain=third, banded=fourth)
            for (row, quantity), one, other, third, fourth in zip(
                readable, settled, alerted, certain, banded, strict=True
            )
        ]

    def _widened(self, row: Observation, quantity: Quantity | None) -> Quantity | None:
        """Widen what was counted to its confidence interval, which may reach over a limit."""
        if quantity is None or row.ci_low is None or row.ci_high is None:
            return quantity
        ends = Decimal(repr(row.ci_low)), Decimal(repr(row.ci_high))
        found = self._converted(row, *ends)
        return quantity if isinstance(found, Judgement) else found[0]

    @cached_property
    def _limit(self) -> Limit:
        inside = self.criterion.inside
        if self.criterion.is_guarded and inside is not None:
            # A guard band is for the unrounded value: to round as well would count it twice.
            return compile_limit(inside, "none")
        return compile_limit(self.criterion.accept, self.specification.rounding)

    @cached_property
    def _band(self) -> Limit | None:
        """Where a simple limit is met by more than the declared uncertainty."""
        inside = self.criterion.inside
        if inside is None or self.criterion.is_guarded:
            return None
        return compile_limit(inside, "none")

    @cached_property
    def _alert(self) -> Limit | None:
        alert = self.criterion.alert
        return compile_limit(alert, self.specification.rounding) if alert else None

    def _row(
        self,
        row: Observation,
        quantity: Quantity | None,
        *,
        settled: Settled,
        alerted: Settled,
        certain: Settled,
        banded: Settled,
    ) -> Judgement:
        """Put one row's outcome into words; a doubtful reading may fail and never pass."""
        value = self._value_words(quantity, row)
        if settled is Settled.NOT_MET:
            kind = "invalid" if self.criterion.when_not_met is Outcome.INVALID else "fail"
            reason = f"{value}; the limit is {self.criterion.limit}"
            doubt = self._unsupported(row)
            besides = (doubt.reason,) if doubt else ()
            return Judgement(self.criterion.when_not_met, kind, reason, row, besides=besides)
        if settled is Settled.OPEN:
            reason = f"{value} does not settle whether it is {self.criterion.limit}"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        unsupported = self._unsupported(row)
        if unsupported is not None:
            return unsupported
        if alerted is not Settled.MET and self.criterion.alert:
            inside = self.criterion.alert.words(self.criterion.unit)
            return Judgement(Outcome.ALERT, "alert", f"{value}; the alert limit is {inside}", row)
        if row.reading == "positive":
            # Met although positive: only a line of a donor panel that is told allows it.
            reason = f"{value} excludes no donor by itself; tell the physician"
            return Judgement(Outcome.ALERT, "donor-result-communicated", reason, row)
        if certain is not Settled.MET:
            reason = f"{value}; its 95 % interval reaches over the limit {self.criterion.limit}"
            return Judgement(Outcome.ALERT, "alert", reason, row)
        if banded is not Settled.MET and self.criterion.uncertainty:
            band = self.criterion.uncertainty.words(self.criterion.unit)
            reason = f"{value}; the limit {self.criterion.limit} is within its uncertainty, {band}"
            return Judgement(Outcome.ALERT, "alert", reason, row)
        return Judgement(Outcome.PASS, "fail", value, row)

    def _unsupported(self, row: Observation) -> Judgement | None:
        """Tell what keeps a row from supporting a pass whatever its value; None where nothing."""
        if row.state != State.CONFIRMED:
            reason = f"“{row.result}” is {_STATE_WORDS[State(row.state)]}, which supports no pass"
            return Judgement(Outcome.INDETERMINATE, "unconfirmed", reason, row)
        if row.status == Status.PRELIMINARY:
            return self._pending(row)
        return lacking(row, self.criterion.needs, self.manifest)

    def _value_words(self, quantity: Quantity | None, row: Observation) -> str:
        """Say the value in the criterion's unit, and the rounded one where rounding tells."""
        if quantity is None:
            return f"“{row.result}”"
        words = interval(quantity)
        if row.unit != quantity.unit:
            words += f" (from {_shown(row)}{self._conversion(row, quantity)})"
        exact = quantity.exact
        if exact is None or self.criterion.is_guarded:
            return words
        for limit in self.criterion.accept.limits:
            shown = rounded(exact, limit, self.specification.rounding)
            if shown != exact:
                # The laboratory may have rounded before: only raw events are safe from that.
                printed = "" if row.numerator is not None else " as reported"
                return f"{words}{printed} rounds to {plain(shown)}"
        return words

    def _conversion(self, row: Observation, quantity: Quantity) -> str:
        """Say by which facts of lot.yaml a value became one in the criterion's unit."""
        volume, weight = self.manifest.volume_mL, self.manifest.recipient_weight_kg
        by_volume = (row.unit or "").endswith("L") and not (quantity.unit or "").endswith("L")
        by_weight = (quantity.unit or "").endswith("/kg") and not (row.unit or "").endswith("/kg")
        times = f" x {plain(volume)} mL" if by_volume and volume else ""
        return times + (f" / {plain(weight)} kg" if by_weight and weight else "")

    def _pending(self, row: Observation) -> Judgement:
        """Say when a running test is due; one whose reading is doubtful may not be waited for."""
        found = pending(row, self.criterion.needs, self.as_of)
        if row.state == State.CONFIRMED:
            return found
        reason = (
            f"{found.reason}; it is {_STATE_WORDS[State(row.state)]}, which supports no release"
        )
        return Judgement(Outcome.INDETERMINATE, "unconfirmed", reason, row)

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
            observed=_shown(finding.row) if finding.row else None,
            limit=self.criterion.limit,
            unit=self.criterion.unit,
            reason=finding.reason,
            reference=self.criterion.reference,
            evidence=tuple(Evidence(place_of(row), row.result) for row in [*first, *rest]),
            due=finding.due,
        )


def _failing(every: Sequence[Judgement]) -> tuple[str, ...]:
    """Give each result that misses its limit, once."""
    failed = [one.row for one in every if one.outcome is Outcome.FAIL and one.row]
    return tuple(dict.fromkeys(_shown(row) for row in failed))


def _besides(every: Sequence[Judgement]) -> tuple[str, ...]:
    """Tell for which other reasons a failed criterion is open, were its limit waived."""
    met = (Outcome.FAIL, Outcome.PASS, Outcome.ALERT)
    others = [one.reason for one in every if one.outcome not in met]
    doubts = [doubt for one in every if one.outcome is Outcome.FAIL for doubt in one.besides]
    return tuple(dict.fromkeys([*doubts, *others]))


_STATE_WORDS = {
    State.CONFIRMED: "confirmed",
    State.SINGLE_SOURCE: "recognised in a picture by one engine alone",
    State.CONFLICT: "contradicted by another reading of it",
    State.AMBIGUOUS: "ambiguous",
}


def _staged(
    result: CriterionResult, specification: Specification, results: Iterable[CriterionResult]
) -> CriterionResult:
    """Take the due date from a pending result whose staged plan is not fulfilled.

    Without its due date a pending result holds the lot.
    """
    staged = specification.staged
    if result.outcome is not Outcome.PENDING or not result.required:
        return result
    if result.importance is not Importance.PENDING_ALLOWED or staged is None:
        waits = "this product has no staged plan, so the lot waits for the final result"
        return replace(result, reason=f"{result.reason}; {waits}")
    unmet_ids = [
        other.id
        for other in results
        if other.id in staged.requires and other.outcome not in (Outcome.PASS, Outcome.ALERT)
    ]
    if not unmet_ids:
        call = f"{result.reason}; if it turns positive, call {staged.call}"
        return replace(result, reason=call)
    reason = f"{result.reason}; the staged plan wants {', '.join(unmet_ids)} to be met first"
    return replace(result, due=None, reason=reason)


def _without_overtaken(findings: list[Judgement]) -> list[Judgement]:
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


def _with_fit_specimens(findings: list[Judgement]) -> list[Judgement]:
    """Set a specimen that may not count aside where another one answers the criterion.

    A newborn may be tested beside the mother, and a donor be bled again nearer to the recovery.
    """
    if not any(found.outcome is Outcome.PASS for found in findings):
        return findings
    unfit = ("specimen-of-wrong-person", "specimen-outside-window", "donor-test-diagnostic")
    return [found for found in findings if found.kind not in unfit]


def _about(row: Observation) -> tuple[str, str | None, str | None]:
    return row.test, row.part, row.sample_id


def _evidence(readable: Sequence[tuple[Observation, Quantity | None]]) -> pd.DataFrame:
    """Lay the rows out as the compiled limits want them (`criteria.EVIDENCE_COLUMNS`)."""
    return pd.DataFrame(
        {
            "low": pd.Series([found and found.lower for _, found in readable], dtype=object),
            "low_closed": [found is None or found.lower_closed for _, found in readable],
            "high": pd.Series([found and found.upper for _, found in readable], dtype=object),
            "high_closed": [found is None or found.upper_closed for _, found in readable],
            "reading": pd.Series([row.reading for row, _ in readable], dtype=object),
        }
    )


def _withdrawn(row: Observation) -> Judgement:
    """A bad result does not go away by being cancelled; somebody must say why it was."""
    reason = f"“{row.result}” was cancelled; ask the laboratory why"
    return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)


def _shown(row: Observation) -> str:
    """Show a result as printed, with its unit, and as read where the two are not the same."""
    part = f"{row.part}: " if row.part else ""
    if row.unit is None or row.lower is None or row.upper is None or row.unit in row.result:
        return f"{part}{row.result}"
    quantity = Quantity(
        row.lower, row.upper, row.lower_closed, row.upper_closed, row.unit, row.result
    )
    if _prints(row.result, quantity):
        return f"{part}{row.result} {row.unit}"
    return f"{part}{row.result} (read as {interval(quantity)})"


def _prints(text: str, quantity: Quantity) -> bool:
    """Say whether the printed number is the value itself, and not a multiple of it: 41.2 1e3/uL."""
    ends = [end for end in (quantity.lower, quantity.upper) if end.is_finite()]
    try:
        return Decimal(text.strip(" <>=≤≥")) in ends
    except InvalidOperation:
        return False
