"""Writes a table of results as CSV, as a workbook, as JSON, and as messages of FHIR and HL7."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import openpyxl

from benchmarks.mutants.hl7 import as_hl7

Rows = Sequence[Mapping[str, str]]
Options = Mapping[str, Any]
Json = dict[str, Any]
COLUMNS = (
    "lot", "sample_id", "test", "part", "result", "unit", "method", "status", "started", "ended",
    "measured_at", "turbidity", "role",
)  # fmt: skip
# A message is of sample results alone, and says nothing of how a medium looks.
MESSAGES = ("fhir", "hl7")
MESSAGE_COLUMNS = frozenset(
    ("lot", "sample_id", "test", "part", "result", "unit", "status", "started", "ended",
     "measured_at", "method")
)  # fmt: skip
# What each column is called where another heading is asked for.
HEADINGS = {
    "lot": "Lot No.", "sample_id": "Sample ID", "test": "Analysis", "result": "Result",
    "unit": "Units", "method": "Test Method", "status": "Status",
}  # fmt: skip


def columns(rows: Rows, options: Options) -> list[str]:
    """Give the columns in the order asked for: ours first, then those that the rows add."""
    # A name that begins with "_" is of a message's own fields.
    more = [key for row in rows for key in row if key not in COLUMNS and key[0] != "_"]
    found = [*COLUMNS, *dict.fromkeys(more)]
    used = [column for column in found if any(row.get(column) for row in rows)]
    asked = options.get("columns", used)
    return [column for column in asked if column not in options.get("without", ())]


def _lines(rows: Rows, options: Options) -> list[list[str]]:
    wanted = columns(rows, options)
    names = options.get("headings", {})
    return [[names.get(c, c) for c in wanted], *([row.get(c, "") for c in wanted] for row in rows)]


def as_csv(rows: Rows, options: Options) -> bytes:
    """Write `mark`, `newline`, `encoding`, `padding` and `blank` lines as the options say."""
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if options.get("quoted") else csv.QUOTE_MINIMAL
    mark, newline = options.get("mark", ","), options.get("newline", "\n")
    writer = csv.writer(text, delimiter=mark, lineterminator=newline, quoting=quoting)
    pad = options.get("padding", "")
    for line in _lines(rows, options):
        writer.writerow([f"{pad}{cell}{pad}" if cell else cell for cell in line])
        if options.get("blank"):
            writer.writerow([""] * len(line))
    return text.getvalue().encode(options.get("encoding", "utf-8"))


def as_workbook(rows: Rows, options: Options) -> bytes:
    """Write numbers as numbers; `touch` may change the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, line in enumerate(_lines(rows, options)):
        sheet.append([_cell(text) if number else text for text in line])
    if "touch" in options:
        options["touch"](sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(text: str) -> str | float | None:
    try:
        value = float(text)
    except ValueError:
        return text or None
    return value if value < 1000 and "e" not in text.lower() else text


def as_json(rows: Rows, options: Options) -> bytes:
    heads, *lines = _lines(rows, options)
    content = [dict(zip(heads, line, strict=True)) for line in lines]
    return json.dumps(content, indent=options.get("indent"), ensure_ascii=False).encode()


_UNITS = {"EU/mL": "{EU}/mL", "cells/mL": "{cells}/mL", "cells/uL": "{cells}/uL",
          "cells": "{cells}", "cells/kg": "{cells}/kg"}  # fmt: skip


def as_fhir(rows: Rows, options: Options) -> bytes:
    """Write a Bundle of one final report that somebody interpreted."""
    specimens = list(dict.fromkeys((row.get("lot", ""), row.get("sample_id", "")) for row in rows))
    results = [_observation(n, row, specimens) for n, row in enumerate(rows)]
    held = [
        _specimen(number, *pair) | options.get("specimen", {})
        for number, pair in enumerate(specimens)
    ]
    report: Json = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "identifier": [{"system": "urn:example:reports", "value": "R-101"}],
        "status": "final",
        "code": {"text": "Certificate of analysis"},
        "specimen": [{"reference": f"Specimen/{each['id']}"} for each in held],
        "issued": options["issued"] + "T12:00:00+00:00",
        "performer": [{"reference": "Organization/lab"}],
        "resultsInterpreter": [{"reference": "Practitioner/qa"}],
        "result": [{"reference": f"Observation/{each['id']}"} for each in results],
        "subject": {"reference": "Patient/p1"},
        **options.get("report", {}),
    }
    report = {key: value for key, value in report.items() if value is not None}
    lab = {"resourceType": "Organization", "id": "lab", "name": "Acme Laboratories"}
    person = {"resourceType": "Practitioner", "id": "qa", "name": [{"family": "Specimen"}]}
    patient: Json = {"resourceType": "Patient", "id": "p1"}
    patient["identifier"] = [{"type": {"text": "Patient ID"}, "value": options["patient"]}]
    entries = [
        {"fullUrl": f"https://lab.example/fhir/{r['resourceType']}/{r['id']}", "resource": r}
        for r in (report, *results, *held, lab, person, patient)
    ]
    content = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(content, indent=options.get("indent"), ensure_ascii=False).encode()


def _specimen(number: int, lot: str, sample: str) -> Json:
    names = [("Lot number", lot), ("Sample ID", sample)]
    identifiers = [{"type": {"text": kind}, "value": value} for kind, value in names if value]
    return {"resourceType": "Specimen", "id": f"s{number}", "identifier": identifiers}


def _observation(number: int, row: Mapping[str, str], specimens: list[tuple[str, str]]) -> Json:
    where = specimens.index((row.get("lot", ""), row.get("sample_id", "")))
    part = f", {row['part']} bottle" if row.get("part") else ""
    made: Json = {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": row.get("status") or "final",
        "code": {"text": row["test"] + part},
        "specimen": {"reference": f"Specimen/s{where}"},
        **_value(row),
    }
    if row.get("method"):
        made["method"] = {"text": row["method"]}
    if row.get("measured_at"):
        made["effectiveDateTime"] = row["measured_at"]
    period = {"start": row.get("started"), "end": row.get("ended")}
    stated = {key: value for key, value in period.items() if value}
    if stated:
        made["effectivePeriod"] = stated
    # Elements that no table has.
    made |= json.loads(row.get("_elements", "{}"))
    return {name: value for name, value in made.items() if value is not None}


def _value(row: Mapping[str, str]) -> Json:
    text = row.get("result", "")
    comparator = text[0] if text[:1] in ("<", ">") else ""
    try:
        value = float(text.removeprefix(comparator))
    except ValueError:
        return {"valueCodeableConcept": {"text": text}} if text else {}
    unit = row.get("unit", "")
    quantity: Json = {"value": value}
    if unit:
        quantity |= {"unit": unit, "code": _UNITS.get(unit, unit)}
        quantity |= {"system": "http://unitsofmeasure.org"}
    return {"valueQuantity": quantity | ({"comparator": comparator} if comparator else {})}


FORMS: Mapping[str, Callable[[Rows, Options], bytes]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "json": as_json,
    "fhir": as_fhir,
    "hl7": as_hl7,
}
