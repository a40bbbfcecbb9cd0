from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
import runs
from contracts import held_to
from runners import COMMANDS, commands

from qcvalidate.catalogue import open_catalogue
from qcvalidate.frames import (
    COLUMNS,
    READINGS,
    TURBIDITIES,
    Observation,
    Population,
    observations,
    populations,
)
from qcvalidate.record import (
    HEADER_FIELDS,
    Field,
    Finding,
    Place,
    Record,
    Role,
    Severity,
    Source,
    State,
    Status,
)
from qcvalidate.reports import (
    render_gating,
    render_gating_text,
    render_record,
    render_record_text,
)
from qcvalidate.reports._contracts import document

FILE = Source("papers/sterility.pdf", "a" * 64, "certificate", "certificates.generic")
PAGE = Place("sterility.pdf", 1, "72,90.5,200,102")

RECORD = Record(
    source=FILE,
    header={
        "date_issued": Field("07.05.2026", None, PAGE, State.AMBIGUOUS),
        "lot": Field("MSC-2026-0018", "MSC-2026-0018", PAGE),
        "date_sampled": Field("12 March 2026", "2026-03-12", Place("sterility.pdf", 2)),
    },
    observations=observations(
        [
            Observation(
                test="endotoxin",
                result="< 0.050 EU/mL",
                source="sterility.pdf",
                lower=Decimal("-Infinity"),
                upper=Decimal("0.050"),
                lower_closed=False,
                upper_closed=False,
                unit="EU/mL",
                page=1,
                region="72,200,300,212",
            ),
            Observation(
                test="sterility",
                result="No growth",
                source="sterility.pdf",
                part="aerobic",
                reading="negative",
                day=6,
                turbidity="clear",
                status="preliminary",
                started=dt.date(2026, 3, 12),
                measured_at=dt.datetime(2026, 3, 18, 9, 30),
            ),
            Observation(
                test="viability",
                result="70.10",
                source="sterility.pdf",
                lower=Decimal("70.10"),
                upper=Decimal("70.10"),
                unit="%",
                ci_low=69.5,
                ci_high=70.7,
                numerator=701,
                denominator=1000,
            ),
            Observation(test="mycoplasma", result="", source="sterility.pdf", role="blank"),
        ]
    ),
    findings=(Finding("date-ambiguous", Severity.HOLD, "7 May or 5 July 2026", PAGE),),
)


def _population(*path: str, counts: tuple[int, int], share: tuple[float, ...]) -> Population:
    percent, low, high = share or (None, None, None)
    return Population(
        id=path[-1],
        path=path,
        parent=path[-2] if len(path) > 1 else None,
        count=counts[0],
        parent_count=counts[1],
        total=20000,
        percent_of_parent=percent,
        ci_low=low,
        ci_high=high,
    )


STEPS = ("Cells", "Singlets", "Viable", "CD34")
POPULATIONS = populations(
    [
        _population(*STEPS[:1], counts=(15000, 20000), share=(75.0, 74.39, 75.6)),
        _population(*STEPS[:2], counts=(13902, 15000), share=(92.68, 92.25, 93.09)),
        _population(*STEPS[:3], counts=(0, 13902), share=(0.0, 0.0, 0.03)),
        _population(*STEPS[:4], counts=(0, 0), share=()),
    ]
)

RECORD_TEXT = """\
papers/sterility.pdf: certificate, read by certificates.generic
SHA-256 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

header
  lot           MSC-2026-0018                page 1 72,90.5,200,102  confirmed
  date_sampled  12 March 2026 -> 2026-03-12  page 2                  confirmed
  date_issued   07.05.2026 -> not read       page 1 72,90.5,200,102  ambiguous
"""

GATING_TEXT = """\
papers/panel.fcs: list-mode, read by cytometry
SHA-256 dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
gating strategy gates.xml (eeeeeeee)

population  events  of parent        percent       Wilson 95 %
Cells        15000      20000        75.00 %  74.40 to 75.60 %
  Singlets   13902      15000        92.68 %  92.25 to 93.09 %
    Viable       0      13902         0.00 %    0.00 to 0.03 %
      CD34       0          0  not evaluable
"""


def test_the_schema_of_a_record_knows_every_field_and_column() -> None:
    schema = json.loads(open_catalogue().json_schema("record").read_text(encoding="utf-8"))

    assert tuple(schema["properties"]["header"]["properties"]) == HEADER_FIELDS
    assert set(schema["$defs"]["observation"]["properties"]) == set(COLUMNS)
    assert set(schema["$defs"]["observation"]["required"]) == set(COLUMNS)


def test_the_schema_of_a_record_knows_every_word() -> None:
    schema = json.loads(open_catalogue().json_schema("record").read_text(encoding="utf-8"))

    column = schema["$defs"]["observation"]["properties"]
    assert column["reading"]["enum"] == [*READINGS, None]
    assert column["turbidity"]["enum"] == [*TURBIDITIES, None]
    assert column["role"]["enum"] == list(Role)
    assert column["status"]["enum"] == list(Status)
    assert schema["$defs"]["state"]["enum"] == list(State)
    assert schema["$defs"]["finding"]["properties"]["severity"]["enum"] == list(Severity)


