from __future__ import annotations

import pytest

from qcvalidate.documents import Page, Word
from qcvalidate.documents.ocr import provenance
from qcvalidate.record import Severity


def _page(number: int, origin: str) -> Page:
    return Page(number, 600, 800, (Word("Lot", number, (0, 0, 9, 9), origin=origin),))


def test_a_scan_is_told_with_its_pages_and_both_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance.tesseract_engine, "release", lambda: "5.3.4")
    monkeypatch.setattr(provenance, "version", lambda _: "3.10.0")

    found = provenance.recognised_finding([_page(1, "text"), _page(2, "ocr")], "s.pdf")

    assert found is not None
    assert (found.slug, found.severity) == ("page-recognised", Severity.INFORMATION)
    assert found.message == (
        "s.pdf: 1 page of 2 (page 2) is a picture, whose letters were recognised by RapidOCR "
        "3.10.0 and Tesseract 5.3.4"
    )


def test_a_document_of_text_is_not_told_as_a_scan() -> None:
    assert provenance.recognised_finding([_page(1, "text")], "s.pdf") is None
