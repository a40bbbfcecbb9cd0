"""Reads the gates, transformations and spectrum matrices of Gating-ML 2.0.

See Spidlen et al., Gating-ML 2.0: International Society for Advancement of Cytometry standard,
Cytometry A 87A:683-687, 2015. What is not known is named and refused, never left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.gates import (
    FILE_COMPENSATION,
    UNCOMPENSATED,
    Axis,
    BooleanGate,
    EllipsoidGate,
    Gate,
    PolygonGate,
    Range,
    RectangleGate,
    Reference,
)
from qcvalidate.cytometry.transforms import (
    TRANSFORMATIONS,
    Ratio,
    Transformation,
    check_transformation,
)
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ISAC = "http://www.isac-net.org/std/Gating-ML/v2.0/"
_GATING = f"{{{_ISAC}gating}}"
_TRANSFORMS = f"{{{_ISAC}transformations}}"
_DATA = f"{{{_ISAC}datatypes}}"
ROOT = f"{_GATING}Gating-ML"


def read_gating_ml(root: Element, name: str) -> tuple[list[Gate], dict[str, Spillover]]:
    """Read the gates, in the file's order, and the spectrum matrices by their ids.

    Raises `DocumentError` for what is not known, or makes no sense.
    """
    reader = _Reader(name)
    return reader.read(root), reader.matrices


@dataclass
class _Reader:
    """What was met so far; Gating-ML lets a gate come before the things that it refers to."""

    name: str
    transformations: dict[str, Transformation] = field(default_factory=dict)
    ratios: dict[str, Ratio] = field(default_factory=dict)
    matrices: dict[str, Spillover] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def read(self, root: Element) -> list[Gate]:
        gates = []
        for element in _children(root):
            if element.tag == f"{_TRANSFORMS}transformation":
                self._transformation(element)
            elif element.tag == f"{_TRANSFORMS}spectrumMatrix":
                self._matrix(element)
            else:
                gates.append(element)
        return [gate for element in gates for gate in self._gate(element)]

    def _gate(self, element: Element) -> list[Gate]:
        kinds = {
            f"{_GATING}RectangleGate": self._rectangle,
            f"{_GATING}PolygonGate": self._polygon,
            f"{_GATING}EllipsoidGate": self._ellipsoid,
            f"{_GATING}QuadrantGate": self._quadrants,
            f"{_GATING}BooleanGate": self._boolean,
        }
        if element.tag not in kinds:
            raise DocumentError(
                f"{self.name}: holds {_local(element)!r}, which is not read; expected the gates "
                "and transformations of Gating-ML 2.0",
                slug="gate-unsupported",
            )
        return kinds[element.tag](element)

    def _identity(self, element: Element) -> tuple[str, str | None]:
        self._only(element, "id", "parent_id", "name")
        return self._id(element, _GATING), element.get(f"{_GATING}parent_id")

    def _id(self, element: Element, space: str) -> str:
        identity = element.get(f"{space}id", "").strip()
        if not identity or identity in self.seen:
            problem = f"two things have the id {identity!r}" if identity else "an id is missing"
            raise self._unreadable(f"{problem} ({_local(element)})")
        self.seen.add(identity)
        return identity

    def _rectangle(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        ranges = []
        for part in self._parts(element, identity, "dimension"):
            low = self._number(part, _GATING, "min", identity)
            high = self._number(part, _GATING, "max", identity)
            if low is not None and high is not None and high < low:
                raise self._unreadable(f"gate {identity!r} has a max below its min")
            ranges.append(Range(self._axis(part, identity, "min", "max"), low, high))
        if not ranges:
            raise self._unreadable(f"gate {identity!r} has no dimension")
        return [RectangleGate(identity, parent, tuple(ranges))]

    def _polygon(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = self._parts(element, identity, "dimension", "vertex")
        axes = [self._axis(part, identity) for part in parts if _local(part) == "dimension"]
        corners = [self._coordinates(part, identity) for part in parts if _local(part) == "vertex"]
        if len(axes) != 2 or len(corners) < 3 or any(len(corner) != 2 for corner in corners):
            raise self._unreadable(
                f"polygon {identity!r} has {len(axes)} dimensions and {len(corners)} vertices; "
                "expected 2 dimensions and at least 3 vertices of 2 coordinates"
            )
        vertices = tuple((x, y) for x, y in corners)
        return [PolygonGate(identity, parent, tuple(axes), vertices)]

    def _ellipsoid(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = self._parts(
            element, identity, "dimension", "mean", "covarianceMatrix", "distanceSquare"
        )
        axes = [self._axis(part, identity) for part in parts if _local(part) == "dimension"]
        found = {_local(part): part for part in parts}
        if len(found) != 4 or len(parts) != len(axes) + 3 or len(axes) < 2:
            raise self._unreadable(
                f"ellipsoid {identity!r} needs at least 2 dimensions, one mean, one "
                "covarianceMatrix and one distanceSquare"
            )
        mean = self._coordinates(found["mean"], identity)
        rows = [
            [self._value(entry, identity) for entry in _children(row)]
            for row in _children(found["covarianceMatrix"])
        ]
        if len(mean) != len(axes) or [len(row) for row in rows] != [len(axes)] * len(axes):
            raise self._unreadable(f"ellipsoid {identity!r} mixes numbers of dimensions")
        covariance = np.array(rows)
        if not np.allclose(covariance, covariance.T, rtol=1e-9, atol=0) or not _positive(
            covariance
        ):
            raise self._unreadable(
                f"ellipsoid {identity!r} has a covariance that is not positive definite"
            )
        distance = self._value(found["distanceSquare"], identity)
        if distance <= 0:
            raise self._unreadable(f"ellipsoid {identity!r} has no distanceSquare above 0")
        return [EllipsoidGate(identity, parent, tuple(axes), np.array(mean), covariance, distance)]

    def _quadrants(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = self._parts(element, identity, "divider", "Quadrant")
        dividers: dict[str, tuple[Axis, list[float]]] = {}
        for part in parts:
            if _local(part) == "divider":
                key = part.get(f"{_GATING}id", "")
                if not key or key in dividers:
                    raise self._unreadable(f"quadrant gate {identity!r} repeats a divider's id")
                values = [
                    self._parse(child.text, identity)
                    for child in _children(part)
                    if child.tag == f"{_GATING}value"
                ]
                if not values or values != sorted(values):
                    raise self._unreadable(f"divider {key!r} of {identity!r} has no rising values")
                dividers[key] = (self._axis(part, identity, "id"), values)
        gates: list[Gate] = []
        for part in parts:
            if _local(part) == "Quadrant":
                self._only(part, "id", "name")
                quadrant = self._id(part, _GATING)
                ranges = tuple(self._positions(part, quadrant, dividers))
                gates.append(RectangleGate(quadrant, parent, ranges, quadrant_of=identity))
        if not gates:
            raise self._unreadable(f"quadrant gate {identity!r} has no quadrant")
        return gates

    def _positions(
        self, element: Element, quadrant: str, dividers: Mapping[str, tuple[Axis, list[float]]]
    ) -> Iterator[Range]:
        positions = self._parts(element, quadrant, "position")
        referred = [position.get(f"{_GATING}divider_ref", "") for position in positions]
        if not positions or len(set(referred)) != len(referred):
            raise self._unreadable(f"quadrant {quadrant!r} needs one position for each divider")
        for position, key in zip(positions, referred, strict=True):
            self._only(position, "divider_ref", "location")
            if key not in dividers:
                raise self._unreadable(f"quadrant {quadrant!r} names an unknown divider {key!r}")
            axis, values = dividers[key]
            location = self._number(position, _GATING, "location", quadrant)
            if location is None:
                raise self._unreadable(f"quadrant {quadrant!r} has a position without location")
            above = [value for value in values if value > location]
            below = [value for value in values if value <= location]
            yield Range(axis, below[-1] if below else None, above[0] if above else None)

    def _boolean(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = self._parts(element, identity, "and", "or", "not")
        if len(parts) != 1:
            raise self._unreadable(f"boolean gate {identity!r} needs one of and, or, not")
        operator = _local(parts[0])
        references = []
        for part in self._parts(parts[0], identity, "gateReference"):
            self._only(part, "ref", "use-as-complement")
            complement = part.get(f"{_GATING}use-as-complement", "false").strip()
            if complement not in ("true", "false", "1", "0"):
                raise self._unreadable(f"gate {identity!r} has use-as-complement={complement!r}")
            references.append(Reference(part.get(f"{_GATING}ref", ""), complement in ("true", "1")))
        if len(references) != 1 if operator == "not" else len(references) < 2:
            raise self._unreadable(
                f"boolean gate {identity!r} is the {operator} of {len(references)} gates"
            )
        return [BooleanGate(identity, parent, operator, tuple(references))]

    def _axis(self, part: Element, gate: str, *own: str) -> Axis:
        self._only(part, "compensation-ref", "transformation-ref", *own)
        compensation = part.get(f"{_GATING}compensation-ref", UNCOMPENSATED).strip()
        if compensation not in (UNCOMPENSATED, FILE_COMPENSATION, *self.matrices):
            raise self._unreadable(f"gate {gate!r} names an unknown compensation {compensation!r}")
        reference = part.get(f"{_GATING}transformation-ref")
        transformation = None
        if reference is not None:
            transformation = self.transformations.get(reference)
            if transformation is None:
                raise DocumentError(
                    f"{self.name}: gate {gate!r} names the transformation {reference!r}, which "
                    "the file does not define",
                    slug="gate-unsupported",
                )
        for child in _children(part):
            if child.tag == f"{_DATA}fcs-dimension":
                name = child.get(f"{_DATA}name", "").strip()
                return Axis(name, compensation, transformation)
            if child.tag == f"{_DATA}new-dimension":
                ratio = self.ratios.get(child.get(f"{_DATA}transformation-ref", ""))
                if ratio is None:
                    raise DocumentError(
                        f"{self.name}: gate {gate!r} has a new dimension that is no fratio of "
                        "this file",
                        slug="gate-unsupported",
                    )
                return Axis(ratio.id, compensation, transformation, ratio)
        raise self._unreadable(f"gate {gate!r} has a dimension that names no parameter")

    def _transformation(self, element: Element) -> None:
        self._only(element, "id", "name", "boundMin", "boundMax", space=_TRANSFORMS)
        identity = self._id(element, _TRANSFORMS)
        parts = list(_children(element))
        kind = _local(parts[0]) if len(parts) == 1 else f"{len(parts)} functions"
        if kind == "fratio":
            self.ratios[identity] = self._ratio(parts[0], identity)
            return
        if kind not in TRANSFORMATIONS:
            raise DocumentError(
                f"{self.name}: the transformation {identity!r} is {kind!r}, which is not read; "
                f"expected one of {', '.join(TRANSFORMATIONS)}, fratio",
                slug="gate-unsupported",
            )
        one = parts[0]
        wanted = {"flin": "TA", "flog": "TM", "fasinh": "TMA"}.get(kind, "TWMA")
        self._only(one, *wanted, space=_TRANSFORMS)
        given = {letter: self._number(one, _TRANSFORMS, letter, identity) for letter in wanted}
        missing = [letter for letter, value in given.items() if value is None]
        if missing:
            raise self._unreadable(f"transformation {identity!r} ({kind}) lacks {missing[0]}")
        known = {letter: value for letter, value in given.items() if value is not None}
        transformation = Transformation(
            identity,
            kind,
            known["T"],
            known.get("M", 0.0),
            known.get("W", 0.0),
            known.get("A", 0.0),
            self._number(element, _TRANSFORMS, "boundMin", identity),
            self._number(element, _TRANSFORMS, "boundMax", identity),
        )
        check_transformation(transformation, self.name)
        self.transformations[identity] = transformation

    def _ratio(self, element: Element, identity: str) -> Ratio:
        names = [child.get(f"{_DATA}name", "") for child in _children(element)]
        numbers = [self._number(element, _TRANSFORMS, key, identity) for key in "ABC"]
        a, b, c = numbers
        if len(names) != 2 or a is None or b is None or c is None:
            raise self._unreadable(f"fratio {identity!r} needs two parameters, A, B and C")
        return Ratio(identity, names[0], names[1], a, b, c)

    def _matrix(self, element: Element) -> None:
        self._only(element, "id", "name", "matrix-inverted-already", space=_TRANSFORMS)
        identity = self._id(element, _TRANSFORMS)
        names: dict[str, list[str]] = {"fluorochromes": [], "detectors": []}
        rows = []
        for part in _children(element):
            if _local(part) in names:
                names[_local(part)] = [child.get(f"{_DATA}name", "") for child in _children(part)]
            else:
                rows.append(
                    [self._value(child, identity, _TRANSFORMS) for child in _children(part)]
                )
        fluorochromes, detectors = names["fluorochromes"], names["detectors"]
        inverted = element.get(f"{_TRANSFORMS}matrix-inverted-already") in ("true", "1")
        repeated = any(len(set(group)) != len(group) for group in names.values())
        fits = [len(row) for row in rows] == [len(detectors)] * len(fluorochromes)
        square = len(fluorochromes) == len(detectors)
        if not rows or repeated or not fits or (inverted and not square) or identity == "FCS":
            raise DocumentError(
                f"{self.name}: the spectrum matrix {identity!r} does not have one spectrum for "
                "each fluorochrome with one coefficient for each detector",
                slug="compensation-unusable",
            )
        self.matrices[identity] = Spillover(
            identity, tuple(fluorochromes), tuple(detectors), np.array(rows), inverted
        )

    def _parts(self, element: Element, gate: str, *allowed: str) -> list[Element]:
        parts = list(_children(element))
        for part in parts:
            if part.tag not in {f"{_GATING}{local}" for local in allowed}:
                raise DocumentError(
                    f"{self.name}: gate {gate!r} holds {_local(part)!r}, which is not read; "
                    f"expected {', '.join(allowed)}",
                    slug="gate-unsupported",
                )
        return parts

    def _only(self, element: Element, *allowed: str, space: str = _GATING) -> None:
        """Refuse an attribute that might change what is meant."""
        for key in element.attrib:
            if key.startswith(space) and key.removeprefix(space) not in allowed:
                raise DocumentError(
                    f"{self.name}: {_local(element)} has the attribute "
                    f"{key.removeprefix(space)!r}, which is not read",
                    slug="gate-unsupported",
                )

    def _coordinates(self, element: Element, gate: str) -> list[float]:
        return [self._value(child, gate) for child in _children(element)]

    def _value(self, element: Element, gate: str, space: str = _DATA) -> float:
        return self._parse(element.get(f"{space}value"), gate)

    def _number(self, element: Element, space: str, key: str, gate: str) -> float | None:
        text = element.get(f"{space}{key}")
        return None if text is None else self._parse(text, gate)

    def _parse(self, text: str | None, gate: str) -> float:
        try:
            value = float(text or "")
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self._unreadable(f"{gate!r} holds {text!r} where a number is expected")
        return value

    def _unreadable(self, problem: str) -> DocumentError:
        return DocumentError(f"{self.name}: {problem}", slug="strategy-unreadable")


def _children(element: Element) -> Iterator[Element]:
    """Go through the children but for comments and what a program adds for itself."""
    return (
        child
        for child in element
        if isinstance(child.tag, str) and child.tag != f"{_DATA}custom_info"
    )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _positive(matrix: npt.NDArray[np.float64]) -> bool:
    return bool((np.linalg.eigvalsh(matrix) > 0).all())
