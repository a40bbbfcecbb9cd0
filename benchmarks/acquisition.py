"""Seeds faults into simulated acquisitions: which are found, and how often a clean one alarms.

`python -m benchmarks.acquisition` prints the rates by fault, and every alarm on the real files of
the folder that QCVALIDATE_CORPUS names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.row import Row
from qcvalidate.cytometry import ListModeFile, read_fcs
from qcvalidate.cytometry.quality import alarms, measure
from qcvalidate.errors import DocumentError

SEEDS = 24
CLEAN_SEEDS = 100
WANDER = 0.15
SIZES = (20_000, 60_000, 200_000, 500_000)
TOP = 262_144.0

Table = npt.NDArray[np.float64]


@dataclass
class Acquisition:
    """Events in order of time: `times` in seconds, one column of `signals` for each detector."""

    times: Table
    signals: Table
    random: np.random.Generator


def clean(seed: int, events: int, wander: float = 0.0) -> Acquisition:
    """Simulate a clean acquisition.

    Arrivals are Poisson on a clock that ticks every 10 ms; two to five populations are log-normal
    in 8 to 10 detectors, with electronic noise around zero, cut off at the top of the scale.
    With `wander` the flow rate and each population's share go up and down by that part of them,
    as when cells settle in the tube: nothing is wrong with the signals.
    """
    random = np.random.default_rng([seed, events])
    detectors = int(random.integers(8, 11))
    populations = int(random.integers(2, 6))
    turns = np.linspace(0.0, 2 * np.pi, events)
    steps = random.exponential(1.0 / random.uniform(200, 4000), events)
    times = np.round(np.cumsum(steps / (1.0 + wander * np.sin(turns))), 2)
    share = random.dirichlet(np.full(populations, 2.0))
    phase = random.uniform(0.0, 2 * np.pi, populations)
    shares = share * (1.0 + wander * np.sin(turns[:, None] + phase))
    reach = np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)
    which = (random.random(events)[:, None] > reach[:, :-1]).sum(axis=1)
    centre = random.uniform(1.5, 4.8, (populations, detectors))
    width = random.uniform(0.08, 0.35, (populations, detectors))
    logs = random.normal(centre[which], width[which])
    noise = random.normal(0.0, random.uniform(5, 80, detectors), (events, detectors))
    return Acquisition(times, np.minimum(10.0**logs + noise, TOP - 1), random)


def _part(one: Acquisition, share: float) -> slice:
    """Choose a stretch of this share of the events, not at the very ends."""
    count = len(one.times)
    start = int(one.random.uniform(0.1, 0.9 - share) * count)
    return slice(start, start + int(share * count))


def _detector(one: Acquisition) -> int:
    return int(one.random.integers(one.signals.shape[1]))


def block(one: Acquisition) -> Acquisition:
    """Shift 5 % of the events by half a decade in one detector, up or down."""
    factor = 10.0 ** (0.5 if one.random.random() < 0.5 else -0.5)
    one.signals[_part(one, 0.05), _detector(one)] *= factor
    return one


def step_up(one: Acquisition) -> Acquisition:
    """Raise one detector's signal by half of it, from somewhere in the middle to the end."""
    start = int(one.random.uniform(0.3, 0.7) * len(one.times))
    one.signals[start:, _detector(one)] *= 1.5
    return one


def step_down(one: Acquisition) -> Acquisition:
    """Halve one detector's signal, from somewhere in the middle to the end."""
    start = int(one.random.uniform(0.3, 0.7) * len(one.times))
    one.signals[start:, _detector(one)] *= 0.5
    return one


def drift(one: Acquisition) -> Acquisition:
    """Let one detector drift by 0.3 decades over the whole file, up or down."""
    sign = 1 if one.random.random() < 0.5 else -1
    share = np.linspace(0.0, sign * 0.3, len(one.times))
    one.signals[:, _detector(one)] *= 10.0**share
    return one


def dropout(one: Acquisition) -> Acquisition:
    """Lose 2 % of the events in one stretch; the clock runs on."""
    lost = _part(one, 0.02)
    keep = np.ones(len(one.times), bool)
    keep[lost] = False
    return Acquisition(one.times[keep], one.signals[keep], one.random)


def signal_dropout(one: Acquisition) -> Acquisition:
    """Lose one detector's signal for 2 % of the events: noise is left."""
    lost = _part(one, 0.02)
    size = lost.stop - lost.start
    one.signals[lost, _detector(one)] = one.random.normal(0.0, 20.0, size)
    return one


def clog(one: Acquisition) -> Acquisition:
    """Let the rate fall to a fifth for 4 % to 15 % of the time."""
    kept = _part(one, float(one.random.uniform(0.04, 0.15)))
    keep = np.ones(len(one.times), bool)
    keep[kept] = one.random.random(kept.stop - kept.start) < 0.2
    return Acquisition(one.times[keep], one.signals[keep], one.random)


def burst(one: Acquisition) -> Acquisition:
    """Let events arrive four times as fast for 5 % of the time."""
    fast = _part(one, 0.17)
    steps = np.diff(one.times, prepend=0.0)
    steps[fast] /= 4.0
    one.times = np.round(np.cumsum(steps), 2)
    return one


