"""Stacked or alone, a lot comes out the same; nothing unclear passes in a stack."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stacked_lots import (
    FACTS,
    HEADER,
    SPECIFICATION,
    TODAY,
    VOCABULARY,
    Made,
    lots_of,
    made_tables,
    passing,
    specification,
)

from qcvalidate.assessment import CriterionResult, Verdict, verdict
from qcvalidate.checking import criterion_result
from qcvalidate.countings import count_findings
from qcvalidate.recheck.likeness import SortedRows
from qcvalidate.recheck.onelot import Lot, findings, judge
from qcvalidate.recheck.plaincounts import doubtful_counts
from qcvalidate.recheck.stacking import VERDICTS, Stacked, lot_alone, stack
from qcvalidate.recheck.tablelots import Course, TableLots
from qcvalidate.settlements import Settlements
from qcvalidate.specification import Specification
from qcvalidate.standing import staged

ANY = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
REMEMBERED = Settlements()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Specification:
    return specification(tmp_path_factory.mktemp("spec"))


def by_the_judge(lot: Lot, asked: Specification) -> list[CriterionResult]:
    """Judge as `check` does, with values that pandera settled before."""
    found = [
        criterion_result(
            criterion,
            asked,
            lot.rows,
            lot.manifest,
            VOCABULARY,
            as_of=lot.as_of,
            unread=lot.unread,
            settle=REMEMBERED,
        )
        for criterion in asked.criteria
    ]
    return [replace(staged(result, asked, found), evidence=()) for result in found]


def assert_same(stacked: Stacked, lots: TableLots, asked: Specification) -> None:
    for lot in range(len(lots.names)):
        alone = lot_alone(lots, lot)
        results = by_the_judge(alone, asked)
        for ours, theirs in zip(stacked.of_lot(lot), results, strict=True):
            assert ours == theirs
        told = findings(alone, results, asked, VOCABULARY)
        assert set(stacked.findings.get(lot, ())) == set(told)
        assert VERDICTS[stacked.verdicts[lot]] is verdict(results, told)


@settings(ANY, max_examples=40)
@given(made=made_tables())
def test_a_stack_and_a_lot_alone_come_out_the_same(
    made: Made, asked: Specification, tmp_path: Path
) -> None:
    lots = lots_of(made, tmp_path)

    stacked = stack(lots, asked, VOCABULARY)

    assert_same(stacked, lots, asked)


@settings(ANY, max_examples=2)
@given(made=made_tables())
def test_the_ordinary_judge_says_the_same_itself(
    made: Made, asked: Specification, tmp_path: Path
) -> None:
    lots = lots_of(made, tmp_path)

    for lot in range(len(lots.names)):
        alone = lot_alone(lots, lot)
        results, _ = judge(alone, asked, VOCABULARY)
        assert [replace(one, evidence=()) for one in results] == by_the_judge(alone, asked)


def test_lots_that_say_the_same_are_judged_once(asked: Specification, tmp_path: Path) -> None:
    made = passing(50)
    lots = lots_of(made, tmp_path)

    stacked = stack(lots, asked, VOCABULARY)

    assert Counter(VERDICTS[one] for one in stacked.verdicts) == {Verdict.PASS: 50}
    assert len(stacked.results) < 3 * len(asked.criteria)
    assert_same(stacked, lots, asked)


# Each turns one row, or one lot's facts, into what must not pass.
UNSAFE: tuple[tuple[str, str, str], ...] = (
    ("Viability", "Result", "69.4"),
    ("Viability", "Result", "> 60"),
    ("Viability", "Result", ""),
    ("Viability", "Result", "see report"),
    ("Viability", "Unit", "mL"),
    ("Viability", "Status", "preliminary"),
    ("Viability", "Status", "cancelled"),
    ("Viability", "Status", "odd"),
    ("Viability", "Role", "negative control"),
    ("Viability", "Role", "spare"),
    ("Viability", "Test", "Viabilty"),
    ("Viability", "Test", "pH"),
    ("Viability", "Measured at", "2026-03-16 12:31"),
    ("Viability", "Measured at", "2026-03-16 09:59"),
    ("Viability", "Measured at", "2026-03-15 10:30"),
    ("Viability", "Measured at", ""),
    ("Viability", "Method", "historical"),
    ("Viability", "Sample ID", "Negative control"),
    ("Viability", "Sample ID", "FMO CD105"),
    ("Viability", "Sample ID", "MSC-2026-9999"),
    ("Viability", "State", "ambiguous"),
    ("Viability", "Remark", "contaminated"),
    ("Sterility", "Result", "growth"),
    ("Sterility", "Result", "pending"),
    ("Sterility", "Part", ""),
    ("Sterility", "Ended", "2026-03-29"),
    ("Sterility", "Ended", ""),
    ("Sterility", "Ended", "2027-03-30"),
    ("Sterility", "Started", "2026-03-15"),
    ("Sterility", "Started", "31.02.2026"),
    ("Endotoxin", "Result", "8"),
    ("Endotoxin", "Unit", ""),
    ("Mycoplasma", "Method", "culture"),
    ("Mycoplasma", "Method", "PCR, LOD 50 CFU/mL"),
    ("Mycoplasma", "Result", "detected"),
    ("Hepatitis B surface antigen", "Sampled", "2026-01-01"),
    ("Hepatitis B surface antigen", "Sampled", ""),
    ("Hepatitis B surface antigen", "Result", "reactive"),
    ("Hepatitis B surface antigen", "Method", "diagnostic test only"),
)
UNSAFE_FACTS = (
    ("donor.relation", ""),
    ("donor.relation", "alogeneic"),
    ("donor.tissue", ""),
    ("donor.recovered", "2026-01-01"),
    ("donor.recovered", "2026-03-20"),
    ("manufacture.harvested", "2026-03-19"),
    ("manufacture.thawed", ""),
    ("manufacture.expires", "2026-05-31"),
    ("dose.route", ""),
    ("dose.recipient_weight_kg", ""),
    ("dose.recipient_weight_kg", "0.5"),
    ("judged_on", "2026-03-20"),
    ("findings", "804 unsigned"),
)


@settings(ANY, max_examples=30)
@given(data=st.data())
def test_an_unsafe_change_never_passes_in_a_stack(
    data: Any, asked: Specification, tmp_path: Path
) -> None:
    made = passing(6)
    changes = {}
    for lot in range(6):
        if data.draw(st.booleans()):
            changes[lot] = data.draw(st.sampled_from([*UNSAFE, *UNSAFE_FACTS]))
    changed = made
    for lot, change in changes.items():
        changed = with_change(changed, f"MSC-2026-{lot:04d}", change)

    stacked = stack(lots_of(changed, tmp_path), asked, VOCABULARY)

    for name, verdict_ in zip(stacked.lots.names, stacked.verdicts, strict=True):
        changed_here = int(name[-4:]) in changes
        assert (VERDICTS[verdict_] is Verdict.PASS) is not changed_here, changes.get(int(name[-4:]))


def with_change(made: Made, lot: str, change: tuple[str, ...]) -> Made:
    """Change the first row of a lot's test, or one of its facts."""
    if len(change) == 2:
        at = FACTS.index(change[0])
        facts = [
            (*row[:at], change[1], *row[at + 1 :]) if row[0] == lot else row for row in made.facts
        ]
        return replace(made, facts=tuple(facts))
    test, column, value = change
    rows = list(made.rows)
    at = next(n for n, row in enumerate(rows) if row[0] == lot and row[2] == test)
    where = HEADER.index(column)
    rows[at] = (*rows[at][:where], value, *rows[at][where + 1 :])
    return replace(made, rows=tuple(rows))


