"""How two strategies differ, in words."""

from __future__ import annotations

import pytest
from gating_ml import boolean, dimension, gating_ml, matrix, polygon, rectangle, transformation

from qcvalidate.cytometry import read_strategy
from qcvalidate.cytometry.comparison import differences

LOGICLE = transformation("L", "logicle", T=262144, W=0.5, M=4.5, A=0)
CELLS = rectangle("Cells", dimension("FSC-A", low=10, high=20))
A, B = dimension("A"), dimension("B")
TRIANGLE = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]


def between(old: list[str], new: list[str]) -> list[str]:
    return differences(
        read_strategy(gating_ml(*old), "a.xml"), read_strategy(gating_ml(*new), "b.xml")
    )


def test_a_strategy_does_not_differ_from_itself() -> None:
    parts = [LOGICLE, CELLS, polygon("P", dimension("FL1-A"), dimension("FL2-A"), TRIANGLE)]

    assert between(parts, parts) == []
    assert between(parts, parts[::-1]) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            [CELLS],
            [rectangle("Cells", dimension("FSC-A", low=12, high=20))],
            "Cells: FSC-A was from 10 to below 20, is from 12 to below 20",
        ),
        (
            [CELLS],
            [rectangle("Cells", dimension("FSC-A", low=10))],
            "Cells: FSC-A was from 10 to below 20, is from 10",
        ),
        (
            [CELLS],
            [rectangle("Cells", dimension("SSC-A", low=10, high=20))],
            "Cells: lay on FSC-A; lies on SSC-A",
        ),
        (
            [CELLS],
            [rectangle("Cells", dimension("FSC-A", low=10, high=20, compensation="FCS"))],
            "Cells: lay on FSC-A; lies on FSC-A (FCS)",
        ),
        (
            [LOGICLE, rectangle("R", dimension("A", low=0.5, transformation="L"))],
            [
                LOGICLE.replace('"0.5"', '"0.7"'),
                rectangle("R", dimension("A", low=0.5, transformation="L")),
            ],
            "R: lay on A on logicle(T 262144, W 0.5, M 4.5, A 0); "
            "lies on A on logicle(T 262144, W 0.7, M 4.5, A 0)",
        ),
        (
            [polygon("P", A, B, TRIANGLE)],
            [polygon("P", A, B, [(0.0, 0.0), (2.0, 0.0), (0.0, 1.0)])],
            "P: corner 2 was at (1, 0), is at (2, 0)",
        ),
        (
            [polygon("P", A, B, TRIANGLE)],
            [polygon("P", A, B, [*TRIANGLE, (5.0, 5.0)])],
            "P: had 3 corners, has 4",
        ),
        (
            [CELLS, rectangle("X", dimension("FSC-A", low=1))],
            [CELLS, rectangle("X", dimension("FSC-A", low=1), parent="Cells")],
            "X: stood on all events, stands on Cells",
        ),
        (
            [CELLS, boolean("N", "not", "Cells")],
            [CELLS, boolean("N", "or", "Cells", "!Cells")],
            "N: was not Cells; is Cells or not Cells",
        ),
        (
            [CELLS],
            [polygon("Cells", A, B, TRIANGLE)],
            "Cells: was FSC-A from 10 to below 20; is polygon of 3 corners on A, B",
        ),
    ],
)
def test_what_moved_is_told(old: list[str], new: list[str], expected: str) -> None:
    assert between(old, new) == [expected]


def test_gates_that_came_and_went_are_told() -> None:
    other = rectangle("Other", dimension("FSC-A", low=1))

    assert between([CELLS], [CELLS, other]) == ["Other: added (FSC-A from 1)"]
    assert between([CELLS, other], [CELLS]) == ["Other: taken away (FSC-A from 1)"]


def test_a_compensation_that_changed_is_told() -> None:
    gate = rectangle("R", dimension("Dye", low=1, compensation="M"))
    one = matrix("M", ["Dye", "Other"], ["A", "B"], [[1, 0.1], [0.2, 1]])
    other = matrix("M", ["Dye", "Other"], ["A", "B"], [[1, 0.1], [0.3, 1]])

    assert between([one, gate], [other, gate]) == [
        "compensation M: its detectors or coefficients changed"
    ]


def test_what_one_of_them_could_not_read_is_told() -> None:
    strange = '<gating:CurlyGate gating:id="Curly"/>'

    assert between([CELLS, strange], [CELLS]) == ["Curly: not taken in the first alone"]
