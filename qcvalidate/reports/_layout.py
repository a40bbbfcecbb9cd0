"""Lays text out in a terminal's columns; nothing that a document says can break the layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from qcvalidate.runners import without_commands

# Control, format (bidirectional marks, zero-width), surrogate and line-breaking characters: they
# steer a terminal or a browser instead of being seen. Unassigned ones may be tomorrow's.
_STEERING = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def visible(text: str) -> str:
    r"""Make what a person would not see visible, and every run of white space one space.

    >>> visible("\x1b[31mPASS\n\u202elot")
    '\\x1b[31mPASS \\u202elot'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = [_shown(character) for character in text]
    return " ".join("".join(shown).split())


def _shown(character: str) -> str:
    if character in "\t\n\r\f\v\x85\u2028\u2029" or unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.category(character) not in _STEERING:
        return character
    return escaped(character)


def escaped(character: str) -> str:
    r"""Show a character by its number.

    >>> escaped("\u202e")
    '\\u202e'
    """
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shorten(text: str, most: int) -> str:
    """Cut a text that is longer than `most` characters and say how long it was."""
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()}... ({len(text)} characters)"


def columns_of(text: str) -> int:
    """Count the terminal columns that a text takes: wide characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Fill a text with spaces up to `width` columns."""
    return text + " " * max(0, width - columns_of(text))


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` columns, at spaces where it has some.

    None of them begins with what would be a command to a program that runs CI jobs.
    """
    lines, line = [], ""
    for word in without_commands(text).split(" "):
        for piece in _pieces(word, width):
            if not line:
                line = piece
            elif columns_of(line) + 1 + columns_of(piece) <= width:
                line += f" {piece}"
            else:
                lines.append(line)
                line = piece
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: int) -> Iterable[str]:
    """Cut a word that is wider than a line; always progresses, whatever the width."""
    while columns_of(word) > width:
        end, taken = 0, 0
        while end < len(word) and (end == 0 or taken + _columns(word[end]) <= width):
            taken += _columns(word[end])
            end += 1
        if end == len(word):
            break
        yield word[:end]
        word = without_commands(word[end:])
    yield word


def fit(rows: Sequence[Sequence[str]], width: int, *, gap: int = 2, least: int = 8) -> list[int]:
    """Give the width of each column so that the rows fit: the widest columns give way first."""
    if not rows:
        return []
    wanted = [max(columns_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    room = width - gap * (len(wanted) - 1)
    while sum(wanted) > room and max(wanted) > least:
        wanted[wanted.index(max(wanted))] -= 1
    return wanted


def table(
    rows: Sequence[Sequence[str]], width: int, *, indent: str = "", gap: int = 2
) -> list[str]:
    """Lay rows of cells out in aligned columns; a cell that is too wide goes on below."""
    widths = fit(rows, width - len(indent), gap=gap)
    return [line for row in rows for line in lines_of(row, widths, indent=indent, gap=gap)]


def lines_of(
    row: Sequence[str], widths: Sequence[int], *, indent: str = "", gap: int = 2
) -> list[str]:
    """Lay one row out in columns of these widths."""
    cells = [wrap(cell, max(1, width)) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for number in range(max(len(cell) for cell in cells)):
        texts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = [pad(text, width) for text, width in zip(texts, widths, strict=True)]
        lines.append((indent + (" " * gap).join(padded)).rstrip())
    return lines
