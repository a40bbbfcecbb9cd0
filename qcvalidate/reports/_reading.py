"""What was read from a document and what a gating strategy counted, for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qcvalidate.record import (
    HEADER_FIELDS,
    Field,
    Finding,
    Place,
    Record,
    Reported,
    Role,
    Source,
    Status,
)
from qcvalidate.reports._contracts import rows
from qcvalidate.reports._layout import lines_of, table, wrap
from qcvalidate.reports._matters import mark, plural, said
from qcvalidate.rules import rule
from qcvalidate.runners import without_commands

if TYPE_CHECKING:
    import pandas as pd


def render_record_text(record: Record, *, width: int = 80) -> str:
    """Render one document's header fields, observations and findings, each with its place."""
    lines = _heading(record.source, width)
    fields = [
        [name, _field(record.header[name]), _where(record.header[name].place), _state(field.state)]
        for name in HEADER_FIELDS
        if (field := record.header.get(name)) is not None
    ]
    lines += ["", "header" if fields else "no header field was read"]
    lines += table(fields, width, indent="  ")
    results = [_observation(row) for row in rows(record.observations)]
    lines += ["", plural(len(results), "observation", "observations")]
    lines += table(results, width, indent="  ")
    if record.reported:
        lines += ["", plural(len(record.reported), "reported population", "reported populations")]
        lines += table([_reported(one) for one in record.reported], width, indent="  ")
    if record.findings:
        lines += ["", plural(len(record.findings), "finding", "findings")]
    for finding in record.findings:
        lines += _finding(finding, width)
    return without_commands("\n".join(lines) + "\n")


def _reported(one: Reported) -> list[str]:
    """Give the cells of one population: its sample, its path, its count and its shares."""
    count = "not counted" if one.count is None else str(one.count)
    shares = [f"{said(share.text)} of {said('/'.join(share.of) or 'all')}" for share in one.shares]
    doubt = ["doubtful"] if one.doubt else []
    path = "/".join(one.path) or "all events"
    return [said(one.sample), said(path), count, "; ".join([*shares, *doubt])]


def render_gating_text(
    file: Source,
    strategy_id: str,
    strategy_sha256: str,
    populations: pd.DataFrame,
    findings: Sequence[Finding] = (),
    *,
    width: int = 80,
) -> str:
    """Render the gate tree with its counts, percents of the parent and Wilson's intervals.

    They are for display; verdicts take the exact ones, which the JSON has.
    """
    lines = _heading(file, width)
    strategy = f"gating strategy {said(strategy_id)} ({said(strategy_sha256[:8])})"
    lines += wrap(strategy, width)
    # Before the numbers: who reads those must know what they are worth.
    for finding in findings:
        lines += _finding(finding, width)
    lines.append("")
    if populations.empty:
        return without_commands("\n".join([*lines, "no population was counted"]) + "\n")
    head = ["population", "events", "of parent", "percent", "Wilson 95 %"]
    cells = [head, *(_population(row) for row in rows(populations))]
    # Numbers are read by their last digit, so they stand at the right.
    wide = [max(len(row[column]) for row in cells) for column in range(1, 5)]
    names = min(max(len(row[0]) for row in cells), max(12, width - sum(wide) - 8))
    for name, *numbers in cells:
        right = [number.rjust(size) for number, size in zip(numbers, wide, strict=True)]
        first, *more = wrap(name.strip(), max(4, names - _depth(name)))
        lead = " " * _depth(name)
        lines.append((lead + first).ljust(names) + "  " + "  ".join(right).rstrip())
        lines += [lead + line for line in more]
    return without_commands("\n".join(lines) + "\n")


def _heading(read: Source, width: int) -> list[str]:
    about = f"{said(read.path)}: {said(read.kind)}, read by {said(read.reader)}"
    return [*wrap(about, width), *wrap(f"SHA-256 {said(read.sha256)}", width)]


def _field(field: Field) -> str:
    text = said(field.text) or "(blank)"
    if field.value is None:
        return f"{text} -> not read"
    value = said(field.value)
    return text if value == text else f"{text} -> {value}"


def _state(state: str) -> str:
    return str(state).replace("_", " ")


def _where(place: Place) -> str:
    """Say the place without its path; a box on a page in full, it is what a reader looks for."""
    page = f"page {place.page}" if place.page is not None else ""
    return " ".join(word for word in (page, said(place.region or "")) if word)


def _observation(row: Mapping[str, object]) -> list[str]:
    about = " ".join(said(str(row[name])) for name in ("test", "part") if row[name] is not None)
    if row["role"] != Role.SAMPLE.value:
        about += f" ({_state(str(row['role']))})"
    words = [_state(str(row["state"]))]
    if row["status"] != Status.FINAL.value:
        words.insert(0, str(row["status"]))
    place = Place("", _whole(row["page"]), None if row["region"] is None else str(row["region"]))
    printed = said(str(row["result"])) or "(blank)"
    return [about, f"{printed} -> {reading_of(row)}", _where(place), ", ".join(words)]


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def reading_of(row: Mapping[str, object]) -> str:
    """Say how the result was read: a class, a number or an interval in mathematical notation."""
    if row["reading"] is not None:
        details = [f"{row['organism']}"] if row["organism"] is not None else []
        details += [f"day {row['day']}"] if row["day"] is not None else []
        details += [f"{row['turbidity']}"] if row["turbidity"] is not None else []
        return said(" ".join([str(row["reading"]), *details]))
    if row["lower"] is None or row["upper"] is None:
        return "not read"
    lower, upper = str(row["lower"]), str(row["upper"])
    unit = "" if row["unit"] is None else f" {said(str(row['unit']))}"
    if lower == upper:
        return lower + unit
    if lower == "-Infinity":
        return f"{'at most' if row['upper_closed'] else 'below'} {upper}{unit}"
    if upper == "Infinity":
        return f"{'at least' if row['lower_closed'] else 'above'} {lower}{unit}"
    opening, closing = "[" if row["lower_closed"] else "(", "]" if row["upper_closed"] else ")"
    return f"{opening}{lower}, {upper}{closing}{unit}"


def _finding(finding: Finding, width: int) -> list[str]:
    known = rule(finding.slug)
    word = finding.severity.value.upper()
    head = [f"{mark(finding.severity)} {word}", f"{known.code} {known.slug}", _where(finding.place)]
    lines = lines_of(head, [13, 32, max(10, width - 51)], indent="  ")
    return lines + [f"    {line}" for line in wrap(said(finding.message), width - 4)]


def _population(row: Mapping[str, object]) -> list[str]:
    path = row["path"]
    steps = [str(step) for step in path] if isinstance(path, tuple | list) else [str(path)]
    name = "  " * max(0, len(steps) - 1) + said(steps[-1] if steps else str(row["id"]))
    # A table of gates is the only one that needs it.
    from qcvalidate.cytometry.proportions import wilson  # noqa: PLC0415

    count, parent = row["count"], row["parent_count"]
    if not parent:
        return [name, f"{count}", f"{parent}", "not evaluable", ""]
    percent = f"{_float(row['percent_of_parent']):.2f} %"
    low, high = wilson(int(_float(count)), int(_float(parent)))
    return [name, f"{count}", f"{parent}", percent, f"{100 * low:.2f} to {100 * high:.2f} %"]


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _depth(name: str) -> int:
    return len(name) - len(name.lstrip(" "))
