"""Tables of many lots are judged again file by file; nothing that is unclear passes."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from stacked_lots import FACTS, HEADER, SPECIFICATION, Made, csv_file, passing

from qcvalidate.cli import main as commands

Rows = Sequence[tuple[str, ...]]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas" / "specifications"
    folder.mkdir(parents=True)
    (folder / "stacked.yaml").write_text(SPECIFICATION, encoding="utf-8")
    return folder.parent


def recheck(schemas: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-W", "error", "-m", "qcvalidate", "recheck", *map(str, arguments))
    return subprocess.run(
        (*command, "--spec", "stacked", "--schemas", str(schemas), "--as-of", "2026-06-01"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def tables(made: Made, folder: Path) -> tuple[Path, Path]:
    return (
        csv_file(folder / "results.csv", HEADER, made.rows),
        csv_file(folder / "lots.csv", FACTS, made.facts),
    )


def parquet_file(path: Path, rows: Rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table(dict(zip(HEADER, map(list, columns), strict=True))), path)
    return path


def outcomes(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def verdicts(path: Path) -> dict[str, str]:
    return {row["assessed_lot"]: row["verdict"] for row in outcomes(path) if row["kind"] == "lot"}


def test_lots_that_all_pass_are_a_pass_of_their_own_scope(schemas: Path, tmp_path: Path) -> None:
    results, lots = tables(passing(3), tmp_path)
    out = tmp_path / "out.csv"

    done = recheck(schemas, results, "--lots", lots, "--out", out)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "PASS: 3 lots of 1 file against stacked 1.0.0 (criteria of a table; papers were not read)"
    )
    assert set(verdicts(out).values()) == {"PASS"}
    criterion = next(row for row in outcomes(out) if row["id"] == "viability")
    assert criterion["scope"] == "table"
    assert (criterion["observed"], criterion["reading"]) == ("91.2 %", "91.2 %")
    assert (criterion["table"], criterion["row"]) == ("results.csv", "2")


def test_one_lot_that_fails_fails_the_run_and_is_told(schemas: Path, tmp_path: Path) -> None:
    made = passing(3)
    rows = [
        (*row[:6], "42", *row[7:]) if row[0] == "MSC-2026-0001" and row[2] == "Viability" else row
        for row in made.rows
    ]
    results, lots = tables(replace(made, rows=tuple(rows)), tmp_path)

    done = recheck(schemas, results, "--lots", lots)

    assert done.returncode == 1
    assert "FAIL MSC-2026-0001\n    FAIL 301 viability-below-limit: 42 %" in done.stdout


def test_a_lot_of_which_no_table_has_a_result_is_held(schemas: Path, tmp_path: Path) -> None:
    made = passing(2)
    rows = tuple(row for row in made.rows if row[0] == "MSC-2026-0000")
    results, lots = tables(replace(made, rows=rows), tmp_path)
    out = tmp_path / "out.csv"

    done = recheck(schemas, results, "--lots", lots, "--out", out)

    assert done.returncode == 3
    assert verdicts(out) == {"MSC-2026-0000": "PASS", "MSC-2026-0001": "HOLD"}


def test_facts_that_hold_a_lot_are_those_of_one_that_is_not_meant(
    schemas: Path, tmp_path: Path
) -> None:
    results, _ = tables(passing(1), tmp_path)

    done = recheck(schemas, results)

    assert done.returncode == 3
    assert "specification-does-not-fit" in done.stdout


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_lot_in_two_partitions_is_held_and_the_others_judged(
    jobs: int, schemas: Path, tmp_path: Path
) -> None:
    made = passing(4)
    folder = tmp_path / "table"
    half = len(made.rows) // 2
    parquet_file(folder / "b.parquet", made.rows[half + 2 :])
    parquet_file(folder / "a.parquet", made.rows[: half + 2])
    _, lots = tables(made, tmp_path)
    out = tmp_path / "out.csv"

    done = recheck(schemas, folder, "--lots", lots, "--out", out, "--jobs", jobs)

    assert done.returncode == 3, done.stderr
    judged = {
        (row["assessed_lot"], row["verdict"]) for row in outcomes(out) if row["kind"] == "lot"
    }
    assert judged == {
        ("MSC-2026-0000", "PASS"),
        ("MSC-2026-0001", "PASS"),
        ("MSC-2026-0002", "HOLD"),
        ("MSC-2026-0003", "PASS"),
    }
    assert {row["slug"] for row in outcomes(out) if row["kind"] == "finding"} == {"lot-split"}


def test_partitions_and_one_table_come_out_the_same(schemas: Path, tmp_path: Path) -> None:
    made = passing(6)
    results, lots = tables(made, tmp_path)
    size = len(made.rows) // 3
    for part in range(3):
        parquet_file(
            tmp_path / "parts" / f"{part}.parquet", made.rows[part * size : (part + 1) * size]
        )
    one, several = tmp_path / "one.parquet", tmp_path / "several.parquet"

    recheck(schemas, results, "--lots", lots, "--out", one)
    recheck(schemas, tmp_path / "parts", "--lots", lots, "--out", several, "--jobs", 2)

    apart = ["table", "row"]
    left, right = (pq.read_table(path).drop(apart).to_pylist() for path in (one, several))
    order = lambda row: (row["assessed_lot"], row["kind"], row["id"] or "")  # noqa: E731
    assert sorted(left, key=order) == sorted(right, key=order)
    assert len(left) > 6 * 10


@pytest.mark.parametrize(
    ("change", "said", "status"),
    [
        (lambda header, row: ((*header, "Opreator"), (*row, "x")), "Opreator", 4),
        (lambda header, row: ((*header, "Stauts"), (*row, "final")), "status", 4),
        (lambda header, row: ((*header, ""), (*row, "x")), "no heading", 4),
        (lambda header, row: ((*header, "Batch"), (*row, "x")), "Batch", 4),
        (lambda header, row: (header, ("", *row[1:])), "name no lot", 4),
        (lambda header, row: (("Nr", *header[1:]), row), "lot", 4),
    ],
)
def test_a_table_that_is_not_clear_is_refused(
    change: object, said: str, status: int, schemas: Path, tmp_path: Path
) -> None:
    made = passing(1)
    header, first = change(HEADER, made.rows[0])  # type: ignore[operator]
    more = [(*row, "") if len(header) > len(HEADER) else row for row in made.rows[1:]]
    results = csv_file(tmp_path / "results.csv", header, [first, *more])
    out = tmp_path / "out.csv"

    done = recheck(schemas, results, "--out", out)

    assert done.returncode == status, done.stdout
    assert said in done.stderr
    assert not out.exists()


def test_a_column_that_means_nothing_can_be_left_out(schemas: Path, tmp_path: Path) -> None:
    made = passing(1)
    _, lots = tables(made, tmp_path)
    results = csv_file(
        tmp_path / "results.csv", (*HEADER, "Operator"), [(*row, "growth") for row in made.rows]
    )

    done = recheck(schemas, results, "--lots", lots, "--leave-out", "Operator")

    assert done.returncode == 0, done.stderr


def test_what_is_known_is_never_left_out(schemas: Path, tmp_path: Path) -> None:
    results, lots = tables(passing(1), tmp_path)

    done = recheck(schemas, results, "--lots", lots, "--leave-out", "Status")

    assert done.returncode == 2
    assert "“Status”" in done.stderr


def test_the_outcomes_never_lie_among_the_tables(schemas: Path, tmp_path: Path) -> None:
    results, _ = tables(passing(1), tmp_path)

    assert recheck(schemas, results, "--out", results).returncode == 2
    assert recheck(schemas, tmp_path, "--out", tmp_path / "new.csv").returncode == 2
    assert recheck(schemas, results, "--out", tmp_path / "out.json").returncode == 2


def test_an_archive_of_checks_can_be_judged_again(schemas: Path, tmp_path: Path) -> None:
    made = passing(2)
    folders = tmp_path / "lots"
    for at, facts in enumerate(made.facts):
        lot = folders / facts[0]
        lot.mkdir(parents=True)
        rows = [row for row in made.rows if row[0] == facts[0]]
        csv_file(lot / "results.csv", HEADER, rows)
        stated = dict(zip(FACTS, facts, strict=True))
        content: dict[str, object] = {"product": "stacked"}
        for key, text in stated.items():
            group, _, name = key.rpartition(".")
            if text and key != "findings":
                (content.setdefault(group, {}) if group else content)[name] = text  # type: ignore[index]
        (lot / "lot.yaml").write_text(json.dumps(content), encoding="utf-8")
        if at:
            (lot / "unread.bin").write_bytes(b"\x00\x01")
    archive = tmp_path / "archive.csv"
    command = (sys.executable, "-m", "qcvalidate", "check", str(folders), "--schemas", str(schemas))
    subprocess.run(
        (*command, "--as-of", "2026-06-01", "--report", f"observations:{archive}"),
        capture_output=True,
        check=False,
    )
    _, lots = tables(made, tmp_path)
    unsaid = csv_file(tmp_path / "unsaid.csv", FACTS[:-1], [row[:-1] for row in made.facts])
    out, again = tmp_path / "out.csv", tmp_path / "again.csv"

    recheck(schemas, archive, "--lots", unsaid, "--out", out)
    recheck(schemas, archive, "--lots", lots, "--out", again)

    assert verdicts(out) == {"MSC-2026-0000": "PASS", "MSC-2026-0001": "HOLD"}
    assert set(verdicts(again).values()) == {"PASS"}
    assert dt.date.fromisoformat(outcomes(out)[0]["as_of"]) == dt.date(2026, 6, 1)


def test_a_lot_that_was_held_by_its_papers_or_is_split_is_told_by_its_rule(
    schemas: Path, tmp_path: Path
) -> None:
    made = passing(3)
    facts = [
        (*row[:-1], "endotoxin.pdf is damaged" if at == 2 else "")
        for at, row in enumerate(made.facts)
    ]
    cut = next(at for at, row in enumerate(made.rows) if row[0] == "MSC-2026-0001") + 2
    tables = [
        csv_file(tmp_path / "a.csv", HEADER, made.rows[:cut]),
        csv_file(tmp_path / "b.csv", HEADER, made.rows[cut:]),
    ]
    lots, out = csv_file(tmp_path / "lots.csv", FACTS, facts), tmp_path / "out.csv"
    arguments = ["recheck", *tables, "--lots", lots, "--out", out, "--spec", "stacked"]
    arguments += ["--schemas", schemas, "--as-of", "2026-06-01", "--jobs", 1]

    done = CliRunner().invoke(commands, [str(one) for one in arguments])

    assert done.exit_code == 3, done.output
    found = {
        (row["assessed_lot"], row["slug"]) for row in outcomes(out) if row["kind"] == "finding"
    }
    assert found == {("MSC-2026-0001", "lot-split"), ("MSC-2026-0002", "held-by-papers")}
    assert verdicts(out)["MSC-2026-0000"] == "PASS"
    assert verdicts(out)["MSC-2026-0002"] == "HOLD"
