"""Work in processes of their own: nothing is lost, nothing changes its place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
import worker_tasks

from qcvalidate import workers
from qcvalidate.errors import DocumentError
from qcvalidate.workers import cores, in_processes

TASKS = (0, 1, 2, 3, 4, 5)
killing = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")


@pytest.fixture(params=[True, False], ids=["forked", "begun afresh"])
def _start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(workers, "_is_single_threaded", lambda: False)


@pytest.mark.usefixtures("_start")
def test_results_come_in_the_order_of_their_tasks_from_other_processes() -> None:
    found = list(in_processes(worker_tasks.with_process, "mine", TASKS, 2, loaded="worker_tasks"))

    assert [one[:2] for one in found if one] == [("mine", task) for task in TASKS]
    assert os.getpid() not in {one[2] for one in found if one}


@killing
@pytest.mark.usefixtures("_start")
def test_a_task_whose_worker_is_killed_is_done_once_more(tmp_path: Path) -> None:
    found = in_processes(worker_tasks.dying, (tmp_path, 1), TASKS, 2, loaded="worker_tasks")

    assert tuple(found) == TASKS


@killing
def test_a_task_that_kills_its_worker_twice_is_lost_and_the_others_are_not(tmp_path: Path) -> None:
    found = in_processes(worker_tasks.dying, (tmp_path, 9), TASKS, 2, loaded="worker_tasks")

    assert tuple(found) == (0, 1, None, 3, 4, 5)


def test_an_error_is_raised_where_the_results_are_taken() -> None:
    with pytest.raises(ValueError, match="task 2"):
        list(in_processes(worker_tasks.failing, "", TASKS, 2, loaded="worker_tasks"))


def test_an_error_comes_back_with_all_that_it_says() -> None:
    with pytest.raises(DocumentError, match="task 0") as caught:
        list(in_processes(worker_tasks.refused, "", TASKS, 2, loaded="worker_tasks"))

    assert (caught.value.slug, caught.value.page) == ("fcs-magic", 3)


@pytest.mark.parametrize(("times", "result"), [(1, 2), (9, None)])
def test_a_task_without_memory_is_done_once_more_and_then_lost(
    tmp_path: Path, times: int, result: int | None
) -> None:
    found = in_processes(worker_tasks.hungry, (tmp_path, times), TASKS, 2, loaded="worker_tasks")

    assert tuple(found) == (0, 1, result, 3, 4, 5)


def test_few_tasks_are_handed_in_before_the_first_result_is_taken() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for task in range(100):
            taken.append(task)
            yield task

    found = in_processes(worker_tasks.with_process, "", tasks(), 2, loaded="worker_tasks")

    assert next(found)
    assert len(taken) <= 10
    found.close()
    assert not active_children()


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which processes run")
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_program(tmp_path: Path, ended_by: signal.Signals) -> None:
    program = Path(worker_tasks.__file__)
    search = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = subprocess.Popen([sys.executable, program, tmp_path], env=os.environ | search)
    workers = eventually(lambda: [path.read_text("ascii") for path in tmp_path.iterdir()], 2)

    running.send_signal(ended_by)

    assert running.wait(timeout=60)
    eventually(lambda: [one for one in workers if not _is_alive(int(one))], 2)


def eventually(look: Callable[[], list[str]], number: int) -> list[str]:
    """Look until there are as many as that, and all of them say something."""
    for _ in range(600):
        found = [one for one in look() if one]
        if len(found) >= number:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{found}, and not {number}")


def _is_alive(process: int) -> bool:
    """Say whether a process runs; one that ended and that nobody asked after does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_process_may_use_some_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(("times", "done"), [(1, TASKS), (99, ())])
def test_where_no_process_can_be_begun_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, times: int, done: tuple[int, ...]
) -> None:
    submit, failed = ProcessPoolExecutor.submit, []

    def refusing(pool: ProcessPoolExecutor, *asked: Any) -> Any:
        if len(failed) < times:
            failed.append(asked)
            raise ConnectionRefusedError("what begins processes was killed")
        return submit(pool, *asked)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refusing)

    found = list(in_processes(worker_tasks.with_process, "", TASKS, 2, loaded="worker_tasks"))

    assert len(found) == len(TASKS)
    assert tuple(one[1] for one in found if one) == done
