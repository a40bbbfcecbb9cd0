"""Says where the time of a run goes: by stage of the road, and by document.

Off unless a run asks for it, and then next to nothing. Each moment belongs to one stage alone, the
innermost, so that the stages of a process add up to its time. What other processes spent is added
by `workers`; then the sum is more than the time that went by.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

# Seconds by stage and document; a document is named within its lot, and is empty for the run.
Spent = Mapping[tuple[str, str], float]


@dataclass
class _Watch:
    """The stages that are going on, and the seconds that each took by itself so far."""

    since: float
    spent: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    going_on: list[tuple[str, str]] = field(default_factory=list)

    def turn(self) -> None:
        """Give the time since the last turn to the innermost stage."""
        now = time.perf_counter()
        self.spent[self.going_on[-1] if self.going_on else ("rest", "")] += now - self.since
        self.since = now


_watches: list[_Watch] = []


def start() -> None:
    """Begin to watch, from nothing."""
    _watches[:] = [_Watch(time.perf_counter())]


def is_on() -> bool:
    """Say whether anybody wants to know."""
    return bool(_watches)


@contextmanager
def stage(name: str, document: str = "") -> Iterator[None]:
    """Count the time within as this stage's; `document` is a lot, or a document within one."""
    if not _watches:
        yield
        return
    watch = _watches[0]
    around = watch.going_on[-1][1] if watch.going_on else ""
    watch.turn()
    watch.going_on.append((name, "/".join(filter(None, (around, document)))))
    try:
        yield
    finally:
        watch.turn()
        watch.going_on.pop()


def taken() -> Spent:
    """Give what was spent since the last time that it was asked for."""
    if not _watches:
        return {}
    _watches[0].turn()
    spent = dict(_watches[0].spent)
    _watches[0].spent.clear()
    return spent


def add(spent: Spent) -> None:
    """Add what another process spent, below what is going on here."""
    if not _watches:
        return
    watch = _watches[0]
    around = watch.going_on[-1][1] if watch.going_on else ""
    for (name, document), seconds in spent.items():
        watch.spent[name, "/".join(filter(None, (around, document)))] += seconds
