"""Prints numbers and intervals as a person would write them in a report."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from qcvalidate.quantity import Quantity

_LARGE = Decimal(10**6)


def plain(value: Decimal) -> str:
    """Print a decimal with at least four significant figures: 64.2, 7.143, 1.25e8.

    >>> plain(Decimal("7.142857142857")), plain(Decimal("1.25E+8")), plain(Decimal("70"))
    ('7.143', '1.25e8', '70')
    """
    if value == 0 or not value.is_finite():
        return "0" if value == 0 else str(value)
    figures = max(4, value.adjusted() + 1) if abs(value) < _LARGE else 4
    step = Decimal((0, (1,), value.adjusted() - figures + 1))
    short = value.quantize(step, rounding=ROUND_HALF_UP)
    if abs(value) < _LARGE:
        return _without_zeros(f"{short:f}")
    mantissa = _without_zeros(f"{short.scaleb(-short.adjusted()):f}")
    return f"{mantissa}e{short.adjusted()}"


def interval(quantity: Quantity) -> str:
    """Print a quantity with its unit: `7.143 EU/kg`, `below 0.05 EU/mL`, `60 to 80 %`."""
    unit = f" {quantity.unit}" if quantity.unit else ""
    if quantity.exact is not None:
        return f"{plain(quantity.exact)}{unit}"
    if not quantity.lower.is_finite():
        return f"{'at most' if quantity.upper_closed else 'below'} {plain(quantity.upper)}{unit}"
    if not quantity.upper.is_finite():
        return f"{'at least' if quantity.lower_closed else 'above'} {plain(quantity.lower)}{unit}"
    return f"{plain(quantity.lower)} to {plain(quantity.upper)}{unit}"


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
