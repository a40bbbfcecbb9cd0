"""Reads the footnotes of a certificate: `No growth *`, and what the star stands for.

A mark at a result may take back what the result says. Only a note of a closed list leaves it as
it is; any other, and a mark without its note, is for a person to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.wording import key

_MARK = r"(?:\*{1,3}|[†‡§¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
_AT_END = re.compile(rf"(?P<text>.*?[^*†‡§¹²³⁴⁵⁶⁷⁸⁹\s])\s*\(?(?P<mark>{_MARK})\)?", re.DOTALL)
_NOTE = re.compile(rf"\(?(?P<mark>{_MARK})\)?\s*[:=)]?\s*(?P<note>\S.*)")

_LIMIT = (
    r"(?:limit of (?:quantification|quantitation|detection)|loq|lod|lloq|detection limit"
    r"|quantification limit|quantitation limit|reporting limit|nachweisgrenze|bestimmungsgrenze"
    r"|limite de (?:quantification|detection)|limite de (?:cuantificacion|deteccion))"
)
_SCOPE = (
    r"(?:the |our |its )?(?:scope of )?(?:the |our )?(?:iso(?: iec)? 17025 )?accreditation"
    r"(?: scope)?"
)
# What a note may say, folded by `key`, that takes nothing from the result which it is at.
_HARMLESS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?:the )?(?:value|result) )?(?:is |was )?(?:below|less than|under) (?:the )?{_LIMIT}"
        r"(?: of the (?:method|test|assay))?",
        rf"(?:unter|unterhalb) der {_LIMIT}|inferieur a la {_LIMIT}|inferior al {_LIMIT}",
        rf"{_LIMIT}(?: of the (?:method|test|assay))?(?: is)? ?=? ?[<>]? ?[\d .]+"
        r" ?[a-z/% ]{0,12}",
        rf"(?:(?:this |the )?(?:test|method|analysis|parameter|result)s? )?(?:is |are |was )?"
        rf"(?:not )?(?:covered by|under|within|outside|in|included in|not in|part of) {_SCOPE}",
        r"(?:this )?(?:test|method|analysis|parameter)?s? ?(?:is |are )?(?:not |non )?"
        r"(?:iso(?: iec)? 17025 )?accredited(?: (?:test|method|parameter|analysis|by \w+))?",
        r"(?:nicht )?akkreditiert(?:es?|e)?(?: (?:verfahren|prufverfahren|prufung|methode))?",
        r"(?:hors|sous)(?: l)? accreditation|(?:essai )?(?:non )?accredite",
        r"(?:ensayo )?(?:no )?acreditado",
        r"(?:test |analysis )?(?:sub ?contracted|outsourced)(?: test| analysis)?",
        r"(?:performed|tested|analysed|analyzed) by (?:an? )?(?:external|partner|subcontracted)"
        r" (?:laboratory|lab)|unterauftrag|im unterauftrag|essai sous traite|ensayo subcontratado",
        r"(?:information|data)? ?(?:provided|supplied|given) by the (?:client|customer|sponsor)",
        r"calculated(?: value)?|berechnet|calcule",
        r"(?:please )?(?:do not|don t) hesitate to (?:call|contact|ask|write to|email) (?:us|me)"
        r"(?: (?:with|for|in case of|if you have|should you have) (?:your |any |all )?"
        r"(?:further |more |other )?(?:questions?|queries|enquiries|information))?"
        r"(?: you may have)?",
        r"negative controls? (?:showed )?no reaction(?: within \d+ (?:s|min))?",
    )
)


def notes(lines: Sequence[Line]) -> Mapping[str, str]:
    """Give the text of each footnote by its mark; of one mark twice, both texts."""
    found: dict[str, str] = {}
    for line in lines:
        match = _NOTE.fullmatch(line.text)
        if match:
            before = found.get(match["mark"])
            found[match["mark"]] = f"{before}; {match['note']}" if before else match["note"]
    return found


def without_mark(block: Block) -> tuple[Block, str | None]:
    """Take the mark of a footnote off the end of a text; None when it bears none."""
    match = _AT_END.fullmatch(block.text)
    if match is None:
        return block, None
    words = list(block.words)
    while words and re.fullmatch(rf"\(?{_MARK}\)?", words[-1].text):
        words.pop()
    bare = re.sub(rf"\s*\(?{_MARK}\)?$", "", words[-1].text)
    return Block((*words[:-1], replace(words[-1], text=bare)), block.cell), match["mark"]


def is_harmless(note: str) -> bool:
    """Say whether a note takes nothing from the result that it stands at.

    >>> is_harmless("Not in the scope of accreditation."), is_harmless("after subculture")
    (True, False)
    """
    folded = key(note)
    return any(pattern.fullmatch(folded) for pattern in _HARMLESS)
