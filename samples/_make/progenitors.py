"""Lots of haematopoietic progenitor cells: an apheresis product and a cord blood unit."""

from __future__ import annotations

from _make import gates, panels, papers
from _make.folder import Files, after, day, flow, manifest, table, tube
from _make.papers import Sample, Test


def apheresis_pass() -> Files:
    number, made = "HPCA-2026-0007", day("2026-07-01")
    product = Sample(number, f"{number}-FP", "HPC, apheresis, 2 mL", made, made)
    culture = Test("MA-26-0007", made, after(made, 14), after(made, 15))
    rows = papers.bottles("Sterility, automated", "No growth after 14 days")
    when, method = f"{made}T15:10:00", "single platform, beads"
    # 1850 cells/uL in 220 mL are 4.07e8 cells, 5.43e6 per kilogram of 75 kg.
    counts = [
        ("cd34_absolute", "1850", "cells/uL", method, when),
        ("viable_cd34_count", "4.07e8", "cells", method, when),
        ("cd34_dose_per_kg", "5.43e6", "cells/kg", method, when),
        ("volume", "220", "mL", "weighed", when),
    ]
    acquisition = (number, f"{number}-FP", made, "15:02:15", "HPC, apheresis (simulated)", 20260007)
    return {
        "lot.yaml": manifest(
            f"""
            lot: {number}
            product: hpc-apheresis
            donor: {{relation: autologous, tissue: peripheral_blood, recovered: {made}}}
            manufacture: {{manipulation: minimal, harvested: {made} 13:40, cryopreserved: false}}
            dose: {{route: intravenous, recipient_weight_kg: 75, volume_mL: 220}}
            identifiers: {{din: "W0000 26 100007", patient: EX-0007}}
            locale: {{dates: YMD, decimal: "."}}
            judged_on: {after(made, 16)}
            """,
            "Shows an apheresis product with 5.4 million viable CD34+ cells per kilogram of "
            "recipient. Expected verdict: PASS.",
        ),
        "sterility.pdf": papers.european(
            "Test report - Sterility", product, culture, rows, papers.COMPLIES
        ),
        "cd34.csv": table(number, f"{number}-FP", counts),
        **flow(acquisition, panels.BLOOD, panels.apheresis(0.97), gates.APHERESIS),
    }


def apheresis_counted() -> Files:
    number, made = "HPCA-2026-0009", day("2026-08-12")
    product = Sample(number, f"{number}-FP", "HPC, apheresis, 2 mL", made, made)
    culture = Test("MA-26-0009", made, after(made, 14), after(made, 15))
    rows = papers.bottles("Sterility, automated", "No growth after 14 days")
    material = "HPC, apheresis, 1 in 10 (simulated)"
    sample = (number, f"{number}-FP", made, "16:12:30", material, 20260009)
    control = (number, f"{number}-FMO-CD34", made, "16:05:10", material, 20260010)
    return {
        "lot.yaml": manifest(
            f"""
            lot: {number}
            product: hpc-apheresis-ishage
            donor: {{relation: autologous, tissue: peripheral_blood, recovered: {made}}}
            manufacture: {{manipulation: minimal, harvested: {made} 14:20, cryopreserved: false}}
            dose: {{route: intravenous, recipient_weight_kg: 68, volume_mL: 205}}
            identifiers: {{din: "W0000 26 100009", patient: EX-0009}}
            locale: {{dates: YMD, decimal: "."}}
            counting:
              flow/{number}-FP.fcs:
                beads:
                  {{lot: BEAD-0009, per_test: 49850, expires: {after(made, 200)}, cv_percent: 2.5}}
                sample_volume_uL: 100
                volume_cv_percent: 1.5
                dilution: 10
            controls:
              - {{file: flow/{number}-FMO-CD34.fcs, kind: fmo, gate: CD34+, quantile: "0.999"}}
            judged_on: {after(made, 16)}
            """,
            "Shows CD34+ cells counted from the raw file: the ISHAGE sequence on one platform with "
            "counting beads, and a tube without the CD34 antibody beside the gate. No paper states "
            "the count. Expected verdict: PASS.",
        ),
        "sterility.pdf": papers.european(
            "Test report - Sterility", product, culture, rows, papers.COMPLIES
        ),
        **tube(
            sample, panels.BLOOD, panels.enumeration(0.97), events=80_000, events_per_second=900.0
        ),
        **tube(control, panels.BLOOD, panels.enumeration(0.97, cd34=False)),
        "flow/gates.xml": gates.ISHAGE.encode("utf-8"),
    }


def cord_blood_short() -> Files:
    number, made, din = "HPCC-2026-0003", day("2026-06-08"), "W0000 26 100003"
    product = Sample(
        number, f"{number}-FP", "HPC, cord blood, by-product 2 mL", made, after(made, 1)
    )
    # Thirteen days by the dates, whatever the words beside them say.
    culture = Test("EX-ST-26-0003", after(made, 1), after(made, 14), after(made, 15))
    clear = ("-", "No growth after 14 days", "P")
    mother = Sample(number, "DN-0003", "Maternal serum and plasma", made, after(made, 1))
    screening = Test("SD-26-0003", after(made, 2), after(made, 3), after(made, 4))
    when = f"{made}T18:30:00"
    counts = [
        ("total_nucleated_cells", "1.12e9", "cells", "haematology analyser", when),
        ("viable_cd34_count", "3.4e6", "cells", "single platform, beads", when),
        ("viability", "93.1", "%", "7-AAD, flow cytometry", when),
        ("volume", "25.0", "mL", "weighed", when),
    ]
    return {
        "lot.yaml": manifest(
            f"""
            lot: {number}
            product: hpc-cord-blood
            donor: {{relation: allogeneic, tissue: cord_blood, recovered: {made}}}
            manufacture:
              manipulation: minimal
              harvested: {made} 16:10
              cryopreserved: true
              expires: {made.replace(year=made.year + 10)}
            dose: {{route: intravenous, recipient_weight_kg: 24, volume_mL: 25}}
            identifiers: {{din: "{din}"}}
            locale: {{dates: MDY, decimal: "."}}
            judged_on: {after(made, 17)}
            """,
            "Shows a sterility certificate that says 14 days beside dates that lie 13 days apart; "
            "all else meets, and no list-mode file is there to need. Expected verdict: HOLD.",
        ),
        "sterility.pdf": papers.us_sterility(product, culture, (clear, clear)),
        "maternal-donor.pdf": papers.donor(
            mother, screening, din, leukocytes=True, subject="Birth mother"
        ),
        "counts.csv": table(number, f"{number}-FP", counts),
    }


LOTS = {
    "HPCA-2026-0007": apheresis_pass,
    "HPCA-2026-0009": apheresis_counted,
    "HPCC-2026-0003": cord_blood_short,
}
