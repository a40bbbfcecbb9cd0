"""The outcomes as CSV or Parquet, a row for each lot, criterion and finding."""

from __future__ import annotations

from qcvalidate.assessment import Run
from qcvalidate.reports._parquet import parquet_bytes
from qcvalidate.reports._tables import OUTCOME_COLUMNS, csv_text, outcomes

MEDIA_TYPE = "text/csv"


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run; cells that a spreadsheet would take for formulas are defused."""
    return csv_text(OUTCOME_COLUMNS, outcomes(run))


def render_parquet(run: Run) -> bytes:
    """Render the same rows as Parquet, with typed columns."""
    return parquet_bytes(OUTCOME_COLUMNS, outcomes(run), run.version)
