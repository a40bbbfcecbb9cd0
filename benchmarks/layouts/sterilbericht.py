"""A German report of one sterility test: conditions, controls and results in numbered sections."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import day, para
from benchmarks.layouts.truth import Line, Truth, begin, fill, sterility

_DATE = "{d}. {Month} {y}"


def compose(rng: Random) -> Truth:
    """Invent a membrane filtration with its controls."""
    truth = begin(
        rng,
        "Hygiene-Institut Rabenstein",
        "ST {n:05d}/{yy}",
        ("sampled", "received", "started", "completed", "issued"),
    )
    lines = sterility(rng, growth=0.25)
    controls = tuple(
        Line(test="sterility", part=part, role=role, reading=reading)
        for role, reading in (("negative_control", "negative"), ("positive_control", "positive"))
        for part in ("anaerobic", "aerobic", None)
    )
    return replace(fill(truth, lines), also=controls)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    anaerobic, aerobic = truth.lines
    serial = sum(map(ord, truth.report_number or ""))
    pages = [
        para("Prüfbericht: Prüfung auf Sterilität", "Helvetica-Bold", 15),
        Spacer(1, 4),
        para(f"Berichtsnummer {truth.report_number}", "Helvetica", 10),
        *_section(
            "1. Angaben zur Probe",
            (
                ("Auftraggeber", truth.client),
                ("Probenbezeichnung", truth.product),
                ("Chargennummer", truth.lot or ""),
                ("Probenahme am", day(truth.date_sampled, _DATE, "de")),
                ("Probeneingang am", day(truth.date_received, _DATE, "de")),
                ("Eingangszustand", "unversehrt, gekühlt bei 2 bis 8 °C"),
            ),
        ),
        *_section(
            "2. Prüfbedingungen",
            (
                ("Prüfvorschrift", "Ph. Eur. 2.6.1, SOP-MIK-004"),
                ("Verfahren", "Membranfiltration, geschlossenes System, Porenweite 0,45 µm"),
                ("Prüfumgebung", "Isolator, Reinheitsklasse A"),
                ("Geprüfte Menge", "2 x 1 ml"),
                ("Nährmedium 1", f"Thioglykolat-Medium, Ch. TH{serial}, 30 bis 35 °C"),
                ("Nährmedium 2", f"Casein-Sojapepton-Medium, Ch. CS{serial + 17}, 20 bis 25 °C"),
                ("Bebrütungsdauer", "14 Tage"),
                ("Prüfbeginn", day(truth.date_started, _DATE, "de")),
                ("Prüfende", day(truth.date_completed, _DATE, "de")),
            ),
        ),
        *_section(
            "3. Kontrollen",
            (
                ("Negativkontrolle", "kein Wachstum in beiden Nährmedien"),
                ("Positivkontrolle", "Wachstum aller sechs Prüfkeime innerhalb von 5 Tagen"),
            ),
        ),
        *_section(
            "4. Prüfergebnis",
            (
                ("Thioglykolat-Medium", _told(anaerobic)),
                ("Casein-Sojapepton-Medium", _told(aerobic)),
            ),
        ),
        Spacer(1, 10),
        para("5. Beurteilung", "Helvetica-Bold", 10.5),
        Spacer(1, 4),
        para(_verdict(truth), "Helvetica", 9.5),
        Spacer(1, 30),
        para(f"Rabenstein, den {day(truth.date_issued, _DATE, 'de')}", "Helvetica", 9.5),
        Spacer(1, 22),
        para(f"{truth.signed_by}<br/>Leitung der Qualitätskontrolle", "Helvetica", 9.5),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, leftMargin=62, rightMargin=50, topMargin=80).build(
        pages, onFirstPage=_stationery, onLaterPages=_stationery
    )


def _section(title: str, facts: tuple[tuple[str, str], ...]) -> list[object]:
    table = Table(
        [[para(a, "Helvetica", 9.5), para(b, "Helvetica", 9.5)] for a, b in facts],
        colWidths=(150, 330),
        style=TableStyle(
            [("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]
        ),
        hAlign="LEFT",
    )
    return [Spacer(1, 10), para(title, "Helvetica-Bold", 10.5), Spacer(1, 3), table]


def _told(line: Line) -> str:
    if line.reading == "positive":
        return f"Wachstum ab Tag {line.day}, identifiziert als <i>{line.organism}</i>"
    return "kein Wachstum nach 14 Tagen"


def _verdict(truth: Truth) -> str:
    told = "nicht " if truth.failed else ""
    return (
        f"Die geprüfte Charge {truth.lot} entspricht {told}den Anforderungen der Prüfung auf "
        "Sterilität nach Ph. Eur. 2.6.1."
    )


def _stationery(canvas: Canvas, _: object) -> None:
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawRightString(545, 805, "Hygiene-Institut Rabenstein")
    canvas.setFont("Helvetica", 7.5)
    canvas.drawRightString(
        545, 794, "Abteilung Arzneimittelprüfung · Mühlgasse 3 · 99998 Rabenstein"
    )
    canvas.line(62, 786, 545, 786)
    canvas.drawString(62, 35, "Auszugsweise Vervielfältigung nur mit Genehmigung des Instituts.")
    canvas.drawRightString(545, 35, f"Seite {canvas.getPageNumber()}")
