"""A letter: the results stand in sentences, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer

from benchmarks.layouts.drawing import choose, day, number, para
from benchmarks.layouts.truth import Truth, begin, endotoxin, fill, sterility

_DATE = "{Month} {d}, {y}"


def compose(rng: Random) -> Truth:
    """Invent a letter about sterility and endotoxin."""
    truth = begin(
        rng,
        "Ferncliff University GMP Facility",
        "QC-{yy}-{n:04d}",
        ("received", "started", "completed", "issued"),
    )
    return fill(truth, [*sterility(rng), endotoxin(rng)])


def draw(truth: Truth, path: Path) -> None:
    """Print the letter."""
    anaerobic, aerobic, toxin = truth.lines
    assert toxin.amount is not None
    told = {
        "negative": choose(
            truth,
            "no growth was observed in {}",
            "no microbial growth was detected in {}",
            "there was no evidence of growth in {}",
        ),
        "positive": "growth was observed in {} on day {}",
    }
    media = " and ".join(
        told[line.reading or ""].format(name, line.day)
        for line, name in (
            (anaerobic, "Fluid Thioglycollate Medium (FTM)"),
            (aerobic, "Tryptic Soy Broth (TSB)"),
        )
    )
    grown = [line for line in (anaerobic, aerobic) if line.reading == "positive"]
    isolate = f" The isolate was identified as <i>{grown[0].organism}</i>." if grown else ""
    words = choose(truth, "meets|does not meet", "complies with|does not comply with")
    verdict = words.split("|")[truth.failed]
    sentences = [
        day(truth.date_issued, _DATE),
        truth.client,
        f"<b>Re: {truth.product}, Lot {truth.lot}; Report No. {truth.report_number}</b>",
        "To whom it may concern,",
        f"The above sample was received on {day(truth.date_received, _DATE)} and tested for "
        "sterility by direct inoculation according to USP &lt;71&gt;. The test was started on "
        f"{day(truth.date_started, _DATE)} and completed on {day(truth.date_completed, _DATE)}.",
        f"After 14 days of incubation {media}.{isolate}",
        "Bacterial endotoxin was determined by the kinetic chromogenic method (USP &lt;85&gt;) and "
        f"was {number(toxin.amount).replace('<', '&lt;')} EU/mL (limit: not more than 0.50 EU/mL).",
        f"The sample {verdict} the acceptance criteria.",
        "Sincerely,",
    ]
    story: list[object] = [Spacer(1, 30)]
    for sentence in sentences:
        story += [para(sentence, "Times-Roman", 11.5), Spacer(1, 11)]
    story += [
        Spacer(1, 24),
        para(f"{truth.signed_by}<br/>Director, Quality Control", "Times-Roman", 11.5),
    ]
    SimpleDocTemplate(str(path), pagesize=letter, leftMargin=80, rightMargin=80).build(
        story, onFirstPage=_letterhead
    )


def _letterhead(canvas: Canvas, _: object) -> None:
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(80, 735, "Ferncliff University GMP Facility")
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(80, 722, "Quality Control · 1 College Hill · Ferncliff, VT 05999")
    canvas.line(80, 715, 532, 715)
