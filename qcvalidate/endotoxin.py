"""Says whether an endotoxin test could see the limit at the dilution that it was made at.

USP <85>, Ph. Eur. 2.6.14: the maximum valid dilution (MVD) is the limit times the concentration
of the product over the sensitivity λ of the lysate; for a limit per millilitre, limit / λ. A test
that was diluted further finds nothing where there is too much. What papers do not state is not
asked for.
"""

from __future__ import annotations

from decimal import Decimal

from qcvalidate.assessment import Outcome
from qcvalidate.dilutions import TEST
from qcvalidate.figures import plain
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.rounding import limit_value
from qcvalidate.specification import Criterion
from qcvalidate.sufficiency import Judgement

_ONE = Decimal(1)


def unseeing(row: Observation, criterion: Criterion, manifest: Manifest) -> Judgement | None:
    """Find why a test could not see what its result says; None where it could, or nobody says."""
    if row.test != TEST:
        return None
    fold = row.dilution or Decimal(1)
    said = f"“{row.result}” was found at dilution 1:{plain(fold)}" if row.dilution else "undiluted"
    if row.valid_dilution is not None and fold > row.valid_dilution:
        reason = (
            f"{said}, above the maximum valid dilution 1:{plain(row.valid_dilution)} that the "
            "paper states, so the test is void: ask for one at a lower dilution"
        )
        return Judgement(Outcome.INVALID, "dilution-above-mvd", reason, row)
    if row.sensitivity is None:
        return None
    least = fold * row.sensitivity
    limit = _limit_per_mL(criterion, manifest)
    shown = f"λ = {plain(row.sensitivity)} EU/mL"
    if limit is not None and least > limit:
        reason = (
            f"{said} with {shown}, which sees {plain(least)} EU/mL at the least; the limit "
            f"{criterion.limit} is {plain(round(limit, 4))} EU/mL of this dose, so the test is "
            "void: ask for one at a lower dilution"
        )
        return Judgement(Outcome.INVALID, "dilution-above-mvd", reason, row)
    if row.unit == "EU/mL" and row.upper is not None and row.upper < least:
        reason = (
            f"“{row.result}” is less than the {plain(least)} EU/mL that a test with {shown} at "
            f"dilution 1:{plain(fold)} can see: was it multiplied by the dilution? Ask the "
            "laboratory"
        )
        return Judgement(Outcome.INDETERMINATE, "bound-below-sensitivity", reason, row)
    return None


def hours_of(criterion: Criterion, manifest: Manifest) -> Decimal:
    """Give the hours that a dose is spread over; a bolus, or less than an hour, is one hour's.

    USP <85>: M is the largest dose per kilogram and hour.
    """
    declared = manifest.infusion_hours if criterion.needs.per_hour else None
    return max(declared or _ONE, _ONE)


def dosed_kg(criterion: Criterion, manifest: Manifest) -> Decimal | None:
    """Give the kilograms that the dose is for, times its hours; None where nobody is known."""
    weight = manifest.endotoxin_weight_kg
    return None if weight is None else weight * hours_of(criterion, manifest)


def _limit_per_mL(criterion: Criterion, manifest: Manifest) -> Decimal | None:  # noqa: N802
    """Give the limit in EU/mL of the dose; None where lot.yaml lacks what that takes."""
    limit = limit_value(criterion.accept.limits[-1])
    if criterion.unit == "EU/mL":
        return limit
    one = Quantity(Decimal(1), Decimal(1), True, True, "EU/mL", "1 EU/mL")
    volume, weight = manifest.volume_mL, dosed_kg(criterion, manifest)
    try:
        per_kg = convert(one, criterion.unit or "", volume_mL=volume, weight_kg=weight)
    except NotConvertible:
        return None
    return limit / per_kg.lower
