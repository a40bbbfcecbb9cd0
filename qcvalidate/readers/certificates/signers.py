"""Knows the lines that say who signed, which stand close under a table and are no rows of it."""

from __future__ import annotations

import re

from qcvalidate.readers.certificates.dating import is_date
from qcvalidate.readers.certificates.header import is_name
from qcvalidate.readers.certificates.keyvalues import plain
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.telling import telling

_LONGEST_LABEL = 6
_ON = re.compile(r"[,;]?\s*(?:\b(?:on|date|dated|am|le|el|il|em|datum|fecha|data)\b:?)?\s*$", re.I)


def is_signature(text: str, book: Phrasebook) -> bool:
    """Say whether a line is nothing but who signed, and perhaps when.

    `Reviewed by J. Pemberton on 22 Feb 2026`; not `Reviewed by`, nor `Reviewed by: growth seen`.
    """
    words = text.split()
    for cut in range(min(_LONGEST_LABEL, len(words) - 1), 0, -1):
        if book.label(plain(" ".join(words[:cut]))) == "signed_by":
            return _is_signer(words[cut:])
    return False


def _is_signer(words: list[str]) -> bool:
    dated = next((at for at in range(1, len(words)) if is_date(" ".join(words[at:]))), len(words))
    name = _ON.sub("", " ".join(words[:dated]))
    return is_name(name) and telling(name) is None
