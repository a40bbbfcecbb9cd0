"""Brings in the second decoder, fcsparser, and looks at what the events themselves give away.

Two programs that agree bit for bit are evidence; one is a claim. fcsparser is known to be wrong,
silently, on some kinds of file: those our own decoder reads alone, and a finding says so.
"""

from __future__ import annotations

import io
import threading
import warnings
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Severity

_ORDERS = ("1,2,3,4", "4,3,2,1", "1,2", "2,1")
# Shares of an acquisition: a healthy one has no such events at all.
_MUCH = 0.01
_RUN = 16
_BLOCK = 65_536
# What is silenced is silenced for all threads, and the last to leave would restore what the first
# one has set. fcsparser maps DATA, so that nobody waits for long.
_SILENCE = threading.Lock()


def verify(listmode: ListModeFile) -> list[Finding]:
    """Decode a data set a second time, and look for what a damaged DATA segment leaves behind.

    Raises `DocumentError` (`fcs-decoders-disagree`) when the two decoders read different events.
    """
    return [*_second_opinion(listmode), *_plausibility(listmode)]


def _second_opinion(listmode: ListModeFile) -> list[Finding]:
    if listmode.total == 0:
        return []
    try:
        from fcsparser.api import (  # noqa: PLC0415  slow, and absent on Python 3.13
            FCSParser,
            ParserFeatureNotImplementedError,
        )
    except ImportError:
        return [_alone(listmode, "fcsparser is not installed")]
    reason = _beyond_fcsparser(listmode)
    if reason is not None:
        return [_alone(listmode, reason)]
    # It would write to the log about every byte that is not UTF-8.
    parser = FCSParser(channel_naming="$PnN", encoding="latin-1")
    try:
        with _opened(listmode) as stream, _SILENCE, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser.load_file(stream)
    except OSError as error:
        raise DocumentError(
            f"{listmode.place}: cannot be opened again ({error.strerror})"
        ) from error
    except (KeyError, ValueError, IndexError, ParserFeatureNotImplementedError) as error:
        return [_alone(listmode, f"fcsparser cannot read it ({type(error).__name__}: {error})")]
    _require_agreement(listmode, parser.data)
    return []


def _beyond_fcsparser(listmode: ListModeFile) -> str | None:
    """Say why fcsparser cannot be asked, or None."""
    layout, keywords = listmode.layout, listmode.keywords
    if layout.packing is not None:
        return f"fcsparser does not know {layout.packing.form}"
    if len(set(layout.widths)) > 1 or len({p.kind for p in layout.parameters}) > 1:
        return "fcsparser misreads parameters of different widths"
    if layout.widths[0] == 3 or any(8 * layout.widths[0] != p.bits for p in layout.parameters):
        return "fcsparser misreads integers whose bits are not 8, 16 or 32"
    if layout.widths[0] == 8 and layout.parameters[0].kind == "I":
        return "fcsparser misreads integers of 64 bits"
    if any(p.range <= 1 for p in layout.parameters if p.kind == "I"):
        return "fcsparser misreads ranges below 2"
    if keywords.get("$BYTEORD", "") not in _ORDERS:
        return "fcsparser does not know how its byte order is written"
    if (
        keywords["$BYTEORD"] in ("4,3,2,1", "2,1")
        and int(np.__version__.split(".", maxsplit=1)[0]) >= 2
    ):
        return "fcsparser fails on big-endian files with numpy 2"
    return None


def _require_agreement(listmode: ListModeFile, other: Any) -> None:
    """Compare bits, not values: NaN must be the same NaN."""
    expected = (listmode.total, len(listmode.parameters))
    if not isinstance(other, np.ndarray) or other.shape != expected:
        raise DocumentError(
            f"{listmode.place}: fcsparser reads {getattr(other, 'shape', 'no')} events and "
            f"parameters, our decoder {expected}; the file cannot be trusted",
            slug="fcs-decoders-disagree",
        )
    for index, parameter in enumerate(listmode.parameters):
        ours = listmode.channel(index)
        theirs = other[:, index]
        bits = f"u{ours.dtype.itemsize}"
        same = theirs.dtype.itemsize == ours.dtype.itemsize and np.array_equal(
            np.ascontiguousarray(ours).view(bits),
            np.ascontiguousarray(theirs.astype(ours.dtype, copy=False)).view(bits),
        )
        if not same:
            raise DocumentError(
                f"{listmode.place}: fcsparser and our decoder read different values of "
                f"{parameter.name}; the file cannot be trusted",
                slug="fcs-decoders-disagree",
            )


