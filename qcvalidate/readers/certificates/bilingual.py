"""Understands a label or a heading that says the same in two languages, side by side or stacked.

`Chargen-Nr. / Batch No.` and `Ergebnis` over `Result` are one label each: both halves must be
known, and must mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from qcvalidate.readers.certificates.keyvalues import Labels

_SEPARATORS = "/|–—-:· "
# Longer texts are sentences.
_LONGEST = 12
_Meaning = TypeVar("_Meaning")


def twice(text: str, ask: Callable[[str], _Meaning | None]) -> _Meaning | None:
    """Give what a text means as a whole, or what both of its halves mean.

    >>> twice("Ergebnis / Result", {"Ergebnis": "result", "Result": "result"}.get)
    'result'
    """
    whole = ask(text)
    if whole is not None:
        return whole
    words = text.split()
    if not 1 < len(words) <= _LONGEST:
        return None
    for cut in range(1, len(words)):
        left = " ".join(words[:cut]).strip(_SEPARATORS)
        right = " ".join(words[cut:]).strip(_SEPARATORS)
        if left and right:
            first = ask(left)
            if first is not None and first == ask(right):
                return first
    return None


@cache
def two_tongues(labels: Labels) -> TwoTongues:
    """Give the labels of a vocabulary in two languages; what was asked once is remembered."""
    return TwoTongues(labels)


_DATES = frozenset(("date", "datum", "fecha", "data"))


# `Lotto (1)`, `Batch number *`: a label with the mark of a footnote.
_NOTED = re.compile(r"\s*(?:\((?:\d|\*{1,2}|[a-c])\)|\*{1,3}|[¹²³†‡])$")


class TwoTongues:
    """The labels of a vocabulary, each also printed in two languages at once."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._seen: dict[str, str | None] = {}

    def label(self, text: str) -> str | None:
        """Name the header field that this label stands for."""
        return self._named(text) or None

    def is_label(self, text: str) -> bool:
        """Say whether this is a label, also of a field that we do not keep."""
        return self._named(text) is not None

    def is_label_at_colon(self, text: str) -> bool:
        """Say whether this is a label where a colon follows it: the name of a test is, too."""
        return self.is_label(text) or self._labels.is_label_at_colon(text)

    def _named(self, text: str) -> str | None:
        if text not in self._seen:
            bare = _NOTED.sub("", text)
            self._seen[text] = self._of_date(bare) or twice(bare, self._name)
        return self._seen[text]

    def _of_date(self, text: str) -> str | None:
        """Name the field of `Datum / Date of issue`: one half says only that it is a date."""
        halves = [half.strip() for half in text.split("/")]
        if len(halves) != 2 or not _DATES.intersection(half.casefold() for half in halves):
            return None
        named = [field for half in halves if (field := self._labels.label(half)) is not None]
        return named[0] if len(named) == 1 and named[0].startswith("date_") else None

    def _name(self, text: str) -> str | None:
        """Name a label's field; "" is for a label whose field we do not keep."""
        field = self._labels.label(text)
        if field is not None:
            return field
        return "" if self._labels.is_label(text) else None
