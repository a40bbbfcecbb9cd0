"""Compares identifiers: exactly, after a declared normalisation, and never by likeness."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_DASHES = re.compile("[‐‑‒–—―−]")
# Characters that people and scanners take for one another.
_LOOKALIKES = str.maketrans("OQILSBZ", "0011582")


def identity_key(text: str) -> str:
    """Normalise an identifier for comparison: case, white space and kinds of dash, no more.

    >>> identity_key(" msc–2026 0018 ") == identity_key("MSC-20260018")
    True
    """
    return "".join(_DASHES.sub("-", text).split()).upper()


def looks_alike(one: str, other: str) -> bool:
    """Say whether two different identifiers differ in look-alikes and punctuation alone: O and 0.

    >>> looks_alike("MSC-2026-OO18", "MSC-2026-0018"), looks_alike("MSC-19", "MSC-18")
    (True, False)
    """
    return _bare(one) == _bare(other)


def is_near(one: str, other: str) -> bool:
    """Say whether a person may have meant the one by the other: look-alikes, a suffix, a slip."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return False
    if first.startswith(second) or second.startswith(first):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= 0.9


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", identity_key(text)).translate(_LOOKALIKES)
