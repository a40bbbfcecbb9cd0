"""Brings DATA that numpy cannot look at as it is stored into plain little-endian records.

Bits that run on across bytes, bytes in a mixed order, and numbers in ASCII: all are rare, and
were legal in FCS 2.0 and 3.0. They are unpacked a block at a time when the file is read, so that
everything after it knows one form only.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.segments import shown
from qcvalidate.errors import DocumentError

Bytes = npt.NDArray[np.uint8]

# Divisible by 8, so that a block of packed events ends with a byte.
_EVENTS = 8192
_TEXT = 2**18
_ZERO, _NINE, _BLANK = 48, 57, 32
# FCS 3.0, 3.2.20: a space, tab, comma, carriage return or line feed stands between free numbers.
_SEPARATORS = bytes.maketrans(b"\t,\r\n", b"    ")


class Form(StrEnum):
    """A way of storing numbers, as a message names it."""

    BITS = "bits that run on across bytes"
    ORDER = "bytes in a mixed order"
    DIGITS = "ASCII numbers of fixed width"
    TEXT = "ASCII numbers with separators"


@dataclass(frozen=True)
class Packing:
    """How DATA lies in the file: `length` bytes, and the `sizes` of an event's values in it.

    `sizes` are bits for `BITS`, characters for `DIGITS`, and nothing for `TEXT`. For `ORDER` they
    are `$BYTEORD` itself: the significance of each byte as it was written, from 1. `largest` are
    what numbers in ASCII may be at most: the same that `$PnR` leaves of others.
    """

    form: Form
    length: int
    sizes: tuple[int, ...]
    most_significant_first: bool = False
    largest: tuple[int, ...] = ()


def unpacked(
    stream: BinaryIO, packing: Packing, widths: tuple[int, ...], events: int, name: str
) -> Bytes:
    """Read DATA, at whose first byte `stream` stands, as `events` records of `widths` bytes."""
    records = np.empty((events, sum(widths)), np.uint8)
    unpack = {
        Form.BITS: _bits,
        Form.ORDER: _ordered,
        Form.DIGITS: _digits,
        Form.TEXT: _separated,
    }[packing.form]
    unpack(stream, packing, widths, records, name)
    return records.reshape(-1)


def _bits(
    stream: BinaryIO, packing: Packing, widths: tuple[int, ...], records: Bytes, name: str
) -> None:
    size = sum(packing.sizes)
    order = "big" if packing.most_significant_first else "little"
    for first in range(0, len(records), _EVENTS):
        count = min(_EVENTS, len(records) - first)
        stored = _taken(stream, -(-count * size // 8), name)
        bits = np.unpackbits(stored, count=count * size, bitorder=order)  # type: ignore[arg-type]
        bits = bits.reshape(count, size)
        begin = place = 0
        for width, length in zip(widths, packing.sizes, strict=True):
            value = bits[:, begin : begin + length]
            if packing.most_significant_first:
                value = value[:, ::-1]
            padded = np.zeros((count, 8 * width), np.uint8)
            padded[:, :length] = value
            block = records[first : first + count, place : place + width]
            block[:] = np.packbits(padded, axis=1, bitorder="little")
            begin, place = begin + length, place + width


def _ordered(
    stream: BinaryIO, packing: Packing, widths: tuple[int, ...], records: Bytes, name: str
) -> None:
    places = [packing.sizes.index(significance + 1) for significance in range(len(packing.sizes))]
    sources: list[int] = []
    for width in widths:
        sources += [len(sources) + place for place in (places if width > 1 else [0])]
    for first in range(0, len(records), _EVENTS):
        count = min(_EVENTS, len(records) - first)
        stored = _taken(stream, count * len(sources), name)
        np.take(
            stored.reshape(count, -1),
            sources,
            axis=1,
            out=records[first : first + count],
            mode="clip",
        )


def _digits(
    stream: BinaryIO, packing: Packing, widths: tuple[int, ...], records: Bytes, name: str
) -> None:
    size = sum(packing.sizes)
    for first in range(0, len(records), _EVENTS):
        count = min(_EVENTS, len(records) - first)
        stored = _taken(stream, count * size, name).reshape(count, size)
        begin = place = 0
        for column, (width, length) in enumerate(zip(widths, packing.sizes, strict=True)):
            values = _numbers(stored[:, begin : begin + length], first, name)
            block = records[first : first + count, place : place + width]
            _store(values, packing.largest[column], block, name)
            begin, place = begin + length, place + width


def _numbers(printed: Bytes, first: int, name: str) -> npt.NDArray[np.uint64]:
    """Read a column of numbers: digits in one piece, blanks before or after them."""
    digit = (printed >= _ZERO) & (printed <= _NINE)
    begins = digit.copy()
    begins[:, 1:] &= ~digit[:, :-1]
    good = (begins.sum(axis=1) == 1) & (digit | (printed == _BLANK)).all(axis=1)
    if not good.all():
        bad = int(np.argmin(good))
        raise _no_number(printed[bad].tobytes(), first + bad, name)
    values = np.zeros(len(printed), np.uint64)
    for place in range(printed.shape[1]):
        grown = values * np.uint64(10) + (printed[:, place] - _ZERO).astype(np.uint64)
        values = np.where(digit[:, place], grown, values)
    return values


def _separated(
    stream: BinaryIO, packing: Packing, widths: tuple[int, ...], records: Bytes, name: str
) -> None:
    count = len(widths)
    waiting: list[int] = []
    event = 0
    rest = b""
    left = packing.length
    while left or rest:
        block = _taken(stream, min(_TEXT, left), name).tobytes().translate(_SEPARATORS)
        left -= len(block)
        words = (rest + block).split(b" ")
        # A number may go on in the next block.
        rest = words.pop() if left else b""
        for word in filter(None, words):
            if not re.fullmatch(rb"[0-9]{1,19}", word):
                raise _no_number(word, event + len(waiting) // count, name)
            waiting.append(int(word))
        if len(rest) > _TEXT:
            raise _no_number(rest[:40], event, name)
        whole = len(waiting) // count
        if event + whole > len(records) or (not left and len(waiting) % count):
            break
        table = np.array(waiting[: whole * count], np.uint64).reshape(whole, count)
        place = 0
        for column, width in enumerate(widths):
            target = records[event : event + whole, place : place + width]
            _store(table[:, column], packing.largest[column], target, name)
            place += width
        waiting = waiting[whole * count :]
        event += whole
    if records[-1:].size and _goes_on(stream):
        raise DocumentError(
            f"{name}: the last number of DATA goes on behind its end ($ENDDATA); one of its digits "
            "may be missing, or not be its own",
            slug="fcs-inconsistent",
        )
    if waiting or event != len(records):
        raise DocumentError(
            f"{name}: DATA does not hold the {len(records) * count:,} numbers that $TOT x $PAR ask "
            f"for, but {event * count + len(waiting):,}{' or more' if left else ''}",
            slug="fcs-inconsistent",
        )


def _goes_on(stream: BinaryIO) -> bool:
    """Say whether the bytes before and after this place are both digits."""
    stream.seek(-1, io.SEEK_CUR)
    around = stream.read(2)
    return len(around) == 2 and around.isdigit()


def _store(values: npt.NDArray[np.uint64], most: int, target: Bytes, name: str) -> None:
    largest = int(values.max(initial=np.uint64(0)))
    if largest > most:
        raise DocumentError(
            f"{name}: DATA holds {largest:,}, which is beyond its parameter's range ($PnR)",
            slug="fcs-inconsistent",
        )
    target[:] = values.astype("<u8").view(np.uint8).reshape(len(values), 8)[:, : target.shape[1]]


def _taken(stream: BinaryIO, length: int, name: str) -> Bytes:
    taken = stream.read(length)
    if len(taken) != length:
        raise DocumentError(f"{name}: ends inside DATA while it is read", slug="fcs-truncated")
    return np.frombuffer(taken, np.uint8)


def _no_number(printed: bytes, event: int, name: str) -> DocumentError:
    return DocumentError(
        f"{name}: {shown(printed.decode('latin-1'))} in event {event + 1:,} is no whole number of "
        "ASCII digits ($DATATYPE is A)",
        slug="fcs-inconsistent",
    )
