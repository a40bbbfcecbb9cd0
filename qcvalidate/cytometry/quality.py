"""Measures how a list-mode file was acquired, and says what stands out; no event is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.acquisition import day_of
from qcvalidate.cytometry.decoding import Column
from qcvalidate.cytometry.drift import FEWEST, largest_change
from qcvalidate.cytometry.flowrate import Clock, flow_rate, read_clock
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.parameters import Parameter
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import AcquisitionQuality, DetectorQuality, Place

# Drifts and doublets are looked for in at most so many events, evenly taken: 2,000 for each of a
# hundred bins, which tell a shift of a hundredth of a decade.
_MOST = 200_000
_TIME = re.compile(r"(?:hdr-t|time)", re.IGNORECASE)
# Neither light nor a marker: clocks, pulse widths, counters, plate positions, bookkeeping.
_NO_DETECTOR = LazyPattern(
    r"(?:hdr-.*|time.*|.*width.*|.*-w|event.*|cell_?length|index.*|.*clock.*|center|offset"
    r"|residual|(?:original)?_?id|file.*|barcode|bead_?dist|sample.*|tlsw|tmsw|.*info)",
    re.IGNORECASE,
)

# What makes an alarm where no specification sets a limit. Acceptance limits stand in
# specifications; these say from when on a person should look.
ALARM_DECADES = 0.1
ALARM_SLOW = 0.5
ALARM_FAST = 2.0
ALARM_GAPS_PCT = 1.0
ALARM_MAXIMUM_PCT = 5.0


@dataclass(frozen=True)
class Alarm:
    """Something that stands out: the rule's slug, the words, and where."""

    slug: str
    message: str
    place: Place


def measure(listmode: ListModeFile) -> AcquisitionQuality:
    """Measure one data set; what cannot be measured is named with the reason."""
    # A damaged file's values are values, not reasons to warn.
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        return _measured(listmode)


def _measured(listmode: ListModeFile) -> AcquisitionQuality:
    untold: dict[str, str] = {}
    measured = AcquisitionQuality(
        path=listmode.name,
        region=listmode.place.region,
        events=listmode.total,
        instrument=listmode.keywords.get("$CYT", "").strip() or None,
        serial=listmode.keywords.get("$CYTSN", "").strip() or None,
        acquired=day_of(listmode.keywords.get("$DATE", "")),
    )
    timing = _timing(listmode)
    if isinstance(timing, str):
        untold |= {"flow rate": timing, "gaps": timing, "time": timing, "drift": timing}
        clock = None
    else:
        times, clock = timing
        if clock.order is not None:
            times = times[clock.order]
        measured = _with_arrivals(measured, listmode.time_step, times, clock, untold)
        if clock.fault is not None and not clock.reversals:
            untold["drift"] = clock.fault
        elif listmode.total < FEWEST:
            untold["drift"] = f"{listmode.total:,} events are too few; {FEWEST:,} are needed"
    nothing = None if listmode.total else "the file holds no events"
    doublets = nothing or _doublets(listmode)
    debris = nothing or _debris(listmode)
    if isinstance(doublets, str):
        untold["doublets"] = doublets
    if isinstance(debris, str):
        untold["debris"] = debris
    looked = None if "drift" in untold or clock is None else (times, clock)
    return replace(
        measured,
        doublets_pct=None if isinstance(doublets, str) else doublets,
        debris_pct=None if isinstance(debris, str) else debris,
        detectors=tuple(_detectors(listmode, looked, untold)),
        not_evaluated=untold,
    )


def alarms(quality: AcquisitionQuality) -> Iterator[Alarm]:
    """Say what stands out of an acquisition, each with where it is."""
    if quality.reversals and quality.set_back:
        yield Alarm("time-reversed", f"its clock goes backwards {_times(quality)}", quality.place)
    yield from _rate_alarms(quality)
    for one in quality.detectors:
        place = Place(quality.path, region=f"detector {one.name}")
        if one.certain and abs(one.drift_decades or 0) >= ALARM_DECADES:
            yield Alarm("signal-drift", change_words(one), detector_place(quality, one))
        if one.at_maximum_pct is not None and one.at_maximum_pct > ALARM_MAXIMUM_PCT:
            message = f"{one.at_maximum_pct:.3g} % of its events lie at the top of {one.name}"
            yield Alarm("events-off-scale", message, place)


