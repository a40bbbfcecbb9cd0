"""`check --cache`: what was judged is not judged again, and a run goes on where it was cut off."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lots import criterion, manifest, row, specification, table, write_lot
from programs import called_with, run

GOOD = table(row("viability", "92.1", "%"))
LOT_YAML = manifest() + "judged_on: 2026-04-20\n"
_DEADLINE = 120


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Make a folder as a clinic has it: lots, and what they are judged by beside them."""
    (tmp_path / "schemas" / "specifications").mkdir(parents=True)
    limits = specification(criterion("viability", "at_least: '70'", "%"))
    (tmp_path / "schemas" / "specifications" / "mine.yaml").write_text(limits)
    (tmp_path / "qcvalidate.toml").write_text('schemas = "schemas"\ncache = "kept"\n')
    write_lot(tmp_path / "lots" / "L-1", {"results.csv": GOOD}, LOT_YAML)
    return tmp_path


def _entries(clinic: Path) -> dict[str, int]:
    """Give the entries with what the file system knows each by: one written anew has another."""
    return {path.stem: path.stat().st_ino for path in (clinic / "kept").glob("*/*.assessment")}


def test_a_second_run_says_the_same_and_writes_nothing(clinic: Path) -> None:
    first = run("check", "lots", "--format", "json", folder=clinic)
    kept = _entries(clinic)

    second = run("check", "lots", "--format", "json", folder=clinic)

    assert len(kept) == 1
    assert _entries(clinic) == kept
    assert first.returncode == second.returncode == 0
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)


def test_without_a_cache_it_says_the_same(clinic: Path) -> None:
    write_lot(clinic / "lots" / "L-2", {"results.csv": GOOD.replace("92.1", "12")}, LOT_YAML)
    for _ in range(2):
        with_cache = run("check", "lots", "--verbose", folder=clinic)
    (clinic / "qcvalidate.toml").write_text('schemas = "schemas"\n')

    without = run("check", "lots", "--verbose", folder=clinic)

    assert (without.stdout, without.returncode) == (with_cache.stdout, with_cache.returncode)


def test_a_run_that_was_killed_goes_on_where_it_was(clinic: Path) -> None:
    for number in range(2, 81):
        shutil.copytree(clinic / "lots" / "L-1", clinic / "lots" / f"L-{number}")
    started = subprocess.Popen(
        [sys.executable, "-m", "qcvalidate", "check", "lots", "--jobs", "1"],
        cwd=clinic,
        env=called_with(),
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + _DEADLINE
    while len(_entries(clinic)) < 5:
        assert started.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)
    started.kill()
    started.wait()
    kept = _entries(clinic)
    assert 5 <= len(kept) < 80

    done = run("check", "lots", "--quiet", folder=clinic)

    after = _entries(clinic)
    assert done.returncode == 0
    assert "80 lots: 80 pass" in done.stdout
    assert len(after) == 80
    assert {key: after[key] for key in kept} == kept


@pytest.mark.parametrize("place", ["lots", "lots/kept", "lots/L-1/kept"])
def test_a_cache_among_the_papers_is_refused(place: str, clinic: Path) -> None:
    done = run("check", "lots", "--cache", place, folder=clinic)

    assert done.returncode == 2
    assert "whoever brings papers could write verdicts into it" in done.stderr
    assert not list((clinic / "lots").rglob("*.assessment"))


def test_a_link_into_the_papers_is_refused(clinic: Path) -> None:
    (clinic / "link").symlink_to(clinic / "lots" / "L-1")

    done = run("check", "lots/L-1/results.csv", "--spec=mine", "--cache=link/kept", folder=clinic)

    assert done.returncode == 2


@pytest.mark.parametrize("size", ["0", "many"])
def test_a_size_that_is_none_is_refused(size: str, clinic: Path) -> None:
    assert run("check", "lots", "--cache-size", size, folder=clinic).returncode == 2


def test_the_watch_remembers_too(clinic: Path) -> None:
    asked = ("watch", "lots", "--once", "--settle", "0", "--schemas", "schemas", "--cache", "kept")
    run(*asked, "--out", "out", folder=clinic)
    kept = _entries(clinic)

    done = run(*asked, "--out", "other", folder=clinic)

    assert len(kept) == 1
    assert _entries(clinic) == kept
    assert done.returncode == 0
    assert (clinic / "other" / "L-1" / "report.html").is_file()
