"""Words for how a list-mode file was acquired."""

from __future__ import annotations

from qcvalidate.record import AcquisitionQuality, DetectorQuality

_NOT = "not evaluated"


def acquisition_words(one: AcquisitionQuality) -> str:
    """Tell the numbers of one file in a line; what could not be evaluated says so."""
    words = [f"{one.events:,} events"]
    if one.instrument or one.serial:
        words.append(f"on {' '.join(text for text in (one.instrument, one.serial) if text)}")
    if one.acquired is not None:
        words.append(f"on {one.acquired}")
    if one.duration is not None:
        words.append(f"in {one.duration:.4g} s")
    deviation = _NOT if one.rate_deviation_pct is None else f"{one.rate_deviation_pct:.3g} %"
    words.append(f"largest deviation of the flow rate {deviation}")
    words.append(f"time without events {percent(one.gaps_pct)}")
    words.append(f"doublets {percent(one.doublets_pct)}")
    words.append(f"debris {percent(one.debris_pct)}")
    return ", ".join(words)


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
