from __future__ import annotations

from dataclasses import replace

import runs

from qcvalidate.assessment import Importance, Outcome, Verdict
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.reports._matters import (
    NOTHING_SHOWN,
    first_reason,
    located,
    matters,
    meaning,
    of_finding,
    of_result,
    says_more,
    tally,
)


def test_a_result_stands_in_the_unit_of_its_limit_too() -> None:
    printed = replace(
        runs.ENDOTOXIN, observed="< 0.05 EU/mL", reading="below 0.0714 EU/kg", unit="EU/kg"
    )
    same = replace(printed, observed="< 0.0714 EU/kg")
    unread = replace(printed, reading="below 0.05 EU/mL")

    assert of_result(printed).about.endswith(": < 0.05 EU/mL (below 0.0714 EU/kg)")
    assert of_result(same).about.endswith(": < 0.0714 EU/kg")
    assert of_result(unread).about.endswith(": < 0.05 EU/mL")


def test_what_decides_the_verdict_comes_first() -> None:
    hold = Finding("document-unreadable", Severity.HOLD, "no", Place("a.pdf"))
    warning = Finding("unsigned", Severity.WARNING, "nobody", Place("a.pdf"))
    invalid = replace(runs.MYCOPLASMA, outcome=Outcome.INVALID)
    unclear = replace(runs.MYCOPLASMA, outcome=Outcome.INDETERMINATE)
    waived = replace(runs.MYCOPLASMA, outcome=Outcome.WAIVED)
    lot = replace(
        runs.FAILING,
        results=(waived, *runs.FAILING.results, unclear, invalid),
        findings=(*runs.FAILING.findings, warning, hold),
    )

    assert [matter.word for matter in matters(lot)] == [
        "FAIL",
        "FAIL",
        "HOLD",
        "INVALID",
        "INDETERMINATE",
        "MISSING",
        "PENDING",
        "FAIL",  # of a criterion that the verdict does not wait for
        "ALERT",
        "WARNING",
        "WAIVED",
        "INFORMATION",
    ]


def test_what_is_met_needs_no_attention() -> None:
    not_applicable = replace(runs.ENDOTOXIN, outcome=Outcome.NOT_APPLICABLE)

    assert matters(replace(runs.PASSING, results=(runs.ENDOTOXIN, not_applicable))) == []


def test_a_failure_that_does_not_count_says_so() -> None:
    warning = replace(runs.CFU, importance=Importance.WARNING)

    assert of_result(warning).reason.endswith("the verdict does not wait for it (warning only)")
    assert tally((runs.CFU, runs.VIABILITY)) == "2 criteria: 2 fail (1 not required)"


def test_a_reason_that_only_repeats_the_columns_is_left_out() -> None:
    repeating = replace(runs.VIABILITY, reason="Viability after thaw is 64.2 %.")

    assert not says_more(of_result(repeating))
    assert says_more(of_result(runs.VIABILITY))


def test_that_nothing_reports_a_missing_test_needs_no_second_line() -> None:
    missing = replace(runs.MYCOPLASMA, reason="no document reports Mycoplasma")

    assert not says_more(of_result(missing))


def test_a_place_that_the_message_names_is_not_named_again() -> None:
    unread = Finding("no-text-layer", Severity.HOLD, "a.pdf page 1: no text", Place("a.pdf", 1))
    unsigned = Finding("unsigned", Severity.WARNING, "names nobody", Place("a.pdf", 1))

    assert (of_finding(unread).where, of_finding(unread).place) == ("", "a.pdf page 1")
    assert of_finding(unsigned).where == "a.pdf page 1"


def test_the_first_reason_is_what_decided() -> None:
    assert first_reason(runs.FAILING) == ("301 Viability after thaw: 64.2 %, wanted at least 70 %")
    assert first_reason(runs.PASSING) == ""


def test_a_hold_with_nothing_against_the_lot_says_why() -> None:
    empty = replace(runs.PASSING, verdict=Verdict.HOLD, results=())

    assert first_reason(empty) == NOTHING_SHOWN


def test_the_verdict_of_one_document_says_its_scope() -> None:
    assert meaning(runs.ONE_DOCUMENT) == (
        "The evidence meets the specification. Document scope: only what this document can "
        "answer was judged, not the lot."
    )


def test_a_document_is_named_with_its_lot_folder() -> None:
    assert located(runs.FAILING, "flow/panel.fcs") == "samples/MSC-2026-0018/flow/panel.fcs"
    assert located(replace(runs.FAILING, path="."), "a.pdf") == "a.pdf"


def test_a_document_that_was_checked_by_itself_has_its_own_path() -> None:
    alone = replace(runs.ONE_DOCUMENT, path="papers/endotoxin.pdf")

    assert located(alone, "endotoxin.pdf") == "papers/endotoxin.pdf"
