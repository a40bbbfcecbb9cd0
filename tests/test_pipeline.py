"""Bad input: a clear finding, the lot held, the next document still read; never a pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fcs_writer import fcs_bytes
from lots import (
    LABORATORY,
    TODAY,
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

from qcvalidate import pipeline
from qcvalidate.assessment import ExitStatus, Outcome, Scope, Verdict
from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.pipeline import Options, assess_paths, assess_submission, open_laboratory
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.submission import find_submissions

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
LAX = specification(criterion("viability", "at_least: '1'", "%"))
GOOD = table(row("viability", "92.1", "%"))
BAD = table(row("viability", "41.0", "%"))


def test_a_good_lot_passes(tmp_path: Path) -> None:
    found = assess(write_lot(tmp_path / "L-1", {"counts.csv": GOOD}), VIABILITY)

    assert (found.verdict, found.exit_status) == (Verdict.PASS, ExitStatus.PASS)
    assert found.lot == "L-1"
    assert str(outcome(found, "viability").evidence[0].place).startswith("counts.csv row 2")


def test_an_empty_folder_is_no_lot(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no lot"):
        list(assess_paths([tmp_path], LABORATORY, Options(TODAY)))


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        list(assess_paths([tmp_path / "x"], LABORATORY, Options(TODAY)))


def write_lots(folder: Path, number: int) -> tuple[Path, Options]:
    spec = folder / "mine.yaml"
    spec.write_text(VIABILITY, encoding="utf-8")
    for at in range(number):
        text = table(row("viability", "41.0" if at == 1 else "92.1", "%", lot=f"L-{at:02}"))
        lot_yaml = "lot: [" if at == 2 else manifest().replace("L-1", f"L-{at:02}")
        write_lot(folder / f"L-{at:02}", {"counts.csv": text}, lot_yaml)
    return folder, Options(TODAY, specification=str(spec))


def test_several_processes_give_the_same_as_one_in_the_same_order(tmp_path: Path) -> None:
    folder, options = write_lots(tmp_path, 12)

    alone = list(assess_paths([folder], LABORATORY, options))
    shared = list(assess_paths([folder], LABORATORY, replace(options, jobs=2)))

    assert shared == alone
    assert [one.observations for one in shared] == [one.observations for one in alone]
    assert [one.verdict for one in shared[:4]] == [
        Verdict.PASS,
        Verdict.FAIL,
        Verdict.HOLD,
        Verdict.PASS,
    ]


def test_a_specification_that_cannot_be_used_ends_the_run_from_any_process(tmp_path: Path) -> None:
    folder, options = write_lots(tmp_path, 4)
    (tmp_path / "mine.yaml").write_text("id: mine\n", encoding="utf-8")

    with pytest.raises(SpecificationError, match="mine"):
        list(assess_paths([folder], LABORATORY, replace(options, jobs=2)))


def test_a_lot_whose_process_dies_is_held_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(work: Any, share: Any, tasks: Any, *_: object, **__: object) -> Iterator[Any]:
        return (None if at == 0 else work(share, task) for at, task in enumerate(tasks))

    monkeypatch.setattr(pipeline, "in_processes", dying)
    folder, options = write_lots(tmp_path, 4)

    first, *others = assess_paths([folder], LABORATORY, replace(options, jobs=2))

    assert (first.lot, first.verdict, first.exit_status) == (
        "L-00",
        Verdict.HOLD,
        ExitStatus.UNREAD,
    )
    assert slugs(first) == {"lot-unjudged"}
    assert [one.verdict for one in others] == [Verdict.FAIL, Verdict.HOLD, Verdict.PASS]


def test_no_process_is_begun_that_has_no_lot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def counting(_work: Any, _share: Any, tasks: Any, jobs: int, **_more: Any) -> Iterator[None]:
        begun.append(jobs)
        return iter([None for _ in tasks])

    for name in ("a", "b"):
        write_lot(tmp_path / name, {"results.csv": GOOD})
    monkeypatch.setattr(pipeline, "in_processes", counting)

    list(assess_paths([tmp_path], LABORATORY, Options(TODAY, jobs=100_000)))

    assert begun == [2]


def test_a_lot_that_takes_too_much_memory_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hungry(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pipeline, "assess_submission", hungry)
    folder, options = write_lots(tmp_path, 1)

    (found,) = assess_paths([folder], LABORATORY, options)

    assert (found.verdict, slugs(found)) == (Verdict.HOLD, {"lot-unjudged"})


def test_papers_without_a_manifest_do_not_go_unseen(tmp_path: Path) -> None:
    write_lot(tmp_path / "uploads" / "L-1", {"counts.csv": GOOD})
    stray = tmp_path / "uploads" / "L-2"
    stray.mkdir()
    (stray / "counts.csv").write_text(GOOD)

    first, second = assess_paths([tmp_path / "uploads"], LABORATORY, Options(TODAY))

    assert second.verdict is Verdict.HOLD
    assert second.exit_status is ExitStatus.USAGE
    assert slugs(second) == {"manifest-unusable"}
    assert first.path == "uploads/L-1"


def test_an_unknown_product_names_the_nearest(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD}, manifest("bmac-sameday"))

    found = assess(lot)

    assert (found.verdict, found.exit_status) == (Verdict.HOLD, ExitStatus.USAGE)
    assert "did you mean 'bmac-same-day'?" in found.findings[0].message


def test_a_manifest_with_a_slip_holds_its_lot_alone(tmp_path: Path) -> None:
    write_lot(tmp_path / "lots" / "a", {}, "lot: A\nprodukt: x\n")
    write_lot(tmp_path / "lots" / "b", {"counts.csv": GOOD}, manifest("bmac-same-day"))

    first, second = assess_paths([tmp_path / "lots"], LABORATORY, Options(TODAY))

    assert slugs(first) == {"manifest-unusable"}
    assert "did you mean 'product'" in first.findings[0].message
    assert second.results


def test_a_broken_specification_holds_the_lots_that_name_it(tmp_path: Path) -> None:
    specifications = tmp_path / "schemas" / "specifications"
    specifications.mkdir(parents=True)
    (specifications / "mine.yaml").write_text(VIABILITY.replace("at_least", "at_lest"))
    write_lot(tmp_path / "lots" / "a", {"counts.csv": GOOD}, manifest("mine"))
    write_lot(tmp_path / "lots" / "b", {"counts.csv": GOOD}, manifest("bmac-same-day"))
    laboratory = open_laboratory(tmp_path / "schemas")

    first, second = assess_paths([tmp_path / "lots"], laboratory, Options(TODAY))

    assert (first.verdict, first.exit_status) == (Verdict.HOLD, ExitStatus.USAGE)
    assert slugs(first) == {"specification-unusable"}
    assert "unknown verb 'at_lest'" in first.findings[0].message
    assert second.results


@pytest.mark.parametrize("chosen", ["mine", "bmac"])
def test_a_specification_that_the_user_names_must_be_usable(tmp_path: Path, chosen: str) -> None:
    specifications = tmp_path / "schemas" / "specifications"
    specifications.mkdir(parents=True)
    (specifications / "mine.yaml").write_text(VIABILITY.replace("at_least", "at_lest"))
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD})
    options = Options(TODAY, specification=chosen)

    with pytest.raises(SpecificationError):
        list(assess_paths([lot], open_laboratory(tmp_path / "schemas"), options))


def test_a_vocabulary_that_cannot_be_used_is_no_lots_fault(tmp_path: Path) -> None:
    (tmp_path / "schemas" / "vocabulary").mkdir(parents=True)
    (tmp_path / "schemas" / "vocabulary" / "mine.yaml").write_text("labels: {nope: [x]}\n")
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD}, manifest("bmac-same-day"))

    with pytest.raises(SpecificationError):
        list(assess_paths([lot], open_laboratory(tmp_path / "schemas"), Options(TODAY)))


def test_a_lot_cannot_bring_its_own_limits(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": BAD, "x/mine.yaml": LAX}, manifest("MINE"))
    for product in ("x/mine.yaml", str(lot / "x" / "mine.yaml"), "../lot/x/mine.yaml"):
        write_lot(lot, {}, manifest(product))

        (found,) = assess_paths([lot], LABORATORY, Options(TODAY))

        assert (found.verdict, found.exit_status) == (Verdict.HOLD, ExitStatus.USAGE)
        assert "expected the id of a specification" in found.findings[0].message


def test_a_strategy_that_cannot_be_read_is_not_said_to_be_absent(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.fcs": events(), "gates.xml": "<a", "counts.csv": GOOD}

    found = assess(write_lot(tmp_path / "lot", files), VIABILITY)

    assert found.verdict is Verdict.HOLD
    assert "strategy-missing" not in slugs(found)
    assert any("gates.xml could not be read" in finding.message for finding in found.findings)


def test_a_lot_within_a_lot_is_refused(tmp_path: Path) -> None:
    write_lot(tmp_path / "lot" / "inner", {"counts.csv": GOOD})
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD})

    assert "another lot lies within" in assess(lot, VIABILITY).findings[0].message


@pytest.mark.parametrize(
    ("content", "outcome_", "slug"),
    [
        ("", Outcome.MISSING, "document-empty"),
        (table(), Outcome.MISSING, "table-empty"),
        (table(row("viability", "")), Outcome.MISSING, "result-blank"),
        (table(row("viability", "inf", "%")), Outcome.INDETERMINATE, "number-unreadable"),
        (table(row("viability", "nan", "%")), Outcome.INDETERMINATE, "number-unreadable"),
        (table(row("viability", "#DIV/0!", "%")), Outcome.INDETERMINATE, "number-unreadable"),
        (table(row("viability", "1,250", "%")), Outcome.INDETERMINATE, "number-ambiguous"),
    ],
)
def test_a_table_without_a_usable_value_holds(
    tmp_path: Path, content: str, outcome_: Outcome, slug: str
) -> None:
    found = assess(write_lot(tmp_path / "lot", {"counts.csv": content}), VIABILITY)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "viability").outcome is outcome_
    assert slug in slugs(found)


@pytest.mark.parametrize(
    ("result", "unit", "expected"),
    [
        ("<70", "%", Verdict.FAIL),
        ("82%", "", Verdict.PASS),
        ("0.95", "%", Verdict.FAIL),  # no fraction is guessed
        ("92.1", "", Verdict.HOLD),  # a number without its unit
        ("92.1", "cells/mL", Verdict.HOLD),
    ],
)
def test_a_value_is_taken_as_it_stands(
    tmp_path: Path, result: str, unit: str, expected: Verdict
) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": table(row("viability", result, unit))})

    assert assess(lot, VIABILITY).verdict is expected


def events(count: int = 50) -> bytes:
    rows = [[float(n % 7 * 10), float(n % 5 * 10)] for n in range(count)]
    return fcs_bytes(rows, ["FSC-A", "SSC-A"], keywords={"LOT": "L-1"})


def damaged(content: bytes, keyword: bytes, value: bytes) -> bytes:
    """Overwrite a keyword's value in TEXT with one of the same length."""
    at = content.index(keyword) + len(keyword) + 1
    end = content.index(content[at - 1 : at], at)
    return content[:at] + value.rjust(end - at, b"0") + content[end:]


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"Viability 93 %, all is well\n" * 20, "fcs-magic"),
        (events()[:-40], "fcs-truncated"),
        (damaged(events(), b"$TOT", b"5"), "fcs-inconsistent"),
        (damaged(events(), b"$PAR", b"3"), "fcs-inconsistent"),
    ],
)
def test_a_damaged_list_mode_file_holds_and_the_rest_is_read(
    tmp_path: Path, content: bytes, slug: str
) -> None:
    found = assess(write_lot(tmp_path / "lot", {"a.fcs": content, "counts.csv": GOOD}), VIABILITY)

    assert found.verdict is Verdict.HOLD
    assert found.exit_status is ExitStatus.UNREAD
    assert slug in slugs(found)
    assert outcome(found, "viability").outcome is Outcome.PASS


