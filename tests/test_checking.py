"""Each criterion is asked for its evidence; what is absent, doubtful or unripe never passes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qcvalidate.assessment import CriterionResult, Outcome
from qcvalidate.catalogue import open_catalogue
from qcvalidate.checking import check, unasked_findings
from qcvalidate.frames import Observation, observations
from qcvalidate.manifest import Manifest
from qcvalidate.record import Severity
from qcvalidate.specification import EvidenceNeeds, Specification, load_specification
from qcvalidate.sufficiency import lacking
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
VOCABULARY = load_vocabulary(CATALOGUE)
AS_OF = dt.date(2026, 4, 1)
START = dt.date(2026, 3, 17)

SPECIFICATION = """
id: test
version: 1.0.0
title: A product
staged_release:
  {plan: wait, requires: [gram_stain], call: the physician, reference: SOP 1}
criteria:
  - {id: viability, title: Viability, test: viability, unit: "%", accept: {at_least: "70"},
     alert: {at_least: "75"}, reference: SOP 1, severity: blocking}
  - {id: sterility, title: Sterility, test: sterility, accept: {one_of: [negative]},
     evidence: {parts: [aerobic, anaerobic], min_days: "14", min_days_when_turbid: "18"},
     reference: SOP 1, severity: pending_allowed}
  - {id: gram_stain, title: Gram stain, test: gram_stain, accept: {one_of: [negative]},
     reference: SOP 1, severity: blocking}
  - {id: endotoxin, title: Endotoxin, test: endotoxin, unit: EU/kg, accept: {at_most: "5"},
     applies_when: {route: [intravenous]}, reference: SOP 1, severity: blocking}
  - {id: ppc, title: PPC, test: endotoxin_ppc, unit: "%", accept: {within: ["50", "200"]},
     when_not_met: INVALID, presence: when_reported, reference: SOP 1, severity: blocking}
  - {id: thawed, title: Viability after thaw, test: viability, unit: "%", accept: {at_least: "70"},
     evidence: {max_hours_after_thaw: "2"}, reference: SOP 1, severity: information}
  - {id: rare, title: CD34, test: cd34_positive, unit: "%", accept: {at_least: "1"},
     evidence: {min_events: "100"}, reference: SOP 1, severity: information}
  - {id: dose, title: Dose, test: [viable_dose, viable_cell_concentration], unit: cells,
     accept: {at_least: "1.0e6"}, reference: SOP 1, severity: information}
