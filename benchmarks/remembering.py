"""How long a check of the samples takes that a cache remembers, against one without."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row

_SAMPLES = Path(__file__).parent.parent / "samples"
_TURNS = 5
# What a run of ten lots is worth: imports, and lot.yaml read anew, are in both.
_BUDGET = 0.35


def rows() -> list[Row]:
    """Measure whole processes in turns, and see that both say the same."""
    lots = sorted(manifest.parent for manifest in _SAMPLES.glob("*/lot.yaml"))
    check = (sys.executable, "-m", "qcvalidate", "check", *map(str, lots), "--as-of", "2026-04-20")
    check += ("--format", "json")
    with tempfile.TemporaryDirectory(prefix="qcvalidate-cache-") as folder:
        kept = (*check, "--cache", folder)
        _, first = _timed(kept)
        pairs = []
        for _ in range(_TURNS):
            ours, said = _timed(kept)
            theirs, plainly = _timed(check)
            if not said == plainly == first:
                raise SystemExit("a check with a cache says another thing than one without")
            pairs.append((ours, theirs))
    return [
        Row(
            f"`qcvalidate check` of {len(lots)} samples that a cache remembers, against without",
            ours=statistics.median(ours for ours, _ in pairs),
            other=statistics.median(theirs for _, theirs in pairs),
            budget=_BUDGET,
            unit="s",
        )
    ]


def _timed(command: tuple[str, ...]) -> tuple[float, bytes]:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    took = time.perf_counter() - start
    if done.returncode != 1 or done.stderr:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr!r}")
    return took, done.stdout
