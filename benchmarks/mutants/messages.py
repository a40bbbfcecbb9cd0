"""Unsafe changes of a message of HL7 v2 or FHIR: what a table has no column for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.mutants import oracle
from benchmarks.mutants.dates import moved
from benchmarks.mutants.kinds import UNSAFE, one_of, row_changed, written
from benchmarks.mutants.lots import Lot, Row, Sheet, drawn

_LOINC, _SNOMED = "http://loinc.org", "http://snomed.info/sct"
_FLAGS = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
# Codes of another test than any row here: of a Gram stain, and of CD34+ cells in the specimen. In
# "code^name" of HL7 the name is the code's own, so that a code that we do not know is no conflict.
_OTHER_TESTS = ("664-3", "74838-4", "33023-3")
_ORGANISMS = ("10828004", "Positive"), ("112283007", "Escherichia coli")


def _compact(day: str) -> str:
    return day.replace("-", "")


def _asked(lot: Lot, *, words: bool | None = None) -> Callable[[Row], bool]:
    def wanted(row: Row) -> bool:
        if not (oracle.asked(lot, row) and row["test"] in oracle.required(lot)):
            return False
        return words is None or (row["test"] in oracle.in_words(lot)) is words

    return wanted


# --- HL7 v2: one result --------------------------------------------------------------------


def _others(row: Row) -> Sequence[str]:
    own = {"gram_stain": "664-3", "cd34_absolute": "74838-4", "cd34_positive": "33023-3"}
    return [code for code in _OTHER_TESTS if code != own.get(row["test"])]


def _field(
    name: str,
    field: str,
    texts: Callable[[Row], Sequence[str]],
    *,
    words: bool | None = None,
) -> None:
    """Set one field of an OBX, or a note below it, that an asked result stands in."""

    @UNSAFE(f"hl7: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        return row_changed(
            lot,
            random,
            _asked(lot, words=words),
            lambda row: {**row, field: random.choice(list(texts(row)))},
            columns=[field],
        )


def _of(*texts: str) -> Callable[[Row], Sequence[str]]:
    return lambda _: texts


_field("result status withdrawn or wrong", "_status", _of("X", "D", "W"))
_field("result status preliminary", "_status", _of("P", "I", "R", "S"))
_field("result status missing or of no table", "_status", _of("", "f", "O", "U", "?", "F~P"))
_field("result flagged abnormal", "_flag", _of("A", "AA", "POS", "H", "HH", "L", "N~A", "W"))
_field("result of no stated type", "_type", _of("", "ED", "RP", "XX"))
_field(
    "code of another test beside its name",
    "_code",
    lambda row: [f"{code}^{row['test']}^LN" for code in _others(row)],
)
_field(
    "code of organisms beside no growth",
    "_value",
    lambda _: [f"{code}^No growth^SCT" for code, _ in _ORGANISMS],
    words=True,
)
_field(
    "two results in one field",
    "_value",
    lambda row: [f"{row['result']}~Positive", f"Positive~{row['result']}"],
    words=True,
)
_field(
    "two numbers in one field",
    "_value",
    lambda row: [f"{row['result'].strip('<>')}~0.1", f"1~{row['result'].strip('<>')}~99999"],
    words=False,
)
_field(
    "note that takes the result back",
    "_notes",
    _of(
        "Growth detected on day 20, see amended report",
        "Result invalid, retest requested",
        "Sample leaked; do not use this result",
        "Contaminated",
    ),
)
_field("explicitly deleted value", "_value", _of('""', ""))


@UNSAFE("hl7: unit of two systems that differ")
def _two_units(lot: Lot, random: Random) -> Lot | None:
    def change(row: Row) -> Row | None:
        pairs = {"EU/mL": "{EU}/mL^EU/kg^UCUM", "%": "%^ppm^UCUM", "cells/mL": "{cells}/mL^cells/L"}
        text = pairs.get(row["unit"])
        # The writer keeps a unit that it does not know, but for the signs that it escapes.
        return None if text is None else {**row, "_unit": text}

    return row_changed(lot, random, _asked(lot, words=False), change, columns=["_unit"])


# --- HL7 v2: the order and the whole message ------------------------------------------------


def _set(name: str, part: str, choices: Callable[[Lot, Random], Mapping[int, str] | None]) -> None:
    @UNSAFE(f"hl7: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        chosen = choices(lot, random)
        return None if chosen is None else written(lot, random, ["hl7"], **{part: dict(chosen)})


def _any(number: int, *texts: str) -> Callable[[Lot, Random], Mapping[int, str]]:
    return lambda _, random: {number: random.choice(texts)}


_set("order not final", "order", _any(25, "P", "A", "I", "R", "S"))
_set("order withdrawn", "order", _any(25, "X", "Y", "Z"))
_set("order status of no table", "order", _any(25, "f", "FINAL", "?", "F~P"))
_set("nobody signed", "order", lambda lot, random: {32: ""})
_set("day of issue missing", "order", lambda lot, random: {22: ""})
_set("training or test message", "header", _any(11, "T", "D", "", "p"))
_set(
    "message of another kind",
    "header",
    _any(9, "ADT^A01", "ORM^O01^ORM_O01", "OUL^R22", "MDM^T02", ""),
)
_set("another version", "header", _any(12, "3.0", "", "FHIR"))
_set("specimen is a control", "specimen", _any(4, "NC^Negative control^L", "PC^Positive control^L"))
_set("specimen has the role of a control", "specimen", _any(11, "Q", "C", "B", "V"))


@UNSAFE("hl7: issued in the future")
def _future(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.manifest["judged_on"]), random.randint(30, 900))
    return written(lot, random, ["hl7"], order={22: f"{_compact(day)}120000"})


@UNSAFE("hl7: issued before the test was complete")
def _early(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.manifest["judged_on"]), -random.randint(16, 60))
    return written(lot, random, ["hl7"], order={22: f"{_compact(day)}120000"})


@UNSAFE("hl7: specimen taken after the test began")
def _taken_late(lot: Lot, random: Random) -> Lot | None:
    # Harvested on day 0, judged on day 17.
    day = _compact(moved(str(lot.manifest["judged_on"]), random.randint(-16, 60)))
    field, part = random.choice(((7, "order"), (17, "specimen")))
    return written(lot, random, ["hl7"], **{part: {field: f"{day}080000"}})


@UNSAFE("hl7: another patient")
def _patient(lot: Lot, random: Random) -> Lot | None:
    """On an allogeneic donor's papers the laboratory's patient may be the donor."""
    autologous = lot.stated("donor", "relation") == "autologous"
    number = f"P-{random.randint(1000, 9999)}X"
    return written(lot, random, ["hl7"], patient=number) if autologous else None


_MORE = (
    "OBX|90|ST|LOT^Lot number^L||ZZ-2026-0001||||||F",
    "DSC|abc|I",
    "ZLT|1|retest",
    "OBX|90|ED|PDF^Report^L||^application^pdf^Base64^AAAA||||||F",
    "OBX|90|ST|X^Bioburden at harvest^L||Growth||||||F",
    "NTE|1|L|This report is withdrawn",
    "OBX|90|ST|S^Sterility^L||Growth of Cutibacterium acnes||||||F",
    "OBX|90|ST|M^Mycoplasma^L||Detected||||||F",
    "OBX|90|ST|G^Gram stain^L||Gram-positive cocci||||||F",
)


@UNSAFE("hl7: one segment more that speaks against the lot")
def _more(lot: Lot, random: Random) -> Lot | None:
    return written(lot, random, ["hl7"], more=(random.choice(_MORE),))


def _message(lot: Lot) -> tuple[str, bytes] | None:
    found = [name for name, sheet in lot.of(Sheet).items() if sheet.form == "hl7"]
    return (found[0], drawn(lot.files[found[0]])) if found else None


@UNSAFE("hl7: message cut off")
def _cut(lot: Lot, random: Random) -> Lot | None:
    """Before its last results; a cut in the last segment may lose nothing."""
    found = _message(lot)
    if found is None:
        return None
    name, content = found
    return lot.with_file(name, content[: int(len(content) * random.uniform(0.02, 0.6))])


@UNSAFE("hl7: a later message that corrects a result")
def _corrected(lot: Lot, random: Random) -> Lot | None:
    """The same order once more, one of its results in other words, status C."""
    found = _message(lot)
    if found is None:
        return None
    name, content = found
    rows = lot.of(Sheet)[name].rows
    places = [n for n, row in enumerate(rows) if _asked(lot, words=True)(row)]
    place = one_of(random, places)
    if place is None:
        return None
    changed = {**rows[place], "result": "Positive", "_status": "C"}
    again = replace(lot.of(Sheet)[name], rows=(*rows[:place], changed, *rows[place + 1 :]))
    return lot.with_file(name, content + drawn(again))


# --- FHIR ----------------------------------------------------------------------------------


def _coding(system: str, code: str, text: str) -> dict[str, Any]:
    return {"text": text, "coding": [{"system": system, "code": code}]}


def _element(
    name: str,
    elements: Callable[[Row, Random], dict[str, Any]],
    *,
    words: bool | None = None,
) -> None:
    """Set elements of one Observation that an asked result stands in."""

    @UNSAFE(f"fhir: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        return row_changed(
            lot,
            random,
            _asked(lot, words=words),
            lambda row: {**row, "_elements": json.dumps(elements(row, random))},
            columns=["_elements"],
        )


_element(
    "result withdrawn",
    lambda _, random: {"status": random.choice(("entered-in-error", "cancelled"))},
)
_element(
    "result of unknown status",
    lambda _, random: {"status": random.choice(("unknown", "FINAL", "done"))},
)
_element(
    "result flagged abnormal",
    lambda _, random: {
        "interpretation": [
            _coding(_FLAGS, code := random.choice(("A", "AA", "POS", "HH", "LL")), code)
        ]
    },
)
_element(
    "code of another test beside its name",
    lambda row, random: {"code": _coding(_LOINC, random.choice(_others(row)), row["test"])},
)
_element(
    "code of organisms beside no growth",
    lambda row, random: {
        "valueCodeableConcept": _coding(_SNOMED, random.choice(_ORGANISMS)[0], row["result"])
    },
    words=True,
)
_element(
    "no value, and the reason why",
    lambda _, random: {
        "valueCodeableConcept": None,
        "valueQuantity": None,
        "dataAbsentReason": {"text": random.choice(("unknown", "error"))},
    },
)
_element(
    "note that takes the result back",
    lambda _, random: {
        "note": [
            {
                "text": random.choice(
                    ("Result invalid, retest requested", "Contaminated", "Growth seen on day 20")
                )
            }
        ]
    },
)
_element(
    "a modifier that nobody knows",
    lambda _, random: {
        "modifierExtension": [{"url": "https://lab.example/negated", "valueBoolean": True}]
    },
)
_element(
    "specimen that is not there",
    lambda _, random: {"specimen": {"reference": f"Specimen/gone{random.randint(1, 99)}"}},
)
_element(
    "unit in words and in code differ",
    lambda row, random: {
        "valueQuantity": {
            "value": 1,
            "unit": row["unit"],
            "system": "http://unitsofmeasure.org",
            "code": random.choice(("g", "mm[Hg]", "[ppm]")),
        }
    },
    words=False,
)
_element(
    "a component that is bad",
    lambda _, random: {
        "component": [
            {
                "code": {"text": "Subculture"},
                "valueCodeableConcept": {"text": random.choice(("Growth", "Positive"))},
            }
        ]
    },
    words=True,
)


@UNSAFE("fhir: another patient")
def _fhir_patient(lot: Lot, random: Random) -> Lot | None:
    autologous = lot.stated("donor", "relation") == "autologous"
    number = f"P-{random.randint(1000, 9999)}X"
    return written(lot, random, ["fhir"], patient=number) if autologous else None


@UNSAFE("fhir: specimen is a control, or spoilt")
def _control(lot: Lot, random: Random) -> Lot | None:
    more = random.choice(
        (
            {"type": {"text": "Negative control"}},
            {"type": {"text": "Positive control"}},
            {"status": "unsatisfactory"},
            {"status": "entered-in-error"},
        )
    )
    return written(lot, random, ["fhir"], specimen=more)


@UNSAFE("fhir: specimen taken after the test began")
def _fhir_late(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.manifest["judged_on"]), random.randint(-16, 60))
    return written(lot, random, ["fhir"], specimen={"collection": {"collectedDateTime": day}})


@UNSAFE("fhir: a document of its own, or a replaced report, that is not here")
def _attached(lot: Lot, random: Random) -> Lot | None:
    held = {"contentType": "application/pdf", "data": "AAAA", "title": "report.pdf"}
    more = random.choice(
        (
            {"presentedForm": [held]},
            {"note": [{"text": "See the amended report."}]},
            {"code": {"text": "Environmental monitoring, draft"}},
            {"conclusionCode": [{"text": "Does not comply"}]},
        )
    )
    return written(lot, random, ["fhir"], report=more)


@UNSAFE("fhir: issued before the test was complete")
def _fhir_early(lot: Lot, random: Random) -> Lot | None:
    day = moved(str(lot.manifest["judged_on"]), -random.randint(16, 60))
    return written(lot, random, ["fhir"], issued=day)


@UNSAFE("fhir: bundle is a history")
def _history(lot: Lot, random: Random) -> Lot | None:
    found = [name for name, sheet in lot.of(Sheet).items() if sheet.form == "fhir"]
    if not found:
        return None
    content = drawn(lot.files[found[0]])
    return lot.with_file(found[0], content.replace(b'"collection"', b'"history"', 1))
