"""Every sample gets the verdict that the table in samples/README.md states for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROW = re.compile(
    r"^\| `(?P<lot>[A-Z]+-\d{4}-\d{4})` \|.*\| (?P<verdict>[A-Z]+) \| (?P<exit>\d)", re.M
)


def documented() -> dict[str, tuple[str, int]]:
    readme = Path(__file__).parent.parent / "samples" / "README.md"
    return {
        row["lot"]: (row["verdict"], int(row["exit"]))
        for row in _ROW.finditer(readme.read_text(encoding="utf-8"))
    }


def check(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qcvalidate", "check", *map(str, paths), "--format", "json"]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def run(samples: Path) -> subprocess.CompletedProcess[str]:
    return check(samples)


@pytest.fixture(scope="module")
def lots(run: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {lot["lot"]: lot for lot in json.loads(run.stdout)["lots"]}


def test_one_run_checks_every_sample(lots: dict[str, dict[str, Any]]) -> None:
    assert set(lots) == set(documented())


def test_one_run_ends_with_the_worst_status(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 1


@pytest.mark.parametrize(("lot", "verdict"), [(lot, row[0]) for lot, row in documented().items()])
def test_verdict(lots: dict[str, dict[str, Any]], lot: str, verdict: str) -> None:
    assert lots[lot]["verdict"] == verdict


@pytest.mark.parametrize("lot", ["MSC-2026-0018", "MSC-2026-0021", "MSC-2026-0030"])
def test_exit_status_of_one_lot(samples: Path, lot: str) -> None:
    assert check(samples / lot).returncode == documented()[lot][1]


# What alone must be wrong with each sample that does not pass: its criterion, and the outcome.
FAULTS = {
    "MSC-2026-0021": {("sterility", "FAIL")},
    "MSC-2026-0023": {("viability", "FAIL")},
    "MSC-2026-0027": {("sterility", "PENDING")},
    "MSC-2026-0030": {("sterility", "PENDING")},
    "MSC-2026-0033": {("sterility", "MISSING")},
    "HPCC-2026-0003": {("sterility", "INDETERMINATE")},
}


@pytest.mark.parametrize("lot", documented())
def test_nothing_else_is_wrong(lots: dict[str, dict[str, Any]], lot: str) -> None:
    faults = {
        (criterion["id"], criterion["outcome"])
        for criterion in lots[lot]["criteria"]
        if criterion["outcome"] not in ("PASS", "NOT_APPLICABLE")
    }

    assert faults == FAULTS.get(lot, set())


def test_conditional_sample_is_due_fourteen_days_after_its_culture_started(
    lots: dict[str, dict[str, Any]],
) -> None:
    assert lots["MSC-2026-0030"]["due"] == "2026-05-07"


def test_another_lots_certificate_is_named(lots: dict[str, dict[str, Any]]) -> None:
    said = [finding["message"] for finding in lots["MSC-2026-0033"]["findings"]]

    assert any("MSC-2026-0038" in message for message in said)


def test_the_count_of_cells_is_that_of_the_beads(lots: dict[str, dict[str, Any]]) -> None:
    (dose,) = (one for one in lots["HPCA-2026-0009"]["criteria"] if one["id"] == "cd34_dose")
    told = re.search(r"(\d+) cells and (\d+) beads", dose["observed"])
    assert told is not None
    cells, beads = int(told[1]), int(told[2])

    # 49,850 beads in a test of 100 uL, diluted ten times; 205 mL for 68 kg.
    per_uL = cells * 49_850 * 10 / (beads * 100)  # noqa: N806
    assert dose["observed"].startswith(f"{per_uL:.6g} cells/uL")
    assert dose["reason"].startswith(f"{per_uL * 205_000 / 68 / 1e6:.3f}e6 cells/kg")
    # What the tube was made of: 2.6 % beads, 1.2 % CD34+ cells of which 97 % live.
    assert abs(beads - 2080) < 3 * 2080**0.5
    assert abs(cells - 931) < 3 * 931**0.5
