"""Writes what a lot folder holds beside its certificates: lot.yaml, counts.csv, flow/."""

from __future__ import annotations

import csv
import datetime as dt
import io
import textwrap
from collections.abc import Sequence

from _make.listmode import Acquisition, Panel, Population, write_fcs

Files = dict[str, bytes]

COUNTER = "AO/DAPI image cytometry"

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_COLUMNS = ("lot", "sample_id", "test", "result", "unit", "method", "measured_at", "status")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def after(date: dt.date, days: int) -> dt.date:
    return date + dt.timedelta(days=days)


def manifest(text: str, note: str) -> bytes:
    """Write lot.yaml; `text` is its YAML, `note` what the sample shows."""
    head = "# yaml-language-server: $schema=../../schemas/lot.schema.json\n"
    folded = textwrap.fill(note, 96, initial_indent="  ", subsequent_indent="  ")
    return f"{head}{textwrap.dedent(text).strip()}\nnote: >-\n{folded}\n".encode()


def table(lot: str, sample_id: str, rows: Sequence[tuple[str, ...]], mark: str = ",") -> bytes:
    """Write counts.csv; each row is test, result, unit, method, time of measurement."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((lot, sample_id, *row, "final") for row in rows)
    return text.getvalue().encode("utf-8")


def flow(
    acquisition: tuple[str, str, dt.date, str, str, int],
    panel: Panel,
    populations: Sequence[Population],
    strategy: str,
) -> Files:
    """Write a tube and its gates; `acquisition` is lot, sample, date, time, material, seed."""
    events = tube(acquisition, panel, populations)
    return {**events, "flow/gates.xml": strategy.encode("utf-8")}


def tube(
    acquisition: tuple[str, str, dt.date, str, str, int],
    panel: Panel,
    populations: Sequence[Population],
    *,
    events: int = 21_000,
    events_per_second: float = 310.0,
) -> Files:
    """Write a tube alone."""
    lot, sample_id, date, begin, source, seed = acquisition
    name = f"{sample_id}.fcs"
    one = Acquisition(
        lot=lot,
        sample_id=sample_id,
        file=name,
        date=f"{date.day:02d}-{_MONTHS[date.month - 1]}-{date.year}",
        begin=begin,
        source=source,
        seed=seed,
        events=events,
        events_per_second=events_per_second,
    )
    return {f"flow/{name}": write_fcs(one, panel, populations)}
