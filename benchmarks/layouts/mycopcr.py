"""A report of a mycoplasma assay: its controls and their cycles stand in the sample's own table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, logo, para, vera
from benchmarks.layouts.truth import Line, Truth, begin, fill, mycoplasma

_DATE = "{d02}.{m02}.{y}"


def compose(rng: Random) -> Truth:
    """Invent a run with one sample and three controls."""
    truth = begin(
        rng,
        "Dr. Falkner Molekulardiagnostik",
        "MYC-{yy}{n:05d}",
        ("received", "started", "issued"),
        days=1,
        status="final",
    )
    controls = (
        Line(test="mycoplasma", role="negative_control", reading="negative"),
        Line(test="mycoplasma", role="positive_control", reading="positive"),
    )
    found = fill(truth, [mycoplasma(rng, bad=0.15)])
    return replace(found, also=controls, sample_id=f"MP{rng.randrange(1000, 9999)}")


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = vera()
    (line,) = truth.lines
    found = line.reading == "positive"
    pairs = (
        ("Report no.", truth.report_number),
        ("Report type", "Final report"),
        ("Customer", truth.client),
        ("Product", truth.product),
        ("Batch no.", truth.lot),
        ("Sample no.", truth.sample_id),
        ("Date of receipt", day(truth.date_received, _DATE)),
        ("Date of analysis", day(truth.date_started, _DATE)),
        ("Method", "Real-time PCR according to Ph. Eur. 2.6.7"),
    )
    rows = [
        ["Reaction", "Ct (FAM)", "Ct (internal control)", "Result"],
        [
            f"Sample {truth.sample_id}",
            "31.4" if found else "-",
            "27.9",
            "positive" if found else "negative",
        ],
        ["Positive control (100 GC)", "29.2", "27.6", "positive"],
        ["Negative extraction control", "-", "27.8", "negative"],
        ["No template control", "-", "-", "negative"],
    ]
    about = Table(
        [[para(label, bold, 8.5), para((value or ""), plain, 8.5)] for label, value in pairs],
        colWidths=(110, 370),
    )
    table = Table(
        rows,
        colWidths=(180, 80, 130, 90),
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), bold, 8.5),
                ("FONT", (0, 1), (-1, -1), plain, 8.5),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, 1), 0.3, colors.grey),
                ("BOX", (0, 0), (-1, -1), 0.8, colors.black),
            ]
        ),
    )
    told = "was detected" if found else "was not detected"
    story = [
        Spacer(1, 24),
        para("Mycoplasma test report", bold, 14),
        Spacer(1, 10),
        about,
        Spacer(1, 10),
        table,
        Spacer(1, 10),
        para(f"Conclusion: Mycoplasma DNA {told} in the sample.", bold, 9),
        Spacer(1, 4),
        para("Validity: all controls met their criteria. Limit of detection: 10 CFU/ml.", plain, 8),
        Spacer(1, 24),
        para(f"Approved by: {truth.signed_by}", plain, 8.5),
        para(f"Date of report: {day(truth.date_issued, _DATE)}", plain, 8.5),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=55).build(story, onFirstPage=_stationery)


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 55, 785, 26, "#846a00")
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(
        545, 795, "Dr. Falkner Molekulardiagnostik · Hafenstr. 5 · 99998 Lindau-Neustadt"
    )
    canvas.drawCentredString(297, 30, "Page 1 of 1")
