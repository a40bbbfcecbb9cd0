"""Gathers the records of one lot: whose papers they are, which still count, what their dates say.

Identities are compared after a declared normalisation only (case, white space, kinds of dash),
never by likeness: a lot number that is almost right is a finding, not a match.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import pandas as pd

from qcvalidate.frames import Observation, checked, observations, rows
from qcvalidate.manifest import Manifest
from qcvalidate.record import Field, Finding, Place, Record, Severity, State, Status

_DASHES = re.compile("[‐‑‒–—―−]")
# Characters that people and scanners take for one another.
_LOOKALIKES = str.maketrans("OQILSBZ", "0011582")

# In this order must a document's dates lie, where it states them.
_ORDER = (
    ("date_sampled", "date_received"),
    ("date_sampled", "date_started"),
    ("date_received", "date_completed"),
    ("date_started", "date_completed"),
    ("date_completed", "date_issued"),
    ("date_started", "date_issued"),
)
_PAST = ("date_sampled", "date_received", "date_started", "date_issued", "signed_on")


@dataclass(frozen=True)
class Gathered:
    """What the papers of one lot say about it: its observations alone, and the findings."""

    observations: pd.DataFrame
    findings: tuple[Finding, ...]


def identity_key(text: str) -> str:
    """Normalise an identifier for comparison: case, white space and kinds of dash, no more.

    >>> identity_key(" msc–2026 0018 ") == identity_key("MSC-20260018")
    True
    """
    return "".join(_DASHES.sub("-", text).split()).upper()


def gather(
    records: Sequence[Record], manifest: Manifest, *, as_of: dt.date, signature_required: bool
) -> Gathered:
    """Keep the observations that are this lot's and still count; say what was set aside and why.

    `manifest.lot` must be known: from lot.yaml, or from the single document itself.
    """
    unique, findings = _without_copies(records)
    findings += _report_number_conflicts(unique)
    current, superseded = _current(unique)
    findings += superseded
    findings += _sample_conflicts(unique)
    kept: list[Observation] = []
    for record in current:
        own, said = _own_rows(record, manifest)
        kept += own
        findings += said
        findings += _identifier_findings(record, manifest)
        findings += _date_findings(record, as_of)
        if signature_required:
            findings += _signature_findings(record)
    findings += _expiry(manifest, as_of)
    return Gathered(checked(observations(kept)), tuple(findings))


def _without_copies(records: Sequence[Record]) -> tuple[list[Record], list[Finding]]:
    first: dict[str, Record] = {}
    findings = []
    for record in records:
        earlier = first.setdefault(record.source.sha256, record)
        if earlier is not record:
            message = f"{record.source.path} is the same file as {earlier.source.path}; read once"
            findings.append(_finding(record, "duplicate-document", Severity.INFORMATION, message))
    return list(first.values()), findings


def _report_number_conflicts(records: Sequence[Record]) -> Iterator[Finding]:
    """Two different papers with one number: the laboratory must say which one it stands by."""
    seen: dict[str, Record] = {}
    for record in records:
        number = _value(record, "report_number")
        if number is None:
            continue
        earlier = seen.setdefault(identity_key(number), record)
        if earlier is not record:
            message = (
                f"report number {number!r} stands on {earlier.source.path} and, with other "
                f"content, on {record.source.path}; ask the laboratory which one is valid"
            )
            yield _finding(
                record, "report-number-conflict", Severity.HOLD, message, "report_number"
            )


def _current(records: Sequence[Record]) -> tuple[list[Record], list[Finding]]:
    """Follow the references of amended reports; file dates and revision letters mean nothing."""
    by_number = {
        identity_key(number): record
        for record in records
        if (number := _value(record, "report_number")) is not None
    }
    replaced: dict[str, Record] = {}
    findings = []
    for record in records:
        reference = _value(record, "replaces")
        if reference is None:
            continue
        earlier = by_number.get(identity_key(reference))
        if earlier is None or earlier is record:
            message = f"replaces report {reference!r}, which is not among these papers"
            findings.append(
                _finding(
                    record, "replaced-report-absent", Severity.INFORMATION, message, "replaces"
                )
            )
        elif _is_preliminary(record) and not _is_preliminary(earlier):
            message = f"is preliminary, and claims to replace the final report {reference!r}"
            findings.append(
                _finding(record, "report-number-conflict", Severity.HOLD, message, "replaces")
            )
        else:
            replaced[earlier.source.path] = record
    if _is_circular(replaced):
        message = "the reports replace one another in a circle; ask the laboratory which one holds"
        first = next(iter(replaced.values()))
        findings.append(
            _finding(first, "report-number-conflict", Severity.HOLD, message, "replaces")
        )
        return list(records), findings
    for path, by in replaced.items():
        message = f"{path} was replaced by {by.source.path} and is set aside"
        findings.append(Finding("report-superseded", Severity.INFORMATION, message, Place(path)))
    return [record for record in records if record.source.path not in replaced], findings


def _is_circular(replaced: dict[str, Record]) -> bool:
    for start in replaced:
        at, steps = start, 0
        while at in replaced and steps <= len(replaced):
            at, steps = replaced[at].source.path, steps + 1
        if steps > len(replaced):
            return True
    return False


def _is_preliminary(record: Record) -> bool:
    return any(row.status == Status.PRELIMINARY for row in rows(record.observations))


def _sample_conflicts(records: Sequence[Record]) -> Iterator[Finding]:
    """One sample cannot be of two lots."""
    lots: dict[str, tuple[str, Record]] = {}
    for record in records:
        header = (_value(record, "lot"), _value(record, "sample_id"))
        pairs = {(row.lot or header[0], row.sample_id) for row in rows(record.observations)}
        for lot, sample in sorted({*pairs, header}, key=str):
            if lot is None or sample is None:
                continue
            known, where = lots.setdefault(identity_key(sample), (lot, record))
            if identity_key(known) != identity_key(lot):
                message = (
                    f"sample {sample!r} is of lot {lot!r} here, and of lot {known!r} in "
                    f"{where.source.path}"
                )
                yield _finding(record, "sample-conflict", Severity.HOLD, message, "sample_id")


def _own_rows(record: Record, manifest: Manifest) -> tuple[list[Observation], list[Finding]]:
    """Give the rows that are about this lot, each under the lot's own number."""
    wanted = identity_key(manifest.lot or "")
    header = _value(record, "lot")
    own, others, unstated = [], [], []
    for row in rows(record.observations):
        lot = row.lot or header
        if lot is None:
            unstated.append(row)
        elif identity_key(lot) == wanted:
            own.append(replace(row, lot=manifest.lot))
        else:
            others.append((lot, row))
    if header is not None and identity_key(header) != wanted and not own:
        return [], [_other_lot(record, header, manifest)]
    if others and not own:
        return [], [_other_lot(record, lot, manifest) for lot in sorted({lot for lot, _ in others})]
    findings = list(_neighbours(record, others))
    if header is None and not own:
        findings.append(_unstated(record, manifest))
    return [*own, *(replace(row, lot=manifest.lot) for row in unstated)], findings


