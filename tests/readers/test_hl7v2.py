from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import lots
import pytest

from qcvalidate.assessment import Assessment, Verdict
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.pipeline import open_laboratory, read
from qcvalidate.record import Record, Severity

LAB = open_laboratory()
SPECIFICATION = lots.specification(
    lots.criterion("sterility", "one_of: [negative]", more="evidence: {min_days: 14}"),
    lots.criterion("endotoxin", 'at_most: "0.5"', "EU/mL"),
    lots.criterion("viability", 'at_least: "70"', "%"),
)
HEADER = r"MSH|^~\&|LIS|Acme Laboratories|CLINIC|QA|20260320120000+0100||ORU^R01^ORU_R01|M1|P|2.5.1"
PATIENT = "PID|1||P1||Doe^Jane"
ORDER = (
    "OBR|1|PL1|R-101^LIS|COA^Certificate of analysis^L|||20260304160000"
    "|||||||||||||||20260320120000+0100|||F|||||||7&Curie&Marie"
)
LOT = "OBX|1|ST|LOT^Lot number^L||L-1||||||F"
START = "OBX|2|DT|START^Incubation start^L||20260305||||||F"
END = "OBX|3|DT|END^Incubation end^L||20260319||||||F"
STERILITY = "OBX|4|CWE|STER^Sterility^L||264868006^No growth^SCT||||||F"
ENDOTOXIN = "OBX|5|SN|ENDO^Endotoxin^L||<^0.05|{EU}/mL^EU/mL^UCUM||N|||F"
VIABILITY = (
    "OBX|6|NM|VIAB^Viability^L||93.4|%^percent^UCUM|70-100|N|||F" + "|" * 8 + "20260305103000+0100"
)
SPECIMEN = "SPM|1|S-77^X1||CELLS^Cell suspension^L"
GOOD = (LOT, START, END, STERILITY, ENDOTOXIN, VIABILITY)


def _message(*results: str, header: str = HEADER, order: str = ORDER, end: str = SPECIMEN) -> str:
    return "\r".join([header, PATIENT, order, *(results or GOOD), *([end] if end else []), ""])


def _instead(old: str, *new: str) -> str:
    """Write the good message with one of its segments changed."""
    return _message(*(each for line in GOOD for each in (new if line is old else (line,))))


def _written(tmp_path: Path, content: str | bytes, name: str = "lab.hl7") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _read(tmp_path: Path, content: str | bytes) -> Record:
    return read(_written(tmp_path, content), LAB)


def _only(record: Record) -> Observation:
    (row,) = rows(record.observations)
    return row


def _assess(tmp_path: Path, content: str | bytes) -> Assessment:
    return lots.assess(lots.write_lot(tmp_path / "L-1", {"lab.hl7": content}), SPECIFICATION)


def _outcomes(found: Assessment) -> dict[str, str]:
    return {result.id: result.outcome.name for result in found.results}


def _holding(found: Assessment) -> set[str]:
    return {each.slug for each in found.findings if each.severity is Severity.HOLD}


def test_a_message_gives_its_results_and_what_it_says_of_itself(tmp_path: Path) -> None:
    record = _read(tmp_path, _message())

    sterility, endotoxin, viability = rows(record.observations)
    assert (sterility.test, sterility.result, sterility.reading) == (
        "sterility",
        "No growth",
        "negative",
    )
    assert (sterility.started, sterility.ended) == (dt.date(2026, 3, 5), dt.date(2026, 3, 19))
    assert (endotoxin.lower, endotoxin.upper) == (Decimal("-Infinity"), Decimal("0.05"))
    assert (endotoxin.upper_closed, endotoxin.unit, endotoxin.started) == (False, "EU/mL", None)
    assert (viability.lower, viability.unit) == (Decimal("93.4"), "%")
    assert viability.measured_at == dt.datetime(2026, 3, 5, 10, 30)
    assert viability.region == "OBX 6 field 5"
    assert (viability.lot, viability.sample_id, viability.status) == ("L-1", "S-77", "final")
    assert {name: field.value for name, field in record.header.items()} == {
        "report_number": "R-101",
        "title": "Certificate of analysis",
        "status": "final",
        "laboratory": "Acme Laboratories",
        "signed_by": "Marie Curie",
        "date_issued": "2026-03-20",
        "date_sampled": "2026-03-04",
        "lot": "L-1",
        "sample_id": "S-77",
        "patient_id": "P1",
    }
    assert record.header["lot"].place.region == "OBX 1 field 5"
    assert not record.findings


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_lot_of_good_results_passes_with_any_line_end(tmp_path: Path, end: str) -> None:
    content = _message().replace("\r", end).encode()

    assert _assess(tmp_path, content).verdict is Verdict.PASS


