"""The report in a real browser: offline, wide, narrow, on paper, by keyboard and for axe-core."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import runs
from browser import Browser, browser

from qcvalidate.assessment import Run
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.reports import render

DAY = dt.date(2026, 4, 21)
# The part of an A4 sheet that is printed on: 182 mm.
PAPER = 688
EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("reports")) as started:
        yield started


@pytest.fixture(scope="module")
def pages(samples: Path) -> dict[str, str]:
    """Render a sample that fails, a made lot with all that a report can hold, and many lots."""
    found = tuple(assess_paths([samples / "MSC-2026-0021"], open_laboratory(), Options(DAY)))
    return {
        "sample": render("html", Run(DAY, "0.1.0", found)),
        "made": render("html", runs.run(runs.FAILING)),
        "many": render("html", runs.run(*EVERY)),
    }


KINDS = ("sample", "made", "many")


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_from_a_file_and_asks_for_nothing_else(
    chromium: Browser, pages: dict[str, str], kind: str
) -> None:
    with chromium.open(pages[kind]) as seen:
        # Nor does the policy stop anything that the page brings itself.
        assert seen.complaints == []
        assert {url.partition(":")[0] for url in seen.asked} <= {"file", "data"}
        assert len([url for url in seen.asked if url.startswith("file:")]) == 1
        drawn = "[...document.images].every((one) => one.naturalWidth > 0)"
        assert seen.page.evaluate(drawn)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_violation(
    chromium: Browser, pages: dict[str, str], kind: str, scheme: str
) -> None:
    with chromium.open(pages[kind], scheme=scheme) as seen:
        assert seen.violations() == []


@pytest.mark.parametrize(("width", "media"), [(320, "screen"), (1280, "screen"), (PAPER, "print")])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut(
    chromium: Browser, pages: dict[str, str], kind: str, width: int, media: str
) -> None:
    with chromium.open(pages[kind], width=width, media=media) as seen:
        assert seen.overflow <= 0
        assert seen.cut == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_reaches_all_that_can_be_used(
    chromium: Browser, pages: dict[str, str], kind: str
) -> None:
    with chromium.open(pages[kind]) as seen:
        wanted = seen.page.evaluate("document.querySelectorAll('a, [tabindex], summary').length")
        seen.page.evaluate("window.reached = new Set()")
        for _ in range(wanted + 1):
            seen.page.keyboard.press("Tab")
            seen.page.evaluate(
                "document.activeElement !== document.body && reached.add(document.activeElement)"
            )
        assert wanted > 0
        assert seen.page.evaluate("reached.size") == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_brings_what_it_names_into_view(
    chromium: Browser, pages: dict[str, str], kind: str
) -> None:
    with chromium.open(pages[kind]) as seen:
        seen.page.locator("a").last.focus()
        seen.page.keyboard.press("Enter")
        in_sight = (
            "(() => { const box = document.querySelector(':target').getBoundingClientRect();"
            " return box.top < innerHeight && box.bottom > 0 })()"
        )
        # What was out of sight is laid out on the way there, which takes a frame or more.
        for _ in range(100):
            if seen.page.evaluate(in_sight):
                break
            seen.page.wait_for_timeout(100)
        assert seen.page.evaluate(in_sight)


def test_without_its_styles_it_says_the_same_in_the_same_order(
    chromium: Browser, pages: dict[str, str]
) -> None:
    with chromium.open(pages["made"]) as seen:
        seen.page.evaluate("document.querySelector('style').remove()")

        words = " ".join(seen.page.inner_text("body").split())
        order = ["FAIL", "Lot MSC-2026-0018", "First reason:", "What needs attention", "Review"]
        assert [words.index(one) for one in order] == sorted(words.index(one) for one in order)
        fills = (
            "[...document.querySelectorAll('.gate, .frame')].map((o) => getComputedStyle(o).fill)"
        )
        assert set(seen.page.evaluate(fills)) == {"none"}


def test_each_printed_page_is_headed_with_its_lot_and_numbered(chromium: Browser) -> None:
    lots = (runs.FAILING, replace(runs.PASSING, lot="MSC “19” </style>"))
    with chromium.open(render("html", runs.run(*lots)), media="print") as seen:
        printed = pdfium.PdfDocument(seen.page.pdf(prefer_css_page_size=True, format="A4"))
    texts = []
    for page in printed:
        letters = page.get_textpage()
        texts.append(" ".join(letters.get_text_range().split()))
        letters.close()
        page.close()
    printed.close()

    count = len(texts)
    assert all(f"Page {number} of {count}" in text for number, text in enumerate(texts, start=1))
    first = next(i for i, text in enumerate(texts) if "Lot MSC-2026-0018: FAIL" in text)
    second = next(i for i, text in enumerate(texts) if "Lot MSC “19” </style>: PASS" in text)
    assert 0 < first < second
    assert all("Lot MSC-2026-0018: FAIL" in text for text in texts[first:second])
    assert all("Lot MSC “19” </style>: PASS" in text for text in texts[second:])
    assert "2 lots: 1 pass, 1 fail" in texts[0]


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_hostile_texts_are_shown_as_text_and_break_no_layout(
    chromium: Browser, text: str, media: str
) -> None:
    page = render("html", runs.run(runs.hostile(text), runs.hostile(text)))
    width = 320 if media == "screen" else PAPER
    with chromium.open(page, width=width, media=media) as seen:
        assert seen.complaints == []
        assert seen.overflow <= 0
        assert seen.cut == []
        counted = "document.querySelectorAll('script, img, [onerror], [onmouseover]').length"
        assert seen.page.evaluate(counted) == 0
        assert seen.page.evaluate("document.querySelectorAll('article').length") == 2
