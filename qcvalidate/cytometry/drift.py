"""Whether a detector's signal stayed where it was: drifts, steps and stretches.

Events in the order of time are cut into bins of equal count, and values are put on a log-like
axis in decades. Two questions are asked apart:

- *Is there a change?* The mean rank of each bin (Wilcoxon) has a variance that is known whatever
  the populations are. Circular binary segmentation (Olshen et al., Biostatistics 5:557, 2004) finds
  the stretch of bins that differs most from the rest; a step is a stretch that reaches an end, a
  drift is cut in halves. The noise is the larger of what counting gives and of what neighbouring
  bins show (MAD of their differences), which no drift or step inflates.
- *How large is it?* The median of all differences between events of one stretch and of another
  (Hodges and Lehmann, Ann. Math. Stat. 34:598, 1963): exactly the shift, even where the median
  itself falls between two populations and means nothing.

flowAI, PeacoQC and flowCut follow means, peaks or medians of bins; this is our own way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.float64]

FEWEST = 1000
_BINS = 100
_IN_A_BIN = 100
_LEVELS = 1024
# A sum of 100 bins has 5,050 stretches: one false alarm in some 10^5 detectors.
_SIGMAS = 6.0
# Into so many parts is the course of a signal cut, for a person to look at.
_PARTS = 25
_COARSE = 4
# Over this share of the bins is each end of a drift taken.
_END = 0.1
# More values than this that are no numbers may be the fault that is looked for.
_LOST = 0.01
# At a scale's end values are cut off; beyond this share the others are looked at as well.
_AT_END = 0.05


@dataclass(frozen=True)
class Change:
    """The largest change of one detector: its size in decades, and the stretch that shows it.

    `first` and `last` are shares of the events in order of time. `certain` says that the noise
    does not explain it; `kind` is drift, step or stretch. `course` is how far each part of the
    acquisition lies from the rest.
    """

    decades: float
    first: float
    last: float
    kind: str
    sigmas: float
    course: tuple[float, ...] = ()

    @property
    def certain(self) -> bool:
        """Say whether the change is beyond chance."""
        return self.sigmas > _SIGMAS


def decades(values: Values, top: float) -> Values:
    """Put values on an axis where ten times as much is 1 further, linear around zero.

    asinh(x / 2c) / ln 10 (Parks et al., Cytometry A 69:541, 2006, for why); c is the larger of a
    scale's foot, 4.5 decades below its top, and of the noise around zero, which the negative
    values show. The top is `$PnR`, or what all but a thousandth of the events stay below: some
    instruments declare ranges that no signal of theirs comes near.
    """
    reached = float(np.quantile(values, 0.999))
    height = min(top, reached) if reached > 0 else top
    foot = max(height * 10**-4.5, 1e-200)
    below = values[values < 0]
    if len(below) > 0.01 * len(values):
        foot = max(foot, 1.4826 * float(np.median(-below)))
    with np.errstate(over="ignore"):
        raised = np.clip(values / (2.0 * foot), -1e300, 1e300)
    return np.asarray(np.arcsinh(raised) / np.log(10.0))


def largest_change(values: Values, top: float) -> Change | str:
    """Find the largest change of a detector over its events in order of time.

    A text says why it cannot be.
    """
    finite = np.isfinite(values)
    if not finite.all():
        lost = 1.0 - float(finite.mean())
        if lost > _LOST:
            return f"{100 * lost:.3g} % of its values are no numbers"
        values = values[finite]
    if len(values) < FEWEST:
        return f"{len(values):,} events are too few; {FEWEST:,} are needed"
    signal = decades(values, top)
    low, high = np.quantile(signal, (0.0005, 0.9995))
    if not high > low:
        return Change(0.0, 0.0, 1.0, "drift", 0.0)
    table = _table(signal, float(low), float(high))
    step = float(high - low) / (_LEVELS - 1)
    scores, noise = _ranks(table)
    first, last, sigmas = _stretch(scores, noise)
    bins = len(table)
    if sigmas <= _SIGMAS:
        # Of chance the shortest stretches show most; a tenth of the events shows what is there.
        first, last, sigmas = _stretch(scores, noise, round(_END * bins))
    kind = _kind(scores, first, last)
    inside = table[first:last].sum(axis=0)
    size = _shift(inside, table.sum(axis=0) - inside, step)
    if sigmas > _SIGMAS:
        ends = _ends(table, scores, step)
        if kind == "drift":
            size, first, last = ends, 0, bins
        elif abs(ends) > 2 * abs(size):
            # It came and went slowly: its middle is farther off than the whole of it.
            size = math.copysign(ends, size)
    return Change(size, first / bins, last / bins, kind, sigmas, _course(table, step))


def _table(signal: Values, low: float, high: float) -> Counts:
    """Count events by bin of time (rows) and level of signal (columns)."""
    bins = min(_BINS, len(signal) // _IN_A_BIN)
    level = ((signal - low) * ((_LEVELS - 1) / (high - low)) + 0.5).clip(0, _LEVELS - 1)
    whole = level.astype(np.int64)
    ends = np.arange(bins + 1) * len(signal) // bins
    rows = [np.bincount(whole[a:b], minlength=_LEVELS) for a, b in pairwise(ends)]
    return np.array(rows, float)


def _ranks(table: Counts) -> tuple[Values, float]:
    """Give each bin's mean rank (0 to 1, ties shared), and the standard deviation of its noise."""
    whole = table.sum(axis=0)
    total = whole.sum()
    rank = (np.cumsum(whole) - whole / 2) / total
    scores = table @ rank / table.sum(axis=1)
    spread = float((whole * (rank - 0.5) ** 2).sum() / total)
    counted = np.sqrt(spread / (total / len(table)))
    steps = np.diff(scores)
    seen = 1.4826 * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2)
    return scores, max(float(counted), seen, 1e-12)


