"""Letters that are not what they seem: without width, turning the order of others, striking out."""

from __future__ import annotations

import re

# They take no room, and part a word in two for a program alone.
_WIDTHLESS = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\u061c\ufeff]")
# With one of these, other letters are shown in another order than they are stored, or not at all.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# Strokes laid over the letter before.
_STRIKING = re.compile("[\u0335-\u0338\u20d2\u20d3\u20d8-\u20dd\u20e5\u20eb]")


def turns(text: str) -> bool:
    """Say whether letters in this text change how others are shown."""
    return _TURNING.search(text) is not None


def strikes(text: str) -> bool:
    """Say whether letters in this text strike others through.

    >>> strikes("N\\u0336o\\u0336"), plain("N\\u0336o\\u0336")
    (True, 'No')
    """
    return _STRIKING.search(text) is not None


def plain(text: str) -> str:
    """Give the text without all of these letters."""
    return _STRIKING.sub("", _TURNING.sub("", _WIDTHLESS.sub("", text)))
