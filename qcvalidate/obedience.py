"""Says at once whether what a YAML file holds obeys its JSON Schema.

jsonschema finds and tells every fault, and takes a tenth of a second to import and to begin: too
much for the files that have none, which are most. Here is only as much of JSON Schema (2020-12) as
the schemas of `schemas/` use; what is not known here is for jsonschema to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

# A dictionary, a list, a text or None: all that `load_yaml` gives.
Content = Any
Schema = Mapping[str, Any]


def obeys(content: Content, schema: Schema) -> bool:
    """Say whether a content surely obeys a schema; False where it does not, or may not."""
    # At the root a name alone; below, it would say where `$ref` leads.
    root = {keyword: value for keyword, value in schema.items() if keyword != "$id"}
    try:
        return _obeys(content, root, root)
    except _UnknownError:
        return False


def fits(pattern: str, text: str) -> bool:
    r"""Match as ECMA 262 does, which JSON Schema means: its `$` is the end of the text.

    Python's also matches before a last newline, so that "70\n" would be a number.
    """
    return re.search(pattern.replace("$", r"\Z"), text) is not None


class _UnknownError(Exception):
    """What this module cannot tell, be it within a choice of which another may hold."""


def _obeys(content: Content, schema: Schema, root: Schema) -> bool:
    if not isinstance(schema, dict) or not isinstance(content, dict | list | str | None):
        raise _UnknownError
    unknown = schema.keys() - _TOLD_ELSEWHERE - _RULES.keys()
    if unknown:
        raise _UnknownError
    return all(_RULES[keyword](content, schema, root) for keyword in schema if keyword in _RULES)


# They ask nothing by themselves: `properties` and `if` read what stands beside them.
_TOLD_ELSEWHERE = {"$schema", "$defs", "title", "description", "then", "else"}

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "null": type(None),
    # Of these `load_yaml` gives none.
    "number": (),
    "integer": (),
    "boolean": (),
}


def _type(content: Content, schema: Schema, _root: Schema) -> bool:
    named = schema["type"]
    names = named if isinstance(named, list) else [named]
    if not _TYPES.keys() >= set(names):
        raise _UnknownError
    return any(isinstance(content, _TYPES[name]) for name in names)


def _reference(content: Content, schema: Schema, root: Schema) -> bool:
    place, _, name = schema["$ref"].rpartition("/")
    if place != "#/$defs" or name not in root["$defs"]:
        raise _UnknownError
    return _obeys(content, root["$defs"][name], root)


def _properties(content: Content, schema: Schema, root: Schema) -> bool:
    return not isinstance(content, dict) or all(
        _obeys(content[key], inner, root)
        for key, inner in schema["properties"].items()
        if key in content
    )


def _additional(content: Content, schema: Schema, root: Schema) -> bool:
    if not isinstance(content, dict):
        return True
    inner = schema["additionalProperties"]
    others = [value for key, value in content.items() if key not in schema.get("properties", {})]
    if isinstance(inner, bool):
        return inner or not others
    return all(_obeys(value, inner, root) for value in others)


def _property_names(content: Content, schema: Schema, root: Schema) -> bool:
    return not isinstance(content, dict) or all(
        _obeys(key, schema["propertyNames"], root) for key in content
    )


def _items(content: Content, schema: Schema, root: Schema) -> bool:
    return not isinstance(content, list) or all(
        _obeys(one, schema["items"], root) for one in content
    )


def _one_of(content: Content, schema: Schema, root: Schema) -> bool:
    return [_obeys(content, one, root) for one in schema["oneOf"]].count(True) == 1


def _if(content: Content, schema: Schema, root: Schema) -> bool:
    branch = "then" if _obeys(content, schema["if"], root) else "else"
    return _obeys(content, schema.get(branch, {}), root)


def _size(
    keyword: str, kind: type[str] | type[list[Any]] | type[dict[str, Any]], *, least: bool
) -> Callable[[Content, Schema, Schema], bool]:
    def rule(content: Content, schema: Schema, _root: Schema) -> bool:
        if not isinstance(content, kind):
            return True
        length = len(content)
        return bool(length >= schema[keyword] if least else length <= schema[keyword])

    return rule


_RULES: dict[str, Callable[[Content, Schema, Schema], bool]] = {
    "type": _type,
    "$ref": _reference,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _property_names,
    "required": lambda content, schema, _: (
        not isinstance(content, dict) or content.keys() >= set(schema["required"])
    ),
    "items": _items,
    "enum": lambda content, schema, _: content in schema["enum"],
    "const": lambda content, schema, _: bool(content == schema["const"]),
    "pattern": lambda content, schema, _: (
        not isinstance(content, str) or fits(schema["pattern"], content)
    ),
    "oneOf": _one_of,
    "if": _if,
    "minLength": _size("minLength", str, least=True),
    "maxLength": _size("maxLength", str, least=False),
    "minItems": _size("minItems", list, least=True),
    "maxItems": _size("maxItems", list, least=False),
    "minProperties": _size("minProperties", dict, least=True),
    "maxProperties": _size("maxProperties", dict, least=False),
}
