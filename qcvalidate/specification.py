"""A product's specification: its tests with their acceptance criteria (ICH Q6A).

Limits live in `schemas/specifications/*.yaml`, where a quality department may argue about
them; this module reads them and refuses what cannot be meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from qcvalidate.assessment import Importance, Outcome, SpecificationIdentity
from qcvalidate.catalogue import Catalogue, load_yaml
from qcvalidate.contract import load
from qcvalidate.errors import SpecificationError
from qcvalidate.manifest import Manifest
from qcvalidate.numerals import UnreadableQuantity
from qcvalidate.rounding import limit_value
from qcvalidate.vocabulary import Vocabulary

# What a limit may say; `criteria.py` gives each its meaning. The words are for the report.
VERBS = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "at most {}",
    "less_than": "less than {}",
    "within": "{} to {}",
    "one_of": "{}",
}
UPPER_LIMITS = ("at_most", "less_than")
LOWER_LIMITS = ("at_least", "more_than")

# Contaminants and impurities: more is worse, so a minimum is a slip of the pen.
# (Published specifications do print `> 0.5 EU/mL`; BMC Vet Res 2021, 02791-3, table 4.)
_ONLY_UPPER = ("endotoxin", "negative_cocktail_positive")


@dataclass(frozen=True)
class Acceptance:
    """One verb with its limits as written; their digits decide the rounding."""

    verb: str
    limits: tuple[str, ...]

    def words(self, unit: str | None) -> str:
        """Say the limit as a person would: `at least 70 %`."""
        shown = [" or ".join(self.limits)] if self.verb == "one_of" else list(self.limits)
        text = VERBS[self.verb].format(*shown)
        return f"{text} {unit}" if unit else text


@dataclass(frozen=True)
class EvidenceNeeds:
    """What an observation must bring besides its value before it may support a pass."""

    parts: tuple[str, ...] = ()
    min_days: int | None = None
    min_days_when_turbid: int | None = None
    max_hours_after_thaw: Decimal | None = None
    min_events: int | None = None


@dataclass(frozen=True)
class Criterion:
    """One acceptance criterion, with its own identity and its authority.

    Any of `tests` may answer it, and each that does must meet it. `applies_when` maps facts of
    the manifest to the values for which the criterion applies.
    """

    id: str
    title: str
    tests: tuple[str, ...]
    unit: str | None
    accept: Acceptance
    alert: Acceptance | None
    when_not_met: Outcome
    required_presence: bool
    applies_when: Mapping[str, tuple[str, ...]]
    needs: EvidenceNeeds
    reference: str
    importance: Importance

    @property
    def limit(self) -> str:
        """Say the acceptance limit in words, with its unit."""
        return self.accept.words(self.unit)


@dataclass(frozen=True)
class StagedRelease:
    """The declared plan under which a final result may follow the release."""

    plan: str
    requires: tuple[str, ...]
    call: str
    reference: str


@dataclass(frozen=True)
class Specification:
    """A product's criteria, and which populations of a gated file answer which test."""

    identity: SpecificationIdentity
    rounding: str
    signature_required: bool
    applies_to: Mapping[str, tuple[str, ...]]
    staged: StagedRelease | None
    criteria: tuple[Criterion, ...]
    populations: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    notes: str = ""

    def unfit(self, manifest: Manifest) -> list[str]:
        """Say in words which facts of the lot this specification is not meant for."""
        return unmet(self.applies_to, manifest)


def unmet(conditions: Mapping[str, tuple[str, ...]], manifest: Manifest) -> list[str]:
    """Say which of these conditions the lot's facts do not meet; an unstated fact meets none."""
    words = []
    for fact, allowed in conditions.items():
        value = manifest.facts.get(fact)
        if value not in allowed:
            stated = "lot.yaml does not state it" if value is None else f"this lot's is {value}"
            words.append(f"{fact.replace('_', ' ')} {' or '.join(allowed)}; {stated}")
    return words


def specification_ids(catalogue: Catalogue) -> dict[str, Path]:
    """Map the id of each specification to its file, without reading them."""
    return {path.stem: path for path in catalogue.files("specifications")}


