"""Reads the statistics of MACSQuantify: a row for each population, called by its full path.

`sample.0001\\P1\\P2` says where a population lies. Of which events `%-#` is a share is not said;
counts or concentrations of the same sample, which have one volume, must agree with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qcvalidate.documents import Cell, Document, Table
from qcvalidate.documents.beside import beside_findings
from qcvalidate.locale import Locale
from qcvalidate.mappings import heading_key
from qcvalidate.numerals import UnreadableQuantity, read_number
from qcvalidate.quantity import settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.counting import Interval, printed
from qcvalidate.readers.hierarchy import is_absent, settle, whole
from qcvalidate.readers.lineage import locale_of, share_of, unread
from qcvalidate.readers.persample import PerSample
from qcvalidate.readers.widetable import (
    DEEPEST_HEADER,
    Program,
    body_rows,
    claimed,
    read_sheets,
    tell_beside,
    tell_columns,
    tell_volume,
)
from qcvalidate.record import Place, Record, Reported, Severity, Share

_PROGRAM = Program("MACSQuantify", "exports.macsquantify_table", "populations")
_PATH, _SHARE, _COUNT, _VOLUME = "full path", "%-#", "#", "count/ml"
_WELL = "wid"

Path = tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    sample: str
    path: Path
    region: str
    cells: Mapping[str, Cell]

    @property
    def name(self) -> str:
        """Name the population for a message."""
        return "/".join(self.path) or "all events"


def claims(document: Document, context: Context) -> bool:
    """Say whether a sheet of this workbook heads the statistics of MACSQuantify."""
    return claimed(document, context, _header)


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each sample's populations.

    Raises `DocumentError` where a heading stands twice, or a row does not fit the header.
    """
    return read_sheets(document, context, _PROGRAM, _header, _rows, _report)


def _header(table: Table) -> int | None:
    for number, row in enumerate(table.rows[:DEEPEST_HEADER]):
        if {_PATH, _SHARE} <= {heading_key(cell.text) for cell in row}:
            return number
    return None


def _without_bare(table: Table, found: Sequence[_Row]) -> Table:
    """Leave out the rows of a path alone: a sample or population without numbers is no remark."""
    samples = {row.sample for row in found if row.path}
    kept = []
    for row in table.rows:
        filled = [cell.text for cell in row if cell.text.strip()]
        if len(filled) != 1 or filled[0].split("\\")[0].strip() not in samples:
            kept.append(row)
    return replace(table, rows=tuple(kept))


def _rows(table: Table, header: int, context: Context, done: PerSample) -> list[_Row]:
    keys = [heading_key(cell.text) for cell in table.rows[header]]
    known = (_PATH, _SHARE, _COUNT, _VOLUME, _WELL)
    rest = [at for at, key in enumerate(keys) if key not in known]
    texts = [table.rows[header][at].text.strip() for at in rest]
    tell_columns([text for text in texts if text], done, table.name)
    found = []
    for number, row in body_rows(table, header, keys, done.document.name):
        cells = {key: row[at] for at, key in enumerate(keys) if key}
        sample, *path = (part.strip() for part in cells[_PATH].text.split("\\"))
        region = f"{table.name} row {number}"
        beside = [(text, row[at]) for text, at in zip(texts, rest, strict=True) if at < len(row)]
        tell_beside(sample, beside, context, done)
        if not sample or not all(path):
            said = cells[_PATH].text.strip()[:80]
            what = f"“{said}” is no full path of a population; the row was not read"
            done.tell("field-unreadable", Severity.HOLD, what, region)
            continue
        done.add(sample, [])
        found.append(_Row(sample, tuple(path), f"{region} “{'/'.join(path)}”", cells))
    if any(_VOLUME in row.cells and not is_absent(row.cells[_VOLUME].text) for row in found):
        tell_volume([table.rows[header][keys.index(_VOLUME)].text.strip()], done)
    done.findings += beside_findings(_without_bare(table, found), done.document.name)
    return found


