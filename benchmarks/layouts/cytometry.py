"""A flow cytometry core's report: populations with their parent, one line of summary on top."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number, vera
from benchmarks.layouts.truth import Truth, begin, fill, marker, viability

_DATE = "{y}-{m02}-{d02}"
_POSITIVE = ("cd73_positive", "cd90_positive", "cd105_positive")
_NEGATIVE = ("cd45_positive", "cd34_positive", "cd14_positive", "hla_dr_positive")


def compose(rng: Random) -> Truth:
    """Invent a phenotype and a viability, measured on one day."""
    truth = begin(
        rng, "Cytometry Core, Elmsworth Institute", "FC{y}-{n:04d}", ("received", "issued"), days=1
    )
    lines = [
        viability(rng, method="7-AAD"),
        *(marker(rng, test, positive=True) for test in _POSITIVE),
        *(marker(rng, test, positive=False) for test in _NEGATIVE),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    logo(canvas, 45, 780, 30, "#b03060")
    canvas.setFont(bold, 13)
    canvas.drawString(85, 795, "Flow Cytometry Report")
    canvas.setFont(plain, 8)
    canvas.drawString(85, 783, truth.laboratory)
    y = 755.0
    for label, value in (
        ("Report", truth.report_number),
        ("Submitted by", truth.client),
        ("Cell product", truth.product),
        ("Batch", truth.lot),
        ("Received on", day(truth.date_received, _DATE)),
        ("Reported on", day(truth.date_issued, _DATE)),
    ):
        canvas.setFont(bold, 8.5)
        canvas.drawString(45, y, label)
        canvas.setFont(plain, 8.5)
        canvas.drawString(150, y, value or "")
        y -= 13
    rows = [["Population", "Parent", "% of parent", "Criterion", "Meets"]]
    for line in truth.lines:
        assert line.amount is not None
        assert line.limit is not None
        name = "Viable cells (7-AAD negative)"
        if line.test != "viability":
            name = line.test.removesuffix("_positive").upper().replace("_", "-") + "+"
        parent = "Single cells" if line.test == "viability" else "Viable cells"
        rows.append(
            [
                name,
                parent,
                number(line.amount),
                f"{number(line.limit)} %",
                "yes" if line.verdict == "pass" else "NO",
            ]
        )
    table = Table(
        rows,
        colWidths=(180, 100, 80, 80, 55),
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), bold, 8.5),
                ("FONT", (0, 1), (-1, -1), plain, 8.5),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f3d9e3")),
                ("ALIGN", (2, 0), (2, -1), "RIGHT"),
            ]
        ),
    )
    table.wrapOn(canvas, 500, 300)
    table.drawOn(canvas, 45, y - 180)
    canvas.setFont(plain, 7)
    canvas.drawString(
        45,
        y - 200,
        "Gating: Cells > Single cells > Viable cells. 30,000 events. "
        "Fluorescence-minus-one controls were used.",
    )
    canvas.setFont(plain, 8.5)
    canvas.drawString(45, y - 235, f"Analysis verified by: {truth.signed_by}")
    canvas.save()