@pytest.mark.parametrize("change", [*UNSAFE, *UNSAFE_FACTS])
def test_each_unsafe_change_is_noticed(
    change: tuple[str, ...], asked: Specification, tmp_path: Path
) -> None:
    made = with_change(passing(3), "MSC-2026-0001", change)

    stacked = stack(lots_of(made, tmp_path), asked, VOCABULARY)

    assert [VERDICTS[one] is Verdict.PASS for one in stacked.verdicts] == [True, False, True]


@pytest.mark.parametrize(
    ("test", "result", "unit", "slug"),
    [
        # The 1.2e6 living of them are more; or 33 %, beside a viability of 91.2.
        ("Cell concentration", "1.0e6", "cells/mL", "counts-contradict"),
        ("Cell concentration", "3.6e6", "cells/mL", "counts-contradict"),
        ("Cell concentration", "2.0e9", "cells/mL", "count-implausible"),
        # 1.2e6 x 100 mL of the lot's facts are 1.2e8.
        ("Viable dose", "1.0e7", "cells", "counts-contradict"),
        ("Volume", "40", "mL", "counts-contradict"),
    ],
)
def test_counts_that_contradict_one_another_hold(
    asked: Specification, tmp_path: Path, test: str, result: str, unit: str, slug: str
) -> None:
    made = with_row(passing(3), "MSC-2026-0001", test, result, unit)

    stacked = stack(lots_of(made, tmp_path), asked, VOCABULARY)

    assert [VERDICTS[one] for one in stacked.verdicts] == [Verdict.PASS, Verdict.HOLD, Verdict.PASS]
    assert slug in {one.slug for one in stacked.findings[1]}


def test_lots_whose_counts_agree_are_not_looked_at_alone(
    asked: Specification, tmp_path: Path
) -> None:
    made = passing(3)
    for lot in ("MSC-2026-0000", "MSC-2026-0001", "MSC-2026-0002"):
        made = with_row(made, lot, "Cell concentration", "1.32e6", "cells/mL")
        made = with_row(made, lot, "Viable dose", "1.2e8", "cells")
        made = with_row(made, lot, "Volume", "100", "mL")
    lots = lots_of(made, tmp_path)

    assert not doubtful_counts(SortedRows(lots)).any()
    assert Counter(VERDICTS[one] for one in stack(lots, asked, VOCABULARY).verdicts) == {
        Verdict.PASS: 3
    }


