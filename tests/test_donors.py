"""Donors of others' cells: which markers, of whose specimen, taken when (21 CFR 1271.80)."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from lots import LABORATORY, TODAY, assess, criterion, outcome, slugs, specification, write_lot

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.catalogue import Catalogue, open_catalogue
from qcvalidate.donors import (
    page_findings,
    person_findings,
    unfit,
    whose_specimen,
    with_screening,
    with_specimen,
)
from qcvalidate.errors import SpecificationError
from qcvalidate.frames import Observation, observations, rows
from qcvalidate.manifest import Manifest
from qcvalidate.pipeline import Options, assess_paths, open_laboratory
from qcvalidate.record import Field, Place, Record, Source
from qcvalidate.specification import find_specification, load_specification

COLUMNS = "lot,sample_id,test,result,unit,method,status,sampled,specimen_of"
MARKERS = (
    "hiv_antibody", "hiv_nat", "hbs_antigen", "hbc_antibody", "hbv_nat", "hcv_antibody", "hcv_nat",
    "syphilis",
)  # fmt: skip
RICH = (*MARKERS, "htlv", "cmv")
VIABLE = criterion("viability", "at_least: '70'", "%")
PANEL = specification(VIABLE) + "donor_panel: us-hctp\n"
RECOVERED = "2026-03-22"


def lot_yaml(
    tissue: str, relation: str = "allogeneic", recovered: str | None = RECOVERED, more: str = ""
) -> str:
    day = f", recovered: {recovered}" if recovered else ""
    return (
        f"lot: L-1\nproduct: mine\ndonor: {{relation: {relation}, tissue: {tissue}{day}{more}}}\n"
    )


def line(test: str, result: str = "Non-reactive", **more: str) -> str:
    values = {"lot": "L-1", "test": test, "result": result, "status": "final"}
    values |= {"sampled": RECOVERED} | more
    return ",".join(values.get(column, "") for column in COLUMNS.split(","))


def papers(*lines: str) -> dict[str, str | bytes]:
    viability = line("viability", "90", unit="%")
    return {"results.csv": "\n".join([COLUMNS, viability, *lines]) + "\n"}


def judged(
    folder: Path, tissue: str, lines: list[str], spec: str = PANEL, **facts: str | None
) -> Assessment:
    return assess(write_lot(folder / "lot", papers(*lines), lot_yaml(tissue, **facts)), spec)  # type: ignore[arg-type]


def panel(**more: str) -> list[str]:
    return [line(marker, **more) for marker in MARKERS]


# --- T15 -----------------------------------------------------------------------------------


def test_t15_an_umbilical_cord_whose_mother_was_not_tested_fails(tmp_path: Path) -> None:
    found = judged(tmp_path, "umbilical_cord", panel(specimen_of="newborn donor"))

    assert found.verdict is Verdict.FAIL
    assert outcome(found, "donor_hiv_nat").slug == "specimen-of-wrong-person"
    assert "1271.80(a)" in outcome(found, "donor_hiv_nat").reason


def test_an_umbilical_cord_whose_mother_was_tested_passes(tmp_path: Path) -> None:
    found = judged(tmp_path, "umbilical_cord", panel(specimen_of="birth mother"))

    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("tissue", "sampled", "expected"),
    [
        ("bone_marrow", "2026-02-25", Verdict.PASS),  # 25 days before
        ("adipose", "2026-02-25", Verdict.FAIL),
        ("peripheral_blood", "2026-02-20", Verdict.PASS),  # 30 days before
        ("bone_marrow", "2026-02-19", Verdict.FAIL),  # 31
        ("adipose", "2026-03-15", Verdict.PASS),  # 7 days before
        ("adipose", "2026-03-14", Verdict.FAIL),  # 8
        ("adipose", "2026-03-29", Verdict.PASS),  # 7 days after
        ("adipose", "2026-03-30", Verdict.FAIL),  # 8
        ("bone_marrow", "2026-03-30", Verdict.FAIL),  # the thirty days are before it alone
    ],
)
def test_t15_the_specimen_is_taken_near_the_recovery(
    tmp_path: Path, tissue: str, sampled: str, expected: Verdict
) -> None:
    found = judged(tmp_path, tissue, panel(sampled=sampled))

    assert found.verdict is expected
    if expected is Verdict.FAIL:
        assert outcome(found, "donor_syphilis").slug == "specimen-outside-window"


# --- whose and when, where it is not said ----------------------------------------------------


def test_a_specimen_without_its_day_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, "adipose", panel(sampled=""))

    assert found.verdict is Verdict.HOLD
    assert "when the specimen was taken" in outcome(found, "donor_hiv_nat").reason


def test_a_lot_without_its_day_of_recovery_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, "adipose", panel(), recovered=None)

    assert found.verdict is Verdict.HOLD
    assert "donor.recovered" in outcome(found, "donor_hiv_nat").reason


def test_a_newborns_paper_that_does_not_say_whose_specimen_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, "cord_blood", panel())

    assert found.verdict is Verdict.HOLD
    assert "whose specimen" in outcome(found, "donor_hiv_nat").reason


@pytest.mark.parametrize(
    ("person", "expected"), [("birth_mother", Verdict.PASS), ("donor", Verdict.FAIL)]
)
def test_lot_yaml_may_say_whose_specimen_it_is(
    tmp_path: Path, person: str, expected: Verdict
) -> None:
    found = judged(tmp_path, "cord_blood", panel(), more=f", specimen_of: {person}")

    assert found.verdict is expected


def test_lot_yaml_and_the_paper_that_differ_hold(tmp_path: Path) -> None:
    lines = panel(specimen_of="mother")

    found = judged(tmp_path, "cord_blood", lines, more=", specimen_of: donor")

    assert found.verdict is Verdict.HOLD


def test_a_mothers_specimen_is_not_an_adult_donors(tmp_path: Path) -> None:
    assert judged(tmp_path, "adipose", panel(specimen_of="mother")).verdict is Verdict.HOLD


def test_a_newborn_tested_beside_its_mother_does_no_harm(tmp_path: Path) -> None:
    both = [*panel(specimen_of="mother"), *panel(specimen_of="infant")]

    assert judged(tmp_path, "cord_blood", both).verdict is Verdict.PASS


def test_a_newborn_that_is_reactive_fails(tmp_path: Path) -> None:
    lines = [*panel(specimen_of="mother"), line("hiv_nat", "Reactive", specimen_of="infant")]

    found = judged(tmp_path, "cord_blood", lines)

    assert found.verdict is Verdict.FAIL
    assert outcome(found, "donor_hiv_nat").slug == "donor-marker-reactive"


def test_an_old_specimen_beside_a_good_one_does_no_harm(tmp_path: Path) -> None:
    lines = [*panel(), *panel(sampled="2025-12-01")]

    assert judged(tmp_path, "adipose", lines).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Maternal serum and plasma", "birth_mother"),
        ("Blood of the birth mother", "birth_mother"),
        ("Mütterliches Blut", "birth_mother"),
        ("sang maternel", "birth_mother"),
        ("Donor serum", "donor"),
        ("cord blood plasma", "donor"),
        ("Maternal blood of cord blood donor", "birth_mother"),
        ("mother and infant", None),
        ("EDTA plasma", None),
        ("", None),
    ],
)
def test_the_words_that_say_whose_specimen(text: str, whose: str | None) -> None:
    assert whose_specimen(text) == whose


@pytest.mark.parametrize(
    ("product", "sample", "title", "whose"),
    [
        ("Maternal serum", "DN-3", "Donor testing report", "birth_mother"),
        ("Serum", "DN-3", "Maternal testing report", "birth_mother"),
        ("Maternal serum", "Donor 3", "", "birth_mother"),
        ("Maternal serum", "Infant 3", "", None),
        ("Serum", "DN-3", "Donor testing report", None),
        ("Cord blood plasma", "DN-3", "Donor testing report", "donor"),
    ],
)
def test_the_fields_that_say_whose_specimen(
    product: str, sample: str, title: str, whose: str | None
) -> None:
    place = Place("a.pdf", 1)
    texts = {"product": product, "sample_id": sample, "title": title}
    header = {name: Field(text, text, place) for name, text in texts.items() if text}
    paper = Record(Source("a.pdf", "0", "pages", "x"), header, observations([]))
    seen = Observation(test="syphilis", result="Non-reactive", source="a.pdf")

    assert with_specimen(paper, seen).specimen_of == whose


def test_the_headers_day_and_method_are_the_rows() -> None:
    place = Place("a.pdf", 1)
    day = Field("22 Mar 2026", "2026-03-22", place)
    method = Field("diagnostic assay", "diagnostic assay", place)
    header = {"date_sampled": day, "method": method}
    paper = Record(Source("a.pdf", "0", "pages", "x"), header, observations([]))
    seen = Observation(test="syphilis", result="Non-reactive", source="a.pdf")

    found = with_specimen(paper, seen)

    assert (found.sampled, found.method) == (dt.date(2026, 3, 22), "diagnostic assay")


# --- the panel -------------------------------------------------------------------------------


@pytest.mark.parametrize("absent", MARKERS)
def test_each_marker_must_be_there(tmp_path: Path, absent: str) -> None:
    lines = [line(marker) for marker in MARKERS if marker != absent]

    found = judged(tmp_path, "adipose", lines)

    assert found.verdict is Verdict.HOLD
    assert outcome(found, f"donor_{absent}").outcome is Outcome.MISSING


@pytest.mark.parametrize("reactive", MARKERS)
def test_a_reactive_marker_fails(tmp_path: Path, reactive: str) -> None:
    lines = [line(m, "Reactive" if m == reactive else "Non-reactive") for m in MARKERS]

    assert judged(tmp_path, "adipose", lines).verdict is Verdict.FAIL


def test_core_antibody_alone_says_nothing_of_hepatitis_b(tmp_path: Path) -> None:
    lines = [line(m) for m in MARKERS if m not in ("hbs_antigen", "hbv_nat")]

    found = judged(tmp_path, "adipose", lines)

    assert outcome(found, "donor_hbc_antibody").outcome is Outcome.PASS
    assert outcome(found, "donor_hbs_antigen").outcome is Outcome.MISSING


def test_one_tube_for_three_viruses_answers_each(tmp_path: Path) -> None:
    lines = [line(m) for m in MARKERS if not m.endswith("_nat")] + [line("hiv_hbv_hcv_nat")]

    assert judged(tmp_path, "adipose", lines).verdict is Verdict.PASS


def test_a_general_word_answers_no_marker(tmp_path: Path) -> None:
    lines = [line(m) for m in MARKERS if not m.startswith("hiv")] + [line("HIV")]

    found = judged(tmp_path, "adipose", lines)

    assert found.verdict is Verdict.HOLD
    assert "does not say by which test" in outcome(found, "donor_hiv_nat").reason


def test_a_general_word_that_is_reactive_fails(tmp_path: Path) -> None:
    found = judged(tmp_path, "adipose", [*panel(), line("HIV", "Reactive")])

    assert found.verdict is Verdict.FAIL


def test_a_general_word_answers_where_the_panel_allows_it(tmp_path: Path) -> None:
    catalogue = own_panel(tmp_path, "general: hiv\n", "general: hiv\n    general_answers: true\n")
    spec = write_spec(tmp_path, PANEL)

    found = load_specification(spec, catalogue, LABORATORY.vocabulary)

    assert next(c for c in found.criteria if c.id == "donor_hiv_nat").tests[-1] == "hiv"


@pytest.mark.parametrize("marker", ["htlv", "cmv"])
@pytest.mark.parametrize(
    ("more", "kind"), [("", "NOT_APPLICABLE"), ("leukocyte_rich: true\n", "MISSING")]
)
def test_products_rich_in_leukocytes_want_two_tests_more(
    tmp_path: Path, marker: str, more: str, kind: str
) -> None:
    found = judged(tmp_path, "adipose", panel(), PANEL + more)

    assert outcome(found, f"donor_{marker}").outcome.value == kind


def test_cmv_alone_excludes_no_donor_and_is_told(tmp_path: Path) -> None:
    lines = [*panel(), line("htlv"), line("cmv", "Reactive")]

    found = judged(tmp_path, "adipose", lines, PANEL + "leukocyte_rich: true\n")

    assert found.verdict is Verdict.PASS
    assert outcome(found, "donor_cmv").outcome is Outcome.ALERT
    assert outcome(found, "donor_cmv").slug == "donor-result-communicated"


def test_htlv_excludes_a_donor_of_any_product(tmp_path: Path) -> None:
    found = judged(tmp_path, "adipose", [*panel(), line("htlv", "Reactive")])

    assert found.verdict is Verdict.FAIL


def test_the_report_names_the_panel_and_its_version(tmp_path: Path) -> None:
    found = judged(tmp_path, "adipose", panel())

    assert "donor panel us-hctp 1.0.0" in outcome(found, "donor_syphilis").reference


def test_an_unknown_panel_is_refused(tmp_path: Path) -> None:
    spec = write_spec(tmp_path, PANEL.replace("us-hctp", "eu"))

    with pytest.raises(
        SpecificationError, match="no donor panel has the id 'eu'; known are us-hctp"
    ):
        load_specification(spec, LABORATORY.catalogue, LABORATORY.vocabulary)


def test_a_panel_of_an_unknown_test_is_refused(tmp_path: Path) -> None:
    catalogue = own_panel(tmp_path, "test: syphilis", "test: syfilis")
    spec = write_spec(tmp_path, PANEL)

    with pytest.raises(SpecificationError, match="unknown test 'syfilis'; did you mean 'syphilis'"):
        load_specification(spec, catalogue, LABORATORY.vocabulary)


# --- screening and diagnostic tests ----------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("CMIA", Verdict.PASS),
        ("CMIA (Roche Diagnostics)", Verdict.PASS),
        ("in vitro diagnostic kit", Verdict.PASS),
        ("donor screening assay", Verdict.PASS),
        ("CMIA diagnostic assay", Verdict.HOLD),
        ("not licensed for donor screening", Verdict.HOLD),
    ],
)
def test_a_diagnostic_test_is_no_screening_test(
    tmp_path: Path, method: str, expected: Verdict
) -> None:
    assert judged(tmp_path, "adipose", panel(method=method)).verdict is expected


def test_a_panel_may_want_screening_to_be_stated(tmp_path: Path) -> None:
    catalogue = own_panel(tmp_path, "unless: diagnostic", "unless: unstated")
    spec = load_specification(write_spec(tmp_path, PANEL), catalogue, LABORATORY.vocabulary)
    needs = spec.criteria[-1].needs.specimen
    lot = Manifest(facts={"tissue": "adipose"}, recovered=dt.date(2026, 3, 22))
    seen = Observation(
        test="syphilis", result="Non-reactive", source="a.csv", sampled=dt.date(2026, 3, 22)
    )

    assert needs is not None
    assert unfit(replace(seen, method="FDA-licensed donor screening assay"), needs, lot) is None
    unstated = unfit(replace(seen, method="CMIA"), needs, lot)
    assert unstated is not None
    assert unstated.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("These assays are not licensed for donor screening.", True),
        ("All tests are FDA-licensed for donor screening. For in vitro diagnostic use.", False),
    ],
)
def test_a_footnote_may_say_that_tests_are_not_for_screening(text: str, told: bool) -> None:
    spec = find_specification("hpc-cord-blood", LABORATORY.catalogue, LABORATORY.vocabulary)
    seen = Observation(test="syphilis", result="Non-reactive", source="a.pdf")
    paper = Record(Source("a.pdf", "0", "pages", "x"), {}, observations([seen]))

    assert spec is not None
    assert bool(list(page_findings(paper, [seen], text, spec))) is told


@pytest.mark.parametrize(
    ("tissue", "words", "told"),
    [
        ("bone_marrow", "Person tested: Birth mother Date sampled", True),
        ("bone_marrow", "Person tested: Donor Date sampled", False),
        ("bone_marrow", "Tested for the birth mother", False),
        ("cord_blood", "Person tested: Birth mother Date sampled", False),
        ("cord_blood", "PERSON TESTED Newborn", True),
        ("umbilical_cord", "Person tested: Mother of the infant", False),
        ("umbilical_cord", "Subject tested: Infant", True),
    ],
)
def test_a_paper_may_say_whom_it_tested(tissue: str, words: str, told: bool) -> None:
    spec = find_specification("hpc-cord-blood", LABORATORY.catalogue, LABORATORY.vocabulary)
    lot = Manifest(facts={"tissue": tissue})
    seen = Observation(test="syphilis", result="Non-reactive", source="a.pdf")
    paper = Record(Source("a.pdf", "0", "pages", "x"), {}, observations([seen]))

    assert spec is not None
    found = list(person_findings(paper, [seen], f"Report {words}", spec, lot))

    assert [one.slug for one in found] == ["specimen-of-wrong-person"] * told


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("All tests are FDA-licensed for donor screening.", True),
        ("Tests are not licensed for donor screening.", False),
        ("Tests by CMIA. Screening follows.", False),
    ],
)
def test_a_footnote_may_state_that_tests_are_for_screening(text: str, counts: bool) -> None:
    seen = Observation(test="syphilis", result="Non-reactive", source="a.pdf", method="CMIA")
    paper = Record(Source("a.pdf", "0", "pages", "x"), {}, observations([seen]))

    (found,) = rows(with_screening(paper, text).observations)

    assert ("screening" in (found.method or "")) is counts


def test_a_whole_lot_whose_panel_wants_screening_stated(samples: Path, tmp_path: Path) -> None:
    own_panel(tmp_path, "unless: diagnostic", "unless: unstated")
    laboratory = open_laboratory(tmp_path / "own")

    (found,) = assess_paths([samples / "MSC-2026-0018"], laboratory, Options(TODAY))

    assert found.verdict is Verdict.PASS


# --- autologous ------------------------------------------------------------------------------


def test_an_autologous_donor_needs_no_determination_and_the_label_is_told(tmp_path: Path) -> None:
    found = judged(tmp_path, "adipose", [], relation="autologous")

    assert found.verdict is Verdict.PASS
    assert outcome(found, "donor_hiv_nat").outcome is Outcome.NOT_APPLICABLE
    assert "autologous-label" in slugs(found)


def test_an_allogeneic_lot_is_told_of_no_autologous_label(tmp_path: Path) -> None:
    assert "autologous-label" not in slugs(judged(tmp_path, "adipose", panel()))


def write_spec(folder: Path, text: str) -> Path:
    path = folder / "spec" / "mine.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def own_panel(folder: Path, old: str, new: str) -> Catalogue:
    ours = next(open_catalogue().files("panels"))
    own = folder / "own" / "panels"
    own.mkdir(parents=True)
    shutil.copy(ours, own / ours.name)
    text = (own / ours.name).read_text("utf-8")
    assert old in text
    (own / ours.name).write_text(text.replace(old, new), encoding="utf-8")
    return open_catalogue(folder / "own")


def test_a_product_rich_in_leukocytes_without_a_panel_is_a_fault(tmp_path: Path) -> None:
    spec = write_spec(tmp_path, specification(VIABLE) + "leukocyte_rich: true\n")

    with pytest.raises(SpecificationError, match="there is none"):
        load_specification(spec, LABORATORY.catalogue, LABORATORY.vocabulary)


# --- the donor's age -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "whose", "verdict"),
    [
        ("31", "", Verdict.HOLD),
        ("31", "donor", Verdict.FAIL),
        ("31", "birth mother", Verdict.PASS),
        ("32", "donor", Verdict.PASS),
        ("32", "birth mother", Verdict.HOLD),
    ],
)
def test_of_a_donor_of_one_month_the_mother_is_tested(
    tmp_path: Path, age: str, whose: str, verdict: Verdict
) -> None:
    # 21 CFR 1271.80(a), whatever the tissue.
    found = judged(tmp_path, "adipose", panel(specimen_of=whose), more=f", age_days: {age}")

    assert found.verdict is verdict
