"""Reads the answer of a row: its wording or its number, its footnote, and what each day showed."""

from __future__ import annotations

import re
from dataclasses import replace

from qcvalidate.errors import QCValidateError
from qcvalidate.frames import Observation
from qcvalidate.ratios import told_by
from qcvalidate.readers.certificates.bilingual import twice
from qcvalidate.readers.certificates.daygrid import Look, settled
from qcvalidate.readers.certificates.footnotes import is_harmless, without_mark
from qcvalidate.readers.certificates.legend import spelled_out
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting, quantity_of, row_finding
from qcvalidate.readers.certificates.telling import says_none
from qcvalidate.record import Finding, Role, State, Status
from qcvalidate.vocabulary import TestName
from qcvalidate.wording import UNKNOWN, Reading, key

# What a control must show, and what it shows when it fails.
SHOULD = {
    Role.POSITIVE_CONTROL: ("positive", "negative"),
    Role.NEGATIVE_CONTROL: ("negative", "positive"),
    Role.BLANK: ("negative", "positive"),
}


def read_answer(
    row: Row, test: TestName, base: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    """Read the result of a row into an observation; what is not understood makes it ambiguous."""
    if row.looks and not row.answers:
        return _last_look(row, base)
    failed = setting.phrasebook.row_verdict(row.text("verdict")) == "fail"
    if not row.answers and (not row.text("verdict") or (row.lacks_result and not failed)):
        return replace(base, result="", state=State.AMBIGUOUS.value), [
            row_finding("result-blank", row, setting, "has no result")
        ]
    if len(row.answers) > 1:
        return replace(base, reading="unknown", state=State.AMBIGUOUS.value), [
            row_finding("result-wording-unknown", row, setting, "has more than one result")
        ]
    # A result "P" or "complies" is the verdict itself.
    base = replace(base, result=base.result or row.text("verdict"))
    text, noted = _without_footnote(row, base.result, setting)
    text = next(spelled_out(text, setting.signs), text)
    if setting.phrasebook.vocabulary.tests[test.test].kind == "quantitative":
        observation, findings = _read_number(text, row, test, base, setting)
    else:
        observation, findings = _read_wording(text, row, test, base, setting)
    if noted is not None:
        # The note says more than that the result is not understood.
        return replace(observation, state=State.AMBIGUOUS.value), [noted]
    return observation, findings


def _without_footnote(row: Row, text: str, setting: Setting) -> tuple[str, Finding | None]:
    """Take the mark of a harmless footnote off a result; any other note holds the row."""
    if len(row.answers) != 1:
        return text, None
    bare, mark = without_mark(row.answers[0])
    if mark is None:
        return text, None
    note = setting.notes.get(mark)
    if note is not None and is_harmless(note):
        return bare.text, None
    said = f"“{note}”" if note else "a note that is not on the paper"
    message = f"its result bears the mark “{mark}”, which stands for {said}; look at it yourself"
    return text, row_finding("result-wording-unknown", row, setting, message)


def _read_wording(
    text: str, row: Row, test: TestName, base: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    found = _wording(text, test, setting)
    judged = setting.phrasebook.vocabulary.verdict(text)
    if judged is not None and base.role in SHOULD:
        # A control that "fails" did not show what it had to show.
        shows, hides = SHOULD[Role(base.role)]
        return replace(base, reading=shows if judged == "pass" else hides), []
    vocabulary = setting.phrasebook.vocabulary
    by_ratio = told_by(
        text,
        f"{row.subject} {base.method or ''}",
        vocabulary.tests[test.test].ratio,
        lambda words: _wording(words, test, setting).kind,
    )
    if by_ratio is not None and by_ratio.slug is not None:
        unsettled = replace(base, reading="unknown", state=State.AMBIGUOUS.value)
        return unsettled, [row_finding(by_ratio.slug, row, setting, by_ratio.reason)]
    found = Reading(by_ratio.kind) if by_ratio is not None else found
    pending = found.to_date or found.kind == "pending"
    read = replace(
        base,
        reading=found.kind,
        organism=found.organism,
        day=found.day,
        status=Status.PRELIMINARY.value if pending else base.status,
    )
    if found.kind != "unknown":
        return read, []
    if test.test == "appearance" and _is_as_asked(row, text, setting):
        return replace(read, reading="negative"), []
    message = f"“{base.result}” is not a wording that we know"
    return replace(read, state=State.AMBIGUOUS.value), [
        row_finding("result-wording-unknown", row, setting, message)
    ]


def _is_as_asked(row: Row, text: str, setting: Setting) -> bool:
    """Say whether a description is, word for word, the one required, and was judged to pass."""
    same = key(text) == key(row.text("specification"))
    passed = setting.phrasebook.row_verdict(row.text("verdict")) == "pass"
    return same and passed and not setting.phrasebook.vocabulary.alarms(text)


def _wording(text: str, test: TestName, setting: Setting) -> Reading:
    """Read a wording, also one that says the same in two languages, one after the other."""

    def known(half: str) -> Reading | None:
        reading = setting.phrasebook.vocabulary.result(half, test.test)
        return reading if reading.kind != "unknown" else None

    # The cycle at which a polymerase chain reaction was seen says nothing more.
    return twice(_CYCLE.sub("", text), known) or UNKNOWN


_CYCLE = re.compile(r"\s*[,;(]?\s*\bC[tqp]\s*(?:=|:)?\s*\d{1,2}(?:[.,]\d+)?\)?$")


def _read_number(
    text: str, row: Row, test: TestName, base: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    unit = row.text("unit") or row.unit or test.unit
    try:
        quantity = quantity_of(text, unit, test, setting)
    except QCValidateError as error:
        kind = setting.phrasebook.vocabulary.result(text, test.test).kind
        if kind in ("pending", "invalid"):
            status = Status.PRELIMINARY.value if kind == "pending" else base.status
            return replace(base, reading=kind, status=status), []
        slug = getattr(error, "slug", "number-unreadable")
        return replace(base, state=State.AMBIGUOUS.value), [
            row_finding(slug, row, setting, str(error))
        ]
    return replace(
        base,
        lower=quantity.lower,
        upper=quantity.upper,
        lower_closed=quantity.lower_closed,
        upper_closed=quantity.upper_closed,
        unit=quantity.unit,
        ci_low=quantity.stated and float(quantity.stated[0]),
        ci_high=quantity.stated and float(quantity.stated[1]),
    ), []


def on_day(
    row: Row, observation: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    """Take the day of incubation from its own column."""
    text = row.text("day")
    if not text.isdigit():
        return observation, []
    if observation.day not in (None, int(text)):
        message = f"its day is “{text}”, and its result names another"
        return observation, [row_finding("row-conflict", row, setting, message)]
    return replace(observation, day=int(text)), []


def _last_look(row: Row, base: Observation) -> tuple[Observation, list[Finding]]:
    """Take for a result what was seen last, where no column gives the result itself."""
    look = settled(row.looks)
    assert look is not None  # noqa: S101  the caller asks only where there are looks
    read = replace(base, result=look.block.text, reading=look.kind, day=look.day)
    if look.kind != "unknown":
        return read, []
    return replace(read, state=State.AMBIGUOUS.value), []


def by_looks(
    row: Row, observation: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    """Hold what was seen day by day against the result: growth on any day is growth."""
    findings = []
    for seen in row.looks:
        if seen.kind == "unknown" and not says_none(seen.block.text):
            message = f"on day {seen.day} stands “{seen.block.text}”, which is no wording we know"
            findings.append(row_finding("result-wording-unknown", row, setting, message))
    look = settled(row.looks)
    if row.unread_day is not None and observation.reading == "negative":
        observation, blank = _until_last_look(row, look, observation, setting)
        findings += blank
    if look is None or look.kind != "positive" or observation.reading == "positive":
        return observation, findings
    if observation.role != Role.SAMPLE:
        return observation, findings
    message = f"“{look.block.text}” was seen on day {look.day}, and its result is another"
    findings.append(row_finding("row-conflict", row, setting, message))
    return replace(observation, reading="positive", day=look.day), findings


def _until_last_look(
    row: Row, look: Look | None, observation: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    """Let a clean result speak of the last day that has an entry, and of no later one."""
    if look is None:
        message = "has no entry for any day of its table"
        return observation, [row_finding("result-blank", row, setting, message)]
    if observation.day is not None and observation.day > look.day:
        message = f"has no entry for day {row.unread_day}, and its result speaks of it"
        return observation, [row_finding("row-conflict", row, setting, message)]
    return replace(observation, day=observation.day or look.day), []
