"""Finds criteria of one specification that cannot be meant together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from qcvalidate.numerals import UnreadableQuantity
from qcvalidate.rounding import limit_value
from qcvalidate.specification.acceptance import LOWER_LIMITS, UPPER_LIMITS, Acceptance
from qcvalidate.specification.model import Criterion
from qcvalidate.vocabulary import Vocabulary


def pair_faults(criteria: tuple[Criterion, ...], vocabulary: Vocabulary) -> Iterator[str]:
    """Tell of markers in both lists, of twins, and of limits that no result can meet together."""
    yield from _marker_faults(criteria)
    yield from _pairs(criteria, vocabulary)


def _marker_faults(criteria: tuple[Criterion, ...]) -> list[str]:
    """A marker that must be both present and absent is an error of the specification.

    (A published one prints CD34 in both lists; BMC Vet Res 2021, 02791-3, table 4.)
    """
    wanted: dict[str, set[bool]] = {}
    for criterion in criteria:
        if criterion.unit == "%" and not criterion.applies_when:
            for test in criterion.tests:
                if test.endswith("_positive") and criterion.accept.verb != "within":
                    wanted.setdefault(test, set()).add(criterion.accept.verb in LOWER_LIMITS)
    return [
        f"{test} must be both high and low; a marker stands in one list"
        for test, sides in wanted.items()
        if len(sides) > 1
    ]


def _pairs(criteria: tuple[Criterion, ...], vocabulary: Vocabulary) -> Iterator[str]:
    """Two criteria of one test that may apply together: no twin, and no result excluded."""
    for first, second in combinations(criteria, 2):
        known = all(test in vocabulary.tests for test in (*first.tests, *second.tests))
        if not known or first.id == second.id or not set(first.tests) & set(second.tests):
            continue
        if first.unit != second.unit or not _together(first, second):
            continue
        same = replace(second, id=first.id, title=first.title, reference=first.reference)
        if same == first:
            yield f"criteria {first.id!r} and {second.id!r} say the same; keep one"
        elif _exclude(first.accept, second.accept):
            yield (
                f"no result can be both {first.limit} ({first.id}) and {second.limit} ({second.id})"
            )


def _together(first: Criterion, second: Criterion) -> bool:
    """Say whether one lot could meet the conditions of both."""
    return all(
        set(values) & set(second.applies_when.get(fact, values))
        for fact, values in first.applies_when.items()
    )


def _exclude(first: Acceptance, second: Acceptance) -> bool:
    if "one_of" in (first.verb, second.verb):
        return first.verb == second.verb and not set(first.limits) & set(second.limits)
    try:
        limits = {one: [limit_value(text) for text in one.limits] for one in (first, second)}
    except UnreadableQuantity:
        return False
    lows = [values[0] for one, values in limits.items() if one.verb not in UPPER_LIMITS]
    highs = [values[-1] for one, values in limits.items() if one.verb not in LOWER_LIMITS]
    return bool(lows and highs) and max(lows) > min(highs)
