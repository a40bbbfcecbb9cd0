from __future__ import annotations

import pytest
from runners import COMMANDS, commands

from qcvalidate.runners import without_commands


@pytest.mark.parametrize("text", COMMANDS)
@pytest.mark.parametrize(
    "before", ["", "  ", "\t", "a line\n", "a line\n    ", "a line\r", "\xa0", "\u034f", "\ufe0f "]
)
def test_no_line_is_a_command(text: str, before: str) -> None:
    assert commands(before + text) != []

    assert commands(without_commands(before + text)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("  ::error::x", r"  \x3a:error::x"),
        (":::error::x", r"\x3a\x3a:error::x"),
        (":\ufe0f:error::x", "\\x3a\ufe0f:error::x"),
        ("said ##[error]x", r"said ##\x5berror]x"),
        ("a##VSO[task.complete]x", r"a##VSO\x5btask.complete]x"),
        ("#\ufe0f#[error]", "#\ufe0f#\\x5berror]"),
    ],
)
def test_the_sign_that_makes_a_command_is_shown_by_its_number(text: str, shown: str) -> None:
    assert without_commands(text) == shown
    assert without_commands(shown) == shown


@pytest.mark.parametrize(
    "text",
    ["", "No growth", "lot: MSC-2026-0018", "a::b", "fe80::1", "# [1]", "#1", "##", "12:30", ": x"],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert without_commands(text) == text


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    for text in ("#" * 200_000, ":" * 200_000, "##" + "a" * 200_000, "\ufe0f" * 200_000):
        assert commands(without_commands(text)) == []
