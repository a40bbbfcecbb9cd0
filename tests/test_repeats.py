"""An invalid sterility test and its one repeat (USP <71>, Ph. Eur. 2.6.1): both sides of each edge.

Four grounds alone; the repeat complies without growth, and a second invalid test is no third
chance (domain facts 3.1.5, 3.1.6 and 3.2.3).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, manifest, outcome, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.record import Severity

SPEC = specification(
    criterion(
        "sterility",
        "one_of: [negative]",
        more='evidence: {parts: [aerobic, anaerobic], min_days: "14"}',
    )
)
DECLARED = {
    "file": "a.csv",
    "ground": "controls",
    "reason": "both controls turbid on day 3",
    "deviation": "D-17",
    "approved_by": "A. Roe",
    "approved_on": "2026-03-20",
    "repeat": "b.csv",
}


def declaring(*entries: dict[str, str]) -> str:
    listed = ", ".join(
        "{" + ", ".join(f"{k}: {v}" for k, v in one.items()) + "}" for one in entries
    )
    return f"{manifest()}invalidated: [{listed}]\n"


def sheet(result: str, started: str, ended: str, *, parts: str = "ae an", **more: str) -> str:
    named = {"ae": "aerobic", "an": "anaerobic"}
    days = {"started": started, "ended": ended}
    return table(*(row("sterility", result, part=named[p], **days, **more) for p in parts.split()))


INVALID = sheet("Invalid", "2026-03-01", "2026-03-15")
REPEAT = sheet("No growth", "2026-03-21", "2026-04-04")


def judged(
    tmp_path: Path,
    first: str = INVALID,
    again: str = REPEAT,
    entry: dict[str, str] | None = None,
    more: dict[str, str] | None = None,
) -> Assessment:
    files: dict[str, str | bytes] = {"a.csv": first, "b.csv": again, **(more or {})}
    lot = declaring(DECLARED | (entry or {}))
    return assess(write_lot(tmp_path / "lot", files, lot), SPEC)


def refusal(found: Assessment) -> str:
    (one,) = [each for each in found.findings if each.slug == "repeat-refused"]
    assert one.severity is Severity.HOLD
    return one.message


@pytest.mark.parametrize("ground", ["environment", "procedure", "controls", "organism"])
def test_the_one_repeat_of_an_invalid_test_counts(tmp_path: Path, ground: str) -> None:
    found = judged(tmp_path, entry={"ground": ground})

    result = outcome(found, "sterility")
    assert found.verdict is Verdict.PASS
    assert "one repeat, in b.csv, of the test in a.csv" in result.reason
    assert "both controls turbid on day 3" in result.reason
    assert "D-17, A. Roe, 2026-03-20" in result.reason
    assert {one.place.path for one in result.evidence} == {"b.csv"}
    (told,) = [one for one in found.findings if one.slug == "repeat-counted"]
    assert told.severity is Severity.INFORMATION


def test_an_invalid_test_that_nobody_declares_holds(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": INVALID, "b.csv": REPEAT})

    found = assess(lot, SPEC)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "sterility").outcome is Outcome.INVALID


def test_growth_in_the_repeat_fails(tmp_path: Path) -> None:
    found = judged(tmp_path, again=sheet("Growth", "2026-03-21", "2026-03-24"))

    assert found.verdict is Verdict.FAIL
    assert outcome(found, "sterility").observed == "aerobic: Growth"


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (sheet("Growth", "2026-03-01", "2026-03-15"), "reads as growth"),
        (
            sheet("Invalid", "2026-03-01", "2026-03-15")
            + row("sterility", "Growth", part="aerobic", started="2026-03-01", ended="2026-03-15"),
            "reads as growth",
        ),
        (sheet("No growth", "2026-03-01", "2026-03-15"), "does not call its test invalid"),
        (sheet("Not tested", "2026-03-01", "2026-03-15"), "one that was not done"),
        (sheet("Inconclusive", "2026-03-01", "2026-03-15"), "one that was not done"),
        (sheet("Growth; test invalid", "2026-03-01", "2026-03-15"), "may speak of growth"),
        (sheet("Invalid, growth", "2026-03-01", "2026-03-15"), "one that was not done"),
        (
            sheet("negative control: growth; sample: growth", "2026-03-01", "2026-03-15"),
            "one that was not done",
        ),
        (sheet("Invalid", "2026-03-01", "2026-03-15", status="preliminary"), "is not final"),
        (sheet("Invalid", "", "2026-03-15"), "does not state when its test began"),
        (sheet("Invalid", "2026-03-21", "2026-03-21"), "approved on 2026-03-20, before the test"),
        (table(row("endotoxin", "1", "EU/mL")), "holds no result of sterility"),
        (sheet("Invalid", "2026-03-01", "2026-03-15", lot="L-2"), "holds no result of sterility"),
    ],
)
def test_only_a_test_that_is_called_invalid_is_set_aside(
    tmp_path: Path, first: str, why: str
) -> None:
    found = judged(tmp_path, first=first)

    assert why in refusal(found)
    assert found.verdict in (Verdict.HOLD, Verdict.FAIL)


@pytest.mark.parametrize(
    "result",
    [
        "Invalid",
        "Test void",
        "Not valid",
        "Ungültig",
        "Test invalid",
        "Test invalid due to growth in the negative control",
        "Prüfung ungültig",
        "non valide",
    ],
)
def test_a_laboratory_has_words_for_a_void_test(tmp_path: Path, result: str) -> None:
    found = judged(tmp_path, first=sheet(result, "2026-03-01", "2026-03-15"))

    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("again", "why"),
    [
        # One day short, and whole.
        (sheet("No growth", "2026-03-21", "2026-04-03"), "incubated 13 days"),
        (sheet("No growth", "2026-03-21", "2026-04-04"), None),
        # Before, on and after the day on which the first test ended.
        (sheet("No growth", "2026-03-14", "2026-03-28"), "before the first test ended"),
        (sheet("No growth", "2026-03-15", "2026-03-29"), None),
        (sheet("No growth", "2026-03-01", "2026-03-15"), "not after the first test"),
        (sheet("No growth", "", "2026-04-04"), "does not state when its test began"),
        (sheet("No growth", "2026-03-21", ""), "does not state when its test ended"),
        (sheet("No growth", "2026-03-21", "2026-04-04", parts="ae"), "0 of 1 results of the anae"),
        (sheet("Invalid", "2026-03-21", "2026-04-04"), "no third test"),
        (sheet("No growth to date", "2026-03-21", "2026-04-04"), "is not final"),
        (sheet("No growth", "2026-03-21", "2026-04-04", status="preliminary"), "is not final"),
        (sheet("Clear as far as seen", "2026-03-21", "2026-04-04"), "not read for certain"),
        (sheet("No growth", "2026-03-21", "2026-04-04", lot="L-2"), "holds no result of sterility"),
        (sheet("No growth", "2026-03-21", "2026-04-04", status="cancelled"), "is not final"),
    ],
)
def test_the_repeat_is_a_whole_test_after_the_first(
    tmp_path: Path, again: str, why: str | None
) -> None:
    found = judged(tmp_path, again=again)

    if why is None:
        assert found.verdict is Verdict.PASS
    else:
        assert why in refusal(found)
        assert found.verdict is Verdict.HOLD


def test_a_control_that_grew_voids_the_repeat_too(tmp_path: Path) -> None:
    control = row("sterility", "Growth", role="negative_control", part="aerobic")

    found = judged(tmp_path, again=f"{REPEAT}{control}\n")

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "sterility").outcome is Outcome.INVALID


def test_a_control_of_the_invalid_test_is_set_aside_with_it(tmp_path: Path) -> None:
    control = row("sterility", "Growth", role="negative_control", part="aerobic")

    found = judged(tmp_path, first=f"{INVALID}{control}\n")

    assert found.verdict is Verdict.PASS


def test_fewer_results_than_the_first_test_gave_are_no_repeat(tmp_path: Path) -> None:
    more = row("sterility", "Invalid", part="aerobic", started="2026-03-01", ended="2026-03-15")

    found = judged(tmp_path, first=f"{INVALID}{more}\n")

    assert "1 of 2 results of the aerobic part" in refusal(found)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (sheet("No growth", "2026-04-05", "2026-04-19"), "repeated only once"),
        (sheet("Invalid", "2026-03-16", "2026-03-20"), "repeated only once"),
        # The same repeat once more, in a summary; and what it showed on the way.
        (sheet("No growth", "2026-03-21", "2026-04-04", method="USP 71"), None),
        (sheet("No growth to date", "2026-03-21", "2026-03-28"), None),
    ],
)
def test_a_test_is_repeated_once(tmp_path: Path, other: str, why: str | None) -> None:
    found = judged(tmp_path, more={"c.csv": other})

    if why is None:
        assert found.verdict is Verdict.PASS
    else:
        assert why in refusal(found)
        assert found.verdict is Verdict.HOLD


def test_two_declared_tests_are_one_too_many(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.csv": INVALID,
        "b.csv": sheet("Invalid", "2026-03-16", "2026-03-18"),
        "c.csv": REPEAT,
    }
    chain = declaring(DECLARED, DECLARED | {"file": "b.csv", "repeat": "c.csv"})

    found = assess(write_lot(tmp_path / "lot", files, chain), SPEC)

    assert found.verdict is Verdict.HOLD
    assert "repeat-refused" in slugs(found)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"approved_on": "2026-03-01"}, None),
        ({"approved_on": "2026-02-28"}, "before the test began"),
        ({"approved_on": "2026-04-20"}, None),
        ({"approved_on": "2026-04-21"}, "after 2026-04-20, the day of this check"),
        ({"repeat": "a.csv"}, "no repeat of itself"),
    ],
)
def test_a_declaration_is_of_its_time(
    tmp_path: Path, entry: dict[str, str], why: str | None
) -> None:
    found = judged(tmp_path, entry=entry)

    if why is None:
        assert found.verdict is Verdict.PASS
    else:
        assert why in refusal(found)
        assert found.verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"ground": "retest"}, "ground"),
        ({"approved_by": "' '"}, "approved_by"),
        ({"repeat": "gone.csv"}, "names 'gone.csv', which is not a file of the folder"),
        ({"file": "gone.csv"}, "names 'gone.csv', which is not a file of the folder"),
        ({"approved_on": "2026-02-30"}, "is not a date of the calendar"),
    ],
)
def test_a_declaration_that_is_not_whole_holds(
    tmp_path: Path, entry: dict[str, str], why: str
) -> None:
    found = judged(tmp_path, entry=entry)

    (finding,) = found.findings
    assert found.verdict is Verdict.HOLD
    assert finding.slug == "manifest-unusable"
    assert why in finding.message


@pytest.mark.parametrize("absent", sorted(DECLARED))
def test_every_part_of_a_declaration_is_asked_for(tmp_path: Path, absent: str) -> None:
    lot = declaring({key: value for key, value in DECLARED.items() if key != absent})
    files: dict[str, str | bytes] = {"a.csv": INVALID, "b.csv": REPEAT}

    found = assess(write_lot(tmp_path / "lot", files, lot), SPEC)

    assert found.verdict is Verdict.HOLD
    assert absent in found.findings[0].message


def test_a_paper_that_is_ignored_was_not_read(tmp_path: Path) -> None:
    lot = declaring(DECLARED) + "ignore: [a.csv]\n"
    files: dict[str, str | bytes] = {"a.csv": INVALID, "b.csv": REPEAT}

    found = assess(write_lot(tmp_path / "lot", files, lot), SPEC)

    assert "a.csv was not read" in refusal(found)
    assert found.verdict is Verdict.HOLD


PAPER = """CERTIFICATE OF ANALYSIS
Example Laboratories
Report No: {number}
Lot: L-1
Test started: {started}
Test completed: {ended}
Date issued: {ended}

