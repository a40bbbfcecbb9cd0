from __future__ import annotations

import pytest

from qcvalidate.readers.messages.asides import is_harmless, specimen_doubt, title_doubt


@pytest.mark.parametrize(
    "note", ["Subculture: 3 CFU.", "Only the diluent was tested.", "Do not use this lot"]
)
def test_a_note_holds_unless_it_is_known(note: str) -> None:
    assert not is_harmless(note)


@pytest.mark.parametrize("note", ["Received on ice.", "Stored at 2-8 C", "None"])
def test_a_known_note_is_harmless(note: str) -> None:
    assert is_harmless(note)


def test_titles_and_specimens_of_another_purpose() -> None:
    assert title_doubt("Media fill report")
    assert not title_doubt("Certificate of analysis")
    assert specimen_doubt("Placebo", is_early=False)
    assert not specimen_doubt("Cell suspension", is_early=False)
