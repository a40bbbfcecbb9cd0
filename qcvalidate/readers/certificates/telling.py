"""Says of words that nobody understood whether they may speak of the outcome.

A certificate's text is either read, or it is harmless, or it holds the lot. Harmless is what
has no telling word in it, or has one only inside a phrase that is known to tell nothing, with no
word beside that phrase that is not known as well.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from qcvalidate.readers.certificates.mentions import (
    barren_control,
    says_nothing_happened,
    strange_word,
    without_mentions,
)
from qcvalidate.readers.certificates.reservations import reservation
from qcvalidate.readers.certificates.stems import denials, is_not_yet, stems
from qcvalidate.readers.certificates.stock import is_stock
from qcvalidate.wording import key

_DEFINITION = re.compile(
    r"(?:interpretation:? )?(?:no growth|growth) ?= ?(?:the )?(?:sample|product|batch)?"
    r" ?(?:complies|passes|does not comply|fails|pass|fail)[.;]?",
    re.IGNORECASE,
)
_NOTHING = (
    r"(?:none|no|nil|n a|na|not applicable|not observed|none observed|none detected|not detected"
    r"|keine?|keiner|nein|entfallt|nicht zutreffend|nicht anwendbar|n z|non|aucune?|neant"
    r"|sans objet|non applicable|rien a signaler|ras|ningun[oa]?|no aplica|no procede|nessun[oa]?"
    r"|non applicabile|nenhuma?|nao|nao aplicavel|nao se aplica|0|0 of \d+)"
)
_BLANK = re.compile(r"[\s\-–—−_./:]*")
_LABELLED = re.compile(r"(?P<label>[^:]{2,60}): ?(?P<value>.+)", re.DOTALL)
_SENTENCE_BEFORE = re.compile(r"(.*(?:\w\w|\d)[.!?;]) ", re.DOTALL)
_GOOD = re.compile(
    r"\b(?:valid|valab|steril|esteril|compl|conform|konform|pass|accept|acept|aceit|accett|releas"
    r"|rilasc|liber|suitab|idone|adegu|adequ|apto|apta|met\b|satisf|soddisf|freig|gultig|bestand"
    r"|erfull|entspr|cumpl|cumpr|aprov|approv|approuv|aprob)"
)
_REFUSED = re.compile(r"(?:no|n|nein|non|nao|false|nicht|ne)\b.*")
_SIGN = re.compile(r"(?<!\S)[(\[]?\+{1,4}[)\]]?(?!\S)|\[ ?[xX✓✔✗] ?\]|[☒☑✗✘]")
_SYMBOL = r"(?:\([+\-–A-Z/.]{1,5}\)|(?!(?:FTM|TSB|THIO|SCDM|SCDB|TSA|SDA)\b)[A-Z][A-Z./]{0,4}\b\.?)"
_LEGEND = re.compile(
    r"(?:(?:abbreviations?|denotes|legend|key|legende|légende|abkürzungen|abréviations|abreviaturas"
    r"|leyenda|legenda|abbreviazioni|abreviações)\b ?:? ?)?"
    rf"{_SYMBOL} ?[=:]? ?(?:\((?i:[a-z]+(?: [a-z]+)?)\)|(?i:(?:no |not )?[a-z]+))"
    rf"(?:[ ,;/]+{_SYMBOL} ?[=:]? ?(?:\((?i:[a-z]+(?: [a-z]+)?)\)|(?i:(?:no |not )?[a-z]+)))*[.;]?"
)
_HEAD_WORD = re.compile(
    r"(?i:abbreviations?|denotes|legend|key|legende|légende|abkürzungen|abréviations|abreviaturas"
    r"|leyenda|legenda|abbreviazioni|abreviações)\b ?:? ?"
)


def is_legend(text: str) -> bool:
    """Say whether a line explains abbreviations and does nothing else.

    >>> is_legend("Abbreviations (+) Growth (-) No Growth (P) Pass F (Fail)")
    True
    >>> is_legend("FTM = Growth, SCDM = No growth")
    False
    """
    head = _HEAD_WORD.match(text)
    body = text[head.end() :] if head else text
    found = _LEGEND.fullmatch(body)
    if found is None:
        return False
    # A single word with a capital is no explanation: "A growth".
    return bool(re.search(r"[=()]", body))


# An organism by its short name, "S. epidermidis"; a result of one letter, "NG -> G".
_GENUS = re.compile(
    r"(?<![\w.])[A-Z]\. ?[a-z]{3,}"
    r"(?:idis|is|us|um|ii|ae|ei|ens|ans|es|ina|ima|oli|nes|osa)(?![\w.])"
)
_MARK_ALONE = re.compile(r"(?:NG ?(?:->|→) ?)?[FG]|NOK", re.ASCII)
_OUR_LETTERS = ("LATIN", "FULLWIDTH LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MODIFIER")


# A laboratory prints the same sentences on each of its papers.
@lru_cache(maxsize=5_000)
def telling(text: str, *, is_preliminary: bool = False) -> str | None:
    """Give the first word of a text that may speak of the outcome; None when it is harmless.

    Of a paper that calls itself preliminary, words that say so again are understood.

    >>> telling("FTM vials were turbid on day 14"), telling("Deviations: none")
    ('turbid', None)
    """
    if _DEFINITION.fullmatch(text.strip()) or is_legend(text):
        return None
    sign = _SIGN.search(text) or _GENUS.search(text) or _MARK_ALONE.fullmatch(text.strip())
    if sign:
        return sign.group()
    foreign = _foreign_letters(text)
    if foreign:
        return foreign
    labelled = _LABELLED.fullmatch(text.strip())
    if labelled:
        before = _SENTENCE_BEFORE.match(labelled["label"])
        if before and telling(before[1], is_preliminary=is_preliminary):
            # "The control failed. Remarks: none" has a sentence before its label.
            return before[1]
        said = _at_label(labelled["label"], labelled["value"])
        if said is not None:
            return said or None
    folded = key(text)
    told = reservation(folded, is_preliminary=is_preliminary)
    told = told or _in_words(folded, is_preliminary=is_preliminary)
    # Few texts come so far, and most of those are sentences that every certificate has.
    if told is None or is_stock(folded) or says_nothing_happened(folded):
        return None
    return None if is_stock(key(_without_names(text))) else told


# Words with a capital and small letters; TSB and FTM are no names.
_CAPITALISED = re.compile(r"(?<=[^\W\d_:;,.] )(?:[A-Z][a-z][\w&'’-]+[ ,]*(?:and |& |of )?)+")
_TWO_SENTENCES = re.compile(r"[.!?;] \S")


def _without_names(text: str) -> str:
    """Leave out the names of firms within a sentence: "approval of Grantley Scientific Group".

    A capitalised word that may speak of the outcome stays, as any noun of German may.
    """
    if text.isupper() or _TWO_SENTENCES.search(text):
        return text
    bare = text.lstrip("-–•* ")

    def kept(run: re.Match[str]) -> str:
        said = key(run.group())
        tells = _stem(said) or denials().search(said) or reservation(said)
        return run.group() if tells else ""

    return _CAPITALISED.sub(kept, bare)


def _foreign_letters(text: str) -> str | None:
    """Give letters that none of our languages has: a look-alike, or words that we cannot read."""
    if text.isascii():
        return None
    return next(
        (
            letter
            for letter in text
            if letter.isalpha()
            and not unicodedata.name(letter, "").startswith(_OUR_LETTERS)
            and letter not in "µΩαβγδκλμσχω"
        ),
        None,
    )


def _at_label(label: str, value: str) -> str | None:
    """Judge a form's answer: "" when it is harmless, None when its words must be looked at."""
    folded = key(value)
    if re.fullmatch(_NOTHING, folded) or _BLANK.fullmatch(value):
        asked = key(label)
        is_good = _GOOD.search(asked) and not _stem(asked)
        refused = _REFUSED.fullmatch(folded) and folded not in ("none", "n a", "na")
        return label if is_good and refused and not is_blank(value) else ""
    if _GOOD.search(key(label)) and _REFUSED.fullmatch(folded):
        return value
    return None


