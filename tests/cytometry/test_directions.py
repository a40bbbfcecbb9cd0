"""Gates of the right name that keep the wrong cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import boolean, dimension, gating_ml, polygon, rectangle
from lots import assess, criterion, specification, write_lot

from qcvalidate.assessment import Assessment, Verdict
from qcvalidate.record import Severity

NAMES = ("FSC-A", "SSC-A", "7AAD-A", "FITC-A")
POPULATIONS = """
populations:
  viability: {of: [Cells], is: [Cells, Viable]}
  cd45_positive: {of: [Cells, Viable], is: [Cells, Viable, CD45+]}
"""
RULES = (
    specification(
        criterion("viability", "at_least: '70'", "%"),
        criterion("cd45_positive", "at_most: '90'", "%"),
    )
    + POPULATIONS
)
CELLS = rectangle("Cells", dimension("FSC-A", low=50))
VIABLE = rectangle("Viable", dimension("7AAD-A", high=100), parent="Cells")
CD45 = rectangle("CD45+", dimension("FITC-A", low=100), parent="Viable")


def events(dead: float = 0.2, total: int = 1000, positive: float = 0.3) -> np.ndarray:
    """Draw cells of which the first share is dead, and of each kind a share has CD45."""
    random = np.random.default_rng(7)
    drawn = random.normal((200, 100, 20, 20), 4, (total, 4))
    drawn[: round(dead * total), 2] += 800
    drawn[random.random(total) < positive, 3] += 500
    return drawn


def judged(
    tmp_path: Path,
    *gates: str,
    drawn: np.ndarray | None = None,
    dye: str = "7-AAD",
    marker: str = "CD45",
    rules: str = RULES,
) -> Assessment:
    keywords = {"LOT": "L-1", "$P3S": dye, "$P4S": marker}
    table = events() if drawn is None else drawn
    files: dict[str, str | bytes] = {
        "tube.fcs": fcs_bytes(table, NAMES, keywords=keywords),
        "gates.xml": gating_ml(*(gates or (CELLS, VIABLE, CD45))),
    }
    return assess(write_lot(tmp_path / "L-1", files), rules)


def held(found: Assessment) -> set[str]:
    return {one.slug for one in found.findings if one.severity is Severity.HOLD}


def test_gates_that_keep_the_right_side_pass(tmp_path: Path) -> None:
    assert judged(tmp_path).verdict is Verdict.PASS


ABOVE = "at_least: '70'"
LOW_DYE = "7AAD-A", "FSC-A", [(0, 0), (100, 0), (100, 900), (0, 900)]
HIGH_DYE = "7AAD-A", "FSC-A", [(100, 0), (2000, 0), (2000, 900), (100, 900)]


def _polygon(which: tuple[str, str, list[tuple[float, float]]]) -> str:
    x, y, corners = which
    return polygon("Viable", dimension(x), dimension(y), corners, parent="Cells")


# Of 1000 cells 800 are dead: a gate that keeps them calls the sample 80 % alive.
@pytest.mark.parametrize(
    "viable",
    [
        rectangle("Viable", dimension("7AAD-A", low=100), parent="Cells"),
        rectangle("Viable", dimension("7AAD-A", low=100, high=5000), parent="Cells"),
        _polygon(HIGH_DYE),
    ],
)
def test_dead_cells_that_are_called_viable_hold(tmp_path: Path, viable: str) -> None:
    found = judged(tmp_path, CELLS, viable, CD45, drawn=events(dead=0.8))

    assert found.verdict is Verdict.HOLD
    assert "gate-reversed" in held(found)


def test_a_complement_of_the_living_cells_holds(tmp_path: Path) -> None:
    gates = (
        CELLS,
        rectangle("Dim", dimension("7AAD-A", high=100), parent="Cells"),
        boolean("Viable", "not", "Dim", parent="Cells"),
        CD45,
    )

    found = judged(tmp_path, *gates, drawn=events(dead=0.8))

    assert "gate-reversed" in held(found)


def test_the_complement_of_the_dead_cells_passes(tmp_path: Path) -> None:
    gates = (
        CELLS,
        rectangle("Dead", dimension("7AAD-A", low=100), parent="Cells"),
        boolean("Viable", "not", "Dead", parent="Cells"),
        CD45,
    )

    assert judged(tmp_path, *gates).verdict is Verdict.PASS


def test_a_polygon_of_the_living_cells_passes(tmp_path: Path) -> None:
    assert judged(tmp_path, CELLS, _polygon(LOW_DYE), CD45).verdict is Verdict.PASS


def test_a_dye_of_living_cells_is_the_other_way_round(tmp_path: Path) -> None:
    bright = rectangle("Viable", dimension("7AAD-A", low=100), parent="Cells")

    good = judged(tmp_path / "a", CELLS, bright, CD45, drawn=events(dead=0.8), dye="Calcein AM")
    bad = judged(tmp_path / "b", dye="Calcein AM")

    assert good.verdict is Verdict.PASS
    assert "gate-reversed" in held(bad)


def test_negative_cells_that_are_called_positive_hold(tmp_path: Path) -> None:
    negative = rectangle("CD45+", dimension("FITC-A", high=100), parent="Viable")

    found = judged(tmp_path, CELLS, VIABLE, negative)

    assert "gate-reversed" in held(found)


def test_a_count_of_the_wrong_side_holds(tmp_path: Path) -> None:
    rules = specification(criterion("cd34_absolute", "at_least: '1'", "cells/uL"))
    rules += "\nabsolute_counts:\n  cd34_absolute: {method: volumetric, cells: [CD34+]}\n"
    dim = rectangle("CD34+", dimension("FITC-A", high=100))

    found = judged(tmp_path, dim, marker="CD34", rules=rules)

    assert "gate-reversed" in held(found)


def test_a_parent_that_the_dye_chose_holds(tmp_path: Path) -> None:
    living = rectangle("Cells", dimension("FSC-A", low=50), dimension("7AAD-A", high=100))

    found = judged(tmp_path, living, VIABLE, CD45)

    assert "parent-preselected" in held(found)


def test_a_parent_that_the_antigen_chose_holds(tmp_path: Path) -> None:
    stained = rectangle("Cells", dimension("FITC-A", high=100))

    found = judged(tmp_path, stained, VIABLE, CD45)

    assert "parent-preselected" in held(found)


def test_a_specification_may_say_that_a_parent_is_chosen_so(tmp_path: Path) -> None:
    stained = rectangle("Cells", dimension("FITC-A", low=0))
    rules = RULES + "gates_lie_on: {Cells: [CD45]}\n"

    found = judged(tmp_path, stained, VIABLE, CD45, rules=rules)

    assert "parent-preselected" not in held(found)


@pytest.mark.parametrize("name", ["FSC-A", "SSC-A"])
def test_scatter_does_not_tell_the_living_cells(tmp_path: Path, name: str) -> None:
    viable = rectangle("Viable", dimension(name, high=900), parent="Cells")

    found = judged(tmp_path, CELLS, viable, CD45)

    assert "marker-mismatch" in held(found)


@pytest.mark.parametrize(
    "marker",
    ["CD45 isotype", "CD45 FMO", "IgG1 (CD45)", "CD45 unstained", "no CD45", "CD45+CD31 cocktail"],
)
def test_a_marker_of_a_control_or_of_several_answers_no_test(tmp_path: Path, marker: str) -> None:
    found = judged(tmp_path, marker=marker)

    assert found.verdict is Verdict.HOLD
    assert "marker-mismatch" in held(found)


@pytest.mark.parametrize("value", [0.0, 20.0, -1000.0])
def test_a_detector_that_saw_nothing_holds(tmp_path: Path, value: float) -> None:
    drawn = events()
    drawn[:, 2] = value

    found = judged(tmp_path, drawn=drawn)

    assert found.verdict is Verdict.HOLD
    assert "detector-silent" in held(found)


@pytest.mark.parametrize(("total", "dead", "holds"), [(6000, 0, True), (6000, 3, False),
                                                      (4000, 0, False)])  # fmt: skip
def test_not_one_dead_of_thousands_holds(
    tmp_path: Path, total: int, dead: int, holds: bool
) -> None:
    found = judged(tmp_path, drawn=events(dead / total, total))

    assert ("no-dead-cells" in held(found)) is holds
    assert (found.verdict is Verdict.PASS) is not holds


def test_events_that_miss_a_value_do_not_drop_out_unseen(tmp_path: Path) -> None:
    """Dead cells without a value in FSC-A lie in no gate: what remains looks alive."""
    drawn = events(dead=0.4)
    drawn[:390, 0] = np.nan

    found = judged(tmp_path, drawn=drawn)

    assert found.verdict is Verdict.HOLD
    assert "fcs-odd" in held(found)


def test_a_file_without_events_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, drawn=np.empty((0, 4)))

    assert found.verdict is Verdict.HOLD


@pytest.mark.parametrize(("high", "holds"), [(300, True), (2000, False)])
def test_the_brightest_cells_are_positive_too(tmp_path: Path, high: float, holds: bool) -> None:
    """Of the cells with CD45 (520) none lies between 100 and 300: the gate would say 0 %."""
    narrow = rectangle("CD45+", dimension("FITC-A", low=100, high=high), parent="Viable")

    found = judged(tmp_path, CELLS, VIABLE, narrow)

    assert ("gate-reversed" in held(found)) is holds
    assert (found.verdict is Verdict.PASS) is not holds


def test_a_gate_that_ends_where_it_begins_holds(tmp_path: Path) -> None:
    empty = rectangle("CD45+", dimension("FITC-A", low=100, high=100), parent="Viable")

    found = judged(tmp_path, CELLS, VIABLE, empty)

    assert "gate-off-scale" in held(found)


@pytest.mark.parametrize(("low", "high", "holds"), [(100, None, True), (None, 100, False)])
def test_no_count_is_of_dead_cells_that_are_called_viable(
    tmp_path: Path, low: float | None, high: float | None, holds: bool
) -> None:
    rules = specification(criterion("cd34_absolute", "at_least: '1'", "cells/uL"))
    rules += "\nabsolute_counts:\n  cd34_absolute: {method: volumetric, cells: [CD34+, Viable]}\n"
    cd34 = rectangle("CD34+", dimension("FITC-A", low=100))
    viable = rectangle("Viable", dimension("7AAD-A", low=low, high=high), parent="CD34+")

    found = judged(tmp_path, cd34, viable, marker="CD34", rules=rules)

    assert ("gate-reversed" in held(found)) is holds


def test_no_marker_is_counted_among_dead_cells_that_are_called_viable(tmp_path: Path) -> None:
    """The viability itself may come from a counter."""
    rules = specification(criterion("cd45_positive", "at_most: '90'", "%"))
    rules += "\npopulations:\n  cd45_positive: {of: [Cells, Viable], is: [Cells, Viable, CD45+]}\n"
    dead = rectangle("Viable", dimension("7AAD-A", low=100), parent="Cells")

    found = judged(tmp_path, CELLS, dead, CD45, rules=rules)

    assert "gate-reversed" in held(found)


def test_a_gate_of_nucleated_cells_keeps_the_bright_ones(tmp_path: Path) -> None:
    """Fixed cells are told from debris by DAPI: there the bright side is the one to keep."""
    rules = specification(criterion("cd45_positive", "at_most: '90'", "%"))
    rules += "\npopulations:\n  cd45_positive: {of: [Nuclei], is: [Nuclei, CD45+]}\n"
    nuclei = rectangle("Nuclei", dimension("7AAD-A", low=100))
    cd45 = rectangle("CD45+", dimension("FITC-A", low=100), parent="Nuclei")

    found = judged(tmp_path, nuclei, cd45, dye="DAPI", rules=rules)

    assert found.verdict is Verdict.PASS
