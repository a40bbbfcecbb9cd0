"""Turns gated populations into absolute counts: beads of a declared number, or a stated volume.

What a count needs and nobody declares is named and holds the lot; nothing is assumed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from decimal import Decimal

import numpy as np

from qcvalidate.cytometry.absolute import (
    Concentration,
    UnclearVolume,
    acquired_volume,
    by_beads,
    by_volume,
)
from qcvalidate.cytometry.acquisition import day_of, time_of
from qcvalidate.cytometry.evaluation import Evaluation
from qcvalidate.cytometry.gates import Mask
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.frames import Observation
from qcvalidate.manifest import MANIFEST, Tube
from qcvalidate.quantity import Quantity, convert
from qcvalidate.record import CellCount, Finding, Place, Severity
from qcvalidate.specification import AbsoluteCount

Path = tuple[str, ...]

METHODS = {
    "beads": "flow cytometry, single platform, beads",
    "volumetric": "flow cytometry, single platform, volumetric",
    "dual_platform": "dual platform",
}
_NAMES = {
    "bead_lot": "the lot of the beads (beads.lot)",
    "beads_per_test": "the number of beads in a test (beads.per_test)",
    "beads_expire": "when the beads expire (beads.expires)",
    "sample_volume_uL": "the volume of sample in the test (sample_volume_uL)",
    "dilution": "the dilution (dilution; 1 where there is none)",
}
_NEEDED = {
    "beads": ("bead_lot", "beads_per_test", "beads_expire", "sample_volume_uL", "dilution"),
    "volumetric": ("dilution",),
}
_ERRORS = {
    "beads": {"bead_cv": "the number of beads", "volume_cv": "the volume"},
    "volumetric": {"volume_cv": "the volume"},
}


class _Refused(Exception):  # noqa: N818 - it becomes a finding
    def __init__(self, slug: str, message: str) -> None:
        super().__init__(message)
        self.slug = slug
        self.message = message


def absolute_observations(
    evaluation: Evaluation,
    wanted: Mapping[str, AbsoluteCount],
    declared: Tube | None,
    *,
    source: str,
    lot: str | None,
    sample_id: str | None,
    measured_at: dt.datetime | None,
) -> tuple[list[Observation], list[Finding], list[CellCount]]:
    """Give one observation for each test whose cells the strategy defines, or why there is none.

    `declared` is what lot.yaml says of this file. Each count is told for the report, too.
    """
    rows: list[Observation] = []
    told: list[CellCount] = []
    findings: list[Finding] = []
    paths = _paths(evaluation)
    for test, one in wanted.items():
        if one.method == "dual_platform" or one.cells not in paths:
            continue
        place = Place(source, region=f"gate {'/'.join(one.cells)}")
        count = CellCount(test, source, "/".join(one.cells), METHODS[one.method], one.unit)
        try:
            concentration, counts, words = _counted(evaluation, one, declared or Tube(), source)
        except _Refused as refused:
            message = f"{source}: {test} cannot be counted: {refused.message}"
            findings.append(Finding(refused.slug, Severity.HOLD, message, place))
            told.append(replace(count, refused=refused.message))
            continue
        value, low, high = _in_unit(concentration, one.unit)
        told.append(
            replace(
                count,
                value=value,
                interval=(low, high),
                cells=counts[0],
                beads=counts[1],
                bead_population="/".join(one.beads or ()),
                stated=tuple(
                    _stated(evaluation, one, _joined(one.fixed, declared or Tube(), source))
                ),
            )
        )
        rows.append(
            Observation(
                test=test,
                result=f"{float(value):.6g} {one.unit} ({words})",
                source=source,
                lot=lot,
                sample_id=sample_id,
                method=METHODS[one.method],
                lower=value,
                upper=value,
                unit=one.unit,
                measured_at=measured_at,
                numerator=counts[0],
                denominator=counts[1],
                ci_low=low,
                ci_high=high,
                region=place.region,
            )
        )
        findings += _undeclared_errors(test, one, declared or Tube(), place)
    return rows, findings, told


def bead_findings(
    evaluation: Evaluation,
    wanted: Mapping[str, AbsoluteCount],
    shares: Mapping[str, tuple[Path, Path]],
    source: str,
) -> Iterator[Finding]:
    """Find beads among the cells that a percentage is of; they are no cells."""
    paths = _paths(evaluation)
    beads = {one.beads for one in wanted.values() if one.beads and one.beads in paths}
    for path in dict.fromkeys(path for pair in shares.values() for path in pair):
        tests = ", ".join(test for test, pair in shares.items() if path in pair)
        for bead in beads:
            among = _shared(evaluation, path, bead)
            if among:
                message = f"{source}: {tests} cannot be trusted: {_among(path, bead, among)}"
                place = Place(source, region=f"gate {'/'.join(path)}")
                yield Finding("beads-among-cells", Severity.HOLD, message, place)


def _counted(
    evaluation: Evaluation, one: AbsoluteCount, declared: Tube, source: str
) -> tuple[Concentration, tuple[int, int | None], str]:
    """Count one population; the events of cells and of beads, and both in words."""
    tube = _joined(one.fixed, declared, source)
    absent = [_NAMES[key] for key in _NEEDED[one.method] if getattr(tube, key) is None]
    if absent:
        raise _Refused(
            "count-undeclared",
            f"{' and '.join(absent)} is not stated; state it under counting, {source} in "
            f"{MANIFEST}, or in the specification where the method fixes it",
        )
    cells = int(np.count_nonzero(evaluation.inside(one.cells[-1])))
    errors = [getattr(tube, key) or Decimal(0) for key in _ERRORS[one.method]]
    dilution = tube.dilution or Decimal(1)
    times = f", diluted {tube.dilution} times" if dilution != 1 else ""
    if one.method == "volumetric":
        acquired = _acquired(evaluation.listmode, tube.acquired_unit)
        found = by_volume(cells, acquired_uL=acquired, dilution=dilution, errors=errors)
        return found, (cells, None), f"{cells} cells in {acquired:f} uL acquired{times}"
    beads = _beads(evaluation, one, tube)
    per_test, volume = tube.beads_per_test, tube.sample_volume_uL
    if per_test is None or volume is None:
        raise AssertionError("the needed parts of a tube were asked for above")
    found = by_beads(
        cells, beads, per_test=per_test, volume_uL=volume, dilution=dilution, errors=errors
    )
    words = (
        f"{cells} cells and {beads} beads of lot {tube.bead_lot}, {per_test} of them in a test of "
        f"{volume} uL{times}"
    )
    return found, (cells, beads), words


def _beads(evaluation: Evaluation, one: AbsoluteCount, tube: Tube) -> int:
    """Give the events of beads, where they can be trusted to stand for their number."""
    if one.beads not in _paths(evaluation):
        raise _Refused("population-missing", f"no gate defines its beads, {'/'.join(one.beads)}")
    beads = int(np.count_nonzero(evaluation.inside(one.beads[-1])))
    if beads < max(one.min_beads, 1):
        raise _Refused(
            "beads-too-few",
            f"{'/'.join(one.beads)} holds {beads} beads; at least {one.min_beads} are needed",
        )
    among = _shared(evaluation, one.cells, one.beads)
    if among:
        raise _Refused("beads-among-cells", _among(one.cells, one.beads, among))
    expires, text = tube.beads_expire, evaluation.listmode.keywords.get("$DATE", "")
    day = day_of(text)
    if day is None:
        stated = f"$DATE is “{text.strip()[:40]}”" if text.strip() else "the file has no $DATE"
        raise _Refused(
            "beads-expired",
            f"{stated}, so that nobody can tell whether the beads (expiry {expires}) had expired",
        )
    if expires is not None and day > expires:
        raise _Refused(
            "beads-expired", f"the beads of lot {tube.bead_lot} expired {expires}, before {day}"
        )
    return beads


def _joined(fixed: Tube, declared: Tube, source: str) -> Tube:
    """Take each part from the specification or from lot.yaml; where both state it, alike."""
    parts = {}
    for part in fields(Tube):
        ours, theirs = getattr(fixed, part.name), getattr(declared, part.name)
        if ours is not None and theirs is not None and ours != theirs:
            raise _Refused(
                "count-declared-twice",
                f"the specification states {part.name.replace('_', ' ')} {ours}, and {MANIFEST} "
                f"{theirs} for {source}",
            )
        parts[part.name] = theirs if ours is None else ours
    return Tube(**parts)


def _stated(evaluation: Evaluation, one: AbsoluteCount, tube: Tube) -> Iterator[str]:
    """Tell what the count leans on that no event shows."""
    if one.method == "volumetric":
        yield f"{_acquired(evaluation.listmode, tube.acquired_unit):f} uL acquired, by $VOL"
    if tube.bead_lot is not None:
        yield f"beads of lot {tube.bead_lot}, expiry {tube.beads_expire}"
    if tube.beads_per_test is not None:
        yield f"{tube.beads_per_test} beads in a test of {tube.sample_volume_uL} uL"
    if tube.dilution is not None:
        yield "undiluted" if tube.dilution == 1 else f"diluted {tube.dilution} times"
    for error, of in ((tube.bead_cv, "the number of beads"), (tube.volume_cv, "the volume")):
        if error is not None:
            yield f"coefficient of variation of {of} {error} %"


def _acquired(listmode: ListModeFile, unit: str | None) -> Decimal:
    try:
        return acquired_volume(listmode.keywords.get("$VOL", ""), _seconds(listmode), unit)
    except UnclearVolume as unclear:
        message = f"{unclear}; state acquired_volume_unit where only the unit is open"
        raise _Refused("acquired-volume-unclear", message) from unclear


def _seconds(listmode: ListModeFile) -> float | None:
    begin, end = (time_of(listmode.keywords.get(key, "")) for key in ("$BTIM", "$ETIM"))
    if begin is None or end is None:
        return None
    day = dt.date(2000, 1, 1)
    elapsed = (dt.datetime.combine(day, end) - dt.datetime.combine(day, begin)).total_seconds()
    # Past midnight; and a time that did not pass says nothing.
    return (elapsed % 86_400) or None


def _paths(evaluation: Evaluation) -> dict[Path, str]:
    return {evaluation.strategy.path(gate): gate for gate in evaluation.strategy.gates}


def _shared(evaluation: Evaluation, one: Path, other: Path) -> int:
    both: Mask = evaluation.inside(one[-1]) & evaluation.inside(other[-1])
    return int(np.count_nonzero(both))


def _among(cells: Path, beads: Path, among: int) -> str:
    return (
        f"{among} events of {'/'.join(cells)} are in {'/'.join(beads)} too, and beads are no "
        "cells; have the laboratory's gates leave them out"
    )


def _in_unit(found: Concentration, unit: str) -> tuple[Decimal, float, float]:
    def per_uL(value: Decimal) -> Quantity:  # noqa: N802
        return Quantity(value, value, True, True, "cells/uL", str(value))

    factor = float(convert(per_uL(Decimal(1)), unit).lower)
    return convert(per_uL(found.per_uL), unit).lower, found.low * factor, found.high * factor


def _undeclared_errors(
    test: str, one: AbsoluteCount, declared: Tube, place: Place
) -> Iterator[Finding]:
    absent = [
        name
        for key, name in _ERRORS[one.method].items()
        if getattr(one.fixed, key) is None and getattr(declared, key) is None
    ]
    if absent:
        message = (
            f"{place.path}: the interval of {test} is that of the counted events alone; no "
            f"coefficient of variation of {' or of '.join(absent)} is declared"
        )
        yield Finding("count-error-undeclared", Severity.INFORMATION, message, place)