"""


@pytest.fixture(scope="module")
def specification(tmp_path_factory: pytest.TempPathFactory) -> Specification:
    path = Path(tmp_path_factory.mktemp("spec")) / "test.yaml"
    path.write_text(SPECIFICATION, encoding="utf-8")
    return load_specification(path, CATALOGUE, VOCABULARY)


def percent(value: str, test: str = "viability", **more: Any) -> Observation:
    number = Decimal(value)
    return Observation(
        **{  # type: ignore[arg-type]
            "test": test,
            "result": f"{value} %",
            "source": "a.csv",
            "lower": number,
            "upper": number,
            "unit": "%",
        }
        | more
    )


def said(reading: str, test: str = "gram_stain", **more: Any) -> Observation:
    return Observation(
        **{"test": test, "result": reading, "reading": reading, "source": "a.pdf"} | more  # type: ignore[arg-type]
    )


def sterility(
    part: str, reading: str = "negative", days: int | None = 14, **more: Any
) -> Observation:
    dates = {} if days is None else {"started": START, "ended": START + dt.timedelta(days=days)}
    return said(reading, "sterility", part=part, **(dates | more))


def result(
    specification: Specification,
    id_: str,
    *found: Observation,
    manifest: Manifest | None = None,
    as_of: dt.date = AS_OF,
) -> CriterionResult:
    manifest = manifest or Manifest(facts={"route": "intravenous"})
    results = check(specification, observations(found), manifest, VOCABULARY, as_of=as_of)
    assert [one.id for one in results] == [one.id for one in specification.criteria]
    return next(one for one in results if one.id == id_)


def test_every_criterion_has_a_result_even_with_no_evidence(specification: Specification) -> None:
    results = check(specification, observations([]), Manifest(), VOCABULARY, as_of=AS_OF)

    assert [one.outcome for one in results] == [
        Outcome.MISSING,
        Outcome.MISSING,
        Outcome.MISSING,
        Outcome.MISSING,  # whether the endotoxin limit applies, nobody states
        Outcome.NOT_APPLICABLE,  # judged when reported
        Outcome.MISSING,
        Outcome.MISSING,
        Outcome.MISSING,
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("75", Outcome.PASS),
        ("74.5", Outcome.PASS),
        ("74.4", Outcome.ALERT),
        ("69.5", Outcome.ALERT),
        ("69.4", Outcome.FAIL),
    ],
)
def test_a_value_at_its_limit_and_its_alert_limit(
    specification: Specification, value: str, expected: Outcome
) -> None:
    assert result(specification, "viability", percent(value)).outcome is expected


@pytest.mark.parametrize(
    ("id_", "row", "reading", "rounded"),
    [
        ("viability", percent("69.5"), "69.5 %", "70 %"),
        ("viability", percent("70"), "70 %", "70 %"),
        (
            "dose",
            percent("1.26e8", "viable_dose", result="126 million", unit="cells"),
            "1.26e8 cells",
            "1.26e8 cells",
        ),
        ("viability", percent("70", lower=Decimal("-Infinity")), "at most 70 %", ""),
        ("gram_stain", said("negative", result="None seen"), "negative", ""),
        ("gram_stain", said("unknown"), "unknown", ""),
    ],
)
def test_a_result_says_what_it_was_taken_for_and_rounded_to(
    specification: Specification, id_: str, row: Observation, reading: str, rounded: str
) -> None:
    found = result(specification, id_, row)

    assert (found.reading, found.rounded) == (reading, rounded)


def test_the_worst_row_decides_and_is_shown_first(specification: Specification) -> None:
    found = result(
        specification, "viability", percent("92", source="a.csv"), percent("64", source="b.csv")
    )

    assert found.outcome is Outcome.FAIL
    assert found.observed == "64 %"
    assert found.reason == "64 %; the limit is at least 70 %"
    assert [one.place.path for one in found.evidence] == ["b.csv", "a.csv"]
    assert (found.code, found.slug) == (301, "viability-below-limit")


def test_a_blank_result_is_missing(specification: Specification) -> None:
    blank = Observation(test="viability", result=" ", source="a.csv", region="row 2")

    found = result(specification, "viability", percent("92"), blank)

    assert found.outcome is Outcome.MISSING
    assert found.reason == "a.csv row 2 is blank"


def test_a_result_that_is_no_number_is_indeterminate(specification: Specification) -> None:
    odd = Observation(test="viability", result="nan", source="a.csv")

    assert result(specification, "viability", odd).outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize("state", ["single_source", "conflict", "ambiguous"])
def test_a_doubtful_reading_may_fail_and_never_pass(
    specification: Specification, state: str
) -> None:
    good = result(specification, "viability", percent("92", state=state))
    bad = result(specification, "viability", percent("62", state=state))
    growth = result(specification, "gram_stain", said("positive", state=state))
    no_growth = result(specification, "gram_stain", said("negative", state=state))

    assert good.outcome is Outcome.INDETERMINATE
    assert bad.outcome is Outcome.FAIL
    assert growth.outcome is Outcome.FAIL
    assert no_growth.outcome is Outcome.INDETERMINATE


def test_a_count_whose_interval_reaches_over_the_limit_is_an_alert(
    specification: Specification,
) -> None:
    # 77 of 100 is 77 %; its exact 95 % interval begins at 67.5 %.
    counted = percent("77", numerator=77, denominator=100, ci_low=67.5, ci_high=84.8)

    assert result(specification, "viability", counted).outcome is Outcome.ALERT


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("negative", Outcome.PASS),
        ("positive", Outcome.FAIL),
        ("invalid", Outcome.INVALID),
        ("pending", Outcome.PENDING),
        ("unknown", Outcome.INDETERMINATE),
    ],
)
def test_each_reading_has_its_outcome(
    specification: Specification, reading: str, expected: Outcome
) -> None:
    assert result(specification, "gram_stain", said(reading)).outcome is expected


def test_a_cancelled_result_is_no_result(specification: Specification) -> None:
    found = result(specification, "gram_stain", said("negative", status="cancelled"))

    assert found.outcome is Outcome.MISSING


def test_a_preliminary_pass_is_pending_and_a_preliminary_failure_fails(
    specification: Specification,
) -> None:
    good = result(specification, "gram_stain", said("negative", status="preliminary"))
    bad = result(specification, "gram_stain", said("positive", status="preliminary"))

    assert good.outcome is Outcome.PENDING
    assert bad.outcome is Outcome.FAIL


def test_both_media_after_fourteen_days_pass(specification: Specification) -> None:
    found = result(specification, "sterility", sterility("aerobic"), sterility("anaerobic"))

    assert found.outcome is Outcome.PASS


def test_one_medium_is_not_enough(specification: Specification) -> None:
    found = result(specification, "sterility", sterility("aerobic"))

    assert found.outcome is Outcome.MISSING
    assert found.reason.startswith("no result for the anaerobic part; documents report aerobic.")
    assert found.slug == "sterility-incomplete"


def test_one_bad_bottle_in_forty_fails(specification: Specification) -> None:
    bottles = [sterility("aerobic", region=f"bottle {n}") for n in range(1, 40)]
    bottles.insert(36, sterility("aerobic", "positive", region="bottle 37"))

    found = result(specification, "sterility", *bottles, sterility("anaerobic"))

    assert found.outcome is Outcome.FAIL
    assert found.evidence[0].place.region == "bottle 37"
    assert len(found.evidence) == 41


@pytest.mark.parametrize("days", [13, None])
def test_too_few_days_or_unstated_dates_do_not_settle_it(
    specification: Specification, days: int | None
) -> None:
    found = result(
        specification, "sterility", sterility("aerobic", days=days), sterility("anaerobic")
    )

    assert found.outcome is Outcome.INDETERMINATE
    assert found.slug == "sterility-incomplete"


def test_a_day_in_the_wording_counts_beside_the_dates(specification: Specification) -> None:
    found = result(
        specification, "sterility", sterility("aerobic", days=15, day=7), sterility("anaerobic")
    )

    assert found.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("days", "method", "expected"),
    [
        (15, "direct inoculation", Outcome.INDETERMINATE),
        (18, "direct inoculation", Outcome.INDETERMINATE),
        (17, "direct inoculation, transfer on day 14", Outcome.INDETERMINATE),
        (18, "direct inoculation, transfer on day 14", Outcome.PASS),
    ],
)
def test_a_turbid_product_needs_a_transfer_and_four_more_days(
    specification: Specification, days: int, method: str, expected: Outcome
) -> None:
    turbid = sterility("aerobic", days=days, method=method, turbidity="turbid")

    found = result(specification, "sterility", turbid, sterility("anaerobic"))

    assert found.outcome is expected


def test_a_running_culture_is_pending_with_its_due_date(specification: Specification) -> None:
    running = [
        said("pending", "sterility", part=part, started=START, day=6)
        for part in ("aerobic", "anaerobic")
    ]

    found = result(
        specification, "sterility", *running, said("negative"), as_of=dt.date(2026, 3, 23)
    )

    assert found.outcome is Outcome.PENDING
    assert found.due == dt.date(2026, 3, 31)
    assert found.slug == "sterility-final-pending"


@pytest.mark.parametrize("unknown", ["aerobic", "anaerobic"])
def test_of_two_running_cultures_the_one_without_its_start_holds(
    specification: Specification, unknown: str
) -> None:
    running = [
        said("pending", "sterility", part=part, started=None if part == unknown else START)
        for part in ("aerobic", "anaerobic")
    ]

    found = result(
        specification, "sterility", *running, said("negative"), as_of=dt.date(2026, 3, 23)
    )

    assert found.outcome is Outcome.PENDING
    assert found.due is None
    assert "no start of the test is stated" in found.reason


def test_a_running_culture_without_its_staged_plan_has_no_due_date(
    specification: Specification,
) -> None:
    running = [
        said("pending", "sterility", part=part, started=START) for part in ("aerobic", "anaerobic")
    ]

    found = result(specification, "sterility", *running, as_of=dt.date(2026, 3, 23))

    assert found.outcome is Outcome.PENDING
    assert found.due is None


def test_a_final_result_that_is_overdue_is_missing(specification: Specification) -> None:
    running = [
        said("pending", "sterility", part=part, started=START) for part in ("aerobic", "anaerobic")
    ]

    found = result(
        specification, "sterility", *running, said("negative"), as_of=dt.date(2026, 4, 1)
    )

    assert found.outcome is Outcome.MISSING


def test_a_preliminary_paper_beside_the_final_one_does_not_hold(
    specification: Specification,
) -> None:
    early = sterility("aerobic", "pending", days=None, status="preliminary")

    found = result(specification, "sterility", sterility("aerobic"), sterility("anaerobic"), early)

    assert found.outcome is Outcome.PASS


def test_an_assay_that_a_final_paper_calls_pending_is_not_settled_by_another(
    specification: Specification,
) -> None:
    nat, antigen = said("negative"), said("pending")
    printed = replace(antigen, status="preliminary", page=1)

    for row in (antigen, printed):
        assert result(specification, "gram_stain", nat, row).outcome is Outcome.PENDING
    elsewhere = result(specification, "gram_stain", nat, replace(printed, source="early.pdf"))
    assert elsewhere.outcome is Outcome.PASS


@pytest.mark.parametrize("state", ["conflict", "ambiguous", "single_source"])
def test_a_doubtful_reading_of_a_running_culture_is_not_waited_for(
    specification: Specification, state: str
) -> None:
    sure, doubtful = (
        said("pending", "sterility", part=part, started=START) for part in ("aerobic", "anaerobic")
    )
    running = [sure, replace(doubtful, state=state), said("negative")]

    found = result(specification, "sterility", *running, as_of=dt.date(2026, 3, 23))

    assert found.outcome is Outcome.INDETERMINATE
    assert "which supports no release" in found.reason


def test_preliminary_growth_is_not_overtaken_by_a_final_result(
    specification: Specification,
) -> None:
    early = sterility("aerobic", "positive", days=None, status="preliminary")

    found = result(specification, "sterility", sterility("aerobic"), sterility("anaerobic"), early)

    assert found.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("role", "reading"),
    [("negative_control", "positive"), ("blank", "positive"), ("positive_control", "negative")],
)
def test_a_control_that_misbehaved_voids_the_test(
    specification: Specification, role: str, reading: str
) -> None:
    found = result(specification, "gram_stain", said("negative"), said(reading, role=role))

    assert found.outcome is Outcome.INVALID


def test_a_control_is_never_the_samples_result(specification: Specification) -> None:
    growing = said("positive", role="positive_control")
    clean = said("negative", role="negative_control")

    alone = result(specification, "gram_stain", growing, clean)
    beside = result(specification, "gram_stain", growing, clean, said("negative"))

    assert alone.outcome is Outcome.MISSING
    assert beside.outcome is Outcome.PASS


def endotoxin(text: str, low: str, high: str, *, closed: bool = True) -> Observation:
    return Observation(
        test="endotoxin",
        result=text,
        source="a.pdf",
        lower=Decimal(low),
        upper=Decimal(high),
        lower_closed=closed,
        upper_closed=closed,
        unit="EU/mL",
    )


def given(volume: str | None, weight: str | None, route: str = "intravenous") -> Manifest:
    return Manifest(
        facts={"route": route},
        volume_mL=Decimal(volume) if volume else None,
        recipient_weight_kg=Decimal(weight) if weight else None,
    )


@pytest.mark.parametrize(
    ("observed", "volume", "expected"),
    [
        (endotoxin("5 EU/mL", "5", "5"), "100", Outcome.FAIL),  # T8: 7.1 EU/kg
        (endotoxin("2 EU/mL", "2", "2"), "20", Outcome.PASS),  # 0.57 EU/kg
        (
            endotoxin("<10 EU/mL", "-Infinity", "10", closed=False),
            "40",
            Outcome.INDETERMINATE,
        ),  # T9
        (endotoxin("<4 EU/mL", "-Infinity", "4", closed=False), "20", Outcome.PASS),
    ],
)
def test_endotoxin_is_judged_per_kilogram(
    specification: Specification, observed: Observation, volume: str, expected: Outcome
) -> None:
    found = result(specification, "endotoxin", observed, manifest=given(volume, "70"))

    assert found.outcome is expected


@pytest.mark.parametrize(("volume", "weight"), [(None, "70"), ("100", None), (None, None)])
def test_endotoxin_without_volume_or_weight_is_not_settled(
    specification: Specification, volume: str | None, weight: str | None
) -> None:
    observed = endotoxin("0.01 EU/mL", "0.01", "0.01")

    found = result(specification, "endotoxin", observed, manifest=given(volume, weight))

    assert found.outcome is Outcome.INDETERMINATE
    assert "lot.yaml" in found.reason


def test_a_criterion_for_another_route_does_not_apply(specification: Specification) -> None:
    found = result(specification, "endotoxin", manifest=given("1", "70", route="intrathecal"))

    assert found.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("recovery", "expected"), [("230", Outcome.INVALID), ("104", Outcome.PASS)]
)
def test_a_recovery_out_of_range_voids_and_does_not_fail(
    specification: Specification, recovery: str, expected: Outcome
) -> None:  # T10
    found = result(specification, "ppc", percent(recovery, "endotoxin_ppc"))

    assert found.outcome is expected


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ("2026-03-30 10:30", Outcome.PASS),
        ("2026-03-30 10:31", Outcome.INDETERMINATE),
        ("2026-03-30 08:29", Outcome.INDETERMINATE),  # before the thaw
        (None, Outcome.INDETERMINATE),
    ],
)
def test_viability_after_thaw_has_its_hours(
    specification: Specification, measured: str | None, expected: Outcome
) -> None:
    when = dt.datetime.fromisoformat(measured) if measured else None
    manifest = Manifest(thawed=dt.datetime(2026, 3, 30, 8, 30))

    found = result(specification, "thawed", percent("92", measured_at=when), manifest=manifest)

    assert found.outcome is expected


def test_viability_with_an_unstated_thaw_is_not_settled(specification: Specification) -> None:
    measured = percent("92", measured_at=dt.datetime(2026, 3, 30, 9))

    assert result(specification, "thawed", measured).outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(("events", "expected"), [(99, Outcome.INDETERMINATE), (100, Outcome.PASS)])
def test_a_rare_population_needs_its_events(
    specification: Specification, events: int, expected: Outcome
) -> None:
    counted = percent("5", "cd34_positive", numerator=events, denominator=2000)

    assert result(specification, "rare", counted).outcome is expected


def test_a_dose_is_a_concentration_times_the_volume_given(specification: Specification) -> None:
    concentration = Observation(
        test="viable_cell_concentration",
        result="8e6",
        source="a.csv",
        lower=Decimal("8e6"),
        upper=Decimal("8e6"),
        unit="cells/mL",
    )

    assert (
        result(specification, "dose", concentration, manifest=given("1", None)).outcome
        is Outcome.PASS
    )
    assert (
        result(specification, "dose", concentration, manifest=given("0.1", None)).outcome
        is Outcome.FAIL
    )
    assert result(specification, "dose", concentration).outcome is Outcome.INDETERMINATE


def test_a_share_of_cells_above_all_of_them_settles_nothing(specification: Specification) -> None:
    assert result(specification, "viability", percent("100")).outcome is Outcome.PASS
    assert result(specification, "viability", percent("928")).outcome is Outcome.INDETERMINATE


def test_a_recovery_may_be_above_a_hundred(specification: Specification) -> None:
    assert result(specification, "ppc", percent("150", "endotoxin_ppc")).outcome is Outcome.PASS


def test_growth_that_was_cancelled_does_not_go_away(specification: Specification) -> None:
    grown = said("positive", status="cancelled")

    alone = result(specification, "gram_stain", grown)
    beside = result(specification, "gram_stain", grown, said("negative"))

    assert alone.outcome is Outcome.INDETERMINATE
    assert beside.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize("reading", ["pending", "unknown"])
def test_an_open_control_leaves_its_test_open(specification: Specification, reading: str) -> None:
    found = result(
        specification, "gram_stain", said("negative"), said(reading, role="negative_control")
    )

    assert found.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(("blank", "expected"), [("50", Outcome.INVALID), ("0.01", Outcome.PASS)])
def test_a_blank_that_misses_the_limit_voids_the_test(
    specification: Specification, blank: str, expected: Outcome
) -> None:
    control = replace(endotoxin(f"{blank} EU/mL", blank, blank), role="blank")

    found = result(
        specification,
        "endotoxin",
        endotoxin("0.1 EU/mL", "0.1", "0.1"),
        control,
        manifest=given("20", "70"),
    )

    assert found.outcome is expected


def test_a_value_says_how_it_came_to_its_unit(specification: Specification) -> None:
    found = result(
        specification, "endotoxin", endotoxin("5 EU/mL", "5", "5"), manifest=given("100", "70")
    )

    assert found.reason.startswith("7.143 EU/kg (from 5 EU/mL x 100 mL / 70 kg)")


def test_a_multiple_is_shown_as_it_was_read(specification: Specification) -> None:
    thousands = Observation(
        test="viable_cell_concentration",
        result="41.2",
        source="a.csv",
        lower=Decimal("41200000"),
        upper=Decimal("41200000"),
        unit="cells/mL",
    )

    found = result(specification, "dose", thousands, manifest=given("1", None))

    assert found.observed == "41.2 (read as 4.12e7 cells/mL)"


def test_a_missing_result_names_its_tests(specification: Specification) -> None:
    found = result(specification, "dose")

    assert found.reason.endswith("(viable_dose, viable_cell_concentration)")


def test_a_pending_result_that_may_not_be_says_that_the_lot_waits(
    specification: Specification,
) -> None:
    found = result(specification, "gram_stain", said("pending"))

    assert "no staged plan" in found.reason


NEEDS = EvidenceNeeds
HARVEST = Manifest(harvested=dt.datetime(2026, 3, 16, 9))


@pytest.mark.parametrize(
    ("needs", "row", "sufficient"),
    [
        (NEEDS(after_harvest=True), sterility("aerobic"), True),
        (NEEDS(after_harvest=True), sterility("aerobic", started=dt.date(2026, 3, 16)), True),
        (NEEDS(after_harvest=True), sterility("aerobic", started=dt.date(2026, 3, 15)), False),
        (NEEDS(after_harvest=True), percent("9", measured_at=dt.datetime(2026, 3, 15)), False),
        (NEEDS(after_harvest=True), percent("9"), True),
        (NEEDS(before_harvest=True), sterility("aerobic", started=dt.date(2026, 3, 13)), True),
        (NEEDS(before_harvest=True), sterility("aerobic", started=dt.date(2026, 3, 17)), False),
        (NEEDS(before_harvest=True), sterility("aerobic", days=None), False),
        (NEEDS(min_parent_events=1000), percent("9", numerator=9, denominator=999), False),
        (NEEDS(min_parent_events=1000), percent("9", numerator=0, denominator=1000), True),
        (NEEDS(min_parent_events=1000), percent("9"), True),
    ],
)
def test_what_a_result_must_bring_besides_its_value(
    needs: EvidenceNeeds, row: Observation, sufficient: bool
) -> None:
    assert (lacking(row, needs, HARVEST) is None) is sufficient


def test_a_bad_result_that_nobody_asks_about_holds(specification: Specification) -> None:
    detected = said("positive", "mycoplasma")
    frame = observations([detected, said("negative", "hiv")])
    results = check(specification, frame, Manifest(), VOCABULARY, as_of=AS_OF)

    found = list(unasked_findings(results, specification, frame, Manifest(), VOCABULARY))

    assert [(one.slug, one.severity) for one in found] == [("result-unasked", Severity.HOLD)]


def test_an_autologous_donors_own_infection_is_a_warning(specification: Specification) -> None:
    frame = observations([said("positive", "hiv")])
    manifest = Manifest(facts={"relation": "autologous"})
    results = check(specification, frame, manifest, VOCABULARY, as_of=AS_OF)

    (found,) = unasked_findings(results, specification, frame, manifest, VOCABULARY)

    assert found.severity is Severity.WARNING


def test_more_cells_than_a_millilitre_can_hold_settle_nothing(
    specification: Specification,
) -> None:
    packed = Observation(
        test="viable_cell_concentration",
        result="7.8e16",
        source="a.csv",
        lower=Decimal("7.8e16"),
        upper=Decimal("7.8e16"),
        unit="cells/mL",
    )

    found = result(specification, "dose", packed, manifest=given("1", None))

    assert found.outcome is Outcome.INDETERMINATE
