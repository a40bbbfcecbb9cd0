"""Reads, compensates and gates a million events, against FlowKit 1.3 on the same file and gates.

FlowKit lives in an environment of its own; `QCVALIDATE_FLOWKIT_PYTHON` names its interpreter:

    python -m venv flowkit && flowkit/bin/pip install 'flowkit==1.3.*'
    QCVALIDATE_FLOWKIT_PYTHON=flowkit/bin/python python -m benchmarks gating
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.row import Row, middle_turn

EVENTS = 1_000_000
RUNS = 5
_FLUOROCHROMES = tuple(f"FL{n}-A" for n in range(1, 7))
_NAMES = ("FSC-A", "FSC-H", "SSC-A", *_FLUOROCHROMES, "Time")
_ISAC = "http://www.isac-net.org/std/Gating-ML/v2.0"

_OURS = """
import json, resource, sys, time
sys.modules["pyarrow"] = None  # pandas imports it where the tests brought it: 40 MB
import defusedxml.ElementTree, flowutils.transforms  # FlowKit too imports all at once
try:
    import fcsparser.api
except ImportError:
    pass  # there is none for Python 3.13
import qcvalidate.frames
from qcvalidate.cytometry import gate, read_fcs, read_strategy, verify
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
qcvalidate.frames.populations([])  # pandera loads its checks on first use
before = peak()
file, gates, both = sys.argv[1:]
start = time.perf_counter()
tube = read_fcs(file)[0]
if both == "both":
    verify(tube)
table = gate(tube, read_strategy(gates))
seconds = time.perf_counter() - start
counts = dict(zip(table["id"], table["count"]))
print(json.dumps({"seconds": seconds, "peak": peak(), "before": before, "counts": counts}))
"""

_AGAIN = """
import sys, time
import qcvalidate.frames
from qcvalidate.cytometry import gate, read_fcs, read_strategy
qcvalidate.frames.populations([])
file, gates, times = sys.argv[1:]
def once():
    start = time.perf_counter()
    gate(read_fcs(file)[0], read_strategy(gates))
    return time.perf_counter() - start
print(min(once() for _ in range(int(times))))
"""

_PLOT = """
import json, resource, sys, time
import numpy as np
from qcvalidate.cytometry import gate_plots, read_fcs, read_strategy
from qcvalidate.cytometry.evaluation import Evaluation
import qcvalidate.reports._density as density
file, gates, _ = sys.argv[1:]
evaluation = Evaluation(read_fcs(file)[0], read_strategy(gates))
axes = evaluation.strategy.gates["Cells"].axes
x, y = (evaluation.axis(axis) for axis in axes)
evaluation.inside("Cells")
def timed(work):
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found
ours, plots = min((timed(lambda: gate_plots(evaluation)) for _ in range(3)), key=lambda one: one[0])
ours += timed(lambda: [density.draw(plot) for plot in plots])[0]
seconds = ours / len(plots)
numpy = min(timed(lambda: np.histogram2d(x, y, bins=256))[0] for _ in range(3))
print(json.dumps({"seconds": seconds, "peak": numpy, "before": 0, "counts": {}}))
"""

_THEIRS = """
import json, resource, sys, time
import flowkit
file, gates, _ = sys.argv[1:]
start = time.perf_counter()
strategy = flowkit.parse_gating_xml(gates)
result = strategy.gate_sample(flowkit.Sample(file))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
report = result.report
counts = {row["gate_name"]: int(row["count"]) for row in report.to_dict("records")}
print(json.dumps({"seconds": seconds, "peak": peak, "before": 0, "counts": counts}))
"""


def rows() -> list[Row]:
    """Measure both programs, each in its own processes; the best of three runs counts."""
    flowkit = os.environ.get("QCVALIDATE_FLOWKIT_PYTHON")
    if not flowkit:
        print(
            "gating: left out; QCVALIDATE_FLOWKIT_PYTHON does not name a Python with FlowKit 1.3",
            file=sys.stderr,
        )
        return []
    with tempfile.TemporaryDirectory() as folder:
        file, gates = Path(folder, "million.fcs"), Path(folder, "gates.xml")
        # In a process of its own: a child's peak memory begins at what its parent holds.
        writer = (
            "import sys; from pathlib import Path; from benchmarks import gating; "
            "gating.write_events(Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", writer, str(file)], check=True)
        gates.write_text(gating_ml(), encoding="utf-8")
        results = _in_turn(
            {
                "ours": (sys.executable, _OURS, "once"),
                "both": (sys.executable, _OURS, "both"),
                "theirs": (flowkit, _THEIRS, ""),
                "plot": (sys.executable, _PLOT, ""),
            },
            file,
            gates,
        )
        growth = _growth(Path(folder), gates)
        beside = _on_all_cores(Path(folder), gates)
        data = EVENTS * len(_NAMES) * 4 / 2**20
    ours, both, theirs = (results[name] for name in ("ours", "both", "theirs"))
    plot = results["plot"]
    assert ours["counts"] == both["counts"] == theirs["counts"], (ours, theirs)
    print(
        f"gating: both programs count {ours['counts']}; with the second decoder ours takes "
        f"{both['seconds']:.3g} s",
        file=sys.stderr,
    )
    return [
        Row("1M events, gated: time", ours["seconds"], theirs["seconds"], 1 / 15, "s"),
        Row("1M events, gated: memory", ours["peak"], theirs["peak"], 1 / 3, "MB"),
        Row("1M events, one plot: time", plot["seconds"], plot["peak"], 1, "s"),
        *growth,
        *beside,
        Row("1M events, read twice: memory", both["peak"] - both["before"], data, 3, "MB"),
    ]


def _in_turn(
    programs: dict[str, tuple[str, str, str]], file: Path, gates: Path, runs: int = RUNS
) -> dict[str, dict[str, Any]]:
    """Run the programs by turns, so that a busy machine is busy for all of them."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(runs):
        for name, (python, program, argument) in programs.items():
            done = subprocess.run(
                [python, "-c", program, str(file), str(gates), argument],
                check=True,
                capture_output=True,
                text=True,
            )
            result = json.loads(done.stdout.splitlines()[-1])
            if name not in best or result["seconds"] < best[name]["seconds"]:
                best[name] = result
    return best


