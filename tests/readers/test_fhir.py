from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import lots
import pytest
from fhir_files import (
    ANALYST,
    FLAGS,
    LABORATORY,
    LOINC,
    SNOMED,
    SPECIMEN,
    UCUM,
    Json,
    as_xml,
    bundle,
    concept,
    diagnostic_report,
    endotoxin,
    observation,
    quantity,
    sterility,
    viability,
    whole,
)

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
ROLES = "http://terminology.hl7.org/CodeSystem/v2-0369"
GROWTH = concept("Growth observed", (SNOMED, "10828004", "Positive"))


def _read(tmp_path: Path, resource: Json, form: str = "json") -> Record:
    path = tmp_path / f"lab.{form}"
    path.write_text(as_xml(resource) if form == "xml" else json.dumps(resource), "utf-8")
    return read(path, LAB)


def _only(record: Record) -> Observation:
    (row,) = rows(record.observations)
    return row


def _assess(tmp_path: Path, content: Json | str | bytes, form: str = "json") -> Assessment:
    if isinstance(content, dict):
        content = as_xml(content) if form == "xml" else json.dumps(content)
    return lots.assess(lots.write_lot(tmp_path / "L-1", {f"lab.{form}": content}), SPECIFICATION)


def _outcomes(found: Assessment) -> dict[str, str]:
    return {result.id: result.outcome.name for result in found.results}


def _holding(found: Assessment | Record) -> set[str]:
    return {each.slug for each in found.findings if each.severity is Severity.HOLD}


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_report_gives_its_results_and_what_it_says_of_itself(tmp_path: Path, form: str) -> None:
    record = _read(tmp_path, whole(), form)

    found = {row.test: row for row in rows(record.observations)}
    grown, toxin, alive = found["sterility"], found["endotoxin"], found["viability"]
    assert (grown.result, grown.reading, grown.status) == ("No growth", "negative", "final")
    assert (grown.started, grown.ended) == (dt.date(2026, 3, 5), dt.date(2026, 3, 19))
    assert (toxin.result, toxin.lower, toxin.upper) == (
        "<0.05",
        Decimal("-Infinity"),
        Decimal("0.05"),
    )
    assert (toxin.upper_closed, toxin.unit) == (False, "EU/mL")
    assert (alive.lower, alive.unit) == (Decimal("93.4"), "%")
    assert alive.measured_at == dt.datetime(2026, 3, 5, 10, 30)
    assert alive.region == "Bundle.entry[3].resource.valueQuantity"
    assert {(row.lot, row.sample_id, row.state) for row in found.values()} == {
        ("L-1", "S-77", "confirmed")
    }
    assert {name: field.value for name, field in record.header.items()} == {
        "title": "Certificate of analysis",
        "status": "final",
        "report_number": "R-101",
        "laboratory": "Acme Laboratories",
        "signed_by": "Marie Curie",
        "date_issued": "2026-03-20",
        "date_sampled": "2026-03-04",
        "date_received": "2026-03-05",
        "lot": "L-1",
        "sample_id": "S-77",
    }
    assert record.header["lot"].place.region == "Bundle.entry[4].resource.identifier[0].value"
    assert not record.findings


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_lot_of_good_results_passes(tmp_path: Path, form: str) -> None:
    assert _assess(tmp_path, whole(), form).verdict is Verdict.PASS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_names_the_encoding(tmp_path: Path, encoding: str) -> None:
    found = _assess(tmp_path, json.dumps(whole()).encode(encoding))

    assert found.verdict is Verdict.PASS


def test_an_observation_alone_is_read(tmp_path: Path) -> None:
    alone = viability(contained=[SPECIMEN], specimen={"reference": "#s1"})

    row = _only(_read(tmp_path, alone))

    assert (row.test, row.lot, row.region) == ("viability", "L-1", "Observation.valueQuantity")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("final", "PASS"),
        ("amended", "PASS"),
        ("corrected", "PASS"),
        ("registered", "PENDING"),
        ("preliminary", "PENDING"),
        ("cancelled", "MISSING"),
        ("entered-in-error", "MISSING"),
        ("unknown", "PENDING"),
        ("Final", "PENDING"),
        (None, "PENDING"),
    ],
)
def test_the_status_of_a_result_says_whether_it_counts(
    tmp_path: Path, status: str | None, outcome: str
) -> None:
    results = (sterility(), endotoxin(status=status), viability())

    found = _assess(tmp_path, whole(*results))

    assert _outcomes(found)["endotoxin"] == outcome
    assert (found.verdict is Verdict.PASS) == (outcome == "PASS")
    odd = status in ("unknown", "Final", None)
    assert ("result-wording-unknown" in _holding(found)) == odd


