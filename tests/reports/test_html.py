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

from qcvalidate.assessment import Outcome, Verdict
from qcvalidate.record import (
    AcquisitionQuality,
    CellCount,
    DetectorQuality,
    Finding,
    Place,
    Severity,
    Waiver,
)
from qcvalidate.reports import render

# What colours and sizes a drawing also where the style sheet is not let through.
DRAWN = {"class", "fill", "stroke", "font-size", "text-anchor"}
ATTRIBUTES = {
    "a": {"href"},
    "article": {"class", "aria-labelledby"},
    "circle": {"cx", "cy", "r"} | DRAWN,
    "div": {"class", "role", "tabindex", "aria-label"},
    "dd": {"class"},
    "dl": {"class"},
    "figure": {"class", "id"},
    "footer": {"class"},
    "h1": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "header": {"class"},
    "html": {"lang"},
    "image": {"href", "width", "height", "preserveaspectratio"},
    "li": {"class"},
    "main": {"class"},
    "meta": {"charset", "content", "http-equiv", "name"},
    "ol": {"class"},
    "p": {"class"},
    "path": {"d"} | DRAWN,
    "polygon": {"points"} | DRAWN,
    "polyline": {"points"} | DRAWN,
    "rect": {"width", "height", "rx", "x", "y"} | DRAWN,
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
    "text": {"x", "y", "dy", "transform"} | DRAWN,
    "th": {"role", "scope", "data-label"},
    "thead": {"role"},
    "time": {"datetime"},
    "tr": {"role", "id"},
    "ul": {"class"},
    "use": {"href"},
}
PLAIN = {"body", "caption", "code", "defs", "dt", "figcaption"}
PLAIN |= {"h4", "head", "q", "style", "title"}
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

    named = {attributes.get("id") for _, attributes in found.elements}
    assert {link.removeprefix("#") for link in found.values("a", "href")} <= named
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
        "an authorised person. FAIL",
        "Lot MSC-2026-0018",
        "Culture-expanded MSC, allogeneic, cryopreserved",
        "The evidence does not meet the specification.",
        "First reason: 301 Viability after thaw: 64.2 %, wanted at least 70 %",
        "What needs attention",
        "the certificate says lot MSC-2026-0081, the manifest says MSC-2026-0018",
        "Every criterion",
        "Endotoxin per kilogram of recipient",
        "2 findings in the documents and the manifest",
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
    assert "Computed; release requires an authorised person." in words


def test_every_criterion_shows_value_limit_source_and_evidence() -> None:
    words = page(runs.PASSING).words

    assert (
        "endotoxin, rule 521, blocking < 0.05 EU/mL read as below 0.0714 EU/kg "
        "at most 5.0 EU/kg USP <85>"
    ) in words
    assert "95.3 % read as 95.3 % rounded 95 % at least 95 %" in words
    assert "endotoxin.pdf page 1 : < 0.05 EU/mL" in words


def test_a_pass_says_that_nothing_needs_attention() -> None:
    assert "Nothing. What no paper reports" in page(runs.PASSING).words


def test_what_is_for_information_alone_does_not_stand_among_what_needs_attention() -> None:
    noted = page(replace(runs.PASSING, findings=(runs.UNCOMPENSATED,)))

    first, findings = noted.words.split("Every criterion")
    assert "Nothing. What no paper reports" in first
    assert "1 note for information under Findings." in first
    assert "it was gated as it is" not in first
    assert "it was gated as it is" in findings
    assert "#lot-1-findings" in noted.values("a", "href")


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
    to_lots = [link for link in found.values("a", "href") if re.fullmatch(r"#lot-\d", link)]
    # FAIL, HOLD, CONDITIONAL, and the two that pass.
    assert to_lots == [f"#lot-{number}" for number in (1, 4, 3, 2, 5)]
    assert found.values("a", "href").count("#index") == 5
    assert found.values("h2", "id") == [f"lot-{number}" for number in range(1, 6)]


