from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qcvalidate.documents import open_document
from qcvalidate.documents.beside import beside_findings
from qcvalidate.record import Finding, Severity


def _told(book: openpyxl.Workbook, tmp_path: Path) -> list[Finding]:
    book.save(tmp_path / "results.xlsx")
    (table,) = open_document(tmp_path / "results.xlsx").tables
    return list(beside_findings(table, "results.xlsx"))


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("A5", "Run invalid"),  # under the table, after a blank row
        ("A4", "Run invalid"),  # straight under it
        ("F1", "REJECTED"),  # beyond a blank column
        ("F2", "58.2 after repeat"),
    ],
)
def test_what_stands_beside_a_table_holds(tmp_path: Path, where: str, text: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["lot", "test", "result", "unit"])
    sheet.append(["A", "viability", 92.8, "%"])
    sheet.append(["A", "volume", 10, "mL"])
    sheet[where] = text

    (finding,) = _told(book, tmp_path)

    assert (finding.slug, finding.severity) == ("table-header-unknown", Severity.HOLD)
    assert f"“{text}”" in finding.message


def test_a_title_a_gap_and_a_spacer_are_no_remarks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Counts"])
    sheet.append(["lot", "test", "result", None, "unit"])
    sheet.append(["A", "viability", 92.8, None, "%"])
    sheet.append([])
    sheet.append(["A", "volume", 10, None, "mL"])
    sheet.append(["A", "appearance", "clear", None, None])

    slugs = [finding.slug for finding in _told(book, tmp_path)]

    assert slugs == []