def _other_lot(record: Record, lot: str, manifest: Manifest) -> Finding:
    wanted = manifest.lot or ""
    near = _is_near(lot, wanted)
    message = f"{record.source.path} is about lot {lot!r}; this lot is {wanted!r}"
    if near:
        message += ", almost the same: ask the laboratory whether its paper or lot.yaml is wrong"
    else:
        message += ": its results are set aside; ask for this lot's own paper"
    return _finding(
        record, "lot-near-miss" if near else "lot-mismatch", Severity.HOLD, message, "lot"
    )


def _is_near(lot: str, wanted: str) -> bool:
    """Say whether two different lot numbers look alike: O/0, I/1, a suffix, a slip of a key."""
    one, other = (
        re.sub(r"[^0-9A-Z]", "", identity_key(text)).translate(_LOOKALIKES)
        for text in (lot, wanted)
    )
    if one == other or one.startswith(other) or other.startswith(one):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.9


def _neighbours(record: Record, others: Sequence[tuple[str, Observation]]) -> Iterator[Finding]:
    """A paper for several lots: the rows of the others are set aside, and growth there is told."""
    for lot in sorted({lot for lot, _ in others}):
        grown = [row for other, row in others if other == lot and row.reading == "positive"]
        if grown:
            message = f"also reports lot {lot!r}, which is positive: {grown[0].result!r}"
            yield _finding(record, "lot-mismatch", Severity.WARNING, message)


