"""Holds the quality of an acquisition against a specification's limits, and tells what stands out.

Quality never fails a lot and never passes one: beyond a limit it holds, and without one a person
is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qcvalidate.cytometry.quality import (
    Alarm,
    alarms,
    change_words,
    detector_place,
    gap_words,
    rate_words,
)
from qcvalidate.manifest import Manifest
from qcvalidate.record import AcquisitionQuality, DetectorQuality, Finding, Place, Severity
from qcvalidate.specification import AcquisitionLimits


@dataclass(frozen=True)
class _Limited:
    """One limit of the specification: whose number it limits, and what cannot be told without."""

    key: str
    slug: str
    number: str
    untold: str
    words: str


_OF_FILES = (
    _Limited(
        "max_flow_rate_deviation_pct",
        "flow-rate-unsteady",
        "rate_deviation_pct",
        "flow rate",
        "the flow rate deviates from its median by {} %",
    ),
    _Limited("max_gap_seconds", "acquisition-gap", "gap", "gaps", "no event arrives for {} s"),
    _Limited(
        "max_gaps_pct",
        "acquisition-gap",
        "gaps_pct",
        "gaps",
        "no event arrives for {} % of the time",
    ),
    _Limited(
        "max_time_reversals",
        "time-reversed",
        "reversals",
        "time",
        "{} events are timed before the event ahead of them",
    ),
    _Limited(
        "max_doublets_pct",
        "acquisition-beyond-limit",
        "doublets_pct",
        "doublets",
        "{} % of the events have the FSC-A of doublets for their FSC-H",
    ),
    _Limited(
        "max_debris_pct",
        "acquisition-beyond-limit",
        "debris_pct",
        "debris",
        "{} % of the events have the FSC-A of debris",
    ),
)
_OF_DETECTORS = (
    _Limited("max_signal_drift_decades", "signal-drift", "drift_decades", "drift", ""),
    _Limited(
        "max_at_range_maximum_pct",
        "events-off-scale",
        "at_maximum_pct",
        "range",
        "{} % of the events lie at the top of ",
    ),
    _Limited(
        "max_at_minimum_pct",
        "events-off-scale",
        "at_minimum_pct",
        "range",
        "{} % of the events lie at the lowest value of ",
    ),
)
# Which part of an acquisition's quality an alarm tells of.
_LIMITS_OF = {
    "flow-rate-unsteady": ("max_flow_rate_deviation_pct",),
    "acquisition-gap": ("max_gap_seconds", "max_gaps_pct"),
    "time-reversed": ("max_time_reversals",),
    "signal-drift": ("max_signal_drift_decades",),
    "events-off-scale": ("max_at_range_maximum_pct",),
}


def quality_findings(
    quality: AcquisitionQuality, limits: AcquisitionLimits, manifest: Manifest | None = None
) -> list[Finding]:
    """Tell what holds the lot, what a person should look at, and what was not evaluated."""
    held = [*_beyond(quality, limits), *_dates(quality, manifest or Manifest())]
    told = [*_alarmed(quality, limits, held), *_untold(quality, limits)]
    return [*held, *told]


def _beyond(quality: AcquisitionQuality, limits: AcquisitionLimits) -> Iterator[Finding]:
    """Hold for each limit that is exceeded, or that cannot be looked at."""
    if limits.min_events is not None and quality.events < limits.min_events:
        message = f"the file holds {quality.events:,} events; the specification wants at least "
        yield _held("too-few-events", quality, f"{message}{limits.min_events:,}")
    for one in _OF_FILES:
        limit = getattr(limits, one.key)
        if limit is None:
            continue
        value = getattr(quality, one.number)
        why = quality.not_evaluated.get(one.untold)
        if one.key == "max_gap_seconds" and quality.duration is None:
            value, why = None, why or quality.not_evaluated.get("duration")
        if value is None:
            yield _unanswered(quality, one.key, why)
        elif _exceeds(value, limit):
            words, place = _where(quality, one, value)
            message = f"{quality.path}: {words}; {_allowed(one, limit)}"
            yield Finding(one.slug, Severity.HOLD, message, place)
    for one in _OF_DETECTORS:
        limit = getattr(limits, one.key)
        if limit is not None:
            yield from _detectors_beyond(quality, one, limit)
    yield from _instrument(quality, limits)


def _where(quality: AcquisitionQuality, one: _Limited, value: float) -> tuple[str, Place]:
    """Tell a number of the whole file, with the span of time that it comes from."""
    words, span = one.words.format(_shown(value)), None
    if one.slug == "flow-rate-unsteady":
        told, span = rate_words(quality)
        words = f"{words}: {told}"
    elif one.slug == "acquisition-gap":
        told, span = gap_words(quality)
        words = told if one.key == "max_gaps_pct" else f"{words}, {span}"
    return words, quality.place if span is None else Place(quality.path, region=span)


def _detectors_beyond(
    quality: AcquisitionQuality, one: _Limited, limit: Decimal
) -> Iterator[Finding]:
    if not quality.detectors:
        yield _unanswered(quality, one.key, "the file has no detector")
    for detector in quality.detectors:
        value = getattr(detector, one.number)
        if value is None:
            why = quality.not_evaluated.get(one.untold) or quality.not_evaluated.get(
                f"{one.untold} of {detector.name}"
            )
            yield _unanswered(quality, f"{one.key} of {detector.name}", why)
            if one.untold in quality.not_evaluated:
                return
        elif _exceeds(abs(value), limit):
            place = Place(quality.path, region=f"detector {detector.name}")
            words = f"{one.words.format(_shown(value))}{detector.name}"
            if one.untold == "drift":
                place = detector_place(quality, detector)
                words = change_words(detector) + _doubt(detector)
            yield Finding(
                one.slug, Severity.HOLD, f"{quality.path}: {words}; {_allowed(one, limit)}", place
            )


def _doubt(detector: DetectorQuality) -> str:
    return "" if detector.certain else ", which the few events alone may explain"


def _instrument(quality: AcquisitionQuality, limits: AcquisitionLimits) -> Iterator[Finding]:
    if not limits.instruments:
        return
    stated = [text for text in (quality.instrument, quality.serial) if text]
    if {text.casefold() for text in stated} & {text.casefold() for text in limits.instruments}:
        return
    seen = f"was acquired on {' '.join(map(repr, stated))}" if stated else "names no instrument"
    message = f"{seen}; the specification allows {', '.join(limits.instruments)}"
    yield _held("instrument-not-allowed", quality, message)


def _dates(quality: AcquisitionQuality, manifest: Manifest) -> Iterator[Finding]:
    """Hold a file that was acquired before its lot was there."""
    day, recovered = quality.acquired, manifest.recovered
    if day is not None and recovered is not None and day < recovered:
        message = f"was acquired on {day}, before the lot was recovered on {recovered}: it is of "
        yield _held("dates-out-of-order", quality, f"{message}another lot, or a date is wrong")


def _alarmed(
    quality: AcquisitionQuality, limits: AcquisitionLimits, held: list[Finding]
) -> Iterator[Finding]:
    """Warn of what stands out; what keeps within the specification's limit is information."""
    told = {(one.slug, _detector(one.place)) for one in held}
    for alarm in alarms(quality):
        if (alarm.slug, _detector(alarm.place)) in told or _held_as_whole(alarm, held):
            continue
        within = any(getattr(limits, key) is not None for key in _LIMITS_OF[alarm.slug])
        severity = Severity.INFORMATION if within else Severity.WARNING
        message = f"{quality.path}: {alarm.message}"
        if within:
            message += ", within what the specification allows"
        yield Finding(alarm.slug, severity, message, alarm.place)


