"""The exported schemas run without us, and say of the same evidence what we say."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from qcvalidate.assessment import CriterionResult
from qcvalidate.catalogue import open_catalogue
from qcvalidate.checking import check
from qcvalidate.frames import Observation, observations
from qcvalidate.manifest import Manifest
from qcvalidate.portable import python_source
from qcvalidate.specification import Specification, load_specification, specification_ids
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
VOCABULARY = load_vocabulary(CATALOGUE)
HEADER = ("criterion", "low", "low_closed", "high", "high_closed", "reading")

SPECIFICATION = """
id: mine
version: 1.0.0
title: Mine
rounding: {rounding}
criteria:
  - {{id: viability, title: V, test: viability, unit: "%", accept: {{at_least: "70"}},
     alert: {{at_least: "75"}}, reference: SOP 1, severity: blocking}}
  - {{id: strict, title: V, test: cd34_positive, unit: "%", accept: {{more_than: "2.0"}},
     reference: SOP 1, severity: blocking}}
  - {{id: upper, title: CD45, test: cd45_positive, unit: "%", accept: {{at_most: "2"}},
     reference: SOP 1, severity: blocking}}
  - {{id: under, title: HLA, test: hla_dr_positive, unit: "%", accept: {{less_than: "2"}},
     reference: SOP 1, severity: blocking}}
  - {{id: ppc, title: PPC, test: endotoxin_ppc, unit: "%", accept: {{within: ["50", "200"]}},
     when_not_met: INVALID, reference: SOP 1, severity: blocking}}
  - {{id: guarded, title: CD105, test: cd105_positive, unit: "%", accept: {{at_least: "70"}},
     decision_rule: guarded, uncertainty: {{standard: "2.2", coverage: "2", source: VR-1}},
     reference: SOP 1, severity: blocking}}
  - {{id: banded, title: CD73, test: cd73_positive, unit: "%", accept: {{at_least: "70"}},
     uncertainty: {{standard: "2.2", coverage: "2", source: VR-1}},
     reference: SOP 1, severity: blocking}}
  - {{id: gram, title: Gram, test: gram_stain, accept: {{one_of: [negative]}},
     reference: SOP 1, severity: blocking}}
