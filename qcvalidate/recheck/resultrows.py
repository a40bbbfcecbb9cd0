"""Reads a large table of results, one result a row: each distinct content of a row once.

A million rows say few different things. What a row says apart from its lot, its sample, its days
and its place is its content; what the readers make of that is the same wherever it stands.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qcvalidate.documents import Cell, Table
from qcvalidate.donors import names_person, person_of_sample
from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.frames import Observation
from qcvalidate.locale import Locale
from qcvalidate.quantity import UnreadableDate, parse_date, parse_datetime, settled_locale
from qcvalidate.readers.exports.results_table import is_quiet, read_row
from qcvalidate.readers.resultcolumns import Layout, layout_of, refuse_twins
from qcvalidate.recheck.archive import CONTENT, Archive, archive_of
from qcvalidate.recheck.partitions import Codes, Column, Texts
from qcvalidate.record import Finding, Role, UnreadResult
from qcvalidate.vocabulary import Vocabulary

# What `readers.entries` reads of a row, apart from its days and its sample.
_CONTENT = (
    "test", "part", "role", "method", "result", "unit", "status", "verdict", "specimen_of",
    "state", "reading", "day", "turbidity", "organism", "lower", "upper", "numerator",
    "denominator", "dilution", "valid_dilution", "sensitivity", "uncertainty", "ratio",
)  # fmt: skip
DAYS = ("started", "ended", "sampled")
MOMENT = "measured_at"
_READ = (*_CONTENT, *DAYS, MOMENT, "lot", "sample_id")

Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Content:
    """What the readers make of a row but for its lot, sample, days and place.

    `observation` is None where its test is not known. A `certain` one was read without a word
    being said about it.
    """

    observation: Observation | None
    certain: bool


@dataclass(frozen=True)
class Dated:
    """The days of one column: `times` has each row's, and `certain` says which were read.

    A blank cell is read, and is no time (NaT).
    """

    times: Times
    certain: Flags


@dataclass(frozen=True)
class ResultRows:
    """The rows of one table of results; `content[row]` is the number of its content.

    `quiet` says of which rows nothing stands in a column that is not read; `verdicts` is what an
    archive of ours says of each row's lot, None for any other table.
    """

    texts: Texts
    layout: Layout
    vocabulary: Vocabulary
    locale: Locale
    contents: tuple[Content, ...]
    content: Codes
    quiet: Flags
    days: Mapping[str, Dated]
    archive: Archive | None = None

    @property
    def lots(self) -> Column:
        """The column of lot numbers."""
        return self.texts.columns[self.layout.roles["lot"]]

    @property
    def samples(self) -> Column | None:
        """The column of the samples' names."""
        at = self.layout.roles.get("sample_id")
        return None if at is None else self.texts.columns[at]

    @property
    def verdicts(self) -> Column | None:
        """What an archive of ours says of the lot of each row, None for any other table."""
        return None if self.archive is None else self.archive.verdicts

    def read(self, row: int) -> tuple[list[Observation], list[Finding], list[UnreadResult]]:
        """Read one row with all that stands in it, each thing with its place."""
        content = self.contents[self.content[row]]
        found = content.observation
        if self.archive is not None:
            return ([self._placed(found, row)] if found else []), [], []
        if found and content.certain and self.quiet[row] and self._is_dated(row):
            return [self._placed(found, row)], [], []
        words = (self.vocabulary, self.locale)
        cells = self._cells(row)
        table = Table(self.texts.name, (self._header,))
        seen, findings, unread = read_row(cells, self.layout, table, self.texts.name, words)
        return [_of_person(one) for one in seen], findings, unread

    def place(self, row: int) -> str:
        """Name a row as the readers name its result."""
        heading = self.texts.headings[self.layout.roles["result"]]
        return f"row {self.texts.numbers[row]} “{heading}”"

    def _is_dated(self, row: int) -> bool:
        return all(bool(dated.certain[row]) for dated in self.days.values())

    def _placed(self, found: Observation, row: int) -> Observation:
        told: dict[str, object] = {
            "source": self.texts.name,
            "region": self.place(row),
            "lot": self.lots.text(row).strip() or None,
            "sample_id": (self.samples.text(row).strip() if self.samples else "") or None,
        }
        for role, dated in self.days.items():
            time = dated.times[row]
            told[role] = None if np.isnat(time) else time.item()
        if self.archive is not None:
            told |= self.archive.place(row)
        return with_values(found, told)

    @cached_property
    def _header(self) -> tuple[Cell, ...]:
        return tuple(Cell(heading, "") for heading in self.texts.headings)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        number = self.texts.numbers[row]
        return tuple(
            Cell(column.text(row), f"row {number} “{heading}”", number=column.is_number)
            for heading, column in zip(self.texts.headings, self.texts.columns, strict=True)
        )


