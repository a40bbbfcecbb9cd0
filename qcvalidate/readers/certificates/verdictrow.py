"""Finds the verdicts that stand under results, where tests stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.resulttable import ResultTable


def verdicts_below(
    table: ResultTable, meanings: Sequence[str | None], phrasebook: Phrasebook
) -> Mapping[int, Block]:
    """Give the verdict of each test where tests stand side by side over one row of results.

    The row of verdicts is the last, and judges every result: else it is a row like the others.
    """
    rows = table.rows
    if len(rows) != 2 or any(meaning != "test_column" for meaning in meanings):
        return {}
    results, verdicts = rows
    if any((one is None) != (two is None) for one, two in zip(results, verdicts, strict=True)):
        return {}
    said = {i: block for i, block in enumerate(verdicts) if block is not None}
    if not all(phrasebook.verdict(block.text) for block in said.values()):
        return {}
    told = any(phrasebook.verdict(block.text) for block in results if block is not None)
    return {} if told else said
