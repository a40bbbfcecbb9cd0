"""Draws gates: the density of the parent's events on the gate's own axes, and the gate's outline.

Everything here is for the eye; counts come from `populations`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.description import gate_words
from qcvalidate.cytometry.evaluation import Evaluation
from qcvalidate.cytometry.gates import Axis, BooleanGate, RectangleGate, Values
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.outlines import Drawable, ends, outline, stretched
from qcvalidate.cytometry.proportions import clopper_pearson
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.cytometry.ticks import Span, count_ticks, ticks
from qcvalidate.cytometry.transforms import Transformation
from qcvalidate.record import GatePlot, GateShare

_CELLS = 256
_MARGIN = 0.04
# What a label needs of an axis, as shares of it: side by side, and one above the other.
_BESIDE, _ABOVE = 0.09, 0.055
# The highest bar of a histogram; the report draws it so.
_TOP = 0.95
# The drawn range is chosen from so many events, taken as blocks from all over the file.
_SAMPLE = 65_536
_SAMPLED_BLOCKS = 16
# A picture of more events than these is drawn from so many of them, taken as blocks from all over
# the file: a person sees no difference. Every event of a gate that holds few of them is drawn.
_DRAWN = 131_072
_DRAWN_BLOCKS = 16
_FEW = 2_000
_BRIGHTEST = 1e30
# What a range is drawn against, where it does not lie on that itself.
_SCATTER = (("SSC", "SS ", "SS-", "SIDE"), ("FSC", "FS ", "FS-", "FORWARD"))


def plots(listmode: ListModeFile, strategy: GatingStrategy) -> tuple[GatePlot, ...]:
    """Draw every gate; the quadrants of one gate share a plot, and a boolean gate has words."""
    return gate_plots(Evaluation(listmode, strategy))


def gate_plots(evaluation: Evaluation) -> tuple[GatePlot, ...]:
    """Draw the gates of a strategy that is already being evaluated."""
    told: list[_Drawing | BooleanGate] = []
    done: set[str] = set()
    for gate in evaluation.strategy.gates.values():
        if isinstance(gate, BooleanGate):
            told.append(gate)
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
        told.append(_Drawing(tuple(together), _axes(evaluation.listmode, together)))
    drawings = [one for one in told if isinstance(one, _Drawing)]
    spans = _spans(evaluation, drawings)
    drawn = zip(drawings, spans, _densities(evaluation, drawings, spans), strict=True)
    return tuple(
        _statement(evaluation, one)
        if isinstance(one, BooleanGate)
        else _plot(evaluation, *next(drawn))
        for one in told
    )


@dataclass(frozen=True)
class _Drawing:
    """The gates that share a plot, and its axes: two, or one for a histogram."""

    gates: tuple[Drawable, ...]
    axes: tuple[Axis, ...]

    @property
    def parent(self) -> str | None:
        """The gate whose events are drawn; None for all."""
        return self.gates[0].parent

    @property
    def quadrants(self) -> str | None:
        """The quadrant gate whose parts are drawn together."""
        first = self.gates[0]
        return first.quadrant_of if isinstance(first, RectangleGate) else None


def _axes(listmode: ListModeFile, gates: list[Drawable]) -> tuple[Axis, ...]:
    axes = tuple(dict.fromkeys(axis for gate in gates for axis in gate.axes))[:2]
    return axes if len(axes) > 1 else (*axes, *_companion(listmode, axes[0]))


def _plot(
    evaluation: Evaluation,
    drawing: _Drawing,
    spans: tuple[Span, ...],
    counts: npt.NDArray[np.uint32],
) -> GatePlot:
    listmode, gates, axes = evaluation.listmode, drawing.gates, drawing.axes
    flat = len(axes) == 1
    most = int(counts.max(initial=0))
    window = (*spans, (0.0, 1.0))[:2]
    quadrants = drawing.quadrants
    base = _parent_count(evaluation, gates[0])
    shares = [_share(evaluation, gate.id, base) for gate in gates] if quadrants else []
    words = gate_words(gates[0])
    if quadrants:
        words = f"{len(gates)} quadrants on {' and '.join(_label(listmode, one) for one in axes)}"
    elif len(gates[0].axes) > 2:
        words += f"; drawn on the first two of its {len(gates[0].axes)} dimensions"
    return replace(
        _told(evaluation, gates[0], [gate.id for gate in gates], quadrants, words),
        x_label=_label(listmode, axes[0]),
        y_label="events" if flat else _label(listmode, axes[1]),
        x_ticks=ticks(axes[0], spans[0], _BESIDE),
        y_ticks=count_ticks(most, _TOP) if flat else ticks(axes[1], spans[1], _ABOVE),
        counts=counts,
        outlines=tuple(outline(gate, axes, window) for gate in gates),
        shares=tuple(shares),
        shown=int(counts.sum()) if _is_thinned(evaluation, drawing) else None,
    )


def _statement(evaluation: Evaluation, gate: BooleanGate) -> GatePlot:
    """Tell a boolean gate: it has no axes to be drawn on, and its count is read like the others."""
    return _told(evaluation, gate, [gate.id], None, gate_words(gate))


def _told(
    evaluation: Evaluation,
    first: Drawable | BooleanGate,
    gates: Sequence[str],
    name: str | None,
    words: str,
) -> GatePlot:
    strategy = evaluation.strategy
    together = np.zeros(evaluation.listmode.total, bool)
    for gate in gates:
        together |= evaluation.inside(gate)
    count, base = int(np.count_nonzero(together)), _parent_count(evaluation, first)
    return GatePlot(
        path=evaluation.listmode.name,
        population="/".join((*strategy.path(first.id)[:-1], name or first.id)),
        parent="" if first.parent is None else "/".join(strategy.path(first.parent)),
        count=count,
        parent_count=base,
        x_label="",
        y_label="",
        x_ticks=(),
        y_ticks=(),
        counts=np.zeros((0, 0), np.uint32),
        outlines=(),
        definition=words,
        interval=_interval(count, base),
    )


def _share(evaluation: Evaluation, gate: str, base: int) -> GateShare:
    count = int(np.count_nonzero(evaluation.inside(gate)))
    return GateShare(gate, count, _interval(count, base))


def _parent_count(evaluation: Evaluation, gate: Drawable | BooleanGate) -> int:
    if gate.parent is None:
        return evaluation.listmode.total
    return int(np.count_nonzero(evaluation.inside(gate.parent)))


def _interval(count: int, base: int) -> tuple[float, float] | None:
    if not base:
        return None
    low, high = clopper_pearson(count, base)
    return 100.0 * low, 100.0 * high


def _spans(evaluation: Evaluation, drawings: Sequence[_Drawing]) -> list[tuple[Span, ...]]:
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
            limits = [end for gate in one.gates for end in ends(gate, axis)]
            pair.append(_span(np.concatenate(parts) if parts else np.empty(0), limits, axis))
        spans.append(tuple(pair))
    return spans


def _densities(
    evaluation: Evaluation,
    drawings: Sequence[_Drawing],
    spans: Sequence[tuple[Span, ...]],
) -> list[npt.NDArray[np.uint32]]:
    """Count the events of each plot's cells: of all events, or of some where that is enough."""
    total = evaluation.listmode.total
    thin = [_is_thinned(evaluation, one) for one in drawings]
    starts = [total * k // _DRAWN_BLOCKS for k in range(_DRAWN_BLOCKS)]
    size = max(_DRAWN // _DRAWN_BLOCKS, 1)
    found: dict[int, npt.NDArray[np.uint32]] = {}
    for some, where in ((True, (starts, size)), (False, (None, None))):
        chosen = [n for n, is_thin in enumerate(thin) if is_thin is some]
        if chosen:
            group, shown = [drawings[n] for n in chosen], [spans[n] for n in chosen]
            found |= dict(zip(chosen, _counted(evaluation, group, shown, *where), strict=True))
    return [found[n] for n in range(len(drawings))]


def _is_thinned(evaluation: Evaluation, drawing: _Drawing) -> bool:
    """Say whether some of the events show all: not of a histogram's heights, nor of a rare gate."""
    if evaluation.listmode.total <= 2 * _DRAWN:
        return False
    gates = (np.count_nonzero(evaluation.inside(gate.id)) for gate in drawing.gates)
    return len(drawing.axes) > 1 and all(count > _FEW for count in gates)


def _counted(
    evaluation: Evaluation,
    drawings: Sequence[_Drawing],
    spans: Sequence[tuple[Span, ...]],
    starts: Sequence[int] | None,
    size: int | None,
) -> list[npt.NDArray[np.uint32]]:
    """Count a block of events at a time for all plots."""
    counts = [np.zeros(_CELLS ** len(one.axes), np.int64) for one in drawings]
    axes = list(dict.fromkeys(axis for one in drawings for axis in one.axes))
    within = [None if one.parent is None else evaluation.inside(one.parent) for one in drawings]
    for rows, places in _placed(evaluation, axes, starts, size):
        for one, span, inside, sums in zip(drawings, spans, within, counts, strict=True):
            chosen = slice(None) if inside is None else inside[rows]
            cell = _cells(places[one.axes[0]][chosen], span[0])
            if len(one.axes) > 1:
                cell += _cells(places[one.axes[1]][chosen], span[1]) * _CELLS
            # Not a number where either value is none.
            known = cell[cell >= 0].astype(np.intp)
            np.add(sums, np.bincount(known, minlength=sums.size), out=sums)
    return [one.reshape(-1, _CELLS).astype(np.uint32) for one in counts]


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


def _companion(listmode: ListModeFile, axis: Axis) -> tuple[Axis, ...]:
    """Choose what a range is drawn against; without scatter it is a histogram."""
    for prefixes in _SCATTER:
        if any(name.upper().startswith(prefixes) for name in axis.parameters):
            continue
        for one in listmode.parameters:
            if one.name.upper().startswith(prefixes):
                return (Axis(one.name),)
    return ()


def _span(values: Values, limits: list[float], axis: Axis) -> Span:
    """Choose the drawn range: nearly all events, and the gate."""
    # No light is so bright, and a damaged double must not overflow.
    known = np.clip(values[np.isfinite(values)], -_BRIGHTEST, _BRIGHTEST)
    if known.size:
        low, high = (float(end) for end in np.quantile(known, (0.001, 0.999)))
        low, high = stretched((low, high), limits)
    else:
        low, high = (min(limits), max(limits)) if limits else (0.0, 1.0)
    if axis.transformation is not None and axis.transformation.kind not in ("flin", "flog"):
        # Axes that show zero run from 0 to 1; a stray event need not stretch them.
        low, high = min(low, 0.0) if low > -0.1 else low, max(high, 1.0) if high < 1.0 else high
    wide = (high - low) or abs(high) or 1.0
    return low - _MARGIN * wide, high + _MARGIN * wide


def _label(listmode: ListModeFile, axis: Axis) -> str:
    if axis.ratio is not None:
        label = f"{axis.ratio.numerator} / {axis.ratio.denominator}"
    else:
        found = listmode.names
        marker = listmode.parameters[listmode.index(axis.name)].marker if axis.name in found else ""
        label = axis.name if not marker or marker == axis.name else f"{axis.name} {marker}"
    kind = None if axis.transformation is None else _SCALES.get(axis.transformation.kind)
    return label if kind is None else f"{label} ({kind})"


# How an axis is called; a linear one needs no word.
_SCALES = {
    "flog": "log",
    "log": "log",
    "fasinh": "arcsinh",
    "logicle": "logicle",
    "hyperlog": "hyperlog",
    "biex": "biexponential",
}
