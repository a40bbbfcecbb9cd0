"""Compares the characters that a PDF's text claims with the shapes that its pages show.

A PDF draws a glyph, and says in another place (the font's ToUnicode map) which character that is.
The map can be broken or forged: the page shows “Growth” where the text says “Negative”. So each
glyph that a document uses is drawn once and laid beside drawings of the claimed character, and of
all others, in the standard fonts that pdfium brings along. There is an alarm only where the glyph
is clearly more like another character, and the two are no look-alikes.
"""

from __future__ import annotations

import ctypes
import mmap
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcvalidate.documents.characters import Run, Turn, runs_of
from qcvalidate.documents.document import Box

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]
    Rows = npt.NDArray[np.float32]

# The pixels on a side to which every glyph is stretched, and the ring of ground around it.
_INNER, _RING = 16, 1
_SIDE = _INNER + 2 * _RING
# Of 255: the least difference between a glyph and its ground.
_INK = 40
# In points: a glyph in a smaller box has no shape.
_LEAST = 0.1
# In font sizes: boxes that differ by less belong to one glyph.
_STEP = 0.004
# No certificate uses so many different glyphs.
_MOST_GLYPHS = 5000

# Without any of these, all fonts are standard ones, which are drawn from what the text says. Names
# in an object stream cannot be seen; those with "#" may be any of the others.
_OWN_FONT = re.compile(rb"ToUnicode|FontFile|Type3|ObjStm|/[^\s/<>\[\]()]{0,40}#[0-9A-Fa-f]{2}")

_RELATIONS = "<>\u2264\u2265"
_CHARACTERS = string.ascii_letters + string.digits + _RELATIONS
_CODES = frozenset(map(ord, _CHARACTERS))
_STANDARD_FONTS = (
    *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
    *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"),
    *("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"),
)
# The one that has all relations.
_SYMBOL_FONT = "Symbol"
# The points on a side of the cell of a reference drawing.
_CELL = 80.0

# By how much a glyph may differ from a standard font's before it counts: in the logarithms of
# width/height and of height, and in font sizes over the baseline; and how much the rest counts.
_TOLERANCES = (0.35, 0.25, 0.08)
_WEIGHTS = (0.8, 1.0, 2.0)
# One less the correlation of two pictures, and the rest of the above: over this it is no likeness.
_LIKE = 0.25
# By how much more like the other character a glyph must be. In 109 fonts, from thin to black, no
# digit came over 0.01 against its own kind; of letters two in 5,600 came over 0.15.
_CLEARLY_DIGIT, _CLEARLY = 0.10, 0.15
# No person could tell these apart by their shape in every font; nor the two cases of a letter.
_LOOK_ALIKES = (
    *("0OQDC", "1lIitJ", "5S", "2Z", "6bG", "9gq", "8B", "un", "aoce", "vyu", "hb", "fr", "Jf"),
    *("MHN", "<\u2264", ">\u2265"),
)


