"""One line of the table that `python -m benchmarks` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What one piece of work costs us, beside what it is measured against.

    `ours` and `other` are in `unit`; `budget` is the largest ratio of the two that is allowed.
    """

    work: str
    ours: float
    other: float
    budget: float
    unit: str

    @property
    def ratio(self) -> float:
        """Say how many times the other's cost ours is."""
        return self.ours / self.other

    @property
    def met(self) -> bool:
        """Say whether the ratio is within its budget."""
        return self.ratio <= self.budget


def middle_turn(turns: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Give the turn, ours and the other's, whose ratio is the middle one of an odd number.

    The machine's own pace drifts by a third between turns, and less within one.
    """
    several = sorted(turns, key=lambda turn: turn[0] / turn[1])
    return several[len(several) // 2]
