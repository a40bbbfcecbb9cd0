"""Turns labels and values into header fields: each value must have the shape of its field.

A field with two different values is a conflict and has none; a value of the wrong shape is
kept as text beside an empty reading, never guessed into shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qcvalidate.documents import Box
from qcvalidate.isbt128 import read_donation_number, read_european_code
from qcvalidate.quantity import AmbiguousDate, Locale, UnreadableDate, parse_date
from qcvalidate.readers.certificates.agreement import state_of, unconfirmed
from qcvalidate.readers.certificates.dating import names_period, period
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.record import Field, Finding, Place, Severity, State

DATE_FIELDS = (
    "date_sampled",
    "date_received",
    "date_started",
    "date_completed",
    "date_issued",
    "signed_on",
)
# Two values in one of these leave no doubt about the lot, the sample or the time.
_HARMLESS = ("title", "laboratory", "accreditation", "client", "product", "method")
# What stands first at these labels is their value, whatever it is.
_AS_IT_STANDS = ("status", "conclusion", "signed_by")
_LONGEST_ID = 40
_LONGEST_TEXT = 200

_ID = r"[^\W_][\w\-‐‑–/.+#]*"
_LOT = re.compile(_ID)
# `EU-26-MB-10932 / v1`, `R-102 Rev. 2`
_REPORT = re.compile(
    rf"(?:[A-Z]{{1,4}} (?=\d))?{_ID}(?: / ?{_ID})?"
    r"(?: (?:rev|v|ver|version|amendment|am)\.? ?[\w.]+)?",
    re.I,
)
# An ISBT 128 donation number is printed in groups: `W0000 26 123456`.
_DIN = re.compile(r"=?[A-NP-Z1-9][0-9A-Z]{4} ?[0-9]{2} ?[0-9]{6}")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2}")
# A person's name: no digits, no sentence.
_NAME = re.compile(r"[^\W\d_][\w.,'’\-–() /]*")
# What stands for a signature that is not there.
_NOBODY = re.compile(
    r"\b(?:pending|not|none|yet|n/?a|tbd|awaiting|reject\w*|refused|declined|approv\w*|open"
    r"|required|see|void|missing|unsigned|ausstehend|offen|nicht|keine?r?|niemand|abgelehnt|siehe"
    r"|folgt|en attente|en cours|non|pas|refusée?|rejetée?|voir|pendientes?|en curso|ninguno|nadie"
    r"|rechazad[oa]|in attesa|in corso|nessuno|rifiutat[oa]|respint[oa]|vedi|pendentes?|em curso"
    r"|aguard\w*|não|nenhum|ningu[eé]m|rejeitad[oa]|recusad[oa])\b",
    re.IGNORECASE,
)
# Whoever only reviewed has not approved: a line for approval that is blank is a missing name.
_APPROVES = re.compile(
    r"approv|authori[sz]|releas|freig[ea]|genehmig|approuv|autori|libér|aprobad|aprovad|liberad"
    r"|rilasciat|\bqa\b",
    re.IGNORECASE,
)
# One number or another word that labels like `Lot` may stand before without naming a lot.
_TOO_SHORT = 3


@dataclass(frozen=True)
class Found:
    """One candidate for a field: where it stands, and its label."""

    field: str
    block: Block
    label: str


@dataclass(frozen=True)
class Header:
    """The fields of a document, and what was odd about them."""

    fields: Mapping[str, Field]
    findings: tuple[Finding, ...]


def is_lot(text: str) -> bool:
    """Say whether a text looks like a lot number: one word with a digit, and no date.

    >>> [is_lot(text) for text in ("MSC-2026-0O18B", "Pass", "2", "03/19/2026", "see attached")]
    [True, False, False, False, False]
    """
    return (
        _LOT.fullmatch(text) is not None
        and any(character.isdigit() for character in text)
        and _TOO_SHORT <= len(text) <= _LONGEST_ID
        and not _DATE.fullmatch(text)
    )


def _is_din(text: str) -> bool:
    coded = read_donation_number(text) or read_european_code(text)
    return coded is not None or _DIN.fullmatch(text) is not None or is_lot(text)


def _is_report_number(text: str) -> bool:
    return (
        _REPORT.fullmatch(text) is not None
        and any(character.isdigit() for character in text)
        and _TOO_SHORT <= len(text) <= _LONGEST_ID
        and not _DATE.fullmatch(text)
    )


def is_name(text: str) -> bool:
    """Say whether a text can be a person's name, and does not say that nobody signed."""
    letters = sum(character.isalpha() for character in text)
    if _NOBODY.search(text):
        return False
    return _NAME.fullmatch(text) is not None and letters >= 2 and len(text) <= 60


