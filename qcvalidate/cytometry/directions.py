"""Holds the events on both sides of a gate against what the gate is taken for.

A gate may have the right name, detector and parent and keep the wrong side: dead cells called
viable, or the negative ones called positive. A parent that was chosen by the same stain makes any
share of it too good.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np

from qcvalidate.cytometry.evaluation import Evaluation
from qcvalidate.cytometry.gates import Axis, BooleanGate, RectangleGate, Values
from qcvalidate.cytometry.sequences import stains
from qcvalidate.dyes import dye_in, dyes_the_living
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import AcquisitionQuality, Finding, Place, Severity

Path = tuple[str, ...]

# A median of fewer events than these on either side tells nothing.
_FEWEST = 20
# So many events of one value are no chance; a few may be a test of the instrument.
_ENOUGH = 1000
# Blocks of events that are looked at, over the whole file; medians need no more.
_BLOCKS, _BLOCK = 8, 8192
# Clumps and antibody that sticks may lie above a gate; more of its parent than this are cells, and
# an eighth of the 2 % that markers of other cells may reach.
_FEW_ABOVE = 0.0025
# Of so many cells one at least is dead: with none, at most 0.06 % are (the exact 95 % bound).
_SOME_ARE_DEAD = 5000
# A gate of such a name keeps the living cells, whatever it is that is counted among them.
_LIVING = LazyPattern(r"(?<![a-z])(?:viable|live|living|lebend|vital|vivant|viva)", re.IGNORECASE)
_SCATTER = re.compile(r"(?:FSC|SSC|FS|SS|TIME|WIDTH)(?![a-z0-9])", re.IGNORECASE)


def direction_findings(
    evaluation: Evaluation,
    shares: Mapping[str, tuple[Path, Path]],
    counted: Mapping[str, Path],
    quality: AcquisitionQuality,
    declared: Collection[str] = (),
) -> Iterator[Finding]:
    """Look at the gates of each test: `shares` by the paths of parent and own population.

    `counted` are the populations of absolute counts. What the `declared` gates lie on the
    specification says itself.
    """
    told: set[tuple[str, str]] = set()
    for test, (of, is_) in shares.items():
        for finding in (
            *_kept_sides(evaluation, test, is_),
            *_brighter_left_out(evaluation, test, is_[len(of) :]),
            *_chosen_before(evaluation, test, of, is_, declared),
            *_silent(evaluation, test, is_[len(of) :], quality),
            *(_living(evaluation, test, of, is_) if "viability" in test else ()),
        ):
            key = (finding.slug, finding.message)
            if key not in told:
                told.add(key)
                yield finding
    for test, path in counted.items():
        yield from _kept_sides(evaluation, test, path)
        yield from _silent(evaluation, test, path, quality)


def _kept_sides(evaluation: Evaluation, test: str, own: Path) -> Iterator[Finding]:
    """Find gates that keep the dim events of an antigen, or the bright ones of a dead dye."""
    for gate_id in own:
        for axis, sign, what in _asked_axes(evaluation, test, gate_id):
            found = _open_side(evaluation, gate_id, axis, sign) or _medians(
                evaluation, gate_id, axis, sign
            )
            if found is None:
                continue
            expected = "the brighter" if sign > 0 else "the dimmer"
            message = (
                f"{evaluation.listmode.name}: {gate_id} of {evaluation.strategy.id} answers {test} "
                f"and should keep {expected} events on {axis.name} ({what}); {found}. Have the "
                "laboratory check which side of its gate it means"
            )
            yield _held("gate-reversed", evaluation, gate_id, message)
            break


def _brighter_left_out(evaluation: Evaluation, test: str, own: Path) -> Iterator[Finding]:
    """Find a range for positive cells that ends below the brightest of them."""
    for gate_id in own:
        gate = evaluation.strategy.gates[gate_id]
        asked = [axis for axis, sign, _ in _asked_axes(evaluation, test, gate_id) if sign > 0]
        for one in gate.ranges if isinstance(gate, RectangleGate) else ():
            if one.axis not in asked or one.minimum is None or one.maximum is None:
                continue
            parent = None if gate.parent is None else evaluation.inside(gate.parent)
            above = of = 0
            for rows, (values,) in evaluation.axis_parts([one.axis], *_looked_at(evaluation)):
                among = values if parent is None else values[parent[rows]]
                above += int(np.count_nonzero(among >= one.maximum))
                of += len(among)
            if above > _FEW_ABOVE * of:
                message = (
                    f"{evaluation.listmode.name}: {gate_id} of {evaluation.strategy.id} answers "
                    f"{test} and ends at {one.maximum:g}; {100 * above / of:.3g} % of its parent "
                    f"are brighter still on {one.axis.name}, and are not counted as positive"
                )
                yield _held("gate-reversed", evaluation, gate_id, message)


def _looked_at(evaluation: Evaluation) -> tuple[list[int], int]:
    """Choose blocks of events over the whole file."""
    total = evaluation.listmode.total
    if not total:
        return [], _BLOCK
    starts = {int(start) for start in np.linspace(0, max(total - _BLOCK, 0), _BLOCKS)}
    return sorted(starts), _BLOCK


def _asked_axes(evaluation: Evaluation, test: str, gate_id: str) -> list[tuple[Axis, int, str]]:
    """Give a gate's axes that show what the test is about, with the side to keep and a name."""
    antigens = re.findall(r"(?<![a-z0-9])(?:cd[0-9]+[a-z]?|hla_dr)(?=_)", test)
    found = []
    for axis in _axes(evaluation, gate_id):
        if axis.ratio is not None:
            continue
        for text in stains(evaluation.listmode, evaluation.strategy, axis):
            dye = dye_in(text)
            if "viability" in test or _LIVING.search(gate_id):
                # A detector keeps the name of the dye that it is sold for, whatever is in the tube.
                if dyes_the_living(text):
                    found.append((axis, 1, text))
                elif dye is not None and dye != "acridine orange":
                    found.append((axis, -1, dye))
            elif antigens and _names(antigens[0], text):
                found.append((axis, 1, antigens[0].replace("_", "-").upper()))
    return found


