"""Looks at a page as a person does: which of its words leave ink, and what is drawn across them.

pdfium draws the page twice, once whole and once without its text. Where the two are alike, no
text can be seen, whatever stands in the file: it is covered, cut away, or in a layer that is
off. Where the second has marks under a word, something is drawn across it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from qcvalidate.documents.document import Box

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Pixel = TypeVar("Pixel", bound=np.generic)

# Pixels to a point: letters of 4 points still leave ink, and a page costs 2 ms.
_SCALE = 1.5
_MOST_PIXELS = 16_000_000
# Of 255. Text in 10 % grey leaves less ink than this, the thinnest dot of black text more.
_INK = 28
# Text of which nearly all ink has less contrast than this is overlooked: 25 % grey on white. The
# ratio is that of WCAG 2.1, so that black on red is as plain as it looks.
_PLAIN = 1.8
_FEW = 0.15
# A mark across a word; the patterns in the ground of some papers are fainter.
_MARK = 40
# A gap inside a word, in font sizes, that no letter leaves: its letters are covered there.
_GAP = 0.9
# A pixel of a mask.
_INKED = b"\x01"
# A mark across this many points of a word is no smudge of a ruling beside it.
_CROSSING = 2.0


@dataclass(frozen=True)
class Sight:
    """One page in grey, from its top left, not turned by `/Rotate`; boxes are in page space."""

    frame: Box
    scale: float
    ink: Mask  # where only the text makes a difference
    ground: Grey  # all but the text
    dark: Mask  # where that difference is plain

    def is_pale(self, box: Box) -> bool:
        """Say whether the text in a box can be seen, and hardly."""
        # Thrice as fast as a sum, for every word of every page.
        ink = np.count_nonzero(self._cut(self.ink, box))
        return ink > 0 and np.count_nonzero(self._cut(self.dark, box)) < _FEW * ink

    def has_ink(self, box: Box) -> bool:
        """Say whether any text can be seen in a box."""
        return np.count_nonzero(self._cut(self.ink, box)) > 0

    def is_whole(self, box: Box, em: float, angle: int | None) -> bool:
        """Say whether a word of this font size leaves its ink from end to end."""
        upwards = angle in (90, 270)
        inked = self._cut(self.ink, box)
        if angle is None:
            return bool(inked.any())
        along = inked.any(axis=1 if upwards else 0).tobytes()
        height = (box[2] - box[0]) if upwards else (box[3] - box[1])
        widest = int(_GAP * (em or height) * self.scale)
        # A dash or a dot is shorter than the widest gap, and must leave some ink all the same.
        return _INKED in along and bytes(widest + 1) not in along

    def is_crossed(self, box: Box, angle: int | None) -> bool:
        """Say whether a mark runs through the middle of a word, other than straight down.

        Straight down run the rulings between cells; a bar as high as the word would hide it.
        """
        if angle is None:
            return False
        left, bottom, right, top = box
        lying = angle in (0, 180)
        quarter = 0.25 * ((top - bottom) if lying else (right - left))
        core = (left, bottom + quarter, right, top - quarter)
        if not lying:
            core = (left + quarter, bottom, right - quarter, top)
        ground = self._cut(self.ground, core)
        # Between two pixels that are nearer to white than this lies no mark.
        if not ground.size or int(ground.min()) > 255 - _MARK:
            return False
        axis = 0 if lying else 1
        uneven = (ground.max(axis=axis) - ground.min(axis=axis)) >= _MARK
        return bool(uneven.sum() >= _CROSSING * self.scale)

    def is_even(self, box: Box) -> bool:
        """Say whether nothing can be seen in a box besides text: its ground is of one colour."""
        ground = self._cut(self.ground, box)
        return ground.size == 0 or int(ground.max()) - int(ground.min()) < _MARK // 2

    def _cut(self, picture: npt.NDArray[Pixel], box: Box) -> npt.NDArray[Pixel]:
        frame, scale = self.frame, self.scale
        left, right = int((box[0] - frame[0]) * scale), int((box[2] - frame[0]) * scale) + 1
        top, bottom = int((frame[3] - box[3]) * scale), int((frame[3] - box[1]) * scale) + 1
        return picture[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]


def see(raw: Any, page: Any, frame: Box, texts: Sequence[Any]) -> Sight:
    """Draw a page whole and without its text objects, which are invisible from then on."""
    width, height = max(1.0, frame[2] - frame[0]), max(1.0, frame[3] - frame[1])
    scale = min(_SCALE, (_MOST_PIXELS / (width * height)) ** 0.5)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    whole = _drawn(raw, page, size)
    for item in texts:
        raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    ground = _drawn(raw, page, size)
    # Each new array of a page's size costs half a millisecond: the system hands it out in pages.
    difference = np.maximum(whole, ground)
    np.minimum(whole, ground, out=whole)
    difference -= whole
    ink = difference >= _INK
    # Luminance by level, nearly as sRGB has it; looked up where there is ink alone.
    luminance = (np.arange(256, dtype=np.float32) / 255) ** 2.2 + 0.05
    inked = np.flatnonzero(ink)
    dim = whole.ravel()[inked]
    light = dim + difference.ravel()[inked]
    dark = difference.view(np.bool_)
    dark[:] = False
    dark.ravel()[inked] = luminance[light] >= _PLAIN * luminance[dim]
    return Sight(frame, scale, ink, ground, dark)


def _drawn(raw: Any, page: Any, size: tuple[int, int]) -> Grey:
    width, height = size
    picture = np.full((height, width), 255, np.uint8)
    memory = picture.ctypes.data_as(ctypes.c_void_p)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_Gray, memory, width)
    try:
        turns = (4 - raw.FPDFPage_GetRotation(page)) % 4
        flags = raw.FPDF_ANNOT | raw.FPDF_GRAYSCALE
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, turns, flags)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    return picture
