"""Tells what a scanned page shows besides its words: what is struck out, and what nobody read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qcvalidate.documents.document import Box, Page, Word
from qcvalidate.documents.ocr.glyphs import PixelBox
from qcvalidate.documents.pictures import is_emblem, is_signature
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qcvalidate.documents.ocr.ink import Rulings
    from qcvalidate.documents.ocr.picture import Mask, Prepared

_LONGEST = 80
# Of a text line's height: what is smaller is dust, a bullet or a dot.
_SMALLEST, _BULLET, _BESIDE = 0.5, 0.7, 0.35
# A dash is wide and thin.
_DASH_WIDTH, _DASH_SHAPE = 0.32, 2.0
# Points: what is thinner beside a ruling belongs to it; what lies so near the edge is its shadow.
_THIN, _EDGE = 2.6, 12.0
# Points from the sides of the paper within which holes are punched (ISO 838: 9 to 15 mm).
_PUNCHED = 45.0
# Of 255: paper and its noise differ by less.
_EVEN = 50.0
# The text height of a page on which nothing was read, in points.
_ORDINARY = 9.0


def findings_of(page: Page, unread: Sequence[Box], name: str) -> Iterator[Finding]:
    """Report words that are struck through, and the marks of `unread_marks`."""
    struck = [word for word in page.words if word.struck]
    if struck:
        text = " ".join(word.text for word in struck)
        text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        yield Finding(
            "text-struck",
            Severity.HOLD,
            f"{name} page {page.number}: “{text}” is struck through; "
            "ask the laboratory for an amended report",
            _place(name, page, struck[0].bbox),
        )
    words = [word for word in page.words if word.text.strip("|_-—=.,'")]
    doubtful = [box for box in unread if not _is_harmless(box, page, words)]
    if doubtful:
        yield Finding(
            "page-unread",
            Severity.HOLD,
            f"{name} page {page.number}: {_count(len(doubtful))} among the text could not be read "
            "(a stamp, handwriting, a sign?); look at it, and ask the laboratory what it says",
            _place(name, page, doubtful[0]),
        )
    elif unread:
        yield Finding(
            "page-unread",
            Severity.WARNING,
            f"{name} page {page.number}: {_count(len(unread))} in the margins or where a signature "
            "belongs could not be read",
            _place(name, page, unread[0]),
        )


def coarse_finding(page: Page, dpi: float, name: str) -> Finding:
    """Say that a picture is too coarse for any of its words to be sure."""
    return Finding(
        "page-unread",
        Severity.WARNING,
        f"{name} page {page.number}: the picture has {dpi:.0f} dots an inch, at which e and o look "
        "alike, so no word of it is sure; ask for a scan of 200 or more",
        Place(name, page.number),
    )


def wordless_finding(number: int, name: str) -> Finding:
    """Say that a page is a picture of something, and of no word that either engine knows."""
    return Finding(
        "page-unread",
        Severity.HOLD,
        f"{name} page {number}: holds a picture in which no word could be read; look at it",
        Place(name, number),
    )


def is_even(picture: npt.NDArray[np.uint8]) -> bool:
    """Say whether a picture, in grey or in colour, shows nothing but paper."""
    import numpy as np  # noqa: PLC0415

    height, width = picture.shape[:2]
    inner = picture[height // 20 : height - height // 20, width // 20 : width - width // 20]
    low, high = np.percentile(inner.reshape(-1, *inner.shape[2:]), [0.2, 99.8], axis=0)
    return bool(np.max(high - low) < _EVEN)


def _count(marks: int) -> str:
    return "a mark" if marks == 1 else f"each of {marks} marks"


def _place(name: str, page: Page, box: Box) -> Place:
    return Place(name, page.number, ",".join(f"{edge:g}" for edge in box))


def _is_harmless(box: Box, page: Page, words: list[Word]) -> bool:
    """Say whether a mark is an emblem, a signature, or stands outside of the text."""
    if not words:
        return False
    if is_emblem(box, page, words) or is_signature(box, words):
        return True
    left = min(_PUNCHED, *(word.bbox[0] for word in words))
    right = max(page.width - _PUNCHED, *(word.bbox[2] for word in words))
    top = min(word.bbox[1] for word in words)
    bottom = max(word.bbox[3] for word in words)
    return box[2] < left or box[0] > right or box[3] < top or box[1] > bottom


def unread_marks(
    prepared: Prepared, ink: Mask, rulings: Rulings, words: Sequence[PixelBox]
) -> list[PixelBox]:
    """Find what is dark, large enough for a letter, and neither a word nor a ruling.

    `ink` is without rulings; `words` are the boxes of all that either engine read, in pixels.
    """
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    height = _text_height(prepared, words)
    rest = ink.astype(np.uint8)
    around = cv2.dilate(rulings.mask.astype(np.uint8), np.ones((5, 5), np.uint8))
    rest[around > 0] = 0
    for box in words:
        slack = 2 + 0.15 * min(height, box[3] - box[1])
        x0, y0 = (max(0, round(edge - slack)) for edge in box[:2])
        rest[y0 : round(box[3] + slack), x0 : round(box[2] + slack)] = 0
    # Single pixels of noise must not be joined to a mark.
    solid = cv2.medianBlur(rest, 3)
    near = max(3, round(_BESIDE * height))
    joint = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joint, connectivity=8)
    found = []
    for index in range(1, count):
        x, y, across, down, _ = (int(value) for value in stats[index])
        part = labels[y : y + down, x : x + across] == index
        area = int(solid[y : y + down, x : x + across][part].sum())
        box = (float(x), float(y), float(x + across), float(y + down))
        if _is_mark(across, down, area, height) and not _is_frame(box, prepared, rulings):
            found.append(box)
    return sorted(found, key=lambda box: (box[1], box[0]))


def _text_height(prepared: Prepared, words: Sequence[PixelBox]) -> float:
    import numpy as np  # noqa: PLC0415

    if not words:
        return _ORDINARY * prepared.scale
    return float(np.median([box[3] - box[1] for box in words]))


def _is_mark(across: int, down: int, area: int, height: float) -> bool:
    """Say whether a piece of ink is of a size to say something."""
    if down < _SMALLEST * height and across >= max(_DASH_WIDTH * height, _DASH_SHAPE * down):
        return area >= 0.5 * across * down and across >= 4
    if max(across, down) < _SMALLEST * height or area < 0.06 * height * height:
        return False
    disc = area > 0.6 * across * down and max(across, down) < 1.4 * min(across, down)
    return not (disc and max(across, down) < _BULLET * height)


def _is_frame(box: PixelBox, prepared: Prepared, rulings: Rulings) -> bool:
    """Say whether a mark is what is left of a ruling, or the shadow at the edge of a scan."""
    x0, y0, x1, y1 = box
    height, width = prepared.grey.shape
    edge = _EDGE * prepared.scale
    if x1 < edge or y1 < edge or x0 > width - edge or y0 > height - edge:
        return True
    thin = _THIN * prepared.scale
    if min(x1 - x0, y1 - y0) > thin:
        return False
    return any(
        x0 <= ruling[2] + thin
        and x1 >= ruling[0] - thin
        and y0 <= ruling[3] + thin
        and y1 >= ruling[1] - thin
        for ruling in rulings.boxes
    )
