"""Holds what was measured beside a clean result against it: when something showed, how warm it was.

A column that nobody takes for a result may still say that it was read too early, that growth was
found after a day, or that the media stood in each other's incubator.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from qcvalidate.errors import QCValidateError
from qcvalidate.frames import Observation
from qcvalidate.patterns import LazyPattern
from qcvalidate.quantity import parse_date
from qcvalidate.readers.certificates.header import place
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.prose import Sentence
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting, row_finding
from qcvalidate.readers.certificates.stamps import is_stamp
from qcvalidate.readers.certificates.telling import says_none
from qcvalidate.record import Finding, Severity
from qcvalidate.wording import key

_DETECTED = LazyPattern(
    r"(?:time|days?|hours?|h|d) (?:to|of|until) (?:detection|positivity|positive|growth)"
    r"(?: \w{1,5})*"
    r"|tt[dp](?: \w{1,5})*|(?:detection|positivity) (?:time|day)(?: \w{1,5})*"
    r"|zeit bis (?:zum? )?(?:nachweis|positiv\w*|wachstum)|(?:nachweis|detektions)zeit"
    r"|(?:delai|temps|duree) de (?:detection|positivite)|tiempo (?:de|hasta la?) (?:deteccion"
    r"|positividad)|tempo (?:di|de) (?:rilevazione|rilevamento|positivita|positivizzazione|dete\w+)"
)
_WARMTH = LazyPattern(
    r"(?:incubation |inkubations|bebrutungs)?(?:temp|temperatures?|temperatur|temperatura)"
    r"(?: (?:of|de|d|di) (?:l )?(?:incuba\w+))?(?: (?:in )?(?:deg |degrees? )?c)?"
)
_LOOKED = LazyPattern(
    r"(?:last )?(?:read|inspected|examined|observed|checked)(?: (?:on|last))?|(?:last )?(?:date"
    r" (?:read|of (?:last |final )?(?:reading|inspection|observation))|(?:reading|inspection) date)"
    r"|(?:abgelesen|geprueft|gepruft|kontrolliert) am|able(?:se|sungs)datum|(?:letzte )?ablesung"
    r"|lu(?:e|s)? le|date de (?:la )?(?:derniere )?lecture|leid[oa]s? el|fecha de (?:la )?"
    r"(?:ultima )?lectura|lett[oaie] il|data (?:di|da|della) (?:ultima )?(?:lettura|leitura)"
    r"|lid[oa]s? em"
)
# USP <71> and Ph. Eur. 2.6.1, in degrees Celsius.
_MEDIA = (
    (LazyPattern(r"\b(?:ftm|thio\w*|fluid thio\w*|flt)\b"), Decimal(30), Decimal(35)),
    (
        LazyPattern(r"\b(?:scdm|scdb|tsb|caso|soy\w*|tryp\w* soy\w*|soja)\b"),
        Decimal(20),
        Decimal(25),
    ),
)
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_AROUND = LazyPattern(rf"{_NUMBER}\s*°?\s*C?\s*(?:±|\+/?-)\s*{_NUMBER}")
_FIGURE = LazyPattern(_NUMBER)
_LONG = LazyPattern(r"\s*[>≥]")
_SPAN = LazyPattern(rf"\s*{_NUMBER}\s*(?P<unit>d|days?|tage?n?|jours?|d[ií]as?|giorni|h|hours?|hrs?"
                   r"|std|stunden|heures?|horas?|ore)\.?\s*", re.IGNORECASE)  # fmt: skip
_FULL_TERM = Decimal(14)


def measured_beside(row: Row, observation: Observation, setting: Setting) -> Iterator[Finding]:
    """Give what stands beside a clean result, under a heading of its own, and contradicts it."""
    if observation.reading == "positive":
        return
    for heading, block in row.others:
        why = _doubt(key(heading), row, block)
        if why is not None:
            message = f"under “{heading}” stands “{block.text}”{why}"
            yield row_finding("row-conflict", row, setting, message)


def _doubt(heading: str, row: Row, block: Block) -> str | None:
    if is_stamp(block.text):
        return ""
    if says_none(block.text):
        return None
    if _DETECTED.fullmatch(heading):
        return None if _is_full_term(block.text) else ", as of something that was found"
    if _WARMTH.fullmatch(heading):
        name = f"{row.subject} {row.part}"
        return _too_warm(name, block.text)
    return None


def _is_full_term(text: str) -> bool:
    """Say whether a time is that of the whole test, as instruments print it of clean bottles."""
    span = _SPAN.fullmatch(_LONG.sub("", text))
    if _LONG.match(text):
        return True
    if span is None:
        return False
    hours = span["unit"].casefold().startswith(("h", "std", "stunden", "ore"))
    value = Decimal(span[1].replace(",", "."))
    return value / (24 if hours else 1) >= _FULL_TERM - Decimal("0.1")


def _too_warm(medium: str, text: str) -> str | None:
    """Say that a medium of the pharmacopoeia stood in another's warmth; None where it did not."""
    folded = key(medium)
    for name, low, high in _MEDIA:
        if name.search(folded) is None:
            continue
        around = _AROUND.search(text)
        if around:
            middle, half = (Decimal(each.replace(",", ".")) for each in around.groups())
            found = [middle - half, middle + half]
        else:
            found = [Decimal(each.replace(",", ".")) for each in _FIGURE.findall(text)]
        if found and all(low <= each <= high for each in found):
            return None
        return f"; expected {low} to {high} °C (USP <71>, Ph. Eur. 2.6.1)"
    return None


