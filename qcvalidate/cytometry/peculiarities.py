"""Says what a reader of the report must know of a data set, from its keywords alone.

Which amplification was undone, what the instrument itself says that it lost, and a spillover
matrix that nobody could apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qcvalidate.cytometry.compensation import Spillover, compensation_matrix
from qcvalidate.cytometry.layout import Layout
from qcvalidate.cytometry.parameters import Parameter, number
from qcvalidate.cytometry.segments import shown
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

_LOSSES = {
    "$ABRT": "events were aborted, for they came too close together",
    "$LOST": "events were lost, for the computer was busy",
}


def peculiarities(
    keywords: Mapping[str, str],
    layout: Layout,
    spillover: Spillover | None,
    fault: str | None,
    place: Place,
) -> list[Finding]:
    """Say all of it, each with its rule; `fault` is why a spillover cannot be used."""
    told = (
        *_odd_scales(keywords, layout),
        *(("fcs-odd", Severity.INFORMATION, note) for note in layout.notes),
        *(() if layout.doubt is None else (("fcs-packed", Severity.HOLD, layout.doubt),)),
        *_scaled(keywords, layout),
        *_losses(keywords, layout),
        *_comment(keywords),
        *_unicode(keywords),
        *_edited(keywords),
        *_spillover(spillover, fault, place),
    )
    return [Finding(slug, severity, f"{place}: {text}", place) for slug, severity, text in told]


_Told = tuple[str, Severity, str]


def _edited(keywords: Mapping[str, str]) -> Iterator[_Told]:
    """Say that a file is no longer what the cytometer wrote (FCS 3.1, 3.2.20, `$ORIGINALITY`)."""
    stated = keywords.get("$ORIGINALITY", "").strip()
    if stated.casefold() in ("datamodified", "appended"):
        who = keywords.get("$LAST_MODIFIER", "").strip() or "somebody who is not named"
        when = keywords.get("$LAST_MODIFIED", "").strip() or "a day that is not stated"
        text = (
            f"$ORIGINALITY is {stated}: its events were changed after the acquisition, by "
            f"{who[:60]} on {when[:40]}; use the file that the cytometer wrote"
        )
        yield "fcs-edited", Severity.HOLD, text


def _odd_scales(keywords: Mapping[str, str], layout: Layout) -> Iterator[_Told]:
    floats = [p.name for p in layout.parameters if p.kind != "I" and p.log is not None]
    if floats:
        text = f"{_listed(floats)} are floating-point and declare a log $PnE, which is not applied"
        yield "fcs-odd", Severity.WARNING, text
    step = keywords.get("$TIMESTEP", "").strip()
    if step and (number(step) or 0) <= 0:
        text = f"$TIMESTEP is {shown(step)}, which is no number of seconds"
        yield "fcs-odd", Severity.WARNING, text


def _scaled(keywords: Mapping[str, str], layout: Layout) -> Iterator[_Told]:
    """Record what was applied to channel values; nothing is, to floating-point data."""
    found: dict[str, list[str]] = {}
    step = number(keywords.get("$TIMESTEP", ""))
    for n, parameter in enumerate(layout.parameters, 1):
        how = _amplification(keywords.get(f"$P{n}E", ""), parameter, step)
        if how is not None and parameter.kind == "I":
            found.setdefault(how, []).append(parameter.name)
    if found:
        parts = [f"{how} of {', '.join(names)}" for how, names in found.items()]
        yield "fcs-scaled", Severity.INFORMATION, f"scale values undo {'; '.join(parts)}"


def _amplification(printed: str, parameter: Parameter, step: float | None) -> str | None:
    if parameter.log is not None:
        decades, offset = parameter.log
        zero = number(printed.rpartition(",")[2]) == 0
        told = f"from {offset:g}{' (where $PnE says 0)' if zero else ''}"
        return f"the log amplifier ($PnE: {decades:g} decades {told})"
    if parameter.name.casefold() == "time" and step and step > 0:
        return f"the time step ($TIMESTEP: {step:g} s)"
    return f"the gain ($PnG: {parameter.gain:g})" if parameter.gain != 1 else None


def _losses(keywords: Mapping[str, str], layout: Layout) -> Iterator[_Told]:
    for key, reason in _LOSSES.items():
        printed = keywords.get(key, "").strip()
        lost = number(printed or "0")
        if lost is None or lost < 0:
            yield "fcs-odd", Severity.WARNING, f"{key} is {shown(printed)}; expected a number"
        elif lost > 0:
            text = (
                f"{key} is {lost:,.0f}: {reason}; {layout.events:,} were kept. The proportions may "
                "have shifted; look at the flow rate"
            )
            yield "fcs-events-lost", Severity.WARNING, text


def _comment(keywords: Mapping[str, str]) -> Iterator[_Told]:
    text = re.sub(r"\s+", " ", keywords.get("$COM", "")).strip()
    if text and text.casefold() not in ("na", "n/a", "none"):
        yield "fcs-comment", Severity.INFORMATION, f"$COM says {shown(text)}"


def _unicode(keywords: Mapping[str, str]) -> Iterator[_Told]:
    """Tell what FCS 3.0's `$UNICODE` claims; FCS 3.1 has done away with it for UTF-8.

    It names a code page and the keywords whose values are in it. No file with one was seen, and
    values in two bytes a letter may hold the delimiter: TEXT is read as ever.
    """
    printed = keywords.get("$UNICODE", "").strip()
    if not printed:
        return
    page, *named = [part.strip().upper() for part in printed.split(",")]
    values = [keywords.get(key, "") for key in named]
    plain = bool(named) and all(text and text.isascii() and text.isprintable() for text in values)
    told = f"$UNICODE says that {_listed(named) if named else 'unnamed values'} are in code page "
    told += f"{page or 'unnamed'}"
    if plain:
        yield "fcs-odd", Severity.INFORMATION, f"{told}; they are plain ASCII"
        return
    text = (
        f"{told}; TEXT was read as UTF-8 or Latin-1, so that these values may be read wrongly. "
        "Compare them with the cytometer's own software"
    )
    yield "fcs-odd", Severity.WARNING, text


def _spillover(spillover: Spillover | None, fault: str | None, place: Place) -> Iterator[_Told]:
    if fault is not None:
        older = "older standard" in fault
        severity = Severity.INFORMATION if older else Severity.WARNING
        yield "fcs-spillover", severity, f"its compensation cannot be used: {fault}"
    if spillover is None:
        return
    if spillover.is_identity:
        text = f"{spillover.id} is an identity matrix: the file brings no compensation"
        yield "fcs-spillover", Severity.INFORMATION, text
        return
    try:
        compensation_matrix(spillover, str(place))
    except DocumentError as error:
        yield "fcs-spillover", Severity.WARNING, str(error).removeprefix(f"{place}: ")


def _listed(names: list[str]) -> str:
    names = [name[:40] for name in names]
    if len(names) <= 3:
        return ", ".join(names)
    return f"{names[0]}, {names[1]} and {len(names) - 2} more"
