"""Reads the rectangles and polygons of Gating-ML 1.5, which gates raw channel values.

See Spidlen et al., Gating-ML 1.5 (ISAC, 2008). Its other gates and its transformations are named
and refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcvalidate.cytometry.elements import local
from qcvalidate.cytometry.gates import CHANNELS, Axis, Gate, PolygonGate, Range, RectangleGate
from qcvalidate.cytometry.gatingml import Reading
from qcvalidate.cytometry.gatingml_scales import parse_number
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ISAC = "http://www.isac-net.org/std/Gating-ML/v1.5/"
_GATING = f"{{{_ISAC}gating}}"
_DATA = f"{{{_ISAC}datatypes}}"
ROOT_1_5 = f"{_GATING}Gating-ML"
_KNOWN = {
    f"{_GATING}RectangleGate": {f"{_GATING}id", f"{_GATING}parent_id"},
    f"{_GATING}PolygonGate": {f"{_GATING}id", f"{_GATING}parent_id"},
    f"{_GATING}dimension": {f"{_GATING}min", f"{_GATING}max"},
    f"{_GATING}vertex": set[str](),
    f"{_GATING}coordinate": {f"{_DATA}value"},
    f"{_DATA}parameter": {f"{_DATA}name"},
}


def read_gating_ml_1_5(root: Element, name: str) -> Reading:
    """Read the gates; `DocumentError` for a slip, or for what is not known and has no id."""
    gates: list[Gate] = []
    refused: dict[str, str] = {}
    for element in root:
        identity = element.get(f"{_GATING}id", "").strip()
        unknown = _unknown(element)
        if not identity:
            what = f"{local(unknown)!r}, which is not read" if unknown else "a gate without an id"
            raise DocumentError(f"{name}: holds {what}", slug="gate-unsupported")
        if identity in refused or any(gate.id == identity for gate in gates):
            raise _unreadable(name, f"two things have the id {identity!r}")
        if unknown is not None:
            refused[identity] = (
                f"has {local(unknown)!r}, which is not read; of Gating-ML 1.5 rectangles and "
                "polygons on plain parameters are"
            )
            continue
        gates.append(_gate(element, identity, name))
    return Reading(gates, refused=refused)


def _unknown(element: Element) -> str | None:
    for part in element.iter():
        if part.tag not in _KNOWN:
            return part.tag
        for attribute in part.attrib:
            if attribute not in _KNOWN[part.tag]:
                return attribute
    return None


def _gate(element: Element, identity: str, name: str) -> Gate:
    parent = element.get(f"{_GATING}parent_id")
    dimensions = element.findall(f"{_GATING}dimension")
    axes = tuple(_axis(part, identity, name) for part in dimensions)
    vertices = [
        tuple(
            parse_number(part.get(f"{_DATA}value"), identity, name)
            for part in vertex.iter(f"{_GATING}coordinate")
        )
        for vertex in element.findall(f"{_GATING}vertex")
    ]
    if local(element.tag) == "PolygonGate":
        if len(axes) != 2 or len(vertices) < 3 or any(len(one) != 2 for one in vertices):
            raise _unreadable(
                name, f"polygon {identity!r} needs 2 dimensions and 3 vertices of 2 coordinates"
            )
        return PolygonGate(identity, parent, axes, tuple((one[0], one[1]) for one in vertices))
    ranges = []
    for axis, part in zip(axes, dimensions, strict=True):
        low, high = (
            None
            if part.get(f"{_GATING}{end}") is None
            else parse_number(part.get(f"{_GATING}{end}"), identity, name)
            for end in ("min", "max")
        )
        if (low is None and high is None) or (low is not None and high is not None and high < low):
            raise _unreadable(name, f"gate {identity!r} has a dimension without rising min and max")
        ranges.append(Range(axis, low, high))
    if not ranges or vertices:
        raise _unreadable(name, f"gate {identity!r} has no dimension, or vertices beside them")
    return RectangleGate(identity, parent, tuple(ranges))


def _axis(dimension: Element, identity: str, name: str) -> Axis:
    parameters = [part.get(f"{_DATA}name", "").strip() for part in dimension]
    if len(parameters) != 1 or not parameters[0]:
        raise _unreadable(name, f"gate {identity!r} has a dimension without one parameter")
    return Axis(parameters[0], CHANNELS)


def _unreadable(name: str, problem: str) -> DocumentError:
    return DocumentError(f"{name}: {problem}", slug="strategy-unreadable")
