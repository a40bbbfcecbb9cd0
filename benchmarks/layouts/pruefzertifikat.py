"""An Austrian laboratory's Prüfzertifikat: serif letters, rules only between its rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer, Table, TableStyle

from benchmarks.layouts.drawing import (
    SERIF,
    build,
    choose,
    day,
    headed,
    number,
    padded,
    para,
    power,
)
from benchmarks.layouts.truth import Amount, Line, Truth, course, lot_number

_DATE = "{d02}.{m02}.{y}"
_CLIENTS = (
    "Ordination Dr. Hallwang-Steiner",
    "Zelltherapiezentrum Alpblick GmbH",
    "Privatklinik Lindenau, Zelllabor",
)
_PRODUCTS = (
    "Knochenmarkkonzentrat, autolog",
    "Stromale vaskuläre Fraktion (SVF)",
    "Mesenchymale Stammzellen, kryokonserviert",
)
_PEOPLE = (
    "Mag. Gerlinde Oberhuemer",
    "Dr. Matthias Treffling",
    "DI Sabine Koller-Wies",
    "Dr. Franz Edlacher",
)


def compose(rng: Random) -> Truth:
    """Invent the usual tests of a clinic's product."""
    work = course(rng)
    fate = rng.random()
    pending = fate < 0.06
    fault = {6: "sterility", 7: "endotoxin", 8: "viability", 9: "sterility"}.get(
        int(fate * 50 + 3), ""
    )
    amended = fate > 0.94
    bad = rng.choice(("aerobic", "anaerobic")) if fault == "sterility" else None
    tenths = rng.randrange(610, 695) if fault == "viability" else rng.randrange(725, 975)
    limit = rng.choice(("0.50", "1.0", "5.0"))
    lines = [
        *(
            Line(
                test="sterility",
                part=part,
                reading="pending" if pending else "positive" if part == bad else "negative",
                verdict=None if pending else "fail" if part == bad else "pass",
            )
            for part in ("aerobic", "anaerobic")
        ),
        Line(
            test="endotoxin",
            amount=Amount(f"{float(limit) * 1.4:.2f}")
            if fault == "endotoxin"
            else Amount(rng.choice(("0.05", "0.10", "0.20")), "<"),
            unit="EU/mL",
            limit=Amount(limit, "≤"),
            verdict="fail" if fault == "endotoxin" else "pass",
        ),
        Line(test="mycoplasma", reading="negative", verdict="pass"),
        Line(
            test="viability",
            amount=Amount(f"{tenths / 10:.1f}"),
            unit="%",
            limit=Amount("70", "≥"),
            verdict="fail" if fault == "viability" else "pass",
        ),
    ]
    first = f"{work.issued.year}-{rng.randrange(100, 9999):04d}"
    return Truth(
        laboratory="Prüflabor Sonnwendbach GmbH",
        report_number=f"{first}/1" if amended else first,
        replaces=first if amended else None,
        status="preliminary" if pending else "amended" if amended else None,
        lot=lot_number(rng, work.sampled),
        client=rng.choice(_CLIENTS),
        product=rng.choice(_PRODUCTS),
        sample_id=f"SB{rng.randrange(10_000, 99_999)}",
        date_sampled=work.sampled,
        date_received=work.received,
        date_started=work.started,
        date_completed=None if pending else work.completed,
        date_issued=work.started + dt.timedelta(days=7) if pending else work.issued,
        signed_by=rng.choice(_PEOPLE),
        lines=tuple(lines),
        deserved=frozenset({"laboratory-verdict-failed"} if fault else ()),
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    title = "Vorläufiges Prüfzertifikat" if truth.status == "preliminary" else "Prüfzertifikat"
    about = (
        (f"{title} Nr.", truth.report_number),
        ("Auftraggeber", truth.client),
        ("Probe", truth.product),
        (choose(truth, "Chargennummer", "Charge", "Ch.-Nr."), truth.lot),
        ("Probennummer", truth.sample_id),
        ("Probenahme", day(truth.date_sampled, _DATE)),
        ("Probeneingang", day(truth.date_received, _DATE)),
        ("Prüfbeginn", day(truth.date_started, _DATE)),
        ("Prüfende", day(truth.date_completed, _DATE) or "ausständig"),
        ("Ausstellungsdatum", day(truth.date_issued, _DATE)),
    )
    head = Table(
        [
            [
                para(f"{a}:", "Times-Roman", 8.5),
                para(str(b), "Times-Bold" if a.startswith("Ch") else "Times-Roman", 8.5),
            ]
            for a, b in about
        ],
        colWidths=(150, 330),
        style=TableStyle([*padded(1, 2)]),
    )
    rows = [["Prüfung", "Verfahren", "Anforderung", "Ergebnis", "Beurteilung"]]
    rows += [_row(line) for line in truth.lines]
    table = headed(
        rows,
        (118, 102, 92, 96, 88),
        SERIF,
        8,
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, colors.black),
        ("LINEBELOW", (0, 1), (-1, -2), 0.25, colors.grey),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    )
    if truth.status == "preliminary":
        said = "Die Sterilitätsprüfung ist noch nicht abgeschlossen."
    elif truth.failed:
        said = "Die Probe entspricht nicht den gestellten Anforderungen."
    else:
        said = "Die Probe entspricht den gestellten Anforderungen."
    story = [para(title, "Times-Bold", 16)]
    if truth.replaces:
        story += [
            Spacer(1, 6),
            para(
                f"Geändertes Prüfzertifikat - ersetzt Prüfzertifikat Nr. {truth.replaces}",
                "Times-Bold",
                8.5,
            ),
        ]
    story += [
        Spacer(1, 12),
        head,
        Spacer(1, 14),
        table,
        Spacer(1, 12),
        para(f"Gesamtbeurteilung: {said}", "Times-Bold", 8.5),
        Spacer(1, 8),
        para(
            "Die Prüfergebnisse beziehen sich ausschließlich auf die untersuchte Probe.",
            "Times-Roman",
            8,
        ),
        Spacer(1, 46),
        Table(
            [
                [f"Sonnwendbach, am {day(truth.date_issued, _DATE)}", "", ""],
                ["", "", truth.signed_by],
                ["", "", "Leitung Qualitätskontrolle"],
            ],
            colWidths=(200, 90, 190),
            style=TableStyle(
                [
                    ("FONT", (0, 0), (-1, -1), "Times-Roman", 8.5),
                    ("LINEABOVE", (2, 1), (2, 1), 0.5, colors.black),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                ]
            ),
        ),
    ]
    build(path, story, _stationery, A4, (50, 45, 95, 72))


