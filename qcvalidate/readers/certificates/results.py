"""Turns rows into observations, and says of every row what could not be understood."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace

from qcvalidate.errors import QCValidateError
from qcvalidate.frames import Observation
from qcvalidate.quantity import parse_date
from qcvalidate.readers.certificates.agreement import state_of, unconfirmed, worst
from qcvalidate.readers.certificates.contradictions import contradictions
from qcvalidate.readers.certificates.header import is_lot, place
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.prose import Statement
from qcvalidate.readers.certificates.rowagreement import row_state
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting, quantity_of, row_finding
from qcvalidate.readers.certificates.unknowntests import unknown_test
from qcvalidate.readers.certificates.whatfor import is_other
from qcvalidate.record import Finding, Role, Severity, State, Status
from qcvalidate.vocabulary import TestName

# Containers are numbered, and named by nothing else.
_CONTAINER = re.compile(
    r"(?:bottle|flask|container|vial|unit|tube|bag|canister|flasche|flacon|frasco)s?\b.{0,20}", re.I
)
_DASHES = ("-", "–", "—", "−")


@dataclass
class Reported:
    """What rows and sentences came to; `judgements` has `pass`, `fail` or None for each row."""

    observations: list[Observation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    judgements: list[str | None] = field(default_factory=list)

    def name_organisms(self, organisms: list[str]) -> None:
        """Give the one organism that a sentence names to the one result that grew."""
        grown = [
            index
            for index, row in enumerate(self.observations)
            if row.reading == "positive" and row.role == Role.SAMPLE
        ]
        if len(grown) == 1 and len(organisms) == 1:
            row = self.observations[grown[0]]
            self.observations[grown[0]] = replace(row, organism=row.organism or organisms[0])


def report_row(row: Row, setting: Setting, reported: Reported) -> None:
    """Add one row's observation and findings."""
    if _is_criterion(row, setting.phrasebook):
        return
    role = _role(row, setting.phrasebook)
    test = None if _is_of_other(row) else _test(row, setting, role)
    verdict = _verdict(row, setting.phrasebook)
    if verdict is None and _says_something(row.text("verdict"), setting.phrasebook):
        message = f"its verdict “{row.text('verdict')}” is not one that we know"
        reported.findings.append(row_finding("result-wording-unknown", row, setting, message))
    if row.lacks_verdict and role is Role.SAMPLE:
        message = "has no verdict, and other rows of its table have one"
        reported.findings.append(row_finding("result-blank", row, setting, message))
    if test is None:
        reported.findings += unknown_test(row, setting, verdict, role)
        if role is Role.SAMPLE:
            reported.judgements.append(verdict)
        return
    base = _base(row, test, role, setting)
    observation, findings = _read_answer(row, test, base, setting)
    observation, doubts = _as_sure_as_read(row, observation, setting)
    findings += doubts
    observation, odd = _on_day(row, observation, setting)
    dated, said = _with_dates(row, observation, setting)
    said += odd
    reported.observations += by_medium(dated, setting)
    reported.findings += [*findings, *said]
    if role is not Role.SAMPLE and verdict == "fail" and not _behaved(dated.reading, role):
        message = "a control failed by the laboratory's own verdict"
        reported.findings.append(row_finding("laboratory-verdict-failed", row, setting, message))
    if role is Role.SAMPLE:
        reported.judgements.append(_judgement(dated, verdict))
        reported.findings += contradictions(row, dated, verdict, setting)


def report_statement(statement: Statement, setting: Setting, reported: Reported) -> None:
    """Add what one sentence says of a medium or of a control."""
    role = Role(statement.role) if statement.role else Role.SAMPLE
    block = statement.sentence.block
    cultures = {row.test for row in reported.observations if row.test in _CULTURES}
    test = setting.test.test if setting.test else cultures.pop() if len(cultures) == 1 else None
    subject = statement.subject
    if isinstance(subject, TestName):
        in_process = test == "in_process_culture" and subject.test == "sterility"
        test = test if in_process else subject.test
    if test is None or setting.phrasebook.vocabulary.tests[test].kind != "qualitative":
        if statement.reading == "negative" and role is not Role.POSITIVE_CONTROL:
            return
        if role is Role.POSITIVE_CONTROL and statement.reading == "positive":
            return
        message = f"names no test that it is a result of: “{statement.sentence.text}”"
        where = place(setting.name, block)
        reported.findings.append(
            Finding("test-unknown", Severity.HOLD, f"{where}: {message}", where)
        )
        return
    reported.observations.append(
        Observation(
            test=test,
            part=subject.part if isinstance(subject, TestName) else None,
            role=role.value,
            result=statement.text,
            reading=statement.reading,
            day=statement.day,
            source=setting.name,
            lot=setting.lot,
            sample_id=setting.sample_id,
            method=setting.method,
            status=setting.status.value,
            started=setting.started,
            ended=setting.ended,
            page=block.page,
            region=block.region,
            state=state_of(block).value,
        )
    )
    if state_of(block) is not State.CONFIRMED:
        doubt = unconfirmed(setting.name, "the sentence", block, Severity.WARNING)
        reported.findings.append(doubt)
    if role is Role.SAMPLE:
        judgement = {"positive": "fail", "negative": "pass"}.get(statement.reading)
        reported.judgements.append(judgement)


