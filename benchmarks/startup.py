"""How long a whole process takes: the help page, and one small lot, from cold."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from benchmarks.row import Row

_SAMPLES = Path(__file__).parent.parent / "samples"
_OURS = (sys.executable, "-m", "qcvalidate")
# pandera imports hypothesis, a quarter of a second, where the tests brought it; no user has it.
_AS_USERS = "import sys; sys.modules['hypothesis'] = None\n"
_CHECK = f"{_AS_USERS}from qcvalidate.__main__ import main; main()"
_IMPORTS = f"{_AS_USERS}import pandas, pandera.pandas"

_BARE_CLICK = """
import click

@click.group()
def main():
    '''A program that does nothing.'''

main(["--help"])
"""

# 0 pass, 1 fail and 3 open are results; anything else did not do the work that is timed.
_RESULTS = (0, 1, 3)


def rows() -> list[Row]:
    """Measure the start-up budgets: medians of processes run in turns, ours and the other's."""
    lot = _smallest_lot()
    return [
        _compare(
            "`qcvalidate --help`, against a bare click program",
            (*_OURS, "--help"),
            (sys.executable, "-c", _BARE_CLICK),
            repeats=21,
        ),
        _compare(
            f"`qcvalidate check samples/{lot.name}`, cold, against `import pandas, pandera.pandas`",
            (sys.executable, "-c", _CHECK, "check", str(lot)),
            (sys.executable, "-c", _IMPORTS),
            repeats=9,
        ),
    ]


def _compare(work: str, ours: Sequence[str], other: Sequence[str], *, repeats: int) -> Row:
    # In turns, so that a busy moment of the machine falls on both; the first fills the caches.
    _seconds(ours), _seconds(other)
    pairs = [(_seconds(ours), _seconds(other)) for _ in range(repeats)]
    return Row(
        work,
        ours=1000 * statistics.median(mine for mine, _ in pairs),
        other=1000 * statistics.median(theirs for _, theirs in pairs),
        budget=1.5,
        unit="ms",
    )


def _seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=as_installed())
    took = time.perf_counter() - start
    if done.returncode not in _RESULTS:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return took


@cache
def as_installed() -> Mapping[str, str]:
    """Give an environment in which modules are compiled once, as pip leaves them.

    Else a checkout, or a setting of the shell, would have ours compiled at every start.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folder = tempfile.TemporaryDirectory(prefix="qcvalidate-compiled-")
    _held.append(folder)
    return {**kept, "PYTHONPYCACHEPREFIX": folder.name}


# Removed when the benchmarks end.
_held: list[tempfile.TemporaryDirectory[str]] = []


def _smallest_lot() -> Path:
    lots = [manifest.parent for manifest in _SAMPLES.glob("*/lot.yaml")]
    if not lots:
        raise SystemExit(
            f"{_SAMPLES}: no lots; write them with the script that is kept beside them"
        )
    return min(lots, key=lambda lot: sum(f.stat().st_size for f in lot.rglob("*") if f.is_file()))
