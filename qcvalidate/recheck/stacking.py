"""Judges very many lots at once, each as `onelot.judge` would judge it alone.

Whatever decides a criterion of one lot is made into a key: what its rows say, how many days lie
between their dates, which facts count. Lots with one key are judged once, by the ordinary judge,
on rows and facts that hold nothing but what is in the key. All values go through the compiled
limits in one frame before. A row, or a lot, with anything unusual about it is judged alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qcvalidate.assessment import CriterionResult, Outcome, Verdict, verdict
from qcvalidate.checking import criterion_result
from qcvalidate.frames import Observation
from qcvalidate.identity import names_control, other_of_its_shape
from qcvalidate.judging import Judge
from qcvalidate.lot import method_findings
from qcvalidate.manifest import Manifest
from qcvalidate.recheck.likeness import (
    FACT_KEYS,
    MOST_ROWS,
    Alike,
    Flags,
    Ints,
    SortedRows,
    is_heard,
    is_plain,
)
from qcvalidate.recheck.onelot import Lot, fact_findings, findings, replicated
from qcvalidate.recheck.plaincounts import doubtful_counts
from qcvalidate.recheck.resultrows import first_of, joined
from qcvalidate.recheck.tablelots import TableLots
from qcvalidate.record import Finding, Role
from qcvalidate.redcells import TESTS as NUCLEATED
from qcvalidate.redcells import red_cell_findings
from qcvalidate.settlements import Settlements
from qcvalidate.specification import Criterion, Specification
from qcvalidate.standing import staged
from qcvalidate.vocabulary import Vocabulary

# Lots that are judged alone are so in portions, that their rows need no more memory than this.
_PORTION = 2_000
_COCKTAIL = "negative_cocktail_positive"
# What a key decides for certain; any other outcome may tell of days or places, and is judged alone.
_SETTLED = (Outcome.PASS, Outcome.ALERT, Outcome.NOT_APPLICABLE, Outcome.MISSING)


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
    rows: Ints
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
        self.rows = SortedRows(self.lots)
        shape = (self.rows.size, len(self.specification.criteria))
        self.matrix = np.full(shape, -1, dtype=np.int32)
        self.first_rows = np.full(shape, -1, dtype=np.int64)
        self.held = self._noticed()

    # --- which lots are judged alone ---------------------------------------------------------

    def _noticed(self) -> Flags:
        """Say of which lots something may be told besides their criteria."""
        noticed = self.rows.lots_with(~self.rows.fine)
        noticed |= np.array([bool(told) for told in self.lots.told], dtype=bool)
        words = [one is not None and self._is_told(one) for one in self.rows.said]
        noticed |= self.rows.lots_with(self.rows.which(words))
        noticed |= doubtful_counts(self.rows)
        noticed |= self.rows.lots_with(self._dates_doubtful())
        noticed |= self.rows.lots_with(self._samples_doubtful())
        if self.lots.rows.archive is None:
            noticed |= self.rows.lots_with(self._repeated())
        expires, harvested = self.lots.moments("expires"), self.lots.moments("harvested")
        noticed |= expires.astype("datetime64[D]") < self.lots.as_of
        noticed |= harvested.astype("datetime64[D]") > self.lots.as_of
        return noticed

    def _is_told(self, row: Observation) -> bool:
        """Say whether something is told of a row alone, wherever it stands."""
        return (
            row.reading == "positive"
            or any(method_findings([row]))
            or (row.test in NUCLEATED and any(red_cell_findings(self.specification, [row])))
        )

    def _dates_doubtful(self) -> Flags:
        started, ended, sampled = (self.rows.days[role] for role in ("started", "ended", "sampled"))
        measured = self.rows.days["measured_at"].astype("datetime64[D]")
        as_of = self.lots.as_of[self.rows.lot]
        recovered = self.lots.moments("recovered").astype("datetime64[D]")[self.rows.lot]
        doubtful = (started > ended) | (sampled > started)
        for day in (started, ended, measured):
            doubtful |= day > as_of
        families = [
            one is not None and one.test in self.vocabulary.of_cells for one in self.rows.said
        ]
        of_cells = self.rows.which(families)
        early = (started < recovered) | (measured < recovered)
        return np.asarray(doubtful | (of_cells & early), dtype=bool)

    def _samples_doubtful(self) -> Flags:
        """Look at each name of a sample beside its lot once."""
        column = self.lots.rows.samples
        doubtful = np.zeros(len(self.rows.lot), dtype=bool)
        if column is None:
            return doubtful
        codes = column.codes[self.rows.order]
        pairs = joined(self.rows.lot.astype(np.int64), codes)
        odd = []
        for row in first_of(pairs).tolist():
            sample, lot = column.values[codes[row]].strip(), self.lots.names[self.rows.lot[row]]
            odd.append(
                bool(sample)
                and sample != lot
                and (
                    names_control(sample)
                    or not any(letter.isalpha() for letter in sample)
                    or len(sample) < 6
                    or other_of_its_shape(sample, lot) is not None
                    or self.lots.facts.codes("identifiers.patient", self.lots.at)[
                        self.rows.lot[row]
                    ]
                    >= 0
                )
            )
        return np.array(odd, dtype=bool)[pairs]

    def _repeated(self) -> Flags:
        asked = replicated(self.specification)
        counted = [one is None or one.test not in asked for one in self.rows.said]
        lot, number = self.rows.lot.astype(np.int64), self.rows.number.astype(np.int64)
        codes = lot * max(1, len(self.rows.said)) + number
        # Most lots say nothing twice, and need no look at their days.
        twice = np.flatnonzero(pd.Series(codes).duplicated(keep=False).to_numpy())
        codes = pd.factorize(codes[twice])[0].astype(np.int64)
        for times in self.rows.days.values():
            codes = joined(codes, pd.factorize(times[twice])[0])
        if self.lots.rows.samples is not None:
            samples = self.lots.rows.samples
            names = {text: at for at, text in enumerate(map(str.strip, samples.values))}
            same = np.array([names[text.strip()] for text in samples.values], dtype=np.int64)
            codes = joined(codes, same[samples.codes[self.rows.order[twice]]])
        again = np.zeros(len(lot), dtype=bool)
        again[twice] = True
        again[twice[first_of(codes)]] = False
        return again & self.rows.which(counted)

    # --- lots with one key --------------------------------------------------------------------

    def judge_alike(self, at: int) -> None:
        """Judge one criterion of all lots in which nothing is unusual, each key once."""
        criterion = self.specification.criteria[at]
        heard = [is_heard(one, criterion) for one in self.rows.said]
        rows = np.flatnonzero(self.rows.which(heard))
        lots = self.rows.lot[rows]
        counts = np.bincount(lots, minlength=self.rows.size)
        firsts = np.cumsum(counts) - counts
        spoken = counts > 0
        self.first_rows[spoken, at] = self.rows.order[rows[firsts[spoken]]]
        alike = Alike(self.rows, criterion, rows)
        usual = counts <= MOST_ROWS
        usual &= np.bincount(lots[~alike.usual_rows()], minlength=self.rows.size) == 0
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

    def _may_explain(self, criterion: Criterion) -> Flags:
        """Say which lots have a row that is told of where a criterion has no result."""
        told = [one is None or one.test in (_COCKTAIL, criterion.general) for one in self.rows.said]
        return self.rows.lots_with(self.rows.which(told) | ~self.rows.fine)

    def _judged(
        self, criterion: Criterion, examples: Sequence[tuple[list[Observation], Manifest, dt.date]]
    ) -> list[CriterionResult]:
        rounding = self.specification.rounding
        self.settlements.ask(
            question
            for rows, manifest, as_of in examples
            for row in rows
            if is_plain(row)
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
                (
                    lot,
                    _lot(
                        self.lots,
                        lot,
                        self.rows.order[self.rows.ends[lot] : self.rows.ends[lot + 1]],
                    ),
                )
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
                    if is_heard(row, criterion) and row.role == Role.SAMPLE:
                        yield from judge.asked(row)

    def _judge_lot(self, lot: int, one: Lot) -> None:
        results = [
            self.results[number]
            if number >= 0
            else self._result(criterion, one.rows, one.manifest, one.as_of, one.unread)
            for number, criterion in zip(self.matrix[lot], self.specification.criteria, strict=True)
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
        keys = ("delivery.guidance", *FACT_KEYS.values())
        codes = np.zeros(self.rows.size, dtype=np.int64)
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
        codes = np.zeros(self.rows.size, dtype=np.int64)
        for at in range(self.matrix.shape[1]):
            codes = joined(codes, kinds[self.matrix[:, at]])
        graves: dict[frozenset[str], int] = {frozenset(): 0}
        told = np.zeros(self.rows.size, dtype=np.int64)
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


def lot_alone(lots: TableLots, lot: int) -> Lot:
    """Give one lot of a table with everything that its rows say, for `onelot.judge`."""
    return _lot(lots, lot, np.flatnonzero(lots.of_row == lot))


def _lot(lots: TableLots, lot: int, numbers: Ints) -> Lot:
    rows: list[Observation] = []
    told, unread = list(lots.told[lot]), []
    for row in numbers.tolist():
        found, findings_of_row, unread_of_row = lots.rows.read(row)
        rows += found
        told += findings_of_row
        unread += unread_of_row
    as_of, is_archive = lots.as_of[lot].item(), lots.rows.archive is not None
    return Lot(lots.manifest(lot), as_of, tuple(rows), tuple(told), tuple(unread), is_archive)


def _is_settled(result: CriterionResult, criterion: Criterion) -> bool:
    """Say whether a result holds for every lot of its key."""
    if result.outcome is Outcome.FAIL:
        return not result.besides and criterion.needs.specimen is None
    return result.outcome in _SETTLED and result.due is None
