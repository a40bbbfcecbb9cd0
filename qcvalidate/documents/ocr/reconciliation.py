"""Makes words of what two engines read: confirmed where they agree, and never otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from qcvalidate.documents.ocr import rapidocr_engine, tesseract_engine
from qcvalidate.documents.ocr.alignment import Line, Pair, aligned, around, key
from qcvalidate.documents.ocr.glyphs import PixelBox
from qcvalidate.documents.ocr.ink import has_bar_below, is_struck, tight, widest_gap
from qcvalidate.documents.ocr.proof import Measures, doubt, measured, pieces_of
from qcvalidate.record import State

if TYPE_CHECKING:
    from qcvalidate.documents.ocr.picture import Mask, Prepared

# A piece of a ruling that one engine took for letters is so many times higher than the words are,
# or so many times lower, and so many times longer than thick.
_HIGHER, _LOWER, _SLIMMER = 1.3, 0.32, 5.0
# What is smaller is a speck, and may at most be a dash.
_SPECK, _THIN = 0.24, 0.36
_DASHES = re.compile(r"[-~+]")
_STROKES = re.compile("[|lIi¡!;:,._'‘’`\"“”=\\[\\]°]+")
# What RapidOCR reads and what Tesseract makes of it, whose models hardly have these signs.
_BARRED = {("±", "+"), ("≤", "<"), ("≥", ">")}
# Handwriting and stamps are so many times higher than the words are.
_SCRAWL = 1.7
# Dots an inch under which e and o can look alike, and under which nothing can be sure.
_FINE, COARSE = 170.0, 120.0
# How sure both engines must be of every letter where they can look alike.
_SURE = 0.8
# Of a capital's height: how far letters reach above and under the line that they stand on.
_ASCENT, _DESCENT = 1.08, 0.3
# Text heights: a gap that is wider parts words though only one engine parted them.
_SPACE = 0.2
_LETTERS = re.compile(r"\w")


@dataclass(frozen=True)
class Reading:
    """A word as two engines read it; as `Word` has it otherwise.

    `box` is drawn around its ink, in pixels; `place` is as high as its line, as in a text layer.
    """

    text: str
    box: PixelBox
    state: State
    other: str | None
    confidence: float
    engine: str
    struck: bool = False
    place: PixelBox = (0.0, 0.0, 0.0, 0.0)


def readings(lines: Sequence[Line], rulings: Mask, prepared: Prepared) -> list[Reading]:
    """Give the words of all lines; `rulings` are the pixels of ruling lines."""
    ink = prepared.ink & ~rulings
    pieces = pieces_of(prepared.grey, rulings)
    found = []
    for line in lines:
        measures = measured(pieces, _strip(line))
        for part, box in _words(aligned(line), line, ink):
            reading = _reading(part, box, ink)
            if reading.state is State.CONFIRMED:
                other = _with_bar(reading, ink) or doubt(
                    reading.text, reading.box, pieces, measures
                )
                if other == "":
                    # Both read the same, and the ink does not bear them out.
                    reading = replace(reading, state=State.AMBIGUOUS, other=reading.text)
                elif other is not None:
                    reading = replace(reading, state=State.CONFLICT, other=other)
                elif _is_blurred(reading, prepared.native):
                    reading = replace(reading, state=State.AMBIGUOUS, other=reading.text)
            elif _is_barred(reading, ink, prepared.native):
                reading = replace(reading, state=State.CONFIRMED, other=None)
            if _LETTERS.search(reading.text) and is_struck(prepared.grey, reading.box):
                reading = replace(reading, struck=True)
            found.append(replace(reading, place=_standing(reading.box, measures)))
    return found


def _is_barred(reading: Reading, ink: Mask, dpi: float) -> bool:
    """Say whether the ink settles that a sign has a bar, of which Tesseract knows none."""
    told = (reading.text, reading.other) in _BARRED and reading.engine == rapidocr_engine.NAME
    return told and dpi >= _FINE and has_bar_below(ink, reading.box)


def _with_bar(reading: Reading, ink: Mask) -> str | None:
    """Give the sign that has the bar which both engines lost; None where there is none."""
    barred = {plain: sign for sign, plain in _BARRED}.get(reading.text)
    return barred if barred is not None and has_bar_below(ink, reading.box) else None


def _standing(box: PixelBox, line: Measures | None) -> PixelBox:
    """Give a word's box the height of its line: a dash stands as high there as a letter."""
    if line is None:
        return box
    top, bottom = line.base - _ASCENT * line.height, line.base + _DESCENT * line.height
    # A word that lies across, or a mark far above, keeps its own place.
    if box[1] < top - line.height or box[3] > bottom + line.height:
        return box
    return box[0], min(box[1], top), box[2], max(box[3], bottom)


def _words(pairs: list[Pair], line: Line, ink: Mask) -> list[tuple[list[Pair], PixelBox]]:
    """Part a line into words, and give each the place between the gaps around it."""
    if not pairs:
        return []
    left, top, right, bottom = _strip(line)
    words: list[list[Pair]] = [[pairs[0]]]
    cuts: list[float] = [left]
    for before, pair in pairwise(pairs):
        votes = [glyph.starts for glyph in (pair.first, pair.second) if glyph is not None]
        middle, width = _gap(before, pair, (left, top, right, bottom), ink)
        if votes and any(votes) and (all(votes) or width >= _SPACE * (bottom - top)):
            words.append([pair])
            cuts.append(max(middle, cuts[-1]))
        else:
            words[-1].append(pair)
    cuts.append(right)
    return [
        (part, (start, top, end, bottom))
        for part, (start, end) in zip(words, pairwise(cuts), strict=True)
    ]


