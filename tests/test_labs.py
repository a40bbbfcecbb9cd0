from __future__ import annotations

import re
from pathlib import Path

import pytest

from qcvalidate.catalogue import open_catalogue
from qcvalidate.errors import SpecificationError
from qcvalidate.labs import LabProfile, extended, load_profile, load_profiles, profile_paths
from qcvalidate.labs.model import stands_in
from qcvalidate.locale import Locale
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
WORDS = load_vocabulary(CATALOGUE)
MARKS = """
id: own
version: 1.0.0
laboratory: Own
recognised_by: {laboratory: [Nonesuch Assay House]}
"""


def profile(folder: Path, text: str, *, head: str = MARKS) -> LabProfile:
    path = folder / "own.yaml"
    path.write_text(head + text, encoding="utf-8")
    return load_profile(path, CATALOGUE, WORDS, telling)


def fault(folder: Path, text: str, *, head: str = MARKS) -> str:
    with pytest.raises(SpecificationError) as caught:
        profile(folder, text, head=head)
    return str(caught.value)


def test_what_a_profile_says_is_read(tmp_path: Path) -> None:
    found = profile(
        tmp_path,
        "locale: {dates: DMY, decimal: ','}\n"
        "labels: {lot: [Consignment mark]}\n"
        "results: {negative: [Broth quiet]}\n"
        "regions: [{field: sample_id, page: 1, box: [466, 24, 545.5, 42]}]\n"
        "digital_signature: required\n",
    )

    assert (found.id, found.version, found.locale) == ("own", "1.0.0", Locale("DMY", ","))
    assert found.labels == {"lot": ("Consignment mark",)}
    assert found.regions[0].box == (466.0, 24.0, 545.5, 42.0)
    assert found.digital_signature_required
    assert re.fullmatch("[0-9a-f]{64}", found.sha256)


def test_our_own_profiles_can_be_meant() -> None:
    for path in profile_paths(CATALOGUE).values():
        load_profile(path, CATALOGUE, WORDS, telling)


def test_a_users_profile_stands_beside_ours(tmp_path: Path) -> None:
    folder = tmp_path / "labs"
    folder.mkdir()
    (folder / "own.yaml").write_text(MARKS.replace("Nonesuch", "Othersuch"), encoding="utf-8")

    found = load_profiles(open_catalogue(tmp_path), WORDS, telling)

    assert {"own", "nonesuch-sterility"} <= {known.id for known in found}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("regions: [{field: replaces, page: 1, box: [1, 2, 3, 4]}]\n", "replaces"),
        ("labels: {lots: [x]}\n", "did you mean 'lot'"),
        ("labels: {status_of: [x]}\n", "unknown key"),
        ("locale: {dates: DDMM}\n", "DMY, MDY, YMD"),
        ("regions: [{field: signed_by, page: 1, box: [1, 2, 3, 4]}]\n", "signed_by"),
        ("regions: [{field: lot, page: 0, box: [1, 2, 3, 4]}]\n", "a page's number"),
        ("regions: [{field: lot, page: 1, box: [1, 2, 3]}]\n", "at least 4"),
        ("digital_signature: yes\n", "required, optional"),
        ("harmless: text\n", "a list"),
        ("anything: text\n", "unknown key 'anything'"),
    ],
)
def test_a_profile_of_the_wrong_shape_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in fault(tmp_path, text)


def test_the_id_is_the_files_name(tmp_path: Path) -> None:
    assert "the file is called own.yaml" in fault(
        tmp_path, "", head=MARKS.replace("id: own", "id: other")
    )


# --- what it is recognised by ------------------------------------------------------------------


@pytest.mark.parametrize(
    "marks",
    [
        "{laboratory: [a]}",
        "{laboratory: [Laboratory]}",
        "{laboratory: [Certificate of Analysis]}",
        "{laboratory: [Sterility Test Report]}",
        "{laboratory: [Testing Services GmbH]}",
        "{form: ['17']}",
        "{form: [FORM]}",
        "{form: [USP 71]}",
        "{form: [ISO 17025]}",
    ],
)
def test_a_mark_that_any_paper_may_bear_is_refused(tmp_path: Path, marks: str) -> None:
    head = f"id: own\nversion: 1.0.0\nlaboratory: Own\nrecognised_by: {marks}\n"

    assert "recognised_by" in fault(tmp_path, "", head=head)


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("Acme Assay Labs", "ACME  assay labs, Inc.", True),
        ("Acme Assay Labs", "Acme Assay Labs-North", False),
        ("Acme Assay Labs", "Acme Assay", False),
        ("Acme Assay Labs", "Acme Assav Labs", False),
        ("NAH-F-031", "Form NAH-F-031, edition 2", True),
        ("NAH-F-031", "Form NAH-F-0311", False),
    ],
)
def test_a_name_is_found_as_whole_words_and_never_almost(
    name: str, line: str, expected: bool
) -> None:
    assert stands_in(name, [line]) is expected


