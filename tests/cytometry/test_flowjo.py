"""FlowJo workspaces: made ones with counts by hand, real ones with FlowJo's own counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from workspaces import (
    BIEX,
    boolean,
    ellipse,
    polygon,
    population,
    rectangle,
    sample,
    spillover,
    workspace,
)

from qcvalidate.cytometry import gate, membership, read_fcs
from qcvalidate.cytometry.importing import Import, import_strategy
from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.gating import strategy_findings

NAMES = ("FSC-A", "SSC-A", "FL1-A", "FL2-A")
SQUARE = [(100, 100), (300, 100), (300, 300), (100, 300)]


def taken(*populations: str, **about: object) -> Import:
    return import_strategy(workspace(sample(*populations, **about)), "Panel.wsp")  # type: ignore[arg-type]


def inside(one: Import, events: object, **changes: object) -> dict[str, list[bool]]:
    (tube,) = read_fcs(fcs_bytes(events, NAMES, **changes), "tube.fcs")  # type: ignore[arg-type]
    return {name: mask.tolist() for name, mask in membership(tube, one.strategy).items()}


def why(*populations: str, **about: object) -> str:
    """Give the reason why the population X is refused, beside one that is not."""
    beside = population("Beside", rectangle(SSC_A=(0, 1)))
    return taken(*populations, beside, **about).strategy.refused["X"]


# --- real workspaces --------------------------------------------------------------------------


REAL = [
    ("SofieVG+FlowSOM/inst/extdata", "gating.wsp", "68983.fcs", 15),
    (
        "whitews+FlowKit/data/simple_diamond_example",
        "simple_diamond_example_quad_gate.wsp",
        "test_data_diamond_01.fcs",
        4,
    ),
    (
        "whitews+FlowKit/data/simple_diamond_example",
        "test_data_diamond_biex_rect.wsp",
        "test_data_diamond_01.fcs",
        1,
    ),
    (
        "whitews+FlowKit/data/simple_line_example",
        "single_ellipse_51_events.wsp",
        "data_set_simple_line_100.fcs",
        1,
    ),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("folder", "wsp", "fcs", "counted"), REAL, ids=[row[1] for row in REAL])
def test_real_populations_agree_with_flowjo(
    cytometry: Path, folder: str, wsp: str, fcs: str, counted: int
) -> None:
    one = import_strategy((cytometry / folder / wsp).read_bytes(), wsp)
    (tube,) = read_fcs(cytometry / folder / fcs)

    counts = gate(tube, one.strategy).set_index("id")["count"]

    assert not one.strategy.refused
    assert len(one.counts) == counted
    off = {name: abs(counts[name] - own) / own for name, own in one.counts.items()}
    assert {name: share for name, share in off.items() if share > 0.005} == {}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("wsp", "expected"),
    [
        (
            "simple_diamond_example_quad_gate.wsp",
            {
                "Q1: channel_A- , channel_B+": 49671,
                "Q2: channel_A+ , channel_B+": 50596,
                "Q3: channel_A+ , channel_B-": 50330,
                "Q4: channel_A- , channel_B-": 49403,
            },
        ),
        ("test_data_diamond_biex_rect.wsp", {"upper_right": 50605}),
    ],
)
def test_real_rectangles_agree_with_flowjo_exactly(
    cytometry: Path, wsp: str, expected: dict[str, int]
) -> None:
    folder = cytometry / "whitews+FlowKit/data/simple_diamond_example"
    one = import_strategy((folder / wsp).read_bytes(), wsp)
    (tube,) = read_fcs(folder / "test_data_diamond_01.fcs")

    table = gate(tube, one.strategy)

    assert dict(zip(table["id"], table["count"], strict=True)) == expected


@pytest.mark.corpus
def test_a_real_workspace_of_three_samples_wants_one_named(cytometry: Path) -> None:
    path = cytometry / "whitews+FlowKit/data/8_color_data_set/8_color_ICS_simple.wsp"

    with pytest.raises(UsageError, match=r"3 samples.*--sample: 101_DEN084Y5_15_E03_009_clean"):
        import_strategy(path.read_bytes(), path.name)
    one = import_strategy(path.read_bytes(), path.name, "101_DEN084Y5_15_E05_010_clean.fcs")

    # Its gate on the time stands in seconds, in a file of floats and a step of 0.01 s.
    assert list(one.strategy.gates) == ["Time", "Singlets", "aAmine-", "CD3+"]
    time = one.strategy.gates["Time"].ranges[0]  # type: ignore[union-attr]
    assert (time.minimum, time.maximum) == pytest.approx((127.99999714, 18047.99957275))
    assert one.strategy.refused == {}


# --- shapes -----------------------------------------------------------------------------------


def test_a_rectangle_holds_its_lower_ends_alone() -> None:
    one = taken(population("R", rectangle(FSC_A=(10, 20), SSC_A=(None, 5))))

    found = inside(one, [[10, 4, 0, 0], [20, 4, 0, 0], [19, 5, 0, 0], [19, -9, 0, 0]])

    assert found == {"R": [True, False, False, True]}


def test_a_polygon_on_straight_scales_keeps_its_corners() -> None:
    one = taken(population("P", polygon("FSC-A", "SSC-A", SQUARE)))

    assert one.strategy.gates["P"].vertices == tuple(SQUARE)  # type: ignore[union-attr]
    assert inside(one, [[200, 200, 0, 0], [301, 200, 0, 0]]) == {"P": [True, False]}


def test_the_edges_of_a_polygon_are_straight_on_the_drawn_scale() -> None:
    # The long edge runs where both are equal, and 1 to 1000 are three of four decades.
    log = 'log transforms:offset="1" transforms:decades="4"'
    corners = [(1, 1), (1000, 1), (1000, 1000)]
    one = taken(
        population("P", polygon("FL1-A", "FL2-A", corners)), scales={"FL1-A": log, "FL2-A": log}
    )

    found = inside(one, [[0, 0, 30, 29], [0, 0, 30, 31], [0, 0, 30, -5]])

    # What has no logarithm lies on the end of FlowJo's axis, where this polygon has its edge.
    assert found == {"P": [True, False, True]}


def test_an_ellipse_is_round_on_the_drawn_scale() -> None:
    # On 0 to 1000 over 256 bins: centre 500, 500; half axes 64 and 32 bins, or 250 and 125.
    c = (64**2 - 32**2) ** 0.5
    one = taken(
        population(
            "E",
            ellipse(
                "FSC-A",
                "SSC-A",
                [(128 - c, 128), (128 + c, 128)],
                [(64, 128), (192, 128), (128, 96), (128, 160)],
            ),
        )
    )

    events = [[745, 500, 0, 0], [755, 500, 0, 0], [500, 620, 0, 0], [500, 630, 0, 0]]
    assert inside(one, events) == {"E": [True, False, True, False]}


def test_a_circle_is_an_ellipse() -> None:
    middle = (128, 128)
    one = taken(
        population(
            "E",
            ellipse(
                "FSC-A", "SSC-A", [middle, middle], [(64, 128), (192, 128), (128, 64), (128, 192)]
            ),
        )
    )

    assert inside(one, [[740, 500, 0, 0], [500, 760, 0, 0]]) == {"E": [True, False]}


def test_a_gate_on_a_biexponential_axis_is_frozen_with_it() -> None:
    corners = [(-100, -100), (1000, -100), (1000, 1000), (-100, 1000)]
    one = taken(
        population("P", polygon("FL1-A", "FL2-A", corners)), scales={"FL1-A": BIEX, "FL2-A": BIEX}
    )

    assert {axis.transformation.kind for axis in one.strategy.gates["P"].axes} == {"biex"}  # type: ignore[union-attr]
    assert inside(one, [[0, 0, 0, 999], [0, 0, 0, 1001], [0, 0, -101, 0]]) == {
        "P": [True, False, False]
    }


@pytest.mark.parametrize(
    "scale",
    [
        'logicle transforms:length="256" transforms:T="262144" transforms:A="0" '
        'transforms:W="1" transforms:M="4.418539922"',
        'fasinh transforms:length="256" transforms:maxRange="262144" transforms:T="262144" '
        'transforms:A="0.7" transforms:M="4.4" transforms:W="0"',
        'hyperlog transforms:length="256" transforms:T="262144" transforms:A="0" '
        'transforms:W="0.5" transforms:M="4.5"',
    ],
    ids=lambda scale: scale.split()[0],
)
def test_every_scale_of_flowjo_keeps_corners_where_they_were(scale: str) -> None:
    corners = [(-100, -100), (1000, -100), (1000, 1000), (-100, 1000)]
    one = taken(
        population("P", polygon("FL1-A", "FL2-A", corners)), scales={"FL1-A": scale, "FL2-A": scale}
    )

    found = inside(one, [[0, 0, 0, 999], [0, 0, 0, 1001], [0, 0, -99, 0], [0, 0, -101, 0]])

    assert found == {"P": [True, False, True, False]}


def test_what_lies_outside_of_a_gate_can_be_a_population() -> None:
    outside = rectangle(FSC_A=(10, 20)).replace('eventsInside="1"', 'eventsInside="0"')
    one = taken(population("Cells", rectangle(SSC_A=(5, None)), population("Not debris", outside)))

    found = inside(one, [[15, 9, 0, 0], [25, 9, 0, 0], [25, 0, 0, 0]])

    assert found["Not debris"] == [False, True, False]


# --- the tree ---------------------------------------------------------------------------------


def test_boolean_nodes_combine_populations_by_their_paths() -> None:
    one = taken(
        population(
            "Cells",
            rectangle(FSC_A=(10, None)),
            population("A", rectangle(FL1_A=(5, None))),
            population("B", rectangle(FL2_A=(5, None))),
            boolean("AndNode", "both", "Cells/A", "Cells/B"),
            boolean("OrNode", "either", "Cells/A", "Cells/B"),
            boolean("NotNode", "no A", "Cells/A"),
        )
    )

    found = inside(one, [[20, 0, 9, 9], [20, 0, 9, 0], [20, 0, 0, 0], [0, 0, 9, 9]])

    assert found["both"] == [True, False, False, False]
    assert found["either"] == [True, True, False, False]
    assert found["no A"] == [False, False, True, False]
    assert one.strategy.path("both") == ("Cells", "both")


def test_two_populations_of_one_name_go_by_their_paths() -> None:
    one = taken(
        population("Left", rectangle(FSC_A=(None, 5)), population("CD3+", rectangle(FL1_A=(1, 9)))),
        population(
            "Right", rectangle(FSC_A=(5, None)), population("CD3+", rectangle(FL1_A=(1, 3)))
        ),
    )

    assert list(one.strategy.gates) == ["Left", "Left/CD3+", "Right", "Right/CD3+"]
    assert one.strategy.refused == {}


def test_two_populations_of_one_path_are_refused_and_the_rest_is_not() -> None:
    one = taken(
        population("A", rectangle(FSC_A=(None, 5)), population("A1", rectangle(FL1_A=(1, 9)))),
        population("A", rectangle(FSC_A=(None, 6))),
        population("B", rectangle(FSC_A=(None, 7))),
    )

    assert list(one.strategy.gates) == ["B"]
    assert set(one.strategy.refused) == {"A", "A/A1"}


def test_names_keep_their_slashes_and_commas() -> None:
    one = taken(
        population(
            "Q1: CD3- , CD4+",
            rectangle(FSC_A=(1, None)),
            population("CD3/CD4", rectangle(FL1_A=(1, None))),
        ),
        boolean("NotNode", "rest", "Q1: CD3- , CD4+/CD3_CD4"),
    )

    assert one.strategy.path("CD3/CD4") == ("Q1: CD3- , CD4+", "CD3/CD4")
    assert one.strategy.gates["rest"].references[0].gate == "CD3/CD4"  # type: ignore[union-attr]


def test_what_flowjo_never_counted_has_no_count() -> None:
    gates = rectangle(FSC_A=(1, None))

    one = taken(population("A", gates, count=-1), population("B", gates, count=12))

    assert one.counts == {"B": 12}


# --- compensation -----------------------------------------------------------------------------

ROWS = {"FL1-A": {"FL1-A": 1.0, "FL2-A": 0.5}, "FL2-A": {"FL1-A": 0.0, "FL2-A": 1.0}}


def test_a_prefixed_parameter_is_compensated_with_the_sample_matrix() -> None:
    # Half of FL1 spills into FL2: 100 and 60 seen are 100 and 10 given.
    one = taken(
        population("bare", rectangle(FL2_A=(50, None))),
        population("compensated", rectangle(Comp_FL2_A=(50, None))),
        matrix=spillover(ROWS),
    )

    assert inside(one, [[0, 0, 100, 60]]) == {"bare": [True], "compensated": [False]}


def test_a_permuted_matrix_goes_by_its_names() -> None:
    permuted = {
        "FL2-A": {"FL2-A": 1.0, "FL1-A": 0.0},
        "FL1-A": {"FL2-A": 0.5, "FL1-A": 1.0},
    }
    one = taken(
        population("compensated", rectangle(Comp_FL2_A=(9, 11))), matrix=spillover(permuted)
    )

    assert inside(one, [[0, 0, 100, 60]]) == {"compensated": [True]}


def test_spectra_are_unmixed_by_least_squares() -> None:
    # One dye seen by three detectors as 1 : 1 : 1; its share of 30, 60, 90 is their mean, 60.
    dye = {"CD3": {"FL1-A": 1.0, "FL2-A": 1.0, "SSC-A": 1.0}}
    one = taken(
        population("CD3+", rectangle(Comp_CD3=(59, 61))),
        matrix=spillover(dye, 'spectral="1" weightOptAlgorithmType="OLS"'),
    )

    assert inside(one, [[0, 30, 60, 90], [0, 60, 60, 90]]) == {"CD3+": [True, False]}


def test_a_singular_matrix_is_told_when_it_is_applied() -> None:
    rows = {"FL1-A": {"FL1-A": 1.0, "FL2-A": 1.0}, "FL2-A": {"FL1-A": 1.0, "FL2-A": 1.0}}
    one = taken(population("X", rectangle(Comp_FL1_A=(1, None))), matrix=spillover(rows))

    with pytest.raises(DocumentError, match="singular") as caught:
        inside(one, [[0, 0, 1, 1]])

    assert caught.value.slug == "compensation-unusable"


# --- what is refused --------------------------------------------------------------------------


def test_a_curly_quadrant_is_refused_by_name_with_what_stands_on_it() -> None:
    curly = "<gating:CurlyQuad/>"

    one = taken(
        population("X", curly, population("Below", rectangle(FL1_A=(1, None)))),
        population("Beside", rectangle(FSC_A=(1, None)), count=5),
    )

    assert list(one.strategy.gates) == ["Beside"]
    assert "CurlyQuad" in one.strategy.refused["X"]
    assert one.strategy.refused["Below"] == "stands on 'X', which is refused"


@pytest.mark.parametrize(
    ("one", "about", "reason"),
    [
        (rectangle(Ratio=(1, None)), {}, "'Ratio', which is neither a parameter"),
        (rectangle(Comp_FL1_A=(1, None)), {}, "'Comp-FL1-A', which is neither"),
        (
            rectangle(FSC_A=(1, None)).replace("gating:min", "gating:least"),
            {},
            "'least', which is not read",
        ),
        (rectangle(FSC_A=(9, 1)), {}, "max below its min"),
        (rectangle(FSC_A=(None, None)), {}, "no end"),
        (rectangle(FSC_A=(1, None)).replace('"1"', '"2"', 1), {}, "eventsInside='2'"),
        (rectangle(FSC_A=(1, None)) * 2, {}, "2 gates"),
        (polygon("FSC-A", "SSC-A", SQUARE[:2]), {}, "2 corners"),
        (
            polygon("FSC-A", "FL1-A", SQUARE),
            {"scales": {"FL1-A": 'miltenyi transforms:length="256"'}},
            "the scale 'miltenyi'",
        ),
        (
            polygon("FSC-A", "FL1-A", SQUARE),
            {"scales": {"FL1-A": BIEX.replace('"256"', '"512"')}},
            "another length",
        ),
        (
            polygon("FSC-A", "FL1-A", SQUARE),
            {"scales": {"FL1-A": BIEX.replace("-100", "100")}},
            "FlowJo does not allow",
        ),
        (
            rectangle(FSC_A=(1, None)),
            {"keywords": {"$DATATYPE": "I", "$P1G": "8"}},
            "a gain of 8 in the file",
        ),
        (rectangle(FSC_A=(1, None)).replace('min="1"', 'min="1e99"'), {}, "'1e99'"),
        (
            ellipse("FSC-A", "SSC-A", [(1, 1), (9, 9)], [(2, 2), (3, 3), (1, 3), (3, 1)]),
            {},
            "do not fit together",
        ),
        (
            rectangle(Comp_FL1_A=(1, None)),
            {"matrix": spillover(ROWS) * 2},
            "2 compensations",
        ),
        (
            rectangle(Comp_CD3=(1, None)),
            {
                "matrix": spillover(
                    {"CD3": {"FL1-A": 1.0}}, 'spectral="1" weightOptAlgorithmType="WLS"'
                )
            },
            "unmixed by 'WLS'",
        ),
        (
            rectangle(Comp_FL1_A=(1, None)),
            {"matrix": spillover({"FL1-A": {"FL1-A": 1.0}, "FL2-A": {"FL2-A": 1.0}})},
            "lacks rows or coefficients",
        ),
    ],
)
def test_what_is_not_known_is_refused_with_its_reason(
    one: str, about: dict[str, object], reason: str
) -> None:
    assert reason in why(population("X", one), **about)


def test_a_boolean_node_of_what_is_not_there_is_refused() -> None:
    assert why(boolean("NotNode", "X", "Gone")) == "combines 'Gone', which is not there"


def test_a_workspace_without_a_gate_that_is_known_is_refused_whole() -> None:
    with pytest.raises(DocumentError, match="CurlyQuad"):
        taken(population("X", "<gating:CurlyQuad/>"))


def test_a_sample_goes_by_its_name_and_groups_help_to_find_it() -> None:
    gates = population("A", rectangle(FSC_A=(1, None)))
    content = workspace(
        sample(gates, name="a.fcs", id="1"),
        sample(gates, name="b.fcs", id="7"),
        groups={"Release": ["7"]},
    )

    with pytest.raises(UsageError, match=r"a.fcs \(id 1; no group\); b.fcs \(id 7; Release\)"):
        import_strategy(content, "Panel.wsp")
    with pytest.raises(UsageError, match=r"not exactly one sample 'c\.fcs'"):
        import_strategy(content, "Panel.wsp", "c.fcs")
    assert import_strategy(content, "Panel.wsp", "b.fcs").strategy.card is not None


def test_a_strategy_for_other_parameters_is_named() -> None:
    one = taken(population("A", rectangle(FSC_A=(1, None))))
    (tube,) = read_fcs(fcs_bytes(np.ones((2, 1)), ("V450-A",)), "tube.fcs")

    with pytest.raises(DocumentError, match=r"gate 'A' of Panel.wsp .* 'FSC-A'.* it has V450-A"):
        gate(tube, one.strategy)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE w [<!ENTITY a "b">]><Workspace>&a;</Workspace>',
        b'<!DOCTYPE w SYSTEM "file:///etc/passwd"><Workspace/>',
        b"<Workspace>",
        b"<Workspace/>",
        b"<Workspace><SampleList><Sample/></SampleList></Workspace>",
        b"<" + b"Workspace><" * 300 + b"Workspace/>" + b"</Workspace>" * 300,
        b"<other/>",
    ],
)
def test_hostile_and_empty_workspaces_are_refused(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^Panel\.wsp: "):
        import_strategy(content, "Panel.wsp")


def test_a_gate_at_the_end_of_an_axis_is_noted() -> None:
    corners = [(100, 100), (1000, 100), (1000, 300)]

    one = taken(
        population("Edge", polygon("FSC-A", "SSC-A", corners)),
        population("Bottom", rectangle(FL1_A=(0, 50), FL2_A=(20, 50))),
        population("Middle", rectangle(FL1_A=(20, 50))),
    )

    assert [note.partition(", where")[0] for note in one.strategy.notes] == [
        "gate 'Edge' reaches the end of the axis of FSC-A",
        "gate 'Bottom' reaches the end of the axis of FL1-A",
    ]
    told = [finding.slug for finding in strategy_findings(one.strategy)]
    assert told.count("strategy-note") == 2
