"""Gating-ML files: what is read, and what is named and refused."""

from __future__ import annotations

import hashlib

import pytest
from gating_ml import boolean, dimension, gating_ml, matrix, polygon, rectangle, transformation

from qcvalidate.cytometry import read_strategy
from qcvalidate.errors import DocumentError

RANGE = rectangle("Cells", dimension("FSC-A", low=1))
TRIANGLE = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
INNER = '<data-type:fcs-dimension data-type:name="Y"/>'


def refusal(content: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_strategy(content, "gates.xml")
    assert str(caught.value).startswith("gates.xml")
    return caught.value


def test_a_strategy_knows_its_bytes() -> None:
    content = gating_ml(RANGE)

    strategy = read_strategy(content, "gates.xml")

    assert strategy.id == "gates.xml"
    assert strategy.sha256 == hashlib.sha256(content).hexdigest()


def test_a_path_runs_from_the_root() -> None:
    strategy = read_strategy(
        gating_ml(
            rectangle("Viable", dimension("FL1-A", low=1), parent="Singlets"),
            rectangle("Singlets", dimension("FSC-A", low=1), parent="Cells"),
            RANGE,
        )
    )

    assert strategy.path("Viable") == ("Cells", "Singlets", "Viable")
    assert list(strategy.gates) == ["Cells", "Singlets", "Viable"]


def test_a_quadrant_runs_between_its_dividers() -> None:
    quadrants = (
        '<gating:QuadrantGate gating:id="Q">'
        '<gating:divider gating:id="D" gating:compensation-ref="uncompensated">'
        '<data-type:fcs-dimension data-type:name="FL1-A"/>'
        "<gating:value>1</gating:value><gating:value>5</gating:value></gating:divider>"
        '<gating:Quadrant gating:id="Low">'
        '<gating:position gating:divider_ref="D" gating:location="0"/></gating:Quadrant>'
        '<gating:Quadrant gating:id="Middle">'
        '<gating:position gating:divider_ref="D" gating:location="3"/></gating:Quadrant>'
        "</gating:QuadrantGate>"
    )

    gates = read_strategy(gating_ml(quadrants)).gates

    ends = {
        name: (one.ranges[0].minimum, one.ranges[0].maximum)  # type: ignore[union-attr]
        for name, one in gates.items()
    }
    assert ends == {"Low": (None, 1.0), "Middle": (1.0, 5.0)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<a><b></a>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_what_is_no_xml_is_refused(content: bytes) -> None:
    assert refusal(content).slug == "strategy-unreadable"


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'

    assert refusal(bomb).slug == "strategy-unreadable"


@pytest.mark.parametrize(
    "content",
    [
        b"<html/>",
        b'<Gating-ML xmlns="http://www.isac-net.org/std/Gating-ML/v1.4/gating"/>',
        b"<Workspace/>",
    ],
)
def test_other_xml_is_claimed_by_nobody(content: bytes) -> None:
    assert refusal(content).slug == "document-unclaimed"


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ('<gating:CurlyQuad gating:id="C"/>', "CurlyQuad"),
        (f"<wrapper>{RANGE}</wrapper>", "wrapper"),
        (
            '<transforms:transformation transforms:id="B"><transforms:biex/>'
            "</transforms:transformation>",
            "biex",
        ),
        (rectangle("R", dimension("FL1-A", low=1, transformation="None")), "'None'"),
        (rectangle("R", dimension("Nothing", low=1, new=True)), "fratio"),
        (
            '<gating:RectangleGate gating:id="R" gating:inverted="true"/>',
            "inverted",
        ),
        (rectangle("R", dimension("A", low=1).replace("gating:min", "gating:least")), "least"),
        (rectangle("R", "<gating:vertex/>"), "vertex"),
    ],
)
def test_what_is_not_known_is_named_and_refused(part: str, word: str) -> None:
    error = refusal(gating_ml(part))

    assert error.slug == "gate-unsupported"
    assert word in str(error)


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ([rectangle("A", dimension("X", low=1), parent="B")], "'B'"),
        ([rectangle("A", dimension("X", low=1), parent="A")], "own ancestor"),
        (
            [
                rectangle("A", dimension("X", low=1), parent="B"),
                rectangle("B", dimension("X", low=1), parent="A"),
            ],
            "own ancestor",
        ),
        ([RANGE, boolean("A", "not", "B"), boolean("B", "and", "A", "Cells")], "own ancestor"),
        ([boolean("A", "not", "Nobody")], "'Nobody'"),
    ],
)
def test_a_missing_or_cyclic_parent_is_refused(parts: list[str], word: str) -> None:
    error = refusal(gating_ml(*parts))

    assert error.slug == "gate-parent-missing"
    assert word in str(error)


