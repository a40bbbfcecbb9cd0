"""Whole lots whose viability is an export of a cell counter."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports.counters import blu, blu_row
from lots import assess, criterion, manifest, specification, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.record import Severity

SPEC = specification(
    criterion("viability", "at_least: '70'", "%"),
    criterion("viable_cell_concentration", "at_least: '5e5'", "cells/mL"),
).replace("5e5", "500000")


def judged(folder: Path, content: str, more: str = "") -> Assessment:
    return assess(write_lot(folder / "lot", {"counts.csv": content}, manifest() + more), SPEC)


def slugs(assessment: Assessment, severity: Severity) -> set[str]:
    return {finding.slug for finding in assessment.findings if finding.severity is severity}


def test_a_sample_that_is_called_by_the_lots_number_passes(tmp_path: Path) -> None:
    found = judged(tmp_path, blu(blu_row("L-1")))

    assert found.verdict is Verdict.PASS


def test_of_several_samples_only_the_lots_own_is_judged_and_the_others_are_told(
    tmp_path: Path,
) -> None:
    poor = blu_row("K-7", "10.0", viable="100", live="0.10")
    worse = blu_row("K-8", "NaN", tag="lysed")

    found = judged(tmp_path, blu(poor, blu_row("L-1"), worse, worse))

    assert found.verdict is Verdict.PASS
    told = next(one for one in found.findings if one.slug == "sample-set-aside")
    assert "“K-7”, “K-8”" in told.message


def test_the_lots_own_sample_fails_it_among_good_ones(tmp_path: Path) -> None:
    poor = blu_row("L-1", "10.0", viable="100", live="0.10")

    assert judged(tmp_path, blu(blu_row("K-7"), poor)).verdict is Verdict.FAIL


def test_a_sample_of_another_name_is_never_taken_for_the_lots(tmp_path: Path) -> None:
    found = judged(tmp_path, blu(blu_row("K-7"), blu_row("K-8")))

    assert found.verdict is Verdict.HOLD
    assert "lot-unstated" in slugs(found, Severity.HOLD)
    assert {result.outcome for result in found.results} == {Outcome.MISSING}


def test_lot_yaml_says_which_samples_are_the_lots(tmp_path: Path) -> None:
    found = judged(tmp_path, blu(blu_row("K-7"), blu_row("K-8")), "samples: [K-8]\n")

    assert found.verdict is Verdict.PASS


def test_the_number_with_a_suffix_is_asked_about(tmp_path: Path) -> None:
    poor = blu_row("L-1 repeat", "10.0", viable="100", live="0.10")

    found = judged(tmp_path, blu(blu_row("L-1"), poor))
    declared = judged(tmp_path / "2", blu(blu_row("L-1"), poor), "samples: [L-1 repeat]\n")

    assert found.verdict is Verdict.HOLD
    assert "lot-near-miss" in slugs(found, Severity.HOLD)
    assert declared.verdict is Verdict.FAIL


def test_lot_yaml_may_vouch_for_a_file_of_one_sample_and_of_no_more(tmp_path: Path) -> None:
    vouched = "declared: [counts.csv]\n"

    one = judged(tmp_path / "1", blu(blu_row("Bag")), vouched)
    two = judged(tmp_path / "2", blu(blu_row("Bag"), blu_row("Tube")), vouched)

    assert one.verdict is Verdict.PASS
    assert two.verdict is Verdict.HOLD


def test_the_lots_own_sample_twice_with_two_results_holds(tmp_path: Path) -> None:
    other = blu_row("L-1", "90.0", viable="900", live="0.90")

    found = judged(tmp_path, blu(blu_row("L-1"), other))

    assert found.verdict is Verdict.HOLD
    assert "field-conflict" in slugs(found, Severity.HOLD)


def test_an_uncertain_dilution_leaves_the_viability_and_holds_the_concentration(
    tmp_path: Path,
) -> None:
    found = judged(tmp_path, blu(blu_row("L-1", dilution="10")))

    outcomes = {result.id: result.outcome for result in found.results}
    assert outcomes["viability"] is Outcome.PASS
    assert outcomes["viable_cell_concentration"] is Outcome.INDETERMINATE
    assert found.verdict is Verdict.HOLD


def test_a_list_mode_files_suffix_is_no_part_of_a_samples_name(tmp_path: Path) -> None:
    content = blu(blu_row("K-7.fcs"))

    assert judged(tmp_path / "1", content, "samples: [K-7]\n").verdict is Verdict.PASS
    assert judged(tmp_path / "2", content, "samples: [K-7.fcs]\n").verdict is Verdict.PASS


HEAD = (
    "Date & Time,Sample ID,Sample Type,Total Density,Viable Density,Viability,"
    "Pre-Dilution Multiplier,Batch ID,Chemistry Dilution Ratio\n"
)


def flex(sample: str, lot: str, viability: str = "90") -> str:
    live = f"0.{viability}"
    return f"3/21/2026 16:20,{sample},Default,1.00,{live},{viability},1,{lot},1:1\n"


def test_an_export_that_names_lots_is_judged_by_them(tmp_path: Path) -> None:
    good = judged(tmp_path / "1", HEAD + flex("A", "L-1") + flex("B", "K-7", "10"))
    poor = judged(tmp_path / "2", HEAD + flex("A", "K-7") + flex("B", "L-1", "10"))
    same = judged(tmp_path / "3", HEAD + flex("A", "K-7", "10") + flex("A", "L-1"))
    other = judged(tmp_path / "4", HEAD + flex("A", "K-7"))

    assert good.verdict is Verdict.PASS
    assert poor.verdict is Verdict.FAIL
    assert same.verdict is Verdict.PASS
    assert other.verdict is Verdict.HOLD
    assert "lot-mismatch" in slugs(other, Severity.HOLD)


def test_a_sample_that_is_named_for_one_lot_and_stated_of_another_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, HEAD + flex("L-1", "K-7"))

    assert found.verdict is Verdict.HOLD
    assert "lot-mismatch" in slugs(found, Severity.HOLD)
    assert {result.outcome for result in found.results} == {Outcome.MISSING}


@pytest.mark.parametrize("behind", [" repeat", "-2", "_rep1", " (2)", " Wdh"])
def test_a_repeated_measurement_of_the_lots_sample_is_not_set_aside(
    tmp_path: Path, behind: str
) -> None:
    poor = blu_row(f"T-9{behind}", "60.0", viable="600", live="0.60")

    found = judged(tmp_path, blu(blu_row("T-9"), poor), "samples: [T-9]\n")

    assert found.verdict is Verdict.HOLD
    assert "lot-near-miss" in slugs(found, Severity.HOLD)


@pytest.mark.parametrize("other", ["T-9-IPC", "T-92"])
def test_another_sample_with_the_same_beginning_is_set_aside(tmp_path: Path, other: str) -> None:
    poor = blu_row(other, "60.0", viable="600", live="0.60")

    found = judged(tmp_path, blu(blu_row("T-9"), poor), "samples: [T-9]\n")

    assert found.verdict is Verdict.PASS


def test_what_is_told_of_samples_stands_in_the_order_of_their_export(tmp_path: Path) -> None:
    names = [f"K-{number}" for number in (5, 3, 8, 1, 9, 2)]
    content = blu(*(blu_row(name, "NaN", tag="lysed") for name in names))

    found = judged(tmp_path, content, f"samples: [{', '.join(sorted(names))}]\n")

    told = [one.message for one in found.findings if one.slug == "number-unreadable"]
    lines = [int(message.partition(" row ")[2].split()[0]) for message in told]
    assert lines == sorted(lines)
    assert len(set(lines)) == len(names)
