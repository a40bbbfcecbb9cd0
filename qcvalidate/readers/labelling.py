"""Finds the cells of an export by their headings: in a table's rows, or in lines of labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from qcvalidate.documents import Cell, Document, Table
from qcvalidate.documents.beside import beside_findings
from qcvalidate.errors import DocumentError
from qcvalidate.labs import stands_in
from qcvalidate.mappings import ColumnMapping, cell_key, heading_key
from qcvalidate.quantity import parse_unit
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Severity
from qcvalidate.vocabulary import Vocabulary

# Software writes some lines about itself above its table.
_DEEPEST_HEADER = 60


@dataclass(frozen=True)
class Item:
    """What an export says of one sample, by folded heading; `region` names its row.

    `conflicts` are the headings under which several rows say different things.
    """

    region: str
    cells: Mapping[str, Cell]
    conflicts: frozenset[str] = frozenset()

    def text(self, heading: str) -> str:
        """Give the text under a heading, "" where there is none."""
        cell = self.cells.get(heading)
        return cell.text.strip() if cell else ""


def written(document: Document, mapping: ColumnMapping) -> bool:
    """Say whether all that a mapping is recognised by stands in this document."""
    if mapping.layout != "labels":
        if not any(_header(table, mapping) is not None for table in document.tables):
            return False
    elif not set(mapping.headings) <= {label for label, _ in _pairs(document)}:
        return False
    lines = _lines(document)
    return all(stands_in(word, lines) for word in mapping.words)


def declared(document: Document, mappings: Iterable[ColumnMapping]) -> bool:
    """Say whether a mapping reads this table; what a person declared goes before what we know."""
    return any(written(document, mapping) for mapping in mappings)


def _lines(document: Document) -> list[str]:
    if document.tables:
        rows = (row for table in document.tables for row in table.rows[:_DEEPEST_HEADER])
        return [" ".join(cell.text for cell in row) for row in rows]
    return [text for text, _ in _text_lines(document)]


# --- a sample a row ------------------------------------------------------------------------


def rowed(
    document: Document, mapping: ColumnMapping, vocabulary: Vocabulary, done: PerSample
) -> list[Item]:
    """Give the samples of a table with a header, each with what stands above the table."""
    items: list[Item] = []
    for table in document.tables:
        header = _header(table, mapping)
        if header is not None:
            done.findings += beside_findings(table, document.name)
            items += _row_items(table, header, (document.name, mapping, vocabulary))
        elif heading_key(table.name) in mapping.ignored_sheets:
            continue
        elif any(cell.text.strip() for row in table.rows for cell in row):
            what = (
                f"the sheet {table.name} is not as the mapping {mapping.id} says and was not read; "
                "look at it, or take it out of the workbook"
            )
            done.tell("table-header-unknown", Severity.HOLD, what, table.name)
    return items


def _header(table: Table, mapping: ColumnMapping) -> int | None:
    for number, row in enumerate(table.rows[:_DEEPEST_HEADER]):
        if set(mapping.headings) <= {heading_key(cell.text) for cell in row}:
            return number
    return None


def _row_items(
    table: Table, header: int, known: tuple[str, ColumnMapping, Vocabulary]
) -> Iterator[Item]:
    name, mapping, vocabulary = known
    headings = [heading_key(cell.text) for cell in table.rows[header]]
    for heading in mapping.known:
        if headings.count(heading) > 1 and heading not in mapping.ignored:
            raise DocumentError(
                f"{name}: two columns are headed “{heading}”; leave one of them out",
                slug="field-conflict",
            )
    width = max(at + 1 for at, heading in enumerate(headings) if heading)
    above = _above(table.rows[:header], mapping, set(headings), name)
    for number, row in enumerate(table.rows[header + 1 :], start=header + 2):
        if not any(cell.text.strip() for cell in row):
            continue
        if len(row) < width or any(cell.text.strip() for cell in row[len(headings) :]):
            raise DocumentError(
                f"{name} row {number}: has {len(row)} cells under a header of {width}; the file "
                "ends too early, or a decimal comma has cut a cell in two"
            )
        cells = {heading: row[at] for at, heading in enumerate(headings) if heading}
        if number == header + 2 and _is_units(cells, mapping, vocabulary, name):
            continue
        unheaded = [row[at] for at, heading in enumerate(headings) if not heading]
        filled = next((cell for cell in unheaded if cell.text.strip()), None)
        if filled is not None:
            raise DocumentError(
                f"{name} {filled.region}: “{filled.text.strip()[:80]}” stands in a column without "
                "a heading; export the table again"
            )
        yield Item(f"row {number}", above | cells)


def _above(
    rows: tuple[tuple[Cell, ...], ...], mapping: ColumnMapping, headings: set[str], name: str
) -> dict[str, Cell]:
    """Give the labels above a table that the mapping names, and that the table itself has not."""
    found: dict[str, Cell] = {}
    for row in rows:
        filled = [cell for cell in row if cell.text.strip()]
        label = heading_key(filled[0].text) if filled else ""
        if label not in mapping.known or label in headings or len(filled) < 2:
            continue
        if label in found and found[label].text.strip() != filled[1].text.strip():
            raise DocumentError(
                f"{name}: “{label}” stands above the table twice, with two values",
                slug="field-conflict",
            )
        found[label] = filled[1]
    return found


def _is_units(
    cells: Mapping[str, Cell], mapping: ColumnMapping, vocabulary: Vocabulary, name: str
) -> bool:
    """Say whether a row under the header gives the units; it must give those of the mapping."""
    sample = cells.get(mapping.fields["sample_id"])
    if sample is not None and sample.text.strip():
        return False
    stated = {
        result: parse_unit(cells[result.heading].text, vocabulary.units)
        for result in mapping.results
        if result.heading in cells and cells[result.heading].text.strip()
    }
    if not stated or None in stated.values():
        return False
    for result, unit in stated.items():
        if unit != parse_unit(result.unit, vocabulary.units):
            cell = cells[result.heading]
            raise DocumentError(
                f"{name} {cell.region}: is in “{cell.text}”, and the mapping {mapping.id} says "
                f"{result.unit}; which of them holds is not told",
                slug="field-conflict",
            )
    return True


# --- a population a row --------------------------------------------------------------------


def stacked(
    document: Document, mapping: ColumnMapping, vocabulary: Vocabulary, done: PerSample
) -> list[Item]:
    """Give the samples of a table that has a row for each population of each sample.

    A statistic of a population stands under `cell_key` of the two.
    """
    beside = {*mapping.fields.values(), mapping.status, mapping.dilution}
    found: dict[str, tuple[str, dict[str, Cell], set[str]]] = {}
    for item in rowed(document, mapping, vocabulary, done):
        sample, population = item.text(mapping.fields["sample_id"]), item.text(mapping.row_heading)
        cells = {heading: cell for heading, cell in item.cells.items() if heading in beside}
        if mapping.sample_before:
            sample, _, population = sample.partition(mapping.sample_before)
            cells[mapping.row_heading] = Cell(sample, item.region)
        for heading, cell in item.cells.items():
            if heading not in beside and heading != mapping.row_heading:
                cells[cell_key(heading, heading_key(population))] = cell
        _, known, conflicts = found.setdefault(sample, (item.region, {}, set()))
        for name, cell in cells.items():
            first = known.setdefault(name, cell)
            if first.text.strip() != cell.text.strip():
                conflicts.add(name)
    return [Item(at, cells, frozenset(odd)) for at, cells, odd in found.values()]


# --- a label and its value a line ----------------------------------------------------------


def labelled(
    document: Document,
    mapping: ColumnMapping,
    vocabulary: Vocabulary,  # noqa: ARG001  as `rowed` is asked
    done: PerSample,  # noqa: ARG001
) -> list[Item]:
    """Give the one sample of a document that is lines of a label and its value."""
    found: dict[str, Cell] = {}
    for label, cell in _pairs(document):
        if label in found and label in mapping.known:
            raise DocumentError(
                f"{document.name} {cell.region}: “{label}” stands there twice; the export of one "
                "sample is expected in a file",
                slug="field-conflict",
            )
        found[label] = cell
    return [Item("the sample", found)]


def _pairs(document: Document) -> Iterator[tuple[str, Cell]]:
    for table in document.tables:
        for row in table.rows:
            if row and row[0].text.strip():
                value = next((cell for cell in row[1:] if cell.text.strip()), None)
                yield heading_key(row[0].text), value or Cell("", row[0].region)
    for line, region in _text_lines(document):
        label, colon, rest = f"{line} ".partition(" : ")
        if colon:
            yield heading_key(label), Cell(rest.strip(), f"{region} “{label.strip()}”")


def _text_lines(document: Document) -> Iterator[tuple[str, str]]:
    """Give the lines of a plain text, each with its place."""
    words = [word for page in document.pages for word in page.words]
    for region, line in groupby(words, key=lambda word: (word.page, word.region)):
        yield " ".join(word.text for word in line), region[1] or f"page {region[0]}"
