"""Holds a certificate against itself: its conclusion, its dates and what nobody understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.header import place
from qcvalidate.readers.certificates.keyvalues import KeyValue
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.marks import has_boxes
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.prose import Prose, Sentence, verdict_in
from qcvalidate.readers.certificates.results import Reported
from qcvalidate.readers.certificates.subject import tests_in
from qcvalidate.readers.certificates.telling import says_none, telling
from qcvalidate.record import Field, Finding, Place, Role, Severity, State, Status

# "after 14 days", "14 days of incubation", "incubated for 14 days", "nach 14 Tagen".
_DAYS = re.compile(
    r"(?:after|for|following|at|over|nach|für|während|après|pendant|tras|durante)\s+"
    r"(?:an? |the )?(?:total |incubation |full )*(?:of )?"
    r"(\d{1,2})[- ]?(?:days?|d|tagen?|jours?|días?)\b"
    r"|\b(\d{1,2})[- ]?(?:days?|tagen?|jours?|días?)\s+(?:of |d'|de )?"
    r"(?:incubation|inkubation|bebrütung|incubación)",
    re.IGNORECASE,
)
_INCUBATES = re.compile(
    r"incubat|inkub|bebrüt|growth|wachstum|croissance|crecimiento|culture", re.I
)


def conclude(
    pairs: Sequence[KeyValue], prose: Prose, status: Status, phrasebook: Phrasebook, name: str
) -> tuple[Field | None, list[Finding]]:
    """Give the document's own conclusion as `pass` or `fail`."""
    said: list[tuple[str, Block]] = [(value, s.block) for value, s in prose.conclusions]
    for pair in pairs:
        if pair.field != "conclusion":
            continue
        for value in pair.values[:1]:
            if any(_holds_more(sentence, value) for _, sentence in prose.conclusions):
                # The sentence goes on over the next line, and was read as a whole.
                continue
            # Boxes of which none, or more than one, is ticked.
            found = "unclear" if has_boxes(value) else _concluded(value.text, phrasebook)
            if not (found is None and status is Status.PRELIMINARY):
                said.append((found or "unclear", value))
    if not said:
        return None, []
    values = {value for value, _ in said}
    worst, block = next(
        (
            (value, block)
            for wanted in ("fail", "unclear")
            for value, block in said
            if value == wanted
        ),
        said[0],
    )
    if len(values) == 1 and worst != "unclear":
        return Field(block.text, worst, place(name, block)), []
    where = place(name, block)
    texts = " and ".join(dict.fromkeys(f"“{block.text}”" for _, block in said))
    finding = Finding(
        "conclusion-conflict",
        Severity.HOLD,
        f"{where}: the conclusion is not clear: {texts}; ask the laboratory",
        where,
    )
    return Field(block.text, None, where, State.CONFLICT), [finding]


def _holds_more(sentence: Sentence, value: Block) -> bool:
    ids = {id(word) for word in sentence.words}
    return len(ids) > len(value.words) and all(id(word) in ids for word in value.words)


def _concluded(text: str, phrasebook: Phrasebook) -> str | None:
    """Read a conclusion; None while there is none yet."""
    several = [piece.strip() for piece in _STOP.split(text.strip()) if piece.strip()]
    if len(several) > 1:
        said = {_concluded(piece, phrasebook) for piece in several}
        # "No mycoplasma was detected. The test item complies with Ph. Eur. 2.6.7."
        return "fail" if "fail" in said else "pass" if said == {"pass"} else "unclear"
    head, colon, rest = text.partition(":")
    judged = phrasebook.vocabulary.verdict(head) if colon and rest.strip() else None
    if judged is not None:
        # "PASS: no evidence of growth was found."
        clean = telling(rest) is None and verdict_in(rest, phrasebook) in (None, "pass")
        return judged if judged == "fail" or clean else "unclear"
    found = verdict_in(text, phrasebook)
    if found is not None:
        return found
    plain = _plain_result(text, phrasebook)
    if plain is not None:
        return plain
    kind = phrasebook.vocabulary.result(text).kind
    if kind == "pending" or says_none(text):
        return None
    return {"negative": "pass", "positive": "fail"}.get(kind, "unclear")


