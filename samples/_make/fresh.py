"""Lots made and given fresh: cultured MSC, a marrow concentrate, a stromal vascular fraction."""

from __future__ import annotations

from _make import gates, panels, papers
from _make.folder import COUNTER, Files, after, day, flow, manifest, table
from _make.papers import Sample, Test


def msc_fresh() -> Files:
    number, harvested = "MSC-2026-0030", day("2026-04-23")
    product = Sample(
        number, f"{number}-FP", "BM-MSC suspension, fresh, 10 mL", harvested, harvested
    )
    started = after(harvested, -3)
    culture = Sample(
        number, f"{number}-IP", "BM-MSC culture, supernatant and cells", started, started
    )
    running = Test("EX-ST-26-0030-P", harvested, None, after(harvested, 4))
    clear = ("-", "No growth to date, day 4", "Pending")
    rapid = Test("PB-26-0030", harvested, harvested, harvested)
    rows = [papers.GRAM, *papers.endotoxin("< 0.50", "109"), papers.MYCOPLASMA]
    counts = [
        ("viability", "94.6", "%", COUNTER, f"{harvested}T11:10:00"),
        ("viable_cell_concentration", "4.6e6", "cells/mL", COUNTER, f"{harvested}T11:10:00"),
    ]
    acquisition = (
        number,
        f"{number}-FP",
        harvested,
        "11:32:05",
        "BM-MSC, fresh (simulated)",
        20260030,
    )
    return {
        "lot.yaml": manifest(
            f"""
            lot: {number}
            product: msc-expanded-autologous-fresh
            donor: {{relation: autologous, tissue: bone_marrow, recovered: 2026-03-27}}
            manufacture:
              manipulation: culture_expanded
              harvested: {harvested} 09:30
              cryopreserved: false
            dose: {{route: intraarticular, recipient_weight_kg: 81, volume_mL: 20}}
            delivery: {{guidance: ultrasound}}
            identifiers: {{patient: EX-0030}}
            locale: {{dates: MDY, decimal: "."}}
            judged_on: {after(harvested, 4)}
            """,
            "Shows a fresh autologous lot with the same kind of preliminary sterility paper as "
            "MSC-2026-0027. Its specification has a staged plan: in-process culture, Gram stain, "
            "endotoxin and mycoplasma meet, and the final culture runs on. Expected verdict: "
            f"CONDITIONAL, due {after(harvested, 14)}.",
        ),
        "sterility-interim.pdf": papers.us_sterility(
            product, running, (clear, clear), [papers.SO_FAR]
        ),
        "in-process-culture.pdf": papers.in_process(
            culture, Test("MA-26-IP0030", started, harvested, harvested)
        ),
        "rapid-tests.pdf": papers.print_out(
            "TEST REPORT: RAPID RELEASE TESTS", product, rapid, rows
        ),
        "counts.csv": table(number, f"{number}-FP", counts),
        **flow(acquisition, panels.MSC, panels.msc(0.95), gates.MSC),
    }