def has_own_fonts(path: Path) -> bool:
    """Say whether a PDF file may hold a font whose text and drawing could differ."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as file:
        return _OWN_FONT.search(file) is not None


@dataclass(frozen=True)
class Glyph:
    """One glyph as a page shows it, stretched to a square; sizes are in font sizes.

    `run` is the word that it was taken from, by its place among the page's.
    """

    character: str
    run: int
    key: tuple[object, ...]
    picture: Picture
    width: float
    height: float
    bottom: float  # over the baseline


@dataclass(frozen=True)
class _Found:
    """A glyph that is still to be drawn."""

    character: str
    run: int
    key: tuple[object, ...]
    box: Box
    angle: int
    sizes: tuple[float, float, float]


@dataclass
class Glyphs:
    """The different glyphs of one document, whose fonts are held until it is closed.

    None are taken where they are not `wanted`.
    """

    raw: Any
    pdf: Any
    wanted: bool = True
    _known: set[tuple[object, ...]] = field(default_factory=set)
    _held: dict[int | None, Any] = field(default_factory=dict)

    def take(
        self, page: Any, text: Any, frame: Box, runs: Sequence[Run], images: Sequence[Any] = ()
    ) -> list[Glyph]:
        """Draw the glyphs of a page that were not seen before, where its text stands straight.

        `images` are the page's pictures, which take long to draw and are left out.
        """
        found = list(self._new(text, runs)) if self.wanted else []
        if not found:
            return []
        for item in images:
            self.raw.FPDFPageObj_SetIsActive(item, False)
        pictures = _drawn(self.raw, page, frame, found)
        for item in images:
            self.raw.FPDFPageObj_SetIsActive(item, True)
        return [
            Glyph(one.character, one.run, one.key, picture, *one.sizes)
            for one, picture in zip(found, pictures, strict=True)
            if picture is not None
        ]

    def forget(self, glyphs: Iterable[Glyph]) -> None:
        """Take these for not seen: nobody can see the words that they were taken from."""
        self._known.difference_update(glyph.key for glyph in glyphs)

    def close(self) -> None:
        """Let go of the fonts."""
        for item in self._held.values():
            self.raw.FPDFPageObj_Destroy(item)
        self._held.clear()

    def _new(self, text: Any, runs: Sequence[Run]) -> Iterator[_Found]:
        """Find the glyphs that are new by their font, their character and their box.

        One character may have several glyphs in a font, of which one is honest.
        """
        raw, known = self.raw, self._known
        get_code, get_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
        edges = (ctypes.c_double * 4)()
        left, right, bottom, top = (
            ctypes.cast(ctypes.addressof(edges) + place * 8, ctypes.POINTER(ctypes.c_double))
            for place in range(4)
        )
        for number, run in enumerate(runs):
            if run.angle is None or run.em <= 0 or len(known) > _MOST_GLYPHS:
                continue
            style = (self._font(text, run.indices[0]), run.angle)
            base, grain = run.box[1], run.em * _STEP
            for index in run.indices:
                code = get_code(text, index)
                if code not in _CODES:
                    continue
                get_box(text, index, left, right, bottom, top)
                x0, x1, y0, y1 = edges
                # Whole steps are enough: what lies on the edge of one is drawn twice.
                key = (style, code, (x1 - x0) // grain, (y1 - y0) // grain, (y0 - base) // grain)
                if key in known or x1 - x0 < _LEAST or y1 - y0 < _LEAST:
                    continue
                known.add(key)
                box = (x0, y0, x1, y1)
                sizes = _sizes(box, run.angle, _origin(raw, text, index), run.em)
                yield _Found(chr(code), number, key, box, run.angle, sizes)

    def _font(self, text: Any, index: int) -> int | None:
        font = self.raw.FPDFTextObj_GetFont(self.raw.FPDFText_GetTextObject(text, index))
        address = ctypes.cast(font, ctypes.c_void_p).value
        if address is not None and address not in self._held:
            # A font ends with its page, and the next may get its address: an object holds it.
            self._held[address] = self.raw.FPDFPageObj_CreateTextObj(self.pdf, font, 1.0)
        return address


def mistaken(glyphs: Sequence[Glyph], pdfium: Any) -> list[tuple[int, str]]:
    """Give the glyphs that clearly show another character than they claim, and which.

    The places are those in `glyphs`; nothing is given where a single letter is odd, as some fonts
    have one. A digit or a relation (`<`) is enough. `pdfium` is `pypdfium2`.
    """
    import numpy as np  # noqa: PLC0415

    if not glyphs:
        return []
    unlike = _unlikeness(glyphs, pdfium)
    claimed = np.array([_CHARACTERS.index(glyph.character) for glyph in glyphs])
    alike, rivals, margins = _rivalry()
    own = np.where(alike[claimed], unlike, np.inf).min(axis=1)
    others = np.where(rivals[claimed], unlike, np.inf)
    best = others.min(axis=1)
    odd = np.flatnonzero((best < _LIKE) & (own - best > margins[claimed]))
    found = [(int(place), _CHARACTERS[others[place].argmin()]) for place in odd]
    pairs = {(glyphs[place].character, other) for place, other in found}
    return found if len(pairs) > 1 or not all(one.isalpha() for one, _ in pairs) else []


def _origin(raw: Any, text: Any, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    return x.value, y.value


def _sizes(
    box: Box, angle: int, origin: tuple[float, float], em: float
) -> tuple[float, float, float]:
    """Give a glyph's width, its height, and how far over its baseline it begins."""
    left, bottom, right, top = box
    across, upwards = (right - left) / em, (top - bottom) / em
    if angle == 0:
        return across, upwards, (bottom - origin[1]) / em
    if angle == 180:
        return across, upwards, (origin[1] - top) / em
    if angle == 90:
        return upwards, across, (left - origin[0]) / em
    return upwards, across, (origin[0] - right) / em


