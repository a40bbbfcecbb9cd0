"""Work for processes of their own; they find it by this module's name."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from qcvalidate import timings
from qcvalidate.errors import DocumentError
from qcvalidate.workers import in_processes


def with_process(share: str, task: int) -> tuple[str, int, int]:
    return share, task, os.getpid()


def failing(_share: str, task: int) -> int:
    if task == 2:
        raise ValueError(f"task {task}")
    return task


def dying(share: tuple[Path, int], task: int) -> int:
    """Task 2 is killed as often as `share` says, as the system kills who takes too much memory."""
    folder, deaths = share
    died = len(list(folder.iterdir()))
    if task == 2 and died < deaths:
        (folder / str(died)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def hungry(share: tuple[Path, int], task: int) -> int:
    """Task 2 finds no memory as often as `share` says."""
    folder, times = share
    if task == 2 and len(list(folder.iterdir())) < times:
        (folder / str(os.getpid())).touch()
        raise MemoryError
    return task


def refused(_share: str, task: int) -> int:
    raise DocumentError(f"task {task}", slug="fcs-magic", page=3)


def timed(_share: str, task: int) -> int:
    with timings.stage("sleep", str(task)):
        return task


def endless(share: Path, task: int) -> int:
    (share / str(task)).write_text(str(os.getpid()), encoding="ascii")
    while True:
        time.sleep(60)


def main() -> None:
    """Start two processes that never end, for a test to stop."""
    list(in_processes(endless, Path(sys.argv[1]), range(4), 2, loaded="worker_tasks"))


if __name__ == "__main__":
    main()
