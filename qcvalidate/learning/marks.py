"""Finds what a paper may be recognised by: the laboratory's name, and the form's number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.documents import Document
from qcvalidate.labs.faults import mark_faults
from qcvalidate.learning.comparing import Reading
from qcvalidate.readers.certificates.lines import Line
from qcvalidate.vocabulary import Vocabulary

_HEAD = 0.25
_MOST = 3
_FORM = re.compile(
    r"\b(?:form(?:ular|blatt|ulario|ulaire)?|vordruck|modulo|doc(?:ument)?)\b\.? ?(?:no|nr|n[º°])?"
    r"[.:#]* ?(?P<number>[A-Z][A-Z0-9]*[-–/. ]?[\w\-–/.]*\d[\w\-–/.]*)",
    re.IGNORECASE,
)


def marks_of(
    document: Document, lines: Sequence[Line], reading: Reading, vocabulary: Vocabulary
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give names of the laboratory and numbers of the form, the likeliest first."""
    known = reading.header.get("laboratory")
    names = [known.text] if known is not None else []
    # What was read as another field is somebody else's name.
    others = {field.text for name, field in reading.header.items() if name != "laboratory"}
    names += _letterhead(document, lines, others, vocabulary)
    forms = [match["number"].rstrip(".,") for line in lines for match in _FORM.finditer(line.text)]
    usable = [name for name in names if not list(mark_faults((name,), ()))]
    numbered = [form for form in forms if not list(mark_faults((), (form,)))]
    return tuple(dict.fromkeys(usable))[:_MOST], tuple(dict.fromkeys(numbered))[:_MOST]


def _letterhead(
    document: Document, lines: Sequence[Line], others: set[str], vocabulary: Vocabulary
) -> Iterator[str]:
    """Give what stands in the head of the first page, the largest letters first."""
    first = document.pages[0]
    blocks = [
        block
        for line in lines
        for block in line.blocks
        if block.page == first.number and block.box[3] <= _HEAD * first.height
    ]
    for block in sorted(blocks, key=lambda b: -b.height):
        words = block.text
        is_name = any(map(str.isalpha, words)) and not any(c.isdigit() or c == ":" for c in words)
        if is_name and words not in others and not vocabulary.is_label(words) and len(words) <= 80:
            yield words
