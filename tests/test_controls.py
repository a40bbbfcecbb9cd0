"""Control tubes beside the sample: compared with their gate, never counted, never a new gate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml, polygon
from gating_ml import rectangle as own
from lots import assess, criterion, manifest, outcome, slugs, specification, write_lot

from qcvalidate.assessment import Assessment, Verdict
from qcvalidate.record import Finding, Severity

NAMES = ("FSC-A", "PE-A")
RULES = specification(criterion("cd105_positive", "at_least: '70'", "%")) + (
    "populations:\n  cd105_positive: {of: [Cells], is: [Cells, Positive]}\n"
)
GATES = gating_ml(
    own("Cells", dimension("FSC-A", low=50)),
    own("Positive", dimension("PE-A", low=100), parent="Cells"),
)
SAMPLE = [[100.0, 500.0 if n < 180 else 10.0] for n in range(200)]


def fmo(beyond: int, total: int = 10_000) -> bytes:
    """Make a control whose signals are 0 to 99, but for some beyond the gate's 100."""
    pe = np.linspace(0.0, 99.0, total)
    pe[total - beyond :] = 150.0
    debris = np.column_stack([np.full(500, 10.0), np.full(500, 900.0)])
    cells = np.column_stack([np.full(total, 100.0), pe])
    return fcs_bytes(np.concatenate([debris, cells]), NAMES, keywords={"$P2S": "CD105"})


def judged(
    tmp_path: Path,
    control: bytes | None,
    *,
    declared: str = "file: flow/fmo.fcs, kind: fmo, gate: Positive",
    limit: str | None = None,
    gates: bytes = GATES,
    name: str = "flow/fmo.fcs",
) -> Assessment:
    sample = fcs_bytes(SAMPLE, NAMES, keywords={"$P2S": "CD105", "LOT": "L-1"})
    files: dict[str, str | bytes] = {"flow/tube.fcs": sample, "flow/gates.xml": gates}
    if control is not None:
        files[name] = control
    rules = RULES
    if limit is not None:
        rules += f"controls: {{max_control_pct_in_gate: '{limit}'}}\n"
    lot_yaml = manifest() + f"controls: [{{{declared}}}]\n"
    return assess(write_lot(tmp_path / "L-1", files, lot_yaml), rules)


def one(found: Assessment, slug: str) -> Finding:
    (told,) = [finding for finding in found.findings if finding.slug == slug]
    return told


def test_a_fitting_control_is_told_and_not_counted(tmp_path: Path) -> None:
    found = judged(tmp_path, fmo(50))

    told = one(found, "control-compared")
    assert found.verdict is Verdict.PASS
    assert told.severity is Severity.INFORMATION
    assert told.place.path == "flow/fmo.fcs"
    # 50 of the 10,000 cells; the debris is in no parent. The 9,900th of 10,000 values is 98.01.
    assert "50 of 10,000 events lie in the gate, 0.5 %" in told.message
    assert "quantile 0.99 on PE-A is 98" in told.message
    assert "the gate begins at 100" in told.message
    assert "control-as-sample" not in slugs(found)
    observed = outcome(found, "cd105_positive").observed or ""
    assert observed.startswith("90.00 % (180 of 200)")


def test_a_control_that_reaches_into_the_gate_is_a_warning_and_moves_nothing(
    tmp_path: Path,
) -> None:
    found = judged(tmp_path, fmo(300))

    told = one(found, "control-in-gate")
    assert found.verdict is Verdict.PASS
    assert told.severity is Severity.WARNING
    assert "at most 1 % are expected" in told.message
    assert (outcome(found, "cd105_positive").observed or "").startswith("90.00 %")


def test_a_control_beyond_the_limit_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, fmo(300), limit="2")

    assert found.verdict is Verdict.HOLD
    assert one(found, "control-in-gate").severity is Severity.HOLD
    assert "the specification allows 2 %" in one(found, "control-in-gate").message


def test_a_control_at_the_limit_does_not_hold(tmp_path: Path) -> None:
    assert judged(tmp_path, fmo(200), limit="2").verdict is Verdict.PASS


def test_too_few_events_cannot_show_that_a_limit_is_kept(tmp_path: Path) -> None:
    found = judged(tmp_path, fmo(0, 50), limit="2")

    assert found.verdict is Verdict.HOLD
    assert "too few" in one(found, "control-unusable").message


def test_the_share_of_a_polygon_is_told_with_its_interval(tmp_path: Path) -> None:
    corners = [(60, 100), (200, 100), (200, 1000), (60, 1000)]
    gates = gating_ml(
        own("Cells", dimension("FSC-A", low=50)),
        polygon("Positive", dimension("FSC-A"), dimension("PE-A"), corners, parent="Cells"),
    )

    told = one(judged(tmp_path, fmo(50), gates=gates), "control-compared")

    # Clopper-Pearson of 50 of 10,000: 0.371 % to 0.659 % (statsmodels, method beta).
    assert "50 of 10,000 events lie in the gate, 0.5 % (95 %: 0.371 % to 0.659 %)" in told.message


