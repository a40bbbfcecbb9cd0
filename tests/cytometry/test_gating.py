"""Gating strategies on list-mode files, the reference set of the standard above all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import (
    boolean,
    dimension,
    gating_ml,
    matrix,
    polygon,
    ratio,
    rectangle,
    transformation,
)
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.cytometry import (
    Evaluation,
    data_set_for,
    gate,
    gating_findings,
    membership,
    read_fcs,
    read_strategy,
)
from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.thresholds import threshold
from qcvalidate.cytometry.transforms import Transformation
from qcvalidate.errors import DocumentError

NAMES = ("FSC-A", "FL1-A", "FL2-A")


def tube(events: object, names: tuple[str, ...] = NAMES, **changes: object) -> ListModeFile:
    return read_fcs(fcs_bytes(events, names, **changes), "tube.fcs")[0]  # type: ignore[arg-type]


def inside(listmode: ListModeFile, *parts: str) -> dict[str, list[bool]]:
    strategy = read_strategy(gating_ml(*parts), "gates.xml")
    return {name: mask.tolist() for name, mask in membership(listmode, strategy).items()}


@pytest.mark.corpus
@pytest.mark.parametrize("quick", [True, False])
def test_the_reference_set_matches_event_by_event(cytometry: Path, quick: bool) -> None:
    folder = cytometry / "whitews+FlowKit/data/gate_ref"
    (data,) = read_fcs(folder / "data1.fcs")
    strategy = read_strategy(folder / "gml/gml_all_gates.xml")
    truths = sorted((folder / "truth").glob("Results_*.txt"))

    evaluation = Evaluation(data, strategy, quick=quick)

    wrong = {}
    for truth in truths:
        expected = np.loadtxt(truth, dtype=int).astype(bool)
        found = evaluation.inside(truth.stem.removeprefix("Results_"))
        wrong[truth.name] = int((expected != found).sum())
    assert len(wrong) == 35
    assert {name: count for name, count in wrong.items() if count} == {}


@pytest.mark.corpus
def test_every_strategy_of_the_reference_set_is_read_or_refused(cytometry: Path) -> None:
    folder = cytometry / "whitews+FlowKit/data/gate_ref"
    (data,) = read_fcs(folder / "data1.fcs")
    refused = {}
    for path in sorted((folder / "gml").glob("*.xml")):
        try:
            gate(data, read_strategy(path))
        except DocumentError as error:
            refused[path.name] = error.slug

    assert refused == {
        # Its covariance is neither symmetric nor positive definite.
        "gml_ellipsoid3d_gate.xml": "strategy-unreadable",
        # Hides its gate inside an element that the standard does not know.
        "gml_range_gate_attr_testing.xml": "gate-unsupported",
    }


def test_a_gate_holds_only_what_its_parent_holds() -> None:
    data = tube([[1, 5, 0], [9, 5, 0], [9, 1, 0]])

    found = inside(
        data,
        rectangle("Child", dimension("FL1-A", low=3), parent="Cells"),
        rectangle("Cells", dimension("FSC-A", low=5)),
    )

    assert found == {"Cells": [False, True, True], "Child": [False, True, False]}


def test_a_boolean_gate_takes_gates_with_their_parents() -> None:
    data = tube([[1, 5, 0], [9, 5, 0], [9, 1, 0]])

    found = inside(
        data,
        rectangle("Cells", dimension("FSC-A", low=5)),
        rectangle("Child", dimension("FL1-A", low=3), parent="Cells"),
        boolean("Not", "not", "Child"),
        boolean("Or", "or", "Child", "!Cells"),
        boolean("And", "and", "Cells", "!Child"),
    )

    assert found["Not"] == [True, False, True]
    assert found["Or"] == [True, True, False]
    assert found["And"] == [False, False, True]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_an_event_without_a_value_is_in_no_gate_and_no_complement(value: float) -> None:
    data = tube([[value, 5, 0], [5, 5, 0]])
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]

    found = inside(
        data,
        transformation("L", "logicle", T=1000, W=0.5, M=4.5, A=0),
        rectangle("Low", dimension("FSC-A", high=10)),
        rectangle("High", dimension("FSC-A", low=-10)),
        rectangle("Negative", dimension("FSC-A", high=2, transformation="L")),
        polygon("Square", dimension("FSC-A"), dimension("FL1-A"), square),
        boolean("Not", "not", "Square"),
        boolean("Or", "or", "!Low", "!High"),
    )

    assert {name: mask[0] for name, mask in found.items()} == dict.fromkeys(found, False)
    assert found["Square"][1]
    assert found["Negative"][1]


def test_what_a_logarithm_does_not_reach_is_in_no_gate() -> None:
    data = tube([[0, 0, 0], [-5, 0, 0], [10, 0, 0]])
    log = transformation("Log", "flog", T=1000, M=3)

    found = inside(
        data,
        log,
        rectangle("Dim", dimension("FSC-A", high=0.5, transformation="Log")),
        boolean("Not", "not", "Dim"),
    )

    assert found["Dim"] == [False, False, True]
    assert found["Not"] == [False, False, False]


def test_compensation_goes_by_name() -> None:
    # True signals (100, 50) with 20 % of FL1 in FL2 and 10 % of FL2 in FL1.
    observed = [[0, 100 + 0.1 * 50, 50 + 0.2 * 100]]
    straight = (["FL1-A", "FL2-A"], [[1, 0.2], [0.1, 1]])
    permuted = (["FL2-A", "FL1-A"], [[1, 0.1], [0.2, 1]])
    gates = [
        rectangle(name, dimension(name, low=value - 0.01, high=value + 0.01, compensation="FCS"))
        for name, value in (("FL1-A", 100), ("FL2-A", 50))
    ]

    for spillover in (straight, permuted):
        found = inside(tube(observed, spillover=spillover), *gates)

        assert found == {"FL1-A": [True], "FL2-A": [True]}


def test_a_spectrum_matrix_names_fluorochromes() -> None:
    observed = [[0, 100 + 0.1 * 50, 50 + 0.2 * 100]]
    spectra = matrix("M", ["FITC", "PE"], ["FL1-A", "FL2-A"], [[1, 0.2], [0.1, 1]])

    found = inside(
        tube(observed),
        rectangle("PE", dimension("PE", low=49.99, high=50.01, compensation="M")),
        spectra,
    )

    assert found == {"PE": [True]}


def test_a_scatter_parameter_is_untouched_by_the_files_matrix() -> None:
    data = tube([[7, 1, 1]], spillover=(["FL1-A", "FL2-A"], [[1, 0.2], [0.1, 1]]))

    found = inside(data, rectangle("R", dimension("FSC-A", low=7, high=7.1, compensation="FCS")))

    assert found == {"R": [True]}


def test_a_ratio_by_zero_is_in_no_gate() -> None:
    data = tube([[8, 4, 0], [8, 0, 0]])

    found = inside(
        data,
        ratio("R", "FSC-A", "FL1-A"),
        rectangle("Two", dimension("R", low=2, high=2.1, new=True)),
        rectangle("Any", dimension("R", low=-1e30, new=True)),
    )

    assert found == {"Two": [True, False], "Any": [True, False]}


def refusal(listmode: ListModeFile, *parts: str) -> DocumentError:
    strategy = read_strategy(gating_ml(*parts), "gates.xml")
    with pytest.raises(DocumentError) as caught:
        gate(listmode, strategy)
    return caught.value


def test_a_parameter_that_the_file_lacks_is_named_with_those_it_has() -> None:
    error = refusal(tube([[1, 2, 3]]), rectangle("R", dimension("PE-A", low=1)))

    assert error.slug == "strategy-parameter-missing"
    assert all(word in str(error) for word in ("tube.fcs", "gates.xml", "'PE-A'", "FL1-A, FL2-A"))


def test_names_are_not_folded() -> None:
    error = refusal(tube([[1, 2, 3]]), rectangle("R", dimension("fsc-a", low=1)))

    assert error.slug == "strategy-parameter-missing"


def test_a_detector_that_the_file_lacks_makes_the_matrix_unusable() -> None:
    spectra = matrix("M", ["FITC", "PE"], ["FL1-A", "FL9-A"], [[1, 0.2], [0.1, 1]])

    error = refusal(
        tube([[1, 2, 3]]), spectra, rectangle("R", dimension("PE", low=0, compensation="M"))
    )

    assert error.slug == "compensation-unusable"
    assert "FL9-A" in str(error)


def test_a_detector_in_place_of_a_fluorochrome_is_refused() -> None:
    spectra = matrix("M", ["FITC", "PE"], ["FL1-A", "FL2-A"], [[1, 0.2], [0.1, 1]])

    error = refusal(
        tube([[1, 2, 3]]), spectra, rectangle("R", dimension("FL1-A", low=0, compensation="M"))
    )

    assert error.slug == "compensation-unusable"


@pytest.mark.parametrize("rows", [[[1, 1], [1, 1]], [[0, 0], [0, 0]], [[1, 0.5], [2, 1.0000001]]])
def test_a_singular_matrix_is_refused(rows: list[list[float]]) -> None:
    data = tube([[1, 2, 3]], spillover=(["FL1-A", "FL2-A"], rows))

    error = refusal(data, rectangle("R", dimension("FL1-A", low=0, compensation="FCS")))

    assert error.slug == "compensation-unusable"


def test_a_damaged_matrix_is_refused_only_when_asked_for() -> None:
    data = tube([[1, 2, 3]], keywords={"$SPILLOVER": "2,FL1-A,FL2-A,1,0"})

    assert (
        gate(data, read_strategy(gating_ml(rectangle("R", dimension("FL1-A", low=0))))) is not None
    )
    error = refusal(data, rectangle("R", dimension("FL1-A", low=0, compensation="FCS")))
    assert error.slug == "compensation-unusable"


@pytest.mark.parametrize(
    ("spillover", "compensation", "words"),
    [
        (None, "FCS", ["the file has none"]),
        ([[1, 0], [0, 1]], "FCS", ["identity"]),
        ([[1, 0.1], [0, 1]], "uncompensated", ["FL1-A without compensation"]),
        ([[1, 0.1], [0, 1]], "FCS", []),
        (None, "uncompensated", []),
    ],
)
def test_gating_without_compensation_is_said(
    spillover: list[list[float]] | None, compensation: str, words: list[str]
) -> None:
    given = None if spillover is None else (["FL1-A", "FL2-A"], spillover)
    strategy = read_strategy(
        gating_ml(rectangle("R", dimension("FL1-A", low=1, compensation=compensation)))
    )

    found = gating_findings(tube([[1, 2, 3]], spillover=given), strategy)

    assert [one.slug for one in found] == ["uncompensated"] * len(words)
    assert all(word in one.message for word, one in zip(words, found, strict=True))


def test_counts_percentages_and_intervals_are_of_the_parent() -> None:
    # 95 of 100: .887165 to .983568 (Clopper-Pearson).
    data = tube([[9, 5, 0]] * 95 + [[9, 1, 0]] * 5 + [[1, 5, 0]] * 50)
    strategy = read_strategy(
        gating_ml(
            rectangle("Cells", dimension("FSC-A", low=5)),
            rectangle("Viable", dimension("FL1-A", low=3), parent="Cells"),
        )
    )

    row = gate(data, strategy).set_index("id").loc["Viable"]

    assert row["path"] == ("Cells", "Viable")
    assert row["parent"] == "Cells"
    assert (row["count"], row["parent_count"], row["total"]) == (95, 100, 150)
    assert row["percent_of_parent"] == 95.0
    assert row["ci_low"] == pytest.approx(88.7165, abs=1e-4)
    assert row["ci_high"] == pytest.approx(98.3568, abs=1e-4)


def test_a_share_of_an_empty_parent_is_not_zero() -> None:
    strategy = read_strategy(
        gating_ml(
            rectangle("Cells", dimension("FSC-A", low=500)),
            rectangle("Viable", dimension("FL1-A", low=3), parent="Cells"),
        )
    )

    table = gate(tube([[1, 2, 3]]), strategy).set_index("id")

    assert table.loc["Cells", "percent_of_parent"] == 0.0
    assert table.loc["Viable", "percent_of_parent"] is None
    assert table.loc["Viable", "ci_low"] is None


TRANSFORMATIONS = st.sampled_from(
    [
        ("logicle", {"T": 262144, "W": 0.5, "M": 4.5, "A": 0}),
        ("logicle", {"T": 1000, "W": 1, "M": 4, "A": 0.5}),
        ("hyperlog", {"T": 10000, "W": 1, "M": 4.5, "A": 0}),
        ("fasinh", {"T": 10000, "M": 4, "A": 1}),
        ("flin", {"T": 10000, "A": 500}),
        ("flog", {"T": 10000, "M": 5}),
    ]
)


@given(
    kind=TRANSFORMATIONS,
    ends=st.tuples(st.floats(-0.5, 1.2), st.floats(0.01, 1)),
    values=st.lists(st.floats(-3e5, 3e6, width=32), min_size=1, max_size=50),
)
def test_asking_on_the_linear_scale_gives_the_same_events(
    kind: tuple[str, dict[str, float]], ends: tuple[float, float], values: list[float]
) -> None:
    low, high = ends[0], ends[0] + ends[1]
    strategy = read_strategy(
        gating_ml(
            transformation("T", kind[0], **kind[1]),
            rectangle("R", dimension("FSC-A", low=low, high=high, transformation="T")),
            rectangle("Up", dimension("FSC-A", low=low, transformation="T")),
            rectangle("Down", dimension("FSC-A", high=low, transformation="T")),
        )
    )
    one = strategy.gates["R"].axes[0].transformation
    assert one is not None
    near = _beside(one, low) + _beside(one, high)
    table = np.array([*values, *near], np.float64).reshape(-1, 1)
    data = tube(table, ("FSC-A",), datatype="D", bits=64)
    quick, plain = (Evaluation(data, strategy, quick=quick) for quick in (True, False))

    for name in strategy.gates:
        assert np.array_equal(quick.inside(name), plain.inside(name))


def _beside(one: Transformation, value: float) -> list[float]:
    """Give the hundred doubles around the place where the axis reaches a value, and its fringe."""
    found = threshold(one, value)
    if not np.isfinite([found.low, found.high]).all():
        return [0.0]
    middle = (found.low + found.high) / 2
    steps = middle + np.arange(-50, 50) * np.spacing(middle)
    return [found.low, found.high, *steps, *np.linspace(found.low, found.high, 50)]


@given(block=st.integers(1, 40), seed=st.integers(0, 1000))
def test_blocks_of_any_size_give_the_same_events(block: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    table = random.normal(0, 500, (100, 3))
    table[random.integers(0, 100, 5), random.integers(0, 3, 5)] = np.nan
    data = tube(table, spillover=(["FL1-A", "FL2-A"], [[1, 0.2], [0.1, 1]]))
    square = [(-300.0, -300.0), (300.0, -300.0), (300.0, 300.0), (-300.0, 300.0)]
    strategy = read_strategy(
        gating_ml(
            transformation("L", "logicle", T=1000, W=0.5, M=4.5, A=0),
            polygon("P", dimension("FSC-A"), dimension("FL1-A", low=0, compensation="FCS"), square),
            rectangle("R", dimension("FL2-A", low=0.3, compensation="FCS", transformation="L")),
            boolean("B", "or", "!P", "R"),
        )
    )
    whole = Evaluation(data, strategy)

    parts = Evaluation(data, strategy, block=block)

    for name in strategy.gates:
        assert np.array_equal(parts.inside(name), whole.inside(name))
    axis = strategy.gates["R"].axes[0]
    assert np.array_equal(parts.axis(axis), whole.axis(axis), equal_nan=True)


def test_many_events_are_gated_as_few_are() -> None:
    # From 50,000 events on, polygons have tables of cells.
    random = np.random.default_rng(11)
    table = random.normal(0, 500, (60_000, 3))
    table[7, 0] = np.nan
    star = [
        (900 * math.sin(4 * math.pi * i / 5), 900 * math.cos(4 * math.pi * i / 5)) for i in range(5)
    ]
    data = tube(table)
    strategy = read_strategy(
        gating_ml(
            polygon("Star", dimension("FSC-A"), dimension("FL1-A"), star),
            polygon("Inner", dimension("FL1-A"), dimension("FL2-A"), star, parent="Star"),
            boolean("Not", "not", "Inner", parent="Star"),
        )
    )

    quick, plain = (Evaluation(data, strategy, quick=quick) for quick in (True, False))

    for name in strategy.gates:
        assert np.array_equal(quick.inside(name), plain.inside(name))
    assert not quick.inside("Not")[7]


def two_data_sets(*names: tuple[str, ...]) -> list[ListModeFile]:
    first = fcs_bytes([[1, 2, 3]], names[0], keywords={"$NEXTDATA": "00003000"}).ljust(3000)
    return read_fcs(first + fcs_bytes([[4, 5, 6]], names[1]), "tube.lmd")


def test_the_gates_tell_which_data_set_is_meant() -> None:
    data_sets = two_data_sets(("FS Lin", "SS Lin", "FL1 Log"), ("FS", "SS", "FL1"))
    strategy = read_strategy(gating_ml(rectangle("R", dimension("FL1", low=1))))

    assert data_set_for(data_sets, strategy).data_set == 2


@pytest.mark.parametrize(
    ("name", "slug"), [("FL1", "strategy-ambiguous"), ("FL7", "strategy-parameter-missing")]
)
def test_no_data_set_or_two_are_refused(name: str, slug: str) -> None:
    data_sets = two_data_sets(("FS", "SS", "FL1"), ("FS", "SS", "FL1"))
    strategy = read_strategy(gating_ml(rectangle("R", dimension(name, low=1))))

    with pytest.raises(DocumentError) as caught:
        data_set_for(data_sets, strategy)

    assert caught.value.slug == slug


def test_the_bounds_of_a_ratio_hold() -> None:
    # 20 / 2 is 10, and lies on the bound of 4.
    bounded = ratio("Ratio", "FSC-A", "FL1-A").replace(
        'transforms:id="Ratio"', 'transforms:id="Ratio" transforms:boundMax="4"'
    )
    data = tube([[20, 2, 0], [6, 2, 0]])

    found = inside(data, bounded, rectangle("R", dimension("Ratio", low=3, high=5, new=True)))

    assert found == {"R": [True, True]}
