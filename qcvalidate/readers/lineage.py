"""Finds the parents of populations in exports that name none, by their numbers alone.

Kaluza, CytExpert and NovoExpress write a gate by its name. Its count and its percentage of the
parent prove the parent where one population of the sample alone makes that percentage of it. What
is not proved up to all events stays without a place, and answers nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qcvalidate.documents import Cell
from qcvalidate.locale import Locale
from qcvalidate.quantity import settled_locale
from qcvalidate.readers.hierarchy import LEAST, is_absent, may_be_printed, percentage, settle, whole
from qcvalidate.readers.persample import PerSample
from qcvalidate.record import Place, Reported, Severity, Share

# It stands for the ancestors that nobody knows, so that no path of a specification meets it.
UNPLACED = "(parent not named)"
# With its last digit a percentage may move by so much of itself; beyond it proves nothing.
_COARSEST = Decimal("0.1")
_MOST_NAMES = 6
_ROOT = ""
# More parents than these are a circle.
_DEEPEST = 100
_ENOUGH = 3


@dataclass(frozen=True)
class Tally:
    """The cells of one population of one sample; `whole` says that it is all events."""

    sample: str
    name: str
    region: str
    count: Cell | None
    of_parent: Cell | None = None
    of_total: Cell | None = None
    whole: bool = False


@dataclass(frozen=True)
class _Read:
    tally: Tally
    count: int | None
    of_parent: Share | None
    of_total: Share | None
    doubt: str | None

    @property
    def numbers(self) -> tuple[object, ...]:
        """What two rows of one population must have alike."""
        shares = (self.of_parent, self.of_total)
        return (self.count, *(share and share.percent for share in shares), self.doubt)


def place(tallies: Sequence[Tally], declared: Locale, done: PerSample) -> None:
    """Report each population under the path that its numbers prove, and tell the others."""
    locale = locale_of(
        (cell for one in tallies for cell in (one.of_parent, one.of_total) if cell), declared
    )
    unproved: dict[tuple[str, str], str] = {}
    by_sample: dict[str, list[_Read]] = {}
    for tally in tallies:
        by_sample.setdefault(tally.sample, []).append(_read(tally, locale))
    for sample, found in by_sample.items():
        done.add(sample, [])
        paths, reasons = _paths(found)
        unproved |= {(sample, name): why for name, why in reasons.items()}
        for one in found:
            done.reported.append(_reported(one, paths, done.document.name))
    settle(done)
    done.reported[:] = [
        replace(one, doubt=one.doubt or unproved.get((one.sample, one.path[-1])))
        if one.path[:1] == (UNPLACED,)
        else one
        for one in done.reported
    ]
    _tell(unproved, done)


def locale_of(cells: Iterable[Cell], declared: Locale) -> Locale:
    """Settle the decimal mark of percentages by those that are written as text."""
    texts = [cell.text.strip().removesuffix("%").strip() for cell in cells if not cell.number]
    return settled_locale(declared, dates=[], numbers=texts)


def share_of(cell: Cell | None, locale: Locale) -> Share | None:
    """Read a percentage; None where the cell holds none. Whose cells are 100 % is not known yet."""
    if cell is None or is_absent(cell.text):
        return None
    # A stored number's decimal mark is a point, whatever the texts around it use.
    percent = percentage(cell.text, Locale(locale.dates, ".") if cell.number else locale)
    text = cell.text.strip()
    return None if percent is None else Share((), percent, text if "%" in text else f"{text} %")


def unread(name: str, count: Cell | None, shares: Iterable[Cell | None], locale: Locale) -> str:
    """Say which number of a population cannot be read; "" where all can, or are not there."""
    if count is not None and not is_absent(count.text) and whole(count.text) is None:
        return f"“{name}” has the count “{count.text.strip()[:40]}”"
    for cell in shares:
        if cell is not None and not is_absent(cell.text) and share_of(cell, locale) is None:
            return (
                f"“{name}” has the share “{cell.text.strip()[:40]}”, which is no percentage "
                "between 0 and 100, or can be read in two ways"
            )
    return ""


def _read(tally: Tally, locale: Locale) -> _Read:
    shares = (tally.of_parent, tally.of_total)
    doubt = unread(tally.name, tally.count, shares, locale) or None
    count = None if tally.count is None else whole(tally.count.text)
    of_parent, of_total = (share_of(cell, locale) for cell in shares)
    if tally.whole and any(share and share.percent != 100 for share in (of_parent, of_total)):
        doubt = doubt or f"“{tally.name}” is said to be all events, and less than 100 % of them"
    return _Read(tally, count, of_parent, of_total, doubt)


def _reported(one: _Read, paths: Mapping[str, tuple[str, ...]], document: str) -> Reported:
    tally = one.tally
    path = () if tally.whole else paths.get(tally.name, (UNPLACED, tally.name))
    shares = []
    if path and path[0] != UNPLACED and one.of_parent is not None:
        shares.append(replace(one.of_parent, of=path[:-1]))
    if path and one.of_total is not None and len(path) > 1:
        shares.append(one.of_total)
    where = Place(document, region=tally.region)
    return Reported(tally.sample, path, where, one.count, tuple(shares), doubt=one.doubt)


# --- the proof -----------------------------------------------------------------------------


def _paths(found: Sequence[_Read]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Give the proved path of each population of a sample, and why others have none."""
    known: dict[str, _Read] = {}
    parents: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for one in found:
        first = known.setdefault(one.tally.name, one)
        if first.numbers != one.numbers:
            reasons[one.tally.name] = "it stands there several times with different numbers"
    roots = [one for one in known.values() if one.tally.whole]
    if any(one.doubt or one.tally.name in reasons for one in roots):
        why = "the numbers of all events contradict one another"
        return {}, {name: why for name, one in known.items() if not one.tally.whole} | reasons
    counts = _Counts.of(known)
    for name, one in known.items():
        if not one.tally.whole and name not in reasons:
            fitting = _unprovable(one) or counts.fitting(one)
            if isinstance(fitting, list) and len(fitting) == 1:
                parents[name] = fitting[0]
            else:
                reasons[name] = _why(one, fitting)
    paths: dict[str, tuple[str, ...]] = {}
    for name, parent in parents.items():
        path = _followed(name, parents)
        if path is None:
            reasons[name] = f"its parent “{parent}” has no certain place itself"
        else:
            paths[name] = path
    return paths, reasons


