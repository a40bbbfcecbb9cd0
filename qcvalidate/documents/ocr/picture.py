"""Makes a page's picture ready to be read: upright, straight, evenly lit, of a known size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]
    Mask = npt.NDArray[np.bool_]

# Dots an inch that both engines like; a fax has 98 from top to bottom.
_LEAST_DPI, _MOST_DPI = 190.0, 250.0
_AIMED_DPI = 225.0
# Points: A4 and US Letter, of which a picture without a size of its own is taken to be.
_A4, _LETTER = (595.0, 842.0), (612.0, 792.0)
# A picture's own resolution is believed when its page would be of a size like this, in inches.
_PAGE_INCHES = (3.0, 24.0)
# Degrees; what is fed in more askew is not a page's picture.
_MOST_SKEW = 6.0
# Of 255, after the light is evened out.
_DARK = 150


@dataclass(frozen=True)
class Prepared:
    """A page's picture as it is read; `scale` is in pixels to a point.

    `turned` is the quarter turn, in degrees clockwise, and `skew` the rest, that were applied.
    `sure` says that the turn was told by the writing and not guessed; `native` is the resolution
    that the picture came with, in dots an inch, in its coarser direction.
    """

    grey: Grey
    scale: float
    turned: int
    skew: float
    sure: bool
    native: float

    @property
    def dpi(self) -> int:
        """Give the pixels to an inch."""
        return round(self.scale * 72)

    @property
    def ink(self) -> Mask:
        """Say of each pixel whether it is dark."""
        return self.grey < _DARK


def prepare(
    picture: Grey,
    dpi: tuple[float, float] | None,
    direction: Callable[[Grey], tuple[int, bool]],
) -> Prepared:
    """Make one page's grey picture ready; `dpi` is its own, from left to right and downwards.

    `direction` tells by how many degrees clockwise a picture must be turned, and how surely.
    """
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    across, down = _resolution(picture.shape[1], picture.shape[0], dpi)
    aimed = across if across == down and _LEAST_DPI <= across <= _MOST_DPI else _AIMED_DPI
    grey = _scaled(picture, aimed / across, aimed / down)
    grey = _without_bands(_evenly_lit(grey), aimed / 72)
    turned, sure = direction(grey)
    grey = cast("Grey", np.ascontiguousarray(np.rot90(grey, -turned // 90)))
    skew = _skew(grey)
    if skew:
        height, width = grey.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        grey = cast(
            "Grey",
            cv2.warpAffine(
                grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)
            ),
        )
    return Prepared(grey, aimed / 72, turned, skew, sure, min(across, down))


def _resolution(width: int, height: int, dpi: tuple[float, float] | None) -> tuple[float, float]:
    """Give the dots an inch, across and down: the picture's own, or those of a whole page."""
    if dpi is not None and all(value > 1 for value in dpi):
        inches = (width / dpi[0], height / dpi[1])
        # 72 and 96 are what programs write who do not know.
        if all(_PAGE_INCHES[0] <= side <= _PAGE_INCHES[1] for side in inches) and (
            min(dpi) > 96 or max(inches) < 12
        ):
            return dpi
    short, long = sorted((width, height))
    paper = min((_A4, _LETTER), key=lambda size: abs(size[1] / size[0] - long / short))
    found = max(short / paper[0], long / paper[1]) * 72
    return found, found


def _scaled(grey: Grey, across: float, down: float) -> Grey:
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    if across == down == 1:
        return grey
    size = (max(1, round(grey.shape[1] * across)), max(1, round(grey.shape[0] * down)))
    how = cv2.INTER_CUBIC if max(across, down) > 1 else cv2.INTER_AREA
    larger = cv2.resize(grey, size, interpolation=how)
    if max(across, down) > 1 and _is_black_and_white(grey):
        # The stairs of a fax are no strokes.
        larger = cv2.GaussianBlur(larger, (0, 0), 0.4 * max(across, down))
    return cast("Grey", larger.astype(np.uint8, copy=False))


def _is_black_and_white(grey: Grey) -> bool:
    between = ((grey > 60) & (grey < 195)).mean()
    return bool(between < 0.01)


def _evenly_lit(grey: Grey) -> Grey:
    """Make the paper white everywhere and the print black, as far as it was printed dark."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    # The paper is the lightest thing within a few lines' height.
    paper = cv2.dilate(small, np.ones((7, 7), np.uint8))
    paper = cv2.medianBlur(paper, 15)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    light = grey.astype(np.float32) / np.maximum(paper, 60)
    # The darkest tenth of what is darker than the paper is taken for black.
    print_ = light[light < 0.75]
    black = float(np.percentile(print_, 10)) if print_.size > 200 else 0.0
    black = min(black, 0.5)
    stretched = (light - black) / (0.97 - black)
    return cast("Grey", (np.clip(stretched, 0, 1) * 255).astype(np.uint8))


def _without_bands(grey: Grey, scale: float) -> Grey:
    """Turn white print on a dark band into dark print on white; leave bands without print.

    What is covered by a black bar must stay to be seen as a mark that nobody could read.
    """
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    dark = (grey < _DARK).astype(np.uint8)
    stroke, width, height = (max(3, round(points * scale)) for points in (4.0, 30.0, 9.0))
    filled = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((stroke, stroke), np.uint8))
    bands = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bands)
    turned = grey.copy()
    for index in range(1, count):
        x, y, across, down, area = (int(value) for value in stats[index])
        window = (slice(y, y + down), slice(x, x + across))
        band = labels[window] == index
        inked = dark[window][band].mean()
        # Bold print covers a third of its band; a photograph is of no one darkness.
        if area > 0.8 * across * down and 0.55 < inked < 0.985:
            turned[window][band] = 255 - grey[window][band]
            edge = np.zeros_like(dark)
            edge[window][band] = 1
            rim = cv2.dilate(edge, np.ones((3, 3), np.uint8)).astype(bool) & ~edge.astype(bool)
            turned[rim] = 255
    return turned


def _skew(grey: Grey) -> float:
    """Give the angle, in degrees counter-clockwise, that makes the lines level; 0 for none.

    Lines are level when the rows of the picture differ most in their ink.
    """
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    factor = 900 / max(grey.shape)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = (255 - small).astype(np.float32)
    # What the edges of a scan show is no writing.
    margin = round(0.03 * min(ink.shape))
    ink = ink[margin:-margin, margin:-margin]
    if ink.mean() < 0.2:
        return 0.0
    height, width = ink.shape

    def sharpness(angle: float) -> float:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = 0.0
    for reach, step in ((_MOST_SKEW, 0.5), (0.5, 0.1), (0.1, 0.02)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=sharpness))
    return best if abs(best) >= 0.03 else 0.0
