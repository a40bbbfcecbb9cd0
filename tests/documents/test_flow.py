from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qcvalidate import read
from qcvalidate.documents import Cell, Document, Page, Table
from qcvalidate.documents.flow import (
    Grid,
    GridCell,
    PageBreak,
    Paragraph,
    Run,
    is_laid_out,
    pages_of,
    pages_of_tables,
)
from qcvalidate.readers.certificates.lines import lines


def _paragraph(text: str, region: str = "paragraph 1", size: float = 10.0) -> Paragraph:
    return Paragraph((Run(text, size),), region)


def _seen(page: Page) -> list[str]:
    return [" | ".join(block.text for block in line.blocks) for line in lines(page)]


def _table(*rows: list[str], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Table:
    cells = tuple(
        tuple(Cell(text, f"S!{'ABCDEF'[at]}{number}") for at, text in enumerate(row))
        for number, row in enumerate(rows, start=1)
    )
    return Table("S", cells, merged)


def test_a_long_paragraph_stays_on_one_line() -> None:
    text = "No growth was observed in any of the media. " * 20

    (page,) = pages_of([_paragraph(text)], "docx")

    assert _seen(page) == [text.strip()]
    assert all(word.bbox[2] <= page.width for word in page.words)


def test_paragraphs_stand_apart_and_lines_of_one_do_not() -> None:
    (page,) = pages_of([_paragraph("one\ntwo"), _paragraph("three")], "docx")
    one, two, three = (word.bbox for word in page.words)

    # Readers join lines that are nearer than 0.9 of their height.
    assert two[1] - one[3] < 9
    assert three[1] - two[3] > 9


def test_a_page_break_begins_a_page() -> None:
    first, second = pages_of([_paragraph("one"), PageBreak(), _paragraph("two")], "docx")

    assert (_seen(first), _seen(second)) == (["one"], ["two"])
    assert second.words[0].page == 2


def test_tab_stops_line_up() -> None:
    parts = [Paragraph((Run(f"{text}\tx"),), "p", (200.0,)) for text in ("a", "much longer")]

    (page,) = pages_of(parts, "docx")

    assert {word.bbox[0] for word in page.words if word.text == "x"} == {236.0}


def test_words_of_different_size_share_a_line() -> None:
    paragraph = Paragraph((Run("Large ", 24.0), Run("small", 9.0)), "p")

    (page,) = pages_of([paragraph], "docx")

    assert _seen(page) == ["Large small"]


def test_cells_find_room_for_what_is_in_them() -> None:
    wide = GridCell(0, 0, (_paragraph("spans both of the columns"),), columns=2)
    tall = GridCell(1, 0, (_paragraph("tall"),), rows=2)
    others = [GridCell(row, 1, (_paragraph(f"row {row}"),)) for row in (1, 2)]

    (page,) = pages_of([Grid((wide, tall, *others))], "docx")

    blocks = {block.text: block for line in lines(page) for block in line.blocks}
    assert set(blocks) == {"spans both of the columns", "tall", "row 1", "row 2"}
    for block in blocks.values():
        assert block.cell is not None
        assert block.cell[0] < block.box[0] <= block.box[2] < block.cell[2]
    assert blocks["tall"].cell[3] == blocks["row 2"].cell[3]


def test_a_column_of_a_sheet_has_one_left_edge() -> None:
    (page,) = pages_of_tables([_table(["Lot:", "", "A1"], ["Report number:", "", "R1"])])

    assert _seen(page) == ["Lot: | A1", "Report number: | R1"]
    assert len({word.bbox[0] for word in page.words if word.text in ("A1", "R1")}) == 1
    assert page.words[-1].region == "S!C2"


def test_a_cell_merged_over_rows_stands_in_each() -> None:
    table = _table(["Sterility", "FTM"], ["", "TSB"], merged=((0, 0, 2, 1),))

    assert _seen(pages_of_tables([table])[0]) == ["Sterility | FTM", "Sterility | TSB"]


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [("1.125", True, "1.1250"), ("1.125", False, "1.125"), ("82.5", True, "82.5")],
)
def test_a_stored_number_cannot_be_taken_for_thousands(text: str, number: bool, shown: str) -> None:
    table = Table("S", ((Cell(text, "S!A1", number),),))

    assert _seen(pages_of_tables([table])[0]) == [shown]


@pytest.mark.parametrize(
    ("media_type", "rows", "laid_out"),
    [
        ("application/vnd.oasis.opendocument.spreadsheet", 1, True),
        ("application/vnd.oasis.opendocument.spreadsheet", 50_001, False),
        ("text/csv", 1, False),
    ],
)
def test_only_a_workbook_of_modest_size_is_laid_out(
    media_type: str, rows: int, laid_out: bool
) -> None:
    table = Table("S", ((Cell("x", "S!A1"),),) * rows)

    document = Document(Path("a"), "a", "", media_type, "table", tables=(table,))

    assert is_laid_out(document) is laid_out


def test_a_certificate_on_a_sheet_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "CoA"
    for at, value in {
        "A1": "Certificate of Analysis",
        "A3": "Report No.:", "C3": "NM-2026-0417", "E3": "Lot No.:", "F3": "MSC-2026-0018",
        "A5": "Test", "B5": "Medium", "C5": "Result", "D5": "Status",
        "A6": "Sterility", "B6": "FTM", "C6": "No growth", "D6": "Pass",
        "B7": "TSB", "C7": "Growth", "D7": "Fail",
        "A9": "Approved by:", "C9": "Dr. Anna Berg",
    }.items():  # fmt: skip
        sheet[at] = value
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A6:A7")
    book.save(tmp_path / "report.xlsx")

    record = read(tmp_path / "report.xlsx")

    assert record.source.kind == "pages"
    assert record.stated("lot") == "MSC-2026-0018"
    assert record.stated("report_number") == "NM-2026-0417"
    assert record.observations[["part", "reading", "region"]].values.tolist() == [
        ["anaerobic", "negative", "CoA!C6"],
        ["aerobic", "positive", "CoA!C7"],
    ]
