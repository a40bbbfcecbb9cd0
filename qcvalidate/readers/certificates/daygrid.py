"""Reads observations day by day: a column for each day, or a row for each.

Growth on any day is growth. Else what counts is the last day that was looked at; a blank day is
no result, and the day of the last look travels with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qcvalidate.readers.certificates.legend import NOT_LOOKED, outcome_of, plain_sign
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.resulttable import Column

DAY_COLUMN = "day_column"
_DAY = re.compile(
    r"(?:day|days|tag|jour|d[ií]a|giorno|d|j|t|g)\s*[-.:]?\s*(?P<n>\d{1,2})\.?"
    r"|(?P<m>\d{1,2})\.?\s*(?:d|days?|tage?|jours?|d[ií]as?|giorni)",
    re.IGNORECASE,
)
_FEWEST = 3
_LAST_DAY = 60


def day_of(heading: str) -> int | None:
    """Give the day of incubation that a heading names.

    >>> day_of("Day 7"), day_of("Tag 14"), day_of("7")
    (7, 14, None)
    """
    match = _DAY.fullmatch(heading.strip().rstrip(":"))
    day = int(match["n"] or match["m"]) if match else None
    return day if day is not None and day <= _LAST_DAY else None


def with_days(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Know plain numbers that rise from left to right for days, where several stand together."""
    numbers = [
        int(column.heading) if column.meaning is None and _is_day(column.heading) else None
        for column in columns
    ]
    days = [number for number in numbers if number is not None]
    if len(days) < _FEWEST or any(later <= earlier for earlier, later in pairwise(days)):
        return tuple(columns)
    return tuple(
        column if number is None else replace(column, meaning=DAY_COLUMN, heading=f"Day {number}")
        for column, number in zip(columns, numbers, strict=True)
    )


def _is_day(text: str) -> bool:
    return text.isdigit() and int(text) <= _LAST_DAY


@dataclass(frozen=True)
class Look:
    """What was seen on one day: `kind` is `negative`, `positive` or `unknown`."""

    day: int
    block: Block
    kind: str


def looks(
    columns: Sequence[Column],
    blocks: Sequence[Block | None],
    book: Phrasebook,
    signs: Mapping[str, str],
) -> Iterator[Look]:
    """Give what was seen on each day of a row; days without an entry are left out."""
    for column, block in zip(columns, blocks, strict=True):
        if column.meaning != DAY_COLUMN or block is None:
            continue
        day = day_of(column.heading)
        kind = seen(block.text, book, signs)
        if day is not None and kind != "blank":
            yield Look(day, block, kind)


def blank_last_day(
    columns: Sequence[Column],
    blocks: Sequence[Block | None],
    book: Phrasebook,
    signs: Mapping[str, str],
) -> int | None:
    """Give the last day of a table of days, where this row has no entry for it."""
    days = {
        day: block
        for column, block in zip(columns, blocks, strict=True)
        if column.meaning == DAY_COLUMN and (day := day_of(column.heading)) is not None
    }
    if not days:
        return None
    block = days[max(days)]
    is_blank = block is None or seen(block.text, book, signs) == "blank"
    return max(days) if is_blank else None


def seen(text: str, book: Phrasebook, signs: Mapping[str, str]) -> str:
    """Say whether an entry means growth; a sign means what the document's legend says.

    `blank` is for a day on which, by the legend, nobody looked.
    """
    sign = plain_sign(text)
    if sign == "+":
        return "positive"
    plain = book.vocabulary.result(text).kind
    meant = signs.get(sign)
    if meant is None:
        kind = plain
    elif NOT_LOOKED.search(meant):
        return "blank" if plain not in ("positive", "invalid") else "unknown"
    else:
        kind = outcome_of(meant, book)
        if plain in ("positive", "negative") and plain != kind:
            # The legend says the opposite of what the word means elsewhere.
            return "unknown"
    return {"positive": "positive", "negative": "negative", "pending": "negative"}.get(
        kind, "unknown"
    )


def settled(found: Sequence[Look]) -> Look | None:
    """Give the one look that counts: the first growth, else the last day."""
    grown = [look for look in found if look.kind == "positive"]
    if grown:
        return min(grown, key=lambda look: look.day)
    return max(found, key=lambda look: look.day, default=None)
