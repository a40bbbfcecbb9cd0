"""Draws how an acquisition went: the flow rate by time, and the signal of each detector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from qcvalidate.record import AcquisitionQuality, DetectorQuality

# The plot of the flow rate, in its own units.
WIDTH, HEIGHT = 360, 128
LEFT, TOP, RIGHT, BOTTOM = 44, 8, 10, 34
# That of a detector, which stands in a row of a table.
SPAN, RISE = 150, 36
# Twice the usual rate is drawn in full, and a shift of a quarter of a decade.
_LEAST_TOP = 2.2
_LEAST_DECADES = 0.25
# As far as an alarm lets a signal drift.
_BAND = 0.1


@dataclass(frozen=True)
class Course:
    """A line to draw, with what it tells in words; `band` is the half height of what is usual.

    `levels` are the heights of the lines that go across, each with its label.
    """

    points: Markup
    words: str
    levels: tuple[tuple[str, str], ...] = ()
    band: str = ""
    end: str = ""


def rate_course(one: AcquisitionQuality) -> Course | None:
    """Draw the flow rate in shares of its median; None where there is none."""
    if not one.rates:
        return None
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    top = max(_LEAST_TOP, 1.05 * max(one.rates))
    step = across / len(one.rates)
    points = []
    for number, rate in enumerate(one.rates):
        y = _number(TOP + up * (1 - rate / top))
        points += [f"{_number(LEFT + number * step)},{y}"]
        points += [f"{_number(LEFT + (number + 1) * step)},{y}"]
    shown = [level for level in (0, 1, 2, 5, 10, 20, 50) if level <= top]
    if len(shown) > 4:
        shown = [0, 1, *shown[-2:]]
    levels = tuple((_number(TOP + up * (1 - n / top)), f"{100 * n} %") for n in shown)
    low, high = (f"{100 * rate:.3g} %" for rate in (min(one.rates), max(one.rates)))
    end = "end" if one.duration is None else f"{one.duration:.4g} s"
    words = f"Flow rate by time, from {low} to {high} of its median"
    return Course(_line(points), words, levels, end=end)


def drift_course(one: DetectorQuality) -> Course | None:
    """Draw how far a detector's signal lies from the whole; None where that is not known."""
    if not one.course:
        return None
    most = max(_LEAST_DECADES, *map(abs, one.course))
    middle = RISE / 2
    scale = (middle - 2) / most
    step = SPAN / max(1, len(one.course) - 1)
    points = [
        f"{_number(number * step)},{_number(middle - value * scale)}"
        for number, value in enumerate(one.course)
    ]
    words = (
        f"Signal of {one.name} by time: from {min(one.course):+.2f} to {max(one.course):+.2f} "
        "decades beside its whole"
    )
    return Course(_line(points), words, band=_number(_BAND * scale))


def _line(points: Iterable[str]) -> Markup:
    # Our own numbers, and longer than a document's text may be.
    return Markup(" ".join(points))  # noqa: S704


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