def _is_text(text: str) -> bool:
    return any(character.isalnum() for character in text) and len(text) <= _LONGEST_TEXT


_SHAPES: Mapping[str, Callable[[str], bool]] = {
    "lot": is_lot,
    "sample_id": is_lot,
    "din": _is_din,
    "report_number": _is_report_number,
    "replaces": _is_report_number,
    "signed_by": is_name,
    **{name: lambda text: any(c.isdigit() for c in text) for name in DATE_FIELDS},
}


def candidates(pairs: Sequence[KeyValue]) -> Iterator[Found]:
    """Give the value of each label that we keep: the first with the right shape, else the first."""
    numbered = any(pair.field == "report_number" and not _is_weak(pair) for pair in pairs)
    for pair in pairs:
        block = chosen(pair)
        if pair.field is None:
            yield from _first_and_last(pair)
        elif block is not None and not (numbered and _is_weak(pair)):
            yield Found(pair.field, block, plain(pair.label.text))


# These stand for the number of a report where no other label does, and over a title, too.
_WEAK = ("report", "certificate")


def _is_weak(pair: KeyValue) -> bool:
    return pair.field == "report_number" and plain(pair.label.text).casefold() in _WEAK


def _first_and_last(pair: KeyValue) -> Iterator[Found]:
    """Give the two dates that stand at `Testing period`."""
    label = plain(pair.label.text)
    found = period(pair.values[0].words) if pair.values and names_period(label) else None
    if found is not None:
        for field, words in zip(("date_started", "date_completed"), found, strict=True):
            yield Found(field, Block(words, pair.values[0].cell), label)


def chosen(pair: KeyValue) -> Block | None:
    """Give the one of a pair's values that is taken; None when none of them can be its value."""
    if pair.field is None or pair.field in _AS_IT_STANDS:
        return pair.values[0] if pair.values else None
    fits = _SHAPES.get(pair.field, _is_text)
    block = next((b for b in pair.values if fits(b.text)), None)
    if block is None and not _is_weak(pair):
        # A number that is not of the right shape is in doubt; a word is another field's.
        block = next((b for b in pair.values if any(c.isdigit() for c in b.text)), None)
    return block


def signatures(pairs: Sequence[KeyValue], loose: Sequence[Block]) -> Iterator[Found]:
    """Give who authorised the document, and the date that stands at the name.

    Of several (`Reviewed by`, `Approved by`) the last on the paper counts: it is the highest.
    """
    signers = [
        (pair, block)
        for pair in pairs
        if pair.field == "signed_by"
        for block in pair.values[:1]
        if is_name(block.text)
    ]
    blank = any(
        pair.field == "signed_by"
        and _APPROVES.search(pair.label.text)
        and not (pair.values and is_name(pair.values[0].text))
        for pair in pairs
    )
    if not signers or blank:
        return
    pair, name = signers[-1]
    yield Found("signed_by", name, plain(pair.label.text))
    dates = [
        (other.label.box, value)
        for other in pairs
        if _is_plain_date(other)
        for value in other.values[:1]
        if value.page == name.page
    ]
    dates += [
        (block.box, block)
        for block in loose
        if block.page == name.page and _DATE.fullmatch(block.text)
    ]
    below = [
        (box[1], value)
        for box, value in dates
        if _stands_at(pair.label.box, name.box, box, name.height)
    ]
    if below:
        yield Found("signed_on", min(below, key=lambda found: found[0])[1], "Date")


def _is_plain_date(pair: KeyValue) -> bool:
    label = plain(pair.label.text).casefold()
    return pair.field == "signed_on" or (pair.field is None and label in ("date", "datum", "fecha"))


