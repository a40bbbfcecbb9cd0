"""Many lots: two processes against one, over lots with list-mode files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row

_SAMPLE = Path(__file__).parent.parent / "samples" / "BMAC-2026-0104"
_LOTS = 200
_TURNS = 5


def rows() -> list[Row]:
    """Check 200 copies of a lot with certificates and a list-mode file, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="qcvalidate-lots-") as folder:
        for at in range(_LOTS):
            shutil.copytree(_SAMPLE, Path(folder) / f"{at:03}")
        # By turns, and the turn whose ratio is the middle one: the machine's own pace drifts by a
        # third between turns, and less within one.
        turns = [(_seconds(Path(folder), 1), _seconds(Path(folder), 2)) for _ in range(_TURNS)]
    one, two = sorted(turns, key=lambda turn: turn[1] / turn[0])[_TURNS // 2]
    return [
        Row(
            f"{_LOTS} lots with a list-mode file each, two processes against one",
            ours=two,
            other=one,
            budget=1 / 1.8,
            unit="s",
        )
    ]


def _seconds(folder: Path, jobs: int) -> float:
    command = (sys.executable, "-m", "qcvalidate", "check", str(folder), "--format", "jsonl")
    start = time.perf_counter()
    done = subprocess.run(
        (*command, "--jobs", str(jobs)), stdout=subprocess.DEVNULL, env=os.environ, check=False
    )
    took = time.perf_counter() - start
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}")
    return took
