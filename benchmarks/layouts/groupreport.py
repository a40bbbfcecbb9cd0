"""A large testing group: analytical report of two pages, unruled blocks with codes and symbols."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, day, headed, logo, number, padded, para, power
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    recovery,
    sterility,
)

_DATE = "{d02} {Month} {y}"
_WHAT = {
    ("sterility", "anaerobic"): (
        "QW1F1",
        "Sterility test - Fluid thioglycollate medium",
        "Ph. Eur. 2.6.1 / USP <71>, 14 d, 30-35 °C",
        "#",
    ),
    ("sterility", "aerobic"): (
        "QW1F2",
        "Sterility test - Soybean casein digest medium",
        "Ph. Eur. 2.6.1 / USP <71>, 14 d, 20-25 °C",
        "#",
    ),
    ("endotoxin", None): (
        "QW0K4",
        "Bacterial endotoxins",
        "Ph. Eur. 2.6.14 method D / USP <85>, kinetic chromogenic",
        "#",
    ),
    ("endotoxin_ppc", None): (
        "QW0K4",
        "Bacterial endotoxins - spike recovery",
        "Ph. Eur. 2.6.14 method D / USP <85>; acceptance 50-200 %",
        "#",
    ),
    ("mycoplasma", None): (
        "JJ7PC",
        "Mycoplasma DNA (real-time PCR)",
        "Ph. Eur. 2.6.7, nucleic acid amplification, in-house MB-SOP-0233",
        "(1)",
    ),
}


def compose(rng: Random) -> Truth:
    """Invent a report; one in seven replaces an earlier one."""
    truth = begin(rng, "Veristand Pharma Services Ltd", "AR-{yy}-QW-{n:06d}-01")
    truth = replace(
        truth,
        sample_id=f"{rng.randrange(400, 900)}-{truth.date_received:%Y}-{rng.randrange(10**7):08d}",
    )
    if rng.random() < 0.1:
        old = truth.report_number or ""
        truth = replace(truth, report_number=f"{old[:-1]}2", replaces=old, status="amended")
    lines = [*sterility(rng, growth=0.08), endotoxin(rng), recovery(rng)]
    if rng.random() < 0.8:
        lines.append(mycoplasma(rng))
    # The spike's recovery stands without a verdict of its own.
    lines = [replace(one, verdict=None) if one.test == "endotoxin_ppc" else one for one in lines]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SANS

    def date(when: dt.date | None) -> str:
        return day(when, _DATE)

    head = Table(
        [
            [
                para(
                    f"<b>{truth.client}</b><br/>Quality Assurance<br/>Unit 4, Example Business "
                    "Park<br/>ZZ9 9ZZ Anytown",
                    plain,
                    9,
                ),
                para(
                    f"<b>ANALYTICAL REPORT</b><br/>Report code: {truth.report_number}<br/>Report "
                    f"date: {date(truth.date_issued)}",
                    plain,
                    10,
                ),
            ],
        ],
        colWidths=(270, 240),
        style=TableStyle(
            [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        ),
    )
    about = [
        ("Sample code", truth.sample_id),
        ("Sample described as", truth.product),
        ("Batch number *", truth.lot),
        ("Container *", "2 x 10 mL sterile vial, intact"),
        ("Reception temperature", "4.1 °C"),
        ("Sample reception date", date(truth.date_received)),
        ("Start of analysis", date(truth.date_started)),
        ("End of analysis", date(truth.date_completed)),
        ("Sampling", "performed by the client"),
    ]
    blue = colors.HexColor("#0b3d6b")
    facts = Table(
        [[para(f"{a}:", plain, 8.5), para(b, bold, 8.5)] for a, b in about],
        colWidths=(130, 380),
        style=TableStyle(
            [
                *padded(1, 1),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("LINEABOVE", (0, 0), (-1, 0), 1, blue),
                ("LINEBELOW", (0, -1), (-1, -1), 1, blue),
            ]
        ),
    )
    rows = [["Code", "Parameter / method", "Result", "Unit", "Specification", "C / NC"]]
    for line in truth.lines:
        code, name, method, mark = _WHAT[line.test, line.part]
        found, unit, wanted = _words(line)
        verdict = {"pass": "C", "fail": "NC"}.get(line.verdict or "", "-")
        if verdict == "NC":
            found = f"<b>{found}</b>"
        about_it = f"<b>{name}</b><br/><font size=7>{method}</font>"
        rows.append([f"{code} {mark}", about_it, found, unit, wanted, f"<b>{verdict}</b>"])
    table = headed(
        rows,
        (54, 206, 90, 42, 80, 38),
        SANS,
        8.5,
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, blue),
    )
    story = [head, Spacer(1, 12)]
    if truth.replaces:
        story += [
            para(
                f"This report cancels and replaces report {truth.replaces}. Amended: client "
                "address corrected; results unchanged.",
                bold,
                8.5,
            ),
            Spacer(1, 8),
        ]
    story += [facts, Spacer(1, 14), table, Spacer(1, 12)]
    end = "for the parameters tested, the sample complies (C) with the client's specification."
    if truth.failed:
        end = "the sample does not comply (NC) with the specification for at least one parameter."
    story.append(para(f"<b>Conclusion:</b> {end}", plain, 9))
    story += [
        PageBreak(),
        para("<b>SIGNATURE</b>", plain, 9),
        Spacer(1, 20),
        para(
            f"{truth.signed_by}<br/>Analytical Service Manager<br/><font size=7>Report "
            "electronically validated</font>",
            plain,
            9,
        ),
        Spacer(1, 24),
        para("<b>EXPLANATORY NOTE</b>", plain, 9),
        Spacer(1, 6),
    ]
    for text in (
        "# - The test is included in the scope of accreditation of the laboratory (ISO/IEC "
        "17025, TL 99999).",
        "(1) - The test was performed at Veristand Genescan GmbH, a laboratory of the same group.",
        "* - Information supplied by the client, for which the laboratory takes no responsibility.",
        "C - complies; NC - does not comply. Conformity is stated by simple comparison of the "
        "result with the specification; measurement uncertainty is not taken into account.",
        "&lt; - below the limit of quantification.",
        "The results relate only to the sample as received. This document may only be reproduced "
        "in full. Samples are kept for four weeks after the report date unless otherwise agreed.",
    ):
        story += [para(text, plain, 7.5), Spacer(1, 3)]
    story += [Spacer(1, 14), para("END OF REPORT", bold, 8)]

    def page(canvas: Canvas, _: object) -> None:
        logo(canvas, 45, 788, 24, "#0b3d6b")
        canvas.setFont(bold, 13)
        canvas.drawString(76, 796, "Veristand Pharma Services")
        canvas.setFont(plain, 7)
        canvas.drawRightString(555, 802, truth.report_number or "")
        canvas.drawRightString(555, 793, f"Page {canvas.getPageNumber()} of 2")
        canvas.line(45, 58, 555, 58)
        canvas.drawString(
            45,
            48,
            "Veristand Pharma Services Ltd  |  19 Tannery Lane, ZZ1 1ZZ Millbrook  |  Registered "
            "in England No. 00000000",
        )
        canvas.drawString(
            45,
            39,
            "T +44 (0)20 7946 0000   E pharma@veristand.example   All work is subject to our "
            "general terms and conditions, available on request.",
        )

    build(path, story, page, A4, (45, 40, 76, 70))


def _words(line: Line) -> tuple[str, str, str]:
    if line.test == "sterility":
        if line.reading == "negative":
            return "No growth", "-", "No growth"
        return f"Growth (day {line.day})<br/><i>{line.organism}</i>", "-", "No growth"
    if line.test == "mycoplasma":
        found = "Not detected" if line.reading == "negative" else "Detected"
        return found, "/10 mL", "Not detected"
    wanted = number(line.allowed) if line.limit else "50 - 200"
    return power(line.found), line.unit or "", wanted
