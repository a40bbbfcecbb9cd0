"""Says of which lots of a table the counts plainly agree, so that nobody need look at them alone.

It is rough: of each test it takes a lot's least and greatest number, however they belong together.
What it lets go, `countings` would; a lot that it doubts is looked at by `countings` itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from qcvalidate.countings import (
    CONCENTRATIONS,
    DILUTED,
    DOSES,
    POINTS,
    SAME,
    amount_in,
    count_findings,
    is_exact,
)
from qcvalidate.manifest import Manifest
from qcvalidate.recheck.likeness import Flags, SortedRows

# Doubles stand here for decimals; what is so near to a bound is looked at exactly.
_NEAR = 1e-6
_NO_LOT = Manifest()

Floats = npt.NDArray[np.float64]


def doubtful_counts(rows: SortedRows) -> Flags:
    """Say of which lots the counts may contradict one another; never of too few."""
    counts = _Counts(rows)
    # A number that is none, or a nought, compares with nothing: it is doubted.
    with np.errstate(all="ignore"):
        return counts.implausible() | counts.living_of_all() | counts.doses() | counts.volumes()


class _Counts:
    """The least and greatest exact numbers of each lot, test by test; NaN where it has none."""

    def __init__(self, rows: SortedRows) -> None:
        self._rows = rows

    def implausible(self) -> Flags:
        said = [
            one is not None and one.test in CONCENTRATIONS and any(count_findings([one], _NO_LOT))
            for one in self._rows.said
        ]
        return self._rows.lots_with(self._rows.which(said))

    def living_of_all(self) -> Flags:
        alive = self._range("viable_cell_concentration", "cells/mL")
        every = self._range("cell_concentration", "cells/mL")
        viability = self._range("viability", "%")
        least, most = 100 * alive[0] / every[1], 100 * alive[1] / every[0]
        told, points = _told(alive, every), float(POINTS) - _NEAR
        agreed = (viability[1] - least <= points) & (most - viability[0] <= points)
        plain = (every[0] > 0) & (most <= 101 - _NEAR) & (agreed | ~_told(viability))
        return told & ~plain

    def doses(self) -> Flags:
        doubtful = np.zeros(self._rows.size, dtype=bool)
        weight, volume = self._fact("dose.recipient_weight_kg"), self._fact("dose.volume_mL")
        for whole, per_kg, dense in DOSES:
            dose = self._range(whole, "cells")
            for test, unit, times, far in (
                (per_kg, "cells/kg", weight, float(SAME)),
                (dense, "cells/mL", volume, float(DILUTED)),
            ):
                least, most = (amount * times for amount in self._range(test, unit))
                most_apart = far - _NEAR
                near = (least / dose[1] >= 1 / most_apart) & (most / dose[0] <= most_apart)
                plain = (dose[0] > 0) & near
                doubtful |= _told(dose, (least, most)) & ~plain
        return doubtful

    def volumes(self) -> Flags:
        whole, dose = self._range("volume", "mL"), self._fact("dose.volume_mL")
        plain = dose <= (float(SAME) - _NEAR) * whole[0]
        return _told(whole, (dose, dose)) & ~plain

    def _range(self, test: str, unit: str) -> tuple[Floats, Floats]:
        said = [
            amount_in(one, unit) if one is not None and one.test == test and is_exact(one) else None
            for one in self._rows.said
        ]
        amounts = _floats(said)[self._rows.number]
        there = ~np.isnan(amounts)
        least = np.full(self._rows.size, np.nan)
        most = least.copy()
        np.fmin.at(least, self._rows.lot[there], amounts[there])
        np.fmax.at(most, self._rows.lot[there], amounts[there])
        return least, most

    def _fact(self, key: str) -> Floats:
        """Give what lot.yaml states of each lot; NaN where it states nothing."""
        lots = self._rows.lots
        # The last, for lots that state nothing, is number -1.
        stated = _floats([*lots.facts.values.get(key, ()), None])
        return stated[lots.facts.codes(key, lots.at)]


def _floats(amounts: list[Any]) -> Floats:
    return np.array([np.nan if one is None else float(one) for one in amounts], dtype=np.float64)


def _told(*ranges: tuple[Floats, Floats]) -> Flags:
    """Say which lots tell something of all these."""
    return np.asarray(np.logical_and.reduce([~np.isnan(least) for least, _ in ranges]), dtype=bool)
