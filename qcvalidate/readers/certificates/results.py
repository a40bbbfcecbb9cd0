"""Turns rows into observations, and says of every row what could not be understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qcvalidate.errors import QCValidateError
from qcvalidate.frames import Observation
from qcvalidate.patterns import LazyPattern
from qcvalidate.quantity import parse_date
from qcvalidate.readers.certificates.agreement import state_of, unconfirmed, worst
from qcvalidate.readers.certificates.answers import SHOULD, by_looks, on_day, read_answer
from qcvalidate.readers.certificates.besides import last_read, measured_beside
from qcvalidate.readers.certificates.bilingual import twice
from qcvalidate.readers.certificates.contradictions import contradictions
from qcvalidate.readers.certificates.controls import NO_SAMPLE
from qcvalidate.readers.certificates.header import is_lot, place
from qcvalidate.readers.certificates.ownlimits import with_own_limit
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.prose import Statement
from qcvalidate.readers.certificates.rowagreement import row_state
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.rowtests import role_of, test_of
from qcvalidate.readers.certificates.setting import Setting, row_finding
from qcvalidate.readers.certificates.signers import is_signature
from qcvalidate.readers.certificates.unknowntests import VALID, unknown_control, unknown_test
from qcvalidate.readers.certificates.whatfor import is_other
from qcvalidate.record import Finding, Role, Severity, State, Status
from qcvalidate.vocabulary import TestName
from qcvalidate.wording import key

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
    row = with_own_limit(row)
    if _is_criterion(row, setting.phrasebook) or is_signature(row.block.text, setting.phrasebook):
        return
    role = role_of(row, setting.phrasebook)
    if role is None:
        reported.findings += unknown_control(row, setting, _verdict(row, setting.phrasebook))
        return
    test = None if _is_of_other(row) else test_of(row, setting, role)
    verdict = _verdict(row, setting.phrasebook)
    is_control = role is not Role.SAMPLE or NO_SAMPLE.search(row.subject) is not None
    if verdict is None and is_control and key(row.text("verdict")) in VALID:
        # A control that is valid did what it must.
        verdict = "pass"
    if row.said == "unclear" and verdict is None and "verdict" not in row.cells:
        message = "the boxes for its verdict are both ticked, or neither is"
        reported.findings.append(row_finding("result-wording-unknown", row, setting, message))
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
    observation, findings = read_answer(row, test, base, setting)
    observation, doubts = _as_sure_as_read(row, observation, setting)
    findings += doubts
    observation, odd = on_day(row, observation, setting)
    observation, looked = by_looks(row, observation, setting)
    findings += looked
    dated, said = _with_dates(row, observation, setting)
    dated, read = last_read(row, dated, setting)
    said += [*odd, *read]
    reported.observations += by_medium(dated, setting)
    reported.findings += [*findings, *said]
    if role is not Role.SAMPLE and verdict == "fail" and not _behaved(dated.reading, role):
        message = "a control failed by the laboratory's own verdict"
        reported.findings.append(row_finding("laboratory-verdict-failed", row, setting, message))
    if role is Role.SAMPLE:
        reported.judgements.append(_judgement(dated, verdict))
        reported.findings += contradictions(row, dated, verdict, setting)
        reported.findings += measured_beside(row, dated, setting)


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


def _behaved(reading: str | None, role: Role) -> bool:
    return role in SHOULD and reading == SHOULD[role][0]


def _is_criterion(row: Row, phrasebook: Phrasebook) -> bool:
    """Say whether a row under tests side by side holds what is required, or how it was tested."""
    named = (row.text("test"), row.text("sample_id"), row.text("named"), row.subject)
    return any(phrasebook.vocabulary.column(text) in _FACTS for text in named if text)


_FACTS = ("specification", "method", "unit")


def _is_of_other(row: Row) -> bool:
    return any(is_other(text) for text in (row.text("sample_id"), row.subject, row.section))


_NOTHING_SAID = ("n/a", "na", "n.a.", "not applicable", "none", *_DASHES)


def _says_something(text: str, phrasebook: Phrasebook) -> bool:
    return bool(text) and text.casefold() not in _NOTHING_SAID and not phrasebook.is_pending(text)


def _verdict(row: Row, phrasebook: Phrasebook) -> str | None:
    """Give a row's own verdict; a failure counts wherever in the row it stands."""
    if row.said is not None:
        said = [row.said if row.said in ("pass", "fail") else None]
    else:
        said = [twice(row.text("verdict"), phrasebook.row_verdict)]
    beside = (row.text("status"), *(block.text for _, block in row.others))
    said += [phrasebook.verdict(text) for text in beside]
    if "fail" in said:
        return "fail"
    return said[0] or phrasebook.verdict(row.text("status"))


_CULTURES = ("sterility", "in_process_culture")
_BOTH = LazyPattern(
    r"\b(?:both|all|either|beiden?|alle[nr]?|les deux|tous les|ambos(?: los| os)?|todos (?:los|os)"
    r"|los dos|entrambi i|tutti i|i due|(?:n?os) dois)"
    r" (?:culture )?(?:media|medium|bottles?|cultures?|medien|nährmedien|flaschen|kulturen|milieux"
    r"|flacons|medios|frascos|cultivos|terreni|mezzi|flaconi|meios|culturas)\b",
    re.IGNORECASE,
)


def by_medium(row: Observation, setting: Setting) -> list[Observation]:
    """Give "No growth in both media" once for each part of its test."""
    if row.test not in _CULTURES or row.part is not None:
        return [row]
    parts = setting.phrasebook.vocabulary.tests[row.test].parts
    named = _BOTH.search(row.result) is not None or (
        row.reading == "negative" and _names_all(row.result, parts, setting.phrasebook)
    )
    return [replace(row, part=part) for part in parts] if named else [row]


def _names_all(text: str, parts: Sequence[str], phrasebook: Phrasebook) -> bool:
    """Say whether a text names every medium: "No growth in FTM and TSB"."""
    words = re.sub(r"[(),;/]", " ", text).split()
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + 5) + 1)
    )
    return {phrasebook.vocabulary.part(run) for run in runs} >= set(parts) and bool(parts)


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
        state=(State.CONFIRMED if _is_somebodys(row, setting) else State.AMBIGUOUS).value,
    )


def _is_somebodys(row: Row, setting: Setting) -> bool:
    return is_lot(row.text("lot")) if row.names_lots else setting.is_sure


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
