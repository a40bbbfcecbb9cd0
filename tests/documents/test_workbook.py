from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as PillowImage

from qcvalidate.documents import Document, archive, open_document
from qcvalidate.documents.concealment import shows_value
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity


@pytest.fixture
def book() -> openpyxl.Workbook:
    return openpyxl.Workbook()


def _sheet(book: openpyxl.Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    sheet.title = "Results"
    return sheet


def _open(book: openpyxl.Workbook, tmp_path: Path) -> Document:
    book.save(tmp_path / "results.xlsx")
    return open_document(tmp_path / "results.xlsx")


@pytest.mark.parametrize(
    ("value", "number_format", "text", "number"),
    [
        ("0012", "General", "0012", False),
        (12, "General", "12", True),
        (12.0, "General", "12", True),
        (1.25e7, "0.00E+00", "12500000", True),
        (0.1 + 0.2, "General", "0.3", True),
        (0.82, "0%", "82%", True),
        (0.8249, "0%", "82.49%", True),
        (82.5, '0.0"%"', "82.5", True),
        (dt.date(2026, 4, 3), "dd/mm/yyyy", "2026-04-03", False),
        (dt.datetime(2026, 4, 3, 9, 30), "dd/mm/yyyy hh:mm", "2026-04-03 09:30:00", False),
        ("<0.05", "General", "<0.05", False),
        ("#DIV/0!", "General", "#DIV/0!", False),
        (None, "General", "", False),
    ],
)
def test_a_cell_is_the_text_that_a_person_sees(
    book: openpyxl.Workbook,
    tmp_path: Path,
    value: object,
    number_format: str,
    text: str,
    number: bool,
) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", "result", "end"])
    sheet.append(["A", value, "end"])
    sheet["B2"].number_format = number_format

    cell = _open(book, tmp_path).tables[0].rows[1][1]

    assert (cell.text, cell.number) == (text, number)
    assert cell.region == "Results!B2"


def test_a_formula_without_its_value_holds(book: openpyxl.Workbook, tmp_path: Path) -> None:
    _sheet(book).append(["lot", "=0.5*2"])

    document = _open(book, tmp_path)

    assert document.tables[0].rows[0][1].text == ""
    (finding,) = document.findings
    assert finding.slug == "formula-without-value"
    assert finding.severity is Severity.HOLD
    assert finding.place.region == "Results!B1"


@pytest.mark.parametrize("hide", ["row", "column"])
def test_hidden_cells_hold(book: openpyxl.Workbook, tmp_path: Path, hide: str) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", "result"])
    sheet.append(["A", "growth"])
    if hide == "column":
        sheet.column_dimensions["B"].hidden = True
    else:
        sheet.row_dimensions[2].hidden = True

    (finding,) = _open(book, tmp_path).findings

    assert (finding.slug, finding.severity) == ("cells-hidden", Severity.HOLD)


def test_a_row_without_height_holds(book: openpyxl.Workbook, tmp_path: Path) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", "result"])
    sheet.append(["A", "growth"])
    book.save(tmp_path / "full.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "full.xlsx") as full,
        zipfile.ZipFile(tmp_path / "flat.xlsx", "w") as flat,
    ):
        for name in full.namelist():
            flat.writestr(name, full.read(name).replace(b'<row r="2"', b'<row r="2" ht="0"'))

    document = open_document(tmp_path / "flat.xlsx")

    assert [finding.slug for finding in document.findings] == ["cells-hidden"]


def test_a_hidden_sheet_holds_and_is_not_read(book: openpyxl.Workbook, tmp_path: Path) -> None:
    _sheet(book).append(["lot"])
    other = book.create_sheet("Raw")
    other.append(["growth"])
    other.sheet_state = "veryHidden"

    document = _open(book, tmp_path)

    assert [table.name for table in document.tables] == ["Results"]
    assert [finding.slug for finding in document.findings] == ["cells-hidden"]


def _strike(sheet: Worksheet) -> None:
    sheet["B2"].font = Font(strike=True)


def _strike_part(sheet: Worksheet) -> None:
    sheet["B2"] = CellRichText("not ", TextBlock(InlineFont(strike=True), "sterile"))


def _white(sheet: Worksheet) -> None:
    sheet["B2"].font = Font(color="FFFFFFFF")


def _white_of_the_theme(sheet: Worksheet) -> None:
    sheet["B2"].font = Font(color=Color(theme=0))


def _dark_on_dark(sheet: Worksheet) -> None:
    sheet["B2"].font = Font(color="FF102030")
    sheet["B2"].fill = PatternFill("solid", fgColor="FF102031")


def _comment(sheet: Worksheet) -> None:
    sheet["B2"].comment = Comment("wrong sample", "AB")


def _low(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].height = 0.5


def _narrow(sheet: Worksheet) -> None:
    sheet.column_dimensions["B"].width = 0.05


def _page_header(sheet: Worksheet) -> None:
    sheet.HeaderFooter.oddHeader.center.text = "DRAFT"  # type: ignore[union-attr]


def _picture(sheet: Worksheet) -> None:
    content = io.BytesIO()
    PillowImage.new("RGB", (20, 20)).save(content, "PNG")
    content.seek(0)
    sheet.add_image(Image(content), "D4")


def _rule(sheet: Worksheet) -> None:
    style = DifferentialStyle(font=Font(color="FFFFFFFF"))
    sheet.conditional_formatting.add("B2", Rule("expression", formula=["TRUE"], dxf=style))


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (_strike, "text-struck"),
        (_strike_part, "text-struck"),
        (_white, "cells-hidden"),
        (_white_of_the_theme, "cells-hidden"),
        (_dark_on_dark, "cells-hidden"),
        (_comment, "cells-hidden"),
        (_low, "cells-hidden"),
        (_narrow, "cells-hidden"),
        (_page_header, "cells-hidden"),
        (_picture, "page-unread"),
        (_rule, "cells-hidden"),
    ],
)
def test_what_a_person_sees_otherwise_holds(
    book: openpyxl.Workbook, tmp_path: Path, change: Callable[[Worksheet], None], slug: str
) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", "result"])
    sheet.append(["A", 92.8])
    change(sheet)

    findings = _open(book, tmp_path).findings

    assert {(finding.slug, finding.severity) for finding in findings} == {(slug, Severity.HOLD)}