def _of_person(row: Observation) -> Observation:
    """Let a sample's name say whose specimen it is, as where the papers of a lot are gathered."""
    if row.specimen_of is not None or not row.sample_id:
        return row
    return replace(row, specimen_of=person_of_sample(row.sample_id))


def with_values(found: Observation, values: Mapping[str, object]) -> Observation:
    """Give an observation with other values; `dataclasses.replace` takes twenty times as long."""
    made = object.__new__(Observation)
    made.__dict__.update(found.__dict__)
    made.__dict__.update(values)
    return made


def read_rows(texts: Texts, vocabulary: Vocabulary, left_out: Collection[str] = ()) -> ResultRows:
    """Read a table of results; `left_out` are headings that the user says mean nothing.

    Raises `DocumentError` where it is no such table, has a column that nobody knows, or a row
    without a lot: such a row may be any lot's.
    """
    archive = archive_of(texts)
    layout = archive.layout if archive else _layout(texts, vocabulary, left_out)
    _refuse_without_lot(texts, layout)
    locale = _locale(texts, layout)
    content, firsts = _distinct(
        [texts.columns[at] for at in _content_columns(layout, archive)], texts.size
    )
    found = ResultRows(
        texts,
        layout,
        vocabulary,
        locale,
        (),
        content,
        _quiet(texts, layout, vocabulary, archive),
        {role: _dated(texts, layout, role, locale) for role in (*DAYS, MOMENT)},
        archive,
    )
    contents = (
        archive.contents(firsts.tolist(), vocabulary) if archive else _contents(found, firsts)
    )
    return replace(found, contents=tuple(Content(*one) for one in contents))


# --- the columns ---------------------------------------------------------------------------


def _layout(texts: Texts, vocabulary: Vocabulary, left_out: Collection[str]) -> Layout:
    name = texts.name
    # A heading that is left out is neither read nor looked at.
    _refuse_left_out(texts, vocabulary, left_out)
    header = tuple(Cell("" if one in left_out else one, "") for one in texts.headings)
    table = Table(name, (header,))
    layout = layout_of(table, vocabulary)
    lacking = [role for role in ("lot", "test", "result") if layout and role not in layout.roles]
    if layout is None or lacking:
        wanted = " and ".join(lacking) or "lot, test and result"
        raise DocumentError(
            f"{name}: has no column for {wanted}; a table of results has one result a row, with "
            "columns Lot, Test, Result and Unit",
            slug="table-header-unknown",
        )
    refuse_twins(table, layout, name, vocabulary)
    unheaded = [at for at, one in enumerate(texts.headings) if not one and at in layout.unheaded]
    if unheaded:
        message = f"{name}: column {unheaded[0] + 1} has no heading; give it one, or take it out"
        raise DocumentError(message, slug="table-header-unknown")
    if layout.unread:
        raise DocumentError(
            f"{name}: the columns {_told(layout.unread.values())} name nothing that we know; "
            "correct them, or name each with --leave-out to say that it means nothing",
            slug="table-header-unknown",
        )
    return replace(layout, unheaded=())


def _refuse_left_out(texts: Texts, vocabulary: Vocabulary, left_out: Collection[str]) -> None:
    """Leave out nothing that is read: without its status a running test would be a final one."""
    header = tuple(Cell(heading, "") for heading in texts.headings)
    layout = layout_of(Table(texts.name, (header,)), vocabulary)
    if layout is None:
        return
    apart = {texts.headings[at] for at in layout.others if at not in layout.roles.values()}
    known = [one for one in texts.headings if one in left_out and one not in apart]
    if known:
        raise UsageError(
            f"{texts.name}: --leave-out “{known[0]}”: what this column says is read, and counts"
        )


def _told(headings: Collection[str]) -> str:
    near = {one: difflib.get_close_matches(one.casefold(), _READ, n=1) for one in headings}
    return ", ".join(
        f"“{one}” (did you mean {found[0]}?)" if found else f"“{one}”"
        for one, found in near.items()
    )


def _refuse_without_lot(texts: Texts, layout: Layout) -> None:
    column = texts.columns[layout.roles["lot"]]
    blank = [at for at, text in enumerate(column.values) if not text.strip()]
    rows = np.flatnonzero(np.isin(column.codes, blank))
    if len(rows):
        first = ", ".join(str(texts.numbers[row]) for row in rows[:5])
        raise DocumentError(
            f"{texts.name}: {len(rows)} rows name no lot (row {first}{', ...' * (len(rows) > 5)}), "
            "and may be any lot's; give each its lot, or take it out",
            slug="lot-unstated",
        )


def _content_columns(layout: Layout, archive: Archive | None) -> list[int]:
    wanted = CONTENT if archive else _CONTENT
    return [layout.roles[role] for role in wanted if role in layout.roles]


