"""Says which samples of an instrument's export are this lot's: by their names, and never by guess.

Counters and cytometers name samples, and seldom lots. A sample is the lot's where it bears the
lot's number as a whole, or a name that lot.yaml lists under `samples`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qcvalidate.identity import identity_key, is_near, looks_alike
from qcvalidate.manifest import Manifest
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Record, Severity

# More names than these are not listed.
_MOST_NAMES = 8
_SUFFIXES = (".FCS", ".LMD")


@dataclass(frozen=True)
class Owned:
    """Which samples are the lot's (by their name as printed), and what is to be said of it."""

    samples: frozenset[str]
    findings: tuple[Finding, ...] = ()


def owned(record: Record, lots: Mapping[str, frozenset[str]], manifest: Manifest) -> Owned:
    """Tell the lot's samples from the others of an export.

    `lots` are the lots that rows name beside their samples. Where no sample is the lot's by its
    name, lot.yaml may vouch for a file of one sample under `declared`.
    """
    names = sorted(record.samples or {})
    lot = manifest.lot
    if lot is None:
        return Owned(frozenset(names))
    stated = {name: {identity_key(one) for one in found} for name, found in lots.items()}
    known = {sample_key(name) for name in (lot, *manifest.samples)}
    ours = [name for name in names if sample_key(name) in known]
    by_lot = [name for name in names if identity_key(lot) in stated.get(name, ())]
    found = frozenset((*ours, *by_lot))
    others = [name for name in names if name not in found and name not in lots]
    # Where lot.yaml lists the lot's samples, it lists all of them.
    doubtful = (
        [n for n in others if any(_repeats(n, own) for own in found)]
        if manifest.samples
        else [n for n in others if _bears(n, lot)]
    )
    crossed = [n for n in ours if stated.get(n, set()) - {identity_key(lot)}]
    said = [*_doubtful(record, doubtful, manifest), *_crossed(record, crossed, lots, manifest)]
    if found:
        return Owned(found, (*said, *_aside(record, others)))
    if doubtful:
        return Owned(frozenset(), tuple(said))
    if record.source.path in manifest.declared and len(names) == 1 and not lots:
        message = (
            f"{record.source.path} names no lot, and its sample {_shown(names)}; lot.yaml vouches "
            "that it is this lot's"
        )
        told = record.finding("lot-unstated", Severity.INFORMATION, message)
        return Owned(frozenset(names), (told,))
    return Owned(frozenset(), (_none(record, names, lots, manifest),))


def sample_key(name: str) -> str:
    """Fold a sample's name as identities are; a list-mode file's suffix is no part of it.

    >>> sample_key("MSC-18.fcs") == sample_key("msc-18")
    True
    """
    folded = identity_key(name)
    return next((folded.removesuffix(end) for end in _SUFFIXES if folded.endswith(end)), folded)


def _bears(name: str, lot: str) -> bool:
    """Say whether a person may have meant this lot: its number and more, or a slip in it."""
    folded, wanted = sample_key(name), identity_key(lot)
    return bool(folded) and (wanted in folded or looks_alike(folded, wanted))


# A number alone may be another bag; behind a sign it is another count.
_REPEAT = LazyPattern(
    r"[_.(#-]*(?:repeat(?:ed)?|rep|re-?test|re-?run|re-?count|again|wdh|wiederholung|bis"
    r"|dup(?:licate)?)[_.-]*[0-9]{0,2}\)?|[_.(#-]+[2-9]\)?",
    re.IGNORECASE,
)


def _repeats(name: str, own: str) -> bool:
    """Say whether a name is one of ours with a word for a second measurement behind it.

    >>> _repeats("MSC-18 repeat", "MSC-18"), _repeats("MSC-18-IPC", "MSC-18")
    (True, False)
    """
    folded, ours = sample_key(name), sample_key(own)
    behind = folded.removeprefix(ours)
    return folded.startswith(ours) and _REPEAT.fullmatch(behind) is not None


def _doubtful(record: Record, names: Iterable[str], manifest: Manifest) -> list[Finding]:
    return [
        record.finding(
            "lot-near-miss",
            Severity.HOLD,
            f"{record.source.path}: the sample “{name}” bears the number of lot {manifest.lot!r} "
            "and is not called just that; if it is this lot's, list it under `samples` in "
            "lot.yaml, else list there those that are",
        )
        for name in list(names)[:_MOST_NAMES]
    ]


def _crossed(
    record: Record, names: Iterable[str], lots: Mapping[str, frozenset[str]], manifest: Manifest
) -> list[Finding]:
    return [
        record.finding(
            "lot-mismatch",
            Severity.HOLD,
            f"{record.source.path}: the sample “{name}” is named for lot {manifest.lot!r}, and the "
            f"export says lot {_shown(sorted(lots[name]))} of it",
        )
        for name in names
    ]


def _aside(record: Record, others: list[str]) -> list[Finding]:
    if not others:
        return []
    message = (
        f"{record.source.path} also holds {len(others)} sample{'s' * (len(others) > 1)} that "
        f"{'are' if len(others) > 1 else 'is'} not this lot's, and set aside: {_shown(others)}"
    )
    return [record.finding("sample-set-aside", Severity.INFORMATION, message)]


def _none(
    record: Record, names: list[str], lots: Mapping[str, frozenset[str]], manifest: Manifest
) -> Finding:
    path = record.source.path
    if lots and set(names) <= set(lots):
        stated = sorted(frozenset().union(*lots.values()))
        near = any(is_near(lot, manifest.lot or "") for lot in stated)
        message = f"{path} is about lot {_shown(stated)}; this lot is {manifest.lot!r}"
        return record.finding("lot-near-miss" if near else "lot-mismatch", Severity.HOLD, message)
    message = (
        f"{path} names no lot, and none of its samples ({_shown(names) or 'it has none'}) is "
        f"called {manifest.lot!r}; list the names of this lot's samples under `samples` in lot.yaml"
    )
    return record.finding("lot-unstated", Severity.HOLD, message)


def _shown(names: Iterable[str]) -> str:
    listed = [f"“{name}”" if name.strip() else "one without a name" for name in names]
    more = f" and {len(listed) - _MOST_NAMES} more" if len(listed) > _MOST_NAMES else ""
    return ", ".join(listed[:_MOST_NAMES]) + more
