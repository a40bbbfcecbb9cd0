"""A label that lot.yaml names is held to the lot: number, donation, patient, expiry, statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, manifest, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Verdict

SPEC = specification(criterion("viability", "at_least: '70'", "%"))
LABEL = """FOR AUTOLOGOUS USE ONLY
NOT EVALUATED FOR INFECTIOUS SUBSTANCES
Lot: L-1
DIN: W0000 26 123456
Expiry date: 2026-05-01
Patient ID: EX-30
"""
FACTS = """labels: [label.txt]
identifiers: {din: "W0000 26 123456", patient: EX-30}
"""


def judged(folder: Path, label: str = LABEL, relation: str = "autologous") -> Assessment:
    files: dict[str, str | bytes] = {"a.csv": table(row("viability", "91", "%"))}
    lot_yaml = manifest().replace(
        "cryopreserved: false", "cryopreserved: false, expires: 2026-05-01"
    )
    lot_yaml = lot_yaml.replace("relation: autologous", f"relation: {relation}")
    return assess(write_lot(folder / "lot", {**files, "label.txt": label}, lot_yaml + FACTS), SPEC)


def test_a_label_that_fits_is_part_of_the_lot(tmp_path: Path) -> None:
    found = judged(tmp_path)

    assert found.verdict is Verdict.PASS
    assert "label.txt" in {source.path for source in found.inputs}


@pytest.mark.parametrize(
    ("printed", "instead", "slug"),
    [
        ("Lot: L-1", "Lot: L-2", "lot-mismatch"),
        ("Lot: L-1\n", "", "lot-unstated"),
        ("W0000 26 123456", "W0000 26 123457", "identifier-mismatch"),
        ("EX-30", "EX-31", "patient-mismatch"),
        ("2026-05-01", "2026-06-01", "label-misfit"),
        ("FOR AUTOLOGOUS USE ONLY\n", "", "label-misfit"),
    ],
)
def test_a_label_that_says_something_else_holds(
    tmp_path: Path, printed: str, instead: str, slug: str
) -> None:
    found = judged(tmp_path, LABEL.replace(printed, instead))

    assert found.verdict is Verdict.HOLD
    assert slug in slugs(found)


def test_the_label_of_an_autologous_product_is_not_an_allogeneic_ones(tmp_path: Path) -> None:
    assert "label-misfit" in slugs(judged(tmp_path, relation="allogeneic"))


def test_a_paper_that_is_not_named_a_label_is_none(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.csv": table(row("viability", "91", "%"))}

    found = assess(write_lot(tmp_path / "lot", {**files, "label.txt": LABEL}), SPEC)

    assert "document-unclaimed" in slugs(found)
