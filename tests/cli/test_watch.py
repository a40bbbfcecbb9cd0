"""The watch as a service runs it: a process of its own, and files that arrive meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lots import criterion, row, specification, table, write_lot
from programs import called_with, run

LIMITS = specification(criterion("viability", "at_least: '70'", "%"))
GOOD = table(row("viability", "92.1", "%"))
BAD = table(row("viability", "64.2", "%"))
_DEADLINE = 60


class Watch:
    """A running watch; its lines are those that it has told so far."""

    def __init__(self, place: Path, *more: str) -> None:
        self.told = place / "told.txt"
        with self.told.open("w") as stream:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-W", "error", "-m", "qcvalidate", "watch"),
                    *("inbox", "--out", "out", "--schemas", "schemas", "--jobs", "1"),
                    *("--settle", "0.3", "--interval", "0.05", *more),
                ],
                cwd=place,
                env=called_with({"PYTHONUNBUFFERED": "1"}),
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    @property
    def lines(self) -> list[str]:
        return self.told.read_text(encoding="utf-8").splitlines()

    def until(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + _DEADLINE
        while not is_so():
            assert self.process.poll() is None, self.lines
            assert time.monotonic() < end, self.lines
            time.sleep(0.02)

    def tells(self, *lines: str) -> None:
        self.until(lambda: len(self.lines) >= len(lines))
        assert len(self.lines) == len(lines), self.lines
        for line, expected in zip(self.lines, lines, strict=True):
            assert line.startswith(expected), self.lines

    def stopped(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(_DEADLINE)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "schemas" / "specifications").mkdir(parents=True)
    (tmp_path / "schemas" / "specifications" / "mine.yaml").write_text(LIMITS, encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    return tmp_path


@pytest.fixture
def watching(place: Path) -> Iterator[Callable[..., Watch]]:
    started: list[Watch] = []

    def start(*more: str) -> Watch:
        started.append(Watch(place, *more))
        return started[-1]

    yield start
    for watch in started:
        watch.process.kill()
        watch.process.wait()


def once(place: Path, *more: str) -> Any:
    return run(
        *("watch", "inbox", "--out", "out", "--schemas", "schemas", "--once", "--jobs", "1"),
        *("--settle", "0.1", "--interval", "0.05", *more),
        folder=place,
    )


def verdict(place: Path, lot: str) -> str:
    text = (place / "out" / lot / "report.json").read_text(encoding="utf-8")
    return str(json.loads(text)["verdict"])


def test_lots_are_checked_as_they_arrive_change_and_go(
    place: Path, watching: Callable[..., Watch]
) -> None:
    watch = watching()
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})
    watch.tells("a  PASS")
    assert verdict(place, "a") == "PASS"

    write_lot(place / "inbox" / "deep" / "b", {"counts.csv": BAD})
    watch.tells("a  PASS", "deep/b  FAIL  301")
    assert verdict(place, "deep/b") == "FAIL"

    (place / "inbox" / "a" / "counts.csv").write_text(BAD + "\n")
    watch.tells("a  PASS", "deep/b  FAIL", "a  changed; its reports no longer hold", "a  FAIL  301")
    assert verdict(place, "a") == "FAIL"

    shutil.rmtree(place / "inbox" / "a")
    watch.until(lambda: len(watch.lines) == 5)
    assert watch.lines[-1] == "a  was removed; its reports stay in out"
    assert watch.stopped() == 130


def test_a_changed_limit_has_all_checked_again(place: Path, watching: Callable[..., Watch]) -> None:
    watch = watching()
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})
    watch.tells("a  PASS")

    limits = place / "schemas" / "specifications" / "mine.yaml"
    limits.write_text(LIMITS.replace("70", "95"), encoding="utf-8")

    watch.tells("a  PASS", "a  FAIL")


@pytest.mark.skipif(os.name == "nt", reason="signals as a service sends them")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_that_is_stopped_leaves_no_half_written_report(
    place: Path, watching: Callable[..., Watch], how: int
) -> None:
    # Before it looks: on a busy machine a lot may settle while its papers are still written.
    for number in range(20):
        write_lot(place / "inbox" / f"l{number:02}", {"counts.csv": GOOD})
    watch = watching()
    watch.until(lambda: bool(watch.lines))

    assert watch.stopped(how) == 130
    written = [path for path in (place / "out").rglob("*") if path.is_file()]
    assert {path.name for path in written} <= {
        *("report.html", "report.json", ".qcvalidate-watch.json"),
    }
    for path in written:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
    # And the next one goes on where it ended.
    told = [line.split()[0] for line in watch.lines if "PASS" in line]
    rest = [line.split()[0] for line in once(place).stdout.splitlines()]
    assert len(told) + len(rest) in (20, 21)
    assert {*told, *rest} == {f"l{number:02}" for number in range(20)}


def test_once_checks_what_is_new_and_ends_with_the_worst_that_is_there(place: Path) -> None:
    write_lot(place / "inbox" / "a", {"counts.csv": BAD})
    first = once(place)
    write_lot(place / "inbox" / "b", {"counts.csv": GOOD})
    second, third = once(place), once(place)

    assert [first.returncode, second.returncode, third.returncode] == [1, 1, 1]
    assert first.stdout.startswith("a  FAIL  301")
    assert second.stdout == "b  PASS\n"
    assert third.stdout == ""


def test_a_touched_file_is_no_change_and_a_lost_report_is_written_again(place: Path) -> None:
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})
    once(place)
    os.utime(place / "inbox" / "a" / "counts.csv", (1, 1))
    touched = once(place)
    (place / "out" / "a" / "report.html").unlink()
    lost = once(place)

    assert touched.stdout == ""
    assert lost.stdout == "a  PASS\n"
    assert (place / "out" / "a" / "report.html").is_file()


def test_the_formats_are_those_that_are_asked_for(place: Path) -> None:
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})

    assert once(place, "--report", "console", "--report", "json").returncode == 0
    assert sorted(path.name for path in (place / "out" / "a").iterdir()) == [
        "console.txt",
        "report.json",
    ]


def test_a_format_s_ending_chooses_the_type_of_file(place: Path) -> None:
    pytest.importorskip("pyarrow", reason="pip install 'qcvalidate[parquet]'")
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})

    done = once(place, "--report", "csv.parquet", "--report", "csv")

    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (place / "out" / "a").iterdir()) == [
        "csv.parquet",
        "report.csv",
    ]
    assert (place / "out" / "a" / "csv.parquet").read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("docx", "'docx' is no report format"),
        ("docx.pdf", "'docx' is no report format"),
        ("json.pdf", "'json' writes no PDF"),
        ("csv.xlsx", "should be a format alone, or end with .pdf or .parquet"),
        ("csv.", "should be a format alone"),
    ],
)
def test_a_format_that_cannot_be_written_is_refused(place: Path, kind: str, said: str) -> None:
    done = once(place, "--report", kind)

    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_papers_without_a_manifest_are_held(place: Path) -> None:
    (place / "inbox" / "counts.csv").write_text(GOOD)

    done = once(place)

    assert done.stdout.startswith(".  HOLD  903")
    assert done.returncode == 2


def test_a_broken_state_has_all_checked_again(place: Path) -> None:
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})
    once(place)
    (place / "out" / ".qcvalidate-watch.json").write_text('{"lots": {"a": {"key": 1}}}')

    assert once(place).stdout == "a  PASS\n"


def test_an_empty_inbox_is_no_pass(place: Path) -> None:
    done = once(place)

    assert done.returncode == 2
    assert done.stdout == "no lot is there, and nothing was checked\n"


@pytest.mark.parametrize("out", ["inbox/out", "inbox", "."])
def test_reports_are_kept_out_of_the_inbox(place: Path, out: str) -> None:
    done = run("watch", "inbox", "--out", out, "--once", folder=place)

    assert done.returncode == 2
    assert "reports must not lie in the inbox" in done.stderr


def test_a_configuration_in_the_inbox_is_refused(place: Path) -> None:
    (place / "inbox" / "qcvalidate.toml").write_text("")

    done = run("watch", ".", "--out", "../out", "--once", folder=place / "inbox")

    assert done.returncode == 2
    assert "whoever brings papers could have written it" in done.stderr


def _once(place: Path, *more: str, inbox: str = "inbox") -> int:
    watched = ("watch", inbox, "--out", "out", "--schemas", "schemas", "--jobs", "1")
    return run(*watched, "--once", "--settle", "0.2", *more, folder=place).returncode


@pytest.mark.parametrize("later", [BAD, GOOD.replace("92.1", "12.1")])
def test_a_report_that_an_earlier_call_asked_for_does_not_outlive_its_lot(
    place: Path, later: str
) -> None:
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})
    _once(place, "--report", "summary", "--report", "json")
    (place / "inbox" / "a" / "counts.csv").write_text(later)

    assert _once(place, "--report", "json") == 1
    assert [path.name for path in (place / "out" / "a").iterdir()] == ["report.json"]


def test_a_second_inbox_is_not_written_over_the_first(place: Path) -> None:
    write_lot(place / "inbox" / "a", {"counts.csv": BAD})
    write_lot(place / "second" / "a", {"counts.csv": GOOD})

    assert _once(place) == 1
    assert _once(place, inbox="second") == 2
    report = json.loads((place / "out" / "a" / "report.json").read_text(encoding="utf-8"))
    assert report["verdict"] == "FAIL"


def test_limits_behind_a_link_are_watched(place: Path) -> None:
    (place / "schemas" / "specifications").rename(place / "limits")
    (place / "schemas" / "specifications").symlink_to("../limits")
    write_lot(place / "inbox" / "a", {"counts.csv": GOOD})
    assert _once(place) == 0
    (place / "limits" / "mine.yaml").write_text(LIMITS.replace("70", "99"), encoding="utf-8")

    assert _once(place) == 1
