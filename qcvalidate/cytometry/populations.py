"""Counts the events of every gate, and says what a reader of the counts must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qcvalidate.cytometry.evaluation import Evaluation, matrix_of
from qcvalidate.cytometry.gates import CHANNELS, FILE_COMPENSATION, UNCOMPENSATED, Mask
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.proportions import clopper_pearson
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.record import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd


def gate(listmode: ListModeFile, strategy: GatingStrategy) -> pd.DataFrame:
    """Count the events of every gate; the frame has the shape `qcvalidate.frames.populations`.

    Raises `DocumentError` when the file lacks a parameter that a gate names, or a compensation
    cannot be applied.
    """
    return population_table(Evaluation(listmode, strategy))


def membership(listmode: ListModeFile, strategy: GatingStrategy) -> dict[str, Mask]:
    """Say for every gate which events lie in it and in all of its ancestors."""
    evaluation = Evaluation(listmode, strategy)
    return {gate_id: evaluation.inside(gate_id) for gate_id in strategy.gates}


def population_table(evaluation: Evaluation) -> pd.DataFrame:
    """Make the table of a strategy that is already being evaluated."""
    from qcvalidate.frames.populations import Population, populations  # noqa: PLC0415  pandera

    strategy, total = evaluation.strategy, evaluation.listmode.total
    counts = {one: int(np.count_nonzero(evaluation.inside(one))) for one in strategy.gates}
    rows = []
    for gate_id, one in strategy.gates.items():
        count = counts[gate_id]
        parent_count = total if one.parent is None else counts[one.parent]
        percent, low, high = None, None, None
        if parent_count:
            percent = 100.0 * count / parent_count
            low, high = (100.0 * end for end in clopper_pearson(count, parent_count))
        rows.append(
            Population(
                id=gate_id,
                path=strategy.path(gate_id),
                parent=one.parent,
                count=count,
                parent_count=parent_count,
                total=total,
                percent_of_parent=percent,
                ci_low=low,
                ci_high=high,
            )
        )
    return populations(rows)


def gating_findings(listmode: ListModeFile, strategy: GatingStrategy) -> list[Finding]:
    """Say what is to be known about the compensation behind a strategy's gates on this file."""
    findings = []
    axes = {axis for one in strategy.gates.values() for axis in one.axes}
    used = {axis.compensation for axis in axes}
    for compensation in sorted(used - {UNCOMPENSATED, CHANNELS}):
        spillover = matrix_of(listmode, strategy, compensation)
        if spillover is None:
            findings.append("asks for the file's own compensation, but the file has none")
        elif spillover.is_identity:
            whose = "the file's own" if compensation == FILE_COMPENSATION else compensation
            findings.append(f"is compensated with {whose}, an identity matrix: with nothing")
    if listmode.spillover is not None and not listmode.spillover.is_identity:
        bare = {
            axis.name
            for axis in axes
            if axis.compensation in (UNCOMPENSATED, CHANNELS)
            and axis.name in listmode.spillover.names
        }
        if bare:
            findings.append(
                f"gates {', '.join(sorted(bare))} without compensation, though the file brings a "
                "spillover matrix for it"
            )
    return [
        Finding(
            "uncompensated",
            Severity.INFORMATION,
            f"{listmode.place}: {strategy.id} {text}",
            listmode.place,
        )
        for text in findings
    ]
