"""Refuses old Excel files: how they show and hide cells is told in a way that we do not read."""

from __future__ import annotations

from pathlib import Path

from qcvalidate.documents import Opener
from qcvalidate.documents.archive import OLE_MAGIC
from qcvalidate.documents.document import Document
from qcvalidate.errors import DocumentError


def _refuse(path: Path, name: str, sha256: str) -> Document:  # noqa: ARG001  an opener's shape
    with path.open("rb") as stream:
        head = stream.read(len(OLE_MAGIC))
    if head == OLE_MAGIC:
        raise DocumentError(
            f"{name}: is in Excel's old format, in which hidden cells and number formats are not "
            "read; open it in its program and save it as .xlsx"
        )
    # Instruments give this ending to tables of text and to web pages, for Excel to open them.
    raise DocumentError(
        f"{name}: is no Excel workbook, whatever its name ends in; open it in Excel and save it "
        "as .xlsx",
        slug="document-dishonest",
    )


OPENER = Opener(suffixes=(".xls",), open=_refuse)
