"""Writes codes, quantities and texts as FHIR R4 has them."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from qcvalidate.catalogue import load_yaml, open_catalogue
from qcvalidate.reports._layout import visible

if TYPE_CHECKING:
    from qcvalidate.frames import Observation

_LOINC = "http://loinc.org"
_UCUM = "http://unitsofmeasure.org"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
# What has no code anywhere has one of ours. UCUM's [EU] is the Ehrlich unit: endotoxin units are
# an annotation there, as are cells.
_OWN = "urn:qcvalidate:"
_UNITS = {
    "%": "%",
    "EU/mL": "{EU}/mL",
    "EU/kg": "{EU}/kg",
    "cells": "{cells}",
    "cells/mL": "{cells}/mL",
    "cells/uL": "{cells}/uL",
    "cells/kg": "{cells}/kg",
    "mL": "mL",
    "CFU/mL": "[CFU]/mL",
}

Json = dict[str, object]


def filled(**elements: object) -> Json:
    """Leave out what is empty: FHIR has no null, no empty text and no empty list."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}


def words(text: str | None) -> str:
    """Write a text so that a person sees all of it; FHIR allows no control characters."""
    return visible(text or "")


def coding(system: str, code: str, display: str = "") -> Json:
    """Write a code of one of our own systems."""
    return filled(system=f"{_OWN}{system}", code=words(code), display=words(display))


def concept(text: str, *codings: Json) -> Json:
    """Write a concept in words and codes."""
    return filled(coding=list(codings), text=words(text) or "not stated")


def codings_of(test: str, *, control: bool = False) -> list[Json]:
    """Give the codes of a test: LOINC's where it means that very test, and our own.

    A control's result is no result of the product, and has no code of LOINC's.
    """
    known = [] if control else _loinc().get(test, [])
    return [*(filled(system=_LOINC, code=code) for code in known), coding("test", test)]


@cache
def _loinc() -> Mapping[str, list[str]]:
    paths = [path for path in open_catalogue().files("vocabulary") if path.name == "codes.yaml"]
    stated = load_yaml(paths[0])[0]["test_codes"]
    own = f"{_LOINC}|"
    return {
        test: [code.removeprefix(own) for code in codes if code.startswith(own)]
        for test, codes in stated.items()
    }


def value_of(row: Observation) -> Json:
    """Give an observation's value: a quantity, a range, or words; or why there is none."""
    lower, upper = row.lower, row.upper
    if lower is None or upper is None:
        if not words(row.result):
            return absent("unknown")
        codings = [coding("reading", row.reading)] if row.reading else []
        return {"valueCodeableConcept": concept(row.result, *codings)}
    if lower == upper:
        return {"valueQuantity": _quantity(upper, row.unit)}
    if lower.is_finite() and upper.is_finite():
        low, high = _quantity(lower, row.unit), _quantity(upper, row.unit)
        return {"valueRange": {"low": low, "high": high}}
    if upper.is_finite():
        return {"valueQuantity": _quantity(upper, row.unit, "<=" if row.upper_closed else "<")}
    if lower.is_finite():
        return {"valueQuantity": _quantity(lower, row.unit, ">=" if row.lower_closed else ">")}
    return absent("unknown")


def _quantity(value: Decimal, unit: str | None, comparator: str = "") -> Json:
    """Write a quantity; a unit that UCUM has not is only told."""
    code = _UNITS.get(unit or "")
    system = _UCUM if code else None
    said = words(unit)
    return {"value": value} | filled(comparator=comparator, unit=said, system=system, code=code)


def absent(reason: str) -> Json:
    """Say why there is no value, by HL7's code."""
    return {"dataAbsentReason": {"coding": [{"system": _ABSENT, "code": reason}]}}


def time_of(row: Observation) -> Json:
    """Give the time of a test; a moment is its day, for FHIR wants a time zone that none prints."""
    if row.started or row.ended:
        return {"effectivePeriod": filled(start=row.started, end=row.ended)}
    at = row.measured_at.date() if row.measured_at else row.sampled
    return filled(effectiveDateTime=_day(at))


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def address(*parts: object) -> str:
    """Give a resource's address: the same for the same parts, and no other's."""
    text = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    return uuid.UUID(bytes=hashlib.sha256(text).digest()[:16], version=5).urn