def test_an_ordinary_look_holds_nothing(book: openpyxl.Workbook, tmp_path: Path) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", "result"])
    sheet.append(["A", 92.8])
    sheet["A1"].font = Font(color="FFFFFFFF", bold=True)
    sheet["A1"].fill = PatternFill("solid", fgColor="FF203864")
    sheet["B1"].font = Font(color=Color(theme=0))
    sheet["B1"].fill = PatternFill("solid", fgColor=Color(theme=4))
    sheet["B2"].font = Font(color="FFC00000")
    sheet.row_dimensions[1].height = 12
    sheet.HeaderFooter.oddFooter.center.text = "Page &P of &N"  # type: ignore[union-attr]

    assert _open(book, tmp_path).findings == ()


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        # Roundings of the value, and units beside it.
        (92.8, "0", True),
        (92.8, "0.00", True),
        (1250000, "#,##0", True),
        (1250000, "0.00E+00", True),
        (0.928, "0.0%", True),
        (92.8, '0.0" %"', True),
        (0.05, '0.00" EU/mL"', True),
        (92.8, "[Red]0.0", True),
        (-5, "#,##0;(#,##0)", True),
        (0.5, "# ?/?", True),
        (92.8, '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', True),
        ("growth", "@", True),
        ("growth", "0.00", True),
        (dt.date(2026, 4, 3), "dd/mm/yyyy", True),
        # Another number, another sign, or nothing.
        (92.8, '"58.2"', False),
        (92.8, ";;;", False),
        (92.8, '""', False),
        (0.05, '"<"0.00', False),
        (92.8, '0.0" fails"', False),
        (1250000, "0.0,,", False),
        (92.8, "[>90]0.0;0.0", False),
        (92.8, '1"3"0', False),
        (-5, "0;0", False),
        ("growth", ";;;", False),
        ("growth", '"no growth"@', False),
        ("growth", '0;0;0;"no growth"', False),
        (True, ";;;", False),
    ],
)
def test_a_format_shows_the_value_or_it_does_not(
    value: object, number_format: str, shown: bool
) -> None:
    assert shows_value(value, number_format) is shown


def test_a_cell_that_shows_another_number_holds(book: openpyxl.Workbook, tmp_path: Path) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", 92.8])
    sheet["B1"].number_format = '"58.2"'

    document = _open(book, tmp_path)

    assert document.tables[0].rows[0][1].text == "92.8"
    assert [finding.slug for finding in document.findings] == ["document-dishonest"]


def test_a_merged_cells_value_stands_once(book: openpyxl.Workbook, tmp_path: Path) -> None:
    sheet = _sheet(book)
    sheet.append(["lot", "A", None])
    sheet.merge_cells("B1:C1")

    assert [cell.text for cell in _open(book, tmp_path).tables[0].rows[0]] == ["lot", "A", ""]


def test_an_empty_workbook_is_empty(book: openpyxl.Workbook, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        _open(book, tmp_path)

    assert caught.value.slug == "document-empty"


def test_a_sheet_of_impossible_size_is_refused(book: openpyxl.Workbook, tmp_path: Path) -> None:
    _sheet(book)["XFD1048576"] = "here"

    with pytest.raises(DocumentError) as caught:
        _open(book, tmp_path)

    assert caught.value.slug == "document-too-large"


def test_an_archive_that_unpacks_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_UNPACKED_BYTES", 1000)
    path = tmp_path / "results.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"0" * 1001)

    with pytest.raises(DocumentError) as caught:
        open_document(path)

    assert caught.value.slug == "document-too-large"


@pytest.mark.parametrize(
    "content",
    [b"lot,result\n", b"PK\x03\x04 truncated", bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 64],
    ids=["text", "truncated", "password"],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "results.xlsx"
    path.write_bytes(content)

    with pytest.raises(DocumentError):
        open_document(path)


def test_an_archive_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(DocumentError):
        open_document(path)


@pytest.mark.corpus
def test_the_hard_workbook_tells_all_that_it_hides(corpus: Path) -> None:
    document = open_document(corpus / "certificates" / "hard" / "t.xlsx")

    assert sorted(finding.slug for finding in document.findings) == [
        "cells-hidden",
        "formula-without-value",
    ]
    assert [row[0].text for row in document.tables[0].rows] == [
        "Lot", "0012", "12", "2026-04-03", "0.05",
    ]  # fmt: skip
