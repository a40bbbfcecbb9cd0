"""Writes an assessment as plain JSON, and makes the same assessment of it again.

Every value comes back as exactly what it was: 1 does not become 1.0 nor `30` `30.00`, for a report
prints them otherwise. pydantic would not do: it takes a value for what its field declares. And
unlike pickle, what is read can make no more than the kinds of values that stand here.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import zlib
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

import numpy as np

from qcvalidate.assessment import (
    Agreement,
    Assessment,
    CriterionResult,
    Crop,
    Evidence,
    ExitStatus,
    Importance,
    Outcome,
    Particulars,
    Scope,
    SpecificationIdentity,
    Stated,
    Verdict,
)
from qcvalidate.facts import Answer, Asked, Facts, Paper
from qcvalidate.frames import Observation
from qcvalidate.record import (
    AcquisitionQuality,
    CellCount,
    DetectorQuality,
    Finding,
    GatePlot,
    GateShare,
    Place,
    Role,
    Severity,
    Source,
    State,
    Status,
    Waiver,
)

_RECORDS: tuple[type, ...] = (
    *(Assessment, CriterionResult, Crop, Evidence, Particulars, SpecificationIdentity, Stated),
    *(Answer, Asked, Facts, Paper, Observation),
    *(AcquisitionQuality, CellCount, DetectorQuality, Finding, GatePlot, GateShare, Place),
    *(Source, Waiver),
)
_ENUMS: tuple[type[Enum], ...] = (
    *(Agreement, ExitStatus, Importance, Outcome, Role, Scope, Severity, State, Status, Verdict),
)
_BY_NAME = {kind.__name__: kind for kind in (*_RECORDS, *_ENUMS)}
_FIELDS = {kind: tuple(one.name for one in fields(kind)) for kind in _RECORDS}
# What text that nobody here wrote ends in, and no other fault.
_NONSENSE = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError),
    *(InvalidOperation, zlib.error),
)
# What an array may hold: numbers, and never objects, which numpy would unpickle.
_NUMBERS = "biuf"


def preserved(assessment: Assessment) -> str | None:
    """Write an assessment; None where a value in it would not come back as it was."""
    try:
        text = json.dumps(_plain(assessment), separators=(",", ":"))
        again = json.dumps(_plain(restored(text)), separators=(",", ":"))
    except (TypeError, ValueError):
        return None
    return text if text == again else None


def restored(text: str) -> Assessment:
    """Make the assessment again that a text was written of; `ValueError` for any other text."""
    try:
        found = _value(json.loads(text))
    except _NONSENSE as error:
        raise ValueError(f"is no assessment: {error}") from error
    if not isinstance(found, Assessment):
        raise ValueError("is no assessment")  # noqa: TRY004 - of the text, not of our argument
    return found


def _plain(value: Any) -> Any:
    """Turn a value into what JSON knows: a scalar, or a list that begins with its kind."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is tuple:
        return ["tuple", *map(_plain, value)]
    if kind in _FIELDS:
        return [kind.__name__, *(_plain(getattr(value, name)) for name in _FIELDS[kind])]
    if kind in _ENUMS:
        return [kind.__name__, value.name]
    if kind is dict:
        return ["dict", *([_plain(key), _plain(held)] for key, held in value.items())]
    if kind is np.ndarray and value.dtype.kind in _NUMBERS:
        # Counts of events are mostly zeros: a hundredth is left, and quicker to read.
        packed = zlib.compress(value.tobytes(), 1)
        return ["array", value.dtype.str, list(value.shape), _letters(packed)]
    if isinstance(value, np.generic) and value.dtype.kind in _NUMBERS:
        return ["number", value.dtype.str, _letters(value.tobytes())]
    if kind is bytes:
        return ["bytes", _letters(value)]
    if kind is Decimal:
        return ["Decimal", str(value)]
    if kind is dt.date:
        return ["date", value.isoformat()]
    if kind is dt.datetime and (value.tzinfo is None or type(value.tzinfo) is dt.timezone):
        return ["datetime", value.isoformat(), value.fold]
    raise TypeError(f"{kind.__name__}: such a value is not preserved")


def _letters(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _value(plain: Any) -> Any:
    if not isinstance(plain, list):
        if isinstance(plain, dict):
            raise TypeError("an object of JSON")
        return plain
    name, *parts = plain
    made = _MAKERS.get(name)
    if made is not None:
        return made(*parts)
    kind = _BY_NAME[name]
    if issubclass(kind, Enum):
        (member,) = parts
        return kind[member]
    return kind(**dict(zip(_FIELDS[kind], map(_value, parts), strict=True)))


def _array(kind: str, shape: list[int], letters: str) -> Any:
    # A copy, since what lies in bytes cannot be written to, as what was gated can.
    content = zlib.decompress(_bytes(letters))
    return np.frombuffer(content, _number(kind)).reshape(shape).copy()


def _scalar(kind: str, letters: str) -> Any:
    return np.frombuffer(_bytes(letters), _number(kind))[0]


def _number(kind: str) -> np.dtype[Any]:
    found = np.dtype(kind)
    if found.kind not in _NUMBERS:
        raise TypeError(f"{kind}: no numbers")
    return found


def _bytes(letters: str) -> bytes:
    return base64.b64decode(letters, validate=True)


def _datetime(text: str, fold: int) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(fold=fold)


def _tuple(*parts: Any) -> tuple[Any, ...]:
    return tuple(map(_value, parts))


def _dict(*pairs: Any) -> dict[Any, Any]:
    return {_value(key): _value(held) for key, held in pairs}


_MAKERS: dict[str, Callable[..., Any]] = {
    "tuple": _tuple,
    "dict": _dict,
    "array": _array,
    "number": _scalar,
    "bytes": _bytes,
    "Decimal": Decimal,
    "date": dt.date.fromisoformat,
    "datetime": _datetime,
}
