"""Many lots: two processes against one, over lots with list-mode files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row, middle_turn

_SAMPLE = Path(__file__).parent.parent / "samples" / "BMAC-2026-0104"
_LOTS = 200
_TURNS = 5


def rows() -> list[Row]:
    """Check 200 copies of a lot with certificates and a list-mode file, and nothing else.

    Two programs that judge half of the lots each say what two cores of this machine can do.
    """
    with tempfile.TemporaryDirectory(prefix="qcvalidate-lots-") as name:
        folder = Path(name)
        for at in range(_LOTS):
            shutil.copytree(_SAMPLE, folder / str(at % 2) / f"{at:03}")
        halves = [[folder / "0"], [folder / "1"]]
        turns = [
            (_seconds([[folder]], 1), _seconds([[folder]], 2), _seconds(halves, 1))
            for _ in range(_TURNS)
        ]
    two, one = middle_turn((two, one) for one, two, _ in turns)
    ours, apart = middle_turn((two, apart) for _, two, apart in turns)
    lots = f"{_LOTS} lots with a list-mode file each, two processes"
    return [
        Row(f"{lots} against one", ours=two, other=one, budget=1 / 1.8, unit="s"),
        Row(
            f"{lots} against two programs at once with half of the lots each",
            ours=ours,
            other=apart,
            budget=1.1,
            unit="s",
        ),
    ]


def _seconds(programs: list[list[Path]], jobs: int) -> float:
    """Time programs that begin together, each of which checks some folders."""
    command = (sys.executable, "-m", "qcvalidate", "check", "--format", "jsonl")
    start = time.perf_counter()
    running = [
        subprocess.Popen(
            (*command, "--jobs", str(jobs), *map(str, folders)),
            stdout=subprocess.DEVNULL,
            env=os.environ,
        )
        for folders in programs
    ]
    statuses = [one.wait() for one in running]
    took = time.perf_counter() - start
    if not {*statuses} <= {0, 3}:
        raise SystemExit(f"{' '.join(command)}: exit statuses {statuses}")
    return took
