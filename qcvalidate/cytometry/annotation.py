"""Holds what a file says of its tube and its markers against what its gates are taken for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

import numpy as np

from qcvalidate.cytometry.gates import Range, RectangleGate
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.identity import names_control
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Severity

Path = tuple[str, ...]

# Where instruments keep the name of a tube or of what is in it.
_NAMING = ("TUBE NAME", "$SMNO", "SAMPLE ID", "SAMPLEID", "$SRC", "$CELLS")
_NO_MARKER = re.compile(r"(?:FSC|SSC|FS|SS|TIME|WIDTH)(?![a-z0-9])", re.IGNORECASE)
_WITHOUT = LazyPattern(
    r"(?<![a-z])(?:no|not|without|w/o|minus|ohne|sans|sin|senza)(?![a-z])", re.IGNORECASE
)
_ANTIGEN = re.compile(r"(?<![a-z0-9])(?:cd ?[0-9]+|hla)", re.IGNORECASE)


def control_findings(listmode: ListModeFile) -> Iterator[Finding]:
    """Find a tube whose name says that it is a control and not the sample."""
    named = {key: listmode.keywords.get(key, "") for key in _NAMING}
    named["file name"] = listmode.name.rpartition("/")[2]
    for key, text in named.items():
        if names_control(text):
            message = (
                f"{listmode.name}: its {key} is “{text}”, which names a control; list the file "
                "under `controls` or `ignore` in lot.yaml, or have the tube named rightly"
            )
            yield Finding("control-as-sample", Severity.HOLD, message, listmode.place)
            return


def marker_findings(
    listmode: ListModeFile,
    strategy: GatingStrategy,
    wanted: Mapping[str, tuple[Path, Path]],
    declared: Collection[str] = (),
) -> Iterator[Finding]:
    """Find gates that lie on another marker than the test that they answer.

    `wanted` maps a test to the paths of its parent and its own population. A file that names no
    marker for a detector cannot be held against the test; that is told. What the `declared` gates
    lie on the specification says itself, such as the scatter gates of a sequence.
    """
    for test, (of, is_) in wanted.items():
        for gate in (gate for gate in is_[len(of) :] if gate not in declared):
            axes = strategy.gates[gate].axes
            names = {name for axis in axes for name in axis.parameters}
            markers = {name: _marker(listmode, name) for name in sorted(names)}
            if markers and not any(_fits(test, name, text) for name, text in markers.items()):
                yield _mismatch(listmode, strategy, test, gate, markers)


def scale_findings(
    listmode: ListModeFile, strategy: GatingStrategy, wanted: Mapping[str, tuple[Path, Path]]
) -> Iterator[Finding]:
    """Find gates whose bound lies off their parameter's scale: they hold all events, or none."""
    for test, (of, is_) in wanted.items():
        for one in is_[len(of) :]:
            gate = strategy.gates[one]
            for span in gate.ranges if isinstance(gate, RectangleGate) else ():
                fault = _off_scale(listmode, span)
                if fault is not None:
                    message = (
                        f"{listmode.name}: {one} of {strategy.id}, which answers {test}, {fault}; "
                        "such a gate tells nothing"
                    )
                    yield Finding("gate-off-scale", Severity.HOLD, message, listmode.place)


def _off_scale(listmode: ListModeFile, span: Range) -> str | None:
    if span.minimum is not None and span.maximum is not None and span.minimum >= span.maximum:
        return f"begins at {span.minimum:g} and ends at {span.maximum:g}, so that it holds nothing"
    found = [one.range for one in listmode.parameters if one.name == span.axis.name]
    if not found or span.axis.ratio is not None:
        return None
    ends = np.array([-found[0], found[0]])
    if span.axis.transformation is not None:
        ends = span.axis.transformation(ends)
    low, high = (float(end) for end in ends)
    if span.minimum is not None and span.minimum >= high:
        return f"begins at {span.minimum:g}, above the scale of {span.axis.name} ({high:g})"
    if span.maximum is not None and span.maximum <= low:
        return f"ends at {span.maximum:g}, below the scale of {span.axis.name} ({low:g})"
    below = span.minimum is None or span.minimum <= low
    above = span.maximum is None or span.maximum > 2 * high
    if below and above:
        return f"spans the whole scale of {span.axis.name} ({low:g} to {high:g})"
    return None


def _marker(listmode: ListModeFile, name: str) -> str | None:
    found = [one.marker for one in listmode.parameters if one.name == name]
    return found[0] if found and found[0] and found[0].strip() else None


def _fits(test: str, name: str, marker: str | None) -> bool:
    """Say whether a detector with this marker may answer the test."""
    text = f"{name} {marker or ''}".casefold()
    antigen = re.fullmatch(r"(cd[0-9]+[a-z]?|hla_dr)_positive", test)
    if antigen is None:
        # Viability is told by a dye, never by an antigen.
        return "viability" not in test or _ANTIGEN.search(text) is None
    if _not_that(marker or ""):
        return False
    wanted = antigen[1].replace("_", "[ _-]?").replace("cd", "cd[ _-]?")
    return re.search(rf"(?<![a-z0-9]){wanted}(?![0-9a-z])", text) is not None


def _not_that(marker: str) -> bool:
    """Say whether a marker names a control's antibody, no antibody, or a cocktail of several."""
    several = {found.casefold() for found in re.findall(r"cd ?-?[0-9]+", marker, re.IGNORECASE)}
    return names_control(marker) or _WITHOUT.search(marker) is not None or len(several) > 1


def _mismatch(
    listmode: ListModeFile,
    strategy: GatingStrategy,
    test: str,
    gate: str,
    markers: Mapping[str, str | None],
) -> Finding:
    stated = ", ".join(
        f"{name} (“{text}”)" if text else f"{name} (no marker)" for name, text in markers.items()
    )
    message = f"{listmode.name}: {gate} of {strategy.id} answers {test}, and lies on {stated}"
    # Scatter and time are never a marker; a fluorescence detector without $PnS may be any.
    known = any(text or _NO_MARKER.match(name) for name, text in markers.items())
    severity = Severity.HOLD if known else Severity.WARNING
    return Finding("marker-mismatch", severity, message, listmode.place)
