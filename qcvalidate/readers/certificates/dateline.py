"""Finds the place and date over or under a signature, and the number at the end of a title.

`Rabenstein, den 1. Juli 2025` and `Analysis report CT-17776-COA-01` have no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.dating import is_date
from qcvalidate.readers.certificates.header import Found, is_lot
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.naming import is_title_of
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.wording import key

_LONGEST_PLACE = 4
_LONGEST_DATE = 5
# What may stand between a place and the date.
_ARTICLES = frozenset(("den", "le", "the", "a", "em", "il", "on", "am", "li", "fecha"))
# A place has no digit, and these before a date say which date it is.
_PLACE = LazyPattern(r"[^\W\d_][^\d:;]*,?")
_TELLS = LazyPattern(
    r"\b(?:sampl|receiv|test|start|complet|expir|manufact|collect|harvest|born|birth|valid|until|due"
    r"|prob|eing|pruf|begin|ende|verfall|herstell|entnahm|gultig|prel|recu|rec|debut|fin|peremp"
    r"|fabric|muestr|recib|inici|caduc|toma|recol|preliev|ricev|inizi|scad|colet|receb|valida)"
)


def place_and_date(lines: Sequence[Line]) -> Iterator[Found]:
    """Give the date of the one line that is nothing but a place and a date.

    Two such dates that differ may be two things, and neither is taken.
    """
    found = [date for line in lines for block in line.blocks if (date := _dated(block))]
    if len({block.text.casefold() for block in found}) == 1:
        yield Found("date_issued", found[0], "place and date")


def _dated(block: Block) -> Block | None:
    words = block.words
    if words[-1].text.endswith(".") and len(words) > 1:
        # `18 de janeiro de 2026.`
        words = (*words[:-1], replace(words[-1], text=words[-1].text.rstrip(".")))
    for at in range(1, min(len(words), _LONGEST_PLACE + 2)):
        place, date = words[:at], words[at:]
        articles = 0
        while articles < len(place) and place[-1 - articles].text.casefold() in _ARTICLES:
            articles += 1
        town = place[: len(place) - articles]
        if not town or len(town) > _LONGEST_PLACE or len(date) > _LONGEST_DATE:
            continue
        said = " ".join(word.text for word in town)
        is_town = said.endswith(",") and said[0].isupper() and _PLACE.fullmatch(said)
        if is_town and not _TELLS.search(key(said)) and is_date(" ".join(w.text for w in date)):
            return Block(date, block.cell)
    return None


# A number in a title has a letter or a sign in it: `2026` may be a year, and `71` a chapter.
_NUMBER = LazyPattern(
    r"(?=.*\d)(?:[A-Z]{1,6}[-–/.]?\d[\w\-–/.]{2,}|[A-Z]{1,6}[-–/][\w\-–/.]*\d[\w\-–/.]*"
    r"|\d\w*[-–/.]\w[\w\-–/.]*|\d{5,})"
)
_SIGN = LazyPattern(r"(?:n[°º.o]{1,2}|nr\.?|#|n\.º)[.:]?", re.IGNORECASE)
_CHAPTER = LazyPattern(r"\d+(?:\.\d+)+|<\d+>")


def number_of_title(
    titles: Sequence[Block], lines: Sequence[Line], book: Phrasebook
) -> Iterator[Found]:
    """Give the number at the end of a line that else only names the paper, or close under it."""
    for title in titles:
        for block in (block for line in lines for block in line.blocks):
            gap = block.box[1] - title.box[3]
            signed = len(block.words) == 2 and _SIGN.fullmatch(block.words[0].text)
            if block.page == title.page and signed and 0 <= gap <= title.height:
                number = block.words[1].text
                if _NUMBER.fullmatch(number) and is_lot(number) and not is_date(number):
                    yield Found("report_number", Block(block.words[1:], block.cell), title.text)
    for block in titles:
        *head, last = block.words
        number = last.text.strip("()[]")
        if not head or not _NUMBER.fullmatch(number) or _CHAPTER.fullmatch(number):
            continue
        said = " ".join(word.text for word in head)
        if is_lot(number) and not is_date(number) and is_title_of(said, book) and _names(said):
            yield Found("report_number", Block((last,), block.cell), said)


_PAPER = LazyPattern(
    r"\b(?:report|certificate|rapport|certificat|informe|certificado|rapporto|certificato|relatorio"
    r"|laudo|boletim|bulletin|befund)\b|bericht\b|zertifikat\b"
)


def _names(said: str) -> bool:
    return _PAPER.search(key(said)) is not None
