"""Writes a table of results as an HL7 v2 message: one order for each specimen and its days.

What a row says under a name that begins with "_" stands in fields that no table has:
`_type` OBX-2, `_code` OBX-3, `_value` OBX-5, `_unit` OBX-6, `_flag` OBX-8, `_status` OBX-11,
`_notes` NTE.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Row = Mapping[str, str]
Options = Mapping[str, Any]
_UNITS = {"EU/mL": "{EU}/mL^EU/mL^UCUM", "%": "%^percent^UCUM", "cells/mL": "{cells}/mL",
          "cells/uL": "{cells}/uL", "cells": "{cells}", "cells/kg": "{cells}/kg"}  # fmt: skip
_STATUSES = {"final": "F", "": "F", "preliminary": "P", "partial": "P", "registered": "I",
             "cancelled": "X"}  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"})
# Fields of the header, the order and the specimen that `options` may set, by their number.
_HEADER = {3: "LIS", 4: "Acme Laboratories", 5: "CLINIC", 6: "QA", 9: "ORU^R01^ORU_R01", 10: "M1",
           11: "P", 12: "2.5.1"}  # fmt: skip


def as_hl7(rows: Sequence[Row], options: Options) -> bytes:
    """Write the message; `header`, `order` and `specimen` set fields by number, `more` lines."""
    issued = f"{options['issued'].replace('-', '')}120000"
    header = {7: issued, **_HEADER, **options.get("header", {})}
    lines = ["MSH|^~\\&" + _fields(header, 3)]
    lines.append("PID" + _fields({1: "1", 3: options.get("patient", "P1"), 5: "Doe^Jane"}, 1))
    for number, group in enumerate(_orders(rows), start=1):
        lines += _order(number, group, issued, options)
    lines += options.get("more", ())
    newline: str = options.get("newline", "\r")
    text = newline.join([*lines, ""])
    if "marks" in options:
        text = text.translate(str.maketrans(options["marks"]))
    return text.encode(options.get("encoding", "utf-8"))


def _fields(values: Mapping[int, str], first: int) -> str:
    last = max(values, default=first)
    return "".join(f"|{values.get(number, '')}" for number in range(first, last + 1))


def _orders(rows: Sequence[Row]) -> list[list[Row]]:
    """Put those together that are of one specimen and ran on the same days."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        place = tuple(row.get(name, "") for name in ("lot", "sample_id", "started", "ended"))
        groups.setdefault(place, []).append(row)
    return list(groups.values())


def _order(number: int, rows: Sequence[Row], issued: str, options: Options) -> Iterator[str]:
    first = rows[0]
    order = {1: str(number), 2: f"PL{number}", 3: "R-101^LIS", 4: "COA^Certificate of analysis^L",
             22: issued, 25: "F", 32: "7&Specimen&Bea"}  # fmt: skip
    yield "OBR" + _fields(order | options.get("order", {}), 1)
    said = [("LOT^Lot number^L", "ST", first.get("lot", "").strip()),
            ("START^Incubation start^L", "DT", first.get("started", "")),
            ("END^Incubation end^L", "DT", first.get("ended", ""))]  # fmt: skip
    place = 0
    for code, kind, text in said:
        if text:
            place += 1
            # What is no date of the calendar goes as it is.
            value = text[:10].replace("-", "") if kind == "DT" and _is_date(text) else text
            yield "OBX" + _fields({1: str(place), 2: kind, 3: code, 5: value, 11: "F"}, 1)
    for row in rows:
        place += 1
        yield "OBX" + _fields(_result(place, row), 1)
        if row.get("_notes"):
            yield f"NTE|1|L|{row['_notes']}"
    specimen = {1: str(number), 2: first.get("sample_id", ""), 4: "CELLS^Cell suspension^L"}
    yield "SPM" + _fields(specimen | options.get("specimen", {}), 1)


def _result(place: int, row: Row) -> dict[int, str]:
    kind, value = _value(row.get("result", ""))
    part = f", {row['part']} bottle" if row.get("part") else ""
    unit = row.get("unit", "")
    made = {
        1: str(place),
        2: row.get("_type", kind),
        3: row.get("_code", f"T{place}^{row['test'].translate(_ESCAPES)}{part}^L"),
        5: row.get("_value", value),
        6: row.get("_unit", _UNITS.get(unit, unit.translate(_ESCAPES))),
        8: row.get("_flag", ""),
        11: row.get("_status", _STATUSES.get(row.get("status", ""), "R")),
    }
    if row.get("measured_at"):
        made[14] = row["measured_at"].translate(str.maketrans("", "", "-T: "))
    if row.get("method"):
        made[17] = f"M^{row['method'].translate(_ESCAPES)}^L"
    return made


def _value(text: str) -> tuple[str, str]:
    """Give the type and the value: a number, a bound of a number, or words."""
    sign = text[:1] if text[:1] in ("<", ">") else ""
    try:
        float(text.removeprefix(sign))
    except ValueError:
        return "ST", text.translate(_ESCAPES)
    # HL7 knows no powers of ten in a number.
    if re.fullmatch(r"[0-9.]+e[0-9]+", text):
        text = f"{Decimal(text):f}"
    return ("SN", f"{sign}^{text[1:]}") if sign else ("NM", text)


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
