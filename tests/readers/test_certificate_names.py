"""What laboratories of the field print for tests, dates, limits and verdicts is read as such."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from certificate_layouts import STERILITY_HEADER, STERILITY_PAIRS, changed, ruled
from test_certificate_wording import held, read, samples

from qcvalidate.catalogue import open_catalogue
from qcvalidate.dates import parse_datetime
from qcvalidate.documents import Word
from qcvalidate.frames import Observation
from qcvalidate.readers.certificates.dating import is_date, period
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.record import Record
from qcvalidate.vocabulary import load_vocabulary

WORDS = load_vocabulary(open_catalogue())
CLEAN = ("Sterility", "USP <71>", "No growth", "No growth", "Pass")


def result(record: Record, test: str) -> Observation:
    (row,) = (row for row in samples(record) if row.test == test)
    return row


# --- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("CD73 positive cells", "cd73_positive"),
        ("% CD105+", "cd105_positive"),
        ("CD90+ve", "cd90_positive"),
        ("HLA-DR expression", "hla_dr_positive"),
        ("Identity: CD73+", "cd73_positive"),
        ("Anteil CD73+ Zellen", "cd73_positive"),
        ("Pourcentage de cellules CD90+", "cd90_positive"),
        ("Células CD73 positivas", "cd73_positive"),
        ("CD45/CD34/CD14/CD19/HLA-DR", "negative_cocktail_positive"),
        ("Viable CD34+ cells per kg recipient", "cd34_dose_per_kg"),
        ("Bacterial endotoxins^2", "endotoxin"),
        ("Bacterial endotoxins (1)", "endotoxin"),
        ("Micoplasma (PCR en tiempo real)", "mycoplasma"),
        ("Mycoplasmes (PCR en temps réel)", "mycoplasma"),
        ("Mykoplasmen (Echtzeit-PCR)", "mycoplasma"),
        ("Sterility USP <71> FTM, 32.5 °C, 14 days", "sterility"),
        ("Thioglykolat-Bouillon (32,5 °C)", "sterility"),
    ],
)
def test_a_name_with_its_ordinary_additions(name: str, test: str) -> None:
    found = WORDS.test(name) or WORDS.test(bare_name(name))
    assert found is not None
    assert found.test == test


@pytest.mark.parametrize("name", ["CD45-", "CD45−", "CD45 (-)", "CD34- cells", "CD73 negative"])
def test_a_negative_marker_is_never_the_positive_one(name: str) -> None:
    assert WORDS.test(name) is None
    assert WORDS.test(bare_name(name)) is None


@pytest.mark.parametrize(
    ("name", "unit", "test"),
    [
        ("Lebendzellzahl", "cells/mL", "viable_cell_concentration"),
        ("Lebendzellzahl", "cells", "viable_cell_count"),
        ("Zellzahl", "cells/mL", "cell_concentration"),
        ("Total cell count", "cells/mL", "cell_concentration"),
        ("Viable cells (7-AAD negative)", "%", "viability"),
        ("CD34 positive cells", "%", "cd34_positive"),
    ],
)
def test_the_unit_says_which_of_two_tests(name: str, unit: str, test: str) -> None:
    found = WORDS.test(name, unit)
    assert found is not None
    assert found.test == test


def test_viable_cells_without_a_unit_are_nothing() -> None:
    assert WORDS.test("Viable cells (7-AAD negative)") is None


def test_populations_with_a_share_of_their_parent(tmp_path: Path) -> None:
    header = ("Population", "Parent", "% of parent", "Criterion", "Meets")
    rows = (
        ("Viable cells (7-AAD negative)", "Single cells", "91.5", ">= 70 %", "yes"),
        ("CD73+", "Viable cells", "99.4", ">= 95 %", "yes"),
        ("CD45+", "Viable cells", "3.1", "<= 2.0 %", "NO"),
    )
    record = read(ruled(header=header, rows=rows, widths=(160, 90, 80, 80, 60)), tmp_path)
    assert result(record, "viability").lower == Decimal("91.5")
    assert {row.unit for row in samples(record)} == {"%"}
    # The last one failed, and was not left unread.
    assert held(record) == {"laboratory-verdict-failed"}
    assert result(record, "cd45_positive").lower == Decimal("3.1")


# --- verdicts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Meets", "yes", "no"),
        ("Complies?", "Yes", "No"),
        ("Within limits", "Y", "N"),
        ("Conforme oui/non", "oui", "non"),
        ("Conforme sì/no", "sì", "no"),
        ("Cumple sí/no", "sí", "no"),
        ("Erfüllt ja/nein", "ja", "nein"),
        ("Cumpre sim/não", "sim", "não"),
    ],
)
def test_a_question_answered(heading: str, yes: str, no: str, tmp_path: Path) -> None:
    header = (*STERILITY_HEADER[:4], heading)
    good = read(ruled(header=header, rows=[(*CLEAN[:4], yes)]), tmp_path)
    assert not held(good)
    bad = read(ruled(header=header, rows=[(*CLEAN[:4], no)]), tmp_path)
    assert "row-conflict" in held(bad)


@pytest.mark.parametrize("heading", ["Pass/Fail", "Evaluation", "Non conforme"])
def test_yes_under_a_heading_that_asks_nothing(heading: str, tmp_path: Path) -> None:
    header = (*STERILITY_HEADER[:4], heading)
    assert held(read(ruled(header=header, rows=[(*CLEAN[:4], "yes")]), tmp_path))


def test_the_only_answer_may_be_called_esito(tmp_path: Path) -> None:
    header = ("Prova", "Metodo", "Limiti", "Esito")
    rows = [("Sterilità", "Ph. Eur. 2.6.1", "Assenza di crescita", "Assenza di crescita")]
    record = read(ruled(header=header, rows=rows, widths=(130, 90, 120, 130)), tmp_path)
    assert result(record, "sterility").reading == "negative"
    assert not held(record)
    rows = [("Sterilità", "Ph. Eur. 2.6.1", "Assenza di crescita", "Crescita")]
    record = read(ruled(header=header, rows=rows, widths=(130, 90, 120, 130)), tmp_path)
    assert result(record, "sterility").reading == "positive"


# --- results -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [("Croissance (J7)", 7), ("Growth (day 5)", 5)],
)
def test_growth_on_a_day(text: str, day: int) -> None:
    found = WORDS.result(text, "sterility")
    assert (found.kind, found.day) == ("positive", day)


def test_what_grew_and_when() -> None:
    found = WORDS.result("growth of Bacillus cereus on day 3", "sterility")
    assert (found.kind, found.organism, found.day) == ("positive", "Bacillus cereus", 3)


@pytest.mark.parametrize(
    "text",
    [
        "< 0.05 EU/mL (limit 0.50 EU/mL)",
        "< 0.05 EU/mL (<= 0.50 EU/mL)",
        "< 0.05 EU/mL (NMT 0.50 EU/mL)",
        "< 0.05 EU/mL [Spec.: max. 0.50 EU/mL]",
    ],
)
def test_a_limit_behind_its_result(text: str, tmp_path: Path) -> None:
    rows = [("Sterility", "USP <71>", "No growth"), ("Endotoxin", "USP <85>", text)]
    record = read(
        ruled(header=("Test", "Method", "Result"), rows=rows, widths=(130, 75, 220)), tmp_path
    )
    assert result(record, "endotoxin").upper == Decimal("0.05")
    assert not held(record)


def test_a_result_beyond_the_limit_behind_it_is_held(tmp_path: Path) -> None:
    rows = [
        ("Sterility", "USP <71>", "No growth"),
        ("Endotoxin", "USP <85>", "0.9 EU/mL (NMT 0.5)"),
    ]
    record = read(
        ruled(header=("Test", "Method", "Result"), rows=rows, widths=(130, 75, 220)), tmp_path
    )
    assert held(record)


@pytest.mark.parametrize("text", ["0.02 EU/mL (< 0.05 EU/mL)", "< 0.05 EU/mL (retest 0.9 EU/mL)"])
def test_brackets_that_are_no_limit_hold(text: str, tmp_path: Path) -> None:
    rows = [("Sterility", "USP <71>", "No growth"), ("Endotoxin", "USP <85>", text)]
    record = read(
        ruled(header=("Test", "Method", "Result"), rows=rows, widths=(130, 75, 220)), tmp_path
    )
    assert held(record)


def test_a_short_form_that_the_paper_explains(tmp_path: Path) -> None:
    rows = [CLEAN, ("Mycoplasma PCR", "USP <63>", "N.D.", "N.D.", "Pass")]
    explained = read(ruled(rows=rows, notes=["N.D. = not detected"]), tmp_path)
    assert result(explained, "mycoplasma").reading == "negative"
    assert held(read(ruled(rows=rows, notes=["N.D. = not determined"]), tmp_path))


# --- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Mise en culture le", "date_started"),
        ("Lecture finale le", "date_completed"),
        ("Date of inoculation", "date_started"),
        ("Date of analysis", "date_started"),
        ("Date test commenced", "date_started"),
        ("Start of analysis", "date_started"),
        ("Date finished", "date_completed"),
        ("Date of this report", "date_issued"),
        ("Datum / Date of issue", "date_issued"),
        ("Samples received", "date_received"),
        ("Analysis verified by", "signed_by"),
        ("Freigabe / Released by", "signed_by"),
        ("Batch reference", "lot"),
        ("Drug product lot number", "lot"),
    ],
)
def test_labels_of_the_field(label: str, field: str) -> None:
    assert WORDS.label(label) == field


@pytest.mark.parametrize("label", ["Inoculation", "Siembra", "Freigabe", "Freigabe / Bemerkung"])
def test_labels_that_may_stand_before_anything(label: str) -> None:
    assert WORDS.label(label) is None


def test_a_time_without_its_colon() -> None:
    assert parse_datetime("7/22/2025 0915").isoformat() == "2025-07-22T09:15:00"


def test_a_period_has_two_dates() -> None:
    def words(text: str) -> list[Word]:
        return [Word(word, 1, (0, 0, 1, 1)) for word in text.split()]

    found = period(words("from Nov 11, 2026 to Nov 25, 2026"))
    assert found == (tuple(words("Nov 11, 2026")), tuple(words("Nov 25, 2026")))
    assert period(words("14 days to 16 days")) is None
    assert not is_date("10 ml")


@pytest.mark.parametrize(
    "note",
    [
        "Testing period: 2026-03-05 to 2026-03-19",
        "Testing period 2026-03-05 to 2026-03-19",
        "Prüfzeitraum: 05.03.2026 bis 19.03.2026",
    ],
)
def test_the_period_of_a_test(note: str, tmp_path: Path) -> None:
    pairs = [pair for pair in STERILITY_PAIRS if pair[0] not in ("Date started", "Date completed")]
    header = read(ruled(pairs=pairs, notes=[note]), tmp_path).header
    assert header["date_started"].value == "2026-03-05"
    assert header["date_completed"].value == "2026-03-19"


def test_a_date_after_a_label_without_a_colon(tmp_path: Path) -> None:
    pairs = [pair for pair in STERILITY_PAIRS if pair[0] != "Date received"]
    record = read(ruled(pairs=pairs, notes=["Samples received Mar 4, 2026"]), tmp_path)
    assert record.header["date_received"].value == "2026-03-04"


def test_a_title_with_its_number_and_its_date(tmp_path: Path) -> None:
    pairs = [pair for pair in STERILITY_PAIRS if pair[0] != "Report No."]
    title = "Certificato di analisi n. CA 9267/2026 del 21/03/2026"
    header = read(ruled(title=title, pairs=pairs), tmp_path).header
    assert header["report_number"].value == "CA 9267/2026"
    assert header["date_issued"].value == "2026-03-21"


def test_what_the_paper_is_called_is_a_label_only_of_a_number(tmp_path: Path) -> None:
    pairs = changed(STERILITY_PAIRS, Report="3 pages of results")
    assert read(ruled(pairs=pairs), tmp_path).header["report_number"].value == "R-26-118"


# --- sentences -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Controls: all positive and negative controls gave the expected results.",
        "Positive controls grew and negative controls remained clear.",
        "All controls met the acceptance criteria.",
        "Die Positiv- und Negativkontrollen zeigten die erwarteten Ergebnisse.",
        "Les témoins positifs et négatifs ont donné les résultats attendus.",
        "Los controles positivos y negativos dieron los resultados esperados.",
        "I controlli positivi e negativi hanno dato i risultati attesi.",
        "Os controlos positivos e negativos deram os resultados esperados.",
        "Kinetic turbidimetric LAL",
        "Limit of detection: 10 CFU/ml.",
        "PPC recovery must be within 50-200 %",
        "No deviations were observed during testing.",
    ],
)
def test_harmless_sentences(text: str) -> None:
    assert telling(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "All positive controls gave the expected results except FTM.",
        "Positive controls grew and negative controls were turbid.",
        "Positive controls did not grow.",
        "Negative controls grew.",
        "Not all controls met the acceptance criteria.",
        "No controls were valid.",
        "Turbid, kinetic LAL not possible",
        "PPC recovery was 20 %",
        "Deviations were observed during testing.",
    ],
)
def test_sentences_much_like_them(text: str) -> None:
    assert telling(text) is not None


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Es wurde kein Wachstum in FTM und TSB nach 14 Tagen festgestellt.", "negative"),
        ("Growth in FTM.", "positive"),
    ],
)
def test_a_result_in_a_sentence(text: str, reading: str, tmp_path: Path) -> None:
    endotoxin = ("Endotoxin", "USP <85>", "<= 5.0 EU/mL", "< 0.05 EU/mL", "Pass")
    record = read(ruled(rows=[endotoxin], notes=[text]), tmp_path)
    found = {row.part: row.reading for row in samples(record) if row.test == "sterility"}
    assert found
    assert set(found.values()) == {reading}


def test_a_failure_with_its_reason_is_the_conclusion(tmp_path: Path) -> None:
    note = "FAIL: the endotoxin limit is exceeded."
    failed = ("Endotoxin", "USP <85>", "<= 0.5 EU/mL", "0.81 EU/mL", "Fail")
    record = read(ruled(rows=[failed], notes=[note]), tmp_path)
    assert record.header["conclusion"].value == "fail"
    assert "result-wording-unknown" not in held(record)
    assert "conclusion-conflict" in held(read(ruled(rows=[CLEAN], notes=[note]), tmp_path))


def test_no_evidence_in_one_medium_and_in_the_other(tmp_path: Path) -> None:
    endotoxin = ("Endotoxin", "USP <85>", "<= 5.0 EU/mL", "< 0.05 EU/mL", "Pass")
    note = "There was no evidence of growth in FTM and there was no evidence of growth in TSB."
    record = read(ruled(rows=[endotoxin], notes=[note]), tmp_path)
    found = {row.part: row.reading for row in samples(record) if row.test == "sterility"}
    assert found == {"aerobic": "negative", "anaerobic": "negative"}


def test_numbered_bottles_under_outcome(tmp_path: Path) -> None:
    rows = [("FTM 3", "POS", "AS"), ("TSB 4", "NEG", "AS")]
    record = read(
        ruled(header=("Container", "Outcome", "By"), rows=rows, widths=(130, 90, 90)), tmp_path
    )
    found = {row.part: row.reading for row in samples(record)}
    assert found == {"anaerobic": "positive", "aerobic": "negative"}


def test_who_signed_is_no_row(tmp_path: Path) -> None:
    rows = [CLEAN, ("Reviewed by J. Pemberton", "", "", "", "")]
    assert not held(read(ruled(rows=rows, is_ruled=False), tmp_path))
    rows = [CLEAN, ("Reviewed by contaminated", "", "", "", "")]
    assert held(read(ruled(rows=rows, is_ruled=False), tmp_path))


@pytest.mark.parametrize(
    "note",
    [
        "Anforderungen / Requirements: nicht erfüllt / not met",
        "Requirements: not met",
        "Acceptance criteria: not met",
        "Criteria: fail",
        "Limit: exceeded",
    ],
)
def test_requirements_not_met_are_held(note: str, tmp_path: Path) -> None:
    assert "result-wording-unknown" in held(read(ruled(rows=[CLEAN], notes=[note]), tmp_path))


@pytest.mark.parametrize(
    "name", ["CD45-", "CD45 -", "CD45 (-)", "CD45 negative", "CD3-", "CD105 -"]
)
def test_a_negative_marker_is_no_positive_one(name: str) -> None:
    assert WORDS.test(name) is None
    assert WORDS.test(bare_name(name)) is None
