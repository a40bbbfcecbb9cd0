"""A mycoplasma culture has its 28 days, and a nucleic acid test none (USP <63>, Ph. Eur. 2.6.7)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from lots import LABORATORY, assess, criterion, outcome, row, specification, table, write_lot

from qcvalidate.assessment import CriterionResult, Outcome
from qcvalidate.errors import SpecificationError
from qcvalidate.specification import load_specification

CULTURE = 'culture: {names: [culture, broth, growth], apart: [cell culture], min_days: "28"}'
SPEC = specification(criterion("mycoplasma", "one_of: [negative]", more=f"evidence: {{{CULTURE}}}"))


def judged(
    tmp_path: Path, as_of: dt.date | None = None, result: str = "Not detected", **said: str
) -> CriterionResult:
    lot = write_lot(tmp_path / "lot", {"a.csv": table(row("mycoplasma", result, **said))})
    return outcome(assess(lot, SPEC, as_of=as_of), "mycoplasma")


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2026-03-29", Outcome.PASS),  # 28 days
        ("2026-03-28", Outcome.INDETERMINATE),  # 27
        ("", Outcome.INDETERMINATE),
    ],
)
def test_a_culture_is_read_after_28_days(tmp_path: Path, ended: str, expected: Outcome) -> None:
    found = judged(tmp_path, method="Culture (broth)", started="2026-03-01", ended=ended)

    assert found.outcome is expected
    if expected is not Outcome.PASS:
        assert "at least 28" in found.reason
        assert "of a mycoplasma culture" in found.reason


@pytest.mark.parametrize(
    ("method", "result", "expected"),
    [
        ("NAT", "Not detected", Outcome.PASS),
        ("", "Not detected", Outcome.PASS),
        ("PCR of the cell culture", "Not detected", Outcome.PASS),
        ("USP <63>", "No growth", Outcome.INDETERMINATE),
        ("USP <63>, culture", "Not detected", Outcome.INDETERMINATE),
        ("PCR and culture", "Not detected", Outcome.INDETERMINATE),
        ("Culture and PCR of the cell culture", "Not detected", Outcome.INDETERMINATE),
    ],
)
def test_only_a_culture_takes_days(
    tmp_path: Path, method: str, result: str, expected: Outcome
) -> None:
    found = judged(tmp_path, result=result, method=method, started="2026-03-01", ended="2026-03-03")

    assert found.outcome is expected


# Begun on 1 March, it is due on the 29th.
@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(dt.date(2026, 3, 29), Outcome.PENDING), (dt.date(2026, 3, 30), Outcome.MISSING)],
)
def test_a_culture_is_pending_until_its_day(
    tmp_path: Path, as_of: dt.date, expected: Outcome
) -> None:
    found = judged(tmp_path, as_of, "pending", method="Culture", started="2026-03-01")

    assert found.outcome is expected
    assert "due 2026-03-29" in found.reason


@pytest.mark.parametrize("said", ["No growth to date", "No growth, day 7"])
def test_what_grew_so_far_is_pending(tmp_path: Path, said: str) -> None:
    found = judged(
        tmp_path,
        dt.date(2026, 3, 9),
        said,
        method="Culture",
        started="2026-03-01",
        status="preliminary",
    )

    assert found.outcome is Outcome.PENDING


def test_a_culture_that_grew_fails_on_any_day(tmp_path: Path) -> None:
    found = judged(tmp_path, result="Detected", method="Culture", started="2026-03-01")

    assert found.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "name", ["msc-expanded-allogeneic-cryopreserved", "msc-expanded-autologous-fresh"]
)
@pytest.mark.parametrize(
    ("method", "days"),
    [
        ("Culture method (broth and agar)", 28),
        ("Kulturmethode", 28),
        ("méthode de culture", 28),
        ("Indicator cell culture method", None),
        ("PCR from cell culture supernatant", None),
        ("NAT, spent culture medium", None),
        ("MycoAlert", None),
        ("", None),
    ],
)
def test_the_specifications_that_we_bring_know_a_culture(
    name: str, method: str, days: int | None
) -> None:
    (path,) = [one for one in LABORATORY.catalogue.files("specifications") if one.stem == name]
    loaded = load_specification(path, LABORATORY.catalogue, LABORATORY.vocabulary)
    (asked,) = [one for one in loaded.criteria if one.id == "mycoplasma"]

    assert asked.needs.days_of(method) == days


@pytest.mark.parametrize(
    ("test", "more", "fault"),
    [
        ("gram_stain", CULTURE, "culture is of a mycoplasma test"),
        ("mycoplasma", f'{CULTURE}, min_days: "14"', "culture has days of its own"),
        ("mycoplasma", CULTURE.replace("28", "0"), "1 to 366, not 0"),
    ],
)
def test_a_culture_that_cannot_be_meant_is_refused(
    tmp_path: Path, test: str, more: str, fault: str
) -> None:
    spec = specification(criterion(test, "one_of: [negative]", more=f"evidence: {{{more}}}"))

    with pytest.raises(SpecificationError, match=fault):
        assess(write_lot(tmp_path / "lot", {"a.csv": table()}), spec)