def _locale(texts: Texts, layout: Layout) -> Locale:
    """Settle dates and decimal marks from the table's own cells."""
    dates = [texts.columns[layout.roles[role]] for role in (*DAYS, MOMENT) if role in layout.roles]
    result = texts.columns[layout.roles["result"]]
    return settled_locale(
        Locale(),
        dates=[text for column in dates for text in column.values if not _ISO.fullmatch(text)],
        numbers=[] if result.is_number else result.values,
    )


# --- the rows ------------------------------------------------------------------------------


def _distinct(columns: Sequence[Column], size: int) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Number the distinct rows of some columns; give each number's first row with them."""
    codes = np.zeros(size, dtype=np.int64)
    for column in columns:
        codes = joined(codes, column.codes)
    return codes.astype(np.int32), first_of(codes)


def joined(
    one: npt.NDArray[np.int64], other: npt.NDArray[np.integer[Any]]
) -> npt.NDArray[np.int64]:
    """Number the distinct pairs of two columns of numbers, each not below -1."""
    low = other.astype(np.int64) + 1
    width = int(low.max(initial=0)) + 1
    return pd.factorize(one * width + low)[0].astype(np.int64)


def first_of(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give the first row of each number, of numbers that were given in their order."""
    firsts = np.full(int(codes.max(initial=-1)) + 1, len(codes), dtype=np.int64)
    np.minimum.at(firsts, codes, np.arange(len(codes)))
    return firsts


def _contents(
    found: ResultRows, firsts: npt.NDArray[np.int64]
) -> list[tuple[Observation | None, bool]]:
    """Read the first row of each content, with nothing in the columns that content leaves out."""
    kept = set(_content_columns(found.layout, None))
    table = Table(found.texts.name, (found._header,))
    words = (found.vocabulary, found.locale)
    contents: list[tuple[Observation | None, bool]] = []
    for row in firsts.tolist():
        cells = tuple(
            cell if at in kept else Cell("", cell.region)
            for at, cell in enumerate(found._cells(row))
        )
        observations, findings, unread = read_row(cells, found.layout, table, "", words)
        certain = len(observations) == 1 and not findings and not unread
        contents.append((observations[0] if observations else None, certain))
    return contents


def _quiet(texts: Texts, layout: Layout, vocabulary: Vocabulary, archive: Archive | None) -> Flags:
    quiet = np.ones(texts.size, dtype=bool)
    if "sample_id" in layout.roles:
        samples = texts.columns[layout.roles["sample_id"]]
        mute = [_is_mute(text, vocabulary) for text in samples.values]
        quiet &= np.array(mute, dtype=bool)[samples.codes]
    if archive is not None:
        return quiet
    for at in {*layout.others, *layout.remarks}:
        column = texts.columns[at]
        width = len(texts.columns)
        told = [is_quiet(text, at, layout, "", vocabulary, width) for text in column.values]
        quiet &= np.array(told, dtype=bool)[column.codes]
    return quiet


# What every order of days reads alike; each moment of a large table is another one.
_ISO = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(?P<time>[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")


def _plain_time(text: str, role: str) -> dt.date | None:
    """Read a day, or for a moment a day and a time, as ISO 8601 writes it; None for any other."""
    match = _ISO.fullmatch(text)
    if match is None or (match["time"] is None) is (role == MOMENT):
        return None
    try:
        return dt.datetime.fromisoformat(text) if role == MOMENT else dt.date.fromisoformat(text)
    except ValueError:
        return None


def _is_mute(sample: str, vocabulary: Vocabulary) -> bool:
    """Say whether a sample's name tells neither of a control nor of a person."""
    return vocabulary.role(sample) in (None, Role.SAMPLE) and not names_person(sample)


def _dated(texts: Texts, layout: Layout, role: str, locale: Locale) -> Dated:
    unit = "us" if role == MOMENT else "D"
    if role not in layout.roles:
        nothing = np.full(texts.size, np.datetime64("NaT"), dtype=f"datetime64[{unit}]")
        return Dated(nothing, np.ones(texts.size, dtype=bool))
    column = texts.columns[layout.roles[role]]
    parse: Callable[[str, Locale], dt.date] = parse_datetime if role == MOMENT else parse_date
    times: list[dt.date | None] = []
    certain: list[bool] = []
    for text in column.values:
        plain = _plain_time(text, role)
        try:
            times.append(plain or (parse(text.strip(), locale) if text.strip() else None))
            certain.append(True)
        except UnreadableDate:
            times.append(None)
            certain.append(False)
    values = np.array(times, dtype=f"datetime64[{unit}]")
    return Dated(values[column.codes], np.array(certain, dtype=bool)[column.codes])
