from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
import runs

from qcvalidate.assessment import Outcome
from qcvalidate.record import Place, Severity
from qcvalidate.reports import render, sarif

SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
)
EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


def log(*lots: runs.Assessment) -> Any:
    """Hold the log to the schema, its results to its rules; give its one run."""
    value = json.loads(render("sarif", runs.run(*lots)))
    faults = list(jsonschema.Draft4Validator(SCHEMA).iter_errors(value))
    assert [f"{fault.json_path}: {fault.message[:200]}" for fault in faults] == []
    (run,) = value["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def uris(run: Any) -> list[str]:
    places = [place for result in run["results"] for place in result["locations"]]
    found = [place["physicalLocation"]["artifactLocation"]["uri"] for place in places]
    return found + [artifact["location"]["uri"] for artifact in run["artifacts"]]


@pytest.mark.parametrize("lots", [(), *((lot,) for lot in EVERY), EVERY])
def test_every_run_meets_the_schema(lots: tuple[runs.Assessment, ...]) -> None:
    log(*lots)


def test_a_failing_lot() -> None:
    run = log(runs.FAILING)

    assert run["results"][0] == {
        "ruleId": "301",
        "ruleIndex": 2,
        "level": "error",
        "message": {
            "text": "MSC-2026-0018: FAIL: Viability after thaw: 64.2 %, wanted at least 70 %; "
            "64.2 % rounds to 64 %, below the limit of 70 % (counts.csv row 14 “Viability (%)”)"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "samples/MSC-2026-0018/counts.csv",
                        "uriBaseId": "%SRCROOT%",
                    },
                    "region": {"startLine": 14},
                },
                "logicalLocations": [{"name": "MSC-2026-0018", "kind": "lot"}],
                "properties": {"region": "row 14 “Viability (%)”"},
            }
        ],
        "partialFingerprints": run["results"][0]["partialFingerprints"],
        "properties": {"outcome": "FAIL", "criterion": "viability"},
    }
    assert run["results"][1]["locations"][0]["properties"] == {
        "page": 1,
        "region": "72,90,200,102",
    }
    levels = [result["level"] for result in run["results"]]
    assert levels == ["error"] * 4 + ["warning"] + ["note"] * 2


def test_a_rule_says_what_to_do() -> None:
    rules = {rule["id"]: rule for rule in log(runs.FAILING)["tool"]["driver"]["rules"]}

    assert rules["301"]["name"] == "viability-below-limit"
    assert "What to do: Do not release." in rules["301"]["help"]["text"]
    assert "**What to do**: Do not release." in rules["301"]["help"]["markdown"]
    # A renderer of Markdown would take it for a tag.
    assert "USP <63>" in rules["534"]["help"]["text"]
    assert r"USP \<63\>" in rules["534"]["help"]["markdown"]


def test_what_was_waived_is_left_out() -> None:
    waived = replace(runs.VIABILITY, outcome=Outcome.WAIVED)
    finding = replace(runs.OTHER_LOT, severity=Severity.WAIVED)

    assert log(replace(runs.PASSING, results=(waived,), findings=(finding,)))["results"] == []


def test_the_papers_are_there_with_their_hashes() -> None:
    assert log(runs.FAILING)["artifacts"][3] == {
        "location": {
            "uri": "samples/MSC-2026-0018/flow/panel.fcs",
            "uriBaseId": "%SRCROOT%",
        },
        "hashes": {"sha-256": "d" * 64},
    }


def test_a_run_without_lots_has_an_error() -> None:
    (result,) = log()["results"]

    assert (result["level"], result["ruleId"]) == ("error", "verdict")


@pytest.mark.parametrize(
    "path", ["a b.pdf", "C:x.pdf", "//host/x.pdf", "x#y?z.pdf", "%41.pdf", "细胞.pdf", "\udcff"]
)
def test_a_path_is_a_relative_uri_and_comes_back(path: str) -> None:
    lot = replace(runs.FAILING, folder=".", findings=(replace(runs.OTHER_LOT, place=Place(path)),))

    for uri in uris(log(lot)):
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert path.lstrip("/") in {unquote(uri, errors="surrogatepass") for uri in uris(log(lot))}


def test_brackets_of_a_document_are_no_link() -> None:
    finding = replace(runs.OTHER_LOT, message="see [here](https://example.org)")

    text = log(replace(runs.PASSING, findings=(finding,)))["results"][0]["message"]["text"]

    assert r"see \[here\](https://example.org)" in text


def test_what_is_beyond_the_limit_of_services_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST", 3)

    results = log(runs.FAILING)["results"]

    assert len(results) == 3
    assert results[-1]["message"]["text"].startswith("5 more results are left out")
    assert results[-1]["level"] == "error"


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_hostile_texts_leave_the_log_valid(text: str) -> None:
    run = log(runs.hostile(text), runs.hostile(text))

    assert len(run["results"]) == 4
    assert len({str(one["partialFingerprints"]) for one in run["results"]}) == 4
