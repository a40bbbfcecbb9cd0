"""Whose laboratory tested, what it is accredited for, and which rules it cites."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from lots import (
    LABORATORY,
    assess,
    criterion,
    manifest,
    outcome,
    row,
    slugs,
    specification,
    table,
    write_lot,
)

from qcvalidate.assessment import Outcome, SpecificationIdentity, Verdict
from qcvalidate.documents import Document
from qcvalidate.documents.document import Page, Word
from qcvalidate.errors import SpecificationError
from qcvalidate.frames import Observation, observations
from qcvalidate.laboratories import Paper, laboratory_findings, name_of_laboratory
from qcvalidate.manifest import Manifest
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source, State
from qcvalidate.specification import LaboratoryNeeds, Specification

STERILITY = specification(
    criterion("sterility", "one_of: [negative]", more="evidence: {min_days: '14'}")
)


def found_of(
    needs: LaboratoryNeeds | None,
    text: str = "",
    letterhead: str = "",
    clinic: str | None = "Example Cell Clinic",
    **header: str,
) -> list[Finding]:
    place = Place("a.pdf", 1)
    fields = {name: Field(value, value, place) for name, value in header.items()}
    record = Record(Source("a.pdf", "0", "pages", "x"), fields, observations([]))
    rows = (Observation(test="sterility", result="No growth", source="a.pdf"),)
    spec = Specification(
        identity=SpecificationIdentity("mine", "1.0.0", "Mine", "0"),
        rounding="usp",
        signature_required=True,
        digital_signature_required=False,
        applies_to={},
        staged=None,
        criteria=(),
        populations={},
        gating_strategies=None,
        laboratory=needs,
    )
    papers = [Paper(record, rows, letterhead, f"{letterhead} {text}")]
    return list(laboratory_findings(papers, spec, Manifest(clinic=clinic), {"sterility"}))


def told(found: list[Finding]) -> list[str]:
    return [finding.slug for finding in found]


INDEPENDENT = LaboratoryNeeds(("sterility",), independent=True)
ACCREDITED = LaboratoryNeeds(("sterility",), accreditation=("iso_17025", "gmp"))
APPROVED = LaboratoryNeeds(("sterility",), approved=("Muster Labor GmbH",))


@pytest.mark.parametrize(
    ("laboratory", "expected"),
    [
        ("Muster Labor", []),
        ("Example Cell Clinic", ["laboratory-not-independent"]),
        ("EXAMPLE CELL-CLINIC, Inc.", ["laboratory-not-independent"]),
        ("Example Cell Clinic Laboratory", ["laboratory-not-independent"]),
    ],
)
def test_a_third_party_is_another_than_the_clinic(laboratory: str, expected: list[str]) -> None:
    assert told(found_of(INDEPENDENT, laboratory=laboratory)) == expected


@pytest.mark.parametrize(
    ("letterhead", "clinic", "expected"),
    [
        ("MUSTER LABORATORIES", "Example Cell Clinic", []),
        ("Example Cell Clinic, Laboratory", "Example Cell Clinic", ["laboratory-not-independent"]),
        ("Sterility Report", "Example Cell Clinic", ["laboratory-not-independent"]),
        ("MUSTER LABORATORIES", None, ["laboratory-not-independent"]),
    ],
)
def test_a_letterhead_may_name_the_laboratory(
    letterhead: str, clinic: str | None, expected: list[str]
) -> None:
    assert told(found_of(INDEPENDENT, letterhead=letterhead, clinic=clinic)) == expected


@pytest.mark.parametrize(
    ("clinic", "expected"),
    [("Example Cell Clinic", Verdict.PASS), ("Example Coast Microbiology", Verdict.HOLD)],
)
def test_a_whole_lot_of_a_third_partys_paper(
    samples: Path, tmp_path: Path, clinic: str, expected: Verdict
) -> None:
    lot = shutil.copytree(samples / "MSC-2026-0018", tmp_path / "lot")
    text = (lot / "lot.yaml").read_text("utf-8")
    (lot / "lot.yaml").write_text(f"{text}\nclinic: {clinic}\n", encoding="utf-8")
    ours = LABORATORY.catalogue.folders[0] / "specifications"
    spec = (ours / "msc-expanded-allogeneic-cryopreserved.yaml").read_text("utf-8")
    asked = "tests: [sterility, hiv_nat], independent: true, accreditation: [iso_17025, clia]"
    spec = spec.replace("id: msc-expanded-allogeneic-cryopreserved", "id: mine")

    found = assess(lot, f"{spec}laboratory: {{{asked}}}\n", as_of=dt.date(2026, 4, 7))

    assert found.verdict is expected
    assert ("laboratory-not-independent" in slugs(found)) is (expected is Verdict.HOLD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Accredited to ISO/IEC 17025", []),
        ("GMP certificate DE_01", []),
        ("CLIA 00D0000000", ["laboratory-clia-only", "laboratory-not-accredited"]),
        ("", ["laboratory-not-accredited"]),
        ("ISO/IEC 17025. * not in the scope of accreditation", ["laboratory-not-accredited"]),
        ("ISO/IEC 17025. * nicht akkreditiert", ["laboratory-not-accredited"]),
    ],
)
def test_an_accreditation_must_cover_the_paper(text: str, expected: list[str]) -> None:
    assert told(found_of(ACCREDITED, text)) == expected


@pytest.mark.parametrize(
    ("laboratory", "expected"),
    [("Muster Labor", []), ("Musterlabor Nord", ["laboratory-not-approved"])],
)
def test_a_laboratory_is_on_the_approved_list(laboratory: str, expected: list[str]) -> None:
    assert told(found_of(APPROVED, laboratory=laboratory)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CLIA 00D0000000", ["laboratory-clia-only"]),
        ("CLIA 00D0000000, ISO/IEC 17025", []),
        ("", []),
    ],
)
def test_clia_alone_is_warned_of_for_sterility(text: str, expected: list[str]) -> None:
    found = found_of(None, text)

    assert told(found) == expected
    assert all(finding.severity is Severity.WARNING for finding in found)


@pytest.mark.parametrize(
    ("method", "warned"), [("21 CFR 610.30", True), ("21 CFR 610.12", False), ("USP <63>", False)]
)
def test_t23_a_revoked_rule_is_warned_of(tmp_path: Path, method: str, warned: bool) -> None:
    spec = specification(criterion("mycoplasma", "one_of: [negative]"))
    files = {"a.csv": table(row("mycoplasma", "Not detected", method=method))}

    found = assess(write_lot(tmp_path / "lot", dict(files)), spec)

    assert found.verdict is Verdict.PASS
    assert ("reference-revoked" in slugs(found)) is warned
    assert not warned or any("2020-09-21" in finding.message for finding in found.findings)


def test_t20_a_hospitals_five_days_are_no_release_read(tmp_path: Path) -> None:
    line = row(
        "sterility",
        "No growth at 5 days",
        started="2026-01-05",
        ended="2026-01-10",
        method="blood culture",
    )

    found = assess(write_lot(tmp_path / "lot", {"a.csv": table(line)}), STERILITY)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "sterility").outcome is Outcome.INDETERMINATE
    assert "incubated 5 days" in outcome(found, "sterility").reason
    assert "at least 14 are needed" in outcome(found, "sterility").reason


def test_a_table_names_no_laboratory(tmp_path: Path) -> None:
    spec = STERILITY + "laboratory: {tests: [sterility], independent: true}\n"
    line = row("sterility", "No growth", started="2026-01-05", ended="2026-01-19")
    lot_yaml = manifest() + "clinic: Example Cell Clinic\n"

    found = assess(write_lot(tmp_path / "lot", {"a.csv": table(line)}, lot_yaml), spec)

    assert found.verdict is Verdict.HOLD
    assert "laboratory-not-independent" in slugs(found)


def test_a_laboratory_for_a_test_that_nobody_asks_is_a_fault(tmp_path: Path) -> None:
    spec = STERILITY + "laboratory: {tests: [endotoxin], independent: true}\n"

    with pytest.raises(SpecificationError, match="no criterion asks for endotoxin"):
        assess(write_lot(tmp_path / "lot", {"a.csv": table()}), spec)


@pytest.mark.parametrize(
    ("line", "state", "named"),
    [
        ("Muster Analytik GmbH", State.CONFIRMED, "Muster Analytik GmbH"),
        ("Muster Analytik GmbH", State.SINGLE_SOURCE, None),
        ("LABORATORY REPORT", State.CONFIRMED, None),
        ("Example Cell Clinic", State.CONFIRMED, None),
    ],
)
def test_a_paper_s_first_line_names_its_laboratory_only_for_certain(
    line: str, state: State, named: str | None
) -> None:
    words = tuple(
        Word(text, 1, (40.0 + 60 * at, 40.0, 90.0 + 60 * at, 52.0), state=state)
        for at, text in enumerate(line.split())
    )
    below = Word("Testing", 1, (40.0, 60.0, 90.0, 72.0))
    document = Document(
        Path("a.pdf"),
        "a.pdf",
        "0" * 64,
        "application/pdf",
        "pages",
        pages=(Page(1, 595.0, 842.0, (*words, below)),),
    )
    record = Record(
        Source("a.pdf", "0" * 64, "pages", "certificates.generic"), {}, observations([])
    )

    assert name_of_laboratory(record, document) == named
