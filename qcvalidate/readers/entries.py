"""Reads the cells of one result into an observation, and says what could not be read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from qcvalidate.dilutions import TEST as ENDOTOXIN
from qcvalidate.dilutions import fold_of, is_unstated
from qcvalidate.documents import Cell
from qcvalidate.donors import whose_specimen
from qcvalidate.frames import READINGS, Observation
from qcvalidate.quantity import (
    Locale,
    NotConvertible,
    Quantity,
    UnknownUnit,
    UnreadableDate,
    UnreadableQuantity,
    convert,
    parse_date,
    parse_datetime,
    parse_quantity,
)
from qcvalidate.ratios import told_by
from qcvalidate.readers.counting import counted_share, printed
from qcvalidate.readers.hierarchy import whole
from qcvalidate.record import Finding, Place, Role, Severity, State, Status
from qcvalidate.vocabulary import Test, TestName, Vocabulary, key
from qcvalidate.wording import Reading


@dataclass(frozen=True)
class Entry:
    """One result: its document, its test, its own cell, and the cells beside it by role."""

    name: str
    test: TestName
    result: Cell
    cells: Mapping[str, Cell]

    def text(self, role: str) -> str:
        """Give a neighbour's text, "" when there is none."""
        cell = self.cells.get(role)
        return cell.text.strip() if cell else ""


@dataclass
class _Draft:
    """An observation in the making, and what is wrong with it."""

    entry: Entry
    heading: str
    changes: dict[str, object] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def tell(self, slug: str, severity: Severity, what: str, cell: Cell | None = None) -> None:
        """Add a finding at a cell, by default the result's own."""
        region = (cell or self.entry.result).region
        message = f"{self.entry.name} {region}: {what} ({self.heading})"
        self.findings.append(
            Finding(slug, severity, message, Place(self.entry.name, region=region))
        )

    def doubt(self, state: State) -> None:
        """Keep the observation, and let it support nothing."""
        self.changes["state"] = state.value


def read_entry(
    entry: Entry, vocabulary: Vocabulary, locale: Locale, heading: str
) -> tuple[Observation, list[Finding]]:
    """Read one result with all that stands beside it; `heading` is the test's name as printed."""
    draft = _Draft(entry, heading)
    test = vocabulary.tests[entry.test.test]
    _state(draft)
    _role(draft, vocabulary)
    _part(draft, vocabulary, test)
    _status(draft, vocabulary)
    _dates(draft, locale)
    _turbidity(draft, vocabulary)
    _diluted(draft, test, vocabulary, locale)
    draft.changes["specimen_of"] = whose_specimen(draft.entry.text("specimen_of"))
    if not entry.result.text.strip():
        draft.tell("result-blank", Severity.WARNING, "the result is blank")
    elif test.kind == "quantitative":
        _number(draft, test, vocabulary, locale)
    else:
        _words(draft, test, vocabulary)
        _organism(draft, test, vocabulary)
    _counts(draft)
    _verdict(draft, vocabulary)
    observation = Observation(
        test=test.id,
        result=entry.result.text,
        source=entry.name,
        lot=entry.text("lot") or None,
        sample_id=entry.text("sample_id") or None,
        method=entry.text("method") or None,
        region=entry.result.region,
    )
    return replace(observation, **draft.changes), draft.findings  # type: ignore[arg-type]


def _state(draft: _Draft) -> None:
    stated = draft.entry.text("state")
    if stated:
        known = stated in tuple(State)
        draft.changes["state"] = stated if known else State.AMBIGUOUS.value


def _role(draft: _Draft, vocabulary: Vocabulary) -> None:
    stated = draft.entry.text("role")
    role = vocabulary.role(stated)
    if stated and role is None:
        draft.doubt(State.AMBIGUOUS)
        draft.tell(
            "result-wording-unknown",
            Severity.HOLD,
            f"“{stated}” is not a role that we know; it may be a control",
            draft.entry.cells["role"],
        )
    # A row that is called "Positive control" is one, whatever its column is called.
    role = role or vocabulary.role(draft.entry.text("sample_id"))
    draft.changes["role"] = role or Role.SAMPLE.value


