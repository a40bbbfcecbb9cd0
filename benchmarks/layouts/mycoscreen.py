"""A British culture collection's mycoplasma service: several samples in one qPCR report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, choose, day, facts, padded, para
from benchmarks.layouts.truth import Line, Truth, begin, fill, lot_number

_DATE = "{d} {Month} {y}"


def compose(rng: Random) -> Truth:
    """Invent two to four samples, each of its own batch."""
    truth = begin(
        rng, "Wexcombe Cell Testing", "MYC/{yy}/{n:05d}", ("received", "started", "issued"), days=1
    )
    count = rng.randrange(2, 5)
    first = rng.randrange(1000, 9000)
    lots: list[str] = []
    assert truth.date_received
    while len(lots) < count:
        lot = lot_number(rng, truth.date_received)
        if lot not in lots:
            lots.append(lot)
    bad = rng.randrange(count) if rng.random() < 0.25 else None
    odd = rng.randrange(count) if rng.random() < 0.08 else None
    lines = []
    for at, lot in enumerate(lots):
        reading = "positive" if at == bad else "invalid" if at == odd else "negative"
        lines.append(
            Line(
                test="mycoplasma",
                sample_id=f"W{first + at}",
                lot=lot,
                reading=reading,
                method="Ph. Eur. 2.6.7",
            )
        )
    controls = (
        Line(test="mycoplasma", role="positive_control", reading="positive"),
        Line(test="mycoplasma", role="negative_control", reading="negative"),
    )
    return replace(fill(replace(truth, lot=None), lines), also=controls)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SANS
    words = choose(
        truth,
        "Not detected|DETECTED|Inconclusive",
        "Mycoplasma DNA not detected|Mycoplasma DNA DETECTED|Inconclusive - PCR inhibition",
        "Negative|POSITIVE|Inconclusive",
    ).split("|")
    shown = {"negative": words[0], "positive": words[1], "invalid": words[2]}
    kinds = ("Culture supernatant", "Cell suspension", "Cells in medium", "Drug product retain")
    seed = sum(map(ord, truth.report_number or ""))
    rows: list[list[object]] = [["Lab sample no.", "Batch / lot no.", "Sample type", "Result"]]
    rows += [
        [
            line.sample_id,
            line.lot,
            kinds[(seed + at) % 4],
            para(shown[line.reading or ""], bold if line.reading != "negative" else plain, 9),
        ]
        for at, line in enumerate(truth.lines)
    ]
    look = [
        ("FONT", (0, 0), (-1, 0), bold, 9),
        ("FONT", (0, 1), (-1, -1), plain, 9),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.HexColor("#5b2a6d")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    table = Table(rows, colWidths=(95, 115, 120, 155), style=TableStyle(look))
    controls = Table(
        [
            ["Assay control", "Acceptance criterion", "Outcome"],
            ["Positive control (M. orale, 10 GC/reaction)", "Detected, Ct < 38", "Detected"],
            ["Negative extraction control", "Not detected", "Not detected"],
            ["No template control", "Not detected", "Not detected"],
            ["Internal amplification control", "Ct within ± 2 of reference", "Valid"],
        ],
        colWidths=(210, 150, 125),
        style=TableStyle(
            [
                ("FONTSIZE", (0, 0), (-1, -1), 8),
                *look[:4],
                ("FONT", (0, 0), (-1, 0), bold, 8),
                ("FONT", (0, 1), (-1, -1), plain, 8),
            ]
        ),
    )
    about = facts(
        (
            ("Report reference", truth.report_number),
            ("Customer", truth.client),
            ("Project", truth.product),
            ("Samples received", day(truth.date_received, _DATE)),
            ("Date of test", day(truth.date_started, _DATE)),
            ("Date of report", day(truth.date_issued, _DATE)),
        ),
        (110, 375),
        (plain, bold),
        9,
        *padded(1.5, 1.5),
    )
    positive = [line.sample_id for line in truth.lines if line.reading == "positive"]
    unclear = [line.sample_id for line in truth.lines if line.reading == "invalid"]
    note = "Please contact us if you wish to discuss these results."
    if positive:
        note = (
            f"Sample {positive[0]} should be regarded as contaminated. We recommend that the "
            "culture is quarantined and "
            "discarded, and that a fresh sample is submitted."
        )
    elif unclear:
        note = (
            f"Sample {unclear[0]} inhibited the reaction. A fresh sample, diluted or purified, is "
            "required."
        )
    story = [
        para("Wexcombe Cell Testing", bold, 17, textColor=colors.HexColor("#5b2a6d")),
        Spacer(1, 2),
        para(
            "Mycoplasma Detection Service · Unit 6, Downs Science Park, Wexcombe SN9 9ZZ, United "
            "Kingdom",
            plain,
            8,
        ),
        Spacer(1, 18),
        para("Mycoplasma Test Report - real-time PCR", bold, 13),
        Spacer(1, 10),
        about,
        Spacer(1, 14),
        para("Results", bold, 11),
        Spacer(1, 4),
        table,
        Spacer(1, 12),
        para("Assay controls", bold, 11),
        Spacer(1, 4),
        controls,
        Spacer(1, 12),
        para("Method", bold, 11),
        Spacer(1, 3),
        para(
            "DNA was extracted from 200 µL of each sample and amplified in duplicate with primers "
            "against the 16S rRNA gene "
            "(SOP WCT-MYC-004). The assay is validated in accordance with Ph. Eur. 2.6.7, nucleic "
            "acid amplification "
            "techniques; the limit of detection is not more than 10 CFU/mL for the nine listed "
            "species.",
            plain,
            9,
        ),
        Spacer(1, 8),
        para("Comments", bold, 11),
        Spacer(1, 3),
        para(note, plain, 9),
        Spacer(1, 26),
        para(f"Authorised by: {truth.signed_by}, Senior Scientist", plain, 9),
        Spacer(1, 3),
        para(
            "This report was authorised electronically and is valid without a signature.", plain, 8
        ),
    ]

    def foot(canvas: Canvas, _: object) -> None:
        canvas.setStrokeColor(colors.HexColor("#5b2a6d"))
        canvas.line(55, 62, 540, 62)
        canvas.setFont(plain, 7)
        canvas.drawString(
            55,
            52,
            "Results relate only to the samples tested, as received. Sample identity was "
            "supplied by the customer.",
        )
        canvas.drawString(
            55,
            43,
            "UKAS accredited testing laboratory No. 99999. Opinions expressed herein are outside "
            "the scope of accreditation.",
        )
        canvas.drawRightString(540, 34, "WCT-F-112 v7   Page 1 of 1")

    build(path, story, foot, A4, (55, 55, 50, 70))
