"""Unsafe changes of one row of a table: whose it is, and its days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.kinds import UNSAFE, cells, one_of, row_changed, with_rows, written
from benchmarks.mutants.lots import Lot, Row, Sheet


def _asked(lot: Lot) -> Callable[[Row], bool]:
    return lambda row: not row.get("role") and row["test"] in oracle.required(lot)


def _cultured(row: Row) -> bool:
    return row["test"] == "sterility" and not row.get("role")


def moved(text: str, days: int) -> str:
    """Move an ISO date, or a date with its time, by days."""
    return (dt.date.fromisoformat(text[:10]) + dt.timedelta(days)).isoformat() + text[10:]


@UNSAFE("row: end of the incubation too early")
def _early_end(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(1, 13)
    return row_changed(
        lot,
        random,
        lambda row: _cultured(row) and bool(row.get("ended")),
        lambda row: {**row, "ended": moved(row["ended"], -days)},
    )


@UNSAFE("row: end before the start")
def _reversed(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(15, 400)
    return row_changed(
        lot,
        random,
        lambda row: _cultured(row) and bool(row.get("ended")),
        lambda row: {**row, "ended": moved(row["ended"], -days)},
    )


@UNSAFE("row: start of the incubation too late")
def _late_start(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(1, 13)
    return row_changed(
        lot,
        random,
        lambda row: _cultured(row) and bool(row.get("ended")),
        lambda row: {**row, "started": moved(row["started"], days)},
    )


@UNSAFE("row: start of the incubation not stated")
def _no_start(lot: Lot, random: Random) -> Lot | None:
    return row_changed(lot, random, _cultured, lambda row: {**row, "started": ""})


@UNSAFE("row: end of the incubation not stated")
def _no_end(lot: Lot, random: Random) -> Lot | None:
    return row_changed(
        lot,
        random,
        lambda row: _cultured(row) and bool(row.get("ended")),
        lambda row: {**row, "ended": ""},
    )


@UNSAFE("row: a date that is none")
def _no_date(lot: Lot, random: Random) -> Lot | None:
    texts = ("2026-02-30", "31/31/2026", "yesterday", "2026-3", "00.00.0000")
    return row_changed(lot, random, _cultured, lambda row: {**row, "started": random.choice(texts)})


def _dated(column: str) -> Callable[[Row], bool]:
    return lambda row: bool(row.get(column)) and not row.get("role")


@UNSAFE("row: dated in the future")
def _future(lot: Lot, random: Random) -> Lot | None:
    """Past the day of the check by more than any culture lasts."""
    days = random.randint(60, 4000)
    column = random.choice(("measured_at", "ended", "started"))
    both = ("started", "ended")

    def change(row: Row) -> Row:
        names = both if column == "started" else (column,)
        return {**row, **{c: moved(row[c], days) for c in names if row.get(c)}}

    return row_changed(lot, random, _dated(column), change)


_OF_PRODUCT = {
    oracle.ALLOGENEIC: ("viability", "viable_cell_concentration"),
    oracle.FRESH: ("viability", "viable_cell_concentration"),
    oracle.SVF: ("viability",),
    oracle.OWN_MSC: ("viability", "viable_cell_concentration"),
    oracle.APHERESIS: ("cd34_dose_per_kg", "viable_cd34_count", "cd34_absolute"),
    oracle.CORD: ("viability", "total_nucleated_cells", "viable_cd34_count"),
}


@UNSAFE("row: measured before the harvest")
def _before_harvest(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(40, 400)
    tests = _OF_PRODUCT.get(lot.product, ())
    return row_changed(
        lot,
        random,
        lambda row: row["test"] in tests and bool(row.get("measured_at")),
        lambda row: {**row, "measured_at": moved(row["measured_at"], -days)},
    )


@UNSAFE("row: cultured before the harvest")
def _culture_before(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(20, 300)

    def change(row: Row) -> Row:
        return {**row, **{c: moved(row[c], -days) for c in ("started", "ended") if row.get(c)}}

    return row_changed(lot, random, _cultured, change)


@UNSAFE("row: in-process culture begun after the harvest")
def _late_culture(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(4, 6)
    return row_changed(
        lot,
        random,
        lambda row: row["test"] == "in_process_culture",
        lambda row: {**row, **{c: moved(row[c], days) for c in ("started", "ended")}},
    )


@UNSAFE("row: in-process culture of less than two days")
def _short_culture(lot: Lot, random: Random) -> Lot | None:
    days = random.randint(0, 1)
    return row_changed(
        lot,
        random,
        lambda row: row["test"] == "in_process_culture",
        lambda row: {**row, "ended": moved(row["started"], days)},
    )


@UNSAFE("row: viability too long after the thaw")
def _stale(lot: Lot, random: Random) -> Lot | None:
    if lot.product != oracle.ALLOGENEIC:
        return None
    clock = f"T{random.randint(12, 23)}:{random.randint(10, 59)}:00"
    return row_changed(
        lot,
        random,
        lambda row: row["test"] == "viability",
        lambda row: {**row, "measured_at": row["measured_at"][:10] + clock},
    )


@UNSAFE("row: viability without its time")
def _untimed(lot: Lot, random: Random) -> Lot | None:
    if lot.product != oracle.ALLOGENEIC:
        return None
    return row_changed(
        lot, random, lambda row: row["test"] == "viability", lambda row: {**row, "measured_at": ""}
    )


# --- whose row it is -----------------------------------------------------------------------

_LOOKALIKES = {"0": "O", "1": "I", "O": "0", "I": "1", "5": "S", "2": "Z", "8": "B"}


def lookalike(text: str, random: Random, only: str = "0O") -> str | None:
    """Put a letter for the digit that looks like it, or the other way round."""
    places = [place for place, sign in enumerate(text) if sign in only]
    place = one_of(random, places)
    return None if place is None else text[:place] + _LOOKALIKES[text[place]] + text[place + 1 :]


def other_number(text: str, random: Random) -> str:
    """Give another lot's number: of the same shape, or of quite another."""
    last = (int(text[-1]) + random.randint(1, 9)) % 10
    swapped = f"{text[:-2]}{text[-1]}{text[-2]}" if text[-1] != text[-2] else f"{text[:-1]}{last}"
    return random.choice((f"{text[:-1]}{last}", f"{text[:-4]}9{text[-3:]}", swapped, "QC-77"))


