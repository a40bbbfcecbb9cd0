"""A run on a cluster of real processes: as one process judges, and nothing lost with a worker."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lots import LABORATORY, TODAY, criterion, manifest, row, slugs, specification, table, write_lot

from qcvalidate import errands
from qcvalidate.assessment import Assessment, ExitStatus, Run, Verdict
from qcvalidate.errands import Judged, Lot, Unfit, Unjudged, carried_out, lot_of, terms
from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.pipeline import Laboratory, Options, assess_submissions
from qcvalidate.reports import jsonl
from qcvalidate.submission import Submission, find_submissions

pytest.importorskip(
    "distributed", reason="Dask is not installed: pip install 'qcvalidate[cluster]'"
)

from clusters import Running, cluster

killing = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))


def write_lots(folder: Path, number: int) -> tuple[list[Submission], Options]:
    """Write lots of which one fails, one has no usable lot.yaml and one a paper that is gone."""
    spec = folder / "mine.yaml"
    spec.write_text(VIABILITY, encoding="utf-8")
    for at in range(number):
        text = table(row("viability", "41.0" if at == 1 else "92.1", "%", lot=f"L-{at:03}"))
        lot_yaml = "lot: [" if at == 2 else manifest().replace("L-1", f"L-{at:03}")
        lot = write_lot(folder / "lots" / f"L-{at:03}", {"counts.csv": text}, lot_yaml)
        if at == 3:
            (lot / "gone.pdf").symlink_to(folder / "nowhere.pdf")
    found = find_submissions([folder / "lots"], LABORATORY.catalogue)
    return found, Options(TODAY, specification=str(spec))


def lines(assessments: Iterator[Assessment]) -> list[str]:
    return [jsonl.line(Run(TODAY, "0", ()), one) for one in assessments]


def on(running: Running, options: Options) -> Options:
    return replace(options, scheduler=running.address)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with cluster(tmp_path_factory.mktemp("cluster"), 2, "--no-nanny") as found:
        yield found


def test_a_cluster_gives_what_one_process_gives_byte_for_byte(
    running: Running, tmp_path: Path
) -> None:
    submissions, options = write_lots(tmp_path, 20)

    alone = lines(assess_submissions(submissions, LABORATORY, options))
    shared = list(assess_submissions(submissions, LABORATORY, on(running, options)))

    assert lines(iter(shared)) == alone
    assert [one.verdict for one in shared[:5]] == [
        Verdict.PASS,
        Verdict.FAIL,
        Verdict.HOLD,
        Verdict.HOLD,
        Verdict.PASS,
    ]


def test_the_command_gives_the_same_from_another_folder(running: Running, tmp_path: Path) -> None:
    write_lots(tmp_path, 4)
    command = [sys.executable, "-m", "qcvalidate", "check", "lots", "--format", "jsonl"]
    command += ["--spec", "mine.yaml"]
    given = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}}

    alone = subprocess.run(command, capture_output=True, check=False, **given)
    shared = subprocess.run(
        [*command, "--scheduler", running.address], capture_output=True, check=False, **given
    )

    assert (shared.returncode, shared.stdout) == (alone.returncode, alone.stdout)
    assert shared.stdout.count(b"\n") == 4
    assert shared.stderr == b""


def test_a_specification_that_cannot_be_used_ends_the_run(running: Running, tmp_path: Path) -> None:
    submissions, options = write_lots(tmp_path, 5)
    (tmp_path / "mine.yaml").write_text("id: mine\n", encoding="utf-8")

    with pytest.raises(SpecificationError, match="mine"):
        list(assess_submissions(submissions, LABORATORY, on(running, options)))


def test_a_worker_with_another_library_is_refused_before_anything_is_judged(
    tmp_path: Path,
) -> None:
    submissions, options = write_lots(tmp_path, 5)
    (tmp_path / "other" / "pandera-0.1.dist-info").mkdir(parents=True)
    with cluster(tmp_path, 0) as running:
        running.add("--no-nanny", path=[tmp_path / "other"])

        with pytest.raises(UsageError, match=r"other libraries \(pandera-0\.1\.dist-info\)"):
            next(assess_submissions(submissions, LABORATORY, on(running, options)))


@killing
def test_nothing_is_lost_with_a_worker_that_is_killed_in_the_midst(tmp_path: Path) -> None:
    submissions, options = write_lots(tmp_path, 60)
    alone = lines(assess_submissions(submissions, LABORATORY, options))

    with cluster(tmp_path, 2, "--no-nanny") as running:
        found = assess_submissions(submissions, LABORATORY, on(running, options))
        shared = [next(found) for _ in range(4)]
        running.workers[0].kill()
        shared += found

    assert running.workers[0].returncode == -signal.SIGKILL
    assert lines(iter(shared)) == alone


# What a worker loads before it works: each lot of this name kills it.
_POISON = """
import os, signal
from qcvalidate import errands
def dying(submission, *given, judge=errands.assess_submission):
    if submission.manifest.lot == "L-005":
        os.kill(os.getpid(), signal.SIGKILL)
    return judge(submission, *given)
# It is loaded more than once.
if errands.assess_submission.__name__ != "dying":
    errands.assess_submission = dying
