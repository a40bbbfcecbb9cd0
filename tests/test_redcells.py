"""A count of nucleated cells is with or without nucleated red ones (domain facts 5.17, 5.18)."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import LABORATORY, assess, criterion, outcome, row, slugs, specification, table, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.errors import SpecificationError
from qcvalidate.record import Severity
from qcvalidate.redcells import said_of_red_cells
from qcvalidate.specification import load_specification
from qcvalidate.specification.comparison import Bearing, changes


def spec(includes: str, test: str = "total_nucleated_cells") -> str:
    needs = f'evidence: {{includes_nrbc: "{includes}"}}'
    return specification(criterion(test, "at_least: '5.0e8'", "cells", needs))


def judged(tmp_path: Path, name: str, text: str, includes: str) -> Assessment:
    return assess(write_lot(tmp_path / "lot", {name: text}), spec(includes))


INCLUDED = [
    "nRBC included",
    "including nRBC",
    "not corrected for nRBC",
    "uncorrected for nucleated red cells",
    "uncorrected WBC",
    "nRBC not excluded",
    "NRBCs were not subtracted",
    "nRBC nicht abgezogen",
    "einschließlich Erythroblasten",
]
EXCLUDED = [
    "nRBC excluded",
    "corrected for nRBC",
    "nRBC-corrected",
    "excluding nucleated red blood cells",
    "not including nRBC",
    "nRBC not included",
    "nRBCs were subtracted",
    "without normoblasts",
    "corrected WBC",
    "WBC corrected",
    "korrigiert um Erythroblasten",
    "sans érythroblastes",
    "corregido por eritroblastos",
]
SILENT = ["", "Sysmex XN", "corrected for dilution", "nRBC 8 per 100 WBC", "corrected report"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, {True}) for text in INCLUDED),
        *((text, {False}) for text in EXCLUDED),
        *((text, set[bool]()) for text in SILENT),
        ("TNC including nRBC; WBC corrected for nRBC", {True, False}),
    ],
)
def test_papers_have_words_for_it(text: str, expected: set[bool]) -> None:
    assert said_of_red_cells(text) == expected


@pytest.mark.parametrize(
    ("method", "includes", "expected"),
    [
        ("corrected for nRBC", "true", Outcome.INDETERMINATE),
        ("corrected for nRBC", "false", Outcome.PASS),
        ("nRBC included", "true", Outcome.PASS),
        ("nRBC included", "false", Outcome.INDETERMINATE),
        ("uncorrected", "true", Outcome.PASS),
        ("uncorrected", "false", Outcome.INDETERMINATE),
        ("Sysmex, corrected", "true", Outcome.INDETERMINATE),
        ("corrected for dilution", "true", Outcome.PASS),
        ("nRBC included; nRBC excluded", "true", Outcome.INDETERMINATE),
        ("nRBC included; nRBC excluded", "false", Outcome.INDETERMINATE),
    ],
)
def test_the_other_count_holds(
    tmp_path: Path, method: str, includes: str, expected: Outcome
) -> None:
    text = table(row("total_nucleated_cells", "6.0e8", "cells", method=method))

    result = outcome(judged(tmp_path, "a.csv", text, includes), "total_nucleated_cells")

    assert result.outcome is expected
    assert result.code == (949 if expected is Outcome.INDETERMINATE else 401)


HEAD = "lot,test,result,unit"
LINE = "L-1,total_nucleated_cells,6.0e8,cells"
PAGE = (
    "CERTIFICATE OF ANALYSIS\nExample Laboratories\nReport No: R-1\nLot: L-1\n"
    "Date issued: 2026-04-04\n\nTest            Result\nTNC             6.0e8 cells\n\n{said}\n"
    "Approved by: Jane Roe\nSigned on: 2026-04-04\n"
)


@pytest.mark.parametrize(
    ("name", "text", "is_other"),
    [
        ("a.csv", f"{HEAD},nRBC corrected\n{LINE},yes\n", True),
        ("a.csv", f"{HEAD},nRBC corrected\n{LINE},no\n", False),
        ("a.csv", f"{HEAD},nRBC\n{LINE},excluded\n", True),
        ("a.csv", f"{HEAD},Comment\n{LINE},corrected for nRBC\n", True),
        ("a.txt", PAGE.format(said="Nucleated red blood cells are included in the count."), False),
        ("a.txt", PAGE.format(said="TNC corrected for nRBC."), True),
    ],
)
def test_columns_and_pages_say_it(tmp_path: Path, name: str, text: str, is_other: bool) -> None:
    found = judged(tmp_path, name, text, "true")

    result = outcome(found, "total_nucleated_cells")
    assert result.outcome is (Outcome.INDETERMINATE if is_other else Outcome.PASS)
    assert "red-cells-unstated" not in slugs(found)


@pytest.mark.parametrize(
    ("includes", "severity"), [("true", Severity.INFORMATION), ("false", Severity.WARNING)]
)
def test_a_silent_paper_is_told(tmp_path: Path, includes: str, severity: Severity) -> None:
    text = table(row("total_nucleated_cells", "6.0e8", "cells"))

    found = judged(tmp_path, "a.csv", text, includes)

    assert found.verdict is Verdict.PASS
    (told,) = [one for one in found.findings if one.slug == "red-cells-unstated"]
    assert told.severity is severity


def test_where_nobody_asks_nothing_is_told(tmp_path: Path) -> None:
    plain = specification(criterion("total_nucleated_cells", "at_least: '5.0e8'", "cells"))
    text = table(row("total_nucleated_cells", "6.0e8", "cells", method="corrected for nRBC"))

    found = assess(write_lot(tmp_path / "lot", {"a.csv": text}), plain)

    assert found.verdict is Verdict.PASS
    assert not {"red-cells-unstated", "red-cells-otherwise"} & slugs(found)


@pytest.mark.parametrize(
    ("old", "new", "bearing"),
    [
        ("true", "false", Bearing.OTHER),
        ("false", "true", Bearing.OTHER),
        ("false", None, Bearing.LOOSER),
        (None, "false", Bearing.STRICTER),
    ],
)
def test_a_copy_that_counts_otherwise_says_so(
    tmp_path: Path, old: str | None, new: str | None, bearing: Bearing
) -> None:
    plain = specification(criterion("total_nucleated_cells", "at_least: '5.0e8'", "cells"))
    loaded = []
    for name, includes in (("old", old), ("new", new)):
        path = tmp_path / name / "mine.yaml"
        path.parent.mkdir()
        path.write_text(plain if includes is None else spec(includes), encoding="utf-8")
        loaded.append(load_specification(path, LABORATORY.catalogue, LABORATORY.vocabulary))

    (change,) = changes(*loaded)

    assert change.bearing is bearing
    assert "includes nrbc" in change.words


def test_only_a_count_of_nucleated_cells_has_them(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.csv": table()})

    with pytest.raises(SpecificationError, match="includes_nrbc is of a count of nucleated cells"):
        assess(lot, spec("true", "viable_cell_count"))