@pytest.mark.parametrize(
    ("status", "row"),
    [
        ("partial", "preliminary"),
        ("modified", "preliminary"),
        ("preliminary", "preliminary"),
        ("appended", "amended"),
        ("entered-in-error", "cancelled"),
        ("unknown", "preliminary"),
        (None, "preliminary"),
    ],
)
def test_the_worse_of_the_reports_and_the_results_status_counts(
    tmp_path: Path, status: str | None, row: str
) -> None:
    report = diagnostic_report(viability(), status=status)

    record = _read(tmp_path, whole(viability(), report=report))

    assert _only(record).status == row


# What must never be taken for a good result: (what is changed, the outcome of the test, why).
def _with(**changed: Json) -> Json:
    named = {"sterility": sterility, "endotoxin": endotoxin, "viability": viability}
    made = [make(**changed.get(test, {})) for test, make in named.items()]
    return whole(*made)


@pytest.mark.parametrize(
    ("test", "change", "outcome", "slug"),
    [
        ("endotoxin", {"valueQuantity": quantity(0.05, "EU/mL", "[EU]/mL", "<")}, "INDETERMINATE",
         "unit-unknown"),
        ("endotoxin", {"valueQuantity": quantity(0.05, "EU/kg", "{EU}/mL", "<")}, "INDETERMINATE",
         "unit-unknown"),
        ("endotoxin", {"valueQuantity": quantity(0.05, "ng/mL", "{EU}/mL", "<")}, "INDETERMINATE",
         "unit-unknown"),
        ("endotoxin", {"valueQuantity": {"value": 0.05}}, "INDETERMINATE", "unit-unknown"),
        ("endotoxin", {"valueQuantity": quantity("<0.05", "EU/mL", "{EU}/mL")}, "INDETERMINATE",
         "number-unreadable"),
        ("endotoxin", {"valueQuantity": quantity(0.05, "EU/mL", "{EU}/mL", "ad")}, "INDETERMINATE",
         "number-unreadable"),
        ("endotoxin", {"valueQuantity": quantity(0.05, "EU/mL", "{EU}/mL", ">")}, "INDETERMINATE",
         None),
        ("endotoxin", {"interpretation": [concept("", (FLAGS, "A", ""))]}, "INDETERMINATE",
         "row-conflict"),
        ("endotoxin", {"interpretation": [concept("Fail")]}, "INDETERMINATE", "row-conflict"),
        ("endotoxin", {"interpretation": [concept("", ("urn:lab", "P", ""))]}, "INDETERMINATE",
         "row-conflict"),
        ("viability", {"valueQuantity": quantity(-93.4, "%")}, "INDETERMINATE",
         "number-unreadable"),
        ("viability", {"valueQuantity": None, "referenceRange": [{"low": quantity(70, "%")}]},
         "MISSING", None),
        ("viability", {"valueQuantity": None, "extension": [
            {"url": "http://lab.example/value", "valueQuantity": quantity(93, "%")}]},
         "MISSING", None),
        ("viability", {"valueQuantity": None,
                       "valueRange": {"low": quantity(60, "%"), "high": quantity(90, "%")}},
         "INDETERMINATE", None),
        ("viability", {"valueQuantity": None, "valueRatio": {
            "numerator": quantity(9, "1"), "denominator": quantity(10, "1")}},
         "INDETERMINATE", "result-wording-unknown"),
        ("sterility", {"valueCodeableConcept": concept("No growth", (SNOMED, "10828004", ""))},
         "INDETERMINATE", "field-conflict"),
        ("sterility", {"valueCodeableConcept": concept("", (SNOMED, "10828004", "Negative"))},
         "INDETERMINATE", "field-conflict"),
        ("sterility", {"valueCodeableConcept": concept(
            "No growth", (SNOMED, "3092008", "Staphylococcus aureus (organism)"))},
         "INDETERMINATE", "field-conflict"),
        ("sterility", {"interpretation": [concept("", (FLAGS, "POS", "Positive"))]},
         "INDETERMINATE", "row-conflict"),
        ("sterility", {"valueCodeableConcept": None, "valueBoolean": False}, "INDETERMINATE",
         "result-wording-unknown"),
        ("sterility", {"valueString": "Growth"}, "INDETERMINATE", "field-conflict"),
        ("sterility", {"valueCodeableConcept": None, "valueString": "No growth to date"},
         "MISSING", None),
        ("sterility", {"valueCodeableConcept": None, "dataAbsentReason": concept("", (
            "http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-performed", ""))},
         "INVALID", None),
        ("sterility", {"valueCodeableConcept": None, "dataAbsentReason": concept("Error")},
         "MISSING", "result-blank"),
        ("sterility", {"dataAbsentReason": concept("Error")}, "INDETERMINATE", "field-conflict"),
        ("sterility", {"valueCodeableConcept": None, "valueCodableConcept": concept("No growth")},
         "INDETERMINATE", "result-wording-unknown"),
        ("sterility", {"code": concept("Sterility", (LOINC, "664-3", ""))}, "MISSING",
         "field-conflict"),
        ("sterility", {"code": concept("Sterility of the medium", ("urn:lab", "S", "Sterility"))},
         "MISSING", None),
        ("sterility", {"effectivePeriod": {"start": "2026-03-05", "end": "2026-03-18"}},
         "INDETERMINATE", None),
        ("sterility", {"effectivePeriod": {"start": "2026-03", "end": "2026-04"}},
         "INDETERMINATE", None),
        ("sterility", {"component": [
            {"code": concept("Fluid thioglycollate medium"), "valueCodeableConcept": GROWTH}]},
         "FAIL", None),
        ("sterility", {"component": [
            {"code": concept("Negative control"), "valueCodeableConcept": GROWTH}]},
         "INVALID", None),
        ("sterility", {"component": [
            {"code": concept("Bottle 37"), "valueCodeableConcept": GROWTH}]},
         "PASS", "test-unknown"),
        ("sterility", {"modifierExtension": [{"url": "http://x", "valueBoolean": True}]},
         "PASS", "message-part-unread"),
        ("sterility", {"implicitRules": "http://lab.example/rules"}, "PASS", "message-part-unread"),
        ("sterility", {"note": [{"text": "Withdrawn: growth confirmed"}]}, "PASS", "row-remarked"),
        ("sterility", {"extension": [{"url": "http://x", "valueString": "Growth on day 12"}]},
         "PASS", "row-remarked"),
        ("sterility", {"focus": [{"display": "the donor"}]}, "PASS", "row-remarked"),
        ("sterility", {"interpretations": [concept("Positive")]}, "PASS", "message-part-unread"),
        ("sterility", {"hasMember": [{"reference": "Observation/o1"}]}, "PASS",
         "reference-unresolved"),
        ("sterility", {"derivedFrom": [], "meta": {"security": [{"code": "HTEST"}]}}, "PASS",
         "message-part-unread"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_doubtful_result_supports_no_pass(
    tmp_path: Path, test: str, change: Json, outcome: str, slug: str | None, form: str
) -> None:
    found = _assess(tmp_path, _with(**{test: change}), form)

    assert found.verdict in (Verdict.HOLD, Verdict.FAIL)
    assert _outcomes(found)[test] == outcome
    assert slug is None or slug in _holding(found)


@pytest.mark.parametrize(
    ("test", "change"),
    [
        ("endotoxin", {"valueQuantity": {"value": 0.05, "unit": "EU/mL", "comparator": "<"}}),
        ("endotoxin", {"valueQuantity": {"value": 0.05, "system": UCUM, "code": "[IU]/mL"}}),
        ("endotoxin", {"interpretation": [concept("Normal", (FLAGS, "N", "Normal"))]}),
        ("sterility", {"interpretation": [concept("", (FLAGS, "NEG", "Negative"))]}),
        ("sterility", {"valueCodeableConcept": None, "valueString": "No growth after 14 days"}),
        ("sterility", {"valueCodeableConcept": concept("", (SNOMED, "260415000", ""))}),
        ("sterility", {"component": [
            {"code": concept("FTM"), "valueCodeableConcept": concept("No growth")},
            {"code": concept("TSB"), "valueCodeableConcept": concept("No growth")}]}),
        ("sterility", {"component": [
            {"code": concept("Positive control"), "valueCodeableConcept": concept("Growth")}]}),
        ("sterility", {"note": [{"text": "Received on ice."}]}),
        ("viability", {"valueQuantity": None,
                       "valueRange": {"low": quantity(80, "%"), "high": quantity(90, "%")}}),
    ],
)  # fmt: skip
def test_a_good_result_may_be_said_in_many_ways(tmp_path: Path, test: str, change: Json) -> None:
    assert _assess(tmp_path, _with(**{test: change})).verdict is Verdict.PASS


def test_a_component_says_when_the_incubation_began(tmp_path: Path) -> None:
    dates = {"Incubation start": "2026-03-01", "Incubation end": "2026-03-16"}
    components = [{"code": concept(n), "valueDateTime": day} for n, day in dates.items()]

    record = _read(tmp_path, whole(sterility(effectivePeriod=None, component=components)))

    row = _only(record)
    assert (row.started, row.ended) == (dt.date(2026, 3, 1), dt.date(2026, 3, 16))


def test_a_component_that_is_no_result_does_not_stand_in_for_one(tmp_path: Path) -> None:
    only_start = [{"code": concept("Incubation start"), "valueDateTime": "2026-03-01"}]

    record = _read(tmp_path, whole(sterility(valueCodeableConcept=None, component=only_start)))

    assert _only(record).result == ""


def test_members_of_a_panel_are_its_parts(tmp_path: Path) -> None:
    panel = observation(
        "p1",
        "Sterility",
        hasMember=[{"reference": "Observation/m1"}, {"reference": "Observation/m2"}],
    )
    members = (
        sterility("m1", code=concept("Aerobic bottle")),
        sterility("m2", code=concept("Anaerobic"), valueCodeableConcept=GROWTH),
    )

    record = _read(tmp_path, bundle(panel, *members, SPECIMEN))

    read_rows = [(row.test, row.part, row.reading) for row in rows(record.observations)]
    assert read_rows == [
        ("sterility", "aerobic", "negative"),
        ("sterility", "anaerobic", "positive"),
    ]


def test_members_that_are_controls_are_the_panels(tmp_path: Path) -> None:
    panel = observation("p1", "Sterility", hasMember=[{"reference": "Observation/m1"}])
    control = sterility("m1", code=concept("Negative control"), valueCodeableConcept=GROWTH)

    row = _only(_read(tmp_path, bundle(panel, control, SPECIMEN)))

    assert (row.test, row.role, row.reading) == ("sterility", "negative_control", "positive")


def test_the_recovery_of_a_product_control_is_the_samples(tmp_path: Path) -> None:
    recovery = observation(
        "o5",
        "Positive product control recovery",
        valueQuantity=quantity(104, "%"),
    )

    record = _read(tmp_path, whole(recovery))

    row = _only(record)
    assert (row.test, row.role, row.state) == ("endotoxin_ppc", "sample", "confirmed")
    assert not _holding(record) - {"conclusion-conflict"}


# --- which lot -----------------------------------------------------------------------------


def _lot(text: str) -> Json:
    return {"type": {"text": "Batch number"}, "value": text}


@pytest.mark.parametrize(
    "identifier",
    [
        _lot("L-1"),
        {"type": {"coding": [{"display": "Lot"}]}, "value": "L-1"},
        {"system": "https://clinic.example/ids/lot-number", "value": "L-1"},
    ],
)
def test_a_lot_is_a_number_that_is_called_one(tmp_path: Path, identifier: Json) -> None:
    record = _read(tmp_path, whole(viability(), specimen=SPECIMEN | {"identifier": [identifier]}))

    assert record.stated("lot") == "L-1"


def test_a_number_of_no_kind_is_a_sample_and_no_lot(tmp_path: Path) -> None:
    specimen = SPECIMEN | {"identifier": [{"value": "L-1"}]}

    found = _assess(tmp_path, whole(specimen=specimen))

    assert found.verdict is Verdict.HOLD
    assert "lot-unstated" in _holding(found)


def test_the_manifest_may_vouch_for_a_message_that_names_no_lot(tmp_path: Path) -> None:
    content = json.dumps(whole(specimen=SPECIMEN | {"identifier": [{"value": "S-77"}]}))
    stated = lots.manifest() + "declared: [lab.json]\n"

    found = lots.assess(
        lots.write_lot(tmp_path / "L-1", {"lab.json": content}, stated), SPECIFICATION
    )

    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("patient", "subject", "verdict"),
    [
        ("P1", {"reference": "Patient/p"}, Verdict.PASS),
        ("P2", {"reference": "Patient/p"}, Verdict.HOLD),
        ("P2", {"reference": "Patient/elsewhere"}, Verdict.PASS),
        ("P1", {"identifier": {"value": "P2"}, "type": "Patient"}, Verdict.HOLD),
    ],
)
def test_a_report_on_another_patient_holds(
    tmp_path: Path, patient: str, subject: Json, verdict: Verdict
) -> None:
    results = (sterility(), endotoxin(), viability())
    person = {"resourceType": "Patient", "id": "p", "identifier": [{"value": patient}]}
    resources = (diagnostic_report(*results, subject=subject), *results, SPECIMEN, LABORATORY)
    content = json.dumps(bundle(*resources, ANALYST, person))
    stated = lots.manifest() + "identifiers: {patient: P1}\n"

    found = lots.assess(
        lots.write_lot(tmp_path / "L-1", {"lab.json": content}, stated), SPECIFICATION
    )

    assert found.verdict is verdict
    assert ("patient-mismatch" in _holding(found)) is (verdict is Verdict.HOLD)


def test_the_lot_of_the_product_that_a_specimen_was_taken_from(tmp_path: Path) -> None:
    specimen = SPECIMEN | {"identifier": [], "subject": {"reference": "Medication/m1"}}
    product = {"resourceType": "Medication", "id": "m1", "batch": {"lotNumber": "L-1"}}

    record = _read(tmp_path, bundle(viability(), specimen, product))

    assert record.stated("lot") is None  # no report says it of all
    assert _only(record).lot == "L-1"


@pytest.mark.parametrize(
    "specimen",
    [
        SPECIMEN | {"identifier": [_lot("L-1"), _lot("L-2")]},
        SPECIMEN | {"subject": {"reference": "Medication/m1"}},
    ],
    ids=["two numbers", "product differs"],
)
def test_two_lots_for_one_specimen_are_none(tmp_path: Path, specimen: Json) -> None:
    product = {"resourceType": "Medication", "id": "m1", "batch": {"lotNumber": "L-2"}}

    found = _assess(tmp_path, bundle(sterility(), endotoxin(), viability(), specimen, product))

    assert found.verdict is Verdict.HOLD
    assert {"field-conflict", "lot-unstated"} <= _holding(found)


def test_results_of_two_lots_stay_with_their_own(tmp_path: Path) -> None:
    other = SPECIMEN | {"id": "s2", "identifier": [_lot("L-2")]}
    at_other: Json = {"specimen": {"reference": "Specimen/s2"}}
    content = bundle(
        diagnostic_report(sterility(), endotoxin()),
        sterility(),
        endotoxin(),
        SPECIMEN,
        diagnostic_report(viability(), id="r2", identifier=[{"value": "R-102"}], **{
            "specimen": [{"reference": "Specimen/s2"}]
        }),
        viability(**at_other),
        other,
        LABORATORY,
        ANALYST,
    )  # fmt: skip

    found = _assess(tmp_path, content)

    assert _outcomes(found) == {"sterility": "PASS", "endotoxin": "PASS", "viability": "MISSING"}


def test_a_result_without_a_specimen_does_not_borrow_another_reports_lot(tmp_path: Path) -> None:
    listed = diagnostic_report(sterility(), endotoxin())
    stray = viability(specimen=None)

    found = _assess(tmp_path, bundle(listed, sterility(), endotoxin(), stray, SPECIMEN, LABORATORY))

    assert found.verdict is Verdict.HOLD
    assert "lot-unstated" in _holding(found)


@pytest.mark.parametrize(
    "specimen",
    [
        SPECIMEN | {"type": concept("Quality control material")},
        SPECIMEN | {"role": [concept("", (ROLES, "Q", ""))]},
        SPECIMEN | {"type": concept("Negative control")},
        SPECIMEN | {"status": "unsatisfactory"},
    ],
    ids=["in words", "by code", "a control", "unsatisfactory"],
)  # fmt: skip
def test_a_control_or_a_spoilt_specimen_is_no_product(tmp_path: Path, specimen: Json) -> None:
    assert _assess(tmp_path, whole(specimen=specimen)).verdict is Verdict.HOLD


# --- references ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "result",
    [
        {"reference": "Observation/nowhere"},
        {"reference": "Observation?identifier=urn:lab|7"},
        {"reference": "Specimen/s1"},
        {"identifier": {"value": "o1"}},
        {"reference": "#o1"},
    ],
    ids=["dangling", "conditional", "no result", "logical", "not contained"],
)
def test_a_reference_that_leads_to_no_result_holds(tmp_path: Path, result: Json) -> None:
    report = diagnostic_report(sterility(), result=[result])

    found = _assess(tmp_path, whole(sterility(), endotoxin(), viability(), report=report))

    assert found.verdict is Verdict.HOLD
    assert "reference-unresolved" in _holding(found)


@pytest.mark.parametrize(
    "reference",
    [
        "Observation/o1",
        "https://lab.example/fhir/Observation/o1",
        "https://lab.example/fhir/Observation/o1/_history/3",
    ],
)
def test_a_reference_is_found_by_address_or_id(tmp_path: Path, reference: str) -> None:
    report = diagnostic_report(sterility(), status="preliminary", result=[{"reference": reference}])

    record = _read(tmp_path, whole(sterility(), report=report))

    assert _only(record).status == "preliminary"


def test_two_resources_of_one_address_are_none(tmp_path: Path) -> None:
    entries = whole()
    entries["entry"] += bundle(sterility(valueCodeableConcept=GROWTH))["entry"]

    found = _assess(tmp_path, entries)

    assert found.verdict is Verdict.FAIL
    assert "field-conflict" in _holding(found)


def _twice(old: str, new: str) -> Callable[[Json], str]:
    return lambda resource: json.dumps(resource).replace(old, new, 1)


@pytest.mark.parametrize(
    "change",
    [
        _twice('"status": "final", "code": {"text": "Sterility"}',
               '"status": ["final", "entered-in-error"], "code": {"text": "Sterility"}'),
        _twice('"code": {"text": "Sterility"}',
               '"code": [{"text": "Sterility"}, {"text": "Negative control"}]'),
        _twice('"value": 93.4', '"value": [93.4, 50]'),
        _twice('"text": "No growth"', '"text": ["No growth", "Growth"]'),
        _twice('"value": 93.4', '"value": 93.4, "_value": {"extension": [{"url": '
               '"http://hl7.org/fhir/StructureDefinition/data-absent-reason", '
               '"valueCode": "error"}]}'),
    ],
    ids=["status", "code", "value", "text", "absent"],
)  # fmt: skip
def test_what_stands_there_once_must_not_stand_there_twice(
    tmp_path: Path, change: Callable[[Json], str]
) -> None:
    found = _assess(tmp_path, change(whole()))

    assert found.verdict is Verdict.HOLD
    assert "field-conflict" in _holding(found)


@pytest.mark.parametrize(
    "change",
    [
        {"code": concept("Sterility", ("urn:lab", "PC", "Positive control"))},
        {"category": [concept("Negative control")]},
        {"method": concept("Not performed")},
    ],
    ids=["code", "category", "method"],
)
def test_words_beside_a_test_may_take_it_from_the_product(tmp_path: Path, change: Json) -> None:
    assert _assess(tmp_path, _with(sterility=change)).verdict is Verdict.HOLD


def test_a_result_that_no_report_lists_is_read_too(tmp_path: Path) -> None:
    entries = whole()
    entries["entry"] += bundle(sterility("o9", valueCodeableConcept=GROWTH))["entry"]

    assert _assess(tmp_path, entries).verdict is Verdict.FAIL


def test_a_result_of_two_reports_counts_as_the_worse(tmp_path: Path) -> None:
    withdrawn = diagnostic_report(
        sterility(), id="r2", identifier=[{"value": "R-102"}], status="entered-in-error"
    )
    entries = whole()
    entries["entry"] += bundle(withdrawn)["entry"]

    assert _outcomes(_assess(tmp_path, entries))["sterility"] == "MISSING"


# --- around the results --------------------------------------------------------------------


def _more(**changed: object) -> Json:
    return whole() | changed


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"link": [{"relation": "next", "url": "http://x"}]}, "document-unreadable"),
        ({"type": "history"}, "field-conflict"),
        ({"implicitRules": "http://x"}, "message-part-unread"),
        ({"meta": {"tag": [{"code": "SUBSETTED"}]}}, "message-part-unread"),
    ],
)
def test_what_a_bundle_says_of_itself_is_heard(tmp_path: Path, change: Json, slug: str) -> None:
    found = _assess(tmp_path, _more(**change))

    assert found.verdict is Verdict.HOLD
    assert slug in _holding(found)


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "OperationOutcome", "id": "x", "issue": [{"severity": "error"}]},
        {"resourceType": "QuestionnaireResponse", "id": "x", "status": "completed"},
        {"resourceType": "Composition", "id": "x", "status": "preliminary"},
    ],
)
def test_a_resource_that_may_say_more_holds(tmp_path: Path, resource: Json) -> None:
    entries = whole()
    entries["entry"] += bundle(resource)["entry"]

    assert _assess(tmp_path, entries).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"conclusion": "Does not comply"}, "conclusion-conflict"),
        ({"conclusion": "See attached letter"}, "conclusion-conflict"),
        ({"conclusion": None, "conclusionCode": [GROWTH]}, "conclusion-conflict"),
        ({"presentedForm": [{"contentType": "application/pdf", "data": "AAAA"}]},
         "message-part-unread"),
        ({"text": {"status": "additional", "div": "<div>Growth in bottle 2</div>"}},
         "row-remarked"),
        ({"conclusions": "Fails"}, "message-part-unread"),
    ],
)  # fmt: skip
def test_what_a_report_says_beside_its_results_is_heard(
    tmp_path: Path, change: Json, slug: str
) -> None:
    report = diagnostic_report(sterility(), endotoxin(), viability(), **change)

    found = _assess(tmp_path, whole(report=report))

    assert found.verdict is Verdict.HOLD
    assert slug in _holding(found)


