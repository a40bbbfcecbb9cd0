"""Structures of certificates that laboratories use; expected values are those drawn."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from certificate_layouts import Paper, Rows

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.frames import Observation, rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Record, Severity
from qcvalidate.vocabulary import load_vocabulary

FTM = ("sterility", "anaerobic", "negative")
TSB = ("sterility", "aerobic", "negative")
HEAD = (
    ("Report No.", "R-26-118"),
    ("Lot No.", "MSC-26-014"),
    ("Date started", "2026-03-05"),
    ("Date completed", "2026-03-19"),
)


def read(paper: Paper, folder: Path) -> Record:
    path = folder / "certificate.pdf"
    path.write_bytes(paper.done())
    return read_document(open_document(path), Context(load_vocabulary(open_catalogue()), Locale()))


def begun(title: str = "Sterility Test Report", pairs: Rows = HEAD) -> Paper:
    paper = Paper()
    paper.title(title)
    paper.pairs(pairs)
    return paper


def samples(record: Record) -> list[Observation]:
    return [row for row in rows(record.observations) if row.role == "sample"]


def results(record: Record) -> list[tuple[str, str | None, str | None]]:
    return [(row.test, row.part, row.reading) for row in samples(record)]


def held(record: Record) -> list[str]:
    return [found.slug for found in record.findings if found.severity is Severity.HOLD]


def told(record: Record) -> str:
    return " ".join(found.message for found in record.findings if found.severity is Severity.HOLD)


def value(record: Record, name: str) -> str | None:
    return record.stated(name)


MEDIA = (("Medium", "Result"), ("FTM", "No growth"), ("TSB", "No growth"))


# --- labels -----------------------------------------------------------------------------


@pytest.mark.parametrize("leader", ["." * 30, ". " * 15, "…" * 12])
def test_dotted_leaders_are_gaps(leader: str, tmp_path: Path) -> None:
    paper = begun(pairs=HEAD[2:])
    paper.line(f"Lot No. {leader} CT-260318")
    paper.line(f"Report No.{leader}R-2026-55")
    paper.y += 20
    paper.table(MEDIA, (150, 150), ruled=False)

    record = read(paper, tmp_path)

    assert (value(record, "lot"), value(record, "report_number")) == ("CT-260318", "R-2026-55")
    assert held(record) == []


def test_colon_may_stand_before_the_value(tmp_path: Path) -> None:
    paper = begun(pairs=[])
    for label, text in HEAD:
        paper.text(50, label)
        paper.text(150, f": {text}")
        paper.y += 16
    paper.y += 16
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert (value(record, "lot"), value(record, "date_started")) == ("MSC-26-014", "2026-03-05")


def test_label_in_two_languages_in_its_own_cell(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Prüfbericht / Test Report")
    stacked = (
        ("Chargen-Nr.\nBatch No.", "ZT-26-044"),
        ("Prüfbeginn\nTest start", "11.03.2026"),
        ("Prüfende\nTest end", "25.03.2026"),
    )
    paper.table(stacked, (150, 200), ruled=True)
    media = (
        ("Prüfung\nTest", "Ergebnis\nResult"),
        ("Sterilität (FTM)\nSterility (FTM)", "kein Wachstum\nno growth"),
        ("Sterilität (TSB)\nSterility (TSB)", "kein Wachstum\nno growth"),
    )
    paper.table(media, (180, 150), ruled=True)

    record = read(paper, tmp_path)

    assert value(record, "lot") == "ZT-26-044"
    assert (value(record, "date_started"), value(record, "date_completed")) == (
        "2026-03-11",
        "2026-03-25",
    )
    assert results(record) == [FTM, TSB]
    assert held(record) == []


def test_two_readings_in_one_cell_that_disagree_are_none(tmp_path: Path) -> None:
    paper = begun()
    paper.table(
        (("Medium", "Result"), ("FTM", "kein Wachstum\ngrowth"), ("TSB", "No growth")),
        (150, 150),
        ruled=True,
    )

    assert "result-wording-unknown" in held(read(paper, tmp_path))


def test_label_with_its_colon_does_not_go_on_below(tmp_path: Path) -> None:
    paper = begun(
        pairs=[*HEAD, ("Sample:", "Culture medium, unused"), ("Date sampled:", "2026-03-04")]
    )
    paper.table(MEDIA, (150, 150), ruled=True)

    assert "it is about “Culture medium, unused”" in told(read(paper, tmp_path))


# --- verdicts that are ticked -----------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "slugs"),
    [
        ("[x] Pass [ ] Fail", set()),
        ("Pass [X] Fail [ ]", set()),
        ("[ ] Pass [x] Fail", {"row-conflict"}),
        ("[ ] Pass [ ] Fail", {"result-wording-unknown"}),
        ("[x] Pass [x] Fail", {"result-wording-unknown"}),
        ("[ ] Pass", {"result-wording-unknown"}),
    ],
)
def test_only_a_ticked_verdict_was_given(boxes: str, slugs: set[str], tmp_path: Path) -> None:
    paper = begun()
    table = (
        ("Medium", "Result", "Verdict"),
        ("FTM", "No growth", boxes),
        ("TSB", "No growth", "Pass"),
    )
    paper.table(table, (150, 120, 150), ruled=True)

    assert set(held(read(paper, tmp_path))) == slugs


def test_ticked_growth_is_growth(tmp_path: Path) -> None:
    paper = begun()
    table = (
        ("Medium", "Result"),
        ("FTM", "[ ] No growth [x] Growth"),
        ("TSB", "[x] No growth [ ] Growth"),
    )
    paper.table(table, (150, 200), ruled=True)

    assert results(read(paper, tmp_path)) == [("sterility", "anaerobic", "positive"), TSB]


def test_conclusion_without_a_tick_is_none(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line("Conclusion: [ ] Pass [ ] Fail")

    record = read(paper, tmp_path)

    assert value(record, "conclusion") is None
    assert "conclusion-conflict" in held(record)


@pytest.mark.parametrize(("answer", "slugs"), [("Yes", set()), ("No", {"row-conflict"})])
def test_complies_is_a_question(answer: str, slugs: set[str], tmp_path: Path) -> None:
    paper = begun()
    table = (
        ("Medium", "Result", "Complies"),
        ("FTM", "No growth", answer),
        ("TSB", "No growth", "Yes"),
    )
    paper.table(table, (150, 120, 80), ruled=True)

    assert set(held(read(paper, tmp_path))) == slugs


@pytest.mark.parametrize(
    ("marks", "slugs"),
    [(("X", ""), set()), (("", "X"), {"row-conflict"}), (("X", "X"), {"result-wording-unknown"})],
)
def test_pass_and_fail_in_columns_of_their_own(
    marks: tuple[str, str], slugs: set[str], tmp_path: Path
) -> None:
    paper = begun()
    table = (
        ("Medium", "Result", "Pass", "Fail"),
        ("FTM", "No growth", *marks),
        ("TSB", "No growth", "X", ""),
    )
    paper.table(table, (150, 120, 60, 60), ruled=True)

    assert set(held(read(paper, tmp_path))) == slugs


# --- day by day -------------------------------------------------------------------------


def day_table(ftm: tuple[str, ...], tsb: tuple[str, ...], *, named: bool = True) -> Rows:
    days = [f"Day {day}" if named else str(day) for day in (3, 7, 14)]
    return (("Medium", *days), ("FTM", *ftm), ("TSB", *tsb))


@pytest.mark.parametrize("named", [True, False])
def test_last_day_is_the_result(named: bool, tmp_path: Path) -> None:
    paper = begun()
    clean = ("NG", "NG", "NG")
    paper.table(day_table(clean, clean, named=named), (100, 60, 60, 60), ruled=True)
    paper.line("Legend: NG = No Growth, G = Growth")

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert {row.day for row in samples(record)} == {14}
    assert held(record) == []


def test_growth_on_any_day_is_growth(tmp_path: Path) -> None:
    paper = begun()
    paper.table(day_table(("-", "+", "-"), ("-", "-", "-")), (100, 60, 60, 60), ruled=True)
    paper.line("Legend: - = No growth, + = Growth")

    grown = samples(read(paper, tmp_path))[0]

    assert (grown.reading, grown.day) == ("positive", 7)


def test_blank_last_day_is_no_result(tmp_path: Path) -> None:
    paper = begun()
    paper.table(day_table(("NG", "NG", ""), ("NG", "NG", "NG")), (100, 60, 60, 60), ruled=True)
    paper.line("Legend: NG = No Growth, G = Growth")

    assert [row.day for row in samples(read(paper, tmp_path))] == [7, 14]


def test_day_on_which_nobody_looked_is_blank(tmp_path: Path) -> None:
    paper = begun()
    paper.table(day_table(("-", "W", "-"), ("-", "W", "-")), (100, 60, 60, 60), ruled=True)
    paper.text(50, "Key: - no turbidity (no growth)")
    paper.text(260, "+ turbid (growth)")
    paper.text(400, "W weekend, not read")

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert held(record) == []


def test_sign_that_is_not_explained_holds(tmp_path: Path) -> None:
    paper = begun()
    paper.table(day_table(("NG", "Q", "NG"), ("NG", "NG", "NG")), (100, 60, 60, 60), ruled=True)
    paper.line("Legend: NG = No Growth, G = Growth")

    assert "on day 7 stands “Q”" in told(read(paper, tmp_path))


def test_row_for_each_day(tmp_path: Path) -> None:
    paper = begun()
    table = (
        ("Day", "FTM", "TSB"),
        ("3", "No growth", "No growth"),
        ("7", "No growth", "Growth"),
        ("14", "No growth", "Growth"),
    )
    paper.table(table, (60, 120, 120), ruled=True)

    record = read(paper, tmp_path)

    assert [(row.part, row.reading, row.day) for row in samples(record)] == [
        ("aerobic", "positive", 7),
        ("anaerobic", "negative", 14),
        ("aerobic", "positive", 14),
    ]


def test_days_of_two_bottles_are_no_looks_at_one(tmp_path: Path) -> None:
    paper = begun()
    table = (
        ("Medium", "Day", "Result"),
        ("FTM", "14", "No growth"),
        ("FTM", "7", "No growth"),
        ("FTM", "14", "No growth"),
        ("TSB", "14", "No growth"),
    )
    paper.table(table, (100, 60, 120), ruled=True)

    assert [row.day for row in samples(read(paper, tmp_path))] == [14, 7, 14, 14]


def test_forty_bottles_with_growth_on_the_second_page(tmp_path: Path) -> None:
    paper = begun("Sterility test by automated culture")
    bottles = [
        (str(n), "Aerobic" if n % 2 else "Anaerobic", "Growth" if n == 37 else "No growth")
        for n in range(1, 41)
    ]
    paper.table([("Bottle", "Type", "Result"), *bottles[:30]], (80, 120, 120), ruled=False)
    paper.new_page()
    paper.table(bottles[30:], (80, 120, 120), ruled=False)

    found = samples(read(paper, tmp_path))

    assert len(found) == 40
    assert [n for n, row in enumerate(found, 1) if row.reading != "negative"] == [37]
    assert [row.part for row in found[:2]] == ["aerobic", "anaerobic"]


# --- tables -----------------------------------------------------------------------------


def across(paper: Paper, words: str, width: float) -> None:
    paper.rect(50, paper.y - 12, width, 18)
    paper.text(54, words)
    paper.y += 18


def test_section_names_the_test_of_its_rows(tmp_path: Path) -> None:
    paper = begun("Final Report")
    widths = (170, 130, 150)

    def rows_below(body: Rows) -> None:
        paper.table(body, widths, ruled=True)
        paper.y -= 16

    rows_below([("Test", "Requirement", "Result")])
    across(paper, "Sterility", 450)
    rows_below(
        [("FTM, 30-35 °C", "No growth", "No growth"), ("TSB, 20-25 °C", "No growth", "No growth")]
    )
    across(paper, "Controls", 450)
    rows_below([("Negative control", "", "No growth"), ("Positive control", "", "Growth")])

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert held(record) == []


@pytest.mark.parametrize("below", ["Sterility, FTM", "Negative control"])
def test_test_without_result_above_another_row_is_blank(below: str, tmp_path: Path) -> None:
    paper = begun("Final Report")
    table = (("Test", "Result"), ("Mycoplasma", ""), (below, "No growth"), ("TSB", "No growth"))
    paper.table(table, (170, 150), ruled=False)

    assert "result-blank" in held(read(paper, tmp_path))


def test_control_is_named_with_its_medium(tmp_path: Path) -> None:
    paper = begun()
    table = (*MEDIA, ("Negative control FTM", "Growth"), ("TSB, negative control", "No growth"))
    paper.table(table, (180, 150), ruled=True)

    found = rows(read(paper, tmp_path).observations)

    assert [(row.role, row.part, row.reading) for row in found] == [
        ("sample", "anaerobic", "negative"),
        ("sample", "aerobic", "negative"),
        ("negative_control", "anaerobic", "positive"),
        ("negative_control", "aerobic", "negative"),
    ]


def test_rows_ruled_apart_in_a_frame(tmp_path: Path) -> None:
    paper = begun("Mycoplasma Test Report")
    paper.canvas.rect(50, paper.height - paper.y - 60, 450, 72)
    for reaction in (
        ("Reaction", "Ct (FAM)", "Ct (internal control)", "Result"),
        ("Sample", "-", "27.9", "negative"),
        ("Positive control", "29.2", "27.6", "positive"),
        ("No template control", "-", "-", "negative"),
    ):
        for x, words in zip((54, 200, 300, 430), reaction, strict=True):
            paper.text(x, words)
        paper.canvas.line(50, paper.height - paper.y - 5, 500, paper.height - paper.y - 5)
        paper.y += 18

    found = rows(read(paper, tmp_path).observations)

    assert [(row.test, row.role, row.reading) for row in found] == [
        ("mycoplasma", "sample", "negative"),
        ("mycoplasma", "positive_control", "positive"),
        ("mycoplasma", "negative_control", "negative"),
    ]


def test_tests_side_by_side_have_their_own_limits(tmp_path: Path) -> None:
    paper = begun("Bacterial Endotoxin Test - Certificate of Results")
    table = (
        ("Dilution", "Endotoxin (EU/mL)", "Limit (EU/mL)", "PPC recovery (%)"),
        ("1:50", "<0.05", "NMT 0.50", "82"),
    )
    paper.table(table, (80, 130, 110, 120), ruled=False)

    record = read(paper, tmp_path)

    assert [(row.test, row.upper, row.unit) for row in samples(record)] == [
        ("endotoxin", Decimal("0.05"), "EU/mL"),
        ("endotoxin_ppc", Decimal(82), "%"),
    ]
    assert held(record) == []


def test_column_for_each_test_and_a_row_for_its_result(tmp_path: Path) -> None:
    paper = begun("QC Summary Sheet")
    tests = ("Endotoxin", "Mycoplasma", "Viability")
    left = paper.y
    for number, row in enumerate(
        (
            ("", *tests),
            ("Method", "USP <85>", "PCR", "Trypan blue"),
            ("Acceptance criterion", "NMT 0.50 EU/mL", "Negative", ">= 70 %"),
            ("Result", "0.22 EU/mL", "Negative", "88.3 %"),
            ("Pass / Fail", "Pass", "Pass", "Pass"),
        )
    ):
        paper.y = left + number * 18
        for column, words in enumerate(row):
            paper.rect(50 + column * 120, paper.y - 12, 120, 18)
            paper.text(54 + column * 120, words)
    paper.y += 40

    record = read(paper, tmp_path)

    assert [(row.test, row.reading, row.lower, row.method) for row in samples(record)] == [
        ("endotoxin", None, Decimal("0.22"), "USP <85>"),
        ("mycoplasma", "negative", None, "PCR"),
        ("viability", None, Decimal("88.3"), "Trypan blue"),
    ]
    assert held(record) == []


def test_growth_promotion_in_a_column_of_its_own_is_no_sample(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    controls = (
        ("Control", "Medium", "Challenge organism", "Observation"),
        ("Negative control", "FTM", "none", "No growth"),
        ("Growth promotion", "FTM", "S. aureus ATCC 6538", "Growth within 3 days"),
        ("Something else", "TSB", "B. subtilis ATCC 6633", "Growth within 3 days"),
    )
    paper.table(controls, (110, 70, 150, 130), ruled=True)

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert "test-unknown" in held(record)


def test_heading_and_cells_over_two_lines_and_a_column_without_heading(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    table = (
        ("Test", "Methode /\nMethod", "Ergebnis / Result", ""),
        ("Sterility, FTM", "Ph. Eur. 2.6.1", "kein Wachstum /\nno growth", "complies"),
        ("Mycoplasma", "Ph. Eur. 2.6.7\n(NAT)", "nicht nachweisbar /\nnot detected", "fails"),
    )
    paper.table(table, (120, 100, 130, 60), ruled=False)

    record = read(paper, tmp_path)

    assert results(record) == [FTM, ("mycoplasma", None, "negative")]
    assert samples(record)[1].method == "Ph. Eur. 2.6.7 (NAT)"
    assert held(record) == ["row-conflict"]


@pytest.mark.parametrize(
    ("note", "reads"),
    [
        ("* Below the limit of quantification.", True),
        ("* One vial was turbid on day 3.", False),
        ("* Tested by another method.", False),
        (None, False),
    ],
)
def test_footnote_at_a_result_is_told(note: str | None, reads: bool, tmp_path: Path) -> None:
    paper = begun()
    table = (("Test", "Result"), ("Endotoxin", "< 0.05 EU/mL*"), ("Sterility, TSB", "No growth"))
    paper.table(table, (150, 150), ruled=True)
    if note:
        paper.line(note)

    record = read(paper, tmp_path)

    endotoxin = samples(record)[0]
    assert (endotoxin.upper == Decimal("0.05") and endotoxin.state == "confirmed") is reads
    assert ("result-wording-unknown" in held(record)) is not reads
    assert note is None or reads or note[2:20] in told(record)


def test_words_that_explain_hold_nothing(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line("PASS = no growth in either medium; FAIL = growth in one or both media")
    paper.line("N.D. : non déterminé - LQ : limite de quantification")
    paper.line("PPC: positive product control")

    assert held(read(paper, tmp_path)) == []


def test_definition_of_a_medium_is_none(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line("FTM = growth in one or both vials")

    assert held(read(paper, tmp_path)) != []


# --- several samples, several tests -----------------------------------------------------


def blocks(lots: tuple[str, ...], answers: tuple[str, ...]) -> Paper:
    paper = begun(pairs=[HEAD[0]])
    for number, (lot, answer) in enumerate(zip(lots, answers, strict=True), 1):
        paper.line(f"Sample ID: S-0{number}")
        paper.line(f"Lot No: {lot}")
        paper.line("Test started: 2026-03-18", step=20)
        paper.table((("Medium", "Result"), ("FTM", answer)), (150, 150), ruled=True)
    return paper


def test_samples_one_under_another_have_their_own_lots(tmp_path: Path) -> None:
    record = read(blocks(("HC-0147", "HC-0148"), ("No growth", "Growth")), tmp_path)

    assert [(row.lot, row.sample_id, row.reading) for row in samples(record)] == [
        ("HC-0147", "S-01", "negative"),
        ("HC-0148", "S-02", "positive"),
    ]
    assert {str(row.started) for row in samples(record)} == {"2026-03-18"}
    assert "lot" not in record.header
    assert "field-conflict" not in held(record)


def test_heading_of_a_sample_names_it_and_its_lot(tmp_path: Path) -> None:
    paper = begun(pairs=[HEAD[0]])
    for number, answer in ((1, "No growth"), (2, "Growth")):
        paper.line(f"Sample 99681.0{number}  Lot CT26-044{number}", step=20)
        table = (("Test", "Medium / Method", "Result"), ("Sterility", "FTM", answer))
        paper.table(table, (100, 150, 100), ruled=True)

    assert [(row.lot, row.part, row.reading) for row in samples(read(paper, tmp_path))] == [
        ("CT26-0441", "anaerobic", "negative"),
        ("CT26-0442", "anaerobic", "positive"),
    ]


def test_two_lots_above_one_table_contradict_each_other(tmp_path: Path) -> None:
    paper = begun(pairs=[*HEAD, ("Lot No.", "MSC-26-015")])
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert value(record, "lot") is None
    assert "field-conflict" in held(record)
    assert {row.lot for row in samples(record)} == {None}


def test_lot_below_the_last_results_is_of_no_part(tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.pairs([("Lot No.", "MSC-26-015")])

    assert "field-conflict" in held(read(paper, tmp_path))


def test_tests_one_under_another_have_their_own_dates(tmp_path: Path) -> None:
    paper = begun("Analytical Report", HEAD[:2])
    for test, result, day in (
        ("Sterility", "No growth in FTM and TSB", "2026-03-17"),
        ("Endotoxin", "< 0.25 EU/mL", "2026-03-04"),
    ):
        paper.pairs(
            [
                ("Test", test),
                ("Specification", "see below"),
                ("Result", result),
                ("Date started", "2026-03-03"),
                ("Date completed", day),
            ]
        )

    record = read(paper, tmp_path)

    assert {(row.test, row.part, str(row.ended)) for row in samples(record)} == {
        ("sterility", "anaerobic", "2026-03-17"),
        ("sterility", "aerobic", "2026-03-17"),
        ("endotoxin", None, "2026-03-04"),
    }
    assert {row.lot for row in samples(record)} == {"MSC-26-014"}


# --- sentences --------------------------------------------------------------------------


def letter(*paragraph: str) -> Paper:
    paper = Paper()
    for words in (
        "Meridian Laboratories",
        "March 18, 2026",
        "Re: sterility testing of lot HC-0155; Report No. ML-2026-88",
        "Dear Dr. Moss,",
    ):
        paper.line(words, step=24)
    for words in (
        "Testing was started on March 3, 2026 and completed on March 17, 2026.",
        "No growth was observed in Fluid Thioglycollate Medium (FTM) after 14 days.",
        "No growth was observed in Tryptic Soy Broth (TSB) after 14 days.",
        *paragraph,
    ):
        paper.line(words)
    paper.y += 16
    paper.line("Sincerely,", step=24)
    paper.line("Anne Hall")
    return paper


def test_letter_states_its_numbers_and_dates(tmp_path: Path) -> None:
    record = read(
        letter("Bacterial endotoxin (USP <85>) was < 0.20 EU/mL (limit: NMT 0.50 EU/mL)."), tmp_path
    )

    assert value(record, "report_number") == "ML-2026-88"
    assert (value(record, "lot"), value(record, "date_issued")) == ("HC-0155", "2026-03-18")
    assert value(record, "signed_by") == "Anne Hall"
    assert samples(record)[0].upper == Decimal("0.20")
    assert results(record)[1:] == [FTM, TSB]
    assert held(record) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Bacterial endotoxin was initially < 0.20 EU/mL.",
        "Bacterial endotoxin of the control was < 0.20 EU/mL.",
        "The endotoxin limit was < 0.50 EU/mL.",
        "Endotoxin was < 0.20 EU/mL and viability was 80 %.",
        "Endotoxin was < 0.20 EU/mL in one of three vials.",
    ],
)
def test_number_that_may_be_another_is_not_read(sentence: str, tmp_path: Path) -> None:
    record = read(letter(sentence), tmp_path)

    assert [row.test for row in samples(record)] == ["sterility", "sterility"]


def test_growth_on_its_day_beside_no_growth(tmp_path: Path) -> None:
    paper = begun("Test report", HEAD)
    paper.line(
        "Growth was observed in Fluid Thioglycollate Medium (FTM) on day 5 and no growth was"
    )
    paper.line("observed in Tryptic Soy Broth (TSB).")

    found = samples(read(paper, tmp_path))

    assert [(row.part, row.reading, row.day) for row in found] == [
        ("anaerobic", "positive", 5),
        ("aerobic", "negative", None),
    ]


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [
        ("PASS: no evidence of microbial growth was found.", "pass"),
        ("PASS: growth was found in one vial.", None),
        ("The sample meets the sterility limit.", "pass"),
        ("FAIL: growth of microorganisms was found.", "fail"),
    ],
)
def test_conclusion_with_its_reason(conclusion: str, expected: str | None, tmp_path: Path) -> None:
    paper = begun()
    paper.table(MEDIA, (150, 150), ruled=True)
    paper.line(f"Conclusion: {conclusion}")

    assert value(read(paper, tmp_path), "conclusion") == expected


# --- standing ---------------------------------------------------------------------------


def test_amended_report_names_what_it_replaces(tmp_path: Path) -> None:
    paper = begun("AMENDED TEST REPORT")
    paper.line("This report replaces report ST-26-091 issued 2026-03-20.")
    paper.line("Reason: the name of the client was corrected.")
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert (value(record, "status"), value(record, "replaces")) == ("amended", "ST-26-091")
    assert held(record) == []


def test_reason_of_an_amendment_that_tells_of_growth_holds(tmp_path: Path) -> None:
    paper = begun("AMENDED TEST REPORT")
    paper.line("This report replaces report ST-26-091 issued 2026-03-20.")
    paper.line("Reason: the growth in FTM was corrected to no growth.")
    paper.table(MEDIA, (150, 150), ruled=True)

    assert "result-wording-unknown" in held(read(paper, tmp_path))


def test_final_reading_does_not_make_a_report_final(tmp_path: Path) -> None:
    paper = begun(pairs=[*HEAD, ("Lecture finale le", "01/07/2026")])
    paper.table(MEDIA, (150, 150), ruled=True)

    assert value(read(paper, tmp_path), "status") is None


def test_numbers_in_the_foot_are_no_row(tmp_path: Path) -> None:
    paper = begun()
    paper.table(
        (
            ("Medium", "Result", "Verdict"),
            ("FTM", "No growth", "Pass"),
            ("TSB", "No growth", "Pass"),
        ),
        (150, 120, 80),
        ruled=False,
    )
    paper.y = 825
    paper.text(54, "Form MB-014")
    paper.text(330, "1/1")

    record = read(paper, tmp_path)

    assert results(record) == [FTM, TSB]
    assert held(record) == []
