"""An MSC bank's certificate of analysis: a header in two columns and one table of all tests."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer, Table, TableStyle

from benchmarks.layouts.drawing import SANS, build, choose, day, headed, padded, para, power
from benchmarks.layouts.truth import Amount, Line, Truth, course

_DATE = "{d02} {Mon} {y}"
_PRODUCTS = (
    "Human Umbilical Cord MSC (Wharton's jelly)",
    "Human Bone Marrow MSC",
    "Human Adipose-Derived MSC",
)
_PEOPLE = (
    "Dr. Ellen Varga-Stowe",
    "Dr. Rohit Palekar",
    "Dr. Simon Achterberg",
    "Dr. Mei Lindqvist",
)
_NAMES = {
    "viability": ("Post-thaw viability", "Trypan blue exclusion"),
    "viable_cell_concentration": ("Viable cell concentration", "Automated cell counter"),
    "cd105_positive": ("CD105", "Flow cytometry"),
    "cd73_positive": ("CD73", "Flow cytometry"),
    "cd90_positive": ("CD90", "Flow cytometry"),
    "cd34_positive": ("CD34", "Flow cytometry"),
    "cd45_positive": ("CD45", "Flow cytometry"),
    "cd14_positive": ("CD14", "Flow cytometry"),
    "cd19_positive": ("CD19", "Flow cytometry"),
    "hla_dr_positive": ("HLA-DR", "Flow cytometry"),
    "sterility": ("Sterility", "Ph. Eur. 2.6.1"),
    "mycoplasma": ("Mycoplasma", "Ph. Eur. 2.6.7 (PCR)"),
    "endotoxin": ("Endotoxin", "Ph. Eur. 2.6.14"),
}


def compose(rng: Random) -> Truth:
    """Invent a bank's lot; nearly all of what is certified passes."""
    work = course(rng)
    fate = rng.random()
    fault = {0: "viability", 1: "hla_dr_positive", 2: "endotoxin"}.get(int(fate * 20), "")
    amended = fate > 0.93
    tenths = rng.randrange(630, 698) if fault == "viability" else rng.randrange(781, 979)
    lines = [
        _measured("viability", Amount(f"{tenths / 10:.1f}"), "%", Amount("70", "≥"), fault),
        _measured(
            "viable_cell_concentration",
            Amount(f"{rng.randrange(50, 99) / 10:.1f}", exponent=6),
            "cells/mL",
            Amount("5.0", "≥", 6),
            fault,
        ),
    ]
    lines += [
        _measured(
            test, Amount(f"{rng.randrange(957, 999) / 10:.1f}"), "%", Amount("95", "≥"), fault
        )
        for test in ("cd73_positive", "cd90_positive", "cd105_positive")
    ]
    for test in (
        "cd14_positive",
        "cd19_positive",
        "cd34_positive",
        "cd45_positive",
        "hla_dr_positive",
    ):
        text = (
            f"{rng.randrange(24, 61) / 10:.1f}"
            if test == fault
            else f"{rng.randrange(1, 17) / 10:.1f}"
        )
        lines.append(_measured(test, Amount(text), "%", Amount("2.0", "≤"), fault))
    lines += [
        Line(test="sterility", reading="negative", verdict="pass"),
        Line(test="mycoplasma", reading="negative", verdict="pass"),
        _measured(
            "endotoxin",
            Amount(f"0.{rng.randrange(61, 95)}")
            if fault == "endotoxin"
            else Amount(rng.choice(("0.05", "0.10", "0.25")), "<"),
            "EU/mL",
            Amount("0.5", "<"),
            fault,
        ),
    ]
    first = f"CoA-{rng.randrange(1000, 9999)}"
    return Truth(
        laboratory="Vellamont Cell Bank",
        report_number=f"{first}-02" if amended else f"{first}-01",
        replaces=f"{first}-01" if amended else None,
        status="amended" if amended else None,
        lot=rng.choice(("VCB", "WJ", "BM", "AD"))
        + f"{work.sampled:%y}{rng.randrange(10, 999):04d}",
        client="",
        product=rng.choice(_PRODUCTS),
        date_issued=work.issued,
        signed_by=rng.choice(_PEOPLE),
        lines=tuple(lines),
        deserved=frozenset({"laboratory-verdict-failed"} if fault else ()),
    )


