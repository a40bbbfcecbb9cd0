"""Opens JSON: an array of objects, or an object whose "observations" is one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qcvalidate.documents import Opener
from qcvalidate.documents.document import Cell, Document, Table
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

LARGEST_BYTES = 64 * 2**20


# What says nothing about a result.
_KNOWN = ("observations", "$schema", "version")


class _Number(str):
    """A number's own digits; a float would lose the last of them."""

    __slots__ = ()


def _open(path: Path, name: str, sha256: str) -> Document:
    """Read the objects as the rows of one table, their keys as its headings."""
    if path.stat().st_size > LARGEST_BYTES:
        raise DocumentError(
            f"{name}: is larger than the {LARGEST_BYTES:,} bytes that a JSON table may have",
            slug="document-too-large",
        )
    content = _load(path.read_bytes(), name)
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


OPENER = Opener(suffixes=(".json",), open=_open)


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


def _excerpt(value: Any, longest: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else text[:longest] + "…"


def _load(content: bytes, name: str) -> Any:
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_float=_Number,
            parse_int=_Number,
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
    return Cell(str(value), region, number=isinstance(value, _Number))
