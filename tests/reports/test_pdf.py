"""The report on paper, held by pypdf to the tags and the metadata of PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import papers
import pytest
import runs

from qcvalidate.assessment import Outcome
from qcvalidate.errors import UsageError
from qcvalidate.record import CellCount, GateShare, Place, Waiver
from qcvalidate.reports import _filetypes, refuse_unavailable, render
from qcvalidate.reports import _typeset as typesetting

EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)
WAIVER = Waiver(
    rule="301",
    criterion="viability",
    reason="a second vial was tested",
    approver="A. Example",
    deviation="DEV-118",
    approved=dt.date(2026, 5, 1),
    expires=dt.date(2026, 6, 1),
    place=Place("waivers.yaml", None, "waivers 1"),
)
PLOT = replace(runs.plot(), interval=(72.53, 73.80))
GATED = replace(runs.FAILING, plots=(PLOT,))


def words(*lots: runs.Assessment) -> str:
    return papers.words(papers.open_pdf(render("pdf", runs.run(*lots))))


@pytest.mark.parametrize("lots", [(), EVERY[:1], EVERY], ids=len)
def test_the_file_is_tagged_and_fit_for_an_archive(lots: tuple[runs.Assessment, ...]) -> None:
    titles = {
        0: "HOLD: there is nothing to check",
        1: "FAIL MSC-2026-0018",
        5: "FAIL 5 lots",
    }

    reader = papers.open_pdf(render("pdf", runs.run(*lots)))

    title = f"{titles[len(lots)]} - qcvalidate report"
    papers.assert_archivable_and_accessible(reader, title=title)


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_hostile_text_is_shown_as_text(text: str) -> None:
    run = runs.run(runs.hostile(text))

    reader = papers.open_pdf(render("pdf", run))

    harmless = papers.open_pdf(render("pdf", runs.run(runs.hostile("harmless"))))
    assert reader.metadata is not None
    papers.assert_archivable_and_accessible(reader, title=reader.metadata.title or "")
    kinds = [str(tag["/S"]) for tag in papers.tags(reader)]
    expected = [str(tag["/S"]) for tag in papers.tags(harmless)]
    assert kinds.count("/TR") == expected.count("/TR")
    assert kinds.count("/Figure") == expected.count("/Figure")
    assert kinds.count("/Link") == 0


def test_markup_of_typst_is_text() -> None:
    markup = '#panic("no") *bold* $x$ @label <lot> = heading #sys.inputs // gone'

    assert markup in words(replace(runs.PASSING, lot=markup))


def test_a_letter_without_a_glyph_is_shown_by_its_number() -> None:
    assert r"\u7ec6\u80de 5 µL ≤ 3" in words(replace(runs.PASSING, lot="细胞 5 µL ≤ 3"))


def test_every_letter_that_is_shown_has_a_glyph() -> None:
    codes = [code for low, high in typesetting._LETTERS for code in range(low, high + 1)]
    letters = [chr(code) for code in codes] + sorted(typesetting._OTHERS)
    shown = [one for one in letters if unicodedata.category(one)[0] not in "CZM"]
    lines = ["".join(shown[at : at + 100]) for at in range(0, len(shown), 100)]
    results = tuple(replace(runs.ENDOTOXIN, reason=line) for line in lines)

    # typst refuses a PDF/A with a letter that its fonts do not have.
    assert render("pdf", runs.run(replace(runs.PASSING, results=results)))


def test_the_verdict_comes_first_and_nothing_of_the_lot_is_lost() -> None:
    said = words(GATED)

    order = [
        "FAIL Lot MSC-2026-0018",
        "Culture-expanded MSC, allogeneic, cryopreserved",
        "The evidence does not meet the specification.",
        "First reason: 301 Viability after thaw: 64.2 %, wanted at least 70 %",
        "What needs attention",
        "the certificate says lot MSC-2026-0081, the manifest says MSC-2026-0018",
        "Every criterion",
        "endotoxin, rule 521, blocking",
        "USP <85>",
        "Findings",
        "Severity Rule What was found",
        "What was not evaluated",
        "Sterility, 14 days: pending: preliminary: day 6 of 14, no growth to date; due 2026-05-28",
        "Mycoplasma: missing: no document of this lot reports a mycoplasma test",
        "doublets of flow/panel.fcs: the file has not both FSC-A and FSC-H",
        "Gates",
        "73.17 % (95 %: 72.53 to 73.80 %) of Cells",
        "13902 of 19000 events",
        "What was judged, and by what",
        "msc-expanded-allogeneic-cryopreserved 1.0.0",
        "9f1c2ab0",
        "qcvalidate 0.1.0",
        "Document Kind Reader SHA-256",
        "Reviewed by",
        "Approved by",
    ]
    places = [said.index(text) for text in order]
    assert places == sorted(places)
    assert "Computed; release requires an authorised person." in said
    assert "d" * 64 in said.replace(" ", "")


def test_every_page_says_its_lot_and_verdict_and_its_number() -> None:
    reader = papers.open_pdf(render("pdf", runs.run(runs.FAILING, runs.CONDITIONAL)))

    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    total = len(pages)
    assert all(f"page {at} of {total}" in page for at, page in enumerate(pages, start=1))
    assert "FAIL 2 lots" in pages[0]
    assert "Lot MSC-2026-0018: FAIL" in pages[1]
    assert "Lot MSC-2026-0020: CONDITIONAL" in pages[-1]


def test_an_index_links_to_each_of_many_lots() -> None:
    reader = papers.open_pdf(render("pdf", runs.run(*EVERY)))

    first = " ".join(reader.pages[0].extract_text().split())
    assert "5 lots: 2 pass, 1 fail, 1 conditional, 1 hold" in first
    links = [str(tag["/S"]) for tag in papers.tags(reader)].count("/Link")
    assert links == 5


def test_every_plot_has_its_words() -> None:
    reader = papers.open_pdf(render("pdf", runs.run(GATED)))

    alternatives = [tag["/Alt"] for tag in papers.tags(reader) if tag["/S"] == "/Figure"]
    assert alternatives == [
        "Density of the events of Cells on FSC-A and SSC-A, and the gate Cells/Singlets: "
        "13902 of 19000 events, 73.17 % (95 %: 72.53 to 73.80 %)"
    ]


def test_a_histogram_and_a_plot_without_a_picture_keep_their_words() -> None:
    histogram = replace(PLOT, counts=PLOT.counts[60:61], y_label="")
    bare = replace(PLOT, counts=PLOT.counts[:0], population="Cells or none")

    said = words(replace(runs.PASSING, plots=(histogram, bare)))

    assert said.count("73.17 % (95 %: 72.53 to 73.80 %) of Cells") == 2
    assert "Density of the events of Cells on FSC-A, and the gate Cells/Singlets" in said


def test_quadrants_of_a_plot_are_each_told() -> None:
    quadrants = replace(
        PLOT,
        shares=(GateShare("Q1", 13902, (72.53, 73.80)), GateShare("Q2", 5098, (26.20, 27.47))),
        outlines=(((0, 0.5), (1, 0.5), (1, 1), (0, 1)), ((0, 0), (1, 0), (1, 0.5), (0, 0.5))),
        definition="at 1000 on SSC-A",
    )

    said = words(replace(runs.PASSING, plots=(quadrants,)))

    assert "Q1: 13902 events, 73.17 % (95 %: 72.53 to 73.80 %)" in said
    assert "Q2: 5098 events, 26.83 % (95 %: 26.20 to 27.47 %)" in said
    assert "at 1000 on SSC-A" in said


def test_counts_of_cells_and_those_that_could_not_be_made_are_told() -> None:
    counted = CellCount(
        *("cd34_absolute", "flow/a.fcs", "Cells/CD34+", "beads", "cells/uL"),
        value=Decimal("41.5"),
        interval=(39.0, 44.0),
        cells=830,
        beads=2000,
        bead_population="Beads",
        stated=("beads of lot B-1",),
    )
    refused = replace(counted, value=None, interval=None, refused="the beads expired")

    said = words(replace(runs.PASSING, cell_counts=(counted, refused)))

    assert "41.5 cells/uL (95 %: 39 to 44) 830 cells (Cells/CD34+), 2000 beads (Beads)" in said
    assert "HOLD, not counted: the beads expired" in said


def test_an_empty_parent_is_not_zero_percent() -> None:
    empty = replace(runs.plot(), count=0, parent_count=0)

    said = words(replace(runs.PASSING, plots=(empty,)))

    assert "not evaluable, its parent holds no events" in said
    assert "0.00 %" not in said


def test_a_pass_with_a_waiver_says_so_on_every_page() -> None:
    waived = replace(runs.VIABILITY, outcome=Outcome.WAIVED, original=Outcome.FAIL, waiver=WAIVER)

    reader = papers.open_pdf(
        render("pdf", runs.run(replace(runs.PASSING, results=(runs.ENDOTOXIN, waived))))
    )

    assert "DEV-118 Viability after thaw (FAIL) a second vial was tested" in papers.words(reader)
    assert all("PASS with 1 waiver" in page.extract_text() for page in reader.pages)


def test_one_document_says_its_scope_beside_its_verdict() -> None:
    said = words(runs.ONE_DOCUMENT)

    assert "PASS document scope Lot MSC-2026-0019" in said
    assert "computed verdict PASS (document scope)" in said


def test_the_bytes_are_the_same_elsewhere_and_tomorrow() -> None:
    program = (
        "import hashlib, runs, sys; from qcvalidate.reports import render;"
        "made = render('pdf', runs.run(runs.FAILING, runs.HOLDING));"
        "sys.stdout.write(hashlib.sha256(made).hexdigest())"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])

    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": path, "TZ": zone, "LC_ALL": "C"},
            capture_output=True,
            check=True,
        ).stdout
        for zone in ("UTC", "Pacific/Auckland")
    }

    assert len(made) == 1


def test_without_typst_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_filetypes, "find_spec", lambda _name: None)

    with pytest.raises(UsageError, match=r"pip install 'qcvalidate\[pdf\]'"):
        refuse_unavailable("pdf")
