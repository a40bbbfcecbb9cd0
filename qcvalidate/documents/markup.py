"""Opens JSON: a FHIR resource, an Allotrope Simple Model, or an array of objects with results.

The last may also be the "observations" of an object.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qcvalidate.documents import Opener
from qcvalidate.documents.document import Cell, Document, Table
from qcvalidate.documents.structured import (
    Number,
    Structured,
    fhir_from_json,
    refuse_size,
    tree_from_json,
)
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

ALLOTROPE = "$asm.manifest"

# What says nothing about a result.
_KNOWN = ("observations", "$schema", "version")


def _open(path: Path, name: str, sha256: str) -> Document:
    """Look at the content: JSON is what information systems and instruments write alike."""
    refuse_size(path.stat().st_size, name)
    content = _load(path.read_bytes(), name)
    if isinstance(content, dict) and "resourceType" in content:
        tree = fhir_from_json(content, name)
        return _structured(path, name, sha256, Structured("fhir", tree))
    if isinstance(content, dict) and ALLOTROPE in content:
        tree = tree_from_json(content, "document", name)
        return _structured(path, name, sha256, Structured("allotrope", tree))
    return _table(path, name, sha256, content)


OPENER = Opener(suffixes=(".json",), open=_open)


def _structured(path: Path, name: str, sha256: str, content: Structured) -> Document:
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="application/fhir+json" if content.form == "fhir" else "application/json",
        kind="structured",
        content=content,
    )


def _table(path: Path, name: str, sha256: str, content: Any) -> Document:
    """Read the objects as the rows of one table, their keys as its headings."""
    objects = content.get("observations") if isinstance(content, dict) else content
    beside = _beside(content, name) if isinstance(content, dict) else ()
    if not isinstance(objects, list) or not all(isinstance(entry, dict) for entry in objects):
        raise DocumentError(
            f"{name}: is JSON, but neither an array of objects nor an object whose "
            "“observations” is one",
            slug="document-unclaimed",
        )
    headings = list(dict.fromkeys(key for entry in objects for key in entry))
    header = tuple(Cell(heading, f"heading “{heading}”") for heading in headings)
    rows = tuple(
        tuple(_cell(entry.get(heading), f"item {number} “{heading}”", name) for heading in headings)
        for number, entry in enumerate(objects, start=1)
    )
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="application/json",
        kind="table",
        tables=(Table(Path(name).name, (header, *rows)),),
        findings=tuple(beside),
    )


def _beside(content: dict[str, Any], name: str) -> Iterator[Finding]:
    """Report what stands beside the results: a run that failed, a second array, a remark."""
    unread = [
        key for key in content if key not in _KNOWN and content[key] not in (None, "", [], {})
    ]
    if unread:
        said = ", ".join(f"{key} = {_excerpt(content[key])}" for key in unread[:5])
        more = f" and {len(unread) - 5} more" if len(unread) > 5 else ""
        yield Finding(
            "cells-hidden",
            Severity.HOLD,
            f"{name}: holds beside “observations” what was not read: {said}{more}; put it into "
            "the rows, or take it out",
            Place(name, region=f"“{unread[0]}”"),
        )


def _decoded(content: bytes) -> str:
    """Decode JSON, which is UTF-8 (RFC 8259); a byte-order mark names the other Unicode forms."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _excerpt(value: Any, longest: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else text[:longest] + "…"


def _load(content: bytes, name: str) -> Any:
    try:
        return json.loads(
            _decoded(content),
            parse_float=Number,
            parse_int=Number,
            # NaN and Infinity are no JSON; as texts they are no numbers either.
            parse_constant=str,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name}: is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{name} line {error.lineno}: is not JSON ({error.msg})", slug="document-unreadable"
        ) from error
    except _RepeatedKeyError as error:
        raise DocumentError(
            f"{name}: an object has the key “{error}” twice", slug="field-conflict"
        ) from error
    except RecursionError as error:
        raise DocumentError(f"{name}: is nested too deeply to be a table of results") from error


class _RepeatedKeyError(Exception):
    """An object has a key twice, and parsers differ in which of the two they keep."""


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found


def _cell(value: object, region: str, name: str) -> Cell:
    if isinstance(value, (dict, list)):
        raise DocumentError(f"{name}: {region} holds more than one value")
    if value is None:
        return Cell("", region)
    if isinstance(value, bool):
        return Cell(str(value).lower(), region)
    return Cell(str(value), region, number=isinstance(value, Number))
