"""The shapes of the tables that stages exchange, as pandera schemas."""

from qcvalidate.frames.observations import (
    COLUMNS,
    PERSONS,
    READINGS,
    TURBIDITIES,
    TYPES,
    Observation,
    checked,
    observations,
    rows,
)
from qcvalidate.frames.populations import (
    POPULATION_COLUMNS,
    POPULATIONS,
    Population,
    populations,
)

__all__ = [
    "COLUMNS",
    "PERSONS",
    "POPULATIONS",
    "POPULATION_COLUMNS",
    "READINGS",
    "TURBIDITIES",
    "TYPES",
    "Observation",
    "Population",
    "checked",
    "observations",
    "populations",
    "rows",
]
