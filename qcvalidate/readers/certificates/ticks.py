"""Reads a row's verdict where it is a tick, or a yes or no under a heading that asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.marks import has_boxes, is_tick, ticked
from qcvalidate.readers.certificates.resulttable import ResultTable
from qcvalidate.wording import key

_ASKS = re.compile(
    r"\b(?:compl(?:ies|iant|y)|conform\w*|meets?|in (?:spec\w*|limits|range)|within|pass(?:ed|es)?"
    r"|accept(?:ed|able|ance)?|erfullt"
    r"|entspricht|konform\w*|spezifikationskonform|bestanden|in ordnung"
    r"|innerhalb|satisfaisant|acceptable|cumple|apto|aceptable|idoneo|soddisfa|accettabile|cumpre"
    r"|aprovado|aceitavel)\b"
)
# The two answers that a heading offers deny nothing: "Conforme sì/no".
_CHOICE = re.compile(r" (?:(?:yes|ja|oui|si|sim) (?:no|nein|non|nao)|[yjos] n)$")
_DENIES = re.compile(
    r"\b(?:non?|not|nicht|pas|n|nao|fail(?:ed|s)?|reject(?:ed)?|exceed\w*|outside|out|above|over"
    r"|uberschr\w*|ausserhalb|oberhalb|hors|depass\w*|fuera|supera\w*|fuori|fora|exced\w*)\b"
)
_YES = frozenset(("yes", "y", "ja", "j", "oui", "si", "sim"))
_NO = frozenset(("no", "n", "nein", "non", "nao"))


# Hospitals print a result where it belongs: under `In Range` or `Out Of Range`.
_RANGES = {
    "in range": "pass",
    "out of range": "fail",
    "normal": "pass",
    "abnormal": "fail",
}


# A heading may offer the two signs of which one stands below: `C / NC`.
_SIGNS = {
    **dict.fromkeys(("c", "p", "ok", "pass", "conf"), "pass"),
    **dict.fromkeys(("nc", "f", "nok", "fail", "n conf"), "fail"),
}


def said_by_tick(
    table: ResultTable, meanings: Sequence[str | None], blocks: Sequence[Block | None]
) -> str | None:
    """Give a row's verdict where it is a tick, or an answer to the question of its heading."""
    ranged = {
        said
        for column, block in zip(table.columns, blocks, strict=True)
        if block is not None and (said := _RANGES.get(key(column.heading)))
    }
    if ranged and are_ranges(column.heading for column in table.columns):
        # The result stands in the column of its verdict.
        return ranged.pop() if len(ranged) == 1 else "unclear"
    marked = {
        meaning: block is not None and _is_marked(block)
        for meaning, block in zip(meanings, blocks, strict=True)
        if meaning in ("passes", "fails")
    }
    if marked:
        if sum(marked.values()) != 1:
            return "unclear"
        return "pass" if marked["passes"] else "fail"
    for column, meaning, block in zip(table.columns, meanings, blocks, strict=True):
        if meaning != "verdict" or block is None:
            continue
        if offers_signs(column.heading):
            return _SIGNS.get(key(block.text))
        if has_boxes(block) and ticked(block) is None:
            alone = is_tick(block.text) and is_question(column.heading)
            return "pass" if alone else "unclear"
        if is_question(column.heading):
            answer = key(block.text)
            return "pass" if answer in _YES else "fail" if answer in _NO else None
    return None


def is_range(heading: str) -> bool:
    """Say whether a column holds the results that are within their range, or those that are not."""
    return key(heading) in _RANGES


def are_ranges(headings: Iterable[str]) -> bool:
    """Say whether a table has a column for results within their range, and one for the others."""
    return {_RANGES.get(key(heading)) for heading in headings} >= {"pass", "fail"}


def offers_signs(heading: str) -> bool:
    """Say whether a heading names the signs of its verdicts.

    >>> offers_signs("C / NC"), offers_signs("P/F"), offers_signs("PC / NC")
    (True, True, False)
    """
    offered = [_SIGNS.get(key(half)) for half in heading.split("/")]
    return len(offered) == 2 and {*offered} == {"pass", "fail"}


def is_question(heading: str) -> bool:
    """Say whether a heading asks whether a result is right: `Complies?`, `Accept`."""
    folded = _CHOICE.sub("", key(heading))
    return _ASKS.search(folded) is not None and not _DENIES.search(folded)


def _is_marked(block: Block) -> bool:
    return is_tick(block.text) or key(block.text) in ("x", *_YES) or block.text.strip() in "☒●■"