def is_blank(text: str) -> bool:
    """Say whether a text is a dash, a line to be filled in, or nothing at all."""
    return _BLANK.fullmatch(text) is not None


def says_none(text: str) -> bool:
    """Say whether an answer is that there is nothing: "none", "N/A", "0", a dash."""
    return is_blank(text) or re.fullmatch(_NOTHING, key(text)) is not None


# Nothing was isolated in an isolator.
_APPARATUS = re.compile(
    r"\b(?:isolator(?:s|en|i|e|technik)?|isolateurs?|aislador(?:es)?|isolador(?:es)?)\b"
)


def _in_words(folded: str, *, is_preliminary: bool) -> str | None:
    barren = barren_control(folded)
    if barren:
        return barren
    rest = without_mentions(folded)
    told = [match.group() for match in stems().finditer(_APPARATUS.sub(" ", rest))]
    if is_preliminary:
        told = [stem for stem in told if not is_not_yet(stem)]
    if told:
        return told[0]
    denied = denials().search(rest)
    if denied:
        return denied.group()
    return strange_word(rest) if rest != folded else None


def _stem(folded: str) -> str | None:
    found = stems().search(folded)
    return found.group() if found else None


_TICKED = re.compile(r"\[? ?(?:x|✓|✔|yes|y|ja|oui|s[iíì]|sim|true|\+)+ ?\]?")
_GOOD_ANSWERS = frozenset(
    key(answer)
    for answer in (
        *("n", "neg", "negative", "false", "clear", "pass", "complies", "negativ", "klar"),
        *("entspricht", "bestanden", "négatif", "négative", "limpide", "conforme", "negativo"),
        *("negativa", "cumple", "claro", "límpido", "limpido", "cumpre"),
    )
)


def cell_tells(heading: str, text: str, *, negative_heading: bool = False) -> bool:
    """Say whether a cell under a heading that we do not know may speak of the outcome.

    `negative_heading` is for a column such as "No growth", where a tick is the good answer.
    """
    if says_none(text):
        # Under "No growth" a no is growth; under "Sterile" it is, too.
        asked_well = _GOOD.search(key(heading)) is not None and not _stem(key(heading))
        return (negative_heading or asked_well) and key(text) in ("no", "nein", "non", "nao")
    ticked = re.fullmatch(
        r"\[? ?(?:x|✓|✔|yes|y|ja|oui|s[iíì]|sim|true|\+)+ ?\]?", text.strip().casefold()
    )
    asked = key(heading)
    if negative_heading:
        return not ticked
    if _stem(without_mentions(asked)):
        return key(text) not in _GOOD_ANSWERS
    if _GOOD.search(asked) and _REFUSED.fullmatch(key(text)):
        return True
    return telling(text) is not None
