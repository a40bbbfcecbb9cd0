"""Takes from a printed name what is no part of it: its number, its conditions, a footnote."""

from __future__ import annotations

import re

from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.wording import key


def bare_name(text: str) -> str:
    """Give a name without its number, its conditions and the mark of a footnote.

    >>> bare_name("1. FTM (30-35 °C) *")
    'FTM'
    >>> bare_name("Bacterial endotoxins^2,*"), bare_name("2 Sterilität nach Ph. Eur. 2.6.1")
    ('Bacterial endotoxins', 'Sterilität')
    """
    named = _CHAPTER.sub("", _NUMBERED.sub("", _RAISED.sub("", text)))
    plain = _AT_DEGREES.sub(" ", _CONDITIONS.sub(" ", named))
    bare = _without_ends(_ENDS.sub("", _without_ends(plain)))
    return _without_ends(_SAMPLE.sub("", bare))


def _without_ends(text: str) -> str:
    """Take off spaces, commas and loose dashes; the minus of "CD45-" is part of its name."""
    bare = text.strip().lstrip(" ,;–-")
    return bare if _NEGATIVE_MARKER.search(bare) else _LOOSE_END.sub("", bare)


_NEGATIVE_MARKER = re.compile(r"\bCD\d{1,3}\s+[–-]$", re.IGNORECASE)


_LOOSE_END = re.compile(r"(?:\s+[–-]+|[\s,;])+$")


# Behind a letter, where it is no exponent: the name of a test ends in no power.
_RAISED = re.compile(r"(?<=[^\W\d_]{3})\^\d(?:,(?:\d|\*))?[\s*]*$")
_NUMBERED = re.compile(
    r"^\(?(?:\d{1,2}(?:\.\d)?[.)]|[a-z]\)|\d{1,2}(?= [^\W\d_a-z][a-zäöüéèà]))\s+"
)
# What pharmacopoeia the test is of, behind its name or under it.
_CHAPTER = re.compile(
    r"[\s,;(–-]+(?:(?:gem(?:äß|\.)|nach|according to|acc\.? to|per|selon|según|secondo|segundo) )?"
    r"(?:Ph\. ?Eur\.|USP|Eur\. ?Ph\.|EP|JP)[ ,]*(?:<\d+>|\d+(?:\.\d+)+)"
    # What follows may only be the edition and the variant of the method; else it is a sentence.
    r"(?:[ ,;/]+(?:(?:method|methode|méthode|metodo|método|verfahren) [A-F]|ed\. ?corrente"
    r"|current(?: edition)?|(?:real[- ]time )?q?PCR|NAT|(?:Ph\. ?Eur\.|USP|EP|JP) ?[<\d][\d.>]*))*"
    r"[ )]*$"
)
_CONDITIONS = re.compile(
    r"[\s,;]*\(?\s*(?:(?:incubated )?(?:at|bei|à|a) )?\d{2}(?:[.,]\d)?\s*(?:°\s*C)?"
    r"\s*(?:[-–±/]|to|bis|à)\s*\d{1,2}(?:[.,]\d)?\s*°\s*C\s*\)?"
)
_AT_DEGREES = re.compile(r"[\s,;]*\(?\s*\d{2}(?:[.,]\d)?\s*(?:±\s*\d(?:[.,]\d)?\s*)?°\s*C\s*\)?")
_ENDS = re.compile(r"(?:\s*(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜ]|\^[\da-c]|\([1-9*]\)))+$")
_SAMPLE = re.compile(
    r"\s*[,(–:-]\s*(?:test )?(?:sample|product|probe|produkt|échantillon|produit|muestra|producto"
    r"|campione|prodotto|amostra|produto)\s*\)?$",
    re.IGNORECASE,
)

_LONGEST_NAME = 6


def without_tests(text: str, book: Phrasebook) -> str:
    """Take the names of tests out of a title: `Bacterial endotoxin test`."""
    words, kept = text.split(), []
    while words:
        ends = range(min(len(words), _LONGEST_NAME), 0, -1)
        end = next((e for e in ends if book.subject(" ".join(words[:e])) is not None), None)
        if end is None:
            kept.append(words[0])
        words = words[end or 1 :]
    return " ".join(kept)


_TITLE_WORDS = {
    "certificate", "certificates", "of", "result", "results", "report", "reports", "test", "tests",
    "testing", "analysis", "and", "for", "the", "final", "certificat", "certificado", "certificato",
    "bericht", "prufbericht", "zertifikat", "rapport", "informe", "rapporto", "ensayo", "analyse",
    "analisis", "analisi",
}  # fmt: skip


def is_title_of(text: str, book: Phrasebook) -> bool:
    """Say whether a line does nothing but name a paper, the tests on it and its number.

    `Final report of analysis No. 26-118` does; `Report on the final product` does not.
    """
    words = without_tests(text, book).split()
    plain = [word for word in words if not any(c.isdigit() for c in word)]
    return set(key(" ".join(plain)).split()) <= _TITLE_WORDS | _PAPER_WORDS


_PAPER_WORDS = {
    "no", "n", "nr", "number", "numero", "nummer", "id", "ref", "finale", "relatorio", "ensaio",
    "prova", "essai", "essais", "ensayos", "resultados", "resultats", "de", "d", "di", "du", "del",
    "des", "la", "l", "definitivo", "definitif", "endbericht", "abschlussbericht", "schlussbericht",
    "prufung", "microbiology", "microbiological", "quality", "qc", "lab", "laboratory",
}  # fmt: skip


def is_title_of_test(text: str, book: Phrasebook) -> bool:
    """Say whether a line is nothing but the title of a paper on known tests.

    `Bacterial Endotoxin Test - Certificate of Results` tells of no bacteria.
    """
    rest = key(without_tests(text, book)).split()
    return len(rest) < len(key(text).split()) and set(rest) <= _TITLE_WORDS and bool(rest)
