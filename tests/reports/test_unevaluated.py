"""What was not evaluated: one list for the page and the PDF."""

from __future__ import annotations

from dataclasses import replace

import papers
import pytest
import runs
from test_html import Page

from qcvalidate.assessment import Outcome, Scope
from qcvalidate.record import CellCount, Source
from qcvalidate.reports import render
from qcvalidate.reports._unevaluated import NOTHING_LEFT_OUT, not_evaluated

MET = replace(runs.PASSING, results=(runs.ENDOTOXIN,))


def told(lot: runs.Assessment) -> dict[str, str]:
    return dict(not_evaluated(lot))


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Outcome.MISSING, "missing"),
        (Outcome.PENDING, "pending"),
        (Outcome.INDETERMINATE, "indeterminate"),
        (Outcome.NOT_APPLICABLE, "not applicable"),
    ],
)
def test_a_criterion_without_a_result_is_told(outcome: Outcome, word: str) -> None:
    lot = replace(MET, results=(replace(runs.ENDOTOXIN, outcome=outcome, reason="because"),))

    assert told(lot) == {runs.ENDOTOXIN.title: f"{word}: because"}


def test_a_document_that_was_not_read_is_told() -> None:
    inputs = (Source("a.pdf", "a" * 64, "unread", "none"), Source("b.pdf", "", "pdf", "none"))

    assert told(replace(MET, inputs=inputs)) == {
        "a.pdf": "the document could not be read; the findings say why",
        "b.pdf": "the document was not opened",
    }


def test_what_has_no_number_is_told() -> None:
    empty = replace(runs.plot(), population="Cells", parent_count=0)
    count = CellCount("viable_cells", "beads", "flow/a.fcs", "Cells", "Beads", refused="no beads")

    found = told(replace(MET, plots=(empty,), cell_counts=(count,)))

    assert found[f"gate Cells in {empty.path}"] == "its parent holds no events"
    assert "no beads" in found.values()


def test_the_scope_is_told() -> None:
    assert "one document was judged" in told(replace(MET, scope=Scope.DOCUMENT)).values()
    assert "Every criterion" in told(replace(MET, results=()))


@pytest.mark.parametrize("lot", [runs.FAILING, runs.CONDITIONAL, runs.HOLDING, MET])
def test_page_and_pdf_tell_all_of_it(lot: runs.Assessment) -> None:
    page = Page(str(render("html", runs.run(lot)))).words.replace(" : ", ": ")
    paper = papers.words(papers.open_pdf(render("pdf", runs.run(lot))))

    lines = [f"{what}: {why}" for what, why in not_evaluated(lot)] or [NOTHING_LEFT_OUT]
    for line in lines:
        assert line in page
        assert line in paper
