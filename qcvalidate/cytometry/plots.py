"""Draws gates: the density of the parent's events on the gate's own axes, and the gate's outline.

Everything here is for the eye; counts come from `populations`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

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
# The drawn range is chosen from so many events, taken as blocks from all over the file.
_SAMPLE = 65_536
_SAMPLED_BLOCKS = 16

Outline = tuple[tuple[float, float], ...]
Span = tuple[float, float]
Drawable = RectangleGate | PolygonGate | EllipsoidGate


def plots(listmode: ListModeFile, strategy: GatingStrategy) -> tuple[GatePlot, ...]:
    """Draw every gate but the boolean ones; the quadrants of one gate share a plot."""
    return gate_plots(Evaluation(listmode, strategy))


def gate_plots(evaluation: Evaluation) -> tuple[GatePlot, ...]:
    """Draw the gates of a strategy that is already being evaluated."""
    drawings: list[_Drawing] = []
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
        drawings.append(_Drawing(tuple(together), _axes(evaluation.listmode, together)))
    spans = _spans(evaluation, drawings)
    counts = _densities(evaluation, drawings, spans)
    return tuple(
        _plot(evaluation, one, span, density)
        for one, span, density in zip(drawings, spans, counts, strict=True)
    )


@dataclass(frozen=True)
class _Drawing:
    """The gates that share a plot, and its two axes."""

    gates: tuple[Drawable, ...]
    axes: tuple[Axis, Axis]

    @property
    def parent(self) -> str | None:
        """The gate whose events are drawn; None for all."""
        return self.gates[0].parent


def _axes(listmode: ListModeFile, gates: list[Drawable]) -> tuple[Axis, Axis]:
    axes = list(dict.fromkeys(axis for gate in gates for axis in gate.axes))[:2]
    return axes[0], axes[1] if len(axes) > 1 else _companion(listmode, axes[0])


def _plot(
    evaluation: Evaluation,
    drawing: _Drawing,
    spans: tuple[Span, Span],
    counts: npt.NDArray[np.uint32],
) -> GatePlot:
    strategy, listmode, gates = evaluation.strategy, evaluation.listmode, drawing.gates
    first, axes = gates[0], drawing.axes
    outlines = [_to_unit(_outline(gate, axes, spans), spans) for gate in gates]
    quadrants = isinstance(first, RectangleGate) and first.quadrant_of is not None
    name = first.id
    if isinstance(first, RectangleGate) and first.quadrant_of is not None:
        name = first.quadrant_of
    together = np.zeros(listmode.total, bool)
    for gate in gates if quadrants else gates[:1]:
        together |= evaluation.inside(gate.id)
    inside = None if first.parent is None else evaluation.inside(first.parent)
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
        counts=counts,
        outlines=tuple(outlines),
    )


def _spans(evaluation: Evaluation, drawings: Sequence[_Drawing]) -> list[tuple[Span, Span]]:
    """Choose what each plot shows, from events taken evenly over the file."""
    total = evaluation.listmode.total
    axes = list(dict.fromkeys(axis for one in drawings for axis in one.axes))
    size = max(min(total, _SAMPLE) // _SAMPLED_BLOCKS, 1) if total > _SAMPLE else max(total, 1)
    starts = [total * k // _SAMPLED_BLOCKS for k in range(_SAMPLED_BLOCKS)]
    found = list(_placed(evaluation, axes, starts if total > _SAMPLE else None, size))
    spans = []
    for one in drawings:
        inside = None if one.parent is None else evaluation.inside(one.parent)
        pair = []
        for axis in one.axes:
            parts = [
                places[axis] if inside is None else places[axis][inside[rows]]
                for rows, places in found
            ]
            ends = [end for gate in one.gates for end in _ends(gate, axis)]
            pair.append(_span(np.concatenate(parts) if parts else np.empty(0), ends, axis))
        spans.append((pair[0], pair[1]))
    return spans


def _densities(
    evaluation: Evaluation,
    drawings: Sequence[_Drawing],
    spans: Sequence[tuple[Span, Span]],
) -> list[npt.NDArray[np.uint32]]:
    """Count the events of each plot's cells, a block of events at a time for all plots."""
    counts = [np.zeros(_CELLS * _CELLS, np.int64) for _ in drawings]
    axes = list(dict.fromkeys(axis for one in drawings for axis in one.axes))
    within = [None if one.parent is None else evaluation.inside(one.parent) for one in drawings]
    for rows, places in _placed(evaluation, axes):
        for one, (across, up), inside, sums in zip(drawings, spans, within, counts, strict=True):
            x, y = (places[axis] for axis in one.axes)
            if inside is not None:
                x, y = x[inside[rows]], y[inside[rows]]
            cell = _cells(y, up) * _CELLS + _cells(x, across)
            # Not a number where either value is none.
            known = cell[cell >= 0].astype(np.intp)
            np.add(sums, np.bincount(known, minlength=sums.size), out=sums)
    return [one.reshape(_CELLS, _CELLS).astype(np.uint32) for one in counts]


def _placed(
    evaluation: Evaluation,
    axes: Sequence[Axis],
    starts: Sequence[int] | None = None,
    size: int | None = None,
) -> Iterator[tuple[slice, dict[Axis, Values]]]:
    """Give the events' places along the axes, block by block.

    A pixel is no result: where events are many, a table stands for the transformation.
    """
    many = evaluation.listmode.total > _SAMPLE
    bare = [replace(axis, transformation=None) if many else axis for axis in axes]
    for rows, values in evaluation.axis_parts(bare, starts, size):
        pairs = zip(axes, values, strict=True)
        yield (
            rows,
            {
                axis: _by_table(axis.transformation, column)
                if many and axis.transformation
                else column
                for axis, column in pairs
            },
        )


def _cells(values: Values, span: Span) -> Values:
    """Give the cell of each value, those beyond an end in the last one there; NaN stays NaN."""
    place: Values = (values - span[0]) * (_CELLS / (span[1] - span[0]))
    np.maximum(place, 0.0, out=place)
    np.minimum(place, _CELLS - 1.0, out=place)
    np.floor(place, out=place)
    return place


def _by_table(one: Transformation, values: Values) -> Values:
    """Transform values by the upper half of their bits: to 0.4 %, a tenth of a cell of a decade."""
    with np.errstate(invalid="ignore", over="ignore"):
        bits = values.astype(np.float32).view(np.uint32) >> np.uint32(16)
    places: Values = _table(one)[bits]
    return places


@lru_cache(maxsize=8)
def _table(one: Transformation) -> Values:
    upper = np.arange(2**16, dtype=np.uint32)
    # Beyond these an axis has ended, and some transformations with it.
    edge = 16.0 * one.top
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        values = ((upper << np.uint32(16)) | np.uint32(0x8000)).view(np.float32).astype(np.float64)
        places: Values = one(np.clip(values, -edge, edge))
    places[np.isnan(values)] = np.nan
    return places


def _companion(listmode: ListModeFile, axis: Axis) -> Axis:
    """Choose what a range is drawn against: side scatter, or else the first other parameter."""
    taken = axis.parameters
    others = [one.name for one in listmode.parameters if one.name not in taken]
    scatter = [name for name in others if name.upper().startswith(("SSC", "SS ", "SIDE"))]
    # In a file of one parameter the range is drawn against itself.
    names = [*scatter, *others]
    return Axis(names[0]) if names else replace(axis, transformation=None, ratio=None)


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


def _outline(gate: Drawable, axes: tuple[Axis, Axis], spans: tuple[Span, Span]) -> Outline:
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


def _to_unit(outline: Outline, spans: tuple[Span, Span]) -> Outline:
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
