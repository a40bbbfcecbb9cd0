"""Walks what a story of a DOCX is made of: paragraphs, tables, text boxes, content controls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qcvalidate.documents.flow import Grid, GridCell, PageBreak, Paragraph, Run
from qcvalidate.documents.word import controls
from qcvalidate.documents.word.inline import Paragraphs, Written, deleted, holds_text
from qcvalidate.documents.word.look import Around
from qcvalidate.documents.word.package import Package, switched_on, value
from qcvalidate.documents.word.shapes import Shape, chosen, is_doubtful
from qcvalidate.documents.word.tables import TableCell, TableRow, rows_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Part = Paragraph | Grid | PageBreak

# Points: a line of exactly this height shows nothing of its text.
_LOWEST_LINE = 4.0
# Twentieths of a point from the margin: further there is no paper.
_OFF_LEFT, _OFF_RIGHT = -1500.0, 11_000.0
_THROUGH = ("w.customXml", "w.ins", "w.moveTo", "w.smartTag")


@dataclass
class Picture:
    """A picture or object: where it stands in the flow, and the text near it once that is known."""

    shape: Shape
    region: str
    at: int
    near: str | None = None


@dataclass
class Story:
    """The walk of one story, and what it is called ("footnote 2"); None for the body.

    `numbering` gives the words that a list puts before its paragraphs, by list and level.
    """

    inline: Paragraphs
    numbering: Mapping[tuple[str, str], str]
    called: str | None = None
    flow: list[Part] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    _paragraphs: int = 0
    _tables: int = 0
    _boxes: int = 0

    def read(self, container: Element) -> None:
        """Read a body, a header, a note into `flow`."""
        for part in self._blocks(container, Around(), None):
            is_break = isinstance(part, PageBreak)
            # Word notes the same end of a page twice.
            if not (is_break and (not self.flow or isinstance(self.flow[-1], PageBreak))):
                self.flow.append(part)
        while self.flow and isinstance(self.flow[-1], PageBreak):
            self.flow.pop()
        if self.inline.fields:
            what = "a field that never ends, so that programs show different text"
            self._problem("shown-otherwise", what, None)
        if any(is_doubtful(found) for found in container.iter("mc.AlternateContent")):
            what = "two versions of one part, of which programs may show either"
            self._problem("shown-otherwise", what, None)

    def _blocks(self, container: Element, around: Around, region: str | None) -> Iterator[Part]:
        for child in container:
            tag = child.tag
            if tag == "w.p":
                yield from self._paragraph(child, around, region)
            elif tag == "w.tbl":
                yield from self._table(child, around)
            elif tag == "w.sdt":
                yield from self._control(child, around, region)
            elif tag in _THROUGH:
                yield from self._blocks(child, around, region)
            elif tag in ("w.del", "w.moveFrom"):
                self.inline.said.taken_out.append(deleted(child))
            elif tag == "mc.AlternateContent":
                yield from self._blocks(chosen(child), around, region)
            elif tag == "w.altChunk":
                self._problem("page-unread", "an embedded document, which was not read", region)
            elif holds_text(child):
                what = f"text in a part that we do not know ({tag})"
                self._problem("page-unread", what, region)

    def _problem(self, slug: str, what: str, region: str | None) -> None:
        where = region or self.called or f"after paragraph {self._paragraphs}"
        self.inline.said.problems.append((slug, what, where))

    def _control(self, control: Element, around: Around, region: str | None) -> Iterator[Part]:
        content = control.find("w.sdtContent")
        if content is None:
            return
        parts = list(self._blocks(content, around, region))
        shown = " ".join(text_of(part) for part in parts)
        problem = controls.control_problem(control, shown, self.inline.package, self.inline.main)
        if problem:
            self._problem("shown-otherwise", problem, region)
        yield from parts

    # --- paragraphs ---

    def _paragraph(self, element: Element, around: Around, region: str | None) -> Iterator[Part]:
        properties = element.find("w.pPr")
        place = region or self.called or f"paragraph {self._paragraphs + 1}"
        if around.hidden is None and self._is_flat(properties):
            around = replace(around, hidden="in a line without height")
        if around.hidden is None and self._is_off_the_page(properties):
            around = replace(around, hidden="off the page")
        label = self._label(properties)
        written = self.inline.walk(element, around, place, label)
        if properties is not None and switched_on(properties.find("w.pageBreakBefore")):
            yield PageBreak()
        stops = tuple(self._stops(properties))
        if written.text().strip() and region is None:
            self._paragraphs += 1
        yield from _cut(written, place, stops)
        for shape in written.shapes:
            if shape.unread:
                self.pictures.append(Picture(shape, place, len(self.flow)))
            for box in shape.boxes:
                self._boxes += 1
                grounds = () if shape.ground is None else (shape.ground,)
                hidden = around.hidden or ("in a hidden drawing" if shape.hidden else None)
                inner = replace(around, grounds=grounds, hidden=hidden)
                yield from self._blocks(box, inner, f"text box {self._boxes}")
        section = None if properties is None else properties.find("w.sectPr")
        if section is not None and value(section.find("w.type")) != "continuous":
            yield PageBreak()

    def _styles(self, properties: Element | None) -> list[Element]:
        """Give the properties of a paragraph and its styles, its own first."""
        style = None if properties is None else value(properties.find("w.pStyle"))
        chain = self.inline.looks.style("paragraph", style)
        found = [e for s in reversed(chain) for e in s.findall("w.pPr")]
        return ([] if properties is None else [properties]) + found

    def _is_flat(self, properties: Element | None) -> bool:
        for layer in self._styles(properties):
            spacing = layer.find("w.spacing")
            if spacing is not None and spacing.get("w.line") is not None:
                high = re.fullmatch(r"\d+", spacing.get("w.line", ""))
                exact = spacing.get("w.lineRule") == "exact"
                return exact and high is not None and int(high[0]) / 20 < _LOWEST_LINE
        return False

    def _is_off_the_page(self, properties: Element | None) -> bool:
        """Say whether a paragraph is moved to where there is no paper."""
        layers = self._styles(properties)
        indents = [layer.find("w.ind") for layer in layers]
        left = _first(indents, "w.left", "w.start") + _first(indents, "w.firstLine")
        left -= _first(indents, "w.hanging")
        right = _first(indents, "w.right", "w.end")
        frames = [layer.find("w.framePr") for layer in layers]
        places = (_first(frames, "w.x"), _first(frames, "w.y"))
        return (
            not _OFF_LEFT <= left <= _OFF_RIGHT
            or right > _OFF_RIGHT
            or any(not _OFF_LEFT <= place <= 2 * _OFF_RIGHT for place in places)
        )

    def _stops(self, properties: Element | None) -> Iterator[float]:
        for layer in self._styles(properties):
            for tab in layer.findall("w.tabs/w.tab"):
                at = re.fullmatch(r"\d{1,5}", tab.get("w.pos", ""))
                if at and value(tab) not in ("clear", "bar"):
                    yield int(at[0]) / 20

    def _label(self, properties: Element | None) -> str:
        for layer in self._styles(properties):
            number = layer.find("w.numPr/w.numId")
            if number is not None:
                level = value(layer.find("w.numPr/w.ilvl")) or "0"
                return self.numbering.get((value(number) or "", level), "")
        return ""

    # --- tables ---

    def _table(self, table: Element, around: Around) -> Iterator[Part]:
        self._tables += 1
        called = f"{self.called} table {self._tables}" if self.called else f"table {self._tables}"
        around = replace(around, hidden=around.hidden or _off_the_page(table))
        cells: list[GridCell] = []
        open_cells: dict[tuple[int, int], int] = {}
        first = len(self.pictures)
        for row in rows_of(table, self.inline.looks, around):
            if row.change == "del":
                self.inline.said.taken_out.append(deleted(row.element))
                continue
            start = len(cells)
            for cell in row.cells:
                self._cell(cell, called, cells, open_cells)
            self._judge_row(row, cells[start:], called)
            text = " ".join(text_of(part) for cell in cells[start:] for part in cell.content)
            for picture in self.pictures[first:]:
                picture.near = text if picture.near is None else picture.near
        if cells:
            yield Grid(tuple(_without_gaps(cells)))

    def _cell(
        self,
        cell: TableCell,
        called: str,
        cells: list[GridCell],
        open_cells: dict[tuple[int, int], int],
    ) -> None:
        """Add a cell, or its room to the one above that it is merged with."""
        place = f"{called} row {cell.row + 1} column {cell.column + 1}"
        key = (cell.column, cell.columns)
        above = open_cells.get(key) if cell.goes_on else None
        around = cell.around
        if above is not None:
            around = replace(around, hidden=around.hidden or "in a cell that another one covers")
        content = tuple(
            part
            for part in self._blocks(cell.element, around, place)
            if not isinstance(part, PageBreak)
        )
        if cell.control is not None:
            shown = " ".join(text_of(part) for part in content)
            problem = controls.control_problem(
                cell.control, shown, self.inline.package, self.inline.main
            )
            if problem:
                self._problem("shown-otherwise", problem, place)
        changed = cell.element.find("w.tcPr/w.cellIns"), cell.element.find("w.tcPr/w.cellDel")
        if changed != (None, None):
            self.inline.said.restyled.append(" ".join(text_of(part) for part in content))
        if above is None:
            open_cells[key] = len(cells)
            cells.append(GridCell(cell.row, cell.column, content, 1, cell.columns))
            return
        taller = cells[above]
        hidden = tuple(part for part in content if _has_words(part))
        cells[above] = replace(
            taller, rows=cell.row - taller.row + 1, content=taller.content + hidden
        )

    def _judge_row(self, row: TableRow, cells: Sequence[GridCell], called: str) -> None:
        if row.change == "ins":
            self.inline.said.put_in += [text_of(part) for c in cells for part in c.content]
        if row.height is None:
            return
        for cell in cells:
            lines = [part for part in cell.content if text_of(part).strip()]
            sizes = [
                max((r.size for r in p.runs), default=0.0)
                for p in lines
                if isinstance(p, Paragraph)
            ]
            if len(lines) > 1 and sum(sizes[:-1]) > row.height:
                place = f"{called} row {cell.row + 1} column {cell.column + 1}"
                self._problem("shown-otherwise", "a row too low for all of its text", place)


def _cut(written: Written, region: str, stops: tuple[float, ...]) -> Iterator[Part]:
    """Give a paragraph as what stands on each of its pages."""
    runs: list[Run] = []
    cut = False
    for piece in written.pieces:
        if isinstance(piece, Run):
            runs.append(piece)
            continue
        if any(run.text.strip() for run in runs):
            yield Paragraph(tuple(runs), region, stops)
            cut = True
        runs = []
        yield PageBreak()
    if runs or not cut:
        yield Paragraph(tuple(runs), region, stops)


def _off_the_page(table: Element) -> str | None:
    """Say so where a table is moved to where there is no paper."""
    indent = _first([table.find("w.tblPr/w.tblInd")], "w.w")
    floats = table.find("w.tblPr/w.tblpPr")
    places = (_first([floats], "w.tblpX"), _first([floats], "w.tblpY"))
    gone = not _OFF_LEFT <= indent <= _OFF_RIGHT or any(
        not _OFF_LEFT <= place <= 2 * _OFF_RIGHT for place in places
    )
    return "off the page" if gone else None


def _first(elements: Sequence[Element | None], *attributes: str) -> float:
    """Give the first number that one of these states, 0 where none does."""
    for element in elements:
        for attribute in attributes:
            stated = value(element, attribute)
            if stated is not None and re.fullmatch(r"-?\d{1,6}", stated):
                return float(stated)
    return 0.0


def _has_words(part: Part) -> bool:
    if isinstance(part, Grid):
        return any(_has_words(inner) for cell in part.cells for inner in cell.content)
    return isinstance(part, Paragraph) and any(run.text.strip() for run in part.runs)


def text_of(part: Part) -> str:
    """Give what a person sees of a part."""
    if isinstance(part, Paragraph):
        return part.text
    if isinstance(part, Grid):
        return " ".join(text_of(inner) for cell in part.cells for inner in cell.content)
    return ""


def _without_gaps(cells: Sequence[GridCell]) -> Iterator[GridCell]:
    """Count the rows anew where one was taken out by a tracked change."""
    rows = sorted({cell.row for cell in cells} | {cell.row + cell.rows - 1 for cell in cells})
    at = {row: number for number, row in enumerate(rows)}
    for cell in cells:
        last = at[cell.row + cell.rows - 1]
        yield replace(cell, row=at[cell.row], rows=last - at[cell.row] + 1)


def numbering_of(package: Package, main: str) -> dict[tuple[str, str], str]:
    """Give the words that lists put before their paragraphs; numbers and dots are left out."""
    part = package.related(main, "numbering")
    if part is None:
        return {}
    tree = package.xml(part)
    lists = {e.get("w.abstractNumId", ""): e for e in tree.findall("w.abstractNum")}
    found: dict[tuple[str, str], str] = {}
    for number in tree.findall("w.num"):
        base = lists.get(value(number.find("w.abstractNumId")) or "")
        levels = [] if base is None else base.findall("w.lvl")
        for level in [*levels, *number.findall("w.lvlOverride/w.lvl")]:
            text = value(level.find("w.lvlText")) or ""
            words = re.sub(r"%\d", " ", text)
            if re.search(r"[^\W\d_]{2}", words):
                key = (number.get("w.numId", ""), level.get("w.ilvl", "0"))
                found[key] = " ".join(words.split())
    return found
