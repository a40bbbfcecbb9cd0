"""The shapes of FlowJo's gates: rectangles, polygons and ellipses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from qcvalidate.cytometry.elements import DATA, GATING, local
from qcvalidate.cytometry.flowjo_parameters import DISPLAY, Parameters, Scale
from qcvalidate.cytometry.gates import (
    UNCOMPENSATED,
    Axis,
    EllipsoidGate,
    Gate,
    PolygonGate,
    Range,
    RectangleGate,
    Values,
)
from qcvalidate.cytometry.gatingml_scales import parse_number
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# FlowJo rounds the four points of an ellipse to whole bins of its display.
_SLACK = 6.0
_KNOWN = ("id", "parent_id", "min", "max", "distance")


def read_shape(element: Element, identity: str, parent: str | None, parameters: Parameters) -> Gate:
    """Read one gate; `DocumentError` says what of it is not known."""
    kinds = {
        f"{GATING}RectangleGate": _rectangle,
        f"{GATING}PolygonGate": _polygon,
        f"{GATING}EllipsoidGate": _ellipse,
    }
    if element.tag not in kinds:
        raise _unknown(
            parameters,
            f"is a {local(str(element.tag))}, which is not read; draw it as rectangles, polygons "
            "or an ellipse in FlowJo",
        )
    for part in element.iter():
        strange = [
            key for key in part.attrib if key.startswith(GATING) and local(key) not in _KNOWN
        ]
        if strange:
            raise _unknown(parameters, f"has {local(strange[0])!r}, which is not read")
    written = []
    for part in element.iterfind(f"{GATING}dimension"):
        names = [one.get(f"{DATA}name", "") for one in part.iterfind(f"{DATA}fcs-dimension")]
        if len(names) != 1 or len(part) != 1:
            raise _unknown(parameters, "has a dimension that is no plain parameter")
        written += names
    if not written:
        raise _unknown(parameters, "has no dimension")
    axes = [parameters.axis(name) for name in written]
    return kinds[element.tag](element, identity, parent, written, axes, parameters)


def _rectangle(
    element: Element,
    identity: str,
    parent: str | None,
    written: Sequence[str],
    axes: Sequence[Axis],
    parameters: Parameters,
) -> Gate:
    """A rectangle is the same on every scale: its ends are kept as FlowJo wrote them."""
    ranges = []
    for part, name, axis in zip(element.iterfind(f"{GATING}dimension"), written, axes, strict=True):
        factor = _factor(axis, parameters)
        low, high = (
            None
            if part.get(f"{GATING}{end}") is None
            else parse_number(part.get(f"{GATING}{end}"), identity, parameters.name) * factor
            for end in ("min", "max")
        )
        if low is not None and high is not None and high < low:
            raise _unknown(parameters, "has a max below its min")
        if low is not None or high is not None:
            ranges.append(Range(axis, low, high))
            ends = [end for end in (low, high) if end is not None]
            _note_end(identity, name, axis, ends, parameters)
    if not ranges:
        raise _unknown(parameters, "has no end")
    return RectangleGate(identity, parent, tuple(ranges))


def _polygon(
    element: Element,
    identity: str,
    parent: str | None,
    written: Sequence[str],
    axes: Sequence[Axis],
    parameters: Parameters,
) -> Gate:
    corners = _points(element, identity, parameters)
    if len(axes) != 2 or len(corners) < 3:
        raise _unknown(
            parameters, f"is a polygon of {len(axes)} dimensions, {len(corners)} corners"
        )
    scales = [parameters.scale(name, axis) for name, axis in zip(written, axes, strict=True)]
    columns = []
    for values, name, axis, scale in zip(np.array(corners).T, written, axes, scales, strict=True):
        given = values * _factor(axis, parameters)
        _note_end(identity, name, axis, given.tolist(), parameters)
        columns.append(given if scale.transformation is None else scale.transformation(given))
    if not np.isfinite(columns).all():
        raise _unknown(parameters, "has a corner that its scale does not have")
    vertices = tuple((float(x), float(y)) for x, y in zip(*columns, strict=True))
    return PolygonGate(identity, parent, _drawn(axes, scales), vertices)


def _ellipse(
    element: Element,
    identity: str,
    parent: str | None,
    written: Sequence[str],
    axes: Sequence[Axis],
    parameters: Parameters,
) -> Gate:
    """An ellipse is kept in bins of the display: its foci, and the ends of its axes, long first.

    The ends of its short axis are known to be off, so foci and long axis make the ellipse.
    """
    foci, edge = (
        [
            point
            for part in element.iterfind(f"{GATING}{word}")
            for point in _points(part, identity, parameters)
        ]
        for word in ("foci", "edge")
    )
    if len(axes) != 2 or len(foci) != 2 or len(edge) != 4:
        raise _unknown(parameters, "is an ellipse without 2 dimensions, 2 foci and 4 ends")
    half = math.dist(edge[0], edge[1]) / 2
    apart = math.dist(foci[0], foci[1]) / 2
    gaps = [abs(math.dist(end, foci[0]) + math.dist(end, foci[1]) - 2 * half) for end in edge]
    if not half > apart or max(gaps) > _SLACK:
        raise _unknown(parameters, "is an ellipse whose foci and ends do not fit together")
    one, other = np.array(foci)
    along = (other - one) / (2 * apart) if apart > 0 else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    covariance = half**2 * np.outer(along, along) + (half**2 - apart**2) * np.outer(across, across)
    scales = [parameters.scale(name, axis) for name, axis in zip(written, axes, strict=True)]
    # On a straight scale an ellipse of the display is one of scale values too.
    widths = np.array([(scale.high - scale.low) / DISPLAY for scale in scales])
    lows = np.array([scale.low for scale in scales])
    mean: Values = lows + (one + other) / 2 * widths
    spread = np.asarray(covariance * np.outer(widths, widths), np.float64)
    return EllipsoidGate(identity, parent, _drawn(axes, scales), mean, spread, 1.0)


def _note_end(
    identity: str, name: str, axis: Axis, values: Sequence[float], parameters: Parameters
) -> None:
    """Note where a gate lies at the end of an axis: FlowJo shows, and counts, there what is beyond.

    Values are scale values.
    """
    try:
        scale = parameters.scale(name, axis)
    except DocumentError:
        # A rectangle needs no scale.
        return
    places = np.array(values)
    if scale.transformation is not None:
        places = scale.transformation(places)
    places = (places - scale.low) / (scale.high - scale.low)
    if ((places <= 1 / DISPLAY) | (places >= 1 - 1 / DISPLAY)).any():
        parameters.notes.append(
            f"gate {identity!r} reaches the end of the axis of {name}, where FlowJo may count what "
            "lies beyond it too; hold its counts against FlowJo's own"
        )


def _factor(axis: Axis, parameters: Parameters) -> float:
    return parameters.factor(axis.name) if axis.compensation == UNCOMPENSATED else 1.0


def _drawn(axes: Sequence[Axis], scales: Sequence[Scale]) -> tuple[Axis, ...]:
    return tuple(
        replace(axis, transformation=scale.transformation)
        for axis, scale in zip(axes, scales, strict=True)
    )


def _points(element: Element, identity: str, parameters: Parameters) -> list[list[float]]:
    points = [
        [
            parse_number(one.get(f"{DATA}value"), identity, parameters.name)
            for one in vertex.iterfind(f"{GATING}coordinate")
        ]
        for vertex in element.iterfind(f"{GATING}vertex")
    ]
    if any(len(point) != 2 for point in points):
        raise _unknown(parameters, "has a point without two coordinates")
    return points


def _unknown(parameters: Parameters, problem: str) -> DocumentError:
    return DocumentError(f"{parameters.name}: {problem}", slug="gate-unsupported")
