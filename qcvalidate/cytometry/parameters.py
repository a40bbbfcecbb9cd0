"""Reads what the keywords say of one parameter: its name, its type, its range, its amplifier."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from qcvalidate.cytometry.segments import integer, shown
from qcvalidate.errors import DocumentError

# The letters of $DATATYPE.
KINDS = {
    "I": "unsigned integers",
    "F": "single-precision floats",
    "D": "double-precision floats",
    "A": "ASCII numbers",
}
_FLOAT_BITS = {"F": 32, "D": 64}


@dataclass(frozen=True)
class Parameter:
    """One column: `$PnN`, `$PnS`, and what its channel values mean.

    `kind` is `$DATATYPE`'s letter, I for whole numbers in ASCII, too. `bits` is `$PnB`, `range`
    is `$PnR`. `log` is `$PnE`'s decades and the scale value of channel 0, None on a linear scale;
    `gain` is `$PnG`, 1 when absent.
    """

    name: str
    marker: str | None
    bits: int
    range: float
    kind: str
    gain: float = 1.0
    log: tuple[float, float] | None = None

    @property
    def mask(self) -> int:
        """The bits that values below `$PnR` need, all set."""
        return int((1 << (int(self.range) - 1).bit_length()) - 1)


def read_parameter(keywords: Mapping[str, str], n: int, file_kind: str, name: str) -> Parameter:
    """Read parameter `n` (from 1), or raise `DocumentError` with what cannot be."""
    kind = keywords.get(f"$P{n}DATATYPE", file_kind).strip().upper()
    if kind not in KINDS or (kind == "A") != (file_kind == "A"):
        raise DocumentError(
            f"{name}: $P{n}DATATYPE is {shown(kind)} where $DATATYPE is {file_kind}; expected I, F "
            "or D",
            slug="fcs-unsupported" if kind == "A" else "fcs-inconsistent",
        )
    title = keywords.get(f"$P{n}N", "").strip()
    if not title:
        raise DocumentError(
            f"{name}: $P{n}N is missing; expected the name of parameter {n}",
            slug="fcs-inconsistent",
        )
    top = number(keywords.get(f"$P{n}R", ""))
    if top is None:
        found = shown(keywords[f"$P{n}R"]) if f"$P{n}R" in keywords else "missing"
        raise DocumentError(
            f"{name}: $P{n}R is {found}; expected the range of parameter {n}",
            slug="fcs-inconsistent",
        )
    bits = _bits(keywords, n, kind, top, name)
    marker = keywords.get(f"$P{n}S", "").strip() or None
    gain, log = _amplification(keywords, n, kind, name)
    return Parameter(title, marker, bits, top, "I" if kind == "A" else kind, gain, log)


def _bits(keywords: Mapping[str, str], n: int, kind: str, top: float, name: str) -> int:
    """Give the bits of a parameter's values, once they agree with its type and its range."""
    printed = keywords[f"$P{n}R"].strip()
    if kind == "A":
        if not 1 <= top <= 2**64 or top != int(top):
            raise DocumentError(
                f"{name}: $P{n}R is {printed}; expected a whole number from 1 to 2^64",
                slug="fcs-inconsistent",
            )
        return room(max((int(top) - 1).bit_length(), 1))
    bits = integer(keywords, f"$P{n}B", name)
    if kind in _FLOAT_BITS and bits != _FLOAT_BITS[kind]:
        raise DocumentError(
            f"{name}: $P{n}B is {bits}, but {KINDS[kind]} have {_FLOAT_BITS[kind]} bits",
            slug="fcs-inconsistent",
        )
    if kind == "I" and (bits < 1 or bits > 64):
        raise DocumentError(
            f"{name}: $P{n}B is {bits}; expected 1 to 64 bits", slug="fcs-unsupported"
        )
    if kind == "I" and not (1 <= top <= 2**bits and top == int(top)):
        raise DocumentError(
            f"{name}: $P{n}R is {printed}, but $P{n}B allows whole numbers from 1 to 2^{bits}",
            slug="fcs-inconsistent",
        )
    return bits


def room(bits: int) -> int:
    """Give the bits of the smallest word of the machine that these bits fit."""
    return next(width for width in (8, 16, 32, 64) if width >= bits)


def _amplification(
    keywords: Mapping[str, str], n: int, kind: str, name: str
) -> tuple[float, tuple[float, float] | None]:
    gain = number(keywords.get(f"$P{n}G", "").strip() or "1")
    if gain is None or gain < 0 or (gain == 0 and kind == "I"):
        raise DocumentError(
            f"{name}: $P{n}G is {shown(keywords[f'$P{n}G'])}; expected a gain above 0",
            slug="fcs-inconsistent",
        )
    printed = keywords.get(f"$P{n}E", "").strip() or "0,0"
    parts = [value for part in printed.split(",") if (value := number(part)) is not None]
    if len(parts) != 2 or printed.count(",") != 1 or min(parts) < 0:
        raise DocumentError(
            f"{name}: $P{n}E is {shown(printed)}; expected decades and offset, like '4,1'",
            slug="fcs-inconsistent",
        )
    if parts[0] == 0:
        return gain, None
    # "4,0" is common and wrong: log scales have no zero, and the standard says to read 4,1.
    return gain, (parts[0], parts[1] or 1.0)


def number(text: str) -> float | None:
    """Read a finite number as keywords print it, or None."""
    if not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", text, re.ASCII):
        return None
    value = float(text)
    if not math.isfinite(value):
        return None
    # A range of 2^53 + 1 needs a bit more than 2^53, to which it would be rounded.
    whole = text.strip().isdigit() and value < int(text)
    return math.nextafter(value, math.inf) if whole else value
