"""An assessment that was written comes back as exactly what it was, and as nothing else."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from lots import TODAY

from qcvalidate import assessment as assessments
from qcvalidate import facts, preserving, record
from qcvalidate.assessment import Assessment, ExitStatus, Scope, Verdict
from qcvalidate.frames import Observation
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.preserving import preserved, restored
from qcvalidate.record import AcquisitionQuality, GatePlot, Place, Source

BARE = Assessment("L-1", "L-1", None, Verdict.HOLD, Scope.LOT, (), (), (), TODAY)
# What the modules import for mypy alone.
_NAMES = {**vars(facts), **vars(record), **vars(assessments)} | {
    **{"Observation": Observation, "npt": npt, "np": np, "pd": pd},
}


def told(value: object) -> object:
    """Tell a value with the kinds of all that is in it; equality would take 1 for 1.0."""
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        return kind, value.dtype.str, value.shape, value.tobytes()
    if is_dataclass(value):
        return kind, [told(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, Mapping):
        return kind, [(told(key), told(held)) for key, held in value.items()]
    if isinstance(value, tuple):
        return kind, [told(one) for one in value]
    return kind, repr(value)


def test_every_sample_comes_back_as_it_was(samples: Path) -> None:
    laboratory = open_laboratory()

    for found in assess_paths([samples], laboratory, Options(TODAY)):
        text = preserved(found)
        assert text is not None, found.path
        again = restored(text)
        assert again == replace(found, folder=again.folder)
        assert told(again) == told(found)


def test_every_kind_that_an_assessment_holds_is_known() -> None:
    waiting, met = [Assessment], {Assessment}
    while waiting:
        kind = waiting.pop()
        hints = get_type_hints(kind, _NAMES)
        found = {inner for hint in hints.values() for inner in _classes(hint)} - met
        met |= found
        waiting += [inner for inner in found if is_dataclass(inner)]

    records = {kind for kind in met if is_dataclass(kind)}
    enums = {kind for kind in met if issubclass(kind, Enum)}
    assert records == set(preserving._RECORDS)
    assert enums <= set(preserving._ENUMS)


def _classes(hint: Any) -> set[type]:
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, Enum)):
        return {hint}
    return {inner for one in get_args(hint) for inner in _classes(one)}


@pytest.mark.parametrize(
    "value",
    [
        *("", "µ “” \x00 \ud800", "1", True, False, 0, 1, 1.0, -0.0, 0.1 + 0.2, 10**30),
        *(float("inf"), float("nan"), 5e-324, np.float64(0.1), np.int64(7), np.uint8(255)),
        *(Decimal("30.00"), Decimal("3E+1"), Decimal("-Infinity"), Decimal("0.10")),
        *(dt.date(2026, 4, 1), dt.datetime(2026, 4, 1), dt.datetime(2026, 4, 1, 2, fold=1)),
        dt.datetime(2026, 4, 1, 2, 3, 4, 5, dt.timezone(dt.timedelta(hours=5, minutes=30))),
        *(b"", b"\x00\xff", (), (1, (2.0, "3")), {}, {"b": 1, "a": (2,)}, {1: "a", "1": "b"}),
        *(Verdict.PASS, ExitStatus.OPEN, Place("a", 1), Source("a", "b", "c", "d")),
    ],
    ids=repr,
)
def test_a_value_keeps_its_kind_and_its_digits(value: object) -> None:
    text = preserved(replace(BARE, lot=value))  # type: ignore[arg-type]

    assert text is not None
    assert told(restored(text).lot) == told(value)


def test_an_array_keeps_its_numbers_and_can_be_written_to() -> None:
    for counts in (np.arange(6, dtype=np.uint32).reshape(2, 3), np.zeros((0, 4), np.uint32)):
        plot = GatePlot("a", "b", "c", 1, 2, "x", "y", (), (), counts[:, ::-1], ((), ()))
        text = preserved(replace(BARE, plots=(plot,)))
        assert text is not None
        again = restored(text).plots[0].counts
        assert (again == plot.counts).all()
        assert (again.dtype, again.shape) == (counts.dtype, counts.shape)
        again += 1


def test_what_equality_leaves_out_is_kept() -> None:
    quality = AcquisitionQuality("a", None, 1, None, None, None, rates=(1.0, 2.0))
    left_out = replace(BARE, folder="lots/L-1", acquisitions=(quality,))

    text = preserved(left_out)

    assert text is not None
    assert restored(text).folder == "lots/L-1"
    assert restored(text).acquisitions[0].rates == (1.0, 2.0)


@pytest.mark.parametrize(
    "value",
    [
        *({1, 2}, [1], object(), 1j, Path("a"), np.array([object()]), np.datetime64("2026-01-01")),
        *(pd.Timestamp("2026-01-01"), pd.NA, np.str_("a"), print),
    ],
    ids=repr,
)
def test_a_value_that_would_come_back_otherwise_is_not_written(value: object) -> None:
    assert preserved(replace(BARE, lot=value)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[]", "1", "null", '"Assessment"', '{"Assessment": []}', '["Assessment"]'),
        *('["Path", "/etc/passwd"]', '["print", "hello"]', '["__import__", "os"]'),
        *('["Verdict", "mro"]', '["Verdict", "PASS", "x"]', '["Place", "a"]', '["Decimal", "x"]'),
        *('["array", "O", [1], "AAAAAAAAAAA="]', '["array", "<u4", [9], "AAAA"]'),
        *('["number", "<u4", ""]', '["bytes", "*"]', '["date", "2026-13-01"]', '["tuple", {}]'),
        *('["datetime", "2026-01-01", 9]', "[" * 100_000, '["dict", ["a"]]'),
    ],
    ids=lambda text: text[:40],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no assessment"):
        restored(text)


def test_nothing_is_made_of_a_value_that_stands_within_one() -> None:
    text = preserved(BARE)
    assert text is not None
    plain = json.loads(text)
    plain[1] = ["open", "/etc/passwd"]

    with pytest.raises(ValueError, match="is no assessment"):
        restored(json.dumps(plain))
