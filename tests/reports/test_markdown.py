from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import runs
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qcvalidate.record import Place
from qcvalidate.reports import render

COMMENT = 65_536
GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close"),
    *(f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td", "strong")
      for end in ("open", "close")),
    *("inline", "text", "html_inline", "softbreak"),
}  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    for token in GFM.parse(text):
        yield token
        yield from token.children or ()


def shown(text: str) -> str:
    """Give the words that a reader sees; nothing but our own elements may be among them."""
    found = list(tokens(text))
    assert {token.type for token in found} <= OURS
    assert {token.content for token in found if token.type == "html_inline"} <= {"<!-- -->"}
    return "".join(token.content for token in found if token.type == "text")


def test_a_conditional_lot() -> None:
    # Written by hand.
    assert render("markdown", runs.run(runs.CONDITIONAL)) == "\n".join(
        [
            "## qcvalidate: ⏳ **CONDITIONAL**",
            "",
            "1 lot: 1 conditional.",
            "",
            "### MSC-2026-0020: ⏳ **CONDITIONAL**",
            "",
            "Nothing fails, but results that the specification lets follow are open. The last "
            "result is due on 2026-05-28.",
            "",
            r"Specification: msc-expanded-allogeneic-cryopreserved 1.0.0 \(9f1c2ab0\). "
            "2 criteria: 1 pass, 1 pending.",
            "",
            "| | Rule | What | Wanted | Where |",
            "|---|---|---|---|---|",
            "| **PENDING** | 503 sterility-final-pending | Sterility, 14 days: No growth at day 6; "
            "preliminary: day 6 of 14, no growth to date; due 2026-05-28 | no growth after 14 days "
            "| sterility.pdf page 1 and 1 more |",
            "",
            "Computed; release requires an authorised person. qcvalidate 0.1.0, as of 2026-05-20.",
            "",
        ]
    )


def test_the_lots_that_need_a_person_come_first() -> None:
    text = render("markdown", runs.run(runs.PASSING, runs.HOLDING, runs.FAILING))

    rows = [line for line in text.splitlines() if line.startswith("| ")][1:4]
    assert [row.split("**")[1] for row in rows] == ["FAIL", "HOLD", "PASS"]
    assert text.startswith("## qcvalidate: ❌ **FAIL**\n")


def test_the_pass_of_one_document_says_so() -> None:
    text = render("markdown", runs.run(runs.ONE_DOCUMENT))

    assert text.startswith("## qcvalidate: ✅ **PASS** (document scope: only what this document")


def test_a_run_without_lots_is_held() -> None:
    text = render("markdown", runs.run())

    assert text.startswith("## qcvalidate: ✋ **HOLD**\n")
    assert "no lot was found" in text


def test_many_lots_fit_a_comment_and_the_others_are_counted() -> None:
    lots = [replace(runs.PASSING, lot=f"L-{number}") for number in range(2000)]

    text = render("markdown", runs.run(*lots, runs.FAILING))

    assert len(text.encode("utf-8")) < COMMENT
    assert "### MSC-2026-0018: ❌ **FAIL**" in text
    shown_lots = sum(line.startswith("| L-") for line in text.splitlines())
    assert f"**{2000 - shown_lots} more lots are not shown here ({2000 - shown_lots} PASS)" in text


def test_a_lot_of_many_findings_fits_a_comment_and_they_are_counted() -> None:
    finding = replace(runs.OTHER_LOT, message="x" * 400, place=Place("a.pdf"))
    lot = replace(runs.FAILING, results=(), findings=(finding,) * 1000)

    text = render("markdown", runs.run(lot))

    assert len(text.encode("utf-8")) < COMMENT
    rows = text.count("203 lot-mismatch")
    assert f"{1000 - rows} more lines of this lot are not shown here" in text


def test_what_is_wide_counts_by_its_bytes() -> None:
    lots = [runs.hostile("细胞" * 60)] * 200

    assert len(render("markdown", runs.run(*lots)).encode("utf-8")) < COMMENT


@pytest.mark.parametrize(
    "text",
    [
        *runs.HOSTILE_TEXTS,
        "[a](javascript:alert(1))",
        "![a](https://example.org/x.png)",
        "<https://example.org>",
        "| a | b |",
        "`code` **bold** ~~struck~~",
        "\\| \\",
        "# heading",
        "- item",
        "1. item",
        "&lt;b&gt; &#x3c;",
        "[x]: https://example.org",
    ],
)
def test_no_text_of_a_document_is_markup(text: str) -> None:
    found = render("markdown", runs.run(runs.hostile(text), runs.hostile(text)))

    shown(found)
    tables = [token for token in tokens(found) if token.type == "tr_open"]
    assert len(tables) == 3 + 6 + 6


@pytest.mark.parametrize(
    "text",
    [
        *("@all", "#12", "www.example.org", "https://example.org", ":x:"),
        *("GH-12", "gh-12", "%v1", "%12", '%"a milestone"'),
    ],
)
def test_no_text_of_a_document_mentions_or_links(text: str) -> None:
    found = render("markdown", runs.run(runs.hostile(text)))

    assert text not in found
    # It reads the same all the same.
    assert text in shown(found)
