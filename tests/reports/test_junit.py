from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import runs
from lxml import etree

from qcvalidate.assessment import Importance, Outcome, Scope, Verdict
from qcvalidate.record import Finding, Place, Severity, Waiver
from qcvalidate.reports import render

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "junit-10.xsd"))
WAIVER = Waiver(
    rule="viability-below-limit",
    reason="retested, see the deviation",
    approver="Q. Example",
    deviation="DEV-118",
    approved=runs.AS_OF,
    expires=runs.AS_OF,
    place=Place("waivers.yaml"),
)
WAIVED = replace(
    runs.VIABILITY, outcome=Outcome.WAIVED, original=Outcome.FAIL, waiver=WAIVER, reason="waived"
)
WAIVED_FINDING = replace(
    runs.OTHER_LOT, severity=Severity.WAIVED, original=Severity.HOLD, waiver=WAIVER
)
NOT_APPLICABLE = replace(
    runs.MYCOPLASMA, outcome=Outcome.NOT_APPLICABLE, reason="the lot is given on the same day"
)


def suites(*lots: runs.Assessment) -> list[etree._Element]:
    """Hold the report to the XSD, and its counts to its cases."""
    root = etree.fromstring(render("junit", runs.run(*lots)).encode("utf-8"))
    assert SCHEMA.validate(root), SCHEMA.error_log
    for suite in root:
        for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count)) == len(suite.findall(f"testcase/{kind}"))
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    for count in ("tests", "failures", "errors"):
        assert int(root.get(count)) == sum(int(suite.get(count)) for suite in root)
    return list(root)


def kinds(lot: runs.Assessment) -> dict[str, str]:
    """Give each case's kind by its name: failure, error, skipped, or pass."""
    found = {}
    for case in suites(lot)[0].findall("testcase"):
        told = [child.tag for child in case if child.tag != "system-out"]
        found[case.get("name")] = "".join(told) or "pass"
    return found


EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


def test_a_failing_lot() -> None:
    assert kinds(runs.FAILING) == {
        "endotoxin": "pass",
        "cd105": "pass",
        "viability": "failure",
        "sterility": "error",
        "mycoplasma": "error",
        "cfu-f": "skipped",
        "203 lot-mismatch sterility.pdf page 1": "failure",
    }


@pytest.mark.parametrize("lot", EVERY)
def test_a_suite_is_red_exactly_where_its_lot_does_not_pass(lot: runs.Assessment) -> None:
    red = {"failure", "error"} & set(kinds(lot).values())

    assert bool(red) is (lot.verdict is not Verdict.PASS)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in runs.SETTLED])
def test_what_holds_a_lot_is_an_error_and_no_skip(outcome: Outcome) -> None:
    lot = replace(
        runs.PASSING,
        verdict=Verdict.FAIL if outcome is Outcome.FAIL else Verdict.HOLD,
        results=(runs.ENDOTOXIN, replace(runs.VIABILITY, outcome=outcome)),
    )

    assert kinds(lot)["viability"] == ("failure" if outcome is Outcome.FAIL else "error")


def test_a_lot_held_by_nothing_but_silence_is_red() -> None:
    lot = replace(runs.PASSING, verdict=Verdict.HOLD, results=(NOT_APPLICABLE,))

    assert kinds(lot) == {"mycoplasma": "skipped", "verdict": "error"}


def test_a_lot_held_by_a_finding_alone_is_red() -> None:
    held = replace(runs.OTHER_LOT, severity=Severity.HOLD)
    lot = replace(runs.PASSING, verdict=Verdict.HOLD, findings=(held, held))

    found = kinds(lot)

    assert found["203 lot-mismatch sterility.pdf page 1"] == "error"
    # GitLab would drop the second of one name.
    assert found["203 lot-mismatch sterility.pdf page 1 (2)"] == "error"


def test_an_alert_passes_and_its_suite_tells_it() -> None:
    suite = suites(runs.FAILING)[0]

    told = {found.get("name"): found.get("value") for found in suite.findall(".//property")}
    assert told["alert cd105"].startswith("606 phenotype-alert: CD105 positive: 95.3 %, wanted")
    assert suite.find("testcase[@name='cd105']/system-out").text.startswith("ALERT\n")


def test_what_was_waived_is_skipped_with_its_waiver() -> None:
    lot = replace(runs.PASSING, results=(runs.ENDOTOXIN, WAIVED), findings=(WAIVED_FINDING,))

    suite = suites(lot)[0]

    waived = suite.findall("testcase/skipped")
    assert [one.get("message") for one in waived] == [
        "WAIVED: deviation DEV-118, Q. Example, until 2026-05-20: retested, see the deviation"
    ] * 2
    assert suite.find("properties/property[@name='verdict']").get("value") == "PASS with 1 waiver"


def test_what_does_not_apply_is_skipped_with_its_reason() -> None:
    lot = replace(runs.PASSING, results=(runs.ENDOTOXIN, NOT_APPLICABLE))

    skipped = suites(lot)[0].find("testcase[@name='mycoplasma']/skipped")

    assert skipped.get("message") == "NOT APPLICABLE: the lot is given on the same day"


def test_what_the_verdict_does_not_wait_for_is_neither_red_nor_green() -> None:
    aside = replace(runs.MYCOPLASMA, importance=Importance.WARNING)
    lot = replace(runs.PASSING, results=(runs.ENDOTOXIN, runs.CFU, aside))

    assert kinds(lot) == {"endotoxin": "pass", "cfu-f": "skipped", "mycoplasma": "skipped"}


def test_findings_that_neither_fail_nor_hold_are_told_in_the_output() -> None:
    output = suites(runs.FAILING)[0].find("system-out").text

    assert "INFORMATION 147 uncompensated: the file holds no spillover matrix" in output


def test_lots_of_one_name_are_two_suites_and_one_document_s_pass_says_so() -> None:
    found = suites(runs.PASSING, runs.PASSING, runs.ONE_DOCUMENT)

    assert runs.ONE_DOCUMENT.scope is Scope.DOCUMENT
    assert [suite.get("name") for suite in found] == [
        "MSC-2026-0019",
        "MSC-2026-0019 (2)",
        "MSC-2026-0019 (document scope)",
    ]
    assert all(
        case.get("classname") == suite.get("name") for suite in found for case in suite[1:-1]
    )


def test_a_run_without_lots_is_red() -> None:
    assert suites()[0].find("testcase/error").get("type") == "HOLD"


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_hostile_texts_leave_the_xml_valid(text: str) -> None:
    lot = runs.hostile(text)
    held = Finding("lot-mismatch", Severity.HOLD, text, Place(text))

    suite = suites(replace(lot, findings=(*lot.findings, held)), lot)[0]

    assert (suite.get("failures"), suite.get("errors")) == ("2", "1")