Sterility test, USP <71>
Medium          Result
FTM             {result}
TSB             {result}

{said}
Approved by: Jane Roe
Signed on: {ended}
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Conclusion: Test invalid", Verdict.PASS),
        ("The test was invalid because of growth in the negative control.", Verdict.PASS),
        ("Conclusion: the test is invalid and will be repeated.", Verdict.PASS),
        ("Conclusion: test invalid, Bacillus cereus grew", Verdict.HOLD),
        ("Conclusion: Growth of Bacillus cereus", Verdict.HOLD),
        ("Remark: Bacillus cereus was found in the product.", Verdict.HOLD),
    ],
)
def test_certificates_tell_of_an_invalid_test(tmp_path: Path, said: str, expected: Verdict) -> None:
    first = PAPER.format(
        number="R-1", started="2026-03-01", ended="2026-03-15", result="Invalid", said=said
    )
    again = PAPER.format(
        number="R-2", started="2026-03-21", ended="2026-04-04", result="No growth", said=""
    )
    files: dict[str, str | bytes] = {"a.txt": first, "b.txt": again}
    lot = declaring(DECLARED | {"file": "a.txt", "repeat": "b.txt"})

    found = assess(write_lot(tmp_path / "lot", files, lot), SPEC)

    assert found.verdict is expected, (found.findings, outcome(found, "sterility").reason)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Repeat of report R-1, which was invalid.", Verdict.PASS),
        ("This is a repeat test.", Verdict.PASS),
        ("Repeat of report R-7, which was invalid.", Verdict.HOLD),
        ("Repeat of report R-1, in which Bacillus cereus grew.", Verdict.HOLD),
        ("Repeat test, one unit was lost.", Verdict.HOLD),
    ],
)
def test_a_repeat_says_that_it_is_one(tmp_path: Path, said: str, expected: Verdict) -> None:
    first = PAPER.format(
        number="R-1", started="2026-03-01", ended="2026-03-15", result="Invalid", said=""
    )
    again = PAPER.format(
        number="R-2", started="2026-03-21", ended="2026-04-04", result="No growth", said=said
    )
    files: dict[str, str | bytes] = {"a.txt": first, "b.txt": again}
    entry = DECLARED | {"file": "a.txt", "repeat": "b.txt"}

    found = assess(write_lot(tmp_path / "lot", files, declaring(entry)), SPEC)

    assert found.verdict is expected


def test_an_organism_beside_a_void_result_is_growth(tmp_path: Path) -> None:
    head, *lines = INVALID.splitlines()
    first = "\n".join([f"{head},organism", *(f"{line},Bacillus cereus" for line in lines)]) + "\n"

    found = judged(tmp_path, first=first)

    assert found.verdict is not Verdict.PASS
    assert "repeat-refused" in slugs(found)


def test_growth_on_the_way_to_a_void_result_stays(tmp_path: Path) -> None:
    interim = sheet("Growth", "2026-03-01", "2026-03-05", status="preliminary")

    found = judged(tmp_path, more={"c.csv": interim})

    assert found.verdict is Verdict.FAIL
    assert "repeat" not in outcome(found, "sterility").reason
