"""What the dark pixels of a page are: ruling lines, words, and marks that nobody read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from qcvalidate.documents.ocr.glyphs import PixelBox

if TYPE_CHECKING:
    from qcvalidate.documents.ocr.picture import Grey, Mask, Prepared

# Points: the shortest horizontal and vertical line that is no stroke of a letter, the thickest.
_SHORTEST = (26.0, 22.0)
_THICKEST = 3.5


# Of 255: how much lighter than its letters a line through a word may be, and how light at most.
_FADED, _LIGHTEST = 50.0, 110.0


# The share of a sign's width that its bar covers; the tip of a < covers less than half.
_BAR = 0.75


@dataclass(frozen=True)
class Rulings:
    """The ruling lines of a picture, in pixels, and the pixels that are theirs."""

    boxes: tuple[PixelBox, ...]
    mask: Mask


def find_rulings(prepared: Prepared) -> Rulings:
    """Find the long thin dark lines that are level or upright."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    ink = prepared.ink.astype(np.uint8)
    boxes: list[PixelBox] = []
    mask = np.zeros_like(ink)
    for upright in (False, True):
        length = round(_SHORTEST[upright] * prepared.scale)
        bridge = max(3, round(1.0 * prepared.scale))
        along = (1, length) if upright else (length, 1)
        gap = (1, bridge) if upright else (bridge, 1)
        # Specks of white break a line; a hair's slant makes it step from row to row.
        whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gap[::-1], np.uint8))
        opened = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones(along[::-1], np.uint8))
        joint = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joint, connectivity=8)
        for index in range(1, count):
            x, y, width, height, area = (int(value) for value in stats[index])
            long, across = (height, width) if upright else (width, height)
            if area / long > _THICKEST * prepared.scale or across > 0.12 * long:
                continue
            part = labels[y : y + height, x : x + width] == index
            mask[y : y + height, x : x + width][part] = 1
            boxes.append((x, y, x + width, y + height))
    grown = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    return Rulings(tuple(boxes), cast("Mask", grown.astype(bool)))


def without(prepared: Prepared, rulings: Rulings) -> Grey:
    """Give the picture with its rulings painted over, for an engine that trips over them."""
    import numpy as np  # noqa: PLC0415

    return cast("Grey", np.where(rulings.mask, np.uint8(255), prepared.grey))


def tight(ink: Mask, box: PixelBox) -> PixelBox:
    """Draw a box in to the ink inside it; give it back as it is where there is none."""
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    part = ink[y0:y1, x0:x1]
    columns, rows = part.any(axis=0).nonzero()[0], part.any(axis=1).nonzero()[0]
    if not columns.size:
        return box
    return (
        float(x0 + columns[0]),
        float(y0 + rows[0]),
        float(x0 + columns[-1] + 1),
        float(y0 + rows[-1] + 1),
    )


def widest_gap(ink: Mask, box: PixelBox) -> tuple[float, float]:
    """Give the middle and the width of the widest run of columns without ink in a box."""
    import numpy as np  # noqa: PLC0415

    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    columns = ink[y0:y1, x0:x1].any(axis=0)
    if not columns.size:
        return (box[0] + box[2]) / 2, 0.0
    edges = np.flatnonzero(np.diff(np.concatenate(([True], columns, [True])).astype(np.int8)))
    if not edges.size:
        return (box[0] + box[2]) / 2, 0.0
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return x0 + float(starts[best] + ends[best]) / 2, float(ends[best] - starts[best])


def has_bar_below(ink: Mask, box: PixelBox) -> bool:
    """Say whether a sign stands on a level bar: ± and ≤ do, + ends in a stem and < in a tip."""
    import numpy as np  # noqa: PLC0415

    x0, y0, x1, y1 = (max(0, round(edge)) for edge in tight(ink, box))
    sign = ink[y0:y1, x0:x1]
    height, width = sign.shape
    if height < 6 or width < 4:
        return False
    foot = sign[height - max(2, height // 4) :]
    return bool((np.mean(foot, axis=1) >= _BAR).any())


def is_struck(grey: Grey, box: PixelBox) -> bool:
    """Say whether one level line, as dark as the letters, runs through a word from end to end."""
    import numpy as np  # noqa: PLC0415

    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    width, height = x1 - x0, y1 - y0
    if height < 6 or width < 1.2 * height:
        return False
    word = grey[y0:y1, x0:x1]
    margin = round(0.3 * height)
    band = word[margin : height - margin]
    # A line that is not quite level steps from one row to the next.
    rows = np.minimum(band[:-1], band[1:])
    if not rows.size:
        return False
    dark = float(np.percentile(word, 5)) + _FADED
    # The white between two letters shows that no line runs there; a hole in it may be a fold.
    return bool((np.percentile(rows, 97, axis=1) <= min(dark, _LIGHTEST)).any())
