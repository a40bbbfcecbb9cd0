"""A French hospital control laboratory: rapport d'analyse of two pages, sentences then a table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SERIF, build, choose, day, facts, logo, number, para
from benchmarks.layouts.truth import Truth, begin, endotoxin, fill, mycoplasma, sterility, viability

_DATE = "{d} {Month} {y}"


def _date(when: dt.date | None) -> str:
    return day(when, _DATE, "fr")


def compose(rng: Random) -> Truth:
    """Invent a French report."""
    truth = begin(
        rng,
        "Laboratoire de contrôle du CHU de Valmorange",
        "RA-{y}-{n:05d}",
        ("sampled", "received", "started", "completed", "issued"),
    )
    lines = [
        *sterility(rng, ("aerobic", "anaerobic"), method="Ph. Eur. 2.6.1", growth=0.12),
        endotoxin(rng, limit="0.50", method="Ph. Eur. 2.6.14"),
        mycoplasma(rng, method="Ph. Eur. 2.6.7"),
    ]
    if rng.random() < 0.5:
        lines.append(viability(rng, method="Bleu trypan"))
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the report."""
    plain, bold = SERIF
    yes, no = choose(truth, "Conforme|Non conforme", "C|NC").split("|")
    clean, grown = choose(
        truth, "Absence de croissance|Présence de croissance", "Pas de croissance|Croissance"
    ).split("|")
    absent, found = choose(truth, "Non détecté|Détecté", "Absence|Présence").split("|")

    def cell(text: str | None, font: str = plain) -> Paragraph:
        return para(text, font, 10)

    names = {
        ("sterility", "aerobic"): "Stérilité, bouillon trypticase soja (20-25 °C)",
        ("sterility", "anaerobic"): "Stérilité, bouillon thioglycolate (30-35 °C)",
        ("endotoxin", None): "Endotoxines bactériennes",
        ("mycoplasma", None): "Mycoplasmes (PCR en temps réel)",
        ("viability", None): "Viabilité cellulaire",
    }
    rows = [
        [cell(t, bold) for t in ("Essai", "Référence", "Spécification", "Résultat", "Conclusion")]
    ]
    for line in truth.lines:
        if line.amount and line.limit:
            unit = {"EU/mL": "UI/mL"}.get(line.unit or "", line.unit)
            limit, result = (
                f"{number(line.allowed, comma=True)} {unit}",
                f"{number(line.found, comma=True)} {unit}",
            )
        elif line.test == "mycoplasma":
            limit, result = absent, absent if line.reading == "negative" else found
        else:
            limit, result = clean, clean if line.reading == "negative" else grown
        rows.append(
            [
                cell(names[line.test, line.part]),
                cell(line.method),
                cell(limit),
                cell(result),
                cell(yes if line.verdict == "pass" else no, bold),
            ]
        )
    table = Table(
        rows,
        repeatRows=1,
        colWidths=(150, 82, 95, 95, 75),
        style=TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4e9f2")),
            ]
        ),
    )
    ident = facts(
        (
            ("Demandeur :", truth.client),
            ("Nature du produit :", truth.product),
            ("N° de lot :", truth.lot),
            ("Date de prélèvement :", _date(truth.date_sampled)),
            ("Date de réception :", _date(truth.date_received)),
            ("Début des essais :", _date(truth.date_started)),
            ("Fin des essais :", _date(truth.date_completed)),
            ("État à réception :", "conforme, transport à température contrôlée (2-8 °C)"),
        ),
        (140, 355),
        (plain, bold),
        10,
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey),
    )
    story = [
        para("RAPPORT D'ANALYSE", bold, 17, alignment=1),
        Spacer(1, 4),
        para(f"N° {truth.report_number}", bold, 12, alignment=1),
        Spacer(1, 3),
        para(f"Date d'émission : {_date(truth.date_issued)}", plain, 10.5, alignment=1),
        Spacer(1, 20),
        para("1. Identification de l'échantillon", bold, 12),
        Spacer(1, 6),
        ident,
        Spacer(1, 18),
        para("2. Conditions de réalisation", bold, 12),
        Spacer(1, 6),
        para(
            "L'essai de stérilité a été réalisé par ensemencement direct, sous isolateur, avec "
            "incubation de 14 jours. Les témoins de "
            "stérilité des milieux et les essais de fertilité sont conformes. L'essai des "
            "endotoxines a été réalisé par la méthode "
            "chromogénique cinétique (méthode D).",
            plain,
            10.5,
        ),
        Spacer(1, 10),
        para(
            "Les dates de prélèvement et le numéro de lot sont des informations fournies par le "
            "demandeur. Le laboratoire n'est pas "
            "responsable de l'étape d'échantillonnage ; les résultats s'appliquent à "
            "l'échantillon tel qu'il a été reçu.",
            plain,
            10.5,
        ),
        PageBreak(),
        para("3. Résultats", bold, 12),
        Spacer(1, 8),
        table,
        Spacer(1, 12),
    ]
    isolate = next((line.organism for line in truth.lines if line.organism), None)
    if isolate:
        story += [
            para(
                f"Commentaire : germe identifié par spectrométrie de masse : {isolate}.",
                plain,
                10.5,
            ),
            Spacer(1, 8),
        ]
    if yes == "C":
        story += [para("C : conforme ; NC : non conforme.", plain, 9), Spacer(1, 8)]
    story += [
        para("4. Conclusion", bold, 12),
        Spacer(1, 6),
        para(
            "L'échantillon analysé "
            + ("n'est pas conforme" if truth.failed else "est conforme")
            + " aux spécifications pour les essais réalisés.",
            plain,
            11,
        ),
        Spacer(1, 30),
        para(f"Validé par : {truth.signed_by}, pharmacien biologiste", plain, 10.5),
        Spacer(1, 4),
        para(f"Signé électroniquement le {_date(truth.date_issued)}", plain, 10.5),
        Spacer(1, 16),
        para("*** Fin du rapport ***", plain, 9, alignment=1),
    ]

    def stationery(canvas: Canvas, _: object) -> None:
        logo(canvas, 50, 782, 32, "#23408e")
        canvas.setFont(bold, 12)
        canvas.drawString(92, 800, "CHU de Valmorange")
        canvas.setFont(plain, 9)
        canvas.drawString(92, 788, "Laboratoire de contrôle des produits de thérapie cellulaire")
        canvas.setFont(plain, 7.5)
        canvas.drawString(
            50,
            50,
            "La reproduction de ce rapport n'est autorisée que sous sa forme intégrale. Il ne "
            "concerne que les objets soumis à l'essai.",
        )
        canvas.drawString(
            50,
            40,
            "Accréditation Cofrac Essais n° 9-9999, portée disponible sur www.cofrac.fr. 1 place "
            "de l'Hôpital, 99000 Valmorange",
        )
        canvas.drawRightString(
            545, 28, f"Rapport {truth.report_number} - Page {canvas.getPageNumber()} / 2"
        )

    build(path, story, stationery, A4, (50, 50, 90, 66))
