"""Several samples in one certificate: a row for each, a column for each test, sideways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number, para, vera
from benchmarks.layouts.truth import Line, Truth, begin, endotoxin, fill, lot_number, sterility

_DATE = "{y}-{m02}-{d02}"


def compose(rng: Random) -> Truth:
    """Invent four to seven samples of as many lots, each with sterility and endotoxin."""
    truth = begin(rng, "Northmoor Contract Testing", "NCT-{y}/{n:05d}", status="final")
    lines: list[Line] = []
    seen: set[str] = set()
    for at in range(rng.randrange(4, 8)):
        lot = lot_number(rng, truth.date_issued or truth.date_received)  # type: ignore[arg-type]
        if lot in seen:
            continue
        seen.add(lot)
        sample = f"{rng.randrange(1000, 9999)}-{at + 1:02d}"
        own = [*sterility(rng, (None,), growth=0.12), endotoxin(rng)]
        lines += [replace(line, lot=lot, sample_id=sample) for line in own]
    # The row's one evaluation is for both its tests, and so contradicts the one that passed.
    return replace(fill(truth, lines, "row-conflict"), lot=None)


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    plain, bold = vera()
    head = ["Sample ID", "Batch No.", "Description", "Sterility", "Endotoxin (EU/mL)", "Evaluation"]
    body = []
    for at in range(0, len(truth.lines), 2):
        culture, toxin = truth.lines[at : at + 2]
        assert toxin.amount is not None
        failed = "fail" in (culture.verdict, toxin.verdict)
        body.append(
            [
                culture.sample_id,
                culture.lot,
                "Final product, 1 vial",
                "No growth" if culture.reading == "negative" else "Growth",
                number(toxin.amount),
                "does not comply" if failed else "complies",
            ]
        )
    table = Table(
        [head, *body],
        colWidths=(90, 120, 150, 110, 130, 130),
        repeatRows=1,
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), bold, 9),
                ("FONT", (0, 1), (-1, -1), plain, 9),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), (colors.HexColor("#eef3ee"), colors.white)),
                ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
            ]
        ),
    )
    about = (
        f"<b>Report number:</b> {truth.report_number}<br/><b>Customer:</b> {truth.client}<br/>"
        f"<b>Samples received:</b> {day(truth.date_received, _DATE)}<br/>"
        f"<b>Test started:</b> {day(truth.date_started, _DATE)}<br/>"
        f"<b>Test completed:</b> {day(truth.date_completed, _DATE)}<br/>"
        f"<b>Date of issue:</b> {day(truth.date_issued, _DATE)}<br/><b>Report status:</b> Final"
    )
    story = [
        para("Test Report", bold, 16),
        Spacer(1, 10),
        para(about, plain, 9),
        Spacer(1, 14),
        table,
        Spacer(1, 10),
        para(
            "Methods: sterility, Ph. Eur. 2.6.1 (14 days); endotoxin, "
            "Ph. Eur. 2.6.14, method C. Limit for endotoxin: ≤ 0.50 EU/mL.",
            plain,
            8,
        ),
        Spacer(1, 20),
        para(f"Approved by: {truth.signed_by}", plain, 9),
    ]
    SimpleDocTemplate(str(path), pagesize=landscape(A4), leftMargin=50, topMargin=50).build(
        story, onFirstPage=_stationery, onLaterPages=_stationery
    )


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 740, 530, 40, "#2f6b3a")
    canvas.setFont("Helvetica", 7)
    canvas.drawString(
        50,
        25,
        "Northmoor Contract Testing Ltd · Unit 9, Fell Road, Northmoor · "
        "registered in England 00000000",
    )
    canvas.drawRightString(790, 25, "Page 1 of 1")
