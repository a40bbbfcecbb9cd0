"""Turns populations into observations: which share of which population answers which test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from qcvalidate.cytometry.proportions import clopper_pearson
from qcvalidate.frames import Observation
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    import pandas as pd

Path = tuple[str, ...]

# Counts are exact; the quotient keeps more digits than any limit has.
_QUOTIENT = Context(prec=12)


def population_observations(
    populations: pd.DataFrame,
    wanted: Mapping[str, tuple[Path, Path]],
    *,
    source: str,
    lot: str | None,
    sample_id: str | None,
    measured_at: dt.datetime | None,
    dyes: Mapping[str, str] | None = None,
) -> tuple[list[Observation], list[Finding]]:
    """Give one observation (in %) for each wanted test, and a finding for each that has none.

    `wanted` maps a test to the path of the population it is a share *of* (empty: of all events)
    and of the population that it *is*, as a specification's `populations` declares them. `dyes`
    names the dye of a test that is told by one.
    """
    rows = {tuple(row["path"]): row for row in populations.to_dict("records")}
    observations: list[Observation] = []
    findings: list[Finding] = []
    for test, (of, what) in wanted.items():
        problem = _unanswerable(rows, of, what)
        place = Place(source, region=f"gate {'/'.join(what)}")
        if problem is not None:
            slug, text = problem
            message = f"{source}: {test} cannot be answered: {text}"
            findings.append(Finding(slug, Severity.HOLD, message, place))
            continue
        count = int(rows[what]["count"])
        base = int(rows[of]["count"]) if of else int(rows[what]["total"])
        observations.append(
            _observation(
                test,
                count,
                base,
                place,
                of=of,
                dye=(dyes or {}).get(test),
                lot=lot,
                sample_id=sample_id,
                measured_at=measured_at,
            )
        )
    return observations, findings


def _unanswerable(rows: Mapping[Path, Any], of: Path, what: Path) -> tuple[str, str] | None:
    for path in (of, what):
        if path and path not in rows:
            known = ", ".join("/".join(one) for one in rows) or "none"
            return "population-missing", f"no gate defines {'/'.join(path)}; the gates are {known}"
    if not what or what[: len(of)] != of or what == of:
        return (
            "population-missing",
            f"{'/'.join(what) or 'nothing'} does not lie within {'/'.join(of) or 'all events'}, "
            "so it is no share of it",
        )
    base = rows[of]["count"] if of else rows[what]["total"]
    if base == 0:
        return (
            "population-not-evaluable",
            f"{'/'.join(of) or 'the file'} holds no events, and a share of nothing is not 0 %",
        )
    return None


def _observation(  # noqa: PLR0913 - most of them by name
    test: str,
    count: int,
    base: int,
    place: Place,
    *,
    of: Path,
    dye: str | None,
    lot: str | None,
    sample_id: str | None,
    measured_at: dt.datetime | None,
) -> Observation:
    share = _QUOTIENT.divide(Decimal(100 * count), Decimal(base))
    low, high = clopper_pearson(count, base)
    return Observation(
        test=test,
        result=f"{share:.2f} % ({count} of {base}{f'; {dye}' if dye else ''})",
        source=place.path,
        lot=lot,
        sample_id=sample_id,
        method=f"flow cytometry{f', {dye}' if dye else ''}; % of {'/'.join(of) or 'all events'}",
        lower=share,
        upper=share,
        unit="%",
        measured_at=measured_at,
        numerator=count,
        denominator=base,
        ci_low=100.0 * low,
        ci_high=100.0 * high,
        region=place.region,
    )