def _growth(folder: Path, gates: Path) -> list[Row]:
    """Hold 5M events, and 100k, against as many times 1M.

    Each in one process that reads it again and again, the best counts: memory that no process had
    before takes up to five times as long to get, for `numpy.fromfile` just the same.
    """
    sizes = (EVENTS // 10, EVENTS, 5 * EVENTS)
    best = {}
    for events in sizes:
        write_events(folder / f"{events}.fcs", events)
        arguments = ("-c", _AGAIN, str(folder / f"{events}.fcs"), str(gates), "9")
        done = subprocess.run(
            [sys.executable, *arguments], check=True, capture_output=True, text=True
        )
        best[events] = float(done.stdout)
    few, one_million, many = (best[events] for events in sizes)
    return [
        Row("5M events, gated: time, against 5 times 1M", many, 5 * one_million, 1.25, "s"),
        Row("100k events, gated: time, against 1M", few, one_million, 1, "s"),
    ]


def _on_all_cores(folder: Path, gates: Path) -> list[Row]:
    """Check a lot of 20 list-mode files in one process and in two, by turns."""
    lot = folder / "lot"
    lot.mkdir()
    write_events(lot / "tube01.fcs", EVENTS // 2)
    for number in range(2, 21):
        shutil.copy(lot / "tube01.fcs", lot / f"tube{number:02}.fcs")
    shutil.copy(gates, lot / "gates.xml")
    (lot / "lot.yaml").write_text("lot: L-1\nproduct: bmac-same-day\n", encoding="utf-8")
    two, one = middle_turn((_seconds_of(lot, "2"), _seconds_of(lot, "1")) for _ in range(RUNS))
    row = "20 files of 500k events, one lot: 2 processes, against 1"
    return [Row(row, two, one, 0.65, "s")]


def _seconds_of(lot: Path, jobs: str) -> float:
    command = (sys.executable, "-m", "qcvalidate", "check", str(lot), "--jobs", jobs)
    start = time.perf_counter()
    done = subprocess.run([*command, "--format", "json"], check=False, capture_output=True)
    seconds = time.perf_counter() - start
    assert b"tube20.fcs" in done.stdout
    return seconds


def write_events(path: Path, events: int = EVENTS, seed: int = 20260) -> None:
    """Write cells, debris and doublets with spillover, the same on every run."""
    random = np.random.default_rng(seed)
    table = np.empty((events, len(_NAMES)), "<f4")
    cells = random.random(events) < 0.8
    area = np.where(
        cells, random.normal(90_000, 18_000, events), random.gamma(2, 9_000, events)
    ).clip(1, 262_143)
    table[:, 0] = area
    table[:, 1] = area * random.normal(0.9, 0.05, events)
    table[:, 2] = np.where(
        cells, random.normal(60_000, 15_000, events), random.gamma(2, 12_000, events)
    ).clip(1, 262_143)
    signal = np.exp(random.normal(7.0, 1.5, (events, len(_FLUOROCHROMES)))) - 500.0
    matrix = _spillover()
    table[:, 3:9] = signal @ np.array(matrix) + random.normal(0, 60, signal.shape)
    table[:, 9] = np.arange(events) / 100.0
    keywords = {
        "$PAR": str(len(_NAMES)),
        "$TOT": str(events),
        "$DATATYPE": "F",
        "$MODE": "L",
        "$BYTEORD": "1,2,3,4",
        "$NEXTDATA": "0",
        "$BEGINSTEXT": "0",
        "$ENDSTEXT": "0",
        "$BEGINANALYSIS": "0",
        "$ENDANALYSIS": "0",
        "$SPILLOVER": ",".join(
            ["6", *_FLUOROCHROMES, *(format(value, "g") for row in matrix for value in row)]
        ),
    }
    for n, name in enumerate(_NAMES, 1):
        keywords |= {f"$P{n}N": name, f"$P{n}B": "32", f"$P{n}R": "262144", f"$P{n}E": "0,0"}
    start = 8192
    end = start + table.nbytes - 1
    keywords |= {"$BEGINDATA": str(start), "$ENDDATA": str(end)}
    text = "|" + "|".join(part for pair in keywords.items() for part in pair) + "|"
    places = (256, 256 + len(text) - 1, start, end, 0, 0)
    header = "FCS3.1    " + "".join(f"{place:8d}" for place in places)
    with path.open("wb") as stream:
        stream.write((header.ljust(256) + text).ljust(start).encode())
        stream.write(table.tobytes())


def _spillover() -> list[list[float]]:
    size = len(_FLUOROCHROMES)
    return [
        [1.0 if i == j else round(0.15 / (1 + abs(i - j)) ** 2, 4) for j in range(size)]
        for i in range(size)
    ]


def gating_ml() -> str:
    """Write two polygons and six ranges on a logicle scale."""
    ring = [
        (90_000 + 55_000 * math.cos(math.pi * i / 6), 60_000 + 45_000 * math.sin(math.pi * i / 6))
        for i in range(12)
    ]
    strip = [(20_000, 14_000), (160_000, 130_000), (160_000, 165_000), (20_000, 24_000)]
    ranges = "".join(
        f'<gating:RectangleGate gating:id="Positive{n}" gating:parent_id="Singlets">'
        f'<gating:dimension gating:compensation-ref="FCS" gating:transformation-ref="Logicle" '
        f'gating:min="{0.4 + 0.02 * n}"><data-type:fcs-dimension data-type:name="{name}"/>'
        "</gating:dimension></gating:RectangleGate>"
        for n, name in enumerate(_FLUOROCHROMES, 1)
    )
    return (
        f'<gating:Gating-ML xmlns:gating="{_ISAC}/gating" '
        f'xmlns:transforms="{_ISAC}/transformations" xmlns:data-type="{_ISAC}/datatypes">'
        '<transforms:transformation transforms:id="Logicle"><transforms:logicle '
        'transforms:T="262144" transforms:W="0.5" transforms:M="4.5" transforms:A="0"/>'
        "</transforms:transformation>"
        + _polygon("Cells", "FSC-A", "SSC-A", ring)
        + _polygon("Singlets", "FSC-A", "FSC-H", strip, ' gating:parent_id="Cells"')
        + ranges
        + "</gating:Gating-ML>"
    )


def _polygon(
    name: str, x: str, y: str, vertices: list[tuple[float, float]], parent: str = ""
) -> str:
    dimensions = "".join(
        '<gating:dimension gating:compensation-ref="uncompensated">'
        f'<data-type:fcs-dimension data-type:name="{axis}"/></gating:dimension>'
        for axis in (x, y)
    )
    corners = "".join(
        f'<gating:vertex><gating:coordinate data-type:value="{a}"/>'
        f'<gating:coordinate data-type:value="{b}"/></gating:vertex>'
        for a, b in vertices
    )
    return (
        f'<gating:PolygonGate gating:id="{name}"{parent}>{dimensions}{corners}</gating:PolygonGate>'
    )


def main() -> None:
    """Print what this benchmark alone measures."""
    for row in rows():
        print(f"{row.work}: {row.ours:.3g} / {row.other:.3g} {row.unit} = {row.ratio:.3g}")


if __name__ == "__main__":
    main()
