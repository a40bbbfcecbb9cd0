"""Specifications as controlled documents: compared in words, copied, and held to their parent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest
from contracts import held_to
from lots import TODAY, row, table, write_lot

from qcvalidate.assessment import Run, Verdict
from qcvalidate.catalogue import open_catalogue
from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.record import Severity
from qcvalidate.reports import console
from qcvalidate.reports import html as html_report
from qcvalidate.reports import json as json_report
from qcvalidate.specification import (
    Bearing,
    Criterion,
    Specification,
    changes,
    load_specification,
    specification_ids,
)
from qcvalidate.specification.copying import own_copy
from qcvalidate.vocabulary import load_vocabulary

CATALOGUE = open_catalogue()
VOCABULARY = load_vocabulary(CATALOGUE)

PARENT = """
id: parent
version: 1.2.0
title: Parent
signature: required
rounding: usp
applies_to: {relation: [autologous]}
criteria:
  - {id: viability, title: Viability, test: viability, unit: "%", accept: {at_least: "70"},
     alert: {at_least: "75"}, evidence: {min_parent_events: "1000", after_harvest: "true"},
     reference: SOP 1, severity: blocking}
  - {id: endotoxin, title: Endotoxin, test: endotoxin, unit: EU/kg, accept: {at_most: "5"},
     reference: SOP 1, severity: blocking}
  - {id: cd34, title: CD34, test: cd34_positive, unit: "%", accept: {within: ["1", "5"]},
     reference: SOP 1, severity: warning}
  - {id: gram, title: Gram, test: gram_stain, accept: {one_of: [negative]},
     reference: SOP 1, severity: blocking}
