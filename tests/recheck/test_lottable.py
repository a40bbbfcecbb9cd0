"""A table of lots states what lot.yaml would, by the same rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from stacked_lots import CATALOGUE, FACTS, csv_file, facts_of

from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.manifest import read_manifest
from qcvalidate.recheck import lottable

ROW = (
    "MSC-1", "allogeneic", "bone_marrow", "2026-02-20", "donor", "12000", "2026-03-16 08:00",
    "2026-03-16 10:00", "2028-01-01", "intravenous", "70.5", "100", "2", "2026-06-01", "ultrasound",
    "",
)  # fmt: skip


def with_cell(key: str, text: str) -> tuple[str, ...]:
    return tuple(text if name == key else cell for name, cell in zip(FACTS, ROW, strict=True))


def manifest_file(path: Path, row: tuple[str, ...]) -> Path:
    content: dict[str, object] = {}
    for key, text in zip(FACTS, row, strict=True):
        group, _, name = key.rpartition(".")
        if text and key != "findings":
            (content.setdefault(group, {}) if group else content)[name] = text  # type: ignore[index]
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_a_row_is_what_lot_yaml_is(tmp_path: Path) -> None:
    table = facts_of(csv_file(tmp_path / "lots.csv", FACTS, [ROW]))

    whole = read_manifest(manifest_file(tmp_path / "lot.yaml", ROW), CATALOGUE)

    assert table.manifest(0) == whole
    assert not table.refused


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("donor.relation", "alogeneic"),
        ("donor.relation", "Allogeneic"),
        ("donor.age_days", "12 years"),
        ("donor.recovered", "2026-02-30"),
        ("donor.recovered", "20.02.2026"),
        ("donor.recovered", "2026-03-20"),
        ("donor.recovered", "2026-02-20 08:00"),
        ("donor.recovered", "1975-02-20"),
        ("manufacture.harvested", "2026-03-16T08:00"),
        ("manufacture.harvested", "2026-03-16 10:30"),
        ("manufacture.harvested", "2026-03-16 25:00"),
        ("manufacture.thawed", "2026-03-15"),
        ("dose.recipient_weight_kg", "0.01"),
        ("dose.recipient_weight_kg", "70,5"),
        ("dose.volume_mL", "1e3"),
        ("dose.route", "oral"),
        ("judged_on", "tomorrow"),
        ("manufacture.thawed", "2026-03-16"),
        ("manufacture.expires", "2026-03-01"),
    ],
)
def test_what_lot_yaml_refuses_is_refused_here(key: str, text: str, tmp_path: Path) -> None:
    row = with_cell(key, text)
    try:
        read_manifest(manifest_file(tmp_path / "lot.yaml", row), CATALOGUE)
        refused = False
    except UsageError:
        refused = True

    table = facts_of(csv_file(tmp_path / "lots.csv", FACTS, [row, with_cell("lot", "MSC-2")]))

    assert list(table.refused) == ([0] if refused else [])


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "lots.csv", ("lot", "donor.relatoin"), [("A", "allogeneic")])

    with pytest.raises(UsageError, match=r"donor\.relation"):
        facts_of(path)


def test_a_row_without_a_lot_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "lots.csv", ("lot", "donor.relation"), [("", "allogeneic")])

    with pytest.raises(DocumentError, match="row 2"):
        facts_of(path)


def test_moments_are_read_as_the_schema_of_lot_yaml_has_them() -> None:
    schema = json.loads(CATALOGUE.json_schema("lot").read_text(encoding="utf-8"))

    pattern = schema["$defs"]["moment"]["pattern"]

    assert re.sub(r"\?P<time>", "", lottable._MOMENT.pattern) == pattern.strip("^$")
