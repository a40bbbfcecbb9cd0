"""Exports that are read by a mapping alone, each in the layout of its software."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qcvalidate.frames import Observation, rows
from qcvalidate.pipeline import open_laboratory, read
from qcvalidate.record import Record, Severity

HEAD = "id: mine\nversion: 1.0.0\nsoftware: Mine\n"

KALUZA = (
    HEAD
    + """
layout: long
recognised_by: {headings: [Data Set, Gate, "%Gated", X-Med, X-AMean]}
sample_id: Data Set
rows: {heading: Gate}
results:
  - {heading: "%Gated", row: Viable, test: viability, unit: "%", of: Singlets}
ignored: [X-Med, X-AMean]
"""
)
MACSQUANTIFY = (
    HEAD
    + r"""
layout: long
recognised_by: {headings: [Full path, WID, "%-#", Count/mL]}
sample_id: Full path
rows: {heading: Full path, sample_before: "\\"}
results:
  - {heading: "%-#", row: 'P1\P2\DAPI-', test: viability, unit: "%", of: P1/P2}
  - {heading: Count/mL, row: 'P1\P2\DAPI-', test: viable_cell_concentration, unit: cells/mL}
dilution: {applied: "yes"}
absent: ["---"]
ignored: [WID]
ignored_sheets: [Settings]
locale: {decimal: ","}
"""
)
CYTEXPERT = (
    HEAD
    + """
layout: rows
recognised_by: {headings: ["Tube Name:", Viable Events, Singlets Events]}
sample_id: "Tube Name:"
results:
  - {heading: Viable Events, total: Singlets Events, test: viability, unit: "%", of: Singlets}
  - {heading: Viable Events/μL(V), test: cd34_absolute, unit: cells/µL}
dilution: {applied: "yes"}
"""
)
NOVOEXPRESS = (
    HEAD
    + """
layout: rows
recognised_by: {headings: [Specimen, Sample, Viable Count]}
sample_id: Sample
results:
  - {heading: Viable Count, total: Singlets Count, test: viability, unit: "%", of: Singlets}
