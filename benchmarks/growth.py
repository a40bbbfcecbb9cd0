"""How time and memory grow with events, pages and lots: an exponent each, 1 being in proportion.

An exponent is taken from two sizes, one four times the other, each worked on in a process of its
own whose start does not count.
"""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from benchmarks.gating import gating_ml
from benchmarks.row import Row

_SAMPLES = Path(__file__).parent.parent / "samples"
_TIMES = 4
_EVENTS = 2_000_000
_PAGES = 8
_LOTS = 8
_TURNS = 5
_BUDGET = 1.1

# Each does its work once on something small first, so that what is loaded once does not count.
# Memory is what Python and numpy ask for at the most: of the process, what the start left free
# would be used first, and the larger work would seem to take more than its share.
_MEASURED = """
import sys, time, tracemalloc
from pathlib import Path
{work}
of, small, large = sys.argv[1], *map(Path, sys.argv[2:])
work(small)
if of == "memory":
    tracemalloc.start()
start = time.process_time()
work(large)
print(tracemalloc.get_traced_memory()[1] if of == "memory" else time.process_time() - start)
"""
_GATED = """
from qcvalidate.cytometry import gate, read_fcs, read_strategy
def work(folder):
    gate(read_fcs(folder / "tube.fcs")[0], read_strategy(folder / "gates.xml"))
"""
_READ = """
from qcvalidate.pipeline import open_laboratory, read
laboratory = open_laboratory()
def work(folder):
    read(folder / "certificate.pdf", laboratory)
"""
_CHECKED = """
import datetime as dt
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
laboratory = open_laboratory()
def work(folder):
    for _ in assess_paths([folder], laboratory, Options(dt.date(2026, 8, 1))):
        pass
"""


def rows() -> list[Row]:
    """Measure the growth from one size to four times it."""
    with tempfile.TemporaryDirectory(prefix="qcvalidate-growth-") as name:
        folder = Path(name)
        return [
            *_growth(folder / "events", "events of a list-mode file, gated", _GATED, _tube),
            *_growth(folder / "pages", "pages of a certificate, read", _READ, _certificate),
            *_growth(folder / "lots", "lots with two certificates and a table", _CHECKED, _lots),
        ]


def _growth(folder: Path, what: str, work: str, make: object) -> list[Row]:
    sizes = {}
    assert callable(make)
    for times in (0, 1, _TIMES):
        sizes[times] = folder / str(times)
        sizes[times].mkdir(parents=True)
        make(sizes[times], times)
    script = _MEASURED.format(work=work)
    return [
        Row(f"growth of {of} with {what}", _exponent(script, of, sizes), 1, _BUDGET, "")
        for of in ("time", "memory")
    ]


def _exponent(script: str, of: str, sizes: dict[int, Path]) -> float:
    def measure(times: int) -> float:
        command = (sys.executable, "-c", script, of, str(sizes[0]), str(sizes[times]))
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    # By turns, for the machine's pace drifts; what memory is asked for is the same each time.
    turns = _TURNS if of == "time" else 1
    ratio = statistics.median(measure(_TIMES) / measure(1) for _ in range(turns))
    return math.log(ratio) / math.log(_TIMES)


def _tube(folder: Path, times: int) -> None:
    # In a process of its own: a child's peak memory begins at what its parent holds.
    writer = (
        "import sys; from pathlib import Path; from benchmarks import gating; "
        "gating.write_events(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    number = str(_EVENTS * times or 1000)
    subprocess.run([sys.executable, "-c", writer, str(folder / "tube.fcs"), number], check=True)
    (folder / "gates.xml").write_text(gating_ml(), encoding="utf-8")


def _certificate(folder: Path, times: int) -> None:
    page = PdfReader(_SAMPLES / "MSC-2026-0018" / "sterility.pdf").pages[0]
    writer = PdfWriter()
    for _ in range(_PAGES * times or 1):
        writer.add_page(page)
    writer.write(folder / "certificate.pdf")


def _lots(folder: Path, times: int) -> None:
    for at in range(_LOTS * times or 1):
        shutil.copytree(_SAMPLES / "HPCC-2026-0003", folder / f"{at:03}")
