"""Tables that are judged on a cluster come out as on one machine; nothing is lost with a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import worker_tasks
from stacked_lots import (
    FACTS,
    HEADER,
    TODAY,
    VOCABULARY,
    csv_file,
    facts_of,
    passing,
    specification,
)

from qcvalidate.cli import main as commands
from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.recheck.partitions import Partition, find_partitions, read_texts
from qcvalidate.recheck.running import Done, Recheck, Totals, recheck
from qcvalidate.scheduling import on_workers

pytest.importorskip(
    "distributed", reason="Dask is not installed: pip install 'qcvalidate[cluster]'"
)

from click.testing import CliRunner
from clusters import Running, cluster

killing = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with cluster(tmp_path_factory.mktemp("cluster"), 2, "--no-nanny") as found:
        yield found


def written(folder: Path, files: int = 4) -> tuple[Recheck, Path]:
    """Write a table of several files: a lot that fails, one in two files, and one without rows."""
    made = passing(4 * files)
    rows = [list(row) for row in made.rows]
    failing = next(row for row in rows if row[0] == "MSC-2026-0001" and row[2] == "Viability")
    failing[HEADER.index("Result")] = "41"
    mine = [row for row in rows if row[0] != "MSC-2026-0002"]
    several = [mine[at * len(mine) // files : (at + 1) * len(mine) // files] for at in range(files)]
    (folder / "table").mkdir()
    for at, part in enumerate(several):
        csv_file(folder / "table" / f"{at}.csv", HEADER, part)
    facts = facts_of(csv_file(folder / "lots.csv", FACTS, made.facts))
    work = Recheck(specification(folder), VOCABULARY, facts, TODAY, TODAY, kind=".csv")
    return work, folder / "table"


def judged(work: Recheck, table: Path, out: Path, jobs: int = 1) -> Totals:
    totals = Totals()
    for done in recheck(find_partitions([table]), work, out, jobs):
        totals.add(done)
    return totals


def test_a_cluster_gives_what_one_process_gives_byte_for_byte(
    running: Running, tmp_path: Path
) -> None:
    work, table = written(tmp_path)

    alone = judged(work, table, tmp_path / "alone.csv")
    shared = judged(replace(work, scheduler=running.address), table, tmp_path / "shared.csv")

    assert shared == alone
    assert {one.value for one in alone.verdicts} == {"PASS", "FAIL", "HOLD"}
    assert (tmp_path / "shared.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if ".recheck" in path.name) == []


def test_the_command_gives_the_same_from_another_folder(running: Running, tmp_path: Path) -> None:
    written(tmp_path)
    command = (sys.executable, "-m", "qcvalidate", "recheck", "table", "--lots", "lots.csv")
    command += ("--spec", "stacked.yaml", "--as-of", TODAY.isoformat())
    given = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}}

    def ran(*more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run((*command, *more), capture_output=True, check=False, **given)

    alone = ran("--out", "alone.parquet")
    shared = ran("--out", "shared.parquet", "--scheduler", running.address)

    assert (shared.returncode, shared.stdout) == (alone.returncode, alone.stdout) != (0, b"")
    assert shared.stderr == alone.stderr == b""
    found = [(tmp_path / f"{name}.parquet").read_bytes() for name in ("alone", "shared")]
    assert found[0] == found[1]


@killing
def test_nothing_is_lost_with_a_worker_that_is_killed_in_the_midst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that it is noticed at once that there are fewer, while more tasks are handed in.
    monkeypatch.setattr("qcvalidate.scheduling._LOOK", 0.05)
    work, table = written(tmp_path, files=24)
    alone = judged(work, table, tmp_path / "alone.csv")

    with cluster(tmp_path, 2, "--no-nanny") as running:
        shared = Totals()
        distant = replace(work, scheduler=running.address)
        for at, done in enumerate(
            recheck(find_partitions([table]), distant, tmp_path / "out.csv", 1)
        ):
            if at == 2:
                running.workers[0].kill()
            shared.add(done)

    assert running.workers[0].returncode == -signal.SIGKILL
    assert shared == alone
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()


@killing
def test_what_no_worker_survives_is_told_and_the_rest_is_done(tmp_path: Path) -> None:
    # What a worker is asked for must be importable there.
    path = Path(worker_tasks.__file__).parent
    with cluster(tmp_path, 0, deaths=0) as running:
        running.add(path=[path])
        running.add(path=[path])

        share = tmp_path / "deaths", 99
        share[0].mkdir()
        found = list(on_workers(worker_tasks.dying, share, [0, 1, 2, 3], running.address, 1))

    # One that was beside it may have died with it, and is not taken for done.
    assert found[2] is None
    assert {one for one in found if one is not None} <= {0, 1, 3}


def test_a_table_that_is_refused_is_refused_in_the_same_words(
    running: Running, tmp_path: Path
) -> None:
    work, table = written(tmp_path)
    csv_file(table / "2.csv", ("Lot", "Test", "Result", "Odd"), [("L", "pH", "7", "x")])

    def refusal(work: Recheck) -> str:
        with pytest.raises(DocumentError) as error:
            judged(work, table, tmp_path / "out.csv")
        return f"{error.value} ({error.value.slug})"

    assert refusal(replace(work, scheduler=running.address)) == refusal(work)
    assert not (tmp_path / "out.csv").exists()


def test_other_bytes_than_the_client_saw_are_not_judged(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", ("Lot", "Test"), [("L-1", "pH")])

    assert read_texts(Partition(path, "a.csv")).size == 1
    with pytest.raises(DocumentError, match=r"sees another file under .*a\.csv") as error:
        read_texts(Partition(path, "a.csv", sha256="0" * 64))
    assert error.value.slug == "document-changed"


def test_outcomes_that_did_not_reach_this_machine_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, table = written(tmp_path)

    def elsewhere(
        step: object, work: Recheck, tasks: Sequence[object], *_given: object
    ) -> Iterator[object]:
        assert callable(step)
        for task in tasks:
            done = step(work, task)
            if isinstance(done, Done) and done.part is not None:
                done.part.unlink()
            yield done

    monkeypatch.setattr("qcvalidate.scheduling.on_workers", elsewhere)

    with pytest.raises(UsageError, match="--out must lie in a folder that all share"):
        judged(replace(work, scheduler="local"), table, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_worker_with_another_library_judges_no_table(tmp_path: Path) -> None:
    work, table = written(tmp_path)
    (tmp_path / "other" / "pandera-0.1.dist-info").mkdir(parents=True)
    with cluster(tmp_path, 0) as running:
        running.add("--no-nanny", path=[tmp_path / "other"])

        with pytest.raises(UsageError, match=r"other libraries \(pandera-0\.1\.dist-info\)"):
            judged(replace(work, scheduler=running.address), table, tmp_path / "out.csv")


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    given = ("recheck", str(tmp_path / "table"), "--spec", "x", "--scheduler", "head")

    done = CliRunner().invoke(commands, given)

    assert done.exit_code == 2
    assert "should be tcp://HOST:PORT" in done.output
