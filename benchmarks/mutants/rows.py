"""Unsafe changes of one row of a table: its result, number, unit, part, role and status."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.kinds import UNSAFE, cells, one_of, row_changed, with_rows
from benchmarks.mutants.lots import Lot, Row, Sheet

_WORD = ("sterility", "in_process_culture", "gram_stain", "mycoplasma", *oracle.DONOR, "htlv")
_BAD = {
    "sterility": ("Growth", "Positive", "Growth of Cutibacterium acnes", "Turbid, growth seen",
                  "Non-sterile", "Fails"),
    "in_process_culture": ("Growth", "Positive", "Contaminated"),
    "gram_stain": ("Gram-positive cocci seen", "Organisms seen", "Gram-negative rods seen",
                   "Positive"),
    "mycoplasma": ("Detected", "Positive", "Mycoplasma DNA detected"),
    "syphilis": ("Reactive", "Repeatedly reactive", "Positive", "Detected"),
}  # fmt: skip
_VOID = ("Invalid", "Not tested", "Inconclusive", "Indeterminate", "Equivocal", "Test void")
_UNCLEAR = ("see attachment", "OK?", "n/a", "???", "as before", "0")


def _media(row: Row) -> bool:
    return row["test"] == "sterility" and not row.get("role")


def _in_words(lot: Lot) -> Callable[[Row], bool]:
    return lambda row: not row.get("role") and row["test"] in oracle.in_words(lot)


def _in_numbers(lot: Lot) -> Callable[[Row], bool]:
    return lambda row: not row.get("role") and row["test"] in oracle.in_numbers(lot)


def _asked(lot: Lot) -> Callable[[Row], bool]:
    return lambda row: oracle.asked(lot, row)


def _limited(lot: Lot) -> Callable[[Row], bool]:
    """A number that must be there: its unit or its digits cannot be lost."""
    return lambda row: _in_numbers(lot)(row) and row["test"] != "endotoxin_ppc"


def _number(row: Row) -> Decimal | None:
    try:
        return Decimal(row["result"].strip("<>").replace(",", "."))
    except InvalidOperation:
        return None


def _printed(row: Row, value: Decimal) -> str:
    text = f"{value:.3g}" if value < 1000 else f"{value:.3e}"
    return text.replace(".", ",") if "," in row["result"] else text


def _words(
    name: str,
    texts: Callable[[Row], tuple[str, ...]],
    *,
    wait: bool = False,
    only: Callable[[Row], bool] = lambda _: True,
) -> None:
    @UNSAFE(f"row: {name}", may_wait=wait)
    def _(lot: Lot, random: Random) -> Lot | None:
        return row_changed(
            lot,
            random,
            lambda row: _in_words(lot)(row) and only(row),
            lambda row: {**row, "result": random.choice(texts(row))},
        )


_words("result word turned", lambda row: _BAD.get(row["test"], _BAD["syphilis"]))
_words("result void", lambda row: _VOID)
_words("result in unknown words", lambda row: _UNCLEAR)
_words("result with a doubt", lambda row: (f"{row['result']}?", f"{row['result']} except one"))
_RUNS = ("Pending", "In progress", "To follow")
_words("sterility not yet there", lambda row: _RUNS, wait=True, only=_media)
_words("another result not yet there", lambda row: _RUNS, only=lambda r: not _media(r))


def _moved(lot: Lot, random: Random, factors: tuple[str, ...]) -> Lot | None:
    def change(row: Row) -> Row | None:
        value = _number(row)
        if value is None:
            return None
        values = [value * Decimal(factor) for factor in factors]
        bad = [v for v in values if oracle.misses(lot, row["test"], v, row["unit"])]
        sign = "" if row["result"][0].isdigit() else row["result"][0]
        chosen = one_of(random, bad)
        # "< 100" does not say that the limit is missed; it says nothing, which is unsafe too.
        return None if chosen is None else {**row, "result": sign + _printed(row, chosen)}

    return row_changed(lot, random, _in_numbers(lot), change)


@UNSAFE("row: number past its limit")
def _past(lot: Lot, random: Random) -> Lot | None:
    factor = str(round(random.uniform(0.15, 0.8), 3))
    return _moved(lot, random, (factor, str(round(random.uniform(5, 40), 2))))


@UNSAFE("row: decimal point moved")
def _point(lot: Lot, random: Random) -> Lot | None:
    return _moved(lot, random, ("0.1", "10", "0.01", "100"))


@UNSAFE("row: a thousand times too small or large")
def _thousand(lot: Lot, random: Random) -> Lot | None:
    return _moved(lot, random, ("0.001", "1000"))


@UNSAFE("row: comparator flipped")
def _flipped(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        return {**row, "result": f">{row['result'][1:]}"} if row["result"][0] == "<" else None

    return row_changed(lot, random, _in_numbers(lot), change)


_LOW_LIMIT = ("viability", "viable_cell_concentration", "cd105_positive", "cd73_positive",
              "cd90_positive", "cd34_dose_per_kg", "viable_cd34_count", "cd34_absolute",
              "total_nucleated_cells", "endotoxin_ppc")  # fmt: skip


@UNSAFE("row: a bound where a value was")
def _bound(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        sign = "<" if row["test"] in _LOW_LIMIT else ">"
        return {**row, "result": sign + row["result"]} if row["result"][0] != "<" else None

    return row_changed(lot, random, _in_numbers(lot), change)


@UNSAFE("row: number negative")
def _negative(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        return {**row, "result": f"-{row['result']}"} if row["result"][0] != "<" else None

    return row_changed(lot, random, _limited(lot), change)


@UNSAFE("row: number not a number")
def _garbled(lot: Lot, random: Random) -> Lot | None:
    texts = ("9O.2", "I2", "#DIV/0!", "~", "1.2.3", "12,34,5", "NaN", "inf", "see note")
    return row_changed(
        lot, random, _limited(lot), lambda row: {**row, "result": random.choice(texts)}
    )


@UNSAFE("row: a share of more than all")
def _more_than_all(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        return {**row, "result": str(random.randint(102, 990))} if row["unit"] == "%" else None

    shares = lambda row: _limited(lot)(row) and row["test"] not in ("endotoxin_ppc",)  # noqa: E731
    return row_changed(lot, random, shares, change)


@UNSAFE("row: unit of another dimension")
def _other_unit(lot: Lot, random: Random) -> Lot | None:
    others = {"%": ("cells/mL", "EU/mL"), "EU/mL": ("%", "cells/mL", "mL"),
              "cells/mL": ("%", "EU/mL", "mL"), "cells": ("%", "EU/mL", "mL"),
              "cells/uL": ("%", "mL"), "cells/kg": ("%", "EU/kg")}  # fmt: skip
    return row_changed(
        lot,
        random,
        _in_numbers(lot),
        lambda row: {**row, "unit": random.choice(others[row["unit"]])},
    )


@UNSAFE("row: unit of another size")
def _smaller_unit(lot: Lot, random: Random) -> Lot | None:
    """A litre for a millilitre, and a millilitre for a microlitre: a thousandth of the cells."""
    smaller = {"cells/mL": "cells/L", "cells/uL": "cells/mL"}

    def change(row: Row) -> Row | None:
        value = _number(row)
        unit = row["unit"]
        if unit not in smaller or value is None:
            return None
        bad = oracle.misses(lot, row["test"], value / 1000, unit)
        return {**row, "unit": smaller[unit]} if bad else None

    return row_changed(lot, random, _in_numbers(lot), change)


@UNSAFE("row: unit lost")
def _no_unit(lot: Lot, random: Random) -> Lot | None:
    return row_changed(lot, random, _limited(lot), lambda row: {**row, "unit": ""})


@UNSAFE("row: unit unknown")
def _unknown_unit(lot: Lot, random: Random) -> Lot | None:
    units = ("widgets", "x", "mg/L", "cells per field", "?")
    return row_changed(
        lot, random, _limited(lot), lambda row: {**row, "unit": random.choice(units)}
    )


@UNSAFE("row: result blank")
def _blank(lot: Lot, random: Random) -> Lot | None:
    return row_changed(
        lot,
        random,
        lambda row: not row.get("role") and row["test"] in oracle.required(lot),
        lambda row: {**row, "result": random.choice(("", " ", "-", "--"))},
    )


@UNSAFE("row: test missing")
def _missing(lot: Lot, random: Random) -> Lot | None:
    """All rows of a test, wherever they are: lots of papers have some in two places."""
    names = {row["test"] for _, _, row in cells(lot) if not row.get("role")}
    test = one_of(random, sorted(names & set(oracle.alone(lot))))
    if test is None:
        return None
    for name, sheet in lot.of(Sheet).items():
        lot = with_rows(lot, name, [row for row in sheet.rows if row["test"] != test])
    return lot


@UNSAFE("row: test under an unknown name")
def _unknown_test(lot: Lot, random: Random) -> Lot | None:
    names = {row["test"] for _, _, row in cells(lot) if not row.get("role")}
    test = one_of(random, sorted(names & set(oracle.alone(lot))))
    if test is None:
        return None
    for name, sheet in lot.of(Sheet).items():
        rows = [{**r, "test": "Quux index"} if r["test"] == test else r for r in sheet.rows]
        lot = with_rows(lot, name, rows)
    return lot


@UNSAFE("row: markers swapped")
def _swapped(lot: Lot, random: Random) -> Lot | None:
    """What must be high goes under the name of what must be low, and the other way round."""
    if lot.product not in oracle.CULTURED:
        return None
    high = random.choice(("cd105_positive", "cd73_positive", "cd90_positive"))
    low = random.choice(("cd45_positive", "cd34_positive", "cd14_positive", "cd19_positive"))
    other = {high: low, low: high}
    changed = None
    for name, sheet in lot.of(Sheet).items():
        rows = [{**row, "test": other.get(row["test"], row["test"])} for row in sheet.rows]
        if rows != list(sheet.rows):
            changed = with_rows(lot, name, rows)
    return changed


@UNSAFE("row: a second result that is bad")
def _contradicted(lot: Lot, random: Random) -> Lot | None:
    found = []
    for name, place, row in cells(lot):
        if row.get("role"):
            continue
        if row["test"] in oracle.in_words(lot):
            texts = _BAD.get(row["test"], _BAD["syphilis"])
            found.append((name, place, {**row, "result": random.choice(texts)}))
        value = _number(row)
        for factor in ("0.3", "30"):
            if value and oracle.misses(lot, row["test"], value * Decimal(factor), row["unit"]):
                text = _printed(row, value * Decimal(factor))
                found.append((name, place, {**row, "result": text}))
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, _, row = chosen
    rows = list(lot.of(Sheet)[name].rows)
    rows.insert(random.randint(0, len(rows)), row)
    return with_rows(lot, name, rows)


@UNSAFE("row: a bad result besides, that nobody asked for")
def _unasked(lot: Lot, random: Random) -> Lot | None:
    """A donor's infection and mycoplasma exclude even where no criterion asks for them."""
    tests = ("mycoplasma", "in_process_culture", "gram_stain")
    name = one_of(random, sorted(lot.of(Sheet)))
    if name is None:
        return None
    test = random.choice(tests)
    sheet = lot.of(Sheet)[name]
    kept = {key: sheet.rows[0].get(key, "") for key in ("lot", "sample_id", "status")}
    row = {**kept, "test": test, "result": random.choice(_BAD[test])}
    return with_rows(lot, name, [*sheet.rows, row])


