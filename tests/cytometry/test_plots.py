"""Plots of gates: every event drawn once, every outline inside the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import boolean, dimension, gating_ml, polygon, rectangle, transformation

from qcvalidate.cytometry import gate, plots, read_fcs, read_strategy
from qcvalidate.cytometry.outlines import _cut
from qcvalidate.record import GatePlot

NAMES = ("FSC-A", "SSC-A", "FL1-A")
TABLE = np.random.default_rng(7).normal(500, 100, (2000, 3))


QUADRANTS = f"""
<gating:QuadrantGate gating:id="Q">
  <gating:divider gating:id="x" gating:compensation-ref="uncompensated">
    <data-type:fcs-dimension data-type:name="FSC-A" /><gating:value>5</gating:value>
  </gating:divider>
  <gating:divider gating:id="y" gating:compensation-ref="uncompensated">
    <data-type:fcs-dimension data-type:name="SSC-A" /><gating:value>5</gating:value>
  </gating:divider>
  {
    "".join(
        f'''<gating:Quadrant gating:id="{name}">
        <gating:position gating:divider_ref="x" gating:location="{x}" />
        <gating:position gating:divider_ref="y" gating:location="{y}" /></gating:Quadrant>'''
        for name, x, y in (("LL", 0, 0), ("LR", 9, 0), ("UL", 0, 9), ("UR", 9, 9))
    )
}
</gating:QuadrantGate>
"""


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


def test_a_picture_of_many_events_is_drawn_from_some_and_a_rare_gate_from_all() -> None:
    many = np.random.default_rng(3).normal(500, 100, (300_000, 3))

    cells, rare = draw(
        rectangle("Cells", dimension("FSC-A", high=500), dimension("SSC-A", high=500)),
        rectangle("Rare", dimension("FSC-A", low=900), dimension("SSC-A", low=100)),
        table=many,
    )

    inside = (many[:, 0] < 500) & (many[:, 1] < 500)
    assert (cells.count, cells.parent_count) == (np.count_nonzero(inside), 300_000)
    assert cells.shown == cells.counts.sum() == 131_072
    # The events come from all over the file: their share is that of all.
    left = cells.counts[:, : round(256 * _share_of(cells, 500.0))].sum() / cells.shown
    assert left == pytest.approx(0.5, abs=0.02)
    assert rare.shown is None
    assert rare.counts.sum() == 300_000


def _share_of(plot: GatePlot, value: float) -> float:
    """Find where a value lies on the x axis, between its labelled ticks."""
    named = [(float(text), at) for at, text in plot.x_ticks if text]
    (low, first), (high, last) = named[0], named[-1]
    return first + (value - low) * (last - first) / (high - low)


def test_a_boolean_gate_is_told_in_words() -> None:
    drawn = draw(rectangle("R", dimension("FSC-A", low=500)), boolean("Not", "not", "R"))

    assert [plot.population for plot in drawn] == ["R", "Not"]
    assert drawn[1].definition == "not R"
    assert drawn[1].count == 2000 - drawn[0].count
    assert drawn[1].counts.size == 0


def test_a_share_brings_its_interval() -> None:
    (plot,) = draw(
        rectangle("R", dimension("FSC-A", low=5)),
        table=np.array([[9.0] * 3] * 95 + [[1.0] * 3] * 5),
    )

    # The exact interval of 95 of 100 (Clopper and Pearson).
    assert plot.interval == pytest.approx((88.7165, 98.3568), abs=1e-4)
    assert plot.definition == "FSC-A from 5"


def test_each_quadrant_is_counted() -> None:
    table = np.array([[0.0, 0, 0], [0, 9, 0], [9, 0, 0], [9, 9, 0], [9, 9, 0]])
    (plot,) = draw(
        QUADRANTS,
        table=table,
    )

    assert {one.name: one.count for one in plot.shares} == {"LL": 1, "LR": 1, "UL": 1, "UR": 2}
    assert len(plot.outlines) == 4
    assert plot.count == 5


def test_without_scatter_a_range_is_a_histogram() -> None:
    (tube,) = read_fcs(fcs_bytes(TABLE[:, 1:], ("FL1-A", "FL2-A")), "flow/tube.fcs")
    (plot,) = plots(tube, read_strategy(gating_ml(rectangle("R", dimension("FL1-A", low=500)))))

    assert plot.counts.shape == (1, 256)
    assert plot.counts.sum() == 2000
    assert plot.y_label == "events"
    # A band from 500 on, as high as the picture.
    assert {y for _, y in plot.outlines[0]} == {0.0, 1.0}


def test_a_gate_that_reaches_far_does_not_shrink_the_events() -> None:
    (plot,) = draw(
        polygon(
            "P", dimension("FSC-A"), dimension("SSC-A"), [(-1e9, 0.0), (1e9, 0.0), (500.0, 1e9)]
        )
    )

    occupied = np.flatnonzero(plot.counts.sum(axis=0))
    assert occupied.max() - occupied.min() > 50
    # Cut along its own edges at the window, and not bent towards it.
    assert all(0 <= value <= 1 for point in plot.outlines[0] for value in point)


def test_a_corner_that_is_near_is_shown_though_another_is_far() -> None:
    # Events lie from 0 to 100; the corner at 300 is in the picture, that at 10,000 is not.
    table = np.random.default_rng(2).uniform(0, 100, (500, 3))
    corners = [(50.0, 0.0), (10_000.0, 0.0), (10_000.0, 50.0), (300.0, 50.0), (300.0, 90.0)]
    (plot,) = draw(polygon("P", dimension("FSC-A"), dimension("SSC-A"), corners), table=table)

    places = {label: at for at, label in plot.x_ticks}
    assert places["300"] > 0.9
    assert len(plot.outlines[0]) > 4


def test_a_gate_beside_all_events_is_in_the_picture() -> None:
    (plot,) = draw(
        polygon("P", dimension("FSC-A"), dimension("SSC-A"), [(1e6, 1e3), (2e6, 1e3), (1.5e6, 2e3)])
    )

    assert plot.count == 0
    assert plot.outlines[0]


def test_a_cut_gate_keeps_its_slope() -> None:
    # From (0, 0) to (2, 4): at the upper end of the window, y = 1, x is a half.
    assert _cut([(0.0, 0.0), (2.0, 4.0), (0.0, 4.0)]) == ((0.0, 1.0), (0.0, 0.0), (0.5, 1.0))


def test_ticks_of_a_logicle_axis_are_decades() -> None:
    (plot,) = draw(
        transformation("L", "logicle", T=262144, W=0.5, M=4.5, A=0),
        rectangle("R", dimension("FL1-A", low=0.2, transformation="L")),
    )

    assert plot.x_label == "FL1-A (logicle)"
    labels = [label for _, label in plot.x_ticks if label]
    assert len(labels) < len(plot.x_ticks)  # with minor ticks between
    assert {"0", "10³", "10⁴", "10⁵"} <= set(labels)
    places = [place for place, _ in plot.x_ticks]
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)


def test_a_decimal_logarithm_has_its_decades() -> None:
    table = 10.0 ** np.random.default_rng(1).uniform(1.2, 4.8, (500, 3))
    (plot,) = draw(
        transformation("D", "flog", T=10, M=1),
        rectangle("R", dimension("FL1-A", low=2, high=4, transformation="D")),
        table=table,
    )

    assert [label for _, label in plot.x_ticks if label] == ["10²", "10³", "10⁴"]
    found = {label: at for at, label in plot.x_ticks if label}
    # Equal ratios are equal distances.
    assert found["10³"] - found["10²"] == pytest.approx(found["10⁴"] - found["10³"])


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


def test_values_at_the_end_of_all_numbers_are_drawn() -> None:
    (plot,) = draw(
        rectangle("R", dimension("FSC-A", low=-1)),
        table=np.array([[1.7e308] * 3, [-1.7e308] * 3]),
        datatype="D",
        bits=64,
    )

    assert plot.counts.sum() == 2


@pytest.mark.corpus
def test_every_gate_of_the_reference_set_is_drawn(cytometry: Path) -> None:
    folder = cytometry / "whitews+FlowKit/data/gate_ref"
    (tube,) = read_fcs(folder / "data1.fcs")
    strategy = read_strategy(folder / "gml/gml_all_gates.xml")

    drawn = plots(tube, strategy)

    counts = gate(tube, strategy).set_index("id")["count"]
    # 49 gates, 9 of them boolean, and two quadrant gates with 4 and 5 quadrants.
    assert len(drawn) == 49 - 9 + 2
    assert sum(not plot.counts.size for plot in drawn) == 9
    for plot in drawn:
        name = plot.population.rpartition("/")[2]
        assert name in ("Quadrant1", "Quadrant2") or plot.count == counts[name]
        assert plot.definition
        if not plot.counts.size:
            continue
        assert plot.x_ticks
        assert plot.y_ticks
        ends = np.array([point for outline in plot.outlines for point in outline])
        assert ((ends >= 0) & (ends <= 1)).all()
