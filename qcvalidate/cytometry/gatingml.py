"""Reads the gates, transformations and spectrum matrices of Gating-ML 2.0.

See Spidlen et al., Gating-ML 2.0: International Society for Advancement of Cytometry standard,
Cytometry A 87A:683-687, 2015. A gate or transformation that is not known is named and refused,
never left out in silence; a slip in the writing refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.elements import (
    CUSTOM_INFO,
    DATA,
    GATING,
    OURS,
    TRANSFORMS,
    local,
    refuse_undefined,
)
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
from qcvalidate.cytometry.gatingml_scales import Scales, children, parse_number, read_flag
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ROOT = f"{GATING}Gating-ML"

_T = TypeVar("_T")


@dataclass(frozen=True)
class Reading:
    """What a file of gates holds: gates in its order, spectrum matrices by id.

    `refused` says of each gate that is not known why; `notes` what else was passed by.
    """

    gates: list[Gate]
    matrices: dict[str, Spillover] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_gating_ml(root: Element, name: str) -> Reading:
    """Read the gates and spectrum matrices.

    Raises `DocumentError` for what makes no sense, and for what is not known where it has no id
    to be named by.
    """
    refuse_undefined(root, name, below=False)
    reader = _Reader(name)
    gates = reader.read(root)
    if not gates and not reader.refused and reader.unread:
        raise DocumentError(
            f"{name}: {next(iter(reader.unread.values()))}", slug="gate-unsupported"
        )
    unread = tuple(reader.unread.values())
    return Reading(gates, reader.scales.matrices, reader.refused, (*unread, *_notes(root)))


def _notes(root: Element) -> tuple[str, ...]:
    theirs = [
        part
        for info in root.iter(CUSTOM_INFO)
        for part in (list(info) or [info])
        if not str(part.tag).startswith(OURS)
    ]
    if not theirs:
        return ()
    return (f"holds custom_info of another program in {len(theirs)} places, which was not read",)


@dataclass
class _Reader:
    """What was met so far; Gating-ML lets a gate come before the things that it refers to."""

    name: str
    scales: Scales = field(default_factory=Scales)
    unread: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def read(self, root: Element) -> list[Gate]:
        waiting = []
        for element in children(root):
            if element.tag == f"{TRANSFORMS}transformation":
                self._unless_unknown(element, self._transformation)
            elif element.tag == f"{TRANSFORMS}spectrumMatrix":
                self._unless_unknown(element, self._matrix)
            else:
                waiting.append(element)
        gates: list[Gate] = []
        for element in waiting:
            gates += self._unless_unknown(element, self._gate) or ()
        return gates

    def _unless_unknown(self, element: Element, read: Callable[[Element], _T]) -> _T | None:
        """Read one part of the file; keep the names of what it would have defined if unknown."""
        before = frozenset(self.seen)
        try:
            refuse_undefined(element, self.name)
            return read(element)
        except DocumentError as error:
            names = [
                part.get(f"{space}id", "").strip()
                for part in element.iter()
                for space in (GATING, TRANSFORMS)
                if part.tag != f"{GATING}divider" and f"{space}id" in part.attrib
            ]
            if error.slug != "gate-unsupported" or not any(names):
                raise
            twice = [one for one in names if one in before or names.count(one) > 1]
            if twice:
                raise self._unreadable(f"two things have the id {twice[0]!r}") from error
            self.seen.update(names)
            reason = str(error).removeprefix(f"{self.name}: ")
            known = self.unread if element.tag.startswith(TRANSFORMS) else self.refused
            known.update(dict.fromkeys(names, reason))
            return None

    def _gate(self, element: Element) -> list[Gate]:
        kinds = {
            f"{GATING}RectangleGate": self._rectangle,
            f"{GATING}PolygonGate": self._polygon,
            f"{GATING}EllipsoidGate": self._ellipsoid,
            f"{GATING}QuadrantGate": self._quadrants,
            f"{GATING}BooleanGate": self._boolean,
        }
        if element.tag not in kinds:
            # Known, but not at the root.
            raise self._unreadable(f"{local(element.tag)!r} stands where a gate is expected")
        return kinds[element.tag](element)

    def _identity(self, element: Element) -> tuple[str, str | None]:
        return self._id(element, GATING), element.get(f"{GATING}parent_id")

    def _id(self, element: Element, space: str) -> str:
        identity = element.get(f"{space}id", "").strip()
        if not identity or identity in self.seen:
            problem = f"two things have the id {identity!r}" if identity else "an id is missing"
            raise self._unreadable(f"{problem} ({local(element.tag)})")
        self.seen.add(identity)
        return identity

    def _rectangle(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        ranges = []
        for part in children(element):
            low = self._number(part, GATING, "min", identity)
            high = self._number(part, GATING, "max", identity)
            if low is None and high is None:
                raise self._unreadable(f"gate {identity!r} has a dimension without min and max")
            if low is not None and high is not None and high < low:
                raise self._unreadable(f"gate {identity!r} has a max below its min")
            ranges.append(Range(self._axis(part, identity), low, high))
        if not ranges:
            raise self._unreadable(f"gate {identity!r} has no dimension")
        return [RectangleGate(identity, parent, tuple(ranges))]

    def _polygon(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = children(element)
        axes = [self._axis(part, identity) for part in parts if local(part.tag) == "dimension"]
        corners = [
            self._coordinates(part, identity) for part in parts if local(part.tag) == "vertex"
        ]
        if len(axes) != 2 or len(corners) < 3 or any(len(corner) != 2 for corner in corners):
            raise self._unreadable(
                f"polygon {identity!r} has {len(axes)} dimensions and {len(corners)} vertices; "
                "expected 2 dimensions and at least 3 vertices of 2 coordinates"
            )
        vertices = tuple((x, y) for x, y in corners)
        return [PolygonGate(identity, parent, tuple(axes), vertices)]

    def _ellipsoid(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = children(element)
        axes = [self._axis(part, identity) for part in parts if local(part.tag) == "dimension"]
        found = {local(part.tag): part for part in parts}
        if len(found) != 4 or len(parts) != len(axes) + 3 or len(axes) < 2:
            raise self._unreadable(
                f"ellipsoid {identity!r} needs at least 2 dimensions, one mean, one "
                "covarianceMatrix and one distanceSquare"
            )
        mean = self._coordinates(found["mean"], identity)
        rows = [
            [self._value(entry, identity) for entry in children(row)]
            for row in children(found["covarianceMatrix"])
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
        parts = children(element)
        dividers: dict[str, tuple[Axis, list[float]]] = {}
        for part in parts:
            if local(part.tag) == "divider":
                key = part.get(f"{GATING}id", "")
                if not key or key in dividers:
                    raise self._unreadable(f"quadrant gate {identity!r} repeats a divider's id")
                values = [
                    self._parse(child.text, identity)
                    for child in children(part)
                    if child.tag == f"{GATING}value"
                ]
                if not values or values != sorted(values):
                    raise self._unreadable(f"divider {key!r} of {identity!r} has no rising values")
                dividers[key] = (self._axis(part, identity), values)
        gates: list[Gate] = []
        for part in parts:
            if local(part.tag) == "Quadrant":
                quadrant = self._id(part, GATING)
                ranges = tuple(self._positions(part, quadrant, dividers))
                gates.append(RectangleGate(quadrant, parent, ranges, quadrant_of=identity))
        if not gates:
            raise self._unreadable(f"quadrant gate {identity!r} has no quadrant")
        return gates

    def _positions(
        self, element: Element, quadrant: str, dividers: Mapping[str, tuple[Axis, list[float]]]
    ) -> Iterator[Range]:
        positions = children(element)
        referred = [position.get(f"{GATING}divider_ref", "") for position in positions]
        if not positions or len(set(referred)) != len(referred):
            raise self._unreadable(f"quadrant {quadrant!r} needs one position for each divider")
        for position, key in zip(positions, referred, strict=True):
            if key not in dividers:
                raise self._unreadable(f"quadrant {quadrant!r} names an unknown divider {key!r}")
            axis, values = dividers[key]
            location = self._number(position, GATING, "location", quadrant)
            if location is None:
                raise self._unreadable(f"quadrant {quadrant!r} has a position without location")
            above = [value for value in values if value > location]
            below = [value for value in values if value <= location]
            yield Range(axis, below[-1] if below else None, above[0] if above else None)

    def _boolean(self, element: Element) -> list[Gate]:
        identity, parent = self._identity(element)
        parts = children(element)
        if len(parts) != 1:
            raise self._unreadable(f"boolean gate {identity!r} needs one of and, or, not")
        operator = local(parts[0].tag)
        references = []
        for part in children(parts[0]):
            complement = read_flag(part, f"{GATING}use-as-complement", identity, self.name)
            references.append(Reference(part.get(f"{GATING}ref", ""), complement))
        if len(references) != 1 if operator == "not" else len(references) < 2:
            raise self._unreadable(
                f"boolean gate {identity!r} is the {operator} of {len(references)} gates"
            )
        return [BooleanGate(identity, parent, operator, tuple(references))]

    def _axis(self, part: Element, gate: str) -> Axis:
        compensation = part.get(f"{GATING}compensation-ref", "").strip()
        if compensation not in (UNCOMPENSATED, FILE_COMPENSATION, *self.scales.matrices):
            raise self._unreadable(f"gate {gate!r} names an unknown compensation {compensation!r}")
        reference = part.get(f"{GATING}transformation-ref")
        transformation = None
        if reference is not None:
            transformation = self.scales.transformations.get(reference)
            if transformation is None:
                why = self.unread.get(reference, "which the file does not define")
                raise DocumentError(
                    f"{self.name}: gate {gate!r} names the transformation {reference!r}: {why}",
                    slug="gate-unsupported",
                )
        named = [child for child in children(part) if child.tag != f"{GATING}value"]
        if len(named) != 1:
            raise self._unreadable(f"gate {gate!r} has a dimension of {len(named)} parameters")
        child = named[0]
        if child.tag == f"{DATA}fcs-dimension":
            return Axis(child.get(f"{DATA}name", "").strip(), compensation, transformation)
        ratio = self.scales.ratios.get(child.get(f"{DATA}transformation-ref", ""))
        if ratio is None:
            raise DocumentError(
                f"{self.name}: gate {gate!r} has a new dimension that is no fratio of this file",
                slug="gate-unsupported",
            )
        return Axis(ratio.id, compensation, transformation, ratio)

    def _transformation(self, element: Element) -> None:
        self.scales.read_transformation(element, self._id(element, TRANSFORMS), self.name)

    def _matrix(self, element: Element) -> None:
        self.scales.read_matrix(element, self._id(element, TRANSFORMS), self.name)

    def _coordinates(self, element: Element, gate: str) -> list[float]:
        return [self._value(child, gate) for child in children(element)]

    def _value(self, element: Element, gate: str, space: str = DATA) -> float:
        return self._parse(element.get(f"{space}value"), gate)

    def _number(self, element: Element, space: str, key: str, gate: str) -> float | None:
        text = element.get(f"{space}{key}")
        return None if text is None else self._parse(text, gate)

    def _parse(self, text: str | None, gate: str) -> float:
        return parse_number(text, gate, self.name)

    def _unreadable(self, problem: str) -> DocumentError:
        return DocumentError(f"{self.name}: {problem}", slug="strategy-unreadable")


def _positive(matrix: npt.NDArray[np.float64]) -> bool:
    return bool((np.linalg.eigvalsh(matrix) > 0).all())
