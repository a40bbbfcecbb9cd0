"""FACSDiva experiments: regions in scale values and in logarithms are read, others are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from fcs_writer import fcs_bytes
from workspaces import experiment, region

from qcvalidate.cytometry import membership, read_fcs
from qcvalidate.cytometry.gates import RectangleGate
from qcvalidate.cytometry.importing import Import, import_strategy
from qcvalidate.errors import DocumentError, UsageError

NAMES = ("FSC-A", "SSC-A", "FITC-A")
SQUARE = [(10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0)]
TRIANGLE = [(10.0, 10.0), (30.0, 10.0), (30.0, 30.0)]


def taken(*gates: str) -> Import:
    return import_strategy(experiment(*gates), "E.xml")


def inside(one: Import, events: object, **changes: object) -> dict[str, list[bool]]:
    (tube,) = read_fcs(fcs_bytes(events, NAMES, **changes), "tube.fcs")  # type: ignore[arg-type]
    return {name: mask.tolist() for name, mask in membership(tube, one.strategy).items()}


def why(gate: str) -> str:
    return taken(gate, region("Beside", "POLYGON_REGION", TRIANGLE)).strategy.refused["X"]


def test_regions_in_scale_values_are_taken_as_they_stand() -> None:
    one = taken(
        region("P1", "RECTANGLE_REGION", SQUARE, events=7),
        region("P1/P2", "POLYGON_REGION", TRIANGLE),
    )

    assert inside(one, [[10, 29, 0], [30, 20, 0], [25, 12, 0]]) == {
        "P1": [True, False, True],
        "P2": [False, False, True],
    }
    assert one.strategy.path("P2") == ("P1", "P2")
    assert one.counts == {"P1": 7, "P2": 0}
    assert one.strategy.card is not None
    assert one.strategy.card.source.sample == "S/T"


def test_a_rectangle_of_logarithms_is_taken_to_scale_values() -> None:
    corners = [(1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.0, 4.0)]

    gate = taken(region("P1", "RECTANGLE_REGION", corners, log=(True, True))).strategy.gates["P1"]

    assert isinstance(gate, RectangleGate)
    assert [(one.minimum, one.maximum) for one in gate.ranges] == [(10, 1000), (100, 10000)]


def test_a_polygon_of_logarithms_has_straight_edges_there() -> None:
    corners = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0)]
    one = taken(region("P1", "POLYGON_REGION", corners, log=(True, True)))

    assert inside(one, [[100, 99, 0], [100, 101, 0], [0, 50, 0]]) == {"P1": [True, False, False]}


def test_an_interval_looks_at_one_parameter() -> None:
    one = taken(region("P1", "INTERVAL_REGION", [(10.0, 0.0), (30.0, 0.0)]))

    assert inside(one, [[10, 999, 0], [30, 0, 0]]) == {"P1": [True, False]}


def test_what_can_be_compensated_is_gated_compensated() -> None:
    one = taken(region("P1", "RECTANGLE_REGION", SQUARE, ("FITC-A", "SSC-A")))
    spillover = (("FITC-A", "FSC-A"), [[1.0, 0.0], [0.5, 1.0]])

    # Half of what FSC-A sees, 40, is taken from FITC-A.
    found = inside(one, [[40, 20, 45], [40, 20, 25]], spillover=spillover)

    assert found == {"P1": [True, False]}


BINNER = "All Events\\P1\\$7"


def quadrants(
    log: tuple[bool, bool] = (False, False),
    scaled: tuple[bool, bool] = (False, False),
    middle: tuple[tuple[float, float], ...] = ((2.0, 3.0), (2.0, 5.0), (5.0, 3.0)),
    last: float = 5.0,
) -> list[str]:
    """Draw the quadrants that meet at (2, 3), on axes that end at 0 and 5."""

    def corner(x: float, y: float) -> list[tuple[float, float]]:
        return [(2.0, 3.0), (x, 3.0), (x, y), (2.0, y)]

    ends = {"Q1": (0.0, 5.0), "Q2": (5.0, 5.0), "Q3": (0.0, 0.0), "Q4": (last, 0.0)}
    return [
        region("P1", "RECTANGLE_REGION", [(-9e5, -9e5), (9e5, 9e5)]),
        region("P1/$7", "BINNER_REGION", middle, log=log, scaled=scaled).replace(
            "Region_C", "Composite_C"
        ),
        *(
            region(
                f"P1/{name}", "POLYGON_REGION", corner(*end), log=log, scaled=scaled, input=BINNER
            )
            for name, end in ends.items()
        ),
    ]


def test_quadrants_have_no_outer_bounds() -> None:
    one = taken(*quadrants())

    # One event in each, the second and third beyond the ends of the axes; then one at the middle.
    found = inside(one, [[1, 4, 0], [9, 90, 0], [-8, -8, 0], [3, 1, 0], [2, 3, 0]])
    assert one.strategy.refused == {}
    assert found["Q1"] == [True, False, False, False, False]
    assert found["Q2"] == [False, True, False, False, True]
    assert found["Q3"] == [False, False, True, False, False]
    assert found["Q4"] == [False, False, False, True, False]
    assert one.strategy.path("Q1") == ("P1", "Q1")


def test_quadrants_of_logarithms_hold_what_has_none() -> None:
    found = inside(taken(*quadrants(log=(True, True))), [[99, 1001, 0], [101, 1e5, 0], [-5, 0, 0]])

    assert found["Q1"] == [True, False, False]
    assert found["Q2"] == [False, True, False]
    assert found["Q3"] == [False, False, True]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scaled": (True, True)}, "biexponential x axis"),
        ({"middle": ((2.0, 3.0), (2.4, 5.0), (5.0, 3.0))}, "dividers are not straight"),
        ({"middle": ((2.5, 3.0),)}, "corners do not meet its middle"),
        ({"middle": ()}, "dividers are not straight"),
    ],
)
def test_other_quadrants_are_refused_with_their_reason(
    changes: dict[str, tuple[tuple[float, float], ...]], reason: str
) -> None:
    refused = taken(*quadrants(**changes)).strategy.refused  # type: ignore[arg-type]

    assert set(refused) == {"$7", "Q1", "Q2", "Q3", "Q4"}
    assert all(reason in refused[name] for name in ("Q1", "Q2", "Q3", "Q4"))


def test_one_quadrant_that_is_refused_leaves_the_middle_named() -> None:
    refused = taken(*quadrants(last=2.0)).strategy.refused

    assert set(refused) == {"$7", "Q4"}


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (region("X", "POLYGON_REGION", TRIANGLE, scaled=(False, True)), "biexponential y axis"),
        (region("X", "BINNER_REGION", TRIANGLE), "is a BINNER_REGION of 3 points"),
        (region("X", "POLYGON_REGION", TRIANGLE, ("FSC-A", "APC-A")), "'APC-A', which the tube"),
        (region("X", "RECTANGLE_REGION", [*SQUARE, (20.0, 20.0)]), "corners are not square"),
        (
            region("X", "RECTANGLE_REGION", [(1.0, 1.0), (99.0, 9.0)], log=(True, False)),
            "10 to the 99",
        ),
        (region("X", "POLYGON_REGION", TRIANGLE, input="All Events\\$1"), "a quadrant"),
        (
            region("X", "POLYGON_REGION", TRIANGLE).replace("Region_C", "Composite_C"),
            "Composite_Classifier",
        ),
        (region("X", "POLYGON_REGION", [(1.0, float("nan"))] * 3), "'nan'"),
        (
            region("X", "POLYGON_REGION", TRIANGLE).replace(
                ">false</is_x_parameter_log", "></is_x_parameter_log"
            ),
            "whether its x axis is log",
        ),
    ],
)
def test_what_is_not_known_is_refused_with_its_reason(gate: str, reason: str) -> None:
    assert reason in why(gate)


def test_an_experiment_without_gates_is_told() -> None:
    with pytest.raises(UsageError, match="no sample with gates"):
        import_strategy(b"<bdfacs/>", "E.xml")
    with pytest.raises(DocumentError):
        import_strategy(experiment(), "E.xml")


@pytest.mark.corpus
def test_a_real_experiment_gives_what_is_straight_and_names_the_rest(cytometry: Path) -> None:
    path = (
        cytometry
        / "Benchling-Open-Source+allotropy/tests/parsers/bd_biosciences_facsdiva/testdata"
        / "facsdiva_example_1.xml"
    )

    one = import_strategy(path.read_bytes(), path.name, "Global Sheet1")

    assert list(one.strategy.gates) == ["P1", "P2"]
    assert one.counts == {"P1": 22927, "P2": 19546}
    assert {"P3", "P4", "P5", "Q1", "Q2", "Q3", "Q4"} <= set(one.strategy.refused)
    with pytest.raises(UsageError, match="4 samples"):
        import_strategy(path.read_bytes(), path.name)
