"""Reads a donor panel (`schemas/panels/`) into criteria: one for each marker of its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcvalidate.assessment import Importance, Outcome
from qcvalidate.catalogue import Catalogue, shortened
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError
from qcvalidate.specification.acceptance import Acceptance
from qcvalidate.specification.model import Criterion, EvidenceNeeds, SpecimenNeeds

# An autologous donor needs no determination of eligibility (21 CFR 1271.90(a)).
_APPLIES_WHEN = {"relation": ("allogeneic",)}


def panel_criteria(
    name: str, catalogue: Catalogue, *, leukocyte_rich: bool
) -> tuple[Criterion, ...]:
    """Give the criteria of a donor panel; each names the panel and its version as its source."""
    paths = {path.stem: path for path in catalogue.files("panels")}
    if name not in paths:
        known = ", ".join(paths)
        raise SpecificationError(f"no donor panel has the id {shortened(name)}; known are {known}")
    content, digest = load(paths[name], "panel", catalogue)
    if content["id"] != name:
        raise SpecificationError(
            f"{paths[name]}: the id {content['id']!r} is not the file's name {name!r}; "
            "make them alike"
        )
    version = f"donor panel {name} {content['version']}, SHA-256 {digest[:12]}"
    needs = EvidenceNeeds(specimen=_specimen(content))
    return tuple(
        _criterion(line, needs, version, leukocyte_rich=leukocyte_rich) for line in content["lines"]
    )


def _criterion(
    line: Mapping[str, Any], needs: EvidenceNeeds, version: str, *, leukocyte_rich: bool
) -> Criterion:
    tests = line["test"] if isinstance(line["test"], list) else [line["test"]]
    general = line.get("general")
    answering = (general,) if general is not None and "general_answers" in line else ()
    unverified = " (unverified)" if "unverified" in line else ""
    told = "communicated" in line
    return Criterion(
        id=line["id"],
        title=line["title"],
        tests=(*tests, *answering),
        unit=None,
        accept=Acceptance("one_of", ("negative", "positive") if told else ("negative",)),
        alert=None,
        when_not_met=Outcome.FAIL,
        required_presence=leukocyte_rich or "leukocyte_rich" not in line,
        applies_when=_APPLIES_WHEN,
        needs=needs,
        reference=f"{line['reference']}{unverified}; {version}",
        importance=Importance.BLOCKING,
        general=None if answering else general,
    )


def _specimen(content: Mapping[str, Any]) -> SpecimenNeeds:
    window, mother = content["recovery_window"], content["birth_mother"]
    longer = window.get("longer_before", {"days": window["days_before"], "tissue": ()})
    screening = content["screening_tests"]
    return SpecimenNeeds(
        days_before=int(window["days_before"]),
        days_after=int(window["days_after"]),
        longer_days=int(longer["days"]),
        longer_tissues=tuple(longer["tissue"]),
        window_reference=window["reference"],
        mother_tissues=tuple(mother["tissue"]),
        mother_reference=mother["reference"],
        screening_stated=screening["unless"] == "unstated",
        screening_reference=screening["reference"],
        mother_age_days=int(mother["up_to_age_days"]) if "up_to_age_days" in mother else None,
    )