def test_a_list_mode_file_without_a_strategy_holds(tmp_path: Path) -> None:
    found = assess(write_lot(tmp_path / "lot", {"a.fcs": events(), "counts.csv": GOOD}), VIABILITY)

    assert found.verdict is Verdict.HOLD
    assert "strategy-missing" in slugs(found)


def test_a_file_of_an_unknown_kind_holds_until_it_is_ignored(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"counts.csv": GOOD, "scan.heic": b"\x00" * 100}
    seen = write_lot(tmp_path / "a", files)
    ignored = write_lot(tmp_path / "b", files, manifest() + "ignore: [scan.heic]\n")

    assert slugs(assess(seen, VIABILITY)) == {"file-kind-unknown"}
    assert assess(seen, VIABILITY).verdict is Verdict.HOLD
    assert assess(ignored, VIABILITY).verdict is Verdict.PASS
    assert slugs(assess(ignored, VIABILITY)) == {"file-ignored"}


def test_what_the_manifest_names_must_be_there(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD}, manifest() + "ignore: [scan.pdf]\n")

    found = assess(lot, VIABILITY)

    assert found.verdict is Verdict.HOLD
    assert "scan.pdf" in found.findings[0].message


def test_a_document_for_another_lot_holds(tmp_path: Path) -> None:
    other = table(row("viability", "92.1", "%", lot="K-77"))

    found = assess(write_lot(tmp_path / "lot", {"counts.csv": other}), VIABILITY)

    assert found.verdict is Verdict.HOLD
    assert slugs(found) == {"lot-mismatch"}
    assert outcome(found, "viability").outcome is Outcome.MISSING


