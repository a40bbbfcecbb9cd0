"""Folds printed words to what they are compared by, and writes out phrases with choices."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from functools import cache, lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_OTHER_LETTERS = str.maketrans({"μ": "u", "µ": "u", "α": "a", "ß": "ss"})
# The letters of the Latin languages without their accents: most words need no more than these.
_LETTERS = {
    ord(letter): spread[0]
    for letter in map(chr, range(0xE0, 0x180))
    if (spread := unicodedata.normalize("NFD", letter))[0].isascii() and letter.islower()
} | {0xDF: "ss"}
# CD45- is what CD45+ is not: a sign at a word's end is part of the word.
_NEGATIVE_SIGN = re.compile(
    r"(?:(?<=[a-z0-9])(?:-|\(-\))|(?:(?<=cd[0-9])|(?<=cd[0-9]{2})|(?<=cd[0-9]{3}))"
    r" (?:\(-\)|-(?=$)))(?=[\s,;/)(%]|$)"
)
_POSITIVE_SIGN = re.compile(r"(?<=[a-z0-9])\s*\(?(?:\+|\bpos\b)\)?(?=[\s,;/)(%\-]|$)")
_NUMBER_SIGN = re.compile(r"#|\bn\s?[°º]|\bn\.\s?[°º]|№")
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_PUNCTUATION = re.compile(r"[^\w%+<>]+")


# Certificates say the same words on every page; so many are kept.
@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """Fold case, accents, dashes, spaces and punctuation; keep the sign of a marker.

    >>> key("  LOT #: "), key("HLA–DR+"), key("CD45-"), key("Prüfung auf Sterilität")
    ('lot no', 'hla dr+', 'cd45 neg', 'prufung auf sterilitat')
    """
    quick = text.lower() if text.isascii() else text.lower().translate(_LETTERS)
    if _PLAIN.fullmatch(quick) and " pos" not in quick:
        return quick
    folded = text if text.isascii() else _fold(text)
    plain = _NUMBER_SIGN.sub(" no ", folded.casefold())
    plain = _POSITIVE_SIGN.sub("+", _NEGATIVE_SIGN.sub(" neg ", plain))
    return " ".join(_PUNCTUATION.sub(" ", plain).replace("_", " ").split())


def _fold(text: str) -> str:
    signs = _NUMBER_SIGN.sub(" no ", text.translate(_DASHES).casefold()).translate(_OTHER_LETTERS)
    spread = unicodedata.normalize("NFKD", signs)
    return "".join(character for character in spread if not unicodedata.combining(character))


def expand(pattern: str) -> list[str]:
    """Write out a phrase's choices, folded: `[a|b]` may be there, one of `(a|b)` must.

    A phrase with a comma keeps its commas: it is compared with a text as a whole. Raises
    `ValueError` for brackets that do not pair, and for a phrase of no or too many spellings.

    >>> expand("No growth [was] (seen|found)")
    ['no growth was seen', 'no growth was found', 'no growth seen', 'no growth found']
    """
    as_printed = "," in pattern
    if "(" not in pattern and "[" not in pattern:
        return [pattern.casefold() if as_printed else key(pattern)]
    pieces = [piece for piece in _CHOICES.split(pattern) if piece.strip()]
    choices = [_choices(piece, as_printed=as_printed) for piece in pieces]
    if _BRACKET.search(_CHOICES.sub("", pattern)):
        raise ValueError("has a bracket without its other half, or one inside another")
    if math.prod(map(len, choices)) > _MOST_SPELLINGS:
        raise ValueError(f"has more than {_MOST_SPELLINGS:,} spellings; write several phrases")
    if not any(all(words) for words in choices):
        raise ValueError("may be nothing at all; let one word always stand there")
    # Folding the pieces and not their thousands of products keeps start-up quick.
    return ["".join(words)[1:] for words in itertools.product(*choices)]


@cache
def _choices(piece: str, *, as_printed: bool) -> tuple[str, ...]:
    """Fold the choices of one piece of a phrase, each after a space; "" for none of them."""
    choices = piece.strip("[]()").split("|")
    folded = (choice.casefold().strip() if as_printed else key(choice) for choice in choices)
    spaced = tuple(f" {words}" if words else "" for words in folded)
    return (*spaced, "") if piece.startswith("[") else spaced


_MOST_SPELLINGS = 10_000
_BRACKET = re.compile(r"[\[\]()]")
_CHOICES = re.compile(r"([\[(][^\[\]()]*[\])])")
