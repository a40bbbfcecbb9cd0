from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
import runs

from qcvalidate.assessment import Outcome
from qcvalidate.frames import COLUMNS, Observation
from qcvalidate.record import Place, Severity, Waiver
from qcvalidate.reports import render

VIABLE = Observation(
    test="viability",
    result="64.2",
    source="counts.csv",
    lot="MSC-2026-0018",
    lower=Decimal("64.2"),
    upper=Decimal("64.2"),
    unit="%",
    measured_at=dt.datetime(2026, 4, 20, 9, 24),
    region="row 14 “Viability (%)”",
)
BELOW = replace(VIABLE, test="endotoxin", lower=Decimal("-Infinity"), lower_closed=False)
WAIVER = Waiver(
    rule="203",
    reason="a slip of the pen",
    approver="Q. Example",
    deviation="DEV-118",
    approved=runs.AS_OF,
    expires=runs.AS_OF,
    place=Place("waivers.yaml"),
)


def rows(format: str, *lots: runs.Assessment) -> list[dict[str, str]]:  # noqa: A002
    found = list(csv.DictReader(io.StringIO(render(format, runs.run(*lots)), newline="")))
    assert all(None not in row and None not in row.values() for row in found)
    return found


def test_every_lot_criterion_and_finding_has_its_row() -> None:
    found = rows("csv", runs.FAILING, runs.HOLDING)

    assert [(row["kind"], row["id"] or row["slug"], row["outcome"]) for row in found] == [
        ("lot", "", "FAIL"),
        ("criterion", "endotoxin", "PASS"),
        ("criterion", "cd105", "ALERT"),
        ("criterion", "viability", "FAIL"),
        ("criterion", "sterility", "PENDING"),
        ("criterion", "mycoplasma", "MISSING"),
        ("criterion", "cfu-f", "FAIL"),
        ("finding", "uncompensated", "INFORMATION"),
        ("finding", "lot-mismatch", "FAIL"),
        ("lot", "", "HOLD"),
        ("finding", "manifest-unusable", "HOLD"),
    ]


def test_a_criterion_s_row() -> None:
    found = {name: text for name, text in rows("csv", runs.FAILING)[3].items() if text}

    assert found == {
        "qcvalidate": "0.1.0",
        "as_of": "2026-05-20",
        "assessed_lot": "MSC-2026-0018",
        "path": "samples/MSC-2026-0018",
        "scope": "lot",
        "verdict": "FAIL",
        "specification": "msc-expanded-allogeneic-cryopreserved",
        "specification_version": "1.0.0",
        "specification_sha256": "9f1c2ab0" + "0" * 56,
        "kind": "criterion",
        "id": "viability",
        "code": "301",
        "slug": "viability-below-limit",
        "title": "Viability after thaw",
        "outcome": "FAIL",
        "importance": "blocking",
        "observed": "64.2 %",
        "limit": "at least 70 %",
        "unit": "%",
        "reason": "64.2 % rounds to 64 %, below the limit of 70 %",
        "reference": "FDA, Content and review of CMC information for somatic cell therapy INDs "
        "(2008)",
        "document": "samples/MSC-2026-0018/counts.csv",
        "region": "row 14 “Viability (%)”",
        "text": "64.2",
        "places": "1",
    }


def test_what_was_waived_says_by_what() -> None:
    waived = replace(
        runs.OTHER_LOT, severity=Severity.WAIVED, original=Severity.HOLD, waiver=WAIVER
    )
    result = replace(runs.VIABILITY, outcome=Outcome.WAIVED, original=Outcome.FAIL, waiver=WAIVER)

    found = rows("csv", replace(runs.PASSING, results=(result,), findings=(waived,)))

    assert [(row["outcome"], row["waived_from"], row["deviation"]) for row in found[1:]] == [
        ("WAIVED", "FAIL", "DEV-118"),
        ("WAIVED", "HOLD", "DEV-118"),
    ]


def test_an_observation_s_row() -> None:
    lot = replace(runs.FAILING, observations=(VIABLE, BELOW))

    first, second = rows("observations", lot)

    assert list(first)[6:] == list(COLUMNS)
    assert (first["assessed_lot"], first["test"], first["result"]) == (
        *("MSC-2026-0018", "viability", "64.2"),
    )
    assert first["source"] == "samples/MSC-2026-0018/counts.csv"
    assert (first["lower"], first["lower_closed"], first["upper"]) == ("64.2", "true", "64.2")
    assert first["measured_at"] == "2026-04-20T09:24:00"
    assert (second["lower"], second["lower_closed"]) == ("", "false")


def test_a_lot_of_which_nothing_was_read_has_a_row() -> None:
    (row,) = rows("observations", runs.HOLDING)

    assert (row["verdict"], row["test"], row["result"]) == ("HOLD", "", "")


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n@", "＝", "＋", "－", "＠"]
)
def test_no_cell_is_a_formula(sign: str) -> None:
    text = f"{sign}cmd|' /C calc'!A0; =1"
    lot = replace(runs.hostile(text), observations=(replace(VIABLE, result=text, method=text),))

    for format_ in ("csv", "observations"):
        for row in rows(format_, lot):
            for cell in row.values():
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_a_text_with_quotes_separators_and_lines_stays_one_cell() -> None:
    text = 'a "b", c; d\r\ne'

    found = rows("csv", replace(runs.FAILING, findings=(replace(runs.OTHER_LOT, message=text),)))

    assert found[-1]["reason"] == 'a "b", c; d e'


def test_a_cell_is_no_longer_than_a_spreadsheet_s() -> None:
    finding = replace(runs.OTHER_LOT, message="x" * 100_000)

    found = rows("csv", replace(runs.FAILING, findings=(finding,)))

    assert len(found[-1]["reason"]) < 32_767
    assert found[-1]["reason"].endswith("... (100000 characters)")


def test_no_formula_begins_behind_a_semicolon() -> None:
    """In many countries it parts the cells, whatever stands between quotes after a comma."""
    lot = replace(runs.PASSING, lot='L-1; =HYPERLINK("x")')

    assert "; '=HYPERLINK" in render("csv", runs.run(lot))
