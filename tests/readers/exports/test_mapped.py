from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from exports.counters import BLU_HEAD, XR, blu, blu_row, nc200

from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.pipeline import open_laboratory, read
from qcvalidate.record import Finding, Record, Severity

LABORATORY = open_laboratory()


def record_of(folder: Path, content: str | bytes, name: str = "counts.csv") -> Record:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, LABORATORY)


def of(record: Record, sample: str) -> dict[str, Observation]:
    found = [row for row in rows(record.observations) if row.sample_id == sample]
    assert len({row.test for row in found}) == len(found)
    return {row.test: row for row in found}


def said(record: Record, slug: str) -> list[Finding]:
    return [finding for finding in record.findings if finding.slug == slug]


def test_a_vi_cell_blu_row_gives_the_share_both_concentrations_and_the_time(
    tmp_path: Path,
) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1")))

    found = of(record, "L-1")
    assert record.source.reader == "exports.mapped"
    assert found["viability"].lower == Decimal("96.0")
    assert found["viable_cell_concentration"].lower == Decimal(960_000)
    assert found["cell_concentration"].lower == Decimal(1_000_000)
    assert {row.state for row in found.values()} == {"confirmed"}
    assert found["viability"].measured_at == dt.datetime(2026, 3, 21, 16, 56)
    assert found["viability"].method == "Vi-CELL BLU, trypan blue; % of all cells counted"


def test_each_percentage_says_what_it_is_a_share_of(tmp_path: Path) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1")))

    assert (of(record, "L-1")["viability"].method or "").endswith("% of all cells counted")


def test_a_dilution_that_may_or_may_not_be_in_the_concentration_supports_no_pass(
    tmp_path: Path,
) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1", dilution="10")))

    found = of(record, "L-1")
    assert found["viability"].state == "confirmed"
    assert found["viable_cell_concentration"].state == "ambiguous"
    assert found["viable_cell_concentration"].lower == Decimal(960_000)
    assert "“10”" in said(record, "dilution-unstated")[0].message


def test_without_a_dilution_the_concentration_is_in_doubt(tmp_path: Path) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1", dilution="")))

    assert "no dilution is stated" in said(record, "dilution-unstated")[0].message


def test_the_text_of_a_vi_cell_xr_holds_the_dilution_already(tmp_path: Path) -> None:
    record = record_of(tmp_path, XR.format(sample="L-1", viability="95.0"), "L-1.txt")

    found = of(record, "L-1")
    assert found["viable_cell_concentration"].lower == Decimal("76.0e6")
    assert found["viable_cell_concentration"].state == "confirmed"
    assert found["viability"].measured_at == dt.datetime(2026, 3, 21, 5, 21, 32)
    assert not said(record, "dilution-unstated")


def test_an_nc200_names_its_sample_in_its_images_name(tmp_path: Path) -> None:
    found = of(record_of(tmp_path, nc200("MSC-18")), "MSC-18")

    assert found["viable_cell_concentration"].lower == Decimal(900_000)
    assert found["viability"].measured_at == dt.datetime(2026, 3, 21, 11, 3)
    assert "AO and DAPI" in (found["viability"].method or "")


def test_the_instruments_own_doubt_behind_a_number_is_kept(tmp_path: Path) -> None:
    content = nc200("L-1", total="1.00E6 (Out of optimal range)")

    record = record_of(tmp_path, content)

    row = of(record, "L-1")["cell_concentration"]
    assert (row.lower, row.state) == (Decimal("1.00e6"), "ambiguous")
    assert row.result == "1.00E6 (Out of optimal range)"
    assert "Out of optimal range" in said(record, "row-remarked")[0].message


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (blu_row("L-1", "80.0"), "the concentrations make it 95"),
        (blu_row("L-1", viable="500"), "the cells that were counted make it 49.9 to 50.1"),
    ],
)
def test_a_viability_that_the_export_itself_contradicts_is_held(
    tmp_path: Path, row: str, words: str
) -> None:
    record = record_of(tmp_path, blu(row))

    assert of(record, "L-1")["viability"].state == "conflict"
    assert words in said(record, "field-conflict")[0].message


def test_one_sample_twice_with_different_results_is_held(tmp_path: Path) -> None:
    other = blu_row("l-1", "90.0", viable="900", live="0.90")

    record = record_of(tmp_path, blu(blu_row("L-1"), other, blu_row("L-2")))

    assert of(record, "L-1")["viability"].state == "conflict"
    assert of(record, "L-2")["viability"].state == "confirmed"
    message = said(record, "field-conflict")[0].message
    assert "row 2: 96.0" in message
    assert "row 3: 90.0" in message


def test_the_same_result_twice_is_no_conflict(tmp_path: Path) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1"), blu_row("L-1")))

    assert not said(record, "field-conflict")


@pytest.mark.parametrize(
    ("viability", "slug"),
    [
        ("NaN", "number-unreadable"),
        ("-5", "number-unreadable"),
        ("=1+2", "number-unreadable"),
        ("", "result-blank"),
        ("96 kg", "unit-unknown"),
        ("high", "number-unreadable"),
    ],
)
def test_what_is_no_percentage_is_never_one(tmp_path: Path, viability: str, slug: str) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1", viability)))

    row = of(record, "L-1")["viability"]
    assert row.lower is None
    assert slug in {finding.slug for finding in record.findings}


def test_more_than_all_cells_are_no_share(tmp_path: Path) -> None:
    record = record_of(tmp_path, blu(blu_row("L-1", "120.0", viable="", live="")))

    assert of(record, "L-1")["viability"].state == "ambiguous"
    assert said(record, "number-unreadable")[0].severity is Severity.HOLD