def _unstated(record: Record, manifest: Manifest) -> Finding:
    path = record.source.path
    vouchable = record.source.kind in ("table", "listmode")
    if vouchable and path in manifest.declared:
        message = f"{path} names no lot; lot.yaml vouches that it is this lot's"
        return _finding(record, "lot-unstated", Severity.INFORMATION, message)
    message = f"{path} does not say which lot it is about; expected {manifest.lot!r}"
    if vouchable:
        message += ". If you know that it is this lot's, list it under `declared` in lot.yaml"
    return _finding(record, "lot-unstated", Severity.HOLD, message)


def _identifier_findings(record: Record, manifest: Manifest) -> Iterator[Finding]:
    stated, expected = _value(record, "din"), manifest.identifiers.get("din")
    if stated is None or expected is None:
        return
    if re.sub(r"\W", "", stated).upper() != re.sub(r"\W", "", expected).upper():
        message = f"carries the donation number {stated!r}; lot.yaml says {expected!r}"
        yield _finding(record, "identifier-mismatch", Severity.HOLD, message, "din")


def _date_findings(record: Record, as_of: dt.date) -> Iterator[Finding]:
    dates = {name: _date(record, name) for name in (*_PAST, "date_completed")}
    for earlier, later in _ORDER:
        first, second = dates.get(earlier), dates.get(later)
        if first and second and first > second:
            message = f"{_words(earlier)} {first} lies after {_words(later)} {second}"
            yield _finding(record, "dates-out-of-order", Severity.HOLD, message, later)
    for name in _PAST:
        day = dates[name]
        if day and day > as_of:
            message = f"{_words(name)} {day} lies after the day of this check, {as_of}"
            yield _finding(record, "date-in-future", Severity.HOLD, message, name)
    completed = dates["date_completed"]
    if completed and completed > as_of and not _is_preliminary(record):
        message = f"completed {completed} lies after the day of this check, {as_of}"
        yield _finding(record, "date-in-future", Severity.HOLD, message, "date_completed")
    signed = dates["signed_on"]
    if signed and completed and signed < completed:
        message = f"was signed on {signed}, before its test was complete on {completed}"
        yield _finding(record, "signed-before-completion", Severity.HOLD, message, "signed_on")


def _signature_findings(record: Record) -> Iterator[Finding]:
    if record.source.kind == "pdf" and _value(record, "signed_by") is None:
        message = f"{record.source.path} names nobody who authorised it"
        yield _finding(record, "unsigned", Severity.HOLD, message)


def _expiry(manifest: Manifest, as_of: dt.date) -> Iterator[Finding]:
    if manifest.expires is not None and manifest.expires < as_of:
        message = f"the lot expired on {manifest.expires}; the day of this check is {as_of}"
        place = Place("lot.yaml", region="manufacture.expires")
        yield Finding("lot-expired", Severity.HOLD, message, place)


def _value(record: Record, name: str) -> str | None:
    found: Field | None = record.header.get(name)
    return found.value if found is not None and found.state is State.CONFIRMED else None


def _date(record: Record, name: str) -> dt.date | None:
    value = _value(record, name)
    return dt.datetime.fromisoformat(value).date() if value else None


def _words(name: str) -> str:
    return name.removeprefix("date_").replace("signed_on", "signed")


def _finding(
    record: Record, slug: str, severity: Severity, message: str, field: str | None = None
) -> Finding:
    found = record.header.get(field) if field else None
    return Finding(slug, severity, message, found.place if found else Place(record.source.path))
