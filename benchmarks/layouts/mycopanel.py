"""A mycoplasma laboratory: a section for each method, controls beneath, a conclusion."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import build, day, padded, para
from benchmarks.layouts.truth import Line, Truth, begin, fill

_DATE = "{d} {Month} {y}"


def compose(rng: Random) -> Truth:
    """Invent a panel of two or three methods; at times the culture still runs."""
    running = rng.random() < 0.2
    truth = begin(
        rng,
        "Fennimore Mycoplasma Testing",
        "FMT/{yy}/{n:05d}",
        ("sampled", "received", "issued")
        if running
        else ("sampled", "received", "started", "completed", "issued"),
        days=28,
        status="preliminary" if running else None,
    )
    began = truth.date_started or truth.date_received
    if running:
        assert began is not None
        truth = replace(truth, date_issued=began + dt.timedelta(days=rng.randrange(8, 15)))
    methods = ["culture", "indicator cells"] + (["PCR"] if rng.random() < 0.5 else [])
    found = rng.random() < 0.22
    lines = []
    for method in methods:
        # What grows on agar is found by PCR too; the indicator cells may miss it.
        reading = "positive" if found and method != "indicator cells" else "negative"
        if running and method == "culture":
            reading = "pending"
        verdict = {"positive": "fail", "negative": "pass"}.get(reading)
        lines.append(Line(test="mycoplasma", reading=reading, verdict=verdict, method=method))
    also = [
        Line(test="mycoplasma", role=role, reading=reading)
        for role, reading in (
            ("negative_control", "negative"),
            ("positive_control", "positive"),
            ("internal_control", "positive"),
        )
    ]
    return replace(fill(truth, lines), also=tuple(also))


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""

    def date(when: dt.date | None) -> str:
        return day(when, _DATE)

    rows = [
        ("Customer", truth.client),
        ("Report no.", truth.report_number),
        ("Test item", truth.product),
        ("Batch / lot", truth.lot),
        ("Material received", "2 vials of cells with supernatant, on dry ice"),
        ("Date of sampling", date(truth.date_sampled)),
        ("Date of receipt", date(truth.date_received)),
    ]
    if truth.date_started:
        rows += [
            ("Start of testing", date(truth.date_started)),
            ("End of testing", date(truth.date_completed)),
        ]
    rows.append(("Date of report", date(truth.date_issued)))
    story = [
        _p("Interim Report" if truth.status else "Test Report", 16, "Helvetica-Bold"),
        Spacer(1, 3),
        _p("Detection of mycoplasmas according to Ph. Eur. 2.6.7 and USP &lt;63&gt;", 10),
        Spacer(1, 12),
        Table(
            [[_p(a), _p(b, 8.5, "Helvetica-Bold")] for a, b in rows],
            colWidths=(120, 380),
            hAlign="LEFT",
            style=TableStyle([*padded(1.5, 1.5)]),
        ),
        Spacer(1, 10),
    ]
    for at, line in enumerate(truth.lines, 1):
        story.append(KeepTogether([*_section(at, line), Spacer(1, 10)]))
    bad = truth.failed
    if truth.status:
        end = (
            "The broth/agar culture is still under incubation. A final report will follow once 28 "
            "days of incubation are completed. Results given here are preliminary."
        )
    elif bad:
        end = (
            "Mycoplasma was detected in the test item. The test item does not comply with the "
            "requirements of Ph. Eur. 2.6.7."
        )
    else:
        end = (
            "No mycoplasma was detected in the test item. The test item complies with the "
            "requirements of Ph. Eur. 2.6.7."
        )
    story.append(
        KeepTogether(
            [
                _p("Conclusion", 10.5, "Helvetica-Bold"),
                Spacer(1, 3),
                _p(end, 9),
                Spacer(1, 28),
                Table(
                    [
                        [_p("_______________________"), _p("_______________________")],
                        [
                            _p(f"{truth.signed_by}<br/>Head of Laboratory"),
                            _p("Dr. B. Trelawney<br/>Quality Assurance"),
                        ],
                    ],
                    colWidths=(250, 250),
                    hAlign="LEFT",
                ),
            ]
        )
    )

    def page(canvas: Canvas, _: object) -> None:
        canvas.setFillColor(colors.HexColor("#6a2c70"))
        canvas.rect(0, 806, 595, 36, stroke=0, fill=1)
        canvas.setFillColor(colors.white)
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(48, 819, "Fennimore Mycoplasma Testing")
        canvas.setFont("Helvetica", 7)
        canvas.drawRightString(550, 820, "GMP certified · EN ISO/IEC 17025 accredited · 9999-TST")
        canvas.setFillColor(colors.black)
        canvas.drawString(
            48,
            36,
            "Fennimore Mycoplasma Testing · 7 Weir Street · Castle Fennimore CF9 9FF · The "
            "results refer to the tested item only. No reproduction in part without written "
            "approval.",
        )
        canvas.drawRightString(550, 26, f"{truth.report_number}   Page {canvas.getPageNumber()}")

    build(path, story, page, A4, (48, 45, 56, 56))


def _p(text: str | None, size: float = 8.5, font: str = "Helvetica") -> Paragraph:
    return para(text, font, size)


def _section(at: int, line: Line) -> list[Flowable]:
    title, method, controls = {
        "culture": (
            "Culture method (broth and agar)",
            "0.2 mL of the test item was plated on each solid medium and 10 mL inoculated into "
            "100 mL of liquid medium. Subcultures from broth to agar are made on days 3, 7, 14 "
            "and 21; plates are read microscopically up to day 28.",
            (
                ("Negative control (medium)", "no colonies"),
                ("Positive control M. orale, ≤ 100 CFU", "typical colonies"),
                ("Positive control M. pneumoniae, ≤ 100 CFU", "typical colonies"),
            ),
        ),
        "indicator cells": (
            "Indicator cell culture method",
            "Vero cells were inoculated with 1 mL of the test item, incubated for 5 days, "
            "passaged once and stained with a DNA-binding fluorochrome (Hoechst 33258).",
            (
                ("Negative control (Vero cells)", "no extranuclear fluorescence"),
                ("Positive control M. hyorhinis, ≤ 100 CFU", "extranuclear fluorescence"),
            ),
        ),
        "PCR": (
            "Nucleic acid amplification (real-time PCR)",
            "DNA was extracted from 2 x 1 mL and amplified with primers for the 16S rRNA region "
            "of Mollicutes. Validated detection limit: 10 CFU/mL.",
            (
                ("Negative extraction control", "negative"),
                ("Positive control M. fermentans, 10 CFU/mL", "positive, Ct 33.1"),
                ("Internal amplification control", "amplified, Ct 27.4"),
            ),
        ),
    }[line.method or ""]
    said = {
        ("culture", "negative"): "No growth of mycoplasma within 28 days",
        ("culture", "positive"): "Growth of mycoplasma colonies observed",
        ("culture", "pending"): "Pending - incubation in progress",
        ("indicator cells", "negative"): "Negative, no mycoplasma-specific fluorescence",
        ("PCR", "negative"): "Negative, no mycoplasma DNA detected",
        ("PCR", "positive"): "Positive, mycoplasma DNA detected",
    }[line.method or "", line.reading or ""]
    rows = [[_p(a, 8), _p(b, 8)] for a, b in (("Sample", "Observation"), *controls)]
    rows.append([_p("Test item", 8, "Helvetica-Bold"), _p(said, 8, "Helvetica-Bold")])
    return [
        _p(f"{at}. {title}", 10.5, "Helvetica-Bold"),
        Spacer(1, 3),
        _p(method),
        Spacer(1, 4),
        Table(
            rows,
            colWidths=(240, 240),
            hAlign="LEFT",
            style=TableStyle(
                [
                    ("INNERGRID", (0, 0), (-1, -1), 0.3, colors.grey),
                    ("BOX", (0, 0), (-1, -1), 0.6, colors.black),
                    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eee3f0")),
                    *padded(1.5, 2),
                ]
            ),
        ),
    ]
