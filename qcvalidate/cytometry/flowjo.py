"""Reads the gates of FlowJo 10 workspaces, so that they can be frozen as a strategy.

FlowJo keeps gates in scale values and draws them on the sample's axes: a rectangle holds what it
holds on any scale and is taken as it stands, while the edges of polygons and ellipses are straight
and round on the axes. It counts polygons and ellipses in bins of its plot (`gateResolution`), which
we do not; its counts agree within 0.5 %. What is not known is named and refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qcvalidate.cytometry.elements import local
from qcvalidate.cytometry.flowjo_parameters import Parameters
from qcvalidate.cytometry.flowjo_shapes import read_shape
from qcvalidate.cytometry.gates import UNCOMPENSATED, BooleanGate, Gate, Reference
from qcvalidate.cytometry.gatingml import Reading
from qcvalidate.cytometry.identities import Path, identities
from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WORKSPACE = "Workspace"

_BOOLEAN = {"AndNode": "and", "OrNode": "or", "NotNode": "not"}
# What stands beside populations and holds no events.
_BESIDE = ("Statistic",)


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample of a workspace, with the groups that it belongs to."""

    id: str
    name: str
    groups: tuple[str, ...]
    element: Element = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Node:
    """A population: the names from the root to its own; `count` is FlowJo's own, -1 if never."""

    path: Path
    element: Element = field(repr=False)

    @property
    def kind(self) -> str:
        return local(str(self.element.tag))


def samples(root: Element, name: str) -> list[Sample]:
    """Give the samples of a workspace, in its order; `DocumentError` when there is none."""
    groups: dict[str, list[str]] = {}
    for group in root.iterfind("./Groups/GroupNode/Group"):
        for reference in group.iterfind("./SampleRefs/SampleRef"):
            groups.setdefault(reference.get("sampleID", ""), []).append(group.get("name", ""))
    found = []
    for element in root.iterfind("./SampleList/Sample"):
        node = element.find("SampleNode")
        if node is None:
            continue
        identity = node.get("sampleID", "")
        belongs = tuple(groups.get(identity, ()))
        found.append(Sample(identity, node.get("name", ""), belongs, element))
    if not found:
        raise DocumentError(
            f"{name}: is a FlowJo workspace without a sample", slug="strategy-unreadable"
        )
    return found


def read_sample(sample: Sample, name: str) -> Reading:
    """Read the gates of one sample, each on its own axes, with the sample's compensation.

    A population goes by its name, or by its path where another one has that name.
    """
    return _Reader(sample, name).read()


def own_counts(sample: Sample, name: str) -> dict[str, int]:
    """Give FlowJo's own count of each population that it has counted."""
    reader = _Reader(sample, name)
    counts = {
        identity: node.element.get("count", "-1") for node, identity in reader.identities.items()
    }
    return {
        identity: int(count)
        for identity, count in counts.items()
        if count.isascii() and count.isdigit()
    }


@dataclass(eq=False)
class _Reader:
    sample: Sample
    name: str
    refused: dict[str, str] = field(default_factory=dict)

    def read(self) -> Reading:
        gates: list[Gate] = []
        for node, identity in self.identities.items():
            try:
                gates += self._gates(node, identity)
            except DocumentError as fault:
                self.refused[identity] = str(fault).removeprefix(f"{self.name}: ")
        used = {axis.compensation for gate in gates for axis in gate.axes} - {UNCOMPENSATED}
        # A damaged matrix refuses the gates that need it, and no others.
        matrix = self.parameters.matrix if used else None
        matrices = {matrix.id: matrix} if matrix else {}
        return Reading(gates, matrices, self.refused, tuple(self.parameters.notes))

    @cached_property
    def parameters(self) -> Parameters:
        return Parameters(self.sample.element, self.name)

    @cached_property
    def identities(self) -> dict[_Node, str]:
        """Give each population its id; those that share even their path are refused."""
        nodes = list(self._nodes())
        found, refused = identities([node.path for node in nodes])
        self.refused |= refused
        return {node: found[node.path] for node in nodes if node.path in found}

    def _nodes(self) -> Iterator[_Node]:
        """Give every population, each before those that stand on it."""
        root = self.sample.element.find("SampleNode")
        waiting = [] if root is None else self._below(root, ())
        while waiting:
            node = waiting.pop()
            yield node
            waiting += self._below(node.element, node.path)

    def _below(self, above: Element, path: Path) -> list[_Node]:
        found = [
            _Node((*path, element.get("name", "")), element)
            for element in above.iterfind("./Subpopulations/*")
            if element.tag not in _BESIDE
        ]
        return found[::-1]

    def _gates(self, node: _Node, identity: str) -> list[Gate]:
        parent = self._identity_of(node.path[:-1], node) if len(node.path) > 1 else None
        if node.kind in _BOOLEAN:
            references = tuple(
                Reference(self._dependent(one.get("name", "")))
                for one in node.element.iterfind("./Dependents/Dependent")
            )
            operator = _BOOLEAN[node.kind]
            if len(references) != 1 if operator == "not" else len(references) < 2:
                raise self._unknown(f"is the {operator} of {len(references)} populations")
            return [BooleanGate(identity, parent, operator, references)]
        if node.kind != "Population":
            raise self._unknown(f"is a {node.kind} of FlowJo, which is not read")
        shapes = [shape for gate in node.element.iterfind("./Gate") for shape in gate]
        if len(shapes) != 1:
            raise self._unknown(f"has {len(shapes)} gates; expected one")
        shape = shapes[0]
        inside = shape.get("eventsInside", "1")
        if inside not in ("0", "1"):
            raise self._unknown(f"has eventsInside={inside!r}; expected 0 or 1")
        if inside == "1":
            return [read_shape(shape, identity, parent, self.parameters)]
        drawn = f"{identity} (as drawn)"
        if drawn in self.identities.values():
            raise self._unknown(f"is what lies outside its gate, and {drawn!r} is taken")
        return [
            read_shape(shape, drawn, parent, self.parameters),
            BooleanGate(identity, parent, "not", (Reference(drawn),)),
        ]

    def _identity_of(self, path: tuple[str, ...], child: _Node) -> str:
        for node, identity in self.identities.items():
            if node.path == path:
                return identity
        raise self._unknown(f"stands on {'/'.join(child.path[:-1])!r}, which is refused")

    def _dependent(self, path: str) -> str:
        """Find the population that a boolean node names; FlowJo writes a / in a name as _."""
        wanted = path.removeprefix("/")
        fitting = {
            identity
            for node, identity in self.identities.items()
            if wanted in ("/".join(node.path), "/".join(one.replace("/", "_") for one in node.path))
        }
        if len(fitting) != 1:
            problem = "is not there" if not fitting else "could be several"
            raise self._unknown(f"combines {path!r}, which {problem}")
        return fitting.pop()

    def _unknown(self, problem: str) -> DocumentError:
        return DocumentError(f"{self.name}: {problem}", slug="gate-unsupported")