def test_of_a_name_and_a_form_both_must_stand_there() -> None:
    both = LabProfile("x", "1.0.0", "x", "", names=("Acme Labs",), forms=("F-17",))

    assert both.fits(["Acme Labs"], ["Acme Labs", "Form F-17"])
    assert not both.fits(["Acme Labs"], ["Acme Labs"])
    assert not both.fits(["Other"], ["Other", "Form F-17"])
    assert not LabProfile("x", "1.0.0", "x", "").fits(["x"], ["x"])


# --- words that must not be learnt -------------------------------------------------------------


@pytest.mark.parametrize(
    "wording",
    [
        "Growth",
        "Growth observed",
        "turbid",
        "positive",
        "detected",
        "fails",
        "does not comply",
        "non-sterile",
        "not sterile",
        "contaminated",
        "Growth, acceptable",
        "acceptable growth",
        "no problem with growth",
        "not without growth",
        "no growth except in TSB",
        "no growth but turbid",
        "no growth to date",
        "no growth yet",
        "Wachstum nicht ausgeschlossen",
        "Staphylococcus epidermidis",
        "1 colony",
        "invalid",
        "not tested",
        "pending",
        "out of specification",
        "see attached",
        "+",
        "7",
        "No growth after 3 days",
    ],
)
def test_no_bad_or_doubtful_word_becomes_a_good_one(tmp_path: Path, wording: str) -> None:
    assert "cannot be negative" in fault(tmp_path, f'results: {{negative: ["{wording}"]}}\n')


@pytest.mark.parametrize(
    "wording",
    [
        "Broth quiet",
        "sin desarrollo",
        "Wachstum nicht nachweisbar",
        "ohne jedes Leben",
        "sin novedad",
    ],
)
def test_a_good_wording_may_be_learnt(tmp_path: Path, wording: str) -> None:
    found = profile(tmp_path, f'results: {{negative: ["{wording}"]}}\n')

    assert extended(WORDS, found).result(wording, "sterility").kind == "negative"


@pytest.mark.parametrize(
    ("reading", "wording"),
    [
        ("positive", "no growth"),
        ("pending", "no growth"),
        ("invalid", "growth"),
        ("pending", "growth"),
        ("pending", "positive"),
        ("positive", "complies"),
    ],
)
def test_what_we_know_keeps_its_meaning(tmp_path: Path, reading: str, wording: str) -> None:
    assert "we know it as" in fault(tmp_path, f"results: {{{reading}: [{wording}]}}\n")


@pytest.mark.parametrize("wording", ["Growth under identification", "contaminated, to be typed"])
def test_growth_that_waits_for_its_name_is_growth(tmp_path: Path, wording: str) -> None:
    assert "cannot be pending" in fault(tmp_path, f'results: {{pending: ["{wording}"]}}\n')


def test_one_wording_has_one_meaning(tmp_path: Path) -> None:
    told = fault(tmp_path, "results: {negative: [Broth quiet], positive: [broth QUIET]}\n")

    assert "stands under both negative and positive" in told


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("lot", "Media lot"),  # another thing's
        ("lot", "Report number"),  # another field's
        ("client", "Sterility result"),  # a result would be hidden behind it
        ("signed_by", "Sterility"),
        ("client", "FTM"),
        ("client", "Negative control"),
        ("product", "Growth seen in"),
        ("lot", "Deviations"),
        ("date_started", "Result of day"),
        ("lot", "#"),
        ("lot", "Broth batch key"),
        ("sample_id", "Control vial"),
        ("replaces", "See also"),  # a failing report would be set aside
        ("lot", "one two three four five six seven"),
    ],
)
def test_a_label_that_means_something_else_is_refused(
    tmp_path: Path, field: str, label: str
) -> None:
    assert f"“{label}” cannot be a label" in fault(tmp_path, f'labels: {{{field}: ["{label}"]}}\n')


def test_a_label_may_say_what_is_replaced(tmp_path: Path) -> None:
    found = profile(tmp_path, "labels: {replaces: [In place of and superseding]}\n")

    assert extended(WORDS, found).label("In place of and superseding") == "replaces"


