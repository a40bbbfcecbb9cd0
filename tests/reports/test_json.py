from __future__ import annotations

import json
from dataclasses import replace

import pytest
import runs
from contracts import every_object, held_to

from qcvalidate.assessment import Agreement, Importance, Outcome, Scope, Verdict
from qcvalidate.catalogue import open_catalogue
from qcvalidate.frames import Observation
from qcvalidate.masking import without_patients
from qcvalidate.record import Place, Severity, Source, State
from qcvalidate.reports import render

LOTS = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


@pytest.mark.parametrize("name", ["assessment", "record", "gating"])
def test_no_contract_lets_an_unknown_key_through(name: str) -> None:
    schema = json.loads(open_catalogue().json_schema(name).read_text(encoding="utf-8"))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert all(found["additionalProperties"] is False for found in every_object(schema))


def test_the_contract_knows_every_word() -> None:
    schema = json.loads(open_catalogue().json_schema("assessment").read_text(encoding="utf-8"))

    known = schema["$defs"]
    assert known["criterion"]["properties"]["outcome"]["enum"] == list(Outcome)
    assert known["finding"]["properties"]["severity"]["enum"] == list(Severity)
    assert known["lot"]["properties"]["scope"]["enum"] == list(Scope)
    assert known["verdict"]["enum"] == list(Verdict)
    criterion = known["criterion"]["properties"]
    assert criterion["importance"]["enum"] == list(Importance)
    evidence = criterion["evidence"]["items"]["properties"]
    assert evidence["state"]["enum"] == [*State, None]
    stated = known["particulars"]["properties"]["stated"]["items"]["properties"]
    assert stated["agreement"]["enum"] == list(Agreement)


@pytest.mark.parametrize("lots", [(), *((lot,) for lot in LOTS), LOTS])
def test_every_run_meets_the_contract(lots: tuple[runs.Assessment, ...]) -> None:
    held_to("assessment", render("json", runs.run(*lots)))


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_document_s_text_arrives_unchanged(text: str) -> None:
    value = held_to("assessment", render("json", runs.run(runs.hostile(text))))

    assert value["lots"][0]["lot"] == text
    assert value["lots"][0]["criteria"][0]["observed"] == text


def test_the_text_is_ascii_and_ends_with_a_newline() -> None:
    text = render("json", runs.run(*LOTS))

    assert text.isascii()
    assert text.endswith("}\n")


def test_a_failing_lot() -> None:
    value = json.loads(render("json", runs.run(runs.FAILING)))

    assert list(value) == ["tool", "run", "verdict", "lots"]
    assert value["tool"] == {"name": "qcvalidate", "version": "0.1.0"}
    assert value["verdict"] == "FAIL"
    assert value["run"]["as_of"] == "2026-05-20"
    assert value["run"]["inputs"][3] == {
        "path": "samples/MSC-2026-0018/flow/panel.fcs",
        "sha256": "d" * 64,
        "kind": "list-mode",
        "reader": "cytometry",
    }
    assert value["run"]["specifications"] == [
        {
            "id": runs.MSC.id,
            "version": "1.0.0",
            "title": runs.MSC.title,
            "sha256": "9f1c2ab0" + "0" * 56,
        }
    ]
    lot = value["lots"][0]
    assert (lot["lot"], lot["scope"], lot["verdict"], lot["due"]) == (
        "MSC-2026-0018",
        "lot",
        "FAIL",
        "2026-05-28",
    )
    assert lot["criteria"][2] == {
        "id": "viability",
        "code": 301,
        "slug": "viability-below-limit",
        "title": "Viability after thaw",
        "outcome": "FAIL",
        "importance": "blocking",
        "observed": "64.2 %",
        "reading": None,
        "rounded": None,
        "limit": "at least 70 %",
        "unit": "%",
        "reason": "64.2 % rounds to 64 %, below the limit of 70 %",
        "reference": "FDA, Content and review of CMC information for somatic cell therapy INDs "
        "(2008)",
        "due": None,
        "evidence": [
            {
                "path": "samples/MSC-2026-0018/counts.csv",
                "page": None,
                "region": "row 14 “Viability (%)”",
                "text": "64.2",
                "state": None,
            }
        ],
    }
    assert lot["findings"][1] == {
        "code": 203,
        "slug": "lot-mismatch",
        "severity": "fail",
        "message": "the certificate says lot MSC-2026-0081, the manifest says MSC-2026-0018",
        "path": "samples/MSC-2026-0018/sterility.pdf",
        "page": 1,
        "region": "72,90,200,102",
        "title": "A document is about another lot",
    }


