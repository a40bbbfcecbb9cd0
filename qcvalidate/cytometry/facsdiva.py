"""Reads the gates of FACSDiva experiments (XML), so that they can be frozen as a strategy.

A region's points are scale values, their decimal logarithms (`is_x_parameter_log`), or places of
0 to 4095 on FACSDiva's biexponential axis (`is_x_parameter_scaled`). How that axis is made BD has
not published. CytoML (its `diva_to_gatingset`) takes it for a logicle with T 262144, M 4.5 and
W = (4.5 - log10(T / scale value)) / 2, another reading for FlowJo's biexponential up to 10^5.5;
their thresholds lie a fifth apart, and no file with FACSDiva's own counts tells which is right. So
what is drawn there is named and refused. FACSDiva sorts events into 256 bins before it gates; its
counts differ from exact ones by a few tenths of a percent.

A quadrant stands on a hidden gate, the binner, whose first point is where the four meet. What lies
beyond an end of an axis FACSDiva lays on that end, so a quadrant has no outer bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qcvalidate.cytometry.gates import (
    FILE_COMPENSATION,
    UNCOMPENSATED,
    Axis,
    Gate,
    PolygonGate,
    Range,
    RectangleGate,
)
from qcvalidate.cytometry.gatingml import Reading
from qcvalidate.cytometry.gatingml_scales import parse_number
from qcvalidate.cytometry.identities import Path, identities
from qcvalidate.cytometry.transforms import Transformation
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EXPERIMENT = "bdfacs"
_ROOT = "All Events"
# Its axis value is the decimal logarithm itself.
_LOG10 = Transformation("log10", "flog", 10.0, 1.0)
# 10 to a higher power is no light that an instrument measures.
_HIGHEST = 12.0


@dataclass(frozen=True, eq=False)
class Template:
    """A tube, or the template of a worksheet: what has gates in an experiment."""

    name: str
    element: Element = field(repr=False)


def templates(root: Element) -> list[Template]:
    """Give what has gates, in the experiment's order; a tube goes by its specimen and name."""
    found = [
        Template(one.get("name", ""), one)
        for one in root.iter("worksheet_template")
        if one.find("gates") is not None
    ]
    for specimen in root.iter("specimen"):
        found += [
            Template(f"{specimen.get('name', '')}/{tube.get('name', '')}", tube)
            for tube in specimen.iterfind("tube")
            if tube.find("gates") is not None
        ]
    return found


def read_template(template: Template, name: str) -> Reading:
    """Read the gates of a tube or template."""
    return _Reader(template, name).read()


def own_counts(template: Template) -> dict[str, int]:
    """Give FACSDiva's own counts; it writes 0 for a tube that was never run."""
    by_path = dict(_gates(template))
    ids, _ = identities(list(by_path))
    counts = {identity: by_path[path].findtext("num_events", "") for path, identity in ids.items()}
    return {one: int(text) for one, text in counts.items() if text.isascii() and text.isdigit()}


def _gates(template: Template) -> list[tuple[Path, Element]]:
    found = []
    for gate in template.element.iterfind("./gates/gate"):
        path = tuple(gate.get("fullname", "").split("\\"))
        if path != (_ROOT,):
            found.append((path[1:] if path[0] == _ROOT else path, gate))
    return found


