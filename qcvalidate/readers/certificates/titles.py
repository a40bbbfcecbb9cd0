"""Finds the title of a certificate."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcvalidate.readers.certificates.lines import Block, Line

# What laboratories call the papers that they send.
_TITLES = re.compile(
    r"\b(?:report|certificate|certificat|certificado|certificato|rapport|rapporto|informe|bulletin"
    r"|bollettino|bolet[ií]n|boletim|relat[óo]rio|laudo|referto|protocole)\b"
    r"|bericht|zertifikat|attest\b|befund\b|\bprotokoll\b",
    re.IGNORECASE,
)
_LONGEST = 10
_HEAD = 0.4


def headlines(lines: Sequence[Line], height: float) -> list[Block]:
    """Give every line in the head of page 1 that says what the paper is, numbered or not."""
    return [
        block
        for line in lines
        for block in line.blocks
        if block.page == 1
        and block.box[3] <= _HEAD * height
        and len(block.words) <= _LONGEST
        and _TITLES.search(block.text)
    ]


def title_of(lines: Sequence[Line], height: float) -> Block | None:
    """Give the largest line in the head of page 1 that says what the paper is.

    `height` is the page's; of lines of one size the first is the title.
    """
    blocks = [
        block
        for line in lines
        for block in line.blocks
        if block.page == 1
        and block.box[3] <= _HEAD * height
        and len(block.words) <= _LONGEST
        and ":" not in block.text
        and not any(character.isdigit() for character in block.text)
        and _TITLES.search(block.text)
    ]
    return max(blocks, key=lambda block: block.height, default=None)
