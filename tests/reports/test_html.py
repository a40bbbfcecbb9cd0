from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import numpy as np
import pytest
import runs

from qcvalidate.assessment import Verdict
from qcvalidate.record import (
    AcquisitionQuality,
    CellCount,
    DetectorQuality,
    Finding,
    Place,
    Severity,
)
from qcvalidate.reports import render

ATTRIBUTES = {
    "a": {"href"},
    "article": {"class", "aria-labelledby"},
    "circle": {"cx", "cy", "r", "class"},
    "div": {"class"},
    "dd": {"class"},
    "dl": {"class"},
    "figure": {"class"},
    "h2": {"id"},
    "header": {"class"},
    "html": {"lang"},
    "image": {"href", "width", "height", "preserveaspectratio"},
    "li": {"class"},
    "meta": {"charset", "content", "http-equiv", "name"},
    "ol": {"class"},
    "p": {"class"},
    "path": {"d", "class"},
    "polygon": {"points", "class"},
    "rect": {"width", "height", "rx", "x", "y", "class"},
    "section": {"class"},
    "span": {"class"},
    "strong": {"class"},
    "svg": {
        "aria-hidden",
        "aria-label",
        "class",
        "height",
        "role",
        "viewbox",
        "width",
        "x",
        "y",
    },
    "symbol": {"id", "viewbox"},
    "table": {"role", "class"},
    "tbody": {"role"},
    "td": {"role", "class", "data-label", "colspan"},
    "text": {"class", "x", "y", "dy", "text-anchor", "transform"},
    "th": {"role", "scope", "data-label"},
    "thead": {"role"},
    "time": {"datetime"},
    "tr": {"role"},
    "use": {"href"},
}
PLAIN = {"body", "caption", "code", "defs", "dt", "figcaption", "footer"}
PLAIN |= {"h1", "h3", "h4", "head", "main", "q", "style", "title"}
VOID = {"meta"}


