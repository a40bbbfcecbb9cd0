"""How often a test was repeated, and how far its results lie apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, outcome, row, specification, table, write_lot

from qcvalidate.assessment import CriterionResult, Outcome
from qcvalidate.errors import SpecificationError

NEEDS = "evidence: {min_replicates: '3', max_cv_pct: '10'}"


def judged(tmp_path: Path, *documents: tuple[str, ...]) -> CriterionResult:
    spec = specification(criterion("viability", "at_least: '70'", "%", NEEDS))
    files: dict[str, str | bytes] = {
        f"{number}.csv": table(
            *(
                row("viability", value, "%", sample_id=f"{number}-{place}")
                for place, value in enumerate(values)
            )
        )
        for number, values in enumerate(documents)
    }
    return outcome(assess(write_lot(tmp_path / "lot", files), spec), "viability")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("80", "82", "84"), Outcome.PASS),
        (("80", "82"), Outcome.INDETERMINATE),
        # Mean 90, standard deviation 9: a coefficient of variation of 10 % just passes.
        (("81", "90", "99"), Outcome.PASS),
        # Mean 90, standard deviation 9.1.
        (("80.9", "90", "99.1"), Outcome.INDETERMINATE),
        # Their mean is 80; one alone misses the limit.
        (("69", "84", "87"), Outcome.FAIL),
        (("80", "82", "pending"), Outcome.INDETERMINATE),
    ],
)
def test_each_replicate_counts(tmp_path: Path, values: tuple[str, ...], expected: Outcome) -> None:
    assert judged(tmp_path, values).outcome is expected


def test_a_preliminary_value_is_no_replicate_yet(tmp_path: Path) -> None:
    spec = specification(criterion("viability", "at_least: '70'", "%", NEEDS))
    rows = [row("viability", value, "%") for value in ("80", "82")]
    last = row("viability", "84", "%", status="preliminary")
    lot = write_lot(tmp_path / "lot", {"a.csv": table(*rows, last)})

    assert outcome(assess(lot, spec), "viability").reason == (
        "2 of 3 replicates with a value in one document"
    )


def test_one_measurement_on_two_papers_is_no_replicate(tmp_path: Path) -> None:
    found = judged(tmp_path, ("80", "82"), ("80", "82"))

    assert found.outcome is Outcome.INDETERMINATE
    assert found.reason == "2 of 3 replicates with a value in one document"


def test_the_variation_is_told(tmp_path: Path) -> None:
    assert judged(tmp_path, ("71", "84", "97")).reason == (
        "3 replicates in 0.csv vary by 15.5 % (CV); at most 10 %"
    )


def test_growth_has_no_replicates(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("viability", "80", "%"))})

    with pytest.raises(SpecificationError, match="of a quantity"):
        assess(lot, specification(criterion("sterility", "one_of: [negative]", more=NEEDS)))
