"""A French hospital system's report: units in a column, and the earlier results at the right."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, vera
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

LOCALE = Locale(dates="DMY", decimal=",")
_DATE = "{d02}/{m02}/{y}"
_NAMES = {
    ("volume", None): "Volume du produit",
    ("nucleated_cell_concentration", None): "Cellules nucléées (concentration)",
    ("viability", None): "Viabilité (7-AAD)",
    ("cd34_dose_per_kg", None): "Cellules CD34+ viables par kg",
    ("sterility", "aerobic"): "Stérilité, flacon aérobie",
    ("sterility", "anaerobic"): "Stérilité, flacon anaérobie",
    ("endotoxin", None): "Endotoxines bactériennes",
}
_COLUMNS = (40, 218, 300, 372, 478)
_SECTIONS = {"volume": "NUMÉRATION ET VIABILITÉ", "sterility": "CONTRÔLES MICROBIOLOGIQUES"}


def compose(rng: Random) -> Truth:
    """Invent a graft's report; the earlier results are those of the day before's collection."""
    truth = begin(
        rng,
        "Unité de Thérapie Cellulaire, Hôpital du Val-Serein",
        "UTC{yy}-{n:05d}",
        ("sampled", "received", "issued"),
        status="final",
    )
    lines = [
        Line(test="volume", amount=Amount(str(rng.randrange(80, 320))), unit="mL"),
        Line(
            test="nucleated_cell_concentration",
            amount=Amount(f"{rng.randrange(40, 300)}.{rng.randrange(10)}", exponent=6),
            unit="cells/mL",
        ),
        viability(rng, limit="80"),
        Line(
            test="cd34_dose_per_kg",
            amount=Amount(f"{rng.randrange(2, 9)}.{rng.randrange(10, 99)}", exponent=6),
            unit="cells/kg",
            limit=Amount("2.0", "≥", 6),
            verdict="pass",
        ),
        *sterility(rng, ("aerobic", "anaerobic")),
        endotoxin(rng),
    ]
    marked = [replace(line, verdict="fail" if line.verdict == "fail" else None) for line in lines]
    return replace(fill(truth, marked), sample_id=f"{rng.randrange(10**9, 10**10)}")


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the report."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont(bold, 11)
    canvas.drawString(40, 805, "Hôpital du Val-Serein")
    canvas.setFont(plain, 8)
    canvas.drawString(40, 793, "Unité de Thérapie Cellulaire – Pavillon Garance – 99100 Val-Serein")
    canvas.setFont(bold, 12)
    canvas.drawString(40, 762, "COMPTE RENDU D'ANALYSES – RÉSULTATS DÉFINITIFS")
    left = (
        ("N° de compte rendu", truth.report_number),
        ("N° de lot", truth.lot),
        ("N° d'échantillon", truth.sample_id),
        ("Produit", truth.product),
    )
    right = (
        ("Prélevé le", f"{day(truth.date_sampled, _DATE)} à 10h20"),
        ("Reçu le", f"{day(truth.date_received, _DATE)} à 14h05"),
        ("Édité le", day(truth.date_issued, _DATE)),
    )
    for x, gap, pairs in ((40, 105, left), (385, 65, right)):
        for at, (label, value) in enumerate(pairs):
            canvas.setFont(plain, 8)
            canvas.drawString(x, 738 - 14 * at, f"{label} :")
            canvas.setFont(bold, 8)
            canvas.drawString(x + gap, 738 - 14 * at, value or "")
    canvas.setFont(plain, 8)
    canvas.drawString(40, 682, f"Demandeur : {truth.client}")
    assert truth.date_sampled is not None
    before = truth.date_sampled - dt.timedelta(days=1)
    y = 648.0
    canvas.setFillColor(colors.HexColor("#dfe8f1"))
    canvas.rect(36, y - 6, 523, 28, stroke=0, fill=1)
    canvas.setFillColor(colors.black)
    canvas.setFont(bold, 8)
    heads = ("Analyse", "Résultat", "Unité", "Valeurs attendues", "Antériorité")
    for x, name in zip(_COLUMNS, heads, strict=True):
        canvas.drawString(x, y + 9, name)
    canvas.setFont(plain, 7)
    canvas.drawString(_COLUMNS[-1], y - 2, day(before, _DATE))
    y -= 24
    shown = set()
    for line in truth.lines:
        title = _SECTIONS.get(line.test)
        if title is not None and title not in shown:
            shown.add(title)
            canvas.setFont(bold, 8)
            canvas.drawString(40, y, title)
            y -= 17
        result, unit, wanted, earlier = _told(line)
        canvas.setFont(plain, 8)
        canvas.drawString(46, y, _NAMES[line.test, line.part])
        canvas.setFont(bold, 8)
        canvas.drawString(_COLUMNS[1], y, result)
        canvas.setFont(plain, 8)
        for x, text in zip(_COLUMNS[2:4], (unit, wanted), strict=True):
            canvas.drawString(x, y, text)
        canvas.setFillColor(colors.HexColor("#666666"))
        canvas.drawString(_COLUMNS[4], y, earlier)
        canvas.setFillColor(colors.black)
        y -= 17
    for line in truth.lines:
        if line.organism:
            canvas.drawString(46, y, f"Identification : {line.organism} (positif à J{line.day})")
            y -= 17
    canvas.setFont(bold, 8.5)
    told = "non conforme" if truth.failed else "conforme"
    canvas.drawString(40, y - 14, f"Conclusion : produit {told} aux critères de libération.")
    canvas.setFont(plain, 8)
    canvas.drawString(40, y - 44, f"Validation biologique : {truth.signed_by}")
    canvas.setFont(plain, 7)
    canvas.drawString(40, 40, "Stérilité : méthode automatisée, 14 jours, Ph. Eur. 2.6.27.")
    canvas.drawRightString(555, 40, "Page 1/1")
    canvas.save()


def _told(line: Line) -> tuple[str, str, str, str]:
    """Give result, unit, what is expected, and an earlier result that is not this one."""
    if line.amount is None:
        result = "Culture positive" if line.reading == "positive" else "Culture négative"
        return result, "", "Culture négative", "Culture négative"
    digits = line.amount.digits
    earlier = {
        "volume": str(int(digits) + 12) if digits.isdigit() else "",
        "endotoxin": "< 0,05",
        "viability": "91,7",
        "nucleated_cell_concentration": "118,4",
        "cd34_dose_per_kg": "1,86",
    }[line.test]
    unit = {
        "volume": "mL",
        "endotoxin": "UI/mL",
        "viability": "%",
        "nucleated_cell_concentration": "x 10^6/mL",
        "cd34_dose_per_kg": "x 10^6/kg",
    }[line.test]
    wanted = "" if line.limit is None else f"{line.limit.sign} {line.limit.digits}"
    shown = f"{line.amount.sign} {digits}".strip()
    return shown.replace(".", ","), unit, wanted.replace(".", ","), earlier
