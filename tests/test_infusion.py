"""Endotoxin per kilogram and hour: K = 5 EU/kg/h, intrathecal 0.2; a bolus is one hour's dose.

USP <85>, domain facts 3.5.1: M is the largest dose per kilogram and hour.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, manifest, outcome, row, specification, table, write_lot

from qcvalidate.assessment import CriterionResult, Outcome, Verdict
from qcvalidate.errors import SpecificationError

PER_HOUR = 'evidence: {per_hour: "true", within_mvd: "true"}'
SPEC = specification(criterion("endotoxin", "at_most: '5'", "EU/kg", PER_HOUR))


def judged(
    tmp_path: Path,
    result: str,
    hours: str | None,
    spec: str = SPEC,
    volume: str = "100",
    unit: str = "EU/mL",
    said: str = "",
) -> CriterionResult:
    lot = manifest(volume=volume)
    if hours is not None:
        lot = lot.replace("volume_mL", f"infusion_hours: {hours}, volume_mL")
    head, line = table(row("endotoxin", result, unit)).splitlines()
    text = f"{head},sensitivity\n{line},{said}\n"
    return outcome(assess(write_lot(tmp_path / "lot", {"a.csv": text}, lot), spec), "endotoxin")


# 7 EU/mL x 100 mL / 70 kg are 10 EU/kg: over two hours 5 an hour, which is the limit.
@pytest.mark.parametrize(
    ("result", "hours", "expected"),
    [
        ("7", "2", Outcome.PASS),
        ("7", "1.9", Outcome.PASS),  # 5.26 rounds to 5, the limit's own digits
        ("7", "1.8", Outcome.FAIL),  # 5.56 rounds to 6
        ("7.8", "2", Outcome.FAIL),  # 5.57
        ("7", None, Outcome.FAIL),
        ("7", "1", Outcome.FAIL),
        # Less than an hour is a bolus, neither better nor worse: 3.5 x 100 / 70 = 5.
        ("3.5", None, Outcome.PASS),
        ("3.5", "0.25", Outcome.PASS),
        ("3.5", "1", Outcome.PASS),
        ("3.9", "0.25", Outcome.FAIL),
        ("<7", "2", Outcome.PASS),
        ("<7", "0.5", Outcome.INDETERMINATE),
    ],
)
def test_a_dose_is_judged_by_the_hour(
    tmp_path: Path, result: str, hours: str | None, expected: Outcome
) -> None:
    assert judged(tmp_path, result, hours).outcome is expected


# 0.2 EU/kg/h: 2.8 EU/mL x 10 mL / 70 kg = 0.4 EU/kg.
@pytest.mark.parametrize(
    ("hours", "expected"), [("2", Outcome.PASS), ("1.5", Outcome.FAIL), (None, Outcome.FAIL)]
)
def test_an_intrathecal_dose_is_judged_by_the_hour(
    tmp_path: Path, hours: str | None, expected: Outcome
) -> None:
    spec = specification(criterion("endotoxin", "at_most: '0.2'", "EU/kg", PER_HOUR))

    assert judged(tmp_path, "2.8", hours, spec, volume="10").outcome is expected


def test_the_reason_tells_the_hours(tmp_path: Path) -> None:
    assert "x 100 mL / 70 kg / 2 h" in judged(tmp_path, "7", "2").reason


def test_a_limit_of_the_whole_dose_is_not_of_an_hour(tmp_path: Path) -> None:
    spec = specification(criterion("endotoxin", "at_most: '5'", "EU/kg"))

    assert judged(tmp_path, "7", "2", spec).outcome is Outcome.FAIL


def test_a_result_per_kilogram_is_of_the_whole_dose(tmp_path: Path) -> None:
    """The paper may have divided by the hours itself."""
    assert judged(tmp_path, "10", "2", unit="EU/kg").outcome is Outcome.FAIL


# The limit of the dose is 3.5 EU/mL in an hour, 7 in two: what λ the test may have at the most.
@pytest.mark.parametrize(
    ("sensitivity", "hours", "expected"),
    [
        ("3.5", None, Outcome.PASS),
        ("3.6", None, Outcome.INVALID),
        ("7", "2", Outcome.PASS),
        ("7.1", "2", Outcome.INVALID),
    ],
)
def test_what_a_test_must_see_is_of_the_hour(
    tmp_path: Path, sensitivity: str, hours: str | None, expected: Outcome
) -> None:
    found = judged(tmp_path, f"<{sensitivity}", hours, said=sensitivity)

    assert found.outcome is expected


@pytest.mark.parametrize("hours", ["0", "0.009", "24.1", "-2", "two", "2 h"])
def test_hours_that_cannot_be_meant_hold(tmp_path: Path, hours: str) -> None:
    lot = manifest().replace("volume_mL", f"infusion_hours: {hours}, volume_mL")

    found = assess(
        write_lot(tmp_path / "lot", {"a.csv": table(row("endotoxin", "1", "EU/mL"))}, lot), SPEC
    )

    assert found.verdict is Verdict.HOLD
    assert "infusion_hours" in found.findings[0].message


def test_only_endotoxin_per_kilogram_has_an_hour(tmp_path: Path) -> None:
    spec = specification(criterion("endotoxin", "at_most: '5'", "EU/mL", PER_HOUR))

    with pytest.raises(SpecificationError, match="per_hour is of endotoxin in EU/kg"):
        assess(write_lot(tmp_path / "lot", {"a.csv": table()}), spec)
