"""An endotoxin test counts only where it could see the limit at the dilution it was made at."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lots import assess, criterion, outcome, specification, write_lot

from qcvalidate.assessment import CriterionResult, Outcome, Verdict
from qcvalidate.dilutions import fold_of, with_dilution
from qcvalidate.errors import SpecificationError
from qcvalidate.frames import Observation, observations, rows
from qcvalidate.record import Record, Source

# 70 kg, 100 mL, 5 EU/kg: the limit is 3.5 EU/mL of the dose.
SPEC = specification(
    criterion("endotoxin", "at_most: '5'", "EU/kg", 'evidence: {within_mvd: "true"}'),
    criterion("endotoxin_ppc", "within: ['50', '200']", "%", "when_not_met: INVALID"),
)


def judged(
    tmp_path: Path, result: str = "< 0.05", ppc: str = "100", **beside: str
) -> CriterionResult:
    columns = "".join(f",{name}" for name in beside)
    cells = "".join(f',"{text}"' for text in beside.values())
    text = (
        f"lot,test,result,unit,status{columns}\nL-1,endotoxin,{result},EU/mL,final{cells}\n"
        f"L-1,endotoxin_ppc,{ppc},%,final{',' * len(beside)}\n"
    )
    found = assess(write_lot(tmp_path / "lot", {"lal.csv": text}), SPEC)
    one = outcome(found, "endotoxin")
    assert (found.verdict is Verdict.PASS) is (one.outcome is Outcome.PASS)
    return one


@pytest.mark.parametrize(
    ("dilution", "expected"),
    # MVD = 3.5 / 0.05 = 70.
    [("1:70", Outcome.PASS), ("1:71", Outcome.INVALID), ("x70", Outcome.PASS)],
)
def test_a_dilution_above_the_mvd_voids_the_test(
    tmp_path: Path, dilution: str, expected: Outcome
) -> None:
    found = judged(tmp_path, "< 3.6", dilution=dilution, sensitivity="0.05")

    # 3.6 EU/mL is 5.14 EU/kg, which rounds to 5.
    assert found.outcome is expected
    assert found.code == (940 if expected is Outcome.INVALID else 521)


def test_a_void_test_does_not_even_leave_the_question_open(tmp_path: Path) -> None:
    found = judged(tmp_path, "< 10", dilution="1:200", Lambda="0.05")

    assert found.outcome is Outcome.INVALID
    assert "1:200 with λ = 0.05 EU/mL, which sees 10 EU/mL at the least" in found.reason
    assert "3.5 EU/mL of this dose" in found.reason


@pytest.mark.parametrize(
    ("sensitivity", "expected"), [("3.5", Outcome.PASS), ("3.6", Outcome.INVALID)]
)
def test_a_lysate_that_cannot_see_the_limit_undiluted(
    tmp_path: Path, sensitivity: str, expected: Outcome
) -> None:
    assert judged(tmp_path, "< 3.6", sensitivity=sensitivity).outcome is expected


@pytest.mark.parametrize(("mvd", "expected"), [("100", Outcome.PASS), ("99", Outcome.INVALID)])
def test_the_papers_own_mvd_holds_too(tmp_path: Path, mvd: str, expected: Outcome) -> None:
    assert judged(tmp_path, dilution="1:100", MVD=mvd).outcome is expected


@pytest.mark.parametrize(
    ("result", "expected"), [("< 0.5", Outcome.PASS), ("< 0.49", Outcome.INDETERMINATE)]
)
def test_a_result_below_what_the_test_sees_was_not_multiplied(
    tmp_path: Path, result: str, expected: Outcome
) -> None:
    found = judged(tmp_path, result, dilution="1:10", sensitivity="0.05")

    assert found.outcome is expected
    assert found.code == (941 if expected is Outcome.INDETERMINATE else 521)


def test_what_no_paper_states_is_not_asked_for(tmp_path: Path) -> None:
    assert judged(tmp_path, dilution="1:1000", sensitivity="-").outcome is Outcome.PASS


def test_a_dilution_that_cannot_be_read_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, dilution="see SOP 4", sensitivity="0.05")

    assert found.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize("recovery", ["49", "201", "230"])
def test_a_recovery_outside_50_to_200_percent_voids_the_test(tmp_path: Path, recovery: str) -> None:
    text = "lot,test,result,unit\nL-1,endotoxin,0.1,EU/mL\nL-1,endotoxin_ppc,{},%\n"

    found = assess(write_lot(tmp_path / "lot", {"lal.csv": text.format(recovery)}), SPEC)

    assert outcome(found, "endotoxin_ppc").outcome is Outcome.INVALID
    assert found.verdict is Verdict.HOLD


@pytest.mark.parametrize("recovery", ["50", "200"])
def test_a_recovery_at_its_edge_is_valid(tmp_path: Path, recovery: str) -> None:
    assert judged(tmp_path, ppc=recovery).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("page", "dilution", "sensitivity", "mvd"),
    [
        ("Sample dilution 1:10 in LAL reagent water MVD 1:100", "10", None, "100"),
        ("Lysatempfindlichkeit λ = 0,03 I.E./ml. Verdünnung: 1:20", "20", "0.03", None),
        ("LAL sensitivity (λ): 0.125 EU/mL, tested at 1:1,000", "1000", "0.125", None),
        ("Sample dilution: undiluted", "1", None, None),
        ("Sample dilution 1:10 ... sample dilution 1:50", "50", None, None),
        ("Replicates: 2; Standard range 0.005 - 5 EU/mL", None, None, None),
        ("The sensitivity of the test may be reduced.", None, None, None),
    ],
)
def test_a_page_states_how_its_test_was_diluted(
    page: str, dilution: str | None, sensitivity: str | None, mvd: str | None
) -> None:
    row = Observation(test="endotoxin", result="< 1", source="a.pdf", unit="EU/mL")
    paper = Record(Source("a.pdf", "", "pages", "x"), {}, observations([row]))

    (found,) = rows(with_dilution(paper, page).observations)

    wanted = [None if text is None else Decimal(text) for text in (dilution, sensitivity, mvd)]
    assert [found.dilution, found.sensitivity, found.valid_dilution] == wanted


def test_the_dilution_of_a_cell_count_is_not_the_endotoxin_tests() -> None:
    kinds = (("endotoxin", "EU/mL"), ("viable_cell_concentration", "cells/mL"))
    both = [Observation(test=t, result="1", source="a.pdf", unit=u) for t, u in kinds]
    paper = Record(Source("a.pdf", "", "pages", "x"), {}, observations(both))

    found = rows(with_dilution(paper, "Sample dilution 1:2").observations)

    assert [row.dilution for row in found] == [None, None]


def test_the_mvd_is_of_endotoxin_alone(tmp_path: Path) -> None:
    asked = 'evidence: {within_mvd: "true"}'
    text = specification(criterion("viability", "at_least: '70'", "%", asked))

    with pytest.raises(SpecificationError, match="within_mvd is of endotoxin, and viability is"):
        assess(write_lot(tmp_path / "lot", {"a.csv": "lot,test,result\n"}), text)


@pytest.mark.parametrize("text", ["0", "1:0", "1:1.5", "10 EU", "1-10", ""])
def test_what_is_no_dilution(text: str) -> None:
    assert fold_of(text) is None
