"""Finds what a specification says of panels and absolute counts and cannot mean."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.specification.model import AbsoluteCount, Criterion, Specification
from qcvalidate.vocabulary import Vocabulary

# What a count by events may be in; the first that a test has is taken.
COUNT_UNITS = ("cells/uL", "cells/mL")
# One colour for several antigens: a single result, that answers for none of them by itself.
_COCKTAIL = "negative_cocktail_positive"


def panel_faults(criterion: Criterion, vocabulary: Vocabulary) -> Iterator[str]:
    """One marker, or a cocktail, that would answer for another marker."""
    markers = [t for t in criterion.tests if vocabulary.tests[t].family == "phenotype"]
    if len(set(markers)) < 2:
        if criterion.either_or:
            yield "either_or is of several markers, and it names one"
        return
    if _COCKTAIL in markers:
        others = ", ".join(test for test in markers if test != _COCKTAIL)
        yield (
            f"a cocktail is one result and never its markers one by one, and here it would answer "
            f"{others}; write a criterion of its own for {_COCKTAIL}"
        )
    elif not criterion.either_or:
        yield (
            f"any of {', '.join(markers)} would answer it, and the others would stay unmeasured; "
            "write a criterion for each, or either_or where the panel holds one or the other"
        )


def cocktail_faults(specification: Specification) -> Iterator[str]:
    """One gate that answers two markers is a cocktail that is passed off as markers."""
    seen: dict[tuple[str, ...], str] = {}
    for test, (_, is_) in specification.populations.items():
        if is_ in seen:
            yield (
                f"populations: {'/'.join(is_)} answers both {seen[is_]} and {test}; one gate is "
                f"one result (a cocktail is {_COCKTAIL})"
            )
        seen.setdefault(is_, test)
    paths = [is_ for _, is_ in specification.populations.values()]
    paths += [path for one in specification.absolute_counts.values() for path in (one.cells,)]
    known = {gate for path in paths for gate in path}
    for gate in (gate for gate in specification.gates_lie_on if gate not in known):
        yield f"gates_lie_on: {gate!r} is in the path of no population"


def count_faults(specification: Specification, vocabulary: Vocabulary) -> Iterator[str]:
    """An absolute count without what its method needs, or with what another one does."""
    for test, one in specification.absolute_counts.items():
        where = f"absolute_counts: {test}"
        if test not in vocabulary.tests:
            yield f"{where}: is no test of schemas/vocabulary/tests.yaml"
        elif not one.unit:
            yield f"{where}: is not in {' or '.join(COUNT_UNITS)}"
        yield from (f"{where}: {fault}" for fault in _method_faults(one, vocabulary))


def _method_faults(one: AbsoluteCount, vocabulary: Vocabulary) -> Iterator[str]:
    dual = one.method == "dual_platform"
    wanted = {
        "cells": (bool(one.cells), not dual),
        "beads": (bool(one.beads), one.method == "beads"),
        "share": (one.share is not None, dual),
        "of": (one.of is not None, dual),
    }
    for key, (there, needed) in wanted.items():
        if needed and not there:
            yield f"{one.method} needs {key!r}"
        elif there and not needed:
            yield f"{key!r} is not of the method {one.method}"
    if one.beads and (one.beads[: len(one.cells)] == one.cells or _within(one)):
        yield "the cells and the beads are not kept apart; neither may lie within the other"
    if not 1 <= one.min_beads <= 10_000_000:
        yield f"min_beads is 1 to 10000000, not {one.min_beads}"
    for key, test, units in (("share", one.share, ("%",)), ("of", one.of, COUNT_UNITS)):
        found = None if test is None else vocabulary.tests.get(test)
        if test is not None and (found is None or not set(units) & set(found.units)):
            yield f"{key}: {test!r} is no test in {' or '.join(units)}"


def _within(one: AbsoluteCount) -> bool:
    return one.cells[: len(one.beads)] == one.beads
