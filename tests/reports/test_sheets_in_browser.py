"""The patient's page and the certificate of analysis in a real browser, as the report is."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import runs
from browser import Browser, browser

from qcvalidate.assessment import Run
from qcvalidate.facts import Clinic
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.reports import render

DAY = dt.date(2026, 4, 21)
# The part of an A4 sheet that is printed on: 210 mm less two margins of 16 mm.
PAPER = 672
FORMATS = ("summary", "coa")
CLINIC = Clinic("Example Cell Clinic (fictitious)", ("1 Nowhere Lane",), "quality@clinic.example")
KINDS = ("passes", "fails", "many")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("sheets")) as started:
        yield started


@pytest.fixture(scope="module")
def found(samples: Path) -> dict[str, Run]:
    """Judge samples, of which one passes and one fails; and a run of every kind of lot."""
    passes, fails = assess_paths(
        [samples / "MSC-2026-0018", samples / "MSC-2026-0021"], open_laboratory(), Options(DAY)
    )
    every = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)
    return {
        "passes": Run(DAY, "0.1.0", (passes,), CLINIC),
        "fails": Run(DAY, "0.1.0", (fails,), CLINIC),
        "many": runs.run(*every),
    }


@pytest.fixture
def page(found: dict[str, Run], name: str, kind: str) -> str:
    return str(render(name, found[kind]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORMATS)
def test_it_opens_from_a_file_and_asks_for_nothing_else(chromium: Browser, page: str) -> None:
    with chromium.open(page) as seen:
        assert seen.complaints == []
        assert [url.partition(":")[0] for url in seen.asked] == ["file"]


@pytest.mark.parametrize(
    ("width", "scheme", "media"),
    [(1280, "light", "screen"), (320, "dark", "screen"), (PAPER, "dark", "print")],
)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORMATS)
def test_axe_finds_no_violation(
    chromium: Browser, page: str, width: int, scheme: str, media: str
) -> None:
    with chromium.open(page, width=width, scheme=scheme, media=media) as seen:
        assert seen.violations() == []


@pytest.mark.parametrize(("width", "media"), [(320, "screen"), (1280, "screen"), (PAPER, "print")])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_cut(chromium: Browser, page: str, width: int, media: str) -> None:
    with chromium.open(page, width=width, media=media) as seen:
        assert seen.overflow <= 0
        assert seen.cut == []


@pytest.mark.parametrize("kind", ["passes", "fails"])
@pytest.mark.parametrize("name", ["summary"])
def test_the_patient_s_page_is_one_on_paper(chromium: Browser, page: str) -> None:
    assert len(printed(chromium, page)) == 1


@pytest.mark.parametrize("kind", ["fails"])
@pytest.mark.parametrize("name", ["coa"])
def test_each_printed_page_says_whose_it_is_and_that_it_releases_nothing(
    chromium: Browser, page: str
) -> None:
    texts = printed(chromium, page)

    assert len(texts) > 1
    for number, text in enumerate(texts, start=1):
        assert "CoA MSC-2026-0021 2026-04-21" in text
        assert "NOT FOR RELEASE: FAIL" in text
        assert f"page {number} of {len(texts)}" in text


@pytest.mark.parametrize("kind", ["many"])
@pytest.mark.parametrize("name", ["coa"])
def test_the_printed_pages_of_many_lots_name_their_own(chromium: Browser, page: str) -> None:
    texts = printed(chromium, page)

    lots = ["MSC-2026-0018", "MSC-2026-0019", "MSC-2026-0020", "lot not stated", "MSC-2026-0019"]
    heads = [
        head[1]
        for text in texts
        if (head := re.match(r"CoA (.+?) 2026-05-20 \w+, (?:DRAFT, )?NOT", text))
    ]
    assert len(heads) == len(texts)
    assert [head for head, _ in itertools.groupby(heads)] == lots


def printed(chromium: Browser, page: str) -> list[str]:
    """Print on A4 and give the words of each sheet."""
    with chromium.open(page, media="print") as seen:
        document = pdfium.PdfDocument(seen.page.pdf(prefer_css_page_size=True, format="A4"))
    texts = []
    for sheet in document:
        letters = sheet.get_textpage()
        texts.append(" ".join(letters.get_text_range().split()))
        letters.close()
        sheet.close()
    document.close()
    return texts


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_are_shown_as_text_and_break_no_layout(
    chromium: Browser, name: str, text: str
) -> None:
    page = str(render(name, runs.run(runs.hostile(text), runs.hostile(text))))
    with chromium.open(page, width=320) as seen:
        assert seen.complaints == []
        assert seen.overflow <= 0
        assert seen.cut == []
        seen.page.set_viewport_size({"width": PAPER, "height": 900})
        seen.page.emulate_media(media="print")
        assert seen.overflow <= 0
        assert seen.cut == []
        assert seen.page.evaluate("document.querySelectorAll('script, img').length") == 0
        assert seen.page.evaluate("document.querySelectorAll('article').length") == 2
