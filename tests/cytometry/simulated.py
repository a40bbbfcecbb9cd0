"""Simulates acquisitions whose faults are known: a clock, a detector or two, and what befell them.

The numbers are those of the faults as they are seeded; nothing here is read off the program.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import ListModeFile, read_fcs

Values = npt.NDArray[np.float64]
NAMES = ("FSC-A", "FSC-H", "PE-A", "Time")


def arrivals(seed: int, events: int = 20_000, per_second: float = 500.0) -> Values:
    """Let events arrive at random, on a clock of hundredths of a second."""
    random = np.random.default_rng(seed)
    return np.round(np.cumsum(random.exponential(1 / per_second, events)), 2)


def signal(seed: int, events: int = 20_000) -> Values:
    """Mix a dim and a bright population, with noise around zero."""
    random = np.random.default_rng([seed, 1])
    bright = random.random(events) < 0.45
    logs = np.where(bright, random.normal(4.1, 0.2, events), random.normal(2.2, 0.25, events))
    return np.asarray(10.0**logs + random.normal(0.0, 30.0, events))


def scatter(seed: int, events: int = 20_000) -> Values:
    random = np.random.default_rng([seed, 2])
    return np.asarray(10.0 ** random.normal(4.6, 0.1, events))


def written(
    times: Values, pe: Values, seed: int = 1, *, keywords: dict[str, str] | None = None
) -> bytes:
    """Write both as FCS, with scatter of single cells beside them."""
    area = scatter(seed, len(times))
    height = area * np.random.default_rng([seed, 3]).normal(0.9, 0.02, len(times))
    more = {"$TIMESTEP": "0.01", "$P3S": "CD105", **(keywords or {})}
    return fcs_bytes(np.column_stack([area, height, pe, times * 100]), NAMES, keywords=more)


def acquired(
    times: Values, pe: Values, seed: int = 1, *, keywords: dict[str, str] | None = None
) -> ListModeFile:
    (found,) = read_fcs(written(times, pe, seed, keywords=keywords), "tube.fcs")
    return found
