"""Places the ticks of a plot's axes, labelled with scale values.

A tick with an empty label is a minor one, such as 2 to 9 times a power of ten.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from qcvalidate.cytometry.gates import Axis
from qcvalidate.cytometry.transforms import FLOWJO_KINDS, Transformation

Span = tuple[float, float]
Ticks = tuple[tuple[float, str], ...]

# As shares of the axis: what a label needs, and what a line.
_LINE = 0.008
# More powers of ten than light has; a damaged span must not make a million ticks.
_POWERS = range(-9, 13)


def ticks(axis: Axis, span: Span, apart: float) -> Ticks:
    """Give ticks at places from 0 to 1 along the axis; labels are at least `apart` there."""
    one = axis.transformation
    if one is not None and one.log_like:
        return _logarithmic(one, span, apart)
    values = _round_numbers(_scale_ends(axis, span))
    places = values if one is None else one(np.array(values, np.float64)).tolist()
    return _placed(zip(places, map(_number, values), strict=True), span, apart)


def count_ticks(most: int, top: float) -> Ticks:
    """Give ticks for numbers of events, of which `most` stand at the place `top`."""
    values = [one for one in _round_numbers((0.0, float(most))) if one == int(one)]
    return tuple((top * one / most, _number(one)) for one in values) if most else ()


def _logarithmic(one: Transformation, span: Span, apart: float) -> Ticks:
    powers = [10.0**exponent for exponent in _POWERS]
    if one.kind in ("flog", "log"):
        labelled = powers
    else:
        # The upper decades first, then zero: near zero they lie upon each other.
        top = math.floor(math.log10(one.top) + 1e-9)
        upper = [10.0**exponent for exponent in range(top + 1, top - 3, -1)]
        lower = [10.0**exponent for exponent in range(top - 3, top - 7, -1)]
        labelled = [*upper, 0.0, *lower, *(-power for power in (*upper, *lower))]
    major = _at(one, labelled, apart=apart, span=span)
    between = [sign * power * n for power in powers for n in range(2, 10) for sign in (1, -1)]
    if one.kind in ("flog", "log"):
        between = [value for value in between if value > 0]
    if len(major) < 2:
        # Less than a decade: its parts are labelled.
        major = _at(one, [*labelled, *between], apart=apart, span=span)
    floor = 10.0 ** (math.floor(math.log10(one.top)) - 6)
    minor = _at(one, [value for value in between if abs(value) >= floor], apart=_LINE, span=span)
    taken = [place for place, _ in major]
    rest = [(at, "") for at, _ in minor if all(abs(at - other) > _LINE for other in taken)]
    return tuple(sorted([*major, *rest]))


def _at(one: Transformation, values: list[float], *, apart: float, span: Span) -> Ticks:
    places = one(np.array(values, np.float64)).tolist()
    # FlowJo lays all that is beyond an end of its axis on that end.
    inside = [
        (place, _power(value))
        for place, value in zip(places, values, strict=True)
        if one.kind not in FLOWJO_KINDS or 0.0 < place < 1.0
    ]
    return _placed(inside, span, apart)


def _placed(found: Iterable[tuple[float, str]], span: Span, apart: float) -> Ticks:
    """Keep what lies on the axis, the first of those that would lie upon each other."""
    low, high = span
    kept: list[tuple[float, str]] = []
    for place, label in found:
        unit = (place - low) / (high - low)
        if 0.0 <= unit <= 1.0 and all(abs(unit - other) > apart for other, _ in kept):
            kept.append((unit, label))
    return tuple(sorted(kept))


def _scale_ends(axis: Axis, span: Span) -> Span:
    if axis.transformation is None:
        return span
    offset = axis.transformation.negative
    slope = axis.transformation.top + offset
    return span[0] * slope - offset, span[1] * slope - offset


def _round_numbers(ends: Span) -> list[float]:
    wide = ends[1] - ends[0]
    if not 0.0 < wide < math.inf:
        return [ends[0]] if math.isfinite(ends[0]) else []
    step = 10.0 ** math.floor(math.log10(wide / 2.0))
    step = next(step * factor for factor in (1, 2, 5, 10) if wide / (step * factor) <= 6)
    first = math.ceil(ends[0] / step)
    return [step * i for i in range(first, math.floor(ends[1] / step) + 1)]


_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _power(value: float) -> str:
    """Write powers of ten as such, and zero."""
    exponent = round(math.log10(abs(value))) if value else 0
    if not value or not math.isclose(abs(value), 10.0**exponent):
        return _number(value)
    return f"{'-' if value < 0 else ''}10{str(exponent).translate(_SUPERSCRIPTS)}"


def _number(value: float) -> str:
    """Write 0.25, 250, 25k and 1.5M."""
    size = abs(value)
    sign = "-" if value < 0 else ""
    if size >= 1e6:
        return f"{sign}{size / 1e6:g}M" if size < 1e9 else f"{value:.3g}"
    if size >= 1e4 or (size >= 1e3 and size % 1e3 == 0):
        return f"{sign}{size / 1e3:g}k"
    return f"{value:g}"
