"""Holds text recognised in a picture that may be a word on the outcome with letters mistaken.

What the reader leaves unread is harmless because it holds no telling word. "Contarnination" holds
none either, so a text on whose letters the engines do not agree is looked at as each of them read
it, with the signs that engines take for one another put right, and beside the gravest words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from qcvalidate.readers.certificates.agreement import other_reading, unconfirmed
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Finding, Severity, State
from qcvalidate.wording import key

_MISTAKEN = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("|", "l"), ("5", "s"), ("q", "g"))
_GRAVEST = (
    "growth", "contaminated", "contamination", "positive", "invalid", "failed", "fails", "turbid",
    "deviation", "repeated", "detected", "nonsterile", "preliminary", "cancelled", "organism",
    "wachstum", "abweichung", "kontamination", "keimwachstum", "croissance", "crecimiento",
    "crescita", "crescimento", "contaminazione", "contaminacion",
)  # fmt: skip
_ALIKE = 0.75
_SHORTEST = 5
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def doubtful_text(name: str, loose: Sequence[Block]) -> Iterator[Finding]:
    """Report unread text that may speak of the outcome, its letters as an engine mistook them."""
    for block in loose:
        doubtful = [word for word in block.words if word.state is not State.CONFIRMED]
        if not doubtful or telling(block.text) is not None:
            # What tells as it stands is held where it is read.
            continue
        other = other_reading(block)
        if "±" in block.text:
            # The second engine knows no ± and reads a +, which alone would speak of growth.
            other = other.replace("+", "±")
        if any(telling(text) is not None for text in (other, _put_right(block.text))) or any(
            _is_grave(text) for word in doubtful for text in (word.text, word.other or "")
        ):
            yield unconfirmed(name, "the text", block, Severity.HOLD)


def _put_right(text: str) -> str:
    folded = text.casefold()
    for read, meant in _MISTAKEN:
        folded = folded.replace(read, meant)
    return folded


def _is_grave(text: str) -> bool:
    return any(
        len(word) >= _SHORTEST and SequenceMatcher(None, word, grave).ratio() >= _ALIKE
        for word in _LETTERS.findall(key(text))
        for grave in _GRAVEST
    )
