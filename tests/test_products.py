"""What a product is: living cells or not, which kind of dose, and how it is delivered."""

from __future__ import annotations

from pathlib import Path

import pytest
from lots import (
    LABORATORY,
    assess,
    criterion,
    manifest,
    row,
    slugs,
    specification,
    table,
    write_lot,
)

from qcvalidate.assessment import Assessment, Verdict
from qcvalidate.frames import observations
from qcvalidate.manifest import Manifest
from qcvalidate.products import fitting, refusal
from qcvalidate.record import Field, Place, Record, Source
from qcvalidate.specification import applicability, find_specification

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
DEAD = {"a.csv": table(row("viability", "0", "%"))}


def message(found: Assessment, slug: str) -> str:
    return next(finding.message for finding in found.findings if finding.slug == slug)


# --- products without cells ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Exosomes of UC-MSC", Verdict.HOLD),
        ("MSC extracellular vesicles", Verdict.HOLD),
        ("MSC conditioned medium", Verdict.HOLD),
        ("MSC lysate", Verdict.HOLD),
        ("MSC in exosome-depleted serum", Verdict.FAIL),
        ("MSC with platelet lysate", Verdict.FAIL),
    ],
)
def test_a_product_without_cells_is_refused_and_not_failed(
    tmp_path: Path, title: str, expected: Verdict
) -> None:
    spec = VIABILITY.replace("title: Mine", f"title: {title}")

    found = assess(write_lot(tmp_path / "lot", dict(DEAD)), spec)

    assert found.verdict is expected
    assert ("product-without-cells" in slugs(found)) is (expected is Verdict.HOLD)


def test_a_product_without_cells_that_no_specification_has_is_refused(tmp_path: Path) -> None:
    found = assess(write_lot(tmp_path / "lot", dict(DEAD), manifest("uc-msc-exosomes")))

    assert found.verdict is Verdict.HOLD
    assert slugs(found) == {"product-without-cells"}


@pytest.mark.parametrize(
    ("product", "lot", "refused"),
    [
        ("WJ-MSC exosomes", "L-1", True),
        ("WJ-MSC exosomes", "L-2", False),  # another lot's paper
        ("WJ-MSC in human platelet lysate", "L-1", False),
        ("Cell culture, conditioned medium", "L-1", False),  # a sample for mycoplasma
    ],
)
def test_a_paper_may_name_the_product(product: str, lot: str, refused: bool) -> None:
    place = Place("coa.pdf", 1)
    header = {"product": Field(product, product, place), "lot": Field(lot, lot, place)}
    paper = Record(Source("coa.pdf", "0", "pages", "x"), header, observations([]))
    spec = find_specification("bmac-same-day", LABORATORY.catalogue, LABORATORY.vocabulary)

    assert spec is not None
    assert (refusal([paper], spec, Manifest(lot="L-1")) is not None) is refused


# --- routing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"relation": "allogeneic", "manipulation": "culture_expanded", "cryopreserved": "true"},
            ["msc-expanded-allogeneic-cryopreserved"],
        ),
        ({"tissue": "peripheral_blood"}, ["hpc-apheresis-ishage", "hpc-apheresis"]),
        ({"relation": "allogeneic", "manipulation": "enzymatic", "tissue": "adipose"}, []),
        ({}, []),
    ],
)
def test_a_lot_is_proposed_the_products_that_it_may_be(
    facts: dict[str, str], expected: list[str]
) -> None:
    found = fitting(applicability(LABORATORY.catalogue), Manifest(facts=facts))

    assert found[: len(expected) or 1] == expected


def test_a_lot_without_a_product_holds_and_is_told_what_it_may_be(tmp_path: Path) -> None:
    lot_yaml = manifest().replace("product: mine\n", "").replace("autologous", "allogeneic")
    lot_yaml = lot_yaml.replace("cryopreserved: false", "cryopreserved: true")

    found = assess(write_lot(tmp_path / "lot", dict(DEAD), lot_yaml))

    assert found.verdict is Verdict.HOLD
    assert "it may be msc-expanded-allogeneic-cryopreserved" in message(found, "product-unknown")


def test_a_specification_for_other_lots_does_not_fit_one_without_a_product(tmp_path: Path) -> None:
    lot_yaml = manifest().replace("product: mine\n", "")
    spec = VIABILITY + "applies_to: {relation: [allogeneic]}\n"
    files = {"a.csv": table(row("viability", "90", "%"))}

    found = assess(write_lot(tmp_path / "lot", dict(files), lot_yaml), spec)

    assert found.verdict is Verdict.HOLD
    assert "specification-does-not-fit" in slugs(found)


# --- the dose --------------------------------------------------------------------------------

CULTURED = VIABILITY + "applies_to: {manipulation: [culture_expanded, minimal, enzymatic]}\n"


@pytest.mark.parametrize(
    ("manipulation", "rows", "said"),
    [
        (
            "culture_expanded",
            [row("viable_cell_concentration", "7.8e6", "cells/mL")],
            "a culture-expanded dose: 7.8e8 live cells in all",  # in 100 mL
        ),
        (
            "culture_expanded",
            [row("viable_dose_per_kg", "2e6", "cells/kg")],
            "1.4e8 live cells in all",  # of 70 kg
        ),
        (
            "minimal",
            [row("total_nucleated_cells", "4e8", "cells")],
            "a same-day concentrate, minimally manipulated: 4e8 nucleated cells in all, dead ones",
        ),
        ("enzymatic", [], "a same-day concentrate, by enzyme: no result here gives"),
        (
            "enzymatic",
            [row("viable_dose", ">2e7", "cells")],
            "no result here gives",  # a bound is no number of cells
        ),
    ],
)
def test_the_report_says_which_kind_of_dose_it_is(
    tmp_path: Path, manipulation: str, rows: list[str], said: str
) -> None:
    files = {"a.csv": table(row("viability", "90", "%"), *rows)}
    lot_yaml = manifest().replace("culture_expanded", manipulation)

    found = assess(write_lot(tmp_path / "lot", dict(files), lot_yaml), CULTURED)

    assert said in message(found, "dose-described")
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("guidance", "expected", "slug"),
    [
        ("delivery: {guidance: ultrasound}\n", Verdict.PASS, "delivery-recorded"),
        ("delivery: {guidance: none}\n", Verdict.HOLD, "delivery-guidance"),
        ("", Verdict.HOLD, "delivery-guidance"),
    ],
)
def test_a_specification_may_ask_how_the_dose_is_delivered(
    tmp_path: Path, guidance: str, expected: Verdict, slug: str
) -> None:
    files = {"a.csv": table(row("viability", "90", "%"))}
    spec = VIABILITY + "delivery: {guidance: [ultrasound, fluoroscopy]}\n"

    found = assess(write_lot(tmp_path / "lot", dict(files), manifest() + guidance), spec)

    assert found.verdict is expected
    assert slug in slugs(found)


def test_how_a_dose_is_delivered_is_told_where_nobody_asks(tmp_path: Path) -> None:
    files = {"a.csv": table(row("viability", "90", "%"))}
    lot_yaml = manifest(route="intraarticular") + "delivery: {guidance: none}\n"

    found = assess(write_lot(tmp_path / "lot", dict(files), lot_yaml), VIABILITY)

    assert found.verdict is Verdict.PASS
    assert message(found, "delivery-recorded") == "delivery: intraarticular, without guidance"
