"""Reads large tables, CSV and Parquet, as columns of texts: each distinct text of a column once.

A table of a million rows has few distinct texts; codes that point at them take four bytes a row.
"""

from __future__ import annotations

import csv
import datetime as dt
import platform
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.files import regular_size, sha256_of

Codes = npt.NDArray[np.int32]

_KINDS = (".csv", ".parquet")
# What other programs leave in a folder of partitions, and what holds no rows.
_LEFT = ("_SUCCESS", "_metadata", "_common_metadata")
# Beside such a folder the files also hold rows that were deleted.
_LOGS = ("_delta_log", ".hoodie")
_MARKS = (",", ";", "\t", "|")
# Rows at once: of a few hundred the cells stay in the processor's cache, which is four times as
# quick as fifty thousand.
_AT_ONCE = 300


@dataclass(frozen=True)
class Column:
    """One column: `values[codes[row]]` is the text of a cell, "" where it is blank.

    `is_number` says that its cells are stored as numbers, whose decimal mark is a point.
    """

    codes: Codes
    values: tuple[str, ...]
    is_number: bool = False

    def text(self, row: int) -> str:
        """Give the text of one cell."""
        return self.values[int(self.codes[row])]


@dataclass(frozen=True)
class Texts:
    """A table of texts: its name, its headings, a column for each, and the number of each row."""

    name: str
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    numbers: npt.NDArray[np.int64]

    @property
    def size(self) -> int:
        """Count the rows."""
        return len(self.numbers)

    def rows(self, heading: str) -> Iterator[str]:
        """Give the texts of one column, row by row."""
        column = self.columns[self.headings.index(heading)]
        return (column.values[code] for code in column.codes.tolist())


@dataclass(frozen=True)
class Partition:
    """One file of a table, by the name that reports use; `keys` are what its folders say of it.

    `sha256` is of the bytes that must stand there, on another machine for instance; None for any.
    """

    path: Path
    name: str
    keys: tuple[tuple[str, str], ...] = ()
    sha256: str | None = None


def find_partitions(paths: Sequence[Path]) -> tuple[Partition, ...]:
    """List the files of these tables in order; a folder is one table of many files.

    What is no table is refused: it may hold rows of the lots beside it.
    """
    found = [one for path in paths for one in _partitions(path)]
    places = [one.path.resolve() for one in found]
    twice = [one for one, place in zip(found, places, strict=True) if places.count(place) > 1]
    if twice:
        raise UsageError(f"{twice[0].path}: is named twice; its rows would count twice")
    return tuple(found)


def _partitions(path: Path) -> Iterator[Partition]:
    if not path.is_dir():
        _refuse_other(path)
        yield Partition(path, path.name)
        return
    below = sorted(path.rglob("*"))
    log = next((one for one in below if one.name in _LOGS), None)
    if log is not None:
        raise UsageError(
            f"{log}: this table keeps a log of its own, and its files also hold rows that were "
            "deleted; export it to plain Parquet files first"
        )
    files = [one for one in below if not one.is_dir() and one.name not in _LEFT]
    files = [one for one in files if not one.name.endswith(".crc")]
    for one in files:
        _refuse_other(one)
        inside = one.relative_to(path)
        keys = [folder.partition("=") for folder in inside.parts[:-1] if "=" in folder]
        yield Partition(one, inside.as_posix(), tuple((key, value) for key, _, value in keys))
    if not files:
        raise UsageError(f"{path}: holds no table; expected {' or '.join(_KINDS)} files")


