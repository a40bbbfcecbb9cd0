"""Complete lots whose viability comes from an instrument's export, through `qcvalidate check`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from exports.counters import blu, blu_row

from qcvalidate.cli.check import command


def checked(lot: Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(command, [str(lot), "--format", "json"])
    found: dict[str, Any] = json.loads(done.stdout)["lots"][0]
    return done.exit_code, found


def outcome(found: dict[str, Any], criterion: str) -> dict[str, Any]:
    return next(one for one in found["criteria"] if one["id"] == criterion)


@pytest.fixture
def msc(samples: Path, tmp_path: Path) -> Path:
    """Give a lot of MSC that meets everything, without its counts."""
    lot = tmp_path / "MSC-2026-0018"
    shutil.copytree(samples / "MSC-2026-0018", lot)
    (lot / "counts.csv").unlink()
    with (lot / "lot.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("samples: [MSC-2026-0018-TV]\n")
    return lot


def of_the_day(**ours: str) -> str:
    values = {"total": "8.41", "live": "7.80", "viable": "928", "time": "4/6/2026 9:24"} | ours
    viability = values.pop("viability", "92.8")
    other = blu_row("MSC-2026-0017-TV", "12.0", viable="120", live="0.12", tag="no cells")
    return blu(other, blu_row("MSC-2026-0018-TV", viability, **values))


@pytest.mark.parametrize(
    ("ours", "verdict", "status"),
    [
        ({}, "PASS", 0),
        ({"viability": "60.0", "viable": "600", "live": "5.05"}, "FAIL", 1),
        # Its own numbers contradict it; the dilution may be missing; long after the thaw.
        ({"viability": "99.9"}, "HOLD", 3),
        ({"dilution": "5"}, "HOLD", 3),
        ({"time": "4/6/2026 14:24"}, "HOLD", 3),
        ({"viability": "NaN"}, "HOLD", 3),
    ],
)
def test_a_counters_export_is_the_viability_of_a_lot(
    msc: Path, ours: dict[str, str], verdict: str, status: int
) -> None:
    (msc / "counter.csv").write_text(of_the_day(**ours), encoding="utf-8")

    exit_code, found = checked(msc)

    assert (found["verdict"], exit_code) == (verdict, status)
    if verdict == "PASS":
        assert outcome(found, "viability")["observed"] == "92.8 %"
        assert [one["slug"] for one in found["findings"]].count("sample-set-aside") == 1


FLOWJO = (
    ",Cells/Singlets | Count,Cells/Singlets/Viable | Count,"
    "Cells/Singlets/Viable | Freq. of Parent (%),Cells/Singlets/Viable/CD34+ | Count,"
    "Cells/Singlets/Viable/CD31+ | Count,Cells/Singlets/Viable/CD45+ | Count\n"
)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("SVF-2026-0042.fcs,9000,8100,90.0,3240,810,1620", "PASS"),
        ("SVF-2026-0042.fcs,9000,5400,60.0,3240,810,1620", "FAIL"),
        ("SVF-2026-0042.fcs,9000,8100,95.0,3240,810,1620", "HOLD"),
        # Fewer events than the specification asks for.
        ("SVF-2026-0042.fcs,500,450,90.0,180,45,90", "HOLD"),
        ("SVF-2026-0042.fcs,9000,n/a,n/a,3240,810,1620", "HOLD"),
        ("SVF-2026-0043.fcs,9000,8100,90.0,3240,810,1620", "HOLD"),
    ],
)
def test_a_flowjo_table_is_the_viability_of_a_lot(
    samples: Path, tmp_path: Path, row: str, verdict: str
) -> None:
    lot = tmp_path / "SVF-2026-0042"
    shutil.copytree(samples / "SVF-2026-0042", lot)
    shutil.rmtree(lot / "flow")
    counts = (lot / "counts.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in counts if ";viability;" not in line]
    (lot / "counts.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (lot / "table.csv").write_text(f"{FLOWJO}{row}\nMean,1,1,1,1,1,1\n", encoding="utf-8")

    _, found = checked(lot)

    assert found["verdict"] == verdict
    if verdict == "PASS":
        assert outcome(found, "viability")["observed"] == "90.00 % (8100 of 9000)"
