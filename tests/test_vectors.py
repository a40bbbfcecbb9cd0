"""The acceptance vectors of the field: inputs that a naive reader passes, whole lots each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from lots import (
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

from qcvalidate.assessment import Outcome, Verdict
from qcvalidate.errors import SpecificationError

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
STERILITY = specification(
    criterion(
        "sterility",
        "one_of: [negative]",
        more="evidence: {parts: [aerobic, anaerobic], min_days: '14', min_days_when_turbid: '18'}",
    )
)
ENDOTOXIN = specification(criterion("endotoxin", "at_most: '5'", "EU/kg"))
DATES = {"started": "2026-01-05", "ended": "2026-01-19"}


def media(**more: str) -> tuple[str, str]:
    return (
        row("sterility", **({"result": "No growth", "part": "aerobic"} | DATES | more)),
        row("sterility", **({"result": "No growth", "part": "anaerobic"} | DATES | more)),
    )


def test_t1_the_raw_value_decides_over_the_rounded_one(tmp_path: Path) -> None:
    both = write_lot(
        tmp_path / "lot",
        {
            "raw.csv": table(row("viability", "69.46", "%")),
            "coa.csv": table(row("viability", "69.5", "%")),
        },
    )

    found = assess(both, VIABILITY)

    assert found.verdict is Verdict.FAIL
    assert outcome(found, "viability").observed == "69.46 %"


def test_t1_a_printed_value_alone_passes_and_is_marked(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"coa.csv": table(row("viability", "69.5", "%"))})

    found = assess(lot, VIABILITY)

    assert found.verdict is Verdict.PASS
    assert outcome(found, "viability").reason == "69.5 % as reported rounds to 70"


def test_t2_a_half_goes_up(tmp_path: Path) -> None:
    spec = specification(criterion("cd45_positive", "at_most: '2'", "%"))
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("cd45_positive", "2.5", "%"))})

    found = assess(lot, spec)

    assert found.verdict is Verdict.FAIL
    assert "rounds to 3" in outcome(found, "cd45_positive").reason


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("at_least: '95'", Verdict.PASS), ("more_than: '95'", Verdict.FAIL)],
)
def test_t3_at_least_is_not_more_than(tmp_path: Path, accept: str, expected: Verdict) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("cd73_positive", "95.0", "%"))})

    assert assess(lot, specification(criterion("cd73_positive", accept, "%"))).verdict is expected


def test_t4_gram_negative_rods_are_not_negative(tmp_path: Path) -> None:
    spec = specification(criterion("gram_stain", "one_of: [negative]"))
    lot = write_lot(
        tmp_path / "lot", {"a.csv": table(row("gram_stain", "Gram-negative rods seen"))}
    )

    found = assess(lot, spec)

    assert found.verdict is Verdict.FAIL
    assert outcome(found, "gram_stain").slug == "organisms-seen"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("non-sterile", Verdict.FAIL),
        ("does not comply", Verdict.FAIL),
        ("positive control: growth; sample: no growth", Verdict.PASS),
        ("positive control: no growth; sample: no growth", Verdict.HOLD),
        ("negative control: no growth; sample: growth", Verdict.FAIL),
    ],
)
def test_t5_the_clause_about_the_sample_decides(
    tmp_path: Path, result: str, expected: Verdict
) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*media(result=result))})

    assert assess(lot, STERILITY).verdict is expected


def test_t6_fourteen_days_in_words_and_thirteen_in_dates(tmp_path: Path) -> None:
    rows = media(result="no growth after 14 days", started="05-Jan-2026", ended="18-Jan-2026")
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)})

    found = assess(lot, STERILITY)

    assert found.verdict is Verdict.HOLD
    assert "incubated 13 days" in outcome(found, "sterility").reason


@pytest.mark.parametrize(
    ("ended", "method", "expected"),
    [
        ("2026-01-20", "direct inoculation", Verdict.HOLD),
        ("2026-01-23", "direct inoculation, transfer on day 14", Verdict.PASS),
        ("2026-01-22", "direct inoculation, transfer on day 14", Verdict.HOLD),
        ("2026-01-23", "direct inoculation", Verdict.HOLD),
    ],
)
def test_t7_a_turbid_medium_needs_a_transfer_and_four_days(
    tmp_path: Path, ended: str, method: str, expected: Verdict
) -> None:
    rows = media(turbidity="turbid", ended=ended, method=method)
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)})

    assert assess(lot, STERILITY).verdict is expected


def test_t8_five_per_millilitre_is_not_five_per_kilogram(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("endotoxin", "5", "EU/mL"))})

    found = assess(lot, ENDOTOXIN)

    assert found.verdict is Verdict.FAIL
    assert "7.143 EU/kg" in outcome(found, "endotoxin").reason


def test_t8_the_intrathecal_limit_is_its_own(tmp_path: Path) -> None:
    lot = write_lot(
        tmp_path / "lot",
        {"a.csv": table(row("endotoxin", "5", "EU/mL"))},
        manifest(route="intrathecal", volume="3.5"),
    )

    found = assess(lot, specification(criterion("endotoxin", "at_most: '0.2'", "EU/kg")))

    assert found.verdict is Verdict.FAIL
    assert "rounds to 0.3" in outcome(found, "endotoxin").reason


def test_t9_a_bound_above_the_limit_settles_nothing(tmp_path: Path) -> None:
    lot = write_lot(
        tmp_path / "lot", {"a.csv": table(row("endotoxin", "<10 EU/mL"))}, manifest(volume="40")
    )

    found = assess(lot, ENDOTOXIN)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "endotoxin").outcome is Outcome.INDETERMINATE
    assert "below 5.714 EU/kg" in outcome(found, "endotoxin").reason


def test_t14_criteria_for_cultured_cells_do_not_apply_to_marrow(tmp_path: Path) -> None:
    lot_yaml = manifest("bmac-same-day").replace("culture_expanded", "minimal")
    rows = [row("cd105_positive", "0.3", "%"), row("gram_stain", "No organisms seen"), *media()]
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)}, lot_yaml)

    found = assess(lot)

    assert outcome(found, "cd105_positive").outcome is Outcome.NOT_APPLICABLE
    assert found.verdict is Verdict.PASS


def test_t14_cd34_of_adipose_cells_is_no_failure(tmp_path: Path) -> None:
    lot_yaml = manifest("svf-same-day").replace("culture_expanded", "enzymatic")
    lot = write_lot(
        tmp_path / "lot",
        {"a.csv": table(row("cd34_positive", "35", "%"))},
        lot_yaml.replace("bone_marrow", "adipose"),
    )

    assert outcome(assess(lot), "cd34_positive").outcome is Outcome.PASS


def test_t17_a_thousand_or_one_and_a_quarter(tmp_path: Path) -> None:
    spec = specification(criterion("total_nucleated_cells", "at_least: '1000'", "cells"))
    files: dict[str, str | bytes] = {"a.csv": table(row("total_nucleated_cells", "1,250", "cells"))}
    undeclared = write_lot(tmp_path / "a", files)
    point = write_lot(tmp_path / "b", files, manifest() + 'locale: {decimal: "."}\n')
    comma = write_lot(tmp_path / "c", files, manifest() + 'locale: {decimal: ","}\n')

    found = assess(undeclared, spec)

    assert found.verdict is Verdict.HOLD
    assert "number-ambiguous" in slugs(found)
    assert "can be read in two ways" in outcome(found, "total_nucleated_cells").reason
    assert assess(point, spec).verdict is Verdict.PASS
    assert assess(comma, spec).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("started", "ended", "expected"),
    [
        ("03/04/2026", "17/04/2026", Verdict.PASS),  # the second proves day before month
        ("03/04/2026", "04/05/2026", Verdict.HOLD),  # nothing proves anything
    ],
)
def test_t18_a_second_date_may_prove_the_order(
    tmp_path: Path, started: str, ended: str, expected: Verdict
) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*media(started=started, ended=ended))})

    assert assess(lot, STERILITY).verdict is expected


PPC = criterion(
    "endotoxin_ppc", "within: ['50', '200']", "%", "when_not_met: INVALID, presence: when_reported"
)


@pytest.mark.parametrize(
    ("recovery", "expected"),
    [
        ("230", Outcome.INVALID),
        ("200", Outcome.PASS),
        ("50", Outcome.PASS),
        ("49.4", Outcome.INVALID),
    ],
)
def test_t10_a_recovery_outside_its_range_voids_the_test(
    tmp_path: Path, recovery: str, expected: Outcome
) -> None:
    spec = specification(criterion("endotoxin", "at_most: '0.5'", "EU/mL"), PPC)
    rows = row("endotoxin", "0.1", "EU/mL"), row("endotoxin_ppc", recovery, "%")
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)})

    found = assess(lot, spec)

    assert outcome(found, "endotoxin_ppc").outcome is expected
    assert found.verdict is (Verdict.PASS if expected is Outcome.PASS else Verdict.HOLD)


@pytest.mark.parametrize(
    "own", [[], [row("gram_stain", "No organisms seen", lot="24-017")], media(lot="24-017")[:1]]
)
def test_t12_another_lot_with_a_suffix_answers_for_nothing(tmp_path: Path, own: list[str]) -> None:
    lot_yaml = manifest().replace("lot: L-1", "lot: '24-017'")
    rows = [*media(lot="24-017A"), *own]
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)}, lot_yaml)

    found = assess(lot, STERILITY)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "sterility").outcome is Outcome.MISSING


def test_t13_only_a_fresh_product_goes_out_before_its_final_culture(tmp_path: Path) -> None:
    running = media(
        result="No growth to date, day 10", status="preliminary", started="2026-04-08", ended=""
    )
    fresh = write_lot(
        tmp_path / "fresh",
        {"a.csv": table(row("gram_stain", "No organisms seen"), *running)},
        manifest("bmac-same-day").replace("culture_expanded", "minimal"),
    )
    frozen = write_lot(tmp_path / "frozen", {"a.csv": table(*running)})

    released, held = assess(fresh), assess(frozen, STERILITY)

    assert released.verdict is Verdict.CONDITIONAL
    assert released.due == dt.date(2026, 4, 22)
    assert held.verdict is Verdict.HOLD
    assert "waits for the final result" in outcome(held, "sterility").reason


def test_t19_a_viable_concentration_is_not_multiplied_again(tmp_path: Path) -> None:
    spec = specification(
        criterion("viable_cell_concentration", "at_least: '7.0e6'", "cells/mL"),
        criterion("viable_dose_per_kg", "at_least: '1.10e7'", "cells/kg"),
        criterion("viability", "at_least: '70'", "%"),
    )
    spec = spec.replace(
        "test: viable_dose_per_kg", "test: [viable_dose_per_kg, viable_cell_concentration]"
    )
    rows = row("viable_cell_concentration", "8e6", "cells/mL"), row("viability", "80", "%")
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)})

    found = assess(lot, spec)

    # 8e6 cells/mL x 100 mL / 70 kg = 1.142857e7 cells/kg; times 0.8 it would be 9.1e6.
    assert outcome(found, "viable_dose_per_kg").outcome is Outcome.PASS
    assert "1.143e7" in outcome(found, "viable_dose_per_kg").reason


def test_t20_a_clinical_culture_of_five_days_is_no_release_read(tmp_path: Path) -> None:
    rows = media(
        result="Final: no growth at 5 days",
        method="blood culture, BacT/ALERT",
        started="2026-01-05",
        ended="2026-01-10",
    )
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)})

    found = assess(lot, STERILITY)

    assert found.verdict is Verdict.HOLD
    assert "incubated 5 days" in outcome(found, "sterility").reason


def test_t21_an_endotoxin_limit_that_points_upwards_is_refused(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("endotoxin", "0.1", "EU/mL"))})

    with pytest.raises(SpecificationError, match="endotoxin"):
        assess(lot, specification(criterion("endotoxin", "more_than: '0.5'", "EU/mL")))


@pytest.mark.parametrize(("count", "expected"), [("12", Verdict.HOLD), ("100", Verdict.PASS)])
def test_t24_twelve_cells_settle_no_dose(tmp_path: Path, count: str, expected: Verdict) -> None:
    spec = specification(
        criterion("cd34_positive", "at_least: '0.5'", "%", more="evidence: {min_events: '100'}")
    )
    columns = "lot,test,result,unit,status,numerator,denominator\n"
    total = str(int(int(count) / 0.008))
    line = f"L-1,cd34_positive,{100 * int(count) / int(total):.3f},%,final,{count},{total}\n"
    lot = write_lot(tmp_path / "lot", {"a.csv": columns + line})

    assert assess(lot, spec).verdict is expected


def test_t25_growth_in_the_negative_control_voids_the_test(tmp_path: Path) -> None:
    rows = [*media(), row("sterility", "Growth", part="aerobic", role="negative control", **DATES)]
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows)})

    found = assess(lot, STERILITY)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "sterility").outcome is Outcome.INVALID