def _report(rows: Sequence[_Row], declared_locale: Locale, done: PerSample) -> None:
    locale = locale_of((row.cells[_SHARE] for row in rows), declared_locale)
    volumes = [row.cells[_VOLUME] for row in rows if _VOLUME in row.cells]
    marks = settled_locale(
        locale, dates=[], numbers=[cell.text for cell in volumes if not cell.number]
    )
    first: dict[tuple[str, Path], _Row] = {}
    for row in rows:
        first.setdefault((row.sample, row.path), row)
    unproved: dict[tuple[str, Path], str] = {}
    for row in rows:
        count = row.cells.get(_COUNT)
        doubt = unread(row.name, count, (row.cells[_SHARE],), locale) or None
        share = share_of(row.cells[_SHARE], locale)
        of = _base(row, share, first, marks) if share and row.path else None
        if isinstance(of, str):
            doubt, of = doubt or of, None
        elif share is not None and of is None and row.path:
            unproved[row.sample, row.path] = share.text
        shares = (replace(share, of=of),) if share and of is not None and row.path else ()
        done.reported.append(
            Reported(
                row.sample,
                row.path,
                Place(done.document.name, region=row.region),
                None if count is None else whole(count.text),
                shares,
                doubt=doubt,
            )
        )
    settle(done)
    _doubt(unproved, done)


# --- of which events a percentage is -------------------------------------------------------


def _base(
    row: _Row, share: Share, first: Mapping[tuple[str, Path], _Row], locale: Locale
) -> Path | str | None:
    """Give the population that `%-#` is of: the parent, else all events.

    None where nothing says it, and words where the numbers that are there contradict it.
    """
    held = []
    for of in dict.fromkeys((row.path[:-1], ())):
        base = first.get((row.sample, of))
        for kind in (_COUNT, _VOLUME) if base is not None else ():
            part, whole_of = _amount(row, kind, locale), _amount(base, kind, locale)
            if part is None or whole_of is None or whole_of[0] <= 0:
                continue
            if _makes(part, whole_of, share):
                return of
            held.append("/".join(of) or "all events")
            break
    if held:
        return f"“{row.name}” has {share.text} under {_SHARE}, which its numbers and those of " + (
            f"{' and '.join(f'“{name}”' for name in held)} do not make"
        )
    # Of a gate on all events, both are the same.
    return () if len(row.path) == 1 else None


def _amount(row: _Row | None, kind: str, locale: Locale) -> Interval | None:
    """Give what the count or the concentration of a population may have been."""
    cell = None if row is None else row.cells.get(kind)
    if cell is None or is_absent(cell.text):
        return None
    if kind == _COUNT:
        number = whole(cell.text)
        return None if number is None else (Decimal(number), Decimal(number))
    try:
        value = read_number(cell.text, Locale(locale.dates, ".") if cell.number else locale)
    except UnreadableQuantity:
        return None
    return printed(str(value))


def _makes(part: Interval, total: Interval, share: Share) -> bool:
    """Say whether a share is printed so: rounded to its last digit, or cut off behind it."""
    exponent = share.percent.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  finite
    last = Decimal((0, (1,), max(exponent, -6)))
    return (
        100 * part[0] / total[1] <= share.percent + last
        and 100 * part[1] / total[0] >= share.percent - last / 2
    )


def _doubt(unproved: Mapping[tuple[str, Path], str], done: PerSample) -> None:
    for at, one in enumerate(done.reported):
        text = unproved.get((one.sample, one.path))
        if text is None or one.count is not None:
            continue
        what = (
            f"“{'/'.join(one.path)}” has {text} under {_SHARE}, and no counts or concentrations of "
            "it and of its parent say of which events; export Count/mL of both, or declare in a "
            "column mapping which cells are 100 %"
        )
        done.reported[at] = replace(one, doubt=one.doubt or what)
        done.tell_of(one.sample, "population-unplaced", Severity.WARNING, what, one.place.region)
