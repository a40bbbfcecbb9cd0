"""Looks at what lies around DATA: the ANALYSIS segment, the checksum, and unexplained bytes.

None of it decides what the events are, so damage here is told and never refused, except where
what seems to be left over may be events that stayed unread.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from qcvalidate.cytometry.layout import Layout
from qcvalidate.cytometry.segments import (
    DataSet,
    Segment,
    hidden_data_set,
    integer,
    read_keywords,
)
from qcvalidate.errors import DocumentError

# Some writers pad their blocks.
_HARMLESS_TRAILER = 1024
_CHECKSUM = 8
_BLOCK = 2**20
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True)
class Surroundings:
    """What was found: the keywords of ANALYSIS, what is odd, and a checksum that does not fit."""

    analysis: Mapping[str, str]
    remarks: tuple[str, ...]
    checksum: str | None


def look_around(stream: BinaryIO, data_set: DataSet, layout: Layout, name: str) -> Surroundings:
    """Read what lies around DATA; raise `DocumentError` for another data set that is left out."""
    remarks: list[str] = []
    segment = _analysis(data_set, layout, name, remarks)
    analysis: dict[str, str] = {}
    if segment is not None:
        try:
            analysis = read_keywords(
                stream, data_set.base, segment, data_set.size, "ANALYSIS", name, remarks
            )
        except DocumentError as error:
            told = str(error).removeprefix(f"{name}: ")
            remarks.append(f"its ANALYSIS was not read, which no result needs: {told}")
    end = _end(data_set, layout, segment, name)
    remarks += _trailer(stream, data_set, end, name)
    return Surroundings(analysis, tuple(remarks), _wrong_checksum(stream, data_set, end))


def _analysis(data_set: DataSet, layout: Layout, name: str, remarks: list[str]) -> Segment | None:
    """Give the place of ANALYSIS, None where there is none or it cannot be."""
    keywords = data_set.keywords
    found = data_set.analysis
    if found is None:
        try:
            start = integer(keywords, "$BEGINANALYSIS", name, default=0)
            end = integer(keywords, "$ENDANALYSIS", name, default=0)
        except DocumentError as error:
            remarks.append(str(error).removeprefix(f"{name}: "))
            return None
        # Some instruments repeat the place of TEXT or DATA for an ANALYSIS that they lack.
        if start <= 0 or end <= start:
            return None
        found = Segment(start, end)
    others = {
        "TEXT": data_set.text,
        "DATA": Segment(layout.start, layout.start + layout.stored - 1),
    }
    for what, other in others.items():
        if other.length > 0 and found.overlaps(other):
            remarks.append(
                f"its ANALYSIS (bytes {found.start:,} to {found.end:,}) overlaps {what} (bytes "
                f"{other.start:,} to {other.end:,}) and was not read"
            )
            return None
    return found


def _end(data_set: DataSet, layout: Layout, analysis: Segment | None, name: str) -> int:
    """Give the byte after the last segment."""
    ends = [layout.start + layout.stored, data_set.text.end + 1]
    ends.append(integer(data_set.keywords, "$ENDSTEXT", name, default=0) + 1)
    ends += [] if analysis is None else [analysis.end + 1]
    return max(end for end in ends if end <= data_set.size)


def _trailer(stream: BinaryIO, data_set: DataSet, end: int, name: str) -> list[str]:
    """Look at the bytes that no segment explains; refuse what may be events left unread."""
    left = data_set.size - end
    if left <= 0:
        return []
    hidden = hidden_data_set(stream, data_set.base + end, data_set.base + data_set.size)
    if hidden is not None:
        raise DocumentError(
            f"{name}: another data set seems to begin at byte {hidden:,}, but $NEXTDATA is "
            f"{data_set.keywords.get('$NEXTDATA', 'missing').strip()}; its events would stay "
            "unread",
            slug="fcs-inconsistent",
        )
    if left <= _HARMLESS_TRAILER or data_set.base + data_set.size != stream.seek(0, io.SEEK_END):
        return []
    return [f"{left:,} bytes after the last segment are explained by no keyword"]


def _wrong_checksum(stream: BinaryIO, data_set: DataSet, end: int) -> str | None:
    """Say of a checksum that is there why it does not fit; zeros say that there is none.

    FCS 3.0 and later put 8 characters after the last segment, a 16-bit CRC (CCITT) of all before
    them. The standard leaves its first value, its direction and its digits open, so any will do.
    """
    left = data_set.size - end
    # What is longer is padding, and no checksum.
    if data_set.version == "FCS2.0" or not _CHECKSUM <= left <= _CHECKSUM + 2:
        return None
    stream.seek(data_set.base + end)
    after = stream.read(left)
    # Where $ENDDATA is one too large, a byte lies between.
    found = re.search(rb"[0-9A-Fa-f]{8}(?=\s*\Z)", after) or re.match(rb"[0-9A-Fa-f]{8}", after)
    if found is None or not found[0].strip(b"0"):
        return None
    printed = found[0].decode("ascii")
    told = {int(printed, 16)} | ({int(printed)} if printed.isdigit() else set())
    place = end + found.start()
    for first in (0x0000, 0xFFFF):
        for mirrored in (False, True):
            value = _crc(stream, data_set.base, place, first, mirrored=mirrored)
            if told & {value, value ^ 0xFFFF}:
                return None
    return f"its checksum is {printed}, which does not fit its bytes"


def _crc(stream: BinaryIO, start: int, length: int, first: int, *, mirrored: bool) -> int:
    stream.seek(start)
    value = first
    left = length
    while left and (block := stream.read(min(_BLOCK, left))):
        value = binascii.crc_hqx(block.translate(_MIRRORED) if mirrored else block, value)
        left -= len(block)
    return int(f"{value:016b}"[::-1], 2) if mirrored else value
