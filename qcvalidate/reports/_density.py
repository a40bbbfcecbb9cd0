"""Draws event density: counts go in, a small PNG, axes and gate outlines come out."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qcvalidate.record import GatePlot

# Five stops of cividis, which looks alike with every kind of colour vision and grows steadily
# lighter, so that it survives a black-and-white printer.
_STOPS = ((0, 34, 78), (67, 78, 108), (125, 124, 120), (188, 175, 111), (254, 232, 56))
_EMPTY = (255, 255, 255)

# The drawing, in its own units: the plot area and what is around it for ticks and labels.
SIDE = 240
LEFT, TOP, RIGHT, BOTTOM = 62, 10, 16, 46
WIDTH, HEIGHT = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM


# Fewer events than these are drawn in cells four and two times as wide: single ones must be seen.
_SPARSE = ((2_000, 4), (20_000, 2))
# About the width of a letter, and how many of them a name of an axis may have.
_LETTER = 6.2
_LONGEST = 34


@dataclass(frozen=True)
class Label:
    """A text inside the plot area, and where: `anchor` is start, middle or end."""

    x: str
    y: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Drawing:
    """What the template needs to draw one plot; all coordinates are in the drawing's units.

    `image` is a data URI of the density, empty for a plot of one parameter, which has the
    polygon `histogram` instead. `outlines` are the gates' polygons inside the plot area, `labels`
    the shares of quadrants. `drawn` is False where there is nothing to draw.
    """

    drawn: bool
    image: str
    histogram: str
    outlines: tuple[str, ...]
    labels: tuple[Label, ...]
    x_ticks: tuple[tuple[str, str], ...]
    y_ticks: tuple[tuple[str, str], ...]
    x_label: str
    y_label: str


def draw(plot: GatePlot) -> Drawing:
    """Draw one plot."""
    single = plot.counts.shape[0] == 1
    outlines = (_points(outline) for outline in plot.outlines)
    return Drawing(
        drawn=bool(plot.counts.size),
        image=_data_uri(coarse(plot.counts)) if plot.counts.size and not single else "",
        histogram=_histogram(plot.counts[0]) if single else "",
        outlines=tuple(points for points in outlines if points),
        labels=tuple(_labels(plot)),
        x_label=_fitted(plot.x_label),
        y_label=_fitted(plot.y_label),
        x_ticks=tuple((_number(LEFT + at * SIDE), text) for at, text in _inside(plot.x_ticks)),
        y_ticks=tuple((_number(TOP + (1 - at) * SIDE), text) for at, text in _inside(plot.y_ticks)),
    )


def percent_words(value: float) -> str:
    """Write a share in % so that some events are never 0.00, and not all never 100.00.

    >>> percent_words(12.3456), percent_words(0.00333), percent_words(99.997)
    ('12.35', '0.0033', '99.9970')
    """
    if 0 < value < 0.1:
        return f"{value:.2g}"
    return f"{value:.4f}" if 99.99 < value < 100 else f"{value:.2f}"


def share_words(count: int, parent_count: int, interval: tuple[float, float] | None = None) -> str:
    """Say a gate's share of its parent with its interval; an empty parent has none."""
    if not parent_count:
        return "not evaluable, its parent holds no events"
    share = f"{percent_words(100 * count / parent_count)} %"
    if interval is None:
        return share
    low, high = map(percent_words, interval)
    return f"{share} (95 %: {low} to {high} %)"


