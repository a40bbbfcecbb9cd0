"""Takes a stated uncertainty off a result: `95.2 ± 1.1 % (k = 2)`, `95.2 % (95 % CI 93.1-96.9)`.

The value stays what it is. A standard deviation is no uncertainty of the result, and is refused
with that reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from qcvalidate.locale import Locale
from qcvalidate.numerals import THIN_SPACES, AmbiguousQuantity, Numeral, numeral_at, read_number
from qcvalidate.patterns import LazyPattern

_S = rf"[ \t{THIN_SPACES}]*"
# Of a run of spaces each of these patterns would try every way to share it out.
_RUNS = re.compile(rf"[ \t{THIN_SPACES}]{{2,}}")
_NUMBER = r"[0-9][0-9.,]*"
# How far the interval reaches: `(k = 2)`, `(k=2, 95 %)`. Any declared one is taken as it stands.
_COVERAGE = (
    rf"(?:{_S}[,;]?{_S}\(?{_S}(?:k{_S}={_S}[0-9](?:[.,][0-9]{{1,3}})?"
    rf"(?:{_S}[,;]{_S}(?:p{_S}={_S})?9[0-9](?:[.,][0-9]{{1,2}})?{_S}%(?: confidence(?: level)?)?)?"
    rf"|9[0-9](?:[.,][0-9])?{_S}% confidence(?: level)?){_S}\)?)?"
)
_INTERVAL_WORDS = (
    r"(?:CI|KI|IC|VB|confidence interval|konfidenzintervall|vertrauensintervall|vertrauensbereich"
    r"|intervalle de confiance|intervalo de confianza|intervallo di confidenza"
    r"|intervalo de confiança)"
)
_LEVEL = rf"(?:\(?9[0-9](?:[.,][0-9])?{_S}[%-]{_S}\)?)"
_INTERVAL = LazyPattern(
    rf"(?P<head>.*?[^\s,;(\[]){_S}[,;]?{_S}[(\[]?{_S}{_LEVEL}?{_S}{_INTERVAL_WORDS}{_S}{_LEVEL}?"
    rf"{_S}[:=]?{_S}[\[(]?(?P<low>{_NUMBER}){_S}%?{_S}(?:-|–|—|−|to|bis|à|a|;|,){_S}"
    rf"(?P<high>{_NUMBER}){_S}%?{_S}[)\]]*",
    re.IGNORECASE,
    needs=r"(?:CI|KI|IC|VB|conf|konf|vertr|interval).*[0-9]",
)
_UNCERTAINTY_WORDS = (
    r"(?:U|(?:expanded |measurement |extended )*uncertainty|(?:erweiterte )?messunsicherheit"
    r"|incertitude(?: élargie)?|incertidumbre(?: expandida)?|incertezza(?: estesa)?"
    r"|incerteza(?: expandida)?)"
)
_HALF = LazyPattern(
    rf"(?P<head>.*?[^\s,;(]){_S}(?:[,;(]{_S}{_UNCERTAINTY_WORDS}{_S}{_COVERAGE}{_S}[:=]?{_S}(?:±|\+/?-)?"
    rf"|[,;(]?{_S}(?:±|\+/?-)){_S}(?P<half>{_NUMBER}(?:{_S}[x×·*]{_S}10[^\s,;()]*|[eE][+-]?[0-9]+)?)"
    rf"{_S}(?P<unit>[^,;()±]*?){_S}\)?{_COVERAGE}{_S}\)?",
    re.IGNORECASE,
    needs=r"±|\+|[,;(]\W*[uemi]",
)
_ALONE = LazyPattern(
    rf"{_UNCERTAINTY_WORDS}{_COVERAGE}",
    re.IGNORECASE,
    needs=r"^u(?![a-jl-z])|uncertainty|unsicherheit|incert",
)
_DEVIATION = LazyPattern(
    r"(?:±|\+/?-|\().*\b(?:SD|SEM|RSD|CV|std\.?(?: ?dev\w*)?|standard deviation|standardabweichung"
    r"|écart[- ]type|desviación|n ?= ?[0-9])",
    re.IGNORECASE,
    needs=r"[±+(]",
)


@dataclass(frozen=True)
class Stated:
    """An uncertainty as printed: half a width, or the two ends of an interval.

    `is_relative` says that the half is in per cent of the value.
    """

    half: Decimal | None = None
    is_relative: bool = False
    ends: tuple[Decimal, Decimal] | None = None

    def around(self, value: Decimal, text: str) -> tuple[Decimal, Decimal]:
        """Give the interval around the value, which must lie in it."""
        if self.ends is not None:
            low, high = self.ends
        else:
            half = self.half or Decimal(0)
            half = value * half / 100 if self.is_relative else half
            low, high = value - half, value + half
        if not low <= value <= high:
            raise AmbiguousQuantity(f"“{text}”: its interval {low} to {high} does not hold {value}")
        return low, high


def is_uncertainty_alone(heading: str) -> bool:
    """Say whether a heading names the uncertainty of the result beside it.

    >>> [is_uncertainty_alone(text) for text in ("Uncertainty (k=2)", "U", "Units")]
    [True, True, False]
    """
    return _ALONE.fullmatch(_RUNS.sub(" ", heading.strip())) is not None


def without_uncertainty(text: str, locale: Locale) -> tuple[str, Stated | None]:
    """Give a result without its stated uncertainty, and the uncertainty; None where none is."""
    if _DEVIATION.search(text):
        raise AmbiguousQuantity(
            f"“{text}” gives a standard deviation of replicates, which is no uncertainty of the "
            "result; ask for each replicate"
        )
    close = _RUNS.sub(" ", text)
    interval = _INTERVAL.fullmatch(close)
    if interval is not None:
        low, high = (read_number(interval[end], locale) for end in ("low", "high"))
        return interval["head"], Stated(ends=(low, high))
    match = _HALF.fullmatch(close)
    if match is None:
        return text, None
    half = numeral_at(match["half"], 0, locale)
    head, unit = match["head"], match["unit"].strip()
    first = _first(head, locale)
    if first is not None and first.exponent is None and half.exponent is not None:
        raise AmbiguousQuantity(f"“{text}”: does the power of ten belong to both numbers?")
    own = head[first.end :].strip() if first is not None else ""
    if not own:
        return f"{head} {unit}".strip(), Stated(half.value)
    if unit and unit != own:
        if unit != "%":
            raise AmbiguousQuantity(f"“{text}” has its uncertainty in another unit than its value")
        return head, Stated(half.value, is_relative=True)
    return head, Stated(half.value)


def _first(head: str, locale: Locale) -> Numeral | None:
    """Read the number of the value itself; a bound has none that an uncertainty could be of."""
    return numeral_at(head, 0, locale) if head[:1].isdigit() else None
