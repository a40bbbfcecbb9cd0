from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.exports import results_table
from qcvalidate.record import Record, Severity
from qcvalidate.vocabulary import load_vocabulary

WORDS = load_vocabulary(open_catalogue())


def _read(tmp_path: Path, content: str, locale: Locale = Locale()) -> Record:  # noqa: B008
    path = tmp_path / "results.csv"
    path.write_text(content, "utf-8")
    return results_table.read(open_document(path), Context(WORDS, locale))


def _one(tmp_path: Path, result: str, test: str = "viability", unit: str = "%") -> Record:
    return _read(tmp_path, f'lot;test;result;unit\nA;{test};"{result}";{unit}\n')


def _only(record: Record) -> Observation:
    (observation,) = rows(record.observations)
    return observation


def _slugs(record: Record) -> list[tuple[str, Severity]]:
    return [(finding.slug, finding.severity) for finding in record.findings]


def test_a_long_table_gives_one_observation_a_row(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        "lot,sample_id,test,part,method,result,unit,started,ended,status\n"
        "MSC-1,S1,sterility,FTM,USP <71>,No growth after 14 days,,2026-03-05,2026-03-19,final\n"
        "MSC-1,S2,endotoxin,,,<0.05,EU/mL,,,preliminary\n",
    )

    sterility, endotoxin = rows(record.observations)
    assert (sterility.lot, sterility.sample_id) == ("MSC-1", "S1")
    assert (sterility.test, sterility.part) == ("sterility", "anaerobic")
    assert (sterility.reading, sterility.day, sterility.method) == ("negative", 14, "USP <71>")
    assert (sterility.started, sterility.ended) == (dt.date(2026, 3, 5), dt.date(2026, 3, 19))
    assert sterility.region == "row 2 “result”"
    assert (endotoxin.lower, endotoxin.upper) == (Decimal("-Infinity"), Decimal("0.05"))
    assert (endotoxin.upper_closed, endotoxin.unit) == (False, "EU/mL")
    assert endotoxin.status == "preliminary"
    assert record.header["lot"].value == "MSC-1"
    assert "sample_id" not in record.header
    assert not record.findings


def test_headings_may_be_the_laboratorys_own(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        "Charge;Prüfung;Spezifikation;Ergebnis;Bewertung\n"
        "A;Viabilität;≥ 80,0 %;78,6 %;entspricht nicht\n"
        "A;Zellzahl;≥ 1.000.000 /ml;1.248.500 /ml;entspricht\n"
        "A;Mykoplasmen (PCR);nicht nachweisbar;nicht nachweisbar;entspricht\n",
    )

    viability, count, mycoplasma = rows(record.observations)
    assert (viability.test, viability.upper, viability.unit) == ("viability", Decimal("78.6"), "%")
    assert (count.test, count.upper) == ("cell_concentration", Decimal(1248500))
    assert mycoplasma.reading == "negative"
    assert _slugs(record) == [("row-conflict", Severity.HOLD)]


def test_a_wide_table_gives_one_observation_a_test(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        "Sample ID,Viability (%),Viable (x10^6) cells/mL,Images,Analysis date/time\n"
        "S1,92.03,0.69,100,9/20/2021 16:28\nS2,91.42,0.33,100,9/20/2021 16:30\n",
    )

    first, second, third, fourth = rows(record.observations)
    assert [first.sample_id, third.sample_id] == ["S1", "S2"]
    assert (first.test, first.upper, first.unit) == ("viability", Decimal("92.03"), "%")
    assert (second.test, second.upper) == ("viable_cell_concentration", Decimal("690000"))
    assert second.region == "row 2 “Viable (x10^6) cells/mL”"
    assert first.measured_at == dt.datetime(2021, 9, 20, 16, 28)
    assert fourth.upper == Decimal("330000")
    assert _slugs(record) == [("table-header-unknown", Severity.INFORMATION)]


def test_each_row_keeps_its_own_lot(tmp_path: Path) -> None:
    record = _read(
        tmp_path, "lot,test,result\n24-017,sterility,Growth\n24-017A,sterility,No growth\n"
    )

    assert [row.lot for row in rows(record.observations)] == ["24-017", "24-017A"]
    assert "lot" not in record.header


