"""When a list-mode file was acquired, by the instrument's own clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace

from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.identity import LOT_KEYWORDS
from qcvalidate.record import Acquisition

# Where people write whose cells are in a tube.
_ABOUT = ("$SRC", "$CELLS", "$PROJ", "EXPERIMENT NAME", "SPECIMEN NAME", "PATIENT ID", "PATIENT")
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


def acquisition(listmode: ListModeFile) -> Acquisition:
    """Say of a list-mode file what an analysis of it might say."""
    named = named_acquisition(listmode.keywords)
    names = tuple(dict.fromkeys((listmode.name.rpartition("/")[2], *named.names)))
    # What was read counts, and not what $TOT promises.
    return replace(named, names=names, total=listmode.total)


def named_acquisition(keywords: Mapping[str, str]) -> Acquisition:
    """Say which file these keywords (in capitals) are of: `$FIL`, tube, GUID, `$TOT`, `$DATE`."""

    def said(key: str) -> str:
        return keywords.get(key, "").strip()

    specimen, tube = said("$SRC"), said("TUBE NAME")
    both = (f"{specimen}/{tube}", f"{specimen}_{tube}") if specimen and tube else ()
    single = (said(key) for key in ("$FIL", "TUBE NAME", "$SMNO", "SAMPLE ID"))
    names = tuple(dict.fromkeys(name for name in (*single, *both) if name))
    day, time = day_of(said("$DATE")), time_of(said("$BTIM"))
    return Acquisition(
        names=names,
        guid=said("GUID") or None,
        total=int(said("$TOT")) if re.fullmatch(r"[0-9]{1,12}", said("$TOT")) else None,
        measured_at=None if day is None or time is None else dt.datetime.combine(day, time),
        about=tuple(dict.fromkeys(text for key in _ABOUT if (text := said(key)))),
        day=day,
        lot=next((text for key in LOT_KEYWORDS if (text := said(key))), None),
    )


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
