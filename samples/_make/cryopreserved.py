"""Lots of cryopreserved allogeneic MSC: one that meets everything, and four that do not."""

from __future__ import annotations

import datetime as dt

from _make import gates, panels, papers
from _make.folder import COUNTER, Files, after, day, flow, manifest, table
from _make.papers import Sample, Test


class Allogeneic:
    """The papers of one lot of cryopreserved allogeneic MSC, dated from its harvest.

    The test vial is thawed `thawed` days after harvest, at 09:05; viability and phenotype
    are measured within the two hours that follow. The lot is judged `judged` days after harvest.
    """

    def __init__(self, number: int, harvested: str, thawed: int = 21, judged: int = 22) -> None:
        self.lot = f"MSC-2026-{number:04d}"
        self.number = number
        self.harvested = day(harvested)
        self.thawed = after(self.harvested, thawed)
        self.judged = after(self.harvested, judged)
        self.din = f"W0000 26 10{number:04d}"
        self.final = Sample(
            self.lot,
            f"{self.lot}-FP",
            "BM-MSC suspension, cryopreserved, 10 mL",
            self.harvested,
            after(self.harvested, 1),
        )

    def manifest(self, note: str, dates: str = "MDY") -> bytes:
        return manifest(
            f"""
            lot: {self.lot}
            product: msc-expanded-allogeneic-cryopreserved
            donor: {{relation: allogeneic, tissue: bone_marrow, recovered: {self._recovered()}}}
            manufacture:
              manipulation: culture_expanded
              harvested: {self.harvested}
              thawed: {self.thawed} 09:05
              cryopreserved: true
              expires: {self.harvested.replace(year=self.harvested.year + 2)}
            dose: {{route: intravenous, recipient_weight_kg: 70, volume_mL: 20}}
            identifiers: {{din: "{self.din}"}}
            locale: {{dates: {dates}, decimal: "."}}
            judged_on: {self.judged}
            """,
            note,
        )

    def culture(self, laboratory: str = "EX-ST") -> Test:
        start = after(self.harvested, 1)
        return Test(f"{laboratory}-26-{self.number:04d}", start, after(start, 14), after(start, 15))

    def in_process(self) -> Files:
        start = after(self.harvested, -3)
        sample = Sample(
            self.lot, f"{self.lot}-IP", "BM-MSC culture, supernatant and cells", start, start
        )
        test = Test(f"MA-26-IP{self.number:04d}", start, after(start, 14), after(start, 17))
        return {"in-process-culture.pdf": papers.in_process(sample, test)}

    def purity(self, endotoxin: str = "< 0.50", recovery: str = "104") -> Files:
        start = after(self.harvested, 1)
        test = Test(f"PB-26-{self.number:04d}", start, after(start, 2), after(start, 3))
        rows = [*papers.endotoxin(endotoxin, recovery), papers.MYCOPLASMA]
        paper = papers.print_out("TEST REPORT: ENDOTOXIN AND MYCOPLASMA", self.final, test, rows)
        return {"endotoxin-mycoplasma.pdf": paper}

    def donor(self) -> Files:
        recovered = self._recovered()
        sample = Sample(
            self.lot, f"DN-{self.number:04d}", "Donor serum and plasma", recovered, recovered
        )
        test = Test(
            f"SD-26-{self.number:04d}",
            after(recovered, 3),
            after(recovered, 4),
            after(recovered, 5),
        )
        return {
            "donor.pdf": papers.donor(sample, test, self.din, leukocytes=False, subject="Donor")
        }

    def cells(self, viable: float, counted: str, concentration: str, seed: int) -> Files:
        sample_id = f"{self.lot}-TV"
        when = f"{self.thawed}T09:24:00"
        counts = [
            ("viability", counted, "%", COUNTER, when),
            ("viable_cell_concentration", concentration, "cells/mL", COUNTER, when),
        ]
        material = "BM-MSC, thawed test vial (simulated)"
        acquisition = (self.lot, sample_id, self.thawed, "09:48:20", material, seed)
        return {
            "counts.csv": table(self.lot, sample_id, counts),
            **flow(acquisition, panels.MSC, panels.msc(viable), gates.MSC),
        }

    def _recovered(self) -> dt.date:
        return after(self.harvested, -24)


_CLEAR = ("-", "No growth after 14 days", "P")