class Page(HTMLParser):
    """Collects what a browser would see, and that every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.style: list[str] = []
        self._open: list[str] = []
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
        (self.style if self._open[-1:] == ["style"] else self.text).append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            found[attribute] or ""
            for name, found in self.elements
            if name == tag and attribute in found
        ]


def page(*lots: runs.Assessment) -> Page:
    return Page(render("html", runs.run(*lots)))


EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


@pytest.mark.parametrize(
    "text", ["harmless", *runs.HOSTILE_TEXTS], ids=range(len(runs.HOSTILE_TEXTS) + 1)
)
def test_only_our_own_elements_and_attributes_are_there(text: str) -> None:
    found = page(runs.hostile(text), runs.hostile(text))

    assert {tag for tag, _ in found.elements} <= set(ATTRIBUTES) | PLAIN
    for tag, attributes in found.elements:
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), (tag, attributes)
    assert len([tag for tag, _ in found.elements if tag == "style"]) == 1


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_hostile_text_adds_no_element(text: str) -> None:
    harmless = [tag for tag, _ in page(runs.hostile("y" * len(text))).elements]

    assert [tag for tag, _ in page(runs.hostile(text)).elements] == harmless


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_links_and_pictures_stay_inside_the_file(text: str) -> None:
    found = page(runs.hostile(text), runs.hostile(text))

    assert all(re.fullmatch(r"#lot-\d", link) for link in found.values("a", "href"))
    assert all(link.startswith("#shape-") for link in found.values("use", "href"))
    assert all(
        re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/=]+", link)
        for link in found.values("image", "href")
    )


def test_the_policy_allows_our_style_and_nothing_else() -> None:
    found = page(runs.FAILING)

    digest = hashlib.sha256("".join(found.style).encode()).digest()
    policy = next(
        attributes["content"]
        for tag, attributes in found.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_the_page_names_no_other_place() -> None:
    text = render("html", runs.run(*EVERY))

    assert not re.search(r"https?:|//[a-z]|@import|url\(", text)


def test_the_verdict_and_its_reason_come_first() -> None:
    words = page(runs.FAILING).words

    order = [
        "authority releases the lot. FAIL",
        "Lot MSC-2026-0018",
        "Culture-expanded MSC, allogeneic, cryopreserved",
        "The evidence does not meet the specification.",
        "First reason: 301 Viability after thaw: 64.2 %, wanted at least 70 %",
        "What needs attention",
        "the certificate says lot MSC-2026-0081, the manifest says MSC-2026-0018",
        "Every criterion",
        "Endotoxin per kilogram of recipient",
        "Findings",
        "Gates",
        "Singlets 73.17 %",
        "13902 of 19000 events of Cells",
        "What was judged, and by what",
        "msc-expanded-allogeneic-cryopreserved 1.0.0",
        "9f1c2ab0" + "0" * 56,
        "Day of the check 2026-05-20",
        "Tool qcvalidate 0.1.0",
        "d" * 64,
        "Reviewed by",
        "Approved by",
    ]
    places = [words.index(text) for text in order]
    assert places == sorted(places)
    assert "Computed; a person with the authority releases the lot." in words


def test_every_criterion_shows_value_limit_source_and_evidence() -> None:
    words = page(runs.PASSING).words

    assert "endotoxin, rule 521, blocking < 0.05 EU/mL at most 5.0 EU/kg USP <85>" in words
    assert "endotoxin.pdf page 1: < 0.05 EU/mL" in words


def test_a_pass_says_that_nothing_needs_attention() -> None:
    assert "Nothing. What no paper reports" in page(runs.PASSING).words


def test_a_hold_with_nothing_against_the_lot_does_not_read_as_a_pass() -> None:
    held = replace(runs.PASSING, verdict=Verdict.HOLD, results=())

    words = page(held).words

    assert "Nothing: every criterion is met" not in words
    assert "nothing shows that a required criterion is met" in words
    assert "No criterion was judged." in words


def test_one_document_says_its_scope_beside_its_verdict() -> None:
    words = page(runs.ONE_DOCUMENT).words

    assert "PASS document scope Lot MSC-2026-0019" in words
    assert "only what this document can answer was judged, not the lot" in words
    assert "computed verdict PASS (document scope)" in words


def test_many_lots_have_an_index_that_links_to_each() -> None:
    found = page(*EVERY)

    assert "5 lots: 2 pass, 1 fail, 1 conditional, 1 hold" in found.words
    assert found.values("a", "href") == [f"#lot-{number}" for number in range(1, 6)]
    assert found.values("h2", "id") == [f"lot-{number}" for number in range(1, 6)]


def test_every_table_has_a_caption_and_every_heading_cell_a_scope() -> None:
    found = page(*EVERY)

    tags = [tag for tag, _ in found.elements]
    assert tags.count("caption") == tags.count("table") > 0
    assert all("scope" in attributes for tag, attributes in found.elements if tag == "th")


def test_every_plot_has_its_words() -> None:
    labels = page(runs.FAILING).values("svg", "aria-label")

    assert labels == [
        "Density of the events of Cells on FSC-A and SSC-A, and the gate Cells/Singlets: "
        "13902 of 19000 events, 73.17 %"
    ]


def test_a_plot_tells_whose_events_it_counts() -> None:
    told = replace(runs.plot(), definition="polygon of 4 corners", interval=(72.53, 73.8))

    words = page(replace(runs.PASSING, plots=(told,))).words

    assert "73.17 % (95 %: 72.53 to 73.80 %)" in words
    assert "13902 of 19000 events of Cells" in words
    assert "Gate Singlets: polygon of 4 corners. flow/panel.fcs" in words


def test_a_boolean_gate_is_told_without_a_picture() -> None:
    told = replace(
        runs.plot(), counts=np.zeros((0, 0), np.uint32), outlines=(), definition="A and not B"
    )

    found = page(replace(runs.PASSING, plots=(told,)))

    assert found.values("svg", "aria-label") == []
    assert "A and not B" in found.words


QUALITY = AcquisitionQuality(
    "flow/panel.fcs",
    None,
    20_000,
    "SimCyte 3",
    None,
    None,
    detectors=(
        DetectorQuality("FL1-A", "CD45", 0.0, 0.0),
        DetectorQuality("FL2-A", "CD34", 0.0, 0.0, 0.5, "step", certain=True),
    ),
)
DRIFT = Finding(
    "signal-drift",
    Severity.HOLD,
    "the signal of FL2-A is off",
    Place("flow/panel.fcs", region="detector FL2-A, 1 s to 2 s"),
)
UNSTEADY = Finding(
    "flow-rate-unsteady", Severity.WARNING, "the flow rate falls", Place("flow/panel.fcs")
)


def test_an_acquisition_says_first_what_holds_the_lot() -> None:
    found = replace(runs.PASSING, acquisitions=(QUALITY,), findings=(UNSTEADY, DRIFT))

    words = page(found).words.split("How each list-mode file was acquired")[1]

    order = [
        "HOLD the signal of FL2-A is off",
        "WARNING the flow rate falls",
        "Cytometer SimCyte 3",
        "Serial number not stated ($CYTSN)",
        "FL1-A CD45 not evaluated",
        "FL2-A CD34 HOLD +0.50 decades, a step",
    ]
    places = [words.index(text) for text in order]
    assert places == sorted(places)


def test_an_acquisition_without_objections_says_so() -> None:
    other = replace(DRIFT, place=Place("flow/other.fcs", region="detector FL2-A"))
    found = replace(runs.PASSING, acquisitions=(QUALITY,), findings=(other,))

    words = page(found).words.split("How each list-mode file was acquired")[1]

    assert "No rule objects to this acquisition." in words
    assert "FL2-A CD34 +0.50 decades" in words


def test_a_count_brings_its_interval_and_what_it_leans_on() -> None:
    count = CellCount(
        "cd34_absolute",
        "flow/panel.fcs",
        "CD45+/CD34+",
        "single platform, beads",
        "cells/uL",
        value=Decimal("49.85"),
        interval=(40.17, 61.28),
        cells=100,
        beads=1000,
        bead_population="Beads",
        stated=("beads of lot B-1, expiry 2026-09-30",),
    )
    refused = replace(count, value=None, refused="the beads of lot B-1 expired")

    words = page(replace(runs.PASSING, cell_counts=(count, refused))).words

    assert "49.85 cells/uL (95 %: 40.17 to 61.28) 100 cells CD45+/CD34+ 1000 beads Beads" in words
    assert "beads of lot B-1, expiry 2026-09-30" in words
    assert "HOLD Not counted: the beads of lot B-1 expired" in words


def test_the_share_of_an_empty_parent_is_not_zero() -> None:
    empty = replace(runs.plot(), count=0, parent_count=0)

    words = page(replace(runs.PASSING, plots=(empty,))).words

    assert "not evaluable, its parent holds no events" in words
    assert "0.00 %" not in words


def test_a_long_text_is_cut_and_says_so() -> None:
    text = render("html", runs.run(runs.hostile("x" * 10_000)))

    assert "x" * 401 not in text
    assert "(10000 characters)" in text
