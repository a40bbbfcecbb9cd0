"""Confidence intervals of proportions and of counts, two-sided.

Verdicts take the exact ones: Clopper and Pearson, Biometrika 26:404-413 (1934), for a proportion
and Garwood, Biometrika 28:437-442 (1936), for a count. Wilson's is for display.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

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


def wilson(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give Wilson's score interval (JASA 22:209-212, 1927), which is for display alone.

    Its coverage may lie below `confidence`, so that no verdict rests on it.

    >>> low, high = wilson(142, 200)
    >>> f"{low:.3f} to {high:.3f}"
    '0.644 to 0.768'
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError(f"{count} of {total} is no proportion")
    z = deviate(confidence)
    share, squared = count / total, z * z / total
    middle = share + squared / 2.0
    half = z * math.sqrt(share * (1.0 - share) / total + squared / (4.0 * total))
    low = 0.0 if count == 0 else (middle - half) / (1.0 + squared)
    high = 1.0 if count == total else (middle + half) / (1.0 + squared)
    return low, high


def poisson(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give the exact two-sided interval of the mean behind a count of events (Garwood).

    >>> low, high = poisson(100)
    >>> f"{low:.3f} to {high:.3f}"
    '81.364 to 121.627'
    """
    if count < 0:
        raise ValueError(f"{count} is no count")
    tail = (1.0 - confidence) / 2.0
    low = 0.0 if count == 0 else _gamma_quantile(tail, count)
    return low, _gamma_quantile(1.0 - tail, count + 1)


def deviate(confidence: float) -> float:
    """Give the standard normal deviate of a two-sided interval: 1.959964 for 0.95."""
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0)


def incomplete_gamma(a: float, x: float) -> float:
    """Give the regularised lower incomplete gamma function P(a, x).

    By the series of DLMF 8.7.1 below a + 1, above it by the continued fraction of DLMF 8.9.2.
    """
    if x <= 0.0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1.0:
        term = total = 1.0 / a
        for n in range(1, _MOST_TERMS):
            term *= x / (a + n)
            total += term
            if term < total * _CLOSE:
                return front * total
    else:
        b = x + 1.0 - a
        c = 1.0 / _TINY
        d = value = 1.0 / _away_from_zero(b)
        for n in range(1, _MOST_TERMS):
            b += 2.0
            d = 1.0 / _away_from_zero(b - n * (n - a) * d)
            c = _away_from_zero(b - n * (n - a) / c)
            value *= d * c
            if abs(d * c - 1.0) < _CLOSE:
                return 1.0 - front * value
    raise ArithmeticError(f"the incomplete gamma function of {a} at {x} does not converge")


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
    """Find x with I_x(a, b) = probability."""
    mean = a / (a + b)
    spread = math.sqrt(mean * (1.0 - mean) / (a + b + 1.0))
    return _solved(
        probability,
        lambda x: incomplete_beta(x, a, b),
        lambda x: math.exp(_log_density(x, a, b)),
        start=min(max(mean - 1.96 * spread, mean * 0.01), 1.0 - 1e-12),
        high=1.0,
    )


def _gamma_quantile(probability: float, a: float) -> float:
    """Find x with P(a, x) = probability, from the guess of Wilson and Hilferty."""
    z = NormalDist().inv_cdf(probability)
    guess = a * (1.0 - 1.0 / (9.0 * a) + z / (3.0 * math.sqrt(a))) ** 3
    return _solved(
        probability,
        lambda x: incomplete_gamma(a, x),
        lambda x: math.exp((a - 1.0) * math.log(x) - x - math.lgamma(a)),
        start=max(guess, a * 1e-3),
        high=a + 40.0 * math.sqrt(a) + 40.0,
    )


def _solved(
    probability: float,
    share: Callable[[float], float],
    density: Callable[[float], float],
    *,
    start: float,
    high: float,
) -> float:
    """Find where a distribution reaches `probability`: Newton's steps in a shrinking bracket."""
    low, x = 0.0, start
    for _ in range(200):
        error = share(x) - probability
        if error > 0:
            high = x
        else:
            low = x
        slope = density(x)
        step = error / slope if slope > 0 else math.inf
        after = x - step
        if not low < after < high:
            after = (low + high) / 2.0
        if abs(after - x) <= 1e-13 * x:
            return after
        x = after
    return x