# Between two sentences: behind a word, and not behind "Ph." or "Eur."
_STOP = re.compile(r"(?<=[a-zäöüéèà)]{4}\.) (?=[A-ZÄÖÜÉ])|(?<=\d\.) (?=[A-Z][a-z]+ [a-z])")
_ABOUT_SAMPLE = LazyPattern(
    r"\s+(?:in|from|of) (?:the |this )?(?:tested )?(?:sample|product|lot|batch|specimen|test item"
    r"|test article)"
    r"(?: tested)?$",
    re.IGNORECASE,
)
_BEING = ("was", "were", "is", "are", "has", "been")


def _plain_result(text: str, phrasebook: Phrasebook) -> str | None:
    """Read a conclusion that says a result: `Mycoplasma DNA was not detected in the sample.`"""
    words = _ABOUT_SAMPLE.sub("", text.strip().rstrip(".")).split()
    verb = next((i for i, word in enumerate(words) if word.casefold() in _BEING), 0)
    tests = {test.test for test in tests_in(" ".join(words[:verb]), phrasebook)}
    if len(tests) != 1 or verb > _LONGEST_SUBJECT:
        return None
    rest = words[verb:]
    while rest and rest[0].casefold() in _BEING:
        rest = rest[1:]
    kind = phrasebook.vocabulary.result(" ".join(rest), tests.pop()).kind
    if words[0].casefold() in _DENIES:
        # "No mycoplasma was detected."
        return "pass" if kind == "positive" else None
    return {"negative": "pass", "positive": "fail"}.get(kind)


_DENIES = ("no", "kein", "keine", "aucun", "aucune", "nessun", "nessuna", "nenhum", "nenhuma")
# `Mycoplasma DNA` and the like; a longer subject may be of something else.
_LONGEST_SUBJECT = 3


def crosschecks(
    name: str,
    prose: Prose,
    pairs: Sequence[KeyValue],
    header: Mapping[str, Field],
    reported: Reported,
    status: Status,
) -> Iterator[Finding]:
    """Give what contradicts itself, and sentences on the outcome that were not understood."""
    sentences = [
        sentence
        for sentence in prose.unclear
        if _speaks(sentence.text, status, header) and not _is_failure(sentence, header)
    ]
    if not any(row.reading == "positive" for row in reported.observations):
        sentences += prose.isolates
    for sentence in sentences:
        where = place(name, sentence.block)
        yield Finding(
            "result-wording-unknown",
            Severity.HOLD,
            f"{where}: this may speak of the outcome and was not understood: "
            f"“{sentence.text[:200]}”; ask the laboratory",
            where,
        )
    yield from _conclusion(header, reported)
    yield from _durations(name, prose.sentences, header, reported)
    yield from _incubated(name, prose.sentences, pairs, header, reported)


def _is_failure(sentence: Sentence, header: Mapping[str, Field]) -> bool:
    """Say whether a sentence is the conclusion, and was read there as a failure."""
    conclusion = header.get("conclusion")
    return (
        conclusion is not None
        and conclusion.value == "fail"
        and conclusion.state is State.CONFIRMED
        and sentence.text == conclusion.text
    )


def _speaks(text: str, status: Status, header: Mapping[str, Field]) -> bool:
    """Say whether a text speaks of more than the standing that the document has."""
    if status is Status.PRELIMINARY:
        return telling(text, is_preliminary=True) is not None
    if is_explained(status, header):
        return telling(without_amending(text)) is not None
    return True


def is_explained(status: Status, header: Mapping[str, Field]) -> bool:
    """Say whether a report is amended and names the one that it replaces."""
    replaces = header.get("replaces")
    return status is Status.AMENDED and replaces is not None and replaces.value is not None


_AMENDING = LazyPattern(
    r"\b(?:amend(?:s|ed|ment|ments)?|correct(?:s|ed|ion|ions)|revis(?:es|ed|ion)|replac(?:es|ed|ement)"
    r"|supersed(?:es|ed)|reissued?|ersetzt|berichtigt|korrigiert|geändert|änderung|remplace|corrigée?"
    r"|modifiée?|rectificatif|sustituye|reemplaza|corregido|sostituisce|corretto|substitui)\b",
    re.IGNORECASE,
)


def without_amending(text: str) -> str:
    """Take out the words by which an amended report says that it is one."""
    return " ".join(_AMENDING.sub(" ", text).split())


