"""Changes about an invalid sterility test: what may stand behind its one repeat, and what not."""

from __future__ import annotations

from random import Random

from benchmarks.mutants.dates import moved
from benchmarks.mutants.kinds import HARMLESS, UNSAFE, one_of
from benchmarks.mutants.lots import Lot, Sheet

_FIRST = "first_test.csv"


def _with_first(lot: Lot, random: Random, result: str, days: int) -> tuple[Lot, str] | None:
    """Put a first test with this result before a lot's own one; name the paper of the latter."""
    found = {
        name: rows
        for name, sheet in lot.of(Sheet).items()
        if sheet.carries("started")
        and (rows := [r for r in sheet.rows if r["test"] == "sterility" and r.get("started")])
    }
    repeat = one_of(random, sorted(found))
    if repeat is None:
        return None
    first = tuple(
        {**row, "result": result, "started": moved(row["started"], -days), "ended": ""}
        for row in found[repeat]
        if not row.get("role")
    )
    return lot.with_file(_FIRST, Sheet(first)), repeat


def _declared(lot: Lot, repeat: str, random: Random) -> Lot:
    entry = {
        "file": _FIRST,
        "ground": random.choice(("environment", "procedure", "controls", "organism")),
        "reason": "investigated",
        "deviation": "D-1",
        "approved_by": "A. Roe",
        "approved_on": str(lot.manifest["judged_on"])[:10],
        "repeat": repeat,
    }
    return lot.saying(invalidated=[entry])


@UNSAFE("first test invalid, and nobody declares it")
def _undeclared(lot: Lot, random: Random) -> Lot | None:
    made = _with_first(lot, random, "Invalid", random.randint(0, 20))
    return made[0] if made else None


@UNSAFE("first test grew, and is declared invalid")
def _grown(lot: Lot, random: Random) -> Lot | None:
    made = _with_first(lot, random, "Growth", random.randint(1, 20))
    return _declared(*made, random) if made else None


@UNSAFE("first test invalid, and its repeat ran beside it")
def _beside(lot: Lot, random: Random) -> Lot | None:
    made = _with_first(lot, random, "Invalid", -random.randint(0, 10))
    return _declared(*made, random) if made else None


@UNSAFE("first test invalid on no ground that there is")
def _groundless(lot: Lot, random: Random) -> Lot | None:
    made = _with_first(lot, random, "Invalid", random.randint(1, 20))
    if made is None:
        return None
    declared = _declared(*made, random)
    (entry,) = declared.manifest["invalidated"]
    return declared.saying(invalidated=[{**entry, "ground": "none"}])


@HARMLESS("first test invalid, and its one repeat declared")
def _repeated(lot: Lot, random: Random) -> Lot | None:
    made = _with_first(lot, random, "Invalid", random.randint(1, 20))
    if made is None:
        return None
    tests = [row for row in lot.of(Sheet)[made[1]].rows if row["test"] == "sterility"]
    running = any(row["result"] != "No growth" or row.get("status") != "final" for row in tests)
    return None if running else _declared(*made, random)
