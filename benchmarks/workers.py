"""Many lots: two workers of a Dask cluster against a pool of two processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.row import Row

_SAMPLE = Path(__file__).parent.parent / "samples" / "BMAC-2026-0104"
_LOTS = 200
# Of each, by turns; the quickest counts, for others may use the machine meanwhile.
_TURNS = 2


def rows() -> list[Row]:
    """Check 200 copies of a lot with a list-mode file; the cluster is there before."""
    with tempfile.TemporaryDirectory(prefix="qcvalidate-workers-") as name:
        folder = Path(name)
        for at in range(_LOTS):
            shutil.copytree(_SAMPLE, folder / "lots" / f"{at:03}")
        with _cluster(folder) as address:
            # The first run brings the libraries into the workers' memory, once for all runs.
            _seconds(folder / "lots" / "000", "--scheduler", address)
            took = [
                (
                    _seconds(folder / "lots", "--scheduler", address),
                    _seconds(folder / "lots", "--jobs", "2"),
                )
                for _ in range(_TURNS)
            ]
    ours, other = (min(times) for times in zip(*took, strict=True))
    return [
        Row(
            f"{_LOTS} lots with a list-mode file each, two Dask workers against two processes",
            ours=ours,
            other=other,
            budget=1 / 0.85,
            unit="s",
        )
    ]


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    told = folder / "scheduler.json"
    each = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--death-timeout", "30")
    commands = [
        ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)),
        *(("worker", "--scheduler-file", str(told), *each) for _ in range(2)),
    ]
    started = []
    try:
        for command in commands:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command, "--no-dashboard"],
                    cwd=folder,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            while not (told.is_file() and told.stat().st_size):
                time.sleep(0.1)
        address = json.loads(told.read_text("utf-8"))["address"]
        _await_workers(address)
        yield address
    finally:
        # A worker that is asked to end while its scheduler ends may wait for it, for ever.
        for one in started:
            one.kill()
            one.wait()


def _await_workers(address: str) -> None:
    from distributed import Client  # noqa: PLC0415 - of the extra `cluster`

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)


def _seconds(lots: Path, *how: str) -> float:
    command = (sys.executable, "-m", "qcvalidate", "check", str(lots), "--format", "jsonl", *how)
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env=os.environ, check=False)
    took = time.perf_counter() - start
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}")
    return took
