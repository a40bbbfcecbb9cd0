"""Reads how an endotoxin test was diluted, and how little its lysate sees, off tables and pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from qcvalidate.frames import Observation, observations, rows
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Record
from qcvalidate.wording import key

TEST = "endotoxin"
_UNDILUTED = LazyPattern(
    r"(?:undiluted|neat|none|no|unverdünnt|non dilué|sin diluir|non diluito|não diluído)",
    re.IGNORECASE,
)
_BLANK = ("", "-", "--", "n/a", "na")
# The headings of tables, folded; a heading may name its unit in brackets.
_HEADINGS = {
    "dilution": "dilution|sample dilution|test dilution|dilution factor|verdunnung|dilucion"
    "|facteur de dilution|diluizione|diluicao",
    "sensitivity": "sensitivity|lambda|λ|lysate sensitivity|lal sensitivity|empfindlichkeit"
    "|lysatempfindlichkeit|sensibilite|sensibilidad",
    "valid_dilution": "mvd|maximum valid dilution|valid dilution",
}
_WHOLE = r"(?:[0-9]{1,3}(?:[,. '][0-9]{3})+|[0-9]{1,7})(?![0-9.,]*[0-9])"
_FOLD = LazyPattern(
    rf"(?:1 ?[:/] ?|1 in |x ?)?(?P<fold>{_WHOLE})(?: ?(?:x|-?fold|-?fach|times))?", re.IGNORECASE
)
_AND = LazyPattern(r"1 ?\+ ?(?P<more>[0-9]{1,6})")
_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,6})?"
_UNIT = r"(?:E\.?U\.?|I\.?U\.?|I\.?E\.?|U\.?E\.?|U\.?I\.?|E\.?E\.?) ?/ ?ml"
_IS = r"(?: ?\(?(?:λ|lambda)\)?)? ?[:=]? ?"

# How pages state the three. Words that name another dilution (of a count) are not among them.
_SAYS_SENSITIVITY = LazyPattern(
    rf"(?:λ|\blambda\b|(?:lysate|LAL|reagent|kit|assay|label(?:led)? claim) sensitivity"
    rf"|\bsensitivity (?=(?:\(?(?:λ|lambda)\)? ?)?[:=])|lysatempfindlichkeit"
    rf"|empfindlichkeit des lysats"
    rf"|sensibilité du lysat|sensibilidad del lisado|sensibilità del lisato){_IS}"
    rf"(?P<number>{_NUMBER}) ?{_UNIT}",
    re.IGNORECASE,
)
_SAYS_DILUTION = LazyPattern(
    r"\b(?:(?:sample|test|product|routine test) dilution(?: factor)?"
    r"|dilution (?:factor|tested|used)"
    r"|tested at(?: a dilution of)?|diluted|(?:proben)?verdünnung|facteur de dilution"
    r"|factor de dilución)"
    rf" ?[:=]? ?(?P<text>1 ?[:/] ?{_WHOLE}|1 in {_WHOLE}|1 ?\+ ?[0-9]{{1,6}}"
    rf"|{_WHOLE} ?(?:x|-?fold)\b|undiluted|neat|none)",
    re.IGNORECASE,
)
# In an endotoxin test's own method the word needs no other beside it.
_OWN_DILUTION = LazyPattern(
    r"(?<!valid )\b(?:dil(?:ution)?\.?|diluted|verdünn(?:ung|t)|diluée?|diluid[oa]|diluit[oa]"
    r"|diluíd[oa])(?: (?:factor|of|to|at|in|used|tested))* ?[:=]? ?"
    rf"(?P<text>1 ?[:/] ?{_WHOLE}|1 in {_WHOLE}|1 ?\+ ?[0-9]{{1,6}}"
    rf"|{_WHOLE} ?(?:x|-?fold|times)\b)",
    re.IGNORECASE,
)
_MENTIONS = LazyPattern(
    r"(?:λ|\b(?:lambda|mvd|maximum valid|dil(?:ut\w*)?|verdünn\w*|sensitivity|empfindlichkeit"
    r"|sensibilit[éà]|sensibilidad)\b)[^;.]{0,40}?[0-9][^;,]{0,20}",
    re.IGNORECASE,
)
_SAYS_MVD = LazyPattern(
    r"\b(?:MVD|maximum valid dilution|maximale gültige Verdünnung)(?: ?\(MVD\))?"
    rf" ?[:=]? ?(?P<text>(?:1 ?[:/] ?)?{_WHOLE})",
    re.IGNORECASE,
)


def fold_of(text: str) -> Decimal | None:
    """Read how many times a sample was diluted; None where that is not clear.

    >>> [str(fold_of(text)) for text in ("1:100", "1 in 50", "20x", "neat", "1+9", "1:1,000", "b")]
    ['100', '50', '20', '1', '10', '1000', 'None']
    """
    said = " ".join(text.split())
    if _UNDILUTED.fullmatch(said):
        return Decimal(1)
    added = _AND.fullmatch(said)
    if added is not None:
        return Decimal(1) + Decimal(added["more"])
    match = _FOLD.fullmatch(said)
    fold = Decimal(re.sub(r"[^0-9]", "", match["fold"])) if match else Decimal(0)
    return fold if fold >= 1 else None


def is_unstated(text: str) -> bool:
    """Say whether a cell states nothing: blank, or a dash."""
    return text.strip().casefold() in _BLANK


def with_dilution(record: Record, text: str) -> Record:
    """Give the endotoxin rows of a paper the dilution, λ and MVD that it states apart from them.

    That is on its pages or in a row's own method; of several the strictest counts. Beside a count
    of cells a dilution on the page may be that of the count.
    """
    found = rows(record.observations)
    if not any(row.test == TEST for row in found):
        return record
    counted = any((row.unit or "").startswith("cells/") for row in found)
    page = _Said.of(text, counted=counted)

    def told(row: Observation) -> Observation:
        own = _Said.of(row.method or "", own=True)
        both = [page, own]
        return replace(
            row,
            dilution=row.dilution or max((d for one in both for d in one.folds), default=None),
            valid_dilution=row.valid_dilution
            or min((d for one in both for d in one.limits), default=None),
            sensitivity=row.sensitivity or max((d for one in both for d in one.seen), default=None),
        )

    return replace(
        record,
        observations=observations(told(row) if row.test == TEST else row for row in found),
    )


def unread_words(method: str) -> str | None:
    """Give the words of an endotoxin test's method that tell of a dilution, λ or MVD, unread.

    >>> unread_words("LAL, λ = 0.005 EU/mL"), unread_words("LAL, diluted 10 to 20 times")
    (None, 'diluted 10 to 20 times')
    """
    for pattern in (_SAYS_SENSITIVITY, _SAYS_MVD, _OWN_DILUTION, _SAYS_DILUTION):
        method = pattern.sub("", method)
    found = _MENTIONS.search(method)
    return found[0].strip() if found else None


@dataclass(frozen=True)
class _Said:
    """Every dilution, valid dilution and sensitivity that a text states."""

    folds: tuple[Decimal, ...]
    limits: tuple[Decimal, ...]
    seen: tuple[Decimal, ...]

    @classmethod
    def of(cls, text: str, *, counted: bool = False, own: bool = False) -> _Said:
        dilutions = (_OWN_DILUTION, _SAYS_DILUTION) if own else (_SAYS_DILUTION,)
        folds = [fold_of(one["text"]) for each in dilutions for one in each.finditer(text)]
        limits = [fold_of(one["text"]) for one in _SAYS_MVD.finditer(text)]
        seen = [
            Decimal(one["number"].replace(",", ".")) for one in _SAYS_SENSITIVITY.finditer(text)
        ]
        return cls(
            () if counted else tuple(fold for fold in folds if fold),
            tuple(fold for fold in limits if fold),
            tuple(one for one in seen if one),
        )


def column_of(heading: str) -> str | None:
    """Say which of the three a column of a table is; None where it is none.

    >>> [column_of(text) for text in ("Sample dilution", "Sensitivity (EU/mL)", "MVD", "Lot")]
    ['dilution', 'sensitivity', 'valid_dilution', None]
    """
    named = key(re.sub(r"\([^()]*\)", " ", heading))
    return next((name for name, known in _HEADINGS.items() if named in known.split("|")), None)
