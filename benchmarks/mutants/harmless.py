"""Changes that say the same in another way: after them the verdict must be what it was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.mutants import oracle, sheets
from benchmarks.mutants.kinds import HARMLESS, cells, one_of, row_changed, with_rows, written
from benchmarks.mutants.lots import Form, Lot, Row, Sheet
from benchmarks.mutants.papers import date_read, redrawn, result_column, test_of

_DELIMITED = ("csv",)
_TABLES = ("csv", "xlsx", "json")


def _table(lot: Lot, random: Random, forms: Sequence[str] = _TABLES) -> tuple[str, Sheet] | None:
    names = [(name, sheet) for name, sheet in lot.of(Sheet).items() if sheet.form in forms]
    return one_of(random, names)


def _decimal(lot: Lot) -> str:
    return str(lot.manifest.get("locale", {}).get("decimal", "."))


# --- tables --------------------------------------------------------------------------------


@HARMLESS("table: rows in another order")
def _rows(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random, (*_TABLES, *sheets.MESSAGES))
    if found is None:
        return None
    return with_rows(lot, found[0], random.sample(found[1].rows, len(found[1].rows)))


@HARMLESS("table: columns in another order")
def _columns(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random)
    if found is None:
        return None
    used = sheets.columns(found[1].rows, {})
    options = {**found[1].options, "columns": random.sample(used, len(used))}
    return lot.with_file(found[0], replace(found[1], options=options))


def _written(name: str, forms: Sequence[str], **options: object) -> None:
    @HARMLESS(f"table: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        return written(lot, random, forms, **options)


_written("blank rows between", _DELIMITED, blank=True)
_written("white space around", _DELIMITED, padding="  ")
_written("every cell quoted", _DELIMITED, quoted=True)
_written("lines of Windows", _DELIMITED, newline="\r\n")
_written("byte order mark", _DELIMITED, encoding="utf-8-sig")
_written("UTF-16 with its mark", _DELIMITED, encoding="utf-16")
_written("separated by tabs", _DELIMITED, mark="\t")
_written("headings of a laboratory's own", _TABLES, headings=sheets.HEADINGS)
_written("headings in capitals", _TABLES, headings={c: c.upper() for c in sheets.COLUMNS})
_written("indented", ("json", "fhir"), indent=2)


@HARMLESS("table: separated by semicolons")
def _semicolons(lot: Lot, random: Random) -> Lot | None:
    return written(lot, random, _DELIMITED, mark=";")


@HARMLESS("table: decimal commas, declared, by semicolons")
def _commas(lot: Lot, random: Random) -> Lot | None:
    """All tables of the lot, since the declaration is for them all; no certificate has numbers."""
    if _decimal(lot) == "," or lot.of(Form) or not lot.of(Sheet) or _is_waived(lot):
        return None
    found = _table(lot, random, _DELIMITED)
    if found is None:
        return None
    rows = [{**row, "result": re.sub(r"(?<=\d)\.(?=\d)", ",", row["result"])}
            for row in found[1].rows]  # fmt: skip
    sheet = replace(found[1], rows=tuple(rows), options={**found[1].options, "mark": ";"})
    made = lot.with_file(found[0], sheet)
    return made.stating("locale", decimal=",")


@HARMLESS("table: separators of thousands, declared")
def _thousands(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        digits = row["result"]
        if not re.fullmatch(r"\d\.?\d*e[3-9]", digits):
            return None
        mark = "," if _decimal(lot) == "." else "."
        return {**row, "result": f"{int(Decimal(digits)):,}".replace(",", mark)}

    return row_changed(_plain(lot), random, lambda row: bool(row["result"]), change)


def _plain(lot: Lot) -> Lot:
    """Leave the plain tables of a lot; a message has codes and numbers, and no way to write them.

    Only a lot of one table has a message, so that no other paper is lost by it.
    """
    is_message = any(sheet.form in sheets.MESSAGES for sheet in lot.of(Sheet).values())
    return replace(lot, files={}) if is_message or _is_waived(lot) else lot


def _is_waived(lot: Lot) -> bool:
    """A waiver is for a result as it is printed."""
    return "waivers.yaml" in lot.files


def _movable(lot: Lot) -> list[str]:
    """Give the files whose name and place say nothing."""
    return [n for n in lot.files if not n.startswith("flow/") and n != "waivers.yaml"]


_SAME: Mapping[str, Sequence[tuple[str, str]]] = {
    "cells/mL": (("1e-6", "10^6 cells/mL"), ("1e-6", "x10^6/mL"), ("1e-3", "cells/uL"),
                 ("1e-6", "1e6 cells/mL"), ("1", "cells per mL"), ("1", "viable cells/mL")),
    "cells/uL": (("1e3", "cells/mL"), ("1", "/µL")),
    "cells": (("1e-6", "10^6 cells"), ("1e-8", "x10^8 cells")),
    "cells/kg": (("1e-6", "10^6 cells/kg"), ("1e-6", "x10^6/kg")),
    "EU/mL": (("1", "IU/mL"), ("1", "EU/ml"), ("1", "E.U./mL")),
    "%": (("1", "percent"), ("1", " % ")),
    "mL": (("1", "ml"), ("1e-3", "L")),
}  # fmt: skip


@HARMLESS("row: an equal unit")
def _unit(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        sign = row["result"][0] if row["result"][0] in "<>" else ""
        text = row["result"].lstrip("<>").replace(",", ".")
        factor, unit = random.choice(list(_SAME[row["unit"]]))
        value = f"{(Decimal(text) * Decimal(factor)).normalize():f}"
        value = text if factor == "1" else value
        return {**row, "unit": unit, "result": sign + value.replace(".", _decimal(lot))}

    wanted: Callable[[Row], bool] = lambda row: row.get("unit") in _SAME  # noqa: E731
    return row_changed(_plain(lot), random, wanted, change)


@HARMLESS("row: a number in another notation")
def _notation(lot: Lot, random: Random) -> Lot | None:
    """7.8e6 as 7.8E+06, 7.8 x 10^6 or 7800000; 92.8 as 92.80."""

    def change(row: Row) -> Row | None:
        text = row["result"].replace(",", ".")
        ways: tuple[str, ...]
        power = re.fullmatch(r"(\d(?:\.\d+)?)e(\d)", text)
        if power:
            ways = (f"{power[1]}E+0{power[2]}", f"{power[1]} x 10^{power[2]}",
                    f"{power[1]}×10^{power[2]}", str(int(Decimal(text))))  # fmt: skip
        elif re.fullmatch(r"\d+\.\d+", text):
            ways = (f"{text}0",)
        else:
            return None
        return {**row, "result": random.choice(ways).replace(".", _decimal(lot))}

    return row_changed(_plain(lot), random, lambda row: bool(row.get("unit")), change)


_SYNONYMS: Mapping[str, Sequence[str]] = {
    "No growth": ("NO GROWTH", "no growth", "Negative", "No growth observed",
                  "No growth after 14 days", "No growth detected", "Sterile"),
    "No organisms seen": ("Negative", "no organisms seen", "No organisms observed",
                          "NO ORGANISMS SEEN", "No bacteria seen"),
    "Not detected": ("Negative", "not detected", "NOT DETECTED", "None detected"),
    "Non-reactive": ("Negative", "NON-REACTIVE", "nonreactive", "Non reactive", "Not detected"),
}  # fmt: skip


@HARMLESS("row: the same result in other words")
def _words(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        ways = _SYNONYMS.get(row["result"])
        if row["test"] == "in_process_culture":
            ways = ("NO GROWTH", "Negative", "No growth observed")
        return {**row, "result": random.choice(list(ways))} if ways else None

    return row_changed(lot, random, lambda row: not row.get("role"), change)


_NAMES: Mapping[str, Sequence[str]] = {
    "viability": ("Viability", "Cell viability", "VIABILITY"),
    "viable_cell_concentration": ("Viable cell concentration", "Viable cells/mL"),
    "nucleated_cell_concentration": ("Nucleated cell concentration",),
    "cd105_positive": ("CD105", "CD105+", "CD105 positive"),
    "cd45_positive": ("CD45", "CD45+", "CD45 positive"),
    "sterility": ("Sterility", "Sterility test"),
    "gram_stain": ("Gram stain", "GRAM STAIN"),
    "endotoxin": ("Endotoxin", "Bacterial endotoxins", "LAL"),
    "mycoplasma": ("Mycoplasma", "Mycoplasma PCR"),
    "hiv_antibody": ("Anti-HIV-1/2", "HIV-1/2 antibody"),
    "hcv_antibody": ("HCV antibody", "Anti-HCV"),
}


@HARMLESS("row: the test by another of its names")
def _names(lot: Lot, random: Random) -> Lot | None:
    return row_changed(
        lot,
        random,
        lambda row: row["test"] in _NAMES,
        lambda row: {**row, "test": random.choice(list(_NAMES[row["test"]]))},
    )


_PARTS = {"aerobic": ("Aerobic", "AEROBIC", "aerobic bottle", "SCDM", "TSB"),
          "anaerobic": ("Anaerobic", "anaerobic bottle", "FTM", "Thioglycollate")}  # fmt: skip


@HARMLESS("row: the medium by another of its names")
def _media(lot: Lot, random: Random) -> Lot | None:
    return row_changed(
        _plain(lot),
        random,
        lambda row: row.get("part") in _PARTS,
        lambda row: {**row, "part": random.choice(_PARTS[row["part"]])},
    )


@HARMLESS("row: status in other words")
def _status(lot: Lot, random: Random) -> Lot | None:
    words = ("Final", "FINAL", "final report", "approved", "Verified")
    return row_changed(
        _plain(lot),
        random,
        lambda row: row.get("status") == "final",
        lambda row: {**row, "status": random.choice(words)},
    )


def _redated(name: str, pattern: str) -> None:
    @HARMLESS(f"table: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        found = _table(lot, random, _TABLES)
        if found is None or not any(row.get("started") for row in found[1].rows):
            return None
        proof = any(int(row["started"][8:]) > 12 for row in found[1].rows if row.get("started"))
        rows = [
            {**row, **{c: _day(row[c], pattern) for c in ("started", "ended") if row.get(c)}}
            for row in found[1].rows
        ]
        made = with_rows(lot, found[0], rows)
        return made if proof else None


def _day(text: str, pattern: str) -> str:
    return f"{dt.date.fromisoformat(text[:10]):{pattern}}"


_redated("dates with the month's name", "%d-%b-%Y")
_redated("dates with the month in full", "%d %B %Y")
_redated("dates 31.12.2026, of which one has a day past 12", "%d.%m.%Y")
_redated("dates 12/31/2026, of which one has a day past 12", "%m/%d/%Y")


@HARMLESS("table: the lot number in small letters, or with space around")
def _lot_case(lot: Lot, random: Random) -> Lot | None:
    """Case and white space are the declared normalisation of an identifier."""
    text = random.choice((lot.number.lower(), f" {lot.number} ", lot.number.title()))
    found = _table(lot, random)
    if found is None:
        return None
    return with_rows(lot, found[0], [{**row, "lot": text} for row in found[1].rows])


@HARMLESS("table: one more test that meets, and that nobody asks for")
def _unasked(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random, (*_TABLES, *sheets.MESSAGES))
    if found is None:
        return None
    first = found[1].rows[0]
    kept = {key: first.get(key, "") for key in ("lot", "sample_id", "status", "measured_at")}
    more = random.choice(
        ({"test": "cd29_positive", "result": "99", "unit": "%"},
         {"test": "pH", "result": "7.2", "unit": ""})
    )  # fmt: skip
    return with_rows(lot, found[0], [*found[1].rows, {**kept, **more}])


@HARMLESS("table: a column more that is not read")
def _column(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random)
    if found is None:
        return None
    heading, text = random.choice((("operator", "AB"), ("plate", "7"), ("page", "2 of 2")))
    rows = [{**row, heading: text} for row in found[1].rows]
    return with_rows(lot, found[0], rows)


@HARMLESS("table: a row said twice")
def _twice(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random)
    if found is None:
        return None
    row = random.choice(found[1].rows)
    return with_rows(lot, found[0], [*found[1].rows, row])


@HARMLESS("table: rows of a neighbour's lot besides")
def _neighbour(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random)
    if found is None:
        return None
    other = f"{lot.number[:-1]}{(int(lot.number[-1]) + 3) % 10}"
    row = {**found[1].rows[0], "lot": other, "sample_id": f"{other}-FP"}
    return with_rows(lot, found[0], [*found[1].rows, row])


@HARMLESS("table: as a workbook")
def _workbook(lot: Lot, random: Random) -> Lot | None:
    return _as(lot, random, ("csv", "json"), "xlsx")


@HARMLESS("table: as JSON")
def _as_json(lot: Lot, random: Random) -> Lot | None:
    return _as(lot, random, ("csv", "xlsx"), "json")


def _as(lot: Lot, random: Random, forms: Sequence[str], form: str) -> Lot | None:
    found = _table(lot, random, forms)
    if found is None:
        return None
    name, sheet = found
    made = lot.without(name)
    return made.with_file(f"{name.rsplit('.', 1)[0]}.{form}", replace(sheet, form=form, options={}))


@HARMLESS("table: cut into two files")
def _cut(lot: Lot, random: Random) -> Lot | None:
    found = _table(lot, random, ("csv",))
    if found is None or len(found[1].rows) < 2 or lot.product == oracle.OWN_MSC:
        # Replicates stand in one document.
        return None
    name, sheet = found
    at = random.randint(1, len(sheet.rows) - 1)
    made = lot.with_file(name, replace(sheet, rows=sheet.rows[:at]))
    return made.with_file("second.csv", replace(sheet, rows=sheet.rows[at:]))


# --- certificates --------------------------------------------------------------------------


def _form(lot: Lot, random: Random) -> tuple[str, Form] | None:
    return one_of(random, sorted(lot.of(Form).items(), key=lambda item: item[0]))


@HARMLESS("paper: rows in another order")
def _paper_rows(lot: Lot, random: Random) -> Lot | None:
    found = _form(lot, random)
    if found is None or len(found[1].said.rows) < 2:
        return None
    rows = list(found[1].said.rows)
    return redrawn(lot, found[0], rows=[*rows[1:], rows[0]])


_PRINTED = ("%d-%b-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")


@HARMLESS("paper: dates in another format")
def _paper_dates(lot: Lot, random: Random) -> Lot | None:
    found = _form(lot, random)
    if found is None:
        return None
    pattern = random.choice(_PRINTED)

    def again(text: str) -> str:
        date = date_read(text)
        return f"{date[0]:{pattern}}" if date else text

    said = found[1].said
    boxes = [(label, again(text)) for label, text in said.boxes]
    signed = [[(label, again(text)) for label, text in pairs] for pairs in said.signatures]
    return redrawn(lot, found[0], boxes=boxes, signatures=signed)


@HARMLESS("paper: in another layout")
def _layout(lot: Lot, random: Random) -> Lot | None:
    """A print-out as the report of two columns; both have five columns and the same words."""
    found = _form(lot, random)
    if found is None or found[1].drawer != "plain_columns":
        return None
    boxes = [*found[1].said.boxes]
    boxes += [("", "")] * (len(boxes) % 2)
    made = lot.with_file(found[0], replace(found[1], drawer="european_report"))
    return redrawn(made, found[0], boxes=boxes)


_PAPER_WORDS = {
    "No growth": ("No Growth", "NO GROWTH", "No growth observed"),
    "Not detected": ("NOT DETECTED", "Negative", "not detected"),
    "No organisms seen": ("Negative", "No organisms observed"),
    "Non-reactive": ("NON-REACTIVE", "Negative", "Nonreactive"),
}


@HARMLESS("paper: the same result in other words")
def _paper_words(lot: Lot, random: Random) -> Lot | None:
    found = _form(lot, random)
    if found is None:
        return None
    column = result_column(found[1])
    rows = [list(row) for row in found[1].said.rows]
    places = [n for n, row in enumerate(rows) if test_of(row) and row[column] in _PAPER_WORDS]
    place = one_of(random, places)
    if place is None:
        return None
    rows[place][column] = random.choice(_PAPER_WORDS[rows[place][column]])
    return redrawn(lot, found[0], rows=rows)


@HARMLESS("paper: a harmless remark")
def _remark(lot: Lot, random: Random) -> Lot | None:
    found = _form(lot, random)
    if found is None:
        return None
    text = random.choice(
        ("Samples are kept for 30 days after the report.",
         "Measurement uncertainty is available on request.",
         "Decision rule: simple acceptance.")
    )  # fmt: skip
    return redrawn(lot, found[0], remarks=[*found[1].said.remarks, text])


@HARMLESS("paper: another name on the signature")
def _signer(lot: Lot, random: Random) -> Lot | None:
    found = _form(lot, random)
    if found is None:
        return None
    names = {"A. Sample, Microbiologist (fictitious)": "C. Example, PhD",
             "B. Specimen, Quality Manager (fictitious)": "Dr. D. Muster"}  # fmt: skip
    signed = [[(label, names.get(text, text)) for label, text in pairs]
              for pairs in found[1].said.signatures]  # fmt: skip
    return redrawn(lot, found[0], signatures=signed)


# --- files and lot.yaml --------------------------------------------------------------------


@HARMLESS("folder: file under another name")
def _renamed(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, _movable(lot))
    if name is None:
        return None
    suffix = name.rsplit(".", 1)[1]
    new = random.choice(("report", "Scan 0001", "a-b_c", "Prüfbericht", "2026-03")) + f".{suffix}"
    return lot.without(name).with_file(new, lot.files[name])


@HARMLESS("folder: file in a folder below")
def _deeper(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, _movable(lot))
    if name is None:
        return None
    return lot.without(name).with_file(f"{random.choice(('lab', 'a/b', 'QC 1'))}/{name}",
                                       lot.files[name])  # fmt: skip


@HARMLESS("folder: the same file twice")
def _copy(lot: Lot, random: Random) -> Lot | None:
    name = one_of(random, _movable(lot))
    if name is None:
        return None
    return lot.with_file(f"copy/{name}", lot.files[name])


@HARMLESS("folder: a note that lot.yaml leaves unread")
def _note(lot: Lot, random: Random) -> Lot | None:
    name = random.choice(("note.txt", "letter.docx", "photo.heic"))
    return lot.with_file(name, b"Growth of interest in our work.").saying(ignore=[name])


@HARMLESS("folder: what systems leave behind")
def _left(lot: Lot, random: Random) -> Lot | None:
    return lot.with_file(random.choice((".DS_Store", "Thumbs.db", "desktop.ini", "README")), b"x")


@HARMLESS("lot.yaml: keys in another order")
def _keys(lot: Lot, random: Random) -> Lot | None:
    items: list[tuple[str, Any]] = list(lot.manifest.items())
    return replace(lot, manifest=dict(random.sample(items, len(items))))


@HARMLESS("lot.yaml: another note")
def _said(lot: Lot, random: Random) -> Lot | None:
    return lot.saying(note=random.choice(("Second vial of the day.", "Fails? no, see SOP 4.")))


@HARMLESS("lot.yaml: guidance of the delivery")
def _guidance(lot: Lot, random: Random) -> Lot | None:
    return lot.stating("delivery", guidance=random.choice(("ultrasound", "fluoroscopy", "none")))


@HARMLESS("lot.yaml: the same number with more digits")
def _digits(lot: Lot, random: Random) -> Lot | None:
    weight = lot.stated("dose", "recipient_weight_kg")
    return lot.stating("dose", recipient_weight_kg=f"{weight}.0") if weight else None


@HARMLESS("lot.yaml: judged some days later")
def _later(lot: Lot, random: Random) -> Lot | None:
    """A lot that passes does so until it expires; one that waits is not asked here."""
    waits = any(row.get("status") == "preliminary" for _, _, row in cells(lot)) or any(
        text == "Preliminary" for form in lot.of(Form).values() for _, text in form.said.boxes
    )
    day = dt.date.fromisoformat(str(lot.manifest["judged_on"])) + dt.timedelta(
        random.randint(1, 60)
    )
    return None if waits else lot.saying(judged_on=day.isoformat())
