"""One unsafe change never leaves a lot that passes passing, and a harmless one never moves it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("reportlab", reason="reportlab draws the certificates")
judging = pytest.importorskip("benchmarks.mutants.judging", reason="runs in a checkout only")
tallying = pytest.importorskip("benchmarks.mutants.tallying", reason="runs in a checkout only")

UNSAFE, HARMLESS = tallying.KINDS["unsafe"], tallying.KINDS["harmless"]
# The benchmark makes ten thousand; these are some of each kind.
MADE = {"unsafe": 800, "harmless": 200}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = judging.Bench(judging.laboratory(), tmp_path_factory.mktemp("mutants"))
    for lot in tallying.bases():
        made.keep(lot)
    return made


def test_there_are_kinds_enough() -> None:
    assert (len(UNSAFE) >= 300, len(HARMLESS) >= 60) == (True, True)


def test_the_lots_are_of_every_product_and_pass_or_wait(bench: Any) -> None:
    with bench.remembering():
        passing = {bench.judge(lot).verdict.name for lot in tallying.passing()}
        waiting = {bench.judge(lot).verdict.name for lot in tallying.conditional()}

    assert (passing, waiting) == ({"PASS"}, {"CONDITIONAL"})
    assert len({lot.product for lot in tallying.passing()}) == 8


def test_no_unsafe_change_passes(bench: Any) -> None:
    made = tallying.mutants(UNSAFE, tallying.bases(), MADE["unsafe"])

    with bench.remembering():
        found = tallying.judged_unsafe(bench, made)

    assert found.wrong == [], tallying.table(found)
    assert set(found.verdicts) == set(UNSAFE)


def test_no_harmless_change_moves_the_verdict(bench: Any) -> None:
    made = tallying.mutants(HARMLESS, tallying.bases(), MADE["harmless"])

    with bench.remembering():
        found = tallying.judged_harmless(bench, made)

    assert found.wrong == [], tallying.table(found)
    assert set(found.verdicts) == set(HARMLESS)


def test_a_mutant_is_judged_alike_with_and_without_what_is_remembered(bench: Any) -> None:
    """The bench does once what does not change; a slip in that would hide a slip of ours."""
    made = list(tallying.mutants(UNSAFE, tallying.bases(), len(UNSAFE)))[::40]

    with bench.remembering():
        remembered = [bench.judge(each.lot) for each in made]
    judged = [bench.judge(each.lot) for each in made]

    assert judged == remembered


def test_the_same_seeds_make_the_same_mutants() -> None:
    first = [each.said for each in tallying.mutants(UNSAFE, tallying.bases(), 300)]

    assert first == [each.said for each in tallying.mutants(UNSAFE, tallying.bases(), 300)]
