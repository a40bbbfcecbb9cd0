"""Reads a plain table of results, which any LIMS can write: CSV, XLSX or JSON.

Two shapes: long, one result a row, with columns for the test and the result; and wide, one sample
a row, with a column for each test ("Viability (%)"), as cell counters export.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qcvalidate.documents import Cell, Document, Table
from qcvalidate.documents.beside import beside_findings
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, observations
from qcvalidate.patterns import LazyPattern
from qcvalidate.quantity import Locale, settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.entries import Entry, read_entry
from qcvalidate.readers.resultcolumns import Layout, layout_of, refuse_twins
from qcvalidate.record import (
    Field,
    Finding,
    Place,
    Record,
    Role,
    Severity,
    Source,
    State,
    UnreadResult,
)
from qcvalidate.vocabulary import TestName, Vocabulary

_READER = "exports.results_table"
PLAIN = True
_DATES = ("started", "ended", "measured_at", "sampled")


@dataclass
class _Reading:
    """What has been read so far of one document."""

    observations: list[Observation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    remarked: set[tuple[str, ...]] = field(default_factory=set)
    unread: list[UnreadResult] = field(default_factory=list)


def claims(document: Document, context: Context) -> bool:
    """Say whether a sheet of this document has a header that names results."""
    return document.kind == "table" and any(
        layout_of(table, context.vocabulary) is not None for table in document.tables
    )


def read(document: Document, context: Context) -> Record:
    """Give one observation for each result; what cannot be read is a finding beside it.

    Raises `DocumentError` when two columns mean the same, or a row does not fit the header.
    """
    done = _Reading(findings=list(document.findings))
    lots: list[Cell] = []
    samples: list[Cell] = []
    for table in document.tables:
        layout = layout_of(table, context.vocabulary)
        place = Place(document.name, region=table.name)
        if layout is None:
            if any(cell.text.strip() for row in table.rows for cell in row):
                done.findings.append(
                    Finding(
                        "table-header-unknown",
                        Severity.HOLD,
                        f"{document.name}: the sheet {table.name} has no header of results and "
                        "was not read; look at it, and give it a header (Lot, Test, Result) or "
                        "take it out of the workbook",
                        place,
                    )
                )
            continue
        refuse_twins(table, layout, document.name, context.vocabulary)
        rows = list(_data_rows(table, layout, document.name))
        if not rows:
            done.findings.append(
                Finding(
                    "table-empty",
                    Severity.HOLD,
                    f"{document.name}: the table {table.name} has a header and no results",
                    place,
                )
            )
            continue
        _tell_unread(table, layout, document.name, done)
        _tell_misspelt(rows, layout, document.name, context.vocabulary, done)
        done.findings += beside_findings(table, document.name)
        locale = _locale(rows, layout, context.locale)
        for row in rows:
            _read_row(row, layout, table, document.name, (context.vocabulary, locale), done)
        lots += [row[layout.roles["lot"]] for row in rows if "lot" in layout.roles]
        samples += [row[layout.roles["sample_id"]] for row in rows if "sample_id" in layout.roles]
    return Record(
        source=Source(document.name, document.sha256, document.kind, _READER),
        header=_header(document.name, {"lot": lots, "sample_id": samples}),
        observations=observations(done.observations),
        findings=tuple(done.findings),
        unread=tuple(done.unread),
    )


def read_row(
    row: tuple[Cell, ...], layout: Layout, table: Table, name: str, words: tuple[Vocabulary, Locale]
) -> tuple[list[Observation], list[Finding], list[UnreadResult]]:
    """Read one row under a header as `read` does; nothing where its test is not known.

    The same remark of many rows is told of each.
    """
    done = _Reading()
    _read_row(row, layout, table, name, words, done)
    return done.observations, done.findings, done.unread


def is_quiet(
    text: str, column: int, layout: Layout, name: str, vocabulary: Vocabulary, width: int
) -> bool:
    """Say whether a text in a column that is not read tells nothing, whatever else its row says."""
    if not text.strip():
        return True
    blank = Cell("", "")
    row = tuple(Cell(text, "") if at == column else blank for at in range(width))
    done = _Reading()
    _tell_beside(row, layout, name, vocabulary, done)
    heading = layout.others.get(column, "")
    return not done.findings and _DILUTION.search(heading) is None


# --- the table ------------------------------------------------------------------------


def _data_rows(table: Table, layout: Layout, name: str) -> Iterator[tuple[Cell, ...]]:
    width = len(table.rows[layout.header])
    for number, row in enumerate(table.rows[layout.header + 1 :], start=layout.header + 2):
        if not any(cell.text.strip() for cell in row):
            continue
        if len(row) < width or any(cell.text.strip() for cell in row[width:]):
            raise DocumentError(
                f"{name} row {number}: has {len(row)} cells under a header of {width}; "
                "a decimal comma may have cut one in two"
            )
        yield row


def _tell_unread(table: Table, layout: Layout, name: str, done: _Reading) -> None:
    if layout.unread:
        headings = list(layout.unread.values())
        shown = ", ".join(f"“{heading}”" for heading in headings[:6])
        more = f" and {len(headings) - 6} more" if len(headings) > 6 else ""
        done.findings.append(
            Finding(
                "table-header-unknown",
                Severity.INFORMATION if layout.tests else Severity.WARNING,
                f"{name}: columns that name nothing we know were not read: {shown}{more}",
                Place(name, region=table.name),
            )
        )


def _tell_misspelt(
    rows: Sequence[tuple[Cell, ...]],
    layout: Layout,
    name: str,
    vocabulary: Vocabulary,
    done: _Reading,
) -> None:
    """Keep the columns that hold results of nothing we know, and hold where a test may be meant."""
    if not layout.tests:
        return
    for column, heading in layout.unread.items():
        cells = [row[column] for row in rows if row[column].text.strip()]
        if not cells:
            continue
        bare = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", heading)
        meant = vocabulary.almost_test(bare, measured=False)
        if meant is not None:
            done.findings.append(
                Finding(
                    "test-unknown",
                    Severity.HOLD,
                    f"{name}: the column “{heading}” was not read; it is almost “{meant}”: correct "
                    "the heading, if that is meant, or take the column out",
                    Place(name, region=cells[0].region),
                )
            )
        _keep_unread(heading, cells[0], name, vocabulary, done)


def _keep_unread(
    printed: str, cell: Cell, name: str, vocabulary: Vocabulary, done: _Reading
) -> None:
    """Keep what a result of no test we know says, for a criterion that finds no other."""
    number = _NUMBER_FIRST.match(cell.text) is not None
    if number or vocabulary.result(cell.text).kind != "unknown":
        done.unread.append(UnreadResult(printed, number, Place(name, region=cell.region)))


_NUMBER_FIRST = re.compile(r"\s*[<>≤≥~±+-]?\s*[0-9.,]")


def _locale(rows: list[tuple[Cell, ...]], layout: Layout, declared: Locale) -> Locale:
    """Settle dates and decimal marks from the table's own cells before what is declared."""
    dates = [layout.roles[role] for role in _DATES if role in layout.roles]
    numbers = list(layout.tests) or [layout.roles["result"]]
    return settled_locale(
        declared,
        dates=[row[column].text for row in rows for column in dates],
        numbers=[row[c].text for row in rows for c in numbers if not row[c].number],
    )


