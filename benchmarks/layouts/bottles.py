"""A printout of an automated culture system: two bottles, fixed pitch, times to detection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day
from benchmarks.layouts.truth import Truth, begin, fill, sterility
from qcvalidate.locale import Locale

# Its dates are too near to one another to prove their order.
LOCALE = Locale(dates="MDY")
_DATE = "{m02}/{d02}/{y}"


def compose(rng: Random) -> Truth:
    """Invent one specimen with an aerobic and an anaerobic bottle."""
    truth = begin(
        rng,
        "Lakeshore Blood and Cell Center",
        "LBC{yy}{n:06d}",
        ("sampled", "received"),
        status="final",
    )
    lines = [
        replace(line, started=truth.date_received)
        for line in sterility(rng, ("aerobic", "anaerobic"))
    ]
    return fill(truth, [replace(line, started=None) for line in lines])


def draw(truth: Truth, path: Path) -> None:
    """Print the listing of the instrument's computer."""
    canvas = Canvas(str(path), pagesize=letter)
    text = canvas.beginText(54, 740)
    text.setFont("Courier", 9.5)
    text.setLeading(12)
    for line in _listing(truth):
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()


def _listing(truth: Truth) -> list[str]:
    assert truth.date_received is not None
    bottles = []
    for line, kind in zip(truth.lines, ("FA Plus (aerobic)", "FN Plus (anaerobic)"), strict=True):
        bottle = f"BT{len(truth.product) % 10}{ord(kind[1]) % 10}4417"
        hours = "" if line.day is None else f"{line.day * 24 - 7}.4 h"
        found = "POSITIVE" if line.reading == "positive" else "NEGATIVE"
        test_days = f"{line.day if line.day else 14:>4}.0"
        bottles.append(f"{bottle:<12}{kind:<24}{test_days:<10}{found:<12}{hours:<10}")
    grown = [line for line in truth.lines if line.organism]
    isolate = [f"Organism ID     : {grown[0].organism}", ""] if grown else []
    return [
        "LAKESHORE BLOOD AND CELL CENTER            MICROBIAL DETECTION SYSTEM",
        "QC Microbiology                                    Specimen Report",
        "",
        f"Accession       : {truth.report_number}",
        f"Product Lot     : {truth.lot}",
        f"Description     : {truth.product}",
        f"Collected       : {day(truth.date_sampled, _DATE)} 08:45",
        f"Received        : {day(truth.date_received, _DATE)} 13:20",
        "Report status   : FINAL",
        "",
        "Bottle ID   Bottle type             Days      Result      Detected at",
        "----------  ----------------------  --------  ----------  -----------",
        *bottles,
        "",
        *isolate,
        "Maximum test time: 14 days.  Incubation 32.5 C.",
        "",
        f"Verified by     : {truth.signed_by}",
    ]
