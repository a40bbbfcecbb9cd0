"""Reads a picture with RapidOCR, whose models come with it."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from qcvalidate.documents.ocr.glyphs import Glyph, PixelBox, Run, spread

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAME = "rapidocr"

# It halves what is larger; certificates of 250 dots an inch are about 2900 high.
_LONGEST_SIDE = 3000
# Every thread of the network holds its own memory, and beyond four they wait for one another.
_MOST_THREADS = 4
# Settings are kept in the engine object, and pages may be read at the same time.
_TURN = threading.Lock()


@cache
def _engine(threads: int) -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            # Pages are turned upright before.
            "Global.use_cls": False,
            "Global.max_side_len": _LONGEST_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def read(picture: npt.NDArray[np.uint8], threads: int) -> list[Run]:
    """Give the lines that RapidOCR reads in a grey picture."""
    import cv2  # noqa: PLC0415

    colour = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    with _TURN:
        result = _engine(max(1, min(threads, _MOST_THREADS)))(
            colour, return_word_box=True, return_single_char_box=True
        )
    if result.txts is None:
        return []
    words = result.word_results
    whole = (
        words if words is not None and len(words) == len(result.txts) else [()] * len(result.txts)
    )
    return [
        run
        for text, score, corners, letters in zip(
            result.txts, result.scores, result.boxes, whole, strict=True
        )
        if (run := _run(text, float(score), _bounds(corners), letters)) is not None
    ]


def _run(text: str, score: float, box: PixelBox, letters: Any) -> Run | None:
    """Join a line's characters, which have places, with its text, which has spaces."""
    places = [(letter, float(sure), _bounds(corners)) for letter, sure, corners in letters]
    glyphs: list[Glyph] = []
    if "".join(letter for letter, _, _ in places) == "".join(text.split()):
        starts = {0}
        count = 0
        for part in text.split():
            count += len(part)
            starts.add(count)
        at = 0
        for letter, sure, place in places:
            glyphs += spread(letter, place, sure, at in starts)
            at += len(letter)
    else:
        # The places are not those of these characters.
        glyphs += _evenly(text, score, box)
    return Run(tuple(glyphs), box) if glyphs else None


def _evenly(text: str, score: float, box: PixelBox) -> list[Glyph]:
    step = (box[2] - box[0]) / max(1, len(text))
    glyphs: list[Glyph] = []
    at = 0
    for part in text.split():
        at = text.index(part, at)
        place = (box[0] + at * step, box[1], box[0] + (at + len(part)) * step, box[3])
        glyphs += spread(part, place, score, True)
        at += len(part)
    return glyphs


def _bounds(corners: Any) -> PixelBox:
    xs = [float(corner[0]) for corner in corners]
    ys = [float(corner[1]) for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)
