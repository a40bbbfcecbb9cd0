"""Reads the pages of a PDF that are pictures, and the large pictures on other pages.

A hidden text layer behind a scan is what somebody else's program read there; it proves nothing
and is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qcvalidate.documents.document import Box, Page, Word
from qcvalidate.documents.ocr import Scan, is_even, progress, recognise, wordless_finding
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity, State

MOST_PIXELS = 100_000_000

# Dots an inch at which a page is drawn, unless its scan has its own that is near.
_DPI = 225.0
_OWN_DPI = (190.0, 250.0)
# Points by which two sizes of one page may differ.
_SAME_SIZE = 3.0
# The share of a page's text that must be found where it stands before its pictures' words count.
_REGISTERED = 0.6


def read_scan(pdf: Any, page: Page, name: str) -> tuple[Page, list[Finding]]:
    """Read a page on which nobody can see any text but in pictures; forget its hidden text."""
    read, findings = _recognised(pdf, page, name)
    if not read.words and not findings and not _is_blank(pdf, page):
        findings.append(wordless_finding(page.number, name))
    if page.words:
        findings.append(
            Finding(
                "text-hidden",
                Severity.INFORMATION,
                f"{name} page {page.number}: the hidden text behind the scan was not used; "
                "the picture was read instead",
                Place(name, page.number),
            )
        )
    return read, findings


def read_pictures(
    pdf: Any, page: Page, pictures: Sequence[Box], unread: list[Finding], name: str
) -> tuple[Page, list[Finding]]:
    """Read the pictures on a page of text, and give the page with their words.

    Where the drawn page does not lie on the text as we have it, nothing is added, and `unread`,
    what was to be said of the pictures, stays.
    """
    read, findings = _recognised(pdf, page, name)
    if not _is_registered(page, read):
        return page, unread
    taken = [word.bbox for word in page.words if word.visible]
    words = tuple(
        word
        for word in read.words
        if any(_holds(box, word.bbox) for box in pictures)
        and not any(_holds(box, word.bbox) or _holds(word.bbox, box) for box in taken)
    )
    rulings = tuple(
        ruling for ruling in read.rulings if any(_holds(box, ruling) for box in pictures)
    )
    inside = [
        finding for finding in findings if any(_holds(box, _box(finding.place)) for box in pictures)
    ]
    if not words and not inside:
        # A picture without a word in it may be a plot, and is still to be looked at.
        return page, unread
    return replace(page, words=page.words + words, rulings=page.rulings + rulings), inside


def _recognised(pdf: Any, page: Page, name: str) -> tuple[Page, list[Finding]]:
    progress.info("%s: reading the picture of page %d of %d", name, page.number, len(pdf))
    drawn = pdf[page.number - 1]
    try:
        dpi = _own_dpi(drawn)
        width, height = drawn.get_size()
        if width * height * (dpi / 72) ** 2 > MOST_PIXELS:
            raise DocumentError(
                f"{name}: page {page.number} is {width / 72:.0f} x {height / 72:.0f} inches, more "
                f"than {MOST_PIXELS // 10**6:,} million pixels at {dpi:.0f} dots an inch; "
                "ask for the page at its natural size",
                slug="document-too-large",
                page=page.number,
            )
        bitmap = drawn.render(scale=dpi / 72, grayscale=True)
        grey = bitmap.to_numpy()
        scan = Scan(grey.reshape(grey.shape[:2]).copy(), (dpi, dpi))
        bitmap.close()
    finally:
        drawn.close()
    return recognise(scan, page.number, name)


def _is_blank(pdf: Any, page: Page) -> bool:
    """Say whether a page shows one colour; grey alone does not tell pale red from pale blue."""
    drawn = pdf[page.number - 1]
    colours = drawn.render(scale=0.5).to_numpy().copy()
    drawn.close()
    return is_even(colours)


def _own_dpi(page: Any) -> float:
    """Give the resolution of the page's largest picture where it is one that suits us."""
    best, dpi = 0, _DPI
    for item in page.get_objects(filter=[_IMAGE], max_depth=4):
        across, down = item.get_px_size()
        left, _, right, _ = item.get_bounds()
        if across * down > best and right > left:
            best, dpi = across * down, across / ((right - left) / 72)
    return dpi if _OWN_DPI[0] <= dpi <= _OWN_DPI[1] else _DPI


# pdfium's number for a picture among the objects of a page (FPDF_PAGEOBJ_IMAGE).
_IMAGE = 3


def _is_registered(page: Page, read: Page) -> bool:
    """Say whether what was read in the drawn page lies on the text that the file has there."""
    size = abs(page.width - read.width) + abs(page.height - read.height)
    visible = [word for word in page.words if word.visible]
    if size > 2 * _SAME_SIZE or not visible:
        return False
    sure = [word for word in read.words if word.state is State.CONFIRMED]
    found = sum(any(_same(word, other) for other in sure) for word in visible)
    return found >= _REGISTERED * len(visible)


def _same(word: Word, other: Word) -> bool:
    return word.text == other.text and _holds(word.bbox, other.bbox)


def _holds(box: Box, other: Box) -> bool:
    """Say whether the middle of another box lies in a box."""
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _box(place: Place) -> Box:
    edges = tuple(float(edge) for edge in (place.region or "0,0,0,0").split(","))
    return edges[0], edges[1], edges[2], edges[3]
