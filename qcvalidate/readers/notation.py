"""Rewrites how instruments write numbers and times into what is read everywhere."""

from __future__ import annotations

import re

from qcvalidate.mappings import ColumnMapping

# "3.58E3 (Out of optimal range)": the instrument's own doubt, behind its number.
REMARKED = re.compile(r"(?P<number>[^()]*\d[^()]*?)\s*\((?P<remark>[^()]*[^\W\d_]{3}[^()]*)\)")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)[ T](\d\d)(\d\d)(\d\d)?")
_SHORT_YEAR = re.compile(r"(\d{1,2}[/.-]\d{1,2}[/.-])(\d\d)(?=\s|$)")


def bare(text: str) -> str:
    """Take the blanks between thousands away: "274 000" proves no decimal mark."""
    return re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", "", text)


def clock_time(text: str, mapping: ColumnMapping) -> str:
    """Write a time that an instrument packs as one that is read everywhere.

    `20231120 110300` is 2023-11-20 11:03:00, and a year of two digits gets its century.
    """
    packed = _COMPACT.fullmatch(text.strip())
    if packed is not None:
        year, month, day, *clock = packed.groups()
        return f"{year}-{month}-{day} {':'.join(part for part in clock if part)}"
    if mapping.century:
        return _SHORT_YEAR.sub(rf"\g<1>{mapping.century}\g<2>", text.strip(), count=1)
    return text