_LEFT_OUT = re.compile(
    r"(?<![a-zà-ÿ])(?:dead|dying|non[ -]?viable|not viable|nonviable|non[ -]?vital|apoptotic"
    r"|necrotic|debris|tote?n?|avital|morte?s?|muert[ao]s?|mort[ei])(?![a-zà-ÿ])"
    r"|(?<=[0-9a-z])(?:-|−| neg(?:ative)?)\s*$",
    re.IGNORECASE,
)
# Of what a share is taken; a sterility medium has no such part.
_OF_CELLS = ("viability", "phenotype", "count")


def _part(draft: _Draft, vocabulary: Vocabulary, test: Test) -> None:
    named = draft.entry.test.part
    printed = draft.entry.text("part")
    stated = vocabulary.part(printed) or printed or None
    draft.changes["part"] = stated or named
    if test.family in _OF_CELLS and _LEFT_OUT.search(printed):
        draft.doubt(State.CONFLICT)
        draft.tell(
            "population-not-asked",
            Severity.HOLD,
            f"the row is of “{printed.strip()}”, and not of the cells that {test.id} is about",
            draft.entry.cells["part"],
        )
    if stated and named and stated != named:
        draft.doubt(State.CONFLICT)
        draft.tell(
            "field-conflict", Severity.HOLD, f"the test is of {named}, the row says “{printed}”"
        )


def _status(draft: _Draft, vocabulary: Vocabulary) -> None:
    if "status" not in draft.entry.cells:
        return
    stated = draft.entry.text("status")
    status = vocabulary.status(stated)
    draft.changes["status"] = status or Status.PRELIMINARY.value
    if status is None:
        draft.tell(
            "result-wording-unknown",
            Severity.WARNING,
            f"the status “{stated}” is not one that we know; the result is taken as preliminary",
            draft.entry.cells["status"],
        )


def _dates(draft: _Draft, locale: Locale) -> None:
    readers: dict[str, tuple[Callable[[str, Locale], dt.date], Severity]] = {
        # Incubation is counted between these two; the third only tells a measurement's age.
        "started": (parse_date, Severity.HOLD),
        "ended": (parse_date, Severity.HOLD),
        "measured_at": (parse_datetime, Severity.WARNING),
        # A donor's specimen without its day is held by its criterion.
        "sampled": (parse_date, Severity.WARNING),
    }
    for role, (parse, severity) in readers.items():
        text = draft.entry.text(role)
        if not text:
            continue
        try:
            draft.changes[role] = parse(text, locale)
        except UnreadableDate as error:
            draft.tell(error.slug, severity, str(error), draft.entry.cells[role])
            if role == "measured_at" and "started" not in draft.changes:
                _day_alone(draft, text, locale)


def _day_alone(draft: _Draft, text: str, locale: Locale) -> None:
    """Keep the day of a measurement without its time: it may lie before there was a product."""
    try:
        draft.changes["started"] = parse_date(text, locale)
    except UnreadableDate:
        # Which was told of the moment already.
        return


def _turbidity(draft: _Draft, vocabulary: Vocabulary) -> None:
    """Keep what was seen in the medium: living cells cloud it without any growth."""
    stated = draft.entry.text("turbidity")
    if not stated:
        return
    seen = {"positive": "turbid", "negative": "clear"}.get(vocabulary.turbidity(stated).kind)
    draft.changes["turbidity"] = seen
    if seen is None:
        draft.doubt(State.AMBIGUOUS)
        draft.tell(
            "result-wording-unknown",
            Severity.HOLD,
            f"the turbidity “{stated}” is not one that we know; expected + or -, turbid or clear",
            draft.entry.cells["turbidity"],
        )


def _diluted(draft: _Draft, test: Test, vocabulary: Vocabulary, locale: Locale) -> None:
    """Keep how an endotoxin test was diluted, and how little its lysate sees."""
    if test.id != ENDOTOXIN:
        return
    for role in ("dilution", "valid_dilution", "sensitivity"):
        text = draft.entry.text(role)
        if is_unstated(text):
            continue
        value = _seen(text, vocabulary, locale) if role == "sensitivity" else fold_of(text)
        draft.changes[role] = value
        if value is None:
            draft.doubt(State.AMBIGUOUS)
            what = f"the {role.replace('_', ' ')} “{text}” of the endotoxin test is not one we know"
            draft.tell("number-unreadable", Severity.HOLD, what, draft.entry.cells[role])


