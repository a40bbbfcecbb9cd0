"""The JSON Schemas as an editor uses them: found by a modeline, and true of what it reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from lots import LABORATORY
from programs import called_with

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
WRITTEN = sorted([*ROOT.glob("schemas/*/*.yaml"), *SAMPLES.glob("*/lot.yaml")])

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs a checkout")


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it (10.3.2, core schema): 70 is a number, 2026-03-30 a text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - how PyYAML is told


for _tag, _form, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), list(_first))
Core.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))


def schema_of(path: Path) -> Path:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return path.parent / first.removeprefix("# yaml-language-server: $schema=")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_files_modeline_leads_to_its_schema_and_the_editor_has_no_complaint(path: Path) -> None:
    schema = schema_of(path)
    assert schema.is_file(), path.read_text(encoding="utf-8").partition("\n")[0]
    assert schema.resolve().parent == (ROOT / "schemas").resolve()

    content = yaml.load(path.read_text(encoding="utf-8"), Core)  # noqa: S506 - a safe loader
    checker = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    faults = [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(content)]

    assert faults == []


def test_every_kind_of_file_that_people_write_is_here() -> None:
    found = {schema_of(path).name.partition(".")[0] for path in WRITTEN}

    assert found == {"lot", "specification", "vocabulary", "lab", "export", "panel"}


WAIVER: dict[str, Any] = {
    "rule": 301,
    "criterion": "viability",
    "observed": "68 %",
    "reason": "autologous, no second harvest is possible",
    "approver": "A. Person, Qualified Person",
    "deviation": "DEV-2026-014",
    "approved": "2026-04-20",
    "expires": "2026-04-27",
}


def test_a_waiver_of_the_readme_is_what_its_schema_takes() -> None:
    path = LABORATORY.catalogue.json_schema("waivers")
    checker = Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))

    assert list(checker.iter_errors([WAIVER])) == []
    assert list(checker.iter_errors([WAIVER | {"rule": "viability-below-limit"}])) == []
    assert [fault.validator for fault in checker.iter_errors([WAIVER | {"rules": "x"}])] == [
        "additionalProperties"
    ]


@pytest.mark.parametrize("name", sorted(LABORATORY.catalogue.json_schemas()))
def test_every_schema_is_one_and_says_what_it_is_of(name: str) -> None:
    content = json.loads(LABORATORY.catalogue.json_schema(name).read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(content)
    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert len(content["title"]) > 10


def _schema(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qcvalidate", "schema", *arguments],
        capture_output=True,
        check=False,
        env=called_with(),
        encoding="utf-8",
    )


def test_the_program_hands_them_out() -> None:
    assert _schema("lot").stdout == LABORATORY.catalogue.json_schema("lot").read_text(
        encoding="utf-8"
    )
    assert [line.split()[0] for line in _schema().stdout.splitlines()] == list(
        LABORATORY.catalogue.json_schemas()
    )
    wrong = _schema("lots")
    assert wrong.returncode == 2
    assert "there is no schema 'lots'; did you mean 'lot'?" in wrong.stderr
