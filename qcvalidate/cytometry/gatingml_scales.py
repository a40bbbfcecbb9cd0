"""Reads the scales of Gating-ML 2.0: transformations, ratios of parameters, spectrum matrices."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.elements import CUSTOM_INFO, DATA, OURS, TRANSFORMS, local
from qcvalidate.cytometry.gates import CHANNELS, FILE_COMPENSATION, UNCOMPENSATED
from qcvalidate.cytometry.transforms import (
    FLOWJO_KINDS,
    TRANSFORMATIONS,
    Ratio,
    Transformation,
    check_transformation,
)
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What each transformation calls its T, W, M and A.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "flin": {"T": "T", "A": "A"},
    "flog": {"T": "T", "M": "M"},
    "fasinh": {"T": "T", "M": "M", "A": "A"},
    "logicle": {"T": "T", "W": "W", "M": "M", "A": "A"},
    "hyperlog": {"T": "T", "W": "W", "M": "M", "A": "A"},
    "biex": {"T": "maxRange", "M": "pos", "A": "neg", "W": "width"},
    "log": {"W": "offset", "M": "decades"},
}
# What a dimension names for no matrix of the file.
_TAKEN = (UNCOMPENSATED, FILE_COMPENSATION, CHANNELS)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
# A limit beyond what any instrument counts is a slip, and its squares would overflow.
_LARGEST = 1e30


@dataclass(eq=False)
class Scales:
    """What a file's gates are measured on, each by its id."""

    transformations: dict[str, Transformation] = field(default_factory=dict)
    ratios: dict[str, Ratio] = field(default_factory=dict)
    matrices: dict[str, Spillover] = field(default_factory=dict)

    def read_transformation(self, element: Element, identity: str, name: str) -> None:
        """Keep one transformation or ratio; `DocumentError` names one that is not known."""
        parts = list(children(element))
        kind = local(parts[0].tag) if len(parts) == 1 else f"{len(parts)} functions"
        if kind == "fratio":
            self.ratios[identity] = replace(
                self._ratio(parts[0], identity, name),
                bound_min=read_number(element, f"{TRANSFORMS}boundMin", identity, name),
                bound_max=read_number(element, f"{TRANSFORMS}boundMax", identity, name),
            )
            return
        flowjo = kind in FLOWJO_KINDS and parts[0].tag.startswith(OURS)
        if kind not in TRANSFORMATIONS and not flowjo:
            raise DocumentError(
                f"{name}: the transformation {identity!r} is {kind!r}, which is not read; "
                f"expected one of {', '.join(TRANSFORMATIONS)}, fratio",
                slug="gate-unsupported",
            )
        one = parts[0]
        space = OURS if flowjo else TRANSFORMS
        known = {}
        for letter, word in ARGUMENTS[kind].items():
            value = read_number(one, space + word, identity, name)
            if value is None:
                raise _unreadable(name, f"transformation {identity!r} ({kind}) lacks {word}")
            known[letter] = value
        if kind == "log":
            known["T"] = known["W"] * 10.0 ** min(known["M"], 100.0)
        transformation = Transformation(
            identity,
            kind,
            known["T"],
            known.get("M", 0.0),
            known.get("W", 0.0),
            known.get("A", 0.0),
            read_number(element, f"{TRANSFORMS}boundMin", identity, name),
            read_number(element, f"{TRANSFORMS}boundMax", identity, name),
        )
        check_transformation(transformation, name)
        self.transformations[identity] = transformation

    def _ratio(self, element: Element, identity: str, name: str) -> Ratio:
        names = [child.get(f"{DATA}name", "") for child in children(element)]
        numbers = [read_number(element, f"{TRANSFORMS}{key}", identity, name) for key in "ABC"]
        a, b, c = numbers
        if len(names) != 2 or a is None or b is None or c is None:
            raise _unreadable(name, f"fratio {identity!r} needs two parameters, A, B and C")
        return Ratio(identity, names[0], names[1], a, b, c)

    def read_matrix(self, element: Element, identity: str, name: str) -> None:
        """Keep one spectrum matrix."""
        names: dict[str, list[str]] = {"fluorochromes": [], "detectors": []}
        rows = []
        for part in children(element):
            if local(part.tag) in names:
                names[local(part.tag)] = [child.get(f"{DATA}name", "") for child in children(part)]
            else:
                rows.append(
                    [
                        parse_number(child.get(f"{TRANSFORMS}value"), identity, name)
                        for child in children(part)
                    ]
                )
        fluorochromes, detectors = names["fluorochromes"], names["detectors"]
        inverted = read_flag(element, f"{TRANSFORMS}matrix-inverted-already", identity, name)
        repeated = any(len(set(group)) != len(group) for group in names.values())
        fits = [len(row) for row in rows] == [len(detectors)] * len(fluorochromes)
        square = len(fluorochromes) == len(detectors)
        if not rows or repeated or not fits or (inverted and not square) or identity in _TAKEN:
            raise DocumentError(
                f"{name}: the spectrum matrix {identity!r} does not have one spectrum for "
                "each fluorochrome with one coefficient for each detector",
                slug="compensation-unusable",
            )
        self.matrices[identity] = Spillover(
            identity, tuple(fluorochromes), tuple(detectors), np.array(rows), inverted
        )


def parse_number(text: str | None, gate: str, name: str) -> float:
    """Read a number of a gate; `DocumentError` where there is none."""
    # float() alone reads "0_0" and digits of other scripts.
    value = float(text) if text and _NUMBER.fullmatch(text.strip()) else math.nan
    if not abs(value) <= _LARGEST:
        raise DocumentError(
            f"{name}: {gate!r} holds {text!r} where a number is expected",
            slug="strategy-unreadable",
        )
    return value


def read_number(element: Element, key: str, owner: str, name: str) -> float | None:
    """Read an attribute's number; None where there is none."""
    text = element.get(key)
    return None if text is None else parse_number(text, owner, name)


def read_flag(element: Element, key: str, owner: str, name: str) -> bool:
    """Read a truth; false where there is none."""
    text = element.get(key, "false").strip()
    if text not in ("true", "false", "1", "0"):
        raise _unreadable(name, f"{owner!r} has {local(key)}={text!r}; expected true or false")
    return text in ("true", "1")


def children(element: Element) -> list[Element]:
    """Give the children but for comments and what a program adds for itself."""
    return [child for child in element if isinstance(child.tag, str) and child.tag != CUSTOM_INFO]


def _unreadable(name: str, problem: str) -> DocumentError:
    return DocumentError(f"{name}: {problem}", slug="strategy-unreadable")
