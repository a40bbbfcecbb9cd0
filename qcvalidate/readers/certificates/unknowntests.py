"""Judges rows that name no test we know: they hold, unless they plainly say nothing bad."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qcvalidate.errors import QCValidateError
from qcvalidate.quantity import parse_quantity
from qcvalidate.readers.certificates.controls import NO_SAMPLE
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting, row_finding
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Finding, Role, Severity
from qcvalidate.wording import key


def unknown_test(row: Row, setting: Setting, verdict: str | None, role: Role) -> Iterator[Finding]:
    """Quote the row: a warning when it passed by what stands in it, else it holds the lot."""
    if not row.answers and verdict is None:
        said = " ".join(text for text in (row.block.text,) if telling(text))
        if said:
            message = "is no result, and may speak of the outcome"
            yield row_finding("result-wording-unknown", row, setting, message)
        return
    if role is Role.SAMPLE and NO_SAMPLE.search(row.subject) and key(row.text("verdict")) in VALID:
        return
    if role is not Role.SAMPLE:
        if not _behaved(row, setting, verdict, role):
            message = "is of a control that did not plainly behave, of a test that we cannot tell"
            yield row_finding("test-unknown", row, setting, message)
        return
    harmless = _is_harmless(row, setting, verdict)
    yield row_finding(
        "test-unknown",
        row,
        setting,
        "names no test that the vocabulary knows"
        + ("" if harmless else ", and does not plainly pass; look at it yourself"),
        Severity.WARNING if harmless else Severity.HOLD,
    )


def unknown_control(row: Row, setting: Setting, verdict: str | None) -> Iterator[Finding]:
    """Hold a control of which we cannot tell what it had to show, unless it plainly passed."""
    text = row.answers[0].text if len(row.answers) == 1 else ""
    said = setting.phrasebook.row_verdict(text) if text else None
    if key(text) in VALID or key(row.text("verdict")) in VALID:
        said = "pass"
    if verdict != "fail" and said != "fail" and "pass" in (verdict, said):
        return
    if row.answers or verdict is not None:
        message = "is of a control, and does not say which; look at it yourself"
        yield row_finding("test-unknown", row, setting, message)


# What is said of a control that did what it must, whichever it is.
VALID = frozenset(
    ("valid", "as expected", "gultig", "valide", "wie erwartet", "erwartungsgemass",
     "conforme aux attentes", "valido", "valida", "segun lo esperado", "come atteso",
     "conforme esperado")
)  # fmt: skip


def _is_harmless(row: Row, setting: Setting, verdict: str | None) -> bool:
    book = setting.phrasebook
    if verdict == "fail" or len(row.answers) > 1:
        return False
    text = row.answers[0].text if row.answers else ""
    kind = book.vocabulary.result(text).kind if text else "unknown"
    if kind in ("positive", "invalid", "pending") or book.vocabulary.verdict(text) == "fail":
        return False
    wanted = book.vocabulary.result(row.text("specification")).kind
    if wanted == "positive" and kind == "negative":
        return False
    # What a control must show is not known without its limit.
    if _CONTROL.search(row.subject) and verdict != "pass" and (kind == "unknown" or kind != wanted):
        return False
    within = _within(row, setting)
    if within is False:
        return False
    passed = verdict == "pass" or book.row_verdict(text) == "pass"
    return passed or kind == "negative" or bool(within)


_CONTROL = re.compile(r"control|kontroll|témoin|contrôle", re.IGNORECASE)


def _behaved(row: Row, setting: Setting, verdict: str | None, role: Role) -> bool:
    text = row.answers[0].text if len(row.answers) == 1 else ""
    kind = setting.phrasebook.vocabulary.result(text).kind if text else "unknown"
    said = setting.phrasebook.row_verdict(text) if text else None
    if verdict == "fail" or said == "fail":
        return False
    expected = "positive" if role is Role.POSITIVE_CONTROL else "negative"
    if kind == expected or said == "pass":
        return True
    if kind in ("positive", "negative", "invalid", "pending"):
        return False
    within = _within(row, setting)
    return bool(within) or (within is None and verdict == "pass")


def _within(row: Row, setting: Setting) -> bool | None:
    """Say whether a number keeps the limit printed in its row; None when there is no telling."""
    if len(row.answers) != 1:
        return None
    units = setting.phrasebook.vocabulary.units
    unit = row.text("unit") or row.unit
    try:
        number = parse_quantity(row.answers[0].text, setting.locale, units=units, unit=unit)
        limit = parse_quantity(row.text("specification"), setting.locale, units=units, unit=unit)
    except QCValidateError:
        return None
    if number.unit != limit.unit or limit.exact is not None:
        return None
    return number.lower >= limit.lower and number.upper <= limit.upper
