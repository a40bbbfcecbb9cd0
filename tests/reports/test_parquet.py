from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import runs

from qcvalidate.errors import UsageError
from qcvalidate.frames import Observation
from qcvalidate.reports import _filetypes, _parquet, refuse_unavailable, render
from qcvalidate.reports._tables import OBSERVATION_COLUMNS, OUTCOME_COLUMNS

pa = pytest.importorskip("pyarrow", reason="pip install 'qcvalidate[parquet]' to test Parquet")
pq = pytest.importorskip("pyarrow.parquet", reason="pip install 'qcvalidate[parquet]'")

TABLES = ("csv", "observations")
DOCUMENTED = Path(__file__).parents[2] / "docs" / "tables.md"

VIABLE = Observation(
    test="viability",
    result="64.20",
    source="counts.csv",
    lot="MSC-2026-0018",
    lower=Decimal("64.20"),
    upper=Decimal("64.20"),
    unit="%",
    started=dt.date(2026, 4, 19),
    measured_at=dt.datetime(2026, 4, 20, 9, 24),
    numerator=642,
    denominator=1000,
    ci_low=61.1,
    ci_high=67.2,
    page=2,
)
BELOW = Observation(
    test="endotoxin",
    result="-< 0.05",
    source="endotoxin.pdf",
    lower=Decimal("-Infinity"),
    upper=Decimal("0.05"),
    lower_closed=False,
    upper_closed=False,
    dilution=Decimal("1E+2"),
)
LOTS = (
    replace(runs.FAILING, observations=(VIABLE, BELOW)),
    runs.PASSING,
    runs.CONDITIONAL,
    runs.HOLDING,
    runs.ONE_DOCUMENT,
)


def table(format: str, *lots: runs.Assessment) -> Any:  # noqa: A002
    content = render(format, runs.run(*lots), suffix=".parquet")
    assert isinstance(content, bytes)
    return pq.read_table(io.BytesIO(content))


def read_csv(format: str, *lots: runs.Assessment) -> list[dict[str, str]]:  # noqa: A002
    return list(csv.DictReader(io.StringIO(render(format, runs.run(*lots)), newline="")))


def in_csv(cell: object) -> str:
    """Say what the CSV has for a cell of the Parquet file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return (
        f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else str(cell)
    )


@pytest.mark.parametrize("format_", TABLES)
def test_the_rows_are_those_of_the_csv(format_: str) -> None:
    rows, wanted = table(format_, *LOTS).to_pylist(), read_csv(format_, *LOTS)

    assert len(rows) == len(wanted)
    for row, texts in zip(rows, wanted, strict=True):
        # A number's own digits stand beside it.
        found = {name: row.get(f"{name}_text", row[name]) for name in texts}
        assert {name: in_csv(cell) for name, cell in found.items()} == texts


def test_numbers_days_and_answers_have_their_types() -> None:
    first, second = table("observations", LOTS[0]).to_pylist()

    assert (first["result"], first["lower"], first["lower_text"]) == ("64.20", 64.2, "64.20")
    assert first["measured_at"] == dt.datetime(2026, 4, 20, 9, 24)
    assert (first["started"], first["as_of"]) == (dt.date(2026, 4, 19), dt.date(2026, 5, 20))
    assert (first["numerator"], first["ci_low"], first["page"]) == (642, 61.1, 2)
    assert (first["lower_closed"], second["lower_closed"]) == (True, False)
    assert (second["dilution"], second["dilution_text"]) == (100.0, "1E+2")


def test_an_open_end_is_infinite_and_has_no_digits() -> None:
    _, below = table("observations", LOTS[0]).to_pylist()

    assert (below["lower"], below["lower_text"]) == (float("-inf"), None)
    assert (below["upper"], below["upper_text"]) == (0.05, "0.05")


@pytest.mark.parametrize("digits", ["1E+400", "-1E+400", "1E-400"])
def test_a_number_that_no_float_is_near_keeps_its_digits_alone(digits: str) -> None:
    far = replace(VIABLE, lower=Decimal(digits), upper=Decimal(digits))

    (row,) = table("observations", replace(runs.FAILING, observations=(far,))).to_pylist()

    assert (row["lower"], row["lower_text"]) == (None, digits)


def test_a_time_stays_that_of_the_paper_s_clock() -> None:
    east = dt.timezone(dt.timedelta(hours=9))
    zoned = replace(VIABLE, measured_at=dt.datetime(2026, 4, 20, 9, 24, tzinfo=east))

    (row,) = table("observations", replace(runs.FAILING, observations=(zoned,))).to_pylist()

    assert row["measured_at"] == dt.datetime(2026, 4, 20, 9, 24)


@pytest.mark.parametrize("format_", TABLES)
@pytest.mark.parametrize("lots", [(), (runs.HOLDING,), (runs.ONE_DOCUMENT,)])
def test_the_schema_is_the_same_whatever_was_read(
    format_: str, lots: tuple[runs.Assessment, ...]
) -> None:
    assert table(format_, *lots).schema.equals(table(format_, *LOTS).schema)


def test_the_schemas_are_the_documented_ones() -> None:
    if not DOCUMENTED.is_file():
        pytest.skip("docs/ is in a checkout only")
    text = DOCUMENTED.read_text(encoding="utf-8")
    outcomes, _, observations = text.partition("## Observations")

    for part, format_, columns in (
        (outcomes, "csv", OUTCOME_COLUMNS),
        (observations, "observations", OBSERVATION_COLUMNS),
    ):
        told = re.findall(r"^\| `(\w+)` \| (\S+) \|", part, re.MULTILINE)
        assert told == list(_parquet.types(columns).items())
        schema = table(format_).schema
        assert schema.names == [name for name, _ in told]
        assert schema.types == [pa.type_for_alias(kind) for _, kind in told]


def test_a_run_without_lots_is_one_row_that_is_held() -> None:
    for format_ in TABLES:
        (row,) = table(format_).to_pylist()
        assert row["verdict"] == "HOLD"


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_document_s_text_is_text(text: str) -> None:
    lot = replace(runs.hostile(text), observations=(replace(VIABLE, result=text, lot=text),))

    for format_ in TABLES:
        rows = table(format_, lot).to_pylist()
        cells = [cell for row in rows for cell in row.values() if isinstance(cell, str)]
        assert all(cell.isprintable() for cell in cells)
        assert not any(cell.startswith("'=") for cell in cells)


PROGRAM = """
import hashlib, runs, sys
from dataclasses import replace
from qcvalidate.reports import render
for name in ("csv", "observations"):
    made = render(name, runs.run(runs.FAILING, runs.HOLDING), suffix=".parquet")
    assert b"parquet" in made[-4096:] and b"qcvalidate" in made[-4096:]
    print(hashlib.sha256(made).hexdigest())
"""


def test_the_bytes_are_the_same_elsewhere_and_tomorrow() -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])

    made = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={
                **os.environ,
                "PYTHONPATH": path,
                "TZ": zone,
                "LC_ALL": "C",
                "PYTHONHASHSEED": seed,
            },
            capture_output=True,
            check=True,
        ).stdout
        for zone, seed in (("Pacific/Midway", "1"), ("Pacific/Kiritimati", "2"))
    }

    assert len(made) == 1


def test_without_pyarrow_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_filetypes, "find_spec", lambda _name: None)

    with pytest.raises(UsageError, match=r"pip install 'qcvalidate\[parquet\]'"):
        refuse_unavailable("csv", ".parquet")
    refuse_unavailable("csv", ".csv")
