"""Reads the statistics of Kaluza as CSV: a row for each gate of each plot of each data set.

%Gated is of the events that a plot shows, and the export does not say which those are; the gate's
Number must prove it. A gate on two plots has two rows, and `All` is a whole plot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qcvalidate.documents import Cell, Document, Table
from qcvalidate.documents.beside import beside_findings
from qcvalidate.locale import UNDECLARED
from qcvalidate.mappings import heading_key
from qcvalidate.readers import Context
from qcvalidate.readers.lineage import Tally, place, share_of
from qcvalidate.readers.persample import PerSample
from qcvalidate.readers.widetable import (
    DEEPEST_HEADER,
    Program,
    body_rows,
    claimed,
    read_sheets,
    tell_beside,
    tell_columns,
)
from qcvalidate.record import Record, Severity

_PROGRAM = Program("Kaluza", "exports.kaluza_table", "gates")
_SAMPLES = ("data set", "sample")
_READ = ("gate", "number", "%gated", "%total")


def claims(document: Document, context: Context) -> bool:
    """Say whether a row of this table heads the statistics of Kaluza."""
    return claimed(document, context, _header)


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each data set's gates.

    Raises `DocumentError` where a heading stands twice, or a row does not fit the header.
    """
    return read_sheets(document, context, _PROGRAM, _header, _rows, place)


def _key(text: str) -> str:
    return heading_key(text).replace("% ", "%")


def _header(table: Table) -> int | None:
    for number, row in enumerate(table.rows[:DEEPEST_HEADER]):
        keys = {_key(cell.text) for cell in row}
        if {"gate", "%gated"} <= keys and keys & set(_SAMPLES):
            return number
    return None


def _rows(table: Table, header: int, context: Context, done: PerSample) -> Iterator[Tally]:
    done.findings += beside_findings(table, done.document.name)
    keys = [_key(cell.text) for cell in table.rows[header]]
    named = next(key for key in _SAMPLES if key in keys)
    rest = [at for at, key in enumerate(keys) if key not in (*_READ, named)]
    texts = [table.rows[header][at].text.strip() for at in rest]
    tell_columns([text for text in texts if text], done, table.name)
    for number, row in body_rows(table, header, keys, done.document.name):
        cells = {key: row[at] for at, key in enumerate(keys) if key}
        sample, gate = cells[named].text.strip(), cells["gate"].text.strip()
        beside = [(text, row[at]) for text, at in zip(texts, rest, strict=True) if at < len(row)]
        tell_beside(sample, beside, context, done)
        if not sample or not gate:
            what = "the row does not name its data set and its gate, and was not read"
            done.tell("field-unreadable", Severity.HOLD, what, f"row {number}")
            continue
        done.add(sample, [])
        tally = _tally(cells, sample, gate, number)
        # A plot shows what its own gate lets through: `All` of it is all events at 100 % alone.
        if tally.whole or heading_key(gate) != "all":
            yield tally


def _tally(cells: Mapping[str, Cell], sample: str, gate: str, number: int) -> Tally:
    total = cells.get("%total")
    share = share_of(total, UNDECLARED)
    everything = heading_key(gate) == "all" and share is not None and share.percent == 100
    return Tally(
        sample,
        gate,
        f"row {number} “{gate}”",
        cells.get("number"),
        None if everything else cells["%gated"],
        total,
        everything,
    )
