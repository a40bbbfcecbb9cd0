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


def _fits(frame: pd.DataFrame) -> pd.Series[bool] | bool:
    """Look at every row in one go: each check and each column of pandera's own takes its time."""
    if tuple(frame.columns) != POPULATION_COLUMNS or not frame["id"].is_unique:
        return False
    rows = frame.itertuples(index=False, name=None)
    return pd.Series([_is_sound(*row) for row in rows], index=frame.index, dtype="bool")


def _is_sound(*row: object) -> bool:
    """Ask the kind of each cell; a gate within its parent; a percentage only of something."""
    cells = dict(zip(POPULATION_COLUMNS, row, strict=True))
    if not all(fits_kind(cells[name]) for name, fits_kind in _KINDS.items()):
        return False
    # Every cell's kind was asked just before.
    one = Population(**cells)  # type: ignore[arg-type]
    known = {share is not None for share in (one.percent_of_parent, one.ci_low, one.ci_high)}
    return one.count <= one.parent_count <= one.total and known == {one.parent_count > 0}


POPULATIONS = pa.DataFrameSchema(
    checks=[
        pa.Check(
            _fits,
            name="no id twice; texts, paths, counts; none above its parent's; a percentage where "
            "that holds any",
            ignore_na=False,
        )
    ],
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
