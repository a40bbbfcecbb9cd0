"""Applies a gating strategy to the events of a list-mode file.

Events are taken a block at a time, so that the columns of a block stay in the processor's cache
from decoding to the last gate. Only columns that some gate looks at are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from qcvalidate.cytometry.blocks import Block, Unmixing
from qcvalidate.cytometry.compensation import Spillover, compensation_matrix
from qcvalidate.cytometry.copies import are_copies, finest
from qcvalidate.cytometry.gates import (
    CHANNELS,
    FILE_COMPENSATION,
    UNCOMPENSATED,
    Axis,
    Mask,
    PolygonGate,
    Values,
)
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.polygons import PolygonTable, polygon_table
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.errors import DocumentError

# A few columns fit the cache; in smaller blocks the calls take longer than their work.
_BLOCK = 24_576
# For fewer events than this the tables of polygons do not pay.
_FEW = 50_000


@dataclass(eq=False)
class Evaluation:
    """The events of one file behind the gates of one strategy; each gate is asked once.

    Raises `DocumentError` when the file lacks a parameter that a gate names, or a compensation
    cannot be applied. With `quick` unset, no threshold is mapped and no polygon has a table: the
    answers are the same (it is there for the tests that say so).
    """

    listmode: ListModeFile
    strategy: GatingStrategy
    quick: bool = True
    block: int = _BLOCK
    _inside: dict[str, Mask] = field(default_factory=dict)
    _unmixing: dict[str, Unmixing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_parameters(self.listmode, self.strategy)
        wanted = _wanted(self.strategy)
        for compensation in dict.fromkeys(compensation for _, compensation in wanted):
            spillover = matrix_of(self.listmode, self.strategy, compensation)
            if spillover is not None:
                names = [n for n in spillover.names if (n, compensation) in wanted]
                self._unmixing[compensation] = _unmixing(self.listmode, spillover, names)

    def inside(self, gate_id: str) -> Mask:
        """Say which events lie in a gate and in all of its ancestors."""
        if not self._inside:
            self._ask_every_gate()
        return self._inside[gate_id]

    def axis(self, axis: Axis) -> Values:
        """Give every event's value along an axis, transformed; NaN where undefined."""
        with np.errstate(invalid="ignore", over="ignore"):
            parts = [block.axis(axis) for block in self._blocks({})]
        return np.concatenate(parts) if parts else np.empty(0)

    def axis_parts(
        self, axes: Sequence[Axis], starts: Sequence[int] | None = None, size: int | None = None
    ) -> Iterator[tuple[slice, list[Values]]]:
        """Give the events' values along several axes, a block at a time, with the block's rows.

        Axes of one parameter share what was decoded and compensated. `starts` picks blocks of
        `size` events; without it all events come, in order.
        """
        wide = size or self.block
        for start in range(0, self.listmode.total, wide) if starts is None else starts:
            rows = slice(start, min(start + wide, self.listmode.total))
            block = Block(self.listmode, self.strategy, rows, self.quick, self._unmixing, {})
            with np.errstate(invalid="ignore", over="ignore"):
                values = [block.axis(axis) for axis in axes]
            yield rows, values

    def _ask_every_gate(self) -> None:
        gates = self.strategy.gates
        # In one piece: the system gives large pages to it, which are touched ten times as fast.
        answers = np.empty((len(gates), self.listmode.total), bool)
        self._inside = dict(zip(gates, answers, strict=True))
        tables: dict[str, PolygonTable] = {}
        if self.quick and self.listmode.total >= _FEW:
            for gate in gates.values():
                table = polygon_table(gate) if isinstance(gate, PolygonGate) else None
                if table is not None:
                    tables[gate.id] = table
        with np.errstate(invalid="ignore", over="ignore"):
            before = None
            for block in self._blocks(tables):
                for gate_id, mask in self._inside.items():
                    mask[block.rows] = block.inside(gate_id)
                # Else the allocator returns each block's pages, to ask for them again.
                before = block
            del before

    def _blocks(self, tables: dict[str, PolygonTable]) -> Iterator[Block]:
        for start in range(0, self.listmode.total, self.block):
            rows = slice(start, min(start + self.block, self.listmode.total))
            yield Block(self.listmode, self.strategy, rows, self.quick, self._unmixing, tables)


