"""The shape of the populations frame."""

from __future__ import annotations

from dataclasses import replace

import pandera.errors
import pytest

from qcvalidate.frames.populations import POPULATION_COLUMNS, Population, populations

CELLS = Population(
    id="Cells",
    path=("Cells",),
    parent=None,
    count=95,
    parent_count=100,
    total=100,
    percent_of_parent=95.0,
    ci_low=88.7,
    ci_high=98.4,
)


def test_no_populations_are_an_empty_frame_of_the_same_columns() -> None:
    assert list(populations([]).columns) == list(POPULATION_COLUMNS)


def test_a_row_is_kept_as_it_is() -> None:
    assert populations([CELLS]).to_dict("records")[0]["path"] == ("Cells",)


@pytest.mark.parametrize(
    "row",
    [
        replace(CELLS, count=101),
        replace(CELLS, total=99),
        replace(CELLS, count=-1),
        replace(CELLS, percent_of_parent=float("nan")),
        replace(CELLS, percent_of_parent=None),
        replace(CELLS, percent_of_parent=100.1),
        replace(CELLS, path=()),
        # A share of an empty parent.
        replace(CELLS, count=0, parent_count=0),
    ],
)
def test_what_cannot_be_is_refused(row: Population) -> None:
    with pytest.raises(pandera.errors.SchemaError):
        populations([row])


def test_an_empty_parent_has_no_share() -> None:
    row = replace(CELLS, count=0, parent_count=0, percent_of_parent=None, ci_low=None, ci_high=None)

    assert populations([row])["percent_of_parent"][0] is None


def test_two_gates_may_not_share_an_id() -> None:
    with pytest.raises(pandera.errors.SchemaError):
        populations([CELLS, CELLS])
