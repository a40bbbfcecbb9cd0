"""Moves an acceptance limit inwards by the uncertainty of what is held against it.

ILAC-G8:09/2019 and JCGM 106:2012: a guard band of width w = k u lies between the limit and the
acceptance limit. G8 draws an upper limit; a minimum moves up, so that it, too, is harder to meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qcvalidate.rounding import limit_value
from qcvalidate.specification.acceptance import LOWER_LIMITS, Acceptance


@dataclass(frozen=True)
class Uncertainty:
    """The standard uncertainty of a test's results in its criterion's unit, and its `coverage` k.

    `source` says where it was established: a validation report, a certificate of accreditation.
    """

    standard: Decimal
    coverage: Decimal
    source: str

    @property
    def width(self) -> Decimal:
        """The width of the guard band: k u."""
        return self.coverage * self.standard

    def words(self, unit: str | None) -> str:
        """Say the band as a person would: `2 x 1.5 %`."""
        return f"{self.coverage} x {self.standard}" + (f" {unit}" if unit else "")


def guarded(acceptance: Acceptance, width: Decimal) -> Acceptance:
    """Give the acceptance limits that lie `width` inside the limits.

    >>> guarded(Acceptance("at_least", ("70",)), Decimal(4)).limits
    ('74',)
    >>> guarded(Acceptance("within", ("50", "200")), Decimal("2.5")).limits
    ('52.5', '197.5')
    """
    values = [limit_value(text) for text in acceptance.limits]
    if acceptance.verb == "within":
        moved = [values[0] + width, values[1] - width]
    else:
        moved = [values[0] + width if acceptance.verb in LOWER_LIMITS else values[0] - width]
    return Acceptance(acceptance.verb, tuple(f"{value:f}" for value in moved))


def guarding_faults(
    acceptance: Acceptance, uncertainty: Uncertainty | None, unit: str | None, *, is_guarded: bool
) -> Iterator[str]:
    """Tell what keeps a declared uncertainty, or a guarded limit, from being meant."""
    if uncertainty is None:
        if is_guarded and acceptance.verb != "one_of":
            yield (
                "decision_rule is guarded, and the criterion has no uncertainty; give it "
                "{standard, coverage, source}, or decision_rule: simple"
            )
        return
    if acceptance.verb == "one_of":
        yield "a qualitative test has no uncertainty"
        return
    if uncertainty.width <= 0:
        yield f"the uncertainty {uncertainty.words(unit)} is no width; write numbers above 0"
        return
    inside = [Decimal(text) for text in guarded(acceptance, uncertainty.width).limits]
    reachable = (
        inside[0] <= inside[-1] and inside[-1] >= 0 and not (unit == "%" and inside[0] > 100)
    )
    if not reachable:
        yield (
            f"no result can lie {uncertainty.words(unit)} inside {acceptance.words(unit)!r}; "
            "the uncertainty is too large for this limit"
        )
