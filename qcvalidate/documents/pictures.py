"""Says which pictures of a page may hold something that counts, since no picture is read.

A laboratory's emblem stands in the letterhead or at the foot, and a name is signed beside the word
that asks for it. A picture anywhere else may be a stamp, a result or a plot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qcvalidate.documents.characters import Turn
from qcvalidate.documents.document import Box, Page, Word
from qcvalidate.documents.drawing import Drawing
from qcvalidate.documents.sight import Sight
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Place, Severity

# A picture that covers this much of a page may well hold results, wherever it stands.
_LARGE = 0.25
# The letterhead and the foot, as shares of the height; an emblem may reach a little further.
_BAND, _REACH = 0.15, 0.2
# Points: thinner pictures are rules and spacers.
_THINNEST = 3.0
# A signature's picture is at most so wide and high, and so far from its label, in points.
SIGNATURE = (220.0, 70.0)
_BESIDE, _ABOVE = 160.0, 40.0
SIGNS = LazyPattern(
    r"(?:e-?)?sign(?:ed|ature|atory|ed-by)?\b|review|approv|authori[sz]|analyst|(?:un)?gezeichnet"
    r"|unterschrift|geprüft|freigegeben|signé|vérifié|approuvé|firma\b|tested",
    re.IGNORECASE,
)


def picture_findings(
    page: Page, drawing: Drawing, sight: Sight, turn: Turn, name: str
) -> Iterator[Finding]:
    """Report what may show results on a page but is not text."""
    place = Place(name, page.number)
    seen = [word for word in page.words if word.visible]
    if not seen:
        if not drawing.empty:
            yield Finding(
                "page-unread",
                Severity.HOLD,
                f"{name} page {page.number}: holds a picture and no text, so it was not read",
                place,
            )
        return
    if drawing.largest_image >= _LARGE:
        yield Finding(
            "page-unread",
            Severity.HOLD,
            f"{name} page {page.number}: a picture covers {drawing.largest_image:.0%} of the page; "
            "text inside it was not read",
            place,
        )
        return
    boxes = [turn.box(box) for box in drawing.images if not sight.is_even(box)]
    among = [box for box in boxes if not is_emblem(box, page, seen)]
    signatures = [box for box in among if is_signature(box, seen)]
    if len(among) > len(signatures):
        box = next(box for box in among if box not in signatures)
        yield Finding(
            "page-unread",
            Severity.HOLD,
            f"{name} page {page.number}: {_count(len(among) - len(signatures))} among the text "
            "was not read; ask the laboratory for a report in text, or read it and say what it is",
            Place(name, page.number, ",".join(f"{edge:g}" for edge in box)),
        )
    if signatures:
        yield Finding(
            "page-unread",
            Severity.WARNING,
            f"{name} page {page.number}: {_count(len(signatures))} where a signature belongs "
            "was not read",
            place,
        )


def _count(pictures: int) -> str:
    return "a picture" if pictures == 1 else f"each of {pictures} pictures"


def is_emblem(box: Box, page: Page, words: list[Word]) -> bool:
    """Say whether a picture is too thin to show anything, or stands in the letterhead or foot."""
    x0, y0, x1, y1 = box
    if min(x1 - x0, y1 - y0) < _THINNEST:
        return True
    middle, height = (y0 + y1) / 2, page.height
    at_head = middle <= _BAND * height and y1 <= _REACH * height
    at_foot = middle >= (1 - _BAND) * height and y0 >= (1 - _REACH) * height
    return (at_head or at_foot) and not any(_touches(box, word.bbox) for word in words)


def _touches(box: Box, word: Box) -> bool:
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def is_signature(box: Box, words: list[Word]) -> bool:
    """Say whether a picture is of a signature's size, beside a word that asks for one."""
    x0, y0, x1, y1 = box
    if x1 - x0 > SIGNATURE[0] or y1 - y0 > SIGNATURE[1]:
        return False
    near = (
        word
        for word in words
        if word.bbox[0] - x1 < _BESIDE
        and x0 - word.bbox[2] < _BESIDE
        and word.bbox[1] - y1 < _ABOVE
        and y0 - word.bbox[3] < _ABOVE
    )
    return any(SIGNS.match(word.text) for word in near) and not any(
        _touches(box, word.bbox) for word in words
    )