def msc_pass() -> Files:
    lot = Allogeneic(18, "2026-03-16")
    return {
        "lot.yaml": lot.manifest("Shows a lot that meets everything. Expected verdict: PASS."),
        "sterility.pdf": papers.us_sterility(lot.final, lot.culture(), (_CLEAR, _CLEAR)),
        **lot.in_process(),
        **lot.purity(),
        **lot.donor(),
        **lot.cells(0.93, "92.8", "7.8e6", 2026_0018),
    }


def msc_growth() -> Files:
    lot = Allogeneic(21, "2026-03-30")
    growth = ("+", "Growth, Cutibacterium acnes, day 6", "F")
    return {
        "lot.yaml": lot.manifest(
            "Shows growth in one of two media (Cutibacterium acnes in FTM, day 6); all else meets. "
            "Expected verdict: FAIL."
        ),
        "sterility.pdf": papers.us_sterility(
            lot.final,
            lot.culture(),
            (growth, _CLEAR),
            ["The isolate was identified by MALDI-TOF mass spectrometry."],
        ),
        **lot.in_process(),
        **lot.purity("< 0.50", "96"),
        **lot.donor(),
        **lot.cells(0.92, "91.6", "8.1e6", 2026_0021),
    }


def msc_dead() -> Files:
    lot = Allogeneic(23, "2026-04-13")
    rows = [
        *papers.bottles("Sterility, automated", "No growth after 14 days"),
        ["Bacterial endotoxins", "Ph. Eur. 2.6.14", "≤ 5.0 EU/mL", "< 0.50 EU/mL", "complies"],
        ["Endotoxin PPC recovery", "Ph. Eur. 2.6.14", "50 - 200 %", "112 %", "complies"],
        ["Mycoplasma, NAT", "Ph. Eur. 2.6.7", "Not detected", "Not detected", "complies"],
    ]
    title = "Test report - Microbiological release testing"
    return {
        "lot.yaml": lot.manifest(
            "Shows low viability after thaw: 64 % by flow cytometry, and the cell counter agrees. "
            "All else meets, the dose of viable cells too. Expected verdict: FAIL.",
            "YMD",
        ),
        "microbiology.pdf": papers.european(
            title, lot.final, lot.culture("MA"), rows, papers.COMPLIES
        ),
        **lot.in_process(),
        **lot.donor(),
        **lot.cells(0.64, "63.5", "7.4e6", 2026_0023),
    }


def msc_preliminary() -> Files:
    lot = Allogeneic(27, "2026-05-04", thawed=7, judged=14)
    test = Test("EX-ST-26-0027-P", day("2026-05-05"), None, day("2026-05-11"))
    clear = ("-", "No growth to date, day 6", "Pending")
    return {
        "lot.yaml": lot.manifest(
            "Shows a cryopreserved lot with only a preliminary sterility result. The cells keep, "
            "so the final result is waited for. Expected verdict: HOLD."
        ),
        "sterility-interim.pdf": papers.us_sterility(
            lot.final, test, (clear, clear), [papers.SO_FAR]
        ),
        **lot.in_process(),
        **lot.purity("< 0.50", "121"),
        **lot.donor(),
        **lot.cells(0.94, "93.9", "7.9e6", 2026_0027),
    }


def msc_other_lot() -> Files:
    lot = Allogeneic(33, "2026-05-18")
    other = Sample(
        "MSC-2026-0038",
        "MSC-2026-0038-FP",
        lot.final.description,
        lot.final.sampled,
        lot.final.received,
    )
    test = Test("EX-ST-26-0038", *_dates(lot.culture()))
    return {
        "lot.yaml": lot.manifest(
            "Shows a clean sterility certificate that names another lot, MSC-2026-0038. It is no "
            "evidence for this one. Expected verdict: HOLD."
        ),
        "sterility.pdf": papers.us_sterility(other, test, (_CLEAR, _CLEAR)),
        **lot.in_process(),
        **lot.purity("< 0.50", "88"),
        **lot.donor(),
        **lot.cells(0.95, "94.2", "8.0e6", 2026_0033),
    }


def _dates(test: Test) -> tuple[dt.date, dt.date | None, dt.date]:
    return test.started, test.completed, test.issued


LOTS = {
    "MSC-2026-0018": msc_pass,
    "MSC-2026-0021": msc_growth,
    "MSC-2026-0023": msc_dead,
    "MSC-2026-0027": msc_preliminary,
    "MSC-2026-0033": msc_other_lot,
}
