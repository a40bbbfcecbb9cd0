"""Says in words how two gating strategies differ: what was added, taken away, or moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

import numpy as np

from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.description import axis_words, ends_words, gate_words
from qcvalidate.cytometry.gates import (
    Axis,
    BooleanGate,
    EllipsoidGate,
    Gate,
    PolygonGate,
    RectangleGate,
)
from qcvalidate.cytometry.strategy import GatingStrategy


def differences(old: GatingStrategy, new: GatingStrategy) -> list[str]:
    """Give every difference that can move a count, and a change of what was not taken.

    Gates go by their ids; a gate under another id is one taken away and one added.
    """
    found = [
        f"{gate_id}: added ({gate_words(gate)})"
        for gate_id, gate in new.gates.items()
        if gate_id not in old.gates
    ]
    found += [
        f"{gate_id}: taken away ({gate_words(gate)})"
        for gate_id, gate in old.gates.items()
        if gate_id not in new.gates
    ]
    for gate_id, gate in old.gates.items():
        if gate_id in new.gates:
            found += [f"{gate_id}: {text}" for text in _moved(gate, new.gates[gate_id])]
    found += _compensations(old, new)
    refused = [
        (gate, place)
        for one, other, place in ((old, new, "first"), (new, old, "second"))
        for gate in one.refused
        if gate not in other.refused
    ]
    found += [f"{gate}: not taken in the {place} alone" for gate, place in refused]
    return found


def _moved(old: Gate, new: Gate) -> Iterator[str]:
    if old.parent != new.parent:
        yield f"stood on {_parent(old)}, stands on {_parent(new)}"
    if type(old) is not type(new):
        yield f"was {gate_words(old)}; is {gate_words(new)}"
    elif isinstance(old, BooleanGate) and isinstance(new, BooleanGate):
        if (old.operator, old.references) != (new.operator, new.references):
            yield f"was {gate_words(old)}; is {gate_words(new)}"
    elif list(map(_meaning, old.axes)) != list(map(_meaning, new.axes)):
        yield f"lay on {_axes(old)}; lies on {_axes(new)}"
    elif isinstance(old, RectangleGate) and isinstance(new, RectangleGate):
        for one, other in zip(old.ranges, new.ranges, strict=True):
            if (one.minimum, one.maximum) != (other.minimum, other.maximum):
                was, now = (ends_words(r.minimum, r.maximum) for r in (one, other))
                yield f"{axis_words(one.axis)} was {was}, is {now}"
    elif isinstance(old, PolygonGate) and isinstance(new, PolygonGate):
        yield from _corners(old, new)
    elif isinstance(old, EllipsoidGate) and isinstance(new, EllipsoidGate):
        yield from _ellipsoid(old, new)


def _meaning(axis: Axis) -> tuple[object, ...]:
    """What an axis measures, whatever its transformation and ratio are called."""
    one, ratio = axis.transformation, axis.ratio
    drawn = one and (
        one.kind,
        *(one.top, one.decades, one.width, one.negative, one.bound_min, one.bound_max),
    )
    shares = ratio and (ratio.numerator, ratio.denominator, *astuple(ratio)[3:])
    return (axis.name if ratio is None else None, axis.compensation, drawn, shares)


def _corners(old: PolygonGate, new: PolygonGate) -> Iterator[str]:
    if len(old.vertices) != len(new.vertices):
        yield f"had {len(old.vertices)} corners, has {len(new.vertices)}"
        return
    for number, (was, now) in enumerate(zip(old.vertices, new.vertices, strict=True), start=1):
        if was != now:
            yield f"corner {number} was at {_point(was)}, is at {_point(now)}"


def _ellipsoid(old: EllipsoidGate, new: EllipsoidGate) -> Iterator[str]:
    if not np.array_equal(old.mean, new.mean):
        was, now = (_point(gate.mean.tolist()) for gate in (old, new))
        yield f"its middle was at {was}, is at {now}"
    spreads = [gate.covariance * gate.distance_square for gate in (old, new)]
    if not np.array_equal(spreads[0], spreads[1]):
        was, now = (_point(np.sqrt(np.diag(spread)).tolist()) for spread in spreads)
        yield f"reached {was} from its middle along its axes, reaches {now}, or lies turned"


def _compensations(old: GatingStrategy, new: GatingStrategy) -> Iterator[str]:
    for matrix_id in dict.fromkeys([*old.matrices, *new.matrices]):
        one, other = old.matrices.get(matrix_id), new.matrices.get(matrix_id)
        if one is None or other is None:
            yield f"compensation {matrix_id}: {'added' if one is None else 'taken away'}"
        elif not _same_spectra(one, other):
            yield f"compensation {matrix_id}: its detectors or coefficients changed"


def _same_spectra(one: Spillover, other: Spillover) -> bool:
    return (
        (one.names, one.detectors, one.inverted) == (other.names, other.detectors, other.inverted)
    ) and np.array_equal(one.matrix, other.matrix)


def _axes(gate: Gate) -> str:
    return ", ".join(axis_words(axis) for axis in gate.axes)


def _parent(gate: Gate) -> str:
    return "all events" if gate.parent is None else gate.parent


def _point(values: tuple[float, ...] | list[float]) -> str:
    return f"({', '.join(f'{value:.10g}' for value in values)})"
