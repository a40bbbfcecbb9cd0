"""Runs every benchmark: `python -m benchmarks [NAME...]`; the exit status is 1 on a missed budget.

A benchmark is a module of this folder with a function `rows() -> list[Row]`.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

import benchmarks
from benchmarks.row import Row


def main(names: Sequence[str]) -> int:
    """Run the named benchmarks, or all of them, and print one table."""
    found = {module.__name__.removeprefix("benchmarks."): module for module in _benchmarks()}
    unknown = sorted(set(names) - set(found))
    if unknown:
        print(f"{', '.join(unknown)}: no such benchmark; there are {', '.join(found)}")
        return 2
    rows = [
        row for name, module in found.items() if name in (names or found) for row in module.rows()
    ]
    print(table(rows))
    return 0 if rows and all(row.met for row in rows) else 1


def table(rows: Sequence[Row]) -> str:
    """Lay the rows out as the Markdown table that stands in the README."""
    lines = [("work", "ours", "other", "ratio", "budget", "met"), ("---",) * 6]
    lines += [
        (
            row.work,
            f"{row.ours:.3g} {row.unit}",
            f"{row.other:.3g} {row.unit}",
            f"{row.ratio:.3g}",
            f"{row.budget:.3g}",
            "yes" if row.met else "NO",
        )
        for row in rows
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _benchmarks() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(benchmarks.__path__):
        if found.name == "__main__":
            continue
        module = importlib.import_module(f"benchmarks.{found.name}")
        if hasattr(module, "rows"):
            yield module


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
