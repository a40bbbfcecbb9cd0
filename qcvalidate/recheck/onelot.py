"""Judges one lot of a table of results: its rows and lot.yaml's facts, and no paper.

This is the ordinary way, for one lot; `stacking` gives the same for very many at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qcvalidate.assessment import CriterionResult, Scope
from qcvalidate.checking import check, unasked_rows
from qcvalidate.chronology import expiry_findings, row_findings, unborn_findings
from qcvalidate.countings import count_findings
from qcvalidate.frames import Observation, observations
from qcvalidate.lot import method_findings, sample_findings
from qcvalidate.manifest import Manifest
from qcvalidate.products import delivery_findings
from qcvalidate.recheck.resultrows import with_values
from qcvalidate.record import Finding, Record, Severity, Source, UnreadResult
from qcvalidate.redcells import red_cell_findings
from qcvalidate.routing import unfit_findings
from qcvalidate.specification import Specification
from qcvalidate.standing import administered_findings
from qcvalidate.sufficiency import place_of
from qcvalidate.vocabulary import Vocabulary

# A table of many lots has no header that speaks of one.
_TABLE = Record(Source("", "", "table", ""), {}, observations([]))


@dataclass(frozen=True)
class Lot:
    """One lot of a table: its rows, what was told while they were read, and what holds it anyway.

    `unread` are results of no test that we know. `is_archive` says that the rows come from our own
    report on several papers, of which two may print one measurement.
    """

    manifest: Manifest
    as_of: dt.date
    rows: tuple[Observation, ...]
    told: tuple[Finding, ...] = ()
    unread: tuple[UnreadResult, ...] = ()
    is_archive: bool = False


def judge(
    lot: Lot, specification: Specification, vocabulary: Vocabulary
) -> tuple[tuple[CriterionResult, ...], tuple[Finding, ...]]:
    """Give a result for each criterion of the specification, and what else holds the lot."""
    results = check(
        specification,
        observations(lot.rows),
        lot.manifest,
        vocabulary,
        as_of=lot.as_of,
        unread=lot.unread,
    )
    return results, findings(lot, results, specification, vocabulary)


def findings(
    lot: Lot,
    results: Sequence[CriterionResult],
    specification: Specification,
    vocabulary: Vocabulary,
) -> tuple[Finding, ...]:
    """Tell what the rows of a lot, and its facts, say against it besides its criteria."""
    asked = (results, specification, lot.rows, lot.manifest, vocabulary)
    found = [
        *lot.told,
        *unread_findings(lot),
        *fact_findings(specification, lot.manifest),
        *expiry_findings(lot.manifest, lot.as_of),
        *method_findings(lot.rows),
        *sample_findings(_TABLE, lot.rows, lot.manifest),
        *row_findings(lot.rows, lot.as_of),
        *unborn_findings(lot.rows, lot.manifest, vocabulary.of_cells),
        *count_findings(lot.rows, lot.manifest),
        *red_cell_findings(specification, lot.rows),
        *([] if lot.is_archive else repeated_findings(lot.rows, specification)),
        *unasked_rows(*asked),
        *administered_findings(results, specification, lot.manifest),
    ]
    return tuple(dict.fromkeys(found))


def fact_findings(specification: Specification, manifest: Manifest) -> Iterator[Finding]:
    """Tell where the facts of a lot are not those that the specification is meant for."""
    yield from unfit_findings(specification, manifest, Scope.LOT)
    yield from delivery_findings(specification, manifest)


def unread_findings(lot: Lot) -> Iterator[Finding]:
    """Hold each result under a name that nobody knows: no paper says here what else it may be."""
    for one in lot.unread:
        message = (
            f"{one.place}: “{one.name}” is not a test that the vocabulary knows, and its result "
            "was not read; correct the name, or add it to the vocabulary"
        )
        yield Finding("test-unknown", Severity.HOLD, message, one.place)


def repeated_findings(
    rows: Sequence[Observation], specification: Specification
) -> Iterator[Finding]:
    """Hold rows that say twice the same of one test, unless replicates are asked for."""
    asked = replicated(specification)
    seen: dict[Observation, Observation] = {}
    for row in rows:
        first = seen.setdefault(with_values(row, {"region": None, "source": ""}), row)
        if first is not row and row.test not in asked:
            message = (
                f"{place_of(row)} says the same as {place_of(first)}: is it a second measurement, "
                "or the same one twice? Take it out, or name its sample"
            )
            yield Finding("row-repeated", Severity.HOLD, message, place_of(row))


def replicated(specification: Specification) -> frozenset[str]:
    """Name the tests of which replicates are asked for."""
    return frozenset(
        test
        for one in specification.criteria
        if one.needs.min_replicates is not None or one.needs.max_cv_pct is not None
        for test in one.tests
    )
