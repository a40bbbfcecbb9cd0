"""The lightest recipient, hours after the harvest, and a dose that was given: of lot.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, manifest, outcome, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Outcome, Verdict

STERILITY = specification(criterion("sterility", "one_of: [negative]"))
GIVEN = ", administered: 2026-04-16 09:00}"


@pytest.mark.parametrize(
    ("result", "given", "told"),
    [
        ("Growth of Cutibacterium acnes", True, True),
        ("Growth of Cutibacterium acnes", False, False),
        ("No growth", True, False),
    ],
)
def test_growth_in_what_was_given_calls_for_notification(
    tmp_path: Path, result: str, given: bool, told: bool
) -> None:
    lot = manifest()
    if given:
        lot = lot.rstrip().removesuffix("}") + GIVEN + "\n"

    found = assess(
        write_lot(tmp_path / "l", {"a.csv": table(row("sterility", result))}, lot), STERILITY
    )

    assert ("positive-after-administration" in slugs(found)) is told
    assert found.verdict is (Verdict.PASS if result == "No growth" else Verdict.FAIL)
    if told:
        (finding,) = [one for one in found.findings if one.slug == "positive-after-administration"]
        assert "call the treating physician" in finding.message


# 3.5 EU/mL x 100 mL: 5.0 EU/kg of 70 kg, 8.75 of 40.
@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("recipient_weight_kg: 70", Outcome.PASS),
        ("lightest_recipient_kg: 70", Outcome.PASS),
        ("lightest_recipient_kg: 40", Outcome.FAIL),
        ("recipient_weight_kg: 70, lightest_recipient_kg: 40", Outcome.PASS),
    ],
)
def test_endotoxin_is_judged_by_the_lightest_where_nobody_is_known(
    tmp_path: Path, weights: str, expected: Outcome
) -> None:
    spec = specification(criterion("endotoxin", "at_most: '5'", "EU/kg"))
    lot = manifest().replace("recipient_weight_kg: 70", weights)
    files: dict[str, str | bytes] = {"a.csv": table(row("endotoxin", "3.5", "EU/mL"))}

    found = assess(write_lot(tmp_path / "lot", files, lot), spec)

    assert outcome(found, "endotoxin").outcome is expected


def test_a_dose_per_kilogram_is_not_of_the_lightest(tmp_path: Path) -> None:
    spec = specification(criterion("viable_dose", "at_least: '1.0e6'", "cells/kg"))
    lot = manifest().replace("recipient_weight_kg: 70", "lightest_recipient_kg: 40")
    files: dict[str, str | bytes] = {"a.csv": table(row("viable_dose", "1e8", "cells"))}

    found = assess(write_lot(tmp_path / "lot", files, lot), spec)

    assert outcome(found, "viable_dose").outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("measured_at", "expected"),
    [
        ("2026-04-15 14:00", Outcome.PASS),
        ("2026-04-15 14:01", Outcome.INDETERMINATE),
        ("2026-04-15 09:59", Outcome.INDETERMINATE),
        ("", Outcome.INDETERMINATE),
    ],
)
def test_a_viability_has_its_hours_after_the_harvest(
    tmp_path: Path, measured_at: str, expected: Outcome
) -> None:
    asked = 'evidence: {max_hours_after_harvest: "4"}'
    spec = specification(criterion("viability", "at_least: '70'", "%", asked))
    lot = manifest().replace(
        "cryopreserved: false", "cryopreserved: false, harvested: 2026-04-15 10:00"
    )
    files: dict[str, str | bytes] = {
        "a.csv": table(row("viability", "91", "%", measured_at=measured_at))
    }

    found = assess(write_lot(tmp_path / "lot", files, lot), spec)

    assert outcome(found, "viability").outcome is expected
