"""Names the dye that tells living cells from dead ones, where a text names one."""

from __future__ import annotations

import re

from qcvalidate.patterns import LazyPattern

# Membrane-impermeant and fixable dyes, and those of counters. An antigen is never one.
_DYES = (
    ("7-AAD", r"7[ -]?aad|7[ -]?amino[ -]?actinomycin(?: ?d)?|via[ -]?probe"),
    ("propidium iodide", r"propidium(?: iodide)?|propidiumiodid|iodure de propidium|pi"),
    ("DAPI", r"dapi"),
    ("trypan blue", r"trypan[ -]?blue|trypanblau|bleu (?:de )?trypan|azul (?:de )?tr[iy]pano?"),
    ("DRAQ7", r"draq ?7"),
    ("SYTOX", r"sytox"),
    ("ethidium homodimer", r"ethidium homodimer|eth ?d-?1"),
    (
        "fixable viability dye",
        r"zombie|live[ /-]?dead|fvs ?[0-9]{3}|fvd|fixable viability|ghost dye",
    ),
    ("annexin V", r"annexin[ -]?v"),
    ("acridine orange", r"acridine orange|ao(?=/)"),
)
_PATTERNS = [
    (name, re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z])", re.IGNORECASE))
    for name, words in _DYES
]

# These light up in cells that live.
_OF_THE_LIVING = LazyPattern(
    r"(?<![a-z0-9])(?:calcein(?:[ -]?am)?|cfda(?:[ -]?se)?|fda|fluorescein diacetate|resorufin"
    r"|c12[ -]?resazurin)(?![a-z])",
    re.IGNORECASE,
)


def dyes_the_living(text: str) -> bool:
    """Say whether a text names a dye that living cells take up and keep.

    >>> dyes_the_living("Calcein AM"), dyes_the_living("7-AAD")
    (True, False)
    """
    return _OF_THE_LIVING.search(text) is not None


def dye_in(text: str) -> str | None:
    """Give the name of the first dye that a text names, None where it names none.

    >>> dye_in("PerCP-Cy5-5-A 7AAD")
    '7-AAD'
    """
    return next((name for name, pattern in _PATTERNS if pattern.search(text)), None)
