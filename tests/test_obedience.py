from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from qcvalidate.catalogue import load_yaml, open_catalogue
from qcvalidate.contract import _schema, _validator
from qcvalidate.obedience import obeys

_ROOT = Path(__file__).parent.parent
_CATALOGUE = open_catalogue()
_OBEYED = {
    "lot": [*_ROOT.glob("samples/*/lot.yaml"), *_ROOT.glob("templates/**/lot.yaml")],
    "specification": [*_ROOT.glob("schemas/specifications/*.yaml")],
    "panel": [*_ROOT.glob("schemas/panels/*.yaml")],
    "lab": [*_ROOT.glob("schemas/labs/*.yaml")],
    "export": [*_ROOT.glob("schemas/exports/*.yaml")],
    "vocabulary": [*_ROOT.glob("schemas/vocabulary/*.yaml")],
}
_FILES = [(schema, path) for schema, paths in _OBEYED.items() for path in sorted(paths)]


def _places(content: Any) -> Iterator[tuple[Any, Any]]:
    steps = content.items() if isinstance(content, dict) else enumerate(content)
    for step, inner in steps:
        yield content, step
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _broken(content: Any, chance: random.Random) -> Any:
    """Change one thing somewhere: leave it out, double it, empty it, or put another there."""
    found = copy.deepcopy(content)
    places = list(_places(found))
    group, step = chance.choice(places)
    other, its = chance.choice(places)
    match chance.randrange(7):
        case 0:
            del group[step]
        case 1:
            group[step] = copy.deepcopy(other[its])
        case 2:
            group[step] = chance.choice(["", "x", "70\n", "70", None, [], {}, "x" * 5000])
        case 3 if isinstance(group, dict):
            group[chance.choice(["unheard_of", "title", "test", ""])] = group[step]
        case 4 if isinstance(group, dict):
            group[f"{step}\n"] = group.pop(step)
        case 5 if isinstance(group[step], list):
            group[step] = group[step] * 2
        case _ if isinstance(group[step], str):
            group[step] += chance.choice([" ", "\n", "é", ".", "0"])
    return found


@pytest.mark.parametrize(("schema", "path"), _FILES, ids=lambda one: getattr(one, "name", one))
def test_what_we_ship_is_known_to_obey(schema: str, path: Path) -> None:
    content, _ = load_yaml(path)

    assert obeys(content, _schema(_CATALOGUE.json_schema(schema)))


@pytest.mark.parametrize("schema", sorted(_OBEYED))
def test_it_says_of_a_file_with_a_slip_what_jsonschema_says(schema: str) -> None:
    chance = random.Random(schema)  # noqa: S311 - the same slips every time
    validator = _validator(_CATALOGUE.json_schema(schema))
    contents = sorted(
        (load_yaml(path)[0] for path in _OBEYED[schema]), key=lambda one: len(str(one))
    )
    told = set()

    for _ in range(200 if schema != "vocabulary" else 20):
        # Long files take jsonschema long, and their beginnings are as those of short ones.
        content = _broken(contents[int(len(contents) * chance.random() ** 3)], chance)
        expected = validator.is_valid(content)

        assert obeys(content, validator.schema) is expected
        told.add(expected)

    assert told == {True, False}


@pytest.mark.parametrize(
    "unknown",
    [
        {"patternProperties": {"x": False}},
        {"oneOf": [{"not": {}}, {"type": "object"}]},
        {"$ref": "https://example.org/schema"},
        {"properties": {"key": False}},
        {"if": {"dependentRequired": {"key": ["other"]}}, "then": False},
        {"type": "something"},
        {"properties": {"key": {"$id": "other"}}},
    ],
)
def test_what_it_does_not_know_is_left_to_jsonschema(unknown: dict[str, Any]) -> None:
    assert not obeys({"key": "value"}, unknown)


@pytest.mark.parametrize(
    ("schema", "content"),
    [
        ({"type": ["string", "null"]}, None),
        ({"type": "number"}, "7"),
        ({"type": "boolean"}, "true"),
        ({"enum": ["a", None]}, None),
        ({"enum": [1]}, "1"),
        ({"const": "a"}, "a"),
        ({"const": []}, {}),
        ({"oneOf": [{"type": "string"}, {"minLength": 2}]}, "a"),
        ({"oneOf": [{"type": "string"}, {"minLength": 2}]}, "ab"),
        ({"oneOf": [{"type": "array"}, {"type": "object"}]}, "ab"),
        ({"if": {"type": "string"}, "then": {"maxLength": 1}}, "ab"),
        ({"if": {"type": "string"}, "else": {"maxItems": 1}}, ["a", "b"]),
        ({"propertyNames": {"pattern": "^[a-z]+$"}}, {"a\n": "1"}),
        ({"additionalProperties": {"type": "string"}, "properties": {"a": {}}}, {"a": [], "b": []}),
        ({"maxProperties": 1}, {"a": "1", "b": "2"}),
        ({"minLength": 3}, ["a"]),
        ({"required": ["a"]}, ["a"]),
        ({"$ref": "#/$defs/x", "maxLength": 1, "$defs": {"x": {"type": "string"}}}, "ab"),
    ],
    ids=lambda one: json.dumps(one)[:60],
)
def test_each_keyword_means_what_it_means_to_jsonschema(schema: Any, content: Any) -> None:
    strict = type(_validator(_CATALOGUE.json_schema("lot")))(schema)
    Draft202012Validator.check_schema(schema)

    assert obeys(content, schema) is strict.is_valid(content)
