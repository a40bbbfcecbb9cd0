"""Dilution, λ, ratio and uncertainty in messages: read, or told where their words matter.

Each case has a harmless twin that passes, so that it is the words that hold.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fhir_files import (
    concept,
    diagnostic_report,
    endotoxin,
    observation,
    quantity,
    viability,
    whole,
)
from lots import assess, criterion, outcome, specification, write_lot
from test_hl7v2 import ENDOTOXIN, HEADER, LOT, ORDER, PATIENT, SPECIMEN, VIABILITY

from qcvalidate.assessment import Outcome, Verdict

SPEC = specification(
    criterion("endotoxin", "at_most: '5'", "EU/kg", 'evidence: {within_mvd: "true"}'),
    criterion("viability", "at_least: '70'", "%"),
    criterion("mycoplasma", "one_of: [negative]", more="presence: when_reported"),
)
LAMBDA = {"valueQuantity": quantity(0.005, "EU/mL", "{EU}/mL")}
BLIND = {"valueQuantity": quantity(0.5, "EU/mL", "{EU}/mL")}


def component(text: str, **value: Any) -> dict[str, Any]:
    return {"code": concept(text)} | value


def mycoplasma(**more: Any) -> dict[str, Any]:
    stated = {
        "valueCodeableConcept": concept("Not detected"),
        "effectiveDateTime": "2026-03-05T10:30:00+01:00",
    }
    return observation("o4", "Mycoplasma", **(stated | more))


def fhir(*given: dict[str, Any]) -> dict[str, str | bytes]:
    named = {one["id"] for one in given}
    results = [*given, *(one for one in (endotoxin(), viability()) if one["id"] not in named)]
    message = whole(*results, report=diagnostic_report(*results))
    return {"a.json": json.dumps(message)}


def hl7(*segments: str) -> dict[str, str | bytes]:
    return {"a.hl7": "\r".join([HEADER, PATIENT, ORDER, LOT, *segments, SPECIMEN]) + "\r"}


ONE_IN_1000 = {"valueString": "1:1000"}
# 5 EU/kg of 70 kg and 100 mL are 3.5 EU/mL: λ 0.5 at 1:1000 sees 500 at the least, λ 0.005 at
# 1:10 sees 0.05.
FHIR = {
    "components": (
        [
            endotoxin(
                component=[component("Sample dilution", **ONE_IN_1000), component("λ", **BLIND)]
            )
        ],
        Verdict.HOLD,
    ),
    "components that see": (
        [
            endotoxin(
                component=[
                    component("Sample dilution", valueString="1:10"),
                    component("Lambda", **LAMBDA),
                ]
            )
        ],
        Verdict.PASS,
    ),
    "whole number": (
        [
            endotoxin(
                component=[component("Dilution", valueInteger=1000), component("Lambda", **BLIND)]
            )
        ],
        Verdict.HOLD,
    ),
    "ratio and MVD": (
        [
            endotoxin(
                component=[
                    component(
                        "Dilution",
                        valueRatio={"numerator": {"value": 1}, "denominator": {"value": 11}},
                    ),
                    component("MVD", valueString="1:10"),
                ]
            )
        ],
        Verdict.HOLD,
    ),
    "ratio at the MVD": (
        [
            endotoxin(
                component=[
                    component(
                        "Dilution",
                        valueRatio={"numerator": {"value": 1}, "denominator": {"value": 10}},
                    ),
                    component("MVD", valueString="1:10"),
                ]
            )
        ],
        Verdict.PASS,
    ),
    "two dilutions": (
        [
            endotoxin(
                component=[component("Dilution", **ONE_IN_1000), component("Dilution", **LAMBDA)]
            )
        ],
        Verdict.HOLD,
    ),
    "components of a panel": (
        [
            endotoxin(
                code=concept("LAL test"),
                valueQuantity=None,
                component=[
                    component("Endotoxin", valueQuantity=quantity(0.05, "EU/mL", "{EU}/mL", "<")),
                    component("Dilution", valueInteger=1000),
                    component("MVD", valueInteger=10),
                ],
            )
        ],
        Verdict.HOLD,
    ),
    "observations of their own": (
        [endotoxin(), observation("o7", "Dilution factor", valueInteger=1000)],
        Verdict.HOLD,
    ),
    "method": (
        [endotoxin(method=concept("LAL kinetic, dilution 1:1000, lambda 0.5 EU/mL"))],
        Verdict.HOLD,
    ),
    "method that sees": (
        [endotoxin(method=concept("LAL kinetic, dilution 1:10, lambda 0.005 EU/mL"))],
        Verdict.PASS,
    ),
    "method in words not read": (
        [endotoxin(method=concept("LAL kinetic, diluted between 100 and 1000 times"))],
        Verdict.HOLD,
    ),
    "range": (
        [endotoxin(referenceRange=[{"text": "λ = 0.5 EU/mL, tested at 1:1000, MVD 1:10"}])],
        Verdict.HOLD,
    ),
    "range that is one": ([endotoxin(referenceRange=[{"text": "< 0.5 EU/mL"}])], Verdict.PASS),
    "note": ([endotoxin(note=[{"text": "Lysate sensitivity: 0.5 EU/mL"}])], Verdict.HOLD),
    "uncertainty in the range": (
        [viability(referenceRange=[{"text": "uncertainty ± 25 %"}])],
        Verdict.HOLD,
    ),
    "mycoplasma": ([mycoplasma()], Verdict.PASS),
    "mycoplasma method": ([mycoplasma(method=concept("MycoAlert, ratio B/A 1.5"))], Verdict.HOLD),
    "mycoplasma method that agrees": (
        [mycoplasma(method=concept("MycoAlert, ratio B/A 0.5"))],
        Verdict.PASS,
    ),
    "mycoplasma range": (
        [mycoplasma(referenceRange=[{"text": "MycoAlert ratio 1.5"}])],
        Verdict.HOLD,
    ),
    "mycoplasma range that is one": (
        [mycoplasma(referenceRange=[{"text": "B/A ratio < 0.9"}])],
        Verdict.PASS,
    ),
    "mycoplasma component": (
        [mycoplasma(component=[component("B/A ratio", valueString="1.5")])],
        Verdict.HOLD,
    ),
}


@pytest.mark.parametrize("case", FHIR)
def test_a_fhir_message_states(tmp_path: Path, case: str) -> None:
    given, expected = FHIR[case]

    found = assess(write_lot(tmp_path / "lot", fhir(*given)), SPEC)

    assert found.verdict is expected


NEGATIVE = "OBX|7|ST|MYCO^Mycoplasma^L||Not detected||||||F"
DILUTED = "OBX|8|ST|DIL^Sample dilution^L||{}||||||F"
SEES = "OBX|9|NM|LAM^Lysate sensitivity^L||{}|{{EU}}/mL^EU/mL^UCUM|||||F"
MVD = "OBX|9|NM|MVD^MVD^L||10||||||F"
IN_RANGE = "||N|||F"
HL7 = {
    "nothing": ([ENDOTOXIN, VIABILITY], Verdict.PASS),
    "results": ([ENDOTOXIN, DILUTED.format("1:1000"), SEES.format("0.5"), VIABILITY], Verdict.HOLD),
    "results that see": (
        [ENDOTOXIN, DILUTED.format("1:10"), SEES.format("0.005"), VIABILITY],
        Verdict.PASS,
    ),
    "structured numeric": (
        [ENDOTOXIN, "OBX|8|SN|DIL^Dilution^L||1^:^11||||||F", MVD, VIABILITY],
        Verdict.HOLD,
    ),
    "at the MVD": (
        [ENDOTOXIN, "OBX|8|NM|DIL^Dilution factor^L||10||||||F", MVD, VIABILITY],
        Verdict.PASS,
    ),
    "above the MVD": (
        [ENDOTOXIN, "OBX|8|NM|DIL^Dilution factor^L||11||||||F", MVD, VIABILITY],
        Verdict.HOLD,
    ),
    "note": ([ENDOTOXIN, "NTE|1|L|Diluted 1:1000; lambda = 0.5 EU/mL", VIABILITY], Verdict.HOLD),
    "method": ([f"{ENDOTOXIN}||||||LAL dilution 1:1000 lambda 0.5 EU/mL", VIABILITY], Verdict.HOLD),
    "range": (
        [ENDOTOXIN.replace(IN_RANGE, "|tested at 1:1000; MVD 1:10|N|||F"), VIABILITY],
        Verdict.HOLD,
    ),
    "uncertainty in the range": ([ENDOTOXIN, VIABILITY.replace("70-100", "± 25 %")], Verdict.HOLD),
    "mycoplasma": ([ENDOTOXIN, VIABILITY, NEGATIVE], Verdict.PASS),
    "mycoplasma method": (
        [ENDOTOXIN, VIABILITY, f"{NEGATIVE}||||||MycoAlert ratio 1.5"],
        Verdict.HOLD,
    ),
    "mycoplasma range": (
        [ENDOTOXIN, VIABILITY, NEGATIVE.replace("detected||", "detected||B/A ratio 1.5")],
        Verdict.HOLD,
    ),
    "mycoplasma note": (
        [ENDOTOXIN, VIABILITY, NEGATIVE, "NTE|1|L|MycoAlert ratio 1.5"],
        Verdict.HOLD,
    ),
}


@pytest.mark.parametrize("case", HL7)
def test_an_hl7_message_states(tmp_path: Path, case: str) -> None:
    segments, expected = HL7[case]

    found = assess(write_lot(tmp_path / "lot", hl7(*segments)), SPEC)

    assert found.verdict is expected


# 71 % and 5 points of uncertainty reach over the limit of 70.
@pytest.mark.parametrize(("half", "expected"), [("5", Outcome.ALERT), ("0.5", Outcome.PASS)])
def test_a_method_states_the_uncertainty_of_its_result(
    tmp_path: Path, half: str, expected: Outcome
) -> None:
    told = viability(
        valueQuantity=quantity(71, "%"),
        method=concept(f"Trypan blue, expanded uncertainty ± {half} %"),
    )

    found = assess(write_lot(tmp_path / "lot", fhir(told)), SPEC)

    assert outcome(found, "viability").outcome is expected