def _axes(evaluation: Evaluation, gate_id: str) -> list[Axis]:
    gate = evaluation.strategy.gates[gate_id]
    if isinstance(gate, BooleanGate):
        nested = [_axes(evaluation, reference.gate) for reference in gate.references]
        return [axis for axes in nested for axis in axes]
    return list(gate.axes)


def _open_side(evaluation: Evaluation, gate_id: str, axis: Axis, sign: int) -> str | None:
    """Say it of a range that has only the wrong one of its two ends."""
    gate = evaluation.strategy.gates[gate_id]
    for one in gate.ranges if isinstance(gate, RectangleGate) else ():
        if one.axis != axis:
            continue
        if sign > 0 and one.minimum is None and one.maximum is not None:
            return f"it has only an upper end, {one.maximum:g}"
        if sign < 0 and one.maximum is None and one.minimum is not None:
            return f"it has only a lower end, {one.minimum:g}"
    return None


def _medians(evaluation: Evaluation, gate_id: str, axis: Axis, sign: int) -> str | None:
    """Say it where the median of the events inside lies on the wrong side of those outside."""
    gate = evaluation.strategy.gates[gate_id]
    inside = evaluation.inside(gate_id)
    parent = None if gate.parent is None else evaluation.inside(gate.parent)
    kept: list[Values] = []
    left: list[Values] = []
    # Scales rise, so that their medians need no scale.
    linear = replace(axis, transformation=None)
    for rows, (values,) in evaluation.axis_parts([linear], *_looked_at(evaluation)):
        known = np.isfinite(values)
        within = known if parent is None else known & parent[rows]
        kept.append(values[within & inside[rows]])
        left.append(values[within & ~inside[rows]])
    ours, others = np.concatenate(kept or [np.empty(0)]), np.concatenate(left or [np.empty(0)])
    if min(len(ours), len(others)) < _FEWEST:
        return None
    middle, other = float(np.median(ours)), float(np.median(others))
    if sign * (middle - other) >= 0:
        return None
    return f"the median of those that it keeps is {middle:.4g}, of the others {other:.4g}"