def test_a_text_file_that_holds_a_message_is_one(tmp_path: Path) -> None:
    record = read(_written(tmp_path, _message(), "lab.txt"), LAB)

    assert record.source.reader == "messages.hl7v2"


def test_a_message_may_name_other_separators(tmp_path: Path) -> None:
    other = _message().translate(str.maketrans({"|": "#", "^": "!"}))

    assert _assess(tmp_path, other).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("F", "final"),
        ("C", "amended"),
        ("P", "preliminary"),
        ("I", "preliminary"),
        ("R", "preliminary"),
        ("X", "cancelled"),
        ("D", "cancelled"),
        ("W", "cancelled"),
    ],
)
def test_the_status_of_a_result_says_whether_it_counts(
    tmp_path: Path, code: str, status: str
) -> None:
    result = STERILITY.removesuffix("F") + code

    record = _read(tmp_path, _message(result))

    assert _only(record).status == status


@pytest.mark.parametrize("code", ["", "f", "O", "U", "N", "?"])
def test_a_status_that_cannot_be_used_holds(tmp_path: Path, code: str) -> None:
    found = _assess(tmp_path, _instead(STERILITY, STERILITY.removesuffix("F") + code))

    assert found.verdict is Verdict.HOLD
    assert "result-wording-unknown" in _holding(found)


@pytest.mark.parametrize(
    ("code", "status"), [("P", "preliminary"), ("X", "cancelled"), ("C", "amended")]
)
def test_the_worse_of_the_orders_and_the_results_status_counts(
    tmp_path: Path, code: str, status: str
) -> None:
    record = _read(tmp_path, _message(STERILITY, order=ORDER.replace("|F|", f"|{code}|")))

    assert _only(record).status == status


def _sterility(value: str, kind: str = "ST", sub: str = "", flag: str = "") -> str:
    return f"OBX|4|{kind}|STER^Sterility^L|{sub}|{value}|||{flag}|||F"


def _endotoxin(value: str, kind: str = "SN", unit: str = "EU/mL", flag: str = "") -> str:
    return f"OBX|5|{kind}|ENDO^Endotoxin^L||{value}|{unit}||{flag}|||F"


def _viability(value: str, kind: str = "NM") -> str:
    return f"OBX|6|{kind}|VIAB^Viability^L||{value}|%|||||F"


