from __future__ import annotations

import re
from dataclasses import replace

import pytest
import runs

from qcvalidate.record import Severity
from qcvalidate.reports import render

COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")


def commands(*lots: runs.Assessment) -> list[tuple[str, dict[str, str], str]]:
    """Read the commands as the runner does."""
    lines = render("github", runs.run(*lots)).splitlines()
    found = []
    for line in lines:
        match = COMMAND.fullmatch(line)
        assert match, line
        pairs = (pair.partition("=") for pair in match[2].split(","))
        properties = {name: _undone(value) for name, _, value in pairs}
        assert set(properties) <= {"file", "line", "title"}
        found.append((match[1], properties, _undone(match[3])))
    return found


def _undone(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_a_failing_lot() -> None:
    text = render("github", runs.run(runs.FAILING))

    assert text.splitlines()[0] == (
        "::error file=samples/MSC-2026-0018/counts.csv,"
        "title=MSC-2026-0018%3A FAIL 301 viability-below-limit,line=14::"
        "Viability after thaw: 64.2 %25, wanted at least 70 %25; 64.2 %25 rounds to 64 %25, below "
        "the limit of 70 %25 (counts.csv row 14 “Viability (%25)”)"
    )
    assert text.splitlines()[-1] == (
        "::notice title=qcvalidate 0.1.0%3A FAIL::1 lot: 1 fail; Computed; release requires an "
        "authorised person."
    )


def test_a_passing_lot_has_no_annotation_but_the_verdict() -> None:
    assert [kind for kind, _, _ in commands(runs.PASSING)] == ["notice"]


def test_the_pass_of_one_document_says_so() -> None:
    assert "document scope" in commands(runs.ONE_DOCUMENT)[-1][2]


@pytest.mark.parametrize(
    ("severity", "kind", "most"),
    [(Severity.HOLD, "error", 10), (Severity.WARNING, "warning", 10)],
)
@pytest.mark.parametrize("number", [9, 10, 11, 300])
def test_no_more_are_shown_than_github_shows(
    severity: Severity, kind: str, most: int, number: int
) -> None:
    findings = (replace(runs.OTHER_LOT, severity=severity),) * number
    lot = replace(runs.PASSING, findings=findings, verdict=runs.HOLDING.verdict)

    found = [message for found, _, message in commands(lot) if found == kind]

    if number > most:
        assert len(found) == most
        assert found[-1] == f"{number - most + 1} more {kind}s are not shown here; see the report"
    else:
        assert len(found) == number


def test_notices_leave_room_for_the_verdict() -> None:
    findings = (runs.UNCOMPENSATED,) * 30

    found = commands(replace(runs.PASSING, findings=findings))

    assert [kind for kind, _, _ in found] == ["notice"] * 10
    assert found[-1][1]["title"] == "qcvalidate 0.1.0: PASS"


@pytest.mark.parametrize(
    "text",
    [
        *runs.HOSTILE_TEXTS,
        "::stop-commands::x",
        "##[add-mask]FAIL",
        "a,line=1::error file=b::c",
        "100%0A::error::x",
    ],
)
def test_no_text_of_a_document_is_a_command(text: str) -> None:
    found = commands(runs.hostile(text), runs.hostile(text))

    assert [kind for kind, _, _ in found] == ["error"] * 6 + ["notice"] * 3
    assert all("\n" not in message and "\r" not in message for _, _, message in found)
