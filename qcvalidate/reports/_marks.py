"""What a person should see of one document's reading: numbered marks, and what nothing took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from qcvalidate.documents import Box, Document, Page, Word
from qcvalidate.record import HEADER_FIELDS, Place, Record, Role, Severity, State, Status
from qcvalidate.reports._contracts import rows
from qcvalidate.reports._matters import said
from qcvalidate.reports._reading import reading_of
from qcvalidate.rules import rule

# How each state looks and is called: the class, which has a shape and a line style of its own,
# and the words. Blue says "read", not "good": a green tick beside "Growth" would mislead.
STATES = {
    State.CONFIRMED.value: ("sure", "certain"),
    State.SINGLE_SOURCE.value: ("doubt", "one engine only"),
    State.CONFLICT.value: ("clash", "conflict"),
    State.AMBIGUOUS.value: ("doubt", "ambiguous"),
    "unread": ("doubt", "not understood"),
}
_NOT_READ = "not read"


@dataclass(frozen=True)
class Mark:
    """One thing that was read or found, and where its box lies.

    `name` is a field's or a test's, or a finding's rule; `reading` is empty where it is the
    printed text itself. `look` is a class of the style sheet. `boxes` are those on the page.
    """

    number: str
    kind: str
    name: str
    printed: str
    reading: str
    look: str
    word: str
    place: Place
    asides: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Say whether the value was read for certain."""
        return self.look == "sure"


def marks_of(record: Record, document: Document | None) -> list[Mark]:
    """List the header fields, then the results, then the findings, each with its boxes."""
    pages = {page.number: page for page in document.pages} if document else {}
    found = [*_fields(record), *_results(record), *_findings(record)]
    return [replace(mark, boxes=_boxes(mark, pages)) for mark in found]


def absent_fields(record: Record) -> list[str]:
    """Name the header fields that were not found."""
    return [spoken(name) for name in HEADER_FIELDS if name not in record.header]


def spoken(name: str) -> str:
    """Say a name of ours in words: `date_started` is a date started."""
    return name.replace("_", " ")


def _fields(record: Record) -> Iterable[Mark]:
    present = (name for name in HEADER_FIELDS if name in record.header)
    for number, name in enumerate(present, start=1):
        field = record.header[name]
        state = field.state.value
        if field.value is None and field.state is State.CONFIRMED:
            state = "unread"
        look, word = STATES[state]
        reading = _NOT_READ if field.value is None else field.value
        yield Mark(
            number=str(number),
            kind="field",
            name=spoken(name),
            printed=field.text,
            reading="" if reading == field.text else reading,
            look=look,
            word=word,
            place=field.place,
        )


def _results(record: Record) -> Iterable[Mark]:
    # What the header says of all results is not said again of each.
    stated = {field.value for field in record.header.values()}
    for number, row in enumerate(rows(record.observations), start=1):
        reading = reading_of(row)
        state = str(row["state"])
        understood = reading != _NOT_READ and row["reading"] != "unknown"
        look, word = STATES[state if understood or state != State.CONFIRMED else "unread"]
        yield Mark(
            number=f"R{number}",
            kind="result",
            name=", ".join(spoken(str(row[key])) for key in ("test", "part") if row[key]),
            printed=str(row["result"]),
            reading=reading,
            look=look,
            word=word,
            place=Place(
                record.source.path,
                page if isinstance(page := row["page"], int) else None,
                None if row["region"] is None else str(row["region"]),
            ),
            asides=tuple(_asides(row, stated)),
        )


def _asides(row: Mapping[str, object], stated: set[str | None]) -> Iterable[str]:
    if row["role"] != Role.SAMPLE.value:
        yield spoken(str(row["role"]))
    if row["status"] != Status.FINAL.value:
        yield str(row["status"])
    for name in ("lot", "sample_id", "method", "started", "ended", "measured_at"):
        if row[name] is not None and str(row[name]) not in stated:
            yield f"{spoken(name)} {row[name]}"


