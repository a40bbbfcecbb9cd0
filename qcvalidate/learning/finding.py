"""Finds on a paper where a confirmed value stands, and what announces it there.

Each candidate, a label or a bare place, is tried with the reader itself; the first one with which
the confirmed value is read, and no other field differently, is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qcvalidate.dates import AmbiguousDate, UnreadableDate, parse_date
from qcvalidate.documents import Box, Document, Word
from qcvalidate.errors import DocumentError
from qcvalidate.labs import LabProfile, Region, folded
from qcvalidate.labs.faults import faults_of
from qcvalidate.locale import UNDECLARED, Locale
from qcvalidate.pipeline import Laboratory
from qcvalidate.readers import Context
from qcvalidate.readers.certificates.generic import read_header
from qcvalidate.readers.certificates.lines import Block, Line, around
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Field

_LONGEST_VALUE = 8
_LONGEST_LABEL = 6
# Round a value without a label, in points: a scanner or printer moves it by less.
_MARGIN = 4.0
# A label stands no further above its value than this many heights.
_FURTHEST_UP = 3.0
# Each trial reads the paper once.
_MOST_TRIALS = 40


@dataclass(frozen=True)
class Learnt:
    """One field that was learnt: at a label, or at a bare place where `label` is None.

    `times` is how often the value stands on the paper: of several places a person must see that
    it is the right one.
    """

    field: str
    value: str
    printed: str
    page: int
    box: Box
    label: str | None = None
    where: str = ""
    times: int = 1

    def added_to(self, profile: LabProfile) -> LabProfile:
        """Give the profile that knows this field, too."""
        if self.label is not None:
            known = profile.labels.get(self.field, ())
            labels = {**profile.labels, self.field: tuple(dict.fromkeys((*known, self.label)))}
            return replace(profile, labels=labels)
        left, top, right, bottom = self.box
        box = (
            max(0.0, round(left - _MARGIN, 1)),
            max(0.0, round(top - _MARGIN, 1)),
            round(right + _MARGIN, 1),
            round(bottom + _MARGIN, 1),
        )
        return replace(profile, regions=(*profile.regions, Region(self.field, self.page, box)))


@dataclass(frozen=True)
class _Span:
    """A value as it stands in a block: the words of it, and those before."""

    words: tuple[Word, ...]
    block: Block
    line: int
    position: int

    @property
    def begins(self) -> bool:
        return self.words[0] is self.block.words[0]

    @property
    def fills(self) -> bool:
        return len(self.words) == len(self.block.words)


def learnt_field(
    field: str,
    value: str,
    document: Document,
    lines: Sequence[Line],
    profile: LabProfile,
    laboratory: Laboratory,
    named: Sequence[str] = (),
) -> Learnt | str:
    """Find what announces a value, or say why nothing that does can be used.

    `named` are the labels that a person gave for the field: then no other announces it.
    """
    spans = list(_spans(field, value, lines, profile.locale))
    if not spans:
        return (
            f"{field}: {value!r} does not stand on the paper in one piece; give it as it is "
            "printed there, letter by letter"
        )
    reasons: list[str] = []
    before = _header(document, profile, laboratory)
    marks = {folded(mark) for mark in (*profile.names, *profile.forms)}
    at_labels = [
        c for c in _at_labels(field, value, spans, lines) if folded(c.label or "") not in marks
    ]
    if named:
        wanted = {folded(label) for label in named}
        candidates = [c for c in at_labels if folded(c.label or "") in wanted]
    elif is_date_field(field) and len({id(span.words[0]) for span in spans}) > 1:
        # One day may be that of receipt and of the start, on this paper alone.
        return _which(field, value, at_labels)
    else:
        candidates = [*at_labels, *_at_places(field, value, spans)]
    for candidate in candidates[:_MOST_TRIALS]:
        trial = candidate.added_to(profile)
        fault = next(iter(_own_faults(trial, profile, laboratory)), None)
        if fault is None:
            fault = _trial_fault(candidate, before, _header(document, trial, laboratory))
        if fault is None:
            return replace(candidate, times=len(spans))
        reasons.append(fault)
    told = "; ".join(dict.fromkeys(reasons)) or "no label stands at it"
    first = spans[0].words
    return (
        f"{field}: {value!r} stands on page {first[0].page}, and nothing there can announce it: "
        f"{told}"
    )


def _which(field: str, value: str, at_labels: Sequence[Learnt]) -> str:
    labels = list(dict.fromkeys(c.label for c in at_labels if c.label))
    beside = ", ".join(f"“{label}”" for label in labels) or "no label that can be learnt"
    return (
        f"{field}: {value!r} stands more than once on the paper, and the next one may have two "
        f"days; beside it stand {beside}; say which label is meant with "
        f'--label "{labels[0] if labels else "LABEL"}={field}"'
    )


def _own_faults(trial: LabProfile, profile: LabProfile, laboratory: Laboratory) -> Iterator[str]:
    known = set(faults_of(profile, laboratory.vocabulary, telling))
    yield from (f for f in faults_of(trial, laboratory.vocabulary, telling) if f not in known)


def _header(
    document: Document, profile: LabProfile, laboratory: Laboratory
) -> Mapping[str, Field] | str:
    """Read the header with a profile; a refusal is given as its message."""
    context = Context(laboratory.vocabulary, UNDECLARED, (profile,))
    try:
        return read_header(document, context)
    except DocumentError as error:
        return str(error)


def _trial_fault(
    candidate: Learnt, before: Mapping[str, Field] | str, after: Mapping[str, Field] | str
) -> str | None:
    what = f"the label “{candidate.label}”" if candidate.label else "the bare place"
    if isinstance(after, str):
        return f"{what}: {after}"
    found = after.get(candidate.field)
    if found is None:
        return f"with {what} it is not read"
    if found.value != candidate.value:
        return f"with {what} “{found.text}” is read"
    for name, known in before.items() if not isinstance(before, str) else ():
        now = after.get(name)
        if name != candidate.field and known.value and (now is None or now.value != known.value):
            return f"{what} would change what is read as {name}"
    return None


# --- where a value stands ----------------------------------------------------------------------


def _spans(field: str, value: str, lines: Sequence[Line], locale: Locale) -> Iterator[_Span]:
    for number, line in enumerate(lines):
        for position, block in enumerate(line.blocks):
            words = block.words
            for start in range(len(words)):
                for end in range(start + 1, min(len(words), start + _LONGEST_VALUE) + 1):
                    text = " ".join(word.text for word in words[start:end])
                    if _is_value(field, value, text, locale):
                        yield _Span(words[start:end], block, number, position)


def _is_value(field: str, value: str, text: str, locale: Locale) -> bool:
    if not is_date_field(field):
        return text == value
    return value in _dates_of(text, locale.dates)


def is_date_field(field: str) -> bool:
    """Say whether a field's value is a date."""
    return field.startswith("date_") or field == "signed_on"


