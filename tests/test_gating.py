"""What a gating strategy is worth to a lot: approved, changed, allowed, or read in part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml
from gating_ml import rectangle as own
from lots import assess, criterion, manifest, slugs, specification, write_lot
from workspaces import population, rectangle, sample, workspace

from qcvalidate import papers
from qcvalidate.assessment import Assessment, ExitStatus, Verdict
from qcvalidate.cytometry import read_strategy
from qcvalidate.cytometry.freezing import approve
from qcvalidate.cytometry.importing import import_strategy
from qcvalidate.record import Severity

NAMES = ("FSC-A", "7AAD-A")
POPULATIONS = """
populations:
  viability: {of: [Cells], is: [Cells, Viable]}
"""
SPECIFICATION = specification(criterion("viability", "at_least: '70'", "%")) + POPULATIONS
VIABLE = population("Viable", rectangle(**{"7AAD_A": (None, 100)}))
CELLS = population("Cells", rectangle(FSC_A=(50, None)), VIABLE)
EVENTS = [[100.0, 10.0 if n < 180 else 500.0] for n in range(200)]


def imported(*populations: str) -> str:
    content = workspace(sample(*populations, parameters=NAMES))
    return import_strategy(content, "Panel.wsp").text


def approved(text: str) -> str:
    return approve(text, "strategy.xml", "R. Meier", "2026-03-16")[0]


def judged(tmp_path: Path, strategy: str | bytes, rules: str = SPECIFICATION) -> Assessment:
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(EVENTS, NAMES, keywords={"$P2S": "7-AAD", "LOT": "L-1"}),
        "flow/strategy.xml": strategy,
    }
    return assess(write_lot(tmp_path / "L-1", files), rules)


def test_an_approved_strategy_answers_for_the_lot(tmp_path: Path) -> None:
    found = judged(tmp_path, approved(imported(CELLS)))

    assert found.verdict is Verdict.PASS
    assert not {"strategy-unapproved", "strategy-changed", "strategy-without-card"} & slugs(found)


def test_files_that_are_gated_at_once_are_told_in_the_lots_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "_WORTH_PROCESSES", 0)
    files: dict[str, str | bytes] = {"flow/strategy.xml": approved(imported(CELLS))}
    for number in range(1, 7):
        # The first is the longest to gate.
        events = EVENTS * (4000 if number == 1 else number)
        files[f"flow/tube{number}.fcs"] = fcs_bytes(events, NAMES, keywords={"LOT": "L-1"})
    files["flow/tube4.fcs"] = b"FCS3.1 cut"

    lot = write_lot(tmp_path / "L-1", files)
    found = assess(lot, SPECIFICATION, jobs=2)

    alone = assess(lot, SPECIFICATION)
    assert (found.results, found.findings, found.inputs) == (
        alone.results,
        alone.findings,
        alone.inputs,
    )
    names = [one.path for one in found.inputs if one.path.endswith(".fcs")]
    assert names == [f"flow/tube{number}.fcs" for number in range(1, 7)]
    drawn = list(dict.fromkeys(plot.path for plot in found.plots))
    assert drawn == [name for name in names if name != "flow/tube4.fcs"]
    assert found.verdict is Verdict.HOLD
    held = {one.place.path for one in found.findings if one.severity is Severity.HOLD}
    assert held == {"flow/tube4.fcs"}


def test_a_file_whose_process_is_killed_each_time_holds_the_lot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> Iterator[None]:
        return iter([None, None])

    monkeypatch.setattr(papers, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(papers, "in_processes", killed)
    files: dict[str, str | bytes] = {"flow/strategy.xml": approved(imported(CELLS))}
    for number in (1, 2):
        files[f"flow/tube{number}.fcs"] = fcs_bytes(EVENTS, NAMES, keywords={"LOT": "L-1"})

    found = assess(write_lot(tmp_path / "L-1", files), SPECIFICATION, jobs=2)

    assert found.verdict is Verdict.HOLD
    assert found.exit_status is ExitStatus.UNREAD
    message = next(one.message for one in found.findings if one.slug == "document-unreadable")
    assert message.startswith("flow/tube1.fcs: the process that read it was ended from outside")


def test_an_unapproved_strategy_holds_the_lot(tmp_path: Path) -> None:
    found = judged(tmp_path, imported(CELLS))

    assert found.verdict is Verdict.HOLD
    assert "strategy-unapproved" in slugs(found)


def test_a_strategy_that_was_changed_after_its_approval_holds_the_lot(tmp_path: Path) -> None:
    found = judged(tmp_path, approved(imported(CELLS)).replace('"100.0"', '"600.0"'))

    assert found.verdict is Verdict.HOLD
    assert "strategy-changed" in slugs(found)


def test_a_gate_that_was_left_out_holds_the_lot_whose_test_needs_it(tmp_path: Path) -> None:
    curly = population("Viable", "<gating:CurlyQuad/>")
    cells = population("Cells", rectangle(FSC_A=(50, None)), curly)

    found = judged(tmp_path, approved(imported(cells)))

    assert found.verdict is Verdict.HOLD
    assert {"gate-left-out", "population-missing"} <= slugs(found)


def test_a_gate_that_was_left_out_is_told_where_no_test_needs_it(tmp_path: Path) -> None:
    text = imported(CELLS, population("Curly", "<gating:CurlyQuad/>"))

    found = judged(tmp_path, approved(text))

    assert found.verdict is Verdict.PASS
    (told,) = [one for one in found.findings if one.slug == "gate-left-out"]
    assert told.severity is Severity.WARNING
    assert "'Curly' is a CurlyQuad" in told.message


def test_a_gating_ml_file_without_a_card_says_so(tmp_path: Path) -> None:
    plain = gating_ml(
        own("Cells", dimension("FSC-A", low=50)),
        own("Viable", dimension("7AAD-A", high=100), parent="Cells"),
    )

    found = judged(tmp_path, plain)

    assert found.verdict is Verdict.PASS
    (told,) = [one for one in found.findings if one.slug == "strategy-without-card"]
    assert told.severity is Severity.INFORMATION


@pytest.mark.parametrize("which", ["sha256", "content_sha256"])
def test_a_specification_can_list_the_strategies_that_count(tmp_path: Path, which: str) -> None:
    text = approved(imported(CELLS))
    digest = getattr(read_strategy(text.encode()), which)

    listed = judged(tmp_path / "a", text, f"{SPECIFICATION}gating_strategies: ['{digest}']\n")
    other = judged(tmp_path / "b", text, f"{SPECIFICATION}gating_strategies: ['{'0' * 64}']\n")

    assert listed.verdict is Verdict.PASS
    assert other.verdict is Verdict.HOLD
    assert "strategy-not-allowed" in slugs(other)


def lot_of(tmp_path: Path, more: dict[str, str | bytes], lot_yaml: str = "") -> Assessment:
    tube = fcs_bytes(EVENTS, NAMES, keywords={"$P2S": "7-AAD", "LOT": "L-1"})
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": tube,
        "flow/strategy.xml": approved(imported(CELLS)),
        **more,
    }
    return assess(write_lot(tmp_path / "L-1", files, manifest() + lot_yaml), SPECIFICATION)


def test_a_strategy_for_the_whole_lot_is_not_passed_over_for_one_beside_the_file(
    tmp_path: Path,
) -> None:
    other = approved(imported(population("Cells", rectangle(FSC_A=(50, None)))))

    found = lot_of(tmp_path / "a", {"approved.xml": other})
    named = "strategies: {flow/tube.fcs: flow/strategy.xml}\n"
    settled = lot_of(tmp_path / "b", {"approved.xml": other}, named)

    assert found.verdict is Verdict.HOLD
    assert "strategy-ambiguous" in slugs(found)
    assert settled.verdict is Verdict.PASS


def test_each_folder_of_tubes_has_its_own_strategy(tmp_path: Path) -> None:
    tube = fcs_bytes(EVENTS * 2, NAMES, keywords={"$P2S": "7-AAD", "LOT": "L-1"})
    strategy = approved(imported(CELLS)).replace("Panel.wsp", "Other.wsp")

    found = lot_of(tmp_path, {"second/tube.fcs": tube, "second/strategy.xml": strategy})

    assert "strategy-ambiguous" not in slugs(found)
