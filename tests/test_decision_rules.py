"""Simple and guarded acceptance, with what a declared uncertainty makes of each result.

Expected values are worked by hand after ILAC-G8:09/2019: viability 72 %, u = 2, minimum 70.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lots import assess, criterion, outcome, row, specification, table, write_lot

from qcvalidate.assessment import Outcome
from qcvalidate.errors import SpecificationError
from qcvalidate.specification import Acceptance
from qcvalidate.specification.guarding import guarded

U4 = "uncertainty: {standard: '2', coverage: '2', source: VR-12}"
U33 = "uncertainty: {standard: '2', coverage: '1.645', source: VR-12}"


def judged(tmp_path: Path, accept: str, more: str, result: str) -> tuple[Outcome, str]:
    spec = specification(criterion("viability", accept, "%", more))
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("viability", result, "%"))})
    found = outcome(assess(lot, spec), "viability")
    return found.outcome, found.reason


@pytest.mark.parametrize(
    ("result", "rule", "expected"),
    [
        ("72", "simple", Outcome.ALERT),
        ("74", "simple", Outcome.PASS),
        ("73.9", "simple", Outcome.ALERT),
        ("69.5", "simple", Outcome.ALERT),  # rounds to 70, and no uncertainty lies below it
        ("69.4", "simple", Outcome.FAIL),
        ("72", "guarded", Outcome.FAIL),
        ("74", "guarded", Outcome.PASS),
        ("73.96", "guarded", Outcome.FAIL),  # rounded to a whole number it would be 74
        ("> 74", "guarded", Outcome.PASS),
        ("> 73", "guarded", Outcome.INDETERMINATE),
    ],
)
def test_a_minimum_moves_up(tmp_path: Path, result: str, rule: str, expected: Outcome) -> None:
    more = f"{U4}, decision_rule: {rule}"

    assert judged(tmp_path, "at_least: '70'", more, result)[0] is expected


def test_the_coverage_is_the_specifications_own(tmp_path: Path) -> None:
    more = f"{U33}, decision_rule: guarded"

    assert judged(tmp_path / "a", "at_least: '70'", more, "73.29")[0] is Outcome.PASS
    assert judged(tmp_path / "b", "at_least: '70'", more, "73.28")[0] is Outcome.FAIL


def test_a_maximum_moves_down(tmp_path: Path) -> None:
    spec = specification(
        criterion("cd34_positive", "at_most: '30'", "%", f"{U4}, decision_rule: guarded")
    )
    found = {}
    for value in ("26", "26.1"):
        files: dict[str, str | bytes] = {"a.csv": table(row("cd34_positive", value, "%"))}
        found[value] = outcome(
            assess(write_lot(tmp_path / value, files), spec), "cd34_positive"
        ).outcome

    assert found == {"26": Outcome.PASS, "26.1": Outcome.FAIL}


def test_both_limits_of_a_range_move_inwards(tmp_path: Path) -> None:
    more = f"{U4}, decision_rule: guarded"
    found = {
        result: judged(tmp_path / result, "within: ['50', '90']", more, result)[0]
        for result in ("53.9", "54", "86", "86.1")
    }

    assert found == {
        "53.9": Outcome.FAIL,
        "54": Outcome.PASS,
        "86": Outcome.PASS,
        "86.1": Outcome.FAIL,
    }


def test_the_reason_says_how_the_limit_was_guarded(tmp_path: Path) -> None:
    _, reason = judged(tmp_path, "at_least: '70'", f"{U4}, decision_rule: guarded", "72")

    assert reason == "72 %; the limit is at least 74 % (at least 70 %, guarded by 2 x 2 %)"


def test_the_reason_says_that_a_limit_is_within_the_uncertainty(tmp_path: Path) -> None:
    _, reason = judged(tmp_path, "at_least: '70'", U4, "72")

    assert reason == "72 %; the limit at least 70 % is within its uncertainty, 2 x 2 %"


def test_a_rule_of_the_whole_specification_holds_for_each_criterion(tmp_path: Path) -> None:
    spec = specification(criterion("viability", "at_least: '70'", "%", U4)).replace(
        "title: Mine\n", "title: Mine\ndecision_rule: guarded\n", 1
    )
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("viability", "72", "%"))})

    assert outcome(assess(lot, spec), "viability").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("test", "accept", "unit", "more", "fault"),
    [
        ("viability", "at_least: '70'", "%", "decision_rule: guarded", "has no uncertainty"),
        ("viability", "at_least: '97'", "%", U4, "too large"),
        ("viability", "within: ['70', '77']", "%", U4, "too large"),
        ("cd45_positive", "at_most: '2'", "%", U4, "too large"),
        ("sterility", "one_of: [negative]", "", U4, "no uncertainty"),
        (
            "viability",
            "at_least: '70'",
            "%",
            "uncertainty: {standard: '0', coverage: '2', source: VR}",
            "no width",
        ),
    ],
)
def test_a_band_that_cannot_be_meant_is_refused(
    tmp_path: Path, test: str, accept: str, unit: str, more: str, fault: str
) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("viability", "80", "%"))})

    with pytest.raises(SpecificationError, match=fault):
        assess(lot, specification(criterion(test, accept, unit, more)))


@given(
    st.decimals("0", "100", places=2),
    st.decimals("0.01", "30", places=2),
    st.sampled_from(["at_least", "more_than", "at_most", "less_than"]),
)
def test_a_guarded_limit_is_never_easier_to_meet(limit: Decimal, width: Decimal, verb: str) -> None:
    moved = Decimal(guarded(Acceptance(verb, (str(limit),)), width).limits[0])

    assert moved - limit == (width if verb in ("at_least", "more_than") else -width)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("54", Outcome.ALERT),
        ("55", Outcome.PASS),
        ("85", Outcome.PASS),
        ("86", Outcome.ALERT),
        ("91", Outcome.FAIL),
        ("49", Outcome.FAIL),
    ],
)
def test_a_range_has_an_alert_shoulder_on_either_side(
    tmp_path: Path, result: str, expected: Outcome
) -> None:
    more = "alert: {within: ['55', '85']}"

    assert judged(tmp_path, "within: ['50', '90']", more, result)[0] is expected


@pytest.mark.parametrize("alert", ["['50', '90']", "['49', '85']", "['85', '55']", "['55', '91']"])
def test_an_alert_range_lies_inside_its_limits(tmp_path: Path, alert: str) -> None:
    with pytest.raises(SpecificationError, match="is not inside"):
        judged(tmp_path, "within: ['50', '90']", f"alert: {{within: {alert}}}", "60")


# A stated uncertainty, on the paper, beside limits of at least 70 %.
@pytest.mark.parametrize(
    ("result", "more", "expected"),
    [
        ("71.2 ± 1.1 %", "", Outcome.PASS),
        ("71.1 ± 1.7 %", "", Outcome.ALERT),  # 69.4 to 72.8
        ("70.5 ± 1.1 % (k=2)", "", Outcome.ALERT),
        ("69.4 ± 5 %", "", Outcome.FAIL),  # simple acceptance is of the value
        ("76 ± 4 %", f"{U4}, decision_rule: guarded", Outcome.PASS),
        ("76 ± 7 %", f"{U4}, decision_rule: guarded", Outcome.ALERT),  # 69 to 83
        ("73 ± 1 %", f"{U4}, decision_rule: guarded", Outcome.FAIL),
        ("75 % (95 % CI 69.4-80)", "", Outcome.ALERT),
        ("75 % (95 % CI 70.1-80)", "", Outcome.PASS),
    ],
)
def test_an_uncertainty_on_the_paper_alerts_and_never_passes(
    tmp_path: Path, result: str, more: str, expected: Outcome
) -> None:
    assert judged(tmp_path, "at_least: '70'", more, result)[0] is expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("Measurement uncertainty: ± 1.1 % (k=2)", Outcome.ALERT),
        ("Expanded uncertainty (k = 2): 1.1 %", Outcome.ALERT),
        ("Messunsicherheit: 1,1 % (k = 2)", Outcome.ALERT),
        ("95 % CI 68.1 - 72.9 %", Outcome.ALERT),
        ("Measurement uncertainty: ± 0.5 % (k=2)", Outcome.PASS),
        ("The measurement uncertainty is available on request.", Outcome.PASS),
    ],
)
def test_an_uncertainty_elsewhere_on_the_page_is_the_one_numbers(
    page: str, expected: Outcome, tmp_path: Path
) -> None:
    text = (
        "CERTIFICATE OF ANALYSIS\nExample Laboratories\nReport No: R-1\nLot: L-1\n"
        "Date issued: 2026-04-04\n\nTest            Result\nViability (%)   70.5 %\n\n"
        f"{page}\nApproved by: Jane Roe\nSigned on: 2026-04-04\n"
    )
    spec = specification(criterion("viability", "at_least: '70'", "%"))

    found = assess(write_lot(tmp_path / "lot", {"a.txt": text}), spec)

    assert outcome(found, "viability").outcome is expected


@pytest.mark.parametrize(("uncertainty", "expected"), [("1.1", Outcome.ALERT), ("-", Outcome.PASS)])
def test_an_uncertainty_in_a_column_of_its_own(
    tmp_path: Path, uncertainty: str, expected: Outcome
) -> None:
    spec = specification(criterion("viability", "at_least: '70'", "%"))
    rows = f"lot,test,result,unit,uncertainty\nL-1,viability,70.5,%,{uncertainty}\n"

    found = assess(write_lot(tmp_path / "lot", {"a.csv": rows}), spec)

    assert outcome(found, "viability").outcome is expected
