"""Names of tubes and samples that tell of a control, or of another lot."""

from __future__ import annotations

import pytest

from qcvalidate.identity import names_control, other_of_its_shape


@pytest.mark.parametrize(
    "name",
    ["Isotype", "Isotypkontrolle", "iso ctrl", "L-1-iso", "L-1-iso.fcs", "IgG1", "IgG2a PE", "unst",
     "unstained", "Negativkontrolle", "neg. control", "NegCtrl", "Ctrl", "control", "Negative",
     "témoin isotypique", "non marqué", "ungefärbt", "Comp PE", "Compensation Controls_PE",
     "single stain CD34", "FMO CD34", "QC beads", "Kontrolle 1", "healthy donor control"],
)  # fmt: skip
def test_a_control_is_known_by_its_name(name: str) -> None:
    assert names_control(name)


@pytest.mark.parametrize(
    "name",
    ["SVF-2026-0042-FP", "Quality control", "QC lab", "in-process control", "healthy donor",
     "Tube_001",
     "CD34 negative fraction", "ISO 7 room", "isolated cells", "stained_001", "Specimen_001",
     "complete panel", "Bead count TruCount", "Endkontrolle"],
)  # fmt: skip
def test_a_sample_is_no_control(name: str) -> None:
    assert not names_control(name)


@pytest.mark.parametrize(
    "text", ["Retain of MSC-2026-0017", "bag 2 MSC-2026-0017", "MSC-2026-0017-TV"]
)
def test_another_lots_number_stands_out_among_words(text: str) -> None:
    assert other_of_its_shape(text, "MSC-2026-0018") == "MSC-2026-0017"
