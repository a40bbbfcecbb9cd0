"""A result under a name that nobody knows is told where it is missed, and held where it is near."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, outcome, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.record import Severity

SPEC = specification(
    criterion("viability", "at_least: '70'", "%"),
    criterion("mycoplasma", "one_of: [negative]"),
)
OPTIONAL = specification(
    criterion("viability", "at_least: '70'", "%"),
    criterion("mycoplasma", "one_of: [negative]", more="presence: when_reported"),
)


def judged(folder: Path, text: str, spec: str = SPEC) -> Assessment:
    return assess(write_lot(folder / "lot", {"counts.csv": text}), spec)


def held(found: Assessment) -> list[str]:
    return [
        one.message
        for one in found.findings
        if one.slug == "test-unknown" and one.severity is Severity.HOLD
    ]


def test_a_missing_criterion_names_the_column_that_was_not_read(tmp_path: Path) -> None:
    found = judged(tmp_path, "lot,Lebende (%),Mycoplasma,Colour\nL-1,91.2,Negative,pale\n")

    one = outcome(found, "viability")
    assert one.outcome is Outcome.MISSING
    assert "“Lebende (%)” in counts.csv was not read, because no test is called so" in one.reason
    assert "Colour" not in one.reason


def test_words_are_not_taken_for_a_number(tmp_path: Path) -> None:
    found = judged(tmp_path, "lot,Viability (%),Mollicutes,Diameter\nL-1,91.2,Negative,15.1\n")

    reason = outcome(found, "mycoplasma").reason
    assert "“Mollicutes” in counts.csv" in reason
    assert "Diameter" not in reason


def test_a_row_that_names_no_test_is_told_too(tmp_path: Path) -> None:
    rows = (row("Lebende", "91.2", "%"), row("mycoplasma", "Negative"))

    found = judged(tmp_path, table(*rows))

    assert "“Lebende” in counts.csv" in outcome(found, "viability").reason


@pytest.mark.parametrize("heading", ["Mycoplsma", "Mycoplasmaa", "Mycoplasma tset"])
def test_a_column_that_is_almost_a_test_holds(tmp_path: Path, heading: str) -> None:
    # The criterion would be not applicable, and the growth unseen.
    found = judged(tmp_path, f"lot,Viability (%),{heading}\nL-1,91.2,5.1\n", OPTIONAL)

    assert found.verdict is Verdict.HOLD
    assert len(held(found)) == 1
    assert f"the column “{heading}” was not read; it is almost “mycoplasma" in held(found)[0]


@pytest.mark.parametrize("heading", ["Viablity (%)", "Viabilty (%)", "Vaibility (%)"])
def test_a_misspelt_viability_holds_beside_another(tmp_path: Path, heading: str) -> None:
    text = f"lot,Viability (%),{heading},Mycoplasma\nL-1,91.2,12,Negative\n"

    assert len(held(judged(tmp_path, text))) == 1


@pytest.mark.parametrize("text", ["Operator ID,JK", "Diameter (um),15.2", "Viablity (%),"])
def test_what_is_no_test_or_holds_nothing_does_not(tmp_path: Path, text: str) -> None:
    heading, cell = text.split(",")

    found = judged(tmp_path, f"lot,Viability (%),Mycoplasma,{heading}\nL-1,91,Negative,{cell}\n")

    assert found.verdict is Verdict.PASS
    assert slugs(found) <= {"table-header-unknown"}
