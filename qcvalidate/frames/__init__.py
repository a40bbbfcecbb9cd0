"""The shapes of the tables that stages exchange, as pandera schemas."""

from qcvalidate.frames.observations import (
    COLUMNS,
    READINGS,
    TURBIDITIES,
    Observation,
    observations,
    rows,
)

__all__ = ["COLUMNS", "READINGS", "TURBIDITIES", "Observation", "observations", "rows"]