def _replacing_r4(reference: Json) -> Json:
    url = "http://hl7.org/fhir/StructureDefinition/diagnosticReport-replaces"
    return {"extension": [{"url": url, "valueReference": reference}]}


@pytest.mark.parametrize(
    "change",
    [
        _replacing_r4({"identifier": {"value": "R-100"}}),
        {"relatesTo": [{"type": "replaces", "target": {"identifier": {"value": "R-100"}}}]},
    ],
    ids=["R4", "R5"],
)
def test_a_report_names_the_one_that_it_replaces(tmp_path: Path, change: Json) -> None:
    report = diagnostic_report(viability(), status="amended", **change)

    record = _read(tmp_path, whole(viability(), report=report))

    assert record.stated("replaces") == "R-100"
    assert _only(record).status == "amended"


def test_a_report_that_replaces_another_of_the_same_file_is_not_trusted(tmp_path: Path) -> None:
    report = diagnostic_report(
        sterility(), endotoxin(), viability(), **_replacing_r4({"reference": "DiagnosticReport/r0"})
    )
    entries = whole(report=report)
    old = diagnostic_report(id="r0", identifier=[{"value": "R-100"}], result=[])
    entries["entry"] += bundle(old)["entry"]

    assert "replacement-doubtful" in _holding(_assess(tmp_path, entries))


