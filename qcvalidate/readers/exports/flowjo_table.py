"""Reads the tables of FlowJo: a sample a row, a statistic of a population a column.

A heading is the population's path and its statistic: `Cells/Singlets/Live | Freq. of Parent`.
The rows at the foot (Mean, SD) are of all samples and nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qcvalidate.documents import Cell, Document, Table
from qcvalidate.errors import DocumentError
from qcvalidate.locale import Locale
from qcvalidate.quantity import settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.hierarchy import is_absent, percentage, settle, whole
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Finding, Place, Record, Reported, Severity, Share

_READER = "exports.flowjo_table"
_STATISTIC = re.compile(
    r"(?:(?P<path>.+) \| )?(?:(?P<count>Count)|Freq\. of (?P<of>.+?)(?P<percent> \(%\))?)"
)
# What else FlowJo writes behind a bar; it is no share of cells, and is not read.
_OTHER = re.compile(
    r".+ \| (?:Mean|Median|Mode|Geometric Mean|Robust (?:CV|SD)|CV|SD|Percentile|Z|MAD).*"
)
_FOOT = ("mean", "sd", "median", "cv", "min", "max", "sum", "n", "geometric mean")


@dataclass(frozen=True)
class _Column:
    path: tuple[str, ...]
    of: tuple[str, ...] | None
    percent: bool


@dataclass
class _Found:
    count: Cell | None = None
    shares: list[tuple[tuple[str, ...], Cell, bool]] = field(default_factory=list)


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001  headings tell enough
    """Say whether a sheet of this document has the headings of a FlowJo table."""
    return document.kind == "table" and any(_header(table) for table in document.tables)


def read(document: Document, context: Context) -> Record:
    """Give the counts and shares of each sample's populations.

    Raises `DocumentError` where a heading stands twice, or a row does not fit the header.
    """
    done = PerSample(document)
    for table in document.tables:
        columns = _header(table)
        if columns:
            _read_table(table, columns, context, done)
        elif any(cell.text.strip() for row in table.rows for cell in row):
            what = f"the sheet {table.name} has no headings of FlowJo's and was not read"
            done.tell("table-header-unknown", Severity.HOLD, what, table.name)
    if not done.reported:
        done.tell("table-empty", Severity.HOLD, "has a header and no samples")
    settle(done)
    return done.record(_READER)


def _header(table: Table) -> dict[int, _Column]:
    """Give the columns of counts and shares of a table with FlowJo's headings."""
    row = next((row for row in table.rows if any(cell.text.strip() for cell in row)), ())
    if not row or row[0].text.strip():
        return {}
    found = {at: column for at, cell in enumerate(row) if (column := _column(cell.text.strip()))}
    bars = [cell for cell in row if " | " in cell.text]
    return found if bars and any(column.path for column in found.values()) else {}


def _column(heading: str) -> _Column | None:
    match = _STATISTIC.fullmatch(heading)
    if match is None or _OTHER.fullmatch(heading):
        return None
    path = tuple(match["path"].split("/")) if match["path"] else ()
    if match["count"]:
        return _Column(path, None, percent=False)
    named = {"Parent": path[:-1], "Grandparent": path[:-2], "Total": ()}
    of = named.get(match["of"])
    if of is None:
        # "Freq. of Live": the ancestor of that name, where there is one of it.
        places = [at for at, name in enumerate(path[:-1]) if name == match["of"]]
        of = path[: places[0] + 1] if len(places) == 1 else None
    if of is None or not path or (match["of"] == "Grandparent" and len(path) < 2):
        return None
    return _Column(path, of, percent=bool(match["percent"]))


