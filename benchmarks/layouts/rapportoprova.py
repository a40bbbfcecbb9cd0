"""An Italian public institute: rapporto di prova, a ruled table with the dates of each test."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, day, headed, logo, padded, para, power
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    sterility,
)
from qcvalidate.locale import Locale

LOCALE = Locale(dates="DMY")
_DATE = "{d02}/{m02}/{y}"


def compose(rng: Random) -> Truth:
    """Invent a report whose tests ran on their own days."""
    truth = begin(
        rng,
        "Istituto Sanitario Sperimentale di Monteverna",
        "{n:06d}/{yy}",
        ("sampled", "received", "issued"),
        days=15,
    )
    assert truth.date_received is not None
    began = truth.date_received + dt.timedelta(days=1)
    truth = replace(
        truth,
        sample_id=f"{truth.date_received.year}/{rng.randrange(1000, 99999)}-1",
        client=rng.choice(("Banca Cellule Staminali Valdorso", "Marenne Terapie Avanzate S.r.l.")),
        product=rng.choice(
            (
                "Cellule mesenchimali da midollo osseo, sospensione",
                "Frazione vascolo-stromale (SVF) autologa",
            )
        ),
    )
    if rng.random() < 0.1:
        truth = replace(
            truth,
            replaces=truth.report_number,
            report_number=f"{truth.report_number} rev. 1",
            status="amended",
        )
    lines = []
    for line in (*sterility(rng, growth=0.06), endotoxin(rng, limit="0.50"), mycoplasma(rng)):
        days = {"sterility": 14, "endotoxin": 0, "mycoplasma": 1}[line.test]
        first = began + dt.timedelta(days=rng.randrange(2) if line.test != "sterility" else 0)
        lines.append(replace(line, started=first, ended=first + dt.timedelta(days=days)))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""

    def p(text: str | None, size: float = 8.5, font: str = "Helvetica", **more: Any) -> Paragraph:
        return para(text, font, size, **more)

    def date(when: dt.date | None) -> str:
        return day(when, _DATE)

    box = [
        ("BOX", (0, 0), (-1, -1), 0.6, colors.black),
        *padded(1.5, 2),
    ]
    about = [
        ("Richiedente", truth.client),
        ("Descrizione campione (1)", truth.product),
        ("Lotto (1)", truth.lot),
        ("N. accettazione campione", truth.sample_id),
        ("Data prelievo (1)", f"{date(truth.date_sampled)} - a cura del richiedente"),
        ("Data ricevimento", date(truth.date_received)),
        ("Condizioni all'arrivo", "Conforme, contenitore integro, temperatura +5 °C"),
    ]
    rows = [["Prova / Metodo", "Risultato", "U.M.", "Limiti", "Data inizio", "Data fine", "Esito"]]
    for line in truth.lines:
        said = "Conforme" if line.verdict == "pass" else "<b>Non conforme</b>"
        rows.append([*_words(line), date(line.started), date(line.ended), said])
    judged = "NON risulta conforme" if truth.failed else "risulta conforme"
    story = [
        Table(
            [
                [
                    p(f"<b>RAPPORTO DI PROVA N. {truth.report_number}</b>", 12),
                    p(f"Data emissione: {date(truth.date_issued)}", 9, alignment=2),
                ]
            ],
            colWidths=(330, 175),
            style=TableStyle(
                [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
            ),
        ),
        Spacer(1, 4),
    ]
    if truth.replaces:
        story += [
            p(
                "Il presente documento annulla e sostituisce il Rapporto di prova n. "
                f"{truth.replaces}. Motivo: correzione della descrizione del campione.",
                8.5,
                "Helvetica-Oblique",
            ),
            Spacer(1, 4),
        ]
    story += [
        Table(
            [[p(a), p(f"<b>{b}</b>")] for a, b in about],
            colWidths=(145, 360),
            style=TableStyle(box),
        ),
        Spacer(1, 14),
        p("<b>RISULTATI DELLE PROVE</b>", 9.5),
        Spacer(1, 4),
        headed(
            rows,
            (152, 84, 36, 56, 56, 56, 65),
            SANS,
            8,
            *box,
            ("INNERGRID", (0, 0), (-1, -1), 0.4, colors.grey),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e8e8e8")),
        ),
        Spacer(1, 10),
        p(
            f"<b>Giudizio di conformità:</b> il campione {judged} ai limiti indicati, "
            "limitatamente ai parametri analizzati. Regola decisionale: confronto diretto con il "
            "limite, senza considerare l'incertezza di misura."
        ),
        Spacer(1, 8),
        p("(1) Dati forniti dal richiedente, di cui il laboratorio non è responsabile.", 7.5),
        p("(*) Prova non accreditata da ACCREDIA.", 7.5),
        p(
            "I risultati si riferiscono esclusivamente al campione sottoposto a prova, così come "
            "ricevuto. Il presente rapporto non può essere riprodotto parzialmente senza "
            "l'approvazione scritta del laboratorio.",
            7.5,
        ),
        Spacer(1, 30),
        p("Il Responsabile di Prova: Dott.ssa L. Fontanarossa"),
        p(f"Il Responsabile del Laboratorio: {truth.signed_by}"),
        p("Documento firmato digitalmente ai sensi del D.Lgs. 82/2005", 7),
        Spacer(1, 12),
        p("FINE DEL RAPPORTO DI PROVA", 8, "Helvetica-Bold", alignment=1),
    ]

    def page(canvas: Canvas, _: object) -> None:
        logo(canvas, 45, 780, 34, "#22577a")
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(90, 802, "ISTITUTO SANITARIO SPERIMENTALE DI MONTEVERNA")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(90, 791, "Ente sanitario di diritto pubblico")
        canvas.drawString(
            90,
            781,
            "Laboratorio Controllo Prodotti Biologici - Via dei Castagni 8, 00000 Monteverna",
        )
        canvas.setFont("Helvetica", 7)
        canvas.drawRightString(550, 802, "LAB N° 0000 L")
        canvas.drawString(45, 36, "Mod. PG 07/03 rev. 11")
        canvas.drawCentredString(297, 36, f"Rapporto di prova n. {truth.report_number}")
        canvas.drawRightString(550, 36, f"Pagina {canvas.getPageNumber()} di 1")

    build(path, story, page, A4, (45, 45, 82, 54))


def _words(line: Line) -> tuple[str, str, str, str]:
    if line.test == "sterility":
        medium = "terreno tioglicolato" if line.part == "anaerobic" else "brodo soia-caseina"
        found = "Assenza di crescita"
        if line.reading == "positive":
            found = f"Presenza di crescita<br/>(<i>{line.organism}</i>)"
        name = f"<b>Sterilità - {medium}</b><br/>Ph. Eur. 2.6.1 ed. corrente"
        return name, found, "-", "Assenza di crescita"
    if line.test == "mycoplasma":
        found = "Non rilevato" if line.reading == "negative" else "Rilevato"
        return "<b>Micoplasmi (*)</b><br/>Ph. Eur. 2.6.7, PCR", found, "-", "Non rilevato"
    name = "<b>Endotossine batteriche (LAL)</b><br/>Ph. Eur. 2.6.14, metodo D"
    return name, power(line.found, comma=True), "UI/ml", power(line.allowed, comma=True)