def test_a_specification_for_other_lots_holds(tmp_path: Path) -> None:
    spec = VIABILITY + "applies_to: {relation: [allogeneic]}\n"

    found = assess(write_lot(tmp_path / "lot", {"counts.csv": GOOD}), spec)

    assert found.verdict is Verdict.HOLD
    assert slugs(found) == {"specification-does-not-fit"}


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.csv", "\x1b[31mred.csv", "a\u202evsc.csv", 'quote".csv']
)
def test_a_hostile_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    found = assess(write_lot(tmp_path / "lot", {name.replace("/", "_"): GOOD}), VIABILITY)

    assert found.verdict is Verdict.PASS


def test_a_single_document_is_judged_as_the_lot_that_it_names(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(GOOD)
    two = specification(
        criterion("viability", "at_least: '70'", "%"), criterion("gram_stain", "one_of: [negative]")
    )

    whole = assess(path, two)
    alone = assess(path, two, scope=Scope.DOCUMENT)

    assert whole.lot == "L-1"
    assert whole.verdict is Verdict.HOLD
    assert outcome(whole, "gram_stain").outcome is Outcome.MISSING
    assert alone.verdict is Verdict.PASS
    assert [result.id for result in alone.results] == ["viability"]


def test_a_document_by_itself_is_not_held_for_what_lot_yaml_would_say(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(GOOD)
    spec = VIABILITY + "applies_to: {relation: [allogeneic]}\n"

    alone = assess(path, spec, scope=Scope.DOCUMENT)

    told = [one for one in alone.findings if one.slug == "specification-does-not-fit"]
    assert alone.verdict is Verdict.PASS
    assert [one.severity for one in told] == [Severity.WARNING]
    assert "mine is for relation allogeneic" in told[0].message
    assert assess(path, spec).verdict is Verdict.HOLD


def test_a_number_without_its_unit_is_told_as_such(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": table(row("viability", "92.1"))})

    found = outcome(assess(lot, VIABILITY), "viability")

    assert found.outcome is Outcome.INDETERMINATE
    assert found.reason == "“92.1” has no unit that this test may have"


def test_a_single_document_that_answers_nothing_is_not_a_pass(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(table(row("volume", "6", "mL")))

    assert assess(path, VIABILITY, scope=Scope.DOCUMENT).verdict is Verdict.HOLD


def test_the_day_of_the_check_is_declared_and_never_hidden(tmp_path: Path) -> None:
    expiring = manifest().replace("cryopreserved: false", "expires: 2026-04-25")
    lot = write_lot(tmp_path / "a", {"counts.csv": GOOD}, expiring)
    dated = write_lot(tmp_path / "b", {"counts.csv": GOOD}, expiring + "judged_on: 2026-05-01\n")

    assert assess(lot, VIABILITY).verdict is Verdict.PASS
    assert assess(dated, VIABILITY).verdict is Verdict.HOLD
    assert assess(dated, VIABILITY, as_of=dt.date(2026, 4, 25)).verdict is Verdict.PASS
    assert assess(dated, VIABILITY).as_of == dt.date(2026, 5, 1)


def test_no_finding_of_a_hold_is_without_its_rule(tmp_path: Path) -> None:
    found = assess(write_lot(tmp_path / "lot", {"a.fcs": b"x" * 99}), VIABILITY)

    assert any(finding.severity is Severity.HOLD for finding in found.findings)


def test_what_was_found_with_the_files_counts_in_the_verdict(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD})
    spec = tmp_path / "mine.yaml"
    spec.write_text(VIABILITY, encoding="utf-8")
    (submission,) = find_submissions([lot], LABORATORY.catalogue)
    unlisted = Finding("document-unreadable", Severity.HOLD, "not listed", Place("x"))

    found = assess_submission(
        replace(submission, findings=(unlisted,)), LABORATORY, Options(TODAY, None, str(spec))
    )

    assert found.verdict is Verdict.HOLD
    assert unlisted in found.findings


@pytest.mark.parametrize(
    ("where", "asked", "folder"),
    [
        (".", "lots/L-1", "lots/L-1"),
        (".", "lots", "lots/L-1"),
        ("lots/L-1", ".", "."),
        ("elsewhere", "../lots/L-1", None),
    ],
)
def test_a_lot_says_where_it_lies_seen_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, asked: str, folder: str | None
) -> None:
    lot = tmp_path / "lots" / "L-1"
    lot.mkdir(parents=True)
    (lot / "lot.yaml").write_text("lot: L-1\nproduct: nothing-known\n", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / where)

    (assessment,) = assess_paths([Path(asked)], open_laboratory(), Options(dt.date(2026, 4, 20)))

    assert assessment.folder == folder


def test_a_single_document_lies_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.csv").write_text("nothing", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    options = Options(dt.date(2026, 4, 20), specification="hpc-cord-blood")
    (assessment,) = assess_paths([Path("papers/a.csv")], open_laboratory(), options)

    assert assessment.folder == "papers"
