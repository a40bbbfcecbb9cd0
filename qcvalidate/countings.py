"""Holds the counts, shares and doses that papers give of one lot against one another.

Each may lie within its limit, and a slip of ten in one of them shows only beside the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.quantity import NotConvertible, Quantity, convert
from qcvalidate.record import Finding, Place, Role, Severity, Status

# Cells of 10 um that fill a millilitre without a drop between them are 1.9e9; of blood cells, too,
# no product is delivered that holds half of that.
MOST_PER_ML = Decimal("1e9")
CONCENTRATIONS = (
    "viable_cell_concentration",
    "cell_concentration",
    "nucleated_cell_concentration",
    "cd34_absolute",
)
# In points of viability: two instruments' rounding and sampling explain less.
POINTS = Decimal(5)
# A dose is of the very cells of its dose per kilogram; of a concentration it may be a dilution.
SAME, DILUTED = Decimal(2), Decimal(5)
# Dose, dose per kilogram, and concentration of the same cells.
DOSES = (
    ("viable_dose", "viable_dose_per_kg", "viable_cell_concentration"),
    ("viable_cd34_count", "cd34_dose_per_kg", "cd34_absolute"),
)


def count_findings(rows: Sequence[Observation], manifest: Manifest) -> Iterator[Finding]:
    """Look at the exact, final numbers of the lot's own samples."""
    exact = [row for row in rows if is_exact(row)]
    yield from _implausible(exact)
    yield from _living_of_all(exact)
    yield from _doses(exact, manifest)
    yield from _volumes(exact, manifest)


def is_exact(row: Observation) -> bool:
    """Say whether a row is an exact, final number of the lot's own sample."""
    return (
        row.role == Role.SAMPLE
        and row.status in (Status.FINAL, Status.AMENDED)
        and row.lower is not None
        and row.lower == row.upper
    )


def _implausible(rows: Sequence[Observation]) -> Iterator[Finding]:
    for row in rows:
        value = amount_in(row, "cells/mL") if row.test in CONCENTRATIONS else None
        if value is not None and value >= MOST_PER_ML:
            message = (
                f"{_place(row)}: {row.test} “{row.result}” {row.unit or ''} is {float(value):.3g} "
                f"cells in a millilitre; no product holds {float(MOST_PER_ML):.0e}. The unit or a "
                "power of ten is wrong"
            )
            yield Finding("count-implausible", Severity.HOLD, message, _place(row))


def _living_of_all(rows: Sequence[Observation]) -> Iterator[Finding]:
    """Hold living cells against all cells, and both against the viability, sample by sample."""
    for living in rows:
        if living.test != "viable_cell_concentration":
            continue
        alive = amount_in(living, "cells/mL")
        beside = [row for row in rows if _of_one_count(row, living)]
        tests = [row.test for row in beside]
        if len(set(tests)) < len(tests):
            # Which of several counts belong together nobody says.
            continue
        for every in (row for row in beside if row.test == "cell_concentration"):
            total = amount_in(every, "cells/mL")
            if alive is None or not total or total <= 0:
                continue
            share = 100 * alive / total
            if share > 101:
                yield _contradiction(
                    living, f"“{living.result}” living of “{every.result}” cells are more than all"
                )
                continue
            for row in (row for row in beside if row.test == "viability" and row.unit == "%"):
                if row.lower is not None and abs(row.lower - share) > POINTS:
                    yield _contradiction(
                        row,
                        f"the viability is “{row.result}”, and “{living.result}” living of "
                        f"“{every.result}” cells are {share:.1f} %",
                    )


def _of_one_count(row: Observation, living: Observation) -> bool:
    """Say whether two rows may be one count: of one sample in one paper, and not by two methods."""
    same = row.source == living.source and row.sample_id == living.sample_id
    times = None in (row.measured_at, living.measured_at) or row.measured_at == living.measured_at
    methods = {(one.method or "").casefold() for one in (row, living)} - {""}
    return same and times and len(methods) < 2


def _doses(rows: Sequence[Observation], manifest: Manifest) -> Iterator[Finding]:
    weight, volume = manifest.recipient_weight_kg, manifest.volume_mL
    for whole, per_kg, dense in DOSES:
        for row in (row for row in rows if row.test == whole):
            dose = amount_in(row, "cells")
            if not dose or dose <= 0:
                continue
            for other in rows:
                made, far = None, SAME
                if other.test == per_kg and weight:
                    value, times = amount_in(other, "cells/kg"), f"{weight} kg"
                    made = None if value is None else value * weight
                elif other.test == dense and volume:
                    value, times = amount_in(other, "cells/mL"), f"{volume} mL"
                    made, far = (None if value is None else value * volume), DILUTED
                if made is None or made <= 0 or 1 / far <= made / dose <= far:
                    continue
                yield _contradiction(
                    row,
                    f"{whole} is “{row.result}”, and {other.test} “{other.result}” "
                    f"{other.unit or ''} x {times} of lot.yaml makes {float(made):.3g} "
                    f"({_place(other)})",
                )


def _volumes(rows: Sequence[Observation], manifest: Manifest) -> Iterator[Finding]:
    """Hold the dose's volume against the product's: it may be a part of it, and hardly more."""
    dose = manifest.volume_mL
    for row in rows:
        whole = amount_in(row, "mL") if row.test == "volume" else None
        if dose is not None and whole is not None and dose > SAME * whole:
            yield _contradiction(
                row,
                f"the volume is “{row.result}” {row.unit or ''}, and lot.yaml states a dose of "
                f"{dose} mL, from which concentrations make doses",
            )


def amount_in(row: Observation, unit: str) -> Decimal | None:
    """Give an exact number in another unit; None where it cannot be had without the lot's facts."""
    if row.lower is None or row.unit is None:
        return None
    try:
        return convert(Quantity(row.lower, row.lower, True, True, row.unit, row.result), unit).lower
    except NotConvertible:
        return None


def _contradiction(row: Observation, what: str) -> Finding:
    message = f"{_place(row)}: {what}. Ask which of them is right"
    return Finding("counts-contradict", Severity.HOLD, message, _place(row))


def _place(row: Observation) -> Place:
    return Place(row.source, row.page, row.region)
