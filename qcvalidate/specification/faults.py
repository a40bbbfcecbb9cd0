"""Finds what a specification says and cannot mean; each fault is told in words.

A limit that nothing can miss, or a condition that no lot can meet, would pass lots silently.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from qcvalidate.assessment import Importance, Outcome
from qcvalidate.numerals import UnreadableQuantity
from qcvalidate.rounding import limit_value
from qcvalidate.specification.acceptance import LOWER_LIMITS, UPPER_LIMITS
from qcvalidate.specification.guarding import guarding_faults
from qcvalidate.specification.model import (
    Criterion,
    EvidenceNeeds,
    Specification,
    StagedRelease,
)
from qcvalidate.specification.pairs import pair_faults
from qcvalidate.specification.panels import cocktail_faults, count_faults, panel_faults
from qcvalidate.vocabulary import Vocabulary

# Contaminants and impurities: more is worse, so a minimum is a slip of the pen.
# (Published specifications do print `> 0.5 EU/mL`; BMC Vet Res 2021, 02791-3, table 4.)
_ONLY_UPPER = ("endotoxin", "negative_cocktail_positive")
# A share that is better the higher it is, so that a maximum is the same slip.
_ONLY_LOWER = ("viability",)
# What stands where a source should; a limit without one is nobody's.
_NO_SOURCE = frozenset(
    ("", "-", "--", "?", "tbd", "tba", "todo", "to do", "none", "n/a", "na", "unknown", "xxx")
)
# Tests for what must not be there: no product is specified to hold it.
_ABSENCE = frozenset(("sterility", "rapid", "mycoplasma", "donor"))
_GROWTH = frozenset(("sterility", "rapid", "mycoplasma"))
# A recovery is a share of what was added, and may exceed it.
_ABOVE_HUNDRED = "endotoxin_ppc"

_LIMIT = re.compile(
    r"(?P<mantissa>[0-9]{1,15}(?:\.[0-9]{1,15})?)"
    r"(?P<power>[eE][+-]?[0-9]{1,2}| ?[x×] ?10\^[+-]?[0-9]{1,2})?"
)
_LARGEST_LIMIT = Decimal("1e15")
# Binning alone moves a population by tenths of a per cent.
_LARGEST_TOLERANCE = Decimal(5)
_DECIDING = (Importance.BLOCKING, Importance.PENDING_ALLOWED)


def faults_of(specification: Specification, vocabulary: Vocabulary) -> list[str]:
    """Tell every fault of a specification that obeys its JSON Schema."""
    return [
        *_criteria_faults(specification, vocabulary),
        *_staged_faults(specification.staged, specification.criteria, vocabulary),
        *_population_faults(specification.populations, vocabulary),
        *cocktail_faults(specification),
        *count_faults(specification, vocabulary),
        *_tolerance_faults(specification.count_tolerance),
        *_acquisition_faults(specification),
        *_laboratory_faults(specification, vocabulary),
    ]


def _criteria_faults(specification: Specification, vocabulary: Vocabulary) -> list[str]:
    faults = []
    seen: set[str] = set()
    for criterion in specification.criteria:
        if criterion.id in seen:
            faults.append(f"criterion {criterion.id!r} stands twice")
        seen.add(criterion.id)
        unknown = [test for test in sorted(criterion.heard) if test not in vocabulary.tests]
        if unknown:
            faults += [_unknown_test(criterion.id, test, vocabulary) for test in unknown]
            continue
        wrong = [
            *_kind_faults(criterion, vocabulary),
            *_limit_faults(criterion, specification.rounding, vocabulary),
            *_absence_faults(criterion, vocabulary),
            *_need_faults(criterion, specification, vocabulary),
            *panel_faults(criterion, vocabulary),
            *_condition_faults(criterion, specification),
            *_source_faults(criterion),
        ]
        faults += [f"criterion {criterion.id!r}: {fault}" for fault in wrong]
    if not any(c.importance in _DECIDING and c.required_presence for c in specification.criteria):
        faults.append("no criterion is blocking and required, so that a lot could pass unshown")
    return [
        *faults,
        *pair_faults(specification.criteria, vocabulary),
    ]


def _laboratory_faults(specification: Specification, vocabulary: Vocabulary) -> list[str]:
    """A test that no criterion asks for has no paper whose laboratory could be looked at."""
    needs = specification.laboratory
    asked = {test for criterion in specification.criteria for test in criterion.tests}
    faults = []
    for test in needs.tests if needs else ():
        if test not in vocabulary.tests:
            faults.append(_unknown_test("laboratory", test, vocabulary))
        elif test not in asked:
            faults.append(f"laboratory: no criterion asks for {test}")
    return faults


def _unknown_test(id_: str, test: str, vocabulary: Vocabulary) -> str:
    near = difflib.get_close_matches(test, vocabulary.tests, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else "; see schemas/vocabulary/tests.yaml"
    return f"criterion {id_!r}: unknown test {test!r}{hint}"


def _kind_faults(criterion: Criterion, vocabulary: Vocabulary) -> list[str]:
    tests = [vocabulary.tests[test] for test in criterion.tests]
    families = sorted({test.family for test in tests} - {"count"})
    if len(families) > 1:
        return [f"its tests are of different kinds: {', '.join(families)}"]
    kinds = {test.kind for test in tests}
    qualitative = criterion.accept.verb == "one_of"
    if kinds != {"qualitative" if qualitative else "quantitative"}:
        kind = "/".join(sorted(kinds))
        return [f"{criterion.accept.verb!r} does not fit a {kind} test"]
    if qualitative:
        return ["a qualitative test has no unit"] if criterion.unit else []
    if criterion.unit is None:
        return ["lacks its unit"]
    if vocabulary.unit(criterion.unit) != criterion.unit:
        return [f"unknown unit {criterion.unit!r}; see schemas/vocabulary/units.yaml"]
    # Nothing converts a share to an amount; such a criterion would hold every lot.
    return [
        f"{test.id} is in {' or '.join(test.units)}, never in {criterion.unit}"
        for test in tests
        if ("%" in test.units) is not (criterion.unit == "%")
    ]


# --- limits --------------------------------------------------------------------------------


def _limit_faults(criterion: Criterion, rounding: str, vocabulary: Vocabulary) -> list[str]:
    accept, alert = criterion.accept, criterion.alert
    if accept.verb == "one_of":
        return [
            *_reading_faults(criterion),
            *guarding_faults(accept, criterion.uncertainty, None, is_guarded=False),
        ]
    if alert is not None and (
        alert.verb == "one_of" or (accept.verb == "within") is not (alert.verb == "within")
    ):
        return [
            f"the alert {alert.words(None)!r} does not fit {accept.words(None)!r}; an alert "
            "limit stands beside a single limit, on its side, and within beside within"
        ]
    for text in (*accept.limits, *(alert.limits if alert else ())):
        fault = _number_fault(text, rounding)
        if fault is not None:
            return [fault]
    values = [limit_value(text) for text in accept.limits]
    if accept.verb not in UPPER_LIMITS and set(criterion.tests) & set(_ONLY_UPPER):
        return [
            f"{accept.words(criterion.unit)!r} is a minimum, and more {criterion.tests[0]} is "
            "never better; write at_most or less_than"
        ]
    families = {vocabulary.tests[test].family for test in criterion.tests}
    if accept.verb in UPPER_LIMITS and families & set(_ONLY_LOWER):
        return [
            f"{accept.words(criterion.unit)!r} is a maximum, and more {criterion.tests[0]} is "
            "never worse; write at_least or more_than"
        ]
    if accept.verb == "within" and values[0] > values[1]:
        return [f"within {accept.limits[0]} to {accept.limits[1]}: the first is above the second"]
    return [
        *_reach_faults(criterion, values),
        *_alert_faults(criterion),
        *guarding_faults(
            accept, criterion.uncertainty, criterion.unit, is_guarded=criterion.is_guarded
        ),
    ]


def _reading_faults(criterion: Criterion) -> list[str]:
    wrong = sorted(set(criterion.accept.limits) - {"negative", "positive"})
    if wrong:
        return [f"{', '.join(wrong)} is no result; a result is negative or positive"]
    return ["a qualitative test has no alert limit"] if criterion.alert is not None else []


def _number_fault(text: str, rounding: str) -> str | None:
    """Tell what keeps a limit from being one number; a comma could be a point or a thousand."""
    match = _LIMIT.fullmatch(text)
    try:
        value = limit_value(text) if match else None
    except UnreadableQuantity:
        value = None
    if match is None or value is None:
        return (
            f"the limit {text!r} is not a number such as 70, 70.0 or 5.0e8; it has digits, at "
            "most a decimal point and a power of ten, and no sign or thousands separator"
        )
    if value > _LARGEST_LIMIT:
        return f"the limit {text!r} is above {_LARGEST_LIMIT:.0e}, which no laboratory measures"
    figures = len(Decimal(match["mantissa"]).as_tuple().digits)
    if match["power"] and figures == 1 and rounding != "none":
        return (
            f"the limit {text!r} has a single digit, to which results would be rounded before "
            f"they are compared (rounding: {rounding}), so that half of it would meet it; "
            "write as many digits as count, like 1.0e6"
        )
    return None


def _reach_faults(criterion: Criterion, values: list[Decimal]) -> Iterator[str]:
    """A limit beyond what a value can be, which every result meets or none does."""
    accept, percent = criterion.accept, criterion.unit == "%"
    if percent and _ABOVE_HUNDRED not in criterion.tests and max(values) > 100:
        yield f"{accept.words('%')!r} lies above 100 %"
    lowest = accept.verb in ("at_least", "within") and values[0] == 0
    highest = percent and accept.verb in ("at_most", "within") and values[-1] >= 100
    met = {
        "at_least": lowest,
        "at_most": highest,
        "within": lowest and highest,
    }.get(accept.verb, False)
    if met and criterion.importance in _DECIDING:
        yield f"{accept.words(criterion.unit)!r} is met by every result; say what would fail"


def _alert_faults(criterion: Criterion) -> list[str]:
    """An alert shoulder lies inside the accepted range, or it would never be seen."""
    accept, alert = criterion.accept, criterion.alert
    if alert is None:
        return []
    if accept.verb == "within":
        outer, inner = ([limit_value(text) for text in one.limits] for one in (accept, alert))
        nested = outer[0] <= inner[0] <= inner[1] <= outer[1] and outer != inner
        return (
            []
            if nested
            else [f"the alert {alert.words(None)!r} is not inside {accept.words(None)!r}"]
        )
    side, inside = (LOWER_LIMITS, 1) if accept.verb in LOWER_LIMITS else (UPPER_LIMITS, -1)
    if alert.verb not in side:
        return [f"the alert {alert.words(None)!r} is on the other side of its limit"]
    if (limit_value(alert.limits[0]) - limit_value(accept.limits[0])) * inside <= 0:
        return [f"the alert {alert.words(None)!r} is not inside {accept.words(None)!r}"]
    return []


def _absence_faults(criterion: Criterion, vocabulary: Vocabulary) -> Iterator[str]:
    """A test for what must not be there is met by its absence, and by nothing else."""
    families = {vocabulary.tests[test].family for test in criterion.tests}
    if not families & _ABSENCE or criterion.accept.verb != "one_of":
        return
    if criterion.needs.specimen is not None:
        # A line of a donor panel: its tests are of one marker, and CMV is told and no more.
        return
    if "positive" in criterion.accept.limits:
        yield (f"{criterion.tests[0]} may only be accepted when negative; write one_of: [negative]")
    if criterion.when_not_met is Outcome.INVALID:
        yield f"a positive {criterion.tests[0]} fails; INVALID is for a control's own limit"
    if families & _GROWTH and criterion.importance not in _DECIDING:
        yield (
            f"is {criterion.importance.value}, so that a lot in which organisms were found could "
            "pass; write severity: blocking, with presence: when_reported where it is not "
            "always tested"
        )
    if len(set(criterion.tests)) > 1:
        yield (
            f"a negative {criterion.tests[0]} says nothing of {criterion.tests[1]}, and any of "
            "its tests would answer it; write a criterion for each"
        )


# --- evidence and conditions ---------------------------------------------------------------


def _need_faults(
    criterion: Criterion, specification: Specification, vocabulary: Vocabulary
) -> Iterator[str]:
    """Evidence that no result could bring, or that the checks would never ask for."""
    needs = criterion.needs
    qualitative = criterion.accept.verb == "one_of"
    asked = {
        "parts": bool(needs.parts),
        "min_days": needs.min_days is not None,
        "min_days_when_turbid": needs.min_days_when_turbid is not None,
    }
    counted = {
        "min_events": needs.min_events is not None,
        "min_parent_events": needs.min_parent_events is not None,
    }
    repeated = needs.min_replicates is not None or needs.max_cv_pct is not None
    if qualitative and repeated:
        yield f"evidence of replicates is of a quantity, and {criterion.tests[0]} is none"
    if needs.max_cv_pct == 0:
        yield "evidence max_cv_pct is above 0"
    if not qualitative:
        for key in (key for key, there in asked.items() if there):
            yield f"evidence {key} is of a culture, and {criterion.tests[0]} is a quantity"
    if set(criterion.tests) & set(specification.absolute_counts):
        # The events of its cells are known; it is of beads or a volume, and of no population.
        del counted["min_events"]
    if criterion.unit != "%":
        for key in (key for key, there in counted.items() if there):
            yield f"evidence {key} is of a percentage, and {criterion.tests[0]} is none here"
    if qualitative and needs.counted:
        yield f"evidence counted is of a number, and {criterion.tests[0]} has none"
    yield from _foreign_needs(criterion, vocabulary)
    known = {part for test in criterion.tests for part in vocabulary.tests[test].parts}
    for part in (part for part in needs.parts if part not in known):
        shown = " and ".join(sorted(known)) or "no parts"
        yield f"evidence parts: {part!r} is no part of {criterion.tests[0]}, which has {shown}"
    if needs.after_harvest and needs.before_harvest:
        yield "evidence cannot be of both before and after the harvest"
    if needs.culture is not None and needs.min_days is not None:
        yield "evidence culture has days of its own, and min_days is of every method"
    if needs.methods and needs.min_days is None:
        yield "evidence methods stand in place of min_days, which is not there"
    yield from _range_faults(needs)


_NUCLEATED = ("total_nucleated_cells", "nucleated_cell_concentration")


def _foreign_needs(criterion: Criterion, vocabulary: Vocabulary) -> Iterator[str]:
    """Evidence that the results of one test alone could bring."""
    needs = criterion.needs
    families = {vocabulary.tests[test].family for test in criterion.tests}
    of_one = (
        ("names_dye", needs.names_dye and families != {"viability"}, "a viability"),
        (
            "max_lod_cfu_per_ml",
            needs.max_lod_cfu_per_ml is not None and families != {"mycoplasma"},
            "a mycoplasma test",
        ),
        ("culture", needs.culture is not None and families != {"mycoplasma"}, "a mycoplasma test"),
        (
            "includes_nrbc",
            needs.includes_nrbc is not None and not set(criterion.tests) & set(_NUCLEATED),
            "a count of nucleated cells",
        ),
        ("within_mvd", needs.within_mvd and "endotoxin" not in criterion.tests, "endotoxin"),
        (
            "per_hour",
            needs.per_hour and (criterion.tests, criterion.unit) != (("endotoxin",), "EU/kg"),
            "endotoxin in EU/kg",
        ),
    )
    window = needs.hours_before_harvest
    if window is not None and not (needs.before_harvest and 0 < window[0] < window[1] <= 720):
        yield (
            "evidence hours_before_harvest is two numbers of hours, the first below the second and "
            "up to 720, beside before_harvest"
        )
    if needs.interim and not (needs.before_harvest and needs.min_days):
        yield "evidence interim is of an in-process test with before_harvest and min_days"
    for key, wrong, of in of_one:
        if wrong:
            yield f"evidence {key} is of {of}, and {criterion.tests[0]} is none"


def _range_faults(needs: EvidenceNeeds) -> Iterator[str]:
    """A number of days, hours or events that asks nothing, or that nothing could reach."""
    ranges: dict[str, tuple[Decimal | int | None, str, Decimal | int, int]] = {
        "min_days": (needs.min_days, "1", 1, 366),
        "min_days_when_turbid": (needs.min_days_when_turbid, "1", 1, 366),
        "max_hours_after_thaw": (needs.max_hours_after_thaw, "above 0", Decimal("0.001"), 720),
        "max_hours_after_harvest": (
            needs.max_hours_after_harvest,
            "above 0",
            Decimal("0.001"),
            720,
        ),
        "min_events": (needs.min_events, "1", 1, 10_000_000),
        "min_parent_events": (needs.min_parent_events, "1", 1, 10_000_000),
    }
    if needs.culture is not None:
        ranges["culture: min_days"] = (needs.culture.min_days, "1", 1, 366)
    for method in needs.methods:
        ranges[f"methods: {method.names[0]}: min_days"] = (method.min_days, "1", 1, 366)
    for key, (value, start, least, most) in ranges.items():
        if value is not None and not least <= value <= most:
            yield f"evidence {key} is {start} to {most}, not {value}"
    turbid = needs.min_days_when_turbid
    if turbid is not None and (needs.min_days is None or needs.min_days >= turbid):
        yield "evidence min_days_when_turbid needs a min_days, and lies above it"


def _condition_faults(criterion: Criterion, specification: Specification) -> Iterator[str]:
    """A blocking criterion for lots that the specification is not meant for never blocks."""
    if criterion.importance not in _DECIDING:
        return
    for fact, values in criterion.applies_when.items():
        allowed = specification.applies_to.get(fact)
        if allowed is not None and not set(values) & set(allowed):
            yield (
                f"applies when {fact} is {' or '.join(values)}, but the specification is for "
                f"{' or '.join(allowed)} alone, so that it would never apply"
            )


def _source_faults(criterion: Criterion) -> Iterator[str]:
    source = criterion.reference.removesuffix(" (unverified)").strip(" .").casefold()
    if source in _NO_SOURCE:
        yield f"its reference {criterion.reference!r} is no source; name who sets the limit"


# --- the plan and the populations ----------------------------------------------------------


def _staged_faults(
    staged: StagedRelease | None, criteria: tuple[Criterion, ...], vocabulary: Vocabulary
) -> list[str]:
    faults = [
        f"criterion {criterion.id!r} may be pending{fault}"
        for criterion in criteria
        if criterion.importance is Importance.PENDING_ALLOWED
        for fault in _pending_faults(criterion, staged, vocabulary)
    ]
    for wanted in staged.requires if staged else ():
        faults += _requirement_faults(wanted, criteria)
    return faults


def _pending_faults(
    criterion: Criterion, staged: StagedRelease | None, vocabulary: Vocabulary
) -> Iterator[str]:
    families = {vocabulary.tests[t].family for t in criterion.tests if t in vocabulary.tests}
    if families - {"sterility"}:
        yield "; only a culture (a test of the family sterility) may end after a release"
    if staged is None:
        yield ", but there is no staged_release plan"
    elif criterion.needs.min_days is None:
        yield " and lacks evidence: {min_days: ...}, without which its result has no due date"
    if not criterion.required_presence:
        yield " and is not required, so that its absence would pass"


def _requirement_faults(wanted: str, criteria: tuple[Criterion, ...]) -> Iterator[str]:
    """What the plan leans on must be there and must hold the lot by itself."""
    found = next((criterion for criterion in criteria if criterion.id == wanted), None)
    if found is None:
        yield f"staged_release requires {wanted!r}, which is no criterion"
        return
    lacks = [
        word
        for word, there in (
            ("is not blocking", found.importance is not Importance.BLOCKING),
            ("may be absent (presence: when_reported)", not found.required_presence),
            ("does not always apply (applies_when)", bool(found.applies_when)),
        )
        if there
    ]
    if lacks:
        yield f"staged_release requires {wanted!r}, which {' and '.join(lacks)}"


def _population_faults(
    populations: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], vocabulary: Vocabulary
) -> list[str]:
    faults = []
    for test, (of, is_) in populations.items():
        if test not in vocabulary.tests:
            faults.append(_unknown_test("populations", test, vocabulary))
        elif "%" not in vocabulary.tests[test].units:
            faults.append(f"populations: {test} is not a percentage")
        if is_[: len(of)] != of or len(is_) <= len(of):
            faults.append(f"populations: {test}: {'/'.join(is_)} is not within {'/'.join(of)}")
    return faults


def _tolerance_faults(tolerance: Decimal) -> Iterator[str]:
    if tolerance > _LARGEST_TOLERANCE:
        yield (
            f"count_tolerance {tolerance} % is above {_LARGEST_TOLERANCE} %, at which other gates "
            "would pass for the same ones"
        )


# --- acquisition and controls ---------------------------------------------------------------

# What no acquisition could exceed limits nothing, and a limit that all exceed holds every lot.
_REACHES: dict[str, tuple[Decimal, Decimal]] = {
    "min_events": (Decimal(1), Decimal(10_000_000)),
    "max_flow_rate_deviation_pct": (Decimal(1), Decimal(1000)),
    "max_gap_seconds": (Decimal("0.001"), Decimal(3600)),
    "max_gaps_pct": (Decimal("0.001"), Decimal(50)),
    "max_time_reversals": (Decimal(0), Decimal(10_000_000)),
    "max_signal_drift_decades": (Decimal("0.01"), Decimal(2)),
    "max_at_range_maximum_pct": (Decimal(0), Decimal(50)),
    "max_at_minimum_pct": (Decimal("0.001"), Decimal(99)),
    "max_doublets_pct": (Decimal("0.1"), Decimal(99)),
    "max_debris_pct": (Decimal("0.1"), Decimal(99)),
}


def _acquisition_faults(specification: Specification) -> Iterator[str]:
    limits = specification.acquisition
    for key, (least, most) in _REACHES.items():
        value = getattr(limits, key)
        if value is not None and not least <= value <= most:
            yield f"acquisition: {key} is {least} to {most}, not {value}"
    share = specification.controls.max_control_pct_in_gate
    if share is not None and not 0 < share <= 50:
        yield f"controls: max_control_pct_in_gate is above 0 and up to 50, not {share}"
