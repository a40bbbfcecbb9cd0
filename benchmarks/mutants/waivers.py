"""Unsafe changes of waivers.yaml: what it may not waive, and what makes it count no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.kinds import HARMLESS, UNSAFE, Change, cells, one_of, row_changed
from benchmarks.mutants.lots import Lot, Sheet
from benchmarks.mutants.own import WAIVER, waivers

_FILE = "waivers.yaml"
Entry = Mapping[str, object]


def _changed(name: str, change: Callable[[Entry, Random], Entry]) -> None:
    @UNSAFE(f"waiver: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        if _FILE not in lot.files:
            return None
        return lot.with_file(_FILE, waivers(change(WAIVER, random)))


def _with(**texts: tuple[str, ...]) -> Callable[[Entry, Random], Entry]:
    return lambda entry, random: {**entry, **{k: random.choice(v) for k, v in texts.items()}}


def _one_less(entry: Entry, random: Random) -> Entry:
    lost = random.choice(("rule", "criterion", "reason", "approver", "deviation", "approved",
                          "expires"))  # fmt: skip
    return {key: value for key, value in entry.items() if key != lost}


def _blank(entry: Entry, random: Random) -> Entry:
    return {**entry, random.choice(("reason", "approver", "deviation")): random.choice(("", " "))}


_changed("something that it must say is missing", _one_less)
_changed("reason, approver or deviation blank", _blank)
_changed("expired", _with(expires=("2026-04-01", "2026-03-31", "2026-04-02 ", "2025-12-31")))
_changed("approved after the day of the check", _with(approved=("2026-04-03", "2026-05-01")))
_changed("approved before the measurement", _with(approved=("2026-03-01", "2025-01-01")))
_changed("of another rule", _with(rule=("301", "501", "609", "604", "201")))
_changed("of a rule that there is not", _with(rule=("6010", "phenotype", "phenotype-out-of-limit")))
_changed("of another criterion", _with(criterion=("cd73_positive", "sterility", "dose")))
_changed("of a criterion that there is not", _with(criterion=("cd105", "CD105 positive", "all")))
_changed("of another result", _with(observed=("94.3 %", "94 %", "93.9 %", "94.2")))
_changed("a key that it may not have", _with(status=("approved",), waives=("all",)))
_changed("a day that is none", _with(expires=("2026-02-30", "soon", "30.06.2026")))


def _file(name: str, content: Callable[[bytes, Random], bytes]) -> None:
    @UNSAFE(f"waiver: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        held = lot.files.get(_FILE)
        return lot.with_file(_FILE, content(held, random)) if isinstance(held, bytes) else None


_file(
    "twice for one thing",
    lambda _, random: waivers(WAIVER, {**WAIVER, "deviation": f"DEV-{random.randint(1, 99)}"}),
)
_file("file cut off", lambda held, random: held[: int(len(held) * random.uniform(0.05, 0.8))])
_file(
    "file empty or no list",
    lambda held, random: random.choice((b"", b"[]", b"waived: all\n", b"- \n", b"null\n")),
)


@UNSAFE("waiver: missing")
def _missing(lot: Lot, random: Random) -> Lot | None:
    return lot.without(_FILE) if _FILE in lot.files else None


@UNSAFE("waiver: the result is worse than the one that was waived")
def _worse(lot: Lot, random: Random) -> Lot | None:
    if _FILE not in lot.files:
        return None
    text = f"{random.uniform(50, 94.1):.1f}"
    wanted = lambda row: row["test"] == "cd105_positive"  # noqa: E731
    return row_changed(lot, random, wanted, lambda row: {**row, "result": text})


# --- what can never be waived --------------------------------------------------------------

_RULES = {"sterility": "501", "gram_stain": "511", "mycoplasma": "531", "in_process_culture": "511"}
_BAD = {"sterility": "Growth", "gram_stain": "Gram-positive cocci seen", "mycoplasma": "Detected",
        "in_process_culture": "Growth"}  # fmt: skip


def _never(name: str, spoil: Callable[[str], str], rule: Callable[[str], str]) -> None:
    @UNSAFE(f"waiver: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        if _FILE in lot.files:
            return None
        said = {row["test"] for _, _, row in cells(lot)}
        tests = [test for test in oracle.in_words(lot) if test in _RULES and test in said]
        test = one_of(random, tests)
        if test is None:
            return None
        wanted = lambda row: row["test"] == test and not row.get("role")  # noqa: E731
        made = row_changed(lot, random, wanted, lambda row: {**row, "result": spoil(test)})
        day = str(lot.manifest["judged_on"])
        entry = {**WAIVER, "rule": rule(test), "criterion": test, "observed": spoil(test) or "-",
                 "approved": day, "expires": "2027-01-01"}  # fmt: skip
        return made and made.with_file(_FILE, waivers(entry))


_never("of growth", lambda test: _BAD[test], lambda test: _RULES[test])
_never("of a result that is blank", lambda _: "", lambda test: _RULES[test][:2] + "4")
_never("of a void result", lambda _: "Invalid", lambda test: _RULES[test][:2] + "5")


@UNSAFE("waiver: of another lot's papers")
def _identity(lot: Lot, random: Random) -> Lot | None:
    found = [name for name, sheet in lot.of(Sheet).items() if sheet.form in ("csv", "json")]
    name = one_of(random, found)
    if name is None or _FILE in lot.files or len(lot.files) > 1:
        return None
    sheet = lot.of(Sheet)[name]
    rows = tuple({**row, "lot": "ZZ-2026-0001"} for row in sheet.rows)
    entry = {k: v for k, v in WAIVER.items() if k not in ("criterion", "observed")}
    entry |= {"rule": random.choice(("203", "lot-mismatch")), "document": name}
    entry |= {"approved": str(lot.manifest["judged_on"]), "expires": "2027-01-01"}
    made = lot.with_file(name, type(sheet)(rows, sheet.form, sheet.options))
    return made.with_file(_FILE, waivers(entry))


# --- harmless ------------------------------------------------------------------------------


def _harmless(name: str, content: Callable[[bytes, Random], bytes]) -> None:
    def change(lot: Lot, random: Random) -> Lot | None:
        held = lot.files.get(_FILE)
        return lot.with_file(_FILE, content(held, random)) if isinstance(held, bytes) else None

    found: Change = change
    HARMLESS(f"waiver: {name}")(found)


_harmless(
    "its keys in another order",
    lambda _, random: waivers(dict(random.sample(list(WAIVER.items()), len(WAIVER)))),
)
_harmless(
    "rule by its name", lambda _, random: waivers({**WAIVER, "rule": "phenotype-out-of-limits"})
)
_harmless("a comment in it", lambda held, random: b"# Approved in QMS.\n" + held)
_harmless(
    "for the criterion as a whole",
    lambda _, random: waivers({k: v for k, v in WAIVER.items() if k != "observed"}),
)
