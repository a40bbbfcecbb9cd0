from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import runs
from fhir.resources.R4B.bundle import Bundle

from qcvalidate.assessment import Importance, Outcome, Scope, Verdict
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.pipeline import Options, assess_paths, inspect, open_laboratory
from qcvalidate.record import Severity
from qcvalidate.reports import render

UCUM = "http://unitsofmeasure.org"
LABORATORY = open_laboratory()
VIABLE = Observation(
    test="viability",
    result="64.2",
    source="counts.csv",
    lot="MSC-2026-0018",
    sample_id="S-77",
    method="AO/DAPI",
    lower=Decimal("64.20"),
    upper=Decimal("64.20"),
    unit="%",
    measured_at=dt.datetime(2026, 4, 20, 9, 24),
    region="row 14 “Viability (%)”",
)
EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)
READ = replace(runs.FAILING, observations=(VIABLE,))


def resources(*lots: runs.Assessment) -> list[dict[str, Any]]:
    """Hold the Bundle to FHIR's own definitions, and every reference to an entry."""
    text = render("fhir", runs.run(*lots))
    Bundle.model_validate_json(text)
    value = json.loads(text, parse_float=Decimal)
    urls = [entry["fullUrl"] for entry in value["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(_references(value)) <= set(urls)
    return [entry["resource"] for entry in value["entry"]]


def _references(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["reference"]] if isinstance(value.get("reference"), str) else []
    return own + [found for item in value.values() for found in _references(item)]


def report(lot: runs.Assessment) -> dict[str, Any]:
    (found,) = [one for one in resources(lot) if one["resourceType"] == "DiagnosticReport"]
    return found


def observed(lot: runs.Assessment, code: str) -> dict[str, Any]:
    """Give the one Observation with this code, ours or LOINC's."""
    (found,) = [
        one
        for one in resources(lot)
        if one["resourceType"] == "Observation"
        and code in [coding["code"] for coding in one["code"]["coding"]]
    ]
    return found


def value(**more: Any) -> dict[str, Any]:
    """Give the Observation of one result that was read."""
    row = replace(VIABLE, **more)
    return observed(replace(runs.FAILING, results=(), observations=(row,)), row.test)


@pytest.mark.parametrize("lots", [(), *((lot,) for lot in EVERY), (READ,), (READ, READ, *EVERY)])
def test_every_run_is_fhir(lots: tuple[runs.Assessment, ...]) -> None:
    resources(*lots)


PENDING_FAIL = replace(
    runs.FAILING, results=(runs.VIABILITY, runs.STERILITY), findings=(runs.OTHER_LOT,)
)
SETTLED_FAIL = replace(runs.FAILING, results=(runs.VIABILITY, runs.ENDOTOXIN, runs.CFU))
PENDING_ASIDE = replace(
    runs.PASSING,
    results=(runs.ENDOTOXIN, replace(runs.STERILITY, importance=Importance.INFORMATION)),
)
HELD = replace(
    runs.PASSING,
    verdict=Verdict.HOLD,
    findings=(replace(runs.OTHER_LOT, severity=Severity.HOLD),),
)


@pytest.mark.parametrize(
    ("lot", "status", "conclusion"),
    [
        (runs.PASSING, "final", "PASS: The evidence meets the specification."),
        (SETTLED_FAIL, "final", "FAIL: The evidence does not meet the specification."),
        (PENDING_FAIL, "preliminary", "FAIL: "),
        (PENDING_ASIDE, "preliminary", "PASS: "),
        (runs.FAILING, "partial", "FAIL: "),
        (runs.CONDITIONAL, "preliminary", "CONDITIONAL: Nothing fails, but "),
        (runs.HOLDING, "partial", "HOLD: "),
        (HELD, "partial", "HOLD: "),
        (replace(runs.PASSING, verdict=Verdict.HOLD, results=()), "partial", "HOLD: "),
        (runs.ONE_DOCUMENT, "partial", "PASS: The evidence meets the specification. Document"),
    ],
)
def test_a_report_is_final_where_nothing_is_open(
    lot: runs.Assessment, status: str, conclusion: str
) -> None:
    found = report(lot)

    assert found["status"] == status
    assert found["conclusion"].startswith(conclusion)
    assert found["conclusion"].endswith("release requires an authorised person.")
    assert found["conclusionCode"][0]["coding"][0]["code"] == lot.verdict


def test_the_report_lists_every_criterion_finding_and_result() -> None:
    listed = {one["reference"] for one in report(READ)["result"]}

    assert len(listed) == len(READ.results) + len(READ.findings) + 1


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.PASS, "final"),
        (Outcome.ALERT, "final"),
        (Outcome.FAIL, "final"),
        (Outcome.WAIVED, "final"),
        (Outcome.NOT_APPLICABLE, "final"),
        (Outcome.PENDING, "preliminary"),
        (Outcome.INDETERMINATE, "preliminary"),
        (Outcome.INVALID, "cancelled"),
        (Outcome.MISSING, "unknown"),
    ],
)
def test_a_criterion_is_final_where_it_is_settled(outcome: Outcome, status: str) -> None:
    lot = replace(runs.FAILING, results=(replace(runs.VIABILITY, outcome=outcome),))

    found = observed(lot, "viability")

    assert found["status"] == status
    assert found["interpretation"][0]["text"] == outcome.replace("_", " ")


