"""What a message states of itself: its dates, and what several reports in it say alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from qcvalidate.documents import Cell
from qcvalidate.readers.messages.reported import Account, Moment, quoted
from qcvalidate.record import Field, Place, Severity, State


def date_cells(account: Account, role: str, moment: Moment | None) -> dict[str, Cell]:
    """Give the cell of a row's date, where the message tells it well enough."""
    if moment is None or not moment.text:
        return {}
    if moment.day is None:
        what = f"“{quoted(moment.text)}” is not told to the day"
        account.tell("date-unreadable", Severity.WARNING, what, moment.place)
        return {}
    if role != "measured_at":
        return {role: Cell(moment.day, moment.place)}
    if moment.clock is None:
        return {}
    if moment.utc:
        # Hours after thaw are counted by the clinic's own clock.
        what = (
            f"“{moment.text}” is Greenwich time; what the laboratory's clock showed is not told, "
            "so the hour is not used"
        )
        account.once("date-ambiguous", Severity.WARNING, what, moment.place)
        return {}
    return {role: Cell(f"{moment.day} {moment.clock}", moment.place)}


def date_field(name: str, moment: Moment) -> Field:
    """Give a date of the header; one that is not told to the day has no value."""
    state = State.CONFIRMED if moment.day else State.AMBIGUOUS
    return Field(moment.text, moment.day, Place(name, region=moment.place), state)


def agreed(fields: Iterable[Field | None]) -> Field | None:
    """Give the field that all of these say alike; None when one says nothing, or two differ."""
    found = list(fields)
    if not found or any(each is None for each in found):
        return None
    values = {(each.value, each.state) for each in found if each}
    return found[0] if len(values) == 1 else None


def shared_by(headers: Sequence[Mapping[str, Field]], name: str) -> Field | None:
    """Give a field of several reports: what all say alike, and of all signers each.

    Of several days of issue the first counts: nothing may be told before its test has ended.
    """
    found = [header[name] for header in headers if name in header]
    if not found or len(found) < len(headers) or any(each.value is None for each in found):
        return agreed(header.get(name) for header in headers)
    if name == "signed_by":
        names = ", ".join(dict.fromkeys(each.text for each in found))
        return replace(found[0], text=names, value=names)
    if name == "date_issued":
        return min(found, key=lambda each: each.value or "")
    return agreed(found)
