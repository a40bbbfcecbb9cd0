"""One block of events behind the gates of a strategy.

A range on a transformed axis is asked on the scale values instead, its threshold mapped back; the
few events beside the threshold are transformed, so that the answer is the same event by event.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from qcvalidate.cytometry.gates import (
    CHANNELS,
    UNCOMPENSATED,
    Axis,
    BooleanGate,
    EllipsoidGate,
    Gate,
    Mask,
    PolygonGate,
    Range,
    RectangleGate,
    Values,
    bounding_box,
    in_ellipsoid,
    in_polygon,
    in_range,
)
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.polygons import PolygonTable
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.cytometry.thresholds import at_least, threshold


@dataclass(frozen=True, eq=False)
class Unmixing:
    """A compensation made ready: places of the detectors, wanted names, a column for each."""

    detectors: tuple[int, ...]
    names: tuple[str, ...]
    matrix: Values = field(repr=False)


@dataclass(eq=False)
class Block:
    """The events `rows` of a file; columns and answers are computed when first asked for.

    Whoever asks must have silenced numpy's warnings about values that are not finite.
    """

    listmode: ListModeFile
    strategy: GatingStrategy
    rows: slice
    quick: bool
    unmixing: Mapping[str, Unmixing]
    tables: Mapping[str, PolygonTable]
    _scale: dict[tuple[str, str], Values] = field(default_factory=dict)
    _axis: dict[Axis, Values] = field(default_factory=dict)
    _inside: dict[str, Mask] = field(default_factory=dict)
    _undefined: dict[str, Mask | None] = field(default_factory=dict)
    _with_nan: set[tuple[str, str]] = field(default_factory=set)

    @property
    def size(self) -> int:
        """The number of events."""
        return int(self.rows.stop - self.rows.start)

    def inside(self, gate_id: str) -> Mask:
        """Say which events lie in a gate and in all of its ancestors."""
        if gate_id not in self._inside:
            # The strategy holds every gate after those that it needs.
            gate = self.strategy.gates[gate_id]
            within = None if gate.parent is None else self.inside(gate.parent)
            self._inside[gate_id] = self._own(gate, within)
        return self._inside[gate_id]

    def axis(self, axis: Axis) -> Values:
        """Give the events' values along an axis, transformed; NaN where undefined."""
        if axis not in self._axis:
            values = self._scale_values(axis)[0]
            if axis.transformation is not None:
                values = axis.transformation(values)
            self._axis[axis] = values
        return self._axis[axis]

    def _own(self, gate: Gate, within: Mask | None) -> Mask:
        if isinstance(gate, RectangleGate):
            inside = self._in_range(gate.ranges[0])
            for one in gate.ranges[1:]:
                inside &= self._in_range(one)
        elif isinstance(gate, BooleanGate):
            inside = self._in_boolean(gate)
        else:
            return self._in_shape(gate, within)
        return inside if within is None else inside & within

    def _in_range(self, one: Range) -> Mask:
        transformation = one.axis.transformation
        if transformation is None or not self.quick:
            return in_range(self.axis(one.axis), one.minimum, one.maximum)
        values, key = self._scale_values(one.axis)
        inside: Mask | None = None
        if one.minimum is not None:
            inside = at_least(values, threshold(transformation, one.minimum))
        if one.maximum is not None:
            below = ~at_least(values, threshold(transformation, one.maximum))
            inside = below if inside is None else inside & below
        if inside is None:
            inside = np.ones(self.size, bool)
        if key in self._with_nan:
            inside &= ~np.isnan(values)
        if transformation.kind == "flog":
            inside &= values > 0
        return inside

    def _in_shape(self, gate: PolygonGate | EllipsoidGate, within: Mask | None) -> Mask:
        """Ask only the parent's events, and of those the ones in the gate's bounding box."""
        columns = [self.axis(axis) for axis in gate.axes]
        if gate.id in self.tables and not self._with_nan:
            return self.tables[gate.id].holds(columns[0], columns[1], within)
        candidates = np.ones(self.size, bool) if within is None else within.copy()
        for values, (low, high) in zip(columns, bounding_box(gate), strict=True):
            candidates &= values >= low
            candidates &= values <= high
        places = np.flatnonzero(candidates)
        points = tuple(values[places] for values in columns)
        if isinstance(gate, PolygonGate):
            candidates[places] = in_polygon(points[0], points[1], gate.vertices)
        else:
            candidates[places] = in_ellipsoid(points, gate)
        return candidates

    def _in_boolean(self, gate: BooleanGate) -> Mask:
        masks = [
            ~self.inside(reference.gate) if reference.complement else self.inside(reference.gate)
            for reference in gate.references
        ]
        inside = ~masks[0] if gate.operator == "not" else masks[0].copy()
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
            needs = [] if gate.parent is None else [gate.parent]
            if isinstance(gate, BooleanGate):
                needs += [reference.gate for reference in gate.references]
            found: Mask | None = None
            masks = [self._undefined_in(one) for one in needs]
            masks += [self._without_value(axis) for axis in gate.axes]
            for mask in masks:
                if mask is not None:
                    found = mask if found is None else found | mask
            self._undefined[gate_id] = found
        return self._undefined[gate_id]

    def _without_value(self, axis: Axis) -> Mask | None:
        values, key = self._scale_values(axis)
        undefined = np.isnan(values) if key in self._with_nan else None
        if axis.transformation is not None and axis.transformation.kind == "flog":
            unreached = values <= 0
            undefined = unreached if undefined is None else undefined | unreached
        return undefined

    def _scale_values(self, axis: Axis) -> tuple[Values, tuple[str, str]]:
        """Give an axis' values before its transformation, and the key that they are kept under."""
        unmixing = self.unmixing.get(axis.compensation)
        if axis.ratio is not None:
            key = (axis.ratio.id, axis.compensation)
            if key not in self._scale:
                x, y = (
                    self._scale_values(Axis(name, axis.compensation))[0] for name in axis.parameters
                )
                self._keep(key, axis.ratio(x, y))
        elif unmixing is not None and axis.name in unmixing.names:
            key = (axis.name, axis.compensation)
            if key not in self._scale:
                self._compensate(unmixing, axis.compensation)
        elif axis.compensation == CHANNELS:
            key = (axis.name, CHANNELS)
            if key not in self._scale:
                values = self.listmode.channel(self.listmode.index(axis.name), self.rows)
                self._keep(key, values.astype(np.float64))
        else:
            key = (axis.name, UNCOMPENSATED)
            if key not in self._scale:
                values = self.listmode.scale(self.listmode.index(axis.name), self.rows)
                self._keep(key, values)
        return self._scale[key], key

    def _compensate(self, unmixing: Unmixing, compensation: str) -> None:
        detectors = np.empty((len(unmixing.detectors), self.size))
        for row, index in zip(detectors, unmixing.detectors, strict=True):
            whole = self.listmode.parameters[index].kind == "I"
            row[:] = (self.listmode.scale if whole else self.listmode.channel)(index, self.rows)
        # Not the matrix product, whose last bits depend on the machine's BLAS.
        columns = np.einsum("dn,df->fn", detectors, unmixing.matrix)
        for name, column in zip(unmixing.names, columns, strict=True):
            self._keep((name, compensation), column)

    def _keep(self, key: tuple[str, str], values: Values) -> None:
        """Keep a column; what is not finite becomes NaN, for infinities pass one-sided ranges."""
        if not math.isfinite(values.sum()):
            bad = ~np.isfinite(values)
            values[bad] = np.nan
            if bad.any():
                self._with_nan.add(key)
        self._scale[key] = values
