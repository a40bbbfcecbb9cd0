"""Holds one row of a certificate against itself: result, verdict, turbidity, limit."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.errors import QCValidateError
from qcvalidate.frames import Observation
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting, quantity_of, row_finding
from qcvalidate.readers.certificates.telling import cell_tells, says_none, telling
from qcvalidate.record import Finding
from qcvalidate.vocabulary import TestName
from qcvalidate.wording import key


def contradictions(
    row: Row, observation: Observation, verdict: str | None, setting: Setting
) -> Iterator[Finding]:
    """Hold the row's verdict, turbidity, specification and other cells against its result."""
    expected = {"negative": "pass", "positive": "fail"}.get(observation.reading or "")
    if observation.lower is not None:
        expected = _against_specification(row, observation, setting)
    if expected in ("pass", "fail") and verdict and expected != verdict:
        message = f"its own verdict is “{row.text('verdict')}”"
        yield row_finding("row-conflict", row, setting, message)
    elif verdict == "fail" and observation.reading != "positive":
        message = "the laboratory's own verdict is that it failed"
        yield row_finding("laboratory-verdict-failed", row, setting, message)
    elif expected == "fail" and observation.lower is not None:
        message = f"it misses the limit printed beside it, “{row.text('specification')}”"
        yield row_finding("laboratory-verdict-failed", row, setting, message)
    elif expected == "over":
        message = f"it may lie beyond the limit printed beside it, “{row.text('specification')}”"
        yield row_finding("row-conflict", row, setting, message)
    if observation.lower is None:
        yield from _requirement(row, observation, setting)
    yield from _turbidity(row, observation, setting)
    yield from _cells(row, observation, setting)


def _requirement(row: Row, observation: Observation, setting: Setting) -> Iterator[Finding]:
    """Hold a requirement in words against the result: growth is never what a product must show."""
    text = row.text("specification")
    if says_none(text) or observation.reading not in ("negative", "positive"):
        return
    book = setting.phrasebook
    kind = book.vocabulary.result(text, observation.test).kind
    if observation.reading == "positive" and kind == "negative":
        message = f"it misses the requirement printed beside it, “{text}”"
        yield row_finding("laboratory-verdict-failed", row, setting, message)
    elif key(text) == key(observation.result):
        return
    elif kind != "negative" and (kind != "unknown" or telling(text)):
        message = f"its requirement is “{text}”, which is none of a product that must be clean"
        yield row_finding("row-conflict", row, setting, message)


def _turbidity(row: Row, observation: Observation, setting: Setting) -> Iterator[Finding]:
    text = row.text("turbidity")
    # A dash is the sign for a clear medium.
    if not text or text.casefold() in ("-", "–", "—", "−", "n/a", "na"):
        if observation.reading == "positive" and text in ("-", "–", "—", "−"):
            yield row_finding("row-conflict", row, setting, f"its turbidity is “{text}”")
        return
    seen = setting.phrasebook.vocabulary.turbidity(text).kind
    if seen == observation.reading or (seen == "negative" and observation.reading != "positive"):
        return
    slug = "result-wording-unknown" if seen == "unknown" else "row-conflict"
    yield row_finding(slug, row, setting, f"its turbidity is “{text}”")


def _cells(row: Row, observation: Observation, setting: Setting) -> Iterator[Finding]:
    """Hold what stands beside a result under headings that are not known, where it may matter."""
    grown = observation.reading == "positive"
    for heading, block in row.others:
        vocabulary = setting.phrasebook.vocabulary
        if setting.phrasebook.verdict(block.text) == "fail":
            continue  # It has already been counted as the row's verdict.
        kind = vocabulary.result(block.text, observation.test).kind
        good = vocabulary.result(heading).kind == "negative"
        tells = cell_tells(heading, block.text, negative_heading=good)
        if (kind in ("positive", "invalid") or tells) and not grown and not _is_clean(kind, good):
            yield row_finding(
                "row-conflict", row, setting, f"under “{heading}” stands “{block.text}”"
            )
    unit = row.text("unit")
    known = not unit or says_none(unit) or setting.phrasebook.vocabulary.unit(unit) is not None
    if not known and observation.lower is None and not grown:
        # "Not detected" has no unit: what stands there is about the result.
        yield row_finding("row-conflict", row, setting, f"beside its result stands “{unit}”")
    for meaning in ("organism", "method"):
        text = row.text(meaning)
        if text and not says_none(text) and not grown and (meaning == "organism" or telling(text)):
            message = f"beside its result stands “{text}”"
            yield row_finding("row-conflict", row, setting, message)


def _is_clean(kind: str, good: bool) -> bool:
    return kind == "negative" and not good


def _against_specification(row: Row, observation: Observation, setting: Setting) -> str | None:
    """Say what the limit printed in the row makes of its number: pass, fail, or over in part."""
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
    if not inside:
        return "over"
    edges = limit.lower in (observation.lower, observation.upper) or limit.upper in (
        observation.lower,
        observation.upper,
    )
    return None if edges else "pass"
