"""What a page of a text PDF certificate costs beside pdfium's own text extraction of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks.row import Row
from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import Document, open_document
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.vocabulary import load_vocabulary

_SAMPLES = Path(__file__).parent.parent / "samples"
_ROUNDS = 5
# At most 15 ms a page over pdfium's own time (design, section 9).
_ALLOWANCE_MS = 15.0


def rows() -> list[Row]:
    """Time every PDF certificate of the samples, warm, and give the median of a page."""
    context = Context(load_vocabulary(open_catalogue()), Locale())
    over_opening, over_all = [], []
    for path in sorted(_SAMPLES.rglob("*.pdf")):
        document = open_document(path)
        pages = len(document.pages)
        own = _milliseconds(lambda path=path: _extract(path))
        opening = _milliseconds(lambda path=path: open_document(path))
        reading = _milliseconds(lambda document=document: _read(document, context))
        over_opening.append((opening - own) / pages)
        over_all.append((opening + reading - own) / pages)
    return [
        Row(
            "a page of a certificate: words, boxes and rulings, over pdfium's own text",
            statistics.median(over_opening),
            _ALLOWANCE_MS,
            1.0,
            "ms",
        ),
        Row(
            "a page of a certificate: opened and read to a checked frame, over pdfium's own text",
            statistics.median(over_all),
            _ALLOWANCE_MS,
            1.0,
            "ms",
        ),
    ]


def _read(document: Document, context: Context) -> None:
    read_document(document, context)


def _extract(path: Path) -> None:
    with closing(pdfium.PdfDocument(path)) as pdf:
        for page in pdf:
            page.get_textpage().get_text_range()


def _milliseconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000
