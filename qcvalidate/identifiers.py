"""Holds the donation numbers, codes and patients of lot.yaml and of the papers together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qcvalidate.identity import identity_key
from qcvalidate.isbt128 import read_donation_number, read_european_code, read_expiry
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.masking import BETWEEN, mask
from qcvalidate.record import Finding, Place, Record, Severity


def paper_findings(record: Record, manifest: Manifest) -> Iterator[Finding]:
    """Look at the donation number and the patient that a paper carries."""
    yield from _donation_findings(record, manifest)
    yield from _patient_findings(record, manifest)


def manifest_findings(manifest: Manifest) -> Iterator[Finding]:
    """Look at the identifiers of lot.yaml: each by itself, and against its other facts."""
    known = manifest.identifiers
    if "din" in known:
        yield from _check_findings(known["din"], Place(MANIFEST, region="identifiers.din"))
    if "sec" in known:
        yield from _code_findings(known["sec"], manifest)
    if "expiry" in known:
        place = Place(MANIFEST, region="identifiers.expiry")
        expires = read_expiry(known["expiry"])
        if expires is None:
            message = (
                f"identifiers.expiry {known['expiry']!r} is no expiry of ISBT 128; expected "
                "&>cyyjjjhhmm or =>cyyjjj, such as &>0261352359"
            )
            yield Finding("code-malformed", Severity.HOLD, message, place)
        elif manifest.expires is not None and expires != manifest.expires:
            message = f"the label's code says that it expires {expires}; manufacture.expires says "
            message += str(manifest.expires)
            yield Finding("identifier-mismatch", Severity.HOLD, message, place)


def same_donation(one: str, other: str) -> bool:
    """Say whether two donation numbers are one, whatever flags or check stand beside them.

    >>> same_donation("=G12349865432100", "G1234 98 654321 [H]")
    True
    """
    return _donation_key(one) == _donation_key(other)


def _donation_key(text: str) -> str:
    code = read_european_code(text)
    if code is not None:
        return code.donation
    number = read_donation_number(text)
    return number.number if number else re.sub(r"\W", "", text).upper()


def _donation_findings(record: Record, manifest: Manifest) -> Iterator[Finding]:
    stated, expected = record.stated("din"), manifest.identifiers.get("din")
    if stated is None:
        return
    place = record.header["din"].place
    yield from _check_findings(stated, place)
    if expected is not None and not same_donation(stated, expected):
        message = f"carries the donation number {stated!r}; lot.yaml says {expected!r}"
        yield record.finding("identifier-mismatch", Severity.HOLD, message, "din")


def _check_findings(text: str, place: Place) -> Iterator[Finding]:
    number = read_donation_number(text)
    if number is not None and number.fault is not None:
        message = (
            f"{place}: the donation number {text!r} carries {number.fault} for {number.number}, "
            "so that one of its characters was misread or mistyped"
        )
        yield Finding("check-character-wrong", Severity.HOLD, message, place)


def _code_findings(text: str, manifest: Manifest) -> Iterator[Finding]:
    place = Place(MANIFEST, region="identifiers.sec")
    code = read_european_code(text)
    if code is None:
        bare = len("".join(text.split()).upper().removeprefix("SEC").removeprefix(":"))
        message = (
            f"identifiers.sec {text!r} is no Single European Code: it has {bare} characters, or "
            "one is out of place; expected 21 of the donation and 19 of the product"
        )
        yield Finding("code-malformed", Severity.HOLD, message, place)
        return
    din = manifest.identifiers.get("din")
    if din is not None and code.coding == "A" and not same_donation(din, code.donation):
        message = f"the SEC is of donation {code.donation!r}; identifiers.din is {din!r}"
        yield Finding("identifier-mismatch", Severity.HOLD, message, place)
    if manifest.expires and code.expires and code.expires != manifest.expires:
        message = f"the SEC expires {code.expires}; manufacture.expires says {manifest.expires}"
        yield Finding("identifier-mismatch", Severity.HOLD, message, place)


def _patient_findings(record: Record, manifest: Manifest) -> Iterator[Finding]:
    stated, expected = record.stated("patient_id"), manifest.identifiers.get("patient")
    if stated is None or expected is None:
        return
    numbers = stated.split(BETWEEN)
    if identity_key(expected) in map(identity_key, numbers):
        return
    shown = " or ".join(map(mask, numbers))
    message = (
        f"{record.source.path} is about patient {shown}, and lot.yaml about "
        f"{mask(expected)} (shortened here): another person's paper, or a slip in one of them"
    )
    # On papers about an allogeneic donor the laboratory's patient is the donor; and "withheld" or
    # "see request" is nobody's identifier.
    donors = manifest.facts.get("relation") == "allogeneic"
    unclear = donors or not any(character.isdigit() for character in stated)
    severity = Severity.WARNING if unclear else Severity.HOLD
    yield record.finding("patient-mismatch", severity, message, "patient_id")
