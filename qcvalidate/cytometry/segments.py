"""Reads the HEADER and TEXT segments of FCS 2.0, 3.0, 3.1 and 3.2 files, and trusts neither.

Each data set of a file is read on its own: no keyword leaks from one into the next. Nothing is
allocated that the file's own length does not justify. See ISAC, Data File Standard for Flow
Cytometry, version FCS 3.1 (Cytometry A 77A:97-100, 2010), sections 3.1 and 3.2.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from qcvalidate.errors import DocumentError

VERSIONS = ("FCS2.0", "FCS3.0", "FCS3.1", "FCS3.2")
LARGEST_TEXT = 64 * 2**20
MOST_DATA_SETS = 1024
_HEADER_BYTES = 58
_BLOCK = 2**20
# A repeated keyword with another value is refused where it decides what the events are or whose.
_CRITICAL = re.compile(
    r"\$(PAR|TOT|DATATYPE|BYTEORD|MODE|NEXTDATA|(BEGIN|END)(DATA|STEXT)|TIMESTEP|SPILLOVER|COMP"
    r"|P\d+(B|N|R|E|G|DATATYPE))|SPILL|SPILLOVER|\$?(LOT([ _-]?(NUMBER|ID))?|BATCH)|\$SMNO"
)
_NEXT_HEADER = re.compile(rb"FCS[1-9]\.[0-9] {4}[ 0-9]{8}")


@dataclass(frozen=True)
class Segment:
    """Bytes `start` up to and with `end`, counted from the first byte of the data set."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """The number of bytes."""
        return self.end - self.start + 1

    def overlaps(self, other: Segment) -> bool:
        """Say whether the two have a byte in common."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True)
class DataSet:
    """One data set: its keywords in capitals, and where its bytes lie.

    `base` is the place of its HEADER in the file and `size` the bytes up to the next data set
    or the file's end. `data` is the DATA segment as the HEADER gives it, None where the HEADER
    leaves it to TEXT; so `analysis`. `supplement` is the supplemental TEXT that was read.
    `remarks` are what is legal but odd.
    """

    number: int
    base: int
    size: int
    version: str
    keywords: Mapping[str, str]
    data: Segment | None
    text: Segment
    remarks: tuple[str, ...]
    supplement: Segment | None = None
    analysis: Segment | None = None


def read_data_sets(stream: BinaryIO, name: str) -> list[DataSet]:
    """Read every data set's HEADER and TEXT; raise `DocumentError` for what cannot be trusted."""
    size = stream.seek(0, io.SEEK_END)
    found: list[DataSet] = []
    base = 0
    while True:
        one = _data_set(stream, base, size, len(found), name)
        step = integer(one.keywords, "$NEXTDATA", name, default=0)
        if step == 0:
            return [*found, one]
        if step < _HEADER_BYTES:
            raise DocumentError(
                f"{name}: $NEXTDATA is {step}, which lies inside the data set itself",
                slug="fcs-inconsistent",
            )
        if base + step >= size:
            raise DocumentError(
                f"{name}: $NEXTDATA says that another data set begins at byte {base + step:,}, "
                f"but the file ends at byte {size:,}; ask for the file again",
                slug="fcs-truncated",
            )
        if len(found) == MOST_DATA_SETS:
            raise DocumentError(
                f"{name}: holds more than {MOST_DATA_SETS} data sets", slug="fcs-unsupported"
            )
        found.append(replace(one, size=step))
        base += step


def integer(keywords: Mapping[str, str], key: str, name: str, *, default: int | None = None) -> int:
    """Give a keyword's whole number; blank or absent gives `default`, or is refused without one."""
    text = keywords.get(key, "").strip()
    if not text and default is not None:
        return default
    if not text:
        raise DocumentError(f"{name}: the keyword {key} is missing", slug="fcs-inconsistent")
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII):
        raise DocumentError(
            f"{name}: {key} is {shown(text)}; expected a whole number", slug="fcs-inconsistent"
        )
    return int(text)


