"""The report for machines: the contract of `schemas/assessment.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping

from qcvalidate.assessment import (
    Assessment,
    CriterionResult,
    Evidence,
    Particulars,
    Run,
    SpecificationIdentity,
)
from qcvalidate.record import (
    AcquisitionQuality,
    CellCount,
    DetectorQuality,
    Finding,
    Place,
    State,
)
from qcvalidate.reports._contracts import document, finding, source, waived_from, waiver_of
from qcvalidate.reports._matters import located, verdict_of
from qcvalidate.rules import rule

MEDIA_TYPE = "application/json"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run; only what a reader put in varies, and never the hour."""
    return document(contract(run))


def contract(run: Run) -> dict[str, object]:
    """Give the contract's value of a run."""
    return {
        "tool": {"name": "qcvalidate", "version": run.version},
        "run": {
            "as_of": run.as_of,
            "inputs": [
                source(read, located(assessment, read.path))
                for assessment in run.assessments
                for read in assessment.inputs
            ],
            "specifications": _specifications(run),
        },
        "verdict": run.verdict.value,
        "lots": [_lot(assessment) for assessment in run.assessments],
    }


def _specifications(run: Run) -> list[dict[str, object]]:
    applied = [a.specification for a in run.assessments if a.specification is not None]
    return [
        {**_identity(known), **({"extends": _identity(known.extends)} if known.extends else {})}
        for known in dict.fromkeys(applied)
    ]


def _identity(known: SpecificationIdentity) -> dict[str, object]:
    return {
        "id": known.id,
        "version": known.version,
        "title": known.title,
        "sha256": known.sha256,
    }


def _lot(assessment: Assessment) -> dict[str, object]:
    known = assessment.specification
    states = _states(assessment)
    return {
        "lot": assessment.lot,
        "path": assessment.path,
        "specification": None if known is None else known.id,
        # A pass of one document must never be taken for a pass of its lot.
        "scope": assessment.scope.value,
        "verdict": assessment.verdict.value,
        # Of lots whose verdict leans on waivers alone.
        **_leaning(assessment),
        "as_of": assessment.as_of,
        "due": assessment.due,
        "criteria": [_criterion(assessment, result, states) for result in assessment.results],
        "findings": [_finding(assessment, found) for found in assessment.findings],
        # Of lots whose papers were read alone.
        **(
            {"particulars": [_particulars(assessment, one) for one in assessment.particulars]}
            if assessment.particulars
            else {}
        ),
        # Of lots with list-mode files alone.
        **(
            {"acquisitions": [_acquisition(assessment, one) for one in assessment.acquisitions]}
            if assessment.acquisitions
            else {}
        ),
        # Of lots whose cells were counted from such files alone, or should have been.
        **(
            {"cell_counts": [_cell_count(assessment, one) for one in assessment.cell_counts]}
            if assessment.cell_counts
            else {}
        ),
    }


def _leaning(assessment: Assessment) -> dict[str, object]:
    if not assessment.waivers:
        return {}
    waivers = [waiver_of(used) for used in assessment.waivers]
    return {"verdict_in_words": verdict_of(assessment), "waivers": waivers}


def _states(assessment: Assessment) -> Mapping[Place, str]:
    """Give how sure the reading is at each place of a result; of several, one that is not."""
    states: dict[Place, str] = {}
    for row in assessment.observations:
        place = Place(row.source, row.page, row.region)
        if states.get(place, State.CONFIRMED) == State.CONFIRMED:
            states[place] = row.state
    return states


def _criterion(
    assessment: Assessment, result: CriterionResult, states: Mapping[Place, str]
) -> dict[str, object]:
    return {
        "id": result.id,
        "code": result.code,
        "slug": result.slug,
        "title": result.title,
        "outcome": result.outcome.value,
        "importance": result.importance.value,
        "observed": result.observed,
        "reading": result.reading or None,
        "rounded": result.rounded or None,
        "limit": result.limit,
        "unit": result.unit,
        **waived_from(result.original, result.waiver),
        "reason": result.reason,
        "reference": result.reference,
        "due": result.due,
        "evidence": [_evidence(assessment, one, states) for one in result.evidence],
    }


def _evidence(
    assessment: Assessment, one: Evidence, states: Mapping[Place, str]
) -> dict[str, object]:
    return {
        "path": located(assessment, one.place.path),
        "page": one.place.page,
        "region": one.place.region,
        "text": one.text,
        "state": states.get(one.place),
    }


def _finding(assessment: Assessment, found: Finding) -> dict[str, object]:
    return {
        **finding(found, located(assessment, found.place.path)),
        "region": found.place.region,
        "title": rule(found.slug).title,
    }


def _particulars(assessment: Assessment, one: Particulars) -> dict[str, object]:
    return {
        "path": located(assessment, one.path),
        "read": one.read,
        "stated": [
            {
                "name": fact.name,
                "text": fact.text,
                "agreement": fact.agreement.value,
                "page": fact.place.page,
                "region": fact.place.region,
            }
            for fact in one.stated
        ],
    }


def _acquisition(assessment: Assessment, one: AcquisitionQuality) -> dict[str, object]:
    return {
        "path": located(assessment, one.path),
        "events": one.events,
        "instrument": one.instrument,
        "serial": one.serial,
        "acquired": one.acquired,
        "seconds": one.duration,
        "events_per_second": one.rate,
        "rate_deviation_pct": one.rate_deviation_pct,
        "longest_gap_seconds": one.gap if one.duration is not None else None,
        "gaps_pct": one.gaps_pct,
        "time_reversals": one.reversals,
        "doublets_pct": one.doublets_pct,
        "debris_pct": one.debris_pct,
        "detectors": [_detector(detector) for detector in one.detectors],
        "not_evaluated": [{"what": what, "why": why} for what, why in one.not_evaluated.items()],
    }


def _cell_count(assessment: Assessment, one: CellCount) -> dict[str, object]:
    low, high = one.interval or (None, None)
    return {
        "path": located(assessment, one.path),
        "test": one.test,
        "method": one.method,
        "population": one.population,
        "unit": one.unit,
        "value": None if one.value is None else float(one.value),
        "ci_low": low,
        "ci_high": high,
        "cells": one.cells,
        "beads": one.beads,
        "bead_population": one.bead_population or None,
        "stated": list(one.stated),
        "refused": one.refused or None,
    }


def _detector(one: DetectorQuality) -> dict[str, object]:
    return {
        "name": one.name,
        "marker": one.marker,
        "drift_decades": one.drift_decades,
        "kind": one.kind if one.certain else None,
        "first_event_pct": 100.0 * one.first if one.certain else None,
        "last_event_pct": 100.0 * one.last if one.certain else None,
        "at_maximum_pct": one.at_maximum_pct,
        "at_minimum_pct": one.at_minimum_pct,
    }
