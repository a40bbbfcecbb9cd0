"""Reads donation numbers and dates as ISBT 128 and the Single European Code write them.

The check character of a donation number is over its thirteen characters alone and stands beside
the bar code, never in it; the two flags behind the number are no part of it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_MODULUS = 37
# A flag from here on is the value of the check character, and 60.
_FLAG_BASE = 60
# How people set the parts of a number apart, and box its check character.
_SET_APART = re.compile(r"[\s\[\](){}|.‐‑‒–—\-]")
_DIN = re.compile(
    r"(?P<number>[A-NP-Z1-9][0-9A-Z]{4}[0-9]{2}[0-9]{6})"
    r"(?P<flags>[0-9A-Z]{2})?(?P<check>[0-9A-Z*])?"
)
_SEC = re.compile(
    r"(?P<country>[A-Z]{2})(?P<establishment>[0-9A-Z]{6})(?P<donation>[0-9A-Z]{13})"
    r"(?P<coding>[A-Z])(?P<product>[0-9A-Z]{7})(?P<split>[0-9A-Z]{3})(?P<expiry>[0-9]{8})"
)
_EXPIRY = re.compile(
    r"(?:[=&]>)?(?P<century>[0-9])(?P<year>[0-9]{2})(?P<day>[0-9]{3})"
    r"(?P<hour>[0-9]{2})?(?P<minute>[0-9]{2})?"
)
_CODINGS = ("A", "B", "E")
_NO_EXPIRY = "00000000"


@dataclass(frozen=True)
class DonationNumber:
    """A donation identification number of ISBT 128: 13 characters, and what stood beside them."""

    number: str
    flags: str | None = None
    check: str | None = None

    @property
    def right_check(self) -> str:
        """Give the check character that the number has."""
        return check_character(self.number)

    @property
    def fault(self) -> str | None:
        """Say what does not fit the number: its check character, or a flag that holds it."""
        if self.check is not None and self.check != self.right_check:
            return f"the check character {self.check}; {self.right_check} is right"
        right = _FLAG_BASE + _CHARACTERS.index(self.right_check)
        highest = _FLAG_BASE + _MODULUS - 1
        if self.flags and self.flags.isdigit() and _FLAG_BASE <= int(self.flags) <= highest:
            return None if int(self.flags) == right else f"the flags {self.flags}; {right} is right"
        return None


@dataclass(frozen=True)
class EuropeanCode:
    """A Single European Code: 21 characters of the donation and 19 of the product."""

    donation: str
    coding: str
    expires: dt.date | None


def check_character(number: str) -> str:
    """Compute the ISO/IEC 7064 mod 37-2 character of a donation number's thirteen.

    >>> check_character("G123498654321")
    'H'
    """
    total = sum(
        _CHARACTERS.index(character) * 2**place
        for place, character in enumerate(reversed(number), start=1)
    )
    return _CHARACTERS[(_MODULUS + 1 - total % _MODULUS) % _MODULUS]


def read_donation_number(text: str) -> DonationNumber | None:
    """Read a donation number as printed or scanned; None where it has another shape.

    >>> read_donation_number("=G123498654321 00") == read_donation_number("G1234 98 654321 00")
    True
    """
    bare = _SET_APART.sub("", text.strip().upper().removeprefix("="))
    match = _DIN.fullmatch(bare)
    return DonationNumber(match["number"], match["flags"], match["check"]) if match else None


def read_european_code(text: str) -> EuropeanCode | None:
    """Read a Single European Code; None where it is not one of 21 and 19 characters.

    >>> read_european_code("SEC PL001499Z549917123456 A00T041600320181231").expires
    datetime.date(2018, 12, 31)
    """
    bare = "".join(text.split()).upper()
    match = _SEC.fullmatch(bare.removeprefix("SEC:").removeprefix("SEC"))
    if match is None or match["coding"] not in _CODINGS:
        return None
    if match["expiry"] == _NO_EXPIRY:
        return EuropeanCode(match["donation"], match["coding"], None)
    try:
        expires = dt.datetime.strptime(match["expiry"], "%Y%m%d").date()
    except ValueError:
        return None
    return EuropeanCode(match["donation"], match["coding"], expires)


def read_expiry(text: str) -> dt.date | None:
    """Read the day of an expiry structure, cyyjjj or cyyjjjhhmm; None where it is none.

    >>> read_expiry("&>0170911215")
    datetime.date(2017, 4, 1)
    """
    match = _EXPIRY.fullmatch("".join(text.split()))
    if match is None or (match["hour"] is None) is not (match["minute"] is None):
        return None
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    centuries = {"9": 1900, "0": 2000}
    if match["century"] not in centuries or hour > 23 or minute > 59:
        return None
    year = centuries[match["century"]] + int(match["year"])
    day = dt.date(year, 1, 1) + dt.timedelta(days=int(match["day"]) - 1)
    return day if day.year == year else None