def suffixed(text: str, random: Random) -> str:
    return text + random.choice(("A", "-B", "-1", "/2", "R", ".1"))


def _renamed(name: str, rename: Callable[[str, Random], str | None]) -> None:
    @UNSAFE(f"row: {name}")
    def _one(lot: Lot, random: Random) -> Lot | None:
        text = rename(lot.number, random)
        if text is None or text == lot.number:
            return None
        if _hidden_by_another(lot):
            return None
        if not text.strip() and any(sheet.form == "hl7" for sheet in lot.of(Sheet).values()):
            # An order on a specimen whose lot another order names is of the same lot.
            return None
        return row_changed(lot, random, _asked(lot), lambda row: {**row, "lot": text})

    @UNSAFE(f"table: {name}")
    def _all(lot: Lot, random: Random) -> Lot | None:
        text = rename(lot.number, random)
        found = one_of(random, sorted(lot.of(Sheet)))
        if text is None or found is None:
            return None
        return with_rows(lot, found, [{**row, "lot": text} for row in lot.of(Sheet)[found].rows])


def _hidden_by_another(lot: Lot) -> bool:
    """A row of another lot in a table of ours is that lot's own: what is missing then decides.

    Where another row answers the same test, setting one aside is right.
    """
    tests = [row["test"] for _, _, row in cells(lot) if _asked(lot)(row)]
    return len(tests) - tests.count("sterility") + 1 > len(set(tests)) or len(lot.files) > 1


_renamed("lot number of another lot", other_number)
_renamed("lot number with O for 0", lookalike)
_renamed("lot number with I for 1", lambda text, random: lookalike(text, random, "1I"))
_renamed("lot number with a suffix", suffixed)
_renamed("lot number blank", lambda _, random: random.choice(("", " ")))


@UNSAFE("row: sample bears another lot's number")
def _other_sample(lot: Lot, random: Random) -> Lot | None:
    last = (int(lot.number[-1]) + random.randint(1, 9)) % 10
    name = f"{lot.number[:-1]}{last}-FP"
    return row_changed(lot, random, _asked(lot), lambda row: {**row, "sample_id": name})


@UNSAFE("row: sample of another stage")
def _early_sample(lot: Lot, random: Random) -> Lot | None:
    name = f"{lot.number}-{random.choice(('IP', 'IPC', 'BULK', 'DN'))}"
    return row_changed(lot, random, _cultured, lambda row: {**row, "sample_id": name})


@UNSAFE("table: column lost")
def _no_column(lot: Lot, random: Random) -> Lot | None:
    lost = ["lot", "unit", "result", "test"]
    if any(_cultured(row) for _, _, row in cells(lot)):
        lost += ["part", "started"]
    if len(lot.files) > 1:
        lost = ["lot", "result", "test"]
    return written(lot, random, ["csv", "xlsx", "json"], without=(random.choice(lost),))
