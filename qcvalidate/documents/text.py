"""Opens plain text: its letters stand in columns of one width, as it was written to be seen.

A text that is a table or an HL7 message, whatever its file is called, goes to the opener of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qcvalidate.documents import Opener
from qcvalidate.documents.delimited import decode, even_table, table_document
from qcvalidate.documents.document import Box, Document, Page, Word
from qcvalidate.documents.letters import plain, strikes, turns
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

LARGEST_BYTES = 10 * 2**20

# Points: the width of a letter, the height of its line, and from line to line. Two blanks are
# wider than a line is high, so that readers take them for the gap between columns.
_LETTER, _HEIGHT, _PITCH, _MARGIN = 6.0, 10.0, 12.0, 36.0
_WIDTH, _LEAST_HEIGHT = 612.0, 792.0
_TAB = 8
_LONGEST_LINE = 4000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
# A line that is only drawn.
_DRAWN = re.compile(r"(?=.*[-=_*#~\u2500-\u257f]{3})[-=_*#~+|.\s\u2500-\u257f]+")
# Blanks that lead out of the window.
_FAR = re.compile(r"[ \t\u00a0]{100,}\S")
_UPRIGHT = "|\u2502\u2503\u2551"
# Two blanks after the end of a sentence, as typewriters set them.
_TYPEWRITTEN = re.compile(r"(?<=[a-z)][.!?])  (?=[A-Z])")


def _open(path: Path, name: str, sha256: str) -> Document:
    """Read a text as pages of words; `DocumentError` where it is not text that one can read."""
    if path.stat().st_size > LARGEST_BYTES:
        raise DocumentError(
            f"{name}: is larger than the {LARGEST_BYTES:,} bytes that a text may have",
            slug="document-too-large",
        )
    content = path.read_bytes()
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(?:MSH|FHS|BHS)\|", content):
        from qcvalidate.documents import hl7  # noqa: PLC0415  only for a message

        return hl7.OPENER.open(path, name, sha256)
    text, findings = decode(content, name)
    # The end of a file, to DOS.
    text = text.removeprefix("\ufeff").removesuffix("\x1a")
    if _CONTROL.search(text):
        raise DocumentError(
            f"{name}: holds control characters and is not plain text", slug="document-dishonest"
        )
    if not text.strip():
        raise DocumentError(f"{name}: holds nothing but white space", slug="document-empty")
    rows = even_table(text)
    if rows is not None:
        return table_document(path, name, sha256, rows, findings)
    pages = tuple(_pages(text, name))
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="text/plain",
        kind="pages",
        pages=pages,
        findings=(*findings, *_letter_findings(text, pages, name)),
    )


OPENER = Opener(suffixes=(".txt",), open=_open)


def _pages(text: str, name: str) -> Iterator[Page]:
    number = 0
    for at, sheet in enumerate(text.rstrip("\f\r\n ").split("\f"), start=1):
        words: list[Word] = []
        rulings: list[Box] = []
        lines = re.split(r"\r\n|\r|\n|\x85|\u2028|\u2029", sheet)
        for row, line in enumerate(lines):
            number += 1
            # The line that a page begins on is the one that the page before ended on.
            number -= 1 if row == 0 and at > 1 else 0
            if len(line) > _LONGEST_LINE:
                raise DocumentError(
                    f"{name} line {number}: has {len(line):,} letters; at most {_LONGEST_LINE:,} "
                    "are read in one line of text",
                    slug="document-too-large",
                )
            top = _MARGIN + row * _PITCH
            words += _words(line, at, top, f"line {number}")
            rulings += _rulings(line, top)
        width = max((word.bbox[2] for word in words), default=0.0)
        yield Page(
            at,
            max(_WIDTH, width + _MARGIN),
            max(_LEAST_HEIGHT, _MARGIN * 2 + len(lines) * _PITCH),
            tuple(words),
            tuple(rulings),
        )


def _words(line: str, page: int, top: float, region: str) -> Iterator[Word]:
    if _DRAWN.fullmatch(line):
        return
    line = plain_line(line)
    for found in re.finditer(rf"[^\s{_UPRIGHT}]+", line):
        text = found[0]
        x = _MARGIN + _LETTER * found.start()
        box = (x, top, x + _LETTER * len(text), top + _HEIGHT)
        yield Word(text, page, box, engine="text", region=region)


def plain_line(line: str) -> str:
    """Give a line with its tabs as blanks, and one blank between sentences.

    >>> plain_line("Lot:\\tA1"), plain_line("It grew.  Then it died.")
    ('Lot:    A1', 'It grew. Then it died.')
    """
    line = plain(line.expandtabs(_TAB))
    gaps = re.findall(r"(?<=\S) {2,}(?=\S)", line)
    if len(gaps) == len(_TYPEWRITTEN.findall(line)):
        return _TYPEWRITTEN.sub(" ", line)
    return line


def _rulings(line: str, top: float) -> Iterator[Box]:
    """Give the upright strokes of a table that is drawn with letters."""
    if _DRAWN.fullmatch(line):
        return
    for at, letter in enumerate(plain_line(line)):
        if letter in _UPRIGHT:
            x = _MARGIN + _LETTER * (at + 0.5)
            yield (x, top - 1, x + 0.5, top + _PITCH)


def _letter_findings(text: str, pages: tuple[Page, ...], name: str) -> Iterator[Finding]:
    if turns(text):
        yield Finding(
            "shown-otherwise",
            Severity.HOLD,
            f"{name}: holds letters that turn the order of others, so that it is shown otherwise "
            "than it is stored; ask the laboratory for the report as a PDF",
            Place(name),
        )
    if any(_FAR.search(line) for line in text.splitlines()):
        yield Finding(
            "shown-otherwise",
            Severity.HOLD,
            f"{name}: holds text so far to the right that a person may not see it; ask the "
            "laboratory for the report as a PDF",
            Place(name),
        )
    if strikes(text):
        yield Finding(
            "text-struck",
            Severity.HOLD,
            f"{name}: holds text that is struck through; ask the laboratory for an amended report",
            Place(name),
        )
    if not any(page.words for page in pages):
        raise DocumentError(f"{name}: holds no words", slug="document-empty")
