"""The transformations of Gating-ML 2.0 (Spidlen et al., Cytometry A 87A:683-687, 2015; clause 6).

Each maps scale values to axis values, strictly increasing where it is defined; what is undefined
becomes NaN, and NaN is in no gate. `log_like` tells a plot where decades lie.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qcvalidate.errors import DocumentError

Values = npt.NDArray[np.float64]

_LN10 = math.log(10.0)


@dataclass(frozen=True)
class Transformation:
    """One scale transformation; T, W, M and A as Gating-ML names them (0 where it has none)."""

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

    def __call__(self, x: Values, y: Values) -> Values:
        """Divide; where the denominator is zero the ratio is NaN."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = self.a * (x - self.b) / (y - self.c)
        result[~np.isfinite(result)] = np.nan
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
    }[one.kind]
    if not (fine and all(math.isfinite(value) for value in (t, m, w, a))):
        raise DocumentError(
            f"{name}: the transformation {one.id!r} ({one.kind}) has T={t:g}, W={w:g}, M={m:g}, "
            f"A={a:g}, which Gating-ML does not allow",
            slug="strategy-unreadable",
        )


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


_KINDS: dict[str, Callable[[Transformation, Values], Values]] = {
    "flin": _linear,
    "flog": _logarithm,
    "fasinh": _asinh,
    "logicle": _logicle,
    "hyperlog": _hyperlog,
}
TRANSFORMATIONS = tuple(_KINDS)