_SLIPS = {"viability": "Viabilty", "viable_cell_concentration": "Viable cell concentraton",
          "endotoxin": "Endotoxn", "cd105_positive": "CD105 positve",
          "cd45_positive": "CD45 positve",
          "total_nucleated_cells": "Total nucleated cels"}  # fmt: skip


@UNSAFE("row: a second number that is bad, under a misspelt name")
def _misspelt(lot: Lot, random: Random) -> Lot | None:
    """A person who reads it knows which test is meant."""
    found = []
    for name, _, row in cells(lot):
        value = _number(row)
        for factor in ("0.3", "30"):
            bad = value and oracle.misses(lot, row["test"], value * Decimal(factor), row["unit"])
            if bad and value and row["test"] in _SLIPS and not row.get("role"):
                text = _printed(row, value * Decimal(factor))
                found.append((name, {**row, "result": text, "test": _SLIPS[row["test"]]}))
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, row = chosen
    return with_rows(lot, name, [*lot.of(Sheet)[name].rows, row])


# --- part, role, status, and the row's own remarks -----------------------------------------


@UNSAFE("row: medium missing")
def _one_medium(lot: Lot, random: Random) -> Lot | None:
    found = [(name, place) for name, place, row in cells(lot) if _media(row)]
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, place = chosen
    rows = lot.of(Sheet)[name].rows
    return with_rows(lot, name, [*rows[:place], *rows[place + 1 :]])


