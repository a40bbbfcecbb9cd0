"""Lots that a clinic's own specification judges, and one that passes with a waiver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import yaml

from benchmarks.mutants import bases, oracle
from benchmarks.mutants.bases import Told, day, in_form, manifest_of, measured
from benchmarks.mutants.lots import Json, Lot, Row, Sheet, Tube

# isort: split
from _make import gates, listmode, panels


def lots() -> tuple[Lot, ...]:
    """Give the lots whose verdict is PASS."""
    waivable = next(lot for lot in bases.passing() if lot.name == "MSC-2026-0101 csv")
    cultured = [in_form(*_cultured(), form) for form in ("csv", "xlsx", "hl7", "fhir")]
    return (*cultured, _counted(), waived(waivable))


# --- replicates, a guarded limit, a validated method ---------------------------------------


def _cultured() -> tuple[Json, list[Row]]:
    lot = "MSC-2026-0107"
    told = Told("autologous bone_marrow", "culture_expanded false", "intraarticular 81 20")
    rows = measured(
        lot,
        *(("viability", value, "%") for value in ("93.1", "94.6", "95.2")),
        *(("viable_cell_concentration", value, "cells/mL") for value in ("6.1e6", "6.4e6")),
        ("gram_stain", "No organisms seen", ""),
        ("endotoxin", "<0.5", "EU/mL"),
        ("endotoxin_ppc", "104", "%"),
        ("mycoplasma", "Not detected", ""),
        when=f"{day(0)}T10:30:00",
    )
    method = {"method": "BacT/ALERT 3D", "ended": day(7)}
    rows = [{**row, **method} if row["test"] == "sterility" else row for row in rows]
    return manifest_of(lot, oracle.OWN_MSC, told), rows


# --- beads and a control tube --------------------------------------------------------------

_BEADS = listmode.Population(
    "beads", 0.10, 240_000, 150_000, {"Beads": listmode.Stain(90_000, 0.1)}, 0.02, 40
)
_PANEL = replace(
    panels.BLOOD, detectors=(*panels.BLOOD.detectors, listmode.Detector("R660-A", "Beads", 400))
)
_GATES = gates.strategy(
    "CD34+ cells by beads",
    gates.Range("CD45+", "B530-A", 0.44, "Singlets"),
    gates.Range("CD34+", "Y585-A", 0.55, "Singlets"),
    gates.Range("Viable", "Y670-A", 0.54, "CD34+", "max"),
)
TUBE, CONTROL = "flow/HPCA-2026-0108-FP.fcs", "flow/fmo-cd34.fcs"


def populations(cd34: float = 0.05) -> list[listmode.Population]:
    """Give an apheresis product with its beads; `cd34` is the share of CD34+ cells."""
    found = [
        replace(one, share=cd34 if one.name == "CD34+" else one.share * 0.85)
        for one in panels.apheresis(0.97)
    ]
    return [*found, _BEADS]


def unstained(found: Sequence[listmode.Population]) -> list[listmode.Population]:
    """Leave the CD34 antibody out, as an FMO control does."""
    return [
        replace(one, stains={name: stain for name, stain in one.stains.items() if name != "CD34"})
        for one in found
    ]


def _counted() -> Lot:
    lot = "HPCA-2026-0108"
    told = Told("autologous peripheral_blood", "minimal false", "intravenous 75 220")
    acquisition = listmode.Acquisition(
        lot=lot, sample_id=f"{lot}-FP", file=f"{lot}-FP.fcs", date="16-MAR-2026",
        begin="11:02:15", source="HPC, apheresis (simulated)", seed=20260108, events=12_000,
    )  # fmt: skip
    fmo = replace(acquisition, sample_id=f"{lot}-FMO", file="fmo-cd34.fcs", seed=108, events=4_000)
    beads = {"lot": "23-101", "per_test": "49850", "expires": "2027-03-16"}
    counting = {TUBE: {"beads": beads, "sample_volume_uL": "100", "dilution": "10"}}
    controls = [{"file": CONTROL, "kind": "fmo", "gate": "CD34+"}]
    manifest = manifest_of(lot, oracle.OWN_HPC, told, counting=counting, controls=controls)
    files = {
        "results.csv": Sheet(tuple(measured(lot, when=day(0)))),
        TUBE: Tube(acquisition, _PANEL, populations()),
        CONTROL: Tube(fmo, _PANEL, unstained(populations())),
        "flow/gates.xml": _with_beads(_GATES).encode(),
    }
    return Lot(f"{lot} beads", manifest, files)


def _with_beads(strategy: str) -> str:
    """Add the gate of the beads, which lies on all events."""
    gate = gates._RANGE.format(id="Beads", detector="R660-A", at=0.75, parent="", side="min")
    gate = gate.replace(' gating:parent_id=""', "")
    return strategy.replace("\n</gating:Gating-ML>", f"{gate}\n</gating:Gating-ML>")


# --- a waiver ------------------------------------------------------------------------------

WAIVER: Mapping[str, str] = {
    "rule": "601", "criterion": "cd105_positive", "observed": "94.2 %",
    "reason": "Passage 4 of this donor; identity is shown by CD73 and CD90.",
    "approver": "B. Specimen, Quality Manager", "deviation": "DEV-26-017",
    "approved": "2026-04-01", "expires": "2026-06-30",
}  # fmt: skip


def waivers(*entries: Mapping[str, object]) -> bytes:
    """Write waivers.yaml."""
    return yaml.safe_dump([dict(entry) for entry in entries], sort_keys=False).encode()


def waived(lot: Lot) -> Lot:
    """Let CD105 miss its limit, and somebody have approved that."""
    (name,) = lot.of(Sheet)
    sheet = lot.of(Sheet)[name]
    rows = [
        {**row, "result": "94.2"} if row["test"] == "cd105_positive" else row for row in sheet.rows
    ]
    made = lot.with_file(name, replace(sheet, rows=tuple(rows)))
    return replace(made.with_file("waivers.yaml", waivers(WAIVER)), name=f"{lot.name}, waived")
