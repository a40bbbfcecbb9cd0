"""Opens delimited text: CSV and TSV. Every cell stays the text that it is."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from qcvalidate.documents import Opener
from qcvalidate.documents.beside import beside_findings
from qcvalidate.documents.document import Cell, Document, Table
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

LARGEST_BYTES = 200 * 2**20

_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
# UTF-32's mark starts with UTF-16's, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _open(path: Path, name: str, sha256: str) -> Document:
    """Read the file as one table of text; `DocumentError` when its cells cannot be told apart."""
    if path.stat().st_size > LARGEST_BYTES:
        raise DocumentError(
            f"{name}: is larger than the {LARGEST_BYTES:,} bytes that a table may have",
            slug="document-too-large",
        )
    text, findings = _decode(path.read_bytes(), name)
    if _CONTROL.search(text):
        raise DocumentError(
            f"{name}: holds control characters and is not a table of text",
            slug="document-dishonest",
        )
    if not text.strip():
        raise DocumentError(f"{name}: holds nothing but white space", slug="document-empty")
    rows = _split(text, name)
    headings = rows[0]
    cells = tuple(
        tuple(
            Cell(value, f"row {number} “{headings[column].strip()}”")
            if column < len(headings) and headings[column].strip()
            else Cell(value, f"row {number} column {column + 1}")
            for column, value in enumerate(row)
        )
        for number, row in enumerate(rows, start=1)
    )
    table = Table(Path(name).name, cells)
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="text/csv",
        kind="table",
        tables=(table,),
        findings=(*findings, *beside_findings(table, name)),
    )


OPENER = Opener(suffixes=(".csv", ".tsv"), open=_open)


def _decode(content: bytes, name: str) -> tuple[str, tuple[Finding, ...]]:
    encoding = next((known for mark, known in _MARKS if content.startswith(mark)), "utf-8")
    if encoding is None:
        raise DocumentError(f"{name}: is UTF-32 text; save it as UTF-8")
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or b"\x00" in content:
            raise DocumentError(f"{name}: is not text (byte {error.start})") from error
    try:
        # What Windows instruments write; a sign that is not in it (≤, ≥) cannot be lost here.
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name}: is neither UTF-8 nor Windows-1252 text (byte {error.start}); save it as UTF-8"
        ) from error
    return text, (
        Finding(
            "encoding-assumed",
            Severity.WARNING,
            f"{name}: is not UTF-8 and was read as Windows-1252; save it as UTF-8 to be sure",
            Place(name),
        ),
    )


def _split(text: str, name: str) -> list[list[str]]:
    """Cut the text by the one separator that gives every row the same number of cells."""
    tables = {mark: rows for mark in _SEPARATORS if (rows := _rows(text, mark))}
    wide = {mark: rows for mark, rows in tables.items() if max(map(len, rows)) > 1}
    even = {
        mark: rows for mark, rows in wide.items() if len({len(row) for row in rows if row}) == 1
    }
    for fitting in (even, wide):
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        if fitting:
            marks = " or ".join(_SEPARATORS[mark] for mark in fitting)
            raise DocumentError(
                f"{name}: its cells may be separated by {marks}; quote the cells that hold one"
            )
    if tables:
        return next(iter(tables.values()))
    raise DocumentError(f"{name}: a quoted cell is never closed, or is followed by other text")


def _rows(text: str, separator: str) -> list[list[str]] | None:
    """Cut the text by one separator; None when its quotes do not fit."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error:
        return None
