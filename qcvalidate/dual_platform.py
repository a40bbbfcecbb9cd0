"""Makes absolute counts on two platforms: a gated percentage of a counter's concentration.

Such a count carries the error of both instruments, and says so in its method. The two must be of
one sample; a value that cannot be put together is told and holds the lot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from qcvalidate.cytometry.absolute import by_share
from qcvalidate.cytometry.enumeration import METHODS
from qcvalidate.frames import Observation, observations, rows
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Finding, Place, Role, Severity, State, Status
from qcvalidate.specification import AbsoluteCount, Specification


def put_together(
    frame: pd.DataFrame, specification: Specification
) -> tuple[pd.DataFrame, list[Finding]]:
    """Add the counts on two platforms that the specification asks for, or say why there is none."""
    wanted = {
        test: one
        for test, one in specification.absolute_counts.items()
        if one.method == "dual_platform"
    }
    made: list[Observation] = []
    findings: list[Finding] = []
    found = [row for row in rows(frame) if row.role == Role.SAMPLE] if wanted else []
    for test, one in wanted.items():
        shares, wholes = (
            [row for row in found if row.test == name and row.status != Status.CANCELLED]
            for name in (one.share, one.of)
        )
        made_here, problem = _pairs(test, one, shares, wholes)
        made += made_here
        if problem is not None:
            row = (shares or wholes)[0]
            place = Place(row.source, row.page, row.region)
            message = f"{place}: {test} cannot be counted on two platforms: {problem}"
            findings.append(Finding("dual-platform-unclear", Severity.HOLD, message, place))
    if not made:
        return frame, findings
    return pd.concat([frame, observations(made)], ignore_index=True), findings


def _pairs(
    test: str, one: AbsoluteCount, shares: Sequence[Observation], wholes: Sequence[Observation]
) -> tuple[list[Observation], str | None]:
    """Multiply each percentage with each concentration of the same sample."""
    if not shares and not wholes:
        return [], None
    if not shares or not wholes:
        return [], f"no document reports {one.of if shares else one.share}"
    made = []
    for share in shares:
        fitting = [whole for whole in wholes if _one_sample(share, whole)]
        if not fitting:
            stated = ", ".join(sorted({str(whole.sample_id) for whole in wholes}))
            return [], f"{one.share} is of sample {share.sample_id}, and {one.of} of {stated}"
        near = [whole for whole in fitting if not _days_apart(share, whole)]
        if not near:
            days = " and ".join(str(_day(row)) for row in (share, fitting[0]))
            return [], f"the percentage and the concentration are of {days}; cells die meanwhile"
        for whole in near:
            product = _product(test, one.unit, share, whole)
            if product is None:
                return [], (
                    f"“{share.result}” of “{whole.result}” is no number, or not above nothing"
                )
            made.append(product)
    return made, None


def _one_sample(share: Observation, whole: Observation) -> bool:
    return None in (share.sample_id, whole.sample_id) or share.sample_id == whole.sample_id


def _day(row: Observation) -> dt.date | None:
    return row.measured_at.date() if row.measured_at else row.started


def _days_apart(share: Observation, whole: Observation) -> bool:
    first, second = _day(share), _day(whole)
    return first is not None and second is not None and abs((first - second).days) > 1


def _product(test: str, unit: str, share: Observation, whole: Observation) -> Observation | None:
    percent, per_uL = _ends(share, "%"), _ends(whole, "cells/uL")  # noqa: N806
    if percent is None or per_uL is None or per_uL[0] <= 0:
        return None
    factor = convert(_exact(Decimal(1)), unit).lower
    low, high = (
        by_share(a, (0.0, 0.0), b).per_uL * factor for a, b in zip(percent, per_uL, strict=True)
    )
    ci: tuple[float | None, float | None] = (None, None)
    if share.ci_low is not None and share.ci_high is not None:
        bounds = by_share(percent[0], (share.ci_low, share.ci_high), per_uL[0])
        over = by_share(percent[1], (share.ci_low, share.ci_high), per_uL[1])
        ci = (bounds.low * float(factor), over.high * float(factor))
    times = [row.measured_at for row in (share, whole)]
    known = [time for time in times if time is not None]
    days = [row.started for row in (share, whole) if row.started] + [time.date() for time in known]
    confirmed = share.state == whole.state == State.CONFIRMED
    doubtful = share.state if share.state != State.CONFIRMED else whole.state
    preliminary = Status.PRELIMINARY in (share.status, whole.status)
    return replace(
        share,
        test=test,
        result=(
            f"{float(low):.6g} {unit} ({share.result} x {whole.result} {whole.unit} of "
            f"{Place(whole.source, whole.page, whole.region)})"
        ),
        method=f"{METHODS['dual_platform']}: {share.method or share.source}; "
        f"{whole.method or whole.source}",
        part=None,
        lower=low,
        upper=high,
        lower_closed=share.lower_closed and whole.lower_closed,
        upper_closed=share.upper_closed and whole.upper_closed,
        unit=unit,
        denominator=None,
        ci_low=ci[0],
        ci_high=ci[1],
        # The latest is the age of the value; the earliest is what must follow the harvest.
        measured_at=max(known) if len(known) == len(times) else None,
        started=min(days) if days else None,
        status=(Status.PRELIMINARY if preliminary else Status.FINAL).value,
        state=State.CONFIRMED.value if confirmed else doubtful,
    )


def _ends(row: Observation, unit: str) -> tuple[Decimal, Decimal] | None:
    """Give a row's bounds in this unit, where both are numbers; nothing is below nothing."""
    if row.lower is None or row.upper is None or not row.upper.is_finite():
        return None
    quantity = Quantity(row.lower, row.upper, True, True, row.unit, row.result)
    try:
        found = convert(quantity, unit)
    except NotConvertible:
        return None
    return max(found.lower, Decimal(0)), found.upper


def _exact(value: Decimal) -> Quantity:
    return Quantity(value, value, True, True, "cells/uL", str(value))
