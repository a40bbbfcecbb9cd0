"""What a person says of a certificate: values, headings, names, wordings; checked for its form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from qcvalidate.errors import UsageError
from qcvalidate.labs.model import READINGS, Words
from qcvalidate.locale import DECIMAL_MARKS

# The fields that may be learnt, those that an assessment needs first.
FIELDS = (
    "lot", "report_number", "date_started", "date_completed", "date_issued", "date_received",
    "date_sampled", "sample_id", "signed_by", "signed_on", "laboratory", "client", "product",
    "din", "method", "accreditation", "replaces",
)  # fmt: skip
# Asked for on a terminal where they were not read.
NEEDED = ("lot", "report_number", "date_started", "date_completed", "signed_by")


@dataclass(frozen=True)
class Confirmed:
    """What a person confirms.

    `fields` maps header fields to their true values (a date is ISO 8601); `labels`, `columns`,
    `tests` and `wordings` map what is meant to the texts that mean it.
    """

    id: str
    names: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    labels: Words = field(default_factory=dict)
    columns: Words = field(default_factory=dict)
    tests: Words = field(default_factory=dict)
    wordings: Words = field(default_factory=dict)
    harmless: tuple[str, ...] = ()
    # Fields that the paper does not have, though something was read as one.
    absent: tuple[str, ...] = ()
    dates: str | None = None
    decimal: str | None = None


def confirmed_fields(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Check the values of fields; raises `UsageError` for what is no field, and for no date."""
    fields: dict[str, str] = {}
    for name, raw in given:
        value = " ".join(raw.split())
        if name not in FIELDS:
            raise UsageError(
                f"{name}: is no field that can be learnt; known are {', '.join(FIELDS)}"
            )
        if fields.setdefault(name, value) != value:
            raise UsageError(f"{name}: is given as {fields[name]!r} and as {value!r}")
        if not value:
            raise UsageError(f"{name}: has no value; leave it out where the paper has none")
        if (name.startswith("date_") or name == "signed_on") and not _is_date(value):
            raise UsageError(f"{name}: {value!r} is no date; write it as 2026-01-31")
    return fields


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def split_pair(text: str, option: str) -> tuple[str, str]:
    """Cut `name=value` at its first sign, or a wording's `text=negative` at its last."""
    left, sign, right = text.partition("=") if option == "--set" else text.rpartition("=")
    if not (sign and left.strip() and right.strip()):
        raise UsageError(f"{option} {text!r}: expected two parts with = between them")
    return left.strip(), right.strip()


def meant(given: Iterable[str], option: str) -> dict[str, tuple[str, ...]]:
    """Group `text=meaning` by meaning."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in given:
        text, meaning = split_pair(pair, option)
        if option == "--label" and meaning not in FIELDS:
            raise UsageError(f"{option} {pair!r}: {meaning} is not one of {', '.join(FIELDS)}")
        if option == "--wording" and meaning not in READINGS:
            raise UsageError(f"{option} {pair!r}: {meaning} is not one of {', '.join(READINGS)}")
        found[meaning] = (*found.get(meaning, ()), text)
    return found


def proved_mark(numbers: Iterable[str]) -> str | None:
    """Give the one decimal mark with which numbers are as they were confirmed; None for neither.

    Each is `printed=value`, the value with a decimal point: `0,05=0.05`, `1.250=1250`.
    Raises `UsageError` where no mark makes one of the other.

    >>> proved_mark(["1.250=1250"]), proved_mark(["12=12"])
    (',', None)
    """
    marks = set(DECIMAL_MARKS)
    for pair in numbers:
        printed, value = split_pair(pair, "--number")
        marks &= {mark for mark in DECIMAL_MARKS if _number(printed, mark) == _number(value, ".")}
        if not marks or _number(value, ".") is None:
            raise UsageError(
                f"--number {pair!r}: no decimal mark makes {value} of {printed}; give a number as "
                "the paper prints it, and its value with a decimal point"
            )
    return marks.pop() if len(marks) == 1 else None


def _number(text: str, mark: str) -> Decimal | None:
    """Read a plain number with this decimal mark, the other one between groups of three."""
    group = "." if mark == "," else ","
    whole, _, rest = text.partition(mark)
    grouped = re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|[0-9]+", whole)
    if not grouped or (rest and not re.fullmatch("[0-9]+", rest)):
        return None
    return Decimal(f"{whole.replace(group, '')}.{rest or '0'}")


def id_of(name: str) -> str:
    """Make an id of a laboratory's name.

    >>> id_of("Nonesuch Assay House, Ltd.")
    'nonesuch-assay-house-ltd'
    """
    return "-".join(re.findall("[a-z0-9]+", name.casefold()))[:60].strip("-") or "laboratory"
