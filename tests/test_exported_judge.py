"""The exported pandera schemas judge the results of whole lots as the program does.

Each result of a lot is laid out as the export wants it, by the export's own description; where the
program judges by the limit, and not by what is missing beside it, the two must say the same.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from lots import LABORATORY, TODAY

from qcvalidate import assessing
from qcvalidate.assessment import CriterionResult, Outcome
from qcvalidate.frames import Observation, rows
from qcvalidate.manifest import Manifest
from qcvalidate.pipeline import Options, assess_paths
from qcvalidate.portable import python_source
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Role, Status
from qcvalidate.rules import rule
from qcvalidate.specification import Criterion, Specification

pytest.importorskip("reportlab", reason="reportlab draws the certificates")
judging = pytest.importorskip("benchmarks.mutants.judging", reason="runs in a checkout only")
tallying = pytest.importorskip("benchmarks.mutants.tallying", reason="runs in a checkout only")

MUTANTS = 300
MET = ("PASS", "ALERT")


@dataclass
class Export:
    """A specification's export, imported as a module, with what it has said of each evidence."""

    module: Any
    said: dict[tuple[str, ...], str] = field(default_factory=dict)

    def outcome(self, criterion: Criterion, evidence: dict[str, str]) -> str:
        place = (criterion.id, *evidence.values())
        if place not in self.said:
            frame = self.module.frame_of([evidence])
            (self.said[place],) = self.module.outcomes(criterion.id, frame)
        return self.said[place]


@cache
def _exported(source: str) -> Export:
    module = types.ModuleType("limits")
    exec(compile(source, "limits.py", "exec"), module.__dict__)  # noqa: S102 - our own source
    return Export(module)


def evidence_of(
    row: Observation, criterion: Criterion, manifest: Manifest
) -> dict[str, str] | None:
    """Lay a row out as a line of evidence; None where it has no value in the limit's unit."""
    if criterion.accept.verb == "one_of":
        if row.reading not in ("negative", "positive"):
            return None
        return dict.fromkeys(("low", "low_closed", "high", "high_closed"), "") | {
            "reading": row.reading
        }
    if row.lower is None or row.upper is None or criterion.unit is None:
        return None
    if row.unit == "%" and row.lower > 100 and row.test != "endotoxin_ppc":
        return None
    printed = Quantity(
        row.lower, row.upper, row.lower_closed, row.upper_closed, row.unit, row.result
    )
    try:
        value = convert(
            printed,
            criterion.unit,
            volume_mL=manifest.volume_mL,
            weight_kg=manifest.recipient_weight_kg,
        )
    except NotConvertible:
        return None
    return {
        "low": str(value.lower),
        "low_closed": str(value.lower_closed).lower(),
        "high": str(value.upper),
        "high_closed": str(value.upper_closed).lower(),
        "reading": "",
    }


@dataclass(frozen=True)
class Checked:
    """One lot as it was checked: what was given, and what came out."""

    specification: Specification
    observations: Sequence[Observation]
    manifest: Manifest
    results: Sequence[CriterionResult]


def contradictions(checked: Checked) -> Iterator[str]:
    """Give each criterion of which the export says something else than the program."""
    export = _exported(python_source(checked.specification, "1"))
    for criterion, result in zip(checked.specification.criteria, checked.results, strict=True):
        if result.outcome is Outcome.NOT_APPLICABLE or not result.evidence:
            continue
        said = [
            export.outcome(criterion, evidence)
            for row in checked.observations
            if (row.test in criterion.tests or _is_general(row, criterion))
            and row.role == Role.SAMPLE
            and row.status != Status.CANCELLED
            and (evidence := evidence_of(row, criterion, checked.manifest)) is not None
        ]
        if not _agree(result, said):
            yield f"{criterion.id}: {result.outcome} ({result.reason}); the export says {said}"


def _is_general(row: Observation, criterion: Criterion) -> bool:
    """ "HIV: reactive" fails what asks for its antibodies, and answers nothing when negative."""
    return row.test == criterion.general and row.reading == "positive"


def _agree(result: CriterionResult, said: Sequence[str]) -> bool:
    """Hold the worst that the export says against the outcome of the criterion."""
    if "FAIL" in said:
        return result.outcome is Outcome.FAIL
    if result.outcome is Outcome.FAIL:
        # By a rule of its own, such as a specimen of the wrong person: the limit was not asked.
        return rule(result.slug).kind is None or not said
    if "INVALID" in said:
        return result.outcome is Outcome.INVALID
    if "INDETERMINATE" in said:
        return result.outcome not in (Outcome.PASS, Outcome.ALERT, Outcome.PENDING)
    if result.outcome is Outcome.PASS:
        return bool(said) and set(said) == {"PASS"}
    if result.outcome is Outcome.ALERT:
        # An interval that reaches over the limit, and a result that is only told, alert, too.
        return bool(said) and set(said) <= set(MET)
    # What is missing, running, void or doubtful: the export does not say that it judges that.
    return True


def heard(checked: list[Checked]) -> Callable[..., tuple[CriterionResult, ...]]:
    """Give the program's `check`, which keeps what it was given."""
    work = assessing.check

    def check(
        specification: Specification, found: Any, manifest: Manifest, *more: Any, **named: Any
    ) -> tuple[CriterionResult, ...]:
        results = work(specification, found, manifest, *more, **named)
        checked.append(Checked(specification, rows(found), manifest, results))
        return results

    return check


def test_the_samples(samples: Path) -> None:
    checked: list[Checked] = []

    with patch.object(assessing, "check", heard(checked)):
        found = list(assess_paths([samples], LABORATORY, Options(TODAY, plots=False)))

    assert len(checked) == len(found) > 5
    assert [said for one in checked for said in contradictions(one)] == []


def test_mutants(tmp_path: Path) -> None:
    bench = judging.Bench(judging.laboratory(), tmp_path)
    lots = [lot for lot in tallying.bases() if not any(name.endswith(".fcs") for name in lot.files)]
    checked: list[Checked] = []
    for lot in lots:
        bench.keep(lot)

    with patch.object(assessing, "check", heard(checked)), bench.remembering():
        for mutant in tallying.mutants(tallying.KINDS["unsafe"], lots, MUTANTS):
            bench.judge(mutant.lot)

    assert len(checked) > MUTANTS * 0.8
    assert [said for one in checked for said in contradictions(one)] == []
    outcomes = {result.outcome for one in checked for result in one.results}
    assert {Outcome.PASS, Outcome.FAIL, Outcome.INVALID, Outcome.INDETERMINATE} <= outcomes