def test_a_date_may_be_named_after_its_test(tmp_path: Path) -> None:
    found = profile(tmp_path, "labels: {date_started: [Sterility test begun]}\n")

    assert extended(WORDS, found).label("STERILITY TEST begun:") == "date_started"


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        ("result", "Acceptance criteria"),
        ("result", "Negative control"),
        ("result", "Growth promotion"),
        ("specification", "Result"),
        ("method", "Sterility"),
        ("unit", "No growth"),
    ],
)
def test_a_heading_that_means_something_else_is_refused(
    tmp_path: Path, column: str, heading: str
) -> None:
    assert "cannot head the column" in fault(tmp_path, f"columns: {{{column}: [{heading}]}}\n")


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("sterility", "Endotoxin"),
        ("sterility", "Negative control"),
        ("sterility", "Growth promotion of broth"),
        ("sterility", "Lot number"),
        ("sterility", "No growth"),
        ("mycoplasma", "FTM"),
        ("no_such_test", "Anything"),
    ],
)
def test_a_tests_name_that_means_something_else_is_refused(
    tmp_path: Path, test: str, name: str
) -> None:
    assert "tests:" in fault(tmp_path, f"tests: {{{test}: [{name}]}}\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "Growth",
        "Growth was observed in FTM.",
        "The growth that was observed is of no concern.",
        "The sample fails the test for sterility.",
        "There was a deviation from the procedure.",
        "The result does not comply with the specification.",
        "If in doubt note that growth was observed in FTM.",
        "If growth is observed the sample failed as shown above.",
        "Growth was found if growth is observed on day three.",
        "This report is preliminary and will be followed by another.",
        "This certificate is void after thirty days.",
        "Result: growth in both of the media.",
        "Staphylococcus epidermidis was recovered from the broth.",
        "The positive control did not show growth.",
    ],
)
def test_a_sentence_that_tells_of_a_result_is_never_harmless(tmp_path: Path, sentence: str) -> None:
    assert "harmless:" in fault(tmp_path, f'harmless: ["{sentence}"]\n')


@pytest.mark.parametrize(
    "sentence",
    [
        "If growth is observed, the organism is identified and the sender is told within a day.",
        "In case of turbidity the isolate is identified.",
        "This report is not valid without the original signature.",
        "This certificate replaces all earlier versions.",
        "Our terms of business are sent on demand.",
    ],
)
def test_stock_text_may_be_harmless(tmp_path: Path, sentence: str) -> None:
    found = profile(tmp_path, f'harmless: ["{sentence}"]\n')

    assert found.is_harmless(f"  {sentence.upper()} ")
    assert not found.is_harmless(sentence + " Growth.")
    assert not found.is_harmless(sentence.rstrip("."))


@pytest.mark.parametrize(
    ("box", "told"),
    [
        ("[100, 100, 100, 120]", "the box is empty"),
        ("[100, 100, 90, 120]", "the box is empty"),
        ("[100, 1800, 200, 1820]", "outside any page"),
        ("[0, 0, 600, 800]", "higher than"),
    ],
)
def test_a_region_that_is_no_place_of_a_value_is_refused(
    tmp_path: Path, box: str, told: str
) -> None:
    assert told in fault(tmp_path, f"regions: [{{field: lot, page: 1, box: {box}}}]\n")


def test_a_field_has_one_region(tmp_path: Path) -> None:
    twice = "{field: lot, page: 1, box: [1, 1, 9, 9]}, {field: lot, page: 2, box: [1, 1, 9, 9]}"

    assert "stands twice" in fault(tmp_path, f"regions: [{twice}]\n")


@pytest.mark.parametrize(
    "text",
    [
        "columns: {result: [Expected broth]}",
        "columns: {result: [Sollbild der Bouillon]}",
        "columns: {result: [Broth limit]}",
        "columns: {result: [Umbral del caldo]}",
        "columns: {verdict: [Planned verdict]}",
        "columns: {ended: [Due on]}",
        "labels: {date_completed: [Planned end]}",
        "labels: {date_completed: [Voraussichtliches Ende]}",
        "labels: {date_started: [Début prévu]}",
        "labels: {date_completed: [Fecha prevista de fin]}",
        "labels: {date_completed: [Scadenza del saggio]}",
        "labels: {date_completed: [Prazo de leitura]}",
        "labels: {signed_on: [Expected signature]}",
    ],
)
def test_what_announces_a_plan_or_a_limit_is_no_outcome(text: str, tmp_path: Path) -> None:
    assert "announces what was meant to be" in fault(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "columns: {specification: [Expected outcome]}",
        "columns: {verdict: [Requirement fulfilled yes]}",
        "columns: {result: [Broth reading]}",
        "labels: {date_completed: [Broth emptied]}",
        "labels: {lot: [Consignment planned]}",
    ],
)
def test_other_words_may_still_be_taught(text: str, tmp_path: Path) -> None:
    assert profile(tmp_path, text)


@pytest.mark.parametrize("wording", ["Seen", "Observed", "nachgewiesen", "was detected", "Haze"])
def test_what_was_seen_is_no_clean_result(wording: str, tmp_path: Path) -> None:
    assert "cannot be negative" in fault(tmp_path, f"results: {{negative: [{wording}]}}")


def test_a_sentence_of_haze_is_not_harmless(tmp_path: Path) -> None:
    text = 'harmless: ["Haze and film were noted in FTM on day 14."]'

    assert "may speak of a result" in fault(tmp_path, text)
