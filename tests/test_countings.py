"""Numbers of one lot that cannot all be true, though each may lie within its limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import assess, criterion, manifest, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Verdict

RULES = specification(
    criterion("viability", "at_least: '70'", "%"),
    criterion("viable_cell_concentration", "at_least: '1.0e6'", "cells/mL"),
)
VIABILITY = row("viability", "90", "%")
LIVING = row("viable_cell_concentration", "1.8e6", "cells/mL")


def judged(tmp_path: Path, *rows: str, rules: str = RULES) -> Assessment:
    # A dose of 100 mL for 70 kg.
    return assess(write_lot(tmp_path / "L-1", {"counts.csv": table(*rows)}, manifest()), rules)


@pytest.mark.parametrize(
    "more",
    [
        row("cell_concentration", "2.0e6", "cells/mL"),
        # 92.3 %, beside 90.
        row("cell_concentration", "1.95e6", "cells/mL"),
        row("cell_concentration", "1.80e6", "cells/mL", method="haematology analyser"),
        row("cell_concentration", "1.0e6", "cells/mL", sample_id="another"),
        row("viable_dose", "1.8e8", "cells"),
        # The dose was diluted from 2 mL of the counted cells... up to five times is let be.
        row("viable_dose", "4.0e7", "cells"),
    ],
)
def test_numbers_that_can_all_be_true_pass(tmp_path: Path, more: str) -> None:
    rows = VIABILITY.replace('"%",', '"%",'), LIVING, more
    if "haematology" in more:
        rows = (
            VIABILITY,
            row("viable_cell_concentration", "1.8e6", "cells/mL", method="beads"),
            more,
        )

    assert judged(tmp_path, *rows).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "more",
    [
        # More living cells than cells; 50 % beside 90.
        row("cell_concentration", "1.0e6", "cells/mL"),
        row("cell_concentration", "3.6e6", "cells/mL"),
        row("cell_concentration", "1800", "cells/uL"),
        # 1.8e6 x 100 mL are 1.8e8.
        row("viable_dose", "1.8e9", "cells"),
        row("viable_dose", "1.8e7", "cells"),
    ],
)
def test_numbers_that_cannot_all_be_true_hold(tmp_path: Path, more: str) -> None:
    found = judged(tmp_path, VIABILITY, LIVING, more)

    assert found.verdict is Verdict.HOLD
    assert "counts-contradict" in slugs(found)


@pytest.mark.parametrize(("per_kg", "agree"), [("2.6e6", True), ("2.6e7", False), ("2.6e5", False)])
def test_a_dose_is_its_dose_per_kilogram_times_the_weight(
    tmp_path: Path, per_kg: str, agree: bool
) -> None:
    found = judged(
        tmp_path, VIABILITY, LIVING, row("viable_dose", "1.8e8", "cells"),
        row("viable_dose_per_kg", per_kg, "cells/kg"),
    )  # fmt: skip

    assert ("counts-contradict" not in slugs(found)) is agree


@pytest.mark.parametrize(
    ("result", "unit", "holds"),
    [
        ("1.8e6", "cells/uL", True),
        ("1.8", "1e6/uL", True),
        # The densest that are frozen hold about 6e8.
        ("6.0e8", "cells/mL", False),
    ],
)
def test_more_cells_than_a_millilitre_holds_are_a_wrong_unit(
    tmp_path: Path, result: str, unit: str, holds: bool
) -> None:
    found = judged(tmp_path, VIABILITY, row("viable_cell_concentration", result, unit))

    assert ("count-implausible" in slugs(found)) is holds
    assert (found.verdict is Verdict.HOLD) is holds


def test_replicates_are_not_mixed(tmp_path: Path) -> None:
    again = row("viability", "72", "%"), row("viable_cell_concentration", "1.2e6", "cells/mL")
    totals = (
        row("cell_concentration", "2.0e6", "cells/mL"),
        row("cell_concentration", "1.66e6", "cells/mL"),
    )

    found = judged(tmp_path, VIABILITY, LIVING, *again, *totals)

    assert "counts-contradict" not in slugs(found)


@pytest.mark.parametrize(("volume", "holds"), [("10", True), ("40", True), ("100", False),
                                               ("250", False)])  # fmt: skip
def test_a_dose_is_no_larger_than_its_product(tmp_path: Path, volume: str, holds: bool) -> None:
    """The dose of lot.yaml is 100 mL; it may be a part of the product, or a little diluted."""
    found = judged(tmp_path, VIABILITY, LIVING, row("volume", volume, "mL"))

    assert ("counts-contradict" in slugs(found)) is holds
