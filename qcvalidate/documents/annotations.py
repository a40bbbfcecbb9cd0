"""Tells what was laid over the pages of a PDF or put into it later: comments, marks, attachments.

None of it is in the text of a page, so none of it is read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from qcvalidate.record import Finding, Place, Severity

_LONGEST = 80
# Bits of an annotation's flags: hidden, and shown in print only.
_HIDDEN = 1 << 1 | 1 << 5


def annotation_findings(raw: Any, page: Any, number: int, name: str) -> Iterator[Finding]:
    """Report the marks on one page; links, and fields of a form, which forms.py reads, are none."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        words = _words(raw, annotation)
        hidden = raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN
        raw.FPDFPage_CloseAnnot(annotation)
        # A popup is the window of another comment, which has the words.
        if kind in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP):
            continue
        place = Place(name, number)
        said = f" that says “{words}”" if words else ""
        if kind == raw.FPDF_ANNOT_STRIKEOUT:
            yield Finding(
                "text-struck",
                Severity.HOLD,
                f"{name} page {number}: a comment{said} strikes text through; "
                "ask the laboratory for an amended report",
                place,
            )
        elif kind in _harmless(raw) and not words and not hidden:
            yield Finding(
                "page-unread",
                Severity.WARNING,
                f"{name} page {number}: somebody marked text in colour or underlined it; "
                "the text was read, the mark was not",
                place,
            )
        else:
            yield Finding(
                "page-unread",
                Severity.HOLD,
                f"{name} page {number}: {_kinds(raw).get(kind, 'a comment')}{said} was laid over "
                "the page and was not read; ask the laboratory for a report without it",
                place,
            )


def _harmless(raw: Any) -> tuple[int, ...]:
    return (raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_SQUIGGLY)


def _kinds(raw: Any) -> dict[int, str]:
    return {
        raw.FPDF_ANNOT_TEXT: "a note",
        raw.FPDF_ANNOT_FREETEXT: "typed text",
        raw.FPDF_ANNOT_STAMP: "a stamp",
        raw.FPDF_ANNOT_INK: "ink",
        raw.FPDF_ANNOT_REDACT: "a redaction",
        raw.FPDF_ANNOT_LINE: "a line",
        raw.FPDF_ANNOT_SQUARE: "a box",
        raw.FPDF_ANNOT_CIRCLE: "a circle",
        raw.FPDF_ANNOT_FILEATTACHMENT: "an attached file",
    }


def _words(raw: Any, annotation: Any) -> str:
    text = _utf16(lambda *room: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", *room))
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def attachment_findings(raw: Any, pdf: Any, name: str) -> Iterator[Finding]:
    """Report the files inside the file: a second report may be among them."""
    count = raw.FPDFDoc_GetAttachmentCount(pdf)
    if count <= 0:
        return
    names = []
    for index in range(min(count, 5)):
        attachment = raw.FPDFDoc_GetAttachment(pdf, index)
        found = _utf16(lambda *room, it=attachment: raw.FPDFAttachment_GetName(it, *room))
        names.append(
            "".join(letter for letter in found if letter.isprintable()) or "without a name"
        )
    more = f" and {count - 5} more" if count > 5 else ""
    yield Finding(
        "page-unread",
        Severity.HOLD,
        f"{name}: holds attached files, which were not read: {', '.join(names)}{more}; "
        "put those that count into the lot folder, and this one without them",
        Place(name),
    )


def _utf16(fill: Callable[..., int]) -> str:
    """Ask pdfium for a text: first for its length in bytes, then for itself."""
    length = fill(None, 0)
    if length <= 2:
        return ""
    units = (ctypes.c_ushort * (length // 2 + 1))()
    fill(units, length)
    return bytes(units)[: length - 2].decode("utf-16-le", "replace")
