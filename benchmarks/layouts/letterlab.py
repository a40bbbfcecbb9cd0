"""A university core laboratory: a letter with results in lines of leader dots."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, number, para
from benchmarks.layouts.truth import Truth, begin, endotoxin, fill, mycoplasma, sterility

_DATE = "{Month} {d}, {y}"


def compose(rng: Random) -> Truth:
    """Invent a letter about two or three tests."""
    truth = begin(
        rng,
        "Aldergate University Biologics Core",
        "ABC-{yy}-{n:05d}",
        ("received", "started", "completed", "issued"),
    )
    lines = [*sterility(rng, growth=0.15, method="USP <71>")]
    lines.append(endotoxin(rng, limit="0.50", method="USP <85>"))
    if rng.random() < 0.5:
        lines.append(mycoplasma(rng))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the letter."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Times-Bold", 16)
    canvas.drawCentredString(306, 738, "ALDERGATE UNIVERSITY")
    canvas.setFont("Times-Roman", 11)
    canvas.drawCentredString(306, 723, "School of Medicine - Biologics Core Laboratory")
    canvas.setFont("Times-Italic", 9)
    canvas.drawCentredString(
        306, 711, "Room B-114, Thackeray Hall, Aldergate, CT 06999 · biocore@aldergate.example"
    )
    canvas.line(72, 704, 540, 704)
    y = 676.0

    def put(
        words: str, font: str = "Times-Roman", size: float = 11, x: float = 72, step: float = 15
    ) -> None:
        nonlocal y
        canvas.setFont(font, size)
        canvas.drawString(x, y, words)
        y -= step

    def paragraph(words: str) -> None:
        nonlocal y
        block = para(words, "Times-Roman", 11)
        _, height = block.wrap(468, 400)
        block.drawOn(canvas, 72, y - height + 9)
        y -= height + 9

    put(day(truth.date_issued, _DATE), step=22)
    put(truth.client)
    put("Attention: Quality Unit", step=22)
    put(f"Report no.: {truth.report_number}", "Times-Bold")
    put(f"Re: {truth.product}, lot {truth.lot}", "Times-Bold", step=22)
    put("Dear colleague,", step=20)
    paragraph(
        "Thank you for submitting the above sample, which we received on "
        f"{day(truth.date_received, _DATE)}. Testing was started on "
        f"{day(truth.date_started, _DATE)} and completed on {day(truth.date_completed, _DATE)}. "
        "Sterility was tested by direct inoculation "
        "according to USP <71> with incubation for 14 days, and endotoxin by the kinetic "
        "chromogenic LAL assay according to USP <85>. "
        "The results were as follows:".replace("<", "&lt;").replace(">", "&gt;")
    )
    y -= 6
    names = {
        ("sterility", "anaerobic"): "Sterility, fluid thioglycollate medium",
        ("sterility", "aerobic"): "Sterility, soybean-casein digest medium",
        ("endotoxin", None): "Endotoxin",
        ("mycoplasma", None): "Mycoplasma (PCR)",
    }
    for line in truth.lines:
        if line.amount:
            said = f"{number(line.found)} {line.unit}"
        elif line.test == "mycoplasma":
            said = "not detected" if line.reading == "negative" else "detected"
        else:
            said = (
                choose(truth, "no growth", "no growth after 14 days")
                if line.reading == "negative"
                else f"growth on day {line.day}"
            )
        name = names[line.test, line.part]
        start, stop = 96 + stringWidth(name, "Times-Roman", 11) + 4, 350
        canvas.setFont("Times-Roman", 11)
        dot = stringWidth(".", "Times-Roman", 11)
        canvas.drawString(start, y, "." * int((stop - start) / dot))
        canvas.setFont("Times-Bold", 11)
        canvas.drawString(356, y, said)
        put(name, x=96, step=17)
    y -= 8
    toxin = next(line for line in truth.lines if line.test == "endotoxin")
    paragraph(
        f"The endotoxin limit stated in your request is {toxin.allowed.digits} EU/mL. Positive and "
        "negative controls of all assays were satisfactory."
    )
    failed = [line for line in truth.lines if line.verdict == "fail"]
    if failed:
        kinds = list(
            dict.fromkeys(
                {
                    "sterility": "sterility",
                    "endotoxin": "bacterial endotoxin",
                    "mycoplasma": "mycoplasma",
                }[line.test]
                for line in failed
            )
        )
        paragraph(
            f"The sample did not meet the requirements of the test for {' and '.join(kinds)}. We "
            "recommend that the lot be held pending your investigation."
        )
        bug = next((line.organism for line in failed if line.organism), None)
        if bug:
            paragraph(
                f"The organism recovered was identified as {bug} by 16S rRNA gene sequencing."
            )
    else:
        paragraph("The sample met the requirements of all tests performed.")
    paragraph(
        "These results apply only to the sample submitted. Please do not hesitate to contact us "
        "should you have any questions."
    )
    y -= 8
    put("Sincerely,", step=46)
    put(truth.signed_by or "", "Times-Bold")
    put("Director, Biologics Core Laboratory")
    canvas.setFont("Times-Italic", 8.5)
    canvas.drawCentredString(
        306,
        40,
        "The Biologics Core operates under a quality system based on ISO/IEC 17025. This letter "
        "may be reproduced only in full.",
    )
    canvas.save()
