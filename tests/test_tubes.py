"""Whose cells were in a tube: what its keywords, its name and its analyses say of another's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from analyses_of_lots import flowjo_table, workspace_of
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml, rectangle
from lots import assess, criterion, slugs, specification, write_lot

from qcvalidate.assessment import Assessment, Verdict
from qcvalidate.record import Severity

NAMES = ("FSC-A", "7AAD-A")
EVENTS = [[100.0, 10.0 if n % 10 else 500.0] for n in range(200)]
GATES = gating_ml(
    rectangle("Cells", dimension("FSC-A", low=50)),
    rectangle("Viable", dimension("7AAD-A", high=100), parent="Cells"),
)
RULES = (
    specification(criterion("viability", "at_least: '70'", "%"))
    + "\npopulations:\n  viability: {of: [Cells], is: [Cells, Viable]}\n"
)
MANIFEST = """
lot: SVF-0042
product: mine
donor: {relation: autologous, tissue: adipose, recovered: 2026-03-10}
manufacture: {manipulation: enzymatic, cryopreserved: false}
dose: {route: intravenous, recipient_weight_kg: 70, volume_mL: 100}
identifiers: {patient: EX-0042}
"""
OURS = {"LOT": "SVF-0042", "$P2S": "7-AAD", "$DATE": "16-MAR-2026"}


def judged(
    tmp_path: Path, keywords: Mapping[str, str], name: str = "tube.fcs", more: str = ""
) -> Assessment:
    files: dict[str, str | bytes] = {
        f"flow/{name}": fcs_bytes(EVENTS, NAMES, keywords={**OURS, **keywords}),
        "flow/gates.xml": GATES,
    }
    return assess(write_lot(tmp_path / "lot", files, MANIFEST + more), RULES)


def held(found: Assessment) -> set[str]:
    return {one.slug for one in found.findings if one.severity is Severity.HOLD}


@pytest.mark.parametrize(
    "keywords",
    [
        {},
        {"$FIL": "Specimen_001_Tube_001.fcs", "EXPERIMENT NAME": "2026-03-16 release"},
        # A run of several lots is named for all of them, and a comment may speak of any.
        {"EXPERIMENT NAME": "SVF-0041 to SVF-0042"},
        {"$COM": "as SVF-0041"},
        {"$SRC": "EX-0042", "TUBE NAME": "SVF-0042 panel 1"},
        {"$SRC": "Quality control", "PATIENT ID": "A12"},
    ],
)
def test_a_tube_of_this_lot_passes(tmp_path: Path, keywords: dict[str, str]) -> None:
    assert judged(tmp_path, keywords).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "key", ["$FIL", "$SRC", "$CELLS", "TUBE NAME", "EXPERIMENT NAME", "SPECIMEN NAME", "$PROJ"]
)
def test_a_keyword_that_bears_another_lots_number_holds(tmp_path: Path, key: str) -> None:
    found = judged(tmp_path, {key: "SVF-0043 panel 1"})

    assert found.verdict is Verdict.HOLD
    assert held(found) == {"lot-near-miss"}


def test_a_file_that_is_called_by_another_lots_number_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, {}, name="SVF-0043-FP.fcs")

    assert held(found) == {"lot-near-miss"}


def test_to_vouch_for_a_file_does_not_make_it_another_lots(tmp_path: Path) -> None:
    """`declared` is for a file that names no lot; this one names another."""
    found = judged(tmp_path, {"LOT": " ", "$SRC": "SVF-0043"}, more="declared: [flow/tube.fcs]\n")

    assert held(found) == {"lot-near-miss"}


@pytest.mark.parametrize("key", ["LOT NO", "BATCH NUMBER", "Batch ID"])
def test_every_spelling_of_the_lots_keyword_counts(tmp_path: Path, key: str) -> None:
    found = judged(tmp_path, {key: "SVF-0043"})

    assert found.verdict is Verdict.HOLD
    assert "field-conflict" in held(found)


@pytest.mark.parametrize("key", ["$SRC", "PATIENT ID"])
def test_another_patient_of_the_same_numbering_holds_and_is_not_printed(
    tmp_path: Path, key: str
) -> None:
    found = judged(tmp_path, {key: "EX-0043"})

    (told,) = [one for one in found.findings if one.slug == "patient-mismatch"]
    assert told.severity is Severity.HOLD
    assert "EX-0043" not in told.message


def test_another_donation_number_holds(tmp_path: Path) -> None:
    more = "".join(MANIFEST.splitlines(keepends=True))
    lot = more.replace("patient: EX-0042", 'din: "W0000 26 100018"')
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(EVENTS, NAMES, keywords={**OURS, "DIN": "W0000 26 100019"}),
        "flow/gates.xml": GATES,
    }

    found = assess(write_lot(tmp_path / "lot", files, lot), RULES)

    assert "identifier-mismatch" in held(found)


def test_two_days_of_one_acquisition_hold(tmp_path: Path) -> None:
    found = judged(tmp_path, {"$BEGINDATETIME": "2025-03-16T12:00:00Z"})

    assert held(found) == {"field-conflict"}


def test_a_day_apart_may_be_the_time_zone(tmp_path: Path) -> None:
    found = judged(tmp_path, {"$BEGINDATETIME": "2026-03-17T00:30:00Z"})

    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("stated", ["DataModified", "Appended"])
def test_a_file_that_was_changed_after_its_acquisition_holds(tmp_path: Path, stated: str) -> None:
    found = judged(tmp_path, {"$ORIGINALITY": stated, "$LAST_MODIFIER": "A. Sample"})

    (told,) = [one for one in found.findings if one.slug == "fcs-edited"]
    assert told.severity is Severity.HOLD
    assert "A. Sample" in told.message


@pytest.mark.parametrize("stated", ["Original", "NonDataModified"])
def test_a_file_whose_events_are_the_cytometers_passes(tmp_path: Path, stated: str) -> None:
    assert judged(tmp_path, {"$ORIGINALITY": stated}).verdict is Verdict.PASS


# --- the same of analyses ---------------------------------------------------------------------


def analysed(tmp_path: Path, name: str, content: str) -> Assessment:
    lot = write_lot(tmp_path / "lot", {name: content}, MANIFEST + "samples: [tube]\n")
    return assess(lot, RULES)


@pytest.mark.parametrize("keywords", [{}, {"$FIL": "tube.fcs"}, {"$DATE": "16-MAR-2026"}])
def test_an_analysis_of_this_lots_tube_passes(tmp_path: Path, keywords: dict[str, str]) -> None:
    assert analysed(tmp_path, "t.wsp", workspace_of(keywords)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("keywords", "slug"),
    [
        ({"LOT": "OTHER-1"}, "lot-mismatch"),
        ({"$FIL": "SVF-0043.fcs"}, "lot-near-miss"),
        ({"SAMPLE ID": "SVF-0043"}, "lot-near-miss"),
        ({"$SRC": "EX-0043"}, "patient-mismatch"),
        ({"TUBE NAME": "Isotype control"}, "control-as-sample"),
        ({"$DATE": "16-MAR-2025"}, "dates-out-of-order"),
    ],
)
@pytest.mark.parametrize("form", ["wsp", "csv"])
def test_an_analysis_of_another_tube_holds(
    tmp_path: Path, keywords: dict[str, str], slug: str, form: str
) -> None:
    content = workspace_of(keywords) if form == "wsp" else flowjo_table(keywords)

    found = analysed(tmp_path, f"t.{form}", content)

    assert found.verdict is Verdict.HOLD
    assert slug in held(found)


def test_what_the_laboratory_wrote_beside_its_statistics_holds(tmp_path: Path) -> None:
    found = analysed(tmp_path, "t.csv", flowjo_table({"Comment": "invalid"}))

    assert "row-remarked" in slugs(found)
    assert found.verdict is Verdict.HOLD
