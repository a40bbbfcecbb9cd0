"""A French public cell therapy unit: report on a bone marrow concentrate, leaders and sections."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day
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
from qcvalidate.locale import Locale

_DATE = "{d02}/{m02}/{y}"

# Day before month; nothing on the paper else proves it.
LOCALE = Locale(dates="DMY")


def compose(rng: Random) -> Truth:
    """Invent a concentrate; a quarter are provisional, their culture still running."""
    running = rng.random() < 0.1
    truth = begin(
        rng,
        "Établissement régional du sang de Valmorine",
        "CR{yy}-{n:05d}",
        ("sampled", "received", "issued"),
        days=1 if running else 10,
        status="preliminary" if running else None,
    )
    truth = replace(
        truth,
        product=rng.choice(
            (
                "Concentré de moelle osseuse autologue",
                "Concentré médullaire autologue, non cryoconservé",
            )
        ),
        client=rng.choice(
            (
                "CHU de Valmorine - Chirurgie orthopédique",
                "Clinique des Trois Rivières",
                "Hôpital Saint-Aubert - Rhumatologie",
            )
        ),
    )
    volume = rng.randrange(80, 420)
    count = rng.randrange(120, 990)
    total = volume / 10 * count / 10 / 100
    lines = [
        Line(test="volume", amount=Amount(f"{volume / 10:.1f}"), unit="mL"),
        Line(
            test="nucleated_cell_concentration",
            amount=Amount(f"{count / 10:.1f}", exponent=6),
            unit="cells/mL",
        ),
        Line(test="total_nucleated_cells", amount=Amount(f"{total:.2f}", exponent=8), unit="cells"),
        viability(rng),
        Line(test="cd34_positive", amount=Amount(f"{rng.randrange(40, 310) / 100:.2f}"), unit="%"),
        *(
            (
                Line(test="sterility", part=part, reading="pending")
                for part in ("aerobic", "anaerobic")
            )
            if running
            else sterility(rng, ("aerobic", "anaerobic"), growth=0.08)
        ),
    ]
    if rng.random() < 0.5:
        lines.append(endotoxin(rng))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the report."""
    c = Canvas(str(path), pagesize=A4)
    width = 595
    c.setFont("Times-Bold", 11)
    c.drawString(50, 800, "ÉTABLISSEMENT RÉGIONAL DU SANG DE VALMORINE")
    c.setFont("Times-Roman", 8.5)
    c.drawString(50, 788, "Unité de thérapie cellulaire – Laboratoire de contrôle qualité")
    c.drawString(50, 777, "3, allée des Tilleuls – 99100 Valmorine – Tél. 01 99 00 00 00")
    c.setLineWidth(1)
    c.line(50, 768, width - 50, 768)
    c.setFont("Times-Bold", 14)
    c.drawCentredString(
        width / 2, 742, "COMPTE RENDU DE CONTRÔLE QUALITÉ" + (" PROVISOIRE" if truth.status else "")
    )
    c.setFont("Times-Roman", 9.5)
    c.drawCentredString(width / 2, 727, f"N° {truth.report_number}")
    y = 700.0
    for a, b in (
        ("Produit", truth.product),
        ("N° de lot", truth.lot),
        ("Demandeur", truth.client),
        ("Date de prélèvement", day(truth.date_sampled, _DATE)),
        ("Date de réception", f"{day(truth.date_received, _DATE)} à 11h20"),
        ("Date d'édition", day(truth.date_issued, _DATE)),
    ):
        c.setFont("Times-Roman", 9.5)
        c.drawString(50, y, f"{a} :")
        c.setFont("Times-Bold", 9.5)
        c.drawString(170, y, b)
        y -= 14

    def title(text: str) -> None:
        nonlocal y
        y -= 14
        c.setFillColor(colors.HexColor("#1f3f77"))
        c.setFont("Times-Bold", 10.5)
        c.drawString(50, y, text)
        c.setFillColor(colors.black)
        y -= 17

    def leader(name: str, found: str, note: str = "") -> None:
        nonlocal y
        c.setFont("Times-Roman", 9.5)
        c.drawString(60, y, name)
        start = 60 + c.stringWidth(name, "Times-Roman", 9.5) + 4
        dots = "." * int((292 - start) / c.stringWidth(".", "Times-Roman", 9.5))
        c.drawString(start, y, dots)
        c.setFont("Times-Bold", 9.5)
        c.drawString(300, y, found)
        c.setFont("Times-Roman", 8.5)
        c.drawString(430, y, note)
        y -= 15

    def comma(amount: Amount) -> str:
        return amount.digits.replace(".", ",")

    by = {(line.test, line.part): line for line in truth.lines}
    title("Numération et viabilité")
    leader("Volume du produit", f"{comma(by['volume', None].found)} mL")
    leader(
        "Concentration en cellules nucléées",
        f"{comma(by['nucleated_cell_concentration', None].found)} x 10^6/mL",
    )
    leader(
        "Cellules nucléées totales",
        f"{comma(by['total_nucleated_cells', None].found)} x 10^8 cellules",
    )
    alive = by["viability", None]
    leader(
        "Viabilité (7-AAD)",
        f"{comma(alive.found)} %",
        f"(norme : ≥ 70 %){' NC' if alive.verdict == 'fail' else ''}",
    )
    leader("Cellules CD34+", f"{comma(by['cd34_positive', None].found)} %")
    title("Contrôle microbiologique")
    c.setFont("Times-Roman", 8.5)
    c.drawString(
        60,
        y,
        "Ensemencement de flacons d'hémoculture (système automatisé), incubation 10 jours à 35 "
        "°C – Ph. Eur. 2.6.27",
    )
    y -= 15
    for part, name in (("aerobic", "Flacon aérobie"), ("anaerobic", "Flacon anaérobie")):
        line = by["sterility", part]
        found = {
            "negative": "Absence de croissance",
            "positive": "Présence de croissance",
            "pending": "En cours",
        }[line.reading or ""]
        leader(
            name,
            found,
            ""
            if line.reading == "pending"
            else "Conforme"
            if line.verdict == "pass"
            else "Non conforme",
        )
        if line.organism:
            c.setFont("Times-Roman", 9)
            c.drawString(75, y, f"Identification : {line.organism}")
            y -= 15
    if ("endotoxin", None) in by:
        toxin = by["endotoxin", None]
        title("Endotoxines bactériennes (Ph. Eur. 2.6.14, méthode cinétique chromogénique)")
        sign = f"{toxin.found.sign} " if toxin.found.sign else ""
        leader(
            "Teneur en endotoxines",
            f"{sign}{comma(toxin.found)} UI/mL",
            f"(norme : ≤ {comma(toxin.allowed)}){' NC' if toxin.verdict == 'fail' else ''}",
        )
    title("Conclusion")
    c.setFont("Times-Roman", 9.5)
    if truth.failed:
        text = "Produit non conforme aux spécifications. Le prescripteur en a été informé ce jour."
    elif truth.status:
        text = (
            "Résultats disponibles conformes. Un compte rendu définitif sera adressé à l'issue de "
            "l'incubation."
        )
    else:
        text = "Produit conforme aux spécifications en vigueur."
    c.drawString(60, y, text)
    y -= 50
    c.drawString(330, y, "Validé électroniquement par :")
    c.drawString(330, y - 13, truth.signed_by)
    c.setFont("Times-Roman", 8.5)
    c.drawString(330, y - 25, "Responsable du contrôle qualité")
    c.setFont("Times-Roman", 7)
    c.drawCentredString(
        width / 2,
        46,
        "Les résultats ne concernent que l'échantillon soumis à l'essai. La reproduction de ce "
        "compte rendu n'est autorisée que dans son intégralité.",
    )
    c.drawCentredString(
        width / 2,
        36,
        "Autorisation ANSM n° TIE/99/O/000 – NC : non conforme – CQ-ENR-045 version 6 – Page 1/1",
    )
    c.save()
