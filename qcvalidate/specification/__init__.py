"""A product's specification: its tests with their acceptance criteria (ICH Q6A).

Limits live in `schemas/specifications/*.yaml`, where a quality department may argue about
them; this package reads them and refuses what cannot be meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from qcvalidate.assessment import Importance, Outcome, SpecificationIdentity
from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.manifest import tube
from qcvalidate.specification.acceptance import LOWER_LIMITS, UPPER_LIMITS, VERBS, Acceptance
from qcvalidate.specification.comparison import Bearing, Change, changes
from qcvalidate.specification.donor_panels import panel_criteria
from qcvalidate.specification.faults import faults_of
from qcvalidate.specification.guarding import Uncertainty
from qcvalidate.specification.model import (
    DEFAULT_TOLERANCE,
    AbsoluteCount,
    AcquisitionLimits,
    ControlLimits,
    Criterion,
    Culture,
    EvidenceNeeds,
    LaboratoryNeeds,
    Specification,
    SpecimenNeeds,
    StagedRelease,
    ValidatedMethod,
    unmet,
)
from qcvalidate.specification.panels import COUNT_UNITS
from qcvalidate.vocabulary import Vocabulary

__all__ = [
    "LOWER_LIMITS",
    "UPPER_LIMITS",
    "VERBS",
    "AbsoluteCount",
    "Acceptance",
    "AcquisitionLimits",
    "Bearing",
    "Change",
    "ControlLimits",
    "Criterion",
    "EvidenceNeeds",
    "LaboratoryNeeds",
    "Specification",
    "SpecimenNeeds",
    "StagedRelease",
    "Uncertainty",
    "ValidatedMethod",
    "applicability",
    "changes",
    "find_specification",
    "load_specification",
    "nearest_ids",
    "specification_ids",
    "specification_of_product",
    "unmet",
]


def specification_ids(catalogue: Catalogue) -> dict[str, Path]:
    """Map the id of each specification to its file, without reading them."""
    return {path.stem: path for path in catalogue.files("specifications")}


def applicability(catalogue: Catalogue) -> dict[str, dict[str, tuple[str, ...]]]:
    """Map the id of each specification to the lots that it is for, without judging it."""
    found = {}
    for name, path in specification_ids(catalogue).items():
        content, _ = load_yaml(path)
        raw = content.get("applies_to") if isinstance(content, dict) else None
        if isinstance(raw, dict) and all(isinstance(v, list) and v for v in raw.values()):
            found[name] = _conditions(raw)
    return found


def find_specification(
    name: str, catalogue: Catalogue, vocabulary: Vocabulary
) -> Specification | None:
    """Load what a person names with `--spec`: an id, or a path that ends in `.yaml`.

    None when there is none.
    """
    if name not in specification_ids(catalogue) and name.endswith((".yaml", ".yml")):
        return load_specification(Path(name), catalogue, vocabulary)
    return specification_of_product(name, catalogue, vocabulary)


def specification_of_product(
    name: str, catalogue: Catalogue, vocabulary: Vocabulary
) -> Specification | None:
    """Load the specification of a lot's product: an id of the catalogue, and never a path.

    Whoever writes a lot's folder may not bring the limits that the lot is held to.
    """
    path = specification_ids(catalogue).get(name)
    return None if path is None else load_specification(path, catalogue, vocabulary)


def nearest_ids(name: str, catalogue: Catalogue) -> str:
    """Say which ids there are, the nearest first, for a message about an unknown one."""
    known = list(specification_ids(catalogue))
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}known are {', '.join(known)}"


def load_specification(path: Path, catalogue: Catalogue, vocabulary: Vocabulary) -> Specification:
    """Read and lint one specification; `SpecificationError` names every fault."""
    _refuse_unknown_verbs(path)
    content, digest = load(path, "specification", catalogue)
    decision_rule = content.get("decision_rule", "simple")
    specification = Specification(
        identity=SpecificationIdentity(content["id"], content["version"], content["title"], digest),
        rounding=content.get("rounding", "usp"),
        signature_required=content.get("signature", "required") == "required",
        digital_signature_required=content.get("digital_signature", "optional") == "required",
        applies_to=_conditions(content.get("applies_to", {})),
        staged=_staged(content.get("staged_release")),
        criteria=(
            *(_criterion(raw, decision_rule) for raw in content["criteria"]),
            *_of_panel(content, catalogue),
        ),
        populations={
            test: (tuple(paths["of"]), tuple(paths["is"]))
            for test, paths in content.get("populations", {}).items()
        },
        gating_strategies=(
            tuple(content["gating_strategies"]) if "gating_strategies" in content else None
        ),
        count_tolerance=Decimal(content.get("count_tolerance", str(DEFAULT_TOLERANCE))),
        notes=content.get("notes", ""),
        absolute_counts={
            test: _absolute_count(raw, f"{path}: absolute_counts: {test}", test, vocabulary)
            for test, raw in content.get("absolute_counts", {}).items()
        },
        gates_lie_on={
            gate: tuple(names) for gate, names in content.get("gates_lie_on", {}).items()
        },
        acquisition=_acquisition(content.get("acquisition", {})),
        controls=ControlLimits(
            **{key: Decimal(text) for key, text in content.get("controls", {}).items()}
        ),
        laboratory=_laboratory(content.get("laboratory")),
        guidance=tuple(content.get("delivery", {}).get("guidance", ())),
        justifications=content.get("justifications", {}),
    )
    faults = [*_header_faults(path, content), *faults_of(specification, vocabulary)]
    if not faults and "extends" in content:
        parent = _parent(path, content, catalogue, vocabulary)
        specification, faults = _extending(specification, parent)
    elif "justifications" in content and not faults:
        faults = ["justifications are of a copy's departures; it lacks `extends: ID`"]
    if faults:
        raise SpecificationError("\n".join(f"{path}: {fault}" for fault in faults))
    return specification


def _of_panel(content: Mapping[str, Any], catalogue: Catalogue) -> tuple[Criterion, ...]:
    panel = content.get("donor_panel")
    if panel is None:
        return ()
    return panel_criteria(panel, catalogue, leukocyte_rich="leukocyte_rich" in content)


def _parent(
    path: Path, content: Mapping[str, Any], catalogue: Catalogue, vocabulary: Vocabulary
) -> Specification:
    """Load what a specification extends; a chain must end."""
    known = specification_ids(catalogue)
    chain, name = [content["id"]], content["extends"]
    while name is not None:
        if name in chain:
            shown = " -> ".join([*chain, name])
            raise SpecificationError(
                f"{path}: extends itself ({shown}); give the copy an id of its own"
            )
        if name not in known:
            raise SpecificationError(
                f"{path}: extends {name!r}, and there is none; {nearest_ids(name, catalogue)}"
            )
        chain.append(name)
        above, _ = load(known[name], "specification", catalogue)
        name = above.get("extends")
    return load_specification(known[content["extends"]], catalogue, vocabulary)


def _extending(copy: Specification, parent: Specification) -> tuple[Specification, list[str]]:
    """Hold a copy to its parent: whatever is looser carries its justification, or is a fault."""
    own = {one.id: one.justification for one in copy.criteria if one.justification}
    reasons = {**copy.justifications, **own}
    departures = [one for one in changes(parent, copy) if one.needs_justification]
    identity = parent.identity
    faults = [
        f"{one} than {identity.id} {identity.version} allows, and has no justification"
        if one.bearing is Bearing.LOOSER
        else f"{one} with {identity.id} {identity.version}, and has no justification"
        for one in departures
        if one.about not in reasons
    ]
    for id_ in (one for one in copy.justifications if one not in {d.about for d in departures}):
        near = difflib.get_close_matches(id_, [one.about for one in departures], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        faults.append(f"justifications: nothing of {id_!r} departs from {identity.id}{hint}")
    told = tuple((str(one), reasons.get(one.about, "")) for one in departures)
    # What the parent itself departs in is in force here, too.
    kept = tuple((f"{words} (in {identity.id})", why) for words, why in parent.departures)
    held = replace(copy.identity, extends=identity)
    return replace(copy, identity=held, departures=(*told, *kept)), faults


def _refuse_unknown_verbs(path: Path) -> None:
    """Name an unknown verb as such: to a JSON Schema it is only an unknown key."""
    content, _ = load_yaml(path)
    criteria = content.get("criteria") if isinstance(content, dict) else None
    for raw in criteria if isinstance(criteria, list) else []:
        for key in ("accept", "alert"):
            chosen = raw.get(key) if isinstance(raw, dict) else None
            for verb in chosen if isinstance(chosen, dict) else []:
                if verb not in VERBS:
                    near = difflib.get_close_matches(str(verb), VERBS, n=1, cutoff=0.4)
                    hint = f"did you mean {near[0]!r}? " if near else ""
                    raise SpecificationError(
                        f"{path}: criterion {raw.get('id')!r}: unknown verb {verb!r} in {key}; "
                        f"{hint}known are {', '.join(VERBS)}"
                    )


def _criterion(raw: Mapping[str, Any], decision_rule: str) -> Criterion:
    tests = raw["test"] if isinstance(raw["test"], list) else [raw["test"]]
    unverified = " (unverified)" if raw.get("unverified") else ""
    return Criterion(
        id=raw["id"],
        title=raw["title"],
        tests=tuple(tests),
        unit=raw.get("unit"),
        accept=_acceptance(raw["accept"]),
        alert=_acceptance(raw["alert"]) if "alert" in raw else None,
        when_not_met=Outcome(raw.get("when_not_met", "FAIL")),
        required_presence=raw.get("presence", "required") == "required",
        applies_when=_conditions(raw.get("applies_when", {})),
        needs=_needs(raw.get("evidence", {})),
        reference=raw["reference"] + unverified,
        importance=Importance(raw["severity"]),
        either_or=raw.get("either_or") == "true",
        uncertainty=_uncertainty(raw.get("uncertainty")),
        is_guarded=raw.get("decision_rule", decision_rule) == "guarded",
        justification=raw.get("justification", ""),
    )


def _uncertainty(raw: Mapping[str, Any] | None) -> Uncertainty | None:
    if raw is None:
        return None
    return Uncertainty(Decimal(raw["standard"]), Decimal(raw["coverage"]), raw["source"])


def _acceptance(raw: Mapping[str, Any]) -> Acceptance:
    ((verb, limit),) = raw.items()
    return Acceptance(verb, tuple(limit) if isinstance(limit, list) else (limit,))


def _conditions(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {fact: tuple(values) for fact, values in raw.items()}


def _needs(raw: Mapping[str, Any]) -> EvidenceNeeds:
    def whole(key: str) -> int | None:
        return int(raw[key]) if key in raw else None

    def number(key: str) -> Decimal | None:
        return Decimal(raw[key]) if key in raw else None

    return EvidenceNeeds(
        parts=tuple(raw.get("parts", ())),
        min_days=whole("min_days"),
        min_days_when_turbid=whole("min_days_when_turbid"),
        max_hours_after_thaw=number("max_hours_after_thaw"),
        max_hours_after_harvest=number("max_hours_after_harvest"),
        min_events=whole("min_events"),
        min_parent_events=whole("min_parent_events"),
        counted=raw.get("counted") == "true",
        names_dye=raw.get("names_dye") == "true",
        after_harvest=raw.get("after_harvest") == "true",
        before_harvest=raw.get("before_harvest") == "true",
        within_mvd=raw.get("within_mvd") == "true",
        per_hour=raw.get("per_hour") == "true",
        hours_before_harvest=_window(raw.get("hours_before_harvest")),
        interim=raw.get("interim") == "true",
        max_lod_cfu_per_ml=number("max_lod_cfu_per_ml"),
        culture=_culture(raw.get("culture")),
        includes_nrbc={"true": True, "false": False}.get(raw.get("includes_nrbc", "")),
        min_replicates=whole("min_replicates"),
        max_cv_pct=Decimal(raw["max_cv_pct"]) if "max_cv_pct" in raw else None,
        methods=tuple(
            ValidatedMethod(tuple(one["names"]), int(one["min_days"]), one["validation"])
            for one in raw.get("methods", ())
        ),
    )


def _window(raw: Sequence[str] | None) -> tuple[Decimal, Decimal] | None:
    return None if raw is None else (Decimal(raw[0]), Decimal(raw[1]))


def _culture(raw: Mapping[str, Any] | None) -> Culture | None:
    if raw is None:
        return None
    return Culture(tuple(raw["names"]), tuple(raw.get("apart", ())), int(raw["min_days"]))


def _absolute_count(
    raw: Mapping[str, Any], where: str, test: str, vocabulary: Vocabulary
) -> AbsoluteCount:
    units = vocabulary.tests[test].units if test in vocabulary.tests else ()
    beads = {"cv_percent": raw["bead_cv_percent"]} if "bead_cv_percent" in raw else {}
    try:
        fixed = tube({**raw, "beads": beads}, where)
    except UsageError as error:
        raise SpecificationError(str(error)) from error
    return AbsoluteCount(
        method=raw["method"],
        unit=next((unit for unit in COUNT_UNITS if unit in units), ""),
        cells=tuple(raw.get("cells", ())),
        beads=tuple(raw.get("beads", ())),
        min_beads=int(raw.get("min_beads", AbsoluteCount.min_beads)),
        fixed=fixed,
        share=raw.get("share"),
        of=raw.get("of"),
    )


def _staged(raw: Mapping[str, Any] | None) -> StagedRelease | None:
    if raw is None:
        return None
    return StagedRelease(raw["plan"], tuple(raw["requires"]), raw["call"], raw["reference"])


def _acquisition(raw: Mapping[str, Any]) -> AcquisitionLimits:
    whole = ("min_events", "max_time_reversals")
    numbers: dict[str, Any] = {
        key: int(text) if key in whole else Decimal(text)
        for key, text in raw.items()
        if key != "instruments"
    }
    return AcquisitionLimits(**numbers, instruments=tuple(raw.get("instruments", ())))


def _laboratory(raw: Mapping[str, Any] | None) -> LaboratoryNeeds | None:
    if raw is None:
        return None
    return LaboratoryNeeds(
        tests=tuple(raw["tests"]),
        independent="independent" in raw,
        accreditation=tuple(raw.get("accreditation", ())),
        approved=tuple(raw.get("approved", ())),
    )


def _header_faults(path: Path, content: Mapping[str, Any]) -> list[str]:
    faults = []
    if "leukocyte_rich" in content and "donor_panel" not in content:
        faults.append("leukocyte_rich is of a donor_panel, and there is none")
    if content["id"] == path.stem:
        return faults
    return [
        *faults,
        f"the id {content['id']!r} is not the file's name {path.stem!r}; make them alike",
    ]
