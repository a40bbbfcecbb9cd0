"""Decodes DATA, a column at a time, straight from the bytes of the records.

No table of all events is made unless somebody asks for one: gates look at few columns.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.layout import Layout
from qcvalidate.cytometry.parameters import Parameter

Column = npt.NDArray[Any]


ALL = slice(None)


def decode(raw: npt.NDArray[np.uint8], layout: Layout, index: int, rows: slice = ALL) -> Column:
    """Give the channel values of one parameter in the machine's own byte order.

    Integers are unsigned and masked to the bits that `$PnR` uses, as the standard demands:
    what an instrument leaves in the unused bits is not part of the value. The column may be a
    read-only view of `raw`.
    """
    parameter = layout.parameters[index]
    width = layout.widths[index]
    offset = sum(layout.widths[:index])
    first, last, _ = rows.indices(layout.events)
    if width == 3:
        records = raw.reshape(layout.events, layout.record)[first:last]
        column: Column = _three_bytes(records[:, offset : offset + 3], layout.big_endian)
    else:
        stored = np.dtype(f"{'>' if layout.big_endian else '<'}{_letter(parameter)}{width}")
        column = np.ndarray(
            (max(last - first, 0),),
            stored,
            buffer=raw,
            offset=offset + first * layout.record,
            strides=(layout.record,),
        )
        column = column.astype(stored.newbyteorder("="), copy=False)
    if parameter.kind != "I" or layout.masked:
        return column
    mask = parameter.mask
    return column if mask >= 256**width - 1 else column & column.dtype.type(mask)


def uniform(raw: npt.NDArray[np.uint8], layout: Layout) -> npt.NDArray[Any] | None:
    """Give all events as one array, a view of `raw`, where they are stored just as numpy would.

    None where types, byte order or masks ask for work on every column.
    """
    kinds = {(parameter.kind, width) for parameter, width in _stored(layout)}
    if len(kinds) > 1 or layout.widths[0] == 3:
        return None
    if mask_pattern(layout) is not None and not layout.masked:
        return None
    letter = _letter(layout.parameters[0])
    stored = np.dtype(f"{'>' if layout.big_endian else '<'}{letter}{layout.widths[0]}")
    events = raw.view(stored).reshape(layout.events, len(layout.widths))
    return events if stored.isnative else None


def mask_pattern(layout: Layout) -> npt.NDArray[np.uint8] | None:
    """Give the bytes to clear the unused bits of one record with, None where all are used."""
    order: Literal["big", "little"] = "big" if layout.big_endian else "little"
    masks = [
        parameter.mask if parameter.kind == "I" else 256**width - 1
        for parameter, width in _stored(layout)
    ]
    if all(mask >= 256**width - 1 for mask, width in zip(masks, layout.widths, strict=True)):
        return None
    parts = [
        min(mask, 256**width - 1).to_bytes(width, order)
        for mask, width in zip(masks, layout.widths, strict=True)
    ]
    return np.frombuffer(b"".join(parts), np.uint8)


def _stored(layout: Layout) -> list[tuple[Parameter, int]]:
    return list(zip(layout.parameters, layout.widths, strict=True))


def _letter(parameter: Parameter) -> str:
    return "u" if parameter.kind == "I" else "f"


def _three_bytes(stored: npt.NDArray[np.uint8], big_endian: bool) -> npt.NDArray[np.uint32]:
    value = np.zeros(len(stored), np.uint32)
    for place in range(3) if big_endian else reversed(range(3)):
        value <<= np.uint32(8)
        value |= stored[:, place]
    return value
