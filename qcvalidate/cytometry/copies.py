"""Tells data sets of one file that hold the same events twice, as a Beckman LMD does.

Its first data set is FCS 2.0 with 10 bits, its second FCS 3.0 with 20 bits, and their parameters
have other names. Only a linear parameter that agrees in every event proves a copy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qcvalidate.cytometry.listmode import ListModeFile
from qcvalidate.cytometry.parameters import Parameter
from qcvalidate.record import Finding, Severity

# So many values of one parameter agree by chance in no two acquisitions.
_TELLING = 16


def are_copies(one: ListModeFile, other: ListModeFile) -> bool:
    """Say whether two data sets hold the same events, at other resolutions or the same."""
    if one.total != other.total or one.total < _TELLING:
        return False
    return any(
        _agree(one, first, other, second)
        for first, left in enumerate(one.parameters)
        for second, right in enumerate(other.parameters)
        if _comparable(left, right)
    )


def finest(data_sets: Sequence[ListModeFile]) -> ListModeFile:
    """Give the data set of the highest resolution, the last of several."""
    return max(data_sets, key=lambda one: (_resolution(one), one.data_set))


def copy_findings(data_sets: Sequence[ListModeFile]) -> list[Finding]:
    """Name the data sets that hold the same events, and the one that is used where both could."""
    findings = []
    left = list(data_sets)
    while left:
        first = left[0]
        copies = [first, *(one for one in left[1:] if are_copies(first, one))]
        left = [one for one in left if one not in copies]
        if len(copies) == 1:
            continue
        told = " and ".join(
            f"data set {one.data_set} ({one.version}, channels to {_top(one):,})" for one in copies
        )
        message = (
            f"{first.name}: {told} hold the same {first.total:,} events; data set "
            f"{finest(copies).data_set} has the higher resolution and is used, unless the gates "
            "name parameters that only another has"
        )
        findings.append(Finding("fcs-copies", Severity.INFORMATION, message, first.place))
    return findings


def _comparable(left: Parameter, right: Parameter) -> bool:
    """Say whether two parameters may be one detector, both linear and in whole channels."""
    linear = left.kind == right.kind == "I" and left.log is None and right.log is None
    names = [parameter.name.casefold().split()[0] for parameter in (left, right)]
    return linear and names[0] == names[1] and "time" not in names


def _agree(one: ListModeFile, first: int, other: ListModeFile, second: int) -> bool:
    values = one.channel(first), other.channel(second)
    ranges = one.parameters[first].range, other.parameters[second].range
    coarse, fine = (0, 1) if ranges[0] <= ranges[1] else (1, 0)
    step = ranges[fine] / ranges[coarse]
    if len(np.unique(values[coarse])) < _TELLING:
        return False
    return bool(np.array_equal(values[coarse], np.floor(values[fine].astype(np.float64) / step)))


def _resolution(one: ListModeFile) -> float:
    return sum(min(parameter.range, 2.0**parameter.bits) for parameter in one.parameters)


def _top(one: ListModeFile) -> int:
    return int(max(parameter.range for parameter in one.parameters))
