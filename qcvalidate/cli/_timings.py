"""Tells where the time of a run went, on standard error."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping

import click

from qcvalidate import timings
from qcvalidate.beginning import BEGUN
from qcvalidate.cli import _terminal
from qcvalidate.reports._layout import visible

# How many documents are told: those that take the most.
_MOST_TOLD = 10


def watch(context: click.Context) -> None:
    """Watch from here on, and tell when the command ends."""
    timings.start()
    context.call_on_close(_tell)


def _tell() -> None:
    stages: dict[str, float] = defaultdict(float)
    documents: dict[str, float] = defaultdict(float)
    for (name, document), took in timings.taken().items():
        stages[name] += took
        documents[document] += took
    documents.pop("", None)
    whole = sum(stages.values())
    went_by = (time.time_ns() - BEGUN) / 1e9
    lines = [
        f"{went_by:.2f} s from the start; since then, here and in other processes:",
        *(
            f"  {name:<8} {took:8.2f} s  {100 * took / whole:3.0f} %"
            for name, took in _most_first(stages)
        ),
    ]
    if documents:
        lines.append("Most of it for:")
        most = _most_first(documents)[:_MOST_TOLD]
        lines += [f"  {took:8.2f} s  {visible(name)}" for name, took in most]
    for line in lines:
        _terminal.tell(line)


def _most_first(spent: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(spent.items(), key=lambda one: -one[1])
