"""Whose papers they are, which still count, and what their dates say."""

from __future__ import annotations

import datetime as dt

import pytest

from qcvalidate.frames import Observation, observations, rows
from qcvalidate.identity import identity_key
from qcvalidate.lot import Gathered, gather
from qcvalidate.manifest import Manifest
from qcvalidate.record import Field, Place, Record, Severity, Source, State

AS_OF = dt.date(2026, 4, 20)
LOT = Manifest(lot="MSC-2026-0018")


def paper(
    name: str = "sterility.pdf",
    *,
    kind: str = "pages",
    results: tuple[Observation, ...] | None = None,
    content: str | None = None,
    **header: str,
) -> Record:
    place = Place(name, 1)
    stated = {"lot": "MSC-2026-0018", "signed_by": "A. Sample"} | header
    if results is None:
        results = (
            Observation(test="sterility", result="No growth", reading="negative", source=name),
        )
    return Record(
        Source(name, content or name, kind, "certificates.generic"),
        {key: Field(value, value, place) for key, value in stated.items() if value},
        observations(results),
    )


def gathered(*records: Record, manifest: Manifest = LOT, as_of: dt.date = AS_OF) -> Gathered:
    return gather(records, manifest, as_of=as_of, signature_required=True)


def said(found: Gathered) -> list[tuple[str, Severity]]:
    return [(finding.slug, finding.severity) for finding in found.findings]


def test_a_paper_of_this_lot_is_kept_without_a_word() -> None:
    found = gathered(paper())

    assert len(found.observations) == 1
    assert said(found) == []


@pytest.mark.parametrize("printed", ["msc-2026-0018", "MSC‑2026–0018", " MSC-2026-0018 "])
def test_case_space_and_kinds_of_dash_do_not_matter(printed: str) -> None:
    found = gathered(paper(lot=printed))

    assert len(found.observations) == 1
    assert found.observations["lot"].tolist() == ["MSC-2026-0018"]


@pytest.mark.parametrize(
    ("printed", "slug"),
    [
        ("MSC-2026-0038", "lot-near-miss"),  # one digit: a slip, or another lot
        ("MSC-2026-OO18", "lot-near-miss"),  # the letter O
        ("MSC-2026-0018A", "lot-near-miss"),  # T12: a suffix is another lot
        ("SVF-2025-4411", "lot-mismatch"),
    ],
)
def test_another_lot_is_never_taken_for_this_one(printed: str, slug: str) -> None:
    found = gathered(paper(lot=printed))

    assert found.observations.empty
    assert said(found) == [(slug, Severity.HOLD)]
    assert repr(printed) in found.findings[0].message


def test_a_certificate_for_several_lots_gives_only_our_rows() -> None:  # T12
    mine = Observation(
        test="sterility", result="Pending", reading="pending", source="c", lot="24-017"
    )
    other = Observation(
        test="sterility", result="No growth", reading="negative", source="c", lot="24-017A"
    )

    found = gathered(paper("c", results=(mine, other), lot=""), manifest=Manifest(lot="24-017"))

    assert [row.reading for row in rows(found.observations)] == ["pending"]


def test_growth_in_a_neighbouring_lot_is_told() -> None:
    mine = Observation(
        test="sterility", result="No growth", reading="negative", source="c", lot="L-1"
    )
    other = Observation(
        test="sterility", result="Growth", reading="positive", source="c", lot="M-2"
    )

    found = gathered(paper("c", results=(mine, other), lot=""), manifest=Manifest(lot="L-1"))

    assert said(found) == [("lot-mismatch", Severity.WARNING)]


def test_a_paper_that_names_no_lot_holds() -> None:
    assert said(gathered(paper(lot=""))) == [("lot-unstated", Severity.HOLD)]


def test_a_person_can_vouch_for_a_table_that_names_no_lot() -> None:
    manifest = Manifest(lot="MSC-2026-0018", declared=("counts.csv",))

    found = gathered(paper("counts.csv", kind="table", lot=""), manifest=manifest)

    assert said(found) == [("lot-unstated", Severity.INFORMATION)]
    assert found.observations["lot"].tolist() == ["MSC-2026-0018"]


def test_nobody_can_vouch_for_a_certificate_that_names_no_lot() -> None:
    manifest = Manifest(lot="MSC-2026-0018", declared=("sterility.pdf",))

    assert said(gathered(paper(lot=""), manifest=manifest)) == [("lot-unstated", Severity.HOLD)]


def test_an_uncertain_lot_number_is_no_lot_number() -> None:
    record = paper()
    doubtful = Field("MSC-2026-0018", "MSC-2026-0018", Place("sterility.pdf"), State.SINGLE_SOURCE)

    found = gathered(Record(record.source, {"lot": doubtful}, record.observations))

    assert ("lot-unstated", Severity.HOLD) in said(found)


