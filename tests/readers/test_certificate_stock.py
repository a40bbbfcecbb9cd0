"""Sentences that stand on every paper and tell nothing, and what nearly is one of them."""

from __future__ import annotations

import pytest
from stock_sentences import HARMLESS
from word_tables import entries

from qcvalidate.folding import key
from qcvalidate.readers.certificates.stock import is_stock
from qcvalidate.readers.certificates.telling import telling

# Made of the words of a stock sentence, and no such sentence.
NEAR = """
The signature is not valid.
This report is not signed.
Not electronically signed
Document non signé
Firma non valida
Die Unterschrift ist nicht gültig.
Sampling was not performed.
Probenahme nicht durchgeführt.
The results do not apply to the sample as received.
The results apply to the sample as received, which was thawed.
The results relate only to the aerobic bottle.
Samples were not kept for two weeks.
The laboratory accepts no responsibility for the results.
The test is based on the detection of growth, which was observed.
The detection limit of the method is 10 CFU/mL and 20 CFU/mL were found.
Test organisms: Staphylococcus aureus ATCC 6538 was found in the sample.
Any corrections invalidate this report, and one was made.
Growth of all test organisms was observed within 5 days, and in the sample.
A Rh positive culture
"""
BEHIND = (
    "However, the positive control failed.",
    "Growth was observed on day 5.",
    "The result is preliminary.",
    "Except for TSB.",
)


@pytest.mark.parametrize("sentence", entries(NEAR))
def test_words_of_a_stock_sentence_are_none(sentence: str) -> None:
    assert not is_stock(key(sentence))


@pytest.mark.parametrize("sentence", entries(HARMLESS))
def test_nothing_bad_hides_behind_a_stock_sentence(sentence: str) -> None:
    for bad in BEHIND:
        assert telling(f"{sentence} {bad}") is not None
        assert telling(f"{bad} {sentence}") is not None


@pytest.mark.parametrize("sentence", entries(HARMLESS))
def test_stock_sentence_tells_nothing(sentence: str) -> None:
    assert telling(sentence) is None
