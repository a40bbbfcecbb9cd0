"""A blood bank's record of an apheresis product: labels and values in two columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, logo
from benchmarks.layouts.truth import Amount, Line, Truth, begin, fill, gram_stain, sterility

_DATE = "{d02}-{MON}-{y}"


def compose(rng: Random) -> Truth:
    """Invent an apheresis; now and then the culture still runs."""
    waiting = rng.random() < 0.12
    truth = begin(
        rng,
        "Northfell Blood & Tissue Service",
        "SCL{yy}-{n:05d}",
        ("sampled", "received", "issued"),
        days=1 if waiting else 14,
    )
    truth = replace(
        truth,
        lot=f"G9{rng.randrange(100, 999)}{truth.date_received:%y}{rng.randrange(10**6):06d}",
        product="HPC, Apheresis",
        client=rng.choice(("Carrow Hospital, Haematology", "St Breda's Transplant Programme")),
    )
    volume = rng.randrange(148, 340)
    count = rng.randrange(900, 3200)  # tenths of a million per millilitre
    weight = rng.randrange(480, 1040)
    share = rng.randrange(60, 190)  # hundredths of a percent
    nucleated = count / 10 * volume / 10_000  # in ten thousand millions
    dose = nucleated * 10_000 * share / 10_000 / (weight / 10)
    dead = rng.randrange(700, 890) if rng.random() < 0.04 else rng.randrange(921, 996)
    culture = (
        tuple(
            Line(test="sterility", part=part, reading="pending")
            for part in ("aerobic", "anaerobic")
        )
        if waiting
        else sterility(rng, ("aerobic", "anaerobic"), growth=0.06)
    )
    lines = [
        Line(test="volume", amount=Amount(str(volume)), unit="mL"),
        Line(
            test="nucleated_cell_concentration",
            amount=Amount(f"{count / 10:.1f}", exponent=6),
            unit="cells/mL",
        ),
        Line(
            test="total_nucleated_cells",
            amount=Amount(f"{nucleated:.2f}", exponent=10),
            unit="cells",
        ),
        Line(
            test="viability",
            amount=Amount(f"{dead / 10:.1f}"),
            unit="%",
            limit=Amount("90", "≥"),
            verdict="fail" if dead < 900 else "pass",
        ),
        Line(test="cd34_positive", amount=Amount(f"{share / 100:.2f}"), unit="%"),
        Line(
            test="cd34_dose_per_kg",
            amount=Amount(f"{dose:.2f}", exponent=6),
            unit="cells/kg",
            limit=Amount("2.0", "≥", 6),
            verdict="pass" if dose >= 2 else "fail",
        ),
        gram_stain(rng),
        *culture,
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the record."""
    rng = Random(truth.report_number)
    volume, count, nucleated, alive, share, dose, stain, *culture = truth.lines

    def date(when: dt.date | None) -> str:
        return day(when, _DATE)

    c = Canvas(str(path), pagesize=A4)
    logo(c, 40, 778, 30, "#a61c28")
    c.setFont("Helvetica-Bold", 14)
    c.drawString(80, 796, "Northfell Blood & Tissue Service")
    c.setFont("Helvetica", 9)
    c.drawString(80, 783, "Stem Cell Laboratory · Cell Therapy Product Report")
    c.drawRightString(555, 796, f"Report: {truth.report_number}")
    c.drawRightString(555, 783, f"Reported: {date(truth.date_issued)}")
    y = 756.0

    def band(title: str) -> None:
        nonlocal y
        y -= 8
        c.setFillColor(colors.HexColor("#a61c28"))
        c.rect(40, y - 4, 515, 14, stroke=0, fill=1)
        c.setFillColor(colors.white)
        c.setFont("Helvetica-Bold", 8.5)
        c.drawString(45, y, title)
        c.setFillColor(colors.black)
        y -= 19

    def pair(left: tuple[str, str | None], right: tuple[str, str] | None = None) -> None:
        nonlocal y
        for x, item, at in ((45, left, 150), (310, right, 412)):
            if item:
                c.setFont("Helvetica", 8.5)
                c.drawString(x, y, item[0])
                c.setFont("Helvetica-Bold", 8.5)
                c.drawString(at, y, item[1] or "")
        y -= 14

    band("PRODUCT")
    pair(("Donation / lot number", truth.lot), ("Product", truth.product))
    pair(
        ("Product code (ISBT 128)", "S1129VA0"),
        ("Intended use", rng.choice(("Autologous", "Allogeneic, related"))),
    )
    pair(("Requested by", truth.client), ("Anticoagulant", "ACD-A"))
    pair(
        ("Collected", f"{date(truth.date_sampled)} 13:{rng.randrange(10, 59)}"),
        ("Received in laboratory", f"{date(truth.date_received)} 15:{rng.randrange(10, 59)}"),
    )
    pair(
        ("Collection day", f"{rng.choice((1, 2))} of 2"),
        ("Recipient weight", f"{_weight(truth):.1f} kg"),
    )
    band("CELL COUNTS")
    pair(
        ("Product volume", f"{volume.found.digits} mL"),
        ("Nucleated cells", f"{count.found.digits} x10^6/mL"),
    )
    pair(
        ("Total nucleated cells", f"{nucleated.found.digits} x10^10 cells"),
        ("CD34+ (of CD45+)", f"{share.found.digits} %"),
    )
    low = {"fail": "  LOW"}
    pair(
        (
            "Viability (7-AAD)",
            f"{alive.found.digits} %   [≥ 90 %]{low.get(alive.verdict or '', '')}",
        ),
        ("CD34+ dose", f"{dose.found.digits} x10^6/kg   [≥ 2.0]{low.get(dose.verdict or '', '')}"),
    )
    c.setFont("Helvetica", 8)
    c.drawString(
        45,
        y,
        "CD34 enumeration: single-platform ISHAGE method. Nucleated cells: automated analyser.",
    )
    y -= 12
    band("MICROBIOLOGY")
    c.setFont("Helvetica", 8.5)
    words = {"negative": "No growth (14 days)", "pending": "Culture in progress, no growth to date"}
    seen = "No organisms seen" if stain.reading == "negative" else "Gram positive cocci seen"
    pair(("Gram stain", seen))
    for line in culture:
        said = words.get(line.reading or "") or f"POSITIVE (day {line.day}) - {line.organism}"
        pair((f"{(line.part or '').capitalize()} culture bottle", said))
    c.setFont("Helvetica", 8)
    c.drawString(
        45,
        y,
        "Bacterial culture: automated CO2 detection system, 5-10 mL of product per bottle pair.",
    )
    y -= 12
    band("COMMENT")
    c.setFont("Helvetica", 8.5)
    if any(line.reading == "positive" for line in culture):
        text = (
            "Positive culture notified to the transplant physician by telephone. Product held; "
            "release under urgent medical need only."
        )
    elif truth.failed or stain.reading == "positive":
        text = (
            "One or more results are outside the local specification. Refer to the medical "
            "consultant before issue."
        )
    elif culture[0].reading == "pending":
        text = (
            "Product issued/cryopreserved before completion of culture. A further report follows "
            "after 14 days of incubation."
        )
    else:
        text = "Product meets the local specification for release."
    c.drawString(45, y, text)
    y -= 50
    c.line(45, y, 230, y)
    c.line(310, y, 495, y)
    c.setFont("Helvetica", 9)
    c.drawString(45, y - 11, f"Authorised by: {truth.signed_by}")
    c.drawString(310, y - 11, "Medical review: Dr. C. Ravenscroft")
    c.setFont("Helvetica", 7.5)
    c.drawString(
        40,
        40,
        "Northfell Blood & Tissue Service, Fell Road, Northfell NF1 0ZZ · Human Tissue licence "
        "99999 · JACIE accredited · UKAS Medical 0000",
    )
    c.drawRightString(555, 30, "SCL-FRM-22 v7 · Page 1 of 1")
    c.save()


def _weight(truth: Truth) -> float:
    _, _, nucleated, _, share, dose, *_ = truth.lines
    total = float(nucleated.found.number) * float(share.found.number) / 100
    return total / float(dose.found.number)
