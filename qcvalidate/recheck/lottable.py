"""Reads a table of lots: what lot.yaml states of one, a row for each lot.

Its columns are called by lot.yaml's keys (`donor.relation`, `dose.volume_mL`), and its cells are
read and refused by the same rules, each distinct one once.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qcvalidate.catalogue import Catalogue
from qcvalidate.contract import refuse_faults
from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.identity import identity_key
from qcvalidate.manifest import Manifest, manifest_of
from qcvalidate.recheck.partitions import Codes, Column, Texts

# lot.yaml's key: the attribute of a `Manifest`, or the fact, that it becomes.
_FACTS = {
    "donor.relation": "relation",
    "donor.tissue": "tissue",
    "manufacture.manipulation": "manipulation",
    "manufacture.cryopreserved": "cryopreserved",
    "dose.route": "route",
}
_TIMES = {
    "donor.recovered": "recovered",
    "manufacture.harvested": "harvested",
    "manufacture.thawed": "thawed",
    "manufacture.expires": "expires",
    "dose.administered": "administered",
    "judged_on": "judged_on",
}
_VALUES = {
    "product": "product",
    "clinic": "clinic",
    "donor.age_days": "donor_age_days",
    "donor.specimen_of": "specimen_of",
    "dose.recipient_weight_kg": "recipient_weight_kg",
    "dose.lightest_recipient_kg": "lightest_recipient_kg",
    "dose.infusion_hours": "infusion_hours",
    "dose.volume_mL": "volume_mL",
    "delivery.guidance": "guidance",
}
_IDENTIFIERS = tuple(f"identifiers.{name}" for name in ("din", "sec", "expiry", "patient"))
# What held or failed a lot when its papers were read; and what nobody reads.
FINDINGS = "findings"
_UNREAD = ("note",)
_KEYS = ("lot", *_FACTS, *_TIMES, *_VALUES, *_IDENTIFIERS, FINDINGS, *_UNREAD)
# In the order in which they come about (`manifest._DATES`), the pairs that may stand otherwise.
_ORDER = ("recovered", "harvested", "thawed", "expires", "administered")
_APART = {("thawed", "expires"), ("expires", "administered")}
# What the schema of lot.yaml lets pass as a moment; a day alone is one, too.
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<time>[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")

_Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class LotTable:
    """The facts of many lots; `at` gives the row of a lot by its `identity_key`.

    `values` has of each key of lot.yaml what its distinct cells state, None for a blank one or
    one that is refused; `refused` says why a row cannot be used. `twice` are the keys of lots
    that have more than one row, and `times` the moments of each row.
    """

    name: str
    lots: tuple[str, ...]
    at: Mapping[str, int]
    twice: frozenset[str]
    columns: Mapping[str, Column]
    values: Mapping[str, tuple[Any, ...]]
    times: Mapping[str, _Times]
    refused: Mapping[int, str]

    def codes(self, key: str, rows: npt.NDArray[np.int64]) -> Codes:
        """Number what these rows (-1 for a lot without one) state of a key; -1 is nothing."""
        if key not in self.columns or not self.lots:
            return np.full(len(rows), -1, dtype=np.int32)
        stated = np.array([value is not None for value in self.values[key]], dtype=bool)
        codes = self.columns[key].codes[rows]
        return np.where((rows >= 0) & stated[codes], codes, -1).astype(np.int32)

    def moments(self, name: str, rows: npt.NDArray[np.int64]) -> _Times:
        """Give a moment of these rows (-1 for a lot without one); NaT where none is stated."""
        nothing = np.datetime64("NaT", "us")
        if name not in self.times or not self.lots:
            return np.full(len(rows), nothing)
        return np.where(rows >= 0, self.times[name][rows], nothing)

    def manifest(self, row: int) -> Manifest:
        """Give what one row states."""
        values = {key: held[self.columns[key].codes[row]] for key, held in self.values.items()}
        stated: dict[str, Any] = {
            name: values[key] for key, name in _VALUES.items() if key in values
        }
        for name, moments in self.times.items():
            moment = moments[row].item()
            if moment is not None:
                stated[name] = moment if name in _MOMENTS else moment.date()
        facts = {fact: values.get(key) for key, fact in _FACTS.items()}
        own = {key.partition(".")[2]: values.get(key) for key in _IDENTIFIERS}
        return Manifest(
            lot=self.lots[row],
            facts={fact: value for fact, value in facts.items() if value is not None},
            identifiers={name: value for name, value in own.items() if value is not None},
            **stated,
        )

    def findings(self, row: int) -> str | None:
        """Give what held the lot when its papers were read; "" for nothing, None if unstated."""
        return self.columns[FINDINGS].text(row).strip() if FINDINGS in self.columns else None


_MOMENTS = ("harvested", "thawed", "administered")


def read_lots(texts: Texts, catalogue: Catalogue) -> LotTable:
    """Read a table of lots; a cell that lot.yaml could not hold is told of its row."""
    _refuse_headings(texts)
    columns = dict(zip(texts.headings, texts.columns, strict=True))
    lots = tuple(text.strip() for text in texts.rows("lot"))
    faults: dict[str, dict[int, str]] = {}
    values = {}
    for key in (*_FACTS, *_VALUES, *_IDENTIFIERS):
        if key in columns:
            values[key], faults[key] = _read(key, columns[key], catalogue, texts.name)
    times = {}
    for key, name in _TIMES.items():
        if key in columns:
            moments, faults[key] = _moments(key, columns[key], catalogue, texts.name)
            times[name] = moments[columns[key].codes]
    _, faults["lot"] = _read("lot", columns["lot"], catalogue, texts.name)
    blank = next((row for row, lot in enumerate(lots) if not lot), None)
    if blank is not None:
        raise DocumentError(
            f"{texts.name} row {texts.numbers[blank]}: names no lot", slug="lot-unstated"
        )
    at: dict[str, int] = {}
    twice = set()
    for row, key in enumerate(map(identity_key, lots)):
        if at.setdefault(key, row) != row:
            twice.add(key)
    refused: dict[int, str] = {}
    for key, found in faults.items():
        for row in np.flatnonzero(np.isin(columns[key].codes, list(found))).tolist():
            refused.setdefault(row, found[columns[key].codes[row]])
    table = LotTable(texts.name, lots, at, frozenset(twice), columns, values, times, refused)
    disorder = _disorder(table, texts, catalogue)
    return replace(table, refused={**disorder, **refused})


def _refuse_headings(texts: Texts) -> None:
    for heading in texts.headings:
        if heading not in _KEYS:
            near = difflib.get_close_matches(heading, _KEYS, n=1, cutoff=0.3)
            raise UsageError(
                f"{texts.name}: “{heading}” is no key of lot.yaml that a table of lots may have"
                + (f"; did you mean {near[0]}?" if near else "")
            )
        if texts.headings.count(heading) > 1:
            raise UsageError(f"{texts.name}: two columns are called “{heading}”")
    if "lot" not in texts.headings:
        raise UsageError(f"{texts.name}: has no column “lot”")


def _read(
    key: str, column: Column, catalogue: Catalogue, name: str
) -> tuple[tuple[Any, ...], dict[int, str]]:
    """Read each distinct cell of a column as lot.yaml's own; refused ones by their number."""
    values: list[Any] = []
    faults: dict[int, str] = {}
    free = key == "lot" or key in _IDENTIFIERS
    for number, text in enumerate(map(str.strip, column.values)):
        value = None
        if text and free and len(text) <= 100 and text.isprintable():
            # Every lot has its own, and its rule is this.
            value = text
        elif text:
            try:
                manifest = _manifest(((key, text),), catalogue, name)
                value = (
                    manifest.facts[_FACTS[key]]
                    if key in _FACTS
                    else getattr(manifest, _VALUES.get(key, "lot"))
                )
            except UsageError as error:
                faults[number] = str(error)
        values.append(value)
    return tuple(values), faults


