from __future__ import annotations

from pathlib import Path

import pytest

from qcvalidate.documents import Document, delimited, open_document
from qcvalidate.errors import DocumentError


def _open(tmp_path: Path, content: bytes | str, name: str = "results.csv") -> Document:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_document(path)


def _texts(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for row in document.tables[0].rows]


def test_cells_stay_the_text_that_they_are(tmp_path: Path) -> None:
    document = _open(tmp_path, "lot,test,result\n007,viability,NA\n0012, ,1.250\n")

    assert _texts(document)[1:] == [["007", "viability", "NA"], ["0012", " ", "1.250"]]
    assert not document.findings


def test_a_cell_is_named_by_its_row_and_heading(tmp_path: Path) -> None:
    document = _open(tmp_path, "lot,Viability (%)\n007,82\n\n008,83\n")

    assert document.tables[0].rows[1][1].region == "row 2 “Viability (%)”"
    assert document.tables[0].rows[3][1].region == "row 4 “Viability (%)”"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_fits_every_row(tmp_path: Path, separator: str) -> None:
    document = _open(tmp_path, f"lot{separator}result\nA{separator}1\nB{separator}2\n")

    assert _texts(document) == [["lot", "result"], ["A", "1"], ["B", "2"]]


def test_decimal_commas_do_not_separate(tmp_path: Path) -> None:
    document = _open(tmp_path, "Charge;Viabilität\nA;78,6\nB;90\n")

    assert _texts(document)[1] == ["A", "78,6"]


def test_two_separators_that_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="a comma or a semicolon"):
        _open(tmp_path, "lot;a,result\nA;1,5\n")


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="never closed"):
        _open(tmp_path, 'lot,result\n"A,1\n')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_and_without_its_mark_is_read(tmp_path: Path, encoding: str) -> None:
    document = _open(tmp_path, "Charge;Prüfung\nA;≥ 5\n".encode(encoding))

    assert _texts(document) == [["Charge", "Prüfung"], ["A", "≥ 5"]]
    assert not document.findings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_and_said(tmp_path: Path, encoding: str) -> None:
    document = _open(tmp_path, "Lot,Result\nA,≥ 5\n".encode(encoding))

    assert _texts(document)[1] == ["A", "≥ 5"]
    assert [finding.slug for finding in document.findings] == ["encoding-assumed"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(tmp_path: Path, end: str) -> None:
    document = _open(tmp_path, f"Lot;Result{end}A;1,5{end}")

    assert _texts(document) == [["Lot", "Result"], ["A", "1,5"]]


def test_a_separator_that_the_file_declares_is_taken(tmp_path: Path) -> None:
    document = _open(tmp_path, "sep=;\r\nLot;a,result\r\nA;1,5\r\n")

    assert _texts(document) == [[], ["Lot", "a,result"], ["A", "1,5"]]
    assert document.tables[0].rows[2][1].region == "row 3 “a,result”"


def test_a_declared_separator_that_does_not_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="a semicolon"):
        _open(tmp_path, 'sep=;\nLot;"Result\n')


def test_separators_behind_the_last_cell_separate_nothing(tmp_path: Path) -> None:
    document = _open(tmp_path, "Lot;Result\nA;78,6;\nB;80,1;\n")

    assert _texts(document)[1][:2] == ["A", "78,6"]


def test_lines_above_the_header_do_not_decide_the_separator(tmp_path: Path) -> None:
    document = _open(
        tmp_path, "Instrument; X\nRun, of 3 May\n\nLot;Sample;Test;Result\nA;1;x;78,6\n"
    )

    assert _texts(document)[-1] == ["A", "1", "x", "78,6"]
    assert document.tables[0].rows[-1][3].region == "row 5 “Result”"


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    document = _open(tmp_path, "Charge;Viabilität\nA;5\n".encode("cp1252"))

    assert _texts(document)[0] == ["Charge", "Viabilität"]
    assert [finding.slug for finding in document.findings] == ["encoding-assumed"]


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "document-empty"),
        (b" \n\n", "document-empty"),
        (b"lot,result\nA,\x00\n", "document-dishonest"),
        ("lot,result\nA,1\n".encode("utf-32"), "document-unreadable"),
        (b"lot,result\nA,\x81\n", "document-unreadable"),
        (b"lot,result\nA,\x1b[2J\n", "document-dishonest"),
        (b"\xff\xfel", "document-unreadable"),
    ],
)
def test_what_is_no_table_of_text_is_refused(tmp_path: Path, content: bytes, slug: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, content)

    assert caught.value.slug == slug


def test_a_table_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LARGEST_BYTES", 10)

    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, "lot,result\nA,1\n")

    assert caught.value.slug == "document-too-large"


@pytest.mark.corpus
def test_every_counter_export_opens(corpus: Path) -> None:
    files = sorted((corpus / "counters").glob("*/*.csv"))

    assert len(files) == 9
    for path in files:
        assert open_document(path).tables[0].rows
