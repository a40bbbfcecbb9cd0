"""Writes small FCS files, right ones and wrong ones, byte by byte after the standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt


def fcs_bytes(
    events: npt.ArrayLike,
    names: Sequence[str],
    *,
    datatype: str = "F",
    bits: Sequence[int] | int = 32,
    byteord: str = "1,2,3,4",
    version: str = "FCS3.1",
    keywords: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    spillover: tuple[Sequence[str], npt.ArrayLike] | None = None,
    delimiter: str = "/",
    next_data: int = 0,
    header_data: bool = True,
    more_text: bytes = b"",
    data: bytes | None = None,
    after: bytes = b"",
) -> bytes:
    """Write one data set.

    `keywords` are added to, or stand in for, those that describe the events truly; `without`
    are left out. `header_data=False` leaves the place of DATA to TEXT; `more_text` is put at the
    end of TEXT as it is. `data` stands in for the events' bytes, and `after` follows them.
    """
    table = np.asarray(events)
    count = len(names)
    table = table.reshape(-1, count)
    widths = [bits] * count if isinstance(bits, int) else list(bits)
    if data is None:
        data = _data(table, datatype, widths, little=byteord.replace(" ", "").startswith("1"))
    text = {
        "$PAR": str(count),
        "$TOT": str(len(table)),
        "$DATATYPE": datatype,
        "$MODE": "L",
        "$BYTEORD": byteord,
        "$NEXTDATA": str(next_data),
    }
    for n, (name, width) in enumerate(zip(names, widths, strict=True), 1):
        text[f"$P{n}N"] = name
        text[f"$P{n}B"] = str(width)
        text[f"$P{n}R"] = str(2**width if datatype == "I" else 262144)
        text[f"$P{n}E"] = "0,0"
    if spillover is not None:
        fluorochromes, matrix = spillover
        values = [format(value, "g") for value in np.asarray(matrix, float).ravel()]
        text["$SPILLOVER"] = ",".join([str(len(fluorochromes)), *fluorochromes, *values])
    if version != "FCS2.0":
        text |= {
            "$BEGINSTEXT": "0",
            "$ENDSTEXT": "0",
            "$BEGINANALYSIS": "0",
            "$ENDANALYSIS": "0",
            "$BEGINDATA": "0" * 12,
            "$ENDDATA": "0" * 12,
        }
    text |= dict(keywords or {})
    for key in without:
        text.pop(key, None)
    start = 256 + len(_text(text, delimiter)) + len(more_text)
    end = start + len(data) - 1
    for key, place in (("$BEGINDATA", start), ("$ENDDATA", end)):
        if text.get(key) == "0" * 12:
            text[key] = f"{place:012d}"
    body = _text(text, delimiter) + more_text
    offsets = (256, 256 + len(body) - 1, *((start, end) if header_data else (0, 0)), 0, 0)
    header = version.encode() + b"    " + b"".join(f"{place:8d}".encode() for place in offsets)
    return header.ljust(256) + body + data + after


def _text(keywords: Mapping[str, str], delimiter: str) -> bytes:
    quoted = [part.replace(delimiter, delimiter * 2) for pair in keywords.items() for part in pair]
    return (delimiter + delimiter.join(quoted) + delimiter).encode()


def _data(
    table: npt.NDArray[np.generic], datatype: str, widths: Sequence[int], *, little: bool
) -> bytes:
    if not len(table):
        return b""
    columns = []
    for index, width in enumerate(widths):
        size = -(-width // 8)
        if datatype in "FD":
            column = table[:, index].astype("<f4" if datatype == "F" else "<f8")
        else:
            column = table[:, index].astype("<u8")
        stored = np.frombuffer(column.tobytes(), np.uint8).reshape(len(table), -1)
        if datatype == "I":
            stored = stored[:, :size]
        columns.append(stored if little else stored[:, ::-1])
    return np.hstack(columns).tobytes()
