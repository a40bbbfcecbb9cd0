from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import lots
import pytest

from qcvalidate.assessment import Verdict
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.pipeline import open_laboratory, read
from qcvalidate.record import Record, Severity

LAB = open_laboratory()
MANIFEST = "http://purl.allotrope.org/manifests/cell-counting/REC/2024/09/cell-counting.manifest"
VIABILITY = "viability (cell counter)"
VIABLE = "viable cell density (cell counter)"
TOTAL = "total cell density (cell counter)"

Json = dict[str, Any]


def _datum(value: object, unit: str) -> Json:
    return {"value": value, "unit": unit}


def _measurement(**more: Any) -> Json:
    """Write a measurement; `processed`, `sample` and others take the place of what is usual."""
    processed = {
        VIABILITY: _datum(93.1, "%"),
        VIABLE: _datum(1.08, "10^6 cells/mL"),
        TOTAL: _datum(1.16, "10^6 cells/mL"),
        "average total cell diameter": _datum(16.1, "µm"),
        "viable cell count": _datum(1080, "cell"),
        "total cell count": _datum(1160, "cell"),
    } | more.pop("processed", {})
    kept = {name: value for name, value in processed.items() if value is not None}
    return {
        "measurement identifier": "M1",
        "measurement time": "2026-03-05T10:30:00+01:00",
        "processed data aggregate document": {"processed data document": [kept]},
        "sample document": {"sample identifier": "S-77"} | more.pop("sample", {}),
    } | more


def _model(*measurements: Json, manifest: str = MANIFEST, **more: Any) -> Json:
    documents = [
        {"measurement aggregate document": {"measurement document": [each]}, "analyst": "me"}
        for each in measurements
    ]
    held = {"cell counting document": documents} | more
    return {"$asm.manifest": manifest, "cell counting aggregate document": held}


def _read(tmp_path: Path, model: Json) -> Record:
    path = tmp_path / "counter.json"
    path.write_text(json.dumps(model), "utf-8")
    return read(path, LAB)


def _found(record: Record) -> dict[str, Observation]:
    return {row.test: row for row in rows(record.observations)}


def _slugs(record: Record) -> list[tuple[str, Severity]]:
    return [(finding.slug, finding.severity) for finding in record.findings]


def test_a_measurement_gives_viability_and_densities(tmp_path: Path) -> None:
    record = _read(tmp_path, _model(_measurement()))

    found = _found(record)
    # Cells counted in the instrument's pictures are not the product's.
    assert set(found) == {"viability", "viable_cell_concentration", "cell_concentration"}
    alive, density = found["viability"], found["viable_cell_concentration"]
    assert (alive.result, alive.lower, alive.unit) == ("93.1", Decimal("93.1"), "%")
    assert (density.lower, density.unit) == (Decimal(1080000), "cells/mL")
    assert alive.measured_at == dt.datetime(2026, 3, 5, 10, 30)
    assert (alive.sample_id, alive.lot, alive.state) == ("S-77", None, "confirmed")
    assert alive.region == "measurement 1 “viability (cell counter)”"
    assert record.stated("sample_id") == "S-77"
    assert not record.findings


def test_the_hours_of_a_converter_without_a_zone_are_not_used(tmp_path: Path) -> None:
    twice = [_measurement(**{"measurement time": "2026-03-05T10:30:00+00:00"}) for _ in range(2)]

    record = _read(tmp_path, _model(*twice))

    assert {row.measured_at for row in rows(record.observations)} == {None}
    assert _slugs(record) == [("date-ambiguous", Severity.WARNING)]


@pytest.mark.parametrize(
    ("processed", "state"),
    [
        ({VIABLE: _datum(1.20, "10^6 cells/mL")}, "conflict"),
        ({VIABILITY: _datum(73.1, "%")}, "conflict"),
        ({"viable cell count": _datum(500, "cell")}, "conflict"),
        # 0.33 of 0.36 is 89.0 to 94.4 %, as they are rounded.
        (
            {
                VIABLE: _datum(0.33, "10^6 cells/mL"),
                TOTAL: _datum(0.36, "10^6 cells/mL"),
                VIABILITY: _datum(93.1, "%"),
            },
            "confirmed",
        ),
    ],
    ids=["more alive than all", "viability", "counts", "rounded"],
)
def test_a_measurement_is_held_against_itself(tmp_path: Path, processed: Json, state: str) -> None:
    record = _read(tmp_path, _model(_measurement(processed=processed)))

    assert {row.state for row in rows(record.observations)} == {state}
    assert (("field-conflict", Severity.HOLD) in _slugs(record)) == (state == "conflict")


