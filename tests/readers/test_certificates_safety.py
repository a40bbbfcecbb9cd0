"""Whatever the layout, growth that is drawn on a certificate is never lost in reading it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from certificate_layouts import STERILITY_PAIRS, Paper

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Severity
from qcvalidate.vocabulary import load_vocabulary

HEADINGS = (
    ("Test", "Method", "Specification", "Result", "Evaluation"),
    ("Medium", "Method", "Acceptance criteria", "Observation", "Pass/Fail"),
    ("Prüfung", "Methode", "Spezifikation", "Ergebnis", "Bewertung"),
    ("Parameter", "Reference", "Limit", "Results", "Remarks"),
    ("Assay", "Procedure", "Something else", "Result", "Signature"),
)
TESTS = ("Sterility, FTM", "Sterility, TSB", "FTM", "TSB", "Fluid Thioglycollate Medium (FTM)")
GROWTH = ("Growth", "Positive", "growth observed", "Turbid", "Growth detected", "Wachstum")
NOTES = (
    "Page 1 of 1",
    "The results relate only to the items tested.",
    "FTM supports the growth of anaerobic bacteria.",
    "(-) No Growth (+) Growth",
    "No growth was observed in the negative control.",
)


def drawn(seed: int) -> tuple[bytes, str]:
    """Draw one certificate with one row that grew, in a layout that the seed chooses."""
    choose = random.Random(seed)  # noqa: S311  it only lays out papers
    heading = choose.choice(HEADINGS)
    grown = choose.choice(GROWTH)
    bad = choose.randrange(4)
    body = [
        (
            choose.choice(TESTS).replace(", ", choose.choice((", ", ",\n"))),
            choose.choice(("USP <71>", "Ph. Eur.\n2.6.1", "")),
            choose.choice(("No growth", "No\ngrowth", "")),
            (grown if row == bad else "No growth").replace(" ", choose.choice((" ", "\n"))),
            choose.choice(("", "Pass", "-")),
        )
        for row in range(4)
    ]
    paper = Paper()
    if choose.random() < 0.5:
        paper.title(choose.choice(("Sterility Report", "Certificate of Analysis")))
    paper.pairs(STERILITY_PAIRS, columns=choose.choice((1, 2)))
    widths = [choose.choice((62, 75, 90, 120)) for _ in heading]
    widths[0] = choose.choice((90, 130, 170))
    paper.table(
        [heading, *body],
        widths,
        ruled=choose.random() < 0.5,
        pitch=choose.choice((13, 16, 20, 32)),
    )
    for note in NOTES:
        if choose.random() < 0.4:
            paper.line(note, step=choose.choice((13, 20)))
    return paper.done(), grown


@pytest.mark.parametrize("block", range(10))
def test_growth_is_read_or_holds(tmp_path: Path, block: int) -> None:
    context = Context(load_vocabulary(open_catalogue()), Locale())
    path = tmp_path / "certificate.pdf"
    lost = []
    for seed in range(block * 40, block * 40 + 40):
        content, _ = drawn(seed)
        path.write_bytes(content)
        try:
            record = read_document(open_document(path), context)
        except DocumentError:
            continue
        grown = any(
            row.reading == "positive" and row.role == "sample" for row in rows(record.observations)
        )
        holds = any(finding.severity is Severity.HOLD for finding in record.findings)
        if not (grown or holds):
            lost.append(seed)

    assert lost == []