def test_an_hour_of_greenwich_is_not_the_clinics(tmp_path: Path) -> None:
    record = _read(tmp_path, whole(viability(effectiveDateTime="2026-03-05T10:30:00Z")))

    assert _only(record).measured_at is None
    assert [each.slug for each in record.findings] == ["date-ambiguous"]


def test_the_time_of_collection_is_not_that_of_the_measurement(tmp_path: Path) -> None:
    collected = SPECIMEN["collection"]["collectedDateTime"]

    record = _read(tmp_path, whole(viability(effectiveDateTime=collected)))

    assert _only(record).measured_at is None


@pytest.mark.parametrize("kind", ["Patient", "Parameters", ""])
def test_another_resource_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DocumentError, match="FHIR resource") as caught:
        _read(tmp_path, {"resourceType": kind, "id": "x"})

    assert caught.value.slug == "document-unclaimed"


def _doctype(text: str) -> str:
    return text.replace("<Bundle", '<!DOCTYPE Bundle [<!ENTITY a SYSTEM "file:///x">]><Bundle', 1)


@pytest.mark.parametrize(
    ("form", "damage"),
    [
        ("xml", _doctype),
        ("xml", lambda text: text[:-200]),
        ("xml", lambda text: text.replace("<Bundle", "<b>x</b><Bundle", 1)),
        ("json", lambda text: text[:-200]),
        ("json", lambda text: text.replace('"status"', '"status": "final", "status"', 1)),
    ],
    ids=["entity", "cut xml", "two roots", "cut json", "twice"],
)
def test_a_damaged_file_holds(tmp_path: Path, form: str, damage: Callable[[str], str]) -> None:
    text = as_xml(whole()) if form == "xml" else json.dumps(whole())

    assert _assess(tmp_path, damage(text), form).verdict is Verdict.HOLD


