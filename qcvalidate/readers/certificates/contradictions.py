"""Holds one row of a certificate against itself: result, verdict, turbidity, limit."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.errors import QCValidateError
from qcvalidate.frames import Observation
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting, quantity_of, row_finding
from qcvalidate.record import Finding
from qcvalidate.vocabulary import TestName


def contradictions(
    row: Row, observation: Observation, verdict: str | None, setting: Setting
) -> Iterator[Finding]:
    """Hold the row's verdict, turbidity, specification and other cells against its result."""
    expected = {"negative": "pass", "positive": "fail"}.get(observation.reading or "")
    if observation.lower is not None:
        expected = _against_specification(row, observation, setting)
    if expected and verdict and expected != verdict:
        message = f"its own verdict is “{row.text('verdict')}”"
        yield row_finding("row-conflict", row, setting, message)
    elif verdict == "fail" and observation.reading != "positive":
        message = "the laboratory's own verdict is that it failed"
        yield row_finding("laboratory-verdict-failed", row, setting, message)
    elif expected == "fail" and observation.lower is not None:
        message = f"it misses the limit printed beside it, “{row.text('specification')}”"
        yield row_finding("laboratory-verdict-failed", row, setting, message)
    if observation.reading not in ("negative", "positive"):
        return
    turbid = _turbidity(row.text("turbidity"), setting)
    if turbid not in (None, observation.reading):
        yield row_finding(
            "row-conflict", row, setting, f"its turbidity is “{row.text('turbidity')}”"
        )
    for heading, block in row.others:
        found = setting.phrasebook.vocabulary.result(block.text, observation.test).kind
        if observation.reading == "negative" and found in ("positive", "invalid"):
            yield row_finding(
                "row-conflict", row, setting, f"under “{heading}” stands “{block.text}”"
            )


def _turbidity(text: str, setting: Setting) -> str | None:
    kind = setting.phrasebook.vocabulary.turbidity(text).kind if text else "unknown"
    return kind if kind in ("positive", "negative") else None


def _against_specification(row: Row, observation: Observation, setting: Setting) -> str | None:
    """Say what the limit printed in the row makes of its number; None when it cannot be told."""
    text = row.text("specification")
    assert observation.lower is not None  # noqa: S101  the caller asks only for numbers
    assert observation.upper is not None  # noqa: S101
    try:
        name = TestName(observation.test, observation.part)
        limit = quantity_of(text, row.text("unit") or row.unit, name, setting)
    except QCValidateError:
        return None
    if limit.unit not in (observation.unit, None) or limit.exact is not None:
        return None
    if observation.lower > limit.upper or observation.upper < limit.lower:
        return "fail"
    inside = observation.lower >= limit.lower and observation.upper <= limit.upper
    edges = limit.lower in (observation.lower, observation.upper) or limit.upper in (
        observation.lower,
        observation.upper,
    )
    return "pass" if inside and not edges else None