_AMOUNTS = st.one_of(
    st.sampled_from(["1.2e6", "1.188e6", "1.189e6", "1.26e6", "1.27e6", "1.39e6", "1.40e6"]),
    st.sampled_from(["0", "6e7", "2.4e8", "2.41e8", "6e8", "6.01e8", "1e9", "50", "49.9"]),
    st.decimals("0.001", "2e9", places=3).map(str),
)


@settings(ANY, max_examples=80)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    ("Viable cell concentration", "cells/mL"),
                    ("Cell concentration", "cells/mL"),
                    ("Cell concentration", "cells/uL"),
                    ("Viability", "%"),
                    ("Viable dose", "cells"),
                    ("Viable dose per kg", "cells/kg"),
                    ("Volume", "mL"),
                ]
            ),
            _AMOUNTS,
        ),
        max_size=5,
    )
)
def test_what_countings_finds_was_doubted(
    rows: list[tuple[tuple[str, str], str]], tmp_path: Path
) -> None:
    made = passing(1)
    for (test, unit), result in rows:
        made = with_row(made, "MSC-2026-0000", test, result, unit)
    lots = lots_of(made, tmp_path)
    alone = lot_alone(lots, 0)

    if any(count_findings(alone.rows, alone.manifest)):
        assert doubtful_counts(SortedRows(lots)).tolist() == [True]


def test_counts_that_do_not_say_whether_red_cells_are_in_them_are_told(tmp_path: Path) -> None:
    asked = specification(
        tmp_path,
        SPECIFICATION.replace(
            "criteria:\n",
            """criteria:
  - {id: tnc, title: TNC, test: total_nucleated_cells, unit: cells, accept: {at_least: "1.0e7"},
     evidence: {includes_nrbc: "false"}, reference: SOP 1, severity: blocking}
""",
        ),
    )
    made = passing(2)
    made = with_row(made, "MSC-2026-0000", "Total nucleated cells", "2.0e8", "cells", "excl. nRBC")
    made = with_row(made, "MSC-2026-0001", "Total nucleated cells", "2.0e8", "cells")
    lots = lots_of(made, tmp_path)

    stacked = stack(lots, asked, VOCABULARY)

    assert_same(stacked, lots, asked)
    assert [one.slug for one in stacked.findings[1]] == ["red-cells-unstated"]
    assert 0 not in stacked.findings


def with_row(made: Made, lot: str, test: str, result: str, unit: str, method: str = "") -> Made:
    """Give a lot one more result."""
    row = dict.fromkeys(HEADER, "") | {
        "Lot": lot,
        "Test": test,
        "Method": method,
        "Result": result,
        "Unit": unit,
        "Status": "final",
    }
    return replace(made, rows=(*made.rows, tuple(row.values())))


def test_what_a_row_says_twice_holds(asked: Specification, tmp_path: Path) -> None:
    made = passing(2)
    made = replace(made, rows=(*made.rows, made.rows[0]))

    stacked = stack(lots_of(made, tmp_path), asked, VOCABULARY)

    assert VERDICTS[stacked.verdicts[0]] is Verdict.HOLD
    assert stacked.findings[0][0].slug == "row-repeated"
    assert VERDICTS[stacked.verdicts[1]] is Verdict.PASS


def test_a_lot_that_stands_in_two_files_is_held(asked: Specification, tmp_path: Path) -> None:
    course = Course(TODAY, split=frozenset(["MSC-2026-0000"]))

    stacked = stack(lots_of(passing(2), tmp_path, course), asked, VOCABULARY)

    assert [VERDICTS[one] for one in stacked.verdicts] == [Verdict.HOLD, Verdict.PASS]


def test_lots_that_look_alike_hold_one_another(asked: Specification, tmp_path: Path) -> None:
    made = passing(3)
    rows = [(row[0].replace("0000", "OO01"), *row[1:]) for row in made.rows]

    stacked = stack(lots_of(replace(made, rows=tuple(rows)), tmp_path), asked, VOCABULARY)

    held = dict(zip(stacked.lots.names, stacked.verdicts, strict=True))
    assert VERDICTS[held["MSC-2026-0001"]] is Verdict.HOLD
    assert VERDICTS[held["MSC-2026-OO01"]] is Verdict.HOLD
    assert VERDICTS[held["MSC-2026-0002"]] is Verdict.PASS


@pytest.mark.parametrize("copies", [0, 2])
def test_a_lot_without_one_row_of_facts_is_held(
    copies: int, asked: Specification, tmp_path: Path
) -> None:
    made = passing(2)
    made = replace(made, facts=(*[made.facts[0]] * copies, made.facts[1]))

    stacked = stack(lots_of(made, tmp_path), asked, VOCABULARY)

    assert [VERDICTS[one] for one in stacked.verdicts] == [Verdict.HOLD, Verdict.PASS]
    assert stacked.findings[0][0].slug == "lot-facts-unclear"
