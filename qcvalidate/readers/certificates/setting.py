"""What holds for all the results of a certificate, and how a row is quoted in a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from qcvalidate.quantity import Locale, Quantity, parse_quantity
from qcvalidate.readers.certificates.header import place
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.record import Field, Finding, Severity, State, Status
from qcvalidate.vocabulary import TestName

_LONGEST_QUOTE = 120


@dataclass(frozen=True)
class Setting:
    """What holds for all rows of a document unless they say otherwise.

    `test` is the one that its title or its "type of test" names; `notes` are its footnotes by
    their marks, and `signs` what it says that its abbreviations mean.
    """

    name: str
    locale: Locale
    phrasebook: Phrasebook
    test: TestName | None
    lot: str | None
    sample_id: str | None
    method: str | None
    started: dt.date | None
    ended: dt.date | None
    status: Status
    notes: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, str] = field(default_factory=dict)
    # False in a part whose own lot or sample was not read for certain: its rows are nobody's.
    is_sure: bool = True

    @classmethod
    def of(
        cls,
        name: str,
        locale: Locale,
        phrasebook: Phrasebook,
        test: TestName | None,
        header: Mapping[str, Field],
        status: Status,
    ) -> Setting:
        """Take from a header what is confirmed in it."""

        def value(field: str) -> str | None:
            found = header.get(field)
            return found.value if found and found.state is State.CONFIRMED else None

        def date(field: str) -> dt.date | None:
            text = value(field)
            return dt.date.fromisoformat(text) if text else None

        return cls(
            name=name,
            locale=locale,
            phrasebook=phrasebook,
            test=test,
            lot=value("lot"),
            sample_id=value("sample_id"),
            method=value("method"),
            started=date("date_started"),
            ended=date("date_completed"),
            status=status,
        )


def quantity_of(text: str, unit: str | None, test: TestName, setting: Setting) -> Quantity:
    """Read a number; `unit` is the one of its column or heading. Raises as `parse_quantity`."""
    phrasebook = setting.phrasebook
    return parse_quantity(
        text,
        setting.locale,
        units=phrasebook.vocabulary.units,
        unit=unit,
        allowed=phrasebook.vocabulary.tests[test.test].units,
    )


def row_finding(
    slug: str, row: Row, setting: Setting, problem: str, severity: Severity = Severity.HOLD
) -> Finding:
    """Make a finding that quotes the row."""
    quoted = row.block.text
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    where = place(setting.name, row.block)
    return Finding(slug, severity, f"{where}: the row “{quoted}”: {problem}", where)
