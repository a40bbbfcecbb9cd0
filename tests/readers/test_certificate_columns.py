"""Texts side by side on a page: bars of facts, tiles, raised marks; expected values are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from certificate_layouts import Paper

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.frames import rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Record, Severity
from qcvalidate.vocabulary import load_vocabulary

BAR = (
    ("REPORT NO.", "R-26-118"),
    ("LOT NO.", "MSC-26-014"),
    ("DATE STARTED", "2026-03-05"),
    ("DATE COMPLETED", "2026-03-19"),
)
TABLE = (
    ("Test", "Result", "Limit", "Verdict"),
    ("Sterility, FTM", "No growth", "No growth", "Pass"),
    ("Sterility, TSB", "No growth", "No growth", "Pass"),
    ("Endotoxin", "< 0.05 EU/mL", "<= 5.0 EU/mL", "Pass"),
    ("Mycoplasma", "Not detected", "Not detected", "Pass"),
)
FOUND = [
    ("sterility", "anaerobic", "negative"),
    ("sterility", "aerobic", "negative"),
    ("endotoxin", None, None),
    ("mycoplasma", None, "negative"),
]


def read(paper: Paper, folder: Path) -> Record:
    path = folder / "certificate.pdf"
    path.write_bytes(paper.done())
    return read_document(open_document(path), Context(load_vocabulary(open_catalogue()), Locale()))


def results(record: Record) -> list[tuple[str, str | None, str | None]]:
    return [(row.test, row.part, row.reading) for row in rows(record.observations)]


def held(record: Record) -> list[str]:
    return [found.message for found in record.findings if found.severity is Severity.HOLD]


def beside(bar: tuple[tuple[str, str], ...], *, at: float, table: float) -> Paper:
    """Draw a bar of labels over their values beside the rows of a table, on the same lines."""
    paper = Paper()
    paper.title("Certificate of Analysis")
    top = paper.y
    for number, (label, value) in enumerate(bar):
        for down, words in ((0, label), (10, value)):
            paper.y = top + number * 30 + down
            paper.text(at, words, size=8)
    for number, row in enumerate(TABLE):
        for column, cell in enumerate(row):
            paper.y = top + number * 20
            paper.text(table + column * 90, cell, size=8)
    return paper


# --- a bar beside a table ---------------------------------------------------------------


@pytest.mark.parametrize(("at", "table"), [(30, 180), (430, 40)])
def test_a_bar_of_facts_is_no_part_of_the_rows_beside_it(
    at: float, table: float, tmp_path: Path
) -> None:
    record = read(beside(BAR, at=at, table=table), tmp_path)
    assert results(record) == FOUND
    assert record.stated("lot") == "MSC-26-014"
    assert record.stated("report_number") == "R-26-118"
    assert not held(record)


@pytest.mark.parametrize("down", [0, 2, 4])
def test_a_bar_may_stand_off_the_lines_of_the_table(down: float, tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Certificate of Analysis")
    top = paper.y
    for number, (label, words) in enumerate(BAR):
        paper.y = top + number * 20 + down
        paper.text(20, label, size=8)
        paper.text(95, words, size=8)
    for number, row in enumerate(TABLE):
        paper.y = top + number * 20
        for column, cell in enumerate(row):
            paper.text(190 + column * 90, cell, size=8)
    record = read(paper, tmp_path)
    assert results(record) == FOUND
    assert record.stated("lot") == "MSC-26-014"
    assert not held(record)


@pytest.mark.parametrize(
    "more",
    [
        (("RESULT", "Not sterile"),),
        (("CONCLUSION", "Does not comply"),),
        (("REMARKS", "Growth was seen in one bottle"),),
    ],
)
def test_a_bar_that_tells_of_the_outcome_never_passes(
    more: tuple[tuple[str, str], ...], tmp_path: Path
) -> None:
    record = read(beside((*BAR, *more), at=30, table=180), tmp_path)
    assert held(record) or "does not comply" in (record.stated("conclusion") or "").casefold()


def test_a_positive_result_in_a_bar_is_read(tmp_path: Path) -> None:
    record = read(beside((*BAR, ("STERILITY", "Growth")), at=30, table=180), tmp_path)
    assert ("sterility", None, "positive") in results(record)


def test_a_bar_about_two_samples_gives_no_lot_to_rows(tmp_path: Path) -> None:
    bar = (*BAR[:2], ("DATE STARTED", "2026-03-05"), ("LOT NO.", "MSC-26-015"))
    record = read(beside(bar, at=30, table=180), tmp_path)
    assert {row.lot for row in rows(record.observations)} == {None}


def test_a_lot_in_a_bar_does_not_outdo_the_lot_over_the_table(tmp_path: Path) -> None:
    paper = beside(BAR, at=30, table=180)
    paper.y = 85
    paper.text(180, "Lot No.: MSC-26-099", size=8)
    record = read(paper, tmp_path)
    assert "MSC-26-014" not in {row.lot for row in rows(record.observations)} or held(record)


# --- tiles ------------------------------------------------------------------------------


def tiles(*verdicts: str) -> Paper:
    paper = Paper()
    paper.title("Certificate of Analysis")
    paper.pairs((("Lot No.", "MSC-26-014"), ("Report No.", "R-26-118")))
    for one, other in (
        ("Sterility", "Endotoxin"),
        ("No growth", "0.30 EU/mL"),
        ("Limit: No growth", "Limit: <= 0.50 EU/mL"),
        verdicts,
    ):
        paper.text(50, one)
        paper.text(320, other)
        paper.y += 30
    paper.line("Released by J. Doe")
    return paper


def test_tiles_have_their_verdict_below(tmp_path: Path) -> None:
    record = read(tiles("PASS", "PASS"), tmp_path)
    assert results(record) == [("sterility", None, "negative"), ("endotoxin", None, None)]
    assert not held(record)


@pytest.mark.parametrize("verdicts", [("FAIL", "PASS"), ("PASS", "FAIL")])
def test_a_tile_that_fails_by_its_verdict_is_told(
    verdicts: tuple[str, str], tmp_path: Path
) -> None:
    record = read(tiles(*verdicts), tmp_path)
    assert "verdict" in " ".join(held(record))


# --- signatures and raised marks --------------------------------------------------------


@pytest.mark.parametrize("label", ["Reviewed by", "Released by", "Geprüft von"])
def test_who_signed_is_no_row_of_the_table_above(label: str, tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Sterility Test Report")
    paper.pairs((("Lot No.", "MSC-26-014"),))
    media = (
        ("Medium", "Result", "Verdict"),
        ("FTM", "No growth", "Pass"),
        ("TSB", "No growth", "Pass"),
    )
    paper.table(media, (200, 150, 100), ruled=False)
    paper.text(54, label)
    paper.text(254, "J. Doe")
    record = read(paper, tmp_path)
    assert results(record) == FOUND[:2]
    assert not held(record)


def raised(note: str) -> Paper:
    paper = Paper()
    paper.title("Certificate of Analysis")
    paper.pairs((("Lot No.", "MSC-26-014"), ("Report No.", "R-26-118")))
    paper.table(
        (("Test", "Result", "Verdict"), ("Mycoplasma", "Not detected", "Pass")),
        (200, 150, 100),
        ruled=False,
    )
    paper.y -= 3
    paper.text(54, "1", size=5)
    paper.y += 3
    paper.text(59, note, size=8)
    return paper


def test_a_note_behind_a_raised_mark_is_no_row(tmp_path: Path) -> None:
    record = read(raised("Ph. Eur. 2.6.7, by PCR, in one of our laboratories."), tmp_path)
    assert results(record) == FOUND[3:]
    assert not held(record)


def test_a_note_behind_a_raised_mark_that_tells_something_holds(tmp_path: Path) -> None:
    record = read(raised("The inhibition control of this test failed."), tmp_path)
    assert any("failed" in message for message in held(record))
