"""When a list-mode file was acquired, by the instrument's own clock."""

from __future__ import annotations

import datetime as dt
import re

from qcvalidate.cytometry.listmode import ListModeFile

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def measured_at(listmode: ListModeFile) -> dt.datetime | None:
    """Give when the acquisition began, by the instrument's clock: `$DATE` and `$BTIM`.

    FCS 3.2 has `$BEGINDATETIME` in their place. None when the file gives no readable day or no
    readable time: a day alone is no time, and one in UTC (`Z`) is not that of the clock.
    """
    newer = listmode.keywords.get("$BEGINDATETIME", "")
    found = _older(listmode)
    return found if found or newer.strip().endswith("Z") else moment_of(newer)


def moment_of(text: str) -> dt.datetime | None:
    """Read a date and time of ISO 8601, to the second, as the clock on the wall showed it."""
    match = re.fullmatch(
        r"\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?\s*",
        text,
        re.ASCII,
    )
    if not match:
        return None
    try:
        return dt.datetime.fromisoformat(match[1])
    except ValueError:
        return None


def _older(listmode: ListModeFile) -> dt.datetime | None:
    day = day_of(listmode.keywords.get("$DATE", ""))
    time = time_of(listmode.keywords.get("$BTIM", ""))
    return None if day is None or time is None else dt.datetime.combine(day, time)


def day_of(text: str) -> dt.date | None:
    """Read dd-mmm-yyyy and nothing else: 19-10-2020 and 22-Sep-13 can be read in two ways."""
    match = re.fullmatch(r"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4})\s*", text, re.ASCII)
    if not match or match[2].upper() not in _MONTHS:
        return None
    try:
        return dt.date(int(match[3]), _MONTHS.index(match[2].upper()) + 1, int(match[1]))
    except ValueError:
        return None


def time_of(text: str) -> dt.time | None:
    """Read hh:mm:ss, with its hundredths or sixtieths of a second left out."""
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2}):(\d{2})([:.]\d+)?\s*", text, re.ASCII)
    if not match or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3]) > 59:
        return None
    return dt.time(int(match[1]), int(match[2]), int(match[3]))
