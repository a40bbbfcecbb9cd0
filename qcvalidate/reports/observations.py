"""The observations as CSV or Parquet: a row for each result that may count for its lot."""

from __future__ import annotations

from qcvalidate.assessment import Run
from qcvalidate.reports._parquet import parquet_bytes
from qcvalidate.reports._tables import OBSERVATION_COLUMNS, csv_text, observations

MEDIA_TYPE = "text/csv"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run; cells that a spreadsheet would take for formulas are defused."""
    return csv_text(OBSERVATION_COLUMNS, observations(run))


def render_parquet(run: Run) -> bytes:
    """Render the same rows as Parquet, with typed columns."""
    return parquet_bytes(OBSERVATION_COLUMNS, observations(run), run.version)
