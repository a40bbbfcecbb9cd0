"""Puts the rows of a table beside the facts of their lots, and notices lots that do not fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qcvalidate.assessment import Verdict
from qcvalidate.identity import identity_key, seen_key
from qcvalidate.manifest import Manifest
from qcvalidate.recheck.lottable import LotTable
from qcvalidate.recheck.partitions import Codes
from qcvalidate.recheck.resultrows import ResultRows
from qcvalidate.record import Finding, Place, Severity

# The verdicts of an archive that no finding can stand behind.
_FREE = frozenset((Verdict.PASS.value, Verdict.CONDITIONAL.value))


@dataclass(frozen=True)
class Course:
    """How a run goes: the day that stands for today, and which lots stand in two partitions.

    `as_of` stands in place of each lot's own `judged_on`, `today` where neither is.
    """

    today: dt.date
    as_of: dt.date | None = None
    split: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TableLots:
    """The lots of a table: `of_row` numbers the lot of each row, `at` is its row in the facts.

    `keys` are their identity keys. `told` is what holds a lot for what its tables say of it,
    before any row is judged.
    """

    rows: ResultRows
    facts: LotTable
    names: tuple[str, ...]
    keys: tuple[str, ...]
    of_row: Codes
    at: npt.NDArray[np.int64]
    as_of: npt.NDArray[np.datetime64]
    told: tuple[tuple[Finding, ...], ...]

    def moments(self, name: str) -> npt.NDArray[np.datetime64]:
        """Give a moment of each lot, NaT where none is stated."""
        return self.facts.moments(name, self.at)

    def manifest(self, lot: int) -> Manifest:
        """Give what is stated of one lot."""
        row = int(self.at[lot])
        return Manifest(lot=self.names[lot]) if row < 0 else self.facts.manifest(row)


def put_together(rows: ResultRows, facts: LotTable | None, course: Course) -> TableLots:
    """Number the lots of a table by their identity keys, and find each one's facts."""
    keys: dict[str, int] = {}
    texts: dict[str, str] = {}
    numbered = []
    for text in rows.lots.values:
        key = identity_key(text)
        numbered.append(keys.setdefault(key, len(keys)))
        texts.setdefault(key, text.strip())
    numbers = np.array(numbered, dtype=np.int32)
    of_row = numbers[rows.lots.codes] if len(numbers) else rows.lots.codes
    # A text that no row has, such as one of another partition of a Parquet file, is no lot here.
    present = np.unique(of_row)
    renumbered = np.full(len(keys), -1, dtype=np.int32)
    renumbered[present] = np.arange(len(present), dtype=np.int32)
    own = [key for key, number in keys.items() if renumbered[number] >= 0]
    of_row = renumbered[of_row] if keys else of_row
    return _with_facts(rows, own, [texts[key] for key in own], of_row, facts, course)


def without_rows(
    rows: ResultRows, lots: Sequence[str], facts: LotTable, course: Course
) -> TableLots:
    """Give the lots of a table of lots that have no result at all; `rows` are none."""
    keys = [identity_key(lot) for lot in lots]
    nothing = np.zeros(0, dtype=np.int32)
    return _with_facts(rows, keys, lots, nothing, facts, course)


def _with_facts(
    rows: ResultRows,
    keys: Sequence[str],
    names: Sequence[str],
    of_row: Codes,
    facts: LotTable | None,
    course: Course,
) -> TableLots:
    stated = facts or LotTable("", (), {}, frozenset(), {}, {}, {}, {})
    at = np.array([_row_of(key, stated) for key in keys], dtype=np.int64)
    names = [stated.lots[row] if row >= 0 else name for row, name in zip(at, names, strict=True)]
    days = _days(stated, at, course)
    found = TableLots(rows, stated, tuple(names), tuple(keys), of_row, at, days, ())
    return replace(found, told=_told(found, keys, facts is not None, course.split))


def _row_of(key: str, facts: LotTable) -> int:
    """Find the facts of a lot that can be used; -1 where there are none."""
    row = facts.at.get(key, -1)
    return -1 if key in facts.twice or row in facts.refused else row


