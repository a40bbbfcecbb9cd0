"""Reads the keywords of list-mode files: which lot, which sample, when, on what instrument.

The events are not read here: which of them matter, a gating strategy says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from qcvalidate.documents import Document
from qcvalidate.frames import observations
from qcvalidate.identity import LOT_KEYWORDS
from qcvalidate.readers import Context
from qcvalidate.record import Field, Finding, Place, Record, Severity, Source, State

# For each header field the keywords to ask, the better first; those asked at once must agree.
_FIELDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "lot": (LOT_KEYWORDS,),
    "sample_id": (("$SMNO",), ("SAMPLE ID", "SAMPLEID")),
    "din": (("DIN", "DONATION NUMBER", "DONATION ID"),),
    "laboratory": (("$INST",),),
    "method": (("$CYT",),),
}


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001
    """Claim every list-mode file: all of them speak the same standard."""
    return document.kind == "listmode"


def read(document: Document, context: Context) -> Record:  # noqa: ARG001  a reader is told both
    """Say what the keywords say; a list-mode file makes no observation by itself."""
    findings = list(document.findings)
    header: dict[str, Field] = {}
    for name, alternatives in _FIELDS.items():
        for keys in alternatives:
            field = _one_of(document, keys, name, findings)
            if field is not None:
                header[name] = field
                break
    started = _started(document, findings)
    if started is not None:
        header["date_started"] = started
    return Record(
        source=Source(document.name, document.sha256, document.kind, "exports.listmode"),
        header=header,
        observations=observations([]),
        findings=tuple(findings),
    )


def _one_of(
    document: Document, keys: tuple[str, ...], name: str, findings: list[Finding]
) -> Field | None:
    """Give the one value that these keywords hold in all data sets; two values are none."""
    found: dict[str, Place] = {}
    asked = {_bare(key) for key in keys}
    for data_set in document.listmode:
        for printed, value in data_set.keywords.items():
            if value.strip() and _bare(printed) in asked:
                place = Place(document.name, region=f"keyword {printed}")
                found.setdefault(value.strip(), place)
    if not found:
        return None
    text, place = next(iter(found.items()))
    if len(found) == 1:
        return Field(text, text, place)
    findings.append(
        Finding(
            "field-conflict",
            Severity.HOLD,
            f"{document.name}: gives {' and '.join(repr(one) for one in found)} as its {name} "
            f"({', '.join(str(one.region) for one in found.values())}); expected one",
            place,
        )
    )
    return Field(text, None, place, State.CONFLICT)


def _bare(keyword: str) -> str:
    """Fold a keyword's spelling: `$Lot_Number` and `LOT NUMBER` are one word."""
    return re.sub(r"[ _-]+", " ", keyword.upper().removeprefix("$")).strip()


def _started(document: Document, findings: list[Finding]) -> Field | None:
    from qcvalidate.cytometry.acquisition import day_of, moment_of, time_of  # noqa: PLC0415 - numpy, gates

    field = _one_of(document, ("$DATE",), "date", findings)
    if field is None:
        return _begun(document, findings)
    if field.value is None:
        return field
    keywords: Mapping[str, str] = document.listmode[0].keywords
    day, time = day_of(field.text), time_of(keywords.get("$BTIM", ""))
    text = f"{field.text} {keywords['$BTIM'].strip()}" if time else field.text
    if day is None:
        findings.append(
            Finding(
                "date-unreadable",
                Severity.WARNING,
                f"{field.place}: {field.text!r} is no date of the FCS standard; expected one "
                "like 05-MAR-2026",
                field.place,
            )
        )
        return Field(text, None, field.place, State.AMBIGUOUS)
    newer = moment_of(keywords.get("$BEGINDATETIME", ""))
    if newer is not None and abs((newer.date() - day).days) > 1:
        # A day apart they may be, where one of them is in UTC.
        findings.append(
            Finding(
                "field-conflict",
                Severity.HOLD,
                f"{document.name}: $DATE is {field.text} and $BEGINDATETIME is "
                f"{keywords['$BEGINDATETIME'].strip()}; one of them is wrong",
                field.place,
            )
        )
        return Field(text, None, field.place, State.CONFLICT)
    # The header keeps the day; `measured_at` gives the time of day as well.
    return Field(text, day.isoformat(), field.place)


def _begun(document: Document, findings: list[Finding]) -> Field | None:
    """Read the day of `$BEGINDATETIME`, which FCS 3.2 has in place of `$DATE` and `$BTIM`."""
    from qcvalidate.cytometry.acquisition import moment_of  # noqa: PLC0415 - numpy, gates

    field = _one_of(document, ("$BEGINDATETIME",), "date", findings)
    if field is None or field.value is None:
        return field
    moment = moment_of(field.text)
    if moment is not None:
        return Field(field.text, moment.date().isoformat(), field.place)
    findings.append(
        Finding(
            "date-unreadable",
            Severity.WARNING,
            f"{field.place}: {field.text!r} is no date and time of the FCS standard; expected one "
            "like 2026-03-05T14:30:00+01:00",
            field.place,
        )
    )
    return Field(field.text, None, field.place, State.AMBIGUOUS)
