"""How `check` is told which lots to judge, and what it answers where it is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lots import criterion, row, specification, table, write_lot
from programs import run
from repositories import commit

GOOD = table(row("viability", "92.1", "%"))
BAD = table(row("viability", "64.2", "%"))


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas" / "specifications"
    folder.mkdir(parents=True)
    limits = specification(criterion("viability", "at_least: '70'", "%"))
    (folder / "mine.yaml").write_text(limits, encoding="utf-8")
    (tmp_path / "qcvalidate.toml").write_text('schemas = "schemas"\n')
    write_lot(tmp_path / "lots" / "a", {"counts.csv": GOOD})
    write_lot(tmp_path / "lots" / "b", {"counts.csv": BAD})
    commit(tmp_path)
    return tmp_path


def test_nothing_changed_ends_with_0_and_words_and_no_green_report(clinic: Path) -> None:
    report = clinic / "out.json"

    done = run(
        "check", "lots", "--changed-since", "HEAD", "--report", f"json:{report}", folder=clinic
    )

    assert done.returncode == 0
    assert json.loads(report.read_text(encoding="utf-8"))["verdict"] == "HOLD"


@pytest.mark.parametrize("shown", ["console", "github"])
def test_a_log_is_told_in_words_alone_that_nothing_changed(clinic: Path, shown: str) -> None:
    done = run("check", "lots", "--changed-since", "HEAD", "--format", shown, folder=clinic)

    assert done.returncode == 0
    assert done.stdout == ""
    assert "nothing was judged, and nothing passed" in done.stderr


def test_a_softer_limit_has_every_lot_judged(clinic: Path) -> None:
    limits = clinic / "schemas" / "specifications" / "mine.yaml"
    limits.write_text(limits.read_text().replace("70", "75"))

    done = run("check", "lots", "--changed-since", "HEAD", folder=clinic)

    assert done.returncode == 1
    assert "so that every lot is judged anew" in done.stderr


def test_a_configuration_that_was_deleted_has_every_lot_judged(clinic: Path) -> None:
    """With it went the limits that it named."""
    (clinic / "qcvalidate.toml").unlink()

    done = run("check", "lots", "--changed-since", "HEAD", folder=clinic)

    assert done.returncode != 0
    assert "qcvalidate.toml: changed since HEAD" in done.stderr
    assert "so that every lot is judged anew" in done.stderr


@pytest.mark.parametrize("mark", [b"\n", b"\0", b"\r\n"])
def test_a_list_on_standard_input(clinic: Path, mark: bytes) -> None:
    given = mark.join([b"lots/a/counts.csv", b"lots/a/lot.yaml", b""])

    done = run("check", "--whole-lots", "-", folder=clinic, given=given)

    assert done.returncode == 0, done.stderr
    assert "lots/a" in done.stdout


def test_a_list_of_folders(clinic: Path) -> None:
    assert run("check", "-", folder=clinic, given=b"lots/a\nlots/b\n").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("check", "-"), b"\n \n", "no path stands on standard input"),
        (("check", "--whole-lots", "-"), b"elsewhere/a/x.csv", "nor a lot around it"),
        (("check", "lots", "--changed-since", "nowhere"), b"", "git knows no commit 'nowhere'"),
        (("check", "lots", "--changed-since", ""), b"", "is empty, and no revision"),
        (("check", "lots", "--changed-since", "HEAD", "--whole-lots"), b"", "leave --whole-lots"),
        (("check", "nowhere", "--changed-since", "HEAD"), b"", "there is no such file or folder"),
    ],
)
def test_what_leads_nowhere_ends_with_2(
    clinic: Path, arguments: tuple[str, ...], given: bytes, said: str
) -> None:
    done = run(*arguments, folder=clinic, given=given)

    assert done.returncode == 2
    assert said in done.stderr


def test_a_list_parted_by_carriage_returns_alone_is_refused(clinic: Path) -> None:
    """Both would be one path, which lies in the lot of the first."""
    done = run(
        "check", "--whole-lots", "-", folder=clinic, given=b"lots/a/counts.csv\rlots/b/counts.csv"
    )

    assert done.returncode == 2
    assert "carriage return" in done.stderr


@pytest.mark.parametrize("arguments", [["--whole-lots"], ["--changed-since", "HEAD"]])
def test_a_name_that_no_file_can_have_is_told(clinic: Path, arguments: list[str]) -> None:
    done = run("check", f"lots/{'x' * 300}", *arguments, folder=clinic)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