def _read_table(
    table: Table, columns: Mapping[int, _Column], context: Context, done: PerSample
) -> None:
    name = done.document.name
    start = next(at for at, row in enumerate(table.rows) if any(c.text.strip() for c in row))
    header = table.rows[start]
    texts = [cell.text.strip() for cell in header]
    for heading in texts:
        if heading and texts.count(heading) > 1:
            raise DocumentError(
                f"{name}: two columns are headed “{heading}”; leave one of them out",
                slug="field-conflict",
            )
    body: list[tuple[int, tuple[Cell, ...]]] = []
    for number, row in enumerate(table.rows[start + 1 :], start=start + 2):
        if not any(cell.text.strip() for cell in row):
            continue
        if len(row) < len(header) and any(texts[len(row) :]):
            raise DocumentError(
                f"{name} row {number}: has {len(row)} cells under a header of {len(header)}; the "
                "file ends too early, or a decimal comma has cut a cell in two"
            )
        if row[0].text.strip().casefold() not in _FOOT:
            body.append((number, row))
    others = [text for at, text in enumerate(texts) if text and at not in columns]
    if others:
        shown = ", ".join(f"“{text}”" for text in others[:6])
        what = f"columns that are no count and no share of cells were not read: {shown}"
        done.tell("table-header-unknown", Severity.INFORMATION, what, table.name)
    cells = [row[at] for _, row in body for at in columns]
    locale = settled_locale(
        context.locale, dates=[], numbers=[_bare(cell.text) for cell in cells if not cell.number]
    )
    percents = _are_percents(body, columns, locale)
    for number, row in body:
        words = {text: row[at].text.strip() for at, text in enumerate(texts) if text in others}
        done.add(row[0].text.strip(), _alarming(words, number, context, done))
        _report(row, number, columns, (locale, percents), words, done)


def _alarming(
    words: Mapping[str, str], number: int, context: Context, done: PerSample
) -> list[Finding]:
    """Hold a sample beside whose statistics its laboratory wrote that it is bad."""
    place = Place(done.document.name, region=f"row {number}")
    return [
        Finding(
            "row-remarked",
            Severity.HOLD,
            f"{place}: “{text[:80]}” stands under {heading}; it is not read, so look at it",
            place,
        )
        for heading, text in words.items()
        if text and context.vocabulary.alarms(text)
    ]


def _bare(text: str) -> str:
    return text.strip().removesuffix("%").strip()


def _are_percents(
    body: Sequence[tuple[int, tuple[Cell, ...]]], columns: Mapping[int, _Column], locale: Locale
) -> bool:
    """Say whether shares without a sign are percentages for certain: one of them is above 1.

    Software that takes tables over keeps fractions: 0.95 may be 95 %, or less than one.
    """
    for at, column in columns.items():
        if column.of is None:
            continue
        for _, row in body:
            number = percentage(row[at].text, _marks(row[at], locale))
            if number is not None and number > 1:
                return True
    return False


def _marks(cell: Cell, locale: Locale) -> Locale:
    """A stored number's decimal mark is a point, whatever the texts around it use."""
    return Locale(locale.dates, ".") if cell.number else locale


def _report(
    row: tuple[Cell, ...],
    number: int,
    columns: Mapping[int, _Column],
    known: tuple[Locale, bool],
    words: Mapping[str, str],
    done: PerSample,
) -> None:
    from qcvalidate.cytometry.acquisition import named_acquisition  # noqa: PLC0415 - numpy

    locale, percents = known
    sample = row[0].text.strip()
    done.add(sample, [])
    # FlowJo puts keywords of the file into columns of their own, where the analyst asks for them.
    origin = named_acquisition({heading.upper(): text for heading, text in words.items()})
    found: dict[tuple[str, ...], _Found] = {}
    for at, column in columns.items():
        one = found.setdefault(column.path, _Found())
        if column.of is None:
            one.count = row[at]
        else:
            one.shares.append((column.of, row[at], column.percent))
    for path, one in found.items():
        doubt, shares = None, []
        for of, cell, signed in one.shares:
            if is_absent(cell.text):
                continue
            percent = percentage(cell.text, _marks(cell, locale))
            said = f"“{'/'.join(path)}” has the share “{cell.text.strip()[:40]}”"
            if percent is None:
                doubt = f"{said}, which is no percentage between 0 and 100"
            elif not (signed or percents or "%" in cell.text):
                doubt = f"{said}, which may be a percentage or a fraction; export it with its sign"
            else:
                text = cell.text.strip()
                shares.append(Share(of, percent, text if "%" in text else f"{text} %"))
        count, rounded = None, one.count is not None and not is_absent(one.count.text)
        if one.count is not None and rounded:
            count = whole(one.count.text)
            # FlowJo shortens large counts: 4.43E+05 is no number of events.
            if count is None and not re.fullmatch(
                r"\d(?:[.,]\d+)?E\+?\d{1,2}", one.count.text.strip(), re.IGNORECASE
            ):
                doubt = f"“{'/'.join(path)}” has the count “{one.count.text.strip()[:40]}”"
        place = Place(done.document.name, region=f"row {number} “{'/'.join(path) or 'Count'}”")
        done.reported.append(
            Reported(sample, path, place, count, tuple(shares), origin.measured_at, doubt, origin)
        )