@pytest.mark.parametrize(
    ("old", "new", "outcome", "slug"),
    [
        (STERILITY, _sterility("10828004^No growth^SCT", "CWE"), "INDETERMINATE", "field-conflict"),
        (STERILITY, _sterility("NG^No growth^L^POS^Positive^L", "CE"), "INDETERMINATE",
         "field-conflict"),
        (STERILITY, _sterility("264868006^No growth^SCT", "CWE", flag="A"), "INDETERMINATE",
         "row-conflict"),
        (STERILITY, _sterility("264868006^No growth^SCT", "CWE", flag="P"), "INDETERMINATE",
         "row-conflict"),
        (STERILITY, _sterility("No growth~Growth"), "FAIL", None),
        (STERILITY, _sterility(r"No growth\.br\Growth in bottle 37", "FT"), "INDETERMINATE",
         "result-wording-unknown"),
        (STERILITY, _sterility(r"\X47726F777468\ ", "FT"), "FAIL", None),
        (STERILITY, _sterility(r"\Zxx\No growth", "FT"), "INDETERMINATE",
         "result-wording-unknown"),
        (STERILITY, _sterility("No growth after 48 hours"), "MISSING", None),
        (STERILITY, "OBX|4|ST|664-3^Sterility^LN||No growth||||||F", "MISSING", "field-conflict"),
        (ENDOTOXIN, _endotoxin("<^0.05", unit="[EU]/mL^EU/mL^UCUM"), "INDETERMINATE",
         "unit-unknown"),
        (ENDOTOXIN, _endotoxin("<^0.05", unit="[EU]/mL"), "INDETERMINATE", "unit-unknown"),
        (ENDOTOXIN, _endotoxin("<^0.05", unit="{EU}/mL^EU/kg^UCUM"), "INDETERMINATE",
         "unit-unknown"),
        (ENDOTOXIN, _endotoxin("<^0.05", unit=""), "INDETERMINATE", "unit-unknown"),
        (ENDOTOXIN, _endotoxin("<0.05 EU/kg", "ST"), "INDETERMINATE", "unit-unknown"),
        (ENDOTOXIN, _endotoxin("^1^:^20"), "INDETERMINATE", "number-unreadable"),
        (ENDOTOXIN, _endotoxin("^2^+"), "INDETERMINATE", "number-unreadable"),
        (ENDOTOXIN, _endotoxin("<>^0.05"), "INDETERMINATE", "number-unreadable"),
        (ENDOTOXIN, _endotoxin("<^0.05", flag="H~N"), "INDETERMINATE", "row-conflict"),
        (VIABILITY, _viability(">90"), "INDETERMINATE", "number-unreadable"),
        (VIABILITY, _viability("93~50"), "INDETERMINATE", "result-wording-unknown"),
        (VIABILITY, _viability("93", ""), "INDETERMINATE", "result-wording-unknown"),
        (VIABILITY, _viability("^60^-^90", "SN"), "INDETERMINATE", None),
        (VIABILITY, _viability('""'), "MISSING", None),
        (LOT, "OBX|1|ST|LOT^Lot number^L||L-1||||||D", None, "lot-unstated"),
        (END, END.replace("20260319", "20260318"), None, None),
        (END, END.replace("20260319", "202603"), None, None),
        (END, END.replace("|F", "|D"), None, None),
    ],
)  # fmt: skip
def test_a_doubtful_result_supports_no_pass(
    tmp_path: Path, old: str, new: str, outcome: str | None, slug: str | None
) -> None:
    found = _assess(tmp_path, _instead(old, new))

    named = {STERILITY: "sterility", ENDOTOXIN: "endotoxin", VIABILITY: "viability"}
    assert found.verdict in (Verdict.HOLD, Verdict.FAIL)
    assert outcome is None or _outcomes(found)[named[old]] == outcome
    assert slug is None or slug in _holding(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STERILITY, (_sterility("No growth after 14 days"),)),
        (STERILITY, (_sterility("No growth", sub="FTM"), _sterility("No growth", sub="TSB"))),
        (STERILITY, (STERILITY, _sterility("Growth", sub="Positive control"))),
        (STERILITY, (STERILITY, "OBX|9|ST|GP^Growth promotion^L||Growth||||||F")),
        (ENDOTOXIN, (ENDOTOXIN, "OBX|9|NM|PPC^PPC recovery^L||104|%|50-200|N|||F")),
        (ENDOTOXIN, (_endotoxin("<0.05 EU/mL", "ST", ""),)),
        (ENDOTOXIN, (_endotoxin("0.05", "NM", "[IU]/mL"),)),
        (VIABILITY, (_viability("^80^-^90", "SN"),)),
        (VIABILITY, (VIABILITY, "NTE|1|L|Stored at 2-8 C")),
    ],
)
def test_a_good_result_may_be_said_in_many_ways(
    tmp_path: Path, old: str, new: tuple[str, ...]
) -> None:
    assert _assess(tmp_path, _instead(old, *new)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ("NTE|1|L|Growth detected on day 20, see amended report", "row-remarked"),
        ("ZLT|1|retest", "message-part-unread"),
        ("OBX|9|ED|PDF^Report^L||^application^pdf^Base64^AAAA||||||F", "test-unknown"),
        ("OBX|9|ST|X^Bioburden at harvest^L||Growth||||||F", "test-unknown"),
        ("OBX|9|ST|LOT^Lot number^L||L-2||||||F", "field-conflict"),
        ("OBX|9|ST|MYC^Mycoplasma^L||Not detected||||||F", "message-part-unread"),
        ("DSC|abc|I", "message-part-unread"),
        ("OBX|9|DT|S2^Incubation start^L||20260301||||||F", "field-conflict"),
    ],
    ids=[
        "note",
        "segment",
        "attachment",
        "test",
        "second lot",
        "whose start",
        "goes on",
        "second start",
    ],
)
def test_what_stands_beside_the_results_is_heard(tmp_path: Path, more: str, slug: str) -> None:
    found = _assess(tmp_path, _message(*GOOD, more))

    assert found.verdict is Verdict.HOLD
    assert slug in _holding(found)


