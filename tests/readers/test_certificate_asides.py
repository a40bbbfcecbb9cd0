"""What stands beside a clean result and takes it back: columns, stamps, days that nobody looked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from certificate_layouts import Paper
from test_certificate_structures import HEAD, begun, held, read

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.frames import rows
from qcvalidate.locale import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.stamps import is_stamp
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.vocabulary import load_vocabulary

DATED = HEAD
FTM_NAME, SCDM_NAME = "Fluid Thioglycollate Medium (FTM)", "Soybean-Casein Digest Medium (SCDM)"


def _paper(heading: str, ftm: str, scdm: str) -> Paper:
    paper = Paper()
    paper.title("Sterility Test Report")
    paper.pairs(DATED)
    table = (
        ("Media", heading, "Result"),
        (FTM_NAME, ftm, "No growth"),
        (SCDM_NAME, scdm, "No growth"),
    )
    paper.table(table, (210, 130, 90), ruled=True)
    return paper


@pytest.mark.parametrize(
    ("heading", "ftm", "scdm"),
    [
        ("Time to detection", "31 h", "-"),
        ("TTD", "-", "1.3 d"),
        ("Temperature", "20-25 °C", "30-35 °C"),
        ("Temperature", "32.5 ± 2.5 °C", "37 °C"),
        ("Incubation temperature (°C)", "22.5 ± 2.5", "22.5 ± 2.5"),
        ("Remarks", "F", ""),
        ("Remarks", "COPY", ""),
    ],
)
def test_a_column_that_contradicts_the_result_holds(
    heading: str, ftm: str, scdm: str, tmp_path: Path
) -> None:
    assert "row-conflict" in held(read(_paper(heading, ftm, scdm), tmp_path))


@pytest.mark.parametrize(
    ("heading", "ftm", "scdm"),
    [
        ("Time to detection", "-", "n/a"),
        ("Time to detection", "> 14 d", "336 h"),
        ("Temperature", "30-35 °C", "20-25 °C"),
        ("Temperature", "32.5 ± 2.5 °C", "22,5 °C"),
        ("Remarks", "", "none"),
        ("Read on", "2026-03-19", "2026-03-19"),
    ],
)
def test_a_column_that_fits_the_result_is_quiet(
    heading: str, ftm: str, scdm: str, tmp_path: Path
) -> None:
    assert held(read(_paper(heading, ftm, scdm), tmp_path)) == []


def test_a_medium_that_was_read_early_ends_on_that_day(tmp_path: Path) -> None:
    record = read(_paper("Read on", "2026-03-12", "2026-03-19"), tmp_path)

    assert [row.ended for row in rows(record.observations)] == [
        dt.date(2026, 3, 12),
        dt.date(2026, 3, 19),
    ]


def _days(*ftm: str) -> Paper:
    paper = Paper()
    paper.title("Sterility Test Report")
    paper.pairs(DATED)
    table = (
        ("Media", "Day 3", "Day 7", "Day 14", "Result"),
        (FTM_NAME, *ftm),
        (SCDM_NAME, "-", "-", "-", "No growth"),
    )
    paper.table(table, (210, 50, 50, 50, 110), ruled=True)
    paper.line("Legend: (+) turbid, (-) clear")
    return paper


def test_a_blank_last_day_leaves_the_result_at_the_last_look(tmp_path: Path) -> None:
    record = read(_days("-", "-", "", "No growth"), tmp_path)

    assert [row.day for row in rows(record.observations)] == [7, None]


def test_a_blank_last_day_contradicts_a_result_that_speaks_of_it(tmp_path: Path) -> None:
    record = read(_days("-", "-", "", "No growth after 14 days"), tmp_path)

    assert "row-conflict" in held(record)


def test_days_without_any_entry_hold(tmp_path: Path) -> None:
    assert "result-blank" in held(read(_days("", "", "", "No growth"), tmp_path))


def _with_line(text: str) -> Paper:
    paper = begun()
    paper.table((("Medium", "Result"), ("FTM", "No growth"), ("TSB", "No growth")), (150, 150),
                ruled=True)  # fmt: skip
    paper.y += 30
    paper.line(text)
    return paper


@pytest.mark.parametrize(
    "text",
    ["COPY", "Kopie", "Duplicata", "COPIA", "2/2", "(1/2)", "Continued on page 2",
     "Fortsetzung auf Seite 2", "Please turn over", "Overall: F", "Day 14: T", "Tag 18: Film",
     "Reviewed by: pending", "Reviewed by: steht aus"],
)  # fmt: skip
def test_a_line_that_takes_the_paper_back_holds(text: str, tmp_path: Path) -> None:
    assert held(read(_with_line(text), tmp_path)) != []


@pytest.mark.parametrize(
    "text",
    ["1/1", "Page 1/1", "Original", "Copy to: Meridian Clinic", "Sex: F", "Revision: F",
     "Day 14: clear", "Day 14: 2026-03-19", "Day 7: no growth", "*** End of report ***"],
)  # fmt: skip
def test_a_line_that_every_paper_may_have_is_quiet(text: str, tmp_path: Path) -> None:
    assert held(read(_with_line(text), tmp_path)) == []


def test_a_sentence_that_ends_a_medium_early_holds(tmp_path: Path) -> None:
    paper = _paper("Read on", "-", "-")
    paper.line("Incubation of SCDM ended on 2026-03-12.")

    assert held(read(paper, tmp_path)) == ["duration-conflict"]


def test_a_sentence_that_says_the_same_end_is_quiet(tmp_path: Path) -> None:
    paper = _paper("Read on", "-", "-")
    paper.line("Incubation of SCDM ended on 2026-03-19.")

    assert held(read(paper, tmp_path)) == []


def test_a_word_is_a_stamp_only_where_it_cannot_be_a_heading() -> None:
    assert is_stamp("TEST")
    assert not is_stamp("Test")
    assert not is_stamp("Sample")


@pytest.mark.parametrize(
    "sentence",
    [
        "Please call before use.",
        "Call us about this result.",
        "Bitte vor Freigabe anrufen.",
        "Appeler le laboratoire avant libération.",
        "Contactar al laboratorio antes de usar.",
        "Contattare il laboratorio prima del rilascio.",
        "Contactar o laboratório antes de usar.",
        "pH indicator turned yellow.",
        "Resazurin turned pink in the whole tube.",
        "Farbumschlag in Röhrchen 2",
        "Ended early at the client's request.",
        "Vorzeitig beendet.",
        "Hood alarm during inoculation.",
        "Result transcribed by hand.",
        "Simulated data.",
        "Incubation will continue until 18 days.",
        "Die Inkubation wird fortgesetzt.",
        "L'incubation se poursuit.",
        "La incubación proseguirá hasta el día 18.",
        "Yield: heavy",
        "Antibiogram attached.",
        "The product contains gentamicin.",
        "Client notified by phone of unexpected result on 04/02/2026.",
        "See comment.",
        "Comment: see letter of 04/02/2026.",
        "Siehe Schreiben vom 02.04.2026",
        "Voir courrier du 02/04/2026",
        "Remarks: cell debris only.",
        "FTM was read on day 7 only.",
        "Nur bis Tag 7 bebrütet",
        "Time to detection: 31 h",
        "TTD 1.3 d",
        "Expiry of this result: 03/31/2026",
    ],
)
def test_an_aside_that_nobody_would_pass_over_tells(sentence: str) -> None:
    assert telling(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "If you have any questions about this report, please call us.",
        "For questions please contact the laboratory.",
        "Contact: Dr. A. Sample, phone +1 555 010-0100",
        "Bei Fragen wenden Sie sich bitte an das Labor.",
        "Time to detection: > 14 d",
        "TTD: -",
        "No alarms",
        "Alarmgrenzen: siehe SOP 12",
        "See notes below",
        "Incubated for 14 days",
        "Simulated document for testing qcvalidate - not a real certificate",
        "Only the items tested are covered.",
        "The results relate only to 2 samples.",
        "The incubation temperature was continuously monitored.",
        "The incubation was continued for 14 days.",
        "L'incubation a été poursuivie pendant 14 jours.",
        "Pto. de recogida: laboratorio",
        "Read on days 3, 7 and 14",
    ],
)
def test_an_aside_of_every_paper_is_harmless(sentence: str) -> None:
    assert telling(sentence) is None


@pytest.mark.parametrize(
    "end", ["*** End of report ***", "- Ende des Prüfberichts -", "--- FIN DEL INFORME ---", "END"]
)
def test_the_end_of_a_text_is_no_row_of_its_last_table(end: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "STERILITY TEST REPORT\n\nLot No.: MSC-26-014\nReport No.: R-26-118\n"
        "Date started: 2026-03-05\nDate completed: 2026-03-19\n\n"
        "Medium      Result       Evaluation\n"
        "FTM         No growth    Pass\n"
        "TSB         No growth    Pass\n"
        f"\n{end}\n",
        "utf-8",
    )

    record = read_document(
        open_document(path), Context(load_vocabulary(open_catalogue()), Locale())
    )

    assert held(record) == []
    assert len(rows(record.observations)) == 2
