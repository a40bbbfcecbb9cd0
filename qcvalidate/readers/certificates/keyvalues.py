"""Finds header fields: a known label, and a value of the right shape beside, in or under it.

A value is taken only from where the label points: after its colon, from the next block on the
line, from the next ruled cell, or from directly below. A blank stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from qcvalidate.documents import Box, Word
from qcvalidate.readers.certificates.dating import is_date, names_period, period
from qcvalidate.readers.certificates.lines import Block, Line, joined
from qcvalidate.readers.certificates.marks import has_boxes

# The longest labels, in two languages, have this many words.
_LONGEST_LABEL = 10
# A value further to the right than this share of a line's height belongs to something else.
_FURTHEST_RIGHT = 30.0
_FURTHEST_DOWN = 2.6
# A cell with more lines than this is a frame round many things, not one value.
_MOST_LINES = 4
_SAME_EDGE = 3.0  # points


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
    cut: _Cuts = {id(block): list(_cut(block, labels)) for block in blocks}
    stacks = {id(stack.blocks[-1]): stack for stack in _stacks(blocks, labels)}
    begun = {id(block) for stack in stacks.values() for block in stack.blocks[:-1]}
    cut |= {last: [(stack.label, stack.inside)] for last, stack in stacks.items()}
    cut |= {id(block): cut[id(block)] or [(block, None)] for block in blocks if id(block) in begun}
    cells = _cells(blocks)
    for number, line in enumerate(lines):
        for position, here in enumerate(line.blocks):
            if id(here) in begun:
                continue
            for label, value in cut[id(here)]:
                found: list[Block | None] = [value]
                if value is None and label.words[-1] is here.words[-1]:
                    found = [
                        _beside(line, position, cut),
                        _right_cell(label, cells, cut),
                        _beside_stack(label, blocks, cut) if id(here) in stacks else None,
                        _below(lines, number, here, cut),
                    ]
                    if not any(found):
                        found = [_above(lines, number, here, cut)]
                values = dict.fromkeys(
                    without_colon(_whole_cell(block, here, blocks, cut))
                    for block in found
                    if block is not None
                )
                yield KeyValue(labels.label(plain(label.text)), label, tuple(values))


def without_colon(value: Block) -> Block:
    """Take off the colon that stands before a value and not after its label."""
    words = value.words
    if len(words) > 1 and set(words[0].text) <= set(":："):
        return Block(words[1:], value.cell)
    bare = words[0].text.lstrip(":：")
    if bare and bare != words[0].text:
        return Block((replace(words[0], text=bare), *words[1:]), value.cell)
    return value


def _whole_cell(value: Block, label: Block, blocks: Sequence[Block], cut: _Cuts) -> Block:
    """Give all the lines of the cell that a value stands in: `22 February` over `2022`."""
    if value.cell is None or value.words[0] is label.words[0]:
        return value
    same = [b for b in blocks if b.cell == value.cell and b.page == value.page and b is not label]
    if value not in same or len(same) > _MOST_LINES or any(cut[id(block)] for block in same):
        return value
    return joined(same)


# --- labels over several lines -------------------------------------------------------------


@dataclass(frozen=True)
class _Stack:
    """One label over several lines, and what stands under it in the same cell."""

    blocks: tuple[Block, ...]
    inside: Block | None = None

    @property
    def label(self) -> Block:
        return joined(self.blocks)


def _stacks(blocks: Sequence[Block], labels: Labels) -> Iterator[_Stack]:
    """Find labels over several lines: `Sample` above `volume:`, `Chargen-Nr.` above `Batch No.`."""
    taken: set[int] = set()
    for cell in _cells(blocks).values():
        for count in range(min(len(cell), _MOST_LINES), 1, -1):
            # A label that has its colon is whole: what stands under it is another.
            if any(block.text.endswith((":", "：")) for block in cell[: count - 1]):
                continue
            if labels.is_label(plain(joined(cell[:count]).text)):
                rest = cell[count:]
                yield _Stack(tuple(cell[:count]), joined(rest) if rest else None)
                taken |= {id(block) for block in cell[:count]}
                break
    for above, block in _pairs_of_lines(blocks):
        if id(above) in taken or id(block) in taken or above.text.endswith((":", "：")):
            continue
        whole = plain(f"{above.text} {block.text}")
        ends = block.text.endswith((":", "："))
        same = labels.label(plain(above.text)) is not None and labels.label(
            plain(above.text)
        ) == labels.label(plain(block.text))
        if (ends or same) and labels.is_label(whole):
            yield _Stack((above, block))


def _pairs_of_lines(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Give blocks of which one stands close under the other, with the same left edge."""
    # By page, edge and lower end: a list of a thousand lines has one edge, and no end twice.
    held: dict[tuple[int, int, int], list[tuple[int, Block]]] = {}
    for number, block in enumerate(blocks):
        edge, top, reach = round(block.box[0] / 4), block.box[1], 0.5 * block.height
        ends = range(int((top - reach) // _BAND), int((top + reach) // _BAND) + 1)
        for near in (edge - 1, edge, edge + 1):
            close = (held.get((block.page, near, end), ()) for end in ends)
            for _, above in sorted(chain.from_iterable(close), key=lambda one: one[0]):
                aligned = abs(above.box[0] - block.box[0]) <= 2 and above.cell == block.cell
                if aligned and abs(top - above.box[3]) <= reach:
                    yield above, block
        place = (block.page, edge, int(block.box[3] // _BAND))
        held.setdefault(place, []).append((number, block))


# In points: no lower end of a block is further from a block's upper one than a few of these.
_BAND = 8


def _cells(blocks: Sequence[Block]) -> dict[Box, list[Block]]:
    """Gather the lines of each ruled cell, from the top; all are of one page."""
    cells: dict[Box, list[Block]] = {}
    for block in blocks:
        if block.cell is not None:
            cells.setdefault(block.cell, []).append(block)
    return cells


def _right_cell(label: Block, cells: Mapping[Box, Sequence[Block]], cut: _Cuts) -> Block | None:
    """Give the cell next to a label's own, when it holds no label itself."""
    if label.cell is None:
        return None
    middle = (label.cell[1] + label.cell[3]) / 2
    for cell, blocks in cells.items():
        touches = abs(cell[0] - label.cell[2]) <= _SAME_EDGE
        if touches and cell[1] <= middle <= cell[3] and len(blocks) <= _MOST_LINES:
            return None if any(cut[id(block)] for block in blocks) else joined(blocks)
    return None


def _beside_stack(label: Block, blocks: Sequence[Block], cut: _Cuts) -> Block | None:
    """Give the nearest block to the right of a label of two lines, at the height of either."""
    if label.cell is not None:
        return None
    right = [
        block
        for block in blocks
        if block.cell is None
        and label.box[1] <= (block.box[1] + block.box[3]) / 2 <= label.box[3]
        and 0 <= block.box[0] - label.box[2] <= _FURTHEST_RIGHT * label.height
    ]
    nearest = min(right, key=lambda block: block.box[0], default=None)
    if nearest is None or cut[id(nearest)]:
        return None
    # Two values beside one label: there is no telling.
    alone = sum(abs(block.box[0] - nearest.box[0]) <= _SAME_EDGE for block in right) == 1
    return nearest if alone else None


# --- labels in a line ----------------------------------------------------------------------


def starts_with_label(line: Line, labels: Labels) -> bool:
    """Say whether a line begins with a label and its colon: it is no row of a table."""
    return any(
        label.words[0] is line.blocks[0].words[0] and label.text.rstrip().endswith(":")
        for label, _ in _cut(line.blocks[0], labels)
    )


def names_sample(line: Line, labels: Labels) -> bool:
    """Say whether a line is nothing but the number of a lot or of a sample, behind its label."""
    if len(line.blocks) > 1:
        return False
    return any(
        value is not None and labels.label(plain(label.text)) in ("lot", "sample_id")
        for label, value in _cut(line.blocks[0], labels)
    )


def signer(line: Line, labels: Labels) -> str | None:
    """Give who signed, where a line says nothing else: `Reviewed by J. Doe`, without a colon."""
    texts = [word.text for block in line.blocks for word in block.words]
    if len(line.blocks) > 2 or not 1 < len(texts) <= _LONGEST_LABEL:
        return None
    # A name in a block of its own begins where the label ends.
    ends = range(len(texts) - 1, 0, -1) if len(line.blocks) == 1 else [len(line.blocks[0].words)]
    for end in ends:
        label = plain(" ".join(texts[:end]))
        if _BY.search(label) and labels.label(label) == "signed_by":
            return " ".join(texts[end:])
    return None


_BY = re.compile(r"\b(?:by|von|durch|par|por|da|dal)$", re.IGNORECASE)


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
            label = plain(" ".join(texts[first:last]))
            if label.startswith(("(", "[")) and labels.label(label) is None:
                # `61 % (limit: 70 %)` is one value.
                continue
            if labels.is_label_at_colon(label):
                yield first, index + 1
                start = index + 1
                break
    if start:
        return
    if labels.is_label(" ".join(texts)):
        yield 0, len(words)
        return
    # `Lot No. A12`: a label without a colon must look like one of an identifier, or what
    # follows it must be nothing but a value of its field: `Samples received 5 May 2026`.
    for last in range(min(_LONGEST_LABEL, len(texts) - 1), 0, -1):
        label = " ".join(texts[:last])
        if labels.is_label(label) and _is_value(labels.label(label), label, words[last:]):
            yield 0, last
            return
        numbered = re.search(r"(#|°|no\.?|nr\.?|number|nummer|id)$", texts[last - 1], re.IGNORECASE)
        if numbered and labels.is_label(" ".join(texts[:last])):
            yield 0, last
            return


_IDENTIFIERS = ("lot", "sample_id", "report_number")
_IDENTIFIER = re.compile(r"(?=.*\d)[^\W_][\w\-‐‑–/.+#]{3,}")


def _is_value(field: str | None, label: str, words: Sequence[Word]) -> bool:
    """Say whether words are, as a whole, what a label without a colon asks for."""
    text = " ".join(word.text for word in words)
    if field is None:
        return names_period(label) and period(words) is not None
    if field.startswith("date_"):
        return is_date(text)
    # "Report 26-118" is a title, as a rule.
    named = field in _IDENTIFIERS and not (field == "report_number" and " " not in label)
    return named and _IDENTIFIER.fullmatch(text) is not None and not is_date(text)


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
    if not has_boxes(there):
        return there
    # Boxes to tick belong together, however far apart they stand.
    options = [there]
    for block in line.blocks[position + 2 :]:
        if cut[id(block)] or block.cell != there.cell or not has_boxes(block):
            break
        options.append(block)
    return joined(options)


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


def _above(lines: Sequence[Line], number: int, label: Block, cut: _Cuts) -> Block | None:
    """Give the date that stands over its caption, as at a signature: `21 Sep 2025` / `Report Date`.

    Only a date can be told from whatever else stands over a label.
    """
    if not number or label.cell is not None or not _DATED.search(label.text):
        return None
    for block in lines[number - 1].blocks:
        near = 0 <= label.box[1] - block.box[3] + label.height / 2 <= _OVER * label.height
        if near and _is_under(block, label) and not cut[id(block)] and is_date(block.text):
            return block
    return None


_OVER = 1.5
_DATED = re.compile(r"\b(?:date|dated|datum|data|fecha)\b", re.IGNORECASE)


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