def _seen(text: str, vocabulary: Vocabulary, locale: Locale) -> Decimal | None:
    try:
        quantity = parse_quantity(text, locale, units=vocabulary.units, unit="EU/mL")
    except UnreadableQuantity:
        return None
    exact = quantity.exact
    return exact if quantity.unit == "EU/mL" and exact and exact > 0 else None


def _number(draft: _Draft, test: Test, vocabulary: Vocabulary, locale: Locale) -> None:
    cell = draft.entry.result
    # A stored number's decimal mark is a point, whatever the texts around it use.
    marks = Locale(dates=locale.dates, decimal=".") if cell.number else locale
    unit = draft.entry.text("unit")
    beside = draft.entry.text("uncertainty")
    text = cell.text if is_unstated(beside) else f"{cell.text} ± {beside.removeprefix('±').strip()}"
    try:
        quantity = parse_quantity(text, marks, units=vocabulary.units, unit=unit or None)
        quantity = _in_unit_of(test, quantity)
    except UnreadableQuantity as error:
        reading = vocabulary.result(cell.text, test.id)
        if reading.kind in ("pending", "invalid"):
            draft.changes |= {"reading": reading.kind, "day": reading.day}
            return
        if error.slug != "number-unreadable":
            draft.doubt(State.AMBIGUOUS)
        draft.tell(error.slug, Severity.HOLD, str(error))
        return
    draft.changes |= {
        "lower": quantity.lower,
        "upper": quantity.upper,
        "lower_closed": quantity.lower_closed,
        "upper_closed": quantity.upper_closed,
        "unit": quantity.unit,
    }
    if quantity.stated is not None:
        low, high = map(float, quantity.stated)
        draft.changes |= {"ci_low": low, "ci_high": high}
    _compare_bounds(draft, quantity)


def _in_unit_of(test: Test, quantity: Quantity) -> Quantity:
    """Hold a number to a unit that its test may have; the same dimension is scaled."""
    if quantity.unit in test.units:
        return quantity
    if quantity.unit is None:
        raise UnknownUnit(f"“{quantity.text}” has no unit; expected {' or '.join(test.units)}")
    for unit in test.units:
        try:
            return convert(quantity, unit)
        except NotConvertible:
            continue
    raise UnknownUnit(
        f"“{quantity.text}” is in {quantity.unit}; expected {' or '.join(test.units)}"
    )


def _compare_bounds(draft: _Draft, quantity: Quantity) -> None:
    """Hold the file's own reading of a number, where it gives one, against ours."""
    for role, ours in (("lower", quantity.lower), ("upper", quantity.upper)):
        stated = draft.entry.text(role)
        if stated and not _same(stated, ours):
            draft.doubt(State.CONFLICT)
            draft.tell(
                "field-conflict",
                Severity.HOLD,
                f"the row says {role} {stated}, but “{quantity.text}” says {ours}",
                draft.entry.cells[role],
            )


def _same(stated: str, ours: Decimal) -> bool:
    try:
        return Decimal(stated) == ours
    except InvalidOperation:
        return False


def _words(draft: _Draft, test: Test, vocabulary: Vocabulary) -> None:
    text = draft.entry.result.text
    reading = vocabulary.result(text, test.id)
    by_ratio = told_by(
        _with_ratio(draft.entry, text),
        f"{draft.heading} {draft.entry.text('method')}",
        test.ratio,
        lambda words: vocabulary.result(words, test.id).kind,
    )
    if by_ratio is not None:
        reading = Reading(by_ratio.kind)
        if by_ratio.slug is not None:
            draft.tell(by_ratio.slug, Severity.HOLD, f"“{text}”: {by_ratio.reason}")
    draft.changes |= {"reading": reading.kind, "organism": reading.organism}
    draft.changes["day"] = _day(draft, reading.day)
    # What a product looks like is a description; a specification may list the accepted ones.
    if reading.kind == "unknown" and test.family != "appearance" and by_ratio is None:
        draft.tell(
            "result-wording-unknown",
            Severity.HOLD,
            f"“{text}” is not a wording of a result that the vocabulary knows",
        )
    stated = draft.entry.text("reading")
    if stated in READINGS and stated != reading.kind:
        draft.doubt(State.CONFLICT)
        draft.tell(
            "field-conflict",
            Severity.HOLD,
            f"the row says {stated}, but “{text}” is {reading.kind}",
            draft.entry.cells["reading"],
        )


