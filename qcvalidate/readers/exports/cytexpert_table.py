"""Reads the statistics of CytExpert: a tube a row, a statistic of a population a column.

A line names the experiment, and a heading is `Viable Events`, `Viable % Parent`. A gate is named
once in an experiment and no parent is named, so that numbers must prove each.
"""

from __future__ import annotations

import re

from qcvalidate.documents import Document
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers import Context
from qcvalidate.readers.labelling import declared
from qcvalidate.readers.widetable import Columns, headed, read_wide
from qcvalidate.record import Record

_READER = "exports.cytexpert_table"
_COLUMNS = Columns(
    "CytExpert",
    LazyPattern(
        r"(?P<name>.+?) (?:(?P<count>Events)|(?P<parent>% ?Parent)|(?P<total>% ?Total)"
        # By the volume that the instrument drew (V), or by beads (B).
        r"|(?P<volume>Events/[uµμ]L ?(?:\([VB]\))?)"
        r"|(?P<other>(?:% ?Grandparent|(?:Mean|Median|Geo ?Mean|CV|rCV|SD|rSD|Mode) .+)))",
        re.IGNORECASE,
    ),
    ("sample id", "tube name"),
    frozenset(("plate", "plate name", "well", "well id")),
    frozenset(("all events",)),
)


def claims(document: Document, context: Context) -> bool:
    """Say whether a row of this table heads the statistics of CytExpert."""
    return headed(document, _COLUMNS) and not declared(document, context.mappings)


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each tube's populations."""
    return read_wide(document, _COLUMNS, context, _READER)
