from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from qcvalidate.documents import Document, open_document
from qcvalidate.documents.opendocument.sheet import shows
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{prefix}="{_ODF}{space}:1.0"'
    for prefix, space in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)


def _text(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _number(value: str, shown: str, attributes: str = "", kind: str = "float") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {attributes}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def _row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def _sheet(*rows: str, attributes: str = "", columns: str = "<table:table-column/>") -> str:
    return f'<table:table table:name="Results" {attributes}>{columns}{"".join(rows)}</table:table>'


def _write(path: Path, book: str, styles: str = "", parts: dict[str, str] | None = None) -> Path:
    entries = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {_SPACES}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f"{book}</office:spreadsheet></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_SPACES}/>",
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def _open(tmp_path: Path, book: str, styles: str = "", **parts: str) -> Document:
    return open_document(_write(tmp_path / "results.ods", book, styles, parts))


def _texts(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for row in document.tables[0].rows]


def _slugs(document: Document) -> list[str]:
    return [finding.slug for finding in document.findings]


@pytest.mark.parametrize(
    ("cell", "text", "number"),
    [
        (_text("0012"), "0012", False),
        (_number("12", "12"), "12", True),
        (_number("0.30000000000000004", "0,30"), "0.3", True),
        (_number("12500000", "1,25E+07"), "12500000", True),
        (_number("0.82", "82 %", kind="percentage"), "82%", True),
        (
            '<table:table-cell office:value-type="date" office:date-value="2026-04-03">'
            "<text:p>03.04.26</text:p></table:table-cell>",
            "2026-04-03",
            False,
        ),
        (
            '<table:table-cell office:value-type="boolean" office:boolean-value="true">'
            "<text:p>WAHR</text:p></table:table-cell>",
            "TRUE",
            False,
        ),
        (_text('No<text:s text:c="2"/>growth'), "No  growth", False),
    ],
)
def test_a_cell_is_the_text_that_a_person_sees(
    tmp_path: Path, cell: str, text: str, number: bool
) -> None:
    document = _open(tmp_path, _sheet(_row(_text("lot"), _text("x")), _row(_text("A"), cell)))

    found = document.tables[0].rows[1][1]
    assert (found.text, found.number, found.region) == (text, number, "Results!B2")
    assert not document.findings


def test_repeated_and_merged_cells_stand_where_they_are_seen(tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    document = _open(
        tmp_path,
        _sheet(
            _row(_text("a"), blank, _text("b")),
            _row("<table:table-cell/>", attributes='table:number-rows-repeated="2"'),
            _row(_text("c", 'table:number-columns-spanned="2" table:number-rows-spanned="3"')),
            _row(
                '<table:table-cell table:number-columns-repeated="16384"/>',
                attributes='table:number-rows-repeated="1048570"',
            ),
        ),
    )

    assert _texts(document) == [
        ["a", "", "", "b"],
        ["", "", "", ""],
        ["", "", "", ""],
        ["c", "", "", ""],
    ]
    assert document.tables[0].merged == ((3, 0, 3, 2),)


_STYLES = {
    "white": '<style:style style:name="x" style:family="table-cell">'
    '<style:text-properties fo:color="#fefefe"/></style:style>',
    "struck": '<style:style style:name="x" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>',
    "white by its base": '<style:style style:name="b" style:family="table-cell">'
    '<style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="x" style:family="table-cell" style:parent-style-name="b"/>',
    "white by a rule": '<style:style style:name="w" style:family="table-cell">'
    '<style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="x" style:family="table-cell">'
    '<style:map style:condition="is-true-formula(1)" style:apply-style-name="w"/></style:style>',
    "shows words": '<number:number-style style:name="n"><number:text>No growth</number:text>'
    '</number:number-style><style:style style:name="x" style:family="table-cell" '
    'style:data-style-name="n"/>',
    "dark on dark": '<style:style style:name="x" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#101010"/>'
    '<style:text-properties fo:color="#000000"/></style:style>',
}


@pytest.mark.parametrize(
    ("style", "slug"),
    [
        ("white", "cells-hidden"),
        ("struck", "text-struck"),
        ("white by its base", "cells-hidden"),
        ("white by a rule", "cells-hidden"),
        ("shows words", "document-dishonest"),
        ("dark on dark", "cells-hidden"),
    ],
)
def test_what_a_style_shows_otherwise_holds(tmp_path: Path, style: str, slug: str) -> None:
    cell = _number("5", "5", 'table:style-name="x"')
    document = _open(tmp_path, _sheet(_row(_text("lot"), cell)), _STYLES[style])

    assert [(f.slug, f.severity) for f in document.findings] == [(slug, Severity.HOLD)]


def test_white_on_dark_is_seen(tmp_path: Path) -> None:
    style = (
        '<style:style style:name="x" style:family="table-cell"><style:table-cell-properties '
        'fo:background-color="#203864"/><style:text-properties fo:color="#ffffff"/></style:style>'
    )

    assert not _open(tmp_path, _sheet(_row(_text("lot", 'table:style-name="x"'))), style).findings


_FLAT = (
    '<style:style style:name="flat" style:family="table-row">'
    '<style:table-row-properties style:row-height="0.01cm"/></style:style>'
    '<style:style style:name="shut" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


_COVERED = "<table:covered-table-cell><text:p>x</text:p></table:covered-table-cell>"


@pytest.mark.parametrize(
    "book",
    [
        _sheet(_row(_text("a")), _row(_text("x"), attributes='table:visibility="collapse"')),
        _sheet(_row(_text("a")), _row(_text("x"), attributes='table:visibility="filter"')),
        _sheet(_row(_text("a")), _row(_text("x"), attributes='table:style-name="flat"')),
        _sheet(
            _row(_text("a"), _text("x")),
            columns='<table:table-column/><table:table-column table:visibility="collapse"/>',
        ),
        _sheet(
            _row(_text("a")),
            f'<table:table-row-group table:display="false">{_row(_text("x"))}'
            "</table:table-row-group>",
        ),
        _sheet(_row(_text("a"))) + _sheet(_row(_text("x")), attributes='table:style-name="shut"'),
        _sheet(_row(_text("a"), _COVERED)),
    ],
    ids=["row", "filtered", "flat", "column", "group", "sheet", "covered"],
)  # fmt: skip
def test_hidden_cells_hold(tmp_path: Path, book: str) -> None:
    document = _open(tmp_path, book, _FLAT)

    assert [(f.slug, f.severity) for f in document.findings] == [("cells-hidden", Severity.HOLD)]
    assert len(document.tables) == 1


@pytest.mark.parametrize(
    ("cell", "slug"),
    [
        ('<table:table-cell table:formula="of:=1+1"/>', "formula-without-value"),
        (_number("5", "No growth"), "document-dishonest"),
        (_number("5", ""), "document-dishonest"),
        (_text("No growth", 'office:string-value="Growth"'), "document-dishonest"),
        (
            '<table:table-cell office:value-type="date" office:date-value="2026-04-03">'
            "<text:p>28.12.2025</text:p></table:table-cell>",
            "document-dishonest",
        ),
        (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>wrong'
            "</text:p></office:annotation><text:p>x</text:p></table:table-cell>",
            "cells-hidden",
        ),
        (
            "<table:table-cell><text:p>a</text:p><text:list><text:list-item><text:p>Growth</text:p>"
            "</text:list-item></text:list></table:table-cell>",
            "page-unread",
        ),
        (_text("x<draw:frame><draw:image/></draw:frame>"), "page-unread"),
    ],
)
def test_a_cell_that_cannot_be_taken_as_it_is_holds(tmp_path: Path, cell: str, slug: str) -> None:
    document = _open(tmp_path, _sheet(_row(_text("lot"), cell)))

    assert [(f.slug, f.severity) for f in document.findings] == [(slug, Severity.HOLD)]


@pytest.mark.parametrize(
    ("header", "slugs"),
    [
        ("<text:p>DRAFT</text:p>", ["cells-hidden"]),
        ("<text:p>Page <text:page-number>1</text:page-number></text:p>", []),
    ],
)
def test_the_header_of_the_printed_page_is_told(
    tmp_path: Path, header: str, slugs: list[str]
) -> None:
    styles = (
        f"<office:document-styles {_SPACES}><office:master-styles><style:master-page>"
        f"<style:header>{header}</style:header></style:master-page></office:master-styles>"
        "</office:document-styles>"
    )
    path = _write(
        tmp_path / "results.ods", _sheet(_row(_text("lot"))), parts={"styles.xml": styles}
    )

    assert _slugs(open_document(path)) == slugs


def test_macros_hold(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "results.ods", _sheet(_row(_text("a"))), parts={"Basic/Standard/x.xml": "<x/>"}
    )

    assert _slugs(open_document(path)) == ["shown-otherwise"]


def test_tracked_changes_hold(tmp_path: Path) -> None:
    changes = "<table:tracked-changes><table:cell-content-change/></table:tracked-changes>"

    assert _slugs(_open(tmp_path, changes + _sheet(_row(_text("a"))))) == [
        "document-tracked-changes"
    ]


def test_a_sheet_of_impossible_size_is_refused(tmp_path: Path) -> None:
    wide = _text("x", 'table:number-columns-repeated="16384"')

    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, _sheet(_row(wide, attributes='table:number-rows-repeated="1048576"')))

    assert caught.value.slug == "document-too-large"


def test_a_password_is_asked_to_be_taken_off(tmp_path: Path) -> None:
    manifest = (
        f'<m:manifest xmlns:m="{_ODF}manifest:1.0"><m:file-entry><m:encryption-data/>'
        "</m:file-entry></m:manifest>"
    )
    path = _write(tmp_path / "results.ods", "", parts={"META-INF/manifest.xml": manifest})

    with pytest.raises(DocumentError, match="password"):
        open_document(path)


@pytest.mark.parametrize(
    ("book", "slug"),
    [("", "document-empty"), (_sheet(_row("<table:table-cell/>")), "document-empty")],
)
def test_a_workbook_without_cells_is_empty(tmp_path: Path, book: str, slug: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, book)

    assert caught.value.slug == slug


def test_a_workbook_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    deep = "<text:span>" * 3000 + "x" + "</text:span>" * 3000

    with pytest.raises(DocumentError, match="nested"):
        _open(tmp_path, _sheet(_row(_text(deep))))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.ods"
    path.write_bytes(b"PK\x03\x04 truncated")

    with pytest.raises(DocumentError, match="damaged"):
        open_document(path)


@pytest.mark.parametrize(
    ("value", "shown", "same"),
    [
        ("0.0512", "0.05", True),
        ("0.0512", "0,05 EU/mL", True),
        ("1234567", "1.234.567", True),
        ("1234567", "1 234 567", True),
        ("1234567", "1'234'567", True),
        ("-5", "-5", True),
        ("-5", "(5)", True),
        ("5", "6", False),
        ("0.5", "0.05", False),
        ("5", "No growth", False),
        ("5", "", False),
    ],
)
def test_a_rounding_of_a_number_shows_it(value: str, shown: str, same: bool) -> None:
    assert shows(Decimal(value), shown) is same


# --- old Excel files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 64, "save it as .xlsx"),
        (b"lot\tresult\n", "no Excel workbook"),
    ],
)
def test_an_old_excel_file_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "results.xls"
    path.write_bytes(content)

    with pytest.raises(DocumentError, match=said):
        open_document(path)