@pytest.mark.parametrize(
    ("result", "slug", "state"),
    [
        ("inf", "number-unreadable", "confirmed"),
        ("nan", "number-unreadable", "confirmed"),
        ("#DIV/0!", "number-unreadable", "confirmed"),
        ("n/a", "number-unreadable", "confirmed"),
        ("ND", "number-unreadable", "confirmed"),
        ("-5", "number-unreadable", "confirmed"),
        ("1,250", "number-ambiguous", "ambiguous"),
        ("0.8x106", "number-ambiguous", "ambiguous"),
        ("82 EU/mL", "unit-unknown", "ambiguous"),
    ],
)
def test_an_unread_number_holds_and_has_no_bounds(
    tmp_path: Path, result: str, slug: str, state: str
) -> None:
    record = _one(tmp_path, result)

    observation = _only(record)
    assert (observation.result, observation.state) == (result, state)
    assert observation.lower is None
    assert observation.upper is None
    assert _slugs(record) == [(slug, Severity.HOLD)]


@pytest.mark.parametrize(
    ("result", "lower", "upper"),
    [("<70", "-Infinity", "70"), ("82%", "82", "82"), ("69,5", "69.5", "69.5")],
)
def test_a_bound_or_percentage_is_read(tmp_path: Path, result: str, lower: str, upper: str) -> None:
    observation = _only(_one(tmp_path, result))

    assert (observation.lower, observation.upper) == (Decimal(lower), Decimal(upper))


def test_a_declared_locale_settles_a_number(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        'lot;test;result;unit\nA;viable_cell_concentration;"1,250";cells/mL\n',
        Locale(decimal="."),
    )

    assert _only(record).upper == Decimal(1250)


def test_a_number_without_any_unit_is_not_read(tmp_path: Path) -> None:
    record = _one(tmp_path, "0.95", unit="")

    assert _only(record).upper is None
    assert _slugs(record) == [("unit-unknown", Severity.HOLD)]


def test_a_unit_of_the_same_dimension_is_scaled(tmp_path: Path) -> None:
    observation = _only(_one(tmp_path, "1250", "viable_cell_concentration", "cells/µL"))

    assert (observation.upper, observation.unit) == (Decimal(1250000), "cells/mL")


def test_a_blank_result_is_kept_as_blank(tmp_path: Path) -> None:
    record = _one(tmp_path, "")

    assert _only(record).result == ""
    assert _only(record).upper is None
    assert _slugs(record) == [("result-blank", Severity.WARNING)]


def test_an_unknown_test_is_said(tmp_path: Path) -> None:
    record = _one(tmp_path, "5", "Gesamtkeimzahl")

    assert record.observations.empty
    assert _slugs(record) == [("test-unknown", Severity.WARNING)]


@pytest.mark.parametrize(
    ("named", "severity"),
    [
        ("Viabilty", Severity.HOLD),
        ("CD105 positve", Severity.HOLD),
        ("Endotoxn", Severity.HOLD),
        ("CD271 positive", Severity.WARNING),
        ("Confluence", Severity.WARNING),
        ("Osmolality", Severity.WARNING),
    ],
)
def test_a_number_under_a_misspelt_name_holds(
    tmp_path: Path, named: str, severity: Severity
) -> None:
    record = _one(tmp_path, "5", named)

    assert _slugs(record) == [("test-unknown", severity)]


def test_an_unknown_wording_holds(tmp_path: Path) -> None:
    record = _one(tmp_path, "no growth except bottle 37", "sterility", "")

    assert _only(record).reading == "unknown"
    assert _slugs(record) == [("result-wording-unknown", Severity.HOLD)]


def test_a_table_of_only_a_header_holds(tmp_path: Path) -> None:
    record = _read(tmp_path, "lot,test,result\n,,\n")

    assert record.observations.empty
    assert _slugs(record) == [("table-empty", Severity.HOLD)]


