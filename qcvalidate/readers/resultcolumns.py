"""Reads the header of a plain table of results: which column is which test, or tells more of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcvalidate.dilutions import column_of
from qcvalidate.documents import Cell, Table
from qcvalidate.errors import DocumentError
from qcvalidate.frames import COLUMNS
from qcvalidate.ratios import is_ratio_alone
from qcvalidate.uncertainties import is_uncertainty_alone
from qcvalidate.vocabulary import TestName, Vocabulary


@dataclass(frozen=True)
class Layout:
    """Where a table's header puts what: column numbers by role, and by test when it is wide.

    `remarks` are columns of free text, `others` the columns that are not read, both by heading;
    `unread` are those of them that name nothing we know.
    """

    header: int
    roles: Mapping[str, int]
    tests: Mapping[int, TestName]
    unread: Mapping[int, str]
    remarks: Mapping[int, str]
    others: Mapping[int, str]
    unheaded: tuple[int, ...]


def layout_of(table: Table, vocabulary: Vocabulary) -> Layout | None:
    """Read the first row that is not blank as a header; None when it is not one of ours."""
    filled = (number for number, row in enumerate(table.rows) if any(c.text.strip() for c in row))
    header = next(filled, None)
    if header is None:
        return None
    roles: dict[str, int] = {}
    tests: dict[int, TestName] = {}
    unread: dict[int, str] = {}
    remarks: dict[int, str] = {}
    others: dict[int, str] = {}
    unheaded: list[int] = []
    for column, cell in enumerate(table.rows[header]):
        heading = cell.text.strip()
        role = heading if heading in COLUMNS else vocabulary.column(heading)
        test = vocabulary.test(heading) if role is None and heading else None
        told_more = _beside(heading) if test is None else None
        if told_more is not None:
            # Of one test; beside any other it is looked at as a column that is not read.
            roles.setdefault(told_more, column)
            others[column] = heading
            continue
        if role == "remark":
            remarks[column] = heading
        elif role == "ignored":
            others[column] = heading
        elif role is not None:
            roles.setdefault(role, column)
        elif test is not None:
            tests[column] = test
        elif heading:
            unread[column] = heading
            others[column] = heading
        else:
            unheaded.append(column)
    _settle_beside(roles, tests, others, table.rows[header])
    long = {"test", "result"} <= set(roles)
    wide = "test" not in roles and tests and {"lot", "sample_id"} & set(roles)
    if not long and not wide:
        return None
    if long:
        # Where each row names its test, a column of another test is not read.
        beside = {column: table.rows[header][column].text.strip() for column in tests}
        others, unread, tests = others | beside, unread | beside, {}
    return Layout(
        header,
        roles,
        tests,
        unread,
        remarks,
        others,
        tuple(unheaded),
    )


def _beside(heading: str) -> str | None:
    """Name the role of a column that tells more of a result, and is none itself."""
    if is_uncertainty_alone(heading):
        return "uncertainty"
    return column_of(heading) or ("ratio" if is_ratio_alone(heading) else None)


def _settle_beside(
    roles: dict[str, int],
    tests: dict[int, TestName],
    others: dict[int, str],
    header: Sequence[Cell],
) -> None:
    for column in _ratios_beside_words(tests, header):
        roles.setdefault("ratio", column)
        others[column] = header[column].text.strip()
        del tests[column]
    if len(tests) > 1:
        # Of which of the tests, it does not say.
        roles.pop("uncertainty", None)


def _ratios_beside_words(tests: Mapping[int, TestName], header: Sequence[Cell]) -> list[int]:
    """Find `MycoAlert ratio` beside `Mycoplasma`: two columns of one result."""
    named = Counter(test.test for test in tests.values())
    return [
        column
        for column, test in tests.items()
        if named[test.test] > 1 and is_ratio_alone(header[column].text)
    ]


def refuse_twins(table: Table, layout: Layout, name: str, vocabulary: Vocabulary) -> None:
    """Refuse two columns of one meaning: which of the two is the result is not ours to say."""
    header = table.rows[layout.header]
    meanings: dict[str, str] = {}
    for column, cell in enumerate(header):
        heading = cell.text.strip()
        test = layout.tests.get(column)
        role = heading if heading in COLUMNS else vocabulary.column(heading) if heading else None
        meaning = f"{test.test} {test.part or ''}".strip() if test else role
        if meaning is None or (not test and meaning not in _READ):
            continue
        if meaning in meanings:
            raise DocumentError(
                f"{name}: the columns “{meanings[meaning]}” and “{heading}” both mean {meaning}; "
                "leave one of them out",
                slug="field-conflict",
            )
        meanings[meaning] = heading


_READ = frozenset(
    [
        "lot",
        "sample_id",
        "test",
        "part",
        "role",
        "method",
        "result",
        "unit",
        "status",
        "verdict",
        "started",
        "ended",
        "measured_at",
        "sampled",
        "specimen_of",
        "state",
        "reading",
        "day",
        "turbidity",
        "organism",
        "lower",
        "upper",
        "numerator",
        "denominator",
    ]
)