def shown(text: str) -> str:
    """Quote a file's own text for a message: short, and without control characters."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def hidden_data_set(stream: BinaryIO, start: int, end: int) -> int | None:
    """Find what looks like another data set's HEADER in the bytes `start` to `end`, or None."""
    stream.seek(start)
    overlap = b""
    position = start
    while position < end:
        block = stream.read(min(_BLOCK, end - position))
        if not block:
            return None
        found = _NEXT_HEADER.search(overlap + block)
        if found:
            return position - len(overlap) + found.start()
        overlap = block[-20:]
        position += len(block)
    return None


def read_keywords(
    stream: BinaryIO,
    base: int,
    segment: Segment,
    size: int,
    what: str,
    name: str,
    remarks: list[str],
) -> dict[str, str]:
    """Read the pairs of keyword and value in a segment; `size` is that of the data set."""
    if segment.length > LARGEST_TEXT:
        raise DocumentError(
            f"{name}: its {what} would be {segment.length:,} bytes; at most {LARGEST_TEXT:,} "
            "are read",
            slug="fcs-text-damaged",
        )
    if segment.end >= size:
        raise DocumentError(
            f"{name}: its {what} should end at byte {segment.end:,}, but the file (or the next "
            f"data set) comes after {size:,} bytes",
            slug="fcs-truncated",
        )
    stream.seek(base + segment.start)
    raw = stream.read(segment.length)
    following = stream.read(1)
    delimiter = raw[:1]
    if delimiter.isalnum() or delimiter == b"\0" or delimiter >= b"\x80":
        raise DocumentError(
            f"{name}: its {what} begins with {shown(delimiter.decode('latin-1'))}; expected a "
            "delimiter that is neither a letter, a digit nor NUL",
            slug="fcs-text-damaged",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return _pairs(text, following == delimiter, what, name, remarks)


def _data_set(stream: BinaryIO, base: int, size: int, number: int, name: str) -> DataSet:
    stream.seek(base)
    header = stream.read(_HEADER_BYTES)
    place = name if number == 0 else f"{name} data set {number + 1}"
    if header[:3] != b"FCS":
        raise DocumentError(
            f"{place}: does not begin with 'FCS2.0' to 'FCS3.2' but with "
            f"{shown(header[:12].decode('latin-1'))}; it is not an FCS file",
            slug="fcs-magic" if number == 0 else "fcs-inconsistent",
        )
    version = header[:6].decode("latin-1")
    if version not in VERSIONS:
        raise DocumentError(
            f"{place}: says that it is {shown(version)}; expected one of {', '.join(VERSIONS)}",
            slug="fcs-unsupported",
        )
    if len(header) < _HEADER_BYTES:
        raise DocumentError(
            f"{place}: ends inside its HEADER, after {len(header)} of {_HEADER_BYTES} bytes",
            slug="fcs-truncated",
        )
    remarks = [] if header[6:10] == b"    " else ["bytes 6 to 9 of the HEADER are not blank"]
    text = _offsets(header, 10, "TEXT", place)
    if text is None:
        raise DocumentError(f"{place}: the HEADER gives no TEXT segment", slug="fcs-text-damaged")
    keywords = read_keywords(stream, base, text, size - base, "TEXT", place, remarks)
    extra = _supplemental(keywords, text, place)
    if extra is not None and not _begins_alike(stream, base, text, extra):
        # The Cube stores a ZIP archive of its settings there.
        remarks.append("the supplemental TEXT does not hold keywords and was not read")
        extra = None
    elif extra is not None:
        more = read_keywords(stream, base, extra, size - base, "supplemental TEXT", place, remarks)
        _merge(keywords, more, place, remarks)
    data = _offsets(header, 26, "DATA", place)
    try:
        analysis = _offsets(header, 42, "ANALYSIS", place)
    except DocumentError as error:
        # Nothing that we need stands there.
        remarks.append(str(error).removeprefix(f"{place}: "))
        analysis = None
    return DataSet(
        number,
        base,
        size - base,
        version,
        keywords,
        data,
        text,
        tuple(remarks),
        supplement=extra,
        analysis=analysis,
    )


def _offsets(header: bytes, at: int, what: str, name: str) -> Segment | None:
    """Read a pair of 8-character offsets; blanks and zeros leave the segment to TEXT."""
    pair = []
    for field in (header[at : at + 8], header[at + 8 : at + 16]):
        text = field.decode("latin-1").strip()
        if not re.fullmatch(r"[0-9]*", text, re.ASCII):
            raise DocumentError(
                f"{name}: the HEADER gives {shown(text)} as an offset of {what}; "
                "expected a whole number",
                slug="fcs-text-damaged",
            )
        pair.append(int(text or "0"))
    start, end = pair
    if start == 0 or end == 0:
        return None
    if end < start or start < _HEADER_BYTES:
        raise DocumentError(
            f"{name}: the HEADER places {what} at bytes {start} to {end}, which cannot be",
            slug="fcs-text-damaged",
        )
    return Segment(start, end)


def _supplemental(keywords: Mapping[str, str], text: Segment, name: str) -> Segment | None:
    start = integer(keywords, "$BEGINSTEXT", name, default=0)
    end = integer(keywords, "$ENDSTEXT", name, default=0)
    # Some instruments repeat the primary TEXT's place here (Accuri), others an empty segment.
    if start <= 0 or end <= start or start == text.start:
        return None
    if start < _HEADER_BYTES:
        raise DocumentError(
            f"{name}: $BEGINSTEXT is {start}, which lies inside the HEADER",
            slug="fcs-inconsistent",
        )
    found = Segment(start, end)
    if found.overlaps(text):
        raise DocumentError(
            f"{name}: the supplemental TEXT (bytes {start:,} to {end:,}) overlaps TEXT (to byte "
            f"{text.end:,})",
            slug="fcs-inconsistent",
        )
    return found


def _begins_alike(stream: BinaryIO, base: int, text: Segment, extra: Segment) -> bool:
    """Say whether the supplemental TEXT begins with the delimiter of the primary one."""
    first = []
    for segment in (text, extra):
        stream.seek(base + segment.start)
        first.append(stream.read(1))
    return first[0] == first[1] or not first[1]


def _pairs(text: str, delimited: bool, what: str, name: str, remarks: list[str]) -> dict[str, str]:
    """Split TEXT into keywords and values.

    The standard doubles a delimiter that is part of a value and forbids empty values; many
    instruments write empty values all the same. Since no keyword and no value may begin with
    the delimiter, one rule reads both: a doubled delimiter straight after a keyword is an empty
    value, and after the first character of a value it is part of that value.
    """
    delimiter = text[0]
    body = text[1:]
    if not body.endswith(delimiter):
        # Padding; not stripped from a file whose delimiter is a blank.
        body = body.rstrip(" \0\r\n\t")
    cut = not body.endswith(delimiter)
    tokens = (body if cut else body[:-1]).split(delimiter)
    found: dict[str, str] = {}
    key = ""
    position = 0
    while position < len(tokens):
        key = tokens[position].strip().upper()
        if not key or position + 1 == len(tokens):
            problem = "an empty keyword" if not key else f"no value for {shown(key)}"
            after = shown(tokens[position - 1]) if position else "the start"
            raise DocumentError(
                f"{name}: its {what} has {problem} after {after}; expected pairs of keyword and "
                f"value between {shown(delimiter)}",
                slug="fcs-text-damaged",
            )
        value = tokens[position + 1]
        position += 2
        while value and position + 1 < len(tokens) and tokens[position] == "":
            value += delimiter + tokens[position + 1]
            position += 2
        _add(found, key, value, name, remarks)
    if cut and not delimited:
        if _CRITICAL.fullmatch(key):
            raise DocumentError(
                f"{name}: its {what} ends inside the value of {key}", slug="fcs-text-damaged"
            )
        remarks.append(f"the {what} ends without its delimiter, in the value of {shown(key)}")
    return found


def _add(found: dict[str, str], key: str, value: str, name: str, remarks: list[str]) -> None:
    if key not in found:
        found[key] = value
        return
    if found[key].strip() == value.strip():
        return
    if _CRITICAL.fullmatch(key):
        raise DocumentError(
            f"{name}: the keyword {key} stands twice, as {shown(found[key])} and as "
            f"{shown(value)}; expected one value",
            slug="fcs-text-damaged",
        )
    remarks.append(f"the keyword {shown(key)} stands twice; its first value is kept")


def _merge(
    keywords: dict[str, str], more: Mapping[str, str], name: str, remarks: list[str]
) -> None:
    for key, value in more.items():
        _add(keywords, key, value, name, remarks)