def test_every_table_has_a_caption_and_every_heading_cell_a_scope() -> None:
    found = page(*EVERY)

    tags = [tag for tag, _ in found.elements]
    assert tags.count("caption") == tags.count("table") > 0
    assert all("scope" in attributes for tag, attributes in found.elements if tag == "th")


def test_a_value_on_a_page_is_shown_as_it_stands_there() -> None:
    found = page(runs.FAILING)

    labels = found.values("svg", "aria-label")
    # Above, because it holds the lot, and where all lines are.
    assert labels.count("The line of sterility.pdf page 1 that says “No growth at day 6”") == 2
    assert "Sterility, 14 days sterility.pdf page 1: No growth at day 6" in found.words
    assert "Not shown: the line may bear a patient's identifier." in found.words


def test_evidence_leads_to_its_line_its_gate_or_its_document() -> None:
    found = page(runs.FAILING)

    links = found.values("a", "href")
    for link in ("#lot-1-line-2", "#lot-1-criterion-3", "#lot-1-document-1"):
        assert link in links
    gated = replace(
        runs.CD105,
        evidence=(runs.Evidence(Place("flow/panel.fcs", region="gate Cells/Singlets"), "1"),),
    )
    other = page(replace(runs.FAILING, results=(gated,)))
    assert "#lot-1-gate-1" in other.values("a", "href")


def test_the_papers_stand_side_by_side_against_lot_yaml() -> None:
    words = page(runs.FAILING).words.split("The papers side by side")[1]

    assert "sterility.pdf MSC-2026-0081 DIFFERS rule 203 FP-1 not stated P…42 NOT CERTAIN" in words
    assert "endotoxin.pdf MSC-2026-0018 same not stated" in words
    assert "torn.pdf HOLD could not be read; the findings say why" in words


def test_what_was_not_evaluated_is_told() -> None:
    words = page(runs.FAILING).words.split("What was not evaluated")[1]

    assert "Mycoplasma : missing: no document of this lot reports a mycoplasma test" in words
    assert "Sterility, 14 days : pending: preliminary: day 6 of 14" in words
    assert "doublets of flow/panel.fcs : the file has not both FSC-A and FSC-H" in words
    whole = page(replace(runs.PASSING, results=(runs.ENDOTOXIN,))).words
    assert "Nothing was left out: every criterion has its outcome" in whole
    assert "Every criterion : no specification was applied" in page(runs.HOLDING).words


def test_a_waiver_is_told_with_who_and_until_when() -> None:
    waiver = Waiver(
        "806", "thawed twice", "Q. Person", "DEV-118", runs.AS_OF, runs.AS_OF, Place("waivers.yaml")
    )
    waived = replace(runs.CD105, outcome=Outcome.WAIVED, original=Outcome.FAIL, waiver=waiver)

    words = page(replace(runs.PASSING, results=(runs.ENDOTOXIN, waived))).words

    assert "1 waiver applied" in words
    assert "806 the finding thawed twice DEV-118 Q. Person from 2026-05-20 until" in words


def test_each_printed_page_names_its_lot() -> None:
    one, two = (render("html", runs.run(*lots)) for lots in ([runs.FAILING], EVERY))

    assert '@page { @top-left { content: "Lot MSC-2026-0018: FAIL" }' in one
    assert '@page lot2 { @top-left { content: "Lot MSC-2026-0019: PASS" } }' in two
    assert 'class="lot of-2"' in two


def test_a_lots_name_cannot_leave_the_head_of_its_pages() -> None:
    lot = replace(runs.PASSING, lot='</style> "; } body { display: none }')

    style = page(lot).style

    assert len(style) == 1
    assert r"\3c \2f style\3e  \22 ; \7d  body \7b  display: none \7d " in style[0]


def test_every_plot_has_its_words() -> None:
    labels = page(runs.FAILING).values("svg", "aria-label")

    assert labels[-3:] == [
        "Density of the events of Cells on FSC-A and SSC-A, and the gate Cells/Singlets: "
        "13902 of 19000 events, 73.17 %",
        "Flow rate by time, from 40 % to 110 % of its median",
        "Signal of FL1-A by time: from -0.01 to +0.01 decades beside its whole",
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
