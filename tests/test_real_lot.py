"""A lot of real papers: a published list-mode file, gates drawn by hand, a certificate, a table."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
from lots import LABORATORY, row, table, write_lot

from qcvalidate.assessment import Assessment, Outcome, Run, Verdict
from qcvalidate.cytometry import read_fcs
from qcvalidate.pipeline import Options, assess_paths
from qcvalidate.reports import render

pytestmark = pytest.mark.corpus

LOT = "MSC-2026-0O18B"  # with the letter O, as the certificate prints it
LISTMODE = "cytometry/SofieVG+FlowSOM/inst/extdata/68983.fcs"
CERTIFICATES = "certificates/synthetic"

LOT_YAML = f"""
lot: {LOT}
product: real
donor: {{relation: allogeneic, tissue: umbilical_cord}}
manufacture: {{manipulation: culture_expanded, cryopreserved: true}}
dose: {{route: intravenous, recipient_weight_kg: 70, volume_mL: 10}}
declared: [flow/68983.fcs]
judged_on: 2026-04-20
"""

# The marker of dead cells is read in AmCyan, CD45 in Alexa Fluor 700; both compensated with the
# matrix that the file carries.
GATES = """<?xml version="1.0" encoding="UTF-8"?>
<gating:Gating-ML xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
    xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">
  <gating:RectangleGate gating:id="Cells">
    <gating:dimension gating:compensation-ref="uncompensated" gating:min="50000">
      <data-type:fcs-dimension data-type:name="FSC-A"/>
    </gating:dimension>
    <gating:dimension gating:compensation-ref="uncompensated" gating:max="80000">
      <data-type:fcs-dimension data-type:name="SSC-A"/>
    </gating:dimension>
  </gating:RectangleGate>
  <gating:RectangleGate gating:id="Viable" gating:parent_id="Cells">
    <gating:dimension gating:compensation-ref="FCS" gating:max="1000">
      <data-type:fcs-dimension data-type:name="AmCyan-A"/>
    </gating:dimension>
  </gating:RectangleGate>
  <gating:RectangleGate gating:id="CD45+" gating:parent_id="Viable">
    <gating:dimension gating:compensation-ref="FCS" gating:min="400">
      <data-type:fcs-dimension data-type:name="Alexa Fluor 700-A"/>
    </gating:dimension>
  </gating:RectangleGate>
</gating:Gating-ML>
"""

SPECIFICATION = """
id: real
version: 1.0.0
title: A product for real papers
applies_to: {relation: [allogeneic]}
criteria:
  - {id: viability, title: Viability, test: viability, unit: "%", accept: {at_least: "70"},
     reference: SOP 1, severity: blocking}
  - {id: cd45, title: CD45, test: cd45_positive, unit: "%", accept: {at_least: "95"},
     reference: SOP 1, severity: blocking}
  - {id: sterility, title: Sterility, test: sterility, accept: {one_of: [negative]},
     evidence: {parts: [aerobic, anaerobic], min_days: "14"}, reference: USP <71>,
     severity: blocking}
  - {id: endotoxin, title: Endotoxin, test: endotoxin, unit: EU/kg, accept: {at_most: "5"},
     reference: USP <85>, severity: blocking}
  - {id: mycoplasma, title: Mycoplasma, test: mycoplasma, accept: {one_of: [negative]},
     reference: USP <63>, severity: blocking}
populations:
  viability: {of: [Cells], is: [Cells, Viable]}
  cd45_positive: {of: [Cells, Viable], is: [Cells, Viable, CD45+]}
