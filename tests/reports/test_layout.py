from __future__ import annotations

import pytest
from runners import commands

from qcvalidate.reports._layout import columns_of, pad, shorten, table, visible, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No growth", "No growth"),
        ("≤ 0.05 µg", "≤ 0.05 µg"),
        ("\x1b[31mPASS", r"\x1b[31mPASS"),
        ("\x9b31mPASS", r"\x9b31mPASS"),
        ("a\u202eb\u2066c\u200bd", r"a\u202eb\u2066c\u200bd"),
        ("one\r\ntwo\u2028three\tfour\xa0five", "one two three four five"),
        ("\udcff", r"\udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("  many    spaces  ", "many spaces"),
        ("\x00\x7f", r"\x00\x7f"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_text_that_is_cut_says_how_long_it_was() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 3) == "abc... (7 characters)"


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert columns_of("细胞 e\u0301") == 6
    assert pad("细胞", 6) == "细胞  "


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("细胞细胞", 4, ["细胞", "细胞"]),
        ("细胞", 1, ["细", "胞"]),
    ],
)
def test_lines_break_at_spaces_and_long_words_anywhere(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrap(text, width) == lines


@pytest.mark.parametrize("width", range(1, 30))
def test_no_line_begins_with_what_a_ci_job_would_obey(width: int) -> None:
    lines = wrap("said ::error::x and::error::x ::::::::::", width)

    assert commands("\n".join(lines)) == []
    assert max(map(columns_of, lines)) <= width


def test_columns_are_aligned_and_a_wide_cell_goes_on_below() -> None:
    rows = [["FAIL", "viability of the cells"], ["MISSING", "mycoplasma"]]

    assert table(rows, 24, indent="  ") == [
        "  FAIL     viability of",
        "           the cells",
        "  MISSING  mycoplasma",
    ]
