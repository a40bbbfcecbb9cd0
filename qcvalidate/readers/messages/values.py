"""Reads FHIR's data types into the texts that a laboratory would have printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qcvalidate.documents.structured import Node
from qcvalidate.readers.messages.reported import (
    Coded,
    Moment,
    coded_wording,
    is_flag,
    quoted,
    settled_unit,
)
from qcvalidate.vocabulary import Vocabulary

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_COMPARATORS = ("", "<", "<=", ">", ">=")
_DATE_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:T(?P<clock>\d{2}:\d{2}(?::\d{2})?)(?::\d{2})?(?:\.\d+)?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2})?)?"
)
_GREENWICH = ("Z", "+00:00", "-00:00")


@dataclass(frozen=True)
class Value:
    """A value's text as a laboratory would print it, and its unit.

    `number` says that its decimal mark is a point for certain. `doubt` is the slug of a rule and
    why the value may support nothing.
    """

    text: str
    place: str
    number: bool = False
    unit: str = ""
    doubt: tuple[str, str] | None = None


def values_of(node: Node) -> list[Node]:
    """Give an element's `value[x]`: there should be one."""
    return [child for child in node.children if re.fullmatch(r"value[A-Z]\w*", child.name)]


def read_value(node: Node, test: str, vocabulary: Vocabulary) -> Value:
    """Read one `value[x]` as a result of a test; a type that is not read is a doubt."""
    kind = node.name.removeprefix("value")
    if kind == "Quantity":
        return _quantity(node, vocabulary)
    if kind == "CodeableConcept":
        text, problem = coded_wording(codeable(node), test, vocabulary)
        doubt = ("field-conflict", problem) if problem else None
        return Value(text, node.place, doubt=doubt)
    if kind in ("String", "Integer", "Boolean", "Markdown"):
        return Value((node.text or "").strip(), node.place, number=kind == "Integer")
    if kind == "Range":
        return _range(node, vocabulary)
    shown = quoted(" ".join(each.text for each in node.walk() if each.text))
    what = f"a value of the type {kind} is not read: “{shown}”"
    return Value(shown, node.place, doubt=("result-wording-unknown", what))


def _quantity(node: Node, vocabulary: Vocabulary) -> Value:
    held = node.one("value")
    text = held.text.strip() if held and held.text else ""
    comparator = node.said("comparator")
    unit, problem = unit_of(node, vocabulary)
    doubt = ("unit-unknown", problem) if problem else None
    if text and not _DECIMAL.fullmatch(text):
        what = (
            f"“{text}” is not a number of FHIR; a comparator and a unit stand in their own places"
        )
        doubt = ("number-unreadable", what)
    if comparator not in _COMPARATORS:
        what = f"the comparator “{comparator}” is not read; expected <, <=, > or >="
        doubt = ("number-unreadable", what)
        return Value(f"{comparator} {text}", node.place, unit=unit, doubt=doubt)
    if comparator and not text:
        doubt = ("number-unreadable", f"a comparator “{comparator}” stands without a number")
    return Value(f"{comparator}{text}", node.place, number=True, unit=unit, doubt=doubt)


def unit_of(node: Node, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """Settle a quantity's unit between its code and its text."""
    return settled_unit(node.said("code"), node.said("system"), node.said("unit"), vocabulary)


def _range(node: Node, vocabulary: Vocabulary) -> Value:
    """Read a range as the interval that it states; one end alone is a bound."""
    low, high = node.one("low"), node.one("high")
    ends = [_quantity(end, vocabulary) for end in (low, high) if end]
    units = {end.unit for end in ends}
    doubt = next((end.doubt for end in ends if end.doubt), None)
    if len(units) > 1:
        doubt = ("unit-unknown", f"the ends of the range are in {' and '.join(sorted(units))}")
    unit = units.pop() if len(units) == 1 else ""
    if low and high:
        text = f"{ends[0].text} - {ends[1].text}"
    else:
        text = f"{'>=' if low else '<='}{ends[0].text}" if ends else ""
    return Value(text, node.place, number=True, unit=unit, doubt=doubt)


def codeable(node: Node | None) -> Coded:
    """Read a CodeableConcept, or R5's CodeableReference to one."""
    if node is None:
        return Coded()
    node = node.one("concept") or node
    codings = node.all("coding")
    return Coded(
        text=node.said("text"),
        displays=tuple(filter(None, (coding.said("display") for coding in codings))),
        codes=tuple((coding.said("system"), coding.said("code")) for coding in codings),
        place=node.place,
    )


def moment(node: Node | None) -> Moment | None:
    """Read a date, dateTime or instant with the precision that it has."""
    if node is None or not (node.text or "").strip():
        return None
    text = (node.text or "").strip()
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return Moment(text, node.place)
    return Moment(text, node.place, match["day"], match["clock"], utc=match["zone"] in _GREENWICH)


def unit_text(held: Sequence[Node]) -> str | None:
    """Give the unit beside a value, by which a test may be known: "Cell count" in /mL."""
    quantity = next((node for node in held if node.name == "valueQuantity"), None)
    return (quantity.said("code") or quantity.said("unit") or None) if quantity else None


def flags_of(node: Node) -> tuple[str, ...]:
    """Give the flags of a result, and the words beside them."""
    found = []
    for each in node.all("interpretation"):
        for coding in each.all("coding"):
            code = coding.said("code")
            found.append(code if is_flag(code) else coding.said("display") or code)
        # "Positive" beside the code NEG.
        found.append(each.said("text"))
    return tuple(dict.fromkeys(filter(None, found)))


def all_good(flags: Sequence[str]) -> bool:
    """Say whether none of these flags is a bad one."""
    return all(flag.upper() in ("N", "NEG", "ND", "NR") for flag in flags)


def absent_reason(node: Node) -> str:
    """Give why there is no value, in words; "" where nothing is said."""
    coded = codeable(node.one("dataAbsentReason"))
    shown = coded.text or next(iter(coded.displays), "")
    return shown or next((code.replace("-", " ") for _, code in coded.codes), "")


def shown_values(held: Sequence[Node]) -> str:
    """Give all texts of values, for a person."""
    if len(held) == 1 and held[0].name == "valueCodeableConcept":
        return codeable(held[0]).shown
    if len(held) == 1 and held[0].name == "valueQuantity":
        node = held[0]
        unit = node.said("unit") or node.said("code")
        return f"{node.said('comparator')}{node.said('value')} {unit}".strip()
    if len(held) == 1 and held[0].name == "valueRatio":
        return ":".join(held[0].said(end, "value") for end in ("numerator", "denominator"))
    return " ".join(each.text for node in held for each in node.walk() if each.text)
