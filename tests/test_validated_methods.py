"""Cultures that an automated method reads after days of its own, as its validation allows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from lots import assess, criterion, manifest, outcome, row, specification, table, write_lot

from qcvalidate.assessment import CriterionResult, Outcome
from qcvalidate.errors import SpecificationError

METHODS = "methods: [{names: [BacT/ALERT, BACTEC], min_days: '7', validation: VR-4}]"
SPEC = specification(
    criterion(
        "sterility",
        "one_of: [negative]",
        more=f"evidence: {{min_days: '14', min_days_when_turbid: '18', {METHODS}}}",
    )
)


def judged(tmp_path: Path, **more: str) -> CriterionResult:
    values = {"result": "No growth", "started": "2026-01-05"} | more
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("sterility", **values))}, manifest())
    return outcome(assess(lot, SPEC), "sterility")


@pytest.mark.parametrize(
    ("method", "ended", "expected"),
    [
        ("BacT/ALERT 3D", "2026-01-12", Outcome.PASS),
        ("Automated culture, BACT/ALERT", "2026-01-11", Outcome.INDETERMINATE),
        ("BACTEC FX", "2026-01-10", Outcome.INDETERMINATE),  # a hospital's five days
        ("USP <71>", "2026-01-12", Outcome.INDETERMINATE),
        ("", "2026-01-12", Outcome.INDETERMINATE),
        ("Bactecum", "2026-01-12", Outcome.INDETERMINATE),
        ("USP <71>", "2026-01-19", Outcome.PASS),
    ],
)
def test_the_method_decides_the_day(
    tmp_path: Path, method: str, ended: str, expected: Outcome
) -> None:
    assert judged(tmp_path, method=method, ended=ended).outcome is expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("Clinical blood culture, 5 days", Outcome.INDETERMINATE),
        ("Blutkultur, 5 Tage", Outcome.INDETERMINATE),
        ("5-day blood culture", Outcome.INDETERMINATE),
        ("Direct inoculation, 13 days", Outcome.INDETERMINATE),
        ("Direct inoculation, 14 days", Outcome.PASS),
        ("Direct inoculation, 14 + 4 days", Outcome.PASS),
        ("Read on 3, 7 and 14 days", Outcome.PASS),
        ("BacT/ALERT 3D", Outcome.PASS),
        ("BACTEC, 7 days", Outcome.PASS),
        ("BACTEC, 5 days", Outcome.INDETERMINATE),
    ],
)
def test_a_method_that_names_fewer_days_than_the_dates_holds(
    tmp_path: Path, method: str, expected: Outcome
) -> None:
    found = judged(tmp_path, method=method, ended="2026-01-19")

    assert found.outcome is expected
    if expected is not Outcome.PASS:
        assert f"“{method}” is of " in found.reason
        assert "beside 14 by the dates" in found.reason


def test_the_reason_names_the_method_and_its_validation(tmp_path: Path) -> None:
    reason = judged(tmp_path, method="BacT/ALERT", ended="2026-01-10").reason

    assert reason == (
        "incubated 5 days (2026-01-05 to 2026-01-10); at least 7 by BacT/ALERT (VR-4) are needed"
    )


def test_a_running_culture_is_due_on_the_methods_day(tmp_path: Path) -> None:
    found = judged(tmp_path, result="pending", method="BACTEC", started="2026-04-15")

    assert "due 2026-04-22" in found.reason
    assert found.due is None or found.due == dt.date(2026, 4, 22)


def test_methods_stand_in_place_of_days(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("sterility", "No growth"))})
    spec = specification(
        criterion("sterility", "one_of: [negative]", more=f"evidence: {{{METHODS}}}")
    )

    with pytest.raises(SpecificationError, match="in place of min_days"):
        assess(lot, spec)
