"""Holds a YAML file to its JSON Schema, in words that its writer can act on."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import Catalogue, load_yaml, shortened
from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.obedience import fits, obeys


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
    refuse_faults(content, schema, catalogue, error, name)
    return content, digest


def load_list(
    path: Path, schema: str, catalogue: Catalogue, error: type[UsageError], name: str
) -> tuple[list[dict[str, Any]], str]:
    """Read a YAML file as `load` does, one that holds a list of groups."""
    content, digest = load_yaml(path)
    if not isinstance(content, list):
        raise error(f"{name}: is empty or holds no list; expected entries that begin with `- `")
    refuse_faults(content, schema, catalogue, error, name)
    return content, digest


def refuse_faults(
    content: Any, schema: str, catalogue: Catalogue, error: type[UsageError], name: str
) -> None:
    """Raise `error` with every fault of what a file called `name` would hold."""
    if obeys(content, _schema(catalogue.json_schema(schema))):
        return
    found = _validator(catalogue.json_schema(schema)).iter_errors(content)
    # A file that is no lot.yaml at all has a fault for each of its lines.
    faults = [_message(fault) for fault in sorted(islice(found, _MOST), key=_at)]
    if faults:
        raise error("\n".join(f"{name}: {fault}" for fault in faults))


# More faults than these are not told at once, nor more unknown keys.
_MOST = 20


@cache
def _schema(path: Path) -> Any:
    return _of_texts(json.loads(path.read_text(encoding="utf-8")))


@cache
def _validator(path: Path) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, rarely wanted
    from jsonschema.validators import extend  # noqa: PLC0415

    strict: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    return strict(_schema(path))


def _of_texts(schema: Any) -> Any:
    """Leave of a schema what `load_yaml` can give: every scalar is text.

    An editor reads 70 as a number and true as a truth value; the schemas allow it both.
    """
    if isinstance(schema, list):
        return [_of_texts(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _of_texts(value) for key, value in schema.items()}
    if isinstance(kept.get("type"), list) and "string" in kept["type"]:
        kept["type"] = "string"
    if isinstance(kept.get("enum"), list):
        kept["enum"] = [one for one in kept["enum"] if isinstance(one, str)] or kept["enum"]
    return kept


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError  # noqa: PLC0415

    if isinstance(instance, str) and not fits(pattern, instance):
        yield ValidationError("does not fit")


def _at(fault: Any) -> str:
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault.absolute_path
    ).lstrip(".")


def _message(fault: Any) -> str:
    where = f"{_at(fault)}: " if fault.absolute_path else ""
    if _at(fault).endswith(".patient") and isinstance(fault.instance, str):
        # No report prints the identifier of a patient.
        return f"{where}the identifier of the patient does not fit ({fault.validator})"
    match fault.validator:
        case "additionalProperties":
            return where + _unknown_keys(fault)
        case "required":
            missing = [key for key in fault.validator_value if key not in fault.instance]
            return f"{where}lacks {' and '.join(repr(key) for key in missing)}"
        case "enum":
            allowed = ", ".join(str(value) for value in fault.validator_value)
            return f"{where}{_shown(fault.instance)} is not one of {allowed}{_nearest(fault)}"
        case "pattern":
            expected = fault.schema.get("description", f"text like {fault.validator_value}")
            return f"{where}{_shown(fault.instance)} does not fit; expected {expected}"
        case "type":
            return f"{where}{_shown(fault.instance)} should be {_kind(fault.validator_value)}"
        case "minLength" | "minItems" | "minProperties":
            return f"{where}{_shown(fault.instance)} is too short; at least {fault.validator_value}"
        case "maxLength" | "maxItems" | "maxProperties":
            return f"{where}{_shown(fault.instance)} is too long; at most {fault.validator_value}"
        case _:
            # The library quotes the whole of what it found.
            cut = fault.message[:_LONGEST]
            return f"{where}{cut}{'...' if len(fault.message) > _LONGEST else ''}"


# Characters of a message of the library's.
_LONGEST = 200


def _shown(found: Any) -> str:
    """Quote what was found: a text's beginning, and of a group or a list no more than its size."""
    if isinstance(found, str):
        return shortened(found)
    if isinstance(found, dict | list):
        kind = "keys" if isinstance(found, dict) else "entries"
        return f"{_kind('object' if isinstance(found, dict) else 'array')} ({len(found)} {kind})"
    return "nothing" if found is None else repr(found)


def _unknown_keys(fault: Any) -> str:
    known = list(fault.schema.get("properties", {}))
    unknown = [str(key) for key in fault.instance if key not in known]
    words = []
    for key in unknown[:_MOST]:
        # A word within another is nearer than any likeness: weight, recipient_weight_kg.
        within = [name for name in known if key.casefold() in name.casefold()]
        near = within or difflib.get_close_matches(key[:80], known, n=1, cutoff=0.0)
        words.append(f"unknown key {shortened(key)}; did you mean {near[0]!r}?")
    more = f", and {len(unknown) - _MOST} more" if len(unknown) > _MOST else ""
    return ", ".join(words) + more


def _nearest(fault: Any) -> str:
    near = difflib.get_close_matches(str(fault.instance)[:80], fault.validator_value, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _kind(name: str) -> str:
    kinds = {"object": "a group of `key: value` lines", "array": "a list", "string": "text"}
    return kinds.get(name, name)
