"""What was read from one document, drawn on its pages: one HTML file without scripts."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from qcvalidate.documents import Box, Document, Page, Table, Word
from qcvalidate.record import Record
from qcvalidate.reports._labels import Label, place_labels
from qcvalidate.reports._layout import shorten, visible
from qcvalidate.reports._marks import Left, Mark, absent_fields, chosen_pages, left_of, marks_of
from qcvalidate.reports._matters import SHORT, plural, said
from qcvalidate.reports._templates import environment, style, style_hash

if TYPE_CHECKING:
    from qcvalidate.documents.rendering import Picture

# Of pages with their pictures, of rows of a table, and of keywords; the rest is counted.
MOST_PAGES = 40
_MOST_ROWS = 200
_MOST_COLUMNS = 40
_MOST_KEYWORDS = 150
_LONGEST_MESSAGE = 2000
# The reader of a record of which nothing was read.
UNREAD = "none"


@dataclass(frozen=True)
class _Boxed:
    """A mark's boxes on a page, and the label beside the first."""

    mark: Mark
    boxes: tuple[Box, ...]
    label: Label


@dataclass(frozen=True)
class _Drawn:
    """One page as it is shown: its picture, or its words where it has none."""

    number: int
    width: float
    height: float
    image: Markup
    words: tuple[Word, ...]
    boxed: tuple[_Boxed, ...]
    unused: Markup
    doubtful: tuple[Left, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class _Shown:
    """A cell of a table or a keyword's value, with the marks that rest on it."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class _Grid:
    """A table as it is shown; `left_out` counts the rows that are not."""

    name: str
    rows: tuple[tuple[int, tuple[_Shown, ...]], ...]
    left_out: int


def pages_to_draw(record: Record, document: Document | None, count: int = 0) -> list[int]:
    """Choose the pages that get a picture; `count` is that of a document that was not opened."""
    return chosen_pages(record, document, count, MOST_PAGES)


def render_reading(
    record: Record, document: Document | None, pictures: Mapping[int, Picture]
) -> str:
    """Render a document's reading; the same reading gives the same bytes.

    `document` is None where it could not be opened; `pictures` are of pages, by number.
    """
    marks = marks_of(record, document)
    # A value that stands on no page that is drawn is listed by itself.
    drawn = _drawn_pages(record, document, pictures, marks)
    numbers = {page.number for page in drawn}
    elsewhere = [mark for mark in marks if mark.place.page not in numbers]
    templates = environment(_FUNCTIONS)
    sheet = style(templates, "report.css", "reading.css")
    counts = sum((Counter(page.counts) for page in drawn), Counter[str]())
    return templates.get_template("reading.html").render(
        record=record,
        marks=marks,
        pages=drawn,
        total=len(document.pages) if document else len(drawn),
        grids=[_grid(table, marks) for table in document.tables] if document else [],
        keywords=_keywords(document, marks),
        elsewhere=sorted(
            (mark for mark in elsewhere if mark.kind != "finding"),
            key=lambda mark: mark.kind != "result",
        ),
        absent=absent_fields(record),
        unread=record.source.reader == UNREAD,
        unused=counts["unused"],
        hidden=counts["hidden"] + counts["struck"],
        unsure=counts["unsure"],
        style=sheet,
        style_hash=style_hash(sheet),
    )


def _drawn_pages(
    record: Record,
    document: Document | None,
    pictures: Mapping[int, Picture],
    marks: Sequence[Mark],
) -> list[_Drawn]:
    if document is None:
        return [
            _drawn(Page(number, picture.width, picture.height, ()), picture, ())
            for number, picture in sorted(pictures.items())
        ]
    chosen = set(pages_to_draw(record, document))
    return [
        _drawn(page, pictures.get(page.number), [m for m in marks if m.place.page == page.number])
        for page in document.pages
        if page.number in chosen
    ]


def _drawn(page: Page, picture: Picture | None, marks: Sequence[Mark]) -> _Drawn:
    left = left_of(page, marks)
    boxed = [mark for mark in marks if mark.boxes]
    obstacles = [word.bbox for word in page.words]
    wanted = [(mark.boxes[0], _texts(mark)) for mark in boxed]
    labels = place_labels(wanted, obstacles, page.width, page.height)
    unused = [entry.box for entry in left if entry.look == "unused"]
    image = base64.b64encode(picture.png).decode("ascii") if picture else ""
    return _Drawn(
        number=page.number,
        width=page.width,
        height=page.height,
        # Ours, and longer than a document's text may be.
        image=Markup(f"data:image/png;base64,{image}" if image else ""),  # noqa: S704
        words=() if picture else page.words,
        boxed=tuple(
            _Boxed(mark, mark.boxes, label) for mark, label in zip(boxed, labels, strict=True)
        ),
        unused=Markup(_underlines(unused)),  # noqa: S704
        doubtful=tuple(entry for entry in left if entry.look != "unused"),
        counts=_counted(left),
    )


def _counted(left: Iterable[Left]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in left:
        counts[entry.look] += entry.count
    return counts


def _texts(mark: Mark) -> tuple[str, ...]:
    """Give what a label may say, the longest first."""
    if mark.kind == "finding":
        short = f"{mark.number} {mark.word}"
        return f"{short} {mark.asides[0]}", short, mark.number
    doubt = "" if mark.is_sure else f" ({mark.word})"
    sign = "" if mark.is_sure else "?"
    short = f"{mark.number}{sign} {said(mark.name, 40)}"
    reading = f" = {said(mark.reading, 60)}" if mark.reading else ""
    texts = (short + reading + doubt, short + doubt, short, mark.number + sign)
    return tuple(dict.fromkeys(texts))


def _underlines(boxes: Iterable[Box]) -> str:
    return "".join(f"M{x0:g} {y1:g}H{x1:g}" for x0, _, x1, y1 in boxes)


def _grid(table: Table, marks: Sequence[Mark]) -> _Grid:
    by_region: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.place.region is not None:
            by_region.setdefault(mark.place.region, []).append(mark)
    rows = [
        (
            number,
            tuple(
                _Shown(cell.text, tuple(by_region.get(cell.region, ())))
                for cell in row[:_MOST_COLUMNS]
            ),
        )
        for number, row in enumerate(table.rows, start=1)
    ]
    if len(rows) > _MOST_ROWS:
        marked = [row for row in rows if row[0] == 1 or any(cell.marks for cell in row[1])]
        others = [row for row in rows if row not in marked[:_MOST_ROWS]] if marked else rows
        chosen = marked[:_MOST_ROWS]
        chosen += others[: _MOST_ROWS - len(chosen)]
        rows = sorted(chosen, key=lambda row: row[0])
    return _Grid(table.name, tuple(rows), len(table.rows) - len(rows))


def _keywords(
    document: Document | None, marks: Sequence[Mark]
) -> tuple[list[tuple[str, _Shown]], int]:
    """Give a list-mode file's keywords, those that were used first, and count the rest."""
    if document is None or not document.listmode:
        return [], 0
    used = {mark.place.region: mark for mark in marks}
    found = []
    for data_set in document.listmode:
        for name, value in data_set.keywords.items():
            mark = used.get(f"keyword {name}")
            found.append((name, _Shown(value, (mark,) if mark else ())))
    found.sort(key=lambda pair: not pair[1].marks)
    return found[:_MOST_KEYWORDS], max(0, len(found) - _MOST_KEYWORDS)


def _brief(text: str) -> str:
    return said(text, SHORT)


def _whole(text: str) -> Markup:
    """Make a message safe to show, and leave it longer than a document's text may be."""
    return escape(shorten(visible(text), _LONGEST_MESSAGE))


def _anchor(mark: Mark) -> str:
    return mark.number.lower()


def _letter_size(word: Word) -> float:
    """Give the size at which a word fits its box in both directions."""
    x0, y0, x1, y1 = word.bbox
    return min(0.78 * (y1 - y0), 1.9 * (x1 - x0) / max(1, len(word.text)))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "anchor": _anchor,
    "brief": _brief,
    "letter_size": _letter_size,
    "number": _number,
    "plural": plural,
    "whole": _whole,
}
