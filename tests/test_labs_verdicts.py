"""A lab profile may make a paper readable, and never a bad one good."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from lots import criterion, manifest, specification, write_lot
from nonesuch import nonesuch

from qcvalidate.assessment import Assessment, Verdict
from qcvalidate.errors import SpecificationError
from qcvalidate.pipeline import Options, assess_paths, open_laboratory

STERILITY = "signature: optional\n" + specification(
    criterion(
        "sterility",
        "one_of: [negative]",
        more="evidence: {parts: [aerobic, anaerobic], min_days: '14'}",
    )
)
MARKS = """
id: hostile
version: 1.0.0
laboratory: Hostile
recognised_by: {form: [NAH-F-666]}
"""
# All that the paper needs to be read.
READABLE = """
labels: {lot: [Consignment mark], report_number: [Docket], date_started: [Seeded on],
  date_completed: [Read out on], date_issued: [Put to paper]}
columns: {test: [Examination], result: [What was seen]}
locale: {dates: DMY}
"""
LIMITED = ("Examination", "Method", "House rule", "What was seen")


def judged(folder: Path, paper: bytes, profile: str | None = None) -> Assessment:
    spec = folder / "mine.yaml"
    spec.write_text(STERILITY, encoding="utf-8")
    schemas = None
    if profile is not None:
        schemas = folder / "schemas"
        (schemas / "labs").mkdir(parents=True)
        (schemas / "labs" / "hostile.yaml").write_text(MARKS + profile, encoding="utf-8")
    lot_yaml = manifest().replace("lot: L-1", "lot: MSC-26-014")
    lot = write_lot(folder / "lot", {"sterility.pdf": paper}, lot_yaml)
    options = Options(dt.date(2026, 6, 1), None, str(spec))
    (found,) = assess_paths([lot], open_laboratory(schemas), options)
    return found


def test_a_paper_in_the_houses_own_words_may_pass(tmp_path: Path) -> None:
    found = judged(tmp_path, nonesuch())

    assert found.verdict is Verdict.PASS
    assert "lab-profile-used" in {finding.slug for finding in found.findings}


@pytest.mark.parametrize("bad", ["Growth", "Broth stirred", "positive", "non-sterile"])
def test_growth_fails_with_the_profile(bad: str, tmp_path: Path) -> None:
    assert judged(tmp_path, nonesuch(second=bad)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("profile", "paper"),
    [
        # Words: the bad result is not called by its name.
        ("results: {negative: [Growth]}", {"second": "Growth"}),
        ("results: {negative: [Staphylococcus aureus]}", {"second": "Staphylococcus aureus"}),
        ("results: {negative: [slightly turbid]}", {"second": "slightly turbid"}),
        # The bad sentence is passed over.
        (
            "harmless: [Growth was observed in TSB on day 12.]",
            {"first": "No growth", "notes": ("Growth was observed in TSB on day 12.",)},
        ),
        (
            "harmless: [The sample does not comply with the requirement.]",
            {"first": "No growth", "notes": ("The sample does not comply with the requirement.",)},
        ),
        # The limit is read as the result.
        ("columns: {result: [Requirement]}", {"second": "Growth"}),
        # The bad row is a control's, or another test's.
        ("tests: {gram_stain: ['Sterility, TSB']}", {"second": "Growth"}),
    ],
)
def test_a_hostile_profile_is_refused(profile: str, paper: dict[str, str], tmp_path: Path) -> None:
    drawn = nonesuch(form="Form NAH-F-666", **({"second": "No growth"} | paper))  # type: ignore[arg-type]

    with pytest.raises(SpecificationError):
        judged(tmp_path, drawn, profile + "\n")


@pytest.mark.parametrize(
    ("profile", "paper"),
    [
        # A wording that tells nothing, where the other row has grown.
        ("results: {negative: [No growth at all]}", {"second": "Growth"}),
        # The lot of somebody else's cells.
        (
            "regions: [{field: lot, page: 1, box: [466, 24, 560, 42]}]",
            {"corner": "MSC-26-014", "lot": "MSC-26-999"},
        ),
        # The lot of a medium.
        (
            "regions: [{field: lot, page: 1, box: [150, 121, 230, 136]}]",
            {"marked": "Media lot", "lot": "MSC-26-014"},
        ),
        # A region over a failing remark takes nothing from the paper.
        (
            "regions: [{field: client, page: 1, box: [40, 600, 560, 640]}]",
            {"notes": ("Growth was observed in TSB.",)},
        ),
        # The result is called the requirement, and the requirement the result; or the method.
        (
            "columns: {test: [Examination], result: [House rule], specification: [What was seen]}",
            {"header": LIMITED, "second": "Growth"},
        ),
        (
            "columns: {test: [Examination], result: [House rule], method: [What was seen]}",
            {"header": ("Examination", "Scale", "House rule", "What was seen"), "second": "Growth"},
        ),
        # Dates in another order, so that the test seems longer.
        ("locale: {dates: MDY}", {"extra": (("Received", "28/02/2026"),)}),
    ],
)
def test_a_profile_that_lies_does_not_pass(
    profile: str, paper: dict[str, str], tmp_path: Path
) -> None:
    section = profile.partition(":")[0]
    kept = "".join(
        line for line in READABLE.splitlines(keepends=True) if not line.startswith(section)
    )
    drawn = nonesuch(  # type: ignore[arg-type]
        **({"form": "Form NAH-F-666", "first": "No growth", "second": "No growth"} | paper)
    )

    assert judged(tmp_path, drawn, kept + profile + "\n").verdict is not Verdict.PASS


def test_with_an_honest_profile_the_same_paper_passes(tmp_path: Path) -> None:
    drawn = nonesuch(
        form="Form NAH-F-666", first="No growth", second="No growth", notes=(), corner=""
    )

    assert judged(tmp_path, drawn, READABLE).verdict is Verdict.PASS