"""


@killing
def test_a_lot_that_kills_every_worker_is_held_and_the_others_are_judged(tmp_path: Path) -> None:
    submissions, options = write_lots(tmp_path, 8)
    poison = tmp_path / "poison.py"
    poison.write_text(_POISON, encoding="ascii")
    alone = lines(assess_submissions(submissions, LABORATORY, options))

    # A nanny that cannot begin a worker within the death timeout gives up.
    more = ("--preload", str(poison), "--death-timeout", "120")
    with cluster(tmp_path, 1, *more, deaths=0) as running:
        shared = list(assess_submissions(submissions, LABORATORY, on(running, options)))

    died = shared[5]
    assert (died.lot, died.verdict, died.exit_status) == ("L-005", Verdict.HOLD, ExitStatus.UNREAD)
    assert slugs(died) == {"lot-unjudged"}
    told = lines(iter(shared))
    assert told[:5] + told[6:] == alone[:5] + alone[6:]


@killing
def test_workers_end_and_the_run_says_so_when_the_scheduler_goes(tmp_path: Path) -> None:
    submissions, options = write_lots(tmp_path, 60)

    with cluster(tmp_path, 1, "--no-nanny") as running:
        found = assess_submissions(submissions, LABORATORY, on(running, options))
        next(found)
        running.scheduler.kill()

        with pytest.raises(UsageError, match="the scheduler has gone"):
            list(found)
        assert running.workers[0].wait(timeout=60) is not None


def test_without_a_scheduler_nothing_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcvalidate.scheduling._ANSWER", 1)
    submissions, options = write_lots(tmp_path, 1)
    options = replace(options, scheduler="tcp://127.0.0.1:9")

    with pytest.raises(UsageError, match="no scheduler answers"):
        list(assess_submissions(submissions, LABORATORY, options))


# What a worker does, without a cluster around it.


def sent(folder: Path) -> tuple[Lot, errands.Terms]:
    submissions, options = write_lots(folder, 1)
    asked = terms(LABORATORY, options)
    ready = lot_of(submissions[0], asked)
    assert ready is not None
    return ready[0], asked


def done(lot: Lot, asked: errands.Terms) -> Assessment | Unjudged:
    found = carried_out([lot], asked)
    assert isinstance(found, Judged)
    (one,) = found.lots
    return one


def reason(lot: Lot, asked: errands.Terms) -> str:
    found = done(lot, asked)
    assert isinstance(found, Unjudged)
    return found.reason or ""


def test_a_worker_judges_what_the_client_saw(tmp_path: Path) -> None:
    found = done(*sent(tmp_path))

    assert isinstance(found, Assessment)
    assert found.verdict is Verdict.PASS


def test_other_bytes_than_the_client_saw_give_no_verdict(tmp_path: Path) -> None:
    lot, asked = sent(tmp_path)
    counts = tmp_path / "lots" / "L-000" / "counts.csv"
    counts.write_bytes(counts.read_bytes().replace(b"92.1", b"92.2"))

    assert "sees another counts.csv than the client did" in reason(lot, asked)


def test_a_folder_that_the_worker_has_not_gives_no_verdict(tmp_path: Path) -> None:
    lot, asked = sent(tmp_path)
    shutil.rmtree(tmp_path / "lots")

    assert "the worker has no" in reason(lot, asked)
    assert "that all machines share" in reason(lot, asked)


def test_a_paper_that_the_worker_cannot_read_gives_no_verdict(tmp_path: Path) -> None:
    lot, asked = sent(tmp_path)
    (tmp_path / "lots" / "L-000" / "counts.csv").unlink()

    assert "cannot read all of its papers" in reason(lot, asked)


def test_another_specification_on_the_worker_gives_no_verdict(tmp_path: Path) -> None:
    lot, asked = sent(tmp_path)
    (tmp_path / "mine.yaml").write_text(VIABILITY.replace("70", "7"), encoding="utf-8")

    assert "does not see the client's" in reason(lot, asked)


def test_a_worker_with_other_schemas_judges_nothing(tmp_path: Path) -> None:
    lot, asked = sent(tmp_path)

    found = carried_out([lot], replace(asked, judged_by="another"))

    assert isinstance(found, Unfit)
    assert "other schemas" in found.reason


def test_a_worker_with_another_program_judges_nothing(tmp_path: Path) -> None:
    lot, asked = sent(tmp_path)

    found = carried_out([lot], replace(asked, installed=replace(asked.installed, program="x")))

    assert isinstance(found, Unfit)
    assert "another version of qcvalidate" in found.reason


def test_a_worker_whose_pandera_is_switched_off_judges_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot, asked = sent(tmp_path)
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")

    assert isinstance(carried_out([lot], asked), Unfit)


def test_a_paper_that_changes_while_it_is_judged_gives_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot, asked = sent(tmp_path)
    judge = errands.assess_submission

    def meanwhile(submission: Submission, laboratory: Laboratory, options: Options) -> Assessment:
        found = judge(submission, laboratory, options)
        with (tmp_path / "lots" / "L-000" / "counts.csv").open("a") as stream:
            stream.write("\n")
        return found

    monkeypatch.setattr(errands, "assess_submission", meanwhile)

    assert "changed while it was judged" in reason(lot, asked)


def test_a_lot_without_a_fingerprint_is_not_sent(tmp_path: Path) -> None:
    submissions, options = write_lots(tmp_path, 4)
    asked = terms(LABORATORY, options)

    assert [lot_of(one, asked) is None for one in submissions] == [False, False, True, True]
