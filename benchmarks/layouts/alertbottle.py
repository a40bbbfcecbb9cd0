"""A US hospital's laboratory system: typewriter print of a two-bottle BacT/ALERT culture."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day
from benchmarks.layouts.truth import Line, Truth, begin, fill, gram_stain, sterility
from qcvalidate.locale import Locale

LOCALE = Locale(dates="MDY")
_DATE = "{m02}/{d02}/{y}"


def compose(rng: Random) -> Truth:
    """Invent a product culture, final or preliminary."""
    preliminary = rng.random() < 0.2
    truth = begin(
        rng,
        "Mercy Vale Hospital",
        "MB-{yy}-{n:06d}",
        ("sampled", "received", "issued"),
        status="preliminary" if preliminary else "final",
    )
    if preliminary:
        assert truth.date_received
        truth = replace(truth, date_issued=truth.date_received + dt.timedelta(days=5))
    lines: list[Line] = []
    if rng.random() < 0.6:
        lines.append(replace(gram_stain(rng), verdict=None))
    if preliminary:
        lines += [
            Line(test="sterility", part=part, reading="pending")
            for part in ("aerobic", "anaerobic")
        ]
    else:
        lines += [
            replace(line, verdict=None)
            for line in sterility(rng, ("aerobic", "anaerobic"), growth=0.25)
        ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the report in fixed pitch."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont("Courier", 9)
    y = 752.0

    def put(text: str = "", bold: bool = False) -> None:
        nonlocal y
        canvas.setFont("Courier-Bold" if bold else "Courier", 9)
        canvas.drawString(40, y, text)
        y -= 11.5

    put("MERCY VALE HOSPITAL                      DEPARTMENT OF LABORATORY MEDICINE", True)
    put("2200 ORCHARD PIKE, VALE CITY, OH 43999   MICROBIOLOGY        CLIA 36D9999999")
    put("LABORATORY DIRECTOR: H. OSTRANDER, MD    PHONE 614-555-0172")
    put("=" * 88)
    put(f"{'ORDERING LOCATION:':<20}{truth.client.upper()}")
    put(f"{'SPECIMEN:':<20}{truth.product.upper()}")
    put(f"{'LOT NUMBER:':<20}{truth.lot}")
    put()
    status = (truth.status or "").upper()
    drawn, came = (day(when, _DATE) for when in (truth.date_sampled, truth.date_received))
    put(f"{'ACCESSION:':<20}{truth.report_number:<24}{'COLLECTED:':<14}{drawn} 08:40")
    put(f"{'REPORT STATUS:':<20}{status:<24}{'RECEIVED:':<14}{came} 11:15")
    put(f"{'PRIORITY:':<20}{'ROUTINE':<24}{'REPORTED:':<14}{day(truth.date_issued, _DATE)} 13:02")
    put("=" * 88)
    put()
    put("STERILITY CULTURE, CELLULAR THERAPY PRODUCT", True)
    put("METHOD: BACT/ALERT 3D AUTOMATED CULTURE, 14 DAY INCUBATION")
    put()
    put(f"{'TEST':<42}{'RESULT':<46}", True)
    put("-" * 88)
    names = {
        ("gram_stain", None): "GRAM STAIN, DIRECT",
        ("sterility", "aerobic"): "AEROBIC BOTTLE (IFA PLUS)",
        ("sterility", "anaerobic"): "ANAEROBIC BOTTLE (IFN PLUS)",
    }
    for line in truth.lines:
        extra = []
        if line.test == "gram_stain":
            said = "NO ORGANISMS SEEN" if line.reading == "negative" else "GRAM POSITIVE COCCI SEEN"
        elif line.reading == "pending":
            said = choose(truth, "NO GROWTH TO DATE, DAY 5", "NO GROWTH TO DATE")
            extra = ["CULTURE IN PROGRESS"]
        elif line.reading == "positive":
            said = "POSITIVE"
            extra = [
                f"DETECTED POSITIVE ON DAY {line.day}",
                f"ORGANISM: {(line.organism or '').upper()}",
            ]
        else:
            said = choose(
                truth, "NO GROWTH AT 14 DAYS", "NO GROWTH AFTER 14 DAYS", "NO GROWTH 14 DAYS"
            )
        put(f"{names[line.test, line.part]:<42}{said}")
        for text in extra:
            put(" " * 42 + text)
    put("-" * 88)
    put()
    put("COMMENTS:", True)
    if any(line.reading == "positive" and line.test == "sterility" for line in truth.lines):
        put("  CRITICAL RESULT CALLED TO AND READ BACK BY CELL PROCESSING STAFF.")
    put("  INOCULUM VOLUME 1.0 ML PER BOTTLE.")
    put("  THIS TEST WAS VALIDATED BY THE LABORATORY FOR CELLULAR THERAPY PRODUCTS. IT HAS")
    put("  NOT BEEN CLEARED OR APPROVED BY THE US FOOD AND DRUG ADMINISTRATION.")
    put()
    put("VERIFIED BY: " + (truth.signed_by or "").upper())
    put()
    put("*** END OF REPORT ***")
    canvas.setFont("Courier", 8)
    canvas.drawString(
        40,
        40,
        f"MERCY VALE HOSPITAL LIS 7.2     {truth.report_number}     PAGE 1 OF 1     CONFIDENTIAL",
    )
    canvas.save()