"""

NUMBERS = (
    *("0", "1.4", "1.5", "1.94", "1.95", "1.96", "2", "2.04", "2.05", "2.4", "2.49", "2.5", "2.6"),
    *("49.4", "49.5", "50", "69.4", "69.49", "69.5", "70", "74.4", "74.5", "75", "99"),
)
# `<`, `<=`, `>`, `>=` and an interval, on either side of a limit and over it.
BOUNDS = (
    *("<2", "<=2", ">2", ">=2", "<2.4", "<2.5", ">1.9", "<70", "<=70", ">70", ">=70", "<70.4"),
    *("60..80", "70..80", "1..3", "2.1..3", "<0.05"),
)


def interval(text: str) -> tuple[Decimal, bool, Decimal, bool]:
    low, high, closed = "-Infinity", "Infinity", "=" in text
    number = text.strip("<>=")
    if text.startswith("<"):
        high = number
    elif text.startswith(">"):
        low = number
    else:
        low, _, high = text.partition("..")
        high, closed = high or low, True
    return Decimal(low), closed, Decimal(high), closed


def exported(
    folder: Path,
    source: str,
    evidence: list[tuple[object, ...]],
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run an export as others would: in a process that cannot see this package."""
    (folder / "limits.py").write_text(source, encoding="utf-8")
    with (folder / "evidence.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *evidence])
    return subprocess.run(
        [sys.executable, "-I", "-W", "error", "limits.py", "evidence.csv"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | (environment or {}),
    )


def mine(folder: Path, rounding: str) -> Specification:
    path = folder / "mine.yaml"
    path.write_text(SPECIFICATION.format(rounding=rounding), encoding="utf-8")
    return load_specification(path, CATALOGUE, VOCABULARY)


def ours(specification: Specification, row: Observation) -> CriterionResult:
    day = dt.date(2026, 4, 1)
    results = check(specification, observations([row]), Manifest(), VOCABULARY, as_of=day)
    return next(one for one in results if one.evidence)


@pytest.mark.parametrize("rounding", ["usp", "ph_eur", "none"])
def test_the_export_and_the_program_agree_on_every_outcome(tmp_path: Path, rounding: str) -> None:
    specification = mine(tmp_path, rounding)
    evidence: list[tuple[object, ...]] = []
    expected = []
    for criterion in specification.criteria:
        (test,) = criterion.tests
        if criterion.unit is None:
            for reading in ("negative", "positive"):
                row = Observation(test=test, result=reading, source="a.csv", reading=reading)
                evidence.append((criterion.id, "", "", "", "", reading))
                expected.append(f"{criterion.id} {ours(specification, row).outcome}")
            continue
        for text in (*NUMBERS, *BOUNDS):
            low, low_closed, high, high_closed = interval(text)
            row = Observation(
                test=test,
                result=text,
                source="a.csv",
                unit="%",
                lower=low,
                upper=high,
                lower_closed=low_closed,
                upper_closed=high_closed,
            )
            evidence.append((criterion.id, low, low_closed, high, high_closed, ""))
            expected.append(f"{criterion.id} {ours(specification, row).outcome}")

    done = exported(tmp_path, python_source(specification, "1"), evidence)

    assert done.stderr == ""
    assert done.stdout.splitlines() == expected
    # Of each kind there is one: the comparison is not of one word with itself.
    assert {line.split()[1] for line in expected} == {
        *("PASS", "ALERT", "FAIL", "INVALID", "INDETERMINATE")
    }


# By hand: USP 7.20 rounds 69.5 to 70 and 69.4 to 69; below 70 is never at least 70; a bound of
# at most 80 settles nothing; a recovery of 201 % voids; growth fails.
BY_HAND = [
    (("viability", "69.5", "true", "69.5", "true", ""), "viability ALERT"),
    (("viability", "75", "true", "75", "true", ""), "viability PASS"),
    (("viability", "69.4", "true", "69.4", "true", ""), "viability FAIL"),
    (("viability", "-Infinity", "false", "70", "false", ""), "viability FAIL"),
    (("viability", "-Infinity", "false", "80", "true", ""), "viability INDETERMINATE"),
    (("viability", "Infinity", "true", "Infinity", "true", ""), "viability FAIL"),
    (("ppc", "201", "true", "201", "true", ""), "ppc INVALID"),
    (("gram", "", "", "", "", "positive"), "gram FAIL"),
    (("gram", "", "", "", "", "negative"), "gram PASS"),
]


# pandera reads these as it is imported: either would pass everything.
@pytest.mark.parametrize(
    "environment",
    [{}, {"PANDERA_VALIDATION_ENABLED": "False"}, {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"}],
)
def test_the_export_gives_the_outcomes_worked_by_hand(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    source = python_source(mine(tmp_path, "usp"), "1")

    done = exported(tmp_path, source, [row for row, _ in BY_HAND], environment)

    assert done.stdout.splitlines() == [expected for _, expected in BY_HAND]


@pytest.mark.parametrize(
    "row",
    [
        ("viability", "", "", "", "", ""),
        ("gram", "", "", "", "", ""),
        ("viability", "80", "", "80", "", ""),
        ("viability", "80", "true", "", "true", ""),
        ("viability", "NaN", "true", "NaN", "true", ""),
        ("viability", "80", "yes", "80", "yes", ""),
        ("viability", "eighty", "true", "eighty", "true", ""),
        ("viabilty", "80", "true", "80", "true", ""),
    ],
)
def test_what_is_no_evidence_stops_the_export(tmp_path: Path, row: tuple[str, ...]) -> None:
    done = exported(tmp_path, python_source(mine(tmp_path, "usp"), "1"), [row])

    assert done.returncode != 0
    assert done.stdout == ""


@pytest.mark.parametrize("name", specification_ids(CATALOGUE))
def test_the_export_of_each_specification_stands_alone(tmp_path: Path, name: str) -> None:
    specification = load_specification(specification_ids(CATALOGUE)[name], CATALOGUE, VOCABULARY)

    source = python_source(specification, "1")

    roots = {
        (node.module or "").partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    }
    assert "qcvalidate" not in roots
    assert specification.identity.sha256 in source
    done = exported(tmp_path, source, [])
    assert (done.returncode, done.stderr) == (0, "")
