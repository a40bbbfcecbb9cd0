"""Judges one row at a time: its value against the criterion's limits, and what it must bring.

pandera settles the values of all rows of a criterion in one frame; a row without one, of a
control, or of a doubtful reading is decided here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property

import pandas as pd

from qcvalidate.assessment import Outcome
from qcvalidate.criteria import EVIDENCE_COLUMNS, Settled, compile_limit
from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.endotoxin import dosed_kg, hours_of, unseeing
from qcvalidate.figures import interval, plain
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Role, State, Status
from qcvalidate.rounding import rounded
from qcvalidate.specification import Acceptance, Criterion
from qcvalidate.sufficiency import Judgement, lacking, pending, place_of
from qcvalidate.vocabulary import Vocabulary

# A millilitre packed with the smallest nucleated cells (5 um across) holds 1.5e10 of them.
_MOST_CELLS_PER_ML = Decimal("1.5e10")
# A share of cells has its ceiling; the recovery of a control has none.
_SHARES = ("viability", "phenotype")
# From here on a rounded value is printed with a power of ten.
_LARGE = 10**6
_STATE_WORDS = {
    State.CONFIRMED: "confirmed",
    State.SINGLE_SOURCE: "recognised in a picture by one engine alone",
    State.CONFLICT: "contradicted by another reading of it",
    State.AMBIGUOUS: "ambiguous",
}

# A row of evidence (`criteria.EVIDENCE_COLUMNS`), and a limit with the rule of its rounding.
Bounds = tuple[Decimal | None, bool, Decimal | None, bool, str | None]
Asked = tuple[Acceptance, str]
Settle = Callable[[Asked, Sequence[Bounds]], list[Settled]]


def settled_by_pandera(asked: Asked, bounds: Sequence[Bounds]) -> list[Settled]:
    """Say of each row of evidence what it says about a limit: all in one frame."""
    return compile_limit(*asked).settle(evidence_frame(bounds))


@dataclass(frozen=True)
class Judge:
    """One criterion, and what of the lot and the day decides whether a row meets it.

    `settle` holds values against limits; one who judges very many lots remembers what was said.
    """

    criterion: Criterion
    rounding: str
    manifest: Manifest
    vocabulary: Vocabulary
    as_of: dt.date
    settle: Settle = settled_by_pandera
    _known: dict[int, tuple[Observation, Judgement | tuple[Quantity]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def samples(self, live: Sequence[Observation]) -> list[Judgement]:
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

    def controls(self, controls: Sequence[Observation]) -> list[Judgement]:
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

    def reading(self, row: Observation) -> str:
        """Say what a result was taken for: a reading, or a value in the criterion's unit."""
        quantity = self._taken(row)
        return interval(quantity) if quantity else row.reading or ""

    def rounded(self, row: Observation) -> str:
        """Say the value that was held against the limit, with the limit's digits."""
        quantity = self._taken(row)
        exact = quantity.exact if quantity else None
        if exact is None or self.criterion.is_guarded or self.rounding == "none":
            return ""
        values = [rounded(exact, limit, self.rounding) for limit in self.criterion.accept.limits]
        shown = (plain(value) if abs(value) >= _LARGE else f"{value:f}" for value in values)
        return " and ".join(f"{text} {self.criterion.unit}" for text in dict.fromkeys(shown))

    def _taken(self, row: Observation) -> Quantity | None:
        """Give a row's value in the criterion's unit, else in its own; None where it has none."""
        if self.criterion.accept.verb == "one_of" or row.lower is None or row.upper is None:
            return None
        value = self._value(row)
        if not isinstance(value, Judgement):
            return value[0]
        closed = row.lower_closed, row.upper_closed
        return Quantity(row.lower, row.upper, *closed, row.unit, row.result)

    def _exceeds(self, row: Observation) -> bool:
        """Say whether a blank or negative control itself misses a quantitative limit."""
        if self.criterion.accept.verb == "one_of" or row.lower is None or row.upper is None:
            return False
        if row.role not in (Role.NEGATIVE_CONTROL, Role.BLANK):
            return False
        value = self._value(row)
        if isinstance(value, Judgement):
            return True
        return self.settle(self._limit, [_bounds(row, value[0])]) != [Settled.MET]

    def asked(self, row: Observation) -> list[tuple[Asked, Bounds]]:
        """List what a limit will be asked of a row of the sample, for who asks it of many at once.

        What is left out here is asked when the row is judged.
        """
        judge = self._qualitative if self.criterion.accept.verb == "one_of" else self._quantity
        found = judge(row)
        if isinstance(found, Judgement):
            return []
        bounds = _bounds(self._so_far(row), found[0])
        limits = [self._limit, self._alert, self._band]
        widened = self._widened(row, found[0])
        wide = [(self._unguarded, _bounds(row, widened))] if widened != found[0] else []
        return [(limit, bounds) for limit in limits if limit is not None] + wide

    def _without_result(self, row: Observation) -> Judgement | None:
        """Give the judgement of a row whose test is blank, void or still running."""
        if row.reading is None and not row.result.strip():
            return Judgement(Outcome.MISSING, "missing", f"{place_of(row)} is blank", row)
        if row.reading == "invalid":
            return Judgement(Outcome.INVALID, "invalid", f"the test is void: “{row.result}”", row)
        return self._pending(row) if row.reading == "pending" else None

    def _qualitative(self, row: Observation) -> Judgement | tuple[None]:
        """Give the finding of a row that has no reading to be held against the limit."""
        if self._counts_so_far(row):
            return (None,)
        absent = self._without_result(row)
        if absent is not None:
            return absent
        if row.reading not in ("negative", "positive"):
            reason = f"“{row.result}” is not a result that we know; expected one such as “negative”"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        return (None,)

    def _counts_so_far(self, row: Observation) -> bool:
        """Say whether a culture goes on, and what it showed so far is what is asked for."""
        if not self.criterion.needs.interim or row.reading != "pending":
            # "No growth" on a paper that is called preliminary is not said of a running culture.
            return False
        return self.vocabulary.result(row.result, row.test).so_far == "negative"

    def _quantity(self, row: Observation) -> Judgement | tuple[Quantity]:
        """Give the row's value in the criterion's unit, or the finding that there is none."""
        if row.lower is None or row.upper is None:
            absent = self._without_result(row)
            if absent is not None:
                return absent
            reason = f"“{row.result}” {_unread(row)}"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        family = self.vocabulary.tests[row.test].family
        if row.unit == "%" and family in _SHARES and row.lower > 100:
            reason = f"“{row.result}” is more than all cells; a share is at most 100 %"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        per_ml = {"cells/mL": row.lower, "cells/uL": row.lower * 1000}.get(row.unit or "")
        if per_ml is not None and per_ml > _MOST_CELLS_PER_ML:
            reason = f"“{row.result}” {row.unit} is more cells than a millilitre can hold"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
        return self._value(row)

    def _value(self, row: Observation) -> Judgement | tuple[Quantity]:
        """Give a row's own value in the criterion's unit; four places ask for it."""
        known = self._known.get(id(row))
        if known is None or known[0] is not row:
            if row.lower is None or row.upper is None:
                raise AssertionError("a row without a value has none to convert")
            known = self._known[id(row)] = row, self._converted(row, row.lower, row.upper)
        return known[1]

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
                    weight_kg=self._weight(row),
                ),
            )
        except NotConvertible as error:
            return Judgement(Outcome.INDETERMINATE, "indeterminate", str(error), row)

    def _weight(self, row: Observation) -> Decimal | None:
        if row.test == ENDOTOXIN:
            return dosed_kg(self.criterion, self.manifest)
        return self.manifest.recipient_weight_kg

    def _settle(self, readable: Sequence[tuple[Observation, Quantity | None]]) -> list[Judgement]:
        evidence = [_bounds(self._so_far(row), value) for row, value in readable]
        settled = self.settle(self._limit, evidence)
        alerted = self.settle(self._alert, evidence) if self._alert else settled
        widened = [(row, self._widened(row, quantity)) for row, quantity in readable]
        certain = settled
        if widened != readable:
            certain = self.settle(self._unguarded, [_bounds(*one) for one in widened])
        banded = self.settle(self._band, evidence) if self._band else settled
        return [
            self._row(row, quantity, settled=one, alerted=other, certain=third, banded=fourth)
            for (row, quantity), one, other, third, fourth in zip(
                readable, settled, alerted, certain, banded, strict=True
            )
        ]

    def _so_far(self, row: Observation) -> Observation:
        return replace(row, reading="negative") if self._counts_so_far(row) else row

    def _widened(self, row: Observation, quantity: Quantity | None) -> Quantity | None:
        """Widen what was counted to its confidence interval, which may reach over a limit."""
        if quantity is None or row.ci_low is None or row.ci_high is None:
            return quantity
        ends = Decimal(repr(row.ci_low)), Decimal(repr(row.ci_high))
        found = self._converted(row, *ends)
        return quantity if isinstance(found, Judgement) else found[0]

    @cached_property
    def _limit(self) -> Asked:
        inside = self.criterion.inside
        if self.criterion.is_guarded and inside is not None:
            # A guard band is for the unrounded value: to round as well would count it twice.
            return inside, "none"
        return self.criterion.accept, self.rounding

    @cached_property
    def _unguarded(self) -> Asked:
        """The limit itself for a whole interval: guarded, its uncertainty would count twice."""
        if self.criterion.is_guarded:
            return self.criterion.accept, "none"
        return self._limit

    @cached_property
    def _band(self) -> Asked | None:
        """Where a simple limit is met by more than the declared uncertainty."""
        inside = self.criterion.inside
        if inside is None or self.criterion.is_guarded:
            return None
        return inside, "none"

    @cached_property
    def _alert(self) -> Asked | None:
        alert = self.criterion.alert
        return (alert, self.rounding) if alert else None

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
        unsupported = self._unsupported(row)
        if settled is Settled.OPEN:
            if unsupported is not None and unsupported.outcome is Outcome.INVALID:
                # A void test does not even leave the question open.
                return unsupported
            reason = f"{value} does not settle whether it is {self.criterion.limit}"
            return Judgement(Outcome.INDETERMINATE, "indeterminate", reason, row)
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
            whose = "its 95 % interval" if row.numerator is not None else _interval_words(row)
            reason = f"{value}; {whose} reaches over the limit {self.criterion.limit}"
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
        if row.status == Status.PRELIMINARY and not self._counts_so_far(row):
            return self._pending(row)
        blind = unseeing(row, self.criterion, self.manifest)
        if self.criterion.needs.within_mvd and blind is not None:
            return blind
        return lacking(row, self.criterion.needs, self.manifest)

    def _value_words(self, quantity: Quantity | None, row: Observation) -> str:
        """Say the value in the criterion's unit, and the rounded one where rounding tells."""
        if quantity is None:
            return f"“{row.result}”"
        words = interval(quantity)
        if row.unit != quantity.unit:
            words += f" (from {shown_result(row)}{self._conversion(row, quantity)})"
        exact = quantity.exact
        if exact is None or self.criterion.is_guarded:
            return words
        for limit in self.criterion.accept.limits:
            shown = rounded(exact, limit, self.rounding)
            if shown != exact:
                # The laboratory may have rounded before: only raw events are safe from that.
                printed = "" if row.numerator is not None else " as reported"
                return f"{words}{printed} rounds to {plain(shown)}"
        return words

    def _conversion(self, row: Observation, quantity: Quantity) -> str:
        """Say by which facts of lot.yaml a value became one in the criterion's unit."""
        volume = self.manifest.volume_mL
        is_endotoxin, weight = row.test == ENDOTOXIN, self.manifest.recipient_weight_kg
        hours = hours_of(self.criterion, self.manifest) if is_endotoxin else Decimal(1)
        weight = self.manifest.endotoxin_weight_kg if is_endotoxin else weight
        by_volume = (row.unit or "").endswith("L") and not (quantity.unit or "").endswith("L")
        by_weight = (quantity.unit or "").endswith("/kg") and not (row.unit or "").endswith("/kg")
        times = f" x {plain(volume)} mL" if by_volume and volume else ""
        times += f" / {plain(weight)} kg" if by_weight and weight else ""
        return times + (f" / {plain(hours)} h" if by_weight and hours != 1 else "")

    def _pending(self, row: Observation) -> Judgement:
        """Say when a running test is due; one whose reading is doubtful may not be waited for."""
        found = pending(row, self.criterion.needs, self.manifest, self.as_of)
        if row.state == State.CONFIRMED or found.outcome is Outcome.INDETERMINATE:
            return found
        reason = (
            f"{found.reason}; it is {_STATE_WORDS[State(row.state)]}, which supports no release"
        )
        return Judgement(Outcome.INDETERMINATE, "unconfirmed", reason, row)


