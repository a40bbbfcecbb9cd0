"""Writes a specification's limits as a program of pandera schemas that runs without us.

What it holds is the source of `criteria` and `rounding` itself, not a second version of it: who
runs it on the same evidence gets what we get. pandera's own YAML knows no check that is a
function, so that it can hold neither an interval nor rounding.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from qcvalidate import criteria, rounding
from qcvalidate.rounding import limit_value
from qcvalidate.specification import Acceptance, Criterion, Specification

_SHARED: tuple[Callable[..., object], ...] = (
    rounding.rounded_to,
    rounding._exponent,
    rounding._at,
    criteria.Settled,
    criteria.reading_schema,
    criteria.interval_schemas,
    criteria._holding,
    criteria._check,
    criteria._rounded_bound,
    criteria._schema,
    criteria.settled,
    criteria.failing_rows,
)


def python_source(specification: Specification, version: str) -> str:
    """Give a Python module with the limits of a specification; `version` is the program's."""
    identity = specification.identity
    head = _HEAD.format(
        id=identity.id, number=identity.version, sha256=identity.sha256, version=version
    )
    constants = (
        f"_MOST_DIGITS = {rounding._MOST_DIGITS}\n"
        "_EXACT = Context(prec=_MOST_DIGITS + 1, rounding=ROUND_HALF_UP)\n"
        "Bound = tuple[Decimal, bool]\n"
        "Holds = Callable[[Bound, Bound], bool]\n"
        f"ROUNDING = {specification.rounding!r}"
    )
    limits = "\n".join(_entry(criterion) for criterion in specification.criteria)
    pieces = [head + constants, f"LIMITS = {{\n{limits}\n}}"]
    pieces += [inspect.getsource(shared).rstrip() for shared in _SHARED]
    return "\n\n\n".join([*pieces, _TAIL])


def _entry(criterion: Criterion) -> str:
    facts = {
        "title": criterion.title,
        "tests": list(criterion.tests),
        "unit": criterion.unit,
        "limit": criterion.limit,
        "reference": criterion.reference,
        "when_not_met": criterion.when_not_met.value,
    }
    lines = [f"        {key!r}: {value!r}," for key, value in facts.items()]
    inside = criterion.inside
    guarded = criterion.is_guarded and inside is not None
    limits = {
        "accept": inside if guarded else criterion.accept,
        "alert": criterion.alert,
        "band": None if guarded else inside,
    }
    lines += [f"        {key!r}: {_limits(limit)}," for key, limit in limits.items()]
    lines += [f"        'guarded': {guarded!r},"]
    return "\n".join([f"    {criterion.id!r}: {{", *lines, "    },"])


def _limits(acceptance: Acceptance | None) -> str:
    if acceptance is None:
        return "None"
    if acceptance.verb == "one_of":
        return repr((acceptance.verb, list(acceptance.limits)))
    # A decimal keeps the digits of the limit, by which results are rounded.
    values = ", ".join(repr(limit_value(limit)) for limit in acceptance.limits)
    return f"({acceptance.verb!r}, [{values}])"


_HEAD = '''\
"""The limits of {id} {number} as pandera schemas.

Written by qcvalidate {version} from the specification with the SHA-256
{sha256}.
It needs pandas and pandera alone, and judges a limit, not a lot: whether there is a result, whether
it was read for certain, and what evidence it must bring, is not decided here.

    python THIS_FILE evidence.csv

The table has a row for each result: criterion, low, low_closed, high, high_closed, reading. A
number 91.3 is low 91.3, high 91.3, both closed (true); "< 0.05" is low -Infinity, high 0.05, not
closed (false); each in the limit's unit. A qualitative result has only its reading (negative,
positive). One outcome is printed for each row.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason, SchemaErrors

'''

_TAIL = '''\
def schemas(criterion: str, which: str = "accept") -> tuple[pa.DataFrameSchema, pa.DataFrameSchema]:
    """Give the two schemas of a limit: what meets it for certain, and what possibly can."""
    verb, limits = LIMITS[criterion][which]
    if verb == "one_of":
        allowed = reading_schema(limits, LIMITS[criterion]["limit"])
        return allowed, allowed
    # A guard band is for the unrounded value.
    unrounded = which == "band" or (which == "accept" and LIMITS[criterion]["guarded"])
    rounding = "none" if unrounded else ROUNDING
    return interval_schemas(verb, limits, rounding, LIMITS[criterion]["limit"])


def outcomes(criterion: str, evidence: pd.DataFrame) -> list[str]:
    """Say of each row how it comes out: PASS, ALERT, INDETERMINATE, FAIL or INVALID."""
    accepted = settled(*schemas(criterion), evidence)
    words = {Settled.NOT_MET: LIMITS[criterion]["when_not_met"], Settled.OPEN: "INDETERMINATE"}
    found = [words.get(one, "PASS") for one in accepted]
    for which in ("alert", "band"):
        if LIMITS[criterion][which] is not None:
            inside = settled(*schemas(criterion, which), evidence)
            found = [
                "ALERT" if one == "PASS" and other is not Settled.MET else one
                for one, other in zip(found, inside, strict=True)
            ]
    return found


def frame_of(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Lay rows of text out as evidence; a blank bound is an error of the schema, never a pass."""
    bounds = {
        end: pd.Series([Decimal(row[end]) if row[end] else None for row in rows], dtype=object)
        for end in ("low", "high")
    }
    flags = {
        # Any other word is an error: an end that is not known to be open is not open.
        end: [{"true": True, "false": False, "": None}[row[end].lower()] for row in rows]
        for end in ("low_closed", "high_closed")
    }
    reading = pd.Series([row["reading"] or None for row in rows], dtype=object)
    return pd.DataFrame({**bounds, **flags, "reading": reading})


def main(path: str) -> None:
    """Print the outcome of each row of a table of evidence."""
    with open(path, encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            print(row["criterion"], *outcomes(row["criterion"], frame_of([row])))


if __name__ == "__main__":
    main(sys.argv[1])
'''
