"""Takes from a printed name what is no part of it: its number, its conditions, a footnote."""

from __future__ import annotations

import re


def bare_name(text: str) -> str:
    """Give a name without its number, its conditions and the mark of a footnote.

    >>> bare_name("1. FTM (30-35 °C) *")
    'FTM'
    """
    bare = _ENDS.sub("", _CONDITIONS.sub(" ", _NUMBERED.sub("", text))).strip(" ,;–-")
    return _SAMPLE.sub("", bare).strip(" ,;–-")


_NUMBERED = re.compile(r"^\(?(?:\d{1,2}(?:\.\d)?[.)]|[a-z]\))\s+")
_CONDITIONS = re.compile(
    r"[\s,;]*\(?\s*(?:(?:incubated )?(?:at|bei|à|a) )?\d{2}(?:[.,]\d)?\s*(?:°\s*C)?"
    r"\s*(?:[-–±/]|to|bis|à)\s*\d{1,2}(?:[.,]\d)?\s*°\s*C\s*\)?"
)
_ENDS = re.compile(r"[\s*†‡§¹²³]+$")
_SAMPLE = re.compile(
    r"\s*[,(–:-]\s*(?:test )?(?:sample|product|probe|produkt|échantillon|produit|muestra|producto"
    r"|campione|prodotto|amostra|produto)\s*\)?$",
    re.IGNORECASE,
)