def _stationery(canvas: Canvas, _: object) -> None:
    canvas.setFont("Times-Bold", 12)
    canvas.drawRightString(548, 800, "Prüflabor Sonnwendbach GmbH")
    canvas.setFont("Times-Roman", 7.5)
    canvas.drawRightString(548, 788, "Mühlgasse 3, 0000 Sonnwendbach, Österreich")
    canvas.drawRightString(548, 777, "Tel. +43 000 00 00 00")
    canvas.setFont("Times-Roman", 7)
    canvas.drawString(56, 36, "FN 000000x · UID ATU00000000")
    canvas.drawRightString(548, 36, "Seite 1/1")


def _row(line: Line) -> list[str]:
    said = {"pass": "entspricht", "fail": "entspricht nicht", None: "ausständig"}[line.verdict]
    if line.test == "sterility":
        name = "Sterilität, aerob" if line.part == "aerobic" else "Sterilität, anaerob"
        found = {"negative": "kein Wachstum", "positive": "Wachstum", "pending": "in Bearbeitung"}[
            line.reading or ""
        ]
        return [name, "Ph. Eur. 2.6.1, 14 Tage", "kein Wachstum", found, said]
    if line.test == "mycoplasma":
        return [
            "Mykoplasmen",
            "Ph. Eur. 2.6.7, PCR",
            "nicht nachweisbar",
            "nicht nachweisbar",
            said,
        ]
    value = power(line.found, comma=True)
    asked = number(line.allowed, comma=True)
    if line.test == "endotoxin":
        return ["Bakterienendotoxine", "Ph. Eur. 2.6.14", f"{asked} EU/ml", f"{value} EU/ml", said]
    return ["Viabilität", "Trypanblau", f"{asked} %", f"{value} %", said]
