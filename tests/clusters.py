"""Starts a real Dask cluster for tests: a scheduler and workers, each a process on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# A worker that waits for a scheduler that has gone ends after so many seconds.
_DEATH_TIMEOUT = "10"


@dataclass
class Running:
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add(self, *more: str, path: Sequence[Path] = ()) -> subprocess.Popen[bytes]:
        """Start a worker; `path` comes before Python's own."""
        place = self.folder / f"worker-{len(self.workers)}"
        command = (
            *("worker", self.address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"),
            *("--death-timeout", _DEATH_TIMEOUT, "--local-directory", str(place), *more),
        )
        self.workers.append(_started(command, self.folder, path=path))
        return self.workers[-1]


@contextmanager
def cluster(folder: Path, workers: int = 2, *more: str, deaths: int = 1) -> Iterator[Running]:
    """Run a scheduler with workers, and end them all; a task may outlive as many `deaths`."""
    told = folder / "scheduler.json"
    command = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with ExitStack() as ended:
        allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(deaths)}
        scheduler = _started((*command, "--scheduler-file", str(told)), folder, more=allowed)
        ended.callback(_end, scheduler)
        running = Running(_address(told, scheduler), scheduler, folder)
        ended.callback(lambda: [_end(one) for one in running.workers])
        for _ in range(workers):
            running.add(*more)
        yield running


def _started(
    command: Sequence[str],
    folder: Path,
    path: Sequence[Path] = (),
    more: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    search = os.pathsep.join([*map(str, path), *filter(None, sys.path)])
    mine = {"PYTHONPATH": search, **(more or {})}
    log = (folder / "cluster.log").open("ab")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            env=os.environ | mine,
            cwd=folder,
            stdout=log,
            stderr=log,
        )


def _address(told: Path, scheduler: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if told.is_file() and told.stat().st_size:
            return str(json.loads(told.read_text("utf-8"))["address"])
        assert scheduler.poll() is None, (told.parent / "cluster.log").read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError("the scheduler did not begin")


def _end(process: subprocess.Popen[bytes]) -> None:
    # A nanny takes its worker along when it is asked to end, and not when it is killed.
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
