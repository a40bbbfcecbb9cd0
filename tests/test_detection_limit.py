"""A mycoplasma assay counts where its stated limit of detection is low enough (USP <63>)."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, outcome, row, specification, table, write_lot

from qcvalidate.assessment import Outcome
from qcvalidate.errors import SpecificationError

ASKED = 'evidence: {max_lod_cfu_per_ml: "10"}'
SPEC = specification(criterion("mycoplasma", "one_of: [negative]", more=ASKED))


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("NAT, LOD 10 CFU/mL", Outcome.PASS),
        ("NAT, LOD 11 CFU/mL", Outcome.INDETERMINATE),
        ("PCR (Nachweisgrenze <= 10 KBE/ml)", Outcome.PASS),
        ("PCR; limit of detection: 10 to 100 genome copies/mL", Outcome.PASS),
        ("Ph. Eur. 2.6.7", Outcome.PASS),
    ],
)
def test_a_method_states_what_it_detects(tmp_path: Path, method: str, expected: Outcome) -> None:
    files: dict[str, str | bytes] = {
        "a.csv": table(row("mycoplasma", "Not detected", method=method))
    }

    found = outcome(assess(write_lot(tmp_path / "lot", files), SPEC), "mycoplasma")

    assert found.outcome is expected
    assert found.code == (946 if expected is Outcome.INDETERMINATE else 531)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Limit of detection: 10 CFU/mL.", Outcome.PASS),
        ("Limit of detection: 100 CFU/mL.", Outcome.INDETERMINATE),
    ],
)
def test_a_page_states_what_its_assay_detects(tmp_path: Path, said: str, expected: Outcome) -> None:
    text = (
        "CERTIFICATE OF ANALYSIS\nExample Laboratories\nReport No: R-1\nLot: L-1\n"
        "Date issued: 2026-04-04\n\nTest            Result\nMycoplasma      Not detected\n\n"
        f"{said}\nApproved by: Jane Roe\nSigned on: 2026-04-04\n"
    )

    found = assess(write_lot(tmp_path / "lot", {"a.txt": text}), SPEC)

    assert outcome(found, "mycoplasma").outcome is expected


def test_a_detection_limit_is_of_mycoplasma_alone(tmp_path: Path) -> None:
    spec = specification(criterion("gram_stain", "one_of: [negative]", more=ASKED))

    with pytest.raises(SpecificationError, match="max_lod_cfu_per_ml is of a mycoplasma test"):
        assess(write_lot(tmp_path / "lot", {"a.csv": table()}), spec)
