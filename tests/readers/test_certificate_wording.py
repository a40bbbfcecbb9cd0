"""What stands on a certificate and was not understood holds the lot, where it may matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from certificate_layouts import STERILITY_HEADER, STERILITY_PAIRS, Paper, changed, ruled

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.frames import Observation, rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.telling import cell_tells, telling
from qcvalidate.record import Record, Severity
from qcvalidate.vocabulary import load_vocabulary

CLEAN = [
    ("Sterility, FTM", "USP <71>", "No growth", "No growth", "Pass"),
    ("Sterility, TSB", "USP <71>", "No growth", "No growth", "Pass"),
]


def read(content: bytes, folder: Path) -> Record:
    path = folder / "certificate.pdf"
    path.write_bytes(content)
    context = Context(load_vocabulary(open_catalogue()), Locale())
    return read_document(open_document(path), context)


def held(record: Record) -> set[str]:
    return {finding.slug for finding in record.findings if finding.severity is Severity.HOLD}


def samples(record: Record) -> list[Observation]:
    return [row for row in rows(record.observations) if row.role == "sample"]


@pytest.mark.parametrize(
    "text",
    [
        "The FTM vial examined on day 14 was contaminated.",
        "If FTM is subcultured, growth is observed.",
        "FTM = Growth, SCDM = No growth",
        "Key finding: growth in FTM from day 9.",
        "Remarks: turbid on day 13",
        "Isolate: Bacillus cereus",
        "Die Probe ist verkeimt.",
        "Le milieu FTM présente une pousse au jour 9.",
        "Cultivo positivo en FTM.",
        "The lot must not be released.",
        "Not all results are within their limits.",
        "Superseded by report R-99.",
        "DRAFT - not yet approved",
        "Evaluation of the aerobic bottle was not possible.",
        "Method suitability has not been demonstrated for this product.",
        "Positive control: no growth.",
        "Positive controls did not grow.",
        "Valid: No",
        "Contamination: yes, see annex",
        "FTM 3 +++",
        "[X] Fail",
    ],
)
def test_words_that_may_speak_of_the_outcome(text: str) -> None:
    assert telling(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "FTM is incubated at 32.5 °C for anaerobic and aerobic bacteria, both for 14 days.",
        "The medium tests for Anaerobic Bacteria, but will also grow Aerobic Bacteria.",
        "Media were visually inspected for evidence of microbial growth on days 3, 7 and 14.",
        "Growth promotion of each media lot was verified.",
        "Growth promotion and method suitability: complies.",
        "Negative control: no growth.",
        "Interpretation: no growth = sample complies;",
        "If growth is observed, the client is notified within 24 h.",
        "No deviations or OOS results were observed during this test.",
        "Deviations: none",
        "Organism: N/A",
        "Sterile: Yes",
        "The results relate only to the items tested.",
        "This report shall not be reproduced except in full.",
        "Legend: (+) turbid, (-) clear, P = Pass, F = Fail",
    ],
)
def test_what_every_honest_paper_says_is_harmless(text: str) -> None:
    assert telling(text) is None


@pytest.mark.parametrize(
    ("heading", "cell", "tells"),
    [
        ("Growth (Y/N)", "Y", True),
        ("Growth (Y/N)", "N", False),
        ("DAY 18", "+", True),
        ("DAY 18", "-", False),
        ("Vials with growth", "0", False),
        ("Vials with growth", "1", True),
        ("Comment", "none", False),
        ("Comment", "subculture: B. cereus", True),
    ],
)
def test_cell_under_an_unknown_heading(heading: str, cell: str, tells: bool) -> None:
    assert cell_tells(heading, cell) is tells


@pytest.mark.parametrize("note", ["FTM vials were turbid on day 14.", "These results are void."])
def test_sentence_beside_clean_results_holds(tmp_path: Path, note: str) -> None:
    record = read(ruled(rows=CLEAN, notes=[note]), tmp_path)

    assert "result-wording-unknown" in held(record)


@pytest.mark.parametrize(
    "note",
    ["Growth promotion test: failed.", "Negative control: failed.", "Negative control: growth."],
)
def test_failed_control_voids_the_test_or_holds(tmp_path: Path, note: str) -> None:
    record = read(ruled(rows=CLEAN, notes=[note]), tmp_path)

    controls = {(row.role, row.reading) for row in rows(record.observations)}
    failed = controls & {("positive_control", "negative"), ("negative_control", "positive")}
    assert failed or held(record)


@pytest.mark.parametrize("status", ["Not final", "Rejected", "For information only", "Day 4 of 14"])
def test_unknown_status_is_never_final(tmp_path: Path, status: str) -> None:
    record = read(ruled(rows=CLEAN, pairs=[*STERILITY_PAIRS, ("Status", status)]), tmp_path)

    assert held(record)
    assert "final" not in {row.status for row in samples(record)}


@pytest.mark.parametrize(
    "title", ["Environmental monitoring report", "Media fill report", "Wash buffer test report"]
)
def test_what_is_not_the_product_gives_no_result(tmp_path: Path, title: str) -> None:
    record = read(ruled(rows=CLEAN, title=title), tmp_path)

    assert samples(record) == []
    assert "test-unknown" in held(record)


def test_second_lot_of_the_same_shape_holds(tmp_path: Path) -> None:
    notes = ["Because of a mistake the vials came out of MSC-26-099."]

    record = read(ruled(rows=CLEAN, notes=notes), tmp_path)

    assert "field-conflict" in held(record)


def test_denied_lot_is_not_the_papers_lot(tmp_path: Path) -> None:
    pairs = [pair for pair in STERILITY_PAIRS if not pair[0].startswith("Lot")]
    notes = ["This report does not apply to lot MSC-26-014."]

    record = read(ruled(rows=CLEAN, pairs=pairs, notes=notes), tmp_path)

    assert "lot" not in record.header


@pytest.mark.parametrize("name", ["pending", "not yet approved", "N/A"])
def test_what_stands_for_no_signature_is_no_name(tmp_path: Path, name: str) -> None:
    record = read(ruled(rows=CLEAN, notes=[f"Approved by: {name}"]), tmp_path)

    assert "signed_by" not in record.header


@pytest.mark.parametrize(
    ("row", "slug"),
    [
        (("Endotoxin", "USP <85>", "<= 0.25 EU/mL", "< 0.50 EU/mL", "Pass"), "row-conflict"),
        (("Sterility, TSB", "USP <71>", "Growth", "No growth", "Pass"), "row-conflict"),
        (("Sterility, TSB", "USP <71>", "No growth", "No growth", "complies*"),
         "result-wording-unknown"),
        (("Sterility, TSB", "USP <71>", "No growth", "No growth", ""), "result-blank"),
        (("Endotoxin, repeat", "USP <85>", "<= 5.0 EU/mL", "9.1 EU/mL", "-"),
         "laboratory-verdict-failed"),
        (("Karyotype", "In house", "46,XX", "47,XX,+8", "-"), "test-unknown"),
        (("Internal control", "USP <63>", "Detected", "Not detected", "-"), "test-unknown"),
    ],
)  # fmt: skip
def test_row_that_does_not_plainly_pass_holds(
    tmp_path: Path, row: tuple[str, ...], slug: str
) -> None:
    record = read(ruled(title="Certificate of Analysis", rows=[*CLEAN, row]), tmp_path)

    assert slug in held(record)


def test_turbidity_in_unknown_words_holds(tmp_path: Path) -> None:
    header = ("Medium", "Turbidity", "Specification", "Result", "Evaluation")
    body = [("FTM", "3/3 vials", "No growth", "No growth", "Pass")]

    record = read(ruled(header=header, rows=body), tmp_path)

    assert "result-wording-unknown" in held(record)


def at_labels(beside: str = "", below: str = "") -> bytes:
    paper = Paper()
    paper.title("Sterility Report")
    paper.pairs(STERILITY_PAIRS)
    for label in ("FTM:", "TSB:"):
        paper.text(50, label)
        paper.text(150, "No growth")
        paper.line(beside, x=250, step=12)
        paper.line(below, x=150, step=20)
    return paper.done()


def test_results_at_labels_alone_are_clean(tmp_path: Path) -> None:
    record = read(at_labels(), tmp_path)

    assert [row.reading for row in samples(record)] == ["negative", "negative"]
    assert held(record) == set()


@pytest.mark.parametrize(
    ("beside", "below"), [("FAIL", ""), ("+", ""), ("", "(48 h only)"), ("Positive", "")]
)
def test_what_stands_beside_a_result_belongs_to_it(tmp_path: Path, beside: str, below: str) -> None:
    record = read(at_labels(beside, below), tmp_path)

    final = {(row.reading, row.status) for row in samples(record)} == {("negative", "final")}
    assert held(record) or not final


@pytest.mark.parametrize(
    "sentence",
    [
        "Result: No growth in both media after 14 days.",
        "No growth was observed in FTM and TSB after 14 days of incubation.",
    ],
)
def test_each_medium_that_is_named_has_its_result(tmp_path: Path, sentence: str) -> None:
    paper = Paper()
    paper.title("Sterility Report")
    paper.pairs(STERILITY_PAIRS)
    paper.line(sentence)

    record = read(paper.done(), tmp_path)

    assert {(row.part, row.reading) for row in samples(record)} == {
        ("aerobic", "negative"),
        ("anaerobic", "negative"),
    }


def test_media_side_by_side_with_their_results_below(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Sterility Report")
    paper.pairs(STERILITY_PAIRS)
    paper.table([("FTM", "TSB"), ("No growth", "No growth")], (200, 200), ruled=False)

    record = read(paper.done(), tmp_path)

    assert {row.part for row in samples(record)} == {"aerobic", "anaerobic"}


def test_page_that_is_not_there_holds(tmp_path: Path) -> None:
    record = read(ruled(rows=CLEAN, notes=["Page 1 of 3"]), tmp_path)

    assert "page-unread" in held(record)


def test_shorter_incubation_than_between_the_dates_holds(tmp_path: Path) -> None:
    pairs = changed(STERILITY_PAIRS, Date_started="2026-03-05", Date_completed="2026-03-19")

    record = read(ruled(rows=CLEAN, pairs=[*pairs, ("Incubation period", "7 days")]), tmp_path)

    assert "duration-conflict" in held(record)


def test_clean_paper_is_not_held(tmp_path: Path) -> None:
    record = read(ruled(header=STERILITY_HEADER, rows=CLEAN), tmp_path)

    assert held(record) == set()