def test_a_record_in_json() -> None:
    value = held_to("record", render_record(RECORD))

    assert value["document"] == {
        "path": "papers/sterility.pdf",
        "sha256": "a" * 64,
        "kind": "certificate",
        "reader": "certificates.generic",
    }
    assert list(value["header"]) == ["lot", "date_sampled", "date_issued"]
    assert value["header"]["date_issued"] == {
        "text": "07.05.2026",
        "value": None,
        "page": 1,
        "region": "72,90.5,200,102",
        "state": "ambiguous",
    }
    endotoxin, sterility, viability, mycoplasma = value["observations"]
    assert list(endotoxin) == list(COLUMNS)
    assert (endotoxin["lower"], endotoxin["upper"]) == (None, 0.05)
    assert (endotoxin["lower_closed"], endotoxin["upper_closed"]) == (False, False)
    assert (sterility["reading"], sterility["started"]) == ("negative", "2026-03-12")
    assert (sterility["lower"], sterility["upper"]) == (None, None)
    assert sterility["measured_at"] == "2026-03-18T09:30:00"
    assert (viability["ci_low"], viability["numerator"]) == (69.5, 701)
    assert (mycoplasma["result"], mycoplasma["role"]) == ("", "blank")
    assert value["findings"] == [
        {
            "code": 115,
            "slug": "date-ambiguous",
            "severity": "hold",
            "message": "7 May or 5 July 2026",
            "path": "sterility.pdf",
            "page": 1,
        }
    ]


def test_a_decimal_keeps_its_digits() -> None:
    assert '"lower": 70.10,' in render_record(RECORD)


def test_an_empty_document_meets_the_contract() -> None:
    empty = Record(source=FILE, header={}, observations=observations([]))

    value = held_to("record", render_record(empty))

    assert value["observations"] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+3"), "1E+3"),
        (Decimal("0E-7"), "0E-7"),
        (Decimal("-0.0"), "-0.0"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        (Decimal("Infinity"), "null"),
        (Decimal("NaN"), "null"),
        (float("nan"), "null"),
        (float("-inf"), "null"),
        (0.1, "0.1"),
        (True, "true"),
        (None, "null"),
        ([], "[]"),
        ({}, "{}"),
        (dt.date(2026, 3, 12), '"2026-03-12"'),
    ],
)
def test_what_json_can_say_of_a_value(value: object, text: str) -> None:
    assert document(value) == text + "\n"
    json.loads(text)


def test_json_text_is_laid_out_as_python_does() -> None:
    value = {"a": [1, {"b": None}], "c": {}, "d": "é\x1b"}

    assert document(value) == json.dumps(value, indent=2) + "\n"


def test_a_gated_file_in_json() -> None:
    file = Source("papers/panel.fcs", "d" * 64, "list-mode", "cytometry")

    value = held_to("gating", render_gating(file, "gates.xml", "e" * 64, POPULATIONS))

    assert value["strategy"] == {"id": "gates.xml", "sha256": "e" * 64}
    assert value["populations"][1] == {
        "id": "Singlets",
        "path": ["Cells", "Singlets"],
        "parent": "Cells",
        "count": 13902,
        "parent_count": 15000,
        "total": 20000,
        "percent_of_parent": 92.68,
        "ci": [92.25, 93.09],
    }


def test_the_share_of_an_empty_parent_is_not_zero() -> None:
    file = Source("papers/panel.fcs", "d" * 64, "list-mode", "cytometry")

    value = held_to("gating", render_gating(file, "gates.xml", "e" * 64, POPULATIONS))

    empty = value["populations"][3]
    assert (empty["count"], empty["percent_of_parent"], empty["ci"]) == (0, None, None)


def test_a_gated_file_for_people() -> None:
    file = Source("papers/panel.fcs", "d" * 64, "list-mode", "cytometry")

    assert render_gating_text(file, "gates.xml", "e" * 64, POPULATIONS) == GATING_TEXT


def test_a_record_for_people_names_each_field_s_place_and_state() -> None:
    shown = render_record_text(RECORD)

    assert shown.startswith(RECORD_TEXT)


def test_a_record_for_people_says_how_each_result_was_read() -> None:
    shown = render_record_text(RECORD, width=160)

    assert "endotoxin           < 0.050 EU/mL -> below 0.050 EU/mL  page 1 72,200,300,212" in shown
    assert "sterility aerobic   No growth -> negative day 6 clear" in shown
    assert "preliminary, confirmed" in shown
    assert "viability           70.10 -> 70.10 %" in shown
    assert "mycoplasma (blank)  (blank) -> not read" in shown
    assert "115 date-ambiguous" in shown
    assert "7 May or 5 July 2026" in shown


def test_a_document_without_results_says_so() -> None:
    empty = Record(source=FILE, header={}, observations=observations([]))

    shown = render_record_text(empty)

    assert "no header field was read" in shown
    assert "0 observations" in shown


@pytest.mark.parametrize(
    "text",
    [*runs.HOSTILE_TEXTS, *COMMANDS],
    ids=range(len(runs.HOSTILE_TEXTS) + len(COMMANDS)),
)
def test_no_text_of_a_document_steers_the_terminal_or_a_ci_job(text: str) -> None:
    row = Observation(test="endotoxin", result=text, source=text, organism=text, region=text)
    record = replace(
        RECORD,
        source=Source(text, "a" * 64, text, text),
        header={"lot": Field(text, text, Place(text, 1, text))},
        observations=observations([row, replace(row, reading="positive", unit=text)]),
        findings=(Finding("date-ambiguous", Severity.HOLD, text, Place(text, 1, text)),),
    )
    strange = populations([_population(text, text, counts=(1, 2), share=(50.0, 1.0, 99.0))])

    shown = render_record_text(record) + render_gating_text(FILE, text, "e" * 64, strange)

    assert not [c for c in shown if not c.isprintable() and c != "\n"]
    assert commands(shown + render_record(record)) == []
    held_to("record", render_record(record))
    held_to("gating", render_gating(FILE, text, "e" * 64, strange))
