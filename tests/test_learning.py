from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from certificate_layouts import Paper, ruled
from nonesuch import HARMLESS, nonesuch

from qcvalidate.catalogue import open_catalogue
from qcvalidate.errors import UsageError
from qcvalidate.labs import load_profile
from qcvalidate.learning import Confirmed, Lesson, learn, look_at
from qcvalidate.learning.confirmed import confirmed_fields, id_of, meant, proved_mark, split_pair
from qcvalidate.pipeline import Laboratory, open_laboratory
from qcvalidate.readers.certificates.telling import telling

# What a person sees on the paper that `nonesuch` draws.
FIELDS = {
    "lot": "MSC-26-014",
    "report_number": "NAH/26/0412",
    "date_started": "2026-03-05",
    "date_completed": "2026-03-19",
    "date_issued": "2026-05-04",
    "sample_id": "S-4471",
}
CONFIRMED = Confirmed(
    id="house",
    names=("Nonesuch Assay House",),
    forms=("NAH-F-031",),
    fields=FIELDS,
    columns={"test": ("Examination",), "result": ("What was seen",)},
    wordings={"negative": ("Broth quiet",)},
    harmless=(HARMLESS,),
)


class _NoProfiles(Laboratory):
    """A laboratory whose papers nobody has described."""

    profiles = ()  # type: ignore[assignment]


LABORATORY = _NoProfiles(open_catalogue())


def learnt(content: bytes, folder: Path, confirmed: Confirmed = CONFIRMED) -> Lesson:
    path = folder / "certificate.pdf"
    path.write_bytes(content)
    return learn(look_at(path, LABORATORY), confirmed, LABORATORY)


def only(**fields: str) -> Confirmed:
    return Confirmed(id="house", names=("Nonesuch Assay House",), fields=fields)


def test_a_profile_is_learnt_from_what_a_person_confirms(tmp_path: Path) -> None:
    lesson = learnt(nonesuch(), tmp_path)

    assert lesson.faults == ()
    path = tmp_path / "house.yaml"
    path.write_text(lesson.text, encoding="utf-8")
    profile = load_profile(path, LABORATORY.catalogue, LABORATORY.vocabulary, telling)
    assert profile.labels == {
        "lot": ("Consignment mark",),
        "report_number": ("Docket",),
        "date_started": ("Seeded on",),
        "date_completed": ("Read out on",),
        "date_issued": ("Put to paper",),
    }
    assert profile.locale.dates == "DMY"
    assert [(region.field, region.page) for region in profile.regions] == [("sample_id", 1)]
    assert profile.names == ("Nonesuch Assay House",)


def test_what_the_profile_changes_is_told(tmp_path: Path) -> None:
    lesson = learnt(nonesuch(), tmp_path)

    assert "lot: not read -> MSC-26-014" in lesson.changes
    assert "date_issued: not read -> 2026-05-04 (“04/05/2026”)" in lesson.changes
    assert "a result: sterility aerobic “Broth quiet”, read as negative" in lesson.changes


def test_each_entry_says_where_it_was_found(tmp_path: Path) -> None:
    text = learnt(nonesuch(), tmp_path).text

    assert '  # page 1: left of “MSC-26-014”\n  lot: ["Consignment mark"]\n' in text
    assert "# 04/05/2026 is 2026-05-04 on this paper.\n" in text


@pytest.mark.parametrize(
    ("write", "label", "where"),
    [
        (lambda p: p.line("Consignment mark MSC-26-014"), "Consignment mark", "before"),
        (lambda p: p.line("Consignment mark: MSC-26-014"), "Consignment mark", "before"),
        (lambda p: p.boxed_pairs([[("Consignment mark", "MSC-26-014")]]), "Consignment mark", ""),
        (
            lambda p: (p.line("Consignment mark", step=14), p.line("MSC-26-014")),
            "Consignment mark",
            "above",
        ),
    ],
)
def test_a_label_is_found_beside_above_and_in_the_cell(
    write: object, label: str, where: str, tmp_path: Path
) -> None:
    paper = Paper()
    paper.line("NONESUCH ASSAY HOUSE", size=14, step=40)
    paper.title("Sterility test report")
    write(paper)  # type: ignore[operator]
    paper.y += 30
    paper.line("No growth was observed in FTM and TSB after 14 days.")

    lesson = learnt(paper.done(), tmp_path, only(lot="MSC-26-014"))

    assert lesson.faults == ()
    assert label in lesson.text or "regions:" in lesson.text
    assert where in lesson.text


