"""What a check of the samples costs that a cache remembers, against one without."""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row
from benchmarks.startup import as_installed
from qcvalidate.cache import Cache, open_cache
from qcvalidate.pipeline import Options, assess_submissions, open_laboratory
from qcvalidate.submission import find_submissions

_SAMPLES = Path(__file__).parent.parent / "samples"
_DAY = dt.date(2026, 4, 20)
_TURNS = 5


def rows() -> list[Row]:
    """Measure whole processes, and the lots alone, in turns; see that all say the same."""
    lots = sorted(manifest.parent for manifest in _SAMPLES.glob("*/lot.yaml"))
    with tempfile.TemporaryDirectory(prefix="qcvalidate-cache-") as folder:
        return [_processes(lots, folder), _lots(lots, Path(folder))]


def _processes(lots: list[Path], folder: str) -> Row:
    """Both import the same libraries, which is most of what is left with a cache."""
    check = (sys.executable, "-m", "qcvalidate", "check", *map(str, lots), "--format", "json")
    check += ("--as-of", _DAY.isoformat(), "--jobs", "1")
    kept = (*check, "--cache", folder)
    _, first = _run(kept)
    pairs = []
    for _ in range(_TURNS):
        (ours, said), (theirs, plainly) = _run(kept), _run(check)
        if not said == plainly == first:
            raise SystemExit("a check with a cache says another thing than one without")
        pairs.append((ours, theirs))
    return _row(
        f"`qcvalidate check` of {len(lots)} remembered samples, against without", pairs, 0.3
    )


def _lots(lots: list[Path], folder: Path) -> Row:
    def told(what: str) -> None:
        raise SystemExit(what)

    cache = open_cache(folder, told)
    _assess(lots, cache)
    pairs = [(_assess(lots, cache), _assess(lots, None)) for _ in range(_TURNS)]
    return _row(f"{len(lots)} remembered samples within one process, against without", pairs, 0.1)


def _row(work: str, pairs: list[tuple[float, float]], budget: float) -> Row:
    ours, theirs = (statistics.median(found) for found in zip(*pairs, strict=True))
    return Row(work, ours, theirs, budget, "s")


def _assess(lots: list[Path], cache: Cache | None) -> float:
    start = time.perf_counter()
    laboratory = open_laboratory()
    submissions = find_submissions(lots, laboratory.catalogue)
    for _ in assess_submissions(submissions, laboratory, Options(_DAY), cache):
        pass
    return time.perf_counter() - start


def _run(command: tuple[str, ...]) -> tuple[float, bytes]:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=as_installed())
    took = time.perf_counter() - start
    if done.returncode != 1 or done.stderr:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr!r}")
    return took, done.stdout
