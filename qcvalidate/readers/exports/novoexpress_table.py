"""Reads the summary table of NovoExpress: a sample a row, a statistic of a gate a column.

A heading is `Live Count` or `Live % Parent`. No parent is named, so that numbers must prove each.
"""

from __future__ import annotations

import re

from qcvalidate.documents import Document
from qcvalidate.readers import Context
from qcvalidate.readers.labelling import declared
from qcvalidate.readers.widetable import Columns, headed, read_wide
from qcvalidate.record import Record

_READER = "exports.novoexpress_table"
_COLUMNS = Columns(
    "NovoExpress",
    re.compile(
        r"(?P<name>.+?) (?:(?P<volume>Abs\.? ?Count(?: ?\(.+\))?|Count/[uµμm]L)|(?P<count>Count)"
        r"|(?P<parent>% ?Parent)|(?P<total>% ?(?:Total|All))"
        r"|(?P<other>(?:% ?Grandparent|(?:Mean|Median|Geo(?:metric)? ?Mean|CV|rCV|SD|Mode) .+)))",
        re.IGNORECASE,
    ),
    ("specimen", "sample"),
    frozenset(("specimen no.", "well id", "plate", "run time")),
    frozenset(("all",)),
)


def claims(document: Document, context: Context) -> bool:
    """Say whether a row of this table heads the summary of NovoExpress."""
    if declared(document, context.mappings):
        return False
    heads = (cell.text.strip().casefold() for t in document.tables for r in t.rows for cell in r)
    return headed(document, _COLUMNS) and "specimen" in heads


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each sample's populations."""
    return read_wide(document, _COLUMNS, context, _READER)
