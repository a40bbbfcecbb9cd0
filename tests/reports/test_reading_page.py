from __future__ import annotations

import base64
import hashlib
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from qcvalidate.documents import Cell, Document, Page, Table, Word
from qcvalidate.documents.rendering import Picture
from qcvalidate.frames import observations
from qcvalidate.frames.observations import Observation
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source, State
from qcvalidate.reports._readingpage import MOST_PAGES, pages_to_draw, render_reading

SHA = "ab" * 32
VOID = {"meta"}


class Html(HTMLParser):
    """Collects what a browser would see, and that every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.style = ""
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.style += data
        else:
            self.texts.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def classes(self, tag: str) -> list[str]:
        return [found.get("class") or "" for name, found in self.elements if name == tag]


def word(text: str, x: float, y: float = 100, **more: object) -> Word:
    return Word(text, 1, (x, y, x + 6 * len(text), y + 10), **more)  # type: ignore[arg-type]


def document(*words: Word, pages: int = 1) -> Document:
    made = (Page(1, 612, 792, words), *(Page(n, 612, 792, ()) for n in range(2, pages + 1)))
    return Document(Path("a.pdf"), "a.pdf", SHA, "application/pdf", "pages", pages=made)


def place(found: Word) -> Place:
    return Place("a.pdf", found.page, ",".join(f"{edge:g}" for edge in found.bbox))


def record(
    header: dict[str, Field] | None = None,
    results: tuple[Observation, ...] = (),
    findings: tuple[Finding, ...] = (),
    reader: str = "certificates.generic",
) -> Record:
    source = Source("a.pdf", SHA, "pages", reader)
    return Record(source, header or {}, observations(results), findings)


LABEL, LOT = word("Lot:", 72), word("MSC-1", 100)
FIELD = Field("MSC-1", "MSC-1", place(LOT))


def result(found: Word, **more: object) -> Observation:
    where = place(found)
    return Observation(  # type: ignore[arg-type]
        test="sterility", result=found.text, source="a.pdf", page=1, region=where.region, **more
    )


def test_a_value_has_a_box_a_label_and_a_line() -> None:
    html = Html(render_reading(record({"lot": FIELD}), document(LABEL, LOT), {}))

    assert "boxed look-sure of-field" in html.classes("a")
    assert "1 lot" in html.texts
    assert "“MSC-1”" in html.words or "MSC-1" in html.words
    assert "certain" in html.words


def test_a_word_that_nothing_took_is_marked_as_such() -> None:
    html = Html(render_reading(record({"lot": FIELD}), document(LABEL, LOT), {}))

    unused = next(found for name, found in html.elements if found.get("class") == "unused")
    assert unused["d"] == "M72 110H96"
    assert "1 word taken for no value" in html.words


def test_our_reading_stands_beside_what_was_printed() -> None:
    day = word("04/01/2026", 100)
    field = Field("04/01/2026", "2026-04-01", place(day))

    html = Html(render_reading(record({"signed_on": field}), document(day), {}))

    assert "1 signed on = 2026-04-01" in html.texts
    assert "read as 2026-04-01" in html.words


@pytest.mark.parametrize(
    ("state", "look", "said"),
    [
        (State.SINGLE_SOURCE, "look-doubt", "one engine only"),
        (State.CONFLICT, "look-clash", "conflict"),
        (State.AMBIGUOUS, "look-doubt", "ambiguous"),
    ],
)
def test_doubt_is_said_in_words_and_shape(state: State, look: str, said: str) -> None:
    field = Field("MSC-1", None, place(LOT), state)

    html = Html(render_reading(record({"lot": field}), document(LOT), {}))

    assert f"boxed {look} of-field" in html.classes("a")
    assert any(text.startswith("1? lot") for text in html.texts)
    assert f"Not certain: 1 lot ( {said})" in html.words.replace("(", "( ").replace("(  ", "( ")


def test_a_result_that_was_not_understood_is_not_certain() -> None:
    odd = word("satisfying", 100)

    html = Html(render_reading(record(results=(result(odd),)), document(odd), {}))

    assert "1 not certain" in html.words
    assert "not understood" in html.words


def test_a_bound_is_told_as_a_bound() -> None:
    low = word("<0.05", 100)
    row = result(low, lower=Decimal("-Infinity"), upper=Decimal("0.05"), upper_closed=False)

    html = Html(render_reading(record(results=(row,)), document(low), {}))

    assert "read as below 0.05" in html.words


def test_growth_is_never_shown_as_good() -> None:
    growth = word("Growth", 100)
    row = result(growth, reading="positive")

    text = render_reading(record(results=(row,)), document(growth), {})

    assert "PASS" not in Html(text).texts
    assert "No verdict" in text


def test_hidden_struck_and_unconfirmed_words_are_boxed_and_listed() -> None:
    words = (
        word("secret", 100, visible=False),
        word("old", 200, struck=True),
        word("0O18", 300, state=State.CONFLICT, other="0018"),
    )

    html = Html(render_reading(record(), document(*words), {}))

    assert {"left-hidden", "left-struck", "left-unsure"} <= set(html.classes("rect"))
    assert "“secret”: in the file, but not to be seen on the page" in html.words
    assert "“old”: struck through" in html.words
    assert "the second engine read “0018”" in html.words


def test_a_finding_is_linked_to_its_box() -> None:
    finding = Finding("text-struck", Severity.HOLD, "“old” is struck through", place(LOT))

    html = Html(render_reading(record(findings=(finding,)), document(LOT), {}))

    assert ("a", {"href": "#box-f1"}) in html.elements
    assert any(found.get("id") == "box-f1" for _, found in html.elements)
    assert "121 text-struck" in html.words


def test_the_worst_finding_comes_first() -> None:
    findings = (
        Finding("signature-trusted", Severity.INFORMATION, "signed", Place("a.pdf")),
        Finding("text-struck", Severity.HOLD, "struck", Place("a.pdf")),
    )

    text = Html(render_reading(record(findings=findings), document(LOT), {})).words

    assert text.index("F1 HOLD") < text.index("F2 INFORMATION")


def test_fields_that_were_not_found_are_named() -> None:
    html = Html(render_reading(record({"lot": FIELD}), document(LOT), {}))

    assert re.search("Header fields not found: title, laboratory,.*status", html.words)


def test_a_refused_document_shows_its_page_and_why() -> None:
    finding = Finding("no-text-layer", Severity.HOLD, "a.pdf: no text layer", Place("a.pdf"))
    picture = Picture(b"\x89PNG", 612, 792)

    html = Html(render_reading(record(findings=(finding,), reader="none"), None, {1: picture}))

    assert "No value was read from this document." in html.words
    assert "a.pdf: no text layer" in html.words
    image = next(found for name, found in html.elements if name == "image")
    assert image["href"] == "data:image/png;base64,iVBORw=="


def test_pages_that_we_laid_out_are_drawn_as_text() -> None:
    laid = word("No-growth", 100, region="paragraph 3")
    row = Observation(
        test="sterility",
        result="No-growth",
        source="a.docx",
        page=1,
        region="paragraph 3",
        reading="negative",
    )

    html = Html(render_reading(record(results=(row,)), document(laid), {}))

    assert "laid" in html.classes("text")
    assert "boxed look-sure of-result" in html.classes("a")


def test_the_cells_of_a_table_are_boxed() -> None:
    rows = (
        (Cell("test", "row 1 “test”"), Cell("result", "row 1 “result”")),
        (Cell("viability", "row 2 “test”"), Cell("92.8", "row 2 “result”")),
    )
    table = Document(
        Path("a.csv"), "a.csv", SHA, "text/csv", "table", tables=(Table("a.csv", rows),)
    )
    row = Observation(
        test="viability",
        result="92.8",
        source="a.csv",
        region="row 2 “result”",
        lower=Decimal("92.8"),
        upper=Decimal("92.8"),
        unit="%",
    )

    html = Html(render_reading(record(results=(row,)), table, {}))

    assert "cell-box look-sure" in html.classes("span")
    assert "read as 92.8 %" in html.words


def test_a_long_table_shows_the_rows_with_values() -> None:
    rows = tuple((Cell(f"cell {n}", f"row {n}"),) for n in range(1, 1001))
    table = Document(
        Path("a.csv"), "a.csv", SHA, "text/csv", "table", tables=(Table("a.csv", rows),)
    )
    row = Observation(test="viability", result="cell 999", source="a.csv", region="row 999")

    html = Html(render_reading(record(results=(row,)), table, {}))

    assert "800 rows without one are not shown" in html.words
    assert any("look-doubt" in found for found in html.classes("span") if "cell-box" in found)


def test_only_so_many_pages_are_drawn_those_with_values_first() -> None:
    many = document(LOT, pages=60)
    field = Field("x", "x", Place("a.pdf", 55, "1,1,2,2"))

    numbers = pages_to_draw(record({"lot": field}), many)

    assert len(numbers) == MOST_PAGES
    assert numbers[-1] == 55
    assert (
        "20 further pages are not shown"
        in Html(render_reading(record({"lot": field}), many, {})).words
    )


HOSTILE = "</title><script>alert(1)</script><img src=x onerror=y>\u202e“&quot;"


def test_everything_from_a_document_is_escaped() -> None:
    bad = word(HOSTILE, 100)
    field = Field(HOSTILE, HOSTILE + "x", place(bad), State.CONFLICT)
    finding = Finding("text-hidden", Severity.HOLD, HOSTILE, place(bad))
    rows = ((Cell(HOSTILE, "A1"),),)
    source = Source(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    row = result(bad, part=HOSTILE, unit=HOSTILE, method=HOSTILE)
    hidden = word(HOSTILE, 300, visible=False)
    unsure = word(HOSTILE, 400, state=State.CONFLICT, other=HOSTILE)
    made = document(bad, hidden, unsure)
    seen = Record(source, {"lot": field}, observations([row]), (finding,))
    table = Document(
        Path("a.csv"), HOSTILE, SHA, "text/csv", "table", tables=(Table(HOSTILE, rows),)
    )

    for text in (render_reading(seen, made, {}), render_reading(seen, table, {})):
        html = Html(text)
        assert not {"script", "img"} & {name for name, _ in html.elements}
        assert not any(key.startswith("on") for _, found in html.elements for key in found)
        assert "\u202e" not in text


def test_the_page_is_one_file_under_a_strict_policy() -> None:
    text = render_reading(record({"lot": FIELD}), document(LABEL, LOT), {})
    html = Html(text)

    policy = next(found["content"] or "" for _, found in html.elements if "http-equiv" in found)
    digest = base64.b64encode(hashlib.sha256(html.style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert not any("style" in found for _, found in html.elements)
    links = [found["href"] or "" for _, found in html.elements if "href" in found]
    assert all(link.startswith(("#", "data:image/png")) for link in links)


def test_every_link_leads_somewhere_and_no_id_stands_twice() -> None:
    finding = Finding("text-struck", Severity.HOLD, "struck", place(LOT))
    html = Html(render_reading(record({"lot": FIELD}, findings=(finding,)), document(LOT), {}))

    ids = [found["id"] for _, found in html.elements if "id" in found]
    links = {(found["href"] or "")[1:] for _, found in html.elements if "href" in found}
    assert len(ids) == len(set(ids))
    assert links <= set(ids)


def test_the_same_reading_gives_the_same_bytes() -> None:
    made = (record({"lot": FIELD}), document(LABEL, LOT), {1: Picture(b"png", 612, 792)})

    assert render_reading(*made) == render_reading(*made)
