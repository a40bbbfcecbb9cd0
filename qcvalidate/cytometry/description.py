"""Tells what a gating strategy says: as lines for people, and as values for JSON."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.cytometry.approval import fault_of
from qcvalidate.cytometry.gates import (
    UNCOMPENSATED,
    Axis,
    BooleanGate,
    EllipsoidGate,
    Gate,
    PolygonGate,
    RectangleGate,
)
from qcvalidate.cytometry.gatingml_scales import ARGUMENTS
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.cytometry.transforms import Transformation


def strategy_lines(strategy: GatingStrategy) -> Iterator[str]:
    """Tell a strategy: where it comes from, who approved it, and its tree of gates."""
    yield f"{strategy.id}: {_counted(len(strategy.gates), 'gate')}"
    yield f"SHA-256 of the file {strategy.sha256}"
    yield f"SHA-256 of what it says {strategy.content_sha256}"
    yield from _standing(strategy)
    for matrix in strategy.matrices.values():
        yield (
            f"compensation {matrix.id}: {_counted(len(matrix.names), 'fluorochrome')} on "
            f"{_counted(len(matrix.detectors), 'detector')}"
        )
    yield ""
    for gate_id, depth in _tree(strategy):
        yield f"{'  ' * depth}{gate_id}: {gate_words(strategy.gates[gate_id])}"
    for gate_id, reason in strategy.refused.items():
        yield f"not taken: {gate_id}: {reason}"
    for note in strategy.notes:
        yield f"note: {note}"


def gate_words(gate: Gate) -> str:
    """Tell one gate in a line."""
    if isinstance(gate, BooleanGate):
        names = [f"not {r.gate}" if r.complement else r.gate for r in gate.references]
        return f"not {names[0]}" if gate.operator == "not" else f" {gate.operator} ".join(names)
    if isinstance(gate, RectangleGate):
        return "; ".join(
            f"{axis_words(one.axis)} {ends_words(one.minimum, one.maximum)}" for one in gate.ranges
        )
    axes = ", ".join(axis_words(axis) for axis in gate.axes)
    if isinstance(gate, PolygonGate):
        return f"polygon of {len(gate.vertices)} corners on {axes}"
    middle = ", ".join(f"{value:g}" for value in gate.mean.tolist())
    return f"ellipsoid around {middle} on {axes}"


def axis_words(axis: Axis) -> str:
    """Tell what is measured along an axis, how compensated, and on which scale."""
    name = axis.name
    if axis.ratio is not None:
        name = f"{axis.ratio.numerator} / {axis.ratio.denominator}"
    if axis.compensation != UNCOMPENSATED:
        name += f" ({axis.compensation})"
    if axis.transformation is not None:
        name += f" on {transformation_words(axis.transformation)}"
    return name


def transformation_words(one: Transformation) -> str:
    """Tell a transformation with its numbers."""
    values = _arguments(one)
    return f"{one.kind}({', '.join(f'{word} {value:g}' for word, value in values.items())})"


def ends_words(low: float | None, high: float | None) -> str:
    """Tell a range, whose lower end is inside and whose upper is not."""
    if low is None:
        return f"below {high:.10g}"
    return f"from {low:.10g}" if high is None else f"from {low:.10g} to below {high:.10g}"


def strategy_values(strategy: GatingStrategy) -> dict[str, object]:
    """Give a strategy as values for JSON (`schemas/strategy.schema.json`)."""
    card = strategy.card
    return {
        "strategy": {
            "id": strategy.id,
            "sha256": strategy.sha256,
            "content_sha256": strategy.content_sha256,
        },
        "source": None
        if card is None
        else {
            "name": card.source.name,
            "sha256": card.source.sha256,
            "program": card.source.program,
            "sample": card.source.sample,
        },
        "approval": None
        if card is None
        else {
            "by": card.by,
            "on": card.on,
            "sha256": card.sha256,
            "stands": fault_of(card, strategy.content_sha256) is None,
        },
        "compensations": [
            {
                "id": one.id,
                "fluorochromes": list(one.names),
                "detectors": list(one.detectors),
                "matrix": one.matrix.tolist(),
                "inverted": one.inverted,
            }
            for one in strategy.matrices.values()
        ],
        "gates": [
            {"path": list(strategy.path(gate_id)), **gate_values(strategy.gates[gate_id])}
            for gate_id, _ in _tree(strategy)
        ],
        "refused": [{"gate": gate, "reason": reason} for gate, reason in strategy.refused.items()],
        "notes": list(strategy.notes),
    }


def gate_values(gate: Gate) -> dict[str, object]:
    """Give one gate as values for JSON."""
    values: dict[str, object] = {
        "id": gate.id,
        "parent": gate.parent,
        "kind": type(gate).__name__,
        "axes": [_axis_values(axis) for axis in gate.axes],
    }
    if isinstance(gate, RectangleGate):
        values["ranges"] = [[one.minimum, one.maximum] for one in gate.ranges]
    elif isinstance(gate, PolygonGate):
        values["vertices"] = [list(vertex) for vertex in gate.vertices]
    elif isinstance(gate, EllipsoidGate):
        values["mean"] = gate.mean.tolist()
        values["covariance"] = gate.covariance.tolist()
        values["distance_square"] = gate.distance_square
    else:
        values["operator"] = gate.operator
        values["references"] = [
            {"gate": one.gate, "complement": one.complement} for one in gate.references
        ]
    return values


def _axis_values(axis: Axis) -> dict[str, object]:
    one = axis.transformation
    bounds = {} if one is None else {"bound_min": one.bound_min, "bound_max": one.bound_max}
    ratio = axis.ratio
    return {
        "name": axis.name,
        "compensation": axis.compensation,
        "transformation": None if one is None else {"kind": one.kind, **_arguments(one), **bounds},
        "ratio": None
        if ratio is None
        else {
            "numerator": ratio.numerator,
            "denominator": ratio.denominator,
            "A": ratio.a,
            "B": ratio.b,
            "C": ratio.c,
            "bound_min": ratio.bound_min,
            "bound_max": ratio.bound_max,
        },
    }


def _arguments(one: Transformation) -> dict[str, float]:
    letters = {"T": one.top, "W": one.width, "M": one.decades, "A": one.negative}
    return {word: letters[letter] for letter, word in ARGUMENTS[one.kind].items()}


def _standing(strategy: GatingStrategy) -> Iterator[str]:
    card = strategy.card
    if card is None:
        yield "the file does not say who approved it"
        return
    sample = f", sample {card.source.sample}" if card.source.sample else ""
    yield (f"from {card.source.name} ({card.source.program}{sample}), SHA-256 {card.source.sha256}")
    fault = fault_of(card, strategy.content_sha256)
    yield f"approved by {card.by} on {card.on}" if fault is None else f"NOT APPROVED: {fault[1]}"


def _tree(strategy: GatingStrategy) -> list[tuple[str, int]]:
    """Give the gates with their depth, each before those that stand on it."""
    below: dict[str | None, list[str]] = {}
    for gate in strategy.gates.values():
        below.setdefault(gate.parent, []).append(gate.id)
    found: list[tuple[str, int]] = []
    waiting = [(one, 0) for one in reversed(below.get(None, []))]
    while waiting:
        gate_id, depth = waiting.pop()
        found.append((gate_id, depth))
        waiting += [(one, depth + 1) for one in reversed(below.get(gate_id, []))]
    return found


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
