"""A cartridge reader's endotoxin print-out, kept as the test record by a cell laboratory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from benchmarks.layouts.drawing import day, number
from benchmarks.layouts.truth import Amount, Line, Truth, begin, fill

_DATE = "{d02}-{Mon}-{y}"


def compose(rng: Random) -> Truth:
    """Invent one cartridge: mostly below the range, at times over the limit or a bad spike."""
    truth = begin(
        rng,
        "Lowmoor Cell Processing Centre",
        "ES-{y}-{n:05d}",
        ("sampled", "started", "completed", "issued"),
        days=0,
    )
    truth = replace(truth, sample_id=f"{rng.choice(('QC', 'S', 'EN'))}{rng.randrange(1000, 99999)}")
    least = rng.choice(("0.050", "0.100", "0.500", "1.00"))
    kind = rng.random()
    bad_spike = kind > 0.88
    if kind < 0.6 or bad_spike:
        amount = Amount(least, "<")
    elif kind < 0.76:
        amount = Amount(f"{rng.randrange(1010, 4600) / 1000:.3f}")
    else:
        amount = Amount(f"{rng.randrange(5300, 19000) / 1000:.2f}")
    over = amount.number > 5
    recovery = str(rng.randrange(18, 46) if bad_spike else rng.randrange(58, 187))
    lines = (
        Line(
            test="endotoxin",
            amount=amount,
            unit="EU/mL",
            limit=Amount("5.00", "≤"),
            verdict="fail" if over else None if bad_spike else "pass",
        ),
        Line(
            test="endotoxin_ppc",
            amount=Amount(recovery),
            unit="%",
            verdict="fail" if bad_spike else "pass",
        ),
    )
    return fill(truth, lines)


def draw(truth: Truth, path: Path) -> None:  # noqa: PLR0915  a page is drawn from top to foot
    """Print the record."""
    toxin, spike = truth.lines
    rng = Random(truth.report_number)
    c = Canvas(str(path), pagesize=letter)
    y = 742.0

    def out(text: str, bold: bool = False, x: float = 72, step: float = 12.5) -> None:
        nonlocal y
        c.setFont("Courier-Bold" if bold else "Courier", 9)
        c.drawString(x, y, text)
        y -= step

    out("LOWMOOR CELL PROCESSING CENTRE - QUALITY CONTROL", True)
    out("Endotoxin Assay Report - CartriScan 4 Portable Reader", True)
    out("=" * 78)
    out(f"Report Number      : {truth.report_number}")
    out(f"Serial Number      : {rng.randrange(2000, 9000)}      Firmware 7.12.1")
    out(f"Operator           : {rng.choice(('OPR2', 'JKEMP', 'LABUSER', 'T.HOLM'))}")
    out(f"Test Started       : {day(truth.date_started, _DATE)} 10:0{rng.randrange(1, 9)}")
    out(f"Test Completed     : {day(truth.date_completed, _DATE)} 10:2{rng.randrange(1, 9)}")
    out("-" * 78)
    out("SAMPLE", True)
    out(f"Sample ID          : {truth.sample_id}")
    out(f"Sample Lot         : {truth.lot}")
    out(f"Description        : {truth.product}")
    out(f"Submitted By       : {truth.client}")
    out(f"Date Sampled       : {day(truth.date_sampled, _DATE)}")
    fold = {"0.050": 1, "0.100": 2, "0.500": 10, "1.00": 20}.get(toxin.found.digits, 20)
    out(f"Sample Dilution    : 1:{fold}   (LAL Reagent Water, lot {rng.randrange(10**6, 10**7)})")
    out("-" * 78)
    out("CARTRIDGE", True)
    out(
        f"Cartridge Lot      : {rng.randrange(10**6, 10**7)}    Exp. "
        f"11/{int(day(truth.date_issued, '{y}')) + 1}"
    )
    out(f"Calibration Code   : {rng.randrange(10**11, 10**12)}")
    out("Range              : 5 - 0.05 EU/mL")
    out("Spike Value        : 0.69 EU/mL")
    out("Temperature        : 37.0 C - 37.1 C")
    out("-" * 78)
    out("CHANNEL DATA", True)
    out("Channel   Type        Reaction Time (s)")
    below = toxin.found.sign == "<"
    for at, kind in ((1, "Sample"), (2, "Spike"), (3, "Sample"), (4, "Spike")):
        text = f"{rng.randrange(270, 420)}"
        if kind == "Sample":
            text = ">853" if below else f"{rng.randrange(380, 640)}"
        out(f"   {at}      {kind:<10}  {text}")
    out("-" * 78)
    out("RESULTS", True)
    out(
        f"Sample CV          : {'0.0' if below else f'{rng.randrange(11, 98) / 10:.1f}'} %      "
        "(<= 25 %)   Pass"
    )
    out(f"Spike CV           : {rng.randrange(8, 99) / 10:.1f} %      (<= 25 %)   Pass")
    good = spike.verdict == "pass"
    out(
        f"Spike Recovery     : {spike.found.digits} %      (50 - 200 %)   "
        f"{'Pass' if good else 'FAIL'}",
        not good,
    )
    out(f"Endotoxin Value    : {number(toxin.found, gap='')} EU/mL", True)
    out("Product Limit      : NMT 5.00 EU/mL")
    if toxin.verdict == "fail":
        out("Product Result     : FAIL", True)
    elif good:
        out("Product Result     : PASS", True)
    else:
        out("Product Result     : NOT EVALUATED - TEST INVALID, REPEAT AT HIGHER DILUTION", True)
    out("=" * 78, step=24)
    out("Test performed per SOP-QC-114 in accordance with USP <85>.")
    out("Cartridge FDA-licensed for end-product release testing.", step=28)
    out("Performed by: T. Holmquist ______________________")
    y -= 8
    out(f"Reviewed by : {truth.signed_by}     Report date: {day(truth.date_issued, _DATE)}")
    c.setFont("Courier", 7)
    c.drawString(
        72, 36, "Printed by CartriScan Reader Software 3.4 - Page 1/1 - 21 CFR Part 11 record copy"
    )
    c.save()
