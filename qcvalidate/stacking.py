"""Judges very many lots at once, each as `recheck.judge` would judge it alone.

Whatever decides a criterion of one lot is made into a key: what its rows say, how many days lie
between their dates, which facts count. Lots with one key are judged once, by the ordinary judge,
on rows and facts that hold nothing but what is in the key. All values go through the compiled
limits in one frame before. A row, or a lot, with anything unusual about it is judged alone.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qcvalidate.assessment import CriterionResult, Outcome, Verdict, verdict
from qcvalidate.checking import criterion_result
from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.frames import Observation
from qcvalidate.identity import identity_key, names_control, other_of_its_shape
from qcvalidate.judging import Judge
from qcvalidate.lot import method_findings
from qcvalidate.manifest import Manifest
from qcvalidate.recheck import OF_CELLS, Lot, fact_findings, findings, replicated
from qcvalidate.record import Finding, Role, State, Status
from qcvalidate.resultrows import ResultRows, first_of, joined, with_values
from qcvalidate.settlements import Settlements
from qcvalidate.specification import Criterion, Specification
from qcvalidate.standing import staged
from qcvalidate.tablelots import TableLots
from qcvalidate.vocabulary import Vocabulary

# A lot with more rows than this for one criterion is judged alone.
_MOST_ROWS = 4
# Lots that are judged alone are so in portions, that their rows need no more memory than this.
_PORTION = 2_000
_FINAL = (Status.FINAL, Status.AMENDED)
_COCKTAIL = "negative_cocktail_positive"
# What a key decides for certain; any other outcome may tell of days or places, and is judged alone.
_SETTLED = (Outcome.PASS, Outcome.ALERT, Outcome.NOT_APPLICABLE, Outcome.MISSING)
_DOSES = (
    "dose.volume_mL",
    "dose.recipient_weight_kg",
    "dose.lightest_recipient_kg",
    "dose.infusion_hours",
)
_FACT_KEYS = {
    "relation": "donor.relation",
    "tissue": "donor.tissue",
    "manipulation": "manufacture.manipulation",
    "cryopreserved": "manufacture.cryopreserved",
    "route": "dose.route",
}

_Ints = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stacked:
    """The lots of a table, judged.

    `results[matrix[lot, criterion]]` is the result of a criterion of a lot, without its places:
    `rows` has the first row that speaks of it, -1 for none. `findings` are those of the lots that
    have any; `verdicts` are numbers of the members of `Verdict`, in their order.
    """

    lots: TableLots
    results: tuple[CriterionResult, ...]
    matrix: npt.NDArray[np.int32]
    rows: _Ints
    findings: dict[int, tuple[Finding, ...]]
    verdicts: npt.NDArray[np.int8]

    def of_lot(self, lot: int) -> tuple[CriterionResult, ...]:
        """Give the results of one lot, in the order of the criteria."""
        return tuple(self.results[number] for number in self.matrix[lot])


VERDICTS = tuple(Verdict)


def stack(
    lots: TableLots,
    specification: Specification,
    vocabulary: Vocabulary,
    settlements: Settlements | None = None,
) -> Stacked:
    """Judge every lot of a table."""
    work = _Stack(lots, specification, vocabulary, settlements or Settlements())
    for number in range(len(specification.criteria)):
        work.judge_alike(number)
    work.judge_alone()
    return Stacked(
        lots, tuple(work.results), work.matrix, work.first_rows, work.findings, work.verdicts()
    )


@dataclass
class _Stack:
    """The work on one table, and what has come of it so far."""

    lots: TableLots
    specification: Specification
    vocabulary: Vocabulary
    settlements: Settlements
    results: list[CriterionResult] = field(default_factory=list)
    findings: dict[int, tuple[Finding, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.lots.rows
        self.size = len(self.lots.names)
        shape = (self.size, len(self.specification.criteria))
        self.matrix = np.full(shape, -1, dtype=np.int32)
        self.first_rows = np.full(shape, -1, dtype=np.int64)
        self.said, self.number = _said(rows)
        # All by lot from here on: `order` puts the rows of a lot beside one another.
        self.order = np.argsort(self.lots.of_row, kind="stable")
        self.lot = self.lots.of_row[self.order]
        self.row_number = self.number[rows.content][self.order]
        self.days = {role: dated.times[self.order] for role, dated in rows.days.items()}
        certain = np.array([content.certain for content in rows.contents], dtype=bool)
        fine = certain[rows.content] & rows.quiet
        for dated in rows.days.values():
            fine &= dated.certain
        self.fine = fine[self.order]
        plain = np.array([one is not None and _is_plain(one) for one in self.said], dtype=bool)
        self.plain = self.fine & plain[self.row_number]
        self.ends = np.searchsorted(self.lot, np.arange(self.size + 1))
        self.held = self._noticed()

    # --- which lots are judged alone ---------------------------------------------------------

    def lots_with(self, rows: _Flags) -> _Flags:
        """Say which lots have one of these rows."""
        return np.bincount(self.lot[rows], minlength=self.size) > 0

    def _noticed(self) -> _Flags:
        """Say of which lots something may be told besides their criteria."""
        noticed = self.lots_with(~self.fine)
        noticed |= np.array([bool(told) for told in self.lots.told], dtype=bool)
        words = [
            one is not None and (one.reading == "positive" or any(method_findings([one])))
            for one in self.said
        ]
        noticed |= self.lots_with(np.array(words, dtype=bool)[self.row_number])
        noticed |= self.lots_with(self._dates_doubtful())
        noticed |= self.lots_with(self._samples_doubtful())
        if self.lots.rows.archive is None:
            noticed |= self.lots_with(self._repeated())
        expires, harvested = self.lots.moments("expires"), self.lots.moments("harvested")
        noticed |= expires.astype("datetime64[D]") < self.lots.as_of
        noticed |= harvested.astype("datetime64[D]") > self.lots.as_of
        return noticed

    def _dates_doubtful(self) -> _Flags:
        started, ended, sampled = (self.days[role] for role in ("started", "ended", "sampled"))
        measured = self.days["measured_at"].astype("datetime64[D]")
        as_of = self.lots.as_of[self.lot]
        recovered = self.lots.moments("recovered").astype("datetime64[D]")[self.lot]
        doubtful = (started > ended) | (sampled > started)
        for day in (started, ended, measured):
            doubtful |= day > as_of
        families = [
            one is not None and self.vocabulary.tests[one.test].family in OF_CELLS
            for one in self.said
        ]
        of_cells = np.array(families, dtype=bool)[self.row_number]
        early = (started < recovered) | (measured < recovered)
        return np.asarray(doubtful | (of_cells & early), dtype=bool)

    def _samples_doubtful(self) -> _Flags:
        """Look at each name of a sample beside its lot once."""
        column = self.lots.rows.samples
        doubtful = np.zeros(len(self.lot), dtype=bool)
        if column is None:
            return doubtful
        codes = column.codes[self.order]
        pairs = joined(self.lot.astype(np.int64), codes)
        odd = []
        for row in first_of(pairs).tolist():
            sample, lot = column.values[codes[row]].strip(), self.lots.names[self.lot[row]]
            odd.append(
                bool(sample)
                and sample != lot
                and (
                    names_control(sample)
                    or not any(letter.isalpha() for letter in sample)
                    or len(sample) < 6
                    or other_of_its_shape(sample, lot) is not None
                    or self.lots.facts.codes("identifiers.patient", self.lots.at)[self.lot[row]] >= 0
                )
            )
        return np.array(odd, dtype=bool)[pairs]

    def _repeated(self) -> _Flags:
        asked = replicated(self.specification)
        counted = np.array([one is None or one.test not in asked for one in self.said], dtype=bool)
        codes = joined(self.lot.astype(np.int64), self.row_number)
        for times in self.days.values():
            codes = joined(codes, pd.factorize(times)[0])
        if self.lots.rows.samples is not None:
            samples = self.lots.rows.samples
            names = {text: at for at, text in enumerate(map(str.strip, samples.values))}
            same = np.array([names[text.strip()] for text in samples.values], dtype=np.int64)
            codes = joined(codes, same[samples.codes[self.order]])
        firsts = first_of(codes)
        again = np.ones(len(codes), dtype=bool)
        again[firsts] = False
        return again & counted[self.row_number]

    # --- lots with one key --------------------------------------------------------------------

    def judge_alike(self, at: int) -> None:
        """Judge one criterion of all lots in which nothing is unusual, each key once."""
        criterion = self.specification.criteria[at]
        heard = np.array([_is_heard(one, criterion) for one in self.said], dtype=bool)
        rows = np.flatnonzero(heard[self.row_number])
        lots = self.lot[rows]
        counts = np.bincount(lots, minlength=self.size)
        firsts = np.cumsum(counts) - counts
        spoken = counts > 0
        self.first_rows[spoken, at] = self.order[rows[firsts[spoken]]]
        alike = _Alike(self, criterion, rows)
        usual = counts <= _MOST_ROWS
        usual &= np.bincount(lots[~alike.usual_rows()], minlength=self.size) == 0
        usual &= spoken | ~self._may_explain(criterion)
        keys = alike.keys(counts, firsts)
        chosen = np.flatnonzero(usual)
        numbers, _ = pd.factorize(keys[chosen])
        examples = chosen[first_of(numbers.astype(np.int64))]
        judged = self._judged(criterion, [alike.example(lot, counts, firsts) for lot in examples])
        places = np.full(len(judged), -1, dtype=np.int32)
        for place, result in enumerate(judged):
            if _is_settled(result, criterion):
                places[place] = len(self.results)
                self.results.append(result)
        self.matrix[chosen, at] = places[numbers] if len(places) else -1

    def _may_explain(self, criterion: Criterion) -> _Flags:
        """Say which lots have a row that is told of where a criterion has no result."""
        told = [
            one is None or one.test in (_COCKTAIL, criterion.general) for one in self.said
        ]
        return self.lots_with(np.array(told, dtype=bool)[self.row_number] | ~self.fine)

    def _judged(
        self, criterion: Criterion, examples: Sequence[tuple[list[Observation], Manifest, dt.date]]
    ) -> list[CriterionResult]:
        rounding = self.specification.rounding
        self.settlements.ask(
            question
            for rows, manifest, as_of in examples
            for row in rows
            if _is_plain(row)
            for question in Judge(criterion, rounding, manifest, self.vocabulary, as_of).asked(row)
        )
        return [
            self._result(criterion, rows, manifest, as_of) for rows, manifest, as_of in examples
        ]

    def _result(
        self,
        criterion: Criterion,
        rows: Sequence[Observation],
        manifest: Manifest,
        as_of: dt.date,
        unread: Sequence[Any] = (),
    ) -> CriterionResult:
        found = criterion_result(
            criterion,
            self.specification,
            rows,
            manifest,
            self.vocabulary,
            as_of=as_of,
            unread=unread,
            settle=self.settlements,
        )
        return replace(found, evidence=())

    # --- lots that are judged alone -----------------------------------------------------------

    def judge_alone(self) -> None:
        """Judge what is left, lot by lot, and tell what is to be told of lots."""
        self._tell_facts()
        left = np.flatnonzero((self.matrix < 0).any(axis=1) | self.held)
        for start in range(0, len(left), _PORTION):
            portion = [
                (lot, _lot(self.lots, lot, self.order[self.ends[lot] : self.ends[lot + 1]]))
                for lot in left[start : start + _PORTION].tolist()
            ]
            self.settlements.ask(self._questions(portion))
            for lot, one in portion:
                self._judge_lot(lot, one)

    def _questions(self, portion: Sequence[tuple[int, Lot]]) -> Iterator[Any]:
        rounding = self.specification.rounding
        for lot, one in portion:
            for at in np.flatnonzero(self.matrix[lot] < 0).tolist():
                criterion = self.specification.criteria[at]
                judge = Judge(criterion, rounding, one.manifest, self.vocabulary, one.as_of)
                for row in one.rows:
                    if _is_heard(row, criterion) and row.role == Role.SAMPLE:
                        yield from judge.asked(row)

    def _judge_lot(self, lot: int, one: Lot) -> None:
        results = [
            self.results[number]
            if number >= 0
            else self._result(criterion, one.rows, one.manifest, one.as_of, one.unread)
            for number, criterion in zip(
                self.matrix[lot], self.specification.criteria, strict=True
            )
        ]
        results = [staged(result, self.specification, results) for result in results]
        for at, result in enumerate(results):
            number = self.matrix[lot, at]
            if number < 0:
                self.matrix[lot, at] = len(self.results)
                self.results.append(result)
        if self.held[lot]:
            self.findings[lot] = findings(one, results, self.specification, self.vocabulary)

    def _tell_facts(self) -> None:
        """Tell of the facts of lots that are not those of the specification, each kind once."""
        keys = ("delivery.guidance", *_FACT_KEYS.values())
        codes = np.zeros(self.size, dtype=np.int64)
        for key in keys:
            codes = joined(codes, self.lots.facts.codes(key, self.lots.at))
        told = [
            tuple(fact_findings(self.specification, self.lots.manifest(lot)))
            for lot in first_of(codes).tolist()
        ]
        if any(told):
            for lot, code in enumerate(codes.tolist()):
                if told[code]:
                    self.findings[lot] = told[code]

    # --- the verdicts -------------------------------------------------------------------------

    def verdicts(self) -> npt.NDArray[np.int8]:
        """Ask `assessment.verdict` once for each way in which results and findings come out."""
        outcomes = tuple(Outcome)
        kinds = np.array(
            [2 * outcomes.index(one.outcome) + (one.due is not None) for one in self.results],
            dtype=np.int64,
        )
        codes = np.zeros(self.size, dtype=np.int64)
        for at in range(self.matrix.shape[1]):
            codes = joined(codes, kinds[self.matrix[:, at]])
        graves: dict[frozenset[str], int] = {frozenset(): 0}
        told = np.zeros(self.size, dtype=np.int64)
        for lot, found in self.findings.items():
            grave = frozenset(one.severity for one in found)
            told[lot] = graves.setdefault(grave, len(graves))
        codes = joined(codes, told)
        judged = [
            VERDICTS.index(
                verdict(
                    [self.results[number] for number in self.matrix[lot]],
                    self.findings.get(lot, ()),
                )
            )
            for lot in first_of(codes).tolist()
        ]
        return np.array(judged, dtype=np.int8)[codes]


@dataclass(frozen=True)
class _Alike:
    """What decides one criterion: the rows that speak of it, and the facts that it asks for."""

    stack: _Stack
    criterion: Criterion
    rows: _Ints

    def usual_rows(self) -> _Flags:
        """Say which rows plainly bring what the criterion needs of their days."""
        work, needs, rows = self.stack, self.criterion.needs, self.rows
        usual = work.plain[rows].copy()
        lots = work.lot[rows]
        started, measured = work.days["started"][rows], work.days["measured_at"][rows]
        harvested = work.lots.moments("harvested")[lots]
        day = harvested.astype("datetime64[D]")
        if needs.max_hours_after_thaw is not None:
            thawed = work.lots.moments("thawed")[lots]
            usual &= _is_within(measured, thawed, float(needs.max_hours_after_thaw))
        if needs.max_hours_after_harvest is not None:
            usual &= _is_within(measured, harvested, float(needs.max_hours_after_harvest))
        if needs.after_harvest:
            usual &= np.isnat(harvested) | np.isnat(started) | (started >= day)
            clock = harvested - np.timedelta64(1, "h")
            late = (measured >= clock) & (measured.astype("datetime64[D]") >= day)
            usual &= np.isnat(harvested) | np.isnat(measured) | late
        if needs.before_harvest:
            usual &= started <= day
        if needs.hours_before_harvest is not None:
            least, most = needs.hours_before_harvest
            before = (day - started).astype(np.int64)
            inside = (before >= math.ceil(least / 24)) & (before <= math.floor(most / 24))
            usual &= ~np.isnat(day) & ~np.isnat(started) & inside
        if needs.min_replicates is not None or needs.max_cv_pct is not None:
            # What documents they stand in is told of them.
            usual[:] = False
        return usual

    def keys(self, counts: _Ints, firsts: _Ints) -> _Ints:
        """Give each lot the number of its key: lots of one key cannot come out differently."""
        work = self.stack
        row_keys = work.row_number[self.rows].astype(np.int64)
        for spans in self._spans():
            row_keys = joined(row_keys, spans)
        codes = np.zeros(work.size, dtype=np.int64)
        for nth in range(min(int(counts.max(initial=0)), _MOST_ROWS)):
            nth_rows = np.full(work.size, -1, dtype=np.int64)
            there = counts > nth
            nth_rows[there] = row_keys[firsts[there] + nth]
            codes = joined(codes, nth_rows)
        for fact in self._facts():
            codes = joined(codes, work.lots.facts.codes(_FACT_KEYS[fact], work.lots.at))
        if self.criterion.needs.specimen is not None:
            for key in ("donor.specimen_of", "donor.age_days"):
                codes = joined(codes, work.lots.facts.codes(key, work.lots.at))
        dosed = self._dosed
        if dosed.any():
            for key in _DOSES:
                stated = work.lots.facts.codes(key, work.lots.at)
                codes = joined(codes, np.where(dosed, stated, -1))
            codes = joined(codes, dosed.astype(np.int64))
        return codes

    def example(
        self, lot: int, counts: _Ints, firsts: _Ints
    ) -> tuple[list[Observation], Manifest, dt.date]:
        """Give the rows and facts of one lot, and nothing of them that is not in its key."""
        work, needs = self.stack, self.criterion.needs
        whole = work.lots.manifest(lot)
        told: dict[str, Any] = {}
        if self._dosed[lot]:
            told |= {
                name: getattr(whole, name)
                for name in (
                    "volume_mL",
                    "recipient_weight_kg",
                    "lightest_recipient_kg",
                    "infusion_hours",
                )
            }
        if needs.max_hours_after_thaw is not None:
            told["thawed"] = whole.thawed
        if needs.before_harvest or needs.hours_before_harvest or needs.max_hours_after_harvest:
            told["harvested"] = whole.harvested
        if needs.specimen is not None:
            for name in ("recovered", "specimen_of", "donor_age_days"):
                told[name] = getattr(whole, name)
        facts = {fact: whole.facts[fact] for fact in self._facts() if fact in whole.facts}
        rows = self.rows[firsts[lot] : firsts[lot] + counts[lot]].tolist()
        return [self._row(row) for row in rows], Manifest(facts=facts, **told), _day(work, lot)

    def _row(self, row: int) -> Observation:
        work, needs = self.stack, self.criterion.needs
        kept = set()
        if self._counts_days():
            kept |= {"started", "ended"}
        if needs.before_harvest or needs.hours_before_harvest is not None:
            kept.add("started")
        if needs.max_hours_after_thaw is not None or needs.max_hours_after_harvest is not None:
            kept.add("measured_at")
        if needs.specimen is not None:
            kept.add("sampled")
        found = work.said[work.row_number[row]]
        if found is None:
            raise AssertionError("a row that speaks of a criterion has an observation")
        times = {role: work.days[role][row] for role in kept}
        days = {role: None if np.isnat(time) else time.item() for role, time in times.items()}
        return with_values(found, days)

    def _spans(self) -> Iterator[_Ints]:
        """Count the days between those dates of a row that the criterion counts between."""
        work = self.stack
        if self._counts_days():
            yield _days(work.days["started"][self.rows], work.days["ended"][self.rows])
        if self.criterion.needs.specimen is not None:
            recovered = work.lots.moments("recovered")[work.lot[self.rows]]
            yield _days(recovered.astype("datetime64[D]"), work.days["sampled"][self.rows])

    def _counts_days(self) -> bool:
        needs = self.criterion.needs
        return needs.min_days is not None or bool(needs.methods) or needs.culture is not None

    def _facts(self) -> list[str]:
        tissue = ["tissue"] if self.criterion.needs.specimen is not None else []
        return sorted({*self.criterion.applies_when, *tissue})

    @cached_property
    def _dosed(self) -> _Flags:
        """Say which lots have a row that volume and weight decide."""
        work = self.stack
        by_dose = [one is not None and _is_dosed(one, self.criterion) for one in work.said]
        rows = self.rows[np.array(by_dose, dtype=bool)[work.row_number[self.rows]]]
        return np.bincount(work.lot[rows], minlength=work.size) > 0


def lot_alone(lots: TableLots, lot: int) -> Lot:
    """Give one lot of a table with everything that its rows say, for `recheck.judge`."""
    return _lot(lots, lot, np.flatnonzero(lots.of_row == lot))


def _lot(lots: TableLots, lot: int, numbers: _Ints) -> Lot:
    rows: list[Observation] = []
    told, unread = list(lots.told[lot]), []
    for row in numbers.tolist():
        found, findings_of_row, unread_of_row = lots.rows.read(row)
        rows += found
        told += findings_of_row
        unread += unread_of_row
    as_of, is_archive = lots.as_of[lot].item(), lots.rows.archive is not None
    return Lot(lots.manifest(lot), as_of, tuple(rows), tuple(told), tuple(unread), is_archive)


def _day(work: _Stack, lot: int) -> dt.date:
    found: dt.date = work.lots.as_of[lot].item()
    return found


def _said(rows: ResultRows) -> tuple[list[Observation | None], npt.NDArray[np.int32]]:
    """Number what contents say: two spellings of one result say the same."""
    numbers: dict[Observation | None, int] = {}
    places = []
    for content in rows.contents:
        one = content.observation
        said = None if one is None else with_values(one, {"region": None, "source": ""})
        places.append(numbers.setdefault(said, len(numbers)))
    return list(numbers), np.array(places, dtype=np.int32)


def _is_plain(row: Observation) -> bool:
    """Say whether nothing but its value and its days decides what a row says of a criterion."""
    has_value = row.reading in ("negative", "positive") if row.lower is None else True
    return (
        row.role == Role.SAMPLE
        and row.status in _FINAL
        and row.state == State.CONFIRMED
        and has_value
        and bool(row.result.strip())
    )


def _is_heard(row: Observation | None, criterion: Criterion) -> bool:
    """Say whether a row speaks of a criterion, as `checking` does."""
    if row is None:
        return False
    general = row.test == criterion.general and row.reading == "positive"
    return general or row.test in criterion.tests


def _is_dosed(row: Observation, criterion: Criterion) -> bool:
    """Say whether volume or weight may decide a row: in another unit, or of a diluted test."""
    stated = (row.dilution, row.sensitivity, row.valid_dilution)
    return (row.lower is not None and row.unit != criterion.unit) or (
        row.test == ENDOTOXIN and any(one is not None for one in stated)
    )


def _is_settled(result: CriterionResult, criterion: Criterion) -> bool:
    """Say whether a result holds for every lot of its key."""
    if result.outcome is Outcome.FAIL:
        return not result.besides and criterion.needs.specimen is None
    return result.outcome in _SETTLED and result.due is None


def _is_within(
    measured: npt.NDArray[np.datetime64], since: npt.NDArray[np.datetime64], hours: float
) -> _Flags:
    elapsed = measured - since
    most = np.timedelta64(dt.timedelta(hours=hours))
    return np.asarray((elapsed >= np.timedelta64(0, "us")) & (elapsed <= most), dtype=bool)


def _days(first: npt.NDArray[np.datetime64], last: npt.NDArray[np.datetime64]) -> _Ints:
    """Count the days between two dates, as numbers that are no less than 0; 0 where one is none."""
    absent = np.isnat(first) | np.isnat(last)
    days = (last - first).astype(np.int64)
    low = int(days[~absent].min(initial=0))
    # Of no start and of no end other words are said.
    return np.where(absent, -np.isnat(first).astype(np.int64), days - low + 1)
