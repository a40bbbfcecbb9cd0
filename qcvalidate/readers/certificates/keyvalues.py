"""Finds header fields: a known label, and a value of the right shape beside, in or under it.

A value is taken only from where the label points: after its colon, from the next block on the
line, from the next ruled cell, or from directly below. A blank stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from qcvalidate.documents import Word
from qcvalidate.readers.certificates.lines import Block, Line, joined

# The longest known labels have this many words.
_LONGEST_LABEL = 6
# A value further to the right than this share of a line's height belongs to something else.
_FURTHEST_RIGHT = 30.0
_FURTHEST_DOWN = 2.6
# A cell with more lines than this is a frame round many things, not one value.
_MOST_LINES = 3


class Labels(Protocol):
    """What is asked of the vocabulary."""

    def label(self, text: str) -> str | None:
        """Name the header field that this label stands for."""

    def is_label(self, text: str) -> bool:
        """Say whether this is a label, also of a field that we do not keep."""

    def is_label_at_colon(self, text: str) -> bool:
        """Say whether this is a label where a colon follows it: the name of a test is, too."""


# The labels in each block, by the block's id, with the value that follows in the same block.
_Cuts = dict[int, list[tuple[Block, Block | None]]]


@dataclass(frozen=True)
class KeyValue:
    """One label with what may be its value, the likeliest first.

    `field` is None for a label that we do not keep; no `values` means a blank.
    """

    field: str | None
    label: Block
    values: tuple[Block, ...]


def key_values(lines: Sequence[Line], labels: Labels) -> Iterator[KeyValue]:
    """Find the labels of a page and their values, from the top."""
    blocks = [block for line in lines for block in line.blocks]
    wrapped = _wrapped(blocks, labels)
    begun = {id(above) for above in wrapped.values()}
    cut = {id(block): [] if id(block) in begun else list(_cut(block, labels)) for block in blocks}
    cut |= {
        id(block): [(joined([above, block]), None)]
        for block in blocks
        if (above := wrapped.get(id(block))) is not None
    }
    for number, line in enumerate(lines):
        for position, block_of_label in enumerate(line.blocks):
            for label, value in cut[id(block_of_label)]:
                found: list[Block | None] = [value]
                if value is None and label.words[-1] is block_of_label.words[-1]:
                    found = [
                        _beside(line, position, cut),
                        _below(lines, number, block_of_label, cut),
                    ]
                values = tuple(
                    _whole_cell(block, block_of_label, blocks, cut)
                    for block in found
                    if block is not None
                )
                yield KeyValue(labels.label(plain(label.text)), label, values)


def _whole_cell(value: Block, label: Block, blocks: Sequence[Block], cut: _Cuts) -> Block:
    """Give all the lines of the cell that a value stands in: `22 February` over `2022`."""
    if value.cell is None or value.words[0] is label.words[0]:
        return value
    same = [b for b in blocks if b.cell == value.cell and b.page == value.page and b is not label]
    if value not in same or len(same) > _MOST_LINES or any(cut[id(block)] for block in same):
        return value
    return joined(same)


def _wrapped(blocks: Sequence[Block], labels: Labels) -> dict[int, Block]:
    """Find labels over two lines: `Sample` above `volume:` is no label `volume`."""
    found: dict[int, Block] = {}
    for block in blocks:
        if not block.text.endswith((":", "：")):
            continue
        for above in blocks:
            gap = block.box[1] - above.box[3]
            aligned = abs(above.box[0] - block.box[0]) <= 2 and above.cell == block.cell
            if above.page != block.page or not aligned or abs(gap) > 0.5 * block.height:
                continue
            if labels.is_label(plain(f"{above.text} {block.text}")):
                found[id(block)] = above
    return found


def starts_with_label(line: Line, labels: Labels) -> bool:
    """Say whether a line begins with a label and its colon: it is no row of a table."""
    return any(
        label.words[0] is line.blocks[0].words[0] and label.text.rstrip().endswith(":")
        for label, _ in _cut(line.blocks[0], labels)
    )


def plain(label: str) -> str:
    """Give a label without its colon."""
    return label.strip().rstrip(":：").strip()


def _cut(block: Block, labels: Labels) -> Iterator[tuple[Block, Block | None]]:
    """Cut a block at its labels; the value of each goes to the next label."""
    words = block.words
    found = list(_labels_in(words, labels))
    for index, (start, end) in enumerate(found):
        until = found[index + 1][0] if index + 1 < len(found) else len(words)
        value = words[end:until]
        # A colon may stand alone after its label, as the French set it.
        if value and set(value[0].text) <= set(":："):
            value = value[1:]
        trimmed = _trimmed(value)
        yield (
            Block(words[start:end], block.cell),
            Block(trimmed, block.cell) if trimmed else None,
        )


def _trimmed(value: Sequence[Word]) -> tuple[Word, ...]:
    """End a value at a semicolon: `Batch#: 2145; Batch Size: 6 g`."""
    words: list[Word] = []
    for word in value:
        bare = word.text.rstrip(";|")
        if bare == word.text:
            words.append(word)
            continue
        if bare:
            words.append(replace(word, text=bare))
        break
    return tuple(words)


def _labels_in(words: Sequence[Word], labels: Labels) -> Iterator[tuple[int, int]]:
    """Give start and end of each label: words up to a colon, or a whole block, or its start."""
    texts = [word.text for word in words]
    start = 0
    for index, text in enumerate(texts):
        alone = set(text) <= set(":：")
        if not text.endswith((":", "：")):
            continue
        last = index if alone else index + 1
        if not start and last > _LONGEST_LABEL:
            # Prose, with a colon somewhere in it: `..., complies. Conclusion: the sample ...`
            break
        # A block must begin with its first label; later ones follow a value.
        for first in range(max(start, last - _LONGEST_LABEL), last) if start else (0,):
            if labels.is_label_at_colon(plain(" ".join(texts[first:last]))):
                yield first, index + 1
                start = index + 1
                break
    if start:
        return
    if labels.is_label(" ".join(texts)):
        yield 0, len(words)
        return
    # `Lot No. A12`: a label without a colon must look like one of an identifier.
    for last in range(min(_LONGEST_LABEL, len(texts) - 1), 0, -1):
        numbered = re.search(r"(#|°|no\.?|nr\.?|number|nummer|id)$", texts[last - 1], re.IGNORECASE)
        if numbered and labels.is_label(" ".join(texts[:last])):
            yield 0, last
            return


def _beside(line: Line, position: int, cut: _Cuts) -> Block | None:
    """Give the value in the next block of the line: in the same cell, or in the next one."""
    here = line.blocks[position]
    if position + 1 >= len(line.blocks):
        return None
    there = line.blocks[position + 1]
    if cut[id(there)] or there.text.endswith((":", "：")):
        return None
    if there.box[0] - here.box[2] > _FURTHEST_RIGHT * here.height:
        return None
    if (here.cell is None) != (there.cell is None):
        return None
    if here.cell and there.cell and here.cell != there.cell and here.cell[2] < there.cell[0] - 3:
        return None
    return there


def _below(lines: Sequence[Line], number: int, label: Block, cut: _Cuts) -> Block | None:
    """Give the value directly under a label: aligned with it, near, and itself no label."""
    for line in lines[number + 1 :]:
        if line.box[1] - label.box[3] > _FURTHEST_DOWN * label.height:
            return None
        for block in line.blocks:
            if min(block.box[2], label.box[2]) <= max(block.box[0], label.box[0]):
                continue
            if cut[id(block)] or block.text.endswith((":", "：")):
                return None
            return block if _is_under(label, block) else None
    return None


def _is_under(label: Block, block: Block) -> bool:
    if label.cell and block.cell:
        same_column = (
            abs(label.cell[0] - block.cell[0]) <= 3 and abs(label.cell[2] - block.cell[2]) <= 3
        )
        return same_column and block.cell[1] - label.cell[3] <= 3
    if label.cell or block.cell:
        return False
    centred = abs((label.box[0] + label.box[2]) - (block.box[0] + block.box[2])) <= 8
    return centred or abs(label.box[0] - block.box[0]) <= 4