def find_specification(
    name: str, catalogue: Catalogue, vocabulary: Vocabulary
) -> Specification | None:
    """Load the specification with this id, or the file of this path; None when there is none."""
    path = specification_ids(catalogue).get(name)
    if path is None and name.endswith((".yaml", ".yml")):
        path = Path(name)
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
    criteria = tuple(_criterion(raw) for raw in content["criteria"])
    staged = _staged(content.get("staged_release"))
    populations = {
        test: (tuple(paths["of"]), tuple(paths["is"]))
        for test, paths in content.get("populations", {}).items()
    }
    faults = [
        *_header_faults(path, content),
        *_criteria_faults(criteria, vocabulary),
        *_staged_faults(staged, criteria),
        *_population_faults(populations, vocabulary),
    ]
    if faults:
        raise SpecificationError("\n".join(f"{path}: {fault}" for fault in faults))
    return Specification(
        identity=SpecificationIdentity(content["id"], content["version"], content["title"], digest),
        rounding=content.get("rounding", "usp"),
        signature_required=content.get("signature", "required") == "required",
        applies_to=_conditions(content.get("applies_to", {})),
        staged=staged,
        criteria=criteria,
        populations=populations,
        notes=content.get("notes", ""),
    )


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


def _criterion(raw: Mapping[str, Any]) -> Criterion:
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
    )


def _acceptance(raw: Mapping[str, Any]) -> Acceptance:
    ((verb, limit),) = raw.items()
    return Acceptance(verb, tuple(limit) if isinstance(limit, list) else (limit,))


