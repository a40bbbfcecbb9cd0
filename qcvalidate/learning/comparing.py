"""Reads a paper with and without a profile, and says what the profile changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qcvalidate.documents import Document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import rows
from qcvalidate.labs import LabProfile, phrase_key
from qcvalidate.learning.confirmed import Confirmed
from qcvalidate.locale import UNDECLARED
from qcvalidate.pipeline import Laboratory
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.generic import read_header
from qcvalidate.record import Field, Finding, Place, Severity, State
from qcvalidate.vocabulary import Vocabulary, key

# What a result is; the lot, the dates and the place of it follow the header.
_OF_RESULT = (
    "test", "part", "role", "result", "reading", "lower", "upper", "lower_closed",
    "upper_closed", "unit", "day", "organism", "state",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What was read of a paper; `refusal` says why there are no results, None where there are."""

    header: Mapping[str, Field]
    results: tuple[tuple[tuple[str, Any], ...], ...]
    findings: tuple[Finding, ...]
    refusal: str | None = None

    def shown_results(self) -> list[str]:
        """Say each result in a line."""
        return [_shown(dict(result)) for result in self.results]


def read_with(
    document: Document, laboratory: Laboratory, profiles: Sequence[LabProfile]
) -> Reading:
    """Read a document with these profiles; without a result its header is still read."""
    context = Context(laboratory.vocabulary, UNDECLARED, tuple(profiles))
    try:
        record = read_document(document, context)
    except DocumentError as error:
        if error.slug != "document-unclaimed":
            raise
        refused = Finding(error.slug, Severity.HOLD, str(error), Place(document.name))
        return Reading(read_header(document, context), (), (refused,), str(error))
    results = tuple(
        tuple((name, getattr(row, name)) for name in _OF_RESULT)
        for row in rows(record.observations)
    )
    return Reading(record.header, results, (*document.findings, *record.findings))


def faults(
    before: Reading, after: Reading, confirmed: Confirmed, vocabulary: Vocabulary
) -> Iterator[str]:
    """Say which confirmed value is still not read, and which other value the profile changes."""
    for field, value in confirmed.fields.items():
        found = after.header.get(field)
        if found is None or found.value != value or found.state is not State.CONFIRMED:
            shown = f"is read as “{found.text}”" if found is not None else "is not read"
            yield f"{field}: was confirmed as {value!r}, and {shown} with the profile"
    for field, known in before.header.items():
        now = after.header.get(field)
        if field in (*confirmed.fields, *confirmed.absent) or known.value is None:
            continue
        if now is None and vocabulary.column(known.text) is not None:
            # The head of a table that was not seen as one: `Method`, `Requirement`.
            continue
        if now is None or now.value != known.value:
            shown = f"“{now.text}”" if now is not None else "nothing"
            yield (
                f"{field}: was read as “{known.text}” ({known.place}), and with the profile as "
                f"{shown}; confirm what it is with --set {field}=..., or that the paper has none "
                f"with --absent {field}"
            )
    for field in confirmed.absent:
        found = after.header.get(field)
        if found is not None:
            yield f"{field}: was confirmed as absent, and “{found.text}” is read ({found.place})"
    yield from _changed_results(before, after, confirmed)
    for finding in after.findings:
        if finding.slug == "lab-profile-misfit":
            yield finding.message


def _changed_results(before: Reading, after: Reading, confirmed: Confirmed) -> Iterator[str]:
    left = list(after.results)
    for result in before.results:
        if result in left:
            left.remove(result)
            continue
        values = dict(result)
        if values["reading"] in (None, "unknown") and _is_asked(values, confirmed):
            continue
        yield f"the result {_shown(values)} is no longer read as it was"
    if confirmed.columns or confirmed.tests or confirmed.wordings or before.refusal:
        return
    for result in left:
        yield f"the result {_shown(dict(result))} was not read before; give --column or --test"


def _is_asked(values: Mapping[str, Any], confirmed: Confirmed) -> bool:
    """Say whether a result's text is one of the wordings that a person has explained."""
    wordings = {phrase_key(text) for texts in confirmed.wordings.values() for text in texts}
    return key(str(values["result"])) in wordings or phrase_key(str(values["result"])) in wordings


def differences(before: Reading, after: Reading) -> Iterator[str]:
    """Say for a person what the profile changes, field by field and result by result."""
    for field in dict.fromkeys((*before.header, *after.header)):
        old, new = before.header.get(field), after.header.get(field)
        if (old.value if old else None) != (new.value if new else None):
            yield f"{field}: {_field(old)} -> {_field(new)}"
    gone, come = list(before.results), []
    for result in after.results:
        if result in gone:
            gone.remove(result)
        else:
            come.append(result)
    yield from (f"no longer a result: {_shown(dict(result))}" for result in gone)
    yield from (f"a result: {_shown(dict(result))}" for result in come)
    if after.refusal is not None:
        yield f"still without a result: {after.refusal}"
    held = [f for f in before.findings if f.severity is Severity.HOLD]
    now = [f for f in after.findings if f.severity is Severity.HOLD]
    yield from (f"no longer on hold for: {f.message}" for f in held if f not in now)
    yield from (f"on hold for: {f.message}" for f in now if f not in held)


def _field(found: Field | None) -> str:
    if found is None:
        return "not read"
    if found.value is None:
        return f"“{found.text}”, which is not understood"
    return found.value if found.value == found.text else f"{found.value} (“{found.text}”)"


def _shown(values: Mapping[str, Any]) -> str:
    name = f"{values['test']} {values['part']}" if values["part"] else values["test"]
    reading = f", read as {values['reading']}" if values["reading"] else ""
    return f"{name} “{values['result']}”{reading}"
