"""Real exports of counters against the Allotrope Simple Model that stands beside each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qcvalidate.frames import rows
from qcvalidate.pipeline import open_laboratory, read

pytestmark = pytest.mark.corpus
LABORATORY = open_laboratory()
DENSITIES = {
    "viable cell density (cell counter)": "viable_cell_concentration",
    "total cell density (cell counter)": "cell_concentration",
}
FILES = (
    "beckman_vi_cell_blu/Beckman_Vi-Cell-BLU_example01_utf16",
    "beckman_vi_cell_blu/Beckman_Vi-Cell-BLU_example02",
    "chemometec_nucleoview/chemometec_nucleoview_example02",
    "chemometec_nucleoview/chemometec_nucleoview_example04",
    "chemometec_nucleoview/chemometec_nucleoview_example06",
    "chemometec_nucleoview/chemometec_nucleoview_example08",
    "revvity_matrix/Cellaca_Example_1",
    "roche_cedex_hires/roche_cedex_hires_example_1",
)
# The truth has no zone where the export had none, and then calls the laboratory's hour Greenwich's.
NOT_TOLD = {"chemometec_nucleoview_example08"}


def _measurements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "sample document" in node:
            yield node
        for value in node.values():
            yield from _measurements(value)
    elif isinstance(node, list):
        for value in node:
            yield from _measurements(value)


def _numbers(node: Any) -> Iterator[tuple[str, Decimal]]:
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict) and "value" in value and not isinstance(value["value"], str):
                yield name, Decimal(str(value["value"]))
            yield from _numbers(value)
    elif isinstance(node, list):
        for value in node:
            yield from _numbers(value)


@pytest.mark.parametrize("name", FILES)
def test_each_number_sample_and_time_is_that_of_the_truth(corpus: Path, name: str) -> None:
    path = corpus / "counters" / f"{name}.csv"
    truth = list(_measurements(json.loads(path.with_suffix(".json").read_text("utf-8"))))

    found = {(row.sample_id, row.test): row for row in rows(read(path, LABORATORY).observations)}

    assert truth
    for measurement in truth:
        sample = measurement["sample document"]["sample identifier"]
        numbers = dict(_numbers(measurement))
        expected = {test: numbers[key] * 10**6 for key, test in DENSITIES.items() if key in numbers}
        expected["viability"] = numbers["viability (cell counter)"]
        for test, value in expected.items():
            assert found[sample, test].lower == found[sample, test].upper == value
        measured = found[sample, "viability"].measured_at
        clock = dt.datetime.fromisoformat(measurement["measurement time"]).replace(tzinfo=None)
        assert measured == (None if path.stem in NOT_TOLD else clock)
    assert {sample for sample, _ in found} == {
        measurement["sample document"]["sample identifier"] for measurement in truth
    }


@pytest.mark.parametrize(
    ("name", "states"),
    [
        # A dilution of 1: nothing to multiply by.
        (FILES[0], {"confirmed"}),
        (FILES[2], {"confirmed"}),
        # 10, 0.5: not said to be in the concentration.
        (FILES[5], {"confirmed", "ambiguous"}),
        (FILES[7], {"confirmed", "ambiguous"}),
        # 0.50 million alive of 0.30 million in all.
        (FILES[6], {"conflict"}),
    ],
)
def test_a_concentration_counts_only_where_its_dilution_is_certain(
    corpus: Path, name: str, states: set[str]
) -> None:
    found = rows(read(corpus / "counters" / f"{name}.csv", LABORATORY).observations)

    assert {row.state for row in found} == states
    doubtful = {row.test for row in found if row.state == "ambiguous"}
    assert doubtful <= {"viable_cell_concentration", "cell_concentration"}


def test_a_row_of_chemistry_is_no_cell_count(corpus: Path) -> None:
    path = corpus / "counters/novabio_flex2/SampleResults2022-06-28_142558.csv"

    record = read(path, LABORATORY)

    assert record.observations.empty
    assert any("no cell count" in finding.message for finding in record.findings)
