"""Holds a strategy's gates against the sequence that a specification asks for.

A share of another parent is another number: 95 % of all events are not 95 % of the living cells,
and a CD34+ gate that does not stand on CD45+ is not the one of ISHAGE.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from qcvalidate.cytometry.gates import Axis, BooleanGate
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.dyes import dye_in
from qcvalidate.record import Finding, Place, Severity

Path = tuple[str, ...]

_NO_STAIN = re.compile(r"(?:FSC|SSC|FS|SS|TIME|WIDTH)(?![a-z0-9])", re.IGNORECASE)


def sequence_findings(
    listmode: ListModeFile, strategy: GatingStrategy, wanted: Mapping[str, Path]
) -> Iterator[Finding]:
    """Find gates that a test asks for by a path, and that stand on other parents or were not read.

    `wanted` maps each test to the path of its population. A gate that stands where another test
    asks for one of its name is that one.
    """
    asked = {path[:end] for path in wanted.values() for end in range(1, len(path) + 1)}
    for test, path in wanted.items():
        gate = path[-1]
        place = Place(listmode.name, region=f"gate {gate}")
        if gate in strategy.refused and gate not in strategy.gates:
            # A test that is judged only when reported would else pass for one that was not done.
            message = (
                f"{listmode.name}: {test} asks for {'/'.join(path)}, which {strategy.id} has and "
                f"which could not be read: {strategy.refused[gate]}"
            )
            yield Finding("population-missing", Severity.HOLD, message, place)
        if gate not in strategy.gates or strategy.path(gate) in asked:
            continue
        there = "/".join(strategy.path(gate)[:-1]) or "all events"
        message = (
            f"{listmode.name}: {test} asks for {gate} in {'/'.join(path[:-1]) or 'all events'}, "
            f"and in {strategy.id} it stands on {there}; a share of another parent is another "
            "number"
        )
        yield Finding("population-elsewhere", Severity.HOLD, message, place)


def antigen_findings(
    listmode: ListModeFile, strategy: GatingStrategy, counted: Mapping[str, Path]
) -> Iterator[Finding]:
    """Find counts of cells with an antigen, or of living cells, that no gate tells apart."""
    for test, path in counted.items():
        seen = [text for gate in path for text in _stains(listmode, strategy, gate)]
        if test.startswith("viable") and all(_NO_STAIN.match(text) for text in seen):
            message = (
                f"{listmode.name}: {'/'.join(path)} of {strategy.id} answers {test}, and its gates "
                f"lie on {', '.join(seen)} alone; scatter does not tell the living cells"
            )
            place = Place(listmode.name, region=f"gate {'/'.join(path)}")
            yield Finding("marker-mismatch", Severity.HOLD, message, place)
        antigen = re.search(r"(?<![a-z0-9])cd[0-9]+[a-z]?(?=_)", test.replace("viable_", ""))
        if antigen is None:
            continue
        if not any(_names(antigen[0], text) for text in seen):
            message = (
                f"{listmode.name}: {'/'.join(path)} of {strategy.id} answers {test}, and none of "
                f"its gates lies on {antigen[0].upper()}; they lie on {', '.join(seen)}"
            )
            place = Place(listmode.name, region=f"gate {'/'.join(path)}")
            yield Finding("marker-mismatch", Severity.HOLD, message, place)


def lie_findings(
    listmode: ListModeFile,
    strategy: GatingStrategy,
    paths: Iterable[Path],
    gates_lie_on: Mapping[str, tuple[str, ...]],
) -> Iterator[Finding]:
    """Find gates on those paths that do not lie on what the specification says they lie on."""
    for gate in dict.fromkeys(gate for path in paths for gate in path):
        seen = _stains(listmode, strategy, gate)
        absent = [
            one for one in gates_lie_on.get(gate, ()) if not any(_names(one, text) for text in seen)
        ]
        if absent:
            stated = ", ".join(seen) or "nothing that it names"
            message = (
                f"{listmode.name}: {gate} of {strategy.id} must lie on {' and '.join(absent)}, and "
                f"lies on {stated}"
            )
            place = Place(listmode.name, region=f"gate {gate}")
            yield Finding("gate-on-other-parameter", Severity.HOLD, message, place)


def dye_of(listmode: ListModeFile, strategy: GatingStrategy, path: Path) -> str | None:
    """Name the dye that a population is told by, where its own gates lie on one."""
    stains = (text for gate in reversed(path) for text in _stains(listmode, strategy, gate))
    return next((dye for dye in map(dye_in, stains) if dye is not None), None)


def _stains(listmode: ListModeFile, strategy: GatingStrategy, gate: str) -> list[str]:
    """List what a gate lies on, by name and marker; a boolean gate on what it combines does."""
    one = strategy.gates[gate]
    if isinstance(one, BooleanGate):
        texts = [text for r in one.references for text in _stains(listmode, strategy, r.gate)]
    else:
        texts = [text for axis in one.axes for text in stains(listmode, strategy, axis)]
    return list(dict.fromkeys(texts))


def stains(listmode: ListModeFile, strategy: GatingStrategy, axis: Axis) -> list[str]:
    """List the parameters of an axis, each by its name and marker."""
    return [
        f"{name} {_marker(listmode, _detector(strategy, axis.compensation, name))}".strip()
        for name in axis.parameters
    ]


def _detector(strategy: GatingStrategy, compensation: str, name: str) -> str:
    """Give the detector that a fluorochrome of the strategy's own matrix is named for."""
    matrix = strategy.matrices.get(compensation)
    if matrix is None or name not in matrix.names or len(matrix.names) != len(matrix.detectors):
        return name
    return matrix.detectors[matrix.names.index(name)]


def _marker(listmode: ListModeFile, name: str) -> str:
    found = [one.marker for one in listmode.parameters if one.name == name]
    return (found[0] or "") if found else ""


def _names(wanted: str, text: str) -> bool:
    """Say whether a detector's name or marker names this, as a word of its own."""
    words = re.escape(wanted.casefold()).replace("cd", "cd[ _-]?")
    return re.search(rf"(?<![a-z0-9]){words}(?![a-z0-9])", text.casefold()) is not None