@pytest.mark.parametrize(
    "part",
    [
        RANGE + RANGE,
        rectangle("", dimension("X", low=1)),
        rectangle("R"),
        rectangle("R", dimension("X", low=2, high=1)),
        rectangle("R", dimension("X", low=float("nan"))),
        rectangle("R", dimension("X", low=float("inf"))),
        rectangle("R", dimension("X", low=1.1e30)),
        rectangle("R", dimension("X", low=-1.1e30)),
        rectangle("R", dimension("X")),
        rectangle("R", dimension("X", low=1), dimension("Y")),
        rectangle("R", dimension("X", low=1).replace('"1"', '"0_0"')),
        rectangle("R", dimension("X", low=1).replace('"1"', '"١"')),
        rectangle("R", dimension("X", low=1).replace('"1"', '"0x1"')),
        rectangle("R", dimension("X", low=1).replace('"1"', '""')),
        rectangle(
            "R", dimension("X", low=1).replace(' gating:compensation-ref="uncompensated"', "")
        ),
        rectangle("R", dimension("X", low=1).replace("/>", "/>" + INNER, 1)),
        matrix("M", ["A"], ["X"], [[1]]).replace(
            "id=", 'matrix-inverted-already="yes" transforms:id='
        ),
        rectangle("R", dimension("X", low=1, compensation="Nowhere")),
        polygon("P", dimension("X"), dimension("Y"), TRIANGLE[:2]),
        polygon("P", dimension("X"), "", TRIANGLE),
        boolean("B", "and", "Cells") + RANGE,
        boolean("B", "not", "Cells", "Cells") + RANGE,
        transformation("T", "logicle", T=262144, W=0.5, M=4.5),
        transformation("T", "logicle", T=262144, W=5, M=4.5, A=0),
        transformation("T", "logicle", T=-1, W=0.5, M=4.5, A=0),
        transformation("T", "flog", T=0, M=4),
    ],
)
def test_what_makes_no_sense_is_refused(part: str) -> None:
    assert refusal(gating_ml(part)).slug == "strategy-unreadable"


@pytest.mark.parametrize(
    "part",
    [
        matrix("M", ["A", "B"], ["X", "Y"], [[1, 0]]),
        matrix("M", ["A", "B"], ["X", "Y"], [[1], [0]]),
        matrix("M", ["A", "A"], ["X", "Y"], [[1, 0], [0, 1]]),
        matrix("M", [], [], []),
    ],
)
def test_a_misshapen_matrix_is_refused(part: str) -> None:
    assert refusal(gating_ml(part)).slug == "compensation-unusable"


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        # Without its prefix a limit is no limit, and everything would be in the gate.
        ("gating:min=", "min=", "'min' without a namespace prefix"),
        ("gating:min=", 'xmlns:o="urn:other" o:min=', "'min' of the namespace urn:other"),
        ("gating:id=", 'parent_id="Cells" gating:id=', "'parent_id' without"),
        ("data-type:name=", 'short="X" data-type:name=', "'short' without"),
        ("</gating:dimension>", "<min>5</min></gating:dimension>", "'min' without"),
        ("</gating:dimension>", '<o xmlns="urn:other"/></gating:dimension>', "urn:other"),
        ("</gating:dimension>", "min 5</gating:dimension>", "the text 'min 5'"),
    ],
)
def test_what_stands_where_it_means_nothing_is_refused(old: str, new: str, word: str) -> None:
    content = gating_ml(rectangle("Cells", dimension("X", low=1))).replace(
        old.encode(), new.encode()
    )

    error = refusal(content)

    assert error.slug == "strategy-unreadable"
    assert word in str(error)


