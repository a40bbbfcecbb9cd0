"""Faults that were seeded are found where they were seeded, and clean acquisitions stay clean."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from simulated import NAMES, acquired, arrivals, scatter, signal

from qcvalidate.cytometry import ListModeFile, read_fcs
from qcvalidate.cytometry.limits import quality_findings
from qcvalidate.cytometry.quality import Alarm, alarms, measure
from qcvalidate.errors import DocumentError
from qcvalidate.record import AcquisitionQuality, DetectorQuality, Severity
from qcvalidate.specification import AcquisitionLimits

SEEDS = range(1, 6)


def told(tube: ListModeFile) -> list[Alarm]:
    return list(alarms(measure(tube)))


def held(quality: AcquisitionQuality, **limits: str | int) -> list[str]:
    """Give what holds the lot under these limits."""
    asked = {
        name: limit if isinstance(limit, int) else Decimal(limit) for name, limit in limits.items()
    }
    found = quality_findings(quality, AcquisitionLimits(**asked))  # type: ignore[arg-type]
    return [finding.slug for finding in found if finding.severity is Severity.HOLD]


def detector(quality: AcquisitionQuality, name: str) -> DetectorQuality:
    (found,) = [one for one in quality.detectors if one.name == name]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_acquisition_stays_clean(seed: int) -> None:
    quality = measure(acquired(arrivals(seed), signal(seed), seed))

    assert list(alarms(quality)) == []
    assert quality.not_evaluated == {}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("decades", [0.5, -0.5])
def test_a_block_shifted_by_half_a_decade_is_found_where_it_is(seed: int, decades: float) -> None:
    pe = signal(seed)
    pe[8000:9000] *= 10.0**decades

    quality = measure(acquired(arrivals(seed), pe, seed))

    (alarm,) = alarms(quality)
    assert alarm.slug == "signal-drift"
    assert (alarm.place.region or "").startswith("detector PE-A")
    found = detector(quality, "PE-A")
    assert found.kind == "stretch"
    # Half a decade means half a decade: events at the noise around zero move less.
    assert found.drift_decades == pytest.approx(decades, abs=0.08)
    assert (found.first, found.last) == pytest.approx((0.40, 0.45), abs=0.011)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("factor", "decades"), [(1.5, 0.176), (0.5, -0.301)])
def test_a_step_is_found_where_it_is(seed: int, factor: float, decades: float) -> None:
    pe = signal(seed)
    pe[12_000:] *= factor

    quality = measure(acquired(arrivals(seed), pe, seed))

    assert [alarm.slug for alarm in alarms(quality)] == ["signal-drift"]
    found = detector(quality, "PE-A")
    assert found.kind == "step"
    assert found.drift_decades == pytest.approx(decades, abs=0.08)
    assert (found.first, found.last) == pytest.approx((0.6, 1.0), abs=0.011)


def test_the_course_of_a_step_goes_up_where_it_is() -> None:
    pe = signal(1)
    pe[12_000:] *= 2.0

    quality = measure(acquired(arrivals(1), pe, 1))

    course = detector(quality, "PE-A").course
    assert len(course) == 25
    # Each part is told beside all others, and so lies a little less than the step apart.
    assert max(course[:15]) < 0 < min(course[15:])
    assert min(course[15:]) - max(course[:15]) == pytest.approx(0.301, abs=0.1)
    assert all(abs(value) < 0.1 for value in detector(quality, "FSC-A").course)


def test_the_course_of_the_rate_falls_where_the_flow_does() -> None:
    seconds = np.sort(np.concatenate([np.linspace(0, 50, 18_000), np.linspace(50, 60, 600)]))

    quality = measure(acquired(seconds, signal(1)[:18_600], 1))

    assert len(quality.rates) == 100
    assert np.mean(quality.rates[:80]) == pytest.approx(1.0, abs=0.05)
    assert max(quality.rates[86:]) < 0.3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("decades", [0.3, -0.3])
def test_a_slow_drift_is_found_from_end_to_end(seed: int, decades: float) -> None:
    pe = signal(seed) * 10.0 ** np.linspace(0.0, decades, 20_000)

    quality = measure(acquired(arrivals(seed), pe, seed))

    assert [alarm.slug for alarm in alarms(quality)] == ["signal-drift"]
    found = detector(quality, "PE-A")
    assert (found.kind, found.first, found.last) == ("drift", 0.0, 1.0)
    assert found.drift_decades == pytest.approx(decades, abs=0.08)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_detector_that_fails_for_two_percent_of_the_events_is_found(seed: int) -> None:
    pe = signal(seed)
    pe[5000:5400] = np.random.default_rng(seed).normal(0.0, 30.0, 400)

    quality = measure(acquired(arrivals(seed), pe, seed))

    assert [alarm.slug for alarm in alarms(quality)] == ["signal-drift"]
    found = detector(quality, "PE-A")
    assert (found.first, found.last) == pytest.approx((0.25, 0.27), abs=0.011)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dropout_is_found_with_its_length(seed: int) -> None:
    times, pe = arrivals(seed), signal(seed)
    keep = np.ones(len(times), bool)
    keep[15_000:15_400] = False
    length = times[15_400] - times[14_999]

    quality = measure(acquired(times[keep], pe[keep], seed))

    # Two of a hundred bins are empty, and so the flow rate fell as well.
    found = {alarm.slug for alarm in alarms(quality)}
    assert {"acquisition-gap"} <= found <= {"acquisition-gap", "flow-rate-unsteady"}
    assert quality.gap == pytest.approx(length, abs=0.011)
    assert quality.gap_at == pytest.approx(times[14_999] - times[0], abs=0.011)
    assert quality.gaps_pct == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clog_is_found_where_it_is(seed: int) -> None:
    times, pe = arrivals(seed), signal(seed)
    keep = np.ones(len(times), bool)
    keep[6000:7600] = np.random.default_rng(seed).random(1600) < 0.2

    quality = measure(acquired(times[keep], pe[keep], seed))

    assert [alarm.slug for alarm in alarms(quality)] == ["flow-rate-unsteady"]
    assert quality.slow == pytest.approx(0.2, abs=0.06)
    assert quality.slow_at is not None
    since, until = quality.slow_at
    assert times[6000] - 0.5 <= since + times[0] < until + times[0] <= times[7600] + 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_burst_is_found(seed: int) -> None:
    steps = np.diff(arrivals(seed), prepend=0.0)
    steps[9000:12_000] /= 4.0

    quality = measure(acquired(np.round(np.cumsum(steps), 2), signal(seed), seed))

    assert [alarm.slug for alarm in alarms(quality)] == ["flow-rate-unsteady"]
    assert quality.fast == pytest.approx(4.0, abs=0.4)


def test_a_clock_that_was_set_back_is_told_and_gives_no_rate() -> None:
    times = arrivals(1)
    times[10_000:] -= times[10_000]

    quality = measure(acquired(times, signal(1)))

    assert [alarm.slug for alarm in alarms(quality)] == ["time-reversed"]
    assert quality.reversals == 1
    assert held(quality, max_time_reversals=0) == ["time-reversed"]
    assert held(quality, max_time_reversals=1) == []
    assert quality.rate_deviation_pct is None
    assert "set back" in quality.not_evaluated["flow rate"]


def test_events_slightly_out_of_order_are_sorted_and_counted() -> None:
    times = arrivals(1)
    times[[100, 101]] = times[[101, 100]] + [0.05, 0.0]

    quality = measure(acquired(times, signal(1)))

    assert list(alarms(quality)) == []
    assert quality.reversals == 1
    assert quality.rate_deviation_pct is not None


def test_events_that_were_shuffled_are_put_back_into_the_order_of_time() -> None:
    times, pe = arrivals(1), signal(1)
    pe[12_000:] *= 0.5
    shuffled = np.random.default_rng(5).permutation(len(times))

    quality = measure(acquired(times[shuffled], pe[shuffled]))

    assert "signal-drift" in {alarm.slug for alarm in alarms(quality)}


def test_a_file_without_time_says_so() -> None:
    (tube,) = read_fcs(fcs_bytes(np.ones((5, 1)), ["FSC-A"]), "tube.fcs")

    quality = measure(tube)

    assert list(alarms(quality)) == []
    assert quality.not_evaluated["flow rate"] == "the file has no time parameter"
    assert quality.not_evaluated["drift"] == "the file has no time parameter"


def test_a_clock_that_stands_still_says_so() -> None:
    quality = measure(acquired(np.zeros(5000), signal(1, 5000)))

    assert quality.not_evaluated["flow rate"] == "its clock stands still"
    assert quality.not_evaluated["drift"] == "its clock stands still"


def test_a_few_events_are_not_evaluated() -> None:
    quality = measure(acquired(arrivals(1, 500), signal(1, 500)))

    assert quality.not_evaluated["drift"] == "500 events are too few; 1,000 are needed"
    assert quality.not_evaluated["flow rate"] == "500 events are too few; 1,000 are needed"


def test_without_a_timestep_shares_are_told_and_seconds_are_not() -> None:
    times, pe = arrivals(1), signal(1)
    pe[12_000:] *= 0.5
    tube = acquired(times, pe, keywords={"$TIMESTEP": "no"})

    quality = measure(tube)

    assert quality.duration is None
    assert quality.rate is None
    assert quality.rate_deviation_pct is not None
    assert detector(quality, "PE-A").since is None


def test_events_at_the_ends_of_the_scale_are_counted() -> None:
    pe = signal(1)
    pe[::10] = 262_144.0
    pe[1::50] = -500.0

    quality = measure(acquired(arrivals(1), pe))

    found = detector(quality, "PE-A")
    assert found.at_maximum_pct == pytest.approx(10.0)
    assert found.at_minimum_pct == pytest.approx(2.0)
    assert [alarm.slug for alarm in alarms(quality)] == ["events-off-scale"]


def test_doublets_and_debris_are_counted() -> None:
    area = scatter(1)
    height = area * 0.9 * np.random.default_rng(2).normal(1.0, 0.02, len(area))
    area[::20] *= 1.6
    area[1::10] /= 50
    height[1::10] /= 50
    table = np.column_stack([area, height, signal(1), arrivals(1) * 100])
    (tube,) = read_fcs(fcs_bytes(table, NAMES), "tube.fcs")

    quality = measure(tube)

    assert quality.doublets_pct == pytest.approx(5.0, abs=0.1)
    assert quality.debris_pct == pytest.approx(10.0, abs=0.1)
    assert held(quality, max_doublets_pct="4.5", max_debris_pct="9.5") == [
        "acquisition-beyond-limit",
        "acquisition-beyond-limit",
    ]
    assert held(quality, max_doublets_pct="5.5", max_debris_pct="10.5") == []


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_do_no_harm(value: float) -> None:
    pe = signal(1)
    pe[7] = value

    quality = measure(acquired(arrivals(1), pe))

    assert "signal-drift" not in {alarm.slug for alarm in alarms(quality)}


def test_a_clock_of_no_numbers_says_so() -> None:
    times = arrivals(1)
    times[5] = np.nan

    quality = measure(acquired(times, signal(1)))

    assert quality.not_evaluated["drift"] == "its time column holds values that are no numbers"


def test_a_detector_without_a_signal_does_not_drift() -> None:
    quality = measure(acquired(arrivals(1), np.zeros(20_000)))

    assert detector(quality, "PE-A").drift_decades == 0.0


HOSTILE = (
    [0.0, 5e-324, 1e308, -1e308, np.nan, np.inf, -np.inf, 1.0],
    [1e308, -1e308],
    [5e-324, 0.0],
    [np.nan],
    [np.inf],
    [0.0],
    [-1.0, -1e-300],
)


@pytest.mark.parametrize("clock", HOSTILE)
@pytest.mark.parametrize("values", HOSTILE)
@pytest.mark.parametrize("top", ["1", "262144", "1e300"])
def test_hostile_values_give_findings_and_no_traceback(
    clock: list[float], values: list[float], top: str
) -> None:
    count = 2000
    table = np.column_stack([np.resize(values, count)] * 3 + [np.resize(clock, count)])
    keywords = {"$TIMESTEP": "1e300"} | {f"$P{n}R": top for n in range(1, 5)}
    content = fcs_bytes(table, NAMES, datatype="D", bits=64, keywords=keywords)
    try:
        (tube,) = read_fcs(content, "tube.fcs")
    except DocumentError:
        return

    for alarm in alarms(measure(tube)):
        assert alarm.message


@pytest.mark.parametrize("top", ["4294967296", "262144"])
def test_half_a_decade_is_half_a_decade_whatever_range_is_declared(top: str) -> None:
    pe = signal(1)
    pe[8000:9000] *= 10.0**0.5

    quality = measure(acquired(arrivals(1), pe, keywords={"$P3R": top}))

    assert detector(quality, "PE-A").drift_decades == pytest.approx(0.5, abs=0.08)


# Looked at by eye: PE-A's median rises steadily from 1.4 to 1.7 decades; FSC-H of the HTS well
# swings between 20 % and 60 % of events at channel 0; the FC 500's flow rate is a third at first
# and falls to a fifth after 40 % of the time, and its detectors move with it.
UNSTEADY = {
    "68983.fcs": {"signal-drift"},
    "Sample_Well_A02.fcs": {"signal-drift"},
    "coulter.lmd": {"signal-drift", "flow-rate-unsteady", "events-off-scale"},
}


@pytest.mark.corpus
def test_real_files_that_are_clean_stay_clean(cytometry: Path) -> None:
    evaluated = 0
    for path in sorted(cytometry.rglob("*")):
        if path.suffix.lower() not in (".fcs", ".lmd"):
            continue
        try:
            tubes = read_fcs(path)
        except DocumentError:
            continue
        qualities = [measure(tube) for tube in tubes]
        evaluated += sum("drift" not in one.not_evaluated for one in qualities)
        found = {alarm.slug for one in qualities for alarm in alarms(one)}
        assert found == UNSTEADY.get(path.name, set()), path.name
    assert evaluated >= 13