def marrow_pass() -> Files:
    number, made = "BMAC-2026-0104", day("2026-06-10")
    product = Sample(number, f"{number}-FP", "Bone marrow concentrate, 1 mL", made, made)
    gram = Test("PB-26-0104-G", made, made, made)
    culture = Test("PB-26-0104-S", made, after(made, 14), after(made, 15))
    rows = [
        [f"Sterility, {kind} bottle", "USP <71>", "No growth", "", "No growth"]
        for kind in ("aerobic", "anaerobic")
    ]
    when = f"{made}T10:20:00"
    counts = [
        ("viability", "95.3", "%", COUNTER, when),
        ("nucleated_cell_concentration", "41.2", "1e3/uL", "haematology analyser", when),
        ("volume", "8.0", "mL", "weighed", when),
    ]
    acquisition = (
        number,
        f"{number}-FP",
        made,
        "10:41:30",
        "Marrow concentrate (simulated)",
        20260104,
    )
    return {
        "lot.yaml": manifest(
            f"""
            lot: {number}
            product: bmac-same-day
            donor: {{relation: autologous, tissue: bone_marrow, recovered: {made}}}
            manufacture: {{manipulation: minimal, harvested: {made} 09:15, cryopreserved: false}}
            dose: {{route: intraarticular, recipient_weight_kg: 78, volume_mL: 8}}
            delivery: {{guidance: fluoroscopy}}
            identifiers: {{patient: EX-0104}}
            locale: {{dates: DMY, decimal: "."}}
            judged_on: {after(made, 16)}
            """,
            "Shows a marrow concentrate whose final sterility result has come in. The ISCT "
            "percentages of cultured MSC do not apply to it. Expected verdict: PASS.",
        ),
        "gram-stain.pdf": papers.print_out("TEST REPORT: GRAM STAIN", product, gram, [papers.GRAM]),
        "sterility.pdf": papers.print_out(
            "TEST REPORT: STERILITY",
            product,
            culture,
            rows,
            remarks=(
                "Bottles were incubated at 30-35 °C for 14 days and read continuously.",
                "Negative control: no growth. Positive control: growth.",
            ),
        ),
        "counts.csv": table(number, f"{number}-FP", counts),
        **flow(acquisition, panels.BLOOD, panels.marrow(0.95), gates.MARROW),
    }


def fat_pass() -> Files:
    number, made = "SVF-2026-0042", day("2026-06-17")
    product = Sample(number, f"{number}-FP", "Stromal vascular fraction, 1 mL", made, made)
    gram = Test("PB-26-0042", made, made, made)
    culture = Test("MA-26-0042", made, after(made, 14), after(made, 15))
    rows = [
        *papers.bottles("Sterility, automated", "No growth after 14 days"),
        ["Bacterial endotoxins", "Ph. Eur. 2.6.14", "≤ 5,0 EU/mL", "< 0,50 EU/mL", "complies"],
        ["Endotoxin PPC recovery", "Ph. Eur. 2.6.14", "50 - 200 %", "97,5 %", "complies"],
    ]
    when = f"{made}T12:05:00"
    counts = [
        ("viability", "87,6", "%", COUNTER, when),
        ("viable_cell_concentration", "1,9e6", "cells/mL", COUNTER, when),
        ("volume", "10,0", "mL", "weighed", when),
    ]
    acquisition = (number, f"{number}-FP", made, "12:26:45", "SVF (simulated)", 20260042)
    title = "Test report - Microbiological release testing"
    return {
        "lot.yaml": manifest(
            f"""
            lot: {number}
            product: svf-same-day
            donor: {{relation: autologous, tissue: adipose, recovered: {made}}}
            manufacture: {{manipulation: enzymatic, harvested: {made} 11:20, cryopreserved: false}}
            dose: {{route: intraarticular, recipient_weight_kg: 82, volume_mL: 10}}
            delivery: {{guidance: ultrasound}}
            identifiers: {{patient: EX-0042}}
            locale: {{dates: DMY, decimal: ","}}
            judged_on: {after(made, 16)}
            """,
            "Shows a stromal vascular fraction that meets everything. Its laboratory and its "
            "counter write decimal commas, and counts.csv is separated by semicolons. Expected "
            "verdict: PASS.",
        ),
        "microbiology.pdf": papers.european(title, product, culture, rows, papers.COMPLIES),
        "gram-stain.pdf": papers.print_out("TEST REPORT: GRAM STAIN", product, gram, [papers.GRAM]),
        "counts.csv": table(number, f"{number}-FP", counts, mark=";"),
        **flow(acquisition, panels.SVF, panels.fat(0.88), gates.SVF),
    }


LOTS = {
    "MSC-2026-0030": msc_fresh,
    "BMAC-2026-0104": marrow_pass,
    "SVF-2026-0042": fat_pass,
}
