"""Reads the summary table of NovoExpress: a sample a row, a statistic of a gate a column.

A heading is `Live Count` or `Live % Parent`. No parent is named, so that numbers must prove each.
"""

from __future__ import annotations

import re

from qcvalidate.documents import Document
from qcvalidate.mappings import heading_key
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers import Context
from qcvalidate.readers.labelling import declared
from qcvalidate.readers.widetable import DEEPEST_HEADER, Columns, headed, read_wide
from qcvalidate.record import Record

_READER = "exports.novoexpress_table"
# One of them tells its summary from anybody's table of specimens and counts.
_OWN = frozenset(("specimen no.", "well id", "run time"))
_COLUMNS = Columns(
    "NovoExpress",
    LazyPattern(
        r"(?P<name>.+?) (?:(?P<volume>Abs\.? ?Count(?: ?\(.+\))?|Count/[uµμm]L)|(?P<count>Count)"
        r"|(?P<parent>% ?Parent)|(?P<total>% ?(?:Total|All))"
        r"|(?P<other>(?:% ?Grandparent|(?:Mean|Median|Geo(?:metric)? ?Mean|CV|rCV|SD|Mode) .+)))",
        re.IGNORECASE,
    ),
    ("specimen", "sample"),
    _OWN | {"plate"},
    frozenset(("all",)),
)


def claims(document: Document, context: Context) -> bool:
    """Say whether a row of this table heads the summary of NovoExpress."""
    return (
        headed(document, _COLUMNS)
        and any(
            "specimen" in keys and keys & _OWN
            for table in document.tables
            for row in table.rows[:DEEPEST_HEADER]
            for keys in ({heading_key(cell.text) for cell in row},)
        )
        and not declared(document, context.mappings)
    )


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each sample's populations."""
    return read_wide(document, _COLUMNS, context, _READER)