@pytest.mark.parametrize(
    "header",
    ["lot,test,result,result", "lot,batch,test,result", "lot,Viability (%),% viable,x"],
)
def test_two_columns_of_one_meaning_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _read(tmp_path, f"{header}\nA,82,82,82\n")

    assert caught.value.slug == "field-conflict"


@pytest.mark.parametrize("row", ["A,viability,78,6", "A,viability"])
def test_a_row_that_does_not_fit_its_header_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(DocumentError, match="row 2"):
        _read(tmp_path, f"lot,test,result\n{row}\n")


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        ("Negative control,", "negative_control"),
        ("S1,positive control", "positive_control"),
        ("S1,", "sample"),
    ],
)
def test_a_controls_growth_is_the_controls(tmp_path: Path, cells: str, role: str) -> None:
    record = _read(tmp_path, f"lot,sample_id,role,test,result\nA,{cells},sterility,Growth\n")

    assert _only(record).role == role


def test_an_unknown_role_may_be_a_control(tmp_path: Path) -> None:
    record = _read(tmp_path, "lot,role,test,result\nA,spiked twin,sterility,No growth\n")

    assert _only(record).state == "ambiguous"
    assert _slugs(record) == [("result-wording-unknown", Severity.HOLD)]


@pytest.mark.parametrize(
    ("result", "verdict", "conflict"),
    [
        ("No growth", "pass", False),
        ("Growth", "F", False),
        ("No growth", "F", True),
        ("Growth", "pass", True),
        ("No growth", "see note", True),
    ],
)
def test_a_rows_verdict_must_agree_with_its_result(
    tmp_path: Path, result: str, verdict: str, conflict: bool
) -> None:
    record = _read(tmp_path, f"lot,test,result,verdict\nA,sterility,{result},{verdict}\n")

    assert _slugs(record) == ([("row-conflict", Severity.HOLD)] if conflict else [])


def test_dates_prove_their_own_order(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        "lot,test,result,started,ended\nA,sterility,No growth,03/04/2026,17/04/2026\n",
        Locale(dates=None),
    )

    observation = _only(record)
    assert observation.started == dt.date(2026, 4, 3)
    assert observation.ended == dt.date(2026, 4, 17)


def test_an_ambiguous_date_holds(tmp_path: Path) -> None:
    record = _read(tmp_path, "lot,test,result,started\nA,sterility,No growth,03/04/2026\n")

    assert _only(record).started is None
    assert _slugs(record) == [("date-ambiguous", Severity.HOLD)]


def test_an_unknown_status_is_not_final(tmp_path: Path) -> None:
    record = _read(tmp_path, "lot,test,result,status\nA,sterility,No growth,perhaps\n")

    assert _only(record).status == "preliminary"


@pytest.mark.parametrize(
    ("column", "value"), [("lower", "80"), ("upper", "90"), ("reading", "positive")]
)
def test_the_files_own_reading_must_agree_with_ours(
    tmp_path: Path, column: str, value: str
) -> None:
    test, result, unit = ("sterility", "No growth", "") if column == "reading" else (
        "viability", "82", "%"
    )  # fmt: skip
    record = _read(tmp_path, f"lot,test,result,unit,{column}\nA,{test},{result},{unit},{value}\n")

    assert _only(record).state == "conflict"
    assert _slugs(record) == [("field-conflict", Severity.HOLD)]


def test_a_stored_number_has_a_point_whatever_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps([{"lot": "A", "test": "viability", "result": 1.234, "unit": "%"}]))

    record = results_table.read(open_document(path), Context(WORDS, Locale(decimal=",")))

    assert _only(record).upper == Decimal("1.234")


def test_a_workbook_of_results_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Results"
    sheet.append(["Lot", "Test", "Result", "Unit"])
    sheet.append(["0012", "Viability", 82.5, "%"])
    book.create_sheet("Notes").append(["nothing here"])
    book.save(tmp_path / "results.xlsx")

    record = results_table.read(
        open_document(tmp_path / "results.xlsx"), Context(WORDS, Locale(decimal=","))
    )

    observation = _only(record)
    assert (observation.lot, observation.upper) == ("0012", Decimal("82.5"))
    assert observation.region == "Results!C2"
    assert _slugs(record) == [("table-header-unknown", Severity.HOLD)]


