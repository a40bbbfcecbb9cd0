"""Asks each criterion for its evidence: observations and a specification in, outcomes out.

We walk the criteria, never the errors: what has no evidence is missing, and an empty frame
passes nothing. pandera judges each row against the compiled limits; what a row must bring
besides its value (days of incubation, both media, hours after thaw) is decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import pandas as pd

from qcvalidate.assessment import MET, CriterionResult, Evidence, Importance, Outcome
from qcvalidate.criteria import Limit, Settled, compile_limit
from qcvalidate.frames import Observation, rows
from qcvalidate.manifest import Manifest
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Place, Role, State, Status
from qcvalidate.rounding import rounded
from qcvalidate.rules import outcome_rule, rule
from qcvalidate.specification import Criterion, Specification, unmet
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


def check(
    specification: Specification,
    observations: pd.DataFrame,
    manifest: Manifest,
    vocabulary: Vocabulary,
    *,
    as_of: dt.date,
) -> tuple[CriterionResult, ...]:
    """Give one result for each criterion of the specification, in its order, always.

    `observations` are those of this lot alone. `as_of` stands for today: a pending result is
    overdue after its due date.
    """
    found = rows(observations)
    results = [
        _Check(criterion, specification, found, manifest, vocabulary, as_of).result()
        for criterion in specification.criteria
    ]
    return tuple(_staged(result, specification, results) for result in results)


@dataclass(frozen=True)
class _Finding:
    """What one row, or their absence, says about the criterion."""

    outcome: Outcome
    kind: str  # a key of rules.OUTCOMES, or a rule's slug
    reason: str
    row: Observation | None = None
    due: dt.date | None = None


@dataclass(frozen=True)
class _Check:
    """One criterion before its evidence."""

    criterion: Criterion
    specification: Specification
    observations: Sequence[Observation]
    manifest: Manifest
    vocabulary: Vocabulary
    as_of: dt.date

    def result(self) -> CriterionResult:
        """Walk from applicability over evidence to the worst row."""
        named = [row for row in self.observations if row.test in self.criterion.tests]
        samples = [row for row in named if row.role == Role.SAMPLE]
        applicability = self._applicability()
        if applicability is not None:
            return self._report(applicability, samples)
        controls = self._controls([row for row in named if row.role != Role.SAMPLE])
        live = [row for row in samples if row.status != Status.CANCELLED]
        if not live:
            return self._report(self._absence(samples), samples)
        judged = _without_overtaken(self._judge(live))
        judged += self._absent_parts(live)
        worst = min([*judged, *controls], key=lambda finding: _WORST_FIRST.index(finding.outcome))
        return self._report(worst, live)

    def _applicability(self) -> _Finding | None:
        """Decide whether the criterion applies; what lot.yaml does not state, we cannot tell."""
        unstated = [fact for fact in self.criterion.applies_when if fact not in self.manifest.facts]
        if unstated:
            facts = " and ".join(fact.replace("_", " ") for fact in unstated)
            reason = f"lot.yaml does not state the {facts}, which decides whether this applies"
            return _Finding(Outcome.MISSING, "missing", reason)
        different = unmet(self.criterion.applies_when, self.manifest)
        if different:
            reason = f"applies to {'; '.join(different)}"
            return _Finding(Outcome.NOT_APPLICABLE, "fail", reason)
        return None

    def _absence(self, cancelled: Sequence[Observation]) -> _Finding:
        wanted = " or ".join(self.vocabulary.tests[test].title for test in self.criterion.tests)
        if cancelled:
            reason = f"the only result for {wanted} was cancelled"
            return _Finding(Outcome.MISSING, "missing", reason, cancelled[0])
        if not self.criterion.required_presence:
            reason = f"judged when reported; no document reports {wanted}"
            return _Finding(Outcome.NOT_APPLICABLE, "fail", reason)
        return _Finding(Outcome.MISSING, "missing", f"no document reports {wanted}")

    def _controls(self, controls: Sequence[Observation]) -> list[_Finding]:
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
            elif row.reading != reading:
                continue
            text = f"{words} (“{row.result}”), so the test is void"
            found.append(_Finding(Outcome.INVALID, "invalid", text, row))
        return found

    def _absent_parts(self, live: Sequence[Observation]) -> list[_Finding]:
        there = {row.part for row in live}
        absent = [part for part in self.criterion.needs.parts if part not in there]
        if not absent:
            return []
        shown = ", ".join(sorted(part for part in there if part)) or "none by its name"
        reason = f"no result for the {' and the '.join(absent)} part; documents report {shown}"
        return [_Finding(Outcome.MISSING, "incomplete", reason, live[0])]

    def _judge(self, live: Sequence[Observation]) -> list[_Finding]:
        """Judge each row, all those that have a value by pandera in one frame."""
        judge = self._qualitative if self.criterion.accept.verb == "one_of" else self._quantity
        readable: list[tuple[Observation, Quantity | None]] = []
        findings: list[_Finding] = []
        for row in live:
            found = judge(row)
            if isinstance(found, _Finding):
                findings.append(found)
            else:
                readable.append((row, found[0]))
        if readable:
            findings += self._settle(readable)
        return findings

    def _qualitative(self, row: Observation) -> _Finding | tuple[None]:
        """Give the finding of a row that has no reading to be held against the limit."""
        if row.reading is None and not row.result.strip():
            return _Finding(Outcome.MISSING, "missing", f"{_at(row)} is blank", row)
        if row.reading == "invalid":
            return _Finding(Outcome.INVALID, "invalid", f"the test is void: “{row.result}”", row)
        if row.reading == "pending":
            return self._pending(row)
        if row.reading not in ("negative", "positive"):
            reason = f"“{row.result}” is not a result that we know; expected a closed wording"
            return _Finding(Outcome.INDETERMINATE, "indeterminate", reason, row)
        return (None,)

    def _quantity(self, row: Observation) -> _Finding | tuple[Quantity]:
        """Give the row's value in the criterion's unit, or the finding that there is none."""
        if row.lower is None or row.upper is None:
            if not row.result.strip():
                return _Finding(Outcome.MISSING, "missing", f"{_at(row)} is blank", row)
            if row.reading == "pending":
                return self._pending(row)
            if row.reading == "invalid":
                reason = f"the test is void: “{row.result}”"
                return _Finding(Outcome.INVALID, "invalid", reason, row)
            how = "can be read in two ways" if row.state == State.AMBIGUOUS else "is not a number"
            reason = f"“{row.result}” {how}"
            return _Finding(Outcome.INDETERMINATE, "indeterminate", reason, row)
        return self._converted(row, row.lower, row.upper)

    def _converted(
        self, row: Observation, lower: Decimal, upper: Decimal
    ) -> _Finding | tuple[Quantity]:
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
            return _Finding(Outcome.INDETERMINATE, "indeterminate", str(error), row)

    def _settle(self, readable: Sequence[tuple[Observation, Quantity | None]]) -> list[_Finding]:
        evidence = _evidence(readable)
        settled = self._limit.settle(evidence)
        alerted = self._alert.settle(evidence) if self._alert else settled
        widened = [(row, _widened(row, quantity)) for row, quantity in readable]
        certain = settled if widened == readable else self._limit.settle(_evidence(widened))
        return [
            self._row(row, quantity, settled=one, alerted=other, certain=third)
            for (row, quantity), one, other, third in zip(
                readable, settled, alerted, certain, strict=True
            )
        ]

    @cached_property
    def _limit(self) -> Limit:
        return compile_limit(self.criterion.accept, self.specification.rounding)

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
    ) -> _Finding:
        """Put one row's outcome into words; a doubtful reading may fail and never pass."""
        value = self._value_words(quantity, row)
        if settled is Settled.NOT_MET:
            kind = "invalid" if self.criterion.when_not_met is Outcome.INVALID else "fail"
            reason = f"{value}; the limit is {self.criterion.limit}"
            return _Finding(self.criterion.when_not_met, kind, reason, row)
        if settled is Settled.OPEN:
            reason = f"{value} does not settle whether it is {self.criterion.limit}"
            return _Finding(Outcome.INDETERMINATE, "indeterminate", reason, row)
        if row.state != State.CONFIRMED:
            reason = f"“{row.result}” is {_STATE_WORDS[State(row.state)]}, which supports no pass"
            return _Finding(Outcome.INDETERMINATE, "unconfirmed", reason, row)
        if row.status == Status.PRELIMINARY:
            return self._pending(row)
        lacking = self._lacking(row)
        if lacking is not None:
            return lacking
        if alerted is not Settled.MET and self.criterion.alert:
            inside = self.criterion.alert.words(self.criterion.unit)
            return _Finding(Outcome.ALERT, "alert", f"{value}; the alert limit is {inside}", row)
        if certain is not Settled.MET:
            reason = f"{value}; its 95 % interval reaches over the limit {self.criterion.limit}"
            return _Finding(Outcome.ALERT, "alert", reason, row)
        return _Finding(Outcome.PASS, "fail", value, row)

    def _value_words(self, quantity: Quantity | None, row: Observation) -> str:
        """Say the value in the criterion's unit, and the rounded one where rounding tells."""
        if quantity is None:
            return f"“{row.result}”"
        words = _interval_words(quantity)
        exact = quantity.exact
        if exact is None:
            return words
        for limit in self.criterion.accept.limits:
            shown = rounded(exact, limit, self.specification.rounding)
            if shown != exact:
                # The laboratory may have rounded before: only raw events are safe from that.
                printed = "" if row.numerator is not None else " as reported"
                return f"{words}{printed} rounds to {_plain(shown)}"
        return words

    def _lacking(self, row: Observation) -> _Finding | None:
        """Find what the row fails to bring besides its value."""
        needs = self.criterion.needs
        checks = (
            self._too_few_days(row) if needs.min_days is not None else None,
            self._too_late(row) if needs.max_hours_after_thaw is not None else None,
            self._too_few_events(row) if needs.min_events is not None else None,
        )
        return next((found for found in checks if found is not None), None)

    def _too_few_days(self, row: Observation) -> _Finding | None:
        """Count from performance dates only; a received or reported date is neither."""
        needed = self.criterion.needs.min_days or 0
        why = ""
        if row.turbidity == "turbid" and self.criterion.needs.min_days_when_turbid:
            needed, why = self.criterion.needs.min_days_when_turbid, " for a turbid product"
        if row.started is None or row.ended is None:
            absent = "start" if row.started is None else "end"
            reason = f"“{row.result}”: the {absent} of the incubation is not stated"
            return self._incomplete(row, f"{reason}; at least {needed} days{why} are needed")
        days = (row.ended - row.started).days
        if days < needed:
            reason = f"incubated {days} days ({row.started} to {row.ended})"
            return self._incomplete(row, f"{reason}; at least {needed}{why} are needed")
        if row.day is not None and row.day < needed:
            reason = f"“{row.result}” speaks of day {row.day}"
            return self._incomplete(row, f"{reason}; at least {needed}{why} are needed")
        transferred = row.method is not None and _names_transfer(row.method)
        if why and not transferred:
            reason = "the medium was turbid and no transfer to fresh medium is stated"
            return self._incomplete(row, reason)
        return None

    def _too_late(self, row: Observation) -> _Finding | None:
        hours = self.criterion.needs.max_hours_after_thaw
        thawed = self.manifest.thawed
        if thawed is None:
            return self._incomplete(row, "lot.yaml does not state when the vial was thawed")
        if row.measured_at is None:
            reason = f"{_at(row)} does not state when it was measured"
            return self._incomplete(row, f"{reason}; at most {hours} hours after thaw")
        elapsed = row.measured_at - thawed
        if dt.timedelta(0) <= elapsed <= dt.timedelta(hours=float(hours or 0)):
            return None
        when = f"measured {_hours(elapsed)} after thaw ({thawed:%Y-%m-%d %H:%M})"
        reason = f"{when}; at most {hours} hours"
        return _Finding(Outcome.INDETERMINATE, "sample-age", reason, row)

    def _too_few_events(self, row: Observation) -> _Finding | None:
        needed = self.criterion.needs.min_events or 0
        if row.numerator is None or row.numerator >= needed:
            return None
        return self._incomplete(row, f"{row.numerator} events; at least {needed} are needed")

    def _incomplete(self, row: Observation, reason: str) -> _Finding:
        return _Finding(Outcome.INDETERMINATE, "incomplete", reason, row)

    def _pending(self, row: Observation) -> _Finding:
        """A running test: due when its days are over, missing when that day has passed."""
        needed = self.criterion.needs.min_days
        due = row.started + dt.timedelta(days=needed) if row.started and needed else None
        so_far = f"“{row.result}”" if row.result.strip() else "no result yet"
        if row.day is not None and "day" not in row.result.casefold():
            so_far = f"{so_far}, day {row.day}"
        status = f", {row.status}" if row.status == Status.PRELIMINARY else ""
        if due is not None and self.as_of > due:
            reason = f"{so_far}{status}; the final result was due {due} and is not here"
            return _Finding(Outcome.MISSING, "not-final", reason, row)
        when = f"due {due}" if due else "no start date, hence no due date"
        return _Finding(Outcome.PENDING, "pending", f"{so_far}{status}; {when}", row, due)

    def _report(self, finding: _Finding, evidence: Sequence[Observation]) -> CriterionResult:
        family = self.vocabulary.tests[self.criterion.tests[0]].family
        named = (
            rule(finding.kind) if finding.kind == "sample-age"
            else outcome_rule(family, finding.kind)
        )  # fmt: skip
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
            evidence=tuple(Evidence(_place(row), row.result) for row in [*first, *rest]),
            due=finding.due,
        )


