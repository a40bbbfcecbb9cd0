"""The page for the patient: what it says, what it must never say, and how hard it is to read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import papers
import pytest
import runs
from test_html import Page as Html

from qcvalidate.assessment import Assessment, Outcome, Scope
from qcvalidate.facts import Answer, Asked
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.reports import render
from qcvalidate.reports._plain import Page, page_of

GROWN = replace(
    runs.STERILITY, outcome=Outcome.FAIL, observed="Growth, Cutibacterium acnes, day 6", due=None
)
STERILE = replace(runs.STERILITY, outcome=Outcome.PASS, observed="No growth", due=None)


def page(assessment: Assessment) -> Page:
    return page_of(assessment, "", runs.AS_OF)


def words(*lots: Assessment) -> str:
    return Html(str(render("summary", runs.run(*lots)))).words


def about(**changes: object) -> Page:
    return page(replace(runs.PASSING, facts=replace(runs.FACTS, **changes)))  # type: ignore[arg-type]


def grade(text: str) -> float:
    """Give the US school grade by Flesch and Kincaid (1975), a name or a number one word each."""
    sentences = [one for one in re.split(r"(?<=[.?!])\s+", text) if re.search(r"\w", one)]
    found = re.findall(r"[A-Za-z]+|\d[\d.:]*", text)
    syllables = sum(_syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences) + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str) -> int:
    plain = re.sub(r"(?:[^laeiouy]es|[^aeiouydt]ed|[^laeiouy]e)$", "", word.casefold())
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def prose(told: Page) -> str:
    """Give all of our own words, without those that a paper printed."""
    lines = [f"{line.name}. {line.found}" for line in told.germs]
    return re.sub(r"“[^”]*”", "this", " ".join([told.status + ".", *told.sentences, *lines]))


@pytest.mark.parametrize(
    ("word", "count"),
    [("cells", 1), ("tested", 2), ("million", 2), ("ultrasound", 3), ("limit", 2)],
)
def test_syllables_are_counted_nearly_as_they_are_spoken(word: str, count: int) -> None:
    assert _syllables(word) == count


def test_hard_words_are_found_hard() -> None:
    assert grade("Microbiological contamination necessitates comprehensive investigation.") > 12


@pytest.fixture(scope="module")
def lots() -> tuple[Assessment, ...]:
    samples = Path(__file__).parent.parent.parent / "samples"
    options = Options(runs.AS_OF, plots=False)
    return tuple(assess_paths([samples], open_laboratory(), options))


def test_every_sample_reads_at_grade_8_or_below(lots: tuple[Assessment, ...]) -> None:
    grades = {one.lot: grade(prose(page(one))) for one in lots}

    assert {lot: found for lot, found in grades.items() if found > 8} == {}


@pytest.mark.parametrize(
    "verdict", ["FAILING", "PASSING", "CONDITIONAL", "HOLDING", "ONE_DOCUMENT"]
)
def test_every_verdict_reads_at_grade_8_or_below(verdict: str) -> None:
    assert grade(prose(page(getattr(runs, verdict)))) <= 8


def test_a_paper_that_fails_by_itself_is_said_to_be_one_paper() -> None:
    told = page(replace(runs.FAILING, scope=Scope.DOCUMENT)).meaning

    assert told[0] == "Just one paper was looked at."


def test_every_sample_stays_on_one_page(lots: tuple[Assessment, ...]) -> None:
    for one in lots:
        content = render("summary", runs.run(one), suffix=".pdf")
        assert len(papers.open_pdf(content).pages) == 1


def test_the_patient_number_of_a_sample_is_nowhere(lots: tuple[Assessment, ...]) -> None:
    said = words(*lots)

    assert "MSC-2026-0030" in said
    assert "EX-0030" not in said
    assert "W0000" not in said


def test_the_laboratory_at_the_head_of_a_paper_is_named(lots: tuple[Assessment, ...]) -> None:
    lot = next(one for one in lots if one.lot == "MSC-2026-0018")

    assert [line.laboratory for line in page(lot).germs][:2] == [
        "EXAMPLE COAST MICROBIOLOGY, INC. (FICTITIOUS)",
        "Muster Analytik GmbH (fictitious)",
    ]


def test_it_says_what_the_cells_are_and_how_many_live() -> None:
    said = words(runs.PASSING)

    assert "The cells are not your own. They come from a donor." in said
    assert "They were taken from bone marrow on 20 February 2026." in said
    assert "They were grown in a lab to get more of them." in said
    assert "They were frozen, to be thawed before use." in said
    assert "The dose holds about 156 million live cells." in said
    assert "The cells are to be put into a vein." in said
    assert "The doctor will not watch the needle with pictures from inside the body." in said


def test_of_several_shares_alive_the_lowest_is_told_rounded_down() -> None:
    assert (
        "About 64 of 100 cells were alive when they were checked on 18 May 2026 at 09:35. "
        "They had just been thawed."
    ) in about().dose


def test_a_share_that_was_not_read_for_certain_is_not_told() -> None:
    unsure = Answer("viability", "94", "%", "scan.pdf")

    told = about(answers=(unsure,)).dose

    assert told[-1] == (
        "The papers do not give a sure figure for the share of cells that were alive."
    )


def test_own_cells_of_the_same_day_are_told_apart_from_grown_ones() -> None:
    stated = {
        "relation": "autologous",
        "tissue": "adipose",
        "manipulation": "enzymatic",
        "cryopreserved": "false",
        "route": "intraarticular",
    }

    told = about(stated=stated, same_day=True, guidance="ultrasound", recovered=None)

    assert told.cells == (
        "The cells are your own.",
        "They were taken from body fat.",
        "They were not grown in a lab.",
        "An enzyme was used to set them free from the tissue.",
        "They were made ready on the same day.",
        "They were not frozen.",
    )
    assert told.placing == (
        "The cells are to be put into a joint.",
        "The doctor will watch the needle with ultrasound.",
    )


def test_what_nobody_states_is_said_to_be_unstated() -> None:
    told = about(
        stated={}, guidance=None, live_cells=None, answers=(), recovered=None, harvested=None
    )

    assert told.cells == (
        "The papers do not say whose cells these are.",
        "The papers do not say from which part of the body they were taken.",
        "The papers do not say how the cells were made.",
    )
    assert told.dose[0] == "The papers do not say how many live cells are in the dose."
    assert told.placing == (
        "The papers do not say where the cells are to be put.",
        "The papers do not say if the doctor will watch the needle.",
    )


def test_dead_cells_in_a_count_are_told() -> None:
    told = about(live_cells=None, nucleated_cells=Decimal("3.296e8"))

    assert told.dose[0].startswith("The dose holds about 329 million cells. Dead cells are in")


def test_tests_for_germs_name_the_lab_and_what_came_out() -> None:
    told = page(replace(runs.PASSING, results=(STERILE, runs.ENDOTOXIN)))

    assert [(line.name, line.laboratory, line.found) for line in told.germs] == [
        (
            "Germs in the cells (sterility test)",
            "Muster Analytik GmbH (fictitious)",
            "No germs were found.",
        ),
        (
            "Traces of germs (endotoxin)",
            "The paper does not name the lab",
            "It meets the limit. The paper says < 0.05 EU/mL. "
            "For this dose that is below 0.0714 EU/kg. Limit: at most 5.0 EU/kg.",
        ),
    ]


@pytest.mark.parametrize(
    ("outcome", "start"),
    [
        (Outcome.FAIL, "This test did not pass. The paper says: “Growth"),
        (Outcome.PENDING, "Still running."),
        (Outcome.INVALID, "The test did not work. It does not count."),
        (Outcome.INDETERMINATE, "Not clear, so it does not count."),
        (Outcome.MISSING, "No result was found."),
        (Outcome.WAIVED, "This did not meet the rules. The clinic has let it pass."),
    ],
)
def test_a_test_that_is_not_met_never_reads_as_clean(outcome: Outcome, start: str) -> None:
    told = page(replace(runs.FAILING, results=(replace(GROWN, outcome=outcome),)))

    assert told.germs[0].found.startswith(start)
    assert told.germs[0].shape != "check"
    assert "No germs" not in told.germs[0].found


def test_tests_of_the_donor_are_told_in_one_line_until_one_differs() -> None:
    asked = {
        "hiv": Asked(("hiv_antibody",), "donor"),
        "hiv_nat": Asked(("hiv_nat",), "donor"),
        "hbs": Asked(("hbs_antigen",), "donor"),
        "hcv": Asked(("hcv_antibody",), "donor"),
    }
    clear = [replace(runs.ENDOTOXIN, id=one, observed="Non-reactive") for one in asked]
    reactive = replace(clear[-1], outcome=Outcome.FAIL, observed="Reactive")

    told = page(
        replace(
            runs.FAILING,
            results=(*clear[:-1], reactive),
            facts=replace(runs.FACTS, asked=asked),
        )
    )

    assert [(line.name, line.found) for line in told.germs] == [
        ("Tests of the donor: HIV, hepatitis B", "No sign of these was found."),
        (
            "Tests of the donor: hepatitis C",
            "This test did not pass. The paper says: “Reactive”.",
        ),
    ]


def test_what_runs_is_told_with_its_day() -> None:
    assert page(runs.CONDITIONAL).running == (
        "This test still runs: Sterility, 14 days. The result is due on 28 May 2026.",
    )


@pytest.mark.parametrize(
    ("lot", "status", "looks"),
    [
        (runs.PASSING, "The tests meet their limits", "check"),
        (runs.FAILING, "These cells did not pass", "cross"),
        (runs.CONDITIONAL, "Not all tests are done", "clock"),
        (runs.HOLDING, "On hold: this check is not done", "pause"),
        (runs.ONE_DOCUMENT, "This is not a check of the cells", "pause"),
    ],
)
def test_the_headline_is_the_verdict(lot: Assessment, status: str, looks: str) -> None:
    told = page(lot)

    assert (told.status, told.shape) == (status, looks)
    reader = papers.open_pdf(render("summary", runs.run(lot), suffix=".pdf"))
    assert status in papers.words(reader)
    assert status in words(lot)


def test_a_lot_that_fails_says_what_failed_before_anything_else() -> None:
    said = words(runs.FAILING)

    assert said.index("This did not meet its limit: Viability after thaw.") < said.index(
        "The cells are not your own"
    )
    assert "meet their limits" not in said


def test_nothing_is_promised() -> None:
    for lot in (runs.PASSING, runs.FAILING, runs.CONDITIONAL, runs.HOLDING):
        said = words(lot)
        assert "It does not say that the cells will help you." in said
        assert "A trained person at the clinic decides if the cells may be used." in said
        assert not re.search(r"\b(?:safe|cure|heal|effective|works? well)\b", said, re.IGNORECASE)


@pytest.mark.parametrize("lots", [(), (runs.PASSING,), (runs.FAILING, runs.HOLDING)], ids=len)
def test_its_pdf_is_tagged_and_fit_for_an_archive(lots: tuple[Assessment, ...]) -> None:
    titles = (
        "HOLD: no lot was found - qcvalidate",
        "About your cells, lot MSC-2026-0019: The tests meet their limits - qcvalidate",
        "About your cells - qcvalidate",
    )

    reader = papers.open_pdf(render("summary", runs.run(*lots), suffix=".pdf"))

    papers.assert_archivable_and_accessible(reader, title=titles[len(lots)])


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_hostile_text_is_text_in_both(text: str) -> None:
    run = runs.run(runs.hostile(text))

    tags = [tag for tag, _ in Html(str(render("summary", run))).elements]
    harmless = str(render("summary", runs.run(runs.hostile("y" * len(text)))))
    assert tags == [tag for tag, _ in Html(harmless).elements]
    papers.open_pdf(render("summary", run, suffix=".pdf"))


def test_the_same_run_gives_the_same_bytes() -> None:
    run = runs.run(runs.FAILING, runs.CONDITIONAL)

    assert render("summary", run) == render("summary", run)
    assert render("summary", run, suffix=".pdf") == render("summary", run, suffix=".pdf")


def test_a_day_is_written_out() -> None:
    told = page(replace(runs.PASSING, as_of=dt.date(2026, 12, 1)))

    assert told.day == "1 December 2026"


def test_a_pass_does_not_hide_a_test_that_the_verdict_does_not_wait_for() -> None:
    lot = replace(runs.PASSING, results=(*runs.PASSING.results, runs.CFU))

    told = " ".join(page(lot).meaning)

    assert "All the tests" not in told
    assert "not all other tests are done or fine" in told