def last_read(
    row: Row, observation: Observation, setting: Setting
) -> tuple[Observation, list[Finding]]:
    """Let a row's test end on the day on which it was read last, where its table says so."""
    for heading, block in row.others:
        if not _LOOKED.fullmatch(key(heading)) or says_none(block.text):
            continue
        try:
            read = parse_date(block.text, setting.locale)
        except QCValidateError as error:
            slug = getattr(error, "slug", "date-unreadable")
            return observation, [row_finding(slug, row, setting, str(error))]
        return _ended(observation, read), []
    return observation, []


_ENDS = LazyPattern(
    r"\b(?:ended|stopped|completed|terminated|finished|until|beendet|abgeschlossen|bis|terminee?s?"
    r"|arretee?s?|jusqu au|finaliz\w+|terminad[oa]s?|terminat[oaie]|hasta|conclus[oaie]"
    r"|concluid[oa]s?|fino al?|ate)\b"
)
_OF_CULTURE = LazyPattern(
    r"\b(?:incuba\w+|inkubation|bebrutung|cultures?|kultur|ftm|scdm|tsb|medi(?:um|a|en|os?)|milieux?"
    r"|terren[oi]|meios?|bottles?|tubes?)\b"
)
_DATES = LazyPattern(r"(?<![\w/.-])\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}(?![\w/-])")


def ended_early(sentences: Sequence[Sentence], setting: Setting) -> Iterator[Finding]:
    """Hold a sentence by which a medium's incubation ended before the test did."""
    started, ended = setting.started, setting.ended
    if started is None or ended is None:
        return
    for sentence in sentences:
        folded = key(sentence.text)
        if not (_ENDS.search(folded) and _OF_CULTURE.search(folded)):
            continue
        days = [day for text in _DATES.findall(sentence.text) if (day := _day(text, setting))]
        if days and started < max(days) < ended:
            where = place(setting.name, sentence.block)
            message = (
                f"{where}: “{sentence.text}”: the test is said to have ended on {ended}; "
                "ask the laboratory which day holds"
            )
            yield Finding("duration-conflict", Severity.HOLD, message, where)


def _day(text: str, setting: Setting) -> dt.date | None:
    try:
        return parse_date(text, setting.locale)
    except QCValidateError:
        return None


def _ended(observation: Observation, read: dt.date) -> Observation:
    if observation.ended is not None and observation.ended <= read:
        return observation
    return replace(observation, ended=read)
