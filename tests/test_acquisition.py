"""What the quality of an acquisition does to a lot: it holds beyond a limit, and never passes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from gating_ml import dimension, gating_ml
from gating_ml import rectangle as own
from lots import assess, criterion, manifest, slugs, specification, write_lot
from simulated import arrivals, signal, written

from qcvalidate.assessment import Assessment, Run, Verdict
from qcvalidate.errors import SpecificationError
from qcvalidate.record import Finding, Severity
from qcvalidate.reports import html
from qcvalidate.reports import json as json_report

CRITERION = criterion("cd105_positive", "at_least: '10'", "%")
POPULATIONS = "populations:\n  cd105_positive: {of: [Cells], is: [Cells, Positive]}\n"
GATES = gating_ml(
    own("Cells", dimension("FSC-A", low=50)),
    own("Positive", dimension("PE-A", low=1000), parent="Cells"),
)
SCHEMA = Path(__file__).parents[1] / "schemas" / "assessment.schema.json"


def judged(
    tmp_path: Path, tube: bytes, limits: str = "", lot_yaml: str | None = None
) -> Assessment:
    rules = specification(CRITERION) + POPULATIONS
    if limits:
        rules += f"acquisition: {{{limits}}}\n"
    files: dict[str, str | bytes] = {"flow/tube.fcs": tube, "flow/gates.xml": GATES}
    return assess(write_lot(tmp_path / "L-1", files, lot_yaml), rules)


def tube(*, fault: bool = False, **keywords: str) -> bytes:
    pe = signal(1)
    if fault:
        pe[12_000:] *= 0.5
    return written(arrivals(1), pe, keywords={"LOT": "L-1", **keywords})


def one(found: Assessment, slug: str) -> Finding:
    (told,) = [finding for finding in found.findings if finding.slug == slug]
    return told


def test_a_clean_file_passes_and_nothing_is_told(tmp_path: Path) -> None:
    limits = (
        "min_events: '20000', max_signal_drift_decades: '0.1', max_flow_rate_deviation_pct: '30', "
        "max_gaps_pct: '0.5', max_time_reversals: '0', max_at_range_maximum_pct: '0.1', "
        "max_at_minimum_pct: '0.1', max_doublets_pct: '5', max_debris_pct: '5'"
    )

    found = judged(tmp_path, tube(), limits)

    assert found.verdict is Verdict.PASS
    assert not {"signal-drift", "flow-rate-unsteady", "acquisition-not-evaluated"} & slugs(found)


def test_without_a_limit_a_step_is_a_warning(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(fault=True))

    assert found.verdict is Verdict.PASS
    assert one(found, "signal-drift").severity is Severity.WARNING


def test_beyond_the_limit_a_step_holds_and_names_all(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(fault=True), "max_signal_drift_decades: '0.2'")

    told = one(found, "signal-drift")
    assert found.verdict is Verdict.HOLD
    assert told.severity is Severity.HOLD
    assert told.place.path == "flow/tube.fcs"
    assert (told.place.region or "").startswith("detector PE-A, ")
    for part in (
        "PE-A (CD105)",
        "decades",
        "% of the events",
        " s to ",
        "the specification allows 0.2",
    ):
        assert part in told.message


def test_a_clog_beyond_the_limit_names_its_time_and_share(tmp_path: Path) -> None:
    times, pe = arrivals(1), signal(1)
    keep = np.ones(len(times), bool)
    keep[6000:7600] = np.random.default_rng(1).random(1600) < 0.2
    clogged = written(times[keep], pe[keep], keywords={"LOT": "L-1"})

    found = judged(tmp_path, clogged, "max_flow_rate_deviation_pct: '60'")

    told = one(found, "flow-rate-unsteady")
    assert told.severity is Severity.HOLD
    since = float((told.place.region or "").partition(" to ")[0])
    assert times[6000] - 0.5 <= since <= times[7600]
    for part in ("% of its median", f"{told.place.region}", "the specification allows 60"):
        assert part in told.message


@pytest.mark.parametrize(
    ("low", "verdict"), [(1000.0, Verdict.PASS), (300_000.0, Verdict.HOLD), (-3e5, Verdict.HOLD)]
)
def test_a_gate_off_the_scale_of_its_detector_holds(
    tmp_path: Path, low: float, verdict: Verdict
) -> None:
    gates = gating_ml(
        own("Cells", dimension("FSC-A", low=50)),
        own("Positive", dimension("PE-A", low=low), parent="Cells"),
    )
    files: dict[str, str | bytes] = {"flow/tube.fcs": tube(), "flow/gates.xml": gates}

    found = assess(write_lot(tmp_path / "L-1", files), specification(CRITERION) + POPULATIONS)

    assert ("gate-off-scale" in slugs(found)) is (verdict is Verdict.HOLD)
    assert verdict is not Verdict.PASS or found.verdict is verdict


def test_within_the_limit_a_step_is_information(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(fault=True), "max_signal_drift_decades: '0.5'")

    assert found.verdict is Verdict.PASS
    assert one(found, "signal-drift").severity is Severity.INFORMATION


@pytest.mark.parametrize(
    ("limit", "slug"),
    [
        ("min_events: '20001'", "too-few-events"),
        ("max_flow_rate_deviation_pct: '1'", "flow-rate-unsteady"),
        ("max_gap_seconds: '0.001'", "acquisition-gap"),
        ("max_at_minimum_pct: '0.001'", "events-off-scale"),
        ("max_doublets_pct: '0.1'", None),
        ("max_debris_pct: '0.1'", None),
        ("instruments: [FACSLyric]", "instrument-not-allowed"),
        ("instruments: [lsrii]", None),
        ("instruments: [LSRII, X], max_time_reversals: '0'", None),
    ],
)
def test_each_limit_holds(tmp_path: Path, limit: str, slug: str | None) -> None:
    found = judged(tmp_path, tube(**{"$CYT": "LSRII"}), limit)

    assert found.verdict is (Verdict.HOLD if slug else Verdict.PASS)
    held = {finding.slug for finding in found.findings if finding.severity is Severity.HOLD}
    assert held == ({slug} if slug else set())


@pytest.mark.parametrize(
    "limit",
    [
        "max_signal_drift_decades: '2'",
        "max_flow_rate_deviation_pct: '1000'",
        "max_gaps_pct: '50'",
        "max_gap_seconds: '3600'",
        "max_time_reversals: '1000'",
    ],
)
def test_a_quality_that_is_asked_for_and_cannot_be_had_holds(tmp_path: Path, limit: str) -> None:
    timeless = tube(**{"$P4N": "SSC-A"})

    found = judged(tmp_path, timeless, limit)

    assert found.verdict is Verdict.HOLD
    held = [one for one in found.findings if one.severity is Severity.HOLD]
    assert [one.slug for one in held] == ["acquisition-not-evaluated"]
    assert "the file has no time parameter" in held[0].message


def test_a_gap_in_seconds_needs_a_timestep(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(**{"$TIMESTEP": "?"}), "max_gap_seconds: '3600'")

    assert found.verdict is Verdict.HOLD
    assert "$TIMESTEP" in one(found, "acquisition-not-evaluated").message


def test_an_instrument_that_is_asked_for_and_not_named_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(), "instruments: [FACSLyric]")

    assert found.verdict is Verdict.HOLD
    assert "names no instrument" in one(found, "instrument-not-allowed").message


def test_without_a_clock_and_a_limit_it_is_told_and_does_not_hold(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(**{"$P4N": "SSC-A"}))

    assert found.verdict is Verdict.PASS
    assert one(found, "acquisition-not-evaluated").severity is Severity.INFORMATION


def test_a_file_from_before_the_lot_was_recovered_holds(tmp_path: Path) -> None:
    lot_yaml = manifest().replace("bone_marrow", "bone_marrow, recovered: 2026-03-02")

    found = judged(tmp_path, tube(**{"$DATE": "01-MAR-2026"}), lot_yaml=lot_yaml)

    assert found.verdict is Verdict.HOLD
    assert "2026-03-01" in one(found, "dates-out-of-order").message


@pytest.mark.parametrize(
    "limit",
    [
        "max_signal_drift_decades: '5'",
        "max_at_range_maximum_pct: '90'",
        "max_flow_rate_deviation_pct: '0'",
        "max_drift: '1'",
        "min_events: '0'",
        "min_events: '1.5'",
        "max_gap_seconds: '-1'",
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(tmp_path: Path, limit: str) -> None:
    with pytest.raises(SpecificationError, match="acquisition"):
        judged(tmp_path, tube(), limit)


def test_the_reports_tell_the_numbers(tmp_path: Path) -> None:
    found = judged(tmp_path, tube(fault=True))
    run = Run(found.as_of or pytest.fail("no day"), "0", (found,))

    told = json.loads(json_report.render(run))
    page = html.render(run)

    jsonschema.validate(told, json.loads(SCHEMA.read_text(encoding="utf-8")))
    (acquisition,) = told["lots"][0]["acquisitions"]
    assert acquisition["events"] == 20_000
    (pe,) = [one for one in acquisition["detectors"] if one["name"] == "PE-A"]
    assert pe["kind"] == "step"
    assert pe["drift_decades"] == pytest.approx(-0.3, abs=0.08)
    assert "Acquisition" in page
    assert "a step over" in page


def test_a_detector_whose_values_are_no_numbers_is_not_called_steady(tmp_path: Path) -> None:
    pe = signal(1)
    pe[12_000:] = np.nan
    broken = written(arrivals(1), pe, keywords={"LOT": "L-1"})

    told = one(judged(tmp_path / "1", broken), "acquisition-not-evaluated")
    held = judged(tmp_path / "2", broken, "max_signal_drift_decades: '0.2'")

    assert "40 % of its values are no numbers" in told.message
    assert held.verdict is Verdict.HOLD


def test_the_report_names_the_cytometer_or_that_the_file_does_not(tmp_path: Path) -> None:
    named = judged(tmp_path / "1", tube(**{"$CYT": "Aurora", "$CYTSN": "V-0042"}))
    nameless = judged(tmp_path / "2", tube())

    def told(found: Assessment) -> tuple[str, dict[str, str]]:
        run = Run(dt.date(2026, 3, 30), "0", (found,))
        (acquisition,) = json.loads(json_report.render(run))["lots"][0]["acquisitions"]
        return html.render(run), acquisition

    page, values = told(named)
    assert "<dt>Cytometer</dt><dd>Aurora</dd>" in page
    assert "<dt>Serial number</dt><dd>V-0042</dd>" in page
    assert (values["instrument"], values["serial"]) == ("Aurora", "V-0042")
    page, values = told(nameless)
    assert "not stated ($CYT)" in page
    assert "not stated ($CYTSN)" in page
    assert (values["instrument"], values["serial"]) == (None, None)
