"""A control is not the sample, and a gate answers for the marker that it lies on."""

from __future__ import annotations

import numpy as np
import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import ListModeFile, read_fcs
from qcvalidate.cytometry.annotation import control_findings, marker_findings, scale_findings
from qcvalidate.cytometry.gates import Axis, Range, RectangleGate
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.record import Severity

EVENTS = np.ones((4, 3), dtype="<f4")
NAMES = ["FSC-A", "PE-A", "APC-A"]


def tube(name: str = "panel.fcs", **keywords: str) -> ListModeFile:
    return read_fcs(fcs_bytes(EVENTS, NAMES, keywords=keywords), name)[0]


def strategy(parameter: str) -> GatingStrategy:
    gate = RectangleGate(id="X", parent=None, ranges=(Range(Axis(parameter), minimum=1.0),))
    return GatingStrategy("gates.xml", "0" * 64, {"X": gate})


@pytest.mark.parametrize(
    "text", ["FMO CD105", "Unstained", "isotype_ctrl", "Comp beads", "Negative control", "CST"]
)
def test_a_control_tube_is_told(text: str) -> None:
    (found,) = control_findings(tube(**{"TUBE NAME": text}))

    assert (found.slug, found.severity) == ("control-as-sample", Severity.HOLD)


def test_a_control_is_told_by_its_file_name() -> None:
    assert list(control_findings(tube("flow/FMO_CD73.fcs")))


@pytest.mark.parametrize("text", ["Tube_001", "MSC panel", "Bead count TruCount", "BLANKENSHIP"])
def test_an_ordinary_tube_is_not(text: str) -> None:
    assert list(control_findings(tube(**{"TUBE NAME": text}))) == []


@pytest.mark.parametrize(
    ("test", "parameter", "marker", "severity"),
    [
        ("cd105_positive", "PE-A", "CD105", None),
        ("cd105_positive", "PE-A", "cd105 PE (clone SN6)", None),
        ("cd105_positive", "CD105 PE-A", "", None),
        ("hla_dr_positive", "PE-A", "HLA-DR", None),
        ("cd105_positive", "PE-A", "CD45", Severity.HOLD),
        ("cd10_positive", "PE-A", "CD105", Severity.HOLD),
        ("cd45_positive", "PE-A", "CD45RA", Severity.HOLD),
        ("cd105_positive", "FSC-A", "", Severity.HOLD),
        ("cd105_positive", "PE-A", "", Severity.WARNING),
        ("viability", "PE-A", "7-AAD", None),
        ("viability", "PE-A", "", None),
        ("viability", "PE-A", "CD45", Severity.HOLD),
        ("negative_cocktail_positive", "PE-A", "CD45/34/14/19/HLA-DR", None),
    ],
)
def test_a_gate_answers_for_its_own_marker(
    test: str, parameter: str, marker: str, severity: Severity | None
) -> None:
    names = NAMES if parameter in NAMES else ["FSC-A", parameter, "APC-A"]
    number = names.index(parameter) + 1
    keywords = {f"$P{number}S": marker} if marker else {}
    (listmode,) = read_fcs(fcs_bytes(EVENTS, names, keywords=keywords), "panel.fcs")

    found = list(marker_findings(listmode, strategy(parameter), {test: ((), ("X",))}))

    assert [one.severity for one in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("minimum", "maximum", "told"),
    [
        (100.0, None, False),
        (None, 100.0, False),
        (100.0, 1e9, False),
        (300000.0, None, True),  # $PnR is 262144
        (None, -300000.0, True),
        (-300000.0, None, True),
        (None, 1e9, True),
    ],
)
def test_a_gate_off_its_scale_divides_nothing(
    minimum: float | None, maximum: float | None, told: bool
) -> None:
    gate = RectangleGate("X", None, (Range(Axis("PE-A"), minimum, maximum),))
    gates = GatingStrategy("gates.xml", "0" * 64, {"X": gate})

    found = list(scale_findings(tube(), gates, {"cd105_positive": ((), ("X",))}))

    assert bool(found) is told