def _days(facts: LotTable, at: npt.NDArray[np.int64], course: Course) -> npt.NDArray[np.datetime64]:
    if course.as_of is not None:
        return np.full(len(at), np.datetime64(course.as_of, "D"))
    own = facts.moments("judged_on", at).astype("datetime64[D]")
    return np.where(np.isnat(own), np.datetime64(course.today, "D"), own)


def _told(
    lots: TableLots, keys: Sequence[str], has_facts: bool, split: Collection[str]
) -> tuple[tuple[Finding, ...], ...]:
    verdicts = _archived(lots)
    alike = _lookalikes(keys)
    papers = [lots.facts.findings(row) if row >= 0 else None for row in lots.at.tolist()]
    told: list[tuple[Finding, ...]] = []
    for lot, (key, row, text) in enumerate(zip(keys, lots.at.tolist(), papers, strict=True)):
        found = [_alike(lots, lot, other) for other in alike.get(lot, ())]
        if key in split:
            found.append(_split(lots, lot))
        if has_facts and row < 0:
            found.append(_factless(lots, lot, key))
        if text:
            found.append(_of_papers(lots, text))
        elif text is None and verdicts.get(lot, _NOTHING) - _FREE:
            found.append(_of_archive(lots, verdicts[lot]))
        told.append(tuple(found))
    return tuple(told)


_NOTHING: frozenset[str] = frozenset()


def _lookalikes(keys: Sequence[str]) -> dict[int, list[int]]:
    """Give of each lot that looks like others which those are; most tables have none."""
    seen = [seen_key(key) for key in keys]
    if len(set(seen)) == len(seen):
        return {}
    groups: dict[str, list[int]] = {}
    for lot, one in enumerate(seen):
        groups.setdefault(one, []).append(lot)
    return {
        lot: [other for other in group if other != lot]
        for group in groups.values()
        if len(group) > 1
        for lot in group
    }


def _archived(lots: TableLots) -> dict[int, set[str]]:
    """Give the verdicts that an archive has of each lot; nothing for any other table."""
    found: dict[int, set[str]] = {}
    column = lots.rows.verdicts
    if column is not None:
        pairs = np.unique(np.stack([lots.of_row, column.codes]), axis=1)
        for lot, code in pairs.T.tolist():
            found.setdefault(lot, set()).add(column.values[code])
    return found


def _alike(lots: TableLots, lot: int, other: int) -> Finding:
    name = lots.rows.texts.name
    message = (
        f"lot {lots.names[lot]!r} looks like lot {lots.names[other]!r} of the same table: a row of "
        "the one may be the other's; correct the number, or ask the laboratory"
    )
    return Finding("lot-near-miss", Severity.HOLD, message, Place(name))


def _split(lots: TableLots, lot: int) -> Finding:
    message = (
        f"lot {lots.names[lot]!r} has rows in {lots.rows.texts.name} and in another file, and is "
        "not judged by half; put all rows of a lot into one file"
    )
    return Finding("lot-split", Severity.HOLD, message, Place(lots.rows.texts.name))


def _factless(lots: TableLots, lot: int, key: str) -> Finding:
    place, name = Place(lots.facts.name), lots.names[lot]
    row = lots.facts.at.get(key)
    if key in lots.facts.twice:
        message = f"{lots.facts.name} has two rows for lot {name!r}; leave the right one"
        return Finding("lot-facts-unclear", Severity.HOLD, message, place)
    if row is not None:
        return Finding("manifest-unusable", Severity.HOLD, lots.facts.refused[row], place)
    message = f"{lots.facts.name} has no row for lot {name!r}; add it"
    return Finding("lot-facts-unclear", Severity.HOLD, message, place)


def _of_papers(lots: TableLots, text: str) -> Finding:
    severity = Severity.FAIL if text.upper().startswith("FAIL") else Severity.HOLD
    message = f"when its papers were read, the lot was held: {text}; a recheck does not undo that"
    return Finding("held-by-papers", severity, message, Place(lots.facts.name))


def _of_archive(lots: TableLots, verdicts: set[str]) -> Finding:
    name = lots.rows.texts.name
    message = (
        f"the verdict was {' and '.join(sorted(verdicts)) or 'none'} when its papers were read, "
        f"and {name} does not say whether a finding held it; state it in the column “findings” of "
        "--lots (blank where there was none)"
    )
    return Finding("held-by-papers", Severity.HOLD, message, Place(name))
