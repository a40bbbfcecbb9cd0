"""Applies a gating strategy to the events of a list-mode file, column by column.

A gate looks at few columns, so only those are decoded, compensated and transformed, and each
once. A range on a transformed axis is asked on the scale values instead, its threshold mapped
back; the few events beside the threshold are transformed, so that the answer is the same event
by event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from qcvalidate.cytometry.compensation import Spillover, compensation_matrix
from qcvalidate.cytometry.decoding import Column
from qcvalidate.cytometry.gates import (
    FILE_COMPENSATION,
    UNCOMPENSATED,
    Axis,
    BooleanGate,
    EllipsoidGate,
    Gate,
    Mask,
    PolygonGate,
    RectangleGate,
    Values,
    in_ellipsoid,
    in_polygon,
    in_range,
)
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.cytometry.thresholds import at_least, threshold
from qcvalidate.errors import DocumentError

# Events are compensated in blocks that stay in the processor's cache.
_BLOCK = 16_384


@dataclass(eq=False)
class Evaluation:
    """The events of one file behind the gates of one strategy; everything is computed once.

    With `quick` unset, ranges are asked on the transformed values themselves; the answers are
    the same (it is there for the test that says so).
    """

    listmode: ListModeFile
    strategy: GatingStrategy
    quick: bool = True
    _scale: dict[tuple[str, str], Values] = field(default_factory=dict)
    _axis: dict[Axis, Values] = field(default_factory=dict)
    _inside: dict[str, Mask] = field(default_factory=dict)
    _undefined: dict[str, Mask | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_parameters(self.listmode, self.strategy)

    def inside(self, gate_id: str) -> Mask:
        """Say which events lie in a gate and in all of its ancestors."""
        if gate_id not in self._inside:
            # The strategy holds every gate after those that it needs.
            gate = self.strategy.gates[gate_id]
            within = None if gate.parent is None else self.inside(gate.parent)
            mask = self._own(gate, within)
            self._inside[gate_id] = mask if within is None else mask & within
        return self._inside[gate_id]

    def axis(self, axis: Axis) -> Values:
        """Give the events' values along an axis, transformed; NaN where undefined."""
        if axis not in self._axis:
            values = self._scale_values(axis)
            if axis.transformation is not None:
                values = axis.transformation(values)
            self._axis[axis] = values
        return self._axis[axis]

    def _own(self, gate: Gate, within: Mask | None) -> Mask:
        if isinstance(gate, RectangleGate):
            return self._in_rectangle(gate)
        if isinstance(gate, BooleanGate):
            return self._in_boolean(gate)
        return self._in_shape(gate, within)

    def _in_rectangle(self, gate: RectangleGate) -> Mask:
        inside = np.ones(self.listmode.total, bool)
        for one in gate.ranges:
            transformation = one.axis.transformation
            if transformation is None or not self.quick:
                mask = in_range(self.axis(one.axis), one.minimum, one.maximum)
            else:
                values = self._scale_values(one.axis)
                mask = ~np.isnan(values)
                if one.minimum is not None:
                    mask &= at_least(values, threshold(transformation, one.minimum))
                if one.maximum is not None:
                    mask &= ~at_least(values, threshold(transformation, one.maximum))
                if transformation.kind == "flog":
                    mask &= values > 0
            inside &= mask
        return inside

    def _in_shape(self, gate: PolygonGate | EllipsoidGate, within: Mask | None) -> Mask:
        """Ask only the parent's events that lie in the gate's bounding box."""
        columns = [self.axis(axis) for axis in gate.axes]
        candidates = np.ones(self.listmode.total, bool) if within is None else within.copy()
        for values, (low, high) in zip(columns, bounding_box(gate), strict=True):
            with np.errstate(invalid="ignore"):
                candidates &= (values >= low) & (values <= high)
        places = np.flatnonzero(candidates)
        points = tuple(values[places] for values in columns)
        if isinstance(gate, PolygonGate):
            hit = in_polygon(points[0], points[1], gate.vertices)
        else:
            hit = in_ellipsoid(points, gate)
        candidates[places[~hit]] = False
        return candidates

    def _in_boolean(self, gate: BooleanGate) -> Mask:
        masks = [
            ~self.inside(reference.gate) if reference.complement else self.inside(reference.gate)
            for reference in gate.references
        ]
        if gate.operator == "not":
            inside = ~masks[0]
        else:
            inside = masks[0].copy()
            for mask in masks[1:]:
                if gate.operator == "and":
                    inside &= mask
                else:
                    inside |= mask
        undefined = self._undefined_in(gate.id)
        return inside if undefined is None else inside & ~undefined

    def _undefined_in(self, gate_id: str) -> Mask | None:
        """Say which events have no value in a dimension that a gate, or what it needs, looks at.

        They belong to no gate, and so to no complement of a gate either.
        """
        if gate_id not in self._undefined:
            gate = self.strategy.gates[gate_id]
            below = [] if gate.parent is None else [gate.parent]
            if isinstance(gate, BooleanGate):
                below += [reference.gate for reference in gate.references]
            found: Mask | None = None
            masks = [self._undefined_in(one) for one in below]
            masks += [_undefined(self._scale_values(axis), axis) for axis in gate.axes]
            for mask in masks:
                if mask is not None:
                    found = mask if found is None else found | mask
            self._undefined[gate_id] = found
        return self._undefined[gate_id]

    def _scale_values(self, axis: Axis) -> Values:
        """Give an axis' values before its transformation: scaled, compensated, or a ratio."""
        if axis.ratio is not None:
            key = (axis.ratio.id, axis.compensation)
            if key not in self._scale:
                parts = [
                    self._scale_values(Axis(name, axis.compensation))
                    for name in (axis.ratio.numerator, axis.ratio.denominator)
                ]
                self._scale[key] = axis.ratio(*parts)
            return self._scale[key]
        spillover = matrix_of(self.listmode, self.strategy, axis.compensation)
        if spillover is None or axis.name not in spillover.names:
            key = (axis.name, UNCOMPENSATED)
            if key not in self._scale:
                values = self.listmode.scale(self.listmode.index(axis.name))
                self._scale[key] = _finite_or_nan(values)
            return self._scale[key]
        key = (axis.name, axis.compensation)
        if key not in self._scale:
            self._compensate(spillover, axis.compensation)
        return self._scale[key]

    def _compensate(self, spillover: Spillover, compensation: str) -> None:
        """Compute those compensated columns that some gate of the strategy looks at."""
        wanted = [
            name for name in spillover.names if (name, compensation) in _looked_at(self.strategy)
        ]
        matrix = compensation_matrix(spillover, self.listmode.name)
        used = matrix[:, [spillover.names.index(name) for name in wanted]]
        detectors = [self._detector(name) for name in spillover.detectors]
        columns = [np.empty(self.listmode.total) for _ in wanted]
        for start in range(0, self.listmode.total, _BLOCK):
            block = slice(start, start + _BLOCK)
            parts = [detector[block].astype(np.float64, copy=False) for detector in detectors]
            product = np.empty(len(parts[0]))
            for j, column in enumerate(columns):
                # Summed in the detectors' order, so that every machine gets the same bits.
                out = column[block]
                np.multiply(parts[0], used[0, j], out=out)
                for i in range(1, len(parts)):
                    np.multiply(parts[i], used[i, j], out=product)
                    out += product
        for name, column in zip(wanted, columns, strict=True):
            self._scale[name, compensation] = _finite_or_nan(column)

    def _detector(self, name: str) -> Column:
        index = self.listmode.index(name)
        if self.listmode.parameters[index].kind == "I":
            return self.listmode.scale(index)
        return self.listmode.channel(index)


