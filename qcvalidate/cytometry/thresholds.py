"""Maps a threshold on a transformed axis back to scale values, so that the axis need not be made.

Transformations rise strictly, so `transform(x) >= t` holds for all x from some point on. Computed
ones may waver in their last bits beside that point: there the transformation itself is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qcvalidate.cytometry.gates import Mask, Values
from qcvalidate.cytometry.transforms import Transformation

# Far wider than the error of any of the transformations, far narrower than what instruments
# resolve.
_DOUBT = 1e-9
_CANDIDATES = 65


@dataclass(frozen=True)
class Threshold:
    """Below `low` no scale value reaches `value` on the axis; from `high` on all do."""

    transformation: Transformation
    value: float
    low: float
    high: float


@lru_cache(maxsize=1024)
def threshold(transformation: Transformation, value: float) -> Threshold:
    """Find where a transformation reaches an axis value."""
    low, high = -_reach(transformation), _reach(transformation)
    if transformation.kind == "flog":
        low = 5e-324
    ends = transformation(np.array([low, high]))
    # Events beyond the searched span are few, and are transformed.
    if ends[0] >= value:
        return Threshold(transformation, value, -np.inf, low)
    if not ends[1] >= value:
        return Threshold(transformation, value, high, np.inf)
    while high - low > _DOUBT * 1e-3 * max(abs(low), abs(high), transformation.top * 1e-9):
        points = np.linspace(low, high, _CANDIDATES)
        if low > 0 and high > 4 * low:
            points = np.geomspace(low, high, _CANDIDATES)
        place = int(np.argmax(transformation(points) >= value))
        low, high = float(points[max(place - 1, 0)]), float(points[place])
        if place == 0:
            break
    doubt = _DOUBT * max(abs(low), abs(high), transformation.top * 1e-9)
    return Threshold(transformation, value, low - doubt, high + doubt)


def at_least(values: Values, one: Threshold) -> Mask:
    """Say which scale values reach the threshold on the axis; NaN never does."""
    inside = np.asarray(values >= one.high)
    maybe = np.asarray(values >= one.low)
    if np.count_nonzero(maybe) != np.count_nonzero(inside):
        doubtful = np.flatnonzero(maybe & ~inside)
        inside[doubtful] = one.transformation(values[doubtful]) >= one.value
    return inside


def _reach(transformation: Transformation) -> float:
    """Give a scale value beyond nearly every event; axes end at the transformation's top."""
    return 100.0 * transformation.top
