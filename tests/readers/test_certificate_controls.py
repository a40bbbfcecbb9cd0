"""Controls and facts about tests beside a sample's results: none of them is the sample's."""

from __future__ import annotations

from pathlib import Path

import pytest
from certificate_layouts import Rows
from test_certificate_structures import FTM, HEAD, MEDIA, TSB, begun, held, read, results, samples

from qcvalidate.frames import rows
from qcvalidate.readers.certificates.controls import is_about_controls


@pytest.mark.parametrize("is_ruled", [True, False])
@pytest.mark.parametrize("heading", ["2. Controls", "Test controls", "Growth promotion test"])
def test_table_under_a_heading_for_controls_is_not_the_samples(
    heading: str, is_ruled: bool, tmp_path: Path
) -> None:
    paper = begun()
    paper.line("1. Results")
    paper.table(MEDIA, (150, 150), ruled=is_ruled)
    paper.line(heading)
    # The same headings as those of the sample's table.
    grown = (("Medium", "Result"), ("FTM", "Growth"), ("TSB", "Growth"))
    paper.table(grown, (150, 150), ruled=is_ruled)

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]


def test_control_that_does_not_say_which_it_is_holds(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line("Controls")
    paper.table((("Medium", "Result"), ("FTM", "No growth")), (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert held(record) == ["test-unknown"]


def test_strain_under_controls_is_a_positive_control(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line("Controls")
    strains = (("Medium", "Organism", "Result"), ("TSB", "B. subtilis ATCC 6633", "Growth"))
    paper.table(strains, (100, 200, 100), ruled=True)

    record = read(paper, tmp_path)

    roles = [row.role for row in rows(record.observations) if row.role != "sample"]
    assert results(record) == [FTM, TSB]
    assert roles == ["positive_control"]
    assert held(record) == []


def test_control_named_once_holds_for_the_lines_below(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    controls = (
        ("Control", "Medium", "Result"),
        ("Positive control", "FTM", "Growth"),
        ("", "TSB", "Growth"),
    )
    paper.table(controls, (150, 100, 100), ruled=True)

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert held(record) == []


@pytest.mark.parametrize("is_ruled", [True, False])
def test_heading_of_another_sample_ends_the_rows_of_the_first(
    is_ruled: bool, tmp_path: Path
) -> None:
    paper = begun(pairs=[HEAD[0]])
    for heading, found in (("Lot CT26-0441", "No growth"), ("Lot 000263", "Growth")):
        paper.line(heading, step=18)
        paper.table((("Medium", "Result"), ("FTM", found)), (100, 150), ruled=is_ruled, pitch=16)

    record = read(paper, tmp_path)

    assert [(row.lot, row.reading) for row in samples(record)] == [
        ("CT26-0441", "negative"),
        ("000263", "positive"),
    ]


def test_lot_over_rows_that_is_not_the_papers_holds(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line("Product UC-7, Lot 000263, see over")

    assert "field-conflict" in held(read(paper, tmp_path))


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("Controls", True),
        ("3. Positive and negative controls", True),
        ("Growth promotion of media", True),
        ("Kontrollen", True),
        ("Controles internos", True),
        ("Quality control", False),
        ("In-process controls", False),
        # In these languages, whatever is tested is "controlled".
        ("Contrôles effectués", False),
        ("Controlli microbiologici", False),
        ("Sterility control", False),
    ],
)
def test_headings_over_controls(heading: str, about: bool) -> None:
    assert is_about_controls(heading) is about


FACTS = (
    ("Test", "Sterility", "Mycoplasma"),
    ("Method", "USP <71>", "PCR"),
    ("Specification", "No growth", "Negative"),
    ("Result", "Growth", "Negative"),
    ("Evaluation", "Fail", "Pass"),
)


@pytest.mark.parametrize("is_ruled", [True, False])
@pytest.mark.parametrize("corner", ["Test", ""])
def test_facts_of_tests_in_columns_are_no_results(
    corner: str, is_ruled: bool, tmp_path: Path
) -> None:
    paper = begun("QC Summary")
    table: Rows = ((corner, *FACTS[0][1:]), *FACTS[1:])
    paper.table(table, (150, 120, 120), ruled=is_ruled)

    record = read(paper, tmp_path)

    found = [(row.test, row.reading, row.method) for row in samples(record)]
    assert found == [("sterility", "positive", "USP <71>"), ("mycoplasma", "negative", "PCR")]
    # It missed the requirement beside it.
    assert held(record) == ["laboratory-verdict-failed"]


def test_method_and_limit_without_a_result_are_no_results(tmp_path: Path) -> None:
    paper = begun("QC Summary")
    paper.table(FACTS[:3], (150, 120, 120), ruled=True)
    paper.table(MEDIA, (150, 150), ruled=True)

    assert results(read(paper, tmp_path)) == [FTM, TSB]
