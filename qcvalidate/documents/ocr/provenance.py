"""Tells that pages of a document are pictures, and which programs read their letters."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from qcvalidate.documents.document import Page
from qcvalidate.documents.ocr import tesseract_engine
from qcvalidate.record import Finding, Place, Severity


def recognised_finding(pages: Sequence[Page], name: str) -> Finding | None:
    """Say how many pages were read in pictures, and by what; None where none was."""
    read = [page for page in pages if any(word.origin == "ocr" for word in page.words)]
    if not read:
        return None
    counted = "1 page" if len(read) == 1 else f"{len(read)} pages"
    told = f"page {read[0].number}" if len(read) == 1 else f"first page {read[0].number}"
    message = (
        f"{name}: {counted} of {len(pages)} ({told}) "
        f"{'is a picture' if len(read) == 1 else 'are pictures'}, whose letters were recognised by "
        f"RapidOCR {_rapidocr()} and Tesseract {tesseract_engine.release()}"
    )
    place = Place(name, read[0].number)
    return Finding("page-recognised", Severity.INFORMATION, message, place)


def _rapidocr() -> str:
    try:
        return version("rapidocr")
    except PackageNotFoundError:
        return "of an unknown version"
