"""Every rule's code is brought up by a real lot or document, and every reason has its source.

The outcomes are a table here: each kind of outcome of each family of tests, from a lot of one row.
The other rules are looked back on at the end of the whole suite: the program itself, and not a
test, must have made a finding of each.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest
from lots import TODAY, criterion, manifest, outcome, specification, write_lot

from qcvalidate.pipeline import Laboratory, Options, assess_paths, open_laboratory
from qcvalidate.rules import outcome_rule, rules

TESTS = Path(__file__).parent
# Raised before any lot is assessed: the run stops.
REFUSALS = {"pandera-disabled"}


@dataclass(frozen=True)
class Asked:
    """A test with its limit; results that meet it, miss it and settle nothing."""

    test: str
    accept: str
    good: str
    bad: str
    open: str
    unit: str = ""
    alert: str = ""


FAMILIES = {
    "viability": Asked("viability", "at_least: '70'", "80", "60", "< 90", "%", "at_least: '85'"),
    "count": Asked("viable_cell_concentration", "at_least: '1.0e6'", "2e6", "1e5", "> 1e5",
                   "cells/mL", "at_least: '3.0e6'"),
    "dose": Asked("viable_dose", "at_least: '1.0e6'", "2e6", "1e5", "> 1e5", "cells",
                  "at_least: '3.0e6'"),
    "volume": Asked("volume", "at_least: '5.0'", "7", "3", "> 3", "mL", "at_least: '8.0'"),
    "endotoxin": Asked("endotoxin", "at_most: '5'", "4", "9", "< 9", "EU/mL", "at_most: '3'"),
    "phenotype": Asked("cd105_positive", "at_least: '95'", "96", "80", "> 80", "%",
                       "at_least: '98'"),
    "sterility": Asked("sterility", "one_of: [negative]", "No growth", "Growth", "as discussed"),
    "rapid": Asked("gram_stain", "one_of: [negative]", "Negative", "Organisms seen", "as agreed"),
    "mycoplasma": Asked("mycoplasma", "one_of: [negative]", "Not detected", "Detected", "so so"),
    "donor": Asked("syphilis", "one_of: [negative]", "Non-reactive", "Reactive", "as discussed"),
    "appearance": Asked("appearance", "one_of: [negative]", "Complies", "Does not comply", "so"),
}  # fmt: skip
# What of a family no test of ours has, a clinic's own may: an alert limit needs a quantity, and a
# day when the result is due needs a culture.
QUANTITY = Asked("own_ratio", "at_most: '50'", "40", "60", "< 60", "%", "at_most: '30'")
CULTURE = Asked("own_culture", "one_of: [negative]", "No growth", "Growth", "as discussed")
OWN = """
tests:
  own_ratio: {{title: Own ratio, family: {family}, kind: quantitative, units: ["%"], synonyms: []}}
  own_culture: {{title: Own culture, family: {family}, kind: qualitative, synonyms: []}}
"""


def asked_of(family: str, kind: str) -> Asked:
    found = FAMILIES.get(family, QUANTITY)
    if kind == "alert" and not found.alert:
        return QUANTITY
    return CULTURE if kind == "not-final" and found.unit else found


def with_own_tests(folder: Path, family: str) -> Laboratory:
    (folder / "own" / "vocabulary").mkdir(parents=True)
    text = OWN.format(family=family)
    (folder / "own" / "vocabulary" / "own.yaml").write_text(text, encoding="utf-8")
    return open_laboratory(folder / "own")


OUTCOMES = [
    (known.family, known.kind) for known in rules() if known.family is not None and known.kind
]


@pytest.mark.parametrize(("family", "kind"), OUTCOMES)
def test_every_outcome_of_every_family_has_its_code(tmp_path: Path, family: str, kind: str) -> None:
    asked = asked_of(family, kind)
    cells = {"result": asked.good, "unit": asked.unit, "status": "final"}
    cells |= {
        "fail": {"result": asked.bad},
        "indeterminate": {"result": asked.open},
        "pending": {"result": "pending", "status": "preliminary"},
        "missing": {"result": ""},
        "invalid": {"result": "invalid"},
        "unconfirmed": {"state": "conflict"},
        "not-final": {"result": "pending", "status": "preliminary", "started": "2026-01-05"},
    }.get(kind, {})
    needs = {
        "alert": f"alert: {{{asked.alert}}}",
        "not-final": "evidence: {min_days: '14'}",
        "incomplete": "evidence: {before_harvest: 'true'}",
    }
    spec = specification(criterion(asked.test, asked.accept, asked.unit, needs.get(kind, "")))
    names = ("lot", "test", "result", "unit", "status", "started", "state")
    row = {"lot": "L-1", "test": asked.test, **cells}
    table = f"{','.join(names)}\n{','.join(row.get(name, '') for name in names)}\n"

    (tmp_path / "mine.yaml").write_text(spec, encoding="utf-8")
    lot = write_lot(tmp_path / "lot", {"a.csv": table}, manifest())
    options = Options(TODAY, None, str(tmp_path / "mine.yaml"))

    (found,) = assess_paths([lot], with_own_tests(tmp_path, family), options)

    expected = outcome_rule(family, kind)
    result = outcome(found, asked.test)
    assert (result.slug, result.code) == (expected.slug, expected.code), result.reason


def whole_session(request: pytest.FixtureRequest) -> bool:
    """Say whether every test module of this folder runs in this session, with all its tests."""
    option = request.config.option
    if option.keyword or option.markexpr or any("::" in given for given in request.config.args):
        return False
    seen = {item.path for item in request.session.items}
    modules = {path for path in TESTS.rglob("test_*.py") if "def test" in path.read_text("utf-8")}
    return modules <= seen


@pytest.mark.last
def test_every_rule_is_produced(request: pytest.FixtureRequest, produced: set[str]) -> None:
    if not whole_session(request):
        pytest.skip("looks back on the whole suite, of which only a part runs")
    absent = [name for name in ("cv2", "fcsparser", "rapidocr") if find_spec(name) is None]
    if absent or not which("tesseract"):
        pytest.skip(f"scans and second decoders are not all there ({', '.join(absent)})")
    if os.environ.get("QCVALIDATE_INSTALLED"):
        # Findings that worker processes and programs of their own make are not heard there.
        pytest.skip("is asked of a checkout: `python -m pytest`")

    assert sorted({known.slug for known in rules()} - produced - REFUSALS) == []


def test_every_reason_names_the_source_of_its_limit(samples: Path) -> None:
    for found in assess_paths([samples], open_laboratory(), Options(TODAY, plots=False)):
        for result in found.results:
            assert result.reference.strip(), result.id
            assert result.reason.strip(), result.id
            assert result.limit.strip(), result.id


@pytest.mark.last
def test_no_criterion_was_ever_told_without_its_source(unsourced: set[str]) -> None:
    assert unsourced == set()
