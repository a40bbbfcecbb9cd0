"""Makes FHIR resources for tests: a report of three results on one specimen of lot L-1."""

from __future__ import annotations

import copy
from typing import Any

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
FLAGS = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

Json = dict[str, Any]


def concept(text: str = "", *codings: tuple[str, str, str]) -> Json:
    """Write a CodeableConcept of a text and of codings (system, code, display)."""
    made: Json = {"text": text} if text else {}
    if codings:
        made["coding"] = [
            {"system": system, "code": code} | ({"display": display} if display else {})
            for system, code, display in codings
        ]
    return made


def quantity(value: float | str, unit: str, code: str | None = None, comparator: str = "") -> Json:
    made: Json = {"value": value, "unit": unit, "system": UCUM, "code": code or unit}
    return made | ({"comparator": comparator} if comparator else {})


def observation(id_: str, text: str, **more: Any) -> Json:
    made: Json = {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": concept(text),
        "specimen": {"reference": "Specimen/s1"},
    }
    return {name: value for name, value in (made | more).items() if value is not None}


def sterility(id_: str = "o1", **more: Any) -> Json:
    period = {"start": "2026-03-05T09:00:00+01:00", "end": "2026-03-19T09:00:00+01:00"}
    grown = concept("No growth", (SNOMED, "264868006", "No growth (qualifier value)"))
    stated = {"effectivePeriod": period, "valueCodeableConcept": grown}
    return observation(id_, "Sterility", **(stated | more))


def endotoxin(id_: str = "o2", **more: Any) -> Json:
    stated = {"valueQuantity": quantity(0.05, "EU/mL", "{EU}/mL", "<")}
    return observation(id_, "Endotoxin", **(stated | more))


def viability(id_: str = "o3", **more: Any) -> Json:
    stated = {
        "valueQuantity": quantity(93.4, "%"),
        "effectiveDateTime": "2026-03-05T10:30:00+01:00",
    }
    return observation(id_, "Viability", **(stated | more))


SPECIMEN: Json = {
    "resourceType": "Specimen",
    "id": "s1",
    "identifier": [
        {"type": {"text": "Lot number"}, "value": "L-1"},
        {"type": {"text": "Sample ID"}, "value": "S-77"},
    ],
    "receivedTime": "2026-03-05T08:00:00+01:00",
    "collection": {"collectedDateTime": "2026-03-04T16:00:00+01:00"},
}
LABORATORY: Json = {"resourceType": "Organization", "id": "lab", "name": "Acme Laboratories"}
ANALYST: Json = {
    "resourceType": "Practitioner",
    "id": "qa",
    "name": [{"family": "Curie", "given": ["Marie"]}],
}


def diagnostic_report(*results: Json, **more: Any) -> Json:
    made: Json = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "identifier": [{"system": "urn:acme:reports", "value": "R-101"}],
        "status": "final",
        "code": concept("Certificate of analysis"),
        "specimen": [{"reference": "Specimen/s1"}],
        "issued": "2026-03-20T12:00:00+01:00",
        "performer": [{"reference": "Organization/lab"}],
        "resultsInterpreter": [{"reference": "Practitioner/qa"}],
        "result": [{"reference": f"Observation/{result['id']}"} for result in results],
        "conclusion": "Complies",
    }
    return {name: value for name, value in (made | more).items() if value is not None}


def bundle(*resources: Json, **more: Any) -> Json:
    """Put resources into a Bundle, each under the address of its type and id."""
    entries = [
        {
            "fullUrl": f"https://lab.example/fhir/{resource['resourceType']}/{resource['id']}",
            "resource": copy.deepcopy(resource),
        }
        for resource in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | more


def whole(*results: Json, report: Json | None = None, specimen: Json | None = None) -> Json:
    """Write a Bundle of a report, its results, their specimen and the laboratory."""
    results = results or (sterility(), endotoxin(), viability())
    return bundle(
        report or diagnostic_report(*results),
        *results,
        specimen or SPECIMEN,
        LABORATORY,
        ANALYST,
    )


# The same as JSON in XML: an element's value in its attribute, a resource in its own element.
def as_xml(resource: Json) -> str:
    kind = resource["resourceType"]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="http://hl7.org/fhir">'
        f"{_inner(resource)}</{kind}>"
    )


def _inner(value: Json) -> str:
    return "".join(
        _element(name, each)
        for name, held in value.items()
        if name != "resourceType"
        for each in (held if isinstance(held, list) else [held])
    )


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict) and "resourceType" in value:
        kind = value["resourceType"]
        return f"<{name}><{kind}>{_inner(value)}</{kind}></{name}>"
    if isinstance(value, dict):
        url = f' url="{value["url"]}"' if "extension" in name.lower() else ""
        rest = {key: held for key, held in value.items() if not (url and key == "url")}
        return f"<{name}{url}>{_inner(rest)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'<{name} value="{escaped}"/>'
