"""Reads a printed date or time exactly, or says why it cannot be read; never today's guess."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

from qcvalidate.errors import QCValidateError
from qcvalidate.locale import UNDECLARED, Locale
from qcvalidate.patterns import LazyPattern


class UnreadableDate(QCValidateError):  # noqa: N818  it is a fact about a text
    """A text is not a date that our grammar knows."""

    slug = "date-unreadable"


class AmbiguousDate(UnreadableDate):
    """A text can be read as two different dates."""

    slug = "date-ambiguous"


# English, German, French, Spanish, Italian and Portuguese; accents are folded before the search.
# No two languages give one name to different months.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janner januar jann janvier janv enero ene gennaio gen genn janeiro",
            "feb february februar feber fevrier fevr fev febrero febr febbraio febb fevereiro",
            "mar march marz mrz mars marzo marco",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag magg maio",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august aout agosto ago ag",
            "sep sept september septembre septiembre setiembre settembre set sett setembro",
            "oct october okt oktober octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dez dezember decembre dic diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
# A cell product's papers are younger than this, and its expiry is nearer.
_YEARS = range(1990, 2101)

# `0915`, `/ 08:40 EST`, `at 14:30`, `à 14h30`, `alle ore 14:30`, `um 14:30 Uhr`.
_TIME = (
    r"(?:[ T,/]+(?:(?:um|at|a|as|a las|alle ore|alle|ore) )?"
    r"(?P<time>[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?: ?[ap]\.?m\.?)?"
    r"| ?h ?[0-9]{2}|(?:(?<=[01][0-9])|(?<=2[0-3]))[0-5][0-9]))"
    r"(?: ?(?:uhr|hs?|hrs?\.?|[ecmp][sd]t|ces?t|utc|gmt))?)?"
)
_YEAR_FIRST = LazyPattern(
    r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})" + _TIME,
    re.I,
    needs=r"[0-9]{4}[-/.]",
)
_BASIC = LazyPattern(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})" + _TIME, re.I, needs=r"[0-9]{8}"
)
_YEAR_LAST = LazyPattern(
    r"(?P<a>[0-9]{1,2})(?P<s>[-/.]) ?(?P<b>[0-9]{1,2})(?P=s) ?(?P<y>[0-9]{4}|[0-9]{2})" + _TIME,
    re.I,
    needs=r"[0-9]([-/.]) ?[0-9]{1,2}\1",
)
_DAY_NAME_YEAR = LazyPattern(
    r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|\.?[º°]|\.)?[ /-]?(?:de )?(?P<name>[a-z]{3,10})\.?,?[ /-]?"
    r"(?:del? )?"
    r"(?P<y>[0-9]{4}|[0-9]{2})" + _TIME,
    re.I,
    needs=r"[a-z]{3}",
)
_NAME_DAY_YEAR = LazyPattern(
    r"(?P<name>[a-z]{3,10})\.? (?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y>[0-9]{4})" + _TIME,
    re.I,
    needs=r"[a-z]{3,}\.? [0-9]",
)
_YEAR_NAME_DAY = LazyPattern(
    r"(?P<y>[0-9]{4})[ /-](?P<name>[a-z]{3,10})\.?[ /-](?P<d>[0-9]{1,2})" + _TIME,
    re.I,
    needs=r"[0-9]{4}[ /-][a-z]{3}",
)
_CLOCK = re.compile(
    r"([0-9]{1,2})(?::| ?h ?|(?<=[0-9]{2}))([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(?: ?([ap])\.?m\.?)?",
    re.I,
)


def parse_date(text: str, locale: Locale = UNDECLARED) -> dt.date:
    """Read a date; a time of day beside it is allowed and left out."""
    return _parse(text, locale)[0]


def parse_datetime(text: str, locale: Locale = UNDECLARED) -> dt.datetime:
    """Read a date with its time of day, as printed: without a time zone."""
    date, clock = _parse(text, locale)
    if clock is None:
        raise UnreadableDate(f"“{text}” has no time of day")
    return dt.datetime.combine(date, _time(clock, text))


def prove_date_order(texts: Iterable[str]) -> str | None:
    """Say which order of day and month these dates prove; None for no proof, or for both."""
    proofs = date_order_proofs(texts)
    return next(iter(proofs)) if len(proofs) == 1 else None


def date_order_proofs(texts: Iterable[str]) -> set[str]:
    """Collect the orders that at least one date among these texts can only have."""
    proofs: set[str] = set()
    for text in texts:
        match = _YEAR_LAST.fullmatch(_folded(text))
        if match is None or match["s"] == ".":
            continue
        first, second = int(match["a"]), int(match["b"])
        if 12 < first <= 31 and 1 <= second <= 12:
            proofs.add("DMY")
        if 12 < second <= 31 and 1 <= first <= 12:
            proofs.add("MDY")
    return proofs


def _parse(text: str, locale: Locale) -> tuple[dt.date, str | None]:
    folded = _folded(text)
    for pattern in (_YEAR_FIRST, _BASIC):
        match = pattern.fullmatch(folded)
        if match:
            return _date(match["y"], match["m"], match["d"], text), match["time"]
    match = _YEAR_LAST.fullmatch(folded)
    if match:
        day, month = _day_and_month(match["a"], match["b"], match["s"], locale, text)
        return _date(match["y"], month, day, text), match["time"]
    for pattern in (_DAY_NAME_YEAR, _NAME_DAY_YEAR, _YEAR_NAME_DAY):
        match = pattern.fullmatch(folded)
        number = _MONTHS.get(match["name"].casefold()) if match else None
        if match and number:
            return _date(match["y"], str(number), match["d"], text), match["time"]
    raise UnreadableDate(f"“{text}” is not a date that we know how to read; write it as 2026-01-31")


def _folded(text: str) -> str:
    """Fold accents and every kind of space; digits of other scripts stay what they are."""
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.replace("‐", "-").replace("‑", "-").replace("–", "-").split())


def _day_and_month(
    first: str, second: str, mark: str, locale: Locale, text: str
) -> tuple[str, str]:
    if mark == "." or first.zfill(2) == second.zfill(2):
        return first, second
    proved = "DMY" if int(first) > 12 else "MDY" if int(second) > 12 else None
    declared = locale.dates if locale.dates in ("DMY", "MDY") else None
    if proved and declared and proved != declared:
        raise AmbiguousDate(
            f"“{text}” can only be {proved}, but dates are declared or used as {declared} elsewhere"
        )
    order = proved or declared
    if order is None:
        raise AmbiguousDate(
            f"“{text}” may be day/month or month/day; declare locale.dates in lot.yaml"
        )
    return (first, second) if order == "DMY" else (second, first)


def _date(year: str, month: str, day: str, text: str) -> dt.date:
    if len(year) == 2:
        raise AmbiguousDate(f"“{text}” has a year of two digits; write all four")
    if int(year) not in _YEARS:
        raise UnreadableDate(f"“{text}” has a year outside {_YEARS.start} to {_YEARS.stop - 1}")
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise UnreadableDate(f"“{text}” is not a day of the calendar") from error


def _time(clock: str, text: str) -> dt.time:
    match = _CLOCK.fullmatch(clock)
    assert match is not None, clock  # noqa: S101  _TIME admits only what _CLOCK reads
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    if match[5]:
        if not 1 <= hour <= 12:
            raise UnreadableDate(f"“{text}” is not a time of day")
        hour = hour % 12 + (12 if match[5].casefold() == "p" else 0)
    try:
        return dt.time(hour, minute, second, int((match[4] or "0").ljust(6, "0")))
    except ValueError as error:
        raise UnreadableDate(f"“{text}” is not a time of day") from error