def test_a_value_at_several_places_is_told(tmp_path: Path) -> None:
    paper = nonesuch(notes=("We thank you for consignment", "MSC-26-014"))

    lesson = learnt(paper, tmp_path, only(lot="MSC-26-014"))

    assert any("“MSC-26-014” stands 2 times" in change for change in lesson.changes)
    assert "which stands 2 times on the paper" in lesson.text


def twice_dated() -> bytes:
    """Draw a paper on which the day of receipt and that of the start are one."""
    paper = Paper()
    paper.line("NONESUCH ASSAY HOUSE", size=14, step=40)
    paper.title("Sterility test report")
    paper.pairs((("Arrived", "2026-03-17"), ("Watch began", "2026-03-17")), colon=False)
    paper.line("No growth was observed in FTM and TSB after 14 days.")
    return paper.done()


def test_a_day_that_stands_twice_is_not_learnt_without_its_label(tmp_path: Path) -> None:
    lesson = learnt(twice_dated(), tmp_path, only(date_started="2026-03-17"))

    (fault,) = [fault for fault in lesson.faults if "stands more than once" in fault]
    assert "“Arrived”" in fault
    assert "“Watch began”" in fault
    assert "--label" in fault


def test_the_label_that_a_person_names_decides(tmp_path: Path) -> None:
    confirmed = replace(only(date_started="2026-03-17"), labels={"date_started": ("Watch began",)})

    lesson = learnt(twice_dated(), tmp_path, confirmed)

    assert lesson.faults == ()
    assert "Watch began" in lesson.text
    assert "Arrived" not in lesson.text


def test_a_label_that_does_not_stand_at_the_value_is_not_learnt(tmp_path: Path) -> None:
    confirmed = replace(only(date_started="2026-03-17"), labels={"date_started": ("Watch ended",)})

    assert learnt(twice_dated(), tmp_path, confirmed).faults


def test_a_value_that_is_not_there_is_not_learnt(tmp_path: Path) -> None:
    lesson = learnt(nonesuch(), tmp_path, only(lot="MSC-26-015"))

    assert any("does not stand on the paper" in fault for fault in lesson.faults)
    assert any("is not read" in fault for fault in lesson.faults)


def test_part_of_a_number_is_not_that_number(tmp_path: Path) -> None:
    assert learnt(nonesuch(), tmp_path, only(lot="MSC-26-01")).faults


def test_a_label_known_as_another_things_is_not_learnt(tmp_path: Path) -> None:
    lesson = learnt(nonesuch(marked="Media lot"), tmp_path, only(lot="MSC-26-014"))

    assert any("known as a label of something else" in fault for fault in lesson.faults)


def test_a_bad_result_is_learnt_as_no_field(tmp_path: Path) -> None:
    confirmed = replace(CONFIRMED, fields={"client": "Growth"})

    assert learnt(nonesuch(second="Growth"), tmp_path, confirmed).faults


def test_a_draft_that_changes_another_value_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(ruled())
    paper = look_at(path, LABORATORY)
    # The paper's own lot was read, and a person says that it has none.
    confirmed = Confirmed(id="house", names=("Certificate of Nowhere",), absent=("lot",))

    lesson = learn(paper, confirmed, LABORATORY)

    assert any(fault.startswith("lot: was confirmed as absent") for fault in lesson.faults)