def _with_ratio(entry: Entry, text: str) -> str:
    """Put the ratio of a column of its own behind the words."""
    beside = entry.text("ratio")
    return text if is_unstated(beside) else f"{text} (ratio {beside})"


def _organism(draft: _Draft, test: Test, vocabulary: Vocabulary) -> None:
    """Keep the organism that a column names; one beside "no growth" contradicts it."""
    stated = draft.entry.text("organism")
    if key(stated) in _NO_ORGANISM or vocabulary.result(stated, test.id).kind == "negative":
        return
    if draft.changes.get("reading") == "positive":
        draft.changes["organism"] = draft.changes.get("organism") or stated
        return
    draft.doubt(State.CONFLICT)
    draft.tell(
        "row-conflict",
        Severity.HOLD,
        f"the row names the organism “{stated}” beside “{draft.entry.result.text}”",
        draft.entry.cells["organism"],
    )


_NO_ORGANISM = frozenset(
    ("", "none", "nil", "na", "n a", "not applicable", "keine", "keiner", "aucun", "ninguno")
)


def _day(draft: _Draft, named: int | None) -> int | None:
    stated = draft.entry.text("day")
    if not stated:
        return named
    day = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 4 else None
    if day is None or named not in (None, day):
        draft.doubt(State.CONFLICT)
        draft.tell(
            "field-conflict",
            Severity.HOLD,
            f"the day “{stated}” contradicts “{draft.entry.result.text}”, or is no day",
            draft.entry.cells["day"],
        )
        return named
    return day


def _counts(draft: _Draft) -> None:
    """Take the events that a percentage was counted from; they decide over its rounded print."""
    stated = {role: draft.entry.text(role) for role in ("numerator", "denominator")}
    counts = {role: whole(text) for role, text in stated.items() if text}
    for role, count in counts.items():
        if count is None:
            draft.doubt(State.AMBIGUOUS)
            what = f"“{stated[role]}” is not a count of events"
            draft.tell("number-unreadable", Severity.HOLD, what, draft.entry.cells[role])
            return
    draft.changes |= counts
    part, total = counts.get("numerator"), counts.get("denominator")
    if part is None or total is None:
        return
    shown = printed(draft.entry.result.text.strip().removesuffix("%").strip())
    share = counted_share(part, total) if 0 < total >= part else None
    if share is None or shown is None or not shown[0] <= share.percent <= shown[1]:
        draft.doubt(State.CONFLICT)
        what = f"the counts {part} of {total} are not the “{draft.entry.result.text}” beside them"
        draft.tell("field-conflict", Severity.HOLD, what, draft.entry.cells["numerator"])
        return
    draft.changes |= {"ci_low": share.low, "ci_high": share.high}


def _verdict(draft: _Draft, vocabulary: Vocabulary) -> None:
    """Compare the row's own verdict with its result; a failed row never passes unseen."""
    stated = draft.entry.text("verdict")
    if not stated:
        return
    verdict = vocabulary.verdict(stated)
    reading = draft.changes.get("reading")
    contradicts = {
        "pass": reading in ("positive", "invalid"),
        "fail": reading != "positive",
        None: True,
    }[verdict]
    if contradicts:
        meant = verdict or "a verdict that we do not know"
        draft.tell(
            "row-conflict",
            Severity.HOLD,
            f"the row's own verdict is “{stated}” ({meant}) beside “{draft.entry.result.text}”",
            draft.entry.cells["verdict"],
        )
