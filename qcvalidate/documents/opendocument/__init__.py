"""Opens ODS workbooks: each visible sheet a table of texts, as a person sees them.

An own walk of content.xml, which says what is hidden, merged or never computed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.documents import Opener
from qcvalidate.documents.archive import opened, read_xml, shorten
from qcvalidate.documents.concealment import HEADER_WORDS
from qcvalidate.documents.document import Document, Table
from qcvalidate.documents.opendocument.sheet import COMMENT, Sheet, excerpt
from qcvalidate.documents.opendocument.styles import Styles
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    f"{_ODF}{space}:1.0": prefix
    for space, prefix in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("drawing", "draw"),
        ("datastyle", "number"),
        ("xsl-fo-compatible", "fo"),
        ("manifest", "manifest"),
    )
} | {
    "http://www.w3.org/1999/xlink": "xlink",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}


def _open(path: Path, name: str, sha256: str) -> Document:
    """Read the visible sheets; say what is hidden, and what a person sees otherwise."""
    with opened(path, name, "an ODS workbook") as archive:
        _refuse_encrypted(archive, name)
        content, styles = _tree(archive, "content.xml", name), _tree(archive, "styles.xml", name)
        told = list(_carried(archive))
    book = content.find("office.body/office.spreadsheet")
    if book is None:
        raise DocumentError(f"{name}: holds no spreadsheet", slug="document-dishonest")
    try:
        told += _beside_the_cells(book, styles)
        sheets = list(_sheets(book, Styles.of(styles, content), name))
    except RecursionError as error:
        raise DocumentError(f"{name}: is nested too deeply to be a workbook") from error
    findings = [Finding(slug, Severity.HOLD, f"{name}: {what}", Place(name)) for slug, what in told]
    findings += [finding for sheet in sheets for finding in sheet.findings()]
    tables = [
        Table(sheet.name, tuple(map(tuple, sheet.rows)), tuple(sheet.merged))
        for sheet in sheets
        if sheet.rows and not sheet.hidden
    ]
    if not tables:
        raise DocumentError(f"{name}: no visible sheet holds anything", slug="document-empty")
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type=_MEDIA_TYPE,
        kind="table",
        tables=tuple(tables),
        findings=tuple(findings),
    )


OPENER = Opener(suffixes=(".ods",), open=_open)


def _sheets(book: Element, styles: Styles, name: str) -> Iterator[Sheet]:
    for element in book.findall("table.table"):
        sheet = Sheet(element.get("table.name", ""), styles, name)
        sheet.read(element)
        yield sheet


def _tree(archive: zipfile.ZipFile, part: str, name: str) -> Element:
    tree = read_xml(archive, part, name)
    shorten(tree, _PREFIXES)
    return tree


def _refuse_encrypted(archive: zipfile.ZipFile, name: str) -> None:
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = _tree(archive, "META-INF/manifest.xml", name)
        if any(element.tag == "manifest.encryption-data" for element in manifest.iter()):
            raise DocumentError(f"{name}: wants a password; save it without one")


def _carried(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    names = archive.namelist()
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        yield "shown-otherwise", "carries macros, which were not run; save it without them"


def _beside_the_cells(book: Element, styles: Element) -> Iterator[tuple[str, str]]:
    """Report what is no cell: pictures, plots, tracked changes, links, headers of the page."""
    tags = {element.tag for element in book.iter()}
    drawn = {tag for tag in tags if str(tag).startswith("draw.")}
    if drawn - {"draw.a"} - _drawn_in_comments(book, drawn):
        yield (
            "page-unread",
            "the workbook holds pictures, plots or text boxes, which were not read; "
            "send it with its cells alone",
        )
    changes = book.find("table.tracked-changes")
    if changes is not None and len(changes):
        yield (
            "document-tracked-changes",
            "holds tracked changes, so that it is two documents in one; ask for the workbook with "
            "its changes accepted or rejected",
        )
    if tags & {
        "table.table-source",
        "table.cell-range-source",
        "office.dde-source",
        "table.dde-link",
    }:
        yield (
            "shown-otherwise",
            "takes cells from elsewhere, which was not fetched; send it with its cells alone",
        )
    for part in styles.iter():
        if str(part.tag).startswith(("style.header", "style.footer")) and (
            part.get("style.display") != "false"
        ):
            said = " ".join(_without_fields(part)).strip()
            if said and not HEADER_WORDS.fullmatch(said):
                yield (
                    "cells-hidden",
                    f"is printed with a header or footer that was not read: “{excerpt(said)}”",
                )


def _drawn_in_comments(book: Element, drawn: set[str]) -> set[str]:
    """Give the tags of drawings that stand in comments alone: their text is told with them."""
    inside = {e.tag for note in book.iter(COMMENT) for e in note.iter()}
    outside = _tags_outside_comments(book)
    return {tag for tag in drawn if tag in inside and tag not in outside}


def _tags_outside_comments(element: Element) -> set[str]:
    found = {str(element.tag)}
    for child in element:
        if child.tag != COMMENT:
            found |= _tags_outside_comments(child)
    return found


def _without_fields(element: Element) -> Iterator[str]:
    """Give the text of a header without what the program fills in: the page, the date."""
    yield element.text or ""
    for child in element:
        if child.tag in ("text.p", "text.span", "style.region-left", "style.region-center",
                         "style.region-right"):  # fmt: skip
            yield from _without_fields(child)
        yield child.tail or ""