def _as_sure_as_read(
    row: Row, observation: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    """Lower a row's state to that of its letters, where a picture was read."""
    is_number = setting.phrasebook.vocabulary.tests[observation.test].kind == "quantitative"
    state = row_state(row, setting, is_number=is_number)
    if state is State.CONFIRMED:
        return observation, []
    doubt = unconfirmed(setting.name, "the row", row.block, Severity.WARNING)
    return replace(observation, state=worst((State(observation.state), state)).value), [doubt]


# What a control must show, and what it shows when it fails.
_SHOULD = {
    Role.POSITIVE_CONTROL: ("positive", "negative"),
    Role.NEGATIVE_CONTROL: ("negative", "positive"),
    Role.BLANK: ("negative", "positive"),
}


def _behaved(reading: str | None, role: Role) -> bool:
    return role in _SHOULD and reading == _SHOULD[role][0]


def _is_criterion(row: Row, phrasebook: Phrasebook) -> bool:
    """Say whether a row under tests side by side holds what is required, and no result."""
    named = (row.text("test"), row.text("sample_id"), row.subject)
    return any(phrasebook.vocabulary.column(text) == "specification" for text in named if text)


def _is_of_other(row: Row) -> bool:
    return is_other(row.text("sample_id")) or is_other(row.subject)


_NOTHING_SAID = ("n/a", "na", "n.a.", "not applicable", "none", *_DASHES)


def _says_something(text: str, phrasebook: Phrasebook) -> bool:
    return bool(text) and text.casefold() not in _NOTHING_SAID and not phrasebook.is_pending(text)


def _verdict(row: Row, phrasebook: Phrasebook) -> str | None:
    """Give a row's own verdict; a failure counts wherever in the row it stands."""
    said = [phrasebook.row_verdict(row.text("verdict"))]
    beside = (row.text("status"), *(block.text for _, block in row.others))
    said += [phrasebook.verdict(text) for text in beside]
    if "fail" in said:
        return "fail"
    return said[0] or phrasebook.verdict(row.text("status"))


_CULTURES = ("sterility", "in_process_culture")
_BOTH = re.compile(
    r"\b(?:both|all|either|beiden?|alle[nr]?|les deux|tous les|ambos|todos los)"
    r" (?:culture )?(?:media|medium|bottles?|cultures?|medien|flaschen|milieux|flacons|medios"
    r"|frascos)\b",
    re.IGNORECASE,
)


def by_medium(row: Observation, setting: Setting) -> list[Observation]:
    """Give "No growth in both media" once for each part of its test."""
    parts = setting.phrasebook.vocabulary.tests[row.test].parts
    if row.test not in _CULTURES or row.part is not None or not _BOTH.search(row.result):
        return [row]
    return [replace(row, part=part) for part in parts]


def _role(row: Row, phrasebook: Phrasebook) -> Role:
    for text in (row.text("role"), row.subject, row.part, row.text("sample_id")):
        role = phrasebook.role(text) if text else None
        if role is not None:
            return Role(role)
    return Role.SAMPLE


def _test(row: Row, setting: Setting, role: Role) -> TestName | None:
    """Name the test of a row: from its own words, with its medium, or from the document's title."""
    vocabulary = setting.phrasebook.vocabulary
    name = _named(row.subject, row, setting)
    part = vocabulary.test(row.part) if row.part else None
    if name is not None:
        if part is not None and name.part is None and part.test in (name.test, "sterility"):
            return replace(name, part=part.part)
        return replace(name, part=name.part or row.part or None)
    if row.subject and role is Role.SAMPLE and not _CONTAINER.fullmatch(row.subject):
        return None
    if part is not None:
        in_process = setting.test is not None and setting.test.test == "in_process_culture"
        return replace(part, test="in_process_culture") if in_process else part
    if setting.test is None:
        return None
    if role is not Role.SAMPLE:
        return setting.test
    label = row.part or row.subject
    return replace(setting.test, part=setting.test.part or label) if label else None


def _named(text: str, row: Row, setting: Setting) -> TestName | None:
    """Find a test by its name and the unit that is printed with its result.

    "Cell count" is a concentration or a number of cells, as its unit says.
    """
    if not text:
        return None
    unit = _printed_unit(row, setting)
    # "Bacterial endotoxins, repeat" and "Endotoxin, bag 2" are that test again.
    found = setting.phrasebook.test(text, unit) or setting.phrasebook.test(
        _AGAIN.sub("", text), unit
    )
    in_process = setting.test is not None and setting.test.test == "in_process_culture"
    if found is not None and found.part and found.test == "sterility" and in_process:
        return replace(found, test="in_process_culture")
    return found


_AGAIN = re.compile(
    r"[\s,;:(–-]+(?:(?:first|second|third|2nd|3rd|repeated|repeat|re-?test|duplicate|replicate|new)\b"
    r"|(?:vial|bag|bottle|unit|aliquot|sample|syringe)s? ?\d+\b).*$",
    re.IGNORECASE,
)
_NUMBER_AT_START = re.compile(r"^[<>≤≥=~±≈ ]*[\d.,'\s]+(?:[x×*·] ?10\^?\d+)?")


def _printed_unit(row: Row, setting: Setting) -> str | None:
    """Give the canonical unit that a row's result is printed in: in the cell, or over it."""
    texts = [_NUMBER_AT_START.sub("", answer.text) for answer in row.answers]
    for text in (*texts, row.text("unit"), row.unit):
        canonical = setting.phrasebook.vocabulary.unit(text) if text else None
        if canonical is not None:
            return canonical
    return None


def _base(row: Row, test: TestName, role: Role, setting: Setting) -> Observation:
    sample = row.text("sample_id")
    return Observation(
        test=test.test,
        part=test.part,
        role=role.value,
        result=" ".join(answer.text for answer in row.answers),
        source=setting.name,
        lot=_lot(row, setting),
        sample_id=sample if sample and role is Role.SAMPLE else setting.sample_id,
        method=row.text("method") or setting.method,
        status=_status(row, setting).value,
        started=setting.started,
        ended=setting.ended,
        page=row.block.page,
        region=(row.answers[0] if row.answers else row.block).region,
        # A table that names lots, and not in this row: the row is nobody's.
        state=(
            State.AMBIGUOUS if row.names_lots and not is_lot(row.text("lot")) else State.CONFIRMED
        ).value,
    )


def _lot(row: Row, setting: Setting) -> str | None:
    if not row.names_lots:
        return setting.lot
    return row.text("lot") if is_lot(row.text("lot")) else None


def _status(row: Row, setting: Setting) -> Status:
    if row.text("verdict") and setting.phrasebook.is_pending(row.text("verdict")):
        return Status.PRELIMINARY
    said = setting.phrasebook.status(row.text("status")) if row.text("status") else None
    # A preliminary report has no final rows.
    return Status(said) if said and setting.status is not Status.PRELIMINARY else setting.status


def _read_answer(
    row: Row, test: TestName, base: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    if not row.answers and not row.text("verdict"):
        return replace(base, result="", state=State.AMBIGUOUS.value), [
            row_finding("result-blank", row, setting, "has no result")
        ]
    if len(row.answers) > 1:
        return replace(base, reading="unknown", state=State.AMBIGUOUS.value), [
            row_finding("result-wording-unknown", row, setting, "has more than one result")
        ]
    text = base.result or row.text("verdict")
    base = replace(base, result=text)
    # A result "P" or "complies" is the verdict itself.
    if setting.phrasebook.vocabulary.tests[test.test].kind == "quantitative":
        return _read_number(row, test, base, setting)
    return _read_wording(row, test, base, setting)


def _read_wording(
    row: Row, test: TestName, base: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    found = setting.phrasebook.vocabulary.result(base.result, test.test)
    judged = setting.phrasebook.vocabulary.verdict(base.result)
    if judged is not None and base.role in _SHOULD:
        # A control that "fails" did not show what it had to show.
        shows, hides = _SHOULD[Role(base.role)]
        return replace(base, reading=shows if judged == "pass" else hides), []
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
    message = f"“{base.result}” is not a wording that we know"
    return replace(read, state=State.AMBIGUOUS.value), [
        row_finding("result-wording-unknown", row, setting, message)
    ]


def _read_number(
    row: Row, test: TestName, base: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    unit = row.text("unit") or row.unit or test.unit
    try:
        quantity = quantity_of(base.result, unit, test, setting)
    except QCValidateError as error:
        kind = setting.phrasebook.vocabulary.result(base.result, test.test).kind
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
    ), []


def _on_day(
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


def _with_dates(
    row: Row, observation: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    dates: dict[str, dt.date] = {}
    findings = []
    for meaning in ("started", "ended"):
        text = row.text(meaning)
        if not text or text in _DASHES:
            continue
        try:
            dates[meaning] = parse_date(text, setting.locale)
        except QCValidateError as error:
            findings.append(row_finding(getattr(error, "slug", ""), row, setting, str(error)))
    return replace(observation, **dates), findings  # type: ignore[arg-type]


def _judgement(observation: Observation, verdict: str | None) -> str | None:
    if verdict == "fail" or observation.reading == "positive":
        return "fail"
    return "pass" if verdict == "pass" or observation.reading == "negative" else None
