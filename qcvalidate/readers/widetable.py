"""Reads tables with a sample a row and a statistic of a population a column.

CytExpert and NovoExpress head such a column by the population and the statistic, with a blank
between them (`Viable Events`, `Viable % Parent`), and name no parent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from qcvalidate.documents import Cell, Document, Table
from qcvalidate.documents.beside import beside_findings
from qcvalidate.errors import DocumentError
from qcvalidate.locale import Locale
from qcvalidate.mappings import heading_key
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers import Context
from qcvalidate.readers.hierarchy import is_absent
from qcvalidate.readers.labelling import declared
from qcvalidate.readers.lineage import Tally, place
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Record, Severity

# Software writes some lines about itself above its table.
DEEPEST_HEADER = 60
_MOST_HEADINGS = 6
_LONGEST = 80

_Head = TypeVar("_Head")
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Columns:
    """How one program heads its columns.

    `statistic` has the groups `name`, `count`, `parent`, `total`, `volume` and `other` (what is
    no number of cells). `names` are the headings whose cells name a sample together, the last of
    them always; `labels` say what else it is, `roots` what all events are called.
    """

    software: str
    statistic: re.Pattern[str] | LazyPattern
    names: tuple[str, ...]
    labels: frozenset[str]
    roots: frozenset[str]


@dataclass(frozen=True)
class Program:
    """Whose export it is: the program, the reader of it, and what a sheet of it has rows of."""

    software: str
    reader: str
    rows: str


@dataclass(frozen=True)
class _Header:
    row: int
    keys: tuple[str, ...]
    texts: tuple[str, ...]
    statistics: Mapping[int, tuple[str, str]]

    def of(self, kind: str) -> list[int]:
        """Give the columns of one kind of statistic."""
        return [at for at, (_, one) in self.statistics.items() if one == kind]


def headed(document: Document, columns: Columns) -> bool:
    """Say whether a sheet of this document has the headings of this program."""
    return document.kind == "table" and any(
        _header(table, columns) is not None for table in document.tables
    )


def claimed(document: Document, context: Context, header: Callable[[Table], int | None]) -> bool:
    """Say whether a sheet has a header of this kind, and no declared mapping reads it."""
    return (
        document.kind == "table"
        and any(header(table) is not None for table in document.tables)
        and not declared(document, context.mappings)
    )


def read_wide(document: Document, columns: Columns, context: Context, reader: str) -> Record:
    """Give the counts and shares of each sample's populations.

    Raises `DocumentError` where a heading stands twice, or a row does not fit the header.
    """
    return read_sheets(
        document,
        context,
        Program(columns.software, reader, "samples"),
        partial(_header, columns=columns),
        partial(_rows, columns=columns),
        place,
    )


def read_sheets(
    document: Document,
    context: Context,
    program: Program,
    header: Callable[[Table], _Head | None],
    rows: Callable[[Table, _Head, Context, PerSample], Iterable[_Row]],
    report: Callable[[Sequence[_Row], Locale, PerSample], None],
) -> Record:
    """Read every sheet that has a header, then report the rows of all together."""
    done = PerSample(document)
    found: list[_Row] = []
    for table in document.tables:
        head = header(table)
        if head is None:
            _tell_unknown_sheet(table, program.software, done)
        else:
            found += rows(table, head, context, done)
    report(found, context.locale, done)
    if not done.samples:
        done.tell("table-empty", Severity.HOLD, f"has a header and no {program.rows}")
    return done.record(program.reader)


def body_rows(
    table: Table, header: int, keys: Sequence[str], name: str
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Give the rows under a header with their numbers.

    Raises `DocumentError` where a heading stands twice, where a row does not fit the header, or
    where a second table begins.
    """
    times = Counter(key for key in keys if key)
    for at, key in enumerate(keys):
        if times[key] > 1:
            raise _headed_twice(name, table.rows[header][at].text.strip())
    width = max(at + 1 for at, key in enumerate(keys) if key)
    start = next(at for at, key in enumerate(keys) if key)
    for number, row in enumerate(table.rows[header + 1 :], start=header + 2):
        if not any(cell.text.strip() for cell in row):
            continue
        if len(row) > start and heading_key(row[start].text) == heading_key(
            table.rows[header][start].text
        ):
            raise DocumentError(
                f"{name} row {number}: a second table begins there; export each into a file of "
                "its own"
            )
        if len(row) < width or any(cell.text.strip() for cell in row[len(keys) :]):
            raise DocumentError(
                f"{name} row {number}: has {len(row)} cells under a header of {width}; the file "
                "ends too early, or a decimal comma has cut a cell in two"
            )
        yield number, row


def _headed_twice(name: str, heading: str) -> DocumentError:
    return DocumentError(
        f"{name}: two columns are headed “{heading}”; leave one of them out", slug="field-conflict"
    )


def tell_volume(headings: Sequence[str], done: PerSample) -> None:
    """Tell that concentrations stand there: nobody says whether they hold the dilution."""
    if headings:
        shown = ", ".join(f"“{heading}”" for heading in headings[:_MOST_HEADINGS])
        what = (
            f"the concentrations under {shown} were not read: the export does not say whether they "
            "hold the dilution; declare it in a column mapping, if a criterion asks for them"
        )
        done.tell("dilution-unstated", Severity.INFORMATION, what)