@dataclass(eq=False)
class _Reader:
    template: Template
    name: str

    def read(self) -> Reading:
        listed = _gates(self.template)
        ids, refused = identities([path for path, _ in listed])
        gates: list[Gate] = []
        for path, element in listed:
            if path not in ids:
                continue
            try:
                gates.append(self._gate(path, element, ids))
            except DocumentError as fault:
                refused[ids[path]] = str(fault).removeprefix(f"{self.name}: ")
        for path in [path for path in ids if self._is_read(path, ids, refused)]:
            refused.pop(ids[path], None)
        return Reading(gates, refused=refused)

    def _is_read(self, path: Path, ids: dict[Path, str], refused: dict[str, str]) -> bool:
        """Say whether a gate is a binner all of whose quadrants were read; it has no cells."""
        name = "\\".join((_ROOT, *path))
        of = [one for one, element in _gates(self.template) if element.findtext("input") == name]
        return (
            name in self._binners
            and bool(of)
            and all(one in ids and ids[one] not in refused for one in of)
        )

    def _gate(self, path: Path, element: Element, ids: dict[Path, str]) -> Gate:
        kind = element.get("type", "")
        region = element.find("region")
        if kind != "Region_Classifier" or region is None:
            raise self._unknown(f"is a {kind or 'gate'} of FACSDiva, which is not read")
        above = "\\".join((_ROOT, *path[:-1]))
        stands_on = {element.findtext(word, above) for word in ("parent", "input")}
        binner = self._binners.get(element.findtext("input", above))
        if stands_on != {above} and binner is None:
            raise self._unknown(
                f"is counted on {' and '.join(sorted(stands_on))} (a quadrant, or part of one), "
                "which is not read"
            )
        if len(path) > 1 and path[:-1] not in ids:
            raise self._unknown(f"stands on {above!r}, which is refused")
        parent = ids[path[:-1]] if len(path) > 1 else None
        if binner is not None:
            return self._quadrant(ids[path], parent, element, binner, above)
        shape = region.get("type", "")
        sides = {"x": region.get("xparm", ""), "y": region.get("yparm", "")}
        if shape == "INTERVAL_REGION":
            sides["y"] = ""
        logarithmic = {side: self._is_log(element, side) for side, of in sides.items() if of}
        points = [
            tuple(parse_number(point.get(side), ids[path], self.name) for side in logarithmic)
            for point in region.iterfind("./points/point")
        ]
        axes = [self._axis(sides[side]) for side in logarithmic]
        flags = list(logarithmic.values())
        if shape in ("RECTANGLE_REGION", "INTERVAL_REGION") and axes and len(points) >= 2:
            return self._rectangle(ids[path], parent, axes, flags, points)
        if shape == "POLYGON_REGION" and len(axes) == 2 and len(points) >= 3:
            drawn = tuple(
                Axis(axis.name, axis.compensation, _LOG10 if log else None)
                for axis, log in zip(axes, flags, strict=True)
            )
            return PolygonGate(ids[path], parent, drawn, tuple((x, y) for x, y in points))
        raise self._unknown(f"is a {shape or 'region'} of {len(points)} points, which is not read")

    def _quadrant(
        self, identity: str, parent: str | None, element: Element, binner: Element, above: str
    ) -> Gate:
        """Read the quadrant of two straight dividers, which goes on for ever on its own side."""
        ends = {one.findtext("parent", above) for one in (element, binner)}
        if {*ends, binner.findtext("input", above)} != {above}:
            raise self._unknown(f"is a quadrant of another population than {above!r}")
        drawn = []
        for one in (element, binner):
            of = dict[str, str]() if (region := one.find("region")) is None else region.attrib
            sides = (of.get("xparm", ""), of.get("yparm", ""))
            flags = tuple(self._is_log(one, side) for side in "xy")
            points = [
                tuple(parse_number(point.get(side), identity, self.name) for side in "xy")
                for point in one.iterfind("./region/points/point")
            ]
            drawn.append((sides, flags, points))
        (sides, flags, corners), (*where, middle) = drawn
        if where != [sides, flags]:
            raise self._unknown("is a quadrant whose middle lies on other axes")
        straight = len(middle) == 1 or (
            len(middle) == 3 and middle[1][0] == middle[0][0] and middle[2][1] == middle[0][1]
        )
        if not straight:
            raise self._unknown("is a quadrant whose dividers are not straight, which is not read")
        ranges = []
        for side, (name, log) in enumerate(zip(sides, flags, strict=True)):
            at = middle[0][side]
            others = {corner[side] for corner in corners} - {at}
            if len(corners) != 4 or len(set(corners)) != 4 or len(others) != 1:
                raise self._unknown("is a quadrant whose corners do not meet its middle")
            if log and at > _HIGHEST:
                raise self._unknown(f"ends at 10 to the {at:g}, which is no scale value")
            end = 10.0**at if log else at
            axis = self._axis(name)
            ranges.append(Range(axis, end) if others.pop() > at else Range(axis, None, end))
        return RectangleGate(identity, parent, tuple(ranges))

    def _rectangle(
        self,
        identity: str,
        parent: str | None,
        axes: list[Axis],
        flags: list[bool],
        points: list[tuple[float, ...]],
    ) -> Gate:
        """A rectangle's ends are taken to scale values; four corners have two values a side."""
        ranges = []
        for axis, log, values in zip(axes, flags, zip(*points, strict=True), strict=True):
            low, high = min(values), max(values)
            off = max(min(value - low, high - value) for value in values)
            if not low < high or off > 1e-6 * (high - low):
                raise self._unknown("is a rectangle whose corners are not square")
            if log and high > _HIGHEST:
                raise self._unknown(f"ends at 10 to the {high:g}, which is no scale value")
            ranges.append(Range(axis, 10.0**low, 10.0**high) if log else Range(axis, low, high))
        return RectangleGate(identity, parent, tuple(ranges))

    def _is_log(self, element: Element, side: str) -> bool:
        flags = {}
        for word in ("scaled", "log"):
            text = element.findtext(f"is_{side}_parameter_{word}", "").strip()
            if text not in ("true", "false"):
                raise self._unknown(f"does not say whether its {side} axis is {word}")
            flags[word] = text == "true"
        if flags["scaled"]:
            raise self._unknown(
                f"is drawn on FACSDiva's biexponential {side} axis, whose making is not "
                "published (the known readings of it lie a fifth apart); draw it with the "
                "biexponential display switched off, or in FlowJo"
            )
        return flags["log"]

    def _axis(self, parameter: str) -> Axis:
        if parameter not in self._parameters:
            raise self._unknown(f"lies on {parameter!r}, which the tube's settings do not have")
        # FACSDiva gates compensated values, and writes its matrix to the file.
        compensated = self._parameters[parameter]
        return Axis(parameter, FILE_COMPENSATION if compensated else UNCOMPENSATED)

    @cached_property
    def _binners(self) -> dict[str, Element]:
        """Give the hidden gates that quadrants stand on, by their full names."""
        return {
            "\\".join((_ROOT, *path)): gate
            for path, gate in _gates(self.template)
            if (region := gate.find("region")) is not None and region.get("type") == "BINNER_REGION"
        }

    @cached_property
    def _parameters(self) -> dict[str, bool]:
        """Say of each parameter of the tube whether it can be compensated."""
        return {
            one.get("name", ""): one.findtext("can_be_compensated", "false").strip() == "true"
            for one in self.template.element.iterfind("./instrument_settings/parameter")
        }

    def _unknown(self, problem: str) -> DocumentError:
        return DocumentError(f"{self.name}: {problem}", slug="gate-unsupported")
