"""Writes a certificate as a DOCX file and as a workbook, as laboratories send them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import openpyxl

from benchmarks.mutants.lots import certificates

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ALWAYS = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Style:
    """How a document is written beside its words: parts of mark-up that `word` puts in.

    `result` changes the run of the first result, `more` stands below the remarks, `top` and
    `bottom` are what every page repeats.
    """

    result: Callable[[str], str] = str
    more: str = ""
    top: str = ""
    bottom: str = ""
    ruled: bool = True


def paragraph(text: str, properties: str = "") -> str:
    """Write a paragraph of one run."""
    return f"<w:p>{run(text, properties)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return (
        f"<w:r><w:rPr>{properties}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )  # fmt: skip


def inserted(content: str) -> str:
    """Mark runs as inserted, and accepted by nobody."""
    return f'<w:ins w:id="9" w:author="A. Sample" w:date="2026-04-01T00:00:00Z">{content}</w:ins>'


def deleted(text: str) -> str:
    """Mark text as deleted, and accepted by nobody."""
    return (
        '<w:del w:id="8" w:author="A. Sample" w:date="2026-04-01T00:00:00Z">'
        f"<w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>"
    )


def word(said: certificates.Certificate, style: Style = Style(), column: int = 2) -> bytes:
    """Write the header as a table of two columns, and the results as one of as many as it has."""
    laboratory = said.laboratory
    head = [laboratory.name, laboratory.address, laboratory.accreditation]
    lines = [*map(paragraph, head), paragraph(said.title, "<w:b/>")]
    boxes = [[f"{label}:" if label else "", text] for label, text in said.boxes]
    lines += [_table([[run(cell) for cell in row] for row in boxes], style), paragraph("")]
    rows = [[run(cell, "<w:b/>") for cell in said.columns]]
    rows += [[run(cell) for cell in row] for row in said.rows]
    if len(rows) > 1:
        rows[1][column] = style.result(rows[1][column])
    lines += [_table(rows, style), *map(paragraph, said.remarks), style.more]
    lines += [paragraph(f"{label}: {text}") for pairs in said.signatures for label, text in pairs]
    return _package("".join(lines), {"header": style.top, "footer": style.bottom})


def _table(rows: Sequence[Sequence[str]], style: Style) -> str:
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/><w:p>{cell}</w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4"/>' for edge in edges)
    ruled = f"<w:tblBorders>{borders}</w:tblBorders>" if style.ruled else ""
    grid = "<w:gridCol/>" * max((len(row) for row in rows), default=1)
    return f"<w:tbl><w:tblPr>{ruled}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def _package(body: str, repeated: dict[str, str]) -> bytes:
    """Pack the parts; every page carries what is `repeated` in its header and footer."""
    spaces = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
    names = [name for name, text in repeated.items() if text]
    section = "".join(
        f'<w:{name}Reference w:type="default" r:id="rId{n}"/>' for n, name in enumerate(names)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{name}" Target="{name}1.xml"/>'
        for n, name in enumerate(names)
    )
    roots = {"header": "hdr", "footer": "ftr"}
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            f"<w:document {spaces}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body>"
            "</w:document>"
        ),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
        ),
        **{
            f"word/{name}1.xml": f"<w:{roots[name]} {spaces}>{repeated[name]}</w:{roots[name]}>"
            for name in names
        },
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # The moment of writing would make other bytes at every run.
            archive.writestr(zipfile.ZipInfo(name, _ALWAYS), content)
    return stream.getvalue()


def workbook(
    said: certificates.Certificate, touch: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    """Write one cell for each label, text and result; `touch` may change the book at the end."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Report"
    laboratory = said.laboratory
    for text in (laboratory.name, laboratory.address, laboratory.accreditation, said.title):
        sheet.append([text])
    sheet.append([])
    for label, text in said.boxes:
        if label or text:
            sheet.append([f"{label}:", text])
    sheet.append([])
    for row in (said.columns, *said.rows):
        sheet.append([cell or None for cell in row])
    sheet.append([])
    for text in said.remarks:
        sheet.append([text])
    for pairs in said.signatures:
        for label, text in pairs:
            sheet.append([f"{label}:", text])
    if touch is not None:
        touch(book)
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