def test_a_criterion_says_what_was_found_and_wanted_and_where_it_is_from() -> None:
    lot = replace(READ, results=(replace(runs.VIABILITY, tests=("cd34_viability",)),))

    found = observed(lot, "80698-4")

    assert found["code"]["text"] == "Viability after thaw"
    assert found["valueString"] == "64.2 %"
    assert found["referenceRange"] == [{"text": "at least 70 %"}]
    assert found["note"][0]["text"] == "64.2 % rounds to 64 %, below the limit of 70 %"
    assert len(found["derivedFrom"]) == 1


def test_what_is_missing_says_why_it_has_no_value() -> None:
    found = observed(runs.FAILING, "mycoplasma")

    assert "valueString" not in found
    assert found["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_a_finding_that_holds_is_not_final() -> None:
    assert observed(HELD, "203")["status"] == "preliminary"
    assert observed(runs.FAILING, "203")["status"] == "final"


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("%", "%"),
        # UCUM's [EU] is the Ehrlich unit.
        ("EU/mL", "{EU}/mL"),
        ("EU/kg", "{EU}/kg"),
        ("cells/kg", "{cells}/kg"),
        ("cells/uL", "{cells}/uL"),
        ("mL", "mL"),
        ("CFU/mL", "[CFU]/mL"),
    ],
)
def test_a_unit_is_ucum_s(unit: str, code: str) -> None:
    found = value(unit=unit)["valueQuantity"]

    assert (found["unit"], found["system"], found["code"]) == (unit, UCUM, code)


def test_a_unit_that_ucum_has_not_is_only_told() -> None:
    assert value(unit="drops")["valueQuantity"] == {"value": Decimal("64.20"), "unit": "drops"}


def test_a_number_keeps_its_digits() -> None:
    assert str(value()["valueQuantity"]["value"]) == "64.20"


@pytest.mark.parametrize(
    ("lower", "lower_closed", "upper", "upper_closed", "comparator"),
    [
        ("-Infinity", False, "0.05", False, "<"),
        ("-Infinity", False, "0.05", True, "<="),
        ("0.05", False, "Infinity", False, ">"),
        ("0.05", True, "Infinity", False, ">="),
    ],
)
def test_a_bound_stays_a_bound(
    lower: str, lower_closed: bool, upper: str, upper_closed: bool, comparator: str
) -> None:
    bounds = {"lower": Decimal(lower), "upper": Decimal(upper)}

    found = value(lower_closed=lower_closed, upper_closed=upper_closed, **bounds)

    assert found["valueQuantity"]["comparator"] == comparator
    assert found["valueQuantity"]["value"] == Decimal("0.05")


def test_an_interval_is_a_range() -> None:
    found = value(lower=Decimal(60), upper=Decimal(80))["valueRange"]

    assert (found["low"]["value"], found["high"]["value"]) == (60, 80)


