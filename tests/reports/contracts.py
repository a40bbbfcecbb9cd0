"""Holds a JSON text to the schema that describes it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from qcvalidate.catalogue import open_catalogue


def held_to(name: str, text: str) -> Any:
    """Read the text and hold it to the schema; give its value."""
    schema = json.loads(open_catalogue().json_schema(name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    value = json.loads(text)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(value)]
    assert not faults
    return value


def every_object(schema: object) -> list[dict[str, Any]]:
    """List every schema of an object inside a schema."""
    if isinstance(schema, list):
        return [found for item in schema for found in every_object(item)]
    if not isinstance(schema, dict):
        return []
    inner = [found for item in schema.values() for found in every_object(item)]
    return [schema, *inner] if schema.get("type") == "object" else inner
