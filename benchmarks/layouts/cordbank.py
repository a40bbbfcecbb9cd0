"""A private cord blood bank: a unit report in boxes, two columns side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, logo
from benchmarks.layouts.truth import Amount, Line, Truth, begin, fill, sterility, viability

_DATE = "{d02}-{Mon}-{y}"


def compose(rng: Random) -> Truth:
    """Invent a cord blood unit: count, viability, CD34 and culture."""
    truth = begin(
        rng, "Tillerbrook Cord Blood Bank", "TCB-R{n:06d}", ("sampled", "received", "issued")
    )
    truth = replace(
        truth, product="Umbilical cord blood, HPC(CB)", lot=f"TCB{rng.randrange(100000, 999999)}"
    )
    lines = [
        Line(
            test="total_nucleated_cells",
            amount=Amount(f"{rng.randrange(6, 19)}.{rng.randrange(10)}", exponent=8),
            unit="cells",
            limit=Amount("5.0", "≥", 8),
            verdict=None,
        ),
        replace(viability(rng, limit="85", method="7-AAD"), verdict=None),
        Line(
            test="cd34_positive",
            amount=Amount(f"0.{rng.randrange(11, 79)}"),
            unit="%",
            verdict=None,
        ),
        *(
            replace(line, verdict=None)
            for line in sterility(rng, ("aerobic", "anaerobic"), method="BACTEC", growth=0.2)
        ),
    ]
    viable = lines[1]
    if viable.found.number < viable.allowed.number and rng.random() < 0.8:
        lines[1] = replace(viable, amount=Amount(f"{rng.randrange(861, 987) / 10:.1f}"))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the unit report."""
    count, viable, stem, *cultures = truth.lines
    tint = colors.HexColor("#b03a5b")
    canvas = Canvas(str(path), pagesize=letter)
    logo(canvas, 46, 722, 36, "#b03a5b")
    canvas.setFont("Times-Bold", 18)
    canvas.drawString(92, 738, "Tillerbrook Cord Blood Bank")
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(
        92,
        725,
        "1 Tillerbrook Circle, Tillerbrook, WI 53999   |   AABB and FACT accredited   |   FDA "
        "registered HCT/P establishment",
    )
    canvas.setFont("Times-Bold", 15)
    canvas.drawCentredString(
        306,
        692,
        choose(
            truth, "Cord Blood Unit Report", "Umbilical Cord Blood Unit - Certificate of Processing"
        ),
    )

    def box(x: float, y: float, width: float, title: str, rows: list[tuple[str, str]]) -> float:
        """Draw a box hanging down from y; give where it ends."""
        height = 20 + 16 * len(rows) + 6
        canvas.setStrokeColor(tint)
        canvas.setFillColor(tint)
        canvas.rect(x, y - 18, width, 18, fill=1)
        canvas.rect(x, y - height, width, height)
        canvas.setFillColor(colors.white)
        canvas.setFont("Times-Bold", 10.5)
        canvas.drawString(x + 7, y - 13, title)
        canvas.setFillColor(colors.black)
        at = y - 33
        for label, value in rows:
            canvas.setFont("Times-Roman", 10)
            canvas.drawString(x + 7, at, label)
            canvas.setFont("Times-Bold", 10)
            canvas.drawString(x + width * 0.5, at, value)
            at -= 16
        return y - height

    said = {
        "negative": choose(truth, "No growth", "Negative", "No growth at 14 days"),
        "positive": "Positive",
    }
    left, right, wide = 46, 312, 254
    a = box(
        left,
        670,
        wide,
        "Unit identification",
        [
            ("Unit lot number", truth.lot or ""),
            ("Report number", truth.report_number or ""),
            ("Collection date", day(truth.date_sampled, _DATE)),
            ("Date received", day(truth.date_received, _DATE)),
            ("Report date", day(truth.date_issued, _DATE)),
        ],
    )
    b = box(
        right,
        670,
        wide,
        "Ordering facility",
        [
            ("Client", ""),
            ("", ""),
            ("Product", "HPC, Cord Blood"),
            ("Anticoagulant", "CPD"),
            ("Disposition", choose(truth, "Family storage", "Autologous storage")),
        ],
    )
    canvas.setFont("Times-Bold", 10)
    canvas.drawString(right + 7, 670 - 49, truth.client)
    y = min(a, b) - 18
    power = choose(truth, " x 10^", " x10E")
    a = box(
        left,
        y,
        wide,
        "Post-processing cell counts",
        [
            ("Total nucleated cells (TNC)", f"{count.found.digits}{power}8 cells"),
            ("Viability (7-AAD)", f"{viable.found.digits} %"),
            ("CD34+ (% of CD45+)", f"{stem.found.digits} %"),
        ],
    )
    b = box(
        right,
        y,
        wide,
        "Microbiology (BACTEC)",
        [
            ("Aerobic culture", said[cultures[0].reading or ""]),
            ("Anaerobic culture", said[cultures[1].reading or ""]),
            ("Incubation", "14 days"),
        ],
    )
    y = min(a, b) - 18
    a = box(
        left,
        y,
        wide,
        "Processing",
        [
            ("Method", "Automated, red cell depleted"),
            ("Cryoprotectant", "10 % DMSO"),
            ("Final volume", "25 mL in two compartments"),
        ],
    )
    b = box(
        right,
        y,
        wide,
        "Storage",
        [
            ("Freezing", "Controlled rate"),
            ("Storage", "LN2, vapor phase"),
            ("Attached segments", "3"),
        ],
    )
    y = min(a, b) - 26
    notes = [
        "Bank acceptance criteria: TNC not less than 5.0 x 10^8 and viability not less than 85 % "
        "after processing.",
        "Maternal infectious disease markers were tested by a CLIA certified laboratory and are "
        "reported separately.",
        "This report reflects the unit as processed and does not predict recovery after thawing.",
    ]
    grown = next((line for line in cultures if line.reading == "positive"), None)
    if grown:
        notes.insert(
            0,
            f"Organism identified: {grown.organism}. The medical director has notified the "
            "family's physician.",
        )
    canvas.setFont("Times-Bold", 10)
    canvas.drawString(46, y, "Comments")
    canvas.setFont("Times-Roman", 9.5)
    for text in notes:
        y -= 13
        canvas.drawString(46, y, text)
    y -= 44
    canvas.setStrokeColor(colors.black)
    canvas.line(46, y, 260, y)
    canvas.line(330, y, 500, y)
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(46, y + 4, truth.signed_by or "")
    canvas.drawString(330, y + 4, day(truth.date_issued, _DATE))
    canvas.setFont("Times-Roman", 8.5)
    canvas.drawString(46, y - 11, "Laboratory Director")
    canvas.drawString(330, y - 11, "Date")
    canvas.setFont("Times-Roman", 8)
    canvas.drawString(46, 38, "TCB-FRM-310 rev. 9")
    canvas.drawRightString(566, 38, "Page 1 of 1")
    canvas.save()