def test_what_a_program_keeps_for_itself_is_let_be() -> None:
    own = (
        '<data-type:custom_info min="5"><cytobank xmlns="urn:c"><min>5</min> text </cytobank>'
        "</data-type:custom_info>"
    )
    content = gating_ml(own, rectangle("Cells", own, dimension("X", low=1)))
    located = content.replace(
        b"<gating:Gating-ML ",
        b'<gating:Gating-ML xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:schemaLocation="a b" ',
    )

    assert list(read_strategy(located).gates) == ["Cells"]


def test_an_unknown_gate_is_left_out_with_what_stands_on_it_and_no_more() -> None:
    strategy = read_strategy(
        gating_ml(
            RANGE,
            '<gating:CurlyGate gating:id="Curly"/>',
            rectangle("Below", dimension("FSC-A", low=1), parent="Curly"),
            boolean("Both", "and", "Below", "Cells"),
            rectangle("Beside", dimension("FSC-A", low=1), parent="Cells"),
        ),
        "gates.xml",
    )

    assert list(strategy.gates) == ["Cells", "Beside"]
    assert "CurlyGate" in strategy.refused["Curly"]
    assert strategy.refused["Below"] == "stands on 'Curly', which is refused"
    assert strategy.refused["Both"] == "stands on 'Below', which is refused"


def test_a_gate_on_an_unknown_transformation_says_which() -> None:
    strange = (
        '<transforms:transformation transforms:id="T"><transforms:splinelog/>'
        "</transforms:transformation>"
    )

    strategy = read_strategy(
        gating_ml(strange, RANGE, rectangle("R", dimension("FSC-A", low=1, transformation="T")))
    )

    assert list(strategy.gates) == ["Cells"]
    assert "splinelog" in strategy.refused["R"]


def test_a_refused_gate_does_not_lend_its_id() -> None:
    twice = refusal(gating_ml(RANGE, '<gating:CurlyGate gating:id="Cells"/>'))

    assert "two things have the id 'Cells'" in str(twice)


def test_a_slip_refuses_the_file_whatever_else_it_holds() -> None:
    slip = rectangle("R", dimension("FSC-A", low=1).replace("gating:min", "min"))

    assert refusal(gating_ml(RANGE, slip)).slug == "strategy-unreadable"


def test_a_deep_nest_is_refused() -> None:
    nest = "<data-type:custom_info>" * 3000 + "</data-type:custom_info>" * 3000

    assert "deep" in str(refusal(gating_ml(nest, RANGE)))


def test_a_matrix_does_not_take_a_name_that_means_no_matrix() -> None:
    for name in ("FCS", "uncompensated", "raw channels"):
        error = refusal(gating_ml(matrix(name, ["A"], ["A"], [[1]]), RANGE))

        assert error.slug == "compensation-unusable"


def test_scales_of_flowjo_are_read_in_our_own_namespace_alone() -> None:
    ours = (
        '<transforms:transformation transforms:id="T"><q:biex xmlns:q="urn:qcvalidate:strategy:1" '
        'q:maxRange="262144" q:pos="4.4" q:neg="0" q:width="-10"/></transforms:transformation>'
    )
    gate = rectangle("R", dimension("FSC-A", low=0.5, transformation="T"))

    axis = read_strategy(gating_ml(ours, gate)).gates["R"].axes[0]

    assert axis.transformation is not None
    assert axis.transformation.kind == "biex"
    assert "lacks width" in str(refusal(gating_ml(ours.replace('q:width="-10"', ""), gate)))
