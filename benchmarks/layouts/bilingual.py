"""A Swiss laboratory: labels in two languages, small above their values, in tinted boxes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from benchmarks.layouts.drawing import day, logo, number, para, vera
from benchmarks.layouts.truth import (
    Line,
    Truth,
    begin,
    endotoxin,
    fill,
    gram_stain,
    mycoplasma,
    sterility,
)

_DATE = "{d02}.{m02}.{y}"
_NAMES = {
    "sterility": "Sterilität / Sterility",
    "endotoxin": "Bakterielle Endotoxine / Bacterial endotoxins",
    "mycoplasma": "Mykoplasmen / Mycoplasma",
    "gram_stain": "Gramfärbung / Gram stain",
}
_WORDS = {
    ("sterility", "negative"): "kein Wachstum / no growth",
    ("sterility", "positive"): "Wachstum / growth",
    ("mycoplasma", "negative"): "nicht nachgewiesen / not detected",
    ("mycoplasma", "positive"): "nachgewiesen / detected",
    ("gram_stain", "negative"): "negativ / negative",
    ("gram_stain", "positive"): "positiv / positive",
}


def compose(rng: Random) -> Truth:
    """Invent a combined certificate with a sample number of the laboratory."""
    truth = begin(
        rng,
        "Aareblick Analytik AG",
        "AB-{y}-{n:05d}",
        ("sampled", "received", "started", "completed", "issued"),
        status="final",
    )
    lines = [
        *sterility(rng, (None,), method="Ph. Eur. 2.6.27"),
        endotoxin(rng, limit="0.25", method="Ph. Eur. 2.6.14"),
        mycoplasma(rng, method="Ph. Eur. 2.6.7 (NAT)"),
        gram_stain(rng, method="SOP-M-07"),
    ]
    return replace(fill(truth, lines), sample_id=f"26-{rng.randrange(10_000, 99_999)}")


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    plain, bold = vera()
    canvas = Canvas(str(path), pagesize=A4)
    logo(canvas, 40, 775, 40, "#7a1f2b")
    canvas.setFont(bold, 15)
    canvas.drawString(92, 797, "Analysenzertifikat / Certificate of Analysis")
    canvas.setFont(plain, 8)
    canvas.drawString(92, 782, "Aareblick Analytik AG · Uferweg 3 · CH-9999 Aarwil")
    boxes = (
        (
            ("Auftraggeber / Customer", truth.client),
            ("Zertifikat Nr. / Certificate No.", truth.report_number or ""),
        ),
        (("Produkt / Product", truth.product), ("Charge / Batch", truth.lot or "")),
        (
            ("Proben-Nr. / Sample No.", truth.sample_id or ""),
            ("Probenahme / Sampled", day(truth.date_sampled, _DATE)),
            ("Probeneingang / Received", day(truth.date_received, _DATE)),
        ),
        (
            ("Prüfbeginn / Start of test", day(truth.date_started, _DATE)),
            ("Prüfende / End of test", day(truth.date_completed, _DATE)),
            ("Status / Status", "Endbericht / Final"),
        ),
    )
    y = 735.0
    for row in boxes:
        width = 515 / len(row)
        for at, (label, value) in enumerate(row):
            x = 40 + at * width
            canvas.setFillColor(colors.HexColor("#f3ecea"))
            canvas.rect(x, y - 30, width - 4, 32, stroke=0, fill=1)
            canvas.setFillColor(colors.HexColor("#666666"))
            canvas.setFont(plain, 6.5)
            canvas.drawString(x + 5, y - 8, label)
            canvas.setFillColor(colors.black)
            canvas.setFont(bold, 9)
            canvas.drawString(x + 5, y - 22, value)
        y -= 38
    _table(truth).drawOn(canvas, 40, y - 160)
    ending = "nicht erfüllt / not met" if truth.failed else "erfüllt / met"
    canvas.setFont(bold, 9)
    canvas.drawString(40, y - 190, f"Anforderungen / Requirements: {ending}")
    canvas.setFont(plain, 8)
    canvas.drawString(40, y - 230, f"Freigabe / Released by: {truth.signed_by}")
    canvas.drawString(330, y - 230, f"Datum / Date of issue: {day(truth.date_issued, _DATE)}")
    canvas.setFont(plain, 6.5)
    canvas.drawCentredString(297, 36, "STS 9999 · ISO/IEC 17025 · Seite/Page 1 / 1")
    canvas.save()


def _table(truth: Truth) -> Table:
    plain, bold = vera()
    head = ["Prüfung / Test", "Methode / Method", "Anforderung / Limit", "Ergebnis / Result", ""]
    table = Table(
        [[para(cell, bold, 8) for cell in head], *[_row(line, plain) for line in truth.lines]],
        colWidths=(150, 90, 100, 115, 60),
        rowHeights=32,
        style=TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 1.2, colors.HexColor("#7a1f2b")),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
    table.wrapOn(None, 515, 400)
    return table


def _row(line: Line, font: str) -> list[object]:
    if line.amount is None or line.limit is None:
        limit = _WORDS[line.test, "negative"]
        result = _WORDS[line.test, line.reading or ""]
    else:
        limit, result = (f"{number(amount)} EU/ml" for amount in (line.limit, line.amount))
    mark = "i.O. / ok" if line.verdict == "pass" else "n.i.O. / not ok"
    cells = (_NAMES[line.test], line.method or "", limit, result, mark)
    return [para(cell.replace("<", "&lt;"), font, 8) for cell in cells]