def _chosen_before(
    evaluation: Evaluation, test: str, of: Path, is_: Path, declared: Collection[str]
) -> Iterator[Finding]:
    """Find a parent that was itself chosen by the stain that the share is about."""
    asked = {
        name
        for gate in is_[len(of) :]
        for axis, _, _ in _asked_axes(evaluation, test, gate)
        for name in axis.parameters
    }
    if "viability" in test and not asked:
        # Its dye has no name in this file; the detector of its gate is that of the dye.
        # Two detectors of one gate may be its own and that of another marker.
        asked = {name for gate in is_[len(of) :] for name in _stained(evaluation, gate)}
        asked = asked if len(asked) == 1 else set()
    for gate in of:
        shared = sorted(asked & _stained(evaluation, gate))
        if shared and gate not in declared:
            message = (
                f"{evaluation.listmode.name}: {test} is a share of {'/'.join(of)}, whose gate "
                f"{gate} lies on {', '.join(shared)} as well: the cells were chosen by the stain "
                "that they are then counted by"
            )
            yield _held("parent-preselected", evaluation, gate, message)


def _stained(evaluation: Evaluation, gate: str) -> set[str]:
    names = {name for axis in _axes(evaluation, gate) for name in axis.parameters}
    return {name for name in names if not _SCATTER.match(name)}


def _silent(
    evaluation: Evaluation, test: str, own: Path, quality: AcquisitionQuality
) -> Iterator[Finding]:
    """Find a detector whose every event has one and the same value: it saw nothing."""
    flat = {one.name for one in quality.detectors if one.at_minimum_pct == 100.0}
    for gate in own:
        named = _stained(evaluation, gate) & flat if quality.events >= _ENOUGH else set()
        for name in sorted(named):
            message = (
                f"{evaluation.listmode.name}: all events have the same value on {name}, which "
                f"{gate} lies on for {test}; the detector saw nothing, or was not recorded"
            )
            yield _held("detector-silent", evaluation, gate, message)


def _living(evaluation: Evaluation, test: str, of: Path, is_: Path) -> Iterator[Finding]:
    """Find a viability that scatter alone tells, and one without a single dead cell."""
    own = is_[len(of) :]
    seen = [name for gate in own for axis in _axes(evaluation, gate) for name in axis.parameters]
    if seen and all(_SCATTER.match(name) for name in seen):
        message = (
            f"{evaluation.listmode.name}: {'/'.join(own)} of {evaluation.strategy.id} answers "
            f"{test}, and lies on {', '.join(dict.fromkeys(seen))} alone; scatter does not tell "
            "the living cells"
        )
        yield _held("marker-mismatch", evaluation, is_[-1], message)
        return
    total = evaluation.listmode.total
    base = int(np.count_nonzero(evaluation.inside(of[-1]))) if of else total
    if base >= _SOME_ARE_DEAD and base == int(np.count_nonzero(evaluation.inside(is_[-1]))):
        message = (
            f"{evaluation.listmode.name}: {test}: not one of {base:,} cells is dead; the dye may "
            "not have been added, or the gate holds all events. Look at the plot"
        )
        yield _held("no-dead-cells", evaluation, is_[-1], message)


def _names(antigen: str, text: str) -> bool:
    words = re.escape(antigen).replace("_", "[ _-]?").replace("cd", "cd[ _-]?")
    return re.search(rf"(?<![a-z0-9]){words}(?![a-z0-9])", text.casefold()) is not None


def _held(slug: str, evaluation: Evaluation, gate: str, message: str) -> Finding:
    place = Place(evaluation.listmode.name, region=f"gate {gate}")
    return Finding(slug, Severity.HOLD, message, place)
