"""Work in processes of their own: nothing is lost, nothing changes its place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import worker_tasks

from qcvalidate import workers
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


def test_a_process_may_use_some_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
