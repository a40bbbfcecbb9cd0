"""The parameters of a FlowJo sample: which are compensated, with what, and how they are drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qcvalidate.cytometry.compensation import Spillover
from qcvalidate.cytometry.elements import DATA, TRANSFORMS, local
from qcvalidate.cytometry.gates import UNCOMPENSATED, Axis
from qcvalidate.cytometry.gatingml_scales import ARGUMENTS, parse_number
from qcvalidate.cytometry.transforms import Transformation, check_transformation
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Bins of a plot in FlowJo's display space, where it keeps ellipses.
DISPLAY = 256.0


@dataclass(frozen=True)
class Scale:
    """How one parameter is drawn: from `low` to `high` in straight lines, or transformed."""

    low: float
    high: float
    transformation: Transformation | None = None


@dataclass(eq=False)
class Parameters:
    """What a workspace says of one sample's parameters; asked for one at a time.

    `notes` gathers what is to be known about the gates on them.
    """

    sample: Element
    name: str
    notes: list[str] = field(default_factory=list)

    def axis(self, written: str) -> Axis:
        """Give what is measured along a dimension, without its transformation."""
        for element in self._matrices:
            # Without either, compensated and bare values go by one name.
            if not element.get("prefix", "") + element.get("suffix", ""):
                raise self._unknown("belongs to a sample whose compensation has no prefix")
        # FlowJo lists what it compensated among the file's own parameters, so ask for that first.
        for element in self._matrices:
            prefix, suffix = element.get("prefix", ""), element.get("suffix", "")
            bare = written.removeprefix(prefix).removesuffix(suffix)
            if f"{prefix}{bare}{suffix}" != written:
                continue
            matrix = self.matrix
            if matrix is None:
                raise self._unknown(
                    f"lies on {written!r}, and the sample has {len(self._matrices)} compensations"
                )
            if bare in matrix.names:
                for detector in matrix.detectors:
                    if self.factor(detector) != 1.0:
                        raise self._unknown(f"is compensated for {detector!r}, a time")
                return Axis(bare, matrix.id)
        if written in self._stored or not (self._stored or self._matrices):
            self.factor(written)
            return Axis(written)
        raise self._unknown(
            f"lies on {written!r}, which is neither a parameter of the sample nor one of its "
            "compensation (a derived parameter is not read)"
        )

    def scale(self, written: str, axis: Axis) -> Scale:
        """Give how a dimension is drawn."""
        element = self._scales.get(written)
        if element is None:
            element = self._scales.get(axis.name)
        if element is None:
            raise self._unknown(f"lies on {written!r}, for which the sample has no scale")
        kind = local(element.tag)
        if kind == "linear":
            low = self._number(element, "minRange", written)
            high = self._number(element, "maxRange", written)
            if not low < high:
                raise self._unknown(f"lies on {written!r}, whose scale runs from {low} to {high}")
            factor = self.factor(axis.name) if axis.compensation == UNCOMPENSATED else 1.0
            return Scale(low * factor, high * factor)
        if kind not in ("biex", "log", "logicle", "fasinh", "hyperlog"):
            raise self._unknown(
                f"is drawn on the scale {kind!r} of {written!r}, which is not read; choose "
                "biexponential, logicle, logarithmic, arcsinh or linear in FlowJo"
            )
        if kind == "biex" and self._number(element, "length", written) != DISPLAY:
            raise self._unknown(f"is drawn on a biexponential of another length than {DISPLAY:g}")
        if axis.compensation == UNCOMPENSATED and self.factor(axis.name) != 1.0:
            raise self._unknown(f"is drawn on {written!r}, a time, with the scale {kind!r}")
        known = {
            letter: self._number(element, word, written) for letter, word in ARGUMENTS[kind].items()
        }
        if kind == "log":
            known["T"] = known["W"] * 10.0 ** min(known["M"], 100.0)
        transformation = Transformation(
            f"{kind} of {written}",
            kind,
            known["T"],
            known.get("M", 0.0),
            known.get("W", 0.0),
            known.get("A", 0.0),
        )
        check_transformation(transformation, self.name)
        return Scale(0.0, 1.0, transformation)

    def factor(self, parameter: str) -> float:
        """Give what FlowJo's values of a stored parameter are multiplied with to be scale values.

        Raises `DocumentError` where it is not known how FlowJo's values come about.
        """
        whole = self._keywords.get("$DATATYPE", "F").upper() == "I"
        step = self._keywords.get("$TIMESTEP", "")
        if parameter.casefold() == "time" and step:
            # FlowJo gates seconds; its `gain` only fits the plot. Floats are stored in steps.
            seconds = parse_number(step, parameter, self.name)
            if seconds <= 0:
                raise self._unknown(f"lies on {parameter!r}, and $TIMESTEP is {step!r}")
            return 1.0 if whole else 1.0 / seconds
        scale = self._scales.get(parameter)
        shown = 1.0
        if scale is not None and local(scale.tag) == "linear" and "gain" in scale.attrib:
            shown = parse_number(scale.get("gain"), parameter, self.name)
        gain = self._keywords.get(f"$P{self._stored.get(parameter)}G", "") or "1"
        amplified = parse_number(gain, parameter, self.name) if whole else 1.0
        if shown != 1.0 or amplified != 1.0:
            raise self._unknown(
                f"needs {parameter!r}, which has a gain of {amplified:g} in the file and is shown "
                f"with {shown:g}; how FlowJo gates such a parameter is not known"
            )
        return 1.0

    @cached_property
    def matrix(self) -> Spillover | None:
        """The sample's compensation, by name; None where there is none, or several."""
        if len(self._matrices) != 1:
            return None
        element = self._matrices[0]
        spectral = element.get("spectral") == "1"
        algorithm = element.get("weightOptAlgorithmType", "OLS")
        if spectral and algorithm != "OLS":
            raise self._unknown(
                f"is unmixed by {algorithm!r}, which is not read; expected ordinary least squares"
            )
        rows: dict[str, dict[str, float]] = {}
        for row in element.iterfind(f"{TRANSFORMS}spillover"):
            name = row.get(f"{DATA}parameter", "")
            values = {
                one.get(f"{DATA}parameter", ""): parse_number(
                    one.get(f"{TRANSFORMS}value"), name, self.name
                )
                for one in row.iterfind(f"{TRANSFORMS}coefficient")
            }
            if name in rows or len(values) != len(row.findall(f"{TRANSFORMS}coefficient")):
                raise self._unknown(f"is compensated by a matrix that names {name!r} twice")
            rows[name] = values
        detectors = tuple(next(iter(rows.values()), ()))
        whole = all(set(values) == set(detectors) for values in rows.values())
        if not rows or not whole or (not spectral and set(rows) != set(detectors)):
            raise self._unknown("is compensated by a matrix that lacks rows or coefficients")
        names = tuple(rows) if spectral else detectors
        numbers = np.array([[rows[row][column] for column in detectors] for row in names])
        label = element.get("name", "").strip() or "compensation"
        return Spillover(f"FlowJo: {label}", names, detectors, numbers)

    @cached_property
    def _matrices(self) -> list[Element]:
        return self.sample.findall(f"{TRANSFORMS}spilloverMatrix")

    @cached_property
    def _keywords(self) -> dict[str, str]:
        return {
            one.get("name", "").upper(): one.get("value", "").strip()
            for one in self.sample.iterfind("./Keywords/Keyword")
        }

    @cached_property
    def _stored(self) -> dict[str, str]:
        """The parameters that the file itself has, each with its number."""
        return {
            value: key[2:-1]
            for key, value in self._keywords.items()
            if re.fullmatch(r"\$P[0-9]+N", key)
        }

    @cached_property
    def _scales(self) -> dict[str, Element]:
        return {
            parameter.get(f"{DATA}name", ""): element
            for element in self.sample.iterfind("./Transformations/*")
            for parameter in element.iterfind(f"{DATA}parameter")
        }

    def _number(self, element: Element, word: str, written: str) -> float:
        return parse_number(element.get(f"{TRANSFORMS}{word}"), written, self.name)

    def _unknown(self, problem: str) -> DocumentError:
        return DocumentError(f"{self.name}: {problem}", slug="gate-unsupported")