def test_a_bad_wording_is_not_learnt(tmp_path: Path) -> None:
    bad = Confirmed(id="house", names=CONFIRMED.names, wordings={"negative": ("Growth",)})

    lesson = learnt(nonesuch(second="Growth"), tmp_path, bad)

    assert any("“Growth” cannot be negative" in fault for fault in lesson.faults)


def test_a_wording_does_not_settle_growth_beside_it(tmp_path: Path) -> None:
    lesson = learnt(nonesuch(second="Growth"), tmp_path)

    assert "a result: sterility aerobic “Growth”, read as positive" in lesson.changes


@pytest.mark.parametrize("name", ["Nonesuch", "Nonesuch Assay Houses", "Meridian Clinic"])
def test_a_paper_that_is_not_recognised_is_not_learnt(name: str, tmp_path: Path) -> None:
    confirmed = Confirmed(id="house", names=(name,), forms=("NAH-F-099",), fields={})

    lesson = learnt(nonesuch(), tmp_path, confirmed)

    assert any("does not stand on this paper" in fault for fault in lesson.faults)


def test_what_it_may_be_recognised_by_is_suggested(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(nonesuch())

    paper = look_at(path, LABORATORY)

    assert paper.names[0] == "NONESUCH ASSAY HOUSE"
    assert paper.forms == ("NAH-F-031",)


def test_a_paper_with_a_profile_is_not_learnt_again(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(nonesuch())

    with pytest.raises(UsageError, match=r"nonesuch-sterility 1\.0\.0"):
        look_at(path, open_laboratory())

    assert look_at(path, open_laboratory(), without="nonesuch-sterility").reading.header


def test_a_table_is_no_certificate(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("Test,Result\nSterility,No growth\n")

    with pytest.raises(UsageError, match="no certificate"):
        look_at(path, LABORATORY)


# --- what a person may say ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        [("lots", "A-1")],
        [("status", "final")],
        [("lot", "")],
        [("lot", "A-1"), ("lot", "A-2")],
        [("date_started", "05/03/2026")],
        [("date_started", "2026-3-5")],
        [("signed_on", "2026-02-30")],
    ],
)
def test_a_value_of_the_wrong_form_is_refused(given: list[tuple[str, str]]) -> None:
    with pytest.raises(UsageError):
        confirmed_fields(given)


def test_a_value_is_kept_as_it_is_given() -> None:
    assert confirmed_fields([("lot", " A-1 ")]) == {"lot": "A-1"}
    assert split_pair("report_number=R=1", "--set") == ("report_number", "R=1")
    assert meant(["a = b=negative"], "--wording") == {"negative": ("a = b",)}
    assert id_of("Nonesuch Assay House, Ltd.") == "nonesuch-assay-house-ltd"


@pytest.mark.parametrize("pair", ["lot", "=x", "lot=", ""])
def test_half_a_pair_is_refused(pair: str) -> None:
    with pytest.raises(UsageError):
        split_pair(pair, "--set")


def test_a_reading_is_one_of_ours() -> None:
    with pytest.raises(UsageError, match="fine is not one of"):
        meant(["Broth quiet=fine"], "--wording")


@pytest.mark.parametrize(
    ("numbers", "mark"),
    [
        (["0,05=0.05"], ","),
        (["0.05=0.05"], "."),
        (["1.250=1250"], ","),
        (["1.250=1.25"], "."),
        (["1,248,500=1248500"], "."),
        (["12=12"], None),
        ([], None),
        (["12=12", "69,5=69.5"], ","),
    ],
)
def test_a_confirmed_number_proves_the_decimal_mark(numbers: list[str], mark: str | None) -> None:
    assert proved_mark(numbers) == mark


@pytest.mark.parametrize(
    "numbers", [["0,05=5"], ["x=5"], ["12=x"], ["0,05=0.05", "0.05=0.05"], ["1,25=1250"]]
)
def test_numbers_that_contradict_one_another_are_refused(numbers: list[str]) -> None:
    with pytest.raises(UsageError):
        proved_mark(numbers)
