"""Simulated list-mode files (FCS 3.1, float32), the same bytes at every run.

Only `random` and `standard_normal` of numpy's PCG64 are drawn from: both have stayed the
same since they were made. Signals are rounded to steps of 1/64, so that a processor that
rounds the last bit of `exp` otherwise still writes the same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Signals = npt.NDArray[np.float64]

TOP = 262144.0  # $PnR of every detector: an 18-bit scale, kept as floats
HEIGHT = 0.82  # FSC-H of a single cell, per FSC-A
STEP = 64  # signals are multiples of 1/STEP
PHOTONS = 4.0  # variance per unit of signal: what spreads a compensated negative
READOUT = 45.0  # standard deviation of a detector without light
SECONDS_PER_TICK = 0.01  # $TIMESTEP

COMMENT = "Simulated data made by qcvalidate samples; no donor"


@dataclass(frozen=True)
class Stain:
    """Signal of a marker's positive cells: median, spread (ln), and the share of cells with it."""

    median: float
    spread: float = 0.35
    share: float = 1.0


@dataclass(frozen=True)
class Population:
    """One kind of event; `share` is of all events. `dead` cells take up the viability dye."""

    name: str
    share: float
    forward: float
    side: float
    stains: dict[str, Stain] = field(default_factory=dict)
    size_spread: float = 0.18
    glow: float = 90.0  # autofluorescence
    dead: bool = False
    doublet: bool = False


@dataclass(frozen=True)
class Detector:
    """A fluorescence detector ($PnN), what is measured on it ($PnS), and its voltage."""

    name: str
    marker: str
    volts: int


@dataclass(frozen=True)
class Panel:
    """The detectors in order, and how much of each row's dye each column's detector sees."""

    name: str
    detectors: tuple[Detector, ...]
    spill: dict[tuple[str, str], float]

    def matrix(self) -> Signals:
        names = [detector.name for detector in self.detectors]
        matrix = np.eye(len(names))
        for (dye, detector), share in self.spill.items():
            matrix[names.index(dye), names.index(detector)] = share
        return matrix


@dataclass(frozen=True)
class Acquisition:
    """Who ran which tube when; `events_per_second` stays the same from first to last."""

    lot: str
    sample_id: str
    file: str
    date: str  # 16-MAR-2026
    begin: str  # 09:55:10
    source: str
    seed: int
    events: int = 21_000
    events_per_second: float = 310.0


DYE = Stain(26_000, 0.38)


def write_fcs(acquisition: Acquisition, panel: Panel, populations: Sequence[Population]) -> bytes:
    """Give the file's bytes."""
    events = _events(acquisition, panel, populations)
    return _fcs(events, _keywords(acquisition, panel, float(events[-1, -1])))


def _events(
    acquisition: Acquisition, panel: Panel, populations: Sequence[Population]
) -> npt.NDArray[np.float32]:
    total = acquisition.events
    random = np.random.Generator(np.random.PCG64(acquisition.seed))
    kinds = np.searchsorted(np.cumsum([p.share for p in populations]), random.random(total))
    kinds = np.minimum(kinds, len(populations) - 1)
    size, side, light = _cells(random, populations, kinds, panel)
    mates = _cells(random, populations, kinds, panel)
    pairs = np.array([population.doublet for population in populations])[kinds]

    area = size + np.where(pairs, mates[0], 0.0)
    height = HEIGHT * np.where(pairs, 1.07 * np.maximum(size, mates[0]), size)
    height = height * (1.0 + 0.028 * random.standard_normal(total))
    side = side + np.where(pairs, mates[1], 0.0)
    light = light + np.where(pairs[:, None], mates[2], 0.0)

    seen = _through_filters(random, light, panel.matrix())
    clock = np.cumsum(-np.log1p(-random.random(total))) / acquisition.events_per_second
    columns = [area, height, side, *seen.T]
    signals = np.minimum(np.round(np.column_stack(columns) * STEP) / STEP, TOP - 1.0)
    ticks = np.floor(clock / SECONDS_PER_TICK)
    return np.column_stack([signals, ticks]).astype("<f4")


def _cells(
    random: np.random.Generator,
    populations: Sequence[Population],
    kinds: npt.NDArray[np.intp],
    panel: Panel,
) -> tuple[Signals, Signals, Signals]:
    """Draw one cell per event: its size, its granularity, and the light of each dye."""

    def each(values: list[float]) -> Signals:
        chosen: Signals = np.array(values, dtype=np.float64)[kinds]
        return chosen

    total = len(kinds)
    spread = each([population.size_spread for population in populations])
    size = each([p.forward for p in populations]) * np.exp(spread * random.standard_normal(total))
    noise = 0.6 * (size / each([p.forward for p in populations]) - 1.0)
    side = each([p.side for p in populations]) * np.exp(
        noise + 0.22 * random.standard_normal(total)
    )
    glow = each([population.glow for population in populations])
    light = np.empty((total, len(panel.detectors)))
    for column, detector in enumerate(panel.detectors):
        stains = [_stain(population, detector.marker) for population in populations]
        bright = each([stain.median for stain in stains]) * np.exp(
            each([stain.spread for stain in stains]) * random.standard_normal(total)
        )
        stained = random.random(total) < each([stain.share for stain in stains])
        own = glow * (1.0 + 0.25 * random.standard_normal(total))
        light[:, column] = own + np.where(stained, bright, 0.0)
    return size, side, light