@UNSAFE("row: medium twice")
def _same_medium(lot: Lot, random: Random) -> Lot | None:
    other = {"aerobic": "anaerobic", "anaerobic": "aerobic"}
    return row_changed(lot, random, _media, lambda row: {**row, "part": other[row["part"]]})


@UNSAFE("row: medium not named")
def _no_medium(lot: Lot, random: Random) -> Lot | None:
    return row_changed(
        lot, random, _media, lambda row: {**row, "part": random.choice(("", "bottle 3"))}
    )


@UNSAFE("row: control turned")
def _control(lot: Lot, random: Random) -> Lot | None:
    turned = {
        "negative_control": ("Growth", "Positive"),
        "positive_control": ("No growth", "Negative"),
    }
    return row_changed(
        lot,
        random,
        lambda row: bool(row.get("role")),
        lambda row: {**row, "result": random.choice(turned[row["role"]])},
        columns=["role"],
    )


@UNSAFE("row: a control's result for the sample's")
def _as_control(lot: Lot, random: Random) -> Lot | None:
    roles = ("negative_control", "blank", "Negative control")
    return row_changed(
        lot, random, _media, lambda row: {**row, "role": random.choice(roles)}, columns=["role"]
    )


@UNSAFE("row: sample named like a control")
def _named_control(lot: Lot, random: Random) -> Lot | None:
    names = ("Negative control", "Blank", "Isotype control", "NC")
    return row_changed(
        lot,
        random,
        lambda row: _asked(lot)(row) and row["test"] in oracle.alone(lot),
        lambda row: {**row, "sample_id": random.choice(names)},
    )


