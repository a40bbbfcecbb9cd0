"""What cytometry software reports of populations, and the tests that it answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from exports.analyses import DIVA_ROWS, diva, experiment, flowjo, workspace
from lots import assess, criterion, manifest, specification, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.errors import DocumentError
from qcvalidate.pipeline import open_laboratory, read
from qcvalidate.record import Record, Reported, Severity

LABORATORY = open_laboratory()
SPEC = (
    specification(criterion("viability", "at_least: '70'", "%"))
    + "populations:\n"
    + "  viability: {of: [Cells, Singlets], is: [Cells, Singlets, Viable]}\n"
)
GOOD = {"": 10000, "Cells": 8000, "Cells/Singlets": 7500, "Cells/Singlets/Viable": 7125}
VIABLE = ("Cells", "Singlets", "Viable")


def record_of(folder: Path, content: str, name: str) -> Record:
    (folder / name).write_text(content, encoding="utf-8")
    return read(folder / name, LABORATORY)


def populations(record: Record) -> dict[tuple[str, tuple[str, ...]], Reported]:
    found = {(one.sample, one.path): one for one in record.reported}
    assert len(found) == len(record.reported)
    return found


def judged(folder: Path, content: str, name: str, more: str = "", spec: str = SPEC) -> Assessment:
    return assess(write_lot(folder / "lot", {name: content}, manifest() + more), spec)


def outcome(assessment: Assessment) -> Outcome:
    return assessment.results[0].outcome


def held(assessment: Assessment) -> set[str]:
    return {one.slug for one in assessment.findings if one.severity is Severity.HOLD}


# --- FlowJo, a table -----------------------------------------------------------------------


def test_a_flowjo_table_gives_counts_and_shares_with_their_parents(tmp_path: Path) -> None:
    record = record_of(tmp_path, flowjo("L-1.fcs,8000,7500,7125,95.0,412"), "table.csv")

    found = populations(record)
    assert record.source.reader == "exports.flowjo_table"
    one = found["L-1.fcs", VIABLE]
    assert one.count == 7125
    assert [(share.of, share.percent) for share in one.shares] == [
        (("Cells", "Singlets"), Decimal("95.0"))
    ]
    # The rows at the foot are of nobody.
    assert {sample for sample, _ in found} == {"L-1.fcs"}


def test_a_flowjo_table_answers_the_lots_test_with_its_counts(tmp_path: Path) -> None:
    rows = ("K-7.fcs,8000,7500,75,1.0,412", "L-1.fcs,8000,7500,7125,95.0,412")

    found = judged(tmp_path, flowjo(*rows), "table.csv")

    assert found.verdict is Verdict.PASS
    assert found.results[0].observed == "95.00 % (7125 of 7500)"


def test_a_flowjo_workbook_is_read_as_its_text_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in flowjo("L-1.fcs,8000,7500,7125,95.0,412").splitlines():
        cells = line.split(",")
        sheet.append([float(c) if c.replace(".", "", 1).isdigit() else c or None for c in cells])
    book.save(tmp_path / "table.xlsx")

    assert populations(read(tmp_path / "table.xlsx", LABORATORY))["L-1.fcs", VIABLE].count == 7125


def test_two_populations_of_one_name_under_different_parents_are_two(tmp_path: Path) -> None:
    head = ",Cells/Viable | Count,Debris/Viable | Count,Cells | Count,Debris | Count"

    record = record_of(tmp_path, f"{head}\nL-1.fcs,900,10,1000,500\n", "table.csv")

    found = populations(record)
    assert found["L-1.fcs", ("Cells", "Viable")].count == 900
    assert found["L-1.fcs", ("Debris", "Viable")].count == 10


def test_a_share_of_another_parent_answers_nothing(tmp_path: Path) -> None:
    head = ",Cells/Singlets/Viable | Freq. of Total (%),Cells/Singlets/Viable | Freq. of Cells (%)"

    found = judged(tmp_path, f"{head}\nL-1.fcs,71.3,89.1\n", "table.csv")

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING
    message = next(one for one in found.findings if one.slug == "share-of-other-parent").message
    assert "71.3 % of all events and 89.1 % of Cells" in message


@pytest.mark.parametrize("share", ["95.0", "95.0 %"])
def test_a_share_without_counts_answers_as_it_is_printed(tmp_path: Path, share: str) -> None:
    head = ",Cells/Singlets/Viable | Freq. of Parent,Cells | Freq. of Parent"

    found = judged(tmp_path, f"{head}\nL-1.fcs,{share},80.0\n", "table.csv")

    assert found.verdict is Verdict.PASS


def test_a_share_that_may_be_a_fraction_supports_nothing(tmp_path: Path) -> None:
    # 0.95 may be 95 %, and then it is no pass for a marker that must be absent.
    spec = SPEC.replace("at_least: '70'", "within: ['0', '2']")
    head = ",Cells/Singlets/Viable | Freq. of Parent,Cells | Freq. of Parent"

    found = judged(tmp_path, f"{head}\nL-1.fcs,0.95,0.80\n", "table.csv", spec=spec)

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("L-1.fcs,8000,7500,7125,85.0,412", "make it 95.000 %"),
        ("L-1.fcs,8000,7500,7600,n/a,412", "more than the 7500"),
        ("L-1.fcs,8000,7500,7125,195.0,412", "no percentage between 0 and 100"),
        ("L-1.fcs,8000,7500,7125,-5,412", "no percentage between 0 and 100"),
        ("L-1.fcs,8000,7500,many,95.0,412", "has the count “many”"),
        ("L-1.fcs,8000,7500,-1,95.0,412", "has the count “-1”"),
    ],
)
def test_numbers_that_do_not_add_up_support_no_pass(tmp_path: Path, row: str, words: str) -> None:
    found = judged(tmp_path, flowjo(row), "table.csv")

    assert found.verdict is Verdict.HOLD
    assert any(words in finding.message for finding in found.findings)


@pytest.mark.parametrize(
    ("quadrants", "doubtful"),
    [
        ((10, 20, 30, 40), False),
        ((10, 20, 30, 41), True),
        # Three of them may be all that were exported.
        ((10, 20, 31), False),
    ],
)
def test_quadrants_part_their_parent(
    tmp_path: Path, quadrants: tuple[int, ...], doubtful: bool
) -> None:
    names = [f"Cells/Q{number}: A- B+ | Count" for number in range(1, len(quadrants) + 1)]
    head = f",Cells | Count,{','.join(names)}"
    row = f"a.fcs,100,{','.join(str(count) for count in quadrants)}"

    found = populations(record_of(tmp_path, f"{head}\n{row}\n", "table.csv"))

    doubts = [one.doubt for (_, path), one in found.items() if len(path) == 2]
    assert all(doubts) is doubtful
    assert any(doubts) is doubtful


@pytest.mark.parametrize(
    ("printed", "doubtful"),
    [
        # 2 of 3 are 66.666... %: rounded, cut off, and neither.
        ("66.7", False),
        ("66.6", False),
        ("66.8", True),
        ("66.5", True),
        ("67", False),
        ("68", True),
    ],
)
def test_a_printed_share_is_rounded_or_cut_off(
    tmp_path: Path, printed: str, doubtful: bool
) -> None:
    head = ",Cells | Count,Cells/A | Count,Cells/A | Freq. of Parent (%)"

    found = populations(record_of(tmp_path, f"{head}\na.fcs,3,2,{printed}\n", "table.csv"))

    assert bool(found["a.fcs", ("Cells", "A")].doubt) is doubtful


def test_a_shortened_count_is_no_number_of_events(tmp_path: Path) -> None:
    record = record_of(tmp_path, flowjo("L-1.fcs,8000,7500,7.12E+03,95.0,412"), "table.csv")

    one = populations(record)["L-1.fcs", VIABLE]
    assert one.count is None
    assert one.doubt is None
    assert one.shares[0].percent == Decimal("95.0")


@pytest.mark.parametrize("blank", ["", "n/a", "---"])
def test_a_blank_statistic_is_none(tmp_path: Path, blank: str) -> None:
    found = judged(tmp_path, flowjo(f"L-1.fcs,8000,7500,{blank},{blank},412"), "table.csv")

    assert outcome(found) is Outcome.MISSING
    assert "population-not-evaluable" in held(found)


def test_decimal_commas_of_a_flowjo_table_are_read(tmp_path: Path) -> None:
    head = ";Cells/Singlets/Viable | Freq. of Parent (%);Cells | Freq. of Parent (%)"

    record = record_of(tmp_path, f"{head}\nL-1.fcs;95,25;80,5\n", "table.csv")

    assert populations(record)["L-1.fcs", VIABLE].shares[0].percent == Decimal("95.25")


def test_the_same_sample_twice_with_other_numbers_supports_nothing(tmp_path: Path) -> None:
    rows = ("L-1.fcs,8000,7500,7125,95.0,412", "L-1.fcs,8000,7500,6000,80.0,412")

    found = judged(tmp_path, flowjo(*rows), "table.csv")

    assert outcome(found) is Outcome.INDETERMINATE


def test_an_empty_parent_is_not_zero_percent(tmp_path: Path) -> None:
    found = judged(tmp_path, flowjo("L-1.fcs,8000,0,0,n/a,n/a"), "table.csv")

    assert "population-not-evaluable" in held(found)
    assert outcome(found) is Outcome.MISSING


def test_names_that_the_specification_does_not_know_answer_nothing(tmp_path: Path) -> None:
    head = ",Zellen/Lebend | Count,Zellen | Count"

    found = judged(tmp_path, f"{head}\nL-1.fcs,900,1000\n", "table.csv")

    assert "population-missing" in held(found)
    assert "Zellen/Lebend" in next(
        one.message for one in found.findings if one.slug == "population-missing"
    )


def test_a_flowjo_table_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"may be separated by|row 2: has"):
        record_of(tmp_path, flowjo("L-1.fcs,8000,75"), "table.csv")


# --- FlowJo, a workspace -------------------------------------------------------------------


def test_a_workspace_answers_with_its_counts_and_its_time(tmp_path: Path) -> None:
    found = judged(tmp_path, workspace(("L-1.fcs", GOOD), ("K-7.fcs", GOOD)), "w.wsp")

    assert found.verdict is Verdict.PASS
    record = read(tmp_path / "lot" / "w.wsp", LABORATORY)
    assert record.reported[0].measured_at == dt.datetime(2026, 3, 21, 15, 38, 26)


def test_a_count_that_flowjo_never_computed_is_no_count(tmp_path: Path) -> None:
    counts = GOOD | {"Cells/Singlets/Viable": -1}

    found = judged(tmp_path, workspace(("L-1.fcs", counts)), "w.wsp")

    assert outcome(found) is Outcome.MISSING
    assert "population-not-evaluable" in held(found)
    assert any("never computed 1 of the counts" in one.message for one in found.findings)


@pytest.mark.parametrize(
    "text",
    [
        "<Workspace><SampleList></SampleList></Workspace>",
        "<Workspace><SampleList><Sample/></SampleList></Workspace>",
        workspace(("L-1.fcs", GOOD))[:-40],
        '<!DOCTYPE a [<!ENTITY b "c">]><Workspace>&b;</Workspace>',
    ],
)
def test_a_workspace_that_is_hollow_cut_or_hostile_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError):
        record_of(tmp_path, text, "w.wsp")


@pytest.mark.parametrize("count", ["", "NaN", "1e400", "9" * 30, "<"])
def test_a_count_of_a_workspace_that_is_no_number_supports_nothing(
    tmp_path: Path, count: str
) -> None:
    text = workspace(("L-1.fcs", GOOD)).replace('count="7125"', f'count="{count}"')
    text = text.replace('"<"', '"&lt;"')

    found = judged(tmp_path, text, "w.wsp")

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING


# --- FACSDiva ------------------------------------------------------------------------------

GATES = {
    "All Events": 10000,
    "All Events\\Cells": 8000,
    "All Events\\Cells\\Singlets": 7500,
    "All Events\\Cells\\Singlets\\Viable": 7125,
}


def test_an_experiment_answers_with_the_counts_of_its_tube(tmp_path: Path) -> None:
    text = experiment(("L-1", GATES), ("K", dict.fromkeys(GATES, 0)))

    found = judged(tmp_path, text, "e.xml", "samples: [S/L-1]\n")

    assert found.verdict is Verdict.PASS
    assert found.results[0].observed == "95.00 % (7125 of 7500)"


def test_a_tube_that_was_never_analysed_has_no_counts(tmp_path: Path) -> None:
    text = experiment(("L-1", dict.fromkeys(GATES, 0)))

    found = judged(tmp_path, text, "e.xml", "samples: [S/L-1]\n")

    assert outcome(found) is Outcome.MISSING
    assert found.verdict is Verdict.HOLD


def test_a_zero_that_may_never_have_been_counted_supports_no_pass(tmp_path: Path) -> None:
    spec = SPEC.replace("at_least: '70'", "within: ['0', '2']")
    gates = GATES | {"All Events\\Cells\\Singlets\\Viable": 0}

    found = judged(tmp_path, experiment(("L-1", gates)), "e.xml", "samples: [S/L-1]\n", spec)

    assert outcome(found) is Outcome.INDETERMINATE


def test_the_statistics_of_facsdiva_as_csv_answer_by_their_parents(tmp_path: Path) -> None:
    record = record_of(tmp_path, diva("L-1"), "s.csv")

    found = populations(record)
    one = found["L-1", VIABLE]
    assert one.count == 7125
    assert {share.of: share.text for share in one.shares} == {
        ("Cells", "Singlets"): "95.0 %",
        ("Cells",): "89.1 %",
        (): "71.3 %",
    }
    assert one.measured_at == dt.datetime(2026, 3, 21, 12, 38, 58)
    assert one.doubt is None


def test_facsdiva_csv_of_two_tubes_is_judged_by_the_lots_own(tmp_path: Path) -> None:
    poor = ("All Events,####,100,####,####,100.0,5", "Cells,All Events,80,80.0,####,80.0,5")

    found = judged(tmp_path, diva("K-7", poor) + "\n" + diva("L-1"), "s.csv")

    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Singlets,Cells", "Singlets,Viable", "lies in itself"),
        ("Viable,Singlets", "Viable,Nowhere", "no row of its own"),
        ("7125,95.0", "7125,59.0", "its counts make it 95.000 %"),
        ("Singlets,Cells,7500", "Singlets,Cells,9500", "more than the 8000"),
    ],
)
def test_facsdiva_rows_that_do_not_add_up_support_no_pass(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = diva("L-1", [row.replace(old, new) for row in DIVA_ROWS])
    assert text != diva("L-1")

    found = judged(tmp_path, text, "s.csv")

    assert found.verdict is Verdict.HOLD
    assert any(words in finding.message for finding in found.findings)


# --- real files ----------------------------------------------------------------------------


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "sample", "path", "count"),
    [
        ("flowjo_example_3", "A01.fcs", ("singlet", "live", "cells"), 26256),
        ("flowjo_example_3", "A02.fcs", ("singlet", "live"), 36292),
        ("simple_diamond_example_quad_gate", "test_data_diamond_01.fcs", (), 200000),
        (
            "simple_diamond_example_quad_gate",
            "test_data_diamond_01.fcs",
            ("Q2: channel_A+ , channel_B+",),
            50596,
        ),
        ("single_ellipse_51_events", "data_set_simple_line_100.fcs", ("ellipse1",), 51),
        ("simple_poly_and_rect", "data_set_simple_line_100.fcs", ("poly1",), None),
        (
            "gating",
            "68983.fcs",
            ("Lymphocytes", "Singlets", "Singlets2", "NK1_1-", "T cells", "gd T cells"),
            1470,
        ),
    ],
)
def test_real_workspaces_say_what_flowjo_counted(
    corpus: Path, name: str, sample: str, path: tuple[str, ...], count: int | None
) -> None:
    file = next(corpus.glob(f"cytometry/**/{name}.wsp"))

    assert populations(read(file, LABORATORY))[sample, path].count == count


@pytest.mark.corpus
def test_the_populations_of_every_real_workspace_add_up(corpus: Path) -> None:
    files = sorted(corpus.glob("cytometry/**/*.wsp"))

    records = [read(file, LABORATORY) for file in files]

    assert len(files) == 7
    assert [one.doubt for record in records for one in record.reported if one.doubt] == []


@pytest.mark.corpus
def test_a_real_experiment_that_was_never_analysed_counts_nothing(corpus: Path) -> None:
    file = next(corpus.glob("cytometry/**/facsdiva_example_1.xml"))

    record = read(file, LABORATORY)

    assert list(record.samples or {}) == ["190415/GFP", "190415/GFP CD19", "190415/GFP Mac1"]
    assert {one.count for one in record.reported} == {None}
