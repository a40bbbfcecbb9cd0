"""What MACSQuantify writes into workbooks: full paths, `%-#` of whom nobody says, and blanks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from exports.flat import (
    MACS_HEAD,
    MACS_ROWS,
    SPEC,
    VIABLE,
    Value,
    held,
    judged,
    macs,
    outcome,
    populations,
    record_of,
    told,
)

from qcvalidate.assessment import Outcome, Verdict
from qcvalidate.errors import DocumentError

SAMPLE = "samples: [L-1.0001]\n"
Rows = tuple[tuple[Value, ...], ...]


def changed(at: int, column: int, value: Value) -> Rows:
    """Change one cell of the good rows."""
    rows = [list(row) for row in MACS_ROWS]
    rows[at][column] = value
    return tuple(tuple(row) for row in rows)


def test_full_paths_and_shares_of_the_parent_are_read(tmp_path: Path) -> None:
    record = record_of(tmp_path, macs(tmp_path / "made.xlsx"), "m.xlsx")

    found = populations(record)
    assert record.source.reader == "exports.macsquantify_table"
    one = found["L-1.0001", VIABLE]
    assert one.count is None
    assert [(share.of, share.percent) for share in one.shares] == [(VIABLE[:2], Decimal("95.00"))]
    assert not any(each.doubt for each in found.values())


def test_a_workbook_of_macsquantify_answers_the_lots_test(tmp_path: Path) -> None:
    content = macs(tmp_path / "made.xlsx")

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.PASS
    assert "Count/mL" in told(found, "dilution-unstated")


def test_stored_numbers_are_read_as_the_texts_are(tmp_path: Path) -> None:
    rows = tuple(
        tuple(float(str(cell).replace(",", ".")) if "," in str(cell) else cell for cell in row)
        for row in MACS_ROWS
    )

    assert judged(tmp_path, macs(tmp_path / "made.xlsx", rows), "m.xlsx", SAMPLE).verdict is (
        Verdict.PASS
    )


def test_a_share_of_all_events_is_not_one_of_the_parent(tmp_path: Path) -> None:
    # 1,425,000 of 2,000,000 are 71.25 %, and of the 1,500,000 single cells 95 %.
    content = macs(tmp_path / "made.xlsx", changed(3, 2, "71,25"))

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert outcome(found) is Outcome.MISSING
    assert "71,25 % of all events" in told(found, "share-of-other-parent")


def test_a_share_that_its_concentrations_do_not_make_supports_nothing(tmp_path: Path) -> None:
    content = macs(tmp_path / "made.xlsx", changed(3, 2, "98,00"))

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.HOLD
    assert "do not make" in told(found, "field-conflict")


@pytest.mark.parametrize("blank", ["", None, "---", "####", "n/a", -1, "-1"])
def test_a_blank_share_supports_nothing(tmp_path: Path, blank: Value) -> None:
    content = macs(tmp_path / "made.xlsx", changed(3, 2, blank))

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.HOLD
    assert outcome(found) is Outcome.MISSING


@pytest.mark.parametrize("blank", ["", None, "---", -1])
def test_without_the_parents_concentration_nobody_says_of_which_events(
    tmp_path: Path, blank: Value
) -> None:
    rows = changed(2, 3, blank)
    rows = tuple(row if at else ("L-1.0001", "---", "---", "---") for at, row in enumerate(rows))
    content = macs(tmp_path / "made.xlsx", rows)

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.HOLD
    assert outcome(found) in (Outcome.MISSING, Outcome.INDETERMINATE)
    assert "say of which events" in told(found, "population-unplaced")


def test_counts_answer_where_they_stand_there(tmp_path: Path) -> None:
    counts: tuple[Value, ...] = ("10000", "8000", "7500", "7125")
    rows = tuple((*row, count) for row, count in zip(MACS_ROWS, counts, strict=True))
    content = macs(tmp_path / "made.xlsx", rows, (*MACS_HEAD, "#"))

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.PASS
    assert found.results[0].observed == "95.00 % (7125 of 7500)"


def test_counts_that_contradict_their_share_support_no_pass(tmp_path: Path) -> None:
    counts: tuple[Value, ...] = ("10000", "8000", "7500", "7400")
    rows = tuple((*row, count) for row, count in zip(MACS_ROWS, counts, strict=True))
    content = macs(tmp_path / "made.xlsx", rows, (*MACS_HEAD, "#"))

    assert judged(tmp_path, content, "m.xlsx", SAMPLE).verdict is Verdict.HOLD


def test_populations_of_one_name_under_two_parents_are_two(tmp_path: Path) -> None:
    rows = (*MACS_ROWS, ("L-1.0001\\Debris\\Viable", "A1", "1,00", "4000,0"))

    found = populations(record_of(tmp_path, macs(tmp_path / "made.xlsx", rows), "m.xlsx"))

    assert found["L-1.0001", ("Debris", "Viable")].shares == ()
    assert found["L-1.0001", VIABLE].shares[0].percent == Decimal("95.00")


@pytest.mark.parametrize("path", ["", "L-1.0001\\\\P1", "\\P1", "L-1.0001\\"])
def test_a_row_without_a_full_path_holds(tmp_path: Path, path: str) -> None:
    content = macs(tmp_path / "made.xlsx", (*MACS_ROWS, (path, "A1", "5,00", "10,0")))

    found = judged(tmp_path, content, "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.HOLD
    assert "field-unreadable" in held(found)


def test_other_samples_are_set_aside_and_a_second_sheet_is_told(tmp_path: Path) -> None:
    others = tuple((str(row[0]).replace("L-1", "K-7"), *row[1:]) for row in MACS_ROWS)
    fine = macs(tmp_path / "fine.xlsx", (*others, *MACS_ROWS), more=(MACS_HEAD, others[0]))
    odd = macs(tmp_path / "odd.xlsx", more=(("Notes",), ("all tubes clogged",)))

    assert judged(tmp_path / "a", fine, "m.xlsx", SAMPLE).verdict is Verdict.PASS
    assert "table-header-unknown" in held(judged(tmp_path / "b", odd, "m.xlsx", SAMPLE))


def test_the_same_population_again_with_another_share_supports_nothing(tmp_path: Path) -> None:
    again = ("L-1.0001\\Cells\\Singlets\\Viable", "A2", "40,00", "600000,0")
    content = macs(tmp_path / "made.xlsx", (*MACS_ROWS, again))

    assert judged(tmp_path, content, "m.xlsx", SAMPLE).verdict is Verdict.HOLD


def test_a_decimal_mark_that_is_not_certain_is_no_number(tmp_path: Path) -> None:
    # 1,425 may be one and a half or more than a thousand; the shares of three digits as well.
    rows = tuple(
        (row[0], row[1], share, volume)
        for row, share, volume in zip(
            MACS_ROWS,
            ("---", "80,000", "93,750", "95,000"),
            ("2,000", "1,600", "1,500", "1,425"),
            strict=True,
        )
    )

    found = judged(tmp_path, macs(tmp_path / "made.xlsx", rows), "m.xlsx", SAMPLE)

    assert found.verdict is Verdict.HOLD


def test_a_path_without_numbers_is_no_remark_and_a_remark_is(tmp_path: Path) -> None:
    bare: Rows = (("L-1.0001", None, None, None), ("L-1.0001\\Debris", None, None, None))
    fine = macs(tmp_path / "fine.xlsx", (*MACS_ROWS[1:], *bare))
    odd = macs(tmp_path / "odd.xlsx", (*MACS_ROWS, ("checked, see deviation 7", None, None, None)))

    assert judged(tmp_path / "a", fine, "m.xlsx", SAMPLE).verdict is Verdict.PASS
    assert "table-header-unknown" in held(judged(tmp_path / "b", odd, "m.xlsx", SAMPLE))


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path) -> None:
    rows = tuple((*row, "1,0") for row in MACS_ROWS)

    with pytest.raises(DocumentError, match="two columns are headed “%-#”"):
        record_of(tmp_path, macs(tmp_path / "made.xlsx", rows, (*MACS_HEAD, "%-#")), "m.xlsx")


def test_a_formula_without_a_value_holds(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    macs(path)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active["C5"] = "=95"
    book.save(path)

    found = judged(tmp_path, path.read_bytes(), "m.xlsx", SAMPLE, SPEC)

    assert found.verdict is Verdict.HOLD
    assert "formula-without-value" in held(found)
