"""The populations frame: one row is one gate of a strategy, with the events that it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import pandas as pd
import pandera.pandas as pa


@dataclass(frozen=True, kw_only=True)
class Population:
    """One row of the frame.

    `path` are the ids of the gate's ancestors from the root, and its own. `parent` is None for a
    gate on all events. Percentages are of the parent's events, with their exact 95 % interval
    (Clopper-Pearson); all three are None when the parent holds no events, for nothing of nothing
    is not 0 %.
    """

    id: str
    path: tuple[str, ...]
    parent: str | None
    count: int
    parent_count: int
    total: int
    percent_of_parent: float | None
    ci_low: float | None
    ci_high: float | None


POPULATION_COLUMNS = tuple(field.name for field in fields(Population))


def _is_path(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(p, str) for p in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_percentage(value: object) -> bool:
    return value is None or (isinstance(value, float) and 0.0 <= value <= 100.0)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_KINDS = {
    "id": _is_text,
    "path": _is_path,
    "parent": lambda value: value is None or _is_text(value),
    "count": _is_count,
    "parent_count": _is_count,
    "total": _is_count,
    "percent_of_parent": _is_percentage,
    "ci_low": _is_percentage,
    "ci_high": _is_percentage,
}


def _of_their_kinds(frame: pd.DataFrame) -> pd.Series[bool]:
    """Look at every cell in one go: a check of its own for each column takes ten times as long."""
    fits = [
        all(fits_kind(cell) for fits_kind, cell in zip(_KINDS.values(), row, strict=True))
        for row in frame[list(_KINDS)].itertuples(index=False, name=None)
    ]
    return pd.Series(fits, index=frame.index, dtype="bool")


def _count_in_parent(frame: pd.DataFrame) -> pd.Series[bool]:
    return (frame["count"] <= frame["parent_count"]) & (frame["parent_count"] <= frame["total"])


def _evaluable(frame: pd.DataFrame) -> pd.Series[bool]:
    known = frame[["percent_of_parent", "ci_low", "ci_high"]].notna()
    return known.all(axis="columns").eq(frame["parent_count"] > 0) & (
        known.all(axis="columns") | ~known.any(axis="columns")
    )


_NULLABLE = ("parent", "percent_of_parent", "ci_low", "ci_high")

POPULATIONS = pa.DataFrameSchema(
    {
        name: pa.Column(nullable=name in _NULLABLE, unique=name == "id")
        for name in POPULATION_COLUMNS
    },
    checks=[
        pa.Check(_of_their_kinds, name="texts, paths, counts and percentages", ignore_na=False),
        pa.Check(_count_in_parent, name="a gate holds no more than its parent"),
        pa.Check(_evaluable, name="a percentage where the parent holds events, and only there"),
    ],
    strict=True,
    ordered=True,
    name="Populations",
)


def populations(rows: Iterable[Population]) -> pd.DataFrame:
    """Make the frame of these rows and hold it to its shape; no rows give an empty frame."""
    columns: dict[str, list[object]] = {name: [] for name in POPULATION_COLUMNS}
    for row in rows:
        for name in POPULATION_COLUMNS:
            columns[name].append(getattr(row, name))
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    )
    return POPULATIONS.validate(frame)