def test_an_empty_sheet_is_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Lot", "Test", "Result"])
    book.worksheets[0].append(["A", "Sterility", "No growth"])
    book.create_sheet("Sheet2")
    book.save(tmp_path / "results.xlsx")

    record = results_table.read(open_document(tmp_path / "results.xlsx"), Context(WORDS, Locale()))

    assert _slugs(record) == []


@pytest.mark.parametrize(
    ("result", "verdict", "severity"),
    [
        ("Growth", "", Severity.HOLD),
        ("Not sterile", "", Severity.HOLD),
        ("inconclusive", "", Severity.HOLD),
        ("Cutibacterium acnes", "", Severity.HOLD),
        ("No growth", "fail", Severity.HOLD),
        ("12", "oos", Severity.HOLD),
        ("12", "see note", Severity.HOLD),
        ("No growth", "", Severity.WARNING),
        ("pending", "", Severity.WARNING),
        ("12 pmol/h", "pass", Severity.WARNING),
        ("< 5", "", Severity.WARNING),
        ("", "", Severity.WARNING),
    ],
)
def test_a_bad_result_of_an_unknown_test_holds(
    tmp_path: Path, result: str, verdict: str, severity: Severity
) -> None:
    record = _read(tmp_path, f"lot,test,result,verdict\nA,Sterilty,{result},{verdict}\n")

    assert _slugs(record) == [("test-unknown", severity)]


@pytest.mark.parametrize(
    ("remark", "severity"),
    [
        ("GROWTH OBSERVED - REJECT", Severity.HOLD),
        ("see deviation: control failed", Severity.HOLD),
        ("sample was not sterile", Severity.HOLD),
        ("Wachstum am Tag 3", Severity.HOLD),
        ("test invalid, to be repeated", Severity.HOLD),
        ("measured twice by AB", Severity.WARNING),
        ("no growth observed in either medium", Severity.WARNING),
        ("no aerobic, anaerobic and fungal growth", Severity.WARNING),
        ("negative control passed", Severity.WARNING),
        ("complies", Severity.WARNING),
    ],
)
@pytest.mark.parametrize("heading", ["remarks", "Comment", "Bemerkungen"])
def test_a_remark_is_shown_and_a_bad_one_holds(
    tmp_path: Path, heading: str, remark: str, severity: Severity
) -> None:
    record = _read(tmp_path, f"lot;test;result;{heading}\nA;sterility;No growth;{remark}\n")

    assert _slugs(record) == [("row-remarked", severity)]
    assert f"“{remark}”" in record.findings[0].message


def test_a_long_remark_is_cut_and_a_repeated_one_told_once(tmp_path: Path) -> None:
    row = f"A;sterility;No growth;{'word ' * 40}\n"

    record = _read(tmp_path, f"lot;test;result;remarks\n{row}{row}")

    (finding,) = record.findings
    assert f"{'word ' * 16}..." in finding.message
    assert "word " * 17 not in finding.message


def test_growth_is_no_remark_upon_a_positive_control(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        "lot,role,test,result,remarks\nA,positive control,sterility,Growth,growth after 2 days\n"
        "A,positive control,sterility,Growth,growth; test invalid\n",
    )

    assert _slugs(record) == [
        ("row-remarked", Severity.WARNING),
        ("row-remarked", Severity.HOLD),
    ]


@pytest.mark.parametrize("heading", ["operator", "Bottle 2", "Viability (%)"])
def test_a_bad_word_in_a_column_that_is_not_read_holds(tmp_path: Path, heading: str) -> None:
    record = _read(
        tmp_path,
        f"lot,test,result,{heading}\nA,sterility,No growth,Growth\nB,sterility,No growth,ok\n",
    )

    assert ("row-conflict", Severity.HOLD) in _slugs(record)
    assert [severity for _, severity in _slugs(record)].count(Severity.HOLD) == 1


def test_a_cell_without_a_heading_holds(tmp_path: Path) -> None:
    record = _read(tmp_path, "lot,test,,result\nA,sterility,,No growth\nA,hiv,x,negative\n")

    (finding,) = record.findings
    assert (finding.slug, finding.severity) == ("table-header-unknown", Severity.HOLD)
    assert "row 3" in finding.message
    assert "“x”" in finding.message


