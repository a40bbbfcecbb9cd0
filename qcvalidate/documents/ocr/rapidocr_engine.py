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
# To see which way the lines run, and how many of them to look at.
_SMALL_SIDE = 1100
_MOST_LINES, _FEWEST_LINES = 24, 4
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
        result = _engine(min(threads, _MOST_THREADS))(
            colour,
            use_det=True,
            use_cls=False,
            use_rec=True,
            return_word_box=True,
            return_single_char_box=True,
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


def quarter_turns(picture: npt.NDArray[np.uint8], threads: int) -> tuple[int, bool]:
    """Say by how many degrees clockwise a page must be turned to stand upright, and how surely.

    The long sides of the text boxes tell which way the lines run; a network that knows letters
    from letters upside down tells the rest, by the majority of the longest lines. (Tesseract's own
    opinion of a page's direction was wrong, and sure of it, on upright faxes.)
    """
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    factor = min(1.0, _SMALL_SIDE / max(picture.shape))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    with _TURN:
        engine = _engine(min(threads, _MOST_THREADS))
        found = engine(
            cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False
        )
        boxes = [] if found.boxes is None else [_bounds(corners) for corners in found.boxes]
        if not boxes:
            return 0, False
        sideways = sum(map(_lying, boxes)) < 0
        along = [box for box in boxes if (_lying(box) < 0) == sideways]
        along.sort(key=lambda box: -abs(_lying(box)))
        crops = []
        for box in along[:_MOST_LINES]:
            x0, y0, x1, y1 = (round(edge / factor) for edge in box)
            crop = picture[max(0, y0) : y1, max(0, x0) : x1]
            crop = np.rot90(crop) if sideways else crop
            crops.append(cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_GRAY2BGR))
        votes = [label == "180" for label, _ in engine.cls_and_rotate(crops)[1].cls_res]
    over = sum(votes) / len(votes)
    # Turned back by a quarter counter-clockwise, lines that run upwards stand on their heads.
    turn = (270 if sideways else 0) + (180 if over > 0.5 else 0)
    return turn % 360, abs(over - 0.5) >= 0.25 and len(votes) >= _FEWEST_LINES


def _lying(box: PixelBox) -> float:
    """Give how much wider than high a box is; of a short word it says little."""
    return (box[2] - box[0]) - (box[3] - box[1])


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