def matrix_of(
    listmode: ListModeFile, strategy: GatingStrategy, compensation: str
) -> Spillover | None:
    """Give the matrix behind a dimension's compensation, None where there is nothing to apply."""
    if compensation in (UNCOMPENSATED, CHANNELS):
        return None
    if compensation != FILE_COMPENSATION:
        return strategy.matrices[compensation]
    if listmode.spillover_fault is not None:
        raise DocumentError(
            f"{listmode.place}: {strategy.id} asks for the file's own compensation, but "
            f"{listmode.spillover_fault}",
            slug="compensation-unusable",
        )
    return listmode.spillover


def data_set_for(data_sets: Sequence[ListModeFile], strategy: GatingStrategy) -> ListModeFile:
    """Give the one data set that has what a strategy's gates ask for.

    A Beckman LMD holds the same events twice, under different names and scales: the gates tell
    which were meant, and of copies on one scale the finer one is taken. Raises `DocumentError`
    when none fits, or more than one that are no such copies.
    """
    fitting, faults = [], []
    for one in data_sets:
        try:
            require_parameters(one, strategy)
        except DocumentError as fault:
            faults.append(fault)
        else:
            fitting.append(one)
    if not fitting:
        raise faults[0]
    if len(fitting) > 1 and not _alike(fitting, strategy):
        raise DocumentError(
            f"{fitting[0].name}: {len(fitting)} data sets have the parameters that {strategy.id} "
            "names, and they are not one acquisition on one scale; expected one. Give the data set "
            "that the gates were drawn on in a file of its own",
            slug="strategy-ambiguous",
        )
    return finest(fitting)


def _alike(data_sets: Sequence[ListModeFile], strategy: GatingStrategy) -> bool:
    """Say whether data sets are copies whose parameters lie on one scale, so that a gate fits all.

    On a scale of 1,024 a gate holds other cells than on one of 1,048,576.
    """
    if not all(are_copies(data_sets[0], other) for other in data_sets[1:]):
        return False
    names = {name for name, _ in _wanted(strategy) if name in data_sets[0].names}
    tops = [{name: _top(one, name) for name in names} for one in data_sets]
    return all(top == tops[0] for top in tops[1:])


def _top(listmode: ListModeFile, name: str) -> tuple[float, tuple[float, float] | None]:
    """Give where a parameter's scale ends, and its log amplifier."""
    parameter = listmode.parameters[listmode.index(name)]
    return (0.0 if parameter.log else parameter.range / parameter.gain, parameter.log)


def require_parameters(listmode: ListModeFile, strategy: GatingStrategy) -> None:
    """Raise `DocumentError` when a gate names a parameter or detector that the file lacks."""
    for gate in strategy.gates.values():
        for axis in gate.axes:
            spillover = matrix_of(listmode, strategy, axis.compensation)
            for name in axis.parameters:
                _require(listmode, strategy, gate.id, name, spillover)


def _require(
    listmode: ListModeFile,
    strategy: GatingStrategy,
    gate: str,
    name: str,
    spillover: Spillover | None,
) -> None:
    if spillover is not None:
        missing = [one for one in spillover.detectors if one not in listmode.names]
        if missing:
            raise DocumentError(
                f"{listmode.place}: the compensation {spillover.id} needs the detector "
                f"{missing[0]!r}, which the file does not have",
                slug="compensation-unusable",
            )
        if name in spillover.names:
            return
        if name in spillover.detectors:
            raise DocumentError(
                f"{listmode.place}: gate {gate!r} of {strategy.id} names the detector {name!r} "
                f"under the compensation {spillover.id}; expected one of its fluorochromes: "
                f"{', '.join(spillover.names)}",
                slug="compensation-unusable",
            )
    if name not in listmode.names:
        known = ", ".join(listmode.names)
        raise DocumentError(
            f"{listmode.place}: gate {gate!r} of {strategy.id} names the parameter {name!r}, "
            f"which the file does not have; it has {known}",
            slug="strategy-parameter-missing",
        )


def _wanted(strategy: GatingStrategy) -> dict[tuple[str, str], None]:
    """Give the parameters that gates look at, each with its compensation."""
    return {
        (name, axis.compensation): None
        for gate in strategy.gates.values()
        for axis in gate.axes
        for name in axis.parameters
    }


def _unmixing(listmode: ListModeFile, spillover: Spillover, names: list[str]) -> Unmixing:
    matrix = compensation_matrix(spillover, listmode.name)
    return Unmixing(
        tuple(listmode.index(detector) for detector in spillover.detectors),
        tuple(names),
        matrix[:, [spillover.names.index(name) for name in names]],
    )
