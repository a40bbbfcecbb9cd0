"""Every moment belongs to one stage, and work in other processes is added."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import worker_tasks

from qcvalidate import timings
from qcvalidate.workers import in_processes


@pytest.fixture
def _watched() -> Iterator[None]:
    timings.start()
    yield
    timings._watches.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [0.0]
    monkeypatch.setattr(timings.time, "perf_counter", lambda: now[0])
    timings.start()
    yield now
    timings._watches.clear()


def test_a_moment_belongs_to_the_innermost_stage(clock: list[float]) -> None:
    with timings.stage("rest", "L-1"):
        clock[0] += 1
        with timings.stage("open", "a.pdf"):
            clock[0] += 10
        with timings.stage("judge"):
            clock[0] += 100
        clock[0] += 2

    assert timings.taken() == {
        ("rest", ""): 0,
        ("rest", "L-1"): 3,
        ("open", "L-1/a.pdf"): 10,
        ("judge", "L-1"): 100,
    }


def test_what_was_taken_is_not_told_again(clock: list[float]) -> None:
    clock[0] += 1
    assert timings.taken() == {("rest", ""): 1}
    clock[0] += 2
    assert timings.taken() == {("rest", ""): 2}


def test_a_stage_that_fails_is_counted_and_left(clock: list[float]) -> None:
    def fail() -> None:
        with timings.stage("open"):
            clock[0] += 5
            raise ValueError("five seconds later")

    with pytest.raises(ValueError, match="five"):
        fail()
    clock[0] += 1

    assert timings.taken() == {("open", ""): 5, ("rest", ""): 1}


def test_nothing_is_kept_where_nobody_asks() -> None:
    with timings.stage("open"):
        pass

    assert not timings.is_on()
    assert timings.taken() == {}


@pytest.mark.usefixtures("_watched")
def test_what_other_processes_spent_is_added_below_what_goes_on() -> None:
    with timings.stage("rest", "L-1"):
        tasks = (0, 1, 2)
        assert list(in_processes(worker_tasks.timed, "", tasks, 2, loaded="worker_tasks")) == [
            0,
            1,
            2,
        ]

    spent = timings.taken()
    assert {document for name, document in spent if name == "sleep"} == {"L-1/0", "L-1/1", "L-1/2"}
    assert ("wait", "L-1") in spent
