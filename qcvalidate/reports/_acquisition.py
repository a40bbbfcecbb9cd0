"""Words for how a list-mode file was acquired, and what of it was objected to."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.assessment import Assessment
from qcvalidate.record import AcquisitionQuality, CellCount, DetectorQuality, Finding, Severity
from qcvalidate.reports._matters import Matter, of_finding

_NOT = "not evaluated"

# The rules that tell of an acquisition; those of its file's own words stand under Findings.
_RULES = (
    "too-few-events",
    "flow-rate-unsteady",
    "acquisition-gap",
    "time-reversed",
    "signal-drift",
    "events-off-scale",
    "acquisition-beyond-limit",
    "acquisition-not-evaluated",
    "instrument-not-allowed",
    "dates-out-of-order",
    "fcs-events-lost",
)
_WORST_FIRST = (
    Severity.FAIL,
    Severity.HOLD,
    Severity.WARNING,
    Severity.WAIVED,
    Severity.INFORMATION,
)


def objections(assessment: Assessment, one: AcquisitionQuality) -> list[Matter]:
    """List what was found about a file's acquisition, worst first."""
    return [of_finding(finding) for finding in _found(assessment, one)]


def objection_to(assessment: Assessment, one: AcquisitionQuality, detector: str) -> str:
    """Give the worst word about a detector, empty where there is none."""
    for finding in _found(assessment, one):
        region = finding.place.region or ""
        if region.partition(",")[0] == f"detector {detector}":
            return finding.severity.value.upper()
    return ""


def acquisition_facts(one: AcquisitionQuality) -> Iterator[tuple[str, str]]:
    """Tell the numbers of one file; what could not be evaluated says so."""
    yield "Cytometer", one.instrument or "not stated ($CYT)"
    yield "Serial number", one.serial or "not stated ($CYTSN)"
    yield "Acquired", str(one.acquired) if one.acquired is not None else "day not stated ($DATE)"
    took = f" in {one.duration:.4g} s" if one.duration is not None else ""
    yield "Events", f"{one.events:,}{took}"
    deviation = _NOT if one.rate_deviation_pct is None else f"{one.rate_deviation_pct:.3g} %"
    yield "Largest deviation of the flow rate", deviation
    yield "Time without events", percent(one.gaps_pct)
    yield "Doublets", percent(one.doublets_pct)
    yield "Debris", percent(one.debris_pct)


def change_of(one: DetectorQuality) -> str:
    """Tell a detector's largest change, and when; a small one may be chance."""
    if one.drift_decades is None:
        return _NOT
    size = f"{one.drift_decades:+.2f} decades"
    if not one.certain:
        return f"{size}, within chance"
    when = f"{100 * one.first:.3g} % to {100 * one.last:.3g} % of the events"
    if one.since is not None:
        when += f", {one.since:.4g} s to {one.until:.4g} s"
    return f"{size}, a {one.kind} over {when}"


def percent(value: float | None) -> str:
    """Tell a share, or that there is none."""
    return _NOT if value is None else f"{value:.3g} %"


def count_words(one: CellCount) -> str:
    """Tell a count of cells per volume with its interval."""
    if one.value is None:
        return "not counted"
    words = f"{float(one.value):.6g} {one.unit}"
    if one.interval is None:
        return words
    low, high = one.interval
    return f"{words} (95 %: {low:.4g} to {high:.4g})"


def _found(assessment: Assessment, one: AcquisitionQuality) -> list[Finding]:
    found = [
        finding
        for finding in assessment.findings
        if finding.slug in _RULES and finding.place.path == one.path
    ]
    return sorted(found, key=lambda finding: _WORST_FIRST.index(finding.severity))
