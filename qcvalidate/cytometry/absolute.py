"""Absolute counts: cells per microlitre of the sample, with their intervals.

Single platform with beads: the beads of a test are known in number, so that their events say
which part of the sample was acquired. Given the sum of both, the cells' events are binomial, and
the exact interval of that share (Clopper and Pearson) becomes one of the ratio cells to beads as
odds: p / (1 - p). (The conditional argument is that of Przyborowski and Wilenski, Biometrika
31:313-323, 1940; 100 cells and 1000 beads of 49850 in 100 uL are 49.85 per uL, 40.17 to 61.28.)

Volumetric: the instrument says which volume it acquired, and the count alone is Poisson.

Declared errors of the beads' number and of the volume are relative and independent of the counts.
They are joined to the exact interval on the logarithmic scale, each side by the root of its
squares (the method of variance estimates recovery: Zou and Donner, Statist. Med. 27:1693-1702,
2008), so that without them the exact interval remains as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal

from qcvalidate.cytometry.proportions import clopper_pearson, deviate, poisson

# More digits than any limit has; the counts are exact.
_EXACT = Context(prec=12)


@dataclass(frozen=True)
class Concentration:
    """Cells per microlitre of the undiluted sample, with its 95 % interval."""

    per_uL: Decimal  # noqa: N815 - the unit's own spelling
    low: float
    high: float


def by_beads(
    cells: int,
    beads: int,
    *,
    per_test: Decimal,
    volume_uL: Decimal,  # noqa: N803
    dilution: Decimal = Decimal(1),
    errors: Iterable[Decimal] = (),
) -> Concentration:
    """Give cells x beads per test / (beads counted x sample volume), times the dilution.

    `errors` are the coefficients of variation, in %, of the beads' number and of the volume.

    >>> found = by_beads(100, 1000, per_test=Decimal(49850), volume_uL=Decimal(100))
    >>> f"{found.per_uL} [{found.low:.2f}, {found.high:.2f}]"
    '49.85 [40.17, 61.28]'
    """
    if cells < 0 or beads < 1:
        raise ValueError(f"{cells} cells and {beads} beads are no count")
    _require_positive(per_test, volume_uL, dilution)
    number = _EXACT.divide(per_test * dilution, volume_uL)
    value = _EXACT.divide(cells * per_test * dilution, beads * volume_uL)
    odds = (share / (1.0 - share) for share in clopper_pearson(cells, cells + beads))
    low, high = (float(number) * end for end in odds)
    return _widened(value, low, high, errors)


def by_volume(
    cells: int,
    *,
    acquired_uL: Decimal,  # noqa: N803
    dilution: Decimal = Decimal(1),
    errors: Iterable[Decimal] = (),
) -> Concentration:
    """Give cells / acquired volume, times the dilution; the count is Poisson."""
    _require_positive(acquired_uL, dilution)
    value = _EXACT.divide(cells * dilution, acquired_uL)
    low, high = (end * float(dilution) / float(acquired_uL) for end in poisson(cells))
    return _widened(value, low, high, errors)


def by_share(
    percent: Decimal,
    ends: tuple[float, float],
    per_uL: Decimal,  # noqa: N803
) -> Concentration:
    """Give a percentage of a counter's concentration: two platforms, each with its own error.

    The interval is that of the percentage alone; the counter's is not known here.
    """
    whole = float(per_uL) / 100.0
    return Concentration(_EXACT.multiply(percent, per_uL) / 100, ends[0] * whole, ends[1] * whole)


def _require_positive(*values: Decimal) -> None:
    if not all(value.is_finite() and value > 0 for value in values):
        raise ValueError(f"{', '.join(map(str, values))} are not all above nothing")


def _widened(value: Decimal, low: float, high: float, errors: Iterable[Decimal]) -> Concentration:
    """Join relative errors to an interval, on the logarithmic scale."""
    spread = sum(math.log1p((float(error) / 100.0) ** 2) for error in errors)
    if spread == 0.0:
        return Concentration(value, low, high)
    reach = deviate(0.95) * math.sqrt(spread)
    point = float(value)
    if point == 0.0:
        return Concentration(value, low, high * math.exp(reach))
    below, above = (
        math.hypot(math.log(point / low), reach),
        math.hypot(math.log(high / point), reach),
    )
    return Concentration(value, point * math.exp(-below), point * math.exp(above))


# --- the acquired volume -------------------------------------------------------------------

# What a sampler of a cytometer draws from one tube or well, and how fast.
_LEAST_UL, _MOST_UL = Decimal(1), Decimal(5000)
_SLOWEST_UL_MIN, _FASTEST_UL_MIN = Decimal("0.1"), Decimal(2500)
# Microlitres in one of each unit. By the standard, $VOL is in nanolitres.
VOLUME_UNITS = {"nL": Decimal("0.001"), "uL": Decimal(1), "mL": Decimal(1000)}

_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,9})?(?:[eE][+-]?[0-9]{1,2})?")


class UnclearVolume(ValueError):  # noqa: N818 - it is a fact about a file
    """The acquired volume cannot be told for certain; the message says why."""


def acquired_volume(text: str, seconds: float | None, unit: str | None = None) -> Decimal:
    """Give the microlitres that `$VOL` says were acquired.

    `unit` is the declared one. Without it the standard's nanolitres hold where the number would
    be no possible volume in microlitres, which some software writes; what could be either, or
    neither, raises `UnclearVolume`. `seconds` is how long the acquisition took.

    >>> acquired_volume("25016", 102.0)
    Decimal('25.016')
    """
    shown = text.strip()
    if not _NUMBER.fullmatch(shown):
        what = f"$VOL is “{shown[:40]}”, which is no volume" if shown else "the file has no $VOL"
        raise UnclearVolume(f"{what}, so that its acquired volume is not known")
    number = Decimal(shown)
    if number == 0:
        raise UnclearVolume("$VOL is 0, so that its acquired volume is not known")
    possible = {
        name: number * factor
        for name, factor in VOLUME_UNITS.items()
        if _possible(number * factor, seconds)
    }
    took = "" if seconds is None else f" in {seconds:.0f} s"
    if unit is not None:
        if unit not in possible:
            raise UnclearVolume(
                f"$VOL is {shown}, and in the declared {unit} that is no volume which a cytometer "
                f"acquires{took} ({number * VOLUME_UNITS[unit]:f} uL)"
            )
        return possible[unit]
    if "nL" in possible and "uL" not in possible:
        return possible["nL"]
    if not possible:
        raise UnclearVolume(
            f"$VOL is {shown}, which is no volume that a cytometer acquires{took}, in whatever unit"
        )
    read = " or ".join(f"{volume:f} uL (were it in {name})" for name, volume in possible.items())
    raise UnclearVolume(f"$VOL is {shown}, without a unit: {read}; the standard's unit is the nL")


def _possible(volume_uL: Decimal, seconds: float | None) -> bool:  # noqa: N803
    if not _LEAST_UL <= volume_uL <= _MOST_UL:
        return False
    if not seconds or seconds <= 0:
        return True
    return _SLOWEST_UL_MIN <= volume_uL * 60 / Decimal(repr(seconds)) <= _FASTEST_UL_MIN
