from __future__ import annotations

import json
from pathlib import Path

import pytest

from qcvalidate.documents import Document, open_document
from qcvalidate.documents.structured import DEEPEST, Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity


def _open(tmp_path: Path, content: str) -> Document:
    path = tmp_path / "results.json"
    path.write_text(content, "utf-8")
    return open_document(path)


@pytest.mark.parametrize("form", ["[%s]", '{"observations": [%s]}'])
def test_objects_become_rows(tmp_path: Path, form: str) -> None:
    document = _open(tmp_path, form % '{"lot": "007", "result": 82.50}, {"lot": "8", "unit": "%"}')

    header, first, second = document.tables[0].rows
    assert [cell.text for cell in header] == ["lot", "result", "unit"]
    assert [cell.text for cell in first] == ["007", "82.50", ""]
    assert [cell.text for cell in second] == ["8", "", "%"]
    assert first[1].region == "item 1 “result”"


def test_a_number_keeps_its_digits_and_says_so(tmp_path: Path) -> None:
    document = _open(
        tmp_path, '[{"a": 1.2340, "b": "1.2340", "c": 5e8, "d": 12345678901234567890}]'
    )

    cells = document.tables[0].rows[1]
    assert [cell.text for cell in cells] == ["1.2340", "1.2340", "5e8", "12345678901234567890"]
    assert [cell.number for cell in cells] == [True, False, True, True]


def test_nan_and_infinity_stay_texts(tmp_path: Path) -> None:
    document = _open(tmp_path, '[{"a": NaN, "b": Infinity, "c": null, "d": true}]')

    cells = document.tables[0].rows[1]
    assert [cell.text for cell in cells] == ["NaN", "Infinity", "", "true"]
    assert not any(cell.number for cell in cells)


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        ("{", "document-unreadable"),
        ("5", "document-unclaimed"),
        ('{"lot": "A"}', "document-unclaimed"),
        ('["A"]', "document-unclaimed"),
        ('[{"lot": "A", "lot": "B"}]', "field-conflict"),
        ('[{"lot": ["A", "B"]}]', "document-unreadable"),
        ("[" * 200_000, "document-unreadable"),
    ],
    ids=["truncated", "number", "object", "texts", "twice", "nested", "deep"],
)
def test_other_json_is_refused(tmp_path: Path, content: str, slug: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, content)

    assert caught.value.slug == slug


def test_an_empty_array_has_no_rows(tmp_path: Path) -> None:
    assert len(_open(tmp_path, json.dumps([])).tables[0].rows) == 1


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ('"run_status": "FAILED"', "run_status = "),
        ('"valid": false', "valid = false"),
        ('"deviations": [{"result": "growth"}]', "growth"),
    ],
)
def test_what_stands_beside_the_results_holds(tmp_path: Path, beside: str, said: str) -> None:
    document = _open(tmp_path, '{"observations": [{"lot": "A"}], ' + beside + "}")

    (finding,) = document.findings
    assert (finding.slug, finding.severity) == ("cells-hidden", Severity.HOLD)
    assert said in finding.message


def test_a_schema_and_an_empty_list_beside_the_results_say_nothing(tmp_path: Path) -> None:
    content = '{"$schema": "x", "version": 2, "errors": [], "observations": [{"lot": "A"}]}'

    assert _open(tmp_path, content).findings == ()


def _tree(tmp_path: Path, content: str) -> Node:
    document = _open(tmp_path, content)
    assert document.kind == "structured"
    assert isinstance(document.content, Structured)
    return document.content.root


def test_a_resource_is_known_by_its_type(tmp_path: Path) -> None:
    root = _tree(tmp_path, '{"resourceType": "Observation", "valueInteger": 7}')

    assert (root.type, root.place) == ("Observation", "Observation")
    assert [(node.name, node.text, node.number) for node in root.children] == [
        ("valueInteger", "7", True)
    ]


def test_what_belongs_to_a_primitive_stands_beside_it(tmp_path: Path) -> None:
    resource = {
        "resourceType": "Observation",
        "status": "final",
        "_status": {"extension": [{"url": "u"}]},
        "_issued": {"extension": [{"url": "v"}]},
        "given": ["a", None],
        "_given": [None, {"id": "i"}],
    }

    root = _tree(tmp_path, json.dumps(resource))

    told = {node.place: node.text for node in root.walk()}
    assert told["Observation.status"] == "final"
    assert told["Observation.status.extension.url"] == "u"
    assert told["Observation.issued"] is None
    assert told["Observation.issued.extension.url"] == "v"
    assert told["Observation.given[0]"] == "a"
    assert told["Observation.given[1].id"] == "i"


def test_an_empty_list_is_nothing(tmp_path: Path) -> None:
    assert _tree(tmp_path, '{"resourceType": "Observation", "note": []}').children == ()


def test_a_simple_model_is_known_by_its_manifest(tmp_path: Path) -> None:
    root = _tree(tmp_path, '{"$asm.manifest": "http://x", "a": [{"value": 1.50}, {"value": 2}]}')

    assert [node.place for node in root.all("a")] == ["document.a[0]", "document.a[1]"]
    assert root.said("a", "value") == "1.50"


@pytest.mark.parametrize("depth", [DEEPEST + 5, 100_000])
def test_a_resource_of_a_thousand_levels_is_refused(tmp_path: Path, depth: int) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth

    with pytest.raises(DocumentError, match="nested"):
        _open(tmp_path, '{"resourceType": "Observation", "a": ' + deep + "}")


def test_json_of_sixteen_bits_is_known_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('[{"lot": "Ä"}]'.encode("utf-16"))

    assert open_document(path).tables[0].rows[1][0].text == "Ä"
