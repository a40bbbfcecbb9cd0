"""Holds what stands in parts of a message that are not read, where its words may matter.

Which words matter is what certificates go by; a name or an address is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qcvalidate.documents.structured import Node
from qcvalidate.folding import key
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.readers.messages.reported import Account, quoted
from qcvalidate.readers.messages.resources import Shelf
from qcvalidate.readers.messages.segments import Segment, whole

# What an instrument says of itself that should have kept it from use.
_UNFIT = re.compile(
    r"\b(?:out of (?:calibration|order|service|tolerance|use)|over ?due|expired|inactive"
    r"|not (?:in use|calibrated|qualified|validated|released)|un(?:calibrated|qualified|validated)"
    r"|(?:calibration|qualification|maintenance|service|verification) (?:is )?due|defect\w*"
    r"|fault\w*|broken|simulat\w*|demo\w*|training|prototype|decommissioned"
    r"|nicht (?:kalibriert|qualifiziert)|unkalibriert|ausser betrieb|kalibrierung (?:fallig"
    r"|abgelaufen)|defekt|hors (?:service|etalonnage|calibration)|non (?:etalonne|qualifie|calibre"
    r"|tarato)|en panne|fuera de (?:servicio|calibracion|uso)|sin calibrar|no calibrado|averiad[oa]"
    r"|fuori (?:servizio|taratura|uso)|guast[oa]|fora de (?:servico|calibracao|uso)"
    r"|nao calibrado|avariad[oa])\b"
)
# Resources whose words are looked at; people, places and products bear names of their own.
_LOOKED_AT = frozenset(
    ("Observation", "DiagnosticReport", "Specimen", "ServiceRequest", "Task", "Device",
     "Composition", "Provenance", "MessageHeader")
)  # fmt: skip
# Elements that are read, or judged where they are: names, codes, addresses, the narrative.
_READ = frozenset(
    """
    code category conclusion conclusionCode note method referenceRange interpretation
    dataAbsentReason text identifier status meta extension modifierExtension reference url system
    presentedForm media id fullUrl performer resultsInterpreter subject patient encounter language
    relatesTo implicitRules resourceType author agent who contained condition requester owner
    accessionIdentifier udiCarrier target entry
    """.split()  # noqa: SIM905  a list of these is four times as long
)
# Fields of HL7 v2 that are read, or that hold names, numbers and times.
_FIELDS = {
    "OBR": frozenset((1, 2, 3, 4, 6, 7, 8, 10, 13, 14, 16, 17, 22, 25, 28, 31, 32, 33, 34, 35, 50)),
    "OBX": frozenset((1, 2, 3, 4, 5, 6, 7, 8, 11, 14, 16, 17, 19, 21, 23, 24, 25)),
    "SPM": frozenset((1, 2, 3, 4, 11, 17, 18, 21, 24)),
    "ORC": frozenset((1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 14, 15, 17, 19, 21, 22, 23, 24)),
}
_INSTRUMENTS = {"OBX": (18,)}


def instrument_doubt(text: str) -> str | None:
    """Give the words by which an instrument says that it should not have been used.

    >>> instrument_doubt("BacT/ALERT 3D"), instrument_doubt("out of calibration")
    (None, 'out of calibration')
    """
    found = _UNFIT.search(key(text))
    return found.group() if found else telling(text)


def words_elsewhere(shelf: Shelf, account: Account) -> None:
    """Look at the words of FHIR's elements that nobody reads."""
    for resource in shelf.resources:
        if resource.type not in _LOOKED_AT:
            continue
        for node, is_instrument in _texts(resource.node, is_instrument=resource.type == "Device"):
            _tell(node.text or "", node.name, node.place, account, is_instrument=is_instrument)


def _texts(node: Node, *, is_instrument: bool) -> Iterator[tuple[Node, bool]]:
    for child in node.children:
        # A value is the result, but for those of the specimen's and the task's own elements.
        if child.name in _READ or child.name.startswith("value"):
            continue
        # Specimen.type is judged as such.
        if child.name == "type" and node.type:
            continue
        of_instrument = is_instrument or child.name == "device"
        if child.text and not child.number:
            yield child, of_instrument
        yield from _texts(child, is_instrument=of_instrument)


def fields_elsewhere(segments: list[Segment], account: Account) -> None:
    """Look at the words of HL7's fields that nobody reads."""
    for segment in segments:
        if segment.name not in _FIELDS:
            continue
        for field in segment.node.children:
            number = int(field.type) if field.type.isdigit() else 0
            if number == 0 or number in _FIELDS[segment.name]:
                continue
            is_instrument = number in _INSTRUMENTS.get(segment.name, ())
            for each in segment.repetitions(number):
                place = segment.where(number)
                _tell(whole(each), "there", place, account, is_instrument=is_instrument)


def _tell(text: str, where: str, place: str, account: Account, *, is_instrument: bool) -> None:
    told = instrument_doubt(text) if is_instrument else telling(text)
    if told:
        under = "stands there" if where == "there" else f"stands under {where}"
        what = f"“{quoted(text)}” {under} and is not read: what does “{told}” mean for the result?"
        account.hold("row-remarked", what, place)
