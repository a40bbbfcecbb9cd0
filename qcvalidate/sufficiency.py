"""What a result must bring besides its value before it may support a pass, and what it lacks."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from qcvalidate.assessment import Outcome
from qcvalidate.donors import unfit
from qcvalidate.dyes import dye_in
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.record import Place, Status
from qcvalidate.redcells import TESTS as NUCLEATED
from qcvalidate.redcells import said_of_red_cells
from qcvalidate.specification import EvidenceNeeds
from qcvalidate.stated import detection_limit

# Instruments are not always put to summer time.
_CLOCKS = dt.timedelta(hours=1)

# "5 days", "5-day", "14 + 4 days"; "3D" is an incubator's name.
_DAYS = re.compile(
    r"(\b\d{1,2}(?: ?(?:\+|and|to|or|-|–|/) ?\d{1,2})*)[ -]?"
    r"(?:days?|tage?n?|jours?|d[ií]as?|giorn[io])\b"
)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Judgement:
    """What one row, or the absence of any, says about a criterion.

    `kind` is a key of `rules.OUTCOMES`, or the slug of a rule of its own. `besides` tells what
    would keep a row that fails from supporting a pass even were its limit waived.
    """

    outcome: Outcome
    kind: str
    reason: str
    row: Observation | None = None
    due: dt.date | None = None
    besides: tuple[str, ...] = ()


def place_of(row: Observation) -> Place:
    """Give the place that a row came from."""
    return Place(row.source, row.page, row.region)


def lacking(row: Observation, needs: EvidenceNeeds, manifest: Manifest) -> Judgement | None:
    """Find the first thing that the row fails to bring; None when it brings all."""
    asked: tuple[tuple[bool, Callable[[], Judgement | None]], ...] = (
        (
            needs.days_of(row.method, row.result) is not None,
            lambda: _too_few_days(row, needs),
        ),
        (
            needs.max_hours_after_thaw is not None,
            lambda: _too_late(row, needs.max_hours_after_thaw, manifest.thawed, "thaw"),
        ),
        (
            needs.max_hours_after_harvest is not None,
            lambda: _too_late(row, needs.max_hours_after_harvest, manifest.harvested, "harvest"),
        ),
        (needs.after_harvest, lambda: _before_harvest(row, manifest)),
        (needs.before_harvest, lambda: _after_harvest(row, manifest)),
        (needs.hours_before_harvest is not None, lambda: _outside_window(row, needs, manifest)),
        (needs.counted, lambda: _uncounted(row)),
        (needs.names_dye, lambda: _without_dye(row)),
        (needs.min_events is not None, lambda: _too_few_events(row, needs)),
        (needs.min_parent_events is not None, lambda: _too_small_parent(row, needs)),
        (needs.max_lod_cfu_per_ml is not None, lambda: _too_insensitive(row, needs)),
        (needs.includes_nrbc is not None, lambda: _counted_otherwise(row, needs)),
        (needs.specimen is not None, lambda: _unfit_specimen(row, needs, manifest)),
    )
    found = (look() for wanted, look in asked if wanted)
    return next((judgement for judgement in found if judgement is not None), None)


def pending(
    row: Observation, needs: EvidenceNeeds, manifest: Manifest, as_of: dt.date
) -> Judgement:
    """Say of a running test when it is due; missing when that day has passed.

    The culture of another sample, taken before there was a product, is none to wait for.
    """
    early = _before_harvest(row, manifest) if needs.after_harvest else None
    if early is not None:
        return early
    days = needs.days_of(row.method, row.result)
    due = row.started + dt.timedelta(days=days) if row.started and days else None
    so_far = f"“{row.result}”" if row.result.strip() else "no result yet"
    if row.day is not None and "day" not in row.result.casefold():
        so_far = f"{so_far}, day {row.day}"
    status = f", {row.status}" if row.status == Status.PRELIMINARY else ""
    if due is not None and as_of > due:
        reason = f"{so_far}{status}; the final result was due {due} and is not here"
        return Judgement(Outcome.MISSING, "not-final", reason, row)
    if due is None:
        reason = f"{so_far}{status}; no start of the test is stated, hence no day when it is due"
        return Judgement(Outcome.PENDING, "pending", reason, row)
    return Judgement(Outcome.PENDING, "pending", f"{so_far}{status}; due {due}", row, due)


def _too_few_days(row: Observation, needs: EvidenceNeeds) -> Judgement | None:
    """Count from performance dates only; a received or reported date is neither."""
    needed, why = needs.days_of(row.method, row.result) or 0, ""
    method = needs.method_of(row.method)
    if method is not None:
        why = f" by {method.names[0]} ({method.validation})"
    elif row.turbidity == "turbid" and needs.min_days_when_turbid:
        needed, why = needs.min_days_when_turbid, " for a turbid product"
    cultured = " of a mycoplasma culture" if needs.culture is not None else ""
    ended = row.ended
    if needs.interim and row.started and ended is None and row.day is not None:
        ended = row.started + dt.timedelta(days=row.day)
    if row.started is None or ended is None:
        absent = "start" if row.started is None else "end"
        reason = f"“{row.result}”: the {absent} of the incubation is not stated"
        return _incomplete(row, f"{reason}; at least {needed} days{why}{cultured} are needed")
    days = (ended - row.started).days
    if days < needed:
        reason = f"incubated {days} days ({row.started} to {ended})"
        return _incomplete(row, f"{reason}; at least {needed}{why}{cultured} are needed")
    if row.day is not None and row.day < needed:
        reason = f"“{row.result}” speaks of day {row.day}"
        return _incomplete(row, f"{reason}; at least {needed}{why}{cultured} are needed")
    named = _days_named(row.method or "")
    if named is not None and named < needed:
        # A hospital's culture of five days beside dates of fourteen: one of the two is not true.
        reason = f"the method “{row.method}” is of {named} days, beside {days} by the dates"
        return _incomplete(row, f"{reason}; at least {needed}{why}{cultured} are needed")
    if why and method is None and not _names_transfer(row.method or ""):
        reason = "the medium was turbid and no transfer to fresh medium is stated"
        return _incomplete(row, reason)
    return None


def _days_named(method: str) -> int | None:
    """Give the longest time in days that the words of a method name; None where they name none.

    >>> _days_named("USP <71>, 14 + 4 days"), _days_named("BacT/ALERT 3D, 5-day protocol")
    (14, 5)
    """
    found = _DAYS.findall(method.casefold())
    return max((int(number) for numbers in found for number in _NUMBER.findall(numbers)),
               default=None)  # fmt: skip


def _names_transfer(method: str) -> bool:
    return any(word in method.casefold() for word in ("transfer", "subcultur", "subkultur"))


def _too_late(
    row: Observation, hours: Decimal | None, since: dt.datetime | None, event: str
) -> Judgement | None:
    if since is None:
        what = "the vial was thawed" if event == "thaw" else "the product was harvested"
        return _incomplete(row, f"lot.yaml does not state when {what}")
    if row.measured_at is None:
        reason = f"{place_of(row)} does not state when it was measured"
        return _incomplete(row, f"{reason}; at most {hours} hours after {event}")
    elapsed = row.measured_at - since
    if elapsed < dt.timedelta(0):
        when = f"measured {row.measured_at:%Y-%m-%d %H:%M}, before the {event}"
    elif elapsed <= dt.timedelta(hours=float(hours or 0)):
        return None
    else:
        minutes = int(elapsed.total_seconds() // 60)
        when = f"measured {minutes // 60} h {minutes % 60:02d} min after {event}"
    reason = f"{when} ({since:%Y-%m-%d %H:%M}); at most {hours} hours"
    return Judgement(Outcome.INDETERMINATE, "sample-age", reason, row)


def _before_harvest(row: Observation, manifest: Manifest) -> Judgement | None:
    """A test of the final product cannot begin before there is one; unstated days are let be."""
    days = [row.started, row.measured_at.date() if row.measured_at else None]
    harvested = manifest.harvested
    if harvested is None:
        return None
    early = [f"tested {day}" for day in days if day and day < harvested.date()]
    # A day alone is midnight.
    if not early and row.measured_at is not None and row.measured_at < harvested - _CLOCKS:
        early = [f"measured {row.measured_at:%Y-%m-%d %H:%M}"]
    if not early:
        return None
    clock = f" {harvested:%H:%M}" if harvested.time() != dt.time() else ""
    reason = f"{early[0]}, before the harvest on {harvested.date()}{clock}"
    return Judgement(Outcome.INDETERMINATE, "sample-age", reason, row)


def _after_harvest(row: Observation, manifest: Manifest) -> Judgement | None:
    """An in-process test begins before the harvest."""
    if row.started is None or manifest.harvested is None:
        absent = "the start of the test" if row.started is None else "the harvest"
        where = str(place_of(row)) if row.started is None else "lot.yaml"
        return _incomplete(row, f"{where} does not state {absent}, which must come first")
    if row.started <= manifest.harvested.date():
        return None
    reason = f"started {row.started}, after the harvest on {manifest.harvested.date()}"
    return Judgement(Outcome.INDETERMINATE, "sample-age", reason, row)


def _outside_window(row: Observation, needs: EvidenceNeeds, manifest: Manifest) -> Judgement | None:
    """Count in days, which is what papers state: 48 to 72 hours before are 2 or 3 days before."""
    if row.started is None or manifest.harvested is None or needs.hours_before_harvest is None:
        return None
    least, most = needs.hours_before_harvest
    days = (manifest.harvested.date() - row.started).days
    if math.ceil(least / 24) <= days <= math.floor(most / 24):
        return None
    reason = (
        f"started {row.started}, {days} days before the harvest on {manifest.harvested.date()}; it "
        f"must start {least} to {most} hours before"
    )
    return Judgement(Outcome.INDETERMINATE, "sample-age", reason, row)


def _uncounted(row: Observation) -> Judgement | None:
    if row.numerator is not None and row.denominator is not None:
        return None
    reason = f"“{row.result}” comes without the counts of events that it rests on"
    return _incomplete(row, f"{reason}; the raw file, or an export with counts, has them")


def _without_dye(row: Observation) -> Judgement | None:
    if dye_in(row.method or "") is not None:
        return None
    stated = f"“{row.method}” names none" if row.method else "no method is stated"
    return _incomplete(row, f"the dye that told the dead cells must be named, and {stated}")


def _too_few_events(row: Observation, needs: EvidenceNeeds) -> Judgement | None:
    if row.numerator is None or row.numerator >= (needs.min_events or 0):
        return None
    return _incomplete(row, f"{row.numerator} events; at least {needs.min_events} are needed")


def _too_small_parent(row: Observation, needs: EvidenceNeeds) -> Judgement | None:
    if row.denominator is None or row.denominator >= (needs.min_parent_events or 0):
        return None
    reason = f"counted among {row.denominator} events"
    return _incomplete(row, f"{reason}; at least {needs.min_parent_events} are needed")


def _too_insensitive(row: Observation, needs: EvidenceNeeds) -> Judgement | None:
    stated, most = detection_limit(row.method or ""), needs.max_lod_cfu_per_ml
    if stated is None or most is None or stated <= most:
        return None
    reason = (
        f"“{row.result}” by an assay that detects {stated} CFU/mL at the least; it must detect "
        f"{most} CFU/mL"
    )
    return Judgement(Outcome.INDETERMINATE, "assay-insensitive", reason, row)


def _counted_otherwise(row: Observation, needs: EvidenceNeeds) -> Judgement | None:
    """Hold a count that says the other of nucleated red cells, or both; silence is told apart."""
    said = said_of_red_cells(row.method or "", of_count=True) if row.test in NUCLEATED else None
    if not said or said == {needs.includes_nrbc}:
        return None
    wanted = "includes" if needs.includes_nrbc else "leaves out"
    found = (
        "says both" if len(said) > 1 else "leaves them out" if False in said else "includes them"
    )
    reason = (
        f"the specification {wanted} nucleated red cells (nRBC), and “{row.result}” {found}: "
        f"“{row.method}”"
    )
    return Judgement(Outcome.INDETERMINATE, "red-cells-otherwise", reason, row)


def _unfit_specimen(row: Observation, needs: EvidenceNeeds, manifest: Manifest) -> Judgement | None:
    found = unfit(row, needs.specimen, manifest) if needs.specimen else None
    return Judgement(found.outcome, found.kind, found.reason, row) if found else None


def _incomplete(row: Observation, reason: str) -> Judgement:
    return Judgement(Outcome.INDETERMINATE, "incomplete", reason, row)
