"""Says how sure we are of what two engines read in a picture: the states of words made one.

Letters count as read when both engines read the same. A text of a closed vocabulary may also be
vouched for by one engine alone, where what the other read is nothing, means the same, or is the
same text with letters mistaken; a number, a date or an identifier never is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from qcvalidate.documents import Word
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.record import Finding, Place, Severity, State

# The same text with a few letters mistaken: "No qrowth" is 0.9 alike, "Growth" 0.8 and means
# something else.
_ALIKE = 0.8
# A lone engine that is less sure of a word than this has guessed it.
_SURE = 0.85
_WORST_FIRST = (State.AMBIGUOUS, State.CONFLICT, State.SINGLE_SOURCE, State.CONFIRMED)


def worst(states: Iterable[State]) -> State:
    """Give the least sure of these states; no states at all are `CONFIRMED`."""
    found = set(states)
    return next((state for state in _WORST_FIRST if state in found), State.CONFIRMED)


def state_of(block: Block) -> State:
    """Say how sure the letters of a block are."""
    return worst(word.state for word in block.words)


def state_by_vocabulary(block: Block, meaning: Callable[[str], object]) -> State:
    """Say how sure a text of a closed vocabulary is; `meaning` gives None for what is not in it."""
    state = state_of(block)
    if state is State.CONFIRMED:
        return state
    means = meaning(block.text)
    doubtful = [word for word in block.words if word.state is not State.CONFIRMED]
    if means is None or any((word.confidence or 0.0) < _SURE for word in doubtful):
        return state
    other = other_reading(block)
    if not other:
        return State.CONFIRMED
    also = meaning(other)
    if also == means:
        return State.CONFIRMED
    alike = SequenceMatcher(None, block.text.casefold(), other.casefold()).ratio() >= _ALIKE
    # What means nothing contradicts nothing, so long as it can be the same letters.
    return State.CONFIRMED if also is None and alike else State.CONFLICT


def other_reading(block: Block) -> str:
    """Give what the second engine made of a block, "" where it saw nothing."""
    texts = (word.text if word.other is None else word.other for word in block.words)
    return " ".join(" ".join(texts).split())


def unconfirmed(name: str, what: str, block: Block, severity: Severity) -> Finding:
    """Tell why a place in a picture is not sure, and what the two engines made of it."""
    words: list[Word] = [word for word in block.words if word.state is not State.CONFIRMED]
    doubtful = Block(tuple(words)) if words else block
    other = other_reading(doubtful)
    second = f"the second read “{other}”" if other else "the second read nothing there"
    doubt = f"the two engines do not agree: the first read “{doubtful.text}”, {second}"
    if words and all(word.state is State.AMBIGUOUS for word in words):
        doubt = (
            f"both engines read “{doubtful.text}”, but the picture is too blurred to be sure, or "
            "its ink does not fit that reading"
        )
    where = Place(name, block.page, block.region)
    return Finding(
        "reading-unconfirmed",
        severity,
        f"{where}: {what} “{block.text}” was recognised in a picture, and {doubt}; compare it "
        "with the picture, and ask the laboratory for the original file",
        where,
    )
