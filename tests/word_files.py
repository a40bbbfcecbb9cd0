"""Writes DOCX files by hand, so that a test can put any mark-up into them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*entries: tuple[str, str] | tuple[str, str, str]) -> str:
    """Write a part of relations: kind, target and, for what lies outside, a word more."""
    written = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{entry[0]}" Target="{entry[1]}"'
        + (' TargetMode="External"/>' if len(entry) > 2 else "/>")
        for number, entry in enumerate(entries, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def paragraph(text: str, properties: str = "", paragraph_properties: str = "") -> str:
    """Write a paragraph of one run."""
    return (
        f"<w:p><w:pPr>{paragraph_properties}</w:pPr><w:r><w:rPr>{properties}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def table(*rows: str, properties: str = "", columns: str = "") -> str:
    """Write a table of rows as `row` makes them."""
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def row(*cells: str, properties: str = "") -> str:
    """Write a row of cells as `cell` makes them."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell(content: str, properties: str = "") -> str:
    """Write a cell; plain text becomes a paragraph."""
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def styles(*written: str) -> str:
    """Write a part of styles."""
    return f"<w:styles {NAMESPACES}>{''.join(written)}</w:styles>"


def write_docx(
    path: Path, body: str, parts: Mapping[str, str] | None = None, links: str = ""
) -> Path:
    """Write a document whose body is this; `parts` are further entries, by name.

    A part called `word/<kind>.xml` is related to the document by its kind, unless `links` says
    otherwise.
    """
    parts = dict(parts or {})
    kinds = [name[5:-4] for name in parts if name.startswith("word/") and name.count("/") == 1]
    entries = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": links
        or relations(*((kind, f"{kind}.xml") for kind in kinds)),
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path