@pytest.mark.parametrize(
    "specimen",
    ["SPM|1|S-77||CELLS|||||||Q", "SPM|1|S-77||NC^Negative control^L"],
    ids=["by code", "in words"],
)
def test_a_control_is_no_product(tmp_path: Path, specimen: str) -> None:
    assert _assess(tmp_path, _message(end=specimen)).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STERILITY, STERILITY + "~P"),
        (
            STERILITY,
            STERILITY.replace("STER^Sterility^L", "STER^Sterility^L~NC^Negative control^L"),
        ),
        (STERILITY, STERILITY.replace("Sterility^L|", "Sterility^L^PC^Positive control^L|")),
        (STERILITY, STERILITY + "^W"),
        (VIABILITY, VIABILITY.replace("|NM|", "|NM~ST|")),
        (STERILITY, STERILITY + "||||||NP^Not performed^L"),
    ],
    ids=["status", "code", "control", "component", "type", "method"],
)
def test_what_stands_there_once_must_not_stand_there_twice(
    tmp_path: Path, old: str, new: str
) -> None:
    assert _assess(tmp_path, _instead(old, new)).verdict is Verdict.HOLD


# --- which lot -----------------------------------------------------------------------------


def test_a_message_of_another_lot_is_set_aside(tmp_path: Path) -> None:
    found = _assess(tmp_path, _message().replace("L-1", "L-2"))

    assert set(_outcomes(found).values()) == {"MISSING"}
    assert "lot-mismatch" in _holding(found)


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ("P1", Verdict.PASS),
        ("P2", Verdict.HOLD),
        ("", Verdict.PASS),
        ("P1^^^CLINIC^MR~77^^^LAB^PI", Verdict.PASS),
        ("P2^^^CLINIC^MR~77^^^LAB^PI", Verdict.HOLD),
    ],
)
def test_a_message_of_another_patient_holds(tmp_path: Path, numbers: str, verdict: Verdict) -> None:
    content = _message().replace(PATIENT, f"PID|1||{numbers}||Doe^Jane")
    stated = lots.manifest() + "identifiers: {patient: P1}\n"
    folder = lots.write_lot(tmp_path / "L-1", {"lab.hl7": content}, stated)

    found = lots.assess(folder, SPECIFICATION)

    assert found.verdict is verdict
    assert ("patient-mismatch" in _holding(found)) is (verdict is Verdict.HOLD)


def test_the_manifest_may_vouch_for_a_message_that_names_no_lot(tmp_path: Path) -> None:
    stated = lots.manifest() + "declared: [lab.hl7]\n"
    folder = lots.write_lot(tmp_path / "L-1", {"lab.hl7": _message(*GOOD[1:])}, stated)

    assert lots.assess(folder, SPECIFICATION).verdict is Verdict.PASS


@pytest.mark.parametrize(("specimen", "lot"), [("S-77", "L-1"), ("S-99", None)])
def test_an_order_on_the_same_specimen_is_of_the_same_lot(
    tmp_path: Path, specimen: str, lot: str | None
) -> None:
    second = ["OBR|2||R-102|V" + "|" * 21 + "F", VIABILITY, f"SPM|1|{specimen}"]

    record = _read(tmp_path, _message(LOT, STERILITY, SPECIMEN, *second, end=""))

    assert [(row.test, row.lot) for row in rows(record.observations)] == [
        ("sterility", "L-1"),
        ("viability", lot),
    ]
    assert record.stated("report_number") is None


def test_a_later_message_that_corrects_a_result_is_heard(tmp_path: Path) -> None:
    second = _instead(STERILITY, _sterility("10828004^Positive^SCT", "CWE").removesuffix("F") + "C")

    found = _assess(tmp_path, _message() + second)

    assert found.verdict is Verdict.FAIL