def png(counts: npt.NDArray[np.uint32]) -> bytes:
    """Write counts, row 0 at the bottom, as a PNG with a logarithmic scale of 255 colours."""
    height, width = counts.shape
    most = int(counts.max(initial=0))
    scale = 254 / math.log1p(most) if most > 1 else 0.0
    shades = np.where(counts == 0, 0, 1 + np.rint(np.log1p(counts) * scale)).astype(np.uint8)
    # Every line of a PNG begins with the number of its filter, here none.
    lines = np.zeros((height, width + 1), dtype=np.uint8)
    lines[:, 1:] = shades[::-1]
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        _chunk(b"IHDR", header),
        _chunk(b"PLTE", _palette()),
        _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def coarse(counts: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Join cells where events are few."""
    events = int(counts.sum())
    factor = next((factor for most, factor in _SPARSE if events < most), 1)
    height, width = counts.shape
    if not events or height % factor or width % factor:
        return counts
    blocks = counts.reshape(height // factor, factor, width // factor, factor)
    joined: npt.NDArray[np.uint32] = blocks.sum(axis=(1, 3), dtype=np.uint32)
    return joined


def _labels(plot: GatePlot) -> Iterator[Label]:
    """Tell each quadrant's share in its outermost corner, with its name where there is room."""
    for share, outline in zip(plot.shares, plot.outlines, strict=False):
        if not outline or not plot.parent_count:
            continue
        across, up = zip(*outline, strict=True)
        x, anchor = _towards_end(min(across), max(across), ("start", "middle", "end"))
        y, _ = _towards_end(min(up), max(up), ("bottom", "middle", "top"))
        room = (max(across) - min(across)) * SIDE - 8
        percent = f"{percent_words(100 * share.count / plot.parent_count)} %"
        text = f"{share.name} {percent}"
        text = text if len(text) * _LETTER <= room else percent
        if len(text) * _LETTER <= room and (max(up) - min(up)) * SIDE >= 14:
            inset = {"start": 4, "middle": 0, "end": -4}[anchor]
            # The baseline of the letters, kept within the frame.
            base = min(max((1 - y) * SIDE + 4, 13), SIDE - 5)
            yield Label(_number(x * SIDE + inset), _number(base), anchor, text)


def _towards_end(low: float, high: float, words: tuple[str, str, str]) -> tuple[float, str]:
    """Choose the end of a stretch that lies on the frame, else its middle."""
    if low <= 0.001:
        return low, words[0]
    return (high, words[2]) if high >= 0.999 else ((low + high) / 2, words[1])


def _fitted(text: str) -> str:
    """Shorten the name of an axis that would run out of the picture; the caption has it all."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _data_uri(counts: npt.NDArray[np.uint32]) -> str:
    return "data:image/png;base64," + base64.b64encode(png(counts)).decode("ascii")


def _palette() -> bytes:
    colours = [_EMPTY]
    for step in range(255):
        position = step / 254 * (len(_STOPS) - 1)
        stop = min(int(position), len(_STOPS) - 2)
        share = position - stop
        low, high = _STOPS[stop], _STOPS[stop + 1]
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
        colours.append((red, green, blue))
    return bytes(level for colour in colours for level in colour)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def _histogram(counts: npt.NDArray[np.uint32]) -> str:
    """Give the outline of a histogram in the plot area's own units, from its lower left corner."""
    most = int(counts.max(initial=0)) or 1
    steps = len(counts) or 1
    tops = [SIDE * (1 - 0.95 * int(count) / most) for count in counts]
    points = [(0.0, float(SIDE))]
    for step, top in enumerate(tops):
        points += [(SIDE * step / steps, top), (SIDE * (step + 1) / steps, top)]
    points.append((float(SIDE), float(SIDE)))
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _points(outline: tuple[tuple[float, float], ...]) -> str:
    # An edge at infinity is drawn a little outside of the plot area, which cuts it off.
    limited = [(_limited(x), _limited(y)) for x, y in outline]
    shown = [(x, y) for x, y in limited if not (math.isnan(x) or math.isnan(y))]
    return " ".join(f"{_number(x * SIDE)},{_number((1 - y) * SIDE)}" for x, y in shown)


def _limited(value: float) -> float:
    return value if math.isnan(value) else min(max(value, -9.0), 10.0)


def _inside(ticks: tuple[tuple[float, str], ...]) -> list[tuple[float, str]]:
    return [(at, text) for at, text in ticks if 0 <= at <= 1]


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
