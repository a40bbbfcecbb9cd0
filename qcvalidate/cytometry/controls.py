"""Holds a control tube beside the gate that it is for: a drift alarm, and never another gate.

A control without the marker (FMO, isotype, unstained) shows how far the signal of negative cells
reaches. Its quantile among the gate's parent is put beside the approved threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from qcvalidate.cytometry.description import axis_words
from qcvalidate.cytometry.evaluation import Evaluation, data_set_for
from qcvalidate.cytometry.gates import Range, RectangleGate, Values
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.proportions import clopper_pearson, incomplete_beta
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.errors import DocumentError
from qcvalidate.manifest import Control
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.specification import ControlLimits

# Beyond this share of it in the gate, a tube is no control for that gate.
_MOST_OF_IT = 0.5


@dataclass(frozen=True)
class Quantile:
    """A quantile of a sample with its exact interval; None where the sample is too small."""

    value: float
    low: float | None
    high: float | None


def quantile(values: Values, share: float, confidence: float = 0.95) -> Quantile:
    """Give a quantile, and the order statistics that hold it with at least this confidence.

    The number of values below the true quantile is binomial, whatever their distribution; so
    ranks l and u with P(B < l) and P(B >= u) of at most half the doubt each hold it between them.
    """
    ordered = np.sort(values)
    count = len(ordered)
    tail = (1.0 - confidence) / 2.0
    # Ranks count from 1; the quantile itself is the smallest value that covers the share.
    rank = max(int(np.ceil(share * count - 1e-9)), 1)
    low = _last_rank(count, share, tail)
    high = _last_rank(count, 1.0 - share, tail)
    return Quantile(
        float(ordered[rank - 1]),
        float(ordered[low - 1]) if low else None,
        float(ordered[count - high]) if high else None,
    )


def _last_rank(count: int, share: float, tail: float) -> int:
    """Give the largest l with P(B(count, share) < l) of at most `tail`; 0 where there is none."""
    least, most = 0, count
    while least < most:
        middle = (least + most + 1) // 2
        # P(B <= middle - 1) = I_{1-share}(count - middle + 1, middle)
        if incomplete_beta(1.0 - share, count - middle + 1.0, float(middle)) <= tail:
            least = middle
        else:
            most = middle - 1
    return least


def declared_control_findings(
    data_sets: tuple[ListModeFile, ...],
    strategy: GatingStrategy,
    control: Control,
    limits: ControlLimits,
) -> list[Finding]:
    """Compare one declared control with its gate; what keeps it from being compared holds."""
    try:
        listmode = data_set_for(data_sets, strategy)
        return [_compared(Evaluation(listmode, strategy), control, limits)]
    except DocumentError as error:
        return [unusable(control, f"cannot be gated: {error}")]


def unusable(control: Control, why: str) -> Finding:
    """Hold the lot whose declared control could not be looked at."""
    message = (
        f"lot.yaml declares {control.file} as the {control.kind} control for {control.gate}, "
        f"which {why}"
    )
    return Finding("control-unusable", Severity.HOLD, message, Place(control.file))


def _compared(evaluation: Evaluation, control: Control, limits: ControlLimits) -> Finding:
    strategy = evaluation.strategy
    gate = strategy.gates.get(control.gate)
    if gate is None:
        known = ", ".join(strategy.gates)
        return unusable(control, f"no gate of {strategy.id} has as its id; the gates are {known}")
    parent = (
        np.ones(evaluation.listmode.total, bool)
        if gate.parent is None
        else evaluation.inside(gate.parent)
    )
    base = int(np.count_nonzero(parent))
    if not base:
        return unusable(control, f"holds no events in {gate.parent or 'the file'}")
    ranges = gate.ranges if isinstance(gate, RectangleGate) else ()
    beyond = int(np.count_nonzero(evaluation.inside(gate.id)))
    where = "in the gate"
    if ranges and all(one.minimum is None for one in ranges):
        # A gate for negative cells: what lies beyond its threshold is outside.
        beyond, where = base - beyond, "outside the gate"
    words = [_share_words(beyond, base, where)]
    for one in ranges:
        words += _threshold_words(evaluation.axis(one.axis)[parent], one, float(control.quantile))
    return _judged(control, gate.id, beyond, base, words, limits)


def _judged(
    control: Control, gate: str, beyond: int, base: int, words: list[str], limits: ControlLimits
) -> Finding:
    """Hold beyond the specification's limit, warn beyond what the quantile promises."""
    place = Place(control.file, region=f"gate {gate}")
    message = f"{control.file}: the {control.kind} control for {gate}: {'; '.join(words)}"
    limit = limits.max_control_pct_in_gate
    if limit is not None:
        if Decimal(100 * beyond) > limit * base:
            message += f"; the specification allows {limit} %"
            return Finding("control-in-gate", Severity.HOLD, message, place)
        _, most = clopper_pearson(0, base)
        if Decimal(100 * most) > limit:
            why = f"holds {base:,} events in the gate's parent, too few to show {limit} % or less"
            return unusable(control, why)
    if clopper_pearson(beyond, base)[0] > _MOST_OF_IT:
        message += (
            "; most of a control cannot be positive: it was stained, or is another tube, or the "
            "gate stands elsewhere"
        )
        return Finding("control-in-gate", Severity.HOLD, message, place)
    expected = 1.0 - float(control.quantile)
    if clopper_pearson(beyond, base)[0] > expected:
        message += f"; at most {100 * expected:.3g} % are expected. The gate was not moved"
        return Finding("control-in-gate", Severity.WARNING, message, place)
    return Finding("control-compared", Severity.INFORMATION, message, place)


def _share_words(beyond: int, base: int, where: str) -> str:
    low, high = clopper_pearson(beyond, base)
    return (
        f"{beyond:,} of {base:,} events lie {where}, {100 * beyond / base:.3g} % "
        f"(95 %: {100 * low:.3g} % to {100 * high:.3g} %)"
    )


def _threshold_words(values: Values, one: Range, share: float) -> list[str]:
    threshold = one.maximum if one.minimum is None else one.minimum
    values = values[~np.isnan(values)]
    if threshold is None or not len(values):
        return []
    found = quantile(values, share)
    low = "no lower end" if found.low is None else f"{found.low:.4g}"
    high = "no upper end" if found.high is None else f"{found.high:.4g}"
    side = "ends" if one.minimum is None else "begins"
    return [
        f"its quantile {share:g} on {axis_words(one.axis)} is {found.value:.4g} "
        f"(95 %: {low} to {high}), the gate {side} at {threshold:.4g}"
    ]
