"""Compares two specifications, in words: what became stricter, what looser, what is another.

Whatever cannot be told for certain to be as strict as before counts as looser: a clinic's own
copy must say why it departs from its parent, and no departure may slip through in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from qcvalidate.assessment import Importance, Outcome
from qcvalidate.rounding import limit_value
from qcvalidate.specification.acceptance import Acceptance
from qcvalidate.specification.model import (
    Criterion,
    EvidenceNeeds,
    Specification,
    StagedRelease,
)


class Bearing(StrEnum):
    """What a change does to the lots that pass."""

    STRICTER = "stricter"
    LOOSER = "looser"
    OTHER = "other"  # neither for certain, so that it must be justified as a looser one
    WORDING = "wording"


@dataclass(frozen=True)
class Change:
    """One difference; `about` is the id of a criterion, or a key of the specification."""

    about: str
    bearing: Bearing
    words: str

    @property
    def needs_justification(self) -> bool:
        """Say whether a copy that makes this change must say why."""
        return self.bearing in (Bearing.LOOSER, Bearing.OTHER)

    def __str__(self) -> str:
        """Say the change in a line."""
        aside = "" if self.bearing is Bearing.WORDING else f": {_BEARINGS[self.bearing]}"
        return f"{self.about}: {self.words}{aside}"


_BEARINGS = {
    Bearing.STRICTER: "stricter",
    Bearing.LOOSER: "looser",
    Bearing.OTHER: "not comparable",
}

_STRENGTH = (
    Importance.INFORMATION,
    Importance.WARNING,
    Importance.PENDING_ALLOWED,
    Importance.BLOCKING,
)
# What is compared by a rule of its own; any other field that differs is a change of its own.
_CRITERION = (
    *("id", "title", "tests", "unit", "accept", "alert", "when_not_met", "required_presence"),
    *("applies_when", "needs", "reference", "importance", "justification", "either_or"),
)
_SPECIFICATION = (
    *("identity", "rounding", "signature_required", "digital_signature_required", "applies_to"),
    *("staged", "criteria", "populations", "gating_strategies", "notes"),
    *("justifications", "departures"),
)


def changes(old: Specification, new: Specification) -> list[Change]:
    """List what `new` changes of `old`, what concerns the whole first, then each criterion."""
    found = list(_header(old, new))
    before = {criterion.id: criterion for criterion in old.criteria}
    after = {criterion.id: criterion for criterion in new.criteria}
    for id_, criterion in before.items():
        if id_ not in after:
            words = f"removed; it asked for {criterion.limit}"
            found.append(Change(id_, Bearing.LOOSER, words))
            continue
        rounding = (old.rounding, new.rounding)
        found += _criterion(criterion, after[id_], rounding)
    for id_, criterion in after.items():
        if id_ not in before:
            words = f"added; it asks for {criterion.limit}, {criterion.importance.value}"
            found.append(Change(id_, _of_addition(criterion, old), words))
    return found


def _of_addition(criterion: Criterion, old: Specification) -> Bearing:
    """A bad result that nobody asks about holds its lot; asked about in passing, it only warns."""
    asked = {test for one in old.criteria for test in one.tests}
    deciding = criterion.importance in (Importance.BLOCKING, Importance.PENDING_ALLOWED)
    softened = criterion.accept.verb == "one_of" and not set(criterion.tests) <= asked
    return Bearing.OTHER if softened and not deciding else Bearing.STRICTER


# --- the whole -----------------------------------------------------------------------------


def _header(old: Specification, new: Specification) -> Iterator[Change]:
    if old.identity.title != new.identity.title:
        yield Change("title", Bearing.WORDING, f"now {new.identity.title!r}")
    if old.notes != new.notes:
        yield Change("notes", Bearing.WORDING, "worded otherwise")
    if old.rounding != new.rounding:
        words = f"changed from {old.rounding} to {new.rounding}"
        yield Change("rounding", Bearing.OTHER, words)
    yield from _flag("signature", old.signature_required, new.signature_required)
    digital = (old.digital_signature_required, new.digital_signature_required)
    yield from _flag("digital_signature", *digital)
    yield from _conditions("applies_to", old.applies_to, new.applies_to, wider=Bearing.LOOSER)
    yield from _staged(old.staged, new.staged)
    yield from _populations(old, new)
    yield from _strategies(old.gating_strategies, new.gating_strategies)
    yield from _unknown(old, new, _SPECIFICATION, "")


def _flag(key: str, old: bool, new: bool) -> Iterator[Change]:
    if old is not new:
        bearing = Bearing.STRICTER if new else Bearing.LOOSER
        yield Change(key, bearing, "now required" if new else "no longer required")


def _conditions(
    about: str,
    old: Mapping[str, tuple[str, ...]],
    new: Mapping[str, tuple[str, ...]],
    *,
    wider: Bearing,
    prefix: str = "",
) -> Iterator[Change]:
    """Compare conditions; `wider` is what it means that more lots meet them."""
    narrower = Bearing.STRICTER if wider is Bearing.LOOSER else Bearing.LOOSER
    for fact in dict.fromkeys([*old, *new]):
        name = fact.replace("_", " ")
        before, after = old.get(fact), new.get(fact)
        if before is None and after is not None:
            yield Change(about, narrower, f"{prefix}now only for {name} {' or '.join(after)}")
        elif after is None and before is not None:
            words = f"{prefix}no longer only for {name} {' or '.join(before)}"
            yield Change(about, wider, words)
        elif before is not None and after is not None:
            more = [value for value in after if value not in before]
            less = [value for value in before if value not in after]
            if more:
                yield Change(about, wider, f"{prefix}now for {name} {' or '.join(more)} too")
            if less:
                words = f"{prefix}no longer for {name} {' or '.join(less)}"
                yield Change(about, narrower, words)


def _staged(old: StagedRelease | None, new: StagedRelease | None) -> Iterator[Change]:
    about = "staged_release"
    if old is None or new is None:
        if new is not None:
            yield Change(about, Bearing.LOOSER, f"added: {new.plan}")
        elif old is not None:
            yield Change(about, Bearing.STRICTER, f"removed: {old.plan}")
        return
    for id_ in (one for one in old.requires if one not in new.requires):
        yield Change(about, Bearing.LOOSER, f"no longer requires {id_}")
    for id_ in (one for one in new.requires if one not in old.requires):
        yield Change(about, Bearing.STRICTER, f"now requires {id_}")
    for key in ("plan", "call", "reference"):
        if getattr(old, key) != getattr(new, key):
            yield Change(about, Bearing.WORDING, f"{key} now {getattr(new, key)!r}")


def _populations(old: Specification, new: Specification) -> Iterator[Change]:
    for test in dict.fromkeys([*old.populations, *new.populations]):
        before, after = old.populations.get(test), new.populations.get(test)
        if before == after:
            continue
        if after is None:
            words = f"no population answers {test} any more"
            yield Change("populations", Bearing.STRICTER, words)
        else:
            of, is_ = ("/".join(path) for path in after)
            words = f"{test} is now {is_} of {of}"
            yield Change("populations", Bearing.OTHER, words)


def _strategies(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> Iterator[Change]:
    about = "gating_strategies"
    if old is None and new is not None:
        yield Change(about, Bearing.STRICTER, "now only those listed may count")
    elif new is None and old is not None:
        yield Change(about, Bearing.LOOSER, "any may count now")
    for digest in (one for one in new or () if old is not None and one not in old):
        yield Change(about, Bearing.LOOSER, f"{digest[:8]} may count now")
    for digest in (one for one in old or () if new is not None and one not in new):
        yield Change(about, Bearing.STRICTER, f"{digest[:8]} may count no more")


def _unknown(old: object, new: object, known: tuple[str, ...], about: str) -> Iterator[Change]:
    """A field that this module has not learnt yet must not differ unseen."""
    for field in fields(old):  # type: ignore[arg-type]
        if field.name in known or getattr(old, field.name) == getattr(new, field.name):
            continue
        name = field.name.replace("_", " ")
        before, after = getattr(old, field.name), getattr(new, field.name)
        yield Change(about or field.name, Bearing.OTHER, f"{name} changed from {before} to {after}")


# --- a criterion ---------------------------------------------------------------------------


def _criterion(old: Criterion, new: Criterion, rounding: tuple[str, str]) -> Iterator[Change]:
    id_ = old.id
    for test in (one for one in new.tests if one not in old.tests):
        yield Change(id_, Bearing.LOOSER, f"may now be answered by {test}")
    for test in (one for one in old.tests if one not in new.tests):
        yield Change(id_, Bearing.OTHER, f"no longer looks at {test}")
    if old.unit != new.unit:
        words = f"changed from {old.limit} to {new.limit}, in another unit"
        yield Change(id_, Bearing.OTHER, words)
    else:
        yield from _limits(old, new, rounding)
    if old.when_not_met is not new.when_not_met:
        bearing = Bearing.STRICTER if new.when_not_met is Outcome.FAIL else Bearing.LOOSER
        yield Change(id_, bearing, f"now {new.when_not_met.value} when not met")
    if old.required_presence is not new.required_presence:
        bearing = Bearing.STRICTER if new.required_presence else Bearing.LOOSER
        words = "now required" if new.required_presence else "now judged only when reported"
        yield Change(id_, bearing, words)
    conditions = (old.applies_when, new.applies_when)
    yield from _conditions(id_, *conditions, wider=Bearing.STRICTER, prefix="applies ")
    yield from _evidence(id_, old.needs, new.needs)
    if old.importance is not new.importance:
        stronger = _STRENGTH.index(new.importance) > _STRENGTH.index(old.importance)
        words = f"severity changed from {old.importance.value} to {new.importance.value}"
        yield Change(id_, Bearing.STRICTER if stronger else Bearing.LOOSER, words)
    for key in ("title", "reference"):
        if getattr(old, key) != getattr(new, key):
            yield Change(id_, Bearing.WORDING, f"{key} now {getattr(new, key)!r}")
    yield from _unknown(old, new, _CRITERION, id_)


def _limits(old: Criterion, new: Criterion, rounding: tuple[str, str]) -> Iterator[Change]:
    if old.accept != new.accept:
        bearing = _bearing(old.accept, new.accept, rounding)
        words = f"limit {_moved(old.accept, new.accept)}from {old.limit} to {new.limit}"
        yield Change(old.id, bearing, words)
    if old.alert == new.alert:
        return
    if old.alert is None and new.alert is not None:
        words = f"alert added: {new.alert.words(new.unit)}"
        yield Change(old.id, Bearing.STRICTER, words)
    elif new.alert is None and old.alert is not None:
        words = f"alert removed: {old.alert.words(old.unit)}"
        yield Change(old.id, Bearing.LOOSER, words)
    elif old.alert is not None and new.alert is not None:
        moved = _moved(old.alert, new.alert)
        words = f"alert {moved}from {old.alert.words(old.unit)} to {new.alert.words(new.unit)}"
        yield Change(old.id, _bearing(old.alert, new.alert, rounding), words)


def _moved(old: Acceptance, new: Acceptance) -> str:
    if old.verb != new.verb or old.verb in ("within", "one_of"):
        return "changed "
    first, second = limit_value(old.limits[0]), limit_value(new.limits[0])
    if first == second:
        return "written with other digits, "
    return "raised " if second > first else "lowered "


def _bearing(old: Acceptance, new: Acceptance, rounding: tuple[str, str]) -> Bearing:
    """Say whether fewer results meet the new limit; as written and as rounded, both."""
    if "one_of" in (old.verb, new.verb):
        if old.verb != new.verb:
            return Bearing.OTHER
        return Bearing.LOOSER if set(new.limits) - set(old.limits) else Bearing.STRICTER
    written = _no_wider(_edges(old, "none"), _edges(new, "none"))
    as_rounded = _no_wider(_edges(old, rounding[0]), _edges(new, rounding[1]))
    return Bearing.STRICTER if written and as_rounded else Bearing.LOOSER


_Edge = tuple[Decimal, int]  # a value, and 1 where it is not accepted itself
_OPEN_LOW, _OPEN_HIGH = (Decimal("-Infinity"), 0), (Decimal("Infinity"), 0)


def _no_wider(old: tuple[_Edge, _Edge], new: tuple[_Edge, _Edge]) -> bool:
    """Say whether the new interval lies within the old one."""
    (old_low, old_high), (new_low, new_high) = old, new
    return new_low >= old_low and (new_high[0], -new_high[1]) <= (old_high[0], -old_high[1])


def _edges(acceptance: Acceptance, rounding: str) -> tuple[_Edge, _Edge]:
    """Give the interval of results that meet a limit once they are rounded to its digits."""
    low, high = _OPEN_LOW, _OPEN_HIGH
    first, *rest = acceptance.limits
    match acceptance.verb:
        case "at_least":
            low = (limit_value(first) - _half(first, rounding), 0)
        case "more_than":
            low = (limit_value(first) + _half(first, rounding), int(rounding == "none"))
        case "at_most":
            high = (limit_value(first) + _half(first, rounding), int(rounding != "none"))
        case "less_than":
            high = (limit_value(first) - _half(first, rounding), 1)
        case _:
            low = (limit_value(first) - _half(first, rounding), 0)
            last = rest[0]
            high = (limit_value(last) + _half(last, rounding), int(rounding != "none"))
    return low, high


def _half(limit: str, rounding: str) -> Decimal:
    """Give half of the last digit of a limit as written, by which rounding moves it."""
    exponent = limit_value(limit).as_tuple().exponent
    if rounding == "none" or not isinstance(exponent, int):
        return Decimal(0)
    return Decimal((0, (5,), exponent - 1))


# What lets more results count than without it.
_ALLOWING = ("interim", "per_hour")


# --- evidence ------------------------------------------------------------------------------


def _evidence(id_: str, old: EvidenceNeeds, new: EvidenceNeeds) -> Iterator[Change]:
    """Compare what a result must bring; a name says which way is more: `min_`, `max_`."""
    for field in fields(EvidenceNeeds):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        words = f"evidence {field.name.replace('_', ' ')}"
        if not _asks(field.name, before):
            shown = "" if after is True else f" {_listed(after)}"
            more = Bearing.LOOSER if field.name in _ALLOWING else Bearing.STRICTER
            yield Change(id_, more, f"{words} added{shown}")
        elif not _asks(field.name, after):
            shown = "" if before is True else f" {_listed(before)}"
            less = Bearing.STRICTER if field.name in _ALLOWING else Bearing.LOOSER
            yield Change(id_, less, f"{words} removed{shown}")
        else:
            changed = f"{words} changed from {_listed(before)} to {_listed(after)}"
            yield Change(id_, _of_need(field.name, before, after), changed)


def _asks(name: str, value: object) -> bool:
    """Say whether a need is there; to have red cells left out is one as well."""
    return value is not None if name == "includes_nrbc" else bool(value)


def _of_need(name: str, before: object, after: object) -> Bearing:
    if name == "hours_before_harvest":
        (low, high), (first, last) = before, after  # type: ignore[misc]
        return Bearing.STRICTER if low <= first and last <= high else Bearing.LOOSER  # type: ignore[has-type]
    if isinstance(before, tuple) and isinstance(after, tuple):
        return Bearing.STRICTER if set(before) <= set(after) else Bearing.LOOSER
    numbers = isinstance(before, int | Decimal) and isinstance(after, int | Decimal)
    if not numbers or not name.startswith(("min_", "max_")):
        return Bearing.OTHER
    more = after > before  # type: ignore[operator]
    return Bearing.STRICTER if more is name.startswith("min_") else Bearing.LOOSER


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
