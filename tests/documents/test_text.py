from __future__ import annotations

from pathlib import Path

import pytest

from qcvalidate import read
from qcvalidate.documents import Document, open_document, text
from qcvalidate.errors import DocumentError
from qcvalidate.readers.certificates.lines import lines
from qcvalidate.record import Severity


def _open(tmp_path: Path, content: bytes | str) -> Document:
    path = tmp_path / "report.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_document(path)


def _seen(document: Document) -> list[str]:
    return [
        " | ".join(block.text for block in line.blocks)
        for page in document.pages
        for line in lines(page)
    ]


def test_two_blanks_and_a_tab_part_columns(tmp_path: Path) -> None:
    document = _open(tmp_path, "Lot:  A1\nNo growth\tPass\n")

    assert _seen(document) == ["Lot: | A1", "No growth | Pass"]
    assert [word.region for word in document.pages[0].words][-1] == "line 2"
    assert not document.findings


def test_what_stands_under_one_another_lines_up(tmp_path: Path) -> None:
    document = _open(tmp_path, "Test        Result\nSterility\tx\nEndotoxin\ty\n")
    lefts = {word.text: word.bbox[0] for word in document.pages[0].words}

    # The second tab stop is the sixteenth letter, the heading is the thirteenth.
    assert lefts["x"] == lefts["y"] == lefts["Result"] + 4 * 6


def test_a_sentence_may_end_with_two_blanks(tmp_path: Path) -> None:
    document = _open(tmp_path, "No growth was seen.  The sample complies.\n")

    assert _seen(document) == ["No growth was seen. The sample complies."]


def test_a_table_that_is_drawn_has_upright_rulings(tmp_path: Path) -> None:
    rule = "+------+--------+\n"
    drawn = f"{rule}| Test | Result |\n{rule}| FTM  | Growth |\n{rule}"

    assert _seen(_open(tmp_path, drawn)) == ["Test | Result", "FTM | Growth"]


def test_a_form_feed_begins_a_page(tmp_path: Path) -> None:
    document = _open(tmp_path, "One\n\n\fTwo\n")

    assert [page.number for page in document.pages] == [1, 2]
    assert document.pages[1].words[0].page == 2
    assert document.pages[1].words[0].region == "line 3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    document = _open(tmp_path, "Prüfung ≥ 5\n".encode(encoding))

    assert _seen(document) == ["Prüfung ≥ 5"]
    assert not document.findings


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    document = _open(tmp_path, "Prüfung\n".encode("cp1252"))

    assert _seen(document) == ["Prüfung"]
    assert [finding.slug for finding in document.findings] == ["encoding-assumed"]


def test_letters_without_width_part_no_word(tmp_path: Path) -> None:
    assert _seen(_open(tmp_path, "No gr\u200bow\u00adth\n")) == ["No growth"]


@pytest.mark.parametrize(
    ("content", "slug"),
    [("\u202ehtworg oN\u202c", "shown-otherwise"), ("N\u0336o\u0336 growth", "text-struck")],
)
def test_letters_that_show_others_otherwise_hold(tmp_path: Path, content: str, slug: str) -> None:
    (finding,) = _open(tmp_path, content).findings

    assert (finding.slug, finding.severity) == (slug, Severity.HOLD)


def test_a_table_of_results_in_a_text_is_a_table(tmp_path: Path) -> None:
    document = _open(tmp_path, "lot\ttest\tresult\nA\tviability\t82 %\n")

    assert document.kind == "table"
    assert document.tables[0].rows[1][2].region == "row 2 “result”"


@pytest.mark.parametrize(
    "content",
    [
        "Lot:\tA1\nResult:\tGrowth\n",  # labels
        "Lot:\tA1\tx\nReport:\tR1\ty\n",  # labels, three columns of them
        "Test | Limit | Result\nFTM | none | none\n",  # columns that are drawn
        "Lot, A1, here\nand, there, too, and more\n",  # prose
    ],
)
def test_what_is_no_even_table_stays_text(tmp_path: Path, content: str) -> None:
    assert _open(tmp_path, content).kind == "pages"


def test_a_message_in_a_text_is_opened_as_one(tmp_path: Path) -> None:
    message = "MSH|^~\\&|LAB|X|Y|Z|20260401||ORU^R01|1|P|2.5\rPID|1\r"

    assert _open(tmp_path, message).kind == "structured"


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "document-empty"),
        (b" \n\f\n", "document-empty"),
        (b"-----\n=====\n", "document-empty"),
        (b"No growth\x08\x08\x08", "document-dishonest"),
        (b"\x1b[8mGrowth\x1b[0m", "document-dishonest"),
        (b"%PDF-1.7\n\x00", "document-dishonest"),
        (b"a\x81b", "document-unreadable"),
        (b"x" * 5000, "document-too-large"),
    ],
)
def test_what_is_no_plain_text_is_refused(tmp_path: Path, content: bytes, slug: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, content)

    assert caught.value.slug == slug


def test_a_text_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "LARGEST_BYTES", 10)

    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, "No growth at all\n")

    assert caught.value.slug == "document-too-large"


_CERTIFICATE = """\
                 CERTIFICATE OF ANALYSIS

Report No.:  NM-2026-0417           Lot No.:   MSC-2026-0018

Test                 Specification       Result            Status
-----------------------------------------------------------------
Sterility (FTM)      No growth           No growth         Pass
Endotoxin            <= 0.5 EU/mL        < 0.05 EU/mL      Pass

Approved by: Dr. Anna Berg
"""


def test_a_certificate_in_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(_CERTIFICATE, "utf-8")

    record = read(path)

    assert record.stated("lot") == "MSC-2026-0018"
    assert record.stated("report_number") == "NM-2026-0417"
    assert record.observations[["test", "result", "region"]].values.tolist() == [
        ["sterility", "No growth", "line 7"],
        ["endotoxin", "< 0.05 EU/mL", "line 8"],
    ]