@pytest.mark.parametrize(
    "datum",
    [
        _datum("NaN", "%"),
        _datum("#N/A", "%"),
        _datum(-0.0001, "%"),
        _datum(93.1, "cells/mL"),
        {"value": 93.1},
        [_datum(93.1, "%"), _datum(60.0, "%")],
        _datum(93.1, "%") | {"has statistic datum role": "median role"},
        _datum(None, "%"),
        _datum([93.1, 50.0], "%"),
    ],
    ids=["nan", "error", "negative", "unit", "no unit", "two", "statistic", "null", "list"],
)
def test_a_value_that_is_not_one_number_supports_no_pass(tmp_path: Path, datum: object) -> None:
    model = _model(_measurement(processed={VIABILITY: datum}))
    stated = lots.manifest() + "declared: [c.json]\n"
    folder = lots.write_lot(tmp_path / "L-1", {"c.json": json.dumps(model)}, stated)
    limit = lots.specification(lots.criterion("viability", 'at_least: "70"', "%"))

    assert lots.assess(folder, limit).verdict is Verdict.HOLD


def test_a_lot_that_the_manifest_vouches_for_passes(tmp_path: Path) -> None:
    stated = lots.manifest() + "declared: [c.json]\n"
    folder = lots.write_lot(
        tmp_path / "L-1", {"c.json": json.dumps(_model(_measurement()))}, stated
    )
    limit = lots.specification(lots.criterion("viability", 'at_least: "70"', "%"))

    assert lots.assess(folder, limit).verdict is Verdict.PASS


def test_a_batch_is_the_lot(tmp_path: Path) -> None:
    record = _read(tmp_path, _model(_measurement(sample={"batch identifier": "L-2"})))

    assert record.stated("lot") == "L-2"


@pytest.mark.parametrize(("kind", "held"), [("unknown", False), ("control", True)])
def test_the_role_of_a_sample_is_read(tmp_path: Path, kind: str, held: bool) -> None:
    sample = {"sample role type": f"{kind} sample role"}

    record = _read(tmp_path, _model(_measurement(sample=sample)))

    assert (Severity.HOLD in {severity for _, severity in _slugs(record)}) == held


@pytest.mark.parametrize(
    ("more", "slug", "severity"),
    [
        ({"error aggregate document": {"error document": [
            {"error": "Concentration too high", "error feature": "total cell density"}]}},
         "row-remarked", Severity.HOLD),
        ({"custom information document": {"Comment": "second run"}}, "row-remarked",
         Severity.WARNING),
        ({"custom information document": {"Run": "FAILED"}}, "row-remarked", Severity.HOLD),
        ({"custom information document": {"apoptosis": _datum(4, "%")}}, "table-header-unknown",
         Severity.INFORMATION),
    ],
    ids=["error", "comment", "failed", "number"],
)  # fmt: skip
def test_what_else_is_said_is_told(
    tmp_path: Path, more: Json, slug: str, severity: Severity
) -> None:
    assert _slugs(_read(tmp_path, _model(_measurement(**more)))) == [(slug, severity)]


def test_a_measurement_without_results_is_told(tmp_path: Path) -> None:
    nothing = dict.fromkeys([VIABILITY, VIABLE, TOTAL])

    record = _read(tmp_path, _model(_measurement(processed=nothing)))

    assert _slugs(record) == [("result-blank", Severity.WARNING)]


def test_no_measurement_holds(tmp_path: Path) -> None:
    assert _slugs(_read(tmp_path, _model())) == [("table-empty", Severity.HOLD)]


@pytest.mark.parametrize("kind", ["flow-cytometry", "plate-reader", "solution-analyzer"])
def test_the_model_of_another_instrument_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DocumentError, match=kind) as caught:
        _read(tmp_path, _model(_measurement(), manifest=MANIFEST.replace("cell-counting", kind)))

    assert caught.value.slug == "document-unclaimed"


# --- real exports, and what the counter itself wrote ---------------------------------------


