"""A kind of change: its name, and the function that makes it on a lot, or says that it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from benchmarks.mutants.lots import Lot, Row, Sheet

Change = Callable[[Lot, Random], Lot | None]
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Kind:
    """One kind of change; `may_wait` lets a lot with a staged plan be CONDITIONAL after it."""

    name: str
    change: Change
    may_wait: bool = False


class Kinds(dict[str, Kind]):
    """Kinds by their name; a decorator adds one."""

    def __call__(self, name: str, *, may_wait: bool = False) -> Callable[[Change], Change]:
        def add(change: Change) -> Change:
            assert name not in self, name
            self[name] = Kind(name, change, may_wait)
            return change

        return add


UNSAFE, HARMLESS = Kinds(), Kinds()


def one_of(random: Random, found: Sequence[_Item]) -> _Item | None:
    return random.choice(found) if found else None


def cells(lot: Lot) -> Iterator[tuple[str, int, Row]]:
    """Give every row of every table, with the table's path and the row's place in it."""
    for name, sheet in lot.of(Sheet).items():
        for place, row in enumerate(sheet.rows):
            yield name, place, row


def row_changed(
    lot: Lot,
    random: Random,
    wanted: Callable[[Row], bool],
    change: Callable[[Row], Row | None],
    *,
    columns: Sequence[str] = (),
) -> Lot | None:
    """Change one row of those that are wanted, in a table that carries these columns."""
    found = [
        (name, place, changed)
        for name, place, row in cells(lot)
        if all(lot.of(Sheet)[name].carries(column) for column in columns)
        if wanted(row) and (changed := change(row)) is not None
    ]
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place, row = chosen
    sheet = lot.of(Sheet)[name]
    return with_rows(lot, name, (*sheet.rows[:place], row, *sheet.rows[place + 1 :]))


def with_rows(lot: Lot, name: str, rows: Sequence[Row]) -> Lot:
    """Give a table other rows."""
    return lot.with_file(name, replace(lot.of(Sheet)[name], rows=tuple(rows)))


def written(lot: Lot, random: Random, forms: Sequence[str], **options: object) -> Lot | None:
    """Write one table of these forms otherwise."""
    names = [name for name, sheet in lot.of(Sheet).items() if sheet.form in forms]
    name = one_of(random, names)
    if name is None:
        return None
    sheet = lot.of(Sheet)[name]
    return lot.with_file(name, replace(sheet, options={**sheet.options, **options}))