def test_one_report_number_on_two_papers_holds() -> None:
    found = gathered(paper("a.pdf", report_number="R-101"), paper("b.pdf", report_number="r-101"))

    assert said(found) == [("report-number-conflict", Severity.HOLD)]
    assert "a.pdf" in found.findings[0].message
    assert "b.pdf" in found.findings[0].message


def test_the_same_file_twice_counts_once() -> None:
    found = gathered(
        paper("a.pdf", content="x", report_number="R-101"),
        paper("copy.pdf", content="x", report_number="R-101"),
    )

    assert said(found) == [("duplicate-document", Severity.INFORMATION)]
    assert len(found.observations) == 1


@pytest.mark.parametrize("amended_first", [True, False])
def test_the_reference_decides_what_is_replaced_and_not_the_order(
    amended_first: bool,
) -> None:  # T11
    growth = Observation(test="sterility", result="Growth", reading="positive", source="r102.pdf")
    old = paper("r101.pdf", report_number="R-101")
    new = paper("r102.pdf", report_number="R-102", replaces="R-101", results=(growth,))

    found = gathered(*([new, old] if amended_first else [old, new]))

    assert found.observations["reading"].tolist() == ["positive"]
    assert said(found) == [("report-superseded", Severity.INFORMATION)]


def test_reports_that_replace_one_another_hold() -> None:
    found = gathered(
        paper("a.pdf", report_number="R-1", replaces="R-2"),
        paper("b.pdf", report_number="R-2", replaces="R-1"),
    )

    assert ("replacement-doubtful", Severity.HOLD) in said(found)
    assert len(found.observations) == 2


def test_a_preliminary_paper_replaces_no_final_one() -> None:
    interim = Observation(
        test="sterility",
        result="No growth to date",
        reading="pending",
        source="b",
        status="preliminary",
    )

    found = gathered(
        paper("a.pdf", report_number="R-1"),
        paper("b.pdf", report_number="R-2", replaces="R-1", results=(interim,)),
    )

    assert ("replacement-doubtful", Severity.HOLD) in said(found)


def test_one_sample_of_two_lots_holds() -> None:
    found = gathered(
        paper("a.pdf", sample_id="S-7"), paper("b.pdf", sample_id="S-7", lot="MSC-2026-0019")
    )

    assert ("sample-conflict", Severity.HOLD) in said(found)


def test_another_donation_number_holds() -> None:
    manifest = Manifest(lot="MSC-2026-0018", identifiers={"din": "W0000 26 123456"})

    assert said(gathered(paper(din="W000026123456"), manifest=manifest)) == []
    assert said(gathered(paper(din="W000026123457"), manifest=manifest)) == [
        ("identifier-mismatch", Severity.HOLD)
    ]


@pytest.mark.parametrize(
    ("dates", "slug"),
    [
        ({"date_started": "2026-03-20", "date_completed": "2026-03-19"}, "dates-out-of-order"),
        ({"date_completed": "2026-04-10", "date_issued": "2026-04-09"}, "dates-out-of-order"),
        ({"date_sampled": "2026-04-10", "date_started": "2026-04-09"}, "dates-out-of-order"),
        ({"date_issued": "2026-04-21"}, "date-in-future"),
        ({"date_completed": "2026-04-10", "signed_on": "2026-04-09"}, "signed-before-completion"),
    ],
)
def test_dates_must_lie_in_their_natural_order(dates: dict[str, str], slug: str) -> None:
    assert said(gathered(paper(**dates))) == [(slug, Severity.HOLD)]


def test_dates_in_their_order_are_fine() -> None:
    dates = {
        "date_sampled": "2026-03-16",
        "date_received": "2026-03-17",
        "date_started": "2026-03-17",
        "date_completed": "2026-03-31",
        "date_issued": "2026-03-31",
        "signed_on": "2026-04-01",
    }

    assert said(gathered(paper(**dates))) == []


def test_a_certificate_that_nobody_signed_holds() -> None:
    assert said(gathered(paper(signed_by=""))) == [("unsigned", Severity.HOLD)]


def test_a_table_needs_no_signature() -> None:
    assert said(gathered(paper("counts.csv", kind="table", signed_by=""))) == []


def test_an_expired_lot_holds() -> None:
    manifest = Manifest(lot="MSC-2026-0018", expires=dt.date(2026, 4, 19))

    assert said(gathered(paper(), manifest=manifest)) == [("lot-expired", Severity.HOLD)]


def test_an_identity_is_compared_without_interpretation() -> None:
    assert identity_key("0012") != identity_key("12")
    assert identity_key("MSC-1") != identity_key("MSC1")


def test_a_row_that_looks_like_this_lot_holds() -> None:
    mine = Observation(test="viability", result="93", source="c", lot="MSC-2026-0018")
    typed = Observation(
        test="sterility", result="Growth", reading="positive", source="c", lot="MSC-2026-OO18"
    )

    found = gathered(paper("c", results=(mine, typed), lot=""))

    assert ("lot-near-miss", Severity.HOLD) in said(found)


