"""A German university hospital: ATP rapid sterility, gel clot and NAT, a section each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, day, headed, padded, para, power
from benchmarks.layouts.truth import Amount, Line, Truth, begin, fill, mycoplasma, sterility

_DATE = "{d02}.{m02}.{y}"


def compose(rng: Random) -> Truth:
    """Invent an examination of six days."""
    truth = begin(
        rng,
        "Universitätsklinikum Hohenrode",
        "MQ-{y}-{n:05d}",
        ("sampled", "received", "started", "completed", "issued"),
        days=7,
    )
    truth = replace(
        truth,
        client=rng.choice(("Quellwasser Zelltherapie GmbH", "Zellwerk Nordheide GmbH")),
        product=rng.choice(
            ("Autologe Knochenmark-MSC, Suspension", "Allogene MSC, kryokonserviert")
        ),
    )
    over = rng.random() < 0.1
    least = rng.choice(("0.25", "0.3", "0.5"))
    toxin = Line(
        test="endotoxin",
        amount=Amount(least, ">" if over else "<"),
        unit="EU/mL",
        limit=Amount(least, "<"),
        verdict="fail" if over else "pass",
    )
    lines = [*sterility(rng, ("aerobic", "anaerobic"), growth=0.22), toxin]
    if rng.random() < 0.8:
        lines.append(mycoplasma(rng))
    truth = fill(truth, lines)
    also = [
        Line(test=test, part=part, role=role, reading=reading)
        for test, part in (
            ("sterility", None),
            ("sterility", "aerobic"),
            ("sterility", "anaerobic"),
            ("mycoplasma", None),
            ("endotoxin", None),
        )
        for role, reading in (
            ("negative_control", "negative"),
            ("positive_control", "positive"),
            ("internal_control", "positive"),
        )
    ]
    return replace(truth, also=tuple(also))


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""

    def p(text: str | None, size: float = 9, font: str = "Helvetica", **more: Any) -> Paragraph:
        return para(text, font, size, **more)

    def date(when: dt.date | None) -> str:
        return day(when, _DATE)

    tight = [
        *padded(1, 1.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    about = [
        ("Einsender", truth.client),
        ("Untersuchungsmaterial", truth.product),
        ("Chargenbezeichnung", truth.lot),
        ("Probenahme am", date(truth.date_sampled)),
        ("Eingang am", date(truth.date_received)),
        ("Prüfbeginn", date(truth.date_started)),
        ("Prüfende", date(truth.date_completed)),
    ]
    issued = f"Befund-Nr. {truth.report_number}<br/>Hohenrode, den {date(truth.date_issued)}"
    story = [
        Table(
            [[p("Untersuchungsbefund", 15, "Helvetica-Bold"), p(issued, 9, alignment=2)]],
            colWidths=(280, 220),
            style=TableStyle(tight),
        ),
        Spacer(1, 12),
        Table(
            [[p(f"{a}:"), p(b, 9, "Helvetica-Bold")] for a, b in about],
            colWidths=(130, 370),
            style=TableStyle(tight),
        ),
        Spacer(1, 14),
    ]
    for number, section in enumerate(_sections(truth), 1):
        title, method, rows = section
        look = [("LINEBELOW", (0, at), (-1, at), 0.5, colors.black) for at in (0, -1)]
        table = headed(rows, (215, 165, 120), SANS, 9, *tight, *look)
        heading = p(f"{number}  {title}", 10.5, "Helvetica-Bold")
        story.append(KeepTogether([heading, p(method, 8), Spacer(1, 4), table, Spacer(1, 12)]))
    said = "nicht " if truth.failed else ""
    story += [
        p(
            "<b>Beurteilung:</b> Die untersuchte Charge entspricht hinsichtlich der geprüften "
            f"Parameter {said}den Anforderungen des Europäischen Arzneibuchs."
        ),
        Spacer(1, 30),
        p(f"{truth.signed_by}<br/>Leitung der Qualitätskontrolle gemäß § 12 AMWHV"),
        Spacer(1, 10),
        p(
            "Dieser Befund wurde elektronisch freigegeben und ist ohne Unterschrift gültig. Die "
            "Ergebnisse beziehen sich ausschließlich auf das eingesandte Material.",
            7.5,
        ),
    ]

    def page(canvas: Canvas, _: object) -> None:
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(48, 802, "Universitätsklinikum Hohenrode")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(
            48, 791, "Institut für Medizinische Mikrobiologie · Bereich Arzneimittelprüfung"
        )
        canvas.drawRightString(547, 802, "Prof. Dr. med. G. Aschenbrenner, Direktor")
        canvas.drawRightString(547, 791, "Tel. 09999/555-0 · mikrobiologie@uk-hohenrode.example")
        canvas.setStrokeColor(colors.HexColor("#00677f"))
        canvas.setLineWidth(2)
        canvas.line(48, 784, 547, 784)
        canvas.setFont("Helvetica", 7)
        canvas.drawCentredString(
            297,
            34,
            "DAkkS D-ML-99999-02-00 · Herstellungserlaubnis nach § 13 AMG, Regierungspräsidium "
            "Musterstadt",
        )
        canvas.drawRightString(547, 24, f"Seite {canvas.getPageNumber()}")

    build(path, story, page, A4, (48, 48, 76, 54))


def _sections(truth: Truth) -> Iterator[tuple[str, str, list[list[str]]]]:
    judged = {"pass": "entspricht", "fail": "<b>entspricht nicht</b>"}
    heads = ["Ansatz", "Ergebnis", "Bewertung"]
    aerobic, anaerobic, toxin, *others = truth.lines
    cultures = []
    for name, line in (
        ("aerobe Anreicherung (TSB)", aerobic),
        ("anaerobe Anreicherung (FTM)", anaerobic),
    ):
        found = "kein Wachstum nachgewiesen"
        if line.reading == "positive":
            found = f"Wachstum nachgewiesen<br/>({line.organism})"
        cultures.append([name, found, judged[line.verdict or ""]])
    yield (
        "Prüfung auf Sterilität – Schnellverfahren (ATP-Biolumineszenz)",
        "Ph. Eur. 2.6.27, validierte Hausmethode SOP-MIK-112. Anreicherung in zwei Medien über 7 "
        "Tage bei 32,5 °C bzw. 22,5 °C, anschließend Messung der Biolumineszenz. Grenzwert: "
        "dreifacher Wert der Negativkontrolle.",
        [
            heads,
            *cultures,
            ["Negativkontrolle", "kein Wachstum", "gültig"],
            ["Positivkontrolle (B. subtilis, ≤ 100 KBE)", "Wachstum", "gültig"],
        ],
    )
    asked, shown = (power(of, comma=True) for of in (toxin.allowed, toxin.found))
    yield (
        "Prüfung auf Bakterien-Endotoxine",
        "Ph. Eur. 2.6.14, Methode A (Gelbildung, Grenzwertprüfung). Lysatempfindlichkeit λ = "
        "0,03 I.E./ml.",
        [
            ["Anforderung", "Ergebnis", "Bewertung"],
            [f"Grenzwert {asked} I.E./ml", f"{shown} I.E./ml", judged[toxin.verdict or ""]],
        ],
    )
    for line in others:
        told = "nicht nachweisbar" if line.reading == "negative" else "nachweisbar"
        yield (
            "Prüfung auf Mykoplasmen (NAT)",
            "Ph. Eur. 2.6.7, Nukleinsäure-Amplifikation (real-time PCR), Nachweisgrenze ≤ 10 "
            "KBE/ml.",
            [
                heads,
                ["Probe", f"Mykoplasmen-DNA {told}", judged[line.verdict or ""]],
                ["Interne Amplifikationskontrolle", "positiv", "gültig"],
                ["Positivkontrolle", "positiv", "gültig"],
                ["Negativkontrolle", "negativ", "gültig"],
            ],
        )
