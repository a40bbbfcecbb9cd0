"""Results under headings and labels without a colon; expected values are those drawn."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from test_certificate_structures import (
    FTM,
    HEAD,
    MEDIA,
    TSB,
    begun,
    held,
    read,
    results,
    samples,
    told,
    value,
)

from qcvalidate.readers.certificates.telling import telling


def test_heading_with_its_result_on_the_next_line(tmp_path: Path) -> None:
    paper = begun("Sterility, Stem Cell Product")
    for heading, found in (
        ("GRAM STAIN", "No organisms seen"),
        ("CULTURE", "Growth of Cutibacterium acnes detected on day 7"),
    ):
        paper.line(heading, step=12)
        paper.line(found, x=68, step=24)

    record = read(paper, tmp_path)

    assert results(record) == [("gram_stain", None, "negative"), ("sterility", None, "positive")]
    assert [(row.organism, row.day) for row in samples(record)][1] == ("Cutibacterium acnes", 7)


def test_result_that_goes_on_over_the_next_line_is_not_read(tmp_path: Path) -> None:
    paper = begun("Sterility, Stem Cell Product")
    paper.line("STERILITY", step=12)
    paper.line("No growth after 14 days", x=68, step=12)
    paper.line("except in one bottle of TSB", x=68, step=30)
    paper.line("GRAM STAIN", step=12)
    paper.line("No organisms seen", x=68)

    record = read(paper, tmp_path)

    assert ("sterility", None, "negative") not in results(record)
    assert "result-wording-unknown" in held(record)


def test_culture_without_a_test_on_the_paper_is_not_read_as_sterility(tmp_path: Path) -> None:
    paper = begun("Laboratory Report")
    paper.line("CULTURE", step=12)
    paper.line("No growth after 14 days", x=68, step=30)
    paper.line("GRAM STAIN", step=12)
    paper.line("No organisms seen", x=68)

    record = read(paper, tmp_path)

    assert results(record) == [("gram_stain", None, "negative")]


def test_bars_that_name_tests_over_labels(tmp_path: Path) -> None:
    paper = begun("Boletim de análise")
    for name, limit, found, verdict in (
        (
            "Ensaio de esterilidade",
            "Ausência de crescimento",
            "Ausência de crescimento",
            "Conforme",
        ),
        ("Endotoxinas bacterianas", "≤ 0,50 UE/mL", "0,83 UE/mL", "Não conforme"),
    ):
        paper.line(name)
        facts = (("Especificação", limit), ("Resultado", found), ("Avaliação", verdict))
        paper.table(facts, (120, 250), ruled=True)

    record = read(paper, tmp_path)

    assert [(row.test, row.reading, row.lower) for row in samples(record)] == [
        ("sterility", "negative", None),
        ("endotoxin", None, Decimal("0.83")),
    ]
    assert held(record) == ["laboratory-verdict-failed"]


def test_heading_over_a_table_names_its_test(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    paper.line("Mycoplasma")
    paper.table((("Sample ID", "Result"), ("S-4471", "Not detected")), (120, 150), ruled=True)

    assert results(read(paper, tmp_path)) == [("mycoplasma", None, "negative")]


@pytest.mark.parametrize(
    ("line", "field", "read_as"),
    [
        ("Samples received 5 Feb 2026", "date_received", "2026-02-05"),
        ("Date of this report 21 Feb 2026", "date_issued", "2026-02-21"),
        ("Date test commenced 6 Feb 2026", "date_started", "2026-02-06"),
        ("Testing period 6 Feb 2026 to 20 Feb 2026", "date_started", "2026-02-06"),
        ("Testing period: 6 Feb 2026 – 20 Feb 2026", "date_completed", "2026-02-20"),
        ("Batch CT-260318", "lot", "CT-260318"),
        ("Datum / Date of issue: 21.02.2026", "date_issued", "2026-02-21"),
        ("Certificato di analisi n. CA 118/2026 del 21/02/2026", "report_number", "CA 118/2026"),
        ("Certificato di analisi n. CA 118/2026 del 21/02/2026", "date_issued", "2026-02-21"),
        ("Collected: 3/22/2026 0915", "date_sampled", "2026-03-22"),
    ],
)
def test_labels_of_sentences_and_titles(
    line: str, field: str, read_as: str, tmp_path: Path
) -> None:
    paper = begun(pairs=[("Client", "Meridian Clinic")])
    paper.line(line, step=30)
    paper.table(MEDIA, (150, 150), ruled=True)

    assert value(read(paper, tmp_path), field) == read_as


@pytest.mark.parametrize(
    "line",
    [
        "Samples received 5 Feb 2026 were leaking",
        "Batch release is pending",
        "Testing period 14 days",
        "Report 2 of 3",
    ],
)
def test_sentences_are_no_labels(line: str, tmp_path: Path) -> None:
    paper = begun(pairs=[("Client", "Meridian Clinic")])
    paper.line(line, step=30)
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    fields = ("lot", "report_number", "date_received", "date_started", "date_completed")
    assert [value(record, field) for field in fields] == [None] * 5


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Final Report", "final"),
        ("Final Report of Analysis", "final"),
        # The product is final, and not the report.
        ("Final Product Report", None),
        ("Report on the completed culture", None),
    ],
)
def test_only_a_title_of_its_own_makes_a_report_final(
    title: str, status: str | None, tmp_path: Path
) -> None:
    paper = begun(title)
    paper.table(MEDIA, (150, 150), ruled=True)

    assert value(read(paper, tmp_path), "status") == status


def test_status_that_is_not_known_is_no_status(tmp_path: Path) -> None:
    paper = begun(pairs=[*HEAD, ("Status", "Finel")])
    paper.table(MEDIA, (150, 150), ruled=True)

    record = read(paper, tmp_path)

    assert value(record, "status") is None
    assert {row.status for row in samples(record)} == {"preliminary"}
    assert "field-unreadable" in held(record)


def test_limit_in_brackets_behind_a_result(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    paper.line("Endotoxin (LAL): < 0.05 EU/mL (limit 0.50 EU/mL)")
    paper.line("Viability: 61.0 % (limit: >= 70 %)")

    record = read(paper, tmp_path)

    assert [(row.test, row.upper) for row in samples(record)] == [
        ("endotoxin", Decimal("0.05")),
        ("viability", Decimal("61.0")),
    ]
    assert held(record) == ["laboratory-verdict-failed"]


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("CD73 positive cells", "cd73_positive"),
        ("% CD73+", "cd73_positive"),
        ("Viable cells (7-AAD negative)", "viability"),
    ],
)
def test_names_of_populations(name: str, test: str, tmp_path: Path) -> None:
    paper = begun("Flow Cytometry Report")
    table = (("Population", "% of parent", "Criterion", "Meets"), (name, "97.4", ">= 95 %", "yes"))
    paper.table(table, (180, 100, 100, 60), ruled=True)

    record = read(paper, tmp_path)

    assert [(row.test, row.lower, row.unit) for row in samples(record)] == [
        (test, Decimal("97.4"), "%")
    ]
    assert held(record) == []


def test_test_named_in_two_columns(tmp_path: Path) -> None:
    paper = begun("Certificate of Analysis")
    table = (("Test", "Determination", "Result"), ("Mycoplasma", "DNA", "Negative"))
    paper.table(table, (120, 120, 120), ruled=True)

    assert results(read(paper, tmp_path)) == [("mycoplasma", None, "negative")]


def test_bottles_of_an_automated_culture_name_the_test(tmp_path: Path) -> None:
    paper = begun("Specimen Report")
    table = (
        ("Bottle type", "Result"),
        ("FN Plus (anaerobic)", "NEGATIVE"),
        ("FA Plus (aerobic)", "NEGATIVE"),
    )
    paper.table(table, (180, 100), ruled=True)

    assert results(read(paper, tmp_path)) == [FTM, TSB]


@pytest.mark.parametrize(
    "sentence",
    [
        "Controls: all positive and negative controls gave the expected results.",
        "Positive controls grew and negative controls remained clear.",
        "All controls were as expected.",
        "All assays were valid.",
        "Alle Kontrollen waren gültig.",
        "Fluorescence-minus-one controls were used.",
        "Kinetic turbidimetric LAL",
    ],
)
def test_sentences_of_controls_that_did_as_they_should_tell_nothing(sentence: str) -> None:
    assert telling(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Positive controls grew and negative controls grew.",
        "Positive controls remained clear and negative controls grew.",
        "All positive and negative controls gave the expected results except one.",
        "Not all controls gave the expected results.",
        "The positive control gave no growth.",
        "Negative controls were turbid.",
        "All assays were valid except the repeat of TSB.",
        "All controls were invalid.",
    ],
)
def test_sentences_of_controls_that_failed_are_told(sentence: str) -> None:
    assert telling(sentence) is not None


def test_organism_at_its_label_names_what_grew(tmp_path: Path) -> None:
    paper = begun()
    table = (("Medium", "Result"), ("FTM", "Growth"), ("TSB", "No growth"))
    paper.table(table, (150, 150), ruled=True)
    paper.line("Organism ID: Cutibacterium acnes")

    record = read(paper, tmp_path)

    assert [row.organism for row in samples(record)] == ["Cutibacterium acnes", None]
    assert "Organism ID" not in told(record)


def test_organism_without_growth_of_the_sample_holds(tmp_path: Path) -> None:
    paper = begun()
    # What a control grew is no explanation.
    paper.table((*MEDIA, ("Positive control", "Growth")), (150, 150), ruled=True)
    paper.line("Organism ID: Cutibacterium acnes")

    assert "Organism ID" in told(read(paper, tmp_path))
