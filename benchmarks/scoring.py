"""Compares what was read from a certificate with what it says, field by field.

A critical field is *right* when its value is the printed one and confirmed; *refused* when it is
absent, not confirmed, or under a finding that holds the lot; *wrong* when a confirmed value
differs with no such finding at its place, or when the certificate says nothing of the kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.layouts.truth import Line, Truth
from qcvalidate.frames.observations import Observation, rows
from qcvalidate.record import Field, Finding, Record, Severity, State

RIGHT, REFUSED, WRONG = "right", "refused", "wrong"
HEADER = (
    "lot",
    "report_number",
    "sample_id",
    "date_sampled",
    "date_received",
    "date_started",
    "date_completed",
    "date_issued",
    "status",
)


@dataclass(frozen=True)
class Mark:
    """How one critical field came out; `told` is what was expected, what was read, and why."""

    field: str
    outcome: str
    told: str = ""


@dataclass(frozen=True)
class Score:
    """The marks of one certificate, and the findings that hold its lot without need.

    `silent` says that a result was left unread and neither a hold nor a warning tells of it.
    """

    marks: tuple[Mark, ...]
    false_holds: tuple[str, ...] = ()
    silent: bool = False

    def count(self, outcome: str) -> int:
        """Count the fields that came out so."""
        return sum(mark.outcome == outcome for mark in self.marks)


def refused(truth: Truth, reason: str, slug: str) -> Score:
    """Score a certificate that was refused as a whole."""
    names = [
        *_stated(truth),
        *(f"{_name(line)} {part}" for line in truth.lines for part in _parts(line)),
    ]
    marks = tuple(Mark(name, REFUSED, reason) for name in names)
    return Score(marks, (f"{slug}: {reason}",))


def score(record: Record, truth: Truth) -> Score:
    """Mark every critical field of one certificate."""
    holding = [finding for finding in record.findings if finding.severity is Severity.HOLD]
    undeserved = [finding for finding in holding if finding.slug not in truth.deserved]
    read = rows(record.observations)
    pairs, extra = _paired(truth, read)
    marks = [
        *_header(record, truth, undeserved, [row for _, row in pairs if row]),
        *(mark for line, row in pairs for mark in _line(line, row, truth, undeserved)),
        *(_extra(row, undeserved) for row in extra if not _repeats(row, truth)),
        *(() if holding else _unseen(pairs)),
    ]
    kept = tuple(mark for mark in marks if mark is not None)
    told = any(f.severity in (Severity.HOLD, Severity.WARNING) for f in record.findings)
    return Score(
        kept,
        tuple(f"{found.slug}: {found.message}" for found in undeserved),
        silent=not told and any(row is None for _, row in pairs),
    )


def _unseen(pairs: Sequence[tuple[Line, Observation | None]]) -> Iterator[Mark]:
    """Mark a failure that was not read, on a certificate that nothing holds: the worst of all."""
    for line, row in pairs:
        if _bad(line) and (row is None or not _says(line, row)):
            yield Mark(
                f"{_name(line)} unseen", WRONG, f"{_expected(line, 'result')}: nothing holds"
            )


def _bad(line: Line) -> bool:
    """Say whether this line keeps a lot from passing; a positive control is meant to grow."""
    if line.role == "positive_control":
        return line.reading != "positive"
    return line.verdict == "fail" or line.reading in ("positive", "pending", "invalid")


def _stated(truth: Truth) -> list[str]:
    return [name for name in HEADER if getattr(truth, name) is not None]


def _header(
    record: Record, truth: Truth, holding: Sequence[Finding], read: Sequence[Observation]
) -> Iterator[Mark]:
    for name in HEADER:
        expected = getattr(truth, name)
        found = record.header.get(name)
        if expected is None:
            if (
                found is not None
                and found.state is State.CONFIRMED
                and not _several(truth, name, found)
            ):
                yield _differs(
                    name, "nothing", found.text, found.place.page, found.place.region, holding
                )
            continue
        yield _field(name, _text(expected), found, holding, _of_rows(name, read))


def _several(truth: Truth, name: str, found: Field) -> bool:
    """Say whether a certificate of several samples does print this value, for one of them."""
    return name in ("lot", "sample_id") and any(
        _same(getattr(line, name), found.value) for line in truth.lines
    )


def _of_rows(name: str, read: Sequence[Observation]) -> set[str]:
    """Collect what the rows say of a header field that a reader may put there alone."""
    column = {
        "lot": "lot",
        "sample_id": "sample_id",
        "date_started": "started",
        "date_completed": "ended",
    }.get(name)
    if column is None or not read:
        return set()
    return {_text(getattr(row, column)) for row in read}


def _field(
    name: str, expected: str, found: Field | None, holding: Sequence[Finding], of_rows: set[str]
) -> Mark:
    if found is None:
        if of_rows == {expected}:
            return Mark(name, RIGHT)
        return Mark(name, REFUSED, f"{expected!r} not found")
    if found.state is not State.CONFIRMED or found.value is None:
        return Mark(name, REFUSED, f"{expected!r}: {found.text!r} is {found.state.value}")
    if _same(expected, found.value):
        return Mark(name, RIGHT)
    return _differs(name, expected, found.value, found.place.page, found.place.region, holding)


def _differs(
    name: str,
    expected: str,
    got: str,
    page: int | None,
    region: str | None,
    holding: Sequence[Finding],
) -> Mark:
    for finding in holding:
        if _covers(finding, page, region, got):
            return Mark(name, REFUSED, f"{expected!r}: read {got!r}, held by {finding.slug}")
    return Mark(name, WRONG, f"{expected!r}: read {got!r}")


def _covers(finding: Finding, page: int | None, region: str | None, text: str) -> bool:
    """Say whether a finding stands at this place, or, having none, quotes this very value."""
    if not finding.place.region:
        # "No growth" may be quoted from any row; a number, a date and a lot hardly are.
        return any(letter.isdigit() for letter in text) and text in finding.message
    if finding.place.page != page or not region:
        return False
    try:
        a, b = (tuple(map(float, box.split(","))) for box in (finding.place.region, region))
    except ValueError:
        return finding.place.region == region
    if len(a) != 4 or len(b) != 4:
        return False
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _paired(
    truth: Truth, read: Sequence[Observation]
) -> tuple[list[tuple[Line, Observation | None]], list[Observation]]:
    """Give each line of the certificate the row that is about it, and the rows left over."""
    left = list(read)
    pairs: list[tuple[Line, Observation | None]] = []
    for line in truth.lines:
        about = [row for row in left if _about(line, row)]
        # Of two rows about one thing, the one that says it; the other one is marked by itself.
        about.sort(key=lambda row: (row.state != "confirmed", not _says(line, row)))
        pairs.append((line, about[0] if about else None))
        if about:
            left.remove(about[0])
    return pairs, left


def _about(line: Line, row: Observation) -> bool:
    if (row.test, row.role) != (line.test, line.role):
        return False
    # Which medium a control stands in settles nothing; the sample's media must both be there.
    if row.part != line.part and (row.part is not None or line.role == "sample"):
        return False
    if line.sample_id is not None and not _same(line.sample_id, row.sample_id):
        return False
    return line.lot is None or _same(line.lot, row.lot)


def _says(line: Line, row: Observation) -> bool:
    if line.amount is None:
        return row.reading == line.reading and row.lower is None
    low, high = line.amount.bounds
    closed = (low.is_infinite() or row.lower_closed, high.is_infinite() or row.upper_closed)
    wanted = (line.amount.sign != ">", line.amount.sign != "<")
    return (row.lower, row.upper) == (low, high) and closed == wanted


def _name(line: Line) -> str:
    words = (
        line.sample_id or line.lot,
        line.test,
        line.part,
        None if line.role == "sample" else line.role,
    )
    return " ".join(word for word in words if word)


def _parts(line: Line) -> list[str]:
    parts = ["result"]
    parts += ["unit"] if line.amount is not None else []
    parts += [name for name in ("started", "ended") if getattr(line, name) is not None]
    return parts


def _line(
    line: Line, row: Observation | None, truth: Truth, holding: Sequence[Finding]
) -> Iterator[Mark]:
    for part in _parts(line):
        name, expected = f"{_name(line)} {part}", _expected(line, part)
        if row is None:
            yield Mark(name, REFUSED, f"{expected}: no such row")
        elif row.state != State.CONFIRMED.value:
            yield Mark(name, REFUSED, f"{expected}: {row.result!r} is {row.state}")
        elif part == "result":
            yield _result(name, line, row, holding)
        else:
            yield _beside(name, expected, getattr(row, part), row, holding)
    if row is None or row.state != State.CONFIRMED.value:
        return
    for column in ("lot", "sample_id"):
        own = getattr(line, column) or getattr(truth, column)
        said = getattr(row, column)
        if own is not None and said is not None and not _same(own, said):
            yield _row_differs(f"{_name(line)} {column}", own, said, row, holding)


def _result(name: str, line: Line, row: Observation, holding: Sequence[Finding]) -> Mark:
    expected = _expected(line, "result")
    if _says(line, row):
        return Mark(name, RIGHT)
    if row.reading == "unknown" or (row.reading is None and row.lower is None):
        return Mark(name, REFUSED, f"{expected}: not understood {row.result!r}")
    got = f"{row.result} ({row.reading or f'{row.lower} to {row.upper}'})"
    return _row_differs(name, expected, got, row, holding)


def _beside(
    name: str, expected: str, said: object, row: Observation, holding: Sequence[Finding]
) -> Mark:
    if said is None:
        return Mark(name, REFUSED, f"{expected} not found")
    if _text(said) != expected:
        return _row_differs(name, expected, _text(said), row, holding)
    return Mark(name, RIGHT)


def _row_differs(
    name: str, expected: str, got: str, row: Observation, holding: Sequence[Finding]
) -> Mark:
    mark = _differs(name, expected, row.result, row.page, row.region, holding)
    held = f", {mark.told[mark.told.index('held by') :]}" if mark.outcome == REFUSED else ""
    return Mark(name, mark.outcome, f"{expected!r}: read {got!r}{held}")


def _expected(line: Line, part: str) -> str:
    if part == "unit":
        return str(line.unit)
    if part != "result":
        return str(getattr(line, part))
    if line.amount is None:
        return str(line.reading)
    return f"{line.amount.sign}{line.amount.number:f}"


def _repeats(row: Observation, truth: Truth) -> bool:
    """Say whether a left-over row only says again what the certificate does say of such a test."""
    alike = [
        line
        for line in (*truth.lines, *truth.also)
        if line.test == row.test
        and line.role == row.role
        and (row.part is None or line.part in (None, row.part))
        and (
            line.sample_id is None or row.sample_id is None or _same(line.sample_id, row.sample_id)
        )
    ]
    if not alike:
        return False
    if row.part is None and any(line.reading == "positive" for line in alike):
        # The whole is positive where one of its parts is.
        return row.reading == "positive"
    return all(_says(line, row) for line in alike)


def _extra(row: Observation, holding: Sequence[Finding]) -> Mark | None:
    if row.state != State.CONFIRMED.value or row.reading == "unknown":
        return None
    got = f"{row.role} {row.test} {row.part or ''} {row.result!r}"
    name = f"{row.test} {row.part or ''} ({row.role})"
    return _row_differs(name, "no such row", got, row, holding)


def _same(expected: str | None, got: str | None) -> bool:
    return " ".join((expected or "").split()) == " ".join((got or "").split())


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
