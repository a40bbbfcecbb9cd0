"""A US endotoxin laboratory: certificate with a gridded form of kinetic chromogenic assay data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Spacer

from benchmarks.layouts.drawing import build, choose, day, facts, headed, number, padded, para, vera
from benchmarks.layouts.truth import Amount, Line, Truth, begin, endotoxin, fill, recovery
from qcvalidate.locale import Locale

LOCALE = Locale(dates="MDY")
_DATE = "{m02}/{d02}/{y}"
# Vera has no Greek.
_LAMBDA = '<font name="Helvetica">λ</font>'


def compose(rng: Random) -> Truth:
    """Invent an endotoxin test of one day with its recovery."""
    truth = begin(
        rng,
        "Harborline Pyrogen Services",
        "HPS-{yy}{n:05d}",
        ("received", "started", "issued"),
        days=0,
    )
    truth = replace(truth, sample_id=f"E{rng.randrange(10000, 99999)}-01")
    limit = rng.choice(("0.50", "1.0", "5.0"))
    found = endotoxin(rng, limit=limit, method="USP <85>")
    if rng.random() < 0.14:
        found = replace(
            found,
            amount=Amount({"0.50": "0.812", "1.0": "1.64", "5.0": "7.15"}[limit]),
            verdict="fail",
        )
    lines = [found, recovery(rng, method="USP <85>")]
    blank = Line(
        test="endotoxin", role="negative_control", amount=Amount("0.005", "<"), unit="EU/mL"
    )
    return replace(fill(truth, lines), also=(blank,))


def draw(truth: Truth, path: Path) -> None:
    """Print the form."""
    plain, bold = vera()
    found, spike = truth.lines
    good = found.verdict == "pass"
    words = choose(truth, "PASS|FAIL", "Meets|Does not meet").split("|")
    seed = sum(map(ord, truth.report_number or ""))

    look = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *(("BACKGROUND", (at, 0), (at, -1), colors.HexColor("#ececec")) for at in (0, 2)),
        *padded(2.5, 2.5),
    ]
    head = facts(
        [
            ["Client", truth.client, "Certificate No.", truth.report_number],
            ["Sample Description", truth.product, "Lab Sample ID", truth.sample_id],
            ["Lot No.", truth.lot, "Date Received", day(truth.date_received, _DATE)],
            ["Storage on Receipt", "2-8 °C", "Date Tested", day(truth.date_started, _DATE)],
            ["Sample Condition", "Acceptable", "Report Date", day(truth.date_issued, _DATE)],
        ],
        (95, 175, 95, 145),
        vera(),
        7.5,
        *look,
    )
    method, reader = "USP &lt;85&gt;, kinetic chromogenic (KCA)", "Incubating reader, 405 nm"
    lysate, spread = f"KL{seed % 900 + 100}X / 0.005 EU/mL", f"{seed % 7 + 1}.{seed % 10} %"
    assay = facts(
        [
            ["Method", method, "Instrument", reader],
            [f"Lysate lot / {_LAMBDA}", lysate, "CSE lot", f"EC{seed % 70 + 20}113"],
            [
                "Standard range",
                "0.005 - 5 EU/mL",
                "Correlation |r|",
                f"0.99{seed % 9 + 1} (≥ 0.980)",
            ],
            ["Sample dilution", "1:10 in LAL reagent water", "MVD", "1:100"],
            ["Replicate CV", f"{spread} (limit ≤ 25 %)", "Analyst", "B. Tremaine"],
        ],
        (95, 175, 95, 145),
        vera(),
        7.5,
        *look,
    )
    gap = choose(truth, " ", "")
    value = number(found.found, gap=gap).replace("<", "&lt;")
    result = headed(
        [
            ["Test", "Specification", "Result", "Units", "Status"],
            [
                "Bacterial endotoxin",
                f"NMT {found.allowed.digits}",
                f"<b>{value}</b>",
                "EU/mL",
                f"<b>{words[not good]}</b>",
            ],
            ["PPC spike recovery", "50 - 200", spike.found.digits, "%", words[0]],
            ["Negative control (LRW)", f"&lt; {_LAMBDA}", f"&lt;{gap}0.005", "EU/mL", words[0]],
        ],
        (160, 100, 90, 70, 90),
        vera(),
        7.5,
        ("BOX", (0, 0), (-1, -1), 1, colors.black),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#c9d8e8")),
    )
    remark = "The sample meets the specification supplied by the client."
    if not good:
        remark = "Confirmed by a repeat assay. The sample does not meet the client's specification."
    story = [
        para("HARBORLINE PYROGEN SERVICES", bold, 13),
        para("Certificate of Analysis - Bacterial Endotoxins Test", bold, 10, alignment=2),
        para(
            "77 Breakwater Street, Suite 4 · Harborline, MA 02999 · Tel 617-555-0119 · FDA "
            "registered",
            plain,
            7,
        ),
        Spacer(1, 12),
        para("1. SAMPLE INFORMATION", bold, 7.5),
        Spacer(1, 3),
        head,
        Spacer(1, 12),
        para("2. ASSAY INFORMATION", bold, 7.5),
        Spacer(1, 3),
        assay,
        Spacer(1, 12),
        para("3. RESULTS", bold, 7.5),
        Spacer(1, 3),
        result,
        Spacer(1, 8),
        para(
            "NMT = not more than. LRW = LAL reagent water. PPC = positive product control. Result "
            "has been corrected for dilution.",
            plain,
            7.5,
        ),
        Spacer(1, 12),
        para("4. REMARKS", bold, 7.5),
        Spacer(1, 3),
        para(f"The assay met all validity criteria. {remark}", plain, 7.5),
        Spacer(1, 30),
        facts(
            [
                ["Reviewed and approved by:", truth.signed_by],
                ["", "Laboratory Supervisor"],
                ["Date:", day(truth.date_issued, _DATE)],
            ],
            (145, 205),
            vera(),
            7.5,
            ("LINEBELOW", (1, 0), (1, 0), 0.5, colors.black),
        ),
        Spacer(1, 30),
        para(
            "This certificate applies only to the sample as received and may not be reproduced, "
            "except in full, without written approval of Harborline Pyrogen Services.",
            plain,
            6.5,
        ),
    ]

    def foot(canvas: Canvas, _: object) -> None:
        canvas.setFont(plain, 6.5)
        canvas.drawString(51, 34, "Form QF-085-02, Rev. 11")
        canvas.drawRightString(561, 34, "Page 1 of 1")

    build(path, story, foot, letter, (51, 51, 44, 50))
