"""Opens files: bytes in, words, cells or events out. Knows formats, and no laboratory.

Each module here that has an `OPENER` opens one format, and has its suffixes in `_MODULES`.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qcvalidate.documents.document import Box, Cell, Document, Page, Table, Word
from qcvalidate.documents.signatures import NOBODY, Trust, signature_findings
from qcvalidate.errors import DocumentError
from qcvalidate.files import regular_size
from qcvalidate.record import Finding

__all__ = [
    "Box",
    "Cell",
    "Document",
    "Opener",
    "Page",
    "Table",
    "Word",
    "holds_events",
    "open_document",
    "recognised",
]

# A certificate is a few megabytes and a list-mode file some hundred.
LARGEST_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Opener:
    """How one format is recognised by name, and what opens it.

    `open` takes the file's path, the name that the report uses and the SHA-256 of its bytes.
    It raises `DocumentError` for anything that it cannot stand behind.
    """

    suffixes: tuple[str, ...]
    open: Callable[[Path, str, str], Document]


# The module that opens each kind of file. To ask them would be to import them all: a lot of PDF
# files would wait for what reads word processors and pictures.
_MODULES = {
    ".csv": "delimited", ".tsv": "delimited",
    ".docx": "docx", ".docm": "docx",
    ".fcs": "listmode", ".lmd": "listmode",
    ".gatingml": "xml", ".wsp": "xml", ".xml": "xml",
    ".hl7": "hl7",
    ".jpeg": "images", ".jpg": "images", ".png": "images", ".tif": "images", ".tiff": "images",
    ".json": "markup",
    ".ods": "opendocument",
    ".pdf": "pdf",
    ".txt": "text",
    ".xls": "legacy_workbook",
    ".xlsm": "workbook", ".xlsx": "workbook",
}  # fmt: skip


_FCS = (b"FCS2.0", b"FCS3.0", b"FCS3.1", b"FCS3.2")


def recognised(path: Path) -> bool:
    """Say whether a file of this name is of a kind that we open."""
    return path.suffix.lower() in _MODULES


def holds_events(path: Path) -> bool:
    """Say whether a file of this name is opened as a list-mode file."""
    return _MODULES.get(path.suffix.lower()) == "listmode"


def open_document(path: Path, name: str | None = None, trust: Trust = NOBODY) -> Document:
    """Open one file; `name` is what the report calls it (default: the file's own name).

    `trust` says whose digital signatures count.
    """
    name = name or path.name
    size = _size(path, name)
    module = _MODULES.get(path.suffix.lower()) or _module_by_content(path)
    if module is None:
        known = ", ".join(sorted(_MODULES))
        raise DocumentError(
            f"{name}: files that end in {path.suffix or 'nothing'!r} are not read; "
            f"expected one of {known} (a picture of another kind: save it as PNG or JPEG); "
            "what is no evidence stands under `ignore` in lot.yaml",
            slug="file-kind-unknown",
        )
    if size > LARGEST_BYTES:
        raise DocumentError(
            f"{name}: is {size:,} bytes; at most {LARGEST_BYTES:,} are read",
            slug="document-too-large",
        )
    if size == 0:
        raise DocumentError(f"{name}: is an empty file", slug="document-empty")
    try:
        before = path.stat()
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DocumentError(f"{name}: cannot be opened ({error.strerror})") from error
    opener: Opener = importlib.import_module(f"{__name__}.{module}").OPENER
    document = opener.open(path, name, digest)
    _require_unchanged(path, name, before)
    signatures = signature_findings(document, trust)
    told = (*signatures, *_recognised(document))
    return replace(document, findings=(*document.findings, *told)) if told else document


def _module_by_content(path: Path) -> str | None:
    """Know a list-mode file by its first bytes: CellQuest numbers them, `Data.001`, `Data.002`."""
    try:
        with path.open("rb") as stream:
            return "listmode" if stream.read(6) in _FCS else None
    except OSError:
        return None


def _require_unchanged(path: Path, name: str, before: os.stat_result) -> None:
    """Refuse a file that somebody wrote to since its SHA-256 was taken."""
    try:
        after = path.stat()
    except OSError as error:
        raise DocumentError(
            f"{name}: was taken away while it was read ({error.strerror})", slug="document-changed"
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DocumentError(
            f"{name}: changed while it was read; wait until it is copied, and check again",
            slug="document-changed",
        )


def _recognised(document: Document) -> Iterator[Finding]:
    """Say that what was read of a document was read in pictures."""
    if any(word.origin == "ocr" for page in document.pages for word in page.words):
        provenance = importlib.import_module(f"{__name__}.ocr.provenance")
        yield provenance.recognised_finding(document.pages, document.name)


def _size(path: Path, name: str) -> int:
    """Give the size of a regular file; say of anything else why it is not read."""
    try:
        return regular_size(path)
    except IsADirectoryError as error:
        if path.is_symlink():
            told = "is a link to a folder, and was not entered; put the folder itself there"
        else:
            told = f"is a folder{_unlisted(path)}"
        raise DocumentError(f"{name}: {told}") from error
    except OSError as error:
        raise DocumentError(f"{name}: cannot be opened ({error.strerror})") from error


def _unlisted(folder: Path) -> str:
    try:
        with os.scandir(folder):
            return ""
    except OSError as error:
        return f" that cannot be listed ({error.strerror})"
