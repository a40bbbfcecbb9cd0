from __future__ import annotations

import pytest

from qcvalidate.documents.structured import Node
from qcvalidate.readers.messages.asides import (
    is_harmless,
    measured_harmlessly,
    method_doubt,
    name_doubt,
    other_lots,
    place_doubt,
    specimen_doubt,
    title_doubt,
)
from qcvalidate.readers.messages.elsewhere import instrument_doubt


@pytest.mark.parametrize(
    "note", ["Subculture: 3 CFU.", "Only the diluent was tested.", "Do not use this lot"]
)
def test_a_note_holds_unless_it_is_known(note: str) -> None:
    assert not is_harmless(note)


@pytest.mark.parametrize("note", ["Received on ice.", "Stored at 2-8 C", "None"])
def test_a_known_note_is_harmless(note: str) -> None:
    assert is_harmless(note)


def test_titles_and_specimens_of_another_purpose() -> None:
    assert title_doubt("Media fill report")
    assert not title_doubt("Certificate of analysis")
    assert specimen_doubt("Placebo", is_early=False)
    assert not specimen_doubt("Cell suspension", is_early=False)


@pytest.mark.parametrize(
    "note",
    [
        "Received on ice. Second tube hazy on day 16.",
        "Stored at 2-8 C but found warm",
        "Tested per USP <71> with deviation 12",
        "The results relate only to the diluent",
        "Sample intact\nsee comment",
        "OK?",
    ],
)
def test_a_harmless_beginning_does_not_make_a_note_harmless(note: str) -> None:
    assert not is_harmless(note)


@pytest.mark.parametrize(
    "note",
    [
        "Test performed according to USP <71> membrane filtration.",
        "These results relate only to the items tested.",
        "Received and stored at 2 to 8 C. Container intact.",
        "N/A",
        "",
    ],
)
def test_what_every_report_says_is_harmless(note: str) -> None:
    assert is_harmless(note)


@pytest.mark.parametrize(
    ("name", "result", "is_good", "harmless"),
    [
        ("pH", "7.2", False, True),
        ("pH", "turbid", False, False),
        ("Osmolality", "290 mOsm/kg", False, True),
        ("Appearance", "Complies", True, True),
        ("Appearance", "Cloudy", False, False),
        ("Colony count", "0", False, True),
        ("Colony count", "5", False, False),
        ("Positive units", "1", False, False),
        ("Temperature", "32.5", False, True),
        ("Incubation temperature", "4 Cel", False, False),
        ("Time to positivity", "31 h", False, False),
    ],
)
def test_of_unknown_tests_only_known_measures_are_passed_over(
    name: str, result: str, is_good: bool, harmless: bool
) -> None:
    assert measured_harmlessly(name, result, is_good=is_good) is harmless


@pytest.mark.parametrize(
    "title", ["DRAFT certificate", "Zwischenbericht", "Interim report", "Validation report"]
)
def test_the_title_of_no_released_report_is_doubted(title: str) -> None:
    assert title_doubt(title)


def test_who_signs_must_not_say_that_it_is_no_release() -> None:
    assert name_doubt("Training laboratory")
    assert name_doubt("Dr. A. Sample (not reviewed)")
    assert not name_doubt("Dr. Marie Curie")


@pytest.mark.parametrize("shown", ["Donor blood", "Rinse water", "Spent medium", "Widget"])
def test_a_specimen_is_the_products_only_by_name(shown: str) -> None:
    assert specimen_doubt(shown, is_early=False)


def test_an_early_sample_is_right_for_early_tests_alone() -> None:
    assert specimen_doubt("In-process culture", is_early=False)
    assert not specimen_doubt("In-process culture", is_early=True)


def test_places_and_methods_of_something_else_are_doubted() -> None:
    assert place_doubt("Environmental swab")
    assert not place_doubt("Laboratory")
    assert method_doubt("Rapid method, 7 days")
    assert method_doubt("Not validated")
    assert method_doubt("BacT/ALERT 3D, 5 days")
    assert method_doubt("3 d")
    assert not method_doubt("BacT/ALERT 3D")
    assert not method_doubt("USP <71>, membrane filtration, 14 days")


def test_another_lot_of_the_same_shape_is_found_wherever_it_stands() -> None:
    nodes = [
        Node("text", "a", text="MSC-2026-0018"),
        Node("text", "b", text="see MSC-2026-0017, too"),
        Node("text", "c", text="R-101"),
    ]

    found = [(node.place, named) for node, named, _ in other_lots(nodes, {"MSC-2026-0018"})]

    assert found == [("b", "MSC-2026-0017")]


@pytest.mark.parametrize(
    "words", ["Out of calibration", "Kalibrierung abgelaufen", "hors service", "fuera de servicio",
              "fuori taratura", "fora de uso", "simulator"]
)  # fmt: skip
def test_an_instrument_may_say_that_it_was_not_fit(words: str) -> None:
    assert instrument_doubt(words)


@pytest.mark.parametrize("name", ["BacT/ALERT 3D", "Endosafe nexgen-PTS", "Navios EX", "NC-202"])
def test_the_name_of_an_instrument_is_fit(name: str) -> None:
    assert instrument_doubt(name) is None
