from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
import runs

from qcvalidate.assessment import Outcome
from qcvalidate.record import Severity
from qcvalidate.reports import render

# What GitLab's documentation of the code quality report asks for.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^qcvalidate/"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def quality(*lots: runs.Assessment) -> Any:
    value = json.loads(render("gitlab", runs.run(*lots)))
    jsonschema.validate(value, SCHEMA)
    # GitLab drops the second of one fingerprint.
    assert len({one["fingerprint"] for one in value}) == len(value)
    return value


def test_a_failing_lot() -> None:
    found = quality(runs.FAILING)

    assert found[0] == {
        "description": "MSC-2026-0018: FAIL: Viability after thaw: 64.2 %, wanted at least 70 %; "
        "64.2 % rounds to 64 %, below the limit of 70 % (counts.csv row 14 “Viability (%)”)",
        "check_name": "qcvalidate/301-viability-below-limit",
        "fingerprint": found[0]["fingerprint"],
        "severity": "blocker",
        "location": {"path": "samples/MSC-2026-0018/counts.csv", "lines": {"begin": 14}},
    }
    assert [one["severity"] for one in found] == [
        *("blocker", "blocker", "critical", "critical"),
        *("minor", "info", "info"),
    ]


def test_a_passing_lot_has_nothing_to_show() -> None:
    waived = replace(runs.VIABILITY, outcome=Outcome.WAIVED)
    finding = replace(runs.OTHER_LOT, severity=Severity.WAIVED)

    assert quality(replace(runs.PASSING, results=(waived,), findings=(finding,))) == []


@pytest.mark.parametrize("lot", [runs.CONDITIONAL, runs.HOLDING, None])
def test_what_does_not_pass_is_critical(lot: runs.Assessment | None) -> None:
    assert quality(*([lot] if lot else []))[0]["severity"] == "critical"


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_hostile_texts_leave_the_list_valid(text: str) -> None:
    assert len(quality(runs.hostile(text), runs.hostile(text))) == 4