def _moments(
    key: str, column: Column, catalogue: Catalogue, name: str
) -> tuple[_Times, dict[int, str]]:
    values: list[dt.datetime | None] = []
    faults: dict[int, str] = {}
    for number, text in enumerate(map(str.strip, column.values)):
        moment = None
        if text:
            try:
                moment = _moment(key, text, catalogue, name)
            except UsageError as error:
                faults[number] = str(error)
        values.append(moment)
    return np.array(values, dtype="datetime64[us]"), faults


def _moment(key: str, text: str, catalogue: Catalogue, name: str) -> dt.datetime:
    match = _MOMENT.fullmatch(text)
    if match is not None and (match["time"] is None or _TIMES[key] in _MOMENTS):
        try:
            found = dt.datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is not None and 2000 <= found.year <= 2090:
            return found
    # Whatever else it is, lot.yaml's own rules say it.
    held = getattr(_manifest(((key, text),), catalogue, name), _TIMES[key])
    return held if isinstance(held, dt.datetime) else dt.datetime.combine(held, dt.time())


@cache
def _manifest(stated: tuple[tuple[str, str], ...], catalogue: Catalogue, name: str) -> Manifest:
    """Read what a lot.yaml with these keys would state; `UsageError` where it may not."""
    content: dict[str, Any] = {"lot": "x"}
    for key, text in stated:
        group, _, inner = key.rpartition(".")
        if group:
            content.setdefault(group, {})[inner] = text
        else:
            content[key] = text
    refuse_faults(content, "lot", catalogue, UsageError, name)
    return manifest_of(content, Path(name))


def _disorder(table: LotTable, texts: Texts, catalogue: Catalogue) -> dict[int, str]:
    """Say of which rows the days cannot all be true; most rows plainly are in order."""
    names = [name for name in _ORDER if name in table.times]
    doubtful = np.zeros(texts.size, dtype=bool)
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            if (first, second) not in _APART:
                # A day alone is midnight here, which is no time to compare with.
                doubtful |= table.times[first] > table.times[second]
    keys = {name: key for key, name in _TIMES.items() if name in names}
    found = {}
    for row in np.flatnonzero(doubtful).tolist():
        stated = [(keys[name], table.columns[keys[name]].text(row).strip()) for name in names]
        try:
            _manifest(tuple((key, text) for key, text in stated if text), catalogue, table.name)
        except UsageError as error:
            found[row] = str(error)
    return found


def no_lots(lots: Sequence[str] = ()) -> LotTable:
    """Give a table of lots without any."""
    return LotTable("", tuple(lots), {}, frozenset(), {}, {}, {}, {})
