"""Plots of gates: every event drawn once, every outline inside the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import boolean, dimension, gating_ml, polygon, rectangle, transformation

from qcvalidate.cytometry import gate, plots, read_fcs, read_strategy
from qcvalidate.record import GatePlot

NAMES = ("FSC-A", "SSC-A", "FL1-A")
TABLE = np.random.default_rng(7).normal(500, 100, (2000, 3))


def draw(*parts: str, table: np.ndarray = TABLE, **changes: object) -> tuple[GatePlot, ...]:
    (tube,) = read_fcs(fcs_bytes(table, NAMES, **changes), "flow/tube.fcs")  # type: ignore[arg-type]
    return plots(tube, read_strategy(gating_ml(*parts)))


def test_a_rectangle_is_drawn_on_its_own_axes() -> None:
    (plot,) = draw(
        rectangle("Cells", dimension("FSC-A", low=400, high=600), dimension("SSC-A", low=300)),
        keywords={"$P2S": "Granularity"},
    )

    assert (plot.path, plot.population, plot.parent) == ("flow/tube.fcs", "Cells", "")
    assert (plot.x_label, plot.y_label) == ("FSC-A", "SSC-A Granularity")
    assert plot.parent_count == 2000
    assert plot.counts.shape == (256, 256)
    assert plot.counts.dtype == np.uint32
    assert plot.counts.sum() == 2000
    assert len(plot.outlines[0]) == 4
    # Open at the top: the outline runs to the end of the picture.
    assert max(y for _, y in plot.outlines[0]) == 1.0


def test_rows_of_the_density_run_along_y() -> None:
    table = np.array([[0.0, 0.0, 0.0], [0.0, 100.0, 0.0], [0.0, 100.0, 0.0], [100.0, 0.0, 0.0]])
    (plot,) = draw(
        rectangle("R", dimension("FSC-A", low=0, high=100), dimension("SSC-A", low=0, high=100)),
        table=table,
    )

    assert plot.counts[128:, :128].sum() == 2
    assert plot.counts[:128, 128:].sum() == 1


def test_a_range_is_drawn_against_side_scatter() -> None:
    (plot,) = draw(rectangle("R", dimension("FL1-A", low=400)))

    assert (plot.x_label, plot.y_label) == ("FL1-A", "SSC-A")


def test_a_child_is_drawn_on_its_parents_events() -> None:
    square = [(400.0, 400.0), (600.0, 400.0), (600.0, 600.0)]
    cells, child = draw(
        rectangle("Cells", dimension("FSC-A", low=500)),
        polygon("Child", dimension("SSC-A"), dimension("FL1-A"), square, parent="Cells"),
    )

    assert child.population == "Cells/Child"
    assert child.parent == "Cells"
    assert child.parent_count == cells.count == child.counts.sum()
    assert len(child.outlines[0]) == 3


def test_a_boolean_gate_has_no_plot() -> None:
    drawn = draw(rectangle("R", dimension("FSC-A", low=1)), boolean("Not", "not", "R"))

    assert [plot.population for plot in drawn] == ["R"]


def test_ticks_of_a_logicle_axis_are_decades() -> None:
    (plot,) = draw(
        transformation("L", "logicle", T=262144, W=0.5, M=4.5, A=0),
        rectangle("R", dimension("FL1-A", low=0.2, transformation="L")),
    )

    assert plot.x_label == "FL1-A (logicle)"
    labels = [label for _, label in plot.x_ticks]
    assert {"0", "10³", "10⁴", "10⁵"} <= set(labels)
    places = [place for place, _ in plot.x_ticks]
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)


def test_an_empty_parent_is_drawn_empty() -> None:
    _, child = draw(
        rectangle("Cells", dimension("FSC-A", low=5000)),
        rectangle("Child", dimension("FL1-A", low=5, high=9), parent="Cells"),
    )

    assert child.parent_count == child.count == child.counts.sum() == 0


def test_values_that_are_none_are_not_drawn() -> None:
    table = TABLE.copy()
    table[:3, 0] = np.nan

    (plot,) = draw(rectangle("R", dimension("FSC-A", low=1)), table=table)

    assert plot.counts.sum() == 1997


@pytest.mark.parametrize("value", [0.0, 500.0])
def test_events_that_are_all_alike_are_drawn(value: float) -> None:
    (plot,) = draw(rectangle("R", dimension("FSC-A", low=-1)), table=np.full((10, 3), value))

    assert plot.counts.sum() == 10


@pytest.mark.corpus
def test_every_gate_of_the_reference_set_is_drawn(cytometry: Path) -> None:
    folder = cytometry / "whitews+FlowKit/data/gate_ref"
    (tube,) = read_fcs(folder / "data1.fcs")
    strategy = read_strategy(folder / "gml/gml_all_gates.xml")

    drawn = plots(tube, strategy)

    counts = gate(tube, strategy).set_index("id")["count"]
    # 49 gates: 9 boolean ones, and two quadrant gates with 4 and 5 quadrants.
    assert len(drawn) == 49 - 9 - 9 + 2
    for plot in drawn:
        name = plot.population.rpartition("/")[2]
        assert name in ("Quadrant1", "Quadrant2") or plot.count == counts[name]
        assert plot.x_ticks
        assert plot.y_ticks
        ends = np.array([point for outline in plot.outlines for point in outline])
        assert ((ends >= 0) & (ends <= 1)).all()
