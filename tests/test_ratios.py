"""A MycoAlert ratio is read by its bands, and never lets words pass that it contradicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, outcome, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict

SPEC = specification(criterion("mycoplasma", "one_of: [negative]"))
PAGE = """CERTIFICATE OF ANALYSIS
Example Laboratories
Report No: R-1001
Lot: L-1
Date started: 2026-04-02
Date completed: 2026-04-03
Date issued: 2026-04-04
Method: MycoAlert PLUS

Test            Result
Mycoplasma      {result}

{more}
Approved by: Jane Roe
Signed on: 2026-04-04
"""


def judged(folder: Path, text: str, name: str = "a.csv") -> Assessment:
    return assess(write_lot(folder / "lot", {name: text}), SPEC)


# The kit: below 0.9 negative, 0.9 to 1.2 tested again, above 1.2 positive (domain facts 3.6.5).
@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("0.89", Outcome.PASS),
        ("0.9", Outcome.INDETERMINATE),
        ("1.2", Outcome.INDETERMINATE),
        ("1.21", Outcome.FAIL),
        ("< 0.9", Outcome.PASS),
        ("< 0.91", Outcome.INDETERMINATE),
        ("> 1.2", Outcome.FAIL),
        ("Ratio 0,45", Outcome.PASS),
        ("Negative (ratio 0.45)", Outcome.PASS),
        ("Negative, B/A ratio = 0.45", Outcome.PASS),
        ("0.45 (negative)", Outcome.PASS),
        ("Positive (ratio 5.1)", Outcome.FAIL),
        ("Negative (ratio 1.3)", Outcome.INDETERMINATE),
        ("Negative (ratio 1.0)", Outcome.INDETERMINATE),
        ("Positive (ratio 0.5)", Outcome.INDETERMINATE),
        ("Negative (ratio 0.45), repeated: 1.3", Outcome.INDETERMINATE),
        ("ratio 0.4 / 1.5", Outcome.INDETERMINATE),
        ("0", Outcome.INDETERMINATE),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_a_ratio_has_its_bands(tmp_path: Path, result: str, expected: Outcome, name: str) -> None:
    text = table(row("mycoplasma", result, method="MycoAlert"))
    if name == "a.txt":
        text = PAGE.format(result=result, more="")

    found = judged(tmp_path, text, name)

    assert outcome(found, "mycoplasma").outcome is expected


@pytest.mark.parametrize(
    ("result", "slug"),
    [
        ("Negative (ratio 1.3)", "ratio-contradicts-words"),
        ("Positive (ratio 0.5)", "ratio-contradicts-words"),
        ("Negative (ratio 1.0)", "ratio-borderline"),
        ("1.05", "ratio-borderline"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_what_settles_nothing_holds_and_says_why(
    tmp_path: Path, result: str, slug: str, name: str
) -> None:
    text = table(row("mycoplasma", result, method="MycoAlert"))
    if name == "a.txt":
        text = PAGE.format(result=result, more="")

    found = judged(tmp_path, text, name)

    assert found.verdict is Verdict.HOLD
    assert slug in slugs(found)
    assert "result-wording-unknown" not in slugs(found)


def test_a_number_alone_is_a_ratio_only_where_its_name_or_method_says_so(tmp_path: Path) -> None:
    found = judged(tmp_path, table(row("mycoplasma", "0.45", method="NAT")))

    assert outcome(found, "mycoplasma").outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ("Ratio B/A: 1.5", "ratio-contradicts-words"),
        ("Ratio B/A: 1.05", "ratio-borderline"),
        ("Ratio B/A: 0.5", None),
        ("Positive control ratio: 25.3", None),
        ("A260/A280 ratio: 1.85", None),
    ],
)
def test_a_ratio_elsewhere_on_the_page(tmp_path: Path, more: str, slug: str | None) -> None:
    found = judged(tmp_path, PAGE.format(result="Negative", more=more), "a.txt")

    told = slugs(found) & {"ratio-contradicts-words", "ratio-borderline"}
    assert told == ({slug} if slug else set())
    assert not slug or found.verdict is Verdict.HOLD


def test_a_row_of_its_own(tmp_path: Path) -> None:
    rows = (row("mycoplasma", "Negative"), row("MycoAlert ratio", "1.5"))

    assert judged(tmp_path, table(*rows)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("header", "ratio", "expected"),
    [
        ("lot,Mycoplasma,MycoAlert ratio", "1.5", Verdict.HOLD),
        ("lot,Mycoplasma,MycoAlert ratio", "0.5", Verdict.PASS),
        ("lot,Mycoplasma,Ratio", "1.0", Verdict.HOLD),
        ("lot,Mycoplasma,Ratio", "-", Verdict.PASS),
    ],
)
def test_a_column_of_its_own(tmp_path: Path, header: str, ratio: str, expected: Verdict) -> None:
    found = judged(tmp_path, f"{header}\nL-1,Negative,{ratio}\n")

    assert found.verdict is expected