def _interval_words(row: Observation) -> str:
    if row.ci_low is None or row.ci_high is None:
        raise AssertionError("a row without an interval reaches over no limit")
    low, high = (plain(Decimal(repr(end))) for end in (row.ci_low, row.ci_high))
    return f"its stated uncertainty, {low} to {high} {row.unit or ''}".rstrip() + ","


def _bounds(row: Observation, found: Quantity | None) -> Bounds:
    if found is None:
        return None, True, None, True, row.reading
    return found.lower, found.lower_closed, found.upper, found.upper_closed, row.reading


def evidence_frame(bounds: Sequence[Bounds]) -> pd.DataFrame:
    """Lay rows of evidence out as the compiled limits want them."""
    kinds = (object, bool, object, bool, object)
    columns = zip(*bounds, strict=True)
    return pd.DataFrame(
        {
            name: pd.Series(column, dtype=kind)
            for name, column, kind in zip(EVIDENCE_COLUMNS, columns, kinds, strict=True)
        }
    )


# A number in which no mark can be taken for one of thousands.
_PLAIN_NUMBER = re.compile(r"[<>≤≥=~\s]*\d+(?:[.,](?:\d{1,2}|\d{4,}))?(?![\d.,])")


def _unread(row: Observation) -> str:
    """Say why a row that should hold a number gives none."""
    if row.state != State.AMBIGUOUS:
        return "is not a number"
    if row.unit is None and _PLAIN_NUMBER.match(row.result):
        return "has no unit that this test may have"
    return "can be read in two ways"


def shown_result(row: Observation) -> str:
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
