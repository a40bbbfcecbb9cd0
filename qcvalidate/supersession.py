"""Settles which papers of a lot still count: copies, amended reports, one number on two papers.

What replaces what follows references (ISO/IEC 17025:2017, 7.8.8), never file dates, names or
revision letters; and a reference that cannot be right replaces nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from qcvalidate.frames import rows
from qcvalidate.identity import identity_key
from qcvalidate.record import Finding, Place, Record, Role, Severity, Status


def current(records: Sequence[Record]) -> tuple[list[Record], list[Finding]]:
    """Give the records that count, and say what was set aside, and what was not and why."""
    unique, findings = _without_copies(records)
    findings += _report_number_conflicts(unique)
    by_number = {
        identity_key(number): record
        for record in unique
        if (number := record.stated("report_number")) is not None
    }
    replaced: dict[str, Record] = {}
    for record in unique:
        reference = record.stated("replaces")
        if reference is None:
            continue
        earlier = by_number.get(identity_key(reference))
        if earlier is None or earlier is record:
            message = f"replaces report {reference!r}, which is not among these papers"
            severity = Severity.INFORMATION
            findings.append(record.finding("replaced-report-absent", severity, message, "replaces"))
            continue
        doubt = _doubt(record, earlier)
        if doubt is None:
            replaced[earlier.source.path] = record
            findings += _taken_back(record, earlier)
        else:
            message = f"claims to replace report {reference!r}, but {doubt}; both still count"
            findings.append(
                record.finding("replacement-doubtful", Severity.HOLD, message, "replaces")
            )
    if _is_circular(replaced):
        message = "the reports replace one another in a circle; ask the laboratory which one holds"
        first = next(iter(replaced.values()))
        findings.append(first.finding("replacement-doubtful", Severity.HOLD, message, "replaces"))
        return unique, findings
    for path, by in replaced.items():
        message = f"{path} was replaced by {by.source.path} and is set aside"
        findings.append(Finding("report-superseded", Severity.INFORMATION, message, Place(path)))
    return [record for record in unique if record.source.path not in replaced], findings


def is_preliminary(record: Record) -> bool:
    """Say whether a record holds a result that its laboratory calls preliminary."""
    return any(row.status == Status.PRELIMINARY for row in rows(record.observations))


def _without_copies(records: Sequence[Record]) -> tuple[list[Record], list[Finding]]:
    first: dict[str, Record] = {}
    kept, findings = [], []
    for record in records:
        earlier = first.setdefault(record.source.sha256, record)
        # Two strategies count other populations in the same events; each of them must meet.
        same = record.populations is None or (
            earlier.populations is not None and record.populations.equals(earlier.populations)
        )
        if earlier is record or not same:
            kept.append(record)
            continue
        message = f"{record.source.path} is the same file as {earlier.source.path}; read once"
        findings.append(record.finding("duplicate-document", Severity.INFORMATION, message))
    return kept, findings


def _report_number_conflicts(records: Sequence[Record]) -> Iterator[Finding]:
    """Two different papers with one number: the laboratory must say which one it stands by."""
    seen: dict[str, Record] = {}
    for record in records:
        number = record.stated("report_number")
        if number is None:
            continue
        earlier = seen.setdefault(identity_key(number), record)
        if earlier is not record:
            message = (
                f"report number {number!r} stands on {earlier.source.path} and, with other "
                f"content, on {record.source.path}; ask the laboratory which one is valid"
            )
            yield record.finding("report-number-conflict", Severity.HOLD, message, "report_number")


def _doubt(record: Record, earlier: Record) -> str | None:
    """Say why a reference cannot be what it seems: then a failing paper would vanish behind it."""
    if is_preliminary(record) and not is_preliminary(earlier):
        return "it is preliminary and the other is final"
    issued, before = _issued(record), _issued(earlier)
    if issued and before and issued < before:
        return f"it was issued on {issued}, before the other on {before}"
    for name in ("laboratory", "sample_id", "lot"):
        own, other = record.stated(name), earlier.stated(name)
        if own and other and identity_key(own) != identity_key(other):
            return f"its {name.replace('_', ' ')} is {own!r} and the other's {other!r}"
    gone = sorted(_answers(earlier) - _answers(record))
    if gone:
        return f"it says nothing of {', '.join(gone)}, which the other reports"
    return None


def _taken_back(record: Record, earlier: Record) -> Iterator[Finding]:
    """Hold where the later paper takes back a failure: a person must see the reason for that."""
    failed = _failures(earlier) - _failures(record)
    if failed:
        message = (
            f"{record.source.path} replaces {earlier.source.path} and takes back that "
            f"{' and '.join(sorted(failed))}; ask the laboratory why, and when it confirms that, "
            f"list {earlier.source.path} under `ignore` in lot.yaml"
        )
        yield record.finding("replacement-doubtful", Severity.HOLD, message, "replaces")


def _failures(record: Record) -> set[str]:
    """Say what a paper reports as failed: growth, or what its laboratory itself judged so."""
    grown = {
        f"{row.part or row.test} was positive"
        for row in rows(record.observations)
        if row.reading == "positive" and row.role == Role.SAMPLE
    }
    judged = any(found.slug == "laboratory-verdict-failed" for found in record.findings)
    return grown | ({"a result failed by the laboratory's own verdict"} if judged else set())


def _issued(record: Record) -> dt.date | None:
    text = record.stated("date_issued")
    return dt.datetime.fromisoformat(text).date() if text else None


def _answers(record: Record) -> set[str]:
    return {f"{row.test} {row.part}" if row.part else row.test for row in rows(record.observations)}


def _is_circular(replaced: dict[str, Record]) -> bool:
    for start in replaced:
        at, steps = start, 0
        while at in replaced and steps <= len(replaced):
            at, steps = replaced[at].source.path, steps + 1
        if steps > len(replaced):
            return True
    return False