def test_words_are_words_and_a_blank_result_is_absent() -> None:
    words = value(lower=None, upper=None, reading="negative", result="No growth")
    blank = value(lower=None, upper=None, result="")

    assert words["valueCodeableConcept"]["text"] == "No growth"
    assert words["valueCodeableConcept"]["coding"][0]["code"] == "negative"
    assert blank["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_loinc_stands_where_it_means_that_test_of_the_product() -> None:
    systems = [coding["system"] for coding in value(test="cd34_dose_per_kg")["code"]["coding"]]
    control = value(test="cd34_dose_per_kg", role="negative_control")
    sterility = value(test="sterility")

    assert systems == ["http://loinc.org", "urn:qcvalidate:test"]
    assert [coding["system"] for coding in control["code"]["coding"]] == ["urn:qcvalidate:test"]
    assert {"text": "negative control"} in control["category"]
    assert [coding["system"] for coding in sterility["code"]["coding"]] == ["urn:qcvalidate:test"]


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({}, "final"),
        ({"status": "amended"}, "amended"),
        ({"status": "preliminary"}, "preliminary"),
        ({"status": "cancelled"}, "cancelled"),
        ({"state": "conflict"}, "preliminary"),
        ({"state": "single_source", "status": "amended"}, "preliminary"),
    ],
)
def test_what_was_not_read_for_certain_is_not_final(row: dict[str, str], status: str) -> None:
    assert value(**row)["status"] == status


def test_a_test_has_a_period_or_a_day() -> None:
    days = {"started": dt.date(2026, 3, 5), "ended": dt.date(2026, 3, 19)}

    assert value()["effectiveDateTime"] == "2026-04-20"
    assert value(**days)["effectivePeriod"] == {"start": "2026-03-05", "end": "2026-03-19"}


def test_a_run_without_lots_is_held() -> None:
    (found,) = [one for one in resources() if one["resourceType"] == "DiagnosticReport"]

    assert (found["status"], found["conclusion"][:4]) == ("partial", "HOLD")


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_hostile_texts_leave_it_fhir(text: str) -> None:
    row = replace(VIABLE, result=text, method=text, sample_id=text, unit=text, region=text)
    words = replace(row, lower=None, upper=None)
    lot = replace(runs.hostile(text), observations=(row, words))

    resources(lot, lot)


@pytest.mark.parametrize("lots", [(), (READ,), EVERY, (runs.hostile(runs.HOSTILE_TEXTS[3]),)])
def test_our_own_reader_can_take_it(tmp_path: Path, lots: tuple[runs.Assessment, ...]) -> None:
    path = tmp_path / "report.json"
    path.write_text(render("fhir", runs.run(*lots)), encoding="utf-8")

    seen = inspect(path, LABORATORY, Manifest())

    assert seen.document is not None
    assert seen.refusal is None or isinstance(seen.refusal, DocumentError)


def test_a_result_comes_back_as_it_was_read(tmp_path: Path) -> None:
    below = {"lower": Decimal("-Infinity"), "upper": Decimal("0.05"), "lower_closed": False}
    endotoxin = replace(
        VIABLE, test="endotoxin", unit="EU/mL", result="< 0.05", upper_closed=False, **below
    )
    lot = replace(runs.PASSING, results=(), observations=(VIABLE, endotoxin))
    path = tmp_path / "report.json"
    path.write_text(render("fhir", runs.run(lot)), encoding="utf-8")

    rows = inspect(path, LABORATORY, Manifest()).record.observations

    assert list(rows["test"]) == ["viability", "endotoxin"]
    assert list(rows["unit"]) == ["%", "EU/mL"]
    assert list(rows["upper"]) == [Decimal("64.20"), Decimal("0.05")]
    assert list(rows["upper_closed"]) == [True, False]
    assert set(rows["lot"]) == {"MSC-2026-0019"}


def test_one_document_is_not_its_lot() -> None:
    assert runs.ONE_DOCUMENT.scope is Scope.DOCUMENT
    assert report(runs.ONE_DOCUMENT)["code"]["text"] == "Assessment of one document of a lot"


def test_a_real_lot_has_its_quantities_and_codes(samples: Path) -> None:
    options = Options(dt.date(2026, 7, 1))
    (lot,) = assess_paths([samples / "HPCA-2026-0007"], LABORATORY, options)

    found = [one for one in resources(lot) if one["resourceType"] == "Observation"]

    codings = [coding for one in found for coding in one["code"]["coding"]]
    loinc = {coding["code"] for coding in codings if coding["system"] == "http://loinc.org"}
    assert {"74838-4", "78002-3", "80698-4"} <= loinc
    units = {one["valueQuantity"]["code"] for one in found if "valueQuantity" in one}
    assert {"%", "{cells}/uL", "mL"} <= units
    assert any(one.get("derivedFrom") for one in found)
