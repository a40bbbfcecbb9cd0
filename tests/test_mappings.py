from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from qcvalidate.catalogue import open_catalogue
from qcvalidate.cli.exports import command
from qcvalidate.errors import SpecificationError
from qcvalidate.mappings import load_mapping, load_mappings
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
VOCABULARY = load_vocabulary(CATALOGUE)
SHIPPED = sorted(CATALOGUE.files("exports"))

GOOD = """
id: mine
version: 1.0.0
software: Acme Counter
layout: rows
recognised_by: {headings: [Name, Alive]}
sample_id: Name
results:
  - {heading: Alive, test: viability, unit: "%", of: all cells}
"""


def mapping(folder: Path, text: str) -> Path:
    path = folder / "exports" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_mapping_can_be_meant(path: Path) -> None:
    found = load_mapping(path, CATALOGUE, VOCABULARY)

    assert found.id == path.stem


def test_a_mapping_of_the_users_own_stands_in_for_ours(tmp_path: Path) -> None:
    mapping(tmp_path, GOOD)

    found = load_mappings(open_catalogue(tmp_path), VOCABULARY)

    assert "mine" in {one.id for one in found}
    assert len(found) == len(SHIPPED) + 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: mine", "id: other", "the id is other"),
        (", of: all cells", "", "say under `of` which cells are 100 %"),
        ("test: viability", "test: alive", "no test that has a number"),
        ("test: viability", "test: sterility", "no test that has a number"),
        ('unit: "%"', "unit: cells/mL", "is no unit of viability"),
        ("sample_id: Name", "sample_id: Alive", "has two meanings"),
        ("sample_id: Name", "sample_id: Name\nignored: [alive]", "has two meanings"),
        ("sample_id: Name", 'sample_id: Name\ndilution: {applied: "no"}', "no heading says"),
        ("layout: rows", "layout: columns", "is not one of rows, labels"),
        ("software: Acme Counter\n", "", "lacks 'software'"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    path = mapping(tmp_path, GOOD.replace(old, new))

    with pytest.raises(SpecificationError, match=words):
        load_mapping(path, CATALOGUE, VOCABULARY)


def test_two_headings_of_one_test_are_refused(tmp_path: Path) -> None:
    second = '  - {heading: Also alive, test: viability, unit: "%", of: all cells}\n'

    with pytest.raises(SpecificationError, match="two headings are viability"):
        load_mapping(mapping(tmp_path, GOOD + second), CATALOGUE, VOCABULARY)


def test_the_command_lists_mappings_and_says_what_is_wrong_with_one(tmp_path: Path) -> None:
    bad = mapping(tmp_path, GOOD.replace("test: viability", "test: alive"))

    listed, linted = CliRunner().invoke(command, []), CliRunner().invoke(command, [str(bad)])

    assert (listed.exit_code, linted.exit_code) == (0, 2)
    assert "vi-cell-blu 1.0.0  Beckman Coulter Vi-CELL BLU: viability" in listed.output
    assert "no test that has a number" in linted.stderr