def _stretch(scores: Values, noise: float, shortest: int = 1) -> tuple[int, int, float]:
    """Give the bins [first, last) that differ most from the rest, and by how many sigmas.

    Neither they nor the rest are fewer than `shortest`.
    """
    bins = len(scores)
    sums = np.concatenate([[0.0], np.cumsum(scores - scores.mean())])
    first, last = np.triu_indices(bins + 1, 1)
    size = last - first
    part = (size >= shortest) & (bins - size >= shortest)
    first, last, size = first[part], last[part], size[part]
    inside = sums[last] - sums[first]
    # The rest's sum is minus the stretch's, because all of them sum to nothing.
    sigmas = np.abs(inside) / (noise * np.sqrt(size * (bins - size) / bins))
    best = int(np.argmax(sigmas))
    start, end = int(first[best]), int(last[best])
    # The lesser part is the one that is odd; without an end in common, it is the inner one.
    if (start == 0 or end == bins) and end - start > bins - (end - start):
        start, end = (end, bins) if start == 0 else (0, start)
    return start, end, float(sigmas[best])


def _ends(table: Counts, scores: Values, step: float) -> float:
    """Give the difference of the highest and lowest places, below zero where it falls with time."""
    width = max(round(_END * len(table)), 1)
    means = np.convolve(scores, np.ones(width) / width, "valid")
    low, high = int(np.argmin(means)), int(np.argmax(means))
    size = abs(
        _shift(table[high : high + width].sum(axis=0), table[low : low + width].sum(axis=0), step)
    )
    return size if high > low else -size


def _shift(one: Counts, other: Counts, step: float) -> float:
    """Give the median difference between events of two stretches, in decades.

    Where many values are cut off at an end of the scale, the others are asked as well: a shift
    of the rest must not hide behind them. The larger answer counts.
    """
    both = one + other
    found = [_median_difference(one, other)]
    held = both.sum()
    for end in (0, -1):
        if both[end] > _AT_END * held:
            inner = slice(1, None) if end == 0 else slice(None, -1)
            if one[inner].sum() >= _IN_A_BIN and other[inner].sum() >= _IN_A_BIN:
                found.append(_median_difference(one[inner], other[inner]))
    return step * max(found, key=abs)


def _median_difference(one: Counts, other: Counts) -> float:
    """Give the median of all differences one - other, in levels and their parts."""
    size = 2 * len(one)
    spectrum = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    products = np.fft.irfft(spectrum, size)
    # From the most negative difference to the most positive one.
    ordered = np.maximum(np.concatenate([products[len(one) + 1 :], products[: len(one)]]), 0.0)
    share = np.cumsum(ordered)
    half = share[-1] / 2
    place = int(np.searchsorted(share, half))
    before = share[place - 1] if place else 0.0
    # A level stands for the values around it.
    return float(place - (len(one) - 1) - 0.5 + (half - before) / max(ordered[place], 1e-12))


def _course(table: Counts, step: float) -> tuple[float, ...]:
    """Give how far each part lies from the rest, in decades: as a change is measured, but coarser.

    What is drawn of it is a few pixels high; nothing is judged by it.
    """
    coarse = table.reshape(len(table), -1, _COARSE).sum(axis=2)
    parts = np.array([p.sum(axis=0) for p in np.array_split(coarse, min(_PARTS, len(table)))])
    levels = parts.shape[1]
    rest = np.fft.rfft(coarse.sum(axis=0) - parts, 2 * levels)
    products = np.fft.irfft(np.fft.rfft(parts, 2 * levels) * np.conj(rest), 2 * levels)
    # From the most negative difference to the most positive one.
    ordered = np.concatenate([products[:, levels + 1 :], products[:, :levels]], axis=1)
    share = np.cumsum(np.maximum(ordered, 0.0), axis=1)
    half = share[:, -1:] / 2
    place = np.minimum((share < half).sum(axis=1), share.shape[1] - 1)
    rows = np.arange(len(parts))
    before = np.where(place > 0, share[rows, place - 1], 0.0)
    within = (half[:, 0] - before) / np.maximum(share[rows, place] - before, 1e-12)
    shifts = (place - (levels - 1) - 0.5 + within) * step * _COARSE
    return tuple(map(float, shifts))


def _kind(scores: Values, first: int, last: int) -> str:
    """Name a change: a step keeps its two heights, a drift is a slope, a stretch comes back."""
    bins = len(scores)
    if first > 0 and last < bins:
        return "stretch"
    axis = np.arange(bins)
    slope = np.polyval(np.polyfit(axis, scores, 1), axis)
    level = np.full(bins, np.delete(scores, np.s_[first:last]).mean())
    level[first:last] = scores[first:last].mean()
    drifts = ((scores - slope) ** 2).sum() < ((scores - level) ** 2).sum()
    return "drift" if drifts else "step"