def bounding_box(gate: PolygonGate | EllipsoidGate) -> list[tuple[float, float]]:
    """Give the least and greatest value of a gate in each dimension, in axis values."""
    if isinstance(gate, PolygonGate):
        return [(min(values), max(values)) for values in zip(*gate.vertices, strict=True)]
    # A hair wider than exact: rounding must not cut an edge off.
    reach = np.sqrt(np.diag(gate.covariance) * gate.distance_square) * (1 + 1e-9)
    slack = reach + np.abs(gate.mean) * 1e-12
    return [(float(m - r), float(m + r)) for m, r in zip(gate.mean, slack, strict=True)]


def matrix_of(
    listmode: ListModeFile, strategy: GatingStrategy, compensation: str
) -> Spillover | None:
    """Give the matrix behind a dimension's compensation, None where there is nothing to apply."""
    if compensation == UNCOMPENSATED:
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


def require_parameters(listmode: ListModeFile, strategy: GatingStrategy) -> None:
    """Raise `DocumentError` when a gate names a parameter or detector that the file lacks."""
    for gate in strategy.gates.values():
        for axis in gate.axes:
            names = [axis.name]
            if axis.ratio is not None:
                names = [axis.ratio.numerator, axis.ratio.denominator]
            spillover = matrix_of(listmode, strategy, axis.compensation)
            for name in names:
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


def _looked_at(strategy: GatingStrategy) -> Mapping[tuple[str, str], bool]:
    found = {}
    for gate in strategy.gates.values():
        for axis in gate.axes:
            names = [axis.name]
            if axis.ratio is not None:
                names = [axis.ratio.numerator, axis.ratio.denominator]
            found.update({(name, axis.compensation): True for name in names})
    return found


def _finite_or_nan(values: Values) -> Values:
    """Make what is not finite NaN, which no gate holds; infinities would pass one-sided ranges."""
    bad = ~np.isfinite(values)
    if bad.any():
        values[bad] = np.nan
    return values


def _undefined(values: Values, axis: Axis) -> Mask | None:
    bad = np.isnan(values)
    if axis.transformation is not None and axis.transformation.kind == "flog":
        bad |= values <= 0
    return bad if bad.any() else None
