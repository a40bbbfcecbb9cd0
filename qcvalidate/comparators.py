"""Knows the signs and the words before a number that make it a bound, in six languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from qcvalidate.patterns import LazyPattern

_COMPARATORS = {
    "upper open": (
        "<", "less than", "lower than", "below", "under", "kleiner als", "weniger als", "unter",
        "unterhalb", "unterhalb von", "moins de", "inférieur à", "inférieure à",
        "en dessous de", "au-dessous de", "menos de", "menor que", "menor a", "inferior a",
        "por debajo de", "meno di", "minore di", "inferiore a", "al di sotto di", "sotto",
        "menos que", "menor do que", "abaixo de",
    ),
    "upper closed": (
        "<=", "=<", "< or =",
        "<or=", "≤", "≦", "⩽", "not more than", "no more than", "nmt", "n.m.t.", "at most",
        "max.", "max", "maximum", "less than or equal to", "höchstens", "maximal",
        "nicht mehr als", "kleiner gleich", "kleiner oder gleich", "au plus", "pas plus de",
        "inférieur ou égal à", "inférieure ou égale à", "como máximo", "máximo", "no más de",
        "no mayor que", "no mayor de", "menor o igual a", "menor o igual que",
        "inferior o igual a", "al massimo", "massimo", "non più di", "non superiore a",
        "minore o uguale a", "inferiore o uguale a", "no máximo", "não mais que", "não mais de",
        "não superior a", "menor ou igual a", "inferior ou igual a",
    ),
    "lower open": (
        ">", "more than", "greater than", "higher than", "above", "mehr als", "größer als",
        "über", "oberhalb", "oberhalb von", "plus de", "supérieur à", "supérieure à",
        "au-dessus de", "más de", "mayor que", "mayor a", "superior a", "por encima de",
        "più di", "maggiore di", "superiore a", "al di sopra di", "sopra", "mais de",
        "mais que", "maior que", "maior do que", "acima de",
    ),
    "lower closed": (
        ">=", "=>", "> or =",
        ">or=", "≥", "≧", "⩾", "not less than", "no less than", "nlt", "n.l.t.", "at least",
        "min.", "min", "minimum", "greater than or equal to", "mindestens", "minimal",
        "nicht weniger als", "größer gleich", "größer oder gleich", "au moins", "pas moins de",
        "supérieur ou égal à", "supérieure ou égale à", "como mínimo", "mínimo", "al menos",
        "por lo menos", "no menos de", "no menor que", "no menor de", "mayor o igual a",
        "mayor o igual que", "superior o igual a", "almeno", "minimo", "non meno di",
        "non inferiore a", "maggiore o uguale a", "superiore o uguale a", "no mínimo",
        "pelo menos", "não menos que", "não menos de", "não inferior a", "maior ou igual a",
        "superior ou igual a",
    ),
    "exact": ("=",),
}  # fmt: skip
_LIMIT_BY_NAME = LazyPattern(
    r"(?:the |der |die |du |de la |el |la |il |o |a )?"
    r"(?:l[od][qd]\b|bg\b|ng\b|nwg\b|lld\b|limit|nachweis|bestimmung|détection|límite)",
    re.IGNORECASE,
)


def comparator_at(text: str) -> tuple[str, int]:
    """Give the kind of bound that a text begins with, and where its number should start.

    `"upper_open"` is less than, `"upper_closed"` at most, and so on; `"exact"` is an equals
    sign, and "" is for no comparator.

    >>> comparator_at("< 0.05 EU/mL"), comparator_at("höchstens 5")
    (('upper_open', 2), ('upper_closed', 10))
    """
    found = _pattern().match(text)
    return (found.lastgroup or "", found.end()) if found else ("", 0)


def names_a_limit(text: str, start: int) -> bool:
    """Say whether a limit is named where a number should stand: `< LOQ`, `< BG`."""
    return _LIMIT_BY_NAME.match(text, start) is not None


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the comparators when the first number is read: start-up has no need of them."""
    return re.compile(
        "(?:"
        + "|".join(
            f"(?P<{kind.replace(' ', '_')}>{_any_of(words)})"
            # `<=` before `<`.
            for kind, words in sorted(_COMPARATORS.items(), key=lambda item: "open" in item[0])
        )
        + r")\s*",
        re.IGNORECASE,
    )


def _any_of(words: Iterable[str]) -> str:
    """Fit the longest of these; a word must end before the number does, a sign need not."""
    longest = sorted(words, key=len, reverse=True)
    whole = "|".join(re.escape(word) for word in longest if word[-1].isalnum())
    signs = "|".join(re.escape(word) for word in longest if not word[-1].isalnum())
    return "|".join(filter(None, (signs, rf"(?:{whole})(?![^\W\d])" if whole else "")))