"""


def assess(folder: Path, corpus: Path, certificate: str) -> Assessment:
    results = table(
        row("endotoxin", "< 0.50", "EU/mL", lot=LOT), row("mycoplasma", "Not detected", lot=LOT)
    )
    lot = write_lot(
        folder / LOT,
        {
            "flow/68983.fcs": (corpus / LISTMODE).read_bytes(),
            "flow/gates.xml": GATES,
            "sterility.pdf": (corpus / CERTIFICATES / certificate).read_bytes(),
            "results.csv": results,
        },
        LOT_YAML,
    )
    spec = folder / "real.yaml"
    spec.write_text(SPECIFICATION, encoding="utf-8")
    (found,) = assess_paths([lot], LABORATORY, Options(dt.date.today(), None, str(spec)))
    return found


def expected_counts(corpus: Path) -> tuple[int, int, int]:
    """Count the three populations with plain numpy."""
    (listmode,) = read_fcs(corpus / LISTMODE)
    assert listmode.spillover is not None
    events = listmode.events.astype(float)
    detectors = list(listmode.spillover.names)
    matrix = np.asarray(listmode.spillover.matrix, dtype=float)
    true = events.copy()
    true[detectors] = np.linalg.solve(matrix.T, events[detectors].to_numpy().T).T
    cells = (events["FSC-A"] >= 50000) & (events["SSC-A"] < 80000)
    viable = cells & (true["AmCyan-A"] < 1000)
    cd45 = viable & (true["Alexa Fluor 700-A"] >= 400)
    return int(cells.sum()), int(viable.sum()), int(cd45.sum())


def test_real_papers_that_meet_the_specification(tmp_path: Path, corpus: Path) -> None:
    cells, viable, cd45 = expected_counts(corpus)

    found = assess(tmp_path, corpus, "t02_us_form_pass.pdf")

    assert found.lot == LOT
    assert found.verdict is Verdict.PASS
    # Only what a person should know, and nothing that holds: the file names no lot, and
    # lot.yaml vouches for it.
    assert ("lot-unstated", "information") in {(f.slug, f.severity.value) for f in found.findings}
    assert {f.severity.value for f in found.findings} <= {"information", "warning"}
    viability, cd45_result, sterility, endotoxin, mycoplasma = found.results
    assert viability.outcome is Outcome.PASS
    assert f"({viable} of {cells})" in (viability.observed or "")
    assert viability.evidence[0].place.region == "gate Cells/Viable"
    assert cd45_result.outcome is Outcome.PASS
    assert f"({cd45} of {viable})" in (cd45_result.observed or "")
    # Both media, started 5 March and completed 19 March 2026.
    assert sterility.outcome is Outcome.PASS
    assert {e.place.path for e in sterility.evidence} == {"sterility.pdf"}
    assert {e.place.page for e in sterility.evidence} == {1}
    assert len(sterility.evidence) == 2
    # < 0.50 EU/mL x 10 mL / 70 kg is below 0.07 EU/kg.
    assert endotoxin.outcome is Outcome.PASS
    assert endotoxin.reason == "below 0.07143 EU/kg (from < 0.50 EU/mL x 10 mL / 70 kg)"
    assert mycoplasma.outcome is Outcome.PASS


def test_the_same_lot_with_growth_in_one_medium_fails(tmp_path: Path, corpus: Path) -> None:
    found = assess(tmp_path, corpus, "t01_us_form_fail.pdf")

    assert found.verdict is Verdict.FAIL
    (failed,) = [one for one in found.results if one.outcome is Outcome.FAIL]
    assert failed.id == "sterility"
    assert failed.slug == "growth-found"
    assert failed.observed == "anaerobic: Growth"


def test_a_certificate_of_another_lot_holds(tmp_path: Path, corpus: Path) -> None:
    found = assess(tmp_path, corpus, "t04_two_col.pdf")

    assert found.verdict is Verdict.HOLD
    (mismatch,) = [f for f in found.findings if f.slug == "lot-mismatch"]
    assert "CT19-0077-A" in mismatch.message
    assert found.results[2].outcome is Outcome.MISSING


def test_its_report_has_every_line_with_its_place(tmp_path: Path, corpus: Path) -> None:
    found = assess(tmp_path, corpus, "t02_us_form_pass.pdf")

    report = json.loads(render("json", Run(dt.date(2026, 4, 20), "0", (found,))))

    (lot,) = report["lots"]
    assert all(criterion["evidence"] for criterion in lot["criteria"])
    assert len(found.plots) == 3