def test_the_next_lot_in_a_table_is_only_a_neighbour() -> None:
    mine = Observation(test="viability", result="93", source="c", lot="MSC-2026-0018")
    next_ = Observation(test="viability", result="91", source="c", lot="MSC-2026-0019")

    assert said(gathered(paper("c", results=(mine, next_), lot=""))) == []


def test_a_row_without_a_lot_among_rows_with_one_holds() -> None:
    mine = Observation(test="viability", result="93", source="c", lot="MSC-2026-0018")
    blank = Observation(test="sterility", result="No growth", reading="negative", source="c")

    assert said(gathered(paper("c", results=(mine, blank), lot=""))) == [
        ("lot-unstated", Severity.HOLD)
    ]


def test_a_report_may_replace_one_that_is_not_here() -> None:
    found = gathered(paper("b.pdf", report_number="R-2", replaces="R-1"))

    assert ("replaced-report-absent", Severity.INFORMATION) in said(found)


def test_a_replacement_must_answer_every_test_of_the_first() -> None:
    detected = Observation(test="mycoplasma", result="Detected", reading="positive", source="a.pdf")
    old = paper("a.pdf", report_number="R-1", results=(detected,))

    found = gathered(old, paper("b.pdf", report_number="R-2", replaces="R-1"))

    assert ("replacement-doubtful", Severity.HOLD) in said(found)
    assert "positive" in found.observations["reading"].tolist()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"date_issued": "2026-04-02"}, {"date_issued": "2026-04-01"}),
        ({"laboratory": "Lab A"}, {"laboratory": "Lab B"}),
        ({"sample_id": "S-1"}, {"sample_id": "S-2"}),
    ],
)
def test_a_replacement_is_later_and_of_the_same_laboratory_and_sample(
    old: dict[str, str], new: dict[str, str]
) -> None:
    found = gathered(
        paper("a.pdf", report_number="R-1", **old),
        paper("b.pdf", report_number="R-2", replaces="R-1", **new),
    )

    assert said(found) == [("replacement-doubtful", Severity.HOLD)]
    assert len(found.observations) == 2


@pytest.mark.parametrize(
    ("dates", "slug"),
    [
        ({"started": dt.date(2026, 4, 10), "ended": dt.date(2026, 4, 21)}, "date-in-future"),
        ({"started": dt.date(2026, 4, 21)}, "date-in-future"),
        ({"measured_at": dt.datetime(2026, 4, 21, 9)}, "date-in-future"),
        ({"started": dt.date(2026, 4, 10), "ended": dt.date(2026, 4, 9)}, "dates-out-of-order"),
    ],
)
def test_the_dates_of_each_row_count(dates: dict[str, object], slug: str) -> None:
    row = Observation(test="sterility", result="No growth", reading="negative", source="c", **dates)  # type: ignore[arg-type]

    assert said(gathered(paper("c", results=(row,)))) == [(slug, Severity.HOLD)]


def test_a_running_test_may_end_later() -> None:
    row = Observation(
        test="sterility",
        result="No growth to date",
        reading="pending",
        source="c",
        started=dt.date(2026, 4, 10),
        ended=dt.date(2026, 4, 24),
    )

    assert said(gathered(paper("c", results=(row,)))) == []


def test_a_document_that_names_several_lots_is_checked_in_a_folder() -> None:
    one = Observation(test="viability", result="93", source="c", lot="A-1")
    two = Observation(test="viability", result="91", source="c", lot="B-2")

    found = gathered(paper("c", results=(one, two), lot=""), manifest=Manifest())

    assert found.observations.empty
    assert {slug for slug, _ in said(found)} == {"lot-unstated"}


@pytest.mark.parametrize(
    ("sample", "slugs"),
    [
        ("MSC-2026-0018-TV", []),
        ("S-7", []),
        ("MSC-2026-0038-TV", ["lot-near-miss"]),
        ("Blank", ["control-as-sample"]),
        ("Count beads", ["control-as-sample"]),
    ],
)
def test_the_name_of_a_sample_is_looked_at(sample: str, slugs: list[str]) -> None:
    row = Observation(test="viability", result="93", source="c", sample_id=sample)

    assert [slug for slug, _ in said(gathered(paper("c", results=(row,))))] == slugs


def test_a_replacement_that_takes_growth_back_holds() -> None:
    growth = Observation(test="sterility", result="Growth", reading="positive", source="r101.pdf")

    found = gathered(
        paper("r101.pdf", report_number="R-101", results=(growth,)),
        paper("r102.pdf", report_number="R-102", replaces="R-101"),
    )

    assert found.observations["reading"].tolist() == ["negative"]
    assert ("replacement-doubtful", Severity.HOLD) in said(found)