"""


def load(
    folder: Path, text: str, name: str = "parent", schemas: Path | None = None
) -> Specification:
    path = folder / f"{name}.yaml"
    path.write_text(text.replace("id: parent", f"id: {name}", 1), encoding="utf-8")
    return load_specification(path, open_catalogue(schemas), VOCABULARY)


@pytest.mark.parametrize(
    ("old", "new", "bearing", "said"),
    [
        ('at_least: "70"', 'at_least: "72"', "stricter", "limit raised from at least 70 % to at"),
        ('at_least: "70"', 'at_least: "69"', "looser", "limit lowered from at least 70 %"),
        # USP 7.20: 69.5 meets 70 and misses 70.0.
        ('at_least: "70"', 'at_least: "70.0"', "stricter", "written with other digits"),
        ('at_least: "70"', 'more_than: "70"', "stricter", "limit changed"),
        # 69.5 meets "70" and 69.9 does not meet "69.95", but what is written is lower.
        ('at_least: "70"', 'at_least: "69.9"', "looser", "limit lowered"),
        ('at_most: "5"', 'at_most: "4"', "stricter", "limit lowered from at most 5 EU/kg"),
        ('at_most: "5"', 'at_most: "6"', "looser", "limit raised from at most 5 EU/kg"),
        ('at_most: "5"', 'at_most: "5.0"', "stricter", "written with other digits"),
        ('at_most: "5"', 'less_than: "5"', "stricter", "limit changed"),
        ('within: ["1", "5"]', 'within: ["2", "5"]', "stricter", "from 1 to 5 % to 2 to 5 %"),
        ('within: ["1", "5"]', 'within: ["2", "6"]', "looser", "limit changed"),
        ('within: ["1", "5"]', 'at_least: "1"', "looser", "limit changed"),
        ('alert: {at_least: "75"}', 'alert: {at_least: "80"}', "stricter", "alert raised"),
        ('alert: {at_least: "75"}', 'alert: {at_least: "74"}', "looser", "alert lowered"),
        ('alert: {at_least: "75"},', "", "looser", "alert removed: at least 75 %"),
        ('min_parent_events: "1000"', 'min_parent_events: "500"', "looser", "from 1000 to 500"),
        ('min_parent_events: "1000"', 'min_parent_events: "2000"', "stricter", "from 1000 to"),
        (', after_harvest: "true"', "", "looser", "evidence after harvest removed"),
        ("severity: warning", "severity: information", "looser", "from warning to information"),
        ("severity: warning", "severity: blocking", "stricter", "from warning to blocking"),
        (
            "test: cd34_positive,",
            'test: [cd34_positive, cd90_positive], either_or: "true",',
            "looser",
            "answered by cd9",
        ),
        ("alert: {at_l", "presence: when_reported, alert: {at_l", "looser", "only when reported"),
        ("alert: {at_l", "applies_when: {route: [topical]}, alert: {at_l", "looser", "applies now"),
        (
            "relation: [autologous]",
            "relation: [autologous, allogeneic]",
            "looser",
            "allogeneic too",
        ),
        ("applies_to: {rel", "applies_to: {tissue: [adipose], rel", "stricter", "now only for tis"),
        ("signature: required", "signature: optional", "looser", "no longer required"),
        ("rounding: usp", "rounding: none", "other", "changed from usp to none"),
        ("title: Gram", "title: Gram stain", "wording", "title now 'Gram stain'"),
        ("title: Parent", "title: Mine", "wording", "now 'Mine'"),
    ],
)
def test_a_change_is_told_in_words(
    tmp_path: Path, old: str, new: str, bearing: str, said: str
) -> None:
    assert old in PARENT

    (change,) = changes(load(tmp_path, PARENT), load(tmp_path, PARENT.replace(old, new, 1), "b"))

    assert change.bearing.value == bearing
    assert said in str(change)


def test_a_removed_criterion_is_looser_and_an_added_one_stricter(tmp_path: Path) -> None:
    shorter = PARENT.partition("  - {id: gram")[0]
    parent, copy = load(tmp_path, PARENT), load(tmp_path, shorter, "b")

    assert [str(one) for one in changes(parent, copy)] == [
        "gram: removed; it asked for negative: looser"
    ]
    assert [one.bearing for one in changes(copy, parent)] == [Bearing.STRICTER]


@pytest.mark.parametrize(
    ("severity", "bearing"), [("information", Bearing.OTHER), ("blocking", Bearing.STRICTER)]
)
def test_a_bad_result_that_is_now_asked_about_in_passing_held_the_lot_before(
    tmp_path: Path, severity: str, bearing: Bearing
) -> None:
    added = PARENT + (
        "  - {id: hiv, title: HIV, test: hiv, accept: {one_of: [negative]}, "
        f"reference: SOP 1, severity: {severity}}}\n"
    )

    (change,) = changes(load(tmp_path, PARENT), load(tmp_path, added, "b"))

    assert change.bearing is bearing


@pytest.mark.parametrize("name", specification_ids(CATALOGUE))
def test_a_specification_does_not_differ_from_itself(name: str) -> None:
    found = load_specification(specification_ids(CATALOGUE)[name], CATALOGUE, VOCABULARY)

    assert changes(found, found) == []


def test_a_field_that_nobody_compares_counts_as_a_departure(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Wider(Criterion):
        replicates: int = 3

    parent = load(tmp_path, PARENT)
    first = Wider(**{one.name: getattr(parent.criteria[0], one.name) for one in fields(Criterion)})
    old = replace(parent, criteria=(first,))
    new = replace(parent, criteria=(replace(first, replicates=1),))

    (change,) = changes(old, new)

    assert change.needs_justification
    assert "replicates changed from 3 to 1" in str(change)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas" / "specifications"
    folder.mkdir(parents=True)
    (folder / "parent.yaml").write_text(PARENT, encoding="utf-8")
    return folder.parent


COPY = PARENT.replace("version: 1.2.0", "version: 1.0.0\nextends: parent")
LOWER = COPY.replace('at_least: "70"', 'at_least: "65"')
SHORTER = COPY.partition("  - {id: gram")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LOWER, "viability: limit lowered from at least 70 % to at least 65 %: looser than parent"),
        (SHORTER, "gram: removed; it asked for negative: looser than parent 1.2.0 allows"),
        (COPY.replace("severity: warning", "severity: information"), "cd34: severity changed"),
        (COPY.replace('"1000"', '"10"'), "viability: evidence min parent events changed"),
        (COPY.replace("[autologous]", "[autologous, allogeneic]"), "applies_to: now for relation"),
        (COPY.replace("rounding: usp", "rounding: none"), "rounding: changed from usp to none"),
        (COPY + "justifications: {grma: gone}\n", "nothing of 'grma' departs from parent"),
        (COPY.replace("extends: parent", "extends: parnt"), "did you mean 'parent'"),
        (COPY.replace("extends: parent", "extends: mine"), "extends itself (mine -> mine)"),
        (PARENT + "justifications: {gram: gone}\n", "lacks `extends: ID`"),
        (LOWER.replace("severity: warning", "severity: warning, justification: ' '"), "' '"),
    ],
)
def test_what_is_looser_than_the_parent_needs_a_justification(
    tmp_path: Path, schemas: Path, text: str, said: str
) -> None:
    with pytest.raises(SpecificationError) as refused:
        load(tmp_path, text, "mine", schemas)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        COPY,
        COPY.replace('at_least: "70"', 'at_least: "72"'),
        LOWER.replace("reference: SOP 1", "reference: SOP 1, justification: VR-7", 1),
        SHORTER + "justifications: {gram: no longer read}\n",
    ],
)
def test_a_stricter_or_a_justified_copy_is_read(tmp_path: Path, schemas: Path, text: str) -> None:
    found = load(tmp_path, text, "mine", schemas)

    parent = found.identity.extends
    assert parent is not None
    assert (parent.id, parent.version) == ("parent", "1.2.0")
    assert parent.sha256 == hashlib.sha256(PARENT.encode()).hexdigest()


def test_a_chain_of_copies_must_end(tmp_path: Path, schemas: Path) -> None:
    other = COPY.replace("id: parent", "id: other", 1).replace("extends: parent", "extends: mine")
    (schemas / "specifications" / "other.yaml").write_text(other, encoding="utf-8")
    mine = COPY.replace("extends: parent", "extends: other")
    (schemas / "specifications" / "mine.yaml").write_text(mine.replace("id: parent", "id: mine", 1))

    with pytest.raises(SpecificationError, match="mine -> other -> mine"):
        load(tmp_path, mine, "mine", schemas)


def test_every_report_names_the_parent_and_each_departure(tmp_path: Path, schemas: Path) -> None:
    text = LOWER.replace("reference: SOP 1", "reference: SOP 1, justification: VR-7", 1)
    path = schemas / "specifications" / "mine.yaml"
    path.write_text(text.replace("id: parent", "id: mine", 1), encoding="utf-8")
    counts = table(row("viability", "66", "%", started="2026-04-20"))
    folder = write_lot(tmp_path / "L-1", {"r.csv": counts})

    (assessment,) = assess_paths([folder], open_laboratory(schemas), Options(TODAY))

    (told,) = [one for one in assessment.findings if one.slug == "specification-departs"]
    assert told.severity is Severity.WARNING
    assert "justified: VR-7" in told.message
    assert assessment.verdict is Verdict.HOLD
    run = Run(TODAY, "1", (assessment,))
    (said,) = held_to("assessment", json_report.render(run))["run"]["specifications"]
    digest = hashlib.sha256(PARENT.encode()).hexdigest()
    named = {"id": "parent", "version": "1.2.0", "title": "Parent", "sha256": digest}
    assert said["extends"] == named
    assert said["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"extends parent 1.2.0 ({digest[:8]})" in console.render(run, width=200)
    assert digest in html_report.render(run)


@pytest.mark.parametrize("name", specification_ids(CATALOGUE))
def test_a_clinics_copy_says_the_same_and_names_its_parent(tmp_path: Path, name: str) -> None:
    source = specification_ids(CATALOGUE)[name]
    target = tmp_path / "my-own.yaml"
    target.write_text(own_copy(source, name, target), encoding="utf-8")

    copy = load_specification(target, CATALOGUE, VOCABULARY)

    parent = load_specification(source, CATALOGUE, VOCABULARY)
    assert changes(parent, copy) == []
    assert copy.identity.extends == parent.identity
    assert (copy.identity.id, copy.identity.version) == ("my-own", "1.0.0")


@pytest.mark.parametrize("name", ["My own.yaml", "my-own.txt", "bmac-same-day.yaml"])
def test_a_copy_needs_a_name_that_can_be_an_id(tmp_path: Path, name: str) -> None:
    source = specification_ids(CATALOGUE)["bmac-same-day"]

    with pytest.raises(UsageError):
        own_copy(source, "bmac-same-day", tmp_path / name)


VIABILITY = '  - {{id: {0}, title: {0}, test: {1}, unit: "%", accept: {{{2}}}, reference: {3}, '
VIABILITY += "severity: blocking{4}}}\n"


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ([("a", "viability", 'at_most: "70"', "SOP 1", "")], "is a maximum"),
        ([("a", "viability", 'at_least: "70"', "TBD", "")], "'TBD' is no source"),
        ([("a", "viability", 'at_least: "70"', "'-'", "")], "'-' is no source"),
        (
            [
                ("a", "viability", 'at_least: "70"', "SOP 1", ""),
                ("b", "viability", 'at_least: "70"', "SOP 2", ""),
            ],
            "criteria 'a' and 'b' say the same",
        ),
        (
            [
                ("a", "cd34_positive", 'at_least: "5"', "SOP 1", ""),
                ("b", "cd34_positive", 'within: ["1", "2"]', "SOP 1", ""),
            ],
            "no result can be both at least 5 % (a) and 1 to 2 % (b)",
        ),
    ],
)
def test_the_lint_refuses(
    tmp_path: Path, criteria: list[tuple[str, str, str, str, str]], said: str
) -> None:
    text = "id: mine\nversion: 1.0.0\ntitle: M\ncriteria:\n"

    with pytest.raises(SpecificationError) as refused:
        load(tmp_path, text + "".join(VIABILITY.format(*one) for one in criteria), "mine")

    assert said in str(refused.value)


def test_two_limits_of_one_test_may_stand_for_lots_that_differ(tmp_path: Path) -> None:
    first = ("a", "cd34_positive", 'at_least: "5"', "S", ", applies_when: {route: [topical]}")
    second = ("b", "cd34_positive", 'at_most: "2"', "S", ", applies_when: {route: [intravenous]}")
    text = "id: mine\nversion: 1.0.0\ntitle: M\ncriteria:\n"

    text += "".join(VIABILITY.format(*one) for one in (first, second))

    assert len(load(tmp_path, text, "mine").criteria) == 2