def _stands_at(label: Box, name: Box, date: Box, height: float) -> bool:
    """Say whether a date is under a signature, or to the right of it on the same line."""
    middle = (date[1] + date[3]) / 2
    if name[1] <= middle <= name[3]:
        return 0 <= date[0] - name[2] <= 12 * height
    near = name[3] <= middle <= name[3] + 4 * height
    return near and (abs(date[0] - label[0]) <= 6 or abs(date[0] - name[0]) <= 6)


def settle(found: Sequence[Found], locale: Locale, name: str) -> Header:
    """Settle each field between its candidates."""
    fields: dict[str, Field] = {}
    findings: list[Finding] = []
    for field in dict.fromkeys(candidate.field for candidate in found):
        mine = [candidate for candidate in found if candidate.field == field]
        settled, said = _settle(field, mine, locale, name)
        fields[field] = settled
        findings += said
    return Header(fields, tuple(findings))


def _settle(
    field: str, found: Sequence[Found], locale: Locale, name: str
) -> tuple[Field, list[Finding]]:
    if field in _HARMLESS:
        # SAMPLE TYPE and DESCRIPTION may both tell of the product; the first one names it.
        found = [candidate for candidate in found if candidate.label == found[0].label]
    readings = [_read(candidate, locale) for candidate in found]
    first = found[0]
    different: dict[str, Found] = {}
    value = None
    for candidate, (reading, _) in zip(found, readings, strict=True):
        if reading is not None:
            value = value or reading
            different.setdefault(_key(reading), candidate)
        elif field == "lot":
            # A second lot that we cannot read is still a second lot.
            different.setdefault(_key(candidate.block.text), candidate)
    if value is not None and len(different) == 1:
        # Of several places with one value, the one that was read best.
        mine = [c for c, (reading, _) in zip(found, readings, strict=True) if reading is not None]
        candidate = next((c for c in mine if state_of(c.block) is State.CONFIRMED), mine[0])
        return _read_field(field, candidate, value, name)
    if value is not None:
        texts = [f"“{c.block.text}” ({place(name, c.block)})" for c in different.values()]
        severity = Severity.WARNING if field in _HARMLESS else Severity.HOLD
        where = place(name, list(different.values())[1].block)
        finding = Finding(
            "field-conflict",
            severity,
            f"{name}: gives {_words(field)} as {' and as '.join(texts)}; "
            "ask the laboratory which one holds",
            where,
        )
        return Field(first.block.text, None, place(name, first.block), State.CONFLICT), [finding]
    problem = readings[0][1]
    slug, why = problem or ("field-conflict", "")
    finding = Finding(
        slug, Severity.HOLD, f"{name}: {_words(field)}: {why}", place(name, first.block)
    )
    return Field(first.block.text, None, place(name, first.block), State.AMBIGUOUS), [finding]


def _read_field(field: str, found: Found, value: str, name: str) -> tuple[Field, list[Finding]]:
    """Make a field of its one value, as sure as its letters are."""
    state = state_of(found.block)
    told = []
    if state is not State.CONFIRMED:
        # Whether anyone signed is plain, whatever the letters of the name.
        harmless = field in _HARMLESS or field == "signed_by"
        severity = Severity.WARNING if harmless else Severity.HOLD
        told = [unconfirmed(name, _words(field), found.block, severity)]
    return Field(found.block.text, value, place(name, found.block), state), told


def _key(text: str) -> str:
    return "".join(re.sub("[‐‑–—−]", "-", text).split()).casefold()


def _read(found: Found, locale: Locale) -> tuple[str | None, tuple[str, str] | None]:
    """Give the normalised value, or the slug and the reason why there is none."""
    text = found.block.text
    if found.field in DATE_FIELDS:
        try:
            return parse_date(text, locale).isoformat(), None
        except (AmbiguousDate, UnreadableDate) as error:
            return None, (error.slug, str(error))
    if _SHAPES.get(found.field, _is_text)(text):
        return text, None
    return None, (
        "field-unreadable",
        f"“{text}” beside “{found.label}” does not look like {_words(found.field)}; "
        "expected one word with a digit",
    )


def place(name: str, block: Block) -> Place:
    """Give the place of a block."""
    return Place(name, block.page, block.region)


def _words(field: str) -> str:
    return {
        "lot": "a lot number",
        "sample_id": "a sample number",
        "din": "a donation number",
        "signed_by": "who signed",
        "signed_on": "the date of signature",
    }.get(field, "the " + field.replace("_", " "))
