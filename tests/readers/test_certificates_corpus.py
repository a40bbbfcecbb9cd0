"""The generic certificate reader on certificates that others drew; the truth lies beside them.

Right, or refused; a wrong value is the one thing that must not be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Record, Severity
from qcvalidate.vocabulary import load_vocabulary

pytestmark = pytest.mark.corpus

NAMES = (
    "t01_us_form_fail",
    "t02_us_form_pass",
    "t04_two_col",
    "t06_german",
    "t08_french",
    "t09_prose_fail",
)
FIELDS = {
    "client": "client",
    "report_no": "report_number",
    "lot": "lot",
    "sample_id": "sample_id",
    "product": "product",
    "date_received": "date_received",
    "date_tested": "date_started",
    "date_completed": "date_completed",
    "date_reported": "date_issued",
    "method": "method",
}
# The truth's dates as printed, read by hand: the first four papers are American, German, French.
DATES = {
    "03/05/2026": "2026-03-05",
    "03/19/2026": "2026-03-19",
    "2026-06-02 09:14": "2026-06-02",
    "07.05.2026": "2026-05-07",
    "08.05.2026": "2026-05-08",
    "22.05.2026": "2026-05-22",
    "26.05.2026": "2026-05-26",
    "04/05/2026": "2026-05-04",
    "05/05/2026": "2026-05-05",
    "19/05/2026": "2026-05-19",
    "20/05/2026": "2026-05-20",
    "April 07, 2026": "2026-04-07",
    "April 22, 2026": "2026-04-22",
}
# What the results mean, by hand; None for a test that no specification here asks for.
EXPECTED: dict[str, tuple[Any, ...] | None] = {
    "Fluid Thioglycollate Medium (FTM)": ("sterility", "anaerobic"),
    "Soybean Casein Digest Broth (SCDB)": ("sterility", "aerobic"),
    "Trypticase Soy Broth (TSB)": ("sterility", "aerobic"),
    "Sterility, automated (BACT/ALERT 3D), aerobic bottle iFA Plus": ("sterility", "aerobic"),
    "Sterility, automated (BACT/ALERT 3D), anaerobic bottle iFN Plus": ("sterility", "anaerobic"),
    "Bacterial endotoxins, kinetic chromogenic (Method D)": ("endotoxin", None),
    "Mycoplasma, NAT": ("mycoplasma", None),
    "Prüfung auf Sterilität": ("sterility", None),
    "Bakterien-Endotoxine": ("endotoxin", None),
    "Mykoplasmen (PCR)": ("mycoplasma", None),
    "Gesamtkeimzahl (TAMC)": None,
    "Viabilität": ("viability", None),
    "Zellzahl": ("cell_concentration", None),
    "Essai de stérilité": ("sterility", None),
    "Endotoxines bactériennes": ("endotoxin", None),
    "Mycoplasmes": ("mycoplasma", None),
    "Viabilité": ("viability", None),
    "Numération": ("cell_concentration", None),
}
NUMBERS = {
    "<0.50 EU/mL": ("-Infinity", "0.50", "EU/mL"),
    "< 0,05 I.E./ml": ("-Infinity", "0.05", "EU/mL"),
    "78,6 %": ("78.6", "78.6", "%"),
    "1.248.500 /ml": ("1248500", "1248500", "cells/mL"),
    "0,31 UI/ml": ("0.31", "0.31", "EU/mL"),
    "88,5 %": ("88.5", "88.5", "%"),
    "1 250 000 /ml": ("1250000", "1250000", "cells/mL"),
}
READINGS = {
    "Growth": "positive",
    "growth observed": "positive",
    "No Growth": "negative",
    "no growth observed": "negative",
    "No growth after 14 days": "negative",
    "Negative": "negative",
    "kein Wachstum": "negative",
    "nicht nachweisbar": "negative",
    "Absence de croissance": "negative",
    "Non détecté": "negative",
}


def read(path: Path) -> Record:
    context = Context(load_vocabulary(open_catalogue()), Locale())
    return read_document(open_document(path), context)


def samples(record: Record) -> list[Observation]:
    return [row for row in rows(record.observations) if row.role == "sample"]


def header_outcomes(record: Record, truth: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, printed in truth["fields"].items():
        if name not in FIELDS:
            continue
        field = record.header.get(FIELDS[name])
        value = field.value if field else None
        expected = DATES.get(printed, printed)
        yield name, "refused" if value is None else "right" if value == expected else "wrong"


def result_outcomes(record: Record, truth: dict[str, Any]) -> Iterator[tuple[str, str]]:
    found = {(row.test, row.part): row for row in samples(record)}
    for result in truth["results"]:
        expected = EXPECTED[result["test"]]
        row = found.get((expected[0], expected[1])) if expected else None
        if row is None:
            yield result["test"], "refused"
            continue
        numbers = NUMBERS.get(result["result"])
        if numbers:
            lower, upper, unit = numbers
            same = (row.lower, row.upper, row.unit) == (Decimal(lower), Decimal(upper), unit)
        else:
            same = row.reading == READINGS[result["result"]]
        same = same and row.result == result["result"]
        same = same and row.method == result.get("method", row.method)
        yield result["test"], "right" if same else "wrong"


def truth_of(corpus: Path, name: str) -> tuple[Record, dict[str, Any]]:
    folder = corpus / "certificates" / "synthetic"
    return read(folder / f"{name}.pdf"), json.loads((folder / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_and_lot_and_results_are_right(corpus: Path, name: str) -> None:
    record, truth = truth_of(corpus, name)

    header = dict(header_outcomes(record, truth))
    results = dict(result_outcomes(record, truth))

    assert "wrong" not in {*header.values(), *results.values()}
    assert header["lot"] == "right"
    known = {test for test in results if EXPECTED[test] is not None}
    assert {results[test] for test in known} == {"right"}
    # Nothing was invented beside the truth.
    assert len(samples(record)) == len(known)


def test_the_counts_over_all_of_them(corpus: Path) -> None:
    counts = {"right": 0, "refused": 0, "wrong": 0}
    refused = set()
    for name in NAMES:
        record, truth = truth_of(corpus, name)
        for what, outcome in (*header_outcomes(record, truth), *result_outcomes(record, truth)):
            counts[outcome] += 1
            if outcome == "refused":
                refused.add((name, what))

    assert counts == {"right": COUNT_RIGHT, "refused": len(refused), "wrong": 0}
    # The letter has no label at its client, TAMC is no test of ours.
    assert refused == {("t09_prose_fail", "client"), ("t06_german", "Gesamtkeimzahl (TAMC)")}


COUNT_RIGHT = 58


@pytest.mark.parametrize("name", NAMES)
def test_the_conclusion_agrees_with_the_truth(corpus: Path, name: str) -> None:
    record, truth = truth_of(corpus, name)

    conclusion = record.header.get("conclusion")
    slugs = {f.slug for f in record.findings if f.severity is Severity.HOLD}
    failing = any(row.reading == "positive" for row in samples(record))

    if conclusion is not None:
        assert conclusion.value == truth["overall"]
    # The laboratory's own failure is seen, as growth or as its verdict.
    assert (failing or "laboratory-verdict-failed" in slugs) == (truth["overall"] == "fail")
    assert slugs <= {"laboratory-verdict-failed"}


def test_sideways_page_reads_like_the_upright_one(corpus: Path) -> None:
    upright = read(corpus / "certificates" / "synthetic" / "t01_us_form_fail.pdf")
    sideways = read(corpus / "certificates" / "hard" / "rot90.pdf")

    assert {k: f.value for k, f in sideways.header.items()} == {
        k: f.value for k, f in upright.header.items()
    }
    assert [(r.test, r.part, r.role, r.result, r.reading) for r in rows(sideways.observations)] == [
        (r.test, r.part, r.role, r.result, r.reading) for r in rows(upright.observations)
    ]


@pytest.mark.parametrize("name", ["enc_owner", "signed"])
def test_sound_files_read_without_a_hold(corpus: Path, name: str) -> None:
    record = read(corpus / "certificates" / "hard" / f"{name}.pdf")

    assert record.header["lot"].value == "MSC-2026-0O18B"
    assert not [f for f in record.findings if f.severity is Severity.HOLD]


def test_file_changed_after_signing_holds(corpus: Path) -> None:
    record = read(corpus / "certificates" / "hard" / "signed_tampered.pdf")

    held = {f.slug for f in record.findings if f.severity is Severity.HOLD}
    # The text that was added lies over the signed text besides.
    assert held == {"signature-changed", "text-hidden"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acroform", "form fields"),
        ("hidden", "cannot see"),
        ("struck", "struck through"),
    ],
)
def test_scraps_without_a_test_are_refused_and_say_why(corpus: Path, name: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as raised:
        read(corpus / "certificates" / "hard" / f"{name}.pdf")

    assert raised.value.slug == "document-unclaimed"


@pytest.mark.parametrize(
    "name",
    # Cannabis certificates, looked at by eye: potency, terpenes, pesticides, moulds. None has a
    # test of a cell product on it, so each is refused, and no lot or result can be wrong.
    ["Pineapple-XX-5-13-2129146", "infinite-chemical-coa", "mcr-labs-ma-4pgs", "okctl-coa"],
)
def test_certificates_of_other_trades_give_no_result(corpus: Path, name: str) -> None:
    with pytest.raises(DocumentError, match="no test result was found") as raised:
        read(corpus / "certificates" / "real" / f"{name}.pdf")

    assert raised.value.slug == "document-unclaimed"


@pytest.mark.parametrize(
    ("name", "lot", "report"),
    [
        # "Sample Batch #" is blank; the laboratory's own two batches of analysis contradict
        # each other, and neither is the product's.
        ("Pineapple-XX-5-13-2129146", None, None),
        ("infinite-chemical-coa", "0585007", None),
        # The batch is broken over two lines as "THC-100MCD-" and "021522".
        ("mcr-labs-ma-4pgs", None, None),
        ("okctl-coa", "2145000000001938", None),
    ],
)
def test_header_of_other_trades_is_right_or_absent(
    corpus: Path, name: str, lot: str | None, report: str | None
) -> None:
    from qcvalidate.readers.certificates.generic import read_header  # noqa: PLC0415

    document = open_document(corpus / "certificates" / "real" / f"{name}.pdf")
    context = Context(load_vocabulary(open_catalogue()), Locale())

    header = read_header(document, context)

    values = {
        field: header[field].value if field in header else None
        for field in ("lot", "report_number")
    }
    assert values == {"lot": lot, "report_number": report}
