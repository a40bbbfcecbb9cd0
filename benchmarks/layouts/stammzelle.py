"""A German transfusion institute: Prüfprotokoll of an apheresis, a section per field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, choose, day, facts, headed, padded, para, power
from benchmarks.layouts.truth import (
    Amount,
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    sterility,
    viability,
)

_DATE = "{d02}.{m02}.{y}"


def compose(rng: Random) -> Truth:
    """Invent the quality control of an apheresis; the bottles stay seven days."""
    truth = begin(
        rng,
        "Institut für Transfusionsmedizin Hollenstedt",
        "QK-{y}-{n:05d}",
        ("sampled", "issued"),
        days=7,
    )
    truth = replace(truth, product="Blutstammzellen aus Apherese, kryokonserviert")
    lines = [
        Line(
            test="total_nucleated_cells",
            amount=Amount(f"{rng.randrange(2, 7)}.{rng.randrange(10)}", exponent=10),
            unit="cells",
            limit=Amount("1.0", "≥", 10),
            verdict="pass",
        ),
        viability(rng, limit="70", method="7-AAD"),
        Line(
            test="cd34_positive",
            amount=Amount(f"{rng.randrange(3, 14) / 10:.1f}"),
            unit="%",
            limit=Amount("0.1", "≥"),
            verdict="pass",
            method="ISHAGE",
        ),
        *sterility(rng, ("aerobic", "anaerobic"), method="Ph. Eur. 2.6.27", growth=0.12),
    ]
    if rng.random() < 0.6:
        lines.append(endotoxin(rng, limit="5.0", method="Ph. Eur. 2.6.14"))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the protocol."""
    plain, bold = SANS
    red = colors.HexColor("#8c1d18")

    yes, no = choose(
        truth, "entspricht|entspricht nicht", "erfüllt|nicht erfüllt", "i. O.|n. i. O."
    ).split("|")
    clean, grown = choose(
        truth, "kein Wachstum|Wachstum", "negativ|positiv", "steril|unsteril"
    ).split("|")

    def section(title: str, *rows: tuple[str, str, str, Line]) -> list[Flowable]:
        body = [["Parameter", "Ergebnis", "Anforderung", "Bewertung"]]
        for name, found, asked, line in rows:
            body.append([name, found, asked, f"<b>{yes if line.verdict == 'pass' else no}</b>"])
        rules = ("LINEABOVE", (0, 0), (-1, 0), 1, red), ("LINEBELOW", (0, 0), (-1, -1), 0.3, red)
        table = headed(body, (190, 120, 105, 85), SANS, 9.5, *rules, *padded(2, 3))
        return [para(title, bold, 11.5, textColor=red), Spacer(1, 3), table, Spacer(1, 13)]

    def values(line: Line, unit: str) -> tuple[str, str, Line]:
        found, asked = power(line.found, comma=True), power(line.allowed, comma=True)
        return f"{found} {unit}", f"{asked} {unit}", line

    def culture(line: Line) -> tuple[str, str, Line]:
        return clean if line.reading == "negative" else grown, clean, line

    count, viable, stem, aero, anaero, *toxin = truth.lines
    head = [
        ("Präparat", truth.product),
        ("Chargennummer", truth.lot),
        ("Anforderer", truth.client),
        ("Protokoll-Nr.", truth.report_number),
        ("Entnahmedatum", day(truth.date_sampled, _DATE)),
        ("Berichtsdatum", day(truth.date_issued, _DATE)),
    ]
    story = [
        para("Prüfprotokoll Qualitätskontrolle", bold, 17),
        Spacer(1, 10),
        facts(head, (110, 390), SANS, 10, *padded(1, 2)),
        Spacer(1, 16),
        *section(
            "Zellgehalt",
            ("Gesamtzahl kernhaltiger Zellen (TNC)", *values(count, "Zellen")),
            ("Vitalität (7-AAD)", *values(viable, "%")),
            ("CD34-positive Zellen", *values(stem, "%")),
        ),
        *section(
            "Mikrobiologie (BacT/ALERT, Ph. Eur. 2.6.27, Bebrütung 7 Tage)",
            ("Aerobe Kulturflasche", *culture(aero)),
            ("Anaerobe Kulturflasche", *culture(anaero)),
        ),
    ]
    for line in toxin:
        title = "Endotoxin (LAL-Test, Ph. Eur. 2.6.14)"
        story += section(title, ("Bakterielle Endotoxine", *values(line, "EU/ml")))
    bug = next((line.organism for line in truth.lines if line.organism), None)
    if bug:
        story += [
            para(
                f"Bemerkung: Keimidentifizierung {bug}. Der transfusionsverantwortliche Arzt "
                "wurde informiert.",
                plain,
                10,
            ),
            Spacer(1, 8),
        ]
    story += [
        para(
            "Gesamtbewertung: Das Präparat "
            + ("entspricht nicht" if truth.failed else "entspricht")
            + " der Spezifikation gemäß § 21a AMG-Genehmigung.",
            bold,
            9.5,
        ),
        Spacer(1, 30),
        Table(
            [
                [truth.signed_by, "Dr. med. Wiebke Harmsdorf"],
                ["Leitung der Qualitätskontrolle", "Sachkundige Person"],
            ],
            colWidths=(250, 250),
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, -1), plain, 9.5),
                    ("LINEABOVE", (0, 0), (-1, 0), 0.5, colors.black),
                ]
            ),
        ),
    ]

    def stationery(canvas: Canvas, _: object) -> None:
        canvas.setFillColor(red)
        canvas.rect(48, 806, 499, 3, stroke=0, fill=1)
        canvas.setFillColor(colors.black)
        canvas.setFont(bold, 12)
        canvas.drawString(48, 790, "Institut für Transfusionsmedizin Hollenstedt")
        canvas.setFont(plain, 9)
        canvas.drawRightString(547, 790, "Am Klinikum 3 · 99999 Hollenstedt · Tel. 0999 555-0")
        canvas.setFont(plain, 8)
        canvas.drawString(
            48,
            38,
            "Formblatt QK-FB-017, Version 6 · Die Prüfergebnisse beziehen sich ausschließlich "
            "auf das genannte Präparat.",
        )
        canvas.drawRightString(547, 38, "Seite 1 von 1")

    build(path, story, stationery, A4, (48, 48, 72, 60))