def _dates_of(text: str, order: str | None) -> set[str]:
    """Give the days that a text can mean; an order that is known leaves one."""
    days: set[str] = set()
    if not any(character.isdigit() for character in text):
        return days
    for tried in (order,) if order else ("DMY", "MDY"):
        try:
            days.add(parse_date(text, Locale(tried)).isoformat())
        except (AmbiguousDate, UnreadableDate):
            continue
    return days


def proved_order(fields: Mapping[str, str], lines: Sequence[Line]) -> str | None:
    """Give the one order of day and month in which all confirmed dates are as printed."""
    orders = {"DMY", "MDY"}
    proved = False
    for field, value in fields.items():
        if not is_date_field(field):
            continue
        day = dt.date.fromisoformat(value)
        printed = {
            order: any(True for _ in _spans(field, value, lines, Locale(order)))
            for order in ("DMY", "MDY")
        }
        fitting = {order for order, stands in printed.items() if stands}
        if fitting and day.day != day.month:
            orders &= fitting
            proved = True
    return orders.pop() if proved and len(orders) == 1 else None


# --- what announces it -------------------------------------------------------------------------


def _at_labels(
    field: str, value: str, spans: Sequence[_Span], lines: Sequence[Line]
) -> Iterator[Learnt]:
    for span in spans:
        printed = " ".join(word.text for word in span.words)
        box, page = around(word.bbox for word in span.words), span.words[0].page
        for words, where in _labels(span, lines):
            label = " ".join(word.text for word in words).rstrip(":： ").strip()
            letters = sum(character.isalpha() for character in label)
            # With a digit it is another value, which only this paper bears.
            is_value = any(character.isdigit() for character in label)
            if letters >= 2 and not is_value and len(words) <= _LONGEST_LABEL:
                yield Learnt(field, value, printed, page, box, label, where)


def _labels(span: _Span, lines: Sequence[Line]) -> Iterator[tuple[tuple[Word, ...], str]]:
    """Give the words that may be a value's label, the likeliest first, and where they stand."""
    start = next(n for n, word in enumerate(span.block.words) if word is span.words[0])
    before = span.block.words[:start]
    if before:
        yield before, "before"
        for first in range(max(1, start - _LONGEST_LABEL), start):
            yield before[first:], "before"
        return
    row = lines[span.line].blocks
    left = next((b for b in reversed(row[: span.position]) if set(b.text) - set(":： .")), None)
    if left is not None:
        yield left.words, "left of"
    above = _above(span, lines)
    if above is not None:
        yield above.words, "above"


def _above(span: _Span, lines: Sequence[Line]) -> Block | None:
    box = span.block.box
    for line in reversed(lines[: span.line]):
        for block in line.blocks:
            if block.page != span.block.page:
                return None
            if box[1] - block.box[3] > _FURTHEST_UP * span.block.height:
                return None
            if min(block.box[2], box[2]) > max(block.box[0], box[0]):
                return block
    return None


def _at_places(field: str, value: str, spans: Sequence[_Span]) -> Iterator[Learnt]:
    """Give the place of a value that stands alone; of several none, since one is as good."""
    # Where we laid the page out ourselves, a place on it is none of the paper's.
    alone = [span for span in spans if span.fills and span.words[0].region is None]
    if len(alone) == 1:
        words = alone[0].words
        box = around(word.bbox for word in words)
        printed = " ".join(word.text for word in words)
        yield Learnt(field, value, printed, words[0].page, box)
