"""Takes the numbers off a form whose lines are numbered: `7.`, `7.1`, `7.2`, `8.`.

They count its fields and say nothing of the sample; with them, no line begins with its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qcvalidate.readers.certificates.lines import Block, Line

_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]?")
# Fewer numbers than this may be data.
_FEWEST = 4
_EDGE = 3.0  # points
# Where lines under a numbered section stand further in.
_INDENTED = 30.0


def without_numbers(by_page: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Give the lines of all pages without the numbers in front, where these count through.

    A number out of the count may be a result, so that all of them stay where they are.
    """
    found = [line for page in by_page for line in page if _number(line) is not None]
    edge = min((line.blocks[0].box[0] for line in found), default=0.0)
    counting = [line for line in found if line.blocks[0].box[0] - edge <= _INDENTED]
    numbers = [number for line in counting if (number := _number(line)) is not None]
    if len(numbers) < _FEWEST or not _count_through(numbers) or not _aligned(counting, numbers):
        return [list(page) for page in by_page]
    numbered = {id(line) for line in counting}
    return [
        [bare for line in page for bare in (_bare(line) if id(line) in numbered else (line,))]
        for page in by_page
    ]


def _number(line: Line) -> tuple[int, ...] | None:
    first = line.blocks[0].words[0].text
    if _NUMBER.fullmatch(first) is None or not any(mark in first for mark in ".)"):
        return None
    return tuple(int(part) for part in first.rstrip(".)").split("."))


def _count_through(numbers: Sequence[tuple[int, ...]]) -> bool:
    """Say whether each number is the next of the one before: 7.3, then 7.4, 7.3.1, 8 or 8.1."""
    if numbers[0] not in ((1,), (1, 1)):
        return False
    return all(after in _next(before) for before, after in pairwise(numbers))


def _next(number: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    yield (*number, 1)
    for depth in range(1, len(number) + 1):
        higher = (*number[: depth - 1], number[depth - 1] + 1)
        yield higher
        yield (*higher, 1)


def _aligned(lines: Sequence[Line], numbers: Sequence[tuple[int, ...]]) -> bool:
    """Say whether the numbers of each depth stand one under the other."""
    edges: dict[int, set[float]] = {}
    for line, number in zip(lines, numbers, strict=True):
        edges.setdefault(len(number), set()).add(line.blocks[0].words[0].bbox[0])
    return all(max(found) - min(found) <= _EDGE for found in edges.values())


def _bare(line: Line) -> Iterator[Line]:
    first, *others = line.blocks
    rest = first.words[1:]
    blocks = (*([Block(rest, first.cell)] if rest else []), *others)
    if blocks:
        yield Line(blocks)
