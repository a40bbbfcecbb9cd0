"""Reads the statistics of FACSDiva as CSV: lines about the tube, then a row for each population.

A population is named once in a tube, and its row names its parent, so that its path is certain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qcvalidate.documents import Cell, Document
from qcvalidate.locale import Locale
from qcvalidate.mappings import heading_key
from qcvalidate.quantity import UnreadableDate, parse_datetime, settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.hierarchy import is_absent, percentage, settle, whole
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Acquisition, Place, Record, Reported, Severity, Share

_READER = "exports.facsdiva_table"
_HEADINGS = {"population", "parent name", "#events", "%parent"}
_ABOUT = ("experiment name", "specimen name", "patient id")
_ROOT = "all events"
_SHARES = ("%parent", "%grand parent", "%total")
# More parents than these are a circle.
_DEEPEST = 100


@dataclass(frozen=True)
class _Row:
    name: str
    parent: str
    cells: Mapping[str, Cell]
    region: str


@dataclass
class _Tube:
    labels: dict[str, str]
    rows: list[_Row]

    @property
    def name(self) -> str:
        """Give the tube's own name, behind its specimen's where there is one."""
        names = [self.labels.get(key, "") for key in ("specimen name", "tube name")]
        return "/".join(name for name in names if name)


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  headings tell enough
    """Say whether a row of this table heads the statistics of FACSDiva."""
    return document.kind == "table" and any(
        {heading_key(cell.text) for cell in row} >= _HEADINGS
        for table in document.tables
        for row in table.rows
    )


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each tube's populations."""
    done = PerSample(document)
    for tube in _tubes(document):
        _report(tube, context.locale, done)
    if not done.reported:
        done.tell("table-empty", Severity.HOLD, "has a header and no populations")
    settle(done)
    return done.record(_READER)


def _tubes(document: Document) -> Iterator[_Tube]:
    """Cut the lines into tubes; each begins with lines of a label and its value."""
    tube: _Tube | None = None
    headings: list[str] = []
    for table in document.tables:
        for number, row in enumerate(table.rows, start=1):
            texts = [heading_key(cell.text) for cell in row]
            if not any(texts):
                continue
            if set(texts) >= _HEADINGS:
                tube = tube or _Tube({}, [])
                headings = texts
            elif headings and ((len(row) > 2 and row[1].text.strip()) or texts[0] == _ROOT):
                assert tube is not None  # noqa: S101  a header made it
                tube.rows.append(_row(row, headings, number))
            else:
                if tube is None or tube.rows:
                    if tube is not None:
                        yield tube
                    tube = _Tube({}, [])
                headings = []
                tube.labels[texts[0]] = row[1].text.strip() if len(row) > 1 else ""
    if tube is not None:
        yield tube


def _row(row: tuple[Cell, ...], headings: list[str], number: int) -> _Row:
    cells = dict(zip(headings, row, strict=False))
    parent = cells["parent name"].text.strip() if "parent name" in cells else ""
    return _Row(cells["population"].text.strip(), parent, cells, f"row {number}")


def _report(tube: _Tube, declared: Locale, done: PerSample) -> None:
    sample = tube.name
    done.add(sample, [])
    locale = settled_locale(
        declared,
        dates=[tube.labels.get("record date", "")],
        numbers=[row.cells[key].text for row in tube.rows for key in _SHARES if key in row.cells],
    )
    measured = _measured(tube, locale, sample, done)
    about = tuple(text for key in _ABOUT if (text := tube.labels.get(key, "")))
    origin = Acquisition(measured_at=measured, about=about)
    parents: dict[str, set[str]] = {}
    for row in tube.rows:
        parents.setdefault(row.name, set()).add(row.parent)
    for row in tube.rows:
        path, doubt = _path(row, parents)
        text = row.cells["#events"].text if "#events" in row.cells else ""
        count = whole(text)
        if count is None and not is_absent(text):
            doubt = doubt or f"“{row.name}” has the count “{text.strip()[:40]}”"
        shares = []
        for depth, key in enumerate(_SHARES[:2], start=1):
            shares += _share(row, key, path[:-depth], locale) if len(path) >= depth else []
        if len(path) > 2:
            shares += _share(row, "%total", (), locale)
        place = Place(done.document.name, region=row.region)
        done.reported.append(
            Reported(sample, path, place, count, tuple(shares), measured, doubt, origin)
        )


def _share(row: _Row, key: str, of: tuple[str, ...], locale: Locale) -> list[Share]:
    cell = row.cells.get(key)
    if cell is None or is_absent(cell.text):
        return []
    percent = percentage(cell.text, locale)
    return [] if percent is None else [Share(of, percent, f"{cell.text.strip()} %")]


def _path(row: _Row, parents: Mapping[str, set[str]]) -> tuple[tuple[str, ...], str | None]:
    """Follow the names of parents to all events."""
    if heading_key(row.name) == _ROOT:
        return (), None
    path = [row.name]
    parent = row.parent
    while heading_key(parent) not in (_ROOT, ""):
        path.insert(0, parent)
        above = parents.get(parent, set())
        if len(above) != 1 or len(path) > _DEEPEST:
            why = "has more than one parent" if above else "has no row of its own"
            why = "lies in itself" if len(path) > _DEEPEST else why
            return tuple(path), f"“{row.name}” lies in “{parent}”, which {why}"
        parent = next(iter(above))
    return tuple(path), None


def _measured(tube: _Tube, locale: Locale, sample: str, done: PerSample) -> dt.datetime | None:
    text = tube.labels.get("record date", "")
    if not text:
        return None
    try:
        return parse_datetime(text, locale)
    except UnreadableDate as error:
        done.tell_of(sample, error.slug, Severity.WARNING, str(error))
        return None
