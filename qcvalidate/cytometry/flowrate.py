"""How evenly events arrived: the flow rate by time, gaps, and a clock that goes backwards.

Cells arrive as a Poisson process while the sample flows evenly. A clog lets the rate fall, a burst
lets it rise, a dropout leaves a gap. flowAI (Monaco et al., Bioinformatics 32:2473, 2016) counts
events by tenths of a second and PeacoQC (Emmaneel et al., Cytometry A 101:325, 2022) looks at bins
of events; both then remove events. Here nothing is removed, and every number is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.float64]

FEWEST = 1000
_BINS = 100
_FEWEST_BINS = 20
# Of this many bins together is a rate taken: 3 % of the acquisition.
_WIDTH = 3
_IN_A_BIN = 100
# A clock that jumps back by more than this share of the whole was set back, or ran over.
_RESET = 0.01
# Beyond chance: about one in 10^8 for a bin, and one in 10^7 for a file's longest gap.
_SIGMAS = 6.0
_CHANCE = 16.0


@dataclass(frozen=True)
class Rate:
    """The flow of one acquisition; rates are shares of the median rate, times are the clock's.

    `lowest` and `highest` are of three bins together, each with its first and last moment;
    `certain_low` and `certain_high` say that counting alone does not explain them. `gap` is the
    longest time without an event, `gaps` all such times beyond chance together. `course` are the
    rates of all bins.
    """

    bins: int
    per_unit: float
    lowest: float
    lowest_at: tuple[float, float]
    certain_low: bool
    highest: float
    highest_at: tuple[float, float]
    certain_high: bool
    gap: float
    gap_at: float
    gaps: float
    course: tuple[float, ...] = ()

    @property
    def deviation_pct(self) -> float:
        """The largest deviation of the rate from its median, in % of it."""
        return 100.0 * max(1.0 - self.lowest, self.highest - 1.0)


@dataclass(frozen=True)
class Clock:
    """What a time column is worth: `order` sorts events by time, None where they are in order.

    `reversals` counts the events whose time is before the event ahead of them; `fault` says why
    no rate can be had.
    """

    reversals: int
    back: float
    order: npt.NDArray[np.intp] | None
    fault: str | None


def read_clock(times: Times) -> Clock:
    """Look at a time column before anything is read off it.

    Events that are slightly out of order are sorted. Where the clock was set back a few times,
    times no longer tell the order, and the file's own order stands.
    """
    if not np.isfinite(times).all():
        return Clock(0, 0.0, None, "its time column holds values that are no numbers")
    steps = np.diff(times)
    reversals = int(np.count_nonzero(steps < 0))
    back = float(-steps.min()) if reversals else 0.0
    span = float(times.max() - times.min()) if len(times) else 0.0
    if not np.isfinite(span):
        return Clock(0, 0.0, None, "its time column holds values that are no times")
    if span <= 0:
        return Clock(reversals, back, None, "its clock stands still")
    if reversals == 0:
        return Clock(0, 0.0, None, None)
    order = np.argsort(times, kind="stable")
    if back <= _RESET * span or reversals > 0.05 * len(times):
        return Clock(reversals, back, order, None)
    return Clock(reversals, back, None, "its clock was set back during the acquisition")


def flow_rate(times: Times) -> Rate | str:
    """Measure the rate of events whose times are in order; a text says why it cannot be."""
    count = len(times)
    if count < FEWEST:
        return f"{count:,} events are too few; {FEWEST:,} are needed"
    steps = np.diff(times)
    first, span = float(times[0]), float(times[-1] - times[0])
    # A step far below what a clock resolves is rounding.
    tick = max(float(steps[steps > 0].min()), 1e-12 * span)
    ticks = round(span / tick)
    bins = min(_BINS, count // _IN_A_BIN, ticks // 2)
    if ticks < 2 * _FEWEST_BINS:
        return f"its clock ticks only {ticks:,} times during the acquisition"
    edges = _edges(first, span, bins, tick)
    counts = np.diff(np.searchsorted(times, edges)).astype(float)
    widths = np.diff(edges)
    rates = counts / widths
    usual = float(np.median(rates))
    if usual <= 0:
        return "most of the acquisition holds no events at all"
    expected = usual * np.convolve(widths, np.ones(_WIDTH), "valid")
    three = np.convolve(counts, np.ones(_WIDTH), "valid")
    shares = three / expected
    low, high = int(np.argmin(shares)), int(np.argmax(shares))
    sigmas = (three - expected) / np.sqrt(expected)
    at, gap, gaps = _gaps(times, steps, usual, tick)
    return Rate(
        bins=bins,
        per_unit=usual,
        lowest=float(shares[low]),
        lowest_at=(float(edges[low]), float(edges[low + _WIDTH])),
        certain_low=bool(sigmas[low] < -_SIGMAS),
        highest=float(shares[high]),
        highest_at=(float(edges[high]), float(edges[high + _WIDTH])),
        certain_high=bool(sigmas[high] > _SIGMAS),
        gap=gap,
        gap_at=at,
        gaps=gaps,
        course=tuple(map(float, rates / usual)),
    )


def _edges(first: float, span: float, bins: int, tick: float) -> Times:
    """Lay the bins' edges between ticks, so that none holds a tick more than it should."""
    edges = first + np.linspace(0.0, span, bins + 1)
    edges = (np.floor((edges - first) / tick) + 0.5) * tick + first
    edges[0], edges[-1] = first - tick / 2, first + span + tick / 2
    return np.asarray(edges)


def _gaps(times: Times, steps: Times, usual: float, tick: float) -> tuple[float, float, float]:
    """Find the times without events that a Poisson process would not leave in so many steps.

    A step t between events has the probability exp(-rate t); of n steps the longest is some
    ln(n) / rate. A clock's tick may hide that much of a gap, and is taken off.
    """
    longest = (math.log(len(steps)) + _CHANCE) / usual
    real = steps - tick
    beyond = real > longest
    at = int(np.argmax(real))
    return (
        float(times[at]),
        max(float(real[at]), 0.0),
        float(real[beyond].sum()),
    )
