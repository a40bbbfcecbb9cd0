"""Whose lot, donation and patient: compared exactly, and never printed in full unasked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import fhir_files
import pytest
from click.testing import CliRunner
from fhir_files import bundle, diagnostic_report, viability
from lots import (
    LABORATORY,
    TODAY,
    assess,
    criterion,
    manifest,
    row,
    slugs,
    specification,
    table,
    write_lot,
)

from qcvalidate import reports
from qcvalidate.assessment import Run, Verdict
from qcvalidate.cli.read import command
from qcvalidate.frames import observations
from qcvalidate.identifiers import manifest_findings, paper_findings
from qcvalidate.manifest import Manifest
from qcvalidate.pipeline import Options, assess_paths
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
STERILITY = specification(criterion("sterility", "one_of: [negative]"))
GOOD = {"a.csv": table(row("viability", "90", "%"))}


def record(**header: str) -> Record:
    place = Place("a.pdf", 1)
    fields = {name: Field(text, text, place) for name, text in header.items()}
    return Record(Source("a.pdf", "0", "pages", "x"), fields, observations([]))


def told(found: list[Finding]) -> list[str]:
    return [finding.slug for finding in found]


@pytest.mark.parametrize("printed", ["G123498654321", "=G123498654321 00", "G1234 98 654321 [H]"])
def test_one_donation_in_other_forms_is_one(printed: str) -> None:
    lot = Manifest(lot="L-1", identifiers={"din": "G1234 98 654321 00 H"})

    assert told(list(paper_findings(record(din=printed), lot))) == []


def test_another_donation_is_told() -> None:
    lot = Manifest(lot="L-1", identifiers={"din": "G123498654321"})

    assert told(list(paper_findings(record(din="G123498654312"), lot))) == ["identifier-mismatch"]


def test_t16_a_paper_with_a_wrong_check_character_holds() -> None:
    (found,) = paper_findings(record(din="G1234 98 654321 J"), Manifest(lot="L-1"))

    assert (found.slug, found.severity) == ("check-character-wrong", Severity.HOLD)
    assert "H is right" in found.message


@pytest.mark.parametrize(("check", "expected"), [("H", Verdict.PASS), ("J", Verdict.HOLD)])
def test_t16_the_number_of_the_lot_itself_is_checked(
    tmp_path: Path, check: str, expected: Verdict
) -> None:
    lot_yaml = manifest() + f"identifiers: {{din: 'G123498654321 00 {check}'}}\n"

    found = assess(write_lot(tmp_path / "lot", dict(GOOD), lot_yaml), VIABILITY)

    assert found.verdict is expected
    assert ("check-character-wrong" in slugs(found)) is (check == "J")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"sec": "SEC PL001499Z549917123456 A00T041600320281231"}, []),
        ({"sec": "PL001499 A00T0416003"}, ["code-malformed"]),
        (
            {"sec": "PL001499Z549917123456 A00T041600320281231", "din": "G123498654321"},
            ["identifier-mismatch"],
        ),
        ({"sec": "PL001499Z549917123456 A00T041600320281230"}, ["identifier-mismatch"]),
        ({"expiry": "&>0283662359"}, []),  # 2028 is a leap year
        ({"expiry": "&>0283652359"}, ["identifier-mismatch"]),
        ({"expiry": "2028-12-31"}, ["code-malformed"]),
    ],
)
def test_the_codes_of_lot_yaml(more: dict[str, str], expected: list[str]) -> None:

    lot = Manifest(lot="L-1", identifiers=more, expires=dt.date(2028, 12, 31))

    assert told(list(manifest_findings(lot))) == expected


def test_t12_a_lot_with_a_suffix_is_another_lot(tmp_path: Path) -> None:
    rows = [
        row("sterility", "No growth", lot="24-017A"),
        row("sterility", "", lot="24-017"),
    ]
    lot_yaml = manifest().replace("lot: L-1", "lot: 24-017")
    both = write_lot(tmp_path / "both", {"a.csv": table(*rows)}, lot_yaml)
    only = write_lot(tmp_path / "only", {"a.csv": table(rows[0])}, lot_yaml)

    assert assess(both, STERILITY).verdict is Verdict.HOLD
    found = assess(only, STERILITY)
    assert found.verdict is Verdict.HOLD
    assert "lot-near-miss" in slugs(found)


# --- patients --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patient", "relation", "expected"),
    [
        ("P-10042", "autologous", None),
        ("p 10042", "autologous", Severity.HOLD),  # a dash is not nothing
        ("P-10043", "autologous", Severity.HOLD),
        ("P-10043", "allogeneic", Severity.WARNING),
        ("withheld", "autologous", Severity.WARNING),
    ],
)
def test_another_patients_paper_is_told(
    patient: str, relation: str, expected: Severity | None
) -> None:
    lot = Manifest(lot="L-1", identifiers={"patient": "P-10042"}, facts={"relation": relation})

    found = list(paper_findings(record(patient_id=patient), lot))

    assert [one.severity for one in found] == ([] if expected is None else [expected])
    assert not any("10042" in one.message or "10043" in one.message for one in found)


def quoting(folder: Path) -> Path:
    lot_yaml = manifest() + "identifiers: {patient: P-10042}\n"
    rows = [row("viability", "90", "%"), row("sterility", "Growth in the sample of P-10042")]
    return write_lot(folder / "lot", {"a.csv": table(*rows)}, lot_yaml)


@pytest.mark.parametrize(
    "kind",
    [
        *("console", "json", "html", "junit", "sarif", "github", "markdown", "gitlab", "jsonl"),
        *("csv", "observations", "fhir", "summary", "coa"),
    ],
)
@pytest.mark.parametrize("shown", [True, False])
def test_no_report_prints_a_patient_unasked(tmp_path: Path, kind: str, shown: bool) -> None:
    spec = specification(
        criterion("viability", "at_least: '70'", "%"), criterion("sterility", "one_of: [negative]")
    )
    (tmp_path / "mine.yaml").write_text(spec, encoding="utf-8")
    options = Options(TODAY, specification=str(tmp_path / "mine.yaml"), show_identifiers=shown)
    assessments = tuple(assess_paths([quoting(tmp_path)], LABORATORY, options))

    text = reports.render(kind, Run(TODAY, "0", assessments), width=200)

    assert ("P-10042" in text) is shown
    assert json.dumps("P…42")[1:-1] in text or "P…42" in text or shown


CERTIFICATE = """Muster Laboratories
STERILITY TEST REPORT