_STATE_WORDS = {
    State.CONFIRMED: "confirmed",
    State.SINGLE_SOURCE: "read by one engine alone",
    State.CONFLICT: "contradicted elsewhere in the document",
    State.AMBIGUOUS: "ambiguous",
}


def _staged(
    result: CriterionResult, specification: Specification, results: Iterable[CriterionResult]
) -> CriterionResult:
    """Take the due date from a pending result whose staged plan is not fulfilled.

    Without its due date a pending result holds the lot.
    """
    staged = specification.staged
    pending = result.outcome is Outcome.PENDING
    if not pending or result.importance is not Importance.PENDING_ALLOWED or staged is None:
        return result
    unmet_ids = [
        other.id for other in results if other.id in staged.requires and other.outcome not in MET
    ]
    if not unmet_ids:
        call = f"{result.reason}; if it turns positive, call {staged.call}"
        return replace(result, reason=call)
    reason = f"{result.reason}; the staged plan wants {', '.join(unmet_ids)} to be met first"
    return replace(result, due=None, reason=reason)


def _without_overtaken(findings: list[_Finding]) -> list[_Finding]:
    """Set a pending row aside where the same part of the same test has a final result.

    A preliminary paper that arrives after the final one does not replace it, either.
    """
    final = {
        (finding.row.test, finding.row.part, finding.row.sample_id)
        for finding in findings
        if finding.row
        and finding.row.status in _FINAL
        and finding.outcome in (Outcome.PASS, Outcome.ALERT)
    }
    return [
        finding
        for finding in findings
        if finding.outcome is not Outcome.PENDING
        or finding.row is None
        or (finding.row.test, finding.row.part, finding.row.sample_id) not in final
    ]


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


