"""Reads list-mode files of whole numbers to columns, against numpy's own reading of the same bytes.

`np.fromfile` and a reshape give one table in which nothing is masked, checked or named. Ours gives
a column for each parameter, masked by its range, after HEADER and TEXT were held against DATA.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.row import Row

EVENTS = 1_000_000
PARAMETERS = 10
RUNS = 5
START = 4096
# Bits that are stored and bits that the range uses: a mask is needed, as old instruments ask for.
_CASES = {
    "16 bits, 10 used": (16, 10, "<"),
    "16 bits, 10 used, big-endian": (16, 10, ">"),
    "32 bits, 18 used": (32, 18, "<"),
    "32 bits, all used": (32, 32, "<"),
}

# Each reads once, as a check of a lot does: the memory is fresh for both of them.
_OURS = """
import json, sys, time, tracemalloc
from qcvalidate.cytometry import read_fcs
if sys.argv[2] == "memory":
    tracemalloc.start()  # numpy tells it of its arrays; the time of such a run does not count
start = time.perf_counter()
tube = read_fcs(sys.argv[1])[0]
columns = [tube.channel(i) for i in range(len(tube.parameters))]
seconds = time.perf_counter() - start
peak = tracemalloc.get_traced_memory()[1] / 2**20
tracemalloc.stop()
total = int(sum(int(column.sum(dtype="u8")) for column in columns))
print(json.dumps({"seconds": seconds, "peak": peak, "total": total}))
"""

_THEIRS = """
import json, sys, time
import numpy as np
file, stored, place, columns, mask = sys.argv[1:]
start = time.perf_counter()
table = np.fromfile(file, stored, offset=int(place)).reshape(-1, int(columns))
seconds = time.perf_counter() - start
total = int((table & table.dtype.type(int(mask))).sum(dtype="u8"))
print(json.dumps({"seconds": seconds, "total": total}))
"""


def rows() -> list[Row]:
    """Measure each kind of file, the two programs by turns; each run in a process of its own."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for title, (bits, used, order) in _CASES.items():
            path = Path(folder, "events.fcs")
            write_events(path, bits, used, order)
            mask = 2**used - 1
            stored = (f"{order}u{bits // 8}", str(START), str(PARAMETERS), str(mask))
            ours, theirs = [], []
            for _ in range(RUNS):
                ours.append(_run(_OURS, str(path), "time"))
                theirs.append(_run(_THEIRS, str(path), *stored))
            assert len({one["total"] for one in (*ours, *theirs)}) == 1, title
            best, other = (min(one["seconds"] for one in many) for many in (ours, theirs))
            data = EVENTS * PARAMETERS * bits / 8 / 2**20
            peak = _run(_OURS, str(path), "memory")["peak"]
            found += [
                Row(f"1M whole numbers x 10, {title}: time", best, other, 3, "s"),
                Row(f"1M whole numbers x 10, {title}: memory", peak, data, 3, "MB"),
            ]
    return found


def _run(program: str, *arguments: str) -> Mapping[str, float]:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def write_events(path: Path, bits: int, used: int, order: str) -> None:
    """Write random words, of which the range uses some bits, the same on every run."""
    random = np.random.default_rng(20261)
    keywords = {
        "$PAR": str(PARAMETERS),
        "$TOT": str(EVENTS),
        "$DATATYPE": "I",
        "$MODE": "L",
        "$BYTEORD": "1,2,3,4" if order == "<" else "4,3,2,1",
        "$NEXTDATA": "0",
    }
    for n in range(1, PARAMETERS + 1):
        keywords |= {f"$P{n}N": f"FL{n}-A", f"$P{n}B": str(bits), f"$P{n}R": str(2**used)}
        keywords[f"$P{n}E"] = "0,0"
    text = "|" + "|".join(part for pair in keywords.items() for part in pair) + "|"
    end = START + EVENTS * PARAMETERS * bits // 8 - 1
    header = "FCS3.0    " + "".join(f"{n:8d}" for n in (58, 57 + len(text), START, end, 0, 0))
    with path.open("wb") as stream:
        stream.write((header + text).ljust(START).encode())
        stream.write(random.bytes(EVENTS * PARAMETERS * bits // 8))
