"""The values of the JSON contracts, and the text of `read` and `gate` in JSON.

`schemas/assessment.schema.json`, `record.schema.json` and `gating.schema.json` describe them.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from qcvalidate.record import HEADER_FIELDS, Field, Finding, Record, Reported, Source, Waiver
from qcvalidate.rules import rule

if TYPE_CHECKING:
    import pandas as pd


def render_record(record: Record) -> str:
    """Render what was read from one document in JSON (`record.schema.json`)."""
    header = {name: record.header[name] for name in HEADER_FIELDS if name in record.header}
    return document(
        {
            "document": source(record.source),
            "header": {name: _field(field) for name, field in header.items()},
            "observations": rows(record.observations),
            # Of analysed exports alone.
            **(
                {"reported": [_reported(one) for one in record.reported]} if record.reported else {}
            ),
            "findings": [finding(found, found.place.path) for found in record.findings],
        }
    )


def render_gating(
    file: Source,
    strategy_id: str,
    strategy_sha256: str,
    populations: pd.DataFrame,
    findings: Sequence[Finding] = (),
) -> str:
    """Render the populations of one gated list-mode file in JSON (`gating.schema.json`)."""
    return document(
        {
            "file": source(file),
            "strategy": {"id": strategy_id, "sha256": strategy_sha256},
            "populations": [_population(row) for row in rows(populations)],
            "findings": [finding(found, found.place.path) for found in findings],
        }
    )


def source(read: Source, path: str | None = None) -> dict[str, object]:
    """Give the contract's value of an input, under another path when one is given."""
    return {
        "path": read.path if path is None else path,
        # The bytes of a file that cannot be opened are unknown.
        "sha256": read.sha256 or None,
        "kind": read.kind,
        "reader": read.reader,
    }


def finding(found: Finding, path: str) -> dict[str, object]:
    """Give the contract's value of a finding, under this path."""
    return {
        "code": rule(found.slug).code,
        "slug": found.slug,
        "severity": found.severity.value,
        **waived_from(found.original, found.waiver),
        "message": found.message,
        "path": path,
        "page": found.place.page,
    }


def waived_from(original: StrEnum | None, waiver: Waiver | None) -> dict[str, object]:
    """Give what a waived outcome or finding was, and by which deviation; nothing for another."""
    if original is None or waiver is None:
        return {}
    return {"waived": {"original": original.value, "deviation": waiver.deviation}}


def waiver_of(waiver: Waiver) -> dict[str, object]:
    """Give the contract's value of a waiver that was used."""
    return {
        "rule": rule(waiver.rule).code,
        "criterion": waiver.criterion,
        "document": waiver.document,
        "observed": list(waiver.observed),
        "reason": waiver.reason,
        "approver": waiver.approver,
        "deviation": waiver.deviation,
        "approved": waiver.approved,
        "expires": waiver.expires,
    }


def document(value: object) -> str:
    """Write a value as JSON text in ASCII, with its keys in the order given.

    Decimals keep their digits. What JSON has no number for (an infinite bound, NaN) is null.
    ASCII keeps control and bidirectional characters from a terminal that shows the text, and
    lets a file name that is not Unicode through.
    """
    return "".join(_pieces(value, "\n")) + "\n"


def one_line(value: object) -> str:
    """Write a value as `document` does, on one line."""
    # No text of JSON goes over a line's end, so what stands at its beginning is indentation.
    return "".join(line.lstrip(" ") for line in document(value).splitlines()) + "\n"


def rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Give a frame's rows with None for every missing value."""
    return [
        {str(name): _known(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _field(field: Field) -> dict[str, object]:
    return {
        "text": field.text,
        "value": field.value,
        "page": field.place.page,
        "region": field.place.region,
        "state": field.state.value,
    }


def _reported(one: Reported) -> dict[str, object]:
    return {
        "sample": one.sample,
        "path": list(one.path),
        "count": one.count,
        "shares": [{"of": list(share.of), "percent": share.percent} for share in one.shares],
        "measured_at": one.measured_at,
        "doubt": one.doubt,
        "region": one.place.region,
    }


def _population(row: Mapping[str, object]) -> dict[str, object]:
    columns = ("id", "path", "parent", "count", "parent_count", "total", "percent_of_parent")
    low, high = _known(row["ci_low"]), _known(row["ci_high"])
    interval = None if low is None or high is None else [low, high]
    return {**{name: row[name] for name in columns}, "ci": interval}


def _known(value: object) -> object:
    """Give None for what pandas may put in its place: NaN or NaT."""
    return None if isinstance(value, float | dt.date) and value != value else value  # noqa: PLR0124


def _pieces(value: object, newline: str) -> list[str]:
    if isinstance(value, Mapping):
        items = [
            [_text(str(key)), ": ", *_pieces(item, newline + "  ")] for key, item in value.items()
        ]
        return _enclosed("{", items, "}", newline)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _enclosed("[", [_pieces(item, newline + "  ") for item in value], "]", newline)
    return [_scalar(value)]


def _enclosed(opening: str, items: list[list[str]], closing: str, newline: str) -> list[str]:
    if not items:
        return [opening + closing]
    inner = newline + "  "
    pieces = [opening]
    for number, item in enumerate(items):
        pieces += [inner if number == 0 else "," + inner, *item]
    return [*pieces, newline, closing]


def _scalar(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else "null"
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else "null"
    if isinstance(value, dt.date):
        return json.dumps(value.isoformat())
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    """Write a string that says the same, and is no command where a program reads a job's log."""
    written = json.dumps(text)
    return written.replace("[", "\\u005b") if "##" in written else written
