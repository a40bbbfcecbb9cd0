"""Draws gates: the density of the parent's events on the gate's own axes, and the gate's outline.

Everything here is for the eye; counts come from `populations`.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from qcvalidate.cytometry.evaluation import Evaluation
from qcvalidate.cytometry.gates import (
    Axis,
    BooleanGate,
    EllipsoidGate,
    PolygonGate,
    Range,
    RectangleGate,
    Values,
    bounding_box,
)
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.cytometry.transforms import FLOWJO_KINDS, Transformation
from qcvalidate.record import GatePlot

_CELLS = 256
_MARGIN = 0.04
_ELLIPSE_POINTS = 96

Outline = tuple[tuple[float, float], ...]
Span = tuple[float, float]
Drawable = RectangleGate | PolygonGate | EllipsoidGate


def plots(listmode: ListModeFile, strategy: GatingStrategy) -> tuple[GatePlot, ...]:
    """Draw every gate but the boolean ones; the quadrants of one gate share a plot."""
    return gate_plots(Evaluation(listmode, strategy))


def gate_plots(evaluation: Evaluation) -> tuple[GatePlot, ...]:
    """Draw the gates of a strategy that is already being evaluated."""
    drawn: list[GatePlot] = []
    done: set[str] = set()
    for gate in evaluation.strategy.gates.values():
        if isinstance(gate, BooleanGate):
            continue
        together: list[Drawable] = [gate]
        if isinstance(gate, RectangleGate) and gate.quadrant_of is not None:
            if gate.quadrant_of in done:
                continue
            done.add(gate.quadrant_of)
            together = [
                one
                for one in evaluation.strategy.gates.values()
                if isinstance(one, RectangleGate) and one.quadrant_of == gate.quadrant_of
            ]
        drawn.append(_plot(evaluation, together))
    return tuple(drawn)


def _plot(evaluation: Evaluation, gates: list[Drawable]) -> GatePlot:
    strategy, listmode = evaluation.strategy, evaluation.listmode
    first = gates[0]
    axes = list(dict.fromkeys(axis for gate in gates for axis in gate.axes))[:2]
    if len(axes) == 1:
        axes.append(_companion(listmode, axes[0]))
    inside = None if first.parent is None else evaluation.inside(first.parent)
    columns = [evaluation.axis(axis) for axis in axes]
    if inside is not None:
        columns = [values[inside] for values in columns]
    spans = [
        _span(values, [end for gate in gates for end in _ends(gate, axis)], axis)
        for values, axis in zip(columns, axes, strict=True)
    ]
    x, y = (np.clip(v, *span) for v, span in zip(_both_defined(columns), spans, strict=True))
    counts, _, _ = np.histogram2d(x, y, bins=_CELLS, range=spans)
    outlines = [_to_unit(_outline(gate, axes, spans), spans) for gate in gates]
    quadrants = isinstance(first, RectangleGate) and first.quadrant_of is not None
    name = first.id
    if isinstance(first, RectangleGate) and first.quadrant_of is not None:
        name = first.quadrant_of
    together = np.zeros(listmode.total, bool)
    for gate in gates if quadrants else gates[:1]:
        together |= evaluation.inside(gate.id)
    return GatePlot(
        path=listmode.name,
        population="/".join((*strategy.path(first.id)[:-1], name)),
        parent="" if first.parent is None else "/".join(strategy.path(first.parent)),
        count=int(np.count_nonzero(together)),
        parent_count=listmode.total if inside is None else int(np.count_nonzero(inside)),
        x_label=_label(listmode, axes[0]),
        y_label=_label(listmode, axes[1]),
        x_ticks=_ticks(axes[0], spans[0]),
        y_ticks=_ticks(axes[1], spans[1]),
        counts=np.ascontiguousarray(counts.T.astype(np.uint32)),
        outlines=tuple(outlines),
    )


def _companion(listmode: ListModeFile, axis: Axis) -> Axis:
    """Choose what a range is drawn against: side scatter, or else the first other parameter."""
    taken = axis.parameters
    others = [one.name for one in listmode.parameters if one.name not in taken]
    scatter = [name for name in others if name.upper().startswith(("SSC", "SS ", "SIDE"))]
    # In a file of one parameter the range is drawn against itself.
    names = [*scatter, *others]
    return Axis(names[0]) if names else replace(axis, transformation=None, ratio=None)


def _both_defined(columns: list[Values]) -> list[Values]:
    defined = np.isfinite(columns[0]) & np.isfinite(columns[1])
    return [values[defined] for values in columns]


def _ends(gate: Drawable, axis: Axis) -> list[float]:
    """Give where a gate begins and ends along an axis."""
    if isinstance(gate, RectangleGate):
        ends = [
            end for one in gate.ranges if one.axis == axis for end in (one.minimum, one.maximum)
        ]
        return [end for end in ends if end is not None]
    if axis not in gate.axes:
        return []
    return list(bounding_box(gate)[gate.axes.index(axis)])


def _span(values: Values, ends: list[float], axis: Axis) -> Span:
    """Choose the drawn range: nearly all events, and all of the gate."""
    known = values[np.isfinite(values)]
    if known.size:
        low, high = (float(end) for end in np.quantile(known, (0.001, 0.999)))
    else:
        low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    low, high = min([low, *ends]), max([high, *ends])
    if axis.transformation is not None:
        # Gating-ML's axes run from 0 to 1; a stray event need not stretch them.
        low, high = min(low, 0.0) if low > -0.1 else low, max(high, 1.0) if high < 1.0 else high
    wide = (high - low) or abs(high) or 1.0
    return low - _MARGIN * wide, high + _MARGIN * wide


def _outline(gate: Drawable, axes: list[Axis], spans: list[Span]) -> Outline:
    if isinstance(gate, PolygonGate):
        return gate.vertices
    if isinstance(gate, EllipsoidGate):
        return _ellipse(gate)
    by_axis = {one.axis: one for one in gate.ranges}
    (x0, x1), (y0, y1) = (
        _drawn(by_axis.get(axis), span) for axis, span in zip(axes, spans, strict=True)
    )
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def _drawn(one: Range | None, span: Span) -> Span:
    if one is None:
        return span
    low = span[0] if one.minimum is None else one.minimum
    return low, span[1] if one.maximum is None else one.maximum


def _ellipse(gate: EllipsoidGate) -> Outline:
    """Draw the ellipsoid's shadow on its first two dimensions."""
    covariance = gate.covariance[:2, :2] * gate.distance_square
    root = np.linalg.cholesky(covariance)
    angles = np.linspace(0.0, 2.0 * math.pi, _ELLIPSE_POINTS, endpoint=False)
    points = root @ np.vstack([np.cos(angles), np.sin(angles)]) + gate.mean[:2, None]
    return tuple((float(x), float(y)) for x, y in points.T)