# --- the rows ------------------------------------------------------------------------------


def _read_row(
    row: tuple[Cell, ...],
    layout: Layout,
    table: Table,
    name: str,
    words: tuple[Vocabulary, Locale],
    done: _Reading,
) -> None:
    vocabulary, locale = words
    cells = {role: row[column] for role, column in layout.roles.items()}
    _tell_beside(row, layout, name, vocabulary, done)
    if layout.tests:
        for column, test in layout.tests.items():
            heading = table.rows[layout.header][column].text.strip()
            entry = Entry(name, test, row[column], {**cells, "unit": Cell(test.unit or "", "")})
            _add(entry, vocabulary, locale, heading, done)
            _doubt_diluted(row, layout, name, done)
        return
    printed = cells["test"].text
    unit = cells["unit"].text if "unit" in cells else None
    found = vocabulary.test(printed, unit) or _with_unit_of(cells["result"], printed, vocabulary)
    if found is None:
        done.findings.append(_of_unknown_test(cells, name, vocabulary))
        _keep_unread(printed, cells["result"], name, vocabulary, done)
        return
    if found.unit and not (unit and unit.strip()):
        cells["unit"] = Cell(found.unit, cells["test"].region)
    elif found.unit and vocabulary.unit(found.unit) != vocabulary.unit(unit or ""):
        done.findings.append(
            Finding(
                "field-conflict",
                Severity.HOLD,
                f"{name} {cells['unit'].region}: the unit is “{unit}”, but the test is called "
                f"“{printed}”",
                Place(name, region=cells["unit"].region),
            )
        )
    _add(Entry(name, found, cells["result"], cells), vocabulary, locale, printed, done)
    _doubt_diluted(row, layout, name, done)