def _stain(population: Population, marker: str) -> Stain:
    if marker == "7-AAD" and population.dead:
        return population.stains.get(marker, DYE)
    return population.stains.get(marker, Stain(1.0, 0.0, 0.0))


def _through_filters(random: np.random.Generator, light: Signals, matrix: Signals) -> Signals:
    """Spill the dyes' light over the detectors, with the noise of photons and of read-out."""
    seen = np.zeros_like(light)
    # Added dye by dye and not as a matrix product, whose rounding depends on the BLAS.
    for dye in range(light.shape[1]):
        for detector in range(light.shape[1]):
            if matrix[dye, detector]:
                seen[:, detector] += matrix[dye, detector] * light[:, dye]
    seen += np.sqrt(PHOTONS * np.maximum(seen, 0.0)) * random.standard_normal(seen.shape)
    seen += READOUT * random.standard_normal(seen.shape)
    return seen


def _keywords(acquisition: Acquisition, panel: Panel, last_tick: float) -> dict[str, str]:
    """Give the TEXT segment in order, but for the offsets of DATA."""
    names = [("FSC-A", ""), ("FSC-H", ""), ("SSC-A", "")]
    names += [(detector.name, detector.marker) for detector in panel.detectors]
    names += [("Time", "")]
    volts = [360, 360, 290, *(detector.volts for detector in panel.detectors)]
    detectors = [detector.name for detector in panel.detectors]
    coefficients = [f"{value:g}" for value in panel.matrix().ravel()]
    keywords = {
        "$BEGINANALYSIS": "0",
        "$ENDANALYSIS": "0",
        "$BEGINSTEXT": "0",
        "$ENDSTEXT": "0",
        "$BYTEORD": "1,2,3,4",
        "$DATATYPE": "F",
        "$MODE": "L",
        "$NEXTDATA": "0",
        "$PAR": str(len(names)),
        "$TOT": str(acquisition.events),
        "$FIL": acquisition.file,
        "$DATE": acquisition.date,
        "$BTIM": acquisition.begin,
        "$ETIM": _later(acquisition.begin, last_tick * SECONDS_PER_TICK),
        "$TIMESTEP": f"{SECONDS_PER_TICK:g}",
        "$CYT": "SimCyte 3 (simulated)",
        "$CYTSN": "SIM-0001",
        "$OP": "A. Sample (fictitious)",
        "$INST": "Example Cell Clinic (fictitious)",
        "$SRC": acquisition.source,
        "$COM": COMMENT,
        "$SPILLOVER": ",".join([str(len(detectors)), *detectors, *coefficients]),
        "LOT": acquisition.lot,
        "SAMPLE ID": acquisition.sample_id,
        "PANEL": panel.name,
    }
    for number, (name, marker) in enumerate(names, start=1):
        keywords |= {
            f"$P{number}N": name,
            f"$P{number}B": "32",
            f"$P{number}E": "0,0",
            f"$P{number}R": str(int(TOP)),
            f"$P{number}G": "1",
        }
        if marker:
            keywords[f"$P{number}S"] = marker
        if number <= len(volts):
            keywords[f"$P{number}V"] = str(volts[number - 1])
    return keywords


def _later(clock: str, seconds: float) -> str:
    hours, minutes, start = (int(part) for part in clock.split(":"))
    end = hours * 3600 + minutes * 60 + start + int(seconds)
    return f"{end // 3600:02d}:{end // 60 % 60:02d}:{end % 60:02d}"


def _fcs(events: npt.NDArray[np.float32], keywords: dict[str, str]) -> bytes:
    data = events.tobytes()
    start = 256
    # The offsets of DATA are written in a fixed width, so that they do not move it.
    text = _text({"$BEGINDATA": "0" * 8, "$ENDDATA": "0" * 8, **keywords})
    first = -(-(start + len(text)) // 64) * 64
    last = first + len(data) - 1
    text = _text({"$BEGINDATA": f"{first:08d}", "$ENDDATA": f"{last:08d}", **keywords})
    offsets = (start, start + len(text) - 1, first, last, 0, 0)
    header = b"FCS3.1    " + b"".join(f"{offset:8d}".encode("ascii") for offset in offsets)
    return header.ljust(start) + text.ljust(first - start) + data


def _text(keywords: dict[str, str]) -> bytes:
    delimiter = "|"
    words = [word for pair in keywords.items() for word in pair]
    if any(not word or delimiter in word for word in words):
        raise ValueError("a keyword is empty or holds the delimiter")
    return (delimiter + delimiter.join(words) + delimiter).encode("utf-8")
