"""`qcvalidate strategy`: import, show, diff and freeze, as a person calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from fcs_writer import fcs_bytes
from workspaces import population, rectangle, sample, workspace

from qcvalidate.catalogue import open_catalogue

CELLS = population("Cells", rectangle(FSC_A=(10, 20)))
CURLY = population("Curly", "<gating:CurlyQuad/>")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "qcvalidate", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"COLUMNS": "80"},
    )


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    path = tmp_path / "Panel.wsp"
    path.write_bytes(workspace(sample(CELLS)))
    return path


def test_a_workspace_becomes_an_approved_strategy(panel: Path, tmp_path: Path) -> None:
    strategy, tube = tmp_path / "strategy.xml", tmp_path / "tube.fcs"
    tube.write_bytes(fcs_bytes([[15.0], [25.0]], ["FSC-A"]))

    imported = run("strategy", "import", panel, "-o", strategy)
    held = run("gate", tube, "--strategy", strategy)
    frozen = run("strategy", "freeze", strategy, "--by", "R. Meier", "--on", "2026-03-16")
    gated = run("gate", tube, "--strategy", strategy, "--format", "json")

    assert imported.returncode == 0
    assert "NOT APPROVED" in imported.stdout
    assert "Cells: FSC-A from 10 to below 20" in imported.stdout
    assert held.returncode == 3
    assert "831 strategy-unapproved" in held.stdout
    assert (frozen.returncode, frozen.stderr) == (0, "")
    assert gated.returncode == 0
    answer = json.loads(gated.stdout)
    assert answer["populations"][0]["count"] == 1
    assert answer["findings"] == []


def test_what_is_left_out_is_told_by_the_exit_status(tmp_path: Path) -> None:
    path = tmp_path / "Panel.wsp"
    path.write_bytes(workspace(sample(CELLS, CURLY)))

    done = run("strategy", "import", path, "-o", tmp_path / "strategy.xml")

    assert done.returncode == 3
    assert "not taken: Curly: is a CurlyQuad" in done.stdout


def test_a_strategy_that_is_there_is_not_written_over(panel: Path, tmp_path: Path) -> None:
    there = tmp_path / "strategy.xml"
    there.write_text("approved long ago")

    done = run("strategy", "import", panel, "-o", there)

    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert there.read_text() == "approved long ago"


def test_several_samples_want_one_named(tmp_path: Path) -> None:
    path = tmp_path / "Panel.wsp"
    path.write_bytes(workspace(sample(CELLS, name="a", id="1"), sample(CELLS, name="b", id="2")))

    without = run("strategy", "import", path, "-o", tmp_path / "a.xml")
    named = run("strategy", "import", path, "--sample", "b", "-o", tmp_path / "b.xml")

    assert without.returncode == 2
    assert "--sample: a (id 1; no group); b (id 2; no group)" in without.stderr
    assert named.returncode == 0


def test_a_strategy_is_shown_in_json(panel: Path, tmp_path: Path) -> None:
    run("strategy", "import", panel, "-o", tmp_path / "strategy.xml")

    done = run("strategy", "show", tmp_path / "strategy.xml", "--format", "json")

    shown = json.loads(done.stdout)
    schema = json.loads((open_catalogue(None).folders[-1] / "strategy.schema.json").read_text())
    jsonschema.validate(shown, schema)
    assert shown["approval"] == {"by": "", "on": "", "sha256": "", "stands": False}
    assert [gate["path"] for gate in shown["gates"]] == [["Cells"]]
    assert shown["gates"][0]["ranges"] == [[10, 20]]


def test_two_strategies_are_compared(panel: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.xml", tmp_path / "other.xml"
    run("strategy", "import", panel, "-o", one)
    other.write_text(one.read_text().replace('max="20.0"', 'max="21.0"'))

    differ = run("strategy", "diff", one, other)
    same = run("strategy", "diff", one, one)

    assert differ.returncode == 1
    assert differ.stdout == "Cells: FSC-A was from 10 to below 20, is from 10 to below 21\n"
    assert (same.returncode, same.stdout) == (0, "both count the same events\n")


@pytest.mark.parametrize(
    "options",
    [("--by", " "), ("--by", "A\u200bB"), ("--by", "A", "--on", "16.03.2026"), ()],
)
def test_an_approval_wants_a_name_and_a_day(
    panel: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = tmp_path / "strategy.xml"
    run("strategy", "import", panel, "-o", path)
    before = path.read_bytes()

    done = run("strategy", "freeze", path, *options)

    assert done.returncode == 2
    assert path.read_bytes() == before


def test_what_is_no_workspace_is_told(tmp_path: Path) -> None:
    path = tmp_path / "Panel.wsp"
    path.write_text("<x/>")

    done = run("strategy", "import", path, "-o", tmp_path / "strategy.xml")

    assert done.returncode == 4
    assert "expected a FlowJo 10 workspace" in done.stderr