def test_a_column_of_another_test_is_told(tmp_path: Path) -> None:
    record = _read(tmp_path, "lot,test,result,Viability (%)\nA,sterility,No growth,12\n")

    (finding,) = record.findings
    assert (finding.slug, finding.severity) == ("table-header-unknown", Severity.WARNING)
    assert "“Viability (%)”" in finding.message


@pytest.mark.parametrize(
    ("result", "organism", "kept", "slugs"),
    [
        ("Growth", "Cutibacterium acnes", "Cutibacterium acnes", []),
        ("No growth", "none", None, []),
        ("No growth", "-", None, []),
        ("No growth", "No growth", None, []),
        ("No growth", "Cutibacterium acnes", None, [("row-conflict", Severity.HOLD)]),
    ],
)
def test_an_organism_belongs_to_growth(
    tmp_path: Path, result: str, organism: str, kept: str | None, slugs: list[object]
) -> None:
    record = _read(tmp_path, f"lot,test,result,organism\nA,sterility,{result},{organism}\n")

    assert _only(record).organism == kept
    assert _slugs(record) == slugs


@pytest.mark.parametrize(
    "content", ["name,age\nA,5\n", "lot,comment\nA,fine\n", "Viability (%),x\n82,1\n"]
)
def test_other_tables_are_not_claimed(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content)

    assert not results_table.claims(open_document(path), Context(WORDS, Locale()))


def test_a_table_is_claimed_by_the_users_own_words(tmp_path: Path) -> None:
    words = tmp_path / "schemas" / "vocabulary" / "own.yaml"
    words.parent.mkdir(parents=True)
    words.write_text("columns: {test: [qc item], result: [outcome value]}\n")
    own = load_vocabulary(open_catalogue(tmp_path / "schemas"))
    path = tmp_path / "results.csv"
    path.write_text("QC item,Outcome value\nViability (%),82.5\n")

    record = read_document(open_document(path), Context(own, Locale()))

    assert _only(record).upper == Decimal("82.5")


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["example01_utf16", "example02"])
def test_a_counters_wide_export_agrees_with_its_truth(corpus: Path, name: str) -> None:
    path = corpus / "counters" / "beckman_vi_cell_blu" / f"Beckman_Vi-Cell-BLU_{name}.csv"
    truth = path.with_suffix(".json").read_text("utf-8")
    keys = {
        "viability": ("viability (cell counter)", 1),
        "viable_cell_concentration": ("viable cell density (cell counter)", 10**6),
        "cell_concentration": ("total cell density (cell counter)", 10**6),
    }

    record = read_document(open_document(path), Context(WORDS, Locale()))

    found = rows(record.observations)
    for test, (key, factor) in keys.items():
        expected = [
            value * factor for value in _values(json.loads(truth, parse_float=Decimal), key)
        ]
        assert expected
        assert [row.upper for row in found if row.test == test] == expected


def _values(content: object, key: str) -> list[Decimal]:
    if isinstance(content, list):
        return [value for entry in content for value in _values(entry, key)]
    if not isinstance(content, dict):
        return []
    own = [content[key]["value"]] if key in content else []
    return own + [value for entry in content.values() for value in _values(entry, key)]


@pytest.mark.parametrize(
    ("dilution", "state"), [("1", "confirmed"), ("", "confirmed"), ("10", "ambiguous")]
)
def test_a_dilution_beside_a_concentration_leaves_it_in_doubt(
    tmp_path: Path, dilution: str, state: str
) -> None:
    text = (
        f"Lot,Viability (%),Viable cells (cells/mL),Dilution factor\nL-1,90.0,1000000,{dilution}\n"
    )
    (tmp_path / "counts.csv").write_text(text, encoding="utf-8")

    record = read_document(open_document(tmp_path / "counts.csv"), Context(WORDS, Locale()))

    found = {row.test: row.state for row in rows(record.observations)}
    assert found == {"viability": "confirmed", "viable_cell_concentration": state}


