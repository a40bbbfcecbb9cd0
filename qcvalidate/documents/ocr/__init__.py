"""Reads scanned pages with two engines that have nothing in common, and trusts neither alone."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcvalidate.documents.document import Box, Page, Word
from qcvalidate.documents.ocr import rapidocr_engine, tesseract_engine
from qcvalidate.documents.ocr.alignment import lines
from qcvalidate.documents.ocr.glyphs import PixelBox, Run
from qcvalidate.documents.ocr.ink import Rulings, find_rulings, without
from qcvalidate.documents.ocr.marks import (
    coarse_finding,
    findings_of,
    is_even,
    unread_marks,
    wordless_finding,
)
from qcvalidate.documents.ocr.picture import Prepared, prepare
from qcvalidate.documents.ocr.reconciliation import COARSE, parted, readings
from qcvalidate.record import Finding

if TYPE_CHECKING:
    from qcvalidate.documents.ocr.picture import Grey

__all__ = [
    "Scan",
    "is_even",
    "missing",
    "progress",
    "recognise",
    "recognise_all",
    "wordless_finding",
]

# The command line shows what is logged here while a person waits; nothing ends what it shows.
progress = logging.getLogger("qcvalidate.progress")


@dataclass(frozen=True)
class Scan:
    """A page's grey picture; `dpi` is its own resolution, across and down, if it has one."""

    grey: Grey
    dpi: tuple[float, float] | None = None


def missing() -> str | None:
    """Say what must be installed before a scan can be read; None when all is there."""
    wanted = []
    if any(importlib.util.find_spec(name) is None for name in ("rapidocr", "onnxruntime", "cv2")):
        wanted.append("the extra ocr (pip install 'qcvalidate[ocr]')")
    if tesseract_engine.program() is None or not tesseract_engine.languages():
        wanted.append(
            "the program tesseract (apt install tesseract-ocr, brew install tesseract, "
            "or on Windows the installer named at https://tesseract-ocr.github.io)"
        )
    return " and ".join(wanted) or None


def recognise_all(scans: Iterable[Scan], count: int, name: str) -> list[tuple[Page, list[Finding]]]:
    """Read the pages of a document one after another, so that one picture at a time is held."""
    read = []
    for number, scan in enumerate(scans, 1):
        progress.info("%s: reading page %d of %d", name, number, count)
        read.append(recognise(scan, number, name))
    return read


def recognise(scan: Scan, number: int, name: str) -> tuple[Page, list[Finding]]:
    """Read one page's picture.

    Boxes are in points on the page as it was turned upright and made level.
    """
    threads = _threads()
    prepared = prepare(
        scan.grey, scan.dpi, lambda grey: rapidocr_engine.quarter_turns(grey, threads)
    )
    rulings = find_rulings(prepared)
    with ThreadPoolExecutor(1) as beside:
        clean = without(prepared, rulings)
        words = beside.submit(tesseract_engine.read, clean, prepared.dpi)
        first = rapidocr_engine.read(prepared.grey, threads)
        second = words.result()
    progress.info("")
    page, findings = _reconciled(prepared, rulings, (first, second), number, name)
    if not page.words and not findings and not is_even(scan.grey):
        findings.append(wordless_finding(number, name))
    return page, findings


def _reconciled(
    prepared: Prepared,
    rulings: Rulings,
    runs: tuple[list[Run], list[Run]],
    number: int,
    name: str,
) -> tuple[Page, list[Finding]]:
    """Make a page of what both engines read in its picture."""
    ink = prepared.ink & ~rulings.mask
    found = readings(lines(*runs), rulings.mask, prepared)
    unread = unread_marks(prepared, ink, rulings, [reading.box for reading in found])
    read = parted(found)
    unread += [scrawl.box for scrawl in read.scrawls]
    height, width = prepared.grey.shape
    page = Page(
        number,
        width / prepared.scale,
        height / prepared.scale,
        tuple(
            Word(
                reading.text,
                number,
                _points(reading.place, prepared),
                origin="ocr",
                engine=reading.engine,
                confidence=reading.confidence,
                struck=reading.struck,
                state=reading.state,
                other=reading.other,
            )
            for reading in read.words
        ),
        tuple(
            _points(box, prepared) for box in (*rulings.boxes, *(one.box for one in read.strokes))
        ),
    )
    findings = list(findings_of(page, [_points(box, prepared) for box in unread], name))
    if read.words and prepared.native < COARSE:
        findings.append(coarse_finding(page, prepared.native, name))
    return page, findings


def _points(box: PixelBox, prepared: Prepared) -> Box:
    x0, y0, x1, y1 = (round(edge / prepared.scale, 2) for edge in box)
    return x0, y0, x1, y1


def _threads() -> int:
    """Give the threads for the network; one core is the other engine's."""
    return max(1, (os.cpu_count() or 2) - 1)