def _drawn(raw: Any, page: Any, frame: Box, found: Sequence[_Found]) -> list[Picture | None]:
    """Draw each box of a page stretched to a square, upright, its ink as 255.

    None stands for a box in which nothing can be seen.
    """
    import numpy as np  # noqa: PLC0415

    quarters = int(raw.FPDFPage_GetRotation(page))
    turn = Turn(frame, quarters * 90)
    canvas = np.full((len(found), _SIDE, _SIDE), 255, np.uint8)
    memory = canvas.ctypes.data_as(ctypes.c_void_p)
    bitmap = raw.FPDFBitmap_CreateEx(_SIDE, len(found) * _SIDE, raw.FPDFBitmap_Gray, memory, _SIDE)
    try:
        for place, one in enumerate(found):
            x0, y0, x1, y1 = turn.box(one.box)
            across, down = _INNER / max(x1 - x0, _LEAST), _INNER / max(y1 - y0, _LEAST)
            first = place * _SIDE
            shift = _RING - x0 * across, first + _RING - y0 * down
            matrix = raw.FS_MATRIX(across, 0, 0, down, *shift)
            clip = raw.FS_RECTF(0, first, _SIDE, first + _SIDE)
            raw.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, raw.FPDF_GRAYSCALE)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    rim = np.ones((_SIDE, _SIDE), np.bool_)
    rim[_RING:-_RING, _RING:-_RING] = False
    ground = np.median(canvas[:, rim], axis=1).astype(np.int16)
    ink = np.abs(canvas - ground[:, None, None])
    most = ink.max(axis=(1, 2))
    full = (ink * 255.0 / np.maximum(most, 1)[:, None, None]).astype(np.uint8)
    return [
        np.rot90(picture, one.angle // 90 + quarters) if contrast >= _INK else None
        for one, picture, contrast in zip(found, full, most, strict=True)
    ]


@dataclass(frozen=True)
class _References:
    characters: npt.NDArray[np.str_]
    shapes: Rows
    measures: Rows


@cache
def _references(pdfium: Any) -> _References:
    """Draw every character in every standard font, once for all documents."""
    import numpy as np  # noqa: PLC0415

    raw = pdfium.raw
    drawn: list[Glyph] = []
    with closing(pdfium.PdfDocument.new()) as pdf, closing(Glyphs(raw, pdf.raw)) as glyphs:
        for name in (*_STANDARD_FONTS, _SYMBOL_FONT):
            letters = _RELATIONS if name == _SYMBOL_FONT else _CHARACTERS
            font = raw.FPDFText_LoadStandardFont(pdf.raw, name.encode())
            page = pdf.new_page(_CELL * len(letters), _CELL)
            for place, letter in enumerate(letters):
                item = raw.FPDFPageObj_CreateTextObj(pdf.raw, font, _CELL / 4)
                raw.FPDFText_SetText(item, (ctypes.c_ushort * 2)(ord(letter), 0))
                raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, place * _CELL, _CELL / 2)
                raw.FPDFPage_InsertObject(page.raw, item)
            text = page.get_textpage()
            drawn += glyphs.take(page.raw, text.raw, page.get_bbox(), runs_of(raw, text.raw))
            text.close()
            page.close()
            raw.FPDFFont_Close(font)
    # By character, so that one pass gives the best of each.
    drawn.sort(key=lambda glyph: _CHARACTERS.index(glyph.character))
    characters = np.array([glyph.character for glyph in drawn])
    return _References(characters, _shapes(drawn), _measures(drawn))


def _unlikeness(glyphs: Sequence[Glyph], pdfium: Any) -> Rows:
    """Say how unlike each glyph is to each character, in the standard font that suits it best."""
    import numpy as np  # noqa: PLC0415

    known = _references(pdfium)
    unlike = 1 - _shapes(glyphs) @ known.shapes.T
    own = _measures(glyphs)
    for column, (tolerance, weight) in enumerate(zip(_TOLERANCES, _WEIGHTS, strict=True)):
        apart = np.abs(own[:, column, None] - known.measures[:, column])
        apart -= np.float32(tolerance)
        np.maximum(apart, 0, out=apart)
        apart *= np.float32(weight)
        unlike += apart
    firsts = np.flatnonzero(known.characters[1:] != known.characters[:-1]) + 1
    return np.minimum.reduceat(unlike, np.concatenate([[0], firsts]), axis=1)


def _shapes(glyphs: Sequence[Glyph]) -> Rows:
    """Make a row of each picture, softened, so that the product of two is their correlation."""
    import numpy as np  # noqa: PLC0415

    pictures = np.stack([glyph.picture for glyph in glyphs]).astype(np.float32)
    down = np.pad(pictures, ((0, 0), (1, 1), (0, 0)))
    pictures = 0.5 * pictures + 0.25 * (down[:, :-2] + down[:, 2:])
    across = np.pad(pictures, ((0, 0), (0, 0), (1, 1)))
    pictures = 0.5 * pictures + 0.25 * (across[:, :, :-2] + across[:, :, 2:])
    rows = pictures.reshape(len(glyphs), -1)
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-6)
    return rows


def _measures(glyphs: Sequence[Glyph]) -> Rows:
    import numpy as np  # noqa: PLC0415

    sizes = np.array([(one.width, one.height, one.bottom) for one in glyphs], np.float32)
    width, height, bottom = sizes.T
    return np.stack([np.log(width / height), np.log(height), bottom], axis=1)


@cache
def _rivalry() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], Rows]:
    """Say of each claimed character which ones look like it, which are others, and the margin."""
    import numpy as np  # noqa: PLC0415

    alike = {
        character: {character, character.lower(), character.upper()} for character in _CHARACTERS
    }
    for group in _LOOK_ALIKES:
        both = {case for one in group for case in (one, one.lower(), one.upper())}
        for one in group:
            alike[one] |= both
    near = np.array(
        [[other in alike[one] for other in _CHARACTERS] for one in _CHARACTERS], np.bool_
    )
    # In thin fonts a “K” is like a “<”, in black ones a “≤” like an “s”: letters and relations are
    # not taken for one another. A digit and a “<” are, which “3.50” for “<.50” needs.
    relation = np.array([character in _RELATIONS for character in _CHARACTERS])
    letter = np.array([character.isalpha() for character in _CHARACTERS])
    never = (letter[:, None] & relation) | (relation[:, None] & letter)
    margins = [_CLEARLY_DIGIT if one.isdigit() else _CLEARLY for one in _CHARACTERS]
    return near, ~near & ~never, np.array(margins, np.float32)
