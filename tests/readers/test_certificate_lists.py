"""Results listed beside the names of tests, numbered forms and what has no label.

Expected values are those drawn. A list of what is required looks like a list of results, and
must never be read as one.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from certificate_layouts import Paper
from test_certificate_structures import (
    MEDIA,
    begun,
    held,
    read,
    results,
    rows,
    samples,
    told,
    value,
)

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.readers.certificates.concluding import is_plain
from qcvalidate.readers.certificates.lines import lines
from qcvalidate.readers.certificates.numbering import without_numbers
from qcvalidate.readers.certificates.phrasebook import phrasebook
from qcvalidate.readers.certificates.prose import verdict_in
from qcvalidate.vocabulary import load_vocabulary

LIST = (
    ("Sterility", "No growth"),
    ("Endotoxin", "< 0.05 EU/mL"),
    ("Mycoplasma", "Not detected"),
    ("Viability", "94.2 %"),
)
READ = [
    ("sterility", None, "negative"),
    ("endotoxin", None, None),
    ("mycoplasma", None, "negative"),
    ("viability", None, None),
]


def listed(paper: Paper, found: tuple[tuple[str, ...], ...] = LIST) -> None:
    for names in found:
        for at, words in enumerate(names):
            paper.text(50 + 150 * at, words)
        paper.y += 18


def test_list_without_headings(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    listed(paper)

    record = read(paper, tmp_path)

    assert results(record) == READ
    assert not held(record)


def test_failing_results_of_a_list_are_read(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    listed(paper, (("Sterility", "Growth"), ("Mycoplasma", "Detected")))

    assert results(read(paper, tmp_path)) == [
        ("sterility", None, "positive"),
        ("mycoplasma", None, "positive"),
    ]


def test_limit_verdict_and_method_beside_a_result(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    listed(
        paper,
        (
            ("Endotoxin", "USP <85>", "≤ 0.5 EU/mL", "< 0.05 EU/mL", "Pass"),
            ("Viability", "94.2 %", "> 70 %"),
        ),
    )

    found = samples(read(paper, tmp_path))

    assert [(row.test, row.result) for row in found] == [
        ("endotoxin", "< 0.05 EU/mL"),
        ("viability", "94.2 %"),
    ]


def test_two_tests_on_one_line(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    listed(paper, (("Sterility", "No growth", "Mycoplasma", "Not detected"),))

    assert results(read(paper, tmp_path)) == [
        ("sterility", None, "negative"),
        ("mycoplasma", None, "negative"),
    ]


@pytest.mark.parametrize(
    "beside",
    [
        # Which of the two is the limit?
        ("Endotoxin", "< 0.5 EU/mL", "< 0.05 EU/mL"),
        ("Endotoxin", "0.25 EU/mL", "< 0.05 EU/mL"),
        ("Mycoplasma", "Not detected", "Detected"),
    ],
)
def test_two_results_beside_one_test_are_no_result(tmp_path: Path, beside: tuple[str, ...]) -> None:
    paper = begun("Certificate of Analysis")
    listed(paper, (("Sterility", "No growth"), beside))

    record = read(paper, tmp_path)

    assert [row.test for row in samples(record) if row.state == "confirmed"] == ["sterility"]
    assert held(record)


@pytest.mark.parametrize(
    "heading",
    [
        "Acceptance criteria",
        "Specification",
        "Previous results",
        "Requested tests",
        "Anforderungen",
        "Valeurs attendues",
        "Especificaciones",
        "Requisiti",
        "Especificações",
        "Example results",
    ],
)
def test_what_is_required_or_was_is_no_result(tmp_path: Path, heading: str) -> None:
    paper = begun("Certificate of Analysis")
    paper.line(heading, step=20)
    listed(paper)
    paper.table(MEDIA, (150, 150), ruled=True)

    assert {row.test for row in samples(read(paper, tmp_path))} == {"sterility"}


@pytest.mark.parametrize("heading", ["Acceptance criteria", "Specification", "Previous results"])
def test_what_is_required_at_labels_is_no_result(tmp_path: Path, heading: str) -> None:
    paper = begun("Certificate of Analysis")
    paper.line(heading, step=20)
    paper.pairs(LIST)
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert {row.test for row in samples(record)} == {"sterility"} or held(record)


def test_what_was_found_before_in_a_sentence_is_no_result(tmp_path: Path) -> None:
    paper = begun("Mycoplasma and Endotoxin Report")
    paper.line("Previous results", step=20)
    paper.line("No growth was observed in FTM and TSB after 14 days.", step=30)
    paper.line("Results", step=20)
    listed(paper, LIST[1:3])

    assert {row.test for row in samples(read(paper, tmp_path))} == {"endotoxin", "mycoplasma"}


def test_results_under_their_own_heading_are_read_beside_requirements(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    paper.line("Acceptance criteria", step=20)
    listed(paper, (("Sterility", "No growth"), ("Endotoxin", "< 0.5 EU/mL")))
    paper.y += 20
    paper.line("Results", step=20)
    listed(paper, (("Sterility", "Growth"), ("Endotoxin", "< 0.05 EU/mL")))

    found = samples(read(paper, tmp_path))

    assert [row.result for row in found] == ["Growth", "< 0.05 EU/mL"]


def test_result_with_its_medium_in_a_section(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    paper.line("Sterility", step=18)
    listed(
        paper, (("Result aerobic bottle", "No growth"), ("Result anaerobic bottle", "No growth"))
    )
    paper.line("Endotoxin", step=18)
    listed(paper, (("Result", "< 0.05 EU/mL"),))

    assert results(read(paper, tmp_path)) == [
        ("sterility", "aerobic", "negative"),
        ("sterility", "anaerobic", "negative"),
        ("endotoxin", None, None),
    ]


FORM = (
    ("1.", "Report number", "R-26-118"),
    ("2.", "Batch number", "MSC-26-014"),
    ("3.", "Sterility", ""),
    ("3.1.", "Result", "[X] no growth     [ ] growth"),
    ("4.", "Mycoplasma", ""),
    ("4.1.", "Result", "[ ] not detected     [X] detected"),
)


def numbered(form: tuple[tuple[str, str, str], ...]) -> Paper:
    paper = Paper()
    paper.title("Result form")
    for number, label, said in form:
        paper.text(50, number)
        paper.text(82, label)
        paper.text(255, said)
        paper.y += 20
    return paper


def test_numbered_form_with_boxes(tmp_path: Path) -> None:
    record = read(numbered(FORM), tmp_path)

    assert value(record, "report_number") == "R-26-118"
    assert value(record, "lot") == "MSC-26-014"
    assert results(record) == [("sterility", None, "negative"), ("mycoplasma", None, "positive")]


def test_number_out_of_the_count_may_be_a_result_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(numbered((*FORM[:4], ("9.2", "Mycoplasma", ""), FORM[5])).done())
    (page,) = open_document(path).pages

    (kept,) = without_numbers([lines(page)])

    assert [line.blocks[0].text for line in kept][1:] == ["1.", "2.", "3.", "3.1.", "9.2", "4.1."]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Rabenstein, den 1. Juli 2026", "2026-07-01"),
        ("Planalto Verde, 18 de janeiro de 2026.", "2026-01-18"),
        ("Lyon, le 3 mars 2026", "2026-03-03"),
    ],
)
def test_place_and_date_is_the_date_of_issue(tmp_path: Path, line: str, date: str) -> None:
    paper = begun("Certificate of Analysis")
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line(line)

    assert value(read(paper, tmp_path), "date_issued") == date


@pytest.mark.parametrize("line", ["Tested, 3 May 2026", "Probeneingang, 3. Mai 2026"])
def test_date_of_something_else_is_no_date_of_issue(tmp_path: Path, line: str) -> None:
    paper = begun("Certificate of Analysis")
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line(line)

    assert value(read(paper, tmp_path), "date_issued") is None


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Analysis report CT-17776-COA-01", "CT-17776-COA-01"),
        ("Certificate of Analysis 2026", None),
        ("Report USP 71", None),
    ],
)
def test_number_at_the_end_of_a_title(tmp_path: Path, title: str, number: str | None) -> None:
    paper = Paper()
    paper.title(title)
    paper.pairs((("Lot No.", "MSC-26-014"),))
    paper.table(MEDIA, (150, 150), ruled=True)

    assert value(read(paper, tmp_path), "report_number") == number


def test_number_close_under_the_title(tmp_path: Path) -> None:
    paper = Paper()
    paper.line("RAPPORT D'ANALYSE", size=16, x=160, step=18)
    paper.line("N° RA-2026-90853", x=160, step=30)
    paper.pairs((("N° de lot", "MSC-26-014"),))
    paper.table(MEDIA, (150, 150), ruled=True)

    assert value(read(paper, tmp_path), "report_number") == "RA-2026-90853"


def test_date_over_its_caption(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.y += 30
    for name, date in (("Dr. T. Oyelaran", "21 Sep 2026"), ("Study Director", "Report Date")):
        paper.text(50, name)
        paper.text(300, date)
        paper.y += 12

    assert value(read(paper, tmp_path), "date_issued") == "2026-09-21"


def test_signatures_under_a_table_without_rulings_are_no_rows(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    table = (
        ("Test", "Result", "Verdict"),
        ("Sterility, FTM", "No growth", "Pass"),
        ("Sterility, TSB", "No growth", "Pass"),
    )
    paper.table(table, (200, 150, 100), ruled=False)
    paper.y += 40
    for left, right in (("M. Castellani", "Dr. W. Harmsdorf"), ("Quality", "Qualified Person")):
        paper.text(54, left)
        paper.text(404, right)
        paper.y += 14

    record = read(paper, tmp_path)

    assert len(samples(record)) == 2
    assert not held(record), told(record)


def test_volume_of_a_medium_is_not_the_volume_of_the_product(tmp_path: Path) -> None:
    paper = begun("Sterility Test Report")
    media = (
        ("Medium", "Medium lot", "Volume", "Incubation"),
        ("Fluid thioglycollate medium (FTM)", "F7328", "100 mL", "32.5 ± 2.5 °C"),
        ("Tryptic soy broth (TSB)", "T1944", "100 mL", "22.5 ± 2.5 °C"),
    )
    paper.table(media, (190, 80, 70, 100), ruled=True)
    paper.table(MEDIA, (150, 150), ruled=True)

    assert {row.test for row in rows(read(paper, tmp_path).observations)} == {"sterility"}


def test_what_samples_are_made_of_is_no_control(tmp_path: Path) -> None:
    paper = begun("Mycoplasma Test Report")
    cells = (
        ("Lab sample no.", "Batch no.", "Sample type", "Result"),
        ("W2173", "MSC-26-014", "Cell suspension", "Negative"),
        ("W2174", "MSC-26-014", "Reference strain", "Positive"),
    )
    paper.table(cells, (100, 100, 130, 100), ruled=True)

    record = read(paper, tmp_path)

    assert [(row.sample_id, row.reading) for row in samples(record)] == [("W2173", "negative")]
    assert "test-unknown" in held(record)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (
            "Die geprüfte Charge 000930 entspricht den Anforderungen der Prüfung auf Sterilität "
            "nach Ph. Eur. 2.6.1.",
            "pass",
        ),
        ("The sample meets the specification supplied by the client.", "pass"),
        ("The sample meets the specification except for endotoxin.", "unclear"),
        ("The previous batch meets the specification.", "unclear"),
    ],
)
def test_conclusions_with_their_references(text: str, verdict: str) -> None:
    book = phrasebook(load_vocabulary(open_catalogue()))

    assert verdict_in(text, book) == verdict


@pytest.mark.parametrize("word", ["except", "not", "previous", "if", "only", "unless", "ausser"])
def test_words_that_take_something_back_are_never_plain(word: str) -> None:
    assert not is_plain(word)


@pytest.mark.parametrize("words", ["Growth", "Positive", "FAIL"])
def test_what_is_bad_is_told_wherever_it_stands(tmp_path: Path, words: str) -> None:
    paper = begun()
    paper.line("Specification", step=20)
    paper.line(f"Result: {words}", step=30)
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert held(record) or "positive" in {row.reading for row in samples(record)}


# --- what laboratories print beside and over results -----------------------------------------


def test_results_within_and_out_of_their_range_have_their_own_columns(tmp_path: Path) -> None:
    paper = begun("Laboratory Report")
    table = (
        ("Test Name", "In Range", "Out Of Range", "Reference Range"),
        ("AEROBIC BOTTLE", "NO GROWTH", "", "NO GROWTH"),
        ("ANAEROBIC BOTTLE", "", "GROWTH", "NO GROWTH"),
        ("ENDOTOXIN", "<0.05 EU/mL", "", "< OR = 0.50 EU/mL"),
    )
    paper.table(table, (160, 110, 110, 110), ruled=True)

    found = samples(read(paper, tmp_path))

    assert [(row.test, row.part, row.reading) for row in found] == [
        ("sterility", "aerobic", "negative"),
        ("sterility", "anaerobic", "positive"),
        ("endotoxin", None, None),
    ]


def test_result_in_both_ranges_holds(tmp_path: Path) -> None:
    paper = begun("Laboratory Report")
    table = (
        ("Test Name", "In Range", "Out Of Range", "Reference Range"),
        ("AEROBIC BOTTLE", "NO GROWTH", "GROWTH", "NO GROWTH"),
    )
    paper.table(table, (160, 110, 110, 110), ruled=True)

    assert held(read(paper, tmp_path))


def test_labels_with_the_marks_of_footnotes(tmp_path: Path) -> None:
    paper = begun(pairs=(("Lot (1)", "MSC-26-014"), ("Report No. *", "R-26-118")))
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert (value(record, "lot"), value(record, "report_number")) == ("MSC-26-014", "R-26-118")


def test_values_behind_a_colon_of_their_own(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Endotoxin Assay Report")
    lines = (
        ("Report Number", ": ES-2026-18503"),
        ("Sample Lot", ": MSC-26-014"),
        ("Endotoxin Value", ": <0.050 EU/mL"),
        ("Spike Recovery", ": 176 % (50 - 200 %)"),
    )
    for label, said in lines:
        paper.text(50, label)
        paper.text(200, said)
        paper.y += 18

    record = read(paper, tmp_path)

    assert value(record, "lot") == "MSC-26-014"
    assert [(row.test, row.upper or row.lower) for row in samples(record)] == [
        ("endotoxin", Decimal("0.050")),
        ("endotoxin_ppc", Decimal(176)),
    ]


def test_limits_before_results_under_the_name_of_a_test(tmp_path: Path) -> None:
    paper = begun("Prüfbericht")
    paper.line("1 Bakterien-Endotoxine", step=18)
    first = (
        ("Anforderung", "Ergebnis", "Bewertung"),
        ("< 0,5 EU/ml", "< 0,05 EU/ml", "entspricht"),
    )
    paper.table(first, (150, 150, 100), ruled=False)
    paper.line("2 Mykoplasmen (NAT)", step=18)
    second = (
        ("Ansatz", "Ergebnis", "Bewertung"),
        ("Probe", "nicht nachweisbar", "entspricht"),
        ("Positivkontrolle", "positiv", "gültig"),
        ("Interne Amplifikationskontrolle", "positiv", "gültig"),
    )
    paper.table(second, (180, 150, 100), ruled=False)

    record = read(paper, tmp_path)

    assert results(record) == [("endotoxin", None, None), ("mycoplasma", None, "negative")]
    assert not held(record), told(record)


def test_name_of_a_test_over_its_chapter_in_one_cell(tmp_path: Path) -> None:
    paper = begun("Rapporto di prova")
    chapter = "Ph. Eur. 2.6.1 ed. corrente"
    table = (
        ("Prova / Metodo", "Risultato", "Esito"),
        (f"Sterilità - terreno tioglicolato\n{chapter}", "Assenza di crescita", "Conforme"),
        (f"Sterilità - brodo soia-caseina\n{chapter}", "Presenza di crescita", "Non conforme"),
    )
    paper.table(table, (220, 130, 100), ruled=True)

    assert results(read(paper, tmp_path)) == [
        ("sterility", "anaerobic", "negative"),
        ("sterility", "aerobic", "positive"),
    ]


KEY_OF_VERDICTS = ("C - complies;", "NC - does not comply.")


def test_key_of_verdicts_is_no_control(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line(" ".join(KEY_OF_VERDICTS))

    record = read(paper, tmp_path)

    assert len(rows(record.observations)) == 2
    assert not held(record), told(record)


def test_half_a_key_of_verdicts_may_be_about_the_negative_control(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line(KEY_OF_VERDICTS[1])

    record = read(paper, tmp_path)

    assert held(record) or "negative_control" in {r.role for r in rows(record.observations)}


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("No mycoplasma was detected. The test item complies with Ph. Eur. 2.6.7.", "pass"),
        ("Mycoplasma was detected. The test item does not comply with Ph. Eur. 2.6.7.", "fail"),
        ("The test item complies. See the deviation report.", None),
        ("The sample complies (C) with the specification.", "pass"),
        ("The sample does not comply (NC) with the specification.", "fail"),
        ("The sample complies (NC) with the specification.", None),
    ],
)
def test_conclusions_of_two_sentences(tmp_path: Path, said: str, verdict: str | None) -> None:
    paper = begun("Mycoplasma Test Report")
    paper.line(f"Conclusion: {said}", step=30)
    paper.line(f"Result: {'not ' if verdict == 'pass' else ''}detected")

    conclusion = read(paper, tmp_path).header.get("conclusion")

    assert conclusion is not None
    assert conclusion.value == verdict


def test_replacing_another_report_makes_one_amended(tmp_path: Path) -> None:
    paper = begun()
    paper.line("This report replaces report R-26-117.", step=30)
    paper.table(MEDIA, (150, 150), ruled=True)

    assert value(read(paper, tmp_path), "status") == "amended"


def test_sample_and_controls_listed_under_the_heading_of_their_test(tmp_path: Path) -> None:
    paper = begun("Certificate of Testing")
    paper.line("Mycoplasma", size=12, step=24)
    listed(
        paper,
        (
            ("Sample 26-118", "Not detected"),
            ("Positive control", "Detected"),
            ("Negative control", "Not detected"),
        ),
    )

    found = {(r.role, r.reading) for r in rows(read(paper, tmp_path).observations)}

    assert found == {
        ("sample", "negative"),
        ("positive_control", "positive"),
        ("negative_control", "negative"),
    }


def test_failing_sample_under_the_heading_of_its_test(tmp_path: Path) -> None:
    paper = begun("Certificate of Testing")
    paper.line("Mycoplasma", size=12, step=24)
    listed(paper, (("Sample 26-118", "Detected"), ("Negative control", "Not detected")))

    assert ("mycoplasma", None, "positive") in results(read(paper, tmp_path))


SIGNED = ("Test", "Result", "Requirement", "C / NC")


def test_signs_under_a_heading_that_offers_them_are_verdicts(tmp_path: Path) -> None:
    paper = begun()
    table = (
        SIGNED,
        ("Sterility, FTM", "Growth (day 9)", "No growth", "NC"),
        ("Sterility, TSB", "No growth", "No growth", "C"),
        ("Endotoxin", "0.48 EU/mL", "", "NC"),
    )
    paper.table(table, (130, 130, 130, 80), ruled=True)
    paper.line("The sample does not comply (NC) with the specification.")

    record = read(paper, tmp_path)

    assert {row.role for row in rows(record.observations)} == {"sample"}
    assert results(record)[:2] == [
        ("sterility", "anaerobic", "positive"),
        ("sterility", "aerobic", "negative"),
    ]
    assert "Endotoxin" in " ".join(
        found.message for found in record.findings if found.slug == "laboratory-verdict-failed"
    )


@pytest.mark.parametrize(("verdict", "reading"), [("complies", None), ("does not comply", "fail")])
def test_a_verdict_is_no_result_where_the_others_have_one(
    tmp_path: Path, verdict: str, reading: str | None
) -> None:
    paper = begun()
    table = (
        ("Test", "Requirement", "Result", "Evaluation"),
        ("Sterility, FTM", "No growth", "No growth", "complies"),
        ("Sterility, TSB", "No growth", "", verdict),
    )
    paper.table(table, (130, 120, 120, 100), ruled=True)

    record = read(paper, tmp_path)

    assert results(record)[0] == ("sterility", "anaerobic", "negative")
    assert results(record)[1][2] != "negative"
    assert held(record) or reading == "fail"
