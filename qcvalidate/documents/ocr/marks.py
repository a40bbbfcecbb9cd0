"""Tells what a scanned page shows besides its words: what is struck out, and what nobody read."""

from __future__ import annotations

from collections.abc import Iterator

from qcvalidate.documents.document import Page
from qcvalidate.record import Finding, Place, Severity

_LONGEST = 80


def findings_of(page: Page, name: str) -> Iterator[Finding]:
    """Report words that are struck through."""
    struck = [word for word in page.words if word.struck]
    if struck:
        text = " ".join(word.text for word in struck)
        text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        yield Finding(
            "text-struck",
            Severity.HOLD,
            f"{name} page {page.number}: “{text}” is struck through; "
            "ask the laboratory for an amended report",
            Place(name, page.number, ",".join(f"{edge:g}" for edge in struck[0].bbox)),
        )