def test_a_gate_for_negative_cells_counts_what_lies_outside(tmp_path: Path) -> None:
    gates = gating_ml(
        own("Cells", dimension("FSC-A", low=50)),
        own("Positive", dimension("PE-A", low=100), parent="Cells"),
        own("Negative", dimension("PE-A", high=100), parent="Cells"),
    )

    found = judged(
        tmp_path,
        fmo(50),
        gates=gates,
        declared="file: flow/fmo.fcs, kind: unstained, gate: Negative, quantile: 0.95",
    )

    told = one(found, "control-compared")
    assert "50 of 10,000 events lie outside the gate" in told.message
    assert "the gate ends at 100" in told.message


@pytest.mark.parametrize(
    ("control", "declared", "reason"),
    [
        (None, "file: flow/fmo.fcs, kind: fmo, gate: Positive", "is not in the folder"),
        (b"FCS3.1 and no more", "file: flow/fmo.fcs, kind: fmo, gate: Positive", "not be read"),
        (fmo(5), "file: flow/fmo.fcs, kind: fmo, gate: Posit", "no gate of"),
        (None, "file: flow/gates.xml, kind: fmo, gate: Positive", "is no list-mode file"),
        (
            fcs_bytes(SAMPLE, ("FSC-A", "APC-A")),
            "file: flow/fmo.fcs, kind: isotype, gate: Positive",
            "'PE-A'",
        ),
        (
            fcs_bytes([[1.0, 1.0]], NAMES),
            "file: flow/fmo.fcs, kind: fmo, gate: Positive",
            "holds no events in Cells",
        ),
    ],
)
def test_a_declared_control_that_cannot_be_used_holds(
    tmp_path: Path, control: bytes | None, declared: str, reason: str
) -> None:
    found = judged(tmp_path, control, declared=declared)

    told = one(found, "control-unusable")
    assert found.verdict is Verdict.HOLD
    assert told.severity is Severity.HOLD
    assert reason in told.message


def test_a_lot_whose_only_tube_is_a_control_has_no_result(tmp_path: Path) -> None:
    declared = "file: flow/tube.fcs, kind: unstained, gate: Positive"

    found = judged(tmp_path, None, declared=declared)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "cd105_positive").observed is None


def test_a_paper_cannot_be_hidden_as_a_control(tmp_path: Path) -> None:
    table = b"lot,test,result,unit,status\nL-1,cd105_positive,12,%,final\n"

    found = judged(
        tmp_path,
        table,
        name="counts.csv",
        declared="file: counts.csv, kind: fmo, gate: Positive",
    )

    assert found.verdict is not Verdict.PASS
    assert "is no list-mode file" in one(found, "control-unusable").message


@pytest.mark.parametrize("quantile", ["0.2", "0.99999", "1", "x"])
def test_a_quantile_that_cannot_be_meant_is_refused(tmp_path: Path, quantile: str) -> None:
    declared = f"file: flow/fmo.fcs, kind: fmo, gate: Positive, quantile: {quantile}"

    found = judged(tmp_path, fmo(5), declared=declared)

    assert found.verdict is Verdict.HOLD
    assert slugs(found) == {"manifest-unusable"}


def test_a_control_that_lies_in_the_gate_for_the_most_part_is_none(tmp_path: Path) -> None:
    found = judged(tmp_path, fmo(8_000))

    assert found.verdict is Verdict.HOLD
    assert one(found, "control-in-gate").severity is Severity.HOLD


@pytest.mark.parametrize(("day", "verdict"), [("16-MAR-2026", Verdict.PASS),
                                              ("01-JAN-2020", Verdict.HOLD)])  # fmt: skip
def test_a_control_is_of_the_day_of_its_lots_tubes(
    tmp_path: Path, day: str, verdict: Verdict
) -> None:
    cells = np.column_stack([np.full(2000, 100.0), np.linspace(0.0, 99.0, 2000)])
    control = fcs_bytes(cells, NAMES, keywords={"$P2S": "CD105", "$DATE": day})
    sample = fcs_bytes(
        SAMPLE, NAMES, keywords={"$P2S": "CD105", "LOT": "L-1", "$DATE": "16-MAR-2026"}
    )
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": sample,
        "flow/fmo.fcs": control,
        "flow/gates.xml": GATES,
    }
    lot_yaml = manifest() + "controls: [{file: flow/fmo.fcs, kind: fmo, gate: Positive}]\n"

    found = assess(write_lot(tmp_path / "L-1", files, lot_yaml), RULES)

    assert found.verdict is verdict
