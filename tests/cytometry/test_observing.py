"""Populations become observations, or findings; never a number made of nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from qcvalidate.cytometry.observing import population_observations
from qcvalidate.frames import Observation, observations
from qcvalidate.frames.populations import Population, populations
from qcvalidate.record import Finding, Severity

CELLS, VIABLE = ("Cells",), ("Cells", "Viable")


def table(cells: int = 20000, viable: int = 18642, total: int = 30000) -> pd.DataFrame:
    def row(path: tuple[str, ...], count: int, parent: int) -> Population:
        share = (100.0 * count / parent, 0.0, 100.0) if parent else (None, None, None)
        return Population(
            id=path[-1],
            path=path,
            parent=path[-2] if len(path) > 1 else None,
            count=count,
            parent_count=parent,
            total=total,
            percent_of_parent=share[0],
            ci_low=share[1],
            ci_high=share[2],
        )

    return populations([row(CELLS, cells, total), row(VIABLE, viable, cells)])


def observe(
    of: tuple[str, ...], what: tuple[str, ...], frame: pd.DataFrame
) -> tuple[list[Observation], list[Finding]]:
    return population_observations(
        frame,
        {"viability": (of, what)},
        source="flow/tube.fcs",
        lot="A-1",
        sample_id="S-1",
        measured_at=dt.datetime(2026, 3, 16, 10, 5),
    )


def test_a_share_keeps_its_counts_and_its_gate() -> None:
    (found,), findings = observe(CELLS, VIABLE, table())

    assert findings == []
    assert found.test == "viability"
    assert found.result == "93.21 % (18642 of 20000)"
    assert found.lower == found.upper == Decimal("93.21")
    assert (found.numerator, found.denominator) == (18642, 20000)
    assert found.unit == "%"
    assert found.region == "gate Cells/Viable"
    assert found.method == "flow cytometry; % of Cells"
    assert (found.source, found.lot, found.sample_id) == ("flow/tube.fcs", "A-1", "S-1")
    # Clopper-Pearson, 95 %; Wilson's interval of the same counts is 92.85 to 93.55.
    assert found.ci_low == pytest.approx(92.852, abs=0.005)
    assert found.ci_high == pytest.approx(93.555, abs=0.005)
    assert len(observations([found])) == 1


def test_a_viability_names_its_dye() -> None:
    (found,), _ = population_observations(
        table(),
        {"viability": (CELLS, VIABLE)},
        source="flow/tube.fcs",
        lot=None,
        sample_id=None,
        measured_at=None,
        dyes={"viability": "7-AAD"},
    )

    assert found.result == "93.21 % (18642 of 20000; 7-AAD)"
    assert found.method == "flow cytometry, 7-AAD; % of Cells"


def test_a_share_of_all_events_has_no_path() -> None:
    (found,), _ = observe((), CELLS, table())

    assert found.denominator == 30000


def test_a_share_has_more_digits_than_any_limit() -> None:
    (found,), _ = observe(CELLS, VIABLE, table(cells=3, viable=2))

    assert found.lower == Decimal("66.6666666667")


@pytest.mark.parametrize(
    ("of", "what"),
    [
        (CELLS, ("Cells", "Dead")),
        (("Lymphocytes",), ("Lymphocytes", "Viable")),
        (VIABLE, CELLS),
        (CELLS, CELLS),
        (CELLS, ()),
    ],
)
def test_a_population_that_no_gate_defines_holds(
    of: tuple[str, ...], what: tuple[str, ...]
) -> None:
    found, (finding,) = observe(of, what, table())

    assert found == []
    assert finding.slug == "population-missing"
    assert finding.severity is Severity.HOLD
    assert "viability" in finding.message


def test_a_share_of_nothing_holds() -> None:
    found, (finding,) = observe(CELLS, VIABLE, table(cells=0, viable=0))

    assert found == []
    assert finding.slug == "population-not-evaluable"
    assert finding.severity is Severity.HOLD


def test_a_share_of_a_file_without_events_holds() -> None:
    _, (finding,) = observe((), CELLS, table(cells=0, viable=0, total=0))

    assert finding.slug == "population-not-evaluable"