def _conditions(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {fact: tuple(values) for fact, values in raw.items()}


def _needs(raw: Mapping[str, Any]) -> EvidenceNeeds:
    def whole(key: str) -> int | None:
        return int(raw[key]) if key in raw else None

    hours = raw.get("max_hours_after_thaw")
    return EvidenceNeeds(
        parts=tuple(raw.get("parts", ())),
        min_days=whole("min_days"),
        min_days_when_turbid=whole("min_days_when_turbid"),
        max_hours_after_thaw=None if hours is None else Decimal(hours),
        min_events=whole("min_events"),
    )


def _staged(raw: Mapping[str, Any] | None) -> StagedRelease | None:
    if raw is None:
        return None
    return StagedRelease(raw["plan"], tuple(raw["requires"]), raw["call"], raw["reference"])


def _header_faults(path: Path, content: Mapping[str, Any]) -> list[str]:
    if content["id"] == path.stem:
        return []
    return [f"the id {content['id']!r} is not the file's name {path.stem!r}; make them alike"]


def _criteria_faults(criteria: tuple[Criterion, ...], vocabulary: Vocabulary) -> list[str]:
    faults = []
    seen: set[str] = set()
    for criterion in criteria:
        if criterion.id in seen:
            faults.append(f"criterion {criterion.id!r} stands twice")
        seen.add(criterion.id)
        unknown = [test for test in criterion.tests if test not in vocabulary.tests]
        if unknown:
            faults += [_unknown_test(criterion.id, test, vocabulary) for test in unknown]
            continue
        wrong = [*_kind_faults(criterion, vocabulary), *_limit_faults(criterion)]
        faults += [f"criterion {criterion.id!r}: {fault}" for fault in wrong]
    if not any(c.importance in (Importance.BLOCKING, Importance.PENDING_ALLOWED) for c in criteria):
        faults.append("no criterion is blocking, so that nothing could ever be shown by it")
    return [*faults, *_marker_faults(criteria)]


def _unknown_test(id_: str, test: str, vocabulary: Vocabulary) -> str:
    near = difflib.get_close_matches(test, vocabulary.tests, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else "; see schemas/vocabulary/tests.yaml"
    return f"criterion {id_!r}: unknown test {test!r}{hint}"


def _kind_faults(criterion: Criterion, vocabulary: Vocabulary) -> list[str]:
    tests = [vocabulary.tests[test] for test in criterion.tests]
    families = sorted({test.family for test in tests} - {"count"})
    if len(families) > 1:
        return [f"its tests are of different kinds: {', '.join(families)}"]
    kinds = {test.kind for test in tests}
    qualitative = criterion.accept.verb == "one_of"
    if kinds != {"qualitative" if qualitative else "quantitative"}:
        kind = "/".join(sorted(kinds))
        return [f"{criterion.accept.verb!r} does not fit a {kind} test"]
    if qualitative:
        return ["a qualitative test has no unit"] if criterion.unit else []
    if criterion.unit is None:
        return ["lacks its unit"]
    if vocabulary.unit(criterion.unit) != criterion.unit:
        return [f"unknown unit {criterion.unit!r}; see schemas/vocabulary/units.yaml"]
    return []


def _limit_faults(criterion: Criterion) -> list[str]:
    accept = criterion.accept
    if accept.verb == "one_of":
        wrong = sorted(set(accept.limits) - {"negative", "positive"})
        if wrong:
            return [f"{', '.join(wrong)} is no result; a result is negative or positive"]
        if criterion.alert is not None:
            return ["a qualitative test has no alert limit"]
        return []
    values = []
    for text in (*accept.limits, *(criterion.alert.limits if criterion.alert else ())):
        try:
            values.append(limit_value(text))
        except UnreadableQuantity:
            return [f"the limit {text!r} is not a number such as 70, 70.0 or 5.0e8"]
    if accept.verb not in UPPER_LIMITS and set(criterion.tests) & set(_ONLY_UPPER):
        return [
            f"{accept.words(criterion.unit)!r} is a minimum, and more {criterion.tests[0]} is "
            "never better; write at_most or less_than"
        ]
    if accept.verb == "within" and values[0] > values[1]:
        return [f"within {accept.limits[0]} to {accept.limits[1]}: the first is above the second"]
    return _alert_faults(criterion)


def _alert_faults(criterion: Criterion) -> list[str]:
    """An alert shoulder lies inside the accepted range, or it would never be seen."""
    accept, alert = criterion.accept, criterion.alert
    if alert is None:
        return []
    for side, inside in ((LOWER_LIMITS, 1), (UPPER_LIMITS, -1)):
        if accept.verb in side:
            if alert.verb not in side:
                return [f"the alert {alert.words(None)!r} is on the other side of its limit"]
            if (limit_value(alert.limits[0]) - limit_value(accept.limits[0])) * inside <= 0:
                return [f"the alert {alert.words(None)!r} is not inside {accept.words(None)!r}"]
    return []


def _marker_faults(criteria: tuple[Criterion, ...]) -> list[str]:
    """A marker that must be both present and absent is an error of the specification.

    (A published one prints CD34 in both lists; BMC Vet Res 2021, 02791-3, table 4.)
    """
    wanted: dict[str, set[bool]] = {}
    for criterion in criteria:
        if criterion.unit == "%" and not criterion.applies_when:
            for test in criterion.tests:
                if test.endswith("_positive") and criterion.accept.verb != "within":
                    wanted.setdefault(test, set()).add(criterion.accept.verb in LOWER_LIMITS)
    return [
        f"{test} must be both high and low; a marker stands in one list"
        for test, sides in wanted.items()
        if len(sides) > 1
    ]


def _staged_faults(staged: StagedRelease | None, criteria: tuple[Criterion, ...]) -> list[str]:
    ids = {criterion.id for criterion in criteria}
    allowed = [c for c in criteria if c.importance is Importance.PENDING_ALLOWED]
    if staged is None:
        return [
            f"criterion {c.id!r} may be pending, but there is no staged_release plan"
            for c in allowed
        ]
    faults = [
        f"staged_release requires {wanted!r}, which is no criterion"
        for wanted in staged.requires
        if wanted not in ids
    ]
    faults += [
        f"criterion {c.id!r} may be pending and lacks evidence: {{min_days: ...}}, "
        "without which its result has no due date"
        for c in allowed
        if c.needs.min_days is None
    ]
    return faults


def _population_faults(
    populations: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], vocabulary: Vocabulary
) -> list[str]:
    faults = []
    for test, (of, is_) in populations.items():
        if test not in vocabulary.tests:
            faults.append(_unknown_test("populations", test, vocabulary))
        elif vocabulary.tests[test].kind != "quantitative":
            faults.append(f"populations: {test} is not a percentage")
        if is_[: len(of)] != of or len(is_) <= len(of):
            faults.append(f"populations: {test}: {'/'.join(is_)} is not within {'/'.join(of)}")
    return faults