def change_words(one: DetectorQuality) -> str:
    """Tell a detector's change: how far, how, when, and over which share of the events."""
    label = f"{one.name} ({one.marker})" if one.marker else one.name
    size = one.drift_decades or 0.0
    verb = {"drift": "drifts", "step": "steps"}.get(one.kind or "", "is off")
    when = "" if one.since is None else f", {one.since:.4g} s to {one.until:.4g} s"
    share = 100 * (one.last - one.first)
    span = f"over {share:.3g} % of the events ({100 * one.first:.3g} % to {100 * one.last:.3g} %"
    return f"the signal of {label} {verb} by {size:+.2f} decades {span}{when})"


def detector_place(quality: AcquisitionQuality, one: DetectorQuality) -> Place:
    """Say where a detector's change is: the file, the detector, the span of time."""
    when = "" if one.since is None else f", {one.since:.4g} s to {one.until:.4g} s"
    return Place(quality.path, region=f"detector {one.name}{when}")


def rate_words(quality: AcquisitionQuality) -> tuple[str, str]:
    """Tell the largest deviation of the flow rate, and its span of time."""
    slow, fast = quality.slow or 0.0, quality.fast or 0.0
    if 1.0 - slow >= fast - 1.0:
        where = clocked(quality, quality.slow_at)
        return f"the flow rate falls to {100 * slow:.3g} % of its median, {where}", where
    where = clocked(quality, quality.fast_at)
    return f"the flow rate rises to {100 * fast:.3g} % of its median, {where}", where


def gap_words(quality: AcquisitionQuality) -> tuple[str, str]:
    """Tell the time without events, and where the longest gap is."""
    where = clocked(quality, (quality.gap_at, quality.gap_at + (quality.gap or 0.0)))
    gaps = quality.gaps_pct or 0.0
    return f"no event arrives for {gaps:.3g} % of the time; the longest gap is {where}", where


def clocked(quality: AcquisitionQuality, at: tuple[float, float]) -> str:
    """Tell a span of the clock, in seconds where a unit of it is known."""
    unit = "s" if quality.duration is not None else "units of time"
    return f"{at[0]:.4g} to {at[1]:.4g} {unit}"


def _rate_alarms(quality: AcquisitionQuality) -> Iterator[Alarm]:
    is_slow = quality.slow_certain and (quality.slow or 0.0) < ALARM_SLOW
    is_fast = quality.fast_certain and (quality.fast or 0.0) > ALARM_FAST
    if is_slow:
        told, where = rate_words(replace(quality, fast=1.0))
        yield Alarm("flow-rate-unsteady", told, Place(quality.path, region=where))
    if is_fast:
        told, where = rate_words(replace(quality, slow=1.0))
        yield Alarm("flow-rate-unsteady", told, Place(quality.path, region=where))
    if quality.gaps_pct is not None and quality.gaps_pct >= ALARM_GAPS_PCT:
        told, where = gap_words(quality)
        yield Alarm("acquisition-gap", told, Place(quality.path, region=where))


def _times(quality: AcquisitionQuality) -> str:
    return "once" if quality.reversals == 1 else f"{quality.reversals:,} times"


# --- the clock ------------------------------------------------------------------------------


def _timing(listmode: ListModeFile) -> tuple[npt.NDArray[np.float64], Clock] | str:
    """Give the time column from its beginning, in seconds where `$TIMESTEP` says what a unit is."""
    named = [i for i, one in enumerate(listmode.parameters) if _TIME.fullmatch(one.name)]
    if not named:
        return "the file has no time parameter"
    if listmode.total < 2:
        return "the file holds no two events"
    # FCS 3.1, 3.2.20: the time step counts for floats as well.
    times = listmode.channel(named[0]).astype(np.float64) * (listmode.time_step or 1.0)
    return times - times[0], read_clock(times)


def _with_arrivals(
    measured: AcquisitionQuality,
    time_step: float | None,
    times: npt.NDArray[np.float64],
    clock: Clock,
    untold: dict[str, str],
) -> AcquisitionQuality:
    """Add the numbers of the flow; `untold` takes what cannot be told."""
    measured = replace(measured, reversals=clock.reversals)
    if clock.fault is not None:
        untold |= {"flow rate": clock.fault, "gaps": clock.fault}
        return replace(measured, set_back=bool(clock.reversals))
    span = float(times[-1] - times[0])
    if time_step is None:
        untold["duration"] = "the file gives no $TIMESTEP"
    else:
        measured = replace(measured, duration=span)
    rate = flow_rate(times)
    if isinstance(rate, str):
        untold |= {"flow rate": rate, "gaps": rate}
        return measured
    return replace(
        measured,
        rate=rate.per_unit if time_step is not None else None,
        rate_deviation_pct=rate.deviation_pct,
        slow=rate.lowest,
        slow_at=rate.lowest_at,
        slow_certain=rate.certain_low,
        fast=rate.highest,
        fast_at=rate.highest_at,
        fast_certain=rate.certain_high,
        gap=rate.gap,
        gap_at=rate.gap_at,
        gaps_pct=100.0 * rate.gaps / span,
        rates=rate.course,
    )


