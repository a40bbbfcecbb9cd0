"""How the program ends: what is not a failed lot never ends with the status of one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lots import criterion, row, specification, table, write_lot
from runners import commands

PROGRAM = f"{sys.executable} -W error -m qcvalidate"
VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))

shell = pytest.mark.skipif(not Path("/bin/bash").exists(), reason="has no bash")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")


@pytest.fixture
def check(tmp_path: Path) -> str:
    """Give the call that checks a lot that passes."""
    lot = write_lot(tmp_path / "lot", {"counts.csv": table(row("viability", "92.1", "%"))})
    (tmp_path / "mine.yaml").write_text(VIABILITY, encoding="utf-8")
    return f"{PROGRAM} check {lot} --spec {tmp_path / 'mine.yaml'}"


def run(
    command: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", "-c", command],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env=os.environ | environment,
    )


@shell
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure(check: str, closed: str) -> None:
    assert run(f"{check} {closed}").returncode == 0


@shell
def test_no_report_is_written_into_a_closed_stream(check: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    done = run(f"{check} --report json:{report} <&- >&- 2>&-")

    assert done.returncode == 0
    assert report.read_text(encoding="utf-8").startswith("{")


@shell
@pytest.mark.parametrize("arguments", ["rules", "explain 301", "spec list", "--help", "nonsense"])
def test_an_output_that_nobody_reads_is_no_failed_lot(arguments: str) -> None:
    done = run(f"{PROGRAM} {arguments} 2>&1 | true; exit ${{PIPESTATUS[0]}}")

    # A short text may be gone before its reader is.
    assert done.returncode in (0, 2)


@shell
def test_a_verdict_that_nobody_reads_ends_with_2(check: str) -> None:
    done = run(f"( sleep 0.2; {check} ) | true; exit ${{PIPESTATUS[0]}}")

    assert (done.returncode, done.stderr) == (2, "")


@shell
@full
def test_a_full_disk_ends_with_2_and_says_so(check: str) -> None:
    done = run(f"{check} >/dev/full")

    assert done.returncode == 2
    assert "the output cannot be written (No space left on device)" in done.stderr
    assert "Traceback" not in done.stderr


@shell
@full
@pytest.mark.parametrize("arguments", ["--help", "rules", "explain 301", "spec lint"])
def test_no_output_of_any_command_is_lost_in_silence(arguments: str) -> None:
    done = run(f"{PROGRAM} {arguments} >/dev/full")

    assert done.returncode == 2
    assert "the output cannot be written" in done.stderr


@shell
@full
@pytest.mark.parametrize("arguments", ["check nowhere", "check", "read nowhere"])
def test_a_message_that_cannot_be_told_keeps_its_status(arguments: str) -> None:
    assert run(f"{PROGRAM} {arguments} 2>/dev/full").returncode == 2


@shell
def test_a_folder_that_is_gone_is_told(check: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    done = run(f"mkdir {gone}; cd {gone}; rmdir {gone}; {check}")

    assert done.returncode == 2
    assert "no longer there" in done.stderr


@shell
@pytest.mark.parametrize(
    ("path", "said"), [("''", "is empty"), ("x" * 5000, "longer than any path"), ("' '", "empty")]
)
def test_a_path_that_can_be_none_is_a_wrong_call(tmp_path: Path, path: str, said: str) -> None:
    done = run(f"{PROGRAM} check {path}", tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr) < 500


@shell
@pytest.mark.parametrize("option", ["--spec", "--schemas"])
def test_an_empty_option_is_a_wrong_call(check: str, option: str) -> None:
    assert run(f"{check} {option} ''").returncode == 2


@shell
@pytest.mark.parametrize(
    ("command", "variable"),
    [
        ("check", "PANDERA_VALIDATION_DEPTH=junk"),
        ("check", "PANDERA_USE_NARWHALS_BACKEND=True"),
        ("read", "PANDERA_VALIDATION_DEPTH=junk"),
        ("spec lint", "PANDERA_VALIDATION_DEPTH=junk"),
    ],
)
def test_the_environment_is_looked_at_before_pandera_is(
    tmp_path: Path, command: str, variable: str
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("x")
    name, value = variable.split("=")
    argument = "" if command == "spec lint" else path

    done = run(f"{PROGRAM} {command} {argument}", **{name: value})

    assert done.returncode == 2
    assert "901 pandera-disabled" in done.stderr


@shell
@pytest.mark.parametrize("name", ["::error::all is well", "##[error]all is well"])
def test_no_message_is_a_command_in_a_job_s_log(check: str, tmp_path: Path, name: str) -> None:
    broken = tmp_path / f"a\n{name}.yaml"
    broken.write_text("x", encoding="utf-8")

    for call in (f"{check} --spec '{broken}'", f"{check} --spec '{name}'", f"'{name}'"):
        done = run(f"{PROGRAM if call.startswith(chr(39)) else ''} {call}")
        assert done.returncode == 2
        assert "all is well" in done.stderr
        assert commands(done.stdout + done.stderr) == []


def test_a_bug_ends_with_70() -> None:
    code = (
        "import qcvalidate.cli.rules as command, qcvalidate.__main__ as program, sys;"
        "command.rules = None; sys.argv = ['qcvalidate', 'rules']; program.main()"
    )

    done = run(f'{sys.executable} -c "{code}"')
    silent = run(f'{sys.executable} -c "{code}" 2>&-')

    assert done.returncode == silent.returncode == 70
    assert "this is a bug in qcvalidate" in done.stderr
