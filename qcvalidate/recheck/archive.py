"""Reads the rows of our own observations report again, as `check` read them then.

Its bounds and units are ours already, and its result is the paper's text; so nothing is parsed
anew but the cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from qcvalidate.errors import DocumentError
from qcvalidate.frames import COLUMNS, Observation
from qcvalidate.readers.resultcolumns import Layout
from qcvalidate.recheck.partitions import Column, Texts
from qcvalidate.record import Role, State, Status
from qcvalidate.vocabulary import Vocabulary

# What tells an observations report from any other table.
_OWN = ("qcvalidate", "as_of", "assessed_lot", "path", "scope", "verdict")
_PLACE = ("source", "page", "region")
_APART = ("lot", "sample_id", "started", "ended", "sampled", "measured_at", *_PLACE)
CONTENT = tuple(name for name in COLUMNS if name not in _APART)
# What the report puts before a cell that a spreadsheet would take for a formula.
_DEFUSED = re.compile("'(?=[=+@＝＋－＠-])")


@dataclass(frozen=True)
class Archive:
    """An observations report: its layout, and what it says of each row's lot."""

    texts: Texts
    layout: Layout

    @property
    def verdicts(self) -> Column:
        """The verdict that each row's lot had then."""
        return self.texts.columns[self.texts.headings.index("verdict")]

    def contents(
        self, firsts: Sequence[int], vocabulary: Vocabulary
    ) -> list[tuple[Observation | None, bool]]:
        """Give the observation of each of these rows; of a lot without results there is none."""
        return [self._content(row, vocabulary) for row in firsts]

    def place(self, row: int) -> dict[str, object]:
        """Give the place on the lot's own papers that a row came from."""
        cells = {name: self._cell(name, row) for name in _PLACE}
        return {
            "source": cells["source"],
            "page": _whole(cells["page"]) if cells["page"] else None,
            "region": cells["region"] or None,
        }

    def _cell(self, name: str, row: int) -> str:
        return _DEFUSED.sub("", self.texts.columns[self.layout.roles[name]].text(row), count=1)

    def _content(self, row: int, vocabulary: Vocabulary) -> tuple[Observation | None, bool]:
        cells = {name: self._cell(name, row) for name in CONTENT}
        if not cells["test"]:
            return None, False
        if cells["test"] not in vocabulary.tests:
            raise self._refused(row, "test", cells["test"])
        values: dict[str, object] = {}
        for name, text in cells.items():
            try:
                values[name] = _VALUES.get(name, _text)(text)
            except (ValueError, InvalidOperation) as error:
                raise self._refused(row, name, text) from error
        if (values["lower"] is None) != (values["upper"] is None):
            # An open end is no number, and is left blank.
            values["lower"] = _first(values["lower"], Decimal("-Infinity"))
            values["upper"] = _first(values["upper"], Decimal("Infinity"))
        return Observation(source="", **values), True  # type: ignore[arg-type]

    def _refused(self, row: int, name: str, text: str) -> DocumentError:
        return DocumentError(
            f"{self.texts.name} row {self.texts.numbers[row]}: the {name} is “{text[:80]}”, which "
            "no observations report of ours holds; write it again with `check --report`"
        )


def archive_of(texts: Texts) -> Archive | None:
    """Know an observations report by its columns; None for any other table."""
    if not {"qcvalidate", "assessed_lot"} <= set(texts.headings):
        return None
    lacking = [name for name in (*_OWN, *COLUMNS) if name not in texts.headings]
    unknown = [name for name in texts.headings if name not in (*_OWN, *COLUMNS)]
    if lacking or unknown:
        raise DocumentError(
            f"{texts.name}: is no whole observations report: it "
            + (f"lacks {', '.join(lacking[:5])}" if lacking else f"has also {unknown[0]}"),
            slug="table-header-unknown",
        )
    roles = {name: texts.headings.index(name) for name in COLUMNS}
    # A lot of which nothing was read has a row without its own lot.
    roles["lot"] = texts.headings.index("assessed_lot")
    return Archive(texts, Layout(0, roles, {}, {}, {}, {}, ()))


def _first(value: object, otherwise: Decimal) -> object:
    return otherwise if value is None else value


def _text(text: str) -> str | None:
    return text or None


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> Decimal | None:
    found = Decimal(text) if text else None
    if found is not None and found.is_nan():
        raise ValueError(text)
    return found


def _real(text: str) -> float | None:
    found = _number(text)
    return None if found is None else float(found)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _one_of(kind: type[Role] | type[State] | type[Status]) -> Callable[[str], str]:
    return lambda text: kind(text).value


_VALUES: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("test", "result"), str),
    **dict.fromkeys(("lower", "upper", "dilution", "sensitivity", "valid_dilution"), _number),
    **dict.fromkeys(("day", "numerator", "denominator"), _whole),
    **dict.fromkeys(("ci_low", "ci_high"), _real),
    **dict.fromkeys(("lower_closed", "upper_closed"), _flag),
    "role": _one_of(Role),
    "state": _one_of(State),
    "status": _one_of(Status),
}
