"""Tells the rows of a table without rulings from what stands apart from it on the same page.

Under the last row stand those who signed, above the first row of the next page its letterhead;
they line up with the columns as often as not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from qcvalidate.readers.certificates.lines import Line
from qcvalidate.readers.certificates.resulttable import Meaning
from qcvalidate.readers.certificates.telling import telling

# Lines within so many line heights may be one row.
_WRAPPED = 1.4
# More than this many times the usual distance of rows is a gap.
_APART = 1.3
# Rows are about so many line heights apart.
_USUAL = 2.0


def between_margins(lines: Sequence[Line], meaning: Meaning, *, continued: bool) -> Sequence[Line]:
    """Leave out the plain lines apart from a table: who signed, and the head of the next page."""
    groups: list[list[Line]] = []
    for line in lines:
        above = groups[-1][-1] if groups else None
        if above is None or _middle(line) - _middle(above) > _WRAPPED * above.blocks[0].height:
            groups.append([])
        groups[-1].append(line)
    telling_ones = [i for i, group in enumerate(groups) if _may_hold_rows(group, meaning)]
    if not telling_ones:
        return [] if continued else lines
    first, last = telling_ones[0] if continued else 0, telling_ones[-1]
    steps = [_middle(below[0]) - _middle(above[-1]) for above, below in pairwise(groups)]
    # One row alone has no distance to the next one.
    usual = median(steps[:last]) if last else _USUAL * groups[0][0].blocks[0].height
    # What goes on at the distance of the rows may be one of them.
    while last + 1 < len(groups) and steps[last] <= _APART * usual:
        last += 1
    return [line for group in groups[first : last + 1] for line in group]


def _may_hold_rows(group: Sequence[Line], meaning: Meaning) -> bool:
    """Say whether lines name a test, measure something, or tell of an outcome.

    A line of one block is prose, or is read as prose: it tells what it tells there.
    """
    return any(
        meaning(block.text) is not None
        or _MEASURED.search(block.text) is not None
        or telling(block.text) is not None
        for line in group
        if len(line.blocks) > 1
        for block in line.blocks
    )


# Not `15 Mill Lane`, and not a date.
_MEASURED = re.compile(
    r"[<>≤≥=%±^]|\d\s*/|\b(?:EU|IU|UI|EE|CFU|KBE|UFC|GC)\b|^[\d.,]+$|\d[x×*·]|\dE"
)


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2
