"""The verdict: FAIL beats HOLD, absence is never a pass, CONDITIONAL needs its due date."""

from __future__ import annotations

import datetime as dt

import pytest

from qcvalidate.assessment import (
    CriterionResult,
    ExitStatus,
    Importance,
    Outcome,
    Run,
    Verdict,
    due,
    verdict,
    worst,
)
from qcvalidate.record import Finding, Place, Severity

SOON = dt.date(2026, 4, 3)


def result(
    outcome: Outcome,
    importance: Importance = Importance.BLOCKING,
    due: dt.date | None = None,
) -> CriterionResult:
    return CriterionResult(
        id="viability",
        code=301,
        slug="viability-below-limit",
        title="Viability",
        outcome=outcome,
        importance=importance,
        observed=None,
        limit="at least 70 %",
        unit="%",
        reason="",
        reference="",
        due=due,
    )


def finding(severity: Severity) -> Finding:
    return Finding("lot-mismatch", severity, "about another lot", Place("a.pdf"))


def test_no_criteria_are_not_a_pass() -> None:
    assert verdict([], []) is Verdict.HOLD


def test_criteria_that_do_not_apply_show_nothing() -> None:
    assert verdict([result(Outcome.NOT_APPLICABLE)], []) is Verdict.HOLD


def test_criteria_that_only_inform_show_nothing() -> None:
    results = [
        result(Outcome.PASS, Importance.INFORMATION),
        result(Outcome.PASS, Importance.WARNING),
    ]

    assert verdict(results, []) is Verdict.HOLD


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.PASS, Verdict.PASS),
        (Outcome.ALERT, Verdict.PASS),
        (Outcome.WAIVED, Verdict.PASS),
        (Outcome.NOT_APPLICABLE, Verdict.PASS),
        (Outcome.FAIL, Verdict.FAIL),
        (Outcome.PENDING, Verdict.HOLD),
        (Outcome.INVALID, Verdict.HOLD),
        (Outcome.INDETERMINATE, Verdict.HOLD),
        (Outcome.MISSING, Verdict.HOLD),
    ],
)
def test_each_outcome_of_a_required_criterion(outcome: Outcome, expected: Verdict) -> None:
    assert verdict([result(Outcome.PASS), result(outcome)], []) is expected


@pytest.mark.parametrize("importance", [Importance.WARNING, Importance.INFORMATION])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_criterion_that_is_not_required_never_moves_the_verdict(
    outcome: Outcome, importance: Importance
) -> None:
    assert verdict([result(Outcome.PASS), result(outcome, importance)], []) is Verdict.PASS


def test_fail_beats_hold() -> None:
    results = [result(Outcome.MISSING), result(Outcome.FAIL)]

    assert verdict(results, [finding(Severity.HOLD)]) is Verdict.FAIL


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.FAIL, Verdict.FAIL),
        (Severity.HOLD, Verdict.HOLD),
        (Severity.WARNING, Verdict.PASS),
        (Severity.INFORMATION, Verdict.PASS),
    ],
)
def test_a_finding_does_what_its_severity_says(severity: Severity, expected: Verdict) -> None:
    assert verdict([result(Outcome.PASS)], [finding(severity)]) is expected


def test_conditional_needs_permission_and_a_due_date() -> None:
    pending = result(Outcome.PENDING, Importance.PENDING_ALLOWED, SOON)

    assert verdict([result(Outcome.PASS), pending], []) is Verdict.CONDITIONAL
    assert due([result(Outcome.PASS), pending]) == SOON


def test_pending_without_a_due_date_holds() -> None:
    pending = result(Outcome.PENDING, Importance.PENDING_ALLOWED)

    assert verdict([result(Outcome.PASS), pending], []) is Verdict.HOLD


def test_pending_that_is_not_allowed_holds() -> None:
    pending = result(Outcome.PENDING, Importance.BLOCKING, SOON)

    assert verdict([result(Outcome.PASS), pending], []) is Verdict.HOLD


def test_one_open_criterion_beside_a_pending_one_holds() -> None:
    pending = result(Outcome.PENDING, Importance.PENDING_ALLOWED, SOON)

    assert verdict([result(Outcome.PASS), pending, result(Outcome.MISSING)], []) is Verdict.HOLD


def test_a_run_without_lots_is_not_a_pass() -> None:
    assert Run(SOON, "0", ()).verdict is Verdict.HOLD
    assert worst([]) is ExitStatus.USAGE


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([0, 0], 0),
        ([0, 3], 3),
        ([3, 1], 1),
        ([1, 4], 4),
        ([4, 5], 5),
        ([5, 2], 2),
        ([2, 70], 70),
    ],
)
def test_the_worst_exit_status_of_a_run_counts(statuses: list[int], expected: int) -> None:
    assert worst([ExitStatus(status) for status in statuses]) == expected