def _findings(record: Record) -> Iterable[Mark]:
    looks = {Severity.FAIL: "clash", Severity.HOLD: "clash", Severity.WARNING: "doubt"}
    worst_first = sorted(record.findings, key=lambda found: list(Severity).index(found.severity))
    for number, finding in enumerate(worst_first, start=1):
        known = rule(finding.slug)
        yield Mark(
            number=f"F{number}",
            kind="finding",
            name=known.title,
            printed=finding.message,
            reading="",
            look=looks.get(finding.severity, "note"),
            word=finding.severity.value.upper(),
            place=finding.place,
            asides=(f"{known.code} {known.slug}",),
        )


def _boxes(mark: Mark, pages: Mapping[int, Page]) -> tuple[Box, ...]:
    """Give the box that a place names, or those of the words that stand there."""
    region, number = mark.place.region, mark.place.page
    if region is None:
        return ()
    box = mark.place.box
    if box is not None:
        return (box,) if number in pages else ()
    page = pages.get(number or 0)
    return tuple(_lines([word for word in page.words if word.region == region])) if page else ()


def _lines(words: list[Word]) -> Iterable[Box]:
    """Join the boxes of words that stand on one line."""
    current: Box | None = None
    for x0, y0, x1, y1 in (word.bbox for word in words):
        if current and min(y1, current[3]) - max(y0, current[1]) > 0.5 * (y1 - y0):
            current = (
                min(x0, current[0]),
                min(y0, current[1]),
                max(x1, current[2]),
                max(y1, current[3]),
            )
            continue
        if current:
            yield current
        current = (x0, y0, x1, y1)
    if current:
        yield current


@dataclass(frozen=True)
class Left:
    """Words in a row that deserve a look: nobody sees them, is sure of them, or took them."""

    text: str
    box: Box
    look: str
    told: str
    count: int = 1


def left_of(page: Page, marks: Iterable[Mark]) -> list[Left]:
    """List the words of a page that no value was taken from, and those that are doubtful.

    A word inside the box of a field or a result was used; when it is certain it says no more.
    """
    taken = [box for mark in marks if mark.kind != "finding" for box in mark.boxes]
    found: list[Left] = []
    for word in page.words:
        look, told = _look_of(word)
        if look == "unused" and _inside(word.bbox, taken):
            continue
        left = Left(word.text, word.bbox, look, told)
        if found and _continues(found[-1], left):
            found[-1] = _joined(found[-1], left)
        else:
            found.append(left)
    return found


def _look_of(word: Word) -> tuple[str, str]:
    if not word.visible:
        return "hidden", "in the file, but not to be seen on the page"
    if word.struck:
        return "struck", "struck through"
    if word.state is not State.CONFIRMED:
        other = "the second engine read nothing here"
        if word.other:
            other = f"the second engine read “{said(word.other, 60)}”"
        return "unsure", f"{STATES[word.state.value][1]}; {other}"
    return "unused", "seen, and taken for no value"


def _continues(one: Left, other: Left) -> bool:
    """Say whether words that look alike stand on one line, no wider apart than two letters."""
    height = other.box[3] - other.box[1]
    return (
        one.look == other.look != "unsure"
        and abs(one.box[3] - other.box[3]) < 0.3 * height
        and -height < other.box[0] - one.box[2] < height
    )


def _joined(one: Left, other: Left) -> Left:
    (x0, y0, x1, y1), (u0, v0, u1, v1) = one.box, other.box
    box = (min(x0, u0), min(y0, v0), max(x1, u1), max(y1, v1))
    return Left(f"{one.text} {other.text}", box, one.look, one.told, one.count + 1)


def _inside(box: Box, taken: list[Box]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in taken)


def chosen_pages(record: Record, document: Document | None, count: int, most: int) -> list[int]:
    """Choose the pages to draw: all, or where there are too many those with marks first."""
    numbers = [page.number for page in document.pages] if document else []
    numbers = numbers or list(range(1, count + 1))
    if len(numbers) <= most:
        return numbers
    named = {mark.place.page for mark in marks_of(record, document)}
    marked = [number for number in numbers if number in named]
    others = [number for number in numbers if number not in named]
    return sorted([*marked, *others][:most])
