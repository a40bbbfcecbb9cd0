"""Writes tables as Parquet with pyarrow; the extra `parquet` brings it.

The columns and their types are those of the table, never those of its rows: a run of which nothing
was read has the same schema as any other. docs/tables.md lists them.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

from qcvalidate.reports._filetypes import PARQUET
from qcvalidate.reports._layout import visible
from qcvalidate.reports._tables import Columns, Row

# Arrow's names of the types. A bound may have any number of digits and an exponent, more than a
# decimal of Parquet holds; so it is the nearest binary fraction, with its digits as text beside it.
_TYPES: Mapping[type, str] = {
    str: "string",
    bool: "bool",
    int: "int64",
    float: "float64",
    Decimal: "float64",
    dt.date: "date32",
    dt.datetime: "timestamp[us]",
}
# What a text beside a number is called.
_DIGITS = "_text"
_LARGEST = 2**63


def parquet_bytes(columns: Columns, rows: Iterable[Row], version: str) -> bytes:
    """Write rows as a Parquet file; the same rows give the same bytes with one pyarrow."""
    PARQUET.refuse_absent()
    import pyarrow as pa  # noqa: PLC0415 - 150 MB that few runs need
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in types(columns).items()])
    cells: dict[str, list[object]] = {name: [] for name in schema.names}
    for row in rows:
        for name, kind in columns.items():
            value = row.get(name)
            cells[name].append(None if value is None else _cell(value, kind))
            if kind is Decimal:
                cells[name + _DIGITS].append(None if value is None else _digits(value))
    stream = io.BytesIO()
    # Arrow's own copy of the schema would say nothing that Parquet's does not.
    with pq.ParquetWriter(stream, schema, store_schema=False) as writer:
        writer.write_table(pa.table(cells, schema=schema))
        # It stands at the file's end, by which a report of ours is known.
        writer.add_key_value_metadata({"qcvalidate": visible(version)})
    return stream.getvalue()


def types(columns: Columns) -> dict[str, str]:
    """Give the columns of the file with Arrow's names of their types."""
    found = {}
    for name, kind in columns.items():
        found[name] = _TYPES[kind]
        if kind is Decimal:
            found[name + _DIGITS] = _TYPES[str]
    return found


def _cell(value: object, kind: type) -> object:
    if kind is str:
        return visible(str(value))
    if isinstance(value, int) and not isinstance(value, bool) and not -_LARGEST <= value < _LARGEST:
        # No count is so large; the result's own text keeps it.
        return None
    if isinstance(value, Decimal):
        return _nearest(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dt.datetime):
        # The clock on the wall: Arrow would turn it to that of Greenwich.
        return value.date() if kind is dt.date else value.replace(tzinfo=None)
    return value


def _nearest(value: Decimal) -> float | None:
    """Give the nearest binary fraction; infinity is for open ends alone, and zero for zero."""
    found = float(value)
    lost = value.is_finite() and (math.isinf(found) or (found == 0 and value != 0))
    return None if lost or math.isnan(found) else found


def _digits(value: object) -> str | None:
    """Give a number's own digits; an open end has none."""
    return str(value) if isinstance(value, Decimal) and value.is_finite() else None