ignored: [Specimen]
"""
)


def record_of(folder: Path, mapping: str, content: str | bytes, name: str = "e.csv") -> Record:
    path = folder / "schemas" / "exports" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(mapping, encoding="utf-8")
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(folder / name, open_laboratory(folder / "schemas"))


def of(record: Record, sample: str) -> dict[str, Observation]:
    return {row.test: row for row in rows(record.observations) if row.sample_id == sample}


def test_kaluza_writes_a_row_for_each_gate(tmp_path: Path) -> None:
    text = (
        "Data Set,Gate,%Gated,X-Med,X-AMean\n"
        "L-1,Cells,80.0,5,5\nL-1,Viable,95.0,5,5\nK-7,Viable,10.0,5,5\n"
    )

    record = record_of(tmp_path, KALUZA, text)

    assert of(record, "L-1")["viability"].lower == Decimal("95.0")
    assert of(record, "L-1")["viability"].method == "Mine; % of Singlets"
    assert of(record, "K-7")["viability"].lower == Decimal("10.0")


def test_a_gate_that_stands_in_two_plots_with_two_shares_supports_nothing(
    tmp_path: Path,
) -> None:
    text = "Data Set,Gate,%Gated,X-Med,X-AMean\nL-1,Viable,95.0,5,5\nL-1,Viable,60.0,5,5\n"

    record = record_of(tmp_path, KALUZA, text)

    assert of(record, "L-1")["viability"].state == "conflict"
    assert "several times" in " ".join(finding.message for finding in record.findings)


def test_macsquantify_names_sample_and_population_in_one_path(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Full path", "WID", "%-#", "Count/mL"],
        ["L-1.0001", "A1", "---", "2,0E6"],
        ["L-1.0001\\P1\\P2", "A1", "90,5", "1,5E6"],
        ["L-1.0001\\P1\\P2\\DAPI-", "A1", "95,25", "1.250.000,5"],
        ["L-1.0001\\P3\\DAPI-", "A1", "12,0", "---"],
    ):
        sheet.append(row)
    book.create_sheet("Settings").append(["Laser", 1])
    book.save(tmp_path / "m.xlsx")

    record = record_of(tmp_path, MACSQUANTIFY, (tmp_path / "m.xlsx").read_bytes(), "m.xlsx")

    found = of(record, "L-1.0001")
    assert found["viability"].lower == Decimal("95.25")
    assert found["viable_cell_concentration"].lower == Decimal("1250000.5")
    assert not [one for one in record.findings if one.severity is Severity.HOLD]


def test_cytexpert_gives_a_share_by_its_two_counts(tmp_path: Path) -> None:
    text = (
        "Tube Name:,Singlets Events,Viable Events,Viable Events/μL(V)\n"
        'L-1,"1,000",950,49.85\nK-7,1000,n/a,n/a\n'
    )

    found = of(record_of(tmp_path, CYTEXPERT + "absent: [n/a]\n", text), "L-1")

    row = found["viability"]
    assert row.result == "95.00 % (950 of 1000)"
    assert (row.numerator, row.denominator) == (950, 1000)
    # Clopper-Pearson, 95 %: scipy's beta quantiles for 950 of 1000.
    assert row.ci_low == pytest.approx(93.46, abs=0.01)
    assert row.ci_high == pytest.approx(96.27, abs=0.01)
    assert found["cd34_absolute"].lower == Decimal("49.85")


@pytest.mark.parametrize(
    ("counts", "slug"),
    [
        ("950,0", "population-not-evaluable"),
        ("950,900", "field-conflict"),
        ("950,1E+03", "number-unreadable"),
        ("-1,1000", "number-unreadable"),
        ("NaN,1000", None),
        (",1000", "result-blank"),
    ],
)
def test_two_counts_that_make_no_share_support_nothing(
    tmp_path: Path, counts: str, slug: str | None
) -> None:
    text = f"\ufeffSpecimen,Sample,Viable Count,Singlets Count\nS,L-1,{counts}\nS,K,9,10\n"

    record = record_of(tmp_path, NOVOEXPRESS, text)

    row = of(record, "L-1").get("viability")
    assert row is None or row.lower is None
    assert slug is None or slug in {finding.slug for finding in record.findings}


def test_the_example_of_a_long_layout_is_read(tmp_path: Path) -> None:
    text = (
        "Form NAH-F-045,,,,\nData set,Gate,% gated,Events,X-Med\n"
        "L-1,Singlets,90.0,1000,\nL-1,Viable,95.0,950,5\nL-1,CD45+,1.5,14,5\n"
    )
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")

    found = of(read(tmp_path / "e.csv", open_laboratory()), "L-1")

    assert found["viability"].result == "95.00 % (950 of 1000)"
    assert found["cd45_positive"].lower == Decimal("1.5")


@pytest.mark.parametrize("text", ["", " ", "---", "####", "n/a", "-1", "nan", "#DIV/0!"])
def test_what_is_no_number_is_never_one(tmp_path: Path, text: str) -> None:
    """Whether or not the mapping lists it as absent, it supports nothing."""
    content = f"Data Set,Gate,%Gated,X-Med,X-AMean\nL-1,Viable,{text},5,5\nL-1,Cells,80.0,5,5\n"

    record = record_of(tmp_path, KALUZA, content)

    row = of(record, "L-1").get("viability")
    assert row is None or (row.lower is None and row.upper is None)
    assert record.samples is not None
    assert {one.slug for one in record.samples["L-1"]} & {"result-blank", "number-unreadable"}


def test_a_formula_without_a_value_is_no_number_of_a_mapping(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Full path", "WID", "%-#", "Count/mL"])
    sheet.append(["L-1.0001\\P1\\P2\\DAPI-", "A1", "=95+1", "1,5E6"])
    book.save(tmp_path / "m.xlsx")

    record = record_of(tmp_path, MACSQUANTIFY, (tmp_path / "m.xlsx").read_bytes(), "m.xlsx")

    held = {one.slug for one in record.findings if one.severity is Severity.HOLD}
    assert "formula-without-value" in held
    assert of(record, "L-1.0001")["viability"].lower is None
