"""The shapes of the tables that stages exchange, as pandera schemas."""

from qcvalidate.frames.observations import (
    COLUMNS,
    READINGS,
    Observation,
    observations,
    rows,
)

__all__ = ["COLUMNS", "READINGS", "Observation", "observations", "rows"]
