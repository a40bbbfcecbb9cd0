"""Exact confidence intervals of proportions (Clopper and Pearson, Biometrika 26:404-413, 1934)."""

from __future__ import annotations

import math

_TINY = 1e-300
_CLOSE = 1e-15
# Enough for counts up to about 10^9: the fraction needs some sqrt(max(a, b)) terms.
_MOST_TERMS = 200_000


def clopper_pearson(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give the exact two-sided interval of `count` in `total` as fractions of 1.

    >>> low, high = clopper_pearson(95, 100)
    >>> f"{low:.6f} to {high:.6f}"
    '0.887165 to 0.983568'
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError(f"{count} of {total} is no proportion")
    tail = (1.0 - confidence) / 2.0
    low = 0.0 if count == 0 else _quantile(tail, count, total - count + 1)
    high = 1.0 if count == total else 1.0 - _quantile(tail, total - count, count + 1)
    return low, high


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Give the regularised incomplete beta function I_x(a, b).

    By the continued fraction of DLMF 8.17.22, evaluated by the modified method of Lentz.
    """
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(1.0 - x, b, a)
    front = math.exp(_log_density(x, a, b) + math.log(x) + math.log1p(-x)) / a
    return front * _fraction(x, a, b)


def _log_density(x: float, a: float, b: float) -> float:
    return (
        math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
        + (a - 1.0) * math.log(x)
        + (b - 1.0) * math.log1p(-x)
    )


def _fraction(x: float, a: float, b: float) -> float:
    c = 1.0
    d = 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 / _away_from_zero(1.0 + even * d)
        c = _away_from_zero(1.0 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / _away_from_zero(1.0 + odd * d)
        c = _away_from_zero(1.0 + odd / c)
        step = d * c
        value *= step
        if abs(step - 1.0) < _CLOSE:
            return value
    raise ArithmeticError(f"the incomplete beta function of {a}, {b} at {x} does not converge")


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _quantile(probability: float, a: float, b: float) -> float:
    """Find x with I_x(a, b) = probability: Newton's steps, kept inside a shrinking bracket."""
    low, high = 0.0, 1.0
    mean = a / (a + b)
    spread = math.sqrt(mean * (1.0 - mean) / (a + b + 1.0))
    x = min(max(mean - 1.96 * spread, mean * 0.01), 1.0 - 1e-12)
    for _ in range(200):
        error = incomplete_beta(x, a, b) - probability
        if error > 0:
            high = x
        else:
            low = x
        density = math.exp(_log_density(x, a, b))
        step = error / density if density > 0 else math.inf
        after = x - step
        if not low < after < high:
            after = (low + high) / 2.0
        if abs(after - x) <= 1e-13 * x:
            return after
        x = after
    return x