@dataclass(frozen=True)
class Parted:
    """What was read, parted into words, pieces of rulings, and marks that are hardly letters."""

    words: tuple[Reading, ...]
    strokes: tuple[Reading, ...]
    scrawls: tuple[Reading, ...]


def parted(found: Sequence[Reading]) -> Parted:
    """Part the words from what an engine took for letters: pieces of rulings, and handwriting."""
    heights = sorted(reading.box[3] - reading.box[1] for reading in found)
    usual = heights[len(heights) // 2] if heights else 0.0
    strokes = tuple(reading for reading in found if _is_stroke(reading, usual))
    scrawls = tuple(
        reading
        for reading in found
        if reading not in strokes
        and _is_scrawl(reading, usual)
        and not any(_is_of_line(reading, other) for other in found)
    )
    apart = {*strokes, *scrawls}
    return Parted(tuple(one for one in found if one not in apart), strokes, scrawls)


def _is_scrawl(reading: Reading, usual: float) -> bool:
    """Say whether a mark is larger than the text and the engines agree on no letter of it."""
    if reading.state is State.CONFIRMED or set(key(reading.text)) & set(key(reading.other or "")):
        return False
    return reading.box[3] - reading.box[1] >= _SCRAWL * usual


def _is_of_line(reading: Reading, other: Reading) -> bool:
    """Say whether a sure word stands on the same line and is as large: a title, and no scrawl."""
    height = reading.box[3] - reading.box[1]
    level = min(reading.box[3], other.box[3]) - max(reading.box[1], other.box[1])
    return other.state is State.CONFIRMED and level >= 0.6 * height


def _is_stroke(reading: Reading, usual: float) -> bool:
    width, height = reading.box[2] - reading.box[0], reading.box[3] - reading.box[1]
    if reading.state is not State.SINGLE_SOURCE:
        return False
    if height >= _HIGHER * usual:
        return height >= _SLIMMER * width
    if reading.engine == rapidocr_engine.NAME or not usual:
        return False
    # Tesseract makes letters of specks. No letter is so small; a dash is, and may be the result.
    if max(width, height) <= _SPECK * usual:
        return not _DASHES.fullmatch(key(reading.text))
    # What looks like an upright stroke is no result by itself.
    thin, long = sorted((width, height))
    if _STROKES.fullmatch(reading.text) and thin <= _THIN * usual and long >= 2 * thin:
        return True
    lettered = _LETTERS.search(reading.text) is not None
    return lettered and height <= _LOWER * usual and width >= _SLIMMER * height


def _is_blurred(reading: Reading, dpi: float) -> bool:
    """Say whether the picture is too coarse for this word to be sure, though both agree."""
    return dpi < COARSE or (dpi < _FINE and reading.confidence < _SURE)


def _strip(line: Line) -> PixelBox:
    """Give the band that a line stands in; the first engine's boxes are drawn wide."""
    left, top, right, bottom = around([run.box for run in (*line.first, *line.second)])
    if line.second:
        tops = sorted(run.box[1] for run in line.second)
        bottoms = sorted(run.box[3] for run in line.second)
        top, bottom = tops[0], bottoms[-1]
        if line.first:
            outer = around([run.box for run in line.first])
            top, bottom = max(top, outer[1]), min(bottom, outer[3])
    else:
        margin = 0.12 * (bottom - top)
        top, bottom = top + margin, bottom - margin
    return left - 2, top - 1, right + 2, bottom + 1


def _gap(before: Pair, after: Pair, strip: PixelBox, ink: Mask) -> tuple[float, float]:
    """Give the middle and the width of the white between two neighbours."""
    slack = 0.25 * (strip[3] - strip[1])
    start = (before.box[0] + before.box[2]) / 2 - slack
    end = (after.box[0] + after.box[2]) / 2 + slack
    return widest_gap(ink, (max(strip[0], start), strip[1], min(strip[2], end), strip[3]))


def _reading(part: list[Pair], place: PixelBox, ink: Mask) -> Reading:
    first = "".join(pair.first.text for pair in part if pair.first is not None)
    second = "".join(pair.second.text for pair in part if pair.second is not None)
    glyphs = [glyph for pair in part for glyph in (pair.first, pair.second) if glyph is not None]
    box = tight(ink, place)
    if box is place or box == place:
        box = tight(ink, around([pair.box for pair in part]))
    confidence = min(glyph.confidence for glyph in glyphs)
    if all(pair.agrees for pair in part):
        both = f"{rapidocr_engine.NAME}+{tesseract_engine.NAME}"
        return Reading(first, box, State.CONFIRMED, None, confidence, both)
    if not first or not second:
        engine = rapidocr_engine.NAME if first else tesseract_engine.NAME
        return Reading(first or second, box, State.SINGLE_SOURCE, "", confidence, engine)
    # Where one only read more than the other, the ink speaks for it.
    text, other, engine = first, second, rapidocr_engine.NAME
    if len(key(second)) > len(key(first)) and not any(
        pair.second is None or (pair.first is not None and not pair.agrees) for pair in part
    ):
        text, other, engine = second, first, tesseract_engine.NAME
    return Reading(text, box, State.CONFLICT, other, confidence, engine)