# --- the message ---------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["T", "D", ""])
def test_a_message_of_training_is_none_of_production(tmp_path: Path, mode: str) -> None:
    found = _assess(tmp_path, _message(header=HEADER.replace("|M1|P|", f"|M1|{mode}|")))

    assert found.verdict is Verdict.HOLD
    assert "message-part-unread" in _holding(found)


@pytest.mark.parametrize("kind", ["ADT^A01", "ORM^O01", "ORU^W01", "OUL^R22", ""])
def test_a_message_of_another_kind_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DocumentError, match="expected results") as caught:
        _read(tmp_path, _message(header=HEADER.replace("ORU^R01^ORU_R01", kind)))

    assert caught.value.slug == "document-unclaimed"


def test_results_without_an_order_hold(tmp_path: Path) -> None:
    found = _assess(tmp_path, _message(order="ORC|RE"))

    assert "message-part-unread" in _holding(found)


def test_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"expected 2\.x"):
        _read(tmp_path, _message(header=HEADER.replace("2.5.1", "3.0")))


def test_a_message_without_results_holds(tmp_path: Path) -> None:
    bare = "\r".join([HEADER, PATIENT, ""])

    found = _assess(tmp_path, bare)

    assert "table-empty" in _holding(found)


@pytest.mark.parametrize(("day", "verdict"), [("0305", Verdict.PASS), ("0306", Verdict.HOLD)])
def test_a_specimen_is_not_taken_after_its_test_began(
    tmp_path: Path, day: str, verdict: Verdict
) -> None:
    order = ORDER.replace("20260304", f"2026{day}")

    assert _assess(tmp_path, _message(order=order)).verdict is verdict


# The incubation ran from 5 to 19 March.
@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("20260319", Verdict.PASS),
        ("20260318", Verdict.HOLD),
        ("20260305", Verdict.HOLD),
        ("20260210", Verdict.HOLD),
    ],
)
def test_a_report_is_not_older_than_the_incubation(
    tmp_path: Path, day: str, verdict: Verdict
) -> None:
    order = ORDER.replace("20260304", "20260201").replace("20260320", day)
    results = (LOT, START, END, STERILITY, ENDOTOXIN, _viability("93.4"))

    assert _assess(tmp_path, _message(*results, order=order)).verdict is verdict


def test_hours_of_greenwich_are_not_the_clinics(tmp_path: Path) -> None:
    record = _read(tmp_path, _message(VIABILITY.replace("+0100", "+0000")))

    assert _only(record).measured_at is None
    assert [each.slug for each in record.findings] == ["date-ambiguous"]


def test_a_message_of_results_that_nobody_answers_for_holds(tmp_path: Path) -> None:
    found = _assess(tmp_path, _message(order=ORDER.partition("|||||||7&")[0]))

    assert _holding(found) == {"unsigned"}


def test_who_is_responsible_for_each_result_may_sign_instead(tmp_path: Path) -> None:
    order = ORDER.partition("|||||||7&")[0]
    lines = [LOT, START, END, STERILITY + "|||||7^Curie^Marie"]

    record = _read(tmp_path, _message(*lines, order=order))

    assert record.header["signed_by"].value == "Marie Curie"


def test_a_message_without_its_day_of_issue_holds(tmp_path: Path) -> None:
    found = _assess(tmp_path, _message(order=ORDER.replace("20260320120000+0100", "")))

    assert _holding(found) == {"unsigned"}


@pytest.mark.parametrize(
    "field",
    [
        "||||||||Balance 7, out of calibration",  # OBX-18
        "||Inhibited in dilution 1",  # OBX-12
    ],
)
def test_words_in_fields_that_are_not_read_hold(tmp_path: Path, field: str) -> None:
    at = 18 if "Balance" in field else 12
    parts = STERILITY.split("|")
    parts += [""] * (at + 1 - len(parts))
    parts[at] = field.strip("|")

    found = _assess(tmp_path, _instead(STERILITY, "|".join(parts)))

    assert "row-remarked" in _holding(found)


def test_an_instrument_by_its_name_is_no_remark(tmp_path: Path) -> None:
    parts = STERILITY.split("|") + [""] * 10
    parts[18] = "BACTALERT^BacT/ALERT 3D"

    assert _assess(tmp_path, _instead(STERILITY, "|".join(parts))).verdict is Verdict.PASS
