"""Reads boxes to tick: of `☒ Pass ☐ Fail` only what is ticked was said.

A box stands before each option or after each; where there is no telling which, nothing is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from qcvalidate.documents import Word
from qcvalidate.readers.certificates.lines import Block

_TICKED = "☒☑✓✔🗹🗸■●◉þý"
_OPEN = "☐□❏❐❑❒○◯¨"
# A cross may tick a box or strike out a line; alone it is neither.
_BRACKETED = re.compile(r"[\[(] ?([xX✓✔✗✘×]?) ?[\])]")
_TICKS_ALONE = re.compile(r"[✓✔☑🗹🗸]|\[ ?[xX✓✔] ?\]")


def has_boxes(block: Block) -> bool:
    """Say whether a text has boxes to tick in it."""
    return any(_box_at(block.words, at) for at in range(len(block.words)))


def ticked(block: Block) -> Block | None:
    """Give the one option that is ticked; the block itself when it has no boxes, None when unclear.

    None is for no tick, for two, and for boxes of which nobody can say what they belong to.
    """
    if not has_boxes(block):
        return block
    pieces = list(_pieces(block.words))
    if len(pieces) < 2:
        return None
    leads, ends = (isinstance(piece, bool) for piece in (pieces[0], pieces[-1]))
    if leads == ends:
        return None
    marks, options = (pieces[::2], pieces[1::2]) if leads else (pieces[1::2], pieces[::2])
    chosen = [
        option
        for mark, option in zip(marks, options, strict=True)
        if mark is True and not isinstance(option, bool)
    ]
    plain = all(isinstance(mark, bool) for mark in marks)
    texts = not any(isinstance(option, bool) for option in options)
    return Block(tuple(chosen[0]), block.cell) if plain and texts and len(chosen) == 1 else None


def is_tick(text: str) -> bool:
    """Say whether a cell holds a tick and nothing else."""
    return _TICKS_ALONE.fullmatch(text.strip()) is not None


def _box_at(words: Sequence[Word], at: int) -> tuple[bool, int] | None:
    """Say of a box that begins at a word whether it is ticked, and how many words it takes."""
    text = words[at].text
    if len(text) == 1 and text in _TICKED + _OPEN:
        return text in _TICKED, 1
    if text[0] not in "[(":
        return None
    for size in (1, 2, 3):
        found = _BRACKETED.fullmatch(" ".join(word.text for word in words[at : at + size]))
        if found and len(words) >= at + size:
            return bool(found[1]), size
    return None


def _pieces(words: Sequence[Word]) -> Iterator[bool | list[Word]]:
    """Give boxes (ticked or not) and the runs of words between them."""
    marked: list[tuple[bool | None, Word]] = []
    at = 0
    while at < len(words):
        box = _box_at(words, at)
        marked.append((box[0] if box else None, words[at]))
        at += box[1] if box else 1
    for mark, run in groupby(marked, key=lambda item: item[0]):
        if mark is None:
            yield [word for _, word in run]
        else:
            yield from (mark for _ in run)
