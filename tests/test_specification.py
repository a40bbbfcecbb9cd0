"""Specifications that can be meant are read; all others are refused, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcvalidate.catalogue import open_catalogue
from qcvalidate.errors import SpecificationError
from qcvalidate.manifest import Manifest
from qcvalidate.specification import (
    Specification,
    find_specification,
    load_specification,
    nearest_ids,
    specification_ids,
)
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
VOCABULARY = load_vocabulary(CATALOGUE)

HEADER = "id: mine\nversion: 1.0.0\ntitle: Mine\n"
VIABILITY = (
    "  - {id: viability, title: Viability, test: viability, unit: '%', "
    "accept: {at_least: '70'}, reference: SOP 1, severity: blocking}\n"
)


def load(folder: Path, text: str) -> Specification:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_specification(path, CATALOGUE, VOCABULARY)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SpecificationError) as refused:
        load(folder, text)
    return str(refused.value)


def criterion(**changes: str) -> str:
    parts = {
        "id": "viability",
        "title": "Viability",
        "test": "viability",
        "unit": "'%'",
        "accept": "{at_least: '70'}",
        "reference": "SOP 1",
        "severity": "blocking",
    } | changes
    body = ", ".join(f"{key}: {value}" for key, value in parts.items() if value)
    return f"{HEADER}criteria:\n  - {{{body}}}\n"


def test_a_criterion_is_read_as_written(tmp_path: Path) -> None:
    (found,) = load(tmp_path, criterion()).criteria

    assert found.limit == "at least 70 %"
    assert found.tests == ("viability",)


def test_its_digits_stay_as_written(tmp_path: Path) -> None:
    (found,) = load(tmp_path, criterion(accept="{at_least: 70.0}")).criteria

    assert found.accept.limits == ("70.0",)


def test_an_unverified_source_says_so(tmp_path: Path) -> None:
    (found,) = load(tmp_path, criterion(unverified="true")).criteria

    assert found.reference == "SOP 1 (unverified)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            criterion(accept="{at_lest: '70'}"),
            "unknown verb 'at_lest' in accept; did you mean 'at_least'",
        ),
        (criterion(test="viabilty"), "unknown test 'viabilty'; did you mean 'viability'"),
        (criterion(unit="parsec"), "unknown unit 'parsec'"),
        (criterion(unit=""), "lacks its unit"),
        (criterion(severity="fatal"), "'fatal' is not one of blocking"),
        (criterion(accept="{at_least: seventy}"), "the limit 'seventy' is not a number"),
        (criterion(accept="{at_least: inf}"), "the limit 'inf' is not a number"),
        (criterion(accept="{at_least: nan}"), "the limit 'nan' is not a number"),
        (criterion(accept="{within: ['90', '70']}"), "the first is above the second"),
        (criterion(accept="{one_of: [negative]}"), "'one_of' does not fit a quantitative test"),
        (criterion(test="sterility", unit=""), "'at_least' does not fit a qualitative test"),
        (
            criterion(test="sterility", unit="", accept="{one_of: [fine]}"),
            "fine is no result; a result is negative or positive",
        ),
        (  # T21: the sign that published specifications do print
            criterion(test="endotoxin", unit="EU/mL", accept="{more_than: '0.5'}"),
            "'more than 0.5 EU/mL' is a minimum, and more endotoxin is never better",
        ),
        (
            criterion(test="endotoxin", unit="EU/mL", accept="{within: ['0', '0.5']}"),
            "is a minimum",
        ),
        (criterion(alert="{at_least: '60'}"), "the alert 'at least 60' is not inside"),
        (criterion(alert="{at_most: '80'}"), "is on the other side of its limit"),
        (criterion(severity="pending_allowed"), "there is no staged_release plan"),
        (criterion(severity="warning"), "no criterion is blocking"),
        (criterion(referense="SOP 2"), "unknown key 'referense'; did you mean 'reference'"),
        (criterion(reference=""), "lacks 'reference'"),
        (f"{HEADER}criteria: []\n", "criteria"),
        (f"{HEADER}criteria:\n{VIABILITY}{VIABILITY}", "criterion 'viability' stands twice"),
        (criterion().replace("id: mine", "id: other", 1), "is not the file's name 'mine'"),
        (f"{criterion()}rounding: down\n", "'down' is not one of usp, ph_eur, none"),
        (f"{criterion()}title: Again\n", "the key 'title' stands twice"),
        (
            f"{criterion()}populations: {{viability: {{of: [Cells], is: [Viable]}}}}\n",
            "Viable is not within Cells",
        ),
        ("", "is empty"),
        ("id: [", "mine.yaml line"),
        ("- a\n- b\n", "holds no keys"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    message = refusal(tmp_path, text)

    assert said in message
    assert "mine.yaml" in message


def test_a_marker_cannot_be_both_high_and_low(tmp_path: Path) -> None:
    low = VIABILITY.replace("viability", "low").replace("test: low", "test: cd34_positive")
    high = low.replace("id: low", "id: high").replace("at_least", "at_most")

    assert "cd34_positive must be both high and low" in refusal(
        tmp_path, f"{HEADER}criteria:\n{low}{high}"
    )


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, criterion(test="viabilty") + VIABILITY.replace("'%'", "parsec"))

    assert "viabilty" in message
    assert "parsec" in message


@pytest.mark.parametrize("name", sorted(specification_ids(CATALOGUE)))
def test_ours_can_be_meant_and_name_their_sources(name: str) -> None:
    found = find_specification(name, CATALOGUE, VOCABULARY)

    assert found is not None
    assert all(len(criterion.reference) > 10 for criterion in found.criteria)


def test_a_users_file_stands_in_for_ours(tmp_path: Path) -> None:
    folder = tmp_path / "specifications"
    folder.mkdir()
    ours = specification_ids(CATALOGUE)["bmac-same-day"]
    text = ours.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 9.9.9")
    (folder / ours.name).write_text(text, encoding="utf-8")

    found = find_specification("bmac-same-day", open_catalogue(tmp_path), VOCABULARY)

    assert found is not None
    assert found.identity.version == "9.9.9"


def test_an_unknown_id_names_the_nearest() -> None:
    assert find_specification("bmac-sameday", CATALOGUE, VOCABULARY) is None
    assert nearest_ids("bmac-sameday", CATALOGUE).startswith("did you mean 'bmac-same-day'?")


def test_a_lot_that_it_is_not_meant_for_is_told() -> None:
    found = find_specification("bmac-same-day", CATALOGUE, VOCABULARY)
    assert found is not None

    faults = found.unfit(Manifest(facts={"relation": "allogeneic", "tissue": "bone_marrow"}))

    assert "relation autologous; this lot's is allogeneic" in faults
    assert "manipulation minimal; lot.yaml does not state it" in faults
