"""Holds a YAML file to its JSON Schema, in words that its writer can act on."""

from __future__ import annotations

import difflib
import json
from functools import cache
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.errors import SpecificationError, UsageError


def load(
    path: Path,
    schema: str,
    catalogue: Catalogue,
    error: type[UsageError] = SpecificationError,
    name: str | None = None,
) -> tuple[dict[str, Any], str]:
    """Read a YAML file that obeys `schemas/<schema>.schema.json`; give it with its SHA-256.

    `name` is what the message calls the file. Raises `error` with every fault, each with the
    place in the file; an unknown key names the nearest known one.
    """
    name = name or str(path)
    content, digest = load_yaml(path)
    if not isinstance(content, dict):
        raise error(f"{name}: is empty or holds no keys; expected `key: value` lines")
    faults = [
        _message(fault)
        for fault in sorted(_validator(catalogue.json_schema(schema)).iter_errors(content), key=_at)
    ]
    if faults:
        raise error("\n".join(f"{name}: {fault}" for fault in faults))
    return content, digest


@cache
def _validator(path: Path) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, rarely wanted

    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _at(fault: Any) -> str:
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault.absolute_path
    ).lstrip(".")


def _message(fault: Any) -> str:
    where = f"{_at(fault)}: " if fault.absolute_path else ""
    match fault.validator:
        case "additionalProperties":
            return where + _unknown_keys(fault)
        case "required":
            missing = [key for key in fault.validator_value if key not in fault.instance]
            return f"{where}lacks {' and '.join(repr(key) for key in missing)}"
        case "enum":
            allowed = ", ".join(str(value) for value in fault.validator_value)
            return f"{where}{fault.instance!r} is not one of {allowed}{_nearest(fault)}"
        case "pattern":
            expected = fault.schema.get("description", f"text like {fault.validator_value}")
            return f"{where}{fault.instance!r} does not fit; expected {expected}"
        case "type":
            return f"{where}{fault.instance!r} should be {_kind(fault.validator_value)}"
        case _:
            return f"{where}{fault.message}"


def _unknown_keys(fault: Any) -> str:
    known = list(fault.schema.get("properties", {}))
    unknown = [str(key) for key in fault.instance if key not in known]
    words = []
    for key in unknown:
        # A word within another is nearer than any likeness: weight, recipient_weight_kg.
        within = [name for name in known if key.casefold() in name.casefold()]
        near = within or difflib.get_close_matches(key, known, n=1, cutoff=0.0)
        words.append(f"unknown key {key!r}; did you mean {near[0]!r}?")
    return ", ".join(words)


def _nearest(fault: Any) -> str:
    near = difflib.get_close_matches(str(fault.instance), fault.validator_value, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _kind(name: str) -> str:
    kinds = {"object": "a group of `key: value` lines", "array": "a list", "string": "text"}
    return kinds.get(name, name)
