"""A short-lived product may go before its final culture, by a plan whose every element is there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from lots import LABORATORY, assess, manifest, outcome, row, specification, table, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.errors import SpecificationError

SPEC = """
id: mine
version: 1.0.0
title: Mine
staged_release:
  {plan: wait, requires: [in_process_culture, gram_stain], call: the physician, reference: SOP 1}
criteria:
  - {id: sterility, title: Sterility, test: sterility, accept: {one_of: [negative]},
     evidence: {min_days: "14", after_harvest: "true"}, reference: SOP 1, severity: pending_allowed}
  - {id: in_process_culture, title: In process, test: in_process_culture,
     accept: {one_of: [negative]}, reference: SOP 1, severity: blocking,
     evidence: {min_days: "2", before_harvest: "true", hours_before_harvest: ["48", "72"],
                interim: "true"}}
  - {id: gram_stain, title: Gram stain, test: gram_stain, accept: {one_of: [negative]},
     reference: SOP 1, severity: blocking}
"""
LOT = manifest().replace(
    "cryopreserved: false", "cryopreserved: false, harvested: 2026-04-15 10:00"
)


def judged(
    folder: Path,
    *,
    begun: str = "2026-04-15",
    gram: str = "No organisms seen",
    **in_process: str,
) -> Assessment:
    culture = {"started": "2026-04-12", "ended": "2026-04-15", "sample_id": "L-1-IP"} | in_process
    rows = (
        row("sterility", "No growth to date", status="preliminary", started=begun),
        row("in_process_culture", culture.pop("result", "No growth"), **culture),
        row("gram_stain", gram),
    )
    return assess(write_lot(folder / "lot", {"a.csv": table(*rows)}, LOT), SPEC)


def test_with_every_element_the_release_is_conditional(tmp_path: Path) -> None:
    found = judged(tmp_path)

    assert found.verdict is Verdict.CONDITIONAL
    assert found.due == dt.date(2026, 4, 29)


# FDA 2008 (domain facts 3.4.1): 48 to 72 hours before the harvest of 15 April.
@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("2026-04-11", Outcome.INDETERMINATE),
        ("2026-04-12", Outcome.PASS),
        ("2026-04-13", Outcome.PASS),
        ("2026-04-14", Outcome.INDETERMINATE),
    ],
)
def test_the_in_process_culture_begins_in_its_window(
    tmp_path: Path, started: str, expected: Outcome
) -> None:
    found = judged(tmp_path, started=started, ended="2026-04-17")

    one = outcome(found, "in_process_culture")
    assert one.outcome is expected
    assert (found.verdict is Verdict.CONDITIONAL) is (expected is Outcome.PASS)
    if expected is not Outcome.PASS:
        assert one.code == 806
        assert "it must start 48 to 72 hours before" in one.reason


@pytest.mark.parametrize(
    ("result", "more", "expected"),
    [
        ("No growth to date", {}, Outcome.PASS),
        ("No growth to date, day 2", {"ended": ""}, Outcome.PASS),
        ("No growth to date, day 1", {"ended": ""}, Outcome.INDETERMINATE),
        ("No growth to date", {"ended": "2026-04-13"}, Outcome.INDETERMINATE),
        ("No growth to date", {"ended": ""}, Outcome.INDETERMINATE),
        ("No growth", {}, Outcome.MISSING),  # of a paper that is not final, and does not say so
        ("Growth", {}, Outcome.FAIL),
    ],
)
def test_what_the_in_process_culture_showed_so_far_counts_after_its_days(
    tmp_path: Path, result: str, more: dict[str, str], expected: Outcome
) -> None:
    found = judged(tmp_path, result=result, status="preliminary", **more)

    assert outcome(found, "in_process_culture").outcome is expected


@pytest.mark.parametrize("result", ["in progress", "pending", "interim"])
def test_a_running_culture_that_showed_nothing_yet_does_not_count(
    tmp_path: Path, result: str
) -> None:
    found = judged(tmp_path, result=result, status="preliminary")

    assert outcome(found, "in_process_culture").outcome is not Outcome.PASS
    assert found.verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("begun", "verdict"),
    [
        ("2026-04-15", Verdict.CONDITIONAL),
        ("2026-04-14", Verdict.HOLD),
        ("", Verdict.HOLD),
        ("2026-04-21", Verdict.HOLD),
    ],
)
def test_the_culture_that_is_waited_for_is_of_the_harvested_product(
    tmp_path: Path, begun: str, verdict: Verdict
) -> None:
    assert judged(tmp_path, begun=begun).verdict is verdict


@pytest.mark.parametrize(
    ("gram", "kind"),
    [
        ("No organisms seen", "negative"),
        ("No organisms seen (negative)", "negative"),
        ("Moderate WBC seen. No organisms seen.", "negative"),
        ("No organisms seen; few epithelial cells", "negative"),
        ("No Gram-positive or Gram-negative bacteria seen", "negative"),
        ("Gram-negative rods seen", "positive"),
        ("Many WBC; Gram positive cocci seen", "positive"),
        ("Many nucleated cells. No organisms seen. Rare Gram negative rods", "positive"),
        ("Gram negative", "unknown"),
        ("Few WBC", "unknown"),
        ("Organisms and WBC seen", "unknown"),
    ],
)
def test_a_gram_stain_is_read_for_its_organisms(gram: str, kind: str) -> None:
    assert LABORATORY.vocabulary.result(gram, "gram_stain").kind == kind


@pytest.mark.parametrize(
    ("evidence", "fault"),
    [
        ('hours_before_harvest: ["48", "72"]', "beside before_harvest"),
        ('before_harvest: "true", hours_before_harvest: ["72", "48"]', "the first below"),
        ('before_harvest: "true", interim: "true"', "before_harvest and min_days"),
    ],
)
def test_a_window_that_cannot_be_meant_is_refused(
    tmp_path: Path, evidence: str, fault: str
) -> None:
    spec = specification(
        "{id: ip, title: IP, test: in_process_culture, accept: {one_of: [negative]}, "
        f"evidence: {{{evidence}}}, reference: SOP 1, severity: blocking}}"
    )

    with pytest.raises(SpecificationError, match=fault):
        assess(write_lot(tmp_path / "lot", {"a.csv": table()}), spec)
