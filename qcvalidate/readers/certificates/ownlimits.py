"""Takes the limit off a result that is printed with it: `< 0.05 EU/mL (limit 0.50 EU/mL)`."""

from __future__ import annotations

import re
from dataclasses import replace

from qcvalidate.comparators import comparator_at
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.rows import Row

_WITH_LIMIT = re.compile(
    r"(?P<value>[^()]*\S)\s*[,;]?\s*"
    r"[(\[](?P<word>(?:acceptance |release )?(?:limits?|criteri(?:on|a)|specification|spec\.?"
    r"|requirement)|grenzwert|spezifikation|akzeptanzkriterium|vorgabe|soll|limite|spécification"
    r"|critère|especificación|límite|criterio|specifica|especificação|critério):?"
    r"\s*(?P<limit>[^()\[\]]+)[)\]]\.?",
    re.IGNORECASE,
)
_BARE = re.compile(r"[^()\[\]]*\S +[(\[](?P<word>)(?P<limit>[^()\[\]]*\d[^()\[\]]*)[)\]]\.?")
_RANGE = re.compile(r"\d[\d.,]* ?%? ?(?:-|–|to) ?\d[\d.,]* ?%?")
_CLOSED = ("upper_closed", "lower_closed")


def with_own_limit(row: Row) -> Row:
    """Give the row with its limit in a cell of its own; a row that has such a cell stays."""
    if len(row.answers) != 1 or "specification" in row.cells:
        return row
    answer = row.answers[0]
    match = _WITH_LIMIT.fullmatch(answer.text)
    if match is None:
        match = _BARE.fullmatch(answer.text)
        # Without a word only these are a limit: "(< 0.05)" may be another method's result.
        if match is None:
            return row
        if comparator_at(match["limit"])[0] not in _CLOSED and not _RANGE.fullmatch(match["limit"]):
            return row
    value = answer.text[: match.start("word")].count(" ")
    words = answer.words
    head, tail = words[:value], words[value:]
    # The bracket and its word are no part of the limit.
    named = len(match["word"].split())
    limit = tail[named:]
    if not head or not limit:
        return row
    limit = (replace(limit[0], text=limit[0].text.lstrip("([")), *limit[1:])
    last = replace(limit[-1], text=limit[-1].text.rstrip(")].") or limit[-1].text)
    block = Block((*limit[:-1], last), answer.cell)
    return replace(
        row,
        answers=(Block(head, answer.cell),),
        cells={**row.cells, "specification": block},
    )