def tell_columns(headings: Sequence[str], done: PerSample, sheet: str) -> None:
    """Tell which columns are no number of cells and were not read."""
    if headings:
        shown = ", ".join(f"“{text}”" for text in headings[:_MOST_HEADINGS])
        more = f" and {len(headings) - _MOST_HEADINGS} more"
        more = more if len(headings) > _MOST_HEADINGS else ""
        what = f"columns that are no count and no share of cells were not read: {shown}{more}"
        done.tell("table-header-unknown", Severity.INFORMATION, what, sheet)


def tell_beside(
    sample: str, cells: Sequence[tuple[str, Cell]], context: Context, done: PerSample
) -> None:
    """Hold on words that are not good in columns that are not read, or that have no heading."""
    for heading, cell in cells:
        text = " ".join(cell.text.split())[:_LONGEST]
        if text and not heading:
            what = f"“{text}” stands in a column without a heading, and was not read"
            done.tell_of(sample, "table-header-unknown", Severity.HOLD, what, cell.region)
        elif context.vocabulary.alarms(text):
            what = f"“{text}” stands under {heading}; it is not read, so look at it"
            done.tell_of(sample, "row-remarked", Severity.HOLD, what, cell.region)


def _tell_unknown_sheet(table: Table, software: str, done: PerSample) -> None:
    """Hold on a sheet beside the export that is none of it."""
    if any(cell.text.strip() for row in table.rows for cell in row):
        what = (
            f"the sheet {table.name} has no headings of {software} and was not read; look at it, "
            "or take it out of the workbook"
        )
        done.tell("table-header-unknown", Severity.HOLD, what, table.name)


def _header(table: Table, columns: Columns) -> _Header | None:
    for number, row in enumerate(table.rows[:DEEPEST_HEADER]):
        keys = tuple(heading_key(cell.text) for cell in row)
        if columns.names[-1] not in keys:
            continue
        texts = tuple(" ".join(cell.text.split()) for cell in row)
        found = {
            at: one
            for at, text in enumerate(texts)
            if keys[at] not in columns.names
            and keys[at] not in columns.labels
            and (one := _statistic(text, columns.statistic)) is not None
        }
        if any(kind != "other" for _, kind in found.values()):
            return _Header(number, keys, texts, found)
    return None


def _statistic(heading: str, pattern: re.Pattern[str] | LazyPattern) -> tuple[str, str] | None:
    match = pattern.fullmatch(heading)
    if match is None:
        return None
    kinds = ("count", "parent", "total", "volume", "other")
    return match["name"], next(kind for kind in kinds if match[kind])


def _rows(
    table: Table, header: _Header, context: Context, done: PerSample, *, columns: Columns
) -> Iterator[Tally]:
    name = done.document.name
    done.findings += beside_findings(table, name)
    times = Counter(header.statistics.values())
    for at, one in header.statistics.items():
        # `% Parent` and `%Parent` are one statistic; of the others none is read.
        if times[one] > 1 and one[1] not in ("other", "volume"):
            raise _headed_twice(name, header.texts[at])
    volume = header.of("volume")
    read = {*header.of("count"), *header.of("parent"), *header.of("total"), *volume}
    read |= {at for at, key in enumerate(header.keys) if key in columns.names}
    rest = [at for at in range(len(header.keys)) if at not in read]
    silent = {*columns.labels, ""}
    unread = [header.texts[at] for at in rest if header.keys[at] not in silent]
    tell_columns(unread, done, table.name)
    volumes: dict[str, None] = {}
    for number, row in body_rows(table, header.row, header.keys, name):
        sample = _named(row, header, columns)
        done.add(sample, [])
        beside = [(header.texts[at], row[at]) for at in rest if at < len(row)]
        tell_beside(sample, beside, context, done)
        volumes |= {header.texts[at]: None for at in volume if not is_absent(row[at].text)}
        yield from _tallies(row, sample, number, header, columns)
    tell_volume(list(volumes), done)


def _named(row: tuple[Cell, ...], header: _Header, columns: Columns) -> str:
    """Join what names a sample: of a specimen its tube; the same word twice is one."""
    texts = [
        row[header.keys.index(key)].text.strip() for key in columns.names if key in header.keys
    ]
    return "/".join(dict.fromkeys(text for text in texts if text))


def _tallies(
    row: tuple[Cell, ...], sample: str, number: int, header: _Header, columns: Columns
) -> Iterator[Tally]:
    found: dict[str, dict[str, Cell]] = {}
    for at, (name, kind) in header.statistics.items():
        if kind in ("count", "parent", "total"):
            found.setdefault(name, {})[kind] = row[at]
    for name, cells in found.items():
        yield Tally(
            sample,
            name,
            f"row {number} “{name}”",
            cells.get("count"),
            cells.get("parent"),
            cells.get("total"),
            heading_key(name) in columns.roots,
        )