def _widened(row: Observation, quantity: Quantity | None) -> Quantity | None:
    """Widen a counted percentage to its confidence interval, which may reach over a limit."""
    if quantity is None or quantity.unit != "%" or row.ci_low is None or row.ci_high is None:
        return quantity
    low, high = Decimal(repr(row.ci_low)), Decimal(repr(row.ci_high))
    return replace(quantity, lower=low, upper=high)


def _names_transfer(method: str) -> bool:
    return any(word in method.casefold() for word in ("transfer", "subcultur", "subkultur"))


def _place(row: Observation) -> Place:
    return Place(row.source, row.page, row.region)


def _at(row: Observation) -> str:
    return str(_place(row))


def _shown(row: Observation) -> str:
    part = f"{row.part}: " if row.part else ""
    unit = row.unit if row.unit and row.unit not in row.result else ""
    return f"{part}{row.result} {unit}".strip()


def _hours(elapsed: dt.timedelta) -> str:
    minutes = round(elapsed.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 0 else "before, not"


def _interval_words(quantity: Quantity) -> str:
    unit = f" {quantity.unit}" if quantity.unit and quantity.unit != "%" else ""
    unit = " %" if quantity.unit == "%" else unit
    exact = quantity.exact
    if exact is not None:
        return f"{_plain(exact)}{unit}"
    if not quantity.lower.is_finite():
        return f"{'at most' if quantity.upper_closed else 'below'} {_plain(quantity.upper)}{unit}"
    if not quantity.upper.is_finite():
        return f"{'at least' if quantity.lower_closed else 'above'} {_plain(quantity.lower)}{unit}"
    return f"{_plain(quantity.lower)} to {_plain(quantity.upper)}{unit}"


def _plain(value: Decimal) -> str:
    """Print a decimal as a person would write it: 64.2, 7.14, 1.25e8.

    >>> _plain(Decimal("7.142857142857")), _plain(Decimal("1.25E+8")), _plain(Decimal("70"))
    ('7.143', '1.25e8', '70')
    """
    if value == 0:
        return "0"
    figures = max(4, value.adjusted() + 1) if abs(value) < 10**6 else 4
    short = value.quantize(Decimal((0, (1,), value.adjusted() - figures + 1)))
    if abs(value) < 10**6:
        text = f"{short:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = f"{short.scaleb(-value.adjusted()):f}"
    return f"{mantissa.rstrip('0').rstrip('.')}e{value.adjusted()}"
