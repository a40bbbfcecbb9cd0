"""Finds the title of a certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.readers.certificates.dating import is_date
from qcvalidate.readers.certificates.lines import Block, Line

# What laboratories call the papers that they send.
_TITLES = re.compile(
    r"\b(?:compte[ -]rendu|report|certificate|certificat|certificado|certificato|rapport|"
    r"rapporto|informe|bulletin"
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


# `n.`, `Nº`, `No.`: what stands before a paper's number in its title.
_NUMBER_SIGN = re.compile(r"(?:n[°º.o]{0,2}|nr|num|núm|number|numero|número|nummer|#)[.:]*", re.I)
_DATED = frozenset(("del", "du", "vom", "dated", "date", "data", "in", "fecha", "de", "of", "do",
                    "issued", "am", "le", "datum", "-", "–"))  # fmt: skip
_LONGEST_NUMBER = 3


def number_in_title(lines: Sequence[Line], height: float) -> Iterator[tuple[Block, Block]]:
    """Give number and date of a title that names both: `Certificato n. 9267/26 del 06/10/2026`."""
    for block in headlines(lines, height):
        words = block.words
        signs = [i for i, word in enumerate(words) if _NUMBER_SIGN.fullmatch(word.text)]
        if len(signs) != 1 or not signs[0]:
            continue
        first = signs[0] + 1
        for at in range(first + 1, min(len(words), first + _LONGEST_NUMBER + 1)):
            linked = at
            while linked < len(words) and words[linked].text.casefold() in _DATED:
                linked += 1
            number, rest = words[first:at], words[linked:]
            if linked > at and rest and is_date(" ".join(word.text for word in rest)):
                yield Block(number, block.cell), Block(rest, block.cell)
                break


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
