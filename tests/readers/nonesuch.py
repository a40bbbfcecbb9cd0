"""Draws the papers of a laboratory that does not exist, in a layout and with words of its own."""

from __future__ import annotations

from certificate_layouts import LEFT, Paper

HARMLESS = "If growth is observed, the organism is identified and the sender is told within a day."
HEADER = ("Examination", "Method", "Requirement", "What was seen")
WIDTHS = (120, 90, 110, 150)


def nonesuch(
    *,
    lot: str = "MSC-26-014",
    first: str = "Broth quiet",
    second: str = "Broth quiet",
    notes: tuple[str, ...] = (HARMLESS,),
    issued: str = "04/05/2026",
    name: str = "NONESUCH ASSAY HOUSE",
    form: str = "Form NAH-F-031, edition 2",
    corner: str = "S-4471",
    marked: str = "Consignment mark",
    header: tuple[str, ...] = HEADER,
    extra: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Draw a report on sterility; the sample's number stands in the corner, without a label."""
    paper = Paper()
    paper.y = 36
    paper.text(470, corner)
    paper.line(name, size=14)
    paper.line("1 Imaginary Lane, Nowhere", size=8, step=30)
    paper.title("Sterility test report")
    paper.pairs(
        [
            ("Docket", "NAH/26/0412"),
            (marked, lot),
            ("Seeded on", "05 MAR 2026"),
            ("Read out on", "19 MAR 2026"),
            ("Put to paper", issued),
            *extra,
        ]
    )
    rows = [
        header,
        ("Sterility, FTM", "USP <71>", "No growth", first),
        ("Sterility, TSB", "USP <71>", "No growth", second),
    ]
    paper.table(rows, WIDTHS, ruled=True)
    for note in notes:
        paper.line(note)
    paper.y = 800
    paper.text(LEFT, form, size=8)
    return paper.done()