@pytest.mark.corpus
def test_the_batch_analysis_of_three_lots_gives_no_result_of_ours(corpus: Path) -> None:
    path = corpus / "certificates" / "real" / "bundle-batch-analysis-pq-ex1-prod.xml"

    record = read(path, LAB)

    # Of its 39 results (description, identification, assay, degradation products, dissolution,
    # uniformity, microbiological quality and water of three batches) none is a test of ours.
    assert rows(record.observations) == []
    assert record.stated("lot") is None
    told = [each for each in record.findings if each.slug == "test-unknown"]
    named = {(each.place.region or "").split(".resource.")[0] for each in told}
    assert len(named) == 39
    failed = [each for each in told if "Does not comply" in each.message]
    assert {each.severity for each in failed} == {Severity.HOLD}
    assert all("lot 33446" in each.message for each in failed)


def test_a_report_that_nobody_answers_for_holds(tmp_path: Path) -> None:
    results = (sterility(), endotoxin(), viability())
    unsigned = whole(*results, report=diagnostic_report(*results, resultsInterpreter=None))

    assert _holding(_assess(tmp_path, unsigned)) == {"unsigned"}


def test_a_person_who_performed_the_report_answers_for_it(tmp_path: Path) -> None:
    results = (sterility(), endotoxin(), viability())
    by = [{"reference": "Organization/lab"}, {"reference": "Practitioner/qa"}]
    report = diagnostic_report(*results, resultsInterpreter=None, performer=by)

    record = _read(tmp_path, whole(*results, report=report))

    assert record.header["signed_by"].value == "Marie Curie"
    assert record.header["laboratory"].value == "Acme Laboratories"


