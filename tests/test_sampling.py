"""Which sample a test of the final product was made on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pytest

from qcvalidate.frames import Observation, observations
from qcvalidate.manifest import Manifest
from qcvalidate.record import Field, Place, Record, Severity, Source
from qcvalidate.sampling import sampling_findings

LOT = Manifest(
    lot="MSC-2026-0018",
    facts={"manipulation": "culture_expanded"},
    harvested=dt.datetime(2026, 3, 16, 9, 0),
)
CLEAN = Observation(test="sterility", result="No growth", reading="negative", source="s.pdf")


def _said(
    row: Observation = CLEAN,
    manifest: Manifest = LOT,
    final: Collection[str] = ("sterility",),
    **header: str,
) -> list[tuple[str, Severity]]:
    fields = {name: Field(text, text, Place("s.pdf", 1)) for name, text in header.items()}
    source = Source("s.pdf", "0", "pages", "certificates.generic")
    record = Record(source, fields, observations([row]))
    found = sampling_findings(record, [row], manifest, final)
    return [(finding.slug, finding.severity) for finding in found]


HELD = [("sample-not-final", Severity.HOLD)]


@pytest.mark.parametrize(
    "sample",
    ["MSC-2026-0018-IP", "MSC-2026-0018/IPC2", "IP MSC-2026-0018", "Donor-0018", "MCB-0018",
     "MSC-2026-0018 in-process"],
)  # fmt: skip
def test_a_sample_named_after_another_stage_holds(sample: str) -> None:
    assert _said(sample_id=sample) == HELD


@pytest.mark.parametrize(
    "sample", ["MSC-2026-0018-FP", "IP-26-0183", "26-0183", "DN-0018", "MSC-2026-0018-TV-1"]
)
def test_a_sample_of_the_product_or_of_a_laboratorys_own_count_is_kept(sample: str) -> None:
    assert _said(sample_id=sample) == []


def test_a_lot_whose_own_number_has_the_letters_is_kept() -> None:
    assert _said(manifest=Manifest(lot="IP-2026-0018"), sample_id="IP-2026-0018-1") == []


@pytest.mark.parametrize(
    "product",
    ["Donor marrow", "Spenderblut", "Moelle osseuse du donneur", "Sangre del donante",
     "Midollo osseo del donatore", "Medula do doador"],
)  # fmt: skip
def test_the_donors_own_tissue_is_no_cultured_product(product: str) -> None:
    assert _said(product=product) == HELD


def test_marrow_is_the_product_where_nothing_is_cultured() -> None:
    marrow = Manifest(lot="HPC-1", facts={"manipulation": "minimally_manipulated"})

    assert _said(manifest=marrow, product="Donor marrow") == []
    assert _said(product="BM-MSC suspension from a healthy donor") == []


def test_a_sample_taken_before_the_harvest_holds() -> None:
    assert _said(date_sampled="2026-03-15") == [("dates-out-of-order", Severity.HOLD)]
    assert _said(date_sampled="2026-03-16") == []


def test_a_test_that_does_not_want_the_final_product_may_be_early() -> None:
    early = Observation(test="in_process_culture", result="No growth", source="s.pdf")

    assert _said(early, sample_id="MSC-2026-0018-IP", date_sampled="2026-03-10") == []
    assert _said(final=(), sample_id="MSC-2026-0018-IP", date_sampled="2026-03-10") == []
