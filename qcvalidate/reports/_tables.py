"""The tables of a run: its outcomes, and the observations that they rest on.

Every lot has a row in both, so that none is absent where nothing was found; a run without lots has
one that is held.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal

from qcvalidate.assessment import Assessment, CriterionResult, Run, Scope, Verdict
from qcvalidate.frames import TYPES
from qcvalidate.record import Finding, Place, Waiver
from qcvalidate.reports._layout import shorten, visible
from qcvalidate.reports._matters import located
from qcvalidate.rules import rule
from qcvalidate.runners import without_commands

Row = Mapping[str, object]
# The columns of a table in their order, each with the type of its cells; any may be absent.
Columns = Mapping[str, type]

# The first column says whose table it is, and of which version.
_LOT = ("qcvalidate", "as_of", "assessed_lot", "path", "scope", "verdict")
_OUTCOME = (
    *_LOT,
    *("specification", "specification_version", "specification_sha256"),
    *("kind", "id", "code", "slug", "title", "outcome", "importance"),
    *("observed", "reading", "rounded", "limit", "unit"),
    *("reason", "reference", "due", "document", "page", "region", "text", "places"),
    *("waived_from", "deviation", "waiver"),
)
# All others are texts.
_TYPES = {"as_of": dt.date, "code": int, "due": dt.date, "page": int, "places": int}
OUTCOME_COLUMNS: Columns = {name: _TYPES.get(name, str) for name in _OUTCOME}
OBSERVATION_COLUMNS: Columns = {name: _TYPES.get(name, str) for name in _LOT} | TYPES

# What a spreadsheet takes for a formula when a cell begins with it, also in its wide form. White
# space in front has no effect on some of them.
_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BEHIND = re.compile(rf"(;\s*)(?=[{re.escape(''.join(_FORMULAS))}])")
# Of a cell, in characters; Excel cuts what is longer without a word.
_LONGEST = 32_000


def outcomes(run: Run) -> Iterator[Row]:
    """Give a row for each lot, and for each of its criteria and findings."""
    for assessment in run.assessments:
        shared = _of_lot(run, assessment) | _specification(assessment)
        lot = {"kind": "lot", "outcome": assessment.verdict.value, "due": assessment.due}
        yield shared | lot
        for result in assessment.results:
            yield shared | _of_result(assessment, result)
        for finding in assessment.findings:
            yield shared | _of_finding(assessment, finding)
    if not run.assessments:
        yield _of_no_lot(run) | {
            "kind": "run",
            "outcome": run.verdict.value,
            "reason": "there is nothing to check, no lot was found",
        }


def observations(run: Run) -> Iterator[Row]:
    """Give a row for each observation; a lot of which nothing was read has an empty one."""
    for assessment in run.assessments:
        shared = _of_lot(run, assessment)
        for one in assessment.observations:
            source = {"source": located(assessment, one.source)}
            yield shared | asdict(one) | source
        if not assessment.observations:
            yield shared
    if not run.assessments:
        yield _of_no_lot(run)


def csv_text(columns: Collection[str], rows: Iterable[Row]) -> str:
    """Write rows as CSV in UTF-8, safe to open in a spreadsheet.

    Texts stand between quotes, for a semicolon or a comma that parts cells only in some countries.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal | float) and not math.isfinite(value):
        # An open end is no number, and "-Infinity" would be a formula.
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    return _defused(
        value.isoformat() if isinstance(value, dt.date) else without_commands(visible(str(value)))
    )


def _defused(text: str) -> str:
    # Where a semicolon parts cells, what stands behind one in a text begins a cell of its own.
    text = _BEHIND.sub(r"\1'", shorten(text, _LONGEST))
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _of_lot(run: Run, assessment: Assessment) -> dict[str, object]:
    return {
        "qcvalidate": run.version,
        "as_of": assessment.as_of or run.as_of,
        "assessed_lot": assessment.lot,
        "path": assessment.path,
        "scope": assessment.scope.value,
        "verdict": assessment.verdict.value,
    }


def _of_no_lot(run: Run) -> dict[str, object]:
    known = {"qcvalidate": run.version, "as_of": run.as_of}
    return known | {"scope": Scope.LOT.value, "verdict": Verdict.HOLD.value}


def _specification(assessment: Assessment) -> dict[str, object]:
    known = assessment.specification
    if known is None:
        return {}
    return {
        "specification": known.id,
        "specification_version": known.version,
        "specification_sha256": known.sha256,
    }


def _of_result(assessment: Assessment, result: CriterionResult) -> dict[str, object]:
    first = result.evidence[0] if result.evidence else None
    return {
        "kind": "criterion",
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
        "reason": result.reason,
        "reference": result.reference,
        "due": result.due,
        **(_of_place(assessment, first.place) if first else {}),
        "text": first.text if first else None,
        "places": len(result.evidence),
        "waived_from": result.original.value if result.original else None,
        **_of_waiver(result.waiver),
    }


def _of_finding(assessment: Assessment, finding: Finding) -> dict[str, object]:
    known = rule(finding.slug)
    return {
        "kind": "finding",
        "code": known.code,
        "slug": known.slug,
        "title": known.title,
        "outcome": finding.severity.value.upper(),
        "reason": finding.message,
        **_of_place(assessment, finding.place),
        "places": 1,
        "waived_from": finding.original.value.upper() if finding.original else None,
        **_of_waiver(finding.waiver),
    }


def _of_place(assessment: Assessment, place: Place) -> dict[str, object]:
    document = located(assessment, place.path)
    return {"document": document, "page": place.page, "region": place.region}


def _of_waiver(waiver: Waiver | None) -> dict[str, object]:
    return {"deviation": waiver.deviation, "waiver": str(waiver)} if waiver else {}