def _followed(name: str, parents: Mapping[str, str]) -> tuple[str, ...] | None:
    path: list[str] = []
    while name != _ROOT:
        if name not in parents or len(path) == _DEEPEST:
            return None
        path.insert(0, name)
        name = parents[name]
    return tuple(path)


def _unprovable(one: _Read) -> str:
    if one.doubt:
        return "one of its numbers cannot be read"
    if one.count is None or one.of_parent is None:
        missing = "its count" if one.count is None else "its percentage of the parent"
        return f"{missing} is not in the export"
    if one.count == 0:
        return "no events are 0 % of every population"
    if _last_digit(one.of_parent) > _COARSEST * one.of_parent.percent:
        return f"“{one.of_parent.text}” has too few digits"
    return ""


def _last_digit(share: Share) -> Decimal:
    exponent = share.percent.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  finite
    return max(Decimal((0, (1,), exponent)), LEAST)


@dataclass(frozen=True)
class _Counts:
    """The populations of a sample by their counts; "" are all events."""

    sizes: tuple[int, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, known: Mapping[str, _Read]) -> _Counts:
        """Sort them, so that a file of many gates takes no longer for each."""
        counted = sorted(
            (one.count, _ROOT if one.tally.whole else name)
            for name, one in known.items()
            if one.count
        )
        return cls(tuple(size for size, _ in counted), tuple(name for _, name in counted))

    def fitting(self, one: _Read) -> list[str]:
        """Name populations of which this one's count makes its percentage; three are enough."""
        assert one.count is not None  # noqa: S101  `_unprovable` asked
        assert one.of_parent is not None  # noqa: S101
        found = []
        # Only these counts can make it; `may_be_printed` has the last word.
        last = _last_digit(one.of_parent)
        low = 100 * one.count / (one.of_parent.percent + last) - 1
        high = 100 * one.count / (one.of_parent.percent - last) + 1
        for at in range(bisect_left(self.sizes, low), bisect_right(self.sizes, high)):
            size, name = self.sizes[at], self.names[at]
            exact = Decimal(100 * one.count) / size
            if name != one.tally.name and size >= one.count:
                found += [name] if may_be_printed(one.of_parent, exact) else []
            if len(found) == _ENOUGH:
                break
        # Without the count of all events, two equal percentages say that they are the parent.
        same = one.of_total is not None and one.of_total.percent == one.of_parent.percent
        return [*found, _ROOT] if same and _ROOT not in self.names else found


def _why(one: _Read, fitting: str | list[str]) -> str:
    if isinstance(fitting, str):
        return fitting
    said = f"{one.count} events as {one.of_parent.text if one.of_parent else ''}"
    if not fitting:
        return f"{said} fit no population of the export"
    names = " and ".join(f"“{name}”" if name else "all events" for name in fitting[:3])
    return f"{said} fit {names} alike"


def _tell(unproved: Mapping[tuple[str, str], str], done: PerSample) -> None:
    samples: dict[str, list[str]] = {}
    for (sample, name), why in unproved.items():
        samples.setdefault(sample, []).append(f"“{name}” ({why})")
    for sample, said in samples.items():
        more = f" and {len(said) - _MOST_NAMES} more" if len(said) > _MOST_NAMES else ""
        what = (
            f"the export names no parents, and its numbers do not prove that of "
            f"{', '.join(said[:_MOST_NAMES])}{more}; they answer nothing. Export the count and the "
            "percentage of the parent of each gate up to all events, or declare in a column "
            "mapping which cells are 100 %"
        )
        done.tell_of(sample, "population-unplaced", Severity.WARNING, what, f"sample “{sample}”")