def test_decimal_commas_are_read_where_the_file_proves_them(tmp_path: Path) -> None:
    pointed = blu(blu_row("L-1")).replace(",", ";")
    text = pointed.replace("1.00", "1,00").replace("0.96", "0,96").replace("96.0", "96,0")

    found = of(record_of(tmp_path, text), "L-1")

    assert found["viability"].lower == Decimal("96.0")
    assert found["viable_cell_concentration"].lower == Decimal(960_000)


def test_a_row_that_ends_too_early_is_refused_with_its_place(tmp_path: Path) -> None:
    whole = blu(blu_row("L-1"), blu_row("L-2"))

    with pytest.raises(DocumentError, match=r"row 3: has \d+ cells"):
        record_of(tmp_path, whole[: whole.index("L-2,") + 30])


def test_two_columns_of_one_heading_are_refused(tmp_path: Path) -> None:
    twice = f"{BLU_HEAD},Viability (%)\n{blu_row('L-1')},50.0\n"

    with pytest.raises(DocumentError, match="two columns are headed “viability"):
        record_of(tmp_path, twice)


def test_a_value_without_a_heading_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"has 16 cells|without a heading"):
        record_of(tmp_path, f"{BLU_HEAD},\n{blu_row('L-1')},50.0\n")


def test_a_header_alone_holds(tmp_path: Path) -> None:
    assert said(record_of(tmp_path, blu()), "table-empty")[0].severity is Severity.HOLD


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        record_of(tmp_path, blu(blu_row("L-1")).encode("utf-16")[:-1])


def test_a_tag_and_a_second_analysis_are_told(tmp_path: Path) -> None:
    row = blu_row("L-1", tag="bad focus", again="3/22/2026 08:00")

    told = said(record_of(tmp_path, blu(row)), "row-remarked")

    assert ["bad focus" in one.message for one in told].count(True) == 1
    assert len(told) == 2


def test_a_warning_of_the_instrument_holds_its_sample(tmp_path: Path) -> None:
    head = (
        "NAME,SAMPLE ID,PROTOCOL,STATUS,TOTAL (cells/ml),LIVE (cells/ml),VIABILITY (%),"
        "DILUTION FACTOR"
    )
    text = (
        f"{head}\n1,A,Count,OK,1 000 000,900 000,90.0,1\n"
        "2,B,Count,Warning: Foreign object detected,1.00E+06,9.0E+05,90.0,1\n"
    )

    record = record_of(tmp_path, text)

    assert of(record, "A")["viable_cell_concentration"].lower == Decimal(900_000)
    held = said(record, "row-remarked")
    assert [finding.severity for finding in held] == [Severity.HOLD]
    assert record.samples is not None
    assert held[0] in record.samples["B"]


def test_a_workbook_is_read_as_its_text_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in blu(blu_row("L-1")).splitlines():
        cells: list[str | float] = []
        for text in line.split(","):
            number = text.replace(".", "", 1).isdigit()
            cells.append(float(text) if number else text)
        sheet.append(cells)
    book.save(tmp_path / "counts.xlsx")

    found = of(read(tmp_path / "counts.xlsx", LABORATORY), "L-1")

    assert found["viability"].lower == Decimal(96)
    assert found["viable_cell_concentration"].lower == Decimal(960_000)


NONESUCH = (
    "Form NAH-F-044;;;;;;\n"
    "Tube;Acquired;WBC viab;CD34 viab;CD34 abs;Prediluted;QC flag\n"
    "{tube};21.03.2026 10:15;{wbc};---;49,85;2;OK\n"
)


def test_a_declared_mapping_multiplies_by_a_dilution_that_is_not_applied_yet(
    tmp_path: Path,
) -> None:
    record = record_of(tmp_path, NONESUCH.format(tube="L-1", wbc="97,5"))

    found = of(record, "L-1")
    assert found["viability"].lower == Decimal("97.5")
    assert found["viability"].method is not None
    assert found["viability"].method.endswith("% of CD45+ cells")
    assert found["cd34_absolute"].lower == Decimal("99.70")
    assert found["cd34_absolute"].result == "49,85"
    assert found["cd34_viability"].lower is None
    assert said(record, "result-blank")


def test_units_under_the_header_are_held_against_the_mapping(tmp_path: Path) -> None:
    head = (
        "Date & Time,Sample ID,Sample Type,Total Density,Viable Density,Viability,"
        "Pre-Dilution Multiplier,Batch ID,Chemistry Dilution Ratio"
    )
    line = "3/21/2026 16:20,Test1,Default,1.0,0.9,90,1,L-1,1:1"
    millions = ",,,x10^6 Cells / mL,x10^6 Cells / mL,,,,"

    record = record_of(tmp_path, f"{head}\n{millions}\n{line}\n")

    found = of(record, "Test1")
    assert found["viable_cell_concentration"].lower == Decimal(900_000)
    assert found["viable_cell_concentration"].lot == "L-1"
    thousands = millions.replace("10^6", "10^3")
    with pytest.raises(DocumentError, match="which of them holds is not told"):
        record_of(tmp_path, f"{head}\n{thousands}\n{line}\n")


@pytest.mark.parametrize(("cells", "alive", "doubted"), [("10", "10", True), ("0", "0", True),
                                                         ("100", "96", False)])  # fmt: skip
def test_a_share_of_next_to_no_cells_supports_no_pass(
    tmp_path: Path, cells: str, alive: str, doubted: bool
) -> None:
    share = "100.0" if cells == alive else "96.0"
    live = "1.00" if cells == alive else "0.96"

    record = record_of(tmp_path, blu(blu_row("L-1", share, count=cells, viable=alive, live=live)))

    assert bool(said(record, "too-few-events")) is doubted
    assert ({row.state for row in of(record, "L-1").values()} == {"confirmed"}) is not doubted