def test_a_report_without_its_day_of_issue_holds(tmp_path: Path) -> None:
    results = (sterility(), endotoxin(), viability())
    undated = whole(*results, report=diagnostic_report(*results, issued=None))

    assert _holding(_assess(tmp_path, undated)) == {"unsigned"}


def test_a_flag_of_serology_beside_a_culture_holds(tmp_path: Path) -> None:
    flagged = sterility(interpretation=[concept("", (FLAGS, "NR", ""))])

    found = _assess(tmp_path, whole(flagged, endotoxin(), viability()))

    assert "row-conflict" in _holding(found)


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ("device", {"display": "out of calibration"}),
        ("device", {"display": "Inkubator 3, nicht kalibriert"}),
        ("basedOn", [{"reference": "ServiceRequest/x", "display": "Media fill"}]),
    ],
)
def test_words_in_elements_that_are_not_read_hold(
    tmp_path: Path, element: str, said: object
) -> None:
    found = _assess(tmp_path, whole(sterility(**{element: said}), endotoxin(), viability()))

    assert "row-remarked" in _holding(found)


def test_the_name_of_an_instrument_is_no_remark(tmp_path: Path) -> None:
    named = sterility(device={"display": "BacT/ALERT 3D"})

    found = _assess(tmp_path, whole(named, endotoxin(), viability()))

    assert found.verdict is Verdict.PASS


def test_what_is_said_of_the_specimens_handling_is_looked_at(tmp_path: Path) -> None:
    handled = SPECIMEN | {"processing": [{"description": "Bag leaked on the way"}]}

    assert "row-remarked" in _holding(_assess(tmp_path, whole(specimen=handled)))
