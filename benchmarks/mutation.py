"""Whether one unsafe change of a lot that passes ever leaves it passing, and a harmless one not.

python -m benchmarks.mutation [--unsafe N] [--harmless N] [--kind TEXT]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from benchmarks.mutants.judging import Bench, laboratory
from benchmarks.mutants.tallying import (
    KINDS,
    Tally,
    bases,
    judged_harmless,
    judged_unsafe,
    mutants,
    table,
)
from benchmarks.row import Row

_UNSAFE, _HARMLESS = 10_000, 2_000
_JUDGES = {"unsafe": judged_unsafe, "harmless": judged_harmless}
_WORK = {
    "unsafe": "unsafe changes of passing lots after which they pass still",
    "harmless": "harmless changes of passing lots that move the verdict",
}


def rows() -> list[Row]:
    """Print both tables by kind of change; not one verdict may be wrong."""
    return [_row("unsafe", _UNSAFE), _row("harmless", _HARMLESS)]


def tallied(which: str, count: int, kind: str = "") -> Tally:
    """Make and judge `count` mutants, on all processors; the verdicts do not depend on them."""
    shares = max(1, os.cpu_count() or 1)
    asked = [(which, count, kind, share, shares) for share in range(shares)]
    whole = Tally()
    with ProcessPoolExecutor(shares, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_share, asked):
            whole.join(part)
    return whole


def _share(asked: tuple[str, int, str, int, int]) -> Tally:
    which, count, kind, share, shares = asked
    kinds = {name: found for name, found in KINDS[which].items() if kind in name}
    lots = bases()
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(laboratory(), Path(place))
        for lot in lots:
            bench.keep(lot)
        with bench.remembering():
            made = islice(mutants(kinds, lots, count), share, None, shares)
            return _JUDGES[which](bench, made)


def _row(which: str, count: int) -> Row:
    found = tallied(which, count)
    print(table(found), "", sep="\n")
    _print_wrong(found)
    return Row(_WORK[which], len(found.wrong), found.made, 0, "lots")


def _print_wrong(found: Tally) -> None:
    for said, verdict, why in found.wrong:
        print(f"{verdict}: {said}", *(f"    {line}" for line in why), sep="\n")


def main(arguments: Sequence[str]) -> int:
    """Print one table or both; the exit status is 1 where a verdict is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unsafe", type=int, default=_UNSAFE, metavar="N")
    parser.add_argument("--harmless", type=int, default=_HARMLESS, metavar="N")
    parser.add_argument("--kind", default="", metavar="TEXT", help="only kinds named so")
    given = parser.parse_args(arguments)
    wrong = 0
    for which, count in (("unsafe", given.unsafe), ("harmless", given.harmless)):
        found = tallied(which, count, given.kind)
        print(table(found), "", sep="\n")
        _print_wrong(found)
        wrong += len(found.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
