"""Reads the tables of words that tests are made of: one entry a line, or `key: one | two`."""

from __future__ import annotations

import re


def entries(table: str) -> list[str]:
    """Give the lines of a table; a line that is set in goes on with the one above it."""
    return [line for line in re.sub(r"\n +", " ", table).splitlines() if line.strip()]


def cases(table: str) -> list[tuple[str, str]]:
    """Give each phrase of a table with the word before its line's colon."""
    split = (line.partition(": ") for line in entries(table))
    return [(phrase.strip(), head) for head, _, rest in split for phrase in rest.split(" | ")]