COUNTED = "Lot,Test,Result,Unit,Events in gate,Parent events\n"


def test_the_events_behind_a_percentage_are_read(tmp_path: Path) -> None:
    row = _only(_read(tmp_path, COUNTED + "L-1,CD34 positive,0.8,%,12,1500\n"))

    assert (row.numerator, row.denominator) == (12, 1500)
    assert row.ci_low is not None
    assert row.ci_low < 0.8


@pytest.mark.parametrize("counts", ["12,150", "1500,12", "twelve,1500", "12,0", "-1,1500"])
def test_counts_that_are_not_the_percentage_hold(tmp_path: Path, counts: str) -> None:
    record = _read(tmp_path, COUNTED + f"L-1,CD34 positive,0.8,%,{counts}\n")

    assert any(severity is Severity.HOLD for _, severity in _slugs(record))
    assert _only(record).state != "confirmed"


def test_blank_rows_between_sparse_ones_are_no_remarks(tmp_path: Path) -> None:
    header = "Lot,Test,Result,Unit,Method,Status,Started,Ended,Turbidity,Organism\n"
    rows = "L-1,Viability,92,%,,,,,,\n,,,,,,,,,\nL-1,CD34 positive,0.8,%,,,,,,\n"

    record = _read(tmp_path, header + rows)

    assert len(record.observations) == 2
    assert Severity.HOLD not in {severity for _, severity in _slugs(record)}


@pytest.mark.parametrize(
    "part", ["dead", "Non-viable", "not viable cells", "CD34-", "CD45 neg", "tot", "apoptotic"]
)
def test_a_share_of_the_cells_that_were_left_out_is_not_the_one_asked(
    tmp_path: Path, part: str
) -> None:
    record = _read(tmp_path, f"lot,test,part,result,unit\nA,viability,{part},87.6,%\n")

    assert ("population-not-asked", Severity.HOLD) in _slugs(record)
    assert _only(record).state == "conflict"


@pytest.mark.parametrize("part", ["CD45+", "nucleated cells", "total", "viable"])
def test_a_share_of_named_cells_is_read(tmp_path: Path, part: str) -> None:
    record = _read(tmp_path, f"lot,test,part,result,unit\nA,viability,{part},87.6,%\n")

    assert _only(record).state == "confirmed"


@pytest.mark.parametrize(
    ("heading", "text", "slug"),
    [
        ("Qualifier", "<", "row-conflict"),
        ("Comparator", "≤", "row-conflict"),
        ("Instrument status", "calibration overdue", "row-conflict"),
        ("QC flag", "out of range", "row-conflict"),
        ("Control", "yes", "control-as-sample"),
        ("Gate", "Non-viable", "population-not-asked"),
        ("Cell state", "dead cells", "population-not-asked"),
    ],
)
def test_an_unread_column_that_changes_its_row_holds(
    tmp_path: Path, heading: str, text: str, slug: str
) -> None:
    record = _read(tmp_path, f"lot,test,result,unit,{heading}\nA,viability,87.6,%,{text}\n")

    assert (slug, Severity.HOLD) in _slugs(record)


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Qualifier", "="), ("Qualifier", "-"), ("Control", "no"), ("Gate", "Viable")],
)
def test_an_unread_column_that_changes_nothing_does_not_hold(
    tmp_path: Path, heading: str, text: str
) -> None:
    record = _read(tmp_path, f"lot,test,result,unit,{heading}\nA,viability,87.6,%,{text}\n")

    assert Severity.HOLD not in {finding.severity for finding in record.findings}


def test_a_dilution_beside_a_concentration_of_its_own_row_supports_no_pass(tmp_path: Path) -> None:
    record = _read(
        tmp_path,
        "lot,test,result,unit,Dilution\n"
        "A,viable_cell_concentration,1.9e6,cells/mL,10\n"
        "A,viability,87.6,%,10\n",
    )

    found = {row.test: row.state for row in rows(record.observations)}
    assert found == {"viable_cell_concentration": "ambiguous", "viability": "confirmed"}
    assert ("dilution-unstated", Severity.WARNING) in _slugs(record)
