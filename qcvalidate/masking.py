"""Shortens patient identifiers, which no report prints unless it is asked to."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from qcvalidate.assessment import Assessment, CriterionResult, Particulars
from qcvalidate.facts import Answer, Facts, Paper
from qcvalidate.record import Field, Finding, Place, Record, Waiver

if TYPE_CHECKING:
    from qcvalidate.frames import Observation

# Stands between the numbers of one patient, where a message gives several.
BETWEEN = "; "
# Shorter than this, the ends would be all of it.
_LONG_ENOUGH = 5
_Quoting = TypeVar("_Quoting", Paper, Answer)


def mask(identifier: str) -> str:
    """Keep the first letter and the last two of an identifier.

    >>> mask("P-10042"), mask("P42")
    ('P…42', '…')
    """
    text = identifier.strip()
    return f"{text[0]}…{text[-2:]}" if len(text) >= _LONG_ENOUGH else "…"


def without_patients(assessment: Assessment, identifiers: Iterable[str]) -> Assessment:
    """Shorten these identifiers wherever they stand in what an assessment says or quotes.

    The names of files stay as they are: the analyst must find them.
    """
    shorten = shortener(identifiers)
    return dataclasses.replace(
        assessment,
        results=tuple(_result(result, shorten) for result in assessment.results),
        findings=tuple(_finding(finding, shorten) for finding in assessment.findings),
        cell_counts=tuple(
            dataclasses.replace(
                one, refused=shorten(one.refused), stated=tuple(map(shorten, one.stated))
            )
            for one in assessment.cell_counts
        ),
        observations=tuple(_observation(row, shorten) for row in assessment.observations),
        facts=assessment.facts and _facts(assessment.facts, shorten),
        particulars=tuple(_particulars(one, shorten) for one in assessment.particulars),
    )


def without_patient(record: Record) -> Record:
    """Shorten the patient's identifier in what is shown of one document."""
    field = record.header.get("patient_id")
    if field is None:
        return record
    shorten = shortener(patients([record]))
    header = {name: _field(found, shorten) for name, found in record.header.items()}
    findings = tuple(_finding(finding, shorten) for finding in record.findings)
    return dataclasses.replace(record, header=header, findings=findings)


def patients(records: Iterable[Record]) -> set[str]:
    """Give the patient identifiers that papers and messages bear."""
    found = (record.header.get("patient_id") for record in records)
    texts = {text for field in found if field for text in (field.text, field.value) if text}
    return {one.strip() for text in texts for one in text.split(BETWEEN) if one.strip()}


def shortener(identifiers: Iterable[str]) -> Callable[[str], str]:
    """Make what shortens these identifiers in a text, wherever they stand as words."""
    known = sorted({text.strip() for text in identifiers if text.strip()}, key=len, reverse=True)
    if not known:
        return lambda text: text
    words = "|".join(r"\s*".join(map(re.escape, text.split())) for text in known)
    pattern = re.compile(rf"(?<![0-9A-Za-z])(?:{words})(?![0-9A-Za-z])", re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: mask(match[0]), text)


def _particulars(one: Particulars, shorten: Callable[[str], str]) -> Particulars:
    stated = tuple(
        dataclasses.replace(
            fact,
            text=BETWEEN.join(map(mask, fact.text.split(BETWEEN)))
            if fact.name == "patient_id"
            else shorten(fact.text),
        )
        for fact in one.stated
    )
    return dataclasses.replace(one, stated=stated)


def _waiver(waiver: Waiver | None, shorten: Callable[[str], str]) -> Waiver | None:
    if waiver is None:
        return None
    observed = tuple(map(shorten, waiver.observed))
    return dataclasses.replace(waiver, reason=shorten(waiver.reason), observed=observed)


def _result(result: CriterionResult, shorten: Callable[[str], str]) -> CriterionResult:
    evidence = tuple(
        dataclasses.replace(one, place=_place(one.place, shorten), text=shorten(one.text))
        for one in result.evidence
    )
    observed = None if result.observed is None else shorten(result.observed)
    return dataclasses.replace(
        result,
        evidence=evidence,
        observed=observed,
        reading=shorten(result.reading),
        rounded=shorten(result.rounded),
        reason=shorten(result.reason),
        failing=tuple(map(shorten, result.failing)),
        besides=tuple(map(shorten, result.besides)),
        waiver=_waiver(result.waiver, shorten),
    )


def _finding(finding: Finding, shorten: Callable[[str], str]) -> Finding:
    waiver = _waiver(finding.waiver, shorten)
    place = _place(finding.place, shorten)
    return dataclasses.replace(
        finding, message=shorten(finding.message), place=place, waiver=waiver
    )


def _place(place: Place, shorten: Callable[[str], str]) -> Place:
    """Shorten where a place is named by a sample; a box on a page has no words."""
    if place.region is None or not any(map(str.isalpha, place.region)):
        return place
    return dataclasses.replace(place, region=shorten(place.region))


def _facts(facts: Facts, shorten: Callable[[str], str]) -> Facts:
    return dataclasses.replace(
        facts,
        clinic=facts.clinic and shorten(facts.clinic),
        papers=tuple(_texts(paper, shorten) for paper in facts.papers),
        answers=tuple(_texts(answer, shorten) for answer in facts.answers),
    )


def _texts(value: _Quoting, shorten: Callable[[str], str]) -> _Quoting:
    """Shorten in every text but the name of the file."""
    texts: dict[str, Any] = {
        one.name: shorten(text)
        for one in dataclasses.fields(value)
        if isinstance(text := getattr(value, one.name), str) and one.name != "path"
    }
    return dataclasses.replace(value, **texts)


def _observation(row: Observation, shorten: Callable[[str], str]) -> Observation:
    texts = {name: text for name, text in vars(row).items() if isinstance(text, str)}
    # The names of files stay.
    changed: dict[str, Any] = {
        name: shorten(text)
        for name, text in texts.items()
        if name != "source" and (name != "region" or any(map(str.isalpha, text)))
    }
    return dataclasses.replace(row, **changed)


def _field(field: Field, shorten: Callable[[str], str]) -> Field:
    value = None if field.value is None else shorten(field.value)
    return dataclasses.replace(field, text=shorten(field.text), value=value)
