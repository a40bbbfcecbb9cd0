"""Gives the numbers of the patient that a message is about, to be held against lot.yaml's.

A patient has several: the hospital's, an insurance's, a nation's. All of them are kept, and one
that fits is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qcvalidate.documents.structured import Node
from qcvalidate.masking import BETWEEN
from qcvalidate.readers.messages.resources import Resource, Shelf
from qcvalidate.readers.messages.segments import Segment, part
from qcvalidate.record import Field, Place


def patient_of(holders: Sequence[Resource], shelf: Shelf, name: str) -> Field | None:
    """Give the patient of FHIR resources: by `subject` or `patient`, sent along or only named."""
    numbers = [number for holder in holders for number in _numbers(holder, shelf)]
    return _field(((each.text or "", each.place) for each in numbers), name)


def patient_segment(message: Sequence[Segment], name: str) -> Field | None:
    """Give the patient of an HL7 v2 message: PID-3, in old messages PID-2."""
    found = [segment for segment in message if segment.name == "PID"]
    numbers = (
        (part(repetition), one.where(number))
        for one in found
        for number in (3, 2)
        for repetition in one.repetitions(number)
    )
    return _field(numbers, name)


def _numbers(holder: Resource, shelf: Shelf) -> Iterator[Node]:
    for element in ("subject", "patient"):
        for reference in holder.node.all(element):
            named = reference.one("identifier")
            person = shelf.resolve(reference, holder)
            identifiers = [] if named is None else [named]
            if person is not None and person.type == "Patient":
                identifiers += person.node.all("identifier")
            for identifier in identifiers:
                value = identifier.one("value")
                if value is not None and identifier.said("use") != "old":
                    yield value


def _field(numbers: Iterable[tuple[str, str]], name: str) -> Field | None:
    said = {text.strip(): place for text, place in numbers if text.strip()}
    if not said:
        return None
    shown = BETWEEN.join(said)
    return Field(shown, shown, Place(name, region=next(iter(said.values()))))