def _to_unit(outline: Outline, spans: list[Span]) -> Outline:
    (x0, x1), (y0, y1) = spans
    return tuple(
        (
            min(max((x - x0) / (x1 - x0), 0.0), 1.0),
            min(max((y - y0) / (y1 - y0), 0.0), 1.0),
        )
        for x, y in outline
    )


def _label(listmode: ListModeFile, axis: Axis) -> str:
    if axis.ratio is not None:
        return f"{axis.ratio.numerator} / {axis.ratio.denominator}"
    marker = None
    if axis.name in listmode.names:
        marker = listmode.parameters[listmode.index(axis.name)].marker
    label = axis.name if not marker or marker == axis.name else f"{axis.name} {marker}"
    return label if axis.transformation is None else f"{label} ({axis.transformation.kind})"


def _ticks(axis: Axis, span: Span) -> tuple[tuple[float, str], ...]:
    """Give ticks at places from 0 to 1 along the axis, labelled with scale values."""
    low, high = span
    one = axis.transformation
    power = one is not None and one.log_like
    values = _decades(one) if one is not None and power else _round_numbers(axis, span)
    places = np.array(values, np.float64) if one is None else one(np.array(values, np.float64))
    ticks: list[tuple[float, str]] = []
    for value, place in zip(values, places, strict=True):
        unit = (float(place) - low) / (high - low)
        if one is not None and one.kind in FLOWJO_KINDS and not 0.0 < place < 1.0:
            # FlowJo lays all that is beyond an end of its axis on that end.
            continue
        if 0.0 <= unit <= 1.0 and all(abs(unit - other) > 0.05 for other, _ in ticks):
            ticks.append((unit, _number(value, power=power)))
    return tuple(sorted(ticks))


def _decades(one: Transformation) -> list[float]:
    top = math.floor(math.log10(one.top) + 1e-9)
    powers = [10.0**exponent for exponent in range(top, top - 7, -1)]
    if one.kind == "flog":
        return powers
    return [*powers[:3], 0.0, *powers[3:], *(-power for power in reversed(powers))]


def _round_numbers(axis: Axis, span: Span) -> list[float]:
    ends = list(span)
    if axis.transformation is not None:
        slope = axis.transformation.top + axis.transformation.negative
        ends = [end * slope - axis.transformation.negative for end in ends]
    wide = ends[1] - ends[0]
    step = 10.0 ** math.floor(math.log10(wide / 2.0))
    step = next(step * factor for factor in (1, 2, 5, 10) if wide / (step * factor) <= 6)
    first = math.ceil(ends[0] / step)
    return [step * i for i in range(first, math.floor(ends[1] / step) + 1)]


_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _number(value: float, *, power: bool) -> str:
    if value == 0:
        return "0"
    if power:
        exponent = round(math.log10(abs(value)))
        return f"{'-' if value < 0 else ''}10{str(exponent).translate(_SUPERSCRIPTS)}"
    if abs(value) >= 1000 and value % 1000 == 0:
        return f"{value / 1000:g}k"
    return f"{value:g}"