def _conclusion(header: Mapping[str, Field], reported: Reported) -> Iterator[Finding]:
    conclusion = header.get("conclusion")
    if conclusion is None or conclusion.value is None:
        return
    failed = "fail" in reported.judgements
    if conclusion.value == "pass" and failed:
        message = f"the conclusion is “{conclusion.text}”, yet a result failed"
    elif conclusion.value == "fail" and not failed:
        message = f"the conclusion is “{conclusion.text}”, yet no result that was read failed"
    else:
        return
    yield Finding(
        "conclusion-conflict",
        Severity.HOLD,
        f"{conclusion.place}: {message}; ask the laboratory",
        conclusion.place,
    )


def _durations(
    name: str,
    sentences: Sequence[Sentence],
    header: Mapping[str, Field],
    reported: Reported,
) -> Iterator[Finding]:
    """Hold a stated number of days against the dates beside it; each contradiction once."""
    told: set[tuple[int, dt.date, dt.date]] = set()
    for text, page, started, ended in _dated_texts(sentences, header, reported):
        for stated in days_stated(text):
            if (ended - started).days < stated and (stated, started, ended) not in told:
                told.add((stated, started, ended))
                yield _too_short(name, text, stated, started, ended, page, header)


# A last look may be some days after the incubation that is asked for, and no more.
_SLACK = 3
_PERIOD = re.compile(r"incubation (?:period|time|duration)|inkubationsdauer|bebrütungsdauer", re.I)
_PLAIN_DAYS = re.compile(r"\b(\d{1,2}) ?(?:days?|d|tage?n?|jours?|días?)\b", re.IGNORECASE)
_CONTROLS = re.compile(r"control|kontroll|promotion|suitab|subcult|témoin", re.IGNORECASE)


def _incubated(
    name: str,
    sentences: Sequence[Sentence],
    pairs: Sequence[KeyValue],
    header: Mapping[str, Field],
    reported: Reported,
) -> Iterator[Finding]:
    """Hold a sample that was incubated for fewer days than lie between its dates."""
    if not any(row.test in ("sterility", "in_process_culture") for row in reported.observations):
        return
    started, ended = (_date(header, field) for field in ("date_started", "date_completed"))
    if started is None or ended is None:
        return
    periods = [
        (pair.values[0].text, pair.values[0].page, _PLAIN_DAYS)
        for pair in pairs
        if pair.values and _PERIOD.search(pair.label.text)
    ]
    periods += [(s.text, s.block.page, _DAYS) for s in sentences if _INCUBATES.search(s.text)]
    for text, page, pattern in periods:
        stated = [int(match.group(match.lastindex or 1)) for match in pattern.finditer(text)]
        if not stated or _CONTROLS.search(text):
            continue
        if max(stated) < (ended - started).days - _SLACK:
            yield _too_short(name, text, max(stated), started, ended, page, header)


def _dated_texts(
    sentences: Sequence[Sentence], header: Mapping[str, Field], reported: Reported
) -> Iterator[tuple[str, int | None, dt.date, dt.date]]:
    """Give the texts that may state days, each with the dates of its test."""
    for row in reported.observations:
        if row.started is not None and row.ended is not None and row.role == Role.SAMPLE:
            yield row.result, row.page, row.started, row.ended
    started, completed = (_date(header, field) for field in ("date_started", "date_completed"))
    if started is None or completed is None:
        return
    for sentence in sentences:
        if _INCUBATES.search(sentence.text):
            yield sentence.text, sentence.block.page, started, completed


def days_stated(text: str) -> set[int]:
    """Give the numbers of days that a text says something was incubated.

    >>> sorted(days_stated("No growth after 14 days"))
    [14]
    """
    return {int(match[1] or match[2]) for match in _DAYS.finditer(text)}


def _too_short(
    name: str,
    text: str,
    stated: int,
    started: dt.date,
    ended: dt.date,
    page: int | None,
    header: Mapping[str, Field],
) -> Finding:
    where = header["date_completed"].place if "date_completed" in header else None
    days = (ended - started).days
    message = (
        f"{name} page {page}: “{text[:100]}” says {stated} days, but from {started} to {ended} "
        f"are {days}; ask the laboratory which is right"
    )
    return Finding("duration-conflict", Severity.HOLD, message, where or Place(name, page))


def _date(header: Mapping[str, Field], field: str) -> dt.date | None:
    found = header.get(field)
    if found is None or found.value is None or found.state is not State.CONFIRMED:
        return None
    return dt.date.fromisoformat(found.value)
