"""Holds the populations that an analysis reports against one another, sample by sample.

Two populations of one name under different parents are two: the key is the whole path. What does
not add up supports nothing, and is said of its own sample alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from qcvalidate.locale import Locale
from qcvalidate.numerals import read_number
from qcvalidate.quantity import UnreadableQuantity
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Reported, Severity, Share

Path = tuple[str, ...]

# What cytometry software prints where it has no number.
ABSENT = frozenset(("", "---", "--", "-", "####", "n/a", "na", "nan", "#n/a"))
_GROUPED = re.compile(r"\d{1,3}(?:[ ,'’\u00a0\u202f]\d{3})+|\d+")
# `Q1: CD3- , CD4+` of FlowJo, `Q1` and `Q1-1` of FACSDiva; any number may be behind the Q.
_QUADRANT = re.compile(r"Q(?P<number>[1-9]\d?)(?P<rest>-\d+)?(?=$|[:\s])")
_FOUR = 4
_MOST_EVENTS = 10**12
# A spreadsheet keeps fifteen digits of a percentage, and not its last one for certain.
LEAST = Decimal("0.000001")


def is_absent(text: str) -> bool:
    """Say whether a cell holds no number at all: blank, `---`, `n/a`."""
    return text.strip().casefold() in ABSENT


def whole(text: str) -> int | None:
    """Read a count; None for any other text, a rounded one (4.43E+05) among them.

    >>> whole("12,345"), whole("4.43E+05"), whole("-1")
    (12345, None, None)
    """
    if _GROUPED.fullmatch(text.strip()) is None:
        return None
    number = int(re.sub(r"\D", "", text))
    return number if number <= _MOST_EVENTS else None


def percentage(text: str, locale: Locale) -> Decimal | None:
    """Read a percentage between 0 and 100, with its sign or without; None for any other text."""
    bare = text.strip().removesuffix("%").strip()
    try:
        number = read_number(bare, locale)
    except UnreadableQuantity:
        return None
    return number if number.is_finite() and 0 <= number <= 100 else None


def settle(done: PerSample) -> None:
    """Mark what contradicts itself: a path twice, a child above its parent, a share that is not.

    Each doubt is a finding of its sample, and stays with the population.
    """
    places: dict[tuple[str, Path], list[int]] = {}
    for at, one in enumerate(done.reported):
        places.setdefault((one.sample, one.path), []).append(at)
    kept: list[Reported] = []
    for (_, path), found in places.items():
        same = [done.reported[at] for at in found]
        first = same[0]
        if len({(one.count, one.shares) for one in same}) > 1:
            first = replace(first, doubt=f"{_named(path)} stands there {len(same)} times")
        kept.append(first)
    known = {(one.sample, one.path): one for one in kept}
    parted = _quadrants(kept)
    done.reported[:] = [
        replace(one, doubt=_doubt(one, known) or parted.get((one.sample, one.path))) for one in kept
    ]
    for one in done.reported:
        if one.doubt:
            done.tell_of(
                one.sample, "field-conflict", Severity.WARNING, one.doubt, one.place.region
            )


def _doubt(one: Reported, known: dict[tuple[str, Path], Reported]) -> str | None:
    return one.doubt or next(_doubts(one, known), None)


def _doubts(one: Reported, known: dict[tuple[str, Path], Reported]) -> Iterator[str]:
    for depth in range(len(one.path)):
        above = known.get((one.sample, one.path[:depth]))
        if above is None or above.count is None or one.count is None:
            continue
        if one.count > above.count:
            yield (
                f"{_named(one.path)} has {one.count} events, more than the {above.count} of "
                f"{_named(above.path)} that it lies in"
            )
    for share in one.shares:
        base = known.get((one.sample, share.of))
        if base is not None and base.count and one.count is not None:
            exact = Decimal(100 * one.count) / base.count
            if not may_be_printed(share, exact):
                yield (
                    f"{_named(one.path)} is reported as {share.text} of {_named(share.of)}, and "
                    f"its counts make it {exact:.3f} % ({one.count} of {base.count})"
                )


def may_be_printed(share: Share, exact: Decimal) -> bool:
    """Say whether a percentage is printed so: rounded to its last digit, or cut off behind it."""
    exponent = share.percent.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  finite
    last = max(Decimal((0, (1,), exponent)), LEAST)
    return -last / 2 <= exact - share.percent <= last


def _quadrants(kept: list[Reported]) -> dict[tuple[str, Path], str]:
    """Find the four quadrants of one gate whose counts are not those of their parent.

    They part their parent, and so their events are all of its events, once.
    """
    known = {(one.sample, one.path): one for one in kept}
    groups: dict[tuple[str, Path, str], dict[int, Reported | None]] = {}
    for one in kept:
        found = _QUADRANT.match(one.path[-1]) if one.path else None
        if found is not None:
            # FlowJo numbers those of a second gate on, Q5 to Q8; FACSDiva writes Q1-1 to Q4-1.
            gate, quadrant = divmod(int(found["number"]) - 1, 4)
            group = groups.setdefault((one.sample, one.path[:-1], f"{gate}{found['rest']}"), {})
            # Two of one number are of two gates, and nobody says which.
            group[quadrant] = None if quadrant in group else one
    doubts: dict[tuple[str, Path], str] = {}
    for (sample, parent, _), group in groups.items():
        four = [one for one in group.values() if one is not None and one.count is not None]
        above = known.get((sample, parent))
        if len(four) != _FOUR or above is None or above.count is None:
            continue
        total = sum(one.count or 0 for one in four)
        if total != above.count:
            names = ", ".join(one.path[-1] for one in four)
            doubt = (
                f"the quadrants {names} hold {total} events together, and {_named(parent)}, which "
                f"they part, {above.count}"
            )
            doubts |= {(sample, one.path): doubt for one in four}
    return doubts


def _named(path: Path) -> str:
    return f"“{'/'.join(path)}”" if path else "all events"
