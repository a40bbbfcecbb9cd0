from __future__ import annotations

import json

import pytest
import runs
from contracts import held_to

from qcvalidate.reports import render

LOTS = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


def lines(*lots: runs.Assessment) -> list[str]:
    text = render("jsonl", runs.run(*lots))
    assert text.isascii()
    assert text.endswith("\n")
    return text.splitlines()


def test_each_line_is_what_json_gives_for_its_lot_alone() -> None:
    found = lines(*LOTS)

    assert len(found) == len(LOTS)
    for line, lot in zip(found, LOTS, strict=True):
        alone = render("json", runs.run(lot))
        assert held_to("assessment", line) == json.loads(alone)
        # Decimals keep their digits.
        assert line == "".join(part.lstrip() for part in alone.splitlines())


def test_a_run_without_lots_is_one_line_that_is_held() -> None:
    (line,) = lines()

    assert held_to("assessment", line)["verdict"] == "HOLD"


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_document_s_text_arrives_unchanged_and_breaks_no_line(text: str) -> None:
    found = lines(runs.hostile(text), runs.hostile(text))

    assert len(found) == 2
    assert held_to("assessment", found[0])["lots"][0]["lot"] == text


def test_spaces_at_the_ends_of_a_text_are_kept() -> None:
    (line,) = lines(runs.hostile("  two  "))

    assert json.loads(line)["lots"][0]["lot"] == "  two  "
