"""A university's short memo in small print: a sentence for the results, a list of dates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Spacer

from benchmarks.layouts.drawing import day, number, para
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
    viability,
)

_DATE = "{d} {Month} {y}"


def compose(rng: Random) -> Truth:
    """Invent a memo that gives its results as a list of short sentences."""
    truth = begin(rng, "GMP Core, University of Lindisfarne", "GMP/QC/{n:04d}")
    lines = [*sterility(rng, (None,)), endotoxin(rng), mycoplasma(rng), viability(rng)]
    controls = (
        Line(test="sterility", role="positive_control", reading="positive"),
        Line(test="sterility", role="negative_control", reading="negative"),
    )
    return replace(fill(truth, lines), also=controls)


def draw(truth: Truth, path: Path) -> None:
    """Print the memo."""
    culture, toxin, myco, cells = truth.lines
    assert toxin.amount is not None
    assert cells.amount is not None
    grown = (
        "no growth after 14 days"
        if culture.reading == "negative"
        else f"growth of {culture.organism} on day {culture.day}"
    )
    found = "not detected" if myco.reading == "negative" else "DETECTED"
    lines = [
        "<b>GMP Core, University of Lindisfarne</b> – Quality Control memo",
        f"Memo no.: {truth.report_number}",
        f"To: {truth.client}",
        f"Material: {truth.product}",
        f"Lot: {truth.lot}",
        "",
        f"Received: {day(truth.date_received, _DATE)}",
        f"Tests started: {day(truth.date_started, _DATE)}",
        f"Tests completed: {day(truth.date_completed, _DATE)}",
        "",
        "<b>Results</b>",
        f"• Sterility (BacT/ALERT): {grown}",
        f"• Endotoxin (LAL): {number(toxin.amount).replace('<', '&lt;')} EU/mL (limit 0.50 EU/mL)",
        f"• Mycoplasma (PCR): {found}",
        f"• Viability (trypan blue): {number(cells.amount)} % (limit 70 %)",
        "",
        "All assays were valid. Positive controls grew and negative controls remained clear."
        if not truth.failed
        else "The material is rejected; see deviation DEV-118. All assays were valid.",
        "",
        f"Signed: {truth.signed_by}, Quality Manager, {day(truth.date_issued, _DATE)}",
    ]
    story = [para(line, "Helvetica", 7.5) if line else Spacer(1, 7) for line in lines]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=30, topMargin=30).build(story)
