"""What a document is once opened: words on pages, cells of tables, list-mode data sets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.record import Finding, State

if TYPE_CHECKING:
    from qcvalidate.cytometry import GatingStrategy, ListModeFile

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in points from the page's top left


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space, where it stands, and who read it.

    `origin` is `"text"`, `"form"` or `"ocr"`; `confidence` is None for a text layer. A word that
    is not `upright` runs at another angle than its page's text: a watermark, a note in the margin.
    `state` says how sure we are of its letters: two engines that read a picture alike confirm a
    word; where they differ, `other` is what the second one read ("" when it read nothing there).
    A `faint` word is so pale or so small that a person may overlook it.
    `region` names the place in a document whose pages we laid out ourselves ("paragraph 3").
    """

    text: str
    page: int
    bbox: Box
    origin: str = "text"
    engine: str = "pdfium"
    confidence: float | None = None
    visible: bool = True
    struck: bool = False
    upright: bool = True
    state: State = State.CONFIRMED
    other: str | None = None
    region: str | None = None
    faint: bool = False


@dataclass(frozen=True)
class Page:
    """One page as a person sees it (rotation applied): its words and its ruling lines.

    A ruling is the box of a thin horizontal or vertical line, or of one side of a rectangle.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rulings: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text exactly as stored, and its name (`"Sheet1!B14"`, `"row 14 column 2"`).

    `number` says that the file stores a number and not its text, so that its decimal mark is a
    point whatever the locale.
    """

    text: str
    region: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A sheet, a delimited file or a JSON array of objects: rows of cells, the header included.

    `merged` are the cells that span others, as (row, column, rows, columns) counted from 0; the
    text stands in the first one, the others are blank.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Document:
    """The content of one file, with no idea of laboratories or limits.

    `name` is how the report calls it: its path within the lot folder, with forward slashes.
    `kind` is one of `"pages"`, `"table"`, `"structured"`, `"listmode"`, `"gating"`; only its own
    part is filled. `content` is the parsed tree of a structured file (FHIR, HL7 v2, Allotrope).
    `signed` are the byte ranges that each signature field of a PDF says it covers, none of them
    where nobody signed.
    """

    path: Path
    name: str
    sha256: str
    media_type: str
    kind: str
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    listmode: tuple[ListModeFile, ...] = ()
    strategy: GatingStrategy | None = None
    content: object | None = None
    findings: tuple[Finding, ...] = ()
    signed: tuple[tuple[int, ...], ...] = ()
