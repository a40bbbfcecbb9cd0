from __future__ import annotations

import json
from pathlib import Path

import pytest
from fhir_files import as_xml, whole

from qcvalidate.documents import Document, open_document
from qcvalidate.documents.structured import DEEPEST, Node, Structured
from qcvalidate.errors import DocumentError


def _open(tmp_path: Path, content: str | bytes, name: str = "a.xml") -> Document:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_document(path)


def _root(document: Document) -> Node:
    assert isinstance(document.content, Structured)
    return document.content.root


def _leaves(root: Node) -> dict[str, tuple[str | None, str]]:
    return {node.place: (node.text, node.type) for node in root.walk()}


def test_fhir_is_one_tree_as_xml_and_as_json(tmp_path: Path) -> None:
    as_json = _root(_open(tmp_path, json.dumps(whole()), "a.json"))
    from_xml = _root(_open(tmp_path, as_xml(whole())))

    assert _leaves(as_json) == _leaves(from_xml)
    assert _leaves(as_json)["Bundle.entry[3].resource.valueQuantity.value"] == ("93.4", "")
    assert _leaves(as_json)["Bundle.entry[0].resource"] == (None, "DiagnosticReport")


def test_comments_and_schema_locations_say_nothing(tmp_path: Path) -> None:
    content = (
        '<Observation xmlns="http://hl7.org/fhir" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"'
        ' x:schemaLocation="a b"><!-- Growth --><status value="final"/></Observation>'
    )

    root = _root(_open(tmp_path, content))

    assert [(node.name, node.text) for node in root.children] == [("status", "final")]


@pytest.mark.parametrize(
    ("root", "said"),
    [
        ("<AnIML/>", "AnIML"),
        ('<ASTMeDataXchange xmlns="http://astm.org/edata"/>', "E3077"),
        ('<ORU_R01 xmlns="urn:hl7-org:v2xml"/>', "HL7 v2 in XML"),
        ('<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "CDA"),
        ("<report/>", "root is 'report'"),
    ],
)
def test_other_xml_is_refused_by_its_name(tmp_path: Path, root: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        _open(tmp_path, root)

    assert caught.value.slug == "document-unclaimed"


def _observation(inner: str, attributes: str = "") -> str:
    return f'<Observation xmlns="http://hl7.org/fhir" {attributes}>{inner}</Observation>'


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>' + _observation('<status value="&a;"/>'),
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">' + _observation(""),
        _observation("<status>final</status>"),
        _observation('<status value="final"/>Growth'),
        _observation('<status value="final" result="Growth"/>'),
        _observation('<x:note xmlns:x="http://example.org" value="Growth"/>'),
        _observation("<a>" * DEEPEST + "</a>" * DEEPEST),
        _observation('<status value="final"/>')[:-5],
    ],
    ids=["entity", "outside", "text", "tail", "attribute", "namespace", "deep", "cut"],
)
def test_xml_that_says_more_than_fhir_can_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DocumentError):
        _open(tmp_path, content)


def test_an_unknown_attribute_without_a_result_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="attribute"):
        _open(tmp_path, _observation("", 'growth="yes"'))
