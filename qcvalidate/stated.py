"""Gives results what the pages of their paper state of them apart: uncertainty, and sensitivity."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from qcvalidate.frames import Observation, observations, rows
from qcvalidate.locale import Locale
from qcvalidate.numerals import UnreadableQuantity
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Record, Role
from qcvalidate.uncertainties import Stated, without_uncertainty

_MYCOPLASMA = "mycoplasma"
_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,4})?"
_ON_PAGE = re.compile(
    r"(?:(?:expanded |measurement )+uncertainty|(?:erweiterte )?messunsicherheit"
    r"|incertitude(?: de mesure)?(?: élargie)?|incertidumbre(?: de medida)?(?: expandida)?"
    r"|incertezza(?: di misura)?(?: estesa)?|incerteza(?: de medição)?(?: expandida)?)"
    r"(?: of (?:the |this )?(?:result|measurement|value))?(?: ?\(k ?= ?[0-9](?:[.,][0-9]+)?\))?"
    rf" ?(?:is|was|of|beträgt|est de|es de|è|é)? ?[:=]? ?(?:±|\+/?-)? ?(?P<half>{_NUMBER})"
    r"(?P<relative> ?%)?(?P<unit> ?(?:EU|IU|cells|mL)\b)?",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    rf"(?:95 ?% ?(?:CI|KI|IC|confidence interval)|(?:CI|confidence interval) ?\(?95 ?%\)?) ?[:=]? ?"
    rf"[\[(]?{_NUMBER} ?%? ?(?:-|–|to|bis) ?{_NUMBER}",
    re.IGNORECASE,
)


# What an assay for mycoplasma sees at the least.
_LOD = LazyPattern(
    r"\b(?:limit of detection|detection limit|LOD|nachweisgrenze|limite de (?:détection|detección"
    r"|deteção|detecção)|limite di rilevabilità)\b[^0-9.;]{0,60}?"
    rf"(?P<number>{_NUMBER}) ?(?:CFU|KBE|UFC) ?(?:/|per) ?ml",
    re.IGNORECASE,
)


def detection_limit(text: str) -> Decimal | None:
    """Read the limit of detection of an assay in CFU/mL, of several the highest.

    >>> detection_limit("NAT, LOD <= 10 CFU/mL"), detection_limit("Ph. Eur. 2.6.7")
    (Decimal('10'), None)
    """
    found = [Decimal(one["number"].replace(",", ".")) for one in _LOD.finditer(text)]
    return max(found, default=None)


def with_detection_limit(record: Record, text: str) -> Record:
    """Put the limit of detection that a page states to the method of its mycoplasma tests."""
    found = rows(record.observations)
    limit = detection_limit(text) if any(row.test == _MYCOPLASMA for row in found) else None
    if limit is None:
        return record

    def told(row: Observation) -> Observation:
        if row.test != _MYCOPLASMA or detection_limit(row.method or "") is not None:
            return row
        said = f"limit of detection {limit} CFU/mL"
        return replace(row, method=f"{row.method}; {said}" if row.method else said)

    return replace(record, observations=observations(told(row) for row in found))


def with_uncertainty(record: Record, text: str) -> Record:
    """Let a page's uncertainty be of its result, where the paper has only one number.

    Of several numbers it is of none for certain, and uncertainty changes no simple acceptance.
    What the method of a result states is its own.
    """
    before = rows(record.observations)
    found = [_by_method(row) for row in before]
    if found != before:
        record = replace(record, observations=observations(found))
    numbers = [row for row in found if row.lower is not None and row.role == Role.SAMPLE]
    if len(numbers) != 1 or numbers[0].ci_low is not None or numbers[0].numerator is not None:
        return record
    (only,) = numbers
    ends = _ends(text, only.lower, only.upper, only.unit or "")
    if ends is None:
        return record
    told = replace(only, ci_low=float(ends[0]), ci_high=float(ends[1]))
    return replace(record, observations=observations(told if row is only else row for row in found))


def _by_method(row: Observation) -> Observation:
    if row.ci_low is not None or row.numerator is not None or row.role != Role.SAMPLE:
        return row
    ends = _ends(row.method or "", row.lower, row.upper, row.unit or "")
    return replace(row, ci_low=float(ends[0]), ci_high=float(ends[1])) if ends else row


def _ends(
    text: str, lower: Decimal | None, upper: Decimal | None, unit: str
) -> tuple[Decimal, Decimal] | None:
    """Give the ends of the interval around an exact number; None where a page states none."""
    if lower is None or lower != upper:
        return None
    interval = _INTERVAL.search(text)
    half = _ON_PAGE.search(text)
    try:
        if interval is not None:
            mark = "," if "," in interval[0] else "."
            _, stated = without_uncertainty(f"{lower} {interval[0]}", Locale(decimal=mark))
        elif half is not None:
            # Of a percentage, points of it; of any other number a percentage is relative.
            relative = bool(half["relative"]) and unit != "%"
            stated = Stated(Decimal(half["half"].replace(",", ".")), relative)
            if not relative and not half["relative"] and not half["unit"]:
                return None
        else:
            return None
        return stated.around(lower, text[:40]) if stated else None
    except UnreadableQuantity:
        return None
