"""Exports that name no parents: CytExpert, NovoExpress, Kaluza. Their numbers must prove them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from exports.flat import (
    CYTEXPERT_HEAD,
    CYTEXPERT_ROW,
    KALUZA_ROWS,
    NOVO_HEAD,
    NOVO_ROW,
    SPEC,
    VIABLE,
    cytexpert,
    held,
    judged,
    kaluza,
    novo,
    outcome,
    populations,
    record_of,
    told,
)

from qcvalidate.assessment import Outcome, Verdict
from qcvalidate.errors import DocumentError

UNPLACED = "(parent not named)"


# --- what all three have alike -------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        (cytexpert(CYTEXPERT_ROW), "exports.cytexpert_table"),
        (novo(NOVO_ROW), "exports.novoexpress_table"),
        (kaluza(), "exports.kaluza_table"),
    ],
)
def test_counts_and_percentages_prove_the_whole_path(
    tmp_path: Path, content: str, reader: str
) -> None:
    record = record_of(tmp_path, content, "s.csv")

    found = populations(record)
    assert record.source.reader == reader
    assert {path for _, path in found} == {(), VIABLE[:1], VIABLE[:2], VIABLE}
    one = found["L-1", VIABLE]
    assert one.count == 7125
    assert (one.shares[0].of, one.shares[0].percent) == (VIABLE[:2], Decimal("95.00"))
    assert not any(each.doubt for each in found.values())


@pytest.mark.parametrize("content", [cytexpert(CYTEXPERT_ROW), novo(NOVO_ROW), kaluza()])
def test_a_proved_population_answers_the_lots_test(tmp_path: Path, content: str) -> None:
    found = judged(tmp_path, content, "s.csv")

    assert found.verdict is Verdict.PASS
    assert found.results[0].observed == "95.00 % (7125 of 7500)"


LOW = {"7125": "3000", "95,00": "40,00", "95.00": "40.00", "71.25": "30.00"}


@pytest.mark.parametrize("content", [cytexpert(CYTEXPERT_ROW), novo(NOVO_ROW), kaluza()])
def test_a_low_viability_fails(tmp_path: Path, content: str) -> None:
    for old, new in LOW.items():
        content = content.replace(old, new)

    assert judged(tmp_path, content, "s.csv").verdict is Verdict.FAIL


@pytest.mark.parametrize("blank", ["", "---", "####", "n/a", "-1"])
@pytest.mark.parametrize(
    "content", [cytexpert(CYTEXPERT_ROW), novo(NOVO_ROW), kaluza()], ids=["cyt", "novo", "kaluza"]
)
def test_what_is_no_number_supports_nothing(tmp_path: Path, content: str, blank: str) -> None:
    found = judged(tmp_path, content.replace("7125", blank), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING
    assert "“Viable”" in told(found, "population-unplaced")


@pytest.mark.parametrize(
    "content", [cytexpert(CYTEXPERT_ROW), novo(NOVO_ROW), kaluza()], ids=["cyt", "novo", "kaluza"]
)
@pytest.mark.parametrize(
    ("count", "why"),
    [
        # 95 % of nothing here; more than its parent; a decimal number; a shortened one.
        ("7025", "fit no population of the export"),
        ("7655", "fit no population of the export"),
        ("7125.5", "one of its numbers cannot be read"),
        ("7.1E+03", "one of its numbers cannot be read"),
        ("0", "no events are 0 % of every population"),
    ],
)
def test_numbers_that_prove_no_parent_answer_nothing(
    tmp_path: Path, content: str, count: str, why: str
) -> None:
    found = judged(tmp_path, content.replace("7125", count), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING
    assert why in told(found, "population-unplaced")


@pytest.mark.parametrize(
    "content", [cytexpert(CYTEXPERT_ROW), novo(NOVO_ROW), kaluza()], ids=["cyt", "novo", "kaluza"]
)
def test_a_chain_that_is_broken_higher_up_proves_nothing_below(
    tmp_path: Path, content: str
) -> None:
    found = judged(tmp_path, content.replace("8000", "8111"), "s.csv")

    assert outcome(found) is Outcome.MISSING
    assert "its parent “Singlets” has no certain place itself" in told(found, "population-unplaced")


def test_a_percentage_that_two_populations_make_proves_neither(tmp_path: Path) -> None:
    head = CYTEXPERT_HEAD + ";Beads Events"

    found = judged(tmp_path, cytexpert(CYTEXPERT_ROW + ";7500", head=head), "s.csv")

    assert outcome(found) is Outcome.MISSING
    assert "fit “Beads” and “Singlets” alike" in told(found, "population-unplaced")


def test_a_percentage_of_few_digits_proves_nothing(tmp_path: Path) -> None:
    # 0.1 % may be anything from 0.05 to 0.15 %: of 7500 events as of 10000.
    spec = SPEC.replace("at_least: '70'", "within: ['0', '2']")
    row = CYTEXPERT_ROW.replace("7125;95,00", "5;0,1")

    found = judged(tmp_path, cytexpert(row), "s.csv", spec=spec)

    assert outcome(found) is Outcome.MISSING
    assert "has too few digits" in told(found, "population-unplaced")


def test_a_population_without_a_place_is_not_taken_for_one_on_all_events(tmp_path: Path) -> None:
    head = "Tube Name:;Sample ID:;All Events Events;Viable Events"

    record = record_of(tmp_path, cytexpert("L-1;;10000;7125", head=head), "s.csv")

    assert {path for _, path in populations(record)} == {(), (UNPLACED, "Viable")}


def test_numbers_that_prove_another_parent_answer_nothing(tmp_path: Path) -> None:
    # 7600 are 95 % of the cells, not of the single ones.
    found = judged(tmp_path, cytexpert(CYTEXPERT_ROW.replace("7125", "7600")), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert "Cells/Viable" in told(found, "population-missing")


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (CYTEXPERT_ROW.replace("L-1;", "K-7;").replace("7125", "75"), Verdict.PASS),
        # The same tube again, with other numbers.
        (CYTEXPERT_ROW.replace("7125;95,00", "3000;40,00"), Verdict.HOLD),
    ],
)
def test_only_the_lots_own_rows_count(tmp_path: Path, other: str, verdict: Verdict) -> None:
    assert judged(tmp_path, cytexpert(other, CYTEXPERT_ROW), "s.csv").verdict is verdict


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (cytexpert(CYTEXPERT_ROW.rpartition(";")[0]), r"row 4: has 11|may be separated"),
        (cytexpert(CYTEXPERT_ROW + ";1"), r"row 4: has 13|may be separated"),
        (cytexpert(CYTEXPERT_ROW, CYTEXPERT_HEAD, CYTEXPERT_ROW), "a second table begins there"),
        (
            cytexpert(CYTEXPERT_ROW + ";1", head=CYTEXPERT_HEAD + ";Viable Events"),
            "two columns are headed “Viable Events”",
        ),
        (
            cytexpert(CYTEXPERT_ROW + ";80,00", head=CYTEXPERT_HEAD + ";Viable %Parent"),
            "two columns are headed “Viable %",
        ),
        (kaluza(["L-1,All,10000"]), r"row 2: has 3 cells under a header of 8"),
    ],
)
def test_a_table_that_does_not_fit_its_header_is_refused(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(DocumentError, match=message):
        record_of(tmp_path, content, "s.csv")


def test_a_note_beside_the_numbers_is_not_overlooked(tmp_path: Path) -> None:
    text = cytexpert(CYTEXPERT_ROW + ";invalid, repeat", head=CYTEXPERT_HEAD + ";Note")

    found = judged(tmp_path, text, "s.csv")

    assert found.verdict is Verdict.HOLD
    assert "row-remarked" in held(found)
    assert "“Note”" in told(found, "table-header-unknown")


# --- CytExpert -----------------------------------------------------------------------------


def test_a_tube_of_another_sample_is_not_taken_by_its_name_alone(tmp_path: Path) -> None:
    row = CYTEXPERT_ROW.replace("L-1;;", "L-1;L-2;")

    found = judged(tmp_path, cytexpert(row), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert "lot-near-miss" in held(found)


def test_concentrations_of_cytexpert_are_told_and_not_read(tmp_path: Path) -> None:
    found = judged(tmp_path, cytexpert(CYTEXPERT_ROW), "s.csv")

    assert "“Viable Events/μL(V)”" in told(found, "dilution-unstated")


def test_without_all_events_two_equal_percentages_prove_them_the_parent(tmp_path: Path) -> None:
    head = CYTEXPERT_HEAD.replace("All Events Events;", "")

    found = judged(tmp_path, cytexpert(CYTEXPERT_ROW.replace(";10000", ""), head=head), "s.csv")

    assert found.verdict is Verdict.PASS


def test_the_form_of_a_real_table_of_cytexpert_is_told_whole(tmp_path: Path) -> None:
    # Counts alone, as in a real one: nothing says what the gate lies in.
    text = (
        "Experiment Name:;2026-03-21_apoptosis_2 plates;;\n;;;\n"
        "Tube Name:;Sample ID:;live singlets Events;live singlets Median PE-A\n"
        "01-unstained-B1;control;20000;297,3\n01-0-B2;ST1_1;18350;341,4\n"
    )

    record = record_of(tmp_path, text, "s.csv")

    assert record.source.reader == "exports.cytexpert_table"
    assert {(one.sample, one.path, one.count) for one in record.reported} == {
        ("control/01-unstained-B1", (UNPLACED, "live singlets"), 20000),
        ("ST1_1/01-0-B2", (UNPLACED, "live singlets"), 18350),
    }
    assert all(one.doubt for one in record.reported)


# --- NovoExpress ---------------------------------------------------------------------------


def test_an_absolute_count_is_no_count_of_events(tmp_path: Path) -> None:
    head = NOVO_HEAD.replace("Viable Count", "Viable Abs. Count (/uL)")

    found = judged(tmp_path, novo(NOVO_ROW, head=head), "s.csv")

    assert outcome(found) is Outcome.MISSING
    assert "its count is not in the export" in told(found, "population-unplaced")


def test_counts_alone_prove_no_parent(tmp_path: Path) -> None:
    head = ",".join(part for part in NOVO_HEAD.split(",")[:-1] if not part.endswith("Parent"))

    found = judged(tmp_path, novo("1,L-1,A1,L-1,00:01:12,10000,8000,7500,7125", head=head), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert "its percentage of the parent is not in the export" in told(found, "population-unplaced")


# --- Kaluza --------------------------------------------------------------------------------


def test_kaluza_without_numbers_does_not_say_of_which_events(tmp_path: Path) -> None:
    rows = ["L-1;All;100;5;5;5", "L-1;Viable;95,25;5;5;5"]

    text = kaluza(rows, head="Data Set;Gate;%Gated;X-Med;X-AMean;X-GMean")

    found = judged(tmp_path, text, "s.csv")
    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING
    assert "its count is not in the export" in told(found, "population-unplaced")


def test_a_gate_on_two_plots_of_other_events_has_no_certain_place(tmp_path: Path) -> None:
    rows = (*KALUZA_ROWS, "L-1,Viable,7700,77.00,77.00,5,5,5")

    found = judged(tmp_path, kaluza(rows), "s.csv")

    assert outcome(found) is Outcome.MISSING
    assert "several times with different numbers" in told(found, "population-unplaced")


def test_the_same_gate_on_two_plots_is_one(tmp_path: Path) -> None:
    rows = (*KALUZA_ROWS, KALUZA_ROWS[-1].replace("5,5,5", "6,6,6"))

    assert judged(tmp_path, kaluza(rows), "s.csv").verdict is Verdict.PASS


def test_a_plot_of_a_gate_is_not_all_events(tmp_path: Path) -> None:
    # Without the row of an ungated plot nothing says how many events there are.
    record = record_of(tmp_path, kaluza(KALUZA_ROWS[1:]), "s.csv")

    found = populations(record)
    assert ("L-1", ()) not in found
    # Its %Gated is its %Total, so that it lies on all events.
    assert found["L-1", ("Cells",)].count == 8000


@pytest.mark.parametrize("row", [",Viable,7125,71.25,95.00,5,5,5", "L-1,,7125,71.25,95.00,5,5,5"])
def test_a_row_of_kaluza_without_its_names_holds(tmp_path: Path, row: str) -> None:
    found = judged(tmp_path, kaluza((*KALUZA_ROWS, row)), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert "field-unreadable" in held(found)


def test_a_share_that_the_total_contradicts_supports_no_pass(tmp_path: Path) -> None:
    rows = [row.replace("71.25", "61.25") for row in KALUZA_ROWS]

    found = judged(tmp_path, kaluza(rows), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.INDETERMINATE


def test_two_numbers_of_all_events_prove_nothing(tmp_path: Path) -> None:
    rows = (*KALUZA_ROWS, KALUZA_ROWS[0].replace("10000", "12000"))

    found = judged(tmp_path, kaluza(rows), "s.csv")

    assert found.verdict is Verdict.HOLD
    assert "all events contradict one another" in told(found, "population-unplaced")


def test_a_file_of_many_gates_is_read(tmp_path: Path) -> None:
    # Each has the percentage of the one before it, so that a path is a hundred long at most.
    rows = [f"L-1,G{at},{99999 - at},1.00,99.99,5,5,5" for at in range(4_000)]

    record = record_of(tmp_path, kaluza(rows), "s.csv")

    assert len(record.reported) == 4_000


def test_a_declared_mapping_goes_before_what_we_know_of_kaluza(tmp_path: Path) -> None:
    # The mapping's words stand in the file, so that two readers must not fight over it.
    text = "Form NAH-F-045\nData set,Gate,% gated,Events,X-Med\nL-1,Singlets,93.75,7500,5\n"
    text += "L-1,Viable,95.00,7125,5\n"

    record = record_of(tmp_path, text, "s.csv")

    assert record.source.reader == "exports.mapped"
