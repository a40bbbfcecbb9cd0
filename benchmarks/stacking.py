"""What a lot of a table of very many lots costs: processor time, memory, and how both grow.

10^6 lots of a partitioned dataset take minutes more: BENCHMARKS_MILLION=1 adds them.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.lots import (
    AS_OF,
    FACTS,
    RESULTS,
    SPECIFICATION,
    facts_of,
    lots,
    results_of,
    write_csv,
)
from benchmarks.row import Row

if TYPE_CHECKING:
    from qcvalidate.recheck.tablelots import TableLots
    from qcvalidate.specification import Specification
    from qcvalidate.vocabulary import Vocabulary

_FEW, _MANY = 1_000, 100_000
_BUDGET_MS, _BUDGET_MB = 0.1, 2_000
_ALONE = 40


def rows() -> list[Row]:
    """Judge 10^3 and 10^5 lots of a CSV table, each in a process of its own, and write outcomes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = (_measured(folder, count) for count in (_FEW, _MANY))
        dosed = _measured(folder, _MANY, by_dose=True)
        found = [
            Row(
                "stacking, 10^3 lots of a results table, against the same one by one",
                few["ms"],
                few["alone"],
                0.05,
                "ms a lot",
            ),
            Row("stacking, 10^5 lots of a results table", many["ms"], _BUDGET_MS, 1, "ms a lot"),
            Row(
                "stacking, 10^5 lots, doses and endotoxin by each lot's weight and volume",
                dosed["ms"],
                _BUDGET_MS,
                1,
                "ms a lot",
            ),
            Row("stacking, 10^5 lots, peak memory", many["mb"], _BUDGET_MB, 1, "MB"),
            _growth("time", few["seconds"], many["seconds"]),
            _growth("memory", *(_measured(folder, n, traced=True)["asked"] for n in (_FEW, _MANY))),
        ]
        if os.environ.get("BENCHMARKS_MILLION"):
            million = _measured(folder, 1_000_000)
            found += [
                Row(
                    "stacking, 10^6 lots of 20 Parquet files",
                    million["ms"],
                    _BUDGET_MS,
                    1,
                    "ms a lot",
                ),
                Row(
                    "the same, peak memory against that of 10^5", million["mb"], many["mb"], 2, "MB"
                ),
            ]
        return found


def _growth(what: str, few: float, many: float) -> Row:
    exponent = math.log(many / few) / math.log(_MANY / _FEW)
    return Row(f"stacking, growth of {what} from 10^3 to 10^5 lots, exponent", exponent, 1, 1.1, "")


def _measured(
    folder: Path, count: int, *, by_dose: bool = False, traced: bool = False
) -> dict[str, float]:
    command = (
        sys.executable,
        "-m",
        "benchmarks.stacking",
        str(folder),
        str(count),
        str(int(by_dose)),
        str(int(traced)),
    )
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure(folder: Path, count: int, *, by_dose: bool, traced: bool) -> dict[str, float]:
    """Judge so many lots in this process, and say what that took after all imports.

    Of how memory grows what Python and numpy ask for tells; what the start left free is used first.
    """
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415
    from qcvalidate.recheck.lottable import read_lots  # noqa: PLC0415
    from qcvalidate.recheck.partitions import find_partitions, read_texts  # noqa: PLC0415
    from qcvalidate.recheck.resultrows import read_rows  # noqa: PLC0415
    from qcvalidate.recheck.running import Recheck, recheck  # noqa: PLC0415
    from qcvalidate.recheck.tablelots import Course, put_together  # noqa: PLC0415
    from qcvalidate.specification import load_specification  # noqa: PLC0415
    from qcvalidate.vocabulary import load_vocabulary  # noqa: PLC0415

    # As the program itself begins.
    gc.set_threshold(100_000, 20, 20)
    (folder / "many-lots.yaml").write_text(SPECIFICATION, encoding="utf-8")
    catalogue = open_catalogue()
    vocabulary = load_vocabulary(catalogue)
    specification = load_specification(folder / "many-lots.yaml", catalogue, vocabulary)
    results, facts = (_partitions if count > _MANY else write_csv)(folder, count, by_dose=by_dose)

    def judge(table: Path, stated: Path, out: Path) -> float:
        start = time.process_time()
        known = read_lots(read_texts(find_partitions([stated])[0]), catalogue)
        work = Recheck(specification, vocabulary, known, AS_OF, AS_OF, kind=".csv")
        for _ in recheck(find_partitions([table]), work, out, 1):
            pass
        return time.process_time() - start

    # What is read once for a run, such as pandera, is no lot's.
    (folder / "warm").mkdir(exist_ok=True)
    warm = write_csv(folder / "warm", 20)
    judge(*warm, folder / "warm.csv")
    if traced:
        tracemalloc.start()
    seconds = judge(results, facts, folder / f"out-{count}-{by_dose}.csv")
    told = {
        "seconds": seconds,
        "ms": 1000 * seconds / count,
        "mb": _peak(),
        "asked": tracemalloc.get_traced_memory()[1],
    }
    if count == _FEW and not traced:
        rows = read_rows(read_texts(find_partitions([results])[0]), vocabulary)
        known = read_lots(read_texts(find_partitions([facts])[0]), catalogue)
        table = put_together(rows, known, Course(AS_OF))
        told["alone"] = _alone(table, specification, vocabulary)
    return told


def _alone(table: TableLots, specification: Specification, vocabulary: Vocabulary) -> float:
    """Say how many ms a lot takes that is judged as `check` judges it."""
    from qcvalidate.recheck.onelot import judge  # noqa: PLC0415
    from qcvalidate.recheck.stacking import lot_alone  # noqa: PLC0415

    start = time.process_time()
    for lot in range(_ALONE):
        judge(lot_alone(table, lot), specification, vocabulary)
    return 1000 * (time.process_time() - start) / _ALONE


def _partitions(folder: Path, count: int, *, by_dose: bool) -> tuple[Path, Path]:
    """Write the same as Parquet, in twenty files."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table, facts = folder / f"results-{count}", folder / f"lots-{count}.parquet"
    table.mkdir()
    stated: list[tuple[str, ...]] = []
    for part in range(20):
        told: list[tuple[str, ...]] = []
        for lot, chance, harvested in lots(count // 20, part * count // 20):
            stated.append(facts_of(lot, chance, harvested))
            told += results_of(lot, chance, harvested, by_dose=by_dose)
        columns = map(list, zip(*told, strict=True))
        pq.write_table(
            pa.table(dict(zip(RESULTS, columns, strict=True))), table / f"{part:02d}.parquet"
        )
    columns = map(list, zip(*stated, strict=True))
    pq.write_table(pa.table(dict(zip(FACTS, columns, strict=True))), facts)
    return table, facts


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    given = sys.argv[1:]
    print(
        json.dumps(
            _measure(Path(given[0]), int(given[1]), by_dose=given[2] == "1", traced=given[3] == "1")
        )
    )
