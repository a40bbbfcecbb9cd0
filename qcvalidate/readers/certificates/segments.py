"""Cuts a certificate of several samples, or of several tests, into the parts that speak of each.

Where one label comes again and again down the page, each time with another value (`Lot`, `Sample
ID`, `Test`), what stands under it belongs to it until it comes again. Two lots without results
of their own are no parts: they contradict each other, and hold the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qcvalidate.readers.certificates.header import chosen, is_lot
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.setting import Setting
from qcvalidate.vocabulary import TestName

# Labels of one part may stand above the one that tells it from the others, so many lines high.
_ABOVE = 5.0
_ALIGNED = 6.0
At = tuple[int, float]  # page, and points from its top


@dataclass(frozen=True)
class Segment:
    """One part: where it begins and ends, its own labels, and the one that names it."""

    start: At
    end: At
    pairs: tuple[KeyValue, ...]
    names: KeyValue

    def holds(self, block: Block) -> bool:
        """Say whether a text stands in this part."""
        return self.start <= place_of(block) < self.end


@dataclass(frozen=True)
class Scope:
    """What holds for the results of a document: for all of them, or part by part."""

    whole: Setting
    parts: tuple[tuple[Segment, Setting], ...] = ()

    def at(self, block: Block) -> Setting:
        """Give what holds for a result that stands here."""
        return next((own for part, own in self.parts if part.holds(block)), self.whole)

    def part_at(self, block: Block) -> Segment | None:
        """Give the part in which a text stands; None where the document has no parts."""
        return next((part for part, _ in self.parts if part.holds(block)), None)


def part_about(part: Segment, book: Phrasebook) -> TestName | None:
    """Give the test that a part is about; None where something else tells it from the others."""
    if part.names.field is not None:
        return None
    return book.subject(bare_name(part.names.values[0].text))


def shared(pairs: Sequence[KeyValue], parts: Sequence[Segment]) -> list[KeyValue]:
    """Give the labels of the whole document: those of no part, and those alike in every part."""
    own = [pair for part in parts for pair in part.pairs]
    inside = {id(pair) for pair in own}
    values: dict[str, list[str]] = {}
    for pair in own:
        values.setdefault(_key(pair), []).append(_value(pair))
    alike = {key for key, said in values.items() if len(set(said)) == 1 and len(said) == len(parts)}
    return [pair for pair in pairs if id(pair) not in inside or _key(pair) in alike]


def place_of(block: Block) -> At:
    """Give where on which page a text begins."""
    return block.page, block.box[1]


def segments(
    pairs: Sequence[KeyValue],
    results: Sequence[At],
    book: Phrasebook,
    headings: Sequence[Block] = (),
) -> tuple[Segment, ...]:
    """Give the parts of a document, from the top; none when it is all about one thing.

    `results` is where its results stand: every part must have one, and none may come before.
    `headings` are lines that name a test, alone: they begin a part where no label does.
    """
    for is_named in (_by_field("lot"), _by_field("sample_id"), _by_test(book)):
        for names in _series([pair for pair in pairs if is_named(pair)]):
            found = _cut(pairs, names, sorted(results))
            if found:
                return found
    named = [KeyValue(None, block, (block,)) for block in sorted(headings, key=place_of)]
    return _cut(pairs, _with_results(named, pairs, results), sorted(results)) if named else ()


# What stands in the head of a paper, under its title.
_OF_PAPER = ("lot", "report_number", "sample_id", "client", "product", "date_received")


def _with_results(
    names: Sequence[KeyValue], pairs: Sequence[KeyValue], results: Sequence[At]
) -> list[KeyValue]:
    """Leave out headings with no result under them, and the title over the head of the paper."""
    heads = [place_of(pair.label) for pair in pairs if pair.field in _OF_PAPER]
    starts = [place_of(name.label) for name in names]
    ends = [*starts[1:], (10**6, 0.0)]
    return [
        name
        for name, start, end in zip(names, starts, ends, strict=True)
        if any(start <= result < end for result in results)
        and not any(start <= head < end for head in heads)
    ]


def _by_field(field: str) -> Callable[[KeyValue], bool]:
    def named(pair: KeyValue) -> bool:
        value = chosen(pair)
        return pair.field == field and value is not None and is_lot(value.text)

    return named


def _by_test(book: Phrasebook) -> Callable[[KeyValue], bool]:
    def named(pair: KeyValue) -> bool:
        label = plain(pair.label.text)
        is_test = pair.field is None and book.vocabulary.column(label) == "test"
        return is_test and bool(pair.values) and book.subject(pair.values[0].text) is not None

    return named


def _series(pairs: Sequence[KeyValue]) -> list[list[KeyValue]]:
    """Give the runs of one label down the page, each time with another value."""
    by_label: dict[str, list[KeyValue]] = {}
    for pair in sorted(pairs, key=lambda pair: place_of(pair.label)):
        run = by_label.setdefault(_key(pair), [])
        # The head of the next page repeats what goes on there.
        if not run or _value(run[-1]) != _value(pair):
            run.append(pair)
    return [
        run
        for run in by_label.values()
        if len(run) > 1
        and len({_value(pair) for pair in run}) == len(run)
        and len({place_of(pair.label) for pair in run}) == len(run)
        and max(p.label.box[0] for p in run) - min(p.label.box[0] for p in run) <= _ALIGNED
    ]


def _key(pair: KeyValue) -> str:
    return plain(pair.label.text).casefold()


def _value(pair: KeyValue) -> str:
    value = chosen(pair)
    return value.text.casefold() if value is not None else ""


def _cut(
    pairs: Sequence[KeyValue], names: Sequence[KeyValue], results: Sequence[At]
) -> tuple[Segment, ...]:
    if not names:
        return ()
    counts = {key: [_key(pair) for pair in pairs].count(key) for key in map(_key, pairs)}
    first = place_of(names[0].label)
    above = {
        _key(pair)
        for pair in pairs
        if counts[_key(pair)] == len(names) and place_of(pair.label) < first
    }
    starts = []
    for name in names:
        at = place_of(name.label)
        before = max((r for r in results if r < at), default=(0, 0.0))
        reach = (at[0], at[1] - _ABOVE * name.label.height)
        # What is repeated with it, and stands above it, belongs to it.
        beside = [
            place_of(pair.label)
            for pair in pairs
            if _key(pair) in above and max(reach, before) < place_of(pair.label) < at
        ]
        starts.append(min([at, *beside]))
    ends = [*starts[1:], (10**6, 0.0)]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        return ()
    inside = [
        [r for r in results if start <= r < end] for start, end in zip(starts, ends, strict=True)
    ]
    if not all(inside) or min(results) < starts[0]:
        return ()
    return tuple(
        Segment(start, end, _own(pairs, start, end, max(own), counts), name)
        for name, start, end, own in zip(names, starts, ends, inside, strict=True)
    )


def _own(
    pairs: Sequence[KeyValue], start: At, end: At, last: At, counts: dict[str, int]
) -> tuple[KeyValue, ...]:
    """Give the labels of a part; what comes once, under all results, is of the whole document."""
    is_last = end[0] == 10**6
    return tuple(
        pair
        for pair in pairs
        if start <= place_of(pair.label) < end
        and (not is_last or place_of(pair.label) <= last or counts[_key(pair)] > 1)
    )
