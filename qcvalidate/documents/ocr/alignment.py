"""Lays what two engines read in one line side by side, character by character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qcvalidate.documents.ocr.glyphs import Glyph, PixelBox, Run

# Signs that mean the same and differ by font or by habit. Nothing else may be put here: case,
# 0 and O, 1 and l, the point and the comma, < and ≤ are differences that count.
_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−﹣ー一", "-"),
        **dict.fromkeys("‘’‚‛`´′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        "μ": "µ",
        "×": "x",
        "∕": "/",
        "⁄": "/",
        "：": ":",
        "º": "°",
        "˚": "°",
        "∙": "·",
        "‧": "·",
        "⩽": "≤",
        "⩾": "≥",
    }
)

# Text heights between two places of the same character.
_NEAR = 1.6
_FAR = 1e6


@dataclass(frozen=True)
class Pair:
    """A place in a line, and what each engine read there; one of them may be None, for nothing."""

    first: Glyph | None
    second: Glyph | None

    @property
    def agrees(self) -> bool:
        """Say whether both read the same."""
        return (
            self.first is not None
            and self.second is not None
            and key(self.first.text) == key(self.second.text)
        )

    @property
    def box(self) -> PixelBox:
        """Give the place; the second engine's is the tighter one."""
        glyphs = [glyph for glyph in (self.second, self.first) if glyph is not None]
        return glyphs[0].box


@dataclass(frozen=True)
class Line:
    """One line, or one cell of it, as both engines read it: each run from left to right."""

    first: tuple[Run, ...]
    second: tuple[Run, ...]

    @property
    def box(self) -> PixelBox:
        """Give the box around the second engine's words, or else the first's line."""
        return around([run.box for run in (self.second or self.first)])


def key(text: str) -> str:
    """Give what is compared of a text."""
    return text.translate(_SAME)


def around(boxes: Sequence[PixelBox]) -> PixelBox:
    """Give the box around boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def lines(first: Sequence[Run], second: Sequence[Run]) -> list[Line]:
    """Bring together the runs of two engines that lie on one another."""
    groups: list[tuple[list[Run], list[Run]]] = [([run], []) for run in first]
    alone: list[Run] = []
    for run in second:
        under = [group for group in groups if any(_shares(run.box, of.box) for of in group[0])]
        if not under:
            alone.append(run)
            continue
        best = max(under, key=lambda group: max(_common(run.box, of.box) for of in group[0]))
        best[1].append(run)
        for group in under:
            # One word of the second engine lies over two parts of one line of the first; over two
            # lines, one above the other, it lies by mistake.
            if group is not best and _is_level(group[0][0].box, best[0][0].box):
                best[0].extend(group[0])
                best[1].extend(group[1])
                groups.remove(group)
    groups += [([], chain) for chain in _chained(alone)]
    return [Line(tuple(_ordered(ours)), tuple(_ordered(others))) for ours, others in groups]


def _shares(word: PixelBox, line: PixelBox) -> bool:
    """Say whether a word lies on a line: half of its height, and a good part of its width."""
    height = min(word[3], line[3]) - max(word[1], line[1])
    width = min(word[2], line[2]) - max(word[0], line[0])
    least = min(word[3] - word[1], line[3] - line[1])
    return height >= 0.5 * least and width >= 0.34 * min(word[2] - word[0], line[2] - line[0])


def _common(one: PixelBox, other: PixelBox) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, width) * max(0.0, height)


def _is_level(one: PixelBox, other: PixelBox) -> bool:
    """Say whether two boxes stand on one line."""
    height = min(one[3], other[3]) - max(one[1], other[1])
    return height >= 0.5 * min(one[3] - one[1], other[3] - other[1])


def _chained(words: list[Run]) -> list[list[Run]]:
    """Put words that follow one another on a line together."""
    chains: list[list[Run]] = []
    for word in sorted(words, key=lambda run: run.box[0]):
        height = word.box[3] - word.box[1]
        for chain in chains:
            last = chain[-1].box
            level = min(last[3], word.box[3]) - max(last[1], word.box[1])
            if level >= 0.6 * max(height, last[3] - last[1]) and word.box[0] - last[2] < height:
                chain.append(word)
                break
        else:
            chains.append([word])
    return chains


def _ordered(runs: list[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: run.box[0])


def aligned(line: Line) -> list[Pair]:
    """Pair the characters of a line; what cannot be paired by place and order stands alone."""
    first = [glyph for run in line.first for glyph in run.glyphs]
    second = [glyph for run in line.second for glyph in run.glyphs]
    height = _height(line)
    start = 0
    while start < min(len(first), len(second)) and _fits(first[start], second[start], height):
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and _fits(
        first[-1 - end], second[-1 - end], height
    ):
        end += 1
    middle = _best(
        first[start : len(first) - end], second[start : len(second) - end], height * _NEAR
    )
    head = [Pair(a, b) for a, b in zip(first[:start], second[:start], strict=True)]
    tail = zip(first[len(first) - end :], second[len(second) - end :], strict=True)
    return [*head, *middle, *(Pair(a, b) for a, b in tail)]


def _height(line: Line) -> float:
    boxes = sorted(run.box[3] - run.box[1] for run in (*line.second, *line.first))
    return max(4.0, boxes[len(boxes) // 2])


def _fits(one: Glyph, other: Glyph, height: float) -> bool:
    near = abs(one.middle - other.middle) <= _NEAR * height
    return near and key(one.text) == key(other.text)


def _best(first: list[Glyph], second: list[Glyph], near: float) -> list[Pair]:
    """Pair two rows of characters with the fewest changes (Needleman and Wunsch, 1970)."""
    if not first or not second:
        return [Pair(a, None) for a in first] + [Pair(None, b) for b in second]
    keys = [key(glyph.text) for glyph in second]
    cost = [[float(column) for column in range(len(second) + 1)]]
    for row, one in enumerate(first, 1):
        own, above = key(one.text), cost[-1]
        line = [float(row)]
        for column, other in enumerate(second, 1):
            away = abs(one.middle - other.middle)
            if away > near:
                change = _FAR
            else:
                # Of two equal ways, the one that keeps characters in their places.
                change = (0.0 if own == keys[column - 1] else 1.2) + 0.3 * away / near
            line.append(min(above[column - 1] + change, above[column] + 1, line[-1] + 1))
        cost.append(line)
    return _way_back(first, second, cost)


def _way_back(first: list[Glyph], second: list[Glyph], cost: list[list[float]]) -> list[Pair]:
    pairs: list[Pair] = []
    row, column = len(first), len(second)
    while row or column:
        here = cost[row][column]
        if row and here == cost[row - 1][column] + 1:
            row -= 1
            pairs.append(Pair(first[row], None))
        elif column and here == cost[row][column - 1] + 1:
            column -= 1
            pairs.append(Pair(None, second[column]))
        else:
            row, column = row - 1, column - 1
            pairs.append(Pair(first[row], second[column]))
    return pairs[::-1]
