"""Opens delimited text: CSV and TSV. Every cell stays the text that it is."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from qcvalidate.documents import Opener
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
    text, findings = decode(path.read_bytes(), name)
    if _CONTROL.search(text):
        raise DocumentError(
            f"{name}: holds control characters and is not a table of text; save it as UTF-8",
            slug="document-dishonest",
        )
    if not text.strip():
        raise DocumentError(f"{name}: holds nothing but white space", slug="document-empty")
    return table_document(path, name, sha256, _split(text, name), findings)


OPENER = Opener(suffixes=(".csv", ".tsv"), open=_open)


def table_document(
    path: Path, name: str, sha256: str, rows: list[list[str]], findings: tuple[Finding, ...]
) -> Document:
    """Make a document of the rows of one table; each cell is named by its row and heading."""
    widest = max(map(len, rows))
    # Instruments write lines about themselves above the header.
    headings = next(row for row in rows if 2 * len(row) > widest)
    cells = tuple(
        tuple(
            Cell(value, f"row {number} “{headings[column].strip()}”")
            if column < len(headings) and headings[column].strip()
            else Cell(value, f"row {number} column {column + 1}")
            for column, value in enumerate(row)
        )
        for number, row in enumerate(rows, start=1)
    )
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="text/csv",
        kind="table",
        tables=(Table(Path(name).name, cells),),
        findings=findings,
    )


def decode(content: bytes, name: str) -> tuple[str, tuple[Finding, ...]]:
    """Give the text that bytes stand for, by their mark, as UTF-8, else as Windows-1252.

    Raises `DocumentError` where they are none of these.
    """
    encoding = next((known for mark, known in _MARKS if content.startswith(mark)), "utf-8")
    if encoding is None:
        raise DocumentError(f"{name}: is UTF-32 text; save it as UTF-8")
    unmarked = _unmarked(content) if encoding == "utf-8" else None
    try:
        text = content.decode(unmarked or encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or b"\x00" in content:
            raise DocumentError(f"{name}: is not text (byte {error.start})") from error
    else:
        return text, (_assumed(name, "UTF-16"),) if unmarked else ()
    try:
        # What Windows instruments write; a sign that is not in it (≤, ≥) cannot be lost here.
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name}: is neither UTF-8 nor Windows-1252 text (byte {error.start}); save it as UTF-8"
        ) from error
    return text, (_assumed(name, "Windows-1252"),)


def _unmarked(content: bytes) -> str | None:
    """Name the UTF-16 that text without a mark is in: every other byte of it is zero."""
    head = content[:1000]
    even, odd = head[::2], head[1::2]
    if len(content) % 2 or len(head) < 4:
        return None
    if odd.count(0) > 0.8 * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.8 * len(even) and not odd.count(0) else None


def _assumed(name: str, encoding: str) -> Finding:
    return Finding(
        "encoding-assumed",
        Severity.WARNING,
        f"{name}: is not UTF-8 and was read as {encoding}; save it as UTF-8 to be sure",
        Place(name),
    )


def even_table(text: str) -> list[list[str]] | None:
    """Give the rows of a text that is a table for certain: three columns, the same in every row.

    None for any other text, one with labels (`Lot:`) in its first row among them.
    """
    found = []
    for mark in ",;\t":  # bars are drawn between the columns of a text, too
        rows = _rows(text, mark) or []
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        widths = {len(row) for row in filled}
        if len(filled) > 1 and len(widths) == 1 and min(widths) > 2:
            found.append((rows, filled[0]))
    if len(found) != 1:
        return None
    rows, header = found[0]
    named = all(cell.strip() and not cell.strip().endswith(":") for cell in header)
    return rows if named else None


# What Excel writes, and reads, above a table.
_DECLARED = re.compile(r"\ufeff?sep=([,;\t|])\r?\n?", re.IGNORECASE)


def _split(text: str, name: str) -> list[list[str]]:
    """Cut the text by the one separator that gives every row the same number of cells."""
    declared = _DECLARED.match(text)
    if declared is not None:
        rows = _rows(text[declared.end() :], declared[1])
        if rows is None or not any(rows):
            raise DocumentError(
                f"{name}: says that {_SEPARATORS[declared[1]]} separates its cells, and cannot be "
                "cut by it; save it again"
            )
        # The line counts, for the names of the rows below.
        return [[], *rows]
    tables = {mark: rows for mark in _SEPARATORS if (rows := _rows(text, mark))}
    wide = {mark: rows for mark, rows in tables.items() if max(map(len, rows)) > 1}
    even = {mark: rows for mark, rows in wide.items() if _is_even(rows)}
    below = {mark: rows for mark, rows in wide.items() if _is_even_below(rows, mark)}
    for fitting in (even, below, wide):
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


def _is_even(rows: list[list[str]]) -> bool:
    """Say whether all rows have the header's number of cells, a last blank one not counted."""
    filled = [row for row in rows if row]
    width = len(filled[0])
    return width > 1 and all(
        len(row) == width or (len(row) == width + 1 and not row[-1].strip()) for row in filled
    )


def _is_even_below(rows: list[list[str]], mark: str) -> bool:
    """Say whether the rows are even under a few narrower lines, and hold no other separator."""
    widest = max(map(len, rows))
    filled = [row for row in rows if row]
    start = next(at for at, row in enumerate(filled) if len(row) == widest)
    body = filled[start:]
    others = [other for other in _SEPARATORS if other != mark]
    return (
        len(body) >= 2
        and len({len(row) for row in body}) == 1
        and all(len(row) <= widest // 2 for row in filled[:start])
        # A comma between digits is a decimal mark, or one of thousands.
        and not any(
            other in re.sub(r"(?<=\d),(?=\d)", "", cell)
            for row in body
            for cell in row
            for other in others
        )
    )


def _rows(text: str, separator: str) -> list[list[str]] | None:
    """Cut the text by one separator; None when its quotes do not fit."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error:
        return None
