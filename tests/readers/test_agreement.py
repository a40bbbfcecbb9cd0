"""What two engines made of a picture: only what they agree on may support a pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from certificate_layouts import STERILITY_PAIRS, changed, ruled

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import Document, Word, open_document
from qcvalidate.frames import rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.readers.certificates.agreement import (
    other_reading,
    state_by_vocabulary,
    state_of,
    unconfirmed,
)
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.record import Record, Severity, State
from qcvalidate.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary(open_catalogue())


def scanned(
    folder: Path, doubts: dict[str, str], *, confidence: float = 0.97, content: bytes | None = None
) -> Document:
    """Open a certificate as if it were recognised; `doubts` says what the second engine read."""
    path = folder / "certificate.pdf"
    path.write_bytes(content or ruled())
    document = open_document(path)

    def recognised(word: Word) -> Word:
        word = replace(word, origin="ocr", engine="one+two", confidence=confidence)
        if word.text not in doubts:
            return word
        other = doubts[word.text]
        return replace(word, state=State.CONFLICT if other else State.SINGLE_SOURCE, other=other)

    pages = [replace(page, words=tuple(map(recognised, page.words))) for page in document.pages]
    return replace(document, pages=tuple(pages))


def read(document: Document) -> Record:
    return read_document(document, Context(VOCABULARY, Locale()))


def states(record: Record) -> dict[tuple[str, str | None], str]:
    return {(row.test, row.part): row.state for row in rows(record.observations)}


def held(record: Record) -> set[str]:
    return {finding.slug for finding in record.findings if finding.severity is Severity.HOLD}


def test_what_both_engines_read_is_confirmed(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {}))

    assert set(states(record).values()) == {"confirmed"}
    assert held(record) == set()


def test_a_number_that_one_engine_read_otherwise_supports_no_pass(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {"0.05": "0.5"}))

    assert states(record)["endotoxin", None] == "conflict"
    told = next(f.message for f in record.findings if f.slug == "reading-unconfirmed")
    assert "“0.05”" in told
    assert "“0.5”" in told


def test_a_comparator_that_one_engine_lost_supports_no_pass(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {"<": ""}))

    assert states(record)["endotoxin", None] == "single_source"


@pytest.mark.parametrize("seen", ["grovvth", "growlh", "GROWTH"])
def test_known_wording_may_rest_on_one_engine(tmp_path: Path, seen: str) -> None:
    record = read(scanned(tmp_path, {"growth": seen}))

    assert states(record)["sterility", "aerobic"] == "confirmed"


def test_known_wording_may_rest_on_one_engine_where_the_other_is_silent(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {"No": "", "growth": ""}))

    assert states(record)["sterility", "aerobic"] == "confirmed"


@pytest.mark.parametrize("seen", ["", "Heavy", "Nein!?"])
def test_a_no_that_only_one_engine_saw_supports_no_pass(tmp_path: Path, seen: str) -> None:
    record = read(scanned(tmp_path, {"No": seen}))

    assert states(record)["sterility", "aerobic"] == "conflict"


def test_an_engine_that_is_unsure_vouches_for_nothing(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {"growth": "growlh"}, confidence=0.6))

    assert states(record)["sterility", "aerobic"] == "conflict"


def test_growth_that_one_engine_saw_is_not_lost(tmp_path: Path) -> None:
    lone = [("Sterility, FTM", "USP <71>", "No growth", "Growth", "Fail")]
    record = read(scanned(tmp_path, {"Growth": ""}, content=ruled(rows=lone)))

    assert [row.reading for row in rows(record.observations)] == ["positive"]


def test_a_lot_number_read_in_two_ways_is_no_lot_number(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {"MSC-26-014": "MSC-26-O14"}))

    assert record.stated("lot") is None
    assert record.header["lot"].state is State.CONFLICT
    assert "reading-unconfirmed" in held(record)


def test_of_two_places_with_one_lot_number_the_better_one_counts(tmp_path: Path) -> None:
    pairs = [*STERILITY_PAIRS, ("Batch No.", "MSC-26-014.")]
    record = read(scanned(tmp_path, {"MSC-26-014.": ""}, content=ruled(pairs=pairs)))

    assert record.header["lot"].text.startswith("MSC-26-014")


def test_a_date_that_one_engine_read_otherwise_is_held(tmp_path: Path) -> None:
    record = read(scanned(tmp_path, {"2026-03-19": "2026-03-10"}))

    assert record.stated("date_completed") is None
    assert "reading-unconfirmed" in held(record)
    assert {row.ended for row in rows(record.observations)} == {None}


def test_the_letters_of_a_signature_hold_nothing(tmp_path: Path) -> None:
    pairs = changed(STERILITY_PAIRS, Approved_by="J. Sample")
    record = read(scanned(tmp_path, {"Sample": "Sarnple"}, content=ruled(pairs=pairs)))

    assert record.header["signed_by"].value == "J. Sample"
    assert held(record) == set()


@pytest.mark.parametrize("text", ["Contarnination was seen.", "Bag 2 was re-lested: fai1ed."])
def test_a_garbled_word_on_the_outcome_holds(tmp_path: Path, text: str) -> None:
    doubts = dict.fromkeys(text.split(), "")
    record = read(scanned(tmp_path, doubts, content=ruled(notes=[text])))

    assert held(record)


def test_a_garbled_harmless_word_holds_nothing(tmp_path: Path) -> None:
    content = ruled(notes=["Foundry Road 12, Springfie1d"])
    record = read(scanned(tmp_path, {"Springfie1d": "Springfield"}, content=content))

    assert held(record) == set()


def test_a_plus_minus_that_one_engine_read_as_plus_holds_nothing(tmp_path: Path) -> None:
    content = ruled(notes=["FTM is incubated for 14 days at 32.5 ± 2.5 °C."])
    record = read(scanned(tmp_path, {"±": "+"}, content=content))

    assert held(record) == set()


def block(*words: tuple[str, State, str | None]) -> Block:
    return Block(
        tuple(
            Word(text, 1, (0, 0, 1, 1), confidence=0.99, state=state, other=other)
            for text, state, other in words
        )
    )


def test_the_other_reading_is_the_second_engines() -> None:
    said = block(("No", State.SINGLE_SOURCE, ""), ("growth", State.CONFIRMED, None))

    assert other_reading(said) == "growth"
    assert state_of(said) is State.SINGLE_SOURCE


def test_words_outside_the_vocabulary_are_never_vouched_for() -> None:
    said = block(("Nothing", State.SINGLE_SOURCE, ""))

    assert state_by_vocabulary(said, lambda _: None) is State.SINGLE_SOURCE


def test_agreement_that_the_picture_does_not_bear_out_is_not_called_disagreement() -> None:
    box = (10.0, 10.0, 40.0, 20.0)
    word = Word("0.05", 1, box, origin="ocr", state=State.AMBIGUOUS, other="0.05")

    finding = unconfirmed("scan.png", "the result", Block((word,)), Severity.HOLD)

    assert "both engines read “0.05”, but the picture is too blurred" in finding.message
    assert "do not agree" not in finding.message


def test_disagreement_tells_both_readings() -> None:
    box = (10.0, 10.0, 40.0, 20.0)
    word = Word("0.05", 1, box, origin="ocr", state=State.CONFLICT, other="0.06")

    finding = unconfirmed("scan.png", "the result", Block((word,)), Severity.HOLD)

    assert "do not agree: the first read “0.05”, the second read “0.06”" in finding.message