def set_back(one: Acquisition) -> Acquisition:
    """Set the clock back to its beginning in mid-acquisition."""
    half = len(one.times) // 2
    one.times[half:] -= one.times[half]
    return one


# Which alarm each fault must raise.
FAULTS: dict[str, tuple[Callable[[Acquisition], Acquisition], str]] = {
    "5 % block, half a decade": (block, "signal-drift"),
    "step of one detector, x 1.5": (step_up, "signal-drift"),
    "step of one detector, x 0.5": (step_down, "signal-drift"),
    "slow drift, 0.3 decades": (drift, "signal-drift"),
    "2 % of the events lost": (dropout, "acquisition-gap"),
    "2 % without one signal": (signal_dropout, "signal-drift"),
    "clog to a fifth": (clog, "flow-rate-unsteady"),
    "burst, four times as fast": (burst, "flow-rate-unsteady"),
    "clock set back": (set_back, "time-reversed"),
}


def as_file(one: Acquisition) -> ListModeFile:
    """Write the acquisition as FCS 3.1, floats, and read it."""
    names = [f"FL{n}-A" for n in range(1, one.signals.shape[1] - 1)]
    names = ["FSC-A", "SSC-A", *names, "Time"]
    table = np.column_stack([one.signals, one.times * 100]).astype("<f4")
    keywords = {
        "$PAR": str(len(names)),
        "$TOT": str(len(table)),
        "$DATATYPE": "F",
        "$MODE": "L",
        "$BYTEORD": "1,2,3,4",
        "$NEXTDATA": "0",
        "$TIMESTEP": "0.01",
        "$BEGINSTEXT": "0",
        "$ENDSTEXT": "0",
        "$BEGINANALYSIS": "0",
        "$ENDANALYSIS": "0",
    }
    for n, name in enumerate(names, 1):
        keywords |= {f"$P{n}N": name, f"$P{n}B": "32", f"$P{n}R": "262144", f"$P{n}E": "0,0"}
    start = 4096
    end = start + table.nbytes - 1
    keywords |= {"$BEGINDATA": str(start), "$ENDDATA": str(end)}
    text = "|" + "|".join(part for pair in keywords.items() for part in pair) + "|"
    header = "FCS3.1    " + "".join(
        f"{place:8d}" for place in (256, 256 + len(text) - 1, start, end, 0, 0)
    )
    content = (header.ljust(256) + text).ljust(start).encode() + table.tobytes()
    (found,) = read_fcs(content, "simulated.fcs")
    return found


def found_in(one: Acquisition) -> set[str]:
    """Give the alarms that an acquisition raises."""
    return {alarm.slug for alarm in alarms(measure(as_file(one)))}


def detections() -> Iterator[tuple[str, int, int]]:
    """Give each fault with how often it was found, and how often it was seeded."""
    for name, (seed_fault, slug) in FAULTS.items():
        hits = [
            slug in found_in(seed_fault(clean(seed, SIZES[seed % len(SIZES)])))
            for seed in range(SEEDS)
        ]
        yield name, sum(hits), len(hits)


def false_alarms(files: int = CLEAN_SEEDS, wander: float = 0.0) -> tuple[int, int]:
    """Give how many clean simulated files raise any alarm, of how many."""
    alarmed = 0
    for seed in range(files):
        found = found_in(clean(1000 + seed, SIZES[seed % len(SIZES)], wander))
        if found:
            print(f"acquisition: file {seed}, wander {wander}: {sorted(found)}", file=sys.stderr)
        alarmed += bool(found)
    return alarmed, files


def real_alarms(folder: Path) -> Iterator[str]:
    """Tell what every real file raises."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".fcs", ".lmd"):
            continue
        try:
            data_sets = read_fcs(path)
        except DocumentError:
            continue
        for one in data_sets:
            quality = measure(one)
            told = [alarm.message for alarm in alarms(quality)]
            untold = [f"({what}: {why})" for what, why in quality.not_evaluated.items()]
            yield f"{one.name} set {one.data_set}, {one.total} events: " + (
                "; ".join([*told, *untold]) or "clean"
            )


def rows() -> list[Row]:
    """Count faults that were missed and clean files that alarm; the budget is none of either."""
    missed = seeded = 0
    for name, hits, count in detections():
        print(f"acquisition: {name}: {hits} of {count} found", file=sys.stderr)
        missed += count - hits
        seeded += count
    alarmed, files = false_alarms()
    # No fault, and yet something to look at: medians do move when the cells' shares do.
    wandering, more = false_alarms(SEEDS, WANDER)
    print(
        f"acquisition: {wandering} of {more} files alarm whose shares and rate wander by "
        f"{100 * WANDER:.0f} %",
        file=sys.stderr,
    )
    return [
        Row("seeded faults that are missed", missed, seeded, 0.0, "faults"),
        Row("clean simulated files that alarm", alarmed, files, 0.0, "files"),
    ]


def main() -> None:
    """Print the rates, and what the real files raise."""
    for row in rows():
        print(f"{row.work}: {row.ours:.0f} of {row.other:.0f}")
    corpus = os.environ.get("QCVALIDATE_CORPUS")
    for line in real_alarms(Path(corpus, "cytometry")) if corpus else ():
        print(line)


if __name__ == "__main__":
    main()