def _alone(listmode: ListModeFile, reason: str) -> Finding:
    return Finding(
        "fcs-single-decoder",
        Severity.INFORMATION,
        f"{listmode.place}: read by our own decoder alone; {reason}",
        listmode.place,
    )


def _opened(listmode: ListModeFile) -> AbstractContextManager[BinaryIO]:
    """Open the data set as if it were a file of its own, so that no other one can leak into it."""
    base, size = listmode.extent
    if isinstance(listmode.origin, bytes):
        return io.BytesIO(listmode.origin[base : base + size])
    # The parser then maps DATA without a copy.
    if base == 0 and size == listmode.origin.stat().st_size:
        return listmode.origin.open("rb")
    return cast("AbstractContextManager[BinaryIO]", _Window(listmode.origin, base, size))


class _Window(io.RawIOBase):
    """Some bytes of a file, as a file."""

    def __init__(self, path: Path, base: int, size: int):
        self._stream = path.open("rb")
        self._base, self._size = base, size
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size}[whence]
        return self._stream.seek(self._base + start + offset) - self._base

    def tell(self) -> int:
        return self._stream.tell() - self._base

    def read(self, size: int = -1, /) -> bytes:
        left = max(self._size - self.tell(), 0)
        return self._stream.read(left if size < 0 else min(size, left))

    def close(self) -> None:
        self._stream.close()
        super().close()


def _plausibility(listmode: ListModeFile) -> list[Finding]:
    """Look for the traces of a wrong byte order, of blocks of NUL, and of values that are none."""
    if listmode.total == 0:
        return [_odd(listmode, Severity.WARNING, "holds no events")]
    findings = []
    odd = tiny = 0
    # An event that misses one value lies in no gate on it, and drops out of every share unseen.
    gone = 0
    for index, parameter in enumerate(listmode.parameters):
        if parameter.kind == "I":
            continue
        values = listmode.channel(index)
        size = np.abs(values)
        missing = int(np.count_nonzero(~np.isfinite(size)))
        odd += missing
        gone = max(gone, missing)
        tiny += int(np.count_nonzero((size > 0) & (size < np.finfo(values.dtype).tiny)))
    cells = listmode.total * len(listmode.parameters)
    if odd:
        severity = Severity.HOLD if gone > _MUCH * listmode.total else Severity.WARNING
        findings.append(_odd(listmode, severity, f"{odd:,} values are NaN or infinite"))
    if tiny:
        severity = Severity.HOLD if tiny > _MUCH * cells else Severity.WARNING
        text = f"{tiny:,} values are denormal; the byte order may be declared wrongly"
        findings.append(_odd(listmode, severity, text))
    longest = _longest_run_of_nothing(listmode)
    if longest >= _RUN:
        severity = Severity.HOLD if longest > _MUCH * listmode.total else Severity.WARNING
        text = f"{longest:,} events in a row are zero in every parameter; they may be lost data"
        findings.append(_odd(listmode, severity, text))
    return findings


def _longest_run_of_nothing(listmode: ListModeFile) -> int:
    longest = run = 0
    records = listmode.raw.reshape(listmode.total, -1)
    for start in range(0, listmode.total, _BLOCK):
        something = np.flatnonzero(records[start : start + _BLOCK].any(axis=1))
        length = min(_BLOCK, listmode.total - start)
        if not something.size:
            run += length
            continue
        gaps = np.diff(something, prepend=-1 - run)
        longest = max(longest, int(gaps.max()) - 1)
        run = length - 1 - int(something[-1])
    return max(longest, run)


def _odd(listmode: ListModeFile, severity: Severity, text: str) -> Finding:
    return Finding("fcs-odd", severity, f"{listmode.place}: {text}", listmode.place)
