"""Says which lots of a table one criterion cannot tell apart: what decides it is the same in them.

Lots of one key are judged once, on rows and facts that hold nothing but what is in the key. A row
whose days do not plainly bring what is needed has none.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.recheck.resultrows import ResultRows, joined, with_values
from qcvalidate.recheck.tablelots import TableLots
from qcvalidate.record import Role, State, Status
from qcvalidate.specification import Criterion

# A lot with more rows than this for one criterion is judged alone.
MOST_ROWS = 4
FACT_KEYS = {
    "relation": "donor.relation",
    "tissue": "donor.tissue",
    "manipulation": "manufacture.manipulation",
    "cryopreserved": "manufacture.cryopreserved",
    "route": "dose.route",
}
_DOSES = {
    "volume_mL": "dose.volume_mL",
    "recipient_weight_kg": "dose.recipient_weight_kg",
    "lightest_recipient_kg": "dose.lightest_recipient_kg",
    "infusion_hours": "dose.infusion_hours",
}
_FINAL = (Status.FINAL, Status.AMENDED)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class SortedRows:
    """The rows of a table, those of a lot beside one another.

    `order` has each one's place in the table, `lot` the number of its lot, and `number` that of
    what it says in `said`. `fine` are those that were read without a word being said, `plain` those
    in which nothing but value and days decides. `ends` has the first row of each lot, and the end.
    """

    def __init__(self, lots: TableLots) -> None:
        self.lots = lots
        self.size = len(lots.names)
        rows = lots.rows
        self.said, numbers = _said(rows)
        self.order = np.argsort(lots.of_row, kind="stable")
        self.lot = lots.of_row[self.order]
        self.number = numbers[rows.content][self.order]
        self.days = {role: dated.times[self.order] for role, dated in rows.days.items()}
        certain = np.array([content.certain for content in rows.contents], dtype=bool)
        fine = certain[rows.content] & rows.quiet
        for dated in rows.days.values():
            fine &= dated.certain
        self.fine = fine[self.order]
        self.plain = self.fine & self.which(
            [one is not None and is_plain(one) for one in self.said]
        )
        self.ends = np.searchsorted(self.lot, np.arange(self.size + 1))

    def which(self, told: list[bool]) -> Flags:
        """Give for each row what is told of what it says."""
        return np.asarray(np.array(told, dtype=bool)[self.number], dtype=bool)

    def lots_with(self, rows: Flags) -> Flags:
        """Say which lots have one of these rows."""
        return np.asarray(np.bincount(self.lot[rows], minlength=self.size) > 0, dtype=bool)


@dataclass(frozen=True)
class Alike:
    """What decides one criterion: the rows that speak of it, and the facts that it asks for."""

    sorted: SortedRows
    criterion: Criterion
    rows: Ints

    def usual_rows(self) -> Flags:
        """Say which rows plainly bring what the criterion needs of their days."""
        work, needs, rows = self.sorted, self.criterion.needs, self.rows
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

    def keys(self, counts: Ints, firsts: Ints) -> Ints:
        """Give each lot the number of its key: lots of one key cannot come out differently."""
        work = self.sorted
        row_keys = work.number[self.rows].astype(np.int64)
        for spans in self._spans():
            row_keys = joined(row_keys, spans)
        codes = np.zeros(work.size, dtype=np.int64)
        for nth in range(min(int(counts.max(initial=0)), MOST_ROWS)):
            nth_rows = np.full(work.size, -1, dtype=np.int64)
            there = counts > nth
            nth_rows[there] = row_keys[firsts[there] + nth]
            codes = joined(codes, nth_rows)
        for fact in self._facts():
            codes = joined(codes, work.lots.facts.codes(FACT_KEYS[fact], work.lots.at))
        if self.criterion.needs.specimen is not None:
            for key in ("donor.specimen_of", "donor.age_days"):
                codes = joined(codes, work.lots.facts.codes(key, work.lots.at))
        dosed = self._dosed
        if dosed.any():
            for key in _DOSES.values():
                stated = work.lots.facts.codes(key, work.lots.at)
                codes = joined(codes, np.where(dosed, stated, -1))
            codes = joined(codes, dosed.astype(np.int64))
        return codes

    def example(
        self, lot: int, counts: Ints, firsts: Ints
    ) -> tuple[list[Observation], Manifest, dt.date]:
        """Give the rows and facts of one lot, and nothing of them that is not in its key."""
        work, needs = self.sorted, self.criterion.needs
        whole = work.lots.manifest(lot)
        told: dict[str, Any] = {}
        if self._dosed[lot]:
            told |= {name: getattr(whole, name) for name in _DOSES}
        if needs.max_hours_after_thaw is not None:
            told["thawed"] = whole.thawed
        if needs.before_harvest or needs.hours_before_harvest or needs.max_hours_after_harvest:
            told["harvested"] = whole.harvested
        if needs.specimen is not None:
            for name in ("recovered", "specimen_of", "donor_age_days"):
                told[name] = getattr(whole, name)
        facts = {fact: whole.facts[fact] for fact in self._facts() if fact in whole.facts}
        rows = self.rows[firsts[lot] : firsts[lot] + counts[lot]].tolist()
        day: dt.date = work.lots.as_of[lot].item()
        return [self._row(row) for row in rows], Manifest(facts=facts, **told), day

    def _row(self, row: int) -> Observation:
        work, needs = self.sorted, self.criterion.needs
        kept = set()
        if self._counts_days():
            kept |= {"started", "ended"}
        if needs.before_harvest or needs.hours_before_harvest is not None:
            kept.add("started")
        if needs.max_hours_after_thaw is not None or needs.max_hours_after_harvest is not None:
            kept.add("measured_at")
        if needs.specimen is not None:
            kept.add("sampled")
        found = work.said[work.number[row]]
        if found is None:
            raise AssertionError("a row that speaks of a criterion has an observation")
        times = {role: work.days[role][row] for role in kept}
        days = {role: None if np.isnat(time) else time.item() for role, time in times.items()}
        return with_values(found, days)

    def _spans(self) -> Iterator[Ints]:
        """Count the days between those dates of a row that the criterion counts between."""
        work = self.sorted
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
    def _dosed(self) -> Flags:
        """Say which lots have a row that volume and weight decide."""
        work = self.sorted
        by_dose = [one is not None and _is_dosed(one, self.criterion) for one in work.said]
        rows = self.rows[work.which(by_dose)[self.rows]]
        return np.asarray(np.bincount(work.lot[rows], minlength=work.size) > 0, dtype=bool)


def is_heard(row: Observation | None, criterion: Criterion) -> bool:
    """Say whether a row speaks of a criterion, as `checking` does."""
    if row is None:
        return False
    general = row.test == criterion.general and row.reading == "positive"
    return general or row.test in criterion.tests


def is_plain(row: Observation) -> bool:
    """Say whether nothing but its value and its days decides what a row says of a criterion."""
    has_value = row.reading in ("negative", "positive") if row.lower is None else True
    return (
        row.role == Role.SAMPLE
        and row.status in _FINAL
        and row.state == State.CONFIRMED
        and has_value
        and bool(row.result.strip())
    )


def _said(rows: ResultRows) -> tuple[list[Observation | None], npt.NDArray[np.int32]]:
    """Number what contents say: two spellings of one result say the same."""
    numbers: dict[Observation | None, int] = {}
    places = []
    for content in rows.contents:
        one = content.observation
        said = None if one is None else with_values(one, {"region": None, "source": ""})
        places.append(numbers.setdefault(said, len(numbers)))
    return list(numbers), np.array(places, dtype=np.int32)


def _is_dosed(row: Observation, criterion: Criterion) -> bool:
    """Say whether volume or weight may decide a row: in another unit, or of a diluted test."""
    stated = (row.dilution, row.sensitivity, row.valid_dilution)
    return (row.lower is not None and row.unit != criterion.unit) or (
        row.test == ENDOTOXIN and any(one is not None for one in stated)
    )


def _is_within(
    measured: npt.NDArray[np.datetime64], since: npt.NDArray[np.datetime64], hours: float
) -> Flags:
    elapsed = measured - since
    most = np.timedelta64(dt.timedelta(hours=hours))
    return np.asarray((elapsed >= np.timedelta64(0, "us")) & (elapsed <= most), dtype=bool)


def _days(first: npt.NDArray[np.datetime64], last: npt.NDArray[np.datetime64]) -> Ints:
    """Count the days between two dates, as numbers that are no less than 0; 0 where one is none."""
    absent = np.isnat(first) | np.isnat(last)
    days = (last - first).astype(np.int64)
    low = int(days[~absent].min(initial=0))
    # Of no start and of no end other words are said.
    return np.where(absent, -np.isnat(first).astype(np.int64), days - low + 1)
