"""Holds the numbers of one cell count against one another, each as exact as it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation

# Counts are exact; the quotient keeps more digits than any limit has.
_QUOTIENT = Context(prec=12)

Interval = tuple[Decimal, Decimal]


def printed(text: str) -> Interval | None:
    """Give what a rounded number may have been; None where the text is none.

    >>> printed("0.75")
    (Decimal('0.745'), Decimal('0.755'))
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not number.is_finite() or not isinstance(exponent, int):
        return None
    half = Decimal((0, (5,), exponent - 1))
    return max(number - half, Decimal(0)), number + half


def share_contradiction(
    text: str,
    stated: Interval | None,
    parts: Iterable[tuple[str, Interval | None, Interval | None]],
) -> str | None:
    """Say where a percentage is not that of a part in its total; None where all agree.

    `parts` are each the words for a pair, what the part may be, and what its total may be.
    """
    for words, part, total in parts:
        if stated is None or part is None or total is None or total[0] <= 0:
            continue
        low, high = 100 * part[0] / total[1], 100 * part[1] / total[0]
        # Counters round, and take their own share of debris; a percentage point is let be.
        if stated[1] < low - 1 or stated[0] > high + 1:
            return f"the viability is {text} %, and {words} it {low:.1f} to {high:.1f} %"
    return None


@dataclass(frozen=True)
class CountedShare:
    """A share of counted events with its exact 95 % interval, in percent."""

    text: str
    percent: Decimal
    low: float
    high: float


def counted_share(count: int, total: int) -> CountedShare:
    """Give the share that `count` of `total` events is; `total` is at least one.

    >>> counted_share(95, 100).text
    '95.00 % (95 of 100)'
    """
    # For counted events alone: with it come the gates, which no certificate needs.
    from qcvalidate.cytometry.proportions import clopper_pearson  # noqa: PLC0415

    share = _QUOTIENT.divide(Decimal(100 * count), Decimal(total))
    low, high = clopper_pearson(count, total)
    return CountedShare(f"{share:.2f} % ({count} of {total})", share, 100.0 * low, 100.0 * high)