Report No.: R-77
Lot Number: L-1
Patient ID: P-10042
Donation number: G1234 98 654321 00 {check}
Test started: 2026-01-05
Test completed: 2026-01-19
Date of issue: 2026-01-20

Test: Sterility (FTM)      Result: No growth
Test: Sterility (TSB)      Result: No growth

Approved by: A. Sample
"""


@pytest.mark.parametrize(
    ("check", "patient", "expected"),
    [
        ("H", "P-10042", set()),
        ("J", "P-10042", {"check-character-wrong"}),
        ("H", "P-10024", {"patient-mismatch"}),
    ],
)
def test_a_paper_carries_its_identifiers(
    tmp_path: Path, check: str, patient: str, expected: set[str]
) -> None:
    lot_yaml = manifest() + f"identifiers: {{din: G123498654321, patient: {patient}}}\n"
    files = {"sterility.txt": CERTIFICATE.format(check=check)}

    found = assess(write_lot(tmp_path / "lot", dict(files), lot_yaml), STERILITY)

    assert (
        slugs(found) & {"check-character-wrong", "patient-mismatch", "identifier-mismatch"}
        == expected
    )
    assert found.verdict is (Verdict.HOLD if expected else Verdict.PASS)


@pytest.mark.parametrize("shown", [True, False])
def test_reading_a_paper_prints_no_patient_unasked(tmp_path: Path, shown: bool) -> None:
    path = tmp_path / "sterility.txt"
    path.write_text(CERTIFICATE.format(check="H"), encoding="utf-8")
    options = ["--show-identifiers"] if shown else []

    for kind in ("json", "console"):
        result = CliRunner().invoke(command, [str(path), "--format", kind, *options])

        assert result.exit_code == 0
        assert ("P-10042" in result.output) is shown


BESIDE = (fhir_files.SPECIMEN, fhir_files.LABORATORY, fhir_files.ANALYST)
PID = "PID|1||P-10042^^^CLINIC^MR~900-11^^^NATION^NI||Doe^Jane"
PERSON = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"value": "P-10042"}, {"value": "900-11"}],
    "name": [{"family": "Doe", "given": ["Jane"]}],
}


def message(form: str) -> tuple[str, str]:
    """Write a viability of lot L-1 as a message about the patient P-10042, also 900-11."""
    if form == "hl7":
        lines = (
            r"MSH|^~\&|LIS|Acme|CLINIC|QA|20260320120000||ORU^R01^ORU_R01|M1|P|2.5.1",
            PID,
            f"OBR|1|PL1|R-1|COA^Certificate^L{'|' * 18}20260320120000|||F|||||||7&Curie&Marie",
            "OBX|1|ST|LOT^Lot number^L||L-1||||||F",
            "OBX|2|NM|VIAB^Viability^L||93.4|%^percent^UCUM|||||F|||20260305103000",
        )
        return "lab.hl7", "\r".join(lines) + "\r"
    own = {"reference": "Patient/p1"}
    if form == "fhir, named alone":
        own = {"type": "Patient", "identifier": {"value": "P-10042"}}  # type: ignore[dict-item]
    result = viability()
    report = diagnostic_report(result, subject=own)
    sent = [] if "alone" in form else [PERSON]
    whole = bundle(report, result, *BESIDE, *sent)
    return "lab.json", json.dumps(whole)


FORMS = ["hl7", "fhir", "fhir, named alone"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("patient", "verdict"),
    [("P-10042", Verdict.PASS), ("900-11", Verdict.PASS), ("P-10024", Verdict.HOLD)],
)
def test_a_message_is_about_its_patient_by_any_of_his_numbers(
    tmp_path: Path, form: str, patient: str, verdict: Verdict
) -> None:
    if form == "fhir, named alone" and patient == "900-11":
        verdict = Verdict.HOLD
    lot_yaml = manifest() + f"identifiers: {{patient: {patient}}}\n"
    lot = write_lot(tmp_path / "lot", dict([message(form)]), lot_yaml)

    found = assess(lot, specification(criterion("viability", "at_least: '70'", "%")))

    assert found.verdict is verdict
    assert ("patient-mismatch" in slugs(found)) is (verdict is Verdict.HOLD)
    assert not any("10042" in one.message or "900-11" in one.message for one in found.findings)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["json", "console"])
def test_reading_a_message_prints_no_patient_unasked(tmp_path: Path, form: str, kind: str) -> None:
    name, content = message(form)
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")

    result = CliRunner().invoke(command, [str(tmp_path / name), "--format", kind])

    assert result.exit_code == 0
    assert "P-10042" not in result.output
    assert "900-11" not in result.output
    assert "P…42" in result.output or json.dumps("P…42")[1:-1] in result.output


def test_a_name_that_leads_nowhere_is_not_printed(tmp_path: Path) -> None:
    result = viability()
    report = diagnostic_report(result, subject={"display": "Jane Doe"})
    whole = bundle(report, result, *BESIDE)
    lot = write_lot(tmp_path / "lot", {"lab.json": json.dumps(whole)})

    found = assess(lot, specification(criterion("viability", "at_least: '70'", "%")))

    assert "reference-unresolved" in slugs(found)
    assert not any("Jane" in one.message for one in found.findings)
