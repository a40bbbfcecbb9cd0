"""Rounds a result to its limit before the two are compared, as the pharmacopoeias tell."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from qcvalidate.locale import Locale
from qcvalidate.numerals import read_number

RULES = ("usp", "ph_eur", "none")

# Wide enough for any result times any volume; quantize must never run out of digits.
_MOST_DIGITS = 80
_EXACT = Context(prec=_MOST_DIGITS + 1, rounding=ROUND_HALF_UP)


@cache
def limit_value(limit: str) -> Decimal:
    """Give the value of a limit as written (`"70.0"`, `"5 x 10^8"`); its digits are kept.

    >>> limit_value("5.0 x 10^8")
    Decimal('5.0E+8')
    """
    return read_number(limit, Locale(decimal="."))


def rounded(value: Decimal, limit: str, rule: str) -> Decimal:
    """Round `value`, which is in the limit's unit, to the digits of the limit as written.

    `"usp"`: to the limit's decimal places (USP General Notices 7.20); `"ph_eur"`: to its
    significant figures (Ph. Eur. 1.4); `"none"`: not at all. A half goes up. An infinite
    bound stays infinite.

    >>> [rounded(Decimal("98.28568"), "100.0", rule) for rule in ("usp", "ph_eur")]
    [Decimal('98.3'), Decimal('98.29')]
    """
    if rule not in RULES:
        raise ValueError(f"{rule!r} is not a rule of rounding: {', '.join(RULES)}")
    return rounded_to(value, limit_value(limit), rule)


def rounded_to(value: Decimal, as_written: Decimal, rule: str) -> Decimal:
    """Round as `rounded` does, to a limit whose value has its digits."""
    if rule == "none" or not value.is_finite():
        return value
    if rule == "usp":
        return _at(value, _exponent(as_written))
    if value == 0:
        return value
    figures = len(as_written.as_tuple().digits)
    return _at(value, value.adjusted() - figures + 1)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  the grammar of numerals has no NaN
    return exponent


def _at(value: Decimal, exponent: int) -> Decimal:
    if value.adjusted() - exponent >= _MOST_DIGITS:
        # No digit that rounding could change would bring such a number over a limit.
        return value
    return value.quantize(Decimal((0, (1,), exponent)), context=_EXACT)
