"""Holds the dates of a lot's papers against their natural order, the manifest and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from qcvalidate.frames import Observation
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.record import Finding, Place, Record, Role, Severity, Status
from qcvalidate.supersession import is_preliminary

# In this order must a document's dates lie, where it states them.
_ORDER = (
    ("date_sampled", "date_received"),
    ("date_sampled", "date_started"),
    ("date_received", "date_completed"),
    ("date_started", "date_completed"),
    ("date_completed", "date_issued"),
    ("date_started", "date_issued"),
)
_PAST = ("date_sampled", "date_received", "date_started", "date_issued", "signed_on")


def date_findings(record: Record, as_of: dt.date) -> Iterator[Finding]:
    """Look at the dates in a document's header."""
    dates = {name: _date(record, name) for name in (*_PAST, "date_completed")}
    for earlier, later in _ORDER:
        first, second = dates.get(earlier), dates.get(later)
        if first and second and first > second:
            message = f"{_words(earlier)} {first} lies after {_words(later)} {second}"
            yield record.finding("dates-out-of-order", Severity.HOLD, message, later)
    past = (*_PAST, *(() if is_preliminary(record) else ("date_completed",)))
    for name in past:
        day = dates[name]
        if day and day > as_of:
            message = f"{_words(name)} {day} lies after the day of this check, {as_of}"
            yield record.finding("date-in-future", Severity.HOLD, message, name)
    signed, completed = dates["signed_on"], dates["date_completed"]
    if signed and completed and signed < completed:
        message = f"was signed on {signed}, before its test was complete on {completed}"
        yield record.finding("signed-before-completion", Severity.HOLD, message, "signed_on")


def unborn_findings(
    rows: Sequence[Observation], manifest: Manifest, of_cells: Collection[str]
) -> Iterator[Finding]:
    """Hold what was measured of a lot's cells before its donor gave them; it is of others."""
    recovered = manifest.recovered
    for row in rows if recovered else ():
        days = [row.started, row.measured_at.date() if row.measured_at else None]
        early = [day for day in days if day and recovered and day < recovered]
        if early and row.role == Role.SAMPLE and row.test in of_cells:
            place = Place(row.source, row.page, row.region)
            message = (
                f"{place}: {row.test} was measured on {early[0]}, before the lot was recovered on "
                f"{recovered}: it is of other cells, or a date is wrong"
            )
            yield Finding("dates-out-of-order", Severity.HOLD, message, place)


def row_findings(rows: Sequence[Observation], as_of: dt.date) -> Iterator[Finding]:
    """Look at the dates of each result, which a table states for each of its rows."""
    for row in rows:
        place = Place(row.source, row.page, row.region)
        if row.started and row.ended and row.started > row.ended:
            message = f"{place}: started {row.started} lies after ended {row.ended}"
            yield Finding("dates-out-of-order", Severity.HOLD, message, place)
        if row.sampled and row.started and row.sampled > row.started:
            message = f"{place}: sampled {row.sampled} lies after started {row.started}"
            yield Finding("dates-out-of-order", Severity.HOLD, message, place)
        measured = row.measured_at.date() if row.measured_at else None
        running = row.status == Status.PRELIMINARY or row.reading == "pending"
        stated = {
            "started": row.started,
            "ended": None if running else row.ended,
            "measured": measured,
        }
        for words, day in stated.items():
            if day and day > as_of:
                message = f"{place}: {words} {day} lies after the day of this check, {as_of}"
                yield Finding("date-in-future", Severity.HOLD, message, place)


def expiry_findings(manifest: Manifest, as_of: dt.date) -> Iterator[Finding]:
    """Look at the lot's own days."""
    if manifest.expires is not None and manifest.expires < as_of:
        message = f"the lot expired on {manifest.expires}; the day of this check is {as_of}"
        place = Place(MANIFEST, region="manufacture.expires")
        yield Finding("lot-expired", Severity.HOLD, message, place)
    if manifest.harvested is not None and manifest.harvested.date() > as_of:
        day = manifest.harvested.date()
        message = f"the lot was harvested on {day}, after the day of this check, {as_of}"
        place = Place(MANIFEST, region="manufacture.harvested")
        yield Finding("date-in-future", Severity.HOLD, message, place)


def _date(record: Record, name: str) -> dt.date | None:
    value = record.stated(name)
    return dt.datetime.fromisoformat(value).date() if value else None


def _words(name: str) -> str:
    return name.removeprefix("date_").replace("signed_on", "signed")
