"""The transformations of Gating-ML 2.0 (Spidlen et al., Cytometry A 87A:683-687, 2015; clause 6).

Beside them two of FlowJo, which Gating-ML cannot say: its biexponential and its logarithm.

Each maps scale values to axis values, increasing where it is defined; what is undefined becomes
NaN, and NaN is in no gate. `log_like` tells a plot where decades lie.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from qcvalidate.errors import DocumentError

Values = npt.NDArray[np.float64]

_LN10 = math.log(10.0)


@dataclass(frozen=True)
class Transformation:
    """One scale transformation; T, W, M and A as Gating-ML names them (0 where it has none).

    FlowJo's biexponential has `maxRange`, `pos`, `width` (below 0) and `neg` in their places, its
    logarithm `offset` as its width.
    """

    id: str
    kind: str
    top: float
    decades: float = 0.0
    width: float = 0.0
    negative: float = 0.0
    bound_min: float | None = None
    bound_max: float | None = None

    @property
    def log_like(self) -> bool:
        """Say whether equal distances on the axis are equal ratios, at its upper end."""
        return self.kind != "flin"

    def __call__(self, values: Values) -> Values:
        """Transform scale values; the result is a new array."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = _KINDS[self.kind](self, values)
        if self.bound_min is not None or self.bound_max is not None:
            # np.clip keeps NaN.
            result = np.clip(result, self.bound_min, self.bound_max)
        return result


@dataclass(frozen=True)
class Ratio:
    """The dimension A (x - B) / (y - C) of two parameters (`fratio`)."""

    id: str
    numerator: str
    denominator: str
    a: float
    b: float
    c: float
    bound_min: float | None = None
    bound_max: float | None = None

    def __call__(self, x: Values, y: Values) -> Values:
        """Divide; where the denominator is zero the ratio is NaN."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = self.a * (x - self.b) / (y - self.c)
        result[~np.isfinite(result)] = np.nan
        if self.bound_min is not None or self.bound_max is not None:
            result = np.clip(result, self.bound_min, self.bound_max)
        return result


def check_transformation(one: Transformation, name: str) -> None:
    """Raise `DocumentError` when the parameters are outside of what the standard allows."""
    t, m, w, a = one.top, one.decades, one.width, one.negative
    fine = {
        "flin": t > 0 and 0 <= a <= t,
        "flog": t > 0 and m > 0,
        "fasinh": t > 0 and m > 0 and 0 <= a <= m,
        "logicle": t > 0 and m > 0 and 0 <= w <= m / 2 and -w <= a <= m - 2 * w,
        "hyperlog": t > 0 and m > 0 and 0 < w <= m / 2 and -w <= a <= m - 2 * w,
        # Where FlowJo's own dials end; its width is a number of scale values below zero.
        "biex": t > 0 and 2 <= m <= 7 and -1e4 <= w <= -1 and 0 <= a <= 3,
        "log": t > 0 and 0 < m <= 20 and w > 0,
    }[one.kind]
    if not (fine and all(math.isfinite(value) for value in (t, m, w, a))):
        raise DocumentError(
            f"{name}: the transformation {one.id!r} ({one.kind}) has T={t:g}, W={w:g}, M={m:g}, "
            f"A={a:g}, which {_whose(one.kind)} does not allow",
            slug="strategy-unreadable",
        )


def _whose(kind: str) -> str:
    return "FlowJo" if kind in FLOWJO_KINDS else "Gating-ML"


def _linear(one: Transformation, values: Values) -> Values:
    result: Values = (values + one.negative) / (one.top + one.negative)
    return result


def _logarithm(one: Transformation, values: Values) -> Values:
    result: Values = np.log10(values / one.top) / one.decades + 1.0
    # The logarithm is undefined at zero and below.
    result[~(values > 0)] = np.nan
    return result


def _asinh(one: Transformation, values: Values) -> Values:
    span = (one.decades + one.negative) * _LN10
    factor = math.sinh(one.decades * _LN10) / one.top
    result: Values = (np.arcsinh(values * factor) + one.negative * _LN10) / span
    return result


def _logicle(one: Transformation, values: Values) -> Values:
    from flowutils import transforms  # noqa: PLC0415  a compiled module, needed by few

    return _by_flowutils(transforms.logicle, one, values)


def _hyperlog(one: Transformation, values: Values) -> Values:
    from flowutils import transforms  # noqa: PLC0415

    return _by_flowutils(transforms.hyperlog, one, values)


def _by_flowutils(function: Callable[..., Values], one: Transformation, values: Values) -> Values:
    # flowutils turns NaN into -1, which would lie in every "negative" gate.
    finite = np.isfinite(values)
    given = np.where(finite, values, 0.0)
    result = np.asarray(
        function(given, None, t=one.top, m=one.decades, w=one.width, a=one.negative), np.float64
    )
    result[~finite] = np.nan
    return result


# The table of FlowJo's biexponential has a channel for each of these, and one more.
_CHANNELS = 4096


def _biexponential(one: Transformation, values: Values) -> Values:
    """Look values up in the table, from 0 to 1; what lies beyond its ends lies on the axis' end."""
    scale, channels = _biexponential_table(one.top, one.width, one.negative, one.decades)
    # np.interp keeps NaN.
    result: Values = np.interp(values, scale, channels)
    return result


@lru_cache(maxsize=64)
def _biexponential_table(
    top: float, width: float, extra_negative: float, positive: float
) -> tuple[Values, Values]:
    """Give the scale value of each channel of FlowJo's biexponential axis.

    It is an early logicle: exponentials of `b` (upwards) and `d` (downwards) that cancel at zero,
    but sampled at whole channels, with its zero moved to one, and its negative end mirrored. The
    counts of a real workspace tell it from the logicle of the standard.
    """
    half_width = math.log10(-width) / 2
    decades = positive - half_width
    extra = max(extra_negative, 0.0) + half_width
    zero = min(int(extra * _CHANNELS / (extra + decades)), _CHANNELS // 2)
    if zero > 0:
        decades = extra * _CHANNELS / zero
    linear = half_width / decades
    b = _LN10 * decades
    d = _falling(b, linear)
    place = np.arange(_CHANNELS + 1) / (_CHANNELS + 1)
    balance = math.exp((b + d) * (linear + extra / decades))
    curve = np.exp(b * place) - balance * np.exp(-d * place)
    scale = top * math.exp(-b) * (curve - curve[zero])
    scale[:zero] = -scale[2 * zero - np.arange(zero)]
    return scale, np.arange(_CHANNELS + 1) / _CHANNELS


def _falling(b: float, linear: float) -> float:
    """Solve 2 ln(d / b) + linear (d + b) = 0 for d, which lies in (0, b]."""
    low, high = 0.0, b
    for _ in range(200):
        d = (low + high) / 2
        if 2 * math.log(d / b) + linear * (d + b) < 0:
            low = d
        else:
            high = d
    return high


def _flowjo_logarithm(one: Transformation, values: Values) -> Values:
    """Lay what is below the offset, zero and negative values too, on the axis' lower end."""
    result: Values = np.log10(np.maximum(values, one.width) / one.width) / one.decades
    return result


_KINDS: dict[str, Callable[[Transformation, Values], Values]] = {
    "flin": _linear,
    "flog": _logarithm,
    "fasinh": _asinh,
    "logicle": _logicle,
    "hyperlog": _hyperlog,
    "biex": _biexponential,
    "log": _flowjo_logarithm,
}
FLOWJO_KINDS = ("biex", "log")
TRANSFORMATIONS = tuple(kind for kind in _KINDS if kind not in FLOWJO_KINDS)
