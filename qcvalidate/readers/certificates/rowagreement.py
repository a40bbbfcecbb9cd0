"""Says how sure we are of a row that was recognised in a picture, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qcvalidate.readers.certificates.agreement import state_by_vocabulary, state_of, worst
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting
from qcvalidate.record import State


def row_state(row: Row, setting: Setting, *, is_number: bool) -> State:
    """Say how sure a row is: its result, and all that says whose result it is."""
    if all(word.state is State.CONFIRMED for word in row.block.words):
        return State.CONFIRMED
    return worst(_row_states(row, setting, is_number=is_number))


def _row_states(row: Row, setting: Setting, *, is_number: bool) -> Iterator[State]:
    book = setting.phrasebook
    vocabulary = book.vocabulary
    closed: dict[str, Callable[[str], object]] = {
        "test": book.subject,
        "part": book.subject,
        "role": book.role,
        "unit": vocabulary.unit,
        "status": vocabulary.status,
        "verdict": lambda text: vocabulary.verdict(text) or book.is_pending(text) or None,
    }
    for answer in row.answers:
        yield (
            _number_state(answer, vocabulary.unit) if is_number else _wording_state(answer, setting)
        )
    for meaning, block in row.cells.items():
        if meaning in closed:
            yield state_by_vocabulary(block, closed[meaning])
        elif meaning in _STRICT:
            yield state_of(block)


# What names a sample or a time is no vocabulary: both engines must have read it.
_STRICT = ("lot", "sample_id", "started", "ended", "measured_at", "day", "method")


def _wording_state(answer: Block, setting: Setting) -> State:
    book = setting.phrasebook

    def meaning(text: str) -> object:
        verdict = book.vocabulary.verdict(text)
        if verdict is not None:
            return verdict
        result = book.vocabulary.result(text)
        known = result.kind != "unknown"
        return (result.kind, result.organism, result.day, result.to_date) if known else None

    return state_by_vocabulary(answer, meaning)


def _number_state(answer: Block, unit: Callable[[str], object]) -> State:
    """Hold a number to its very digits; the unit behind it is of a closed vocabulary."""
    digits = [word for word in answer.words if not word.text.isalpha()]
    letters = [word for word in answer.words if word.text.isalpha()]
    states = [state_of(Block(tuple(digits)))] if digits else []
    if letters:
        states.append(state_by_vocabulary(Block(tuple(letters)), unit))
    return worst(states)