def test_what_a_result_was_read_as_and_rounded_to() -> None:
    value = held_to("assessment", render("json", runs.run(runs.FAILING)))

    alert = value["lots"][0]["criteria"][1]
    assert (alert["observed"], alert["reading"], alert["rounded"]) == ("95.3 %", "95.3 %", "95 %")
    pending = value["lots"][0]["criteria"][3]
    assert (pending["reading"], pending["due"], pending["importance"]) == (
        *(None, "2026-05-28", "pending_allowed"),
    )


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ((), None),
        ((State.CONFIRMED,), "confirmed"),
        ((State.CONFIRMED, State.SINGLE_SOURCE), "single_source"),
        ((State.CONFLICT, State.CONFIRMED), "conflict"),
    ],
)
def test_a_place_is_as_sure_as_its_least_sure_result(
    states: tuple[State, ...], told: str | None
) -> None:
    region = runs.VIABILITY.evidence[0].place.region
    rows = tuple(
        Observation(
            test="viability", result="64.2", source="counts.csv", region=region, state=state.value
        )
        for state in states
    )

    value = held_to(
        "assessment", render("json", runs.run(replace(runs.FAILING, observations=rows)))
    )

    assert value["lots"][0]["criteria"][2]["evidence"][0]["state"] == told


def test_what_each_paper_says_it_is_about() -> None:
    value = held_to("assessment", render("json", runs.run(runs.FAILING, runs.HOLDING)))

    manifest, sterility, _, torn = value["lots"][0]["particulars"]
    assert manifest["path"] == "samples/MSC-2026-0018/lot.yaml"
    assert sterility["stated"][0] == {
        "name": "lot",
        "text": "MSC-2026-0081",
        "agreement": "differs",
        "page": 1,
        "region": "72,90,200,102",
    }
    assert (torn["read"], torn["stated"]) == (False, [])
    assert "particulars" not in value["lots"][1]


def test_a_patient_stays_shortened_wherever_a_result_is_told() -> None:
    told = "PAT-10042, 12"
    result = replace(runs.VIABILITY, reading=told, rounded=told, failing=(told,), besides=(told,))
    lot = replace(runs.FAILING, results=(result,))

    shown = without_patients(lot, ["PAT-10042"])

    assert "10042" not in render("json", runs.run(shown))
    assert "10042" not in render("csv", runs.run(shown))
    assert "10042" not in repr(shown.results)


def test_lots_under_one_specification_name_it_once() -> None:
    value = json.loads(render("json", runs.run(runs.FAILING, runs.PASSING)))

    assert len(value["run"]["specifications"]) == 1


def test_the_pass_of_one_document_is_not_its_lot_s() -> None:
    value = json.loads(render("json", runs.run(runs.ONE_DOCUMENT)))

    assert value["lots"][0]["scope"] == "document"


def test_a_path_stays_inside_its_lot_s_folder() -> None:
    elsewhere = replace(runs.OTHER_LOT, place=Place("lot.yaml"))
    value = json.loads(render("json", runs.run(replace(runs.HOLDING, findings=(elsewhere,)))))

    assert value["lots"][0]["findings"][0]["path"] == "samples/unnamed/lot.yaml"


def test_the_bytes_of_a_file_that_cannot_be_opened_are_null() -> None:
    lot = replace(runs.PASSING, inputs=(Source("scan.pdf", "", "unread", "none"),))

    value = held_to("assessment", render("json", runs.run(lot)))

    assert value["run"]["inputs"][0]["sha256"] is None
    assert "unknown, not opened" in render("html", runs.run(lot))
