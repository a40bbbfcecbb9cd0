"""Reads the form fields of a PDF, which its text layer does not hold: a ticked FAIL is a field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qcvalidate.documents.document import Page, Word
from qcvalidate.record import Finding, Place, Severity

_SHOWN = 12
_OFF = ("", "/Off", "Off")


def form_findings(path: Path, name: str) -> Iterator[Finding]:
    """Report the fields with their values; a form of nothing but signatures is none."""
    fields = list(_fields(path))
    filled = [f"{field} = “{value}”" for field, value in fields if value not in _OFF]
    if not fields:
        return
    shown = ", ".join(filled[:_SHOWN]) or "none of them filled in"
    more = f" and {len(filled) - _SHOWN} more" if len(filled) > _SHOWN else ""
    yield Finding(
        "form-field",
        Severity.HOLD,
        f"{name}: keeps values in {len(fields)} form fields, which anyone can change: "
        f"{shown}{more}; ask the laboratory for a printed (flattened) copy",
        Place(name),
    )


def _fields(path: Path) -> Iterator[tuple[str, str]]:
    """Give name and value of every field but signatures."""
    import pypdf  # noqa: PLC0415

    reader = pypdf.PdfReader(path)
    for name, field in (reader.get_fields() or {}).items():
        if field.get("/FT") == "/Sig" or ("/Kids" in field and "/FT" not in field):
            continue
        yield str(name), _value(field.get("/V"))


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_value(item) for item in value)
    return str(value)


def form_words(path: Path, pages: tuple[Page, ...]) -> list[Word]:
    """Place the values of text fields as words; only on pages that are not rotated."""
    import pypdf  # noqa: PLC0415

    words: list[Word] = []
    for page, sheet in zip(pages, pypdf.PdfReader(path).pages, strict=True):
        if sheet.rotation % 360:
            continue
        left, top = float(sheet.cropbox.left), float(sheet.cropbox.top)
        for annotation in sheet.get("/Annots") or ():
            widget = annotation.get_object()
            if widget.get("/Subtype") != "/Widget" or widget.get("/FT") != "/Tx":
                continue
            value = _value(widget.get("/V"))
            if value in _OFF or "/Rect" not in widget:
                continue
            x0, y0, x1, y1 = (float(edge) for edge in widget["/Rect"])
            words += _laid_out(value, page.number, (x0 - left, top - y1, x1 - left, top - y0))
    return words


def _laid_out(value: str, page: int, box: tuple[float, float, float, float]) -> Iterator[Word]:
    """Lay the words of a value side by side in its field; their widths are only likely."""
    x0, y0, x1, y1 = box
    pitch = min((x1 - x0) / max(1, len(value)), 0.5 * (y1 - y0))
    at = 0
    for text in value.split():
        at = value.index(text, at)
        place = (x0 + at * pitch, y0, x0 + (at + len(text)) * pitch, y1)
        yield Word(text, page, place, origin="form", engine="pypdf")
        at += len(text)
