"""Unsafe changes of lot.yaml, and of which files are in the folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from benchmarks.mutants import oracle
from benchmarks.mutants.dates import lookalike, moved, other_number, suffixed
from benchmarks.mutants.kinds import UNSAFE, cells, one_of, written
from benchmarks.mutants.lots import Form, Lot, Sheet, drawn
from benchmarks.mutants.papers import redrawn, result_column, test_of

_FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "relation": ("donor", ("autologous", "allogeneic")),
    "tissue": ("donor", ("bone_marrow", "adipose", "umbilical_cord", "cord_blood",
                         "peripheral_blood")),
    "manipulation": ("manufacture", ("culture_expanded", "enzymatic", "minimal")),
    "cryopreserved": ("manufacture", ("true", "false")),
}  # fmt: skip
# Which facts each specification's `applies_to` names.
_BOUND: dict[str, tuple[str, ...]] = {
    oracle.ALLOGENEIC: ("relation", "manipulation", "cryopreserved"),
    oracle.FRESH: ("relation", "manipulation", "cryopreserved"),
    oracle.BMAC: ("relation", "tissue", "manipulation", "cryopreserved"),
    oracle.SVF: ("relation", "tissue", "manipulation", "cryopreserved"),
    oracle.APHERESIS: ("tissue", "manipulation"),
    oracle.CORD: ("relation", "tissue", "cryopreserved"),
    oracle.OWN_MSC: ("relation", "manipulation", "cryopreserved"),
    oracle.OWN_HPC: ("tissue", "manipulation"),
}
# Their endotoxin has one limit, whatever the route.
_ANY_ROUTE = (oracle.OWN_MSC, oracle.OWN_HPC)


def _fact(fact: str) -> None:
    @UNSAFE(f"lot.yaml: {fact} changed")
    def _(lot: Lot, random: Random) -> Lot | None:
        group, values = _FACTS[fact]
        now = lot.stated(group, fact)
        if fact not in _BOUND[lot.product]:
            return None
        return lot.stating(group, **{fact: random.choice([v for v in values if v != now])})

    @UNSAFE(f"lot.yaml: {fact} not stated")
    def _gone(lot: Lot, random: Random) -> Lot | None:
        if fact not in _BOUND[lot.product]:
            return None
        return lot.stating(_FACTS[fact][0], **{fact: None})


for _name in _FACTS:
    _fact(_name)


@UNSAFE("lot.yaml: product of another specification")
def _product(lot: Lot, random: Random) -> Lot | None:
    others = [product for product in _BOUND if product != lot.product]
    return lot.saying(product=random.choice(others))


@UNSAFE("lot.yaml: product unknown")
def _unknown(lot: Lot, random: Random) -> Lot | None:
    return lot.saying(product=random.choice(("msc-expanded", "bmac", "svf-next-day")))


def _renamed(name: str, rename: Callable[[str, Random], str | None]) -> None:
    @UNSAFE(f"lot.yaml: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        text = rename(lot.number, random)
        return None if text is None else lot.saying(lot=text)


_renamed("lot number of another lot", other_number)
_renamed("lot number with O for 0", lookalike)
_renamed("lot number with a suffix", suffixed)


def _harmful(lot: Lot, changed: Lot) -> bool:
    """Say whether by the changed lot.yaml a number in a table clearly misses its limit."""
    return any(
        not row.get("role")
        and oracle.misses(
            changed, row["test"], Decimal(row["result"].strip("<").replace(",", ".")), row["unit"]
        )
        and not row["result"].startswith("<")
        for _, _, row in cells(lot)
        if row["test"] in oracle.in_numbers(lot)
    )


@UNSAFE("lot.yaml: weight of a heavier recipient")
def _weight(lot: Lot, random: Random) -> Lot | None:
    changed = lot.stating("dose", recipient_weight_kg=str(random.randint(200, 480)))
    return changed if _harmful(lot, changed) else None


@UNSAFE("lot.yaml: volume smaller")
def _volume(lot: Lot, random: Random) -> Lot | None:
    changed = lot.stating("dose", volume_mL=str(round(random.uniform(0.1, 6), 2)))
    return changed if _harmful(lot, changed) else None


@UNSAFE("lot.yaml: so much volume that the endotoxin is above its limit")
def _flood(lot: Lot, random: Random) -> Lot | None:
    """A bound "< 0.5 EU/mL" times 2 litres does not show that the limit is met."""
    has = any(row["test"] == "endotoxin" for _, _, row in cells(lot)) or any(
        test_of(row) == "endotoxin" for form in lot.of(Form).values() for row in form.said.rows
    )
    return lot.stating("dose", volume_mL=str(random.randint(2000, 90000))) if has else None


@UNSAFE("lot.yaml: intrathecal, whose endotoxin limit is lower")
def _route(lot: Lot, random: Random) -> Lot | None:
    """At most 0.2 EU/kg: of "< 0.5 EU/mL", 20 mL do not show that for 40 kg, and for 70 they do.

    Of the two changes that this takes, the lighter recipient alone is within 5 EU/kg.
    """
    has = any(row["test"] == "endotoxin" for _, _, row in cells(lot))
    has = has and lot.product not in _ANY_ROUTE
    volume = Decimal(lot.stated("dose", "volume_mL") or 0)
    if not has or volume < 8:
        return None
    weight = str(random.randint(3, int(volume * 2)))
    return lot.stating("dose", route="intrathecal", recipient_weight_kg=weight)


_DOSED = (oracle.ALLOGENEIC, oracle.FRESH, oracle.OWN_MSC, oracle.OWN_HPC)


@UNSAFE("lot.yaml: route not stated")
def _no_route(lot: Lot, random: Random) -> Lot | None:
    """It decides which limit of endotoxin applies."""
    return None if lot.product in _ANY_ROUTE else lot.stating("dose", route=None)


@UNSAFE("lot.yaml: weight not stated")
def _no_weight(lot: Lot, random: Random) -> Lot | None:
    asked = lot.product in (oracle.ALLOGENEIC, oracle.OWN_HPC)
    return lot.stating("dose", recipient_weight_kg=None) if asked else None


@UNSAFE("lot.yaml: volume not stated")
def _no_volume(lot: Lot, random: Random) -> Lot | None:
    return lot.stating("dose", volume_mL=None) if lot.product in _DOSED else None


@UNSAFE("lot.yaml: weight or volume of no such thing")
def _absurd(lot: Lot, random: Random) -> Lot | None:
    key = random.choice(("recipient_weight_kg", "volume_mL"))
    text = random.choice(("0", "0.00001", "700000", "-70", "70,5", "seventy", "7e1"))
    return lot.stating("dose", **{key: text})


@UNSAFE("lot.yaml: expired")
def _expired(lot: Lot, random: Random) -> Lot | None:
    judged = str(lot.manifest["judged_on"])
    harvested = str(lot.stated("manufacture", "harvested"))[:10]
    day = moved(judged, -1)
    return lot.stating("manufacture", expires=day) if day >= harvested else None


@UNSAFE("lot.yaml: harvested in the future")
def _future(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.manifest["judged_on"]), random.randint(1, 300))
    return lot.stating("manufacture", harvested=day, thawed=None, expires=None)


@UNSAFE("lot.yaml: harvested after the tests of the product")
def _late_harvest(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.manifest["judged_on"]), 0)
    return lot.stating("manufacture", harvested=day, thawed=None)


@UNSAFE("lot.yaml: thaw not stated")
def _no_thaw(lot: Lot, random: Random) -> Lot | None:
    return lot.stating("manufacture", thawed=None) if lot.product == oracle.ALLOGENEIC else None


@UNSAFE("lot.yaml: thawed hours before")
def _early_thaw(lot: Lot, random: Random) -> Lot | None:
    thawed = lot.stated("manufacture", "thawed")
    if thawed is None:
        return None
    return lot.stating("manufacture", thawed=f"{thawed[:10]} 0{random.randint(0, 6)}:05")


@UNSAFE("lot.yaml: thawed after the measurement")
def _late_thaw(lot: Lot, random: Random) -> Lot | None:
    thawed = lot.stated("manufacture", "thawed")
    if thawed is None:
        return None
    return lot.stating("manufacture", thawed=f"{thawed[:10]} {random.randint(12, 23)}:05")


@UNSAFE("lot.yaml: donation number of another donor")
def _din(lot: Lot, random: Random) -> Lot | None:
    """Where a paper carries the number, so that the two can be held against each other."""
    boxes = [label for form in lot.of(Form).values() for label, _ in form.said.boxes]
    if "Donation number" not in boxes:
        return None
    return lot.stating("identifiers", din=f"W0000 26 2{random.randint(10000, 99999)}")


@UNSAFE("lot.yaml: judged before its papers were written")
def _early_day(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.stated("manufacture", "harvested"))[:10], random.randint(-30, -1))
    return lot.saying(judged_on=day)


@UNSAFE("lot.yaml: a running culture is overdue")
def _overdue(lot: Lot, random: Random) -> Lot | None:
    waits = any(row.get("status") == "preliminary" for _, _, row in cells(lot)) or any(
        text == "Preliminary" for form in lot.of(Form).values() for _, text in form.said.boxes
    )
    day = moved(str(lot.manifest["judged_on"]), random.randint(15, 200))
    return lot.saying(judged_on=day) if waits else None


@UNSAFE("lot.yaml: an unknown key")
def _key(lot: Lot, random: Random) -> Lot | None:
    return lot.saying(**{random.choice(("lott", "weight", "waive", "verdict")): "PASS"})


# --- files ---------------------------------------------------------------------------------


def _needed(lot: Lot) -> list[str]:
    """Give the papers without which a test that is asked for has no result at all."""
    tests = oracle.required(lot)
    found = [name for name, form in lot.of(Form).items()
             if any(test_of(row) in tests for row in form.said.rows)]  # fmt: skip
    found += [name for name, sheet in lot.of(Sheet).items()
              if any(row["test"] in oracle.alone(lot) for row in sheet.rows)]  # fmt: skip
    return found


@UNSAFE("folder: paper missing")
def _missing(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, _needed(lot))
    return None if name is None else lot.without(name)


@UNSAFE("folder: paper left unread by lot.yaml")
def _ignored(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, _needed(lot))
    return None if name is None else lot.saying(ignore=[name])


@UNSAFE("folder: paper empty")
def _empty(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, sorted(lot.files))
    return None if name is None else lot.with_file(name, b"")


@UNSAFE("folder: paper of random bytes")
def _noise(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, sorted(lot.files))
    return None if name is None else lot.with_file(name, random.randbytes(3000))


@UNSAFE("folder: one paper more that cannot be read")
def _more(lot: Lot, random: Random) -> Lot | None:
    name = random.choice(("addendum.pdf", "letter.docx", "raw.abc", "extra.csv", "scan.png"))
    return lot.with_file(name, random.randbytes(500))


@UNSAFE("folder: table cut off in the middle")
def _cut(lot: Lot, random: Random) -> Lot | None:
    names = [n for n, sheet in lot.of(Sheet).items() if sheet.form in ("csv", "json", "xlsx")]
    names = [name for name in names if name in _needed(lot)]
    name = one_of(random, names)
    if name is None:
        return None
    content = drawn(lot.files[name])
    return lot.with_file(name, content[: int(len(content) * random.uniform(0.05, 0.5))])


def _another(lot: Lot, random: Random, boxes: dict[str, str]) -> tuple[str, Lot] | None:
    """Add a copy of a sterility paper in which something grew, with other words in its boxes."""
    found = [
        (name, form)
        for name, form in lot.of(Form).items()
        if any(test_of(row) == "sterility" for row in form.said.rows)
    ]
    chosen = one_of(random, found)
    if chosen is None:
        return None
    name, form = chosen
    column = result_column(form)
    rows = [list(row) for row in form.said.rows]
    place = random.choice([n for n, row in enumerate(rows) if test_of(row) == "sterility"])
    rows[place][column] = random.choice(("Growth", "Growth of Staphylococcus epidermidis"))
    said = [(label, boxes.get(label, text)) for label, text in form.said.boxes]
    path = f"second-{name}"
    made = lot.with_file(path, form)
    number = next(iter(boxes.values()))
    return path, redrawn(made, path, rows=rows, boxes=said, report_number=number)


_NUMBERS: Sequence[str] = ("REPORT #", "Report No.", "Report number")


@UNSAFE("folder: a second report that found growth")
def _second(lot: Lot, random: Random) -> Lot | None:
    number = f"ZZ-26-{random.randint(1000, 9999)}"
    found = _another(lot, random, dict.fromkeys(_NUMBERS, number))
    return None if found is None else found[1]


@UNSAFE("folder: an amended report that found growth")
def _amended(lot: Lot, random: Random) -> Lot | None:
    number = f"ZZ-26-{random.randint(1000, 9999)}-A"
    boxes = {**dict.fromkeys(_NUMBERS, number), "REPORT STATUS": "Amended",
             "Report status": "Amended"}  # fmt: skip
    found = _another(lot, random, boxes)
    if found is None:
        return None
    path, made = found
    said = made.of(Form)[path].said
    first = next(name for name in made.of(Form) if f"second-{name}" == path)
    old = made.of(Form)[first].said.report_number
    return redrawn(made, path, remarks=[*said.remarks, f"This report replaces report {old}."])


@UNSAFE("folder: one report number, two different reports")
def _same_number(lot: Lot, random: Random) -> Lot | None:
    found = _another(lot, random, {"": ""})
    if found is None:
        return None
    path, made = found
    first = next(name for name in made.of(Form) if f"second-{name}" == path)
    return redrawn(made, path, report_number=made.of(Form)[first].said.report_number)


@UNSAFE("folder: a bad paper under a hidden name")
def _hidden(lot: Lot, random: Random) -> Lot | None:
    found = _another(lot, random, dict.fromkeys(_NUMBERS, "ZZ-26-0001"))
    if found is None:
        return None
    path, made = found
    form = made.files[path]
    return made.without(path).with_file(random.choice((f".{path}", f".old/{path}")), form)


# --- how a table is written ----------------------------------------------------------------


@UNSAFE("workbook: a row hidden")
def _hidden_row(lot: Lot, random: Random) -> Lot | None:
    """What nobody sees supports no pass."""

    def touch(sheet: object) -> None:
        row = random.randint(2, sheet.max_row)  # type: ignore[attr-defined]
        sheet.row_dimensions[row].hidden = True  # type: ignore[attr-defined]

    return written(lot, random, ["xlsx"], touch=touch)


@UNSAFE("workbook: a formula that was never computed")
def _formula(lot: Lot, random: Random) -> Lot | None:
    def touch(sheet: object) -> None:
        heads = [cell.value for cell in sheet[1]]  # type: ignore[index]
        column = heads.index("result") + 1
        sheet.cell(2, column).value = "=B1+1"  # type: ignore[attr-defined]

    return written(lot, random, ["xlsx"], touch=touch) if lot.product != oracle.BMAC else None


@UNSAFE("table: two columns of results")
def _two_columns(lot: Lot, random: Random) -> Lot | None:
    names = [n for n, sheet in lot.of(Sheet).items() if sheet.form in ("csv", "xlsx")]
    name = one_of(random, names)
    if name is None:
        return None
    sheet = lot.of(Sheet)[name]
    heading = random.choice(("Result", "Results", "Value"))
    rows = [{**row, heading: row["result"]} for row in sheet.rows]
    return lot.with_file(name, replace(sheet, rows=tuple(rows)))


@UNSAFE("message: report not final")
def _not_final(lot: Lot, random: Random) -> Lot | None:
    status = random.choice(("preliminary", "registered", "partial", "unknown"))
    return written(lot, random, ["fhir"], report={"status": status})


@UNSAFE("message: report withdrawn")
def _withdrawn(lot: Lot, random: Random) -> Lot | None:
    status = random.choice(("cancelled", "entered-in-error"))
    return written(lot, random, ["fhir"], report={"status": status})


@UNSAFE("message: nobody signed")
def _unsigned(lot: Lot, random: Random) -> Lot | None:
    return written(lot, random, ["fhir"], report={"resultsInterpreter": None, "performer": None})


@UNSAFE("message: result missing from the bundle")
def _dangling(lot: Lot, random: Random) -> Lot | None:
    found = written(lot, random, ["fhir"])
    if found is None:
        return None
    name = next(iter(found.of(Sheet)))
    place = random.randrange(len(found.of(Sheet)[name].rows))
    content = drawn(found.files[name])
    return found.with_file(
        name, content.replace(b'"Observation/o%d"' % place, b'"Observation/gone"')
    )


@UNSAFE("message: issued in the future")
def _future_message(lot: Lot, random: Random) -> Lot | None:
    day = dt.date.fromisoformat(str(lot.manifest["judged_on"])) + dt.timedelta(
        random.randint(30, 900)
    )
    return written(lot, random, ["fhir"], issued=day.isoformat())


@UNSAFE("message: conclusion bad")
def _conclusion(lot: Lot, random: Random) -> Lot | None:
    text = random.choice(("Does not comply", "Fails", "Result out of specification"))
    return written(lot, random, ["fhir"], report={"conclusion": text})