def _measured(test: str, amount: Amount, unit: str, limit: Amount, fault: str) -> Line:
    return Line(
        test=test,
        amount=amount,
        unit=unit,
        limit=limit,
        verdict="fail" if test == fault else "pass",
        method=_NAMES[test][1],
    )


def draw(truth: Truth, path: Path) -> None:
    """Print the certificate."""
    seed = sum(map(ord, (truth.lot or "") + (truth.report_number or "")))
    left = [
        f"<b>Product name:</b> {truth.product}",
        f"<b>Lot number:</b> {truth.lot}",
        f"<b>Donor code:</b> D-{seed % 900 + 100}",
        f"<b>Passage:</b> P{seed % 3 + 2}",
        "<b>Storage:</b> "
        f"{choose(truth, '&lt; -150 °C, vapour phase LN2', 'Liquid nitrogen, vapour phase')}",
    ]
    right = [
        f"<b>Certificate no.:</b> {truth.report_number}",
        f"<b>Date of issue:</b> {day(truth.date_issued, _DATE)}",
        f"<b>Cryopreservation medium:</b> {choose(truth, '5 % DMSO, 5 % HSA', '10 % DMSO')}",
        f"<b>Presentation:</b> {choose(truth, '1 mL cryovial', '2 mL cryovial')}",
        "<b>Intended use:</b> Clinical, investigational",
    ]
    head = Table(
        [
            [para(a, "Helvetica", 8.5), para(b, "Helvetica", 8.5)]
            for a, b in zip(left, right, strict=True)
        ],
        colWidths=(262, 243),
        style=TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 1, colors.HexColor("#7a2f45")),
                ("LINEBELOW", (0, -1), (-1, -1), 1, colors.HexColor("#7a2f45")),
                *padded(2, 3),
            ]
        ),
    )
    rows = [["Parameter", "Method", "Specification", "Result", "Conclusion"]]
    rows += [_row(truth, line) for line in truth.lines]
    table = headed(
        rows,
        (132, 116, 102, 95, 60),
        SANS,
        8.5,
        ("GRID", (0, 0), (-1, -1), 0.3, colors.HexColor("#999999")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f0e3e7")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    )
    said = "does not conform" if truth.failed else "conforms"
    story = [
        para("Certificate of Analysis", "Helvetica-Bold", 17, textColor=colors.HexColor("#7a2f45")),
        Spacer(1, 16),
        head,
        Spacer(1, 14),
        table,
        Spacer(1, 10),
    ]
    if truth.replaces:
        story += [
            para(
                f"<b>AMENDED CERTIFICATE.</b> This certificate supersedes {truth.replaces}. "
                "Reason: storage condition corrected.",
                "Helvetica",
                8.5,
            ),
            Spacer(1, 6),
        ]
    story += [
        para(f"This lot {said} to the release specifications for this product.", "Helvetica", 8.5),
        Spacer(1, 36),
        para(f"Approved by: {truth.signed_by}, Head of Quality Control", "Helvetica", 8.5),
        Spacer(1, 4),
        para(
            "This document was signed electronically and is valid without a handwritten signature.",
            "Helvetica",
            7.5,
        ),
    ]
    build(path, story, _stationery, A4, (45, 45, 90, 72))


def _stationery(canvas: Canvas, _: object) -> None:
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(51, 792, "VELLAMONT CELL BANK")
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(544, 796, "Rue des Tanneurs 8, 0000 Vellamont")
    canvas.drawRightString(544, 786, "quality@vellamont.example")
    canvas.setFont("Helvetica", 7)
    canvas.drawString(51, 36, "Store in vapour phase of liquid nitrogen upon receipt.")
    canvas.drawRightString(544, 36, "Page 1 / 1")


def _row(truth: Truth, line: Line) -> list[str]:
    name, method = _NAMES[line.test]
    good, bad = choose(
        truth, "Pass|Fail", "Conforms|Does not conform", "Complies|Does not comply"
    ).split("|")
    verdict = good if line.verdict == "pass" else bad
    if line.test == "sterility":
        return [name, method, "No growth", "No growth", verdict]
    if line.test == "mycoplasma":
        word = choose(truth, "Negative", "Not detected")
        return [name, method, word, word, verdict]
    unit = f" {line.unit}"
    if line.test.startswith(("cd", "hla")):
        name += " positive cells"
    return [name, method, power(line.allowed) + unit, power(line.found) + unit, verdict]
