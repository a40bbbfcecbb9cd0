from __future__ import annotations

from dataclasses import replace

import pytest
import runs

from qcvalidate.assessment import Importance, Outcome, Verdict
from qcvalidate.record import Place, Severity
from qcvalidate.reports._issues import Level, issues, path_of, run_issues

EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)
SILENT = replace(
    runs.PASSING,
    verdict=Verdict.HOLD,
    results=(replace(runs.MYCOPLASMA, outcome=Outcome.NOT_APPLICABLE),),
)


def test_the_gravest_comes_first() -> None:
    found = [(issue.level, issue.code) for issue in issues(runs.FAILING)]

    assert found == [
        (Level.ERROR, 301),
        (Level.ERROR, 203),
        (Level.ERROR, 534),
        (Level.ERROR, 503),
        (Level.NOTE, 401),
        (Level.WARNING, 606),
        (Level.NOTE, 147),
    ]
    assert [issue.level for issue in run_issues(runs.run(runs.FAILING))] == [
        *[Level.ERROR] * 4,
        Level.WARNING,
        *[Level.NOTE] * 2,
    ]


@pytest.mark.parametrize("lot", [*EVERY, SILENT])
def test_a_lot_that_does_not_pass_has_an_error(lot: runs.Assessment) -> None:
    grave = any(issue.level is Level.ERROR for issue in issues(lot))

    assert grave is (lot.verdict is not Verdict.PASS)


def test_the_pass_of_one_document_is_a_note_that_says_so() -> None:
    (note,) = issues(runs.ONE_DOCUMENT)

    assert (note.level, note.word) == (Level.NOTE, "PASS")
    assert note.message.startswith("PASS: document scope: only what this document can answer")


def test_a_run_without_lots_is_an_error() -> None:
    assert [issue.level for issue in run_issues(runs.run())] == [Level.ERROR]


def test_what_was_waived_or_does_not_apply_is_no_issue() -> None:
    settled = (Outcome.WAIVED, Outcome.NOT_APPLICABLE)
    results = tuple(replace(runs.VIABILITY, outcome=outcome) for outcome in settled)
    waived = replace(runs.OTHER_LOT, severity=Severity.WAIVED)
    lot = replace(runs.PASSING, results=(runs.ENDOTOXIN, *results), findings=(waived,))

    assert issues(lot) == []


@pytest.mark.parametrize(
    ("importance", "level"),
    [
        (Importance.BLOCKING, Level.ERROR),
        (Importance.PENDING_ALLOWED, Level.ERROR),
        (Importance.WARNING, Level.WARNING),
        (Importance.INFORMATION, Level.NOTE),
    ],
)
def test_the_level_is_what_the_verdict_makes_of_it(importance: Importance, level: Level) -> None:
    lot = replace(runs.FAILING, results=(replace(runs.VIABILITY, importance=importance),))

    assert issues(lot)[0 if level is Level.ERROR else 1].level is level


def test_a_message_says_what_was_found_wanted_and_where() -> None:
    told = {issue.code: issue.message for issue in issues(runs.FAILING)}

    assert told[301] == (
        "Viability after thaw: 64.2 %, wanted at least 70 %; 64.2 % rounds to 64 %, below the "
        "limit of 70 % (counts.csv row 14 “Viability (%)”)"
    )
    assert told[203] == (
        "the certificate says lot MSC-2026-0081, the manifest says MSC-2026-0018 "
        "(sterility.pdf page 1)"
    )


def test_what_no_paper_says_stands_at_the_manifest() -> None:
    missing = next(issue for issue in issues(runs.FAILING) if issue.code == 534)

    assert missing.path == "samples/MSC-2026-0018/lot.yaml"


def test_what_one_document_does_not_say_stands_at_it() -> None:
    lot = replace(runs.ONE_DOCUMENT, verdict=Verdict.HOLD, results=(runs.MYCOPLASMA,))

    assert issues(lot)[0].path == "papers/endotoxin.pdf"
    assert "document scope" in issues(lot)[0].lot


@pytest.mark.parametrize(
    ("folder", "path", "seen"),
    [
        ("incoming/2026/MSC-2026-0018", "samples/x", "incoming/2026/MSC-2026-0018/a.pdf"),
        (".", "samples/x", "a.pdf"),
        (None, "samples/x", "samples/x/a.pdf"),
        (None, "/srv/lots/x", "a.pdf"),
        (None, "C:/lots/x", "a.pdf"),
    ],
)
def test_a_path_is_the_one_that_the_pipeline_knows(
    folder: str | None, path: str, seen: str
) -> None:
    assert path_of(replace(runs.PASSING, path=path, folder=folder), "a.pdf") == seen


@pytest.mark.parametrize(
    ("path", "region", "line"),
    [
        ("counts.csv", "row 14 “Viability (%)”", 14),
        ("counts.tsv", "row 2 column 3", 2),
        ("counts.xlsx", "row 14 “Viability (%)”", None),
        ("counts.csv", "rowing", None),
        ("counts.csv", None, None),
        ("sterility.pdf", "72,310.5,500,322", None),
    ],
)
def test_a_row_of_a_text_table_is_its_line(path: str, region: str | None, line: int) -> None:
    found = replace(runs.OTHER_LOT, place=Place(path, None, region))

    assert issues(replace(runs.FAILING, results=(), findings=(found,)))[0].line == line


def test_a_fingerprint_stays_when_the_result_changes_and_is_no_other_s() -> None:
    before = run_issues(runs.run(runs.FAILING))
    worse = replace(runs.VIABILITY, observed="12 %", reason="12 % is below 70 %")
    after = run_issues(runs.run(replace(runs.FAILING, results=(worse, *runs.FAILING.results[:2]))))

    prints = [issue.fingerprint for issue in before]
    assert len(set(prints)) == len(prints)
    assert {issue.fingerprint for issue in after} <= set(prints)


def test_two_findings_of_one_rule_in_one_paper_are_two() -> None:
    lot = replace(runs.FAILING, results=(), findings=(runs.OTHER_LOT, runs.OTHER_LOT))

    found = run_issues(runs.run(lot, lot))

    assert len({issue.fingerprint for issue in found}) == 4
