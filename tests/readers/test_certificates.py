"""The generic certificate reader, on layouts drawn here; expected values are those drawn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from certificate_layouts import (
    STERILITY_HEADER,
    STERILITY_PAIRS,
    STERILITY_ROWS,
    WIDTHS,
    Paper,
    changed,
    ruled,
)

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Record, Severity, State
from qcvalidate.vocabulary import load_vocabulary

LEFT_TO_RIGHT = (130.0, 120.0, 110.0, 120.0)


def read(content: bytes, folder: Path, locale: Locale | None = None) -> Record:
    path = folder / "certificate.pdf"
    path.write_bytes(content)
    context = Context(load_vocabulary(open_catalogue()), locale or Locale())
    return read_document(open_document(path), context)


def value(record: Record, field: str) -> str | None:
    return record.header[field].value if field in record.header else None


def held(record: Record) -> set[str]:
    return {finding.slug for finding in record.findings if finding.severity is Severity.HOLD}


def samples(record: Record) -> list[Observation]:
    return [row for row in rows(record.observations) if row.role == "sample"]


def results(record: Record) -> list[tuple[str, str | None, str | None]]:
    return [(row.test, row.part, row.reading) for row in samples(record)]


def test_ruled_table_under_labels_is_read_whole(tmp_path: Path) -> None:
    record = read(ruled(), tmp_path)

    assert value(record, "lot") == "MSC-26-014"
    assert value(record, "report_number") == "R-26-118"
    assert value(record, "sample_id") == "S-4471"
    assert value(record, "client") == "Meridian Clinic"
    assert value(record, "date_started") == "2026-03-05"
    assert value(record, "date_completed") == "2026-03-19"
    assert results(record) == [
        ("sterility", "anaerobic", "negative"),
        ("sterility", "aerobic", "negative"),
        ("endotoxin", None, None),
    ]
    endotoxin = samples(record)[2]
    assert (endotoxin.lower, endotoxin.upper) == (Decimal("-Infinity"), Decimal("0.05"))
    assert not endotoxin.upper_closed
    assert endotoxin.unit == "EU/mL"
    assert {row.lot for row in samples(record)} == {"MSC-26-014"}
    assert {row.started for row in samples(record)} == {dt.date(2026, 3, 5)}
    assert held(record) == set()


def test_every_value_says_where_it_stands(tmp_path: Path) -> None:
    record = read(ruled(), tmp_path)

    lot = record.header["lot"].place
    assert lot.page == 1
    x0, y0, x1, y1 = (float(edge) for edge in (lot.region or "").split(","))
    # The third label line: its baseline is 60 + 34 + 2 * 16 points from the top, at x = 155.
    assert (x0, y1 - y0 < 14) == (pytest.approx(155, abs=1), True)
    assert y0 < 126 < y1 + 1
    assert x1 < 300


def test_same_table_without_rulings(tmp_path: Path) -> None:
    record = read(ruled(is_ruled=False), tmp_path)

    assert results(record) == [
        ("sterility", "anaerobic", "negative"),
        ("sterility", "aerobic", "negative"),
        ("endotoxin", None, None),
    ]
    assert held(record) == set()


def test_two_columns_of_labels(tmp_path: Path) -> None:
    record = read(ruled(columns=2), tmp_path)

    assert value(record, "lot") == "MSC-26-014"
    assert value(record, "report_number") == "R-26-118"
    assert value(record, "date_completed") == "2026-03-19"


def test_form_with_labels_inside_its_cells(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("STERILITY REPORT")
    paper.boxed_pairs(
        [
            [("CLIENT", "Meridian Clinic"), ("DATE SENT", "03/04/2026")],
            [("LOT #", "MSC-26-0O18B"), ("MANUFACTURE DATE", "02/27/2026")],
            [("DATE TESTED", "03/05/2026"), ("DATE COMPLETED", "03/19/2026")],
        ]
    )
    media = [
        ("MEDIA", "TURBIDITY", "OBSERVATION", "RESULT"),
        ("Fluid Thioglycollate Medium (FTM)", "+", "Growth", "F"),
        ("Soybean Casein Digest Broth (SCDB)", "-", "No Growth", "P"),
    ]
    paper.table(media, (200, 90, 110, 90), ruled=True)
    paper.line(
        "No Growth was observed in the Negative Control. Growth was observed in the Positive"
    )
    paper.line("Control.")
    paper.line("Abbreviations (+) Growth (-) No Growth (P) Pass F (Fail)")

    record = read(paper.done(), tmp_path)

    assert value(record, "lot") == "MSC-26-0O18B"
    # 02/27/2026 can only be month first, so all dates of this paper are.
    assert value(record, "date_started") == "2026-03-05"
    assert results(record) == [
        ("sterility", "anaerobic", "positive"),
        ("sterility", "aerobic", "negative"),
    ]
    controls = {row.role: row.reading for row in rows(record.observations) if row.role != "sample"}
    assert controls == {"negative_control": "negative", "positive_control": "positive"}


@pytest.mark.parametrize("is_ruled", [True, False])
def test_wrapped_rows_are_put_together(tmp_path: Path, is_ruled: bool) -> None:
    wrapped = [
        (
            "Sterility, automated\naerobic bottle",
            "Ph. Eur. 2.6.27",
            "No growth",
            "No growth",
            "Pass",
        ),
        (
            "Sterility, automated\nanaerobic bottle",
            "Ph. Eur.\n2.6.27",
            "No growth",
            "Growth",
            "Fail",
        ),
        ("Mycoplasma, NAT", "Ph. Eur. 2.6.7", "Negative", "Negative", "Pass"),
    ]
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *wrapped], WIDTHS, ruled=is_ruled, pitch=30)

    record = read(paper.done(), tmp_path)

    assert results(record) == [
        ("sterility", "aerobic", "negative"),
        ("sterility", "anaerobic", "positive"),
        ("mycoplasma", None, "negative"),
    ]
    assert samples(record)[1].method == "Ph. Eur. 2.6.27"


def test_rows_of_a_paper_for_several_samples_carry_their_own_lot(tmp_path: Path) -> None:
    header = ("Lot No.", "Sample ID", "Test", "Result")
    body = [
        ("24-017", "S-1", "Mycoplasma", "Negative"),
        ("24-017A", "S-2", "Mycoplasma", "Positive"),
        ("", "S-3", "Mycoplasma", "Negative"),
    ]
    pairs = [("Report No.", "R-7")]

    record = read(ruled(pairs=pairs, header=header, rows=body, widths=LEFT_TO_RIGHT), tmp_path)

    assert [(row.lot, row.sample_id, row.reading) for row in samples(record)] == [
        ("24-017", "S-1", "negative"),
        ("24-017A", "S-2", "positive"),
        (None, "S-3", "negative"),
    ]
    # Where a table names lots, a row without one is nobody's.
    assert samples(record)[2].state == State.AMBIGUOUS.value


def test_tests_side_by_side(tmp_path: Path) -> None:
    header = ("Sample ID", "FTM", "TSB", "Endotoxin (EU/mL)")
    body = [("S-1", "No growth", "Growth", "< 0.05")]

    record = read(ruled(header=header, rows=body, widths=LEFT_TO_RIGHT), tmp_path)

    assert results(record) == [
        ("sterility", "anaerobic", "negative"),
        ("sterility", "aerobic", "positive"),
        ("endotoxin", None, None),
    ]
    assert samples(record)[2].unit == "EU/mL"


@pytest.mark.parametrize("is_ruled", [True, False])
@pytest.mark.parametrize("repeated", [True, False])
def test_one_bad_bottle_of_forty_is_found_on_page_two(
    tmp_path: Path, is_ruled: bool, repeated: bool
) -> None:
    header = ("Bottle", "Medium", "Result", "Evaluation")
    bottles = [
        (str(n), "TSB" if n % 2 else "FTM", "Growth" if n == 37 else "No growth",
         "Fail" if n == 37 else "Pass")
        for n in range(1, 41)
    ]  # fmt: skip
    paper = Paper()
    paper.title("Sterility Test Report")
    paper.pairs(STERILITY_PAIRS)
    paper.table([header, *bottles[:30]], LEFT_TO_RIGHT, ruled=is_ruled)
    paper.line("Page 1 of 2", x=280)
    paper.new_page()
    paper.table(
        [header, *bottles[30:]] if repeated else bottles[30:], LEFT_TO_RIGHT, ruled=is_ruled
    )
    paper.line("Page 2 of 2", x=280)

    record = read(paper.done(), tmp_path)

    readings = [row.reading for row in samples(record)]
    assert (readings.count("negative"), readings.count("positive")) == (39, 1)
    bad = next(row for row in samples(record) if row.reading == "positive")
    assert (bad.page, bad.part) == (2, "aerobic")


def test_preliminary_report_gives_preliminary_results(tmp_path: Path) -> None:
    record = read(ruled(title="Preliminary Report"), tmp_path)

    assert {row.status for row in samples(record)} == {"preliminary"}


def test_no_growth_to_date_is_preliminary_whatever_the_title(tmp_path: Path) -> None:
    body = [("Sterility, TSB", "USP <71>", "No growth", "No growth to date", "")]

    record = read(ruled(rows=body), tmp_path)

    assert [row.status for row in samples(record)] == ["preliminary"]


def test_watermark_makes_a_report_preliminary(tmp_path: Path) -> None:
    paper = Paper()
    paper.canvas.saveState()
    paper.canvas.translate(200, 300)
    paper.canvas.rotate(45)
    paper.canvas.setFont("Helvetica-Bold", 60)
    paper.canvas.drawString(0, 0, "PRELIMINARY")
    paper.canvas.restoreState()
    paper.title("Certificate of Analysis")
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *STERILITY_ROWS], WIDTHS, ruled=True)

    record = read(paper.done(), tmp_path)

    assert {row.status for row in samples(record)} == {"preliminary"}
    assert len(samples(record)) == 3


def test_amended_report_names_the_one_it_replaces(tmp_path: Path) -> None:
    pairs = [*changed(STERILITY_PAIRS, Report_No="R-26-119"), ("Replaces", "R-26-118")]

    record = read(ruled(title="Amended Report", pairs=pairs), tmp_path)

    assert value(record, "replaces") == "R-26-118"
    assert value(record, "report_number") == "R-26-119"
    assert {row.status for row in samples(record)} == {"amended"}


def test_two_report_numbers_are_none(tmp_path: Path) -> None:
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *STERILITY_ROWS], WIDTHS, ruled=True)
    paper.new_page()
    paper.pairs([("Report No.", "R-26-999"), ("Lot No.", "MSC-26-014")])

    record = read(paper.done(), tmp_path)

    assert record.header["report_number"].state is State.CONFLICT
    assert value(record, "report_number") is None
    # The same lot again is no conflict.
    assert value(record, "lot") == "MSC-26-014"
    assert "field-conflict" in held(record)


def test_growth_beside_its_own_pass_holds(tmp_path: Path) -> None:
    body = [("Sterility, TSB", "USP <71>", "No growth", "Growth", "Pass")]

    record = read(ruled(rows=body), tmp_path)

    assert results(record) == [("sterility", "aerobic", "positive")]
    assert "row-conflict" in held(record)


def test_number_beyond_the_limit_beside_it_holds_when_called_a_pass(tmp_path: Path) -> None:
    body = [("Endotoxin", "USP <85>", "<= 5.0 EU/mL", "7.2 EU/mL", "Pass")]

    record = read(ruled(rows=body), tmp_path)

    assert "row-conflict" in held(record)


def test_failing_verdict_of_the_laboratory_holds(tmp_path: Path) -> None:
    body = [("Viability (%)", "7-AAD", ">= 80", "78.6", "Fail")]

    record = read(ruled(rows=body), tmp_path)

    assert samples(record)[0].lower == Decimal("78.6")
    assert samples(record)[0].unit == "%"
    assert "laboratory-verdict-failed" in held(record)


@pytest.mark.parametrize(
    ("conclusion", "sterility"),
    [
        ("Conclusion: the sample does not meet the requirements.", "No growth"),
        ("The product does not comply.", "No growth"),
        ("The sample complies with the specification.", "Growth"),
    ],
)
def test_conclusion_against_the_rows_holds(tmp_path: Path, conclusion: str, sterility: str) -> None:
    body = [("Sterility, TSB", "USP <71>", "No growth", sterility, "")]

    record = read(ruled(rows=body, notes=[conclusion]), tmp_path)

    assert "conclusion-conflict" in held(record)


def test_conclusion_that_agrees_does_not_hold(tmp_path: Path) -> None:
    notes = ["Growth promotion: complies.", "The sample complies with the specification."]

    record = read(ruled(notes=notes), tmp_path)

    assert value(record, "conclusion") == "pass"
    assert held(record) == set()


def test_fourteen_days_between_dates_thirteen_days_apart_hold(tmp_path: Path) -> None:
    # Vector T6: started 05-Jan, final read 18-Jan, "no growth after 14 days".
    pairs = changed(STERILITY_PAIRS, Date_started="2026-01-05", Date_completed="2026-01-18")
    body = [("Sterility, TSB", "USP <71>", "No growth", "No growth after 14 days", "Pass")]

    record = read(ruled(pairs=pairs, rows=body), tmp_path)

    assert "duration-conflict" in held(record)


def test_fourteen_days_between_dates_fourteen_days_apart_do_not_hold(tmp_path: Path) -> None:
    notes = ["The media were incubated for 14 days at 22.5 C."]
    body = [("Sterility, TSB", "USP <71>", "No growth", "No growth after 14 days", "Pass")]

    record = read(ruled(rows=body, notes=notes), tmp_path)

    assert held(record) == set()


def test_blank_result_is_told_and_not_read(tmp_path: Path) -> None:
    body = [
        ("Sterility, FTM", "USP <71>", "No growth", "No growth", "Pass"),
        ("Sterility, TSB", "USP <71>", "No growth", "", ""),
    ]

    for is_ruled in (True, False):
        record = read(ruled(rows=body, is_ruled=is_ruled), tmp_path)

        assert [row.result for row in samples(record)] == ["No growth", ""]
        assert samples(record)[1].reading is None
        assert "result-blank" in held(record)


def test_unknown_wording_is_unknown(tmp_path: Path) -> None:
    body = [("Sterility, TSB", "USP <71>", "No growth", "See comment 4", "")]

    record = read(ruled(rows=body), tmp_path)

    assert results(record) == [("sterility", "aerobic", "unknown")]
    assert "result-wording-unknown" in held(record)


@pytest.mark.parametrize(("verdict", "severity"), [("Pass", "warning"), ("Fail", "hold")])
def test_row_of_an_unknown_test_is_quoted(tmp_path: Path, verdict: str, severity: str) -> None:
    body = [*STERILITY_ROWS, ("Sodium azide", "HPLC", "absent", "absent", verdict)]

    record = read(ruled(rows=body), tmp_path)

    finding = next(f for f in record.findings if f.slug == "test-unknown")
    assert "Sodium azide" in finding.message
    assert finding.severity == severity


def test_growth_in_the_negative_control_is_the_controls(tmp_path: Path) -> None:
    # Vector T25: the negative control grew; the sample did not.
    notes = ["Growth was observed in the Negative Control."]
    body = STERILITY_ROWS[:2]

    record = read(ruled(rows=body, notes=notes), tmp_path)

    found = {(row.role, row.reading) for row in rows(record.observations)}
    assert found == {("sample", "negative"), ("negative_control", "positive")}


def test_control_rows_are_never_the_samples(tmp_path: Path) -> None:
    body = [
        ("Sterility, TSB", "USP <71>", "No growth", "No growth", "Pass"),
        ("Positive control", "USP <71>", "Growth", "Growth", "Pass"),
    ]

    record = read(ruled(title="Sterility Report", rows=body), tmp_path)

    assert results(record) == [("sterility", "aerobic", "negative")]


def test_letter(tmp_path: Path) -> None:
    paper = Paper()
    paper.line("April 22, 2026", step=30)
    paper.line("UC-MSC suspension, Lot UCM-2604-09", step=30)
    paper.line("The sample was tested on April 07, 2026 for sterility.", step=30)
    paper.line("The results after 14 days of incubation were no growth observed for Fluid", step=13)
    paper.line("Thioglycollate Medium (FTM) and growth observed for Trypticase Soy Broth (TSB) on")
    paper.line("day 6. The isolate was identified as Cutibacterium acnes.", step=30)
    paper.line("The sample therefore does not meet the requirements of the test for sterility.")

    record = read(paper.done(), tmp_path)

    assert value(record, "lot") == "UCM-2604-09"
    assert value(record, "date_started") == "2026-04-07"
    assert value(record, "conclusion") == "fail"
    assert [(row.part, row.reading, row.day, row.organism) for row in samples(record)] == [
        ("anaerobic", "negative", None, None),
        ("aerobic", "positive", 6, "Cutibacterium acnes"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "No growth was observed for FTM until day 12.",
        "No growth was observed for FTM, but growth was suspected in the other bottle.",
        "Initially no growth was observed for FTM.",
        "Growth of unknown origin was seen during the test of TSB.",
    ],
)
def test_sentence_about_growth_that_fits_no_grammar_holds(tmp_path: Path, sentence: str) -> None:
    record = read(ruled(rows=STERILITY_ROWS[2:], notes=[sentence]), tmp_path)

    assert "result-wording-unknown" in held(record)
    assert "negative" not in {row.reading for row in samples(record)}


def test_legend_tells_nothing_of_the_sample(tmp_path: Path) -> None:
    notes = ["Abbreviations (+) Growth (-) No Growth (P) Pass F (Fail)", "NT = Not Tested"]

    record = read(ruled(notes=notes), tmp_path)

    assert len(rows(record.observations)) == 3
    assert held(record) == set()


def test_signature_and_its_date(tmp_path: Path) -> None:
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *STERILITY_ROWS], WIDTHS, ruled=True)
    paper.text(LEFT_EDGE, "TESTED BY: R. Okafor")
    paper.line("APPROVED BY: L. Hennig", x=320)
    paper.text(LEFT_EDGE, "DATE: 2026-03-19")
    paper.line("DATE: 2026-03-20", x=320)

    record = read(paper.done(), tmp_path)

    assert value(record, "signed_by") == "L. Hennig"
    assert value(record, "signed_on") == "2026-03-20"


LEFT_EDGE = 50.0


def test_unsigned_line_names_nobody(tmp_path: Path) -> None:
    record = read(ruled(notes=["Approved by: ______________"]), tmp_path)

    assert value(record, "signed_by") is None


@pytest.mark.parametrize("text", ["Pass", "2", "see attached list", "03/19/2026", "24-017, 24-018"])
def test_what_does_not_look_like_a_lot_is_none(tmp_path: Path, text: str) -> None:
    record = read(ruled(pairs=changed(STERILITY_PAIRS, Lot_No=text)), tmp_path)

    assert value(record, "lot") is None
    assert {row.lot for row in samples(record)} == {None}


def test_blank_lot_does_not_take_its_neighbour(tmp_path: Path) -> None:
    record = read(ruled(pairs=changed(STERILITY_PAIRS, Lot_No="")), tmp_path)

    assert "lot" not in record.header


def test_date_that_can_be_read_in_two_ways_holds(tmp_path: Path) -> None:
    pairs = changed(STERILITY_PAIRS, Date_started="03/04/2026", Date_completed="07/04/2026")

    record = read(ruled(pairs=pairs), tmp_path)

    assert record.header["date_started"].state is State.AMBIGUOUS
    assert "date-ambiguous" in held(record)


def test_other_date_proves_the_order(tmp_path: Path) -> None:
    # Vector T18: 03/04/2026 start, 17/04/2026 end.
    pairs = changed(STERILITY_PAIRS, Date_started="03/04/2026", Date_completed="17/04/2026")

    record = read(ruled(pairs=pairs), tmp_path)

    assert value(record, "date_started") == "2026-04-03"
    assert value(record, "date_completed") == "2026-04-17"


def test_number_that_can_be_read_in_two_ways_holds(tmp_path: Path) -> None:
    # Vector T17.
    body = [("Total cell count", "NC-200", "", "1,250 cells", "")]

    record = read(ruled(rows=body), tmp_path)

    assert samples(record)[0].lower is None
    assert samples(record)[0].state == State.AMBIGUOUS.value
    assert "number-ambiguous" in held(record)


def test_power_of_ten_with_a_raised_exponent(tmp_path: Path) -> None:
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    header = ("Test", "Method", "Specification", "Result", "Evaluation")
    row = ("Cell concentration", "NC-200", "", "1.2 x 10", "")
    paper.table([header, row], WIDTHS, ruled=True)
    top = paper.y - 16 - 18
    words = paper.canvas.stringWidth("1.2 x 10", "Helvetica", 10)
    x = 50 + sum(WIDTHS[:3]) + 4 + words
    paper.canvas.setFont("Helvetica", 6)
    paper.canvas.drawString(x, paper.height - top + 4, "6")
    paper.canvas.setFont("Helvetica", 10)
    paper.canvas.drawString(x + 4, paper.height - top, " cells/mL")

    record = read(paper.done(), tmp_path)

    assert samples(record)[0].lower == Decimal("1.2E6")


def test_struck_word_gives_no_result(tmp_path: Path) -> None:
    body = [("Sterility, TSB", "USP <71>", "No growth", "No growth", "Pass")]
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *body], WIDTHS, ruled=True)
    y = paper.height - (paper.y - 16 - 18) + 3
    x = 50 + sum(WIDTHS[:3]) + 4
    paper.canvas.line(x, y, x + 50, y)

    record = read(paper.done(), tmp_path)

    assert "text-struck" in held(record)
    assert "negative" not in {row.reading for row in samples(record) if row.result == "No growth"}


def test_paper_without_results_is_refused(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Invoice")
    paper.line("Thank you for your order of 3 March 2026.")

    with pytest.raises(DocumentError, match="no test result was found on it") as raised:
        read(paper.done(), tmp_path)

    assert raised.value.slug == "document-unclaimed"


def test_results_at_labels(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Certificate of Analysis")
    paper.pairs([*STERILITY_PAIRS, ("Endotoxin", "< 0.05 EU/mL"), ("Viability", "93.1 %")])

    record = read(paper.done(), tmp_path)

    assert [(row.test, row.upper, row.unit) for row in samples(record)] == [
        ("endotoxin", Decimal("0.05"), "EU/mL"),
        ("viability", Decimal("93.1"), "%"),
    ]


@pytest.mark.parametrize("heading", ["Evaluation", "Status", "Remarks", "Anything"])
def test_failure_counts_wherever_in_its_row_it_stands(tmp_path: Path, heading: str) -> None:
    header = ("Test", "Method", "Specification", "Result", heading)
    body = [("Viability", "7-AAD", "", "93 %", "Fail")]

    record = read(ruled(header=header, rows=body), tmp_path)

    assert "laboratory-verdict-failed" in held(record)


def test_verdict_that_is_not_known_holds(tmp_path: Path) -> None:
    body = [("Viability", "7-AAD", "", "93 %", "NOK, see 3")]

    record = read(ruled(rows=body), tmp_path)

    assert "result-wording-unknown" in held(record)


@pytest.mark.parametrize("cell", ["Fail", "Positive", "Growth", "does not comply"])
def test_failure_outside_of_every_table_holds(tmp_path: Path, cell: str) -> None:
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *STERILITY_ROWS], WIDTHS, ruled=True)
    paper.new_page()
    # The table goes on, with other columns and without its heading.
    paper.table([("41", cell, "TSB")], (60, 90, 40), ruled=True)

    record = read(paper.done(), tmp_path)

    assert "result-wording-unknown" in held(record)


def test_merged_cell_is_not_read_as_a_result(tmp_path: Path) -> None:
    paper = Paper()
    paper.pairs(STERILITY_PAIRS)
    paper.table([STERILITY_HEADER, *STERILITY_ROWS[:1]], WIDTHS, ruled=True)
    paper.y -= 16
    # "No growth" spans the specification and the result.
    paper.table(
        [("Sterility, TSB", "USP <71>", "No growth", "Pass")], (130, 75, 225, 65), ruled=True
    )

    record = read(paper.done(), tmp_path)

    assert results(record) == [("sterility", "anaerobic", "negative")]
    assert "result-wording-unknown" in held(record)