_OPEN = ("preliminary", "partial", "draft", "under review", "unapproved", "registered")


@UNSAFE("row: status of sterility not final", may_wait=True)
def _preliminary(lot: Lot, random: Random) -> Lot | None:
    return _status(lot, random, _OPEN, _media)


@UNSAFE("row: status of another test not final")
def _draft(lot: Lot, random: Random) -> Lot | None:
    return _status(lot, random, _OPEN, lambda row: not _media(row))


@UNSAFE("row: status cancelled")
def _cancelled(lot: Lot, random: Random) -> Lot | None:
    return _status(lot, random, ("cancelled",), lambda _: True)


def _status(
    lot: Lot, random: Random, texts: tuple[str, ...], only: Callable[[Row], bool]
) -> Lot | None:
    def wanted(row: Row) -> bool:
        return _asked(lot)(row) and row["test"] in oracle.alone(lot) and only(row)

    return row_changed(
        lot, random, wanted, lambda row: {**row, "status": random.choice(texts)},
        columns=["status"],
    )  # fmt: skip


@UNSAFE("row: turbid, and neither transfer nor four more days")
def _turbid(lot: Lot, random: Random) -> Lot | None:
    words = ("turbid", "yes", "+")
    return row_changed(
        lot,
        random,
        lambda row: _media(row) and bool(row.get("ended")),
        lambda row: {**row, "turbidity": random.choice(words)},
        columns=["turbidity"],
    )


@UNSAFE("row: an organism beside no growth")
def _organism(lot: Lot, random: Random) -> Lot | None:
    names = ("Staphylococcus epidermidis", "Cutibacterium acnes", "Bacillus cereus")
    return row_changed(
        lot, random, _media, lambda row: {**row, "organism": random.choice(names)},
        columns=["organism"],
    )  # fmt: skip


@UNSAFE("row: the laboratory's own verdict is bad")
def _verdict(lot: Lot, random: Random) -> Lot | None:
    words = ("Fail", "OOS", "does not comply", "rejected")
    return row_changed(
        lot, random, _asked(lot), lambda row: {**row, "verdict": random.choice(words)},
        columns=["verdict"],
    )  # fmt: skip


@UNSAFE("row: a remark that takes the result back")
def _remark(lot: Lot, random: Random) -> Lot | None:
    words = ("contaminated", "test invalid, repeat", "growth in bottle", "do not use: OOS")
    return row_changed(
        lot, random, _asked(lot), lambda row: {**row, "comment": random.choice(words)},
        columns=["comment"],
    )  # fmt: skip


@UNSAFE("row: state not confirmed")
def _state(lot: Lot, random: Random) -> Lot | None:
    states = ("conflict", "ambiguous", "single_source", "guess")
    return row_changed(
        lot,
        random,
        lambda row: _asked(lot)(row) and row["test"] in oracle.required(lot),
        lambda row: {**row, "state": random.choice(states)},
        columns=["state"],
    )


@UNSAFE("row: speaks of too few days")
def _days(lot: Lot, random: Random) -> Lot | None:
    """Day 4 of a culture that still runs is what it is; this is about one that has ended."""
    most = oracle.days(lot) - 1
    return row_changed(
        lot,
        random,
        lambda row: _media(row) and bool(row.get("ended")),
        lambda row: {**row, "result": f"No growth after {random.randint(1, most)} days"},
    )
