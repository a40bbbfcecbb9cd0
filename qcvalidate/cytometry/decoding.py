"""Decodes DATA, a column at a time, straight from the bytes of the records.

No table of all events is made unless somebody asks for one: gates look at few columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.layout import Layout, Parameter

Column = npt.NDArray[Any]


def decode(raw: npt.NDArray[np.uint8], layout: Layout, index: int) -> Column:
    """Give the channel values of one parameter in the machine's own byte order.

    Integers are unsigned and masked to the bits that `$PnR` uses, as the standard demands:
    what an instrument leaves in the unused bits is not part of the value. The column may be a
    read-only view of `raw`.
    """
    parameter = layout.parameters[index]
    width = layout.widths[index]
    offset = sum(layout.widths[:index])
    if width == 3:
        column: Column = _three_bytes(raw, layout, offset)
    else:
        stored = np.dtype(f"{'>' if layout.big_endian else '<'}{_letter(parameter)}{width}")
        column = np.ndarray(
            (layout.events,), stored, buffer=raw, offset=offset, strides=(layout.record,)
        )
        column = column.astype(stored.newbyteorder("="), copy=False)
    if parameter.kind != "I":
        return column
    mask = value_mask(parameter)
    return column if mask >= 256**width - 1 else column & column.dtype.type(mask)


def value_mask(parameter: Parameter) -> int:
    """Give the bits that values below `$PnR` need, all set."""
    return int((1 << (int(parameter.range) - 1).bit_length()) - 1)


def uniform(raw: npt.NDArray[np.uint8], layout: Layout) -> npt.NDArray[Any] | None:
    """Give all events as one array, a view of `raw`, where they are stored just as numpy would.

    None where types, byte order or masks ask for work on every column.
    """
    kinds = {parameter.kind for parameter in layout.parameters}
    if kinds not in ({"F"}, {"D"}):
        return None
    stored = np.dtype(f"{'>' if layout.big_endian else '<'}f{layout.widths[0]}")
    events = raw.view(stored).reshape(layout.events, len(layout.widths))
    return events if stored.isnative else None


def _letter(parameter: Parameter) -> str:
    return "u" if parameter.kind == "I" else "f"


def _three_bytes(raw: npt.NDArray[np.uint8], layout: Layout, offset: int) -> npt.NDArray[np.uint32]:
    records = raw.reshape(layout.events, layout.record)
    value = np.zeros(layout.events, np.uint32)
    places = range(3) if layout.big_endian else reversed(range(3))
    for place in places:
        value <<= np.uint32(8)
        value |= records[:, offset + place]
    return value