def _doubt_diluted(row: tuple[Cell, ...], layout: Layout, name: str, done: _Reading) -> None:
    """Let no concentration support a pass that a dilution beside it may belong to."""
    if not (done.observations[-1].unit or "").startswith("cells/"):
        return
    for column, heading in layout.others.items():
        text = row[column].text.strip()
        if _DILUTION.search(heading) and text and not _UNDILUTED.fullmatch(text):
            what = (
                f"stands under {heading}, and the table does not say whether its concentrations "
                "are multiplied by it; they support no pass. Declare it in a column mapping"
            )
            _remark(row[column], what, "dilution-unstated", Severity.WARNING, name, done)
            state = State.AMBIGUOUS.value
            done.observations[-1] = replace(done.observations[-1], state=state)


# A bare sign turns the number beside it into a bound; words on an instrument void it.
_CHANGES_RESULT = LazyPattern(
    r"[<>≤≥~]=?|.*(?:out of (?:range|specification|spec|limits|calibration)|overdue|not valid)\b.*",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"^(?:is )?(?:control|kontrolle|contrôle|témoin)$", re.IGNORECASE)
_YES = re.compile(r"yes|y|true|x|1|ja|oui|sí|si|sì", re.IGNORECASE)
_DEAD = re.compile(
    r"(?:dead|non[ -]?viable|not viable|nonviable|apoptotic|necrotic|debris)(?: cells)?",
    re.IGNORECASE,
)
_DILUTION = re.compile(r"dilut|verdünn|dilui|multiplication factor", re.IGNORECASE)
_UNDILUTED = re.compile(r"1(?:[.,]0+)?|1:1|none|no", re.IGNORECASE)


def _of_unknown_test(cells: Mapping[str, Cell], name: str, vocabulary: Vocabulary) -> Finding:
    """Hold on a result in words that are not good: the test may be one of ours, misspelt."""
    result = cells["result"].text.strip()
    verdict = cells["verdict"].text.strip() if "verdict" in cells else ""
    kind = vocabulary.result(result, "sterility").kind
    number = _NUMBER_FIRST.match(result)
    in_words = any(letter.isalpha() for letter in result) and not number
    printed, region = cells["test"].text, cells["test"].region
    # A number of a test that is ours but for a slip might miss its limit.
    meant = vocabulary.almost_test(printed) if number else None
    worrying = (
        meant is not None
        or kind in ("positive", "invalid")
        or (kind == "unknown" and in_words)
        or (verdict and vocabulary.verdict(verdict) != "pass")
    )
    said = f"; it says “{result[:80]}”" + (f", “{verdict[:80]}”" if verdict else "")
    near = f"; it is almost “{meant}”: correct the name, if that is meant" if meant else ""
    return Finding(
        "test-unknown",
        Severity.HOLD if worrying else Severity.WARNING,
        f"{name} {region}: “{printed}” is not a test that the vocabulary knows; its result was "
        f"not read{said if worrying else ''}{near}",
        Place(name, region=region),
    )