# --- the detectors --------------------------------------------------------------------------


def _detectors(
    listmode: ListModeFile,
    looked: tuple[npt.NDArray[np.float64], Clock] | None,
    untold: dict[str, str],
) -> Iterator[DetectorQuality]:
    for index, parameter in enumerate(listmode.parameters):
        if _TIME.fullmatch(parameter.name) or _NO_DETECTOR.fullmatch(parameter.name):
            continue
        if not listmode.total:
            continue
        channel = np.ascontiguousarray(listmode.channel(index))
        one = _at_ends(channel, parameter)
        if looked is not None:
            times, clock = looked
            chosen = channel if clock.order is None else channel[clock.order]
            values = listmode.to_scale(index, _thinned(chosen))
            change = largest_change(values, _top(parameter))
            if isinstance(change, str):
                untold[f"drift of {parameter.name}"] = change
            else:
                timed = clock.fault is None and listmode.time_step is not None
                ends = [round(share * (len(times) - 1)) for share in (change.first, change.last)]
                one = replace(
                    one,
                    drift_decades=change.decades,
                    kind=change.kind,
                    first=change.first,
                    last=change.last,
                    since=float(times[ends[0]]) if timed else None,
                    until=float(times[ends[1]]) if timed else None,
                    certain=change.certain,
                    course=change.course,
                )
        yield one


def _thinned(values: Column) -> Column:
    return values[:: max(-(-len(values) // _MOST), 1)]


def _at_ends(values: Column, parameter: Parameter) -> DetectorQuality:
    """Count the events at the last channel of `$PnR` or beyond, and at the lowest value seen.

    Instruments that store floats cut them off at `$PnR` - 1 or above; a range of a few units is
    no scale of floats.
    """
    total = len(values)
    scaled = parameter.kind == "I" or parameter.range > 16
    top = float(np.count_nonzero(values >= parameter.range - 1)) if scaled else None
    lowest = float(np.count_nonzero(values == values.min()))
    return DetectorQuality(
        name=parameter.name,
        marker=parameter.marker,
        at_maximum_pct=None if top is None else 100.0 * top / total,
        at_minimum_pct=100.0 * lowest / total,
    )


def _top(parameter: Parameter) -> float:
    if parameter.kind == "I" and parameter.log is not None:
        return float(10.0 ** parameter.log[0] * parameter.log[1])
    if parameter.kind == "I":
        return parameter.range / parameter.gain
    return parameter.range


# --- doublets and debris --------------------------------------------------------------------


def _doublets(listmode: ListModeFile) -> float | str:
    """Give the share of events whose FSC-A is too large for their FSC-H.

    As PeacoQC's RemoveDoublets counts them: FSC-A / FSC-H above its median by more than four times
    its MAD (with the factor 1.4826). It is a description, no gate.
    """
    area, height = _named(listmode, "FSC-A"), _named(listmode, "FSC-H")
    if area is None or height is None:
        return "the file has not both FSC-A and FSC-H"
    ratio = area / height
    events = len(ratio)
    ratio = ratio[np.isfinite(ratio) & (height > 0)]
    if len(ratio) == 0:
        return "no event has both FSC-A and FSC-H"
    middle = np.median(ratio)
    limit = middle + 4 * 1.4826 * np.median(np.abs(ratio - middle))
    return float(100.0 * np.count_nonzero(ratio > limit) / events)


def _debris(listmode: ListModeFile) -> float | str:
    """Give the share of events whose FSC-A is below a quarter of its upper quartile.

    Half a cell's diameter scatters about a quarter of the light. It is a description, no gate.
    """
    area = _named(listmode, "FSC-A")
    if area is None or not np.isfinite(area).any():
        return "the file has no FSC-A" if area is None else "no event has a FSC-A"
    quartile = np.quantile(area[np.isfinite(area)], 0.75)
    return float(100.0 * np.count_nonzero(area < quartile / 4) / len(area))


def _named(listmode: ListModeFile, name: str) -> npt.NDArray[np.float64] | None:
    found = [i for i, one in enumerate(listmode.parameters) if one.name.upper() == name]
    if not found:
        return None
    return listmode.to_scale(found[0], _thinned(listmode.channel(found[0])))
