"""Cuts an HL7 v2 message into its orders, and tells of the segments that are not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qcvalidate.readers.messages.reported import Account, quoted
from qcvalidate.readers.messages.segments import Segment, whole
from qcvalidate.record import Status

# Segments that say who and how; none of them holds a result.
_SILENT = (
    "MSH", "SFT", "UAC", "PID", "PD1", "NK1", "PV1", "PV2", "ORC", "TQ1", "TQ2", "CTD", "FT1",
    "CTI", "PRT", "ROL", "SAC", "DSC", "ARV",
)  # fmt: skip
# HL7 table 0123, OBR-25.
ORDER_STATUSES = {
    "F": Status.FINAL,
    "C": Status.AMENDED,
    "M": Status.AMENDED,
    "P": Status.PRELIMINARY,
    "A": Status.PRELIMINARY,
    "R": Status.PRELIMINARY,
    "I": Status.PRELIMINARY,
    "S": Status.PRELIMINARY,
    "O": Status.PRELIMINARY,
    "N": Status.PRELIMINARY,
    "X": Status.CANCELLED,
    "Y": Status.CANCELLED,
    "Z": Status.CANCELLED,
}
# HL7 table 0085, OBX-11.
RESULT_STATUSES = {
    "F": Status.FINAL,
    "V": Status.FINAL,
    "C": Status.AMENDED,
    "A": Status.AMENDED,
    "B": Status.AMENDED,
    "P": Status.PRELIMINARY,
    "R": Status.PRELIMINARY,
    "S": Status.PRELIMINARY,
    "I": Status.PRELIMINARY,
    "X": Status.CANCELLED,
    "D": Status.CANCELLED,
    "W": Status.CANCELLED,
}


@dataclass
class Order:
    """One OBR with all that belongs to it."""

    message: Sequence[Segment]
    obr: Segment | None
    results: list[Segment] = field(default_factory=list)
    specimens: list[Segment] = field(default_factory=list)
    control: Segment | None = None


def orders(segments: Sequence[Segment], account: Account) -> Iterator[Order]:
    """Cut a message into its orders; a note is told with what it belongs to."""
    order: Order | None = None
    control: Segment | None = None
    found: list[Order] = []
    for segment in segments:
        _refuse_repeats(segment, account)
        if segment.name == "OBR":
            order = Order(segments, segment, control=control)
            control = None
            found.append(order)
        elif segment.name in ("OBX", "SPM"):
            if order is None:
                order = Order(segments, None)
                found.append(order)
            (order.results if segment.name == "OBX" else order.specimens).append(segment)
        elif segment.name == "ORC":
            control = segment
        elif segment.name == "NTE":
            text = "\n".join(whole(each, "^") for each in segment.repetitions(3))
            account.remark(text, "stands in a note; look at it", segment.where(3))
        elif segment.name == "DSC" and segment.text(1):
            what = "goes on in another message; ask for the whole of it"
            account.hold("message-part-unread", what, segment.place)
        elif segment.name not in _SILENT:
            shown = quoted(" ".join(whole(each) for each in segment.node.children))
            what = f"the segment is not read: “{shown}”"
            account.hold("message-part-unread", what, segment.place)
    yield from found


# Fields that stand there once, of which a reader would see the first alone; those of one code
# have no components either.
_SINGLE = {
    "MSH": (9, 11, 12),
    "OBR": (3, 4, 7, 22, 25),
    "OBX": (2, 3, 4, 6, 11, 14, 19),
    "SPM": (2, 4),
}
_PLAIN = {"OBR": (25,), "OBX": (2, 11)}


def _refuse_repeats(segment: Segment, account: Account) -> None:
    for number in _SINGLE.get(segment.name, ()):
        found = segment.repetitions(number)
        plain = number in _PLAIN.get(segment.name, ())
        if len(found) > 1 or (plain and found and whole(found[0]) != segment.text(number)):
            shown = quoted("~".join(whole(each, "^") for each in found))
            what = f"“{shown}” stands where HL7 allows one value"
            account.hold("field-conflict", what, segment.where(number))
