"""A French hospital laboratory: unruled columns, dotted leaders, Times."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import choose, day, number
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    mycoplasma,
    recovery,
    sterility,
    viability,
)

_DATE = "{d02}/{m02}/{y}"
_NAMES = {
    ("sterility", "aerobic"): "Stérilité – flacon aérobie",
    ("sterility", "anaerobic"): "Stérilité – flacon anaérobie",
    ("endotoxin", None): "Endotoxines bactériennes (LAL)",
    ("endotoxin_ppc", None): "Récupération du contrôle positif produit",
    ("mycoplasma", None): "Mycoplasmes (PCR)",
    ("viability", None): "Viabilité cellulaire (7-AAD)",
}


def compose(rng: Random) -> Truth:
    """Invent a French bulletin with the recovery of its product control."""
    truth = begin(rng, "Laboratoire de Contrôle des Thérapies Cellulaires", "BA{yy}{n:05d}")
    lines = [
        *sterility(rng, ("aerobic", "anaerobic")),
        endotoxin(rng, limit="0.50"),
        recovery(rng),
        mycoplasma(rng),
        viability(rng, limit="80"),
    ]
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:
    """Print the bulletin."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Times-Italic", 12)
    canvas.drawString(60, 800, truth.laboratory)
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(60, 787, "CHU du Val-Perdu – Bâtiment C – 99000 Val-Perdu")
    canvas.setFont("Times-Bold", 16)
    canvas.drawCentredString(297, 745, f"Bulletin d'analyse n° {truth.report_number}")
    y = 710.0
    for label, value in (
        ("Demandeur", truth.client),
        ("Produit", truth.product),
        (choose(truth, "Numéro de lot", "N° de lot", "Lot"), truth.lot),
        ("Date de réception", day(truth.date_received, _DATE)),
        ("Mise en culture le", day(truth.date_started, _DATE)),
        ("Lecture finale le", day(truth.date_completed, _DATE)),
        ("Date d'édition", day(truth.date_issued, _DATE)),
    ):
        _leader(canvas, 60, 225, y, label)
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(232, y, value or "")
        y -= 17
    _columns(canvas, truth, y - 25)
    canvas.save()


def _leader(canvas: Canvas, left: float, right: float, y: float, label: str) -> None:
    canvas.setFont("Times-Roman", 11)
    canvas.drawString(left, y, label)
    start = left + stringWidth(label, "Times-Roman", 11) + 3
    dots = int((right - start) / stringWidth(".", "Times-Roman", 11))
    canvas.drawString(start, y, "." * dots)


def _columns(canvas: Canvas, truth: Truth, top: float) -> None:
    canvas.setFont("Times-Bold", 11)
    for x, name in ((60, "Analyse"), (278, "Résultat"), (386, "Norme"), (497, "Conformité")):
        canvas.drawString(x, top, name)
    y = top - 20
    for line in truth.lines:
        canvas.setFont("Times-Roman", 11)
        result, limit = _result(truth, line)
        told = "Conforme" if line.verdict == "pass" else "Non conforme"
        for x, text in (
            (60, _NAMES[line.test, line.part]),
            (278, result),
            (386, limit),
            (497, told),
        ):
            canvas.drawString(x, y, text)
        y -= 18
    canvas.setFont("Times-Bold", 11)
    ending = (
        "Produit non conforme aux spécifications"
        if truth.failed
        else "Produit conforme aux spécifications"
    )
    canvas.drawString(60, y - 14, f"Conclusion : {ending}")
    canvas.setFont("Times-Roman", 11)
    canvas.drawString(60, y - 44, f"Validé par : {truth.signed_by}, pharmacien biologiste")
    canvas.setFont("Times-Roman", 8)
    canvas.drawString(60, 60, "Les résultats ne concernent que l'échantillon soumis à l'essai.")
    canvas.drawString(60, 50, "N.D. : non déterminé – LQ : limite de quantification")
    canvas.drawRightString(535, 50, "1/1")


def _result(truth: Truth, line: Line) -> tuple[str, str]:
    if line.test == "sterility":
        clear = choose(truth, "Pas de croissance", "Absence de croissance", "Aucune croissance")
        return clear if line.reading == "negative" else f"Croissance (J{line.day})", clear
    if line.amount is None:
        words = choose(truth, "Absence|Présence", "Non détecté|Détecté", "Négatif|Positif").split(
            "|"
        )
        return words[line.reading == "positive"], words[0]
    unit = {"EU/mL": "UE/mL"}.get(line.unit or "", line.unit or "")
    limit = "50 - 200 %"
    if line.limit is not None:
        word = "max." if line.limit.sign == "≤" else "min."
        limit = f"{word} {line.limit.digits.replace('.', ',')} {unit}"
    return f"{number(line.amount, comma=True)} {unit}", limit
