"""Gives the fields of HL7 v2 segments, and reads its data types."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qcvalidate.documents.structured import Node
from qcvalidate.readers.messages.reported import (
    UCUM,
    Coded,
    Moment,
    coded_wording,
    quoted,
    settled_unit,
)
from qcvalidate.readers.messages.values import Value
from qcvalidate.vocabulary import Vocabulary

# HL7 table 0396: the code systems that our vocabulary knows under other names.
_SYSTEMS = {"LN": "http://loinc.org", "SCT": "http://snomed.info/sct", "UCUM": UCUM}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_TIME = re.compile(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"
    r"(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?:\.[0-9]{1,4})?)?"
    r"(?P<zone>[+-][0-9]{4})?"
)
# An explicit "nothing": two quotation marks.
_NULL = '""'


@dataclass(frozen=True)
class Segment:
    """A segment, whose fields, repetitions and components are counted from 1, as HL7 does."""

    node: Node

    @property
    def name(self) -> str:
        """Give the segment's three letters."""
        return self.node.name

    @property
    def place(self) -> str:
        """Give the segment's place, such as "OBX 3"."""
        return self.node.place

    def field(self, number: int) -> Node | None:
        """Give a field, None where the segment ends before it."""
        wanted = str(number)
        return next((each for each in self.node.children if each.type == wanted), None)

    def where(self, number: int) -> str:
        """Give a field's place, such as "OBX 3 field 5"."""
        return f"{self.place} field {number}"

    def repetitions(self, number: int) -> tuple[Node, ...]:
        """Give the repetitions of a field that say anything."""
        found = self.field(number)
        return tuple(each for each in found.children if whole(each)) if found else ()

    def text(self, number: int, component: int = 1, subcomponent: int = 1) -> str:
        """Give a component of a field's first repetition, "" where there is none."""
        found = self.repetitions(number)
        return part(found[0], component, subcomponent) if found else ""


def part(repetition: Node, component: int = 1, subcomponent: int = 1) -> str:
    """Give a component's text; an explicit null is none."""
    components = repetition.children
    if len(components) < component:
        return ""
    inner = components[component - 1].children
    text = (inner[subcomponent - 1].text or "").strip() if len(inner) >= subcomponent else ""
    return "" if text == _NULL else text


def whole(repetition: Node, between: str = " ") -> str:
    """Give all of a repetition's text, whatever it was cut into."""
    texts = ((node.text or "").strip() for node in repetition.walk())
    return between.join(text for text in texts if text and text != _NULL)


def patient_number(person: Segment) -> str:
    """Give the number of a patient (PID-3): the only one, or of several the medical record's."""
    numbers = person.repetitions(3)
    records = [each for each in numbers if part(each, 5) == "MR"]
    chosen = numbers if len(numbers) == 1 else records
    return part(chosen[0]) if len(chosen) == 1 else ""


def coded_field(segment: Segment, number: int) -> Coded:
    """Read a coded field (CE, CWE): code, text and system, twice, and the original text."""
    found = segment.repetitions(number)
    coded = coded_element(found[0]) if found else Coded()
    return Coded(coded.text, coded.displays, coded.codes, segment.where(number))


def coded_element(repetition: Node) -> Coded:
    """Read one coded element; a code of no system that is words is read as words."""
    triples = [
        tuple(part(repetition, component) for component in range(first, first + 3))
        for first in (1, 4)
    ]
    codes = tuple((_SYSTEMS.get(system, system), code) for code, _, system in triples if code)
    displays = tuple(text for _, text, _ in triples if text)
    if not displays and triples[0][0] and not triples[0][2]:
        displays = (triples[0][0],)
    return Coded(part(repetition, 9), displays, codes)


def moment(segment: Segment, number: int) -> Moment | None:
    """Read a time of HL7: YYYYMMDDHHMM, with or without a zone; None where there is none."""
    text = segment.text(number)
    return moment_of(text, segment.where(number)) if text else None


def moment_of(text: str, place: str) -> Moment:
    """Read the text of a time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return Moment(text, place)
    clock = f"{match['hour']}:{match['minute']}" if match["hour"] else None
    if clock and match["second"]:
        clock += f":{match['second']}"
    day = f"{match['y']}-{match['m']}-{match['d']}"
    return Moment(text, place, day, clock, utc=match["zone"] in ("+0000", "-0000"))


# --- OBX-5 ---------------------------------------------------------------------------------


def read_value(segment: Segment, test: str, vocabulary: Vocabulary) -> Value:
    """Read OBX-5 by the type in OBX-2; a type that is not read is a doubt."""
    kind, place = segment.text(2), segment.where(5)
    found = segment.repetitions(5)
    unit, problem = unit_of(segment, vocabulary)
    doubt = ("unit-unknown", problem) if problem else None
    if not found:
        return Value("", place, unit=unit, doubt=doubt)
    if kind in ("ST", "TX", "FT"):
        text = "; ".join(whole(each, "^") for each in found)
        return Value(text, place, unit=unit, doubt=doubt)
    if kind in ("NM", "SN") and len(found) == 1:
        value = _number(found[0], place) if kind == "NM" else _structured(found[0], place)
        return Value(value.text, place, number=True, unit=unit, doubt=value.doubt or doubt)
    if kind in ("CE", "CWE", "CNE", "CF", "IS", "ID"):
        return _coded(segment, test, vocabulary)
    shown = quoted("; ".join(whole(each) for each in found))
    what = f"a value of the type {kind or 'that OBX-2 does not state'}"
    what += (
        f" is not read: “{shown}”"
        if len(found) == 1
        else f" stands there more than once: “{shown}”"
    )
    return Value(shown, place, doubt=("result-wording-unknown", what))


def unit_of(segment: Segment, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """Settle the unit in OBX-6 between its code and its text."""
    found = segment.repetitions(6)
    if not found:
        return "", None
    if len(found) > 1:
        return "", "two units stand there"
    system = part(found[0], 3)
    system = _SYSTEMS.get(system, system)
    return settled_unit(part(found[0], 1), system, part(found[0], 2), vocabulary)


def _number(repetition: Node, place: str) -> Value:
    text = whole(repetition, "^")
    if _DECIMAL.fullmatch(text):
        return Value(text.removeprefix("+"), place)
    what = f"“{quoted(text)}” is not a number, though OBX-2 says NM"
    return Value(text, place, doubt=("number-unreadable", what))


def _structured(repetition: Node, place: str) -> Value:
    """Read a structured number: comparator, number, separator, number."""
    comparator, first, separator, second = (part(repetition, n) for n in range(1, 5))
    text = f"{comparator}{first} - {second}" if second else f"{comparator}{first}"
    numbers = [number for number in (first, second) if number]
    known = comparator in ("", "=", "<", "<=", ">", ">=") and (not second or separator == "-")
    known = known and (not separator or bool(second)) and bool(first)
    if known and all(_DECIMAL.fullmatch(number) for number in numbers):
        return Value(text, place)
    # "2+" is no 2: what is not read must not be taken for its first number.
    shown = quoted(whole(repetition, "^"))
    what = f"“{shown}” is no bound, number or range that is read"
    return Value(shown, place, doubt=("number-unreadable", what))


def _coded(segment: Segment, test: str, vocabulary: Vocabulary) -> Value:
    place = segment.where(5)
    read = [coded_wording(coded_element(each), test, vocabulary) for each in segment.repetitions(5)]
    problem = next((problem for _, problem in read if problem), None)
    doubt = ("field-conflict", problem) if problem else None
    return Value("; ".join(text for text, _ in read), place, doubt=doubt)
