"""Specifications that can be meant are read; all others are refused, by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qcvalidate.assessment import Importance
from qcvalidate.catalogue import open_catalogue
from qcvalidate.errors import SpecificationError
from qcvalidate.manifest import Manifest
from qcvalidate.specification import (
    Specification,
    find_specification,
    load_specification,
    nearest_ids,
    specification_ids,
    specification_of_product,
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
        (criterion(unit="EU/mL"), "viability is in %, never in EU/mL"),
        (criterion(test="[viability, total_cell_count]"), "is in cells, never in %"),
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
    assert "manipulation minimal; lot.yaml does not state it (`manufacture.manipulation`)" in faults


def culture(**changes: str) -> str:
    """Write a specification of one sterility criterion, changed here and there."""
    return criterion(
        **({"test": "sterility", "unit": "", "accept": "{one_of: [negative]}"} | changes)
    )


def test_a_limit_has_no_thousands_separator(tmp_path: Path) -> None:
    for limit in ("2,500", "2 500", "1'000", "70,5"):
        text = criterion(test="total_cell_count", unit="cells", accept=f'{{at_least: "{limit}"}}')

        assert "no sign or thousands separator" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Facts: lot.yaml can never hold these values, so that the criterion would never apply.
        (criterion(applies_when="{route: [IV]}"), "'IV' is not one of intravenous"),
        (criterion(applies_when="{relation: [Allogeneic]}"), "did you mean 'allogeneic'"),
        (criterion(applies_when="{cryopreserved: ['True']}"), "'True' is not one of true, false"),
        (f"{criterion()}applies_to: {{tissue: [adipos]}}\n", "did you mean 'adipose'"),
        (
            f"{criterion(applies_when='{relation: [allogeneic]}')}"
            "applies_to: {relation: [autologous]}\n",
            "so that it would never apply",
        ),
        # Readings: what must not be there is met by its absence alone.
        (culture(accept="{one_of: [positive]}"), "may only be accepted when negative"),
        (culture(accept="{one_of: [negative, positive]}"), "may only be accepted when negative"),
        (culture(test="hiv", accept="{one_of: [positive]}"), "hiv may only be accepted"),
        (culture(test="gram_stain", accept="{one_of: [positive]}"), "gram_stain may only be"),
        (culture(test="mycoplasma", accept="{one_of: [positive]}"), "mycoplasma may only be"),
        (culture(test="[hiv, hbv]"), "a negative hiv says nothing of hbv"),
        (culture(severity="warning") + VIABILITY, "in which organisms were found could pass"),
        (culture(test="mycoplasma", severity="information") + VIABILITY, "could pass"),
        (culture(when_not_met="INVALID"), "a positive sterility fails"),
        # Limits.
        (criterion(accept="{at_least: '-5'}"), "no sign"),
        (criterion(accept="{at_least: '7_0'}"), "not a number"),
        (criterion(accept="{at_least: '７０'}"), "not a number"),
        (criterion(accept="{at_least: '7×10¹'}"), "not a number"),
        (criterion(accept="{at_least: '" + "9" * 41 + "'}"), "too long"),
        (criterion(accept="{at_least: '101'}"), "lies above 100 %"),
        (criterion(accept="{within: ['0', '100']}"), "is met by every result"),
        (criterion(accept="{at_least: '0'}"), "is met by every result"),
        (
            criterion(test="total_cell_count", unit="cells", accept="{at_least: '1.0e16'}"),
            "is above 1e+15",
        ),
        (
            criterion(test="total_cell_count", unit="cells", accept="{at_least: 1e6}"),
            "has a single digit",
        ),
        (
            criterion(test="total_cell_count", unit="cells", accept="{at_least: 5 x 10^8}"),
            "has a single digit",
        ),
        (
            criterion(test="total_cell_count", unit="cells", accept="{at_least: 0.5e9}")
            + "rounding: ph_eur\n",
            "has a single digit",
        ),
        # Alerts.
        (
            criterion(accept="{within: ['70', '90']}", alert="{at_least: '75'}"),
            "does not fit",
        ),
        (criterion(alert="{one_of: [positive]}"), "does not fit"),
        (criterion(accept="{within: ['70', '90']}", alert="{one_of: ['70']}"), "does not fit"),
        # Evidence.
        (culture(evidence="{min_days: '0'}"), "min_days is 1 to 366"),
        (culture(evidence="{min_days: '367'}"), "min_days is 1 to 366"),
        (culture(evidence="{min_days: '" + "9" * 5000 + "'}"), "does not fit"),
        (culture(evidence="{min_days_when_turbid: '18'}"), "needs a min_days"),
        (
            culture(evidence="{min_days: '14', min_days_when_turbid: '14'}"),
            "needs a min_days, and lies above it",
        ),
        (criterion(evidence="{max_hours_after_thaw: '0'}"), "above 0 to 720"),
        (criterion(evidence="{max_hours_after_thaw: '721'}"), "above 0 to 720"),
        (criterion(evidence="{max_hours_after_thaw: '" + "9" * 400 + "'}"), "Hours above 0"),
        (criterion(evidence="{min_events: '0'}"), "min_events is 1 to 10000000"),
        (criterion(evidence="{min_parent_events: '10000001'}"), "min_parent_events is 1 to"),
        (culture(evidence="{parts: [areobic]}"), "'areobic' is no part of sterility"),
        (criterion(evidence="{parts: [aerobic]}"), "is of a culture"),
        (criterion(evidence="{min_days: '14'}"), "is of a culture"),
        (culture(evidence="{min_events: '100'}"), "is of a percentage"),
        (culture(evidence="{after_harvest: 'false'}"), "is not one of true"),
        (
            criterion(
                test="total_cell_count",
                unit="cells",
                accept="{at_least: '5'}",
                evidence="{min_events: '9'}",
            ),
            "is of a percentage",
        ),
        (criterion(presence="when_reported"), "no criterion is blocking and required"),
        (
            f"{criterion()}populations: {{endotoxin: {{of: [Cells], is: [Cells, Viable]}}}}\n",
            "endotoxin is not a percentage",
        ),
    ],
)
def test_what_would_pass_silently_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        criterion(test="total_cell_count", unit="cells", accept="{at_least: 1.0e6}"),
        criterion(test="total_cell_count", unit="cells", accept="{at_least: 12e6}"),
        criterion(test="total_cell_count", unit="cells", accept="{at_least: 5.0 x 10^8}"),
        criterion(test="total_cell_count", unit="cells", accept="{at_least: 1e6}")
        + "rounding: none\n",
        criterion(test="endotoxin_ppc", accept="{within: ['50', '200']}"),
        culture(evidence="{parts: [aerobic, anaerobic], min_days: '1', min_days_when_turbid: '2'}"),
        criterion(accept="{at_least: '70'}", evidence="{max_hours_after_thaw: '720'}"),
    ],
)
def test_what_can_be_meant_is_read(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).criteria


def test_what_evidence_must_bring_is_read(tmp_path: Path) -> None:
    text = criterion(evidence="{min_parent_events: '1000', after_harvest: 'true'}")

    (found,) = load(tmp_path, text).criteria

    assert found.needs.min_parent_events == 1000
    assert found.needs.after_harvest is True


STAGED = (
    f"{HEADER}staged_release: {{plan: p, requires: [wanted], call: c, reference: r}}\ncriteria:\n"
    "  - {id: sterility, title: S, test: sterility, accept: {one_of: [negative]}, "
    "evidence: {min_days: '14'}, reference: SOP 1, severity: pending_allowed}\n"
)
WANTED = (
    "  - {id: wanted, title: W, test: gram_stain, accept: {one_of: [negative]}, "
    "reference: SOP 1, severity: blocking}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: blocking", "severity: warning", "is not blocking"),
        ("severity: blocking", "severity: blocking, presence: when_reported", "may be absent"),
        (
            "severity: blocking",
            "severity: blocking, applies_when: {route: [intravenous]}",
            "does not always apply",
        ),
        ("id: wanted", "id: other", "which is no criterion"),
        (
            "severity: blocking",
            "severity: pending_allowed, evidence: {min_days: '2'}",
            "may be pending; only a culture",
        ),
    ],
)
def test_a_staged_plan_leans_on_what_must_be_there(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert load(tmp_path, STAGED + WANTED).staged is not None

    assert said in refusal(tmp_path, STAGED + WANTED.replace(old, new))


def test_a_pending_result_must_be_required(tmp_path: Path) -> None:
    text = STAGED.replace("pending_allowed}", "pending_allowed, presence: when_reported}") + WANTED

    assert "its absence would pass" in refusal(tmp_path, text)


def test_a_product_is_an_id_and_never_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(criterion(), encoding="utf-8")

    assert find_specification(str(path), CATALOGUE, VOCABULARY) is not None
    assert specification_of_product(str(path), CATALOGUE, VOCABULARY) is None
    assert specification_of_product("bmac-same-day", CATALOGUE, VOCABULARY) is not None


def _schema(name: str) -> dict[str, Any]:
    content = json.loads(CATALOGUE.json_schema(name).read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def _facts_of_a_lot() -> dict[str, list[str]]:
    groups = _schema("lot")["properties"].values()
    return {
        fact: value["enum"]
        for group in groups
        for fact, value in group.get("properties", {}).items()
        if "enum" in value
    }


def test_a_condition_may_name_what_lot_yaml_may_hold() -> None:
    conditions = _schema("specification")["$defs"]["conditions"]["properties"]
    facts = _facts_of_a_lot()

    assert conditions
    for fact, values in conditions.items():
        assert values["items"]["enum"] == facts[fact]


@pytest.mark.parametrize("name", sorted(specification_ids(CATALOGUE)))
def test_every_route_has_one_endotoxin_limit(name: str) -> None:
    found = specification_of_product(name, CATALOGUE, VOCABULARY)
    assert found is not None

    for route in _facts_of_a_lot()["route"]:
        limits = [
            criterion.accept.limits
            for criterion in found.criteria
            if "endotoxin" in criterion.tests and route in criterion.applies_when["route"]
        ]
        # USP <85>: K = 0.2 EU/kg intrathecally, 5 EU/kg by any other route.
        assert limits == [("0.2",) if route == "intrathecal" else ("5",)], route


@pytest.mark.parametrize("name", sorted(specification_ids(CATALOGUE)))
def test_what_grows_or_reacts_blocks_in_ours(name: str) -> None:
    found = specification_of_product(name, CATALOGUE, VOCABULARY)
    assert found is not None

    absence = {"sterility", "rapid", "mycoplasma", "donor", "endotoxin"}
    unblocking = {
        criterion.id
        for criterion in found.criteria
        if VOCABULARY.tests[criterion.tests[0]].family in absence
        and criterion.importance not in (Importance.BLOCKING, Importance.PENDING_ALLOWED)
    }
    # 21 CFR 1271.85(b)(2): a donor's CMV is told, and excludes nobody by itself.
    assert unblocking <= {"donor_cmv"}


# Exact 95 % intervals of 95 % (Clopper-Pearson): of 1,000 events, and of 100.
# ISHAGE counts at least 100 CD34+ cells, of which more are rarely there.
FEWEST = {
    "hpc-apheresis": ({100}, "88.7 to 98.4 %"),
    # Of CD45+ cells, customarily 75,000 at least.
    "hpc-apheresis-ishage": ({100, 75_000}, "88.7 to 98.4 %"),
}


@pytest.mark.parametrize("name", sorted(specification_ids(CATALOGUE)))
def test_a_gated_percentage_of_ours_is_of_enough_cells(name: str) -> None:
    found = specification_of_product(name, CATALOGUE, VOCABULARY)
    assert found is not None
    fewest, interval = FEWEST.get(name, ({1000}, "93.5 to 96.3 %"))

    gated = [c for c in found.criteria if set(c.tests) & set(found.populations)]

    assert {criterion.needs.min_parent_events for criterion in gated} <= fewest
    assert bool(gated) is (interval in found.notes)


def test_no_sample_is_of_before_and_after_the_harvest(tmp_path: Path) -> None:
    text = culture(evidence="{after_harvest: 'true', before_harvest: 'true'}")

    assert "before and after the harvest" in refusal(tmp_path, text)
