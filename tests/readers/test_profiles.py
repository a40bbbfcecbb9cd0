from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from certificate_layouts import ruled
from nonesuch import HARMLESS, nonesuch

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import rows
from qcvalidate.labs import LabProfile, Region, load_profile
from qcvalidate.locale import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Record, Severity, State
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
WORDS = load_vocabulary(CATALOGUE)
HOUSE = load_profile(
    CATALOGUE.folders[-1] / "labs" / "nonesuch-sterility.yaml", CATALOGUE, WORDS, telling
)


def read(
    content: bytes, folder: Path, *profiles: LabProfile, locale: Locale | None = None
) -> Record:
    path = folder / "certificate.pdf"
    path.write_bytes(content)
    return read_document(open_document(path), Context(WORDS, locale or Locale(), profiles))


def slugs(record: Record, severity: Severity = Severity.HOLD) -> list[str]:
    return [finding.slug for finding in record.findings if finding.severity is severity]


def readings(record: Record) -> list[tuple[str | None, str | None]]:
    return [(row.part, row.reading) for row in rows(record.observations)]


def test_a_paper_is_read_with_the_profile_of_its_laboratory(tmp_path: Path) -> None:
    record = read(nonesuch(), tmp_path, HOUSE)

    values = {name: field.value for name, field in record.header.items()}
    assert values == {
        "title": "Sterility test report",
        "report_number": "NAH/26/0412",
        "lot": "MSC-26-014",
        "sample_id": "S-4471",
        "date_started": "2026-03-05",
        "date_completed": "2026-03-19",
        "date_issued": "2026-05-04",
    }
    assert readings(record) == [("anaerobic", "negative"), ("aerobic", "negative")]
    assert slugs(record) == []


def test_the_profile_is_part_of_the_evidence(tmp_path: Path) -> None:
    record = read(nonesuch(), tmp_path, HOUSE)

    told = [f.message for f in record.findings if f.slug == "lab-profile-used"]
    assert len(told) == 1
    assert "nonesuch-sterility 1.0.0" in told[0]
    assert HOUSE.sha256 in told[0]


def test_without_the_profile_it_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        read(nonesuch(), tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "NONESUCH ASSAY HOUSES"},
        {"name": "SUCH ASSAY HOUSE"},
        {"form": "Form NAH-F-032"},
        {"form": "Form NAH-F-031B"},
        # Another laboratory's paper that names this one.
        {"name": "OTHER LABS", "notes": ("Analysed with Nonesuch Assay House in 2025.",)},
    ],
)
def test_a_paper_that_is_almost_the_laboratorys_is_read_without(
    changed: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(DocumentError):
        read(nonesuch(**changed), tmp_path, HOUSE)  # type: ignore[arg-type]


def test_two_profiles_that_fit_one_paper_are_none(tmp_path: Path) -> None:
    other = replace(HOUSE, id="other")

    with pytest.raises(DocumentError) as caught:
        read(nonesuch(), tmp_path, HOUSE, other)

    assert "nonesuch-sterility 1.0.0 and other 1.0.0" in str(caught.value)
    assert caught.value.slug == "document-claimed-twice"


# --- growth stays growth -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "second", ["Growth", "Broth stirred", "Growth of Staphylococcus epidermidis", "turbid"]
)
def test_growth_is_read_with_the_profile(second: str, tmp_path: Path) -> None:
    record = read(nonesuch(second=second), tmp_path, HOUSE)

    assert ("aerobic", "positive") in readings(record)


@pytest.mark.parametrize("second", ["Broth quiet?", "Broth quiet*", "Broth not quiet", "Broth"])
def test_a_wording_is_learnt_as_a_whole(second: str, tmp_path: Path) -> None:
    record = read(nonesuch(second=second), tmp_path, HOUSE)

    assert ("aerobic", "negative") not in readings(record)
    assert slugs(record)


@pytest.mark.parametrize(
    "note",
    [
        "Growth was observed in TSB on day 12.",
        HARMLESS + " Growth was seen in TSB.",
        HARMLESS.replace("is observed", "was observed"),
        "The sender is told that growth was observed.",
    ],
)
def test_only_the_harmless_sentence_itself_is_passed_over(note: str, tmp_path: Path) -> None:
    record = read(nonesuch(notes=(note,)), tmp_path, HOUSE)

    assert slugs(record) or ("aerobic", "positive") in readings(record)


def test_a_result_in_a_column_beside_the_profiles_is_not_lost(tmp_path: Path) -> None:
    # The profile takes what is demanded for what was found.
    wrong = replace(HOUSE, columns={"test": ("Examination",), "result": ("House limit",)})

    record = read(
        nonesuch(header=("Examination", "Method", "House limit", "What was seen"), second="Growth"),
        tmp_path,
        wrong,
    )

    assert slugs(record)