def _held_as_whole(alarm: Alarm, held: list[Finding]) -> bool:
    """Say whether a quality of the whole file holds already."""
    of_detector = (alarm.place.region or "").startswith("detector")
    return not of_detector and any(one.slug == alarm.slug for one in held)


def _detector(place: Place) -> str | None:
    return place.region.partition(",")[0] if place.region else None


def _untold(quality: AcquisitionQuality, limits: AcquisitionLimits) -> Iterator[Finding]:
    """Say once what was not evaluated and no limit asks for."""
    drift_or_rate = [
        (what, why)
        for what, why in quality.not_evaluated.items()
        if what.startswith(("flow rate", "drift")) and not _asked(what.partition(" of ")[0], limits)
    ]
    reasons: dict[str, list[str]] = {}
    for what, why in drift_or_rate:
        reasons.setdefault(why, []).append(what)
    for why, parts in reasons.items():
        message = f"{quality.path}: {' and '.join(parts)} not evaluated: {why}"
        yield Finding("acquisition-not-evaluated", Severity.INFORMATION, message, quality.place)


def _asked(what: str, limits: AcquisitionLimits) -> bool:
    keys = [one.key for one in (*_OF_FILES, *_OF_DETECTORS) if one.untold == what]
    return any(getattr(limits, key) is not None for key in keys)


def _unanswered(quality: AcquisitionQuality, key: str, why: str | None) -> Finding:
    message = (
        f"{quality.path}: the specification limits {key}, which was not evaluated: "
        f"{why or 'the file does not say'}"
    )
    return Finding("acquisition-not-evaluated", Severity.HOLD, message, quality.place)


def _held(slug: str, quality: AcquisitionQuality, message: str) -> Finding:
    return Finding(slug, Severity.HOLD, f"{quality.path}: {message}", quality.place)


def _exceeds(value: float, limit: Decimal | int) -> bool:
    return Decimal(value) > limit


def _shown(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def _allowed(one: _Limited, limit: Decimal | int) -> str:
    return f"the specification allows {limit}{_UNITS.get(one.key.rpartition('_')[2], '')}"


# By the last word of a limit's key.
_UNITS = {"pct": " %", "seconds": " s", "decades": " decades"}