def _tell_beside(
    row: tuple[Cell, ...], layout: Layout, name: str, vocabulary: Vocabulary, done: _Reading
) -> None:
    """Tell what stands beside the results in words of the laboratory's own."""
    marks = [row[layout.roles[role]].text for role in ("role", "sample_id") if role in layout.roles]
    # A positive control is to grow.
    expected = {"positive"} if any(map(_is_positive_control(vocabulary), marks)) else set[str]()
    for column in layout.unheaded:
        if row[column].text.strip():
            what = "stands in a column without a heading, and was not read"
            _remark(row[column], what, "table-header-unknown", Severity.HOLD, name, done)
    for column, heading in layout.others.items():
        if vocabulary.alarms(row[column].text) - expected:
            what = f"stands in the column {heading}, which is not read"
            _remark(row[column], what, "row-conflict", Severity.HOLD, name, done)
        elif _CHANGES_RESULT.fullmatch(row[column].text.strip()):
            what = f"stands in the column {heading}, which is not read and may belong to the result"
            _remark(row[column], what, "row-conflict", Severity.HOLD, name, done)
        elif _CONTROL.search(heading) and _YES.fullmatch(row[column].text.strip()):
            what = f"stands under {heading}: the row may be a control's; state its `role`"
            _remark(row[column], what, "control-as-sample", Severity.HOLD, name, done)
        elif _DEAD.fullmatch(row[column].text.strip()):
            what = f"stands under {heading}: the result may be of other cells than those asked for"
            _remark(row[column], what, "population-not-asked", Severity.HOLD, name, done)
    for column, heading in layout.remarks.items():
        if not row[column].text.strip():
            continue
        alarms = vocabulary.alarms(row[column].text) - expected
        severity = Severity.HOLD if alarms else Severity.WARNING
        what = f"stands under {heading}; a remark is not read, so look at it"
        _remark(row[column], what, "row-remarked", severity, name, done)


def _is_positive_control(vocabulary: Vocabulary) -> Callable[[str], bool]:
    return lambda text: vocabulary.role(text) == Role.POSITIVE_CONTROL


def _remark(
    cell: Cell, what: str, slug: str, severity: Severity, name: str, done: _Reading
) -> None:
    """Add a finding that quotes a cell; the same words of many rows are told once."""
    text = " ".join(cell.text.split())
    told = (slug, severity.value, text, what)
    if told not in done.remarked:
        done.remarked.add(told)
        shown = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
        message = f"{name} {cell.region}: “{shown}” {what}"
        done.findings.append(Finding(slug, severity, message, Place(name, region=cell.region)))


_LONGEST_QUOTE = 80


def _with_unit_of(result: Cell, printed: str, vocabulary: Vocabulary) -> TestName | None:
    """Let a unit behind the number say which test it is: "Zellzahl", "1.248.500 /ml"."""
    words = result.text.split()
    endings = (" ".join(words[start:]) for start in range(1, len(words)))
    unit = next((ending for ending in endings if vocabulary.unit(ending)), None)
    found = vocabulary.test(printed, unit) if unit else None
    # The number's own cell says the unit, and needs no heading for it.
    return TestName(found.test, found.part) if found else None


def _add(
    entry: Entry, vocabulary: Vocabulary, locale: Locale, heading: str, done: _Reading
) -> None:
    observation, findings = read_entry(entry, vocabulary, locale, heading)
    done.observations.append(observation)
    done.findings.extend(findings)


def _header(name: str, columns: Mapping[str, list[Cell]]) -> dict[str, Field]:
    """Take as the document's own what every one of its rows says alike."""
    found: dict[str, Field] = {}
    for role, cells in columns.items():
        values = Counter(cell.text.strip() for cell in cells)
        if len(values) == 1 and next(iter(values)):
            first = cells[0]
            found[role] = Field(first.text, first.text.strip(), Place(name, region=first.region))
    return found
