"""Takes the limit off a result that has it in brackets: `< 0.05 EU/mL (limit 0.50 EU/mL)`."""

from __future__ import annotations

import re
from dataclasses import replace

from qcvalidate.comparators import comparator_at
from qcvalidate.documents import Word
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.rows import Row

# `(limit 0.50)`, `[Spec.: ≤ 0.50]`; the words say that it is no second result.
_BRACKETED = re.compile(
    r"(?P<value>[^()\[\]]+?) ?[,;]? (?P<open>[(\[])"
    r"(?P<word>(?:(?:acceptance|release|upper|lower|product|action|usp) )?(?:limits?|spec\.?|specs"
    r"|specifications?|criteri(?:on|a)|requirements?|req\.|range|grenzwert|grenze|sollwert|soll"
    r"|spezifikation|anforderung|akzeptanzkriterium|vorgabe|limites?|spécification|exigence"
    r"|critère(?: d'acceptation)?|límites?|especificación|criterio(?: de aceptación)?|requisito"
    r"|specifica|limiti|criterio di accettazione|especificação|critério(?: de aceitação)?)"
    r" ?[:=]? ?)?(?P<limit>[^()\[\]]+)[)\]]",
    re.IGNORECASE,
)
# Without such a word only these are a limit: "(< 0.05)" may be the result of another method.
_CLOSED = ("upper_closed", "lower_closed")


def with_own_limit(row: Row, book: Phrasebook) -> Row:
    """Move a limit that stands behind a row's one result to where limits stand."""
    if len(row.answers) != 1 or "specification" in row.cells:
        return row
    answer = row.answers[0]
    match = _BRACKETED.fullmatch(answer.text)
    if match is None or not _is_limit(match, book):
        return row
    at = _word_at(answer, match.start("open"))
    if at is None:
        return row
    value = Block(_without(answer.words[:at]), answer.cell)
    start = _word_at(answer, match.start("limit"))
    limit = answer.words[at if start is None else start :]
    bare = (*limit[:-1], replace(limit[-1], text=limit[-1].text.rstrip(")]")))
    first = replace(bare[0], text=bare[0].text.lstrip("(["))
    cell = Block((first, *bare[1:]), answer.cell)
    return replace(row, answers=(value,), cells={**row.cells, "specification": cell})


def _without(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Take the comma off the last word of a value."""
    return (*words[:-1], replace(words[-1], text=words[-1].text.rstrip(",;")))


def _is_limit(match: re.Match[str], book: Phrasebook) -> bool:
    limit = match["limit"].strip()
    kind, start = comparator_at(limit)
    numbered = limit[start : start + 1].isdigit()
    if match["word"]:
        return numbered or book.vocabulary.result(limit).kind == "negative"
    return numbered and kind in _CLOSED


def _word_at(block: Block, offset: int) -> int | None:
    """Give the word of a block that begins at a place of its text."""
    at = 0
    for index, word in enumerate(block.words):
        if at == offset:
            return index
        at += len(word.text) + 1
    return None