def _refuse_other(path: Path) -> None:
    try:
        regular_size(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    if path.suffix.lower() not in _KINDS:
        raise UsageError(
            f"{path}: is no {' or '.join(_KINDS)} file; a table that is not read may hold rows of "
            "these lots"
        )


def read_texts(partition: Partition, only: Collection[str] | None = None) -> Texts:
    """Read a file of a table; of the headings `only` these, where they are given.

    Raises `DocumentError` where its cells cannot be told apart.
    """
    read = _read_csv if partition.path.suffix.lower() == ".csv" else _read_parquet
    try:
        _refuse_another(partition)
        texts = read(partition, only)
        _refuse_another(partition)
    except OSError as error:
        message = f"{partition.name}: cannot be read ({error.strerror or error})"
        raise DocumentError(message) from error
    added = [(key, value) for key, value in partition.keys if only is None or key in only]
    nothing = np.zeros(texts.size, dtype=np.int32)
    return Texts(
        texts.name,
        (*texts.headings, *(key for key, _ in added)),
        (*texts.columns, *(Column(nothing, (value,)) for _, value in added)),
        texts.numbers,
    )


def _refuse_another(partition: Partition) -> None:
    if partition.sha256 is not None and sha256_of(partition.path) != partition.sha256:
        raise DocumentError(
            f"{partition.name}: {platform.node()} sees another file under {partition.path} than "
            "the run began with; it changed meanwhile, or not all machines share that folder",
            slug="document-changed",
        )


def headings(partition: Partition) -> tuple[str, ...]:
    """Name the columns of a file of a table, those of its folders among them."""
    if partition.path.suffix.lower() == ".csv":
        found = _read_csv(partition, None, header_only=True).headings
    else:
        found = tuple(_schema(partition).names)
    return (*found, *(key for key, _ in partition.keys))


# --- CSV -----------------------------------------------------------------------------------


class _Known(dict[str, int]):
    """Numbers texts in the order in which they come."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def _read_csv(
    partition: Partition, only: Collection[str] | None, *, header_only: bool = False
) -> Texts:
    name = partition.name
    try:
        with partition.path.open(encoding="utf-8-sig", newline="") as stream:
            mark = _separator(stream.readline(), name)
            stream.seek(0)
            lines = islice(stream, 1) if header_only else stream
            return _cut(csv.reader(lines, delimiter=mark, strict=True), name, only)
    except UnicodeDecodeError as error:
        message = f"{name}: is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise DocumentError(message) from error
    except csv.Error as error:
        message = f"{name}: its cells cannot be told apart ({error}); save it again as CSV"
        raise DocumentError(message) from error


def _separator(line: str, name: str) -> str:
    """Cut the first line by the mark that gives the most cells."""
    found = {mark: len(next(csv.reader([line], delimiter=mark), [])) for mark in _MARKS}
    most = max(found.values())
    best = [mark for mark, cells in found.items() if cells == most]
    if most < 2 or len(best) > 1:
        raise DocumentError(
            f"{name}: its first line is no header of several columns", slug="table-header-unknown"
        )
    return best[0]


def _cut(reader: Any, name: str, only: Collection[str] | None) -> Texts:
    header = [heading.strip() for heading in next(reader)]
    kept = [at for at, heading in enumerate(header) if only is None or heading in only]
    known = [_Known() for _ in kept]
    codes: list[list[Codes]] = [[] for _ in kept]
    numbers: list[npt.NDArray[np.int64]] = []
    start = 2
    while rows := list(islice(reader, _AT_ONCE)):
        at = np.arange(start, start + len(rows), dtype=np.int64)
        start += len(rows)
        if set(map(len, rows)) != {len(header)}:
            rows, at = _filled(rows, at, len(header), name)
        columns = list(zip(*rows, strict=True))
        for place, column in enumerate(kept if columns else ()):
            numbered = map(known[place].__getitem__, columns[column])
            codes[place].append(np.fromiter(numbered, dtype=np.int32, count=len(rows)))
        numbers.append(at)
    empty = np.zeros(0, dtype=np.int32)
    return Texts(
        name,
        tuple(header[at] for at in kept),
        tuple(
            Column(np.concatenate([empty, *parts]), tuple(names))
            for parts, names in zip(codes, known, strict=True)
        ),
        np.concatenate([np.zeros(0, dtype=np.int64), *numbers]),
    )


def _filled(
    rows: list[list[str]], at: npt.NDArray[np.int64], width: int, name: str
) -> tuple[list[list[str]], npt.NDArray[np.int64]]:
    """Leave blank lines out; refuse a row that does not fit under the header."""
    kept = [place for place, row in enumerate(rows) if any(cell.strip() for cell in row)]
    for place in kept:
        if len(rows[place]) != width:
            raise DocumentError(
                f"{name} row {at[place]}: has {len(rows[place])} cells under a header of {width}; "
                "a decimal comma may have cut one in two"
            )
    return [rows[place] for place in kept], at[kept]


# --- Parquet -------------------------------------------------------------------------------


def refuse_without_parquet() -> None:
    """Tell what to install where Parquet cannot be read or written."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - 0.1 s, for Parquet alone
    except ImportError as error:
        raise UsageError(
            "Parquet needs the extra `parquet`: pip install 'qcvalidate[parquet]'"
        ) from error


def _read_parquet(partition: Partition, only: Collection[str] | None) -> Texts:
    schema = _schema(partition)
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    name = partition.name
    kept = [heading for heading in schema.names if only is None or heading in only]
    texts = [one.name for one in schema if one.name in kept and _is_text(pa, one.type)]
    try:
        # Kept as codes from the file on, a million rows never become a million texts.
        with pq.ParquetFile(partition.path, memory_map=True, read_dictionary=texts) as file:
            table = file.read(columns=kept, use_threads=False)
    except pa.ArrowException as error:
        raise DocumentError(f"{name}: is no whole Parquet file ({error})") from error
    columns = [_column(table.column(heading), f"{name} “{heading}”") for heading in kept]
    stripped = tuple(heading.strip() for heading in kept)
    return Texts(name, stripped, tuple(columns), np.arange(1, table.num_rows + 1))


def _schema(partition: Partition) -> Any:
    refuse_without_parquet()
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        schema = pq.read_schema(partition.path, memory_map=True)
    except pa.ArrowException as error:
        raise DocumentError(f"{partition.name}: is no whole Parquet file ({error})") from error
    _refuse_twins(schema.names, partition.name)
    return schema


def _is_text(pa: Any, kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _refuse_twins(headings: Sequence[str], name: str) -> None:
    twice = next((one for one in headings if headings.count(one) > 1), None)
    if twice is not None:
        raise DocumentError(f"{name}: two columns are called “{twice}”", slug="field-conflict")


def _column(chunks: Any, where: str) -> Column:
    if "list" in str(chunks.type) or "struct" in str(chunks.type):
        raise DocumentError(f"{where}: holds {chunks.type} values; expected one text a cell")
    encoded = chunks.dictionary_encode().unify_dictionaries().combine_chunks()
    if not hasattr(encoded, "dictionary"):
        encoded = encoded.chunk(0) if encoded.num_chunks else None
    if encoded is None:
        return Column(np.zeros(0, dtype=np.int32), ())
    found = encoded.dictionary.to_pylist()
    codes = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    texts = [_text(value, where) for value in found]
    numbers = [type(one) in (int, float, Decimal) for one in found]
    return Column(codes.astype(np.int32), (*texts, ""), bool(numbers) and all(numbers))


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: str(value).lower(),
    int: str,
    float: repr,
    Decimal: str,
    dt.date: dt.date.isoformat,
    dt.datetime: lambda value: value.isoformat(sep=" "),
    type(None): lambda _: "",
}


def _text(value: object, where: str) -> str:
    """Give a stored value as the text that a person would have typed."""
    kind = dt.datetime if isinstance(value, dt.datetime) else type(value)
    if kind not in _TEXTS or (isinstance(value, dt.datetime) and value.tzinfo is not None):
        raise DocumentError(
            f"{where}: holds {kind.__name__} values; expected texts, numbers, days, or moments "
            "without a time zone"
        )
    return _TEXTS[kind](value)
