"""A contract laboratory's certificate of analysis: endotoxin, sterility and mycoplasma, ruled."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer, Table, TableStyle

from benchmarks.layouts.drawing import (
    SANS,
    build,
    choose,
    day,
    facts,
    headed,
    logo,
    number,
    padded,
    para,
    power,
)
from benchmarks.layouts.truth import Amount, Line, Truth, course, lot_number

_DATE = "{d02}-{Mon}-{y}"
_CLIENTS = (
    "Bellweather Stem Cell Institute",
    "Kestrel Point Biologics",
    "Sandhollow Regenerative Medicine, P.A.",
    "Tri-Rivers Cell Laboratory",
)
_PRODUCTS = (
    "Human adipose-derived MSC, P3",
    "Stromal vascular fraction (SVF)",
    "Bone marrow concentrate, final product",
    "Umbilical cord MSC, 1 mL cryovial",
)
_PEOPLE = ("Helen Marsh-Adeyemi", "Paul Trevanion", "Lucia Brandt, M.S.", "K. Subramani")


def compose(rng: Random) -> Truth:
    """Invent the three tests that everyone orders together."""
    work = course(rng)
    fate = rng.random()
    kind = "fail" if fate < 0.1 else "pending" if fate < 0.18 else "good"
    fault = rng.choice(("sterility", "endotoxin", "mycoplasma")) if kind == "fail" else ""
    limit = rng.choice(("0.50", "5.0", "1.0"))
    if fault == "endotoxin":
        amount = Amount(f"{float(limit) * rng.choice((1.3, 1.8, 2.4)):.2f}")
    elif rng.random() < 0.75:
        amount = Amount(rng.choice(("0.05", "0.10", "0.25", "0.050")), "<")
    else:
        amount = Amount(f"0.{rng.randrange(11, 45)}")
    bad = rng.choice(("aerobic", "anaerobic")) if fault == "sterility" else None
    lines = [
        Line(
            test="endotoxin",
            amount=amount,
            unit="EU/mL",
            limit=Amount(limit, "≤"),
            verdict="fail" if fault == "endotoxin" else "pass",
            method="USP <85>",
        ),
        *(
            Line(
                test="sterility",
                part=part,
                reading="pending"
                if kind == "pending"
                else "positive"
                if part == bad
                else "negative",
                verdict=None if kind == "pending" else "fail" if part == bad else "pass",
                method="USP <71>",
            )
            for part in ("aerobic", "anaerobic")
        ),
        Line(
            test="mycoplasma",
            reading="positive" if fault == "mycoplasma" else "negative",
            verdict="fail" if fault == "mycoplasma" else "pass",
            method="USP <63>",
        ),
    ]
    return Truth(
        laboratory="Tarnhollow BioTesting, Inc.",
        report_number=f"COA-{work.issued.year}-{rng.randrange(100, 99999):05d}",
        lot=lot_number(rng, work.sampled),
        client=rng.choice(_CLIENTS),
        product=rng.choice(_PRODUCTS),
        sample_id=f"TB{rng.randrange(10_000, 99_999)}-01",
        date_sampled=work.sampled,
        date_received=work.received,
        date_started=work.started,
        date_completed=None if kind == "pending" else work.completed,
        date_issued=work.started + dt.timedelta(days=5) if kind == "pending" else work.issued,
        status="preliminary" if kind == "pending" else None,
        signed_by=rng.choice(_PEOPLE),
        lines=tuple(lines),
        deserved=frozenset({"laboratory-verdict-failed"} if fault else ()),
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    about = [
        ("Client", truth.client, "Certificate No.", truth.report_number),
        ("Product", truth.product, "Date Sampled", day(truth.date_sampled, _DATE)),
        ("Lot Number", truth.lot, "Date Received", day(truth.date_received, _DATE)),
        ("Sample ID", truth.sample_id, "Testing Started", day(truth.date_started, _DATE)),
        (
            "Storage",
            choose(truth, "2-8 °C", "Frozen", "Room temperature"),
            "Testing Completed",
            day(truth.date_completed, _DATE) or "Pending",
        ),
        ("Condition", "Acceptable", "Date Issued", day(truth.date_issued, _DATE)),
    ]
    head = facts(
        about,
        (76, 192, 106, 148),
        SANS,
        8.5,
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#8a8a8a")),
        ("BACKGROUND", (0, 0), (0, -1), colors.HexColor("#eef1f4")),
        ("BACKGROUND", (2, 0), (2, -1), colors.HexColor("#eef1f4")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    )
    body = [["Test", "Method", "Specification", "Result", "Pass/Fail"]]
    body += [_row(line) for line in truth.lines]
    table = headed(
        body,
        (162, 110, 92, 92, 66),
        SANS,
        9,
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#555555")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#cfd9e2")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *padded(4, 5),
    )
    if truth.status == "preliminary":
        said = "Sterility testing is in progress. A final certificate will follow."
    elif truth.failed:
        said = "The above sample does not meet the specifications listed."
    else:
        said = "The above sample meets all specifications listed."
    title = "PRELIMINARY " if truth.status == "preliminary" else ""
    story = [
        para(f"{title}CERTIFICATE OF ANALYSIS", "Helvetica-Bold", 15, alignment=1),
        Spacer(1, 16),
        head,
        Spacer(1, 16),
        table,
        Spacer(1, 12),
        para(said, "Helvetica", 9.5),
        Spacer(1, 44),
        Table(
            [
                [para(truth.signed_by, "Times-Italic", 13), "", day(truth.date_issued, _DATE)],
                [f"{truth.signed_by}, Quality Assurance", "", "Date"],
            ],
            colWidths=(230, 40, 120),
            hAlign="LEFT",
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
                    ("LINEABOVE", (0, 1), (0, 1), 0.6, colors.black),
                    ("LINEABOVE", (2, 1), (2, 1), 0.6, colors.black),
                    ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ]
            ),
        ),
    ]
    build(path, story, _stationery, letter, (45, 45, 100, 72))


def _stationery(canvas: Canvas, _: object) -> None:
    logo(canvas, 46, 722, 34, "#2f6b4f")
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(92, 741, "Tarnhollow BioTesting, Inc.")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(92, 728, "27 Quarry Lane, Tarnhollow, MA 00000 · www.tarnhollow.example")
    canvas.setFont("Helvetica", 7.5)
    canvas.drawString(46, 50, "Results apply only to the sample tested as received.")
    canvas.drawString(
        46, 40, "This certificate may not be reproduced, except in full, without permission."
    )
    canvas.drawRightString(566, 40, "Form QF-012 Rev. 4    Page 1 of 1")


def _row(line: Line) -> list[str]:
    verdict = {"pass": "Pass", "fail": "Fail", None: "Pending"}[line.verdict]
    if line.test == "endotoxin":
        asked, said = f"{number(line.allowed)} EU/mL", f"{power(line.found)} EU/mL"
        return ["Bacterial Endotoxin", "USP &lt;85&gt; Kinetic", asked, said, verdict]
    if line.test == "mycoplasma":
        found = "Detected" if line.reading == "positive" else "Not detected"
        return ["Mycoplasma", "PCR, USP &lt;63&gt;", "Not detected", found, verdict]
    found = {"pending": "In progress", "positive": "Growth", "negative": "No growth"}[
        line.reading or ""
    ]
    name = f"Sterility, {line.part} ({'TSB' if line.part == 'aerobic' else 'FTM'})"
    return [name, "USP &lt;71&gt;, 14 days", "No growth", found, verdict]
