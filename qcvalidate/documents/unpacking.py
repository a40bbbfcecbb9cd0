"""Refuses a PDF whose streams unpack to more drawing than any paper has, before it is drawn.

pdfium unpacks and parses a page's whole content at once: 400 kB of file can ask for gigabytes of
memory and minutes of time. Pictures are let through; their size is looked at where they are drawn.
"""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path

from qcvalidate.errors import DocumentError

# A page of text has some 10 kB of content; a plot that draws each of a million events, 20 MB.
LARGEST_STREAM_BYTES = 32 * 2**20
LARGEST_TOTAL_BYTES = 256 * 2**20

_STREAM = re.compile(rb">>\s*stream\r?\n")
# A stream's dictionary stands in front of it, and is seldom longer than this.
_LONGEST_DICTIONARY = 2048
_AT_ONCE = 2**20


def check_streams(path: Path, name: str) -> None:
    """Raise `DocumentError` when what is drawn is too much; what does not unpack is left alone."""
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        total = 0
        for found in _STREAM.finditer(content):
            before = content[max(0, found.start() - _LONGEST_DICTIONARY) : found.start()]
            dictionary = before[before.rfind(b" obj") + 1 :]
            if b"FlateDecode" not in dictionary and b"/Fl" not in dictionary:
                continue
            if b"/Image" in dictionary:
                continue
            size = _unpacked(content, found.end(), layers=dictionary.count(b"FlateDecode"))
            total += size
            if size > LARGEST_STREAM_BYTES or total > LARGEST_TOTAL_BYTES:
                raise DocumentError(
                    f"{name}: unpacks to more than {LARGEST_STREAM_BYTES // 2**20} MB of drawing "
                    "on a page, or as much in all as no paper has; ask the laboratory for a file "
                    "with its plots as pictures",
                    slug="document-too-large",
                )


def _unpacked(content: mmap.mmap, start: int, layers: int) -> int:
    """Count the bytes that a stream unpacks to, as far as the limit; 0 where it does not."""
    unpackers = [zlib.decompressobj() for _ in range(max(1, layers))]
    size, at = 0, start
    try:
        while size <= LARGEST_STREAM_BYTES and not unpackers[0].eof and at < len(content):
            block = content[at : at + 65_536]
            at += len(block)
            size += _through(block, unpackers)
    except zlib.error:
        # Encrypted or damaged, or packed otherwise.
        return size
    return size


def _through(block: bytes, unpackers: list[zlib._Decompress]) -> int:
    """Pass a block through the layers, and count what comes out of any of them."""
    size = 0
    unpacker, *deeper = unpackers
    while block:
        piece = unpacker.decompress(block, _AT_ONCE)
        size += len(piece)
        if deeper and piece:
            size += _through(piece, deeper)
        block = unpacker.unconsumed_tail
        if size > LARGEST_STREAM_BYTES or unpacker.eof or not piece:
            break
    return size
