"""Turns a table whose tests stand side by side, with a fact of each on every line below.

`Method`, `Acceptance criterion` and `Result` are then columns, and every test has its row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.resulttable import Column, Meaning, ResultTable

# Fewer tests side by side need no turning, and fewer facts are a row of results.
_FEWEST = 2
# What a line of facts says of its tests; at least one of them tells such a table.
_FACTS = frozenset(("method", "specification", "unit", "verdict", "status", "started", "ended"))


def upright(table: ResultTable, meaning: Meaning) -> ResultTable:
    """Give the table with a row for each test; one that does not stand on its side stays."""
    first, *tests = table.columns
    if first.meaning == "test_column" or len(tests) < _FEWEST:
        return table
    if any(column.meaning != "test_column" or column.block is None for column in tests):
        return table
    names = [row[0] for row in table.rows]
    meanings = [_meaning(name, meaning) for name in names]
    if "result" not in meanings or not _FACTS.intersection(filter(None, meanings)):
        return table
    columns = [Column("Test", "test", first.left, first.right)]
    columns += [
        Column(name.text if name is not None else "", said, first.left, first.right, name)
        for name, said in zip(names, meanings, strict=True)
    ]
    turned = ResultTable(tuple(columns), ruled=table.ruled, muddled=table.muddled)
    for at, column in enumerate(tests, start=1):
        turned.add([column.block, *[row[at] for row in table.rows]])
    turned.words |= table.words
    return turned


def _meaning(name: Block | None, meaning: Meaning) -> str | None:
    said = meaning(name.text) if name is not None else None
    return None if said == "test_column" else said


def with_facts(
    columns: Sequence[Column], left_of: Callable[[float], tuple[float, float] | None]
) -> tuple[Column, ...]:
    """Add the column of facts that stands left of tests side by side, without a heading.

    `left_of` gives its edges, in points, for the left edge of the first test; None for none.
    """
    if len(columns) < _FEWEST or any(column.meaning != "test_column" for column in columns):
        return tuple(columns)
    edges = left_of(columns[0].left)
    return tuple(columns) if edges is None else (Column("", None, *edges), *columns)


def named_facts(table: ResultTable) -> ResultTable:
    """Let the column of facts name its rows, where they are no facts: samples, say."""
    first, *others = table.columns
    if first.heading or first.meaning or any(c.meaning != "test_column" for c in others):
        return table
    return replace(table, columns=(replace(first, meaning="named"), *others))