def _pairs(record: Record) -> list[tuple[str | None, Decimal | None, Decimal | None]]:
    """Give sample, viability and viable density, in 10^6 a millilitre, of each measurement."""
    found: dict[str, list[Observation]] = {}
    for row in rows(record.observations):
        found.setdefault(row.test, []).append(row)
    million = Decimal(1_000_000)
    return [
        (alive.sample_id, alive.lower, dense.lower / million if dense.lower else None)
        for alive, dense in zip(found["viability"], found["viable_cell_concentration"], strict=True)
    ]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "export", "encoding"),
    [
        ("example01_utf16", "Beckman_Vi-Cell-BLU_example01_utf16.csv", "utf-16"),
        ("example02", "Beckman_Vi-Cell-BLU_example02.csv", "utf-8"),
    ],
)
def test_a_vi_cell_blu_says_the_same_in_its_own_export(
    corpus: Path, name: str, export: str, encoding: str
) -> None:
    folder = corpus / "counters" / "beckman_vi_cell_blu"
    with (folder / export).open(encoding=encoding, newline="") as stream:
        written = list(csv.DictReader(stream))

    record = read(folder / f"Beckman_Vi-Cell-BLU_{name}.json", LAB)

    assert _pairs(record) == [
        (
            line["Sample ID"],
            Decimal(line["Viability (%)"]),
            Decimal(line["Viable (x10^6) cells/mL"]),
        )
        for line in written
    ]


@pytest.mark.corpus
def test_a_cedex_says_the_same_in_its_own_export(corpus: Path) -> None:
    folder = corpus / "counters" / "roche_cedex_hires"
    with (folder / "roche_cedex_hires_example_1.csv").open(encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream))

    record = read(folder / "roche_cedex_hires_example_1.json", LAB)

    assert _pairs(record) == [
        (
            line["Sample identifer"],
            Decimal(line["Viability"]),
            Decimal(line["Viable Cell Conc."]) / 1_000_000,
        )
        for line in written
    ]


@pytest.mark.corpus
def test_a_counter_that_contradicts_itself_is_not_believed(corpus: Path) -> None:
    # Its viable density is above its total density: 0.50 of 0.30 million.
    record = read(corpus / "counters" / "revvity_matrix" / "Cellaca_Example_1.json", LAB)

    assert {row.state for row in rows(record.observations)} == {"conflict"}


@pytest.mark.corpus
@pytest.mark.parametrize("number", ["02", "04", "06", "08"])
def test_a_nucleocounter_is_read(corpus: Path, number: str) -> None:
    folder = corpus / "counters" / "chemometec_nucleoview"
    record = read(folder / f"chemometec_nucleoview_example{number}.json", LAB)

    # As the .csv beside each prints them.
    viability = {"02": "92.8", "04": "68.2", "06": "92.8", "08": "83.0"}[number]
    assert _found(record)["viability"].lower == Decimal(viability)
    assert not any(each.severity is Severity.HOLD for each in record.findings)


@pytest.mark.corpus
def test_a_solution_analyser_is_refused(corpus: Path) -> None:
    folder = corpus / "counters" / "novabio_flex2"
    with pytest.raises(DocumentError, match="solution-analyzer"):
        read(folder / "SampleResults2022-06-28_142558.json", LAB)


def test_a_measurement_of_next_to_no_cells_supports_no_pass(tmp_path: Path) -> None:
    few = {
        VIABILITY: _datum(90, "%"),
        VIABLE: _datum(1.044, "10^6 cells/mL"),
        "viable cell count": _datum(9, "cell"),
        "total cell count": _datum(10, "cell"),
    }

    record = _read(tmp_path, _model(_measurement(processed=few)))

    assert {row.state for row in rows(record.observations)} == {"ambiguous"}
    assert "too-few-events" in {one.slug for one in record.findings}


@pytest.mark.parametrize(("factor", "state"), [(10, "ambiguous"), (1, "confirmed")])
def test_a_dilution_that_may_be_in_the_densities_supports_no_pass(
    tmp_path: Path, factor: int, state: str
) -> None:
    diluted = {"cell density dilution factor": _datum(factor, "(unitless)")}

    record = _read(tmp_path, _model(_measurement(processed=diluted)))

    found = {row.test: row.state for row in rows(record.observations)}
    assert found["viable_cell_concentration"] == state
    assert found["viability"] == "confirmed"


def test_a_lot_identifier_is_the_lot(tmp_path: Path) -> None:
    record = _read(tmp_path, _model(_measurement(sample={"lot identifier": "L-2"})))

    assert {row.lot for row in rows(record.observations)} == {"L-2"}
