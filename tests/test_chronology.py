"""Results that were measured before there was anything to measure."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, manifest, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Verdict

HARVEST = criterion("viability", "at_least: '70'", "%", "evidence: {after_harvest: 'true'}")
RULES = specification(HARVEST, criterion("cd45_positive", "at_most: '2.0'", "%"))
LOT = (
    manifest()
    .replace("tissue: bone_marrow", "tissue: bone_marrow, recovered: 2026-03-10")
    .replace("cryopreserved: false", 'cryopreserved: false, harvested: "2026-03-16 11:20"')
)


def judged(tmp_path: Path, viability: str, cd45: dict[str, str]) -> Assessment:
    rows = (
        row("viability", "90", "%", measured_at=viability),
        row("cd45_positive", "1.0", "%", **cd45),
    )
    return assess(write_lot(tmp_path / "L-1", {"counts.csv": table(*rows)}, LOT), RULES)


@pytest.mark.parametrize("cd45", [{}, {"started": "2026-03-10"}])
def test_what_was_measured_of_the_lot_passes(tmp_path: Path, cd45: dict[str, str]) -> None:
    assert judged(tmp_path, "2026-03-16T12:05:00", cd45).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "cd45",
    [
        {"measured_at": "2025-03-16T12:05:00"},
        {"measured_at": "2026-03-09T23:59:00"},
        {"started": "2026-03-01"},
        # A day without its time is a day.
        {"measured_at": "2026-03-09"},
    ],
)
def test_what_was_measured_before_the_recovery_is_of_other_cells(
    tmp_path: Path, cd45: dict[str, str]
) -> None:
    found = judged(tmp_path, "2026-03-16T12:05:00", cd45)

    assert found.verdict is Verdict.HOLD
    assert "dates-out-of-order" in slugs(found)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        ("2026-03-16T08:00:00", Verdict.HOLD),
        # A clock that was not put to summer time is an hour behind.
        ("2026-03-16T10:25:00", Verdict.PASS),
        ("2026-03-15", Verdict.HOLD),
    ],
)
def test_the_harvest_has_its_time_of_day(tmp_path: Path, measured: str, verdict: Verdict) -> None:
    assert judged(tmp_path, measured, {}).verdict is verdict


@pytest.mark.parametrize(
    ("method", "slug"),
    [
        ("calculated from previous lot", "result-not-measured"),
        ("historic mean", "result-not-measured"),
        ("not validated", "result-not-measured"),
        ("isotype control", "result-not-measured"),
        ("% of dead cells", "population-not-asked"),
        ("dead cells (7-AAD+)", "population-not-asked"),
        ("in-process", "sample-not-final"),
        ("pre-freeze", "sample-not-final"),
        ("pre-collection blood count", "sample-not-final"),
    ],
)
def test_a_method_that_measured_something_else_holds(
    tmp_path: Path, method: str, slug: str
) -> None:
    rows = row("viability", "90", "%", method=method), row("cd45_positive", "1.0", "%")

    found = assess(write_lot(tmp_path / "L-1", {"counts.csv": table(*rows)}, LOT), RULES)

    assert found.verdict is Verdict.HOLD
    assert slug in slugs(found)


@pytest.mark.parametrize(
    "method",
    ["7-AAD exclusion of dead cells", "flow cytometry, less the isotype control's share", "beads"],
)
def test_a_method_that_measured_this_lot_passes(tmp_path: Path, method: str) -> None:
    rows = row("viability", "90", "%", method=method), row("cd45_positive", "1.0", "%")

    found = assess(write_lot(tmp_path / "L-1", {"counts.csv": table(*rows)}, LOT), RULES)

    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("sample", "slug"),
    [
        ("L-1 Isotypkontrolle", "control-as-sample"),
        ("PBMC control", "control-as-sample"),
        ("L-1-iso", "control-as-sample"),
        ("SD", "control-as-sample"),
        ("Min", "control-as-sample"),
    ],
)
def test_a_sample_that_is_none_of_the_lot_holds(tmp_path: Path, sample: str, slug: str) -> None:
    rows = row("viability", "90", "%", sample_id=sample), row("cd45_positive", "1.0", "%")

    found = assess(write_lot(tmp_path / "L-1", {"counts.csv": table(*rows)}, LOT), RULES)

    assert found.verdict is Verdict.HOLD
    assert slug in slugs(found)