# --- regions -----------------------------------------------------------------------------------

LOT_PLACE = (150.0, 121.0, 230.0, 136.0)


def with_region(field: str, box: tuple[float, float, float, float], page: int = 1) -> LabProfile:
    return replace(HOUSE, regions=(Region(field, page, box),))


def test_a_region_at_another_lot_is_a_conflict(tmp_path: Path) -> None:
    profile = with_region("lot", (466, 24, 545, 42))

    record = read(nonesuch(corner="MSC-26-999"), tmp_path, profile)

    assert record.header["lot"].state is State.CONFLICT
    assert record.header["lot"].value is None
    assert "field-conflict" in slugs(record)


def test_a_region_at_the_value_of_another_label_is_refused(tmp_path: Path) -> None:
    profile = replace(with_region("lot", LOT_PLACE), labels={})

    record = read(nonesuch(marked="Media lot"), tmp_path, profile)

    assert "lot" not in record.header
    assert "lab-profile-misfit" in slugs(record)


@pytest.mark.parametrize(
    "box",
    [
        (466.0, 24.0, 490.0, 42.0),  # half a number
        (480.0, 24.0, 545.0, 42.0),
    ],
)
def test_a_region_that_cuts_a_value_reads_none(
    box: tuple[float, float, float, float], tmp_path: Path
) -> None:
    record = read(nonesuch(), tmp_path, with_region("sample_id", box))

    assert "sample_id" not in record.header
    assert "lab-profile-misfit" in slugs(record)


def test_a_value_in_a_region_has_the_shape_of_its_field(tmp_path: Path) -> None:
    record = read(nonesuch(corner="see overleaf"), tmp_path, HOUSE)

    assert record.header["sample_id"].value is None
    assert "field-unreadable" in slugs(record)


@pytest.mark.parametrize(("page", "box"), [(2, LOT_PLACE), (1, (300.0, 600.0, 400.0, 620.0))])
def test_a_region_with_nothing_in_it_is_told(
    page: int, box: tuple[float, float, float, float], tmp_path: Path
) -> None:
    record = read(nonesuch(), tmp_path, with_region("din", box, page))

    assert "din" not in record.header
    assert "lab-profile-misfit" in slugs(record, Severity.WARNING)


def test_a_result_in_a_region_is_told(tmp_path: Path) -> None:
    profile = with_region("client", (466, 24, 560, 42))

    record = read(nonesuch(corner="Growth in TSB"), tmp_path, profile)

    assert "client" not in record.header
    assert slugs(record)


def test_a_result_at_a_label_of_the_profiles_is_told(tmp_path: Path) -> None:
    profile = replace(HOUSE, labels={**HOUSE.labels, "client": ("House words",)})

    record = read(nonesuch(extra=(("House words", "Contaminated with yeast"),)), tmp_path, profile)

    assert "lab-profile-misfit" in slugs(record)


# --- dates and numbers -------------------------------------------------------------------------


def test_the_profile_gives_the_order_of_dates(tmp_path: Path) -> None:
    american = replace(HOUSE, locale=Locale("MDY"))

    record = read(nonesuch(), tmp_path, american)

    assert record.header["date_issued"].value == "2026-04-05"


def test_a_paper_that_proves_another_order_is_on_hold(tmp_path: Path) -> None:
    american = replace(HOUSE, locale=Locale("MDY"))

    record = read(nonesuch(extra=(("Received", "28/02/2026"),)), tmp_path, american)

    assert "lab-profile-misfit" in slugs(record)
    assert record.header["date_issued"].value is None


def test_an_order_that_lot_yaml_contradicts_is_not_used(tmp_path: Path) -> None:
    record = read(nonesuch(), tmp_path, HOUSE, locale=Locale("MDY"))

    assert record.header["date_issued"].value is None
    assert "date-ambiguous" in slugs(record)
    assert "lab-profile-misfit" in slugs(record, Severity.WARNING)


def test_the_profiles_word_leaves_other_papers_as_they_were(tmp_path: Path) -> None:
    without, beside = read(ruled(), tmp_path), read(ruled(), tmp_path, HOUSE)

    assert without.header == beside.header
    assert rows(without.observations) == rows(beside.observations)
    assert without.findings == beside.findings


def test_a_signature_that_the_profile_requires_is_missed(tmp_path: Path) -> None:
    strict = replace(HOUSE, digital_signature_required=True)

    record = read(nonesuch(), tmp_path, strict)

    assert slugs(record) == ["signature-required"]
    assert slugs(read(nonesuch(), tmp_path, HOUSE)) == []
